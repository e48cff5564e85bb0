"""What is known about attached files: whether they may be passed on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from db.schema import file_check, raw_mail
from db.statements import put_once
from rules.desk_actions import RecordFile

CLEAN, HELD, UNSCANNED, RELEASED = "clean", "held", "unscanned", "released"
KEPT_BACK = frozenset({HELD, UNSCANNED})


def record(connection: Connection, action: RecordFile, now: datetime) -> None:
    """Keep the newest word about a file."""
    key = {"raw_mail_id": action.raw_mail, "part": action.part}
    said = {"status": action.status, "why": action.why, "at": now}
    if put_once(connection, file_check, {**key, **said}, ["raw_mail_id", "part"], "id") is None:
        connection.execute(
            update(file_check)
            .where(file_check.c.raw_mail_id == action.raw_mail, file_check.c.part == action.part)
            .values(**said)
        )


def known(connection: Connection, raw_mails: Iterable[int]) -> dict[tuple[int, int], tuple[str, str]]:
    """(mail, part) → (status, why) of the files of these mails that were looked at."""
    rows = connection.execute(select(file_check).where(file_check.c.raw_mail_id.in_(list(raw_mails))))
    return {(row.raw_mail_id, row.part): (row.status, row.why) for row in rows}


def waiting_for_scan(connection: Connection, before: datetime, limit: int = 1000) -> list[int]:
    """Mails not yet decided on of which no file was looked at, and those with a file that could not be scanned."""
    looked_at = select(file_check.c.raw_mail_id)
    fresh = select(raw_mail.c.id).where(raw_mail.c.status == "stored", raw_mail.c.id.not_in(looked_at))
    again = select(file_check.c.raw_mail_id).where(file_check.c.status == UNSCANNED, file_check.c.at <= before)
    found = connection.execute(fresh.union(again).limit(limit))
    return sorted(row[0] for row in found)
