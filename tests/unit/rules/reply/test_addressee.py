"""Whom a reply addresses: somebody else's answer is known by name and heading, a true one never waits for them."""

import pytest

from rules.reply.addressee import another_matter, another_person
from rules.text import strip_marks

ASKER = "Nguyễn Văn An"
ASKED = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kính gửi bà Ngô Thị Lý,\nBà nộp hồ sơ tại phường.", "Ngô Thị Lý"),
        ("Kính gửi: Bà Ngô Thị Lý, số 5 Lê Lợi\nBà nộp hồ sơ.", "Ngô Thị Lý"),
        ("SỞ XÂY DỰNG\nSố: 12/SXD\nKÍNH GỬI BÀ NGÔ THỊ LÝ", "NGÔ THỊ LÝ"),
        ("Kính gửi công dân Ngô Thị Lý. Sổ của bà đã có.", "Ngô Thị Lý"),
        ("Kính gửi khách hàng Vũ Thị Nhài", "Vũ Thị Nhài"),
        ("Trả lời câu hỏi của ông Trần Đức Bình: đường sửa xong.", "Trần Đức Bình"),
        ("Sở Y tế phúc đáp ý kiến của bà Phạm Thị Hoa như sau", "Phạm Thị Hoa"),
        ("Về phản ánh của anh Lê Quốc Toản: đã phạt.", "Lê Quốc Toản"),
        ("Kính gửi bà Ngô Thị Lý. Bà nộp hồ sơ về an toàn điện ở phường.", "Ngô Thị Lý"),
        ("Kính gửi: Trần Đức Bình, tổ 5\nĐất nhà ông được bồi thường.", "Trần Đức Bình"),
        ("Kính gửi hộ bà Ngô Thị Lý: hộ bà được hỗ trợ.", "Ngô Thị Lý"),
        ("Bác Lành kính mến, nhà bác được miễn.", "Lành"),
        ("Chào chị Lý, sổ của chị đã có.", "Lý"),
        ("Dạ thưa cô Lành, nhà cô được miễn.", "Lành"),
        ("Trả lời cho chị Hằng: mức phí là 100.000 đồng.", "Hằng"),
        ("Kính gửi ông Trần Đức Bình và bà Lê Thị Hoa", "Trần Đức Bình"),
        ("Kính gửi bà Nguyễn Thị Lý, thẻ của bà đã có.", "Nguyễn Thị Lý"),
        ("Kính gửi ông Nguyễn Đức Ái, đường đã sửa.", "Nguyễn Đức Ái"),  # two letters are too few for a slip
    ],
)
def test_an_answer_to_somebody_else_is_known(text: str, name: str) -> None:
    assert another_person(text, ASKER, ASKED) == name


@pytest.mark.parametrize("text", ["kinh gui ba ngo thi ly, doi bang", "tra loi cau hoi cua ong tran duc binh"])
def test_names_typed_in_small_letters_count_when_they_are_whole(text: str) -> None:
    assert another_person(text, ASKER, ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi ông Nguyễn Văn An",
        "Kính gửi bác An, đường đã sửa.",
        "Chào anh Ân, đường đã sửa.",
        "Kính gửi ông Nguyễn Văn Ân",
        "Kính gửi ông Nguyển An",
        "Kính gửi bà Nguyễn Thị Lan",
        "Kính gửi ông Trần Văn An",
        "Kính gửi ông Nguyễn Văn Anh",
        "Kính gửi ông/bà",
        "Sở Xây dựng trả lời ông: đường hỏng do xe tải chở đất, sẽ sửa xong trước 25/10.",
        "So Xay dung tra loi ong: duong hong do xe tai cho dat, se sua xong truoc 25/10.",
        "Kính gửi quý ông bà",
        "Kính gửi: Phòng Hạ tầng",
        "Kính gửi gia đình bác An",
        "Kính gửi bà Ngô Thị Lý, đường mà Nguyễn Văn An phản ánh đã sửa.",
        "Bác kính mến, đường đã sửa.",
        "Kính gửi hộ dân phố Hải Triều",
        "Kính gửi bà con tổ dân phố số 5",
        "Kính gửi Ban Biên tập",
        "Kính gửi ông Giám đốc",
        "Kính gửi anh, chị Phụ huynh",
        "Kính gửi công dân\nViệc cấp lại chứng chỉ",
        "Trả lời công dân: Tuyến đường ông An hỏi đã sửa.",
        "Trả lời công dân: Mai đường mới sửa xong.",
        "Kính gửi công dân: đoạn đường đã sửa",
        "Chào chị Lan, em gửi câu trả lời cho bác An: đường đã sửa.",
        "Kính gửi bà Trần Thị Hoa và ông Nguyễn Văn An",
        "Thưa ông, Sở Xây dựng đã kiểm tra.",
        "Thưa ông, đường Trần Hưng Đạo sửa xong.",
        "Trả lời bà con phường Gia Viên: đường đã sửa.",
        "Chào bác, cháu là Phạm Quang Minh.",
        "Trả lời công dân: theo ý kiến tổ trưởng Vũ Văn Bảy, cống đã thông.",
        "Sở trả lời công dân: văn bản hôm trước ghi “Kính gửi ông Hoàng Văn Tám” là do đánh máy nhầm tên.",
    ],
)
def test_a_true_answer_waits_for_no_name(text: str) -> None:
    assert another_person(text, ASKER, ASKED) == ""
    assert another_person(strip_marks(text), ASKER, ASKED) == ""


def test_who_is_named_in_the_question_may_be_greeted() -> None:
    asked = "Mẹ tôi là bà Trần Thị Bình, 82 tuổi, có được trợ cấp không?"
    assert another_person("Kính gửi bà Trần Thị Bình", ASKER, asked) == ""


@pytest.mark.parametrize("asker", ["", "An", "Bác Tư"])
def test_without_a_known_person_no_name_is_somebody_elses(asker: str) -> None:
    assert another_person("Kính gửi bà Ngô Thị Lý", asker, ASKED) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Về việc đổi giấy phép lái xe hạng C: bà nộp hồ sơ tại điểm tiếp nhận, lệ phí 115.000 đồng.",
        "Kính gửi ông,\nV/v cấp lại thẻ bảo hiểm y tế: ông nộp tờ khai ở bưu điện.",
    ],
)
def test_a_heading_about_another_matter_is_known(text: str) -> None:
    assert another_matter(text, ASKED)
    assert another_matter(strip_marks(text), ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "Về việc sửa chữa mặt đường Trường Chinh: Sở giao nhà thầu làm trong tháng 11.",
        "Về việc ông hỏi, Sở Xây dựng trả lời như sau: ổ gà đã vá.",
        "V/v trả lời phản ánh của công dân\nĐường đã được vá.",
        "Về việc duy tu hạ tầng giao thông: các ổ gà, mặt đường hư hỏng được vá trong tháng 10.",
        "Việc đổi giấy phép lái xe không thuộc Sở.",
        "Về việc này, ông yên tâm.",
    ],
)
def test_a_heading_that_may_be_about_the_question_holds_nothing(text: str) -> None:
    assert another_matter(text, ASKED) == ""


def test_a_vague_question_is_compared_with_nothing() -> None:
    asked = "Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?"
    assert another_matter("Về việc đổi giấy phép lái xe hạng C: bà nộp hồ sơ.", asked) == ""


def test_a_heading_may_name_the_requesters_street_alone() -> None:
    whole = f"{ASKED}\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An"
    other = "Về việc cấp giấy phép karaoke: cách trường học 200 m, nộp tại Sở Văn hóa."
    assert another_matter(other, ASKED, whole=whole)
    assert another_matter("Về việc tuyến Trường Chinh: đội số 3 làm từ 19/10.", ASKED, whole=whole) == ""
