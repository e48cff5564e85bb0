"""The words of a leader's answer (``leaders.toml``, ``commands.toml`` [opinion]); with diacritics.

They say how the answer is divided, what may stand beside an approval, what approves, wishes or sends a paper back.
A leader also names the paper at hand: "đồng ý với tờ trình tổ chức phiên về hạ tầng". The paper's own words say
nothing for or against it. A day or a number that does not stand in it may be a change, and remains.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.mood import Words, length_at, phrases, said_in, spelt_out, without
from rules.commands.vocabulary import plain_words
from rules.message.quote_markers import DEFAULT
from rules.text import squash, strip_marks
from rules.values.data_file import SOURCES_KEPT, Source

_PLAIN = ("approves", "beside", "titles", "devices")
"""Lists that are compared without diacritics."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d[\d:hg/.-]*\d|\d")
_CLAUSE_END = re.compile(r"[,;!?\n]|[.:](?!\d)|$")
_PARTS = re.compile(r"[/.:hg-]")


@dataclass(frozen=True, slots=True)
class RemarkWords:
    """The section [remarks]; phrases with diacritics, the longest first."""

    heads: tuple[Words, ...]
    """Beginnings of a wish ("lưu ý", "lần sau")."""
    thanks: tuple[Words, ...]
    """Beginnings of thanks and good wishes."""
    give: tuple[Words, ...]
    """Beginnings of a task, …"""
    tasks: tuple[Words, ...]
    """… and what may be given so."""
    typos: tuple[Words, ...]
    """Mending of spelling alone, which changes nothing of what was approved, …"""
    typo_places: tuple[Words, ...]
    """… and words for where and when."""
    particles: tuple[Words, ...]
    """Words behind which a remark may begin without a comma."""
    reasons: tuple[Words, ...]
    """Words before a reason, which may deny."""
    harmless: tuple[Words, ...]
    """Phrases with a word of ``spoils`` that mean nothing of the kind."""
    spoils: tuple[Words, ...]
    """Words that may make a condition, a change or second thoughts of a remark."""
    only_marked: tuple[Words, ...]
    """Of these, and of ``hard``, what means something else in a text without diacritics."""
    later: tuple[Words, ...]
    """Words of the next paper, about which a remark may say anything but …"""
    hard: tuple[Words, ...]
    """… these, …"""
    hard_harmless: tuple[Words, ...]
    """… except in these."""
    excuses: tuple[Words, ...]
    """Beginnings of a clause about the leader's own situation, …"""
    pardon: tuple[Words, ...]
    """… and what in it does not put the decision off."""
    copies: tuple[Words, ...]
    """The paper copy, …"""
    signed_later: tuple[Words, ...]
    """… and that it is signed later."""
    grants: tuple[Words, ...]
    """Beginnings of a concession ("tuy", "dù"), …"""
    no_grants: tuple[Words, ...]
    """… but not these."""
    turns: tuple[Words, ...]
    """Words that lead from a concession to what the leader thinks."""
    told: tuple[Words, ...]
    """What somebody reported to the leader before he decided."""
    lead_spoils: tuple[Words, ...]
    """Words before an approval in its sentence that may make it another's, another paper's or conditional."""
    own: tuple[Words, ...]
    """The leader as subject of the approval, …"""
    own_adverbs: tuple[Words, ...]
    """… and words before its verb."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The section [reading], as patterns."""

    clause: re.Pattern[str]
    """Where a clause ends that may send the paper back."""
    parts: re.Pattern[str]
    """Where a clause ends that approves or stands beside it."""
    closed: re.Pattern[str]
    """The blank before a closing in the same line."""
    named_in_full: re.Pattern[str]
    """Parts of the paper before "như dự thảo"; with ``whole`` among them all of it is meant."""
    whole: str
    issue: re.Pattern[str]
    """A number of issue with its word."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_remark_words(source: Source = DEFAULT) -> RemarkWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("leaders.toml")["remarks"]
    return RemarkWords(**{one.name: phrases(data[one.name]) for one in fields(RemarkWords)})


@lru_cache(maxsize=SOURCES_KEPT)
def load_reading(source: Source = DEFAULT) -> Reading:
    """Read the patterns. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("leaders.toml")["reading"]
    said = {name: _any_of(words) for name, words in data.items() if name != "whole"}
    whole, ahead = str(data["whole"]), rf"(?={said['as_in']}\s+{said['drafts']}\b)"
    numbers = r":?\s*\d{1,5}(?:/[\w-]+)?(?!\S)"
    return Reading(
        clause=_pattern(rf"[.!;,\n]+|\b{said['joins']}\b|\b{said['then_joins']}\b(?=\s+{said['again']})"),
        parts=_pattern(rf"[,:;]\s+|\s[-–]\s|\s+{said['hence']}\s+(?={said['leaders']}\s)"),
        closed=_pattern(rf"(?<=[.!])\s+(?={said['closes']}\b)"),
        named_in_full=_pattern(rf"(?:{said['parts']}(?:\s*,\s*|\s+{said['joins']}\s+|\s+))+{ahead}"),
        whole=whole,
        issue=_pattern(rf"\b{said['issue']}{numbers}"),
    )


def check_leader_words(source: Source = DEFAULT) -> tuple[RemarkWords, Reading]:
    """Read both sections. Raises :class:`rules.values.data_file.DataFileError`."""
    return load_remark_words(source), load_reading(source)


def _any_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(re.escape(one) for one in sorted(words, key=len, reverse=True))})"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """The section [opinion] of ``commands.toml``."""

    approves: tuple[tuple[str, ...], ...]
    beside: tuple[tuple[str, ...], ...]
    wishes: tuple[Words, ...]
    never: tuple[Words, ...]
    titles: tuple[tuple[str, ...], ...]
    devices: tuple[tuple[str, ...], ...]
    """Beginnings of a line that a telephone adds below a mail."""
    unopposed: tuple[Words, ...]
    """Words for no reservation, which do not approve by themselves: "Không có ý kiến gì thêm"."""
    then: tuple[Words, ...]
    """Words that make a condition of it when they follow."""
    apart: tuple[Words, ...]
    """Words that begin a clause of their own after a comma."""
    wait: tuple[Words, ...]
    """Reservations that look like "cho" without diacritics."""
    tasks: tuple[Words, ...]
    """Beginnings of a clause that has the paper carried out, …"""
    charged: tuple[Words, ...]
    """… words in it for who does so and how, …"""
    carried_out: tuple[Words, ...]
    """… and its endings."""
    go_ahead: tuple[Words, ...]
    """Words that may follow "cho" in a text without diacritics."""
    again: tuple[Words, ...]
    """Beginnings of a clause that wants the paper revised."""
    who: tuple[Words, ...]
    """Words that may precede it, such as who is to do it."""
    again_alone: tuple[Words, ...]
    """Whole clauses that want it revised, …"""
    not_good: tuple[Words, ...]
    """… or say that the paper is not good enough, …"""
    mends: tuple[Words, ...]
    """… or the beginnings of such a clause, …"""
    and_back: tuple[Words, ...]
    """… and the ending it then must have, …"""
    parts: tuple[Words, ...]
    """… or words for a part of the paper, …"""
    part_again: tuple[Words, ...]
    """… and for what must be done with that part."""
    spares: tuple[Words, ...]
    """Words anywhere in the text that mean it is not sent back, …"""
    no_spares: tuple[Words, ...]
    """… except in these."""
    strong: tuple[Words, ...]
    """Words that approve even among ordinary sentences."""
    idioms: tuple[Words, ...]
    """Phrases that look like a reservation but are none."""
    once: tuple[Words, ...]
    """Beginnings of a sentence about an earlier opinion."""
    excuses: tuple[Words, ...]
    no_excuse: tuple[Words, ...]
    praise: tuple[Words, ...]
    no_praise: tuple[Words, ...]
    plan: tuple[Words, ...]
    other_papers: tuple[Words, ...]
    never_marked: tuple[Words, ...]
    papers: tuple[Words, ...]
    """Words for a paper, behind which its own words may name it, …"""
    naming: tuple[Words, ...]
    """… with these among them, …"""
    authors: tuple[Words, ...]
    """… and who wrote it …"""
    limits: tuple[Words, ...]
    """… and none of these, which would mean a part of it or another."""
    occasions: tuple[Words, ...]
    """Beginnings of a wish about the time when the paper is carried out."""
    undo: tuple[Words, ...]
    """Words that may cancel an approval in a later sentence."""
    reading: Reading
    """How the answer is divided (``leaders.toml``)."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_opinion_words(source: Source = DEFAULT) -> OpinionWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["opinion"]
    plain = {name: _plain(data[name]) for name in _PLAIN}
    others = (*_PLAIN, "reading")
    marked = {one.name: phrases(data[one.name]) for one in fields(OpinionWords) if one.name not in others}
    return OpinionWords(**plain, **marked, reading=load_reading(source))


def _plain(said: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        sorted({plain_words(form) for one in said for form in spelt_out(one)}, key=lambda one: (-len(one), one))
    )


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
