"""Of duties: a statement finds and changes those it names, in the states it names, and no other."""

from datetime import date, timedelta

from sqlalchemy import Connection

from db.core.dialects import date_to_json
from db.core.tables import assignment, duty, raw_mail
from db.register import duties
from rules.decide.base.actions import AdvanceDuty, ExtendDue, Reopened
from rules.decide.base.manual_work import TELL
from rules.decide.base.session_actions import MoveDuty
from tests.support.rows import DAY, LATER, NOW, column, lay, lay_mail


def owed(rows: Connection, **values: object) -> int:
    """An open duty that is due."""
    usual = {"kind": "answer", "status": "open", "next_at": NOW, "due_at": NOW + DAY, "due": {"on": "2026-11-27"}}
    return lay(rows, duty, **usual | values)


def test_a_duty_is_closed_moved_woken_and_extended_alone(rows: Connection) -> None:
    first, met = owed(rows, key="answer:1"), owed(rows, key="answer:2", status="met")
    owed(rows, key="answer:3")
    item = lay(rows, assignment, status="forwarded")
    other = lay(rows, assignment, status="forwarded")
    duties.wake(rows, "answer:1", NOW - DAY)
    duties.wake(rows, "answer:2", NOW - DAY)
    assert column(rows, duty.c.next_at) == [NOW - DAY, NOW, NOW]
    duties.wake(rows, "answer:1", NOW)
    assert column(rows, duty.c.next_at)[0] == NOW - DAY
    assert duties.extend(rows, ExtendDue(1, item, LATER, NOW + 5 * DAY, NOW + DAY, 2, "x")) == "2026-11-26"
    assert column(rows, assignment.c.due_on) == [LATER.on, date(2026, 11, 26)]
    assert column(rows, assignment.c.due) == [date_to_json(LATER), {}]
    assert column(rows, duty.c.stage) == [2, 0, 0]
    assert duties.move(rows, MoveDuty("answer:1", LATER, NOW + 6 * DAY, NOW + DAY, 3, "x")) == "2026-12-01"
    assert duties.move(rows, MoveDuty("answer:2", LATER, NOW + 6 * DAY, NOW + DAY, 3, "x")) == ""
    assert column(rows, duty.c.stage) == [3, 0, 0]
    duties.close(rows, "answer:1", NOW)
    duties.close(rows, "answer:2", NOW, void=True)
    assert column(rows, duty.c.status) == ["met", "met", "open"]
    duties.reopen(rows, Reopened(2, 1, NOW))
    assert column(rows, duty.c.status) == ["met", "open", "open"]
    assert (first, met, other) == (1, 2, 2)


def test_an_extension_of_a_closed_duty_changes_the_item_only(rows: Connection) -> None:
    item = lay(rows, assignment, status="answered")
    owed(rows, key=f"answer:{item}", status="met")
    duties.extend(rows, ExtendDue(1, item, LATER, NOW + 5 * DAY, NOW + DAY, 2, "x"))
    assert column(rows, duty.c.stage) == [0]


def test_a_stage_goes_on_of_an_open_duty_that_stands_where_it_is_expected(rows: Connection) -> None:
    ids = [owed(rows), owed(rows, stage=1), owed(rows, status="met"), owed(rows)]
    done = [duties.advance(rows, AdvanceDuty(each, 0, 5, NOW)) for each in ids[:3]]
    assert done == [True, False, False]
    assert column(rows, duty.c.stage) == [5, 1, 0, 0]


def test_only_a_duty_that_ends_late_gets_a_reason_and_keeps_the_one_it_has(rows: Connection) -> None:
    """What is void was not late, and a reason that an officer gave stands (15.3)."""
    for key, values in (
        ("met", {"due_at": NOW + DAY}),
        ("late", {"due_at": NOW}),
        ("void", {"due_at": NOW}),
        ("told", {"due_at": NOW, "why_late": "illness"}),
    ):
        owed(rows, key=key, **values)
        duties.close(rows, key, NOW, void=key == "void")
    assert column(rows, duty.c.status) == ["met", "late", "void", "late"]
    assert column(rows, duty.c.was_late) == [False, True, False, True]
    assert column(rows, duty.c.why_late) == ["", "Hoàn thành sau khi hết hạn", "", "illness"]


def test_late_is_told_once_and_of_one(rows: Connection) -> None:
    first, second = owed(rows), owed(rows)
    assert duties.mark_late(rows, first, "illness")
    assert not duties.mark_late(rows, first, "holiday")
    assert column(rows, duty.c.why_late) == ["illness", ""]
    duties.push_away(rows, second, NOW)
    assert column(rows, duty.c.next_at) == [NOW, NOW + timedelta(hours=1)]


def test_what_an_officer_decided_is_waited_for_no_more(rows: Connection) -> None:
    for about, kind, status in (
        (1, "review", "open"),
        (1, "answer", "open"),
        (2, "review", "open"),
        (1, "review", "void"),
    ):
        owed(rows, question_id=about, kind=kind, status=status)
    duties.close_reviews(rows, 1, NOW)
    assert column(rows, duty.c.status) == ["met", "open", "open", "void"]


def test_a_held_mail_s_own_review_outlives_a_decision_on_the_question(rows: Connection) -> None:
    for status, about in (("held", None), ("held", 1), ("done", None), ("held", None)):
        mail = lay_mail(rows, raw_mail, status=status, question_id=about)
        owed(rows, question_id=1, kind="review", raw_mail_id=mail)
    rows.execute(duty.update().where(duty.c.id == 4).values(question_id=2))
    duties.close_reviews(rows, 1, NOW)
    assert column(rows, duty.c.status) == ["open", "met", "met", "open"]


def test_duties_are_looked_for_by_state_instant_and_owner(rows: Connection) -> None:
    due = owed(rows, question_id=1, session_id=4)
    later = owed(rows, next_at=NOW + DAY, question_id=2, session_id=5, due_at=NOW)
    met = owed(rows, status="met")
    assert duties.due_ids(rows, NOW) == [due]
    assert duties.open_ids(rows) == [later, due]
    for locked in (True, False):
        found = [duties.open_row(rows, each, locked=locked) for each in (due, later, met)]
        assert [row is not None for row in found] == [True, True, False]
    assert [duties.claim(rows, each, NOW) is not None for each in (due, later, met)] == [True, False, False]
    assert [row.id for row in duties.missed_between(rows, NOW - DAY, NOW)] == [due]
    assert duties.missed_between(rows, NOW, NOW + timedelta(hours=1)) == []
    assert [row.id for row in duties.of_session(rows, 4)] == [due]
    assert [row.id for row in duties.of_question(rows, 2)] == [later]
    assert duties.known(rows, [column(rows, duty.c.key)[0], "none"]) == {column(rows, duty.c.key)[0]}


def test_what_an_asker_has_still_to_be_told_is_of_that_asker(rows: Connection) -> None:
    for about, kind, status in ((1, TELL, "open"), (1, TELL, "met"), (1, "answer", "open"), (2, TELL, "open")):
        owed(
            rows, key=f"{TELL}:citizen_received:{about}:{kind}:{status}", question_id=about, kind=kind, status=status
        )
    assert {one: len(told) for one, told in duties.untold(rows, [1]).items()} == {1: 1}


def test_a_request_about_personal_data_is_open_and_of_its_question(rows: Connection) -> None:
    for about, kind, status in (
        (1, "privacy", "open"),
        (1, "answer", "open"),
        (1, "privacy", "met"),
        (2, "privacy", "open"),
    ):
        owed(rows, key=f"{about}{kind}{status}", question_id=about, kind=kind, status=status)
    assert duties.data_requests(rows, [1]) == {1: {"1privacyopen": ""}}
