"""Turns a number of days into a defensible due date, with its reason in Vietnamese.

Civil Code 2015, Art. 147.2: the first day does not count. Art. 148.5: a limit whose last day is a day off ends
with the next working day. Art. 148.6: it ends at 24:00. A limit that runs backwards ("ít nhất N ngày trước")
rolls backwards instead, because rolling forward would leave fewer than N days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from rules.law.working_days import ONE_DAY, Calendar, short_date, vn_date
from rules.values.model import CountedDate, SkippedDay


class Direction(StrEnum):
    """The direction in which days are counted from the start event."""

    BEFORE = "before"
    AFTER = "after"


class DayUnit(StrEnum):
    """Which days are counted."""

    CALENDAR = "calendar_days"
    WORKING = "working_days"


class Roll(StrEnum):
    """Where a date that falls on a day off moves to."""

    NEXT = "next"
    PREVIOUS = "previous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """``days`` whole days ``direction`` the start event. ``clear_days`` requires that many full days in between."""

    days: int
    direction: Direction
    unit: DayUnit = DayUnit.CALENDAR
    roll: Roll = Roll.NONE
    clear_days: bool = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a counted date cites: the rule's id and clause, the clause in words, the start event, the counting law."""

    rule: str
    clause: str
    cite: str
    event: str
    counting_law: str = ""
    preface: str = ""
    """The opening words of the reason, for a duty whose text gives no number of days."""


def count(start: date, limit: Limit, calendar: Calendar, grounds: Grounds) -> CountedDate:
    """The last day that keeps the limit. Raises OverflowError beyond the years 1 to 9999."""
    raw = _raw_date(start, limit, calendar)
    on = _rolled(raw, limit.roll, calendar)
    skipped = _skipped(start, raw, on, limit, calendar)
    bare = CountedDate(
        on=on,
        raw=raw,
        clause=grounds.clause,
        start=start,
        reason="",
        skipped=skipped,
        provisional=_is_provisional(start, raw, on, limit, calendar),
        calendar_version=calendar.version,
        rule=grounds.rule,
    )
    return replace(bare, reason=_reason(bare, limit, grounds))


def count_fixed(day: date, roll: Roll, calendar: Calendar, grounds: Grounds) -> CountedDate:
    """A duty with a fixed date in the year (such as 15/6), rolled if that is a day off."""
    on = _rolled(day, roll, calendar)
    provisional = roll is not Roll.NONE and any(calendar.is_provisional(d.year) for d in (day, on))
    bare = CountedDate(
        on=on,
        raw=day,
        clause=grounds.clause,
        start=day,
        reason="",
        skipped=_between(day, on, calendar),
        provisional=provisional,
        calendar_version=calendar.version,
        rule=grounds.rule,
    )
    parts = [f"Thời điểm định kỳ: {vn_date(day)}", *_roll_sentences(bare), *_grounds_sentences(bare, grounds)]
    return replace(bare, reason=". ".join(parts) + ".")


def _raw_date(start: date, limit: Limit, calendar: Calendar) -> date:
    before = limit.direction is Direction.BEFORE
    days = limit.days + (1 if before and limit.clear_days else 0)
    if limit.unit is DayUnit.CALENDAR:
        return start + timedelta(days=-days if before else days)
    day = start
    for _ in range(days):
        day = calendar.previous_working_day(day) if before else calendar.next_working_day(day)
    return day


def _rolled(day: date, roll: Roll, calendar: Calendar) -> date:
    if roll is Roll.NEXT:
        return calendar.on_or_after(day)
    return calendar.on_or_before(day) if roll is Roll.PREVIOUS else day


def _between(raw: date, on: date, calendar: Calendar) -> tuple[SkippedDay, ...]:
    """The days off passed over while rolling from ``raw`` to ``on``, ``raw`` first."""
    if on > raw:
        return calendar.days_off_between(raw, on - ONE_DAY)
    return calendar.days_off_between(on + ONE_DAY, raw)[::-1] if on < raw else ()


def _skipped(start: date, raw: date, on: date, limit: Limit, calendar: Calendar) -> tuple[SkippedDay, ...]:
    """The days off that moved the date: those rolled over and, where working days count, those not counted."""
    rolled = _between(raw, on, calendar)
    if limit.unit is DayUnit.CALENDAR or raw == start:
        return rolled
    if raw > start:
        return calendar.days_off_between(start + ONE_DAY, raw) + rolled
    return calendar.days_off_between(raw, start - ONE_DAY)[::-1] + rolled


def _is_provisional(start: date, raw: date, on: date, limit: Limit, calendar: Calendar) -> bool:
    """Whether the count looked up a day in a year that nobody has confirmed."""
    looked_up = {raw, on} if limit.roll is not Roll.NONE else set()
    if limit.unit is DayUnit.WORKING and limit.days:
        towards = ONE_DAY if limit.direction is Direction.AFTER else -ONE_DAY
        looked_up |= {start + towards, raw}
    if not looked_up:
        return False
    years = range(min(looked_up).year, max(looked_up).year + 1)
    return any(calendar.is_provisional(year) for year in years)


CALENDAR = "Lịch ngày nghỉ phiên bản"


def without_calendar(reason: str) -> str:
    """The reason of a date without the calendar that it was counted on, which mails about a duty leave out."""
    return reason.partition(f" {CALENDAR}")[0]


def _reason(due: CountedDate, limit: Limit, grounds: Grounds) -> str:
    kind = "ngày làm việc" if limit.unit is DayUnit.WORKING else "ngày"
    start = f"{grounds.event} ({vn_date(due.start)})"
    if limit.direction is Direction.BEFORE:
        clear = " trọn" if limit.clear_days else ""
        rule = f"Trước {start} ít nhất {limit.days:02d} {kind}{clear}"
    else:
        rule = f"Chậm nhất {limit.days:02d} {kind} kể từ {start}"
    rule += f", không tính ngày đầu: {vn_date(due.raw)}"
    preface = [grounds.preface] if grounds.preface else []
    return ". ".join([*preface, rule, *_roll_sentences(due), *_grounds_sentences(due, grounds)]) + "."


def _roll_sentences(due: CountedDate) -> list[str]:
    sentences = []
    if due.skipped:
        days = "; ".join(f"{short_date(skip.day)} ({skip.why})" for skip in due.skipped)
        sentences.append(f"Bỏ qua các ngày nghỉ: {days}")
    if due.on > due.raw:
        sentences.append(f"Ngày cuối là ngày nghỉ nên chuyển sang ngày làm việc tiếp theo: {vn_date(due.on)}")
    if due.on < due.raw:
        sentences.append(f"Ngày cuối là ngày nghỉ nên lùi về ngày làm việc liền trước: {vn_date(due.on)}")
    return sentences


def _grounds_sentences(due: CountedDate, grounds: Grounds) -> list[str]:
    law = f"; {grounds.counting_law}" if grounds.counting_law else ""
    sentences = [f"Thời hạn kết thúc lúc 24 giờ cùng ngày. Căn cứ: {grounds.cite}{law}"]
    note = " (tạm tính, chưa đối chiếu với thông báo nghỉ chính thức của năm)" if due.provisional else ""
    sentences.append(f"{CALENDAR} {due.calendar_version}{note}")
    return sentences
