"""What an action changes is told in the journal and found by a search."""

from typing import Any

import pytest
from sqlalchemy import Connection

from db.core.tables import assignment, duty, journal, question, raw_mail
from db.decision.application import NO_MAIL, Application, ConflictError, MailAtHand
from db.decision.apply import apply
from db.mails import attachments
from db.register import search
from rules.decide.base.actions import AmendQuestion, Finish, RecordFile, SetAssignment
from rules.values.model import Kind
from rules.values.states import AssignmentStatus, Fate, Folder, MailStatus
from tests.support.rows import NOW, column, lay, lay_mail


def applied(rows: Connection, *actions: Any, at_hand: MailAtHand = NO_MAIL) -> None:
    no_letter: Any = None
    apply(Application(rows, no_letter, "HP", NOW, at_hand=at_hand), actions)


def test_a_file_that_was_held_is_told_and_a_clean_one_is_not(rows: Connection) -> None:
    applied(rows, RecordFile(1, 1, attachments.CLEAN, ""), RecordFile(1, 2, attachments.HELD, "virus"))
    assert (column(rows, journal.c.act), column(rows, journal.c.why)) == (["file_held"], ["virus"])


@pytest.mark.parametrize(
    ("kind", "sealed", "apart"),
    [(Kind.DENUNCIATION, False, True), (Kind.QUESTION, True, True), (Kind.QUESTION, False, False)],
)
def test_a_mail_is_kept_apart_by_kind_or_decision(rows: Connection, kind: Kind, sealed: bool, apart: bool) -> None:
    mails = [lay_mail(rows, raw_mail, status="stored") for _ in range(2)]
    held = Finish(MailStatus.HELD, Fate.HOLD, kind, Folder.HELD, "unclear", sealed=sealed)
    applied(rows, held, at_hand=MailAtHand(mails[0]))
    assert column(rows, raw_mail.c.sealed) == [apart, False]


def test_a_corrected_word_is_found_and_the_wrong_one_no_more(rows: Connection) -> None:
    for name in ("Lan", "Lan"):
        lay(rows, question, status="received", asker_name=name, asker_kind="individual")
    search.prepare(rows)
    applied(rows, AmendQuestion(1, {"asker_name": "Liên"}, "corrected", "Cán bộ sửa tên người hỏi"))
    assert (search.find(rows, "Liên"), search.find(rows, "Lan")) == ([1], [2])


def test_an_item_that_was_answered_meanwhile_is_not_refused_besides(rows: Connection) -> None:
    """Nothing is told or closed of what stands otherwise than the decision expected."""
    for each, status in ((1, "answered"), (2, "forwarded")):
        lay(rows, assignment, status=status)
        lay(rows, duty, key=f"answer:{each}", status="open")
    waits, back = AssignmentStatus.FORWARDED, AssignmentStatus.REFUSED
    applied(rows, SetAssignment(2, waits, back, 7, act="refused"))
    with pytest.raises(ConflictError, match="assignment 1 is not forwarded"):
        applied(rows, SetAssignment(1, waits, back, 7, act="refused"))
    assert column(rows, assignment.c.status) == ["answered", "refused"]
    assert (column(rows, duty.c.status), column(rows, journal.c.act)) == (["open", "void"], ["refused"])
