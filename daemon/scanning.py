"""Attached files are looked at before they go on to anybody: by name and content, and by clamd where configured.

clamd is asked outside any transaction, file by file as the recipient would get them (its own reading of MIME may
differ from ours). What it cannot answer for is kept back, asked about again, and passed on when the answer is good.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

from sqlalchemy import Connection, Engine

from daemon.config_guard import ScanSettings
from daemon.errors import TemporaryError
from daemon.house import Office
from daemon.logs import Log
from daemon.mailin.parse import attachment_bytes
from daemon.store import transaction
from db import apart, files, journal
from db.files import CLEAN, HELD, UNSCANNED
from rules.attachments import INFECTED, NOT_SCANNED, load_file_rules
from rules.desk_actions import RecordFile
from rules.facts import HeldFile
from rules.model import Attachment, ParsedMail

log = Log("scanning")

CHUNK = 65_536
AGAIN = timedelta(minutes=5)


class ScanError(TemporaryError):
    """clamd did not answer, or not with a verdict."""


def scan(settings: ScanSettings, data: bytes) -> str:
    """What clamd finds in these bytes, "" for nothing. Raises :class:`ScanError`."""
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


def scan_stored(engine: Engine, office: Office, alive: Callable[[], None]) -> int:
    """Ask clamd about the files of mails that wait for their decision, and again about those it could not answer for.

    Returns how many files were asked about. One failure ends the round: the rest would wait as long for nothing.
    """
    if not office.config.scan.is_on or office.config.run.shadow:
        return 0
    with transaction(engine) as connection:
        waiting = files.waiting_for_scan(connection, office.clock() - AGAIN)
    asked = 0
    for raw_mail in waiting:
        alive()
        try:
            asked += _scan_mail(engine, office, raw_mail, alive)
        except ScanError as error:
            log.failure("not_scanned", error, mail=raw_mail)
            break
    return asked


def _scan_mail(engine: Engine, office: Office, raw_mail: int, alive: Callable[[], None]) -> int:
    from daemon.releasing import pass_on, record

    with transaction(engine) as connection:
        raw = apart.raw_bytes(connection, raw_mail)
        said = files.known(connection, [raw_mail])
    mail, _ = office.read(raw, office.clock())
    todo = [one for one in attached(mail) if said.get((raw_mail, one.part), (UNSCANNED, ""))[0] == UNSCANNED]
    for one in todo:
        alive()
        found = scan(office.config.scan, attachment_bytes(raw, one.part))
        verdict = RecordFile(raw_mail, one.part, HELD if found else CLEAN, f"{INFECTED}: {found}" if found else "")
        with transaction(engine) as connection:
            journal.take_turn(connection)
            if (raw_mail, one.part) in said and not found and not _fault(office, one):
                pass_on(connection, office, raw_mail, [one], CLEAN, "daemon")
            else:
                record(connection, office, verdict)
    return len(todo)


def attached(mail: ParsedMail) -> list[Attachment]:
    """The files that could be passed on."""
    return [one for one in mail.attachments if not one.inline]


def held_files(connection: Connection, office: Office, raw_mail: int, mail: ParsedMail) -> tuple[HeldFile, ...]:
    """The files of a mail that are not passed on by themselves, for the decision on it."""
    wanted = attached(mail)
    said = files.known(connection, [raw_mail]) if wanted and office.config.scan.is_on else {}
    held: list[HeldFile] = []
    for one in wanted:
        status, why = said.get((raw_mail, one.part), (UNSCANNED if office.config.scan.is_on else CLEAN, ""))
        fault = why if status == HELD else _fault(office, one)
        if fault:
            unseen = f"; {NOT_SCANNED}" if status == UNSCANNED else ""
            held.append(HeldFile(one.part, one.name, HELD, fault + unseen))
        elif status == UNSCANNED:
            held.append(HeldFile(one.part, one.name, UNSCANNED, NOT_SCANNED))
    return tuple(held)


def _fault(office: Office, one: Attachment) -> str:
    return load_file_rules(office.config.source).fault(one)
