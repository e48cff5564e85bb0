"""What a file's content looks like, from its first bytes; nothing is unpacked.

The names are those of ``rules/data/attachments.toml``. "" = nothing known.
"""

from __future__ import annotations

import re

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
