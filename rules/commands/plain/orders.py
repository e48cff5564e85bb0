"""The only command of a mail in ordinary sentences, wherever it is in them.

For example "Tôi đọc kỹ rồi, việc này của ngành y tế. Giao Sở Y tế nhé, chiều tôi bận họp." It counts only when the
mail gives no other command and holds no doubt, condition, question, postponement or report of others' words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.commands.arguments import UNCLEAR
from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import asks, ends_with, found_in, length_at, said_in
from rules.commands.plain.arguments_named import (
    UNIT_NAMED,
    denies,
    is_news,
    more_time,
    named_unit,
    remark_in,
    units_in,
    with_news_behind,
)
from rules.commands.plain.ground_and_day import rejection_in
from rules.commands.plain.words import CLAUSE, PlainOrderWords, turned
from rules.commands.plain.words_passed_on import asked_of_sender
from rules.commands.second_thoughts import is_sure
from rules.commands.vocabulary import plain_words
from rules.values.register_number import number_places

_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_LEAD = re.compile(r"(?:(?:ở|với|của)\s+)?(?:(?:câu hỏi|câu|mã|số|cau hoi|cau|so)\s*)*[\[(]?$", re.IGNORECASE)
_QUOTE = re.compile('["“”«»]')
"""Text between two of these is a quotation."""
SIGNS, LONGEST_SIGNED = "sign", 3
_THANKS = re.compile("cam on|thanks")
MOST_SENTENCES, MOST_WORDS = 14, 160
LONGEST_GREETING = 12
"""A greeting before a command has at most this many words ("Chào em, chuyển Sở Y tế nhé")."""
LONGEST_TOPIC = 8
LONGEST_NAMING = 13
"""A sentence that only names a unit has at most this many words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A command, the sentence that gives it, and its position in the sentence."""

    command: Command
    sentence: int
    begins: int


def plain_order(text: str, reader: Reader) -> tuple[Command, ...]:
    """The command in a mail's own text, with a signature beside it; () when there is none, another, or any doubt."""
    codes, bare = without_codes(text, reader.words.prefix)
    sentences = sentences_in(bare, reader)
    if len(codes) > 1 or not 0 < len(sentences) <= MOST_SENTENCES or len(bare.split()) > MOST_WORDS:
        return ()
    found = [one for number, _ in enumerate(sentences) if (one := _order_in(number, sentences, reader))]
    order = _agreed(found, sentences, reader)
    if order is None or not is_sure(order.command, order.sentence, order.begins, sentences, reader):
        return ()
    signed = () if order.command.verb == SIGNS else reader.commands(sentences[order.sentence][order.begins :])
    beside = [one for one in signed if one.verb == SIGNS]
    every = (order.command, *beside)
    return tuple(replace(one, question=next(iter(codes), ""), raw=text.strip()) for one in every)


def without_codes(text: str, prefix: str) -> tuple[set[str], str]:
    """The register numbers, and the text without them and without "câu hỏi số" before them."""
    places = number_places(text, prefix)
    for _, start, end in reversed(places):
        ahead = _LEAD.sub("", text[:start])
        text = f"{ahead.rstrip()} {text[end:].lstrip(' ])')}"
    return {code for code, _, _ in places}, text


def sentences_in(text: str, reader: Reader) -> list[str]:
    """The sentences of a mail that say something."""
    return [one for one in _sentences(text, reader) if plain_words(one)]


def _sentences(text: str, reader: Reader) -> Iterator[str]:
    """The sentences before the closing, without greetings and lines that a telephone adds below a mail."""
    words = reader.words
    for sentence in _SENTENCE.split(text):
        said = f"{' '.join(plain_words(sentence))} "
        if closing := next((one for one in words.closings if said.startswith(f"{one} ")), ""):
            if _THANKS.search(closing) is None and len(said.split()) <= LONGEST_GREETING:
                return
            continue  # more may follow after "cảm ơn em."
        greeted = any(said.startswith(f"{one} ") for one in words.greetings)
        parts = CLAUSE.split(sentence, maxsplit=1)
        if not greeted:
            yield sentence
        elif len(parts) > 1 and len(parts[0].split()) <= LONGEST_GREETING:
            yield parts[1]


def _order_in(number: int, sentences: Sequence[str], reader: Reader) -> Found | None:
    """The first command of a sentence; a question gives none."""
    sentence, words = sentences[number], reader.plain
    if asks(sentence, reader.words.mood):
        return Found(Command("status", ""), number, 0) if found_in(sentence, words.status) else None
    if length_at(said_in(sentence), 0, words.order.unreal):
        return None
    others: set[str] = set()
    for begins in _starts(sentence, words):
        if len(_QUOTE.findall(sentence[:begins])) % 2:
            continue
        command = _command(sentence[begins:], sentences[:number], sentence[:begins], reader)
        if command is not None:
            return None if others - {command.unit} else Found(command, number, begins)
        others |= _forwarded_in(CLAUSE.split(sentence[begins:], maxsplit=1)[0], reader)
    named = _named(sentence, reader, alone=len(sentences) == 1)
    return Found(named, number, 0) if named is not None else None


def _forwarded_in(clause: str, reader: Reader) -> set[str]:
    """The units to which a clause by itself forwards: "đất thì chuyển SNNMT, đường thì chuyển SXD" means both."""
    found = () if reader.mood(clause) else reader.commands(clause)
    return {one.unit for one in found if one.verb == "forward" and one.unit}


def _starts(sentence: str, words: PlainOrderWords) -> Iterator[int]:
    """Where a command may begin: at the start, after a comma, after "nên"."""
    said, order = said_in(sentence), words.order
    places = {0, *(one.end() for one in CLAUSE.finditer(sentence))}
    for place in range(len(said.words)):
        behind = place + length_at(said, place, order.so)
        forbidden = place and length_at(said, place - 1, order.not_so)
        if behind > place and behind < len(said.words) and not forbidden:
            places.add(said.places[behind][0])
        if said.words[place : place + 1] == ("thì",) and _is_given(sentence[: said.places[place][0]], words):
            places.add(said.places[min(place + 1, len(said.words) - 1)][0])
    places |= {_behind_fillers(sentence, place, words) for place in places}
    yield from sorted(places)


def _behind_fillers(sentence: str, begins: int, words: PlainOrderWords) -> int:
    """The position after words such as "các em", "câu này vẫn", which may precede a command."""
    said, place = said_in(sentence[begins:]), 0
    while length := length_at(said, place, words.order.ahead):
        place += length
    return begins + said.places[place][0] if place < len(said.words) else begins


def _is_given(ahead: str, words: PlainOrderWords) -> bool:
    """ "Họ đã nói không nhận thì …" draws a conclusion from a fact, "họ mà đã nhận thì …" sets a condition.

    "Chuyện khu công nghiệp thì …" says what it is about.
    """
    said = said_in(ahead)
    topic = 0 < len(said.words) <= LONGEST_TOPIC and length_at(said, 0, words.order.topics)
    if topic and not found_in(ahead, words.order.no_topic):
        return True
    return found_in(ahead, words.order.given) and not found_in(ahead, words.order.no_fact)


def _command(tail: str, before: Sequence[str], ahead: str, reader: Reader) -> Command | None:
    """The command that begins here, judged by its own words."""
    words = reader.plain
    if asked := asked_of_sender(tail, words.ask):
        return Command("ask", "", text=asked)
    if verb := _verb_of_its_own(tail, (*before, ahead), reader):
        behind = [each.commands[0].verb for one in CLAUSE.split(tail)[1:] for each in reader.line(one)]
        return None if verb == "not_a_question" and {*behind} - {verb} else Command(verb, "")
    forbids = reader.mood(tail) and not _denies_itself(tail, reader)  # "không tiếp nhận" rejects
    found = (() if forbids else reader.line(tail)) or with_news_behind(tail, reader)
    if not found:
        return more_time(tail, (*before, ahead), reader)
    others = [each for each in found[1:] if each.commands[0].verb not in {"help", SIGNS}]
    if others or len(found[0].commands) != 1:
        return None
    return _whole(found[0].commands[0], (*before, ahead, tail), reader)


def _denies_itself(tail: str, reader: Reader) -> bool:
    """ "Không tiếp nhận", "không cho gia hạn, làm đúng hạn đi": the denial is the command, and all of its clause."""
    found = reader.line(CLAUSE.split(tail, maxsplit=1)[0]) or reader.line(tail)
    one = found[0].commands[0] if found else None
    more = set(plain_words(one.text)) - reader.words.courtesies - {"nua"} if one is not None else set()
    return one is not None and (one.verb == "reject" or (one.verb == "refuse_extension" and not more))


def _verb_of_its_own(tail: str, before: Sequence[str], reader: Reader) -> str:
    """The verb of a command that is given without a command's usual words."""
    words, said = reader.plain, said_in(tail)
    if length_at(said, 0, words.no_question):
        return "not_a_question"
    first, *more = CLAUSE.split(tail)
    if _is_bare_forward(first, words) and all(is_news(one, reader) for one in more if plain_words(one)):
        return "forward"
    about_time = any(found_in(one, words.extend.topic) for one in (*before, tail))
    length = length_at(said, 0, words.extend.refuses) if about_time else 0
    return "refuse_extension" if length and not turned(tail[said.places[length - 1][1] :], words.turns) else ""


def _whole(one: Command, said: Sequence[str], reader: Reader) -> Command | None:
    """The command if it has all it needs; ``said`` is the mail up to and including it."""
    words = reader.plain
    if one.verb == "reject":
        return _rejection(one, said, reader)
    lacks = {
        "extend": one.until is None and not found_in(said[-1], words.extend.asked),
        "ask": not one.text or ":" not in said[-1],
        "forward": not one.unit,
        SIGNS: len(one.text.split()) > LONGEST_SIGNED,  # "…, ký sổ giao nhận ngày 6/10" tells something
    }
    return one if one.verb in words.verbs and not lacks.get(one.verb, False) else None


def _rejection(one: Command, said: Sequence[str], reader: Reader) -> Command | None:
    """A rejection whose clause may be named anywhere; the citizen gets a fixed reason, not words among colleagues."""
    if one.clause == UNCLEAR or found_in(". ".join(said), reader.plain.reject.no_clause):
        return None
    if not one.clause:
        told = rejection_in(said, reader)
        return replace(one, clause=told.clause, text=told.text) if told else None
    reason = one.text or reader.plain.reasons.get(one.clause, "")
    return replace(one, text=reason) if reason else None


def _is_bare_forward(text: str, words: PlainOrderWords) -> bool:
    """ "Chuyển đi", "gửi cho họ": the unit is named elsewhere."""
    said = said_in(text)
    place = length_at(said, 0, words.order.moves)
    if not place:
        return False
    while place < len(said.words):
        length = length_at(said, place, words.order.bare_forward)
        if not length:
            return False
        place += length
    return True


def _named(sentence: str, reader: Reader, *, alone: bool) -> Command | None:
    """The unit of a sentence that says nothing else of importance ("Sở Y tế mới đúng", "của bên y tế mà")."""
    first, *more = CLAUSE.split(sentence)
    *ahead, last = first, *more
    if ahead and all(denies(one, reader) for one in ahead):  # "Ko phải Nội vụ đâu, Tư pháp mới đúng"
        return named_unit(last, reader)
    let = length_at(said_in(first), 0, reader.plain.order.lets)
    if more and let and all(length_at(said_in(one), 0, reader.plain.order.reminds) for one in more):
        return named_unit(first, reader, alone=True)
    if more and _is_wished(first, reader) and all(_tells_only(one, reader) for one in more):
        return named_unit(first, reader, alone=True)
    if len(sentence.split()) > LONGEST_NAMING:
        return None
    return named_unit(sentence.strip(" ,;:."), reader, alone=alone)


def _is_wished(clause: str, reader: Reader) -> bool:
    """ "Sở Tài chính nhé": ends in a particle of a request; "Sở Tài chính, họ …" does not."""
    return ends_with(said_in(clause.rstrip()), reader.plain.order.wished)


def _tells_only(clause: str, reader: Reader) -> bool:
    """Whether a clause behind a unit's name names no other and denies and reports nothing."""
    order = reader.plain.order
    doubtful = found_in(clause, (*order.denies, *order.given, *order.moves, *order.others_told))
    return not doubtful and not units_in(clause, reader) and not reader.mood(clause)


def _agreed(found: Sequence[Found], sentences: Sequence[str], reader: Reader) -> Found | None:
    """The command on which all agree; "chuyển đi" then means the unit that is only named."""
    orders = [one for one in found if one.command.verb != UNIT_NAMED]
    if any(_is_bare(one.command) for one in orders):
        orders = _with_the_unit(orders, _affirmed(sentences, reader), remark_in(sentences, reader))
    elif not orders:
        return found[0] if len({one.command.unit for one in found}) == 1 else None
    same = {(one.command.verb, one.command.unit, one.command.until) for one in orders}
    return orders[0] if len(same) == 1 else None


def _is_bare(one: Command) -> bool:
    return one.verb == "forward" and not one.unit


def _with_the_unit(orders: Sequence[Found], units: Sequence[str], remark: str) -> list[Found]:
    """The commands completed with the only unit that the mail affirms; none when it affirms several."""
    if len(units) != 1:
        return []
    named = [
        replace(one.command, unit=units[0], remark=remark) if _is_bare(one.command) else one.command for one in orders
    ]
    return [replace(one, command=command) for one, command in zip(orders, named, strict=True)]


def _affirmed(sentences: Sequence[str], reader: Reader) -> list[str]:
    """The units that the mail names without denying them."""
    units: list[str] = []
    for sentence in sentences:
        for clause in CLAUSE.split(sentence):
            if not found_in(clause, reader.plain.order.denies):
                units += units_in(clause, reader)
    return list(dict.fromkeys(units))
