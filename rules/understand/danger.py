"""Whether a letter tells of a life in danger at this hour, for which fifteen days are too long.

Where it is not sure that the danger is over, it counts: a telephone call too many harms nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import is_bare
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_words
from rules.values.data_file import SOURCES_KEPT, Source


class Danger(StrEnum):
    """What a letter tells of that may hurt somebody at this hour."""

    NONE = ""
    THING = "thing"
    PERSON = "person"
    """Violence under way or threatened with death, a child beaten, suicide."""


@dataclass(frozen=True, slots=True)
class _Finds:
    """Words of a danger, and those with which it is over, or only spoken of."""

    said: re.Pattern[str]
    over: re.Pattern[str]
    spoken: re.Pattern[str]
    """Anywhere in the letter; the latter not where the find's sentence has one of ``own``: who is hurt asks too."""
    past: re.Pattern[str]
    """Ahead of the find in its sentence, or in its clause."""
    urgent: re.Pattern[str]
    """In the sentence of a find: it counts whatever else is said."""
    others: re.Pattern[str]
    """Other words that hold one of a danger."""
    own: re.Pattern[str]
    dated: re.Pattern[str]
    """In the part of a sentence with the find: a time long past, where the letter also says that it ended."""
    ended: re.Pattern[str]
    still: re.Pattern[str]
    """Anywhere in the letter, beside ``ended``: it may go on after all."""

    def is_in(self, sentences: Iterable[str], whole: str) -> bool:
        """Whether one of the sentences tells of a danger now; ``whole``: the letter, each sentence in a line."""
        if not self.said.search(self.others.sub("-", whole)):  # most letters end here: no sentence is read by itself
            return False
        spoken = self.spoken.search(whole) is not None
        rest, ends = self.ended.subn("-", whole)
        ended = ends > 0 and self.still.search(rest) is None
        told = {self._is_urgent(one, spoken=spoken, ended=ended) for one in sentences}
        return True in told or (False in told and self.over.search(whole) is None)

    def _is_urgent(self, sentence: str, *, spoken: bool, ended: bool) -> bool | None:
        """Whether what a sentence tells counts whatever else is said; None when it tells of no danger now."""
        sentence = self.others.sub("-", sentence)
        if not (finds := list(self.said.finditer(sentence))):
            return None
        if self.urgent.search(sentence):
            return True
        if spoken and not self.own.search(sentence):
            return None
        return None if all(self._is_past(sentence, find, ended=ended) for find in finds) else False

    def _is_past(self, sentence: str, find: re.Match[str], *, ended: bool) -> bool:
        """Whether a find is told of an earlier time; a time alone before a comma ("năm 1998, …") belongs to it."""
        comma = sentence.find(",", find.end())
        end = comma if comma >= 0 else len(sentence)
        if self.past.search(sentence, 0, end):
            return True
        *before, part = sentence[: find.start()].split(",")
        alone = before and self.dated.fullmatch(before[-1].strip())
        told = f"{part}{sentence[find.start() : end]}"
        return ended and bool(alone or self.dated.search(told))


_SENTENCES = re.compile(r"[.!?;]|\n\s*\n")
_DANGER_CHARS = 60_000
"""Thirty pages: who is in need writes less, and a megabyte of such words would cost seconds."""


@lru_cache(maxsize=4)
def danger_in(text: str, source: Source = DEFAULT) -> Danger:
    """Whether a letter tells of a life in danger now ("bố em cầm dao dọa giết mẹ", "dây điện đứt, tóe lửa").

    People in haste type without diacritics: such words count if they cannot mean anything else. Results are kept
    for a while, because several decisions on a mail ask.
    """
    marked = [squash(one) for one in _SENTENCES.split(text[:_DANGER_CHARS])]
    bare = [strip_marks(one) if is_bare(one) else one for one in marked]
    for danger in (Danger.PERSON, Danger.THING):
        for typed, sentences in ((False, marked), (True, bare)):
            if _danger(source, danger, typed).is_in(sentences, "\n".join(sentences)):
                return danger
    return Danger.NONE


@lru_cache(maxsize=4 * SOURCES_KEPT)
def _danger(source: Source, danger: Danger, bare: bool) -> _Finds:
    """The words of a kind of danger; ``bare``: as typed without marks."""
    words = source.toml("wishes.toml")["danger"]
    doubtful, rest = set(words["doubtful"]), words[danger]

    def any_of(phrases: Iterable[str]) -> str:
        kept = [strip_marks(squash(one)) for one in phrases if one not in doubtful] if bare else map(squash, phrases)
        return rf"{one_of_words(kept)}(?!\w)".replace(re.escape("#"), r"\d")

    def row(apart: int, parts: Iterable[Iterable[str]]) -> str:
        return rf".{{0,{apart}}}?(?<!\w)".join(map(any_of, parts))

    if danger is Danger.THING:
        text = any_of((*words["now"], *(words["bare"] if bare else ())))
    else:
        rows = [(one["apart"], (bare and one.get("bare")) or one.get("parts")) for one in words["persons"]]
        text = "|".join(row(apart, parts) for apart, parts in rows if parts)
    others = (any_of(one) for one in (rest["over"], rest["spoken"], *map(words.get, _BESIDE)))
    # Only where a word begins is any of the rows tried.
    return _Finds(*(re.compile(rf"(?<!\w)(?:{one})") for one in (text, *others)))


_BESIDE = ("past", "urgent", "others", "own", "dated", "ended", "still")
