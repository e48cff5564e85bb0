"""A way back: an answer that waits is taken back; one that left is corrected or added to, and all are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, RecallAnswer, RecordAnswer, Reopened, SetQuestion
from rules.decide.base.answer_facts import PublishingFacts, WaitingAnswer
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import answered_key, to_citizen, to_people, unit_name
from rules.decide.base.publication import taken_off
from rules.decide.reply.answers import delayed, files_for, signatures_of
from rules.values.model import Reply
from rules.values.states import AssignmentStatus, QuestionStatus

CLAUSE = "10.1.d"
GIVEN = (QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED)
"""Questions that have an answer."""
CORRECTION, SUPPLEMENT = "correction", "supplement"


def waiting_answers(facts: MailFacts, question: QuestionFacts, own: Collection[int]) -> tuple[WaitingAnswer, ...]:
    """The answers to a question that have not left yet, of these assignments."""
    found = (one for one in facts.waiting if one.question == question.id)
    return tuple(one for one in found if set(one.assignments) <= set(own))


def taken_back(
    facts: MailFacts, question: QuestionFacts, ids: Collection[int], outbox: tuple[int, ...], now: datetime, why: str
) -> tuple[Action, ...]:
    """The assignments owe their answers again, the question is open, and what was put up for the portal is void."""
    law = facts.house.law
    reopened = []
    for one in question.assignments:
        if one.id in ids and one.status is AssignmentStatus.ANSWERED:
            stage = law.first_stage(one.due, now)
            reopened.append(Reopened(one.id, stage, law.chase_event(one.due, stage).at))
    known = facts.publishing.get(question.id, PublishingFacts())
    actions: list[Action] = [
        *taken_off(question, known, why),
        RecallAnswer(question.id, tuple(reopened), outbox, why),
    ]
    if question.status in GIVEN:
        left = {"answered_at": None, "outcome": ""}
        back = SetQuestion(question.id, GIVEN, QuestionStatus.FORWARDED, left, "reopened", CLAUSE, why)
        actions.append(back)
    return tuple(actions)


def open_again(question: QuestionFacts, ids: Collection[int]) -> QuestionFacts:
    """The question as it stands after :func:`taken_back`."""
    waits = AssignmentStatus.FORWARDED
    again = tuple(replace(one, status=waits) if one.id in ids else one for one in question.assignments)
    return replace(question, status=QuestionStatus.FORWARDED, assignments=again, answers=())


def added(
    facts: MailFacts,
    reply: Reply,
    question: QuestionFacts,
    assignment: AssignmentFacts,
    now: datetime,
    kind: str,
) -> tuple[Action, ...]:
    """A correction or an addition to an answer that left: recorded, told, and the portal's page withdrawn."""
    files = files_for(facts, reply, question)
    why = "Đơn vị đính chính câu trả lời" if kind == CORRECTION else "Đơn vị gửi bổ sung câu trả lời"
    known = facts.publishing.get(question.id, PublishingFacts())
    record = RecordAnswer(
        question=question.id,
        assignment=assignment.id,
        unit=assignment.unit,
        text=reply.text,
        document=reply.document,
        signer=reply.signer,
        signer_title=reply.signer_title,
        files=tuple(one.name for one in facts.mail.attachments if not one.inline),
        received_at=facts.received_at,
        refs=files,
        raw_mail=facts.raw_mail,
        signatures=signatures_of(facts),
    )
    values = {
        "kind": kind,
        "unit_name": unit_name(facts.house, assignment.unit),
        "text": reply.text,
        "document": reply.document,
        "signer": reply.signer,
        "signer_title": reply.signer_title,
        "answered_at": question.answered_at,
        "files": [one.name for one in files],
    }
    key = answered_key((assignment.id,), facts.raw_mail)
    told = to_citizen("citizen_corrected", question, CLAUSE, values, key=key, attachments=files)
    off = taken_off(question, known, why)
    return (*off, record, delayed(facts, told, now), *_officers_hear(facts, question, why, values, bool(off)))


def _officers_hear(
    facts: MailFacts, question: QuestionFacts, why: str, values: Mapping[str, object], off: bool
) -> tuple[Action, ...]:
    """Whatever is said after an answer the officers know; a page taken off needs a new approval."""
    details = [f"Đơn vị: {values['unit_name']}", str(values["text"])[:1500]]
    if off:
        details.append("Bài trên Cổng đã được gỡ; xin trình đăng lại.")
    commands = [{"label": "Trình đăng lại", "text": f"trình đăng {question.code}"}] if off else []
    alert = {"what": f"{why} {question.code}; người hỏi được báo", "details": details, "commands": commands}
    key = f"added:{facts.raw_mail}:{question.id}"
    return to_people("officer_alert", facts.house.officers, CLAUSE, alert, key=key, question=question.id)
