"""Whether an act left everybody alone whom it did not name: rows and bytes of the whole database, before and after.

A row belongs to what the act names by the ids in it. Any other row must be as it was, may not be gone, and a new row
may not be about anybody else.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, LargeBinary, Table, inspect, select

from db.core.tables import metadata, paper_file, raw_content, sealed_content

Row: TypeAlias = Mapping[str, Any]
Picture: TypeAlias = dict[str, dict[tuple[Any, ...], Row]]
HOUSE_KEEPING = {"state", "counter"}
"""Tables that say how the house itself is, and nothing about anybody."""
_KEYS = {"question_id": "questions", "first_id": "questions", "second_id": "questions", "raw_mail_id": "mails"} | {
    "outbox_id": "sent",
    "session_id": "sessions",
    "paper_id": "papers",
}
_OWN = {"question": "questions", "raw_mail": "mails", "outbox": "sent", "session": "sessions", "paper": "papers"}


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of what an act is about, and the digests of the bytes that it may move."""

    questions: Collection[int] = ()
    mails: Collection[int] = ()
    sent: Collection[int] = ()
    sessions: Collection[int] = ()
    papers: Collection[int] = ()
    digests: Collection[str] = ()
    people: Collection[str] = field(default=())
    """Who may be written to, besides the officers."""


def picture(engine: Engine) -> Picture:
    """Every row of every table by its primary key; bytes as their digest."""
    with engine.connect() as connection:
        return {table.name: dict(_rows(connection, table)) for table in metadata.sorted_tables if _looked_at(table)}


def _looked_at(table: Table) -> bool:
    return table.name not in HOUSE_KEEPING and not table.name.startswith("alembic")


def _rows(connection: Connection, table: Table) -> Iterator[tuple[tuple[Any, ...], Row]]:
    large = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    keys = [column.name for column in inspect(table).primary_key]
    for row in connection.execute(select(table)).mappings():
        seen = {name: _digest(value) if name in large else value for name, value in row.items()}
        yield tuple(seen[name] for name in keys), seen


def _digest(value: bytes | None) -> str:
    return hashlib.sha256(value or b"").hexdigest()


def hurt(before: Picture, after: Picture, named: Named) -> list[str]:
    """What changed, went or came of anybody whom the act did not name; [] where all were left alone."""
    found = []
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table].get(key)
            if now == row or _belongs(table, row, named):
                continue
            if now is None:
                found.append(f"{table} {key} is gone")
            else:
                changed = sorted(name for name in row if row[name] != now[name])
                found.append(f"{table} {key} changed: {', '.join(changed)}")
        new = {key: row for key, row in after[table].items() if key not in rows}
        found += [f"{table} {key} is new, of nobody named" for key, row in new.items() if _of_another(row, named)]
    return found


def _belongs(table: str, row: Row, named: Named) -> bool:
    """By its own id, by the ids that it points to, or by its digest."""
    if table == "journal":
        return False  # it is only ever added to
    own = _OWN.get(table)
    if own is not None and row["id"] in getattr(named, own):
        return True
    pointed = any(row.get(name) in getattr(named, ids) for name, ids in _KEYS.items() if row.get(name) is not None)
    return pointed or row.get("sha256") in named.digests


def _of_another(row: Row, named: Named) -> bool:
    question = row.get("question_id")
    return question is not None and question not in named.questions


def wrong_digests(engine: Engine) -> list[str]:
    """Stored bytes that are not those of their digest; bytes that were blanked or put away are empty."""
    with engine.connect() as connection:
        return [
            f"{table.name} {row.sha256}"
            for table in (raw_content, sealed_content, paper_file)
            for row in connection.execute(select(table))
            if row.bytes and _digest(row.bytes) != row.sha256
        ]
