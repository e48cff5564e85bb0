"""A command read from a line of an officer's mail, and the register numbers that such a line names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.commands.vocabulary import (
    GAP,
    CommandWords,
    Phrase,
    ends_of,
    is_other_word,
    load_command_words,
    opening,
    plain_words,
)
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source
from rules.values.register_number import number_places, register_numbers

UNREAD = "unread"
"""The verb of a line that begins with a register number, or like a command, but is not understood."""
NO_ORDER = "no_order"
"""The verb of a line that mentions a command but gives none; ``field`` is its mood (``rules.commands.mood``)."""
MISNUMBERED = "misnumbered"
"""The verb of a command after a number that is no register number."""
DICTATES = "register_for"
ADDS = "add_support"
"""The verb of an order that lets one more unit support the one that has the question."""
SAID_BEHIND = frozenset({"ask", "to_asker", "supplement", "unit_rewrite", "correct", "pass_on", "note", "amendment"})
"""Commands with a text after a colon, which may itself express doubts and ask questions."""
OF_NO_QUESTION = frozenset({DICTATES, "help"})
"""Commands about no question: the number of a heading, or of the command before them, is not theirs."""
MOST_NUMBERS = 100
"""One command is given for at most this many numbers."""
MOST_SIGNED = 8
"""The most lines of a signature."""
MOST_COUNTED = 5
"""In a list without numbers nobody names an entry by a higher position than this (our estimate)."""
LISTED = re.compile(r"^\s*(?:\d{1,2}\s?[.)/:\-–](?=\s*\D)|[a-zA-ZđĐ][.)](?=\s)|[-–—•*+>])\s*")
"""A list's "1." or dash at the start of a line."""
_GLUED = re.compile(r"^(\W*[A-Za-z]{2,8}[\s\-–/.]{0,3}20\d\d[\s\-–/.]{0,3}\d{6})(?=[^\W\d_])")
_SEVERAL = re.compile(
    r"(?:(?:cả|ca)\s+)?(?:các|cac|những|nhung|mấy|may|hai|ba|bốn|bon|[2-9])\s+(?:câu hỏi|cau hoi|câu|cau)"
    r"(?:\s+(?:số|so|sau|này|nay))?\s*:?\s*[\[(#]?\s*",
    re.IGNORECASE,
)
"""What may stand before the numbers of several questions ("các câu hỏi HP-…, HP-…")."""
_AND = re.compile(
    r"\s*(?:[,;&+/]|\b(?:và|va|cùng|cung|với|voi)\b)*\s*(?:\b(?:câu hỏi|cau hoi|câu|cau|số|so)\b)?\s*[\[(#]?", re.I
)
_SHEETS = r"\s*(?:bộ|bo|bản|ban|trang|tờ|to|quyển|quyen|tập|tap|mục|muc|loại|loai)\b"
_CALLED = (
    r"\b(?:câu hỏi|cau hoi|câu|cau|"
    rf"(?:hồ sơ|ho so)(?![^\S\n]+\d+{_SHEETS}))[^\S\n]+(?:(?:số|so|mã|ma)[^\S\n]+)?"
)
"""What a number stands behind that is a question's; "hồ sơ 2 bộ" counts papers."""
_QUESTION = re.compile(r"\b(?:câu hỏi|cau hoi|câu|cau)(?:\s+(?:số|so))?$", re.IGNORECASE)
_NUMBERED = r"\b(?:số|so|mã|ma)[^\S\n]+"
_COUNTED = (
    r"\s*(?:ý|y|phần|phan|ngày|ngay|tháng|thang|tuần|tuan|giờ|gio|năm|nam|người|nguoi"
    r"|sở|so|đơn vị|việc|đường|phố|%)\b"
)
"""Words for things that are counted: a number before them is not a question's number."""
_ENDS = rf"(?![\w/]|[.,]\d|-\d|{_COUNTED})"
"""What ends a question's number."""
TEXTS = frozenset({"text", "reason", "field"})
"""Arguments that are free text."""
MOST_SAID = 16
"""An order begins within so many words of its line."""
_BEFORE_TEXT = re.compile(r":|\s(?:vì|vi|lý do|ly do|do)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``question`` is "" for the mail's own; ``unit`` is a code, "" when it was not understood.

    ``clause`` is the clause of a rejection; ``text`` the reason, question or note; ``supporting`` further units of a
    forward; ``until`` the day of an extension; ``field`` the field to correct; ``raw`` the line as written.
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
    remark: str = ""
    """A remark of a forward for the unit to read."""
    session: str = ""
    """The number of the session that the line names; "" when it names none."""


@dataclass(frozen=True, slots=True)
class CommandMatch:
    """The commands of a part of a line, one for each question it names, and the kind of argument they take."""

    commands: tuple[Command, ...]
    takes: str

    def about_the_same(self, before: CommandMatch | None) -> CommandMatch:
        """Give a second command of a line without a number of its own the questions of the first one."""
        if before is None or any(command.question for command in self.commands):
            return self
        codes = [command.question for command in before.commands if command.question]
        if not codes or self.commands[0].verb in OF_NO_QUESTION:
            return self
        return replace(self, commands=tuple(replace(self.commands[0], question=code) for code in codes))


def numbers_of(line: str, prefix: str, *, listed: bool = True) -> tuple[tuple[str, ...], str]:
    """Register numbers at the very beginning ("HP-…, HP-… và HP-…"), after a list's "1." if any, and the rest."""
    start = LISTED.sub("", line) if listed else line
    start = _GLUED.sub(r"\1 ", GAP.sub("", start.lstrip("[(# ")).lstrip("[(# "))
    places = number_places(start, prefix)
    if places and (several := _SEVERAL.match(start)) and several.end() == places[0][1]:
        start, places = start[several.end() :], number_places(start[several.end() :], prefix)
    if not places or places[0][1] > 1:
        return (), start
    codes, end = run_of(start, places)
    return codes, GAP.sub("", start[end:])


def run_of(text: str, places: Sequence[tuple[str, int, int]]) -> tuple[tuple[str, ...], int]:
    """The first number and those joined to it only by commas and "và", and where they end."""
    codes, end = [places[0][0]], places[0][2]
    for code, start, stop in places[1:MOST_NUMBERS]:
        if not _AND.fullmatch(text[end:start].lstrip(")]")):
            break
        codes.append(code)
        end = stop
    return tuple(dict.fromkeys(codes)), end


def named_behind(phrase: Phrase, rest: str, words: CommandWords, *, colon: bool) -> tuple[tuple[str, ...], str]:
    """The numbers named after a command that it is about, and the rest without them.

    A reason or text may mention other questions; there, only a number directly after the command counts.
    """
    places = number_places(rest, words.prefix)
    if not places:
        return (), rest
    said = plain_words(rest[: places[0][1]])
    close = not said if colon else all(word in words.fillers or len(word) == 1 for word in said)
    own = (close or _is_clause(phrase, said, words)) if phrase.takes in TEXTS else words.same_as.isdisjoint(said)
    if not own:
        return (), rest
    codes, end = run_of(rest, places)
    ahead = rest[: places[0][1]].rstrip(" [(")
    ahead = _QUESTION.sub("", ahead) if phrase.takes == "reason" else ahead
    return codes, GAP.sub("", f"{ahead} {rest[end:].lstrip(' ])')}".strip())


def _is_clause(phrase: Phrase, said: Sequence[str], words: CommandWords) -> bool:
    """ "Từ chối khiếu nại HP-…": only a clause comes in between."""
    forms = {word for form, _ in words.clauses for word in form}
    return phrase.takes == "reason" and all(word in forms or word in words.fillers for word in said)


def with_full_number(text: str, at_hand: str, *, short: bool = True, source: Source = DEFAULT) -> str:
    """The text with "câu 123", "số 000123" or "123" in full, if it means the number of the question at hand.

    Without ``short`` only all six digits do ("câu 000123"). A bare "123" begins a line, but none of a text.
    """
    if not at_hand:
        return text
    tail = at_hand.rpartition("-")[2]
    least = tail.lstrip("0") if short else tail
    called = rf"{_CALLED}0*{least}|{_NUMBERED}{tail}"
    text = re.sub(rf"(?im)(?<![\w/.-])(?:{called}){_ENDS}", at_hand, text)
    bare = re.compile(rf"(?i)^(\W?)0{{0,5}}{least.zfill(2)}{_ENDS}")
    return _with_bare(text, bare, at_hand, load_command_words(source)) if re.search(rf"{least}(?!\d)", text) else text


def _with_bare(text: str, bare: re.Pattern[str], at_hand: str, words: CommandWords) -> str:
    """The text with the bare numbers that begin its lines in full; in a command's text only before another order."""
    lines, above = text.split("\n"), None
    for at, line in enumerate(lines):
        match = bare.match(line)
        order = _first_order(line[match.end() :] if match else line, words)
        if match and (above is None or (order is not None and _is_clear(order))):
            lines[at] = f"{match[1]}{at_hand}{line[match.end() :]}"
        above = order if order is not None and order.takes in TEXTS else None if order is not None else above
        if above is not None and above.verb == DICTATES:
            break
    return "\n".join(lines)


def _first_order(line: str, words: CommandWords) -> Phrase | None:
    """The phrase of the order that a line begins with, behind numbers, courtesies and the marks of a list."""
    said = [word for word in opening(LISTED.sub("", line), MOST_SAID) if not word[0].isdigit()]
    beside = words.courtesies | words.fillers | {words.prefix.lower()}
    while said:
        likely = words.by_first.get(said[0][0], ())
        if phrase := next((one for one in likely if ends_of(one.words, said) and not is_other_word(line, one)), None):
            return phrase
        if said[0][0] not in beside:
            return None
        said = said[1:]
    return None


def _is_clear(order: Phrase) -> bool:
    """Whether a phrase hardly stands in a text: "15 đóng cửa" may, "15 từ chối" does not."""
    return order.verb == "forward" or len(order.words) > 1


def with_listed_numbers(text: str, listed: Sequence[str], source: Source = DEFAULT) -> str:
    """The same for the numbers of an answered list, if a number's short form can mean no other of them.

    "câu 2" may mean the second entry of the list, which has no numbers but the questions' own: a small number
    counts only in six digits, unless that question stands at that position.
    """
    tails = [one.rpartition("-")[2].lstrip("0") for one in listed]
    for place, (code, tail) in enumerate(zip(listed, tails, strict=True), 1):
        if tails.count(tail) == 1:
            sure = int(tail) == place or int(tail) > min(len(listed), MOST_COUNTED)
            text = with_full_number(text, code, short=sure, source=source)
    return text


def other_number(line: str) -> bool:
    """Whether a line, before its text begins, is about "câu 124" without any register number."""
    ahead = _BEFORE_TEXT.split(line, maxsplit=1)[0]
    return re.search(rf"(?i){_CALLED}\d{{1,6}}(?![\d/]|[.,]\d|{_COUNTED})", ahead) is not None


def called_numbers(text: str) -> tuple[int, ...]:
    """The numbers of "câu 1", "câu hỏi số 24", each once."""
    matches = re.finditer(rf"(?i){_CALLED}0*(\d{{1,6}})(?![\d/]|[.,]\d|-\d|{_COUNTED})", text)
    return tuple(dict.fromkeys(int(match[1]) for match in matches))[:MOST_NUMBERS]


def with_numbers(
    command: Command, questions: Sequence[str], phrase: Phrase, after: str, prefix: str
) -> CommandMatch | None:
    """Commands that take numbers: for the state of some questions, or for which question is similar to which."""
    numbers = register_numbers(after, prefix)
    if phrase.verb == "status":
        every = tuple(questions) or numbers
        one = replace(command, text=" ".join(numbers) or after)
        return CommandMatch(tuple(replace(one, question=code) for code in every) or (one,), phrase.takes)
    if len(questions) > 1 and not numbers:  # "HP-… và HP-… trùng nhau"
        numbers, questions = tuple(questions[1:]), questions[:1]
    places = number_places(after, prefix)
    pair = len(numbers) > 1 and re.match(r"\s*(?:với|voi|vào|vao)\b", after[places[0][2] :], re.IGNORECASE)
    if not questions and pair and not plain_words(after[: places[0][1]]):  # "trùng HP-… với HP-…"
        questions, numbers = numbers[:1], numbers[1:]
    if not numbers and not re.search(rf"\d(?!\d|{_COUNTED})", after, re.IGNORECASE):
        return None
    one = replace(command, text=" ".join(numbers) or after)  # "HP-…2, HP-…3 trùng với HP-…1": each of them
    return CommandMatch(tuple(replace(one, question=code) for code in questions) or (one,), phrase.takes)
