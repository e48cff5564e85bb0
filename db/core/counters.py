"""Numbers without gaps, and small facts about the house; both live in the transaction that uses them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from db.core import driver
from db.core.batch_context import Portion
from db.core.statements import put_once
from db.core.tables import counter, state


def next_number(connection: Connection, name: str, portion: Portion | None = None) -> int:
    """The next value of a counter, from 1. Rolled back with the transaction, so no number is ever lost.

    A database sequence was rejected: it leaves a gap at every rollback, and nobody can explain it. ``portion``: where
    nobody else counts in this transaction, the value is read once.
    """
    if portion is not None and portion.so_far(name):
        number = portion.next(name, lambda: 0)
        driver.later(connection, _SET, [{"wanted": name, "number": number}])
        return number
    number = _counted(connection, name)
    if portion is not None:
        portion.once(name, lambda: number)
    return number


def _counted(connection: Connection, name: str) -> int:
    if not driver.count(connection, _NEXT, {"wanted": name}):
        put_once(connection, counter, {"name": name, "value": 0}, ["name"])
        driver.count(connection, _NEXT, {"wanted": name})
    (row,) = driver.rows(connection, _VALUE, {"wanted": name})
    return int(row.value)


_NEXT = update(counter).where(counter.c.name == bindparam("wanted")).values(value=counter.c.value + 1)
_SET = update(counter).where(counter.c.name == bindparam("wanted")).values(value=bindparam("number"))
_VALUE = select(counter.c.value).where(counter.c.name == bindparam("wanted"))


def get_state(connection: Connection, name: str) -> str:
    """A fact noted before, or ""."""
    found = driver.row(connection, _STATE, {"name": name})
    return str(found.value) if found is not None else ""


_STATE = select(state.c.value).where(state.c.name == bindparam("name"))


def set_state(connection: Connection, name: str, value: str) -> None:
    """Note a fact."""
    if not connection.execute(update(state).where(state.c.name == name).values(value=value)).rowcount:
        put_once(connection, state, {"name": name, "value": value}, ["name"])


def get_instant(connection: Connection, name: str) -> datetime | None:
    """An instant noted before, or None."""
    value = get_state(connection, name)
    return datetime.fromisoformat(value) if value else None


def set_instant(connection: Connection, name: str, at: datetime) -> None:
    """Note an instant."""
    set_state(connection, name, at.isoformat())
