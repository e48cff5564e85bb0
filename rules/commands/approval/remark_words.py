"""How a leader's answer is divided, and the words of what may stand beside his approval (``leaders.toml``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.mood import Words, phrases
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import SOURCES_KEPT, Source


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
