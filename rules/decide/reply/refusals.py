"""A unit says that it is not competent (10.1.g): the first time the question goes on, the second to the Board."""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, OpenDuty, SetAssignment, SetQuestion
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import NewAssignment, assign
from rules.decide.base.notices import forwarded_to, to_citizen, to_people, unit_name
from rules.values.data_file import current_unit
from rules.values.model import AttachmentRef, Item, Reply
from rules.values.states import AssignmentStatus, QuestionStatus

CLAUSE = "10.1.g"


def refusal(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts], now: datetime
) -> tuple[Action, ...]:
    """Close the assignment as refused; assign the question to the unit named, or submit it to the Board."""
    refused = assignments[0]
    closing = tuple(_refused(one, question, reply) for one in assignments)
    if refused.role == "support":
        return closing
    unit = _next_unit(facts, reply, question, now)
    if not unit:
        return (*closing, *_to_board(facts, reply, question, refused), _waits(facts, question, now))
    return (*closing, *_on_to(facts, question, assignments, unit, now))


def _refused(assignment: AssignmentFacts, question: QuestionFacts, reply: Reply) -> SetAssignment:
    return SetAssignment(
        assignment.id,
        AssignmentStatus.FORWARDED,
        AssignmentStatus.REFUSED,
        question.id,
        act="refused",
        clause=CLAUSE,
        why=f"Đơn vị {assignment.unit} báo không thuộc thẩm quyền"
        + (f", đề nghị chuyển {reply.unit}" if reply.unit else ""),
    )


def _next_unit(facts: MailFacts, reply: Reply, question: QuestionFacts, now: datetime) -> str:
    """The named unit, if it exists today, has an address, and has not had this question; "" = the Board decides."""
    if question.refusals or not reply.unit:
        return ""
    unit = current_unit(facts.board.units, reply.unit, facts.board.law.today(now))
    if unit is None or unit.code not in facts.board.contacts:
        return ""
    return "" if any(one.unit == unit.code for one in question.assignments) else unit.code


def _on_to(
    facts: MailFacts, question: QuestionFacts, assignments: list[AssignmentFacts], unit: str, now: datetime
) -> tuple[Action, ...]:
    """The next unit gets only the days that are left: a unit's refusal does not restart the citizen's clock."""
    first = assignments[0]
    handover = NewAssignment(
        question.id,
        question.raw_mail_id or facts.raw_mail,
        first.due,
        now,
        guessed=False,
        round=first.round + 1,
        why=f"Đơn vị {first.unit} báo không thuộc thẩm quyền",
    )
    items = [Item(one.item, one.item_text, unit) for one in assignments]
    told = to_citizen(
        "citizen_forwarded", question, CLAUSE, forwarded_to(facts.board, [unit], first.due), key=f"{unit}:{first.id}"
    )
    files: tuple[AttachmentRef, ...] = ()
    return (*assign(facts.board, handover, items, (), files), told)


def _waits(facts: MailFacts, question: QuestionFacts, now: datetime) -> OpenDuty:
    """Remind somebody until the Board has decided."""
    due = facts.board.law.review_due(now)
    return OpenDuty(f"refused:{facts.raw_mail}", "review", CLAUSE, due.due, due.due_at, due.alarm_at, question.id)


def _to_board(
    facts: MailFacts, reply: Reply, question: QuestionFacts, refused: AssignmentFacts
) -> tuple[Action, ...]:
    """No unit is named, or it refused before: an officer decides and sees both reasons."""
    count = question.refusals + 1
    values = {
        "what": f"Câu hỏi {question.code} bị từ chối lần {count}: cần Ban Biên tập quyết định đơn vị trả lời",
        "details": [
            f"Đơn vị từ chối: {unit_name(facts.board, refused.unit)}",
            f"Đơn vị được đề nghị: {unit_name(facts.board, reply.unit) if reply.unit else 'không nêu'}",
            f"Hạn trả lời: {refused.due.on:%d/%m/%Y}",
            reply.text[:1500],
        ],
        "commands": [{"label": "Chuyển đơn vị khác", "text": f"{question.code} chuyển "}],
    }
    review = SetQuestion(
        question.id,
        (QuestionStatus.FORWARDED,),
        QuestionStatus.NEEDS_REVIEW,
        act="returned",
        clause=CLAUSE,
        why=f"Bị từ chối lần {count}, chưa rõ đơn vị có thẩm quyền",
    )
    alert = to_people(
        "officer_alert", facts.board.officers, CLAUSE, values, key=f"refused:{facts.raw_mail}", question=question.id
    )
    return (review, *alert)
