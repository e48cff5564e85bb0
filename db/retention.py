"""Erase content and personal data; number, state, dates and the journal's chain stay (a tombstone)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from db import journal, search
from db.journal import Entry
from db.schema import (
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

PORTION = 500

_ASKED = ("asker_name", "asker_address", "asker_phone", "asker_phone_e164", "asker_email", "subject", "content")
_NOTED = ("message_id", "outcome", "notes")
_MAIL = {"from_name": "", "from_email": "", "subject": "", "message_id": "", "trace": []}
_LEFT = ("sent", "failed", "unknown")


def questions_kept_since(connection: Connection, states: Sequence[str], before: datetime) -> list[int]:
    """Questions in these states that were answered, or else registered, before that instant and not erased yet."""
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
    """Mails of these kinds without a question, decided, stored before that instant, not sealed and not erased yet."""
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
    """Questions with their answers, items, mails in and mails out; a journal entry each. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        blank: dict[str, Any] = dict.fromkeys((*_ASKED, *_NOTED), "") | {"guess": []}
        connection.execute(update(question).where(question.c.id.in_(some)).values(**blank))
        said = {"text": "", "signer": "", "signer_title": "", "files": [], "refs": []}
        connection.execute(update(answer).where(answer.c.question_id.in_(some)).values(**said))
        connection.execute(update(paper).where(paper.c.question_id.in_(some)).values(text=""))
        connection.execute(update(assignment).where(assignment.c.question_id.in_(some)).values(item_text=""))
        _erase_sent(connection, outbox.c.question_id.in_(some))
        _erase_raw(connection, _mails_of(connection, some))
        search.forget(connection, some)
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, question=each), now)
    return len(ids)


def erase_mails(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Mails without a question; a journal entry each. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        _erase_sent(connection, outbox.c.raw_mail_id.in_(some), outbox.c.question_id.is_(None))
        _erase_raw(connection, some)
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, raw_mail=each), now)
    return len(ids)


def _overwrite(connection: Connection) -> None:
    """SQLite fills what it frees with zeros from here on; else erased texts stay in the file's free pages."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _mails_of(connection: Connection, questions: Sequence[int]) -> list[int]:
    """The mails that started or followed these questions, and those that answered them."""
    followed = select(raw_mail.c.id).where(raw_mail.c.question_id.in_(questions))
    started = select(question.c.raw_mail_id).where(question.c.id.in_(questions), question.c.raw_mail_id.is_not(None))
    answered = select(answer.c.raw_mail_id).where(answer.c.question_id.in_(questions))
    return sorted({int(row[0]) for row in connection.execute(followed.union(started, answered))})


def _erase_raw(connection: Connection, ids: Sequence[int]) -> None:
    """Empty the bytes, which keep their digest as a name; a copy that another mail still needs stays."""
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
    """Mails of ours that have left, or never will: key, notice, state and dates stay."""
    gone = (outbox.c.status.in_(_LEFT), *conditions)
    own = outbox_content.c.outbox_id.in_(select(outbox.c.id).where(*gone))
    connection.execute(update(outbox_content).where(own).values(bytes=b""))
    connection.execute(update(outbox).where(*gone).values(subject="", recipient=""))
