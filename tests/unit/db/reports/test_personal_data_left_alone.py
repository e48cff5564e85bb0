"""To find and erase a person's data takes that person's and nobody else's."""

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Column, Connection, String, Table, Text, event, select

from db.core.dialects import Json
from db.core.tables import (
    answer,
    assignment,
    outbox,
    outbox_content,
    paper,
    paper_file,
    publication,
    question,
    raw_content,
    raw_mail,
    sealed_content,
    session,
)
from db.mails import stored_mails
from db.outbox import undelivered
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
    lay(rows, paper_file, sha256=f"{about:064x}", size=4, bytes=b"file")
    kept = [["tra-loi.docx", "application/docx", f"{about:064x}"]]
    lay(rows, paper, question_id=about, kind="answer", status="approved", text="Trả lời", title="Hỏi", files=kept)
    lay(rows, publication, question_id=about, paper_id=about, title="Đường hỏng")
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
    assert personal_data.mails_kept_since(rows, ["other"], NOW, wanted[0], 1) == wanted[1:2]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "forwarded"},
        {"answered_at": NOW},
        {"registered_at": NOW},
        {"content": "", "asker_email": "", "asker_name": ""},
    ],
)
def test_a_question_is_kept_while_any_condition_lacks(rows: Connection, values: dict[str, datetime | str]) -> None:
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
    taken_back = sent(rows, question_id=first, status="recalled")
    assert personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW) == 1
    assert column(rows, question.c.content) == ["", "Đường hỏng"]
    assert column(rows, answer.c.text) == ["", "Sẽ"]
    assert column(rows, paper.c.text) == ["", "Trả lời"]
    assert column(rows, assignment.c.item_text) == ["", "Đường"]
    assert column(rows, paper.c.files) == [[], [["tra-loi.docx", "application/docx", f"{second:064x}"]]]
    assert column(rows, paper_file.c.bytes) == [b"file"]
    assert column(rows, publication.c.title) == ["", "Đường hỏng"]
    assert column(rows, publication.c.withdrawn_at) == [NOW, None]
    assert column(rows, outbox.c.recipient) == ["", WHO, ""]
    assert column(rows, outbox_content.c.bytes) == [b"", b"letter", b""]
    blank = {1, 2, followed}
    senders = dict(zip(column(rows, raw_mail.c.id), column(rows, raw_mail.c.from_email), strict=True))
    assert {number for number, sender in senders.items() if not sender} == blank
    assert {number for number, size in enumerate(column(rows, raw_content.c.size), 1) if not size} == blank
    assert (second, kept_mail, taken_back) == (2, 6, 3)


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({"status": "sent"}, True),
        ({"status": "failed"}, True),
        ({"status": "recalled"}, True),
        ({"status": "unknown", "attempts": 2}, True),
        ({"status": "unknown", "attempts": 1}, False),
        ({"status": "pending"}, False),
        ({"status": "sending"}, False),
    ],
)
def test_a_letter_is_erased_once_it_will_not_leave(rows: Connection, values: dict[str, Any], gone: bool) -> None:
    first = asked(rows)
    last = sent(rows, question_id=first, **values)
    personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW)
    recipients = dict(zip(column(rows, outbox.c.id), column(rows, outbox.c.recipient), strict=True))
    assert recipients[last] == ("" if gone else WHO)
    assert not undelivered.resend(rows, last, NOW) or not gone, "an empty letter is not sent again"


@pytest.mark.parametrize("own", [7, None])
def test_papers_of_other_sessions_keep_their_files(rows: Connection, own: int | None) -> None:
    """Her question's session has a paper of files alone, which may tell of her; so has another, and a report."""
    first = asked(rows, session_id=own, code="HP-2026-000001")
    file = [["ban-ghi.docx", "application/docx", "0" * 64]]
    usual: dict[str, Any] = {"kind": "record", "status": "approved", "documents": "", "files": file, "text": "Ghi"}
    for number in (7, 8, None):
        lay(rows, paper, session_id=number, **usual)
    personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW)
    assert column(rows, paper.c.files) == [[], [] if own else file, file, file]


def test_the_papers_are_walked_through_once_for_all_questions(rows: Connection) -> None:
    lay(rows, session, status="closed")
    numbers = [asked(rows, code=f"HP-2026-{number:06}", content=f"{WORDS} Số {number}") for number in range(1, 6)]
    made = [asked(rows, code=f"HP-2026-{number:06}", content=WORDS, asker_email="ba@dan.test") for number in (12, 13)]
    for number in (1, 2, 12):
        text = f"Câu HP-2026-{number:06}:\n{WORDS} Số {number}"
        lay(rows, paper, kind="report", session_id=1, status="approved", text=text, documents="[]")
    walks: list[str] = []

    def note(_c: object, _u: object, said: str, *_: object) -> None:
        if re.search(r"SELECT.*\bFROM paper\b", said, re.DOTALL) and not re.search(r"paper\.(question_)?id IN", said):
            walks.append(said)

    event.listen(rows, "before_cursor_execute", note)
    personal_data.erase_questions(rows, numbers, "old", "operator", NOW)
    assert len(walks) == 2, "their texts, and the names of their files"
    left = [one.text for one in rows.execute(select(paper).where(paper.c.question_id.is_(None)))]
    assert [WORDS in one for one in left] == [False, False, True]
    assert column(rows, question.c.content) == [""] * 5 + [WORDS] * len(made)


def test_letters_about_a_mail_from_before_it_had_its_number_go_with_the_question(rows: Connection) -> None:
    """An officer's review of a held letter quotes it whole, and so do those about a second delivery."""
    first, second = asked(rows), asked(rows, asker_email="ba@dan.test")
    review = sent(rows, raw_mail_id=1)
    again = mail(rows, duplicate_of=1)
    told = sent(rows, raw_mail_id=again)
    others = [sent(rows, raw_mail_id=3), sent(rows, raw_mail_id=1, question_id=second), sent(rows)]
    personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW)
    recipients = dict(zip(column(rows, outbox.c.id), column(rows, outbox.c.recipient), strict=True))
    assert {one for one, recipient in recipients.items() if not recipient} == {1, review, told}
    assert all(recipients[one] == WHO for one in others)
    senders = dict(zip(column(rows, raw_mail.c.id), column(rows, raw_mail.c.from_email), strict=True))
    assert (senders[again], senders[3]) == ("", "ba@dan.test")


def test_old_letters_that_belong_to_nothing_else_are_found_and_erased(rows: Connection) -> None:
    old = {"created_at": NOW - 2 * DAY}
    wanted = [sent(rows, **old), sent(rows, **old, status="failed")]
    sent(rows, **old, status="pending")
    sent(rows, **old, question_id=1)
    sent(rows, **old, raw_mail_id=1)
    sent(rows, **old, recipient="")
    sent(rows, created_at=NOW)
    assert personal_data.letters_kept_since(rows, NOW - DAY) == wanted
    assert personal_data.erase_letters(rows, wanted, "old", "operator", NOW) == 2
    assert column(rows, outbox.c.recipient) == ["", "", WHO, WHO, WHO, "", WHO]
    assert personal_data.letters_kept_since(rows, NOW - DAY) == []


SCRIPT = "Kịch bản\n\nCâu HP-1 của ông Trần Văn Lan:\n\n{}\n\nCâu HP-2 của bà Ba: Đèn ở ngõ 5 tắt từ tháng trước."
WORDS = "Mặt đường trước chợ Sắt hỏng nặng từ đầu năm đến nay."


def test_papers_of_a_session_keep_what_others_asked(rows: Connection) -> None:
    first = asked(rows, code="HP-1", asker_name="Trần Văn Lan", content=f"{WORDS}\nBao giờ sửa?", session_id=1)
    asked(rows, code="HP-2", asker_email="ba@dan.test", session_id=1)
    lay(rows, session, status="closed")
    for digest in "ab":
        lay(rows, paper_file, sha256=digest * 64, size=4, bytes=b"file")
    files = [["kich-ban.docx", "application/docx", "a" * 64]]
    made = {"kind": "script", "session_id": 1, "status": "approved", "files": files}
    named = lay(rows, paper, **made, text=SCRIPT.format(WORDS), documents=f'["{WORDS}"]')
    cards = lay(rows, paper, **made | {"kind": "run_sheet"}, text="Phiếu", documents="")
    plan = lay(rows, paper, **made | {"kind": "plan", "files": [["p.docx", "application/docx", "b" * 64]]},
               text="Kế hoạch", documents="[]")  # fmt: skip
    other = lay(rows, paper, **made | {"session_id": 2}, text=SCRIPT.format("khác"), documents="")
    shared = [["p.docx", "application/docx", "b" * 64]]
    lay(rows, paper, question_id=first, kind="answer", status="approved", text="Trả lời", title="Hỏi", files=shared)
    personal_data.erase_questions(rows, [first], "asked for", "lan@vp.test", NOW)
    left = {row.id: row for row in rows.execute(select(paper))}
    assert WORDS not in left[named].text
    assert "Lan" not in left[named].text
    assert "HP-1" in left[named].text
    assert "Câu HP-2 của bà Ba: Đèn ở ngõ 5 tắt từ tháng trước." in left[named].text
    assert (left[named].documents, left[named].files, left[cards].files) == ("", [], [])
    assert (left[plan].documents, len(left[plan].files), left[other].files) == ("[]", 1, [])
    assert column(rows, paper_file.c.sha256)[-1:] == ["b" * 64]
    assert "a" * 64 not in column(rows, paper_file.c.sha256)


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
        stored_mails.write_fate(rows, each, {"sealed": True, "from_email": WHO})
    personal_data.erase_mails(rows, [wanted], "asked for", "lan@vp.test", NOW)
    assert sorted(column(rows, sealed_content.c.bytes)) == [b"", b"bytes"]
    assert sorted(column(rows, sealed_content.c.sender)) == ["", WHO.lower()]


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
    found = personal_data.to_erase(rows, WHO)
    assert (found.questions, found.mails) == ([first], [1, 3, free])
    assert found.stays == ["HP-2: still worked on", f"mail {held}: waits for an officer"]
    assert sealed not in found.mails
    assert open_one


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": "held"}, "waits for an officer"),
        ({"status": "quarantined"}, "quarantined"),
        ({"status": "stored"}, "not decided on yet"),
        ({"question_id": 1}, "belongs to HP-1, which somebody else asked"),
    ],
)
def test_what_must_stay_for_now_is_named(rows: Connection, values: dict[str, Any], why: str) -> None:
    asked(rows, asker_email="ba@dan.test", code="HP-1")
    wanted = mail(rows, **values)
    mail(rows, status="held", sealed=True)
    mail(rows, from_email="ba@dan.test", status="held")
    found = personal_data.to_erase(rows, WHO)
    assert (found.questions, found.mails, found.stays) == ([], [], [f"mail {wanted}: {why}"])


def test_a_question_waits_for_its_letters_its_session_and_its_papers(rows: Connection) -> None:
    numbers = [asked(rows, code=f"HP-{number}", session_id=number) for number in (1, 2, 3, 4)]
    for number, status in enumerate(("closed", "held", "cancelled", "closed"), 1):
        lay(rows, session, status=status, code=f"P-{number}")
    sent(rows, question_id=numbers[0], status="pending")
    lay(rows, paper, kind="report", status="shown", text="Về HP-3", title="Báo cáo")
    found = personal_data.to_erase(rows, WHO)
    assert found.questions == numbers[3:]
    assert found.stays == [
        "HP-1: a letter of ours about it has not left yet",
        "HP-2: its session P-2 is not over",
        "HP-3: stands in a paper that waits for approval",
    ]


KEPT: dict[Table, set[str]] = {
    question: {"code", "channel", "status", "kind", "asker_kind", "field", "clause", "missing", "session_mark"}
    | {"live_choice", "link", "officer", "content_with_answer"},
    assignment: {"unit", "role", "status", "due"},
    answer: {"unit", "document"},
    outbox: {"key", "name", "clause", "role", "message_id", "envelope_from", "status", "claimed_by", "bounce_status"},
    paper: {"kind", "digest", "status", "about", "number"},
    paper_file: set(),
    publication: {"path", "digest"},
    raw_mail: {"mailbox", "sha256", "identity", "status", "kind", "fate", "purpose", "target_folder", "server_state"},
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
    if table is not paper_file:  # it has its digest alone, by which its paper finds it
        rows.execute(table.update().values(**marked))
    personal_data.erase_questions(rows, [number], "old", "daemon", NOW)
    for left in rows.execute(select(*words_in(table))).mappings():
        assert {name for name, value in left.items() if value} == KEPT[table]


def test_a_person_is_given_what_was_answered_in_the_session_but_no_note_of_officers(rows: Connection) -> None:
    asked(rows, live_answer="Sẽ sửa trong tháng", outcome="Đã trả lời tại phiên", notes="Ông B. cũng hỏi việc này")
    (told,) = personal_data.export(rows, WHO)["questions"]
    assert (told["live_answer"], told["outcome"]) == ("Sẽ sửa trong tháng", "Đã trả lời tại phiên")
    assert "notes" not in told, "officers' words may name others"
