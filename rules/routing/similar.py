"""Like questions found among many (clause 9.1: what many people ask): marks, spelling and words may differ.

A text becomes a small set of features without marks: its telling syllables (who asks and greets is left
out) and its pairs of syllables. An inverted index over the rare features finds who shares any; the score is a
cosine with rare features weighing more. Adding and finding touch only texts that share a rare feature, so a
search stays fast at a hundred thousand texts.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise, repeat
from operator import itemgetter, mul
from typing import TypeAlias

from rules.routing.routing_rules import AS_SHIPPED, load_reader
from rules.text import untype
from rules.text.phrase_matcher import Matcher
from rules.text.tokens import Reader, spelled_out, syllable_keys
from rules.values.data_file import Source

THRESHOLD = 0.52
"""From this cosine on two questions are taken for alike (measured on tests/data/like_pairs.tsv)."""
PAIR, NAMED, DIGITS = 0.2, 2.0, 0.7
"""How much a pair of syllables, a thing with several names, and a number count beside a syllable."""
RAREST = 4.5
"""Rarity (natural logarithm) beyond which a feature tells no more: it may be a slip of the pen."""
BUDGET = 10_000
"""Entries of the inverted index looked at in one search, rare features first."""
FEW = 20
"""Texts left in the running that are rather compared in full than narrowed down."""
FAR = 0.7
"""The share of the mass as it was counted last from which a text is too far off for it to be counted anew."""
SURE = 1 - 1e-9
"""The same of a text whose mass holds: what is left out is the error of sums of floating point numbers."""
GROWN = 1.05
"""How much the index grows until a text's mass is counted anew."""
COMPARED = 100
"""Texts compared in full in one search."""


@dataclass(frozen=True, slots=True)
class LikeWords:
    """Words that say nothing (without marks), ways to call one thing, and what reads with abbreviations."""

    common: frozenset[str]
    same: Matcher
    group: tuple[int, ...]
    reader: Reader


@cache
def load_like_words(source: Source = AS_SHIPPED) -> LikeWords:
    """Read ``like.toml``. Raises ``DataFileError``."""
    data = source.toml("like.toml")
    reader = load_reader(source)
    named = [
        (spelled_out(word, reader.shorthand), number) for number, words in enumerate(data["same"]) for word in words
    ]
    return LikeWords(
        common=frozenset(syllable_keys(word)[1] for word in data["common"].split()),
        same=Matcher(word for word, _ in named),
        group=tuple(number for _, number in named),
        reader=reader,
    )


def _tokens(text: str, words: LikeWords) -> list[str]:
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


SAYS_NOTHING = -1
"""The number of a common syllable, or two of them side by side."""
_Name: TypeAlias = str | tuple[str, str]
"""What a text is compared by: a telling syllable without marks, or two side by side of which one is telling."""


class _Features(dict[_Name, int]):
    """Features by number, numbered as texts bring them: a text is compared by numbers, and read into them in one go.

    Pairs are looked up as tuples, so that no text is put together for a pair met before.
    """

    def __init__(self, common: frozenset[str]) -> None:
        super().__init__()
        self._common = common
        self.squares = array("d")  # of each feature: the square of how much it counts by itself,
        self.posts: list[array[int]] = []  # and the texts that have it

    def __missing__(self, name: _Name) -> int:
        if isinstance(name, tuple):
            base = 0.0 if self._common.issuperset(name) else PAIR
        elif name in self._common:
            base = 0.0
        else:
            base = NAMED if name[0] == "=" else DIGITS if name.isdigit() else 1.0
        number = self[name] = len(self.posts) if base else SAYS_NOTHING
        if base:
            self.squares.append(base * base)
            self.posts.append(array("I"))
        return number

    def of(self, tokens: Sequence[str]) -> list[int]:
        """The features of a text, each once: pairs, then syllables."""
        names: Iterable[_Name] = chain(pairwise(tokens), tokens)
        found = dict.fromkeys(map(self.__getitem__, names))
        found.pop(SAYS_NOTHING, None)
        return list(found)


_OFTEN = math.exp(RAREST) + 1
"""Shared by no more than one text in so many, a feature is one of the rarest."""


class _Rarities(dict[int, float]):
    """How rare a feature is by how many texts share it, of so many texts in all; next to nothing when all share it.

    Filled as it is asked for: many features are shared by equally many.
    """

    def __init__(self, total: int) -> None:
        super().__init__(dict.fromkeys(range(int((1 + total) / _OFTEN)), RAREST + 0.01))
        self.total = total

    def __missing__(self, shared: int) -> float:
        self[shared] = rarity = min(RAREST, math.log((1 + self.total) / (1 + shared))) + 0.01
        return rarity


_Weighed: TypeAlias = tuple[int, int, float]
"""A feature of the asked text: how many texts share it, its number, its mass."""
_MASS: Callable[[_Weighed], float] = itemgetter(2)


def _reaching(numbers: Iterable[int], sums: Sequence[float], least: float) -> list[int]:
    """The texts that share so much at least."""
    return [number for number in numbers if sums[number] >= least]


class LikeIndex:
    """Texts by key; finds those like a given text. A pure data structure: it knows no clock and no store.

    A feature weighs the same in every text that has it, so what two texts share is a sum over the lists of the
    asked text's features. A cosine can only reach the threshold where that sum reaches the threshold's square of
    the asked text's whole: nearly all texts fall short and are never looked at.
    """

    __slots__ = (
        *("_counted", "_features", "_firsts", "_keys", "_known", "_latest", "_names", "_posts", "_rarities"),
        *("_squares", "_wholes", "_words"),
    )

    def __init__(self, source: Source = AS_SHIPPED) -> None:
        self._words = load_like_words(source)
        self._known = _Features(self._words.common)
        self._squares, self._posts = self._known.squares, self._known.posts
        self._latest: tuple[str, list[int]] = ("", [])  # a text and the numbers of its features
        self._keys: dict[Hashable, int] = {}
        self._names: list[Hashable] = []
        self._features: list[array[int]] = []  # of each text: the numbers of its features
        self._firsts: dict[int, array[int]] = {}  # by their hash: many people may send one letter
        self._wholes = array("d")  # of each text: its mass, as it was
        self._counted = array("I")  # when there were so many texts
        self._rarities = _Rarities(0)  # for as many texts as there are now

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, text: str) -> None:
        """Take a text in; a key that is there already gets the new text instead."""
        number = len(self._names)
        found = self._read(text)
        self._keys[key] = number
        self._names.append(key)
        self._wholes.append(0.0)
        self._counted.append(0)
        made = array("I", found)
        first = self._firsts.setdefault(hash(made.tobytes()), made)
        self._features.append(first if first == made else made)
        for posts in map(self._posts.__getitem__, found):
            posts.append(number)

    def remove(self, key: Hashable) -> None:
        """Find a text no more; nothing when it is not there."""
        self._keys.pop(key, None)

    def _read(self, text: str) -> list[int]:
        """The features of a text; a new question is searched for and then taken in, so the latest are kept."""
        if text != self._latest[0]:
            self._latest = (text, self._known.of(_tokens(text, self._words)))
        return self._latest[1]

    def find(
        self, text: str, threshold: float = THRESHOLD, most: int = 20, leave_out: Iterable[Hashable] = ()
    ) -> tuple[tuple[Hashable, float], ...]:
        """Keys of like texts with their score in 0..1, best first. ``leave_out``: keys not to name."""
        asked = self._read(text)
        shared_by, masses = self._weighed(asked)
        whole = sum(masses)
        if not whole:
            return ()
        weighed = zip(shared_by, asked, masses, strict=True)
        own = dict(zip(asked, masses, strict=True))
        hidden = {self._keys[key] for key in leave_out if key in self._keys}
        wanted = threshold * threshold * whole
        scores = []
        compared: dict[int, float] = {}  # what a text shares, for all that have its very features
        for number in self._near(weighed, wanted):
            if number in hidden or self._keys.get(self._names[number]) != number:
                continue  # not wanted, or replaced by a newer text of the same key
            features = self._features[number]
            shared = compared.get(id(features), -1.0)
            if shared < 0:
                shared = compared[id(features)] = sum(map(own.get, features, repeat(0.0)))
            if shared * shared < FAR * wanted * self._wholes[number]:
                continue
            score = shared / (math.sqrt(whole * self._whole(number)) or 1.0)
            if score >= threshold:
                scores.append((self._names[number], round(score, 3)))
        return tuple(heapq.nsmallest(most, scores, key=lambda pair: (-pair[1], str(pair[0]))))

    def score(self, first: str, second: str) -> float:
        """How alike two texts are, with the rarity of words taken from the index."""
        read = [self._known.of(_tokens(text, self._words)) for text in (first, second)]
        one, two = (dict(zip(each, self._weighed(each)[1], strict=True)) for each in read)
        shared = sum(mass for feature, mass in one.items() if feature in two)
        return shared / (math.sqrt(sum(one.values()) * sum(two.values())) or 1.0)

    def _weighed(self, features: Sequence[int]) -> tuple[list[int], list[float]]:
        """By how many texts each feature is shared, and its mass: the square of how much it counts, by its rarity."""
        shared_by = list(map(len, map(self._posts.__getitem__, features)))
        return shared_by, list(self._masses(features, shared_by))

    def _masses(self, features: Iterable[int], shared_by: Iterable[int]) -> Iterator[float]:
        """The masses among the texts that there are now."""
        return map(mul, map(self._squares.__getitem__, features), map(self._now().__getitem__, shared_by))

    def _now(self) -> _Rarities:
        """The rarities among the texts that there are now."""
        if self._rarities.total != len(self._names):
            self._rarities = _Rarities(len(self._names))
        return self._rarities

    def _near(self, weighed: Iterable[_Weighed], wanted: float) -> list[int]:
        """Numbers of the texts whose score may reach the threshold, by what they are known to share."""
        near, sums, left = self._sums(sorted([one for one in weighed if one[0]]), wanted)
        if len(near) > COMPARED:
            near = heapq.nlargest(COMPARED, near, key=lambda number: (sums[number], -number))
        wholes, counted, total = self._wholes, self._counted, len(self._names)
        return [
            number
            for number in near
            if (sums[number] + left) ** 2
            >= (FAR if total > GROWN * counted[number] else SURE) * wanted * wholes[number]
        ]

    def _sums(self, known: Sequence[_Weighed], wanted: float) -> tuple[list[int], list[float], float]:
        """Texts that may share enough, what each shares of the rarer features, and how much more there is to share.

        Features are looked at as far as the budget goes. Sums stand in a list by the text's number, which is added to
        quicker than a dictionary; what is added to texts that are out does no harm.
        """
        posts, left = self._posts, sum(map(_MASS, known))
        sums = [0.0] * len(self._names)
        met: list[array[int]] = []
        near: list[int] | None = None
        spent = 0
        for count, feature, mass in known:
            spent += count
            if spent > BUDGET:
                break
            if left >= wanted:
                met.append(posts[feature])
            else:  # a text that has shared nothing so far cannot get there any more
                near = _reaching(set().union(*met) if near is None else near, sums, wanted - left)
                if len(near) <= FEW:
                    break
            for number in posts[feature]:
                sums[number] += mass
            left -= mass
        return _reaching(set().union(*met) if near is None else near, sums, wanted - left), sums, left

    def _whole(self, number: int) -> float:
        """The mass of a text, counted anew when the index has grown by a twentieth: it changes slowly."""
        total = len(self._names)
        if total > self._counted[number] * GROWN:
            features = self._features[number]
            shared_by = map(len, map(self._posts.__getitem__, features))
            self._wholes[number] = sum(self._masses(features, shared_by))
            self._counted[number] = total
        return self._wholes[number]
