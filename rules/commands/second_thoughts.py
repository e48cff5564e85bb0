"""Words of doubt in an officer's mail, which stop its commands from being carried out.

A careful secretary who reads "Chuyển SXD. Ý tôi là SYT." or "Chuyển SXD à" asks back. Asking costs one mail; a
letter that was sent cannot be called back. The words are data (``plain_orders.toml`` [doubt]).

``held_back`` weighs the commands of lines by all words of the mail, ``is_sure`` the one of a plain sentence by what
stands before and behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rules.commands.command import NO_ORDER, Command
from rules.commands.command_line import Reader
from rules.commands.mood import (
    CONDITION,
    DOUBT,
    NEGATION,
    PLAN,
    QUESTION,
    STOPPED,
    Statement,
    Words,
    asks,
    found_in,
    has_condition,
    length_at,
    said_in,
    without,
)
from rules.commands.plain.arguments_named import UNIT_NAMED, denies, fields_in, is_said_by_another, units_in
from rules.commands.plain.words import CLAUSE, Doubting, is_about_oneself, turned
from rules.text import has_marks, squash, strip_marks
from rules.values.register_number import number_places

_EITHER = re.compile(r"\s*(?:/|hay|hoặc|or)\s*")
"""Words between two units that leave open which one is meant."""
_PERSON = re.compile(r"(?<!\w)(?:anh|chị|chi|em|cô|chú|sếp|đồng chí)\s+[A-ZĐ]\w+")
_NO_DENIAL = (("dung",),)
_DIGITS = re.compile(r"[\d/.-]+")
LONGEST_TELLING = 4
"""A clause that introduces somebody else's words has at most this many words."""
REFUSES = "refuse_extension"
SAID_BEHIND = frozenset({"ask", "to_asker", "supplement", "unit_rewrite", "correct", "pass_on", "note", "amendment"})
"""Commands with a text after a colon, which may itself express doubts and ask questions."""
BY_OTHERS = frozenset({"close", "let_go", "refuse_extension", "note"})
"""Verbs for which somebody else's words are a reason, not a doubt."""


def held_back(commands: Sequence[Command], lines: Sequence[str], reader: Reader) -> tuple[Command, ...]:
    """A mail's commands; those that its own words make doubtful become ``NO_ORDER``."""
    doubted = reader.plain.doubt.verbs
    return tuple(
        replace(one, verb=NO_ORDER, field=DOUBT)
        if (one.verb in doubted and _is_doubted(one, _about(one, commands, lines), reader))
        or _grants_too(one, reader)
        else one
        for one in commands
    )


def _grants_too(order: Command, reader: Reader) -> bool:
    """ "Không đồng ý lùi đến 28/10, cho đến 23/10 thôi": what refuses more time grants some beside it."""
    clauses = CLAUSE.split(order.raw) if order.verb in {REFUSES, "return"} else ()
    return any(each.verb == "extend" and each.until for one in clauses for each in reader.commands(one))


def _about(order: Command, commands: Sequence[Command], lines: Sequence[str]) -> str:
    """The mail without lines about other questions, lines that it takes back, and text meant for somebody else."""
    others = [one.raw for one in commands if one.question != order.question or one.field == STOPPED]
    others += [one.raw for one in commands if one.verb in SAID_BEHIND]
    away = {line.strip() for raw in others for line in raw.splitlines()}
    if order.verb not in SAID_BEHIND:
        away -= {line.strip() for line in order.raw.splitlines()}
    return "\n".join(line for line in lines if line.strip() not in away)


def _is_doubted(order: Command, told: str, reader: Reader) -> bool:
    words = reader.plain.doubt
    own = order.raw.partition(":")[0] if order.verb in SAID_BEHIND else order.raw
    if order.verb in words.bare and not is_bare(told if order.verb in words.whole else own, order, reader):
        return True
    if order.verb in SAID_BEHIND and _says_other_thing(order, words):
        return True
    if order.verb == "ask" and _is_not_for_asker(order.raw, reader):
        return True
    if order.verb not in BY_OTHERS - {REFUSES} and is_said_by_another(order, reader):
        return True
    if order.verb == "forward" and number_places(order.remark, reader.words.prefix):
        return True
    bare = not has_marks("\n".join((told, order.raw)))
    clauses = list(_clauses(told, order, reader))
    behind = [*_clauses(order.remark, order, reader)]
    if order.verb == "reject":
        behind += _clauses(order.text, order, reader)
    return (
        _names_either(told, reader)
        or any(_says_doubt(one, _meant(order), bare, words) for one in clauses)
        or any(_begins_doubt(one, bare, words) for one in (*clauses, *behind))
        or any(_is_all_doubt(one, bare, words) for one in (*clauses[1:], *behind))
    )


def _clauses(text: str, order: Command, reader: Reader) -> Iterator[str]:
    """The clauses, without those that deny another unit than the command's, and without idioms that mean no doubt."""
    own = () if order.verb == REFUSES else reader.plain.doubt.harmless_of.get(_meant(order), ())
    harmless = (*own, *reader.plain.doubt.harmless)
    beginning = _without_its_beginning(text, order, reader)
    kept = without("\n".join(without(line, harmless) for line in beginning.splitlines()), reader.words.mood.stops)
    for line in kept.splitlines():
        for clause in CLAUSE.split(line):
            told = clause if has_marks(clause) else without(clause, _NO_DENIAL)  # "đúng" looks like "đừng"
            if clause.strip() and not is_other_unit(told, order, reader):
                yield without(clause, harmless)


def _without_its_beginning(text: str, order: Command, reader: Reader) -> str:
    """ "Thôi không cho thêm nữa, …" refuses; behind a grant, "thôi" takes it back or limits it, and stays a doubt."""
    said = said_in(text)
    length = length_at(said, 0, reader.plain.doubt.harmless_of[REFUSES]) if order.verb == REFUSES else 0
    return text[said.places[length - 1][1] :] if length else text


def _meant(order: Command) -> str:
    """A unit that is only named gets the question."""
    return "forward" if order.verb == UNIT_NAMED else order.verb


def _read(clause: str, bare: bool) -> Statement:
    """The words of a clause; ``bare`` says whether the whole mail is written without diacritics."""
    return replace(said_in(clause), bare=bare)


def _wanted(phrases: Sequence[Words], bare: bool, words: Doubting) -> list[Words]:
    return [one for one in phrases if not bare or one not in words.marked]


def _says_doubt(clause: str, verb: str, bare: bool, words: Doubting) -> bool:
    """A word of doubt anywhere in the clause, or a question at its end."""
    said = _read(clause, bare)
    says = _wanted((*words.says, *words.things_of.get(verb, ())), bare, words)
    if verb not in words.timed and not _has(said, words.terms):
        says += words.days
    if bare:
        says += words.bare_says
    inside = any(length_at(said, place, words.inside) for place in range(1, len(said.words)))
    return inside or _has(said, says) or _calls(said, words) or _tells(said, words) or _asks(said, bare, words)


def _begins_doubt(clause: str, bare: bool, words: Doubting) -> bool:
    said = _read(clause, bare)
    begins = [*_wanted(words.begins, bare, words), *(words.bare_begins if bare else ())]
    return bool(length_at(said, 0, begins))


def _is_all_doubt(clause: str, bare: bool, words: Doubting) -> bool:
    """ "Thôi.", "Khoan." after a command."""
    said = _read(clause, bare)
    return any(len(one) == len(said.words) and said.begins(0, one) for one in _wanted(words.alone, bare, words))


def _has(said: Statement, wanted: Sequence[Words]) -> bool:
    return any(length_at(said, place, wanted) for place in range(len(said.words)))


def _calls(said: Statement, words: Doubting) -> bool:
    """ "Lan ơi, …": addresses a colleague."""
    places = [at for at in range(len(said.words)) if length_at(said, at, words.calls)]
    return any(at and not any(said.begins(at - len(one), one) for one in words.called) for at in places)


def _tells(said: Statement, words: Doubting) -> bool:
    """ "Anh Tuấn dặn: …": somebody else's words follow."""
    end = len(said.words)
    last = any(said.begins(end - len(one), one) for one in words.tells)
    return last and 1 < end <= LONGEST_TELLING and bool(length_at(said, 0, words.persons))


def _asks(said: Statement, bare: bool, words: Doubting) -> bool:
    """True when a question particle ends the clause; forms of address may come before it."""
    ends = _wanted(words.ends, bare, words)
    end = len(said.words)
    while end:
        if any(said.begins(end - len(one), one) for one in ends if len(one) < end):
            return True
        if bare and _ends_in_bare_a(said.words[:end], words):
            return True
        behind = next((len(one) for one in words.behind if said.begins(end - len(one), one) and len(one) <= end), 0)
        if not behind:
            return False
        end -= behind
    return False


def _ends_in_bare_a(said: Words, words: Doubting) -> bool:
    """ "Gui dan a" may ask ("à"); after another courtesy, "a" is a courtesy itself."""
    return len(said) > 1 and said[-1] == "a" and said[-2] not in words.before_a


def _names_either(told: str, reader: Reader) -> bool:
    """ "Giao SXD/SYT": leaves open which of the two is meant."""
    text = squash(told)
    found = reader.names.find(text, bare=True)
    return any(_EITHER.fullmatch(text[one.end : other.start]) is not None for one, other in pairwise(found))


def _says_other_thing(order: Command, words: Doubting) -> bool:
    """ "Sửa địa chỉ email của em trong danh bạ": a thing that the command never concerns; or it asks or quotes."""
    bare, colon = not has_marks(order.raw), ":" in order.raw
    said = _read(order.raw.partition(":")[0], bare)
    things = () if colon else _wanted(words.things_of.get(order.verb, ()), bare, words)
    asks = order.verb != "ask" and _asks(said, bare, words)
    return asks or _calls(said, words) or _tells(said, words) or _has(said, things)


def is_bare(told: str, order: Command, reader: Reader, beside: Collection[str] = ()) -> bool:
    """Only the command's own words, units, numbers, polite particles, and words ``beside`` (without diacritics)."""
    text, plain = squash(told), reader.plain.doubt
    for _, start, end in reversed(number_places(text, reader.words.prefix)):
        text = f"{text[:start]} {text[end:]}"
    for one in reversed(reader.names.find(text, bare=True)):
        text = f"{text[: one.start]} {text[one.end :]}"
    own = {word for phrase in reader.words.phrases if phrase.verb == order.verb for word in phrase.words}
    polite = {strip_marks(word) for one in plain.polite for word in one}
    said = {strip_marks(word) for word in said_in(_DIGITS.sub(" ", text)).words}
    return said <= own | polite | {*beside}


def _is_not_for_asker(raw: str, reader: Reader) -> bool:
    """Asks somebody else, or something that no citizen can know."""
    plain, bare = reader.plain, not has_marks(raw)
    said = _read(raw, bare)
    if _has(_read(without(raw, plain.doubt.harmless_of.get("ask", ())), bare), plain.doubt.ask):
        return True
    if _has(said, plain.ask.whom):
        return False
    asked = raw.partition(":")[0]
    others = _has(_read(asked, bare), plain.doubt.ask_others)
    return others or bool(_PERSON.search(asked) or reader.names.find(squash(asked), bare=True))


def is_sure(order: Command, number: int, begins: int, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether nothing in the mail makes the command doubtful; asking for a question's state needs no certainty.

    ``number`` is the sentence that gives it, ``begins`` its position in that sentence.
    """
    if order.verb == "status":
        return True
    told = [without(one, (*reader.plain.order.stories, *reader.plain.doubt.harmless)) for one in sentences]
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
    within = without(". ".join(clauses), (*plain.order.stories, *plain.doubt.harmless))
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
        told = without(sentence, (*words.answer.harmless, *words.doubt.harmless))
        if any(found_in(one, words.answer.keeps, marked) for one in CLAUSE.split(told)):
            return False
    return True
