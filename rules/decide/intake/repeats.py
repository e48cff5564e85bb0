"""The same letter again from the same person: tied to the question that it was, and told so, not forwarded twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from rules.decide.base.actions import Action, Finish, Note
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.notices import STATUS_NAMES, open_units, to_citizen, unit_names
from rules.decide.base.publication import earlier_answers
from rules.decide.intake.follow_ups import completed_by_letter, pass_on
from rules.text import squash, strip_marks
from rules.understand.understand import Understanding
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus, QuestionStatus

REPEATED_WITHIN = timedelta(days=90)
"""A letter that comes again later is a new question: things may have changed."""
LEAST_WORDS = 8
"""Shorter letters ("Bao giờ sửa đường?") may well mean something else the second time."""
SAME = 0.95
"""The share of words that two letters have in common from which they are the same; their numbers must all be."""
LIVE = frozenset(
    {QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}
    | {QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}
)
"""What was refused or closed may be asked again."""
_WORD = re.compile(r"[^\W_]+")


def may_repeat(read: Understanding) -> bool:
    """True for a letter that would be a new question."""
    return read.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} and len(_words(read.text.own)) >= LEAST_WORDS


def _words(text: str) -> list[str]:
    return _WORD.findall(strip_marks(squash(text)))


def repeated(text: str, known: Iterable[QuestionFacts]) -> QuestionFacts | None:
    """The question of the same person that this letter is word for word, or all but."""
    own = Counter(_words(text))
    numbers = {word: count for word, count in own.items() if word.isdecimal()}
    for one in known:
        theirs = Counter(_words(one.content))
        if numbers != {word: count for word, count in theirs.items() if word.isdecimal()}:
            continue
        shared = 2 * sum((own & theirs).values()) / max(1, own.total() + theirs.total())
        if one.status in LIVE and shared >= SAME:
            return one
    return None


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
