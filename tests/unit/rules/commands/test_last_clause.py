"""A leader's approval in its last clause, and what sends a paper back: what is one, what only looks like it."""

import pytest

from rules.commands.approval.opinion import addition_to, approval_in, returned_in
from rules.text import strip_marks


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
        ("Về cơ bản thì được nhưng kinh phí sơ sài, các anh viết lại phần kinh phí và trình lại tôi xem.", True),
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


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Sao giờ mới trình? Lần này anh duyệt.", "Sao giờ mới trình?"),
        ("Sao giờ mới trình? Lần sau làm sớm hơn. Lần này anh duyệt.", "Sao giờ mới trình? Lần sau làm sớm hơn."),
        ("Sao trình muộn thế? Duyệt.", "Sao trình muộn thế?"),
    ],
)
def test_a_grumble_ahead_of_an_approval_is_passed_on(text: str, wish: str) -> None:
    for each, told in ((text, wish), (strip_marks(text), strip_marks(wish))):
        found = approval_in(each)
        assert found is not None
        assert found.wish == told


@pytest.mark.parametrize(
    "text",
    [
        "Sao giờ mới trình?",
        "Sao giờ mới trình? Lần này thôi.",
        "Sao giờ mới trình? Lần này anh chưa duyệt.",
        "Sao giờ mới trình? Lần này anh không duyệt.",
        "Sao giờ mới trình? Anh duyệt thế nào được.",
        "Sao giờ mới trình? Anh định duyệt",
        "Sao giờ mới trình? Duyệt hay không?",
        "Sao giờ mới trình? Lần này anh duyệt nhưng sửa ngày.",
        "Sao chưa sửa? Duyệt.",
        "Sao mời Sở Y tế? Duyệt.",
        "Duyệt. Sao giờ mới trình?",
    ],
)
def test_a_grumble_approves_nothing_by_itself(text: str) -> None:
    assert approval_in(text) is None
    assert approval_in(strip_marks(text)) is None


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Đ/y\nMời thêm báo đài", "Mời thêm báo đài"),
        ("Duyệt. Mời thêm báo đài", "Mời thêm báo đài"),
        ("Duyệt, chưa gửi vội", ""),
        ("Đồng ý nhưng sửa ngày", ""),
        ("Duyệt. Nếu kịp thì mời báo", ""),
        ("Chưa duyệt. Mời thêm báo", ""),
        ("Duyệt. Mời báo được không?", ""),
    ],
)
def test_what_may_be_added_to_an_approval_is_offered_with_it(text: str, added: str) -> None:
    assert addition_to(text) == added
