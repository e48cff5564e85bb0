"""Rows laid straight into an empty database in memory: for what a statement of db/ may touch and what not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Date, Integer, LargeBinary, Table, create_engine, insert, select

from db.core.dialects import Instant, Json
from db.core.tables import metadata, raw_content
from rules.values.model import CountedDate

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = CountedDate(date(2026, 12, 1), date(2026, 12, 1), "8.1", date(2026, 11, 26), "x")
"""A limit behind NOW."""
_NUMBERS = count(1)


@contextmanager
def empty() -> Iterator[Connection]:
    """A connection to all tables of the newest schema; the full-text index is not among them."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


def lay(connection: Connection, table: Table, **values: Any) -> int:
    """Add a row; what may not be NULL and has no default is made up. Returns its key, where that is a number."""
    wanted = [one for one in table.columns if not one.nullable and one.default is None and one.name != "id"]
    made = {one.name: _made_up(one) for one in wanted if one.name not in values}
    key = connection.execute(insert(table).values(**made, **values)).inserted_primary_key
    return int(key[0]) if key is not None and isinstance(key[0], int) else 0


def lay_mail(connection: Connection, table: Table, content: bytes = b"bytes", **values: Any) -> int:
    """A row of ``raw_mail`` with its stored bytes, which are its own."""
    digest = f"{next(_NUMBERS):064}"
    lay(connection, raw_content, sha256=digest, size=len(content), bytes=content)
    return lay(connection, table, sha256=digest, **values)


def column(connection: Connection, wanted: Column[Any]) -> list[Any]:
    """A column's values in the order of the rows' ids."""
    return list(connection.execute(select(wanted).order_by(*wanted.table.primary_key)).scalars())


def _made_up(one: Column[Any]) -> Any:
    if isinstance(one.type, Instant):
        return NOW
    if isinstance(one.type, Json):
        return {}
    if isinstance(one.type, Date):
        return date(2026, 11, 26)
    if isinstance(one.type, LargeBinary):
        return b""
    number = next(_NUMBERS)
    return number if isinstance(one.type, Integer) else str(number)
