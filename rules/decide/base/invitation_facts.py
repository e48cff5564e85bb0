"""Who was asked to a session by an invitation (iTIP, RFC 5546), and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.law.session_rules import SessionFacts

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
