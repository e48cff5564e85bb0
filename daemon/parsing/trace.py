"""Trace fields (Received, RFC 5321 §4.4) in which nothing is wrong: mail-parser need not look for what."""

from __future__ import annotations

import re
from datetime import date

from daemon.parsing.encoded_words import is_plain

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_COMMENT = r"\((?:[^()\\]++|\([^()\\]*\))*+\)"
_CLAUSES = rf"(?:[^()\"<>\[\]\\;]++|{_COMMENT}|\[[^\[\]\\]*\]|<[^()\"<>\[\]\\]*>)*"
_FOLD = r"\s{1,4}"
_DAY = rf"(?:({'|'.join(_WEEKDAYS)}),\s{{0,4}})?(\d\d?){_FOLD}({'|'.join(_MONTHS)}){_FOLD}((?:19|20)\d\d)"
_TIME = rf"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d{_FOLD}(?:[+-]\d\d[0-5]\d|GMT)"
_SOUND = re.compile(rf"{_CLAUSES};\s*{_DAY}{_FOLD}{_TIME}(?:\s*\([^()\\]*\))*\s*", re.ASCII)
"""Comments, literals and addresses that close; one semicolon; a date in its modern form. Only a comment may hold
another, as Postfix writes of TLS ("(using … with cipher … (256/256 bits))")."""


def is_sound(value: str) -> bool:
    """True for a Received value without any fault that mail-parser knows; strict: some sound ones fail it."""
    found = _SOUND.fullmatch(value) if is_plain(value) else None
    if found is None:
        return False
    weekday, day, month, year = found.groups()
    try:
        on = date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return False
    return weekday is None or _WEEKDAYS.index(weekday) == on.weekday()
