"""Officers' words about the portal: put an answer up for publication, take a page off again (10.2)."""

from __future__ import annotations

from rules.decide.base.answer_facts import PublishingFacts
from rules.decide.base.command_result import Order, Outcome
from rules.decide.base.facts import QuestionFacts
from rules.decide.base.publication import given_answers, taken_off, to_publish
from rules.decide.officer.register_commands import which
from rules.values.states import QuestionStatus


def _known(order: Order, question: QuestionFacts) -> PublishingFacts:
    return order.facts.publishing.get(question.id, PublishingFacts())


def publish(order: Order) -> Outcome:
    """ "Trình đăng HP-…": what was answered goes before the Head, to be published once it is approved."""
    question = order.question
    if question is None:
        return which(order, "trình đăng")
    if question.status in {QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}:
        return True, f"Câu hỏi {question.code} đã được duyệt để đăng", ()
    if question.status is not QuestionStatus.ANSWERED or not given_answers(question):
        return False, f"Câu hỏi {question.code} chưa có câu trả lời bằng văn bản để đăng", ()
    known = _known(order, question)
    actions = to_publish(order.facts.house, question, order.now, before=known.papers)
    if not actions:
        return True, f"Câu hỏi {question.code} đang chờ Trưởng Ban Biên tập duyệt", ()
    return True, f"Đã trình Trưởng Ban Biên tập duyệt đăng câu hỏi {question.code}", actions


def withdraw(order: Order) -> Outcome:
    """ "Gỡ đăng HP-… vì …": a notice takes the page's place; what was approved counts no more."""
    question, why = order.question, order.command.text.strip()
    if question is None:
        example = f"gỡ đăng {order.facts.house.prefix}-2026-000123 vì …"
        return False, f"Không rõ gỡ câu hỏi nào; xin ghi kèm số, ví dụ “{example}”", ()
    if not why:
        return False, f"Cần nêu lý do, ví dụ “gỡ đăng {question.code} vì …”", ()
    known = _known(order, question)
    papers = tuple(one.id for one in known.papers if one.status in {"shown", "approved"})
    if not known.published and not papers:
        return False, f"Câu hỏi {question.code} không có trên Cổng và không chờ đăng", ()
    done = "Đã gỡ câu hỏi" if known.published else "Đã rút việc đăng câu hỏi"
    return True, f"{done} {question.code}", taken_off(question, known, why)
