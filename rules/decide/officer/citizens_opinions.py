"""What became of the citizen beside the answer: told by other means, not content, or nothing left to do."""

from __future__ import annotations

from rules.decide.base.actions import Action, AmendQuestion, Note, Settle
from rules.decide.base.command_result import Order, Outcome
from rules.decide.base.facts import HeldMailFacts, QuestionFacts
from rules.decide.base.notices import Case, to_unit, unit_name
from rules.decide.officer.register_commands import noted, which
from rules.text.dates import dates_in
from rules.values.model import Fate, Kind
from rules.values.states import AssignmentStatus, Folder

SAY = "chuyển ý kiến cho đơn vị"


def handled(order: Order) -> Outcome:
    """ "Đã xử lý": a report, which ends nothing by itself; kept with the question."""
    if order.question is None:
        return False, "Chưa rõ việc gì đã được xử lý; xin ghi kèm số câu hỏi", ()
    amend = noted(order.question, order.command.raw, "Cán bộ báo việc đã làm")
    return True, f"Đã ghi vào phần ghi chú của câu hỏi {order.question.code}, câu hỏi chưa kết thúc", (amend,)


def told_asker(order: Order) -> Outcome:
    """ "Đã báo người hỏi qua điện thoại ngày …": kept with the question, with the day when one is given."""
    question = order.question
    if question is None:
        return which(order, "đã báo người hỏi qua điện thoại")
    today = order.facts.house.law.today(order.now)
    days = [one.day for one in dates_in(order.command.text, today)]
    if days and days[0] > today:
        return False, f"Ngày {days[0]:%d/%m/%Y} chưa đến; xin ghi lại ngày đã báo", ()
    on = days[0] if days else today
    said = f"Đã báo người hỏi {order.command.text.strip()}".strip()
    line = said if days else f"{said} ngày {on:%d/%m/%Y}"
    amend = noted(question, line, "Cán bộ báo người hỏi bằng hình thức khác")
    told = AmendQuestion(question.id, {"told_at": order.now}, "told", "Cán bộ đã báo người hỏi")
    return True, f"Đã ghi vào câu hỏi {question.code}: {line}", (amend, told)


def pass_on(order: Order) -> Outcome:
    """ "Chuyển ý kiến cho đơn vị": the citizen's words to the units that answered, who are asked to answer again."""
    question, facts = order.question, order.facts
    held = facts.held if facts.held is not None and facts.held.status == "held" else None
    if question is None:
        return which(order, SAY)
    if held is None:
        return False, "Không có thư nào của người hỏi đang chờ; xin trả lời đúng thư đề nghị xem xét", ()
    if held.mail.sender.email.lower() != question.email.lower():
        return False, "Thư đang chờ không phải của người hỏi", ()
    units = _answering(question)
    known = [one for one in units if one in facts.house.contacts]
    if not known:
        return False, f"Chưa có đơn vị nào trả lời câu hỏi {question.code}", ()
    mails = tuple(_mail(order, question, held, unit) for unit in known)
    names = ", ".join(unit_name(facts.house, one) for one in known)
    why = "Đã chuyển ý kiến của người hỏi đến đơn vị trả lời"
    settle = Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)
    noted_ = Note("opinion_passed_on", why, "15.2", question.id)
    return True, f"Đã chuyển ý kiến của người hỏi đến {names}", (noted_, *mails, settle)


def _answering(question: QuestionFacts) -> tuple[str, ...]:
    answered = [one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED]
    return tuple(dict.fromkeys(answered or [one.unit for one in question.answers]))


def _mail(order: Order, question: QuestionFacts, held: HeldMailFacts, unit: str) -> Action:
    last = max((one for one in question.assignments if one.unit == unit), key=lambda one: one.round, default=None)
    values = {"text": held.understanding.text.own, "remark": order.command.text.strip()}
    case = Case(question.id, last.id if last else 0)
    key = f"{held.id}:{unit}"
    return to_unit("unit_opinion", order.facts.house, unit, "15.2", values, key=key, case=case)
