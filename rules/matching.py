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
        whole: list[Hit] = []
        parts: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        gapped = len(self.phrases)
        for start, end, number in self._raw(reading):
            if number >= gapped:
                phrase, place, count = self._gapped[number - gapped]
                parts.setdefault((phrase, count), []).append((start, end, place))
            elif number in self._heads:
                whole += [Hit(start, stop, number) for _, stop, _ in self._heads[number]._behind(reading, end)]
            else:
                whole.append(Hit(start, end, number))
        if not parts and all(map(le, map(_END_AT, whole), map(_START_AT, whole[1:]))):
            return whole  # in order as they come, and none shares a syllable with another
        found = _longest(whole)
        for (phrase, count), pieces in parts.items():
            if len(pieces) >= count:
                found.extend(_joined(phrase, pieces, reading.sentence, count))
        return sorted(found, key=_place)

    def _behind(self, reading: Reading, start: int) -> Iterator[tuple[int, int, int]]:
        """The parts that begin right here."""
        bare = start < len(reading.words) and reading.is_bare[reading.sentence[start]]
        return _walk(reading.bare if bare else reading.marked, self._tree(bare, every=True), (start,))

    def _raw(self, reading: Reading) -> list[tuple[int, int, int]]:
        """Every part found at every syllable; a phrase holds no end of a sentence, so none is walked over."""
        if not any(reading.is_bare):
            return list(_walk(reading.marked, self._tree(False)))
        if reading.all_bare:
            return list(_walk(reading.bare, self._tree(True)))
        found: list[tuple[int, int, int]] = []
        for bare in (False, True):
            places = zip(reading.bare if bare else reading.marked, reading.sentence, strict=True)
            keys = ["." if reading.is_bare[number] != bare else key for key, number in places]
            found += _walk(keys, self._tree(bare))
        return sorted(found, key=_START_AT)


_START_AT, _END_AT = itemgetter(0), itemgetter(1)


def _walk(keys: Sequence[str], tree: _Tree, starts: Sequence[int] | None = None) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of every part in a row of syllables, or of those that begin at certain ones."""
    count = len(keys)
    if starts is None:
        starts = [place for place, key in enumerate(keys) if key in tree]
    for start in starts:
        node, place = tree, start
        while place < count:
            step = node.get(keys[place])
            if step is None:
                break
            place += 1
            last = not isinstance(step, dict)
            for number in step if last else step.get("", ()):
                yield start, place, number
            if last:
                break
            node = step


def _parts_of(phrase: str) -> list[list[str]]:
    """The words of a phrase, in as many parts as its gaps leave."""
    return [words for part in phrase.split("…") if (words := words_in(part))]


def _speaks_alone(key: tuple[str, str]) -> bool:
    """One syllable may be matched without marks only when it is no Vietnamese one (karaoke, bhyt)."""
    return key[0] == key[1] and not is_vietnamese_shape(key[1])


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _longest(hits: list[Hit]) -> list[Hit]:
    """The longer first: what shares a syllable with a longer one kept is left out; equal ones stay."""
    kept: list[Hit] = []
    taken: dict[int, tuple[int, int]] = {}
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        span = (hit.start, hit.end)
        owners = {taken[place] for place in range(hit.start, hit.end) if place in taken}
        if any(end - start > hit.end - hit.start for start, end in owners):
            continue
        for place in range(hit.start, hit.end):
            taken.setdefault(place, span)
        kept.append(hit)
    return kept


def _joined(phrase: int, pieces: list[tuple[int, int, int]], sentence: tuple[int, ...], count: int) -> Iterator[Hit]:
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
