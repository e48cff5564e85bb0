"""INSERT with ON CONFLICT, which SQLAlchemy offers for SQLite and for PostgreSQL apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens to a row that is there already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_once(connection: Connection, table: Table, unique: Sequence[str]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that does nothing where the unique columns, none named: any of them, are taken already."""
    return insert_into(connection, table).on_conflict_do_nothing(index_elements=list(unique) or None)


def once(table: Table, unique: Sequence[str], *told: ColumnElement[Any]) -> Mapping[str, Executable]:
    """The same by the name of the dialect, made once for what is written all day; ``told``: what it returns."""
    found = {
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=unique or None),
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=unique or None),
    }
    return {name: one.returning(*told) for name, one in found.items()} if told else found


def put_once(connection: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str]) -> int:
    """Insert a row unless the unique columns are taken; its ``id`` (1 where the table has none), 0 for an old one.

    Whether there is a new row is told by RETURNING: the row count of such an INSERT is -1 on PostgreSQL.
    """
    told = table.c.id if "id" in table.c else literal(1)
    found = connection.execute(insert_once(connection, table, unique).returning(told), dict(row)).scalar()
    return int(found or 0)


def put_all_once(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
) -> int:
    """Insert those rows whose unique columns are not taken, in one statement; how many there were."""
    if not rows:
        return 0
    added = insert_once(connection, table, unique).returning(literal(1))
    return len(connection.execute(added, [dict(row) for row in rows]).all())
