"""An officer decides by replying: each command is carried out or answered with why not and how to say it right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from rules.commands.commands import MISNUMBERED, UNREAD, Command, read_commands, suggest
from rules.decide.base.actions import NEW, Action, Finish, UseToken
from rules.decide.base.command_result import Order
from rules.decide.base.facts import MailFacts, Person, QuestionFacts
from rules.decide.base.manual_review import hold, tell_person
from rules.decide.base.notices import NOT_UNDERSTOOD, to_people
from rules.decide.intake import attachments
from rules.decide.officer import (
    personal_data,
    publishing,
    question_commands,
    register_commands,
    requests,
    session_outcomes,
)
from rules.decide.officer import (
    requests as withdrawals,
)
from rules.decide.officer.manual_registration import VERB, register_for
from rules.decide.officer.register_commands import with_done
from rules.decide.officer.session_outcomes import mark_of_ruling
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus

_HELP = (
    "Các lệnh: “chuyển <mã hoặc tên đơn vị>”, thêm đơn vị phối hợp nếu có: “chuyển SXD, phối hợp SYT”; "
    "“từ chối h vì …” (ngoài phạm vi thành phố); “từ chối k vì …” (không trả lời); "
    "“không tiếp nhận khiếu nại vì …”; “hỏi lại: …”; “đăng ký”; “không phải câu hỏi”; "
    "“đồng ý gia hạn đến ngày/tháng/năm”; “không đồng ý gia hạn”; “ghi chú: …”; “trùng với {prefix}-2026-000045”; "
    "“sửa họ tên: …”, “sửa địa chỉ: …”, “sửa điện thoại: …”; “ký nhận” hoặc “ký nhận tất cả”; "
    "“tình trạng {prefix}-2026-000123”; “đóng {prefix}-2026-000123”; "
    "“{prefix}-2026-000123 cho rút câu hỏi”, “{prefix}-2026-000123 không cho rút câu hỏi vì …”; "
    "“{prefix}-2026-000123 đã trả lời trong phiên”, “{prefix}-2026-000123 trả lời sau” "
    "(câu hỏi của phiên đối thoại); “trình đăng {prefix}-2026-000123”; “gỡ đăng {prefix}-2026-000123 vì …”; "
    "“đã thực hiện yêu cầu dữ liệu: …”, “không thực hiện yêu cầu dữ liệu vì …”; "
    "“vì sao giữ”, “cho chuyển tệp”, “không chuyển tệp” (tệp đính kèm đang bị giữ lại); "
    "“đăng ký hộ: …” (cho người gọi điện, đến trực tiếp, gửi bưu điện). "
    "Có thể ghi nhiều lệnh, mỗi lệnh một dòng, kèm số câu hỏi; một lệnh cho nhiều câu hỏi thì ghi đủ các số, ví dụ "
    "“{prefix}-2026-000001, {prefix}-2026-000002 ký nhận”."
)
BETWEEN = "Dòng này đứng giữa phần thư được trích dẫn nên không được thực hiện; xin ghi lệnh lên đầu thư"
_BAD_NUMBER = (
    "Số câu hỏi chưa đúng nên chưa thực hiện. Xin ghi đủ số như trong tiêu đề thư, "
    "ví dụ “{prefix}-2026-000123 chuyển SXD”"
)
NO_ANSWER = (
    "Lệnh chỉ được nhận trong thư trả lời một thư của hệ thống. Xin mở thư “Công việc ngày …” hoặc thư về câu hỏi, "
    "bấm Trả lời (hoặc bấm lệnh soạn sẵn) và ghi lại lệnh"
)
LOOSE = frozenset({"help", "sign", "register_for"})
"""Commands without a number that no citizen gives."""
FREE = frozenset(
    {"help", "note", "link", "correct", "sign", "status", "ask", "register_for", "data_done", "data_refused"}
    | {"why_held", "release_files", "refuse_files"}
)
"""Commands that decide no case: they spend no token, and one that is spent does not stop them."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What one command led to."""

    ok: bool
    text: str
    actions: tuple[Action, ...] = ()


def is_order(facts: MailFacts) -> bool:
    """True for a mail of an officer or the Head that answers a mail of ours, by token or thread."""
    person = facts.person
    return person is not None and person.role != "approver" and (_by_token(facts) or _by_thread(facts))


def is_loose_order(facts: MailFacts) -> bool:
    """True for commands in a mail of a listed person's own that answers none of ours: understood, but not proven.

    Only what nobody asks as a citizen: commands with a register number, and those for the register itself.
    """
    person = facts.person
    if person is None or person.role == "approver" or facts.unproven or is_order(facts):
        return False
    found = read_commands(facts.understanding.text.ordered, facts.house.units, source=facts.house.source)
    return bool(found) and all(one.question or one.verb in LOOSE for one in found)


def decide_loose_order(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Nothing is done, and the person is told how it is: From alone proves nothing."""
    person = facts.person
    if person is None or len(facts.mail.senders) != 1:
        return hold(facts, now, "Lệnh xử lý có nhiều hơn một người gửi")
    ruled = [(one, Ruled(False, NO_ANSWER)) for one in _commands(facts, facts.understanding.text.ordered)]
    results = [{"command": one.raw or one.verb, "ok": False, "text": outcome.text} for one, outcome in ruled]
    key = _not_understood(facts)
    told = to_people("officer_done", [person], "", {"results": results}, key=key)
    return (*told, _finish(facts, ruled))


def _by_token(facts: MailFacts) -> bool:
    return facts.tag is not None and facts.tag.kind == "o"


def _by_thread(facts: MailFacts) -> bool:
    """Our own random Message-ID was sent to this very person, so that it is a secret between us."""
    person = facts.person
    return person is not None and any(sent.recipient.lower() == person.email.lower() for sent in facts.threads)


def decide_order(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Carry out the commands of one mail, and answer each. Acts need list, token, authentication."""
    person = facts.person
    if person is None or len(facts.mail.senders) != 1:
        return hold(facts, now, "Lệnh xử lý có nhiều hơn một người gửi")
    if facts.unproven:
        told = tell_person(facts, "một thư ra lệnh xử lý")
        return (*told, *hold(facts, now, f"Lệnh xử lý {facts.unproven}"))
    ruled: list[tuple[Command, Ruled]] = []
    current = facts
    for command in _commands(facts, facts.understanding.text.ordered):
        outcome = _rule(current, command, now)
        ruled.append((command, outcome))
        current = with_done(current, outcome.actions)
        if outcome.ok and not command.question and command.verb not in FREE:
            current = replace(current, token_used=True)
    actions = tuple(action for _, outcome in ruled for action in outcome.actions)
    return (*_spend(facts, person, ruled), *actions, *_answer(facts, person, ruled), _finish(facts, ruled))


def _commands(facts: MailFacts, text: str) -> tuple[Command, ...]:
    day = facts.house.law.today(facts.received_at)
    return _merged(read_commands(text, facts.house.units, day, facts.house.source, unread=True))


def _merged(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """ "Đăng ký và chuyển SXD" is one decision on a held mail: whoever forwards it registers it."""
    kept: list[Command] = []
    for one in commands:
        before = kept[-1] if kept else None
        forwards = one.verb == "forward" and one.unit and not one.question
        if forwards and before is not None and before.verb == "register" and not before.question:
            kept[-1] = replace(one, raw=f"{before.raw}\n{one.raw}")
        else:
            kept.append(one)
    return tuple(kept)


def _spend(facts: MailFacts, person: Person, ruled: list[tuple[Command, Ruled]]) -> tuple[Action, ...]:
    """A token serves one deciding command about its own case; naming a number or asking for help spends nothing."""
    decided = any(
        outcome.ok and outcome.actions and not command.question and command.verb not in FREE
        for command, outcome in ruled
    )
    if facts.tag is None or facts.token_used or not decided:
        return ()
    return (UseToken(facts.tag.token, person.email),)


def _rule(facts: MailFacts, command: Command, now: datetime) -> Ruled:
    if command.verb == "help":
        return Ruled(True, _help(facts))
    if command.verb == UNREAD:
        ways = suggest(command.raw, facts.house.source)
        return Ruled(False, f"Chưa hiểu dòng này. Xin ghi theo một trong các cách: {ways}")
    if command.verb == MISNUMBERED:
        return Ruled(False, _BAD_NUMBER.format(prefix=facts.house.prefix))
    if facts.token_used and not command.question and command.verb not in FREE:
        return Ruled(False, "Việc này đã được quyết định trước đó; muốn đổi xin ghi kèm số câu hỏi")
    question = _question(facts, command)
    if command.question and question is None:
        return Ruled(False, f"Không có câu hỏi số {command.question} trong sổ")
    held = facts.held if not command.question else None
    if question is not None:
        held = facts.origins.get(question.id)
    order = Order(facts, command, question, held, now)
    handler = RULINGS.get(command.verb)
    if handler is None:
        return Ruled(False, _other(facts, question, command))
    ok, text, actions = handler(order)
    return Ruled(ok, text, (*actions, *mark_of_ruling(order)) if ok else actions)


def _help(facts: MailFacts) -> str:
    return _HELP.format(prefix=facts.house.prefix)


def _other(facts: MailFacts, question: QuestionFacts | None, command: Command) -> str:
    """Why a command that only answers a request for approval does nothing here; a unit may wait for a word."""
    waits = question is not None and any(one.wanted_until for one in question.open_leads)
    if question is not None and waits and command.verb in {"approve", "return"}:
        code = question.code
        return (
            f"Chưa rõ đồng ý việc gì. Đơn vị đang xin gia hạn câu hỏi {code}: xin ghi “{code} đồng ý gia hạn đến …” "
            f"hoặc “{code} không đồng ý gia hạn”"
        )
    return f"Chưa thực hiện được lệnh này. {_help(facts)}"


def _question(facts: MailFacts, command: Command) -> QuestionFacts | None:
    """The question that a command names, else the one that the mail it answers is about."""
    if command.question:
        return next((one for one in facts.questions.values() if one.code == command.question), None)
    held = facts.held.id if facts.held else 0
    about = next((one for one in facts.questions.values() if held and one.raw_mail_id == held), None)
    if about is not None:
        return about
    threaded = [sent.question_id for sent in facts.threads if sent.question_id]
    return facts.questions.get(threaded[0]) if threaded else None


def _answer(facts: MailFacts, person: Person, ruled: list[tuple[Command, Ruled]]) -> tuple[Action, ...]:
    """Every command is answered with what was done, or why not and how to say it right."""
    results = [
        {"command": command.raw or command.verb, "ok": outcome.ok, "text": outcome.text} for command, outcome in ruled
    ]
    done = {command.raw for command, _ in ruled}
    between = [one for one in _commands(facts, facts.understanding.text.own) if one.raw not in done]
    results += [{"command": one.raw, "ok": False, "text": BETWEEN} for one in between]
    if not results:
        own = facts.understanding.text.own.strip().splitlines()
        first = own[0][:120] if own else ""
        near = suggest(facts.understanding.text.own, facts.house.source)
        results = [{"command": first, "ok": False, "text": near or _help(facts)}]
    understood = any(command.verb not in {UNREAD, MISNUMBERED} for command, _ in ruled)
    key = str(facts.raw_mail) if understood else _not_understood(facts)
    dictated = sum(1 for command, outcome in ruled if outcome.ok and command.verb == VERB)
    about = NEW if dictated == 1 else None  # its number stands in the subject
    return to_people("officer_done", [person], "", {"results": results}, key=key, question=about)


def _not_understood(facts: MailFacts) -> str:
    """A key by which such answers are capped, those to the same words (numbers aside) most of all: a machine's."""
    words = "".join(letter for letter in facts.understanding.text.own.lower() if letter.isalpha())
    return f"{facts.raw_mail}{NOT_UNDERSTOOD}:{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _finish(facts: MailFacts, ruled: list[tuple[Command, Ruled]]) -> Finish:
    done = sum(1 for _, outcome in ruled if outcome.ok)
    return Finish(
        MailStatus.DONE,
        Fate.ATTACH,
        Kind.COMMAND,
        Folder.OTHER,
        f"Lệnh của cán bộ: {done} đã làm, {len(ruled) - done} chưa làm",
        trace=facts.understanding.trace,
    )


Handler = Callable[[Order], tuple[bool, str, tuple[Action, ...]]]

RULINGS: dict[str, Handler] = {
    "forward": question_commands.forward,
    "reject": question_commands.reject,
    "ask": question_commands.ask,
    "note": question_commands.note,
    "not_a_question": question_commands.not_a_question,
    "register": question_commands.register,
    "extend": requests.extend,
    "refuse_extension": requests.refuse_extension,
    "link": register_commands.link,
    "correct": register_commands.correct,
    "sign": register_commands.sign,
    "status": register_commands.status,
    "close": register_commands.close,
    "let_go": withdrawals.let_go,
    "keep": withdrawals.keep,
    "data_done": personal_data.done,
    "data_refused": personal_data.refused,
    VERB: register_for,
    "mark_answered": session_outcomes.answered,
    "mark_later": session_outcomes.later,
    "why_held": attachments.why,
    "release_files": attachments.release,
    "refuse_files": attachments.refuse,
    "publish": publishing.publish,
    "withdraw": publishing.withdraw,
}
