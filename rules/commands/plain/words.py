"""Words of commands in ordinary sentences (``plain_orders.toml``), and the sentences of an officer's text; where a
field's line ends or begins with "…", it belongs to the next or the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from rules.commands.mood import Statement, asks, each_in, ends_with, found_in, length_at, said_in
from rules.commands.plain.argument_words import (
    Answering,
    Asking,
    Extending,
    Ground,
    Items,
    PuttingOff,
    Rejecting,
    Rewriting,
    UnitWords,
    grounds_of,
)
from rules.commands.vocabulary import CommandWords, load_command_words, plain_words
from rules.message.quote_markers import DEFAULT
from rules.text import squash
from rules.text.patterns import PhraseList, Words
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import number_places

CLAUSE = re.compile(r"[,:;–]\s+|[.!?]+\s+|\s-\s")
"""Separates the clauses of a sentence."""
SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_LEAD = re.compile(r"(?:(?:ở|với|của)\s+)?(?:(?:câu hỏi|câu|mã|số|cau hoi|cau|so)\s*)*[\[(]?$", re.IGNORECASE)
_THANKS = re.compile("cam on|thanks")
MOST_SENTENCES, MOST_WORDS = 14, 160
"""What is longer than this is read by a person."""
MOST_BETWEEN = 3
LONGEST_GREETING = 12
"""A greeting before a command has at most this many words ("Chào em, chuyển Sở Y tế nhé")."""
_LINE = re.compile(r"\s+(?<!dấu )chấm\s+(?:xuống dòng|hết)\b[.]?|\s+(?<!dấu )chấm\s*$|\s+xuống dòng\b", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:=+>|-+>|→|➜|➔)\s*")
_COMMA = re.compile(r"\s+(?<!dấu )phẩy\s+(?=\S)", re.IGNORECASE)
_Section = TypeVar("_Section")


@dataclass(frozen=True, slots=True)
class Ordering:
    """Words beside a unit: what else is sent, who leads, what the unit is to read, and what colleagues are told."""

    things: PhraseList
    moves: PhraseList
    given: PhraseList
    about_oneself: PhraseList
    situations: PhraseList
    thanks: PhraseList
    thanks_colleagues: PhraseList
    deciding: PhraseList
    idle: PhraseList
    """A remark that has nothing to do with the order, …"""
    touches: PhraseList
    """… unless one of these stands beside it."""
    others: PhraseList
    leading: PhraseList
    denies: PhraseList
    denials: PhraseList
    """Words that deny an act that follows them, …"""
    no_denials: PhraseList
    """… others that hold one of these without marks ("noi dung"), …"""
    denied_between: PhraseList
    """… and those that may stand before it."""
    hides: PhraseList
    """That something is not to be shown, …"""
    hidden: PhraseList
    """… who asks, …"""
    hidden_last: PhraseList
    """… in these words where a clause ends with them; …"""
    hides_not: PhraseList
    """… ahead of it, that it need not be; …"""
    on_page: PhraseList
    """… and that it is of the Portal."""
    tells_of_letter: PhraseList
    letters: PhraseList
    """What only tells of a letter, behind one of these words: "người hỏi không ghi họ tên"."""
    leads_to_unit: PhraseList
    """Words before the field of work that stands for a unit."""
    leads_to_content: PhraseList
    """Words before the right content of a field."""
    later: PhraseList
    """Before an order: that it is for later; …"""
    waits: PhraseList
    """… where a sentence begins so, …"""
    then: PhraseList
    """… these say so too."""
    wishes_of_unit: PhraseList
    """Beginnings of a clause that a unit is to read …"""
    talks: PhraseList
    """… and of one for colleagues, where it wishes nothing of the unit; …"""
    besides: PhraseList
    """… and of one that asks for something else."""
    manner: PhraseList
    private: PhraseList
    """Behind a reason that others read, and within it: words for a colleague alone."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Words that say that the requester no longer wants an answer."""

    asker: PhraseList
    titles: PhraseList
    """… and before his own name, …"""
    elsewhere: PhraseList
    """… and behind it where it is somebody of a department."""
    wishes: PhraseList
    tells: PhraseList
    """That he said what begins the next clause."""
    never: PhraseList


@dataclass(frozen=True, slots=True)
class PlainOrderWords:
    """The sections of the data file."""

    verbs: frozenset[str]
    """Commands of which a mail that is carried out by its sound gives only one."""
    polite: PhraseList
    """What may stand beside a command that is written as officers are taught it."""
    asking: PhraseList
    """… and what at its end makes it a question."""
    answer: Answering
    denied: Mapping[str, PhraseList]
    """Acts of a command that a denial may stand before, by its verb."""
    ask: Asking
    order: Ordering
    unit: UnitWords
    reject: Rejecting
    rewrite: Rewriting
    extend: Extending
    put_off: PuttingOff
    close: Closing
    requests: PhraseList
    """Words that request something of the requester."""
    asks_nothing: Mapping[str, PhraseList]
    """What such a mail is instead, in words for its sender, with the phrases that show it."""
    kept: PhraseList
    """How a note begins that only says why it is kept."""
    again: PhraseList
    """Why a question is opened again, or from whom it is taken back, said to a colleague, …"""
    again_beside: PhraseList
    """… and what may stand beside it."""
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
        polite=PhraseList(data["order"]["polite"]),
        asking=PhraseList(data["order"]["asking"]),
        answer=_section(Answering, data["answer"]),
        denied={verb: PhraseList(acts) for verb, acts in data["denied"].items()},
        ask=_section(Asking, data["ask"], item=_section(Items, data["ask"]["item"])),
        order=_section(Ordering, data["order"]),
        unit=_section(UnitWords, data["unit"]),
        reject=_section(Rejecting, data["reject"]),
        rewrite=_section(Rewriting, data["rewrite"]),
        extend=_section(Extending, data["extend"]),
        put_off=_section(PuttingOff, data["put_off"]),
        close=_section(Closing, data["close"]),
        requests=PhraseList(data["relay"]["requests"]),
        asks_nothing={reason: PhraseList(said) for reason, said in data["no_question"].items()},
        kept=PhraseList(data["note"]["kept"]),
        again=PhraseList(data["reopen"]["again"]),
        again_beside=PhraseList(data["reopen"]["beside"]),
        grounds=tuple(grounds_of(data["reject"])),
        reasons=dict(data["reject"]["reasons"]),
    )


def _section(kind: type[_Section], data: Mapping[str, Any], **parts: object) -> _Section:
    """The phrases of a section; ``parts`` are sections within it."""
    said = {one.name: PhraseList(data[one.name]) for one in fields(kind) if one.name not in parts}  # type: ignore[arg-type]
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
    statement = said_in(clause)
    told = each_in(statement, askers)
    who = next((at for at, length in told if not length_at(statement, at + length, words.elsewhere)), None)
    says = who is not None and found_in(clause[statement.places[who][0] :], words.tells)
    return says and bool(length_at(said_in(behind), 0, words.wishes))


def _is_his_wish(statement: Statement, askers: Sequence[Words], words: Closing) -> bool:
    told = list(each_in(statement, askers))
    who = next(
        (at for at, length in told if not length_at(statement, at + length, words.elsewhere)), len(statement.words)
    )
    return any(length_at(statement, at, words.wishes) for at in range(who + 1, len(statement.words)))


def asks_something(text: str, source: Source = DEFAULT) -> bool:
    """ "Đoạn đường nào?" asks, "xin bác báo lại" requests; "Sở đã gọi, văn bản gửi sau" only tells.

    A clause ends in the word that asks; in the middle of one such words also tell ("chưa rõ đoạn nào hỏng").
    """
    words, mood = load_plain_order_words(source), load_command_words(source).mood
    clauses = [one for line in text.splitlines() for one in CLAUSE.split(line) if one.strip()]
    ending = any(asks(one, mood) or ends_with(said_in(one.rstrip()), words.ask.questions) for one in clauses)
    return "?" in text or ending or found_in(text, words.requests)


def without_codes(text: str, prefix: str) -> tuple[set[str], str]:
    """The register numbers, and the text without them and without "câu hỏi số" before them."""
    places = number_places(text, prefix)
    for _, start, end in reversed(places):
        ahead = _LEAD.sub("", text[:start])
        text = f"{ahead.rstrip()} {text[end:].lstrip(' ])')}"
    return {code for code, _, _ in places}, text


def sentences_in(text: str, words: CommandWords) -> list[str]:
    """The sentences of a mail that say something."""
    return [one for one in _sentences(text, words) if plain_words(one)]


def _sentences(text: str, words: CommandWords) -> Iterator[str]:
    """The sentences before the closing, without greetings and lines that a telephone adds below a mail."""
    for sentence in SENTENCE.split(text):
        said = f"{' '.join(plain_words(sentence))} "
        if closing := next((one for one in words.closings if said.startswith(f"{one} ")), ""):
            if _THANKS.search(closing) is None and len(said.split()) <= LONGEST_GREETING:
                return
            continue  # more may follow after "cảm ơn em."
        greeted = any(said.startswith(f"{one} ") for one in words.greetings)
        parts = CLAUSE.split(sentence, maxsplit=1)
        if not greeted:
            yield sentence
        elif len(parts) > 1 and len(parts[0].split()) <= LONGEST_GREETING:
            yield parts[1]


def alters_answer(text: str, words: PlainOrderWords) -> bool:
    """ "Gửi dân, bỏ đoạn nội bộ": a unit's mail is not to go whole as it is, or answers another question."""
    return any(_wants_other(one, words.answer) for one in SENTENCE.split(text))


def tells_colleagues(reason: str, words: PlainOrderWords) -> bool:
    """ "Hết tiền, mà đừng nói dân biết": whether a reason that others read holds words for a colleague."""
    return found_in(reason, words.order.private) or any(
        is_about_oneself(one, words) for one in CLAUSE.split(reason)[1:]
    )


def _wants_other(text: str, answer: Answering) -> bool:
    statement = said_in(text)
    starts = [
        0,
        *(one + length for one, length in each_in(statement, answer.thoughts)),
        *_clause_starts(text, statement),
    ]
    heads = [behind_all(statement, at, answer.begins) for at in starts]
    told = [behind_all(statement, at + length, answer.begins) for at, length in each_in(statement, answer.whom)]
    part = any(length_at(statement, at, answer.parts) for at in heads)
    part = part or any(length_at(statement, at, answer.behind) for at in told)
    return part or any(_alters(statement, at, answer) for at in (*heads, *told)) or found_in(text, answer.others)


def _clause_starts(text: str, statement: Statement) -> Iterator[int]:
    ends = [match.end() for match in CLAUSE.finditer(text)]
    return (next((at for at, (begins, _) in enumerate(statement.places) if begins >= end), 0) for end in ends)


def behind_all(statement: Statement, at: int, wanted: Sequence[Words]) -> int:
    """The place behind all such phrases from a place on."""
    while length := length_at(statement, at, wanted):
        at += length
    return at


def _alters(statement: Statement, at: int, answer: Answering) -> bool:
    ends = at + length_at(statement, at, answer.alters)
    return ends > at and any(length_at(statement, each, answer.pieces) for each in range(ends, ends + MOST_BETWEEN))


def thoughts_in(text: str, begins: Sequence[Words]) -> Iterator[str]:
    """The clauses, divided too where "nhưng", "chứ" begins another thought."""
    for clause in CLAUSE.split(text):
        statement, start = said_in(clause), 0
        for at in range(1, len(statement.words)):
            if length_at(statement, at, begins):
                yield clause[start : statement.places[at][0]]
                start = statement.places[at][0]
        yield clause[start:]


def without_end(text: str, ends: Sequence[Words]) -> str:
    """The text without such words at its end."""
    statement = said_in(text)
    count = len(statement.words)
    while found := next((len(one) for one in ends if statement.begins(count - len(one), one)), 0):
        count -= found
        statement = said_in(text[: statement.places[count - 1][1]] if count else "")
    return text[: statement.places[count - 1][1]] if count else ""


def place_in(clause: str, words: PlainOrderWords) -> str:
    """ "Hướng dẫn dân gửi sang Bộ Công an nhé": where the requester may turn ("Bộ Công an"); "" if not said."""
    statement = said_in(clause)
    at = length_at(statement, 0, words.reject.guides)
    length = length_at(statement, at, words.reject.turns) if at else 0
    start, ends = at + length, len(statement.words)
    while ends > start and ends_with(said_in(" ".join(statement.words[:ends])), words.polite):
        ends -= 1
    return clause[statement.places[start][0] : statement.places[ends - 1][1]] if length and ends > start else ""
