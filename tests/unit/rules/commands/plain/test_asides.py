"""What stands beside a command and says nothing against it is passed over; what may change it is not."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNIT_NAMED, UNREAD, Command, read_commands
from rules.values.data_file import load_units

UNITS = load_units()
NONE = {NO_ORDER, UNREAD, MISNUMBERED}


def orders(text: str) -> list[Command]:
    found = read_commands(text, UNITS, date(2026, 10, 6), unread=True, at_hand="HP-2026-000123", case="review")
    return [one for one in found if one.verb not in NONE]


@pytest.mark.parametrize(
    ("text", "verb", "unit"),
    [
        ("Việc đường sá, giao bên Giao thông (giờ nhập vào Xây dựng rồi) nhé", "forward", "SXD"),
        ("Giao Sở Tài chính (bên quản lý giá) nhé", "forward", "STC"),
        ("Chuyển SCT giúp tôi, còn mấy câu kia chiều xem", "forward", "SCT"),
        ("Chuyển SCT. Các câu còn lại để chị đọc đã.", "forward", "SCT"),
        ("Gửi Sở Ngoại vụ em nhé. À mà em cho chị xin cái mẫu báo cáo quý luôn", "forward", "SNGV"),
        ("Chuyển Sở Y tế. Tiện thể in cho chị cái danh sách trực.", "forward", "SYT"),
        ("Xếp câu này về Sở Công Thương. Mình gọi cho bác hỏi rồi, bác ấy hỏi chuyện cây xăng.", "forward", "SCT"),
        ("Đồng chí chuyển nội dung này tới Công ty Cấp nước để trả lời", "forward", "CAPNUOC"),
        ("Phiền em đưa câu này qua Sở Y tế", "forward", "SYT"),
        ("Chuyển Sở Y tế, nhắc họ đừng trả lời chung chung", "forward", "SYT"),
        ("Chuyển Sở Y tế vì không phải việc bên mình", "forward", "SYT"),
        ("Tôi vừa gọi cho bác hỏi. Bác bảo hỏi về thẻ bảo hiểm. Chuyển BHXH.", "forward", "BHXH"),
        ("Chuyện nước máy thì giao Cấp nước", "forward", "CAPNUOC"),
        ("Khu công nghiệp thì đẩy ban quản lý khu kinh tế, ký nhận luôn cho tôi", "forward", "BQLKKT"),
        ("{Q} chuyen giup sang THUE, cam on nhieu.\nHang - BBT", "forward", "THUE"),
        ("Gọi điện rồi mà không có văn bản thì chưa được.\nNhờ đơn vị viết lại: ghi rõ ngày", "unit_rewrite", ""),
        ("Em nghe lại băng, bác ấy là Ân chứ không phải An. Sửa họ tên: Nguyễn Văn Ân", "correct", ""),
        ("Thư viết không rõ gì cả. Hỏi lại: nhà ở phường nào, hỏi về việc gì?", "ask", ""),
        ("Ghi lại giúp em: người hỏi nặng tai", "note", ""),
        ("Vào sổ nhận tên tôi nhé, chiều tôi xem kỹ rồi chuyển sau.", "sign", ""),
        ("Không trả lời câu này, từ chối điểm k vì hỏi vào bí mật nhà nước", "reject", ""),
        ("Nhất trí cho Sở lùi đến ngày 30/10 như đề nghị", "extend", ""),
        ("Tôi nhận xử lý câu này, ký nhận.", "sign", ""),
        ("Bác ấy đọc nhầm số, sửa điện thoại: 0936 555 121", "correct", ""),
        ("Mới là báo qua điện thoại thôi, đề nghị đơn vị viết lại: nêu rõ ngày", "unit_rewrite", ""),
        ("Thôi được rồi, cho các anh ấy đến hết ngày 30/10 nhé", "extend", ""),
        ("Mấy câu chị đều xem rồi, riêng {Q} chuyển SYT nhé", "forward", "SYT"),
        ("Đề nghị chuyển Sở Tư pháp trả lời theo quy định.\nNguyễn Thị Mai\nPhó phòng Tổng hợp", "forward", "STP"),
        ("Sở Tài chính nhé, thủ tục hộ kinh doanh giờ bên đó lo", UNIT_NAMED, "STC"),
        ("Chuyển Sở Công Thương như hệ thống gợi ý", "forward", "SCT"),
        ("Tôi có gọi cho chị Hạnh, chị ấy đồng ý nhận. Vậy giao Sở Y tế.", "forward", "SYT"),
        ("Ý kiến tôi là không cho lùi, dân người ta chờ", "refuse_extension", ""),
        ('Bác ấy viết "chưa ai trả lời, hay là đợi tết". Chuyển Cấp nước.', "forward", "CAPNUOC"),
        ('Anh Phó ghi "của ngân hàng, đừng ôm". Tôi nhất trí, chuyển Sở Tài chính.', "forward", "STC"),
        ("Giao Sở Y tế. À mà mai giao ban mấy giờ ấy nhỉ?", "forward", "SYT"),
        ("Sáng nay có bà cụ đến. Đăng ký giúp: Bà Phạm Thị Nhài, tổ 6 phường Kiến An; hỏi gì", "register_for", ""),
        ("Khảo sát gì mà lâu thế, không cho gia hạn, làm đúng hạn cho tôi", "refuse_extension", ""),
    ],
)
def test_what_stands_beside_a_command_does_not_hide_it(text: str, verb: str, unit: str) -> None:
    found = orders(text.replace("{Q}", "HP-2026-000123"))
    assert found
    assert (found[0].verb, found[0].unit) == (verb, unit)


@pytest.mark.parametrize(
    "text",
    [
        "Chuyển SXD (nếu họ nhận)",
        "Chuyển SXD (hay SYT?)",
        "Chuyển SXD (chưa chắc)",
        "Chuyển SXD (đã chuyển hôm qua rồi)",
        "Chuyển SCT giúp tôi, còn mấy câu kia chuyển SYT",
        "Chuyển SCT, còn câu này chị giữ",
        "Gửi Sở Ngoại vụ em nhé. À mà thôi.",
        "Gửi Sở Ngoại vụ em nhé. À mà em cho chị xem lại báo cáo đã",
        "Chị định xếp câu này về SCT",
        "Hôm qua xếp câu này về SCT rồi",
        "Đừng xếp câu này về SCT",
        "Xếp câu này vào phiên tới",
        "Đồng chí chuyển Sở Y tế chưa?",
        "Đồng chí Hùng chuyển Sở Y tế rồi",
        "Đồng chí nào chuyển Sở Y tế",
        "Đưa câu này sang Sở Y tế được không?",
        "Chuyển SXD, đừng để mai",
        "Chuyển Sở Y tế nhưng đừng để dân biết",
        "Chuyển Sở Y tế vì họ chưa nhận, nếu được",
        "Chuyển Sở Y tế do anh Nam chưa ký thì để mai",
        "Chuyện nước máy mà dân kêu thì giao Cấp nước",
        "Việc đất đai thì chuyển SNNMT, việc đường thì chuyển SXD",
        "Sếp bảo thế. Chuyển Sở Y tế",
        "Nếu bác ấy tên Ân thì sửa. Sửa họ tên: Nguyễn Văn Ân",
        "Bác ấy tên Ân hay An? Sửa họ tên: Nguyễn Văn Ân",
        "Anh Tuấn dặn thế này. Hỏi lại: nhà ở phường nào?",
        "Để chị hỏi đã. Hỏi lại: nhà ở phường nào?",
        "Chị định thế này. Hỏi lại: nhà ở phường nào?",
        "Sở xin cho họ lùi đến 30/10",
        "Đồng ý cho họ lùi hạn đến 30/10 nếu có văn bản",
        "Họ xin mấy lần rồi, không gia hạn thì họ kêu",
        "Anh Phó bảo không cho gia hạn",
        "Chị Hoa bảo, ký nhận",
        "Nếu chị Hoa nghỉ thì ký nhận",
        "Ban Tiếp công dân nhận đơn gốc, ký sổ giao nhận ngày 6/10",
        "Anh Tuấn bảo, hỏi lại: nhà ở đâu?",
        "Nếu dân đồng ý, sửa tên: Nguyễn Ân",
        "Cho anh em đến 30/10 mà vẫn chưa xong",
        "Sở xin cho anh em đến 30/10",
        "Riêng Sở Y tế chưa trả lời",
        "Chuyển Sở Y tế (do em đoán)",
        "Chuyển Sở Y tế (bên Tư pháp thì đúng hơn)",
        "Chuyển Sở Y tế. Đó là anh Nam nói.",
        "Chuyển Sở Y tế. Còn lại thì chuyển Sở Tư pháp",
        "Chuyển Sở Y tế do chị Lan chưa quyết",
        "Giao Sở Y tế nhé, thật ra chị cũng không rõ",
        "Sở Xây dựng nhé, chị đoán thôi",
        "Đồng ý cho họ lùi đến 30/10 là dân kêu",
        "Nhất trí cho Sở lùi đến 30/10 hay không là việc anh Trưởng",
        "Anh Nam mắng, hỏi lại: sao chưa trả lời dân?",
        "Sở hỏi thế này. Hỏi lại: văn bản nào quy định?",
        "Cho qua Sở Y tế lấy thuốc",
        "Chuyển Sở Tư pháp, mai nhé\nNguyễn Thị Mai",
        "Chuyển Sở Tư pháp nếu được\nNguyễn Thị Hoa\nTrưởng phòng",
        "Chuyển Sở Tư pháp\nNguyễn Thị Mai\nTrưởng phòng bảo khoan",
        "Chuyển hết các câu còn lại cho Sở Xây dựng",
        "Chuyển Sở Xây dựng như chị Lan gợi ý",
        "Sở Tài chính nhé, mai họp",
        "Sở Tài chính nhé, hay Thuế",
        "Sở Tài chính nhé, họ trả lời rồi",
        "Sở Tài chính, thủ tục này bên đó lo",
        "Chị Hạnh Sở Y tế gọi, chị ấy bảo giao Sở Y tế.",
        "Ý kiến anh Phó là không cho lùi",
        "Không trả lời câu này, để từ chối điểm h hay k xem đã",
        'Sếp nói "khoan đã". Chuyển SXD',
        'Anh Tuấn viết "chờ anh". Chuyển SXD.',
        'Chị Lan bảo "chuyển SXD"',
        'Anh Phó ghi "từ chối h"',
        'Bác ấy xin "chuyển Sở Y tế"',
        'Chuyển Sở Y tế "nếu được". Chị đọc lại đã',
        'Dân viết "chuyển Sở Y tế đi" rồi, sao chưa chuyển?',
        'Chị Lan nhắn "đồng ý". Để chị hỏi lại đã rồi chuyển SXD',
        'Hôm qua bác ấy viết "sao lâu thế". Đã chuyển Cấp nước.',
        "Giao Sở Y tế. À mà câu này họp xong hẵng giao",
        "Nếu bà cụ đến. Đăng ký giúp: Bà Phạm Thị Nhài",
        "Anh Tuấn bảo có bà cụ đến. Đăng ký giúp: Bà Phạm Thị Nhài",
        "Máy gợi ý sai hay đúng, chuyển SXD à?",
        "Đọc đi đọc lại chưa biết gửi ai, hay Điện lực",
        "Máy xếp sai rồi, để chị xem đã",
        "Máy gợi ý sai, chuyển SXD được không",
        "Nghĩ đi nghĩ lại thì thôi, đừng chuyển SXD",
        "Đọc đi đọc lại rồi, mai chuyển SXD",
    ],
)
def test_what_may_change_a_command_is_never_passed_over(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize(
    ("text", "lead", "others"),
    [
        ("Giao Công an TP làm chính, Tư pháp phụ một tay", "CATP", ("STP",)),
        ("Giao Công an TP phối hợp, Tư pháp chủ trì", "STP", ("CATP",)),
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
        ("Giao Sở Y tế nhé. Nhớ mai họp", ""),
        ("Chuyển Sở Y tế. Mai cả phòng họp 8h nhé.", ""),
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
