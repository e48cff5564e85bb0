"""``doithoai check``: a line for each thing checked, ``ok``, ``warn`` or ``bad``; exit code 1 when any is bad.

All checks stand here in their order. The first start of ``run`` refuses when they find something bad.

``doithoai verify``: the journal's chain, the conservation law, and the mailbox against the ledger.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator

from sqlalchemy import Engine

from daemon.admin import check_local, check_round_trip, check_servers
from daemon.admin.findings import Check, Finding, Level, of_error, ok, run_checks, warn
from daemon.base.errors import ConfigurationError, DoithoaiError, NeverStartsError, TemporaryError
from daemon.base.logs import Log
from daemon.commands import MOST
from daemon.config.config import DEFAULT_CONFIG, Config, load_config
from daemon.config.database import looking, opened
from daemon.loop.fetch import compare, told_of
from daemon.mailbox.mailbox import MailboxClient
from db.core import journal
from db.core.engine import sqlite_path
from db.mails import ledger
from db.reports import conservation
from rules.values.data_file import DataFileError

log = Log("first_start")

Checks = tuple[tuple[str, Check], ...]

LOCAL: Checks = (
    ("secrets", check_local.secrets),
    ("example", check_local.examples),
    ("mailbox", check_local.mailbox),
    ("addresses", check_local.addresses),
    ("board", check_local.board),
    ("smime", check_servers.smime),
    ("signatures", check_servers.signatures),
    ("programs", check_servers.programs),
    ("rules", check_local.rules),
    ("calendar", check_local.calendar),
    ("units", check_local.units),
    ("templates", check_local.templates),
    ("portal", check_local.portal),
    ("laws", check_local.laws),
    ("papers", check_local.papers),
    ("forms", check_local.forms),
    ("public", check_local.public),
    ("places", check_local.places),
)
DATABASE: Checks = (("database", check_servers.database),)
SERVERS: Checks = (
    *DATABASE,
    ("imap", check_servers.imap),
    ("smtp", check_servers.smtp),
    ("alarm", check_servers.alarm),
    ("scan", check_servers.scanner),
)
PROBES: Checks = ((check_round_trip.WHAT, check_round_trip.round_trip),)
UNSENT: Checks = ((check_round_trip.NAMES, check_round_trip.recent_results),)
"""In place of the probes where no mail may be sent."""
WAYS = frozenset({"secrets", "imap", "smtp"})
"""If one of these is bad, the test mails would only report the same fault again."""
FIRST: Checks = (*LOCAL, *SERVERS[1:3])
"""The checks of the first start. The register is open by then; a silent scanner only holds files."""

SHOWN = 20
"""Mail numbers on one line."""
NOT_NOTED = (-1, "")


def first_start(config: Config) -> None:
    """Raises :class:`NeverStartsError` with a line for each finding that ``doithoai check`` calls bad.

    It runs before the mailbox is first read. An unreachable server is no reason to refuse: the daemon waits for it.
    The mails to itself are sent only where mail leaves by TLS; a relay on this machine, which may deliver to nobody
    here, is tested by ``doithoai check`` alone.
    """
    by_itself = config.smtp.tls != "none" and not config.run.shadow
    wrong = list(_wrong((*FIRST, *(PROBES if by_itself else UNSENT)), config))
    if wrong:
        raise NeverStartsError("\n".join(wrong))


def _wrong(checks: Checks, config: Config) -> Iterable[str]:
    told: set[str] = set()
    broken = False
    for what, check in checks:
        if broken and what in (check_round_trip.WHAT, check_round_trip.NAMES):
            continue
        try:
            found = [one for one in check(config) if one.level is Level.BAD]
        except TemporaryError as error:
            log.failure("not_looked_at", error, about=what)
            broken |= what in WAYS
            continue
        except (ConfigurationError, DataFileError) as error:
            found = [*of_error(what, error)]
        broken |= bool(found) and what in WAYS
        yield from (str(one).removeprefix("bad").lstrip() for one in found if one.text not in told)
        told |= {one.text for one in found}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the parsers of both commands."""
    parser = subparsers.add_parser("check", help="tell line by line what is right and wrong with this installation")
    parser.add_argument("--offline", action="store_true", help="look only at what lies on this machine")
    parser.add_argument("--no-mail", action="store_true", help="send no mail to the own mailbox to test the server")
    parser.add_argument("--json", action="store_true", help="an object a line: level, what, text, remedy")
    parser.set_defaults(run=run_check)
    text = "the journal's chain, the conservation law, the mailbox against the ledger"
    parser = subparsers.add_parser("verify", help=text)
    parser.add_argument("--offline", action="store_true", help="leave the mailbox out")
    noted = "the last entry of the journal as an earlier run printed it: is it still there?"
    parser.add_argument("--noted", type=_entry, default=NOT_NOTED, metavar="NUMBER:HASH", help=noted)
    parser.set_defaults(run=run_verify)


def run_check(args: argparse.Namespace) -> int:
    """Print each finding on a line as it is found."""
    worst = Level.OK
    for finding in findings(args):
        sys.stdout.write(f"{_json(finding) if args.json else finding}\n")
        sys.stdout.flush()
        worst = finding.level if finding.level is Level.BAD else worst
    return 1 if worst is Level.BAD else 0


def _json(finding: Finding) -> str:
    told = {"level": finding.level, "what": finding.what, "text": finding.text, "remedy": finding.remedy}
    return json.dumps(told, ensure_ascii=False)


def findings(args: argparse.Namespace) -> Iterator[Finding]:
    """All findings in order; if the configuration cannot be read, there is nothing else to check."""
    path = args.config or DEFAULT_CONFIG
    try:
        config: Config = load_config(path)
    except ConfigurationError as error:
        yield from of_error("configuration", error)
        return
    yield ok("configuration", str(path))
    broken = False
    lies_here = sqlite_path(config.database.url) is not None
    checks = LOCAL + (SERVERS if not args.offline else DATABASE if lies_here else ())
    for finding in run_checks(checks, config):
        broken |= finding.level is Level.BAD and finding.what in WAYS
        yield finding
    if broken and not args.offline:
        yield warn(check_round_trip.WHAT, "not tried: the servers cannot be used yet")
    elif not args.offline:
        yield from run_checks(UNSENT if args.no_mail else PROBES, config)


def _entry(text: str) -> tuple[int, str]:
    """A number and a hash, as a run prints them. Raises ``ArgumentTypeError``."""
    if not text.strip():
        return NOT_NOTED
    match = re.fullmatch(r"([0-9]{1,19}):([0-9a-f]*)", text.strip())
    if match is None or int(match[1]) > MOST:
        raise argparse.ArgumentTypeError(f"not NUMBER:HASH, as an earlier run printed the last entry: {text!r}")
    return int(match[1]), match[2]


def run_verify(args: argparse.Namespace) -> int:
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
            comparison = compare(client, engine, config)
    except DoithoaiError as error:
        _tell(False, f"mailbox: {error}")
        return [str(error)]
    with looking(engine) as connection:
        told = conservation.told(connection, config.mailbox.address)
    older = f", {comparison.older} received before mailbox.since" if comparison.older else ""
    _tell(True, f"mailbox: {comparison.inbox} in INBOX, {comparison.unknown} of them still to be fetched{older}")
    for line in told_of(comparison):
        _tell(True, f"mailbox: {line}")
    if told:
        numbers = ", ".join(map(str, told[:SHOWN]))
        _tell(True, f"mailbox: {len(told)} mails that people moved or deleted were told before: {numbers}")
    return []
