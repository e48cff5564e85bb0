"""Finds units named in a text: full names, codes, abbreviations ("Sở NN&MT", "UBND P. Hải An"), any diacritics.

Also the unit and the number in a document register's notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TypeAlias

from rules.message.quote_markers import DEFAULT
from rules.text import has_marks, squash, strip_marks
from rules.values.data_file import SOURCES_KEPT, Source, current_unit
from rules.values.model import Unit

_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_JOIN = r"[\s.,&-]*"
_COMMITTEE = squash("ủy ban")
_BODY = rf"(?:{_COMMITTEE} nhân dân|ubnd|{_COMMITTEE}|ub)"
_BODY_HEADS = (_COMMITTEE.split()[0], "ubnd", "ub")
_OWN_HEADS = ("phường", "p", "xã", "x", "đặc", "đk", "quận", "huyện", "q", "h")
_WORD = re.compile(r"[\w]+")
_ANY_BODY = re.compile(r"^(?:uy ban nhan dan|ubnd)\s+")
_ANY_KIND = re.compile(r"^(?:phuong|xa|dac khu|so)\s+")
LONGEST_NAME, SHORTEST_NAME = 8, 3
"""Only this many words are compared with names, if they have at least this many letters."""
NEAR = 0.7
_Form: TypeAlias = tuple[str, str]
"""A way to write a name as two patterns: the beginning that many names share, and the rest."""
_Group: TypeAlias = tuple[re.Pattern[str], tuple[tuple[int, tuple[str, ...]], ...]]
_KINDS = {"phường": r"(?:phường|p\.?)", "xã": r"(?:xã|x\.?)", "đặc khu": r"(?:đặc khu|đk)"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named in a text; ``codes`` may be several, as names survive reorganisations."""

    start: int
    end: int
    codes: tuple[str, ...]


class UnitNames:
    """The names of all units, prepared for search in squashed text. Forms are grouped by their first word."""

    def __init__(self, units: Mapping[str, Unit], aliases: Mapping[str, Sequence[str]]) -> None:
        self._units = units
        self._codes: dict[_Form, list[str]] = {}
        self._heads: dict[str, set[_Form]] = {}
        for unit in units.values():
            for head, form in _forms(unit, aliases.get(unit.code, ())):
                codes = self._codes.setdefault(form, [])
                if unit.code not in codes:
                    codes.append(unit.code)
                self._heads.setdefault(head, set()).add(form)

    @cached_property
    def _marked(self) -> dict[str, tuple[_Group, ...]]:
        return {head: _groups(self._codes, wanted) for head, wanted in self._heads.items()}

    @cached_property
    def _bare(self) -> dict[str, tuple[_Group, ...]]:
        return {strip_marks(head): _groups(self._codes, wanted, bare=True) for head, wanted in self._heads.items()}

    def find(self, squashed: str, *, bare: bool) -> tuple[Mention, ...]:
        """All units named, in order; where several names match, the longest wins."""
        groups = self._bare if bare else self._marked
        text = strip_marks(squashed) if bare else squashed
        mentions: list[Mention] = []
        for word in _WORD.finditer(text):
            begun = groups.get(word.group(), ())
            if not begun or (mentions and word.start() < mentions[-1].end):
                continue
            named = [
                (*forms[(match.lastindex or 1) - 1], match)
                for pattern, forms in begun
                if (match := pattern.match(text, word.start()))
            ]
            if named:
                _, codes, match = min(named, key=itemgetter(0))
                mentions.append(Mention(match.start(), match.end(), codes))
        return tuple(mentions)

    def is_local(self, code: str) -> bool:
        """Whether a unit is a ward or commune, or was a district, whose name stands in addresses too."""
        return self._units[code].kind in {"ward", "district"}

    def is_beside(self, code: str) -> bool:
        """Whether a unit is named in many stories of others: a utility, a ward, a former district."""
        return self._units[code].kind in {"ward", "district", "utility"}

    def resolve(self, codes: Sequence[str], on: date | None) -> str:
        """The unit meant on a day (None: now and later); "" when none of these units answers then."""
        day = on or date.max
        for code in codes:
            if self._units[code].valid_on(day):
                return code
        return next((unit.code for code in codes if (unit := current_unit(self._units, code, day))), "")


def _groups(
    codes: Mapping[_Form, Sequence[str]], wanted: Iterable[_Form], *, bare: bool = False
) -> tuple[_Group, ...]:
    """Patterns, one per beginning, with one group per name; and for each name its form's rank and its units.

    The longest form has the first rank. Repeating the beginning for each of a hundred names would take ten
    times as long to compile.
    """
    ordered = sorted(wanted, key=lambda form: (-len("".join(form)), "".join(form)))
    by_beginning: dict[str, dict[str, tuple[int, tuple[str, ...]]]] = {}
    for rank, (beginning, name) in enumerate(ordered):
        by_beginning.setdefault(beginning, {})[name] = rank, tuple(codes[beginning, name])
    groups = []
    for beginning, names in by_beginning.items():
        shape = f"{beginning}(?:{'|'.join(f'({name})' for name in names)})"
        groups.append((re.compile((strip_marks(shape) if bare else shape) + r"(?![\w])"), tuple(names.values())))
    return tuple(groups)


def _forms(unit: Unit, aliases: Sequence[str]) -> Iterator[tuple[str, _Form]]:
    """The forms of a name, each with its first word."""
    name = squash(_PARENTHESIS.sub("", unit.name))
    names = [unit.code.lower(), *(squash(alias) for alias in aliases)]
    if unit.kind in {"ward", "district"}:
        yield from _local_forms(name)
    else:
        names.append(name)
        if name.startswith("sở "):
            yield "sở", ("", r"sở\s+" + _initials(name.split()[1:]))
    for one in names:
        yield _WORD.findall(one)[0], ("", re.escape(one))  # "nn&mt" begins with "nn"


def _local_forms(name: str) -> Iterator[tuple[str, _Form]]:
    """``UBND phường X``, ``phường X``, ``UBND P. X``; a former district only with its body or kind before it."""
    place = re.sub(rf"^{_BODY}\s+", "", name)
    for kind, short in _KINDS.items():
        if place.startswith(kind + " "):
            own, called = short + r"\s*", re.escape(place.removeprefix(kind + " "))
            break
    else:
        own, called = r"(?:quận|huyện|q\.?|h\.?)\s*", re.escape(re.sub(r"^(?:quận|huyện)\s+", "", place))
        yield from ((head, (rf"{_BODY}\s+", called)) for head in _BODY_HEADS)
    yield from ((head, (rf"{_BODY}\s+{own}", called)) for head in _BODY_HEADS)
    yield from ((head, (own, called)) for head in _OWN_HEADS)


def _initials(words: Sequence[str]) -> str:
    """``nông nghiệp và môi trường`` → n n (và) m t, with the separators that people write in between."""
    pieces = []
    for word in words:
        letters = word.strip(",-&")
        if letters:
            pieces.append("(?:và" + _JOIN + ")?" if letters == "và" else re.escape(letters[0]) + _JOIN)
    return "".join(pieces).removesuffix(_JOIN)


class _Same:
    """A list of units compared by identity: hashing a hundred units per mail would cost more than the search."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units

    def __hash__(self) -> int:
        return id(self.units)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.units is self.units


@lru_cache(maxsize=16)
def _cached(same: _Same, source: Source, ordered: bool) -> UnitNames:
    aliases = source.toml("verbs.toml")["units"]
    short = source.toml("commands.toml")["units"] if ordered else {}
    return UnitNames(
        same.units, {code: [*aliases.get(code, ()), *short.get(code, ())] for code in {**aliases, **short}}
    )


def unit_names(units: Mapping[str, Unit], source: Source = DEFAULT, *, ordered: bool = False) -> UnitNames:
    """The names of these units; built once per list. ``ordered`` adds names that only officers' commands use."""
    return _cached(_Same(units), source, ordered)


def near_units(text: str, units: Iterable[Unit], most: int = 3) -> tuple[Unit, ...]:
    """The units whose names are most similar to ``text``, the most similar first; () when none is similar enough."""
    wanted = " ".join(_WORD.findall(strip_marks(squash(text)))[:LONGEST_NAME])
    if len(wanted) < SHORTEST_NAME:
        return ()
    tries = {wanted, _ANY_KIND.sub("", _ANY_BODY.sub("", wanted))}
    scored = [(max(_likeness(each, form) for each in tries for form in _plain_forms(unit)), unit) for unit in units]
    near = sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda pair: (-pair[0], pair[1].code))
    return tuple(unit for _, unit in near[:most])


def _plain_forms(unit: Unit) -> tuple[str, ...]:
    name = " ".join(_WORD.findall(strip_marks(squash(_PARENTHESIS.sub("", unit.name)))))
    place = _ANY_BODY.sub("", name)
    return unit.code.lower(), name, place, _ANY_KIND.sub("", place)


def _likeness(one: str, other: str) -> float:
    """Similarity, 0 to 1."""
    return SequenceMatcher(None, one, other).ratio() if other else 0.0


def mentions_in(text: str, names: UnitNames) -> Sequence[Mention]:
    """The units that a text names, with diacritics or without; positions are those of the squashed text.

    One word with other diacritics is another word ("thuê" is not "thuế"). A text without any has names of both kinds
    ("SYT", "so noi vu").
    """
    squashed = squash(text)
    bare = names.find(squashed, bare=True)
    if not has_marks(squashed):
        return bare
    marked = names.find(squashed, bare=False)
    if not marked:
        return [mention for mention in bare if _is_meant_bare(squashed, mention)]
    return sorted([*marked, *_typed_bare(squashed, bare, marked)], key=lambda one: one.start)


def _typed_bare(squashed: str, bare: Sequence[Mention], marked: Sequence[Mention]) -> Iterator[Mention]:
    """ "Sở Xây dựng và cty cap nuoc": names of several words, typed without diacritics beside others with them."""
    for one in bare:
        text = squashed[one.start : one.end]
        if (
            " " in text
            and not has_marks(text)
            and all(one.end <= each.start or each.end <= one.start for each in marked)
        ):
            yield one


def _is_meant_bare(squashed: str, mention: Mention) -> bool:
    text = squashed[mention.start : mention.end]
    return " " in text or not has_marks(text)


@dataclass(frozen=True, slots=True)
class DocumentNotice:
    """What a document register tells of a document: its number, and the unit that sends it ("" = unknown)."""

    unit: str
    number: str


@lru_cache(maxsize=SOURCES_KEPT)
def _notice_labels(source: Source) -> Mapping[str, Sequence[str]]:
    return source.toml("verbs.toml")["document_notice"]  # type: ignore[no-any-return]


def document_notice(text: str, units: Mapping[str, Unit], source: Source = DEFAULT) -> DocumentNotice | None:
    """A mail with the three labelled lines of a document register: who sends, the number, the abstract; else None."""
    labels, told = _notice_labels(source), dict[str, str]()
    for line in text.splitlines()[:60]:
        label, _, rest = line.partition(":")
        if not rest.strip():
            continue
        plain = strip_marks(squash(label)).strip(" -*•>")
        for name in (name for name, words in labels.items() if plain in words):
            told.setdefault(name, rest.strip())
    if len(told) < len(labels):
        return None
    names = unit_names(units, source)
    mentions = mentions_in(told["sender"], names)
    return DocumentNotice(names.resolve(mentions[0].codes, None) if mentions else "", told["number"][:60])
