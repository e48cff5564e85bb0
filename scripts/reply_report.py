"""Folds every text of ``../shared/mail/reply_text`` and of ``tests/data/replies`` and reports the wrong results.

Usage: ``python scripts/reply_report.py [-v]``. Exits 1 when the goal is missed (29 of 32 exact, no word lost).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rules.message.reply_text import fold  # noqa: E402

CORPUS = ROOT.parent / "shared" / "mail" / "reply_text"


def words(text: str) -> str:
    """The text with normalised white space, as the goal compares it."""
    return " ".join(text.split())


def main(verbose: bool) -> int:
    """Print one line per wrong text and the totals."""
    exact, lost, total = 0, 0, 0
    for path in sorted((CORPUS / "emails").glob("*.txt")):
        total += 1
        wanted = words((CORPUS / "expected" / path.name).read_text(encoding="utf-8"))
        got = words(fold(path.read_text(encoding="utf-8")).own)
        exact += wanted == got
        missing = [word for word in wanted.split() if word not in got.split()]
        lost += bool(missing)
        if wanted != got:
            print(f"{path.name}: {'LOST ' + ' '.join(missing[:8]) if missing else 'too much kept'}")
            if verbose:
                print(f"  wanted: {wanted[:300]}\n  got:    {got[:300]}")
    print(f"{exact} of {total} exact, {lost} lost a word")
    return 0 if exact >= 29 and not lost else 1


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("-v", dest="verbose", action="store_true", help="name each wrong one")
    sys.exit(main(**vars(given.parse_args())))
