"""An officer decides by replying: each command is carried out, or the reply says why not and how to word it."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import replace
from datetime import datetime

from rules.commands.approval.opinion import approval_in
from rules.commands.command import DICTATES, MISNUMBERED, NO_ORDER, UNREAD, Command
from rules.commands.commands import read_commands, read_minutes
from rules.commands.session_line import with_listed
from rules.decide.base.actions import NEW, Action, Finish, UseToken
from rules.decide.base.command_result import CommandAtHand, CommandOutcome, MoreRulings
from rules.decide.base.facts import MailFacts, Person, QuestionFacts
from rules.decide.base.manual_work import hold, is_units, notify_person
from rules.decide.base.notices import NOT_UNDERSTOOD, STATUS_NAMES, to_people, unit_name
from rules.decide.intake.known_mails import bears_our_subject, is_own_peoples
from rules.decide.officer import denunciations, reopening, unit_mail_commands
from rules.decide.officer.heads_words import heads_word
from rules.decide.officer.more_time import meant_by_reply, unclear_approval
from rules.decide.officer.register_commands import with_done, with_what_stands
from rules.decide.officer.rulings import BY_SOUND, CITIZENS, FREE, RULINGS, asks_state, help_of, offered, situation
from rules.decide.officer.session_outcomes import mark_of_ruling
from rules.decide.officer.supporting_units import meant_for_another
from rules.message.quote_markers import load_markers
from rules.message.reply_text import fold_strictly, forwarded_mail
from rules.values.model import Fate, Kind
from rules.values.register_number import register_numbers
from rules.values.states import Folder, MailStatus, QuestionStatus

BETWEEN = "Dòng này đứng giữa phần thư được trích dẫn nên không được thực hiện; xin ghi lệnh lên đầu thư"
_BAD_NUMBER = (
    "Số câu hỏi chưa đúng nên chưa thực hiện. Xin ghi đủ số như trong tiêu đề thư, "
    "ví dụ “{prefix}-2026-000123 chuyển SXD”"
)
NO_ANSWER = (
    "Lệnh chỉ được nhận trong thư trả lời một thư của hệ thống. Xin bấm Trả lời thư này và ghi lại lệnh, hoặc bấm "
    "lệnh soạn sẵn nếu có"
)
NO_PAPER = "Chưa duyệt văn bản nào. Xin trả lời từng thư trình bằng “Duyệt”, hoặc “Trả lại: …” và nêu điều cần sửa"
UNHEARD = "Chưa hiểu thư của Ông/Bà"
EMPTY = "Thư không có chữ nào ngoài phần trích dẫn và chữ ký nên chưa làm gì; xin ghi lệnh lên đầu thư"
OPEN_ALREADY = "Thư này không bị niêm phong nên không có gì để mở; chưa làm gì"
OF_THE_MAIL, CHOICE = CITIZENS | {"not_a_question"}, "session_choice"
LOOSE = frozenset({"help", "sign", DICTATES})
"""Commands without a number that no citizen would give."""
NONE = MoreRulings()


def is_order(facts: MailFacts) -> bool:
    """True for a mail from an officer or the Head that replies to a mail of ours, by token or thread."""
    person = facts.person
    by_token = facts.tag is not None and facts.tag.kind == "o"
    return person is not None and person.role != "approver" and (by_token or _by_thread(facts))


def is_loose_order(facts: MailFacts) -> bool:
    """True for a new mail from a listed person, no reply to ours, that orders something or names a question's number.

    It is understood, but its sender is not proven. A command without a number counts only if no citizen would give
    it. Anything else that a colleague writes about a numbered question belongs to that question and is no new one.
    """
    person = facts.person
    if person is None or person.role == "approver" or facts.unproven or is_order(facts):
        return False
    forwards = forwarded_mail(facts.mail.text, facts.mail.subject, facts.board.source)
    if not forwards and is_own_peoples(facts) and _numbers_said(facts):
        return True
    commands = read_commands(_ordered(facts), facts.board.units, source=facts.board.source)
    loose = LOOSE - {DICTATES} if forwards else LOOSE
    return bool(commands) and all(one.question or one.session or one.verb in loose for one in commands)


def _ordered(facts: MailFacts) -> str:
    """What the person orders; the subject where nothing else is written and it is his own, not our mail's.

    Where he wrote nothing, what he quotes is no order of his.
    """
    wrote = fold_strictly(facts.mail.text, facts.board.source).own.strip()
    text, subject = facts.understanding.text.ordered if wrote else "", facts.mail.subject
    ours = bears_our_subject(facts) or load_markers(facts.board.source).subject.either.match(subject)
    return text if text.strip() or ours else subject


def _numbers_said(facts: MailFacts) -> tuple[str, ...]:
    prefix = facts.board.prefix
    return register_numbers(_ordered(facts), prefix) or register_numbers(facts.mail.subject, prefix)


def decide_loose_order(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Carry out nothing, as From alone proves nothing; offer what is meant, to be sent in reply to a mail of ours."""
    person, text = facts.person, _ordered(facts)
    if person is None or len(facts.mail.senders) != 1:
        return hold(facts, now, "Lệnh xử lý có nhiều hơn một người gửi")
    commands = _commands(facts, text) or (Command(UNREAD, "", raw=text.strip().partition("\n")[0][:200]),)
    codes = {command.question for command in commands if command.question} or {*_numbers_said(facts)}
    named = [one for one in facts.questions.values() if one.code in codes]
    about = named[0] if len(codes) == len(named) == 1 else None
    ruled = [(command, CommandOutcome(False, _why_loose(facts, command, codes))) for command in commands]
    links = {act["text"]: act for command in commands for act in _as_reply(facts, command, about)}
    results = [_result(command.raw, outcome) for command, outcome in ruled]
    values = {"results": results, "commands": [*links.values()], "shown": person.role == "head"}
    key, question = _not_understood(facts), about.id if about else None
    notices = to_people("officer_done", [person], "", values, key=key, question=question)
    return (*notices, *(heads_word(facts, person, about) if person.role == "head" else ()), _finish(facts, ruled))


def _why_loose(facts: MailFacts, command: Command, codes: Set[str]) -> str:
    if missing := sorted(codes - {question.code for question in facts.questions.values()}):
        return f"Không có câu hỏi số {', '.join(missing)} trong sổ"
    return "Chưa rõ làm việc gì" if command.verb in {UNREAD, NO_ORDER} and codes else NO_ANSWER


def _as_reply(facts: MailFacts, command: Command, about: QuestionFacts | None) -> list[dict[str, str]]:
    """The order in the words in which it is understood in a reply; else the acts that it may mean there."""
    question, board = _question(facts, command) or about, facts.board
    if question is None:
        return []
    line, case = " ".join(command.raw.split()), situation(facts, question, None)
    line = line if register_numbers(line, board.prefix) else f"{question.code} {line}"
    day = board.law.today(facts.received_at)
    read = read_commands(
        line, board.units, day, board.source, unread=True, at_hand=question.code, case=case, fits=BY_SOUND[case]
    )
    same = [one for one in read if (one.verb, one.unit, one.clause) == (command.verb, command.unit, command.clause)]
    if same and len(same) == len(read) and command.verb not in {UNREAD, MISNUMBERED, NO_ORDER}:
        alone = command.verb == "forward" and not command.supporting
        return [{"label": f"Chuyển {unit_name(board, command.unit)}" if alone else "Như đã ghi", "text": line}]
    return offered(facts, replace(command, verb=UNREAD), question, None)


def _by_thread(facts: MailFacts) -> bool:
    """True when our own random Message-ID was sent to this very person, and so is a secret between us."""
    person = facts.person
    return person is not None and any(mail.recipient.lower() == person.email.lower() for mail in facts.threads)


def decide_order(facts: MailFacts, now: datetime, more: MoreRulings = NONE) -> tuple[Action, ...]:
    """Carry out the commands of one mail and answer each. Acts require list, token and authentication."""
    person = facts.person
    if person is None or len(facts.mail.senders) != 1:
        return hold(facts, now, "Lệnh xử lý có nhiều hơn một người gửi")
    if facts.unproven:
        notices = notify_person(facts, "một thư ra lệnh xử lý")
        return (*notices, *hold(facts, now, f"Lệnh xử lý {facts.unproven}"))
    ruled: list[tuple[Command, CommandOutcome]] = []
    current = facts
    for command in sorted(_commands(facts, _ordered(facts)), key=lambda one: one.verb in more.last):
        outcome = with_what_stands(_rule(current, command, now, more))
        ruled.append((command, outcome))
        current = with_done(current, outcome.actions)
        if outcome.ok and not command.question and command.verb not in {*FREE, *more.handlers}:
            current = replace(current, token_used=True)
    actions = tuple(action for _, outcome in ruled for action in outcome.actions)
    spent = _spend(facts, person, [one for one in ruled if one[0].verb not in more.handlers])
    about = _question(facts, Command("", ""))
    heads = person.role == "head" and not actions
    shown = heads_word(facts, person, about, more.offers(facts, _undone(facts, None, ""))) if heads else ()
    return (*spent, *actions, *_answer(facts, person, ruled, more), *shown, _finish(facts, ruled))


def _commands(facts: MailFacts, text: str) -> tuple[Command, ...]:
    board, about = facts.board, _question(facts, Command("", ""))
    day, code = board.law.today(facts.received_at), about.code if about else ""
    case, chosen = situation(facts, about, facts.held), [mail.name for mail in facts.threads[:1]] == [CHOICE]
    listed = (code,) if code else register_numbers(facts.understanding.text.quoted, board.prefix)
    read = read_minutes(text, board.units, board.source)
    read = read.numbered(lambda said: with_listed(said, listed, board.source, whole=chosen))
    fits = BY_SOUND[case] if case != "desk" or register_numbers(read.text, board.prefix) else ()
    commands = read_commands(read, board.units, day, board.source, unread=True, at_hand=code, case=case, fits=fits)
    return reopening.merged(commands or denunciations.stays_sealed(facts, text))


def _spend(facts: MailFacts, person: Person, ruled: list[tuple[Command, CommandOutcome]]) -> tuple[Action, ...]:
    """A token is good for one deciding command about its own case; other numbers and "help" do not use it up."""
    decided = any(
        outcome.ok and outcome.actions and not command.question and command.verb not in FREE
        for command, outcome in ruled
    )
    if facts.tag is None or facts.token_used or not decided:
        return ()
    return (UseToken(facts.tag.token, person.email),)


def _rule(facts: MailFacts, command: Command, now: datetime, more: MoreRulings) -> CommandOutcome:
    question = _question(facts, command)
    if command.question and question is None:
        return CommandOutcome(False, f"Không có câu hỏi số {command.question} trong sổ")
    held = facts.held if not command.question else None
    if command.verb == "help":
        heading, lines = help_of(facts, question, held)
        return CommandOutcome(True, heading, lines=tuple(lines), label="Trợ giúp")
    if command.verb == UNREAD:
        return CommandOutcome(False, "Chưa hiểu dòng này")
    if command.verb == MISNUMBERED:
        if (asked := asks_state(facts, command)) is not None:
            return _rule(facts, asked, now, more)
        return CommandOutcome(False, _BAD_NUMBER.format(prefix=facts.board.prefix))
    if question is not None:
        held, facts = facts.origins.get(question.id), denunciations.out_of_reach(facts, question)
    order = CommandAtHand(facts, meant_by_reply(facts, command, question), question, held, now)
    if command.verb in more.handlers:
        return _outcome(order, more.handlers[command.verb](order))
    sealed = denunciations.sealed_mail(order)
    if sealed is not None:
        return _outcome(order, denunciations.rule(order, sealed))
    again = held is not None and held.is_set_aside and command.verb in CITIZENS
    decided = _decided_by_another(order)
    if facts.token_used and not command.question and command.verb not in FREE and not again:
        decided = "Việc này đã được quyết định trước đó; muốn đổi xin ghi kèm số câu hỏi"
    return CommandOutcome(False, decided) if decided else _carried_out(order)


def _decided_by_another(order: CommandAtHand) -> str:
    """Why the second of two officers who answer the same review is asked back: the question is no longer before them.

    Each has a token of his own, so that it cannot tell. With its number the question is decided on anew.
    """
    facts, question, command = order.facts, order.question, order.command
    if question is None or command.question or command.verb not in {*CITIZENS, "not_a_question"}:
        return ""
    reviewed = facts.held is not None and facts.held.id == question.raw_mail_id and facts.held.status == "done"
    reviewed = reviewed and not any(one.came_back and one.unit == command.unit for one in question.assignments)
    if not reviewed or facts.token_used or question.status in {QuestionStatus.NEEDS_REVIEW, QuestionStatus.RECEIVED}:
        return ""
    where = ", ".join(unit_name(facts.board, assignment.unit) for assignment in question.open_leads)
    now = f"đang ở {where}" if where else STATUS_NAMES[question.status]
    return f"Câu hỏi {question.code} đã được quyết định trước đó ({now}); muốn đổi xin ghi kèm số câu hỏi"


def _carried_out(order: CommandAtHand) -> CommandOutcome:
    facts, held, command = order.facts, order.held, order.command
    if order.question is None and held is not None and command.verb in CITIZENS and is_units(facts.board, held):
        return CommandOutcome(
            False, "Đây là thư của đơn vị, không phải của người dân, nên không đăng ký, không chuyển đi"
        )
    if another := meant_for_another(order):
        return CommandOutcome(False, another)
    handler = RULINGS.get(command.verb)
    if command.verb == "forward" and unit_mail_commands.is_about_unit_mail(order):
        handler = unit_mail_commands.forward
    if handler is None:
        return CommandOutcome(False, unclear_approval(order.question, command))
    ok, text, actions = handler(order)
    after = (*unit_mail_commands.decided(order), *reopening.overruled(order, text, actions)) if ok else ()
    return _outcome(order, (ok, text, (*actions, *after)))


def _outcome(order: CommandAtHand, outcome: tuple[bool, str, tuple[Action, ...]]) -> CommandOutcome:
    ok, text, actions = outcome
    label = {NO_ORDER: "Đã ghi nhận", "status": "Tình trạng"}.get(order.command.verb, "") if ok else ""
    return CommandOutcome(ok, text, (*actions, *mark_of_ruling(order, actions)) if ok else actions, label=label)


def _question(facts: MailFacts, command: Command) -> QuestionFacts | None:
    """The question that a command names, else the one that the mail it replies to is about."""
    if command.question:
        return next((question for question in facts.questions.values() if question.code == command.question), None)
    held = facts.held.id if facts.held else 0
    about = next((question for question in facts.questions.values() if held and question.raw_mail_id == held), None)
    if about is not None:
        return about
    waits = facts.held is not None and (facts.held.status == "held" or facts.held.is_set_aside)
    goes_on = facts.held is not None and command.verb == "forward" and is_units(facts.board, facts.held)
    if waits and command.verb in OF_THE_MAIL and not goes_on:
        return None  # a mail about a question is held, and is decided on separately
    return facts.questions.get(next((sent.question_id for sent in facts.threads if sent.question_id), 0) or 0)


def _answer(
    facts: MailFacts, person: Person, ruled: list[tuple[Command, CommandOutcome]], more: MoreRulings
) -> tuple[Action, ...]:
    """Answer each command with what was done, or why not and what it may mean, with prepared replies."""
    results = [_result(command.raw, outcome) for command, outcome in ruled]
    own = _own(facts)  # plain sentences hold a single command
    done = {line for command, _ in ruled for line in (own, command.raw, *command.raw.splitlines())}
    between = [one for one in _commands(facts, own) if one.raw not in done]
    results += [
        _result(one.raw, CommandOutcome(False, BETWEEN)) for one in between if one.verb not in {UNREAD, NO_ORDER}
    ]
    approves, first_line = not results and _approves(facts, person), own.partition("\n")[0][:200]
    results = results or [_result(first_line, CommandOutcome(False, NO_PAPER if approves else _unheard(facts, own)))]
    question, failed = _about(facts, ruled), [one for one in results if not one["ok"]]
    held = facts.held if question is None or (facts.held and facts.held.status == "held") else None
    missed = [one for one, outcome in ruled if not outcome.ok]
    first = missed[0] if missed else None
    line = str(failed[0]["command"]) if failed and len(results) > 1 else ""
    acts: list[dict[str, str]] = []
    if failed and first is not None and (first.verb in more.handlers or first.session):
        acts = more.offers(facts, first)
    elif failed and not approves:
        undone = _undone(facts, first, line)
        acts = more.for_each(facts, (undone, *missed[1:])) or offered(facts, undone, question, held)
    understood = any(command.verb not in {UNREAD, MISNUMBERED} for command, _ in ruled)
    key = str(facts.raw_mail) if understood else _not_understood(facts)
    dictated = sum(1 for command, outcome in ruled if outcome.ok and command.verb == DICTATES)
    number = NEW if dictated == 1 else question.id if question else None  # it is shown in the subject
    waits = facts.held is not None and (number is None or facts.held.status == "held")
    about = facts.held.id if facts.held and waits else 0
    form = next((one for command, _ in ruled if (one := more.form(facts, command))), "")
    shown = bool(failed) and person.role == "head" and not any(outcome.actions for _, outcome in ruled)
    values = {"results": results, "commands": acts, "form": form, "shown": shown}
    return to_people("officer_done", [person], "", values, key=key, question=number, about=about)


def _approves(facts: MailFacts, person: Person) -> bool:
    """Whether the Head approves something in reply to a mail that asks for no approval and for no ruling."""
    heard = person.role == "head" and (facts.held is None or facts.held.status != "held")
    return heard and approval_in(_ordered(facts), facts.board.source) is not None


def _undone(facts: MailFacts, first: Command | None, line: str) -> Command:
    """What was not carried out: a line, or "" for the whole mail."""
    return replace(first or Command(UNREAD, ""), raw=line or _own(facts))


def _unheard(facts: MailFacts, own: str) -> str:
    return OPEN_ALREADY if denunciations.is_open_already(facts, own) else UNHEARD if own else EMPTY


def _own(facts: MailFacts) -> str:
    ordered = _ordered(facts)
    return ordered and (facts.understanding.text.own.strip() or ordered)


def _result(command: str, outcome: CommandOutcome) -> dict[str, object]:
    said = {"ok": outcome.ok, "text": outcome.text, "label": outcome.label, "lines": list(outcome.lines)}
    return {"command": command, **said}


def _about(facts: MailFacts, ruled: list[tuple[Command, CommandOutcome]]) -> QuestionFacts | None:
    """The only question that the mail is about; None for several."""
    questions = {question.id: question for command, _ in ruled if (question := _question(facts, command)) is not None}
    if not ruled and (own := _question(facts, Command("", ""))) is not None:
        questions = {own.id: own}
    return next(iter(questions.values())) if len(questions) == 1 else None


def _not_understood(facts: MailFacts) -> str:
    """A key for rate-limiting such replies, above all replies to the same words (without numbers): a machine's."""
    words = "".join(letter for letter in facts.understanding.text.own.lower() if letter.isalpha())
    return f"{facts.raw_mail}{NOT_UNDERSTOOD}:{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _finish(facts: MailFacts, ruled: list[tuple[Command, CommandOutcome]]) -> Finish:
    done = sum(1 for _, outcome in ruled if outcome.ok)
    why = f"Lệnh của cán bộ: {done} đã làm, {len(ruled) - done} chưa làm"
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.COMMAND, Folder.OTHER, why, trace=facts.understanding.trace)
