"""Opens a mail with mail-parser, header fields included, or reads it minimally if that must not or could not be done.

mail-parser decodes every part that is no file and normalises the text to NFC, however long it is. So the parts are
checked first, in the tree that the standard library made of them: text that would cost too much time does not reach
it. The minimal reading scans the first bytes in linear time: a person sees whose mail it is and what it says.

The fields of the header are mail-parser's reading, with the faults of senders and of the parser repaired.
"""

from __future__ import annotations

import binascii
import email.utils
import quopri
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.feedparser import BytesFeedParser
from email.header import decode_header
from email.parser import BytesHeaderParser
from itertools import chain
from typing import Any, TypeAlias

import mailparser

from daemon.parsing.guard import RefusedError, header_end
from daemon.parsing.html_to_text import text_of
from daemon.parsing.repairs import (
    Part,
    address_pairs,
    decoded_payload,
    field_value,
    octets,
    raw_payload,
    shown_value,
    with_whole_header,
    without_faults,
)
from rules.text import clean, clean_line, decode, has_endless_marks, repair
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


def first_fields(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Name (lower-case) and decoded value of every field of the first ``_HEADER_BYTES`` of the header section."""
    section = raw[: min(header_end(raw[:_HEADER_BYTES]), _HEADER_BYTES)]
    return tuple(
        (name := field[1].decode("ascii", "replace").lower(), field_value(name, field[2][:_VALUE_CHARS]))
        for field in _FIELD.finditer(section)
    )


def mailbox_of(value: str) -> Mailbox:
    """The mailbox of a From value that a strict parser rejects; the name alone when it has no address, or several."""
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
    """The address cleaned, without a dot at its end, its domain in lower case.

    An address that cleaning changes (an invisible letter, a Kelvin sign) is not the one that it looks like: it keeps
    a mark, so that it matches nobody on any list and cannot be written to.
    """
    cleaned = clean_line(address)
    if cleaned != " ".join(address.split()):
        cleaned = f"\ufffd{cleaned}"
    local, at, domain = cleaned.rstrip(".").rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else ""


def date_of(value: str) -> datetime | None:
    """A Date value as an instant in UTC, or None."""
    try:
        moment = email.utils.parsedate_to_datetime(value[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _section(raw: bytes) -> tuple[bytes, bytes, bool]:
    """Header, body and whether it is HTML, of the first text part (or of the whole mail when it has no parts)."""
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


MOST_TEXT_BYTES = 16_000_000
"""Limit for all text parts of a mail. A letter has thousands of bytes, one whose HTML holds pictures has millions."""
_SHORT_FIELD, _SHORT_TEXT = 8_000, 20_000
_FILES = frozenset({"application", "audio", "image", "video"})
_CHUNK = 65_536


def opened(raw: bytes) -> tuple[Any, Part]:
    """mail-parser's reading of a whole mail, and the mail's parts. Raises what it raises where the repair fails too.

    Raises RefusedError for text that is too long, or costs too much. Four faults make mail-parser 4.8 stop: a missing
    boundary or epilogue after a lost first part, a NUL in a character set, and bad base64 in an encoded word. It is
    then given the same mail without these faults.
    """
    whole = with_whole_header(raw)
    message = _as_message(whole)
    _refuse_costly_text(message, len(whole))
    try:
        return mailparser.MailParser(message), message
    except Exception:
        return mailparser.MailParser(without_faults(_as_message(whole))), message


def _as_message(raw: bytes) -> Part:
    """The result of :func:`email.message_from_bytes`, which itself copies the whole mail at four bytes a letter."""
    parser = BytesFeedParser()
    for start in range(0, len(raw), _CHUNK):
        parser.feed(raw[start : start + _CHUNK])
    return parser.close()


def _refuse_costly_text(message: Part, size: int) -> None:
    """Raises RefusedError for megabytes of text, and for marks piled on one letter.

    Normalising such a pile to NFC takes quadratic time (CWE-407), and no person writes so. ``size``: bytes of the
    whole mail; a short mail has no long part, as no encoding makes bytes fewer than they are.
    """
    parts = message.walk() if size > _SHORT_TEXT else ()
    texts = [part for part in parts if not part.is_multipart() and not _is_named_media(part)]
    read = [part for part in texts if part.get_content_maintype() not in _FILES and not _is_attached(part)]
    if sum(len(raw_payload(part)) for part in read) > MOST_TEXT_BYTES:
        raise RefusedError(f"more text than {MOST_TEXT_BYTES} bytes")
    fields = (_field_as_decoded(str(value)) for _, value in message.raw_items() if len(str(value)) > _SHORT_FIELD)
    if any(map(has_endless_marks, chain(fields, map(_part_as_decoded, texts)))):
        raise RefusedError("text with endless combining marks")


def _is_named_media(part: Part) -> bool:
    """True for a named picture, sound or program file, inline too: mail-parser leaves it undecoded."""
    return part.get_content_maintype() in _FILES and "name" in str(part.items())


def _is_attached(part: Part) -> bool:
    """True for a part of any type that mail-parser treats as a file. A name in encoded words may decode to ""."""
    disposition = part.get_content_disposition()
    if disposition in ("attachment", "inline"):
        return disposition == "attachment"
    try:
        name = part.get_filename("").strip()
    except (ValueError, LookupError, TypeError):
        return False
    return bool(name) and "=?" not in name


def _field_as_decoded(value: str) -> str:
    """A long header value as mail-parser decodes it, raw bytes beyond ASCII too; "" where it cannot."""
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        return ""
    return "".join(
        octets(piece).decode("utf-8", "replace") if isinstance(piece, str) else _text(piece, charset)
        for piece, charset in pieces
    )


def _part_as_decoded(part: Part) -> str:
    """The text of a part as mail-parser decodes it; "" for a part too short to cost time."""
    data = decoded_payload(part)
    try:
        return _text(data, part.get_content_charset()) if len(data) > _SHORT_TEXT else ""
    except ValueError:  # a NUL in the name of the character set
        return _text(data, None)


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        return data.decode("utf-8", "replace")


Fields: TypeAlias = tuple[tuple[str, str], ...]
_ANGLE_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,500}@[^\s<>,;\"]{1,255}")
_ID_FIELD = re.compile(r"^[>| \t]*message-id[ \t]*:[ \t]*\n?[>| \t]*<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_MAX_IDS = 200


def all_fields(message: Part) -> Fields:
    """Every field in order: lower-case name, decoded and cleaned value."""
    return tuple([(name.lower(), shown_value(name, str(value))) for name, value in message.raw_items()])


def as_written(raw: bytes) -> Fields:
    """The header as the mail server saw it, nothing repaired: lower-case names, unfolded values, from the top.

    It serves to judge who wrote a line. Our reading of mail is forgiving (a space before the colon, a lone CR as a
    line end), but the filter that removes a sender's forged results is not: a result that only we recognise would
    survive it. A header with one lone CR or NUL gives nothing; the first line that is no field ends it.
    """
    head = raw[: header_end(raw)]
    if b"\r" in head.replace(b"\r\n", b"\n") or b"\0" in head:
        return ()
    fields = BytesHeaderParser().parsebytes(head).raw_items()
    return tuple((name.lower(), _unfolded(str(value)).strip()) for name, value in fields)


def _unfolded(value: str) -> str:
    return octets(value.replace("\r\n", "").replace("\n", "")).decode("utf-8", "replace")


def subject(fields: Iterable[tuple[str, str]]) -> str:
    """The value of the first Subject field."""
    return next((value for name, value in fields if name == "subject"), "")


def mailboxes(pairs: Sequence[tuple[str, str]], value: str) -> tuple[Mailbox, ...]:
    """Mailboxes from mail-parser's pairs; where it found none, from the value by more forgiving rules."""
    found = tuple(
        Mailbox(clean_line(repair(name)), lower_domain(address)) for name, address in pairs if name or address
    )
    if any(box.email for box in found) or not value.strip():
        return found
    box = mailbox_of(value)
    return (box,) if box.name or box.email else ()


def recipients(parser: Any, message: Part, fields: Fields, name: str) -> tuple[Mailbox, ...]:
    """The mailboxes of the first field of this name; none where there is no such field."""
    raw = message.get(name)
    if raw is None:
        return ()
    shown = next(value for key, value in fields if key == name)
    return mailboxes(address_pairs(parser, name, _as_held(message, name)), shown)


def senders(parser: Any, message: Part, fields: Fields) -> tuple[Mailbox, ...]:
    """The mailboxes of every From field; mail-parser reads only the first, and a second one must not go unseen."""
    more = [value for name, value in fields if name == "from"][1:10]
    return recipients(parser, message, fields, "from") + tuple(map(mailbox_of, more))


def _as_held(message: Part, name: str) -> str:
    """The first value of a field with its raw bytes as the standard parser holds them."""
    return next(str(value) for key, value in message.raw_items() if key.lower() == name)


def ids(value: str) -> tuple[str, ...]:
    """The message ids of a field without their brackets (RFC 5322 §3.6.4), the last ``_MAX_IDS`` of them."""
    found = _ANGLE_ID.findall(value) or _BARE_ID.findall(value)
    return tuple(dict.fromkeys(found[-_MAX_IDS:]))


def one_id(value: str) -> str:
    """The id of a Message-ID field; a value without brackets is taken as it stands."""
    found = ids(value)
    return found[0] if found else value.strip("<> ")[:500]


def ids_in_text(text: str) -> tuple[str, ...]:
    """The values of Message-ID lines in a text, such as a bounce that quotes the headers of what came back."""
    if "<" not in text:
        return ()
    return tuple(dict.fromkeys(clean_line(found) for found in _ID_FIELD.findall(text)))[:_MAX_IDS]


def sent_at(parser: Any, value: str) -> datetime | None:
    """The Date field as an instant in UTC, or None."""
    found = parser.date
    if isinstance(found, datetime):
        try:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    return date_of(value)


def defects(parser: Any) -> tuple[str, ...]:
    """mail-parser's notes on the mail and on what is attached to it, each once.

    Notes on bytes that did not fit their character set are left out: those bytes are read by ``repairs``.
    """
    notes = [clean_line(str(text)) for entry in parser.defects for texts in entry.values() for text in texts]
    kept = [_OF_BYTES.sub("", note)[:200] for note in notes if not note.startswith(_MENDED)]
    return tuple(dict.fromkeys(note for note in kept if not note.endswith("]:")))[:50]


_MENDED = ("CharsetDecodeDefect", "MimeHeaderDefect")
_OF_BYTES = re.compile(r",invalid-utf8\b|(?<=: )invalid-utf8,|\s*\binvalid-utf8$")
