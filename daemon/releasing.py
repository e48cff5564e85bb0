"""Held files that may go on after all: to the units that still owe an answer, or to whoever asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from daemon.applying import apply_decision
from daemon.errors import PermanentError
from daemon.house import Office
from db import apart, files, journal, questions
from db.application import MailAtHand
from db.schema import answer, raw_mail
from rules.actions import Send
from rules.desk_actions import RecordFile
from rules.model import Attachment, AttachmentRef
from rules.workflow.kept_files import carried


def record(connection: Connection, office: Office, verdict: RecordFile) -> None:
    """Keep what was found out about a file, and nothing else."""
    apply_decision(connection, office, (verdict,), office.clock(), MailAtHand(verdict.raw_mail))


def pass_on(
    connection: Connection,
    office: Office,
    mail_id: int,
    chosen: Sequence[Attachment],
    status: str,
    by: str,
) -> int:
    """Record the files as clean or released and send them after the mail that went without them; how many mails.

    A mail that is not decided on yet, or whose question no unit has, needs nothing: its files go with the question.
    """
    why = "Tệp được phép chuyển tiếp"
    recorded = tuple(RecordFile(mail_id, one.part, status, why if status != "clean" else "") for one in chosen)
    refs = tuple(AttachmentRef(mail_id, one.part, one.name, one.type) for one in chosen)
    sends = _sends(connection, office, mail_id, refs)
    apply_decision(connection, office, (*recorded, *sends), office.clock(), MailAtHand(mail_id), actor=by)
    return len(sends)


def _sends(connection: Connection, office: Office, mail_id: int, refs: tuple[AttachmentRef, ...]) -> tuple[Send, ...]:
    number = connection.execute(select(raw_mail.c.question_id).where(raw_mail.c.id == mail_id)).scalar_one_or_none()
    found = questions.load(connection, [number]).get(number) if number else None
    answered = connection.execute(select(answer.c.id).where(answer.c.raw_mail_id == mail_id)).first() is not None
    return carried(office.house, found, refs, answered=answered)


def release(
    connection: Connection, office: Office, mail_id: int, parts: Sequence[int] | None, by: str
) -> tuple[list[str], int]:
    """A person lets held files go on: their names, and how many mails carry them. Raises ``PermanentError``."""
    held = {
        part for (_, part), (status, _) in files.known(connection, [mail_id]).items() if status in files.KEPT_BACK
    }
    wanted = held & set(parts) if parts else held
    if not wanted:
        raise PermanentError(f"mail: nothing is held of mail {mail_id}" + (" in these parts" if parts else ""))
    if apart.kept_apart(connection, [mail_id]):
        raise PermanentError(f"mail: {mail_id} is kept apart (1.2): nothing of it goes on")
    mail, _ = office.read(apart.raw_bytes(connection, mail_id), office.clock())
    chosen = [one for one in mail.attachments if one.part in wanted]
    journal.take_turn(connection)
    return [one.name for one in chosen], pass_on(connection, office, mail_id, chosen, files.RELEASED, by)
