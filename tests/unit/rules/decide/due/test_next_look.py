"""When a late answer is looked at again, from when a duty is late, and by which name a held mail is reminded of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AdvanceDuty
from rules.decide.base.facts import HeldMailFacts
from rules.decide.due import reminders
from rules.decide.due.waiting import waiting_values
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.working_days import due_instant, load_calendar
from rules.values.model import CountedDate, Kind, Mailbox

ON = date(2026, 10, 20)
LAW = Law(load_profile(), load_calendar())
DUE = CountedDate(ON, ON, "10.1.d", ON, "x", rule="answer")
NOON = due_instant(ON) - timedelta(hours=12)


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


@pytest.mark.parametrize(("before", "late"), [(timedelta(seconds=1), False), (timedelta(), True)])
def test_a_duty_of_the_night_is_late_from_its_days_end(
    monkeypatch: pytest.MonkeyPatch, before: timedelta, late: bool
) -> None:
    """Nothing is sent before the morning, but the register says late at once."""
    monkeypatch.setattr(reminders, "_cause", lambda _: "ngừng")
    facts: Any = SimpleNamespace(id=5, stage=1, session=None, board=SimpleNamespace(law=LAW), due_at=due_instant(ON))
    now = due_instant(ON) - before
    morning = LAW.send_at(now)
    why = "ngừng" if late else ""
    assert reminders.decide_reminder(facts, now) == (AdvanceDuty(5, 1, 1, morning, late=late, why=why),)


def waiting(status: str, name: str, *, sealed: bool = False) -> Any:
    """What a reminder says of held mail 12, and the first reply that it offers."""
    understanding: Any = SimpleNamespace(
        kind=Kind.QUESTION, text=SimpleNamespace(own="Bao giờ sửa?"), route=SimpleNamespace(candidates=())
    )
    mail: Any = SimpleNamespace(sender=Mailbox(name, "an@dan.test"), subject="Đường")
    held = HeldMailFacts(12, status, mail, understanding, NOON, sealed=sealed)
    board = SimpleNamespace(units={}, contacts={})
    due = SimpleNamespace(on=ON)
    facts: Any = SimpleNamespace(held=held, question=None, kind="review", key="review:12", due=due, board=board)
    values: Any = waiting_values(facts, late=False)
    return values["what"], values["waiting"]["from"], [one["text"] for one in values["commands"]]


@pytest.mark.parametrize(
    ("status", "name", "told"),
    [
        ("held", "Nguyễn Văn An", ("thư số 12", "Nguyễn Văn An", ["Đăng ký", "Không phải câu hỏi"])),
        ("held", "", ("thư số 12", "an@dan.test", ["Đăng ký", "Không phải câu hỏi"])),
        ("done", "Nguyễn Văn An", ("thư số 12", "", [])),
    ],
)
def test_a_held_mail_is_named_by_its_sender_until_it_is_decided_on(status: str, name: str, told: Any) -> None:
    assert waiting(status, name) == told


def test_a_sealed_mail_is_not_shown_though_it_is_read_as_a_question_today() -> None:
    assert waiting("held", "Nguyễn Văn An", sealed=True) == ("thư số 12 (đơn tố cáo)", "", ["Đã xử lý"])


@pytest.mark.parametrize(("kind", "offered"), [("approval", 0), ("review", 3)])
def test_a_paper_that_waits_for_approval_is_decided_on_by_no_order_about_its_question(
    kind: str, offered: int
) -> None:
    asker = SimpleNamespace(name="Nguyễn Văn An")
    question = SimpleNamespace(code="HP-2026-000012", received_at=NOON, asker=asker, subject="", content="", guess=())
    of = {"board": SimpleNamespace(units={}, contacts={}), "due": SimpleNamespace(on=ON)}
    facts: Any = SimpleNamespace(held=None, question=question, kind=kind, key="x", approval=None, **of)
    commands: Any = waiting_values(facts, late=False)["commands"]
    assert len(commands) == offered
