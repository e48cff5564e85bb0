"""What has the figures and days of an answer and is none is confirmed first: pairs that differ by little."""

from __future__ import annotations

from rules.reply.evidence import Evidence, Papers, by_phrases, settled, weigh
from rules.reply.reply import read_reply
from rules.reply.unit_names import unit_names
from rules.reply.vetoes import PAPER, PROCEDURE
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Reply, Verb
from tests.mail_tables import ASKED

UNITS = load_units()
NAMES = unit_names(UNITS)


def read(text: str) -> tuple[Reply, Evidence]:
    sender = Mailbox("Văn thư", "vanthu@don-vi.test")
    mail = ParsedMail("0" * 64, len(text), "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi", text, (sender,))
    reply = read_reply(mail, UNITS)
    return reply, weigh(reply.text, ASKED["SXD"], Papers(), NAMES)


def verb_of(text: str) -> Verb:
    reply, found = read(text)
    return settled(reply.verb, reply.unit, found)


def by_phrases_of(text: str) -> Verb:
    """The verb by the phrases alone: a few words may still wait for how they sound."""
    reply, found = read(text)
    return by_phrases(reply.verb, reply.unit, found)


PAIRS = [
    # Papers of another purpose.
    ("Kính gửi ông An: sửa đoạn này hết 2,3 tỷ đồng.", "Kính gửi: UBND xã Tiên Lãng\nSửa đoạn này hết 2,3 tỷ đồng."),
    (
        "Kính gửi ông An: đường đã vá 100 m2.",
        "Kính gửi đồng chí Giám đốc,\nĐường đã vá 100 m2.\nTrưởng phòng\nVũ Văn Toàn",
    ),
    ("Kính gửi công dân: đường sửa xong trước 30/10.", "Kính gửi: Công ty 68\nĐường này sửa xong trước 30/10."),
    ("Sửa 14 điểm ngập, xong ngày 6/10.", "BÁO CÁO NHANH\nSửa 14 điểm ngập, xong ngày 6/10."),
    (
        "Sốt xuất huyết giảm 12%, từ 1/10 không còn ca nào.",
        "Báo cáo tuần 40\nSốt xuất huyết giảm 12%, từ 1/10 không còn.",
    ),
    ("Thu đến 30/9 là 2.418 hộ, còn 111 hộ.", "Phụ lục 2. Thu đến 30/9 là 2.418 hộ, còn 111 hộ."),
    ("Sở sửa đường trong tháng 10, lát đá xanh.", "Biên bản họp: Sở sửa đường trong tháng 10, lát đá xanh."),
    ("Xe chạy từ 8h00. Chuyến cuối 11h30, giá 7.000 đồng.", "8h00: xe chạy, giá 7.000 đồng.\n11h30: chuyến cuối."),
    ("Sau 17h ngày 7/10 bãi khóa, ai cần thì gọi 204.", "Nhắc lần 2: sau 17h ngày 7/10 bãi khóa, ai cần gọi 204."),
    ("Bà con nộp 30.000 đồng trước 5/11.", "Đề nghị quý đơn vị nộp 30.000 đồng trước 5/11."),
    ("Nhất trí mức 2,3 tỷ đồng sửa đường này.", "Phúc đáp công văn số 11: nhất trí mức 2,3 tỷ đồng sửa đường này."),
    ("Giá vé 500.000 đồng, mua ở số 5 Lê Lợi.", "Họp lớp mỗi đứa 500.000 đồng, ở số 5 Lê Lợi."),
    ("Số máy đúng là 3822 115, ông gọi trong giờ.", "Trang của Ban ghi số máy sai, đúng là 3822 115, gọi trong giờ."),
    ("Đã giải ngân 62%, còn 18 tỷ sửa đường.", "Quyết toán dự án: giải ngân 62%, còn 18 tỷ sửa đường."),
    ("Số giấy phép quý III là 1.204, đúng hạn 99%.", "Số liệu quý III: 1.204 giấy phép, đúng hạn 99%."),
    ("Khoản 3,5 triệu nộp tháng 9 là tiền nước.", "Chị kế toán hỏi khoản 3,5 triệu tiền nước tháng 9."),
    ("Trợ cấp tháng 9 đã chuyển chiều 5/10, bà nhận ở bưu điện.", "Lương tháng 9 đã chuyển chiều 5/10, báo kế toán."),
    ("Học sinh mặc đồng phục cũ được, không phải mua.", "Toàn thể giáo viên mặc đồng phục cũ, không phải mua."),
    # More time, asked around a corner.
    ("Ngõ này đóng đến ngày 5/11/2026 để sửa, xong thì mở.", "Việc này cho chúng tôi đến ngày 5/11/2026."),
    (
        "Lần trước sửa xong mà mưa lại hỏng, nay thảm lại, xong 6/11.",
        "Lần trước xin lùi rồi mà mưa, đành xin thêm lần nữa, 6/11.",
    ),
    ("Đường cấm thêm một tuần nữa, đến 27/10.", "Thêm cho bên em một tuần nữa, đến 27/10."),
    ("Sửa xong 23/10, quá hạn thì phạt nhà thầu.", "Cho em xin quá hạn tí, 23/10."),
    (
        "Sau khi được Ban đồng ý kéo dài thời gian, Sở trả lời: đường sửa xong 5/11.",
        "Ban cho phép gia hạn để Sở trả lời, ngày 5/11.",
    ),
    # Wanted of the person who asked.
    ("Bác được cấp thẻ, không phải ghi ngày sinh.", "Bác được cấp thẻ, bác không ghi ngày sinh."),
    ("Tuyến này do mưa nên hỏng, đã vá hôm 3/10.", "Người hỏi không nói rõ tuyến nào nên đã vá hôm 3/10 không rõ."),
    ("Đường sửa xong 3/10, ông xem tại chỗ.", "Đường sửa xong 3/10, xin ông ghi rõ địa chỉ."),
    ("Muốn tra hồ sơ thì phải mang thẻ đến số 5 Lê Lợi.", "Muốn tra hồ sơ thì phải có mã số mới tìm được."),
    # Somebody else knows.
    ("Phường hòa giải hôm 25/9, hai hộ được cấp sổ.", "Phường hòa giải hôm 25/9, Sở không nắm, hai hộ được cấp sổ."),
    ("Đường này đã sửa xong từ tháng 8, có rãnh.", "Vụ này xã đã sửa xong từ tháng 8, cần thì lên xã."),
    ("Hai hộ được cấp sổ ngày 30/9.", "Hai hộ được cấp sổ ngày 30/9, Ban liên hệ phường mà lấy."),
    ("Đã phạt 5 triệu hôm 25/9.", "Đã phạt 5 triệu hôm 25/9, biên bản lưu ở xã."),
    # Half a result.
    ("Đo 3 điểm, một điểm vượt 4 dB, đã phạt 5 triệu.", "Đo 3 điểm, một điểm vượt 4 dB, 5 ngày nữa có kết quả."),
    ("Cá chết do tảo nở, hồ đã sục khí từ 6/10.", "Cá chết nghi do tảo nở, hồ đã sục khí từ 6/10."),
    ("Nước đạt 98%, dùng được từ 3/10.", "Nước đạt 98%, phải cho xét nghiệm từ 3/10."),
    ("Khi có vốn thì khởi công, xong trong quý I/2027.", "Khi có kết quả thì báo lại, khởi công quý I/2027."),
    ("Đường đã vá xong 3 đoạn ngày 2/10, thông xe.", "Đường đã vá xong 3 đoạn ngày 2/10, mai đo tiếp."),
    # What others say.
    ("Tháng 11/2026 đường này khởi công.", "Nghe nói tháng 11/2026 đường này khởi công."),
    ("Đường khởi công trong tháng 11.", "Theo báo thì đường khởi công trong tháng 11."),
    ("Vốn có rồi, sang năm sửa đường.", "Vốn có rồi, chắc sang năm sửa đường."),
    # The course of a paper, where nothing else is said.
    ("Đường này sửa xong từ 5/10 rồi.", "Đường này xác minh từ 5/10 rồi."),
    ("Đường hỏng do mưa, năm 2027 thảm lại.", "Đường hỏng do mưa, năm 2027 tổng hợp lại."),
    ("Không thu phí từ 1/10.", "Không thu phí từ 1/10, đ/c Sơn thống nhất."),
    ("Chỗ ấy đã vá xong ngày 4/10, lún là do xe tải.", "Chỗ ấy đã vá xong ngày 4/10, lún đang rà soát."),
    ("Bãi rác dọn xong hôm 4/10, giờ sạch.", "Bãi rác dọn xong hôm 4/10, giờ hẹn mấy hôm."),
]
"""A true answer, and what looks like it and is none."""


def test_what_only_looks_like_an_answer_is_held() -> None:
    for answer, other in PAIRS:
        for text in (answer, strip_marks(answer)):
            assert by_phrases_of(text) is Verb.ANSWER, text
        for text in (other, strip_marks(other)):
            assert verb_of(text) is not Verb.ANSWER, text


def test_the_trace_says_what_is_doubted() -> None:
    report = weigh("BÁO CÁO TUẦN 40\nSửa 14 điểm ngập, hết 2 tỷ đồng.", "", Papers(), NAMES)
    paper = weigh("Đường này sửa xong từ 5/10, còn chờ tổng hợp.", "", Papers(), NAMES)
    assert PAPER in report.trace
    assert PROCEDURE in paper.trace


def test_more_time_is_heard_though_an_earlier_wish_is_told() -> None:
    assert (
        verb_of("Lần trước có xin thêm rồi, lại phải xin gia hạn lần nữa, cho chúng tôi đến ngày 05/11/2026.")
        is Verb.EXTENSION
    )
