"""``doithoai register list|show|search|export``: the register of clause 8.2.

A name that does not occur in the register is an error: an empty list would look as if nothing had happened.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row

from daemon.base.errors import PermanentError
from daemon.commands import day, number
from daemon.config.config import load_config
from daemon.config.database import looking, opened, transaction
from daemon.papers.register_book import (
    CSV_HEADINGS,
    CSV_TITLES,
    Line,
    as_mapping,
    by_field,
    csv_cells,
    safe_cell,
    unit_names,
    write_print,
    write_workbook,
)
from db.register import duties, links, questions, search, sessions
from db.register.search import Wanted, newest, units_held, walk
from rules.decide.base.notices import STATUS_NAMES
from rules.law.working_days import CITY_ZONE
from rules.text import squash, strip_marks
from rules.values.data_file import Source, load_units
from rules.values.states import QuestionStatus

FORMS = ("csv", "xlsx", "docx", "pdf")


def status(text: str) -> str:
    """A state, by its own name or by the register's word (“đã trả lời”). Raises ``ArgumentTypeError``."""
    for one in QuestionStatus:
        if text == one or squash(text) == STATUS_NAMES[one]:
            return str(one)
    raise argparse.ArgumentTypeError(f"no state {text!r}; the states are {', '.join(QuestionStatus)}")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that listing and exporting share."""
    parser.add_argument("--status", type=status, metavar="STATE", help=", ".join(QuestionStatus))
    parser.add_argument("--unit", default="", help="code or name")
    parser.add_argument("--since", type=day, metavar="YYYY-MM-DD", help="first day received")
    parser.add_argument("--until", type=day, metavar="YYYY-MM-DD", help="last day received")


def _selection(connection: Connection, args: argparse.Namespace, source: Source) -> Wanted:
    """The conditions in the options. Raises ``PermanentError`` for an unknown unit or session, or an invalid day."""
    if args.since and args.until and args.since > args.until:
        raise PermanentError(f"register: --since {args.since} is after --until {args.until}")
    number = getattr(args, "session", "").upper()
    if number and sessions.by_code(connection, number) is None:
        raise PermanentError(f"register: no session {number}")
    unit = _unit(connection, args.unit, source) if args.unit else ""
    return Wanted(args.status or "", unit, getattr(args, "field", ""), number, args.since, args.until)


def _unit(connection: Connection, text: str, source: Source) -> str:
    """The unit's code; units of rules no longer in use are found by the code in the register."""
    units = load_units(source)
    known: dict[str, Any] = {code.casefold(): code for code in units}
    known |= {code.casefold(): code for code in units_held(connection)}
    known |= {_plain(unit.name): code for code, unit in units.items() if unit.valid_to is None}
    found = known.get(text.casefold()) or known.get(_plain(text))
    if found is None:
        near = get_close_matches(_plain(text), known, 1)
        hint = f"; did you mean {known[near[0]]}?" if near else ""
        raise PermanentError(f"register: no unit {text!r}{hint}")
    return str(found)


def _plain(name: str) -> str:
    return strip_marks(squash(name.partition(" (")[0]))


def add(subparsers: Any) -> None:
    """Register the command and its three parts."""
    parser = subparsers.add_parser("register", help="the register of questions")
    parts = parser.add_subparsers(dest="part", metavar="list|show|search|export", required=True)
    listing = parts.add_parser("list", help="the newest questions, one a line")
    showing = parts.add_parser("show", help="one question with its units, answers and duties")
    showing.add_argument("code", metavar="NUMBER")
    exporting = parts.add_parser("export", help="the register as CSV, workbook or print")
    exporting.add_argument(
        "--output", type=Path, metavar="FILE", help="file to write (default: CSV on standard output)"
    )
    exporting.add_argument("--format", choices=FORMS, help="default: as the file's ending says, else csv")
    exporting.add_argument("--field", default="", help="part of the field's name, with or without marks")
    exporting.add_argument(
        "--by-field",
        action="store_true",
        help="by field and topic instead of by number; CSV with Vietnamese headings",
    )
    exporting.add_argument("--session", default="", metavar="NUMBER")
    searching = parts.add_parser("search", help="questions that hold all the words, with or without marks")
    searching.add_argument("words", metavar="WORDS", nargs="+")
    searching.add_argument("--limit", type=number, default=50)
    for each in (listing, exporting):
        add_options(each)
    listing.add_argument("--limit", type=number, default=100)
    for each in (listing, showing, searching):
        each.add_argument("--json", action="store_true")
    listing.set_defaults(run=run, do=_list)
    showing.set_defaults(run=run, do=_show)
    exporting.set_defaults(run=run, do=_export)
    searching.set_defaults(run=run, do=_search)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the chosen part; 1 when the requested thing does not exist."""
    config = load_config(args.config)
    with opened(config) as engine:
        if args.do is _search:
            _prepare(engine)
        with looking(engine) as connection:
            args.loaded = config
            return int(args.do(connection, args))


def _list(connection: Any, args: argparse.Namespace) -> int:
    wanted = _selection(connection, args, args.loaded.source)
    for row in newest(connection, wanted, args.limit):
        units = [one.unit for one in questions.assignments_of(connection, row.id)]
        if args.json:
            _print(json.dumps({**as_mapping(row), "units": units}, ensure_ascii=False))
        else:
            received = row.received_at.astimezone(CITY_ZONE).strftime("%d/%m/%Y %H:%M")
            _print(f"{row.code}  {received}  {row.status:<12}  {','.join(units):<16}  {row.subject[:60]}")
    return 0


def _show(connection: Any, args: argparse.Namespace) -> int:
    found = questions.ids_by_code(connection, [args.code.upper()])
    if not found:
        raise PermanentError(f"register: no question {args.code}")
    question_id = next(iter(found.values()))
    values = as_mapping(questions.row_of(connection, question_id))
    values["assignments"] = [_assignment(row) for row in questions.assignments_of(connection, question_id)]
    values["answers"] = [_answer(row) for row in questions.answers_of(connection, question_id)]
    values["like"] = [_like(one) for one in links.links_of(connection, question_id)]
    values["duties"] = [_duty(row) for row in duties.of_question(connection, question_id)]
    if args.json:
        _print(json.dumps(values, ensure_ascii=False))
    else:
        _print("\n".join(_labelled(values)))
    return 0


ONE_OF = {"assignments": "assignment", "answers": "answer", "duties": "duty"}


def _labelled(values: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A line for each value that there is, below its own heading what has several; a long text goes on indented."""
    for key, value in values.items():
        name = key.replace("_", " ")
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for number, one in enumerate(value, 1):
                yield f"{indent}{ONE_OF.get(key, name)} {number}:"
                yield from _labelled(one, f"{indent}  ")
        elif value:
            shown = "yes" if value is True else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{indent}{name}: ".ljust(16) + shown.strip().replace("\n", f"\n{' ' * 16}")


def _local(at: Any) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _assignment(row: Row[Any]) -> dict[str, Any]:
    return {
        "item": row.item,
        "unit": row.unit,
        "role": row.role,
        "status": row.status,
        "forwarded": _local(row.forwarded_at),
        "due": row.due_on.isoformat(),
        "answered": _local(row.answered_at),
        "reason": row.due["reason"],
    }


def _answer(row: Row[Any]) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "received": _local(row.received_at),
        "document": row.document,
        "signer": row.signer,
        "title": row.signer_title,
        "text": row.text,
        "files": row.files,
        "signatures": row.signatures,
    }


def _like(one: links.LinkRow) -> dict[str, Any]:
    return {"number": one.code, "subject": one.subject, "status": one.status, "score": one.score, "by": one.by}


def _duty(row: Row[Any]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "clause": row.clause,
        "status": row.status,
        "due": row.due["on"],
        "late": bool(row.was_late),
        "why_late": row.why_late,
    }


def _export(connection: Any, args: argparse.Namespace) -> int:
    """Oldest first, or by field and topic: as CSV, as a workbook, or printed with the register's signature column."""
    wanted = _selection(connection, args, args.loaded.source)
    lines: Iterable[Line] = walk(connection, wanted)
    lines = by_field(lines) if args.by_field else lines
    ending = args.output.suffix.lower().removeprefix(".") if args.output else ""
    form = args.format or (ending if ending in FORMS else "csv")
    if args.output is not None:
        if args.output.is_dir():  # which would be closed to everybody else by the next lines
            raise PermanentError(f"register export: {args.output} is a folder; give the path of a file in it")
        args.output.touch(mode=0o600)
        args.output.chmod(0o600)  # it holds everybody's name and address, as a backup does
    if form == "csv":
        return _export_csv(lines, args.output, CSV_TITLES if args.by_field else CSV_HEADINGS)
    if args.output is None:
        raise PermanentError(f"register export: {form} needs --output FILE")
    if form == "xlsx":
        write_workbook(args.output, lines, unit_names(args.loaded.source))
    else:
        write_print(args.output, form, lines, args.loaded, args.since, args.until)
    return 0


def _export_csv(lines: Iterable[Line], output: Path | None, headings: Sequence[str]) -> int:
    """Write CSV, with a byte order mark in a file, since Excel reads UTF-8 only with one."""
    target = output.open("w", encoding="utf-8-sig", newline="") if output else sys.stdout
    try:
        writer = csv.writer(target)
        writer.writerow(headings)
        for row, held in lines:
            writer.writerow([safe_cell(value) for value in csv_cells(row, held)])
    finally:
        if output:
            target.close()
    return 0


def _prepare(engine: Engine) -> None:
    """Make the search index where the daemon, which otherwise keeps it, has not run yet."""
    with looking(engine) as connection:
        lacks = search.lacks(connection)
    if lacks:
        with transaction(engine) as connection:
            search.prepare(connection)


def _search(connection: Any, args: argparse.Namespace) -> int:
    """Print the newest first; exit status 1 when nothing is found."""
    found = search.find(connection, " ".join(args.words), args.limit)
    for each in found:
        row = questions.row_of(connection, each)
        if args.json:
            _print(json.dumps(as_mapping(row), ensure_ascii=False))
        else:
            _print(f"{row.code}  {_local(row.received_at)[:16]}  {row.status:<12}  {row.subject[:80]}")
    return 0 if found else 1


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
