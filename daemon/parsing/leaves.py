"""The parts of a mail that hold content, and which of them a person reads.

The leaves of the MIME tree are numbered from 0, with the content of their fields. The tree is the one that
mail-parser was given (the standard library's, ``policy.compat32``). An attached message is one leaf; a caller that
needs its inside reads it. The algorithm of RFC 8621 §4.1.4 decides which leaves are the text and which are attached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from typing import TypeAlias
from urllib.parse import unquote

from daemon.parsing import guard
from daemon.parsing.repairs import (
    Part,
    decode_value,
    decoded_payload,
    is_plain,
    mend_content_fields,
    octets,
    recovered_parts,
    with_whole_header,
)
from rules.message.attachment_policy import is_picture
from rules.text import clean_line, decode, repair

Parameter: TypeAlias = "str | tuple[str | None, str | None, str]"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf part; ``inner`` holds the parts of an attached message (``message/*``).

    ``type`` is lower-case and without a sender's trailing junk; ``disposition`` is ``inline``, ``attachment``,
    another word, or ""; ``name`` is the declared file name as data: one line, no path, at most 200 characters;
    ``charset`` is the declared character set, and ``content_id`` the bare id in small letters, "" when there is none;
    ``related``: it lies in a ``multipart/related``, beside the page that shows it (RFC 2387).
    """

    number: int
    part: Part
    type: str
    disposition: str
    name: str
    charset: str
    content_id: str
    related: bool
    inner: tuple[Part, ...] = ()

    def data(self) -> bytes:
        """The decoded bytes; for an attached message its own bytes."""
        return b"\n".join(map(_flat, self.inner)) if self.inner else decoded_payload(self.part)

    def head(self, size: int) -> bytes:
        """The first ``size`` decoded bytes."""
        return self.data()[:size]

    def text(self, chars: int) -> str:
        """The text, decoded with the declared character set as a hint; not yet cleaned."""
        return decode(self.head(4 * chars), self.charset)[:chars]


def leaves(message: Part) -> list[Leaf]:
    """Every leaf in order; content fields that cannot be read as they stand are repaired in the parts."""
    return [_leaf(number, part, parent) for number, (part, parent) in enumerate(_walk(message))]


def children_of(part: Part) -> list[Part] | None:
    """The parts of a multipart, None for a leaf (also for a multipart in which no boundary was found)."""
    if not part.is_multipart() or part.get_content_maintype() != "multipart":
        return None
    return _messages(part)


def bare_type(part: Part) -> str:
    """The content type, lower-case, without a sender's trailing junk."""
    return (part.get_content_type().split() or ["text/plain"])[0]


def _messages(part: Part) -> list[Part]:
    """The parts that lie directly in a part."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _walk(message: Part, parent: str = "") -> Iterator[tuple[Part, str]]:
    """The parts that are not multiparts, in order, and what multipart each is in; the guard bounds the depth."""
    mend_content_fields(message)
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        recovered = recovered_parts(message)
        if recovered:
            message.set_payload([*recovered])
    children = children_of(message)
    if children is None:
        yield message, parent
        return
    for child in children:
        yield from _walk(child, message.get_content_subtype())


def _leaf(number: int, part: Part, parent: str) -> Leaf:
    kind = "text/plain" if part.get_content_maintype() == "multipart" else bare_type(part)
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name", "content-type")
    return Leaf(
        number,
        part,
        kind,
        str(part.get("content-disposition", "")).partition(";")[0].strip().lower(),
        _file_name(name),
        _parameter(part, "charset", "content-type").lower(),
        str(part.get("content-id", "")).strip("<> \t\r\n").casefold(),
        parent == "related",
        _inner(part),
    )


def _parameter(part: Part, name: str, header: str) -> str:
    """A parameter as text (RFC 2231 and, against the rules, RFC 2047 decoded); "" where it cannot be read."""
    try:
        value: Parameter | None = part.get_param(name, header=header)
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


def _file_name(name: str) -> str:
    """A declared file name as data: one line, no path, at most 200 characters."""
    name = name.strip("\"' ")
    if "\\" in name:
        name = name.rpartition("\\")[2] or name.replace("\\", "")
    name = name.replace("/", "-").lstrip(".- ") if "/" in name else name
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:180]}{dot}{ending}" if dot and len(ending) <= 10 else name[:200]
    return name


def _inner(part: Part) -> tuple[Part, ...]:
    """The parts inside a ``message/*`` part.

    An encoded one is decoded first: RFC 2046 §5.2.1 forbids such encoding, yet it is sent.
    """
    inside = tuple(_messages(part)) if part.is_multipart() else ()
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in ("base64", "quoted-printable") or not inside or inside[0].keys():
        return inside
    holder: Part = Message()
    holder["Content-Transfer-Encoding"] = encoding
    holder.set_payload(_flat(inside[0]).decode("ascii", "surrogateescape"))
    decoded = decoded_payload(holder)
    if guard.refusal(decoded, guard.ParseLimits()):  # the guard has not seen it decoded
        return inside
    return (message_from_bytes(with_whole_header(decoded)),)


class _AsItCame(policy.Compat32):
    """Writes header fields as they were read; the library's own policy would fold and encode them anew."""

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


_SHOWN_ID = re.compile(r"cid:([^\s\"'<>()\[\]]{1,300})", re.IGNORECASE)
"""The URL by which a page shows a part of its mail (RFC 2392)."""
_SERVERS_NAME = re.compile(r"ATT\d{3,8}\.(?:txt|html?)", re.IGNORECASE)
"""So Exchange names the words that stand behind a file in the text."""


def shown_ids(text: str) -> frozenset[str]:
    """The ids, in small letters, of the parts that an HTML text shows, or a text made of one ("[cid:…]")."""
    return frozenset(unquote(one).casefold() for one in _SHOWN_ID.findall(text))


def decorates(leaf: Leaf, looks: str, shown: frozenset[str]) -> bool:
    """True for an attached leaf that belongs to the text: a picture that the page shows, words beside it, a report.

    A ``Content-ID`` alone makes no decoration, as Gmail gives one to every file, nor does ``inline`` with a name, as
    Apple Mail writes it for every file. ``looks`` is the type of the content, ``shown`` what the page shows.
    """
    if not leaf.content_id and leaf.disposition != "inline":
        return False
    picture, words = is_picture(leaf.type, looks), leaf.type.startswith("text/")
    if (picture and (leaf.related or leaf.content_id in shown)) or (words and _SERVERS_NAME.fullmatch(leaf.name)):
        return True
    placed = not leaf.name or (words and leaf.related)
    return placed and leaf.disposition != "attachment" and (picture or words or leaf.type.startswith("message/"))


_MEDIA = ("image/", "audio/", "video/")


@dataclass(slots=True)
class Body:
    """The leaves that make the text, those that make the HTML view, and the rest.

    ``seen``: all text leaves of the HTML view, such as a footer in plain text below; ``html`` is its HTML.
    """

    text: list[Leaf] = field(default_factory=list)
    html: list[Leaf] = field(default_factory=list)
    seen: list[Leaf] = field(default_factory=list)
    attached: list[Leaf] = field(default_factory=list)


def _inline(leaf: Leaf, first: bool, parent: str) -> bool:
    if leaf.disposition == "attachment":
        return False
    is_media = leaf.type.startswith(_MEDIA)
    readable = leaf.type in ("text/plain", "text/html") or is_media
    return readable and (first or (parent != "related" and (is_media or not leaf.name)))


class _Chooser:
    """One walk over the tree; a list that is None in an alternative takes nothing more there."""

    def __init__(self, leaves: Mapping[int, Leaf]) -> None:
        self.leaves = leaves
        self.body = Body()

    def walk(self, parts: list[Part], parent: str, text: bool, html: bool, alternative: bool) -> None:
        start = len(self.body.text), len(self.body.html)
        for index, part in enumerate(parts):
            leaf = self.leaves.get(id(part))
            if leaf is None:
                kind = part.get_content_subtype()
                self.walk(children_of(part) or [], kind, text, html, alternative or kind == "alternative")
                continue
            if not _inline(leaf, index == 0, parent):
                self.body.attached.append(leaf)
            elif parent == "alternative":
                self._choice(leaf)
            else:
                text, html = self._sequence(leaf, text, html, alternative)
        if parent == "alternative" and text and html:
            self._fill(*start)

    def _choice(self, leaf: Leaf) -> None:
        target = {"text/plain": self.body.text, "text/html": self.body.html}.get(leaf.type, self.body.attached)
        target.append(leaf)

    def _sequence(self, leaf: Leaf, text: bool, html: bool, alternative: bool) -> tuple[bool, bool]:
        if alternative:
            html = html and leaf.type != "text/plain"
            text = text and leaf.type != "text/html"
        if text:
            self.body.text.append(leaf)
        if html:
            self.body.html.append(leaf)
        if leaf.type.startswith(_MEDIA):
            self.body.attached.append(leaf)
        return text, html

    def _fill(self, text_start: int, html_start: int) -> None:
        """Let an alternative that offers one form only serve both views."""
        body = self.body
        if len(body.text) == text_start and len(body.html) != html_start:
            body.text += body.html[html_start:]
        elif len(body.html) == html_start and len(body.text) != text_start:
            body.html += body.text[text_start:]


def choose(message: Part, leaves: list[Leaf]) -> Body:
    """Choose the body of a message from its leaves (:func:`~daemon.parsing.leaves.leaves` of the same message)."""
    chooser = _Chooser({id(leaf.part): leaf for leaf in leaves})
    chooser.walk([message], "mixed", text=True, html=True, alternative=False)
    body = chooser.body
    body.text = [leaf for leaf in body.text if leaf.type.startswith("text/")]
    body.seen = [leaf for leaf in body.html if leaf.type.startswith("text/")]
    body.html = [leaf for leaf in body.html if leaf.type == "text/html"]
    return body
