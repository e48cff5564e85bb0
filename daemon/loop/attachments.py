"""Attached files are checked before anybody gets them: by name and content, and by clamd where it is configured.

clamd is asked outside any transaction and gets each file as the recipient would, because it may read the MIME
structure differently. A file that clamd cannot check is held, scanned again, and passed on once it is clean.

A held file that may go on after all is sent to the units that still owe an answer or were passed its mail, or with
the answers of its mail to their requesters.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import timedelta

from sqlalchemy import Connection, Engine, select

from daemon.base.errors import PermanentError, TemporaryError
from daemon.base.logs import Log
from daemon.config.database import transaction
from daemon.config.sections import ScanSettings
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.parsing.guard import MailTooCostlyError, costs_at_most
from daemon.parsing.parse import attachment_bytes, forget_large, parse_mail
from db.core import journal
from db.core.tables import raw_mail
from db.decision.application import MailAtHand
from db.decision.gather_duty import file_answers
from db.mails import attachments, stored_mails
from db.mails.attachments import CLEAN, HELD, UNSCANNED
from db.register import questions
from rules.decide.base.actions import RecordFile, Send
from rules.decide.base.facts import BlockedFile
from rules.decide.intake.attachments import carried
from rules.message.attachment_policy import INFECTED, NOT_SCANNED, is_file, load_file_rules
from rules.values.model import Attachment, AttachmentRef, ParsedMail


def record(connection: Connection, installation: Installation, verdict: RecordFile) -> None:
    """Store the finding about one file, and change nothing else."""
    apply_decision(connection, installation, (verdict,), installation.clock(), MailAtHand(verdict.raw_mail))


def pass_on(
    connection: Connection,
    installation: Installation,
    mail_id: int,
    chosen: Sequence[Attachment],
    status: str,
    by: str,
) -> int:
    """Record the files as clean or released, send them after the mail that went without them; gives how many mails.

    A mail that is not decided on yet, or whose question no unit has, needs no mail: its files go with the question.
    """
    why = "Tệp được phép chuyển tiếp"
    recorded = tuple(RecordFile(mail_id, file.part, status, why if status != "clean" else "") for file in chosen)
    refs = tuple(AttachmentRef(mail_id, file.part, file.name, file.type) for file in chosen)
    sends = _sends(connection, installation, mail_id, refs)
    apply_decision(connection, installation, (*recorded, *sends), installation.clock(), MailAtHand(mail_id), actor=by)
    return len(sends)


def _sends(
    connection: Connection, installation: Installation, mail_id: int, refs: tuple[AttachmentRef, ...]
) -> tuple[Send, ...]:
    number = connection.execute(select(raw_mail.c.question_id).where(raw_mail.c.id == mail_id)).scalar_one_or_none()
    question = questions.load(connection, [number]).get(number) if number else None
    answers = file_answers(connection, [mail_id]).get(mail_id, ())
    passed = attachments.passed_to(connection, mail_id, number) if number else frozenset[int]()
    return carried(installation.board, question, refs, answers, passed)


def release(
    connection: Connection, installation: Installation, mail_id: int, parts: Sequence[int] | None, by: str
) -> tuple[list[str], int]:
    """Release held files on a person's order; gives their names and how many mails. Raises ``PermanentError``."""
    held = {
        part
        for (_, part), (status, _) in attachments.known(connection, [mail_id]).items()
        if status in attachments.KEPT_BACK
    }
    wanted = held & set(parts) if parts else held
    if not wanted:
        raise PermanentError(f"mail: nothing is held of mail {mail_id}" + (" in these parts" if parts else ""))
    if stored_mails.sealed_among(connection, [mail_id]):
        raise PermanentError(f"mail: {mail_id} is kept apart (1.2): nothing of it goes on")
    mail, _ = installation.read(stored_mails.raw_bytes(connection, mail_id), installation.clock())
    chosen = [file for file in mail.attachments if file.part in wanted]
    journal.take_turn(connection)
    return [file.name for file in chosen], pass_on(
        connection, installation, mail_id, chosen, attachments.RELEASED, by
    )


log = Log("attachments")

CHUNK = 65_536
AGAIN = timedelta(minutes=5)


class ScanError(TemporaryError):
    """clamd did not answer, or answered without a verdict."""


def scan(settings: ScanSettings, data: bytes) -> str:
    """The name of what clamd finds in these bytes, "" for nothing. Raises :class:`ScanError`."""
    try:
        with closing(_connected(settings)) as wire:
            wire.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                piece = data[start : start + CHUNK]
                wire.sendall(struct.pack(">I", len(piece)) + piece)
            wire.sendall(struct.pack(">I", 0))
            answer = _answer(wire)
    except OSError as error:
        raise ScanError(f"clamd: {error.strerror or type(error).__name__}") from None
    return _verdict(answer)


def _connected(settings: ScanSettings) -> socket.socket:
    if settings.socket is not None:
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(settings.timeout_seconds)
        try:
            wire.connect(str(settings.socket))
        except OSError:
            wire.close()
            raise
        return wire
    return socket.create_connection(("127.0.0.1", settings.port), settings.timeout_seconds)


def _answer(wire: socket.socket) -> bytes:
    said = b""
    while b"\0" not in said and len(said) < 10_000 and (piece := wire.recv(4096)):
        said += piece
    return said.partition(b"\0")[0].strip()


def _verdict(answer: bytes) -> str:
    text = answer.decode("utf-8", "replace").removeprefix("stream:").strip()
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND").strip()[:100] or "?"
    raise ScanError("clamd: gave no verdict")


def scan_stored(
    engine: Engine,
    installation: Installation,
    alive: Callable[[], None],
    without: Collection[int] = (),
    only: Collection[int] | None = None,
) -> int:
    """Ask clamd about the files of mails that wait for their decision, and again about those it could not check.

    Mails in ``without`` are left alone; with ``only`` no others are looked at. Returns how many files were asked
    about. One failure of clamd ends the round: each further file would wait just as long.
    """
    if not installation.config.scan.is_on or installation.config.run.shadow:
        return 0
    with transaction(engine) as connection:
        waiting = attachments.waiting_for_scan(connection, installation.clock(), AGAIN)
    asked = 0
    for mail_id in waiting:
        if mail_id in without or (only is not None and mail_id not in only):
            continue
        alive()
        try:
            asked += _scan_mail(engine, installation, mail_id, alive)
        except ScanError as error:
            log.failure("not_scanned", error, mail=mail_id)
            break
        finally:
            forget_large()
    return asked


def _scan_mail(engine: Engine, installation: Installation, raw_mail: int, alive: Callable[[], None]) -> int:
    with transaction(engine) as connection:
        raw = stored_mails.raw_bytes(connection, raw_mail)
        said = attachments.known(connection, [raw_mail])
    files = _files_in(installation, raw, raw_mail, alive)
    todo = [one for one in files if said.get((raw_mail, one.part), (UNSCANNED, ""))[0] == UNSCANNED]
    for file in todo:
        alive()
        found = scan(installation.config.scan, attachment_bytes(raw, file.part))
        verdict = RecordFile(raw_mail, file.part, HELD if found else CLEAN, f"{INFECTED}: {found}" if found else "")
        with transaction(engine) as connection:
            journal.take_turn(connection)
            if (raw_mail, file.part) in said and not found and not _fault(installation, file):
                pass_on(connection, installation, raw_mail, [file], CLEAN, "daemon")
            else:
                record(connection, installation, verdict)
    return len(todo)


def _files_in(
    installation: Installation, raw: bytes, raw_mail: int, alive: Callable[[], None]
) -> tuple[Attachment, ...]:
    """The files of a mail, which is only taken apart; () where that fails or costs too much.

    Such a mail is the decision's: it counts the attempts, and quarantines with a word.
    """
    try:
        with costs_at_most(installation.config.limits.max_cpu_seconds, alive):
            return tuple(attached(parse_mail(raw, installation.limits)))
    except (MailTooCostlyError, Exception) as error:
        log.failure("files_not_found", error, mail=raw_mail)
        return ()


def attached(mail: ParsedMail) -> list[Attachment]:
    """The attachments that could be passed on."""
    return [file for file in mail.attachments if is_file(file)]


def held_files(
    connection: Connection, installation: Installation, raw_mail: int, mail: ParsedMail
) -> tuple[BlockedFile, ...]:
    """The files of a mail that are not passed on automatically, as facts for the decision on the mail."""
    wanted = attached(mail)
    said = attachments.known(connection, [raw_mail]) if wanted and installation.config.scan.is_on else {}
    held: list[BlockedFile] = []
    for file in wanted:
        status, why = said.get((raw_mail, file.part), (UNSCANNED if installation.config.scan.is_on else CLEAN, ""))
        fault = why if status == HELD else _fault(installation, file)
        if fault:
            unseen = f"; {NOT_SCANNED}" if status == UNSCANNED else ""
            held.append(BlockedFile(file.part, file.name, HELD, fault + unseen))
        elif status == UNSCANNED:
            held.append(BlockedFile(file.part, file.name, UNSCANNED, NOT_SCANNED))
    return tuple(held)


def _fault(installation: Installation, file: Attachment) -> str:
    return load_file_rules(installation.config.source).fault(file)
