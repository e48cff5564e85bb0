"""Officers' commands in the first lines of a mail: "Chuyển SXD", "từ chối h vì …", "đồng ý gia hạn đến 15/12/2026".

Marks, case, punctuation and courtesies do not matter; each line may name a register number. What follows a
command that takes a text goes on over the next lines, up to the next command or the closing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache

from rules.dates_vi import until_date
from rules.loader import Source, load_units
from rules.markers import DEFAULT
from rules.model import Unit
from rules.register_number import number_places, register_numbers
from rules.text import clean, squash, strip_marks
from rules.unit_names import UnitNames, unit_names

FIRST_LINES = 400
"""Lines in which commands, and what they take, are looked for."""
DICTATES = "register_for"
UNREAD = "unread"
"""The verb of a line that begins with a register number, and says nothing that is known."""
FILE = "file"
"""Takes which file is meant: its number or name, nothing for all."""
MOST_BEHIND = 6
"""Words that may follow a command that takes nothing."""
LONGEST_FILE = 20
"""Words of a file's name."""
SHORTEST_LIKE = 4
NEAR = 0.72
"""A phrase this like the beginning of a line is suggested."""
_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"^[\s:;,.\-–—_/\])}\"”“'*•>]+")
_LISTED = re.compile(r"^\s*\d{1,2}[.)]\s+")
_MORE = re.compile(
    r"\s*(?:;|(?P<sentence>[.,]\s+còn(?!\w)|\.)|,?\s*(?<!\w)(?:rồi|sau đó|đồng thời|và)(?!\w))\s+", re.IGNORECASE
)
_ISSUE_NUMBER = re.compile(r"\bsố:?\s*\d{1,5}(/[\w-]+)?(?!\S)", re.IGNORECASE)
"""The number (số văn bản) that an approval may give the paper."""
_TEXTS = frozenset({"text", "reason", "field"})


@dataclass(frozen=True, slots=True)
class Command:
    """One order. ``question`` is "" for the mail's own; ``unit`` a code, "" when it was not understood.

    ``clause`` is the clause of a rejection; ``text`` the reason, question or note; ``supporting`` further units of a
    forward; ``until`` the day of an extension; ``field`` what a correction corrects; ``raw`` the line as written.
    """

    verb: str
    question: str
    unit: str = ""
    clause: str = ""
    text: str = ""
    raw: str = ""
    supporting: tuple[str, ...] = ()
    until: date | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to begin a command: its words without marks, the verb, what may follow, and the right way to say it."""

    words: tuple[str, ...]
    verb: str
    takes: str
    say: str


@dataclass(frozen=True, slots=True)
class CommandWords:
    """The words of ``commands.toml``, without marks; phrases longest first."""

    phrases: tuple[Phrase, ...]
    before: tuple[tuple[str, ...], ...]
    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    because: tuple[tuple[str, ...], ...]
    clauses: tuple[tuple[tuple[str, ...], str], ...]
    by_reason: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    approved: frozenset[str]
    reservations: frozenset[str]


@cache
def load_command_words(source: Source = DEFAULT) -> CommandWords:
    """Read the words. Raises :class:`rules.loader.DataFileError`."""
    data = source.toml("commands.toml")
    phrases = [
        Phrase(_words(phrase), entry["verb"], entry["takes"], entry["say"])
        for entry in data["command"]
        for phrase in entry["phrases"]
    ]
    words = data["words"]
    clauses = [(_words(form), clause) for clause, forms in data["clauses"].items() for form in forms]
    return CommandWords(
        phrases=tuple(sorted(phrases, key=lambda one: -len(one.words))),
        before=_sorted(words["before"]),
        greetings=tuple(" ".join(_words(one)) for one in words["greetings"]),
        closings=tuple(" ".join(_words(one)) for one in words["closings"]),
        because=_sorted(words["because"]),
        clauses=tuple(sorted(clauses, key=lambda one: -len(one[0]))),
        by_reason=tuple((" ".join(_words(f)), c) for c, forms in data["clauses_by_reason"].items() for f in forms),
        fields=tuple((" ".join(_words(f)), name) for name, forms in data["fields"].items() for f in forms),
        approved=frozenset(word for one in words["approved"] for word in _words(one)),
        reservations=frozenset(word for one in words["reservations"] for word in _words(one)),
    )


def _sorted(phrases: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((_words(one) for one in phrases), key=lambda one: -len(one)))


def _words(text: str) -> tuple[str, ...]:
    """Words without marks and case; the short ways to write "không" are one."""
    return tuple(_SHORT.get(word, word) for word in _WORD.findall(strip_marks(squash(text))))


_SHORT = {"ko": "khong", "hok": "khong", "kh": "khong", "khg": "khong", "kg": "khong", "dc": "duoc", "đc": "duoc"}


def read_commands(
    text: str,
    units: Mapping[str, Unit] | None = None,
    on: date | None = None,
    source: Source = DEFAULT,
    *,
    unread: bool = False,
) -> tuple[Command, ...]:
    """The commands in a person's own text; () when its first words are none.

    ``on`` is the day of the mail: it gives a missing year, and says which units exist. With ``unread`` a numbered
    line that is no command is one of the verb ``UNREAD``: it can be answered, and is no part of the text before it.
    """
    words = load_command_words(source)
    names = unit_names(units if units is not None else load_units(source), source)
    found: list[Command] = []
    takes = ""
    for line in _lines(text, words):
        commands = [_command(piece, words, names, on) for piece in _pieces(line, words, names, on)]
        inside = takes in _TEXTS and (_is_text(commands[0], line) or _is_dictated(found, commands[0]))
        if commands and all(commands) and not inside:
            found += [one for one, _ in filter(None, commands)]
            takes = commands[-1][1] if commands[-1] else ""
        elif unread and not _is_dictated(found, None) and (number := _question(line)[0]):
            found.append(Command(UNREAD, number, raw=line))
            takes = ""
        elif found and takes in _TEXTS:
            last = found[-1]
            found[-1] = replace(last, text=f"{last.text}\n{line}".strip(), raw=f"{last.raw}\n{line}")
        elif not found:
            return ()
        elif found[-1].verb == "approve" and set(_words(line)) & words.reservations:
            return ()  # an approval with a "but" is none: a person must ask
        else:
            takes = ""
    return tuple(found)


def _lines(text: str, words: CommandWords) -> Iterator[str]:
    """The lines up to the closing, without greetings."""
    for line in [one.strip() for one in clean(text).split("\n")][:FIRST_LINES]:
        said = " ".join(_words(line))
        if any(f"{said} ".startswith(f"{one} ") for one in words.closings):
            return
        if said and not any(f"{said} ".startswith(f"{one} ") for one in words.greetings):
            yield line


def _pieces(line: str, words: CommandWords, names: UnitNames, on: date | None) -> list[str]:
    """A line cut where a second command begins ("đăng ký và chuyển SXD")."""
    pieces, start = [], 0
    for gap in _MORE.finditer(line):
        if gap["sentence"] and not _question(line[gap.end() :])[0]:
            continue  # "Duyệt. Trả lại phần 2" is one sentence after another about one thing
        first = _command(line[start : gap.start()], words, names, on)
        if first and first[1] not in _TEXTS and _command(line[gap.end() :], words, names, on):
            pieces.append(line[start : gap.start()])
            start = gap.end()
    return [*pieces, line[start:]]


def _is_text(command: tuple[Command, str] | None, line: str) -> bool:
    """Inside a text that a command takes, only a numbered line or a clear forward is a new command."""
    if command is None:
        return True
    one = command[0]
    starts = (
        one.verb == DICTATES
        or (one.verb, one.text) == ("sign", "all")
        or (one.verb == "forward" and one.unit)
        or not command[1]
        or (command[1] == FILE and not one.text)
    )
    return not (register_numbers(line) or starts)


def _is_dictated(found: Sequence[Command], command: tuple[Command, str] | None) -> bool:
    """Behind "đăng ký hộ" everything is the citizen's own words, whatever they begin with."""
    return bool(found) and found[-1].verb == DICTATES and (command is None or command[0].verb != DICTATES)


def _command(line: str, words: CommandWords, names: UnitNames, on: date | None) -> tuple[Command, str] | None:
    """The command at the beginning of a line with what it takes, or None."""
    question, rest = _question(line)
    rest = _without(rest, words.before, words)
    if not question:
        question, rest = _question(rest)
        rest = _without(rest, words.before, words)
    phrase, after = _phrase(rest, words)
    if phrase is None:
        return None
    command = _filled(Command(phrase.verb, question, raw=line), phrase, after, words, names, on)
    return None if command is None else (command, phrase.takes)


def _question(line: str) -> tuple[str, str]:
    """A register number at the very beginning, and the rest."""
    start = _GAP.sub("", _LISTED.sub("", line).lstrip("[(#").lstrip())
    places = number_places(start)
    if places and places[0][1] <= 1:
        return places[0][0], _GAP.sub("", start[places[0][2] :])
    return "", start


def _without(line: str, fillers: Sequence[tuple[str, ...]], words: CommandWords) -> str:
    """Fillers cut off, as long as what remains could still be a command and the line itself is none."""
    while _phrase(line, words)[0] is None:
        cut = next((end for filler in fillers if (end := _starts(line, filler))), 0)
        if not cut:
            return line
        line = _GAP.sub("", line[cut:].lstrip())
    return line


def _phrase(line: str, words: CommandWords) -> tuple[Phrase | None, str]:
    for phrase in words.phrases:
        if end := _starts(line, phrase.words):
            return phrase, _GAP.sub("", line[end:])
    return None, line


def _starts(line: str, wanted: tuple[str, ...]) -> int:
    """Where the wanted words end at the beginning of a line, 0 when it begins otherwise."""
    end = 0
    matches = _WORD.finditer(line)
    for word in wanted:
        match = next(matches, None)
        if match is None or _words(match.group()) != (word,):
            return 0
        end = match.end()
    return end


def _filled(
    command: Command, phrase: Phrase, after: str, words: CommandWords, names: UnitNames, on: date | None
) -> Command | None:
    """The command with what follows it; None when the line is a sentence that only begins alike."""
    if not command.question and phrase.takes != "number" and (numbers := register_numbers(after)):
        command = replace(command, question=numbers[0])
        place = number_places(after)[0]
        after = _GAP.sub("", f"{after[: place[1]].rstrip(' [(')} {after[place[2] :].lstrip(' ])')}".strip())
    match phrase.takes:
        case "unit":
            return _forward(command, after, names, on)
        case "reason":
            return _rejection(command, after, words)
        case "date":
            return replace(command, until=until_date(after, on), text=after)
        case "number":
            numbers = register_numbers(after)
            own = command.question or (numbers[0] if phrase.verb == "status" and numbers else "")
            return replace(command, question=own, text=" ".join(numbers) or after)
        case "field":
            said = " ".join(phrase.words)
            field = next((name for form, name in words.fields if said.endswith(form)), "")
            return replace(command, field=field, text=after)
        case "file":
            asks = "?" in after and command.verb != "why_held"  # "cho chuyển tệp được không?" orders nothing
            return None if asks or len(_words(after)) > LONGEST_FILE else replace(command, text=after)
        case "text":
            everything = command.verb == "sign" and bool({"tat", "het"} & {*phrase.words, *_words(after)})
            return replace(command, text="all" if everything else after)
    return command if _ends_there(command.verb, after, words) else None


def _ends_there(verb: str, after: str, words: CommandWords) -> bool:
    """Nothing of weight follows: an approval in particular is only one when no condition hangs on it."""
    if verb == "approve":
        return set(_words(_ISSUE_NUMBER.sub(" ", after))) <= words.approved
    return len(_words(after)) <= MOST_BEHIND and "?" not in after


def _forward(command: Command, after: str, names: UnitNames, on: date | None) -> Command:
    squashed = squash(after)
    mentions = names.find(squashed, bare=False) or names.find(squashed, bare=True)
    codes = [code for one in mentions if (code := names.resolve(one.codes, on))]
    kept = tuple(dict.fromkeys(codes))
    return replace(command, unit=kept[0] if kept else "", supporting=kept[1:], text=after)


def _rejection(command: Command, after: str, words: CommandWords) -> Command:
    clause, rest = "", after
    for form, name in words.clauses:
        if end := _starts(after, form):
            clause, rest = name, _GAP.sub("", after[end:])
            break
    for because in words.because:
        if end := _starts(rest, because):
            rest = _GAP.sub("", rest[end:])
            break
    if not clause:
        said = " ".join(_words(rest))
        clause = next((name for form, name in words.by_reason if form in said), "")
    return replace(command, clause=clause, text=rest)


def suggest(text: str, source: Source = DEFAULT) -> str:
    """The right way to say what a person seems to have meant; every way when nothing is near."""
    words = load_command_words(source)
    said = _words(_question(next(iter(_lines(text, words)), ""))[1])
    likely = [one for one in words.phrases if len(" ".join(one.words)) >= SHORTEST_LIKE]
    best = max(likely, key=lambda one: _likeness(said, one.words), default=None)
    if best is not None and _likeness(said, best.words) >= NEAR:
        return f"“{best.say}”"
    ways = dict.fromkeys(one.say for one in sorted(words.phrases, key=lambda one: _ORDER.get(one.verb, 99)))
    return "; ".join(f"“{say}”" for say in ways)


_ORDER = {verb: at for at, verb in enumerate(("forward", "reject", "ask", "register", "not_a_question", "note"))}


def _likeness(said: Sequence[str], wanted: Sequence[str]) -> float:
    """How like the beginning of what was said is to a phrase, 0 to 1."""
    tries = [said[skip : skip + len(wanted)] for skip in range(min(3, len(said)))]
    return max((SequenceMatcher(None, " ".join(one), " ".join(wanted)).ratio() for one in tries), default=0.0)
