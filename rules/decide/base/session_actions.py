"""What a decision about a session may ask for, beside ``actions``; carried out by ``db.decision.apply_acts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.law.session_rules import Paper, PaperFile, SessionForm, SessionStatus
from rules.values.model import CountedDate


@dataclass(frozen=True, slots=True)
class ProposeSession:
    """A new session; ``apply`` gives its number."""

    form: SessionForm
    status: SessionStatus = SessionStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class SetSession:
    """Compare-and-set of a session's status with other columns beside it."""

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
    """An open duty gets another date because what it is counted from moved."""

    key: str
    due: CountedDate
    due_at: datetime
    next_at: datetime
    stage: int
    why: str
    was_late: bool = False


@dataclass(frozen=True, slots=True)
class KeepPaper:
    """Keep a text that is to be approved; the texts of its kind before it, and requests about them, become void."""

    paper: Paper
    session: int | None = None
    question: int | None = None


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask one person to approve a paper (``NEW`` = the one just kept); earlier requests to others stay."""

    paper: int
    token: str
    digest: str
    person: str
    records: bool = False
    """This person does not approve, but may record that it was signed and issued on paper."""
    decides: bool = False
    """This person decides on a proposal that the house has agreed to; "" where only paper reaches them."""


@dataclass(frozen=True, slots=True)
class DecideApproval:
    """Somebody has decided. The paper must still be the text that was shown, else the decision is void.

    ``waiting`` others still have to approve it: the paper is approved when nobody is left; one return ends it.
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
    """An approved paper has its number and date, and its files say so.

    ``series`` and ``first``, ``last`` are the counter and the numbers taken from it; a conflict when they are taken.
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
    """A session's paper was signed and issued on paper: approved without a mail, under the number it bears.

    Whose word was waited for is waited for no more. The paper must still be the text that was shown.
    """

    paper: int
    digest: str
    number: int
    on: date
    said: str
    clause: str


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """Who decides on a proposal has decided, by mail or on paper; refused, the proposal is returned.

    The paper must still be the one that the house agreed to.
    """

    paper: int
    approved: bool
    said: str
    clause: str


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    """Somebody has answered the invitation to a session; ``sequence`` is that of the invitation."""

    session: int
    address: str
    unit: str
    answer: str
    comment: str
    sequence: int


@dataclass(frozen=True, slots=True)
class WakeDuty:
    """An open duty is looked at now: what it waited for has come about."""

    key: str


@dataclass(frozen=True, slots=True)
class VoidPapers:
    """These texts count no more, nor do open requests about them."""

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
    | VoidPapers
)
