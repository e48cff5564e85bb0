"""What SQLite and PostgreSQL must do alike: column types, partial indexes, INSERT with ON CONFLICT.

This module also holds the metadata of all tables, which names constraints so that a migration can refer to them, and
the conversion of a counted date with its reason to JSON and back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Executable,
    Index,
    MetaData,
    Table,
    Text,
    TextClause,
    literal,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from rules.values.model import CountedDate, SkippedDay


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite keeps no zone, so the naive UTC value is stored there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: guessing the zone would move a statutory clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Restore the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value as text with sorted keys, so that a digest over it is stable on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Serialise to canonical JSON."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Parse the JSON."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def date_to_json(due: CountedDate) -> dict[str, Any]:
    """Every field of a counted date, with dates as ISO text."""
    return {
        "on": due.on.isoformat(),
        "raw": due.raw.isoformat(),
        "clause": due.clause,
        "start": due.start.isoformat(),
        "reason": due.reason,
        "skipped": [[one.day.isoformat(), one.why] for one in due.skipped],
        "provisional": due.provisional,
        "calendar_version": due.calendar_version,
        "rule": due.rule,
    }


def date_from_json(value: Mapping[str, Any]) -> CountedDate:
    """The inverse of :func:`date_to_json`."""
    return CountedDate(
        on=date.fromisoformat(value["on"]),
        raw=date.fromisoformat(value["raw"]),
        clause=value["clause"],
        start=date.fromisoformat(value["start"]),
        reason=value["reason"],
        skipped=tuple(SkippedDay(date.fromisoformat(day), why) for day, why in value["skipped"]),
        provisional=value["provisional"],
        calendar_version=value["calendar_version"],
        rule=value.get("rule", ""),
    )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def where_set(table: str, column: str) -> Index:
    """A partial index of the rows in which the column is set. Most rows have it unset, and no query looks for those:
    in a full index each would be written to the same end of the tree, one more page of the log in every commit."""
    return index_where(text(f"{column} IS NOT NULL"), f"ix_{table}_{column}", column)


def index_where(condition: TextClause, name: str, *columns: str) -> Index:
    """A partial index of the rows for which the condition holds."""
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that supports ON CONFLICT in the connection's dialect."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_once(connection: Connection, table: Table, unique: Sequence[str]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that does nothing if the unique columns are taken already."""
    return insert_into(connection, table).on_conflict_do_nothing(index_elements=list(unique))


def insert_once_by_dialect(
    table: Table, unique: Sequence[str] | None, *told: ColumnElement[Any]
) -> Mapping[str, Executable]:
    """The same statement for each dialect's name, for statements that are built once; ``told``: what it returns.

    With ``unique`` None any unique column counts.
    """
    found = {
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=unique),
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=unique),
    }
    return {name: one.returning(*told) for name, one in found.items()} if told else found


def put_once(connection: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str]) -> int:
    """Insert a row unless the unique columns are taken; gives its ``id`` (1 where the table has none), or 0 if taken.

    RETURNING shows whether the row is new: the row count of such an INSERT is -1 on PostgreSQL.
    """
    told = table.c.id if "id" in table.c else literal(1)
    found = connection.execute(insert_once(connection, table, unique).returning(told), dict(row)).scalar()
    return int(found or 0)


def put_all_once(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
) -> int:
    """Insert the rows whose unique columns are not taken, in one statement; gives how many there were."""
    if not rows:
        return 0
    added = insert_once(connection, table, unique).returning(literal(1))
    return len(connection.execute(added, [dict(row) for row in rows]).all())
