"""Who works in this installation, and what decisions must know of it: people, units' addresses, the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from rules.law.legal_dates import Law
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
class House:
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
