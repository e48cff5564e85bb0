"""The fields of the header: mail-parser's reading, with the faults of senders and of the parser repaired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Any, TypeAlias

from daemon.parsing.guard import header_end
from daemon.parsing.opening import date_of, lower_domain, mailbox_of
from daemon.parsing.repairs import Part, address_pairs, octets, shown_value
from rules.text import clean_line, repair
from rules.values.model import Mailbox

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
