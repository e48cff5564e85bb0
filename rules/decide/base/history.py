"""What came before the mail at hand: orders on its question, mails of ours in its thread, replies to an invitation.

Also which of the earlier orders an order at hand takes the place of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.decide.base.actions import Action, ExtendDue, Forward, RecallAnswer, SetAssignment, SetQuestion
from rules.decide.base.fact_parts import STEP, UNIT_ANSWERED, WRITTEN
from rules.law.session_rules import SessionFacts
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

ECHO = "officer_kept"
"""The notice that tells somebody that his mail was received; about a session, its key has that row's number."""
OF_SESSIONS = frozenset({"session_invitation", "session_changed", "session_paper", "session_live", ECHO})
"""The notices about a session to units and chair; in their keys the session's row number follows the name."""

_BELOW: Mapping[str, tuple[str, ...]] = {"lead": ("support",), "support": ()}


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """A decision of :data:`DID`; ``about`` is the unit that got the question, or the assignment."""

    act: str
    by: str
    at: datetime
    about: str | int = ""


@dataclass(frozen=True, slots=True)
class OutboxFacts:
    """A mail we sent, to which the mail at hand replies or which it returns."""

    id: int
    name: str
    recipient: str
    role: str
    question_id: int | None
    assignment_id: int | None
    raw_mail_id: int | None
    approval_id: int | None = None
    key: str = ""
    subject: str = ""
    failed: bool = False  # True where it is known already that it did not arrive
    told_before: datetime | None = None  # of one that did not arrive: when its asker was last told otherwise


@dataclass(frozen=True, slots=True)
class InvitationReply:
    """A reply to an invitation we sent: ``answer`` is accepted, declined or tentative.

    Of a mail in words it is ``WRITTEN``, or "" where it replies to another mail about the session.

    ``sequence`` is that of the invitation replied to; ``session`` is filled in when the register knows it.
    """

    code: str
    answer: str
    comment: str = ""
    sequence: int = 0
    session: SessionFacts | None = None
    about: int = 0
    """Of a mail in words, the id of the session that our mail is about; 0 for what a calendar program sends."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """An invited person's latest reply; ``moves``: which planned date of the session it was given for."""

    address: str
    unit: str
    answer: str
    comment: str
    moves: int
    said_at: datetime


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


def reply_in_words(threads: Sequence[OutboxFacts], text: str) -> InvitationReply | None:
    """What a unit or chair writes to a mail about a session; None if the thread begins with no such mail.

    A reply to an invitation also says which planning of the session it was for.
    """
    sent = threads[0] if threads else None
    if sent is None or sent.name not in OF_SESSIONS or sent.role not in {"unit", "leader"}:
        return None
    name, about, *rest = sent.key.split(":")
    if not rest or not about.isdecimal():  # the echo of some other mail; a paper of no session
        return None
    planning = ""
    if name == "session_invitation":
        planning = rest[0] if len(rest) > 2 else "0"
    elif name == "session_changed" and rest[0] == "moved":
        planning = rest[1]
    if not planning:
        return InvitationReply("", "", text, about=int(about))
    return InvitationReply("", WRITTEN, text, int(planning) * STEP + STEP - 1, about=int(about))
