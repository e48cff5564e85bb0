"""Who asks (clause 21.1): name, permanent address and phone, in many layouts; others in the story are never taken."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.requester.contact_data import is_part
from rules.requester.requester import read_requester
from rules.requester.vocabulary import plain
from rules.text import strip_marks
from rules.values.model import Mailbox, ParsedMail, Requester, RequesterKind
from tests.loading import script

ROOT = Path(__file__).resolve().parents[4]


def read(text: str, shown: str = "") -> Requester:
    """The asker of a mail with this text and this From display name."""
    return read_requester(ParsedMail("x", len(text), "", text, (Mailbox(shown, "nguyenvana@thu.test"),)), text)


CASES = {
    "in English": (
        "Where do I apply for renewal? My phone is 0903 777 111.\n\nKind regards,\nJohn Miller",
        ("John Miller", "", "0903 777 111"),
    ),
    "sentence": (
        "Kính gửi Sở Xây dựng. Tôi là Nguyễn Văn Cường, sinh năm 1975, CCCD 031075000123, hiện cư trú tại "
        "số 12/45/310 đường Đà Nẵng, phường Ngô Quyền, TP. Hải Phòng. Tôi muốn hỏi về cấp phép. "
        "Xin gửi về ĐT 0936.000.111. Xin cảm ơn.",
        ("Nguyễn Văn Cường", "số 12/45/310 đường Đà Nẵng, phường Ngô Quyền, TP. Hải Phòng", "0936.000.111"),
    ),
    "no marks": (
        "Toi la Nguyen Van Phu, o so 5 ngo 12 duong Cat Bi, phuong Hai An. Toi hoi ve tach thua. DT: 0168.0000.222",
        ("Nguyen Van Phu", "so 5 ngo 12 duong Cat Bi, phuong Hai An", "0168.0000.222"),
    ),
    "a profession between title and name": (
        "Tôi là Nhà giáo hưu trí Trương Công Độ, ở số 5 đường Lạch Tray, phường Gia Viên. Xin hỏi về thẻ bảo hiểm.",
        ("Nhà giáo Trương Công Độ", "số 5 đường Lạch Tray, phường Gia Viên", ""),
    ),
    "labels on their own lines": (
        "Họ và tên:\nNguyễn Văn Minh\nĐịa chỉ:\nTổ 3, phường Kiến An\n"
        "Số điện thoại:\n0912 000 444\nNội dung: Xin hỏi.",
        ("Nguyễn Văn Minh", "Tổ 3, phường Kiến An", "0912 000 444"),
    ),
    "labels run together": (
        "hoi thu tuc\n\nHoTen: Le Van B; DiaChi: xa An Lao, HP; SDT: 0987000123",
        ("Le Van B", "xa An Lao, HP", "0987000123"),
    ),
    "signed": (
        "Đề nghị sửa đường.\nNgười viết đơn\n(đã ký)\nPhạm Thị Lan\nXóm 4 - xã Tiên Lãng - HP\n0912000123",
        ("Phạm Thị Lan", "Xóm 4 - xã Tiên Lãng - HP", "0912000123"),
    ),
    "title and age": (
        "Xin hỏi giá nước?\nÔng Phạm Văn Ba, 65 tuổi, tổ 8, P. Lê Chân, HP. Điện thoại: 0225.3000.999",
        ("Phạm Văn Ba", "tổ 8, P. Lê Chân, HP", "0225.3000.999"),
    ),
    "old district": (
        "Tôi tên là Đào Văn Tình, trú tại Thôn Văn Phong, xã Đồng Thái, huyện An Dương (cũ), TP Hải Phòng xin hỏi.",
        ("Đào Văn Tình", "Thôn Văn Phong, xã Đồng Thái, huyện An Dương (cũ), TP Hải Phòng", ""),
    ),
    "priest, and a heading at the end": (
        "Lm. Giuse Trần Văn Hưởng\nxã Kiến Thụy\nTel: 0912000987\n\nXin hỏi về giấy phép sửa nhà thờ?\n\n* KẾT\n"
        "  • Trân trọng cảm ơn",
        ("Lm. Giuse Trần Văn Hưởng", "xã Kiến Thụy", "0912000987"),
    ),
    "households": (
        "Chúng tôi gồm 23 hộ dân tại xã An Khánh, cùng đứng tên trong thư này. Tôi là Lê Văn Tài, số điện thoại "
        "0912000321. Xin hỏi bao giờ sửa cống?",
        ("Lê Văn Tài", "xã An Khánh", "0912000321"),
    ),
    "hours": (
        "Tôi là Vũ Thị Thơm, ở xã An Lão. Nếu gọi điện thoại xin gọi sau 17 giờ vì tôi đi làm: 0912000654. Cảm ơn.",
        ("Vũ Thị Thơm", "xã An Lão", "0912000654"),
    ),
    "title": (
        "Người làm đơn: Dược sĩ Vương Thị Hiên, trú tại phường Bắc An Phụ.\nXin hỏi về mở quầy thuốc.",
        ("Dược sĩ Vương Thị Hiên", "phường Bắc An Phụ", ""),
    ),
    "representative": (
        "Dân kiến nghị.\nThay mặt các hộ dân\nTrưởng thôn\nVũ Văn Hải\n"
        "Thôn 2 xã Hùng Thắng, Hải Phòng - ĐT 0389 000 032",
        ("Vũ Văn Hải", "Thôn 2 xã Hùng Thắng, Hải Phòng", "0389 000 032"),
    ),
    "greeting without a comma": (
        "Chào các cô chú cháu tên là Nguyễn Văn An, ở số 5 Lê Lợi, phường Ngô Quyền. Đường trước cổng trường hỏng.",
        ("Nguyễn Văn An", "số 5 Lê Lợi, phường Ngô Quyền", ""),
    ),
    "the same without marks": (
        "Em xin chao anh chi em la Nguyen Van An, o so 5 Le Loi, phuong Ngo Quyen. Duong truoc cong truong hong.",
        ("Nguyen Van An", "so 5 Le Loi, phuong Ngo Quyen", ""),
    ),
    "an elder": (
        "Bác là Lê Văn Tư, 20 Hàng Kênh, phường Lê Chân, đt 0904 111 222. Đường Hàng Kênh đã hỏng, nhà tôi ngập.",
        ("Lê Văn Tư", "20 Hàng Kênh, phường Lê Chân", "0904 111 222"),
    ),
    "an elder behind a greeting": (
        "Chào các cháu, cô tên là Trần Thị Hoa, số 5 Cát Dài, phường Lê Chân. Cho cô hỏi lịch thu rác?",
        ("Trần Thị Hoa", "số 5 Cát Dài, phường Lê Chân", ""),
    ),
    "an elder at the end": (
        "Đường đã hỏng ba năm, bao giờ sửa? Chú là Lê Văn Tư, 20 Hàng Kênh, phường Lê Chân, 0904 111 222.",
        ("Lê Văn Tư", "20 Hàng Kênh, phường Lê Chân", "0904 111 222"),
    ),
}
ORGANISATIONS = {
    "signature": (
        "Xin hỏi lịch.\nTrân trọng!\n---\nNGUYỄN VĂN HÙNG\nTrưởng phòng Kinh doanh\nCông ty TNHH Hải Long\n"
        "Số 8 Lê Thánh Tông, phường Ngô Quyền, Hải Phòng\nM: 0912 000 333 | E: hung@hailong.test",
        "Công ty TNHH Hải Long (người liên hệ: NGUYỄN VĂN HÙNG)",
    ),
    "sentence": (
        "Chúng tôi là Công ty CP Nhựa Biển Xanh, trụ sở tại lô 5 KCN Nam Cầu Kiền, phường Thiên Hương, TP Hải Phòng. "
        "Xin hỏi thủ tục. Người liên hệ: Trần Văn Dũng - 0225 3000 444",
        "Công ty CP Nhựa Biển Xanh (người liên hệ: Trần Văn Dũng)",
    ),
    "group": (
        "Xin dọn rác.\nTập thể 23 hộ dân ngõ 77 (đại diện: ông Phạm Ngọc Thạch)\nNgõ 77 Lán Bè, phường Lê Chân, HP",
        "Tập thể 23 hộ dân ngõ 77 (đại diện: ông Phạm Ngọc Thạch)",
    ),
    "labelled": (
        "Tên tổ chức: Hợp tác xã Rau sạch Tú Sơn\nĐại diện: Nguyễn Thị Tuyến\n"
        "ĐT: 0225 3000 239\nXin hỏi hỗ trợ lãi suất.",
        "Hợp tác xã Rau sạch Tú Sơn (người liên hệ: Nguyễn Thị Tuyến)",
    ),
}
ORGANISATIONS["official letter"] = (
    "CÔNG TY TNHH MINH ĐỨC\nSố: 12/CV-MĐ\nCông ty chúng tôi hỏi thời hạn cấp phép.\n\n"
    "Nơi nhận:\n- Như trên;\n- Lưu VT.\nGIÁM ĐỐC\nTrần Minh Đức\nĐịa chỉ: Số 12 đường Trường Chinh, phường Kiến An",
    "CÔNG TY TNHH MINH ĐỨC (người liên hệ: Trần Minh Đức)",
)
OTHERS = {
    "accused": "Tôi muốn tố cáo ông Trần Văn X, cán bộ xã Tân Minh, nhà ở số 5 đường Lê Lợi, phường Gia Viên, HP, "
    "điện thoại 0912 000 999.",
    "father": "Bố tôi là Lê Văn Bá, trú tại thôn 3, xã Kiến Thụy. Xin hỏi chế độ thương binh?",
    "uncle": "Chào Ban, chú cháu tên là Lê Văn Bá, ở số 5 Lê Lợi, phường Ngô Quyền. Xin hỏi chế độ thương binh?",
    "whom he wrote to": "Tôi gửi anh em là Lê Văn Bá, ở số 5 Lê Lợi, phường Ngô Quyền, một lá đơn.",
    "swindler": "Gia đình tôi có người bị lừa đảo qua số 0988 000 123, mất 50 triệu. Báo ở đâu?",
    "school": "Cháu đang học lớp 9 trường THCS Lê Lợi, phường Gia Viên, cháu muốn hỏi lịch thi.",
    "labelled accused": "Người bị phản ánh: ông Trần Văn Xê\nĐịa chỉ: số 1 đường Xê, phường Hải An\n"
    "ĐT: 0900 000 999\n\nXin xử lý.",
    "neighbour": "Hàng xóm nhà tôi là Nguyễn Văn Bảy, ở số 12 đường Trường Chinh, phường Kiến An, lấn đất của tôi.",
    "who struck": "Người đánh tôi là Nguyễn Văn Bảy, ở số 12 đường Trường Chinh, phường Kiến An. Xin giữ kín.",
    "no marks": "Nguoi danh toi la Nguyen Van Bay, o so 12 duong Truong Chinh, phuong Kien An, sdt 0912000111.",
    "greeted": "Kính gửi Ban Biên tập chủ nhà tôi là Nguyễn Văn Bảy, sđt 0912000111, thu tiền điện cao.",
    "employer": "Giám đốc công ty tôi là Trần Văn Bảy, sđt 0912000111, nợ lương 3 tháng.",
    "landlord": "Chủ quán karaoke cạnh nhà tôi tên là Nguyễn Văn Bảy, sđt 0912000111.",
    "who sold": "Người bán đất cho tôi là Nguyễn Văn Bảy, trú tại số 12 phường Kiến An, sđt 0912000111.",
    "teacher": "Cô phụ trách lớp em là Nguyễn Thị Bảy, ở số 12 đường Trường Chinh, phường Kiến An.",
    "trickster": "Thằng lừa tiền mẹ em là Nguyễn Văn Bảy, ở số 12 đường Trường Chinh, phường Kiến An.",
    "builder": "Thợ xây làm cho nhà tôi là Nguyễn Văn Bảy, ở số 12 đường Trường Chinh, phường Kiến An.",
    "swindler named": "Ai đó lừa tôi là Nguyễn Văn Bảy, ở số 12 đường Trường Chinh, phường Kiến An.",
    "who struck, told of": "Kính thưa bác chủ tịch người đánh tôi là Nguyễn Văn Bảy, ở số 12 phường Kiến An.",
    "elder": "Bác là người tốt. Cô là giáo viên của con tôi.",
    "elder neighbour": "Ông là Nguyễn Văn Bảy hàng xóm, đã lấn đất.",
    "elder with a home": "Ông là Nguyễn Văn Bảy, số 12 đường Trường Chinh, phường Kiến An, đã lấn đất nhà tôi.",
    "elder told of": "Nhà kia lấn ngõ. Ông là Nguyễn Văn Bảy, 12 Cầu Đất, phường Gia Viên, 0912000111. Tôi hỏi.",
    "elder's home": "Nhà kia lấn ngõ. Ông là Nguyễn Văn Bảy, 12 Cầu Đất, phường Gia Viên. Xử lý sao?",
    "his home": "Người thuê nhà của tôi ở số 12 đường Trường Chinh, phường Kiến An.",
    "the ward's telephone": "Tôi liên hệ phường theo số 0225 3847 222 không ai nghe.",
    "keeper": "Chủ quán: Trần Văn B, ĐT 0987654321\nĐịa chỉ: số 1 đường Xê, phường Hải An",
    "works": "Địa chỉ công trình: số 3 đường Xê, phường Hải An\nXin hỏi công trình này có phép không?",
    "boss": "Sếp tôi là Nguyễn Văn Tuấn giám đốc công ty, nhà ở số 5 Lê Lai, phường Gia Viên, số 0912345678.",
    "nephew": "Cháu tôi là Trần Văn Bình con trai anh cả, bị đuổi học.",
    "daughter": "Con gái tôi là cháu Lê Ngọc Diệp học lớp 9A.",
    "who sold land": "Tôi mua đất của một người, tên là Nguyễn Văn Hùng, ở số 5 Lê Lai, phường Gia Viên.",
    "who took money": "Tôi là nạn nhân, Lê Văn Ba đã lấy của tôi 40 triệu, ở số 5 Lê Lai, phường Gia Viên.",
    "her teacher": "Em là học sinh của cô giáo dạy Toán, tên là Phạm Thị Mai, nhà ở số 5 Lê Lai, phường Gia Viên.",
    "workshop": "Tôi phản ánh xưởng gỗ gây ồn, hiện ở ngõ 5 đường Lê Lai, phường Gia Viên.",
    "new karaoke": "Tôi thấy quán karaoke mới mở, nay đang ở số 20 phố Lê Lai, phường Gia Viên.",
    "shop": "Em mua hàng của cửa hàng Hoa Mai, hiện ở số 5 Lê Lai, phường Gia Viên.",
    "factory": "Nhà máy ở đường 351, phường An Dương xả khói cả đêm.",
    "road": "Nhà tôi - Nguyễn Đức Cảnh - bị ngập.",
    "whom one may ask": "Công ty Cấp nước Hải Phòng muốn hỏi ý kiến gì của dân?",
    "who pollutes": "Công ty TNHH Đông Á hiện có ba ống khói. Công ty TNHH Hải Long có trụ sở ở phường An Biên.",
    "employer of many": "Công ty TNHH Hải Long chúng tôi đang làm nợ lương ba tháng.",
    "her neighbour": "Xin phường xem lại. Bạn cùng phòng em, Hà Thị Lan, cũng phải nộp thêm.",
    "who promised": "Chúng tôi chờ đã lâu. Nguyễn Văn Ba, tổ trưởng dân phố, hứa sẽ sửa.",
    "her father": "Bố tôi ở thôn Đông, xã Kiến Minh bị ông Lê Văn Ba đánh. Xin hỏi xử lý thế nào?",
    "whose house": "Nhà đất của bố mẹ tôi tại số 10 phố Tam Bạc, phường Hồng Bàng bị lấn.",
    "official last": "Đề nghị xử lý cán bộ thu sai lệ phí. Nguyễn Thị Lành, cán bộ một cửa phường Lê Chân.",
    "his director": "Tôi bị nợ lương. Giám đốc: Vũ Văn Hải, 0912 111 222, số 5 Lê Lợi, phường Ngô Quyền.",
    "thief": "Kẻ trộm xe tôi tên Nguyễn Văn Hùng, ở số 9 Cầu Đất, phường Gia Viên. Số nó 0904 111 222.",
    "defendant": "Tôi là người tố cáo. Bị đơn Nguyễn Hoàng Nam, số 5 Lê Lợi, phường Ngô Quyền.",
    "who called": "Số lạ 0912 345 678 gọi lừa tôi. Xử lý thế nào?",
    "landlord in English": "My landlord's name is Tran Van Hai, phone 0912 345 678. He keeps my deposit.",
    "whose card": "Em nhặt được căn cước mang tên Nguyễn Thành Luân, địa chỉ thôn Trung, xã Cẩm Giàng ạ.",
    "who sold a flat": "Tập đoàn Hoàng Phát chúng tôi mua nhà mà họ không giao.",
    "school of the child": "Trường Mầm non Hoa Sen chúng tôi gửi con ở đó thu sai tiền.",
    "her son": "Tôi là giáo viên, con trai tôi, tên là Lê Văn Ba, bị bạn đánh.",
    "whom one rang": "Tôi thuê nhà. Nguyễn Văn Hòa tôi gọi mãi không được.",
    "the headman": "Nhà ông ấy ở đầu thôn Cự Lai, xã Tiên Lãng, số điện thoại 0915330762, cứ gọi mà hỏi.",
}


@pytest.mark.parametrize("case", CASES)
def test_a_person_says_who_he_is(case: str) -> None:
    text, wanted = CASES[case]
    asker = read(text)
    assert (asker.name, asker.address, asker.phone) == wanted
    assert asker.kind is RequesterKind.INDIVIDUAL


@pytest.mark.parametrize("case", ORGANISATIONS)
def test_an_organisation_with_its_contact_person(case: str) -> None:
    text, name = ORGANISATIONS[case]
    asker = read(text)
    assert (asker.kind, asker.name) == (RequesterKind.ORGANISATION, name)


OF_ANOTHER = "Nguyễn Văn Bảy, trú tại số 12 đường Trường Chinh, phường Kiến An, điện thoại 0912000111"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (f"Tôi là Trần Thị Bình. Tôi tố ông {OF_ANOTHER}.", ""),
        (f"Toi la Tran Thi Binh. Toi to ong {strip_marks(OF_ANOTHER)}.", ""),
        (f"toi la tran thi binh, toi to ong {strip_marks(OF_ANOTHER).lower()}.", ""),
        (f"Tôi, Trần Thị Bình, phản ánh hộ ông {OF_ANOTHER}.", ""),
        (f"Tôi là Trần Thị Bình. Người gây ô nhiễm là {OF_ANOTHER}.", ""),
        ("Tôi là Trần Thị Bình, thuê trọ của bà Hoa ở số 12 phường Kiến An, sđt bà Hoa 0912000111.", ""),
        (f"Tôi là Trần Thị Bình, ở số 3 phố Hai Bà Trưng, phường Lê Chân. Tôi tố ông {OF_ANOTHER}.", "số 3"),
        ("Tôi là Trần Thị Bình, vợ anh Lê Văn Ba, trú tại số 3 đường Cầu Đất, phường Gia Viên.", "số 3"),
        ("Kính gửi Ban Biên tập Tôi là Trần Thị Bình, người dân ở số 3 đường Cầu Đất, phường Gia Viên.", "số 3"),
        ("dạ em là Trần Thị Bình, ở số 3 đường Cầu Đất, phường Gia Viên ạ.", "số 3"),
        ("cac anh chi oi toi la Tran Thi Binh, o so 3 duong Cau Dat, phuong Gia Vien.", "so 3"),
    ],
)
def test_home_and_telephone_of_another_are_not_the_askers(said: str, address: str) -> None:
    found = read(said)
    assert (plain(found.name), found.address[: len(address)], found.phone) == ("tran thi binh", address, "")
    assert bool(found.address) == bool(address)


@pytest.mark.parametrize(
    "lead",
    [
        "Ngày 5/10/2026 tôi là",
        "Nhờ Ban trả lời giúp em là",
        "Người viết đơn tôi là",
        "Được biết Ban tiếp nhận ý kiến nên tôi là",
        "Qua cổng thông tin tôi là",
        "Kính thưa bác chủ tịch tôi là",
        "Vì công an phường không giải quyết nên tôi tên là",
    ],
)
def test_who_names_himself_behind_other_words_is_read(lead: str) -> None:
    found = read(f"{lead} Trần Thị Bình, trú tại số 3 đường Cầu Đất, phường Gia Viên có gửi đơn.")
    assert (found.name, found.address[:4]) == ("Trần Thị Bình", "số 3")


@pytest.mark.parametrize(
    "said",
    [
        "Trần Thị Bình tôi ở",
        "Chào Ban biên tập, Trần Thị Bình em sinh năm 1989, đang ở",
        "Tôi là bệnh nhân Trần Thị Bình, trú",
        "Em là tổ trưởng may Trần Thị Bình, trú",
        "Tôi 85 tuổi, vợ liệt sĩ, tên là Trần Thị Bình, ở",
        "Tên đầy đủ e là Trần Thị Bình, ở",
        "Tôi ghi tên dưới đây: Trần Thị Bình - 66 tuổi - trú quán:",
        "Tên tôi: Trần Thị Bình; tôi ở",
        "Trường tiểu học Lê Lợi chúng tôi chưa được nâng lương. Tôi là giáo viên, tên Trần Thị Bình, ở",
    ],
)
def test_a_name_said_in_passing_is_read(said: str) -> None:
    found = read(f"{said} số 3 đường Cầu Đất, phường Gia Viên. Xin hỏi chế độ?")
    assert (found.kind, found.name, found.address[:4]) == (RequesterKind.INDIVIDUAL, "Trần Thị Bình", "số 3")


def test_who_names_his_landlord_keeps_his_own_home() -> None:
    found = read(
        "Tôi là Trần Thị Bình, người thuê nhà của bà Lê Thị Lan, ở số 3 Cầu Đất, phường Gia Viên, ĐT 0912345678."
    )
    assert (found.name, found.address[:4], found.phone) == ("Trần Thị Bình", "số 3", "0912345678")


@pytest.mark.parametrize("case", OTHERS)
def test_another_in_the_story_is_not_the_asker(case: str) -> None:
    asker = read(OTHERS[case])
    assert (asker.name, asker.address, asker.phone) == ("", "", "")
    assert asker.missing == ("name", "address", "phone")


def test_signature_wins_over_the_others_data() -> None:
    asker = read(
        "Công ty A xả thải. Địa chỉ công ty: KCN Tràng Duệ, xã An Khánh. Giám đốc: ông Bùi Văn C, 0904 000 777.\n\n"
        "Nguyễn Thị Hoa\nThôn Trại, xã An Khánh\nsđt 0368000555"
    )
    assert (asker.name, asker.address, asker.phone) == ("Nguyễn Thị Hoa", "Thôn Trại, xã An Khánh", "0368000555")
    assert asker.phone_e164 == "+84368000555"


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Khánh Ly", "Khánh Ly"),
        ("nguyenvana", ""),
        ("nguyenvana@thu.test", ""),
        ("Admin", ""),
        ("TS. Hà Quang Vinh", "TS. Hà Quang Vinh"),
        ("(không ghi tên)", ""),
        ("0912000123", ""),
        ("Bác Tư", "Bác Tư"),
    ],
)
def test_from_speaks_last(shown: str, name: str) -> None:
    assert read("Xin hỏi bao giờ có đèn đường?", shown).name == name


def test_signature_goes_before_from_and_from_completes_it() -> None:
    assert read("Xin hỏi.\n\nTrần Thị Mai", "Nguyễn Văn A").name == "Trần Thị Mai"
    assert read("Hỏi về sổ đỏ.\n\nThân,\nLan", "Nguyễn Thị Lan").name == "Nguyễn Thị Lan"


def test_who_hides_his_name_is_not_named_by_from() -> None:
    assert read("Họ tên: (xin giấu tên)\nTôi hỏi về rác.", "Trần Văn Thật").name == ""


@pytest.mark.parametrize(
    "address",
    ["số 5", "Hải Phòng", "ngõ 310", "huyện An Lão, Hải Phòng", "Tỉnh Lạng Sơn", "thôn 3", "thôn An Lão"],
)
def test_an_address_by_which_nobody_is_found_is_missing(address: str) -> None:
    assert "address" in read(f"Xin hỏi.\nHọ tên: Nguyễn Văn A\nĐịa chỉ: {address}").missing


@pytest.mark.parametrize(
    "address",
    [
        "Phường An Biên",
        "P. Hải An, HP",
        "Xa Tan Minh",
        "12 Lê Lợi, Hải Phòng",
        "đặc khu Cát Hải",
        "X.An Lão",
        "thôn 3 An Lão",
    ],
)
def test_ward_or_street_and_city_is_enough(address: str) -> None:
    assert read(f"Xin hỏi.\nHọ tên: Nguyễn Văn A\nĐịa chỉ: {address}").address == address


def test_permanent_address_goes_before_others() -> None:
    text = "Họ tên: Trần Văn B\nChỗ ở hiện nay: phường Hải An\nHộ khẩu thường trú: xã Vĩnh Am, HP\nXin hỏi."
    assert read(text).address == "xã Vĩnh Am, HP"


HOSTILE = [
    "0 ",
    ", ",
    "tôi là ",
    " - ",
    "địa chỉ: ",
    "(",
    "\n",
    " ",
    "+84 ",
    "P. ",
    "\t",
    "Nguyễn A\n",
    "tôi ở phường ",
    "tôi nay ở ",
    "Tôi là An, b, ",
    "\nbác là ",
]


@pytest.mark.wide
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    begin = time.process_time()
    read(unit * (60_000 // len(unit)))
    assert time.process_time() - begin < 5


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_is_read(text: str, shown: str) -> None:
    asker = read(text, shown)
    assert all("\n" not in value for value in (asker.name, asker.address))


@pytest.mark.wide
def test_goal_on_the_part_kept_for_testing() -> None:
    report = script("asker_report")
    sample = list(report.rows([report.OWN / "held_out.tsv"]))[::6]
    results = [report.judge(layout, row) for layout in report.HELD_OUT_LAYOUTS.values() for row in sample]
    for key in ("name", "address", "phone"):
        assert sum(result[key][0] for result in results) >= report.GOAL * len(results), key


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("Best,\nTony Nguyen\nphường Dương Kinh, Hải Phòng\n0903-111-222", "Tony Nguyen", "0903-111-222"),
        ("Gia đình tôi hỏi về cấp sổ đỏ. LH 0168.345.6789.", "", "0168.345.6789"),
        ("HTX Đại Thắng\nTrụ sở: thôn Trung, xã Tiên Minh\nĐT/Fax: 0225 3589 222", "HTX Đại Thắng", "0225 3589 222"),
        ("TM. Hội cựu giáo chức xã Kiến Hải\nđt 0225.3.560.111", "Hội cựu giáo chức xã Kiến Hải", "0225.3.560.111"),
        ("Lê Đức Long\nsố 12 Lạch Tray, phường Ngô Quyền. 0977/123/456", "Lê Đức Long", "0977/123/456"),
        ("Người hỏi: Chị Bế Nga; nơi ở: Số 5, phường Gia Viên; liên hệ 0225.6.123.456", "Bế Nga", "0225.6.123.456"),
        ("Tên doanh nghiệp: Công ty Cảng. Mã số thuế 0200999888. ĐT 02253262555.", "Công ty Cảng", "02253262555"),
    ],
    ids=["best", "lh", "fax", "tm", "slashes", "phone behind an address", "tax code"],
)  # fmt: skip
def test_signatures_as_people_write_them(text: str, name: str, phone: str) -> None:
    said = f"Xin hỏi bao giờ sửa đường vào thôn?\n\n{text}"
    found = read_requester(ParsedMail("", 0, "Hỏi", said, (Mailbox("", "a@b.test"),)), said)
    assert (found.name, found.phone) == (name, phone)


def test_a_hard_blank_alone_is_nobody() -> None:
    assert read_requester(ParsedMail("", 0, "", "-\xa0", (Mailbox("", ""),)), "-\xa0") == Requester()


def test_odd_signatures_are_read_right_in_most_letters() -> None:
    """The letters of ``tests/data/asker_signatures.tsv``, by the script that reports on them."""
    report = script("asker_report")
    judged = [fields for _, fields in report.odd_letters()]
    assert len(judged) > 140
    for key in ("name", "address", "phone", "kind"):
        right = sum(fields[key][0] for fields in judged)
        assert right >= report.ODD_GOAL * len(judged), f"{key}: {right} of {len(judged)}"


def test_a_part_of_nothing_but_blanks_is_no_address() -> None:
    assert not is_part("\u3000\t")


@given(st.text(st.sampled_from("aÀđĐ –\u0301\u212aİ漢\u2028\r"), max_size=40))
def test_a_plain_text_has_each_letter_at_its_place(text: str) -> None:
    assert plain(text) == "".join(map(plain, text))
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("letter", "name", "address"),
    [
        (
            "TÔI LÀ PHẠM THỊ LAN Ở SỐ 4 NGÕ 7 PHƯỜNG LÊ CHÂN. NƯỚC ĐỤC BA NGÀY.",
            "PHẠM THỊ LAN",
            "SỐ 4 NGÕ 7 PHƯỜNG LÊ CHÂN",
        ),
        ("EM LÀ LÊ THỊ MAI HIỆN Ở XÃ AN LÃO. XIN HỎI", "LÊ THỊ MAI", "XÃ AN LÃO"),
        ("TÔI LÀ ĐỖ VĂN NAM SINH NĂM 1960 Ở THÔN 2 XÃ KIẾN THỤY", "ĐỖ VĂN NAM", "THÔN 2 XÃ KIẾN THỤY"),
        ("TOI LA VU THI HOA O SO 12 PHUONG AN BIEN. HOI", "VU THI HOA", "SO 12 PHUONG AN BIEN"),
        ("TÔI LÀ BÙI THỊ PHƯƠNG PHƯỜNG AN BIÊN", "BÙI THỊ PHƯƠNG", "PHƯỜNG AN BIÊN"),
        ("TÔI LÀ NGUYỄN VĂN TRỤ TRÚ TẠI XÃ AN LÃO", "NGUYỄN VĂN TRỤ", "XÃ AN LÃO"),
        ("TÔI LÀ NGUYỄN THỊ EM XÃ AN LÃO", "NGUYỄN THỊ EM", "XÃ AN LÃO"),
        ("TOI LA TRAN VAN TAI. NHA TOI MAT NUOC", "TRAN VAN TAI", ""),
        ("Tôi là Vũ Nhà Xuân, ở phường Kiến An", "Vũ Nhà Xuân", "phường Kiến An"),
    ],
)
def test_a_name_in_a_letter_of_capitals_ends_before_the_home(letter: str, name: str, address: str) -> None:
    found = read(letter)
    assert (found.name, found.address) == (name, address)


SIGNED = "\n\nNguyễn Thị Hòa\nSố 3 ngõ 12 đường Lạch Tray, phường Gia Viên\n0936 111 222"
IN_CAPITALS = "\nTRẦN VĂN HOA\nSỐ 8 ĐƯỜNG LÊ LỢI, PHƯỜNG NGÔ QUYỀN\n0912000456"
BARE = "\nTran Van Hoa\nSo 8 duong Le Loi, phuong Ngo Quyen\n0912000456"


@pytest.mark.parametrize(
    "body",
    [
        "Kính gửi Ban Biên tập. Nhà tôi mất nước. Công ty Cấp nước Hải Phòng bao giờ khắc phục?",
        "Công ty Cấp nước Hải Phòng bao giờ khắc phục",
        "Trường Tiểu học Kim Đồng thu tiền học thêm có đúng không?",
        "Trường Mầm non Hoa Sen tăng giá bữa ăn",
        "Bệnh viện Kiến An khám ngày thứ Bảy không?",
        "Công ty Cấp nước Hải Phòng\nNước nhà tôi đục ba ngày nay, xin kiểm tra.",
        "UBND phường Gia Viên\nNgõ nhà tôi ngập, xin cho làm cống.",
        "Kính gửi: Công ty Điện lực Hải Phòng",
    ],
)
@pytest.mark.parametrize("signed", [SIGNED, IN_CAPITALS, BARE])
def test_a_body_that_is_written_about_or_to_is_no_asker(body: str, signed: str) -> None:
    letter = {SIGNED: body, IN_CAPITALS: body.upper(), BARE: strip_marks(body)}[signed] + signed
    found = read(letter)
    assert (found.kind, plain(found.name)) == (
        RequesterKind.INDIVIDUAL,
        "nguyen thi hoa" if signed == SIGNED else "tran van hoa",
    )
    assert plain(found.address).startswith(("so 3 ngo 12", "so 8 duong le loi"))


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("Xin hỏi thủ tục cấp phép.\n\nCông ty TNHH Đông Á", "Công ty TNHH Đông Á"),
        ("XIN HỎI THỦ TỤC CẤP PHÉP.\n\nCÔNG TY TNHH THƯƠNG MẠI ĐÔNG Á", "CÔNG TY TNHH THƯƠNG MẠI ĐÔNG Á"),
        ("Công ty TNHH Biển Xanh xin hỏi thủ tục cấp phép xe?", "Công ty TNHH Biển Xanh"),
        ("Công ty CP Thép Việt kính gửi Ban Biên tập. Chúng tôi hỏi việc thuê đất.", "Công ty CP Thép Việt"),
        ("Công ty TNHH Đông Á\nChúng tôi hỏi việc thuê đất.", "Công ty TNHH Đông Á"),
        ("Trường Mầm non Hoa Sen\nXin hỏi việc sửa cổng trường.", "Trường Mầm non Hoa Sen"),
        ("Hội Người cao tuổi phường Lê Chân\nXin hỏi chế độ.", "Hội Người cao tuổi phường Lê Chân"),
        ("Tập thể phụ huynh lớp 3A Lê Lợi phản ánh: cô Lê Thị Hà dạy thêm.", "Tập thể phụ huynh lớp 3A Lê Lợi"),
        ("Xin hỏi.\n\nCông ty Cấp nước Tiên Lãng", "Công ty Cấp nước Tiên Lãng"),
        ("Xin hỏi.\n\nTrung tâm Dạy thêm Ánh Sao", "Trung tâm Dạy thêm Ánh Sao"),
    ],
)
def test_an_organisation_that_asks_is_the_asker(letter: str, name: str) -> None:
    found = read(letter + "\nSố 3 đường Lạch Tray, phường Gia Viên\n0936 111 222")
    assert (found.kind, found.name) == (RequesterKind.ORGANISATION, name)


HERS = "bà Nguyễn Thị Lan, 80 tuổi, ở số 17 đường Trần Nguyên Hãn, phường Lê Chân"
HIS = "\n\nTrần Quốc Con\nSố 9 đường Cầu Đất, phường Gia Viên\n0904 333 444"
FOR_HER = "\n\nNgười viết thay: Trần Quốc Con\nĐiện thoại: 0904 333 444"


@pytest.mark.parametrize(
    ("said", "name", "address"),
    [
        (f"Tôi viết thay mẹ tôi là {HERS}. Mẹ tôi hỏi trợ cấp?" + FOR_HER, "Nguyễn Thị Lan", "số 17"),
        (f"Em hỏi hộ bà ngoại em tên là {HERS}. Bà hỏi trợ cấp?\n0904 333 444", "Nguyễn Thị Lan", "số 17"),
        (
            f"Tôi xin được gửi thư này thay cho mẹ tôi là {HERS}. Mẹ hỏi trợ cấp?\n0904 333 444",
            "Nguyễn Thị Lan",
            "số 17",
        ),
        (f"Tôi viết thay mẹ tôi là {HERS}. Mẹ tôi hỏi trợ cấp?" + HIS, "Trần Quốc Con", "Số 9"),
        (f"Mẹ tôi là {HERS}, hỏi trợ cấp thế nào?" + HIS, "Trần Quốc Con", "Số 9"),
        ("Tôi nhận lương thay chồng tôi là anh Lê Văn Ba, ở xã An Lão, được không?", "", ""),
        ("Cán bộ viết giúp chồng tôi là anh Lê Văn Ba tờ khai sai.", "", ""),
        ("Tôi gửi tiền giúp chú tôi là Lê Văn Ba, ở xã An Lão, bị lừa.", "", ""),
        ("Tôi hỏi hộ khẩu của vợ tôi là chị Ngô Thị Hà, ở xã An Lão, nhập thế nào?", "", ""),
        ("Hàng xóm tôi là ông Lê Văn Tám, ở số 5 phường Gia Viên, lấn đất.", "", ""),
    ],
)
def test_who_writes_for_a_relative_asks_in_their_name(said: str, name: str, address: str) -> None:
    found = read(said)
    assert (found.name, found.address[: len(address)]) == (name, address)
    assert bool(found.address) == bool(address)
