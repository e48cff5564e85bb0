"""From the raw bytes of a mail to a :class:`ParsedMail`, whatever the bytes are.

Three steps: ``guard`` checks the bytes before any parser does; ``opening`` gives mail-parser the whole mail, and
``repairs`` mends what it reads wrongly; ``leaves`` and ``attachment_text`` find the text in its parts. Where one of
the first two steps refuses, ``opening`` reads what a person needs to see, and the result says so.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import islice
from typing import Any

from daemon.parsing import guard, opening
from daemon.parsing.attachment_text import Budget, file_text, looks_like, unpack_tnef, unwrap_signed
from daemon.parsing.guard import ParseLimits
from daemon.parsing.html_to_text import html_of, text_of
from daemon.parsing.leaves import Body, Leaf, bare_type, choose, decorates, leaves, shown_ids
from daemon.parsing.opening import opened
from daemon.parsing.repairs import CONTENT_FIELDS, Part, decoded_payload, with_whole_header
from rules.message.two_readings import NOTHING_SEEN, same_letters
from rules.text import clean, repair
from rules.values.model import Attachment, ParsedMail

__all__ = ["ParseLimits", "attachment_bytes", "body_leaves", "forget_large", "parse_mail"]

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it logs values of the mail
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_SIGNED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_STUBS = ("html", "không hỗ trợ", "does not support")
_BLOCKS = re.compile(r"</?(?:p|br|div|table|tr|html|body)\b[^<>]{0,200}>", re.IGNORECASE)
_EMBEDDED_CHARS, _EMBEDDED_PARTS = 100_000, 20
"""Of so many returned or attached messages, so many characters each, are searched for the ids of our mails."""


def parse_mail(raw: bytes, limits: ParseLimits = ParseLimits()) -> ParsedMail:  # noqa: B008 - frozen value
    """The mail as read; never raises, for any bytes.

    ``minimal`` is set, with the reason among the defects, where the mail is too large, too deep or could not be read
    by the parser: then there are only headers and a first text, and a person should look at it.
    """
    try:
        refused = guard.refusal(raw, limits)
        return _minimal(raw, refused) if refused else _parse(raw, limits)
    except guard.RefusedError as refusal:
        return _minimal(raw, str(refusal))
    except Exception as error:
        return _minimal(raw, f"parser failed: {type(error).__name__}")


def attachment_bytes(raw: bytes, part: int) -> bytes:
    """The decoded bytes of the attachment with this ``Attachment.part``; b"" when there is no such part."""
    try:
        read = _read_before(raw)
        if part < len(read.found):
            return read.files[part] if part in read.files else read.found[part].data()
        files = [data for leaf in read.found for _, data in _packed(leaf, Budget.of(ParseLimits()))]
        return files[part - len(read.found)] if part - len(read.found) < len(files) else b""
    except Exception:
        return b""


def _minimal(raw: bytes, reason: str) -> ParsedMail:
    """The minimal reading; if even that fails, a mail with nothing but its digest."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        header = opening.first_fields(raw)
        value = dict(reversed(header)).get
        return ParsedMail(
            sha256=digest,
            size=len(raw),
            subject=value("subject", ""),
            text=opening.body_text(raw),
            senders=tuple(opening.mailbox_of(text) for name, text in header if name == "from")[:10],
            message_id=opening.one_id(value("message-id", "")),
            in_reply_to=opening.ids(value("in-reply-to", "")),
            references=opening.ids(value("references", "")),
            date=opening.date_of(value("date", "")),
            headers=header,
            content_type=value("content-type", "text/plain").partition(";")[0].strip().lower(),
            defects=(reason,),
            minimal=True,
        )
    except Exception as error:
        defects = (reason, f"minimal reading failed: {type(error).__name__}")
        return ParsedMail(digest, len(raw), subject="", text="", senders=(), defects=defects, minimal=True)


def _parse(raw: bytes, limits: ParseLimits) -> ParsedMail:
    read = _read(raw)
    parser, message, found = read.parser, read.message, read.found
    body = choose(message, found)
    header = opening.all_fields(message)
    value = dict(reversed(header)).get
    budget = Budget.of(limits)
    text, html, cut = _body_text(body, limits)
    seen = _seen(body, text, limits)
    attachments = tuple(_attachments(body, read, budget, (html, text)))
    text, defects = _with_files(text, attachments, opening.defects(parser))
    inner = _embedded_text(found)
    return ParsedMail(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        subject=opening.subject(header),
        text=text,
        senders=opening.senders(parser, message, header),
        to=opening.recipients(parser, message, header, "to"),
        cc=opening.recipients(parser, message, header, "cc"),
        reply_to=opening.recipients(parser, message, header, "reply-to"),
        message_id=opening.one_id(value("message-id", "")),
        in_reply_to=opening.ids(value("in-reply-to", "")),
        references=opening.ids(value("references", "")),
        date=opening.sent_at(parser, value("date", "")),
        headers=header,
        html=html,
        seen=seen,
        attachments=attachments,
        content_type=bare_type(message),
        embedded_ids=tuple(dict.fromkeys(opening.ids_in_text(inner) + opening.ids_in_text(text))),
        delivery_status=clean(_status_text(found)),
        defects=defects,
        cut=cut,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A mail taken apart, with the decoded bytes, by number, of those attached leaves that have been needed."""

    raw: bytes
    parser: Any
    message: Part
    found: list[Leaf]
    files: dict[int, bytes] = field(default_factory=dict)


_LAST: list[_Read] = []
"""The mail that was read last, because its files are needed next, to pass them on, and its leaves, to explain it.

It holds one mail only and is for one thread (decision 0003).
"""


def _read(raw: bytes) -> _Read:
    _LAST.clear()
    parser, message = opened(raw)
    _open_signed(message)
    _LAST.append(_Read(raw, parser, message, leaves(message)))
    return _LAST[0]


def _open_signed(message: Part) -> None:
    """Put what an opaque signature wraps (RFC 8551 §3.5.2) in its place, if it can be read; the header stays the
    mail's own but for its content fields."""
    if bare_type(message) not in _SIGNED_TYPES:
        return
    inside = with_whole_header(unwrap_signed(decoded_payload(message), Budget.of(ParseLimits())))
    if not inside or guard.refusal(inside, ParseLimits()):
        return
    inner = message_from_bytes(inside)
    for name in CONTENT_FIELDS:
        del message[name]
        if name in inner:
            message[name] = inner[name]
    message.set_payload(inner.get_payload())


def _read_before(raw: bytes) -> _Read:
    """The mail taken apart, from the last reading if it is the same: reading fifty megabytes again takes a second."""
    return _LAST[0] if _LAST and _LAST[0].raw == raw else _read(raw)


def forget_large() -> None:
    """Drop the mail that was read last if it is large: its files are not needed any more."""
    if _LAST and len(_LAST[0].raw) > _REMEMBERED_BYTES:
        _LAST.clear()


_REMEMBERED_BYTES = 5_000_000


def body_leaves(raw: bytes) -> tuple[list[Leaf], dict[int, Leaf]]:
    """The leaves that make up the text, and every leaf by its number. Raises what mail-parser raises."""
    read = _read_before(raw)
    return choose(read.message, read.found).text, {leaf.number: leaf for leaf in read.found}


def _body_text(body: Body, limits: ParseLimits) -> tuple[str, str, bool]:
    """The text that a person reads and the HTML it came with, both clean; whether the text was longer."""
    html = "\n".join(html_of(leaf.head(limits.html_bytes), leaf.charset) for leaf in body.html)
    whole = "\n".join(_leaf_text(leaf, limits) for leaf in body.text)
    text = clean(repair(whole[: limits.text_chars])).strip("\n")
    html = clean(html)
    if html and _is_markup(text):
        text = clean(repair(text_of(text))).strip("\n")
    if html and not any(leaf.type == "text/html" for leaf in body.text) and _is_stub(text):
        seen = clean(repair(text_of(html))).strip("\n")
        text = seen if len(seen) > len(text) else text
    return text, html, _is_cut(body, whole, limits)


def _seen(body: Body, text: str, limits: ParseLimits) -> str:
    """The text of the HTML view where it differs from the plain text beside it."""
    if not body.html or any(leaf.type == "text/html" for leaf in body.text) or not text.strip():
        return ""
    seen = "\n".join(_leaf_text(leaf, limits, hidden_too=False) for leaf in body.seen)[: limits.text_chars]
    seen = clean(repair(seen)).strip("\n")
    return "" if same_letters(text, seen) else seen or NOTHING_SEEN


def _leaf_text(leaf: Leaf, limits: ParseLimits, *, hidden_too: bool = True) -> str:
    if leaf.type == "text/html":
        return text_of(html_of(leaf.head(limits.html_bytes), leaf.charset), hidden_too=hidden_too)
    return leaf.text(limits.text_chars + 1)


def _is_cut(body: Body, text: str, limits: ParseLimits) -> bool:
    """Whether more was written than is read."""
    html = (leaf.head(limits.html_bytes + 1) for leaf in body.text if leaf.type == "text/html")
    return len(text) > limits.text_chars or any(len(one) > limits.html_bytes for one in html)


def _is_stub(text: str) -> bool:
    """True for a plain part that only says that there is an HTML one."""
    return not text.strip() or (len(text) < 300 and any(sign in text.lower() for sign in _STUBS))


def _is_markup(text: str) -> bool:
    """True for a plain part into which a web form or a misconfigured sender wrote the source of its HTML."""
    return len(_BLOCKS.findall(text)) >= 2  # a letter may be about one tag


def _packed(leaf: Leaf, budget: Budget) -> tuple[tuple[str, bytes], ...]:
    """The files in a TNEF leaf."""
    return unpack_tnef(leaf.data(), budget).files if _is_tnef(leaf) else ()


def _is_tnef(leaf: Leaf) -> bool:
    return leaf.type in _TNEF_TYPES or leaf.name.lower() == "winmail.dat"


def _attachments(body: Body, read: _Read, budget: Budget, texts: Sequence[str]) -> Iterator[Attachment]:
    """Every attached leaf, then the files inside a TNEF, numbered on from the leaves; the texts may show some."""
    shown = shown_ids("\n".join(texts)) if any(leaf.content_id for leaf in body.attached) else frozenset()
    packed: list[tuple[str, bytes]] = []
    room = budget.limits.files_text_chars
    for leaf in body.attached:
        data = read.files[leaf.number] = leaf.data()
        text = _file_text(leaf, data, budget) if room else ""
        if _is_tnef(leaf):
            inside = unpack_tnef(data, budget)
            packed += inside.files
            text = inside.text
        text = text[:room]
        room -= len(text)
        looks = looks_like(data)
        yield _attachment(leaf.name, leaf.type, data, leaf.number, text, looks, decorates(leaf, looks, shown))
    for number, (name, data) in enumerate(packed, start=len(read.found)):
        text = file_text(data, "", name, "", budget)[:room] if room else ""
        room -= len(text)
        yield _attachment(name, "application/octet-stream", data, number, text, looks_like(data), False)


def _file_text(leaf: Leaf, data: bytes, budget: Budget) -> str:
    """The text of an attached message or file."""
    if leaf.inner:
        return _inner_text(leaf, budget)
    return file_text(data, leaf.type, leaf.name, leaf.charset, budget)


def _attachment(name: str, mime: str, data: bytes, part: int, text: str, looks: str, inline: bool) -> Attachment:
    return Attachment(name, mime, len(data), hashlib.sha256(data).hexdigest(), part, text, inline, looks)


def _inner_text(leaf: Leaf, budget: Budget) -> str:
    """Sender and text of each message in an attached one; the whole of a delivery status as text."""
    if leaf.type != "message/rfc822":
        return clean(leaf.text(budget.limits.files_text_chars)).strip()
    inner = leaf.inner[0]
    header = dict(reversed(opening.all_fields(inner)))
    found = leaves(inner)
    text, _, _ = _body_text(choose(inner, found), budget.limits)
    head = [f"{label}: {header[name]}" for label, name in _SHOWN if name in header]
    return "\n".join([*head, "", text]).strip()


_SHOWN = (("From", "from"), ("To", "to"), ("Date", "date"), ("Subject", "subject"))


def _with_files(
    text: str, attachments: Iterable[Attachment], defects: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """A mail without text of its own gets the text of its attachments."""
    if text.strip():
        return text, defects
    read = [item for item in attachments if item.text and not item.inline]
    names = ", ".join(item.name or item.type for item in read)
    return "\n\n".join(item.text for item in read), (*defects, f"text read from: {names}") if read else defects


def _status_text(found: list[Leaf]) -> str:
    """The delivery status (RFC 3464 §2) as text."""
    return "\n\n".join(leaf.text(_EMBEDDED_CHARS) for leaf in found if leaf.type == "message/delivery-status")


def _embedded_text(found: list[Leaf]) -> str:
    """The bytes of returned and attached messages as text, in which to find their ids; latin-1 is enough for that."""
    inside = islice(filter(_may_hold_a_message, found), _EMBEDDED_PARTS)
    return "\n".join(leaf.head(_EMBEDDED_CHARS).decode("latin-1") for leaf in inside)


def _may_hold_a_message(leaf: Leaf) -> bool:
    """True for attached messages under their own type, and for those that a mail server attached as a file."""
    if leaf.type.startswith(("message/", "text/rfc822")):
        return True
    named = leaf.name.lower().endswith((".eml", ".txt", ".msg", ".hdr"))
    return named or (leaf.type == "text/plain" and leaf.disposition == "attachment")
