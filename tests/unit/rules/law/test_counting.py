"""Counting by the Civil Code: the first day out, forward limits roll forward, backward limits roll back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.law.day_counting import DayUnit, Direction, Grounds, Limit, Roll, count, count_fixed, without_calendar
from rules.law.working_days import load_calendar
from rules.values.model import SkippedDay

CALENDAR = load_calendar()
GROUNDS = Grounds("rule", "10.1.g", "điểm g khoản 1 Điều 10", "ngày kết thúc phiên", "Điều 147, Điều 148 BLDS")
STARTS = st.dates(date(2017, 3, 1), date(2026, 6, 1))
NUMBERS = st.integers(0, 60)

BEFORE, AFTER = Direction.BEFORE, Direction.AFTER
WORKING = DayUnit.WORKING


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "limit", "raw", "on"),
    [
        ("2026-11-26", Limit(3, AFTER, roll=Roll.NEXT), "2026-11-29", "2026-11-30"),
        ("2026-11-26", Limit(3, AFTER, roll=Roll.NONE), "2026-11-29", "2026-11-29"),
        ("2026-11-26", Limit(2, BEFORE, roll=Roll.PREVIOUS), "2026-11-24", "2026-11-23"),
        ("2026-11-26", Limit(2, BEFORE, roll=Roll.NONE), "2026-11-24", "2026-11-24"),
        ("2026-11-26", Limit(2, BEFORE, roll=Roll.PREVIOUS, clear_days=True), "2026-11-23", "2026-11-23"),
        ("2026-11-26", Limit(2, BEFORE, WORKING), "2026-11-23", "2026-11-23"),
        ("2026-11-26", Limit(3, BEFORE, WORKING, clear_days=True), "2026-11-19", "2026-11-19"),
        ("2026-02-13", Limit(1, AFTER, WORKING), "2026-02-23", "2026-02-23"),
        ("2026-01-09", Limit(1, AFTER, WORKING), "2026-01-10", "2026-01-10"),  # a Saturday that is worked
        ("2026-01-07", Limit(3, AFTER, roll=Roll.NEXT), "2026-01-10", "2026-01-10"),
        ("2026-01-08", Limit(3, AFTER, roll=Roll.NEXT), "2026-01-11", "2026-01-12"),
        ("2026-11-24", Limit(0, AFTER, roll=Roll.NEXT), "2026-11-24", "2026-11-25"),
    ],
)
def test_limits(start: str, limit: Limit, raw: str, on: str) -> None:
    counted = count(day(start), limit, CALENDAR, GROUNDS)
    assert (counted.raw, counted.on) == (day(raw), day(on))
    assert counted.rolled is (raw != on)


def test_a_date_explains_itself() -> None:
    counted = count(day("2026-02-14"), Limit(3, AFTER, roll=Roll.NEXT), CALENDAR, GROUNDS)
    assert counted.skipped == (
        SkippedDay(day("2026-02-17"), "Tết Nguyên Đán"),
        SkippedDay(day("2026-02-18"), "Mùng hai Tết Nguyên Đán"),
        SkippedDay(day("2026-02-19"), "Mùng ba Tết Nguyên Đán"),
        SkippedDay(day("2026-02-20"), "Mùng bốn Tết Nguyên Đán"),
        SkippedDay(day("2026-02-21"), "thứ Bảy"),
        SkippedDay(day("2026-02-22"), "Chủ nhật"),
    )
    for part in (
        "Chậm nhất 03 ngày kể từ ngày kết thúc phiên (thứ Bảy, ngày 14/02/2026), không tính ngày đầu",
        "thứ Ba, ngày 17/02/2026",
        "18/02/2026 (Mùng hai Tết Nguyên Đán)",
        "chuyển sang ngày làm việc tiếp theo: thứ Hai, ngày 23/02/2026",
        "24 giờ",
        "Căn cứ: điểm g khoản 1 Điều 10; Điều 147, Điều 148 BLDS",
        CALENDAR.version,
    ):
        assert part in counted.reason
    assert "tạm tính" not in counted.reason
    assert (counted.clause, counted.rule, counted.calendar_version) == ("10.1.g", "rule", CALENDAR.version)


def test_backward_rolls_are_told_as_such() -> None:
    counted = count(day("2026-03-03"), Limit(15, BEFORE, roll=Roll.PREVIOUS), CALENDAR, GROUNDS)
    assert [skip.day for skip in counted.skipped] == [day("2026-02-16"), day("2026-02-15"), day("2026-02-14")]
    assert "lùi về ngày làm việc liền trước: thứ Sáu, ngày 13/02/2026" in counted.reason


def test_working_days_name_the_days_not_counted() -> None:
    counted = count(day("2026-11-26"), Limit(2, BEFORE, WORKING), CALENDAR, GROUNDS)
    assert counted.skipped == (SkippedDay(day("2026-11-24"), "Ngày Văn hóa Việt Nam"),)
    assert "02 ngày làm việc" in counted.reason


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-28", Limit(3, AFTER, roll=Roll.NEXT), False),
        ("2026-12-28", Limit(4, AFTER, roll=Roll.NEXT), True),  # New Year 2027
        ("2026-12-29", Limit(2, AFTER, roll=Roll.NEXT), False),
        ("2027-01-05", Limit(7, BEFORE, roll=Roll.PREVIOUS), False),
        ("2027-01-05", Limit(4, BEFORE, roll=Roll.PREVIOUS), True),  # rolls from 1/1/2027 back to 2026
        ("2027-01-05", Limit(4, BEFORE, roll=Roll.NONE), False),  # rests on no table at all
        ("2027-01-05", Limit(3, BEFORE, WORKING), True),  # counted through days of 2027
        ("2016-09-08", Limit(7, BEFORE, roll=Roll.PREVIOUS), True),
        ("2025-12-31", Limit(15, AFTER, roll=Roll.NEXT), False),
    ],
)
def test_a_date_that_rests_on_an_unconfirmed_year_says_so(start: str, limit: Limit, provisional: bool) -> None:
    counted = count(day(start), limit, CALENDAR, GROUNDS)
    assert counted.provisional is provisional
    assert ("tạm tính" in counted.reason) is provisional


@pytest.mark.parametrize(
    ("fixed", "roll", "on"),
    [
        ("2024-06-15", Roll.PREVIOUS, "2024-06-14"),
        ("2024-06-15", Roll.NEXT, "2024-06-17"),
        ("2024-06-15", Roll.NONE, "2024-06-15"),
        ("2026-12-15", Roll.PREVIOUS, "2026-12-15"),
    ],
)
def test_fixed_days(fixed: str, roll: Roll, on: str) -> None:
    counted = count_fixed(day(fixed), roll, CALENDAR, GROUNDS)
    assert (counted.raw, counted.on) == (day(fixed), day(on))
    assert "Thời điểm định kỳ" in counted.reason


def limits(direction: Direction) -> st.SearchStrategy[Limit]:
    roll = Roll.PREVIOUS if direction is BEFORE else Roll.NEXT
    return st.builds(
        Limit,
        days=NUMBERS,
        direction=st.just(direction),
        unit=st.sampled_from(DayUnit),
        roll=st.just(roll),
        clear_days=st.booleans(),
    )


@given(STARTS, limits(AFTER))
def test_forward_never_ends_early_nor_on_a_day_off(start: date, limit: Limit) -> None:
    counted = count(start, limit, CALENDAR, GROUNDS)
    assert start <= counted.raw <= counted.on
    assert (counted.raw - start).days >= limit.days
    assert CALENDAR.is_working_day(counted.on)


@given(STARTS, limits(BEFORE))
def test_backward_always_leaves_the_days_and_is_no_day_off(start: date, limit: Limit) -> None:
    counted = count(start, limit, CALENDAR, GROUNDS)
    assert counted.on <= counted.raw <= start
    assert (start - counted.on).days >= limit.days + (1 if limit.clear_days else 0)
    assert CALENDAR.is_working_day(counted.on)


@given(STARTS, STARTS, st.one_of(limits(BEFORE), limits(AFTER)))
def test_a_later_start_never_has_an_earlier_limit(one: date, other: date, limit: Limit) -> None:
    early, late = sorted((one, other))
    assert count(early, limit, CALENDAR, GROUNDS).on <= count(late, limit, CALENDAR, GROUNDS).on


@given(STARTS, st.one_of(limits(BEFORE), limits(AFTER)))
def test_skipped_days_are_days_off_and_fill_the_roll(start: date, limit: Limit) -> None:
    counted = count(start, limit, CALENDAR, GROUNDS)
    assert all(CALENDAR.is_day_off(skip.day) and skip.why for skip in counted.skipped)
    if limit.unit is DayUnit.CALENDAR:
        assert len(counted.skipped) == abs((counted.on - counted.raw).days)


def test_a_reason_without_the_calendar_ends_before_it() -> None:
    whole = count(date(2026, 10, 5), Limit(15, AFTER), CALENDAR, GROUNDS).reason
    short = without_calendar(whole)
    assert whole.startswith(short)
    assert short.endswith("BLDS.")
    assert CALENDAR.version in whole
    assert CALENDAR.version not in short
