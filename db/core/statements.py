"""Statements that are written with every mail, built once.

Building a statement costs more than executing it. Where the values come as parameters instead of standing in the
statement, the same object serves every time, and only its parameters are new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db.core import driver


def put_numbered(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row; its ``id``."""
    made = driver.new_rowid(connection, _insert(table), row)
    return made or int(driver.rows(connection, _insert_numbered(table), row)[0].id)


def put_whole(connection: Connection, table: Table, row: Mapping[str, Any]) -> Row[Any]:
    """Insert a row; the row as it stands then, with its ``id``, the values as they were given."""
    made = driver.new_rowid(connection, _insert(table), row)
    if made is None:
        return driver.rows(connection, _insert_whole(table), row)[0]
    shape, blank = _blank(table)
    return shape.row(tuple({**blank, **row, "id": made}.values()))


def put_once(connection: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str]) -> int:
    """Insert a row unless the unique columns are taken; its ``id`` (1 where the table has none), 0 for an old one."""
    dialect, key = connection.dialect.name, tuple(unique)
    made = driver.new_rowid(connection, _insert_once(dialect, table, key), row)
    if made is not None:
        return made
    found = driver.row(connection, _insert_once_numbered(dialect, table, key), row)
    return 0 if found is None else int(found[0])


def put_later(
    connection: Connection, table: Table, row: Mapping[str, Any], weight: int = 0, names: Sequence[str] = ()
) -> None:
    """Insert a row before anybody reads the table, at the commit at the latest (:func:`db.core.driver.later`)."""
    driver.later(connection, _insert(table), [row], weight, names)


def put_once_later(connection: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str]) -> None:
    """The same, unless the unique columns are taken."""
    driver.later(connection, _insert_once(connection.dialect.name, table, tuple(unique)), [row])


def change_later(connection: Connection, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
    """Set columns before anybody reads the table."""
    driver.later(connection, _update(table), [{"wanted_id": row_id, **values}])


def change(connection: Connection, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of the row with that ``id``."""
    driver.count(connection, _update(table), {"wanted_id": row_id, **values})


def row_with_id(connection: Connection, table: Table, row_id: int) -> Row[Any] | None:
    """The row with that ``id``, whole."""
    return driver.row(connection, _select(table), {"wanted_id": row_id})


@cache
def _insert(table: Table) -> Any:
    return insert(table)


@cache
def _insert_numbered(table: Table) -> Any:
    return insert(table).returning(table.c.id)


@cache
def _insert_whole(table: Table) -> Any:
    return insert(table).returning(table)


@cache
def _blank(table: Table) -> tuple[driver.Shape, dict[str, Any]]:
    """A row of which nothing is given: its columns in their order, with what they hold then."""
    made: dict[str, Any] = {}
    for column in table.columns:
        own: Any = column.default
        default = own.arg if own is not None else None
        made[column.key] = default(None) if callable(default) else default
    return driver.Shape(list(made)), made


@cache
def _insert_once(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    kind = postgresql if dialect == "postgresql" else sqlite
    return kind.insert(table).on_conflict_do_nothing(index_elements=list(unique))


@cache
def _insert_once_numbered(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    """PostgreSQL tells by RETURNING alone whether there is a new row: the count of such an INSERT is -1."""
    return _insert_once(dialect, table, unique).returning(table.c.id if "id" in table.c else literal(1))


@cache
def _update(table: Table) -> Any:
    return update(table).where(table.c.id == bindparam("wanted_id"))


@cache
def _select(table: Table) -> Any:
    return select(table).where(table.c.id == bindparam("wanted_id"))
