"""The effect of a change of rules on earlier mails: compares two results for each mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rules.understand.understand import Understanding
from rules.values.states import GRAVE, Decision, Kind

ASKED = frozenset({Kind.QUESTION, Kind.OUT_OF_SCOPE})
STARTING = frozenset({*GRAVE, *ASKED, Kind.SPAM, Kind.NOT_A_QUESTION, Kind.UNREADABLE})
"""Kinds that depend on the words alone; the others depend on the register as it was that day."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The actual or possible result for a mail. ``score`` is None when none is on record."""

    kind: Kind
    units: tuple[str, ...] = ()
    score: float | None = None
    forwarded: bool = False
    by: str = ""
    """Who decided on the units, if that is on record: "rules", "officer" or "unit"."""

    def differs(self, other: Judgement) -> bool:
        """True when kind, units or forward/review differ."""
        mine, others = ((one.kind, one.units, one.forwarded) for one in (self, other))
        return mine != others

    def in_words(self) -> str:
        """For example ``question SXD 71% review``, without any word of the mail."""
        if self.kind not in ASKED:
            return self.kind.value
        units = "+".join(self.units) or "–"
        score = f" {self.score:.0%}" if self.score is not None else ""
        return f"{self.kind.value} {units}{score} {'forward' if self.forwarded else 'review'}"

    def as_mapping(self) -> dict[str, Any]:
        """For ``--json``."""
        score = None if self.score is None else round(self.score, 4)
        return {
            "kind": self.kind.value,
            "units": list(self.units),
            "score": score,
            "decision": "forward" if self.forwarded else "review" if self.kind in ASKED else "none",
        }


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored mail with the record, the result of the active rules, and that of the candidate rules."""

    mail: int
    question: str
    decided: Judgement
    active: Judgement
    candidate: Judgement

    def changed(self, recorded: bool) -> bool:
        """True when the candidate's result differs from the active rules', or from the record (``recorded``)."""
        if not recorded:
            return self.candidate.differs(self.active)
        return {self.decided.kind, self.candidate.kind} <= STARTING and self.candidate.differs(self.decided)


def judgement_of(read: Understanding, reachable: Collection[str], whole: bool) -> Judgement:
    """An understanding as a judgement; ``reachable``: units with an address; ``whole`` is False for a broken mail."""
    path = read.route
    units = tuple(dict.fromkeys(one.unit or path.lead for one in path.items)) if path.items else (path.lead,)
    units = tuple(unit for unit in units if unit)
    sends = read.decision is Decision.FORWARD and whole and bool(units) and set(units) <= set(reachable)
    score = path.candidates[0].score if path.candidates else None
    asked = read.kind in ASKED
    return Judgement(read.kind, units if asked else (), score if asked else None, sends and asked)


def loses_safety(before: Kind, after: Judgement) -> bool:
    """True when a complaint or denunciation would no longer be one, or would even be forwarded."""
    return before in GRAVE and after.kind not in GRAVE


def totals(mails: Sequence[Replayed], which: str) -> dict[str, Any]:
    """Figures of one side ("decided", "active", "candidate"): kinds, forwarded, how often the unit is the final one.

    The final unit is the one that has the question now, or that answered it.
    """
    side: list[tuple[Judgement, Judgement]] = [(getattr(one, which), one.decided) for one in mails]
    known = [(mine, final) for mine, final in side if final.units and final.kind in ASKED]
    agreeing = [mine for mine, final in known if mine.units and set(mine.units) <= set(final.units)]
    return {
        "kinds": dict(sorted(Counter(mine.kind.value for mine, _ in side).items())),
        "forward": sum(mine.forwarded for mine, _ in side),
        "review": sum(mine.kind in ASKED and not mine.forwarded for mine, _ in side),
        "final_unit_known": len(known),
        "final_unit_named": len(agreeing),
        "forward_to_another": sum(
            mine.forwarded and not set(mine.units) <= set(final.units) for mine, final in known
        ),
    }


def moves(mails: Iterable[Replayed], recorded: bool) -> list[tuple[str, str, int]]:
    """How many changed from what to what (kind, units, forward or review), the most frequent first."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in mails:
        before = one.decided if recorded else one.active
        pairs[_short(before), _short(one.candidate)] += 1
    return [(before, after, count) for (before, after), count in pairs.most_common()]


def _short(one: Judgement) -> str:
    return Judgement(one.kind, one.units, None, one.forwarded).in_words()
