"""Vietnamese-aware matching of many phrases at once, by whole syllables (``rules.text.tokens``).

A sentence without diacritics is compared without them, and only with phrases of at least two syllables.

Phrases are kept in a tree by first syllable, second, …: one pass over the text finds all of them.
A hit within a longer hit is dropped ("điện" in "điện thoại"). A phrase may have a gap: ``đổi … bằng lái``
means both parts, in this order, in one sentence, at most ``GAP`` syllables apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain, starmap
from operator import itemgetter, le
from typing import Any, NamedTuple, TypeAlias

from rules.text.tokens import Tokens, Way, is_vietnamese_shape, syllable_keys, words_in

GAP = 8
"""The most syllables that a gap may contain."""


def without(reading: Tokens, hits: Iterable[Hit]) -> Tokens:
    """The tokens with the words of some hits blanked out, as if sentences ended there."""
    gone = {place for hit in hits for place in range(hit.start, hit.end)}
    if not gone:
        return reading
    rows = list(reading.words), list(reading.marked), list(reading.bare)
    for row in rows:
        for place in gone:
            row[place] = "."
    words, marked, bare = map(tuple, rows)
    return replace(reading, words=words, marked=marked, bare=bare)


class Hit(NamedTuple):
    """A match: syllables ``start`` to ``end`` (exclusive), and the phrase's number."""

    start: int
    end: int
    phrase: int


_Part: TypeAlias = tuple[int, int, int]
"""Start and end of a match and its number: a phrase's, or a position among the parts of one with a gap."""
_Keys: TypeAlias = tuple[str, ...]
_Gapped: TypeAlias = tuple[_Keys, ...]
"""The parts of a phrase with a gap."""
_Tree: TypeAlias = dict[Any, Any]
"""Two adjacent syllables → tree of what may follow, by single syllables; the numbers of phrases that end
there, under "" if longer ones go on. A phrase of one syllable is an entry of its own. Most syllables of a text begin
some phrase, but few pairs do, so that hardly any is followed in vain.
"""


def _add(tree: _Tree, keys: Sequence[str], number: tuple[int]) -> None:
    steps: list[Any] = [(keys[0], keys[1]), *keys[2:]] if len(keys) > 1 else [keys[0]]
    for key in steps[:-1]:
        step = tree.get(key)
        if not isinstance(step, dict):
            step = tree[key] = {"": step} if step else {}
        tree = step
    last = steps[-1]
    step = tree.get(last, ())
    if isinstance(step, dict):
        tree, last, step = step, "", step.get("", ())
    tree[last] = step + number


class Matcher:
    """Finds many phrases in one pass. Built once; a hit identifies a phrase by its index in ``phrases``.

    ``products``: heads, each with tails one of which must follow directly ("ở tỉnh" with the provinces). A head
    counts as one phrase, after ``phrases``, with any of its tails: written out, they would be most of the tree.
    """

    __slots__ = ("_gapped", "_heads", "_numbers", "_trees", "phrases")

    def __init__(self, phrases: Iterable[str], products: Iterable[tuple[Sequence[str], Sequence[str]]] = ()) -> None:
        self.phrases = list(phrases)
        self._heads: dict[int, Matcher] = {}  # per phrase that is a head: what may follow
        for heads, tails in products:
            self._heads |= dict.fromkeys(range(len(self.phrases), len(self.phrases) + len(heads)), Matcher(tails))
            self.phrases += heads
        self._numbers = [(number,) for number in range(len(self.phrases))]  # shared by both trees
        self._trees: dict[bool, _Tree] = {}
        self._gapped: dict[bool, dict[int, _Gapped]] = {}  # built with each tree

    def _tree(self, bare: bool, every: bool = False) -> _Tree:
        """The tree of phrases with or without diacritics, built when a text first needs it.

        ``every``: includes phrases that alone mean little without diacritics. A phrase with a gap is included only by
        its most distinctive part: otherwise each "xin" would begin a dozen phrases not otherwise in the text.
        """
        tree = self._trees.get(bare)
        if tree is None:
            tree = self._trees[bare] = {}
            gapped = self._gapped[bare] = {}
            for number, phrase in enumerate(self.phrases):
                parts = [list(map(syllable_keys, words)) for words in _parts_of(phrase)]
                if len(parts) > 1:
                    gapped[number] = tuple(tuple([key[bare] for key in keys]) for keys in parts)
                    continue
                for keys in parts:
                    alone = len(keys) == 1 and number not in self._heads and not every
                    if not (bare and alone) or _speaks_alone(keys[0]):
                        _add(tree, [key[bare] for key in keys], self._numbers[number])
            for number, part in _telling(gapped).items():
                _add(tree, part, self._numbers[number])
        return tree

    def find(self, reading: Tokens) -> list[Hit]:
        """All phrases in the text, in order, without hits within longer ones."""
        whole: list[_Part] = []
        joined: list[Hit] = []
        for way in reading.ways:
            begun: set[int] = set()
            found = _walk(way, self._tree(way.bare))
            gapped, heads = self._gapped[way.bare], self._heads
            for one in found:
                number = one[2]
                if number in gapped:
                    begun.add(number)
                elif number in heads:
                    whole += [(one[0], stop, number) for _, stop, _ in heads[number].behind(way, one[1])]
                else:
                    whole.append(one)
            if begun:
                joined += _with_gaps({number: gapped[number] for number in begun}, way.keys, reading.sentence)
        # They are in order, and usually none shares a syllable with another.
        apart = all(map(le, map(_END_AT, whole), map(_START_AT, whole[1:])))
        hits = list(starmap(Hit, whole if apart else _longest(whole)))
        return hits if apart and not joined else sorted([*hits, *joined], key=_place)

    def behind(self, way: Way, start: int) -> list[_Part]:
        """The parts that begin exactly here."""
        tree = self._tree(way.bare, every=True)
        found = [(start, start + 1, number) for number in tree.get(way.keys[start], ())]
        step = tree.get(way.pairs[start]) if start < len(way.pairs) else None
        return [*found, *_onward(way.keys, start, start + 2, step)]


_START_AT, _END_AT = itemgetter(0), itemgetter(1)


def _walk(way: Way, tree: _Tree) -> list[_Part]:
    """All parts in a row of syllables, in order. None contains the end of a sentence, so none crosses one."""
    keys = way.keys
    found = [(at, at + 1, number) for at, key in enumerate(keys) if key in tree for number in tree[key]]
    for at, pair in enumerate(way.pairs):
        if pair in tree:
            step = tree[pair]
            if type(step) is not dict or "" in step or keys[at + 2] in step:
                found += _onward(keys, at, at + 2, step)
    found.sort(key=_START_AT)
    return found


def _onward(keys: _Keys, start: int, place: int, step: Any) -> list[_Part]:
    """The parts that begin at ``start``; ``step`` is the tree's entry for their syllables up to ``place``."""
    found: list[_Part] = []
    while type(step) is dict:
        if "" in step:
            found += [(start, place, number) for number in step[""]]
        step = step.get(keys[place])
        place += 1
    if step:
        found += [(start, place, number) for number in step]
    return found


def _parts_of(phrase: str) -> list[list[str]]:
    """The words of a phrase, split at its gaps."""
    return [words for part in phrase.split("…") if (words := words_in(part))]


def _telling(gapped: Mapping[int, _Gapped]) -> dict[int, _Keys]:
    """The most distinctive part of each phrase with a gap: of the longest, the one that fewest others share."""
    often = Counter(chain.from_iterable(gapped.values()))
    return {number: max(parts, key=lambda part: (len(part), -often[part])) for number, parts in gapped.items()}


def _with_gaps(begun: Mapping[int, _Gapped], keys: _Keys, sentence: Sequence[int]) -> list[Hit]:
    """Of the phrases with a gap whose distinctive part is in a text, those whose other parts are in it, too."""
    known = frozenset(keys)
    whole = [(number, parts) for number, parts in begun.items() if known.issuperset([part[0] for part in parts])]
    there = _places_of({part[0] for _, parts in whole for part in parts}, keys) if whole else {}
    found: list[tuple[_Part, list[Hit]]] = []
    for number, parts in whole:
        pieces = [(*piece, place) for place, part in enumerate(parts) for piece in _places(keys, part, there)]
        if len(pieces) >= len(parts):
            found.append(((*min(pieces)[:2], number), list(_joined(number, pieces, sentence, len(parts)))))
    return [hit for _, hits in sorted(found) for hit in hits]


def _places_of(wanted: Set[str], keys: _Keys) -> dict[str, list[int]]:
    """The positions of these syllables in a text."""
    there: dict[str, list[int]] = {key: [] for key in wanted}
    for at, key in enumerate(keys):
        if key in wanted:
            there[key].append(at)
    return there


def _places(keys: _Keys, part: _Keys, there: Mapping[str, Sequence[int]]) -> list[tuple[int, int]]:
    """Where the syllables of a part follow each other: from and to."""
    count = len(part)
    return [(at, at + count) for at in there[part[0]] if keys[at : at + count] == part]


def _speaks_alone(key: tuple[str, str]) -> bool:
    """A single syllable may match without diacritics only if it is not Vietnamese (karaoke, bhyt)."""
    return key[0] == key[1] and not is_vietnamese_shape(key[1])


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _longest(hits: list[_Part]) -> list[_Part]:
    """Longer hits first; those that share a syllable with a longer one are dropped; equal ones stay."""
    kept: list[_Part] = []
    taken: set[int] = set()  # the syllables of longer hits
    equal: list[range] = []
    for hit in sorted(hits, key=_by_length):
        places = range(hit[0], hit[1])
        if equal and len(equal[0]) > len(places):
            taken.update(*equal)
            equal.clear()
        if taken.isdisjoint(places):
            equal.append(places)
            kept.append(hit)
    return kept


def _by_length(hit: _Part) -> tuple[int, int]:
    return hit[0] - hit[1], hit[0]


def _joined(phrase: int, pieces: list[_Part], sentence: Sequence[int], count: int) -> Iterator[Hit]:
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
