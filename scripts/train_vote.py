"""Train the statistical votes again from the labelled mails: ``scripts/train_vote.py [--check | --cross [PARTS]]``.

Writes ``rules/data/model/units.tsv`` and ``kinds.tsv``: a minute, the same bytes every time. ``--check`` only tells
whether they belong to today's labelled mails, rules and numbers. ``--cross`` trains on all parts but one and judges
that one, for each of PARTS (3) parts: by its figures sharpness and thresholds are chosen, never by the parts for
testing only. The phrases of the rules were written with the older labelled mails in sight; the figures of each file
show by how much that flatters them.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from daemon.commands.rules import print_report  # noqa: E402 - the path is set above
from rules.routing.routing_rules import RoutingTable, load_routing, with_thresholds  # noqa: E402
from rules.tuning.measure import Outcome, judge_rows  # noqa: E402
from rules.tuning.model_train import LABELLED, MAKERS, Row, belongs, labelled_rows, model_text  # noqa: E402
from rules.values.data_file import Source  # noqa: E402

MODELS = REPOSITORY / "rules" / "data" / "model"
ON = date(2026, 9, 1)
PARTS = 3
LEVELS = (0.7, 0.75, 0.8, 0.83, 0.86, 0.9, 0.93, 0.96)


def train() -> int:
    """Train both models and write them."""
    table = load_routing()
    MODELS.mkdir(exist_ok=True)
    for name in MAKERS:
        text = model_text(name, table, labelled_rows(table))
        path = MODELS / f"{name}.tsv"
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        path.write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines())} lines, {len(text) // 1024} KB, {'as before' if same else 'changed'}")
    return 0


def check() -> int:
    """1 when a model does not belong to the data."""
    table = load_routing()
    texts = {name: (MODELS / f"{name}.tsv").read_text(encoding="utf-8") for name in MAKERS}
    stale = [name for name, text in texts.items() if not belongs(name, table, text)]
    print("out of date: " + (", ".join(stale) or "nothing"))
    return 1 if stale else 0


def cross(parts: int) -> int:
    """Print what the rules and votes make of mails that they were not trained on, by labelled file and by score."""
    table = load_routing()
    files = {row["id"]: name for name in LABELLED for row in table.source.tsv(name)}
    rows = labelled_rows(table)
    random.Random(1374).shuffle(rows)
    outcomes: list[Outcome] = []
    for part in range(parts):
        apart = rows[part::parts]
        rest = labelled_rows(table, {row["id"] for row in apart})
        outcomes += _judged_by(rest, apart, table)
        print(f"part {part + 1} of {parts}: {len(apart)} mails judged", flush=True)
    forward = table.scoring.threshold["forward"]
    print_report(
        [replace(one, forwarded=one.forwarded and one.score >= forward) for one in outcomes], (), wrong=False
    )
    for name in LABELLED:
        _print_levels(name, [one for one in outcomes if files[one.id] == name])
    _print_levels("all", outcomes)
    return 0


def _judged_by(rest: Sequence[Row], apart: Sequence[Row], table: RoutingTable) -> list[Outcome]:
    """Judge some rows with votes trained on others; forwarded is what reaches the lowest of LEVELS."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model").mkdir()
        for name in MAKERS:
            Path(folder, "model", f"{name}.tsv").write_text(model_text(name, table, rest), encoding="utf-8")
        return judge_rows(apart, with_thresholds(load_routing(Source(Path(folder))), min(LEVELS), None), ON)


def _print_levels(name: str, outcomes: Sequence[Outcome]) -> None:
    """For each threshold: the share of the questions forwarded, of these right, and what else would go out."""
    asked = [one for one in outcomes if one.expected == "question" and one.units]
    if not asked:
        return
    top = sum(one.right_unit for one in asked)
    print(f"\n{name}: {len(asked)} questions, top guess right {top / len(asked):.1%}")
    print("  threshold  forwarded  of these right  no question, but forwarded")
    for level in LEVELS:
        above = [one for one in asked if one.forwarded and one.score >= level]
        right = sum(one.right_unit for one in above)
        others = sum(one.forwarded and one.score >= level for one in outcomes if one.expected != "question")
        print(f"  {level:9.2f} {len(above) / len(asked):10.1%} {right / max(1, len(above)):15.2%} {others:27}")


def main() -> int:
    """Train, check or cross-validate."""
    if "--check" in sys.argv:
        return check()
    if "--cross" in sys.argv:
        return cross(int([*sys.argv, str(PARTS)][sys.argv.index("--cross") + 1]))
    return train()


if __name__ == "__main__":
    raise SystemExit(main())
