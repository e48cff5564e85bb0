"""The same letter again from the same person: tied to the question that it was, and told so, not forwarded twice."""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, Finish, Note
from rules.decide.base.facts import MailFacts
from rules.decide.base.notices import STATUS_NAMES, open_units, to_citizen, unit_names
from rules.decide.base.publication import earlier_answers
from rules.decide.intake.follow_ups import completed_by_letter, pass_on
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus, QuestionStatus


def is_repeat(facts: MailFacts) -> bool:
    """True when the sender's question stands in the register already."""
    return facts.repeats is not None and facts.person is None and not facts.sender_unit


def decide_repeat(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Attached to the first question; the asker hears its number, how it stands, and the answer if it has one."""
    question = facts.repeats
    if question is None:
        return ()
    code, trace = question.code, facts.understanding.trace
    files = any(not one.inline for one in facts.mail.attachments)
    actions: list[Action] = [
        Note("repeated", f"Người hỏi gửi lại câu hỏi {code}", "10.1.c", question.id),
        *completed_by_letter(facts, question, now),
        *(pass_on(facts, question) if files and question.status not in _GIVEN else ()),
    ]
    values = {
        "again": True,
        "other": code,
        "asked_at": question.received_at,
        "state": STATUS_NAMES[question.status],
        "units": unit_names(facts.house, open_units(question.assignments)),
        "answers": earlier_answers(facts.house, question, own=True) if question.status in _GIVEN else (),
        "answered_at": question.answered_at,
    }
    day = facts.house.law.today(now)
    told = to_citizen("citizen_repeated", question, "10.1.c", values, key=f"{day:%Y%m%d}")
    why = f"Người hỏi gửi lại câu hỏi {code}; đã báo không cần gửi lại"
    return (
        *actions,
        told,
        Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace),
    )


_GIVEN = frozenset({QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED})
