"""``doithoai check``: a line for each thing checked, ``ok``, ``warn`` or ``bad``; exit code 1 when any is bad."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from daemon.admin.checks import LOCAL, PROBES, SERVERS
from daemon.admin.findings import Finding, Level, bad, ok, run_checks
from daemon.base.errors import ConfigurationError
from daemon.config.config import DEFAULT_CONFIG, Config, load_config


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    parser = subparsers.add_parser("check", help="tell line by line what is right and wrong with this installation")
    parser.add_argument("--offline", action="store_true", help="look only at what lies on this machine")
    parser.add_argument("--no-mail", action="store_true", help="send no mail to the own mailbox to test the server")
    parser.add_argument("--json", action="store_true", help="an object a line: level, what, text, remedy")


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
    yield from run_checks(LOCAL if args.offline else LOCAL + SERVERS, config)
    if not args.offline and not args.no_mail:
        yield from run_checks(PROBES, config)
