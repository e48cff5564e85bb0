"""Remarks beside an order that have nothing to do with it: "mệt quá", "sáng nay chưa uống cà phê", "chúc vui vẻ".

Such a remark is left out before an officer's mail is read, so that the order counts as if it stood alone. What may
touch the order stays: another unit, a number or day, a question, a condition, doubt, or a word of deciding. So does
everything where an order has a text of its own, which others read whole.
"""

from __future__ import annotations

import re

from rules.commands.command import ADDS
from rules.commands.command_line import Reader
from rules.commands.mood import asks, asks_openly, found_in, said_in, without
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import is_about_oneself, sentences_in, without_codes
from rules.commands.vocabulary import own_lines
from rules.reply.unit_names import mentions_in

_PART = re.compile(r"(?<=[.!?…;,])\s+")
WITHOUT_TEXT = frozenset(
    {"forward", ADDS, "extend", "refuse_extension", "close", "unit_answer", "not_a_question"}
    | {"unit_received", "remind_unit"}
)
"""Orders with no text that others read but a wish of the unit."""
MOST_BESIDE = 6
"""A remark has at most so many words beside those that show what it is."""
LONGEST = 1200
"""A longer mail says more than an order."""


def without_talk(text: str, reader: Reader) -> str:
    """The text without such remarks, where the rest orders something; else the text."""
    if ":" in text or len(text) > LONGEST:
        return text
    lines = [_PART.split(line) for line in text.split("\n")]
    kept = [[one for one in line if not is_idle(one, reader)] for line in lines]
    if kept == lines:
        return text
    rest = "\n".join(" ".join(line) for line in kept)
    orders = [order for line in own_lines(rest, reader.words) for order in reader.commands(line)]
    if not orders:
        bare = without_codes(rest, reader.words.prefix)[1]
        return rest if forward_in(sentences_in(bare, reader.words), reader) else text
    return rest if all(order.verb in WITHOUT_TEXT for order in orders) else text


def is_idle(part: str, reader: Reader) -> bool:
    """Whether a part of a sentence says where the writer is, how he feels, or a wish for the day, and no more."""
    words, mood = reader.plain.order, reader.words.mood
    if not (found_in(part, words.idle) or is_about_oneself(part, reader.plain)):
        return False
    beside = without(part, (*words.idle, *words.situations))
    few = len(said_in(beside).words) <= MOST_BESIDE and part.count("(") == part.count(")")
    if not few or "?" in part or any(map(str.isdigit, part)) or asks(part, mood) or asks_openly(beside, mood):
        return False
    later = (*words.later, *words.waits, *words.then)
    touches = (*words.touches, *words.deciding, *words.moves, *later, *mood.stops, *reader.plain.unit.doubts)
    return not (found_in(beside, touches) or reader.verb_of(part) or mentions_in(part, reader.names))
