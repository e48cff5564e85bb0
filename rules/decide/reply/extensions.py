"""A unit asks for more time (10.1.d): find the day; ask back if it is not later, else submit it to the Board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.decide.base.actions import Action, Note, SetAssignment
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import notify_unit, to_people, unit_name
from rules.law.working_days import Calendar
from rules.reply.extension_dates import reason_in, wished_day
from rules.values.model import Reply
from rules.values.states import AssignmentStatus

CLAUSE = "10.1.d"


def extension(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts]
) -> tuple[Action, ...]:
    """The Board decides while the clock goes on; a day not later than the due day is asked back."""
    due = assignments[0].due.on
    until = reply.until or _counted(facts, reply.text, due)
    if until is not None and until <= due:
        return _asked_back(facts, question, assignments[0], until)
    asked = {"wanted_until": until, "wanted_why": reason_in(reply.text)}
    wanted = f"đến ngày {until:%d/%m/%Y}" if until else "nhưng không ghi đến ngày nào"
    actions = noted(assignments, asked, "extension_asked", CLAUSE, f"Đơn vị xin gia hạn {wanted}")
    values = {
        "what": f"{unit_name(facts.board, assignments[0].unit)} xin gia hạn trả lời câu hỏi {question.code} {wanted}",
        "details": [f"Hạn hiện nay: {due:%d/%m/%Y}", reply.text[:1500]],
        "commands": _commands(question.code, until.strftime("%d/%m/%Y") if until else "…"),
    }
    key = f"extend:{facts.raw_mail}" + (f":{until:%Y-%m-%d}" if until else "")
    alert = to_people("officer_alert", facts.board.officers, CLAUSE, values, key=key, question=question.id)
    return (*actions, *alert)


def _counted(facts: MailFacts, text: str, due: date) -> date | None:
    """ "Thêm 1 tuần" and the like, counted from the day the answer is due."""
    calendar = facts.board.law.calendar
    on = facts.board.law.today(facts.received_at)
    return wished_day(text, due, on, lambda day, number: _working_days_after(calendar, day, number))


def _working_days_after(calendar: Calendar, day: date, number: int) -> date:
    for _ in range(number):
        day = calendar.next_working_day(day)
    return day


def _asked_back(
    facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, until: date
) -> tuple[Action, ...]:
    """A day in the past, or before the due day, is a mistake, and nobody needs to decide on it."""
    due = f"{assignment.due.on:%d/%m/%Y}"
    past = until < facts.board.law.today(facts.received_at)
    wrong = "đã qua" if past else f"không sau hạn hiện nay ({due})"
    ask = {"label": "Xin gia hạn", "text": "Xin gia hạn đến ngày "}
    note = Note("extension_unclear", f"Đơn vị xin gia hạn đến {until:%d/%m/%Y}, {wrong}", CLAUSE, question.id)
    return (note, *notify_unit(facts, question, assignment, "wrong_day", [ask], until=until, reason=wrong))


def _commands(code: str, until: str) -> list[dict[str, str]]:
    return [
        {"label": f"Đồng ý gia hạn đến {until}", "text": f"{code} đồng ý gia hạn đến {until}"},
        {"label": "Không đồng ý gia hạn", "text": f"{code} không đồng ý gia hạn"},
    ]


def noted(
    assignments: list[AssignmentFacts], values: Mapping[str, object], act: str, clause: str, why: str
) -> tuple[Action, ...]:
    """Something the unit says in addition to its answer: noted on each assignment, which stays open."""
    return tuple(
        SetAssignment(
            one.id,
            AssignmentStatus.FORWARDED,
            AssignmentStatus.FORWARDED,
            one.question_id,
            values,
            act=act,
            clause=clause,
            why=why,
        )
        for one in assignments
    )
