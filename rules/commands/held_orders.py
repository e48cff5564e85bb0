"""Orders that other words hold back: time given or refused in two ways, a letter that is not to go whole."""

from __future__ import annotations

from dataclasses import replace

from rules.commands.command import ADDS, NO_ORDER, Command
from rules.commands.command_line import Reader
from rules.commands.likely_orders import LONGEST
from rules.commands.mood import ALTERS, DOUBT, HIDES, length_at, said_in
from rules.commands.plain.ground_and_day import day_ordered, refuses_by_half
from rules.commands.plain.words import alters_answer, hides_asker
from rules.commands.vocabulary import own_lines

GIVES_AND_REFUSES, REFUSES = {"extend", "refuse_extension"}, {"refuse_extension", "return"}
"""Commands about more time: of one question both cannot be meant; those that refuse it."""
SENDS, ANSWERS = frozenset({"forward", ADDS}), frozenset({"unit_answer", "unit_answer_sure"})
"""Commands that send a letter whole: to a unit, and to who asked."""


def of_one_day(one: Command, reader: Reader) -> Command:
    """The command for time with its day; none where several, or both ("không gia hạn quá 10/11"), may be meant."""
    words, gives = reader.plain.extend, one.verb == "extend"
    refuses = one.verb == "refuse_extension" or (one.verb in REFUSES and reader.case == "extension")
    turns = words.impossible if gives else (*words.beyond, *words.impossible) if refuses else ()
    day = day_ordered(one.text, reader) if gives and one.until else None
    half = length_at(said_in(one.text), 0, turns) or (refuses and refuses_by_half(one.raw, reader))
    if half or (gives and one.until and not day):
        return replace(one, verb=NO_ORDER, field=DOUBT, until=None)
    return replace(one, until=day) if day else one


def sent_whole(found: tuple[Command, ...], text: str, reader: Reader) -> tuple[Command, ...]:
    """The commands; none that sends a letter whole where a line will not have all of it sent."""
    lines = [line[:LONGEST] for line in own_lines(text, reader.words)]
    for verbs, forbids, field in ((SENDS, hides_asker, HIDES), (ANSWERS, alters_answer, ALTERS)):
        if {one.verb for one in found} & verbs and any(forbids(line, reader.plain) for line in lines):
            found = tuple(replace(one, verb=NO_ORDER, field=field) if one.verb in verbs else one for one in found)
    return found
