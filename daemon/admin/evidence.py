"""All records of a mail, or of a question's mails, in one file that can be verified without this program.

A ZIP with the raw mails as the server gave them, ours as they left, ``evidence.json`` and a readable text. Every
journal entry comes with the text that its hash covers: SHA-256 of ``previous`` and ``covers`` is ``hash``.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from daemon.base.errors import PermanentError
from db.core import journal as chain
from db.core.tables import assignment, file_check, journal, outbox, outbox_content, question, raw_mail
from db.mails import stored_mails
from rules.values.register_number import register_numbers

MAIL_FIELDS = (
    *("id", "mailbox", "uidvalidity", "uid", "sha256", "identity", "internaldate", "stored_at", "processed_at"),
    *("status", "kind", "fate", "reason", "trace", "attempts", "duplicate_of", "question_id", "message_id"),
    *("from_name", "from_email", "subject", "sealed", "target_folder", "server_state"),
)
SENT_FIELDS = (
    *(
        "id",
        "key",
        "name",
        "clause",
        "recipient",
        "role",
        "subject",
        "message_id",
        "envelope_from",
        "status",
        "attempts",
    ),
    *("created_at", "sent_at", "smtp_code", "smtp_text", "bounced_at", "bounce_status", "question_id", "raw_mail_id"),
)
HOW_TO_CHECK = (
    "sha256(raw file) = sha256 of its entry; for each journal entry sha256(previous + covers) = hash (UTF-8); "
    "entries that follow each other: the next one's previous = this one's hash"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ZIP's bytes, and how many denunciations were left out of it."""

    packed: bytes
    mails: int
    sent: int
    left_out: int


def evidence_of(
    connection: Connection, about: str, prefix: str, now: datetime, *, denunciations: bool = False
) -> Evidence:
    """For a mail by its id, or a question by its number, which begins with ``prefix``. Raises ``PermanentError``.

    Denunciations are included only on request (Law on Denunciation 2018); the caller checks who may see them.
    """
    received, number = _received(connection, about, prefix)
    hidden = set() if denunciations else stored_mails.sealed_among(connection, [row.id for row in received])
    allowed = [row for row in received if row.id not in hidden]
    if not allowed:
        raise PermanentError(f"mail: {about} is kept apart; --denunciations, for those who may see it")
    ids = [row.id for row in allowed]
    sent = _sent(connection, ids, number)
    entries = _entries(connection, ids, [row.id for row in sent], number)
    values = {
        "about": about,
        "made_at": now.isoformat(),
        "how_to_check": HOW_TO_CHECK,
        "left_out": len(received) - len(allowed),
        "received": [_shown(row, MAIL_FIELDS) | {"file": f"received/{row.id}.eml"} for row in allowed],
        "files": [_shown(row, ("raw_mail_id", "part", "status", "why", "at")) for row in _files(connection, ids)],
        "sent": [_sent_shown(row) for row in sent],
        "journal": [_entry(row) for row in entries],
    }
    raws = {
        f"received/{row.id}.eml": stored_mails.raw_bytes(connection, row.id, sealed=denunciations) for row in allowed
    }
    raws |= {f"sent/{row.id}.eml": bytes(row.bytes) for row in sent}
    return Evidence(_packed(values, raws, now), len(allowed), len(sent), len(received) - len(allowed))


def _received(connection: Connection, about: str, prefix: str) -> tuple[list[Row[Any]], int | None]:
    """The mails, and the question when one was named."""
    if about.isdecimal():
        rows = connection.execute(select(raw_mail).where(raw_mail.c.id == int(about))).all()
        if not rows:
            raise PermanentError(f"mail: no mail {about}")
        return list(rows), None
    code = next(iter(register_numbers(about, prefix)), about)
    number = connection.execute(select(question.c.id).where(question.c.code == code)).scalar_one_or_none()
    if number is None:
        raise PermanentError(f"mail: no question {about}")
    wanted = select(raw_mail).where(raw_mail.c.question_id == number).order_by(raw_mail.c.id)
    return list(connection.execute(wanted).all()), number


def _sent(connection: Connection, ids: list[int], number: int | None) -> list[Row[Any]]:
    """Our mails that these mails caused, or that are about the question."""
    about: Any = outbox.c.raw_mail_id.in_(ids)
    if number is not None:
        own = select(assignment.c.id).where(assignment.c.question_id == number)
        about = or_(about, outbox.c.question_id == number, outbox.c.assignment_id.in_(own))
    whole = select(outbox, outbox_content.c.bytes).join(outbox_content)
    return list(connection.execute(whole.where(about).order_by(outbox.c.id)).all())


def _entries(connection: Connection, ids: list[int], sent: list[int], number: int | None) -> list[Row[Any]]:
    about: Any = or_(journal.c.raw_mail_id.in_(ids), journal.c.outbox_id.in_(sent))
    if number is not None:
        about = or_(about, journal.c.question_id == number)
    return list(connection.execute(select(journal).where(about).order_by(journal.c.seq)).all())


def _files(connection: Connection, ids: list[int]) -> list[Row[Any]]:
    wanted = select(file_check).where(file_check.c.raw_mail_id.in_(ids)).order_by(file_check.c.id)
    return list(connection.execute(wanted).all())


def _shown(row: Row[Any], names: tuple[str, ...]) -> dict[str, Any]:
    found = row._mapping
    return {name: _plain(found[name]) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _sent_shown(row: Row[Any]) -> dict[str, Any]:
    digest = hashlib.sha256(bytes(row.bytes)).hexdigest()
    return _shown(row, SENT_FIELDS) | {"sha256": digest, "file": f"sent/{row.id}.eml"}


def _entry(row: Row[Any]) -> dict[str, Any]:
    shown = {key: _plain(value) for key, value in row._mapping.items()}
    return shown | {"covers": chain.covered(row._mapping)}


def _packed(values: dict[str, Any], raws: dict[str, bytes], now: datetime) -> bytes:
    out = io.BytesIO()
    stamp = now.timetuple()[:6]
    texts = {
        "evidence.json": json.dumps(values, ensure_ascii=False, indent=1).encode(),
        "evidence.txt": _readable(values).encode(),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (texts | raws).items():
            packed.writestr(zipfile.ZipInfo(name, stamp), data)
    return out.getvalue()


def _readable(values: dict[str, Any]) -> str:
    """The same records as lines of text."""
    lines = [f"Hồ sơ về: {values['about']}", f"Lập lúc: {values['made_at']}", ""]
    for one in values["received"]:
        lines += [f"Thư số {one['id']}, nhận {one['internaldate']}, SHA-256 {one['sha256']}"]
        lines += [f"  {one['status']} / {one['fate']} / {one['kind']}: {one['reason']}"]
    for one in values["sent"]:
        lines += [
            f"Thư gửi số {one['id']} ({one['name']}) đến {one['recipient']}: {one['status']} {one['sent_at'] or ''}"
        ]
        lines += [f"  Máy chủ trả lời: {one['smtp_code'] or ''} {one['smtp_text']}; SHA-256 {one['sha256']}"]
        if one["bounced_at"]:
            lines += [f"  Báo không gửi được lúc {one['bounced_at']}: {one['bounce_status']}"]
    lines += ["", "Nhật ký:"]
    lines += [
        f"{one['seq']}  {one['at']}  {one['actor']}  {one['act']}  {one['clause']}  {one['why']}"
        for one in values["journal"]
    ]
    return "\n".join([*lines, "", f"Cách kiểm tra: {values['how_to_check']}", ""])
