"""Two drawings as numbers, which the templates write as SVG: what is due when, and what is late with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from db.reading import UnitLoad

DAYS_BACK, DAYS_ON = 10, 25
COLUMN, HEIGHT, BASE = 20, 120, 140
"""Width of a day, height of the highest bar, and where bars stand; units of the drawing."""
LONGEST_BAR = 190


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar: place, height and number of items, and what kind of day it is (late, today, off, coming)."""

    day: date
    x: int
    height: int
    number: int
    kind: str
    mark: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing of the deadlines; ``earlier`` items were due before its first day."""

    bars: tuple[Bar, ...]
    width: int
    top: int
    earlier: int


def timeline(counts: Mapping[date, int], marks: Mapping[date, str], today: date, off: Sequence[date]) -> Timeline:
    """A column a day around today; ``marks`` are days with a session, ``off`` days on which nobody works."""
    first = today - timedelta(days=DAYS_BACK)
    days = [first + timedelta(days=at) for at in range(DAYS_BACK + DAYS_ON + 1)]
    top = max([counts.get(day, 0) for day in days] + [1])
    bars = tuple(_bars(days, counts, marks, today, set(off), top))
    earlier = sum(number for day, number in counts.items() if day < first)
    return Timeline(bars, len(days) * COLUMN + 2 * COLUMN, top, earlier)


def _bars(
    days: Sequence[date], counts: Mapping[date, int], marks: Mapping[date, str], today: date, off: set[date], top: int
) -> Iterator[Bar]:
    for at, day in enumerate(days):
        number = counts.get(day, 0)
        height = max(round(HEIGHT * number / top), 3) if number else 0
        kind = "today" if day == today else "late" if day < today else "off" if day in off else "coming"
        label = f"{day:%d/%m}" if day == today or (at % 5 == 0 and abs((day - today).days) > 1) else ""
        yield Bar(day, COLUMN + at * COLUMN, height, number, kind, marks.get(day, ""), label)


@dataclass(frozen=True, slots=True)
class LoadBar:
    """One unit's bar: how much of it is late and how much waits in time."""

    load: UnitLoad
    name: str
    y: int
    late_width: int
    rest_width: int


def load_bars(loads: Sequence[UnitLoad], names: Mapping[str, str]) -> tuple[LoadBar, ...]:
    """A bar a unit, the longest ``LONGEST_BAR`` long."""
    top = max([one.open for one in loads] + [1])
    found = []
    for at, one in enumerate(loads):
        whole = max(round(LONGEST_BAR * one.open / top), 2)
        late = max(round(LONGEST_BAR * one.late / top), 2) if one.late else 0
        found.append(LoadBar(one, names.get(one.unit, one.unit), at * 40, min(late, whole), max(whole - late, 0)))
    return tuple(found)
