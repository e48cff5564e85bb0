"""The ledger of raw mails: stored before anything changes on the server, decided on once per identity."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, literal, or_, select, update

from db.core.counters import get_state, set_state
from db.core.dialects import insert_once_by_dialect, put_all_once
from db.core.tables import mail_identity, raw_content, raw_mail, sealed_content
from db.mails import stored_mails
from db.mails.identity import claimed_sender, identity_of
from rules.values.model import ParsedMail


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as fetched, on its way into the ledger."""

    uid: int
    raw: bytes
    internaldate: datetime


def unknown_uids(connection: Connection, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """The UIDs present in the mailbox that the ledger does not know, ascending.

    A known mail that the server claims to have moved, but that is there again, waits to be moved once more.
    """
    known: dict[int, tuple[int, str]] = {}
    for start in range(0, len(uids), 500):
        rows = connection.execute(
            select(raw_mail.c.uid, raw_mail.c.id, raw_mail.c.server_state).where(
                raw_mail.c.mailbox == mailbox,
                raw_mail.c.uidvalidity == uidvalidity,
                raw_mail.c.uid.in_(uids[start : start + 500]),
            )
        )
        known |= {row.uid: (row.id, row.server_state) for row in rows}
    back = [each for each, state in known.values() if state != "waiting"]
    mark_server_state(connection, back, "waiting")
    return sorted(set(uids) - known.keys())


def store(connection: Connection, mailbox: str, uidvalidity: int, mails: Iterable[Arrived], now: datetime) -> int:
    """Store raw bytes and ledger rows; returns how many were new. Storing the same UID twice does nothing."""
    return enter(connection, keep_bytes(connection, mailbox, uidvalidity, mails, now))


def keep_bytes(
    connection: Connection, mailbox: str, uidvalidity: int, mails: Iterable[Arrived], now: datetime
) -> list[dict[str, Any]]:
    """Store raw bytes alone; returns the ledger rows that belong to them, for :func:`enter`."""
    contents, rows = [], []
    for mail in mails:
        digest = hashlib.sha256(mail.raw).hexdigest()
        contents.append({"sha256": digest, "size": len(mail.raw), "bytes": mail.raw})
        row = {
            "mailbox": mailbox,
            "uidvalidity": uidvalidity,
            "uid": mail.uid,
            "sha256": digest,
            "identity": identity_of(mail.raw),
            "internaldate": mail.internaldate,
            "stored_at": now,
            "status": "stored",
            "from_email": claimed_sender(mail.raw),
        }
        rows.append(row)
    put_all_once(connection, raw_content, contents, ["sha256"])
    return rows


def enter(connection: Connection, rows: list[dict[str, Any]]) -> int:
    """Write ledger rows in this order, in which they will be decided on; returns how many were new."""
    return put_all_once(connection, raw_mail, rows, ["mailbox", "uidvalidity", "uid"])


def newest_receipt(connection: Connection) -> datetime | None:
    """The server's time of receipt of the mail that was stored last."""
    last = select(raw_mail.c.internaldate).order_by(raw_mail.c.id.desc()).limit(1)
    return connection.execute(last).scalar_one_or_none()


def is_known(connection: Connection, raw: bytes) -> bool:
    """True when a mail with this identity or these bytes is in the ledger, in whatever folder."""
    wanted = or_(raw_mail.c.identity == identity_of(raw), raw_mail.c.sha256 == hashlib.sha256(raw).hexdigest())
    return connection.execute(select(raw_mail.c.id).where(wanted).limit(1)).first() is not None


AT_ONCE = 10
"""Up to this many waiting mails of one sender are not treated as a flood."""


def waiting_in_fair_order(connection: Connection, now: datetime, limit: int = 10_000) -> list[int]:
    """The mails that wait for their decision, in the order of their arrival; a sender's from the eleventh on come
    behind the first ten of everybody, from the twenty-first on behind the next, and so on.

    One sender's five thousand mails keep nobody else's waiting, and of two people who decide on one case in the same
    pass the one who wrote first is heard first.
    """
    rows = connection.execute(
        select(raw_mail.c.id, raw_mail.c.from_email).where(_waits(now)).order_by(raw_mail.c.id).limit(limit)
    )
    turns: Counter[str] = Counter()
    order: list[tuple[int, int]] = []
    for row in rows:
        order.append((turns[row.from_email] // AT_ONCE, row.id))
        turns[row.from_email] += 1
    return [each for _, each in sorted(order)]


def claim_stored(connection: Connection, raw_mail_id: int, now: datetime) -> Row[Any] | None:
    """A mail that waits for its decision, claimed where the database can (SKIP LOCKED); None when another has it.

    The columns that a decision needs, with ``bytes``; ``put_away`` is set when these lie in the sealed store.
    """
    return connection.execute(_CLAIM, {"mail": raw_mail_id, "now": now}).one_or_none()


def _waits(now: Any) -> Any:
    due = or_(raw_mail.c.next_attempt_at.is_(None), raw_mail.c.next_attempt_at <= now)
    return and_(raw_mail.c.status == "stored", due)


_CLAIM = (
    select(
        raw_mail.c.id,
        raw_mail.c.identity,
        raw_mail.c.internaldate,
        raw_mail.c.attempts,
        sealed_content.c.sha256.is_not(None).label("put_away"),
        stored_mails.BYTES,
    )
    .select_from(stored_mails.STORED)
    .where(raw_mail.c.id == bindparam("mail"), _waits(bindparam("now")))
    .with_for_update(skip_locked=True, of=raw_mail)
)


def claim_identity(connection: Connection, raw_mail_id: int, identity: str, letter: str = "") -> int | None:
    """Make this mail the one that is decided on: None; else the id of the first such mail (its own on a retry).

    ``letter`` is its :func:`~db.mails.identity.letter_of`. A mail whose letter came before with other header fields
    takes the identity of the first, and counts as a second delivery from then on.
    """
    row = {"identity": identity, "raw_mail_id": raw_mail_id, "letter": letter or None}
    if connection.execute(_ADD_IDENTITY[connection.dialect.name], row).scalar():
        return None
    first = first_of(connection, identity)
    if first is not None:
        return first
    first = first_of(connection, identity, letter)
    same = select(mail_identity.c.identity).where(mail_identity.c.raw_mail_id == first).scalar_subquery()
    connection.execute(update(raw_mail).where(raw_mail.c.id == raw_mail_id).values(identity=same))
    return first


_ADD_IDENTITY = insert_once_by_dialect(mail_identity, None, literal(1))


def first_of(connection: Connection, identity: str, letter: str = "") -> int | None:
    """The mail with this identity, or else with this letter, that was decided on, or None."""
    for column, value in ((mail_identity.c.identity, identity), (mail_identity.c.letter, letter)):
        if not value:  # of many mails nothing tells the letter: they are not one another's second delivery
            continue
        found = connection.execute(select(mail_identity.c.raw_mail_id).where(column == value)).scalar_one_or_none()
        if found is not None:
            return int(found)
    return None


_BEGUN = "decisions_begun"


def count_begun(connection: Connection, raw_mail_id: int) -> int:
    """Count that a process starts to decide on a mail in its first round after a start; returns the new count."""
    counted: dict[str, int] = json.loads(get_state(connection, _BEGUN) or "{}")
    times = counted[str(raw_mail_id)] = counted.get(str(raw_mail_id), 0) + 1
    set_state(connection, _BEGUN, json.dumps(counted))
    return times


def forget_begun(connection: Connection) -> None:
    """Clear these counts: the first round has ended, so none of its mails has killed the process."""
    set_state(connection, _BEGUN, "{}")


def attempts_of(connection: Connection, raw_mail_id: int) -> int:
    """The number of failed attempts at a mail."""
    return int(connection.execute(select(raw_mail.c.attempts).where(raw_mail.c.id == raw_mail_id)).scalar_one())


def note_failure(
    connection: Connection, raw_mail_id: int, attempts: int, next_attempt_at: datetime | None, reason: str
) -> None:
    """Note a failed attempt: try again later, or quarantine when ``next_attempt_at`` is None."""
    values: dict[str, Any] = {"attempts": attempts, "next_attempt_at": next_attempt_at, "reason": reason}
    if next_attempt_at is None:
        values |= {"status": "quarantined", "fate": "quarantine", "target_folder": "quarantine"}
    connection.execute(update(raw_mail).where(raw_mail.c.id == raw_mail_id).values(**values))


def waiting_to_move(connection: Connection, mailbox: str, uidvalidity: int, limit: int = 500) -> list[Row[Any]]:
    """Decided mails that still lie in INBOX: id, uid, folder."""
    return list(
        connection.execute(
            select(raw_mail.c.id, raw_mail.c.uid, raw_mail.c.target_folder)
            .where(
                raw_mail.c.server_state == "waiting",
                raw_mail.c.mailbox == mailbox,
                raw_mail.c.uidvalidity == uidvalidity,
                raw_mail.c.target_folder != "",
            )
            .order_by(raw_mail.c.id)
            .limit(limit)
        )
    )


def mark_server_state(connection: Connection, ids: Sequence[int], state: str) -> None:
    """Note a state of mails on the server: moved, or gone (a person moved or deleted them)."""
    for start in range(0, len(ids), 500):  # a database takes so many parameters only: a year's INBOX has more
        some = raw_mail.c.id.in_(ids[start : start + 500])
        connection.execute(update(raw_mail).where(some).values(server_state=state))


def vanished(connection: Connection, mailbox: str, uidvalidity: int, present: set[int]) -> int:
    """Note as gone the mails that a person removed from INBOX, where they should still be; returns how many."""
    waiting = connection.execute(
        select(raw_mail.c.id, raw_mail.c.uid).where(
            raw_mail.c.server_state == "waiting",
            raw_mail.c.mailbox == mailbox,
            raw_mail.c.uidvalidity == uidvalidity,
        )
    )
    gone = [row.id for row in waiting if row.uid not in present]
    mark_server_state(connection, gone, "gone")
    return len(gone)


def described(mail: ParsedMail) -> dict[str, Any]:
    """Sender and subject for the lists: written with a mail's fate, and left out for a denunciation."""
    sender = mail.sender
    return {
        "from_name": sender.name,
        "from_email": sender.email[:320],
        "subject": mail.subject,
        "message_id": mail.message_id[:998],
    }


def forget_other_uidvalidity(connection: Connection, mailbox: str, uidvalidity: int) -> int:
    """After a UIDVALIDITY change the old UIDs mean nothing, so their rows no longer wait to be moved."""
    return connection.execute(
        update(raw_mail)
        .where(
            raw_mail.c.mailbox == mailbox,
            raw_mail.c.uidvalidity != uidvalidity,
            raw_mail.c.server_state == "waiting",
        )
        .values(server_state="gone")
    ).rowcount


def requeue(connection: Connection, raw_mail_id: int) -> bool:
    """Let a held or quarantined mail be decided on again; False in another state or with a question."""
    return bool(
        connection.execute(
            update(raw_mail)
            .where(
                raw_mail.c.id == raw_mail_id,
                raw_mail.c.status.in_(["held", "quarantined"]),
                raw_mail.c.question_id.is_(None),
            )
            .values(status="stored", attempts=0, next_attempt_at=None)
        ).rowcount
    )


def counts_by_status(connection: Connection) -> dict[str, int]:
    """The number of mails in each status: the conservation law's right-hand side."""
    rows = connection.execute(select(raw_mail.c.status, func.count()).group_by(raw_mail.c.status))
    return {status: int(number) for status, number in rows}
