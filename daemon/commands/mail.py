"""``doithoai mail list|show|retry|release|evidence``: raw mails, their fates, their files; our own mails."""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from daemon.admin.evidence import Evidence, evidence_of
from daemon.base import clock
from daemon.base.errors import PermanentError
from daemon.commands import number
from daemon.config.config import load_config
from daemon.config.database import looking, opened, transaction
from daemon.installation.installation import build_installation
from daemon.loop.attachments import release
from db.core import journal
from db.core.journal import Entry
from db.core.tables import outbox as outbox_table
from db.core.tables import raw_mail
from db.mails import attachments, ledger, stored_mails
from db.outbox.outbox import sent_mail
from db.outbox.undelivered import resend
from db.register import duties, questions
from rules.text import clean_line
from rules.values.states import MailStatus, OutboxStatus

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def add(subparsers: Any) -> None:
    """Register the command and its three parts."""
    parser = subparsers.add_parser("mail", help="raw mails and their fates; held and quarantined ones")
    parts = parser.add_subparsers(dest="part", metavar="list|show|retry|release|evidence", required=True)
    listing = parts.add_parser("list", help="mails, newest first")
    listing.add_argument("--status", default="", help="stored, done, held, quarantined")
    listing.add_argument(
        "--sent", action="store_true", help="mails of ours instead: pending, sending, sent, failed, unknown, recalled"
    )
    listing.add_argument("--limit", type=number, default=100)
    listing.set_defaults(wrong=listing.error)
    showing = parts.add_parser("show", help="one mail: its fate, and with --raw its bytes")
    showing.add_argument("id", type=number)
    showing.add_argument("--raw", type=Path, help="write the raw mail to this file; must not exist yet")
    retrying = parts.add_parser(
        "retry", help="decide on a held or quarantined mail again; --sent: send a mail of ours again"
    )
    retrying.add_argument("ids", type=number, nargs="+", metavar="ID")
    retrying.add_argument("--sent", action="store_true")
    releasing = parts.add_parser("release", help="pass held attached files on: a person has looked at them")
    releasing.add_argument("id", type=number)
    releasing.add_argument("--part", type=int, action="append", help="only this part (mail show tells them)")
    releasing.set_defaults(run=run, do=_release)
    proving = parts.add_parser("evidence", help="all about a mail, or a question's mails, as a ZIP")
    proving.add_argument("about", metavar="ID|NUMBER")
    proving.add_argument("--out", type=Path, required=True, help="the ZIP; must not exist yet")
    proving.add_argument(
        "--denunciations", action="store_true", help="what is kept apart too: for those who may see it"
    )
    proving.set_defaults(run=_evidence)
    for each in (listing, showing):
        each.add_argument("--json", action="store_true")
    for each, do in ((listing, _list), (showing, _show), (retrying, _retry)):
        each.set_defaults(run=run, do=do)


def run(args: argparse.Namespace) -> int:
    """Run the chosen part; 1 when the requested thing does not exist, 2 for a state that no mail can have."""
    if args.do is _release:
        return int(_release(args))
    if args.do is _list:
        _check_status(args)
    config = load_config(args.config)
    enter = looking if args.do in {_list, _show} else transaction
    with opened(config) as engine, enter(engine) as connection:
        return int(args.do(connection, args))


def _release(args: argparse.Namespace) -> int:
    """Mark held files as released, with the actor in the journal, and send them after their mail."""
    config = load_config(args.config)
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine, transaction(engine) as connection:
        names, count = release(connection, installation, args.id, args.part, f"console:{getpass.getuser()}")
    for name in names:
        sys.stdout.write(f"released: {clean_line(name) or '(no name)'}\n")
    sys.stdout.write(f"{count} mails will carry them\n")
    return 0


def _check_status(args: argparse.Namespace) -> None:
    """Ends the program like any wrong option: an empty list would look as if nothing were there."""
    known = OutboxStatus if args.sent else MailStatus
    if args.status and args.status not in list(known):
        args.wrong(f"argument --status: no state {args.status!r}; the states are {', '.join(known)}")


def _list(connection: Connection, args: argparse.Namespace) -> int:
    table = outbox_table if args.sent else raw_mail
    statement = select(table).order_by(table.c.id.desc()).limit(args.limit)
    if args.status:
        statement = statement.where(table.c.status == args.status)
    for row in connection.execute(statement):
        values = _sent(row) if args.sent else _received(row)
        line = (
            json.dumps(values, ensure_ascii=False)
            if args.json
            else "  ".join(str(value) for value in values.values())
        )
        sys.stdout.write(line + "\n")
    return 0


def _received(row: Row[Any]) -> dict[str, Any]:
    """A mail as a mapping; of a denunciation nothing that its writer wrote."""
    return {
        "id": row.id,
        "received": _local(row.internaldate),
        "status": row.status,
        "fate": row.fate,
        "kind": row.kind,
        "from": row.from_email,
        "subject": row.subject,
        "reason": row.reason,
    }


def _sent(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "queued": _local(row.created_at),
        "status": row.status,
        "notice": row.name,
        "to": row.recipient,
        "subject": row.subject,
        "attempts": row.attempts,
        "answer": f"{row.smtp_code or ''} {row.smtp_text}".strip(),
    }


def _local(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _show(connection: Connection, args: argparse.Namespace) -> int:
    row = connection.execute(select(raw_mail).where(raw_mail.c.id == args.id)).one_or_none()
    if row is None:
        raise PermanentError(f"mail: no mail {args.id}")
    values = _received(row) | {
        "sha256": row.sha256,
        "uid": f"{row.uidvalidity}/{row.uid}",
        "attempts": row.attempts,
        "folder": row.target_folder,
        "on_server": row.server_state,
        "duplicate_of": row.duplicate_of,
        "question": row.question_id,
        "trace": row.trace,
        "files": {str(part): f"{status} {why}".strip() for (_, part), (status, why) in _files(connection, args.id)},
    }
    if args.raw and stored_mails.sealed_among(connection, [args.id]):
        raise PermanentError(f"mail: {args.id} is kept apart (1.2): read it in its folder of the mailbox")
    if args.raw:
        _write_new(args.raw, stored_mails.raw_bytes(connection, args.id))
    if args.json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    else:
        for key, value in values.items():
            sys.stdout.write(f"{key}: {value}\n")
    return 0


def _files(connection: Connection, mail: int) -> list[tuple[tuple[int, int], tuple[str, str]]]:
    return sorted(attachments.known(connection, [mail]).items())


def _evidence(args: argparse.Namespace) -> int:
    """Write the evidence for this account only; the journal notes that it was made.

    Only the note needs the register for itself: the daemon works while mails are read and packed.
    """
    config, now = load_config(args.config), clock.now()
    with opened(config) as engine:
        with looking(engine) as connection:
            evidence = evidence_of(connection, args.about, config.board.prefix, now, denunciations=args.denunciations)
        _write_new(args.out, evidence.packed)
        try:
            with transaction(engine) as connection:
                journal.append(connection, _noted(args, evidence), now)
        except BaseException:
            args.out.unlink(missing_ok=True)  # nothing leaves the register without a note
            raise
    left = f", {evidence.left_out} kept apart left out" if evidence.left_out else ""
    sys.stdout.write(f"ok  {args.out}: {evidence.mails} received, {evidence.sent} sent{left}\n")
    return 0


def _noted(args: argparse.Namespace, evidence: Evidence) -> Entry:
    data = {
        "about": args.about,
        "denunciations": args.denunciations,
        "sha256": hashlib.sha256(evidence.packed).hexdigest(),
    }
    return Entry("evidence", "Xuất hồ sơ thư", actor=f"console:{getpass.getuser()}", data=data)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file for this account only; people's letters stand in it. Refuses one that exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise PermanentError(f"mail: {path} exists already") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _decided_again(connection: Connection, raw_mail_id: int, now: datetime) -> bool:
    if not ledger.requeue(connection, raw_mail_id):
        return False
    duties.withdraw_review(connection, raw_mail_id, now)
    return True


def _sent_again(connection: Connection, outbox_id: int, now: datetime) -> bool:
    """What this mail tells an asker nobody tells by hand meanwhile; if it fails again, the duty is opened anew."""
    if not resend(connection, outbox_id, now):
        return False
    about = duties.withdraw_telling(connection, sent_mail(connection, outbox_id).key, now)
    if about is not None:
        questions.amend(connection, about, {"told_at": now})
    return True


def _retry(connection: Connection, args: argparse.Namespace) -> int:
    now = clock.now()
    journal.take_turn(connection)
    again = _sent_again if args.sent else _decided_again
    refused = [each for each in args.ids if not again(connection, each, now)]
    why = "Người quản trị yêu cầu làm lại"
    for each in sorted(set(args.ids) - set(refused)):
        about = {"outbox": each} if args.sent else {"raw_mail": each}
        journal.append(connection, Entry("retry", why, actor="operator", **about), now)
        sys.stdout.write(f"{each}: will be tried again\n")
    for each in refused:
        sys.stdout.write(f"{each}: nothing to try again (not there, erased, or not in such a state)\n")
    return 1 if refused else 0
