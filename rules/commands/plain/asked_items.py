"""Requests for a thing that an officer names: "em xin bác số sổ bảo hiểm", "nhắn cô ấy gửi thêm giấy ra viện nhé".

Between the word that asks and the thing stand only words for the requester, links ("cho xin", "gửi thêm") and
courtesies, so that it is surely the thing asked for. Only the thing reaches the requester: it ends before
the reason that is meant for the colleague, and before a particle for the colleague.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.commands.mood import Statement, ends_with, found_in, length_at, said_in
from rules.commands.plain.argument_words import Asking, Items
from rules.commands.plain.words import behind_all

_CLAUSE = re.compile(r"[,;]\s+|\s[-–]\s|[.!?…]+(?:\s|$)|:\s+(?=.*:\s)|\n+")
_PART = re.compile(r"[,;:]\s+|\s[-–]\s|(?=\s\()")
_END = re.compile(r"[.!?…]+(?:\s|$)|\n")
MOST_MORE = 6
"""Words for something else asked after a comma ("lớp mấy", "từ đâu đến đâu")."""
LONGEST = 30
"""Words of all that is asked for."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """The words from the one that asks to the thing: where the thing begins, and how it is asked for."""

    place: int
    verb: tuple[int, int] | None = None
    """The first and last place of the words that the requester may read ("gửi thêm")."""
    asks: bool = False
    person: bool = False
    linked: bool = False
    unsure: bool = False

    @property
    def requests(self) -> bool:
        """ "Nhắn bác số nhà" would tell him one; "nhắn gửi thêm ảnh" does not say whom."""
        return self.asks or (self.linked and self.person)


def asked_item(sentence: str, words: Asking) -> str:
    """The request for a thing in a sentence that asks for it now; "" in others."""
    starts = [0, *(match.end() for match in _CLAUSE.finditer(sentence))]
    for begins in starts:
        clause = _CLAUSE.split(sentence[begins:], maxsplit=1)[0]
        statement = said_in(clause)
        for at in range(len(statement.words)):
            if not _may_ask(statement, at, words.item):
                continue
            if is_unreal(sentence, begins + statement.places[at][0], words):
                return ""
            if asked := _named(statement, sentence[begins:], words, _Chain(at)):
                return asked
    return ""


def named_item(behind: str, words: Asking) -> str:
    """The request in the words after "hỏi lại người gửi", if they name a thing; else ""."""
    clause = _CLAUSE.split(behind, maxsplit=1)[0]
    return _named(said_in(clause), behind, words, _Chain(0, asks=True))


def is_unreal(sentence: str, begins: int, words: Asking) -> bool:
    """Whether the words before a request that begins there make it a report, plan, question, denial, or condition."""
    ahead, item = sentence[:begins], words.item
    own = _CLAUSE.split(ahead)[-1]
    oneself = ends_with(said_in(own), item.oneself) and not found_in(sentence[begins:], item.favours)
    return oneself or found_in(own, item.unreal) or found_in(ahead, item.supposes)


def is_over(asked: str, words: Asking) -> bool:
    """ "Số nhà rồi", "số nhà chưa": a thing has been asked for already, or shall perhaps be.

    "Thửa đất có sổ chưa" is a question about it.
    """
    part = _PART.split(asked)[0]
    statement = said_in(part)
    if length_at(statement, 0, words.item.past):
        return True  # "hỏi lại dân rồi, họ chưa trả lời"
    if not _thing_at(statement, 0, words.item) or not ends_with(statement, words.item.over):
        return False
    ahead = part[: statement.places[-1][0]]
    return not (ends_with(statement, words.questions) and found_in(ahead, words.told))


def is_within(statement: Statement, at: int, words: Asking) -> bool:
    """ "Ảnh chụp": the word is the second of a thing's name, and bids nothing."""
    return _thing_at(statement, at - 1, words.item) > 1


def says_nothing(asked: str, words: Asking) -> bool:
    """ "Bổ sung thêm thông tin" names nothing that could be asked for."""
    statement, place = said_in(asked), 0
    while length := length_at(statement, place, words.item.vague):
        place += length
    return place == len(statement.words)


def _may_ask(statement: Statement, at: int, words: Items) -> bool:
    """Whether a word that asks stands there, said to the colleague: nobody else is its subject."""
    if not length_at(statement, at, (*words.asks, *words.bids)):
        return False
    led = at == 0 or any(statement.begins(at - len(one), one) for one in words.heads)
    oneself = any(statement.begins(at - len(one), one) for one in words.oneself)
    favour = any(length_at(statement, place, words.favours) for place in range(at, len(statement.words)))
    return favour if oneself else led


def _named(statement: Statement, text: str, words: Asking, chain: _Chain) -> str:
    found = _whole(statement, text, words, chain)
    if found is None or not found.requests:
        return ""
    paper = bool(length_at(statement, found.place, words.item.papers))
    asked = _thing(text[statement.places[found.place][0] :], words)
    if not asked or (paper and found.unsure) or says_nothing(asked, words):
        return ""
    own = text[statement.places[found.verb[0]][0] : statement.places[found.verb[1]][1]] if found.verb else ""
    sent = paper and not found_in(asked, words.questions)  # "giấy tờ cấp năm nào" is told
    return f"xin Ông/Bà {own or ('gửi' if sent else 'cho biết')} {asked}"


def _whole(statement: Statement, text: str, words: Asking, chain: _Chain) -> _Chain | None:
    """The chain up to the thing; None when another word stands between."""
    step: _Chain | None = chain
    while step is not None and step.place < len(statement.words):
        chain, thing = step, _thing_at(statement, step.place, words.item)
        step = _step(statement, text, words, chain)
        if thing and (step is None or _thing_at(statement, step.place, words.item) < thing):
            return chain  # "họ tên" is one thing, but "ho ten benh vien" is asked of "họ"
    return None


def _step(statement: Statement, text: str, words: Asking, chain: _Chain) -> _Chain | None:
    """The chain with the next words that may stand before the thing."""
    item, at = words.item, chain.place
    titled = length_at(statement, at, item.titles)
    named = titled and at + titled < len(statement.words) and text[statement.places[at + titled][0]].isupper()
    person = max(length_at(statement, at, (*words.whom, *item.persons)), titled + bool(named))
    asks, link = length_at(statement, at, item.asks), length_at(statement, at, item.links)
    other = max(length_at(statement, at, one) for one in (item.bids, item.between, words.beside))
    length = max(person, asks, link, other)
    if not length:
        return None
    sends = length_at(statement, at, item.sends) == length
    return _Chain(
        at + length,
        (at, at + length - 1) if sends else None if link == length else chain.verb,
        chain.asks or asks == length,
        chain.person or person == length,
        chain.linked or link == length,
        chain.unsure or length_at(statement, at, item.unsure) == length,
    )


def _thing_at(statement: Statement, at: int, words: Items) -> int:
    return length_at(statement, at, (*words.facts, *words.papers))


def _thing(text: str, words: Asking) -> str:
    """What is asked for, from its first word on: up to a remark to the colleague; "" when it is no request now."""
    parts = _PART.split(_END.split(text, maxsplit=1)[0])
    kept: list[str] = []
    for part in parts:
        if kept and not _goes_on(part, words):
            break
        own, ends = _cut(part, words)
        if is_over(own, words):
            return ""
        kept.append(own)
        if ends:
            break
    asked = ", ".join(kept)
    statement = said_in(asked)
    short = [one for one in words.item.elsewhere if len(one) == 1]  # without marks "sở" is "sổ" and "số" as well
    if len(statement.words) > LONGEST or found_in(asked, words.item.elsewhere, short):
        return ""
    return asked


def _goes_on(part: str, words: Asking) -> bool:
    """Whether the words after a comma are something else that is asked for."""
    statement = said_in(part)
    joined = length_at(statement, 0, words.item.joins)
    if _thing_at(statement, joined, words.item) or length_at(statement, joined, words.completes):
        return True
    if length_at(statement, 0, (*words.cuts, *words.apart)) or len(statement.words) > MOST_MORE:
        return False
    return ends_with(said_in(_cut(part, words)[0]), words.questions)


def _cut(part: str, words: Asking) -> tuple[str, bool]:
    """The words up to a remark or a particle for the colleague, and whether one stands there."""
    statement = said_in(part)
    joined, closes = length_at(statement, 0, words.item.joins), (*words.cuts, *words.item.closes)
    first = max(_thing_at(statement, joined, words.item), length_at(statement, joined, words.completes), 1)
    ahead = range(first, len(statement.words))
    ends = next(
        (at for at in ahead if length_at(statement, at, closes) and not _thing_at(statement, at, words.item)),
        len(statement.words),
    )
    last = ends
    while (length := _trailing(statement, last, words)) and last - length >= first:
        last -= length
    return part[: statement.places[last - 1][1]].strip() if last else "", ends < len(statement.words)


def _trailing(statement: Statement, last: int, words: Asking) -> int:
    return next(
        (len(one) for one in (*words.trailing, *words.item.joins) if statement.begins(last - len(one), one)), 0
    )


def bids_points(text: str, words: Asking) -> bool:
    """ "Bảo người ta viết lại cho rõ: ở phường nào, từ bao giờ": whether the requester is to write about points that
    follow the colon; no clause may be a remark about his letter, which is for the colleague."""
    ahead, _, behind = text.partition(":")
    statement, more = said_in(ahead), (*words.completes, *words.beside)
    at = behind_all(statement, 0, words.beside)
    bids = length_at(statement, at, words.bids)
    whom = length_at(statement, at + bids, words.whom) if bids else 0
    begins, end = at + bids + whom, len(statement.words)
    if not whom or behind_all(statement, begins, words.beside) == end or behind_all(statement, begins, more) < end:
        return False
    own, marked = (*words.remarks, *words.never), [("bảo",)]  # "tu bao gio"
    parts = _PART.split(behind.strip(" .\n"))
    return all(_is_point(one, words) and not found_in(one, own, marked) for one in parts)


def _is_point(part: str, words: Asking) -> bool:
    statement = said_in(part)
    return ends_with(statement, words.points) or bool(_thing_at(statement, 0, words.item))
