"""Writes ``rules/data/guessed_days.tsv`` again: the days off that the ``holidays`` package expects in coming years.

Run it after the package has been updated; a test tells when.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.law.days_off_table import FILE, YEARS, Table, from_package, render_table  # noqa: E402 - the path is set above  # noqa: E402

NOTE = """\
# What the holidays package expects of years that no table holds; written by scripts/guess_days_off.py.
# Never edited by hand: what was announced belongs into calendar.tsv.
"""


def text() -> str:
    """The content of the file."""
    days = {day: row for year in YEARS for day, row in from_package(year).items()}
    return NOTE + render_table(Table(days, {}))


if __name__ == "__main__":
    (REPOSITORY / "rules" / "data" / FILE).write_text(text(), encoding="utf-8")
