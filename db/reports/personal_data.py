"""Erases content and personal data; number, state, dates and the journal's chain stay (a tombstone).

Also exports the data kept about a mail address: questions, answers, and mails from and to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from db.core import journal
from db.core.journal import Entry
from db.core.tables import (
    answer,
    assignment,
    outbox,
    outbox_content,
    paper,
    question,
    raw_content,
    raw_mail,
    sealed_content,
)
from db.register import search
from rules.law.retention_periods import CLOSED

PORTION = 500

_ASKED = ("asker_name", "asker_address", "asker_phone", "asker_phone_e164", "asker_email", "subject", "content")
_NOTED = ("message_id", "outcome", "notes", "live_answer", "live_by")
_ANSWERED = {"text": "", "signer": "", "signer_title": "", "files": [], "refs": [], "signatures": []}
_ASSIGNED = {"item_text": "", "wanted_why": ""}
_MAIL = {"from_name": "", "from_email": "", "subject": "", "message_id": "", "trace": [], "acts": []}
_LEFT = ("sent", "failed", "unknown")


def questions_kept_since(connection: Connection, states: Sequence[str], before: datetime) -> list[int]:
    """Questions in these states, answered (or else registered) before that instant, and not erased yet."""
    rows = connection.execute(
        select(question.c.id)
        .where(
            question.c.status.in_(states),
            func.coalesce(question.c.answered_at, question.c.registered_at) < before,
            or_(question.c.content != "", question.c.asker_email != "", question.c.asker_name != ""),
        )
        .order_by(question.c.id)
    )
    return [row.id for row in rows]


def mails_kept_since(connection: Connection, kinds: Sequence[str], before: datetime) -> list[int]:
    """Mails of these kinds without a question: decided, stored before that instant, not sealed, not erased yet."""
    rows = connection.execute(
        select(raw_mail.c.id)
        .join(raw_content, raw_content.c.sha256 == raw_mail.c.sha256)
        .where(
            raw_mail.c.kind.in_(kinds),
            raw_mail.c.status == "done",
            raw_mail.c.question_id.is_(None),
            raw_mail.c.sealed.is_(False),
            raw_mail.c.stored_at < before,
            or_(raw_content.c.size > 0, raw_mail.c.from_email != ""),
        )
        .order_by(raw_mail.c.id)
    )
    return [row.id for row in rows]


def erase_questions(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Erase questions with their answers, items, mails in and out; one journal entry each. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        blank: dict[str, Any] = dict.fromkeys((*_ASKED, *_NOTED), "") | {"guess": []}
        connection.execute(update(question).where(question.c.id.in_(some)).values(**blank))
        connection.execute(update(answer).where(answer.c.question_id.in_(some)).values(**_ANSWERED))
        connection.execute(update(paper).where(paper.c.question_id.in_(some)).values(text=""))
        connection.execute(update(assignment).where(assignment.c.question_id.in_(some)).values(**_ASSIGNED))
        _erase_sent(connection, outbox.c.question_id.in_(some))
        _erase_raw(connection, _mails_of(connection, some))
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, question=each), now)
    search.forget(connection, ids)
    return len(ids)


def erase_mails(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Erase mails without a question; one journal entry each. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        _erase_sent(connection, outbox.c.raw_mail_id.in_(some), outbox.c.question_id.is_(None))
        _erase_raw(connection, some)
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, raw_mail=each), now)
    return len(ids)


def _overwrite(connection: Connection) -> None:
    """Let SQLite fill what it frees with zeros from now on; otherwise erased texts stay in the file's free pages."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _mails_of(connection: Connection, questions: Sequence[int]) -> list[int]:
    """The mails that started or followed these questions, and those that answered them."""
    followed = select(raw_mail.c.id).where(raw_mail.c.question_id.in_(questions))
    started = select(question.c.raw_mail_id).where(question.c.id.in_(questions), question.c.raw_mail_id.is_not(None))
    answered = select(answer.c.raw_mail_id).where(answer.c.question_id.in_(questions))
    return sorted({int(row[0]) for row in connection.execute(followed.union(started, answered))})


def _erase_raw(connection: Connection, ids: Sequence[int]) -> None:
    """Empty the bytes and keep their digest as a key; a copy that another mail still needs stays."""
    connection.execute(update(raw_mail).where(raw_mail.c.id.in_(ids)).values(**_MAIL))
    other = raw_mail.alias()
    digests = select(raw_mail.c.sha256).where(raw_mail.c.id.in_(ids))
    for store in (raw_content, sealed_content):
        needed = (
            select(other.c.id)
            .where(other.c.sha256 == store.c.sha256, other.c.id.not_in(ids))
            .where(or_(other.c.from_email != "", other.c.subject != "", other.c.message_id != "", other.c.sealed))
            .exists()
        )
        connection.execute(update(store).where(store.c.sha256.in_(digests), ~needed).values(bytes=b"", size=0))


def _erase_sent(connection: Connection, *conditions: Any) -> None:
    """Erase our mails that have left or never will: key, notice, state and dates stay, but no server's words."""
    gone = (outbox.c.status.in_(_LEFT), *conditions)
    own = outbox_content.c.outbox_id.in_(select(outbox.c.id).where(*gone))
    connection.execute(update(outbox_content).where(own).values(bytes=b""))
    connection.execute(update(outbox).where(*gone).values(subject="", recipient="", smtp_text=""))


SHOWN = (
    *("code", "status", "received_at", "asker_name", "asker_address", "asker_phone", "asker_email", "subject"),
    *("content", "outcome", "live_answer"),
)


def export(connection: Connection, email: str) -> dict[str, Any]:
    """Everything about the address, as JSON values. Denunciations are sealed and never included."""
    wanted = email.lower()
    asked = connection.execute(select(question).where(func.lower(question.c.asker_email) == wanted)).all()
    return {
        "email": email,
        "questions": [_question(connection, row) for row in asked],
        "mails": _mails(connection, wanted),
        "sent": _sent(connection, wanted),
    }


def _question(connection: Connection, row: Any) -> dict[str, Any]:
    given = connection.execute(select(answer).where(answer.c.question_id == row.id).order_by(answer.c.id))
    told = {name: _plain(getattr(row, name)) for name in SHOWN}
    return told | {"answers": [{"unit": one.unit, "text": one.text, "at": _plain(one.received_at)} for one in given]}


def _mails(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (raw_mail.c.id, raw_mail.c.internaldate, raw_mail.c.subject, raw_mail.c.kind, raw_mail.c.fate)
    found = select(*columns).where(func.lower(raw_mail.c.from_email) == wanted, raw_mail.c.sealed.is_(False))
    return [{name: _plain(value) for name, value in row.items()} for row in connection.execute(found).mappings()]


def _sent(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (outbox.c.id, outbox.c.created_at, outbox.c.name, outbox.c.subject, outbox.c.status)
    found = select(*columns).where(func.lower(outbox.c.recipient) == wanted)
    return [{name: _plain(value) for name, value in row.items()} for row in connection.execute(found).mappings()]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def to_erase(connection: Connection, email: str) -> tuple[list[int], list[str], list[int]]:
    """Questions that can be erased, the numbers of those still open, and mails without a question."""
    wanted = email.lower()
    asked = select(question.c.id, question.c.code, question.c.status)
    rows = connection.execute(asked.where(func.lower(question.c.asker_email) == wanted).order_by(question.c.id)).all()
    mails = connection.execute(
        select(raw_mail.c.id).where(
            func.lower(raw_mail.c.from_email) == wanted,
            raw_mail.c.question_id.is_(None),
            raw_mail.c.sealed.is_(False),
            raw_mail.c.status == "done",
        )
    )
    closed = [row.id for row in rows if row.status in CLOSED]
    return closed, [row.code for row in rows if row.status not in CLOSED], [row.id for row in mails]
