"""Actions about sessions, in addition to those of ``actions``; ``db.decision.application`` carries them out.

Also facts about replies to invitations, and how one is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.law.session_rules import Paper, PaperFile, SessionForm, SessionStatus
from rules.values.model import CountedDate


@dataclass(frozen=True, slots=True)
class ProposeSession:
    """Create a session; ``apply`` gives it its number."""

    form: SessionForm
    clause: str  # 7.1 or 7.2, as the profile says
    status: SessionStatus = SessionStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class SetSession:
    """Compare-and-set of a session's status; sets other columns along with it."""

    session: int
    expect: tuple[SessionStatus, ...]
    status: SessionStatus
    act: str
    why: str
    clause: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    form: SessionForm | None = None


@dataclass(frozen=True, slots=True)
class MoveDuty:
    """Move an open duty because the day it is counted from has moved."""

    key: str
    due: CountedDate
    due_at: datetime
    next_at: datetime
    stage: int
    why: str
    was_late: bool = False


@dataclass(frozen=True, slots=True)
class KeepPaper:
    """Store a text for approval; voids earlier texts of its kind and the requests about them."""

    paper: Paper
    session: int | None = None
    question: int | None = None


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask one person to approve a paper (``NEW`` = the one just stored); earlier requests to others stay open."""

    paper: int
    token: str
    digest: str
    person: str
    records: bool = False
    """This person does not approve, but may record that the paper was signed and issued on paper."""
    decides: bool = False
    """This person decides on a proposal that the Board approved; ``person`` is "" where only paper reaches them."""
    instead: int = 0
    """An open request that this one replaces: the person asked then may not approve any more."""


@dataclass(frozen=True, slots=True)
class DecideApproval:
    """Record somebody's decision. If the paper is no longer the text that was shown, the decision is void.

    ``waiting`` others still have to approve: the paper is approved when nobody is left; one return ends it.
    """

    approval: int
    paper: int
    approved: bool
    said: str
    clause: str
    waiting: int = 0
    number: int | None = None
    """The issue number (số văn bản) that the approving mail names."""
    recorded: bool = False
    """An officer records that the paper was signed and issued on paper."""


@dataclass(frozen=True, slots=True)
class IssuePaper:
    """Give an approved paper its number and date, and write them into its files.

    ``series`` and ``first``, ``last`` are the counter and the numbers taken from it; if already taken, a conflict.
    """

    paper: int
    series: str
    first: int
    last: int
    number: str
    on: date
    files: tuple[PaperFile, ...]


@dataclass(frozen=True, slots=True)
class RecordSigned:
    """Record that a session's paper was signed and issued on paper: approved without a mail, under that number.

    Requests for approval still open are closed. The paper must still be the text that was shown.
    """

    paper: int
    digest: str
    number: int
    on: date
    said: str
    clause: str


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """Record a leader's decision on a proposal, by mail or on paper; a refusal returns the proposal.

    The paper must still be the one that the Board approved.
    """

    paper: int
    approved: bool
    said: str
    clause: str


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    """Record a reply to the invitation to a session; ``sequence`` is that of the invitation."""

    session: int
    address: str
    unit: str
    answer: str
    comment: str
    sequence: int


@dataclass(frozen=True, slots=True)
class WakeDuty:
    """Have an open duty looked at now, because what it waited for has happened."""

    key: str


@dataclass(frozen=True, slots=True)
class ReopenDuty:
    """Have a duty fulfilled again, as what fulfilled it counts no longer; ``why`` it is late, once it was due."""

    key: str
    stage: int
    next_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """Void one open request for approval; its paper goes on waiting for the others who were asked."""

    approval: int


@dataclass(frozen=True, slots=True)
class VoidPapers:
    """Void these texts and the open requests about them."""

    papers: tuple[int, ...]


SessionAction = (
    ProposeSession
    | SetSession
    | MoveDuty
    | KeepPaper
    | AskApproval
    | DecideApproval
    | IssuePaper
    | RecordSigned
    | RecordDecision
    | RecordAttendance
    | WakeDuty
    | ReopenDuty
    | VoidPapers
    | VoidRequest
)
