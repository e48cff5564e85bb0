"""What leaders who were taught nothing write of a paper in plain sentences."""

from datetime import date

import pytest

from rules.commands.approval.opinion import Opinion, approval_in, returned_in
from rules.message.quote_markers import DEFAULT


@pytest.mark.parametrize("prefix", ["HP", "SL"])
def test_a_question_s_number_begins_as_configured(prefix: str) -> None:
    """Of the paper itself it is no other number."""
    source, code = DEFAULT._replace(prefix=prefix), f"{prefix}-2026-000002"
    paper = f"Trả lời câu hỏi {code}"
    assert approval_in(f"Duyệt {code}", source, paper) is not None
    assert approval_in(f"Duyệt câu {prefix}-2026-000009", source, paper) is None
    assert approval_in("Duyệt P-2026-09", source, paper) is None


@pytest.mark.parametrize(
    ("text", "approves"),
    [
        ("Lúc đầu tôi định trả lại vì thấy gấp. Ngồi tính kỹ từng ngày thì vẫn kịp. Thôi duyệt.", True),
        ("dc r, anh duyệt, đang trên phà nên viết ngắn", True),
        ("Được rồi đấy, lần này không phải sửa dấu phẩy nào. Cho phát hành.", True),
        ("khong sua gi nua, duyet", True),
        ("Duyet nhe. Gui tu dien thoai nen khong dau, thong cam.", True),
        ("tôi đồng ý với phương án này phẩy giao văn phòng thực hiện chấm", True),
        ("Phê duyệt. Giao đồng chí Hiền theo dõi, có vướng thì gọi thẳng cho tôi.", True),
        ("Bản kế hoạch tốt. Anh thông qua.", True),
        ("Được không?", False),
        ("Được không", False),
        ("được chưa", False),
        ("duoc a", False),
        ("Được à em", False),
        ("Được chứ", False),
        ("Được rồi", False),
        ("Tạm được", False),
        ("Nghe được đấy", False),
        ("Chưa được", False),
        ("Không được đâu em", False),
        ("khong duoc", False),
        ("được thì tốt", False),
        ("Cũng được", False),
        ("Được, nhưng sửa ngày", False),
        ("Được cái gì", False),
        ("Được. Để anh xem", False),
        ("Được đấy, hỏi thêm Sở Tài chính", False),
        ("Được, tuần sau", False),
        ("Sao cũng được", False),
        ("Được nghe báo cáo rồi", False),
    ],
)
def test_a_clear_approval_and_a_mere_word_of_assent(text: str, approves: bool) -> None:
    assert (approval_in(text) is not None) is approves


@pytest.mark.parametrize(
    "text",
    [
        "Duyệt ngày 06/10/2026.",
        "Tôi duyệt hôm nay 6/10/2026",
        "Duyệt\nNgày 06/10/2026\nTrần Đình Trưởng",
        "Đồng ý.\nHải Phòng, ngày 06 tháng 10 năm 2026",
    ],
)
def test_a_leader_may_date_his_word(text: str) -> None:
    """Another day than that of the mail may be the paper's, or when he means to approve."""
    assert approval_in(text, on=date(2026, 10, 6)) == Opinion()
    assert approval_in(text, on=date(2026, 10, 9)) != Opinion()


@pytest.mark.parametrize(
    ("text", "approves"),
    [
        ("Đồng ý, không phải phiên này", False),
        ("Duyệt. Không phải văn bản này đâu em", False),
        ("duyet khong phai ban nay", False),
        ("Duyệt, không phát hành vội", False),
        ("Duyệt phòng họp số 3", False),
        ("Duyệt, phòng họp số 2", True),
        ("Duyệt, phiên số 3", True),
        ("Duyet ke hoach phien so 3", True),
        ("Duyệt, phiên số 2", False),
        ("Duyet phien doi thoai so 4", False),
        ("Duyệt, văn thư lấy số 15", True),
        ("Duyệt bản này, không phải bản hôm qua", True),
        ("Duyệt, không phải trình lại", True),
        ("dong y, cho trien khai", True),
    ],
)
def test_another_paper_or_number_is_not_approved_with_this_one(text: str, approves: bool) -> None:
    assert (approval_in(text, paper="KẾ HOẠCH P-2026-03\nĐịa điểm: Phòng họp số 2") is not None) is approves


def test_a_wish_beside_it_is_passed_on() -> None:
    found = approval_in("OK duyệt. Nhân tiện nhắc anh em thứ hai mặc đồng phục.")
    assert found is not None
    assert "đồng phục" in found.wish


@pytest.mark.parametrize(
    "text",
    [
        "Duyệt, tối về anh đọc",
        "Đang trên xe, tối duyệt",
        "Duyệt. Nhưng khoan gửi",
        "Chủ tịch duyệt",
        "Kế hoạch tốt. Mai tôi duyệt.",
        "Bố cục hợp lý, đầy đủ.",
        "Đồng ý cho em Mai nghỉ phép thứ Sáu. Còn cái kế hoạch thì để mai tôi đọc.",
        "Nhất trí. Mục 3 bỏ.",
        "Nhất trí. Xin ý kiến Thường trực.",
        "Thông qua Văn phòng rồi trình",
        "Phát hành giấy mời trước, kế hoạch tôi đọc sau",
        "Chốt lại lịch rồi báo tôi",
        "Lúc đầu tôi duyệt. Giờ đọc lại thấy gấp quá.",
        "Năm ngoái tôi duyệt kế hoạch này",
        "Đồng ý. Chọn chủ đề y tế.",
        "Duyệt. Tổ chức ngày 30/10.",
        "Duyệt. Kinh phí 20 triệu thôi.",
        "Duyệt. Giao anh Hiền chủ trì.",
        "Duyệt. Đùa thôi.",
        "Tờ trình mua máy in. Tôi duyệt.",
        "Giấy nghỉ phép của em Mai, duyệt",
        "Tôi đồng ý là cần đối thoại. Kế hoạch thì để sau.",
        "Ok về thời gian.",
        "ok ve thoi gian",
        "Ok về chủ đề nhé",
        "Theo anh thì được, mà chủ đề nên gọn lại còn nước sạch thôi. Đồng ý vậy nha.",
        "Mai họp. Đồng chí Hà chuẩn bị máy chiếu. Nội dung: việc quá hạn, chuẩn bị tổng kết. Ai vắng báo trước.",
        "Được tin mẹ đồng chí Nam ốm, các đồng chí tổ chức thăm hỏi. Chiều mai đi cùng tôi.",
        "Triển khai đợt tổng vệ sinh cơ quan sáng thứ Bảy. Mỗi phòng cử ba người. Mang theo chổi và găng tay.",
    ],
)
def test_what_is_no_approval_of_the_paper_at_hand(text: str) -> None:
    assert approval_in(text) is None
    assert returned_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Phần phân công còn chung chung. Viết lại rồi trình tôi bản mới.",
        "Tôi bác đề xuất này.",
        "Bản này phải sửa. Mục đích thì viết dài, cách làm thì ba dòng.",
        "mục III viết lại, chưa rõ ai chủ trì. Xong trình tôi",
        "Mời có một Sở thì đối thoại với ai? Làm lại kế hoạch, thêm các đơn vị, xong mới trình tôi.",
        "Rút lại ý kiến, bổ sung rồi trình.",
        "Tôi không đồng ý giờ này vì trùng lịch tiếp dân. Dời sang chiều.",
    ],
)
def test_a_paper_is_sent_back_in_plain_words(text: str) -> None:
    assert approval_in(text) is None
    assert returned_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Mục III hôm qua tôi viết lại rồi",
        "Không cần làm lại",
        "Nếu sai thì làm lại đi",
        "Viết lại phần đầu chưa?",
        "Các cháu làm tốt lắm",
        "Tôi đã gửi lại hồ sơ cho Văn phòng",
        "Chưa duyệt, anh đang họp, tối anh xem",
        "Không đồng ý thì họ có nói lý do không",
    ],
)
def test_what_sends_no_paper_back(text: str) -> None:
    assert returned_in(text) is None


PAPER = "Tờ trình tổ chức phiên đối thoại: Hạ tầng đô thị và trật tự xây dựng, 08:30 ngày 26/11/2026"


@pytest.mark.parametrize(
    ("text", "approved"),
    [
        ("Chấp thuận đề xuất tổ chức phiên ngày 26/11.", True),
        ("Tôi đồng ý với tờ trình tổ chức phiên đối thoại về hạ tầng đô thị.", True),
        ("Đồng ý phiên 26/11 lúc 08:30", True),
        ("Phê duyệt nội dung, thời gian, địa điểm như dự thảo.", True),
        ("Đồng ý nội dung như tờ trình", True),
        ("Đồng ý trình Chủ tịch.", True),
        ("Nhất trí. Giao Văn phòng chuẩn bị hội trường, âm thanh.", True),
        ("Phê duyệt, lấy số và phát hành trong ngày.", True),
        ("Tôi thống nhất với đề xuất của Ban Thư ký về phiên đối thoại hạ tầng đô thị.", True),
        ("OK, không phải chỉnh gì. Trình lên thành phố đi.", True),
        ("Kính gửi Ban Biên tập, tôi nhất trí với nội dung tờ trình. Đề nghị làm đúng tiến độ. Trân trọng.", True),
        ("anh duyet roi nhe, gui Chu tich di", True),
        ("Thống nhất. Em cho gửi luôn trong sáng nay, anh đang trên xe.", True),
        ("Tốt, duyệt. Sau phiên nhớ làm tin bài.", True),
        ("Đọc hai lần thấy ổn cả rồi nên anh ký duyệt nhé", True),
        ("dong y voi to trinh nhe, khong can gap anh nua", True),
        ("Chấp thuận đề xuất tổ chức phiên ngày 27/11.", False),
        ("Đồng ý phiên 26/11 lúc 14:00", False),
        ("Đồng ý phiên ngày 26/11 nhưng đổi giờ", False),
        ("Tôi đồng ý với tờ trình tổ chức phiên đối thoại về y tế.", False),
        ("Đồng ý kế hoạch của Sở Xây dựng", False),
        ("Chỉ đồng ý phần hạ tầng đô thị", False),
        ("Đồng ý thời gian, địa điểm", False),
        ("Đồng ý địa điểm như dự thảo.", False),
        ("Duyệt thời gian, địa điểm như tờ trình", False),
        ("Nhất trí kinh phí theo kế hoạch", False),
        ("Đồng ý thời gian như tờ trình, địa điểm đổi", False),
        ("Trình Chủ tịch đi", False),
        ("Trình Chủ tịch duyệt xong anh ký", False),
        ("Tôi đồng ý với tờ trình tổ chức phiên đối thoại về hạ tầng đô thị và y tế", False),
        ("Duyệt phần hạ tầng đô thị", False),
        ("Đồng ý tổ chức phiên 26/12", False),
        ("Lấy số rồi anh duyệt", False),
        ("Duyệt. Lần này nhớ cho Sở Y tế vào", False),
        ("Nội dung, thời gian, địa điểm như dự thảo là chưa ổn", False),
        ("Duyệt. Giao Văn phòng chuẩn bị lại nội dung", False),
        ("Nhất trí. Giao Văn phòng chủ trì.", False),
        ("Tôi thống nhất với đề xuất của Sở Xây dựng về phiên đối thoại hạ tầng đô thị.", False),
        ("Không phải chỉnh gì thì trình", False),
        ("Kính gửi anh, em nhất trí nhưng thiếu kinh phí. Trân trọng.", False),
        ("Chào các em, Văn phòng đồng ý rồi", False),
        ("Gửi Chủ tịch duyệt", False),
        ("Trình Chủ tịch duyệt rồi gửi", False),
        ("Đồng ý trình Chủ tịch xem đã", False),
        ("Để anh trình Chủ tịch", False),
        ("Bản này nên duyệt", False),
        ("Không cần trình anh nữa", False),
        ("Duyệt. Mục III nhớ viết gọn hơn", False),
        ("Duyệt. Sau phiên nhớ lùi báo cáo", False),
    ],
)
def test_an_approval_is_of_the_whole_paper_at_hand(text: str, approved: bool) -> None:
    assert (approval_in(text, paper=PAPER) is not None) is approved


def test_without_the_paper_its_name_is_not_known() -> None:
    assert approval_in("Chấp thuận đề xuất tổ chức phiên ngày 26/11.") is None


@pytest.mark.parametrize(
    ("text", "approved"),
    [
        ("Kế hoạch em gửi sáng nay anh đồng ý", True),
        ("Tờ trình tôi duyệt rồi nhé", True),
        ("Giấy phép xây nhà xe anh duyệt rồi", False),
        ("Kế hoạch tuyên truyền quý IV anh ký rồi nhé", False),
        ("Danh sách thi nâng ngạch: chị duyệt", False),
        ("Bien ban kiem ke kho, toi ky roi", False),
        ("đang họp giao ban, anh duyệt nhé", True),
        ("Phát hành giúp tôi nhé", True),
        ("Gửi luôn các phường em nhé", True),
        ("Chuyển các sở liên quan triển khai", True),
        ("Gửi đi cho anh", False),
        ("Chuyển các sở liên quan góp ý", False),
        ("Gửi thông báo mất nước đi em", False),
        ("Thư ký phát hành giấy mời rồi", False),
        ("Chưa thấy phụ lục. Gửi đi em.", False),
        ("Sửa lại căn cứ, phát hành luôn", False),
        ("Ngày 30 nhé, triển khai đi", False),
        ("Đồng ý thời gian. Ok em", False),
    ],
)
def test_only_what_names_or_sends_out_the_paper_at_hand_approves_it(text: str, approved: bool) -> None:
    assert (approval_in(text, paper=PAPER) is not None) is approved


HEALTH = (
    "Tờ trình tổ chức phiên đối thoại: Bảo hiểm y tế, 14:00 ngày 10/12/2026, Trung tâm hội nghị, Phó Chủ tịch chủ trì"
)
NOT_LEARNT = [
    "Đồng ý cho anh Thành nghỉ thứ Hai.",
    "Duyệt chi tiền xăng nhé",
    "Ký séc rồi nhé em",
    "Anh duyệt danh sách thi đua, em lấy ở bàn.",
    "Tờ trình mua điều hòa tôi phê duyệt.",
    "Đồng ý. Nhưng để sang quý I.",
    "Đồng ý, dời sang thứ Năm nhé.",
    "Duyệt, chuyển địa điểm về Nhà văn hóa.",
    "Nhất trí, thay anh Lâm bằng chị Hương chủ trì.",
    "Đồng ý về mặt nguyên tắc",
    "Cơ bản nhất trí",
    "Tạm duyệt",
    "Duyệt tạm để chuẩn bị, bản chính thức trình sau.",
    "Duyệt một nửa thôi",
    "Đồng ý phần I, II; phần III chưa.",
    "Ai bảo tôi duyệt?",
    "Tôi đã bao giờ duyệt cái này",
    "Tôi duyệt hồi nào",
    "Đừng nói với dân là tôi đã duyệt",
    "Chưa ai duyệt mà đã đăng",
    "Không có chuyện tôi đồng ý",
    "Đồng ý sao được",
    "Duyệt thế quái nào được",
    "Để Chủ tịch phê duyệt",
    "Xin ý kiến Bí thư rồi duyệt",
    "Bí thư gật thì tôi gật",
    "Có tiền thì duyệt",
    "Bao giờ Sở Tài chính ký thì tôi ký",
    "Sau khi có ý kiến Ban Tuyên giáo sẽ phê duyệt",
    "Tôi ký nháy rồi, chờ anh Tùng",
    "Được, để đấy",
    "Ok để anh tính",
    "Ok e, mai họp bàn",
    "Vâng, tôi đã nhận, sẽ nghiên cứu",
    "Đã đọc, tốt.",
    "Bản này khá, anh thích",
    "Hay đấy",
    "Cảm ơn em, kế hoạch rất công phu",
    "Gửi lại anh bản có chữ ký của sở",
    "Phát hành công văn nhắc nợ giúp tôi",
    "Triển khai lắp camera đi em",
    "Cho đăng bài thể thao lên cổng",
    "Nhắc các sở nộp báo cáo trước thứ Sáu",
    "Mời đài truyền hình nhé",
    "Em gửi các sở xin ý kiến trước",
    "Gửi các sở góp ý",
    "Chuyển Sở Y tế thẩm định",
    "Thôi không duyệt nữa",
    "Lúc nãy anh bấm nhầm duyệt, bỏ nhé",
    "Duyệt rồi à?",
    "Anh đồng ý với Sở Y tế là khó làm",
    "Thống nhất gặp nhau lúc 9h nhé",
    "Đồng ý gặp dân thứ Ba",
    "Tôi đồng ý nhận lời mời dự lễ",
    "Chốt ăn trưa 11h30",
    "Duyệt ngày 15/12",
    "Đồng ý 9:00 ngày 10/12",
    "Đồng ý phiên đối thoại về nhà ở xã hội",
]
"""What is in no table that the vote has learnt."""
APPROVALS_NOT_LEARNT = [
    "Duyệt",
    "duyet",
    "Đồng ý.",
    "ok duyệt em",
    "Tôi nhất trí, các đồng chí triển khai.",
    "Nhất trí với tờ trình. Giao Văn phòng làm giấy mời, Sở Y tế chuẩn bị số liệu.",
    "Duyệt nhé. Nhớ bố trí phiên dịch ký hiệu cho người khiếm thính.",
    "Tôi đồng ý với tờ trình, 14:00 ngày 10/12, Phó Chủ tịch chủ trì.",
    "Anh xem rồi, được lắm, cho làm đi.",
    "đồng ý nha em đang ở sân bay",
    "Phê duyệt theo đề xuất. Văn phòng theo dõi, đôn đốc.",
    "Chị duyệt. Bảo hiểm y tế đang nóng, làm cho tốt nhé.",
    "Kính gửi Văn phòng,\nTôi đồng ý nội dung tờ trình.\nTrân trọng,\nTrần Văn Bình\nPhó Chủ tịch",
    "Ký. Gửi đi.",
    "Không có ý kiến gì thêm, đồng ý ban hành",
    "toi dong y, lam di",
    "Được rồi, phát hành nhé",
    "Chấp thuận. Kinh phí lấy từ nguồn thường xuyên như dự toán.",
    "Thống nhất như đề xuất, khẩn trương gửi giấy mời.",
    "Duyệt! Đi đường cẩn thận nhé mấy đứa, bão đấy.",
    "Bác duyệt cháu nhé, bác đang bế cháu nội",
    "Nhất trí cao, làm sớm đi em, dân hỏi nhiều.",
    "Anh đồng ý, cứ thế mà làm, khỏi hỏi lại.",
    "Tôi phê duyệt kế hoạch này. Yêu cầu báo cáo kết quả trong 5 ngày sau phiên.",
    "Duyệt\n\nSent from my iPhone",
    "Duyệt nhé Hà. Cho anh gửi lời cảm ơn cả tổ.",
    "Ok, chú duyệt, hôm đó chú đến sớm 15 phút.",
    "Văn bản sạch sẽ, đủ căn cứ. Đồng ý ký.",
    "dong y nhe em, chuc cac em lam tot",
]


def test_what_the_vote_has_not_learnt_is_not_approved_by_its_likeness() -> None:
    assert [one for one in NOT_LEARNT if approval_in(one, paper=HEALTH) is not None] == []


def test_approvals_that_the_vote_has_not_learnt_are_read() -> None:
    assert [one for one in APPROVALS_NOT_LEARNT if approval_in(one, paper=HEALTH) is None] == []


@pytest.mark.parametrize(
    "text", ["Được", "Được đấy", "được nhé em", "OK được", "Ok, được nhé.", "duoc day", "Được, em.\n\nTrần Văn Bình"]
)
def test_a_few_words_of_assent_are_the_whole_answer(text: str) -> None:
    found = approval_in(text)
    assert found is not None
    assert not found.wish
