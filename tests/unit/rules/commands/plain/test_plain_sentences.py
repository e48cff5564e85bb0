"""What an officer's mail in plain sentences names: units and who leads, numbers, what others are to read of it."""

from datetime import date

import pytest

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNREAD, Command, read_commands
from rules.commands.mood import DOUBT, STOPPED
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units

UNITS, DAY, AT_HAND = load_units(), date(2026, 10, 6), "HP-2026-000123"


def read(text: str, case: str = "review") -> tuple[Command, ...]:
    return read_commands(text, UNITS, DAY, unread=True, at_hand=AT_HAND, case=case, fits=BY_SOUND[case])


def orders(text: str, case: str = "review") -> list[Command]:
    return [one for one in read(text, case) if one.verb not in {UNREAD, NO_ORDER, MISNUMBERED}]


@pytest.mark.parametrize(
    ("text", "lead", "others"),
    [
        ("Giao Công an TP làm chính, Tư pháp phụ một tay", "CATP", ("STP",)),
        ("Giao Công an TP phối hợp, Tư pháp chủ trì", "STP", ("CATP",)),
        ("chuyen So NNMT va So XD, k gui Thanh tra nua nhe", "SNNMT", ("SXD",)),
        ("Chuyển Sở NNMT và Sở XD, không gửi Thanh tra nữa nhé", "SNNMT", ("SXD",)),
        ("Chuyển cả Sở XD, Sở NN và MT với Sở Tài chính để phối hợp trả lời.", "SXD", ("SNNMT", "STC")),
        ("Chuyển cho STC + THUE, STC đầu mối nhé", "STC", ("THUE",)),
        ("Gửi Sở GD&ĐT, đồng thời gửi Sở Tài chính để phối hợp", "SGDDT", ("STC",)),
    ],
)
def test_who_leads_is_who_is_said_to(text: str, lead: str, others: tuple[str, ...]) -> None:
    (found,) = orders(text)
    assert (found.unit, found.supporting) == (lead, others)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Gửi Sở Ngoại vụ em nhé. Chị cảm ơn em nhiều.", ""),
        ("Gửi Sở Ngoại vụ em nhé. Nhớ trả lời trước 15/10. Chị cảm ơn em.", "Nhớ trả lời trước 15/10."),
        ("Chuyển Sở Y tế. Vụ này dân bức xúc.", ""),
        ("Chuyển Sở Y tế. Hạn 10/10.", "Hạn 10/10."),
        ("Chuyển Sở Y tế nhé em. Nhớ trả lời trước 15/10. Chiều họp.", "Nhớ trả lời trước 15/10."),
        ("Chuyển Sở Y tế. Nhớ nhắc họ trả lời đúng hạn", "Nhớ nhắc họ trả lời đúng hạn"),
        ("Chuyển Sở Y tế giúp chị, việc này bên ấy vẫn làm.", "việc này bên ấy vẫn làm."),
        ("Chuyển Sở Y tế, đề nghị trả lời trước ngày 10/10", "đề nghị trả lời trước ngày 10/10"),
    ],
)
def test_the_unit_reads_no_courtesies_to_the_secretary(text: str, remark: str) -> None:
    assert [one.remark for one in orders(text)] == [remark]


def test_a_number_between_courtesies_is_the_commands() -> None:
    (found,) = orders("Với câu HP-2026-000124: tôi đề nghị giao Sở Khoa học và Công nghệ.")
    assert (found.verb, found.unit, found.question) == ("forward", "SKHCN", "HP-2026-000124")


@pytest.mark.parametrize(
    ("behind", "remark"),
    [
        ("chiều chị đi công tác", ""),
        ("công dân đang bận", "công dân đang bận"),
    ],
)
def test_only_what_the_writer_tells_of_himself_is_no_remark(behind: str, remark: str) -> None:
    (found,) = orders(f"Giao Sở Y tế nhé, {behind}")
    assert (found.verb, found.unit, found.remark) == ("forward", "SYT", remark)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("HP-2026-000123 em hỏi lại người gửi xem họ khám ở bệnh viện nào nhé.", "khám ở bệnh viện nào"),
        ("Hỏi lại người ta giúp em là nhà ở thôn nào, xã nào chứ thế này ai biết đường.", "nhà ở thôn nào, xã nào"),
        ("Nhắn người gửi cho xin số điện thoại với, thư chẳng có gì.", "cho biết số điện thoại"),
        ("Em hỏi công dân hộ anh hai ý: đoạn nào, và hỏng từ bao giờ. Rồi anh phân tiếp.", "và hỏng từ bao giờ"),
        (
            "Đề nghị công dân ở câu 123 bổ sung bản chụp giấy phép, thiếu không xử lý được.",
            "bản chụp giấy phép",
        ),
    ],
)
def test_a_question_told_in_the_third_person_is_one_to_the_citizen(text: str, asked: str) -> None:
    (one,) = orders(text)
    assert one.verb == "ask"
    assert one.text.startswith("xin Ông/Bà")
    assert one.text.endswith(asked), "and nothing that is said to the colleague only"


@pytest.mark.parametrize(
    "text", ["câu 123 chuyển SXD", "123 chuyển SXD", "000123: chuyển SXD", "Chuyển câu hỏi số 123 cho SXD"]
)
def test_the_question_at_hand_is_meant_by_its_short_number(text: str) -> None:
    assert [(one.verb, one.unit, one.question) for one in orders(text)] == [("forward", "SXD", AT_HAND)]


@pytest.mark.parametrize(
    "text",
    [
        "Đóng câu 124 lại",
        "Chuyển câu 124 cho SXD",
        "Từ chối câu 124 vì ngoài phạm vi thành phố",
        "Hỏi lại câu 124: nhà số mấy?",
        "Nội dung câu 124 thuộc y tế, đề nghị giao Sở Y tế",
        "Hồ sơ 124 thì chuyển Sở Y tế",
        "số 000124 chuyển Sở Y tế",
    ],
)
def test_another_number_is_never_taken_for_the_question_at_hand(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize("text", ["Chuyển Sở Y tế, hồ sơ 2 bộ dân gửi kèm ảnh", "Hồ sơ 12 trang, chuyển Sở Y tế"])
def test_sheets_of_paper_are_no_number(text: str) -> None:
    assert [(one.verb, one.unit) for one in orders(text)] == [("forward", "SYT")]


@pytest.mark.parametrize(("words", "orders_"), [(11, 0), (12, 0), (13, 1)])
def test_behind_a_closing_of_few_words_stands_no_order(words: int, orders_: int) -> None:
    """What a long sentence opens with is no closing, whatever its first words are."""
    closing = " ".join(["Trân", "trọng", *["ạ"] * (words - 2)])
    assert len(orders(f"{closing}. Chuyển Sở Y tế")) == orders_


@pytest.mark.parametrize(
    ("text", "taken_back", "goes_to"),
    [
        ("Chuyển Sở Y tế, à nhầm, chuyển Sở Xây dựng", "Chuyển Sở Y tế", ["SXD"]),
        ("Chuyển SYT.\nÀ nhầm, không phải SYT đâu, chuyển SXD nhé.", "Chuyển SYT.", ["SXD"]),
        ("Chuyển SYT\nKhông phải SYT, chuyển SXD", "Chuyển SYT", ["SXD"]),
        ("Chuyen SYT\nKhong phai SYT, chuyen SXD", "Chuyen SYT", ["SXD"]),
        ("Chuyển SYT\nKhông phải SYT, chuyển SXD à?", "Chuyển SYT", []),
        ("Từ chối. À nhầm", "Từ chối", []),
        ("Cho sang SXD... à nhầm, STC. Việc đăng ký hộ kd mà.", "Cho sang SXD", ["STC"]),
        ("Chuyen SXD\na nhầm, SYT nhe", "Chuyen SXD", ["SYT"]),
        ("Chuyển SXD, à nhầm, SYT chứ nhỉ", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, SYT à?", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, SYT rồi", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, SYT bảo không phải của họ", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, SYT hoặc STC", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, SYT. Ý tôi là STC", "Chuyển SXD", []),
        ("Chuyển SXD, à nhầm, nếu SYT nhận", "Chuyển SXD", []),
        ("Không chuyển SXD, à nhầm, SYT", "Không chuyển SXD", []),
        (f"{AT_HAND} chuyển SXD, à nhầm, SYT", f"{AT_HAND} chuyển SXD", ["SYT"]),
    ],
)
def test_what_one_line_takes_back_is_answered_as_such(text: str, taken_back: str, goes_to: list[str]) -> None:
    found = read(text)
    assert [one.raw for one in found if (one.verb, one.field) == (NO_ORDER, STOPPED)] == [taken_back]
    assert [one.unit for one in found if one.verb == "forward"] == goes_to


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Gia hạn tới thứ Sáu 13 tháng 11. À không, thứ Hai 16/11 cho tròn tuần.", [date(2026, 11, 16)]),
        ("Đồng ý gia hạn đến 13/11, à nhầm, đến ngày 16 tháng 11 nhé", [date(2026, 11, 16)]),
        ("Đồng ý gia hạn đến 13/11, à nhầm, 16/11 mới họp xong", []),
        ("Đồng ý gia hạn đến 13/11, à nhầm, không quá 16/11", []),
        ("Đồng ý gia hạn đến 13/11, à nhầm, 16/11 hay 17/11", []),
        ("Đồng ý gia hạn đến 13/11, à nhầm, 16/11 được không", []),
        ("Đồng ý gia hạn đến 13/11. À không, 16/11 sở xin", []),
    ],
)
def test_a_day_takes_the_place_of_the_one_above(text: str, until: list[date]) -> None:
    assert [one.until for one in orders(text, "extension")] == until


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("thoi k cho gia han nua dau, bao ho tra loi dung han di. Hom qua con xin xo mai met", ["refuse_extension"]),
        ("Thôi k cho lùi nữa nhé", ["refuse_extension"]),
        ("thoi k cho gia han nua thi ho keu", []),
        ("k cho gia han nua nhe?", []),
        ("Sở báo k cho gia hạn nữa đâu", []),
    ],
)
def test_more_time_is_refused_in_short_words(text: str, verbs: list[str]) -> None:
    assert [one.verb for one in orders(text, "extension")] == verbs


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Chuyển SXD. Ý tôi là SYT.", "review"),
        ("Chuyển SXD\nhay chuyển SYT\nanh chị chọn giúp", "review"),
        ("Gia hạn đến 28/10, không gia hạn thêm nữa", "extension"),
    ],
)
def test_a_mail_that_contradicts_itself_does_nothing(text: str, case: str) -> None:
    assert {(one.verb, one.field) for one in read(text, case)} == {(NO_ORDER, DOUBT)}
