"""The append-only, hash-chained journal: every act with who, what, when, why and under which clause.

Each row's hash covers its own content and the hash before it, so that :func:`broken_link` finds a row that was
changed, removed or inserted. Only an entry noted elsewhere shows that the newest were removed (:func:`is_entry`).
The journal holds no citizens' texts: ids, codes, column names, and in ``why`` what officers wrote as the reason of an
act (a question opened again, a proposed change of the Decision), which nothing erases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from db.core.dialects import canonical_json
from db.core.tables import journal

GENESIS = "0" * 64
# The number of the advisory lock: any number that nothing else in this database uses.
TURN = 1374


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    ``actor`` is the address of a listed person or unit, "daemon", "system" (a limit of the program's own), or whoever
    typed a command: "operator", "console", "console:NAME".
    """

    act: str
    why: str = ""
    clause: str = ""
    actor: str = "daemon"
    question: int | None = None
    raw_mail: int | None = None
    outbox: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def take_turn(connection: Connection) -> None:
    """Take the lock for writing and keep it until the transaction ends; SQLite has only one writer anyway.

    Otherwise several daemons on PostgreSQL would find the same last entry, and all but one would fail. A caller that
    also changes rows takes the lock first, so that no two wait for each other. A mail that waits for its decision is
    the exception: it is claimed before (SKIP LOCKED), as reading it takes long.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))


def append(connection: Connection, entry: Entry, now: datetime) -> int:
    """Add an entry; returns its number. The primary key refuses a second writer of the same number."""
    return append_all(connection, [entry], now)


def append_all(connection: Connection, entries: Sequence[Entry], now: datetime) -> int:
    """Add entries in order; returns the number of the last. There must be at least one."""
    seq, previous = _last(connection)
    rows = []
    for entry in entries:
        seq += 1
        row = _row_of(entry, seq, now)
        linked = {"previous": previous, "hash": link_hash(previous, row)}
        rows.append({**row, **linked})
        previous = linked["hash"]
    # RETURNING lets SQLAlchemy's "insertmanyvalues" make one statement of them.
    return int(max(connection.execute(_ADD, rows).scalars()))


_ADD = insert(journal).returning(journal.c.seq)
_LAST = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)


def _row_of(entry: Entry, seq: int, now: datetime) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": now,
        "actor": entry.actor,
        "act": entry.act,
        "clause": entry.clause,
        "why": entry.why,
        "question_id": entry.question,
        "raw_mail_id": entry.raw_mail,
        "outbox_id": entry.outbox,
        "data": entry.data,
    }


def _last(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry, read while we hold the turn."""
    take_turn(connection)
    return newest(connection)


def newest(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry, to note elsewhere; without an entry, 0 and the hash before the first."""
    last = connection.execute(_LAST).one_or_none()
    return (last.seq, last.hash) if last else (0, GENESIS)


def entry_before(connection: Connection, moment: datetime) -> int:
    """The number of the last entry before a moment; 0 for none."""
    last = select(journal.c.seq).where(journal.c.at < moment).order_by(journal.c.seq.desc()).limit(1)
    return int(connection.execute(last).scalar() or 0)


def is_entry(connection: Connection, seq: int, digest: str) -> bool:
    """True when this entry has this hash: in an unbroken chain nothing up to it was changed or removed."""
    found = connection.execute(select(journal.c.hash).where(journal.c.seq == seq)).scalar_one_or_none()
    return found == digest


def link_hash(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the row's content in canonical form."""
    return hashlib.sha256((previous + covered(row)).encode()).hexdigest()


def covered(row: Mapping[Any, Any]) -> str:
    """The text of an entry that its hash covers, together with the hash before it."""
    content = {key: row[key] for key in row if key not in {"previous", "hash"}}
    content["at"] = row["at"].isoformat()
    return canonical_json(content)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The place where the chain breaks, and what is wrong there."""

    seq: int
    what: str


def broken_link(connection: Connection, batch: int = 5000) -> BrokenLink | None:
    """The first entry that does not follow from the one before; None when the chain is unbroken."""
    previous, expected = GENESIS, 1
    while True:
        following = select(journal).where(journal.c.seq >= expected).order_by(journal.c.seq).limit(batch)
        rows = connection.execute(following).mappings().all()
        for row in rows:
            fault = _fault(row, previous, expected)
            if fault:
                return BrokenLink(expected, fault)
            previous, expected = row["hash"], row["seq"] + 1
        if len(rows) < batch:
            return None


def _fault(row: Mapping[Any, Any], previous: str, expected: int) -> str:
    if row["seq"] != expected:
        return f"entry {expected} is missing"
    if row["previous"] != previous:
        return f"entry {expected} does not follow the one before"
    return "" if link_hash(previous, row) == row["hash"] else f"entry {expected} was changed"


def last_acts(connection: Connection, questions: Collection[int]) -> dict[int, str]:
    """The last act on each single assignment of these questions."""
    wanted = select(journal.c.act, journal.c.data).where(journal.c.question_id.in_(questions)).order_by(journal.c.seq)
    return {row.data["assignment"]: row.act for row in connection.execute(wanted) if "assignment" in row.data}


def count_entries(connection: Connection) -> int:
    """The number of entries."""
    return int(connection.execute(select(func.count()).select_from(journal)).scalar_one())
