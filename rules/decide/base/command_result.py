"""One officer's command with what it is about, and the result of carrying it out."""

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
    """One command with the question, or the held mail, that it is about."""

    facts: MailFacts
    command: Command
    question: QuestionFacts | None
    held: HeldMailFacts | None
    now: datetime


Outcome = tuple[bool, str, tuple[Action, ...]]
Handler = Callable[[CommandAtHand], Outcome]


@dataclass(frozen=True, slots=True)
class MoreRulings:
    """Commands that another room carries out; they decide nothing about a question and use up no token.

    ``offers`` gives prepared replies (``label`` and ``text``) for a command that was not carried out.
    """

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    offers: Callable[[MailFacts, Command], list[dict[str, str]]] = lambda facts, command: []  # noqa: ARG005
    form: Callable[[MailFacts, Command], str] = lambda facts, command: ""  # noqa: ARG005
    """A form to fill in that goes with the reply; "" for most commands."""


OPEN = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)
