"""What the header says: mail-parser's reading of it, with the faults of the sender and of the parser mended."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from email.message import Message
from typing import Any, Self, TypeAlias

import mailparser

from daemon.parsing import trace
from daemon.parsing.encoded_words import (
    canonical_addresses,
    canonical_text,
    decode_value,
    is_plain,
    octets,
    shown_value,
)
from daemon.parsing.minimal import date_of, lower_domain, mailbox_of
from rules.text import clean_line, repair
from rules.values.model import Mailbox

ADDRESS_FIELDS = frozenset({"from", "to", "cc", "bcc", "reply-to", "delivered-to"})
"""The fields that mail-parser reads as addresses."""
Fields: TypeAlias = tuple[tuple[str, str], ...]
_READ_FIELDS = ADDRESS_FIELDS | {"subject", "date", "resent-date"}
_LONE_FIELDS = ADDRESS_FIELDS - {"from"}
_LONE_ADDRESS = re.compile(
    r"(<)?[A-Za-z0-9_+-]{1,40}(?:\.[A-Za-z0-9_+-]{1,40})?@(?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,20}(?(1)>)"
)
"""A recipient field that is one address and nothing else: ``mailboxes`` reads it without mail-parser."""
_NAMED_ADDRESS = re.compile(r"([^\W_]+(?: [^\W_]+)*) (<[A-Za-z0-9_+.-]{1,64}@[A-Za-z0-9.-]{1,255}>)")
_ENCODED_NAME = re.compile(r"\A(?:=\?[^?\s\"<>]{1,80}\?[bBqQ]\?[^?\s\"<>]*\?=\s+)+")
_NAME_BYTES = 45
"""Of a name whose encoded word is within the limit of RFC 2047 §2."""
_MIME_FIELDS = frozenset({"content-type", "content-disposition", "content-id", "content-transfer-encoding"})
"""The fields of a part that mail-parser interprets."""
_HANDED_FIELDS = _READ_FIELDS | _MIME_FIELDS | {"received"}
_UNPARSED_PARTS = ("StartBoundaryNotFoundDefect",)
_ANGLE_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,500}@[^\s<>,;\"]{1,255}")
_ID_FIELD = re.compile(r"^[>| \t]*message-id[ \t]*:[ \t]*\n?[>| \t]*<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_MAX_IDS = 200


class _Parser(mailparser.MailParser):  # type: ignore[misc]
    """mail-parser without its dictionaries of everything, which nobody here asks for."""

    def _make_mail(self, complete: bool = True) -> dict[str, object]:  # noqa: ARG002
        return {}


class _Header(Message):
    """Fields alone: mail-parser looks at each part, and would take the missing body for one."""

    def walk(self) -> Generator[Self, None, None]:
        yield from ()


def read(message: Message[str, str], shown: Fields) -> Any:
    """mail-parser's reading of the message, whose header is handed over in canonical form. Raises whatever it raises.

    ``shown`` is what :func:`all_fields` says of the message. The parser gets the fields that it interprets, and the
    parts only where it can find fault with one: the text and the files in them are read elsewhere.
    """
    return _Parser(_handed_over(message, shown, with_parts=not all(map(_is_sound, message.walk()))))


def _is_sound(part: Message[str, str]) -> bool:
    """True for a part in which mail-parser finds no defect: the library noted none, its MIME fields are plain ASCII.

    A ``*`` may begin a parameter in a character set of its own (RFC 2231 §4).
    """
    return not part.defects and all(
        is_plain(text := str(value)) and "*" not in text
        for name, value in part.raw_items()
        if name.lower() in _MIME_FIELDS
    )


def _handed_over(message: Message[str, str], shown: Fields, with_parts: bool) -> Message[str, str]:
    """The message as mail-parser decodes it once and without fault, with its parts or without.

    Two of its crashes are kept away: it looks for a lost part in an epilogue or behind a boundary that are not there.
    """
    handed: Message[str, str] = Message() if with_parts else _Header()
    raw = zip(message.raw_items(), shown, strict=True)
    fields = [(name, lower, str(value), text) for (name, value), (lower, text) in raw if lower in _HANDED_FIELDS]
    names = [lower for _, lower, _, _ in fields]
    with_trace = not all(trace.is_sound(value) for _, lower, value, _ in fields if lower == "received")
    for name, lower, value, text in fields:
        if lower in _LONE_FIELDS and names.count(lower) == 1 and _LONE_ADDRESS.fullmatch(value):
            continue
        if lower in _READ_FIELDS or (with_trace and lower == "received"):
            handed.set_raw(name, _canonical(lower, value, text))
        elif with_parts and lower in _MIME_FIELDS:
            handed.set_raw(name, value)
    if with_parts:
        handed.set_payload(message.get_payload())
        handed.defects, handed.epilogue = message.defects, message.epilogue
        if message.epilogue is None or message.get_boundary() is None:
            for part in handed.walk():
                part.defects = [fault for fault in part.defects if type(fault).__name__ not in _UNPARSED_PARTS]
    return handed


def _canonical(name: str, value: str, text: str) -> str:
    """A value in the form that mail-parser decodes to what ``words`` says, which is ``text`` outside trace fields."""
    if is_plain(value):
        return value
    if name in ADDRESS_FIELDS:
        return text if _is_named_address(value, text) else canonical_addresses(value)
    return canonical_text(decode_value(octets(value)) if name == "received" else text)


def _is_named_address(value: str, text: str) -> bool:
    """True for a name in encoded words before an address, which reads as words of letters and that address.

    Decoded here already, it need not be encoded for mail-parser to decode. It finds fault with a long encoded word,
    also with one that :func:`canonical_addresses` makes of a long name.
    """
    shown = _NAMED_ADDRESS.fullmatch(text)
    return shown is not None and len(shown[1].encode()) <= _NAME_BYTES and _ENCODED_NAME.sub("", value) == shown[2]


def all_fields(message: Message[str, str]) -> Fields:
    """Every field in order: lower-case name, decoded and cleaned value."""
    return tuple([(name.lower(), shown_value(name, str(value))) for name, value in message.raw_items()])


def subject(parsed: Any) -> str:
    """The first Subject; mail-parser gives a list where there are several."""
    found = parsed.subject
    return clean_line(str(found[0] if isinstance(found, list) else found))


def mailboxes(pairs: Sequence[tuple[str, str]], value: str) -> tuple[Mailbox, ...]:
    """Mailboxes from mail-parser's pairs; where it found none, from the value by more forgiving rules."""
    found = tuple(
        Mailbox(clean_line(repair(name)), lower_domain(address)) for name, address in pairs if name or address
    )
    if any(box.email for box in found) or not value.strip():
        return found
    box = mailbox_of(value)
    return (box,) if box.name or box.email else ()


def recipients(parsed: Any, name: str, value: str | None) -> tuple[Mailbox, ...]:
    """The mailboxes of a recipient field, None where it is not there."""
    return () if value is None else mailboxes(getattr(parsed, name.replace("-", "_")), value)


def senders(parsed: Any, fields: Iterable[tuple[str, str]]) -> tuple[Mailbox, ...]:
    """The mailboxes of every From field; mail-parser reads the first only, and a second one must not go unseen."""
    values = [value for name, value in fields if name == "from"]
    first = mailboxes(parsed.from_, values[0]) if values else ()
    return first + tuple(mailbox_of(value) for value in values[1:10])


def ids(value: str) -> tuple[str, ...]:
    """The message ids of a field without their brackets (RFC 5322 §3.6.4), the last ``_MAX_IDS`` of them."""
    found = _ANGLE_ID.findall(value) or _BARE_ID.findall(value)
    return tuple(dict.fromkeys(found[-_MAX_IDS:]))


def one_id(value: str) -> str:
    """The id of a Message-ID field; one without brackets is taken as it stands."""
    found = ids(value)
    return found[0] if found else value.strip("<> ")[:500]


def ids_in_text(text: str) -> tuple[str, ...]:
    """The values of Message-ID lines in a text, such as a bounce that quotes the headers of what came back."""
    if "<" not in text:
        return ()
    return tuple(dict.fromkeys(clean_line(found) for found in _ID_FIELD.findall(text)))[:_MAX_IDS]


def sent_at(parsed: Any, value: str) -> datetime | None:
    """The Date field as an instant in UTC, or None."""
    found = parsed.date
    if isinstance(found, datetime):
        try:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    return date_of(value)


def defects(parsed: Any) -> tuple[str, ...]:
    """mail-parser's defects in words, each once."""
    words = [clean_line(str(text))[:200] for entry in parsed.defects for texts in entry.values() for text in texts]
    return tuple(dict.fromkeys(words))[:50]
