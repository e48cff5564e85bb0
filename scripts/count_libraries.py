"""Count how much of the work goes through SQLAlchemy and mail-parser, the packages that are meant to do it.

Usage: ``python scripts/count_libraries.py [--code CHECKOUT] [--mails N] [--need PERCENT]``. N generated mails (60)
wait in a mailbox, and ``doithoai run --once`` reads them in a process of its own. There are counted:

* the statements that SQLite executes (``set_trace_callback``), and how many of them SQLAlchemy's dialect hands to the
  driver; begin, commit and the like apart, those aside that SQLite executes for triggers and the search index;
* the header fields and the parts of the messages that ``mailparser.MailParser`` is given, against those that the
  standard library finds in the mails: the largest message against the largest mail and so on, so that a mail given
  twice does not make up for another; also for ``explain`` of ``../shared/mail``, where that is present.

With ``--need`` the exit code is 1 when less than that of the statements go through SQLAlchemy, or when mail-parser is
not given every field and part of the generated mails. The program is entered by its command line only.
"""

from __future__ import annotations

import argparse
import email
import json
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import Message
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from proof_house import STOPPED_CLOCK, open_house, run_python
from proof_mails import ROOT, SHARED, generated

INSIDE = f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import count_libraries; count_libraries.inside()"
_CONTROL = re.compile(r"(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)\b", re.IGNORECASE)
Counts = Counter[str]
Counted = tuple[Counts, list[Counts]]


def inside() -> None:
    """Runs in the counted process: install the counters, run the command, print the counts as the last line."""
    counts: Counts = Counter()
    parsed: list[Counts] = []
    count_statements(counts)
    count_parsed(parsed)
    sys.path.insert(0, str(Path.cwd()))  # the checkout that is counted, before the one of this script
    from daemon import cli

    if not Path(cli.__file__).is_relative_to(Path.cwd()):
        raise SystemExit(f"{cli.__file__} is not of the checkout {Path.cwd()}")
    code = cli.main(sys.argv[1:])
    print(json.dumps([counts, parsed]))
    sys.exit(code)


def count_statements(counts: Counts) -> None:
    """Trace every SQLite connection; statements executed while SQLAlchemy's dialect is active count as its own."""
    from sqlalchemy.engine.default import DefaultDialect

    depth = [0]
    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        setattr(DefaultDialect, name, _marked(getattr(DefaultDialect, name), depth))

    def traced(statement: str) -> None:
        kind = "inner" if statement.startswith("--") else "control" if _CONTROL.match(statement) else "statements"
        counts[kind] += 1
        counts[f"{kind} by SQLAlchemy"] += bool(depth[0])

    driver: Any = sqlite3.dbapi2
    connect = driver.connect

    def traced_connect(*given: Any, **named: Any) -> Any:
        connection = connect(*given, **named)
        connection.set_trace_callback(traced)
        return connection

    driver.connect = traced_connect


def _marked(function: Callable[..., Any], depth: list[int]) -> Callable[..., Any]:
    def marked(*given: Any, **named: Any) -> Any:
        depth[0] += 1
        try:
            return function(*given, **named)
        finally:
            depth[0] -= 1

    return marked


def count_parsed(parsed: list[Counts]) -> None:
    """Record the size of each message passed to mail-parser, whichever way the program calls it."""
    import mailparser  # type: ignore[import-untyped,unused-ignore]

    first = mailparser.MailParser.__init__

    def made(self: Any, message: Any = None) -> None:
        if message is not None:
            parsed.append(size_of(message))
        first(self, message)

    mailparser.MailParser.__init__ = made


def size_of(message: Message) -> Counts:
    """Header fields and parts of a message; its own fields, and those of all its parts."""
    parts = list(message.walk())
    fields = len(message.keys()) + sum(len(part.keys()) for part in parts[1:])
    return Counter({"header fields": len(message.keys()), "fields of all parts": fields, "parts": len(parts)})


def of_pass(code: Path, mails: Sequence[bytes]) -> Counted:
    """The counts of one pass over the mails; the database has been made before."""
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        arguments = ("run", "--once", "--config", house.config)
        counted(code, *arguments)
        house.deliver(mails)
        return counted(code, *arguments)


def counted(code: Path, *arguments: str) -> Counted:
    """The statements of one command by kind, and the sizes of the messages it gave to mail-parser."""
    done = run_python(code, STOPPED_CLOCK + INSIDE, *arguments)
    if done.returncode:
        raise SystemExit(f"{arguments[0]} failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    statements, parsed = json.loads(done.stdout.splitlines()[-1])
    return Counter(statements), parsed


def print_statements(counts: Counts, mails: int) -> float:
    """Print what reached SQLite; the share in percent that went through SQLAlchemy."""
    every, through = counts["statements"], counts["statements by SQLAlchemy"]
    share = 100 * through / every
    print(f"statements a mail: {every / mails:.1f}; {through} of {every} through SQLAlchemy: {share:.1f} %")
    print(f"  beside them {counts['control']} of begin, commit and settings, {counts['inner']} of SQLite's own")
    return share


def print_parsed(parsed: Sequence[Counts], mails: Sequence[bytes]) -> float:
    """Print what mail-parser was given; the smallest share in percent."""
    there = [size_of(email.message_from_bytes(raw)) for raw in mails]
    alone = sum(one["header fields"] == 1 for one in parsed)
    whole = len(parsed) - alone
    print(
        f"messages given to mail-parser: {whole}, mails: {len(mails)}; {alone} address fields once more, each alone"
    )
    shares = []
    for name in there[0]:
        given, every = (sorted((one[name] for one in sizes), reverse=True) for sizes in (parsed, there))
        count = sum(map(min, given, every))
        shares.append(100 * count / sum(every))
        print(f"  {name}: {count} of {sum(every)}: {shares[-1]:.1f} %")
    return min(shares)


def main() -> int:
    """Count, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", type=Path, default=ROOT, help="the checkout to run (default: this one)")
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--need", type=float, help="the least percentage of statements through SQLAlchemy")
    args = parser.parse_args()
    code, mails = args.code.resolve(), generated(ROOT, args.mails)
    print(f"one pass over {args.mails} generated mails")
    counts, parsed = of_pass(code, mails)
    statements, given = print_statements(counts, args.mails), print_parsed(parsed, mails)
    if real := [path for path in sorted((SHARED / "mail").rglob("*.eml")) if path.parent.name != "hostile"]:
        print(f"explain of {len(real)} real mails")
        _, parsed = counted(code, "explain", "--json", *map(str, real))
        print_parsed(parsed, [path.read_bytes() for path in real])
    return 1 if args.need is not None and (statements < args.need or given < 100) else 0


if __name__ == "__main__":
    sys.exit(main())
