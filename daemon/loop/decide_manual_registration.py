"""Questions that an officer's mail registers for others, read by the same rules as mails are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from daemon.installation.installation import Office
from rules.commands.commands import Command, read_commands
from rules.decide.base.facts import DictatedFacts
from rules.decide.officer.manual_registration import VERB, dictated_mail, read_dictation
from rules.understand.understand import Understanding, understand
from rules.values.model import ParsedMail

MOST = 100
"""Dictations in one mail, so that their keys stay apart."""


class Stored(Protocol):
    """A ledger row, as far as it is needed here."""

    @property
    def id(self) -> int: ...
    @property
    def internaldate(self) -> datetime: ...


def dictated_in(office: Office, row: Stored, mail: ParsedMail, read: Understanding) -> tuple[DictatedFacts, ...]:
    """Every dictation of an officer's mail, understood for the day on which the person asked."""
    if office.person(mail.sender.email) is None:
        return ()
    commands = read_commands(read.text.ordered, office.house.units, source=office.house.source, unread=True)
    dictated = [one for one in commands if one.verb == VERB][:MOST]
    return tuple(_read(office, row, number, command) for number, command in enumerate(dictated))


def _read(office: Office, row: Stored, number: int, command: Command) -> DictatedFacts:
    said = read_dictation(command)
    asked = dictated_mail(said)
    received = (said.received or row.internaldate).astimezone(UTC)
    house = office.house
    unit = read_commands(f"Chuyển {said.unit}", house.units, source=house.source)[:1] if said.unit else ()
    return DictatedFacts(
        said=command.raw,
        key=-(row.id * MOST + number),
        channel=said.channel,
        unit=unit[0].unit if unit else "",
        mail=asked,
        understanding=understand(asked, office.knowledge, office.house.law.today(received)),
        received_at=received,
    )
