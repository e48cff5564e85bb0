"""Orders that other words of the mail hold back: contradicting orders on more time, a link followed by a forward, a
reason that goes on as another order, what puts an order off or unsays it, and a letter that must not be sent whole.
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
    each_in,
    ends_with,
    found_in,
    length_at,
    said_in,
)
from rules.commands.plain.argument_words import Extending
from rules.commands.plain.by_sound import is_denied
from rules.commands.plain.ground_and_day import day_ordered, refuses_by_half
from rules.commands.plain.one_unit import mood_of_units, without_units
from rules.commands.plain.words import (
    CLAUSE,
    MOST_BETWEEN,
    SENTENCE,
    PlainOrderWords,
    alters_answer,
    behind_all,
    without_end,
)
from rules.commands.vocabulary import WORD, joints, own_lines, plain_words
from rules.text import squash, strip_marks
from rules.text.dates import JUST_PASSED, dates_in
from rules.text.patterns import Words
from rules.values.register_number import number_places, register_numbers

_DAY = re.compile(r"(?<![\d/])\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?(?:20)?\d\d)?(?![\d/])")
GIVES_AND_REFUSES, REFUSES = {"extend", "refuse_extension"}, {"refuse_extension", "return"}
"""Commands about more time: for one question both cannot be meant; and the commands that refuse it."""
REOPENS = "reopen"
MOST_CLAUSES = 12
"""A forward at the end of a reason is looked for in at most so many clauses: each is read with all that follow it."""
SENDS, ANSWERS = frozenset({"forward", ADDS}), frozenset({"unit_answer", "unit_answer_sure"})
"""Commands that send a letter whole: to a unit, and to who asked."""
UNSAID = frozenset({"reject", "close"})
"""Commands that are denied by the words of their act; a forward is by the unit that it names."""
PUT_OFF = frozenset({*SENDS, "close", "unit_answer", "unit_answer_sure", "not_a_question"})
"""Commands without a text of their own, so that any clause beside them may put them off; …"""
WRITTEN = frozenset({"remind_unit", "ask", "to_asker"})
"""Commands whose text may speak of another time itself, so that the last clause alone puts them off; …"""
PUT_OFF_BY_ALL = frozenset({*GIVES_AND_REFUSES, "reject", *WRITTEN})
"""… these, and those with a reason, only by a clause of nothing else."""


def of_one_day(command: Command, reader: Reader) -> Command:
    """The command for time with its day; None if several days, or granting and refusing ("không gia hạn quá 10/11"),
    may be meant."""
    words, gives = reader.plain.extend, command.verb == "extend"
    refuses = command.verb == "refuse_extension" or (command.verb in REFUSES and reader.case == "extension")
    turns = words.impossible if gives else (*words.beyond, *words.impossible) if refuses else ()
    day = day_ordered(command.text, reader) if gives and command.until else None
    half = length_at(said_in(command.text), 0, turns) or (refuses and refuses_by_half(command.raw, reader))
    if gives and command.until and _is_corrected(command.text, reader):
        return replace(command, verb=NO_ORDER, field=CLASH, until=None)
    if half or (gives and command.until and not day):
        return replace(command, verb=NO_ORDER, field=DOUBT, until=None)
    return replace(command, until=day) if day else command


def reopened(command: Command, reader: Reader) -> tuple[Command, ...]:
    """ "Mở lại vì …, chuyển SYT, phối hợp SXD": two commands, where the reason ends in a forward to units.

    Where a forward stands in it, and words after that do not belong to the forward, the officer is asked back.
    """
    if command.verb != REOPENS:
        return (command,)
    starts = (0, *(match.end() for match in CLAUSE.finditer(command.text)))
    for start in reversed(starts[-MOST_CLAUSES:]):
        last, reason = command.text[start:].strip(), command.text[:start].strip(" ,.;:–-")
        commands = reader.commands(last)
        if _is_whole(commands, reader, last=start == starts[-1]):
            raw = command.raw.rpartition(last)[0].rstrip(" ,.;:–-")
            return _of_part(replace(command, text=reason, raw=raw), reader), *(
                replace(each, question=command.question) for each in commands
            )
    behind = (CLAUSE.split(command.text[gap.end() :], maxsplit=1)[0] for gap in joints(command.text))
    if any(_is_forward(each, reader) for each in (*CLAUSE.split(command.text), *behind)):
        return (replace(command, verb=NO_ORDER, field=DOUBT),)
    return (_of_part(command, reader),)


def _of_part(command: Command, reader: Reader) -> Command:
    """ "Mở lại phần của SXD vì …": whose answer counts no longer is the ``remark``, apart from the reason."""
    statement = said_in(command.text)
    at, length = next(iter(each_in(statement, reader.plain.reject.because)), (len(statement.words), 0))
    head = command.text[: statement.places[at][0]] if length else command.text
    left = without_units(head, reader)
    if left == squash(head) or not {*plain_words(left)} <= reader.words.joins:
        return command
    return replace(
        command,
        remark=head.strip(),
        text=command.text[statement.places[at + length - 1][1] :].strip() if length else "",
    )


def _is_forward(clause: str, reader: Reader) -> bool:
    commands = reader.commands(clause)
    return (
        len(commands) == 1 and commands[0].verb == "forward" and bool(commands[0].unit) and not commands[0].question
    )


def _is_whole(commands: Sequence[Command], reader: Reader, *, last: bool) -> bool:
    """Whether what was read is one forward, with units that support and a wish of the unit, and nothing told."""
    if (
        not commands
        or commands[0].verb != "forward"
        or not commands[0].unit
        or any(command.question for command in commands)
    ):
        return False
    if last:
        return len(commands) == 1
    told = [
        command.remark
        for command in commands
        if command.remark and not wishes_of_unit(command.remark, reader.words, reader.plain)
    ]
    return not told and all(command.verb == ADDS for command in commands[1:])


def _is_corrected(text: str, reader: Reader) -> bool:
    """ "Đến 30/12, sửa thành 31/12", "30/12 (31/12)": whether another day behind the first may take its place."""
    words, first = reader.plain.extend, _first_day(text, reader.plain.extend)
    day, rest = (_day(first[0], reader), text[first.end() :]) if first else (None, "")
    statement = said_in(rest)
    tails = (
        CLAUSE.split(rest[statement.places[at + length - 1][1] :])[0]
        for at, length in each_in(statement, words.corrects)
    )
    beside, *others = CLAUSE.split(rest)
    return (
        any(_names_other(tail, day, reader) for tail in tails)
        or _is_other(beside, (), day, reader)
        or any(_is_other(one, words.before_days, day, reader) for one in others)
    )


def _first_day(text: str, words: Extending) -> re.Match[str] | None:
    """The first day in figures; of "từ 20/12, đến 30/12" the second."""
    matches = list(islice(_DAY.finditer(text), 2))
    if len(matches) == 2 and ends_with(said_in(text[: matches[0].start()]), words.from_day):
        between = said_in(text[matches[0].end() : matches[1].start()])
        matches = matches[behind_all(between, 0, words.before_days) == len(between.words) :]
    return matches[0] if matches else None


def _day(text: str, reader: Reader) -> date | None:
    dates = dates_in(text, reader.on, JUST_PASSED)
    return dates[0].day if dates and not dates[0].start else None


def _names_other(tail: str, day: date | None, reader: Reader) -> bool:
    """Whether words behind "sửa thành" begin with another day, with or without its month; "đúng 17 giờ" is none."""
    words, statement = reader.plain.extend, said_in(tail)
    at = behind_all(statement, 0, words.before_days)
    if at == len(statement.words):
        return ends_with(statement, words.weekdays)
    if not statement.words[at].isdigit():
        return False
    begins = statement.places[at][0]
    if dates := dates_in(tail[begins:], reader.on, JUST_PASSED):
        return any(one.day != day for one in dates)
    bare = behind_all(statement, at + 1, words.alone) == len(statement.words)
    other = day is None or int(statement.words[at]) != day.day
    return other and (bare or ends_with(said_in(tail[:begins]), words.of_day))


def _is_other(clause: str, before: Sequence[Words], day: date | None, reader: Reader) -> bool:
    """Whether a clause is another day and nothing else, or says that this one is enough ("25/10 là được")."""
    statement = said_in(clause)
    at = behind_all(statement, 0, before)
    named = _DAY.match(clause, statement.places[at][0]) if at < len(statement.words) else None
    if named is None or (day is not None and _day(named[0], reader) == day):
        return False
    rest = said_in(clause[named.end() :])
    return behind_all(rest, 0, reader.plain.extend.alone) == len(rest.words)


def days_in_figures(text: str, on: date | None) -> tuple[date, ...]:
    """The different days that a text names in figures."""
    named = (dates_in(match[0], on, JUST_PASSED) for match in _DAY.finditer(text))
    return tuple(dict.fromkeys(dates[0].day for dates in named if dates))


def forwards_too(behind: str, reader: Reader) -> bool:
    """ "HP-…2 trùng với HP-…1 nên chuyển SXD": a forward that is not denied stands behind another order's number."""
    ends = [end for _, _, end in number_places(behind, reader.words.prefix)]
    rest = behind[ends[-1] :] if ends else ""
    denied = reader.plain.extend.denied
    places = [match.start() for match in WORD.finditer(rest[:LONGEST])]
    no = next((n for n, at in enumerate(places[:MOST_BETWEEN], 1) if ends_with(said_in(rest[:at]), denied)), 0)
    starts = places[no : no + MOST_BETWEEN]
    commands = (command for at in starts for command in reader.commands(rest[at:]))
    return (
        bool(starts)
        and not reader.mood(rest)
        and any(command.verb == "forward" and command.unit for command in commands)
    )


def hides_asker(line: str, words: PlainOrderWords) -> bool:
    """ "Chuyển SYT, đừng nêu tên người hỏi": a line of an order wishes that its unit does not learn who asks."""
    return any(
        _hides(said_in(clause), words)
        for sentence in SENTENCE.split(line)
        if not found_in(sentence, words.order.on_page)
        for clause in CLAUSE.split(sentence)
    )


def _hides(statement: Statement, words: PlainOrderWords) -> bool:
    polite = {strip_marks(one[0]) if statement.bare else one[0] for one in words.polite if len(one) == 1}
    last = max((at for at, one in enumerate(statement.words) if one not in polite), default=-1)
    for at, length in each_in(statement, words.order.hides):
        if any(ends == at for ends in (place + size for place, size in each_in(statement, words.order.hides_not))):
            continue
        if _tells(statement, at, length, words):
            continue
        for place in range(at + length, at + length + MOST_BETWEEN + 1):
            ends = place + length_at(statement, place, words.order.hidden_last) - 1
            if length_at(statement, place, words.order.hidden) or place <= ends == last:
                return True
    return False


def _tells(statement: Statement, at: int, length: int, words: PlainOrderWords) -> bool:
    """ "Người hỏi không ghi họ tên": what the letter lacks, told of who wrote it."""
    lacks = length_at(statement, at, words.order.tells_of_letter) == length
    bids = ends_with(statement, words.ask.trailing)  # "thư không ghi tên người hỏi nhé"
    return lacks and not bids and any(place + size == at for place, size in each_in(statement, words.order.letters))


def held_back(commands: tuple[Command, ...], text: str, reader: Reader, at_hand: str) -> tuple[Command, ...]:
    """The commands; as none those that the mail unsays or puts off, and those that would send a letter too whole."""
    lines = [line[:LONGEST] for line in own_lines(text, reader.words)]
    fields = [
        _unsaid(one, [each for each in lines if _of(each, one, commands, reader, at_hand)], reader)
        if one.verb in UNSAID | PUT_OFF | PUT_OFF_BY_ALL
        else ""
        for one in commands
    ]
    pairs = zip(commands, fields, strict=True)
    kept = (replace(one, verb=NO_ORDER, field=field) if field else one for one, field in pairs)
    return sent_whole(tuple(kept), text, reader, at_hand)


def _unsaid(order: Command, lines: Sequence[str], reader: Reader) -> str:
    """The mood that a clause gives an order: not to do it, to do it later, or by another day; "" for none."""
    # An order known by its sound has no text, in which ``of_one_day`` would have seen the other day.
    by_sound = order.verb == "extend" and order.until and not order.text
    if by_sound and any(_is_corrected(line, reader) for line in lines):
        return CLASH
    clauses = [each for line in lines for part in SENTENCE.split(line) for each in CLAUSE.split(part) if each.strip()]
    units = {order.unit, *order.supporting} if order.verb in SENDS else set[str]()
    if order.verb in {"ask", "to_asker"} and found_in(without_units(order.text, reader), reader.plain.order.private):
        return ALTERS
    for one in clauses:
        if of_unit := mood_of_units(one, units, reader):
            return of_unit
        if order.verb in UNSAID and is_denied(order, one, reader):
            return CLASH
        if order.verb == "forward" and _reports_it(one, reader):
            return DOUBT
    own = clauses[-1:] if order.verb in WRITTEN else clauses
    return DOUBT if any(_puts_off(one, order, reader) for one in own) else ""


def _reports_it(clause: str, reader: Reader) -> bool:
    """ "Kết quả: đã chuyển bằng giấy": whether a clause reports a forward, and names no unit of its own."""
    at = behind_all(said_in(clause), 0, reader.words.mood.subjects)
    told = length_at(said_in(clause), at, reader.plain.put_off.done)
    return bool(told) and not reader.names.find(squash(clause), bare=True)


def _puts_off(clause: str, order: Command, reader: Reader) -> bool:
    """ "Nóng quá nên hoãn", "cho SXD xử lý sau nhé", "để mai": whether a clause is for another time."""
    words, unit = reader.plain.put_off, reader.plain.unit
    statement = said_in(without_end(clause, unit.polite))
    begins = range(behind_all(statement, 0, words.heads) + 1)
    if any(0 < length_at(statement, at, words.whole) == len(statement.words) - at for at in begins):
        return True
    if order.verb == "ask":
        return bool(length_at(statement, 0, words.unasks))
    if order.verb in {*GIVES_AND_REFUSES, "remind_unit"}:
        return ends_with(statement, words.later) and not ends_with(statement, words.times)
    if order.verb not in PUT_OFF:
        return False
    return ends_with(statement, words.ends) or found_in(clause, words.anywhere) or _only_later(clause, reader)


def _only_later(clause: str, reader: Reader) -> bool:
    """ "Cho SXD xử lý sau": the order and then "later"; "bản giấy gửi sau" is of another thing."""
    words, unit = reader.plain.put_off, reader.plain.unit
    polite = (*words.heads, *unit.polite, *unit.between)
    statement = said_in(without_units(without_end(clause, unit.polite), reader))
    at = behind_all(statement, 0, polite)
    alone = any(0 < length_at(statement, each, words.after) == len(statement.words) - each for each in range(at + 1))
    moves = [length_at(statement, each, unit.moves) for each in range(at + 1)]
    return alone or (any(moves) and ends_with(statement, (*words.after, *words.led)))


def sent_whole(commands: tuple[Command, ...], text: str, reader: Reader, at_hand: str) -> tuple[Command, ...]:
    """The commands, without those that send a letter whole although a line about its question says not to."""
    lines = [line[:LONGEST] for line in own_lines(text, reader.words)]
    for verbs, forbids, field in ((SENDS, hides_asker, HIDES), (ANSWERS, alters_answer, ALTERS)):
        if {command.verb for command in commands} & verbs:
            held = [line for line in lines if forbids(line, reader.plain)]
            stopped = {
                command
                for command in commands
                if command.verb in verbs and any(_of(line, command, commands, reader, at_hand) for line in held)
            }
            commands = tuple(
                replace(command, verb=NO_ORDER, field=field) if command in stopped else command
                for command in commands
            )
    return commands


def _of(line: str, command: Command, commands: Sequence[Command], reader: Reader, at_hand: str) -> bool:
    """Whether a line is about a command's question: it stands in it, names its number, or belongs to no other's."""
    own = command.question or at_hand
    if not own or any(line == each[:LONGEST] for each in command.raw.splitlines()):
        return True
    others = {each.question or at_hand for each in commands if line == each.raw.partition("\n")[0][:LONGEST]}
    told = {*register_numbers(line, reader.words.prefix)} or others
    return not told or own in told
