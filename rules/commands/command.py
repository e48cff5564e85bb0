"""An order as it was read from a line of an officer's mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NO_ORDER = "no_order"
"""The verb of a line that speaks of an order and gives none; its ``field`` is the mood (``rules.commands.mood``)."""


@dataclass(frozen=True, slots=True)
class Command:
    """One order. ``question`` is "" for the mail's own; ``unit`` a code, "" when it was not understood.

    ``clause`` is the clause of a rejection; ``text`` the reason, question or note; ``supporting`` further units of a
    forward; ``until`` the day of an extension; ``field`` what a correction corrects; ``raw`` the line as written.
    """

    verb: str
    question: str
    unit: str = ""
    clause: str = ""
    text: str = ""
    raw: str = ""
    supporting: tuple[str, ...] = ()
    until: date | None = None
    field: str = ""
    remark: str = ""
    """What a forward says beside the unit, for the unit to read."""
    session: str = ""
    """The number of the session of dialogue that the line names, "" where it names none."""


@dataclass(frozen=True, slots=True)
class CommandMatch:
    """The commands of a piece of a line, one for each question that it names, and what they take."""

    commands: tuple[Command, ...]
    takes: str
