"""What beside an order unsays it or puts it off, with and without diacritics; and words near these that do not."""

from datetime import date

import pytest

from rules.commands.commands import read_commands
from rules.commands.mood import ALTERS, CLASH, DOUBT
from rules.decide.officer.rulings import BY_SOUND
from rules.text import strip_marks

DAY, AT_HAND = date(2026, 10, 6), "HP-2026-000123"


def read(case: str, text: str) -> list[tuple[str, str]]:
    found = read_commands(text, on=DAY, unread=True, at_hand=AT_HAND, case=case, fits=BY_SOUND[case])
    return [(one.verb, one.field if one.verb == "no_order" else one.unit) for one in found]


UNSAID = [
    ("review", "Chuyển Sở XD, k gửi Sở XD nữa"),
    ("review", "chuyển SXD nhé, ko chuyển SXD nữa đâu"),
    ("review", "Chuyển SXD, đừng chuyển SXD"),
    ("review", "Chuyển SXD, SYT phối hợp, không gửi SYT"),
    ("review", "Từ chối điểm h vì ngoài phạm vi thành phố, không từ chối nữa"),
    ("review", "Đóng câu này, không đóng nữa"),
]


CORRECTED = [
    "Cho họ đến 30/10, mà thôi 28/10 thôi",
    "Gia hạn đến 30/10. Mà thôi, 28/10",
    "Cho họ đến 30/10, mà thôi 28 thôi",
]


@pytest.mark.parametrize("text", CORRECTED)
def test_more_time_to_a_day_that_another_takes_the_place_of_is_asked_back(text: str) -> None:
    assert read("extension", text) == [("no_order", CLASH)]
    assert read("extension", strip_marks(text)) == [("no_order", CLASH)]


def test_a_corrected_day_that_is_read_is_given() -> None:
    given = read_commands("Cho họ đến 30/10, à nhầm 28/10", on=DAY, unread=True, at_hand=AT_HAND, case="extension")
    assert given[-1].until == date(2026, 10, 28)
    assert read("extension", "Theo đề nghị ngày 12/10 của Sở, cho đến 30/10 nhé") == [("extend", "")]


@pytest.mark.parametrize(("case", "text"), UNSAID)
def test_an_order_that_the_same_mail_unsays_is_asked_back(case: str, text: str) -> None:
    assert read(case, text) == [("no_order", CLASH)]
    assert read(case, strip_marks(text)) == [("no_order", CLASH)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Chuyển SXD, không gửi SYT nữa nhé", "SXD"),
        ("Chuyển SXD, không cần gửi SYT", "SXD"),
        ("Không chuyển SYT mà chuyển SXD", "SXD"),
        ("Hộ tịch có yếu tố nước ngoài, chuyển Sở Tư pháp", "STP"),
    ],
)
def test_words_about_another_unit_unsay_nothing(text: str, unit: str) -> None:
    assert read("review", text) == [("forward", unit)]


LATER = [
    ("review", "cho SXD xử lý sau nhé"),
    ("review", "Giao SXD giải quyết sau"),
    ("review", "Để SXD trả lời sau"),
    ("review", "Giao sau cho SXD"),
    ("review", "Chuyển SXD. Nóng quá nên hoãn"),
    ("review", "Chuyển SXD. Hoãn nhé"),
    ("review", "Chuyển SXD. Uống cà phê xong hẵng làm"),
    ("review", "Chuyển SXD, tuần sau làm"),
    ("review", "Từ chối theo điểm h vì ngoài phạm vi thành phố. Để mai làm"),
    ("review", "Từ chối vì trùng, à mà khoan"),
    ("review", "Từ chối vì trùng, à mà khoan, ông ấy còn hỏi nữa"),
    ("review", "Từ chối vì không đủ thông tin, mà thôi để mai chị xem"),
    ("review", "Từ chối: việc của tỉnh bạn. Khoan hãy gửi nhé"),
    ("review", "Từ chối: nội dung trùng với câu trước, để tôi xem lại đã"),
    ("review", "Hỏi lại: nhà ở phường nào? Mai hẵng gửi"),
    ("extension", "Đồng ý gia hạn đến 30/10. Mai làm"),
    ("extension", "Không đồng ý gia hạn. Hoãn"),
    ("extension", "Duyệt gia hạn đến 30/10 sau nhé"),
    ("forwarded", "Nhắc đơn vị sau nhé"),
    ("review", "Hỏi lại: bác ở phường nào? Mà thôi không hỏi nữa"),
    ("review", "Chuyển SXD là sai đấy em"),
    ("review", "Chuyển SXD là họ trả ngay"),
]


@pytest.mark.parametrize(("case", "text"), LATER)
def test_an_order_for_later_or_thought_wrong_is_asked_back(case: str, text: str) -> None:
    assert read(case, text) == [("no_order", DOUBT)]
    assert read(case, strip_marks(text)) == [("no_order", DOUBT)]


@pytest.mark.parametrize(
    ("case", "text", "verb"),
    [
        ("review", "Cho SXD xử lý nhé", "forward"),
        ("review", "Chuyển SXD. Nóng quá", "forward"),
        ("review", "Chuyển SXD. Bản giấy gửi sau", "forward"),
        ("review", "Chuyển SXD, đề nghị trả lời trước 10/10, báo dân sau cũng được", "forward"),
        ("review", "Tiếp công dân mà gặp phải lịch hoãn, cho Văn phòng UBND chính, thanh tra phối hợp.", "forward"),
        ("extension", "Đồng ý gia hạn đến thứ Hai tuần sau", "extend"),
        ("forwarded", "Nhắc đơn vị trả lời trong tuần sau", "remind_unit"),
        ("review", "Hỏi lại: bác không liên hệ được phường nào?", "ask"),
        ("review", "Hỏi lại: thôi bác cho biết tên phường", "ask"),
        ("review", "Chuyển SXD là hợp lý", "forward"),
        ("extension", "Đồng ý gia hạn đến 30/10 vì cuộc họp phải hoãn", "extend"),
        ("review", "Từ chối theo điểm h vì ngoài phạm vi thành phố, việc của tỉnh bạn", "reject"),
        ("review", "Từ chối vì trùng với câu của bà Khoan gửi hôm trước", "reject"),
        ("review", "Từ chối vì ông ấy khoan giếng trái phép, thành phố không giải quyết", "reject"),
    ],
)
def test_later_in_words_of_another_matter_puts_nothing_off(case: str, text: str, verb: str) -> None:
    assert [one[0] for one in read(case, text)] == [verb]


def test_what_the_unit_is_to_do_before_its_own_act_is_passed_on() -> None:
    text = "Chuyển STP, đề nghị đơn vị làm việc với hộ dân trước khi có văn bản trả lời"
    (one,) = read_commands(text, on=DAY, unread=True, at_hand=AT_HAND, case="review", fits=BY_SOUND["review"])
    assert (one.verb, one.unit) == ("forward", "STP")
    assert one.remark == text.removeprefix("Chuyển STP, ")


@pytest.mark.parametrize(
    "text",
    [
        "Chuyển STP, nhắc đơn vị báo tôi trước khi gửi dân",
        "Chuyển STP, nhắc anh Hùng ký trước khi gửi",
        "Chuyển STP, để tôi xem trước khi gửi văn bản",
        "Chuyển STP, trước khi chuyển nhắc đơn vị",
        "Chuyển STP, nhắc đơn vị kiểm tra trước khi trả lời nếu cần",
        "nhắc đơn vị kiểm tra trước khi trả lời rồi hẵng chuyển STP",
        "Việc: xem xét\nĐơn vị: Sở Y tế\nKết quả: đã chuyển bằng giấy",
        "Đơn vị: Sở Y tế. Tình trạng: đã gửi",
    ],
)
def test_another_before_or_a_report_of_the_same_act_is_no_order(text: str) -> None:
    assert [one for one in read("review", text) if one[0] != "no_order"] == []
    assert [one for one in read("review", strip_marks(text)) if one[0] != "no_order"] == []


def test_a_report_of_another_act_beside_an_order_is_none_of_it() -> None:
    assert read("review", "Đã đọc kỹ, chuyển SXD") == [("forward", "SXD")]
    assert read("review", "Dạ chuyển SXD ạ") == [("forward", "SXD")]


def test_words_for_a_colleague_in_what_the_citizen_reads_are_asked_back() -> None:
    assert read("review", "Hỏi lại: bác ở phường nào (nhớ đừng nói là sếp hỏi)") == [("no_order", ALTERS)]
    assert read("review", "Hỏi lại: bác ở phường nào (nhớ ghi cả tổ)") == [("ask", "")]
