"""Computes every "ngày" of the regulation as a date with its reason, and when mail may be sent.

The profile defines the duties, :mod:`rules.law.day_counting` turns their limits into dates. Instants are
aware and in UTC; the city's clock is UTC+7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from rules.law.day_counting import Direction, Roll, count, count_fixed
from rules.law.profile import Profile, Rule, Span
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, Calendar, city_day, due_instant, short_date, vn_date
from rules.values.model import CountedDate

__all__ = [
    "AtOnce",
    "MovedDuty",
    "Reminder",
    "ReminderKind",
    "add_working_hours",
    "at_once_limits",
    "due_instant",
    "hour_limit",
    "in_send_window",
    "limit_label",
    "moved_duties",
    "next_send_instant",
    "question_due",
    "reminders",
    "session_duties",
    "session_notes",
    "yearly_duties",
]


class ReminderKind(StrEnum):
    """Which notice a reminder is; the values are names of templates."""

    BEFORE = "unit_reminder"
    TODAY = "unit_due_today"
    OVERDUE = "unit_overdue"
    ESCALATE = "office_urge"
    CITIZEN = "citizen_late"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice and the working day on which it is sent."""

    day: date
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The two instants of a duty of "ngay": when an officer is alarmed, and when it is late."""

    alarm: datetime
    late: datetime


@dataclass(frozen=True, slots=True)
class MovedDuty:
    """A duty whose date changes with another session day or another calendar."""

    rule: Rule
    before: CountedDate
    after: CountedDate


def session_duties(session_day: date, profile: Profile, calendar: Calendar) -> tuple[CountedDate, ...]:
    """All dated duties of a session held (and ended) on that day, in the profile's order (10.1 and others).

    For a duty of "ngay": the last day on which it is not yet late. Raises OverflowError near the years 1 and 9999.
    """
    return tuple(_count(rule, session_day, profile, calendar) for rule in profile.session_rules())


def question_due(event: str, start: date, profile: Profile, calendar: Calendar) -> CountedDate:
    """When the duty ``event`` (a rule's id, such as ``answer_no_session``) is due, counted from ``start``.

    Raises ValueError when the profile has no such rule, or the rule counts no days.
    """
    return _count(profile.rule(event), start, profile, calendar)


def _count(rule: Rule, start: date, profile: Profile, calendar: Calendar) -> CountedDate:
    limit = profile.limit(rule)
    if limit is None:
        raise ValueError(f"rule {rule.id} of profile {profile.name} counts no days")
    return count(start, limit, _counting_calendar(profile, calendar), profile.grounds(rule))


def _counting_calendar(profile: Profile, calendar: Calendar) -> Calendar:
    return calendar if profile.options.swapped_days_off else calendar.without_swaps()


def yearly_duties(year: int, profile: Profile, calendar: Calendar) -> tuple[CountedDate, ...]:
    """The routine duties of a year in order of date: quarterly plans (16.1), reports (22), review (11.6)."""
    used = _counting_calendar(profile, calendar)
    dues = [
        count_fixed(date.fromisoformat(f"{year:04d}-{text}"), rule.roll or Roll.NEXT, used, profile.grounds(rule))
        for rule in profile.rules
        for text in rule.yearly
    ]
    return tuple(sorted(dues, key=lambda due: due.on))


def hour_limit(event: str, at: datetime, profile: Profile) -> datetime:
    """When a limit in hours ends (72 hours after a data breach is found); days off count as well."""
    hours = profile.rule(event).hours
    if hours is None:
        raise ValueError(f"rule {event} of profile {profile.name} counts no hours")
    return at.astimezone(UTC) + timedelta(hours=hours)


def at_once_limits(at: datetime, profile: Profile, calendar: Calendar) -> AtOnce:
    """The two limits of a duty of "ngay" that arose at an instant (defaults where the text gives none)."""
    options = profile.options
    used = _counting_calendar(profile, calendar)
    late_day = working_days_from(city_day(at), options.at_once_late_working_days, used)
    alarm = add_working_hours(at, options.at_once_alarm_working_hours, used, profile)
    return AtOnce(alarm=alarm, late=due_instant(late_day))


def add_working_hours(at: datetime, hours: float, calendar: Calendar, profile: Profile | None = None) -> datetime:
    """The instant ``hours`` working hours after ``at``; 0 gives the next working moment.

    Working hours are those of ``profile``, or of the default profile.
    """
    left = timedelta(hours=hours)
    for start, end in _working_spans(at, calendar, profile or load_profile()):
        begin = max(start, at)
        if begin < end and left <= end - begin:
            return (begin + left).astimezone(UTC)
        left -= max(end - begin, timedelta(0))
    raise OverflowError("no working hours are left")


def _working_spans(at: datetime, calendar: Calendar, profile: Profile) -> Iterator[tuple[datetime, datetime]]:
    day = calendar.on_or_after(city_day(at))
    while True:
        for span in profile.working_hours:
            yield _at(day, span.start), _at(day, span.end)
        day = calendar.next_working_day(day)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, CITY_ZONE)


def in_send_window(now: datetime, profile: Profile, calendar: Calendar) -> bool:
    """True on working days within the profile's sending hours, closing minute excluded."""
    start, end = _send_span(city_day(now), profile.send_window)
    return calendar.is_working_day(city_day(now)) and start <= now < end


def next_send_instant(now: datetime, profile: Profile, calendar: Calendar) -> datetime:
    """``now`` when reminders may be sent, else the next opening of the sending hours, in UTC."""
    day = city_day(now)
    if in_send_window(now, profile, calendar):
        return now.astimezone(UTC)
    start, _ = _send_span(day, profile.send_window)
    if not (calendar.is_working_day(day) and now < start):
        start, _ = _send_span(calendar.next_working_day(day), profile.send_window)
    return start.astimezone(UTC)


def _send_span(day: date, span: Span) -> tuple[datetime, datetime]:
    return _at(day, span.start), _at(day, span.end)


def reminders(due: date, profile: Profile, calendar: Calendar) -> tuple[Reminder, ...]:
    """The reminders for a duty due on ``due``, in order of day; never on a day off (16.2 for the escalation)."""
    plan = profile.reminders
    found = [Reminder(working_days_from(due, -n, calendar), ReminderKind.BEFORE) for n in plan.before_due]
    if plan.on_due_day:
        found.append(Reminder(calendar.on_or_before(due), ReminderKind.TODAY))
    found += [Reminder(working_days_from(due, n, calendar), ReminderKind.OVERDUE) for n in plan.after_due]
    for kind, days in ((ReminderKind.ESCALATE, plan.escalate_after), (ReminderKind.CITIZEN, plan.citizen_after)):
        found.append(Reminder(working_days_from(due, days, calendar), kind))
    return tuple(sorted(found, key=lambda one: one.day))


def working_days_from(day: date, working_days: int, calendar: Calendar) -> date:
    """The working day so many working days after a day; before it for a negative number."""
    for _ in range(abs(working_days)):
        day = calendar.next_working_day(day) if working_days > 0 else calendar.previous_working_day(day)
    return day


def moved_duties(
    old: tuple[CountedDate, ...], new: tuple[CountedDate, ...], profile: Profile
) -> tuple[MovedDuty, ...]:
    """The duties, matched by rule, whose last day differs: to notify again when a session or the table changes."""
    after = {due.rule: due for due in new}
    return tuple(
        MovedDuty(profile.rule(due.rule), due, after[due.rule])
        for due in old
        if due.rule in after and after[due.rule].on != due.on
    )


def session_notes(
    session_day: date, profile: Profile, calendar: Calendar, today: date | None = None
) -> tuple[str, ...]:
    """What is inconvenient about a session on that day, as Vietnamese sentences for the planner; () = nothing.

    With ``today``, also the duties whose last day has already passed.
    """
    rules = tuple(rule for rule in profile.session_rules() if not rule.at_once)
    dated = tuple((rule, _count(rule, session_day, profile, calendar)) for rule in rules)
    return (
        *_day_notes(session_day, profile, calendar),
        *_same_day_notes(dated),
        *_holiday_notes(dated, calendar),
        *_provisional_notes(dated),
        *_past_notes(dated, today),
    )


Dated = tuple[tuple[Rule, CountedDate], ...]


def _day_notes(day: date, profile: Profile, calendar: Calendar) -> Iterator[str]:
    if calendar.is_day_off(day):
        yield f"Ngày tổ chức phiên ({vn_date(day)}) là ngày nghỉ: {calendar.why_off(day)}."
    if day < profile.valid_from:
        yield f"Ngày tổ chức phiên trước ngày Quy chế có hiệu lực ({short_date(profile.valid_from)})."


def limit_label(rule: Rule) -> str:
    """``S-3`` or ``S+15`` for a duty counted in days from a session, ``ngay`` for one "at once", else ""."""
    if rule.at_once:
        return "ngay"
    if rule.days is None:
        return ""
    return f"S{'-' if rule.direction is Direction.BEFORE else '+'}{rule.days}"


def _label(rule: Rule) -> str:
    return f"{limit_label(rule)} ({rule.clause})"


def _same_day_notes(dated: Dated) -> Iterator[str]:
    """Two different limits fall on one day, which leaves no time for the work between them."""
    own = [pair for pair in dated if pair[0].basis == "text"]
    for (first, due), (second, other) in pairwise(own):
        if first.days != second.days and due.on == other.on:
            yield f"{_label(first)} và {_label(second)} trùng một ngày: {vn_date(due.on)}."


def _holiday_notes(dated: Dated, calendar: Calendar) -> Iterator[str]:
    for rule, due in dated:
        holidays = [skip for skip in due.skipped if calendar.is_holiday(skip.day)]
        if rule.basis == "text" and due.rolled and holidays:
            yield (
                f"{_label(rule)} rơi vào kỳ nghỉ, {vn_date(holidays[0].day)} ({holidays[0].why}), "
                f"nên phải xong vào {vn_date(due.on)}."
            )


def _provisional_notes(dated: Dated) -> Iterator[str]:
    found = [_label(rule) for rule, due in dated if due.provisional and rule.basis == "text"]
    if found:
        yield f"Tạm tính vì lịch nghỉ của năm chưa được đối chiếu với thông báo chính thức: {', '.join(found)}."


def _past_notes(dated: Dated, today: date | None) -> Iterator[str]:
    for rule, due in dated:
        if today is not None and rule.basis == "text" and due.on < today:
            yield f"Đã quá hạn {_label(rule)}: {vn_date(due.on)}."
