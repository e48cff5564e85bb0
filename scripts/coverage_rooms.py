"""Print how much of each room the tests run, by lines and branches.

    python scripts/coverage_rooms.py [--data FILE] [--lines] [TEST ...]

Runs the given tests (tests/unit and tests/contract without any) under coverage; with ``--data`` it reads what
``scripts/mutants.py --keep FILE`` measured of the same tests. With ``--lines`` it reads what CI measured of all
tests: lines alone, which cost nothing from Python 3.12 on, where branches cost four tenths of the time. What runs in
a process of its own, as the daemon of a system test does, is not counted. A room under its floor in
``scripts/coverage_floors.toml`` fails.
"""

from __future__ import annotations

import argparse
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


def measured(tests: list[str], kept: Path | None, *, branch: bool) -> dict[str, tuple[int, int]]:
    """By room: the lines and branches that ran, and their totals."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings, data = folder / "coverage.ini", kept.resolve() if kept else folder / "data"
        settings.write_text(f"[run]\nbranch = {branch}\nrelative_files = true\nsource = rules,db,daemon\n", "utf-8")
        coverage, rules = [sys.executable, "-m", "coverage"], [f"--rcfile={settings}", f"--data-file={data}"]
        if kept is None:
            pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=600", *tests]
            subprocess.run([*coverage, "run", *rules, *pytest], cwd=REPOSITORY, check=False)
        subprocess.run([*coverage, "json", *rules, "-q", "-o", f"{folder}/out.json"], cwd=REPOSITORY, check=True)
        files = json.loads((folder / "out.json").read_text("utf-8"))["files"]
    return by_room(files)


def by_room(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, tuple[int, int]]:
    """The sums per room of coverage's report on files."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file, report in files.items():
        found = report["summary"]
        room = "/".join(Path(file).parent.parts[:3])
        sums[room][0] += found["covered_lines"] + found.get("covered_branches", 0)
        sums[room][1] += found["num_statements"] + found.get("num_branches", 0)
    return {room: (ran, whole) for room, (ran, whole) in sorted(sums.items()) if whole}


def main() -> int:
    """Exit status 1 when a room is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="what mutants.py kept")
    parser.add_argument("--lines", action="store_true", help="without branches; floors of [lines]")
    parser.add_argument("tests", nargs="*", default=USUAL)
    asked = parser.parse_args()
    floors = tomllib.loads(FLOORS.read_text("utf-8"))["lines" if asked.lines else "branches"]
    low = []
    for room, (ran, whole) in measured(asked.tests, asked.data, branch=not asked.lines).items():
        share = 100 * ran / whole
        print(f"{room:32} {share:5.1f} %  {ran} of {whole}")
        if share < float(floors.get(room, 0)):
            low.append(f"{room}: {share:.1f} % is under its floor of {floors[room]} %")
    print("\n".join(low))
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
