"""A leader's words without those that only name the paper at hand: "đồng ý với tờ trình tổ chức phiên về hạ tầng".

The paper's own words say nothing for or against it. A day or a number that does not stand in it may be a change, and
remains.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.commands.approval.opinion_words import OpinionWords
from rules.commands.phrases import length_at, said_in, without
from rules.text import squash, strip_marks

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d[\d:hg/.-]*\d|\d")
_CLAUSE_END = re.compile(r"[,;!?\n]|[.:](?!\d)|$")
_PARTS = re.compile(r"[/.:hg-]")


def without_its_name(text: str, paper: str, words: OpinionWords) -> str:
    """The text with each name of the paper blanked out, so that all positions stay the same."""
    if not paper:
        return text
    known, numbers = {strip_marks(one) for one in _WORD.findall(squash(paper))}, _numbers(paper)
    said, at = said_in(text), 0
    while at < len(said.words):
        length = length_at(said, at, words.papers)
        begins = said.places[at + length - 1][1] if length else 0
        end = _CLAUSE_END.search(text, begins)
        behind = text[begins : end.start()] if length and end else ""
        if behind.strip() and _is_name(behind, known, numbers, words):
            text = f"{text[:begins]}{' ' * len(behind)}{text[begins + len(behind) :]}"
            said = said_in(text)
        at += length or 1
    return text


def _is_name(behind: str, known: Collection[str], numbers: Collection[tuple[str, ...]], words: OpinionWords) -> bool:
    """Whether all words and numbers stand in the paper, and none of them limits the approval."""
    if any(one not in numbers for one in _numbers(behind)):
        return False
    said = said_in(_NUMBER.sub(" ", without(behind, words.authors)))
    if any(length_at(said, at, (*words.never, *words.limits)) for at in range(len(said.words))):
        return False
    return all(strip_marks(one) in known or (one,) in words.naming for one in said.words)


def _numbers(text: str) -> set[tuple[str, ...]]:
    """Days and numbers, each also without its last part: "26/11/2026" is "26/11" too."""
    found = [tuple(part.lstrip("0") or "0" for part in _PARTS.split(one) if part) for one in _NUMBER.findall(text)]
    return {one[:end] for one in found for end in range(1 if len(one) == 1 else 2, len(one) + 1)}
