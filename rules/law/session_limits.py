"""Limits for a session (6.1, 6.2): how often, how long and for whom; and the periods that need one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.law.profile import Profile
from rules.law.session_rules import SessionFacts, SessionForm, SessionStatus
from rules.law.working_days import city_day

LEVELS = ("city", "unit")
OVER = (SessionStatus.HELD, SessionStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Period:
    """Months in which one session of a level has to be held; first and last day are included."""

    level: str
    first: date
    last: date

    @property
    def key(self) -> str:
        """The key that identifies the period."""
        return f"{self.level}:{self.first:%Y-%m}"


def periods(since: date, until: date, profile: Profile) -> Iterator[Period]:
    """All periods of each level that begin between ``since`` and ``until``, both included."""
    if not profile.sessions.held or profile.find("session_frequency") is None:
        return
    for level, months in zip(LEVELS, _months(profile), strict=True):
        for number in range(_month(since) // months, _month(until) // months + 1):
            first = _first_of(number * months)
            if since <= first <= until:
                yield Period(level, first, _first_of((number + 1) * months) - timedelta(days=1))


def period_of(key: str, profile: Profile) -> Period:
    """The period with this key."""
    level, _, month = key.partition(":")
    first = date.fromisoformat(f"{month}-01")
    months = dict(zip(LEVELS, _months(profile), strict=True))[level]
    return Period(level, first, _first_of(_month(first) + months) - timedelta(days=1))


def planned_in(period: Period, sessions: Sequence[SessionFacts]) -> tuple[SessionFacts, ...]:
    """The regular sessions of the period, without cancelled ones."""
    return tuple(
        session
        for session in sessions
        if session.form.level == period.level
        and session.status is not SessionStatus.CANCELLED
        and not session.form.ad_hoc
        and period.first <= city_day(session.starts_at) <= period.last
    )


def refusals(
    form: SessionForm,
    others: Sequence[SessionFacts],
    profile: Profile,
    units: Collection[str] | None = None,
    today: date | None = None,
    own: str = "",
) -> tuple[str, ...]:
    """Why the session is not allowed, one line in English for each reason with its clause; () = it is allowed.

    ``units`` are all known unit codes, ``today`` is the city's day: a session cannot be planned on a past day.
    ``own`` is the session's number if it exists already.
    """
    return (
        *_form_faults(form, profile),
        *_where_and_when(form, units, today),
        *too_often(form, others, profile, own),
    )


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


def _where_and_when(form: SessionForm, units: Collection[str] | None, today: date | None) -> Iterator[str]:
    for code in dict.fromkeys(part for part in (form.unit, *form.units) if part):
        if units is not None and code not in units:
            yield f"there is no unit {code!r} (see units.tsv)"
    day = city_day(form.start)
    if today is not None and day < today:
        yield f"the day {day:%d/%m/%Y} is over"


def length_fault(started_at: datetime, ended_at: datetime, profile: Profile) -> str:
    """Why a recorded length cannot be a session's (6.2): too short, or past midnight; overtime is no fault."""
    if city_day(started_at) != city_day(ended_at):
        return "a session begins and ends on one day (6.2)"
    minutes = int((ended_at - started_at).total_seconds() // 60)
    least = profile.sessions.minutes_min
    return f"a session lasts at least {least} minutes, not {minutes} (6.2)" if minutes < least else ""


def too_often(form: SessionForm, others: Sequence[SessionFacts], profile: Profile, own: str = "") -> Iterator[str]:
    """Clause 6.1: one city session in six months, one unit session in two, no unit session in a city session's month.

    One line in English each; for ``own`` see :func:`refusals`. An ad hoc session does not count for these months, but
    the city's also excludes unit sessions from its month. A unit's session does not prevent a city session: the
    unit's is moved instead (:func:`yielding`).
    """
    if form.ad_hoc or not profile.sessions.held:
        return
    day, rules, options = city_day(form.start), profile.sessions, profile.options
    months = rules.city_every_months if form.level == "city" else rules.unit_every_months
    for session in _held(others, own):
        other = city_day(session.starts_at)
        same_level = session.form.level == form.level and (
            form.level == "city" or options.frequency_scope == "city" or session.form.unit == form.unit
        )
        if same_level and not session.form.ad_hoc and _within(day, other, months, options.frequency_windows):
            yield f"{session.code} on {other} is in the same {months} months (6.1); ad hoc needs the city's direction"
        elif _beside_the_citys(form, session, profile) and form.level == "unit":
            yield f"{session.code} on {other}: no session of a unit in a month with one of the city (6.1)"


def yielding(form: SessionForm, others: Sequence[SessionFacts], profile: Profile, own: str = "") -> tuple[str, ...]:
    """The numbers of unit sessions that must be moved out of the month of a city session (6.1)."""
    if form.level != "city":
        return ()
    beside = (session for session in _held(others, own) if _beside_the_citys(form, session, profile))
    return tuple(session.code for session in beside if session.status not in OVER and not session.form.ad_hoc)


def _held(others: Sequence[SessionFacts], own: str) -> Iterator[SessionFacts]:
    return (session for session in others if session.status is not SessionStatus.CANCELLED and session.code != own)


def _beside_the_citys(form: SessionForm, other: SessionFacts, profile: Profile) -> bool:
    same_month = _month(city_day(form.start)) == _month(city_day(other.starts_at))
    return other.form.level != form.level and not profile.sessions.unit_in_city_month and same_month


def _months(profile: Profile) -> tuple[int, int]:
    return profile.sessions.city_every_months, profile.sessions.unit_every_months


def _within(day: date, other: date, months: int, windows: str) -> bool:
    if windows == "calendar":
        return _month(day) // months == _month(other) // months
    return abs(_month(day) - _month(other)) < months


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
