"""Finds similar questions (clause 9.1: what many people ask), despite other diacritics, spelling and words.

A text becomes a small set of features without diacritics: its distinctive syllables, without those about the
requester and greetings. An inverted index over rare features finds texts that share any;
the score is a cosine in which rare features weigh more. Adding and finding touch only texts with a common rare
feature, so that a search stays fast among a hundred thousand texts.

Also whether a letter is word for word one that the same person sent before.
"""

from __future__ import annotations

import heapq
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice, repeat
from typing import Protocol, TypeVar

from rules.routing.routing_rules import AS_SHIPPED, load_tokenizer
from rules.text import squash, strip_marks, untype
from rules.text.phrase_matcher import Matcher
from rules.text.tokens import Tokenizer, spelled_out, syllable_keys
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Kind
from rules.values.states import QuestionStatus

THRESHOLD = 0.52
"""Two questions with at least this cosine count as similar (measured on tests/data/like_pairs.tsv)."""
NAMED, DIGITS = 2.0, 0.7
"""The weight of a thing with several names, and of a number, relative to one syllable."""
RAREST = 4.5
"""Rarity (natural logarithm) is limited to this, as an even rarer feature may be a typing error."""
BUDGET = 10_000
"""Entries of the inverted index examined in one search, rare features first."""
COMPARED = 100
"""Texts fully compared in one search."""
MISSES = 25
"""After so many compared texts in a row that are not similar the search ends, since the nearest come first. Of 353
similar texts among 2,000 letters, the last one came after 17 others."""


@dataclass(frozen=True, slots=True)
class SimilarWords:
    """Words without meaning here (no diacritics), alternative names for one thing, and a tokenizer."""

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
    """Syllables without diacritics; a thing with several names becomes one token."""
    reading = words.reader(untype(text))
    tokens: list[str] = []
    place = 0
    for hit in words.same.find(reading):  # in order; of those with the same start, the longest first
        if hit.start >= place:
            tokens += reading.bare[place : hit.start]
            tokens.append(f"={words.group[hit.phrase]}")
            place = hit.end
    tokens += reading.bare[place:]
    return [each for each in tokens if each != "."]


def features(text: str, words: SimilarWords) -> dict[str, float]:
    """The features of a text with their own weights: its distinctive syllables.

    Pairs of syllables were features too: four fifths of the memory, for 0.006 more precision and 0.010 less recall.
    """
    return {
        one: NAMED if one[0] == "=" else DIGITS if one.isdigit() else 1.0
        for one in _tokens(text, words)
        if one not in words.common
    }


class SimilarIndex:
    """Texts by key; finds texts similar to a given one. A pure data structure without clock or database."""

    def __init__(self, source: Source = AS_SHIPPED) -> None:
        self._words = load_similar_words(source)
        self._names: dict[str, int] = {}  # feature → number: texts hold numbers, which take less memory
        self._squares: list[float] = []  # per feature: the square of its own weight,
        self._posts: list[array[int]] = []  # and the texts that contain it
        self._keys: dict[Hashable, int] = {}
        self._texts: list[tuple[Hashable, array[int]]] = []
        self._read: tuple[str, array[int]] = ("", array("I"))

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, text: str) -> None:
        """Add a text; for an existing key it replaces the old text."""
        number = len(self._texts)
        found = self._numbered(text)
        for feature in found:
            self._posts[feature].append(number)
        self._texts.append((key, found))
        self._keys[key] = number

    def remove(self, key: Hashable) -> None:
        """Remove a text from searches; does nothing for an unknown key."""
        self._keys.pop(key, None)

    def find(
        self, text: str, threshold: float = THRESHOLD, most: int = 20, leave_out: Iterable[Hashable] = ()
    ) -> tuple[tuple[Hashable, float], ...]:
        """Keys of similar texts with their score in 0..1, best first. ``leave_out``: keys to exclude."""
        weights = _Weights(self._squares, self._posts, len(self._texts))
        asked = _asked(self._numbered(text), weights)
        whole = sum(asked.values())
        enough = threshold**2 * whole
        hidden = {self._keys[key] for key in leave_out if key in self._keys}
        found: list[tuple[Hashable, float]] = []
        missed = 0
        for number, most_shared in self._near(asked):
            if most_shared < enough:  # a text weighs at least what it shares, so its cosine is below the threshold
                continue
            if missed == MISSES:
                break
            key, known = self._texts[number]
            if number in hidden or self._keys.get(key) != number:
                continue  # excluded, or replaced by a newer text with the same key
            score = _cosine(asked, whole, known, weights)
            missed = 0 if score >= threshold else missed + 1
            if not missed:
                found.append((key, round(score, 3)))
        return tuple(heapq.nsmallest(most, found, key=lambda pair: (-pair[1], str(pair[0]))))

    def score(self, first: str, second: str) -> float:
        """How similar two texts are, with the rarity of words taken from the index."""
        weights = _Weights(self._squares, self._posts, len(self._texts))
        asked = _asked(self._numbers(features(first, self._words)), weights)
        other = self._numbers(features(second, self._words))
        return _cosine(asked, sum(asked.values()), other, weights)

    def _numbered(self, text: str) -> array[int]:
        """The numbers of a text's features. The last text is kept: a new question is searched for, then added."""
        if text != self._read[0]:
            self._read = text, self._numbers(features(text, self._words))
        return self._read[1]

    def _numbers(self, found: Mapping[str, float]) -> array[int]:
        """The numbers of features; a new feature gets the next number."""
        names, squares = self._names, self._squares
        numbers = array("I", [names.setdefault(name, len(names)) for name in found])
        fresh = [base for number, base in zip(numbers, found.values(), strict=True) if number >= len(squares)]
        squares += [base**2 for base in fresh]
        self._posts += [array("I") for _ in fresh]
        return numbers

    def _near(self, asked: Mapping[int, float]) -> list[tuple[int, float]]:
        """The texts that share most of the rarer features, as far as the budget allows to examine them.

        Each with the most it can share: its share of the examined features plus all that were not examined.
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
    """The searched features with their squared weights."""
    return dict(zip(numbers, weights.of(numbers), strict=True))


class _Weights:
    """The weights of features in one search, for the present number of texts.

    Many features occur in equally many texts, so that each logarithm is computed only once.
    """

    def __init__(self, squares: Sequence[float], posts: Sequence[Sequence[int]], texts: int) -> None:
        self._squares, self._posts = squares, posts
        self._rarities = _Rarities(texts)
        self._masses: dict[int, float] = {}

    def of(self, wanted: Sequence[int]) -> list[float]:
        """The squared weights of these features; each is computed once."""
        masses, squares, posts, rarities = self._masses, self._squares, self._posts, self._rarities
        masses |= {one: squares[one] * rarities[len(posts[one])] for one in wanted if one not in masses}
        return [masses[one] for one in wanted]


class _Rarities(dict[int, float]):
    """By the number of texts with a feature: its rarity among all texts."""

    def __init__(self, texts: int) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, shared_by: int) -> float:
        self[shared_by] = min(RAREST, math.log((1 + self._texts) / (1 + shared_by))) + 0.01
        return self[shared_by]


def _cosine(asked: Mapping[int, float], whole: float, known: Sequence[int], weights: _Weights) -> float:
    """The cosine of a text with the features ``known`` and the searched text, whose total weight is ``whole``."""
    shared = sum(map(asked.get, known, repeat(0.0)))
    return shared / math.sqrt(whole * sum(weights.of(known))) if shared else 0.0


REPEATED_WITHIN = timedelta(days=90)
"""A letter repeated later than this is a new question: things may have changed."""
LEAST_WORDS = 8
"""A letter shorter than this ("Bao giờ sửa đường?") may mean something else the second time."""
SAME = 0.95
"""The share of common words that makes two letters the same; all their numbers and names must agree as well."""
LIVE = frozenset(
    {QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}
    | {QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}
)
"""A question that was refused or closed may be asked again."""
_WORD = re.compile(r"[^\W_]+")
_WITHIN = re.compile(r"(?<=\w )[^\W\d_]+")
"""A word within a sentence: a capital there makes a name."""


class Asked(Protocol):
    """The parts of an earlier question by which it is compared."""

    @property
    def content(self) -> str: ...
    @property
    def status(self) -> QuestionStatus: ...


AskedT = TypeVar("AskedT", bound=Asked)


def may_repeat(kind: Kind, text: str) -> bool:
    """True for a letter that would be a new question; ``text`` is its writer's own."""
    first = islice(_WORD.finditer(text), LEAST_WORDS)
    return kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} and sum(1 for _ in first) == LEAST_WORDS


def _words(text: str) -> list[str]:
    return _WORD.findall(strip_marks(squash(text)))


def _names(text: str) -> Counter[str]:
    """The capitalised words within the sentences of a text; none where it is all in capitals."""
    words = () if text.isupper() else _WITHIN.findall(text)
    return Counter(strip_marks(squash(word)) for word in words if word[0].isupper())


def repeated(text: str, known: Iterable[AskedT]) -> AskedT | None:
    """The question from the same person that this letter repeats word for word, or almost.

    The same letter about another street is another question.
    """
    own, names = Counter(_words(text)), _names(text)
    numbers = {word: count for word, count in own.items() if word.isdecimal()}
    for one in known:
        theirs = Counter(_words(one.content))
        if numbers != {word: count for word, count in theirs.items() if word.isdecimal()}:
            continue
        if names and (called := _names(one.content)) and names != called:
            continue
        shared = 2 * sum((own & theirs).values()) / max(1, own.total() + theirs.total())
        if one.status in LIVE and shared >= SAME:
            return one
    return None
