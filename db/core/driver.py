"""Statements compiled once and handed to SQLite's driver as they are.

With some forty statements a mail, what SQLAlchemy does around each (looking up the compiled form, an execution
context, a cursor result) costs ten times what SQLite does. Here the compiled text, the order of its parameters and
the types' own converters are kept, so that the same values reach the same statement. Anything else than SQLite,
a listener on the statements or no open transaction: SQLAlchemy's own way. The fail points of
:mod:`db.core.crash_points`
are on both ways, so that what is killed in a test is what runs in production.

What nobody reads before the commit waits for it (:func:`later`): executed one by one between other work, each finds
SQLite's code and pages gone from the processor's caches and takes two to three times as long.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

from db.core import crash_points
from db.core.types import metadata

Converter = Callable[[Any], Any]
_WORD = re.compile(r"\w+")


class Shape:
    """The columns of rows, as SQLAlchemy makes them."""

    __slots__ = ("_class", "_converters", "_metadata")

    def __init__(self, names: Sequence[str], converters: Any = None) -> None:
        self._metadata = SimpleResultMetaData(names)
        self._converters = converters
        self._class = _row_class(names)

    def row(self, data: tuple[Any, ...]) -> Row[Any]:
        """One row."""
        known = self._metadata
        return self._class(known, self._converters, known._key_to_index, data)


def _row_class(names: Sequence[str]) -> type[Row[Any]]:
    """Rows whose columns are properties: SQLAlchemy's own look-up by name takes ten times as long, 80 times a mail.

    Python's own look-up is named, because SQLAlchemy's stands before every other name too.
    """
    columns = {name: property(itemgetter(place)) for place, name in enumerate(names) if not hasattr(Row, name)}
    return type("Row", (Row,), {"__slots__": (), "__getattribute__": object.__getattribute__, **columns})


class Prepared:
    """A statement for one set of parameter names."""

    __slots__ = ("_always", "_convert", "_given", "row", "sql", "words", "works")

    def __init__(self, statement: Any, names: tuple[str, ...], connection: Connection) -> None:
        compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
        self.sql = str(compiled)
        self.words = frozenset(_WORD.findall(self.sql))
        self.works = not (compiled.post_compile_params or compiled.literal_execute_params)
        plan = [_parameter(compiled, name, names) for name in compiled.positiontup or ()]
        order = [name for name, _, _ in plan]
        # Of a single name itemgetter gives no tuple.
        self._given = itemgetter(*order) if len(order) > 1 else lambda known: [known[name] for name in order]
        self._always = {name: always for name, _, always in plan if name not in names}
        self._convert = [(place, one) for place, (_, one, _) in enumerate(plan) if one is not None]
        columns = compiled._result_columns
        found = [one.type._cached_result_processor(connection.dialect, None) for one in columns]
        self.row = Shape([one.keyname for one in columns], found if any(found) else None).row

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in the statement's order, as the driver wants them."""
        values = list(self._given({**self._always, **given} if self._always else given))
        for place, convert in self._convert:
            values[place] = convert(values[place])
        return values


def _parameter(compiled: Any, name: str, given: tuple[str, ...]) -> tuple[str, Converter | None, Any]:
    """Under which key a parameter is given and how it is converted; one that is not given is the same every time."""
    bind = compiled.binds[name]
    own: Converter | None = getattr(bind.type, "to_sqlite", None)
    convert: Converter | None = own or compiled._bind_processors.get(name)
    if bind.key in given:
        return bind.key, convert, None
    made = {column.key: column.default.arg for column in compiled.insert_prefetch}
    always = made.get(name, bind.value)
    always = always(None) if callable(always) else always
    return name, None, always if convert is None else convert(always)


_MADE: dict[tuple[Any, tuple[str, ...]], Prepared] = {}


def rows(
    connection: Connection, statement: Any, given: Mapping[str, Any], *, beside: frozenset[str] = frozenset()
) -> list[Row[Any]]:
    """Execute; all rows that it returns. ``statement`` must be a constant: it is kept for ever."""
    fast = _executed(connection, statement, given, beside)
    if fast is None:
        return list(connection.execute(statement, dict(given)))
    prepared, cursor = fast
    return [prepared.row(data) for data in cursor.fetchall()]


def row(
    connection: Connection, statement: Any, given: Mapping[str, Any], *, beside: frozenset[str] = frozenset()
) -> Row[Any] | None:
    """Execute; the first row that it returns, or None. ``beside``: tables of which it reads no row that waits."""
    fast = _executed(connection, statement, given, beside)
    if fast is None:
        return connection.execute(statement, dict(given)).first()
    prepared, cursor = fast
    data = cursor.fetchone()
    return None if data is None else prepared.row(data)


def count(connection: Connection, statement: Any, given: Mapping[str, Any]) -> int:
    """Execute; how many rows it changed."""
    fast = _executed(connection, statement, given)
    return connection.execute(statement, dict(given)).rowcount if fast is None else fast[1].rowcount


@dataclass(slots=True)
class Waiting:
    """What is executed before anybody reads it: by table the statements in their order, each with its rows."""

    connection: Connection
    runs: dict[str, list[tuple[Prepared, list[list[Any]]]]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    weight: int = 0

    def write(self, driver: Any, tables: Iterable[str]) -> None:
        """Execute what waits for these tables. Each keeps its place: one that refers to another stands behind it."""
        for table in tables:
            runs, self.runs[table] = self.runs[table], []
            for prepared, values in runs:
                _run(self.connection, driver.executemany, prepared.sql, values)


_waiting: dict[int, Waiting] = {}
"""By the driver's connection."""

MOST_WAITING = 1_000_000
"""Bytes of mails that wait at most: they are in memory."""


def later(
    connection: Connection,
    statement: Any,
    given: Sequence[Mapping[str, Any]],
    weight: int = 0,
    names: Sequence[str] = (),
) -> None:
    """Execute once for each of the sets of parameters, of which there is one at least, all of the same names: before
    any other statement that names the table, before the commit at the latest.

    For a table to which none refers but one that waits behind it, and a result that nobody asks for. ``weight``:
    bytes that are held. ``names``: under which alone who gives names to :func:`unless_named` looks for it.
    """
    driver = _driver(connection)
    prepared = _prepared(connection, statement, tuple(given[0])) if driver is not None else None
    if prepared is None:
        connection.execute(statement, [dict(one) for one in given])
        return
    waiting = _waiting.get(id(driver))
    if waiting is None:
        waiting = _waiting[id(driver)] = Waiting(connection)
    runs = waiting.runs.setdefault(_table_of(prepared.sql), [])
    if not runs or runs[-1][0] is not prepared:
        runs.append((prepared, []))
    runs[-1][1].extend(map(prepared.values, given))
    waiting.names.update(names)
    waiting.weight += weight
    if waiting.weight > MOST_WAITING:
        write_waiting(driver)


def unless_named(connection: Connection, table: str, names: Sequence[str]) -> frozenset[str]:
    """The table, for ``beside`` of :func:`rows`, where nothing waits under one of these names."""
    waiting = _waiting.get(id(_driver(connection)))
    return frozenset((table,)) if waiting is not None and waiting.names.isdisjoint(names) else frozenset()


@cache
def _table_of(sql: str) -> str:
    found = _CHANGES.match(sql)
    if found is None:
        raise ValueError(f"this statement cannot wait: {sql}")
    return found.group(1)


@cache
def _refers(table: str) -> bool:
    """Whether its rows refer to others that may wait too; the search index is no table of ours."""
    return table in metadata.tables and bool(metadata.tables[table].foreign_keys)


_CHANGES = re.compile(r"(?:INSERT INTO|UPDATE) (\w+)")


def write_waiting(driver: Any) -> None:
    """Execute what waits on this connection of the driver's."""
    waiting = _waiting.pop(id(driver), None)
    if waiting is not None:
        waiting.write(driver, list(waiting.runs))


def drop_waiting(driver: Any) -> None:
    """What waits goes with its transaction."""
    _waiting.pop(id(driver), None)


def write_now(connection: Connection) -> None:
    """Execute what waits in this transaction, so that an error of it is the caller's and not the commit's."""
    if _waiting:
        write_waiting(_driver(connection))


def new_rowid(connection: Connection, statement: Any, given: Mapping[str, Any]) -> int | None:
    """Execute an INSERT; the new row's number in SQLite, 0 when it made none, None where only RETURNING tells.

    RETURNING opens a table for what it returns, which costs more than the INSERT.
    """
    fast = _executed(connection, statement, given)
    if fast is None:
        return None
    return fast[1].lastrowid if fast[1].rowcount else 0


def _executed(
    connection: Connection, statement: Any, given: Mapping[str, Any], beside: frozenset[str] = frozenset()
) -> tuple[Prepared, sqlite3.Cursor] | None:
    """What was executed, where this way may be taken."""
    driver = _driver(connection)
    prepared = _prepared(connection, statement, tuple(given)) if driver is not None else None
    if prepared is None:
        return None
    waiting = _waiting.get(id(driver))
    if waiting is not None:
        named = [table for table in waiting.runs if table in prepared.words and table not in beside]
        if any(map(_refers, named)):
            write_waiting(driver)
        elif named:
            waiting.write(driver, named)
    return prepared, _run(connection, driver.execute, prepared.sql, prepared.values(given))


def _prepared(connection: Connection, statement: Any, names: tuple[str, ...]) -> Prepared | None:
    prepared = _MADE.get((statement, names))
    if prepared is None:
        prepared = _MADE[statement, names] = Prepared(statement, names, connection)
    return prepared if prepared.works else None


_seen: tuple[Any, Any] = (None, None)
"""The transaction that was seen last, and the driver's connection in it: what is found out holds until its end."""


def _driver(connection: Connection) -> Any:
    """The driver's own connection in an open transaction of SQLite to which nobody listens; else None."""
    global _seen  # noqa: PLW0603 - several threads may find it out anew, each for itself
    transaction = connection.get_transaction()
    if transaction is None or not transaction.is_active:
        return None
    seen, driver = _seen
    if seen is not transaction:
        driver = connection.connection.dbapi_connection if _is_open_way(connection) else None
        _seen = transaction, driver
    return driver


def _is_open_way(connection: Connection) -> bool:
    listened = bool(connection.engine.dispatch.before_cursor_execute)
    return connection.dialect.name == "sqlite" and (not listened or crash_points.wanted())


def _run(
    connection: Connection, execute: Callable[[str, Sequence[Any]], sqlite3.Cursor], sql: str, values: Sequence[Any]
) -> sqlite3.Cursor:
    watched = crash_points.wanted()
    if watched:
        crash_points.reached_statement(sql, "before")
    try:
        done = execute(sql, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(sql, None, error, sqlite3.Error, dialect=connection.dialect) from error
    if watched:
        crash_points.reached_statement(sql, "after")
    return done
