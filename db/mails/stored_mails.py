"""Stored mails with their fates, and people's rulings on questions; read-only, for those who maintain the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from db.core.tables import assignment, journal, mail_identity, question, raw_content, raw_mail
from db.mails import sealed

PROGRAM = "daemon"
BATCH = 50


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One decided mail: its ledger row with ``bytes``, the register row if it started a question, its assignments."""

    row: Row[Any]
    question: Row[Any] | None
    assignments: tuple[Row[Any], ...] = ()
    forwarded_by: str = ""
    """Actor of the first forwarding: "daemon" when the rules did it, "" when the question was not forwarded."""


@dataclass(frozen=True, slots=True)
class History:
    """The record of one question: assignments and forwardings (unit → actor), oldest first."""

    question: Row[Any]
    mail: Row[Any] | None
    assignments: tuple[Row[Any], ...]
    forwardings: tuple[tuple[str, str], ...] = field(default=())


def decided_since(connection: Connection, since: datetime, after: int = 0) -> list[StoredMail]:
    """The next decided mails after id ``after`` (without second deliveries), with their bytes.

    Sealed mails are included: rules that would lose a denunciation must be found. Code that shows mails omits them.
    """
    rows = connection.execute(
        select(raw_mail, sealed.BYTES)
        .select_from(sealed.STORED.join(mail_identity, mail_identity.c.raw_mail_id == raw_mail.c.id))
        .where(raw_mail.c.id > after, raw_mail.c.internaldate >= since, raw_mail.c.status.in_(("done", "held")))
        .order_by(raw_mail.c.id)
        .limit(BATCH)
    ).all()
    started = {
        row.raw_mail_id: row
        for row in connection.execute(select(question).where(question.c.raw_mail_id.in_([row.id for row in rows])))
    }
    ids = [row.id for row in started.values()]
    held, sent = _assignments(connection, ids), _forwardings(connection, ids)
    found = []
    for row in rows:
        about = started.get(row.id)
        own = about.id if about is not None else 0
        actor = sent[own][0][1] if sent.get(own) else ""
        found.append(StoredMail(row, about, tuple(held.get(own, ())), actor))
    return found


def histories(connection: Connection, since: datetime, batch: int = 500) -> Iterator[History]:
    """Every question received since then with its course; those whose mail is sealed are left out."""
    last = 0
    while rows := connection.execute(
        select(question)
        .where(question.c.id > last, question.c.received_at >= since)
        .order_by(question.c.id)
        .limit(batch)
    ).all():
        ids = [row.id for row in rows]
        held, sent = _assignments(connection, ids), _forwardings(connection, ids)
        mails = _mails(connection, [row.raw_mail_id for row in rows if row.raw_mail_id])
        for row in rows:
            mail = mails.get(row.raw_mail_id)
            if mail is None or not mail.sealed:
                yield History(row, mail, tuple(held.get(row.id, ())), tuple(sent.get(row.id, ())))
        last = ids[-1]


def settled_mails(connection: Connection, since: datetime, ids: Sequence[int]) -> list[Row[Any]]:
    """Those of these mails that ended without a register number, with their bytes; sealed ones left out.

    The caller asks for at most :data:`BATCH` at a time: all bytes of some years do not fit into the memory.
    """
    return list(
        connection.execute(
            select(raw_mail, raw_content.c.bytes)
            .join(raw_content, raw_content.c.sha256 == raw_mail.c.sha256)
            .where(
                raw_mail.c.id.in_(ids),
                raw_mail.c.question_id.is_(None),
                raw_mail.c.internaldate >= since,
                raw_mail.c.status == "done",
                raw_mail.c.sealed.is_(False),
            )
            .order_by(raw_mail.c.id)
        )
    )


def first_kinds(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The kind that the program first gave each mail, from the journal."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(journal.c.raw_mail_id, journal.c.data)
            .where(journal.c.act == "fate", journal.c.raw_mail_id.in_(ids[start : start + 500]))
            .order_by(journal.c.seq)
        )
        for row in rows:
            found.setdefault(row.raw_mail_id, str(row.data.get("kind", "")))
    return found


def settled_ids(connection: Connection) -> set[int]:
    """The mails that an officer's ruling closed, from the journal."""
    rows = connection.execute(select(journal.c.data).where(journal.c.act == "settled"))
    return {int(row.data["mail"]) for row in rows if "mail" in row.data}


def _assignments(connection: Connection, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(
        select(assignment).where(assignment.c.question_id.in_(ids)).order_by(assignment.c.id)
    ):
        found.setdefault(row.question_id, []).append(row)
    return found


def _forwardings(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """By question: unit and actor of each forwarding, from the journal."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in connection.execute(
        select(journal.c.question_id, journal.c.actor, journal.c.data)
        .where(journal.c.act == "forwarded", journal.c.question_id.in_(ids))
        .order_by(journal.c.seq)
    ):
        found.setdefault(row.question_id, []).append((str(row.data.get("unit", "")), row.actor))
    return found


def _mails(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in connection.execute(select(raw_mail).where(raw_mail.c.id.in_(ids)))}
