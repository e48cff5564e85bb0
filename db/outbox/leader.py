"""Of several daemons on one PostgreSQL, tells which are alive and which one polls the mailbox. Not for SQLite.

Both are session locks on a connection of their own: the server frees them when the process dies, however it dies.
They only save work and waiting; unique keys in the schema prevent what must not happen twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from db.core.tables import outbox
from db.outbox.outbox import free_sending, stands
from rules.values.states import OutboxStatus


def lock_number(name: str) -> int:
    """The signed 64-bit number, made from a name, that identifies an advisory lock in PostgreSQL."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@dataclass(slots=True)
class Presence:
    """One daemon's locks. Losing the connection loses them; the next pass requests them again."""

    engine: Engine
    worker: str
    connection: Connection | None = None
    held: bool = False
    """True while the connection holds the lock that shows that this worker lives."""

    @property
    def _shared(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def show(self) -> None:
        """Hold the lock that shows that this worker lives, on a working connection.

        It is asked for until it is held: the server may still keep this worker's lost session, which holds the lock.
        """
        if self._shared:
            with self._hidden_on_a_fault():
                self._live()

    def _live(self) -> Connection:
        """A connection that works, with this worker's lock where nobody else holds it."""
        if self.connection is not None and not self._works(self.connection):
            self.hide()
        if self.connection is None:
            self.connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.held = self.held or _locked(self.connection, lock_number(f"worker:{self.worker}"))
        return self.connection

    @staticmethod
    def _works(connection: Connection) -> bool:
        try:
            connection.execute(select(1))
        except SQLAlchemyError:
            return False
        return True

    @contextmanager
    def _hidden_on_a_fault(self) -> Iterator[None]:
        """Whatever fails on the connection, the next pass begins with a new one."""
        try:
            yield
        except SQLAlchemyError:
            self.hide()
            raise

    def may_poll(self, mailbox: str) -> bool:
        """True when this daemon is the one that polls the mailbox; it remains so while its connection lasts."""
        if not self._shared:
            return True
        with self._hidden_on_a_fault():
            connection, wanted = self._live(), lock_number(f"mailbox:{mailbox}")
            mine = (
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
                " AND ((classid::bigint << 32) | objid::bigint) = %(wanted)s"
            )
            return bool(connection.exec_driver_sql(mine, {"wanted": wanted}).scalar_one()) or _locked(
                connection, wanted
            )

    def hide(self) -> None:
        """Release all locks."""
        if self.connection is not None:
            self.connection.invalidate()
            self.connection.close()
        self.connection, self.held = None, False


def polled(connection: Connection, mailbox: str) -> bool:
    """True while a living daemon holds the lock of the one that polls; PostgreSQL only."""
    held = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND ((classid::bigint << 32) | objid::bigint) = %(wanted)s"
    )
    return bool(connection.exec_driver_sql(held, {"wanted": lock_number(f"mailbox:{mailbox}")}).scalar_one())


def _locked(connection: Connection, number: int) -> bool:
    """Ask for a session lock; False when another session holds it."""
    return bool(connection.execute(select(func.pg_try_advisory_lock(number))).scalar_one())


def free_claims_of_the_dead(connection: Connection, worker: str) -> int:
    """Free at once the outbox rows that a dead worker had claimed; returns how many.

    On SQLite the caller is alone, so any other worker with a claim is dead.
    """
    claimants = connection.execute(
        select(outbox.c.claimed_by)
        .where(
            outbox.c.claimed_by.not_in(["", worker]),
            stands(OutboxStatus.PENDING, OutboxStatus.SENDING, OutboxStatus.UNKNOWN),
        )
        .distinct()
    )
    dead = [row.claimed_by for row in claimants.all() if _is_dead(connection, row.claimed_by)]
    if not dead:
        return 0
    theirs = outbox.c.claimed_by.in_(dead)
    waiting = update(outbox).where(theirs, stands(OutboxStatus.PENDING, OutboxStatus.UNKNOWN)).values(claimed_by="")
    return free_sending(connection, theirs) + connection.execute(waiting).rowcount


def _is_dead(connection: Connection, worker: str) -> bool:
    if connection.dialect.name != "postgresql":
        return True
    free = func.pg_try_advisory_xact_lock(lock_number(f"worker:{worker}"))
    return bool(connection.execute(select(free)).scalar_one())
