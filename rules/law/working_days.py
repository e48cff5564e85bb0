"""Which days are worked: the table of announced days off and, for years without one, the ``holidays`` package.

The table takes precedence, because the package can only guess what the yearly notice decides: the Tết days, the
second day of 2/9 and all swaps. Names in table and package are only shown to people and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from rules.law.days_off_table import DayKind, Table, TableDay, YearStatus, parse_table, table_version
from rules.law.days_off_table import guessed_days as guessed_days
from rules.values.data_file import DataFileError, Source
from rules.values.model import SkippedDay

FILE = "calendar.tsv"
AMENDED = "holidays_amended.toml"
CITY_ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has kept UTC+7 without summer time since 1975, so the fixed offset is the zone."""

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AmendedHoliday:
    """A holiday whose swapped days off get a notice of their own some weeks before; ``clause`` establishes it."""

    month: int
    day: int
    name: str
    clause: str
    asked_before_days: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and working days. ``version`` identifies the table's content, so that a stored date can cite it."""

    table: Table
    version: str
    swaps_count: bool = True
    """False = a swapped day off counts as a working day (an option where the Decision is silent)."""
    amended: tuple[AmendedHoliday, ...] = ()
    """The holidays before which the year's notice must be checked for amendments."""

    def row(self, day: date) -> TableDay | None:
        """The entry for the day in the table or, for a year without one, in the package; None for a plain day."""
        found = self.table.days.get(day)
        if found is None and day.year not in self.table.years:
            found = guessed_days(day.year).get(day)
        return found

    def is_day_off(self, day: date) -> bool:
        """True on weekends and days off, except make-up working days."""
        row = self.row(day)
        if row is None:
            return day.weekday() >= SATURDAY
        if row.kind is DayKind.SWAPPED:
            return self.swaps_count or day.weekday() >= SATURDAY
        return row.kind is DayKind.OFF

    def is_working_day(self, day: date) -> bool:
        """True when public offices work."""
        return not self.is_day_off(day)

    def is_holiday(self, day: date) -> bool:
        """True on a day off listed in the table or the package; False on a plain weekend day."""
        return self.is_day_off(day) and self.row(day) is not None

    def why_off(self, day: date) -> str:
        """The holiday's name or the weekday, in Vietnamese; "" on a working day."""
        if self.is_working_day(day):
            return ""
        row = self.row(day)
        return row.name if row is not None and row.name else WEEKDAYS[day.weekday()]

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after ``day``. Raises OverflowError beyond year 9999."""
        return self.on_or_after(day + ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """The last working day strictly before ``day``. Raises OverflowError before year 1."""
        return self.on_or_before(day - ONE_DAY)

    def on_or_after(self, day: date) -> date:
        """``day`` itself if it is a working day, else the next one."""
        while self.is_day_off(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """``day`` itself if it is a working day, else the one before it."""
        while self.is_day_off(day):
            day -= ONE_DAY
        return day

    def days_off_between(self, first: date, last: date) -> tuple[SkippedDay, ...]:
        """The days off from ``first`` to ``last``, both included, with their reasons."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return tuple(SkippedDay(day, self.why_off(day)) for day in span if self.is_day_off(day))

    def status(self, year: int) -> YearStatus:
        """How reliable the year's days are; announced only if the notice itself is recorded."""
        row = self.table.years.get(year)
        if row is None:
            return YearStatus.GUESSED
        return row.status if row.basis else YearStatus.UNCHECKED

    def is_provisional(self, year: int) -> bool:
        """True until a notice is recorded and somebody has compared the year's table with it."""
        return self.status(year) is not YearStatus.ANNOUNCED

    def days_of(self, year: int) -> tuple[TableDay, ...]:
        """Every named day of the year in order, from the table or the package."""
        base = {} if year in self.table.years else guessed_days(year)
        own = {day: row for day, row in self.table.days.items() if day.year == year}
        return tuple(row for _, row in sorted({**base, **own}.items()))

    def without_swaps(self) -> Calendar:
        """The same calendar with swapped days off counted as worked."""
        return replace(self, swaps_count=False)


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day on which two calendars differ; the two texts say what it is in each of them."""

    day: date
    before: str
    after: str


def load_calendar(source: Source = Source()) -> Calendar:  # noqa: B008 - frozen value
    """The shipped table, with the operator's merged over it. Raises DataFileError."""
    table = parse_table(Source().tsv(FILE), FILE)
    if source.path(FILE) != Source().path(FILE):
        table = parse_table(source.tsv(FILE), str(source.path(FILE))).over(table)
    return Calendar(table, table_version(table), amended=load_amended(source))


def calendar_changes(old: Calendar, new: Calendar, years: Iterable[int]) -> tuple[DayChange, ...]:
    """The days of those years that are working days in one calendar only, in order."""
    named = {row.day for year in years for calendar in (old, new) for row in calendar.days_of(year)}
    return tuple(
        DayChange(day, _state(old, day), _state(new, day))
        for day in sorted(named)
        if old.is_day_off(day) != new.is_day_off(day)
    )


def _state(calendar: Calendar, day: date) -> str:
    why = calendar.why_off(day)
    return f"ngày nghỉ ({why})" if why else "ngày làm việc"


def unconfirmed_years(today: date, calendar: Calendar) -> tuple[int, ...]:
    """This year and, from 1 December, next year, unless somebody has confirmed them."""
    wanted = [today.year] + ([today.year + 1] if today.month == 12 else [])
    return tuple(year for year in wanted if calendar.is_provisional(year))


def load_amended(source: Source = Source()) -> tuple[AmendedHoliday, ...]:  # noqa: B008 - as above
    """The holidays whose days off are swapped late. Raises DataFileError naming the file and the holiday at fault."""
    try:
        found = tuple(AmendedHoliday(**row) for row in source.toml(AMENDED)["holiday"])
        for one in found:
            date(2001, one.month, one.day)  # raises for a day that no plain year has
    except (KeyError, TypeError, ValueError) as error:
        raise DataFileError(f"{AMENDED}: no holiday can be read from it: {error}") from None
    return found


def amendment_asked(today: date, calendar: Calendar) -> date | None:
    """The holiday before which this year's notice must be checked for amendments; None when none is near.

    The check is due from some days before the holiday (``holidays_amended.toml``) until somebody has compared the
    table since then, or the holiday has come.
    """
    row = calendar.table.years.get(today.year)
    if row is None or calendar.is_provisional(today.year):
        return None
    for one in calendar.amended:
        holiday = date(today.year, one.month, one.day)
        begins = holiday - timedelta(days=one.asked_before_days)
        if begins <= today < holiday and (row.compared_on is None or row.compared_on < begins):
            return holiday
    return None


def due_instant(day: date) -> datetime:
    """When a limit that ends on ``day`` ends: 24:00 city time (Civil Code 2015, Art. 148.6), as an instant in UTC."""
    return datetime.combine(day + ONE_DAY, time(), CITY_ZONE).astimezone(UTC)


def city_day(now: datetime) -> date:
    """The day on the city's clock at an aware instant."""
    return now.astimezone(CITY_ZONE).date()


def short_date(day: date) -> str:
    """``05/01/2026``, ``26/9/2026``: days below 10 and months 1 and 2 get a leading 0 (Decree 30/2020, Annex I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def hour_and_day(at: datetime) -> str:
    """An aware instant by the city's clock: ``09:05 ngày 26/9/2026``."""
    local = at.astimezone(CITY_ZONE)
    return f"{local:%H:%M} ngày {short_date(local)}"


def city_moment(at: datetime) -> str:
    """An aware instant by the city's clock, in short: ``26/9/2026 09:05``."""
    local = at.astimezone(CITY_ZONE)
    return f"{short_date(local)} {local:%H:%M}"


def vn_date(day: date) -> str:
    """A date as an officer writes it: ``thứ Năm, ngày 26/9/2026``."""
    return f"{WEEKDAYS[day.weekday()]}, ngày {short_date(day)}"
