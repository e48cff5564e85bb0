"""Kill the daemon at each fail point in turn, or at random, and see that nothing is lost, doubled or changed.

    python scripts/crash_all.py [--points N] [--kills N] [--postgres] [--seconds S]

Ten mails of different kinds lie in the mailbox. A run without a crash says what must come of them, and records
which points it passes; then the same scene is played again for each point, the process killed there and
started again until a pass ends well. ``--kills`` kills at random instants instead, up to three times in a row.
Prints figures; exit status 0 when every scene ended as the undisturbed one.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.crashing import Crashing  # noqa: E402
from tests.faults.ten_mails import Scene  # noqa: E402
from tests.servers.postgres import Postgres  # noqa: E402

OCCURRENCES = 6
"""A point that is passed often is one to kill at its first so many times."""
WINDOW = ("send.accepted", "send.noted")


@contextlib.contextmanager
def scene(postgres: Postgres | None) -> Iterator[Scene]:
    """A fresh scene in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        made = Scene(Path(name) / "house", postgres.new_url() if postgres else "")
        try:
            yield made
        finally:
            made.close()


def one_pass(crashing: Crashing, made: Scene, failpoint: str = "") -> int:
    """``doithoai run --once`` in a process of its own."""
    return crashing.run(["run", "--once", "--config", str(made.house.file)], failpoint)


def undisturbed(crashing: Crashing, postgres: Postgres | None) -> tuple[dict[str, object], list[str]]:
    """What must come of the ten mails, and the points on their way, each with its number of times."""
    with scene(postgres) as made:
        record = made.house.folder / "points"
        assert one_pass(crashing, made, f"record={record}") == 0
        passed = Counter(record.read_text("utf-8").split())
        assert one_pass(crashing, made) == 0
        assert made.resent() == 0
        outcome = made.outcome()
    points = [f"{name}:{turn}" for name, times in passed.items() for turn in range(1, min(times, OCCURRENCES) + 1)]
    return outcome, points


def finish(crashing: Crashing, made: Scene) -> None:
    """Start again until a pass ends well, then once more."""
    for _ in range(6):
        if one_pass(crashing, made) == 0:
            break
    assert one_pass(crashing, made) == 0, "the daemon does not get over it"


def differs(made: Scene, expected: dict[str, object], kills: int) -> str:
    """ "" when all is as without a crash."""
    found = made.outcome()
    wrong = [f"{key}: {found[key]} instead of {expected[key]}" for key in expected if found[key] != expected[key]]
    resent = made.resent()
    if resent > kills:
        wrong.append(f"{resent} mails were sent again")
    return "; ".join(wrong)


def crash_at(
    crashing: Crashing, point: str, expected: dict[str, object], postgres: Postgres | None
) -> tuple[str, int]:
    """What is wrong after a crash at a point, and how many mails were sent twice."""
    with scene(postgres) as made:
        if one_pass(crashing, made, point) != -signal.SIGKILL:
            return "not reached", 0
        finish(crashing, made)
        window = point.startswith(WINDOW) or point.startswith("db.")
        return differs(made, expected, int(window)), made.resent()


def crash_at_random(
    crashing: Crashing,
    chance: random.Random,
    points: list[str],
    expected: dict[str, object],
    postgres: Postgres | None,
) -> tuple[str, int, int]:
    """Up to three kills in a row, at whatever is reached; the number of kills, and of mails sent twice."""
    with scene(postgres) as made:
        kills = 0
        for _ in range(chance.randint(1, 3)):
            kills += one_pass(crashing, made, chance.choice(points)) == -signal.SIGKILL
        finish(crashing, made)
        return differs(made, expected, kills), kills, made.resent()


class Tally:
    """Figures of a run."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.scenes = self.kills = self.resent = 0
        self.wrong: list[str] = []

    def note(self, name: str, wrong: str, kills: int, resent: int) -> None:
        """One scene is over."""
        self.scenes, self.kills, self.resent = self.scenes + 1, self.kills + kills, self.resent + resent
        if wrong:
            self.wrong.append(name)
            print(f"WRONG {name}: {wrong[:1000]}", flush=True)

    @property
    def over(self) -> bool:
        """The time is up."""
        return time.monotonic() >= self.end


def run(points_wanted: int, kills_wanted: int, seconds: float, postgres: Postgres | None, seed: int) -> Tally:
    """Points first, evenly chosen when not all of them, then random kills."""
    tally, chance = Tally(seconds), random.Random(seed)
    with Crashing() as crashing:
        expected, points = undisturbed(crashing, postgres)
        print(f"{len({one.partition(':')[0] for one in points})} named points, {len(points)} to kill at", flush=True)
        chosen = chance.sample(points, min(points_wanted, len(points)))  # in no order: it may be cut short
        for point in chosen:
            if tally.over:
                break
            tally.note(point, *_one_kill(crash_at(crashing, point, expected, postgres)))
        print(f"fail points: {tally.scenes} of {len(points)} tried", flush=True)
        before = tally.kills
        while tally.kills - before < kills_wanted and not tally.over:
            tally.note("random", *crash_at_random(crashing, chance, points, expected, postgres))
        print(f"random: {tally.kills - before} kills", flush=True)
    return tally


def _one_kill(result: tuple[str, int]) -> tuple[str, int, int]:
    wrong, resent = result
    return wrong, 1, resent


def main() -> int:
    """Run and print figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=86_400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(Postgres()) if arguments.postgres else None
        tally = run(arguments.points, arguments.kills, arguments.seconds, postgres, arguments.seed)
    print(
        f"{'PostgreSQL' if arguments.postgres else 'SQLite'}: {tally.scenes} scenes, {tally.kills} kills,"
        f" {len(tally.wrong)} wrong, {tally.resent} mails sent a second time with the same bytes"
    )
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
