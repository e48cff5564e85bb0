"""The input of each document. All frozen; instants are aware and in UTC; texts may come from anybody.

An incomplete document is refused before it is made, with one line that names the gap and the norm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from daemon.base.errors import DoithoaiError
from daemon.config.config import Config
from daemon.documents.model import Letterhead, Signature, evenly
from rules.law.profile import Profile, clause_words
from rules.law.session_rules import LeaderForm, SessionFacts
from rules.values.model import CountedDate


@dataclass(frozen=True, slots=True)
class Filing:
    """What every document has: issuer and signers, number and day (None until issued), year, and the law.

    ``regulation`` is the regulation in full (:func:`regulation_of`), ``committee`` the city's People's Committee,
    ``board`` the Editorial Board; ``archive`` is the last line of ``Nơi nhận``.
    """

    letterhead: Letterhead
    signature: Signature
    regulation: str
    committee: str
    board: str
    year: int
    number: int | None = None
    issued_on: date | None = None
    archive: str = "VT, BBT"
    articles: Mapping[str, str] = field(default_factory=dict)
    """The articles of the regulation by the ids of the profile's rules."""

    def article(self, rule: str) -> str:
        """``khoản 2 Điều 15`` for a rule's id; the plain word where the profile has no such rule."""
        return self.articles.get(rule) or "quy định của"


def articles_of(profile: Profile) -> dict[str, str]:
    """The articles that papers cite, by the ids of the profile's rules."""
    return {rule.id: clause_words(rule.clause) for rule in profile.rules if rule.clause}


def regulation_of(profile: Profile) -> str:
    """The regulation as a legal ground cites it: title, number and day of the decision, and its issuer."""
    return f"{profile.title} {profile.regulation.removeprefix('Quy chế ')}"


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader who answers or chairs: full name, position, and the body led."""

    name: str
    title: str
    body: str = ""

    @property
    def shown(self) -> str:
        """``Ông/Bà NAME, TITLE`` as a line of a plan."""
        return ", ".join(part for part in (self.name, self.title, self.body) if part)


@dataclass(frozen=True, slots=True)
class Task:
    """A task: who does what, until when."""

    body: str
    text: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A dated duty of the session with its norm, from :class:`rules.values.model.CountedDate`."""

    duty: str
    due: CountedDate


@dataclass(frozen=True, slots=True)
class Session:
    """A session as documents describe it; ``minutes`` long from ``start``."""

    topic: str
    start: datetime
    minutes: int
    place: str
    chair: Leader
    level: str = "city"
    """city or unit"""

    @property
    def end(self) -> datetime:
        """The planned end."""
        return self.start + timedelta(minutes=self.minutes)


def session_of(session: SessionFacts) -> Session:
    """A register's session as documents describe it."""
    form = session.form
    return Session(form.topic, session.starts_at, form.minutes, form.place, leader_of(form.chair), form.level)


def leader_of(form: LeaderForm) -> Leader:
    """A leader as documents name one."""
    return Leader(form.name, form.title, form.body)


@dataclass(frozen=True, slots=True)
class ProposalInput:
    """The proposal of topic and chair (7.1, 7.2, 11.1); ``decides`` is who is asked, such as the city's Chairman."""

    filing: Filing
    session: Session
    decides: str
    reasons: tuple[str, ...]
    units: tuple[str, ...]
    direction: str = ""
    """Reference of the city's direction that an ad hoc session needs (6.1)."""


@dataclass(frozen=True, slots=True)
class PlanInput:
    """The plan with every field of 9.2."""

    filing: Filing
    session: Session
    purpose: tuple[str, ...]
    requirements: tuple[str, ...]
    manner: tuple[str, ...]
    leaders: tuple[Leader, ...]
    coordination: tuple[Task, ...]
    steps: tuple[Step, ...] = ()
    proposal: str = ""
    """The approved proposal on which the plan is based, such as ``Tờ trình số 02/TTr-BBT ngày 05/11/2026``."""
    decided: str = ""
    """The decision on topic and chair, as recorded: ``Công văn số 12/UBND-VX ngày 06/11/2026``."""
    units: tuple[str, ...] = ()
    """The units of the session, which get the plan."""


@dataclass(frozen=True, slots=True)
class PortalNoticeInput:
    """The notice of 5.3; ``ways`` are the ways to send questions (mailbox, web form, telephone, post)."""

    filing: Filing
    session: Session
    manner: tuple[str, ...]
    leaders: tuple[Leader, ...]
    ways: tuple[str, ...]
    plan: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in the form sent to a unit, with the data of 21.1 that the unit needs to answer."""

    code: str
    subject: str
    content: str
    received_at: datetime
    asker: str
    address: str = ""
    phone: str = ""
    email: str = ""
    field: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForwardingInput:
    """The letter that forwards questions to a unit (10.1.c, 10.1.g); ``supporting`` units help the lead."""

    filing: Filing
    unit: str
    questions: tuple[AskedQuestion, ...]
    due: CountedDate
    mailbox: str
    supporting: tuple[str, ...] = ()
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that a unit still owes an answer to."""

    code: str
    subject: str
    forwarded_on: date
    due: CountedDate
    days_late: int


@dataclass(frozen=True, slots=True)
class UrgingInput:
    """The letter that urges a late unit (16.2); ``reply_by`` is the requested day."""

    filing: Filing
    unit: str
    questions: tuple[OpenQuestion, ...]
    reply_by: date
    as_of: date
    mailbox: str


@dataclass(frozen=True, slots=True)
class BodyAnswer:
    """A body's answer and its signer (15.2)."""

    body: str
    text: str
    signer: str = ""
    signer_title: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class ScriptQuestion:
    """A question of the script; ``same_as`` names the similar question that it follows ("" = none).

    ``asker`` is what may be read out, such as a name and a ward. Questions are never merged: each asker is told.
    """

    code: str
    field: str
    topic: str
    text: str
    asker: str = ""
    same_as: str = ""
    answers: tuple[BodyAnswer, ...] = ()
    unit: str = ""
    """The unit asked for the answer, "" while none is."""


@dataclass(frozen=True, slots=True)
class ScriptInput:
    """The script of 9.3."""

    filing: Filing
    session: Session
    leaders: tuple[Leader, ...]
    questions: tuple[ScriptQuestion, ...]
    plan: str = ""


@dataclass(frozen=True, slots=True)
class RecordInput:
    """The questions and answers of a session (10.1.l, 10.2); ``later`` are questions answered after it."""

    filing: Filing
    session: Session
    started: datetime
    ended: datetime
    questions: tuple[ScriptQuestion, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSheetInput:
    """What the day needs: the questions in their order; ``leaders`` are names with their bodies."""

    filing: Filing
    session: Session
    questions: tuple[ScriptQuestion, ...]
    leaders: tuple[tuple[str, str], ...] = ()
    phone: str = ""


Filled = str | int | Sequence[str] | None


class IncompleteDocument(DoithoaiError):  # noqa: N818 - it names what is wrong, as the others do
    """A required field is empty. The text names document, field (English and Vietnamese), and the clause."""


def require(document: str, clause: str, fields: Mapping[str, Filled]) -> None:
    """Raises :class:`IncompleteDocument` naming every empty field.

    A text without letter or digit ("…", "-"), a list without entries, or one with an empty entry counts as empty.
    """
    gaps = [name for name, value in fields.items() if not _filled(value)]
    if gaps:
        verb = "is" if len(gaps) == 1 else "are"
        raise IncompleteDocument(f"{document} refused: {'; '.join(gaps)} {verb} empty (clause {clause})")


def _filled(value: Filled) -> bool:
    if value is None:
        return False
    if isinstance(value, int):
        return value > 0
    if isinstance(value, str):
        return any(sign.isalnum() for sign in value)
    return bool(value) and all(_filled(one) for one in value)


def session_fields(session: Session) -> Iterator[tuple[str, Filled]]:
    """The fields that every description of a session requires."""
    yield "topic (chủ đề)", session.topic
    yield "chair's full name (họ tên người chủ trì)", session.chair.name
    yield "chair's position (chức vụ người chủ trì)", session.chair.title


def leader_fields(leaders: Iterable[Leader]) -> Iterator[tuple[str, Filled]]:
    """Full name and position of each leader who answers (9.2)."""
    found = list(leaders)
    if not found:
        yield "leaders who answer (lãnh đạo trả lời)", None
    for number, leader in enumerate(found, start=1):
        yield f"full name of leader {number} (họ tên lãnh đạo trả lời)", leader.name
        yield f"position of leader {number} (chức vụ lãnh đạo trả lời)", leader.title


BOARD_SIGN = "BBT"
"""The Board's abbreviation in the numbers of its papers."""


def unit_filing(filing: Filing, name: str, sign: str, signer: str) -> Filing:
    """The filing of a paper that another body issues; ``signer`` may be "" in a draft."""
    head = replace(filing.letterhead, issuer=evenly(name), abbreviation=sign)
    archive = f"VT, {sign}"
    return replace(filing, letterhead=head, signature=Signature(("GIÁM ĐỐC",), signer), board=name, archive=archive)


def board_filing(config: Config, profile: Profile, year: int) -> Filing:
    """The head, signature and law of every paper; the year is the city's."""
    board = config.board
    committee = f"{profile.roles['city']} {board.city}"
    broken = committee.replace("Ủy ban nhân dân ", "Ủy ban nhân dân\n", 1)
    return Filing(
        letterhead=Letterhead(broken, evenly(board.name), BOARD_SIGN, board.city),
        signature=Signature(("TRƯỞNG BAN",), board.head.name),
        regulation=regulation_of(profile),
        committee=committee,
        board=board.name,
        year=year,
        articles=articles_of(profile),
    )
