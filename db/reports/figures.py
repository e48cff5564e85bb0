"""Figures of the whole house: how much stands where, what is late, how old the oldest waiting mail is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from db.core import counters
from db.core.tables import assignment, duty, journal, outbox, question, raw_mail
from db.outbox.outbox import counts_by_status, stands
from rules.values.states import OutboxStatus


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit's assignments: with it now, of these late, answered in all."""

    open: int
    late: int
    answered: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at one instant; times in seconds, None where there is nothing to tell."""

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
    """Why mail out stopped, "" when it did not."""
    failed_lately: int = 0
    """Mails that were given up within a day of their last try."""
    since_first_entry: float | None = None
    """How old the register is, by its journal."""
    since_backup: float | None = None
    """Not in the register: whoever knows the files adds it."""


def figures(connection: Connection, now: datetime) -> Figures:
    """Read them all. ``now`` aware, UTC."""
    return Figures(
        mails=_by(connection, raw_mail.c.status),
        questions=_by(connection, question.c.status),
        outbox=counts_by_status(connection),
        units=_units(connection, now),
        duties_open=_count(connection, duty, duty.c.status == "open"),
        duties_late=_count(connection, duty, duty.c.status == "open", duty.c.due_at <= now),
        oldest_unsent=_age(_oldest_unsent(connection, now), now),
        since_poll=_age(counters.get_instant(connection, "last_poll"), now),
        since_pass=_age(counters.get_instant(connection, "last_pass"), now),
        server_ahead=_server_ahead(connection),
        channel_halted=counters.get_state(connection, "smtp_halted"),
        failed_lately=_failed_lately(connection, now),
        since_first_entry=_age(_first_entry(connection), now),
    )


def _by(connection: Connection, column: Any) -> dict[str, int]:
    return {value: int(number) for value, number in connection.execute(select(column, func.count()).group_by(column))}


def _count(connection: Connection, table: Any, *conditions: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max(0.0, (now - at).total_seconds())


def _first_entry(connection: Connection) -> datetime | None:
    return connection.execute(select(journal.c.at).order_by(journal.c.seq).limit(1)).scalar_one_or_none()


def _server_ahead(connection: Connection) -> float | None:
    """By how much the server dated the newest mail after we had it: its clock or ours is wrong."""
    newest = select(raw_mail.c.internaldate, raw_mail.c.stored_at).order_by(raw_mail.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else (row.internaldate - row.stored_at).total_seconds()


def _failed_lately(connection: Connection, now: datetime) -> int:
    """Mails that the server would not have, by their last try in a day; one that was kept back was never tried."""
    lately = outbox.c.claimed_at >= now - timedelta(days=1)
    return int(
        connection.execute(
            select(func.count()).select_from(outbox).where(stands(OutboxStatus.FAILED), lately)
        ).scalar_one()
    )


def _oldest_unsent(connection: Connection, now: datetime) -> datetime | None:
    """Since when the mail that waits longest has been waiting: since it could have left.

    One that is to leave later does not wait yet. One that was tried waits also while its next try is put off, so that
    a server that does not answer for hours shows at every moment.
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
    """Counted in the index; only of the open ones, which are few, the rows are read."""
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
