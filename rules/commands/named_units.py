"""The units that a sentence names, and whether it names one alone ("Sở Y tế nhé") or denies one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import has_condition, said_in
from rules.commands.vocabulary import holds, plain_words
from rules.reply.unit_names import Mention
from rules.text import squash

_OVER, _THANKED = frozenset({"roi"}), frozenset({"cam", "on"})
_DONE = frozenset({"tra", "xu", "giai", "xem", "lo", "chuyen", "gui", "giao", "nhan"})
ASKS = frozenset({"hoi"})
"""Verbs that only ask somebody ("hỏi Sở Y tế xem")."""
_OF_A_QUESTION = re.compile(r"câu hỏi|cau hoi")
UNIT_NAMED = "unit_named"
"""The verb of a line that is only a unit's name."""
FEW_WORDS = 4
"""A clause of at most this many words may deny a unit without being about anything else ("không phải y tế đâu")."""


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
