"""An order behind its reason, and a unit named as the answer to "which?": what is one, what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.commands import UNIT_NAMED, read_commands
from rules.commands.opinion import approval_in
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
        ("Ko phải Nội vụ đâu, Tư pháp mới đúng.", UNIT_NAMED, "STP"),
    ],
)
def test_an_order_at_the_end(text: str, verb: str, unit: str) -> None:
    assert orders(text) == [(verb, unit)]


@pytest.mark.parametrize(
    "text",
    [
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
        "SXD trả lời rồi nhưng chưa ký, gửi dân đi",
        "Sở Y tế chưa trả lời, gửi cho dân",
        "Sở Y tế nhận rồi nhưng phải họp, chuyển Sở Xây dựng",
    ],
)
def test_no_order_at_the_end(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize("text", ["Không có ý kiến gì thêm, cho ban hành.", "Nhất trí ban hành", "Duyệt nhé"])
def test_an_approval(text: str) -> None:
    assert approval_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Không có vấn đề gì thì ban hành",
        "Không có gì phải sửa thì phát hành",
        "Tôi không có ý kiến",
        "Cho làm báo cáo nhé",
        "Các đồng chí xem kỹ thành phần, giấy mời rồi phát hành",
    ],
)
def test_no_approval(text: str) -> None:
    assert approval_in(text) is None
