"""A database after ten years: ``count`` questions with everything that belongs to them, made by SQL alone.

The texts are those of the labelled questions, each with a house number of its own; all questions are closed but the
newest, which are with their units. The books add up and the journal's chain holds, so ``doithoai verify`` accepts it.
A real one has larger mails (here a few bytes each) and more journal entries (here two a question).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from benchmarks.mailbox import letters
from db.core.engine import open_engine, upgrade
from db.core.journal import GENESIS, link_hash
from db.core.tables import (
    answer,
    approval,
    assignment,
    counter,
    duty,
    mail_identity,
    outbox,
    outbox_content,
    paper,
    publication,
    question,
    raw_content,
    raw_mail,
)
from db.core.tables import journal as journal_table
from db.register import duties
from rules.law.working_days import city_day
from rules.values.data_file import load_units

DUE = 500
"""How many of the duties are due."""
OPEN = 10_000
"""How many of the newest questions are with their units, as far as there are that many."""
REVIEW = 40
"""How many of these wait for an officer instead."""
YEARS = 10
DAY = 86_400
LONG_AGO = "'2016-01-01 00:00:00.000000'"
STEPS = (("registered", 0), ("forwarded", 3600))
"""The journal entries of each question, and their seconds after its arrival."""

WHEN = "strftime('%Y-%m-%d %H:%M:%S.000000', n.at, 'unixepoch')"
LATER = "strftime('%Y-%m-%d %H:%M:%S.000000', n.at + 30 * 86400, 'unixepoch')"
DUE_ON = "date(n.at + 30 * 86400, 'unixepoch')"
COUNTED = (
    f'\'{{"on":"\' || {DUE_ON} || \'","raw":"\' || {DUE_ON} || \'","clause":"10.1.d","start":"\' || {DUE_ON} || \'",'
    '"reason":"Ba mươi ngày kể từ khi nhận","skipped":[],"provisional":false,"calendar_version":"x"}\''
)
EMAIL = "'dan' || (n.i % 300000) || '@cu.test'"
CONTENT = "l.text || ' (số nhà ' || n.i || ')'"
ANSWERED = "n.state IN ('closed', 'published')"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of ``n`` for which a table has a row, and the SQL of the columns that differ from their defaults."""

    given: dict[str, str]
    only: str = "n.state != 'spam'"


def fill(database: Path, count: int, now: datetime) -> None:
    """Write ``count`` questions into a new database, and a mail that is no question for every ten; ``now`` aware."""
    engine = open_engine(f"sqlite:///{database}")
    upgrade(engine)
    engine.dispose()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        _lay_out(connection, count, now)
        for table, rows in columns(count).items():
            insert_many(connection, table, rows)
        for table, rows in answers_sent(count).items():
            insert_many(connection, table, rows)
        _write_journal(connection)
        connection.execute(
            f"INSERT INTO {counter.name} SELECT 'question:' || year, max(number) FROM n"
            " WHERE state != 'spam' GROUP BY year"
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _lay_out(connection: sqlite3.Connection, count: int, now: datetime) -> None:
    """Create temporary tables: ``n`` with a row per mail, ``l`` with people's texts."""
    connection.execute("CREATE TEMP TABLE l (k INTEGER PRIMARY KEY, name, address, phone, subject, text)")
    connection.execute("CREATE TEMP TABLE n (i INTEGER PRIMARY KEY, at, year, number, k, unit, state)")
    known = letters()
    connection.executemany(
        "INSERT INTO l VALUES (?, ?, ?, ?, ?, ?)",
        (
            (k, one.name, one.address, one.phone, " ".join(one.text.split()[:8]), one.text)
            for k, one in enumerate(known)
        ),
    )
    connection.executemany("INSERT INTO n VALUES (?, ?, ?, ?, ?, ?, ?)", _mails(count, now, len(known)))


def _mails(count: int, now: datetime, texts: int) -> Iterator[tuple[object, ...]]:
    units = [code for code, unit in load_units().items() if unit.kind != "ward"]
    step = YEARS * 365 * DAY / count
    numbers: dict[int, int] = {}
    for i in range(1, count + 1):
        at = now - timedelta(seconds=(count - i + 1) * step)
        year = city_day(at).year
        numbers[year] = numbers.get(year, 0) + 1
        state = _state(i, count)
        yield i, int(at.timestamp()), year, numbers[year], i * 7919 % texts, units[i * 31 % len(units)], state
    for i in range(count + 1, count + count // 10 + 1):
        yield i, int((now - timedelta(seconds=(i - count) * 10 * step)).timestamp()), 0, 0, i % texts, "", "spam"


def _state(i: int, count: int) -> str:
    newer = count - i
    if newer < min(OPEN, count // 2):
        return "review" if newer % (OPEN // REVIEW) == 1 else "open"
    return {0: "rejected", 1: "published"}.get(i % 20, "closed")


def columns(count: int) -> dict[Table, Rows]:
    """The columns for each table, parents first."""
    digest = "printf('%064x', n.i)"
    due = f"n.state = 'open' AND n.i > {count} - {DUE}"
    return {
        raw_content: Rows({"sha256": digest, "size": "3", "bytes": "CAST('x' || n.i AS BLOB)"}, "1"),
        raw_mail: Rows(
            {
                "id": "n.i", "mailbox": "'doithoai@haiphong.test'", "uidvalidity": "1", "uid": "n.i",
                "sha256": digest, "identity": digest, "internaldate": WHEN, "stored_at": WHEN, "status": "'done'",
                "kind": "CASE n.state WHEN 'spam' THEN 'spam' ELSE 'question' END",
                "fate": "CASE n.state WHEN 'spam' THEN 'ignore' ELSE 'register' END",
                "question_id": "CASE WHEN n.state != 'spam' THEN n.i END", "from_email": EMAIL, "from_name": "l.name",
                "subject": "l.subject", "server_state": "'moved'", "target_folder": "'registered'",
            },
            "1",
        ),
        mail_identity: Rows({"identity": digest, "raw_mail_id": "n.i"}, "1"),
        question: Rows(
            {
                "id": "n.i", "code": "printf('HP-%d-%06d', n.year, n.number)", "year": "n.year",
                "number": "n.number", "raw_mail_id": "n.i", "received_at": WHEN, "registered_at": WHEN,
                "status": "CASE n.state WHEN 'open' THEN 'forwarded' WHEN 'review' THEN 'needs_review'"
                " ELSE n.state END",
                "asker_name": "l.name", "asker_address": "l.address", "asker_phone": "l.phone",
                "asker_email": EMAIL, "subject": "l.subject", "content": CONTENT,
                "answered_at": f"CASE WHEN {ANSWERED} THEN {LATER} END",
                "told_at": f"CASE WHEN {ANSWERED} THEN {LATER} END",
                "officer": "CASE WHEN n.state != 'open' THEN 'Cán bộ tiếp nhận' ELSE '' END",
                "signed_at": f"CASE WHEN n.state != 'open' THEN {WHEN} END",
            }
        ),
        assignment: Rows(
            {
                "id": "n.i", "question_id": "n.i", "unit": "n.unit",
                "status": "CASE n.state WHEN 'open' THEN 'forwarded' ELSE 'answered' END", "forwarded_at": WHEN,
                "due_on": DUE_ON, "due_at": LATER, "due": COUNTED,
                "answered_at": f"CASE WHEN n.state != 'open' THEN {LATER} END",
            },
            f"n.state = 'open' OR {ANSWERED}",
        ),
        duty: Rows(
            {
                "id": "n.i", "key": "'answer:' || n.i", "kind": "'answer'", "clause": "'10.1.d'",
                "question_id": "n.i", "assignment_id": "n.i",
                "status": "CASE n.state WHEN 'open' THEN 'open' ELSE 'met' END",
                "next_at": f"CASE WHEN {due} THEN {LONG_AGO} WHEN n.state = 'open'"
                " THEN strftime('%Y-%m-%d %H:%M:%S.000000', n.at + 4000 * 86400, 'unixepoch') END",
                "due_at": LATER, "due": COUNTED, "opened_at": WHEN,
            },
            f"n.state = 'open' OR {ANSWERED}",
        ),
        answer: Rows(
            {
                "id": "n.i", "question_id": "n.i", "assignment_id": "n.i", "raw_mail_id": "n.i", "unit": "n.unit",
                "text": "'Về việc ' || l.subject || ', đơn vị đã kiểm tra, sẽ xử lý trong tháng. Văn bản số ' || n.i",
                "received_at": LATER,
            },
            ANSWERED,
        ),
        paper: Rows(
            {
                "id": "n.i", "kind": "'answer'", "question_id": "n.i", "digest": digest,
                "title": "'Trả lời ' || l.subject", "text": "l.text", "files": "'[]'", "status": "'approved'",
                "made_at": LATER, "decided_at": LATER,
            },
            "n.state = 'published'",
        ),
        approval: Rows(
            {
                "id": "n.i", "paper_id": "n.i", "token": "printf('%032x', n.i)", "digest": digest,
                "person": "'truongban@haiphong.test'", "status": "'approved'", "asked_at": LATER,
                "decided_at": LATER,
            },
            "n.state = 'published'",
        ),
        publication: Rows(
            {
                "question_id": "n.i", "paper_id": "n.i", "path": "n.year || '/' || n.i || '.html'",
                "title": "l.subject", "digest": digest, "published_at": LATER, "updated_at": LATER,
            },
            "n.state = 'published'",
        ),
        **_sent("citizen_received", "n.i", WHEN, "n.state != 'spam'"),
    }  # fmt: skip


def answers_sent(count: int) -> dict[Table, Rows]:
    """The answers to the askers: the second mail in the outbox for each answered question."""
    return _sent("citizen_answered", f"{2 * count} + n.i", LATER, ANSWERED)


def _sent(name: str, number: str, at: str, only: str) -> dict[Table, Rows]:
    """A mail of this name in the outbox for each question of ``only``; ``number`` and ``at`` are SQL."""
    mail = Rows(
        {
            "id": number, "key": f"'old:' || ({number})", "name": f"'{name}'", "recipient": EMAIL,
            "role": "'citizen'", "question_id": "n.i", "subject": "l.subject",
            "message_id": f"'<' || ({number}) || '@old.test>'", "envelope_from": "'x'",
            "status": "'sent'", "created_at": at, "next_attempt_at": at, "sent_at": at,
        },
        only,
    )  # fmt: skip
    return {outbox: mail, outbox_content: Rows({"outbox_id": number, "bytes": "CAST('x' AS BLOB)"}, only)}


def insert_many(connection: sqlite3.Connection, table: Table, rows: Rows) -> None:
    """Run one INSERT … SELECT; columns that are not given get their defaults."""
    wanted = {column.name: rows.given.get(column.name, _default(column)) for column in table.columns}
    names = ", ".join(f'"{name}"' for name in wanted)
    connection.execute(
        f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(wanted.values())}'
        f" FROM n JOIN l ON l.k = n.k WHERE {rows.only} ORDER BY n.i"
    )


def _default(column: Any) -> str:
    value = column.default.arg if column.default is not None else None
    if value is None:
        return "NULL"
    if callable(value):
        return "'[]'"
    return str(int(value)) if isinstance(value, (bool, int)) else f"'{value}'"


def _write_journal(connection: sqlite3.Connection) -> None:
    """Write the entries in order of time, each with the hash over the one before."""
    names = ", ".join(f'"{column.name}"' for column in journal_table.columns)
    places = ", ".join(f":{column.name}" for column in journal_table.columns)
    connection.executemany(f'INSERT INTO "{journal_table.name}" ({names}) VALUES ({places})', _entries(connection))


def _entries(connection: sqlite3.Connection) -> Iterator[dict[str, object]]:
    previous, seq = GENESIS, 0
    for i, at in connection.execute("SELECT i, at FROM n WHERE state != 'spam' ORDER BY i"):
        for act, later in STEPS:
            seq += 1
            when = datetime.fromtimestamp(at + later, UTC)
            row: dict[str, Any] = {
                "seq": seq, "at": when, "actor": "daemon", "act": act, "clause": "8.1", "why": "",
                "question_id": i, "raw_mail_id": i, "outbox_id": None, "data": {},
            }  # fmt: skip
            made = link_hash(previous, row)
            stored = when.replace(tzinfo=None).isoformat(" ", "microseconds")
            yield {**row, "at": stored, "data": "{}", "previous": previous, "hash": made}
            previous = made


def due_query(database: Path) -> tuple[float, int]:
    """Seconds that the query for due duties takes, best of three, and the number of due duties."""
    engine = open_engine(f"sqlite:///{database}")
    times, found = [], []
    for _ in range(3):
        with engine.begin() as connection:
            start = time.perf_counter()
            found = duties.due_ids(connection, datetime.now(UTC))
            times.append(time.perf_counter() - start)
    engine.dispose()
    return min(times), len(found)
