"""To find and erase a person's data takes that person's and nobody else's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Column, Connection, String, Table, Text, select

from db.core.dialects import Json
from db.core.tables import (
    answer,
    assignment,
    outbox,
    outbox_content,
    paper,
    question,
    raw_content,
    raw_mail,
    sealed_content,
)
from db.mails import sealed
from db.reports import personal_data
from tests.support.rows import DAY, NOW, column, lay, lay_mail

WHO = "lan@dan.test"


def mail(rows: Connection, **values: Any) -> int:
    """A decided mail of hers without a question."""
    usual: dict[str, Any] = {"kind": "other", "status": "done", "from_email": WHO, "stored_at": NOW - 2 * DAY}
    return lay_mail(rows, raw_mail, **usual | values)


def asked(rows: Connection, **values: Any) -> int:
    """A closed question of hers that began with a mail, with an item, an answer by mail, a text and a letter out."""
    first = mail(rows, from_email=values.get("asker_email", WHO))
    usual: dict[str, Any] = {"status": "published", "content": "Đường hỏng", "asker_email": WHO, "asker_name": "Lan"}
    about = lay(rows, question, raw_mail_id=first, **usual | values)
    item = lay(rows, assignment, question_id=about, status="answered", item_text="Đường")
    lay(
        rows,
        answer,
        question_id=about,
        assignment_id=item,
        raw_mail_id=mail(rows, from_email="so@tp.test"),
        text="Sẽ",
    )
    lay(rows, paper, question_id=about, kind="answer", status="approved", text="Trả lời")
    sent(rows, question_id=about)
    return about


def sent(rows: Connection, **values: Any) -> int:
    number = lay(rows, outbox, **{"status": "sent", "recipient": WHO, "subject": "Trả lời"} | values)
    lay(rows, outbox_content, outbox_id=number, bytes=b"letter")
    return number


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "question"},
        {"status": "held"},
        {"question_id": 1},
        {"sealed": True},
        {"stored_at": NOW},
        {"content": b"", "from_email": ""},
    ],
)
def test_a_mail_is_kept_while_any_of_the_conditions_is_not_met(rows: Connection, values: dict[str, Any]) -> None:
    wanted = [mail(rows), mail(rows, content=b""), mail(rows, from_email="")]
    mail(rows, **values)
    assert personal_data.mails_kept_since(rows, ["other"], NOW) == wanted


@pytest.mark.parametrize(
    "values",
    [
        {"status": "forwarded"},
        {"answered_at": NOW},
        {"registered_at": NOW},
        {"content": "", "asker_email": "", "asker_name": ""},
    ],
)
def test_a_question_is_kept_while_any_of_the_conditions_is_not_met(
    rows: Connection, values: dict[str, datetime | str]
) -> None:
    usual: dict[str, Any] = {"status": "published", "registered_at": NOW - 2 * DAY}
    wanted = [
        lay(rows, question, **usual, content="x"),
        lay(rows, question, **usual, asker_email=WHO),
        lay(rows, question, **usual, asker_name="Lan"),
        lay(rows, question, **usual | {"registered_at": NOW}, content="x", answered_at=NOW - DAY),
    ]
    lay(rows, question, **usual | {"content": "x"} | values)
    assert personal_data.questions_kept_since(rows, ["published"], NOW) == wanted


def test_to_erase_a_question_leaves_everything_of_the_others(rows: Connection) -> None:
    first = asked(rows)
    followed = mail(rows, question_id=first)
    second = asked(rows, asker_email="ba@dan.test")
    kept_mail = mail(rows)
    waiting = sent(rows, question_id=first, status="pending")
    assert personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW) == 1
    assert column(rows, question.c.content) == ["", "Đường hỏng"]
    assert column(rows, answer.c.text) == ["", "Sẽ"]
    assert column(rows, paper.c.text) == ["", "Trả lời"]
    assert column(rows, assignment.c.item_text) == ["", "Đường"]
    assert column(rows, outbox.c.recipient) == ["", WHO, WHO]
    assert column(rows, outbox_content.c.bytes) == [b"", b"letter", b"letter"]
    blank = {1, 2, followed}
    senders = dict(zip(column(rows, raw_mail.c.id), column(rows, raw_mail.c.from_email), strict=True))
    assert {number for number, sender in senders.items() if not sender} == blank
    assert {number for number, size in enumerate(column(rows, raw_content.c.size), 1) if not size} == blank
    assert (second, kept_mail, waiting) == (2, 6, 3)


def test_to_erase_what_was_asked_without_a_mail_leaves_the_mails_of_others(rows: Connection) -> None:
    first, _ = asked(rows), asked(rows, asker_email="ba@dan.test")
    spoken = lay(rows, question, status="published", content="Đèn tắt", channel="phone")
    assert personal_data.erase_questions(rows, [spoken, first], "asked for", "lan@vp.test", NOW) == 2
    assert column(rows, question.c.content) == ["", "Đường hỏng", ""]
    assert column(rows, raw_mail.c.from_email) == ["", "", "ba@dan.test", "so@tp.test"]


def test_to_erase_a_mail_leaves_letters_about_questions_and_other_mails(rows: Connection) -> None:
    wanted, other = mail(rows), mail(rows)
    sent(rows, raw_mail_id=wanted)
    sent(rows, raw_mail_id=wanted, question_id=7)
    sent(rows, raw_mail_id=other)
    personal_data.erase_mails(rows, [wanted], "old", "daemon", NOW)
    assert column(rows, outbox.c.recipient) == ["", WHO, WHO]
    assert column(rows, raw_mail.c.from_email) == ["", WHO]


def test_a_mail_of_which_nothing_is_known_yet_keeps_its_bytes(rows: Connection) -> None:
    wanted = mail(rows)
    mail(rows, status="stored", from_email="")
    personal_data.erase_mails(rows, [wanted], "old", "daemon", NOW)
    assert column(rows, raw_content.c.bytes) == [b"", b"bytes"]


def test_bytes_kept_apart_are_emptied_with_their_mail(rows: Connection) -> None:
    wanted, other = mail(rows), mail(rows)
    for each in (wanted, other):
        sealed.write_fate(rows, each, {"sealed": True})
    personal_data.erase_mails(rows, [wanted], "asked for", "lan@vp.test", NOW)
    assert sorted(column(rows, sealed_content.c.bytes)) == [b"", b"bytes"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"from_email": "ba@dan.test"}, True),
        ({"from_email": "", "subject": "Đường"}, True),
        ({"from_email": "", "message_id": "<1@dan.test>"}, True),
        ({"from_email": "", "sealed": True}, True),
        ({"from_email": ""}, False),
    ],
)
def test_bytes_that_another_mail_needs_stay(rows: Connection, values: dict[str, Any], kept: bool) -> None:
    digest = "a" * 64
    lay(rows, raw_content, sha256=digest, size=5, bytes=b"bytes")
    mail(rows)  # needs its own
    wanted = lay(rows, raw_mail, sha256=digest, status="done", from_email=WHO)
    lay(rows, raw_mail, sha256=digest, status="done", **values)
    personal_data.erase_mails(rows, [wanted], "old", "daemon", NOW)
    assert sorted(column(rows, raw_content.c.bytes)) == sorted([b"bytes", b"bytes" if kept else b""])


def test_a_person_is_given_and_can_have_erased_what_is_their_own(rows: Connection) -> None:
    first, open_one = asked(rows), asked(rows, status="forwarded", code="HP-2")
    asked(rows, asker_email="ba@dan.test")
    free = mail(rows, from_email="Lan@dan.test")
    sealed, held = mail(rows, sealed=True), mail(rows, status="held")
    with_question = mail(rows, question_id=first)
    sent(rows, recipient="ba@dan.test")
    told = personal_data.export(rows, "LAN@dan.test")
    assert [len(one["answers"]) for one in told["questions"]] == [1, 1]
    assert [one["id"] for one in told["mails"]] == [1, 3, free, held, with_question]
    assert len(told["sent"]) == 3  # the letters about all three questions went to her
    closed, still_open, mails = personal_data.to_erase(rows, WHO)
    assert (closed, still_open) == ([first], ["HP-2"])
    assert mails == [1, 3, free]
    assert sealed not in mails
    assert open_one


KEPT = {
    question: {"code", "channel", "status", "kind", "asker_kind", "field", "clause", "missing", "session_mark"}
    | {"live_choice", "link", "officer", "content_with_answer"},
    assignment: {"unit", "role", "status", "due"},
    answer: {"unit", "document"},
    outbox: {"key", "name", "clause", "role", "message_id", "envelope_from", "status", "claimed_by", "bounce_status"},
}
"""What stays of an erased question beside ids and dates: numbers, states, offices and the officer in charge."""


def words_in(table: Table) -> list[Column[object]]:
    """The columns of a table that somebody's words may stand in."""
    return [one for one in table.columns if isinstance(one.type, String | Text | Json)]


@pytest.mark.parametrize("table", KEPT, ids=lambda table: table.name)
def test_each_column_with_words_is_erased_or_named_as_kept(rows: Connection, table: Table) -> None:
    number = asked(rows)
    marked = {one.name: ["Lan"] if isinstance(one.type, Json) else "Lan" for one in words_in(table)}
    marked |= {"status": "sent"} if table is outbox else {}
    rows.execute(table.update().values(**marked))
    personal_data.erase_questions(rows, [number], "old", "daemon", NOW)
    left = rows.execute(select(*words_in(table))).mappings().one()
    assert {name for name, value in left.items() if value} == KEPT[table]


def test_a_person_is_given_what_was_answered_in_the_session_but_no_note_of_officers(rows: Connection) -> None:
    asked(rows, live_answer="Sẽ sửa trong tháng", outcome="Đã trả lời tại phiên", notes="Ông B. cũng hỏi việc này")
    (told,) = personal_data.export(rows, WHO)["questions"]
    assert (told["live_answer"], told["outcome"]) == ("Sẽ sửa trong tháng", "Đã trả lời tại phiên")
    assert "notes" not in told, "officers' words may name others"
