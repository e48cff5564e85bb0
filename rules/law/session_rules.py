"""A session of dialogue: the proposal, when it is allowed (6.1, 6.2), and its state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from pydantic import TypeAdapter

from rules.law.deadlines import session_duties, session_notes
from rules.law.profile import Profile, Rule
from rules.law.working_days import Calendar, city_day, short_date
from rules.values.model import CountedDate

STRICT = {"extra": "forbid"}


class SessionStatus(StrEnum):
    """A session's states (docs/states.md); ``cancelled`` may follow every one before ``held``."""

    PROPOSED = "proposed"
    TOPIC_APPROVED = "topic_approved"
    PLAN_APPROVED = "plan_approved"
    PLAN_ISSUED = "plan_issued"
    ANNOUNCED = "announced"
    SCRIPT_APPROVED = "script_approved"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


BEFORE_HELD = (
    SessionStatus.PROPOSED,
    SessionStatus.TOPIC_APPROVED,
    SessionStatus.PLAN_APPROVED,
    SessionStatus.PLAN_ISSUED,
    SessionStatus.ANNOUNCED,
    SessionStatus.SCRIPT_APPROVED,
)
RECEIVING = (SessionStatus.ANNOUNCED, SessionStatus.SCRIPT_APPROVED)
"""A session takes questions from its notice until it ends (5.3)."""
HOLDABLE = (SessionStatus.PLAN_ISSUED, *RECEIVING)
"""A session with an issued plan takes place, even where its notice comes late; that is on record by its own duty."""


CHAIR_RULES = {"city": "chair_city", "unit": "chair_unit"}
"""The profile's rule on the chair of a session, by the session's level (7.1, 7.2)."""
LONGEST_OVERTIME = timedelta(hours=6)
"""A session whose end nobody has recorded takes questions this long after its planned end."""


class PaperKind(StrEnum):
    """The papers that are approved by mail, and the run sheet."""

    PROPOSAL = "proposal"
    PLAN = "plan"
    NOTICE = "notice"
    SCRIPT = "script"
    RECORD = "record"
    """The questions and answers of a session, for the Head's approval before they are posted (10.1.l, 10.2)."""
    RUN_SHEET = "run_sheet"
    """Run sheet, question cards and minutes of the day; nobody needs to approve them."""
    ANSWER = "answer"
    QUARTERLY = "quarterly"
    REPORT = "report"
    REVIEW = "review"
    EVIDENCE = "evidence"


ROUTINE_PAPERS = {
    "quarterly_plan": PaperKind.QUARTERLY,
    "half_year_report": PaperKind.REPORT,
    "annual_report": PaperKind.REPORT,
    "review_pack": PaperKind.REVIEW,
    "evidence": PaperKind.EVIDENCE,
}
"""The kind of paper that each ``document`` of a yearly duty stands for."""


class Mark(StrEnum):
    """The outcome of a question in a session (10.1.g–k)."""

    ANSWERED = "answered"
    ELSEWHERE = "g"
    OUTSIDE = "h"
    LATER = "i"
    NEVER = "k"


MARK_NAMES: Mapping[Mark, str] = {
    Mark.ANSWERED: "trả lời tại phiên",
    Mark.ELSEWHERE: "chuyển đơn vị khác",
    Mark.OUTSIDE: "ngoài phạm vi của thành phố",
    Mark.LATER: "trả lời sau phiên",
    Mark.NEVER: "không trả lời",
}
"""How an outcome is called where people read of it."""
MARKS_WITH_POINT: Mapping[str, str] = {
    one.value: name if one is Mark.ANSWERED else f"{name} (điểm {one.value})" for one, name in MARK_NAMES.items()
}
"""The same by the register's values, with the point of 10.1 that each rests on."""


@dataclass(frozen=True, slots=True)
class LeaderForm:
    """Who chairs or answers: full name and position (9.2)."""

    __pydantic_config__ = STRICT

    name: str = ""
    title: str = ""
    body: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TaskForm:
    """Who coordinates what, and until when (9.2)."""

    __pydantic_config__ = STRICT

    body: str
    text: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class SessionForm:
    """A proposal, with the keys of the TOML form. ``start`` is city time without zone, or an aware instant.

    ``units`` are the codes of the units whose fields the session covers; () covers all fields.
    ``direction`` is the reference of the city's direction, which an ad hoc session needs (6.1).
    """

    __pydantic_config__ = STRICT

    topic: str
    start: datetime
    level: str = "city"
    unit: str = ""
    minutes: int = 120
    place: str = ""
    chair: LeaderForm = LeaderForm()
    leaders: tuple[LeaderForm, ...] = ()
    units: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    manner: tuple[str, ...] = ()
    coordination: tuple[TaskForm, ...] = ()
    ways: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    ad_hoc: bool = False
    direction: str = ""
    decided: str = ""

    def chair_rule(self, profile: Profile) -> Rule | None:
        """The rule by which topic, time and chair are decided and the others are summoned (7.1, 7.2)."""
        return profile.find(CHAIR_RULES.get(self.level, ""))

    def chair_clause(self, profile: Profile) -> str:
        """Its clause; "" where the profile has no such rule."""
        rule = self.chair_rule(profile)
        return rule.clause if rule else ""


@cache
def form_adapter() -> TypeAdapter[SessionForm]:
    """The adapter that checks a session form and converts it to JSON and back."""
    return TypeAdapter(SessionForm)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session in its present state."""

    id: int
    code: str
    status: SessionStatus
    starts_at: datetime
    form: SessionForm
    moves: int = 0
    withdrawn_plans: int = 0
    """How many plans of it were decided on and then replaced, so that its states began again."""
    answering: tuple[str, ...] = ()
    """The units that answer one of its questions, also those of other fields."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    link: str = ""
    record_link: str = ""
    """Where article and recording can be found once they are posted (5.2)."""

    @property
    def day(self) -> date:
        """The day from which limits are counted: that of the recorded end, else the planned one."""
        return city_day(self.ended_at or self.starts_at)

    @property
    def planned_end(self) -> datetime:
        """When the session ends unless another end is recorded."""
        return self.starts_at + timedelta(minutes=self.form.minutes)

    def is_receiving(self, now: datetime) -> bool:
        """True from its notice until its end (5.3), which is recorded or long overdue: it begins even if nobody
        records the beginning."""
        end = self.ended_at or self.planned_end + LONGEST_OVERTIME
        return self.status in RECEIVING and now < end

    def has_begun(self, now: datetime) -> bool:
        """True while it runs and afterwards; what is asked and answered in it may then be reported."""
        if self.status in RECEIVING or (self.status in HOLDABLE and self.started_at is not None):
            return now >= (self.started_at or self.starts_at)
        return self.status in {SessionStatus.HELD, SessionStatus.CLOSED}

    def is_running(self, now: datetime) -> bool:
        """True when it has begun, by record or plan, and its end is not recorded."""
        return self.is_receiving(now) and self.has_begun(now)

    def takes(self, units: Sequence[str], now: datetime) -> bool:
        """True when a question for these lead units belongs to it: announced, not over, and covering their fields."""
        if not self.is_receiving(now):
            return False
        return not self.form.units or (bool(units) and set(units) <= set(self.form.units))

    def due(self, rule: str, profile: Profile, calendar: Calendar) -> CountedDate:
        """The date of one of the session's duties. Raises ValueError when the profile has no such rule."""
        for due in session_duties(self.day, profile, calendar):
            if due.rule == rule:
                return due
        raise ValueError(f"profile {profile.name} has no session rule {rule!r}")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file of a paper; ``data`` is b"" when only its name and digest are known."""

    name: str
    type: str
    sha256: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Paper:
    """A text for approval: the approval binds to ``digest``, and ``text`` is what the mail shows."""

    kind: PaperKind
    title: str
    digest: str
    text: str
    files: tuple[PaperFile, ...] = ()
    about: str = ""
    """The key of the routine duty that the paper is for."""
    documents: str = ""
    """The data behind the files, to build them again with number and date once the paper is approved."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A stored paper; status is shown, approved, returned or void; ``asked`` counts the requests for its approval."""

    id: int
    kind: PaperKind
    digest: str
    title: str
    text: str
    status: str
    session_id: int | None = None
    question_id: int | None = None
    files: tuple[PaperFile, ...] = ()
    asked: int = 0
    about: str = ""
    number: str = ""
    """``05/KH-BBT`` once it is issued; "; " separates several documents in one paper."""
    issued_on: date | None = None
    last_number: int = 0
    """The last number taken in its series, for checking a number that somebody names for it."""
    last_year_number: int = 0
    """The same of the year before, for one that was signed then."""
    sign: str = ""
    """``KH-BBT``: what stands behind the numbers of its series."""
    waiting: tuple[str, ...] = ()
    """The addresses of those who were asked to approve it and have not answered yet."""

    def taken(self, number: int | None, text: str = "") -> str:
        """Why the paper cannot have this number, or the sign that is ``text`` behind it; "" when it can."""
        if number is None:
            return ""
        signs = re.findall(rf"(?<!\d)0*{number}\s?/\s?([^\W\d_][\w-]*)", text) if self.sign else []
        if signs and not any(_bare(self.sign).startswith(_bare(one)) for one in signs):
            right = f"nếu văn bản này mang số {number:02d}/{self.sign}, xin ghi lại như vậy"
            return f"Văn bản này thuộc sổ số ký hiệu {self.sign}, không phải {signs[0]}; {right}"
        if number > self.last_number:
            return ""
        last = f"số cuối cùng đã cấp cho loại văn bản này trong năm là {self.last_number:02d}"
        return f"Số {number:02d} đã được cấp ({last}); xin kiểm tra và ghi số khác"


def _bare(sign: str) -> str:
    """A register's sign for comparison; "Đ" is the only letter with a mark in signs ("QĐ", typed "qd")."""
    return sign.upper().replace("Đ", "D")


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A request for approval, its paper, and what that paper belongs to."""

    id: int
    token: str
    digest: str
    person: str
    status: str
    paper: PaperFacts
    session: SessionFacts | None = None
    waiting: tuple[str, ...] = ()
    """The others who were asked to approve the same paper and have not answered yet."""
    approved: tuple[str, ...] = ()
    """Who has approved the paper already."""
    replaced: bool = False
    """Whether another text has taken the paper's place."""

    @property
    def is_gone(self) -> bool:
        """True for a question's text that was taken back, and that no other has replaced: none is on the portal."""
        return self.paper.kind is PaperKind.ANSWER and self.paper.status == "void" and not self.replaced

    @property
    def words(self) -> str:
        """The paper's own words, with the session's number, topic and day, by which a leader may name it."""
        own = f"{self.paper.title}\n{self.paper.text}"
        of = self.session
        return f"{own}\n{of.code} {of.form.topic} {short_date(city_day(of.starts_at))}" if of is not None else own


def approval_key(token: str) -> str:
    """The key of the duty under which a request for approval waits."""
    return f"approve:{token}"


def notes_on(form: SessionForm, profile: Profile, calendar: Calendar, today: date) -> tuple[str, ...]:
    """What is inconvenient about the day (S-7 in Tết, S-3 and S-2 on one day, limits already past)."""
    return session_notes(city_day(form.start), profile, calendar, today)
