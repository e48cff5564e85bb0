"""Repairs of what mail-parser and the standard library read wrongly; everything else is left to them.

Each repair answers one fault of a sender or of the library, and has a test that names it:

* a header section that the parser would leave before its end (:func:`with_whole_header`);
* mails on which mail-parser stops with an error of its own (:func:`without_faults`);
* raw 8-bit bytes, broken encoded words and wrong character sets in the header (:func:`decode_value`,
  :func:`readable_addresses`);
* a multipart whose declared boundary never comes (:func:`recovered_parts`);
* base64 with a letter too many, and names of encodings that the library does not know (:func:`decoded_payload`).
"""

from __future__ import annotations

import base64
import binascii
import re
from copy import copy
from email import message_from_bytes
from email.errors import InvalidBase64LengthDefect, StartBoundaryNotFoundDefect
from email.message import Message
from typing import Any, TypeAlias

import mailparser

from daemon.parsing.guard import header_end
from rules.text import clean_line, decode, repair

Part: TypeAlias = "Message[str, str]"
ADDRESS_FIELDS = frozenset({"from", "to", "cc", "bcc", "reply-to", "delivered-to"})
"""The fields that mail-parser reads as addresses."""
CONTENT_FIELDS = frozenset({"content-type", "content-disposition", "content-transfer-encoding", "content-id"})
_TRACE_FIELDS = frozenset({"received", "authentication-results"})

# --- the header section -------------------------------------------------------------------------------------------
_BAD_LINE = re.compile(rb"^(?![\x21-\x39\x3b-\x7e]+:|[ \t]|\r?\n?\Z)", re.MULTILINE)
_FIELD = re.compile(rb"[\x21-\x39\x3b-\x7e]+:|[ \t]")
_SPACED = re.compile(rb"^([A-Za-z][A-Za-z-]{1,40})[ \t]+:")
_MBOX = re.compile(rb">?From [^:\s]")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|reply-to|message-id|mime-version|content-[a-z-]{2,30}|delivered-to"
    rb"|in-reply-to|references|x-[a-z-]{1,40})[ \t]*:",
    re.IGNORECASE,
)
_START = re.compile(rb"\A(?:\xef\xbb\xbf|[\r\n\t ])+(?=[\x21-\x39\x3b-\x7e]+[ \t]*:)")
_BOUNDARY_LINE = re.compile(
    rb"^--([^\s\"][^\r\n\"]{0,200}?)[ \t]*\r?\n(?=[A-Za-z-]{2,40}[ \t]*:|\r?\n)", re.MULTILINE
)


def with_whole_header(raw: bytes) -> bytes:
    """The bytes with a header section that the parser reads to its end; the same bytes where nothing is wrong.

    Empty lines and a byte order mark before it are removed, and so is a space before a field's colon (RFC 5322 §4.5);
    a line that is no field, while a known one still follows, becomes a continuation of the one above.
    """
    if start := _START.match(raw[:200]):
        raw = raw[start.end() :]
    end = header_end(raw)
    section = raw[:end]
    if not _BAD_LINE.search(section):
        return raw
    lines = section.splitlines(keepends=True)
    last_known = max((number for number, line in enumerate(lines) if _KNOWN.match(line)), default=-1)
    for number, line in enumerate(lines[: last_known + 1]):
        if _FIELD.match(line) or (number == 0 and _MBOX.match(line)):
            continue
        spaced = _SPACED.sub(rb"\1:", line)
        lines[number] = spaced if spaced != line else b" " + line if number else b""
    return b"".join(lines) + raw[end:]


def without_faults(message: Part) -> Part:
    """The mail without what stops mail-parser: fields that it cannot decode, a lost part that it would look for."""
    for part in message.walk():
        _rewrite(part, {name for name in part if name.lower() not in _TRACE_FIELDS})
        part.defects = [fault for fault in part.defects if not isinstance(fault, StartBoundaryNotFoundDefect)]
    return message


def _rewrite(part: Part, names: set[str]) -> None:
    """Rewrite these fields of a part in a form that can be decoded without fault; the order of all fields stays."""
    items = list(part.raw_items())
    for name in {name for name, _ in items}:
        del part[name]
    for name, value in items:
        part.set_raw(name, _readable(name.lower(), str(value)) if name in names else value)


def _readable(name: str, value: str) -> str:
    if is_plain(value):
        return value
    if name in CONTENT_FIELDS:
        return _readable_content(value)
    return readable_addresses(value) if name in ADDRESS_FIELDS else _encoded_once(decode_value(octets(value)))


def mend_content_fields(part: Part) -> None:
    """Rewrite the content fields of a part so that their parameters can be read without fault."""
    names = {name for name, value in part.raw_items() if name.lower() in CONTENT_FIELDS and not is_plain(str(value))}
    if names:
        _rewrite(part, names)


def _readable_content(value: str) -> str:
    """Raw 8-bit bytes as text, without controls; encoded words stay for the parameter that holds them."""
    text = decode(octets(value).replace(b"\x00", b""), "")
    return clean_line(text if "=?" in value else repair(text))


# --- values of header fields --------------------------------------------------------------------------------------
_WORD = re.compile(rb"=\?([^?\s\"<>]{0,80})\?([bBqQ])\?([^?]*)\?=")
_RUN = re.compile(rb"=\?[^?\s\"<>]{0,80}\?[bBqQ]\?[^?]*\?=(?:[ \t\r\n]*=\?[^?\s\"<>]{0,80}\?[bBqQ]\?[^?]*\?=)*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_QP = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.sub(rb"[A-Za-z0-9+/]", b"", bytes(range(256)))
_FOLD = re.compile(rb"[\r\n]+[ \t]*")


def octets(value: str) -> bytes:
    """The bytes of a header value that the standard parser holds as ASCII with surrogate escapes."""
    return value.encode("utf-8", "surrogateescape")


def is_plain(value: str) -> bool:
    """True for a value that needs no decoding: printable ASCII without encoded words (folding allowed)."""
    return (
        value.isascii()
        and "=?" not in value
        and (value.isprintable() or value.replace("\r\n", "").replace("\n", "").replace("\t", " ").isprintable())
    )


def shown_value(name: str, value: str) -> str:
    """The value of a field on one clean line, decoded where it is not plain ASCII.

    mail-parser silently drops the bytes that do not fit the declared character set, so only our own decoding shows
    whether that set was right.
    """
    return " ".join(value.split()) if is_plain(value) else field_value(name, octets(value))


def field_value(name: str, value: bytes) -> str:
    """A value as :func:`decode_value` reads it; a trace field's value stays undecoded.

    Trace fields hold no encoded words (RFC 2047 §5): one that a sender puts into its own host name must not turn into
    text that our own server seems to have written.
    """
    if name.lower() in _TRACE_FIELDS:
        return clean_line(decode(_FOLD.sub(b" ", value), ""))
    return decode_value(value)


def decode_value(value: bytes) -> str:
    """An unstructured header value as one clean line: unfolded, words decoded once, wrong tables undone.

    Senders break encoded words in every way: split inside a letter, bad base64, a false label, bytes beyond ASCII
    between them.
    """
    value = _FOLD.sub(b" ", value)
    pieces: list[str] = []
    last = 0
    for run in _RUN.finditer(value):
        if run.start() > last:
            pieces.append(decode(value[last : run.start()], ""))
        pieces.append(_run(run[0]))
        last = run.end()
    if last < len(value):
        pieces.append(decode(value[last:], ""))
    return clean_line(repair("".join(pieces)))


def _run(run: bytes) -> str:
    """A run of adjacent encoded words as text; words of one label are joined before decoding."""
    pieces: list[tuple[str, bytearray]] = []
    for label, kind, data in _WORD.findall(run):
        charset = label.replace(b"\x00", b"").decode("ascii", "replace").lower()
        word = _b64(data) if kind in b"bB" else _q(data)
        if pieces and pieces[-1][0] == charset:
            pieces[-1][1].extend(word)
        else:
            pieces.append((charset, bytearray(word)))
    return "".join(decode(bytes(words), charset) for charset, words in pieces)


def _b64(data: bytes) -> bytes:
    """Decode base64, leaving out whatever is wrong in it."""
    data = data.translate(None, _NOT_BASE64)
    if len(data) % 4 == 1:
        data = data[:-1]
    return base64.b64decode(data + b"=" * (-len(data) % 4))


def _q(data: bytes) -> bytes:
    if b"=" in _QP.sub(b"", data):  # partly malformed: the malformed bytes stay
        return _QP.sub(lambda hit: bytes([int(hit[1], 16)]), data.replace(b"_", b" "))
    return binascii.a2b_qp(data, header=True)


def _encoded(text: str) -> str:
    """A text as one encoded word that mail-parser decodes without fault."""
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}?=" if text else ""


def _encoded_once(text: str) -> str:
    """A text as :func:`decode_value` gives it, in the form that decodes once to exactly that text."""
    return _encoded(text) if "=?" in text else text


def _in_quotes(match: re.Match[bytes]) -> bytes:
    """Decode encoded words inside a quoted string: RFC 2047 §5 forbids them, yet they are widely sent."""
    if b"=?" not in match[1]:
        return match[0]
    inner = decode_value(re.sub(rb"\\(.)", rb"\1", match[1]))
    escaped = inner.replace("\\", "\\\\").replace('"', '\\"')
    return _encoded(inner).encode("ascii") if "=?" in inner else b'"%s"' % escaped.encode("utf-8", "replace")


def readable_addresses(value: str) -> str:
    """An address list whose display names decode without fault; its structure stays as it is."""
    raw = _FOLD.sub(b" ", octets(value)).replace(b"\x00", b"")
    raw = _QUOTED.sub(_in_quotes, raw)
    raw = _RUN.sub(lambda run: b" " + _encoded(clean_line(repair(_run(run[0])))).encode("ascii") + b" ", raw)
    return " ".join(repair(decode(raw, "")).split())


def address_pairs(parser: Any, name: str, value: str) -> list[tuple[str, str]]:
    """Name and address of each mailbox of a field, as mail-parser reads it.

    Where the first ``value`` is not plain ASCII, mail-parser is given the field again with names that it can read.
    """
    if not is_plain(value):
        again: Part = Message()
        again[name] = readable_addresses(value)
        parser = mailparser.MailParser(again)
    return [(str(shown), str(address)) for shown, address in getattr(parser, _ATTRIBUTES.get(name, name))]


_ATTRIBUTES = {"from": "from_", "reply-to": "reply_to"}


# --- bodies -------------------------------------------------------------------------------------------------------
_ENCODINGS = {"x-quoted-printable": "quoted-printable"}
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def raw_payload(part: Part) -> bytes:
    """The body of a part as it stands in the mail, still transfer-encoded; b"" for a multipart."""
    return _payload(part, "8bit")


def decoded_payload(part: Part) -> bytes:
    """The decoded bytes of a part; undecoded for an unknown transfer encoding. Never raises."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    return _payload(part, _ENCODINGS.get(encoding, encoding))


def _payload(part: Part, encoding: str) -> bytes:
    """The payload decoded from this encoding, without a surplus letter at which the library gives up base64."""
    one = copy(part)
    one.defects = []
    del one["content-transfer-encoding"]
    one["Content-Transfer-Encoding"] = encoding
    data = one.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    if any(isinstance(fault, InvalidBase64LengthDefect) for fault in one.defects):
        kept = data.translate(None, delete=bytes(set(range(256)) - _BASE64))
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    return data


def recovered_parts(part: Part) -> list[Part]:
    """The parts of a multipart whose declared boundary never comes, cut at the one that its text shows; or none."""
    payload = raw_payload(part)
    match = _BOUNDARY_LINE.search(payload)
    if not match:
        return []
    subtype = part.get_content_subtype().split()[0]
    head = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (subtype.encode("ascii", "replace"), match[1])
    children = message_from_bytes(head + payload).get_payload()
    return [child for child in children if isinstance(child, Message)] if isinstance(children, list) else []
