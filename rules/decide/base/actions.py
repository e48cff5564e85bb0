"""What a decision may ask for. ``db.decision.apply`` is the only code that carries these out.

``NEW`` as a question means the one that this same decision registers.
A change of status names the status it expects: compare-and-set, one row or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.decide.base.session_actions import SessionAction
from rules.values.model import AttachmentRef, Candidate, CountedDate, Fate, Kind, Notice, Requester, Verb
from rules.values.states import AssignmentStatus, Folder, MailStatus, QuestionStatus


@dataclass(frozen=True, slots=True)
class Link:
    """Another question that is like this one; ``score`` 0..1, 1.0 when an officer says so."""

    question: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class LinkQuestions:
    """Questions tied to one (``NEW`` = the one just registered); a pair that is there already stays."""

    question: int
    links: tuple[Link, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SignReceipts:
    """The officer's signature for receipt (8.2) on every question that has none yet."""

    officer: str


@dataclass(frozen=True, slots=True)
class SetPublication:
    """What stands on the portal under a question's place: published for the first time, again, or said otherwise.

    ``paper`` is the approved text it rests on; ``digest`` of what the page says tells whether anything changed.
    """

    question: int
    paper: int
    path: str
    title: str
    digest: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a published answer off the portal, or keep an approved one from it; a new approval brings it back."""

    question: int
    why: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What is known about an attached file: clean, held (with the reason), unscanned, or released by a person."""

    raw_mail: int
    part: int
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeepDocument:
    """A unit has written about a question under a document number of its own, which is a key from now on."""

    question: int
    unit: str
    document: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """An assignment that waits for its answer again; ``stage`` and ``next_at`` are those of its duty."""

    assignment: int
    stage: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class RecallAnswer:
    """Take back answers: mails that still wait in the outbox never leave, the units owe their answers again."""

    question: int
    reopened: tuple[Reopened, ...]
    outbox: tuple[int, ...]
    why: str


DeskAction = RecallAnswer | KeepDocument | LinkQuestions | SignReceipts | SetPublication | Withdraw | RecordFile

NEW = 0


@dataclass(frozen=True, slots=True)
class Register:
    """Enter a question into the register (clause 8.2); the number is given by ``apply``."""

    asker: Requester
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
    raw_mail: int = 0
    """The mail it came in, where that is not the mail at hand."""
    signatures: tuple[str, ...] = ()
    """What its files' digital signatures are worth, in words."""


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
    about: int = 0
    """The mail that an answer to it speaks of, where that is not the mail at hand."""
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
