"""To which session a question belongs, and until when it is answered then (10.1.c, 10.1.d, 10.1.l; 5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.actions import Action, Send
from rules.calendar import due_instant
from rules.facts import House, MailFacts, QuestionFacts
from rules.law import Law
from rules.model import CountedDate, Notice, Recipient
from rules.session import SessionFacts, SessionStatus
from rules.workflow.notices import to_people
from rules.workflow.papers import session_view

OVER = (SessionStatus.HELD, SessionStatus.CLOSED)


def session_for(facts: MailFacts, units: Sequence[str], now: datetime) -> SessionFacts | None:
    """The nearest session that takes a question for these lead units; None = the path without a session."""
    return next((one for one in facts.sessions if one.takes(units, now)), None)


def session_elsewhere(facts: MailFacts, units: Sequence[str], now: datetime) -> SessionFacts | None:
    """The session after which a question outside its chair's field is forwarded, where the profile waits (10.1.g)."""
    waits = facts.house.law.profile.options.forward_elsewhere == "after_session"
    if not waits or session_for(facts, units, now) is not None:
        return None
    return next((one for one in facts.sessions if one.is_receiving(now)), None)


def session_of(facts: MailFacts, question: QuestionFacts) -> SessionFacts | None:
    """The session that a question belongs to already."""
    return next((one for one in facts.sessions if one.id == question.session_id), None)


def answer_due(law: Law, session: SessionFacts | None, now: datetime) -> CountedDate:
    """S-3 (10.1.d); when that is past, S+15 (10.1.i), since the question may still go live; else without session."""
    if session is None or session.status in OVER:
        return law.answer_due(now)
    before = session.due("answers_returned", law.profile, law.calendar)
    if now < due_instant(before.on):
        return before
    return session.due("answer_after_session", law.profile, law.calendar)


def keeps_answer_back(session: SessionFacts | None, question: QuestionFacts) -> bool:
    """An answer for the script reaches the citizen when the session is over and the question marked (9.3, 10.2)."""
    if session is None or session.status in {SessionStatus.CANCELLED, SessionStatus.CLOSED}:
        return False
    return not question.session_mark


def live_question(house: House, session: SessionFacts | None, raw_mail: int, text: str) -> tuple[Action, ...]:
    """Clause 10.1.l: after the script is approved a question may go live; officers and chair are told at once."""
    if session is None or session.status is not SessionStatus.SCRIPT_APPROVED:
        return ()
    values: dict[str, object] = {
        "what": f"Câu hỏi đến sau khi kịch bản phiên {session.code} được duyệt",
        "details": ["Có thể đưa trực tiếp vào phiên (điểm l khoản 1 Điều 10).", text[:1500]],
        "commands": [],
        "session": session_view(session),
    }
    sends: list[Action] = list(to_people("officer_alert", house.officers, "10.1.l", values, key=f"live:{raw_mail}"))
    chair = session.form.chair
    if chair.email:
        to = Recipient(chair.email, chair.name, "leader")
        sends.append(Send(Notice("officer_alert", to, "10.1.l", f"officer_alert:live:{raw_mail}:chair", values)))
    return tuple(sends)
