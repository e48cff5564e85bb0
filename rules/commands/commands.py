"""Officers' commands in a mail, step by step: "Chuyển SXD", "từ chối h vì …", "đồng ý gia hạn đến 15/12/2026".

Diacritics, case, punctuation and courtesies do not matter (``docs/decisions/0014``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from rules.commands.arguments import before_a_support, labels_in
from rules.commands.command import (
    ADDS,
    DICTATES,
    MISNUMBERED,
    NO_ORDER,
    UNREAD,
    Command,
    with_full_number,
)
from rules.commands.command_line import Reader
from rules.commands.likely_orders import LONGEST, unlike_orders
from rules.commands.lines import Reading
from rules.commands.mood import CLASH, DOUBT, HIDES, length_at, said_in
from rules.commands.plain.by_sound import order_by_sound
from rules.commands.plain.ground_and_day import day_ordered
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import CLAUSE, hides_asker, load_plain_order_words, sentences_in, without_codes
from rules.commands.vocabulary import load_command_words, own_lines, plain_words
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.text import clean
from rules.values.data_file import Source, load_units
from rules.values.model import Unit

__all__ = [
    "DICTATES",
    "HIDES",
    "MISNUMBERED",
    "NO_ORDER",
    "UNREAD",
    "Command",
    "load_command_words",
    "read_commands",
]

REOPENS = "reopen"
GIVES_AND_REFUSES, REFUSES = {"extend", "refuse_extension"}, {"refuse_extension", "return"}
"""Commands about more time: of one question both cannot be meant; those that refuse it."""
ENDS = frozenset({"reject", "let_go", "let_go_surely", "not_a_question"})
"""Commands that end a question without an answer: who also forwards it means one of the two."""


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
    text = with_full_number(text, at_hand, source=source)
    if not unread:
        return _read(text, reader, source, unread=False)
    found = _read(text, reader, source, unread=True)
    return _sent_whole(order_by_sound(text, found, reader, source, fits) or found, text, reader)


def _sent_whole(found: tuple[Command, ...], text: str, reader: Reader) -> tuple[Command, ...]:
    """The commands; none to a unit that is not to learn who asks, for it gets the letter whole."""
    sends = {"forward", ADDS}
    if not any(one.verb in sends for one in found):
        return found
    if not any(hides_asker(line[:LONGEST], reader.plain) for line in own_lines(text, reader.words)):
        return found
    return tuple(replace(one, verb=NO_ORDER, field=HIDES) if one.verb in sends else one for one in found)


def _read(text: str, reader: Reader, source: Source, *, unread: bool) -> tuple[Command, ...]:
    """The commands of a text; with ``unread``, those that do not sound like one become ``NO_ORDER``."""
    reading = Reading(reader, unread)
    for line in own_lines(text, reader.words):
        if not reading.take_all(line):
            return ()
    found = reading.end()
    if unread:
        found = tuple(_of_one_day(one, reader) for one in found)
        found = unlike_orders(_of_one_mind(_with_added(found, reader), text, reader), text, reader, source)
    return tuple(_with_what_is_noted(one, text, reader) for one in found)


def _with_added(found: tuple[Command, ...], reader: Reader) -> tuple[Command, ...]:
    """The commands; a unit that is to support joins a forward of the same question.

    "Chuyển SXD" and below it "Thêm SYT phối hợp" are one forward. A forward without any other unit
    ("giao SYT phối hợp") adds it to the one that has the question.
    """
    kept: list[Command] = []
    apart = (part for command in found for part in _fields_of(command, reader))
    for one in (each for part in apart for each in _reopened(part, reader)):
        ahead = None if one.supporting else before_a_support(one, reader.names, reader.plain)
        alone = ahead is not None and {*plain_words(ahead)} <= reader.words.joins
        told = replace(one, verb=ADDS) if alone else one
        before = kept[-1] if kept else None
        if before is None or before.question != told.question or {before.verb, told.verb} != {"forward", ADDS}:
            kept.append(told)
            continue
        lead, added = (before, told) if before.verb == "forward" else (told, before)
        supporting = tuple(dict.fromkeys((*lead.supporting, added.unit, *added.supporting)))
        remark, raw = (
            f"{one}\n{other}".strip() for one, other in ((lead.remark, added.remark), (before.raw, told.raw))
        )
        kept[-1] = replace(lead, supporting=supporting, remark=remark, raw=raw)
    return tuple(kept)


def _fields_of(one: Command, reader: Reader) -> tuple[Command, ...]:
    """ "Sửa điện thoại: …, địa chỉ: …": a command for each of the data that the line names behind a colon."""
    labels = [label for label in labels_in(one.text, reader.words) if label[3]] if one.verb == "correct" else []
    ends = [*(begin for _, begin, _, _ in labels), len(one.text)]
    starts = [(one.field, 0), *((field, end) for field, _, end, _ in labels)]
    said = [(field, one.text[at:end].strip(" ,;.(")) for (field, at), end in zip(starts, ends, strict=True)]
    if len({field for field, _ in said}) != len(said) or not all(text for _, text in said):
        return (one,)
    return tuple(replace(one, field=field, text=text) for field, text in said) if labels else (one,)


def _reopened(one: Command, reader: Reader) -> tuple[Command, ...]:
    """ "Mở lại, chuyển SYT": two commands, where the last clause of the reason is a forward to a unit."""
    if one.verb != REOPENS:
        return (one,)
    start = max((found.end() for found in CLAUSE.finditer(one.text)), default=0)
    last, reason = one.text[start:].strip(), one.text[:start].strip(" ,.;:–-")
    found = reader.commands(last)
    if len(found) != 1 or found[0].verb != "forward" or not found[0].unit or found[0].question:
        return (one,)
    raw = one.raw.rpartition(last)[0].rstrip(" ,.;:–-")
    return replace(one, text=reason, raw=raw), replace(found[0], question=one.question)


def _of_one_mind(found: tuple[Command, ...], text: str, reader: Reader) -> tuple[Command, ...]:
    """The commands; those that contradict each other become ``NO_ORDER``.

    A forward counts only where the whole mail means the same units ("Chuyển SXD. Ý tôi là SYT."), time is not both
    given and refused, and what goes to a unit does not end in the same mail.
    """
    one = found[0] if len(found) == 1 else None
    if one is not None and one.verb == "forward" and one.unit and len(text) <= LONGEST:
        meant = forward_in(sentences_in(without_codes(clean(text), reader.words.prefix)[1], reader.words), reader)
        same = meant is not None and (meant.unit, {*meant.supporting}) == (one.unit, {*one.supporting})
        return found if same else (replace(one, verb=NO_ORDER, field=DOUBT),)
    told = defaultdict[str, set[tuple[str, str]]](set)
    for one in found:
        told[one.question].add((one.verb, one.unit))
    return tuple(_grants_too(one, reader) or _contradicted(one, told[one.question]) for one in found)


def _contradicted(one: Command, said: Collection[tuple[str, str]]) -> Command:
    """The command, as none where a question would go to two units, or to one and end, or get time refused too."""
    units, verbs = [unit for verb, unit in said if verb == "forward"], {verb for verb, _ in said}
    if units and verbs & ENDS and one.verb in {"forward", *ENDS}:
        return replace(one, verb=NO_ORDER, field=CLASH)
    doubt = len(units) > 1 or verbs >= GIVES_AND_REFUSES
    return replace(one, verb=NO_ORDER, field=DOUBT) if doubt and one.verb in {"forward", *GIVES_AND_REFUSES} else one


def _grants_too(one: Command, reader: Reader) -> Command | None:
    """ "Không đồng ý, cho đến 23/10 thôi": what refuses more time grants some beside it, so that it is no command."""
    clauses = CLAUSE.split(one.raw) if one.verb in REFUSES else ()
    both = any(each.verb == "extend" and each.until for part in clauses for each in reader.commands(part))
    return replace(one, verb=NO_ORDER, field=DOUBT) if both else None


def _of_one_day(one: Command, reader: Reader) -> Command:
    """The command for more time with the day that it grants; as none where several may be meant."""
    if one.verb != "extend" or one.until is None:
        return one
    day = day_ordered(one.text, reader)
    return replace(one, until=day) if day else replace(one, verb=NO_ORDER, field=DOUBT, until=None)


def _with_what_is_noted(one: Command, text: str, reader: Reader) -> Command:
    """ "Sở hẹn khảo sát. Ghi vào hồ sơ để biết": a note that only says why it is kept is the whole mail."""
    idle = one.verb == "note" and length_at(said_in(one.text), 0, reader.plain.kept)
    return replace(one, text=text.strip()) if idle else one
