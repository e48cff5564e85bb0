"""The stored mails: their bytes, of which those of denunciations are sealed, and what became of them.

A sealed mail's bytes lie in a store of their own, and the ledger shows nothing of it (clause 1.2). An empty row with
the digest as a key stays in ``raw_content``. The bytes move in the transaction that writes the mail's fate: into the
store when it is sealed, back when an officer rules that it is no denunciation. Bytes that an open mail shares (the
same mail was delivered again after that ruling) stay where the open mail needs them.

Last, for those who maintain the rules, and only read: mails with their fates, and people's rulings on questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, literal, or_, select, update

from db.core.tables import assignment, journal, mail_identity, outbox, question, raw_content, raw_mail, sealed_content
from rules.decide.base.facts import MailFacts
from rules.values.model import Kind
from rules.values.states import GRAVE

# The columns that lists would show of a mail; a sealed mail's are blank.
BLANK: dict[str, Any] = {"from_name": "", "from_email": "", "subject": "", "message_id": "", "trace": []}
BLANK |= {"purpose": "", "about_id": None}

STORED = raw_mail.join(raw_content, raw_content.c.sha256 == raw_mail.c.sha256).outerjoin(
    sealed_content, sealed_content.c.sha256 == raw_mail.c.sha256
)
BYTES: Any = func.coalesce(sealed_content.c.bytes, raw_content.c.bytes).label("bytes")
"""A mail's bytes, from ``STORED`` wherever they lie: for code that decides on it, never for code that shows it."""

_mate = raw_mail.alias()
_IN_USE = (
    select(_mate.c.id)
    .where(_mate.c.sha256 == raw_content.c.sha256, _mate.c.sealed.is_(False), _mate.c.status.in_(("done", "held")))
    .exists()
)
"""True when an open mail has the same bytes."""

_first = raw_mail.alias()
_STANDING = select(_first.c.id, _first.c.sealed, sealed_content.c.sha256).select_from(
    raw_mail.outerjoin(mail_identity, mail_identity.c.identity == raw_mail.c.identity)
    .outerjoin(_first, _first.c.id == mail_identity.c.raw_mail_id)
    .outerjoin(sealed_content, sealed_content.c.sha256 == raw_mail.c.sha256)
)
"""The first mail of the same identity, whether it is sealed, and whether the bytes lie in the store."""


def raw_bytes(connection: Connection, raw_mail_id: int, *, sealed: bool = False) -> bytes:
    """The bytes of one mail as the server gave them; b"" for a sealed mail unless ``sealed`` is set."""
    row = connection.execute(select(BYTES).select_from(STORED).where(raw_mail.c.id == raw_mail_id)).one_or_none()
    if row is None:
        raise LookupError(f"no mail {raw_mail_id}")
    return bytes(row.bytes) if sealed or not sealed_among(connection, [raw_mail_id]) else b""


def sealed_among(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of these mails that are sealed, or whose bytes are in the store because a second delivery is sealed."""
    statement = select(raw_mail.c.id).select_from(STORED).where(raw_mail.c.id.in_(ids))
    apart = or_(raw_mail.c.sealed, sealed_content.c.sha256.is_not(None))
    return set(connection.execute(statement.where(apart)).scalars())


MOST_READ = 20
"""So many of a sender's newest sealed mails are read again for one that may follow them."""


_SEALED_OF = (
    select(raw_mail.c.id)
    .select_from(STORED)
    .where(sealed_content.c.sender == bindparam("sender"), raw_mail.c.sealed)
    .where(raw_mail.c.internaldate >= bindparam("since"))
    .order_by(raw_mail.c.id.desc())
    .limit(MOST_READ)
)
"""A sender's newest sealed mails; made once, as it is asked for each mail."""


def kept_before(connection: Connection, facts: MailFacts, since: datetime) -> list[int]:
    """The complaint or denunciation about which the mail of ours was that a citizen answers, and the newest sealed
    mails of his address since then, which stands nowhere else. Of one who complains or denounces anew, also his
    complaints that went to the Head, past the officer whom they are about."""
    answered = [mail.raw_mail_id for mail in facts.threads[:1] if mail.raw_mail_id and mail.role == "citizen"]
    found: set[int] = set()
    if answered:
        grave = or_(raw_mail.c.sealed, raw_mail.c.kind == Kind.COMPLAINT.value)
        spoken_of = select(raw_mail.c.id).where(raw_mail.c.id.in_(answered), raw_mail.c.question_id.is_(None), grave)
        found.update(connection.execute(spoken_of).scalars())
    sender = facts.mail.sender.email.lower()
    found.update(connection.execute(_SEALED_OF, {"sender": sender, "since": since}).scalars() if sender else ())
    if sender and (facts.understanding.alone or facts.understanding).kind in GRAVE:
        head = func.lower(outbox.c.recipient) == facts.board.head.email.lower(), outbox.c.created_at >= since
        shown = select(raw_mail.c.id).join(outbox, outbox.c.raw_mail_id == raw_mail.c.id).where(*head)
        own = raw_mail.c.kind == Kind.COMPLAINT.value, func.lower(raw_mail.c.from_email) == sender
        newest = shown.where(outbox.c.name == "officer_review", *own).order_by(raw_mail.c.id.desc()).limit(MOST_READ)
        found.update(connection.execute(newest).scalars())
    return sorted(found, reverse=True)


def told_of(connection: Connection, mail: Any) -> str:
    """The address to which a complaint, or the word on a denunciation, went; "" for any other mail."""
    if not mail.sealed and mail.kind != Kind.COMPLAINT.value:
        return ""
    since, names = mail.internaldate - timedelta(days=1), ("officer_denunciation", "officer_review")  # by an index
    about = outbox.c.name.in_(names), outbox.c.created_at >= since, outbox.c.raw_mail_id == mail.id
    first = select(outbox.c.recipient).where(*about).order_by(outbox.c.id).limit(1)
    return connection.execute(first).scalar() or ""


def write_fate(connection: Connection, raw_mail_id: int, values: dict[str, Any], *, first: bool = False) -> None:
    """Set a decided mail's columns; ``values["sealed"]`` also decides where its bytes belong.

    A second delivery of a sealed mail is sealed, however today's rules read it. ``first``: no similar mail has been
    decided on, and its bytes lie where those of open mails do.
    """
    moved = False
    if values.get("sealed") is False and not first:
        standing = connection.execute(_STANDING.where(raw_mail.c.id == raw_mail_id)).one_or_none()
        if standing is not None and standing.sealed and standing.id != raw_mail_id:
            values = values | {"sealed": True}
        moved = standing is not None and standing.sha256 is not None
    sealed = bool(values.get("sealed"))
    written = values | BLANK if sealed else values
    connection.execute(_WRITE, {"mail": raw_mail_id, **written})
    if sealed:
        _put_away(connection, raw_mail_id, str(values.get("from_email", "")).lower())
    elif moved:
        _give_back(connection, raw_mail_id)


_WRITE = update(raw_mail).where(raw_mail.c.id == bindparam("mail"))
"""The values to set are the statement's parameters."""


def _digest(raw_mail_id: int) -> Any:
    return select(raw_mail.c.sha256).where(raw_mail.c.id == raw_mail_id).scalar_subquery()


def _put_away(connection: Connection, raw_mail_id: int, sender: str) -> None:
    """Move the bytes into the store with their sender, unless they are there already or an open mail needs them."""
    there = select(sealed_content.c.sha256).where(sealed_content.c.sha256 == raw_content.c.sha256).exists()
    own = raw_content.c.sha256 == _digest(raw_mail_id)
    columns = [raw_content.c.sha256, raw_content.c.size, raw_content.c.bytes, literal(sender)]
    query = select(*columns).where(own, ~there, ~_IN_USE)
    connection.execute(insert(sealed_content).from_select(["sha256", "size", "bytes", "sender"], query))
    connection.execute(update(raw_content).where(own, there).values(bytes=b"", size=0))


def _give_back(connection: Connection, raw_mail_id: int) -> None:
    """Move the bytes back: an officer has ruled, or newer rules have found, that it is no denunciation."""
    digest = _digest(raw_mail_id)
    own = sealed_content.c.sha256 == digest
    back = {name: select(sealed_content.c[name]).where(own).scalar_subquery() for name in ("size", "bytes")}
    connection.execute(update(raw_content).where(raw_content.c.sha256 == digest).values(**back))
    connection.execute(delete(sealed_content).where(own))


def faults(connection: Connection) -> list[str]:
    """Sealed mails whose bytes are lost, or lie in ``raw_content`` though no open mail needs them there."""
    nowhere = and_(raw_content.c.size == 0, sealed_content.c.sha256.is_(None))
    among = and_(raw_content.c.size > 0, ~_IN_USE)
    kinds = {"have lost their bytes": nowhere, "are not kept apart": among}
    found = []
    for what, condition in kinds.items():
        count = select(func.count()).select_from(STORED).where(raw_mail.c.sealed, condition)
        number = connection.execute(count).scalar_one()
        found += [f"{number} denunciations {what}"] if number else []
    return found


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
        select(raw_mail, BYTES)
        .select_from(STORED.join(mail_identity, mail_identity.c.raw_mail_id == raw_mail.c.id))
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
