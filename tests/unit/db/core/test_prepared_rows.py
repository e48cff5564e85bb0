"""Rows made on the short way to SQLite are read as SQLAlchemy's own are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.engine.result import SimpleResultMetaData

from db.core.driver import Shape

NAMES = ("id", "count", "index", "_fields", "code")
DATA = (7, "đếm", "mục", "tên", None)


def test_rows_are_the_same() -> None:
    row = Shape(NAMES).row(DATA)
    known = SimpleResultMetaData(NAMES)
    own: Row[Any] = Row(known, None, known._key_to_index, DATA)
    assert (row, hash(row), tuple(row)) == (own, hash(own), DATA)
    assert [getattr(row, name) for name in NAMES] == [getattr(own, name) for name in NAMES]
    assert (row._mapping, row._asdict()) == (own._mapping, own._asdict())


def test_values_are_converted_and_an_unknown_name_is_refused() -> None:
    row = Shape(("id", "code"), [None, str.upper]).row((7, "hp"))
    assert (row.id, row.code, tuple(row)) == (7, "HP", (7, "HP"))
    with pytest.raises(AttributeError, match="wanted"):
        _ = row.wanted
    with pytest.raises(AttributeError):
        row.id = 8
