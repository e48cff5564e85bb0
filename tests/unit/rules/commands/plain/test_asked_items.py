"""A thing that an officer asks the requester for by its name, in his own words to a colleague."""

from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.commands import read_commands
from rules.commands.plain import words_passed_on
from rules.commands.plain.asked_items import LONGEST, asked_item
from rules.commands.plain.by_sound import question_in
from rules.commands.plain.words import load_plain_order_words
from rules.commands.plain.words_passed_on import as_request, asked_anywhere
from rules.decide.officer.rulings import BY_SOUND
from rules.text import strip_marks

ASK = load_plain_order_words().ask
LONG = f"số công tơ{' dài' * (LONGEST - 3)}"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Em hỏi lại bác ấy số công tơ nhé", "xin Ông/Bà cho biết số công tơ"),
        ("xin ng dân năm sinh nha em, chả thấy ghi đâu", "xin Ông/Bà cho biết năm sinh"),
        ("Nhờ em nhắn cô ấy gửi thêm bản chụp học bạ đi, chưa có thì chịu", "xin Ông/Bà gửi thêm bản chụp học bạ"),
        ("em viết cho chị ấy hỏi tên trường với thời gian nghỉ nhé",
         "xin Ông/Bà cho biết tên trường với thời gian nghỉ"),
        ("hỏi lại dân số thửa, số tờ rồi tính", "xin Ông/Bà cho biết số thửa, số tờ"),
        ("Thiếu quá, xin bác Tư hóa đơn nước, không có thì ai tra cho", "xin Ông/Bà gửi hóa đơn nước"),
        ("Nhắn bà cho xin địa chỉ em nhé, đọc mắc cười quá", "xin Ông/Bà cho biết địa chỉ"),
        ("chị hỏi bác ấy số nhà giúp em", "xin Ông/Bà cho biết số nhà"),
        ("e xin ho ten benh vien dieu tri nhe", "xin Ông/Bà cho biết ten benh vien dieu tri"),
        ("hoi lai bac ay so so bao hiem giup c", "xin Ông/Bà cho biết so so bao hiem"),
        ("Em hỏi lại ông ấy thửa đất có sổ chưa", "xin Ông/Bà cho biết thửa đất có sổ chưa"),
        ("Đề nghị bà nêu rõ nội dung cần hỏi", "xin Ông/Bà nêu rõ nội dung cần hỏi"),
        ("Hỏi lại chị này tên trường của cháu, lớp mấy, chứ cả quận mười trường",
         "xin Ông/Bà cho biết tên trường của cháu, lớp mấy"),
        ("Hỏi lại chị này tên trường của cháu, cháu đang học tại trường nào",
         "xin Ông/Bà cho biết tên trường của cháu, cháu đang học tại trường nào"),
        ("Hỏi lại chị này tên trường của cháu, cháu hiện đang học tại trường nào",
         "xin Ông/Bà cho biết tên trường của cháu"),
        ("em xin bác họ tên đầy đủ", "xin Ông/Bà cho biết họ tên đầy đủ"),
        ("Em hỏi người dân giấy tờ cấp năm nào", "xin Ông/Bà cho biết giấy tờ cấp năm nào"),
        (f"Em hỏi bác ấy {LONG}", f"xin Ông/Bà cho biết {LONG}"),
        (f"Em hỏi bác ấy {LONG} ra", ""),
    ],
)  # fmt: skip
def test_only_the_thing_reaches_the_requester(text: str, asked: str) -> None:
    assert asked_item(text, ASK) == asked


@pytest.mark.parametrize("behind", ["cho rõ nhé", "thông tin", "thêm giấy tờ", "số nhà rồi"])
def test_a_line_that_names_nothing_or_tells_of_it_is_no_request(behind: str) -> None:
    assert as_request(behind, ASK) is None


@pytest.mark.parametrize(("ahead", "asks"), [("Em nhắn", True), ("Hôm qua em nhắn", False), ("Khỏi nhắn", False)])
def test_words_behind_a_colon_are_asked_where_that_is_ordered(ahead: str, asks: bool) -> None:
    reader: Any = SimpleNamespace(plain=SimpleNamespace(ask=ASK))
    text = f"{ahead} hỏi ông An: Mời ông mang sổ đỏ đến phường."
    found = question_in(text, (text,), reader)
    assert (found.text if found else "") == ("Mời ông mang sổ đỏ đến phường." if asks else "")


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Nói với dân bổ sung số nhà", "xin Ông/Bà bổ sung số nhà"),
        ("Nhắn người hỏi ghi rõ số nhà", "xin Ông/Bà ghi rõ số nhà"),
        ("cho người hỏi đề nghị nói rõ tên dự án", "xin Ông/Bà nói rõ tên dự án"),
        ("Người hỏi đã ghi rõ số nhà", ""),
        ("Bổ sung số nhà, dân chờ", ""),
        ("Dạ em hỏi lại người dân rồi, họ chưa trả lời", ""),
        ("Chị hỏi lại bác ấy số công tơ rồi", ""),
        ("Hôm qua em hỏi lại bác ấy số công tơ", ""),
        ("Em Lan đã xin bác bản chụp học bạ", ""),
        ("Để anh hỏi bác ấy số công tơ đã", ""),
        ("Tôi hỏi bác ấy số công tơ", ""),
        ("Có cần hỏi lại bác ấy số công tơ không em", ""),
        ("Em hỏi bác ấy số công tơ chưa", ""),
        ("Nếu chuyển được thì khỏi, hỏi bác ấy số công tơ sau", ""),
        ("Đừng hỏi bác ấy số công tơ nữa", ""),
        ("Mai em hỏi bác ấy số công tơ", ""),
        ("Bác ấy xin số điện thoại của Sở", ""),
        ("Nhắn bác số điện thoại của Sở", ""),
        ("Nhắn bác số điện thoại nhé", ""),
        ("Hỏi Sở Y tế số công văn", ""),
        ("Hỏi chị Lan số điện thoại bên sở", ""),
        ("Bảo họ gửi bản chụp công văn", ""),
        ("Hỏi lại bác ấy cho rõ", ""),
        ("Yêu cầu công dân bổ sung", ""),
        ("Yêu cầu công dân cung cấp thêm thông tin", ""),
        ("Xin bác thêm giấy tờ", ""),
        ("hỏi dân số phường", ""),
        ("Chị Vân hứa thứ tư hỏi lại dân số nhà", ""),
        ("Hay là hỏi lại bác ấy số nhà", ""),
    ],
)
def test_what_is_not_ordered_now_is_not_asked(sentence: str, asked: str) -> None:
    assert asked_anywhere(sentence, ASK) == asked


@pytest.mark.parametrize(
    ("behind", "bids", "asked"),
    [
        ("số nhà", False, "xin Ông/Bà cho biết số nhà"),
        ("số nhà", True, ""),
        ("số nhà sẽ gửi", False, ""),
        ("số nhà đã gửi lúc nào", False, "xin Ông/Bà cho biết số nhà đã gửi lúc nào"),
        ("ở chỗ nào", False, "xin Ông/Bà cho biết ở chỗ nào"),
        ("ở chỗ nào", True, ""),
        ("thế nào", False, ""),
        ("xem sao", False, ""),
        ("mưa to", False, ""),
        ("cho biết số nhà", True, "xin Ông/Bà cho biết số nhà"),
    ],
)
def test_a_thing_or_a_question_is_asked_for_and_no_remark(behind: str, bids: bool, asked: str) -> None:
    assert words_passed_on._request(behind, ASK, bids=bids) == asked


POINTS = [
    ("Bảo người ta viết lại cho rõ: ở phường nào, từ bao giờ", "viết lại cho rõ: ở phường nào, từ bao giờ"),
    ("Bảo dân nói rõ: ở phường nào", "nói rõ: ở phường nào"),
    ("Em nhắn bác ấy ghi rõ: số nhà, tên đường", "ghi rõ số nhà, tên đường"),
]


def asked_in_review(text: str, case: str = "review") -> list[str]:
    found = read_commands(text, unread=True, at_hand="HP-2026-000123", case=case, fits=BY_SOUND[case])
    return [one.text if one.verb == "ask" else one.verb for one in found if one.verb not in {"unread", "no_order"}]


@pytest.mark.parametrize(("text", "asked"), POINTS)
def test_the_points_behind_write_again_are_asked(text: str, asked: str) -> None:
    assert asked_in_review(text) == [f"xin Ông/Bà {asked}"]
    assert asked_in_review(strip_marks(text)) == [f"xin Ông/Bà {strip_marks(asked)}"]


@pytest.mark.parametrize(
    "text",
    [
        "Bảo sở viết lại cho rõ: ở phường nào, từ bao giờ",
        "Người ta bảo viết lại cho rõ: ở phường nào, từ bao giờ",
        "Bảo người ta viết lại cho rõ: đọc không hiểu ở phường nào",
        "Bảo người ta viết lại cho rõ: tôi không biết ở phường nào",
        "Đã bảo người ta viết lại cho rõ: ở phường nào, từ bao giờ",
        "Đừng bảo người ta viết lại cho rõ: ở phường nào, từ bao giờ",
        "Định bảo người ta viết lại cho rõ: ở phường nào, từ bao giờ",
        "Nếu cần thì bảo người ta viết lại cho rõ: ở phường nào",
        "Bảo người ta viết lại cho rõ nhé",
        "Bảo người ta viết lại cho rõ: ở phường nào rồi hẵng gửi",
    ],
)
def test_what_only_sounds_like_such_points_asks_nobody(text: str) -> None:
    assert asked_in_review(text) == []
    assert asked_in_review(strip_marks(text)) == []


def test_of_a_question_that_a_unit_has_they_may_mean_the_unit() -> None:
    assert asked_in_review(POINTS[0][0], "forwarded") == []
