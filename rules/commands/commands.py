"""Officers' commands in a mail, step by step: "Chuyển SXD", "từ chối h vì …", "đồng ý gia hạn đến 15/12/2026".

Diacritics, case, punctuation and courtesies do not matter (``docs/decisions/0014``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from rules.commands.arguments import before_a_support, labels_in
from rules.commands.command import (
    ADDS,
    DICTATES,
    LISTED,
    MISNUMBERED,
    NO_ORDER,
    SAID_BEHIND,
    UNREAD,
    Command,
    called_numbers,
    run_of,
    with_full_number,
)
from rules.commands.command_line import EXCEPT, MAY_ASK, Reader
from rules.commands.held_orders import (
    GIVES_AND_REFUSES,
    REFUSES,
    REOPENS,
    forwards_too,
    held_back,
    of_one_day,
    reopened,
)
from rules.commands.likely_orders import LONGEST, is_alone, unlike_orders
from rules.commands.lines import Reading
from rules.commands.minutes import Minutes, of_minutes
from rules.commands.mood import (
    ALTERS,
    CLASH,
    DOUBT,
    HIDES,
    QUESTION,
    STOPPED,
    asks_openly,
    found_in,
    length_at,
    said_in,
    takes_back,
    without,
)
from rules.commands.plain.by_sound import order_by_sound
from rules.commands.plain.prepared_text import prepared
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import (
    CLAUSE,
    MOST_WORDS,
    load_plain_order_words,
    sentences_in,
    tells_colleagues,
    without_codes,
)
from rules.commands.session_line import QUESTIONS, before_reason
from rules.commands.vocabulary import (
    CommandWords,
    ends_of,
    first_word,
    load_command_words,
    opening,
    own_lines,
    plain_words,
)
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.text import clean
from rules.values.data_file import Source, load_units
from rules.values.model import Unit
from rules.values.register_number import number_places

__all__ = [
    "ALTERS",
    "DICTATES",
    "HIDES",
    "MISNUMBERED",
    "NO_ORDER",
    "REOPENS",
    "UNREAD",
    "Command",
    "load_command_words",
    "read_commands",
]

OF_REASON = frozenset({"reject", "close", "data_refused", *REFUSES})
ENDS = frozenset({"reject", "let_go", "let_go_surely", "not_a_question"})
"""Commands whose reason others read; those that end a question without an answer, which excludes a forward."""
ALL, SIGNS, LINK = "all_answered", "sign", "link"
BY_PHRASE = frozenset(
    {"link", "told_asker", "mark_answered", "mark_later", "data_done", "data_refused", "question_posted"}
    | {"issued", "release_files", "refuse_files"}
)
"""Commands that no vote judges and that need not be written as taught; so are those about sessions."""
DUTIES = frozenset({"told_asker", "data_done"})
"""Reports that a duty was fulfilled; a mere attempt is none."""
NAMES = BY_PHRASE | {"session_decided", "session_not_agreed"}
_THI = ("thì",)
"""Commands beside which names stand, and the word that looks like one without diacritics."""
OF_QUESTIONS = frozenset({"session_take", "session_leave", "session_live"})
_TELLS = re.compile(r":(?![\d/])")
_RANGE = re.compile(
    r"\s*(?:(?:cho\s+)?(?:đến|tới|den|toi)|[-–—→]+>?|\.{2,}|…)\s*(?:(?:câu|cau|số|so)\s*)*", re.IGNORECASE
)
_CALLED = frozenset({"cau", "hoi", "cac"})


def reader_for(units: Mapping[str, Unit] | None, on: date | None, source: Source = DEFAULT, case: str = "") -> Reader:
    """What reading officers' mails needs."""
    names = unit_names(load_units(source) if units is None else units, source, ordered=True)
    return Reader(load_command_words(source), names, on, load_plain_order_words(source), case)


def read_minutes(text: str, units: Mapping[str, Unit] | None, source: Source) -> Minutes:
    """What is read of a mail, before short numbers are completed, as "Câu 2" may be a heading (``of_minutes``)."""
    reader = reader_for(units, None, source)
    return of_minutes(text, reader.words, reader.line, lambda line: is_alone(line, reader))


def read_commands(
    text: str | Minutes,
    units: Mapping[str, Unit] | None = None,
    on: date | None = None,
    source: Source = DEFAULT,
    *,
    unread: bool = False,
    at_hand: str = "",
    case: str = "",
    fits: Collection[str] = (),
) -> tuple[Command, ...]:
    """The commands in a person's own text; () when its first words give none.

    ``on``, the day of the mail, supplies a missing year and says which units exist. With ``unread``, a line meant as
    a command that gives none is ``UNREAD``, ``MISNUMBERED`` or ``NO_ORDER``, and lines before a command do not hide
    it. ``case``: what the answered mail is about; ``fits``: acts that may be done by what the mail sounds like.
    """
    reader = reader_for(units, on, source, case)
    minutes = text if isinstance(text, Minutes) else read_minutes(text, units, source)
    text = minutes.numbered(lambda said: with_full_number(said, at_hand, source=source)).text
    matter = prepared(text, reader, source) if unread else text
    commands = _read(matter, reader, source, unread=unread)
    if not unread:
        return commands
    heard = order_by_sound(matter, commands, reader, source, fits)
    by_phrase = tuple(command for command in heard if command.verb in {*BY_PHRASE, SIGNS})
    surely = heard and _looked_at_again(by_phrase, reader) == by_phrase
    return (*held_back(heard if surely else commands, text, reader, at_hand), *minutes.asked)


def _read(text: str, reader: Reader, source: Source, *, unread: bool) -> tuple[Command, ...]:
    """The commands of a text; with ``unread``, those that do not sound like one become ``NO_ORDER``."""
    reading = Reading(reader, unread)
    for line in own_lines(text, reader.words):
        if not reading.take_all(line):
            return ()
    commands = reading.end()
    if unread:
        commands = tuple(of_one_day(command, reader) for command in commands)
        commands = unlike_orders(_of_one_mind(_with_added(commands, reader), text, reader), text, reader, source)
        commands = _all_but(_looked_at_again(commands, reader), text, reader)
    return tuple(_with_what_is_noted(command, text, reader) for command in commands)


def _with_added(commands: tuple[Command, ...], reader: Reader) -> tuple[Command, ...]:
    """The commands; a unit that is to support joins a forward of the same question.

    "Chuyển SXD" and below it "Thêm SYT phối hợp" are one forward. A forward without any other unit
    ("giao SYT phối hợp") adds it to the one that has the question.
    """
    kept: list[Command] = []
    apart = (part for command in commands for part in _fields_of(command, reader))
    for one in (each for part in apart for each in reopened(part, reader)):
        ahead = None if one.supporting else before_a_support(one, reader.names, reader.plain)
        alone = ahead is not None and {*plain_words(ahead)} <= reader.words.joins
        told = replace(one, verb=ADDS) if alone else one
        before = kept[-1] if kept else None
        if before is None or before.question != told.question or {before.verb, told.verb} != {"forward", ADDS}:
            kept.append(told)
            continue
        lead, added = (before, told) if before.verb == "forward" else (told, before)
        supporting = tuple(dict.fromkeys((*lead.supporting, added.unit, *added.supporting)))
        remark, raw = (
            f"{one}\n{other}".strip() for one, other in ((lead.remark, added.remark), (before.raw, told.raw))
        )
        kept[-1] = replace(lead, supporting=supporting, remark=remark, raw=raw)
    return tuple(kept)


def _fields_of(one: Command, reader: Reader) -> tuple[Command, ...]:
    """ "Sửa điện thoại: …, địa chỉ: …": a command for each of the data that the line names behind a colon."""
    labels = [label for label in labels_in(one.text, reader.words) if label[3]] if one.verb == "correct" else []
    ends = [*(begin for _, begin, _, _ in labels), len(one.text)]
    starts = [(one.field, 0), *((field, end) for field, _, end, _ in labels)]
    said = [(field, one.text[at:end].strip(" ,;.(")) for (field, at), end in zip(starts, ends, strict=True)]
    if len({field for field, _ in said}) != len(said) or not all(text for _, text in said):
        return (one,)
    return tuple(replace(one, field=field, text=text) for field, text in said) if labels else (one,)


def _of_one_mind(found: tuple[Command, ...], text: str, reader: Reader) -> tuple[Command, ...]:
    """The commands; those that contradict each other become ``NO_ORDER``.

    A forward counts only where the whole mail means the same units ("Chuyển SXD. Ý tôi là SYT."), time is not both
    given and refused, and what goes to a unit does not end in the same mail.
    """
    command = found[0] if len(found) == 1 else None
    if command is not None and command.verb == "forward" and command.unit and len(text) <= LONGEST:
        meant = forward_in(sentences_in(without_codes(clean(text), reader.words.prefix)[1], reader.words), reader)
        same = meant is not None and (meant.unit, {*meant.supporting}) == (command.unit, {*command.supporting})
        return found if same else (replace(command, verb=NO_ORDER, field=DOUBT),)
    told = defaultdict[str, set[tuple[str, str]]](set)
    for command in found:
        told[command.question].add((command.verb, command.unit))
    return tuple(_grants_too(one, reader) or _contradicted(one, told[one.question]) for one in found)


def _contradicted(one: Command, said: Collection[tuple[str, str]]) -> Command:
    """The command, as none where a question would go to two units, or to one and end, or get time refused too."""
    units, verbs = [unit for verb, unit in said if verb == "forward"], {verb for verb, _ in said}
    if units and verbs & ENDS and one.verb in {"forward", *ENDS}:
        return replace(one, verb=NO_ORDER, field=CLASH)
    doubt = len(units) > 1 or verbs >= GIVES_AND_REFUSES
    return replace(one, verb=NO_ORDER, field=DOUBT) if doubt and one.verb in {"forward", *GIVES_AND_REFUSES} else one


def _grants_too(command: Command, reader: Reader) -> Command | None:
    """ "Không đồng ý, cho đến 23/10 thôi": what refuses more time grants some beside it, so that it is no command."""
    clauses = CLAUSE.split(command.raw) if command.verb in REFUSES else ()
    both = any(each.verb == "extend" and each.until for part in clauses for each in reader.commands(part))
    return replace(command, verb=NO_ORDER, field=DOUBT) if both else None


def _looked_at_again(commands: Sequence[Command], reader: Reader) -> tuple[Command, ...]:
    """The commands; as none where the words behind the phrase ask, take it back, or part its numbers."""
    looked = list[Command]()
    waits = any(takes_back(one.raw, reader.words.mood) for one in commands if one.verb == "status")  # "… xem đã"
    for command in commands:
        if command.verb in {NO_ORDER, UNREAD, MISNUMBERED, *MAY_ASK}:
            looked.append(command)
        elif not _parts_numbers(command, commands, reader):
            field = STOPPED if waits else _second_mood(command, reader)
            looked.append(replace(command, verb=NO_ORDER, field=field) if field else command)
        elif (unread := Command(UNREAD, "", raw=command.raw)) not in looked:
            looked.append(unread)
    return tuple(looked)


def _second_mood(one: Command, reader: Reader) -> str:
    """The mood that the words behind an order's phrase, up to a colon, give it; "" for an order."""
    words, mood = reader.words, reader.words.mood
    own = _TELLS.split(_behind_phrase(one, reader), maxsplit=1)[0]
    text, loose = before_reason(own, words), one.verb in BY_PHRASE or one.verb in _of_sessions(words)
    if one.verb in DUTIES:
        own, text = without(own, mood.settled), without(text, mood.settled)
    clauses = CLAUSE.split(text)
    asked = loose and any(asks_openly(each, mood) for each in clauses)
    always = one.verb not in SAID_BEHIND and any(asks_openly(each, mood, always=True) for each in (clauses[-1], own))
    if (private := one.verb in OF_REASON and tells_colleagues(one.text, reader.plain)) or asked or always:
        return ALTERS if private else QUESTION
    behind = CLAUSE.split(own)
    if one.verb == "close" and any(each.verb == REOPENS for part in behind for each in reader.commands(part)):
        return CLASH  # "đóng sớm quá, mở lại giùm"
    if any(takes_back(each, mood, whole=at >= len(clauses)) for at, each in enumerate(behind) if at):
        return STOPPED
    talks = loose and found_in(text, mood.comments, [_THI] if one.verb in NAMES else ())
    talks = talks or (one.verb == LINK and forwards_too(own, reader))
    return DOUBT if talks or (one.verb in DUTIES and found_in(text, mood.undone, mood.only_marked)) else ""


def _of_sessions(words: CommandWords) -> frozenset[str]:
    return frozenset(phrase.verb for phrase in words.sessions)


def _behind_phrase(one: Command, reader: Reader) -> str:
    """The words of a command's first line behind the first of its phrases; all of it where none is found."""
    if one.verb in _of_sessions(reader.words):
        return one.text.partition("\n")[0]
    line = bare = one.raw.partition("\n")[0]
    for _, start, end in number_places(line, reader.words.prefix):
        bare = f"{bare[:start]}{' ' * (end - start)}{bare[end:]}"
    said = opening(bare, MOST_WORDS)
    words, forms = {word for word, _ in said}, [each.words for each in reader.words.phrases if each.verb == one.verb]
    forms = [form for form in forms if words.issuperset(form[:1])]  # of hundreds few begin in the line
    found = ((at, -ends_of(form, said[at:])) for at in range(len(said)) for form in forms)
    return line[-min((each for each in found if each[1]), default=(0, 0))[1] :]


def _parts_numbers(one: Command, commands: Sequence[Command], reader: Reader) -> bool:
    """ "Đóng HP-…1, HP-…2 thì giữ", "HP-…1 đến HP-…3": whether an order means not all numbers of its line alike."""
    words, mood = reader.words, reader.words.mood
    line, behind = (_TELLS.split(each)[0] for each in (one.raw.partition("\n")[0], _behind_phrase(one, reader)))
    places, own = number_places(line, words.prefix), frozenset[str]()
    meant = {each.question for each in commands if each.raw == one.raw}
    if one.verb == SIGNS and one.text != EXCEPT and not {code for code, _, _ in places} <= meant:
        return True
    if any(_RANGE.fullmatch(line[one[2] : other[1]]) for one, other in pairwise(places)):
        return True
    if len(meant) > 1 and found_in(line, mood.in_turn):
        return True
    if one.verb in OF_QUESTIONS:
        own = frozenset(word for each in words.sessions if each.takes == QUESTIONS for word in each.words) - _CALLED
        behind = line
    places = number_places(behind, words.prefix)
    between = [behind[before[2] : after[1]] for before, after in pairwise(places)]
    apart = [each for each in between if found_in(each, mood.apart, mood.only_marked) or own & {*plain_words(each)}]
    last = run_of(behind, places)[1] if len(places) > 1 and one.verb not in OF_QUESTIONS else len(behind)
    statement = said_in(behind[last:])
    at = length_at(statement, 0, [each for each in mood.apart if not statement.bare or each not in mood.only_marked])
    return bool(at or (apart and (own or one.verb == LINK)))


def _all_but(commands: tuple[Command, ...], text: str, reader: Reader) -> tuple[Command, ...]:
    """The commands; what a mail says of one question counts before "tất cả đã trả lời", which is none where it is
    not read what the mail says of another ("… trừ HP-…2")."""
    at = next((at for at, one in enumerate(commands) if one.verb == ALL), None)
    if at is None:
        return commands
    command, words = commands[at], reader.words
    marks = [each for each in reader.commands(command.text) if each.question]
    left = [] if marks else [*plain_words(command.text)]
    known = words.all_beside | words.courtesies | words.approved
    read = [each.raw for each in commands if each.verb not in {NO_ORDER, UNREAD, MISNUMBERED}]
    lines = [each for each in own_lines(text, words) if not any(each in raw or raw in each for raw in read)]
    other = [each for each in lines if _excepts(each, words)]
    if other or not {*left} <= known:
        command = Command(UNREAD, "", raw="\n".join((command.raw, *other)))
    numbered = [each for each in commands[at + 1 :] if each.question]
    return (*commands[:at], *marks, *numbered, command, *(each for each in commands[at + 1 :] if not each.question))


def _excepts(line: str, words: CommandWords) -> bool:
    named = number_places(line, words.prefix) or called_numbers(line)
    return bool(named) or first_word(LISTED.sub("", line)) in words.excepts


def _with_what_is_noted(command: Command, text: str, reader: Reader) -> Command:
    """ "Sở hẹn khảo sát. Ghi vào hồ sơ để biết": a note that only says why it is kept is the whole mail."""
    idle = command.verb == "note" and length_at(said_in(command.text), 0, reader.plain.kept)
    return replace(command, text=text.strip()) if idle else command
