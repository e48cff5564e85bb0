"""``doithoai stats``: counts by state, what is late and with whom, and when the daemon last worked."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from daemon.base import clock
from daemon.config.config import load_config
from daemon.config.database import looking, opened
from db.reports.figures import Figures, figures


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "stats", help="figures by state and unit, what is late, when the daemon last worked"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the figures."""
    with opened(load_config(args.config)) as engine, looking(engine) as connection:
        found = figures(connection, clock.now())
    lines = [json.dumps(asdict(found), sort_keys=True)] if args.json else told(found)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def told(found: Figures) -> list[str]:
    """The figures as lines."""
    lines = [
        f"{name}: {', '.join(f'{number} {state}' for state, number in sorted(counts.items())) or 'none'}"
        for name, counts in (("mails", found.mails), ("questions", found.questions), ("outbox", found.outbox))
    ]
    lines.append(f"duties: {found.duties_open} open, {found.duties_late} of them late")
    lines += [
        f"unit {unit}: {one.open} open, {one.late} of them late, {one.answered} answered"
        for unit, one in found.units.items()
    ]
    for name, age in (
        ("oldest mail to leave", found.oldest_unsent),
        ("last look into the mailbox", found.since_poll),
        ("last pass without a problem", found.since_pass),
    ):
        lines.append(f"{name}: {ago(age, never='none')}")
    return lines


def ago(seconds: float | None, never: str = "never") -> str:
    """The time since an event, in words."""
    if seconds is None:
        return never
    if seconds < -120:
        return f"{-seconds / 60:.0f} min ahead of this machine's clock"
    if seconds < 120:
        return f"{max(0.0, seconds):.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 7200 else f"{seconds / 3600:.1f} h ago"
