"""Whether a line is written as officers are taught it: the act, its number, unit, day or clause, and courtesies.

Such a line needs less of the votes (``likely_orders``), and what no table holds examples of counts only so.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from rules.commands.command import SAID_BEHIND, Command
from rules.commands.command_line import Reader
from rules.commands.mood import said_in
from rules.commands.vocabulary import CommandWords, plain_words, starts
from rules.text import squash, strip_marks
from rules.values.register_number import number_places

_LEADS = frozenset({"thanh", "la"})
"""Before the right content of a field."""
LONGEST_LEAD = 10
"""A number begins within so many characters ("số 5 Lê Lợi")."""
_DIGITS = re.compile(r"[\d/.-]+")


def is_prepared(one: Command, text: str, reader: Reader) -> bool:
    """Whether a line is written as the links of our mails write it: the number, then the act, and nothing else."""
    return bool(one.question) and text.startswith(one.question) and is_taught(replace(one, raw=text), reader)


def is_taught(order: Command, reader: Reader) -> bool:
    """Whether a line has only what officers are taught: act, number, unit, day, clause, and the act's argument."""
    words, told = reader.words, _before_its_text(order, reader.words)
    reasons = frozenset(word for form in words.because for word in form)
    clauses = reasons | {word for form, _ in words.clauses for word in form}
    beside = {
        "forward": words.joins,
        "extend": words.day_words,
        "reject": clauses | words.rejected,
        "correct": _LEADS,
    }
    asks = _ends_asking(told if order.verb in SAID_BEHIND else order.raw, reader)
    return not asks and _is_bare(told, order, reader, beside.get(order.verb, reasons))


def _ends_asking(text: str, reader: Reader) -> bool:
    """ "Thu hồi à em", "Xác nhận chuyển SXD không": without diacritics "a" may ask too."""
    said = said_in(text)
    for word in reversed(said.words):
        if any(word in {each, strip_marks(each) if said.bare else each} for (each,) in reader.plain.asking):
            return True
        if word not in reader.words.mood.particles:
            return False
    return False


def _is_bare(told: str, order: Command, reader: Reader, beside: Collection[str]) -> bool:
    """Only the command's own words, units, numbers, polite particles, and words ``beside`` (without diacritics)."""
    text = squash(told)
    for _, start, end in reversed(number_places(text, reader.words.prefix)):
        text = f"{text[:start]} {text[end:]}"
    for one in reversed(reader.names.find(text, bare=True)):
        text = f"{text[: one.start]} {text[one.end :]}"
    own = {word for phrase in reader.words.phrases if phrase.verb == order.verb for word in phrase.words}
    said = said_in(_DIGITS.sub(" ", text))
    polite = {strip_marks(word) if said.bare else word for one in reader.plain.polite for word in one}
    return all(word in polite or strip_marks(word) in own | {*beside} for word in said.words)


def _before_its_text(order: Command, words: CommandWords) -> str:
    """The line up to the question, reason or remark that belongs to the command."""
    if order.verb in SAID_BEHIND and (":" in order.raw or not _is_content(order)):
        return order.raw.partition(":")[0]
    ahead = order.raw.partition(order.text.partition("\n")[0])[0] if order.text else ""
    if order.verb in {"reject", "correct"} and order.text:
        return ahead
    if any(plain_words(ahead)[-len(one) :] == one for one in words.because):
        return ahead
    if any(starts(order.remark, one) for one in words.remarks):
        return order.raw.partition(order.remark.partition("\n")[0])[0]
    return order.raw


def _is_content(order: Command) -> bool:
    """Whether a correction without a colon begins with a name, an address or a number ("sửa tên Trần Thị Bình")."""
    begins = order.text[:LONGEST_LEAD]
    return order.verb == "correct" and (begins[:1].isupper() or any(one.isdigit() for one in begins))
