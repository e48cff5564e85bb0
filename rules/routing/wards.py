"""The ward, commune or special zone that a text is about, by today's name or the one of before 1 July 2025."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from rules.text import strip_marks
from rules.text.phrase_matcher import Hit, Matcher, without
from rules.text.tokens import Tokens, read
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Unit

_KINDS = {"phường": ("phường", "p"), "xã": ("xã", "x"), "đặc": ("đặc khu", "đk")}
_KEPT = ("phuong", "xa")
_LONGEST = 6
"""The most syllables that name an authority before its place."""
_FORMER = re.compile(r"\W*(?:cũ|trước đây|trước kia|cu)\b", re.IGNORECASE)
_SAYS_FORMER = re.compile(r"\b(?:trước đây|trước kia|nguyên)(?: là| thuộc)?\W*$", re.IGNORECASE)
_BESIDE = 3
"""Syllables beside a name in which "cũ" or "trước đây" speaks of it."""
_UNKNOWN = re.compile(r"\b(?:[Pp]hường|[Xx]ã|[Pp]huong|[Tt]hị trấn|[Tt]hi tran)\s+(\w+)")

_DISTRICT = re.compile(r"\b(?:[Qq]uận|[Hh]uyện|[Tt]hị xã)\s+(?:[A-ZÀ-Ỹ]\w*(?:\s[A-ZÀ-Ỹ]\w*)*|\d+)|\bQ\.\s?\w+")
"""A district by its name; one that is none of the city's shows that a common name of a ward means another place."""

_FORMER_FILE = "wards_before.tsv"
_FORMER_COLUMNS = ("name", "district", "now")
_FORMER_KINDS = {"phường": ("phường", "p", "xã", "x"), "xã": ("xã", "x"), "thị trấn": ("thị trấn", "tt")}
"""How each kind is written. Most wards were communes not long ago, and are still called so."""
_DISTRICTS = ("huyện đảo ", "huyện ", "quận ", "thành phố ", "thị xã ")


@dataclass(frozen=True, slots=True)
class FormerWard:
    """One unit of before: its old districts without their kind, and the codes of the units where it lies today."""

    districts: frozenset[str]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A location. ``unit`` is the code, "" when unsure; ``why`` gives the reason in Vietnamese; ``either`` holds the
    codes of the few units of which one must be meant."""

    unit: str = ""
    why: str = ""
    either: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """True when exactly one unit is meant."""
        return bool(self.unit)


Locate: TypeAlias = Callable[[], Place]
"""Finds the place that a mail is about, on the first call."""


class Gazetteer:
    """The names of places, prepared for search in texts."""

    def __init__(
        self,
        units: Mapping[str, Unit],
        data: Mapping[str, Mapping[str, Any]],
        former: Mapping[str, tuple[FormerWard, ...]],
    ) -> None:
        self.units = units
        self._former = list(former.values())
        self._former_matcher = Matcher(former)
        self._authorities = tuple(tuple(strip_marks(one).split()) for one in data["authorities"]["words"])
        self._codes: list[str] = []
        self._is_district: list[bool] = []
        phrases: list[str] = []
        for phrase, code, district in _names(units, data):
            phrases.append(phrase)
            self._codes.append(code)
            self._is_district.append(district)
        self.names = tuple(phrases)
        """All ways to write a place of today, and the old districts."""
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
        """The place named in a text; None when there is none. Two different ones, or an old district, are unsure."""
        hits = self._matcher.find(reading)
        wards = [hit for hit in hits if not self._is_district[hit.phrase]]
        districts = [hit for hit in hits if self._is_district[hit.phrase]]
        if districts and (still := self._codes[districts[0].phrase]) and self.units[still].valid_on(on):
            return Place(still, f"nơi nêu trong thư: “{_words(reading, districts[0])}”")
        former = self._former_places(reading, text, wards, districts, on)
        if former is not None:
            return former
        if districts:
            named = _words(reading, districts[0])
            return Place(why=f"“{named}” là tên quận, huyện cũ, nay chia thành nhiều phường, xã")
        return self._today(reading, wards, on) if wards else _unknown(text)

    def _former_places(
        self, reading: Tokens, text: str, wards: Sequence[Hit], districts: Sequence[Hit], on: date
    ) -> Place | None:
        """Where the former units that a text names lie today; None when it names none.

        A name that stands today too means the unit of before only beside "cũ" or an old district.
        """
        today = {(hit.start, hit.end) for hit in wards}
        hits = [
            hit
            for hit in self._former_matcher.find(reading)
            if districts or _is_former(reading, hit) or (hit.start, hit.end) not in today
        ]
        if hits and not districts and (elsewhere := _DISTRICT.search(text)):
            return Place(why=f"“{elsewhere.group()}” không phải quận, huyện cũ của thành phố")
        now = self._now(hits, {_bare_district(self._matcher.phrases[hit.phrase]) for hit in districts}, on)
        if not now:
            return None
        places = {(hit.start, hit.end) for hit in hits}
        beside = {self._codes[hit.phrase] for hit in wards if (hit.start, hit.end) not in places}
        meant = [code for code in now if code in beside] if beside else now
        if not meant:
            return Place(why=_many(reading, [*hits, *wards]))
        names = " hoặc ".join(self.units[code].name.removeprefix("Ủy ban nhân dân ") for code in meant)
        said = ", ".join(dict.fromkeys(f"“{_words(reading, hit)}”" for hit in hits))
        why = f"{said} nay thuộc {names}"
        return Place(meant[0], why) if len(meant) == 1 else Place("", why, tuple(meant))

    def _now(self, hits: Sequence[Hit], districts: set[str], on: date) -> list[str]:
        """The units of today that the former ones became; only those of the old districts, where any is named."""
        wards = [ward for hit in hits for ward in self._former[hit.phrase]]
        codes = (code for ward in wards if not districts or ward.districts & districts for code in ward.now)
        return [code for code in dict.fromkeys(codes) if self.units[code].valid_on(on)]

    def _today(self, reading: Tokens, wards: Sequence[Hit], on: date) -> Place:
        """The place by today's names."""
        live = [hit for hit in wards if self.units[self._codes[hit.phrase]].valid_on(on)]
        if not live:
            return Place(why=f"“{_words(reading, wards[0])}” chưa có vào ngày nhận thư")
        if len({self._codes[hit.phrase] for hit in live}) > 1:
            return Place(why=_many(reading, live))
        code, words = self._codes[live[0].phrase], _words(reading, live[0])
        if _is_former(reading, live[0]):
            return Place(why=f"“{words}” kèm chữ “cũ”: chưa rõ phường, xã mới nào")
        return Place(code, f"nơi nêu: “{words}”")

    def of_address(self, address: str, on: date) -> Place | None:
        """The place in an address; None when it names none."""
        return self.find(read(address), address, on) if address.strip() else None


def _words(reading: Tokens, hit: Hit) -> str:
    return reading.quote(hit.start, hit.end)


def _is_former(reading: Tokens, hit: Hit) -> bool:
    """Whether "cũ" or "trước đây" stands beside a ward's name; "chung cư cũ ở phường Kiến An" says nothing of it."""
    ahead = reading.quote(max(0, hit.start - _BESIDE), hit.start)
    behind = reading.quote(hit.end, hit.end + _BESIDE)
    return _SAYS_FORMER.search(ahead) is not None or _FORMER.match(behind) is not None


def _many(reading: Tokens, hits: Sequence[Hit]) -> str:
    names = dict.fromkeys(_words(reading, hit) for hit in sorted(hits, key=lambda hit: hit.start))
    return f"thư nêu nhiều nơi: {', '.join(names)}"


def _unknown(text: str) -> Place | None:
    """The reason why a ward that stands in no list is unsure; None when none is named."""
    named = (match for match in _UNKNOWN.finditer(text) if match[1][0].isupper() or match[1].isdigit())
    unknown = next(named, None)
    return Place(why=f"không có trong danh sách phường, xã hiện nay: “{unknown.group()}”") if unknown else None


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
    """Wards from the list of units, former ones from ``wards_before.tsv``, districts from ``routing/places.toml``.

    Raises ``DataFileError``.
    """
    units, data = load_units(source), source.toml("routing/places.toml")
    for district, code in data.get("districts", {}).items():
        if code and code not in units:
            raise DataFileError(f"routing/places.toml: districts: {district}: unknown unit {code!r}")
    return Gazetteer(units, data, _former_wards(source, units))


def _bare_district(name: str) -> str:
    """A district's name without its kind: "Quận Lê Chân" → "lê chân"."""
    lower = name.lower().strip()
    kind = next((kind for kind in _DISTRICTS if lower.startswith(kind)), "")
    return lower.removeprefix(kind)


def _former_wards(source: Source, units: Mapping[str, Unit]) -> dict[str, tuple[FormerWard, ...]]:
    """The former units by each way to write them; several where the name stood more than once.

    Raises ``DataFileError`` where a unit of today is not known.
    """
    codes = {unit.name.removeprefix("Ủy ban nhân dân ").lower(): unit.code for unit in units.values()}
    found: defaultdict[str, list[FormerWard]] = defaultdict(list)
    for row in source.tsv(_FORMER_FILE, _FORMER_COLUMNS):
        now = [cell.strip() for cell in row["now"].split(";")]
        if unknown := [name for name in now if name.lower() not in codes]:
            raise DataFileError(f"{_FORMER_FILE}: {row['name']}: now: {unknown[0]!r} is in no line of wards.tsv")
        districts = frozenset(map(_bare_district, row["district"].split(";")))
        ward = FormerWard(districts, tuple(codes[name.lower()] for name in now))
        for phrase in _ways(row["name"]):
            found[phrase].append(ward)
    return {phrase: tuple(wards) for phrase, wards in found.items()}


def _ways(name: str) -> Iterable[str]:
    """All ways to write a former unit. Raises ``DataFileError`` where its kind is not known."""
    lower = name.lower()
    for kind, ways in _FORMER_KINDS.items():
        if lower.startswith(f"{kind} "):
            return [f"{way} {lower.removeprefix(kind).strip()}" for way in ways]
    raise DataFileError(f"{_FORMER_FILE}: {name!r} must begin with {', '.join(_FORMER_KINDS)}")
