"""A session's dated duties: when its papers are looked at again, when a duty is fulfilled, what officers are told."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AdvanceDuty, CloseDuty
from rules.decide.session import routine_reports, session_course, session_duties, session_state
from rules.law.deadlines import ReminderKind
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.session_rules import PaperKind, SessionStatus
from rules.law.working_days import due_instant, load_calendar
from rules.values.states import QuestionStatus

LAW = Law(load_profile(), load_calendar())
NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
TOMORROW = LAW.opening(date(2026, 11, 27))


def session(status: SessionStatus = SessionStatus.HELD, **more: Any) -> Any:
    return SimpleNamespace(id=4, code="P-2026-01", status=status, starts_at=NOW, ended_at=NOW, **more)


def asked(number: int, status: QuestionStatus, **more: Any) -> Any:
    about = {"session_mark": "i", "link": "", "answered_at": NOW, "answers": (), "open_leads": (), **more}
    return SimpleNamespace(id=number, code=f"HP-2026-{number:06}", status=status, received_at=NOW, **about)


@pytest.mark.parametrize(
    ("rule", "status", "papers", "daily"),
    [
        ("plan_issued", SessionStatus.TOPIC_APPROVED, [], True),
        ("plan_issued", SessionStatus.TOPIC_APPROVED, [(PaperKind.PLAN, "void"), (PaperKind.NOTICE, "shown")], True),
        (
            "plan_issued",
            SessionStatus.TOPIC_APPROVED,
            [(PaperKind.PLAN, "void"), (PaperKind.PLAN, "returned")],
            False,
        ),
        ("plan_issued", SessionStatus.PROPOSED, [], False),
        ("notice_posted", SessionStatus.PLAN_ISSUED, [], True),
        ("script_approved", SessionStatus.ANNOUNCED, [], False),
        ("invitations", SessionStatus.ANNOUNCED, [], False),
    ],
)
def test_a_paper_that_could_not_be_drafted_is_tried_each_day(
    rule: str, status: SessionStatus, papers: list[tuple[PaperKind, str]], daily: bool
) -> None:
    """Not the script: it waits for the questions, and its duty comes up on the day of the drafting."""
    there = tuple(SimpleNamespace(kind=kind, status=state) for kind, state in papers)
    due = SimpleNamespace(rule=rule, on=date(2026, 11, 25))
    facts: Any = SimpleNamespace(board=SimpleNamespace(law=LAW), due=due, draft=None, papers=there)
    assert session_duties._next_look(facts, session(status), LATER, NOW) == (TOMORROW if daily else LATER)


@pytest.mark.parametrize(("early", "looks_at_once"), [(1, True), (0, False)])
def test_a_paper_is_looked_at_on_its_drafting_day_once(early: int, looks_at_once: bool) -> None:
    due: Any = SimpleNamespace(rule="plan_issued", on=date(2026, 12, 15))
    facts: Any = SimpleNamespace(board=SimpleNamespace(law=LAW), due=due, draft=None, papers=())
    drafting = session_duties._drafting_at(LAW, due.rule, due.on)
    now = drafting - timedelta(seconds=early)
    next_day = LAW.opening(LAW.calendar.next_working_day(LAW.today(now)))
    found = session_duties._next_look(facts, session(SessionStatus.TOPIC_APPROVED), LATER, now)
    assert found == (drafting if looks_at_once else next_day)


@pytest.mark.parametrize(("rule", "early", "counts"), [("", 1, True), ("", 0, False), ("tell_unanswered", 0, True)])
def test_a_duty_before_a_session_is_about_what_came_before_its_end(rule: str, early: int, counts: bool) -> None:
    received = SimpleNamespace(received_at=NOW - timedelta(seconds=early))
    facts: Any = SimpleNamespace(due=SimpleNamespace(rule="lists"), due_at=NOW, session_questions=(received,))
    assert session_state.counted(facts, rule) == ((received,) if counts else ())


def test_answers_after_a_session_are_given_when_the_last_is_posted() -> None:
    """10.1.i: those answered in the session itself are posted with its record, whenever that is."""
    hours = {number: NOW + timedelta(hours=number) for number in (1, 2, 5)}
    questions = (
        asked(1, QuestionStatus.CLOSED, link="https://haiphong.test/1"),
        asked(2, QuestionStatus.PUBLISHED, link="https://haiphong.test/2"),
        asked(5, QuestionStatus.CLOSED, session_mark="answered", session_marked_at=NOW),
    )
    due, board = SimpleNamespace(rule="answer_after_session"), SimpleNamespace(law=LAW)
    facts: Any = SimpleNamespace(due=due, due_at=LATER, board=board, session_questions=questions, posted=hours)
    assert session_duties._fulfilled(facts, session(), NOW + timedelta(days=1)) == hours[2]


def test_what_was_approved_is_offered_to_be_recorded_as_posted() -> None:
    questions = (
        asked(1, QuestionStatus.ANSWERED),
        asked(2, QuestionStatus.APPROVED),
        asked(3, QuestionStatus.APPROVED, link="https://haiphong.test/3"),
    )
    case: Any = SimpleNamespace(session=session(), questions=questions, papers=())
    posted = [one["label"] for one in session_state.after_acts(case) if one["label"].endswith("Cổng")]
    assert posted == ["HP-2026-000002: đã đăng trên Cổng"]


@pytest.mark.parametrize(("link", "offered"), [("", True), ("https://haiphong.test/phien-1", False)])
def test_a_record_that_is_posted_is_not_asked_for_again(link: str, offered: bool) -> None:
    papers = (SimpleNamespace(kind=PaperKind.RECORD, status="approved"),)
    case: Any = SimpleNamespace(session=session(record_link=link), questions=(), papers=papers)
    labels = [one["label"] for one in session_state.after_acts(case)]
    assert ("Đã đăng bài và bản ghi" in labels) is offered


@pytest.mark.parametrize(
    ("question", "where"),
    [
        (asked(1, QuestionStatus.ANSWERED, answers=("x",)), "đã trả lời, chờ duyệt và đăng trên Cổng"),
        (asked(2, QuestionStatus.ANSWERED, answers=("x",), session_mark="answered"), "đã có câu trả lời cho phiên"),
        (asked(3, QuestionStatus.NEEDS_REVIEW), "chờ cán bộ xem xét"),
    ],
)
def test_officers_see_what_a_question_waits_for(question: Any, where: str) -> None:
    facts: Any = None
    assert session_state._where(facts, question) == where


@pytest.mark.parametrize("status", [SessionStatus.HELD, SessionStatus.CLOSED, SessionStatus.CANCELLED])
def test_a_session_that_is_over_is_moved_to_no_day(monkeypatch: pytest.MonkeyPatch, status: SessionStatus) -> None:
    """Whatever day is named, or none: the officer hears how the session stands."""
    monkeypatch.setattr(session_course, "split_reason", lambda _: ("sang tuần sau", ""))
    order: Any = SimpleNamespace(facts=SimpleNamespace(board=SimpleNamespace(law=LAW)), now=NOW)
    case: Any = SimpleNamespace(session=session(status))
    done, said, actions = session_course.move(order, case)
    assert (done, actions) == (False, ())
    assert said == f"{session_state.stands(case.session)}, nên không chuyển ngày được"


@pytest.mark.parametrize("at", ["08:59", "09:00"])
def test_a_session_is_moved_to_no_moment_that_has_come(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    monkeypatch.setattr(session_course, "split_reason", lambda _: (f"{at} ngày 26/11/2026", ""))
    order: Any = SimpleNamespace(facts=SimpleNamespace(board=SimpleNamespace(law=LAW)), now=NOW)
    case: Any = SimpleNamespace(session=session(SessionStatus.ANNOUNCED))
    past = f"Thời gian {at} ngày 26/11/2026 đã qua; xin ghi ngày khác"
    assert session_course.move(order, case) == (False, past, ())


@pytest.mark.parametrize(("digest", "again"), [("0f", False), ("1e", True)])
def test_a_routine_paper_that_was_returned_is_put_up_again_only_when_it_has_changed(
    monkeypatch: pytest.MonkeyPatch, digest: str, again: bool
) -> None:
    monkeypatch.setattr(routine_reports, "submit_for_approval", lambda *_, **__: ("asked",))
    monkeypatch.setattr(routine_reports, "_signers", lambda *_: ())
    due = SimpleNamespace(rule=next(one.id for one in LAW.profile.rules if one.yearly))
    returned = SimpleNamespace(digest="0f", status="returned")
    facts: Any = SimpleNamespace(board=SimpleNamespace(law=LAW, officers=()), due=due, papers=(returned,))
    draft: Any = SimpleNamespace(kind=PaperKind.REPORT, title="", files=(), digest=digest)
    assert bool(routine_reports._put_up(facts, draft, NOW)) is again


@pytest.mark.parametrize(("early", "moves"), [(1, True), (0, False)])
def test_a_question_taken_into_a_session_keeps_its_date_once_the_sessions_is_over(
    monkeypatch: pytest.MonkeyPatch, early: int, moves: bool
) -> None:
    monkeypatch.setattr(session_course, "due_moved", lambda *_, **__: ("moved",))
    monkeypatch.setattr(session_course, "session_view", lambda _: {})
    monkeypatch.setattr(session_course, "invited_too", lambda *_: ((), ""))
    monkeypatch.setattr(session_course, "to_citizen", lambda *_, **__: "told")
    monkeypatch.setattr(session_course, "told", lambda _: "")
    on = date(2026, 11, 20)
    waits = (SimpleNamespace(is_open=True),)
    question = asked(7, QuestionStatus.FORWARDED, session_mark="", session_id=3, assignments=waits)
    own = session(SessionStatus.ANNOUNCED, link="", planned_end=LATER, due=lambda *_: SimpleNamespace(on=on))
    case: Any = SimpleNamespace(session=own)
    order: Any = SimpleNamespace(
        question=question,
        facts=SimpleNamespace(board=SimpleNamespace(law=LAW), raw_mail=9),
        now=due_instant(on) - timedelta(seconds=early),
    )
    done, said, actions = session_course.take(order, case)
    assert done
    assert said == "Câu hỏi HP-2026-000007 vào phiên P-2026-01"
    others: list[Any] = [*actions[1:]]
    assert others == (["moved", "told"] if moves else ["told"])


def test_a_question_of_the_session_is_not_taken_into_it_again() -> None:
    question = asked(7, QuestionStatus.FORWARDED, session_id=4)
    order: Any = SimpleNamespace(question=question)
    case: Any = SimpleNamespace(session=session(SessionStatus.ANNOUNCED))
    assert session_course.take(order, case) == (True, "Câu hỏi HP-2026-000007 đã ở trong phiên P-2026-01", ())


@pytest.mark.parametrize(
    ("mark", "ends", "why"),
    [("i", LATER, "đã có kết quả tại phiên trước, được trả lời riêng"), ("", NOW, "“HP-2026-000007 đưa ra phiên”")],
)
def test_what_has_its_outcome_or_comes_later_is_not_taken_into_it(mark: str, ends: datetime, why: str) -> None:
    question = asked(7, QuestionStatus.FORWARDED, session_mark=mark, session_id=3)
    order: Any = SimpleNamespace(question=question, now=NOW)
    case: Any = SimpleNamespace(session=session(SessionStatus.ANNOUNCED, planned_end=ends))
    done, said, actions = session_course.take(order, case)
    assert (done, actions) == (False, ())
    assert why in said


@pytest.mark.parametrize("about", ["", "quarterly"])
def test_a_signed_paper_of_no_rule_is_sent_to_the_officers_alone(about: str) -> None:
    officer = SimpleNamespace(name="Bùi Thị Lan", email="lan@haiphong.test", role="officer")
    board: Any = SimpleNamespace(law=LAW, officers=(officer,), invited={}, office=officer, contacts={})
    asked_for: Any = SimpleNamespace(
        token="0f", paper=SimpleNamespace(about=about, kind=PaperKind.REPORT, title="", files=())
    )
    facts: Any = SimpleNamespace(board=board)
    closed, *sent = routine_reports.routine_approved(facts, asked_for)
    letters: list[Any] = [*sent]
    assert (closed, [one.notice.clause for one in letters]) == (CloseDuty(about), [""])


@pytest.mark.parametrize("act", [session_course.take, session_course.live, session_course.leave])
def test_no_question_is_taken_into_a_session_or_left_out_of_it(act: Any) -> None:
    order: Any = SimpleNamespace(question=None, facts=SimpleNamespace(board=SimpleNamespace(prefix="HP")))
    case: Any = SimpleNamespace(session=session(SessionStatus.ANNOUNCED))
    done, said, actions = act(order) if act is session_course.leave else act(order, case)
    assert (done, actions) == (False, ())
    assert "Không rõ nói về câu hỏi nào" in said


@pytest.mark.parametrize(
    ("rule", "what", "early", "ended", "lacks", "alarmed"),
    [
        ("invitations", ReminderKind.ESCALATE, 1, False, "", True),
        ("invitations", ReminderKind.CITIZEN, 1, False, "", False),
        ("invitations", ReminderKind.CITIZEN, 1, False, "chủ trì", True),
        ("tell_unanswered", ReminderKind.ESCALATE, 1, False, "", False),
        ("tell_unanswered", ReminderKind.ESCALATE, 1, True, "", True),
        ("tell_unanswered", ReminderKind.ESCALATE, 0, False, "", True),
    ],
)
def test_officers_hear_of_a_duty_after_the_end_once_there_is_one_or_it_is_late(
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    what: ReminderKind,
    early: int,
    ended: bool,
    lacks: str,
    alarmed: bool,
) -> None:
    monkeypatch.setattr(session_duties, "_fulfilled", lambda *_: None)
    monkeypatch.setattr(session_duties, "_has_no_script", lambda *_: False)
    monkeypatch.setattr(session_duties, "_next_look", lambda _facts, _session, at, _now: at)
    monkeypatch.setattr(session_duties, "_why", lambda *_: "chậm")
    monkeypatch.setattr(session_duties, "choice_asked", lambda *_: ())
    monkeypatch.setattr(session_duties, "session_day", lambda *_: ("alarm",))
    events = (SimpleNamespace(what=what, at=NOW), SimpleNamespace(what=what, at=LATER))
    law = SimpleNamespace(chase_event=lambda _due, stage: events[stage])
    facts: Any = SimpleNamespace(
        id=1,
        key="k",
        stage=0,
        due=SimpleNamespace(rule=rule),
        due_at=NOW + timedelta(seconds=early),
        draft=None,
        draft_lacks=lacks,
        board=SimpleNamespace(law=law),
    )
    held = session()
    held.ended_at = NOW if ended else None
    decided: list[Any] = [*session_duties.remind_of_session(facts, held, NOW)]
    assert decided == [
        AdvanceDuty(1, 0, 1, LATER, late=not early, why="" if early else "chậm"),
        *(["alarm"] if alarmed else []),
    ]


@pytest.mark.parametrize(("early", "asked_by_none", "closed"), [(0, True, True), (1, True, False), (0, False, False)])
def test_a_script_is_owed_until_its_instant_though_nobody_has_asked(
    monkeypatch: pytest.MonkeyPatch, early: int, asked_by_none: bool, closed: bool
) -> None:
    monkeypatch.setattr(session_duties, "_has_no_script", lambda *_: asked_by_none)
    facts: Any = SimpleNamespace(key="k", clause="9.3", due_at=NOW)
    assert bool(session_duties.nothing_to_script(facts, session(), NOW - timedelta(seconds=early))) is closed


@pytest.mark.parametrize(("early", "fulfilled"), [(timedelta(seconds=1), False), (timedelta(0), True)])
def test_what_is_owed_before_it_is_done_when_no_more_may_come(early: timedelta, fulfilled: bool) -> None:
    """At the due instant itself nobody's question counts any more: nothing is late then."""
    facts: Any = SimpleNamespace(
        due=SimpleNamespace(rule="answers_returned"), due_at=NOW, session_questions=(), board=SimpleNamespace(law=LAW)
    )
    found = session_duties._fulfilled(facts, session(SessionStatus.ANNOUNCED), NOW - early)
    assert (found is not None) is fulfilled


@pytest.mark.parametrize(
    ("status", "ended", "wanted"),
    [
        (SessionStatus.SCRIPT_APPROVED, None, ["Phiên đã kết thúc"]),
        (SessionStatus.HELD, NOW, ["Trình nội dung phiên", "Đóng phiên"]),
    ],
)
def test_behind_the_day_its_end_comes_first(status: SessionStatus, ended: datetime | None, wanted: list[str]) -> None:
    after = SimpleNamespace(id=4, code="P-2026-01", status=status, ended_at=ended, day=LAW.today(NOW))
    facts: Any = SimpleNamespace(board=SimpleNamespace(law=LAW), session_questions=(), papers=())
    found = session_state.acts_for(facts, after, "record_sent", LAW.today(NOW))  # type: ignore[arg-type]
    assert [one["label"] for one in found] == wanted
