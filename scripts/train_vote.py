"""Train the statistical votes again from the labelled mails: ``scripts/train_vote.py [--check | --cross]``.

Writes ``rules/data/model/units.tsv`` and ``kinds.tsv``: a minute, the same bytes every time. ``--check`` only tells
whether they belong to today's labelled mails, rules and numbers. ``--cross`` trains on three quarters and judges the
fourth, four times: by its figures sharpness and thresholds are chosen, never by the part for testing only.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from daemon.commands.rules_cmd import print_report  # noqa: E402 - the path is set above
from rules.loader import Source  # noqa: E402
from rules.measure import Outcome, judge_rows  # noqa: E402
from rules.model_train import MAKERS, belongs, labelled_rows, model_text  # noqa: E402
from rules.rulebook import load_routing  # noqa: E402

MODELS = REPOSITORY / "rules" / "data" / "model"
ON = date(2026, 9, 1)
PARTS = 4
LEVELS = (0.75, 0.8, 0.85, 0.9, 0.95)


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


def cross() -> int:
    """Print what the rules and votes make of mails that they were not trained on."""
    table = load_routing()
    rows = labelled_rows(table)
    random.Random(1374).shuffle(rows)
    outcomes: list[Outcome] = []
    for part in range(PARTS):
        apart = rows[part::PARTS]
        rest = labelled_rows(table, {row["id"] for row in apart})
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "model").mkdir()
            for name in MAKERS:
                Path(folder, "model", f"{name}.tsv").write_text(model_text(name, table, rest), encoding="utf-8")
            outcomes += judge_rows(apart, load_routing(Source(Path(folder))), ON)
    print_report(outcomes, (), wrong=False)
    print("\nquestions by score: at least, share of all, of these right")
    asked = [one for one in outcomes if one.expected == "question" and one.units]
    for level in LEVELS:
        above = [one for one in asked if one.score >= level]
        right = sum(one.right_unit for one in above)
        print(f"  {level:.2f} {len(above) / len(asked):7.1%} {right / max(1, len(above)):7.1%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(check() if "--check" in sys.argv else cross() if "--cross" in sys.argv else train())
