"""An officer takes a question back from its units, or takes up an answer again: whose it is, and where it lies."""

from __future__ import annotations

from rules.commands.likely_orders import likely
from rules.decide.base.actions import OpenDuty, SetQuestion
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import FETCHED
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import taken_from
from rules.decide.base.notices import unit_name, units_lose
from rules.decide.base.publication import has_result
from rules.decide.officer.supporting_units import goes_on_to, units_in
from rules.reply.unit_names import unit_names
from rules.values.states import AssignmentStatus, QuestionStatus


def fetch_back(order: CommandAtHand, question: QuestionFacts) -> Outcome:
    """ "Lấy lại câu hỏi" from its units: an officer decides on it anew, and they are told (10.1.c).

    "Mở lại" is for what has ended: of an open question it may mean taking back, and is asked back, unless it is said
    that the question went to the wrong unit, or goes on to another one.
    """
    owed = tuple(one for one in question.assignments if one.is_open)
    board, names = order.facts.board, ", ".join(unit_name(order.facts.board, one.unit) for one in owed)
    meant = likely(order.command.raw, unit_names(board.units, board.source), board.source)
    if not goes_on_to(order) and "reopen" not in meant:
        lies = f"Câu hỏi {question.code} đang ở {names}, chưa có câu trả lời nên không phải mở lại"
        given = dict.fromkeys(one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED)
        again = "".join(f"; câu trả lời đã có thì ghi “{question.code} mở lại phần của {one} vì …”" for one in given)
        return False, f"{lies}; muốn lấy về xem xét thì ghi “{question.code} lấy lại câu hỏi”{again}", ()
    said, review = order.command.text.strip(), order.facts.board.law.review_due(order.now)
    why = "Cán bộ lấy lại câu hỏi để xem xét lại" + (f": {said}" if said else "")
    key, clause = f"{FETCHED}{order.facts.raw_mail}:{question.id}", "10.1.c"
    actions = (
        *(taken_from(one, why) for one in owed),
        *units_lose(order.facts, question, owed, "fetched"),
        SetQuestion(
            question.id, (question.status,), QuestionStatus.NEEDS_REVIEW, act="reopened", clause=clause, why=why
        ),
        OpenDuty(key, "review", clause, review.due, review.due_at, review.alarm_at, question.id),
    )
    then = "" if goes_on_to(order) else f"; xin ghi đơn vị trả lời, ví dụ “{question.code} chuyển SYT”"
    return True, f"Đã lấy lại câu hỏi {question.code} từ {names}{then}", actions


def part_meant(
    order: CommandAtHand, question: QuestionFacts, given: list[AssignmentFacts]
) -> tuple[list[AssignmentFacts], str]:
    """The answers that "mở lại phần của SXD vì …" is about; where it is not said whose, why it is asked back."""
    board, units, code = order.facts.board, [*dict.fromkeys(one.unit for one in given)], question.code
    named = units_in(order, order.command.remark) & {*units}
    if named or (not order.command.remark and (len(units) < 2 or question.status in OPEN)):
        return [one for one in given if one.unit in named or not named], ""
    whose = ", ".join(unit_name(board, one) for one in units)
    each = " hoặc ".join(f"“{code} mở lại phần của {one} vì …”" for one in units)
    how = f"xin ghi {each}; tất cả thì ghi “{code} mở lại phần của {', '.join(units)} vì …”"
    return [], f"Chưa mở lại: câu hỏi {code} có câu trả lời của {whose}; {how}"


def lies_here(facts: MailFacts, question: QuestionFacts, unit: str) -> bool:
    """Whether this unit's answer has not been sent yet; the asker may already write about another unit's answer."""
    told = {one.assignment for one in question.answers if one.unit == unit and one.told}
    waiting = {each for one in facts.waiting if one.question == question.id for each in one.assignments}
    return not has_result(facts, question) and not told - waiting


def not_there(order: CommandAtHand, question: QuestionFacts) -> str:
    """Why a question is not taken back from the unit that an order names; "" where it owes or gave the answer."""
    owing = {one.unit for one in question.assignments if one.is_open}
    gave = {one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED}
    named = units_in(order, order.command.remark)
    if not named or named & (owing | gave):
        return ""
    where = ", ".join(unit_name(order.facts.board, one) for one in sorted(owing)) or "không đơn vị nào"
    return (
        f"Câu hỏi {question.code} đang ở {where}, không ở đơn vị ấy; nếu vẫn muốn, xin ghi “{question.code} mở lại”"
    )
