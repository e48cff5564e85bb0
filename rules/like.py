"""Like questions found among many (clause 9.1: what many people ask): marks, spelling and words may differ.

A text becomes a small set of features without marks: its telling syllables (who asks and greets is left
out) and its pairs of syllables. An inverted index over the rare features finds who shares any; the score is a
cosine with rare features weighing more. Adding and finding touch only texts that share a rare feature, so a
search stays fast at a hundred thousand texts.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from rules.loader import Source
from rules.matching import Matcher, read, spelled_out, syllable_keys
from rules.rulebook import AS_SHIPPED
from rules.text import untype

THRESHOLD = 0.52
"""From this cosine on two questions are taken for alike (measured on tests/data/like_pairs.tsv)."""
PAIR, NAMED, DIGITS = 0.2, 2.0, 0.7
"""How much a pair of syllables, a thing with several names, and a number count beside a syllable."""
RAREST = 4.5
"""Rarity (natural logarithm) beyond which a feature tells no more: it may be a slip of the pen."""
BUDGET = 40_000
"""Entries of the inverted index looked at in one search, rare features first."""
COMPARED = 300
"""Texts compared in full in one search."""


@dataclass(frozen=True, slots=True)
class LikeWords:
    """Words that say nothing (without marks), ways to call one thing, and abbreviations."""

    common: frozenset[str]
    same: Matcher
    group: tuple[int, ...]
    shorthand: Mapping[str, str]


@cache
def load_like_words(source: Source = AS_SHIPPED) -> LikeWords:
    """Read ``like.toml``. Raises ``DataFileError``."""
    data = source.toml("like.toml")
    shorthand = source.toml("routing/shorthand.toml").get("shorthand", {})
    named = [(spelled_out(word, shorthand), number) for number, words in enumerate(data["same"]) for word in words]
    return LikeWords(
        common=frozenset(syllable_keys(word)[1] for word in data["common"].split()),
        same=Matcher(word for word, _ in named),
        group=tuple(number for _, number in named),
        shorthand=shorthand,
    )


def like_features(text: str, words: LikeWords) -> dict[str, float]:
    """What a text is compared by, with how much each feature counts by itself."""
    keys = _tokens(text, words)
    found = {}
    for first, second in pairwise(keys):
        if not (first in words.common and second in words.common):
            found[f"{first} {second}"] = PAIR
    for key in keys:
        if key not in words.common:
            found[key] = NAMED if key.startswith("=") else DIGITS if key.isdigit() else 1.0
    return found


def _tokens(text: str, words: LikeWords) -> list[str]:
    """Syllables without marks; what has several names is one token."""
    reading = read(untype(text), words.shorthand)
    tokens: list[str] = []
    place = 0
    names = {hit.start: hit for hit in reversed(words.same.find(reading))}
    while place < len(reading.bare):
        hit = names.get(place)
        if hit is not None:
            tokens.append(f"={words.group[hit.phrase]}")
            place = hit.end
            continue
        if reading.bare[place] != ".":
            tokens.append(reading.bare[place])
        place += 1
    return tokens


@lru_cache(maxsize=65536)
def _rarity(shared: int, total: int) -> float:
    """How much a feature tells: nothing when all share it."""
    return math.sqrt(min(RAREST, math.log((1 + total) / (1 + shared))) + 0.01)


class LikeIndex:
    """Texts by key; finds those like a given text. A pure data structure: it knows no clock and no store."""

    __slots__ = ("_features", "_keys", "_names", "_posts", "_words")

    def __init__(self, source: Source = AS_SHIPPED) -> None:
        self._words = load_like_words(source)
        self._keys: dict[Hashable, int] = {}
        self._names: list[Hashable] = []
        self._features: list[tuple[tuple[str, float], ...]] = []
        self._posts: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, text: str) -> None:
        """Take a text in; a key that is there already gets the new text instead."""
        number = len(self._names)
        found = like_features(text, self._words)
        self._keys[key] = number
        self._names.append(key)
        self._features.append(tuple(found.items()))
        for feature in found:
            self._posts.setdefault(feature, []).append(number)

    def find(
        self, text: str, threshold: float = THRESHOLD, most: int = 20, leave_out: Iterable[Hashable] = ()
    ) -> tuple[tuple[Hashable, float], ...]:
        """Keys of like texts with their score in 0..1, best first. ``leave_out``: keys not to name."""
        total = len(self._names)
        own = self._weighed(like_features(text, self._words).items(), total)
        norm = math.sqrt(sum(weight * weight for weight in own.values()))
        if not norm:
            return ()
        hidden = {self._keys[key] for key in leave_out if key in self._keys}
        scores = []
        for number in self._candidates(own):
            if number in hidden or self._keys.get(self._names[number]) != number:
                continue  # not wanted, or replaced by a newer text of the same key
            score = self._cosine(own, norm, number, total)
            if score >= threshold:
                scores.append((self._names[number], round(score, 3)))
        return tuple(heapq.nsmallest(most, scores, key=lambda pair: (-pair[1], str(pair[0]))))

    def score(self, first: str, second: str) -> float:
        """How alike two texts are, with the rarity of words taken from the index."""
        total = len(self._names)
        one = self._weighed(like_features(first, self._words).items(), total)
        two = self._weighed(like_features(second, self._words).items(), total)
        shared = sum(weight * two[feature] for feature, weight in one.items() if feature in two)
        return shared / (_length(one) * _length(two) or 1.0)

    def _weighed(self, features: Iterable[tuple[str, float]], total: int) -> dict[str, float]:
        return {name: weight * _rarity(len(self._posts.get(name, ())), total) for name, weight in features}

    def _candidates(self, own: Mapping[str, float]) -> list[int]:
        """Numbers of the texts that share the most with the rarer features, as far as the budget goes."""
        known = sorted((len(self._posts[feature]), feature) for feature in own if feature in self._posts)
        sums: dict[int, float] = {}
        spent = 0
        for count, feature in known:
            spent += count
            if spent > BUDGET and sums:
                break
            gain = own[feature] ** 2
            for number in self._posts[feature]:
                sums[number] = sums.get(number, 0.0) + gain
        return heapq.nlargest(COMPARED, sums, key=lambda number: (sums[number], -number))

    def _cosine(self, own: Mapping[str, float], norm: float, number: int, total: int) -> float:
        other = self._weighed(self._features[number], total)
        shared = sum(weight * own[feature] for feature, weight in other.items() if feature in own)
        return shared / (norm * _length(other) or 1.0)


def _length(weights: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
