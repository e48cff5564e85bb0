"""What ``doithoai rules`` does with stored mails. Read-only.

``rules replay`` reads them again with other rules before those are activated; ``rules corrections`` gives people's
rulings as labelled rows, and suggested phrases.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row

from daemon.base import clock
from daemon.commands import day
from daemon.config.config import load_config
from daemon.config.database import looking, opened
from daemon.installation.installation import Installation, build_installation, routing_of
from daemon.parsing.parse import parse_mail
from db.mails import stored_mails
from db.mails.stored_mails import PROGRAM, History, StoredMail
from db.register.questions import requester_of
from rules.law.working_days import CITY_ZONE, city_day
from rules.tuning import corrections as past
from rules.tuning.check_files import checked
from rules.understand.understand import Knowledge, understand
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Kind, ParsedMail, Requester

BEGINNING = date(2016, 1, 1)
HAVE = ("forwarded", "answered")
"""States of an assignment whose unit has the question, or has answered it."""


@dataclass(slots=True)
class Replay:
    """The result of a replay."""

    recorded: bool
    """True when the active rules themselves are compared with the record."""
    mails: list[past.Replayed]
    sealed: int = 0
    sealed_lost: int = 0
    """Sealed denunciations that the candidate would read as something else."""
    unreadable: int = 0

    @property
    def changed(self) -> list[past.Replayed]:
        """The mails with a different result."""
        return [one for one in self.mails if one.changed(self.recorded)]

    @property
    def sides(self) -> tuple[str, ...]:
        """The two sides compared; against the record, the candidate is the active rules themselves."""
        return ("decided", "candidate") if self.recorded else ("decided", "active", "candidate")

    @property
    def unsafe(self) -> list[past.Replayed]:
        """Complaints and denunciations that would no longer be recognised."""
        return [one for one in self.mails if past.loses_safety(self._before(one).kind, one.candidate)]

    def _before(self, one: past.Replayed) -> past.Judgement:
        return one.decided if self.recorded else one.active


def rules_folder(folder: Path | None) -> Source:
    """The candidate's files over the shipped ones. Raises :class:`DataFileError` when there is no such folder."""
    if folder is not None and not folder.is_dir():
        raise DataFileError(f"{folder}: no such folder")
    return Source(folder)


def office_of(args: argparse.Namespace) -> Installation:
    """The installation that ``--config`` names."""
    config = load_config(args.config)
    return build_installation(config, config.secrets.signing_key(), clock.now)


def start_of(day: date | None) -> datetime:
    """The first instant of a day in the city; without a day that of 2016-01-01, before the regulation."""
    return datetime.combine(day or BEGINNING, datetime.min.time(), CITY_ZONE)


def run_replay(args: argparse.Namespace) -> int:
    """Print the differences; 1 when a complaint or denunciation would be lost."""
    installation = office_of(args)
    knowledge = installation.knowledge
    if args.folder is not None:
        source = checked(rules_folder(args.folder)._replace(prefix=installation.board.prefix))
        knowledge = Knowledge(
            load_units(source), routing_of(installation.config, source), installation.knowledge.unit_senders
        )
    replay = Replay(args.folder is None, [])
    with opened(installation.config) as engine:
        for stored in _stored(engine, start_of(args.since)):
            _take(replay, stored, installation, knowledge)
    if args.json:
        say(json.dumps(_as_mapping(replay, args.since), ensure_ascii=False))
    else:
        _print(replay, args.since)
    return 1 if replay.unsafe or replay.sealed_lost else 0


def _stored(engine: Engine, since: datetime) -> Iterator[StoredMail]:
    """A few mails at a time, each batch in a view of its own: a long replay blocks nobody."""
    last = 0
    while True:
        with looking(engine) as connection:
            found = stored_mails.decided_since(connection, since, last)
        if not found:
            return
        yield from found
        last = found[-1].row.id


def _take(replay: Replay, stored: StoredMail, installation: Installation, candidate: Knowledge) -> None:
    """Read one mail twice; mails of the house's own people are commands, which rules do not judge."""
    row = stored.row
    mail = parse_mail(bytes(row.bytes), installation.limits)
    if (
        installation.person(mail.sender.email) is not None
        or mail.sender.email.lower() == installation.board.mailbox.lower()
    ):
        return
    on = installation.board.law.today(row.internaldate)
    after = _judged(mail, candidate, installation, on)
    if row.sealed:
        replay.sealed += 1
        replay.sealed_lost += past.loses_safety(Kind.DENUNCIATION, after)
        return
    before = after if candidate is installation.knowledge else _judged(mail, installation.knowledge, installation, on)
    replay.unreadable += after.kind is Kind.UNREADABLE
    code = stored.question.code if stored.question is not None else ""
    replay.mails.append(past.Replayed(row.id, code, decided(stored), before, after))


def _judged(mail: ParsedMail, knowledge: Knowledge, installation: Installation, on: date) -> past.Judgement:
    """One reading of a mail."""
    return past.judgement_of(understand(mail, knowledge, on), installation.board.contacts, not mail.minimal)


def decided(stored: StoredMail) -> past.Judgement:
    """The recorded result: the current kind, the units that have or answered the question, and who chose them."""
    kind = Kind(stored.row.kind) if stored.row.kind else Kind.UNREADABLE
    if stored.question is None:
        return past.Judgement(kind)
    final = tuple(dict.fromkeys(row.unit for row in stored.assignments if row.role == "lead" and row.status in HAVE))
    guess = stored.question.guess
    by_rules = stored.forwarded_by == stored_mails.PROGRAM
    refused = any(row.status == "refused" for row in stored.assignments)
    by = "unit" if refused and final else "rules" if by_rules else "officer" if stored.forwarded_by else ""
    kind = kind if kind in past.ASKED else Kind(stored.question.kind)
    return past.Judgement(kind, final, guess[0]["score"] if guess else None, by_rules, by)


def _as_mapping(replay: Replay, since: date) -> dict[str, Any]:
    return {
        "since": since.isoformat(),
        "against": "record" if replay.recorded else "active rules",
        "mails": len(replay.mails),
        "sealed": replay.sealed,
        "sealed_lost": replay.sealed_lost,
        "unreadable": replay.unreadable,
        "unsafe": [one.mail for one in replay.unsafe],
        "totals": {side: past.totals(replay.mails, side) for side in replay.sides},
        "changed": [
            {
                "mail": one.mail,
                "question": one.question,
                "decided": one.decided.as_mapping() | {"by": one.decided.by},
                "active": one.active.as_mapping(),
                "candidate": one.candidate.as_mapping(),
            }
            for one in replay.changed
        ],
    }


def _print(replay: Replay, since: date) -> None:
    against = "what was decided" if replay.recorded else "the active rules"
    say(f"{len(replay.mails)} mails since {since}, compared with {against}; {len(replay.changed)} would change")
    say(f"denunciations kept apart: {replay.sealed}, not shown; unreadable: {replay.unreadable}")
    for one in replay.changed:
        before = one.decided if replay.recorded else one.active
        known = f"  (now with {'+'.join(one.decided.units)}, by {one.decided.by})" if one.decided.units else ""
        say(f"  mail {one.mail} {one.question or '–'}: {before.in_words()} -> {one.candidate.in_words()}{known}")
    say("")
    sides = {side: past.totals(replay.mails, side) for side in replay.sides}
    say(f"{'':32}" + "".join(f"{side:>12}" for side in sides))
    for name in ("forward", "review", "final_unit_known", "final_unit_named", "forward_to_another"):
        say(f"{name.replace('_', ' '):32}" + "".join(f"{side[name]:12}" for side in sides.values()))
    say("\nfrom -> to (how often)")
    for before_words, after_words, count in past.moves(replay.changed, replay.recorded)[:25]:
        say(f"  {before_words} -> {after_words} ({count})")
    for one in replay.unsafe:
        say(f"UNSAFE: mail {one.mail} would no longer be kept for a person: {one.candidate.in_words()}")
    if replay.sealed_lost:
        say(f"UNSAFE: {replay.sealed_lost} denunciations would not be taken for one")


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


def add_corrections(steps: Any) -> None:
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
    with opened(installation.config) as engine:
        found = list(_rulings(engine, installation, start_of(args.since)))
    wanted = [one for one in found if one.corrected or (args.confirmed and one.by != "rules")]
    if args.out is not None:
        write_rows(args.out, wanted)
        say(f"# {len(wanted)} labelled mails: {args.out}")
    corrected = [one for one in found if one.corrected]
    say(f"# {len(found)} questions with a unit or an end, {len(corrected)} of them corrected")
    for what, count in Counter(one.note for one in corrected).most_common():
        say(f"#   {count}: {what}")
    proposals = past.propose(found, (), installation.knowledge.routing)
    for line in past.as_toml(proposals, Counter(one.unit for one in corrected)):
        say(line)
    return 0


def run_drift(args: argparse.Namespace) -> int:
    """By month: how many were ruled on and corrected, and from which unit to which."""
    installation = office_of(args)
    with opened(installation.config) as engine:
        months = past.drift(_rulings(engine, installation, start_of(args.since)))
    if args.json:
        say(json.dumps(months, ensure_ascii=False))
        return 0
    for month, one in months.items():
        moved = "; ".join(f"{before} -> {after}: {count}" for before, after, count in one["moved"])
        ending = f"; {moved}" if moved else ""
        say(f"{month}: {one['corrected']}/{one['ruled']} corrected ({one['share']:.1%}){ending}")
    return 0


def write_rows(file: Path, found: Iterable[past.Ruling]) -> None:
    """Write a tab-separated file that only its owner may read, because it holds people's texts."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as target:
        os.fchmod(descriptor, 0o600)  # a file that is there keeps its mode
        target.write("\t".join(past.COLUMNS) + "\n")
        target.writelines("\t".join(past.labelled_row(one).values()) + "\n" for one in found)


def _rulings(engine: Engine, installation: Installation, since: datetime) -> Iterator[past.Ruling]:
    """Rulings on questions, then on held mails that ended without a number; nothing that may be a denunciation."""
    with looking(engine) as connection:
        courses = list(stored_mails.histories(connection, since))
        kinds = stored_mails.first_kinds(connection, [one.mail.id for one in courses if one.mail is not None])
    for course in courses:
        row = course.question
        first = Kind(kinds.get(row.raw_mail_id, "") or row.kind)
        if Kind.DENUNCIATION not in {first, Kind(row.kind)}:
            yield from _of_question(course, first)
    yield from _of_mails(engine, installation, since)


def _of_question(course: History, first: Kind) -> Iterator[past.Ruling]:
    """One ruling per item; for a rejected question, one in all."""
    row, asker = course.question, requester_of(course.question)
    guess = row.guess[0]["unit"] if row.guess else ""
    if row.status == "rejected":
        kind = {"10.1.h": Kind.OUT_OF_SCOPE, "1.2": Kind.COMPLAINT}.get(row.clause)
        if kind is not None:
            yield past.Ruling(
                row.code, _text(row, asker, row.content), "", "", kind, first, month=_month(row.received_at)
            )
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
            yield past.Ruling(code, text, final[-1].unit, guessed, Kind.QUESTION, first, by, _month(row.received_at))


def _month(received: datetime) -> str:
    return f"{city_day(received):%Y-%m}"


def _text(row: Row[Any], asker: Requester, content: str) -> str:
    subject = row.subject.strip()
    text = f"{subject}.\n{content}" if subject and subject not in content else content
    return past.without_person(text, asker)


def _forwarded_by(course: History, unit: str) -> str:
    return next((actor for whose, actor in course.forwardings if whose == unit), "")


def _ruler(course: History, unit: str) -> str:
    return "rules" if _forwarded_by(course, unit) == PROGRAM else "officer"


def _of_mails(engine: Engine, installation: Installation, since: datetime) -> Iterator[past.Ruling]:
    """Rulings of officers on the kind of held mails, which are read a batch at a time and outside of the database."""
    with looking(engine) as connection:
        ended = sorted(stored_mails.settled_ids(connection))
    for start in range(0, len(ended), stored_mails.BATCH):
        some = ended[start : start + stored_mails.BATCH]
        with looking(engine) as connection:
            rows, kinds = (
                stored_mails.settled_mails(connection, since, some),
                stored_mails.first_kinds(connection, some),
            )
        for row in rows:
            _, read = installation.read(bytes(row.bytes), row.internaldate)
            first = Kind(kinds.get(row.id, "") or row.kind)
            if row.kind and Kind.DENUNCIATION not in {Kind(row.kind), first, read.kind}:
                text = past.without_person(read.text.own, read.asker)
                yield past.Ruling(f"M{row.id}", text, "", "", Kind(row.kind), first, month=_month(row.internaldate))
