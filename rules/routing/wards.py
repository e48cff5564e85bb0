"""The ward, commune or special zone that a text is about; old districts and unknown names make it unsure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.text import strip_marks
from rules.text.phrase_matcher import Hit, Matcher, without
from rules.text.tokens import Tokens, read
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Unit

_KINDS = {"phường": ("phường", "p"), "xã": ("xã", "x"), "đặc": ("đặc khu", "đk")}
_KEPT = ("phuong", "xa")
_LONGEST = 6
"""The most syllables that name an authority before its place."""
_FORMER = re.compile(r"\((?:cũ|trước đây)\)|\bcũ\b|\btrước đây\b|\(cu\)|\bcu\)", re.IGNORECASE)
_UNKNOWN = re.compile(r"\b(?:[Pp]hường|[Xx]ã|[Pp]huong|[Tt]hị trấn|[Tt]hi tran)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A location. ``unit`` is the code, "" when unsure; ``why`` gives the reason in Vietnamese."""

    unit: str = ""
    why: str = ""

    @property
    def known(self) -> bool:
        """True when exactly one unit is meant."""
        return bool(self.unit)


class Gazetteer:
    """The names of places, prepared for search in texts."""

    def __init__(self, units: Mapping[str, Unit], data: Mapping[str, Mapping[str, Any]]) -> None:
        self.units = units
        self._authorities = tuple(tuple(strip_marks(one).split()) for one in data["authorities"]["words"])
        self._codes: list[str] = []
        self._is_district: list[bool] = []
        phrases: list[str] = []
        for phrase, code, district in _names(units, data):
            phrases.append(phrase)
            self._codes.append(code)
            self._is_district.append(district)
        self.names = tuple(phrases)
        """All ways to write a place."""
        self._matcher = Matcher(phrases)

    def apart(self, reading: Tokens) -> Tokens:
        """The tokens without place names, which say where something is, not what it is.

        Of "Ủy ban nhân dân phường Lê Chân" the word "phường" stays: else it would read like the city's authority.
        """
        return without(reading, (self._name(hit, reading) for hit in self._matcher.find(reading)))

    def _name(self, hit: Hit, reading: Tokens) -> Hit:
        """What of a hit only tells where: all of it, or where an authority is named what stands behind "phường"."""
        if reading.bare[hit.start] not in _KEPT:
            return hit
        before = reading.bare[max(0, hit.start - _LONGEST) : hit.start]
        named = any(before[-len(one) :] == one for one in self._authorities)
        return hit._replace(start=hit.start + 1) if named else hit

    def find(self, reading: Tokens, text: str, on: date) -> Place | None:
        """The place named in a text; None when there is none. Two different ones, or an old name, are unsure."""
        wards: list[tuple[str, str]] = []
        districts: list[tuple[str, str]] = []
        for hit in self._matcher.find(reading):
            found = (self._codes[hit.phrase], reading.quote(hit.start, hit.end))
            (districts if self._is_district[hit.phrase] else wards).append(found)
        if not districts and not wards:
            named = (one for one in _UNKNOWN.finditer(text) if one[1][0].isupper() or one[1].isdigit())
            unknown = next(named, None)
            return (
                Place(why=f"không có trong danh sách phường, xã hiện nay: “{unknown.group()}”") if unknown else None
            )
        return self._judge(wards, districts, text, on)

    def _judge(
        self, wards: Sequence[tuple[str, str]], districts: Sequence[tuple[str, str]], text: str, on: date
    ) -> Place:
        if districts:
            code, words = districts[0]
            if code and self.units[code].valid_on(on):
                return Place(code, f"nơi nêu trong thư: “{words}”")
            return Place(why=f"“{words}” là tên quận, huyện cũ, nay chia thành nhiều phường, xã")
        live = [(code, words) for code, words in wards if self.units[code].valid_on(on)]
        if not live:
            return Place(why=f"“{wards[0][1]}” chưa có vào ngày nhận thư")
        if len({code for code, _ in live}) > 1:
            names = ", ".join(dict.fromkeys(words for _, words in live))
            return Place(why=f"thư nêu nhiều nơi: {names}")
        code, words = live[0]
        if _FORMER.search(text):
            return Place(why=f"“{words}” kèm chữ “cũ”: chưa rõ phường, xã mới nào")
        return Place(code, f"nơi nêu: “{words}”")

    def of_address(self, address: str, on: date) -> Place | None:
        """The place in an address; None when it names none."""
        return self.find(read(address), address, on) if address.strip() else None


def _names(units: Mapping[str, Unit], data: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, bool]]:
    """All ways to write a place: phrase, unit code, whether it is an old district."""
    names = [(phrase, code, True) for phrase, code in data.get("districts", {}).items()]
    by_name: dict[str, str] = {}
    for unit in units.values():
        if unit.kind != "ward":
            continue
        full = unit.name.removeprefix("Ủy ban nhân dân ")
        by_name[full.lower()] = unit.code
        first, _, bare = full.partition(" ")
        bare = bare.removeprefix("khu ") if first == "đặc" else bare
        names += [(f"{kind} {bare}", unit.code, False) for kind in _KINDS[first]]
    for alias, full in data.get("aliases", {}).items():
        if full.lower() in by_name:
            names.append((alias, by_name[full.lower()], False))
    return names


def load_gazetteer(source: Source) -> Gazetteer:
    """Wards from the list of units, old names from ``routing/places.toml``. Raises ``DataFileError``."""
    units, data = load_units(source), source.toml("routing/places.toml")
    for district, code in data.get("districts", {}).items():
        if code and code not in units:
            raise DataFileError(f"routing/places.toml: districts: {district}: unknown unit {code!r}")
    return Gazetteer(units, data)
