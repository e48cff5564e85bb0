"""Statements that wait for the commit: nobody can tell them from statements that were executed at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from db.core import driver as prepared
from db.core import journal, statements
from db.core.batch_context import Portion
from db.core.engine import open_engine
from db.core.journal import Entry
from db.core.tables import counter, metadata, outbox, outbox_content
from db.core.tables import journal as journal_table
from db.outbox import outbox as outbox_module
from db.outbox.outbox import Queued

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
ENDS = frozenset({"journal", "duty", "question_link", "outbox_content"})
"""Tables whose rows are put in later."""

_VALUE = select(counter.c.value).where(counter.c.name == bindparam("wanted"))
_SET = update(counter).where(counter.c.name == bindparam("old"))
_ALL = select(journal_table.c.seq).order_by(journal_table.c.seq)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path}/x.db")
    metadata.create_all(made)
    yield made
    made.dispose()


def put(connection: Connection, name: str, value: int = 1) -> None:
    statements.put_later(connection, counter, {"name": name, "value": value})


def executed(connection: Connection, name: str) -> bool:
    """Whether the driver has the row, asked behind everybody's back."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    return bool(driver.execute("SELECT 1 FROM counter WHERE name = ?", (name,)).fetchone())


def test_a_row_waits_for_who_reads_its_table(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "a")
        assert journal.append(connection, Entry("x"), NOW) == 1
        assert not executed(connection, "a"), "the journal's statements do not name it"
        assert prepared.row(connection, _VALUE, {"wanted": "a"}) is not None


def test_a_row_is_there_for_statements_of_the_long_way_and_after_the_commit(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "a")
        assert connection.execute(select(counter.c.name)).scalars().all() == ["a"]
        put(connection, "b")
    with engine.begin() as connection:
        assert connection.execute(select(counter.c.name).order_by(counter.c.name)).scalars().all() == ["a", "b"]


def test_who_reads_other_rows_leaves_it_waiting(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "a")
        assert prepared.row(connection, _VALUE, {"wanted": "b"}, beside=frozenset({"counter"})) is None
        assert not executed(connection, "a")


def test_what_is_rolled_back_is_not_written_by_the_next(engine: Engine) -> None:
    with engine.connect() as connection:
        first = connection.begin()
        put(connection, "a")
        first.rollback()
        with connection.begin():
            put(connection, "b")
    with engine.begin() as connection:
        assert connection.execute(select(counter.c.name)).scalars().all() == ["b"]


def test_a_savepoint_takes_back_its_own_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "before")
        nested = connection.begin_nested()
        put(connection, "inside")
        put(connection, "before")  # would fail, and must not keep the savepoint from being taken back
        nested.rollback()
        put(connection, "behind")
    with engine.begin() as connection:
        assert set(connection.execute(select(counter.c.name)).scalars()) == {"before", "behind"}


def test_an_error_is_raised_where_what_waits_is_asked_for(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        put(connection, "a")
        put(connection, "a")
        with pytest.raises(IntegrityError):
            prepared.write_now(connection)
        connection.rollback()
    with engine.begin() as connection:
        assert not executed(connection, "a")


def test_rows_of_one_table_keep_their_order_whatever_their_shape(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "a")
        prepared.later(connection, _SET, [{"old": "a", "value": 2}])
        put(connection, "b")
        prepared.later(connection, _SET, [{"old": "a", "value": 3}])
    with engine.begin() as connection:
        found = prepared.rows(connection, select(counter.c.name, counter.c.value).order_by(counter.c.name), {})
        assert [tuple(one) for one in found] == [("a", 3), ("b", 1)]


def test_what_is_heavy_does_not_wait(engine: Engine) -> None:
    with engine.begin() as connection:
        statements.put_later(connection, counter, {"name": "a", "value": 1}, prepared.MOST_WAITING + 1)
        assert executed(connection, "a")


def named_by(table: Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys}


def test_a_row_that_refers_to_one_that_waits_is_written_behind_it(engine: Engine) -> None:
    queued = Queued("k", "notice", "8.2", "an@dan.test", "citizen", "s", "k@x.test", "b@x.test", b"raw", NOW)
    portion = Portion()
    with engine.begin() as connection:
        assert outbox_module.queue(connection, queued, NOW, portion) == 1
        assert outbox_module.queued_among(connection, ["k"]) == {"k"}
        other = replace(queued, key="l", message_id="l@x.test")
        assert outbox_module.queue(connection, other, NOW, portion) == 2
    with engine.begin() as connection:
        assert connection.execute(select(outbox_content.c.outbox_id)).scalars().all() == [1, 2]
        again = outbox_module.queue(connection, replace(queued, message_id="m@x.test"), NOW)
        assert again is None


def test_who_looks_for_other_names_leaves_a_mail_waiting(engine: Engine) -> None:
    queued = Queued("k", "notice", "8.2", "an@dan.test", "citizen", "s", "k@x.test", "b@x.test", b"raw", NOW)
    portion = Portion()
    with engine.begin() as connection:
        outbox_module.queue(connection, queued, NOW, portion)
        driver = connection.connection.dbapi_connection
        assert driver is not None
        cursor = driver.cursor()

        def there() -> int:
            return int(cursor.execute("SELECT count(*) FROM outbox").fetchone()[0])

        assert outbox_module.queued_among(connection, ["l"]) == set()
        assert outbox_module.sent_in_last_day(connection, "binh@dan.test", "notice", NOW, portion) == 0
        assert there() == 0, "nobody has asked for it"
        assert outbox_module.sent_in_last_day(connection, "an@dan.test", "notice", NOW, portion) == 1
        assert there() == 1


def test_nothing_refers_to_a_table_whose_rows_wait() -> None:
    referred = {key.column.table.name for table in metadata.tables.values() for key in table.foreign_keys}
    assert not ENDS & referred
    assert {one.name for one in metadata.tables.values() if outbox.name in named_by(one)} == {"outbox_content"}


def test_the_chain_goes_on_behind_entries_that_wait(engine: Engine) -> None:
    with engine.begin() as connection:
        journal.append(connection, Entry("one"), NOW)
        journal.append(connection, Entry("two"), NOW)
        assert journal.broken_link(connection) is None
        assert [row.seq for row in prepared.rows(connection, _ALL, {})] == [1, 2]
