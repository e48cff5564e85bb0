"""Instants and JSON as they are stored: one form on every database, and nothing is lost on the way back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, select, text
from sqlalchemy.exc import StatementError

from db.core.dialects import Instant, Json, canonical_json

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=8,
)
KEPT = Table("kept", MetaData(), Column("id", Integer, primary_key=True), Column("at", Instant), Column("said", Json))


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    KEPT.create(engine)
    with engine.connect() as made:
        yield made
    engine.dispose()


@given(st.none() | INSTANTS, VALUES)
def test_what_is_stored_comes_back(connection: Connection, at: datetime | None, said: object) -> None:
    connection.execute(KEPT.insert(), {"at": at, "said": said})
    row = connection.execute(select(KEPT)).one()
    assert row.at == at
    assert row.at is None or row.at.utcoffset() == timedelta(0)
    assert row.said == said
    connection.rollback()


def test_instants_are_kept_as_utc_in_one_form(connection: Connection) -> None:
    connection.execute(KEPT.insert(), {"at": datetime(2026, 10, 5, 9, 0, tzinfo=timezone(timedelta(hours=7)))})
    assert connection.execute(text("SELECT at FROM kept")).scalar_one() == "2026-10-05 02:00:00.000000"
    connection.rollback()


@given(VALUES)
def test_json_has_one_form(value: object) -> None:
    known = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    assert canonical_json(value) == known, "the journal's digests rest on it"


def test_what_is_no_json_is_written_as_text() -> None:
    assert canonical_json({"at": datetime(2026, 10, 5, tzinfo=UTC)}) == '{"at":"2026-10-05 00:00:00+00:00"}'


def test_a_naive_instant_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="naive"):
        connection.execute(KEPT.insert(), {"at": datetime(2026, 10, 5)})
    connection.rollback()
