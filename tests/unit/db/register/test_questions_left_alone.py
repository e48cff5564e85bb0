"""Of the register: questions, items and answers are found by what is asked for, and no others."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection

from db.core.tables import answer, assignment, outbox, question, raw_mail, session, unit_document
from db.register import links, questions, search
from rules.message.quote_markers import DEFAULT
from rules.routing.similar import REPEATED_WITHIN
from rules.values.model import Kind
from rules.values.states import AssignmentStatus, QuestionStatus
from tests.support.rows import DAY, NOW, column, lay, lay_mail


def test_questions_behind_and_before_a_number_are_read(rows: Connection) -> None:
    for each in range(1, 6):
        lay(rows, question, status="received", content=f"Câu {each}", signed_at=None if each < 3 else NOW)
    assert [number for number, _ in links.contents_after(rows, 3, 9)] == [4, 5]
    assert [number for number, _ in links.contents_after(rows, 0, 2)] == [4, 5]
    assert [number for number, _ in links.contents_before(rows, 4, 2)] == [3, 2]
    assert links.states_of(rows, [2]).keys() == {2}
    assert links.unsigned_count(rows) == 2
    assert len(links.sign_all(rows, "Lan", NOW)) == 2
    assert column(rows, question.c.officer) == ["Lan", "Lan", "", "", ""]


def test_a_units_number_and_debt_are_that_units(rows: Connection) -> None:
    for unit, number, about in (("SXD", "15", 1), ("SXD", "16", 2), ("STC", "15", 3)):
        lay(rows, unit_document, unit=unit, number=number, question_id=about)
    assert links.questions_of(rows, "SXD", ["15"]) == (1,)
    for unit, about, status in (("SXD", 1, "forwarded"), ("SXD", 2, "answered"), ("STC", 3, "forwarded")):
        lay(rows, assignment, unit=unit, question_id=about, status=status)
    assert links.owed_by(rows, "SXD", 9) == (1,)


def test_a_question_and_an_item_change_out_of_the_state_expected_only(rows: Connection) -> None:
    asked = [lay(rows, question, status=each) for each in ("received", "rejected", "received")]
    received, rejected = QuestionStatus.RECEIVED, QuestionStatus.REJECTED
    found = [questions.set_status(rows, each, [received], rejected, {"outcome": "x"}) for each in asked[:2]]
    assert found == [True, False]
    assert column(rows, question.c.outcome) == ["x", "", ""]
    ids = [lay(rows, assignment, status=each) for each in ("forwarded", "answered", "forwarded")]
    forwarded, answered = AssignmentStatus.FORWARDED, AssignmentStatus.ANSWERED
    done = [questions.set_assignment(rows, each, forwarded, answered, {"answered_at": NOW}) for each in ids[:2]]
    assert done == [True, False]
    assert column(rows, assignment.c.answered_at) == [NOW, None, None]


def test_of_items_that_wait_again_the_answers_count_no_more(rows: Connection) -> None:
    ids = [lay(rows, assignment, status="answered", answered_at=NOW) for _ in range(2)]
    for each in ids:
        lay(rows, answer, assignment_id=each, raw_mail_id=each + 7)
    assert questions.reopen(rows, ids[:1]) == [ids[0] + 7]
    assert column(rows, answer.c.assignment_id) == ids[1:]
    assert column(rows, assignment.c.answered_at) == [None, NOW]


def test_a_wish_to_withdraw_waits_while_its_mail_is_held(rows: Connection) -> None:
    wishes: Any = {each: SimpleNamespace(id=each, code=f"HP-{each}") for each in (1, 2)}
    for about, status in ((1, "held"), (1, "done"), (2, "done")):
        lay_mail(rows, raw_mail, status=status, purpose="withdraws", about_id=about)
    lay_mail(rows, raw_mail, status="held", purpose="denies", about_id=2)
    assert links.withdrawals(rows, wishes) == {1: (1,)}
    assert links.denials(rows, wishes) == {2: (4,)}
    back = lay_mail(rows, raw_mail, status="held", purpose="second_thoughts", about_id=1)
    lay_mail(rows, raw_mail, status="held", purpose="new_address", about_id=2)
    lay_mail(rows, raw_mail, status="held", purpose="keeps", about_id=3)
    assert links.second_thoughts(rows, wishes) == {1: back}


def test_letters_of_a_question_wait_or_are_its_answer(rows: Connection) -> None:
    waits: dict[str, Any] = {"from_email": "so@tp.test", "internaldate": NOW, "status": "held"}
    shown: list[tuple[dict[str, Any], str, int]] = [
        ({}, "officer_review", 1),
        ({"status": "done"}, "officer_review", 1),
        ({"sealed": True}, "officer_review", 1),
        ({}, "unit_told", 1),
        ({}, "officer_review", 2),
    ]
    for values, name, about in shown:
        number = lay_mail(rows, raw_mail, **waits | values)
        lay(rows, outbox, raw_mail_id=number, name=name, question_id=about)
    for about in (1, 2):
        number = lay_mail(rows, raw_mail, **waits | {"status": "done"})
        lay(rows, answer, question_id=about, raw_mail_id=number)
    assert {about: [one.mail for one in found] for about, found in links.letters(rows, [1]).items()} == {1: [1, 6]}


def test_questions_are_found_by_number_sender_mail_and_item(rows: Connection) -> None:
    mine = {"asker_email": "lan@dan.test"}
    incomplete = lay(rows, question, code="HP-1", status="received", missing="phone", raw_mail_id=7, **mine)
    whole = lay(rows, question, code="HP-2", status="forwarded", **mine)
    ended = lay(rows, question, code="HP-3", status="published", missing="phone", answered_at=NOW, **mine)
    lay(rows, question, code="HP-4", status="published", answered_at=NOW - DAY, **mine)
    lay(rows, question, code="HP-5", status="received", missing="phone", asker_email="ba@dan.test")
    assert questions.ids_by_code(rows, ["HP-2", "HP-9"]) == {"HP-2": whole}
    assert questions.incomplete_of(rows, "lan@dan.test") == (incomplete,)
    assert questions.of_sender(rows, "lan@dan.test", NOW, 9) == [whole, incomplete, ended]
    assert questions.id_by_raw_mail(rows, 7) == incomplete
    assert questions.row_of(rows, whole).code == "HP-2"
    items = [lay(rows, assignment, question_id=each, status="forwarded") for each in (incomplete, whole)]
    given = [lay(rows, answer, question_id=each) for each in (incomplete, whole)]
    assert questions.questions_of_assignments(rows, items[1:]) == [whole]
    assert [row.id for row in questions.assignments_of(rows, whole)] == items[1:]
    assert [row.id for row in questions.answers_of(rows, whole)] == given[1:]


def test_the_register_is_narrowed_by_each_wish_alone(rows: Connection) -> None:
    meeting = lay(rows, session, code="P-2026-01", status="proposed", form={})
    wanted = {"status": "forwarded", "field": "Đường bộ", "session_id": meeting, "received_at": NOW}
    other_meeting = lay(rows, session, code="P-2026-02", status="proposed", form={})
    each = {"status": "received", "field": "Đất đai", "session_id": other_meeting}
    own = lay(rows, question, **wanted)
    lay(rows, assignment, question_id=own, unit="SXD", status="forwarded")
    for name, other in each.items():
        number = lay(rows, question, **wanted | {name: other})
        lay(rows, assignment, question_id=number, unit="SXD", status="forwarded")
    elsewhere = lay(rows, question, **wanted)
    lay(rows, assignment, question_id=elsewhere, unit="STC", status="forwarded")
    early = lay(rows, question, **wanted | {"received_at": NOW - 3 * DAY})
    late = lay(rows, question, **wanted | {"received_at": NOW + 3 * DAY})
    lay(rows, assignment, question_id=early, unit="SXD", status="forwarded")
    lay(rows, assignment, question_id=late, unit="SXD", status="forwarded")
    day = date(2026, 11, 26)
    wish = search.Wanted("forwarded", "SXD", "đường", "p-2026-01", day, day)
    assert [row.id for row in search.newest(rows, wish)] == [own]
    walked = [(row.id, [one.unit for one in held]) for row, held in search.walk(rows, search.Wanted(), batch=2)]
    assert walked == [(number, ["STC" if number == elsewhere else "SXD"]) for number in range(1, late + 1)]


def test_the_index_holds_of_each_question_its_own_words(rows: Connection) -> None:
    ids = [lay(rows, question, status="received", content=word) for word in ("duong", "nuoc", "dien")]
    lay(rows, answer, question_id=ids[1], text="giai quyet")
    assert search.prepare(rows, 1) == 3
    assert search.prepare(rows) == 0
    found = rows.exec_driver_sql(f"SELECT rowid FROM {search.INDEX} WHERE {search.INDEX} MATCH 'quyet'").scalars()
    assert list(found) == [ids[1]]
    search.renew(rows, ids[0])
    assert len(list(rows.exec_driver_sql(f"SELECT rowid FROM {search.INDEX}"))) == 3


REPEATED = "Đường Trần Phú hỏng nặng trước cổng trường, đề nghị thành phố sửa sớm cho dân đi lại"


@pytest.mark.parametrize(
    ("kind", "text", "email", "received", "repeats"),
    [
        (Kind.QUESTION, REPEATED, "lan@dan.test", NOW, True),
        (Kind.COMPLAINT, REPEATED, "lan@dan.test", NOW, False),
        (Kind.QUESTION, "Đường Trần Phú", "lan@dan.test", NOW, False),
        (Kind.QUESTION, REPEATED, "ba@dan.test", NOW, False),
        (Kind.QUESTION, REPEATED, "lan@dan.test", NOW - REPEATED_WITHIN, True),
        (Kind.QUESTION, REPEATED, "lan@dan.test", NOW - REPEATED_WITHIN - timedelta(seconds=1), False),
    ],
)
def test_a_letter_repeats_a_recent_question_of_its_sender(
    rows: Connection, kind: Kind, text: str, email: str, received: datetime, repeats: bool
) -> None:
    usual = {"status": "forwarded", "kind": "question", "asker_kind": "individual", "received_at": received}
    lay(rows, question, asker_email="lan@dan.test", content=REPEATED.replace("Trần Phú", "Lạch Tray"), **usual)
    own = lay(rows, question, asker_email="lan@dan.test", content=text, **usual)
    mail: Any = SimpleNamespace(sender=SimpleNamespace(email=email), text=text, subject="")
    read: Any = SimpleNamespace(kind=kind, text=SimpleNamespace(own=text))
    found = questions.repeated_question(rows, mail, read, DEFAULT, NOW)
    assert (found.id if found else None) == (own if repeats else None)
