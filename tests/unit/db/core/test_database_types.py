"""Instants and JSON on their short way to SQLite are the text that SQLAlchemy's own way makes of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from db.core.types import Instant, Json, canonical_json

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | INSTANTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def by_sqlalchemy(kind: Any, value: object) -> object:
    """What SQLAlchemy hands to the driver."""
    convert = kind._cached_bind_processor(sqlite.dialect())
    return convert(value) if convert else value


@given(st.none() | INSTANTS)
def test_instants(value: datetime | None) -> None:
    assert Instant.to_sqlite(value) == by_sqlalchemy(Instant(), value)


@given(VALUES)
def test_json(value: object) -> None:
    assert Json.to_sqlite(value) == by_sqlalchemy(Json(), value)
    known = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    assert canonical_json(value) == known, "the journal's digests rest on it"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        Instant.to_sqlite(datetime(2026, 10, 5))
