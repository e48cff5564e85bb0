"""The minimal own reading, for a mail that must not or could not go through the parser.

Plain scanning of the first bytes, in linear time: enough for a person to see whose mail it is and what it says.
"""

from __future__ import annotations

import binascii
import email.utils
import quopri
import re
from datetime import UTC, datetime

from daemon.parsing.guard import header_end
from daemon.parsing.html_to_text import text_of
from daemon.parsing.repairs import field_value
from rules.text import clean, clean_line, decode, repair
from rules.values.model import Mailbox

_HEADER_BYTES = 100_000
_BODY_BYTES = 400_000
_TEXT_BYTES = 100_000
_FIELD = re.compile(rb"^([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.MULTILINE)
_PART = re.compile(rb"^content-type[ \t]*:[ \t]*text/(plain|html)\b", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(rb"charset\s*=\s*\"?([A-Za-z0-9_:.\-]{1,40})", re.IGNORECASE)
_ENCODING = re.compile(rb"^content-transfer-encoding[ \t]*:[ \t]*\"?([A-Za-z0-9\-]+)", re.IGNORECASE | re.MULTILINE)
_BOUNDARY_LINE = re.compile(rb"^--[^\s][^\r\n]{0,200}\r?$", re.MULTILINE)
_ANGLE = re.compile(r"<\s*([^<>\s@]{1,320}@[^<>\s@]{1,255}?)\.?\s*>")
_BARE = re.compile(
    r"(?<![^\s,;:\"'(<\[])([^\s@<>()\[\],;:\"']{1,64}@[^\s@<>()\[\],;:\"']{1,255}?)\.?(?![^\s,;:\"')>\]])"
)
_VALUE_CHARS = 4_000


def header_fields(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Name (lower-case) and decoded value of every field of the first ``_HEADER_BYTES`` of the header section."""
    section = raw[: min(header_end(raw[:_HEADER_BYTES]), _HEADER_BYTES)]
    return tuple(
        (name := field[1].decode("ascii", "replace").lower(), field_value(name, field[2][:_VALUE_CHARS]))
        for field in _FIELD.finditer(section)
    )


def mailbox_of(value: str) -> Mailbox:
    """The mailbox of a From value that a strict parser gives up on; the name alone when there is none, or several."""
    value = value[:_VALUE_CHARS]
    angles = set(_ANGLE.findall(value))
    if len(angles) > 1:
        return Mailbox(clean_line(value), "")
    if angles:
        name = value[: value.rfind("<")].strip(" \"'")
        return Mailbox(clean_line(name), lower_domain(angles.pop()))
    bare = _BARE.findall(re.sub(r'"[^"]*"|\([^()]*\)', " ", value)) or _BARE.findall(value)
    if bare:
        return Mailbox(clean_line(value.replace(bare[-1], "").strip(" \"'()<>,;")), lower_domain(bare[-1]))
    return Mailbox(clean_line(value.replace('"', "").replace("<>", " ")), "")


def lower_domain(address: str) -> str:
    """The address clean, without a dot at its end, its domain in lower case.

    One that cleaning changes (a letter that draws nothing, a Kelvin sign) is not the address that it looks like: it
    keeps a mark by which it is nobody's on any list, and cannot be written to.
    """
    cleaned = clean_line(address)
    if cleaned != " ".join(address.split()):
        cleaned = f"\ufffd{cleaned}"
    local, at, domain = cleaned.rstrip(".").rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else ""


def date_of(value: str) -> datetime | None:
    """A Date value as an instant in UTC, or None."""
    try:
        found = email.utils.parsedate_to_datetime(value[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _section(raw: bytes) -> tuple[bytes, bytes, bool]:
    """Header, body and whether it is HTML, of the first text part (or of the whole when it has no parts)."""
    end = header_end(raw[: 2 * _HEADER_BYTES])
    head, body = raw[: min(end, _HEADER_BYTES)], raw[end : end + _BODY_BYTES].lstrip(b"\r\n")
    if b"multipart/" not in head.lower() and b"message/" not in head.lower():
        return head, body, b"text/html" in head.lower()
    parts = list(_PART.finditer(body))
    best = next((part for part in parts if part[1].lower() == b"plain"), parts[0] if parts else None)
    if best is None:
        return head, b"", False
    part = body[best.start() :]
    end = header_end(part)
    text = part[end : end + _TEXT_BYTES].lstrip(b"\r\n")
    boundary = _BOUNDARY_LINE.search(text)
    return part[:end], text[: boundary.start()] if boundary else text, best[1].lower() == b"html"


def _transfer_decoded(head: bytes, body: bytes) -> bytes:
    encoding = _ENCODING.search(head)
    kind = encoding[1].lower() if encoding else b""
    if kind == b"quoted-printable":
        return quopri.decodestring(body)
    if kind == b"base64":
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        return binascii.a2b_base64(kept[: len(kept) // 4 * 4])
    return body


def body_text(raw: bytes) -> str:
    """The first readable text, at most some 100,000 characters, "" when none is found."""
    head, body, is_html = _section(raw)
    try:
        octets = _transfer_decoded(head, body[:_TEXT_BYTES])
    except (binascii.Error, ValueError):
        return ""
    charset = _CHARSET.search(head)
    text = decode(octets, charset[1].decode("ascii") if charset else "")
    return clean(repair(text_of(text) if is_html else text)).strip()
