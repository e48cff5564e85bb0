"""Words of commands in ordinary sentences (``plain_orders.toml``), with diacritics, the longest first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from rules.commands.mood import Statement, Words, asks, ends_with, found_in, length_at, phrases, said_in
from rules.commands.plain.argument_words import (
    Asking,
    Extending,
    Ground,
    Items,
    Rejecting,
    Rewriting,
    UnitWords,
    grounds_of,
)
from rules.commands.vocabulary import load_command_words
from rules.message.quote_markers import DEFAULT
from rules.text import squash
from rules.values.data_file import SOURCES_KEPT, Source

CLAUSE = re.compile(r"[,:;–]\s+|[.!?]+\s+|\s-\s")
"""Separates the clauses of a sentence."""
_LINE = re.compile(r"\s+(?<!dấu )chấm\s+(?:xuống dòng|hết)\b[.]?|\s+(?<!dấu )chấm\s*$|\s+xuống dòng\b", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:=+>|-+>|→|➜|➔)\s*")
_COMMA = re.compile(r"\s+(?<!dấu )phẩy\s+(?=\S)", re.IGNORECASE)
_Section = TypeVar("_Section")


@dataclass(frozen=True, slots=True)
class Turns:
    """Words after a command that cancel it."""

    begins: tuple[Words, ...]
    marked: tuple[Words, ...]
    again: tuple[Words, ...]
    """… also when they begin a later clause."""
    astray: tuple[Words, ...]
    off_begins: tuple[Words, ...]
    off_ends: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """Words that show where in a sentence a command may begin, and what makes it doubtful."""

    unreal: tuple[Words, ...]
    things: tuple[Words, ...]
    ahead: tuple[Words, ...]
    moves: tuple[Words, ...]
    so: tuple[Words, ...]
    not_so: tuple[Words, ...]
    given: tuple[Words, ...]
    no_fact: tuple[Words, ...]
    topics: tuple[Words, ...]
    no_topic: tuple[Words, ...]
    stories: tuple[Words, ...]
    holds: tuple[Words, ...]
    about_oneself: tuple[Words, ...]
    situations: tuple[Words, ...]
    deciding: tuple[Words, ...]
    deliberates: tuple[Words, ...]
    others: tuple[Words, ...]
    bare_forward: tuple[Words, ...]
    wished: tuple[Words, ...]
    others_told: tuple[Words, ...]
    lets: tuple[Words, ...]
    leading: tuple[Words, ...]
    wants: tuple[Words, ...]
    reminds: tuple[Words, ...]
    no_denial: tuple[Words, ...]
    denies: tuple[Words, ...]
    declines: tuple[Words, ...]
    leads_to_unit: tuple[Words, ...]
    """Words before the field of work that stands for a unit."""
    leads_to_content: tuple[Words, ...]
    """Words before the right content of a field."""
    wishes_of_unit: tuple[Words, ...]
    """Beginnings of a clause that a unit is to read …"""
    talks: tuple[Words, ...]
    """… and of one for colleagues, where it wishes nothing of the unit."""


@dataclass(frozen=True, slots=True)
class Asides:
    """Words of what stands beside a command and says nothing against it."""

    explains: tuple[Words, ...]
    """Beginnings of an explanation in brackets, …"""
    no_aside: tuple[Words, ...]
    """… and words with which it is more than one."""
    others: tuple[Words, ...]
    """Beginnings of a clause about other questions, …"""
    acts: tuple[Words, ...]
    """… which must not order anything."""
    asked: tuple[Words, ...]
    """Words of a question that somebody else asked."""
    besides: tuple[Words, ...]
    """Beginnings of a sentence that asks for something else, …"""
    things: tuple[Words, ...]
    """… which it names, …"""
    no_talk: tuple[Words, ...]
    """… and words with which it may be about the command after all."""
    urging: tuple[Words, ...]
    """Who else than colleagues and the requester may urge."""
    urges: tuple[Words, ...]
    """What somebody did who wants it done, or agrees, …"""
    urged: tuple[Words, ...]
    """… and what may stand behind that."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Words about sending a unit's mail to the citizen."""

    whom: tuple[Words, ...]
    keeps: tuple[Words, ...]
    once: tuple[Words, ...]
    harmless: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """Words that say that the requester no longer wants an answer."""

    asker: tuple[Words, ...]
    titles: tuple[Words, ...]
    """… and before his own name, …"""
    elsewhere: tuple[Words, ...]
    """… and behind it where it is somebody of a department."""
    wishes: tuple[Words, ...]
    tells: tuple[Words, ...]
    """That he said what begins the next clause."""
    never: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Doubting:
    """Words of doubt; with one of them no command is carried out (``rules.commands.second_thoughts``)."""

    verbs: frozenset[str]
    bare: frozenset[str]
    whole: frozenset[str]
    timed: frozenset[str]
    before_a: frozenset[str]
    things_of: Mapping[str, tuple[Words, ...]]
    harmless_of: Mapping[str, tuple[Words, ...]]
    polite: tuple[Words, ...]
    marked: tuple[Words, ...]
    ends: tuple[Words, ...]
    behind: tuple[Words, ...]
    alone: tuple[Words, ...]
    begins: tuple[Words, ...]
    says: tuple[Words, ...]
    inside: tuple[Words, ...]
    days: tuple[Words, ...]
    terms: tuple[Words, ...]
    bare_begins: tuple[Words, ...]
    bare_says: tuple[Words, ...]
    calls: tuple[Words, ...]
    called: tuple[Words, ...]
    persons: tuple[Words, ...]
    tells: tuple[Words, ...]
    ask: tuple[Words, ...]
    ask_others: tuple[Words, ...]
    harmless: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class PlainOrderWords:
    """The sections of the data file."""

    verbs: frozenset[str]
    """Commands that may be given in ordinary sentences."""
    turns: Turns
    ask: Asking
    order: Ordering
    unit: UnitWords
    aside: Asides
    reject: Rejecting
    answer: Answering
    rewrite: Rewriting
    extend: Extending
    close: Closing
    doubt: Doubting
    status: tuple[Words, ...]
    """Words that ask for the state of a numbered question."""
    requests: tuple[Words, ...]
    """Words that request something of the requester."""
    no_question: tuple[Words, ...]
    """Words that say that a mail asks nothing."""
    asks_nothing: Mapping[str, tuple[Words, ...]]
    """What such a mail is instead, in words for its sender, with the phrases that show it."""
    kept: tuple[Words, ...]
    """How a note begins that only says why it is kept."""
    past: tuple[Words, ...]
    """Words after a unit that say since when it has had something."""
    grounds: tuple[Ground, ...]
    """Grounds of rejection, those first that say more."""
    reasons: Mapping[str, str]
    """The reason for a rejection that the citizen reads, by its clause."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_plain_order_words(source: Source = DEFAULT) -> PlainOrderWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("plain_orders.toml")
    return PlainOrderWords(
        verbs=frozenset(data["order"]["verbs"]),
        turns=_section(Turns, data["turns"]),
        ask=_section(Asking, data["ask"], item=_section(Items, data["ask"]["item"])),
        order=_section(Ordering, data["order"]),
        unit=_section(UnitWords, data["unit"]),
        aside=_section(Asides, data["aside"]),
        reject=_section(Rejecting, data["reject"]),
        answer=_section(Answering, data["answer"]),
        rewrite=_section(Rewriting, data["rewrite"]),
        extend=_section(Extending, data["extend"]),
        close=_section(Closing, data["close"]),
        doubt=_doubting(data["doubt"]),
        status=phrases(data["status"]["asks"]),
        requests=phrases(data["relay"]["requests"]),
        no_question=phrases(data["no_question"]["says"]),
        asks_nothing={reason: phrases(said) for reason, said in data["no_question"]["instead"].items()},
        kept=phrases(data["status"]["kept"]),
        past=phrases(data["turns"]["past"]),
        grounds=tuple(grounds_of(data["reject"])),
        reasons=dict(data["reject"]["reasons"]),
    )


def _doubting(data: Mapping[str, Any]) -> Doubting:
    """The words of doubt; some are tables by a command's verb, and verb names are not parsed as phrases."""
    verbs, tables = ("verbs", "bare", "whole", "timed", "before_a"), ("things_of", "harmless_of")
    said = {one.name: phrases(data[one.name]) for one in fields(Doubting) if one.name not in {*verbs, *tables}}
    by_verb = {name: {verb: phrases(words) for verb, words in data[name].items()} for name in tables}
    return Doubting(**{one: frozenset(data[one]) for one in verbs}, **by_verb, **said)  # type: ignore[arg-type]


def _section(kind: type[_Section], data: Mapping[str, Any], **parts: object) -> _Section:
    """The phrases of a section; ``parts`` are sections within it."""
    said = {one.name: phrases(data[one.name]) for one in fields(kind) if one.name not in parts}  # type: ignore[arg-type]
    return kind(**said, **parts)


def written_out(text: str) -> str:
    """A dictated text with punctuation ("… nhé chấm xuống dòng" ends a sentence and a line), and a colon for "=>"."""
    text = _ARROW.sub(": ", _LINE.sub(".\n", text))
    return _COMMA.sub(", ", text)


def is_about_oneself(text: str, words: PlainOrderWords) -> bool:
    """ "Chiều tôi bận họp": says where the writer is and what he does, without a word of deciding."""
    own = length_at(said_in(text), 0, words.order.about_oneself) and found_in(text, words.order.situations)
    return bool(own) and not found_in(text, words.order.deciding)


def is_wished(text: str, words: Closing, name: str = "") -> bool:
    """Whether an officer says that the requester no longer wants an answer: in one clause, first who, then what.

    ``name`` is the requester's: "ông An" is Nguyễn Văn An.
    """
    given = squash(name).split()[-1:]
    askers = (*words.asker, *((*title, *given) for title in words.titles if given))
    clauses = CLAUSE.split(text)
    own = any(_is_his_wish(said_in(one), askers, words) for one in clauses)
    wished = own or any(_tells_a_wish(one, after, askers, words) for one, after in pairwise(clauses))
    return wished and not found_in(text, words.never)


def _tells_a_wish(clause: str, behind: str, askers: Sequence[Words], words: Closing) -> bool:
    """ "Bác ấy gọi báo phường sửa xong rồi, không cần trả lời nữa"."""
    said = said_in(clause)
    told = [at for at in range(len(said.words)) if length_at(said, at, askers)]
    who = next((at for at in told if not length_at(said, at + length_at(said, at, askers), words.elsewhere)), None)
    says = who is not None and found_in(clause[said.places[who][0] :], words.tells)
    return says and bool(length_at(said_in(behind), 0, words.wishes))


def _is_his_wish(said: Statement, askers: Sequence[Words], words: Closing) -> bool:
    told = [(at, length) for at in range(len(said.words)) if (length := length_at(said, at, askers))]
    who = next((at for at, length in told if not length_at(said, at + length, words.elsewhere)), len(said.words))
    return any(length_at(said, at, words.wishes) for at in range(who + 1, len(said.words)))


def turned(behind: str, words: Turns) -> bool:
    """Whether the words after a command take it back, report it as past, or postpone it ("để chị hỏi đã")."""
    for number, clause in enumerate(CLAUSE.split(behind.strip(" ,;:"))):
        said = said_in(clause)
        begins = words.again if number else (*words.begins, *words.again)
        if length_at(said, 0, [one for one in begins if not said.bare or one not in words.marked]):
            return True
        if ends_with(said, words.off_ends) and length_at(said, 0, words.off_begins):
            return True
    return False


def asks_something(text: str, source: Source = DEFAULT) -> bool:
    """ "Đoạn đường nào?" asks, "xin bác báo lại" requests; "Sở đã gọi, văn bản gửi sau" only tells.

    A clause ends in the word that asks; in the middle of one such words also tell ("chưa rõ đoạn nào hỏng").
    """
    words, mood = load_plain_order_words(source), load_command_words(source).mood
    clauses = [one for line in text.splitlines() for one in CLAUSE.split(line) if one.strip()]
    ending = any(asks(one, mood) or ends_with(said_in(one.rstrip()), words.ask.questions) for one in clauses)
    return "?" in text or ending or found_in(text, words.requests)
