"""Officers' commands about the portal: submit an answer for publication, take a page off again (10.2)."""

from __future__ import annotations

from rules.decide.base.actions import NEW
from rules.decide.base.approval_requests import approvers
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.fact_parts import PublishingFacts
from rules.decide.base.publication import UNPOSTED, given_answers, off_portal, taken_off, to_publish
from rules.decide.officer.data_requests import still_asked
from rules.decide.officer.register_commands import answer_kept, which
from rules.law.session_rules import PaperKind
from rules.values.states import QuestionStatus


def publish_surely(order: CommandAtHand) -> Outcome:
    """ "HP-… vẫn trình đăng": although its requester does not want it posted."""
    return publish(order, surely=True)


def publish(order: CommandAtHand, *, surely: bool = False) -> Outcome:
    """ "Trình đăng HP-…": submit the answer to the Head, to be published once approved."""
    question = order.question
    if question is None:
        return which(order, "trình đăng")
    if question.status in {QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}:
        return True, f"Câu hỏi {question.code} đã được duyệt để đăng", ()
    if question.status is not QuestionStatus.ANSWERED or not given_answers(question):
        return False, f"Câu hỏi {question.code} chưa có câu trả lời bằng văn bản để đăng", ()
    if kept := answer_kept(order, question):
        return False, kept, ()
    if UNPOSTED in question.notes and not surely:
        still = f"Nếu vẫn trình Trưởng Ban, xin ghi “{question.code} vẫn trình đăng”"
        return False, f"Chưa trình câu hỏi {question.code}. {UNPOSTED}. {still}", ()
    known = order.facts.publishing.get(question.id, PublishingFacts())
    actions = to_publish(order.facts.board, question, order.now, before=known.papers)
    if not actions:
        return True, f"Câu hỏi {question.code} đang chờ {_asked(order)} duyệt", ()
    owed = UNPOSTED in question.notes and order.facts.data_requests.get(question.id)
    reply = f"; yêu cầu của người hỏi còn chờ trả lời, xin ghi “{question.code} không thực hiện yêu cầu dữ liệu vì …”"
    return True, f"Đã trình {_asked(order)} duyệt đăng câu hỏi {question.code}{reply if owed else ''}", actions


def _asked(order: CommandAtHand) -> str:
    """Who is asked to approve an answer; by name where that is not the Head."""
    board = order.facts.board
    people = approvers(board, PaperKind.ANSWER, order.now)
    return "Trưởng Ban Biên tập" if board.head in people else ", ".join(one.name for one in people)


def withdraw_page(order: CommandAtHand) -> Outcome:
    """ "Gỡ đăng HP-… vì …": a notice replaces the page, and the approval no longer counts."""
    question, why = order.question, order.command.text.strip()
    if question is None:
        example = f"gỡ đăng {order.facts.board.prefix}-2026-000123 vì …"
        return False, f"Không rõ gỡ câu hỏi nào; xin ghi kèm số, ví dụ “{example}”", ()
    if not why:
        return False, f"Cần nêu lý do, ví dụ “gỡ đăng {question.code} vì …”", ()
    known = order.facts.publishing.get(question.id, PublishingFacts())
    if any(one.id == NEW for one in known.papers):
        return False, f"Câu hỏi {question.code} vừa được trình đăng theo lệnh khác trong cùng thư", ()
    papers = tuple(one.id for one in known.papers if one.status in {"shown", "approved"})
    if not known.published and not papers:
        return False, f"Câu hỏi {question.code} không có trên Cổng và không chờ đăng", ()
    done = "Đã gỡ câu hỏi" if known.published else "Đã rút việc đăng câu hỏi"
    by_hand = "" if order.facts.board.publishes else off_portal(order.facts.board, question, known)
    told = (f"{done} {question.code}", by_hand, still_asked(order.facts, question))
    return True, "; ".join(filter(None, told)), taken_off(question, known, why)
