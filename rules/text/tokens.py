"""Splits a text into Vietnamese syllables and sentences, with the keys for comparing each syllable.

A syllable is compared with its diacritics: letters with the tone moved to the end, so that the old
and the new placement of the tone (``hoà``/``hòa``) and NFC/NFD agree, and a final ``y`` of an open
syllable is ``i`` (``kỹ``/``kĩ``). Only a sentence with nearly no diacritics is compared without
them (measured: removing them everywhere does harm).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

BARE_SHARE = 0.12
"""A sentence with a smaller share of marked syllables counts as typed without diacritics."""
MIN_JUDGED = 5
"""A sentence with fewer syllables is judged like the whole text."""

_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_OPEN_Y = re.compile(r"^(h|k|l|m|s|t|v|qu)y$")
_PIECES = re.compile(r"[^\W_]+|\n[ \t]*\n|\n|[!?;…]|\.(?![^\W_])")
"""A word, or what may end a sentence; a point within 2.5 m or http://a.b does not."""
WRAPPED = range(46, 101)
"""Mail programs break lines at 60 to 80 characters. So a break after a line of such a length (the break counted) does
not end a sentence, unless the next line begins an item, or is longer and so shows that no program broke the text. A
break after a shorter or longer line was made by the writer and ends the sentence."""
_ENDS = frozenset("!?;….\n")
"""Characters that end a sentence; a line break stands for an empty line or a new item."""
_ITEMS = frozenset("-+*•")
_WORDS = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"\b(?:P|X|Q|H|TP|Tp|tp|TX|TT|TS|ThS|BS|KCN|p|q|x)$")
_SPOKEN = re.compile(
    r"^(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(uye|uya|ieu|yeu|uoi|uou|oai|oay|oeo|uay|ia|ie|ua|uo|uu|ui|ue|uy|oa|oe|oi|oo|ai|ao|au|ay|eo|eu|iu|[aeiouy])"
    r"(ng|nh|ch|[cmnpt])?$"
)


@lru_cache(maxsize=65536)
def syllable_keys(word: str) -> tuple[str, str]:
    """The two keys of a syllable: with diacritics (tone at the end), and without any."""
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
    """True when a word without diacritics could be a Vietnamese syllable, and so means little by itself."""
    return _SPOKEN.match(bare) is not None


class Way(NamedTuple):
    """Syllables in the form used for comparing, with or without diacritics (``bare``), each paired with the next one.

    The last is followed by ".", so that matching a phrase need not check for the end of the text.
    """

    bare: bool
    keys: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def _way(bare: bool, keys: tuple[str, ...]) -> Way:
    closed = (*keys, ".")
    return Way(bare, closed, tuple(pairwise(closed)))


@dataclass(frozen=True)
class Tokens:
    """A text split into syllables. The lists are parallel; the end of a sentence is the syllable ".".

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
        """True when no sentence was typed with diacritics."""
        return all(self.is_bare)

    @cached_property
    def typed_marked(self) -> tuple[str, ...]:
        """The syllables with diacritics, "." for those of a sentence that was typed without; () where all were."""
        if self.all_bare:
            return ()
        if not any(self.is_bare):
            return self.marked
        pairs = zip(self.marked, self.sentence, strict=True)
        return tuple(["." if self.is_bare[number] else key for key, number in pairs])

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The syllables for phrase search, each sentence with or without diacritics as it was typed.

        One way for nearly all texts; two for mixed ones: each has "." in place of the sentences of the other.
        """
        if not any(self.is_bare):
            return (_way(False, self.marked),)
        if self.all_bare:
            return (_way(True, self.bare),)
        bare = [self.is_bare[number] for number in self.sentence]
        return (
            _way(False, self.typed_marked),
            _way(True, tuple([key if one else "." for one, key in zip(bare, self.bare, strict=True)])),
        )

    def quote(self, start: int, end: int) -> str:
        """The words as the person wrote them."""
        return " ".join(self.words[start:end])

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence starts and ends (exclusive, without its "."), in order; none without a word."""
        start = 0
        for place, word in enumerate((*self.words, ".")):
            if word == ".":
                if place > start:
                    yield start, place
                start = place + 1

    def part(self, start: int, end: int) -> Tokens:
        """One sentence, or a part of one, by itself."""
        number, whole = self.sentence[start], slice(start, end)
        return Tokens(
            words=self.words[whole],
            marked=self.marked[whole],
            bare=self.bare[whole],
            sentence=(0,) * (end - start),
            is_bare=(self.is_bare[number],),
            asks=(self.asks[number],),
        )


class Tokenizer:
    """Splits texts into syllables and sentences; ``shorthand`` expands abbreviations (ntn, dc, sv)."""

    def __init__(self, shorthand: Mapping[str, str] | None = None) -> None:
        self.shorthand = shorthand or {}

    def __call__(self, text: str) -> Tokens:
        """The tokens of a text."""
        words: list[str] = []
        sentence: list[int] = []
        asks: list[bool] = []
        spelled: set[int] = set()
        number = 0
        for piece, typed in self._pieces(unicodedata.normalize("NFC", text)):
            if piece not in _ENDS:
                if not typed:
                    spelled.add(len(words))
                words.append(piece)
                sentence.append(number)
            elif words and words[-1] != ".":
                words.append(".")
                sentence.append(number)
                asks.append(piece == "?")
                number += 1
        keys = list(map(syllable_keys, words))
        marked, bare = zip(*keys, strict=True) if keys else ((), ())
        return Tokens(
            words=tuple(words),
            marked=marked,
            bare=bare,
            sentence=tuple(sentence),
            is_bare=_bare_sentences(words, keys, sentence, len(asks) + 1, spelled),
            asks=(*asks, False),
        )

    def _pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The words, in full, and between them the characters that end a sentence; False for what is spelled out."""
        shorthand = self.shorthand
        for match in _PIECES.finditer(text):
            piece = match[0]
            if piece[0].isalnum():
                full = shorthand.get(piece.lower())
                if full:
                    yield from ((word, False) for word in full.split())
                else:
                    yield piece, True
            elif not _goes_on(text, match):
                yield piece if piece in _ENDS else "\n", True


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """True for the point of P. Hải An or TP. Hải Phòng, and for the line break that a mail program made."""
    start = match.start()
    if match[0] == ".":
        return _SHORT.search(text, max(0, start - 4), start) is not None
    if match[0] != "\n" or text[start + 1 : start + 2] in _ITEMS:
        return False
    end = text.find("\n", start + 1, start + 1 + WRAPPED.stop)
    next_line = (end if end >= 0 else len(text)) - start - 1
    return start - text.rfind("\n", 0, start) in WRAPPED and next_line < WRAPPED.stop


def _bare_sentences(
    words: Sequence[str],
    keys: Sequence[tuple[str, str]],
    sentence: Sequence[int],
    count: int,
    spelled: Collection[int],
) -> tuple[bool, ...]:
    """Which sentences were typed without diacritics; a short one without any is judged like the whole text.

    ``spelled``: places of words spelled out of "ubnd", "ko": their diacritics say nothing of how the rest was typed.
    """
    spoken, marked = [0] * count, [0] * count
    for place, (word, (with_marks, without), number) in enumerate(zip(words, keys, sentence, strict=True)):
        if word != "." and not word[0].isdigit() and place not in spelled:
            spoken[number] += 1
            marked[number] += with_marks != without
    whole = _is_bare(sum(marked), sum(spoken))
    return tuple(
        marked[n] < BARE_SHARE * spoken[n] if spoken[n] >= MIN_JUDGED else whole and not marked[n]
        for n in range(count)
    )


def _is_bare(marked: int, spoken: int) -> bool:
    """Whether nearly none of the spoken words have diacritics."""
    return marked < BARE_SHARE * max(1, spoken)


_plainly = Tokenizer()


def read(text: str, shorthand: Mapping[str, str] | None = None) -> Tokens:
    """The tokens of one text; for several texts, or one in parts, use :class:`Tokenizer`."""
    return Tokenizer(shorthand)(text) if shorthand else _plainly(text)


def spelled_out(phrase: str, shorthand: Mapping[str, str]) -> str:
    """A phrase with its abbreviations expanded, as is done with texts."""
    if shorthand.keys().isdisjoint(phrase.lower().split()):
        return phrase
    return " ".join(shorthand.get(word.lower(), word) for word in phrase.split())


def words_in(text: str) -> list[str]:
    """The words of a phrase, split like those of a text."""
    return _WORDS.findall(unicodedata.normalize("NFC", text))
