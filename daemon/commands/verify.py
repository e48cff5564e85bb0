"""``doithoai verify``: the journal's chain, the conservation law, and the mailbox against the ledger."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from sqlalchemy import Engine

from daemon.config import Config, load_config
from daemon.errors import DoithoaiError
from daemon.mailin.imap import MailboxClient
from daemon.store import opened, transaction
from db import conserve, journal, mails


def add(subparsers: Any) -> None:
    """Register the command."""
    text = "the journal's chain, the conservation law, the mailbox against the ledger"
    parser = subparsers.add_parser("verify", help=text)
    parser.add_argument("--offline", action="store_true", help="leave the mailbox out")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a check; 1 when one of them fails."""
    config = load_config(args.config)
    with opened(config) as engine:
        faults = [*_journal(engine), *_conservation(engine)]
        if not args.offline:
            faults += _mailbox(engine, config)
    return 1 if faults else 0


def _tell(ok: bool, text: str) -> None:
    sys.stdout.write(f"{'ok ' if ok else 'BAD'} {text}\n")


def _journal(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        broken = journal.broken_link(connection)
        count = journal.count_entries(connection)
    _tell(
        broken is None,
        f"journal: {broken.what}" if broken else f"journal: {count} entries, each follows the one before",
    )
    return [broken.what] if broken else []


def _conservation(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        counts = mails.counts_by_status(connection)
        faults = conserve.conservation_faults(connection)
    arrived = sum(counts.values())
    parts = ", ".join(f"{counts.get(state, 0)} {state}" for state in ("done", "held", "quarantined", "stored"))
    _tell(not faults, f"conservation: {arrived} arrived = {parts}")
    for fault in faults:
        _tell(False, f"conservation: {fault}")
    return faults


def _mailbox(engine: Engine, config: Config) -> list[str]:
    """Every mail in INBOX is known, or will be fetched; what people took away is named."""
    try:
        with MailboxClient.connect(config.imap.for_client()) as client:
            uidvalidity = client.open("INBOX", readonly=True)
            uids = client.uids()
    except DoithoaiError as error:
        _tell(False, f"mailbox: {error}")
        return [str(error)]
    with transaction(engine) as connection:
        unknown = mails.unknown_uids(connection, config.mailbox.address, uidvalidity, uids)
        gone = mails.taken_away(connection, config.mailbox.address, uidvalidity)
    _tell(True, f"mailbox: {len(uids)} in INBOX, {len(unknown)} of them still to be fetched")
    if gone:
        _tell(True, f"mailbox: {len(gone)} mails were moved or deleted by people: numbers {gone[:20]}")
    return []
