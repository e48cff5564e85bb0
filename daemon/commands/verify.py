"""``doithoai verify``: the journal's chain, the conservation law, and the mailbox against the ledger."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from sqlalchemy import Engine

from daemon.base.errors import DoithoaiError
from daemon.commands import MOST
from daemon.config.config import Config, load_config
from daemon.config.database import looking, opened
from daemon.loop.reconcile import compare, told_of
from daemon.mailbox.mailbox import MailboxClient
from db.core import journal
from db.mails import ledger
from db.reports import conservation

SHOWN = 20
"""Mail numbers on one line."""
NOT_NOTED = (-1, "")


def add(subparsers: Any) -> None:
    """Register the command."""
    text = "the journal's chain, the conservation law, the mailbox against the ledger"
    parser = subparsers.add_parser("verify", help=text)
    parser.add_argument("--offline", action="store_true", help="leave the mailbox out")
    noted = "the last entry of the journal as an earlier run printed it: is it still there?"
    parser.add_argument("--noted", type=_entry, default=NOT_NOTED, metavar="NUMBER:HASH", help=noted)
    parser.set_defaults(run=run)


def _entry(text: str) -> tuple[int, str]:
    """A number and a hash, as a run prints them. Raises ``ArgumentTypeError``."""
    if not text.strip():
        return NOT_NOTED
    found = re.fullmatch(r"([0-9]{1,19}):([0-9a-f]*)", text.strip())
    if found is None or int(found[1]) > MOST:
        raise argparse.ArgumentTypeError(f"not NUMBER:HASH, as an earlier run printed the last entry: {text!r}")
    return int(found[1]), found[2]


def run(args: argparse.Namespace) -> int:
    """Print one line per check; 1 when one of them fails."""
    config = load_config(args.config)
    with opened(config) as engine:
        faults = [*_journal(engine, args.noted), *_conservation(engine)]
        if not args.offline:
            faults += _mailbox(engine, config)
    return 1 if faults else 0


def _tell(ok: bool, text: str) -> None:
    sys.stdout.write(f"{'ok ' if ok else 'BAD'} {text}\n")


def _journal(engine: Engine, noted: tuple[int, str]) -> list[str]:
    """Check the chain, and that an entry that was noted elsewhere is in it: else the newest may have been removed."""
    number, digest = noted
    with looking(engine) as connection:
        broken = journal.broken_link(connection)
        count, (last, its) = journal.count_entries(connection), journal.newest(connection)
        lost = noted != NOT_NOTED and not journal.is_entry(connection, number, digest)
    faults = [broken.what] if broken else []
    if broken is None:
        _tell(True, f"journal: {count} entries, each follows the one before; the last is {last}:{its}")
    if lost:
        faults.append(f"entry {number} is not the one that was noted")
    for fault in faults:
        _tell(False, f"journal: {fault}")
    return faults


def _conservation(engine: Engine) -> list[str]:
    with looking(engine) as connection:
        counts = ledger.counts_by_status(connection)
        faults = conservation.conservation_faults(connection)
    arrived = sum(counts.values())
    parts = ", ".join(f"{counts.get(state, 0)} {state}" for state in ("done", "held", "quarantined", "stored"))
    _tell(not faults, f"conservation: {arrived} arrived = {parts}")
    for fault in faults:
        _tell(False, f"conservation: {fault}")
    return faults


def _mailbox(engine: Engine, config: Config) -> list[str]:
    """Check that every mail in INBOX is known or will be fetched; name what people moved or deleted, in any folder.

    A mail in INBOX that the server said it had moved is reported, and waits to be moved again.
    """
    try:
        with MailboxClient.connect(config.imap.for_client()) as client:
            found = compare(client, engine, config)
    except DoithoaiError as error:
        _tell(False, f"mailbox: {error}")
        return [str(error)]
    with looking(engine) as connection:
        told = conservation.told(connection, config.mailbox.address)
    older = f", {found.older} received before mailbox.since" if found.older else ""
    _tell(True, f"mailbox: {found.inbox} in INBOX, {found.unknown} of them still to be fetched{older}")
    for line in told_of(found):
        _tell(True, f"mailbox: {line}")
    if told:
        numbers = ", ".join(map(str, told[:SHOWN]))
        _tell(True, f"mailbox: {len(told)} mails that people moved or deleted were told before: {numbers}")
    return []
