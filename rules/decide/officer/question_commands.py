"""The effect of each command of an officer: (done?, what to tell the officer, actions)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.commands.arguments import UNCLEAR
from rules.commands.commands import REOPENS
from rules.commands.mood import length_at, said_in
from rules.commands.plain.words import CLAUSE, load_plain_order_words
from rules.decide.base.actions import NEW, Action, Send, SetQuestion, Settle
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.facts import AssignmentFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import (
    NewAssignment,
    assign,
    attachment_refs,
    day_passed,
    live_question,
    now_a_question,
    refused_leads,
    session_now,
    supporting_still,
    taken_from,
    with_session,
)
from rules.decide.base.manual_work import is_units, is_units_address, open_review, own_person, review_mails
from rules.decide.base.notices import (
    STATUS_NAMES,
    acknowledge,
    by_mail,
    citizen,
    forwarded_to,
    not_told,
    of_words,
    thread,
    to_citizen,
    told,
    unit_name,
    units_lose,
)
from rules.decide.intake.follow_ups import completed_asker
from rules.decide.intake.registering import register_and_forward, registration, rejection_values
from rules.decide.officer.more_time import kept_due, new_day, parts_lost
from rules.decide.officer.register_commands import SCOPE, is_ours, no_letter, noted, struck_off
from rules.decide.officer.reopening import letters_wait
from rules.decide.officer.supporting_units import (
    and_still,
    and_supporting,
    former_ward,
    lead_or_support,
    left_over,
    sent_again,
    supporting_named,
    what_moves,
    which_unit,
    with_remark,
)
from rules.message.quote_markers import without_machines
from rules.message.reply_text import fold, forwarded_mail
from rules.requester.requester import read_requester
from rules.understand.understand import Understanding
from rules.values.data_file import current_unit
from rules.values.model import Fate, Item, Kind, Mailbox, Notice, ParsedMail
from rules.values.states import Folder, QuestionStatus

_WHICH_CLAUSE = (
    "Chưa từ chối: không rõ từ chối theo điểm nào, lý do gì. Xin ghi “từ chối h vì …” (ngoài phạm vi thành phố), "
    "“từ chối k vì …” (không trả lời), “không tiếp nhận khiếu nại vì …”; "
    "nếu đã có câu như vậy, ghi “trùng với {prefix}-…”"
)
NOBODYS = (
    "Thư chuyển tiếp không ghi địa chỉ của người viết nên chưa biết đăng ký cho ai. Xin ghi “Đăng ký hộ:” rồi mỗi "
    "dòng một mục: “Họ tên: …”, “Địa chỉ: …”, “Điện thoại: …”, “Nội dung: …”"
)


def _held_facts(order: CommandAtHand, held: HeldMailFacts) -> MailFacts:
    """The held mail as a mail at hand, treated as a question because an officer says so.

    A second question in a reply to our mail has the data of the first one's asker, and no subject of its own.
    """
    read, mail, email = held.understanding, held.mail, held.mail.sender.email.lower()
    if inner := _sent_to_us_by(order, held):
        mail, read = inner
        email = mail.sender.email.lower()
    question = next((one for one in order.facts.questions.values() if one.email.lower() == email), None)
    if question is not None and not is_units(order.facts.board, held):
        read = read.alone or read
        read = replace(read, asker=completed_asker(read.asker, question.asker))
        mail = replace(mail, subject="") if question.code in mail.subject else mail  # the subject is our mail's
    read = replace(read, kind=Kind.QUESTION, fate=Fate.REGISTER)
    return replace(order.facts, raw_mail=held.id, mail=mail, understanding=read, received_at=held.received_at)


def _sent_to_us_by(order: CommandAtHand, held: HeldMailFacts) -> tuple[ParsedMail, Understanding] | None:
    """The citizen's mail that one of our own people forwarded, without the words above it; None for no such mail.

    Its sender is "" where the forwarding program left no address.
    """
    board, outer = order.facts.board, held.mail
    inner = forwarded_mail(outer.text, outer.subject, board.source)
    if inner is None or own_person(board, outer.sender.email) is None:
        return None
    if inner.sender and (own_person(board, inner.sender) or is_units_address(board, inner.sender)):
        return None
    name = inner.name.partition(inner.sender or "<")[0].strip(" \t\"'<>[]()")
    sender, text = Mailbox(name, inner.sender), fold(inner.text, board.source)
    mail = replace(outer, senders=(sender,), text=inner.text, html="", seen="", message_id="", references=())
    signed = without_machines(text.signature, board.source)
    asker = read_requester(mail, "\n".join(part for part in (text.own, signed) if part), board.source)
    return mail, replace(held.understanding.alone or held.understanding, asker=asker, text=text)


def _without_finish(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """A decision about the held mail, carried out within the officer's mail, which has its own fate."""
    return tuple(action for action in actions if type(action).__name__ != "Finish")


def _settle(
    order: CommandAtHand, fate: Fate, kind: Kind, folder: Folder, why: str, question: int | None
) -> tuple[Action, ...]:
    held = order.held
    return (Settle(held.id, fate, kind, folder, why, question),) if held is not None else ()


def forward(order: CommandAtHand) -> Outcome:
    """ "Chuyển …": to the unit that is competent today."""
    facts, command = order.facts, order.command
    where = former_ward(order)
    unit = current_unit(facts.board.units, command.unit or where.unit, facts.board.law.today(order.now))
    if unit is None:
        return False, which_unit(order, where), ()
    if unit.code not in facts.board.contacts:
        return False, f"Chưa khai báo địa chỉ thư điện tử công vụ của {unit_name(facts.board, unit.code)}", ()
    if order.question is not None and (again := sent_again(order, order.question, unit.code)):
        return again
    if order.question is not None and (doubt := lead_or_support(order, order.question, unit.code)):
        return False, doubt, ()
    if order.question is not None:
        return with_remark(order, _forward_question(order, order.question, unit.code))
    why_not = no_letter(order.held)
    if order.held is None or why_not:
        return False, why_not, ()
    inner = _sent_to_us_by(order, order.held)
    if inner and not inner[0].sender.email:
        return False, NOBODYS, ()
    held = _held_facts(order, order.held)
    items = [Item(1, held.understanding.text.own, unit.code)]
    supporting = supporting_named(order, unit.code)
    actions = _without_finish(register_and_forward(held, order.now, items, supporting or None))
    why = "Cán bộ đăng ký và chuyển đơn vị"
    settled = _settle(order, Fate.REGISTER, Kind.QUESTION, Folder.REGISTERED, why, NEW)
    done = f"Đã đăng ký và chuyển {unit_name(facts.board, unit.code)}{and_supporting(order, supporting)}"
    return with_remark(order, (True, done, (*actions, *settled)))


def _forward_question(order: CommandAtHand, question: QuestionFacts, unit: str) -> Outcome:
    if question.status not in OPEN:
        return False, f"Câu hỏi {question.code} đã kết thúc ({STATUS_NAMES[question.status]}), không chuyển nữa", ()
    waiting = tuple(refused_leads(question))  # the other items stay where they are
    replaced, kept = ((), question.open_leads) if waiting else (question.open_leads, ())
    to = unit_name(order.facts.board, unit)
    if any(assignment.unit == unit for assignment in replaced):
        again = order.command.field == REOPENS and all(assignment.unit == unit for assignment in replaced)
        return again, f"Câu hỏi {question.code} đang ở {to}{'; đã đề nghị trả lời lại' if again else ''}", ()
    session, amended = session_now(order.facts, question, unit, order.now)
    due = kept_due(order, question, session)
    late = day_passed(order.facts.board, waiting or replaced or question.assignments[-1:], due)
    round_number = max((assignment.round for assignment in question.assignments), default=0) + 1
    raw_mail = question.raw_mail_id
    handover = NewAssignment(
        question.id, raw_mail, due, order.now, guessed=False, round=round_number, why="Cán bộ chuyển", passed=late
    )
    status = SetQuestion(
        question.id, OPEN, QuestionStatus.FORWARDED, act="routed", clause="10.1.c", why="Cán bộ quyết định đơn vị"
    )
    supporting = supporting_named(order, unit)
    named = (unit, *supporting)
    losers = [*(one for one in replaced if one.unit not in supporting), *letters_wait(order.facts, question, named)]
    stay = () if kept else supporting_still(question, named)
    renewed = [assignment for assignment in supporting_still(question, ()) if assignment.unit in named]
    values = {**forwarded_to(order.facts.board, [unit], due), **late}
    values = with_session(values, order.facts.board.law, session)
    notice = to_citizen("citizen_forwarded", question, "10.1.g", values, key=f"{unit}:{round_number}")
    actions = (
        *(taken_from(assignment, "Cán bộ chuyển đơn vị khác") for assignment in (*replaced, *renewed)),
        *units_lose(order.facts, question, losers, "moved_on", to),
        *units_lose(order.facts, question, stay, "new_lead", to),
        status,
        *assign(
            order.facts.board,
            handover,
            _items(question, unit, replaced or waiting or left_over(question)),
            supporting,
            attachment_refs(order.held.mail, order.held.id) if order.held else (),
            [assignment.unit for assignment in stay],
        ),
        notice,
        *now_a_question(question),
        *amended,
        *live_question(order.facts.board, session, raw_mail, question, order.now, question.id),
        *_settle(order, Fate.REGISTER, Kind.QUESTION, Folder.REGISTERED, "Cán bộ đã chuyển đơn vị", question.id),
    )
    done = f"Đã chuyển {what_moves(question, waiting if kept else ())} đến {to}{new_day(due, late)}"
    return True, f"{done}{and_supporting(order, supporting)}{and_still(order, question, kept, stay)}", actions


def _items(question: QuestionFacts, unit: str, taken: Sequence[AssignmentFacts]) -> list[Item]:
    """The items for the new unit: those taken back or refused, else the whole question."""
    if not taken:
        return [Item(1, question.content, unit)]
    texts = {assignment.item: assignment.item_text for assignment in taken}
    return [Item(number, text, unit) for number, text in sorted(texts.items())]


def reject(order: CommandAtHand) -> Outcome:
    """ "Từ chối h vì …", "không tiếp nhận khiếu nại vì …": tell the citizen, with the reason (10.1.h, k; 1.2)."""
    clause, reason = order.command.clause, order.command.text.strip()
    if clause in {"", UNCLEAR}:
        return False, _WHICH_CLAUSE.format(prefix=order.facts.board.prefix), ()
    if not reason:
        return False, "Cần nêu lý do, ví dụ “từ chối h vì thuộc thẩm quyền của Bộ Tài chính”", ()
    if order.question is not None:
        lost = parts_lost(order.facts.board, order.question, order.command)
        return (False, lost, ()) if lost else _reject_question(order, order.question, clause, reason)
    if order.held is None or (order.held.status == "done" and not order.held.is_set_aside):
        return False, "Không rõ từ chối thư nào; xin trả lời đúng thư đề nghị xem xét, hoặc ghi số câu hỏi", ()
    if order.held.status == "done" and order.held.fate == Fate.REJECT:
        return False, f"Thư số {order.held.id} đã được báo không tiếp nhận trước đó; không gửi thêm thư nào", ()
    return _reject_held(order, order.held, clause, reason)


def _reject_question(
    order: CommandAtHand, question: QuestionFacts, clause: str, reason: str, kind: Kind = Kind.OUT_OF_SCOPE
) -> Outcome:
    if question.status not in OPEN:
        return False, f"Câu hỏi {question.code} đã kết thúc ({STATUS_NAMES[question.status]})", ()
    where = _where(order, clause)
    values = {**rejection_values(order.facts.board, question, clause, reason), "where_to_turn": where}
    ended = {"outcome": reason, "clause": clause}
    open_ones = tuple(assignment for assignment in question.assignments if assignment.is_open)
    actions = (
        *(taken_from(assignment, "Câu hỏi bị từ chối") for assignment in open_ones),
        *units_lose(order.facts, question, (*open_ones, *letters_wait(order.facts, question)), "refused"),
        SetQuestion(question.id, OPEN, QuestionStatus.REJECTED, ended, "rejected", clause, "Cán bộ xác nhận từ chối"),
        to_citizen("citizen_rejected", question, clause, values, key=f"{clause}:{order.facts.raw_mail}"),
        *_settle(order, Fate.REGISTER, kind, Folder.OTHER, "Cán bộ xác nhận từ chối", question.id),
    )
    guided = f"; hướng dẫn liên hệ {where}" if where and clause != "1.2" else ""
    return True, f"Đã từ chối câu hỏi {question.code}{told(question)}{guided}", actions


def _reject_held(order: CommandAtHand, held: HeldMailFacts, clause: str, reason: str) -> Outcome:
    kind = held.kept_as
    facts = replace(order.facts, mail=held.mail, raw_mail=held.id)
    notice = Notice(
        "citizen_rejected",
        citizen(held.understanding.asker, held.mail.sender.email),
        clause,
        f"citizen_rejected:mail:{held.id}",
        {"clause": clause, "reason": reason, "where_to_turn": _where(order, clause)},
        in_reply_to=held.mail.message_id,
        references=thread(facts),
    )
    folder = Folder.DENUNCIATION if kind is Kind.DENUNCIATION else Folder.OTHER
    settle = _settle(order, Fate.REJECT, kind, folder, "Cán bộ xác nhận không tiếp nhận", None)
    return True, "Đã báo người gửi là không tiếp nhận", (Send(notice, about=held.id), *settle)


def _where(order: CommandAtHand, clause: str) -> str:
    """Where the citizen may turn: for a complaint as configured, else what the officer says."""
    return order.facts.board.where_to_complain if clause == "1.2" else order.command.remark


def ask(order: CommandAtHand) -> Outcome:
    """ "Hỏi lại: …": ask the citizen for missing data (21.1)."""
    question = order.question
    if question is None:
        return False, "Thư này chưa có số; xin ghi “đăng ký” trước khi hỏi lại", ()
    if not order.command.text.strip() and not question.missing:
        return False, "Cần ghi điều muốn hỏi, ví dụ “hỏi lại: xin cho biết số nhà”", ()
    values = {"missing": question.missing, "asked": order.command.text}
    key = of_words(order.facts.raw_mail, order.command.text)
    send = to_citizen("citizen_missing", question, "21.1", values, key=key)
    if not by_mail(question):
        return True, f"Đã ghi điều cần hỏi của câu hỏi {question.code}; {not_told(question)}", (send,)
    return True, f"Đã hỏi lại người gửi câu hỏi {question.code}", (send,)


def note(order: CommandAtHand) -> Outcome:
    """ "Ghi chú: …": kept in the register's last column."""
    question = order.question
    if question is None or not order.command.text.strip():
        return False, "Cần ghi số câu hỏi và nội dung ghi chú", ()
    amend = noted(question, order.command.text, "Cán bộ ghi chú")
    return True, f"Đã ghi chú vào câu hỏi {question.code}", (amend,)


def not_a_question(order: CommandAtHand) -> Outcome:
    """ "Không phải câu hỏi": ends a held mail; a citizen's registered question needs a reason for its asker."""
    if order.question is not None and is_ours(order.facts.board, order.question):
        return struck_off(order, order.question)
    if order.question is not None:
        reason = _asks_nothing(order, order.question)
        if reason:
            return _reject_question(order, order.question, SCOPE, reason, Kind.NOT_A_QUESTION)
        return False, f"Câu hỏi {order.question.code} đã vào sổ: xin ghi “từ chối … vì …” để báo người hỏi", ()
    if order.held is None or order.held.status == "done":
        return False, "Không rõ nói về thư nào; xin trả lời đúng thư đề nghị xem xét", ()
    why = "Cán bộ xác nhận không phải câu hỏi"
    return True, "Đã ghi nhận", _settle(order, Fate.IGNORE, Kind.NOT_A_QUESTION, Folder.OTHER, why, None)


def _asks_nothing(order: CommandAtHand, question: QuestionFacts) -> str:
    """What a registered mail is instead of a question, in the officer's words ("thư quảng cáo"); "" without such.

    Only if no unit has had it yet: its sender is told so, with the reason, and may write back.
    """
    if question.status is not QuestionStatus.NEEDS_REVIEW or question.assignments:
        return ""
    instead = load_plain_order_words(order.facts.board.source).asks_nothing
    clauses = [said_in(one) for one in CLAUSE.split(order.command.raw)]
    return next((reason for reason, said in instead.items() if any(length_at(one, 0, said) for one in clauses)), "")


def register(order: CommandAtHand) -> Outcome:
    """ "Đăng ký": the held mail is a question after all."""
    if order.question is not None:
        return False, f"Thư này đã vào sổ với số {order.question.code}", ()
    if order.held is None or (order.held.status == "done" and not order.held.is_set_aside):
        return False, "Không rõ đăng ký thư nào; xin trả lời đúng thư đề nghị xem xét", ()
    inner = _sent_to_us_by(order, order.held)
    if inner and not inner[0].sender.email:
        return False, NOBODYS, ()
    facts = _held_facts(order, order.held)
    why, duty = "Cán bộ đăng ký, cần chọn đơn vị trả lời", open_review(facts, order.now, NEW, since=order.now)
    settled = _settle(order, Fate.REGISTER, Kind.QUESTION, Folder.HELD, why, NEW)
    actions = (
        registration(facts, QuestionStatus.NEEDS_REVIEW),
        replace(duty, key=f"registered:{facts.raw_mail}"),  # the mail's own duty ends
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW, again=":registered"),
        *settled,
    )
    whose = f" cho {inner[0].sender.email}" if inner else ""
    return True, f"Đã đăng ký{whose}; xin trả lời thư tiếp theo để chọn đơn vị", actions
