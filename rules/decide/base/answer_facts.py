"""What is known of answers: those that have not left yet, and what of them is published."""

from __future__ import annotations

from dataclasses import dataclass

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
