"""Kinds of mail: complaints and denunciations fail safe, asking how is a question, a tall building is a building."""

import pytest

from rules.routing.mail_kind import classify
from rules.routing.route import load_routing
from rules.values.model import Attachment, Classification, Kind, Mailbox, ParsedMail

TABLE = load_routing()


def kind_of(text: str, subject: str = "", attachments: tuple[Attachment, ...] = ()) -> Classification:
    mail = ParsedMail("", 0, subject, text, (Mailbox("", "dan@example.test"),), attachments=attachments)
    return classify(mail, text, TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "Xin hỏi thủ tục khiếu nại lần đầu gồm những bước nào?",
        "Cho tôi hỏi muốn tố cáo thì gửi đơn ở đâu, người tố cáo được bảo vệ thế nào?",
        "Sát nhà tôi người ta dựng toà nhà to cao che hết nắng, công trình này có phép không?",
        "Truoc cua nha toi co cay to cao qua, sap do, xin cat giup",
        "Canh nha em dang xay nha to cao 8 tang, xin hoi co dung quy hoach khong",
        "Bao giờ thành phố sửa đường vào thôn tôi?",
        "Trường thu tiền điều hòa mỗi cháu 200 nghìn có đúng quy định không?",
        "Tôi bị lừa chuyển 20 triệu trên mạng thì trình báo ở đâu?",
        "Thời hạn giải quyết khiếu nại lần đầu đối với quyết định hành chính là bao nhiêu ngày?",
        "Khiếu nại lần đầu đối với quyết định của chủ tịch xã thì gửi ai?",
        "Xin hỏi thẩm quyền giải quyết khiếu nại lần đầu về đất đai thuộc cơ quan nào.",
        "Cho tôi hỏi hồ sơ khiếu nại lần hai đối với quyết định thu hồi đất gồm những gì",
        "Luật quy định thời hiệu khiếu nại lần đầu về quyết định kỷ luật công chức là bao lâu",
        "Tôi đang học luật, muốn biết khiếu nại lần 2 về đất đai nộp ở đâu.",
        "Sở có thống kê số vụ khiếu nại lần đầu về bồi thường năm 2025 không?",
        "Mẫu đơn khiếu nại lần đầu đối với quyết định xử phạt tải ở trang nào?",
        "Khi khiếu nại lần đầu đối với thông báo thuế thì có được hoãn nộp không?",
        "Không khiếu nại lần đầu đối với ai cả, tôi chỉ muốn hỏi giấy tờ đăng ký khai sinh cho cháu.",
        "cho hoi thoi han giai quyet khieu nai lan dau doi voi quyet dinh xu phat la may ngay",
        "Tôi không có ý trách móc, phê bình hay khiếu nại ai cả. Đường hỏng đã lâu, bao giờ sửa?",
        "Không phải tôi khiếu nại hay tố cáo gì, chỉ mong được giải thích cách tính giá nước.",
        "Đây không phải là đơn khiếu nại, tố cáo, mà là lời đề nghị hướng dẫn về thủ tục tách thửa.",
    ],
)
def test_questions(text: str) -> None:
    assert kind_of(text).kind is Kind.QUESTION


ROAD = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"


def test_signs_are_sought_behind_what_the_vote_judges() -> None:
    """Of a hundred pages beside a file the vote judges the first thirty; what is denounced may stand at the end."""
    text = f"{ROAD}\n" * 1_500 + "Tôi tố cáo ông Nguyễn Văn Bình nhận hối lộ.\n"
    assert len(text) > 100_000
    assert kind_of(text, attachments=(Attachment("anh.jpg", "image/jpeg", 1, "", 1),)).kind is Kind.DENUNCIATION


@pytest.mark.parametrize("name", ["anh.jpg", "so-do.pdf", "IMG_20261105.jpeg", "scan0001.pdf", "nha-to-cao.jpg"])
def test_a_files_name_is_no_reason_to_doubt(name: str) -> None:
    found = kind_of(ROAD, attachments=(Attachment(name, "image/jpeg", 1, "", 1),))
    assert (found.kind, found.sure) == (Kind.QUESTION, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("don-to-cao.pdf", Kind.DENUNCIATION),
        ("DonToCao (1).PDF", Kind.DENUNCIATION),
        ("Đơn tố cáo.pdf", Kind.DENUNCIATION),
        ("don_khieu_nai_lan_2.docx", Kind.COMPLAINT),
    ],
)
@pytest.mark.parametrize("text", [ROAD, "Kính gửi Ban, xin xem đơn đính kèm"])
def test_a_files_name_is_a_sign_of_what_it_holds(name: str, kind: Kind, text: str) -> None:
    assert kind_of(text, attachments=(Attachment(name, "application/pdf", 1, "", 1),)).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Tôi khiếu nại quyết định xử phạt của Chủ tịch UBND xã.",
        "Toi khieu nai viec thu hoi dat cua gia dinh toi, yeu cau huy quyet dinh.",
        "Tooi khieeus naij quyeets ddinhj thu hooif ddaats cura xax",
        "Tôi không đồng ý với quyết định thu hồi đất và đề nghị hủy quyết định này.",
        "UBND phường tháo dỡ quán nhà tôi mà không có quyết định, tôi yêu cầu bồi thường và trả lại mặt bằng.",
    ],
)
def test_complaints(text: str) -> None:
    found = kind_of(text)
    assert found.kind is Kind.COMPLAINT
    assert found.clause == "1.2"
    assert found.trace


@pytest.mark.parametrize(
    "text",
    [
        "Tôi tố cáo ông Nguyễn Văn A, trưởng thôn, lấy tiền hỗ trợ của dân.",
        "toi viet don nay to cao can bo dia chinh nhan cua toi 20 trieu",
        "Cán bộ tiếp nhận hồ sơ gợi ý đưa 5 triệu thì mới ký, xin giữ kín tên tôi.",
        "Kế toán trường lập chứng từ khống rút tiền ăn của học sinh, đề nghị điều tra.",
    ],
)
def test_denunciations(text: str) -> None:
    found = kind_of(text)
    assert found.kind is Kind.DENUNCIATION
    assert found.clause == "1.2"


@pytest.mark.parametrize(
    "text",
    [
        "Khiếu nại lần đầu đối với việc Chi cục truy thu tiền thuê đất của hợp tác xã, xin được đối thoại.",
        "Khiếu nại lần hai về việc UBND xã từ chối cấp giấy xác nhận cho gia đình tôi.",
        "Khieu nai lan dau ve viec phuong thu xe hang cua toi, xin tra lai xe va xin loi.",
        "Tôi khiếu nại lần đầu đối với thông báo số 12 của xã về việc trừ diện tích đất.",
    ],
)
def test_to_say_which_time_one_complains_is_to_complain(text: str) -> None:
    """ "Lần đầu", "lần hai" names the step of a complaint; it once made the word "khiếu nại" before it harmless."""
    assert kind_of(text).kind is Kind.COMPLAINT


def test_a_denunciation_may_stand_in_the_subject_or_in_the_name_of_a_file() -> None:
    assert kind_of("Tôi gửi kèm tệp, mong cơ quan đọc.", subject="Đơn tố cáo").kind is Kind.DENUNCIATION
    file = Attachment("don_to_cao.pdf", "application/pdf", 10, "", 1)
    named = Attachment("Đơn tố cáo.pdf", "application/pdf", 10, "", 1)
    assert kind_of("xin gui kem don", attachments=(file,)).kind is Kind.DENUNCIATION
    assert kind_of("Xin gửi kèm tệp này.", attachments=(named,)).kind is Kind.DENUNCIATION


@pytest.mark.parametrize(
    "text",
    [
        "Tôi ở tỉnh Bắc Ninh, xin hỏi bao giờ đường ở huyện tôi được sửa?",
        "Đề nghị Quốc hội sửa Luật Thuế thu nhập cá nhân.",
        "Tòa án nhân dân thụ lý vụ án của tôi đã một năm, bao giờ xét xử phúc thẩm?",
        "Bạn tôi vay tôi 50 triệu không trả nợ, nhờ Ban Biên tập đòi giúp.",
    ],
)
def test_out_of_scope(text: str) -> None:
    found = kind_of(text)
    assert found.kind is Kind.OUT_OF_SCOPE
    assert found.clause == "10.1.h"


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Quê tôi ở Nghệ An bị lũ cuốn cầu, bao giờ sửa cầu?", False),
        ("Mẹ tôi ở quê Thanh Hóa muốn làm thẻ người khuyết tật thì xin giấy gì?", False),
        ("Tôi quê Nghệ An ra Hải Phòng làm thợ, muốn làm căn cước tại Hải Phòng thì nộp ở đâu?", True),
    ],
)
def test_another_province_named_in_passing_and_no_place_of_the_city_is_for_a_person(text: str, sure: bool) -> None:
    found = kind_of(text)
    assert (found.kind is Kind.QUESTION and found.sure) is sure


def test_another_province_as_the_place_one_comes_from_is_in_scope() -> None:
    text = "Tôi quê ở Nam Định, làm ở Hải Phòng đã ba năm, xin hỏi điều kiện mua nhà ở xã hội?"
    assert kind_of(text).kind is Kind.QUESTION


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("VAY TIEN NHANH duyet 5 phut, lai suat 0%, lien he zalo http://vay.example", Kind.SPAM),
        ("Hộp thư của bạn sắp hết dung lượng, bấm vào http://x.example để xác nhận mật khẩu.", Kind.SPAM),
        ("Em cảm ơn Sở đã trả lời, em làm xong thủ tục rồi ạ.", Kind.NOT_A_QUESTION),
        ("Trân trọng kính mời đồng chí dự hội nghị tổng kết năm.", Kind.NOT_A_QUESTION),
    ],
)
def test_spam_and_thanks(text: str, kind: Kind) -> None:
    assert kind_of(text).kind is kind


def test_nothing_written_is_for_a_person_to_look_at() -> None:
    found = kind_of("  ")
    assert found.kind is Kind.NOT_A_QUESTION
    assert not found.sure


FOREIGN = (
    "Hello, could you please tell me how to register my marriage in this city?",
    "Dear Sir, I want to report that an officer took money, corruption at the tax department.",
    "您好，请问外国人怎么办理工作许可证？",
    "Bonjour, je voudrais savoir comment obtenir un permis de construire.",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_for_a_person_and_no_denunciation(text: str) -> None:
    found = kind_of(text)
    assert found.kind is Kind.QUESTION
    assert not found.sure
    assert "tiếng nước ngoài" in found.trace[0]


def test_a_known_denunciation_word_among_foreign_ones_is_still_caught() -> None:
    assert kind_of("Please help, toi to cao can bo nhan hoi lo, corruption of land officers and bribery").kind in {
        Kind.DENUNCIATION,
        Kind.COMPLAINT,
    }


def test_the_name_of_the_citys_department_is_no_sign_of_another_province() -> None:
    found = kind_of("Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?")
    assert found.kind is Kind.QUESTION
    assert found.sure


def test_both_named_side_by_side_are_spoken_of_and_not_made() -> None:
    said = "Đây là điều tôi băn khoăn về giờ xe buýt, chuyện tố cáo hay khiếu nại là việc khác. Mấy giờ có chuyến?"
    assert kind_of(said).kind is Kind.QUESTION
    assert (
        kind_of("ĐƠN KHIẾU NẠI. Tôi khiếu nại quyết định thu hồi đất của phường, yêu cầu hủy.").kind is Kind.COMPLAINT
    )


def test_a_denial_of_something_else_takes_back_nothing() -> None:
    assert kind_of("Phường không giải quyết nên gia đình tôi khiếu nại quyết định thu hồi.").kind is Kind.COMPLAINT


def test_the_name_of_another_province_alone_makes_a_person_look_and_no_foreign_matter() -> None:
    found = kind_of("Công ty tôi có trụ sở ở Hưng Yên, nhân viên làm việc tại Hà Nội thì khai thuế thu nhập ở đâu?")
    assert (found.kind, found.sure) == (Kind.QUESTION, False)


@pytest.mark.parametrize(
    ("place", "sure"),
    [
        ("Ngõ 56 Đà Nẵng", True),
        ("Số 12/3 Hà Nội", True),
        ("Ngo 56 Da Nang", True),
        ("Ngõ 56 ở Đà Nẵng", False),
        ("Năm 2025 Đà Nẵng", False),
    ],
)
def test_a_number_of_a_house_before_a_province_makes_a_street(place: str, sure: bool) -> None:
    found = kind_of(f"{place} đèn hỏng, bao giờ thay?")
    assert (found.kind is Kind.QUESTION and found.sure) is sure


STORY = (
    "Vợ chồng tôi lấy nhau đã hai mươi năm, nuôi hai đứa con, sáng đi chợ, tối về nhà, chẳng mấy khi ra khỏi xóm. "
    "Hôm giỗ bố tôi, anh em ngồi nói chuyện đến khuya, ai cũng bảo nên hỏi cho rõ kẻo sau này lại tiếc. "
)


def test_a_story_of_ones_life_is_no_denunciation() -> None:
    assert kind_of(f"{STORY}Hỗ trợ kinh phí sửa nhà văn hóa của thôn.").kind is Kind.QUESTION


def test_a_story_that_ends_in_a_denunciation_is_one() -> None:
    found = kind_of(f"{STORY}Ông phụ trách kho nhận tiền của người mua rồi xuất khống, mong cấp trên điều tra rõ.")
    assert found.kind is Kind.DENUNCIATION


def test_what_private_people_take_for_themselves_is_no_sign() -> None:
    assert kind_of("Hộ dân tự ý xây tường chiếm dụng lối đi chung, đề nghị xử lý.").kind is Kind.QUESTION


def test_who_asks_a_ministry_how_to_do_something_asks_a_question() -> None:
    asked = "Tôi muốn dựng nhà kho. Đề nghị Bộ Xây dựng hướng dẫn tôi hồ sơ xin giấy phép xây dựng gồm những gì?"
    assert kind_of(asked).kind is Kind.QUESTION


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Cửa hàng giao phân bón kém, hợp tác xã đòi lại tiền. Xin hỏi ai kiểm tra phân bón?", "question"),
        ("Cháu chạy xe công nghệ bị cảnh sát giao thông giữ bằng, nộp phạt rồi. Xin hỏi lấy lại ở đâu?", "question"),
        ("Bão làm nhà tôi mất trắng vườn chuối. Đề nghị phường cho biết mức hỗ trợ thiệt hại.", "question"),
        ("Cán bộ địa chính đòi tiền mới chịu ký hồ sơ đất của tôi, đề nghị điều tra.", "denunciation"),
    ],
)
def test_words_of_ones_own_loss_are_no_sign_and_those_of_an_official_are(told: str, kind: str) -> None:
    assert kind_of(told).kind is Kind(kind)


@pytest.mark.parametrize(
    "told",
    [
        "Ở trạm cân đầu cầu, xe của chủ mỏ nào thì anh ca trưởng vẫy cho qua, xe nhà khác thì bắt dừng cả buổi. "
        "Anh em lái xe chúng tôi ai cũng biết vì sao mà không ai nói. Chẳng biết kêu ai.",
        "Danh sách nhận hỗ trợ sau bão của thôn tôi có ba tên là em ruột và con dâu ông trưởng thôn, nhà họ mái bằng "
        "nguyên vẹn. Nhà bà cụ bên cạnh bay mất mái thì không có tên. Như thế có phải không ạ?",
    ],
)
def test_wrong_done_in_office_is_kept_though_nothing_names_it(told: str) -> None:
    assert kind_of(told).kind is Kind.DENUNCIATION


SHY = (
    "Nói thật là tôi ngại lắm, viết rồi xóa mấy lần, đêm qua nằm nghĩ mãi, vợ tôi bảo cứ gửi đi chứ có ai trách đâu. "
    "Tôi run tay mở máy ra, mong các anh chị đừng cười, đọc xong đừng kể với ai. "
    "Bà chị dâu tôi bảo gửi vào đây thì có người đọc. "
)


@pytest.mark.parametrize(
    "asked",
    [
        "Cho tôi hỏi con đường ra bến đò cũ bao giờ rải nhựa lại?",
        "Trường mầm non của xã thu tiền ăn bao nhiêu một ngày?",
    ],
)
def test_who_writes_shyly_denounces_nobody(asked: str) -> None:
    found = kind_of(f"{SHY}{asked}")
    assert (found.kind, found.sure) == (Kind.QUESTION, True)
