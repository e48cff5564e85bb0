"""Train the statistical votes again: ``scripts/train_vote.py [units | kinds | replies] [--check]``.

Writes ``rules/data/model/units.tsv`` and ``kinds.tsv`` from the labelled mails put into whole letters, and
``replies.tsv`` from what departments wrote (``scripts/training``); wants scikit-learn (the extra ``training``).
``--check`` only tells whether they belong to today's mails and rules; ``--measure`` how the vote on departments'
mails reads a table that it has not learnt from, each table left out once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.routing.routing_rules import load_routing  # noqa: E402 - the path is set above
from rules.values.states import Verb  # noqa: E402
from scripts.training.model_fit import fit, mark  # noqa: E402
from scripts.training.model_train import MAKERS, Example, labelled_rows, sources  # noqa: E402
from scripts.training.replies import labelled_mails, measure, reply_examples, reply_sources  # noqa: E402

MODELS = REPOSITORY / "rules" / "data" / "model"
SHARPNESS = {"units": 5.0, "kinds": 3.0, "replies": 3.0}
"""Turns sums into shares: chosen by cross-validation on the labelled mails."""


Making = tuple[str, Callable[[], list[Example]]]
"""The first line of a vote's file, and what makes its examples."""


def main() -> int:
    """Train, check or measure."""
    if "--measure" in sys.argv:
        return _measure()
    names = [name for name in SHARPNESS if name in sys.argv] or list(SHARPNESS)
    stale = []
    for name in names:
        path, (note, examples) = MODELS / f"{name}.tsv", _of_departments() if name == "replies" else _of_letters(name)
        if "--check" in sys.argv:
            stale += [name] if path.read_text(encoding="utf-8").partition("\n")[0] != note else []
            continue
        text = fit(examples(), SHARPNESS[name], note)
        path.write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines())} lines, {len(text) // 1024} KB", flush=True)
    if "--check" in sys.argv:
        print("out of date: " + (", ".join(stale) or "nothing"))
    return 1 if stale else 0


def _measure() -> int:
    """Print by table how many mails the vote alone reads as they are meant, and what it wrongly takes for answers."""
    read, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one, shares in measure(labelled_mails(), SHARPNESS["replies"]):
        likeliest = max(shares, key=shares.__getitem__, default=Verb.NONE)
        read[one.table] += 1
        right[one.table] += likeliest == one.verb
        wrong[one.table] += likeliest == Verb.ANSWER and one.verb is not Verb.ANSWER
    for table, total in read.items():
        print(f"{table}: {right[table]} of {total} as they are meant, {wrong[table]} taken for an answer", flush=True)
    return 0


def _of_letters(name: str) -> Making:
    table, rows = load_routing(), labelled_rows()
    return mark(sources(table, rows), SHARPNESS[name]), lambda: MAKERS[name](table, rows)


def _of_departments() -> Making:
    mails = labelled_mails()
    return mark(reply_sources(mails), SHARPNESS["replies"]), lambda: reply_examples(mails)


if __name__ == "__main__":
    raise SystemExit(main())
