"""Questions that an officer registers for other people by mail, read by the same rules as mails are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from daemon.installation.installation import Installation
from rules.commands.command import without_signature
from rules.commands.commands import Command, read_commands
from rules.decide.base.facts import DictatedFacts
from rules.decide.officer.on_behalf_of_citizens import VERB, manual_registration_mail, read_manual_registration
from rules.understand.understand import Understanding, understand
from rules.values.model import ParsedMail

MOST = 100
"""Most dictations in one mail, so that their keys stay apart."""


class Stored(Protocol):
    """The columns of a ledger row that this module needs."""

    @property
    def id(self) -> int: ...
    @property
    def internaldate(self) -> datetime: ...


def manual_registrations_in(
    installation: Installation, row: Stored, mail: ParsedMail, read: Understanding
) -> tuple[DictatedFacts, ...]:
    """Every dictation of an officer's mail, understood for the day on which the person asked."""
    person = installation.person(mail.sender.email)
    if person is None:
        return ()
    commands = read_commands(
        read.text.ordered, installation.board.units, source=installation.board.source, unread=True
    )
    dictated = [one for one in commands if one.verb == VERB][:MOST]
    return tuple(_read(installation, row, number, command, person.name) for number, command in enumerate(dictated))


def _read(installation: Installation, row: Stored, number: int, command: Command, writer: str) -> DictatedFacts:
    said = read_manual_registration(replace(command, text=without_signature(command.text, writer)))
    asked = manual_registration_mail(said)
    received = (said.received or row.internaldate).astimezone(UTC)
    board = installation.board
    unit = read_commands(f"Chuyển {said.unit}", board.units, source=board.source)[:1] if said.unit else ()
    return DictatedFacts(
        said=command.raw,
        key=-(row.id * MOST + number),
        subject=said.subject,
        channel=said.channel,
        unit=unit[0].unit if unit else "",
        mail=asked,
        understanding=understand(asked, installation.knowledge, installation.board.law.today(received)),
        received_at=received,
    )
