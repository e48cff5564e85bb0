"""Accuracy of sorting and routing against the goals, on every labelled file that is there.

``python scripts/routing_report.py [FILE.tsv …]``: the test part (``rules/data/labelled/held_out_2.tsv``, written
without sight of the mails to learn from and of any result), the older and harder part (``held_out.tsv``: its totals
were looked at between tries, so it is no test any more, and shares missed there are told and do not count), and,
where it lies beside the checkout, ``../shared/domain/labelled_questions.tsv``; by unit and by way of typing. Exit
code 1 when a goal is missed.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from daemon.commands.rules import print_report, read_rows  # noqa: E402 - the path is set above
from rules.routing.routing_rules import load_routing  # noqa: E402
from rules.tuning.measure import judge_rows, summary  # noqa: E402

ON = date(2026, 9, 1)
GOALS = {
    "safe_caught": (1.0, True),
    "safe_forwarded": (0, False),
    "out_of_scope_forwarded": (0, False),
    "forwarded": (0.75, True),
    "forwarded_right": (0.98, True),
    "top_right": (0.92, True),
    "questions_discarded": (0, False),
}
SEEN = "held_out.tsv"
SHARES = frozenset({"forwarded", "forwarded_right", "top_right"})
"""Not counted for the part whose totals were seen; what must never happen is counted everywhere."""


def report(file: Path) -> bool:
    """Print one file's figures; True when every goal that counts for it is met."""
    rows = read_rows(file)
    began = time.perf_counter()
    outcomes = judge_rows(rows, load_routing(), ON)
    took = time.perf_counter() - began
    print(f"\n=== {file.name}: {len(outcomes)} mails, {1000 * took / max(1, len(outcomes)):.1f} ms each")
    print_report(outcomes, (), wrong=False)
    figures, met = summary(outcomes), True
    for name, (goal, at_least) in GOALS.items():
        value = figures[name] if figures[name] is not None else goal
        good = value >= goal if at_least else value <= goal
        met &= good or (file.name == SEEN and name in SHARES)
        print(f"goal {name}: {value} ({'at least' if at_least else 'at most'} {goal}): {'met' if good else 'MISSED'}")
    return met


def main() -> int:
    """Report on the files named, else on every labelled file for testing that is there."""
    files = [Path(name) for name in sys.argv[1:]] or [
        REPOSITORY / "rules" / "data" / "labelled" / "held_out.tsv",
        REPOSITORY / "rules" / "data" / "labelled" / "held_out_2.tsv",
        REPOSITORY.parent / "shared" / "domain" / "labelled_questions.tsv",
    ]
    missing = [file for file in files if not file.is_file()]
    for file in missing:
        print(f"{file.name}: not there, left out")
    results = [report(file) for file in files if file not in missing]
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
