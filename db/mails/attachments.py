"""The status of attached files: whether they may be passed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from db.core.dialects import put_once
from db.core.tables import answer, file_check, outbox, raw_mail
from db.mails import stored_mails
from rules.decide.base.actions import RecordFile

CLEAN, HELD, UNSCANNED, RELEASED, REFUSED = "clean", "held", "unscanned", "released", "refused"
WAITING = frozenset({HELD, UNSCANNED})
"""States of a file on which nobody has decided yet."""
KEPT_BACK = WAITING | {REFUSED}


def record(connection: Connection, action: RecordFile, now: datetime) -> None:
    """Store the newest finding about a file."""
    key = {"raw_mail_id": action.raw_mail, "part": action.part}
    said = {"status": action.status, "why": action.why, "at": now}
    if not put_once(connection, file_check, {**key, **said}, ["raw_mail_id", "part"]):
        connection.execute(
            update(file_check)
            .where(file_check.c.raw_mail_id == action.raw_mail, file_check.c.part == action.part)
            .values(**said)
        )


def known(connection: Connection, raw_mails: Iterable[int]) -> dict[tuple[int, int], tuple[str, str]]:
    """(mail, part) → (status, why) for the checked files of these mails."""
    rows = connection.execute(select(file_check).where(file_check.c.raw_mail_id.in_(list(raw_mails))))
    return {(row.raw_mail_id, row.part): (row.status, row.why) for row in rows}


def passed_to(connection: Connection, mail: int, question: int) -> frozenset[int]:
    """The assignments of the units that got this mail of the asker's as an opinion on their answer."""
    own = outbox.c.key.startswith(f"unit_opinion:{mail}:", autoescape=True)
    wanted = select(outbox.c.assignment_id).where(outbox.c.question_id == question, own)
    return frozenset(one for one in connection.execute(wanted).scalars() if one)


def waiting_for_scan(connection: Connection, now: datetime, again: timedelta, limit: int = 1000) -> list[int]:
    """Undecided mails of which no file has been scanned, and those with a file that could not be scanned.

    The files of a mail that waits to be read again wait with it; each file is scanned at most once in ``again``.
    """
    looked_at = select(file_check.c.raw_mail_id)
    due = or_(raw_mail.c.next_attempt_at.is_(None), raw_mail.c.next_attempt_at <= now)
    fresh = select(raw_mail.c.id).where(raw_mail.c.status == "stored", due, raw_mail.c.id.not_in(looked_at))
    tried = select(file_check.c.raw_mail_id).where(file_check.c.status == UNSCANNED, file_check.c.at <= now - again)
    found = connection.execute(fresh.union(tried).limit(limit))
    return sorted(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail with files that wait for a person's decision, and its question, if any."""

    mail: int
    question: int | None
    parts: Mapping[int, tuple[str, str]]


def waiting_for_a_word(
    connection: Connection, mail: int | None, questions: Iterable[int], limit: int = 20
) -> list[Waiting]:
    """This mail and the mails about, or in answer to, these questions, where they have such files; no sealed ones
    (1.2)."""
    about = list(questions)
    answers = select(answer.c.raw_mail_id).where(answer.c.question_id.in_(about))
    statement = (
        select(raw_mail.c.id, raw_mail.c.question_id)
        .where(
            or_(raw_mail.c.id == mail, raw_mail.c.question_id.in_(about), raw_mail.c.id.in_(answers)),
            raw_mail.c.id.in_(select(file_check.c.raw_mail_id).where(file_check.c.status.in_(WAITING))),
        )
        .order_by(raw_mail.c.id)
    )
    rows = {row.id: row for row in connection.execute(statement.limit(limit))}
    hidden = stored_mails.sealed_among(connection, list(rows)) if rows else set()
    said = known(connection, rows)
    return [Waiting(each, row.question_id, _parts(said, each)) for each, row in rows.items() if each not in hidden]


def _parts(said: Mapping[tuple[int, int], tuple[str, str]], mail: int) -> dict[int, tuple[str, str]]:
    return {part: word for (of, part), word in sorted(said.items()) if of == mail and word[0] in WAITING}
