"""Units' own document numbers (``123/SXD-QLN``): which questions a unit has written about under which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from db.schema import unit_document
from db.statements import put_once
from rules.desk_actions import KeepDocument
from rules.documents import document_key


def keep(connection: Connection, action: KeepDocument, raw_mail_id: int, now: datetime) -> None:
    """Remember the number for the question; the first mail that bore it stays."""
    row = {
        "unit": action.unit,
        "number": document_key(action.document),
        "question_id": action.question,
        "raw_mail_id": raw_mail_id,
        "at": now,
    }
    put_once(connection, unit_document, row, ["unit", "number", "question_id"])


def questions_of(connection: Connection, unit: str, numbers: Sequence[str]) -> tuple[int, ...]:
    """Questions that this unit has written about under one of these numbers; a number is nobody else's key."""
    if not (unit and numbers):
        return ()
    rows = connection.execute(
        select(unit_document.c.question_id)
        .where(unit_document.c.unit == unit, unit_document.c.number.in_(numbers))
        .order_by(unit_document.c.id)
    )
    return tuple(dict.fromkeys(row.question_id for row in rows))
