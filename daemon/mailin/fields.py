"""What the header says: mail-parser's reading of it, with the faults of the sender and of the parser mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.message import Message
from typing import Any

import mailparser

from daemon.mailin.minimal import date_of, lower_domain, mailbox_of
from daemon.mailin.words import canonical_addresses, canonical_text, field_value, is_plain, octets
from rules.model import Mailbox
from rules.text import clean_line, repair

ADDRESS_FIELDS = frozenset({"from", "to", "cc", "bcc", "reply-to", "delivered-to"})
"""The fields that mail-parser reads as addresses."""
_UNPARSED_PARTS = ("StartBoundaryNotFoundDefect",)
_ANGLE_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,500}@[^\s<>,;\"]{1,255}")
_ID_FIELD = re.compile(r"^[>| \t]*message-id[ \t]*:[ \t]*\n?[>| \t]*<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_MAX_IDS = 200


def _canonicalise(message: Message[str, str]) -> None:
    """Put every header value of the message in a form that mail-parser decodes once and without fault."""
    items = [(name, str(value)) for name, value in message.raw_items()]
    if all(is_plain(value) for _, value in items):
        return
    for name in {name for name, _ in items}:
        del message[name]
    for name, value in items:
        if is_plain(value) or name.lower().startswith("content-"):
            message[name] = value
        elif name.lower() in ADDRESS_FIELDS:
            message[name] = canonical_addresses(value)
        else:
            message[name] = canonical_text(value)


class _Parser(mailparser.MailParser):  # type: ignore[misc]
    """mail-parser without its dictionaries of everything, which nobody here asks for."""

    def _make_mail(self, complete: bool = True) -> dict[str, object]:  # noqa: ARG002
        return {}


def read(message: Message[str, str]) -> Any:
    """mail-parser's reading of the message, whose header is put in canonical form first. Raises whatever it raises.

    Two of its crashes are kept away: it looks for a lost part in an epilogue or behind a boundary that are not there.
    """
    _canonicalise(message)
    if message.epilogue is None or message.get_boundary() is None:
        for part in message.walk():
            part.defects = [fault for fault in part.defects if type(fault).__name__ not in _UNPARSED_PARTS]
    return _Parser(message)


def all_fields(message: Message[str, str]) -> tuple[tuple[str, str], ...]:
    """Every field in order: lower-case name, decoded and cleaned value."""
    return tuple((name.lower(), field_value(name, octets(str(value)))) for name, value in message.raw_items())


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
