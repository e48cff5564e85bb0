"""When a late answer is looked at again, from when a duty is late, and by which name a held mail is reminded of."""

from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AdvanceDuty
from rules.decide.base.facts import HeldMailFacts, Person
from rules.decide.due import reminders
from rules.decide.due.waiting import waiting_values
from rules.law import legal_dates
from rules.law.deadlines import working_days_from
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.working_days import Calendar, due_instant, load_calendar
from rules.message.quote_markers import DEFAULT
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
    assignment: Any = SimpleNamespace(due=DUE, role=role, came_back=0, told_until=None)
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
        kind=Kind.QUESTION,
        text=SimpleNamespace(own="Bao giờ sửa?"),
        route=SimpleNamespace(candidates=()),
        alone=None,
    )
    mail: Any = SimpleNamespace(sender=Mailbox(name, "an@dan.test"), subject="Đường")
    held = HeldMailFacts(12, status, mail, understanding, NOON, sealed=sealed)
    board = SimpleNamespace(units={}, contacts={})
    due = SimpleNamespace(on=ON)
    facts: Any = SimpleNamespace(
        held=held, question=None, kind="review", key="review:12", letters=(), due=due, board=board
    )
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
    told = ("thư số 12 (có thể là đơn tố cáo)", "", ["Đã xử lý", "Đăng ký"])
    assert waiting("held", "Nguyễn Văn An", sealed=True) == told


@pytest.mark.parametrize(("kind", "offered"), [("approval", 0), ("review", 4)])
def test_a_paper_that_waits_is_decided_on_by_no_order_about_its_question(kind: str, offered: int) -> None:
    asker = SimpleNamespace(name="Nguyễn Văn An")
    question = SimpleNamespace(
        code="HP-2026-000012", received_at=NOON, asker=asker, subject="", content="", guess=(), assignments=()
    )
    of = {"board": SimpleNamespace(units={}, contacts={}, source=DEFAULT), "due": SimpleNamespace(on=ON)}
    waits = {"approval": None, "asked_back": None, **of}
    facts: Any = SimpleNamespace(held=None, question=question, kind=kind, key="x", **waits)
    commands: Any = waiting_values(facts, late=False)["commands"]
    assert len(commands) == offered


@pytest.mark.parametrize(
    ("times", "role", "after", "told"),
    [(2, "lead", 1, [2]), (0, "lead", 1, []), (2, "support", 1, []), (2, "lead", -1, [])],
)
def test_an_asker_is_told_again_of_a_leads_late_answer(
    monkeypatch: pytest.MonkeyPatch, times: int, role: str, after: int, told: list[int]
) -> None:
    monkeypatch.setattr(reminders, "_due_steps", lambda *_: ([], 9))
    monkeypatch.setattr(reminders, "_cause", lambda _: "")
    monkeypatch.setattr(reminders, "_tell_late", lambda *about, **_first: about[4:])
    monkeypatch.setattr(reminders, "_ask_until", lambda *_: ())
    law = SimpleNamespace(
        told_again=lambda *_: (times, None), chase_event=lambda *_: SimpleNamespace(at=due_instant(ON))
    )
    facts: Any = SimpleNamespace(id=5, stage=8, board=SimpleNamespace(law=law))
    given: Any = SimpleNamespace(due=DUE, role=role, came_back=0)
    about: Any = SimpleNamespace()
    decided: list[Any] = [*reminders._chase_answer(facts, given, about, due_instant(ON) + timedelta(days=after))]
    assert decided[1:] == told


@pytest.mark.parametrize(
    ("kind", "has_session", "by"),
    [("session", True, "of session"), ("session", False, "review"), ("review", True, "review")],
)
def test_a_sessions_duty_wants_it(monkeypatch: pytest.MonkeyPatch, kind: str, has_session: bool, by: str) -> None:
    monkeypatch.setattr(reminders, "OF_SESSION", {"session": lambda *_: ("of session",)})
    monkeypatch.setattr(reminders, "BY_KIND", {})
    monkeypatch.setattr(reminders, "_at_any_hour", lambda *_: ())
    monkeypatch.setattr(reminders, "_chase_review", lambda *_: ("review",))
    law = SimpleNamespace(send_at=lambda now: now)
    session = SimpleNamespace(id=4) if has_session else None
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(law=law), kind=kind, session=session, assignment=None, question=None
    )
    decided: Any = reminders.decide_reminder(facts, NOON)
    assert decided == (by,)


@pytest.mark.parametrize(
    ("office", "leader", "told"),
    [
        ("van@haiphong.test", "gd@don-vi.test", ["van@haiphong.test", "gd@don-vi.test"]),
        ("", "gd@don-vi.test", ["gd@don-vi.test"]),
        ("van@haiphong.test", "", ["van@haiphong.test"]),
        ("", "", []),
    ],
)
def test_a_late_unit_is_urged_by_its_leader_or_that_is_noted(office: str, leader: str, told: list[str]) -> None:
    board = SimpleNamespace(
        law=LAW,
        units={},
        office=Person("Văn phòng", office, "officer") if office else None,
        contacts={"SXD": SimpleNamespace(leader_email=leader, leader_name="")},
    )
    facts: Any = SimpleNamespace(board=board, late_together=())
    given: Any = SimpleNamespace(id=1, unit="SXD", due=DUE, letter_at=None)
    about: Any = SimpleNamespace(id=7, code="HP-2026-000007", subject="")
    urged: list[Any] = [*reminders._urge(facts, given, about, 3, due_instant(ON))]
    if told:
        assert [(one.notice.recipient.email, one.question) for one in urged] == [(each, 7) for each in told]
    else:
        assert [(one.act, one.question) for one in urged] == [("not_urged", 7)]


def test_the_steps_of_a_question_late_for_years_are_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not each from the due day anew: that costs the square of the lateness."""
    counted = list[int]()

    def counting(day: date, number: int, calendar: Calendar) -> date:
        counted.append(number)
        return working_days_from(day, number, calendar)

    monkeypatch.setattr(legal_dates, "working_days_from", counting)
    law = Law(load_profile(), load_calendar())
    now = due_instant(ON) + timedelta(days=4 * 365)
    stage = law.first_stage(DUE, now)
    assert sum(counted) < 4 * 365
    step = law.profile.reminders.after_due[-1]
    last = law.chase_event(DUE, stage - 1).at
    assert now - last < timedelta(days=30)
    after = working_days_from(DUE.on, step * (stage - 1 - len(law._all_steps(DUE.on)) + 2), law.calendar)
    assert last == law.opening(after), "as counted at once"
