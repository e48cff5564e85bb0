"""One officer's command with what it speaks of, and what carrying it out came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.commands.commands import Command
from rules.decide.base.actions import Action
from rules.decide.base.facts import HeldMailFacts, MailFacts, QuestionFacts
from rules.values.states import QuestionStatus


@dataclass(frozen=True, slots=True)
class Order:
    """One command with the question, or the held mail, that it speaks of."""

    facts: MailFacts
    command: Command
    question: QuestionFacts | None
    held: HeldMailFacts | None
    now: datetime


Outcome = tuple[bool, str, tuple[Action, ...]]


OPEN = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)
