"""The day a unit asks for, when its words count from another day: "thêm 1 tuần", "thứ Hai tuần sau"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from rules.text import squash, strip_marks

_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_COUNT = rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})"
_MORE = re.compile(
    r"(?:them|lui|gia han|hoan|cham|khat|xin|cho)\b[^\d]{0,40}?\b"
    + _COUNT
    + r"\s+(ngay lam viec|ngay|hom|tuan|thang)\b"
)
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_WEEKDAY = re.compile(r"\bthu\s+(hai|ba|tu|nam|sau|bay|[2-7])\b(\s+tuan\s+(?:sau|toi))?")
_WEEK = re.compile(r"\b(?:het|cuoi|trong|sang)?\s*tuan\s+(nay|sau|toi)\b")
_MONTH = re.compile(r"\b(?:het|cuoi)\s+thang\s+(nay|sau|toi)\b")
_WEEK_DAYS, _MONTH_DAYS, _FRIDAY = 7, 30, 4


def wished_day(text: str, due: date, on: date, working: Callable[[date, int], date]) -> date | None:
    """The day asked for; None when the words name none; ``working`` counts working days from a day.

    A request for "more" counts from the day the answer is due; a weekday counts from ``on``.
    """
    plain = strip_marks(squash(text))
    if match := _MORE.search(plain):
        number = _NUMBERS.get(match[1]) or int(match[1])
        return _later(due, number, match[2], working)
    if match := _WEEKDAY.search(plain):
        wanted = _WEEKDAYS[match[1]] if match[1] in _WEEKDAYS else int(match[1]) - 2
        monday = on - timedelta(days=on.weekday()) + timedelta(days=_WEEK_DAYS if match[2] else 0)
        day = monday + timedelta(days=wanted)
        return day if day > on else day + timedelta(days=_WEEK_DAYS)
    if match := _WEEK.search(plain):
        weeks = 0 if match[1] == "nay" else 1
        return on - timedelta(days=on.weekday()) + timedelta(days=_FRIDAY + weeks * _WEEK_DAYS)
    if match := _MONTH.search(plain):
        return _month_end(on if match[1] == "nay" else _month_end(on) + timedelta(days=1))
    return None


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


_WHY = re.compile(r"(?:\blý do(?: là)?|\bvì|\bdo|\bbởi)\b\s*:?\s*(?P<why>[^.;!?\n]{8,200})", re.IGNORECASE)
_THEN = re.compile(
    r",?\s*(?:nên|vì vậy|do đó)?\s*,\s*(?:sở|đơn vị|phòng|ubnd|chúng tôi|bên em|em|xin|đề nghị|kính|mong)\b.*", re.I
)


def reason_in(text: str) -> str:
    """The reason given for a request for more time ("vì chờ kết quả kiểm định"); "" when there is none."""
    found = _WHY.search(text)
    return _THEN.sub("", found["why"]).strip(" ,") if found else ""


def _later(due: date, number: int, what: str, working: Callable[[date, int], date]) -> date:
    if what == "ngay lam viec":
        return working(due, number)
    days = {"tuan": _WEEK_DAYS, "thang": _MONTH_DAYS}.get(what, 1)
    return due + timedelta(days=number * days)
