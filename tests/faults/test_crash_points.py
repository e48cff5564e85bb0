"""A few of the fail points around statements and commits; all of them in ``scripts/crash_all.py``, at night."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from db.failpoints import NAMES, statement_point


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_few_points_and_kills(repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("crash_all", repository / "scripts" / "crash_all.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    with module.Crashing() as crashing:
        expected, points = module.undisturbed(crashing, None)
        assert len(points) >= 250
        assert set(NAMES) - {one.partition(":")[0] for one in points} <= {
            "due.claimed",
            "due.applied",
            "due.committed",
        }
        for point in ("db.commit.before:6", "send.claimed:1"):
            assert module.crash_at(crashing, point, expected, None) == ("", 0)


@pytest.mark.parametrize(
    ("statement", "point"),
    [
        ("SELECT a, b FROM duty WHERE x", "db.select.duty"),
        ("INSERT INTO journal (seq) VALUES (?)", "db.insert.journal"),
        ('UPDATE "outbox" SET a=1', "db.update.outbox"),
        ("DELETE FROM counter", "db.delete.counter"),
        ("BEGIN IMMEDIATE", "db.other"),
    ],
)
def test_a_statement_has_a_name(statement: str, point: str) -> None:
    assert statement_point(statement) == point
