"""Nobody known is left without a word: what became of a unit's mail is said to it, briefly, with what it may do."""

from __future__ import annotations

from collections.abc import Sequence

from rules.decide.base.actions import Action
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import Case, to_unit

CONFIRM = {"label": "Đây là câu trả lời", "text": "Trả lời"}
RECALL = {"label": "Thu hồi thư này", "text": "Thu hồi"}
ASK = {"label": "Hỏi người gửi", "text": "Hỏi người gửi: "}


def told(
    facts: MailFacts,
    question: QuestionFacts,
    assignment: AssignmentFacts,
    title: str,
    what: str,
    commands: Sequence[dict[str, str]] = (),
) -> tuple[Action, ...]:
    """One short mail to the unit about its mail at hand; () to a unit without an address."""
    unit = assignment.unit if assignment.unit in facts.house.contacts else facts.sender_unit
    if unit not in facts.house.contacts:
        return ()
    values = {"title": title, "what": what, "commands": list(commands)}
    case = Case(question.id, assignment.id)
    key = f"{facts.raw_mail}:{question.id}"
    return (to_unit("unit_told", facts.house, unit, "10.1.d", values, key=key, case=case),)


def taken_for_receipt(facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts) -> tuple[Action, ...]:
    """What was taken for "đã nhận" is echoed once; whoever nods to that echo hears no second one."""
    if any(sent.name == "unit_told" for sent in facts.threads[:1]):
        return ()
    what = (
        f"Ban Biên tập hiểu thư của Quý đơn vị là mới tiếp nhận câu hỏi {question.code}, chưa phải câu trả lời. "
        "Nếu đây là câu trả lời, xin trả lời thư này bằng chữ: Trả lời. "
        f"Hạn trả lời: hết ngày {assignment.due.on:%d/%m/%Y}."
    )
    return told(facts, question, assignment, "Đã ghi nhận đơn vị tiếp nhận câu hỏi", what, [CONFIRM])


def held_back(facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, why: str) -> tuple[Action, ...]:
    """A mail that an officer looks at first: nothing of it has gone to the citizen yet."""
    what = (
        f"Về câu hỏi {question.code}: {why[0].lower()}{why[1:]}. "
        "Thư chưa được gửi cho người hỏi; cán bộ Ban Biên tập đang xem. "
        "Nếu đây là câu trả lời để gửi người hỏi, xin trả lời thư này bằng chữ: Trả lời. "
        f"Hạn trả lời vẫn là hết ngày {assignment.due.on:%d/%m/%Y}."
    )
    return told(facts, question, assignment, "Thư của đơn vị chưa gửi cho người hỏi", what, [CONFIRM, RECALL, ASK])
