"""``doithoai retention``: what has been kept long enough, class by class; ``--apply`` erases it."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from daemon.config import load_config
from daemon.store import looking, opened, transaction
from db import journal, retention
from rules.datafiles import checked
from rules.retention import RetentionClass, load_retention


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("retention", help="delete what was kept long enough; shows first, --apply does it")
    parser.add_argument("--apply", action="store_true", help="really erase; without it nothing changes")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a class, in one transaction each."""
    config = load_config(args.config)
    classes = load_retention(checked(config.source))
    now = datetime.now(UTC)
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
    """Find, and erase when asked to; the line that tells."""
    before, why = each.before(now), f"Hết thời hạn lưu giữ ({each.name}, {each.days} ngày)"
    questions = retention.questions_kept_since(connection, each.questions, before) if each.questions else []
    mails = retention.mails_kept_since(connection, each.mails, before) if each.mails else []
    if apply:
        retention.erase_questions(connection, questions, why, "operator", now)
        retention.erase_mails(connection, mails, why, "operator", now)
    done = "erased" if apply else "to erase"
    return f"{each.name}: {len(questions)} questions and {len(mails)} mails {done}, kept for {each.days} days"
