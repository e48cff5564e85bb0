"""How numbers, days and clauses are written in an administrative document (Decree 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

from datetime import date, datetime

from daemon.mailout.filters import clause_short, short_date, vn_date
from rules.calendar import CITY_ZONE

ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
NONE = "-"
"""What stands in a table cell that has nothing to say."""


def day(value: date | None) -> str:
    """``05/01/2026``; a dash where there is none."""
    return NONE if value is None else short_date(value)


def weekday(value: date) -> str:
    """``thứ Năm, ngày 26/11/2026``."""
    return vn_date(value)


def long_day(value: date) -> str:
    """``ngày 05 tháng 01 năm 2026``."""
    own = city_date(value)
    month = f"{own.month:02d}" if own.month < 3 else str(own.month)
    return f"ngày {own.day:02d} tháng {month} năm {own.year}"


def clock(value: datetime) -> str:
    """``08 giờ 30`` by the city's clock."""
    local = value.astimezone(CITY_ZONE)
    return f"{local:%H} giờ {local:%M}"


def moment(value: datetime | None) -> str:
    """``08:30 05/01/2026`` by the city's clock, for table cells."""
    return NONE if value is None else f"{clock_digits(value)} {short_date(value)}"


def clock_digits(value: datetime) -> str:
    """``08:30`` by the city's clock."""
    return f"{value.astimezone(CITY_ZONE):%H:%M}"


def clause(value: str) -> str:
    """``10.1.g`` as ``điểm g khoản 1 Điều 10``. Raises ValueError for what is no clause id."""
    shown = clause_short(value)
    if not shown:
        raise ValueError(f"not a clause: {value!r}")
    return shown


def percent(part: int, whole: int) -> str:
    """``87,5%``; a dash where there is nothing to divide."""
    if whole == 0:
        return NONE
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def count(value: int) -> str:
    """``05``, ``12``, ``1.234``: below 10 with a leading 0, thousands with a point."""
    return f"{value:02d}" if 0 <= value < 10 else f"{value:,}".replace(",", ".")


def roman(value: int) -> str:
    """Roman numeral of 1 to 39, for sections."""
    if not 1 <= value < 40:
        return str(value)
    shown = ""
    for worth, sign in ROMAN:
        times, value = divmod(value, worth)
        shown += sign * times
    return shown


def lower_first(value: str) -> str:
    """The text as it stands within a sentence."""
    return value[:1].lower() + value[1:]


def city_date(value: date) -> date:
    """The day in the city of an instant, or the day itself."""
    return value.astimezone(CITY_ZONE).date() if isinstance(value, datetime) else value
