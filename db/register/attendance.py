"""Who answered the invitation to a session, and what; the last answer of each counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from db.core.statements import insert_into
from db.core.tables import attendance
from rules.decide.base.fact_parts import STEP, Attendance
from rules.decide.base.session_actions import RecordAttendance


def record(connection: Connection, action: RecordAttendance, now: datetime) -> None:
    """Keep the answer; one to a newer invitation takes the place of one to an older, never the other way round."""
    row = {
        "session_id": action.session,
        "address": action.address,
        "unit": action.unit,
        "answer": action.answer,
        "comment": action.comment,
        "sequence": action.sequence,
        "said_at": now,
    }
    insert = insert_into(connection, attendance).values(**row)
    newer = insert.excluded.sequence >= attendance.c.sequence
    changed = {name: insert.excluded[name] for name in ("answer", "comment", "sequence", "said_at")}
    connection.execute(
        insert.on_conflict_do_update(index_elements=["session_id", "address"], set_=changed, where=newer)
    )


def of_session(connection: Connection, session_id: int) -> tuple[Attendance, ...]:
    """The last answer of each who was invited."""
    rows = connection.execute(
        select(attendance).where(attendance.c.session_id == session_id).order_by(attendance.c.id)
    )
    return tuple(
        Attendance(row.address, row.unit, row.answer, row.comment, row.sequence // STEP, row.said_at) for row in rows
    )
