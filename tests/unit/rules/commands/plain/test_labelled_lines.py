"""An order in labelled lines is the sentence that it comes to; what leaves anything open is read as it stands."""

from datetime import date

import pytest

from rules.commands.command import Command
from rules.commands.commands import read_commands
from rules.decide.officer.rulings import BY_SOUND
from rules.text import strip_marks

NUMBER = "HP-2026-000123"


def read(case: str, text: str) -> list[Command]:
    at_hand = "" if case == "desk" else NUMBER
    return list(
        read_commands(text, on=date(2026, 10, 6), unread=True, at_hand=at_hand, case=case, fits=BY_SOUND[case])
    )


ORDERS = [
    ("review", "- Đơn vị: Sở Y tế\n- Hạn: 15/10/2026", ("forward", "SYT", ())),
    ("review", "Đơn vị xử lý: Sở Xây dựng\nPhối hợp: Sở Y tế", ("forward", "SXD", ("SYT",))),
    ("review", "- Việc: chuyển đơn vị\n- Đơn vị: Sở Xây dựng\n- Hạn: 15/10/2026", ("forward", "SXD", ())),
    ("desk", f"- Câu: {NUMBER}\n- Việc: chuyển\n- Đơn vị: Sở Xây dựng", ("forward", "SXD", ())),
    ("review", "- Việc: từ chối\n- Lý do: ngoài phạm vi giải quyết của thành phố, điểm h", ("reject", "", ())),
    ("extension", "- Việc: gia hạn\n- Hạn: 30/10/2026", ("extend", "", ())),
    ("review", "- Việc: hỏi lại\n- Nội dung hỏi: nhà ở phường nào, từ bao giờ", ("ask", "", ())),
]


@pytest.mark.parametrize(("case", "text", "wanted"), ORDERS)
def test_labelled_lines_are_one_order(case: str, text: str, wanted: tuple[str, str, tuple[str, ...]]) -> None:
    for each in (text, strip_marks(text)):
        assert [(one.verb, one.unit, one.supporting) for one in read(case, each)] == [wanted]


def test_the_day_goes_to_the_unit_and_the_clause_is_kept() -> None:
    assert [one.remark for one in read(*ORDERS[0][:2])] == ["hạn trả lời 15/10/2026"]
    assert [one.clause for one in read(*ORDERS[4][:2])] == ["10.1.h"]
    assert [one.until for one in read(*ORDERS[5][:2])] == [date(2026, 10, 30)]
    assert [one.question for one in read(*ORDERS[3][:2])] == [NUMBER]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("forwarded", "- Đơn vị: Sở Y tế\n- Hạn: 15/10/2026"),
        ("extension", "- Đơn vị: Sở Y tế\n- Hạn: 15/10/2026"),
        ("review", "- Đơn vị: Sở Y tế hoặc Sở Xây dựng\n- Hạn: 15/10/2026"),
        ("review", "- Đơn vị: chưa rõ\n- Hạn: 15/10"),
        ("review", "- Đơn vị: Sở Y tế?\n- Hạn: 15/10"),
        ("review", "- Đơn vị: không phải Sở Y tế\n- Hạn: 15/10"),
        ("review", "- Đơn vị: Sở Y tế\n- Hạn: chưa định"),
        ("review", "- Đơn vị đã trả lời: Sở Y tế\n- Hạn: 15/10"),
        ("review", "- Đơn vị đề xuất: Sở Y tế\n- Hạn: 15/10"),
        ("review", "- Việc: chưa từ chối\n- Lý do: ngoài phạm vi thành phố"),
        ("review", "- Việc: đề nghị từ chối\n- Lý do: ngoài phạm vi thành phố"),
        ("review", "- Việc: chuyển\n- Đơn vị: Sở Y tế\n- Tình trạng: đã chuyển hôm qua"),
        ("review", "- Đơn vị: Sở Y tế\n- Hạn: 15/10/2026\nĐể mai làm"),
    ],
)
def test_lines_that_leave_anything_open_order_nothing(case: str, text: str) -> None:
    for each in (text, strip_marks(text)):
        assert [one.verb for one in read(case, each) if one.verb not in {"unread", "no_order", "note"}] == []
