"""One officer's command with what it speaks of, and what carrying it out came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.commands.commands import Command
from rules.decide.base.actions import Action
from rules.decide.base.facts import HeldMailFacts, MailFacts, QuestionFacts
from rules.values.states import QuestionStatus


@dataclass(frozen=True, slots=True)
class CommandAtHand:
    """One command with the question, or the held mail, that it speaks of."""

    facts: MailFacts
    command: Command
    question: QuestionFacts | None
    held: HeldMailFacts | None
    now: datetime


Outcome = tuple[bool, str, tuple[Action, ...]]
Handler = Callable[[CommandAtHand], Outcome]


@dataclass(frozen=True, slots=True)
class MoreRulings:
    """Commands that another room carries out; they decide no question's case and spend no token.

    ``offers`` gives prepared answers, ``label`` and ``text``, where one of them was not carried out.
    """

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    offers: Callable[[MailFacts, Command], list[dict[str, str]]] = lambda facts, command: []  # noqa: ARG005
    form: Callable[[MailFacts, Command], str] = lambda facts, command: ""  # noqa: ARG005
    """A form that goes with the answer, to be filled in; "" for most commands."""


OPEN = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)
