"""The state of a decision while :mod:`db.decision.apply` carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row

from db.core.journal import Entry
from db.outbox.outbox import Queued
from db.register import questions
from rules.decide.base import actions as act
from rules.values.model import Notice


class ConflictError(RuntimeError):
    """The state was not the one that the decision expected; nothing of the decision has been carried out."""


class Composed(Protocol):
    """The final bytes of a mail, and the data that the outbox stores with them."""

    @property
    def message_id(self) -> str: ...
    @property
    def envelope_from(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that is about to become bytes; ``connection`` serves to read the attachments that it passes on."""

    notice: Notice
    question: Row[Any] | None
    assignment: int | None
    raw_mail: int | None
    now: datetime
    connection: Connection
    approval: int | None = None
    about: int = 0
    """The mail that an answer refers to, where the notice itself names it."""


Compose = Callable[[Pending], Composed]


@dataclass(frozen=True, slots=True)
class MailAtHand:
    """The mail decided on: its ledger data other than the fate, and whether it is the first of its identity."""

    id: int | None
    told: Mapping[str, Any] = field(default_factory=dict)
    first: bool = False


NO_MAIL = MailAtHand(None)


@dataclass(slots=True)
class Application:
    """One decision being carried out.

    ``queued``: those of its mails' idempotency keys that have a row already or get one. ``mails``: what goes into the
    outbox at the end of the decision, each with the index of the journal entry that will name its row.
    """

    connection: Connection
    compose: Compose
    prefix: str
    now: datetime
    actor: str = "daemon"
    at_hand: MailAtHand = NO_MAIL
    entries: list[Entry] = field(default_factory=list)
    queued: set[str] = field(default_factory=set)
    mails: list[tuple[Queued, int]] = field(default_factory=list)
    new_question: int | None = None
    made: dict[tuple[int, str, int], int] = field(default_factory=dict)
    new_session: int | None = None
    new_paper: int | None = None
    new_approval: int | None = None
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    told: bool = False
    """True when this same decision informs the asker of the question that it registers."""

    @property
    def raw_mail(self) -> int | None:
        """The id of the mail decided on, None without one."""
        return self.at_hand.id

    def question(self, wanted: int | None) -> int | None:
        """A question's id; the one just registered for ``NEW``."""
        return self.new_question if wanted == act.NEW else wanted

    def session(self, wanted: int | None) -> int | None:
        """A session's id; the one just proposed for ``NEW``."""
        return self.new_session if wanted == act.NEW else wanted

    def row(self, question: int) -> Row[Any]:
        """A register row, read once until the decision changes something."""
        if question not in self.rows:
            self.rows[question] = questions.row_of(self.connection, question)
        return self.rows[question]

    def write(self, entry: Entry) -> None:
        """Add a journal entry to this decision; all entries are written when it has been carried out."""
        self.entries.append(entry)

    def note(self, name: str, why: str, clause: str = "", question: int | None = None, **data: Any) -> None:
        """Add a journal entry with the decision's actor and mail."""
        self.write(Entry(name, why, clause, self.actor, question, self.raw_mail, data=data))
