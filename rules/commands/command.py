"""A command read from a line of an officer's mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UNREAD = "unread"
"""The verb of a line that begins with a register number, or like a command, but is not understood."""
NO_ORDER = "no_order"
"""The verb of a line that mentions a command but gives none; ``field`` is its mood (``rules.commands.mood``)."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``question`` is "" for the mail's own; ``unit`` is a code, "" when it was not understood.

    ``clause`` is the clause of a rejection; ``text`` the reason, question or note; ``supporting`` further units of a
    forward; ``until`` the day of an extension; ``field`` the field to correct; ``raw`` the line as written.
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
    """A remark of a forward for the unit to read."""
    session: str = ""
    """The number of the session that the line names; "" when it names none."""


@dataclass(frozen=True, slots=True)
class CommandMatch:
    """The commands of a part of a line, one for each question it names, and the kind of argument they take."""

    commands: tuple[Command, ...]
    takes: str
