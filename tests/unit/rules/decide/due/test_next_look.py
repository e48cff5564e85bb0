"""When a late answer is looked at again: the asker of its lead is told every so many days, nobody for a support."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AdvanceDuty
from rules.decide.due import reminders
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.working_days import due_instant, load_calendar
from rules.values.model import CountedDate

ON = date(2026, 10, 20)
LAW = Law(load_profile(), load_calendar())
DUE = CountedDate(ON, ON, "10.1.d", ON, "x", rule="answer")


def late() -> tuple[datetime, int]:
    """An instant, and the stage there, at which telling again comes before the next step of chasing."""
    for days in range(60):
        now = due_instant(ON) + timedelta(days=days)
        stage = next(one for one in count() if LAW.chase_event(DUE, one).at > now)
        again = LAW.told_again(DUE, now)[1]
        if again is not None and again < LAW.chase_event(DUE, stage).at:
            return now, stage
    raise AssertionError("no such day")


@pytest.mark.parametrize("role", ["lead", "support"])
def test_only_a_leads_asker_is_told_again(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    now, stage = late()
    monkeypatch.setattr(reminders, "_tell_late", lambda *_: [])
    monkeypatch.setattr(reminders, "_cause", lambda _: "")
    facts: Any = SimpleNamespace(id=5, stage=stage, board=SimpleNamespace(law=LAW))
    assignment: Any = SimpleNamespace(due=DUE, role=role)
    question: Any = SimpleNamespace()
    (moved,) = reminders._chase_answer(facts, assignment, question, now)
    assert isinstance(moved, AdvanceDuty)
    assert moved.next_at == (LAW.told_again(DUE, now)[1] if role == "lead" else LAW.chase_event(DUE, stage).at)
