"""The officers' overview comes on a working day within the hours in which mail is sent, once."""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.command_result import AFTER, DATA_REQUEST, unit_mail_acts
from rules.decide.base.fact_parts import ListedCase, WeekFacts
from rules.decide.base.facts import Person
from rules.decide.due import waiting
from rules.decide.due.overviews import _held, leaders_week, overview_day
from rules.decide.officer.requests import prepared
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, load_calendar
from rules.values.states import QuestionStatus

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
    board: Any = SimpleNamespace(head=Person("Hoàng Văn Lãnh", "head@doithoai.test", "head"), office=None, units={})
    told: Any = leaders_week(WeekFacts(late={"SXD": 2, "SYT": 1}), board, THURSDAY)[0]
    (section,) = told.notice.values["sections"]
    assert (section["count"], len(section["rows"])) == (2, 2)


@pytest.mark.parametrize(
    ("acts", "first"),
    [
        ((), "Đăng ký"),
        (tuple(prepared("HP-2026-000007")), "Cho rút câu hỏi"),
        (tuple(unit_mail_acts("HP-2026-000008", f"Câu hỏi {AFTER}")), "Gửi bổ sung cho người hỏi"),
    ],
)
def test_what_was_offered_with_a_held_mail_is_offered_again(acts: tuple[Mapping[str, str], ...], first: str) -> None:
    board: Any = SimpleNamespace(contacts={})
    row: Any = _held(ListedCase(mail=12, who="An", subject="Đường", why="Chưa rõ", acts=acts), board)
    assert row["commands"][0]["label"] == first
    assert all(one["about"] == "m12" for one in row["commands"])


@pytest.mark.parametrize(
    ("status", "rule", "down"),
    [
        (QuestionStatus.PUBLISHED, "data_erased", True),
        (QuestionStatus.PUBLISHED, "data_shown_or_corrected", False),
        (QuestionStatus.ANSWERED, "data_erased", False),
    ],
)
def test_a_page_is_offered_to_be_taken_down_where_there_is_one_and_that_is_wished(
    status: QuestionStatus, rule: str, down: bool
) -> None:
    question = SimpleNamespace(code="HP-2026-000007", status=status)
    facts: Any = SimpleNamespace(kind=DATA_REQUEST, question=question, due=SimpleNamespace(rule=rule))
    labels = [one["label"] for one in waiting._acts(facts, None)]
    assert labels == [*["Gỡ khỏi Cổng"] * down, "Đã thực hiện", "Không thực hiện, nêu lý do"]
