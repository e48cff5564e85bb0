"""Column types that behave alike on SQLite and PostgreSQL.

A counted date with its reason, to JSON and back.

What every table belongs to, and how constraints are named, so that a migration can name them too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator

from rules.values.model import CountedDate, SkippedDay


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite keeps no zone, so the naive UTC value is stored there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: a guess at the zone would move a statutory clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value as text with sorted keys, so that a digest over it is stable on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Serialise canonically."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Parse back."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def date_to_json(due: CountedDate) -> dict[str, Any]:
    """Every field, dates as ISO text."""
    return {
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


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
