"""A text cut into Vietnamese syllables and sentences, each syllable with the keys that it is compared by.

A syllable is compared with its marks: letters with their tone taken out and put behind, so that the old
and the new placement of the tone (``hoà``/``hòa``) and NFC/NFD are one, and a final ``y`` of an open
syllable is ``i`` (``kỹ``/``kĩ``). Only a sentence that itself has nearly no marks is compared without
them (measured: stripping everything does harm).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple, TypeAlias

BARE_SHARE = 0.12
"""A sentence with a smaller share of marked syllables counts as typed without marks."""
MIN_JUDGED = 5
"""A sentence with fewer syllables is judged as the whole text is."""
MOST_WORDS = 32768
"""Different words that a reader keeps."""
PARAGRAPHS = 128
"""Paragraphs that a reader keeps, one with an empty line behind it and one without each for itself."""

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


_Row: TypeAlias = tuple[str, str, str, int]
"""A word, its two keys, and 1 when it is spoken (no number), with ``_SIGNED`` when it is and bears a mark.

So both are counted by one sum.
"""
_END: _Row = (".", ".", ".", 0)
_SIGNED = 1 << 32
_COUNTED_AT = itemgetter(3)


def _row(word: str) -> _Row:
    marked, bare = syllable_keys(word)
    counted = 0 if word[0].isdigit() else 1 if marked == bare else 1 + _SIGNED
    return word, marked, bare, counted


@lru_cache(maxsize=65536)
def is_vietnamese_shape(bare: str) -> bool:
    """True when a word without marks could be a Vietnamese syllable, so that it says little by itself."""
    return _SPOKEN.match(bare) is not None


class Way(NamedTuple):
    """Syllables as they are compared, with marks or without (``bare``), and each beside the one behind it.

    Behind the last stands ".", so that whoever follows a phrase need not look where the text ends.
    """

    bare: bool
    keys: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def _way(bare: bool, keys: tuple[str, ...]) -> Way:
    closed = (*keys, ".")
    return Way(bare, closed, tuple(pairwise(closed)))


@dataclass(frozen=True)
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
    first: int = field(default=0, compare=False)
    """How many syllables the first paragraph has,"""
    apart: bool = field(default=False, compare=False)
    """and whether what stands behind it is read as it would be without it."""

    @property
    def all_bare(self) -> bool:
        """True when no sentence was typed with marks."""
        return all(self.is_bare)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The syllables as phrases are looked for in them, each sentence with marks or without as it was typed.

        One way for nearly all texts. Two where they are mixed: in each "." stands for the sentences of the other.
        """
        if not any(self.is_bare):
            return (_way(False, self.marked),)
        if self.all_bare:
            return (_way(True, self.bare),)
        bare = [self.is_bare[number] for number in self.sentence]
        return (
            _way(False, tuple(["." if one else key for one, key in zip(bare, self.marked, strict=True)])),
            _way(True, tuple([key if one else "." for one, key in zip(bare, self.bare, strict=True)])),
        )

    def quote(self, start: int, end: int) -> str:
        """The words as the person wrote them."""
        return " ".join(self.words[start:end])


class _Paragraph(NamedTuple):
    """Syllables between empty lines, and how many each sentence has. ``bare``: None where the whole text decides."""

    rows: tuple[_Row, ...]
    lengths: tuple[int, ...]
    bare: tuple[bool | None, ...]
    asks: tuple[bool, ...]
    spoken: int
    marked: int


def _is_bare(marked: int, spoken: int) -> bool:
    """Whether so many words with marks among so many spoken ones are next to none."""
    return marked < BARE_SHARE * max(1, spoken)


def _closed(open_: _Paragraph) -> _Paragraph:
    """The paragraph with its last sentence ended; one without a syllable, behind the last sign, is none."""
    rows, (*before, last), bare, asks, spoken, marked = open_
    if last:
        return _Paragraph((*rows, _END), (*before, last + 1), bare, asks, spoken, marked)
    return _Paragraph(rows, tuple(before), bare[:-1], asks[:-1], spoken, marked)


class _Rows(dict[str, tuple[_Row, ...]]):
    """A word to its syllables: itself, or what it is short for. Filled as words are met."""

    def __init__(self, shorthand: Mapping[str, str]) -> None:
        super().__init__()
        self._shorthand = shorthand

    def __missing__(self, word: str) -> tuple[_Row, ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
        rows = self[word] = tuple(map(_row, self._shorthand.get(word.lower(), word).split()))
        return rows


class Reader:
    """Cuts texts into syllables and sentences; ``shorthand`` spells out what people abbreviate (ntn, dc, sv).

    The latest paragraphs are kept: a mail is read with its subject and without, for its kind, its unit, its place.
    """

    def __init__(self, shorthand: Mapping[str, str] | None = None) -> None:
        self.shorthand = shorthand or {}
        self._rows = _Rows(self.shorthand)
        self._cut = lru_cache(maxsize=PARAGRAPHS)(self._paragraph)

    def __call__(self, text: str) -> Reading:
        """The text's reading."""
        *before, last = unicodedata.normalize("NFC", text).split("\n\n")
        paragraphs = [*[self._cut(paragraph, True) for paragraph in before], self._cut(last, False)]
        rows: list[_Row] = []
        lengths: list[int] = []
        bare: list[bool | None] = []
        asks: list[bool] = []
        spoken = marked = 0
        for one in paragraphs:
            rows += one.rows
            lengths += one.lengths
            bare += one.bare
            asks += one.asks
            spoken, marked = spoken + one.spoken, marked + one.marked
        first, whole = paragraphs[0], _is_bare(marked, spoken)
        words, with_marks, without_marks, _ = zip(*rows, strict=True) if rows else ((),) * 4
        return Reading(
            words=words,
            marked=with_marks,
            bare=without_marks,
            sentence=tuple(chain.from_iterable(map(repeat, range(len(lengths)), lengths))),
            is_bare=tuple([whole if one is None else one for one in bare]),
            asks=tuple(asks),
            first=len(first.rows),
            apart=whole == _is_bare(marked - first.marked, spoken - first.spoken),
        )

    def _paragraph(self, text: str, closed: bool) -> _Paragraph:
        """``closed``: an empty line stands behind it, which ends a sentence.

        One text is read with an empty line behind a paragraph and without: its words are looked at once.
        """
        if closed:
            return _closed(self._cut(text, False))
        rows: list[_Row] = []
        lengths: list[int] = []
        bare: list[bool | None] = []
        asks: list[bool] = []
        spoken = marked = 0
        for piece, end in _sentences(text):
            found = [*chain.from_iterable(map(self._rows.__getitem__, _WORDS.findall(piece)))]
            if not found and end:
                continue  # one sign more behind an end
            signed, said = divmod(sum(map(_COUNTED_AT, found)), _SIGNED)
            spoken, marked = spoken + said, marked + signed
            bare.append(signed < BARE_SHARE * said if said >= MIN_JUDGED else False if signed else None)
            asks.append(end == "?")
            if end:
                found.append(_END)
            rows += found
            lengths.append(len(found))
        return _Paragraph(tuple(rows), tuple(lengths), tuple(bare), tuple(asks), spoken, marked)


_plainly = Reader()


def read(text: str, shorthand: Mapping[str, str] | None = None) -> Reading:
    """One text cut into syllables and sentences; for several, or the same in parts, see :class:`Reader`."""
    return Reader(shorthand)(text) if shorthand else _plainly(text)


def spelled_out(phrase: str, shorthand: Mapping[str, str]) -> str:
    """A phrase with its abbreviations written in full, as texts are read."""
    if shorthand.keys().isdisjoint(phrase.lower().split()):
        return phrase
    return " ".join(shorthand.get(word.lower(), word) for word in phrase.split())


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each sign that ends a sentence, with the sign; "" behind the text.

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


def words_in(text: str) -> list[str]:
    """The words of a phrase, as those of a text are cut."""
    return _WORDS.findall(unicodedata.normalize("NFC", text))
