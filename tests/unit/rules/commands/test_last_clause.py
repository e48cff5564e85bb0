"""An order behind its reason, and a unit named as the answer to "which?": what is one, what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.approval.opinion import approval_in, returned_in
from rules.commands.commands import UNIT_NAMED, read_commands
from rules.values.data_file import load_units

UNITS = load_units()
DAY = date(2026, 10, 6)


def orders(text: str) -> list[tuple[str, str]]:
    found = read_commands(text, UNITS, DAY, unread=True)
    return [(one.verb, one.unit) for one in found if one.verb not in {"unread", "no_order", "misnumbered"}]


@pytest.mark.parametrize(
    ("text", "verb", "unit"),
    [
        ("Hỏi mất điện chứ gì nữa, giao Điện lực.", "forward", "DIENLUC"),
        ("Tôi đọc kỹ rồi, đây là việc trích lục hộ tịch, cho sang Sở Tư pháp.", "forward", "STP"),
        ("25/10 là chủ nhật, cho đến thứ sáu 23/10 thôi nhé", "extend", ""),
        ("Xin lần thứ 3 rồi. Không cho nữa, trả lời đúng hạn!", "refuse_extension", ""),
        ("trả lời rồi đấy, gửi cho dân đi", "unit_answer", ""),
        ("Sở XD", UNIT_NAMED, "SXD"),
        ("Chưa rõ. Hỏi lại người gửi: cho biết số nhà, tên đường và phường.", "ask", ""),
        ("Không phải y tế đâu, xây dựng đấy. Chuyển Sở Xây dựng cho tôi.", "forward", "SXD"),
        ("Cái này gửi qua bên Sở Y tế giùm chị nghen.", "forward", "SYT"),
        ("ok cho toi 26/10", "extend", ""),
        ("Cho thêm một tuần nữa", "extend", ""),
        ("Không phải câu hỏi của Sở Xây dựng, chuyển Sở Y tế", "forward", "SYT"),
        ("ko phải câu hỏi đâu, spam đấy", "not_a_question", ""),
        ("Đây là thư quảng cáo, không phải câu hỏi. Bỏ.", "not_a_question", ""),
        ("Ko phải Nội vụ đâu, Tư pháp mới đúng.", UNIT_NAMED, "STP"),
    ],
)
def test_an_order_at_the_end(text: str, verb: str, unit: str) -> None:
    assert orders(text) == [(verb, unit)]


NO_ORDER_AT_THE_END = [
    "Sở trả lời lạc đề, không nên gửi dân",
    "Câu này của phường, không nên giao Sở Xây dựng",
    "Em phân vân có nên giao Sở Y tế",
    "Gửi dân thế này là không được",
    "Nội bộ thôi, gửi dân là chết",
    "Phường bảo không phải việc của họ, chuyển Sở Xây dựng",
    "Sở Xây dựng xin thêm thời gian, gia hạn đến 15/12/2026",
    "Năm ngoái thành phố đã có quyết định, giao Sở Xây dựng quản lý",
    "Nếu Sở Y tế chịu nhận, chuyển Sở Y tế",
    "Hình như của Sở Y tế, chuyển Sở Y tế",
    "Câu này chắc thuộc Sở Y tế",
    "Sở nào nhỉ, Sở Xây dựng?",
    "Chưa rõ, chuyển Sở Xây dựng",
    "Cho đến 15/12, sở vẫn không trả lời dân.",
    "Được gia hạn đến 15/12 mà vẫn im",
    "Cho tới ngày 15/12/2026 Sở vẫn không trả lời",
    "Cho tới 15/12 vẫn không có trả lời thì báo tôi",
    "Đồng ý tới dự ngày 15/12/2026",
    "Hạn mới đến 15/12, còn sớm mà",
    "Đơn này gửi Sở Xây dựng từ tháng 3",
    "Việc này giao Sở Xây dựng là không đúng",
    "Vụ này giao Công an thành phố điều tra từ đầu tháng",
    "Quyết định giao Sở Xây dựng làm chủ đầu tư",
    "Cho qua Sở Y tế lấy thuốc",
    "Không phải hôm nay, chuyển Sở Xây dựng",
    "Không phải ý tôi, chuyển Sở Xây dựng",
    "Hỏi lại dân thì họ bảo đã xong",
    "Hỏi lại dân rồi, họ nói đường chưa sửa",
    "Chị Lan bảo: Hỏi lại người gửi: số nhà",
    "Không phải chuyển Sở Y tế, chuyển Sở Xây dựng nhầm",
    "Chưa rõ, hỏi lại người gửi xem sao",
    "SXD trả lời rồi nhưng chưa ký, gửi dân đi",
    "Sở Y tế chưa trả lời, gửi cho dân",
    "Sở Y tế nhận rồi nhưng phải họp, chuyển Sở Xây dựng",
]


def test_no_order_at_the_end() -> None:
    for text in NO_ORDER_AT_THE_END:
        assert orders(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "Không có ý kiến gì thêm, cho ban hành.",
        "Nhất trí ban hành",
        "Duyệt nhé",
        "Tôi nhất trí với kế hoạch, giao Văn phòng tổ chức thực hiện.",
        "dong y nhu de xuat, cho lam",
        "Duyệt.\nTrân trọng,\nNguyễn Văn Hay\nPhó Chủ tịch - 0225 3842 111",
        "Đồng ý.\nGửi từ iPhone của tôi",
        "Tui coi rồi, đồng ý hết nghen, mấy đứa cứ vậy mà làm.",
        "Trên cơ sở tờ trình của bộ phận chuyên môn, tôi nhất trí. Đề nghị các đồng chí triển khai.",
    ],
)
def test_an_approval(text: str) -> None:
    assert approval_in(text) is not None


NO_APPROVAL = [
    "Không có vấn đề gì thì ban hành",
    "Không có gì phải sửa thì phát hành",
    "Tôi không có ý kiến",
    "Cho làm báo cáo nhé",
    "Các đồng chí xem kỹ thành phần, giấy mời rồi phát hành",
    "Các đồng chí xem kỹ nội dung rồi phát hành",
    "Đồng ý, giao em sửa mục 3",
    "Đồng ý, để tôi hỏi anh Hùng",
    "Đồng ý giao Sở Y tế trả lời",
    "Nhất trí, đang họp, chiều tôi xem lại",
    "Văn phòng đồng ý",
    "dong y, cho anh Hung ve",
    "Ok. Đang đọc.",
    "Được em. Để đọc đã.",
    "Đồng ý kế hoạch. Dừng đăng đã.",
    "Đồng ý. Gạch ảnh đầu.",
    "Đồng ý. Bớt ảnh đi.",
    "Đồng ý. Ngưng.",
    "Ok\nHủy",
    "Đồng ý.\nCảm ơn em, nhưng bỏ mục 3 rồi mới đăng.",
    "Chào em, chưa đăng vội nhé.\nĐồng ý ban hành.",
    "Đồng ý.\nTrân trọng\nTB: đừng đăng mục 3",
    "Dong y. Luu y sua muc 3 truoc\nGửi từ iPhone của tôi",
    "Dong y. Luu y bo muc 2\nNguyễn Văn An",
    "ok, cho ban bien tap trinh",
    "ok cho to trinh",
    "Anh đã đọc dự thảo kế hoạch triển khai phiên đối thoại.",
    "Đã xem được văn bản rồi em nhé.",
    "Đã đọc được nội dung.",
    "Ok em. Gửi anh bản giấy để anh đọc đã",
    "Đồng ý, Văn phòng soạn phương án khác",
    "Đồng ý, Chủ tịch có ý kiến khác thời gian",
    "Đồng ý, phó chủ tịch đọc trước",
    "Nhất trí, UBND quận hoàn thiện phần kinh phí",
    "Ok, Ủy ban họp xong rồi trình",
    "Ok, để tối tôi đọc 0912345678",
    "Ok, anh đang họp, tối về anh đọc",
    "Đồng ý. Tôi đang đi công tác, về sẽ duyệt",
    "OK em, anh đang bận, để anh đọc kỹ tối nay",
    "Được, đang trên xe, tối đọc",
    "Đồng ý, giao Thư ký lấy ý kiến các sở trước",
    "Được, giao thư ký trình Chủ tịch quyết định",
    "Nhất trí, giao ban thư ký hoàn chỉnh kế hoạch theo góp ý của Sở Y tế",
    "Đồng ý, các em chuẩn bị bản khác",
    "Bộ phận chuyên môn đã duyệt",
    "Bộ phận soạn thảo đã nhất trí",
    "Trên cơ sở kế hoạch đã được phê duyệt, đề nghị các đơn vị báo cáo tiến độ",
    "ok cho anh duyet",
    "Ok cho bao cao cua cac dong chi",
    "Ok cho tra loi",
    "Đồng ý giao Văn phòng thực hiện lại",
    "Duyệt. Văn phòng họp bàn thêm rồi trình",
]


def test_no_approval() -> None:
    for text in NO_APPROVAL:
        assert approval_in(text) is None, text


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (
            "Về cơ bản thì được nhưng kinh phí sơ sài, các đồng chí viết lại phần kinh phí và trình lại tôi xem.",
            True,
        ),
        ("Hổng được đâu nghen, thiếu các phường rồi, làm lại rồi trình tui.", True),
        ("Anh xem rồi, địa điểm chưa ổn. Em đổi địa điểm rồi trình lại anh ký, bản này anh chưa duyệt nhé.", True),
        ("Đồng ý, không cần trình lại", False),
        ("Để xem lại lịch, tối tôi trả lời", False),
        ("Về xem lại, tối anh trả lời", False),
        ("Văn phòng xem lại lịch của tôi giúp", False),
        ("Kế hoạch được, em rà lại lỗi chính tả, cứ gửi đi", False),
        ("Cần làm lại con dấu, văn phòng báo giá", False),
        ("Nếu đổi ngày thì trình lại", False),
        ("Có phải làm lại không?", False),
        ("Lúc đầu tôi định trả lại, xem lại thì không trùng. Đồng ý kế hoạch.", False),
        ("Các em đã sửa lại rồi à", False),
    ],
)
def test_a_paper_is_sent_back_by_an_order_to_do_it_again(text: str, again: bool) -> None:
    assert (returned_in(text) is not None) is again
