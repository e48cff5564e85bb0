"""Header values: RFC 2047 encoded words, raw 8-bit bytes and folding, decoded once and cleaned.

Senders break the words in every way (split inside a letter, bad base64, a label that is none, bytes beyond ASCII
inside), and mail-parser drops or keeps what it cannot read. So values are decoded here from their bytes and handed
to it in canonical form.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from rules.text import clean_line, decode, repair

_WORD = re.compile(rb"=\?([^?\s\"<>]{0,80})\?([bBqQ])\?([^?]*)\?=")
_RUN = re.compile(rb"=\?[^?\s\"<>]{0,80}\?[bBqQ]\?[^?]*\?=(?:[ \t\r\n]*=\?[^?\s\"<>]{0,80}\?[bBqQ]\?[^?]*\?=)*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_QP = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.sub(rb"[A-Za-z0-9+/]", b"", bytes(range(256)))
_FOLD = re.compile(rb"[\r\n]+[ \t]*")


def _b64(data: bytes) -> bytes:
    """Base64 with whatever is wrong about it left out."""
    data = data.translate(None, _NOT_BASE64)
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return b""


def _q(data: bytes) -> bytes:
    if b"=" in _QP.sub(b"", data):  # not all of it is well-formed: what is none stays
        return _QP.sub(lambda hit: bytes([int(hit[1], 16)]), data.replace(b"_", b" "))
    return binascii.a2b_qp(data, header=True)


@lru_cache(maxsize=16)  # a name is asked for twice: to be shown, and to be handed to mail-parser
def _run(run: bytes) -> str:
    """A run of adjacent encoded words as text; words of one label are joined before decoding."""
    pieces: list[tuple[str, bytearray]] = []
    for label, kind, data in _WORD.findall(run):
        charset = label.replace(b"\x00", b"").decode("ascii", "replace").lower()
        octets = _b64(data) if kind in b"bB" else _q(data)
        if pieces and pieces[-1][0] == charset:
            pieces[-1][1].extend(octets)
        else:
            pieces.append((charset, bytearray(octets)))
    return "".join(decode(bytes(octets), charset) for charset, octets in pieces)


def octets(value: str) -> bytes:
    """The bytes of a header value as the standard parser holds it (ASCII with surrogate escapes)."""
    return value.encode("utf-8", "surrogateescape")


def decode_value(value: bytes) -> str:
    """An unstructured header value as one clean line: unfolded, words decoded once, wrong tables undone."""
    value = _FOLD.sub(b" ", value)
    if b"=?" not in value:
        return clean_line(repair(decode(value, "")))
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


_TRACE_FIELDS = frozenset({"received", "authentication-results"})


def field_value(name: str, value: bytes) -> str:
    """A value as :func:`decode_value` reads it; that of a trace field undecoded.

    No encoded word stands there (RFC 2047 §5): one that a sender gives itself for a name must not turn into words of
    our own server's.
    """
    if name.lower() in _TRACE_FIELDS:
        return clean_line(decode(_FOLD.sub(b" ", value), ""))
    return decode_value(value)


def shown_value(name: str, value: str) -> str:
    """A value as the standard parser holds it, read as :func:`field_value` does."""
    return " ".join(value.split()) if is_plain(value) else field_value(name, octets(value))


def is_plain(value: str) -> bool:
    """True for a value that needs nothing: printable ASCII without encoded words (folding allowed)."""
    return (
        value.isascii()
        and "=?" not in value
        and (value.isprintable() or value.replace("\r\n", "").replace("\n", "").replace("\t", " ").isprintable())
    )


def _encode(text: str) -> str:
    """One canonical encoded word, which mail-parser decodes without fault."""
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}?=" if text else ""


def canonical_text(text: str) -> str:
    """An unstructured value, as ``decode_value`` gives it, in the form that decodes once to just that."""
    return _encode(text) if "=?" in text else text


def _in_quotes(match: re.Match[bytes]) -> bytes:
    """Encoded words inside a quoted string: against RFC 2047 §5, yet widely sent and meant to be decoded."""
    if b"=?" not in match[1]:
        return match[0]
    inner = decode_value(re.sub(rb"\\(.)", rb"\1", match[1]))
    escaped = inner.replace("\\", "\\\\").replace('"', '\\"')
    return b'"' + escaped.encode("utf-8", "replace") + b'"' if "=?" not in inner else _encode(inner).encode("ascii")


def canonical_addresses(value: str) -> str:
    """An address list whose display names decode without fault; its structure is left as it is."""
    raw = _FOLD.sub(b" ", octets(value)).replace(b"\x00", b"")
    raw = _QUOTED.sub(_in_quotes, raw)
    raw = _RUN.sub(lambda run: b" " + _encode(clean_line(repair(_run(run[0])))).encode("ascii") + b" ", raw)
    return " ".join(repair(decode(raw, "")).split())
