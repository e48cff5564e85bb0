"""The ground of a rejection that a mail tells in ordinary words, with its clause and what the requester reads.

"Từ chối nhé, vụ này tòa đã xử" names no letter of the regulation, but only one clause can be meant. Of several
grounds the one told as the reason counts ("lý do đã được trả lời"); where more than one clause is left, none does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import Words, ends_with, found_in, length_at, said_in, without
from rules.commands.plain.act_words import Ground
from rules.commands.plain.arguments_named import mentions_in
from rules.commands.plain.words import CLAUSE
from rules.commands.vocabulary import plain_words
from rules.text import squash

UNANSWERED = "10.1.k"
"""This clause wants the officer's reason told: it is meant only where the mail tells one."""
COMPLAINT = "1.2"


def rejection_in(sentences: Sequence[str], reader: Reader) -> Command | None:
    """With the clause that the mail names or describes, and the fixed words for it that the requester reads."""
    plain, whole = reader.plain.reject, squash(". ".join(sentences))
    if found_in(whole, plain.no_clause) or any(_forwards_too(one, reader) for one in CLAUSE.split(whole)):
        return None
    said = f" {' '.join(plain_words(whole))} "
    letters = {code for form, code in reader.words.clauses if _is_cited(form, code) and f" {' '.join(form)} " in said}
    told = list(dict.fromkeys(_told(whole, reader, spelt=bool(letters))))
    if letters and not told:
        told = [Ground(one, reader.plain.reasons[one], ()) for one in letters if one in reader.plain.reasons]
    if len({*letters, *(one.clause for one in told)}) > 1:
        told = _as_the_reason(whole, reader) if not letters else []
    if not told and not letters and found_in(whole, plain.complaints):
        told = [Ground(COMPLAINT, reader.plain.reasons[COMPLAINT], ())]
    if len({one.clause for one in told}) != 1:
        return None
    first = min(told, key=lambda one: _order(one, reader))  # "tòa án … ngoài thẩm quyền": the special ground
    return Command("reject", "", clause=first.clause, text=first.reason)


def _forwards_too(clause: str, reader: Reader) -> bool:
    """ "…, đồng thời chuyển Sở Xây dựng": what is given to a unit is not rejected."""
    said = said_in(clause)
    at = length_at(said, 0, reader.plain.reject.besides)
    tail = clause[said.places[at][0] :] if 0 < at < len(said.words) else ""
    return any(one.verb == "forward" for one in reader.commands(tail)) if tail else False


def _is_cited(form: Sequence[str], code: str) -> bool:
    """Whether a name of a clause is its number: "khiếu nại" describes one, and "1 2" may be anything."""
    return len(form) > 1 and (code != COMPLAINT or form[0] in {"khoan", "dieu"})


def _order(one: Ground, reader: Reader) -> int:
    grounds = reader.plain.grounds
    return grounds.index(one) if one in grounds else len(grounds)


def _as_the_reason(whole: str, reader: Reader) -> list[Ground]:
    """The grounds behind "lý do", "vì": what stands before may only tell of the case."""
    said = said_in(whole)
    for at in range(len(said.words)):
        if length := length_at(said, at, reader.plain.reject.because):
            behind = whole[said.places[at + length - 1][1] :]
            if found := list(dict.fromkeys(_told(behind, reader, spelt=False))):
                return found
    return []


def _told(text: str, reader: Reader, *, spelt: bool) -> Iterator[Ground]:
    """The grounds that the clauses tell; some only beside a clause's letter (``spelt``).

    That the mail is a complaint goes before what became of it, a special ground before "outside the city's field".
    """
    grounds = [one for one in reader.plain.grounds if spelt or not one.with_letter]
    for clause in CLAUSE.split(text):
        if _is_of_others(clause, reader):
            continue
        found = [one for one in grounds if _affirms(clause, one, reader)]
        yield from (
            found[:1] if found[:1] in (grounds[:1], grounds[-1:]) else [one for one in found if one != grounds[-1]]
        )


def _is_of_others(clause: str, reader: Reader) -> bool:
    """ "Phường bảo ngoài thẩm quyền": what others say; what the requester asks for is what the mail is about."""
    said = said_in(clause)
    who = length_at(said, 0, reader.plain.order.others)
    return bool(who) and not length_at(said, who, reader.plain.reject.content)


def _affirms(clause: str, ground: Ground, reader: Reader) -> bool:
    """Whether the clause tells the ground, and no word before it denies it ("chưa trả lời") or gives it to a unit."""
    words = reader.plain.reject
    text = without(clause, words.idioms)
    if found_in(text, words.unsure) or (ground.clause == UNANSWERED and found_in(text, words.of_another)):
        return False
    ahead = [said_in(one) for one in _before(text, ground.says)]
    return bool(ahead) and not any(ends_with(one, words.denies) for one in ahead) and not _is_of_a_unit(text, reader)


def _is_of_a_unit(clause: str, reader: Reader) -> bool:
    """ "Sở Xây dựng đã trả lời": what stands behind a unit's name is told of the unit."""
    words = reader.plain.reject
    ends = [one.end for one in mentions_in(clause, reader)]
    return any(length_at(said_in(squash(clause)[end:]), 0, words.done_by_unit) for end in ends)


def _before(text: str, wanted: Sequence[Words]) -> Iterator[str]:
    """What stands before each of the phrases."""
    said, at = said_in(text), 0
    while at < len(said.words):
        length = length_at(said, at, wanted)
        if length:
            yield text[: said.places[at][0]].rstrip()
        at += length or 1
