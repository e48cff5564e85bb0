"""One line of an officer's mail: the numbers it names, the command it gives, and the command's argument."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeGuard

from rules.commands.arguments import content_of, for_the_unit, forwarded, is_thing, rejected, without_denied_unit
from rules.commands.command import (
    ADDS,
    DICTATES,
    LISTED,
    TEXTS,
    Command,
    CommandMatch,
    named_behind,
    numbers_of,
    with_numbers,
)
from rules.commands.mood import asks, found_in, has_condition, is_courtesy_da, is_done, length_at, mood_of, said_in
from rules.commands.plain.words import CLAUSE, PlainOrderWords
from rules.commands.plain.words_passed_on import answer_told, as_request, tells_why_again
from rules.commands.session_line import SESSION, session_line, speaks_of_session, without_number, without_session
from rules.commands.vocabulary import (
    GAP,
    CommandWords,
    Phrase,
    ends_of,
    first_word,
    holds,
    is_other_word,
    joints,
    opening,
    plain_words,
    says_only_a_day,
    starts,
)
from rules.reply.unit_names import UnitNames
from rules.text import squash
from rules.text.dates import until_date
from rules.values.register_number import number_places, odd_number_end

REMINDS, A_UNIT, SAID, DROPS, SIGNS = "remind_unit", ("don", "vi"), "said", "drop_support", "sign"
PASSES_ON = frozenset({"forward", ADDS, REMINDS, "extend"})
"""Commands whose further text the unit reads."""
_TELLS = re.compile(r":(?!\d)")
"""A colon that is none of a time of day."""
KEPT, _TOLD = frozenset({"note", DICTATES}), frozenset({"da", "chua"})
"""A command that only keeps a text, which may mention other orders; and how a report begins."""
FILE = "file"
"""The argument says which file is meant: its number or name; empty for all files."""
EXCEPT = "except"
"""The text of a signature for all but some of the questions."""
LONGEST_HEAD = 200
"""So many characters are examined where a second command may begin."""
BEGS = "nho"
"""The first word of a line that asks a colleague to ask the citizen ("nhờ hỏi lại dân xem ở đường nào")."""
MOST_AHEAD, MOST_BEHIND, LONGEST_FILE = 30, 6, 20
"""The most courtesies before a command, words after one without an argument, and words of a file's name."""
MAY_ASK = frozenset({"ask", "note", "status", "session_status", "help", "why_held", "register_for", "supplement"})
"""Commands that may end with a question."""
ASKED_FOR = frozenset({"status", "session_status", "help", "why_held"})  # may follow "cho tôi hỏi"
WHOLE = frozenset({"", "said", "unit", "date", "number", "file"})
"""Arguments of commands that must not be followed by a condition."""
_ISSUE_NUMBER = re.compile(r"\bsố:?\s*\d{1,5}(/[\w-]+)?(?!\S)", re.IGNORECASE)
"""The document number (số văn bản) that an approval may give the paper."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a line needs; ``on`` supplies a missing year; ``case`` is what the answered mail is about."""

    words: CommandWords
    names: UnitNames
    on: date | None
    plain: PlainOrderWords
    case: str = ""

    def line(self, line: str) -> tuple[CommandMatch, ...]:
        """A line's commands in order; () when the line, or one part of it, is no command."""
        matches: list[CommandMatch] = []
        for piece in self._pieces(line):
            match = self.command(piece)
            if match is None:
                return ()
            matches.append(match.about_the_same(matches[-1] if matches else None))
        return tuple(matches)

    def commands(self, text: str) -> list[Command]:
        """All commands of a line or of a part of it, each for each question."""
        return [command for match in self.line(text) for command in match.commands]

    def _pieces(self, line: str) -> list[str]:
        """A line split where a second command begins ("đăng ký và chuyển SXD")."""
        pieces, start = [], 0
        verb, of_number = self.verb_of(line), bool(numbers_of(line, self.words.prefix)[0])
        for gap in joints(line):
            behind = line[gap.end() : gap.end() + LONGEST_HEAD]
            numbered = bool(numbers_of(behind, self.words.prefix)[0])
            own = numbered or self._names_another(line[start : gap.start()], behind)
            loose = bool(gap["sentence"] or gap["comma"])
            goes_on = self._adds_unit if of_number and verb in PASSES_ON else self._goes_on
            if loose and not own and not self._corrects(behind) and not goes_on(verb, behind):
                continue  # "Duyệt. Trả lại phần 2" is two sentences about one thing
            first = self.command(line[start : gap.start()])
            apart = first is not None and first.takes == "field" and self._corrects(behind)  # "…, sửa địa chỉ …"
            apart = apart or (numbered and not gap["comma"]) or (own and self._orders(first, behind))
            ends = _is_whole(first) and (first.takes not in {*TEXTS, SESSION} or apart)
            if ends and not self._is_one_forward(line[start:], first, behind, own=own) and self.command(behind):
                pieces.append(line[start : gap.start()])
                start, verb = gap.end(), self.verb_of(behind)
        return [*pieces, *(self._signature_apart(line[start:]) if verb == SIGNS else [line[start:]])]

    def _names_another(self, ahead: str, behind: str) -> bool:
        """ "Đóng HP-…, chuyển HP-… cho SXD": an order that itself names a number, which is not the first one's."""
        if not all(number_places(one, self.words.prefix) for one in (ahead, behind)):
            return False
        found = [match.commands if (match := self.command(piece)) else () for piece in (ahead, behind)]
        first, second = ({command.question for command in commands} - {""} for commands in found)
        return bool(first and second) and not first & second

    def _orders(self, first: CommandMatch | None, behind: str) -> bool:
        """Whether an order stands behind a text: a note, or a reason, may tell of it ("…, HP-… đã trả lời")."""
        match = self.command(behind) if first and first.commands[0].verb not in KEPT else None
        second = match.commands[0] if match else None
        told = first_word(numbers_of(behind, self.words.prefix)[1]) in _TOLD
        return second is not None and not told and (second.verb != "forward" or bool(second.unit))

    def _signature_apart(self, piece: str) -> list[str]:
        """ "Ký nhận chuyển SXD": a signature, and the command behind it without a word between."""
        match = self.command(piece)
        text = match.commands[0].text if match is not None and piece.endswith(match.commands[0].text) else ""
        second = self.command(text) if text else None
        return [piece.removesuffix(text), text] if second is not None and second.commands[0].unit else [piece]

    def _is_one_forward(self, whole: str, first: CommandMatch | None, behind: str, *, own: bool) -> bool:
        """ "Gửi Sở Giáo dục, đồng thời gửi Sở Tài chính": one question for two units."""
        verb = first.commands[0].verb if first else ""
        if own or verb != "forward" or self.verb_of(behind) not in {"forward", ADDS}:
            return False
        return (both := self.command(whole)) is not None and bool(both.commands[0].supporting)

    def verb_of(self, piece: str) -> str:
        """The verb of the phrase with which a piece begins, after numbers and courtesies; "" for none."""
        heads = (numbers_of(head, self.words.prefix)[1] for head, _ in self._heads(piece))
        phrase = next((one for head in heads if (one := self.phrase(head)[0])), None)
        return phrase.verb if phrase else ""

    def _goes_on(self, verb: str, behind: str) -> bool:
        """ "Ký nhận, chuyển SXD" are two commands; after a forward, words after a comma are for the unit to read."""
        second = self.verb_of(behind)
        if verb == "approve" and self.case == "extension":  # "Đồng ý. Lưu ý đơn vị trả lời đúng hạn"
            return second == "note"
        if verb in {"", "approve", "return"}:
            return False
        told = second == "note" and length_at(said_in(behind), 0, self.plain.order.wishes_of_unit)
        return not told and second not in {"", "approve", "return", "ask", verb}

    def _adds_unit(self, verb: str, behind: str) -> bool:
        """ "HP-… nhắc SXD, không gia hạn nữa": the unit reads it; a note and a bare order for a unit go on."""
        one = match.commands[0] if self._goes_on(verb, behind) and (match := self.command(behind)) else None
        return one is not None and (one.verb == "note" or (one.verb in PASSES_ON and one.unit != "" == one.remark))

    def _corrects(self, piece: str) -> bool:
        phrase = self.phrase(piece)[0]
        return phrase is not None and phrase.takes == "field"

    def command(self, line: str) -> CommandMatch | None:
        """The command at the beginning of a line, or None."""
        return session_line(line, self.words, self._session_heads(line)) or self._ordinary(line)

    def _session_heads(self, line: str) -> list[str]:
        return [head for head, _ in self._heads(without_session(line))]

    def _ordinary(self, raw: str) -> CommandMatch | None:
        line = without_number(raw)
        questions, rest = numbers_of(line, self.words.prefix)
        seen = questions  # "với câu HP-…: tôi đề nghị …" has courtesies on both sides of its number
        for ahead, only in self._heads(rest):
            own, head = (questions, ahead) if questions else numbers_of(ahead, self.words.prefix, listed=False)
            own = seen = own or seen
            phrase, after = self.phrase(head)
            if phrase is None or (only and phrase.verb not in ASKED_FOR):
                continue
            command = Command(phrase.verb, own[0] if own else "", raw=raw)
            if (match := self._filled(command, own, phrase, after)) is not None:
                return match
        return None

    def _heads(self, line: str) -> Iterator[tuple[str, bool]]:
        """The line with ever more courtesies removed from its start, and whether "cho hỏi" was among them."""
        only = False
        for _ in range(MOST_AHEAD):
            yield line, only
            at = numbers_of(line, self.words.prefix, listed=False)
            line = at[1] if at[0] else line
            first = first_word(line)
            cut = next((one for one in self.words.before if one[0] == first and starts(line, one)), None)
            if cut is None or (cut == ("da",) and not is_courtesy_da(line)) or said_in(line).words[:1] == ("sở",):
                return
            only = only or (cut[0], cut[-1]) == ("cho", "hoi")  # and not "câu hỏi HP-… chuyển SYT"
            line = GAP.sub("", line[starts(line, cut) :].lstrip())

    def mood(self, line: str) -> str:
        """What a line that is no command does instead (``rules.commands.mood``); "" when it mentions no command."""
        return mood_of(numbers_of(line, self.words.prefix)[1], self.words.mood, self._speaks_of_order)

    def _speaks_of_order(self, piece: str) -> bool:
        told = speaks_of_session(piece, self.words, self._session_heads(piece))
        return told or any(self.phrase(head)[0] is not None for head, _ in self._heads(piece))

    def phrase(self, line: str) -> tuple[Phrase | None, str]:
        """The phrase that a line begins with, and the unchanged rest."""
        said = opening(line, self.words.longest)
        if any(ends_of(one, said) for one in self.words.never):
            return None, line
        for phrase in self.words.by_first.get(said[0][0] if said else "", ()):
            if (end := ends_of(phrase.words, said)) and not is_other_word(line, phrase):
                if phrase.verb in {ADDS, DROPS} and not self._names_unit(line[end:]):
                    continue  # "bỏ qua thư trước", "thôi, để mai", "bổ sung địa chỉ của Sở Y tế"
                return phrase, line[end:]
        return None, line

    def _names_unit(self, after: str, *, bare: bool = True) -> bool:
        """Whether the words begin with a unit's name."""
        named = self.names.find(squash(GAP.sub("", after.lstrip())), bare=bare)
        return bool(named) and named[0].start == 0

    def is_odd(self, line: str) -> bool:
        """True for a command after something that was meant as a register number but is none."""
        line = LISTED.sub("", line)
        end = odd_number_end(line, self.words.prefix)
        return bool(end) and self.command(line[end:]) is not None

    def _filled(self, command: Command, questions: Sequence[str], phrase: Phrase, after: str) -> CommandMatch | None:
        """The command with its argument; None for a sentence that only begins like a command."""
        colon = bool(re.match(r"\s*:", after))
        if phrase.takes == "unit":
            after = without_denied_unit(after, self.names, self.words)
        rest = GAP.sub("", after)
        if self._is_no_order(phrase, after, colon=colon):
            return None
        if not questions and phrase.takes != "number":
            questions, rest = named_behind(phrase, rest, self.words, colon=colon)
        if phrase.takes == "number":
            return with_numbers(command, questions, phrase, rest, self.words.prefix)
        about = replace(command, question=questions[0] if questions else "")
        said = phrase.takes == SAID
        one = self._said(about, rest, colon=colon) if said else self._taken(about, phrase, rest, colon)
        if one is None:
            return None
        every = tuple(replace(one, question=code) for code in questions) or (one,)
        if said:
            return CommandMatch(every, "text" if one.text else "")
        return CommandMatch(every, "" if phrase.verb == "sign" else phrase.takes)

    def _is_no_order(self, phrase: Phrase, after: str, *, colon: bool) -> bool:
        """True when the words after the command make it a question, a report or a condition."""
        mood = self.words.mood
        if phrase.verb == "ask" and not colon and self._names_unit(after, bare=False):
            return True  # "đề nghị bổ sung Sở Y tế phối hợp", "hỏi lại Sở Y tế"
        if phrase.verb == "refuse_extension" and length_at(said_in(after), 0, self.plain.extend.granted):
            return True
        if phrase.verb in {DICTATES, "ask"} and not colon and ":" not in after:
            first = CLAUSE.split(after, maxsplit=1)[0]  # "Vào sổ câu dân gọi điện chưa em", "Hỏi lại dân rồi, họ …"
            if is_done(first, mood) or (phrase.verb == DICTATES and is_done(after, mood)):
                return True
        tells = phrase.takes in {*TEXTS, SAID} and (colon or ":" in after)
        if phrase.verb not in MAY_ASK and not tells and asks(after, mood):
            return True
        if phrase.takes == SAID and ":" in f"{':' if colon else ''}{after}":
            return False  # the answer that was given may contain anything
        if phrase.takes in WHOLE and phrase.verb not in ASKED_FOR:
            done = phrase.words[0] != "da" and any(is_done(one, mood) for one in (after, CLAUSE.split(after)[0]))
            return done or (phrase.verb != "approve" and has_condition(after, mood))
        return not colon and phrase.verb != "sign" and has_condition(after, mood, ahead=True)

    def _taken(self, command: Command, phrase: Phrase, after: str, colon: bool) -> Command | None:
        match phrase.takes:
            case "unit":
                return self._of_unit(command, phrase, after)
            case "reason":
                again = command.verb == "reopen" and tells_why_again(after, self.names, self.plain)
                return replace(command, remark=after) if again else rejected(command, after, self.words, self.plain)
            case "date":
                dated = replace(command, until=until_date(after, self.on), text=after)
                return dated if says_only_a_day(phrase, after, self.words) else None
            case "field":
                text = f" {' '.join(phrase.words)} "
                field = next((name for form, name in self.words.fields if f" {form} " in text), "")
                return replace(command, field=field, text=content_of(after, self.words, field=field, colon=colon))
            case "file":
                asks = "?" in after and command.verb != "why_held"  # "cho chuyển tệp được không?" is no command
                return None if asks or len(plain_words(after)) > LONGEST_FILE else replace(command, text=after)
            case "text":
                if command.verb == "ask" and not colon:
                    begs = first_word(numbers_of(command.raw, self.words.prefix)[1]) == BEGS  # asks a colleague
                    asked = "" if begs else as_request(after, self.plain.ask)
                    if asked != "" or any(starts(after, one) for one in self.words.thirds):  # about a third person
                        return replace(command, text=asked) if asked else None
                return replace(command, text=self._signed(phrase, after) if command.verb == "sign" else after)
        return command if self._ends_there(command.verb, after) else None

    def _of_unit(self, command: Command, phrase: Phrase, after: str) -> Command | None:
        """The command with its unit; "nhắc đơn vị" means those that owe an answer, "nhắc anh mai họp" none."""
        ordered = self._forward(command, after)
        if after.rstrip().endswith("?") or is_thing(after, ordered, self.names, self.plain, phrase.words):
            return None
        reminds = command.verb == REMINDS
        remark = for_the_unit(ordered.remark, self.words, self.plain, after, only_wishes=reminds)
        ordered = replace(ordered, remark=remark)
        if reminds:
            whoever = phrase.words[-len(A_UNIT) :] == A_UNIT
            return ordered if ordered.unit else replace(ordered, remark=after) if whoever else None
        to_asker = phrase.words[0] == "gui" or found_in(after, self.plain.answer.whom)  # "em gửi kết quả hôm nay ạ"
        return ordered if ordered.unit or not to_asker else None

    def _said(self, command: Command, after: str, *, colon: bool) -> Command | None:
        """ "HP-… trả lời tại phiên (bà Bình): …": the answer given and by whom; or only that it was given."""
        if told := answer_told(after, self.words, self.names, colon=colon):
            return replace(command, field=told[0], text=told[1])
        return command if not _TELLS.search(after) and self._ends_there(command.verb, after) else None

    def _signed(self, phrase: Phrase, after: str) -> str:
        """ "all" for everything, "except" when something is excluded from it."""
        behind = plain_words(after)
        if not any(holds((*phrase.words, *behind), one) for one in self.words.everything):
            return after
        return EXCEPT if set(behind) & self.words.exceptions else "all"

    def _ends_there(self, verb: str, after: str) -> bool:
        """True when nothing important follows; an approval in particular must have no condition."""
        if verb == "approve":
            return set(plain_words(_ISSUE_NUMBER.sub(" ", after))) <= self.words.approved
        if verb.startswith("unit_answer"):  # "Gửi dân thế này là không được" does not send anything
            return set(plain_words(after)) <= self.words.approved | self.words.courtesies | self.words.beside_unit
        return len(plain_words(after)) <= MOST_BEHIND and "?" not in after

    def _forward(self, command: Command, after: str) -> Command:
        lead, supporting, remark = forwarded(after, self.names, self.words, self.plain, self.on)
        return replace(command, unit=lead, supporting=supporting, remark=remark, text=after)


def _is_whole(match: CommandMatch | None) -> TypeGuard[CommandMatch]:
    """False for "chuyển nhầm rồi", which only begins like a command."""
    command = match.commands[0] if match else None
    return command is not None and (command.verb != "forward" or bool(command.unit or command.question))
