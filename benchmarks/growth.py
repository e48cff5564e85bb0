"""A database as it is after years: so many questions with all that belongs to them, made by SQL alone.

The journal's hashes are placeholders, so ``doithoai verify`` would refuse such a database; nothing else notices.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, text

from db import duties
from db.engine import open_engine
from db.migrate import upgrade
from db.schema import assignment, counter, duty, journal, mail_identity, outbox, question, raw_content, raw_mail

DUE = 500
"""So many of the duties have come up."""
FIRST_YEAR = 2000
LONG_AGO = "'2020-01-01 00:00:00.000000'"
COUNTED = (
    '\'{"on":"2020-01-20","raw":"2020-01-20","clause":"10.1.d","start":"2020-01-01","reason":"x",'
    '"skipped":[],"provisional":false,"calendar_version":"x"}\''
)


def fill(database: Path, count: int, now: datetime) -> None:
    """Write ``count`` questions into a new database."""
    engine = open_engine(f"sqlite:///{database}")
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table, given in columns(count, now).items():
            insert_many(connection, table, count, given)
        connection.execute(counter.insert(), [{"name": "question:2026", "value": 0}])
    engine.dispose()


def columns(count: int, now: datetime) -> dict[Table, dict[str, str]]:
    """SQL for the columns that differ from their defaults; ``i`` counts from 1."""
    later = "'" + (now + timedelta(days=30)).replace(tzinfo=None).isoformat(" ", "microseconds") + "'"
    digest = "printf('%064x', i)"
    email = "'dan' || i || '@cu.test'"
    is_due = f"i > {count - DUE}"
    return {
        raw_content: {"sha256": digest, "size": "3", "bytes": "CAST('x' || i AS BLOB)"},
        raw_mail: {
            "id": "i", "mailbox": "'doithoai@haiphong.test'", "uidvalidity": "1", "uid": "i", "sha256": digest,
            "identity": digest, "internaldate": LONG_AGO, "stored_at": LONG_AGO, "status": "'done'",
            "kind": "'question'",
            "fate": "'register'", "question_id": "i", "from_email": email, "server_state": "'moved'",
            "target_folder": "'registered'",
        },
        mail_identity: {"identity": digest, "raw_mail_id": "i"},
        question: {
            "id": "i", "code": f"printf('HP-%d-%06d', {FIRST_YEAR} + i / 100000, i)",
            "year": f"{FIRST_YEAR} + i / 100000",
            "number": "i", "raw_mail_id": "i", "received_at": LONG_AGO, "registered_at": LONG_AGO,
            "status": "'closed'", "asker_email": email, "subject": "'Hoi ' || i",
            "content": "'Duong ngo ' || i || ' bao gio sua xong?'",
        },
        assignment: {
            "id": "i", "question_id": "i", "unit": "'SXD'", "status": "'answered'", "forwarded_at": LONG_AGO,
            "due_on": "'2020-01-20'", "due_at": LONG_AGO, "due": COUNTED,
        },
        duty: {
            "id": "i", "key": "'answer:' || i", "kind": "'answer'", "clause": "'10.1.d'", "question_id": "i",
            "assignment_id": "i", "status": f"CASE WHEN {is_due} OR i % 2 THEN 'open' ELSE 'met' END",
            "next_at": f"CASE WHEN {is_due} THEN {LONG_AGO} WHEN i % 2 THEN {later} END", "due_at": later,
            "due": COUNTED, "opened_at": LONG_AGO,
        },
        outbox: {
            "id": "i", "key": "'old:' || i", "name": "'citizen_received'", "recipient": email, "role": "'citizen'",
            "question_id": "i", "subject": "'x'", "message_id": "'<' || i || '@old.test>'", "envelope_from": "'x'",
            "bytes": "CAST('x' AS BLOB)", "status": "'sent'", "created_at": LONG_AGO, "next_attempt_at": LONG_AGO,
        },
        journal: {
            "seq": "i", "at": LONG_AGO, "actor": "'daemon'", "act": "'registered'", "question_id": "i",
            "data": "'{}'",
            "previous": digest, "hash": digest,
        },
    }  # fmt: skip


def insert_many(connection: Connection, table: Table, count: int, given: dict[str, str]) -> None:
    """One INSERT … SELECT over a counter; columns that are not given get their defaults."""
    wanted = {column.name: given.get(column.name, _default(column)) for column in table.columns}
    names = ", ".join(f'"{name}"' for name in wanted)
    counting = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    statement = f"INSERT INTO {table.name} ({names}) {counting} SELECT {', '.join(wanted.values())} FROM n"
    connection.execute(text(statement.replace(":", "\\:")))


def _default(column: Any) -> str:
    value = column.default.arg if column.default is not None else None
    if value is None:
        return "NULL"
    if callable(value):
        return "'[]'"
    return str(int(value)) if isinstance(value, (bool, int)) else f"'{value}'"


def due_query(database: Path) -> tuple[float, int]:
    """Seconds that "what is due" takes, best of three, and how many are."""
    engine = open_engine(f"sqlite:///{database}")
    times, found = [], []
    for _ in range(3):
        with engine.begin() as connection:
            start = time.perf_counter()
            found = duties.due_ids(connection, datetime.now(UTC))
            times.append(time.perf_counter() - start)
    engine.dispose()
    return min(times), len(found)
