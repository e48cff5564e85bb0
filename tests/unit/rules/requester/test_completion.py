"""An address that was asked for needs no ward; a broken road is nobody's address."""

import pytest

from rules.requester.completion import completed_by
from rules.requester.requester import read_requester
from rules.values.model import Mailbox, ParsedMail

MOVED = "số 9 Lê Lợi, phường Gia Viên"
EVERY = ("name", "address", "phone")


def completed(text: str) -> dict[str, str]:
    mail = ParsedMail("", len(text), "Re: x", text, (Mailbox("", "an@dan.test"),))
    return completed_by(text, read_requester(mail, text), EVERY)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Nguyễn Văn An, số 5 Trường Chinh, 0912000111", "số 5 Trường Chinh"),
        ("Tên: An\nĐC: 5 Trường Chinh\nĐT: 0912.000.111", "5 Trường Chinh"),
        ("toi ten Nguyen Van An o so 5 Truong Chinh Kien An dt 0912000111", "so 5 Truong Chinh Kien An"),
        ("địa chỉ thường trú số 5 đường Trường Chinh", "số 5 đường Trường Chinh"),
        ("Tổ 3 Kiến An", "Tổ 3 Kiến An"),
        ("ĐC: Số 9 Nguyễn Văn Linh; ĐT: 0977 000 106", "Số 9 Nguyễn Văn Linh"),
        ("Đ/c: tổ 7, phường Lê Chân", "tổ 7, phường Lê Chân"),
        ("Công ty TNHH Biển Xanh, địa chỉ: 40 Lạch Tray, đt 0225 3000 107", "40 Lạch Tray"),
        ("Vợ chồng ông Lê An và bà Vũ Bình trú tại số 8 đường Cầu Đất", "số 8 đường Cầu Đất"),
        ("Hộ ông Trần Văn Bình, tổ 7 phường Lê Chân", "tổ 7 phường Lê Chân"),
        ("Nhà tôi ở số 12 đường Hồng Bàng", "số 12 đường Hồng Bàng"),
        ("Tôi ở 18 Trần Phú nhé", "18 Trần Phú"),
        ("Nhà ở phường Thủy Nguyên, gọi cho tôi theo số 0825 119 034 là được.", "phường Thủy Nguyên"),
        ("Công ty TNHH Minh Anh, trú tại số 5 Trường Chinh, phường Kiến An", "số 5 Trường Chinh, phường Kiến An"),
    ],
)
def test_address_of_an_answer(text: str, address: str) -> None:
    assert completed(text)["address"] == address


@pytest.mark.parametrize(
    "text",
    [
        "Đoạn đường hỏng nặng nhất ở số 5 Trường Chinh, đề nghị Sở xem và sửa sớm",
        "Gửi thêm ảnh đoạn đường hỏng",
        "Tôi xin lỗi, số thửa đúng là 52, không phải 25.",
        "số biên nhận là 1234 nhé",
        "Tờ bản đồ số 12, viết nhầm ạ",
        "Đường hỏng ở số 5 Trường Chinh chưa ai sửa",
    ],
)
def test_a_place_of_the_matter_is_no_address(text: str) -> None:
    assert "address" not in completed(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hộ ông Trần Văn Bình, tổ 7 phường Lê Chân", "Trần Văn Bình"),
        ("Hộ gia đình bà Lê Thị Mai, ĐC: 5 Trường Chinh", "Lê Thị Mai"),
        ("Lê Văn Tám nhé. À cho hỏi thêm làm thẻ căn cước cho cháu có mất tiền không?", "Lê Văn Tám"),
        ("tên Lưu Văn Đông địa chỉ thôn Nhu Thượng, ngoài ra cho hỏi có được miễn tiền rác không", "Lưu Văn Đông"),
        ("nha toi o 7/23 cat bi phuong hai an hai phong, sdt 0936111222, ten la vu van tien", "vu van tien"),
    ],
)
def test_a_household_bears_the_name_of_its_head(text: str, name: str) -> None:
    assert name in completed(text)["name"]


@pytest.mark.parametrize(
    ("text", "brought", "left"),
    [
        ("0987654321 nhé", {"phone"}, {"name", "address"}),
        ("0983 222 111 là số của tôi", {"phone"}, {"name", "address"}),
        ("ĐC: 5 Trường Chinh", {"address"}, {"name", "phone"}),
        ("Tôi tên là Trần Văn Bình", {"name"}, {"address", "phone"}),
        ("Trần Văn Bình, 12 Trường Chinh, 0987654321", {"name", "address", "phone"}, set()),
        ("Chào anh chị\nEm xin bổ sung: họ tên Trần Thị Hoa", {"name"}, {"address", "phone"}),
        ("Kính chào Ban Biên tập, em tên Trần Thị Hoa, sđt 0987654321", {"name", "phone"}, {"address"}),
        ("Chào chị Trần Thị Hoa, sđt của em 0987654321", {"phone"}, {"name", "address"}),
    ],
)
def test_a_part_of_what_is_missing_is_taken(text: str, brought: set[str], left: set[str]) -> None:
    found = set(completed(text))
    assert brought <= found
    assert not found & left


def test_a_couple_is_a_name() -> None:
    text = "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình, trú tại số 5 Trường Chinh, phường Kiến An"
    assert completed(text)["name"] == "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình"


PLAINLY = [
    ("Ban cần tên thì đây ạ: Đoàn Văn Khải, gọi tôi theo số 0988 341 772", "Đoàn Văn Khải", ""),
    ("Tên tôi Đoàn Văn Khải, ở 14 ngõ 5 Lạch Tray, gọi 0988 341 772 nhé", "Đoàn Văn Khải", "14 ngõ 5 Lạch Tray"),
    (
        "em la bui duc manh, nha 14 to 6 phuong phu lien, so may 0988 341 772 a",
        "bui duc manh",
        "14 to 6 phuong phu lien",
    ),
    ("Gửi Ban thông tin: Vũ Văn Hải, số 5 Trần Phú, Gia Viên, 0988 341 772", "Vũ Văn Hải", "số 5 Trần Phú, Gia Viên"),
    ("Thì tôi là Khúc Thừa Dụ đây, nhà ở 20 Lạch Tray, có gì gọi 0988 341 772", "Khúc Thừa Dụ", "20 Lạch Tray"),
    ("Người hỏi là Lương Văn Tám, thôn 3 xã An Lão, điện thoại 0988 341 772", "Lương Văn Tám", "thôn 3 xã An Lão"),
    ("Đây ạ, Trịnh Quốc Đạt, 0988 341 772, số 12 Đà Nẵng", "Trịnh Quốc Đạt", "số 12 Đà Nẵng"),
    ("e gui thong tin: le van dong, 36 to hieu, 0988 341 772", "le van dong", "36 to hieu"),
    ("em xin bổ sung: đoàn hồng nhung, 36 Tô Hiệu, 0988 341 772", "đoàn hồng nhung", "36 Tô Hiệu"),
]


@pytest.mark.parametrize(("text", "name", "address"), PLAINLY)
def test_data_told_in_plain_sentences(text: str, name: str, address: str) -> None:
    told = completed(text)
    assert (told["name"], told.get("address", ""), told["phone"]) == (name, address, "0988 341 772")


@pytest.mark.parametrize(
    "text",
    [
        "Cán bộ thụ lý: Đoàn Văn Khải, gọi số 0988 341 772",
        "Ban hỏi thêm thì đây ạ: tổ trưởng Đoàn Văn Khải, gọi bác theo số 0988 341 772",
        "Hỏi ông Đoàn Văn Khải, gọi ông ấy theo số 0988 341 772",
        "Bố tôi tên Đoàn Văn Khải, bị tai nạn ở đó",
        "Con tôi: Đoàn Văn Khải, học lớp 3",
        "Người đổ rác là Đoàn Văn Khải, số 5 Trần Phú",
        "Tên chủ nhà: Đoàn Văn Khải, 0988 341 772",
        "Tên tôi thì Ban có rồi, hỏi ông Đoàn Văn Khải nhé",
        "Tôi xin bổ sung: đoạn hỏng nặng nhất ở số 12.",
        "toi xin bo sung: doan hong nang nhat o so 12",
        "Tôi xin bổ sung: đoạn hỏng nặng nhất, gọi tôi số 0988 341 772",
        "Em bổ sung: vỏ hồng ngoài bong tróc ở số 5 Trần Phú",
        "dia chi thon Dong, xa Tien Lang bi ngap, ten Ngo Van Kien",
        "Thôn Đông ngập, tên Ngô Văn Kiên bí thư",
        "thon Dong, ten Ngo Van Kien noi la sua roi",
        "không có điện thoại thì liên hệ kiểu gì",
        "Thôn Đông, xã Tiên Lãng. Trưởng thôn là Ngô Văn Kiên",
        "Thôn Đông, xã Tiên Lãng. Ông Ngô Văn Kiên không trả lời",
        "Thôn Đông, tên hàng xóm Ngô Văn Kiên",
        "Điện thoại không có ai nghe, thôn Đông",
        "Đường Trần Phú, tên mới Nguyễn Văn Linh",
        "Thôn Đông, ngõ nhà Ngô Văn Kiên",
    ],
)
def test_somebody_elses_name_is_not_the_requesters(text: str) -> None:
    assert "name" not in completed(text)


@pytest.mark.parametrize("text", ["Số của tôi các anh chị ghi giúp: 0912.111.000", "số tôi 0912 111 000 nhé"])
def test_what_leads_to_a_number_is_no_address(text: str) -> None:
    assert list(completed(text)) == ["phone"]


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("dia chi thon Dong, xa Tien Lang. ten Ngo Van Kien. dt khong co", "Ngo Van Kien", "thon Dong, xa Tien Lang"),
        ("ten Nguyen Thi Mui, thon 3 xa Vinh Bao, khong co so dien thoai", "Nguyen Thi Mui", "thon 3 xa Vinh Bao"),
        ("Thôn Đông, xã Tiên Lãng, tên tôi là Ngô Văn Kiên", "Ngô Văn Kiên", "Thôn Đông, xã Tiên Lãng"),
        ("Họ tên Bùi Văn Đạt. Ở thôn 3 xã Vĩnh Bảo. Điện thoại không có.", "Bùi Văn Đạt", "thôn 3 xã Vĩnh Bảo"),
        (
            "Ông tên Vũ Văn Cẩn, 82 tuổi, nhà số 7 ngõ 12 Lạch Tray, phường Gia Viên",
            "Vũ Văn Cẩn",
            "nhà số 7 ngõ 12 Lạch Tray, phường Gia Viên",
        ),
        ("Tôi là Vũ Văn Cẩn, năm nay 82 tuổi, nhà số 7 ngõ 12 Lạch Tray", "Vũ Văn Cẩn", "số 7 ngõ 12 Lạch Tray"),
        ("Bác tên là Lê Thị Gấm, ở xóm 2 xã An Lão", "Lê Thị Gấm", "xóm 2 xã An Lão"),
    ],
)
def test_a_name_told_behind_the_place_or_with_ones_age(text: str, name: str, address: str) -> None:
    assert completed(text) == {"name": name, "address": address}


def test_a_childs_telephone_is_one_to_call() -> None:
    text = "Họ tên Đỗ Thị Nụ, địa chỉ thôn Đông, xã Tiên Lãng, điện thoại của con tôi 0912 345 111"
    assert completed(text) == {"name": "Đỗ Thị Nụ", "address": "thôn Đông, xã Tiên Lãng", "phone": "0912 345 111"}


@pytest.mark.parametrize(
    "text",
    [
        "Ông tên Vũ Văn Cẩn hàng xóm, số 7 Lạch Tray",
        "Con tôi tên Vũ Văn Cẩn, 8 tuổi, số 7 Lạch Tray",
        "Ông hàng xóm tên Vũ Văn Cẩn, số 7 Lạch Tray",
        "Cháu 8 tuổi, tên bố là Vũ Văn Cẩn, số 7 Lạch Tray",
        "Bà tên Gấm bán nước, số 7 Lạch Tray",
    ],
)
def test_an_age_is_no_house_and_anothers_name_not_the_askers(text: str) -> None:
    told = completed(text)
    assert "name" not in told
    assert "tuổi" not in told.get("address", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Số 0912000111 không phải của tôi.", {}),
        ("So 0912000111 khong phai cua toi.", {}),
        ("Tôi ở nước ngoài, gọi 0912000111 không được đâu.", {}),
        ("Đừng gọi số 0912000111 nữa.", {}),
        ("Tôi không có địa chỉ ở phường Kiến An.", {}),
        ("Vỉa hè ở số 7 Trường Chinh.", {}),
        ("Địa chỉ nhà ông B là số 7 Trường Chinh, phường Kiến An.", {}),
        ("Số cũ của tôi là 0912000111, số mới 0987654321.", {"phone": "0987654321"}),
        ("Số điện thoại đúng của tôi không phải 0912000111 mà là 0987654321.", {"phone": "0987654321"}),
        ("Địa chỉ không phải số 5 Trường Chinh mà là số 9 Lê Lợi, phường Gia Viên.", {"address": MOVED}),
        (
            "Trước đây tôi ở số 5 Trường Chinh, phường Kiến An, nay tôi ở số 9 Lê Lợi, phường Gia Viên",
            {"address": MOVED},
        ),
        ("Tôi không còn ở số 5 Cầu Đất, nay ở số 9 Lê Lợi, phường Gia Viên", {"address": MOVED}),
        ("Tôi là Nguyễn Thị Dung liên hệ 0912000111.", {"name": "Nguyễn Thị Dung", "phone": "0912000111"}),
    ],
)
def test_what_the_asker_denies_is_not_taken(text: str, told: dict[str, str]) -> None:
    assert completed(text) == told


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sđt e 0912000111, tên Trần Văn Bình. địa chỉ thì thôi, e ở trọ", True),
        ("tên Trần Văn Bình sđt 0912000111. Nhà e thì ở trọ", True),
        ("Anh thợ tên Lê Văn Tám, sđt 0912000111. Hẹn thứ hai làm mà không thấy anh ấy", False),
        ("Gọi 0912000111 gặp Lê Văn Tám. Anh ta hứa rồi mà không làm", False),
    ],
)
def test_a_first_sentence_of_number_and_name_is_the_askers(text: str, named: bool) -> None:
    assert ("name" in completed(text)) == named
