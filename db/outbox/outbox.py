"""Outgoing mail: queued with final bytes, claimed before the server is contacted, marked with the result.

pending → sending (attempt counted, committed) → sent | pending again | failed | unknown.
When a row is still ``sending`` and its process died, or its claim is old, the server may or may not have the mail, so
the identical bytes with the same Message-ID go out once more; if that ends the same way, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)

from db.core.dialects import insert_once_by_dialect
from db.core.tables import STATES_NOT_SENT, outbox, outbox_content, raw_mail
from rules.decide.base.history import OutboxFacts
from rules.values.states import OutboxStatus, next_smtp_attempt

CLAIM_LASTS = timedelta(minutes=10)
CLAIM_BYTES = 1_000_000
"""Bytes claimed at a time (one mail may exceed it): claimed mails are in memory until they are sent."""
# After a time-out past DATA the server may or may not have the mail (RFC 1047). Losing it is worse than a duplicate,
# so the identical bytes go out once more after a while; then a person decides.
UNKNOWN_WAIT = timedelta(minutes=15)
UNKNOWN_ATTEMPTS = 2
INTERRUPTED = 1
"""Stored as ``smtp_code``: the process that was sending this mail died. No server answers with it."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail ready for the outbox."""

    key: str
    name: str
    clause: str
    recipient: str
    role: str
    subject: str
    message_id: str
    envelope_from: str
    raw: bytes
    not_before: datetime
    question: int | None = None
    assignment: int | None = None
    raw_mail: int | None = None
    approval: int | None = None
    kept_back: str = ""


def stands(*states: OutboxStatus) -> ColumnElement[bool]:
    """The condition for one of these states. The index omits sent mails, and SQLite uses it only for states written
    out in the statement's text and joined by OR: neither for parameters nor for IN."""
    return or_(*(outbox.c.status == text(f"'{one.value}'") for one in states))


_NOT_SENT = tuple(OutboxStatus(one) for one in STATES_NOT_SENT)
RECALLABLE = ("citizen_answered", "citizen_corrected", "citizen_file")
"""Mails that are held for a while before they leave, and may be recalled meanwhile."""


def queued_among(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the idempotency keys that have a row, in whatever state."""
    if not keys:
        return set()
    return set(connection.execute(_AMONG, {"keys": keys}).scalars())


_AMONG = select(outbox.c.key).where(outbox.c.key.in_(bindparam("keys", expanding=True)))


def release_claims(connection: Connection) -> int:
    """At the start of a sole daemon: the mails that a dead process was sending may go out again at once."""
    return free_sending(connection, true())


def free_sending(connection: Connection, whose: ColumnElement[bool]) -> int:
    """Free mails whose sender process died: pending again, or unknown the second time; returns how many."""
    dead = and_(stands(OutboxStatus.SENDING), whose)
    enough = {"status": OutboxStatus.UNKNOWN.value, "attempts": outbox.c.attempts + UNKNOWN_ATTEMPTS}
    again = {"status": OutboxStatus.PENDING.value, "smtp_code": INTERRUPTED, "smtp_text": "the sender died"}
    twice = update(outbox).where(dead, outbox.c.smtp_code == INTERRUPTED).values(**enough, claimed_by="")
    once = update(outbox).where(dead).values(**again, claimed_by="")
    return connection.execute(twice).rowcount + connection.execute(once).rowcount


def interrupted_twice(connection: Connection) -> list[int]:
    """The mails that :func:`free_sending` left unknown and that nobody was told about; each is returned only once."""
    waiting = and_(stands(OutboxStatus.UNKNOWN), outbox.c.smtp_code == INTERRUPTED)
    told = update(outbox).where(waiting).values(smtp_code=0, smtp_text="the sender died twice")
    return [row.id for row in connection.execute(told.returning(outbox.c.id))]


def queue(connection: Connection, mails: Sequence[Queued], now: datetime) -> dict[str, int]:
    """Add the rows; gives their ids by key. An existing key is left out, so that nothing is sent twice."""
    added = connection.execute(_ADD[connection.dialect.name], [_row_of(one, now) for one in mails])
    made = {row.key: row.id for row in added}
    contents = [{"outbox_id": made[one.key], "bytes": one.raw} for one in mails if one.key in made]
    if contents:
        connection.execute(_ADD_CONTENT, contents)
    return made


_ADD = insert_once_by_dialect(outbox, ["key"], outbox.c.key, outbox.c.id)
_ADD_CONTENT = insert(outbox_content).returning(outbox_content.c.outbox_id)


def _row_of(mail: Queued, now: datetime) -> dict[str, Any]:
    return {
        "key": mail.key,
        "name": mail.name,
        "clause": mail.clause,
        "recipient": mail.recipient,
        "role": mail.role,
        "question_id": mail.question,
        "assignment_id": mail.assignment,
        "raw_mail_id": mail.raw_mail,
        "approval_id": mail.approval,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "envelope_from": mail.envelope_from,
        "status": (OutboxStatus.FAILED if mail.kept_back else OutboxStatus.PENDING).value,
        "smtp_text": mail.kept_back,
        "created_at": now,
        "next_attempt_at": max(mail.not_before, now),
    }


def claim_due(
    connection: Connection, worker: str, now: datetime, limit: int, *, alone: bool = False
) -> list[Row[Any]]:
    """Claim up to ``limit`` rows that are due, the longest waiting first.

    Another worker's claim is respected until it is old (its process died or is paused). A worker
    that is ``alone`` claims with :func:`mark_sending`.
    """
    free_sending(connection, outbox.c.claimed_at <= now - CLAIM_LASTS)
    free = or_(outbox.c.claimed_by == "", outbox.c.claimed_by == worker, outbox.c.claimed_at <= now - CLAIM_LASTS)
    due = or_(
        and_(stands(OutboxStatus.PENDING), outbox.c.next_attempt_at <= now, free),
        and_(
            stands(OutboxStatus.UNKNOWN),
            outbox.c.attempts < UNKNOWN_ATTEMPTS,
            outbox.c.next_attempt_at <= now,
            free,
        ),
    )
    rows = connection.execute(
        select(outbox.c.id, func.length(outbox_content.c.bytes).label("size"))
        .join(outbox_content)
        .where(outbox.c.id.in_(_fair_order(due, limit)), due)
        .order_by(outbox.c.next_attempt_at, outbox.c.id)
        .with_for_update(skip_locked=True, of=outbox)
    ).all()
    before = accumulate((row.size for row in rows), initial=0)
    ids = [row.id for row, size in zip(rows, before, strict=False) if size < CLAIM_BYTES]
    if not ids:
        return []
    if not alone:
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(claimed_by=worker, claimed_at=now))
    return list(
        connection.execute(
            select(
                outbox.c.id,
                outbox.c.envelope_from,
                outbox.c.recipient,
                outbox_content.c.bytes,
                outbox.c.attempts,
                outbox.c.created_at,
            )
            .join(outbox_content)
            .where(outbox.c.id.in_(ids))
            .order_by(outbox.c.id)
        )
    )


def _fair_order(due: Any, limit: int) -> Any:
    """The next rows, in turn by the mail that caused them: a flood keeps nobody else waiting."""
    caused_by = func.coalesce(func.nullif(raw_mail.c.from_email, ""), outbox.c.recipient)
    turn = func.row_number().over(partition_by=caused_by, order_by=(outbox.c.next_attempt_at, outbox.c.id))
    ranked = (
        select(outbox.c.id, outbox.c.next_attempt_at, turn.label("turn"))
        .select_from(outbox.outerjoin(raw_mail, raw_mail.c.id == outbox.c.raw_mail_id))
        .where(due)
        .subquery()
    )
    return select(ranked.c.id).order_by(ranked.c.turn, ranked.c.next_attempt_at, ranked.c.id).limit(limit)


def mark_sending(connection: Connection, outbox_id: int, worker: str, now: datetime, *, alone: bool = False) -> bool:
    """Count the attempt before contacting the server; False when another worker has claimed the mail meanwhile."""
    whose = ("", worker) if alone else (worker,)
    claim = {"row": outbox_id, "whose": whose, "claimed_by": worker, "claimed_at": now}
    return bool(connection.execute(_OFFER, claim).rowcount)


_UNDER_WAY = (OutboxStatus.PENDING.value, OutboxStatus.SENDING.value, OutboxStatus.UNKNOWN.value)
_OFFER = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.status.in_(_UNDER_WAY))
    .where(outbox.c.claimed_by.in_(bindparam("whose", expanding=True)))
    .values(status=OutboxStatus.SENDING.value, attempts=outbox.c.attempts + 1)
)
"""The parameters set the worker that claims and the time of the claim."""


def mark_sent(connection: Connection, outbox_id: int, code: int, text: str, now: datetime) -> None:
    """The server accepted the mail: 250 after DATA (RFC 5321 §4.1.1.4)."""
    _mark(connection, outbox_id, OutboxStatus.SENT, code, text, sent_at=now)


def mark_failed(connection: Connection, outbox_id: int, code: int, text: str) -> None:
    """The mail was refused permanently (5xx), or tried for too long."""
    _mark(connection, outbox_id, OutboxStatus.FAILED, code, text)


def mark_unknown(connection: Connection, outbox_id: int, code: int, text: str, now: datetime) -> None:
    """The connection broke after the body was sent: the mail must not be sent again as a new one (RFC 1047)."""
    _mark(connection, outbox_id, OutboxStatus.UNKNOWN, code, text, next_attempt_at=now + UNKNOWN_WAIT)


def mark_retry(connection: Connection, outbox_id: int, code: int, text: str, now: datetime) -> bool:
    """A temporary failure: try again later; False when the mail was tried for too long and has failed now."""
    columns = outbox.c.attempts, outbox.c.created_at, outbox.c.smtp_code
    row = connection.execute(select(*columns).where(outbox.c.id == outbox_id)).one()
    at = next_smtp_attempt(max(row.attempts, 1), row.created_at, now)
    if row.attempts > 1 and (row.smtp_code or 0) < REFUSED:
        code = 0  # an earlier offer may have been taken: a later refusal proves nothing of it
    if at is None:
        mark_failed(connection, outbox_id, code, text)
        return False
    _mark(connection, outbox_id, OutboxStatus.PENDING, code, text, next_attempt_at=at)
    return True


def release(connection: Connection, outbox_id: int, code: int, text: str, at: datetime) -> None:
    """The channel is at fault, not the mail: back to pending without the loss of an attempt, if one was counted.

    The note that a process died while sending the mail stays, since the mail may have arrived.
    """
    offered = and_(outbox.c.status == OutboxStatus.SENDING.value, outbox.c.attempts > 0)
    doubtful = func.coalesce(outbox.c.smtp_code, 0) == INTERRUPTED
    marked = _MARK.values(
        attempts=case((offered, outbox.c.attempts - 1), else_=outbox.c.attempts),
        smtp_code=case((doubtful, outbox.c.smtp_code), else_=code),
        smtp_text=case((doubtful, outbox.c.smtp_text), else_=text[:500]),
    )
    waits = {"row": outbox_id, "status": OutboxStatus.PENDING.value, "claimed_by": "", "next_attempt_at": at}
    connection.execute(marked, waits)


def _mark(connection: Connection, outbox_id: int, status: OutboxStatus, code: int, text: str, **values: Any) -> None:
    connection.execute(_MARK, {**_said(outbox_id, status, code, text), **values})


def _said(outbox_id: int, status: OutboxStatus, code: int, text: str) -> dict[str, Any]:
    """The parameters of a mark: the row's id and the server's reply."""
    return {"row": outbox_id, "status": status.value, "smtp_code": code, "smtp_text": text[:500], "claimed_by": ""}


_MARK = update(outbox).where(
    outbox.c.id == bindparam("row"), outbox.c.status.in_([OutboxStatus.SENDING.value, OutboxStatus.PENDING.value])
)
"""The values to set are the statement's parameters."""


REFUSED = 400
"""A server that replied with this code or above did not take the mail (RFC 5321 §4.2.1)."""
NOT_TAKEN = and_(
    outbox.c.status == OutboxStatus.PENDING.value, or_(outbox.c.attempts == 0, outbox.c.smtp_code >= REFUSED)
)
"""The states of mails that no server has accepted yet."""


def recall(connection: Connection, ids: Sequence[int], why: str) -> bool:
    """Stop mails that no server has taken yet; False when one of them may have been taken."""
    stopped = {"status": OutboxStatus.RECALLED.value, "smtp_text": why[:500]}
    done = connection.execute(update(outbox).where(outbox.c.id.in_(ids), NOT_TAKEN).values(**stopped))
    return done.rowcount == len(ids)


def sent_mails(connection: Connection, message_ids: Iterable[str]) -> tuple[OutboxFacts, ...]:
    """Our mails with these Message-IDs (RFC 5322 §3.6.4), in the order asked for."""
    wanted = list(dict.fromkeys(one for one in message_ids if one))[:100]
    if not wanted:
        return ()
    rows = connection.execute(select(outbox).where(outbox.c.message_id.in_(wanted)))
    found = {row.message_id: _outbox_facts(row) for row in rows}
    return tuple(found[one] for one in wanted if one in found)


def sent_mail(connection: Connection, outbox_id: int) -> OutboxFacts:
    """One mail of ours."""
    return _outbox_facts(connection.execute(select(outbox).where(outbox.c.id == outbox_id)).one())


def _outbox_facts(row: Row[Any]) -> OutboxFacts:
    of = row.question_id, row.assignment_id, row.raw_mail_id, row.approval_id, row.key
    return OutboxFacts(row.id, row.name, row.recipient, row.role, *of, row.subject, row.status == "failed")


def attempts_of(connection: Connection, outbox_id: int) -> int:
    """How often a mail has been offered to the server."""
    return int(connection.execute(select(outbox.c.attempts).where(outbox.c.id == outbox_id)).scalar_one())


def unclaim(connection: Connection, ids: Sequence[int], worker: str) -> None:
    """Free rows that this worker claimed and did not offer."""
    if ids:
        connection.execute(
            update(outbox).where(outbox.c.id.in_(ids), outbox.c.claimed_by == worker).values(claimed_by="")
        )


def counts_by_status(connection: Connection) -> dict[str, int]:
    """The number of rows in each state. Sent mails are the difference, so that they need not be counted."""
    rows = connection.execute(
        select(outbox.c.status, func.count()).where(stands(*_NOT_SENT)).group_by(outbox.c.status)
    )
    counts = {status: int(number) for status, number in rows}
    sent = connection.execute(select(func.count()).select_from(outbox)).scalar_one() - sum(counts.values())
    return counts | ({OutboxStatus.SENT.value: int(sent)} if sent else {})
