"""Which rows of the register somebody wants to see, and those rows: lists, exports, searches by unit or day."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from db.core.tables import assignment, question, session
from rules.text import has_marks, squash, strip_marks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the register: everything that is not empty must fit. ``session`` is a session's number, ``field``
    a part of the field's name, with marks or without."""

    status: str = ""
    unit: str = ""
    field: str = ""
    session: str = ""
    since: date | None = None
    until: date | None = None


def newest(connection: Connection, wanted: Wanted, limit: int = 100) -> list[Row[Any]]:
    """Register rows, newest first."""
    return list(connection.execute(_narrowed(connection, wanted).order_by(question.c.id.desc()).limit(limit)))


def units_held(connection: Connection) -> list[str]:
    """The codes of all units that have ever had a question."""
    return list(connection.execute(select(assignment.c.unit).distinct()).scalars())


def _fields_with(connection: Connection, part: str) -> list[str]:
    """The fields with that in their name. Compared here: SQLite knows no capitals beyond ASCII ("Đường", "đường")."""
    told = squash(part)
    plainly = not has_marks(told)
    found = connection.execute(select(question.c.field).distinct()).scalars()
    return [one for one in found if told in (strip_marks(squash(one)) if plainly else squash(one))]


def _narrowed(connection: Connection, wanted: Wanted, *columns: Any) -> Select[Any]:
    statement = select(*columns or (question,))
    if wanted.status:
        statement = statement.where(question.c.status == wanted.status)
    if wanted.unit:
        held = select(assignment.c.question_id).where(assignment.c.unit == wanted.unit)
        statement = statement.where(question.c.id.in_(held))
    if wanted.field:
        statement = statement.where(question.c.field.in_(_fields_with(connection, wanted.field)))
    if wanted.session:
        held_in = select(session.c.id).where(session.c.code == wanted.session.upper())
        statement = statement.where(question.c.session_id.in_(held_in))
    if wanted.since:
        start = datetime.fromisoformat(f"{wanted.since}T00:00:00+07:00")
        statement = statement.where(question.c.received_at >= start)
    if wanted.until:
        end = datetime.fromisoformat(f"{wanted.until}T23:59:59.999999+07:00")
        statement = statement.where(question.c.received_at <= end)
    return statement


def walk(connection: Connection, wanted: Wanted, batch: int = 500) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Register rows with their assignments, oldest first, a batch at a time: any number fits in memory.

    The ids are found once: looked for anew with each batch, a large unit's or year's rows cost their square.
    """
    found_ids = array(
        "q", connection.execute(_narrowed(connection, wanted, question.c.id).order_by(question.c.id)).scalars()
    )
    for start in range(0, len(found_ids), batch):
        ids = found_ids[start : start + batch].tolist()
        found = connection.execute(select(question).where(question.c.id.in_(ids)).order_by(question.c.id))
        held: dict[int, list[Row[Any]]] = {}
        for one in connection.execute(
            select(assignment).where(assignment.c.question_id.in_(ids)).order_by(assignment.c.id)
        ):
            held.setdefault(one.question_id, []).append(one)
        yield from ((row, held.get(row.id, [])) for row in found)
