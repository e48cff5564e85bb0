"""Dates as Vietnamese people write them: 15/12/2026, 15-12, ngày 15 tháng 12 năm 2026, hết tháng 12; and days told in
words that count from another day: "thêm 1 tuần", "thứ Hai tuần sau"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice

from rules.text import squash, strip_marks

LEAD = 80
"""This many characters before a date are searched for words about it."""
MOST_DATES = 200
"""At most this many dates of a text are used."""
_MONTH_WORDS = {
    "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}|\d{2}))?(?![\d/]|[.-]\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_WORDS = re.compile(
    r"(?<!\d)(?<!tuan )(?<!tuan thu )(\d{1,2})\s*(?:thang|thg\.?|th\.)\s*"
    r"(\d{1,2}|muoi mot|muoi hai|gieng|hai|ba|tu|nam|sau|bay|tam|chin|muoi|chap)"
    r"(?:\s*(?:nam|,|/|-)?\s*(\d{4}))?(?!\d)"
)
_DAY_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "nham": 5,
}  # fmt: skip
_SPOKEN = re.compile(
    r"\b(?:ngay|mung|mong|(?:den|toi|sang|het)(?=\s+(?:(?:hai|ba)\s+)?muoi\b))\s+((?:(?:hai|ba)\s+)?muoi(?:\s+(?:mot|hai|ba|bon|tu|lam|nham|nam|sau|bay|tam|chin))?"
    r"|(?:hai|ba)\s+(?:mot|hai|ba|bon|tu|lam|nham|nam|sau|bay|tam|chin)|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)\s+(?=thang\b)"
)
"""A day in words ("ngày hai mươi tám", "mùng ba") before its month; "ngày" keeps counted days apart, and so do tens:
"tới ba mươi tháng mười" is a day, "tới ba tháng" none."""
_MONTH_END = re.compile(r"(?:het|cuoi|trong|ngay cuoi)\s+thang\s+(\d{1,2})(?:\s*(?:nam|/|-)?\s*(\d{4}))?(?!\d|/)")
_YEARS = range(1901, 2200)
"""Years that a date may name; others are slips, and nothing can be counted from the first or last of them."""
_YEAR_END = re.compile(r"(?:het|cuoi|trong)\s+nam\s+((?:19|20|21)\d\d)(?!\d)")
_LEADS = re.compile(
    r"(?:^|(?:den|toi|truoc|het|vao|cham nhat|muon nhat|sang|ngay|la|qua|hom|mung|mong|thu \w+)[\s,:(]*)[\s,:(]*$"
)
_UNTIL = re.compile(
    r"(?:den|toi|truoc|het|cham nhat|muon nhat|sang|khong qua)\s*"
    r"(?:(?:la|het|cuoi|ngay|hom|vao|thu \w+|truoc|[,:(])\s*)*$"
)


JUST_PASSED = timedelta(days=90)
"""A day without its year that lies at most this far back is taken for a slip, not for a day of next year."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, its position, and whether "đến", "trước", "hết" precedes it."""

    day: date
    start: int
    until: bool


def dates_in(text: str, on: date | None, back: timedelta = timedelta()) -> tuple[FoundDate, ...]:
    """All dates of a text, in order. A missing year is the first that puts the date on or after ``on`` less ``back``:
    a request of 30/11 for time "đến 25/11" does not mean next year."""
    plain = _SPOKEN.sub(_in_figures, strip_marks(squash(text)))
    found: dict[int, FoundDate] = {}
    for start, day in islice(_found(plain, on - back if on else None), MOST_DATES):
        if start not in found and not any(one.start < start < one.start + 8 for one in found.values()):
            found[start] = FoundDate(day, start, _UNTIL.search(_before(plain, start)) is not None)
    return tuple(found[start] for start in sorted(found))


_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}
_NO_COUNTING = "".join(rf"(?<!{one} )" for one in ("lan", "cau", "phien", "dot", "vong", "ky", "tuan"))
_A_WEEKDAY = rf"{_NO_COUNTING}\b(?:(?:thu\s*|t(?=\d))(hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b"
_AHEAD = re.compile(_A_WEEKDAY + r"[\s,(]*(?:(?:ngay|hom)\b)?[\s,(:]*$")
_BEHIND = re.compile(
    r"(?:\d|[/.\s-]|thang|nam(?=\s*\d))*+[\s,(]*" + _A_WEEKDAY + r"(?![\s,(]*(?:(?:ngay|hom)\b)?[\s,(:]*\d)"
)
"""A weekday beside a date; "lần thứ hai", "phiên thứ hai" and "đợt thứ hai" are none."""
_MONTHLESS = re.compile(
    r"\b(?:(?P<until>den|toi|sang|het|hay|hoac)\s+)?(?:(?:het|cuoi|hom)\s+)*(?:thu\s+(?P<weekday>\w+)\s+)?(?:(?:la|ngay|hom)\s+)*"
    r"(?P<day>\d{1,2})(?!\d|\s?[/.:-]\s?\d|\s*(?:gio|h|g|phut|ngay|tuan|thang(?!\s+nay\b)|nam|nguoi|cau|lan|dong|trieu|%|phan|muc|y|to)\b)"
    r"(?P<this>\s*thang\b)?"
)


def other_weekday(text: str, on: date | None) -> date | None:
    """The first date of a text beside which a weekday stands that is not its own: one of the two is a slip."""
    plain = strip_marks(squash(text))
    for one in dates_in(text, on):
        match = _AHEAD.search(_before(plain, one.start)) or _BEHIND.match(plain, one.start)
        if match and _WEEKDAYS.get(match[1] or "", 6) != one.day.weekday():
            return one.day
    return None


def monthless_days_in(text: str, on: date) -> tuple[FoundDate, ...]:
    """Days without their month behind "đến", "tới", "hết", "hay" or their weekday: the first such day after ``on``.

    "Tới 28", "thứ Sáu 23", "đến 27 hay 28", "hết ngày 30 tháng này": a weekday must be that day's, and "đến 30 ngày",
    "đến 10 giờ" are none.
    """
    plain = strip_marks(squash(text))
    dates = []
    for match in islice(_MONTHLESS.finditer(plain), MOST_DATES):
        day = _next_day(int(match["day"]), on)
        weekday = _WEEKDAYS.get(match["weekday"] or "", -1)
        if (
            day is not None
            and (match["until"] or match["weekday"])
            and (not match["weekday"] or day.weekday() == weekday)
            and (not match["this"] or day.month == on.month)
        ):
            dates.append(FoundDate(day, match.start("day"), until=True))
    return tuple(dates)


def no_such_day(text: str) -> str:
    """ "31/11/2026": a sentence on the first day in figures that no calendar has; "" where there is none."""
    for hit in _NUMERIC.finditer(text):
        number, month, year = (int(one or 2000) for one in hit.groups())
        if 1 <= month <= 12 and calendar.monthrange(year + 2000 * (year < 100), month)[1] < number <= 31:
            return f"Ngày {hit.group()} không có trong lịch. "
    return ""


def _next_day(numeral: int, on: date) -> date | None:
    """The first day of that number after ``on``."""
    following = on.replace(day=1) + timedelta(days=32)
    for month in (on.replace(day=1), following.replace(day=1)):
        last = calendar.monthrange(month.year, month.month)[1]
        if 1 <= numeral <= last and month.replace(day=numeral) > on:
            return month.replace(day=numeral)
    return None


def _in_figures(spoken: re.Match[str]) -> str:
    """ "Ngày hai mươi tám " as "ngày 28", filled with blanks so that all positions stay the same."""
    *tens, last = spoken[1].split()
    ones = _DAY_WORDS.get(last, 0)
    ten = 10 * _DAY_WORDS.get(tens[0], 1) if tens else 0
    if last == "muoi":
        ten, ones = ten or 10, 0
    day = str(ten + ones)
    ahead = spoken[0][: spoken.start(1) - spoken.start()]
    return f"{ahead}{day}{' ' * (len(spoken[0]) - len(ahead) - len(day))}"


def _before(plain: str, start: int) -> str:
    return plain[max(0, start - LEAD) : start]


def until_date(text: str, on: date | None) -> date | None:
    """The day until which time is requested: the last with "đến" before it, else the last of all."""
    dates = dates_in(text, on, JUST_PASSED)
    until = [one for one in dates if one.until] or list(dates)
    return until[-1].day if until else None


def _found(plain: str, on: date | None) -> Iterator[tuple[int, date]]:
    for match in _ISO.finditer(plain):
        yield from _valid(match.start(), match[3], match[2], match[1], on)
    for match in _NUMERIC.finditer(plain):
        if match[3] or _LEADS.search(_before(plain, match.start())):
            yield from _valid(match.start(), match[1], match[2], match[3], on)
    for match in _WORDS.finditer(plain):
        yield from _valid(match.start(), match[1], str(_MONTH_WORDS.get(match[2], match[2])), match[3], on)
    for match in _MONTH_END.finditer(plain):
        yield from _month_end(match.start(), int(match[1]), match[2], on)
    for match in _YEAR_END.finditer(plain):
        yield match.start(), date(int(match[1]), 12, 31)


def _valid(start: int, day: str, month: str, year: str | None, on: date | None) -> Iterator[tuple[int, date]]:
    given = [int(year) + (2000 if len(year) == 2 else 0)] if year else []
    years = given or ([on.year, on.year + 1] if on else [])
    for one in filter(_YEARS.__contains__, years):
        try:
            found = date(one, int(month), int(day))
        except ValueError:  # 29/2 without a year may be the next year's
            continue
        if given or (on and found >= on):
            yield start, found
            return


def _month_end(start: int, month: int, year: str | None, on: date | None) -> Iterator[tuple[int, date]]:
    numeral = int(year) if year else on.year + (month < on.month) if on else 0
    if 1 <= month <= 12 and numeral in _YEARS:
        yield start, date(numeral, month, calendar.monthrange(numeral, month)[1])


_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_MORE = re.compile(
    r"(?:them|lui|gia han|hoan|cham|khat|xin|cho)\b[^\d]{0,40}?\b(?<!tuan )(?<!thu )"
    rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(ngay lam viec|ngay|hom|tuan|thang)\b"
)
_COUNTED = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(ngay lam viec|ngay|hom|tuan|thang)\s+nua\b")
_WEEKS = {"nay": 0, "sau": 1, "toi": 1, "ke": 1, "ke tiep": 1, "sau nua": 2, "toi nua": 2}
_NAMED_WEEK = rf"tuan\s+({'|'.join(sorted(_WEEKS, key=len, reverse=True)).replace(' ', ' +')})\b"
_WEEKDAY = re.compile(
    r"(?<!lan )(?<!cau )(?<!dot )(?<!vong )(?<!tuan )(?<!noi dung )\b(?:thu\s+(?=\w+\b)|t(?=\d\s+tuan\b))"
    rf"(hai|ba|tu|nam|sau|bay|[2-7])\b(?:[\s,(]+{_NAMED_WEEK})?(?![\s,(]+tuan\b)"
)
"""A weekday with its week. "Lần thứ hai" is none, and "thứ Sáu tuần trước" not that of the next week."""
_WEEK = re.compile(rf"\b(?:(dau|giua)\s+)?{_NAMED_WEEK}")
_MONTH = re.compile(r"\b(?:het|cuoi)\s+thang\s+(nay|sau|toi)\b")
_WEEK_DAYS, _MONTH_DAYS = 7, 30
_IN_WEEK = {"dau": 0, "giua": 2, None: 4}
"""Beginning and middle of a week; without either word it ends on its Friday."""


def wished_day(text: str, due: date, on: date, working: Callable[[date, int], date]) -> date | None:
    """The day asked for in words; None when they name none; ``working`` counts working days from a day.

    A request for "more" counts from the day the answer is due; a weekday, a week and a month count from ``on``. Of
    several the latest after the due day counts: the others tell what the unit waits for, or why.
    """
    plain = strip_marks(squash(text))
    without = _WEEKDAY.sub(" ", plain)  # "thứ 6 tuần này" is no six weeks
    if match := _MORE.search(without):
        return _later(due, _NUMBERS.get(match[1]) or int(match[1]), match[2], working)
    days = [
        *days_ahead(without, on, working),
        *(_weekday(match, on) for match in islice(_WEEKDAY.finditer(plain), MOST_DATES)),
        *(_of_week(match[2], _IN_WEEK[match[1]], on) for match in islice(_WEEK.finditer(without), MOST_DATES)),
        *(_end_of_month(match[1], on) for match in islice(_MONTH.finditer(plain), MOST_DATES)),
    ]
    return max((day for day in days if day > due), default=None) or next(iter(days), None)


def days_told(text: str, on: date, working: Callable[[date, int], date]) -> list[date]:
    """The days that a text tells, those counted from ``on`` too."""
    return [*(one.day for one in dates_in(text, on)), *days_ahead(text, on, working)]


def days_ahead(text: str, on: date, working: Callable[[date, int], date]) -> list[date]:
    """The days that a text counts from ``on``: "30 ngày nữa", "hai tuần nữa"."""
    found = islice(_COUNTED.finditer(strip_marks(squash(text))), MOST_DATES)
    return [_later(on, _NUMBERS.get(match[1]) or int(match[1]), match[2], working) for match in found]


def _weekday(match: re.Match[str], on: date) -> date:
    weekday = _WEEKDAYS[match[1]]
    if match[2]:
        return _of_week(match[2], weekday, on)
    day = _of_week("nay", weekday, on)
    return day if day > on else day + timedelta(days=_WEEK_DAYS)


def _of_week(week: str, weekday: int, on: date) -> date:
    weeks = _WEEKS[" ".join(week.split())]
    return on - timedelta(days=on.weekday()) + timedelta(days=weekday + weeks * _WEEK_DAYS)


def _end_of_month(month: str, on: date) -> date:
    first = on.replace(day=1) if month == "nay" else (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _later(due: date, number: int, what: str, working: Callable[[date, int], date]) -> date:
    if what == "ngay lam viec":
        return working(due, number)
    days = {"tuan": _WEEK_DAYS, "thang": _MONTH_DAYS}.get(what, 1)
    return due + timedelta(days=number * days)


_TIME = re.compile(
    r"(?<![\d/.:-])([01]?\d|2[0-3])(?:\s*(?:gio|h(?![a-z])|g(?![a-z]))\s*([0-5]\d(?!\d)|ruoi)?|:([0-5]\d)(?!\d))"
    r"(?:\s*phut)?(?:\s*(sang|trua|chieu|toi)\b)?"
)
_GOES_TO = tuple(re.compile(rf"(?<!\w)(?:{one})\s") for one in ("sang|qua|thành|thanh", "đến|den|tới|toi|lên|len"))
"""Before the new day of what is moved; the words that hardly say anything else come first."""
_STEPS = re.compile(
    r"(?:[\W\d]|(?<![^\W\d_])(?:h|g|gio|phut|ruoi|luc|vao|hoi|buoi|sang|trua|chieu|toi|ngay|hom|moi|la|cung|thu|hai|ba|tu"
    r"|nam|sau|bay|chu nhat|tuan)(?![^\W\d_]))*"
)
"""Between such a word and the day."""
_TIMED = re.compile(r"\d\s?(?:gio|h|g|:)\s?\d{0,2}\s*$")
"""A time before the word: what follows is "sáng" without its mark, or the end of a range."""
_UNTOLD = re.compile(
    r"(\d\s?(?:giờ|gio|h|g|:)\s?\d{0,2}|\d/[^\W\d][\w-]*|(?<!\w)(?:hoặc|hoac|hay|và|va)|,)\s+(?=\d{1,2}/\d{1,2}(?![\w/]))",
    re.IGNORECASE,
)
_EVENING = re.compile(r"tối\b|toi(?=\s*(?:$|[.,;:!?)]|(?:nay|mai|hôm|hom|ngày|ngay|thứ|thu)\b))")
"""The evening in words with or without marks; "8 giờ tới 11 giờ" and "8 giờ tôi đến" tell of none."""


_AFTERNOON = re.compile(
    r"(?<!\w)chieu"
    r"(?:[\W\d]|\b(?:h|gio|phut|ruoi|luc|vao|hoi|tu|den|toi|nay|mai|ngay|hom|thu|hai|ba|nam|sau|bay)\b)*$"
)
"""Before a time: "chiều 26/11, lúc 2 giờ 30"."""
_LATE = re.compile(r"(?<!\w)(?:chiều|chieu|tối)(?!\w)")
_EARLY = re.compile(r"(?<!\w)(?:sáng|sang|trưa|trua)(?!\w)")


def times_in(text: str) -> tuple[time, ...]:
    """All times of day in a text: "8h30", "08:30", "10 giờ rưỡi", "2 giờ chiều", "chiều mai lúc 2h"."""
    found, said = [], squash(text)
    plain = strip_marks(said)
    marked = said if len(said) == len(plain) else plain
    for match in islice(_TIME.finditer(plain), MOST_DATES):
        hour, minute = int(match[1]), 30 if match[2] == "ruoi" else int(match[2] or match[3] or 0)
        late = match[4] == "chieu" or (match[4] == "toi" and _EVENING.match(marked, match.start(4)))
        late = late or (hour < 4 and match[4] == "trua")
        late = late or (hour < 7 and not match[4] and _AFTERNOON.search(_before(plain, match.start())))
        found.append(time(hour + 12 if late and hour < 12 else hour, minute))
    return tuple(found)


def moment_in(line: str) -> tuple[date | None, time | None]:
    """The first day and time of a line that holds nothing else; None for the one that is missing.

    The day needs its year. "Chiều" and "tối" are about the only time, wherever they stand.
    """
    days, times, text = dates_in(line, None), times_in(line), squash(line)
    at = times[0] if times else None
    if at and len(times) == 1 and at.hour < 12 and _LATE.search(text) and not _EARLY.search(text):
        at = at.replace(hour=at.hour + 12)
    return days[0].day if days else None, at


def with_days_told(text: str) -> str:
    """The text with "ngày" before a day and month that follow an hour, a number, a comma or "hoặc"."""
    return _UNTOLD.sub(r"\1 ngày ", text)


def goes_to(text: str, on: date) -> str:
    """The text after "sang", "qua", "thành", else after "đến", "tới", "lên", if a day follows; else "".

    "8h30 sang 26/11" in a text without marks, and "8h30 đến 10h30" tell when, and not where to.
    """
    said = squash(text)
    plain = strip_marks(said)
    for rank, words in enumerate(_GOES_TO):
        for match in islice(words.finditer(said), MOST_DATES):
            is_when = (rank or said == plain) and _TIMED.search(plain[: match.start()])
            days = () if is_when else dates_in(said[match.start() :], on)
            if days and _STEPS.fullmatch(plain, match.end(), match.start() + days[0].start):
                return said[match.start() :]
    return ""
