"""400 days on a virtual clock, judged by an oracle that imports no rules; in full by scripts/simulate.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.simulation.oracle import Oracle
from tests.simulation.world import World

TABLE = Path(__file__).parents[2] / "rules/data/calendar.tsv"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """The whole programme of sessions with fewer questions and longer steps than the full run."""
    folder = tmp_path_factory.mktemp("city")
    world = World(folder / "house", seed=7, asked=40, step=timedelta(hours=4))
    world.run()
    yield world, folder / "house/doithoai.db"
    world.house.close()


@pytest.mark.slow
def test_every_duty_is_met_or_late_with_its_reason(finished: tuple[World, Path]) -> None:
    world, database = finished
    oracle = Oracle(database, TABLE, world.end)
    faults = oracle.faults()
    sessions = {row["status"] for row in oracle.rows("select status from session")}
    oracle.close()
    assert faults == []
    assert sessions >= {"closed", "cancelled"}
    assert world.house.faults() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("update duty set was_late = 0, why_late = '' where status = 'late'", "late without a reason"),
        ("update duty set closed_at = datetime(due_at, '+1 day') where status = 'met'", "is met at"),
        ("delete from outbox where name = 'citizen_received'", "has not heard ['citizen_received']"),
        ("update outbox set created_at = '2026-02-17 20:00:00' where name = 'unit_overdue'", "left at"),
        ("update duty set status = 'void' where kind = 'review' or kind = 'answer'", "nobody owes anything"),
        ("update question set session_id = 6 where id = 1", "hangs on a cancelled session"),
    ],
)
def test_the_oracle_sees_what_is_broken(finished: tuple[World, Path], tmp_path: Path, harm: str, said: str) -> None:
    """A check that cannot fail is none: each harm to the books is found."""
    world, database = finished
    copy = tmp_path / "harmed.db"
    with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute(harm)
        target.commit()
    source.close()
    target.close()
    oracle = Oracle(copy, TABLE, world.end)
    faults = oracle.faults()
    oracle.close()
    assert any(said in fault for fault in faults)
