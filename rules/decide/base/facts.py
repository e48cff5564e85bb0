"""The facts a decision works on; ``db`` reads them in the same transaction that applies the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rules.decide.base.fact_parts import (
    AnswerFacts,
    BlockedFile,
    BoardFacts,
    DictatedFacts,
    Letter,
    Person,
    PublishingFacts,
    Tag,
    UnitContact,
    Untold,
    WaitingAnswer,
)
from rules.decide.base.history import Attendance, EarlierOrder, InvitationReply, OutboxFacts
from rules.law.session_rules import ApprovalFacts, Paper, PaperFacts, PaperKind, SessionFacts
from rules.message.authentication import Proof
from rules.requester.secrecy import spares_mailbox
from rules.understand.understand import Understanding
from rules.values.model import AttachmentRef, Candidate, CountedDate, Fate, Kind, ParsedMail, Requester
from rules.values.states import AssignmentStatus, Purpose, QuestionStatus

__all__ = [
    "MOST_TOLD",
    "SPARED",
    "TOLD_AFTER_END",
    "AnswerFacts",
    "AssignmentFacts",
    "BlockedFile",
    "BoardFacts",
    "DictatedFacts",
    "DutyFacts",
    "HeldMailFacts",
    "MailFacts",
    "Person",
    "QuestionFacts",
    "SessionCase",
    "Tag",
    "UnitContact",
    "confirmed_act",
]

MOST_TOLD = 5
"""At most this many open questions, and as many recently ended ones, are listed in one answer."""
TOLD_AFTER_END = timedelta(days=30)
SPARED = "Người hỏi đề nghị không trả lời vào hộp thư đã gửi câu hỏi"
"""How the register's last column notes that no mail is wanted: officers tell the asker what it would have said."""


def confirmed_act(key: str) -> str:
    """The act named in the key of a request to confirm; "" for any other key."""
    parts = key.split(":")
    return parts[2] if parts[0] == "officer_confirm" and len(parts) > 3 else ""


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """One item of a question assigned to one unit."""

    id: int
    question_id: int
    item: int
    item_text: str
    unit: str
    role: str
    round: int
    status: AssignmentStatus
    forwarded_at: datetime
    due: CountedDate
    due_at: datetime
    told_until: date | None = None
    wanted_until: date | None = None
    wanted_why: str = ""
    answered_at: datetime | None = None  # when the answer was received
    letter_at: datetime | None = None
    """For a duty to answer: when the unit's newest letter came that may be about it and that waits for an officer."""
    came_back: int = 0
    """Our mail with the question that did not arrive, by its id; 0 where it did, or is on the way."""
    came_back_why: str = ""
    """The enhanced status code of that (RFC 3463), or what the server said."""

    @property
    def is_open(self) -> bool:
        """True while the unit still owes its answer."""
        return self.status is AssignmentStatus.FORWARDED


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A registered question with its assignments, the oldest first."""

    id: int
    code: str
    status: QuestionStatus
    raw_mail_id: int | None
    received_at: datetime
    asker: Requester
    email: str
    subject: str
    content: str
    missing: tuple[str, ...]
    message_id: str
    clause: str = ""
    outcome: str = ""
    guess: tuple[Candidate, ...] = ()
    notes: str = ""
    assignments: tuple[AssignmentFacts, ...] = ()
    field: str = ""
    session_id: int | None = None
    session_mark: str = ""
    session_marked_at: datetime | None = None
    live_answer: str = ""  # the answer given in the session, and who gave it
    live_by: str = ""
    live_choice: str = ""  # "live": asked in the session although it arrived after the script was approved
    answers: tuple[AnswerFacts, ...] = ()
    answered_at: datetime | None = None
    signed_at: datetime | None = None
    link: str = ""
    kind: Kind = Kind.QUESTION
    name_consent: bool | None = None  # may the name be published (11.4)? None: the asker has not said
    registered_at: datetime | None = None

    @property
    def mailbox(self) -> str:
        """Where mails about the question go; "" where its asker has no address, or wants no mail there (any more)."""
        return "" if SPARED in self.notes else self.email

    @property
    def refusals(self) -> int:
        """How often a unit has said that this question is outside its competence."""
        return sum(assignment.status is AssignmentStatus.REFUSED for assignment in self.assignments)

    @property
    def open_leads(self) -> tuple[AssignmentFacts, ...]:
        """The items whose lead unit still owes an answer."""
        return tuple(one for one in self.assignments if one.is_open and one.role == "lead")


@dataclass(frozen=True, slots=True)
class HeldMailFacts:
    """The held mail that an officer's command is about."""

    id: int
    status: str
    mail: ParsedMail
    understanding: Understanding
    received_at: datetime
    reason: str = ""
    fate: str = ""
    sealed: bool = False
    acts: tuple[Mapping[str, str], ...] = ()  # the orders that were offered with it (label, text)
    purpose: Purpose = Purpose.NONE
    kind: str = ""  # as what it was held or settled
    told: str = ""  # the address that a complaint went to, or the word on a denunciation

    @property
    def kept_as(self) -> Kind:
        """Its kind; a complaint or denunciation that was held as one stays one, which the named officer decides."""
        known = Kind.COMPLAINT if self.kind == Kind.COMPLAINT.value else self.understanding.kind
        return Kind.DENUNCIATION if self.is_denunciation else known

    @property
    def is_denunciation(self) -> bool:
        """True for a mail that was sealed as one, however today's rules read it, and for what they read as one."""
        return self.sealed or self.understanding.kind is Kind.DENUNCIATION

    @property
    def is_set_aside(self) -> bool:
        """True once an officer has said that it is no question, or refused it: it can still be taken up."""
        return self.status == "done" and self.fate in {Fate.IGNORE, Fate.REJECT} and not self.is_denunciation


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """An answer to one question that came in a mail, and the ``parts`` of the mail that its asker may have."""

    question: QuestionFacts
    assignments: tuple[int, ...]
    parts: frozenset[int]
    leaves: bool
    """True when the asker has been sent it, or will be at ``at``; a supporting unit's or a session's is kept back."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A blocked file that an officer may release, with the mail it came in and that mail's question."""

    file: AttachmentRef
    why: str
    waits: bool
    """True while the file waits for the virus scanner: it is passed on automatically once it is clean."""
    question: QuestionFacts | None = None
    answers: tuple[AnswerFiles, ...] = ()  # the answers that the mail gave: a released file goes with them alone
    passed: frozenset[int] = frozenset()  # the assignments whose units got the mail as an opinion on their answer


@dataclass(frozen=True, slots=True)
class SessionCase:
    """A session with everything that belongs to it."""

    board: BoardFacts
    session: SessionFacts
    questions: tuple[QuestionFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()
    others: tuple[SessionFacts, ...] = ()  # all the others, to check how close together sessions may be (6.1)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Everything known about a stored mail when it is decided on."""

    raw_mail: int
    received_at: datetime
    mail: ParsedMail
    understanding: Understanding
    board: BoardFacts
    said_by: int = 0  # the mail of the person who says what this one, which came before, is
    authenticated: bool | Proof = False
    held_files: tuple[BlockedFile, ...] = ()
    lacks_signature: bool = False  # this mail is unsigned, and acts in its sender's role must be signed here
    duplicate_of: int | None = None
    duplicate_folder: str = ""
    duplicate_question: int | None = None
    own_mail: bool = False
    sender_unit: str = ""
    sender_how: str = ""
    person: Person | None = None
    tag: Tag | None = None
    token_used: bool = False
    threads: tuple[OutboxFacts, ...] = ()
    returned: tuple[OutboxFacts, ...] = ()
    questions: Mapping[int, QuestionFacts] = field(default_factory=dict)
    by_number: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()  # of a unit's mail: the questions whose numbers stand only in what it quotes
    meant: tuple[int, ...] = ()
    """Questions the mail means without naming them. A unit's mail: questions it wrote about earlier under a document
    number that the mail names, else ``begun``. A citizen's additional information: the sender's questions that lack
    data of 21.1."""
    begun: tuple[int, ...] = ()
    """Questions that an asker's own mail in this thread began: the sender's, or of whom a unit writes to."""
    own_questions: tuple[QuestionFacts, ...] = ()
    """For a citizen's mail that asks about progress or withdraws a question: the sender's open questions, newest
    first, then the recently ended ones; of each group one more than is listed, to show that there are more."""
    awaited: frozenset[int] = frozenset()  # the sender's questions about which an officer waits for a word
    repeats: QuestionFacts | None = None  # the sender's question that this letter is once more
    held: HeldMailFacts | None = None  # the one that an officer's reply is about
    kept: tuple[HeldMailFacts, ...] = ()  # complaints, denunciations that a citizen's mail may be about
    kept_files: tuple[KeptFile, ...] = ()  # for an officer's: the blocked files of the mail and of its questions
    origins: Mapping[int, HeldMailFacts] = field(default_factory=dict)  # for an officer's: in which questions arrived
    acknowledged_today: int = 0
    acknowledged_last_hour: int = 0
    sessions: tuple[SessionFacts, ...] = ()  # those that can take questions, and those of the questions at hand
    approval: ApprovalFacts | None = None  # the request to which the mail replies
    asked: tuple[ApprovalFacts, ...] = ()  # for the Head's mail: the requests that wait for the Head
    invitation: InvitationReply | None = None
    unsigned: int = 0  # for an officer's mail: how many questions still lack the signature for receipt (8.2)
    data_requests: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """For an officer's mail: per question, by the key of its duty, what each open request about data wants."""
    untold: Mapping[int, tuple[Untold, ...]] = field(default_factory=dict)
    opinions: Mapping[int, HeldMailFacts] = field(default_factory=dict)
    """For an officer's mail: per question, the newest held mail of its requester that a review named it for."""
    withdrawals: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # an officer's, a citizen's: held ones
    neighbours: Mapping[str, tuple[str, Requester]] = field(default_factory=dict)  # a unit's: whoever asked it lately
    denials: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # of a citizen: held ones that deny it
    second_thoughts: Mapping[int, int] = field(default_factory=dict)  # an officer's: a mail after each withdrawal
    confirmable: frozenset[str] = frozenset()  # acts on a denunciation that this officer was asked to confirm
    dictated: tuple[DictatedFacts, ...] = ()
    publishing: Mapping[int, PublishingFacts] = field(default_factory=dict)  # of the questions that the mail is about
    waiting: tuple[WaitingAnswer, ...] = ()  # for an officer's or a unit's: answers to these, not sent yet
    not_waited: frozenset[int] = frozenset()  # supporting assignments that ended because the lead answered
    helped: Mapping[int, tuple[AnswerFacts, ...]] = field(default_factory=dict)  # by question: what supports answered
    alike: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # numbers of what ended with its answer
    tied: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # numbers of open ones that officers tied to it
    orders: Mapping[int, tuple[EarlierOrder, ...]] = field(default_factory=dict)  # for an officer's: per question
    fetched: frozenset[int] = frozenset()  # for an officer's mail: questions that were fetched back from their units
    between: tuple[str, ...] = ()  # lines that a unit, or a citizen who wrote no other, put within our quoted mail
    digests: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # a unit's: of the files of answers, by mail
    letters: Mapping[int, tuple[Letter, ...]] = field(default_factory=dict)  # for an officer's mail: per question
    cases: tuple[SessionCase, ...] = ()  # for an officer's: unfinished sessions, the nearest first, and those named
    drafts: Mapping[tuple[int, PaperKind], Paper | str] = field(default_factory=dict)
    """Papers that the mail asks for, by session and kind: the draft, or what is missing for it, in Vietnamese."""
    asked_to_confirm: frozenset[str] = frozenset()  # sessions whose cancelling this officer was asked to confirm

    @property
    def refuses_mail(self) -> bool:
        """True for a mail whose writer wants none of ours in the mailbox that it comes from."""
        return spares_mailbox(self.understanding.text.own, self.board.source, threaded=bool(self.threads))

    @property
    def reply_address(self) -> str:
        """The address to write to: From; "" where no mail is wanted. Reply-To may name a third party: ignored."""
        email = self.mail.sender.email
        spared = {one.email.lower() for one in self.questions.values() if SPARED in one.notes}
        return "" if email.lower() in spared or self.refuses_mail else email

    @property
    def unproven(self) -> str:
        """Why the sender's commands in this mail must not be carried out; "" when they may be."""
        if self.board.require_authentication and not self.authenticated:
            return "không được máy chủ thư xác nhận là gửi từ hộp thư đứng tên"
        return "không có chữ ký điện tử hợp lệ của người gửi (S/MIME)" if self.lacks_signature else ""


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A duty whose ``next_at`` has come; ``held`` is the waiting mail when the duty is about one."""

    id: int
    key: str
    kind: str
    clause: str
    stage: int
    due: CountedDate
    due_at: datetime
    next_at: datetime
    question: QuestionFacts | None
    assignment: AssignmentFacts | None
    board: BoardFacts
    session: SessionFacts | None = None
    session_questions: tuple[QuestionFacts, ...] = ()
    sessions: tuple[SessionFacts, ...] = ()
    posted: Mapping[int, datetime] = field(default_factory=dict)
    """For a session's duty: when its questions were put on the portal; only those still published there."""
    papers: tuple[PaperFacts, ...] = ()
    draft: Paper | None = None
    """The paper that a session's duty needs, drafted by the program because nobody has drafted it."""
    draft_lacks: str = ""  # what is missing for that paper, in Vietnamese, when it could not be drafted
    session_dues: tuple[CountedDate, ...] = ()
    """For a session's duty: all dated duties of the session that are still open."""
    candidates: tuple[tuple[QuestionFacts, int], ...] = ()
    """For a session's duty: open questions of its units outside it, with how many are similar to each, most first."""
    approval: ApprovalFacts | None = None
    """For a duty that waits for an approval or a leader's decision: the request for that approval or decision."""
    attendance: tuple[Attendance, ...] = ()
    down_since: datetime | None = None
    """Set when the daemon was not running when this duty came up: the downtime is then named as the cause."""
    held: HeldMailFacts | None = None
    late_together: tuple[tuple[str, str, datetime | None], ...] = ()
    """What the unit owed the same day: number, subject, and when a letter came that may answer it (``letter_at``)."""
    late_told: frozenset[str] = frozenset()  # for an answer: keys of the notices that it is late
    asked_back: datetime | None = None  # for a review: when the requester was asked, who has not written since
    letters: tuple[Letter, ...] = ()  # for a review: those on the question
