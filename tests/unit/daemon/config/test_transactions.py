"""Transactions that follow close on each other: each is one by itself, whether or not they share a connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from daemon.base.errors import TemporaryError
from daemon.config.database import transaction, transactions
from db.core.engine import open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'some.sqlite'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE seen (number INTEGER PRIMARY KEY)"))
    yield made
    made.dispose()


def put(connection: Connection, number: int) -> None:
    connection.execute(text("INSERT INTO seen VALUES (:number)"), {"number": number})


def fail_after(connection: Connection, number: int) -> None:
    put(connection, number)
    raise ZeroDivisionError


def seen(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [row.number for row in connection.execute(text("SELECT number FROM seen ORDER BY number"))]


def test_each_is_committed_by_itself_and_nobody_waits_between_them(engine: Engine) -> None:
    with transactions(engine) as marking:
        with marking() as connection:
            put(connection, 1)
        assert seen(engine) == [1]
        with transaction(engine) as other:
            put(other, 2)
        with marking() as connection:
            put(connection, 3)
    assert seen(engine) == [1, 2, 3]


def test_one_that_fails_is_taken_back_and_the_next_goes_on(engine: Engine) -> None:
    with transactions(engine) as marking:
        with pytest.raises(ZeroDivisionError), marking() as connection:
            fail_after(connection, 1)
        with pytest.raises(TemporaryError), marking() as connection:
            connection.execute(text("INSERT INTO nowhere VALUES (1)"))
        with marking() as connection:
            put(connection, 2)
    assert seen(engine) == [2]


def test_they_share_a_connection(engine: Engine) -> None:
    with transactions(engine) as marking:
        with marking() as first:
            pass
        with marking() as second:
            assert second is first
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
