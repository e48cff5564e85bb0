"""Print how much of each room the tests run, by lines and branches.

    python scripts/coverage_rooms.py [TEST ...]

Runs the given tests (tests/unit and tests/contract without any) under coverage. What runs in a process of its own, as
the daemon of a system test does, is not counted. A room under its floor in ``scripts/coverage_floors.toml`` fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FLOORS = REPOSITORY / "scripts" / "coverage_floors.toml"
USUAL = ("tests/unit", "tests/contract")


def measured(tests: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """By room: the lines and branches that ran, and all that there are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "coverage.ini"
        settings.write_text(f"[run]\nbranch = true\nsource = rules,db,daemon\ndata_file = {folder}/data\n", "utf-8")
        coverage = [sys.executable, "-m", "coverage"]
        rules = f"--rcfile={settings}"
        pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=600", *tests]
        subprocess.run([*coverage, "run", rules, *pytest], cwd=REPOSITORY, check=False)
        subprocess.run([*coverage, "json", rules, "-q", "-o", f"{folder}/out.json"], cwd=REPOSITORY, check=True)
        files = json.loads((folder / "out.json").read_text("utf-8"))["files"]
    return by_room(files)


def by_room(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, tuple[int, int]]:
    """The sums of coverage's report of files."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file, report in files.items():
        found = report["summary"]
        room = "/".join(Path(file).parent.parts[:3])
        sums[room][0] += found["covered_lines"] + found["covered_branches"]
        sums[room][1] += found["num_statements"] + found["num_branches"]
    return {room: (ran, whole) for room, (ran, whole) in sorted(sums.items())}


def main() -> int:
    """Exit status 1 when a room is under its floor."""
    floors = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    low = []
    for room, (ran, whole) in measured(tuple(sys.argv[1:]) or USUAL).items():
        share = 100 * ran / max(1, whole)
        print(f"{room:32} {share:5.1f} %  {ran} of {whole}")
        if share < float(floors.get(room, 0)):
            low.append(f"{room}: {share:.1f} % is under its floor of {floors[room]} %")
    print("\n".join(low))
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
