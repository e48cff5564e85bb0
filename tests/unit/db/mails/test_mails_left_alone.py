"""Of the ledger of mails: what a statement names it changes or finds, and no other row."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from db.core.tables import answer, file_check, journal, mail_identity, question, raw_content, raw_mail, sealed_content
from db.mails import attachments, ledger, stored_mails
from db.mails.identity import identity_of
from rules.decide.base.actions import RecordFile
from tests.support.rows import DAY, NOW, column, lay, lay_mail


def mail(rows: Connection, **values: Any) -> int:
    """A decided mail in INBOX of the mailbox "city", of UIDVALIDITY 7."""
    usual: dict[str, Any] = {"mailbox": "city", "uidvalidity": 7, "status": "done", "target_folder": "Archive"}
    return lay_mail(rows, raw_mail, **usual | values)


def test_another_mailbox_and_the_same_uidvalidity_stand_when_the_numbers_have_changed(rows: Connection) -> None:
    mail(rows)
    mail(rows, uidvalidity=8)
    mail(rows, mailbox="ward")
    mail(rows, server_state="moved")
    assert ledger.forget_other_uidvalidity(rows, "city", 8) == 1
    assert column(rows, raw_mail.c.server_state) == ["gone", "waiting", "waiting", "moved"]


def test_a_uid_is_known_in_its_mailbox_and_its_uidvalidity_only(rows: Connection) -> None:
    mail(rows, uid=1, server_state="moved")
    mail(rows, uid=2, mailbox="ward", server_state="moved")
    mail(rows, uid=3, uidvalidity=8, server_state="moved")
    mail(rows, uid=9, server_state="moved")
    assert ledger.unknown_uids(rows, "city", 7, [1, 2, 3]) == [2, 3]
    assert column(rows, raw_mail.c.server_state) == ["waiting", "moved", "moved", "moved"]


def test_a_mail_is_known_by_its_identity_or_its_bytes(rows: Connection) -> None:
    raw = b"Message-ID: <a@dan.test>\r\n\r\nx"
    mail(rows)
    assert not ledger.is_known(rows, raw)
    mail(rows, identity=identity_of(raw))
    assert ledger.is_known(rows, raw)


def test_what_waits_to_be_moved_is_decided_on_and_lies_in_that_mailbox(rows: Connection) -> None:
    wanted = mail(rows)
    mail(rows, target_folder="")
    mail(rows, uidvalidity=8)
    mail(rows, mailbox="ward")
    mail(rows, server_state="moved")
    assert [row.id for row in ledger.waiting_to_move(rows, "city", 7)] == [wanted]


def test_only_what_should_lie_in_that_mailbox_can_vanish_from_it(rows: Connection) -> None:
    mail(rows, uid=1)
    mail(rows, uid=2)
    mail(rows, uid=3, mailbox="ward")
    mail(rows, uid=4, uidvalidity=8)
    mail(rows, uid=5, server_state="moved")
    assert ledger.vanished(rows, "city", 7, {2}) == 1
    assert column(rows, raw_mail.c.server_state) == ["gone", "waiting", "waiting", "waiting", "moved"]


def test_a_failure_and_another_decision_are_of_the_named_mail(rows: Connection) -> None:
    first, second = mail(rows, status="held"), mail(rows, status="held")
    ledger.note_failure(rows, first, 3, NOW, "timeout")
    assert column(rows, raw_mail.c.attempts) == [3, 0]
    assert (ledger.attempts_of(rows, first), ledger.attempts_of(rows, second)) == (3, 0)
    ledger.note_failure(rows, second, 2, NOW, "timeout")
    assert ledger.requeue(rows, second)
    assert column(rows, raw_mail.c.status) == ["held", "stored"]
    assert column(rows, raw_mail.c.attempts) == [3, 0]
    assert column(rows, raw_mail.c.next_attempt_at) == [NOW, None]


@pytest.mark.parametrize("values", [{"status": "done"}, {"status": "held", "question_id": 5}])
def test_a_mail_decided_or_with_a_question_is_not_decided_anew(rows: Connection, values: dict[str, Any]) -> None:
    assert not ledger.requeue(rows, mail(rows, **values))


def test_of_those_that_wait_only_the_one_asked_for_is_claimed(rows: Connection) -> None:
    waiting = [mail(rows, status="stored"), mail(rows, status="stored")]
    mail(rows, status="held")
    later = mail(rows, status="stored", next_attempt_at=NOW + DAY)
    assert ledger.waiting_in_fair_order(rows, NOW) == [waiting[0], waiting[1]]
    claimed = ledger.claim_stored(rows, waiting[1], NOW)
    assert claimed is not None
    assert claimed.id == waiting[1]
    assert ledger.claim_stored(rows, later, NOW) is None


def test_a_second_delivery_takes_the_identity_of_its_first_and_no_other_mail_does(rows: Connection) -> None:
    first, again = mail(rows, identity="one"), mail(rows, identity="two")
    other, *untold = (mail(rows, identity=each) for each in ("three", "four", "five"))
    assert ledger.claim_identity(rows, other, "three", "another letter") is None
    assert [ledger.claim_identity(rows, each, name) for each, name in zip(untold, ("four", "five"), strict=True)] == [
        None, None,
    ], "of these nothing tells the letter"  # fmt: skip
    assert ledger.claim_identity(rows, first, "one", "letter") is None
    assert ledger.claim_identity(rows, again, "two", "letter") == first
    assert column(rows, raw_mail.c.identity) == ["one", "one", "three", "four", "five"]


def test_a_word_about_one_file_is_none_about_another(rows: Connection) -> None:
    mails = [mail(rows), mail(rows)]
    for each in mails:
        for part in (1, 2):
            attachments.record(rows, RecordFile(each, part, attachments.HELD, "virus"), NOW)
    attachments.record(rows, RecordFile(mails[0], 2, attachments.RELEASED, "by hand"), NOW)
    assert column(rows, file_check.c.status) == ["held", "released", "held", "held"]
    assert set(attachments.known(rows, mails[1:])) == {(mails[1], 1), (mails[1], 2)}


def test_a_years_inbox_that_people_cleared_is_marked_in_portions(rows: Connection) -> None:
    driver = rows.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        pytest.skip("the limit is set on SQLite")
    before = driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    try:
        gone, stays = [mail(rows) for _ in range(1201)], mail(rows, server_state="waiting")
        ledger.mark_server_state(rows, gone, "gone")
    finally:
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
    states = dict(rows.execute(select(raw_mail.c.id, raw_mail.c.server_state)).all())
    assert {states[each] for each in gone} == {"gone"}
    assert states[stays] == "waiting"


def test_a_scan_is_tried_again_only_of_what_was_not_scanned_and_after_a_while(rows: Connection) -> None:
    fresh = mail(rows, status="stored")
    due = mail(rows, status="stored", next_attempt_at=NOW)
    mail(rows, status="stored", next_attempt_at=NOW + timedelta(seconds=1))
    mail(rows)
    again = mail(rows, status="stored")
    tried = [again, mail(rows, status="stored"), mail(rows, status="stored")]
    said = ((attachments.UNSCANNED, NOW - DAY), (attachments.UNSCANNED, NOW), (attachments.CLEAN, NOW - DAY))
    for each, (status, at) in zip(tried, said, strict=True):
        lay(rows, file_check, raw_mail_id=each, part=1, status=status, at=at)
    assert attachments.waiting_for_scan(rows, NOW, timedelta(hours=1)) == [fresh, due, again]


def test_files_wait_for_a_word_at_the_mail_or_the_questions_asked_about(rows: Connection) -> None:
    about, other = mail(rows, question_id=1), mail(rows, question_id=2)
    own = mail(rows)
    clean = mail(rows, question_id=1)
    for each in (about, other, own):
        lay(rows, file_check, raw_mail_id=each, part=1, status=attachments.HELD)
    lay(rows, file_check, raw_mail_id=clean, part=1, status=attachments.CLEAN)
    lay(rows, answer, raw_mail_id=other, question_id=3)
    found = attachments.waiting_for_a_word(rows, own, [1])
    assert [(one.mail, one.question) for one in found] == [(about, 1), (own, None)]
    assert [one.mail for one in attachments.waiting_for_a_word(rows, None, [3])] == [other], "it answers 3 too"


def test_by_a_fate_of_the_journal_the_first_kind_is_told(rows: Connection) -> None:
    lay(rows, journal, seq=1, act="stored", raw_mail_id=4, data={"kind": "other"})
    lay(rows, journal, seq=2, act="fate", raw_mail_id=4, data={"kind": "question"})
    lay(rows, journal, seq=3, act="fate", raw_mail_id=5, data={"kind": "spam"})
    lay(rows, journal, seq=4, act="fate", raw_mail_id=4, data={"kind": "spam"})
    assert stored_mails.first_kinds(rows, [4]) == {4: "question"}


def test_an_officer_ends_a_mail_without_a_number(rows: Connection) -> None:
    lay(rows, journal, seq=1, act="settled", data={"mail": 3})
    lay(rows, journal, seq=2, act="fate", data={"mail": 4})
    assert stored_mails.settled_ids(rows) == {3}
    wanted = mail(rows, internaldate=NOW)
    mail(rows, internaldate=NOW - DAY)
    mail(rows, question_id=1)
    mail(rows, status="held")
    mail(rows, sealed=True)
    ended = column(rows, raw_mail.c.id)
    mail(rows, internaldate=NOW)
    assert [row.id for row in stored_mails.settled_mails(rows, NOW, ended)] == [wanted]


def test_a_history_has_its_own_mail_and_forwardings(rows: Connection) -> None:
    mails = [mail(rows), mail(rows, sealed=True), mail(rows)]
    ids = [lay(rows, question, raw_mail_id=each, received_at=NOW) for each in mails]
    lay(rows, question, raw_mail_id=mail(rows), received_at=NOW - DAY)
    for seq, (act, about) in enumerate((("forwarded", ids[0]), ("answered", ids[0]), ("forwarded", ids[2])), 1):
        lay(rows, journal, seq=seq, act=act, question_id=about, actor="lan@vp.test", data={"unit": f"U{seq}"})
    found = [
        (one.question.id, one.mail.id if one.mail else 0, one.forwardings)
        for one in stored_mails.histories(rows, NOW)
    ]
    assert found == [(ids[0], mails[0], (("U1", "lan@vp.test"),)), (ids[2], mails[2], (("U3", "lan@vp.test"),))]
    assert [one.question.id for one in stored_mails.histories(rows, NOW, batch=1)] == [ids[0], ids[2]]


def test_decided_mails_come_with_the_question_that_each_began(rows: Connection) -> None:
    mails = [
        mail(rows, internaldate=NOW),
        mail(rows, internaldate=NOW),
        mail(rows, internaldate=NOW, status="stored"),
    ]
    mails.append(mail(rows, internaldate=NOW - DAY))
    for each in mails:
        lay(rows, mail_identity, identity=str(each), raw_mail_id=each)
    mail(rows, internaldate=NOW)  # a second delivery
    about = lay(rows, question, raw_mail_id=mails[1])
    lay(rows, question, raw_mail_id=None)
    found = [(one.row.id, one.question.id if one.question else 0) for one in stored_mails.decided_since(rows, NOW)]
    assert found == [(mails[0], 0), (mails[1], about)]
    assert [one.row.id for one in stored_mails.decided_since(rows, NOW, after=mails[0])] == [mails[1]]


def test_a_denunciation_is_put_away_and_given_back_alone(rows: Connection) -> None:
    first, other = mail(rows, content=b"of the director"), mail(rows, content=b"of a road")
    stored_mails.write_fate(rows, mail(rows, content=b"of another director"), {"sealed": True})
    stored_mails.write_fate(rows, first, {"sealed": True})
    assert column(rows, raw_content.c.bytes) == [b"", b"of a road", b""]
    assert sorted(column(rows, sealed_content.c.bytes)) == [b"of another director", b"of the director"]
    assert stored_mails.raw_bytes(rows, other) == b"of a road"
    stored_mails.write_fate(rows, first, {"sealed": False})
    assert column(rows, raw_content.c.bytes) == [b"of the director", b"of a road", b""]
    assert column(rows, sealed_content.c.bytes) == [b"of another director"]
    assert column(rows, raw_mail.c.sealed) == [False, False, True]


@pytest.mark.parametrize(
    ("status", "apart"),
    [("done", False), ("held", False), ("stored", True)],
)
def test_bytes_that_an_open_mail_has_too_stay_where_they_are(rows: Connection, status: str, apart: bool) -> None:
    digest = "a" * 64
    lay(rows, raw_content, sha256=digest, size=5, bytes=b"bytes")
    mail(rows)  # an open mail with bytes of its own keeps nobody's
    first = lay(rows, raw_mail, sha256=digest, status="stored")
    lay(rows, raw_mail, sha256=digest, status=status)
    stored_mails.write_fate(rows, first, {"sealed": True, "status": "done"})
    assert bool(column(rows, sealed_content.c.sha256)) is apart
    assert stored_mails.faults(rows) == []


def test_bytes_of_a_denunciation_that_are_gone_or_lie_open_are_told(rows: Connection) -> None:
    mail(rows, content=b"")
    assert stored_mails.faults(rows) == []
    mail(rows, content=b"", sealed=True)
    mail(rows, content=b"open", sealed=True)
    assert stored_mails.faults(rows) == [
        "1 denunciations have lost their bytes",
        "1 denunciations are not kept apart",
    ]
