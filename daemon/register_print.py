"""The register on paper (8.2), as DOCX or PDF: twenty columns, a place to sign on every line and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from daemon.config import Config
from daemon.documents import build_register, to_docx, to_pdf
from daemon.documents.register import MOST_ROWS
from daemon.documents.report_inputs import RegisterInput, RegisterRow
from daemon.errors import PermanentError
from daemon.register_book import CHANNELS, KINDS, Line, unit_names, units_of
from daemon.session_papers import board_filing
from rules.calendar import city_day
from rules.profile import load_profile
from rules.workflow.notices import STATUS_NAMES
from rules.workflow.review import KIND_NAMES

WRITERS = {"docx": to_docx, "pdf": to_pdf}


def write_print(
    path: Path, form: str, lines: Iterable[Line], config: Config, since: date | None, until: date | None
) -> int:
    """Write the register as ``docx`` or ``pdf``; returns the number of rows.

    Raises ``PermanentError`` when there are more than one volume holds. Without ``since`` and ``until`` the period is
    that of the rows.
    """
    units = unit_names(config.source)
    rows = tuple(_row(row, held, units) for row, held in islice(lines, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise PermanentError(f"register: more than {MOST_ROWS} rows for one print: use --since, --until")
    days = [city_day(one.received_at) for one in rows] or [city_day(datetime.now(UTC))]
    profile = load_profile(config.rules.profile, config.source)
    filing = board_filing(config, profile, days[-1].year)
    given = RegisterInput(filing, since or min(days), until or max(days), rows)
    path.write_bytes(WRITERS[form](build_register(given)))
    return len(rows)


def _row(row: Row[Any], held: list[Row[Any]], units: Mapping[str, str]) -> RegisterRow:
    leads = [one for one in held if one.role == "lead"]
    return RegisterRow(
        number=row.number,
        received_at=row.received_at,
        channel=CHANNELS.get(row.channel, row.channel),
        name=row.asker_name,
        kind=KINDS.get(row.asker_kind, row.asker_kind),
        address=row.asker_address,
        phone=row.asker_phone,
        email=row.asker_email,
        content="\n".join(part for part in (row.subject, row.content) if part),
        field=row.field,
        classed=KIND_NAMES.get(row.kind, row.kind),
        unit=units_of(held, units),
        forwarded_on=_day(min((one.forwarded_at for one in held), default=None)),
        due_on=max((one.due_on for one in leads), default=None),
        answered_on=_day(row.answered_at),
        outcome=row.outcome or STATUS_NAMES.get(row.status, row.status),
        told_on=_day(row.told_at),
        link=row.link,
        officer=_signed(row),
        notes=row.notes,
    )


def _signed(row: Row[Any]) -> str:
    """Who signed for it in the register, and when; empty where it is still to be signed by hand."""
    return f"{row.officer}\n(ký {city_day(row.signed_at):%d/%m/%Y})" if row.officer and row.signed_at else row.officer


def _day(at: datetime | None) -> date | None:
    return city_day(at) if at else None
