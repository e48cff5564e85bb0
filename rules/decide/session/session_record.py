"""What was asked and answered in a session: approved as one paper, posted with the recording, told on (5.2)."""

from __future__ import annotations

from rules.decide.base.actions import Action, Note
from rules.decide.base.approval_requests import session_view
from rules.decide.base.command_result import Order, Outcome
from rules.decide.base.facts import SessionCase
from rules.decide.base.notices import to_citizen
from rules.decide.base.session_actions import SetSession
from rules.decide.session.session_duties import met
from rules.decide.session.sessions import POSTING
from rules.law.session_rules import Mark, PaperKind


def posted(order: Order, case: SessionCase, link: str) -> Outcome:
    """Article and recording stand on the portal; who asked in the session gets the link."""
    del order
    session = case.session
    if not any(one.kind is PaperKind.RECORD and one.status == "approved" for one in case.papers):
        how = f"xin ghi “Trình nội dung phiên {session.code}” trước khi đăng"
        return False, f"Nội dung phiên {session.code} chưa được duyệt; {how}", ()
    values = {"record_link": link}
    why = "Đã đăng bài và bản ghi của phiên"
    actions: list[Action] = [
        SetSession(session.id, (session.status,), session.status, "record_posted", why, "5.2", values),
        *met(session, POSTING),
        Note("record_posted", why, "5.2", data={"session": session.code, "link": link}),
    ]
    told = [one for one in case.questions if one.session_mark == Mark.ANSWERED.value and one.email]
    view = session_view(session)
    for one in told:
        shown = {"session": view, "what": "posted", "due": None, "link": link}
        actions.append(to_citizen("citizen_session", one, "5.2", shown, key=f"{session.id}:posted"))
    text = f"Đã ghi bài và bản ghi phiên {session.code} đăng tại {link}"
    return True, f"{text}; đã báo {len(told)} người hỏi" if told else text, tuple(actions)
