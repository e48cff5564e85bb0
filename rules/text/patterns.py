"""A small language for phrases in data files, compiled to regular expressions over normalised sentences.

Plain words; ``(a|b c)`` one of them; ``[x]`` may be missing; ``…`` up to eight words; ``#`` a number, ``@`` a day
(5/11); ``^`` and ``$`` the ends of the sentence; ``{name}`` another phrase of the file, ``{unit}`` a named unit. A
sentence is normalised by :func:`words_of`: words only, lower-case, one tone placement, a space at both ends.

Many words as one pattern: words that begin alike share their beginning.

A plain alternation of hundreds of words costs time twice: it is long to compile, and at each place of a text it is
tried word by word. As a tree it is a fraction as long, and at each letter only what goes on with it is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rules.text import squash, strip_marks

GAP = r"(?:\S+ ){0,8}?"
_TOKEN = re.compile(r"[()\[\]|…#@^$]|\{\w+\}|[^\s()\[\]|…#@^${}]+")
_NAME = re.compile(r"\{(?!unit\})[^}]*\}?")
_WORDS = re.compile(r"⟦\d+⟧|\w+(?:[/&.'-]\w+)*")
_UNIT = r"⟦\d+⟧ "
_FIXED = {
    "(": "(?:",
    ")": ")",
    "[": "(?:",
    "]": ")?",
    "|": "|",
    "…": GAP,
    "#": r"\d+ ",
    "@": r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})? ",
    "^": "^ ",
    "$": "$",
    "{unit}": _UNIT,
}


def words_of(squashed: str) -> str:
    """The words of a squashed text (:func:`rules.text.squash`), single-spaced, a space at both ends."""
    return " " + " ".join(_WORDS.findall(squashed)) + " "


@dataclass(frozen=True)
class Phrases:
    """Several phrases as one pattern, and the same without tone marks for texts typed without them."""

    spelled: tuple[str, ...]
    marked: re.Pattern[str]

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """Compiled when the first text without marks comes; of the same form as ``marked``."""
        return _compile([strip_marks(phrase) for phrase in self.spelled])

    def search(self, words: str, *, bare: bool, start: int = 0) -> re.Match[str] | None:
        """The first place in a normalised sentence; ``bare`` when the text is without marks."""
        return (self.bare if bare else self.marked).search(words, start)

    def sub(self, put: str, words: str, *, bare: bool) -> str:
        """A normalised sentence with ``put`` in place of every phrase; the space before it stays."""
        pattern = self.bare if bare else self.marked
        return pattern.sub(lambda found: f" {put}" if found[0].startswith(" ") else put, words)


def compile_phrases(phrases: Sequence[str], names: Mapping[str, str] | None = None) -> Phrases:
    """Compile phrases; ``names`` gives what ``{name}`` stands for."""
    spelled = tuple(_spell(phrase, names or {}) for phrase in phrases)
    return Phrases(spelled, _compile(spelled))


def phrase_fault(phrase: str, names: Mapping[str, str]) -> str:
    """Why a phrase cannot be compiled, stands in every text, or in none; "" for one that is right."""
    spelled = _spell(phrase, names)
    try:
        pattern = _compile([spelled])
    except re.error:
        return f"“{phrase}”: brackets do not match"
    if pattern.search(" "):
        return f"“{phrase}” holds no word, it would be found in every text"
    strange = _NAME.search(spelled)
    return f"“{phrase}”: nothing has the name {strange.group()}" if strange else ""


def _spell(phrase: str, names: Mapping[str, str]) -> str:
    for _ in range(2):  # a name's meaning may hold another name
        for name, meaning in names.items():
            phrase = phrase.replace("{" + name + "}", f"({meaning})")
    return squash(phrase)


def _compile(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern that begins at a word and in which every word ends with its space."""
    parts = ["".join(_piece(token) for token in _TOKEN.findall(phrase)) for phrase in phrases]
    return re.compile(
        "|".join(f"(?:{part})" if part.startswith("^") else f"(?<= )(?:{part})" for part in parts) or r"(?!)"
    )


def _piece(token: str) -> str:
    return _FIXED[token] if token in _FIXED else re.escape(token) + " "


NOTHING = "(?!)"
"""What no words match. An empty pattern would stand in every text."""


def one_of_words(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, the longest first; it says nothing of what stands around it."""
    return one_of_rows(map(re.escape, word) for word in words)


def one_of_rows(rows: Iterable[Iterable[str]]) -> str:
    """The same for rows of pieces: a piece is one letter, escaped, or a small pattern that means something whole.

    No piece may match where another one matches, or the first row wins and not the longest.
    """
    tree: dict[str, Any] = {}
    for row in rows:
        node = tree
        for piece in row:
            node = node.setdefault(piece, {})
        node[""] = {}
    return f"(?:{_spelled(tree)})" if tree else NOTHING


def _spelled(tree: dict[str, Any]) -> str:
    """What may follow; the end of a word, which is the shortest, comes last."""
    text = ""
    while len(tree) == 1:  # no parting of ways
        [(piece, tree)] = tree.items()
        text += piece
    branches: Sequence[str] = [piece + _spelled(rest) for piece, rest in tree.items() if piece]
    return f"{text}(?:{'|'.join(branches)}{'|' if '' in tree else ''})" if branches else text
