"""``doithoai status``: one view of whether the service works, what waits for a person, and what is wrong.

``doithoai stats``: the counts by state, what is late and with whom, and when the daemon last worked.

``doithoai deadlines``: every duty of a session on a day, as a table or as one JSON object per line. It needs no
configuration; with ``--config``, or where the default file exists, the operator's profile and days off are used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from daemon.base import clock
from daemon.config.config import DEFAULT_CONFIG, load_config
from daemon.config.database import looking, opened
from daemon.installation.installation import build_board
from daemon.monitoring.troubles import Trouble, troubles
from db.core.engine import daemon_runs, since_backup, sqlite_path
from db.outbox.leader import polled
from db.reports.figures import Figures, figures
from rules.law.days_off_table import WEEKDAY_CODES, parse_day
from rules.law.deadlines import limit_label, session_duties, session_notes
from rules.law.legal_dates import CLOSED
from rules.law.profile import DEFAULT_PROFILE, Profile
from rules.law.profile_file import load_profile
from rules.law.working_days import Calendar, load_calendar
from rules.values.data_file import Source
from rules.values.model import CountedDate


def add(subparsers: Any) -> None:
    """Register the commands."""
    _add_deadlines(subparsers)
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What is printed for one session day."""

    session: date
    duties: tuple[CountedDate, ...]
    notes: tuple[str, ...]


def _add_deadlines(subparsers: Any) -> None:
    text = "every duty of a session on that day, with clause and reason"
    parser = subparsers.add_parser("deadlines", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("days", metavar="DATE", nargs="+", help="day of a session, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per date")
    parser.add_argument("--reasons", action="store_true", help="also print how each date was counted")
    parser.add_argument("--profile", metavar="NAME", help="rule profile (default: the configured one)")
    parser.set_defaults(run=show_deadlines)


def show_deadlines(args: argparse.Namespace) -> int:
    """Print the plans in the order of the dates; 2 and one line when a date cannot be planned."""
    name, source = _rules_of(args)
    profile, calendar = load_profile(name, source), load_calendar(source)
    try:
        plans = [_plan(text, profile, calendar) for text in args.days]
    except ValueError as error:
        sys.stderr.write(f"doithoai deadlines: {error}\n")
        return 2
    for plan in plans:
        text = _json(plan, profile, calendar) if args.json else _table(plan, profile, calendar, args.reasons)
        sys.stdout.write(f"{text}\n")
    return 0


def _rules_of(args: argparse.Namespace) -> tuple[str, Source]:
    """The profile's name and the source of the data files."""
    path = getattr(args, "config", None)
    if path is None and not DEFAULT_CONFIG.is_file():
        return args.profile or DEFAULT_PROFILE, Source()
    config = load_config(Path(path or DEFAULT_CONFIG))
    return args.profile or config.rules.profile, config.source


def _plan(text: str, profile: Profile, calendar: Calendar) -> Plan:
    day = parse_day(text)
    if day is None:
        raise ValueError(f"not a date (YYYY-MM-DD): {text!r}")
    try:
        return Plan(day, session_duties(day, profile, calendar), session_notes(day, profile, calendar))
    except OverflowError:
        raise ValueError(f"too near to the end of the calendar: {text}") from None


def _json(plan: Plan, profile: Profile, calendar: Calendar) -> str:
    line = {
        "session": plan.session.isoformat(),
        "duties": [_duty(due, profile) for due in plan.duties],
        "notes": list(plan.notes),
        "profile": profile.name,
        "calendar": calendar.version,
    }
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(line, ensure_ascii=not utf8)


def _duty(due: CountedDate, profile: Profile) -> dict[str, Any]:
    rule = profile.rule(due.rule)
    return {
        "clause": due.clause,
        "on": due.on.isoformat(),
        "raw": due.raw.isoformat(),
        "rolled": due.rolled,
        "provisional": due.provisional,
        "reason": due.reason,
        "rule": rule.id,
        "limit": limit_label(rule),
        "duty": rule.duty,
        "skipped": [{"day": skip.day.isoformat(), "why": skip.why} for skip in due.skipped],
    }


def _table(plan: Plan, profile: Profile, calendar: Calendar, reasons: bool) -> str:
    lines = [
        f"Session on {_short(plan.session)} (profile {profile.name}, days off {calendar.version})",
        _row(("clause", "limit", "last day", "before rolling", "duty")),
    ]
    for due in plan.duties:
        rule = profile.rule(due.rule)
        raw = _short(due.raw) if due.rolled else ""
        mark = " ?" if due.provisional else ""
        lines.append(_row((due.clause, limit_label(rule), _short(due.on) + mark, raw, rule.duty)))
        lines += [f"         {due.reason}"] if reasons else []
    if any(one.provisional for one in plan.duties):
        lines.append("? provisional: the days off of that year are not confirmed against the notice")
    lines += [f"note: {note}" for note in plan.notes]
    return "\n".join([*lines, ""])


def _short(day: date) -> str:
    return f"{WEEKDAY_CODES[day.weekday()]} {day.isoformat()}"


def _row(cells: Sequence[str]) -> str:
    widths = (8, 6, 17, 15, 0)
    return " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
