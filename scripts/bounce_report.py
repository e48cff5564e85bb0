"""Reads every raw mail of ``../shared/mail`` and counts which are read as returned, automatic or ordinary mail.

Usage: ``python scripts/bounce_report.py [-v]``. Exits 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.parsing.parse import parse_mail  # noqa: E402
from rules.message.automatic import read_automatic  # noqa: E402
from rules.reply.reply import has_reply_shape  # noqa: E402

MAILS = ROOT.parent / "shared" / "mail"
NO_MAIL = {".json", ".golden", ".md", ".tsv"}
RETURNED = {"bounces", "flufl"}


def main(verbose: bool) -> int:
    """Print one line per folder, and with ``-v`` the mails that a person should look at."""
    share = 1.0
    for folder in sorted(path for path in MAILS.iterdir() if path.is_dir() and path.name != "reply_text"):
        seen: Counter[str] = Counter()
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix in NO_MAIL:
                continue
            mail = parse_mail(path.read_bytes())
            found = read_automatic(mail)
            kind = str(found.kind or "person")
            seen[kind] += 1
            odd = kind == "person" if folder.name in RETURNED else kind == "bounce"
            if verbose and odd:
                print(f"  {path.relative_to(MAILS)}: {kind} {found.signs}, reply: {has_reply_shape(mail)}")
        if folder.name == "bounces":
            share = seen["person"] / seen.total()
        print(f"{folder.name}: {dict(seen)}")
    print(f"returned mail that would be read as a person's: {share:.2%} (goal: at most 0.50%)")
    return 0 if share <= 0.005 else 1


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("-v", dest="verbose", action="store_true", help="name each wrong one")
    sys.exit(main(**vars(given.parse_args())))
