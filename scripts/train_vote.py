"""Train the statistical votes again from the labelled mails: ``python scripts/train_vote.py [--check]``.

Writes ``rules/data/model/units.tsv`` and ``kinds.tsv``. ``--check`` only tells whether they are up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules.model_train import train_kinds, train_units
from rules.rulebook import load_routing


def main() -> int:
    """Train both models and write them, or compare."""
    table = load_routing()
    folder = Path(__file__).resolve().parent.parent / "rules" / "data" / "model"
    folder.mkdir(exist_ok=True)
    stale = []
    for name, make in (("units", train_units), ("kinds", train_kinds)):
        text = make(table)
        path = folder / f"{name}.tsv"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines())} lines, {len(text) // 1024} KB")
    print(("out of date: " if "--check" in sys.argv else "written: ") + (", ".join(stale) or "nothing"))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
