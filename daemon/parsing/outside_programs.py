"""What other programs say of a mail: its digital signatures, and the text in its pictures.

Signatures are those of a whole mail (RFC 8551) and of attached PDF files (ISO 32000-2, 12.8). ``openssl cms`` checks
a mail's signature, as no Python library checks CMS. Only ``multipart/signed`` as the very root of the mail counts,
with the text and the signature as its two parts and nothing around them. The mail is cut here and openssl gets the
pieces, so that it reads no MIME; and the text that the signature covers must, read alone, say what the whole mail
says, so that no reader is misled. The header is not covered: a signature comes in addition to what proves the sender,
never in its place. pyHanko checks a PDF file's signature, where it is installed. Officers see the findings, which
support the file as an answer; a file without a signature is not treated worse.

Text from pictures comes from a program of the operator's (off unless configured): a help for the reader, never
trusted. The program gets the file's path in place of ``{file}`` and writes UTF-8 to its standard output. It runs
without a shell, in a temporary folder of its own, under limits of time, memory and output.
"""

from __future__ import annotations

import base64
import binascii
import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from daemon.base.logs import Log
from daemon.config.config import OcrSettings
from daemon.config.sections import SignatureSettings, SmimeSettings
from daemon.parsing import file_reader
from daemon.parsing.guard import ParseLimits, header_end
from daemon.parsing.parse import attachment_bytes, parse_mail
from rules.message.attachment_policy import READ_BY_MACHINE, scans
from rules.text import clean, repair
from rules.values.model import Attachment, FileSignature, ParsedMail

log = Log("smime")

SECONDS = 10.0
_PROTOCOLS = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(r"[\w'()+,./:=?-][\w'()+,./:=? -]{0,69}", re.ASCII)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_FIELD = re.compile(rb"(?:(?!\r\n[^ \t]).)+(?:\r\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a signed mail, line ends CR LF: header without Content fields, signed part, signature (DER)."""

    header: bytes
    signed: bytes
    signature: bytes


def is_signed_by_sender(raw: bytes, mail: ParsedMail, ca_file: Path, at: datetime) -> bool:
    """True when the one From address signed the whole text with a certificate of this authority, valid at ``at``.

    No network is used and no revocation list fetched. What cannot be checked counts as unsigned; the log says why.
    """
    pieces = cut(raw) if len(mail.senders) == 1 and not mail.minimal else None
    if pieces is None or not _says_the_same(pieces, mail):
        return False
    signers = _signers(pieces, ca_file, at)
    return len(signers) == 1 and mail.sender.email.lower() in signers[0]


def lacks_signature(settings: SmimeSettings, role: str, raw: bytes, at: datetime, mail: ParsedMail) -> bool:
    """True when acts in this role must be signed and this mail is not."""
    if role not in settings.required or settings.ca_file is None:
        return False
    return not is_signed_by_sender(raw, mail, settings.ca_file, at)


def cut(raw: bytes) -> Pieces | None:
    """The pieces of a ``multipart/signed`` mail (RFC 1847 §2.1); None for every other shape."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head, body = raw[: header_end(raw)].rstrip(b"\r\n") + b"\r\n", b"\r\n" + raw[header_end(raw) :].lstrip(b"\r\n")
    boundary = _boundary(head)
    if not boundary:
        return None
    parts = body.split(b"\r\n--" + boundary)
    if len(parts) != 4 or parts[3].strip() != b"--" or not all(part.startswith(b"\r\n") for part in parts[1:3]):
        return None
    signature = _signature(parts[2][2:])
    kept = b"".join(field for field in _FIELD.findall(head) if not field.lower().startswith(b"content-"))
    return Pieces(kept, parts[1][2:], signature) if signature else None


def _boundary(head: bytes) -> bytes:
    """The boundary where the root is a signed mail by one unambiguous field; otherwise b""."""
    if len(_CONTENT_TYPE.findall(head)) != 1:
        return b""
    root: Message[str, str] = message_from_bytes(head + b"\r\n")
    value = str(root["content-type"]).lower()
    boundary, protocol = root.get_boundary(), root.get_param("protocol")
    if root.get_content_type() != "multipart/signed" or value.count("boundary") != 1 or value.count("protocol") != 1:
        return b""
    if not isinstance(protocol, str) or protocol.lower() not in _PROTOCOLS or not isinstance(boundary, str):
        return b""
    return boundary.encode("ascii") if _BOUNDARY.fullmatch(boundary) else b""


def _signature(part: bytes) -> bytes:
    """The DER bytes of the signature part; b"" when it is another kind of part, or unreadable."""
    found: Message[str, str] = message_from_bytes(part)
    if (
        found.get_content_type() not in _PROTOCOLS
        or str(found["content-transfer-encoding"]).strip().lower() != "base64"
    ):
        return b""
    try:
        return base64.b64decode(str(found.get_payload()).strip().encode("ascii"))
    except (binascii.Error, ValueError):
        return b""


def _says_the_same(pieces: Pieces, mail: ParsedMail) -> bool:
    """True when the signed part, read alone, gives the text and the files of the mail as it was read."""
    alone = parse_mail(pieces.header + pieces.signed, ParseLimits(mail_bytes=max(mail.size + 1000, 1000)))
    files = [file.sha256 for file in mail.attachments]
    return not alone.minimal and alone.text == mail.text and [file.sha256 for file in alone.attachments] == files[:-1]


def _signers(pieces: Pieces, ca_file: Path, at: datetime) -> list[frozenset[str]]:
    """Each signer's certificate addresses, in lower case; none when the signature is not valid."""
    try:
        certificates = _certificates(pieces, ca_file, at)
    except OSError as error:  # a full disk
        log.failure("not_checked", error)
        return []
    told = (_openssl("x509", "-noout", "-email", said=one.encode()) for one in certificates)
    return [frozenset((one or b"").decode("utf-8", "replace").lower().split("\n")) for one in told]


def _certificates(pieces: Pieces, ca_file: Path, at: datetime) -> list[str]:
    with TemporaryDirectory(prefix="doithoai-smime-") as name:  # for this account only (mode 0700)
        folder = Path(name)
        (folder / "signed").write_bytes(pieces.signed)
        (folder / "signature").write_bytes(pieces.signature)
        # fmt: off
        verified = _openssl(
            "cms", "-verify", "-inform", "DER", "-in", f"{folder}/signature", "-content", f"{folder}/signed",
            "-binary", "-CAfile", str(ca_file), "-no-CApath", "-no-CAstore", "-purpose", "smimesign",
            "-attime", str(int(at.timestamp())), "-signer", f"{folder}/signers", "-out", f"{folder}/out",
        )
        # fmt: on
        there = verified is not None and (folder / "signers").exists()
        return _CERTIFICATE.findall((folder / "signers").read_text("ascii")) if there else []


def _openssl(*arguments: str, said: bytes = b"") -> bytes | None:
    """The program's output; None when it fails, is missing, or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, our own file names
            ["openssl", *arguments],  # noqa: S607 - where the system has it
            input=said,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.failure("not_checked", error)
        return None
    return done.stdout if done.returncode == 0 else None


SIGNED = b"/ByteRange"
"""Every signed PDF file contains this (ISO 32000-2, 12.8.1)."""
READER = file_reader.__file__
MOST_FILES = 3
MEMORY = 400_000_000
"""Bytes for one program. With the daemon and its reader of files it fits into the unit's MemoryMax, where the kernel
would end the whole service instead; a test compares the numbers."""
MOST_SECONDS = 40
"""Seconds for all files of a mail and all programs together: so long may one mail keep the next ones waiting."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the programs that read one mail are waited for; ``alive`` is called every second meanwhile."""

    end: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    alive: Callable[[], None] = lambda: None

    def left(self, seconds: int) -> float:
        """The seconds that one more program has, of the ``seconds`` that are configured for it."""
        return min(seconds, self.end - time.monotonic())

    def output(self, command: Sequence[str], seconds: float, data: bytes | None = None, **options: Any) -> bytes:
        """What it writes, unless to a file. Raises ``OSError`` or ``SubprocessError`` when it fails or lasts."""
        end, stdin = time.monotonic() + seconds, subprocess.DEVNULL if data is None else subprocess.PIPE
        options.setdefault("stdout", subprocess.PIPE)
        with subprocess.Popen(command, stdin=stdin, stderr=subprocess.DEVNULL, **options) as process:  # noqa: S603 - ours
            try:
                said = self._written(process, end, data)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return said

    def _written(self, process: subprocess.Popen[bytes], end: float, data: bytes | None) -> bytes:
        while True:
            self.alive()
            try:
                return process.communicate(data, min(1.0, max(0.0, end - time.monotonic())))[0] or b""
            except subprocess.TimeoutExpired:
                data = None  # it is under way
                if time.monotonic() >= end:
                    raise


def is_installed() -> bool:
    """True where the extra ``signatures`` is installed."""
    return importlib.util.find_spec("pyhanko") is not None


def with_signatures(
    raw: bytes, mail: ParsedMail, anchors: Path | None, seconds: int, patience: Patience | None = None
) -> ParsedMail:
    """The mail with the findings on its PDF files' signatures; the same mail where there are none, or no pyHanko."""
    may_bear = SIGNED in raw or any(_is_pdf(one) for one in mail.attachments)
    if not may_bear or not is_installed():
        return mail
    patience = patience or Patience()
    found = {file.part: _of(data, anchors, patience.left(seconds), patience) for file, data in _signed(raw, mail)}
    if not found:
        return mail
    files = tuple(replace(one, signatures=found.get(one.part, ())) for one in mail.attachments)
    return replace(mail, attachments=files)


def _is_pdf(file: Attachment) -> bool:
    return file.type == "application/pdf" or file.name.lower().endswith(".pdf")


def _signed(raw: bytes, mail: ParsedMail) -> Iterator[tuple[Attachment, bytes]]:
    for file in [one for one in mail.attachments if _is_pdf(one)][:MOST_FILES]:
        data = attachment_bytes(raw, file.part)
        if SIGNED in data:
            yield file, data


def _of(data: bytes, anchors: Path | None, seconds: float, patience: Patience) -> tuple[FileSignature, ...]:
    """The process's findings on a file; () when it fails or takes too long."""
    if seconds <= 0:
        return ()
    job = {"kind": "signatures", "size": len(data), "seconds": seconds, "anchors": str(anchors or "")}
    command = [sys.executable, "-I", str(READER), str(MEMORY >> 20)]
    try:
        told = patience.output(command, seconds, json.dumps(job).encode() + b"\n" + data, cwd="/")
        said = json.loads(told.partition(b"\n")[0]).get("signatures", ())
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()
    return tuple(
        FileSignature(
            clean(str(one["signer"]))[:200],
            _moment(one["at"]),
            intact=bool(one["intact"]) and bool(one["whole"]),
            trusted=bool(one["trusted"]),
        )
        for one in said
    )


def _moment(text: str) -> datetime | None:
    """When a file was signed; None where the signer's clock says nothing, or what not every time zone can say."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None


MOST_CHARS = 50_000
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", "application/pdf": ".pdf"}


def with_machine_text(
    raw: bytes, mail: ParsedMail, command: Sequence[str], seconds: int, patience: Patience | None = None
) -> ParsedMail:
    """The mail with the text of its scans, and a note of which were read so; the same mail where none was."""
    wanted = {one.part for one in scans(mail)[:MOST_FILES]} if command else set()
    if not wanted:
        return mail
    texts: dict[int, str] = {}
    patience = patience or Patience()
    for file in (one for one in mail.attachments if one.part in wanted):
        left = int(patience.left(seconds))
        texts[file.part] = _text(raw, file, command, left, patience) if left > 0 else ""
    files = tuple(replace(one, text=texts.get(one.part, one.text)) for one in mail.attachments)
    read = [one.name or one.type for one in files if one.part in wanted and one.text]
    if not read:
        return mail
    return replace(mail, attachments=files, defects=(*mail.defects, READ_BY_MACHINE + ", ".join(read)))


def read_by_programs(
    raw: bytes, mail: ParsedMail, ocr: OcrSettings, signatures: SignatureSettings, alive: Callable[[], None]
) -> ParsedMail:
    """The mail with the text of its scans and the findings on its signatures, read with one patience."""
    patience = Patience(alive=alive)
    mail = with_machine_text(raw, mail, ocr.command, ocr.seconds, patience)
    return with_signatures(raw, mail, signatures.anchors, signatures.seconds, patience)


def _text(raw: bytes, one: Attachment, command: Sequence[str], seconds: int, patience: Patience) -> str:
    """The program's output, "" when it fails, is missing, or takes too long, or there is no room for its files."""
    try:
        with TemporaryDirectory(prefix="doithoai-ocr-") as folder:
            file = Path(folder) / f"scan{ENDINGS.get(one.type, '')}"
            file.write_bytes(attachment_bytes(raw, one.part))
            said = _said([part.replace("{file}", str(file)) for part in command], Path(folder), seconds, patience)
    except (OSError, subprocess.SubprocessError):
        return ""
    return clean(repair(said.decode("utf-8", "replace")[:MOST_CHARS])).strip()


def _said(command: Sequence[str], folder: Path, seconds: int, patience: Patience) -> bytes:
    """The beginning of what a program writes, through a file: however much it is, it takes no memory of ours."""
    with (folder / "said").open("w+b") as file:
        patience.output(
            command,
            seconds,
            stdout=file,
            cwd=folder,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # each thread of tesseract's takes its share of MEMORY
            preexec_fn=lambda: _limit(seconds),
        )
        file.seek(0)
        return file.read(4 * MOST_CHARS)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEMORY, MEMORY))
