"""What is kept about a mail address: the person's own questions, answers, and mails from and to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from db.schema import answer, outbox, question, raw_mail
from rules.retention import CLOSED

SHOWN = ("code", "status", "received_at", "asker_name", "asker_address", "asker_phone", "asker_email", "subject")


def export(connection: Connection, email: str) -> dict[str, Any]:
    """Everything, as JSON values. Denunciations are sealed and never among it."""
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
    told = {name: _plain(getattr(row, name)) for name in (*SHOWN, "content")}
    return told | {"answers": [{"unit": one.unit, "text": one.text, "at": _plain(one.received_at)} for one in given]}


def _mails(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (raw_mail.c.id, raw_mail.c.internaldate, raw_mail.c.subject, raw_mail.c.kind, raw_mail.c.fate)
    found = select(*columns).where(func.lower(raw_mail.c.from_email) == wanted, raw_mail.c.sealed.is_(False))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in connection.execute(found)]


def _sent(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (outbox.c.id, outbox.c.created_at, outbox.c.name, outbox.c.subject, outbox.c.status)
    found = select(*columns).where(func.lower(outbox.c.recipient) == wanted)
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in connection.execute(found)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def to_erase(connection: Connection, email: str) -> tuple[list[int], list[str], list[int]]:
    """Questions that can be erased, the numbers of those still worked on, and mails without a question."""
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
