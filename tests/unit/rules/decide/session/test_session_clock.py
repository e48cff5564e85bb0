"""The instant at which a limit ends belongs to what comes after it: 24:00 of its last day is over."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AdvanceDuty, CloseDuty
from rules.decide.session import routine_reports, session_day
from rules.decide.session.session_day import END_ASKED, EVE, EVERY, MARKS_ASKED, RUNNING, chase_run, is_watched
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.session_rules import SessionStatus
from rules.law.working_days import due_instant, load_calendar

DUE = date(2026, 12, 15)
LAW = Law(load_profile(), load_calendar())
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "started_at", "watched"),
    [
        (SessionStatus.PLAN_ISSUED, None, False),
        (SessionStatus.PLAN_ISSUED, due_instant(DUE), True),
        (SessionStatus.ANNOUNCED, None, True),
        (SessionStatus.ANNOUNCED, due_instant(DUE), True),
    ],
)
def test_a_session_is_watched_from_its_notice_or_where_that_is_late_from_its_beginning(
    status: SessionStatus, started_at: datetime | None, watched: bool
) -> None:
    session: Any = SimpleNamespace(status=status, started_at=started_at)
    assert is_watched(session) is watched


@pytest.mark.parametrize("status", list(SessionStatus))
def test_a_session_is_watched_until_its_marks_are_due(status: SessionStatus) -> None:
    facts: Any = SimpleNamespace(
        key="session_run:1:0", stage=MARKS_ASKED, due_at=due_instant(DUE), session_questions=()
    )
    session: Any = SimpleNamespace(status=status)
    assert chase_run(facts, session, due_instant(DUE)) == (CloseDuty("session_run:1:0", void=True),)


@pytest.mark.parametrize(("stage", "at"), [(EVE, due_instant(DUE)), (MARKS_ASKED, due_instant(DUE) - SECOND)])
def test_a_session_whose_outcomes_are_all_recorded_is_watched_to_its_good_end(stage: int, at: datetime) -> None:
    """Nobody was asked for marks, or their day is not over: the duty is fulfilled, not given up."""
    facts: Any = SimpleNamespace(key="session_run:1:0", stage=stage, due_at=due_instant(DUE), session_questions=())
    session: Any = SimpleNamespace(status=SessionStatus.HELD)
    assert chase_run(facts, session, at) == (CloseDuty("session_run:1:0"),)


@pytest.mark.parametrize("minutes", [30, 4, 0])
def test_no_live_question_is_shown_at_two_looks(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """A look begins ``EVERY`` before its time; one that was brought forward to the planned end began too early."""
    monkeypatch.setattr(session_day, "_live", lambda *_: ())
    monkeypatch.setattr(session_day, "_ask_end", lambda *_: ())
    ends = due_instant(DUE)
    now = ends - minutes * 60 * SECOND
    facts: Any = SimpleNamespace(id=1, stage=RUNNING, due_at=ends + EVERY, next_at=now)
    session: Any = SimpleNamespace(status=SessionStatus.ANNOUNCED, starts_at=ends - 3 * EVERY, planned_end=ends)
    (moved,) = chase_run(facts, session, now)
    assert isinstance(moved, AdvanceDuty)
    assert (moved.stage, moved.next_at) == (RUNNING if minutes else END_ASKED, now + EVERY)


@pytest.mark.parametrize(("early", "stage"), [(SECOND, END_ASKED), (0 * SECOND, MARKS_ASKED)])
def test_the_end_is_asked_for_on_the_next_day(monkeypatch: pytest.MonkeyPatch, early: timedelta, stage: int) -> None:
    monkeypatch.setattr(session_day, "_ask_end", lambda *_: ())
    opens = LAW.opening(LAW.calendar.next_working_day(DUE))
    begins = due_instant(DUE) - 15 * 3600 * SECOND
    session: Any = SimpleNamespace(
        status=SessionStatus.ANNOUNCED, starts_at=begins, planned_end=begins, is_receiving=lambda _: False
    )
    facts: Any = SimpleNamespace(
        id=1, stage=END_ASKED, board=SimpleNamespace(law=LAW), next_at=opens, due_at=None, session_questions=()
    )
    (moved,) = chase_run(facts, session, opens - early)
    assert isinstance(moved, AdvanceDuty)
    assert moved.stage == stage


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (due_instant(DUE) - 25 * 3600 * SECOND, "còn 1 ngày đến hạn"),
        (due_instant(DUE) - SECOND, "đến hạn hôm nay"),
        (due_instant(DUE), "đã quá hạn 1 ngày"),
    ],
)
def test_a_report_is_late_from_the_end_of_its_day(monkeypatch: pytest.MonkeyPatch, at: datetime, word: str) -> None:
    rule = next(one for one in LAW.profile.rules if one.yearly)
    officer = SimpleNamespace(name="Bùi Thị Lan", email="lan@haiphong.test", role="officer")
    board = SimpleNamespace(law=LAW, office=None, officers=(officer,))
    due = SimpleNamespace(on=DUE, rule=rule.id, reason="")
    facts: Any = SimpleNamespace(
        board=board, due=due, due_at=due_instant(DUE), draft_lacks="", key="k", clause="5.1", papers=()
    )
    monkeypatch.setattr(routine_reports, "_signers", lambda facts, now: ())
    told: Any
    (told,) = routine_reports._alarm(facts, 1, at.astimezone(UTC), urge=False, put_up="")
    assert told.notice.values["what"] == f"Việc định kỳ {word} (15/12/2026)"


@pytest.mark.parametrize(("urge", "has_office", "told"), [(True, True, 2), (False, True, 1), (True, False, 1)])
def test_the_office_hears_of_a_yearly_report_when_it_is_urged(
    monkeypatch: pytest.MonkeyPatch, urge: bool, has_office: bool, told: int
) -> None:
    rule = next(one for one in LAW.profile.rules if one.yearly)
    lan, van = (SimpleNamespace(name=one, email=f"{one}@haiphong.test", role="officer") for one in ("lan", "van"))
    board = SimpleNamespace(law=LAW, office=van if has_office else None, officers=(lan,))
    facts: Any = SimpleNamespace(
        board=board,
        due=SimpleNamespace(on=DUE, rule=rule.id, reason=""),
        due_at=due_instant(DUE),
        draft_lacks="",
        key="k",
        clause="5.1",
        papers=(),
    )
    monkeypatch.setattr(routine_reports, "_signers", lambda facts, now: ())
    sent: Any = routine_reports._alarm(facts, 1, due_instant(DUE), urge=urge, put_up="")
    assert [one.notice.recipient.email for one in sent] == ["lan@haiphong.test", "van@haiphong.test"][:told]
