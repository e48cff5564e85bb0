"""The routing rules, read from ``rules/data/routing``: fields with their phrases, weights, thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice, repeat
from typing import Any

from rules.routing.kind_signs import KindBook, load_kinds
from rules.routing.wards import Gazetteer, load_gazetteer
from rules.text.phrase_matcher import Hit, Matcher
from rules.text.statistical_vote import Vote, features, load_vote
from rules.text.tokens import Tokenizer, Tokens, spelled_out
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source, current_unit, load_units
from rules.values.model import Unit

AS_SHIPPED = Source()
WARD = "@ward"
"""In a rule: the People's Committee of the ward where the matter is."""
TIERS = ("decisive", "strong", "clear", "hint")
TALK_KNOWN = 0.3
"""The share of a sentence's syllables that the vote of talk must know."""
CLEAR = 1.5
"""A sentence whose words have at least this weight is matter; one clear word is not enough."""
LONGEST_TALK = 40
"""A sentence of more syllables is taken for matter."""
JUDGED_CHARS = 60_000
"""The unit is sought, and the votes judge, in the first so many characters of a letter (thirty pages); signs of its
kind are sought in the whole letter."""
MOST_SENTENCES = 300
"""So many sentences of a letter are looked at; the rest counts as matter."""
_OTHERS = {"places", "scoring", "shorthand"}
"""Files of the folder that contain no unit's fields."""
_KEYS = {"name", "before", "over", "fallback", "unless", "support", "unit", *TIERS}


def unit_files() -> tuple[str, ...]:
    """The names of the files with the fields of units: all others that ship in the folder."""
    return tuple(name for name in Source().stems("routing") if name not in _OTHERS)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of work. ``unit`` is a unit's code or WARD; ``before`` had the field until that unit existed."""

    name: str
    unit: str
    file: str
    phrases: Mapping[str, tuple[str, ...]]
    unless: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    before: str = ""
    fallback: str = ""
    over: tuple[str, ...] = ()
    """Units whose words count less when a decisive phrase of this field occurs."""

    def unit_on(self, units: Mapping[str, Unit], on: date) -> str:
        """The code of the unit that has this field on a day; WARD for a ward's matter, "" for none."""
        if self.unit == WARD:
            return WARD
        unit = units.get(self.unit)
        if unit is not None and on < unit.valid_from and self.before:
            return self.before if units[self.before].valid_on(on) else ""
        return unit_on(self.unit, units, on)


def unit_on(code: str, units: Mapping[str, Unit], on: date) -> str:
    """The unit that answers for a unit on a day: itself or its successor; "" for none."""
    now = current_unit(units, code, on)
    return now.code if now else ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: ``what`` is a tier, "unless", "ignore", "asking" or "named" (then with ``unit``)."""

    what: str
    field: int = -1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The numbers of ``scoring.toml``."""

    weight: Mapping[str, float]
    threshold: Mapping[str, float]
    model: Mapping[str, float]
    forward: Mapping[str, float]
    """By unit: a higher share than usual, required for forwarding its questions automatically."""
    hosts: frozenset[str]
    """Units that run the dialogue, which people mention in any question."""
    pairs: frozenset[frozenset[str]]
    """Units that share matters: when two of them together are nearly certain, the likelier one leads."""


@dataclass(frozen=True, eq=False)
class RoutingTable:
    """Everything that routing and classifying rest on. Matchers are built on first use."""

    source: Source
    fields: tuple[Field, ...]
    scoring: Scoring
    units: Mapping[str, Unit]
    shorthand: Mapping[str, str]
    asking: tuple[str, ...]
    ignore: tuple[str, ...]

    @cached_property
    def lexicon(self) -> tuple[Matcher, tuple[tuple[Meaning, ...], ...]]:
        """The matcher for all phrases, and the meanings of each phrase."""
        meanings: dict[str, list[Meaning]] = {}
        for phrase, meaning in _meanings(self):
            meanings.setdefault(spelled_out(phrase, self.shorthand), []).append(meaning)
        same: dict[tuple[Meaning, ...], tuple[Meaning, ...]] = {}  # a few hundred for thousands of phrases
        return Matcher(meanings), tuple(same.setdefault(one, one) for one in map(tuple, meanings.values()))

    @cached_property
    def reader(self) -> Callable[[str], Tokens]:
        """Tokenises a text with these abbreviations; keeps recent results, as kind and unit use the same tokens."""
        return lru_cache(maxsize=4)(load_tokenizer(self.source))

    @cached_property
    def _asking(self) -> Matcher:
        return Matcher(spelled_out(phrase, self.shorthand) for phrase in self.asking)

    def asking_sentences(self, reading: Tokens) -> frozenset[int]:
        """The numbers of the sentences that ask, by question mark or by words."""
        marked = (number for number, asks in enumerate(reading.asks) if asks)
        return frozenset((*marked, *(reading.sentence[hit.start] for hit in self._asking.find(reading))))

    def find_talk(self, reading: Tokens, heard: Mapping[str, Mapping[int, float]]) -> list[Hit]:
        """The places of sentences that only greet, thank, or speak of the writing itself; none if no sentence would
        be left.

        ``heard``: for each unit the points of its words, by sentence. A sentence with clear words of a unit is not
        such talk; words of the units that run the dialogue do not count here, since they often mean the dialogue
        itself.
        """
        vote = load_vote("talk", self.source)
        spoken = [said for code, said in heard.items() if code not in self.scoring.hosts]
        matter = {number for said in spoken for number, points in said.items() if points >= CLEAR}
        spans = list(islice(reading.sentences(), MOST_SENTENCES))
        if vote is None or len(spans) < 2:
            return []
        found = [
            Hit(start, end, -1)
            for start, end in spans
            if end - start <= LONGEST_TALK and reading.sentence[start] not in matter
            if self._is_talk(vote, reading.part(start, end))
        ]
        return found if len(found) < len(spans) else []

    def _is_talk(self, vote: Vote, sentence: Tokens) -> bool:
        share = vote.shares(features(sentence), TALK_KNOWN).get("talk", -math.inf)
        return math.exp(share) >= self.scoring.threshold["talk"]

    @cached_property
    def day(self) -> Callable[[date], Day]:
        """The units of a day; recent days are kept, as most mails are from one day."""
        return lru_cache(maxsize=16)(lambda on: Day(self, on))

    @cached_property
    def kinds(self) -> KindBook:
        """The signs of the kinds of mail."""
        return load_kinds(self.source, self.asking, self.shorthand)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places."""
        return load_gazetteer(self.source)


class Day(dict[str, tuple[str, ...]]):
    """Today's units as they were on a day: by code the unit itself, its successor, or all whose work it took over."""

    def __init__(self, table: RoutingTable, on: date) -> None:
        super().__init__()
        self._table = table
        self._on = on

    def __missing__(self, code: str) -> tuple[str, ...]:
        units = self[code] = self._units(code)
        return units

    def _units(self, code: str) -> tuple[str, ...]:
        if code == WARD:
            return (WARD,)
        units, on = self._table.units, self._on
        unit = current_unit(units, code, on)
        if unit is not None:
            return (unit.code,)
        former = (one.before for one in self._table.fields if one.unit == code and one.before)
        return tuple(dict.fromkeys(one for one in former if units[one].valid_on(on)))


def _meanings(table: RoutingTable) -> Iterator[tuple[str, Meaning]]:
    for number, field in enumerate(table.fields):
        for tier in TIERS:
            yield from zip(field.phrases[tier], repeat(Meaning(tier, number)), strict=False)
        yield from zip(field.unless, repeat(Meaning("unless", number)), strict=False)
    # "Phường" in a ward's name says where something is, not that it is a ward's matter.
    yield from zip((*table.ignore, *table.gazetteer.names), repeat(Meaning("ignore")), strict=False)
    yield from zip(table.asking, repeat(Meaning("asking")), strict=False)
    for unit in table.units.values():
        if unit.kind not in {"ward", "district"}:
            yield unit.name.partition(" (")[0].lower(), Meaning("named", unit=unit.code)


@lru_cache(maxsize=SOURCES_KEPT)
def load_tokenizer(source: Source = AS_SHIPPED) -> Tokenizer:
    """A tokenizer with the abbreviations of ``shorthand.toml``. Raises :class:`DataFileError`."""
    return Tokenizer(source.toml("routing/shorthand.toml").get("shorthand", {}))


@lru_cache(maxsize=SOURCES_KEPT)
def load_routing(source: Source = AS_SHIPPED) -> RoutingTable:
    """Read all rules. Raises :class:`DataFileError` with file, place and fault."""
    units = load_units(source)
    scoring = source.toml("routing/scoring.toml")
    names = (*(f"routing/{name}.toml" for name in unit_files()), *files_of_new_units(source))
    fields = tuple(field for name in names for field in _fields(source, name, units))
    return RoutingTable(
        source=source,
        fields=fields,
        scoring=Scoring(
            weight=_numbers(scoring, "weight"),
            threshold=_numbers(scoring, "threshold"),
            model=_numbers(scoring, "model"),
            forward=_numbers(scoring, "forward"),
            hosts=_hosts(scoring, units),
            pairs=_pairs(scoring, units),
        ),
        units=units,
        shorthand=load_tokenizer(source).shorthand,
        asking=tuple(scoring.get("asking", {}).get("phrases", ())),
        ignore=(*scoring.get("ignore", {}).get("phrases", ()), *_locations(scoring.get("location", {}))),
    )


def files_of_new_units(source: Source) -> tuple[str, ...]:
    """The operator's additional files in ``routing/``: each that names a unit, in its head or in a field.

    Raises :class:`DataFileError` for a file that is not TOML.
    """
    own = [name for name in source.own if name.startswith("routing/") and name.endswith(".toml")]
    return tuple(name for name in own if not source.ships(name) and {"unit", "field"} & set(source.toml(name)))


def with_thresholds(table: RoutingTable, forward: float | None, review: float | None) -> RoutingTable:
    """The same rules with an installation's own thresholds, shares from 0 to 1; None keeps the file's value.

    An own ``forward`` applies to all units: the file's values for single units are ignored.
    Several questions in a mail each need the threshold ``item``, which is never below an own ``forward``.
    Raises :class:`DataFileError` when the resulting two are in the wrong order.
    """
    if forward is None and review is None:
        return table
    limits = dict(table.scoring.threshold)
    if forward is not None:
        limits |= {"forward": forward, "brief": forward, "item": max(limits["item"], forward), "pair_lead": forward}
    if review is not None:
        limits["review"] = review
    if limits["forward"] < limits["review"]:
        raise DataFileError(
            f"[rules]: forward_threshold {limits['forward']} is below review_threshold {limits['review']} "
            "(one that is not set is that of routing/scoring.toml)"
        )
    units = table.scoring.forward if forward is None else {}
    return replace(table, scoring=replace(table.scoring, threshold=limits, forward=units))


def _locations(data: Mapping[str, Any]) -> Iterator[str]:
    """Phrases that only name a place: "trước cổng trường"."""
    for before in data.get("before", ()):
        for place in data.get("places", ()):
            yield f"{before} {place}"


def _numbers(data: Mapping[str, Any], name: str) -> Mapping[str, float]:
    numbers = data.get(name, {})
    if not numbers or not all(isinstance(value, int | float) for value in numbers.values()):
        raise DataFileError(f"routing/scoring.toml: [{name}]: numbers are missing")
    return numbers  # type: ignore[no-any-return]


def _pairs(data: Mapping[str, Any], units: Mapping[str, Unit]) -> frozenset[frozenset[str]]:
    pairs = data.get("pairs", {}).get("units", [])
    for pair in pairs:
        if len(set(pair)) != 2 or any(code != WARD and code not in units for code in pair):
            raise DataFileError(f"routing/scoring.toml: [pairs]: {pair!r} must be the codes of two units")
    return frozenset(map(frozenset, pairs))


def _hosts(data: Mapping[str, Any], units: Mapping[str, Unit]) -> frozenset[str]:
    hosts = data.get("hosts", {}).get("units", [])
    for code in hosts:
        if code not in units:
            raise DataFileError(f"routing/scoring.toml: [hosts]: {code!r} must be the code of a unit")
    return frozenset(hosts)


def _fields(source: Source, file: str, units: Mapping[str, Unit]) -> Iterator[Field]:
    data = source.toml(file)
    owner = data.get("unit", "")
    for place, entry in enumerate(data.get("field", ()), start=1):
        where = f"{file}: field {place} ({entry.get('name', '?')})"
        if unknown := set(entry) - _KEYS:
            raise DataFileError(f"{where}: unknown key {sorted(unknown)[0]!r}")
        field = Field(
            name=_text(entry, "name", where),
            unit=_text(entry, "unit", where) or owner,
            file=file,
            phrases={tier: _list(entry, tier, where) for tier in TIERS},
            unless=_list(entry, "unless", where),
            support=_list(entry, "support", where),
            before=_text(entry, "before", where),
            fallback=_text(entry, "fallback", where),
            over=_list(entry, "over", where),
        )
        if not field.unit:
            raise DataFileError(f"{where}: unit is missing, here or at the top of the file")
        for code in (field.unit, field.before, field.fallback, *field.support, *field.over):
            if code and code != WARD and code not in units:
                raise DataFileError(f"{where}: unknown unit {code!r}")
        yield field


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise DataFileError(f"{where}: {key} must be a text")
    return value


def _list(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise DataFileError(f"{where}: {key} must be a list of phrases")
    return tuple(value)
