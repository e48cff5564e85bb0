"""Vietnamese-aware matching of many phrases at once, by whole syllables.

A syllable is compared with its marks: letters with their tone taken out and put behind, so that the old
and the new placement of the tone (``hoà``/``hòa``) and NFC/NFD are one, and a final ``y`` of an open
syllable is ``i`` (``kỹ``/``kĩ``). Only a sentence that itself has nearly no marks is compared without
them, and then only with phrases of two syllables or more (measured: stripping everything does harm).

Phrases stand in a tree by their first syllable, second, …: one pass over the text finds all of them.
A hit inside a longer hit is dropped ("điện" in "điện thoại"). A phrase may hold a gap: ``đổi … bằng lái``
means both parts, in this order, in one sentence, at most ``GAP`` syllables apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, TypeAlias

GAP = 8
"""The most syllables that may stand in a gap."""
BARE_SHARE = 0.12
"""A sentence with a smaller share of marked syllables counts as typed without marks."""
MIN_JUDGED = 5
"""A sentence with fewer syllables is judged as the whole text is."""

_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_OPEN_Y = re.compile(r"^(h|k|l|m|s|t|v|qu)y$")
_SIGNS = re.compile(r"\n[ \t]*\n|\n(?=[-+*•])|[!?;…]|\.(?![^\W_])")
"""What ends a sentence; a point inside 2.5 m or http://a.b does not."""
_WORDS = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"\b(?:P|X|Q|H|TP|Tp|tp|TX|TT|TS|ThS|BS|KCN|p|q|x)$")
_SPOKEN = re.compile(
    r"^(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(uye|uya|ieu|yeu|uoi|uou|oai|oay|oeo|uay|ia|ie|ua|uo|uu|ui|ue|uy|oa|oe|oi|oo|ai|ao|au|ay|eo|eu|iu|[aeiouy])"
    r"(ng|nh|ch|[cmnpt])?$"
)


@lru_cache(maxsize=65536)
def syllable_keys(word: str) -> tuple[str, str]:
    """The two keys of one syllable: with marks (tone behind the letters), and without any mark."""
    lowered = word.lower().replace("ð", "đ")
    if lowered.isascii():
        plain = _OPEN_Y.sub(r"\1i", lowered)
        return plain, plain
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFD", lowered):
        if letter in _TONES:
            tone = _TONES[letter]
        else:
            letters.append(letter)
    base = _OPEN_Y.sub(r"\1i", unicodedata.normalize("NFC", "".join(letters)))
    bare = "".join(c for c in unicodedata.normalize("NFD", base.replace("đ", "d")) if not unicodedata.combining(c))
    return base + tone, bare


_Row: TypeAlias = tuple[str, str, str, bool, bool]
"""A word, its two keys, whether it is spoken (no number), and whether it is and bears a mark."""
_END: _Row = (".", ".", ".", False, False)
_SPOKEN_AT, _SIGNED_AT = itemgetter(3), itemgetter(4)


@lru_cache(maxsize=65536)
def _row(word: str) -> _Row:
    marked, bare = syllable_keys(word)
    spoken = not word[0].isdigit()
    return word, marked, bare, spoken, spoken and marked != bare


@lru_cache(maxsize=65536)
def is_vietnamese_shape(bare: str) -> bool:
    """True when a word without marks could be a Vietnamese syllable, so that it says little by itself."""
    return _SPOKEN.match(bare) is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text cut into syllables. Lists run side by side; a sentence's end is the syllable ".".

    ``sentence`` gives the number of the sentence of each syllable; ``is_bare`` and ``asks`` are by sentence.
    """

    words: tuple[str, ...]
    marked: tuple[str, ...]
    bare: tuple[str, ...]
    sentence: tuple[int, ...]
    is_bare: tuple[bool, ...]
    asks: tuple[bool, ...]

    @property
    def all_bare(self) -> bool:
        """True when no sentence was typed with marks."""
        return all(self.is_bare)

    def quote(self, start: int, end: int) -> str:
        """The words as the person wrote them."""
        return " ".join(self.words[start:end])


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


def read(text: str, shorthand: Mapping[str, str] | None = None) -> Reading:
    """Cut a text into syllables and sentences; ``shorthand`` spells out what people abbreviate (ntn, dc, sv)."""
    rows: list[_Row] = []
    numbers: list[int] = []
    bare: list[bool | None] = []
    asks: list[bool] = []
    spoken = marked = 0
    for piece, end in _sentences(unicodedata.normalize("NFC", text)):
        found = _rows(piece, shorthand or {})
        if not found and end:
            continue  # one sign more behind an end
        said, signed = sum(map(_SPOKEN_AT, found)), sum(map(_SIGNED_AT, found))
        spoken, marked = spoken + said, marked + signed
        bare.append(signed < BARE_SHARE * said if said >= MIN_JUDGED else False if signed else None)
        asks.append(end == "?")
        rows += found
        if end:
            rows.append(_END)
        numbers += [len(bare) - 1] * (len(rows) - len(numbers))
    whole = marked < BARE_SHARE * max(1, spoken)
    words, with_marks, without_marks, _, _ = zip(*rows, strict=True) if rows else ((),) * 5
    return Reading(
        words=words,
        marked=with_marks,
        bare=without_marks,
        sentence=tuple(numbers),
        is_bare=tuple(whole if one is None else one for one in bare),
        asks=tuple(asks),
    )


def spelled_out(phrase: str, shorthand: Mapping[str, str]) -> str:
    """A phrase with its abbreviations written in full, as texts are read."""
    return " ".join(shorthand.get(word.lower(), word) for word in phrase.split())


def _rows(piece: str, shorthand: Mapping[str, str]) -> list[_Row]:
    """The syllables between two ends of sentences."""
    words = _WORDS.findall(piece)
    if not shorthand.keys().isdisjoint(map(str.lower, words)):
        words = [word for typed in words for word in shorthand.get(typed.lower(), typed).split()]
    return list(map(_row, words))


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each sign that ends a sentence, with the sign; the last has none ("").

    A single line break is only a wrapped line.
    """
    begin = 0
    for sign in _SIGNS.finditer(text):
        end = sign.group()
        if end == "." and _SHORT.search(text, max(0, sign.start() - 4), sign.start()):
            continue  # P. Hải An, TP. Hải Phòng
        yield text[begin : sign.start()], end
        begin = sign.end()
    yield text[begin:], ""


class _Node:
    """A place in the tree of phrases: what may follow, and which parts end here."""

    __slots__ = ("ends", "follow")

    def __init__(self) -> None:
        self.follow: dict[str, _Node] = _NOTHING  # most places are ends: they share what is empty
        self.ends: tuple[int, ...] = ()

    def add(self, keys: Iterable[str], part: int) -> None:
        node = self
        for key in keys:
            step = node.follow.get(key)
            if step is None:
                if node.follow is _NOTHING:
                    node.follow = {}
                step = node.follow[key] = _Node()
            node = step
        node.ends = (*node.ends, part)


_NOTHING: dict[str, _Node] = {}


class Matcher:
    """Finds many phrases in one pass. Built once; a hit names a phrase by its place in ``phrases``."""

    __slots__ = ("_counts", "_keys", "_parts", "_trees", "phrases")

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        self._trees: dict[bool, _Node] = {}
        self._keys: list[list[tuple[str, str]]] = []  # of each part: its syllables, with marks and without
        self._parts: list[tuple[int, int, int]] = []  # of each part: phrase, place in it, how many
        self._counts: list[int] = []
        for phrase, text in enumerate(self.phrases):
            parts = [syllables for part in text.split("…") if (syllables := _syllables(part))]
            self._counts.append(len(parts))
            for place, syllables in enumerate(parts):
                self._keys.append([syllable_keys(syllable) for syllable in syllables])
                self._parts.append((phrase, place, len(parts)))

    def _tree(self, bare: bool) -> _Node:
        """The tree of phrases with marks or without, made when a text first asks for it."""
        tree = self._trees.get(bare)
        if tree is None:
            tree = self._trees[bare] = _Node()
            for number, keys in enumerate(self._keys):
                if not bare or len(keys) > 1 or self._parts[number][2] > 1 or _speaks_alone(keys[0]):
                    tree.add((key[bare] for key in keys), number)
        return tree

    def find(self, reading: Reading) -> list[Hit]:
        """Every phrase in the text, in order; hits inside longer ones are left out."""
        whole: list[Hit] = []
        parts: dict[int, list[tuple[int, int, int]]] = {}
        for start, end, number in self._raw(reading):
            phrase, place, count = self._parts[number]
            if count == 1:
                whole.append(Hit(start, end, phrase))
            else:
                parts.setdefault(phrase, []).append((start, end, place))
        found = _longest(whole)
        for phrase, pieces in parts.items():
            if len(pieces) >= self._counts[phrase]:
                found.extend(_joined(phrase, pieces, reading.sentence, self._counts[phrase]))
        return sorted(found, key=_place)

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


_START_AT = itemgetter(0)


def _walk(keys: Sequence[str], tree: _Node) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of every part in a row of syllables."""
    first, count = tree.follow, len(keys)
    for start in [place for place, key in enumerate(keys) if key in first]:
        node, place = first[keys[start]], start + 1
        while True:
            for number in node.ends:
                yield start, place, number
            step = node.follow.get(keys[place]) if place < count else None
            if step is None:
                break
            node, place = step, place + 1


def _syllables(phrase: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFC", phrase))


def _speaks_alone(key: tuple[str, str]) -> bool:
    """One syllable may be matched without marks only when it is no Vietnamese one (karaoke, bhyt)."""
    return key[0] == key[1] and not is_vietnamese_shape(key[1])


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _longest(hits: list[Hit]) -> list[Hit]:
    """The longer first: what shares a syllable with a longer one kept is left out; equal ones stay."""
    if all(one.end <= two.start for one, two in pairwise(hits)):
        return hits  # in order as they come, and none shares a syllable with another
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
