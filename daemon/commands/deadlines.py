"""``doithoai deadlines``: every duty of a session on a day, as a table or as one JSON object per line.

It needs no configuration. With ``--config``, or where the default file exists, the operator's profile and table of
days off are used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from daemon.config.config import DEFAULT_CONFIG, load_config
from rules.law.days_off_table import WEEKDAY_CODES, parse_day
from rules.law.deadlines import limit_label, session_duties, session_notes
from rules.law.profile import DEFAULT_PROFILE, Profile
from rules.law.profile_file import load_profile
from rules.law.working_days import Calendar, load_calendar
from rules.values.data_file import Source
from rules.values.model import CountedDate


@dataclass(frozen=True, slots=True)
class Plan:
    """What is printed for one session day."""

    session: date
    duties: tuple[CountedDate, ...]
    notes: tuple[str, ...]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    text = "every duty of a session on that day, with clause and reason"
    parser = subparsers.add_parser("deadlines", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("days", metavar="DATE", nargs="+", help="day of a session, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per date")
    parser.add_argument("--reasons", action="store_true", help="also print how each date was counted")
    parser.add_argument("--profile", metavar="NAME", help="rule profile (default: the configured one)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
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
        "duties": [_duty(one, profile) for one in plan.duties],
        "notes": list(plan.notes),
        "profile": profile.name,
        "calendar": calendar.version,
    }
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(line, ensure_ascii=not utf8)


def _duty(one: CountedDate, profile: Profile) -> dict[str, Any]:
    rule = profile.rule(one.rule)
    return {
        "clause": one.clause,
        "on": one.on.isoformat(),
        "raw": one.raw.isoformat(),
        "rolled": one.rolled,
        "provisional": one.provisional,
        "reason": one.reason,
        "rule": rule.id,
        "limit": limit_label(rule),
        "duty": rule.duty,
        "skipped": [{"day": skip.day.isoformat(), "why": skip.why} for skip in one.skipped],
    }


def _table(plan: Plan, profile: Profile, calendar: Calendar, reasons: bool) -> str:
    lines = [
        f"Session on {_short(plan.session)} (profile {profile.name}, days off {calendar.version})",
        _row(("clause", "limit", "last day", "before rolling", "duty")),
    ]
    for one in plan.duties:
        rule = profile.rule(one.rule)
        raw = _short(one.raw) if one.rolled else ""
        mark = " ?" if one.provisional else ""
        lines.append(_row((one.clause, limit_label(rule), _short(one.on) + mark, raw, rule.duty)))
        lines += [f"         {one.reason}"] if reasons else []
    if any(one.provisional for one in plan.duties):
        lines.append("? provisional: the days off of that year are not confirmed against the notice")
    lines += [f"note: {note}" for note in plan.notes]
    return "\n".join([*lines, ""])


def _short(day: date) -> str:
    return f"{WEEKDAY_CODES[day.weekday()]} {day.isoformat()}"


def _row(cells: Sequence[str]) -> str:
    widths = (8, 6, 17, 15, 0)
    return " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
