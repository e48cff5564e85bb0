"""What a decision may ask for. ``db.apply`` is the only code that carries these out.

``NEW`` as a question means the one that this same decision registers.
A change of status names the status it expects: compare-and-set, one row or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rules.desk_actions import DeskAction
from rules.model import Asker, AttachmentRef, Candidate, CountedDate, Fate, Kind, Notice, Verb
from rules.session_actions import SessionAction

NEW = 0


class QuestionStatus(StrEnum):
    """A question's states (docs/states.md); what is missing, late or returned is a fact beside it."""

    RECEIVED = "received"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"


class MailStatus(StrEnum):
    """A raw mail's states."""

    STORED = "stored"
    DONE = "done"
    HELD = "held"
    QUARANTINED = "quarantined"


class OutboxStatus(StrEnum):
    """An outbox row's states; ``unknown`` after a time-out past DATA (RFC 5321 §4.5.3.2.6, RFC 1047)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AssignmentStatus(StrEnum):
    """One item of a question in one unit's hands."""

    FORWARDED = "forwarded"
    ANSWERED = "answered"
    REFUSED = "refused"
    REPLACED = "replaced"


class DutyStatus(StrEnum):
    """A duty is met in time, met or missed late, or void because what it rested on went away."""

    OPEN = "open"
    MET = "met"
    LATE = "late"
    VOID = "void"


class Folder(StrEnum):
    """The mailbox's folders, each a view of a fate; their names stand in the configuration."""

    REGISTERED = "registered"
    REPLIES = "replies"
    HELD = "held"
    AUTOMATIC = "automatic"
    OTHER = "other"
    QUARANTINE = "quarantine"
    DENUNCIATION = "denunciation"


@dataclass(frozen=True, slots=True)
class Register:
    """Enter a question into the register (clause 8.2); the number is given by ``apply``."""

    asker: Asker
    email: str
    subject: str
    content: str
    kind: Kind
    received_at: datetime
    status: QuestionStatus
    message_id: str
    field: str = ""
    clause: str = ""
    guess: tuple[Candidate, ...] = ()
    channel: str = "email"
    raw_mail: int = 0
    """The mail it came in, where that is not the mail at hand (an officer registers a held one); -1 = by none."""
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """Put one item of a question into a unit's hands, with a duty to answer until ``due`` (10.1.c, 10.1.d)."""

    question: int
    item: int
    text: str
    unit: str
    role: str
    due: CountedDate
    due_at: datetime
    next_at: datetime
    stage: int = 0
    round: int = 1
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """Compare-and-set of a question's status, with other columns set beside it."""

    question: int
    expect: tuple[QuestionStatus, ...]
    status: QuestionStatus
    values: Mapping[str, object] = field(default_factory=dict)
    act: str = "status"
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AmendQuestion:
    """Set columns of a question without touching its status; the journal names them, not their values."""

    question: int
    values: Mapping[str, object]
    act: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetAssignment:
    """Compare-and-set of an assignment's status; its duty is closed with it unless it stays forwarded."""

    assignment: int
    expect: AssignmentStatus
    status: AssignmentStatus
    question: int
    values: Mapping[str, object] = field(default_factory=dict)
    act: str = ""
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Keep a unit's answer (15.2: who signed)."""

    question: int
    assignment: int
    unit: str
    text: str
    document: str
    signer: str
    signer_title: str
    files: tuple[str, ...]
    received_at: datetime
    refs: tuple[AttachmentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtendDue:
    """Give a unit more time: the duty moves, old and new date are journalled."""

    question: int
    assignment: int
    due: CountedDate
    due_at: datetime
    next_at: datetime
    stage: int
    why: str


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """Something that must happen by an instant; ``next_at`` is when to look at it again."""

    key: str
    kind: str
    clause: str
    due: CountedDate
    due_at: datetime
    next_at: datetime
    question: int | None = None
    session: int | None = None
    stage: int = 0


@dataclass(frozen=True, slots=True)
class CloseDuty:
    """The duty with this key is met (or void); late when it closes after its due instant.

    ``at`` is when it was fulfilled, where that was before now.
    """

    key: str
    void: bool = False
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdvanceDuty:
    """Stage by stage through reminder, due day, overdue; ``late`` is set once and stays."""

    duty: int
    expect_stage: int
    stage: int
    next_at: datetime | None
    late: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Queue a notice. One row a ``notice.key``, for ever: a second one with the same key does nothing."""

    notice: Notice
    question: int | None = None
    assignment: tuple[int, str, int] | int | None = None
    """An assignment's id, or (item, unit, round) of one that this same decision makes."""
    approval: int | None = None
    """The request for approval that this mail is; ``NEW`` for the one that this same decision makes."""
    kept_back: str = ""
    """Why it is written to the outbox but does not leave by itself; "" = it leaves."""


@dataclass(frozen=True, slots=True)
class MarkBounced:
    """A mail of ours came back (RFC 3464)."""

    outbox: int
    status: str
    permanent: bool
    address: str


@dataclass(frozen=True, slots=True)
class UseToken:
    """Spend a one-time token; a second use fails the whole decision."""

    token: str
    person: str


@dataclass(frozen=True, slots=True)
class Note:
    """A journal entry beside the ones that the other actions write themselves."""

    act: str
    why: str
    clause: str = ""
    question: int | None = None
    outbox: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """Another, held mail gets its fate (an officer decided on it)."""

    raw_mail: int
    fate: Fate
    kind: Kind
    folder: Folder
    why: str
    question: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The fate of the mail at hand; exactly one a decision on a mail."""

    status: MailStatus
    fate: Fate
    kind: Kind
    folder: Folder
    why: str
    question: int | None = None
    trace: tuple[str, ...] = ()
    sealed: bool = False


Action = (
    Register
    | Forward
    | SetQuestion
    | AmendQuestion
    | SetAssignment
    | RecordAnswer
    | ExtendDue
    | OpenDuty
    | CloseDuty
    | AdvanceDuty
    | Send
    | MarkBounced
    | UseToken
    | Note
    | Settle
    | Finish
    | SessionAction
    | DeskAction
)

ANSWERING = frozenset({Verb.ANSWER})
