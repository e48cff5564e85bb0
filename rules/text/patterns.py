"""A small language for phrases in data files, compiled to regular expressions over normalised sentences.

Plain words; ``(a|b c)`` one of them; ``[x]`` is optional; ``…`` up to eight words; ``#`` a number, ``@`` a day
(5/11); ``^`` and ``$`` the ends of the sentence; ``{name}`` another phrase of the file, ``{unit}`` a named unit. A
sentence is normalised by :func:`words_of`: words only, lower-case, one tone placement, a space at both ends.

A :class:`PhraseList` holds phrases of words alone, as the words of officers and leaders are listed.

Many words become one pattern in which words with the same beginning share it.

A plain alternation of hundreds of words takes long to compile, and at each position of a text it is tried word by
word. As a tree it is much shorter, and after each letter only its continuations are tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from string import ascii_lowercase, ascii_uppercase
from sys import intern
from typing import Any, NamedTuple, TypeAlias, overload

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


_SMALL = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
_NO_LETTER = bytes(set(range(256)) - set(f"{ascii_lowercase}{ascii_uppercase}".encode()) | set(b"dD"))
_NUMBER, _BREAK = re.compile(r"\d+"), re.compile(r"[^\w\s#…]+")


def plainly(text: str) -> str:
    """Lower-case words without diacritics and punctuation, numbers as ``#``, a gap "…" as it is."""
    return _words_alone(strip_marks(squash(text)))


def spelt(text: str) -> str:
    """The same with diacritics."""
    return _words_alone(squash(text))


def _words_alone(squashed: str) -> str:
    return " ".join(_BREAK.sub(" ", _NUMBER.sub("#", squashed)).split())


def one_of_phrases(phrases: Iterable[str], gap: int = 10) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words of :func:`plainly`, the longest first; "…" is up to ``gap``."""
    longest = sorted({plainly(one) for one in phrases} - {""}, key=lambda one: (-len(one), one))
    if not any("…" in one for one in longest):
        return re.compile(rf"(?<!\S){one_of_words(longest)}(?!\S)")
    ways = (re.escape(one).replace(r"\ …", rf"((?: \S+){{0,{gap}}}?)") for one in longest)
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")


def words_of(squashed: str) -> str:
    """The words of a squashed text (:func:`rules.text.squash`) with single spaces, and a space at both ends."""
    return " " + " ".join(_WORDS.findall(squashed)) + " "


@dataclass(frozen=True)
class Phrases:
    """Several phrases as one pattern, with a version without tone marks for texts typed without them."""

    spelled: tuple[str, ...]
    marked: re.Pattern[str]

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """Compiled for the first text without diacritics; of the same form as ``marked``."""
        return _compile([strip_marks(phrase) for phrase in self.spelled])

    def search(self, words: str, *, bare: bool, start: int = 0) -> re.Match[str] | None:
        """The first match in a normalised sentence; ``bare`` when the text has no diacritics."""
        return (self.bare if bare else self.marked).search(words, start)

    def sub(self, put: str, words: str, *, bare: bool) -> str:
        """A normalised sentence with every phrase replaced by ``put``; the space before it stays."""
        pattern = self.bare if bare else self.marked
        return pattern.sub(lambda match: f" {put}" if match[0].startswith(" ") else put, words)


def compile_phrases(phrases: Sequence[str], names: Mapping[str, str] | None = None) -> Phrases:
    """Compile phrases; ``names`` maps each ``{name}`` to its meaning."""
    spelled = tuple(_spell(phrase, names or {}) for phrase in phrases)
    return Phrases(spelled, _compile(spelled))


def phrase_fault(phrase: str, names: Mapping[str, str]) -> str:
    """Why a phrase cannot be compiled, or matches every text, or none; "" for a correct one."""
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
    for _ in range(2):  # the meaning of a name may contain another name
        for name, meaning in names.items():
            phrase = phrase.replace("{" + name + "}", f"({meaning})")
    return squash(phrase)


def _compile(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern that begins at a word and in which each word includes the space after it."""
    parts = ["".join(_piece(token) for token in _TOKEN.findall(phrase)) for phrase in phrases]
    return re.compile(
        "|".join(f"(?:{part})" if part.startswith("^") else f"(?<= )(?:{part})" for part in parts) or r"(?!)"
    )


def _piece(token: str) -> str:
    return _FIXED[token] if token in _FIXED else re.escape(token) + " "


NOTHING = "(?!)"
"""Matches nothing. An empty pattern would match everywhere."""


def one_of_words(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, the longest first, whatever is around it."""
    return one_of_rows(map(re.escape, word) for word in words)


def either(phrases: Sequence[str]) -> str:
    """An alternation of literal phrases and, for those of two syllables or more, their forms without diacritics."""
    forms = {unicodedata.normalize("NFC", phrase).lower() for phrase in phrases}
    forms |= {strip_marks(form) for form in forms if " " in form}
    return one_of_words(sorted(forms))


_SENTENCES, _CLAUSES = re.compile(r"[.!?…](?:\s|$)|\n"), re.compile(r"[,;:](?:\s|$)|\s[-–—]\s")
ADDED_WORDS = 5


def says_only(text: str, pattern: re.Pattern[str]) -> bool:
    """True when every clause of a text has a known word: what is cut off by a comma or colon, in lower case.

    Behind such a clause its sentence may go on with a name, a place or a number of ``ADDED_WORDS`` at most.
    """
    for sentence in _SENTENCES.split(text):
        begun = False
        for clause in _CLAUSES.split(sentence):
            said = [word for word in clause.split() if not any(map(str.isdigit, word))]
            if pattern.search(clause):
                begun = True
            elif said and not (begun and len(said) <= ADDED_WORDS):
                return False
    return True


def one_of_list(words: str) -> str:
    """The same for words parted by commas, as lists of words stand in data files."""
    return one_of_words(words.split(", "))


def one_of_rows(rows: Iterable[Iterable[str]]) -> str:
    """The same for rows of pieces: a piece is an escaped letter, or a small pattern that is a unit.

    Pieces must not match the same text, or the first row would win instead of the longest.
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
    while len(tree) == 1:  # only one continuation
        [(piece, tree)] = tree.items()
        text += piece
    branches: Sequence[str] = [piece + _spelled(rest) for piece, rest in tree.items() if piece]
    return f"{text}(?:{'|'.join(branches)}{'|' if '' in tree else ''})" if branches else text


def letters(text: str) -> bytes:
    """The lower-case Latin letters of a text, or of the result of :func:`plainly`, without spaces and without any d.

    Unicode does not decompose đ: it disappears here, and so must the d that some people type for it.
    """
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").translate(_SMALL, _NO_LETTER)


def letters_of(phrases: Iterable[str]) -> re.Pattern[bytes]:
    """A pattern for any of the phrases by its letters alone, whatever fills a gap."""
    rows = (".*".join(letters(piece).decode() for piece in text.split("…")) for text in map(plainly, phrases) if text)
    return re.compile(one_of_rows(rows).encode())


Words: TypeAlias = tuple[str, ...]  # a phrase
_PARENTHESIS, _WORD = re.compile(r"[()]"), re.compile(r"[^\W_]+")


def spelt_out(phrase: str) -> tuple[str, ...]:
    """Every form of a phrase with alternatives: "(đưa|xếp) câu này (|qua|về)" stands for six."""
    return tuple(" ".join("".join(one).split()) for one in product(*_parts(phrase)))


def _parts(phrase: str) -> list[list[str]]:
    return [one.split("|") for one in _PARENTHESIS.split(phrase)]


class Step(NamedTuple):
    """The words that may stand at one place of a phrase, by the first of them; an ``optional`` place may be empty."""

    said: Mapping[str, Sequence[Words]]
    optional: bool


class PhraseList(Sequence[Words]):
    """Phrases with diacritics. They are looked for step by step, since some lists have 70,000 forms when spelt out.

    Read as a sequence, or joined with another list, its forms are spelt out, the longest first: for short lists.
    """

    def __init__(self, said: Iterable[str]) -> None:
        self._said = tuple(map(squash, said))

    def longest(self, words: Words, at: int, *, bare: bool) -> int:
        """The number of words of the longest phrase that begins at a place; 0 for none.

        ``bare``: the words were typed without diacritics, and so are the phrases read.
        """
        if not 0 <= at < len(words):
            return 0
        beginning = (self._bare if bare else self._marked).get(words[at], ())
        return max((_walked(steps, words, at) for steps in beginning), default=0)

    def may_begin(self, words: Words, *, bare: bool) -> bool:
        """Whether any phrase begins with one of the words."""
        return not (self._bare if bare else self._marked).keys().isdisjoint(words)

    @cached_property
    def _marked(self) -> Mapping[str, Sequence[Sequence[Step]]]:
        return _by_first(map(_steps, self._said))

    @cached_property
    def _bare(self) -> Mapping[str, Sequence[Sequence[Step]]]:
        return _by_first(_steps(one, bare=True) for one in self._said)

    @cached_property
    def _spelt(self) -> tuple[Words, ...]:
        every = (tuple(map(intern, _WORD.findall(one))) for each in self._said for one in spelt_out(each))
        return tuple(sorted(every, key=lambda one: -len(one)))

    def __bool__(self) -> bool:
        return bool(self._said)

    def __len__(self) -> int:
        return len(self._spelt)

    @overload
    def __getitem__(self, at: int) -> Words: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Words]: ...

    def __getitem__(self, at: int | slice) -> Words | Sequence[Words]:
        return self._spelt[at]


def _walked(steps: Sequence[Step], words: Words, at: int) -> int:
    """How many words from a place on are the phrase, at most; every way is followed at once."""
    reached = {at}
    for said, optional in steps:
        behind = {
            place + len(one)
            for place in reached
            for one in said.get(words[place] if place < len(words) else "", ())
            if words[place : place + len(one)] == one
        }
        reached = behind | reached if optional else behind
        if not reached:
            return 0
    return max(reached) - at


def _by_first(phrases: Iterable[Sequence[Step]]) -> Mapping[str, Sequence[Sequence[Step]]]:
    """Phrases by each word with which they may begin."""
    found: dict[str, list[Sequence[Step]]] = {}
    for steps in phrases:
        ahead = next((at for at, one in enumerate(steps, 1) if not one.optional), len(steps))
        for word in {word for one in steps[:ahead] for word in one.said}:
            found.setdefault(word, []).append(steps)
    return found


def _steps(phrase: str, *, bare: bool = False) -> Sequence[Step]:
    steps = []
    for part in _apart(_parts(phrase)):
        said: dict[str, list[Words]] = {}
        words = [tuple(map(intern, _WORD.findall(strip_marks(one) if bare else one))) for one in part]
        for one in dict.fromkeys(filter(None, words)):
            said.setdefault(one[0], []).append(one)
        steps.append(Step(said, optional=() in words))
    return [one for one in steps if one.said]


def _apart(parts: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The parts, those of one word joined: in "(chuyển|gửi)(|sở)" nothing parts the words of two steps."""
    done: list[Sequence[str]] = []
    for part in parts:
        done.append(part)
        while (at := _glued(done)) >= 0:
            done[at:] = [["".join(one) for one in product(*done[at:])]]
    return done


def _glued(parts: Sequence[Sequence[str]]) -> int:
    """The place of the part whose last letter stands next to the first one of the last part; -1 for none."""
    if not any(_WORD.match(one) for one in parts[-1]):
        return -1
    for at in range(len(parts) - 2, -1, -1):
        if any(_WORD.match(one[-1:]) for one in parts[at]):
            return at
        if "" not in parts[at]:
            return -1
    return -1
