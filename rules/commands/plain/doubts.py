"""Whether anything in a mail cancels its only command or makes it doubtful."""

from __future__ import annotations

from collections.abc import Sequence

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import (
    CONDITION,
    NEGATION,
    PLAN,
    QUESTION,
    asks,
    found_in,
    has_condition,
    length_at,
    said_in,
    without,
)
from rules.commands.named_units import UNIT_NAMED, denies, units_in
from rules.commands.plain.arguments_named import fields_in
from rules.commands.plain.words import CLAUSE, is_about_oneself, turned

BY_OTHERS = frozenset({"close", "let_go", "refuse_extension", "note"})
"""Verbs for which somebody else's words are a reason, not a doubt."""


def is_sure(order: Command, number: int, begins: int, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether nothing in the mail makes the command doubtful; asking for a question's state needs no certainty.

    ``number`` is the sentence that gives it, ``begins`` its position in that sentence.
    """
    if order.verb == "status":
        return True
    told = [without(one, reader.plain.order.stories) for one in sentences]
    around = all(may_stand_before(one, order, reader) for one in told[:number]) and all(
        _may_stand_behind(one, order, reader) for one in told[number + 1 :]
    )
    if not around or not _is_clear(sentences[number], order, reader):
        return False
    if order.verb == "unit_answer" and not may_leave(sentences, reader):
        return False
    return not _is_told(without(sentences[number][:begins], reader.plain.order.stories), order, reader)


def _is_clear(sentence: str, order: Command, reader: Reader) -> bool:
    """No word of doubt in the command's own sentence, except in what the writer says about himself.

    What the requester meant to send is no doubt where his mail asks nothing.
    """
    words, plain = reader.words, reader.plain
    askers = plain.close.asker if order.verb == "not_a_question" else ()
    clauses = [
        one
        for one in CLAUSE.split(sentence)
        if not is_about_oneself(one, plain) and not length_at(said_in(one), 0, askers)
    ]
    within = without(". ".join(clauses), plain.order.stories)
    unclear = () if order.verb in {"ask", "reject"} else words.unclear
    return not found_in(within, (*words.doubts, *unclear), words.mood.only_marked)


def may_stand_before(sentence: str, order: Command, reader: Reader) -> bool:
    """Whether a sentence before a command only tells or gives a reason."""
    plain, mood = reader.plain, reader.mood(sentence)
    if mood == NEGATION:
        return is_other_unit(sentence, order, reader) or (
            order.verb == "reject" and found_in(sentence, plain.reject.complaint)
        )
    if asks(sentence, reader.words.mood):
        return not found_in(sentence, plain.order.deliberates)
    if found_in(sentence, plain.order.holds) and order.verb not in {"ask", "reject"}:
        return False
    return mood not in {CONDITION, PLAN, QUESTION}


def _may_stand_behind(sentence: str, order: Command, reader: Reader) -> bool:
    """False when a sentence postpones the command, takes it back or asks about it; remarks on oneself may follow.

    Nor may it send something to another unit ("Còn lại thì chuyển Sở Tư pháp").
    """
    plain = reader.plain
    others = order.verb in {"forward", UNIT_NAMED} and found_in(sentence, plain.order.moves)
    if others and set(units_in(sentence, reader)) - {order.unit} and not is_other_unit(sentence, order, reader):
        return False
    if turned(sentence, plain.turns) or reader.mood(sentence) in {CONDITION, PLAN, QUESTION, NEGATION}:
        return False
    if asks(sentence, reader.words.mood):
        return False
    if is_about_oneself(sentence, plain):
        return True
    return not found_in(sentence, reader.words.doubts, reader.words.mood.only_marked)


def _is_told(ahead: str, order: Command, reader: Reader) -> bool:
    """Whether the words before the command report somebody else's words, or set a condition."""
    words = reader.words
    told = order.verb not in BY_OTHERS and found_in(ahead, words.told, words.mood.only_marked)
    if order.verb == "extend" and found_in(ahead, reader.plain.extend.allows):
        told = False
    parts = [one for one in CLAUSE.split(ahead) if one.strip()]
    conditions = [one for one in parts if has_condition(one, words.mood) and not _denies(one, order, reader)]
    return told or bool(conditions)


def _denies(clause: str, order: Command, reader: Reader) -> bool:
    """ "Không phải y tế đâu", "đừng đưa Sở Xây dựng": says which unit is not meant."""
    return order.verb in {"forward", UNIT_NAMED} and (denies(clause, reader) or is_other_unit(clause, order, reader))


def is_other_unit(text: str, order: Command, reader: Reader) -> bool:
    """A prohibition about another unit than the command's."""
    named, own = units_in(text, reader) or [*fields_in(text, reader)], reader.plain.order
    forbids = found_in(text, own.denies) and not found_in(text, own.no_denial)
    return order.verb in {"forward", UNIT_NAMED} and forbids and bool(named) and order.unit not in named


def may_leave(sentences: Sequence[str], reader: Reader) -> bool:
    """True when nothing in the mail keeps the unit's text from the citizen."""
    words, marked = reader.plain, reader.words.mood.only_marked
    for sentence in sentences:
        said = said_in(sentence)
        if length_at(said, 0, words.answer.once):
            continue
        if found_in(without(sentence, words.answer.harmless), words.answer.keeps, marked):
            return False
    return True
