"""A line of an officer's mail that speaks of an order and gives none: a report, a plan, a condition, a question."""

from __future__ import annotations

from rules.commands.mood import CONDITION, NEGATION, PLAN, QUESTION, REPORT, STOPPED
from rules.decide.base.actions import Note
from rules.decide.base.command_result import Order, Outcome
from rules.decide.officer.register_commands import noted

_NO_ORDERS = {
    PLAN: "Đây là việc sẽ làm, chưa phải lệnh, nên chưa làm gì",
    NEGATION: "Dòng này nói không làm, nên không làm gì",
    CONDITION: "Lệnh có kèm điều kiện nên chưa làm gì; xin ghi lệnh khi điều kiện đã có",
    QUESTION: "Đây là câu hỏi, chưa phải lệnh, nên chưa làm gì",
    STOPPED: "Đã bỏ theo dòng sau trong cùng thư",
}


def no_order(order: Order) -> Outcome:
    """A report is kept with the question; a plan, a condition or a question is answered, and nothing is done."""
    command, question = order.command, order.question
    if command.field != REPORT:
        return False, _NO_ORDERS[command.field], ()
    if question is None:
        return True, "Hệ thống không làm gì thêm", (Note("reported", "Cán bộ báo việc đã làm, không phải lệnh"),)
    kept = noted(question, command.text, "Cán bộ báo việc đã làm")
    return True, f"Đã ghi vào phần ghi chú của câu hỏi {question.code}; hệ thống không chuyển, không gửi gì", (kept,)
