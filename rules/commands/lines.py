"""Reads an officer's mail line by line: a line gives commands, continues one, takes one back, or does none of these.

Each line may name register numbers; a number alone on a line applies to the commands below it. A command's text
continues up to the next command or the closing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rules.commands.command import (
    ADDS,
    DICTATES,
    LISTED,
    MISNUMBERED,
    NO_ORDER,
    OF_NO_QUESTION,
    TEXTS,
    UNREAD,
    Command,
    CommandMatch,
    numbers_of,
    other_number,
    run_of,
)
from rules.commands.command_line import FILE, Reader
from rules.commands.likely_orders import comes_near
from rules.commands.mood import CONDITION, NEGATION, QUESTION, STOPPED, governed, stop_in, takes_back
from rules.commands.plain.one_unit import behind_denied_unit, in_its_place, orders_another
from rules.commands.session_line import SESSION, lacks_number, session_number
from rules.commands.vocabulary import GAP, OF_SESSIONS, WORD, CommandWords, holds, plain_words, starts
from rules.text import squash
from rules.values.register_number import number_places, register_numbers

MOST_BEFORE = 20
"""At most this many lines may precede the first command."""
NEAR = 0.72
"""A line whose beginning is this similar to a phrase was probably meant as a command."""
_MARK = re.compile(r"[\W_]+")
_POSTSCRIPT = re.compile(r"^\s*(?:p\s?[./]?\s?s\s*[.:/]*|tb|tái bút|n\.?b\.?)\s*:?\s+", re.IGNORECASE)
LONGEST_TRY = 12
"""A line taken for a failed command has at most this many words."""


@dataclass(slots=True)
class Reading:
    """The commands read so far. ``heading`` holds numbers that were alone on a line."""

    reader: Reader
    unread: bool
    found: list[Command] = field(default_factory=list)
    takes: str = ""
    heading: tuple[str, ...] = ()
    headline: str = ""
    before: list[str] = field(default_factory=list)

    def take_all(self, line: str) -> bool:
        """Read the next line, in which "à nhầm" takes back what comes before it."""
        stop = None if self._dictated() else stop_in(line, self.reader.words.mood)
        if stop is None and self._takes_back(line):
            self._stop(line)
            return True
        behind = self._behind_denied(line)  # "Thôi đừng gửi SYT nữa, chuyển SXD"
        if stop is None or behind != line:
            return self.take(behind)
        begins, ends = stop
        while (more := stop_in(line[ends:], self.reader.words.mood)) and not plain_words(line[ends : ends + more[0]]):
            ends += more[1]  # "À không, nhầm, …"
        if line[:begins].strip() and not self.take(line[:begins].rstrip(" ,.;:-–—(")):
            return False
        stopped, rest = self.found, GAP.sub("", line[ends:]).strip()
        self._stop(line)
        if not plain_words(rest):
            return True
        before = len(self.found)
        taken = self.take(in_its_place(stopped, rest, self.reader) or self._behind_denied(rest))
        if taken and self.unread and len(self.found) == before:
            self.found.append(Command(UNREAD, "", raw=rest))
        return taken

    def _takes_back(self, line: str) -> bool:
        """ "Thôi khỏi", "chờ chị xem lại đã": a line that only takes back the orders above it."""
        if not self.found or self._dictated():
            return False
        names = register_numbers(line, self.reader.words.prefix) or session_number(line)
        return takes_back(LISTED.sub("", line), self.reader.words.mood, whole=bool(names) or self.takes in TEXTS)

    def _stop(self, line: str) -> None:
        """Cancel the commands above; with ``unread`` they stay as ``NO_ORDER``, so that the officer is told."""
        stopped = [replace(command, verb=NO_ORDER, field=STOPPED) for command in self.found if command.verb != UNREAD]
        self.found = stopped if self.unread else []
        if self.unread and not stopped:
            self.before.append(line)
        self.takes = ""

    def take(self, line: str) -> bool:
        """Read the next line; False when the mail holds no command."""
        if self._dictated():
            return self._inside(line)
        if heading := _alone(line, self.reader.words):
            self._unused()
            self.heading, self.headline, self.takes = heading, line, ""
            return True
        commands = self._of_known_question(self.reader.line(line), line)
        if commands and not (self.takes in TEXTS and _is_text(commands[0], line, self.reader.words.prefix)):
            return self._add(commands)
        goes_on = self._goes_with_a_forward(line) or self._goes_with_a_session(line)
        if goes_on or (self.unread and self._no_order(line)):
            return True
        if self.unread and (verb := self._meant(line)):
            number = (numbers_of(line, self.reader.words.prefix)[0] or ("",))[0]
            self.found.append(Command(verb, number or self._heading(), raw=line))
            self.takes = ""
            return True
        if self.unread and self._next_of_list(line):
            self.found.append(Command(UNREAD, self._heading(), raw=line))
            self.takes = ""
            return True
        return self._other(line)

    def _next_of_list(self, line: str) -> bool:
        """Whether a line is one more item of the list of orders: each is done or asked back, none is dropped.

        Within a text only a number that follows that of its command is: "- Hỏi lại:" goes on with dashes of its own.
        """
        if not self.found or self.takes in OF_SESSIONS:
            return False
        item, first = (_item(one) for one in (line, self.found[-1].raw))
        if item is None or first is None:
            return False
        kind, place = item
        follows = kind == first[0] and (place > first[1] or not place)
        within = any(_item(one) for one in self.found[-1].raw.splitlines()[1:])
        return follows and not (self.takes in TEXTS and (within or not place))

    def _of_known_question(self, commands: Sequence[CommandMatch], line: str) -> Sequence[CommandMatch]:
        """() when the line is about "câu 124" and the mail may be about another question."""
        named = any(command.question for match in commands for command in match.commands) or self.heading
        return () if self.unread and not named and commands and other_number(line) else commands

    def _heading(self) -> str:
        return self.heading[0] if self.heading else ""

    def _no_order(self, line: str) -> bool:
        """True for a report, a plan or a question outside a text: no command, recorded for the questions it names."""
        denied = _POSTSCRIPT.sub("", line)
        mood = "" if self.takes in TEXTS else self.reader.mood(line)
        if not mood and self.takes not in TEXTS and self.reader.mood(denied) == NEGATION:
            mood = NEGATION
        if not mood:
            return False
        codes = numbers_of(line, self.reader.words.prefix)[0] or self.heading or ("",)
        if mood == NEGATION:
            self._take_back(denied, codes)
        self.found += [Command(NO_ORDER, code, text=line, raw=line, field=mood) for code in codes]
        self.takes = ""
        if mood in {CONDITION, QUESTION}:
            self.before.append(line)
        return True

    def _behind_denied(self, line: str) -> str:
        """ "Không chuyển SYT mà chuyển SXD": the order behind it; below "Chuyển SYT" that is not done either way."""
        number, ahead, rest = behind_denied_unit(line, self.reader)
        if not rest or len(self.found) > 1 or self.takes in TEXTS or (self.found and number):
            return line
        if self.found:
            self._take_back(ahead, [""], ["forward"])
            number = self.found[0].question
        stopped = self.found and self.found[0].verb == NO_ORDER
        return f"{number} {rest}".strip() if stopped or orders_another(rest, ahead, self.reader) else line

    def _take_back(self, line: str, codes: Sequence[str], denied: Sequence[str] = ()) -> None:
        """ "Đừng chuyển vội nhé" below "Chuyển SXD": what is denied is not done above."""
        mood = self.reader.words.mood
        denied = denied or [self.reader.verb_of(rest) for kind, rest in governed(line, mood) if kind == NEGATION]
        units = {code for mention in self.reader.names.find(squash(line), bare=True) for code in mention.codes}
        for at, command in enumerate(self.found):
            same = command.question in {"", *codes} or "" in codes
            if command.verb in denied and same and (not units or {command.unit, *command.supporting} & units):
                self.found[at] = replace(command, verb=NO_ORDER, field=STOPPED)

    def _goes_with_a_forward(self, line: str) -> bool:
        """ "Đề nghị trả lời trước ngày 10/10" in the line below a forward is for the unit to read."""
        last = self.found[-1] if self.found else None
        if last is None or last.verb not in {"forward", ADDS} or not last.unit or self.takes != "unit":
            return False
        line = LISTED.sub("", line)
        if not any(starts(line, one) for one in self.reader.words.remarks):
            return False
        for at, command in enumerate(self.found):
            if command.raw == last.raw:
                self.found[at] = replace(command, remark=f"{command.remark}\n{line}".strip())
        return True

    def _goes_with_a_session(self, line: str) -> bool:
        """ "Lý do: …" in the line below "Hoãn phiên P-… sang …" is its reason."""
        text = LISTED.sub("", line)
        if self.takes != SESSION or not any(starts(text, one) for one in self.reader.words.because):
            return False
        self._append(text)
        return True

    def _dictated(self) -> bool:
        """After "đăng ký hộ" everything is the citizen's own words, whatever they begin with."""
        return bool(self.found) and self.found[-1].verb == DICTATES

    def _inside(self, line: str) -> bool:
        commands = self.reader.line(line)
        if commands and commands[0].commands[0].verb == DICTATES:
            return self._add(commands)
        self._append(line)
        return True

    def _append(self, line: str) -> None:
        """Continue the command's text; a command about several questions has the same text for each."""
        raw = self.found[-1].raw
        for at in range(len(self.found) - 1, -1, -1):
            command = self.found[at]
            if command.raw != raw:
                break
            self.found[at] = replace(command, text=f"{command.text}\n{line}".strip(), raw=f"{raw}\n{line}")

    def _add(self, commands: Sequence[CommandMatch]) -> bool:
        own = [command for match in commands for command in match.commands]
        if self.before and not self._may_follow(own):
            return False
        if self.heading and not any(command.question for command in own):
            codes = self.heading
            own = [
                each
                for command in own
                for each in (
                    [command]
                    if command.verb in OF_NO_QUESTION
                    else [replace(command, question=code) for code in codes]
                )
            ]
            self.headline = ""
        elif any(command.question for command in own):
            self._unused()
            self.heading = ()
        self.found += self._items_before(own[0].raw) + own
        self.takes = commands[-1].takes
        return True

    def _items_before(self, line: str) -> list[Command]:
        """What stands in the same list before its first command: asked back like what follows it."""
        item, above = _item(line), [] if self.found or not self.unread else self.before
        kind = item[0] if item else None
        return [Command(UNREAD, self._heading(), raw=one) for one in above if (_item(one) or ("",))[0] == kind]

    def _may_follow(self, own: Sequence[Command]) -> bool:
        """After other text, a command must say what it is about, and that text must hold no "but" and no question."""
        if all(command.question for command in own) or self.heading:
            return True
        text = " ".join(self.before)
        return "?" not in text and not set(plain_words(text)) & self.reader.words.reservations

    def _unused(self) -> None:
        """A number alone, with nothing below it, asks for the question's state."""
        if self.headline and self.unread:
            self.found += [Command("status", code, text=code, raw=self.headline) for code in self.heading]
        self.headline = ""

    def _meant(self, line: str) -> str:
        """The verb of a line that is meant as a command but gives none; "" for any other line."""
        prefix = self.reader.words.prefix
        if numbers_of(line, prefix)[0]:
            return UNREAD
        if self.takes not in TEXTS and other_number(line) and self.reader.line(line):
            return MISNUMBERED
        inside = self.takes in TEXTS
        if not inside and (session_number(line) or lacks_number(line, self.reader.words)):
            return UNREAD
        if self.reader.is_odd(line) and (not inside or line.lstrip(" [(#-*").upper().startswith(prefix)):
            return MISNUMBERED
        said = plain_words(line)
        near = (
            not inside
            and bool(self.found or self.heading)
            and len(said) <= LONGEST_TRY
            and self._acts(line)
            and comes_near(said, self.reader.words, NEAR)
        )
        return UNREAD if near else ""

    def _acts(self, line: str) -> bool:
        """True when the line holds a possible argument of a command; a signature ("Phòng Tiếp dân") does not."""
        said, words = plain_words(line), self.reader.words
        if any(starts(line, one) for one in words.never):
            return False
        takes = ":" in line or any(holds(said, one) for one in words.because)
        return takes or bool(self.reader.names.find(squash(line), bare=True))

    def _other(self, line: str) -> bool:
        if self.found and self.takes in TEXTS:
            self._append(line)
        elif not self.found:
            self.before.append(line)
            return bool(self.heading) or (self.unread and len(self.before) <= MOST_BEFORE)
        elif (
            self.found
            and self.found[-1].verb == "approve"
            and set(plain_words(line)) & self.reader.words.reservations
        ):
            return False  # an approval with a "but" is none: a person must ask
        else:
            self.takes = ""
        return True

    def end(self) -> tuple[Command, ...]:
        """All commands of the mail."""
        self._unused()
        return tuple(self.found)


def _alone(line: str, words: CommandWords) -> tuple[str, ...]:
    """The numbers of a line with nothing else in it ("Câu hỏi HP-2026-000012:"); () for other lines."""
    places = number_places(line, words.prefix)
    if not places:
        return ()
    codes, end = run_of(line, places)
    ahead = plain_words(LISTED.sub("", line[: places[0][1]]))
    return () if WORD.search(line[end:]) or set(ahead) - words.fillers else codes


def _item(line: str) -> tuple[str, int] | None:
    """The kind of a list's mark at the start of a line and its place, 0 for a dash; None for a line without one."""
    match = LISTED.match(line)
    mark = _MARK.sub("", match[0].lower()) if match else ""
    if not match or not mark:
        return ("-", 0) if match else None
    return ("1", int(mark)) if mark.isdigit() else ("a", ord(mark))


def _is_text(match: CommandMatch, line: str, prefix: str) -> bool:
    """Within a command's text, only a numbered line or a clear forward is a new command."""
    command = match.commands[0]
    begins = (
        command.verb == DICTATES
        or (command.verb, command.text) == ("sign", "all")
        or match.takes in OF_SESSIONS
        or (command.verb == "forward" and command.unit)
        or not match.takes
        or (match.takes == FILE and not command.text)
        or (command.verb == "correct" and command.text)
    )
    return not (register_numbers(line, prefix) or begins)
