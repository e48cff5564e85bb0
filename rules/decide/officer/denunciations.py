"""Opening a sealed denunciation takes two mails: a command, then a confirmation of what is disclosed and to whom.

Between them, our mail names who will read what; the unit that is denounced is never among them (clause 1.2;
Law on Denunciation 2018). A command that ends the case without disclosing anything needs one mail.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rules.commands.command import Command
from rules.commands.commands import NO_ORDER, read_commands
from rules.commands.mood import REPORT
from rules.decide.base.actions import Action, Note, Settle
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.fact_parts import Person
from rules.decide.base.facts import HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import to_people, unit_name
from rules.decide.officer import question_commands
from rules.reply.unit_names import UnitNames, unit_names
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_phrases, one_of_words, plainly
from rules.values.data_file import SOURCES_KEPT, Source, current_unit
from rules.values.model import Fate, Kind
from rules.values.states import Folder

CONFIRM = "confirm"
HANDLED = "handled"
ENDS = frozenset({"not_a_question", "close", HANDLED})
LONGEST = 200
"""At most so many letters of an officer's words are repeated to him."""
DISCLOSES = frozenset({"forward", "register"})
_SEALED = (
    "Đơn tố cáo đang được niêm phong nên lệnh này không được thực hiện. Có thể trả lời “Đã xử lý”, “Không tiếp nhận "
    "tố cáo vì …”, hoặc “Đăng ký” nếu đây không phải đơn tố cáo"
)
_SAYS_MORE = "Chưa ghi nhận, vì thư còn nói điều khác. Nếu việc đã xong, xin trả lời chỉ bằng chữ: “Đã xử lý”"
_SENTENCE = re.compile(r"(?<=[.!;])\s+")
_WORD, _BREAK = re.compile(r"[^\W_]+"), re.compile(r"[,;:.!?()–—-]")
_ENDED = re.compile(r"(?<=\w{3})[.!?](?=\s)")


def sealed_mail(order: CommandAtHand) -> HeldMailFacts | None:
    """The denunciation that the command is about; None when it is about anything else."""
    held = order.held if order.question is None else None
    return held if held is not None and held.is_denunciation else None


def out_of_reach(facts: MailFacts, question: QuestionFacts) -> MailFacts:
    """The facts for an order about a question: without the denunciation at hand, so that no verb can send it (1.2).

    Nor is another mail of the asker's taken in its place. The letter in which the question itself came stays.
    """
    held = facts.held
    if held is None or not held.is_denunciation or held.id == question.raw_mail_id:
        return facts
    return replace(facts, held=None, opinions={})


def rule(order: CommandAtHand, held: HeldMailFacts) -> Outcome:
    """The result of a command about a denunciation."""
    verb, report = order.command.verb, (order.command.verb, order.command.field) == (NO_ORDER, REPORT)
    handled = verb == NO_ORDER and _ends_handled(order)
    if held.status == "done":
        return False, f"Thư số {held.id} đã được quyết định trước đó", ()
    named = order.facts.board.named_for(held.mail, held.understanding, held.told)
    if _is_for_another(order.facts, named):
        return False, f"Chỉ {named.name or named.email} quyết định về thư số {held.id}", ()
    if verb in ENDS or (report and handled):
        settled = _settled(held, "Cán bộ báo đã xử lý đơn; đơn vẫn được niêm phong")
        return True, f"Đã ghi nhận thư số {held.id} đã được xử lý; đơn vẫn được niêm phong, không gửi đi đâu", settled
    if verb == "reject":
        return question_commands.reject(order)
    if handled:
        return False, _SAYS_MORE, ()
    if report:
        noted = Note("denunciation_noted", "Cán bộ báo về việc xử lý đơn, hệ thống không làm gì", "1.2")
        why = "Đã ghi nhận; hệ thống không gửi đơn đi đâu. Nếu việc đã xong, xin trả lời “Đã xử lý”"
        return True, why, (noted,)
    if verb in DISCLOSES:
        return _asked_first(order, held)
    return _confirmed(order, held) if verb == CONFIRM else (False, _SEALED, ())


def _is_for_another(facts: MailFacts, named: Person) -> bool:
    """True for an order of an officer who is not the one named for this mail."""
    person, board = facts.person, facts.board
    if person is None or person.role != "officer" or (board.complaints is None and named is not board.head):
        return False
    return person.email.lower() != named.email.lower()


def stays_sealed(facts: MailFacts, text: str) -> tuple[Command, ...]:
    """What is no order and wants the denunciation at hand kept as it is ("cất riêng, không chuyển cho ai")."""
    if facts.held is None or not facts.held.is_denunciation or "?" in text:
        return ()
    keeps = _said_of_seal("keeps", facts.board.source).search(plainly(text)) is not None
    return (Command(NO_ORDER, "", text=text.strip(), raw=text.strip()[:LONGEST], field=REPORT),) if keeps else ()


def is_open_already(facts: MailFacts, text: str) -> bool:
    """Whether an officer wants a mail unsealed that is not sealed ("bỏ niêm phong đi")."""
    sealed = facts.held is not None and facts.held.is_denunciation
    return not sealed and _said_of_seal("opens", facts.board.source).search(plainly(text)) is not None


@lru_cache(maxsize=2 * SOURCES_KEPT)
def _said_of_seal(what: str, source: Source) -> re.Pattern[str]:
    return one_of_phrases(source.toml("hints.toml")["sealed"][what])


def _ends_handled(order: CommandAtHand) -> bool:
    """Whether the last sentence of the line is "Đã xử lý" and nothing else."""
    last, board = _SENTENCE.split(order.command.raw.strip())[-1], order.facts.board
    commands = read_commands(last, board.units, source=board.source, unread=True)
    return [command.verb for command in commands] == [HANDLED]


def _settled(held: HeldMailFacts, why: str) -> tuple[Action, ...]:
    return (Settle(held.id, Fate.IGNORE, Kind.DENUNCIATION, Folder.DENUNCIATION, why),)


def _units(order: CommandAtHand) -> tuple[str, ...]:
    """The units that would receive it, as they are today; () for a mere registration."""
    board, command = order.facts.board, order.command
    today = board.law.today(order.now)
    named = (current_unit(board.units, code, today) for code in (command.unit, *command.supporting) if code)
    return tuple(dict.fromkeys(unit.code for unit in named if unit is not None))


def accused(order: CommandAtHand, held: HeldMailFacts) -> frozenset[str]:
    """Codes of the units that the denunciation or a file with it mentions, except where it is only addressed to them.

    A name that is divided by the end of a line counts too.
    """
    board = order.facts.board
    names = unit_names(board.units, board.source, ordered=True)
    files = (text for file in held.mail.attachments for text in (file.name, file.text))
    texts = (held.mail.subject, held.understanding.text.own, *files)
    said = (" ".join(_unaddressed(line, names, board.source) for line in _lines(text)) for text in texts)
    found = [code for text in said for mention in names.find(squash(text), bare=True) for code in mention.codes]
    today = board.law.today(order.now)
    now = [unit.code for code in found if (unit := current_unit(board.units, code, today)) is not None]
    return frozenset((*found, *now))


def _lines(text: str) -> list[str]:
    """The lines of a text; one that begins with a small letter goes on with the line above it."""
    return re.sub(r"\n(?=[^\W\d_])", lambda hit: " " if text[hit.end()].islower() else "\n", text).splitlines()


@lru_cache(maxsize=SOURCES_KEPT)
def _addressing(source: Source) -> tuple[re.Pattern[str], frozenset[str]]:
    """How a line begins that says to whom the letter goes, and the words beside units' names in it (no marks)."""
    data = source.toml("wishes.toml")["addressed"]
    return re.compile(rf"\W*{one_of_words(data['begins'])}(?!\w)"), frozenset(data["words"].split())


def _unaddressed(line: str, names: UnitNames, source: Source) -> str:
    """What a line says behind the names of those to whom the letter is addressed; the whole in any doubt.

    Without diacritics. "Kính gửi: Sở Y tế" says nothing; "Gửi đơn tố cáo Sở Y tế" names it.
    """
    text = strip_marks(squash(line))
    begins, words = _addressing(source)
    begun = begins.match(text)
    if begun is None:
        return text
    end = next((hit.start() for hit in _ENDED.finditer(text)), len(text))
    blank, last = "", 0
    for mention in names.find(text[:end], bare=True):
        blank += text[last : mention.start] + " " * (mention.end - mention.start)
        last = mention.end
    blank += text[last:end]
    other = next((hit.start() for hit in _WORD.finditer(blank, begun.end()) if hit.group() not in words), None)
    if other is None:
        return text[end:]
    cut = [hit.end() for hit in _BREAK.finditer(blank, begun.end(), other)]
    return text[cut[-1] :] if cut else text


def _refused(order: CommandAtHand, held: HeldMailFacts, units: tuple[str, ...]) -> str:
    """Why it must not go to one of these units; "" when it may."""
    board, named = order.facts.board, accused(order, held)
    for unit in units:
        if unit in named:
            return f"Đơn có nhắc đến {unit_name(board, unit)}; không được chuyển đơn cho đơn vị mà đơn nhắc đến"
        if unit not in board.contacts:
            return f"Chưa khai báo địa chỉ thư điện tử công vụ của {unit_name(board, unit)}"
    if order.command.verb == "forward" and not units:
        return "Không nhận ra đơn vị; xin ghi mã hoặc tên đầy đủ của đơn vị"
    return ""


def _act(units: tuple[str, ...]) -> str:
    return f"forward-{'-'.join(units)}" if units else "register"


def _asked_first(order: CommandAtHand, held: HeldMailFacts) -> Outcome:
    """The first step: does nothing yet, but sends a mail that says what a confirmation would disclose and to whom."""
    board, person, units = order.facts.board, order.facts.person, _units(order)
    why_not = _refused(order, held, units)
    if why_not or person is None:
        return False, why_not, ()
    names = [unit_name(board, one) for one in units]
    say = f"Xác nhận chuyển {', '.join(units)}" if units else "Xác nhận là câu hỏi"
    values = {
        "mail_number": held.id,
        "readers": [f"{name} ({board.contacts[unit].address})" for unit, name in zip(units, names, strict=True)],
        "file_count": sum(1 for file in held.mail.attachments if not file.inline),
        "commands": [{"label": say, "text": say}],
    }
    key = f"{held.id}:{_act(units)}:{order.facts.raw_mail}"
    notices = to_people("officer_confirm", [person], "1.2", values, key=key, about=held.id)
    return False, f"Chưa làm gì: thư số {held.id} đang được niêm phong; xin xem thư đề nghị xác nhận gửi kèm", notices


def _confirmed(order: CommandAtHand, held: HeldMailFacts) -> Outcome:
    """The second step: only what our mail to this very person asked about, confirmed in the same words."""
    units = _units(order)
    if _act(units) not in order.facts.confirmable:
        return False, "Chưa có đề nghị xác nhận nào như vậy; xin ghi lệnh trước, rồi trả lời thư đề nghị xác nhận", ()
    why_not = _refused(order, held, units)
    if why_not:
        return False, why_not, ()
    ok, text, actions = question_commands.forward(order) if units else question_commands.register(order)
    noted = Note("unsealed", "Cán bộ xác nhận bằng thư thứ hai: không giữ niêm phong nữa", "1.2")
    return ok, text, (noted, *actions) if ok else actions


__all__ = ["CONFIRM", "is_open_already", "out_of_reach", "rule", "sealed_mail", "stays_sealed"]
