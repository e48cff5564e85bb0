"""The table of days off as a file: rows of days and of years, which are parsed, checked, merged and written.

A year row says that the file holds that whole year; without it, the rows only add to what is known otherwise.

For a year without a table, the days off come from the ``holidays`` package.

The package takes 0.2 s and 9 MB to load at every start of the daemon, as next year never has a table at first. Its
days for the coming years are therefore in a file (by ``scripts/guess_days_off.py``); only other years load it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rules.values.data_file import DataFileError, Source

WEEKDAY_CODES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that may be confirmed; a row outside this range is a typing error."""

NAMED = {"29 Tết": "Ngày nghỉ trước Tết Nguyên Đán"}
"""Names that replace the package's: the second day before the new year is the 29th only in some years."""
COLUMNS = ("date", "weekday", "kind", "name", "basis")

Key = TypeVar("Key")
Row = TypeVar("Row")


class DayKind(StrEnum):
    """What a row of the table says about a day."""

    OFF = "off"
    SWAPPED = "swapped"
    """A working day given off in exchange for a make-up day (hoán đổi)."""
    WORKDAY = "workday"
    """A weekend day that is worked (làm bù)."""


class YearStatus(StrEnum):
    """How far the rows of a year may be relied on."""

    ANNOUNCED = "announced"
    UNCHECKED = "unchecked"
    GUESSED = "guessed"
    """No row says that the table holds the whole year, so the ``holidays`` package fills in the rest."""


@dataclass(frozen=True, slots=True)
class TableDay:
    """One row of the table of days."""

    day: date
    kind: DayKind
    name: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class TableYear:
    """One row that says how reliable a year's rows are."""

    year: int
    status: YearStatus
    basis: str = ""
    """The official notice on which the year's days rest; without one the year counts as unchecked."""
    compared_on: date | None = None
    """When somebody last checked whether the notice has been amended."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file: days and years, each once."""

    days: Mapping[date, TableDay]
    years: Mapping[int, TableYear]

    def over(self, lower: Table) -> Table:
        """These rows merged over ``lower``; a year row of this table replaces the whole of that year in ``lower``."""
        kept = {day: row for day, row in lower.days.items() if day.year not in self.years}
        return Table({**kept, **self.days}, {**lower.years, **self.years})


def parse_table(rows: Iterable[Mapping[str, str]], file: str) -> Table:
    """Parse rows of date, weekday (may be empty), kind, name, basis. Raises :class:`DataFileError` with the row."""
    days: dict[date, TableDay] = {}
    years: dict[int, TableYear] = {}
    for row in rows:
        if "date" not in row:
            raise DataFileError(f"{file}: the header line must name the columns {', '.join(COLUMNS)}, tab-separated")
        text = row["date"].strip()
        if text.isdecimal() and len(text) == 4:
            _add_once(years, int(text), _year_row(row, int(text), file), file)
        else:
            day = _day_row(row, text, file)
            _add_once(days, day.day, day, file)
    return Table(days, years)


def _add_once(rows: dict[Key, Row], key: Key, value: Row, file: str) -> None:
    if key in rows:
        raise DataFileError(f"{file}: {key} stands twice")
    rows[key] = value


def _year_row(row: Mapping[str, str], year: int, file: str) -> TableYear:
    status = row.get("kind", "").strip()
    if status not in (YearStatus.ANNOUNCED, YearStatus.UNCHECKED):
        raise DataFileError(f"{file}: {year}: kind must be announced or unchecked for a year, is {status!r}")
    return TableYear(year, YearStatus(status), row.get("basis", "").strip(), parse_day(row.get("name", "").strip()))


def _day_row(row: Mapping[str, str], text: str, file: str) -> TableDay:
    day = parse_day(text)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DataFileError(f"{file}: not a date (YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}): {text!r}")
    weekday = row.get("weekday", "").strip()
    if weekday and weekday != WEEKDAY_CODES[day.weekday()]:
        raise DataFileError(f"{file}: {text} is a {WEEKDAY_CODES[day.weekday()]}, not a {weekday}")
    kind = row.get("kind", "").strip()
    if kind not in tuple(DayKind):
        raise DataFileError(f"{file}: {text}: kind must be off, swapped or workday, is {kind!r}")
    return TableDay(day, DayKind(kind), row.get("name", "").strip(), row.get("basis", "").strip())


def parse_day(text: str) -> date | None:
    """A date written YYYY-MM-DD and nothing else, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def table_version(table: Table) -> str:
    """The last announced year and a digest of what affects dates; changed names or notices keep the version."""
    lines = [f"{day} {row.kind}" for day, row in sorted(table.days.items())]
    lines += [f"{year} {row.status}" for year, row in sorted(table.years.items())]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
    announced = [year for year, row in table.years.items() if row.status is YearStatus.ANNOUNCED]
    return f"{max(announced, default=0)}-{digest}"


def render_table(table: Table) -> str:
    """The table as file text that :func:`parse_table` reads back unchanged; tabs in names become spaces."""
    rows = [
        (f"{year:04d}", "", row.status.value, row.compared_on.isoformat() if row.compared_on else "", row.basis)
        for year, row in table.years.items()
    ]
    for day, entry in table.days.items():
        rows.append((day.isoformat(), WEEKDAY_CODES[day.weekday()], entry.kind.value, entry.name, entry.basis))
    cells = (("\t".join(" ".join(cell.split()) for cell in row)) for row in (COLUMNS, *sorted(rows)))
    return "\n".join(cells) + "\n"


if TYPE_CHECKING:
    from holidays import HolidayBase

FILE = "guessed_days.tsv"
YEARS = range(2027, 2061)
"""The years whose expected days off are in the file."""
CULTURE_DAY_FROM = 2026

Days = Mapping[date, TableDay]


def guessed_days(year: int) -> Days:
    """The expected days off and make-up working days of a year."""
    return _from_file()[year] if year in YEARS else from_package(year)


@cache
def _from_file() -> Mapping[int, Days]:
    found: dict[int, dict[date, TableDay]] = {year: {} for year in YEARS}
    for day, row in parse_table(Source().tsv(FILE), FILE).days.items():
        found[day.year][day] = row
    return found


@cache
def _vietnam() -> Callable[..., HolidayBase]:
    """The package's class for Vietnam, loaded on first use and without the other countries.

    Importing the package the usual way loads 250 countries: 17 MB and 0.17 s instead of 9 MB and 0.07 s.
    """
    import holidays  # noqa: PLC0415 - 250 countries, 8 MB, and needed for years that no table holds only

    file = Path(holidays.__file__).parent / "countries" / "vietnam.py"
    spec = spec_from_file_location("holidays_of_vietnam", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise DataFileError(f"{file}: cannot be read")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., HolidayBase] = module.Vietnam
    return found


@cache
def from_package(year: int) -> Days:
    """The days that the package expects for a year."""
    country = _vietnam()(years=year, language="vi")
    basis = f"holidays {version('holidays')}"
    days = {
        day: TableDay(day, DayKind.OFF, NAMED.get(name, name), basis)
        for day, name in country.items()
        if day.year == year
    }
    for day in country.weekend_workdays:
        if day.year == year:
            days[day] = TableDay(day, DayKind.WORKDAY, "làm bù", basis)
    if year >= CULTURE_DAY_FROM:  # Resolution 28/2026/QH16
        culture = date(year, 11, 24)
        days.setdefault(culture, TableDay(culture, DayKind.OFF, "Ngày Văn hóa Việt Nam", "NQ 28/2026/QH16"))
    return days
