"""Statements compiled once and handed to SQLite's driver as they are.

With some forty statements a mail, what SQLAlchemy does around each (looking up the compiled form, an execution
context, a cursor result) costs ten times what SQLite does. Here the compiled text, the order of its parameters and
the types' own converters are kept, so that the same values reach the same statement. Anything else than SQLite,
a listener on the statements or no open transaction: SQLAlchemy's own way. The fail points of :mod:`db.failpoints`
are on both ways, so that what is killed in a test is what runs in production.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

from db import failpoints

Converter = Callable[[Any], Any]


class Prepared:
    """A statement for one set of parameter names."""

    __slots__ = ("_converters", "_metadata", "_plan", "sql", "works")

    def __init__(self, statement: Any, names: tuple[str, ...], connection: Connection) -> None:
        compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
        self.sql = str(compiled)
        self.works = not (compiled.post_compile_params or compiled.literal_execute_params)
        self._plan = [_parameter(compiled, name, names) for name in compiled.positiontup or ()]
        columns = compiled._result_columns
        found = [one.type._cached_result_processor(connection.dialect, None) for one in columns]
        self._converters = found if any(found) else None
        self._metadata = SimpleResultMetaData([one.keyname for one in columns])

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in the statement's order, as the driver wants them."""
        return [
            always if name is None else given[name] if convert is None else convert(given[name])
            for name, convert, always in self._plan
        ]

    def row(self, data: tuple[Any, ...]) -> Row[Any]:
        """A row as SQLAlchemy makes it."""
        known = self._metadata
        return Row(known, self._converters, known._key_to_index, data)


def _parameter(compiled: Any, name: str, given: tuple[str, ...]) -> tuple[str | None, Converter | None, Any]:
    """Which value a parameter takes and how it is converted; one that is not given is the same every time."""
    bind = compiled.binds[name]
    own: Converter | None = getattr(bind.type, "to_sqlite", None)
    convert: Converter | None = own or compiled._bind_processors.get(name)
    if bind.key in given:
        return bind.key, convert, None
    made = {column.key: column.default.arg for column in compiled.insert_prefetch}
    always = made.get(name, bind.value)
    always = always(None) if callable(always) else always
    return None, None, always if convert is None else convert(always)


_MADE: dict[tuple[Any, tuple[str, ...]], Prepared] = {}


def rows(connection: Connection, statement: Any, given: Mapping[str, Any]) -> list[Row[Any]]:
    """Execute; all rows that it returns. ``statement`` must be a constant: it is kept for ever."""
    prepared = _fast(connection, statement, given)
    if prepared is None:
        return list(connection.execute(statement, dict(given)))
    return [prepared.row(data) for data in _execute(connection, prepared, given).fetchall()]


def row(connection: Connection, statement: Any, given: Mapping[str, Any]) -> Row[Any] | None:
    """Execute; the one row that it returns, or None."""
    found = rows(connection, statement, given)
    return found[0] if found else None


def count(connection: Connection, statement: Any, given: Mapping[str, Any]) -> int:
    """Execute; how many rows it changed."""
    prepared = _fast(connection, statement, given)
    if prepared is None:
        return connection.execute(statement, dict(given)).rowcount
    return _execute(connection, prepared, given).rowcount


def new_rowid(connection: Connection, statement: Any, given: Mapping[str, Any]) -> int | None:
    """Execute an INSERT; the new row's number in SQLite, 0 when it made none, None where only RETURNING tells.

    RETURNING opens a table for what it returns, which costs more than the INSERT.
    """
    prepared = _fast(connection, statement, given)
    if prepared is None:
        return None
    done = _execute(connection, prepared, given)
    return done.lastrowid if done.rowcount else 0


def _fast(connection: Connection, statement: Any, given: Mapping[str, Any]) -> Prepared | None:
    """The prepared statement where this way may be taken."""
    if connection.dialect.name != "sqlite" or not connection.in_transaction():
        return None
    if connection.engine.dispatch.before_cursor_execute and not failpoints.wanted():
        return None
    key = (statement, tuple(given))
    prepared = _MADE.get(key)
    if prepared is None:
        prepared = _MADE[key] = Prepared(statement, key[1], connection)
    return prepared if prepared.works else None


def _execute(connection: Connection, prepared: Prepared, given: Mapping[str, Any]) -> sqlite3.Cursor:
    driver: Any = connection.connection.dbapi_connection
    values = prepared.values(given)
    watched = failpoints.wanted()
    if watched:
        failpoints.reached_statement(prepared.sql, "before")
    try:
        done: sqlite3.Cursor = driver.execute(prepared.sql, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(prepared.sql, None, error, sqlite3.Error, dialect=connection.dialect) from error
    if watched:
        failpoints.reached_statement(prepared.sql, "after")
    return done
