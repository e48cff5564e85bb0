"""When somebody asked whose question an officer dictates: behind "Nhận lúc", or in the heading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from rules.law.working_days import CITY_ZONE
from rules.text import strip_marks
from rules.text.dates import JUST_PASSED, dates_in, moment_in

_HOUR = re.compile(r"\d\s*(?:giờ|gio|[:hg])(?![^\W\d_])", re.IGNORECASE)
"""An hour, even one that no clock shows."""
_HOUR_ALONE = re.compile(r"\d{1,2}\s*(?:giờ|gio|[:hg])\s*(?:\d{2}(?:\s*(?:phút|phut))?)?", re.IGNORECASE)
_PART_OF_DAY = re.compile(r"\b(sáng|trưa|chiều|tối|hôm|sang|trua|chieu|toi|hom)\s+(?=\d{1,2}/\d)", re.IGNORECASE)
"""What leads to a day as "ngày" does."""
_ASIDE = re.compile(r"\(([^()\n]{3,60})\)")


def moment_told(text: str, on: date | None) -> datetime | None:
    """The local day, with the hour if given; None when it is no day, nor an hour alone, which is of ``on``."""
    day, at = moment_in(text)
    day = on if at and day is None and _HOUR_ALONE.fullmatch(text) else day
    unread = at is None and _HOUR.search(text)
    return datetime.combine(day, at or time(), CITY_ZONE) if day and not unread else None


def moment_ahead(heading: str, on: date | None, channels: Iterable[str]) -> datetime | None:
    """ "Đăng ký hộ (điện thoại sáng 3/10): …": the day in the aside that says by which way it came; of the
    year of ``on``. None where the aside names no day, several, or one to come."""
    aside = _ASIDE.search(heading.partition(": ")[0])
    if aside is None or on is None or not any(one in strip_marks(aside[1]).lower() for one in channels):
        return None
    days = dates_in(_PART_OF_DAY.sub(r"\1 ngày ", aside[1]), on, JUST_PASSED)
    told = days[0].day if len(days) == 1 and days[0].day <= on else None
    return datetime.combine(told, moment_in(aside[1])[1] or time(), CITY_ZONE) if told else None
