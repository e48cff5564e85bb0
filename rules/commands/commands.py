"""Officers' commands in a mail, step by step: "Chuyển SXD", "từ chối h vì …", "đồng ý gia hạn đến 15/12/2026".

Diacritics, case, punctuation and courtesies do not matter (``docs/decisions/0014``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rules.commands.command import (
    DICTATES,
    MISNUMBERED,
    NO_ORDER,
    UNREAD,
    Command,
    other_number,
    with_full_number,
)
from rules.commands.command_line import Reader
from rules.commands.likely_orders import unlike_orders
from rules.commands.lines import Reading
from rules.commands.mood import CONDITION, NEGATION, QUESTION, REPORT, STOPPED, length_at, said_in
from rules.commands.plain.arguments_named import UNIT_NAMED
from rules.commands.plain.by_sound import order_by_sound
from rules.commands.plain.orders import plain_order
from rules.commands.plain.tidying import from_a_label_on, own_words, without_slips
from rules.commands.plain.words import load_plain_order_words, written_out
from rules.commands.second_thoughts import held_back
from rules.commands.vocabulary import load_command_words, own_lines
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.text import clean
from rules.values.data_file import Source, load_units
from rules.values.model import Unit

__all__ = [
    "DICTATES",
    "MISNUMBERED",
    "NO_ORDER",
    "UNIT_NAMED",
    "UNREAD",
    "Command",
    "load_command_words",
    "read_commands",
]

_LOOKED_BEHIND = {(NO_ORDER, mood) for mood in (NEGATION, REPORT, QUESTION, CONDITION)}
"""Along with "đừng chuyển SXD", a report or a question, the mail may still give a command."""


def reader_for(units: Mapping[str, Unit], on: date | None, source: Source = DEFAULT, case: str = "") -> Reader:
    """What reading officers' mails needs."""
    names = unit_names(units, source, ordered=True)
    return Reader(load_command_words(source), names, on, load_plain_order_words(source), case)


def read_commands(
    text: str,
    units: Mapping[str, Unit] | None = None,
    on: date | None = None,
    source: Source = DEFAULT,
    *,
    unread: bool = False,
    at_hand: str = "",
    case: str = "",
    fits: Collection[str] = (),
) -> tuple[Command, ...]:
    """The commands in a person's own text; () when its first words give none.

    ``on``, the day of the mail, supplies a missing year and says which units exist. With ``unread``, a line meant as
    a command that gives none is ``UNREAD``, ``MISNUMBERED`` or ``NO_ORDER``, to be answered, and lines before a
    command do not hide it. ``case``: what the mail that is answered is about; ``fits``: the acts that may be carried
    out by what the mail sounds like (``by_sound``).
    """
    reader = reader_for(units if units is not None else load_units(source), on, source, case)
    text = with_full_number(text, at_hand)
    if not unread:
        return _read(text, text, reader, source, unread=False)
    mended = without_slips(text, source)
    found = _understood(mended, reader, source, fits)
    typed = _understood(text, reader, source, fits) if mended != text else found
    same = [_decided(one) for one in typed] == [_decided(one) for one in found]
    may_be_given = {one.verb for one in found} <= {UNIT_NAMED, UNREAD, NO_ORDER, MISNUMBERED, *reader.plain.verbs}
    return found if may_be_given and not same else typed


def _decided(one: Command) -> Command:
    """The command without the words that it takes over, which stay as they were typed."""
    return replace(one, text="", raw="", remark="")


def _understood(text: str, reader: Reader, source: Source, fits: Collection[str]) -> tuple[Command, ...]:
    """The commands of a mail, by phrases, without what stands beside them, from a label on, or by sound."""
    found = _read(text, text, reader, source, unread=True)
    if _gives_none(found) and (own := own_words(text, reader)) != text:
        text, found = own, _read(own, own, reader, source, unread=True) or found
    if _gives_none(found):
        labelled = _read(*from_a_label_on(text, reader), reader, source, unread=True)
        found = found if _gives_none(labelled) else labelled
    return order_by_sound(text, found, reader, source, fits) or found


def _gives_none(found: Sequence[Command]) -> bool:
    """Whether a mail gave no command; one that takes back a command is not read again."""
    return all(one.verb in {UNREAD, NO_ORDER, MISNUMBERED} and one.field != STOPPED for one in found)


def _read(text: str, told: str, reader: Reader, source: Source, *, unread: bool) -> tuple[Command, ...]:
    """The commands of a text; with ``unread``, those that ``told`` makes doubtful become ``NO_ORDER``."""
    reading = Reading(reader, unread)
    for line in own_lines(text, reader.words):
        if not reading.take_all(line):
            return ()
    found = reading.end()
    if unread and all(one.verb == UNREAD or (one.verb, one.field) in _LOOKED_BEHIND for one in found):
        plain = plain_order(written_out(clean(text)), reader)
        found = tuple(map(_if_of_this_question, plain)) or found
    if unread:
        found = unlike_orders(held_back(found, list(own_lines(told, reader.words)), reader), told, reader, source)
    return tuple(_with_what_is_noted(one, text, reader) for one in found)


def _with_what_is_noted(one: Command, text: str, reader: Reader) -> Command:
    """ "Sở hẹn khảo sát. Ghi vào hồ sơ để biết": a note that only says why it is kept is the whole mail."""
    idle = one.verb == "note" and length_at(said_in(one.text), 0, reader.plain.kept)
    return replace(one, text=text.strip()) if idle else one


def _if_of_this_question(one: Command) -> Command:
    """The command; ``MISNUMBERED`` when it is about "câu 124", which may be another question than the one at hand."""
    return replace(one, verb=MISNUMBERED) if not one.question and other_number(one.raw) else one
