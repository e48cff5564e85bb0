"""Telephone numbers as people type them, found in text and converted to E.164.

Old numbers (eleven-digit mobiles before 15/9/2018, area codes before 2017) are converted to today's by a table.
An invalid number keeps its typed form and has no E.164 form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

SHORTEST = 8
"""A wrong number with at least this many digits after the leading 0 was still meant as a number."""
LONGEST = 10
_GAP = r"[ \u00a0.\-\u2010-\u2015;()]{0,3}"
_LAND = r"\s?84\s?\)?" + _GAP + r"(?:\(0\)|0)?"
_START = re.compile(
    rf"[+(0](?<![\w/].)(?:(?<=\+){_LAND}|(?<=0)(?:0{_LAND}|)|(?<=\()(?:(?:\+|00){_LAND}|0)){_GAP}(?=\d)"
)
"""Begins with all characters that may begin a number, so that a search skips the others at once."""
_DIGITS = re.compile(r"[0-9]+")
_ROW = re.compile(rf"(?:{_GAP}\d){{1,{LONGEST + 1}}}")
_SLASHED = re.compile(r"(?<![\w/])0\d{3}/\d{3}/\d{3}(?![\w/])")
"""A mobile number in groups with slashes: "0977/123/456"; dates and documents' numbers have other groups."""
_OURS = re.compile(r"\+84([1-9][0-9]{6,9})")
_MONEY = re.compile(r"[ ]?(?:đồng|dong|vnđ|vnd|%)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in a text: as typed, in E.164 ("" when invalid), and its position."""

    typed: str
    e164: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbering plan: the length of numbers by prefix, and today's form of old prefixes (no leading 0)."""

    country: str
    lengths: Mapping[str, int]
    mobile_2018: Mapping[str, str]
    areas: Mapping[tuple[str, int], str]

    def length(self, digits: str) -> int:
        """The number of digits of a number with this beginning; 0 when no number begins so."""
        for old, size in self.areas:
            if len(digits) == size and digits.startswith(old):
                return size
        for size in (3, 2, 1):
            if digits[:size] in self.lengths:
                return self.lengths[digits[:size]]
        return 0

    def today(self, digits: str) -> str:
        """Today's national number (no leading 0) for one of any year."""
        if len(digits) == 10 and digits[:3] in self.mobile_2018:
            return self.mobile_2018[digits[:3]] + digits[3:]
        for (old, size), new in self.areas.items():
            if len(digits) == size and digits.startswith(old):
                return new + digits[len(old) :]
        return digits


@lru_cache(maxsize=SOURCES_KEPT)
def load_numbering(source: Source = Source()) -> Numbering:  # noqa: B008 - frozen value
    """The plan of ``asker_phones.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("asker_phones.toml")
    old, new = ([row[key] for row in data["area_2017"]] for key in ("old", "new"))
    for what, values in {
        "country": [data["country"]],
        "lengths": data["lengths"],
        "mobile_2018": [*data["mobile_2018"], *data["mobile_2018"].values()],
        "area_2017": [*old, *new],
    }.items():
        if wrong := next((one for one in values if not _DIGITS.fullmatch(one)), None):
            raise DataFileError(f"asker_phones.toml: {what}: {wrong!r} must be digits")
    return Numbering(
        country=data["country"],
        lengths=data["lengths"],
        mobile_2018=data["mobile_2018"],
        areas={(row["old"], row["digits"]): row["new"] for row in data["area_2017"]},
    )


def e164(national: str, plan: Numbering | None = None) -> str:
    """E.164 of a national number without its leading 0; "" when it is invalid."""
    plan = plan or load_numbering()
    number = f"+{plan.country}{plan.today(national)}"
    return number if _is_valid(number) else ""


@lru_cache(maxsize=256)
def _is_valid(number: str) -> bool:
    """Whether the number is valid; cached, as the number of a letter is checked several times."""
    try:
        parsed = _parsed(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def _parsed(number: str) -> phonenumbers.PhoneNumber:
    """The number as the library's type; a Vietnamese one without leading 0 needs no parsing."""
    if plain := _OURS.fullmatch(number):
        return phonenumbers.PhoneNumber(country_code=84, national_number=int(plain.group(1)))
    return phonenumbers.parse(number, None)


@lru_cache(maxsize=64)
def find_phones(text: str, source: Source = Source()) -> tuple[Phone, ...]:  # noqa: B008 - frozen value
    """All telephone numbers in a text, in order."""
    if "0" not in text and "+" not in text:
        return ()  # no number begins without either
    even = _SLASHED.sub(lambda found: found.group().replace("/", "."), text) if "/" in text else text
    return tuple(_phones(text, even, load_numbering(source)))


def _phones(typed: str, even: str, plan: Numbering) -> Iterator[Phone]:
    at = 0
    while start := _START.search(even, at):
        phone = _read(typed, even, start, plan)
        at = phone.end if phone else start.end()
        if phone:
            yield phone


def _read(typed: str, text: str, start: re.Match[str], plan: Numbering) -> Phone | None:
    """The number that begins here, with the length for its prefix; never a part of a longer row of digits."""
    digits, ends = _digits(text, start.end())
    wanted = plan.length(digits)
    if len(digits) < SHORTEST or not wanted:
        return None
    size = min(wanted, len(digits), LONGEST)
    end = ends[size - 1]
    if text[end : end + 1].isdigit() or _MONEY.match(text, end):
        return None
    opened = text[start.start()] == "(" and ")" not in text[start.start() : end]
    begin = start.start() + opened
    number = e164(digits[:size], plan) if size == wanted else ""
    return Phone(typed[begin:end], number, begin, end)


def _digits(text: str, at: int) -> tuple[str, list[int]]:
    """The row of digits from here, with the position after each."""
    row = _ROW.match(text, at)
    typed = row.group() if row else ""
    return "".join(filter(str.isdecimal, typed)), [end for end, sign in enumerate(typed, at + 1) if sign.isdecimal()]
