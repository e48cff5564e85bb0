"""The questions and answers of a session: approved as one paper, posted with the recording, link sent (5.2)."""

from __future__ import annotations

import re

from rules.decide.base.actions import Action, AmendQuestion, Note, SetPublication
from rules.decide.base.approval_requests import KIND_NAMES, attached, session_view, to_board
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.fact_parts import PublishingFacts
from rules.decide.base.facts import BoardFacts, SessionCase
from rules.decide.base.forwarding import session_of
from rules.decide.base.notices import to_citizen, told
from rules.decide.base.publication import published
from rules.decide.base.session_actions import SetSession, WakeDuty
from rules.decide.officer.register_commands import which
from rules.decide.session.session_duties import duty_key, met
from rules.decide.session.sessions import POSTING
from rules.law.session_rules import ApprovalFacts, Mark, PaperKind, SessionFacts
from rules.values.states import QuestionStatus

LINK = re.compile(r"https?://[^\s<>\"”“]+", re.IGNORECASE)


def question_posted(order: CommandAtHand) -> Outcome:
    """ "HP-… đã đăng tại https://…": people have put the approved answer on the portal themselves (10.1.i)."""
    question = order.question
    found = LINK.search(order.command.raw)
    if question is None:
        return which(order, "đã đăng tại https://…")
    if found is None:
        return False, f"Cần ghi địa chỉ trang, ví dụ “{question.code} đã đăng tại https://…”", ()
    link = found[0].rstrip(".,;)")
    if question.status is QuestionStatus.PUBLISHED:
        if question.link:
            return True, f"Câu hỏi {question.code} đã được ghi là đăng tại {question.link}", ()
        noted = AmendQuestion(question.id, {"link": link}, "link_noted", "Ghi địa chỉ trang đã đăng")
        return True, f"Đã ghi câu hỏi {question.code} đăng tại {link}", (noted,)
    papers = order.facts.publishing.get(question.id, PublishingFacts()).papers
    paper = next((one for one in reversed(papers) if one.status == "approved"), None)
    if question.status is not QuestionStatus.APPROVED or paper is None:
        how = f"xin ghi “{question.code} trình đăng”"
        return False, f"Câu trả lời của {question.code} chưa được duyệt để đăng; {how}", ()
    page = SetPublication(question.id, paper.id, f"ngoai/{question.code}", paper.title, paper.digest, link)
    session = session_of(order.facts, question)
    woken = (WakeDuty(duty_key(session, "answer_after_session")),) if session else ()
    text = f"Đã ghi câu hỏi {question.code} đăng tại {link}{told(question)}"
    return True, text, (*published(question, page, told=str(paper.id)), *woken)


def approved(board: BoardFacts, asked: ApprovalFacts, session: SessionFacts) -> tuple[Action, ...]:
    """Clauses 10.1.l and 10.2: article and press text may now be posted with the recording (5.2)."""
    paper, code = asked.paper, session.code
    values: dict[str, object] = {
        "kind_name": KIND_NAMES[paper.kind],
        "title": paper.title,
        "text": "",
        "ask": f"Xin đăng bài (tệp .html) cùng bản ghi của phiên, rồi ghi “{code} đã đăng tại https://…”.",
    }
    return to_board("session_paper", board, session, "10.1.l", values, asked.token, attached(paper.files))


def posted(order: CommandAtHand, case: SessionCase, link: str) -> Outcome:
    """Article and recording are on the portal; the session's requesters get the link."""
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
    heard = [one for one in case.questions if one.session_mark == Mark.ANSWERED.value and one.email]
    view = session_view(session)
    for one in heard:
        shown = {"session": view, "what": "posted", "due": None, "link": link}
        actions.append(to_citizen("citizen_session", one, "5.2", shown, key=f"{session.id}:posted"))
    text = f"Đã ghi bài và bản ghi phiên {session.code} đăng tại {link}"
    return True, f"{text}; đã báo {len(heard)} người hỏi" if heard else text, tuple(actions)
