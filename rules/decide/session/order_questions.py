"""Officers choose by mail which questions a session answers (9.1, 9.3) and which are put live (10.1.l)."""

from __future__ import annotations

from rules.decide.base.actions import Action, AmendQuestion
from rules.decide.base.approval_requests import session_view
from rules.decide.base.command_result import OPEN, Order, Outcome
from rules.decide.base.facts import QuestionFacts, SessionCase
from rules.decide.base.notices import STATUS_NAMES, to_citizen, told, unit_name
from rules.decide.base.session_of_question import OVER, due_moved, session_of
from rules.decide.officer.register_commands import which
from rules.decide.session.order_texts import day_of, stands
from rules.law.session_rules import BEFORE_HELD, RECEIVING, SessionStatus
from rules.law.working_days import due_instant


def take(order: Order, case: SessionCase) -> Outcome:
    """ "Đưa HP-… vào phiên P-…": its units answer by S-3, its asker hears of the day; told once."""
    question, session = order.question, case.session
    if question is None:
        return which(order, f"đưa vào phiên {session.code}")
    if session.status not in BEFORE_HELD or session.status is SessionStatus.PROPOSED:
        return False, f"{stands(session)}, nên không đưa thêm câu hỏi được", ()
    if question.session_id == session.id:
        return True, f"Câu hỏi {question.code} đã ở trong phiên {session.code}", ()
    if question.status not in OPEN:
        return False, f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}, không đưa vào phiên", ()
    house = order.facts.house
    due = session.due("answers_returned", house.law.profile, house.law.calendar)
    why = f"Câu hỏi được chọn trả lời tại phiên {session.code}, {day_of(session)}"
    actions: list[Action] = [AmendQuestion(question.id, {"session_id": session.id}, "session_taken", why)]
    in_time = order.now < due_instant(due.on)
    for one in question.assignments if in_time else ():
        if one.is_open:
            actions += due_moved(house, question, one, due_on=due, now=order.now, why=why)
    values = {"session": session_view(session), "what": "taken", "due": None, "link": session.link}
    actions.append(to_citizen("citizen_session", question, "9.1", values, key=f"{session.id}:taken"))
    units = ", ".join(dict.fromkeys(unit_name(house, one.unit) for one in question.open_leads))
    by_then = f"; {units} trả lời trước hết ngày {due.on:%d/%m/%Y}" if units and in_time else ""
    return True, f"Câu hỏi {question.code} vào phiên {session.code}{by_then}{told(question)}", tuple(actions)


def leave(order: Order) -> Outcome:
    """ "Để HP-… ngoài phiên": it keeps its own path, and who answers it and who asked are told the date."""
    question = order.question
    if question is None:
        return which(order, "để ngoài phiên")
    session = session_of(order.facts, question)
    if session is None:
        return True, f"Câu hỏi {question.code} không thuộc phiên nào, vẫn được trả lời riêng", ()
    if session.status in OVER:
        return False, f"{stands(session)}; xin ghi kết quả của câu hỏi {question.code}, ví dụ “trả lời sau”", ()
    house = order.facts.house
    due = house.law.answer_due(order.now)
    why = f"Câu hỏi được trả lời riêng, không đưa vào phiên {session.code}"
    actions: list[Action] = [AmendQuestion(question.id, {"session_id": None}, "session_left", why)]
    for one in question.assignments:
        if one.is_open:
            actions += due_moved(house, question, one, due_on=due, now=order.now, why=why)
    actions += _told_left(question, session_view(session), due if question.open_leads else None, session.id)
    return (
        True,
        f"Câu hỏi {question.code} để ngoài phiên {session.code}, được trả lời riêng{told(question)}",
        tuple(actions),
    )


def _told_left(question: QuestionFacts, view: object, due: object, session: int) -> list[Action]:
    values = {"session": view, "what": "left", "due": due}
    return [to_citizen("citizen_session", question, "9.1", values, key=f"{session}:left")]


def live(order: Order, case: SessionCase) -> Outcome:
    """ "HP-… đưa ra phiên": a question that came after the script is put in the session."""
    question, session = order.question, case.session
    if question is None:
        return which(order, "đưa ra phiên")
    if session.status not in RECEIVING:
        return False, f"{stands(session)}, nên không đưa câu hỏi ra phiên được", ()
    why = f"Chọn đưa trực tiếp ra phiên {session.code}"
    values = {"live_choice": "live", "session_id": session.id}
    chosen = AmendQuestion(question.id, values, "live_chosen", why)
    return True, f"Câu hỏi {question.code} được đưa ra phiên {session.code}; xem trên màn hình của phiên", (chosen,)
