"""The hash of an entry covers its row as any reader of the database sees it, in one canonical form."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select

from db.core import journal
from db.core.dialects import metadata
from db.core.journal import Entry, broken_link, covered, link_hash
from db.core.tables import journal as journal_table

ID = st.none() | st.integers(0, 2**40)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DATA = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT))
INSTANT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as made:
        yield made
    engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.builds(Entry, TEXT, TEXT, TEXT, TEXT, ID, ID, ID, DATA), min_size=1, max_size=3), INSTANT)
def test_what_is_written_is_what_the_check_reads(connection: Connection, entries: list[Entry], at: datetime) -> None:
    journal.append_all(connection, entries, at)
    assert broken_link(connection) is None
    connection.rollback()


def test_the_covered_text_stays_as_old_databases_have_it() -> None:
    """A journal of an earlier release is checked by today's program."""
    at = datetime(2026, 10, 5, 2, 0, 0, 120, tzinfo=UTC)
    row = {
        "seq": 7,
        "at": at,
        "actor": "daemon",
        "act": "fate",
        "clause": "8.2",
        "why": 'Đã "đăng ký"',
        "question_id": 3,
        "raw_mail_id": None,
        "outbox_id": None,
        "data": {"kind": "question", "fate": "register"},
        "previous": "before",
        "hash": "own",
    }
    assert covered(row) == (
        '{"act":"fate","actor":"daemon","at":"2026-10-05T02:00:00.000120+00:00","clause":"8.2",'
        '"data":{"fate":"register","kind":"question"},"outbox_id":null,"question_id":3,"raw_mail_id":null,'
        '"seq":7,"why":"Đã \\"đăng ký\\""}'
    )
    assert link_hash(journal.GENESIS, row) == "d6f4a794a43c61043378c0031be95efed78030b6f5d174666c302ea90d46aac7"


def test_entries_of_one_decision_follow_each_other(connection: Connection) -> None:
    now = datetime(2026, 10, 5, tzinfo=UTC)
    last = journal.append_all(connection, [Entry("one"), Entry("two")], now)
    assert journal.append(connection, Entry("three"), now) == last + 1
    rows = connection.execute(select(journal_table).order_by(journal_table.c.seq.desc()).limit(3)).all()
    assert [row.act for row in rows] == ["three", "two", "one"]
    assert rows[0].previous == rows[1].hash
    assert broken_link(connection, batch=2) is None
    connection.rollback()


def test_an_entry_is_before_a_moment_or_there_is_none(connection: Connection) -> None:
    first, second = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 10, 6, tzinfo=UTC)
    last = journal.append(connection, Entry("one"), first)
    journal.append(connection, Entry("two"), second)
    assert [journal.entry_before(connection, moment) for moment in (first, second)] == [last - 1, last]
    connection.rollback()
