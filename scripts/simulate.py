"""A city on a virtual clock: 400 days, 8 sessions, 500 questions; prints what came of it, 1 when there is a fault."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.cities import HAI_PHONG, read_city
from tests.simulation.oracle import Oracle
from tests.simulation.world import World

TABLE = Path(__file__).parent.parent / "rules/data/calendar.tsv"


def main(seed: int, days: int, asked: int, profile: Path | None) -> int:
    """Do one run; 1 when the oracle finds a fault."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        world = World(Path(folder) / "house", seed, profile, days, asked)
        world.run()
        took = time.process_time() - began
        faults = world.house.faults()
        world.house.close()
        city = read_city(profile) if profile else HAI_PHONG
        oracle = Oracle(Path(folder) / "house/doithoai.db", TABLE, world.end, city)
        faults += oracle.faults()
        for name, sql in FIGURES.items():
            print(f"{name}: " + ", ".join(" ".join(str(part) for part in row) for row in oracle.rows(sql)))
        oracle.close()
        print(f"seed {seed}: {days} days in {took:.1f} s of processor time, {len(faults)} faults")
        for fault in faults[:40]:
            print(f"  {fault}")
    return 1 if faults else 0


FIGURES = {
    "questions": "select status, count(*) from question group by status",
    "marks": "select session_mark, count(*) from question where session_id is not null group by session_mark",
    "sessions": "select code, status from session",
    "duties": "select kind, status, sum(was_late), count(*) from duty group by kind, status",
    "approvals": "select kind, a.status, count(*) from paper join approval a on paper.id = paper_id group by 1, 2",
    "mails": "select name, count(*) from outbox group by name",
    "mails in": "select kind, status, count(*) from raw_mail group by kind, status",
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=[1], metavar="SEED")
    parser.add_argument("--asked", type=int, default=500, help="questions")
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--profile", type=Path, help="the profile file of another city")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    sys.exit(max(main(seed, given.days, given.asked, given.profile) for seed in given.seeds))
