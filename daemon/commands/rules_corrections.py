"""``doithoai rules corrections``: people's rulings as labelled rows, and suggested phrases. Read-only."""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from daemon.commands import day
from daemon.commands.rules_replay import office_of, say, start_of
from daemon.config.database import opened, transaction
from daemon.installation.installation import Installation
from db.mails import stored_mails
from db.mails.stored_mails import PROGRAM, History
from db.register.questions import requester_of
from rules.law.working_days import city_day
from rules.tuning.corrections import (
    COLUMNS,
    Proposal,
    Ruling,
    as_toml,
    labelled_row,
    propose,
    without_person,
)
from rules.tuning.coverage import drift
from rules.values.model import Kind, Requester

HAVE = ("forwarded", "answered")
"""States of an assignment whose unit has the question, or has answered it."""


def add(steps: Any) -> None:
    """Add the step's parser."""
    parser = steps.add_parser("corrections", help="people's rulings as labelled mails, and the phrases they suggest")
    parser.add_argument("--since", type=day, default=None, metavar="DATE", help="first day received")
    parser.add_argument("--out", type=Path, metavar="FILE.tsv", help="write the labelled mails there")
    parser.add_argument("--confirmed", action="store_true", help="also the guesses that an officer has confirmed")
    parser.set_defaults(run_step=run_corrections)
    told = steps.add_parser("drift", help="what people corrected, by month: whether it is time to learn anew")
    told.add_argument("--since", type=day, default=None, metavar="DATE", help="first day received")
    told.add_argument("--json", action="store_true", help="print one JSON object")
    told.set_defaults(run_step=run_drift)


def run_corrections(args: argparse.Namespace) -> int:
    """Write the rows, print the proposals."""
    installation = office_of(args)
    with opened(installation.config) as engine, transaction(engine) as connection:
        found = list(_rulings(connection, installation, start_of(args.since)))
    wanted = [one for one in found if one.corrected or (args.confirmed and one.by != "rules")]
    if args.out is not None:
        write_rows(args.out, wanted)
        say(f"# {len(wanted)} thư đã gán nhãn: {args.out}")
    corrected = [one for one in found if one.corrected]
    say(f"# {len(found)} câu hỏi đã có đơn vị hoặc kết luận, {len(corrected)} đã được sửa")
    for what, count in Counter(one.note for one in corrected).most_common():
        say(f"#   {count}: {what}")
    proposals = propose(found, (), installation.knowledge.routing)
    _tell(proposals, corrected)
    return 0


def run_drift(args: argparse.Namespace) -> int:
    """By month: how many were ruled on and corrected, and from which unit to which."""
    installation = office_of(args)
    with opened(installation.config) as engine, transaction(engine) as connection:
        months = drift(_rulings(connection, installation, start_of(args.since)))
    if args.json:
        say(json.dumps(months, ensure_ascii=False))
        return 0
    for month, one in months.items():
        moved = "; ".join(f"{before} -> {after}: {count}" for before, after, count in one["moved"])
        ending = f"; {moved}" if moved else ""
        say(f"{month}: {one['corrected']}/{one['ruled']} câu đã sửa ({one['share']:.1%}){ending}")
    return 0


def _tell(proposals: Iterable[Proposal], corrected: Iterable[Ruling]) -> None:
    counts = Counter(one.unit for one in corrected)
    for line in as_toml(proposals, counts):
        say(line)


def write_rows(file: Path, found: Iterable[Ruling]) -> None:
    """Write a tab-separated file that only its owner may read, because it holds people's texts."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as target:
        target.write("\t".join(COLUMNS) + "\n")
        target.writelines("\t".join(labelled_row(one).values()) + "\n" for one in found)


def _rulings(connection: Connection, installation: Installation, since: datetime) -> Iterator[Ruling]:
    """Rulings on questions, then on held mails that ended without a number; nothing that may be a denunciation."""
    courses = list(stored_mails.histories(connection, since))
    kinds = stored_mails.first_kinds(connection, [one.mail.id for one in courses if one.mail is not None])
    for course in courses:
        row = course.question
        first = Kind(kinds.get(row.raw_mail_id, "") or row.kind)
        if Kind.DENUNCIATION not in {first, Kind(row.kind)}:
            yield from _of_question(course, first)
    yield from _of_mails(connection, installation, since)


def _of_question(course: History, first: Kind) -> Iterator[Ruling]:
    """One ruling per item; for a rejected question, one in all."""
    row, asker = course.question, requester_of(course.question)
    guess = row.guess[0]["unit"] if row.guess else ""
    if row.status == "rejected":
        kind = {"10.1.h": Kind.OUT_OF_SCOPE, "1.2": Kind.COMPLAINT}.get(row.clause)
        if kind is not None:
            yield Ruling(row.code, _text(row, asker, row.content), "", "", kind, first, month=_month(row.received_at))
        return
    items: dict[int, list[Row[Any]]] = {}
    for one in course.assignments:
        if one.role == "lead":
            items.setdefault(one.item, []).append(one)
    for number, held in items.items():
        final = [one for one in held if one.status in HAVE]
        if final:
            begun = _forwarded_by(course, held[0].unit)
            guessed = held[0].unit if begun == PROGRAM else guess
            by = "unit" if any(one.status == "refused" for one in held) else _ruler(course, final[-1].unit)
            code = row.code if len(items) == 1 else f"{row.code}/{number}"
            text = _text(row, asker, held[0].item_text if len(items) > 1 else row.content)
            yield Ruling(code, text, final[-1].unit, guessed, Kind.QUESTION, first, by, _month(row.received_at))


def _month(received: datetime) -> str:
    return f"{city_day(received):%Y-%m}"


def _text(row: Row[Any], asker: Requester, content: str) -> str:
    subject = row.subject.strip()
    told = f"{subject}.\n{content}" if subject and subject not in content else content
    return without_person(told, asker)


def _forwarded_by(course: History, unit: str) -> str:
    return next((actor for whose, actor in course.forwardings if whose == unit), "")


def _ruler(course: History, unit: str) -> str:
    return "rules" if _forwarded_by(course, unit) == PROGRAM else "officer"


def _of_mails(connection: Connection, installation: Installation, since: datetime) -> Iterator[Ruling]:
    """Rulings of officers on the kind of held mails."""
    ended = stored_mails.settled_ids(connection)
    rows = [row for row in stored_mails.settled_mails(connection, since) if row.id in ended]
    kinds = stored_mails.first_kinds(connection, [row.id for row in rows])
    for row in rows:
        _, read = installation.read(bytes(row.bytes), row.internaldate)
        first = Kind(kinds.get(row.id, "") or row.kind)
        if row.kind and Kind.DENUNCIATION not in {Kind(row.kind), first, read.kind}:
            text = without_person(read.text.own, read.asker)
            yield Ruling(f"M{row.id}", text, "", "", Kind(row.kind), first, month=_month(row.internaldate))
