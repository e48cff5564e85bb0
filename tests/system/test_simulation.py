"""400 days on a virtual clock, judged by an oracle that imports no rules; in full by scripts/simulate.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rules.values.data_file import SHIPPED
from tests.simulation.cities import HAI_PHONG, SONG_TIEN, read_city
from tests.simulation.oracle import Oracle, words
from tests.simulation.world import World
from tests.world import PROFILES

TABLE = Path(__file__).parents[2] / "rules/data/calendar.tsv"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """The whole programme of sessions with fewer questions and longer steps than the full run."""
    folder = tmp_path_factory.mktemp("city")
    world = World(folder / "house", seed=7, asked=30, step=timedelta(hours=8))
    world.run()
    yield world, folder / "house/doithoai.db"
    world.house.close()
    words.cache_clear()


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
def test_another_city_runs_on_its_profile_alone(tmp_path: Path) -> None:
    """Working days, other numbers, two approvers of plan and answers: the same run, judged by that city's numbers."""
    profile = PROFILES / "song-tien.toml"
    world = World(tmp_path / "house", 7, profile, days=200, asked=12, step=timedelta(hours=8))
    world.run()
    faults = world.house.faults()
    world.house.close()
    database = tmp_path / "house/doithoai.db"
    own, foreign = (Oracle(database, TABLE, world.end, city) for city in (SONG_TIEN, HAI_PHONG))
    assert faults + own.faults() == []
    wrong = " ".join(foreign.faults())
    for said in ("cites 27/2024/QĐ-UBND", "is approved by 2", "counted again", "is not 15 days after"):
        assert said in wrong, "the shipped city's numbers do not fit"
    own.close()
    foreign.close()


def test_the_cities_numbers_are_those_of_their_files() -> None:
    """Written out by hand for the oracle, and read from the files a second time."""
    assert read_city(SHIPPED / "profiles" / "hp-1374-2016.toml") == HAI_PHONG
    assert read_city(PROFILES / "song-tien.toml") == SONG_TIEN


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
        ("update outbox set created_at = '2026-02-17 20:00:00' where name = 'citizen_late'", "citizen_late left at"),
        ("delete from outbox where name = 'office_urge'", "nobody said office_urge"),
        ("update approval set status = 'void' where status = 'approved'", "is approved by 0"),
        ("update raw_mail set status = 'quarantined' where id = 1", "is quarantined"),
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
