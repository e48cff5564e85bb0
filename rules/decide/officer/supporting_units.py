"""The units of an order besides the one that leads: they are added to support it, reminded, let off, and what they
wrote goes to whoever leads next (10.1.c). Also the remark for units, and orders whose unit or number may be another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.commands.arguments import before_a_support
from rules.commands.command import called_numbers
from rules.commands.likely_orders import likely
from rules.commands.plain.words import load_plain_order_words
from rules.decide.base.actions import Action, Forward, Send, SendAgain, Settle
from rules.decide.base.command_result import HELPS, OPEN, CommandAtHand, Outcome, for_others, forward_acts, is_of_unit
from rules.decide.base.facts import AnswerFacts, AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import (
    NewAssignment,
    attachment_refs,
    day_passed,
    given_to,
    newest_leads,
    supporting_still,
    taken_from,
)
from rules.decide.base.notices import (
    STATUS_NAMES,
    AboutCase,
    of_words,
    promised,
    reminder,
    to_unit,
    unit_name,
    units_lose,
)
from rules.decide.officer.register_commands import which
from rules.decide.reply.asker_part import to_send
from rules.law.deadlines import ReminderKind
from rules.law.working_days import short_date
from rules.reply.evidence import Papers, weigh
from rules.reply.unit_names import mentions_in, near_units, unit_names
from rules.routing.routing_rules import load_routing
from rules.routing.wards import Place
from rules.values.data_file import current_unit
from rules.values.model import Fate, Item, Kind
from rules.values.register_number import register_numbers
from rules.values.states import AssignmentStatus, Folder


def add_support(order: CommandAtHand) -> Outcome:
    """ "Thêm SYT phối hợp": a unit supports the one that has the question, which keeps the lead (10.1.c)."""
    question, board, command = order.question, order.facts.board, order.command
    say = f"chuyển …, phối hợp {command.unit}"
    if question is None:
        return which(order, say)
    if question.status not in OPEN:
        return False, f"Câu hỏi {question.code} đã kết thúc ({STATUS_NAMES[question.status]})", ()
    if not question.open_leads:
        return False, f"Câu hỏi {question.code} chưa có đơn vị chủ trì; xin ghi “{question.code} {say}”", ()
    lead, today = _lead_meant(order, question), board.law.today(order.now)
    leading = unit_name(board, lead.unit)
    named = [current_unit(board.units, code, today) for code in (command.unit, *command.supporting)]
    codes = dict.fromkeys(unit.code for unit in named if unit is not None and unit.code != lead.unit)
    has = [assignment.unit for assignment in question.assignments if assignment.is_open]
    if not codes or (here := [one for one in codes if one in has]):
        text = ", ".join(unit_name(board, one) for one in (here if codes else has))
        return False, f"Câu hỏi {question.code} đang ở {text}; {leading} chủ trì", ()
    if unknown := [unit_name(board, one) for one in codes if one not in board.contacts]:
        return False, f"Chưa khai báo địa chỉ thư điện tử công vụ của {', '.join(unknown)}", ()
    units = ", ".join(unit_name(board, one) for one in codes)
    actions = (
        *(action for one in codes for action in _support_added(order, question, lead, one)),
        *units_lose(order.facts, question, [lead], "joined", units),
    )
    settled, waits = _wish_granted(order, question, list(codes))
    done = f"Đã gửi câu hỏi {question.code} đến {units} để phối hợp; {leading} vẫn chủ trì{waits}"
    return with_remark(order, (True, done, (*actions, *settled)))


def _lead_meant(order: CommandAtHand, question: QuestionFacts) -> AssignmentFacts:
    """The lead that the order names, or that wrote the mail at hand; else the first of those that lead an item."""
    named, held = {order.command.unit, *order.command.supporting}, order.facts.held
    sender, leads = held.mail.sender.email if held is not None else "", question.open_leads
    wrote = [assignment for assignment in leads if is_of_unit(order.facts.board, assignment.unit, sender)]
    return next((assignment for assignment in leads if assignment.unit in named), (wrote or leads)[0])


def _wish_granted(
    order: CommandAtHand, question: QuestionFacts, units: Sequence[str]
) -> tuple[tuple[Action, ...], str]:
    """The held mail in which the lead wishes for this help is settled, unless it may also answer a part."""
    held, board = order.facts.held, order.facts.board
    offered = [one["text"] for one in forward_acts(board, units, question.code, HELPS)]
    if held is None or held.status != "held" or not any(one["text"] in offered for one in held.acts):
        return (), ""
    names, reply = unit_names(board.units, board.source), held.understanding.reply
    if reply is not None and weigh(reply.text, "", Papers(), names, board.source).signs:
        return (), f"; thư của đơn vị còn chờ Ông/Bà quyết định phần đã trả lời: “{to_send(held, question)}”, …"
    why = "Cán bộ thêm đơn vị phối hợp theo đề nghị của đơn vị"
    return (Settle(held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, question.id),), ""


def sent_again(order: CommandAtHand, question: QuestionFacts, unit: str) -> Outcome | None:
    """The unit has the question, but our mail with it came back: the same mail once more; None otherwise."""
    back = [
        assignment
        for assignment in question.assignments
        if assignment.is_open and assignment.unit == unit and assignment.came_back
    ]
    if not back:
        return None
    address = order.facts.board.contacts[unit].address
    done = f"Đã gửi lại câu hỏi {question.code} cho {unit_name(order.facts.board, unit)} ({address})"
    return True, done, tuple(SendAgain(assignment.came_back, question.id, address) for assignment in back)


def _support_added(
    order: CommandAtHand, question: QuestionFacts, lead: AssignmentFacts, unit: str
) -> tuple[Action, ...]:
    """Assign the lead's item also to a unit that supports it, with the same due date (clause 10.1.c); in place of one
    that has passed, with that of a late answer."""
    raw_mail, why = question.raw_mail_id, "Cán bộ thêm đơn vị phối hợp"
    rounds = [assignment.round + 1 for assignment in question.assignments if assignment.unit == unit]
    number = max(rounds, default=lead.round)
    due = order.facts.board.law.handed_on(lead.due, order.now, promised(lead))
    late = day_passed(order.facts.board, [lead], due)
    handover = NewAssignment(question.id, raw_mail, due, order.now, guessed=False, round=number, why=why, passed=late)
    files = attachment_refs(order.held.mail, order.held.id) if order.held else ()
    item = Item(lead.item, lead.item_text, unit)
    return given_to(order.facts.board, handover, item, "support", lead.unit, files)


def help_goes_on(facts: MailFacts, decided: Sequence[Action]) -> tuple[Action, ...]:
    """What supporting units have answered goes to each unit that leads their item from now on (10.1.c)."""
    given = (one for one in decided if isinstance(one, Forward) and one.role == "lead")
    pairs = ((one, answer) for one in given for answer in facts.helped.get(one.question, ()))
    return tuple(act for one, answer in pairs for act in _help(facts, one, answer))


def _help(facts: MailFacts, lead: Forward, answer: AnswerFacts) -> tuple[Action, ...]:
    helpers = [one for one in facts.questions[lead.question].assignments if one.id == answer.assignment]
    if answer.unit == lead.unit or not any(assignment.item == lead.item for assignment in helpers):
        return ()
    other = unit_name(facts.board, answer.unit)
    values = {"kind": "helped", "due": lead.due.on, "commands": (), "other_unit": other, "text": answer.text}
    new = (lead.item, lead.unit, lead.round)
    key = f"{facts.raw_mail}:{lead.question}:{':'.join(map(str, new))}:helped:{answer.mail}"
    case, to = AboutCase(lead.question, new), lead.unit
    return (to_unit("unit_told", facts.board, to, "10.1.c", values, key=key, case=case, attachments=answer.files),)


def left_over(question: QuestionFacts) -> list[AssignmentFacts]:
    """If other items are answered, the items that no unit has any more: only these go to another unit (10.1.c)."""
    newest = newest_leads(question)
    answered = [assignment for assignment in newest if assignment.status is AssignmentStatus.ANSWERED]
    return [one for one in newest if one.item and not one.is_open and one not in answered] if answered else []


def goes_on_to(order: CommandAtHand, answered: Sequence[AssignmentFacts] = ()) -> str:
    """The unit with a mail address to which the same mail forwards a question that it opens again; "" for none, and
    for one that has ``answered`` and is to do so again."""
    unit = current_unit(order.facts.board.units, order.command.unit, order.facts.board.law.today(order.now))
    if unit is None or any(assignment.unit == unit.code for assignment in answered):
        return ""
    return unit.code if unit.code in order.facts.board.contacts else ""


def remind(order: CommandAtHand) -> Outcome:
    """ "Nhắc đơn vị": a reminder now, beside those of the calendar, to the units that owe an answer (16.2)."""
    question, board = order.question, order.facts.board
    if question is None:
        return which(order, "nhắc đơn vị")
    owing = {assignment.unit: assignment for assignment in question.assignments if assignment.is_open}
    codes, today = (order.command.unit, *order.command.supporting), board.law.today(order.now)
    named = [one.code for code in codes if (one := current_unit(board.units, code, today))]
    chosen = [assignment for unit, assignment in owing.items() if not named or unit in named]
    owes_nothing = ", ".join(unit_name(board, one) for one in named if one not in owing)
    if not chosen:
        others = ", ".join(unit_name(board, one) for one in owing) or "không đơn vị nào"
        whom = f"{owes_nothing} không" if named else "Không đơn vị nào"
        return False, f"{whom} còn nợ trả lời câu hỏi {question.code}; đang nợ: {others}", ()
    if missing := [assignment.unit for assignment in chosen if assignment.unit not in board.contacts]:
        names = ", ".join(unit_name(board, one) for one in missing)
        return False, f"Chưa khai báo địa chỉ thư điện tử công vụ của {names}", ()
    back = [sent_again(order, question, assignment.unit) for assignment in chosen if assignment.came_back]
    mails = (*(act for one in back if one for act in one[2]), *(_reminder(order, question, one) for one in chosen))
    names = ", ".join(unit_name(board, assignment.unit) for assignment in chosen)
    days = dict.fromkeys(short_date(assignment.due.on) for assignment in chosen)
    done = f"Đã nhắc {names} trả lời câu hỏi {question.code} (hạn {', '.join(days)})"
    done += f"; không nhắc {owes_nothing} vì không còn nợ trả lời" if owes_nothing else ""
    return True, f"{done}; đã gửi lại câu hỏi vì thư trước không đến được" if back else done, mails


def _reminder(order: CommandAtHand, question: QuestionFacts, assignment: AssignmentFacts) -> Action:
    today = order.facts.board.law.today(order.now)
    due = assignment.due.on
    what = ReminderKind.OVERDUE if due < today else ReminderKind.TODAY if due == today else ReminderKind.BEFORE
    remark = " ".join(for_others(order, order.command.remark).split())
    key = f"{assignment.id}:officer:{of_words(order.facts.raw_mail, remark)}"
    return reminder(what, order.facts.board, question, assignment, order.now, key=key, remark=remark)


def drop_support(order: CommandAtHand) -> Outcome:
    """ "Bỏ SYT": a supporting unit owes no answer any more, and is told so (10.1.c)."""
    question, board = order.question, order.facts.board
    if question is None:
        return which(order, f"bỏ {order.command.unit}")
    unit, code = current_unit(board.units, order.command.unit, board.law.today(order.now)), question.code
    assignments = [one for one in supporting_still(question, ()) if unit is not None and one.unit == unit.code]
    name = unit_name(board, unit.code) if unit is not None else order.command.unit
    if not assignments:
        leads = unit is not None and any(assignment.unit == unit.code for assignment in question.open_leads)
        has = f"đang chủ trì câu hỏi {code}; muốn đổi xin ghi “{code} chuyển …”"
        return False, f"{name} {has if leads else f'không phối hợp trả lời câu hỏi {code}'}", ()
    taken = tuple(taken_from(assignment, "Cán bộ cho thôi phối hợp") for assignment in assignments)
    told_units = units_lose(order.facts, question, assignments, "let_off")
    return True, f"{name} thôi phối hợp trả lời câu hỏi {code}; đã báo đơn vị", (*taken, *told_units)


def lead_or_support(order: CommandAtHand, question: QuestionFacts, unit: str) -> str:
    """Asks whether a unit is to lead, or to support the one that has the question ("SYT phối hợp với SXD"); or ""."""
    having, board = {assignment.unit for assignment in question.open_leads}, order.facts.board
    names, plain = unit_names(board.units, board.source, ordered=True), load_plain_order_words(board.source)
    if having.isdisjoint(order.command.supporting) or before_a_support(order.command, names, plain, having) is None:
        return ""
    here, code = ", ".join(unit_name(board, one) for one in sorted(having)), question.code
    return (
        f"Câu hỏi {code} đang ở {here}; chưa rõ {unit_name(board, unit)} chủ trì hay phối hợp. "
        f"Xin ghi “{code} thêm {unit} phối hợp” hoặc “{code} chuyển {unit}”"
    )


def supporting_named(order: CommandAtHand, lead: str) -> tuple[str, ...]:
    """The further units that an officer names, which support the first one."""
    board = order.facts.board
    named = (current_unit(board.units, code, board.law.today(order.now)) for code in order.command.supporting)
    codes = (unit.code for unit in named if unit is not None and unit.code != lead and unit.code in board.contacts)
    return tuple(dict.fromkeys(codes))


def what_moves(question: QuestionFacts, items: Sequence[AssignmentFacts]) -> str:
    """What is forwarded: the question, or only these of its items."""
    numbers = ", ".join(str(assignment.item) for assignment in items)
    return f"mục {numbers} của câu hỏi {question.code}" if numbers else f"câu hỏi {question.code}"


def and_still(
    order: CommandAtHand, question: QuestionFacts, kept: Sequence[AssignmentFacts], stay: Sequence[AssignmentFacts]
) -> str:
    """The units that go on with items of their own; else those that go on supporting, and the order that takes one of
    them off."""
    board = order.facts.board
    if kept:
        return f"; phần còn lại vẫn do {', '.join(dict.fromkeys(unit_name(board, one.unit) for one in kept))} trả lời"
    names = ", ".join(unit_name(board, assignment.unit) for assignment in stay)
    return f"; vẫn phối hợp: {names} (để thôi, xin ghi “{question.code} bỏ {stay[0].unit}”)" if stay else ""


def and_supporting(order: CommandAtHand, units: tuple[str, ...]) -> str:
    names = ", ".join(unit_name(order.facts.board, one) for one in units)
    return f"; phối hợp: {names}" if names else ""


def with_remark(order: CommandAtHand, outcome: Outcome) -> Outcome:
    """The officer's remark for the unit, which the mail to the unit contains."""
    ok, text, actions = outcome
    said = order.command.remark.strip()
    if not ok or not said:
        return outcome
    return True, f"{text}; kèm lời nhắn “{' '.join(said.split())}”", tuple(_remarked(one, said) for one in actions)


def _remarked(action: Action, text: str) -> Action:
    if not isinstance(action, Send) or action.notice.name != "unit_forward":
        return action
    values = {**action.notice.values, "remark": text}
    return replace(action, notice=replace(action.notice, values=values))


def units_in(order: CommandAtHand, text: str) -> set[str]:
    """The units that words of a command name, as they are today."""
    board = order.facts.board
    found = [code for mention in mentions_in(text, unit_names(board.units, board.source)) for code in mention.codes]
    today = board.law.today(order.now)
    return {unit.code for code in found if (unit := current_unit(board.units, code, today)) is not None}


ABOUT_ITS_UNIT = frozenset({"extend", "refuse_extension", "remind_unit", "unit_rewrite"})
"""Commands for the unit that has the question; whoever names another unit may mean another question."""


def meant_for_another(order: CommandAtHand) -> str:
    """Why a command for the question's unit waits: it names only units that do not have the question; "" if not.

    In reply to a unit's request for more time another unit that is named belongs to the reasons.
    """
    question, verb = order.question, order.command.verb
    if question is None or not question.assignments or verb not in ABOUT_ITS_UNIT:
        return ""
    if verb in {"extend", "refuse_extension"} and any(assignment.wanted_until for assignment in question.open_leads):
        return ""
    board = order.facts.board
    names = unit_names(board.units, board.source)
    having = list(dict.fromkeys(assignment.unit for assignment in question.open_leads or question.assignments))
    named = units_in(order, order.command.raw)
    if not named or named & {one.unit for one in question.assignments} or any(map(names.is_beside, named)):
        return ""
    here, others = (", ".join(unit_name(board, one) for one in units) for units in (having, sorted(named)))
    return f"Câu hỏi {question.code} đang ở {here}, không ở {others}; xin ghi đúng số câu hỏi hoặc đúng tên đơn vị"


def called(facts: MailFacts, line: str, question: QuestionFacts | None) -> QuestionFacts | None:
    """The one other question that a line calls by its last digits, and does not compare with the one at hand."""
    numbers, names = called_numbers(line), unit_names(facts.board.units, facts.board.source)
    if question is None or len(numbers) != 1 or "link" in likely(line, names, facts.board.source):
        return None
    questions = [one for one in facts.questions.values() if int(one.code.rpartition("-")[2]) == numbers[0]]
    return questions[0] if len(questions) == 1 and questions[0].id != question.id else None


def others_named(facts: MailFacts, line: str, question: QuestionFacts | None) -> str:
    """The numbers of the other questions that a line names, also by their last digits alone ("trùng câu 11")."""
    last = called_numbers(line)
    short = [one.code for one in facts.questions.values() if int(one.code.rpartition("-")[2]) in last]
    own, named = question.code if question is not None else "", register_numbers(line, facts.board.prefix)
    return ", ".join(one for one in dict.fromkeys((*named, *short)) if one != own)


MOST_WORDS_OF_A_WARD = 8
"""A longer text tells more than the name of a ward."""


def former_ward(order: CommandAtHand) -> Place:
    """Where the ward of before July 2025 that the officer names lies today; nowhere for all else."""
    text, board = order.command.text, order.facts.board
    if order.command.unit or len(text.split()) > MOST_WORDS_OF_A_WARD:
        return Place()
    return load_routing(board.source).gazetteer.of_address(text, board.law.today(order.now)) or Place()


def which_unit(order: CommandAtHand, where: Place) -> str:
    """Says that the unit was not recognised, with units that may be meant."""
    board, text = order.facts.board, " ".join(order.command.text.split())
    today = board.law.today(order.now)
    here = [board.units[code] for code in board.contacts if code in board.units and board.units[code].valid_on(today)]
    meant = [board.units[one] for one in where.either] or near_units(text, here)
    near = [f"“chuyển {one.code}” ({unit_name(board, one.code)})" for one in meant]
    may = f" Gần giống: {'; '.join(near)}." if near else ""
    named = f" “{text}”" if text else ""
    return f"Không nhận ra đơn vị{named}.{may} Xin ghi mã hoặc tên đầy đủ của đơn vị hiện nay, ví dụ “chuyển SXD”"
