"""What days off a year is expected to have for which there is no table: what the ``holidays`` package says of it.

The package takes 0.2 s and 9 MB to load, in every start of the daemon, as there is always a next year. What it says
of the years to come stands in a file (``scripts/guess_days_off.py`` writes it); other years ask the package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from rules.calendar_table import DayKind, TableDay, parse_table
from rules.loader import DataFileError, Source

if TYPE_CHECKING:
    from holidays import HolidayBase

FILE = "guessed_days.tsv"
YEARS = range(2027, 2061)
"""Those of the file."""
CULTURE_DAY_FROM = 2026

Days = Mapping[date, TableDay]


def guessed_days(year: int) -> Days:
    """The days off and made-up working days that are expected of a year."""
    return _from_file()[year] if year in YEARS else from_package(year)


@cache
def _from_file() -> Mapping[int, Days]:
    found: dict[int, dict[date, TableDay]] = {year: {} for year in YEARS}
    for day, row in parse_table(Source().tsv(FILE), FILE).days.items():
        found[day.year][day] = row
    return found


@cache
def _vietnam() -> Callable[..., HolidayBase]:
    """The package's class for Vietnam, read when first needed, and its file alone.

    The package reads its 250 countries to give one: 17 MB and 0.17 s instead of 9 MB and 0.07 s.
    """
    import holidays

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
    """What the package expects of a year."""
    from importlib.metadata import version

    country = _vietnam()(years=year, language="vi")
    basis = f"holidays {version('holidays')}"
    days = {day: TableDay(day, DayKind.OFF, name, basis) for day, name in country.items() if day.year == year}
    for day in country.weekend_workdays:
        if day.year == year:
            days[day] = TableDay(day, DayKind.WORKDAY, "làm bù", basis)
    if year >= CULTURE_DAY_FROM:  # Resolution 28/2026/QH16
        culture = date(year, 11, 24)
        days.setdefault(culture, TableDay(culture, DayKind.OFF, "Ngày Văn hóa Việt Nam", "NQ 28/2026/QH16"))
    return days
