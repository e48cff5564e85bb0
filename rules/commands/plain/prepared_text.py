"""An officer's mail made ready for the readers of orders: labelled lines become a sentence, idle remarks go.

An order in labelled lines ("- Đơn vị: Sở Y tế", "- Hạn: 15/10") is read as the sentence that it comes to.

Remarks that have nothing to do with an order ("mệt quá", "sáng nay chưa uống cà phê", "chúc vui vẻ") are left out, so
that the order counts as if it stood alone. What may touch it stays: another unit, a number or day, a question, a
condition, doubt, or a word of deciding. So does everything where an order has a text of its own, which others read
whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rules.commands.command import ADDS, LISTED
from rules.commands.command_line import Reader
from rules.commands.mood import asks, asks_openly, found_in, said_in, without
from rules.commands.plain.one_unit import without_units
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import is_about_oneself, sentences_in, without_codes
from rules.commands.vocabulary import own_lines, plain_words
from rules.reply.unit_names import mentions_in
from rules.text.dates import dates_in
from rules.text.patterns import spelt_out
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import register_numbers

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
MOST_LABELS = 6
SENT_ON = frozenset({"review", "held"})
"""The cases in which a unit by itself is the answer to which unit gets the question."""


def prepared(text: str, reader: Reader, source: Source) -> str:
    """The text in which the orders of a mail are looked for."""
    return _without_talk(_of_labels(text, reader, source), reader)


def _without_talk(text: str, reader: Reader) -> str:
    """The text without idle remarks, where the rest orders something; else the text."""
    if ":" in text or len(text) > LONGEST:
        return text
    lines = [_PART.split(line) for line in text.split("\n")]
    kept = [[one for one in line if not _is_idle(one, reader)] for line in lines]
    if kept == lines:
        return text
    rest = "\n".join(" ".join(line) for line in kept)
    orders = [order for line in own_lines(rest, reader.words) for order in reader.commands(line)]
    if not orders:
        bare = without_codes(rest, reader.words.prefix)[1]
        return rest if forward_in(sentences_in(bare, reader.words), reader) else text
    return rest if all(order.verb in WITHOUT_TEXT for order in orders) else text


def _is_idle(part: str, reader: Reader) -> bool:
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


def _of_labels(text: str, reader: Reader, source: Source) -> str:
    """The order that a mail of labelled lines comes to; the text where any line is another, or leaves it open."""
    lines = [line for line in own_lines(text, reader.words) if line.strip()] if len(text) <= LONGEST else []
    if not 1 < len(lines) <= MOST_LABELS or "?" in text or not all(":" in line for line in lines):
        return text
    labels, said = _labels(source), dict[str, str]()
    for line in lines:
        label, _, value = LISTED.sub("", line).partition(":")
        key = labels.get((" ".join(plain_words(label)), ""), "")
        if not key or key in said or not value.strip(" .-"):
            return text
        said[key] = value.strip(" .-")
    return _order_of(said, labels, reader) or text


def _order_of(said: Mapping[str, str], labels: Mapping[tuple[str, str], str], reader: Reader) -> str:
    act = labels.get(("", " ".join(plain_words(said["act"]))), "") if "act" in said else "alone"
    keys, number = {*said} - {"act", "number"}, said.get("number", "")
    if number and (len(register_numbers(number, reader.words.prefix)) != 1 or len(number.split()) > 1):
        return ""
    if not all(_is_units(said[key], reader, key) for key in ("unit", "support") if key in said):
        return ""
    day = dates_in(said.get("day", ""), reader.on)
    if ("day" in said) != (len(day) == 1):
        return ""
    order = ""
    sends = act == "forwards" or (act == "alone" and reader.case in SENT_ON)
    if sends and {"unit"} <= keys <= {"unit", "support", "day"}:
        beside = (("support", "phối hợp"), ("day", "hạn trả lời"))
        order = ", ".join((f"chuyển {said['unit']}", *(f"{word} {said[key]}" for key, word in beside if key in said)))
    elif (act, keys) == ("refuses", {"reason"}):
        order = f"từ chối vì {said['reason']}"
    elif (act, keys) == ("extends", {"day"}):
        order = f"đồng ý gia hạn đến {said['day']}"
    elif (act, keys) == ("asks", {"asked"}):
        order = f"hỏi lại: {said['asked']}"
    return f"{number} {order}".strip() if order else ""


def _is_units(value: str, reader: Reader, key: str) -> bool:
    """Whether a value is the names of units and nothing else; the one that leads is one."""
    mentions, left = mentions_in(value, reader.names), plain_words(without_units(value, reader))
    return bool(mentions) and {*left} <= {"va"} and (key != "unit" or len(mentions) == 1)


@lru_cache(maxsize=SOURCES_KEPT)
def _labels(source: Source) -> Mapping[tuple[str, str], str]:
    """What a label is called, and what stands behind the act, as (label, "") and ("", act), without diacritics."""
    every = source.toml("plain_orders.toml")["form"].items()
    forms = [(key, " ".join(plain_words(form))) for key, said in every for one in said for form in spelt_out(one)]
    acts = {"forwards", "refuses", "extends", "asks"}
    return {("", form) if key in acts else (form, ""): key for key, form in forms}
