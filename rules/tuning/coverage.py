"""The share that could be forwarded automatically at a required precision, and people's corrections by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rules.tuning.corrections import Ruling
from rules.tuning.measure import Outcome, unit_group
from rules.values.model import Kind

WANTED = (0.98, 0.99)
LENGTHS = ((30, "under 30 words"), (60, "30 to 59 words"), (100, "60 to 99 words"), (10**6, "100 words and more"))


def coverage(outcomes: Iterable[Outcome], wanted: float) -> tuple[float, float]:
    """The largest share of questions whose best guesses reach this precision, and the score at which it begins.

    (0, 1) when no threshold reaches it.
    """
    asked = sorted((one for one in outcomes if is_asked(one)), key=lambda one: -one.score)
    best, right = (0.0, 1.0), 0
    for count, one in enumerate(asked, 1):
        right += one.right_unit
        last_of_its_score = count == len(asked) or asked[count].score < one.score
        if last_of_its_score and right >= wanted * count:
            best = (count / len(asked), one.score)
    return best


def is_asked(one: Outcome) -> bool:
    """True for a question with a right unit that was classified as a sure question."""
    return one.expected == Kind.QUESTION and bool(one.units)


def coverages(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Coverage at each required precision: overall, by unit (wards together), by length, and by shape if known."""
    return {
        "all": _figures(outcomes),
        "by_unit": _grouped(outcomes, unit_group),
        "by_length": _grouped(outcomes, _length),
        "by_shape": _grouped([one for one in outcomes if one.shape], lambda one: f"shape {one.shape}"),
    }


def _grouped(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> dict[str, Any]:
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if is_asked(one):
            groups.setdefault(group(one), []).append(one)
    return {name: _figures(members) for name, members in sorted(groups.items())}


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    figures: dict[str, Any] = {"questions": sum(map(is_asked, outcomes))}
    for wanted in WANTED:
        share, score = coverage(outcomes, wanted)
        figures[f"coverage_{wanted:.0%}"] = round(share, 4)
        figures[f"from_{wanted:.0%}"] = round(score, 3)
    return figures


def _length(one: Outcome) -> str:
    return next(name for most, name in LENGTHS if one.words < most)


def drift(rulings: Iterable[Ruling]) -> Mapping[str, Mapping[str, Any]]:
    """By month of receipt: how many were decided, how many corrected, and from which unit to which most often."""
    months: dict[str, list[Ruling]] = {}
    for one in rulings:
        months.setdefault(one.month, []).append(one)
    return {month: _month(found) for month, found in sorted(months.items())}


def _month(found: Sequence[Ruling]) -> Mapping[str, Any]:
    corrected = [one for one in found if one.corrected]
    moved = Counter((one.guessed or "–", one.unit or one.kind.value) for one in corrected)
    return {
        "ruled": len(found),
        "corrected": len(corrected),
        "share": round(len(corrected) / len(found), 4),
        "moved": [[before, after, count] for (before, after), count in moved.most_common(5)],
    }
