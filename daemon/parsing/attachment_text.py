"""The text inside attachments: Word, PDF, plain text and HTML; and the files packed in a TNEF (winmail.dat).

What a file's content looks like, from its first bytes; nothing is unpacked.

The names are those of ``rules/data/attachments.toml``. "" = nothing known.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from daemon.parsing.guard import ParseLimits
from daemon.parsing.html_to_text import html_of, text_of
from rules.text import clean, clean_line, decode, repair

_READER = Path(__file__).with_name("sandboxed_reader.py")
_READER_MEGABYTES = 400
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_TEXT_ENDINGS = (".txt", ".csv", ".md", ".log")
_DOCUMENT_BYTES = 6_000_000
"""Of the text of a .docx as XML, some 2,000 pages; what is packed beyond it is not unpacked."""
_DOCUMENT_TAGS = 400_000
"""Each costs some 130 bytes of memory while it is read."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The time that is left for one mail's attachments; ``until`` on the monotonic clock."""

    limits: ParseLimits
    until: float

    @classmethod
    def of(cls, limits: ParseLimits) -> Budget:
        """A budget that begins now."""
        return cls(limits, time.monotonic() + limits.file_seconds)

    @property
    def left(self) -> float:
        """Seconds left, 0 or less when it is used up."""
        return self.until - time.monotonic()


@dataclass(frozen=True, slots=True)
class Packed:
    """What a TNEF holds: its body as clean text, and files as (name, bytes)."""

    text: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def file_text(data: bytes, mime: str, name: str, charset: str, budget: Budget) -> str:
    """The clean text of a file, "" when it has none, is of another kind, is too large, or cannot be read."""
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
        return "\n".join(_docx_lines(data, budget)) if mime == _DOCX or name.endswith((".docx", ".docm")) else ""
    if mime == "text/html" or name.endswith((".htm", ".html")):
        return text_of(html_of(data[: budget.limits.html_bytes], charset))
    if mime.startswith("text/") or name.endswith(_TEXT_ENDINGS):
        return decode(data[: 4 * budget.limits.file_text_chars], charset)
    return ""


def _read_apart(kind: str, data: bytes, budget: Budget) -> list[dict[str, Any]]:
    """What ``file_reader`` says, in a process of its own, within the budget; what it said before its time was up."""
    limits = budget.limits
    numbers = (limits.pdf_pages, limits.file_text_chars, max(1, round(budget.left)), _READER_MEGABYTES)
    try:
        said = subprocess.run(  # noqa: S603 - our own program; its arguments are numbers
            [sys.executable, "-I", str(_READER), kind, *map(str, numbers)],
            input=data,
            capture_output=True,
            timeout=max(0.2, budget.left),
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.output or b""
    return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


def _docx_lines(data: bytes, budget: Budget) -> Iterator[str]:
    """The paragraphs and table rows of a .docx in order, until the time is used up.

    No part but the text is read: any of them may be a bomb, and may call itself XML whatever its name.
    """
    from docx.oxml import parse_xml
    from docx.oxml.table import CT_Tbl

    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("word/document.xml") as part:
        xml = part.read(_DOCUMENT_BYTES + 1)
    if len(xml) > _DOCUMENT_BYTES or xml.count(b"<") > _DOCUMENT_TAGS:
        return
    for block in parse_xml(xml).body.inner_content_elements:
        if budget.left <= 0:
            return
        if isinstance(block, CT_Tbl):
            yield from ("  ".join(_cell(cell) for cell in row.tc_lst) for row in block.tr_lst)
        else:
            yield block.text


def _cell(cell: Any) -> str:
    """A table cell's text with its paragraphs on one line."""
    return " ".join("".join(piece.text or "" for piece in line.iter(_W_TEXT)) for line in cell.p_lst)


def unpack_tnef(data: bytes, budget: Budget) -> Packed:
    """What is packed in a TNEF; nothing when it cannot be read."""
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
    """A body that tnefparse left as bytes comes as Latin-1 and is decoded here."""
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
    rb"^(?:<!--.*?-->|<\?xml[^>]*>|\s)*<(!doctype\s+html|html|head|body|script|iframe|svg)\b", re.DOTALL
)
_ISO = slice(0x8001, 0x8006)
_MACRO_ZIP = b"vbaProject.bin"  # names of packed files stand unpacked in a ZIP
_MACRO_OLE = "_VBA_PROJECT".encode("utf-16-le")


def looks_like(data: bytes) -> str:
    """What the content is by itself, whatever its name and type say."""
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
