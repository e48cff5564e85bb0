"""The signs that distinguish the kinds of mail, read from ``rules/data/classify``, and their points in a text.

:mod:`rules.routing.mail_kind` decides which kind a mail is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

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
_OF_PROVINCE = ("tỉnh", "tỉnh ủy", "ở tỉnh", "tại tỉnh", "ủy ban nhân dân tỉnh")
_PREFIXES = (*_OF_PROVINCE, "ở", "tại", "thành phố", "tp", "ở thành phố", "tại thành phố")
"""Words that may stand before the name of a province."""
_PLACED = frozenset({"o", "tai", "tinh"})
"""First syllables of such words, behind which no street's name comes."""
_NUMBERED = frozenset({"so", "nha", "ngo", "ngach", "hem"})
"""Syllables before the number of a house or lane."""


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
    """A kind with its signs, for mails whose words the vote does not know (else ``classify/vote.toml`` decides).

    The kind applies from ``threshold`` points, and surely from ``certain``; from ``doubt`` on a person looks.
    """

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
    """Syllables without diacritics that begin a new thought: a "không" before them cancels nothing after them."""
    file_names: Mapping[str, str]
    """Words without diacritics in a file's name, and their meaning."""
    signals: Mapping[str, tuple[tuple[int, int], ...]]
    """By signal that code finds in a text: its signs, as in ``meanings``."""


def harmless_apart(reading: Tokens, book: KindBook, hits: Iterable[Hit]) -> Tokens:
    """The tokens without words known to be harmless; ``hits`` are the signs found."""
    return without(reading, (hit for hit in hits if any(one in HARMLESS for one in _meant(hit, reading, book))))


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


NEAR = 22
"""The most syllables from the first to the last of two words that belong together, both words included."""
NEGATION = 12
"""A "không" at most this many syllables before a plain word for a complaint cancels it."""
LISTED = 6
"""How far from the word at hand the other of "khiếu nại" and "tố cáo" is looked for: where the other one comes first,
at most four syllables may stand between the two, where it comes second, five."""
SHORT = 60
"""A letter with fewer syllables is short."""
MORE = 0.2
"""Each further phrase of the same sign adds this share of its points."""
_PERSON = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Oo]ng|[Bb]a)\s+(\w+)\s+(\w+)")
_LINK = re.compile(r"https?://|www\.|(?<![\w-])[\w-]+\.(?:com|net|info|xyz|top|club|shop|vip)\b", re.IGNORECASE)
"""A web address, or a name that ends like one."""
_NOT_THAT = ("phai", "la")
"""Syllables of "không phải là (tôi khiếu nại)": the denial also covers a new subject after them."""
_OTHER: Mapping[tuple[str, ...], tuple[str, ...]] = {("khieu", "nai"): ("to", "cao"), ("to", "cao"): ("khieu", "nai")}
NAMES = {
    Kind.DENUNCIATION: "tố cáo",
    Kind.COMPLAINT: "khiếu nại",
    Kind.OUT_OF_SCOPE: "ngoài lĩnh vực của thành phố",
    Kind.SPAM: "thư rác, quảng cáo",
    Kind.NOT_A_QUESTION: "không phải câu hỏi",
}


class Weighed(NamedTuple):
    """Points for one kind, with the words that gave them."""

    rule: KindRule
    points: float
    seen: tuple[str, ...]
    named: bool = False
    """The kind itself is named ("đơn tố cáo"), neither denied nor asked about."""
    speaking: float = 0.0
    """Points of signs for the kind, without the signs against it."""

    @property
    def holds(self) -> bool:
        """True when the points reach the threshold."""
        return self.points >= self.rule.threshold

    @property
    def doubtful(self) -> bool:
        """True when a person should look at the mail."""
        return self.points >= self.rule.doubt

    def said(self) -> str:
        """The reasons in words for an officer."""
        return (
            f"Dấu hiệu {NAMES[self.rule.kind]} ({self.points:.1f} điểm, mức {self.rule.threshold:.1f}): "
            + "; ".join(self.seen)
        )


def weigh_kinds(text: str, reading: Tokens, hits: Iterable[Hit], book: KindBook) -> dict[Kind, Weighed]:
    """The points of every kind for a text, its tokens and the signs found in it."""
    words: dict[tuple[int, int], list[str]] = {}
    marks: dict[str, list[Hit]] = {}
    for hit in hits:
        for meaning in _meant(hit, reading, book):
            if isinstance(meaning, str):
                marks.setdefault(meaning, []).append(hit)
            elif not (book.rules[meaning[0]].signs[meaning[1]].said and _taken_back(hit, reading, book)):
                words.setdefault(meaning, []).append(reading.quote(hit.start, hit.end))
    for number, rule in enumerate(book.rules):
        for place, sign in enumerate(rule.signs):
            if sign.near and (close := _close([marks.get(f"{number}.{name}", []) for name in sign.near], reading)):
                words[number, place] = [reading.quote(*close)]
    return _weigh(book, words, _signals(text, reading, set(marks)))


def _meant(hit: Hit, reading: Tokens, book: KindBook) -> tuple[tuple[int, int] | str, ...]:
    """What a hit means; a province behind the number of a house is only a street: "ngõ 56 Đà Nẵng"."""
    meanings, at = book.meanings[hit.phrase], hit.start
    if "province" not in meanings or reading.bare[at] in _PLACED:
        return meanings
    while at and reading.bare[at - 1][0].isdigit():
        at -= 1
    is_street = 0 < at < hit.start and reading.bare[at - 1] in _NUMBERED
    return ("neutral",) if is_street else meanings


def _taken_back(hit: Hit, reading: Tokens, book: KindBook) -> bool:
    """True for plain words ("tố cáo") after a "không" in the same sentence, or in a question."""
    sentence = reading.sentence[hit.start]
    if reading.asks[sentence] or _listed(hit, reading):
        return True
    for at in range(hit.start - 1, max(-1, hit.start - 1 - NEGATION), -1):
        if reading.sentence[at] != sentence:
            return False
        if reading.bare[at] in book.negations:
            return True
        if reading.bare[at] in book.anew and not (at and reading.bare[at - 1] in _NOT_THAT):
            return False
    return False


def _listed(hit: Hit, reading: Tokens) -> bool:
    """ "Tố cáo hay khiếu nại" side by side are only mentioned, not made; one that is made is called a "đơn"."""
    other = _OTHER.get(reading.bare[hit.start : hit.end])
    around = range(max(0, hit.start - LISTED), min(len(reading.bare), hit.end + LISTED))
    beside = (at for at in around if reading.bare[at : at + 2] == other)
    places = [at for at in beside if reading.sentence[at] == reading.sentence[hit.start]]
    return bool(places) and not any(at and reading.bare[at - 1] == "don" for at in (hit.start, *places))


def _close(lists: list[list[Hit]], reading: Tokens) -> tuple[int, int] | None:
    """The span of two hits, one from each list, that are close together outside a question; None without such."""
    for first in lists[0]:
        for second in lists[1]:
            start, end = min(first.start, second.start), max(first.end, second.end)
            apart = first.end <= second.start or second.end <= first.start
            if apart and end - start <= NEAR and not any(reading.asks[n] for n in reading.sentence[start:end]):
                return start, end
    return None


def _signals(text: str, reading: Tokens, marks: set[str]) -> set[str]:
    """The signals that code, not phrases, finds in a text."""
    asks = "asking" in marks or any(reading.asks)
    facts = {
        "person": any(match[1][0].isupper() and match[2][0].isupper() for match in _PERSON.finditer(text)),
        "link": _LINK.search(text) is not None,
        "asks": asks,
        "no_asking": not asks,
        "short": len(reading.words) < SHORT,
        "other_province": "province" in marks,
        "only_other_province": "province" in marks and "local" not in marks,
        "passing_province": "passing" in marks and not {"province", "local"} & marks,
    }
    return {name for name, holds in facts.items() if holds}


def _weigh(book: KindBook, words: Mapping[tuple[int, int], list[str]], signals: set[str]) -> dict[Kind, Weighed]:
    """Each kind's points: every sign counts once, each further phrase of it a little more."""
    points, speaking = [0.0] * len(book.rules), [0.0] * len(book.rules)
    seen: list[list[str]] = [[] for _ in book.rules]
    named = {number for number, place in words if book.rules[number].signs[place].said}
    for number, place in sorted({*words, *chain.from_iterable(book.signals.get(one, ()) for one in signals)}):
        sign = book.rules[number].signs[place]
        found = list(dict.fromkeys(words.get((number, place), ())))
        if sign.signal in signals:
            found.append(sign.name)
        counted = sign.points * (1 + MORE * min(3, len(found) - 1) if sign.points > 0 else 1)
        points[number] += counted
        speaking[number] += max(0.0, counted)
        seen[number].append(f"{sign.name} ({', '.join(found[:4])})" if not sign.signal else sign.name)
    return {
        rule.kind: Weighed(rule, round(points[number], 2), tuple(seen[number]), number in named, speaking[number])
        for number, rule in enumerate(book.rules)
    }
