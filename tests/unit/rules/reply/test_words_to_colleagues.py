"""A word to colleagues before the answer is no part of it; the same word before anything else keeps its weight."""

from __future__ import annotations

import pytest

from rules.text import strip_marks
from rules.values.model import Verb
from tests.mail_tables import Row
from tests.unit.rules.reply.test_untaught_mails import by_phrases_of, named_by, verb_of


def row(text: str, unit: str = "SXD") -> Row:
    return Row("own", "unit", "forward", text, ("hold",), {"unit": unit})


ANSWERS = (
    "Anh chị Ban Biên tập ơi, em trả lời câu của bác An nhé ạ:\n"
    "Đường này sửa xong trước 30/11/2026, kinh phí 2 tỷ đồng đã bố trí.",
    "Chị ơi, phòng em xin trả lời câu hỏi của ông An: ổ gà đã vá xong hôm 5/10, mặt đường thảm lại trong tháng 12.",
    "BBT ơi em gửi trả lời ý kiến của bác An ạ: đường hỏng do xe tải nặng, Sở cấm xe trên 10 tấn từ 3/10, "
    "sửa trước 30/11.",
)
NO_ANSWERS = (
    "Anh chị Ban Biên tập ơi, em trả lời câu của bác An thế này được không ạ: đường sửa xong trước 30/10.",
    "Anh chị ơi, em trả lời câu của bác An như này đã ổn chưa ạ: đường sửa xong trước 30/11, kinh phí 2 tỷ đồng.",
    "Chị ơi em trả lời câu này sau nhé: đường đang xem, tháng 10 sửa",
    "Anh Hùng ơi, phòng em trả lời câu của bác An nhé: phòng anh cho số liệu đoạn 400 m trước 30/10.",
    "BBT ơi, em trả lời câu của bác An: đang chờ sếp ký, trước 20/10 gửi",
    "Anh chị ơi em trả lời câu của bác An nhé: em chưa có số liệu, để em hỏi xí nghiệp",
    "Ban ơi cho em trả lời câu của bác An sau, đường này đang khảo sát",
    "Ban Biên tập ơi, em xin trả lời câu của bác An: việc này của phường Kiến An, không phải của Sở",
    "Anh chị ơi, em trả lời câu của bác An nhé ạ: sếp bảo đường sửa xong trước 10/10",
    "Chị Lan ơi, em trả lời câu của bác An nhé: xin thêm 5 ngày nữa",
    "Anh chị ơi, sở em trả lời câu của bác An đây: bản nháp, xem giúp em, đường sửa xong trước 30/10.",
    "Em trả lời câu của bác An trong công văn gửi sau: đường sửa xong trước 30/10.",
    "Anh chị ơi em trả lời câu này của bác An nhé: đừng gửi công dân, đường chưa có vốn",
)


@pytest.mark.parametrize("text", ANSWERS)
def test_a_friendly_word_before_the_answer_does_not_hold_it(text: str) -> None:
    assert verb_of(row(text)) is Verb.ANSWER
    assert verb_of(row(strip_marks(text))) is Verb.ANSWER


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_a_friendly_word_before_anything_else_does_not_release_it(text: str) -> None:
    assert verb_of(row(text)) is not Verb.ANSWER
    assert verb_of(row(strip_marks(text))) is not Verb.ANSWER


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (
            "Cấp sổ là thẩm quyền của Chủ tịch UBND phường Kiến An, không phải của Sở. Đề nghị gửi phường trả lời.",
            "UBND_KIENAN",
        ),
        ("Việc này do Chủ tịch UBND phường Kiến An quyết định, không thuộc thẩm quyền của Sở.", "UBND_KIENAN"),
        ("Thẩm quyền cấp sổ là của Chủ tịch phường Kiến An rồi, Sở không còn làm việc này.", "UBND_KIENAN"),
        ("Nội dung này thuộc trách nhiệm của Giám đốc Công an thành phố, không thuộc Sở", "CATP"),
    ],
)
def test_a_refusal_names_the_body_whose_head_it_names(text: str, unit: str) -> None:
    for said in (text, strip_marks(text)):
        assert verb_of(row(said, "SNNMT")) is Verb.NOT_COMPETENT
        assert named_by(row(said, "SNNMT")) == tuple(unit)


@pytest.mark.parametrize(
    "text",
    [
        "Sở đã làm việc với Chủ tịch UBND phường Kiến An, sổ của ông trả trước 30/10/2026.",
        "Chủ tịch UBND phường Kiến An ký giấy chứng nhận trong 20 ngày làm việc, ông nộp hồ sơ tại phường.",
        "Hồ sơ của ông Chủ tịch UBND phường Kiến An đã ký ngày 3/10, mời ông đến nhận.",
        "Ông gửi đơn cho Chủ tịch UBND phường Kiến An để được xác nhận nguồn gốc đất trong 10 ngày.",
        "Xin hỏi phường trả lời ông thế nào?",
        "Đề nghị gửi phường bản sao để biết, Sở trả lời sau",
    ],
)
def test_the_head_of_a_body_in_an_answer_takes_no_question_away(text: str) -> None:
    for said in (text, strip_marks(text)):
        assert verb_of(row(said, "SNNMT")) is not Verb.NOT_COMPETENT


def test_a_pension_is_no_pay_of_the_office() -> None:
    said = (
        "Ông đóng thêm 6 năm là đủ 15 năm để nhận lương hưu hằng tháng, hồ sơ nộp tại BHXH Kiến An, 7 ngày làm việc."
    )
    assert verb_of(row(said, "BHXH")) is Verb.ANSWER
    for other in (
        "Các chị lên kế toán nhận lương tháng 9 nhé, hết hạn ngày 10/10, 7 ngày nữa khóa sổ.",
        "Mời các đồng chí nhận lương và phụ cấp tháng 10 trước ngày 15/10 tại phòng 2.",
        "Mời các bác hưu trí của Sở về nhận lương hưu và quà ngày 10/10 tại hội trường tầng 2, từ 8h00.",
    ):
        assert verb_of(row(other, "BHXH")) is not Verb.ANSWER


def test_a_day_on_which_it_will_answer_asks_for_more_time() -> None:
    said = "BBT ơi, cho bên em trả lời câu của bác An vào 26/10 nhé, đang chờ nhà thầu báo cáo."
    assert verb_of(row(said)) is Verb.EXTENSION
    assert verb_of(row(strip_marks(said))) is Verb.EXTENSION
    for other in (
        "Sở trả lời ông An vào 26/10 rồi, nay xin nhắc lại: đường sửa xong trước 30/11/2026.",
        "Em trả lời câu của bác An ạ: đường sửa vào tháng 11, kinh phí 2 tỷ đồng đã bố trí.",
        "Nhà thầu xin trả lời công dân vào thứ Sáu, Sở đã phạt 15 triệu đồng.",
    ):
        assert verb_of(row(other)) is not Verb.EXTENSION


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (
            "Nội dung này BBT đã chuyển cho Thuế chưa hay chỉ gửi cho Sở thôi? Để chúng tôi biết đường phối hợp.",
            "STC",
        ),
        ("Nội dung này BBT đã chuyển cho Thuế chưa hay chỉ gửi cho Sở thôi", "STC"),
        ("Câu này đã chuyển cho Công an chưa vậy BBT", "SXD"),
        ("Các anh chị có chuyển cho bên Công an không hay chỉ mình Sở?", "SXD"),
        (
            "Câu hỏi này đã được chuyển đến UBND phường Kiến An chưa? Nếu rồi thì Sở trả lời phần đường thôi.",
            "SXD",
        ),
        ("Cho em hỏi đã chuyển sang bên cấp nước chưa ạ", "SXD"),
        ("Đơn này đã giao phòng nào bên Thuế chưa anh?", "SXD"),
        ("BBT đã nhận được công văn của Sở chưa ạ?", "SXD"),
    ],
)
def test_to_ask_whether_it_was_passed_on_passes_nothing_on(text: str, unit: str) -> None:
    for said in (text, strip_marks(text)):
        assert verb_of(row(said, unit)) in {Verb.NONE, Verb.FOLLOW_UP}


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Câu hỏi đã chuyển sang Công an thành phố, chưa thấy trả lời.", Verb.FORWARDED),
        ("Em đã chuyển cho Công an rồi, chị nhận được công văn chưa ạ?", Verb.FORWARDED),
        ("Việc này chưa rõ của ai nên em đã chuyển cho Sở Nội vụ.", Verb.FORWARDED),
        ("Chúng tôi đã chuyển nội dung này sang Thuế thành phố từ hôm qua vì chưa đủ hồ sơ.", Verb.FORWARDED),
        ("Sở đã gửi phiếu cho UBND phường Kiến An và yêu cầu xử lý, phường chưa trả lời.", Verb.FORWARDED),
        ("Câu này đã chuyển cho Công an, không rõ bao giờ họ trả lời.", Verb.FORWARDED),
        ("Sở đã chuyển câu hỏi đến phòng Quản lý hạ tầng, chưa có kết quả ạ.", Verb.RECEIVED),
        ("Đã chuyển phòng quản lý đô thị xử lý ạ. Chưa biết bao giờ xong.", Verb.RECEIVED),
        ("Đã nhận được phiếu, chưa rõ ai làm ạ.", Verb.RECEIVED),
        ("Văn thư đã nhận câu hỏi này, đã giao phòng, chưa có ý kiến gì thêm.", Verb.RECEIVED),
    ],
)
def test_a_report_that_it_was_passed_on_stays_one(text: str, verb: Verb) -> None:
    for said in (text, strip_marks(text)):
        assert verb_of(row(said)) is verb


@pytest.mark.parametrize(
    "text",
    [
        "Anh chị ơi bên em đang đợi nhà thầu báo giá máy biến áp, xin gia hạn tới thứ Sáu 30 tháng 10 giúp em với ạ.",
        "Bên em đang chờ chủ đầu tư gửi số liệu, xin gia hạn đến 30/10.",
        "Sở còn đợi doanh nghiệp giải trình nên xin gia hạn trả lời đến 30/10",
    ],
)
def test_who_waits_for_a_contractor_asks_for_more_time_itself(text: str) -> None:
    for said in (text, strip_marks(text)):
        assert verb_of(row(said, "DIENLUC")) is Verb.EXTENSION


@pytest.mark.parametrize(
    "text",
    [
        "Nhà thầu xin gia hạn tới thứ Sáu 30 tháng 10.",
        "Nhà thầu xin gia hạn tới 30/10 nhưng Sở không đồng ý.",
        "Công ty đang đợi nhà thầu báo giá, nhà thầu xin gia hạn tới 30/10.",
        "Bên em đang đợi nhà thầu báo giá, họ xin gia hạn tới 30/10 đấy ạ.",
        "Bên em đợi chủ đầu tư làm hồ sơ, bên đó đang xin gia hạn đến 30/10",
        "Hiện nhà thầu đang đề nghị gia hạn tới 30/10 do chờ máy biến áp.",
        "Sở đang chờ chủ đầu tư nộp hồ sơ xin gia hạn giấy phép xây dựng.",
        "Đơn vị thi công đang xin gia hạn hợp đồng đến 30/10.",
        "Dự án được thành phố cho gia hạn tới 30/10/2026.",
        "Hộ kinh doanh xin gia hạn tới 30/10 thì nộp tại bộ phận một cửa.",
        "Chủ đầu tư đã xin gia hạn tới 30/10/2026, đường sẽ xong trước 15/11/2026.",
    ],
)
def test_the_time_that_a_contractor_asks_for_is_not_the_departments(text: str) -> None:
    for said in (text, strip_marks(text)):
        assert by_phrases_of(row(said, "DIENLUC")) is not Verb.EXTENSION
