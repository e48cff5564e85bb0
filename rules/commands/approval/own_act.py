"""Whether a leader's approval or return is his own act upon the paper at hand, and what may stand beside it.

"Để anh duyệt", "Sở đồng ý", "Thế này mà duyệt" hold the verb and approve nothing; "Trả lại anh cái áo mưa" returns
no paper. Only what is known to belong to an approval may stand before or behind it: to ask the leader is cheap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.phrases import Statement, Words, ends_with, found_in, length_at, phrases, said_in, without
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import SOURCES_KEPT, Source

_CLAUSE = re.compile(r"[.!?;:,\n]+|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class LeaderWords:
    """The section [leader] of ``commands.toml``."""

    acts: tuple[Words, ...]
    own: tuple[Words, ...]
    """Who approves, …"""
    unfinished: tuple[Words, ...]
    """… what before him says that it is not done, …"""
    adverbs: tuple[Words, ...]
    """… what may stand between another subject and the verb, …"""
    others: tuple[Words, ...]
    """… and the other subjects."""
    reported: tuple[Words, ...]
    """What anywhere in a sentence makes it a report, a request, irony, or something taken back."""
    reported_marked: tuple[Words, ...]
    """Of these, what without marks is another word ("ngay")."""
    ends: tuple[Words, ...]
    """How a clause ends that asks or puts off."""
    harmless: tuple[Words, ...]
    """Where "trình" and "để" say nothing of what is still to come."""
    waiting: tuple[Words, ...]
    reads: tuple[Words, ...]
    decides: tuple[Words, ...]
    """What approves also where the sentence speaks of reading."""
    about: tuple[Words, ...]
    """What a sentence before an approval speaks of, …"""
    elsewhere: tuple[Words, ...]
    """… and what shows that it speaks of another matter."""
    orders: tuple[Words, ...]
    """How a wish behind an approval begins, …"""
    whom: tuple[Words, ...]
    """… after these, …"""
    spoils: tuple[Words, ...]
    """… and what takes it back."""
    taken_back: tuple[Words, ...]
    no_name: tuple[Words, ...]
    """How no signature begins."""
    returns: tuple[Words, ...]
    paper: tuple[Words, ...]
    """What is returned, or why, …"""
    paper_marked: tuple[Words, ...]
    """Of these, what without marks is another word ("cho")."""
    beside_return: tuple[Words, ...]
    """… and what may stand there without it."""
    no_return: tuple[Words, ...]
    unsaid: tuple[Words, ...]
    """How a text ends that does not say what is wrong."""
    busy: tuple[Words, ...]
    """Why a paper waits, …"""
    faults: tuple[Words, ...]
    """… unless something is wrong with it too."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_leader_words(source: Source = DEFAULT) -> LeaderWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["leader"]
    return LeaderWords(**{one.name: phrases(data[one.name]) for one in fields(LeaderWords)})


def is_own_act(sentence: str, words: LeaderWords) -> bool:
    """Whether nothing in a sentence says that the approval is another's, still to come, asked for, or no approval."""
    kept = without(sentence, words.harmless)
    if found_in(kept, (*words.waiting, *words.spoils)) or found_in(sentence, words.reported, words.reported_marked):
        return False
    clauses = [said_in(one) for one in _CLAUSE.split(sentence) if one.strip()]
    return not any(ends_with(one, words.ends) or _is_anothers(one, words) for one in clauses)


def _is_anothers(said: Statement, words: LeaderWords) -> bool:
    """Whether one of the approving verbs of a clause has another subject, or is not done yet."""
    for at in range(len(said.words)):
        if not length_at(said, at, words.acts):
            continue
        if _stands_before(said, _back(said, at, words.own), words.unfinished):
            return True
        if _stands_before(said, _back(said, at, words.adverbs), words.others):
            return True
    return False


def _back(said: Statement, at: int, over: tuple[Words, ...]) -> int:
    """The place before the phrases that stand directly before a place."""
    while length := next((len(one) for one in over if said.begins(at - len(one), one)), 0):
        at -= length
    return at


def _stands_before(said: Statement, at: int, wanted: tuple[Words, ...]) -> bool:
    return any(said.begins(at - len(one), one) for one in wanted)


def decides(text: str, words: LeaderWords) -> bool:
    """False for "Ok, anh đọc rồi": the paper was read, and no word says more."""
    return not found_in(text, words.reads) or found_in(text, words.decides)


def is_about(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval says that the paper was read, or is good."""
    return found_in(sentence, words.about)


def is_elsewhere(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval speaks of another matter, or against the paper."""
    return found_in(sentence, words.elsewhere)


def behind_whom(sentence: str, words: LeaderWords) -> str:
    """A sentence without those whom it speaks to: "Các em triển khai" orders "triển khai"."""
    said, at = said_in(sentence), 0
    while length := length_at(said, at, words.whom):
        at += length
    return sentence[said.places[at][0] :] if at < len(said.words) else ""


def is_wish(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence behind an approval thanks, or wishes something for carrying it out."""
    return any(length_at(said_in(one), 0, words.orders) for one in (sentence, behind_whom(sentence, words)))


def is_taken_back(sentence: str, words: LeaderWords) -> bool:
    """ "À thôi", "Mà thôi" in a sentence of its own."""
    return found_in(sentence, words.taken_back)


def begins_no_name(line: str, words: LeaderWords) -> bool:
    """ "Đi Sầm Sơn" is written like a name, and is none."""
    return bool(length_at(said_in(line), 0, words.no_name))


def returns_the_paper(text: str, source: Source = DEFAULT) -> bool:
    """Whether what is sent back or refused in a text is the paper, and the reason concerns it.

    "Không được khỏe, mai anh xem" and "Chưa được, anh đang họp" only put it off.
    """
    words = load_leader_words(source)
    if _is_as_taught(text, words):
        return True
    clauses = [said_in(one) for one in _CLAUSE.split(text) if one.strip()]
    if ends_with(said_in(text), words.unsaid) or any(found_in(one, words.no_return) for one in _CLAUSE.split(text)):
        return False
    if found_in(text, words.busy) and not found_in(text, words.faults):
        return False
    found = [behind for one in clauses if (behind := _behind_return(one, words)) is not None]
    return not found or any(_is_of_the_paper(one, words) for one in found)


def _is_as_taught(text: str, words: LeaderWords) -> bool:
    """ "Trả lại: …", as the mails to leaders say it, whatever the reason is."""
    head, sign, reason = text.partition(":")
    said = said_in(head)
    return bool(sign and reason.strip()) and any(
        said.begins(0, one) and len(one) == len(said.words) for one in words.returns
    )


def _behind_return(said: Statement, words: LeaderWords) -> str | None:
    """What stands behind the first word of returning in a clause, None where there is none."""
    for at in range(len(said.words)):
        if length := length_at(said, at, words.returns):
            return " ".join(said.words[at + length :])
    return None


def _is_of_the_paper(behind: str, words: LeaderWords) -> bool:
    return not said_in(without(behind, words.beside_return)).words or found_in(
        behind, words.paper, words.paper_marked
    )
