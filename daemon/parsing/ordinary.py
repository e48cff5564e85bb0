"""A mail of ordinary form taken apart by few patterns, as the standard library would.

Most mails are: fields, an empty line, and a text, or parts between boundaries with nothing before and behind them.
The library's parser takes them line by line, and makes a pattern of every boundary. Whatever is not of this form at
first sight goes to the library: attached messages, faults, lone CRs.
"""

from __future__ import annotations

import re
from email.message import Message

_SECTION = re.compile(rb"((?:[!-9;-~]++:.*+(?:\n[ \t].*+)*+\n)++)\r?\n")
"""Fields and the empty line behind them; no name is empty or has a space behind it."""
_FIELD = re.compile(r"([^:]++):[ \t]*+(.*+(?:\n[ \t].*+)*+)\n")
"""Name and value, as the library cuts a field; the CR of its line end stays.

Points are passed over four times as quickly as a class of all but CR and LF.
"""
_BEHIND_BOUNDARY = re.compile(rb"[ \t]*\r?\n")
_BEHIND_LAST = re.compile(rb"--[ \t]*(\r?\n)?")
_LONE_CR = re.compile(rb"\r(?!\n)")


def read(raw: bytes, inside: bool = False) -> Message[str, str] | None:
    """The message of these bytes; None where only the library's parser can say what it is. ``inside``: a part."""
    section = _SECTION.match(raw)
    if section is None or b"message/" in (said := section[1].lower()) or _LONE_CR.search(said):
        return None
    message: Message[str, str] = Message()
    for name, value in _FIELD.findall(section[1].decode("ascii", "surrogateescape")):
        message.set_raw(name, value.rstrip("\r"))
    body = raw[section.end() :]
    if b"multipart" not in said:
        message.set_payload(body.decode("ascii", "surrogateescape"))
        return message
    return message if _take_apart(message, body, inside) else None


def _take_apart(message: Message[str, str], body: bytes, inside: bool) -> bool:
    """Put the parts of a multipart in it; False where they are not of ordinary form."""
    mark = _boundary(message)
    if not mark or _LONE_CR.search(body):
        return False
    before, *pieces = (b"\n" + body).split(b"\n--" + mark)
    closed = _BEHIND_LAST.fullmatch(pieces.pop()) if pieces else None
    parts = [part for part in map(_part, pieces) if part is not None]
    if before or closed is None or not parts or len(parts) < len(pieces):
        return False
    message.set_payload([*parts])
    message.epilogue = None if inside and closed[1] is None else ""  # as the library says it
    return True


def _boundary(message: Message[str, str]) -> bytes:
    """The boundary of a multipart in which nothing is odd, else b""."""
    kind, encoding = message.get_content_type(), str(message.get("content-transfer-encoding", "8bit")).lower()
    boundary = message.get_boundary() or ""
    usual = kind.startswith("multipart/") and kind != "multipart/digest" and encoding in ("7bit", "8bit", "binary")
    return boundary.encode() if usual and boundary.isascii() and boundary.isprintable() else b""


def _part(piece: bytes) -> Message[str, str] | None:
    """The part behind a boundary; the line end before the next one is the boundary's."""
    begun = _BEHIND_BOUNDARY.match(piece)
    return read(piece[begun.end() :].removesuffix(b"\r"), inside=True) if begun else None
