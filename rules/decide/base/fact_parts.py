"""What the facts of a decision are made of: this installation, answers, blocked files, invitations.

Of this installation: its people and its rules. Of answers: those that have not left yet, what of them is published,
and who was not told. Of invitations (iTIP, RFC 5546): who was asked to a session, and what came back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rules.law.legal_dates import Law
from rules.law.session_rules import PaperFacts, SessionFacts
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source
from rules.values.model import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on the list: ``role`` is officer, head, office or approver (who decides on papers and nothing else)."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class UnitContact:
    """How a unit is written to and who may speak for it: the operator's data."""

    code: str
    address: str
    others: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    leader_name: str = ""
    leader_email: str = ""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What the decisions must know of this installation."""

    mailbox: str
    officers: tuple[Person, ...]
    head: Person
    office: Person | None
    contacts: Mapping[str, UnitContact]
    units: Mapping[str, Unit]
    law: Law
    where_to_complain: str = ""
    require_authentication: bool = False
    acknowledgements_per_address_day: int = 10
    acknowledgements_per_hour: int = 2000
    deputy: Person | None = None
    """Approves in the Head's place while the Head is absent."""
    head_absent: tuple[date, date] | None = None
    """First and last day of the Head's absence."""
    complaints: Person | None = None
    """The officer named for complaints and denunciations, where the house has named one."""
    source: Source = DEFAULT
    """Where the words of commands, phones and blanking come from: the operator's files over the shipped ones."""
    answer_delay: timedelta = timedelta()
    """How long an answer waits before it leaves for the citizen, so that it can be taken back."""
    approvers: Mapping[str, Person] = field(default_factory=dict)
    """Who approves beside the Head where the profile asks for more than one: the profile's role → person."""
    invited: Mapping[str, str] = field(default_factory=dict)
    """Addresses of whom the yearly review invites beside the units (11.6), by name."""

    @property
    def prefix(self) -> str:
        """The letters that register numbers begin with."""
        return self.source.prefix

    @property
    def named_officer(self) -> Person:
        """Who alone gets complaints and hears of denunciations (1.2): the one named, else the first of the list."""
        return self.complaints or self.officers[0]


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """An answer's mail that has not left yet, and the assignments it answers."""

    outbox: int
    question: int
    assignments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PublishingFacts:
    """The texts of a question that were put up for publication, and whether its page stands on the portal."""

    papers: tuple[PaperFacts, ...] = ()
    published: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that an asker without mail has not been told yet; ``notice`` is the name of the unsent mail."""

    key: str
    notice: str
    opened_at: datetime


ACCEPTED, DECLINED, TENTATIVE = "accepted", "declined", "tentative"
STEP = 10
"""SEQUENCE of an invitation (RFC 5545 §3.8.7.4): so many times the session's moves, and the rank of its state."""


@dataclass(frozen=True, slots=True)
class InvitationReply:
    """What a calendar program answers to an invitation of ours: ``answer`` is accepted, declined or tentative.

    ``sequence`` is that of the invitation that was answered; ``session`` is filled in where the register knows it.
    """

    code: str
    answer: str
    comment: str = ""
    sequence: int = 0
    session: SessionFacts | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """The last answer of one who was invited; ``moves``: to which planning of the session it was given."""

    address: str
    unit: str
    answer: str
    comment: str
    moves: int
    said_at: datetime


@dataclass(frozen=True, slots=True)
class BlockedFile:
    """An attached file that is not passed on by itself; ``status`` is held or unscanned, ``why`` for officers."""

    part: int
    name: str
    status: str
    why: str
