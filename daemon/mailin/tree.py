"""The parts of a mail: a tree of multiparts whose leaves are numbered from 0.

The tree is the standard library's (``policy.compat32``, which is linear where ``policy.default`` is not). An attached
message is a leaf here: its inside is taken out, so that neither mail-parser nor a search for the body walks into it.
"""

from __future__ import annotations

import binascii
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from typing import TypeAlias

from daemon.mailin.cut import Shortened
from daemon.mailin.mend import mend_header, recovered_parts
from daemon.mailin.words import decode_value, is_plain, octets
from rules.text import clean_line, decode, repair

Part: TypeAlias = "Message[str, str]"
_CONTENT_FIELDS = frozenset({"content-type", "content-disposition", "content-transfer-encoding", "content-id"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf part; ``inner`` holds the parts of an attached message (``message/*``)."""

    number: int
    part: Part
    type: str
    name: str
    disposition: str
    payload: bytes
    mail: Shortened
    inner: tuple[Part, ...] = ()

    @property
    def charset(self) -> str:
        """The declared character set, "" when there is none."""
        return _parameter(self.part, "charset", "content-type").lower()

    def data(self) -> bytes:
        """The decoded bytes; for an attached message its own bytes."""
        raw = self.mail.restored(self.payload)
        return raw if self.inner else _transfer_decoded(raw, self.part)

    def head(self, size: int) -> bytes:
        """The decoded bytes of about the first ``size``; enough for a text."""
        raw = self.mail.restored(self.payload, 2 * size)
        return raw[:size] if self.inner else _transfer_decoded(raw, self.part)[:size]

    def text(self, chars: int) -> str:
        """The text, read from the bytes with the declared character set as a hint; not yet cleaned."""
        return decode(self.head(4 * chars), self.charset)[:chars]


def build(raw: bytes) -> Part:
    """The message of these bytes, the form of its header mended."""
    return BytesParser(policy=policy.compat32).parsebytes(mend_header(raw))


def mend_fields(part: Part) -> None:
    """Put the content fields of a part in a form that can be asked for parameters without fault."""
    items = list(part.raw_items())
    if all(name.lower() not in _CONTENT_FIELDS or is_plain(str(value)) for name, value in items):
        return
    for name in {name for name, _ in items}:
        del part[name]
    for name, value in items:
        text = str(value)
        part[name] = _content_value(text) if name.lower() in _CONTENT_FIELDS and not is_plain(text) else value


def _content_value(value: str) -> str:
    """Raw 8-bit bytes as text, controls out; encoded words stay for the parameter that holds them."""
    return (
        clean_line(repair(decode(octets(value).replace(b"\x00", b""), "")))
        if "=?" not in value
        else clean_line(decode(octets(value).replace(b"\x00", b""), ""))
    )


def _parameter(part: Part, name: str, field: str) -> str:
    """A parameter of a content field as text (RFC 2231 and, against the rules, RFC 2047 decoded); "" when absent."""
    try:
        value = part.get_param(name, "", header=field)
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(value, tuple):
        return _rfc2231(value)
    return decode_value(octets(value)) if value and not is_plain(value) else clean_line(value or "")


def _rfc2231(value: tuple[str | None, str | None, str]) -> str:
    try:
        raw = value[2].encode("latin-1")
    except UnicodeEncodeError:
        return clean_line(repair(value[2]))
    return clean_line(repair(decode(raw, value[0] or "")))


def leaf_name(part: Part) -> str:
    """The file name that a part declares, as data: one line, no path, at most 200 characters."""
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name", "content-type")
    name = name.strip("\"' ")
    if "\\" in name:
        name = name.rpartition("\\")[2] or name.replace("\\", "")
    name = name.replace("/", "-").lstrip(".- ") if "/" in name else name
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:180]}{dot}{ending}" if dot and len(ending) <= 10 else name[:200]
    return name


def disposition(part: Part) -> str:
    """``inline``, ``attachment``, another word, or ""."""
    return str(part.get("content-disposition") or "").partition(";")[0].strip().lower()


def leaves(message: Part, mail: Shortened) -> list[Leaf]:
    """Every leaf in order; content fields are mended, and the payloads taken out of the tree into the leaves."""
    found: list[Leaf] = []
    for part in _walk(message):
        inner = _inner(part, mail)
        kind = "text/plain" if part.get_content_maintype() == "multipart" else bare_type(part)
        payload = b"\n".join(map(_flat, inner)) if inner else octets(_stored(part))
        part.set_payload("")
        found.append(Leaf(len(found), part, kind, leaf_name(part), disposition(part), payload, mail, inner))
    return found


def _is_encoded(part: Part) -> bool:
    """True for an attached message in base64 or quoted-printable: against RFC 2046 §5.2.1, yet sent."""
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    return encoding in ("base64", "quoted-printable")


def _inner(part: Part, mail: Shortened) -> tuple[Part, ...]:
    """The parts inside a ``message/*`` part; one that is encoded is decoded first."""
    if not part.is_multipart():
        return ()
    inside = tuple(child for child in part.get_payload() if isinstance(child, Message))
    if not _is_encoded(part) or not inside or inside[0].keys():
        return inside
    return (build(_transfer_decoded(mail.restored(_flat(inside[0])), part)),)


def children_of(part: Part) -> list[Part] | None:
    """The parts of a multipart, None for a leaf (also for a multipart in which no boundary was found)."""
    children = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(children, list):
        return None
    return [child for child in children if isinstance(child, Message)]


def bare_type(part: Part) -> str:
    """The content type, lower-case, without anything that a sender left behind it."""
    return (part.get_content_type().split() or ["text/plain"])[0]


def _walk(message: Part) -> Iterator[Part]:
    """The parts that are no multipart, in order; the depth is bounded by the guard."""
    mend_fields(message)
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), str):
        recovered = recovered_parts(message, octets(_stored(message)))
        if recovered:
            message.set_payload([*recovered])
    children = children_of(message)
    if children is not None:
        for child in children:
            yield from _walk(child)
    else:
        yield message


def _stored(part: Part) -> str:
    """The payload as it lies in the tree: ASCII with surrogate escapes, where ``get_payload`` already decodes."""
    stored = part._payload  # type: ignore[attr-defined]
    return stored if isinstance(stored, str) else ""


def _transfer_decoded(raw: bytes, part: Part) -> bytes:
    """The bytes behind a Content-Transfer-Encoding; as they are for one that is unknown. Never raises."""
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    if encoding == "base64":
        return _base64(raw)
    if encoding in ("quoted-printable", "x-quoted-printable"):
        return quopri.decodestring(raw)
    if encoding in ("uuencode", "x-uuencode", "uue", "x-uue"):
        holder = Message()
        holder["Content-Transfer-Encoding"] = "uuencode"
        holder.set_payload(raw.decode("ascii", "surrogateescape"))
        return holder.get_payload(decode=True) or b""  # type: ignore[return-value]
    return raw


def _base64(raw: bytes) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        kept = raw.translate(None, delete=bytes(set(range(256)) - _BASE64))
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


class _AsItCame(policy.Compat32):
    """Writes header fields as they were read; the library's own would fold and encode them anew."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return octets(f"{name}: {value}") + b"\n"


_AS_IT_CAME = _AsItCame()


def _flat(message: Part) -> bytes:
    """An attached message as bytes."""
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, policy=_AS_IT_CAME).flatten(message)
    except Exception:
        return octets(str(message.get_payload() or ""))
    return out.getvalue()
