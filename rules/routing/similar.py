"""Like questions found among many (clause 9.1: what many people ask): marks, spelling and words may differ.

A text becomes a small set of features without marks: its telling syllables (who asks and greets is left
out) and its pairs of syllables. An inverted index over the rare features finds who shares any; the score is a
cosine with rare features weighing more. Adding and finding touch only texts that share a rare feature, so a
search stays fast at a hundred thousand texts.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat

from rules.routing.routing_rules import AS_SHIPPED, load_tokenizer
from rules.text import untype
from rules.text.phrase_matcher import Matcher
from rules.text.tokens import Tokenizer, spelled_out, syllable_keys
from rules.values.data_file import SOURCES_KEPT, Source

THRESHOLD = 0.52
"""From this cosine on two questions are taken for alike (measured on tests/data/like_pairs.tsv)."""
PAIR, NAMED, DIGITS = 0.2, 2.0, 0.7
"""How much a pair of syllables, a thing with several names, and a number count beside a syllable."""
RAREST = 4.5
"""Rarity (natural logarithm) beyond which a feature tells no more: it may be a slip of the pen."""
BUDGET = 10_000
"""Entries of the inverted index looked at in one search, rare features first."""
COMPARED = 100
"""Texts compared in full in one search."""


@dataclass(frozen=True, slots=True)
class SimilarWords:
    """Words that say nothing (without marks), ways to call one thing, and what reads with abbreviations."""

    common: frozenset[str]
    same: Matcher
    group: tuple[int, ...]
    reader: Tokenizer


@lru_cache(maxsize=SOURCES_KEPT)
def load_similar_words(source: Source = AS_SHIPPED) -> SimilarWords:
    """Read ``like.toml``. Raises ``DataFileError``."""
    data = source.toml("like.toml")
    reader = load_tokenizer(source)
    named = [
        (spelled_out(word, reader.shorthand), number) for number, words in enumerate(data["same"]) for word in words
    ]
    return SimilarWords(
        common=frozenset(syllable_keys(word)[1] for word in data["common"].split()),
        same=Matcher(word for word, _ in named),
        group=tuple(number for _, number in named),
        reader=reader,
    )


def _tokens(text: str, words: SimilarWords) -> list[str]:
    """Syllables without marks; what has several names is one token."""
    reading = words.reader(untype(text))
    tokens: list[str] = []
    place = 0
    for hit in words.same.find(reading):  # in order, the longest first of those that begin together
        if hit.start >= place:
            tokens += reading.bare[place : hit.start]
            tokens.append(f"={words.group[hit.phrase]}")
            place = hit.end
    tokens += reading.bare[place:]
    return [each for each in tokens if each != "."]


def features(text: str, words: SimilarWords) -> dict[str, float]:
    """What a text is compared by, and how much each counts by itself: telling syllables, and pairs that hold one."""
    tokens = _tokens(text, words)
    found = {
        f"{one} {two}": PAIR for one, two in pairwise(tokens) if not (one in words.common and two in words.common)
    }
    for one in tokens:
        if one not in words.common:
            found[one] = NAMED if one[0] == "=" else DIGITS if one.isdigit() else 1.0
    return found


def _is_pair(feature: str) -> bool:
    """True for two syllables; of the features of a text they stand before the single ones."""
    return " " in feature


class SimilarIndex:
    """Texts by key; finds those like a given text. A pure data structure: it knows no clock and no store."""

    def __init__(self, source: Source = AS_SHIPPED) -> None:
        self._words = load_similar_words(source)
        self._names: dict[str, int] = {}  # a feature to its number: texts hold numbers, which take less room
        self._squares: list[float] = []  # the square of how much each feature counts by itself,
        self._posts: list[list[int]] = []  # and the texts that have it
        self._keys: dict[Hashable, int] = {}
        self._texts: list[tuple[Hashable, tuple[int, ...], int]] = []  # with the place where its pairs end
        self._read: tuple[str, tuple[int, ...], int] = ("", (), 0)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, text: str) -> None:
        """Take a text in; a key that is there already gets the new text instead."""
        number = len(self._texts)
        found, pairs = self._numbered(text)
        for feature in found:
            self._posts[feature].append(number)
        self._texts.append((key, found, pairs))
        self._keys[key] = number

    def remove(self, key: Hashable) -> None:
        """Find a text no more; nothing when it is not there."""
        self._keys.pop(key, None)

    def find(
        self, text: str, threshold: float = THRESHOLD, most: int = 20, leave_out: Iterable[Hashable] = ()
    ) -> tuple[tuple[Hashable, float], ...]:
        """Keys of like texts with their score in 0..1, best first. ``leave_out``: keys not to name."""
        weights = _Weights(self._squares, self._posts, len(self._texts))
        asked = _asked(self._numbered(text)[0], weights)
        whole = sum(asked.values())
        enough = threshold**2 * whole
        hidden = {self._keys[key] for key in leave_out if key in self._keys}
        found = []
        for number, most_shared in self._near(asked):
            if most_shared < enough:  # a text weighs at least what it shares: its cosine cannot reach the threshold
                continue
            key, known, pairs = self._texts[number]
            if number in hidden or self._keys.get(key) != number:
                continue  # not wanted, or replaced by a newer text of the same key
            if most_shared**2 < enough * sum(weights.of(known[pairs:])):
                continue  # it weighs at least what its syllables do, which are most of it and a third of the work
            score = _cosine(asked, whole, known, weights)
            if score >= threshold:
                found.append((key, round(score, 3)))
        return tuple(heapq.nsmallest(most, found, key=lambda pair: (-pair[1], str(pair[0]))))

    def score(self, first: str, second: str) -> float:
        """How alike two texts are, with the rarity of words taken from the index."""
        weights = _Weights(self._squares, self._posts, len(self._texts))
        asked = _asked(self._numbers(features(first, self._words)), weights)
        other = self._numbers(features(second, self._words))
        return _cosine(asked, sum(asked.values()), other, weights)

    def _numbered(self, text: str) -> tuple[tuple[int, ...], int]:
        """The numbers of a text's features, and where its pairs end.

        A new question is searched for, and taken in next: it is read once.
        """
        if text != self._read[0]:
            read = features(text, self._words)
            self._read = text, self._numbers(read), sum(map(_is_pair, read))
        return self._read[1:]

    def _numbers(self, found: Mapping[str, float]) -> tuple[int, ...]:
        """The numbers of features; one that is new gets the next."""
        names, squares = self._names, self._squares
        numbers = tuple([names.setdefault(name, len(names)) for name in found])
        fresh = [base for number, base in zip(numbers, found.values(), strict=True) if number >= len(squares)]
        squares += [base**2 for base in fresh]
        self._posts += [[] for _ in fresh]
        return numbers

    def _near(self, asked: Mapping[int, float]) -> list[tuple[int, float]]:
        """The texts that share most of the rarer features, which are looked at as far as the budget goes.

        Each with the most that it can share: what it does of these, and all that was not looked at.
        """
        sums: defaultdict[int, float] = defaultdict(float)
        spent, unseen = 0, sum(asked.values())
        for feature in sorted(asked, key=lambda one: len(self._posts[one])):
            spent += len(self._posts[feature])
            if spent > BUDGET:
                break
            mass = asked[feature]
            unseen -= mass
            for number in self._posts[feature]:
                sums[number] += mass
        near = heapq.nlargest(COMPARED, sums, key=lambda number: (sums[number], -number))
        return [(number, sums[number] + unseen) for number in near]


def _asked(numbers: Sequence[int], weights: _Weights) -> dict[int, float]:
    """What a search is made with: by feature the square of how much it counts."""
    return dict(zip(numbers, weights.of(numbers), strict=True))


class _Weights:
    """How much features count in one search: by the texts that there are now.

    Many features are shared by as few texts as others are, so that one logarithm serves them all.
    """

    def __init__(self, squares: Sequence[float], posts: Sequence[Sequence[int]], texts: int) -> None:
        self._squares, self._posts = squares, posts
        self._rarities = _Rarities(texts)
        self._masses: dict[int, float] = {}

    def of(self, wanted: Sequence[int]) -> list[float]:
        """The squares of how much these features count; each is reckoned once."""
        masses, squares, posts, rarities = self._masses, self._squares, self._posts, self._rarities
        masses |= {one: squares[one] * rarities[len(posts[one])] for one in wanted if one not in masses}
        return [masses[one] for one in wanted]


class _Rarities(dict[int, float]):
    """By how many texts share a feature: how rare it is among so many."""

    def __init__(self, texts: int) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, shared_by: int) -> float:
        self[shared_by] = min(RAREST, math.log((1 + self._texts) / (1 + shared_by))) + 0.01
        return self[shared_by]


def _cosine(asked: Mapping[int, float], whole: float, known: Sequence[int], weights: _Weights) -> float:
    """How alike a text with the features ``known`` is to what is searched for, all of which weighs ``whole``."""
    shared = sum(map(asked.get, known, repeat(0.0)))
    return shared / math.sqrt(whole * sum(weights.of(known))) if shared else 0.0
