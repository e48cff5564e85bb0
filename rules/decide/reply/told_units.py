"""Nobody known is left without a word: what became of a unit's mail is said to it, briefly, with what it may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    kind: str,
    commands: Sequence[Mapping[str, str]] = (),
    **values: object,
) -> tuple[Action, ...]:
    """One short mail to the unit about its mail at hand, of a ``kind`` that the template knows.

    () to a unit without an address.
    """
    unit = assignment.unit if assignment.unit in facts.house.contacts else facts.sender_unit
    if unit not in facts.house.contacts:
        return ()
    shown = {"kind": kind, "due": assignment.due.on, "commands": list(commands), **values}
    case = Case(question.id, assignment.id)
    key = f"{facts.raw_mail}:{question.id}"
    return (to_unit("unit_told", facts.house, unit, "10.1.d", shown, key=key, case=case),)


def taken_for_receipt(facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts) -> tuple[Action, ...]:
    """What was taken for "đã nhận" is echoed once; whoever nods to that echo hears no second one."""
    if any(sent.name == "unit_told" for sent in facts.threads[:1]):
        return ()
    return told(facts, question, assignment, "receipt", [CONFIRM])


def held_back(facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, why: str) -> tuple[Action, ...]:
    """A mail that an officer looks at first: nothing of it has gone to the citizen yet."""
    return told(facts, question, assignment, "held", [CONFIRM, RECALL, ASK], reason=why)
