"""A command at the end of a sentence that first gives its reason, and a unit's name alone as a reply to "which?".

The last clause of "Hỏi chuyện mất điện, giao Điện lực" gives the command. It counts only when nothing before it
expresses a doubt or a condition, asks, or reports somebody else's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import Words, found_in, has_condition, said_in
from rules.commands.vocabulary import holds, plain_words
from rules.reply.unit_names import Mention
from rules.text import squash
from rules.values.register_number import number_places

_OVER, _THANKED = frozenset({"roi"}), frozenset({"cam", "on"})
_DONE = frozenset({"tra", "xu", "giai", "xem", "lo", "chuyen", "gui", "giao", "nhan"})
ASKS = frozenset({"hoi"})
"""Verbs that only ask somebody ("hỏi Sở Y tế xem")."""
_OF_A_QUESTION = re.compile(r"câu hỏi|cau hoi")
UNIT_NAMED = "unit_named"
"""The verb of a line that is only a unit's name."""
_STOP = re.compile(r"[.!;,:–—]+\s+")
_THANKS = re.compile(r"[.!;]\s+(?=(?:cảm ơn|cám ơn|cam on|trân trọng|thanks|tks)\b)", re.IGNORECASE)
_CLEAR = frozenset({"forward", "extend", "refuse_extension", "unit_answer", "not_a_question", UNIT_NAMED})
"""Commands that may be given this way; one that takes a text would include the reason in it."""
FEW_WORDS = 4
"""A clause of at most this many words may deny a unit without being about anything else ("không phải y tế đâu")."""
MOST_WORDS = 60
"""In a longer line, the end may not be all that it asks for."""


def ordered_at_the_end(line: str, reader: Reader) -> Command | None:
    """The command of the line's last clause; None when it has none or any doubt remains."""
    places = number_places(line, reader.words.prefix)
    codes = {code for code, _, _ in places}
    if len(codes) > 1 or "?" in line or len(line.split()) > MOST_WORDS or _says(line, reader.words.doubts, reader):
        return None
    text = line
    for _, start, end in reversed(places):
        text = f"{text[:start].rstrip(' [(')} {text[end:].lstrip(' ])')}"
    found = _last(_THANKS.split(text, maxsplit=1)[0].strip(" ,;:"), reader, numbered=bool(codes))
    if found is not None and _says(line, reader.words.unclear, reader):
        return None
    return replace(found, question=next(iter(codes), ""), raw=line) if found is not None else None


def _last(text: str, reader: Reader, *, numbered: bool) -> Command | None:
    """The first ending of the text that is a clear command by itself."""
    whole = _order(text, reader) if numbered else named_unit(text, reader, alone=True)
    if whole is not None:
        return whole
    for start in _clauses(text, reader):
        ahead, tail = text[:start], text[start:]
        found = _order(tail, reader) or named_unit(tail, reader)
        if found is not None:
            return None if _is_spoilt(ahead, found, reader) else found
    return None


def _clauses(text: str, reader: Reader) -> Iterator[int]:
    """Where clauses begin: after a stop, and after "nên" meaning "therefore" ("không nên" forbids)."""
    said, words = said_in(text), reader.words
    places = [stop.end() for stop in _STOP.finditer(text)]
    for at in range(1, len(said.words) - 1):
        before = plain_words(said.words[at - 1])
        if said.words[at] in words.so and not set(before) & words.not_so:
            places.append(said.places[at + 1][0])
    yield from sorted(places)


def _is_spoilt(ahead: str, found: Command, reader: Reader) -> bool:
    """Whether words before the command cancel it: a condition, a "but", somebody else's words.

    "Không phải Nội vụ" before a forward only says which unit it is not; and a request for more time is what a refusal
    is about.
    """
    words = reader.words
    if found.verb in {"forward", UNIT_NAMED}:
        ahead = ". ".join(part for part in _STOP.split(ahead) if not denies(part, reader))
    reported = found.verb != "refuse_extension" and _says(ahead, words.told, reader)
    return reported or has_condition(ahead, words.mood)


def denies(clause: str, reader: Reader) -> bool:
    """Whether a clause says which unit is not meant."""
    said = said_in(clause)
    denial = next((one for one in reader.words.denials if said.begins(0, one)), ())
    rest = clause[said.places[len(denial) - 1][1] :] if denial else ""
    said_of = plain_words(rest)
    short = len(said_of) <= FEW_WORDS and any(holds(said_of, one) for one in reader.words.fields_of_work)
    if not denial or not (short or mentions_in(clause, reader)):
        return False
    return not has_condition(rest, reader.words.mood)


def mentions_in(text: str, reader: Reader) -> Sequence[Mention]:
    """The units that a text names, with diacritics or without; positions are those of the squashed text."""
    squashed = squash(text)
    return reader.names.find(squashed, bare=False) or reader.names.find(squashed, bare=True)


def units_in(text: str, reader: Reader) -> list[str]:
    """The codes of the units that a text names, valid on the day of the mail."""
    return [code for one in mentions_in(text, reader) if (code := reader.names.resolve(one.codes, reader.on))]


def _order(tail: str, reader: Reader) -> Command | None:
    """The only command of a clause; None when it has none, has several, or says that nothing is to be done."""
    found = reader.line(tail)
    if len(found) != 1 or len(found[0].commands) != 1 or reader.mood(tail):
        return None
    one = found[0].commands[0]
    whole = {"forward": bool(one.unit), "extend": one.until is not None}.get(one.verb, True)
    return one if one.verb in _CLEAR and whole else None


def named_unit(text: str, reader: Reader, *, alone: bool = False) -> Command | None:
    """The only unit that a text names, if it says nothing else ("Bên y tế nhé", "Tư pháp mới đúng").

    A clause after others must have a deciding word of its own ("mới đúng", "chuyển đi").
    """
    squashed = squash(text)
    mentions = mentions_in(text, reader)
    if not mentions and alone and (code := _field_alone(text, reader)):
        return Command(UNIT_NAMED, "", unit=code, text=text)
    codes = {code for one in mentions if (code := reader.names.resolve(one.codes, reader.on))}
    if len(codes) != 1 or (ASKS & set(plain_words(text)) and not _OF_A_QUESTION.search(squash(text))):
        return None
    for one in reversed(mentions):
        squashed = f"{squashed[: one.start]} {squashed[one.end :]}"
    rest = set(plain_words(squashed))
    if (rest >= _OVER and rest & _DONE) or rest == _THANKED or "họ" in said_in(text).words:
        return None  # "Sở Y tế trả lời rồi", "Sở Y tế cảm ơn" say what it did, "… là họ trả về" what it would do
    decides = rest & reader.words.decides
    if not rest <= reader.words.courtesies | reader.words.beside_unit | reader.words.decides:
        return None
    return Command(UNIT_NAMED, "", unit=codes.pop(), text=text) if alone or decides else None


def _field_alone(text: str, reader: Reader) -> str:
    """ "Xây dựng nhé": the unit for a field of work, if the text says nothing else."""
    said, words = plain_words(text), reader.words
    beside = (words.courtesies | words.beside_unit) - ASKS
    for form, code in words.short_units:
        for place in range(len(said) - len(form) + 1):
            if said[place : place + len(form)] == form and {*said[:place], *said[place + len(form) :]} <= beside:
                return code
    return ""


def _says(text: str, wanted: Sequence[Words], reader: Reader) -> bool:
    """Whether one of the phrases occurs in a text, with its diacritics if the text has any."""
    return found_in(text, wanted, reader.words.mood.only_marked)
