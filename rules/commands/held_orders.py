"""Orders that other words of the mail hold back: contradicting orders on more time, a link followed by a forward, a
reason that goes on as another order, and a letter that must not be sent whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from rules.commands.arguments import wishes_of_unit
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
from rules.commands.plain.argument_words import Extending
from rules.commands.plain.ground_and_day import day_ordered, refuses_by_half
from rules.commands.plain.words import CLAUSE, MOST_BETWEEN, SENTENCE, PlainOrderWords, alters_answer, behind_all
from rules.commands.vocabulary import WORD, joints, own_lines, plain_words
from rules.text import squash, strip_marks
from rules.text.dates import JUST_PASSED, dates_in
from rules.values.register_number import number_places, register_numbers

_DAY = re.compile(r"(?<![\d/])\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?(?:20)?\d\d)?(?![\d/])")
GIVES_AND_REFUSES, REFUSES = {"extend", "refuse_extension"}, {"refuse_extension", "return"}
"""Commands about more time: for one question both cannot be meant; and the commands that refuse it."""
REOPENS = "reopen"
MOST_CLAUSES = 12
"""A forward at the end of a reason is looked for in at most so many clauses: each is read with all that follow it."""
SENDS, ANSWERS = frozenset({"forward", ADDS}), frozenset({"unit_answer", "unit_answer_sure"})
"""Commands that send a letter whole: to a unit, and to who asked."""


def of_one_day(one: Command, reader: Reader) -> Command:
    """The command for time with its day; None if several days, or granting and refusing ("không gia hạn quá 10/11"),
    may be meant."""
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


def reopened(one: Command, reader: Reader) -> tuple[Command, ...]:
    """ "Mở lại vì …, chuyển SYT, phối hợp SXD": two commands, where the reason ends in a forward to units.

    Where a forward stands in it, and words after that do not belong to the forward, the officer is asked back.
    """
    if one.verb != REOPENS:
        return (one,)
    starts = (0, *(found.end() for found in CLAUSE.finditer(one.text)))
    for start in reversed(starts[-MOST_CLAUSES:]):
        last, reason = one.text[start:].strip(), one.text[:start].strip(" ,.;:–-")
        found = reader.commands(last)
        if _is_whole(found, reader, last=start == starts[-1]):
            raw = one.raw.rpartition(last)[0].rstrip(" ,.;:–-")
            return _of_part(replace(one, text=reason, raw=raw), reader), *(
                replace(each, question=one.question) for each in found
            )
    behind = (CLAUSE.split(one.text[gap.end() :], maxsplit=1)[0] for gap in joints(one.text))
    if any(_is_forward(each, reader) for each in (*CLAUSE.split(one.text), *behind)):
        return (replace(one, verb=NO_ORDER, field=DOUBT),)
    return (_of_part(one, reader),)


def _of_part(one: Command, reader: Reader) -> Command:
    """ "Mở lại phần của SXD vì …": whose answer counts no longer is the ``remark``, apart from the reason."""
    said = said_in(one.text)
    at, length = next(iter(each_in(said, reader.plain.reject.because)), (len(said.words), 0))
    head = one.text[: said.places[at][0]] if length else one.text
    left = squash(head)
    for found in reversed(reader.names.find(left, bare=True)):
        left = f"{left[: found.start]} {left[found.end :]}"
    if left == squash(head) or not {*plain_words(left)} <= reader.words.joins:
        return one
    return replace(
        one, remark=head.strip(), text=one.text[said.places[at + length - 1][1] :].strip() if length else ""
    )


def _is_forward(clause: str, reader: Reader) -> bool:
    found = reader.commands(clause)
    return len(found) == 1 and found[0].verb == "forward" and bool(found[0].unit) and not found[0].question


def _is_whole(found: Sequence[Command], reader: Reader, *, last: bool) -> bool:
    """Whether what was read is one forward, with units that support and a wish of the unit, and nothing told."""
    if not found or found[0].verb != "forward" or not found[0].unit or any(each.question for each in found):
        return False
    if last:
        return len(found) == 1
    told = [
        each.remark for each in found if each.remark and not wishes_of_unit(each.remark, reader.words, reader.plain)
    ]
    return not told and all(each.verb == ADDS for each in found[1:])


def _is_corrected(text: str, reader: Reader) -> bool:
    """ "Đến 30/12, sửa thành 31/12", "30/12 (31/12)": whether another day behind the first may take its place."""
    words, first = reader.plain.extend, _first_day(text, reader.plain.extend)
    day, rest = (_day(first[0], reader), text[first.end() :]) if first else (None, "")
    said = said_in(rest)
    tails = (CLAUSE.split(rest[said.places[at + length - 1][1] :])[0] for at, length in each_in(said, words.corrects))
    beside, *others = CLAUSE.split(rest)
    return (
        any(_names_other(tail, day, reader) for tail in tails)
        or _is_other(beside, (), day, reader)
        or any(_is_other(one, words.before_days, day, reader) for one in others)
    )


def _first_day(text: str, words: Extending) -> re.Match[str] | None:
    """The first day in figures; of "từ 20/12, đến 30/12" the second."""
    found = list(islice(_DAY.finditer(text), 2))
    if len(found) == 2 and ends_with(said_in(text[: found[0].start()]), words.from_day):
        between = said_in(text[found[0].end() : found[1].start()])
        found = found[behind_all(between, 0, words.before_days) == len(between.words) :]
    return found[0] if found else None


def _day(said: str, reader: Reader) -> date | None:
    found = dates_in(said, reader.on, JUST_PASSED)
    return found[0].day if found and not found[0].start else None


def _names_other(tail: str, day: date | None, reader: Reader) -> bool:
    """Whether words behind "sửa thành" begin with another day, with or without its month; "đúng 17 giờ" is none."""
    words, said = reader.plain.extend, said_in(tail)
    at = behind_all(said, 0, words.before_days)
    if at == len(said.words):
        return ends_with(said, words.weekdays)
    if not said.words[at].isdigit():
        return False
    begins = said.places[at][0]
    if found := dates_in(tail[begins:], reader.on, JUST_PASSED):
        return any(one.day != day for one in found)
    bare = behind_all(said, at + 1, words.alone) == len(said.words)
    other = day is None or int(said.words[at]) != day.day
    return other and (bare or ends_with(said_in(tail[:begins]), words.of_day))


def _is_other(clause: str, before: Sequence[Words], day: date | None, reader: Reader) -> bool:
    """Whether a clause is another day and nothing else, or says that this one is enough ("25/10 là được")."""
    said = said_in(clause)
    at = behind_all(said, 0, before)
    named = _DAY.match(clause, said.places[at][0]) if at < len(said.words) else None
    if named is None or (day is not None and _day(named[0], reader) == day):
        return False
    rest = said_in(clause[named.end() :])
    return behind_all(rest, 0, reader.plain.extend.alone) == len(rest.words)


def days_in_figures(text: str, on: date | None) -> tuple[date, ...]:
    """The different days that a text names in figures."""
    named = (dates_in(one[0], on, JUST_PASSED) for one in _DAY.finditer(text))
    return tuple(dict.fromkeys(found[0].day for found in named if found))


def forwards_too(behind: str, reader: Reader) -> bool:
    """ "HP-…2 trùng với HP-…1 nên chuyển SXD": a forward that is not denied stands behind another order's number."""
    ends = [end for _, _, end in number_places(behind, reader.words.prefix)]
    rest = behind[ends[-1] :] if ends else ""
    denied = reader.plain.extend.denied
    places = [one.start() for one in WORD.finditer(rest[:LONGEST])]
    no = next((n for n, at in enumerate(places[:MOST_BETWEEN], 1) if ends_with(said_in(rest[:at]), denied)), 0)
    starts = places[no : no + MOST_BETWEEN]
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
    """The commands, without those that send a letter whole although a line about its question says not to."""
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
