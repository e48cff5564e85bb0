"""The officers' word on a request about personal data: carried out, or not and why; the asker is told either way."""

from __future__ import annotations

from rules.decide.base.actions import Action, CloseDuty, Note
from rules.decide.base.command_result import Order, Outcome
from rules.decide.base.notices import to_citizen
from rules.decide.officer.register_commands import which

CLAUSE = "8.3"


def done(order: Order) -> Outcome:
    """ "Đã thực hiện yêu cầu dữ liệu: …" – what was shown, corrected, locked or erased."""
    return _closed(order, carried_out=True)


def refused(order: Order) -> Outcome:
    """ "Không thực hiện yêu cầu dữ liệu vì …" – never without a reason (Law 91/2025/QH15)."""
    if not order.command.text.strip():
        return False, "Cần nêu lý do, ví dụ “không thực hiện yêu cầu dữ liệu vì sổ phải lưu trữ theo quy định”", ()
    return _closed(order, carried_out=False)


def _closed(order: Order, *, carried_out: bool) -> Outcome:
    question = order.question
    if question is None:
        return which(order, "đã thực hiện yêu cầu dữ liệu: …")
    keys = order.facts.data_requests.get(question.id, ())
    if not keys:
        return False, f"Câu hỏi {question.code} không có yêu cầu nào về dữ liệu cá nhân đang chờ", ()
    why = order.command.text.strip()
    word = "Đã thực hiện" if carried_out else "Không thực hiện"
    told = to_citizen(
        "citizen_data_closed", question, CLAUSE, {"agreed": carried_out, "text": why}, key=":".join(keys)
    )
    noted = Note("data_request_closed", f"{word} yêu cầu về dữ liệu cá nhân", CLAUSE, question.id)
    actions: tuple[Action, ...] = (*(CloseDuty(key, why=f"{word} yêu cầu") for key in keys), noted, told)
    return True, f"{word} yêu cầu về dữ liệu cá nhân của câu hỏi {question.code}; người hỏi được thông báo", actions
