"""``doithoai status``: one view of whether the service works, what waits for a person, and what is wrong.

``doithoai stats``: the counts by state, what is late and with whom, and when the daemon last worked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from daemon.base import clock
from daemon.config.config import load_config
from daemon.config.database import looking, opened
from daemon.installation.installation import build_board
from daemon.monitoring.troubles import Trouble, troubles
from db.core.engine import daemon_runs, since_backup, sqlite_path
from db.outbox.leader import polled
from db.reports.figures import Figures, figures
from rules.law.legal_dates import CLOSED


def add(subparsers: Any) -> None:
    """Register both commands."""
    figures_by_state = "figures by state and unit, what is late, when the daemon last worked"
    for name, what, run in (
        ("status", "one look: does it work, what waits, what is wrong", show_status),
        ("stats", figures_by_state, show_stats),
    ):
        parser = subparsers.add_parser(name, help=what)
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run)


def show_status(args: argparse.Namespace) -> int:
    """Print the status; 0 where nothing is wrong, else 1."""
    config, now = load_config(args.config), clock.now()
    with opened(config) as engine, looking(engine) as connection:
        url = config.database.url
        polls = polled(connection, config.mailbox.address) if sqlite_path(url) is None else daemon_runs(url)
        found = replace(figures(connection, now), since_backup=since_backup(url, now), daemon_runs=polls)
    wrong = list(troubles(config, found, build_board(config).law.calendar, now))
    if args.json:
        data = {"wrong": [{**asdict(one), "text": one.text} for one in wrong], "figures": asdict(found)}
        sys.stdout.write(f"{json.dumps(data, sort_keys=True)}\n")
    else:
        looked = dict(seen(found))
        if sqlite_path(config.database.url) is None:
            looked["last backup"] = "by pg_dump, which is not seen from here"
        sys.stdout.write("".join(f"{line}\n" for line in lines(looked, wrong)))
    return 1 if wrong else 0


def seen(found: Figures) -> Iterator[tuple[str, str]]:
    """The facts to show, by their names."""
    yield "last pass", ago(found.since_pass)
    yield "mailbox read", ago(found.since_poll)
    yield "daemon", {True: "runs", False: "does not run", None: "not seen from here"}[found.daemon_runs]
    yield "last backup", ago(found.since_backup)
    yield "mail in", _counts(found.mails, {"held": "waits for an officer", "quarantined": "in quarantine"})
    yield "mail out", _counts(found.outbox, {"pending": "to leave", "unknown": "uncertain", "failed": "failed"})
    still_open = sum(number for state, number in found.questions.items() if state not in CLOSED)
    yield "questions", f"{still_open} open of {sum(found.questions.values())}"
    yield "duties", f"{found.duties_open} open, {found.duties_late} late"


def lines(looked: Mapping[str, str], wrong: list[Trouble]) -> Iterator[str]:
    """The lines for an administrator: what is wrong comes first."""
    yield from (f"WRONG  {one.key}: {one.text}" for one in wrong)
    if not wrong:
        yield "nothing is wrong that can be seen from here (`doithoai check` asks the servers too)"
    yield from (f"{name + ':':<14}{what}" for name, what in looked.items())


def _counts(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    return ", ".join(f"{counts.get(state, 0)} {word}" for state, word in words.items())


def show_stats(args: argparse.Namespace) -> int:
    """Print the figures."""
    with opened(load_config(args.config)) as engine, looking(engine) as connection:
        found = figures(connection, clock.now())
    shown = [json.dumps(asdict(found), sort_keys=True)] if args.json else told(found)
    sys.stdout.write("".join(f"{line}\n" for line in shown))
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
