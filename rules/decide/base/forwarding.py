"""Forwarding a question to units: the assignment, its due date, the mail to the unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Forward
from rules.decide.base.facts import BoardFacts, QuestionFacts
from rules.decide.base.notices import AboutCase, forward_values, to_unit
from rules.law.working_days import due_instant
from rules.message.attachment_policy import is_scan
from rules.values.model import Attachment, AttachmentRef, CountedDate, Item, Kind, ParsedMail

CLAUSE = "10.1.c"


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What all assignments of one forwarding share. ``question`` may be ``NEW``; ``raw_mail`` goes into the keys."""

    question: int
    raw_mail: int
    due: CountedDate
    now: datetime
    guessed: bool
    round: int = 1
    why: str = ""


def assign(
    board: BoardFacts,
    handover: NewAssignment,
    items: Sequence[Item],
    supporting: Iterable[str],
    attachments: tuple[AttachmentRef, ...],
) -> tuple[Action, ...]:
    """Assign each item to its lead unit, and the first item also to the supporting units (clause 10.1.c)."""
    actions: list[Action] = []
    lead = items[0].unit
    for item in items:
        actions += _to_unit(board, handover, item, "lead", item.unit, attachments)
    leads = {item.unit for item in items}
    for unit in supporting:
        if unit in board.contacts and unit not in leads:
            item = Item(items[0].number, items[0].text, unit)
            actions += _to_unit(board, handover, item, "support", lead, attachments)
    return tuple(actions)


def _to_unit(
    board: BoardFacts,
    handover: NewAssignment,
    item: Item,
    role: str,
    lead: str,
    attachments: tuple[AttachmentRef, ...],
) -> tuple[Action, ...]:
    law = board.law
    stage = law.first_stage(handover.due, handover.now)
    forward = Forward(
        question=handover.question,
        item=item.number,
        text=item.text,
        unit=item.unit,
        role=role,
        due=handover.due,
        due_at=due_instant(handover.due.on),
        stage=stage,
        next_at=law.chase_event(handover.due, stage).at,
        round=handover.round,
        why=handover.why,
    )
    shown: list[dict[str, object]] = [{"number": item.number, "text": item.text}]
    values = forward_values(board, item.unit, role, lead, shown, handover.due, handover.guessed)
    mail = to_unit(
        "unit_forward",
        board,
        item.unit,
        CLAUSE,
        values,
        key=f"{handover.raw_mail}:{item.number}:{item.unit}:{handover.round}",
        case=AboutCase(handover.question, (item.number, item.unit, handover.round)),
        attachments=attachments,
    )
    return (forward, mail)


def attachment_refs(
    mail: ParsedMail, raw_mail: int, wanted: Sequence[Attachment] | None = None
) -> tuple[AttachmentRef, ...]:
    """A mail's files (or some of them) for forwarding; their bytes are read from the raw mail on composing.

    A photograph that contains the question is included even if the mail program showed it inline.
    """
    if wanted is None:
        wanted = [one for one in mail.attachments if not one.inline or is_scan(one)]
    return tuple(AttachmentRef(raw_mail, one.part, one.name, one.type) for one in wanted)


def now_a_question(question: QuestionFacts) -> tuple[Action, ...]:
    """Mark as a question what the program took for something else, once an officer has found its unit (10.1.c)."""
    if question.kind is Kind.QUESTION:
        return ()
    why = "Cán bộ xác nhận là câu hỏi thuộc phạm vi của thành phố"
    return (AmendQuestion(question.id, {"kind": Kind.QUESTION.value}, "kind", why),)
