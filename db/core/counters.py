"""Counters without gaps, and small facts about the installation; both belong to the transaction that uses them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from db.core.dialects import insert_into
from db.core.tables import counter, state

LAST_POLL = "last_poll"
"""The key of the instant at which the mailbox was last looked into."""
STAYS = "daemon_stays"
"""The key of "yes" where the process that worked last was the daemon, which is to run on, and no ``run --once``."""


def next_number(connection: Connection, name: str) -> int:
    """The next value of a counter, from 1. Rolled back with the transaction, so no number is ever lost.

    A database sequence was rejected: it leaves a gap at every rollback, and nobody can explain the gap.
    """
    counted = connection.execute(_COUNT[connection.dialect.name], {"name": name, "value": 1})
    return int(counted.scalar_one())


_NEXT: dict[str, Any] = {"index_elements": ["name"], "set_": {"value": counter.c.value + 1}}
_COUNT = {
    "postgresql": postgresql.insert(counter).on_conflict_do_update(**_NEXT).returning(counter.c.value),
    "sqlite": sqlite.insert(counter).on_conflict_do_update(**_NEXT).returning(counter.c.value),
}


def get_state(connection: Connection, name: str) -> str:
    """The value stored under this name, or ""."""
    found = connection.execute(select(state.c.value).where(state.c.name == name)).scalar_one_or_none()
    return str(found) if found is not None else ""


def set_state(connection: Connection, name: str, value: str) -> None:
    """Store a value under a name."""
    noted = insert_into(connection, state).values(name=name, value=value)
    connection.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def restart(connection: Connection, name: str) -> None:
    """Let a counter begin with 1 again."""
    connection.execute(delete(counter).where(counter.c.name == name))


def get_instant(connection: Connection, name: str) -> datetime | None:
    """The instant stored under this name, or None."""
    value = get_state(connection, name)
    return datetime.fromisoformat(value) if value else None


def set_instant(connection: Connection, name: str, at: datetime) -> None:
    """Store an instant under a name."""
    set_state(connection, name, at.isoformat())
