"""Figures of the whole installation now, and of a period for the reports of 22, 11.6 and 23.

Now: counts by state, what is late, the age of the oldest waiting mail. Of a period: what happened by unit, by field,
by session, and case by case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from db.core import counters
from db.core.dialects import date_from_json
from db.core.tables import assignment, duty, journal, outbox, question, raw_mail, session
from db.outbox.outbox import counts_by_status, stands
from rules.decide.base.fact_parts import AMENDMENT
from rules.values.model import CountedDate
from rules.values.states import OutboxStatus

CLOCK_DOUBT = "clock_doubt"
"""The stored instant since which the clock is in doubt, "" where it is not."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit's assignments: open now, late among these, answered in all."""

    open: int
    late: int
    answered: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at one instant; times in seconds, None where there is nothing to measure."""

    mails: Mapping[str, int]
    questions: Mapping[str, int]
    outbox: Mapping[str, int]
    units: Mapping[str, UnitFigures]
    duties_open: int
    duties_late: int
    oldest_unsent: float | None
    since_poll: float | None
    since_pass: float | None
    server_ahead: float | None
    channel_halted: str = ""
    """Why outgoing mail stopped, "" when it did not."""
    failed_lately: int = 0
    """Mails that failed for good within a day of their last try."""
    since_first_entry: float | None = None
    """The age of the register, by its journal."""
    clock_doubted: bool = False
    """True while the daemon does nothing because its clock may be far ahead."""
    since_backup: float | None = None
    """Not in the register: the caller who knows the backup files adds it."""
    daemon_stays: bool = False
    """True where a daemon is to run on; False where none was started, or ``run --once`` worked since."""
    daemon_runs: bool | None = None
    """Not in the register: the caller who sees the daemon's lock adds it."""


def figures(connection: Connection, now: datetime) -> Figures:
    """Read all figures. ``now`` aware, UTC."""
    return Figures(
        mails=_by(connection, raw_mail.c.status),
        questions=_by(connection, question.c.status),
        outbox=counts_by_status(connection),
        units=_units(connection, now),
        duties_open=_count(connection, duty, duty.c.status == "open"),
        duties_late=_count(connection, duty, duty.c.status == "open", duty.c.due_at <= now),
        oldest_unsent=_age(_oldest_unsent(connection, now), now),
        since_poll=_since(counters.get_instant(connection, counters.LAST_POLL), now),
        since_pass=_since(counters.get_instant(connection, "last_pass"), now),
        server_ahead=_server_ahead(connection),
        channel_halted=counters.get_state(connection, "smtp_halted"),
        failed_lately=_failed_lately(connection, now),
        since_first_entry=_age(_first_entry(connection), now),
        clock_doubted=bool(counters.get_state(connection, CLOCK_DOUBT)),
        daemon_stays=bool(counters.get_state(connection, counters.STAYS)),
    )


def _by(connection: Connection, column: Any) -> dict[str, int]:
    return {value: int(number) for value, number in connection.execute(select(column, func.count()).group_by(column))}


def _count(connection: Connection, table: Any, *conditions: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _since(at: datetime | None, now: datetime) -> float | None:
    """Seconds since the daemon's own work; negative where this machine's clock was set back behind it."""
    return None if at is None else (now - at).total_seconds()


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max(0.0, (now - at).total_seconds())


def _first_entry(connection: Connection) -> datetime | None:
    return connection.execute(select(journal.c.at).order_by(journal.c.seq).limit(1)).scalar_one_or_none()


def _server_ahead(connection: Connection) -> float | None:
    """By how much the server's time of the newest mail lies after ours: its clock or ours is wrong."""
    newest = select(raw_mail.c.internaldate, raw_mail.c.stored_at).order_by(raw_mail.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else (row.internaldate - row.stored_at).total_seconds()


def _failed_lately(connection: Connection, now: datetime) -> int:
    """Mails that the server refused in their last try within a day; one that was kept back was never tried."""
    lately = outbox.c.claimed_at >= now - timedelta(days=1)
    return int(
        connection.execute(
            select(func.count()).select_from(outbox).where(stands(OutboxStatus.FAILED), lately)
        ).scalar_one()
    )


def _oldest_unsent(connection: Connection, now: datetime) -> datetime | None:
    """The instant since which the longest-waiting mail could have left.

    A mail that is to leave later does not wait yet. A mail that was tried keeps waiting while its next try is put
    off, so that a server that does not answer for hours shows at every moment.
    """
    waiting = stands(OutboxStatus.PENDING, OutboxStatus.SENDING)
    tried = or_(outbox.c.attempts > 0, outbox.c.smtp_text != "")
    since = [
        connection.execute(select(func.min(outbox.c.created_at)).where(waiting, tried)).scalar_one(),
        connection.execute(
            select(func.min(outbox.c.next_attempt_at)).where(waiting, outbox.c.next_attempt_at <= now)
        ).scalar_one(),
    ]
    return min((one for one in since if one is not None), default=None)


def _units(connection: Connection, now: datetime) -> dict[str, UnitFigures]:
    """Counts come from the index; rows are read only for the open assignments, which are few."""
    unit, status = assignment.c.unit, assignment.c.status
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(
        select(unit, status, func.count().label("n")).group_by(unit, status).order_by(unit)
    ):
        counts.setdefault(row.unit, {})[row.status] = int(row.n)
    overdue = select(unit, func.count()).where(status == "forwarded", assignment.c.due_at <= now).group_by(unit)
    late = {code: int(number) for code, number in connection.execute(overdue)}
    return {
        code: UnitFigures(by.get("forwarded", 0), late.get(code, 0), by.get("answered", 0))
        for code, by in counts.items()
    }


REMINDERS = ("unit_reminder", "unit_due_today", "unit_overdue")


@dataclass(frozen=True, slots=True)
class UnitCase:
    """One item that a unit answered late or not at all; ``reminded``: when the unit was reminded of it."""

    code: str
    subject: str
    forwarded_at: datetime
    due: CountedDate
    answered_at: datetime | None
    reminded: tuple[datetime, ...]
    wanted_until: bool


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Lead items that a unit was given in the period, or that are counted with it, neither refused nor lost."""

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
    """A session held in the period, with the state of its questions now."""

    session: int
    questions: int
    live: int
    after: int


def by_unit(
    connection: Connection, start: datetime, end: datetime, now: datetime, since: datetime | None = None
) -> tuple[UnitCount, ...]:
    """Units by code; ``start`` <= forwarded < ``end``, instants in UTC, in the state at ``now``.

    With ``since``, also what was forwarded before ``start``, fell due after ``since`` and is late: the report made
    at ``since`` could not count it yet.
    """
    forwarded = assignment.c.forwarded_at >= start
    rows = connection.execute(
        select(assignment, question.c.code, question.c.subject)
        .join(question, question.c.id == assignment.c.question_id)
        .where(or_(forwarded, assignment.c.due_at > since) if since else forwarded, assignment.c.forwarded_at < end)
        .where(assignment.c.role == "lead", assignment.c.status.in_(["forwarded", "answered"]))
        .order_by(assignment.c.unit, assignment.c.id)
    ).all()
    late = {row.id for row in rows if _is_late(row, now)}
    counted = [row for row in rows if row.forwarded_at >= start or row.id in late]
    reminded = _reminders(connection, sorted(late), now)
    return tuple(_unit(code, list(own), now, reminded) for code, own in groupby(counted, key=attrgetter("unit")))


def _answered_at(row: Row[Any], now: datetime) -> datetime | None:
    return row.answered_at if row.answered_at is not None and row.answered_at <= now else None


def _is_late(row: Row[Any], now: datetime) -> bool:
    return bool((_answered_at(row, now) or now) >= row.due_at)


def _is_open(row: Row[Any], now: datetime) -> bool:
    return bool(row.status == "forwarded" or (row.answered_at is not None and row.answered_at > now))


def _unit(unit: str, rows: Sequence[Row[Any]], now: datetime, reminded: dict[int, list[datetime]]) -> UnitCount:
    waiting = [row for row in rows if _is_open(row, now)]
    answered = len(rows) - len(waiting)
    overdue = sum(1 for row in waiting if _is_late(row, now))
    cases = tuple(
        UnitCase(
            row.code,
            row.subject,
            row.forwarded_at,
            date_from_json(row.due),
            _answered_at(row, now),
            tuple(reminded.get(row.id, ())),
            row.wanted_until is not None,
        )
        for row in rows
        if _is_late(row, now)
    )
    late = len(cases) - overdue
    return UnitCount(unit, len(rows), answered - late, late, len(waiting), overdue, cases)


def _reminders(connection: Connection, ids: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(outbox.c.assignment_id, outbox.c.sent_at)
            .where(outbox.c.assignment_id.in_(ids[start : start + 500]), outbox.c.name.in_(REMINDERS))
            .where(outbox.c.sent_at <= now)
            .order_by(outbox.c.sent_at)
        )
        for row in rows:
            found.setdefault(row.assignment_id, []).append(row.sent_at)
    return found


def by_field(
    connection: Connection, start: datetime, end: datetime, since: datetime | None = None
) -> tuple[FieldCount, ...]:
    """Fields, the most asked about first; with ``since``, also of earlier questions that were registered later."""
    rows = connection.execute(
        select(question.c.field, question.c.status, question.c.answered_at.is_not(None), func.count())
        .where(*_asked(start, end, since))
        .group_by(question.c.field, question.c.status, question.c.answered_at.is_not(None))
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for name, status, answered, number in rows:
        outcome = _outcome(status, bool(answered))
        one = counts.setdefault(name, {"answered": 0, "rejected": 0, "open": 0})
        one[outcome] += int(number)
    made = [FieldCount(name, sum(one.values()), **one) for name, one in counts.items()]
    return tuple(sorted(made, key=lambda one: (-one.asked, one.field)))


def _asked(start: datetime, end: datetime, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """Received in the period; with ``since``, also before it where the register had it later."""
    within = question.c.received_at >= start
    late = or_(within, question.c.registered_at > since) if since else within
    return late, question.c.received_at < end


def by_content(
    connection: Connection, start: datetime, end: datetime, since: datetime | None = None
) -> dict[str, int]:
    """How many askers were content ("yes") or not ("no") with the answers to the period's questions."""
    query = select(question.c.content_with_answer, func.count()).where(
        *_asked(start, end, since), question.c.content_with_answer != ""
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(question.c.content_with_answer))}


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
    """The officers' proposals to change the regulation (24), in the order in which they wrote."""
    rows = connection.execute(
        select(journal.c.why)
        .where(journal.c.act == AMENDMENT, journal.c.at >= start, journal.c.at < end)
        .order_by(journal.c.seq)
    )
    return tuple(dict.fromkeys(rows.scalars()))
