"""Train the statistical votes again: ``scripts/train_vote.py [units | kinds] [--check]``.

Writes ``rules/data/model/units.tsv`` and ``kinds.tsv`` from the labelled mails put into whole letters
(``scripts/training``); wants scikit-learn (the extra ``training``). ``--check`` only tells whether they belong to
today's mails and rules.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.routing.routing_rules import load_routing  # noqa: E402 - the path is set above
from scripts.training.model_fit import fit, mark  # noqa: E402
from scripts.training.model_train import MAKERS, labelled_rows, sources  # noqa: E402

MODELS = REPOSITORY / "rules" / "data" / "model"
SHARPNESS = {"units": 5.0, "kinds": 3.0}
"""Turns sums into shares: chosen by cross-validation on the labelled mails."""


def main() -> int:
    """Train or check."""
    names = [name for name in MAKERS if name in sys.argv] or list(MAKERS)
    table, rows, stale = load_routing(), labelled_rows(), []
    for name in names:
        path, note = MODELS / f"{name}.tsv", mark(sources(table, rows), SHARPNESS[name])
        if "--check" in sys.argv:
            stale += [name] if path.read_text(encoding="utf-8").partition("\n")[0] != note else []
            continue
        text = fit(MAKERS[name](table, rows), SHARPNESS[name], note)
        path.write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines())} lines, {len(text) // 1024} KB", flush=True)
    if "--check" in sys.argv:
        print("out of date: " + (", ".join(stale) or "nothing"))
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
