"""What is known of answers: those that have not left yet, what of them is published, and who was not told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.law.session_rules import PaperFacts


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
