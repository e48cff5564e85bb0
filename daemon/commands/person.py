"""``doithoai person export|erase EMAIL``: the data kept about a mail address, and its erasure on request.

An open question is not erased; of a closed one the register number stays (a public register may refuse full deletion;
then the data is blocked). Both acts are in the journal, without the address.

``doithoai retention``: data kept past its period, class by class; ``--apply`` erases it.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from daemon.base import clock
from daemon.config.config import load_config
from daemon.config.database import looking, opened, transaction
from db.core import journal
from db.core.journal import Entry
from db.reports import personal_data
from rules.law.retention_periods import RetentionClass, load_retention
from rules.tuning.check_files import checked


def add(subparsers: Any) -> None:
    """Register both commands."""
    keeping = subparsers.add_parser(
        "retention", help="delete what was kept long enough; shows first, --apply does it"
    )
    keeping.add_argument("--apply", action="store_true", help="really erase; without it nothing changes")
    keeping.set_defaults(run=run_retention)
    parser = subparsers.add_parser("person", help="what is kept about a mail address; erase it on request")
    parts = parser.add_subparsers(dest="part", metavar="export|erase", required=True)
    exporting = parts.add_parser("export", help="everything kept about the address, as JSON")
    erasing = parts.add_parser("erase", help="show what would be erased; --apply does it")
    erasing.add_argument("--apply", action="store_true", help="really erase; without it nothing changes")
    for each, do in ((exporting, _export), (erasing, _erase)):
        each.add_argument("email", metavar="EMAIL")
        each.set_defaults(run=run_person, do=do)


def run_person(args: argparse.Namespace) -> int:
    """Run the chosen part."""
    with opened(load_config(args.config)) as engine:
        return int(args.do(engine, args))


def _export(engine: Engine, args: argparse.Namespace) -> int:
    """Export the data. Reading may take seconds, so only the journal entry is written under the lock."""
    with looking(engine) as connection:
        found = personal_data.export(connection, args.email)
    data = {"questions": [one["code"] for one in found["questions"]]}
    why = "Trích xuất dữ liệu cá nhân theo yêu cầu"
    with transaction(engine) as connection:
        journal.append(connection, Entry("person_exported", why, actor="operator", data=data), clock.now())
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0


def _erase(engine: Engine, args: argparse.Namespace) -> int:
    """Erase the data; 1 when something must stay for now."""
    with (transaction if args.apply else looking)(engine) as connection:
        if args.apply:
            journal.take_turn(connection)
        found = personal_data.to_erase(connection, args.email)
        if args.apply:
            why, now = "Xóa dữ liệu cá nhân theo yêu cầu", clock.now()
            personal_data.erase_questions(connection, found.questions, why, "operator", now)
            personal_data.erase_mails(connection, found.mails, why, "operator", now)
    done = "erased" if args.apply else "to erase (--apply does it)"
    sys.stdout.write(f"{len(found.questions)} questions and {len(found.mails)} mails {done}\n")
    for line in found.stays:
        sys.stdout.write(f"{line}, not erased\n")
    return 1 if found.stays else 0


def run_retention(args: argparse.Namespace) -> int:
    """Handle each class in its own transaction and print one line for it."""
    config = load_config(args.config)
    classes = load_retention(checked(config.source))
    now = clock.now()
    with opened(config) as engine:
        for each in classes:
            with (transaction if args.apply else looking)(engine) as connection:
                if args.apply:
                    journal.take_turn(connection)
                sys.stdout.write(work(connection, each, now, apply=args.apply) + "\n")
    if not args.apply:
        sys.stdout.write("nothing was changed; --apply erases\n")
    return 0


def work(connection: Connection, each: RetentionClass, now: datetime, *, apply: bool) -> str:
    """Find the data, and erase it when asked to; gives the line to print."""
    before, why = each.before(now), f"Hết thời hạn lưu giữ ({each.name}, {each.days} ngày)"
    questions = personal_data.questions_kept_since(connection, each.questions, before) if each.questions else []
    mails = personal_data.mails_kept_since(connection, each.mails, before) if each.mails else []
    letters = personal_data.letters_kept_since(connection, before) if each.letters else []
    if apply:
        personal_data.erase_questions(connection, questions, why, "operator", now)
        personal_data.erase_mails(connection, mails, why, "operator", now)
        personal_data.erase_letters(connection, letters, why, "operator", now)
    done = "erased" if apply else "to erase"
    ours = f", {len(letters)} letters of ours" if each.letters else ""
    return f"{each.name}: {len(questions)} questions and {len(mails)} mails{ours} {done}, kept for {each.days} days"
