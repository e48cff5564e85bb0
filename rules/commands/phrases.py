"""The words of a line with their diacritics, and how phrases are searched for in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import TypeAlias

from rules.text import has_marks, squash, strip_marks

_WORD = re.compile(r"[^\W_]+")
_ALTERNATIVES = re.compile(r"[()]")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
MOST_WORDS = 80
"""Only this many words of a line count; by then its purpose is clear."""
Words: TypeAlias = tuple[str, ...]
"""A phrase."""


def phrases(said: Sequence[str]) -> tuple[Words, ...]:
    """Phrases with their diacritics, the longest first."""
    every = (tuple(_WORD.findall(squash(one))) for each in said for one in spelt_out(each))
    return tuple(sorted(every, key=lambda one: -len(one)))


def spelt_out(phrase: str) -> tuple[str, ...]:
    """Every form of a phrase with alternatives: "(đưa|xếp) câu này (|qua|về)" stands for six."""
    parts = [one.split("|") for one in _ALTERNATIVES.split(phrase)]
    return tuple(" ".join("".join(one).split()) for one in product(*parts))


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of a line with diacritics and positions; ``bare`` when the line has no diacritics at all."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    bare: bool

    def begins(self, at: int, wanted: Words, *, strict: bool = False) -> bool:
        """True when the wanted words are at that position; without diacritics if the line has none."""
        if at < 0 or len(self.words) - at < len(wanted) or (self.bare and strict):
            return False
        own = self.words[at : at + len(wanted)]
        return own == (_bare(wanted) if self.bare else wanted)


@cache
def _bare(phrase: Words) -> Words:
    """A phrase without diacritics; cached, because every position is compared with thousands of phrases."""
    return tuple(map(strip_marks, phrase))


def said_in(line: str) -> Statement:
    """The first words of a line, enough to see its purpose.

    Words within links do not count: "…/doi-thoai" is not "đợi".
    """
    found = list(islice(_WORD.finditer(without_links(line)), MOST_WORDS))
    return Statement(
        tuple(squash(one.group()) for one in found), tuple(one.span() for one in found), not has_marks(line)
    )


def without_links(text: str) -> str:
    """The text with links replaced by blanks, so that all positions stay the same."""
    return _LINK.sub(lambda found: " " * len(found[0]), text)


def length_at(said: Statement, place: int, wanted: Sequence[Words]) -> int:
    """The number of words of the longest phrase at a position; 0 for none."""
    if said.bare:
        return next((len(one) for one in wanted if said.begins(place, one)), 0)
    word = said.words[place] if 0 <= place < len(said.words) else ""
    return next((len(one) for one in wanted if one[0] == word and said.begins(place, one)), 0)


def found_in(text: str, wanted: Sequence[Words], marked: Collection[Words] = ()) -> bool:
    """Whether one of the phrases occurs in a text; those in ``marked`` only if it has diacritics."""
    said = said_in(text)
    looked_for = [one for one in wanted if one not in marked] if said.bare else wanted
    return any(length_at(said, place, looked_for) for place in range(len(said.words)))


def ends_with(said: Statement, wanted: Sequence[Words]) -> bool:
    """Whether a line ends with one of the phrases."""
    return any(said.begins(len(said.words) - len(one), one) for one in wanted)


def without(text: str, wanted: Sequence[Words]) -> str:
    """The text with the phrases replaced by blanks, so that all positions stay the same."""
    said, place = said_in(text), 0
    while place < len(said.words):
        length = length_at(said, place, wanted)
        if length:
            begins, ends = said.places[place][0], said.places[place + length - 1][1]
            text = f"{text[:begins]}{' ' * (ends - begins)}{text[ends:]}"
        place += length or 1
    return text
