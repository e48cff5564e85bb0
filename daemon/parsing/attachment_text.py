"""The text inside attachments: Word, PDF, plain text and HTML; and the files packed in a TNEF (winmail.dat).

Also recognises a file's type from its first bytes, without unpacking anything.

The type names are those of ``rules/data/attachments.toml``; "" = unknown.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from daemon.parsing.file_worker import WORKER
from daemon.parsing.guard import ParseLimits
from daemon.parsing.html_to_text import html_of, text_of
from rules.text import clean, clean_line, decode, repair

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    return clean(repair(text[: limits.file_text_chars])).strip()


def _read(data: bytes, mime: str, name: str, charset: str, budget: Budget) -> str:
    if b"%PDF-" in data[:1024]:
        return "\n\n".join(str(page["text"]) for page in _read_apart("pdf", data, budget))
    if data.startswith(b"PK\x03\x04"):
        is_word = mime == _DOCX or name.endswith((".docx", ".docm"))
        return "".join(str(found["text"]) for found in _read_apart("docx", data, budget)) if is_word else ""
    if mime == "text/html" or name.endswith((".htm", ".html")):
        return text_of(html_of(data[: budget.limits.html_bytes], charset))
    if mime.startswith("text/") or name.endswith(_TEXT_ENDINGS):
        return decode(data[: 4 * budget.limits.file_text_chars], charset)
    return ""


def _read_apart(kind: str, data: bytes, budget: Budget) -> list[dict[str, Any]]:
    """The answers of the reading process about a file, as far as they came within the budget."""
    limits = budget.limits
    reading = WORKER.read(kind, data, budget.left, limits.pdf_pages, limits.file_text_chars)
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
    *((magic, "image") for magic in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)
_WEB = re.compile(
    rb"^(?:<!--.*?-->|<\?xml[^>]*+>|\s)*+<(!doctype\s+html|html|head|body|script|iframe|svg)\b", re.DOTALL
)
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
    if head[4:8] == b"ftyp":
        return "video"
    if head[:4] == b"RIFF":
        return "image" if head[8:12] == b"WEBP" else "video"
    if data[_ISO] == b"CD001":
        return "disk-image"
    web = _WEB.match(head.lstrip(b"\xef\xbb\xbf").lower())
    return ("svg" if web[1] == b"svg" else "web-page") if web else ""
