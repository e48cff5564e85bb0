"""``doithoai retention``: data kept past its period, class by class; ``--apply`` erases it."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.base import clock
from daemon.config.config import load_config
from daemon.config.database import looking, opened, transaction
from db.core import journal
from db.reports import personal_data
from rules.law.legal_dates import RetentionClass, load_retention
from rules.tuning.check_files import checked


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("retention", help="delete what was kept long enough; shows first, --apply does it")
    parser.add_argument("--apply", action="store_true", help="really erase; without it nothing changes")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
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
    if apply:
        personal_data.erase_questions(connection, questions, why, "operator", now)
        personal_data.erase_mails(connection, mails, why, "operator", now)
    done = "erased" if apply else "to erase"
    return f"{each.name}: {len(questions)} questions and {len(mails)} mails {done}, kept for {each.days} days"
