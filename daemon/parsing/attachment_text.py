"""The text inside attachments: Word, PDF, plain text and HTML; and the files packed in a TNEF (winmail.dat).

A file's type is recognised from its first bytes, without unpacking anything; the type names are those of
``rules/data/attachments.toml``; "" = unknown.

One process reads PDF, DOCX and TNEF files: started for the first file and kept running. It is replaced after
:data:`MOST_FILES` files or :data:`MOST_BYTES` bytes, so that leftovers in a library's memory do not stay, and
whenever a job in it exceeds its CPU time, its memory, or its wall-clock time. A file's allowance is counted in CPU
time, which a busy machine does not shorten; the wall clock only ends what hangs.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import re
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from daemon.parsing import file_reader
from daemon.parsing.guard import ParseLimits
from daemon.parsing.html_to_text import html_of, text_of
from rules.message.attachment_policy import CALENDAR, ENCRYPTED_MAIL, SIGNED_MAIL, TNEF
from rules.text import clean, clean_line, decode, repair

MEGABYTES = 400
MOST_FILES = 200
MOST_BYTES = 100_000_000
WALL_SECONDS, WALL_SECONDS_A_CPU_SECOND = 5, 15
"""Wall-clock limit of a job, including the start of the process, on a machine that has other things to do."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reading:
    """The objects that the process answered about a file, and the CPU seconds the file took."""

    said: list[dict[str, Any]]
    cpu: float


class FileWorker:
    """At most one reading process, which gets its jobs one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._left_to_parent: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._files = self._bytes = 0
        self._turn = threading.Lock()

    def read(self, kind: str, data: bytes, seconds: float, pages: int, chars: int) -> Reading:
        """The answers about a file, as ``file_reader`` describes them; for a file not read to its end, those so far.

        ``seconds`` are CPU seconds. Raises OSError where no process can be started.
        """
        job = {"kind": kind, "size": len(data), "seconds": seconds, "pages": pages, "chars": chars}
        with self._turn:
            try:
                said = _Talk(self._running(), json.dumps(job).encode() + b"\n" + data, seconds).answers()
            except BaseException:  # e.g. the service stops: the process is in the middle of an answer
                self._end()
                raise
            self._files += 1
            self._bytes += len(data)
            cpu = float(said.pop()["cpu"]) if said and "done" in said[-1] else None
            if cpu is None or self._files >= MOST_FILES or self._bytes >= MOST_BYTES:
                self._end()
        return Reading(said, seconds if cpu is None else cpu)

    @property
    def pid(self) -> int | None:
        """The id of the process that waits for the next file; None where none is kept."""
        return self._process.pid if self._process is not None and self._owner == os.getpid() else None

    def close(self) -> None:
        """End the process; the next file starts another."""
        with self._turn:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a fork of the process that owns it: its pipes are not ours to use
            self._left_to_parent, self._process, self._owner = self._process, None, os.getpid()
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._files = self._bytes = 0
            self._process = subprocess.Popen(  # noqa: S603 - our own program; its argument is a number
                [sys.executable, "-I", file_reader.__file__, str(MEGABYTES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"LANG": "C.UTF-8"},
                bufsize=0,
            )
        return self._process

    def _end(self) -> None:
        process = self._process
        if process is None or self._owner != os.getpid():
            return
        self._process = None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        process.wait()


class _Talk:
    """Sends one job and reads its answers, both at once, because neither pipe holds a whole file."""

    def __init__(self, process: subprocess.Popen[bytes], job: bytes, seconds: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.send, self.hear = process.stdin.fileno(), process.stdout.fileno()
        self.left = memoryview(job)
        self.heard = bytearray()
        self.until = time.monotonic() + WALL_SECONDS + seconds * WALL_SECONDS_A_CPU_SECOND

    def answers(self) -> list[dict[str, Any]]:
        """The objects of the answer, one for each complete line received."""
        os.set_blocking(self.send, False)
        with selectors.DefaultSelector() as ready:
            ready.register(self.send, selectors.EVENT_WRITE)
            ready.register(self.hear, selectors.EVENT_READ)
            while (seconds := self.until - time.monotonic()) > 0:
                going_on = [self._step(ready, key.fd) for key, _ in ready.select(seconds)]
                if not all(going_on):
                    break
        lines = bytes(self.heard).split(b"\n")[:-1]
        return [json.loads(line) for line in lines]

    def _step(self, ready: selectors.BaseSelector, pipe: int) -> bool:
        """Send or read a piece; False when everything was read, or the other side is gone."""
        if pipe == self.hear:
            piece = os.read(self.hear, _CHUNK)
            self.heard += piece
            last = self.heard[self.heard.rfind(b"\n", 0, -1) + 1 :] if self.heard.endswith(b"\n") else b""
            return bool(piece) and not last.startswith(b'{"done"')
        try:
            self.left = self.left[os.write(self.send, self.left[:_CHUNK]) :]
        except BrokenPipeError:
            ready.unregister(self.send)
            return True
        if not self.left:
            ready.unregister(self.send)
        return True


WORKER = FileWorker()
atexit.register(WORKER.close)

_OFFICE = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx", ".docm")),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx", ".xlsm")),
}
"""What office files are read as, by their type or their name."""
_TEXT_ENDINGS = (".txt", ".csv", ".md", ".log")


@dataclass(slots=True)
class Budget:
    """The CPU seconds that are ``left`` for one mail's attachments."""

    limits: ParseLimits
    left: float

    @classmethod
    def of(cls, limits: ParseLimits) -> Budget:
        """A fresh budget of which nothing is spent."""
        return cls(limits, limits.file_seconds)


@dataclass(frozen=True, slots=True)
class Packed:
    """The content of a TNEF: its body as clean text, and its files as (name, bytes)."""

    text: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def file_text(data: bytes, mime: str, name: str, charset: str, budget: Budget) -> str:
    """The clean text of a file; "" when it has none, is of another kind, is too large, or cannot be read."""
    limits = budget.limits
    if not data or len(data) > limits.file_bytes or budget.left <= 0:
        return ""
    try:
        text = _read(data, mime, name.lower(), charset, budget)
    except Exception:
        return ""
    return clean(repair(text[: limits.files_text_chars])).strip()


def _read(data: bytes, mime: str, name: str, charset: str, budget: Budget) -> str:
    if b"%PDF-" in data[:1024]:
        return "\n\n".join(str(page["text"]) for page in _read_apart("pdf", data, budget))
    if data.startswith(b"PK\x03\x04"):
        kind = next((kind for kind, (type_, ends) in _OFFICE.items() if mime == type_ or name.endswith(ends)), "")
        return "".join(str(found["text"]) for found in _read_apart(kind, data, budget)) if kind else ""
    if mime == CALENDAR or name.endswith(".ics"):
        if len(data) > budget.limits.html_bytes:  # no meeting is that long, and reading it takes 0.2 s a MB
            return ""
        return "".join(str(found["text"]) for found in _read_apart("calendar", data, budget))
    if mime == "text/html" or name.endswith((".htm", ".html")):
        return text_of(html_of(data[: budget.limits.html_bytes], charset))
    if mime.startswith("text/") or name.endswith(_TEXT_ENDINGS):
        return decode(data[: 4 * budget.limits.files_text_chars], charset)
    return ""


def _read_apart(kind: str, data: bytes, budget: Budget) -> list[dict[str, Any]]:
    """The answers of the reading process about a file, as far as they came within the budget."""
    limits = budget.limits
    reading = WORKER.read(kind, data, budget.left, limits.pdf_pages, limits.files_text_chars)
    budget.left -= reading.cpu
    return reading.said


def unpack_tnef(data: bytes, budget: Budget) -> Packed:
    """The content of a TNEF; empty when it cannot be read."""
    if len(data) > budget.limits.file_bytes or budget.left <= 0:
        return Packed()
    try:
        (found,) = _read_apart("tnef", data, budget)
        files = tuple((clean_line(name.strip("\x00")), base64.b64decode(packed)) for name, packed in found["files"])
    except Exception:
        return Packed()
    html = found.get("html")
    return Packed(clean(repair(text_of(_tnef_words(html)) if html else _tnef_words(found.get("text") or {}))), files)


def unwrap_signed(data: bytes, budget: Budget) -> bytes:
    """What an opaque S/MIME signature wraps, a part with its content fields (RFC 8551 §3.5.2); b"" when it cannot be
    read. Whose signature it is, and whether it is valid, is not checked."""
    if len(data) > budget.limits.file_bytes or budget.left <= 0:
        return b""
    try:
        (found,) = _read_apart("signed", data, budget)
        return base64.b64decode(found["inside"])
    except Exception:
        return b""


def _tnef_words(value: dict[str, str]) -> str:
    """The text of a body that tnefparse left as bytes: it arrives as Latin-1 and is decoded here."""
    return decode(value["bytes"].encode("latin-1")) if "bytes" in value else value.get("str", "")


HEAD = 4_096
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "windows-program"),
    (b"\x7fELF", "elf-program"),
    (b"\xca\xfe\xba\xbe", "java-class"),  # and fat Mach-O programs
    *((magic, "mach-program") for magic in (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe")),
    (b"#!", "script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"[InternetShortcut]", "shortcut"),
    (b"[Desktop Entry]", "shortcut"),
    (b"MSCF", "cabinet"),
    (b"conectix", "disk-image"),
    (b"vhdxfile", "disk-image"),
    *((magic, "flash") for magic in (b"FWS", b"CWS", b"ZWS")),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"-----BEGIN PGP MESSAGE-----", ENCRYPTED_MAIL),
    *((magic, "image") for magic in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)
_WEB = re.compile(
    rb"^(?:<!--.*?-->|<\?xml[^>]*+>|\s)*+<(!doctype\s+html|html|head|body|script|iframe|svg)\b", re.DOTALL
)
_CMS = re.compile(
    rb"0(?:[\x80-\x84].{0,4}?|.)\x06[\x09\x0b]\x2a\x86\x48\x86\xf7\x0d\x01(\x07\x02|\x07\x03|\x09\x10\x01\x17)",
    re.DOTALL,
)
"""ContentInfo of SignedData, EnvelopedData (RFC 5652 §3) or AuthEnvelopedData (RFC 5083)."""
_ISO = slice(0x8001, 0x8006)
_MACRO_ZIP = b"vbaProject.bin"  # a ZIP holds the names of its packed files uncompressed
_MACRO_OLE = "_VBA_PROJECT".encode("utf-16-le")


def looks_like(data: bytes) -> str:
    """The type that the content itself shows, whatever the file's name and declared type say."""
    head = data[:HEAD]
    look = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if (look == "zip" and _MACRO_ZIP in data) or (look == "ole" and _MACRO_OLE in data):
        return "office-with-macro"
    if look:
        return look
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if cms := _CMS.match(head):
        return SIGNED_MAIL if cms[1] == b"\x07\x02" else ENCRYPTED_MAIL
    if head[4:8] == b"ftyp":
        return "video"
    if head[:4] == b"RIFF":
        return "image" if head[8:12] == b"WEBP" else "video"
    if data[_ISO] == b"CD001":
        return "disk-image"
    web = _WEB.match(head.lstrip(b"\xef\xbb\xbf").lower())
    return ("svg" if web[1] == b"svg" else "web-page") if web else ""
