"""The actions a decision may ask for. ``db.decision.apply`` is the only code that carries them out.

In place of a question's id, ``NEW`` means the question that this same decision registers.
A status change names the status it expects (compare-and-set) and so changes one row or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.decide.base.session_actions import SessionAction
from rules.values.model import AttachmentRef, Candidate, CountedDate, Fate, Kind, Notice, Requester
from rules.values.states import AssignmentStatus, Folder, MailStatus, Purpose, QuestionStatus


@dataclass(frozen=True, slots=True)
class Link:
    """A similar question; ``score`` is 0..1, and 1.0 when an officer says that it is similar."""

    question: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class LinkQuestions:
    """Link questions to ``question`` (``NEW`` = the one just registered); an existing link is left as it is."""

    question: int
    links: tuple[Link, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SignReceipts:
    """The officer's signature for receipt (8.2) on every question that does not have one yet."""

    officer: str


@dataclass(frozen=True, slots=True)
class SetPublication:
    """Set what the portal shows for a question, by its approved ``paper``: for the first time, again, or reworded."""

    question: int
    paper: int
    path: str
    title: str
    digest: str  # of the page's content, to see what has changed
    link: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a published answer off the portal, or keep an approved one off it; a new approval puts it back."""

    question: int
    why: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What is known about an attached file: clean, held (with the reason), unscanned, or released by an officer."""

    raw_mail: int
    part: int
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeepDocument:
    """Keep a unit's own document number of its mail about a question; the number then identifies the question."""

    question: int
    unit: str
    document: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """An assignment that waits for its answer again; ``stage`` and ``next_at`` are the new values of its duty."""

    assignment: int
    stage: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class RecallAnswer:
    """Take answers back: mails still in the outbox are never sent, and the units owe their answers again.

    Each of ``dropped`` (assignment, mail) takes back only what that mail added; the assignment's answer stays.
    """

    question: int
    reopened: tuple[Reopened, ...]
    outbox: tuple[int, ...]
    why: str
    dropped: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Send a returned mail of ours once more, unchanged, to this address; never while it is on its way."""

    outbox: int
    question: int
    recipient: str


DeskAction = (
    SendAgain | RecallAnswer | KeepDocument | LinkQuestions | SignReceipts | SetPublication | Withdraw | RecordFile
)

NEW = 0


@dataclass(frozen=True, slots=True)
class Register:
    """Enter a question in the register (clause 8.2); ``apply`` gives it its number."""

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
    raw_mail: int = 0  # the mail it came in, when not the mail at hand (an officer registers a held one); -1 = none
    session: int | None = None
    name_consent: bool | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """Assign one item of a question to a unit, with a duty to answer until ``due`` (10.1.c, 10.1.d)."""

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
    """Compare-and-set of a question's status; sets other columns along with it."""

    question: int
    expect: tuple[QuestionStatus, ...]
    status: QuestionStatus
    values: Mapping[str, object] = field(default_factory=dict)
    act: str = "status"
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AmendQuestion:
    """Set columns of a question, not its status; the journal records their names, not their values."""

    question: int
    values: Mapping[str, object]
    act: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetAssignment:
    """Compare-and-set of an assignment's status; also closes its duty, unless the assignment stays forwarded."""

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
    """Store a unit's answer, with who signed it (15.2)."""

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
    """The mail it came in, when that is not the mail at hand."""
    signatures: tuple[str, ...] = ()
    """In words: whether the digital signatures of its files are valid."""


@dataclass(frozen=True, slots=True)
class ExtendDue:
    """Give a unit more time: its duty moves, and the journal records the old and the new date."""

    question: int
    assignment: int
    due: CountedDate
    due_at: datetime
    next_at: datetime
    stage: int
    why: str


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """Open a duty: something that must happen by an instant; ``next_at`` is when to look at it next."""

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
    """Close the duty with this key as fulfilled or void; it counts as late if this is after its due instant.

    ``at`` is when it was fulfilled, if that was earlier than now.
    """

    key: str
    void: bool = False
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdvanceDuty:
    """Move a duty to its next stage (reminder, due day, overdue); ``late`` is never unset."""

    duty: int
    expect_stage: int
    stage: int
    next_at: datetime | None
    late: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Queue a notice. Each ``notice.key`` has one outbox row for ever: queueing it again does nothing."""

    notice: Notice
    question: int | None = None
    assignment: tuple[int, str, int] | int | None = None
    """An assignment's id, or (item, unit, round) of one that this same decision creates."""
    approval: int | None = None
    """The request for approval that this mail carries; ``NEW`` for one that this same decision creates."""
    about: int = 0
    """The mail that a reply to this notice will be about, when that is not the mail at hand."""
    kept_back: str = ""
    """Why the notice is written to the outbox but not sent automatically; "" = it is sent."""


@dataclass(frozen=True, slots=True)
class MarkBounced:
    """Record that a mail we sent came back (RFC 3464)."""

    outbox: int
    status: str
    permanent: bool
    address: str


@dataclass(frozen=True, slots=True)
class UseToken:
    """Use up a one-time token; if it has been used before, the whole decision fails."""

    token: str
    person: str


@dataclass(frozen=True, slots=True)
class Note:
    """A journal entry in addition to those that the other actions write themselves."""

    act: str
    why: str
    clause: str = ""
    question: int | None = None
    outbox: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """Give another mail, a held one that an officer has decided on, its fate."""

    raw_mail: int
    fate: Fate
    kind: Kind
    folder: Folder
    why: str
    question: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """Set the fate of the mail at hand; each decision on a mail has exactly one."""

    status: MailStatus
    fate: Fate
    kind: Kind
    folder: Folder
    why: str
    question: int | None = None
    trace: tuple[str, ...] = ()
    sealed: bool = False
    acts: tuple[Mapping[str, str], ...] = ()  # offered with a held mail (label, text), and again each morning
    purpose: Purpose = Purpose.NONE
    about: int | None = None  # the question that the purpose is about


QuestionAction = Register | Forward | SetQuestion | AmendQuestion | SetAssignment | RecordAnswer | ExtendDue
DutyAction = OpenDuty | CloseDuty | AdvanceDuty
OwnAction = Send | MarkBounced | UseToken | Note | Settle | Finish
Action = QuestionAction | DutyAction | OwnAction | SessionAction | DeskAction
