"""Words for what single acts need: the ground of a rejection, and the consent to more time and its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.commands.mood import Words, phrases


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Words that show which clause a rejection means."""

    no_clause: tuple[Words, ...]
    complaint: tuple[Words, ...]
    """That the mail itself is a complaint, …"""
    complaints: tuple[Words, ...]
    """… and words of complaints, which tell it where nothing else does."""
    besides: tuple[Words, ...]
    """How a clause begins that gives a second command."""
    because: tuple[Words, ...]
    """Before what is told as the reason."""
    content: tuple[Words, ...]
    """Behind the requester: that he asks for something, which is what the mail is about."""
    idioms: tuple[Words, ...]
    """Expressions in which the words of a ground mean something else."""
    denies: tuple[Words, ...]
    """Directly before a ground: that there is none."""
    unsure: tuple[Words, ...]
    """In the same clause: that it is only supposed."""
    done_by_unit: tuple[Words, ...]
    """Directly behind a unit: that the unit did it."""
    of_another: tuple[Words, ...]
    """Words with which insults and answers are somebody else's, or only what the letter is about."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of rejection: its clause, what the requester reads, and how officers say so."""

    clause: str
    reason: str
    says: tuple[Words, ...]
    with_letter: bool = False
    """It is one only beside the clause's letter."""


@dataclass(frozen=True, slots=True)
class Extending:
    """Words that grant more time in two parts: the consent, and the day."""

    grants: tuple[Words, ...]
    allows: tuple[Words, ...]
    days: tuple[Words, ...]
    asked: tuple[Words, ...]
    never: tuple[Words, ...]
    others_day: tuple[Words, ...]
    """In a clause whose day is the unit's wish, …"""
    too_late: tuple[Words, ...]
    """… or is too late."""
    denied: tuple[Words, ...]
    """Before a day or a consent: that it is not given."""
    day_leads: tuple[Words, ...]
    """Before the figures of a day that is granted, as "đến" is."""
    before_days: tuple[Words, ...]
    """Between what denies a day and its figures."""
    parts: tuple[Words, ...]
    """Where another thought begins within a clause."""
    later: tuple[Words, ...]
    """In a clause about another time than this."""
    amounts: tuple[Words, ...]
    """So much time is given, without its last day."""
    either: tuple[Words, ...]
    """Between two days or ways that are left open."""
    keeps_day: tuple[Words, ...]
    """That the old day stays."""
    fillers: tuple[Words, ...]
    """What may stand before a consent in its clause, …"""
    assents: tuple[Words, ...]
    """… and the consents."""
    last_time: tuple[Words, ...]
    refuses: tuple[Words, ...]
    granted: tuple[Words, ...]
    topic: tuple[Words, ...]


def grounds_of(data: Mapping[str, Any]) -> Iterator[Ground]:
    """The table of grounds; the two whose words stand by themselves in the file are the first and the last."""
    reasons = data["reasons"]
    yield Ground("1.2", reasons["1.2"], phrases(data["complaint"]))
    for one in data["ground"]:
        yield Ground(one["clause"], one["reason"], phrases(one["says"]), one.get("with_letter", False))
    yield Ground("10.1.h", reasons["10.1.h"], phrases(data["outside"]))
