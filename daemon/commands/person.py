"""``doithoai person export|erase EMAIL``: the data kept about a mail address, and its erasure on request.

Exit status 2 for what is no plain address (an empty one would mean everybody who asked without mail), 1 where
nothing is kept about it, or something stays for now. An open question is not erased; of a closed one the register
number stays (a public register may refuse full deletion; then the data is blocked). Both acts are in the journal,
without the address.

``doithoai retention``: data kept past its period, class by class; ``--apply`` erases it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from daemon.base import clock
from daemon.config.config import Config, load_config
from daemon.config.database import looking, opened, transaction
from db.core import journal
from db.core.journal import Entry
from db.reports import personal_data
from rules.law.legal_dates import RetentionClass, load_retention
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
        each.add_argument("email", metavar="EMAIL", type=_address)
        each.set_defaults(run=run_person, do=do)


_ADDRESS = re.compile(r'(?:"[^"]+"|[^\s<>@,;"]+)@[^\s<>@,;"]+')


def _address(typed: str) -> str:
    """The address alone, as a mail may have brought it. Raises ``argparse.ArgumentTypeError``."""
    if not typed.isprintable() or not _ADDRESS.fullmatch(typed.strip()):
        raise argparse.ArgumentTypeError(f"{typed!r} is no mail address such as an@example.org")
    return typed.strip()


def run_person(args: argparse.Namespace) -> int:
    """Run the chosen part."""
    config = load_config(args.config)
    if args.do is _erase and (places := _named(config, args.email)):
        stays = "what the house writes there, and the journal's entries of its acts, are not erased"
        sys.stdout.write(f"an address of the configuration ({', '.join(places)}): {stays}\n")
    with opened(config) as engine:
        return int(args.do(engine, args))


def _named(config: Config, email: str) -> list[str]:
    """Where the configuration names this address."""
    units = ((f"units.{code}", one) for code, unit in config.units.items() for one in unit.addresses())
    leaders = ((f"units.{code}.leader_email", unit.leader_email or "") for code, unit in config.units.items())
    known = (("mailbox.address", config.mailbox.address), *config.board.addresses(), *units, *leaders)
    return [name for name, one in known if one.casefold() == email.casefold()]


def _export(engine: Engine, args: argparse.Namespace) -> int:
    """Export the data; 1 when there are none.

    Reading may take seconds, so only the journal entry is written under the lock.
    """
    with looking(engine) as connection:
        found = personal_data.export(connection, args.email)
    data = {"questions": [one["code"] for one in found["questions"]]}
    why = "Trích xuất dữ liệu cá nhân theo yêu cầu"
    with transaction(engine) as connection:
        journal.append(connection, Entry("person_exported", why, actor="operator", data=data), clock.now())
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0 if found["questions"] or found["mails"] or found["sent"] else 1


def _erase(engine: Engine, args: argparse.Namespace) -> int:
    """Erase the data, or show them; 1 when there are none, or something must stay for now."""
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
    return 1 if found.stays or not (found.questions or found.mails) else 0


def run_retention(args: argparse.Namespace) -> int:
    """Handle one class after the other and print one line for it."""
    config = load_config(args.config)
    classes = load_retention(checked(config.source))
    now = clock.now()
    with opened(config) as engine:
        for each in classes:
            sys.stdout.write(_work(engine, each, now, apply=args.apply) + "\n")
    if not args.apply:
        sys.stdout.write("nothing was changed; --apply erases\n")
    return 0


def _work(engine: Engine, each: RetentionClass, now: datetime, *, apply: bool) -> str:
    """Find the data, and erase it when asked to; gives the line to print."""
    parts = _parts(each, each.before(now))
    if apply:
        why = f"Hết thời hạn lưu giữ ({each.name}, {each.days} ngày)"
        questions, mails, letters = (_erased(engine, part, why, now) for part in parts)
    else:
        with looking(engine) as connection:
            questions, mails, letters = (len(find(connection)) for find, _ in parts)
    done = "erased" if apply else "to erase"
    ours = f", {letters} letters of ours" if each.letters else ""
    return f"{each.name}: {questions} questions and {mails} mails{ours} {done}, kept for {each.days} days"


Part = tuple[Callable[..., list[int]], Callable[..., int]]
"""How some data are found, and erased by their ids."""


def _parts(each: RetentionClass, before: datetime) -> tuple[Part, Part, Part]:
    """The questions, mails and letters of a class."""
    questions = partial(personal_data.questions_kept_since, states=each.questions, before=before)
    mails = partial(personal_data.mails_kept_since, kinds=each.mails, before=before)
    letters = partial(personal_data.letters_kept_since, before=before) if each.letters else _none
    return (
        (questions, personal_data.erase_questions),
        (mails, personal_data.erase_mails),
        (letters, personal_data.erase_letters),
    )


def _none(_connection: Connection, **_: int) -> list[int]:
    return []


def _erased(engine: Engine, part: Part, why: str, now: datetime) -> int:
    """Erase in portions, each found and erased in a transaction of its own, so that the daemon goes on in between;
    gives how many."""
    find, erase = part
    count, after, size = 0, 0, personal_data.PORTION
    while size == personal_data.PORTION:
        with transaction(engine) as connection:
            journal.take_turn(connection)
            some = find(connection, after=after, most=personal_data.PORTION)
            if some:
                erase(connection, some, why, "operator", now)
        count, after, size = count + len(some), max(some, default=0), len(some)
    return count
