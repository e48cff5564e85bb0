"""Parts of a decision's facts: this installation, answers, blocked files, invitations, dictated questions, overviews.

This installation: its people and its rules. Answers: those not yet sent, what of them is published, and who has
not been notified. Invitations (iTIP, RFC 5546): who was invited to a session, and the replies. The lists of the
daily and weekly overviews: ``db.reports.overview`` reads them, ``rules.decide.due.overviews`` puts them into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from rules.law.legal_dates import Law
from rules.law.session_rules import PaperFacts
from rules.message.quote_markers import DEFAULT
from rules.understand.earlier_letters import is_about
from rules.understand.understand import Understanding
from rules.values.data_file import Source
from rules.values.model import AttachmentRef, Candidate, Kind, ParsedMail, Unit

MOST_ASKED = 6
"""A unit that is asked which question its mail is about is shown at most this many."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person on the list: ``role`` is officer, head, office or approver (who only decides on papers)."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class UnitContact:
    """How to write to a unit and who may reply for it, as the operator has configured it."""

    code: str
    address: str
    others: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    leader_name: str = ""
    leader_email: str = ""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What decisions need to know about this installation."""

    mailbox: str
    officers: tuple[Person, ...]
    head: Person
    office: Person | None
    contacts: Mapping[str, UnitContact]
    units: Mapping[str, Unit]
    law: Law
    where_to_complain: str = ""
    require_authentication: bool = False
    acknowledgements_per_address_day: int = 10
    acknowledgements_per_hour: int = 2000
    deputy: Person | None = None
    """Approves in the Head's place while the Head is absent."""
    head_absent: tuple[date, date] | None = None
    """First and last day of the Head's absence."""
    complaints: Person | None = None
    """The officer named for complaints and denunciations, if one is named."""
    source: Source = DEFAULT
    """Where vocabularies for commands, phone numbers and redaction come from: local files over the shipped ones."""
    answer_delay: timedelta = timedelta()
    """How long an answer is kept in the outbox before it is sent to the citizen, so that it can be taken back."""
    approvers: Mapping[str, Person] = field(default_factory=dict)
    """Approvers in addition to the Head, where the profile requires several: the profile's role → person."""
    invited: Mapping[str, str] = field(default_factory=dict)
    """Addresses of those invited to the yearly review besides the units (11.6), by name."""
    publishes: bool = False
    """True if the daemon writes approved answers for the portal by itself."""

    @property
    def prefix(self) -> str:
        """The letters that register numbers begin with."""
        return self.source.prefix

    def named_for(self, mail: ParsedMail, read: Understanding, text: str = "") -> Person:
        """Who alone gets this complaint, or hears of this denunciation (1.2): the officer named, else the first
        listed; the Head, where it is about that very officer, or the Head is who was ``text`` of it."""
        named, theirs = self.complaints or self.officers[0], text.lower() == self.head.email.lower()
        return self.head if theirs or is_about(mail, read, named.name, self.source) else named


@dataclass(frozen=True, slots=True)
class Tag:
    """The signed subaddress that the mail was sent to: what it is about and, for people, who it was made for.

    ``kind``: r = an assignment's id, o = a raw mail's id for an officer, b = an outbox row's random name,
    a = a request for approval, by its token.
    """

    kind: str
    target: str
    token: str

    @property
    def number(self) -> int:
        """The target as an id."""
        return int(self.target) if self.target.isdecimal() else 0

    def answering(self, key: str, question: int | None) -> Tag:
        """The tag for replies to the notice with that key: if a unit's mail submits several questions to the
        officers, each is decided on separately."""
        return replace(self, token=f"{self.token}:{question}") if key.startswith(OF_ONE_QUESTION) else self


OF_ONE_QUESTION = ("officer_alert:extend:", "officer_alert:refused:")
"""How the keys begin of alerts that a unit's mail may cause once for each of its questions."""


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer that a lead unit has given, with the files that came with it."""

    unit: str
    text: str
    document: str
    signer: str
    signer_title: str
    item_text: str = ""
    files: tuple[AttachmentRef, ...] = ()
    mail: int = 0
    assignment: int = 0
    told: bool = False
    """True if a mail of its own brings it to the asker and no session keeps it back. Set only for decisions."""


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """What has not reached a requester yet, and the assignments that said it.

    ``outbox`` is the mail that waits, 0 for none; ``mail`` the unit's mail in which it came. One that ``adds``
    corrects or supplements an answer; an officer's own has no assignment. ``duty``: an officer's duty to tell it.
    """

    outbox: int
    question: int
    assignments: tuple[int, ...]
    mail: int = 0
    adds: bool = False
    duty: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether the mail with an answer still waits, so that the requester has not been sent that answer."""
        return not self.adds and not self.duty


def answered_key(assignments: Iterable[int], raw_mail: int, said_by: int = 0) -> str:
    """The end of the key of an answer's mail: the mail in which the answer came and the assignments it answers.
    Before these stands the mail of the person who called it the answer, who may do so again after a recall."""
    return f"{f'{said_by}:' if said_by else ''}{raw_mail}:{'.'.join(map(str, assignments))}"


BOARDS_OWN = "board"
"""The end of the key of what the officers themselves add to an answer."""


def answered_by(key: str) -> tuple[tuple[int, ...], int]:
    """The assignments that the answer with this key is for, and the mail it came in; 0 for none."""
    before, _, last = key.rpartition(":")
    assignments = tuple(int(one) for one in last.split(".") if one.isdecimal())
    mail = before.partition(":file:")[0].rpartition(":")[2]  # a file's part stands behind its mail
    named = key.count(":") > 2 and mail.isdecimal()  # keys of what officers add, and of sessions, name no item
    return (assignments, int(mail) if assignments else 0) if named else ((), 0)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on a question that waits for an officer, or that was taken for its answer."""

    mail: int
    sender: str
    at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class PublishingFacts:
    """A question's texts submitted for publication, and whether its page is on the portal."""

    papers: tuple[PaperFacts, ...] = ()
    published: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Untold:
    """A notice that a requester without mail has not been given yet; ``notice`` is the name of the unsent mail."""

    key: str
    notice: str
    opened_at: datetime


ACCEPTED, DECLINED, TENTATIVE, WRITTEN = "accepted", "declined", "tentative", "written"
"""Replies to an invitation; ``WRITTEN``: in words, which people read themselves."""
STEP = 10
"""An invitation's SEQUENCE (RFC 5545 §3.8.7.4) is the session's moves times this, plus the rank of its state."""


@dataclass(frozen=True, slots=True)
class BlockedFile:
    """An attached file not passed on automatically; ``status`` is held or unscanned, ``why`` is for officers."""

    part: int
    name: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class DictatedFacts:
    """A question that an officer registers on someone's behalf (8.1), understood as if it had come as a mail.

    ``said`` is the command as written; ``key`` takes the place of a mail's id: negative and never used again.
    """

    said: str
    key: int
    subject: str
    channel: str
    unit: str
    mail: ParsedMail
    understanding: Understanding
    received_at: datetime


NOT_ANSWERED = "not_answered"
"""The journal's name for a listed person's mail that was not understood and, beyond the cap, not answered."""
NOT_WAITED = "not_waited_for"
"""The journal's name for a unit's part that ended because the lead answered."""
FETCHED, REOPENED = "fetched:", "reopened:"
"""How the keys begin of the reviews of what an officer fetched back from its units, and of what had ended."""
ALIKE = "Trùng với câu hỏi "  # how the outcome begins of a question that ended with another one's answer
UNIT_ANSWERED = "unit_answered"  # in the journal, one unit's answer; a question that has all of them is ``answered``
CORRECTED, ADDED = "Đính chính", "Bổ sung"
"""How the text begins that the register keeps beside an answer when the unit corrects or supplements it."""
DONE_NAMES: Mapping[str, str] = {
    "registered": "câu hỏi được đăng ký vào sổ",
    "forwarded": "lượt chuyển câu hỏi đến đơn vị",
    UNIT_ANSWERED: "lượt trả lời của đơn vị được ghi nhận",
    "completed": "lượt người hỏi bổ sung thông tin",
    "satisfied": "người hỏi hài lòng với câu trả lời",
    "not_satisfied": "người hỏi chưa hài lòng với câu trả lời",
    "late": "việc quá hạn được ghi nhận",
    "linked": "câu hỏi được nhận ra là giống câu đã có",
    "queued": "thư được soạn và gửi đi",
    NOT_ANSWERED: "thư chưa hiểu của cán bộ, lãnh đạo chưa được trả lời, vì quá số thư trả lời mỗi ngày",
    "bounced": "thư không đến được người nhận",
}


PUT_ASIDE = {
    Kind.SPAM: "Thư rác, quảng cáo",
    Kind.NOT_A_QUESTION: "Không phải câu hỏi (cảm ơn, chào hỏi)",
    Kind.FOLLOW_UP: "Hỏi về câu hỏi của người khác: không trả lời",
    Kind.AUTO_REPLY: "Thư mang dấu hiệu do máy hoặc danh sách thư gửi: không đăng ký, không trả lời",
}
"""Why the program put a mail aside; the morning's mail lists it with this reason."""
AMENDMENT = "amendment_proposed"  # in the journal: somebody proposed to change the regulation (24)
SOON_DAYS = 3  # so many calendar days ahead count as soon


@dataclass(frozen=True, slots=True)
class ListRow:
    """The first rows of a list, and how many rows there are in all."""

    rows: tuple[ListedCase, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case in a list. Only the fields that its list needs are filled in.

    ``number`` is a register number; ``mail`` a held mail's id; ``assignment`` a unit's item.
    """

    number: str = ""
    subject: str = ""
    at: datetime | None = None
    due_on: date | None = None
    wanted: date | None = None
    """The day until which a unit asks for time."""
    unit: str = ""
    units: tuple[str, ...] = ()
    """All lead units of a new question."""
    assignment: int = 0
    mail: int = 0
    who: str = ""
    why: str = ""
    acts: tuple[Mapping[str, str], ...] = ()
    """The orders that were offered with a held mail; ``about`` is that mail if they name no question."""
    guess: tuple[Candidate, ...] = ()
    like: tuple[str, ...] = ()
    asked_back: datetime | None = None
    """When an officer asked the requester something that has not been answered since."""
    letters: tuple[Letter, ...] = ()
    """For a held mail: the letters on the same question."""


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """Facts for the officers' morning overview. ``done``: how often the daemon did what since the last overview."""

    new: ListRow = ListRow()
    review: ListRow = ListRow()
    held: ListRow = ListRow()
    aside: ListRow = ListRow()
    """Mails that the program has put aside as no question since the last overview."""
    sealed: int = 0
    files: ListRow = ListRow()
    today: ListRow = ListRow()
    soon: ListRow = ListRow()
    late: ListRow = ListRow()
    more_time: ListRow = ListRow()
    """Lead units that asked for more time and have had no decision since."""
    approvals: ListRow = ListRow()
    to_post: ListRow = ListRow()  # answers approved for the portal that are not on it
    privacy: ListRow = ListRow()
    missing: ListRow = ListRow()
    """Periods of 6.1 whose session has not been held, from the day on which officers are warned."""
    came_back: ListRow = ListRow()
    """Questions that have not reached their units; ``why`` is the code, or what the server said."""
    untold: ListRow = ListRow()
    """Requesters without a mail address who have not been told yet; ``why`` says what."""
    unsigned: int = 0
    unread: tuple[datetime, datetime | None] | None = None
    """Since when the mailbox could not be read, and until when; None if it still cannot be read."""
    done: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """The week's lists: each unit's open cases, late ones by unit, and refusals since the week before."""

    units: Mapping[str, ListRow] = field(default_factory=dict)
    late: Mapping[str, int] = field(default_factory=dict)
    oldest: Mapping[str, ListedCase] = field(default_factory=dict)
    rejected: ListRow = ListRow()
    refused: ListRow = ListRow()
