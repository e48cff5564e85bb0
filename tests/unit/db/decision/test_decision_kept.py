"""What an action changes is told in the journal and found by a search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from db.core.tables import journal, question
from db.decision.application import Application
from db.decision.apply import apply
from db.mails import attachments
from db.register import search
from rules.decide.base.actions import AmendQuestion, RecordFile
from tests.support.rows import NOW, column, lay


def applied(rows: Connection, *actions: Any) -> None:
    no_mail: Any = None
    apply(Application(rows, no_mail, "HP", NOW), actions)


def test_a_file_that_was_held_is_told_and_a_clean_one_is_not(rows: Connection) -> None:
    applied(rows, RecordFile(1, 1, attachments.CLEAN, ""), RecordFile(1, 2, attachments.HELD, "virus"))
    assert (column(rows, journal.c.act), column(rows, journal.c.why)) == (["file_held"], ["virus"])


def test_a_corrected_word_is_found_and_the_wrong_one_no_more(rows: Connection) -> None:
    for name in ("Lan", "Lan"):
        lay(rows, question, status="received", asker_name=name, asker_kind="individual")
    search.prepare(rows)
    applied(rows, AmendQuestion(1, {"asker_name": "Liên"}, "corrected", "Cán bộ sửa tên người hỏi"))
    assert (search.find(rows, "Liên"), search.find(rows, "Lan")) == ([1], [2])
