"""Of papers, requests, pages, sessions, calendars: what a statement names it finds or changes, and no other row."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection

from db.core.dialects import date_to_json
from db.core.tables import (
    approval,
    assignment,
    attendance,
    counter,
    duty,
    journal,
    outbox,
    paper,
    publication,
    question,
    session,
)
from db.decision import gather_duty
from db.register import board_papers, publications, sessions
from rules.decide.base.actions import SetPublication
from rules.decide.base.session_actions import (
    DecideApproval,
    IssuePaper,
    ProposeSession,
    RecordDecision,
    RecordSigned,
    SetSession,
)
from rules.law.session_rules import RECEIVING, SessionForm, SessionStatus, form_adapter
from tests.support.rows import DAY, LATER, NOW, column, lay


def test_a_page_is_put_up_and_taken_off_alone(rows: Connection) -> None:
    for about in (1, 2):
        assert publications.put(rows, SetPublication(about, 1, f"/{about}", "x", "d"), NOW) == publications.SHOWN
    publications.put(rows, SetPublication(1, 1, "/1", "y", "e"), NOW)
    assert column(rows, publication.c.title) == ["y", "x"]
    publications.withdraw(rows, 1, NOW)
    publications.withdraw(rows, 1, NOW + DAY)
    assert column(rows, publication.c.withdrawn_at) == [NOW, None]
    assert publications.standing(rows, [1, 2]).keys() == {2}
    assert publications.standing(rows, [1]) == {}
    row = publications.row_of(rows, 2)
    assert row is not None
    assert row.path == "/2"


def test_the_approved_text_is_of_the_question_an_answer_and_approved(rows: Connection) -> None:
    for about, kind, status in (
        (1, "answer", "approved"),
        (2, "answer", "approved"),
        (1, "plan", "approved"),
        (1, "answer", "shown"),
    ):
        lay(rows, paper, question_id=about, kind=kind, status=status)
    row = publications.approved_paper(rows, 1)
    assert row is not None
    assert row.id == 1


def test_what_waits_for_the_portal_and_what_changed_there(rows: Connection) -> None:
    ids = [
        lay(rows, question, status=one, year=year)
        for one, year in (("approved", 2025), ("published", 2026), ("answered", 2026))
    ]
    assert publications.waiting(rows) == ids[:1]
    for each in ids[1:]:
        publications.put(rows, SetPublication(each, 1, f"/{each}", "x", "d"), NOW)
    for seq, about in enumerate((ids[1], ids[2], ids[0]), 1):
        lay(rows, journal, seq=seq, question_id=about)
    assert publications.touched_since(rows, 1) == [ids[2]]
    assert [one.path for one in publications.listed(rows, 2026)] == [f"/{ids[2]}", f"/{ids[1]}"]
    assert publications.listed(rows, 2025) == []


def paper_of(rows: Connection, **values: object) -> int:
    return lay(rows, paper, **{"kind": "answer", "status": "shown", "digest": "d"} | values)


def request(rows: Connection, about: int, **values: object) -> int:
    return lay(rows, approval, **{"paper_id": about, "status": "asked", "digest": "d"} | values)


def test_a_word_on_a_paper_decides_that_request_and_that_paper(rows: Connection) -> None:
    first, second = paper_of(rows), paper_of(rows)
    asked, other = request(rows, first), request(rows, second)
    said = DecideApproval(asked, first, True, "đồng ý", "9.2")
    assert board_papers.decide(rows, said, NOW)
    assert column(rows, approval.c.status) == ["approved", "asked"]
    assert column(rows, approval.c.decided_at) == [NOW, None]
    assert column(rows, paper.c.status) == ["approved", "shown"]
    assert not board_papers.decide(rows, said, NOW)
    assert column(rows, approval.c.status) == ["approved", "asked"]
    assert other == 2


def test_a_word_on_another_text_or_a_paper_that_is_not_shown_is_void(rows: Connection) -> None:
    changed, void = paper_of(rows, digest="new"), paper_of(rows, status="void")
    for about in (changed, void):
        assert not board_papers.decide(rows, DecideApproval(request(rows, about), about, True, "", "9.2"), NOW)
    assert column(rows, paper.c.status) == ["shown", "void"]


def test_a_recorded_word_ends_the_requests_about_that_paper_only(rows: Connection) -> None:
    first, second = paper_of(rows), paper_of(rows)
    recorded = request(rows, first, status="record")
    request(rows, first)
    request(rows, second)
    request(rows, first, status="approved")
    assert board_papers.decide(rows, DecideApproval(recorded, first, True, "", "9.2", recorded=True), NOW)
    assert column(rows, approval.c.status) == ["approved", "void", "asked", "approved"]


def test_requests_are_ended_of_one_paper_and_in_one_state(rows: Connection) -> None:
    first, second = paper_of(rows, status="approved"), paper_of(rows, status="approved")
    for about, status in (
        (first, "asked"),
        (first, "decide"),
        (first, "approved"),
        (second, "asked"),
        (second, "decide"),
    ):
        request(rows, about, status=status, token=f"{about}{status}")
    decision = RecordDecision(first, False, "không", "7.1")
    assert board_papers.record_decision(rows, decision, NOW)
    assert not board_papers.record_decision(rows, decision, NOW)
    assert column(rows, paper.c.status) == ["returned", "approved"]
    assert board_papers.end_decision(rows, decision, NOW) == ["1decide"]
    assert column(rows, approval.c.status) == ["asked", "returned", "approved", "asked", "decide"]
    assert [row.token for row in board_papers.still_asked(rows, first)] == ["1asked"]
    assert board_papers.void_requests(rows, first) == ["1asked"]
    assert column(rows, approval.c.status) == ["void", "returned", "approved", "asked", "decide"]


def test_a_paper_signed_on_paper_is_the_text_that_was_shown(rows: Connection) -> None:
    ids = [paper_of(rows), paper_of(rows, digest="new"), paper_of(rows, status="void"), paper_of(rows)]
    done = [
        board_papers.record_signed(rows, RecordSigned(each, "d", 5, LATER.on, "", "8.1"), NOW) for each in ids[:3]
    ]
    assert done == [True, False, False]
    assert column(rows, paper.c.status) == ["approved", "shown", "void", "shown"]


def test_a_new_text_takes_the_place_of_its_own_kind_only(rows: Connection) -> None:
    first, second = paper_of(rows), paper_of(rows)
    for about, status in ((first, "asked"), (first, "approved"), (second, "asked")):
        request(rows, about, status=status, token=f"{about}{status}")
    assert board_papers.void_papers(rows, [first]) == ["1asked"]
    assert column(rows, paper.c.status) == ["void", "shown"]
    assert column(rows, approval.c.status) == ["void", "approved", "asked"]


def test_a_session_changes_alone_and_out_of_the_states_expected(rows: Connection) -> None:
    ids = [
        lay(rows, session, code=f"P-2026-0{each}", status=status, form={}, starts_at=NOW)
        for each, status in ((1, "proposed"), (2, "proposed"), (3, "held"))
    ]
    change = SetSession(0, (SessionStatus("proposed"),), SessionStatus("cancelled"), "x", "x")
    assert [sessions.set_status(rows, change, each) for each in (ids[0], ids[2])] == [True, False]
    assert column(rows, session.c.status) == ["cancelled", "proposed", "held"]


def test_sessions_are_loaded_by_what_is_asked_for(rows: Connection) -> None:
    forms = [SessionForm(topic, NOW) for topic in ("Đường", "Điện")]
    ids = [sessions.propose(rows, ProposeSession(form, "7.1"), NOW) for form in forms]
    assert {one: found.form.topic for one, found in sessions.load(rows, ids[1:]).items()} == {ids[1]: "Điện"}
    found = sessions.by_code(rows, "p-2026-01")
    assert found is not None
    assert found.id == ids[0]


def test_sessions_that_run_or_take_questions_are_in_such_a_state(rows: Connection) -> None:
    form = form_adapter().dump_python(SessionForm("Đường", NOW), mode="json")
    for status in SessionStatus:
        lay(rows, session, code=status.value, status=status.value, form=form, starts_at=NOW)
    assert {one.status for one in sessions.every(rows)} == set(SessionStatus)
    ended = {SessionStatus.CLOSED, SessionStatus.CANCELLED}
    assert {one.status for one in sessions.every(rows, running=True)} == set(SessionStatus) - ended
    assert {one.status for one in sessions.receiving(rows)} == set(RECEIVING)


def test_a_number_that_a_person_chose_skips_some_of_its_own_series(rows: Connection) -> None:
    series = ("papers:2026", "register:2026")
    for name in series:
        lay(rows, counter, name=name, value=4)
    made = paper_of(rows, status="approved")
    assert board_papers.issue_paper(rows, IssuePaper(made, "papers:2026", 9, 9, "09/TB", LATER.on, ()))
    assert {name: board_papers.last_number(rows, name) for name in series} == dict(zip(series, (9, 4), strict=True))


def test_who_was_asked_to_confirm_is_the_one_who_can(rows: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    case = SimpleNamespace(session=SimpleNamespace(id=4, moves=1, code="P-2026-04"))
    monkeypatch.setattr(gather_duty, "cases", lambda connection, facts: (case,))
    lay(rows, outbox, name="session_confirm", key="session_confirm:4:1", recipient="Lan@vp.test", status="sent")
    for who, confirmed in (("lan@vp.test", {"P-2026-04"}), ("an@vp.test", set())):
        facts: Any = SimpleNamespace(person=SimpleNamespace(email=who))
        assert gather_duty.asked_to_confirm(rows, facts) == confirmed


def test_what_belongs_to_a_session_is_that_sessions(rows: Connection) -> None:
    for about, address in ((1, "a@so.test"), (2, "b@so.test")):
        lay(rows, attendance, session_id=about, address=address, answer="yes", comment="", sequence=100, unit="SXD")
        lay(rows, question, status="received", session_id=about)
    assert [one.address for one in sessions.attendance_of(rows, 1)] == ["a@so.test"]
    assert sessions.question_ids(rows, 2) == [2]


@pytest.mark.parametrize(
    ("about", "item"),
    [
        ({"session_id": 1}, {}),
        ({"status": "answered"}, {}),
        ({}, {"status": "answered"}),
        ({}, {"role": "support"}),
        ({}, {"unit": "STC"}),
    ],
)
def test_a_question_waits_with_the_lead(rows: Connection, about: dict[str, object], item: dict[str, object]) -> None:
    for more, own in (({}, {}), (about, item)):
        number = lay(rows, question, **{"status": "forwarded"} | more)
        lay(rows, assignment, **{"question_id": number, "unit": "SXD", "status": "forwarded", "role": "lead"} | own)
    assert sessions.open_questions_of(rows, ["SXD"]) == [1]


@pytest.mark.parametrize(
    "values",
    [{"kind": "plan"}, {"about": "1/2027"}, {"session_id": 4}, {"question_id": 9}, {"status": "void"}],
)
def test_a_new_text_takes_the_place_of_what_stands_for_the_same(rows: Connection, values: dict[str, object]) -> None:
    usual = {"about": "1/2026", "question_id": 5}
    wanted = paper_of(rows, **usual)
    paper_of(rows, **usual | values)
    action: Any = SimpleNamespace(
        paper=SimpleNamespace(kind=SimpleNamespace(value="answer"), about="1/2026"), question=5
    )
    assert board_papers.papers_before(rows, action, None) == [wanted]


ASKED = {"status": "forwarded", "received_at": NOW}
DUE = date_to_json(LATER)


def owed(rows: Connection, about: int | None = None, **values: object) -> int:
    return lay(rows, duty, **{"kind": "answer", "status": "open", "due": DUE, "question_id": about} | values)


def test_the_calendar_holds_open_duties_of_its_kinds(rows: Connection) -> None:
    about = lay(rows, question, **ASKED)
    wanted = [owed(rows, about), owed(rows, about, kind="privacy")]
    owed(rows, about, kind="review")
    owed(rows, about, status="met")
    first = owed(rows, kind="session", session_id=1)
    owed(rows, kind="session", session_id=2)
    owed(rows, kind="approval", session_id=1)
    assert [one.id for one in sessions.session_duties(rows, 1)] == [first]
    assert [one.id for one in sessions.agenda(rows, NOW).duties] == wanted


def test_a_date_moved_is_counted_by_its_entry_and_while_it_is_owed(rows: Connection) -> None:
    ids = [lay(rows, question, **ASKED) for _ in range(3)]
    owed(rows, ids[0])
    owed(rows, ids[1], status="met")
    owed(rows, ids[2], kind="review")
    entries = ((ids[0], "due_moved"), *[(ids[0], "forwarded")] * 2, (ids[1], "due_moved"), (ids[2], "due_moved"))
    for seq, (about, act) in enumerate(entries, 1):
        lay(rows, journal, seq=seq, question_id=about, act=act)
    assert sessions._times_moved(rows) == {ids[0]: 1}


def test_the_calendar_goes_back_half_a_year(rows: Connection) -> None:
    form = form_adapter().dump_python(SessionForm("Đường", NOW), mode="json")
    oldest = NOW - sessions.LOOK_BACK
    ids = [
        lay(rows, session, code=f"P-{number}", status="closed", form=form, starts_at=at)
        for number, at in enumerate((NOW, oldest, oldest - timedelta(seconds=1)))
    ]
    found = sessions.agenda(rows, NOW)
    assert [one.id for one in found.sessions] == [ids[1], ids[0]]
    assert found.of_sessions.keys() == {*ids[:2]}


def test_a_plan_was_withdrawn_when_it_was_decided_on_and_is_void(rows: Connection) -> None:
    """Each makes the calendars take the session's date anew."""
    form = form_adapter().dump_python(SessionForm("Đường", NOW), mode="json")
    about = lay(rows, session, code="P-1", status="proposed", form=form, starts_at=NOW)
    usual = {"session_id": about, "kind": "plan", "status": "void", "decided_at": NOW}
    for more in ({}, {"status": "approved"}, {"decided_at": None}, {"kind": "notice"}, {"session_id": about + 1}):
        paper_of(rows, **usual | more)
    assert sessions.load(rows, [about])[about].withdrawn_plans == 1


def test_requests_are_those_about_the_papers_named(rows: Connection) -> None:
    first, second, third = paper_of(rows), paper_of(rows), paper_of(rows)
    ids = [request(rows, about) for about in (second, first, third, first)]
    assert [one.id for one in board_papers.approvals_of(rows, [first, third])] == ids[1:]
    assert board_papers.approvals_of(rows, []) == []


@pytest.mark.parametrize("status", ["shown", "returned", "void"])
def test_a_paper_that_nobody_approved_is_not_issued(rows: Connection, status: str) -> None:
    issued, other = paper_of(rows, status="approved"), paper_of(rows, status=status)
    for number, each in ((1, issued), (2, other)):
        done = board_papers.issue_paper(
            rows, IssuePaper(each, "papers", number, number, f"0{number}/TB", LATER.on, ())
        )
        assert done is (each == issued)
    assert column(rows, paper.c.number) == ["01/TB", ""]
