"""Short mails of departments: what answers in a line leaves, what only points to words said elsewhere does not."""

from __future__ import annotations

import pytest

from rules.values.model import Verb
from tests.mail_tables import Row
from tests.unit.rules.reply.test_untaught_mails import verb_of

POINTS_ELSEWHERE = [
    "Như đã trao đổi qua điện thoại sáng nay.",
    "Theo như đã trao đổi qua điện thoại chiều qua.",
    "nhu da trao doi qua zalo sang nay",
    "Vẫn như đã báo hôm thứ Hai.",
    "Như đã thống nhất trong buổi làm việc sáng nay.",
    "Theo tinh thần cuộc họp sáng nay.",
    "Đã trao đổi qua điện thoại sáng nay.",
    "Đã giải thích qua điện thoại lúc 9 giờ sáng nay.",
    "Sáng nay đã nói rồi.",
    "Đã họp ngày 2/10.",
    "Đã cập nhật trên hệ thống hôm qua.",
    "Đã điền vào biểu hôm qua.",
    "Đã gửi công văn hôm qua.",
    "Đã đăng trên trang của Sở hôm qua.",
    "Đã có Kết luận số 45/KL-TTr ngày 3/5/2026.",
    "Việc công dân nêu Sở đã biết từ tháng 3.",
    "Căn cứ Điều 12 Nghị định 165/2024/NĐ-CP.",
    "Khoản 2 Điều 12.",
    "Làm theo Luật Đường bộ 2024.",
    "Chị tra Nghị định 165/2024, Điều 12 là có.",
    "Trả lời: theo quy định.",
    "Hôm qua mưa nên chưa làm.",
    "Đã được 80%.",
    "Tỷ lệ trả lời đúng hạn của Sở đến 30/9 là 96,5%.",
    "Bảng chấm điểm quý III: Sở đạt 92%.",
]
TOLD_WHAT_TO_SAY = [
    "Chị ghi là đến 30/11 sửa xong nhé.",
    "Nếu dân hỏi thì bảo tháng 12 xong.",
    "Cứ trả lời là sẽ sửa trong quý I/2027, sau tính.",
    "Không nên hứa tháng 12.",
    "Tháng 12 chưa chắc xong.",
]
TRUE = [
    "Ngày 10/10 xong ạ.",
    "Sửa rồi, tối qua.",
    "Nước có lại từ 18h hôm qua.",
    "Không, hiện nay thành phố chưa thu phí đỗ xe dưới lòng đường ở khu vực công dân nêu. Ai thu là trái quy định, "
    "đề nghị báo công an phường.",
    "Không, hộ kinh doanh không phải nộp khoản này.",
    "Không ạ, hộ có hai sổ không được miễn tiền sử dụng đất.",
    "Có ạ. Hộ liền kề vẫn được hỗ trợ 50% chi phí lát vỉa hè.",
    "Ai thu tiền là trái quy định, bà con báo công an phường.",
    "Công dân nêu đúng, nắp cống này hỏng do xe tải, đã thay ngày 6/10.",
    "Vị trí công dân phản ánh nằm ngoài dự án nên chưa được sửa trong năm nay; dự kiến sửa năm 2027.",
    "Như đã trao đổi qua điện thoại với ông sáng nay, Sở sẽ vá đoạn đường trước nhà ông trước ngày 20/10.",
    "Như đã thông báo tại công văn 812, đoạn này sẽ thảm lại trong tháng 11/2026.",
    "Sở đã làm việc với nhà thầu, nhà thầu cam kết vá xong trước 20/10/2026.",
    "Sở đã họp với phường và thống nhất vá đoạn đường này trước ngày 20/10/2026.",
    "Thành phố đã thống nhất mở rộng đường này, khởi công năm 2027.",
    "Đã giải thích với ông sáng nay: nhà ông không thuộc diện thu hồi, được xây bình thường.",
    "Đã đăng ký vốn, dự kiến sửa năm 2027.",
    "UBND phường đã đề nghị Sở Xây dựng bố trí vốn, đường sửa xong trước 30/11/2026.",
    "Ông gửi đơn tới Sở Xây dựng, lệ phí 75.000 đồng, 15 ngày có kết quả.",
    "Công ty gửi hóa đơn cho ông ngày 10 hằng tháng, phí 20.000 đồng.",
    "Theo quyết định phê duyệt dự án, đường rộng 12 m, khởi công tháng 12/2026.",
    "Địa chỉ này thuộc tổ 5, đèn đã lắp xong ngày 3/10/2026.",
    "Cơ sở tại địa chỉ này đã ngừng hoạt động từ 1/10/2026, Sở đã thu giấy phép.",
    "Yêu cầu của ông đã được giải quyết ngày 3/10/2026, giấy phép gửi qua bưu điện.",
    "Mặt đường được đánh giá từ 1 đến 5, đoạn này loại 4 nên sửa trong năm 2026.",
    "Sở tổ chức phân luồng cho giải chạy, đường đóng từ 5h đến 9h ngày 12/10/2026.",
    "Sở giao đơn vị bảo trì vá ổ gà, xong trước ngày 15/10/2026.",
    "Đoạn 2 sửa trong tháng 11/2026, đoạn 1 sang năm 2027.",
    "Kinh phí khoảng 1,2 tỷ đồng, thi công trong tháng 12/2026.",
    "Nếu được cấp giấy phép thì ông xây trong 12 tháng.",
    "Nước yếu do van hỏng, công ty thay giúp ông ngày 3/10.",
    "Bỏ đoạn rào cũ, thay bằng lan can thép trước ngày 30/10/2026.",
    "Đội đã gọi cho ông sáng 5/10 và vá xong trước cửa nhà ông chiều cùng ngày.",
    "Vốn 1,2 tỷ đồng đã bố trí, tháng 12 khởi công.",
    "Thêm dòng chảy từ mương Đông nên ngập; đã nạo vét xong ngày 3/10.",
    "Phí này như câu b Điều 5, tức là 20.000 đồng/lượt.",
    "Đúng, luật mới cho phép. Áp dụng từ 1/1/2027, hồ sơ trước đó theo luật cũ.",
]
OTHER_PEOPLES = [
    "UBND phường Kiến An kính gửi Sở Xây dựng: đề nghị sửa chữa đường trước ngày 30/10/2026.",
    "UBND phường Lê Chân kính đề nghị Sở Xây dựng bố trí 2 tỷ đồng sửa đường trong năm 2026.",
    "Tổ dân phố 5 đề nghị thành phố sửa đường trước 30/10/2026.",
    "[Ticket #8812] Yêu cầu của bạn đã được tạo. Vui lòng không trả lời email này.",
    "Ticket 8812 đã được đóng. Vui lòng đánh giá chất lượng dịch vụ từ 1 đến 5 sao.",
    "Địa chỉ này không còn sử dụng từ ngày 1/7/2025 do sáp nhập.",
    "Kết luận của Giám đốc: đồng ý sửa đường trong tháng 11/2026, giao phòng HTKT thực hiện.",
    "Trích biên bản: đường sẽ sửa trong tháng 11/2026.",
    "Quyết định phê duyệt dự toán sửa chữa đường Trường Chinh, 1,2 tỷ đồng.",
    "Bảo hiểm xe của chị hết hạn 10/10, phí 530.000 đồng.",
]
"""Letters of one body to another, a machine's mails, papers of the office."""
OF_THE_DRAFT = [
    "Khoảng 1,2 tỷ gì đó.",
    "Mấy anh ở đội bảo tháng 12 sửa.",
    "Câu trả lời giống câu của bà Bình, chỉ khác ngày 3/10.",
    "Bác đồng ý chờ đến tháng 12 rồi ạ.",
    "Công dân đi vắng, hẹn 10/10 làm việc lại.",
    "Gọi số 0912 000 111 không ai nghe, gọi 3 lần ngày 5/10.",
    "Đang xin vốn 1,2 tỷ.",
    "Nếu được cấp 1,2 tỷ thì tháng 12 làm.",
    "Phòng tài chính chưa cân đối được 1,2 tỷ.",
    "Số 1,2 tỷ là sai, đúng là 2,1 tỷ.",
    "Sửa lại giúp em: 2,1 tỷ thay vì 1,2 tỷ.",
    "Bỏ câu cuối, thay bằng: tháng 11 xong.",
    "Đoạn 2 sửa thành tháng 11/2026.",
]
"""What is said of an answer that is still being written, or of getting one."""
NO_YES = [
    "Không, chị ơi, chưa có số liệu đâu",
    "Không, em chưa làm",
    "Có, tháng sau em gửi",
    "Được, để tháng 12 làm nốt",
    "Chưa, sếp chưa duyệt",
    "Phải, câu này của bên em",
    "Không, bên em không nhận được phiếu",
    "Được, mai em trả lời",
    "Có, để em hỏi phòng hạ tầng",
    "Chưa ạ, công dân này chưa gửi ảnh",
    "Nội dung công dân hỏi chưa rõ, Sở sửa trong tháng 12.",
    "Điều công dân hỏi tuần sau có.",
]


def read(text: str, unit: str = "SXD") -> Verb:
    return verb_of(Row("own", "unit", "forward", text, (), {"unit": unit}))


@pytest.mark.parametrize("text", [*POINTS_ELSEWHERE, *TOLD_WHAT_TO_SAY, *OTHER_PEOPLES, *OF_THE_DRAFT, *NO_YES])
def test_what_says_nothing_to_the_one_who_asked_does_not_leave(text: str) -> None:
    assert read(text) is not Verb.ANSWER


@pytest.mark.parametrize("text", TRUE)
def test_a_line_that_answers_leaves(text: str) -> None:
    assert read(text) is Verb.ANSWER


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("SYT", "Tro cap nguoi co cong khong do nganh y te. De nghi gui So Noi vu (truoc la LD-TBXH)."),
        ("SYT", "Trợ cấp người có công không do ngành y tế. Đề nghị gửi Sở Nội vụ."),
        ("SXD", "Khong do So quan ly. De nghi gui So Cong Thuong."),
        ("SXD", "Không do Sở Xây dựng cấp phép. Đề nghị gửi Ban Quản lý Khu kinh tế."),
        ("SXD", "Không do chúng tôi phụ trách ạ."),
        ("SXD", "Thẩm quyền là của phường từ 1/7/2025 theo Nghị định 131."),
    ],
)
def test_whose_matter_it_is_not_refuses(unit: str, text: str) -> None:
    assert read(text, unit) is Verb.NOT_COMPETENT


KEPT = [
    "Trước đây thuộc Sở Nội vụ, nay thuộc Sở Xây dựng, em sẽ trả lời.",
    "Đề nghị Ban chuyển cho Sở Nội vụ một bản để biết, Sở Xây dựng vẫn trả lời.",
    "Có thể thuộc Sở Nội vụ, để em hỏi lại.",
    "Em nghĩ là của Sở Nội vụ, chờ sếp em xem.",
    "Nội dung 1 thuộc Sở Xây dựng, nội dung 2 thuộc Sở Nội vụ.",
    "Công dân đã gửi Sở Nội vụ rồi.",
]
LEAVES = [
    "Việc này thuộc Sở Nội vụ, đề nghị chuyển Sở Nội vụ.",
    "Không phải của Sở, Sở Nội vụ sẽ trả lời ông.",
    "Trước đây Sở quản lý, nay đã bàn giao cho Sở Nội vụ. Đề nghị chuyển Sở Nội vụ.",
    "Sở xin không trả lời vì thuộc Sở Nội vụ, đề nghị Ban chuyển.",
    "Em xem rồi, câu này thuộc Sở Nội vụ, nhờ Ban chuyển giúp em.",
    "Nội dung công dân hỏi thuộc thẩm quyền của Sở Nội vụ, kính chuyển trả Ban Biên tập.",
    "Chuyển Sở Nội vụ để trả lời theo thẩm quyền ạ, không phải việc của Sở Xây dựng.",
    "Sếp em bảo không thuộc Sở, chị chuyển Sở Nội vụ nhé.",
    "Phòng em đã xem, lĩnh vực này do Sở Nội vụ quản lý.",
    "Đề nghị BBT chuyển Sở Nội vụ, Sở Xây dựng không có chức năng trả lời.",
]


@pytest.mark.parametrize("text", KEPT)
def test_a_unit_named_in_doubt_gets_no_question(text: str) -> None:
    assert read(text) is Verb.NONE


@pytest.mark.parametrize("text", LEAVES)
def test_a_unit_named_without_doubt_gets_it(text: str) -> None:
    assert read(text) is Verb.NOT_COMPETENT


@pytest.mark.parametrize(
    "text",
    [
        "Mặt đường hỏng không do Sở, do xe tải của dự án. Nhà thầu sửa xong trước 20/10/2026.",
        "Ngập không do hệ thống thoát nước của Sở quản lý mà do rác bịt cống, đội đã nạo vét ngày 3/10.",
        "Chậm trễ không do Sở. Hồ sơ của ông thiếu bản vẽ, đề nghị nộp tại Trung tâm hành chính công trước 20/10.",
        "Giá nước không do Sở quyết định mà theo Quyết định 30/2024/QĐ-UBND, mức 9.500 đồng/m3.",
        "Phí này không do Sở thu, mức 20.000 đồng/lượt do bến quy định.",
        "Lỗi này không do công ty, đồng hồ đã thay ngày 3/10.",
        "Sự cố không phải do đơn vị thi công, đã khắc phục xong ngày 2/10/2026.",
        "Cây đổ không do Sở chặt. Công ty Công viên đã dọn và trồng lại ngày 4/10/2026.",
        "Vết nứt không do công trình bên cạnh, Sở đã kiểm định ngày 2/10, nhà vẫn an toàn.",
        "Hồ sơ gồm đơn và bản vẽ, xin gửi về Trung tâm hành chính công phường, 15 ngày có kết quả.",
    ],
)
def test_whose_fault_it_is_not_refuses_nothing(text: str) -> None:
    assert read(text) is Verb.ANSWER


def test_what_the_requester_is_asked_for_is_no_receipt() -> None:
    asks = "Để xem xét, xin gửi cho Sở ảnh hiện trạng vết nứt. Khi đủ tài liệu Sở sẽ phúc đáp."
    assert read(asks) is Verb.NONE
    for text in (
        "Đã nhận, khi có kết quả Sở sẽ trả lời.",
        "Đã nhận. Sở đã cử cán bộ xuống lấy ảnh, sẽ trả lời đúng hạn.",
        "Đã nhận được hồ sơ ông gửi, Sở sẽ xem xét trả lời.",
        "Sở đã nhận phiếu chuyển, sẽ gửi cho phòng chuyên môn xem xét trả lời.",
    ):
        assert read(text) is Verb.RECEIVED, text


SIGNED = "\n\nTrân trọng,\nPhạm Thị Hạnh\nVăn thư - Văn phòng Sở Xây dựng\nĐT: 0225 3842 111\n\n"
NOTICES = (
    "CONFIDENTIALITY NOTICE: This e-mail and any attachments are confidential and intended solely for the addressee. "
    "If you are not the intended recipient, please delete it.",
    "Thông tin trong thư điện tử này là bảo mật, chỉ dành cho người nhận có tên ở trên. Nếu quý vị không phải là "
    "người nhận, xin vui lòng xóa thư và báo lại cho người gửi.",
)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_servers_notice_below_a_mail_says_nothing_of_it(notice: str) -> None:
    assert read(f"Đoạn này đã vá xong ngày 3/10, tháng 12/2026 thảm lại.{SIGNED}{notice}") is Verb.ANSWER
    assert read(f"Em nhận được mail rồi ạ.{SIGNED}{notice}") is Verb.RECEIVED
    refused = "Viec nay khong do So Xay dung quan ly. Kinh de nghi Ban Bien tap gui cho Cong an thanh pho."
    assert read(f"{refused}{SIGNED}{notice}") is Verb.NOT_COMPETENT, "typed without marks above a signature with them"
