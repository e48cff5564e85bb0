"""``doithoai calendar``: check the days off, import a year's notice, confirm a year, move open due dates.

``import`` and ``confirm`` write the operator's ``calendar.tsv`` in the ``[rules] folder``; the shipped table is never
changed. An imported year stays provisional until a person has compared it with the notice and confirmed it. After the
table has changed, open due dates are listed, and moved on request.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from daemon.base import clock
from daemon.base.atomic_files import replace_file
from daemon.config.config import DEFAULT_CONFIG, load_config
from daemon.config.database import looking, opened, transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.icalendar import feed
from daemon.installation.installation import Installation, build_board, build_installation
from db.core import journal
from db.core.engine import sqlite_path
from db.decision.gather_duty import gather_duty
from db.register import duties
from db.register.sessions import agenda
from rules.decide.base.facts import DutyFacts
from rules.decide.due.due_dates_moved import Moved, decide_move, moved, notify_officers
from rules.law.days_off_table import (
    FIRST_YEAR,
    LAST_YEAR,
    WEEKDAY_CODES,
    DayKind,
    Table,
    TableYear,
    YearStatus,
    parse_table,
    render_table,
    table_version,
)
from rules.law.working_days import (
    Calendar,
    DayChange,
    amendment_asked,
    calendar_changes,
    city_day,
    load_calendar,
    unconfirmed_years,
)
from rules.values.data_file import DataFileError, Source

PORTION = 50
"""Duties moved in one transaction, with one notice to the officers."""


def open_moves(engine: Engine, installation: Installation) -> list[Moved]:
    """The open duties that have another date by the office's calendar; nothing is changed, and nobody waits."""
    return [move for _, move in _looked_up(engine, installation)]


def _looked_up(engine: Engine, installation: Installation) -> list[tuple[int, Moved]]:
    """The same with their ids."""
    now = installation.clock()
    with looking(engine) as connection:
        found = [(each, _facts(connection, installation, each)) for each in duties.open_ids(connection)]
    return [(each, move) for each, duty in found if duty is not None and (move := moved(duty, now)) is not None]


def apply_moves(engine: Engine, installation: Installation, actor: str) -> list[Moved]:
    """Move them with their mails, in batches, each with a notice to the officers; a second call moves those
    that an interrupted one left over, or does nothing."""
    now, done = installation.clock(), list[Moved]()
    ids = [each for each, _ in _looked_up(engine, installation)]
    for start in range(0, len(ids), PORTION):
        with transaction(engine) as connection:
            journal.take_turn(connection)
            some = ids[start : start + PORTION]
            moves = [move for each in some if (move := _move(connection, installation, each, now, actor)) is not None]
            if moves:
                notices = notify_officers(installation.board, moves)
                apply_decision(connection, installation, notices, now, actor=actor)
        done += moves
    return done


def _move(
    connection: Connection, installation: Installation, duty_id: int, now: datetime, actor: str
) -> Moved | None:
    """Move one duty, if it is still open and its date another; gives the move."""
    duty = _facts(connection, installation, duty_id, locked=True)
    move = moved(duty, now) if duty is not None else None
    if duty is not None and move is not None:
        apply_decision(connection, installation, decide_move(duty, move, now), now, actor=actor)
    return move


def _facts(
    connection: Connection, installation: Installation, duty_id: int, *, locked: bool = False
) -> DutyFacts | None:
    row = duties.open_row(connection, duty_id, locked=locked)
    return gather_duty(connection, row, installation.board) if row is not None else None


FILE = "calendar.tsv"
NO_FOLDER = 'rules.folder is not set: write folder = "/etc/doithoai/rules" under [rules], or give --folder DIR'
LEAST_DAYS_OFF = 11
"""Labour Code 2019, Art. 112; a holiday on a weekend is moved to a weekday (Art. 111.3)."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    text = "check, confirm or import the days off"
    parser = subparsers.add_parser("calendar", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step", required=True)
    check = steps.add_parser("check", help="tell year by year what the days off rest on")
    check.set_defaults(run_step=_check)
    confirm = steps.add_parser("confirm", help="mark a year as compared with the official notice")
    confirm.add_argument("year", metavar="YEAR")
    confirm.add_argument(
        "--basis",
        metavar="TEXT",
        help="the notice, such as 'TB 9441/TB-BNV'; again when it was looked at for amendments",
    )
    confirm.set_defaults(run_step=_confirm)
    bring = steps.add_parser("import", help="take over the days off of the years in a file")
    bring.add_argument("file", type=Path, metavar="FILE", help="tab-separated: date, weekday, kind, name, basis")
    bring.add_argument("--dry-run", action="store_true", help="only show what would change")
    bring.set_defaults(run_step=_import)
    export = steps.add_parser("export", help="sessions and duties as iCalendar, for calendar programs")
    export.add_argument("file", type=Path, metavar="FILE.ics")
    export.set_defaults(run_step=_export)
    for step in (confirm, bring):
        step.add_argument(
            "--apply", action="store_true", help="move the open due dates that the table moves, and tell everyone"
        )
    for step in (check, confirm, bring):
        step.add_argument("--folder", type=Path, metavar="DIR", help="the operator's rules folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the step; 1 = a problem was found, 2 = wrong use."""
    status = int(args.run_step(args))
    if status == 0 and args.step in {"confirm", "import"} and not getattr(args, "dry_run", False):
        _moves(args)
    return status


def _moves(args: argparse.Namespace) -> None:
    """List the open due dates that the present table moves; with --apply move them and tell everyone."""
    path = args.config or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None)
    if path is None or args.folder is not None:
        return  # a folder other than the installation's moves nothing here
    config = load_config(Path(path))
    register = sqlite_path(config.database.url)
    if register is not None and not register.exists():
        return  # before the first start no duty is open
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine:
        with looking(engine) as connection:
            if not inspect(connection).has_table("duty"):
                return
        moves = (
            apply_moves(engine, installation, f"console:{getpass.getuser()}")
            if args.apply
            else open_moves(engine, installation)
        )
    for one in moves:
        unit = f" {one.unit}" if one.unit else ""
        stays = f"{one.old.on} stays, {one.new.on} is over" if one.is_over else f"{one.old.on} -> {one.new.on}"
        _say(f"{one.number}{unit} ({one.clause}) {stays}: {one.new.reason}")
    many = sum(not one.is_over for one in moves)
    if many and args.apply:
        _say(f"{many} due dates moved, those concerned are told; a running daemon reads the table at SIGHUP")
    elif many:
        _say(f"{many} open due dates move; nothing is changed until the same command is given with --apply")


def _export(args: argparse.Namespace) -> int:
    """The content of the daemon's ``[calendar] file``."""
    config, now = load_config(args.config), clock.now()
    board = build_board(config)
    with opened(config) as engine, looking(engine) as connection:
        data = feed(agenda(connection, now), board, now)
    replace_file(args.file, data)
    _say(f"{args.file}: {data.count(b'BEGIN:VEVENT')} events")
    return 0


def _check(args: argparse.Namespace) -> int:
    calendar = load_calendar(Source(_folder(args)))
    today = city_day(clock.now())
    _say(f"days off, version {calendar.version}")
    for year in sorted(
        {*calendar.table.years, *(day.year for day in calendar.table.days), today.year, today.year + 1}
    ):
        _say(_year_line(year, calendar))
    missing = unconfirmed_years(today, calendar)
    if holiday := amendment_asked(today, calendar):
        _say(f"note: look whether the notice was amended before {holiday:%d/%m/%Y}, then")
        _say(f"      doithoai calendar confirm {today.year} --basis NOTICE")
    for year in missing:
        _say(f"problem: {year} is not confirmed, every date that rests on it is provisional: import the notice, then")
        _say(f"         doithoai calendar confirm {year} --basis NOTICE")
    return 1 if missing else 0


def _year_line(year: int, calendar: Calendar) -> str:
    days = calendar.days_of(year)
    made_up = sum(1 for row in days if row.kind is DayKind.WORKDAY)
    row = calendar.table.years.get(year)
    basis = row.basis if row else "guessed by the holidays package"
    off = _weekdays_off(year, calendar)
    return f"{year} {calendar.status(year):9} {off:2} weekdays off, {made_up} made-up days; {basis}"


def _confirm(args: argparse.Namespace) -> int:
    folder, year = _folder(args), _year(args.year)
    if folder is None:
        return _wrong_use(NO_FOLDER)
    if year is None:
        return _wrong_use(f"not a year from {FIRST_YEAR} to {LAST_YEAR}: {args.year!r}")
    calendar = load_calendar(Source(folder))
    basis = " ".join((args.basis or "").split())
    if not basis and not calendar.is_provisional(year):
        _say(f"{year} is confirmed already: {calendar.table.years[year].basis}")
        return 0
    if not any(letter.isdecimal() for letter in basis):
        return _wrong_use("a year is certain by its official notice: name it with --basis 'TB 9441/TB-BNV'")
    days = {row.day: row for row in calendar.days_of(year)}
    today = city_day(clock.now())
    confirmed = Table(days, {year: TableYear(year, YearStatus.ANNOUNCED, basis, today)})
    _write(folder, confirmed.over(_operators_table(folder)))
    for row in days.values():
        _say(f"{WEEKDAY_CODES[row.day.weekday()]} {row.day} {row.kind:8} {row.name}")
    _warn_when_few(year, load_calendar(Source(folder)))
    _say(f"{year} is confirmed ({basis}); version {load_calendar(Source(folder)).version}")
    return 0


def _import(args: argparse.Namespace) -> int:
    folder = _folder(args)
    if folder is None and not args.dry_run:
        return _wrong_use(NO_FOLDER)
    old = load_calendar(Source(folder))
    wanted = _read(args.file)
    changed = _changed_years(old, wanted)
    for year, changes in changed.items():
        for change in changes:
            _say(f"{WEEKDAY_CODES[change.day.weekday()]} {change.day} {change.before} -> {change.after}")
        if not changes:
            _say(f"{year}: the days stay as they are")
    taken = _only(wanted, [year for year, changes in changed.items() if changes or _tells_more(wanted, year, old)])
    if folder is not None and not args.dry_run and taken.years:
        _write(folder, taken.over(_operators_table(folder)))
    return _tell_result(taken, written=not args.dry_run)


def _tells_more(wanted: Table, year: int, old: Calendar) -> bool:
    """True when the same days now have better evidence: a file instead of a guess, or a notice."""
    announced = wanted.years[year].status is YearStatus.ANNOUNCED
    return old.status(year) is YearStatus.GUESSED or (announced and old.is_provisional(year))


def _tell_result(taken: Table, written: bool) -> int:
    if not taken.years:
        _say("nothing to take over")
    for year, row in sorted(taken.years.items()):
        hint = (
            ""
            if row.status is YearStatus.ANNOUNCED
            else f", provisional until: doithoai calendar confirm {year} --basis NOTICE"
        )
        _say(f"{year}: {'taken over' if written else 'would be taken over'}{hint}")
        _warn_when_few(year, Calendar(taken, ""))
    return 0


def _warn_when_few(year: int, calendar: Calendar) -> None:
    off = _weekdays_off(year, calendar)
    if off < LEAST_DAYS_OFF:
        _say(f"warning: {year} has only {off} weekdays off; the Labour Code gives {LEAST_DAYS_OFF}")


def _weekdays_off(year: int, calendar: Calendar) -> int:
    return sum(1 for row in calendar.days_of(year) if calendar.is_day_off(row.day) and row.day.weekday() < 5)


def _read(path: Path) -> Table:
    """The file as a table that covers whole years. Raises DataFileError."""
    if not path.is_file():
        raise DataFileError(f"{path}: no such file")
    table = parse_table(Source(path.parent).tsv(path.name), str(path))
    years = {day.year for day in table.days} - set(table.years)
    if not table.days:
        raise DataFileError(f"{path}: no rows")
    unchecked = {year: TableYear(year, YearStatus.UNCHECKED, f"nhập từ tệp {path.name}") for year in years}
    return Table(table.days, {**table.years, **unchecked})


def _changed_years(old: Calendar, wanted: Table) -> dict[int, tuple[DayChange, ...]]:
    table = wanted.over(old.table)
    new = Calendar(table, table_version(table))
    return {year: calendar_changes(old, new, [year]) for year in sorted(wanted.years)}


def _only(table: Table, years: Iterable[int]) -> Table:
    kept = set(years)
    days = {day: row for day, row in table.days.items() if day.year in kept}
    return Table(days, {year: row for year, row in table.years.items() if year in kept})


def _operators_table(folder: Path) -> Table:
    path = folder / FILE
    return parse_table(Source(folder).tsv(FILE), str(path)) if path.is_file() else Table({}, {})


def _write(folder: Path, table: Table) -> None:
    """Replace the operator's file in one step, so that a running daemon never reads half of it."""
    replace_file(folder / FILE, render_table(table).encode())


def _folder(args: argparse.Namespace) -> Path | None:
    """The operator's rules folder: --folder, else the configuration's where there is one, else None."""
    if args.folder is not None:
        return Path(args.folder)
    path = getattr(args, "config", None)
    if path is None and not DEFAULT_CONFIG.is_file():
        return None
    return load_config(Path(path or DEFAULT_CONFIG)).rules.folder


def _year(text: str) -> int | None:
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _wrong_use(text: str) -> int:
    sys.stderr.write(f"doithoai calendar: {text}\n")
    return 2


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
