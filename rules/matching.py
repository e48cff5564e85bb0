"""Vietnamese-aware matching of many phrases at once, by whole syllables (``rules.reading``).

A sentence without marks is compared without them, and then only with phrases of two syllables or more.

Phrases stand in a tree by their first syllable, second, …: one pass over the text finds all of them.
A hit inside a longer hit is dropped ("điện" in "điện thoại"). A phrase may hold a gap: ``đổi … bằng lái``
means both parts, in this order, in one sentence, at most ``GAP`` syllables apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter, le
from typing import Any, NamedTuple, TypeAlias

from rules.reading import Reading, is_vietnamese_shape, syllable_keys, words_in

GAP = 8
"""The most syllables that may stand in a gap."""


def without(reading: Reading, hits: Iterable[Hit]) -> Reading:
    """The reading with the words of some hits blotted out, as if sentences ended there."""
    gone = {place for hit in hits for place in range(hit.start, hit.end)}
    if not gone:
        return reading
    lists = (reading.words, reading.marked, reading.bare)
    words, marked, bare = (tuple("." if n in gone else one for n, one in enumerate(row)) for row in lists)
    return replace(reading, words=words, marked=marked, bare=bare)


class Hit(NamedTuple):
    """A phrase found: syllables ``start`` to ``end`` (exclusive), the phrase's number."""

    start: int
    end: int
    phrase: int


_Part: TypeAlias = tuple[int, int, int]
"""Start and end of what was found, and its number: a phrase's, or a place in ``_gapped`` behind these."""
_Tree: TypeAlias = dict[str, Any]
"""Syllable → tree of what may follow; the numbers of the parts that end there, under "" where longer ones go on."""


def _add(tree: _Tree, keys: Sequence[str], part: int) -> None:
    for key in keys[:-1]:
        step = tree.get(key)
        if not isinstance(step, dict):
            step = tree[key] = {"": step} if step else {}
        tree = step
    step = tree.get(keys[-1], ())
    if isinstance(step, dict):
        tree, step = step, step.get("", ())
        keys = ("",)
    tree[keys[-1]] = (*step, part)


class Matcher:
    """Finds many phrases in one pass. Built once; a hit names a phrase by its place in ``phrases``.

    ``products``: heads, each with the tails one of which must stand right behind it ("ở tỉnh" with the provinces).
    A head with any of them counts as one phrase, behind ``phrases``: written out they would be most of the tree.
    """

    __slots__ = ("_gapped", "_heads", "_trees", "phrases")

    def __init__(self, phrases: Iterable[str], products: Iterable[tuple[Sequence[str], Sequence[str]]] = ()) -> None:
        self.phrases = list(phrases)
        self._heads: dict[int, Matcher] = {}  # of a phrase that is a head: what may follow
        for heads, tails in products:
            self._heads |= dict.fromkeys(range(len(self.phrases), len(self.phrases) + len(heads)), Matcher(tails))
            self.phrases += heads
        self._gapped: list[tuple[int, int, int]] = []  # of each part of a phrase with a gap: phrase, place, how many
        self._trees: dict[bool, _Tree] = {}
        for number, phrase in enumerate(self.phrases):
            if "…" in phrase and len(parts := _parts_of(phrase)) > 1:
                self._gapped += [(number, place, len(parts)) for place in range(len(parts))]

    def _tree(self, bare: bool, every: bool = False) -> _Tree:
        """The tree of phrases with marks or without, made when a text first asks for it.

        ``every``: also those phrases without marks that say nothing alone. A phrase stands in it by its number, the
        part of one with a gap by its place in ``_gapped`` behind all of these.
        """
        tree = self._trees.get(bare)
        if tree is None:
            tree = self._trees[bare] = {}
            gapped = len(self.phrases)
            for number, phrase in enumerate(self.phrases):
                parts = _parts_of(phrase)
                for words in parts:
                    keys = list(map(syllable_keys, words))
                    alone = len(parts) == len(words) == 1 and number not in self._heads and not every
                    if not (bare and alone) or _speaks_alone(keys[0]):
                        _add(tree, [key[bare] for key in keys], number if len(parts) == 1 else gapped)
                    gapped += len(parts) > 1
        return tree

    def find(self, reading: Reading) -> list[Hit]:
        """Every phrase in the text, in order; hits inside longer ones are left out."""
        whole: list[_Part] = []
        parts: dict[tuple[int, int], list[_Part]] = {}
        gapped, heads = len(self.phrases), self._heads
        for one in self._raw(reading):
            number = one[2]
            if number >= gapped:
                phrase, place, count = self._gapped[number - gapped]
                parts.setdefault((phrase, count), []).append((one[0], one[1], place))
            elif number in heads:
                whole += [(one[0], stop, number) for _, stop, _ in heads[number]._behind(reading, one[1])]
            else:
                whole.append(one)
        # They come in order: mostly none shares a syllable with another.
        apart = all(map(le, map(_END_AT, whole), map(_START_AT, whole[1:])))
        found = [Hit(*one) for one in (whole if apart else _longest(whole))]
        if apart and not parts:
            return found
        for (phrase, count), pieces in parts.items():
            if len(pieces) >= count:
                found.extend(_joined(phrase, pieces, reading.sentence, count))
        return sorted(found, key=_place)

    def _behind(self, reading: Reading, start: int) -> list[_Part]:
        """The parts that begin right here."""
        bare = start < len(reading.words) and reading.is_bare[reading.sentence[start]]
        return _walk(reading.bare if bare else reading.marked, self._tree(bare, every=True), (start,))

    def _raw(self, reading: Reading) -> list[_Part]:
        """Every part found at every syllable; a phrase holds no end of a sentence, so none is walked over."""
        if not any(reading.is_bare):
            return _walk(reading.marked, self._tree(False))
        if reading.all_bare:
            return _walk(reading.bare, self._tree(True))
        found: list[_Part] = []
        for bare in (False, True):
            places = zip(reading.bare if bare else reading.marked, reading.sentence, strict=True)
            keys = ["." if reading.is_bare[number] != bare else key for key, number in places]
            found += _walk(keys, self._tree(bare))
        return sorted(found, key=_START_AT)


_START_AT, _END_AT = itemgetter(0), itemgetter(1)


def _walk(keys: Sequence[str], tree: _Tree, starts: Sequence[int] | None = None) -> list[_Part]:
    """Every part in a row of syllables, or of those that begin at certain ones."""
    found: list[_Part] = []
    count = len(keys)
    if starts is None:
        starts = [place for place, key in enumerate(keys) if key in tree]
    for start in starts:
        step: Any = tree
        place = start
        while place < count and (step := step.get(keys[place])) is not None:
            place += 1
            last = type(step) is not dict
            if ends := step if last else step.get(""):
                found += [(start, place, number) for number in ends]
            if last:
                break
    return found


def _parts_of(phrase: str) -> list[list[str]]:
    """The words of a phrase, in as many parts as its gaps leave."""
    return [words for part in phrase.split("…") if (words := words_in(part))]


def _speaks_alone(key: tuple[str, str]) -> bool:
    """One syllable may be matched without marks only when it is no Vietnamese one (karaoke, bhyt)."""
    return key[0] == key[1] and not is_vietnamese_shape(key[1])


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _longest(hits: list[_Part]) -> list[_Part]:
    """The longer first: what shares a syllable with a longer one kept is left out; equal ones stay."""
    kept: list[_Part] = []
    taken: dict[int, int] = {}  # syllable to the length of the longest that holds it
    for hit in sorted(hits, key=_by_length):
        start, end, _ = hit
        if any(taken.get(place, 0) > end - start for place in range(start, end)):
            continue
        for place in range(start, end):
            taken.setdefault(place, end - start)
        kept.append(hit)
    return kept


def _by_length(hit: _Part) -> tuple[int, int]:
    return hit[0] - hit[1], hit[0]


def _joined(phrase: int, pieces: list[_Part], sentence: tuple[int, ...], count: int) -> Iterator[Hit]:
    """A phrase with a gap: its parts in order, in one sentence, close to each other."""
    begun: Hit | None = None
    wanted = 0
    for start, end, place in sorted(pieces):
        near = begun is not None and 0 <= start - begun.end <= GAP and sentence[start] == sentence[begun.start]
        if place == wanted and begun is not None and near:
            begun, wanted = Hit(begun.start, end, phrase), wanted + 1
        elif place == 0:
            begun, wanted = Hit(start, end, phrase), 1
        if begun is not None and wanted == count:
            yield begun
            begun, wanted = None, 0
