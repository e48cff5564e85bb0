"""One line of an officer's mail: the numbers it names, the command it gives, and what that command takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TypeGuard

from rules.commands.vocabulary import (
    GAP,
    WORD,
    CommandWords,
    Phrase,
    first_word,
    holds,
    is_other_word,
    plain_words,
    starts,
)
from rules.reply.unit_names import UnitNames
from rules.text import squash
from rules.text.dates import until_date
from rules.values.register_number import number_places, odd_number_end, register_numbers

DICTATES = "register_for"
FILE = "file"
"""Takes which file is meant: its number or name, nothing for all."""
TEXTS = frozenset({"text", "reason", "field"})
UNCLEAR = "?"
"""The clause of a rejection that names one which is none."""
EXCEPT = "except"
"""The text of a signature for all but some."""
MOST_GAPS, LONGEST_HEAD = 200, 200
"""Places of a line where a second command may begin, and letters that tell whether one does."""
MOST_NUMBERS = 100
"""Numbers that one command is given for."""
MOST_BEHIND = 6
"""Words that may follow a command that takes nothing."""
LONGEST_FILE = 20
"""Words of a file's name."""
_LISTED = re.compile(r"^\s*(?:\d{1,2}\s?[.)/:\-–](?=\s*\D)|[a-zA-ZđĐ][.)](?=\s)|[-–—•*+>])\s*")
_GLUED = re.compile(r"^(\W*[A-Za-z]{2,8}[\s\-–/.]{0,3}20\d\d[\s\-–/.]{0,3}\d{6})(?=[^\W\d_])")
_AND = re.compile(
    r"\s*(?:[,;&+/]|\b(?:và|va|cùng|cung|với|voi)\b)*\s*(?:\b(?:câu hỏi|cau hoi|câu|cau|số|so)\b)?\s*[\[(#]?", re.I
)
_MORE = re.compile(
    r"\s*(?:;|(?P<sentence>[.,]\s+còn(?!\w)|\.)|(?P<comma>,)(?!\s*(?:rồi|sau đó|đồng thời|và)(?!\w))"
    r"|,?\s*(?<!\w)(?:rồi|sau đó|đồng thời|và)(?!\w))\s+",
    re.IGNORECASE,
)
_ISSUE_NUMBER = re.compile(r"\bsố:?\s*\d{1,5}(/[\w-]+)?(?!\S)", re.IGNORECASE)
"""The number (số văn bản) that an approval may give the paper."""
_NO_SUCH_CLAUSE = re.compile(
    r"^(?:theo\s+)?(?:điểm|diem|mục|muc|khoản|khoan)\s|^[^\W\d_]{1,2}\s+(?:vì|vi|do|bởi|boi)\b|^[hk](?:vì|vi)\b", re.I
)
_WHOSE = re.compile(r"^(?:của\s+)?(?:người hỏi|người gửi|công dân|ông|bà|nguoi hoi|nguoi gui|cong dan)\s*:\s*", re.I)
_SAME_AS = frozenset({"vi", "do", "nhu", "giong", "trung", "boi"})
"""A number behind one of these is named in passing."""


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
class Found:
    """The commands of a piece of a line, one for each question that it names, and what they take."""

    commands: tuple[Command, ...]
    takes: str


@dataclass(frozen=True, slots=True)
class Reader:
    """What lines are read with; ``on`` gives a missing year and says which units exist."""

    words: CommandWords
    names: UnitNames
    on: date | None

    def line(self, line: str) -> tuple[Found, ...]:
        """The commands of a line in their order; () when it is none, or one part of it is none."""
        found: list[Found] = []
        for piece in self._pieces(line):
            one = self.command(piece)
            if one is None:
                return ()
            found.append(_about_the_same(one, found[-1] if found else None))
        return tuple(found)

    def _pieces(self, line: str) -> list[str]:
        """A line cut where a second command begins ("đăng ký và chuyển SXD")."""
        pieces, start = [], 0
        for gap in islice(_MORE.finditer(line), MOST_GAPS):
            behind = line[gap.end() : gap.end() + LONGEST_HEAD]
            own = bool(numbers_of(behind, self.words.prefix)[0])
            if (gap["sentence"] or gap["comma"]) and not own and not self._corrects(behind):
                continue  # "Duyệt. Trả lại phần 2" is one sentence after another about one thing
            first = self.command(line[start : gap.start()])
            ends = _is_whole(first) and (
                first.takes not in TEXTS or (own and not gap["comma"]) or self._both(first, behind)
            )
            if ends and self.command(behind):
                pieces.append(line[start : gap.start()])
                start = gap.end()
        return [*pieces, line[start:]]

    def _corrects(self, piece: str) -> bool:
        found = self.phrase(piece)[0]
        return found is not None and found.takes == "field"

    def _both(self, first: Found, behind: str) -> bool:
        """ "Sửa tên: …, sửa điện thoại: …" are two corrections."""
        return first.takes == "field" and self._corrects(behind)

    def command(self, line: str) -> Found | None:
        """The command at the beginning of a line, or None."""
        questions, rest = numbers_of(line, self.words.prefix)
        rest = self._without_fillers(rest)
        if not questions:
            questions, rest = numbers_of(rest, self.words.prefix, listed=False)
            rest = self._without_fillers(rest)
        phrase, after = self.phrase(rest)
        if phrase is None:
            return None
        command = Command(phrase.verb, questions[0] if questions else "", raw=line)
        return self._filled(command, questions, phrase, after)

    def phrase(self, line: str) -> tuple[Phrase | None, str]:
        """The phrase that a line begins with, and the rest as it stands."""
        first = first_word(line)
        if any(one[0] == first and starts(line, one) for one in self.words.never):
            return None, line
        for phrase in self.words.by_first.get(first, ()):
            if (end := starts(line, phrase.words)) and not is_other_word(line, phrase.marked):
                return phrase, line[end:]
        return None, line

    def _without_fillers(self, line: str) -> str:
        """Fillers cut off, as long as what remains could still be a command and the line itself is none."""
        while self.phrase(line)[0] is None:
            first = first_word(line)
            cut = next((end for one in self.words.before if one[0] == first and (end := starts(line, one))), 0)
            if not cut:
                return line
            line = GAP.sub("", line[cut:].lstrip())
        return line

    def is_odd(self, line: str) -> bool:
        """True for a command behind something that is meant as a register number and is none."""
        line = _LISTED.sub("", line)
        end = odd_number_end(line, self.words.prefix)
        return bool(end) and self.command(line[end:]) is not None

    def _filled(self, command: Command, questions: Sequence[str], phrase: Phrase, after: str) -> Found | None:
        """The command with what follows it; None when the line is a sentence that only begins alike."""
        colon = bool(re.match(r"\s*:", after))
        rest = GAP.sub("", after)
        if not questions and phrase.takes != "number":
            questions, rest = self._named_behind(phrase, rest, colon)
        if phrase.takes == "number":
            return _numbers(command, questions, phrase, rest, self.words.prefix)
        one = self._taken(replace(command, question=questions[0] if questions else ""), phrase, rest, colon)
        if one is None:
            return None
        every = tuple(replace(one, question=code) for code in questions) or (one,)
        return Found(every, "" if phrase.verb == "sign" else phrase.takes)

    def _named_behind(self, phrase: Phrase, rest: str, colon: bool) -> tuple[tuple[str, ...], str]:
        """The numbers a command is about that stand behind it, and the rest without them.

        A reason or text may name other questions in passing: there a number counts only directly behind the command.
        """
        places = number_places(rest, self.words.prefix)
        if not places:
            return (), rest
        said = plain_words(rest[: places[0][1]])
        close = not said if colon else all(word in self.words.fillers or len(word) == 1 for word in said)
        passing = set(said) & _SAME_AS if phrase.takes not in TEXTS else not (close or self._is_clause(phrase, said))
        if passing:
            return (), rest
        codes, end = run_of(rest, places)
        return codes, GAP.sub("", f"{rest[: places[0][1]].rstrip(' [(')} {rest[end:].lstrip(' ])')}".strip())

    def _is_clause(self, phrase: Phrase, said: Sequence[str]) -> bool:
        """ "Từ chối khiếu nại HP-…": only a clause stands between."""
        forms = {word for form, _ in self.words.clauses for word in form}
        return phrase.takes == "reason" and all(word in forms or word in self.words.fillers for word in said)

    def _taken(self, command: Command, phrase: Phrase, after: str, colon: bool) -> Command | None:
        match phrase.takes:
            case "unit":
                ordered = self._forward(command, after)
                no_order = after.rstrip().endswith("?") or (phrase.words[0] == "gui" and not ordered.unit)
                return None if no_order else ordered  # "em gửi kết quả hôm nay ạ"
            case "reason":
                return self._rejection(command, after)
            case "date":
                return replace(command, until=until_date(after, self.on), text=after)
            case "field":
                said = " ".join(phrase.words)
                field = next((name for form, name in self.words.fields if said.endswith(form)), "")
                return replace(command, field=field, text=self._content(after, colon))
            case "file":
                asks = "?" in after and command.verb != "why_held"  # "cho chuyển tệp được không?" orders nothing
                return None if asks or len(plain_words(after)) > LONGEST_FILE else replace(command, text=after)
            case "text":
                return replace(command, text=self._signed(phrase, after) if command.verb == "sign" else after)
        return command if self._ends_there(command.verb, after) else None

    def _signed(self, phrase: Phrase, after: str) -> str:
        """ "all" for everything, "except" where something is left out of it."""
        behind = plain_words(after)
        if not any(holds((*phrase.words, *behind), one) for one in self.words.everything):
            return after
        return EXCEPT if set(behind) & self.words.exceptions else "all"

    def _content(self, after: str, colon: bool) -> str:
        """The new content of a field: without "thành", "là", "của người hỏi:" that lead to it."""
        after = _WHOSE.sub("", after)
        while not colon:
            end = next((end for one in self.words.connectors if (end := _led(after, one))), 0)
            if not end:
                break
            colon = after[end:].lstrip().startswith(":")
            after = GAP.sub("", after[end:])
        return after

    def _ends_there(self, verb: str, after: str) -> bool:
        """Nothing of weight follows: an approval in particular is only one when no condition hangs on it."""
        if verb == "approve":
            return set(plain_words(_ISSUE_NUMBER.sub(" ", after))) <= self.words.approved
        return len(plain_words(after)) <= MOST_BEHIND and "?" not in after

    def _forward(self, command: Command, after: str) -> Command:
        squashed = squash(after)
        mentions = self.names.find(squashed, bare=False) or self.names.find(squashed, bare=True)
        codes = [code for one in mentions if (code := self.names.resolve(one.codes, self.on))]
        kept = tuple(dict.fromkeys(codes))
        return replace(command, unit=kept[0] if kept else "", supporting=kept[1:], text=after)

    def _rejection(self, command: Command, after: str) -> Command:
        clause, rest = "", after
        for form, name in self.words.clauses:
            if end := starts(after, form):
                clause, rest = name, GAP.sub("", after[end:])
                break
        if not clause and _NO_SUCH_CLAUSE.match(rest):
            return replace(command, clause=UNCLEAR, text=rest)
        for because in self.words.because:
            if end := starts(rest, because):
                rest = GAP.sub("", rest[end:])
                break
        if not clause:
            said = " ".join(plain_words(rest))
            clause = next((name for form, name in self.words.by_reason if form in said), "")
        return replace(command, clause=clause, text=rest)


def _is_whole(found: Found | None) -> TypeGuard[Found]:
    """False for "chuyển nhầm rồi", which only begins like a command."""
    one = found.commands[0] if found else None
    return one is not None and (one.verb != "forward" or bool(one.unit or one.question))


def _about_the_same(one: Found, before: Found | None) -> Found:
    """A second command of a line without a number of its own is about the first one's questions."""
    if before is None or before.takes == "number" or any(each.question for each in one.commands):
        return one
    codes = [each.question for each in before.commands if each.question]
    if not codes or one.commands[0].verb in {DICTATES, "help"}:
        return one
    return replace(one, commands=tuple(replace(one.commands[0], question=code) for code in codes))


def _led(text: str, connector: Sequence[str]) -> int:
    """Where the connector ends at the beginning; one that a name begins with ("Lã", "Thành") is none."""
    end = starts(text, connector)
    head = text[:end]
    if (
        not end
        or not (head.islower() or text.isupper())
        or (connector == ("la",) and head.lower() not in {"là", "la"})
    ):
        return 0
    return end


def _numbers(command: Command, questions: Sequence[str], phrase: Phrase, after: str, prefix: str) -> Found | None:
    """Commands that take numbers: the state of one or several questions; which question is like which."""
    numbers = register_numbers(after, prefix)
    if phrase.verb == "status":
        every = tuple(questions) or numbers
        one = replace(command, text=" ".join(numbers) or after)
        return Found(tuple(replace(one, question=code) for code in every) or (one,), phrase.takes)
    if len(questions) > 1 and not numbers:  # "HP-… và HP-… trùng nhau"
        numbers, questions = tuple(questions[1:]), questions[:1]
    places = number_places(after, prefix)
    pair = len(numbers) > 1 and re.match(r"\s*(?:với|voi|vào|vao)\b", after[places[0][2] :], re.IGNORECASE)
    if not questions and pair and not plain_words(after[: places[0][1]]):  # "trùng HP-… với HP-…"
        questions, numbers = numbers[:1], numbers[1:]
    if not numbers and not re.search(r"\d", after):
        return None
    one = replace(command, question=questions[0] if questions else "", text=" ".join(numbers) or after)
    return Found((one,), phrase.takes)


def numbers_of(line: str, prefix: str, *, listed: bool = True) -> tuple[tuple[str, ...], str]:
    """The register numbers at the very beginning ("HP-…, HP-… và HP-…") behind a list's "1.", and the rest."""
    start = _LISTED.sub("", line) if listed else line
    start = _GLUED.sub(r"\1 ", GAP.sub("", start.lstrip("[(# ")).lstrip("[(# "))
    places = number_places(start, prefix)
    if not places or places[0][1] > 1:
        return (), start
    codes, end = run_of(start, places)
    return codes, GAP.sub("", start[end:])


def run_of(text: str, places: Sequence[tuple[str, int, int]]) -> tuple[tuple[str, ...], int]:
    """The first number and those that are only joined to it by commas and "và", and where they end."""
    codes, end = [places[0][0]], places[0][2]
    for code, start, stop in places[1:MOST_NUMBERS]:
        if not _AND.fullmatch(text[end:start].lstrip(")]")):
            break
        codes.append(code)
        end = stop
    return tuple(dict.fromkeys(codes)), end


def alone(line: str, words: CommandWords) -> tuple[str, ...]:
    """The numbers of a line that says nothing else ("Câu hỏi HP-2026-000012:"); () otherwise."""
    places = number_places(line, words.prefix)
    if not places:
        return ()
    codes, end = run_of(line, places)
    ahead = plain_words(_LISTED.sub("", line[: places[0][1]]))
    return () if WORD.search(line[end:]) or set(ahead) - words.fillers else codes
