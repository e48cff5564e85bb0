"""The officers' word on a unit's wish for more time: the due date moves, or stays."""

from __future__ import annotations

import re

from rules.actions import Action, ExtendDue, Note
from rules.calendar import due_instant
from rules.facts import AssignmentFacts, QuestionFacts
from rules.model import CountedDate
from rules.workflow.notices import Case, to_citizen, to_unit, unit_name
from rules.workflow.rulings import Order, Outcome

_MEANS_A_DAY = re.compile(r"\d|\b(?:thứ|tuần|tháng|ngày mai|hôm|chủ nhật)\b", re.IGNORECASE)
"""Behind "gia hạn": a day is meant, also where it could not be read."""


def extend(order: Order) -> Outcome:
    """ "Đồng ý gia hạn đến …": the due date moves, unit and citizen are told."""
    question, until = order.question, order.command.until
    waiting = question.open_leads if question else ()
    if question is None or not waiting:
        return False, "Không có đơn vị nào đang nợ trả lời câu hỏi này", ()
    waiting = tuple(one for one in waiting if one.wanted_until) or waiting  # only who asked, if anybody did
    if until is None and not _MEANS_A_DAY.search(order.command.text):
        until = waiting[0].wanted_until
    if until is None or until <= waiting[0].due.on:
        due = f"{waiting[0].due.on:%d/%m/%Y}"
        return False, f"Cần ghi rõ ngày, sau hạn hiện nay ({due}), ví dụ “đồng ý gia hạn đến 15/12/2026”", ()
    granted = [order.facts.house.law.granted(one.due, until) for one in waiting]
    actions = [act for one, due in zip(waiting, granted, strict=True) for act in _extended(order, question, one, due)]
    last = max(due.on for due in granted)
    off = f" ({until:%d/%m/%Y} là ngày nghỉ)" if last != until else ""
    return True, f"Đã gia hạn câu hỏi {question.code} đến {last:%d/%m/%Y}{off}", tuple(actions)


def _extended(
    order: Order, question: QuestionFacts, assignment: AssignmentFacts, due: CountedDate
) -> tuple[Action, ...]:
    house, law = order.facts.house, order.facts.house.law
    stage = law.first_stage(due, order.now)
    move = ExtendDue(
        question.id,
        assignment.id,
        due,
        due_instant(due.on),
        law.chase_event(due, stage).at,
        stage,
        f"Ban Biên tập đồng ý gia hạn từ {assignment.due.on:%d/%m/%Y} đến {due.on:%d/%m/%Y}",
    )
    to_the_unit = to_unit(
        "unit_extension_granted",
        house,
        assignment.unit,
        "10.1.d",
        {"until": due.on, "reason": order.command.text, "due": due},
        key=f"{assignment.id}:{due.on}",
        case=Case(question.id, assignment.id),
    )
    told = to_citizen(
        "citizen_late",
        question,
        assignment.due.clause,
        {
            "unit_name": unit_name(house, assignment.unit),
            "was_due": assignment.due,
            "new_due": due,
            "reason": "Đơn vị cần thêm thời gian và đã được Ban Biên tập đồng ý gia hạn",
        },
        key=f"{assignment.id}:{assignment.due.on}",
    )
    return (move, to_the_unit, told)


def refuse_extension(order: Order) -> Outcome:
    """ "Không đồng ý gia hạn": the due date stays, the unit is told."""
    question = order.question
    waiting = question.open_leads if question else ()
    if question is None or not waiting:
        return False, "Không có đơn vị nào đang nợ trả lời câu hỏi này", ()
    mails = tuple(
        to_unit(
            "unit_extension_refused",
            order.facts.house,
            one.unit,
            "10.1.d",
            {"until": one.wanted_until, "reason": order.command.text, "due": one.due},
            key=f"{one.id}:{order.facts.raw_mail}",
            case=Case(question.id, one.id),
        )
        for one in waiting
    )
    noted = Note("extension_refused", "Ban Biên tập không đồng ý gia hạn", "10.1.d", question.id)
    return True, f"Đã báo đơn vị giữ nguyên hạn của câu hỏi {question.code}", (noted, *mails)
