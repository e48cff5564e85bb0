"""Which open questions a session may answer: those of its units, listed to the officers, who choose (9.1, 9.3)."""

from __future__ import annotations

from rules.decide.base.actions import Send
from rules.decide.base.approval_requests import to_board
from rules.decide.base.facts import DutyFacts
from rules.decide.base.notices import unit_name
from rules.law.session_rules import SessionFacts, SessionStatus

ASKED_WITH = {"plan_issued": SessionStatus.TOPIC_APPROVED, "questions_forwarded": SessionStatus.ANNOUNCED}
"""The duty with which the choice is asked for, and in which state: once topic and chair are decided, and once more
when the session is announced, for what came between."""
MOST = 40


def choice_asked(facts: DutyFacts, session: SessionFacts) -> tuple[Send, ...]:
    """The open questions outside the session, the most asked first, each with the command that takes it in; once."""
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
                "unit": ", ".join(dict.fromkeys(unit_name(facts.house, each.unit) for each in one.open_leads)),
                "received_at": one.received_at,
            }
            for one, likes in shown
        ],
        "left": len(facts.candidates) - len(shown),
        "commands": [*every, *each],
        "again": session.status is SessionStatus.ANNOUNCED,
    }
    return to_board("session_choice", facts.house, session, "9.1", values, f"{session.moves}:{session.status}")
