"""Form and matter of a letter: what only greets, introduces, thanks or frames is set aside, nothing else is."""

import pytest

from rules.text.patterns import plainly
from rules.understand.letter_form import find_matter, plainly_each
from rules.understand.understand import without_requester
from rules.values.data_file import Source
from rules.values.model import Requester

WHO = ("Nguyễn Văn An", "Số 5 ngõ 12, phường Lê Chân", "0912 000 111")
QUESTION = "Nhà tôi muốn xây thêm một tầng thì có phải xin giấy phép xây dựng không?"


def matter(text: str, subject: str = "") -> str:
    return find_matter(subject, text, WHO, Source()).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kính gửi Ban Biên tập,", "Xin trân trọng cảm ơn."),
        ("Kính gửi: Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng", "Tôi xin chân thành cảm ơn!"),
        ("Tôi tên là Nguyễn Văn An, trú tại Số 5 ngõ 12, phường Lê Chân, số điện thoại 0912 000 111.", "Trân trọng."),
        ("Họ và tên: Nguyễn Văn An\nĐiện thoại: 0912 000 111\nNội dung:", "Gửi từ iPhone của tôi"),
        ("Kinh gui quy co quan,", "Rat mong som nhan duoc hoi am. Xin cam on."),
        ("Tôi không có ý trách ai.", "Mong sớm nhận được hồi âm của quý cơ quan."),
    ],
)
def test_form_is_set_aside(before: str, after: str) -> None:
    found = find_matter("Câu hỏi", f"{before}\n{QUESTION}\n{after}", WHO, Source())
    assert (found.subject, found.text) == ("", QUESTION)
    assert "Gác lại" in found.trace[0]


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "Tôi là dược sĩ muốn mở quầy thuốc ở nông thôn.",
        "Trụ sở UBND xã cũ bỏ hoang tám tháng.",
        "Địa chỉ nộp hồ sơ đất đai ở đâu?",
    ],
)
def test_matter_stays(text: str) -> None:
    assert matter(text) == text


def test_the_matter_begins_behind_the_greeting_of_its_sentence() -> None:
    assert matter(f"Kính gửi Ban Biên tập, {QUESTION}") == QUESTION


def test_what_is_nothing_but_form_is_read_as_a_whole() -> None:
    found = find_matter("Cảm ơn", "Xin cảm ơn Ban Biên tập.", WHO, Source())
    assert (found.subject, found.text, found.aside) == ("Cảm ơn", "Xin cảm ơn Ban Biên tập.", ())


def test_a_subject_that_says_something_stays() -> None:
    assert "tách thửa" in find_matter("V/v: hỏi về tách thửa đất vườn", QUESTION, WHO, Source()).subject


def test_a_letter_in_one_line_behind_a_label_is_kept() -> None:
    told = f"Kính gửi: Ban Biên tập. {QUESTION} Nhà tôi ở cuối ngõ, hai bên đều đã xây ba tầng từ năm ngoái."
    assert QUESTION in matter(f"{told}\nXin trân trọng cảm ơn.\nTôi viết thư này lúc rảnh rỗi buổi tối.")


def test_a_signatures_words_in_a_long_line_are_the_letters_own() -> None:
    told = (
        "Tôi làm việc ở công ty may ba năm, lương tháng nào cũng chậm, hỏi thì cô ở phòng kế toán bảo chờ, "
        "hỏi giám đốc thì giám đốc bảo hỏi kế toán, đến nay đã hai tháng chưa có lương."
    )
    assert matter(f"{told}\nXin hỏi phải làm thế nào?").startswith(told)
    assert "Phòng Kế toán" not in matter(f"{QUESTION}\nTrần Thị Hoa\nPhòng Kế toán, Công ty An Phát")


@pytest.mark.parametrize(
    "said",
    [
        "Tôi chỉ hỏi để biết.",
        "Những lời trên là đúng sự thật.",
        "Xin chào luật sư, mong luật sư tư vấn giúp.",
        "Bạn nhận được một câu hỏi mới từ trang liên hệ.",
        "Công ty cam kết nội dung nêu trên là đúng và xin chịu trách nhiệm về nội dung này.",
        "Tôi xin cam đoan những điều trình bày trên là đúng sự thật và xin chịu hoàn toàn trách nhiệm.",
        "---------- Thư đã chuyển tiếp ----------",
    ],
)
def test_formulas_of_letters_are_form(said: str) -> None:
    assert matter(f"{said}\n{QUESTION}") == QUESTION


def test_the_number_of_a_telephone_takes_no_number_out_of_a_date() -> None:
    known = ("Nguyễn Văn An", "0912000111")
    found = find_matter("", f"Hải Phòng, ngày 18 tháng 11 năm 2026\n{QUESTION}", known, Source())
    assert found.text == QUESTION


@pytest.mark.parametrize("asked", ["Mong Ban trả lời về việc cấp sổ đỏ của hộ tôi.", "Xin hỏi về thủ tục lập hội."])
def test_a_courtesy_that_names_the_matter_is_matter(asked: str) -> None:
    assert matter(f"{QUESTION}\n{asked}") == f"{QUESTION}\n{asked}"


def test_a_short_question_that_names_the_askers_place_is_kept() -> None:
    asker = Requester(name="Trần Văn Tám", address="phường Lê Chân, Hải Phòng", phone="0912000111")
    asked = "Kính gửi ban biên tập,\nTiệm mộc trên đường Chợ Hàng (phường Lê Chân, Hải Phòng) ồn ào cả ngày"
    assert without_requester(asked, asker) == asked
    signed = "Trần Văn Tám, phường Lê Chân, Hải Phòng - 0912000111"
    assert without_requester(f"{asked}\n{signed}", asker) == asked


@pytest.mark.parametrize(
    "pieces",
    [
        ["Kính gửi:", " Ban Biên tập,", " đường 12,5 km…", ""],
        ["Điện thoại:", "0225.3842.123", "—", "\u0301dấu rời"],
        ["hai\ndòng", "một\u2028dòng"],
        [],
    ],
)
def test_pieces_of_a_line_are_said_plainly_in_one_go_as_each_alone(pieces: list[str]) -> None:
    assert plainly_each(pieces) == [plainly(one) for one in pieces]
