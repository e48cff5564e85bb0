"""Officers' commands, forgiving about marks, case, punctuation and courtesies."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.commands import arguments
from rules.commands.command import with_listed_numbers
from rules.commands.command_line import Reader
from rules.commands.commands import NO_ORDER, UNREAD, Command, read_commands
from rules.commands.lines import Reading
from rules.commands.plain.words import load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.reply.unit_names import unit_names
from rules.text import strip_marks
from rules.values.data_file import load_units

ONE: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("chuyển Sở Xây dựng", "forward", {"unit": "SXD"}),
    ("chuyen SXD", "forward", {"unit": "SXD"}),
    ("CHUYỂN: SỞ XÂY DỰNG.", "forward", {"unit": "SXD"}),
    ("Đề nghị chuyển câu hỏi này cho Sở Y tế.", "forward", {"unit": "SYT"}),
    ("Em chuyển sxd nhé", "forward", {"unit": "SXD"}),
    ("HP-2026-000123 chuyển SNNMT, phối hợp SXD", "forward", {"unit": "SNNMT", "supporting": ("SXD",)}),
    ("chuyển HP-2026-000123 cho Sở Y tế", "forward", {"unit": "SYT", "question": "HP-2026-000123"}),
    ("Chuyển UBND phường Hải An", "forward", {"unit": "UBND_HAIAN"}),
    ("Chuyển Cục Hàng không", "forward", {"unit": ""}),
    ("từ chối h vì thuộc tỉnh Quảng Ninh", "reject", {"clause": "10.1.h", "text": "thuộc tỉnh Quảng Ninh"}),
    ("Từ chối k: đã trả lời tại phiên trước", "reject", {"clause": "10.1.k", "text": "đã trả lời tại phiên trước"}),
    ("từ chối k do đã trả lời", "reject", {"clause": "10.1.k", "text": "đã trả lời"}),
    ("từ chối k đủ căn cứ trả lời", "reject", {"clause": ""}),
    ("Không tiếp nhận, k phải việc của thành phố", "reject", {"clause": ""}),
    ("từ chối k thuộc thẩm quyền của thành phố", "reject", {"clause": ""}),
    ("từ chối k do thành phố quản lý", "reject", {"clause": "?"}),
    ("từ chối theo điểm k khoản 1 điều 10, lý do đã công bố", "reject", {"clause": "10.1.k", "text": "đã công bố"}),
    ("không tiếp nhận khiếu nại vì đã có quyết định", "reject", {"clause": "1.2", "text": "đã có quyết định"}),
    ("từ chối khiếu nại HP-2026-000123 vì đã có quyết định", "reject", {"question": "HP-2026-000123"}),
    ("Không tiếp nhận tố cáo: gửi cơ quan thanh tra", "reject", {"clause": "1.2", "text": "gửi cơ quan thanh tra"}),
    ("từ chối vì ngoài thẩm quyền của thành phố", "reject", {"clause": "10.1.h"}),
    ("Từ chối, lý do: ngoài thẩm quyền của thành phố", "reject", {"clause": "10.1.h"}),
    ("từ chối vì nội dung chung chung", "reject", {"clause": ""}),
    ("Từ chối: thư chỉ khen ngợi, cảm ơn lãnh đạo", "reject", {"text": "thư chỉ khen ngợi, cảm ơn lãnh đạo"}),
    ("Từ chối: dân chỉ gửi lời chúc, cảm ơn", "reject", {"text": "dân chỉ gửi lời chúc, cảm ơn"}),
    ("Từ chối: không có gì cần trả lời, chỉ cảm ơn", "reject", {"text": "không có gì cần trả lời, chỉ cảm ơn"}),
    ("Từ chối: ngoài phạm vi thành phố, cảm ơn em", "reject", {"text": "ngoài phạm vi thành phố"}),
    ("Từ chối: thuộc tỉnh Quảng Ninh. Cảm ơn", "reject", {"text": "thuộc tỉnh Quảng Ninh"}),
    ("hỏi lại: xin cho biết địa chỉ", "ask", {"text": "xin cho biết địa chỉ"}),
    ("Ghi chú: đã gọi điện cho công dân", "note", {"text": "đã gọi điện cho công dân"}),
    ("Ghi chú: việc của phường, không phải SYT", "note", {"text": "việc của phường, không phải SYT"}),
    ("Nhắc SYT, không phải SXD", "remind_unit", {"unit": "SYT"}),
    ("ko phải câu hỏi", "not_a_question", {}),
    ("Không phải câu hỏi", "not_a_question", {}),
    ("Đăng ký", "register", {}),
    ("đồng ý gia hạn đến 15/12/2026", "extend", {"until": date(2026, 12, 15)}),
    ("Đồng ý cho gia hạn đến ngày 5/12", "extend", {"until": date(2026, 12, 5)}),
    ("không đồng ý gia hạn", "refuse_extension", {}),
    ("từ chối gia hạn vì đã muộn", "refuse_extension", {}),
    ("Duyệt", "approve", {}),
    ("Đồng ý", "approve", {}),
    ("Đồng ý duyệt kế hoạch", "approve", {}),
    ("OK", "approve", {}),
    ("Trả lại: sửa thời gian", "return", {"text": "sửa thời gian"}),
    ("Chưa duyệt, cần nêu rõ căn cứ", "return", {"text": "cần nêu rõ căn cứ"}),
    ("trùng với HP-2026-000100", "link", {"text": "HP-2026-000100", "question": ""}),
    ("trùng với HP-2026-000100 nhé em", "link", {"text": "HP-2026-000100", "question": ""}),
    ("HP-2026-000001 trùng câu 12", "link", {"text": "câu 12", "question": "HP-2026-000001"}),
    ("sửa địa chỉ: số 5 Lê Lợi", "correct", {"field": "address", "text": "số 5 Lê Lợi"}),
    ("Sửa họ tên: Trần Thị Bình", "correct", {"field": "name"}),
    ("ký nhận tất cả", "sign", {"text": "all"}),
    ("HP-2026-000123 ký nhận", "sign", {"question": "HP-2026-000123"}),
    ("tình trạng HP-2026-000123", "status", {"question": "HP-2026-000123"}),
    ("trợ giúp", "help", {}),
)


def read(text: str) -> tuple[Command, ...]:
    return read_commands(text, on=date(2026, 11, 20))


def test_one_command() -> None:
    for text, verb, wanted in ONE:
        (command,) = read(text)
        assert command.verb == verb, text
        assert {key: getattr(command, key) for key in wanted} == wanted, text
        assert command.raw == text


def test_without_marks_and_in_capitals() -> None:
    for text, verb, wanted in ONE:
        for changed in (strip_marks(text), text.upper(), f"Kính gửi Ban,\n{text}\nTrân trọng,\nNguyễn Văn A"):
            (command,) = read(changed)
            assert command.verb == verb, changed
            for key in ("unit", "clause", "question", "until"):
                assert getattr(command, key) == wanted.get(key, getattr(command, key)), changed


def test_several_commands() -> None:
    text = "HP-2026-000001 chuyển SXD\nhp 2026 2 - từ chối h vì thuộc tỉnh khác\n\nHP-2026-000003: không phải câu hỏi"
    assert [(one.question, one.verb) for one in read(text)] == [
        ("HP-2026-000001", "forward"),
        ("HP-2026-000002", "reject"),
        ("HP-2026-000003", "not_a_question"),
    ]


def test_two_commands_on_one_line() -> None:
    assert [(one.verb, one.unit) for one in read("Đăng ký và chuyển SXD")] == [("register", ""), ("forward", "SXD")]


def test_a_sentence_about_another_question_is_another_command() -> None:
    text = "Em đã xem, đề nghị HP-2026-000003 chuyển SGDDT, SXD phối hợp. Còn HP-2026-000004 thì từ chối h vì ở tỉnh"
    first, second = read(text)
    assert (first.verb, first.question, first.unit, first.supporting) == (
        "forward", "HP-2026-000003", "SGDDT", ("SXD",),
    )  # fmt: skip
    assert (second.verb, second.question, second.clause) == ("reject", "HP-2026-000004", "10.1.h")
    assert read("Duyệt. Trả lại phần 2") == (), "no approval with something to be changed"


@pytest.mark.parametrize(("sign", "verbs"), [(";", ["note", "forward"]), (",", ["note"])])
def test_a_comma_does_not_end_a_text(sign: str, verbs: list[str]) -> None:
    found = read(f"HP-2026-000003 ghi chú: đã gọi điện{sign} HP-2026-000004 chuyển SXD")
    assert [one.verb for one in found] == verbs


OF_12, OF_13 = "HP-2026-000012", "HP-2026-000013"


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (f"{OF_12} từ chối k vì đã trả lời, {OF_13} chuyển SXD", ("reject", "đã trả lời"), "forward"),
        (f"{OF_12} hỏi lại: nhà ở đâu, {OF_13} chuyển SXD", ("ask", "nhà ở đâu"), "forward"),
        (f"{OF_12} gỡ đăng vì lộ tên, {OF_13} trình đăng", ("withdraw", "lộ tên"), "publish"),
        (f"Đóng {OF_12} và chuyển {OF_13} cho SXD", ("close", ""), "forward"),
        (f"Đóng {OF_12}, đóng {OF_13}", ("close", ""), "close"),
        (f"{OF_12} ghi chú: đã gọi và chuyển {OF_13} cho SXD", None, ""),
        (f"{OF_12} từ chối k vì trùng với HP-2026-000011, {OF_13} đã trả lời", None, ""),
        (f"Đăng ký hộ: bà Na hỏi {OF_12}, chuyển {OF_13} cho SXD", None, ""),
    ],
)
def test_an_order_with_its_own_number_ends_a_text(text: str, first: tuple[str, str] | None, second: str) -> None:
    """What a note or a reason tells, or a citizen says, of another question is no order."""
    found = read(text)
    if first is None:
        assert len(found) == 1
        assert OF_13 in found[0].text
    else:
        assert [(one.verb, one.question) for one in found] == [(first[0], OF_12), (second, OF_13)]
        assert found[0].text == first[1]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Em hỏi lại: nhà mình ở\n12 Lê Lợi hay 17 Lê Lợi", ["nhà mình ở\n12 Lê Lợi hay 17 Lê Lợi"]),
        ("Gửi bổ sung cho người hỏi: Lịch\n12 Trần Phú, từ 8h", ["Lịch\n12 Trần Phú, từ 8h"]),
        ("Ghi chú: chợ\n12 đóng cửa sớm", ["chợ\n12 đóng cửa sớm"]),
        ("Đăng ký hộ: Nội dung: bị phạt\n12 chuyển nhầm", ["Nội dung: bị phạt\n12 chuyển nhầm"]),
        ("Hỏi lại: số nhà mấy\n12 chuyển SXD", ["số nhà mấy", "SXD"]),
    ],
)
def test_a_number_heading_a_line_of_a_text_is_a_questions_before_an_order(text: str, texts: list[str]) -> None:
    assert [one.text for one in read_commands(text, on=date(2026, 11, 20), at_hand=OF_12)] == texts


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        (f"{OF_12} trùng với {OF_13} và chuyển SXD", ["link", "forward"]),
        (f"{OF_12} trùng với {OF_13}, chuyển SXD", ["link", "forward"]),
        (f"Câu {OF_12} trung voi {OF_13} nhé em, chuyen SXD", ["link", "forward"]),
        (f"{OF_12} trùng với {OF_13} nên chuyển SXD", [NO_ORDER]),
        (f"{OF_12} trùng với {OF_13} nên không chuyển SXD nữa", ["link"]),
        (f"{OF_12} trung voi {OF_13}, khoi chuyen SXD", ["link"]),
        (f"{OF_12} trùng với {OF_13} nên không chuyển SXD mà chuyển SYT", [NO_ORDER]),
        (f"{OF_12} trùng với {OF_13}, em vừa chuyển SXD", ["link"]),
        (f"1. {OF_12}: ký nhận, chuyển SXD", ["sign", "forward"]),
        (f"{OF_12} nhắc SXD, không gia hạn nữa", ["remind_unit"]),
        (f"{OF_12} nhac SXD, tu choi cung phai co van ban", ["remind_unit"]),
        (f"{OF_12} nhắc SXD, ký nhận ngay", ["remind_unit"]),
        (f"{OF_12} chuyển SXD, đóng hố ga trước 30/11", ["forward"]),
        (f"{OF_12} chuyển SYT, trả lời sau", ["forward"]),
        (f"{OF_12} gia hạn đến 30/11, mở lại hồ sơ để rà soát", ["extend"]),
        (f"{OF_12} gia hạn đến 30/11, nhắc SXD", ["extend", "remind_unit"]),
        (f"{OF_12} nhắc SXD, ghi chú: đã gọi điện", ["remind_unit", "note"]),
        (f"mở lại câu {OF_12} nhé, dân chưa chịu", ["reopen"]),
        (f"mo lai cau hoi {OF_12} nhe, nguoi dan chua hai long", ["reopen"]),
        (f"{OF_12} mở lại, người hỏi không đồng ý", ["reopen"]),
        (f"mở lại câu {OF_12} vì trả lời chưa đúng", ["reopen"]),
        (f"lấy lại câu {OF_12} từ SXD", ["reopen"]),
        (f"lay lai cau {OF_12} tu So Xay dung nhe em", ["reopen"]),
        (f"các câu hỏi {OF_12} chuyển SYT", ["forward"]),
        *(
            (f"mở lại câu {OF_12} {behind}", [NO_ORDER])
            for behind in ("nếu dân chưa chịu", "nhé, dân chưa chịu thì thôi")
        ),
        *((f"lấy lại câu {OF_12} {behind}", [NO_ORDER]) for behind in ("từ SXD chưa em", "từ SXD chuyển SYT")),
        (f"các câu {OF_12} đã chuyển SYT rồi", [NO_ORDER]),
    ],
)
def test_an_order_behind_another_is_about_the_question_that_its_line_begins_with(text: str, verbs: list[str]) -> None:
    found = read_commands(text, on=date(2026, 11, 20), at_hand="HP-2026-000015", unread=True)
    assert [(one.verb, one.question) for one in found] == [(verb, OF_12) for verb in verbs]


@pytest.mark.parametrize("ahead", ["các câu hỏi", "cac cau hoi", "Hai câu", "cả hai câu", "mấy câu số"])
def test_several_numbers_behind_the_word_for_several_questions_are_all_meant(ahead: str) -> None:
    found = [
        read_commands(f"{ahead} {OF_12} và {OF_13} {act} SYT", unread=True) for act in ("chuyển", "không chuyển")
    ]
    assert [[(one.verb, one.question) for one in each] for each in found] == [
        [(verb, OF_12), (verb, OF_13)] for verb in ("forward", NO_ORDER)
    ]


def test_what_is_said_to_a_colleague_of_opening_again_is_no_reason_that_others_read() -> None:
    found = [read_commands(f"mở lại câu {OF_12}{why}")[0].text for why in (" nhé, dân chưa chịu", " vì chưa rõ hạn")]
    assert found == ["", "chưa rõ hạn"]


def test_a_numbered_line_that_is_no_command_is_told_and_is_no_text() -> None:
    text = "1. HP-2026-000005 hỏi lại: số nhà mấy?\n2. HP-2026-000002 chueyn SXD\n3) HP-2026-000001 ký nhận"
    found = read_commands(text, on=date(2026, 11, 20), unread=True)
    assert [(one.verb, one.question) for one in found] == [
        ("ask", "HP-2026-000005"), (UNREAD, "HP-2026-000002"), ("sign", "HP-2026-000001"),
    ]  # fmt: skip
    assert found[0].text == "số nhà mấy?", "the citizen is not asked what was meant for us"
    dictated = "Đăng ký hộ:\nHọ tên: Lê Thị Bốn\nHP-2026-000002 đã nêu mà chưa xong"
    assert len(read_commands(dictated, unread=True)) == 1, "the citizen's own words"


SLOPPY = (
    ("Nhờ hệ thống chuyen cau hp 2026 3 sang So GDDT nhe, cam on", "forward", "HP-2026-000003"),
    ("Cho hỏi HP-2026-000002 đến đâu rồi?", "status", "HP-2026-000002"),
    ("HP-2026-000001 khi nao den han vay?", "status", "HP-2026-000001"),
    ("hp-2026-000001 tra loi chua?", "status", "HP-2026-000001"),
    ("Em chưa biết dùng, hướng dẫn em với", "help", ""),
    ("Vao so giup: Pham Thi Bay, 12 Le Loi, hoi ve tien dien", "register_for", ""),
    ("gỡ HP-2026-000001 vì lộ tên", "withdraw", "HP-2026-000001"),
    ("Câu HP-2026-000005 là thư rác", "not_a_question", "HP-2026-000005"),
    ("Câu hỏi HP-2026-000005 chuyển SXD", "forward", "HP-2026-000005"),
    ("cau hoi so HP-2026-000005 chuyen SXD", "forward", "HP-2026-000005"),
    ("Câu hỏi HP-2026-000005: đóng", "close", "HP-2026-000005"),
    ("chuyển nhầm rồi, HP-2026-000001 chuyển lại cho Công an thành phố", "forward", "HP-2026-000001"),
)


@pytest.mark.parametrize(("text", "verb", "question"), SLOPPY)
def test_as_people_write_on_the_phone(text: str, verb: str, question: str) -> None:
    (command,) = read(f"{text}\n\nĐược gửi từ iPhone của tôi")[:1]
    assert (command.verb, command.question) == (verb, question)


def test_a_text_goes_on_over_lines() -> None:
    (command,) = read("Hỏi lại: xin ông cho biết\n- địa chỉ\n- số điện thoại\n\nTrân trọng,\nNguyễn Văn A")
    assert command.text == "xin ông cho biết\n- địa chỉ\n- số điện thoại"


@pytest.mark.parametrize("asked", ["\n- nhà ở phường nào\n- xây năm nào", "\n1) nhà ở phường nào\n2) xây năm nào"])
@pytest.mark.parametrize("mark", ["- ", "1. "])
def test_a_text_in_a_list_goes_on_over_a_list_of_its_own(mark: str, asked: str) -> None:
    """A dash, or the number of a list within, begins no order of the list above."""
    (command,) = read_commands(f"{mark}Hỏi lại: ông cho biết{asked}", on=date(2026, 11, 20), unread=True)
    assert command.text == f"ông cho biết{asked}"


@pytest.mark.parametrize(
    "text",
    [
        "Duyệt\nNhưng phải sửa mục 2",
        "Duyệt sau khi bổ sung căn cứ",
        "Hôm nay trời đẹp",
        "",
        "Tôi chưa rõ nội dung này",
        "Từ chối được không?",
    ],
)
def test_not_a_command(text: str) -> None:
    assert read(text) == ()


@pytest.mark.wide
@given(st.text(max_size=300))
def test_never_raises(text: str) -> None:
    read(text)


@pytest.mark.parametrize("line", ["đồng í gia hạn: 20/10", "trình đănng: Sở Xây dựng", "noto: Sở Y tế"])
def test_a_misspelt_command_behind_another_is_answered_as_not_understood(line: str) -> None:
    found = read_commands(f"Chuyển SYT\n{line}", load_units(), date(2026, 10, 6), unread=True)
    assert [(one.verb, one.raw) for one in found] == [("forward", "Chuyển SYT"), (UNREAD, line)]


def test_a_signature_behind_a_command_is_no_misspelt_one() -> None:
    found = read_commands("Chuyển SYT\nPhòng Tiếp dân: Bùi Thị Lan", load_units(), date(2026, 10, 6), unread=True)
    assert [one.verb for one in found] == ["forward"]


@pytest.mark.parametrize(("words", "read"), [(20, ["release_files"]), (21, [])])
def test_the_name_of_a_file_is_no_sentence(words: int, read: list[str]) -> None:
    found = read_commands(f"Cho chuyển tệp {' '.join(['tệp'] * words)}", load_units(), date(2026, 10, 6), unread=True)
    assert [one.verb for one in found] == read


@pytest.mark.parametrize(
    ("line", "verbs"),
    [
        ("Chuyển Sở Y tế", ["note", "forward"]),
        ("Chuyển đi đâu cũng được", ["note"]),
        ("Trình kế hoạch P-2026-01", ["note", "session_plan"]),
        ("Từ chối hay không thì tùy", ["note"]),
        ("Từ chối", ["note"]),
        ("Cho chuyển tệp", ["note", "release_files"]),
        ("Cho chuyển tệp anh.jpg", ["note"]),
    ],
)
def test_in_a_text_only_a_clear_forward_or_a_sessions_order_is_a_new_one(line: str, verbs: list[str]) -> None:
    found = read_commands(f"Ghi chú: đã gọi\n{line}", load_units(), date(2026, 10, 6), unread=True)
    assert [one.verb for one in found] == verbs
    assert found[0].text == ("đã gọi" if len(verbs) > 1 else f"đã gọi\n{line}")


@pytest.mark.parametrize(
    ("text", "listed", "full"),
    [
        ("câu 12 chuyển SYT", (12,), True),
        ("000012 chuyển SYT", (12, 7), True),
        ("Chuyển câu số 12 sang SYT", (12,), True),
        ("câu 2 chuyển SYT", (2, 7), False),  # or the second of the list
        ("câu 1 chuyển SYT", (1, 7), True),
        ("câu 5 chuyển SYT", (5, 11, 12, 13, 14), False),
        ("câu 6 chuyển SYT", (6, 11, 12, 13, 14, 15, 16), True),  # nobody counts to six
        ("câu 12 chuyển SYT", (7,), False),
        ("Hẹn 12 ngày", (12,), False),
        ("hồ sơ 12 gửi Sở Y tế nhé", (12, 7), True),
        ("Rà xong rồi, số 000012 chuyển SYT", (12, 7), True),
        ("ma 000012 giao SYT", (12,), True),
        ("Xem rồi, số 000002 chuyển SYT", (2, 7), True),  # no place in a list is written so
        ("câu 000002 chuyển SYT", (2, 7), True),
        ("Lưu hồ sơ\n2. Chuyển SYT", (2,), False),  # an item of the list below
        ("Hồ sơ 12 trang, chuyển SYT", (12,), False),
        ("Số 12 chuyển SYT", (12,), False),  # a house, a bus, a place in the list
        ("Tôi ở số 12 Lê Lợi", (12,), False),
    ],
)
def test_a_number_of_a_list_may_be_short(text: str, listed: tuple[int, ...], full: bool) -> None:
    said = with_listed_numbers(text, [f"HP-2026-{one:06}" for one in listed])
    assert (f"HP-2026-{listed[0]:06}" in said) is full
    assert (said == text) is not full


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("Nhắc Sở Xây dựng câu này trả lời sớm, dân gọi điện suốt", "trả lời sớm"),
        ("Nhắc Sở Xây dựng nhé, dân gọi ba lần rồi, chậm quá", ""),
        ("Nhắc SXD trả lời trước thứ sáu này nhé", "trả lời trước thứ sáu này nhé"),
        ("nhắc đơn vị: trả lời trước ngày 15/10", "trả lời trước ngày 15/10"),
        ("HP-2026-000012 nhắc SXD, không gia hạn nữa", "không gia hạn nữa"),
        ("HP-2026-000012 nhac SXD tra loi som, khong gia han them nhe", "tra loi som, khong gia han them nhe"),
    ],
)
def test_a_reminder_takes_to_the_unit_what_is_wished_of_it(line: str, wish: str) -> None:
    (found,) = read_commands(line, load_units(), date(2026, 10, 6), at_hand="HP-2026-000012")
    assert (found.verb, found.remark) == ("remind_unit", wish)


def test_a_number_that_is_listed_twice_means_neither() -> None:
    assert with_listed_numbers("câu 12 chuyển SYT", ["HP-2025-000012", "HP-2026-000012"]) == "câu 12 chuyển SYT"


@pytest.mark.parametrize(("above", "verbs"), [(19, ["forward"]), (20, ["forward"]), (21, [])])
def test_a_command_stands_below_twenty_lines_at_most(above: int, verbs: list[str]) -> None:
    """What stands below more is a letter that is passed on, and nobody's order."""
    text = "\n".join([*["Chị vừa đọc thư."] * above, "HP-2026-000012 chuyển SXD"])
    assert [one.verb for one in read_commands(text, load_units(), date(2026, 10, 6), unread=True)] == verbs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Hỏi lại: xin cho biết số nhà\n2. Báo chị khi xong nhé", [("ask", "xin cho biết số nhà"), (UNREAD, "")]),
        ("Đã trả lời trực tiếp nếu dân đồng ý", [(NO_ORDER, "Đã trả lời trực tiếp nếu dân đồng ý")]),
        ("Đăng ký hộ dân gọi điện rồi", [(NO_ORDER, "Đăng ký hộ dân gọi điện rồi")]),
        ("Em hỏi lại dân rồi, họ chưa trả lời", [(NO_ORDER, "Em hỏi lại dân rồi, họ chưa trả lời")]),
        ("Câu này đóng sớm quá, mở lại giùm", [(NO_ORDER, "sớm quá, mở lại giùm")]),
    ],
)
def test_what_goes_on_in_a_text_and_what_is_only_reported(text: str, found: list[tuple[str, str]]) -> None:
    """A list within a text belongs to it; the next of the orders' own list is asked back."""
    read = read_commands(text, load_units(), date(2026, 10, 6), unread=True, at_hand="HP-2026-000012")
    assert [(one.verb, one.text) for one in read] == found


NAMES, WORDS, PLAIN = unit_names(load_units(), ordered=True), load_command_words(), load_plain_order_words()


@pytest.mark.parametrize(
    ("unread", "above", "found", "before"),
    [
        (True, (), [], ["à nhầm"]),
        (True, ("forward",), [NO_ORDER], []),
        (True, (UNREAD,), [], ["à nhầm"]),
        (False, (), [], []),
        (False, ("forward",), [], []),
    ],
)
def test_a_word_that_takes_back_is_told_where_it_takes_nothing_back(
    unread: bool, above: tuple[str, ...], found: list[str], before: list[str]
) -> None:
    reader = Reader(WORDS, NAMES, date(2026, 10, 6), PLAIN)
    reading = Reading(reader, unread, [Command(one, "") for one in above], takes="text")
    reading._stop("à nhầm")
    assert ([one.verb for one in reading.found], reading.before, reading.takes) == (found, before, "")


@pytest.mark.parametrize(
    ("line", "unit"),
    [("xây dựng nha", "SXD"), ("bên xây dựng", "SXD"), ("xây dựng kế hoạch", ""), ("giúp xây dựng", "")],
)
def test_a_field_of_work_alone_is_its_unit(line: str, unit: str) -> None:
    assert arguments._short(line, WORDS) == unit


@pytest.mark.parametrize(
    ("after", "verb", "thing"),
    [
        ("trả Sở Y tế", "forward", True),
        ("trả Sở Y tế", "remind_unit", False),
        ("Sở Y tế", "forward", False),
        ("Sở Y tế giấy mời", "forward", False),
        ("giấy mời cho Sở Y tế", "forward", True),
    ],
)
def test_what_goes_back_to_a_unit_is_no_question(after: str, verb: str, thing: bool) -> None:
    assert arguments.is_thing(after, Command(verb, ""), NAMES, PLAIN) is thing
