"""A counted date with its reason, to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from db.types import Written
from rules.model import CountedDate, SkippedDay


@lru_cache(maxsize=256)
def date_to_json(due: CountedDate) -> Written:
    """Every field, dates as ISO text. What is forwarded on one day is due on few; each is stored twice a question."""
    return Written(
        {
            "on": due.on.isoformat(),
            "raw": due.raw.isoformat(),
            "clause": due.clause,
            "start": due.start.isoformat(),
            "reason": due.reason,
            "skipped": [[one.day.isoformat(), one.why] for one in due.skipped],
            "provisional": due.provisional,
            "calendar_version": due.calendar_version,
            "rule": due.rule,
        }
    )


def date_from_json(value: Mapping[str, Any]) -> CountedDate:
    """The inverse of :func:`date_to_json`."""
    return CountedDate(
        on=date.fromisoformat(value["on"]),
        raw=date.fromisoformat(value["raw"]),
        clause=value["clause"],
        start=date.fromisoformat(value["start"]),
        reason=value["reason"],
        skipped=tuple(SkippedDay(date.fromisoformat(day), why) for day, why in value["skipped"]),
        provisional=value["provisional"],
        calendar_version=value["calendar_version"],
        rule=value.get("rule", ""),
    )
