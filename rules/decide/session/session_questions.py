"""The questions that a session may answer, and those that its dated duties still wait for (9.1, 9.3, 10.1.c–k)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules.decide.base.actions import Send
from rules.decide.base.approval_requests import to_board
from rules.decide.base.facts import DutyFacts, QuestionFacts
from rules.decide.base.notices import unit_name
from rules.decide.base.session_of_question import is_unmarked
from rules.law.profile import Profile
from rules.law.session_rules import SessionFacts, SessionStatus
from rules.values.states import QuestionStatus

ASKED_WITH = {"plan_issued": SessionStatus.TOPIC_APPROVED, "questions_forwarded": SessionStatus.ANNOUNCED}
"""The duty with which officers are asked to choose, and the state: once topic and chair are decided, and again
when the session is announced, for questions that arrived in between."""
MOST = 40


def choice_asked(facts: DutyFacts, session: SessionFacts) -> tuple[Send, ...]:
    """The open questions outside the session, the most asked first, each with the command that adds it; once."""
    if ASKED_WITH.get(facts.due.rule) is not session.status or not facts.candidates:
        return ()
    code = session.code
    shown = facts.candidates[:MOST]
    codes = ", ".join(one.code for one, _ in shown)
    every = [{"label": "Đưa tất cả vào phiên", "text": f"Đưa {codes} vào phiên {code}"}] if len(shown) > 1 else []
    each = [{"label": f"Đưa {one.code} vào phiên", "text": f"Đưa {one.code} vào phiên {code}"} for one, _ in shown]
    values: dict[str, object] = {
        "questions": [
            {
                "code": one.code,
                "subject": one.subject,
                "likes": likes,
                "unit": ", ".join(dict.fromkeys(unit_name(facts.board, each.unit) for each in one.open_leads)),
                "received_at": one.received_at,
            }
            for one, likes in shown
        ],
        "left": len(facts.candidates) - len(shown),
        "commands": [*every, *each],
        "again": session.status is SessionStatus.ANNOUNCED,
    }
    return to_board("session_choice", facts.board, session, "9.1", values, f"{session.moves}:{session.status}")


AFTER_THE_END = ("forward_elsewhere", "answer_after_session", "tell_unanswered")
"""Duties counted from the recorded end, which exist only once there is one."""


def counted(facts: DutyFacts, rule: str = "") -> tuple[QuestionFacts, ...]:
    """The questions that a duty is about; before the session, those that arrived before its due instant."""
    if (rule or facts.due.rule) in AFTER_THE_END:
        return facts.session_questions
    return tuple(one for one in facts.session_questions if one.received_at < facts.due_at)


def waiting_for(facts: DutyFacts, rule: str) -> list[QuestionFacts]:
    """The questions that a duty of the session waits for."""
    test, posts = CHECKED.get(rule), rule == "answer_after_session" and is_posted_by(facts.board.law.profile)
    asked = counted(facts, rule)
    return [one for one in asked if test is not None and (test(one) or (posts and is_unposted(one)))]


def is_posted_by(profile: Profile) -> bool:
    """True when the answers given after a session must be published on the portal, too (10.1.i)."""
    rule = profile.find("answer_after_session")
    return rule is not None and "portal" in rule.tells


def is_unposted(question: QuestionFacts) -> bool:
    """Answered after the session, but not on the portal yet: the second half of 10.1.i."""
    given = question.status in {QuestionStatus.ANSWERED, QuestionStatus.APPROVED} or (
        question.status is QuestionStatus.CLOSED and question.answered_at is not None
    )
    return question.session_mark == "i" and given and not question.link


def _is_unsent(question: QuestionFacts) -> bool:
    """True when it waits for an officer; one only received waits on purpose, for the session's end or for data."""
    return question.status is QuestionStatus.NEEDS_REVIEW and not question.assignments


def _is_unanswered(question: QuestionFacts) -> bool:
    return question.status in {QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}


def _is_owed_later(question: QuestionFacts) -> bool:
    return is_unmarked(question) or (question.session_mark == "i" and _is_unanswered(question))


CHECKED: Mapping[str, Callable[[QuestionFacts], bool]] = {
    "questions_forwarded": _is_unsent,
    "answers_returned": _is_unanswered,
    "forward_elsewhere": is_unmarked,
    "tell_unanswered": is_unmarked,
    "answer_after_session": _is_owed_later,
}
"""Duties fulfilled when no question waits for them any more; an act of its own closes each other duty."""
