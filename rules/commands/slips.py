"""Words of a mail with a slip of one letter, written as the only known word that is so near.

"Chyển sở công thươg" is "chuyển sở công thương", "đừg chuyển" is "đừng chuyển". Only a word that is no Vietnamese
syllable is a slip: one letter is missing, too many or out of its place, never another one ("chuyên" stays). Known are
the words of commands, doubts and units' names; where two are as near, the word stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import has_marks, squash, strip_marks
from rules.text.syllables import is_bare_syllable
from rules.values.data_file import SOURCES_KEPT, Source, load_units

_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{3,10}(?![\w@/-]|\.\w)")
"""A word of a sentence; not within an address or a link."""
_LETTERS = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"(\w)\1")
SHORTEST = 4
"""A shorter word is what was meant only where a letter of it was typed twice: too many are near to it."""
MOST_SLIPS = 8
"""A text with more is no Vietnamese, or none that anybody can read."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """All known words, and by each form that lacks one letter, those that it may come from; without diacritics."""

    marked: Mapping[str, frozenset[str]]
    """The words as they are written with diacritics."""
    shorter: Mapping[str, frozenset[str]]
    spelt: Mapping[str, str]
    """How a word of another part of the country is written elsewhere."""

    def near(self, typed: str) -> frozenset[str]:
        """The known words that differ from the typed one by a letter: missing, too many or out of its place."""
        less = {one for one in _shorter(typed) if len(one) >= SHORTEST} | {_TWICE.sub(r"\1", typed)}
        swapped = {f"{typed[:at]}{typed[at + 1]}{typed[at]}{typed[at + 2 :]}" for at in range(len(typed) - 1)}
        found = {one for one in less | swapped if one in self.marked} | self.shorter.get(typed, frozenset())
        return frozenset(one for one in found if is_bare_syllable(one) and (one[0] == typed[0] or one in swapped))


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


@lru_cache(maxsize=SOURCES_KEPT)
def load_known_words(source: Source = DEFAULT) -> KnownWords:
    """The words of the data files about commands, and of units' names."""
    files = (source.toml("commands.toml"), source.toml("plain_orders.toml"), source.toml("verbs.toml")["units"])
    said = [*(text for one in files for text in _texts(one)), *(one.name for one in load_units(source).values())]
    marked, shorter = defaultdict(set), defaultdict(set)
    for word in {word for text in said for word in _LETTERS.findall(squash(text))}:
        marked[strip_marks(word)].add(word)
    for word in marked:
        for one in _shorter(word) if len(word) >= SHORTEST else ():
            shorter[one].add(word)
    return KnownWords(
        {one: frozenset(words) for one, words in marked.items()},
        {one: frozenset(words) for one, words in shorter.items()},
        files[0]["spelling"],
    )


def _texts(data: object) -> Iterator[str]:
    """All texts within a data file, keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from (text for pair in data.items() for part in pair for text in _texts(part))
    elif isinstance(data, list):
        yield from (text for value in data for text in _texts(value))


def without_slips(text: str, source: Source = DEFAULT) -> str:
    """The text with each slip written as the word that was surely meant."""
    typed = {one[0] for one in _WORD.finditer(text) if not one[0].isupper()}  # "SNNMT" is a unit's short name
    strange = [one for one in typed if not is_bare_syllable(strip_marks(squash(one)))]
    known, bare = load_known_words(source), not has_marks(text)
    slips = {one: meant for one in strange if (meant := _meant(squash(one), known, bare))}
    slips |= {one: known.spelt[squash(one)] for one in typed if squash(one) in known.spelt}
    return _WORD.sub(lambda one: slips.get(one[0], one[0]), text) if len(slips) <= MOST_SLIPS else text


def _meant(typed: str, known: KnownWords, bare: bool) -> str:
    """The only known word that is near to one that is none; "" for others.

    Of several with other diacritics, it is the one with those that were typed, or the only one with any.
    """
    near = known.near(strip_marks(typed)) if strip_marks(typed) not in known.marked else ()
    if bare or len(near) != 1:
        return next(iter(near)) if len(near) == 1 else ""
    forms = known.marked[next(iter(near))]
    own = [one for one in forms if _marks(typed) <= set(one)] if has_marks(typed) else []
    with_marks = own or [one for one in forms if has_marks(one)]
    return with_marks[0] if len(with_marks) == 1 else ""


def _marks(word: str) -> set[str]:
    return {letter for letter in word if has_marks(letter)}
