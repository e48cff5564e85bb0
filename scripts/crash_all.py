"""Kill the daemon at each fail point in turn, or at random, and see that nothing is lost, doubled or changed.

    python scripts/crash_all.py [--points N] [--turns N] [--kills N] [--postgres] [--seconds S] | --list

Ten mails of different kinds lie in the mailbox. A run without a crash says what must come of them, and records
which points it passes; then the same scene is played again for each point, the process killed there and
started again until a pass ends well. Then kills at random instants, up to three in a row, the later ones while
the process recovers from the ones before.
Prints figures; exit status 0 when every scene ended as the undisturbed one.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from db.core.dialects import metadata  # noqa: E402
from tests.crashing import AFTER, Crashing  # noqa: E402
from tests.faults.ten_mails import Scene  # noqa: E402
from tests.servers.postgres import Postgres  # noqa: E402
from tests.support import crash_points  # noqa: E402
from tests.support.crash_points import NAMES  # noqa: E402

OCCURRENCES = 6
"""A point that is passed often is tested at its first so many passes."""
MEMORY = Path("/dev/shm")
OPENING = frozenset({"transaction", "looking", "begin_nested", "begin", "is_current", "upgrade", "connect"})

Outcome = dict[str, object]


class Ending(NamedTuple):
    """The fault at a scene's end ("" = none), the number of kills, and the number of mails sent twice."""

    wrong: str
    kills: int
    resent: int


@contextlib.contextmanager
def scene(postgres: Postgres | None) -> Iterator[Scene]:
    """The scene in a folder of its own; it is reset for each crash.

    The folder is in memory where possible: data written by a killed process survives there as on a disk.
    """
    with tempfile.TemporaryDirectory(prefix="crash-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        made = Scene(Path(name) / "house", postgres)
        try:
            yield made
        finally:
            made.close()


def one_pass(crashing: Crashing, made: Scene, failpoint: str = "") -> int:
    """``doithoai run --once`` in a process of its own."""
    return crashing.run(["run", "--once", "--config", str(made.house.file)], failpoint, made.now())


def undisturbed(crashing: Crashing, made: Scene) -> tuple[Outcome, Counter[str]]:
    """The expected outcome of the ten mails, and the points on their way with how often each is passed."""
    record = made.house.folder / "points"
    made.rewind()
    assert one_pass(crashing, made, f"record={record}") == 0
    passed = Counter(record.read_text("utf-8").split())
    record.unlink()
    assert one_pass(crashing, made) == 0
    assert made.resent() == 0
    return made.outcome(), passed


def finish(crashing: Crashing, made: Scene) -> None:
    """Start again until a pass ends well, then once more."""
    for _ in range(6):
        if one_pass(crashing, made) == 0:
            break
    assert one_pass(crashing, made) == 0, "the daemon does not get over it"


def differs(made: Scene, expected: Outcome, kills: int) -> str:
    """ "" when everything is as without a crash."""
    found = made.outcome(kills)
    wrong = [f"{key}: {difference(found[key], expected[key])}" for key in expected if found[key] != expected[key]]
    resent = made.resent()
    if resent > kills:
        wrong.append(f"{resent} mails were sent again")
    return "; ".join(wrong)


def difference(found: object, expected: object) -> str:
    """How one differs from the other; for counters only the counts that differ."""
    if isinstance(found, Counter) and isinstance(expected, Counter):
        return f"too many {dict(found - expected)}, too few {dict(expected - found)}"
    return f"{found} instead of {expected}"


def crash_at(crashing: Crashing, point: str, expected: Outcome, made: Scene) -> Ending:
    """Kill at a point, then start again."""
    made.rewind()
    if one_pass(crashing, made, point) != -signal.SIGKILL:
        return Ending("not reached", 0, 0)
    finish(crashing, made)
    return Ending(differs(made, expected, 1), 1, made.resent())


class Pace:
    """The seconds that a pass takes on this machine now, corrected whenever a kill comes too late."""

    def __init__(self, length: float) -> None:
        self.length = length

    def note(self, killed: bool, seconds: float) -> None:
        """Note the end of a pass, killed or not."""
        self.length = self.length * 1.05 if killed else seconds


def crash_at_random(crashing: Crashing, chance: random.Random, pace: Pace, expected: Outcome, made: Scene) -> Ending:
    """One to three kills in a row, each at a random instant of a pass."""
    made.rewind()
    kills = 0
    for _ in range(chance.randint(1, 3)):
        start = time.monotonic()
        killed = one_pass(crashing, made, f"{AFTER}{chance.uniform(0.0, pace.length):.4f}") == -signal.SIGKILL
        pace.note(killed, time.monotonic() - start)
        kills += killed
    finish(crashing, made)
    return Ending(differs(made, expected, kills), kills, made.resent())


class Tally:
    """Figures of a run."""

    def __init__(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.end = self.began + seconds
        self.scenes = self.kills = self.resent = 0
        self.wrong: list[str] = []

    def note(self, name: str, ending: Ending) -> None:
        """Note the end of one scene."""
        self.scenes, self.kills, self.resent = self.scenes + 1, self.kills + ending.kills, self.resent + ending.resent
        if ending.wrong:
            self.wrong.append(name)
            print(f"WRONG {name}: {ending.wrong[:1000]}", flush=True)
        if self.scenes % 50 == 0:
            print(f"... {self.scenes} scenes, {self.kills} kills, {self.resent} sent again", flush=True)

    @property
    def over(self) -> bool:
        """True when the time is up."""
        return time.monotonic() >= self.end


def run(arguments: argparse.Namespace, postgres: Postgres | None) -> Tally:
    """Test the points first, then random kills."""
    tally, chance = Tally(arguments.seconds), random.Random(arguments.seed)
    with Crashing() as crashing, scene(postgres) as made:
        expected, passed = undisturbed(crashing, made)
        points = turns(passed, arguments.turns, chance)
        print(f"{len(passed)} named points, {len(points)} times and places to kill at", flush=True)
        for point in points[: arguments.points]:
            if not tally.over:
                tally.note(point, crash_at(crashing, point, expected, made))
        print(f"fail points: {tally.scenes} of {len(points)} tried", flush=True)
        pace, before = pace_of(crashing, made), tally.kills
        while tally.kills - before < arguments.kills and not tally.over:
            tally.note("random", crash_at_random(crashing, chance, pace, expected, made))
        print(f"random: {tally.kills - before} kills", flush=True)
    return tally


def turns(passed: Counter[str], most: int, chance: random.Random) -> list[str]:
    """``NAME:TURN`` in random order (a run may be cut short): each name at up to ``most`` of its first passes."""
    chosen = [
        f"{name}:{turn}"
        for name, times in sorted(passed.items())
        for turn in chance.sample(range(1, min(times, OCCURRENCES) + 1), min(most, times, OCCURRENCES))
    ]
    chance.shuffle(chosen)
    return chosen


def pace_of(crashing: Crashing, made: Scene) -> Pace:
    """The pace, measured by an undisturbed pass."""
    made.rewind()
    start = time.monotonic()
    assert one_pass(crashing, made) == 0
    return Pace(time.monotonic() - start)


def listed() -> set[str]:
    """Every fail point: in the code, on the daemon's steps, on statements, on the daemon's transactions."""
    tables = [*metadata.tables, "alembic_version", "question_search_marked", "question_search_marked_config"]
    return {*NAMES, *crash_points.names(), *crash_points.statement_points(tables), *transaction_points()}


def transaction_points() -> set[str]:
    """The points of each function of the daemon that opens a transaction, savepoint or connection."""
    found = set()
    for path in (REPOSITORY / "daemon").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_opens, ast.walk(node))):
                found |= {f"tx.{path.stem}.{node.name.strip('_')}.{when}" for when in crash_points.TRANSACTION}
    return found


def _opens(node: ast.AST) -> bool:
    name = getattr(node, "func", None)
    called = getattr(name, "id", "") or getattr(name, "attr", "")
    return isinstance(node, ast.Call) and called in OPENING


def main() -> int:
    """Run and print figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name every fail point and end")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=1, help="kill at so many of a point's first times (at most 6)")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=86_400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(sorted(listed())))
        return 0
    with contextlib.ExitStack() as stack:
        tally = run(arguments, stack.enter_context(Postgres()) if arguments.postgres else None)
    print(
        f"{'PostgreSQL' if arguments.postgres else 'SQLite'}: {tally.scenes} scenes, {tally.kills} kills,"
        f" {len(tally.wrong)} wrong, {tally.resent} mails sent a second time with the same bytes,"
        f" {time.monotonic() - tally.began:.0f} s"
    )
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
