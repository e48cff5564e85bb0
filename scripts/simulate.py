"""A city on a virtual clock: 400 days, 8 sessions, 500 questions; prints what came of it. [--asked N] SEED …"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.oracle import Oracle
from tests.simulation.world import World

TABLE = Path(__file__).parent.parent / "rules/data/calendar.tsv"


def main(seed: int, days: int = 400, asked: int = 500) -> int:
    """One run; 1 when the oracle finds a fault."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        world = World(Path(folder) / "house", seed, days, asked)
        world.run()
        took = time.process_time() - began
        faults = world.house.faults()
        world.house.close()
        oracle = Oracle(Path(folder) / "house/doithoai.db", TABLE, world.end)
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
    "mails": "select name, count(*) from outbox group by name",
    "mails in": "select kind, status, count(*) from raw_mail group by kind, status",
}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    number = int(arguments.pop(1)) if arguments[:1] == ["--asked"] else 500
    arguments = [one for one in arguments if one != "--asked"]
    sys.exit(max(main(int(seed), asked=number) for seed in arguments or ["1"]))
