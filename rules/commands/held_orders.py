"""Orders that other words hold back: time given or refused in two ways, a letter that is not to go whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from rules.commands.command import ADDS, NO_ORDER, Command
from rules.commands.command_line import Reader
from rules.commands.likely_orders import LONGEST
from rules.commands.mood import (
    ALTERS,
    CLASH,
    DOUBT,
    HIDES,
    Statement,
    Words,
    each_in,
    ends_with,
    found_in,
    length_at,
    said_in,
)
from rules.commands.plain.ground_and_day import day_ordered, refuses_by_half
from rules.commands.plain.words import CLAUSE, MOST_BETWEEN, SENTENCE, PlainOrderWords, alters_answer, behind_all
from rules.commands.vocabulary import WORD, own_lines
from rules.text import strip_marks
from rules.values.register_number import number_places, register_numbers

_DAY = re.compile(r"(?<![\d/])\d{1,2}\s?[/.]\s?\d{1,2}(?:\s?[/.]\s?(?:20)?\d\d)?(?![\d/])")
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
    if gives and one.until and _is_corrected(one.text, reader):
        return replace(one, verb=NO_ORDER, field=CLASH, until=None)
    if half or (gives and one.until and not day):
        return replace(one, verb=NO_ORDER, field=DOUBT, until=None)
    return replace(one, until=day) if day else one


def _is_corrected(text: str, reader: Reader) -> bool:
    """ "Đến 30/12, sửa thành 31/12", "30/12 (31/12)": whether another day behind the first may take its place."""
    first, words = _DAY.search(text), reader.plain.extend
    rest = text[first.end() :] if first else ""
    said = said_in(rest)
    named = (behind_all(said, at + length, words.before_days) for at, length in each_in(said, words.corrects))
    figures = [at for at in named if at < len(said.words) and said.words[at].isdigit()]
    other = any(not length_at(said, at, words.terms) for at in figures)
    beside, *others = CLAUSE.split(rest)  # "từ 20/12 đến 30/12" is one day
    return other or _is_day(beside, ()) or any(_is_day(one, words.before_days) for one in others)


def _is_day(clause: str, before: Sequence[Words]) -> bool:
    said = said_in(clause)
    at = behind_all(said, 0, before)
    return at < len(said.words) and _DAY.fullmatch(clause[said.places[at][0] :].rstrip(" ).;,!")) is not None


def forwards_too(behind: str, reader: Reader) -> bool:
    """ "HP-…2 trùng với HP-…1 nên chuyển SXD": a forward stands behind the last number of another order."""
    ends = [end for _, _, end in number_places(behind, reader.words.prefix)]
    rest = behind[ends[-1] :] if ends else ""
    starts = [one.start() for one in islice(WORD.finditer(rest), MOST_BETWEEN)]
    told = (each for at in starts for each in reader.commands(rest[at:]))
    return bool(starts) and not reader.mood(rest) and any(each.verb == "forward" and each.unit for each in told)


def hides_asker(line: str, words: PlainOrderWords) -> bool:
    """ "Chuyển SYT, đừng nêu tên người hỏi": a line of an order wishes that its unit does not learn who asks."""
    return any(
        _hides(said_in(clause), words)
        for sentence in SENTENCE.split(line)
        if not found_in(sentence, words.order.on_page)
        for clause in CLAUSE.split(sentence)
    )


def _hides(said: Statement, words: PlainOrderWords) -> bool:
    polite = {strip_marks(one[0]) if said.bare else one[0] for one in words.polite if len(one) == 1}
    last = max((at for at, one in enumerate(said.words) if one not in polite), default=-1)
    for at, length in each_in(said, words.order.hides):
        if any(ends == at for ends in (place + size for place, size in each_in(said, words.order.hides_not))):
            continue
        if _tells(said, at, length, words):
            continue
        for place in range(at + length, at + length + MOST_BETWEEN + 1):
            ends = place + length_at(said, place, words.order.hidden_last) - 1
            if length_at(said, place, words.order.hidden) or place <= ends == last:
                return True
    return False


def _tells(said: Statement, at: int, length: int, words: PlainOrderWords) -> bool:
    """ "Người hỏi không ghi họ tên": what the letter lacks, told of who wrote it."""
    lacks = length_at(said, at, words.order.tells_of_letter) == length
    bids = ends_with(said, words.ask.trailing)  # "thư không ghi tên người hỏi nhé"
    return lacks and not bids and any(place + size == at for place, size in each_in(said, words.order.letters))


def sent_whole(found: tuple[Command, ...], text: str, reader: Reader, at_hand: str) -> tuple[Command, ...]:
    """The commands; none that sends a letter whole where a line about its question will not have all of it sent."""
    lines = [line[:LONGEST] for line in own_lines(text, reader.words)]
    for verbs, forbids, field in ((SENDS, hides_asker, HIDES), (ANSWERS, alters_answer, ALTERS)):
        if {one.verb for one in found} & verbs:
            held = [line for line in lines if forbids(line, reader.plain)]
            stopped = {
                one
                for one in found
                if one.verb in verbs and any(_of(line, one, found, reader, at_hand) for line in held)
            }
            found = tuple(replace(one, verb=NO_ORDER, field=field) if one in stopped else one for one in found)
    return found


def _of(line: str, one: Command, found: Sequence[Command], reader: Reader, at_hand: str) -> bool:
    """Whether a line is about a command's question: it stands in it, names its number, or belongs to no other's."""
    own = one.question or at_hand
    if not own or any(line == each[:LONGEST] for each in one.raw.splitlines()):
        return True
    others = {each.question or at_hand for each in found if line == each.raw.partition("\n")[0][:LONGEST]}
    told = {*register_numbers(line, reader.words.prefix)} or others
    return not told or own in told
