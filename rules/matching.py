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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

GAP = 8
"""The most syllables that may stand in a gap."""
BARE_SHARE = 0.12
"""A sentence with a smaller share of marked syllables counts as typed without marks."""
MIN_JUDGED = 5
"""A sentence with fewer syllables is judged as the whole text is."""

_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_OPEN_Y = re.compile(r"^(h|k|l|m|s|t|v|qu)y$")
_PIECES = re.compile(r"[^\W_]+|\n[ \t]*\n|[.!?;…:()\n]")
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


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: syllables ``start`` to ``end`` (exclusive), the phrase's number."""

    start: int
    end: int
    phrase: int


def read(text: str, shorthand: Mapping[str, str] | None = None) -> Reading:
    """Cut a text into syllables and sentences; ``shorthand`` spells out what people abbreviate (ntn, dc, sv)."""
    words: list[str] = []
    sentence: list[int] = []
    asked: set[int] = set()
    number = 0
    for piece in _pieces(text, shorthand or {}):
        if piece[0].isalnum():
            words.append(piece)
            sentence.append(number)
        elif words and words[-1] != ".":
            if piece == "?":
                asked.add(number)
            words.append(".")
            sentence.append(number)
            number += 1
    keys = [syllable_keys(word) for word in words]
    return Reading(
        words=tuple(words),
        marked=tuple(key[0] for key in keys),
        bare=tuple(key[1] for key in keys),
        sentence=tuple(sentence),
        is_bare=_bare_sentences(words, keys, sentence, number + 1),
        asks=tuple(n in asked for n in range(number + 1)),
    )


def spelled_out(phrase: str, shorthand: Mapping[str, str]) -> str:
    """A phrase with its abbreviations written in full, as texts are read."""
    return " ".join(shorthand.get(word.lower(), word) for word in phrase.split())


def _pieces(text: str, shorthand: Mapping[str, str]) -> Iterator[str]:
    """Words, and the signs that end a sentence; a single line break is only a wrapped line."""
    composed = unicodedata.normalize("NFC", text)
    for match in _PIECES.finditer(composed):
        piece = match.group()
        if piece[0].isalnum():
            long = shorthand.get(piece.lower())
            yield from long.split() if long else (piece,)
        elif piece == "." and _SHORT.search(composed, max(0, match.start() - 4), match.start()):
            continue  # P. Hải An, TP. Hải Phòng
        elif piece in ".:" and composed[match.end() : match.end() + 1].isalnum():
            continue  # 2.5 m, 12:30, http://
        elif piece[0] == "\n":
            if len(piece) > 1 or composed[match.end() : match.end() + 1] in {"-", "+", "*", "•"}:
                yield "."
        elif piece in ".!?;…":
            yield piece


def _bare_sentences(
    words: list[str], keys: list[tuple[str, str]], sentence: list[int], count: int
) -> tuple[bool, ...]:
    """Which sentences were typed without marks; short ones follow the whole text."""
    spoken, marked = [0] * count, [0] * count
    for word, (with_marks, bare), number in zip(words, keys, sentence, strict=True):
        if word != "." and not word[0].isdigit():
            spoken[number] += 1
            marked[number] += with_marks != bare
    whole = sum(marked) < BARE_SHARE * max(1, sum(spoken))
    return tuple(
        marked[n] < BARE_SHARE * spoken[n] if spoken[n] >= MIN_JUDGED else whole and not marked[n]
        for n in range(count)
    )


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
            found.extend(_joined(phrase, pieces, reading.sentence, self._counts[phrase]))
        return sorted(found, key=_place)

    def _raw(self, reading: Reading) -> Iterator[tuple[int, int, int]]:
        """Every part found at every syllable."""
        count = len(reading.words)
        for start in range(count):
            bare = reading.is_bare[reading.sentence[start]]
            keys, node = reading.bare if bare else reading.marked, self._tree(bare)
            place = start
            while place < count:
                step = node.follow.get(keys[place])
                if step is None:
                    break
                node, place = step, place + 1
                for number in node.ends:
                    yield start, place, number


def _syllables(phrase: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFC", phrase))


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
