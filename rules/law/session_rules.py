"""A session of dialogue: what is proposed, what may be proposed (6.1, 6.2), and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.law.deadlines import session_duties, session_notes
from rules.law.profile import Profile
from rules.law.working_days import Calendar, city_day
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
"""Questions are taken for a session from the notice until it ends (5.3)."""


LONGEST_OVERTIME = timedelta(hours=6)
"""So long after its planned end a session whose end nobody has told still takes questions."""


class PaperKind(StrEnum):
    """What is approved by mail."""

    PROPOSAL = "proposal"
    PLAN = "plan"
    NOTICE = "notice"
    SCRIPT = "script"
    RECORD = "record"
    """What was asked and answered in a session, for the Head before it is posted (10.1.l, 10.2)."""
    RUN_SHEET = "run_sheet"
    """Run sheet, question cards and minutes of the day; nobody approves them."""
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
"""Which paper the ``document`` of a yearly duty is."""


class Mark(StrEnum):
    """What became of a question in a session (10.1.g–k)."""

    ANSWERED = "answered"
    ELSEWHERE = "g"
    OUTSIDE = "h"
    LATER = "i"
    NEVER = "k"


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
    """Who coordinates what, until when (9.2)."""

    __pydantic_config__ = STRICT

    body: str
    text: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class SessionForm:
    """What is proposed: the TOML form, key by key. ``start`` is the city's clock without zone, or an aware instant.

    ``units`` are the codes of the units in whose fields the session lies; () takes every field.
    ``direction`` is the reference of the city's direction that an ad hoc session needs (6.1).
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


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as it stands."""

    id: int
    code: str
    status: SessionStatus
    starts_at: datetime
    form: SessionForm
    moves: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    link: str = ""
    record_link: str = ""
    """Where article and recording stand once they are posted (5.2)."""

    @property
    def day(self) -> date:
        """The day that limits before and after it are counted from: the recorded end's, else the planned one."""
        return city_day(self.ended_at or self.starts_at)

    @property
    def planned_end(self) -> datetime:
        """When it ends if nothing else is recorded."""
        return self.starts_at + timedelta(minutes=self.form.minutes)

    def is_receiving(self, now: datetime) -> bool:
        """Questions are taken: announced and not over (5.3); one that has begun goes on until its end is told."""
        end = self.ended_at or (self.planned_end if self.started_at is None else self.planned_end + LONGEST_OVERTIME)
        return self.status in RECEIVING and now < end

    def has_begun(self, now: datetime) -> bool:
        """It runs or is over; what is asked and answered in it may be told."""
        if self.status in RECEIVING:
            return now >= (self.started_at or self.starts_at)
        return self.status in {SessionStatus.HELD, SessionStatus.CLOSED}

    def is_running(self, now: datetime) -> bool:
        """It has begun, by its record or its plan, and its end is not told."""
        return self.is_receiving(now) and self.has_begun(now)

    def takes(self, units: Sequence[str], now: datetime) -> bool:
        """True when a question for these lead units belongs to it: announced, not over, in its fields."""
        if not self.is_receiving(now):
            return False
        return not self.form.units or (bool(units) and set(units) <= set(self.form.units))

    def due(self, rule: str, profile: Profile, calendar: Calendar) -> CountedDate:
        """The date of one of its duties. Raises ValueError when the profile has no such rule."""
        for one in session_duties(self.day, profile, calendar):
            if one.rule == rule:
                return one
        raise ValueError(f"profile {profile.name} has no session rule {rule!r}")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file of a paper; ``data`` is b"" where only its name and digest are known."""

    name: str
    type: str
    sha256: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Paper:
    """A text to approve, as it is: ``digest`` is what the approval binds to, ``text`` stands in the mail."""

    kind: PaperKind
    title: str
    digest: str
    text: str
    files: tuple[PaperFile, ...] = ()
    about: str = ""
    """The key of the routine duty that it is for."""
    documents: str = ""
    """What the files were made of, for making them again with number and date once it is approved."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A kept paper; status is shown, approved, returned or void; ``asked`` counts the requests for its approval."""

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
    """``05/KH-BBT`` once it is issued; several papers in one are told apart by "; "."""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A request for approval with the paper it is about and what that paper belongs to."""

    id: int
    token: str
    digest: str
    person: str
    status: str
    paper: PaperFacts
    session: SessionFacts | None = None
    waiting: tuple[str, ...] = ()
    """Who else was asked about the same paper and has not answered yet."""


def approval_key(token: str) -> str:
    """The key of the duty under which a request for approval waits."""
    return f"approve:{token}"


def refusals(form: SessionForm, others: Sequence[SessionFacts], profile: Profile) -> tuple[str, ...]:
    """Why the session may not be proposed as it is, one English line each with its clause; () = it may."""
    return (*_form_faults(form, profile), *_too_often(form, others, profile))


def _form_faults(form: SessionForm, profile: Profile) -> Iterator[str]:
    rules = profile.sessions
    if not rules.held:
        yield "the regulation knows no sessions"
        return
    if form.level not in {"city", "unit"}:
        yield f"level must be city or unit, is {form.level!r} (6.1)"
    if form.level == "unit" and not form.unit:
        yield "a session of a unit needs the unit's code (6.1)"
    if not form.topic.strip():
        yield "the topic is empty (7.1)"
    if not rules.minutes_min <= form.minutes <= rules.minutes_max:
        yield f"a session lasts {rules.minutes_min} to {rules.minutes_max} minutes, not {form.minutes} (6.2)"
    if form.ad_hoc and rules.ad_hoc_needs_direction and not form.direction.strip():
        yield "an ad hoc session needs the reference of the city's direction (6.1)"


def _too_often(form: SessionForm, others: Sequence[SessionFacts], profile: Profile) -> Iterator[str]:
    """Clause 6.1: one of the city in six months, one of the units in two, none of a unit in a month of the city."""
    if form.ad_hoc:
        return
    day, rules = city_day(form.start), profile.sessions
    regular = [one for one in others if not one.form.ad_hoc and one.status is not SessionStatus.CANCELLED]
    months = rules.city_every_months if form.level == "city" else rules.unit_every_months
    for one in regular:
        other = city_day(one.starts_at)
        same_level = one.form.level == form.level and (
            form.level == "city" or profile.options.frequency_scope == "city" or one.form.unit == form.unit
        )
        if same_level and _within(day, other, months, profile.options.frequency_windows):
            yield f"{one.code} on {other} is in the same {months} months (6.1); ad hoc needs the city's direction"
        elif one.form.level != form.level and not rules.unit_in_city_month and _month(day) == _month(other):
            yield f"{one.code} on {other}: no session of a unit in a month with one of the city (6.1)"


def _within(day: date, other: date, months: int, windows: str) -> bool:
    if windows == "calendar":
        return _month(day) // months == _month(other) // months
    return abs(_month(day) - _month(other)) < months


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def notes_on(form: SessionForm, profile: Profile, calendar: Calendar, today: date) -> tuple[str, ...]:
    """What is awkward about the day (S-7 in Tết, S-3 and S-2 on one day, limits that are past)."""
    return session_notes(city_day(form.start), profile, calendar, today)
