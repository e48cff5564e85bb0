"""The signs that distinguish the kinds of mail, read from ``rules/data/classify``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.text.phrase_matcher import Hit, Matcher, without
from rules.text.tokens import Tokens, spelled_out
from rules.values.data_file import DataFileError, Source
from rules.values.model import Kind

FILES = ("denunciation", "complaint", "out_of_scope", "spam", "not_a_question")
SIGNALS = (
    "person",
    "link",
    "asks",
    "no_asking",
    "short",
    "other_province",
    "only_other_province",
    "passing_province",
)
HARMLESS = ("how", "neutral", "passing")
"""Phrases that make a serious word in them harmless: how to complain, or words that only look serious."""
_PREFIXES = (
    "tỉnh",
    "tỉnh ủy",
    "ở",
    "tại",
    "thành phố",
    "tp",
    "ở thành phố",
    "tại thành phố",
    "ở tỉnh",
    "tại tỉnh",
    "ủy ban nhân dân tỉnh",
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a kind: phrases, or a signal found by code; negative points count against the kind."""

    name: str
    points: float
    phrases: tuple[str, ...] = ()
    signal: str = ""
    near: tuple[str, ...] = ()
    """Two word lists of the same file: the sign is a word of each close together, outside a question."""
    said: bool = False
    """Its phrases name the kind itself ("tố cáo"): a "không" before them, or a question, cancels them."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """A kind with its signs; it applies from ``threshold``, surely from ``certain``; ``doubt``: a person looks."""

    kind: Kind
    clause: str
    threshold: float
    doubt: float
    certain: float
    signs: tuple[Sign, ...]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KindBook:
    """All kinds with one matcher; ``meanings`` gives for each phrase (rule, sign), or a word for other meanings."""

    rules: tuple[KindRule, ...]
    matcher: Matcher
    meanings: tuple[tuple[tuple[int, int] | str, ...], ...]
    limits: Mapping[str, Mapping[str, float]]
    """How signs and vote are added, for complaints and denunciations ("safe") and per other kind: the weight of signs
    relative to the vote's log-odds, and the scores that decide for the kind or call for a person."""
    negations: frozenset[str]
    """Syllables without diacritics that cancel what follows."""
    anew: frozenset[str]
    """Syllables without diacritics that begin something new: a "không" before them cancels nothing after them."""
    file_names: Mapping[str, str]
    """Words without diacritics in a file's name, and their meaning."""
    signals: Mapping[str, tuple[tuple[int, int], ...]]
    """By signal that code finds in a text: its signs, as in ``meanings``."""


def harmless_apart(reading: Tokens, book: KindBook, hits: Iterable[Hit]) -> Tokens:
    """The tokens without words known to be harmless; ``hits`` are the signs found."""
    return without(reading, (hit for hit in hits if any(one in HARMLESS for one in book.meanings[hit.phrase])))


def load_kinds(source: Source, asking: tuple[str, ...], shorthand: Mapping[str, str]) -> KindBook:
    """Read the signs. ``asking``: phrases that make a sentence a question. Raises :class:`DataFileError`."""
    rules = tuple(_rule(source, f"classify/{name}.toml") for name in FILES)
    meanings: dict[str, list[tuple[int, int] | str]] = {}
    for number, rule in enumerate(rules):
        for place, sign in enumerate(rule.signs):
            for phrase in sign.phrases:
                meanings.setdefault(phrase, []).append((number, place))
        for name, words in rule.lists.items():
            for word in words:
                meanings.setdefault(word, []).append(f"{number}.{name}")
    plain, outside = source.toml("classify/plain.toml"), source.toml("classify/out_of_scope.toml")
    for phrase, what in (*_plain(plain), *_places(outside), *((one, "asking") for one in asking)):
        meanings.setdefault(phrase, []).append(what)
    heads = _before_provinces(outside)
    provinces = [spelled_out(one, shorthand) for one in outside.get("provinces", ())]
    vote = source.toml("classify/vote.toml")
    return KindBook(
        rules,
        Matcher(
            (spelled_out(phrase, shorthand) for phrase in meanings),
            [([spelled_out(head, shorthand) for head, _ in heads], provinces)],
        ),
        (*map(tuple, meanings.values()), *((what,) for _, what in heads)),
        limits={
            kind: {name: float(value) for name, value in vote[kind].items()}
            for kind in ("safe", "out_of_scope", "spam", "not_a_question")
        },
        negations=frozenset(plain["negation"]["words"]),
        anew=frozenset(plain["negation"]["anew"]),
        file_names=plain.get("file_names", {}),
        signals={name: tuple(_signalled(rules, name)) for name in SIGNALS},
    )


def _signalled(rules: Iterable[KindRule], signal: str) -> Iterator[tuple[int, int]]:
    for number, rule in enumerate(rules):
        for place, sign in enumerate(rule.signs):
            if sign.signal == signal:
                yield number, place


def _plain(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for what in HARMLESS:
        for phrase in data.get(what, {}).get("phrases", ()):
            yield phrase, what


def _before_provinces(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Words before the name of a province, with the meaning that they then have."""
    return [
        *((prefix, "province") for prefix in _PREFIXES),
        *((before, "neutral") for before in data.get("harmless", ())),
        *((before, "passing") for before in data.get("passing", ())),
    ]


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Other provinces by their bare names, and the names of the city's own places."""
    ambiguous = set(data.get("ambiguous", ()))
    for province in data.get("provinces", ()):
        if province not in ambiguous:
            yield province, "province"
    for place in data.get("local", ()):
        yield place, "local"


def _rule(source: Source, file: str) -> KindRule:
    data = source.toml(file)
    if not data["doubt"] <= data["threshold"] <= data["certain"]:
        raise DataFileError(f"{file}: doubt must be at most threshold, threshold at most certain")
    lists = {name: tuple(words) for name, words in data.get("lists", {}).items()}
    return KindRule(
        kind=Kind(data["kind"]),
        clause=data["clause"],
        threshold=float(data["threshold"]),
        doubt=float(data["doubt"]),
        certain=float(data["certain"]),
        signs=tuple(_sign(entry, lists, f"{file}: {entry['name']}") for entry in data["sign"]),
        lists=lists,
    )


def _sign(entry: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]], where: str) -> Sign:
    signal, phrases, near = entry.get("signal", ""), tuple(entry.get("phrases", ())), tuple(entry.get("near", ()))
    if signal and signal not in SIGNALS:
        raise DataFileError(f"{where}: unknown signal {signal!r}; they are {', '.join(SIGNALS)}")
    if not (phrases or signal or near):
        raise DataFileError(f"{where}: phrases, a signal or near are missing")
    if near and (len(near) != 2 or not set(near) <= set(lists)):
        raise DataFileError(
            f"{where}: near must name two of the file's lists ({', '.join(lists) or 'there is none'})"
        )
    return Sign(entry["name"], float(entry["points"]), phrases, signal, near, bool(entry.get("said", False)))
