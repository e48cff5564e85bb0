"""The content of the calendar: sessions, their dated duties, and the due dates of units and officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.core.dialects import date_from_json
from db.core.tables import assignment, duty, journal, question, session
from db.register import sessions
from rules.law.session_rules import SessionFacts
from rules.values.model import CountedDate

LOOK_BACK = timedelta(days=180)
"""Sessions held longer ago than this are left out."""


@dataclass(frozen=True, slots=True)
class AgendaDuty:
    """One day on which something is due. ``number`` is a register number, ``unit`` a unit's code, "" for neither;
    ``moved`` counts how often the day was changed.
    """

    id: int
    kind: str
    status: str
    due: CountedDate
    session: int = 0
    number: str = ""
    unit: str = ""
    assignment: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """Sessions with the newest planning of each of their duties, and the open duties about questions."""

    sessions: tuple[SessionFacts, ...]
    duties: tuple[AgendaDuty, ...] = ()
    of_sessions: Mapping[int, tuple[AgendaDuty, ...]] = field(default_factory=dict)


def agenda(connection: Connection, now: datetime) -> Agenda:
    """Everything from the last half year on."""
    ids = list(connection.execute(select(session.c.id).where(session.c.starts_at >= now - LOOK_BACK)).scalars())
    found = sorted(sessions.load(connection, ids).values(), key=lambda one: (one.starts_at, one.id))
    planned = {each: session_duties(connection, each) for each in ids}
    return Agenda(tuple(found), _about_questions(connection), planned)


def session_duties(connection: Connection, session_id: int) -> tuple[AgendaDuty, ...]:
    """A session's dated duties: the newest planning of each rule, in order of date."""
    rows = connection.execute(
        select(duty).where(duty.c.session_id == session_id, duty.c.kind == "session").order_by(duty.c.id)
    )
    newest = {row.due["rule"]: _of_session(row) for row in rows}
    return tuple(sorted(newest.values(), key=lambda one: (one.due.on, one.id)))


def _of_session(row: Row[Any]) -> AgendaDuty:
    return AgendaDuty(row.id, row.kind, row.status, date_from_json(row.due), session=row.session_id)


def _about_questions(connection: Connection) -> tuple[AgendaDuty, ...]:
    moved = _moved(connection)
    rows = connection.execute(
        select(duty.c.id, duty.c.kind, duty.c.status, duty.c.due, duty.c.assignment_id, duty.c.question_id)
        .add_columns(question.c.code, func.coalesce(assignment.c.unit, "").label("unit"))
        .join(question, question.c.id == duty.c.question_id)
        .join(assignment, assignment.c.id == duty.c.assignment_id, isouter=True)
        .where(duty.c.status == "open", duty.c.kind.in_(["answer", "privacy"]))
        .order_by(duty.c.id)
    )
    return tuple(
        AgendaDuty(
            row.id,
            row.kind,
            row.status,
            date_from_json(row.due),
            number=row.code,
            unit=row.unit,
            assignment=row.assignment_id or 0,
            moved=moved.get(row.question_id, 0),
        )
        for row in rows
    )


def _moved(connection: Connection) -> dict[int, int]:
    """How often the dates were changed, for each question with an open duty."""
    rows = connection.execute(
        select(journal.c.question_id, func.count(journal.c.seq.distinct()))
        .join(duty, duty.c.question_id == journal.c.question_id)
        .where(duty.c.status == "open", duty.c.kind.in_(["answer", "privacy"]), journal.c.act == "due_moved")
        .group_by(journal.c.question_id)
    )
    return {about: int(number) for about, number in rows}
