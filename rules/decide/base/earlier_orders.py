"""What was decided on a question before, and which of it an order at hand takes the place of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.decide.base.actions import Action, ExtendDue, Forward, RecallAnswer, SetAssignment, SetQuestion
from rules.decide.base.fact_parts import UNIT_ANSWERED
from rules.values.states import AssignmentStatus

STATES: Mapping[str, tuple[str, ...]] = {"reopened": ("rejected", "closed"), "rejected": ("reopened",)}
"""Which decisions on the state of a question are undone by an act."""
DID: Mapping[str, str] = {
    "forwarded": "giao {unit}",
    "due_moved": "đồng ý gia hạn",
    "extension_refused": "không đồng ý gia hạn",
    UNIT_ANSWERED: "cho gửi thư của đơn vị làm câu trả lời",
    "rejected": "từ chối câu hỏi",
    "closed": "kết thúc câu hỏi",
    "reopened": "mở lại câu hỏi",
}
"""The journal's names of the decisions that another may undo, as their officer is told them."""

_BELOW: Mapping[str, tuple[str, ...]] = {"lead": ("support",), "support": ()}


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """A decision of :data:`DID`; ``about`` is the unit that got the question, or the assignment."""

    act: str
    by: str
    at: datetime
    about: str | int = ""


def undone(
    earlier: Sequence[EarlierOrder], actions: Sequence[Action], had: Mapping[int, tuple[str, str]]
) -> Iterator[EarlierOrder]:
    """The decisions, the oldest first in ``earlier``, that no longer hold after these actions; ``had``: the unit and
    its role, by assignment. A unit that is asked anew in the same role, or now as the lead, has lost nothing."""
    stay = {(one.unit, role) for one in actions if isinstance(one, Forward) for role in (one.role, *_BELOW[one.role])}
    lost: set[tuple[str, str | int]] = set()
    for one in actions:
        if isinstance(one, SetAssignment) and one.status is AssignmentStatus.REPLACED:
            lost |= {("forwarded", unit) for unit, _ in {had.get(one.assignment, ("", ""))} - stay}
        elif isinstance(one, ExtendDue):
            lost |= {(act, one.assignment) for act in ("due_moved", "extension_refused")}
        elif isinstance(one, RecallAnswer):
            lost |= {(UNIT_ANSWERED, each.assignment) for each in one.reopened}
        elif isinstance(one, SetQuestion):
            lost |= {(act, "") for act in STATES.get(one.act, ())}
    newest = {(order.about or "state"): order for order in earlier}
    yield from (order for order in newest.values() if (order.act, order.about) in lost)
