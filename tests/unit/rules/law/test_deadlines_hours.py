"""Working hours, sending hours, "ngay" and limits in hours: on the city's clock, never at night or on a day off."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.law.deadlines import add_working_hours, at_once_limits, hour_limit, in_send_window, next_send_instant
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, city_day, load_calendar

CALENDAR, PROFILE = load_calendar(), load_profile()
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


def city(text: str) -> datetime:
    """An instant by the city's clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "hours", "then"),
    [
        ("2026-11-23T08:00", 2, "2026-11-23T10:00"),
        ("2026-11-23T10:30", 2, "2026-11-23T14:00"),  # over the midday break
        ("2026-11-23T12:00", 1, "2026-11-23T14:00"),
        ("2026-11-23T16:00", 4, "2026-11-25T10:30"),  # 24/11 is a day off
        ("2026-11-23T20:00", 4, "2026-11-25T11:30"),
        ("2026-11-23T05:00", 4, "2026-11-23T11:30"),
        ("2026-11-23T07:30", 8, "2026-11-23T17:00"),
        ("2026-02-13T17:00", 0.5, "2026-02-23T08:00"),  # over Tết
        ("2026-01-09T17:00", 1, "2026-01-10T08:30"),  # a Saturday that is worked
        ("2026-11-21T10:00", 0, "2026-11-23T07:30"),
        ("2026-11-23T09:00", 0, "2026-11-23T09:00"),
        ("2026-11-20T08:00", 20, "2026-11-25T13:30"),
    ],
)
def test_working_hours(at: str, hours: float, then: str) -> None:
    assert add_working_hours(city(at), hours, CALENDAR) == city(then)
    assert add_working_hours(city(at), hours, CALENDAR, PROFILE).tzinfo is UTC


@given(INSTANTS, st.integers(0, 40), st.integers(1, 40))
def test_working_hours_add_up(at: datetime, first: int, second: int) -> None:
    at_once = add_working_hours(at, first + second, CALENDAR, PROFILE)
    stepwise = add_working_hours(add_working_hours(at, first, CALENDAR, PROFILE), second, CALENDAR, PROFILE)
    assert at_once == stepwise
    assert at_once - at >= timedelta(hours=first + second)
    assert CALENDAR.is_working_day(city_day(at_once))


@pytest.mark.parametrize(
    ("now", "inside", "then"),
    [
        ("2026-11-23T07:29", False, "2026-11-23T07:30"),
        ("2026-11-23T07:30", True, "2026-11-23T07:30"),
        ("2026-11-23T12:00", True, "2026-11-23T12:00"),
        ("2026-11-23T16:59", True, "2026-11-23T16:59"),
        ("2026-11-23T17:00", False, "2026-11-25T07:30"),
        ("2026-11-24T10:00", False, "2026-11-25T07:30"),
        ("2026-11-22T23:30", False, "2026-11-23T07:30"),
        ("2026-11-23T00:30", False, "2026-11-23T07:30"),
        ("2026-01-10T10:00", True, "2026-01-10T10:00"),
        ("2026-02-13T18:00", False, "2026-02-23T07:30"),
    ],
)
def test_sending_hours(now: str, inside: bool, then: str) -> None:
    assert in_send_window(city(now), PROFILE, CALENDAR) is inside
    assert next_send_instant(city(now), PROFILE, CALENDAR) == city(then)


@given(INSTANTS)
def test_the_next_sending_instant_is_the_first_one(now: datetime) -> None:
    then = next_send_instant(now, PROFILE, CALENDAR)
    assert then >= now
    assert in_send_window(then, PROFILE, CALENDAR)
    assert then == now or not in_send_window(then - timedelta(microseconds=1), PROFILE, CALENDAR)
    assert next_send_instant(then, PROFILE, CALENDAR) == then


@pytest.mark.parametrize(
    ("at", "alarm", "late"),
    [
        ("2026-11-23T16:00", "2026-11-25T10:30", "2026-11-26T00:00"),
        ("2026-11-25T07:30", "2026-11-25T11:30", "2026-11-27T00:00"),
        ("2026-02-14T09:00", "2026-02-23T11:30", "2026-02-24T00:00"),
    ],
)
def test_at_once_is_alarmed_and_then_late(at: str, alarm: str, late: str) -> None:
    limits = at_once_limits(city(at), PROFILE, CALENDAR)
    assert (limits.alarm, limits.late) == (city(alarm), city(late))


@given(INSTANTS)
def test_the_alarm_comes_before_it_is_late(at: datetime) -> None:
    limits = at_once_limits(at, PROFILE, CALENDAR)
    assert at < limits.alarm < limits.late


def test_a_breach_is_reported_within_72_hours() -> None:
    at = city("2026-02-13T18:00")
    assert hour_limit("data_breach", at, PROFILE) == city("2026-02-16T18:00")
    with pytest.raises(ValueError, match="counts no hours"):
        hour_limit("plan_issued", at, PROFILE)


def test_the_day_is_the_citys() -> None:
    assert city_day(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert city_day(datetime(2026, 11, 23, 16, 59, tzinfo=UTC)) == date(2026, 11, 23)
