"""Everyday words of a formal answer hold none back, and none of them lets a held text out or passes a mail on."""

from __future__ import annotations

import pytest

from rules.reply.evidence import Evidence, Papers, by_phrases, settled, weigh
from rules.reply.reply import read_reply
from rules.reply.unit_names import unit_names
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Reply, Verb
from tests.mail_tables import ASKED

UNITS = load_units()
NAMES = unit_names(UNITS)


def heard(text: str) -> tuple[Reply, Evidence]:
    sender = Mailbox("Văn thư", "vanthu@don-vi.test")
    mail = ParsedMail("0" * 64, len(text), "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi", text, (sender,))
    reply = read_reply(mail, UNITS)
    return reply, weigh(reply.text, ASKED["SXD"], Papers(), NAMES)


def read(text: str) -> tuple[Verb, str, Evidence]:
    """The settled verb, the unit that it names, and the evidence."""
    reply, evidence = heard(text)
    return settled(reply.verb, reply.unit, evidence), reply.unit, evidence


HELD = [
    # A word of the matter ("nghỉ hưu", "phải đăng ký", "hợp đồng … ký") beside a veto in one sentence.
    "Gửi ban dự thảo trả lời về chế độ nghỉ hưu sớm, mức hưởng 3.000.000 đồng một tháng từ 1/10/2026.",
    "Bbt đừng gửi dân câu này, thẻ BHYT của ông phải đăng ký lại tại bưu điện trước ngày 5/12/2026.",
    "Nội bộ, không gửi công dân: hồ sơ ông nộp đăng ký chậm 15 ngày nên bị phạt 500.000 đồng.",
    "Xin thu hồi văn bản trả lời về nghỉ hưu, mức hưởng đúng là 3.000.000 đồng từ 1/10/2026.",
    "Đang chờ giám đốc ký, mức hưởng khi nghỉ hưu sớm là 3.000.000 đồng một tháng.",
    "Hợp đồng sửa đường 900 triệu đồng hai bên ký ngày 5/10, câu trả lời còn chờ giám đốc ký.",
    # What the office says of its own doing, beside a word that a formal answer may have.
    "Dự thảo để bbt góp ý: mặt đường sửa xong trước 30/11/2026, kinh phí 900 triệu đồng.",
    "Gửi anh xem, để anh góp ý trước: mặt đường sửa xong trước 30/11/2026.",
    "Trả lời tự động: tôi nghỉ lễ từ 1/9 đến 3/9, việc gấp gọi số 3822 115.",
    "Mặt đường sửa xong trước 30/11/2026, văn bản còn chờ phê duyệt.",
    "Câu trả lời chờ lãnh đạo phê duyệt: mặt đường sửa xong trước 30/11/2026.",
    "Phiếu này đã chuyển phòng Quản lý đường bộ, mặt đường sửa xong trước 30/11/2026.",
    "Câu hỏi đã giao phòng hạ tầng, mặt đường sửa xong trước 30/11/2026.",
    "Đề nghị giữ kín, mặt đường sửa xong trước 30/11/2026.",
    "Mặt đường sửa xong trước 30/11/2026. Chiều em gửi nốt phần còn lại.",
    "Thư gửi sai, mặt đường sửa xong trước 30/11/2026.",
    "Gửi sai rồi, bbt bỏ qua: mặt đường sửa xong trước 30/11/2026.",
    "Kiến nghị này Sở đã trả lời rồi, mặt đường sửa xong trước 30/11/2026.",
    "Kiến nghị này Sở đã trả lời tại Công văn số 123.",
    "Đã gọi điện cho ông ấy, hẹn sửa trước 30/11/2026.",
    "Đã gọi điện cho bà, bà đồng ý, mặt đường sửa xong trước 30/11/2026.",
    "Đã gọi cho ông An rồi, mặt đường sửa xong trước 30/11/2026.",
    # Words that the everyday ones above and below are near to.
    "Gửi ban dự thảo, ông nghỉ hưu sớm hưởng 3.000.000 đồng một tháng.",
    "Bản này chờ UBND thành phố phê duyệt: mặt đường sửa xong trước 30/11/2026.",
    "Em chờ anh Hùng phê duyệt, mặt đường sửa xong trước 30/11/2026.",
    "Để anh Hùng góp ý đã, mặt đường sửa xong 30/11/2026.",
    "Công ty được giao xử lý câu này, mặt đường sửa xong 30/11/2026.",
    "Hợp đồng kèm theo, sếp chưa ký, mặt đường sửa xong 30/11/2026.",
    "Buổi chiều nộp nốt phần còn lại, mặt đường sửa xong 30/11/2026.",
    "Thông tin được giữ kín nhé, mặt đường sửa xong 30/11/2026.",
    "Theo báo Tuổi Trẻ, mặt đường sửa xong 30/11/2026.",
    "Báo giá vá đường 900 triệu đồng, xong trước 30/11/2026.",
    "Lương tháng 12 của bà kế toán chuyển ngày 2/12/2026, sửa đường 900 triệu đồng.",
    "Mẫu đang chờ kết quả, ông phải đợi đến 5/12.",
    "Còn chờ kết luận, ông được báo trước 5/12/2026.",
    "Cần bổ sung ảnh, ông gửi đến số 5 Lê Lợi thì mới trả lời được.",
]

ANSWERS = [
    # The asker is told what is missing, and by what.
    "Hồ sơ của ông chưa có kết quả do thiếu bản vẽ. Ông nộp thêm bản vẽ tại số 5 Lê Lợi trước ngày 5/12/2026.",
    "Theo báo cáo của nhà thầu, mặt đường đã thảm xong 320 m2 ngày 5/10/2026.",
    # Each of these holds a word of a veto in another sense.
    "Sở đã niêm yết phương án sửa đường từ 1/10 để người dân góp ý, mặt đường thảm xong trước 30/11/2026.",
    "Bộ phận một cửa nghỉ lễ từ 1/9 đến hết 3/9, ông nộp hồ sơ từ ngày 4/9 tại số 5 Lê Lợi.",
    "Ông gọi tổng đài 1022, máy trả lời tự động đọc kết quả hồ sơ của ông, phí 1.000 đồng một phút.",
    "Nhà thầu sửa mặt đường sau khi ký hợp đồng, hoàn thành trước 30/11/2026, kinh phí 900 triệu đồng.",
    "Mặt đường hư hỏng chưa sửa do nhà thầu chưa ký hợp đồng; Sở sẽ khởi công trước ngày 30/11/2026.",
    "Dự án sửa mặt đường 900 triệu đồng đang chờ UBND thành phố phê duyệt, dự kiến khởi công quý I/2027.",
    "Công an phường được giao xử lý xe đỗ sai, mức phạt 900.000 đồng, bắt đầu từ 1/12/2026.",
    "Hồ sơ đã chuyển phòng Tài nguyên, ông nhận kết quả ngày 5/12/2026 ở bộ phận một cửa, lệ phí 75.000 đồng.",
    "Thông tin của người phản ánh được bảo mật, ông gọi đường dây nóng 1022.",
    "Tên người phản ánh được giữ kín, ông gọi đường dây nóng 1022.",
    "Ông đến buổi chiều nộp hồ sơ ở số 5 Lê Lợi, lệ phí 75.000 đồng.",
    "Hồ sơ gửi sai mẫu, bà làm lại theo mẫu số 5 và nộp tại số 5 Lê Lợi trước 5/12/2026.",
    "Kiến nghị này Sở đã trả lời tại Công văn số 123/SXD ngày 5/10/2026: mặt đường sửa xong trước 30/11/2026.",
    "Lương tháng 12 của bà chuyển vào tài khoản ngày 2/12/2026.",
    "Bà nhận lương hưu tại bưu điện từ 5/12, mang theo căn cước.",
    "Các cụ nhận lương tại bưu điện từ 5/12, mang theo căn cước.",
    "Phụ huynh lớp 1 đến trường nộp hồ sơ từ 1/6, mang theo giấy khai sinh.",
    "Đã gọi điện cho ông, nước đã có lại từ 8h ngày 27/11.",
    "Mặt đường sửa xong trước 30/11/2026. Mọi thắc mắc liên hệ lại số 0225 3822 115.",
    "Ông xem báo giá niêm yết tại quầy, lệ phí 75.000 đồng.",
    "Ông đăng ký theo lịch tiếp công dân ngày 15 hằng tháng, đến số 5 Lê Lợi từ 8h.",
    "Lệ phí 75.000 đồng. Đề nghị ông bổ sung ảnh 4x6 khi nộp hồ sơ ở số 5 Lê Lợi.",
]


def both(texts: list[str]) -> list[str]:
    """Each with its marks and without."""
    return [form for text in texts for form in (text, strip_marks(text))]


def test_a_word_of_the_matter_hides_no_veto() -> None:
    assert [form for form in both(HELD) if read(form)[0] is Verb.ANSWER] == []


def test_a_formal_answer_may_use_an_everyday_word() -> None:
    for form in both(ANSWERS):
        reply, evidence = heard(form)
        verb = by_phrases(reply.verb, reply.unit, evidence)
        assert verb is Verb.ANSWER, (form, evidence.trace)


NOT_PASSED_ON = [
    "Sở chỉ cấp giấy phép khi có xác nhận phòng cháy. Ông xin xác nhận tại Công an thành phố trước, phí 50.000 đồng.",
    "Sở chỉ cấp giấy phép khi có xác nhận phòng cháy. Ông xin xác nhận tại Công an thành phố.",
    "Chúng tôi chỉ làm việc giờ hành chính. Ông mang giấy nộp thuế của Thuế thành phố đến số 5 Lê Lợi.",
    "Vỉa hè là của công ty Cấp nước đào lên, Sở đã yêu cầu lát lại xong trước 5/12.",
    "Vỉa hè là của công ty Cấp nước, Sở đã yêu cầu lát lại xong trước 5/12.",
    "Chúng tôi đã chuyển công an xử lý 3 xe đỗ sai trên vỉa hè.",
    "Đoạn này sang địa phận quận khác, Công an thành phố đã cấm xe tải từ 1/12.",
    "Sở không tổ chức thu phí. Phường sẽ lát lại vỉa hè trong tháng 12.",
    "Sở không tổ chức thu phí. Công an thành phố xử phạt bãi xe này ngày 5/12.",
]


def test_what_a_department_only_limits_goes_to_no_other() -> None:
    for form in both(NOT_PASSED_ON):
        verb, unit, _ = read(form)
        assert verb is not Verb.NOT_COMPETENT or not unit, form


REFUSALS = [
    ("Chúng tôi chỉ cấp phép xây dựng. Đề nghị chuyển Sở Y tế.", "SYT"),
    ("Việc này không phải mảng của sở, thuộc thẩm quyền của Sở Y tế.", "SYT"),
]


@pytest.mark.parametrize(("text", "unit"), REFUSALS)
def test_a_limit_is_a_refusal_beside_a_wish_to_pass_it_on(text: str, unit: str) -> None:
    for form in (text, strip_marks(text)):
        verb, named, _ = read(form)
        assert verb is Verb.NOT_COMPETENT, form
        assert named == unit, form
