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

from daemon.parsing import ordinary
from daemon.parsing.content_fields import Content, Part, content_of
from daemon.parsing.cut import Shortened
from daemon.parsing.encoded_words import octets
from daemon.parsing.mend import mend_header, recovered_parts
from rules.text import decode


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf part; ``inner`` holds the parts of an attached message (``message/*``)."""

    number: int
    part: Part
    type: str
    content: Content
    payload: bytes
    mail: Shortened
    inner: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """The file name that the part declares, as data: one line, no path, at most 200 characters."""
        return self.content.name

    @property
    def disposition(self) -> str:
        """``inline``, ``attachment``, another word, or ""."""
        return self.content.disposition

    @property
    def charset(self) -> str:
        """The declared character set, "" when there is none."""
        return self.content.type.charset

    def data(self) -> bytes:
        """The decoded bytes; for an attached message its own bytes."""
        raw = self.mail.restored(self.payload)
        return raw if self.inner else _transfer_decoded(raw, self.content.encoding)

    def head(self, size: int) -> bytes:
        """The decoded bytes of about the first ``size``; enough for a text."""
        raw = self.mail.restored(self.payload, 2 * size)
        return raw[:size] if self.inner else _transfer_decoded(raw, self.content.encoding)[:size]

    def text(self, chars: int) -> str:
        """The text, read from the bytes with the declared character set as a hint; not yet cleaned."""
        return decode(self.head(4 * chars), self.charset)[:chars]


def build(raw: bytes) -> Part:
    """The message of these bytes, the form of its header mended."""
    found = ordinary.read(raw)
    return BytesParser(policy=policy.compat32).parsebytes(mend_header(raw)) if found is None else found


def leaves(message: Part, mail: Shortened) -> list[Leaf]:
    """Every leaf in order; content fields are mended, and the payloads taken out of the tree into the leaves."""
    found: list[Leaf] = []
    for part, content in _walk(message):
        inner = _inner(part, content, mail)
        kind = "text/plain" if content.type.is_multipart else content.type.bare
        payload = b"\n".join(map(_flat, inner)) if inner else _stored(part)
        part.set_payload("")
        found.append(Leaf(len(found), part, kind, content, payload, mail, inner))
    return found


def _inner(part: Part, content: Content, mail: Shortened) -> tuple[Part, ...]:
    """The parts inside a ``message/*`` part.

    One that is encoded is decoded first: against RFC 2046 §5.2.1, yet sent.
    """
    if not part.is_multipart():
        return ()
    inside = tuple(child for child in part.get_payload() if isinstance(child, Message))
    if content.encoding not in ("base64", "quoted-printable") or not inside or inside[0].keys():
        return inside
    return (build(_transfer_decoded(mail.restored(_flat(inside[0])), content.encoding)),)


def children_of(part: Part) -> list[Part] | None:
    """The parts of a multipart, None for a leaf (also for a multipart in which no boundary was found)."""
    if not part.is_multipart() or part.get_content_maintype() != "multipart":
        return None
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _walk(message: Part) -> Iterator[tuple[Part, Content]]:
    """The parts that are no multipart, in order; the depth is bounded by the guard."""
    content = content_of(message)
    if content.type.is_multipart and not message.is_multipart():
        recovered = recovered_parts(message, _stored(message))
        if recovered:
            message.set_payload([*recovered])
    children = children_of(message)
    if children is not None:
        for child in children:
            yield from _walk(child)
    else:
        yield message, content


def _stored(part: Part) -> bytes:
    """The payload as it lies in the tree: ASCII with surrogate escapes, which ``get_payload`` would decode."""
    stored = part._payload  # type: ignore[attr-defined]
    return octets(stored) if isinstance(stored, str) else b""


def _transfer_decoded(raw: bytes, encoding: str) -> bytes:
    """The bytes behind a Content-Transfer-Encoding; as they are for one that is unknown. Never raises."""
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
