"""What happened in a period, for the reports of 22, 11.6 and 23: by unit, by field, by session, and case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.core.tables import assignment, journal, outbox, question, session
from db.core.types import date_from_json
from rules.decide.base.report_facts import AMENDMENT
from rules.values.model import CountedDate

REMINDERS = ("unit_reminder", "unit_due_today", "unit_overdue")


@dataclass(frozen=True, slots=True)
class UnitCase:
    """One item that a unit answered late or not at all; ``reminded``: when it was written to about it."""

    code: str
    subject: str
    forwarded_at: datetime
    due: CountedDate
    answered_at: datetime | None
    reminded: tuple[datetime, ...]
    wanted_until: bool


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Lead items that a unit was given in the period and has neither refused nor lost to another unit."""

    unit: str
    forwarded: int
    in_time: int
    late: int
    open: int
    overdue: int
    cases: tuple[UnitCase, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldCount:
    """Questions received in the period in one field ("" = none noted); asked = answered + rejected + open."""

    field: str
    asked: int
    answered: int
    rejected: int
    open: int


@dataclass(frozen=True, slots=True)
class SessionCount:
    """A session held in the period, with what became of its questions until now."""

    session: int
    questions: int
    live: int
    after: int


def by_unit(connection: Connection, start: datetime, end: datetime, now: datetime) -> tuple[UnitCount, ...]:
    """Units by code; ``start`` <= forwarded < ``end``, instants in UTC. What is open is late from ``now`` on."""
    rows = connection.execute(
        select(assignment, question.c.code, question.c.subject)
        .join(question, question.c.id == assignment.c.question_id)
        .where(assignment.c.forwarded_at >= start, assignment.c.forwarded_at < end)
        .where(assignment.c.role == "lead", assignment.c.status.in_(["forwarded", "answered"]))
        .order_by(assignment.c.unit, assignment.c.id)
    ).all()
    late = [row for row in rows if _is_late(row, now)]
    reminded = _reminders(connection, [row.id for row in late])
    return tuple(
        _unit(code, [row for row in rows if row.unit == code], now, reminded)
        for code in dict.fromkeys(row.unit for row in rows)
    )


def _is_late(row: Row[Any], now: datetime) -> bool:
    return bool((row.answered_at or now) >= row.due_at)


def _unit(unit: str, rows: Sequence[Row[Any]], now: datetime, reminded: dict[int, list[datetime]]) -> UnitCount:
    answered = [row for row in rows if row.status == "answered"]
    late = sum(1 for row in answered if _is_late(row, now))
    waiting = [row for row in rows if row.status == "forwarded"]
    cases = tuple(
        UnitCase(
            row.code,
            row.subject,
            row.forwarded_at,
            date_from_json(row.due),
            row.answered_at,
            tuple(reminded.get(row.id, ())),
            row.wanted_until is not None,
        )
        for row in rows
        if _is_late(row, now)
    )
    overdue = sum(1 for row in waiting if _is_late(row, now))
    return UnitCount(unit, len(rows), len(answered) - late, late, len(waiting), overdue, cases)


def _reminders(connection: Connection, ids: Sequence[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(outbox.c.assignment_id, outbox.c.sent_at)
            .where(outbox.c.assignment_id.in_(ids[start : start + 500]), outbox.c.name.in_(REMINDERS))
            .where(outbox.c.sent_at.is_not(None))
            .order_by(outbox.c.sent_at)
        )
        for row in rows:
            found.setdefault(row.assignment_id, []).append(row.sent_at)
    return found


def by_field(connection: Connection, start: datetime, end: datetime) -> tuple[FieldCount, ...]:
    """Fields, the most asked first."""
    rows = connection.execute(
        select(question.c.field, question.c.status, question.c.answered_at.is_not(None), func.count())
        .where(question.c.received_at >= start, question.c.received_at < end)
        .group_by(question.c.field, question.c.status, question.c.answered_at.is_not(None))
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for name, status, answered, number in rows:
        outcome = _outcome(status, bool(answered))
        one = counts.setdefault(name, {"answered": 0, "rejected": 0, "open": 0})
        one[outcome] += int(number)
    made = [FieldCount(name, sum(one.values()), **one) for name, one in counts.items()]
    return tuple(sorted(made, key=lambda one: (-one.asked, one.field)))


def by_content(connection: Connection, start: datetime, end: datetime) -> dict[str, int]:
    """How many askers of the period's questions were content ("yes") with their answer, and how many not ("no")."""
    asked = select(question.c.content_with_answer, func.count()).where(
        question.c.received_at >= start, question.c.received_at < end, question.c.content_with_answer != ""
    )
    return {row[0]: row[1] for row in connection.execute(asked.group_by(question.c.content_with_answer))}


def _outcome(status: str, answered: bool) -> str:
    if status in {"answered", "approved", "published"} or (status == "closed" and answered):
        return "answered"
    return "rejected" if status in {"rejected", "closed"} else "open"


def by_session(connection: Connection, start: datetime, end: datetime) -> tuple[SessionCount, ...]:
    """Sessions that ended in the period, by their end."""
    held = connection.execute(
        select(session.c.id)
        .where(session.c.ended_at >= start, session.c.ended_at < end, session.c.status.in_(["held", "closed"]))
        .order_by(session.c.ended_at)
    ).scalars()
    return tuple(_session(connection, each) for each in list(held))


def _session(connection: Connection, session_id: int) -> SessionCount:
    rows = connection.execute(
        select(question.c.session_mark, question.c.answered_at).where(question.c.session_id == session_id)
    ).all()
    live = sum(1 for row in rows if row.session_mark == "answered")
    after = sum(1 for row in rows if row.session_mark != "answered" and row.answered_at is not None)
    return SessionCount(session_id, len(rows), live, after)


def amendments(connection: Connection, start: datetime, end: datetime) -> tuple[str, ...]:
    """What officers proposed to change in the regulation (24), in the order in which they wrote."""
    rows = connection.execute(
        select(journal.c.why)
        .where(journal.c.act == AMENDMENT, journal.c.at >= start, journal.c.at < end)
        .order_by(journal.c.seq)
    )
    return tuple(dict.fromkeys(rows.scalars()))
