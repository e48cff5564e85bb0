"""``doithoai check``: a line for each thing checked, ``ok``, ``warn`` or ``bad``; exit code 1 when any is bad.

All checks stand here in their order. The first start of ``run`` refuses when they find something bad.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from daemon.admin import check_local, check_round_trip, check_servers
from daemon.admin.findings import Check, Finding, Level, bad, ok, run_checks, warn
from daemon.base.errors import ConfigurationError, NeverStartsError, TemporaryError
from daemon.base.logs import Log
from daemon.config.config import DEFAULT_CONFIG, Config, load_config
from db.core.engine import sqlite_path
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
WAYS = frozenset({"secrets", "imap", "smtp"})
"""If one of these is bad, the test mails would only report the same fault again."""
FIRST: Checks = (*LOCAL, *SERVERS[1:3])
"""The checks of the first start. The register is open by then; a silent scanner only holds files."""


def first_start(config: Config) -> None:
    """Raises :class:`NeverStartsError` with a line for each finding that ``doithoai check`` calls bad.

    It runs before the mailbox is first read. An unreachable server is no reason to refuse: the daemon waits for it.
    The mails to itself are sent only where mail leaves by TLS; a relay on this machine, which may deliver to nobody
    here, is tested by ``doithoai check`` alone.
    """
    by_itself = config.smtp.tls != "none" and not config.run.shadow
    wrong = list(_wrong((*FIRST, *PROBES) if by_itself else FIRST, config))
    if wrong:
        raise NeverStartsError("\n".join(wrong))


def _wrong(checks: Checks, config: Config) -> Iterable[str]:
    told: set[str] = set()
    broken = False
    for what, check in checks:
        if broken and what == check_round_trip.WHAT:
            continue
        try:
            found = [one for one in check(config) if one.level is Level.BAD]
        except TemporaryError as error:
            log.failure("not_looked_at", error, about=what)
            broken |= what in WAYS
            continue
        except (ConfigurationError, DataFileError) as error:
            found = [bad(what, line) for line in str(error).splitlines()]
        broken |= bool(found) and what in WAYS
        yield from (str(one).removeprefix("bad").lstrip() for one in found if one.text not in told)
        told |= {one.text for one in found}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    parser = subparsers.add_parser("check", help="tell line by line what is right and wrong with this installation")
    parser.add_argument("--offline", action="store_true", help="look only at what lies on this machine")
    parser.add_argument("--no-mail", action="store_true", help="send no mail to the own mailbox to test the server")
    parser.add_argument("--json", action="store_true", help="an object a line: level, what, text, remedy")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
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
        yield from (bad("configuration", line) for line in str(error).splitlines())
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
    elif not args.offline and not args.no_mail:
        yield from run_checks(PROBES, config)
