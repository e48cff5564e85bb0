"""Statements that are written with every mail, built once.

Building a statement costs more than executing it. Where the values come as parameters instead of standing in the
statement, the same object serves every time, and only its parameters are new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db import prepared


def put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row."""
    prepared.count(connection, _insert(table), row)


def put_numbered(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row; its ``id``."""
    return int(prepared.rows(connection, _insert_numbered(table), row)[0].id)


def put_once(
    connection: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str], told: str = ""
) -> Row[Any] | None:
    """Insert a row unless the unique columns are taken; the column ``told`` of the new row, None for an old one."""
    statement = _insert_once(connection.dialect.name, table, tuple(unique), told)
    if told:
        return prepared.row(connection, statement, row)
    prepared.count(connection, statement, row)
    return None


def change(connection: Connection, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of the row with that ``id``."""
    prepared.count(connection, _update(table), {"wanted_id": row_id, **values})


def row_with_id(connection: Connection, table: Table, row_id: int) -> Row[Any] | None:
    """The row with that ``id``, whole."""
    return prepared.row(connection, _select(table), {"wanted_id": row_id})


@cache
def _insert(table: Table) -> Any:
    return insert(table)


@cache
def _insert_numbered(table: Table) -> Any:
    return insert(table).returning(table.c.id)


@cache
def _insert_once(dialect: str, table: Table, unique: tuple[str, ...], told: str) -> Any:
    kind = postgresql if dialect == "postgresql" else sqlite
    statement: Any = kind.insert(table).on_conflict_do_nothing(index_elements=list(unique))
    return statement.returning(table.c[told]) if told else statement


@cache
def _update(table: Table) -> Any:
    return update(table).where(table.c.id == bindparam("wanted_id"))


@cache
def _select(table: Table) -> Any:
    return select(table).where(table.c.id == bindparam("wanted_id"))
