"""The officers' overview comes on a working day within the hours in which mail is sent, once."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.command_result import AFTER
from rules.decide.base.fact_parts import WeekFacts
from rules.decide.base.facts import Person, held_reason
from rules.decide.due.overviews import _held, leaders_week, overview_day
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, load_calendar

THURSDAY, SUNDAY = date(2026, 11, 26), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("day", "hour", "last", "due"),
    [
        (THURSDAY, 9, None, THURSDAY),
        (THURSDAY, 9, date(2026, 11, 25), THURSDAY),
        (THURSDAY, 9, THURSDAY, None),
        (THURSDAY, 3, None, None),
        (THURSDAY, 23, None, None),
        (SUNDAY, 9, None, None),
    ],
)
def test_once_on_a_working_day_and_not_at_night(day: date, hour: int, last: date | None, due: date | None) -> None:
    law: Any = SimpleNamespace(profile=load_profile(), calendar=load_calendar())
    now = datetime(day.year, day.month, day.day, hour, tzinfo=CITY_ZONE)
    assert overview_day(now, last, law) == due


def test_late_units_are_counted_as_units() -> None:
    """A list of two units with three late questions bore a 3 in its heading."""
    board: Any = SimpleNamespace(
        head=Person("Hoàng Văn Lãnh", "lanhdao@doithoai.test", "head"), office=None, units={}
    )
    told: Any = leaders_week(WeekFacts(late={"SXD": 2, "SYT": 1}), board, THURSDAY)[0]
    (section,) = told.notice.values["sections"]
    assert (section["count"], len(section["rows"])) == (2, 2)


@pytest.mark.parametrize(
    ("why", "number", "first"),
    [
        ("Hai bản nội dung", "", "Đăng ký"),
        (held_reason("HP-2026-000007"), "", "Cho rút câu hỏi"),
        ("Thư của đơn vị, chưa rõ (HP-2026-000007)", "", "Là câu trả lời, gửi người hỏi: HP-2026-000007"),
        ("Thư của đơn vị chưa gửi", "HP-2026-000008", "Là câu trả lời, gửi người hỏi"),
        (f"Thư của đơn vị, vì câu hỏi {AFTER}", "HP-2026-000008", "Gửi bổ sung cho người hỏi"),
    ],
)
def test_what_is_offered_on_a_held_mail_fits_its_reason(why: str, number: str, first: str) -> None:
    case: Any = SimpleNamespace(mail=12, who="An", subject="Đường", why=why, number=number)
    board: Any = SimpleNamespace(prefix="HP")
    row: Any = _held(case, board)
    assert row["commands"][0]["label"] == first
