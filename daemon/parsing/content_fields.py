"""What the content fields of a part say (RFC 2045 §5 and §6, RFC 2183); each is read once a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import TypeAlias

from daemon.parsing.encoded_words import decode_value, is_plain, octets
from rules.text import clean_line, decode, repair

Part: TypeAlias = "Message[str, str]"
Parameter: TypeAlias = "str | tuple[str | None, str | None, str]"
CONTENT_FIELDS = frozenset({"content-type", "content-disposition", "content-transfer-encoding", "content-id"})
_USUAL_CHARS = 80


@dataclass(frozen=True, slots=True)
class ContentType:
    """A Content-Type field, lower-case; ``bare`` is ``full`` without what a sender left behind it."""

    full: str
    bare: str
    charset: str
    name: str

    @property
    def is_multipart(self) -> bool:
        """True for ``multipart/*``."""
        return self.full.startswith("multipart/")


@dataclass(frozen=True, slots=True)
class Content:
    """What the content fields of one part say; "" where they say nothing."""

    type: ContentType
    disposition: str
    name: str
    encoding: str
    has_id: bool


def content_of(part: Part) -> Content:
    """What a part's content fields say; those that cannot be asked for parameters without fault are mended in it."""
    fields = _content_fields(part)
    if not all(is_plain(value) for _, value in fields):
        _mend_fields(part)
        fields = _content_fields(part)
    values = dict(reversed(fields))  # the first of each name
    kind = type_of(part, values.get("content-type"))
    placed = values.get("content-disposition", "")
    return Content(
        kind,
        placed.partition(";")[0].strip().lower(),
        _file_name(_text(_parameters(placed).get("filename", "")) or kind.name),
        values.get("content-transfer-encoding", "").strip().lower(),
        "content-id" in values,
    )


def type_of(part: Part, value: str | None) -> ContentType:
    """The type of a part whose Content-Type is ``value``, None where it has none (RFC 2045 §5.2)."""
    if value is None:
        kind = part.get_content_type()
        return ContentType(kind, kind, "", "")
    return _usual_type(value) if len(value) < _USUAL_CHARS and value.startswith("text/") else _read_type(value)


def bare_type(part: Part) -> str:
    """The content type, lower-case, without anything that a sender left behind it."""
    return _bare(part.get_content_type())


def _bare(full: str) -> str:
    return (full.split() or ["text/plain"])[0]


def _read_type(value: str) -> ContentType:
    holder = _holder(value)
    full = holder.get_content_type()
    found = _parameters(value)
    return ContentType(
        full,
        _bare(full),
        _text(found.get("charset", "")).lower(),
        _text(found.get("name", "")),
    )


_usual_type = lru_cache(maxsize=128)(_read_type)
"""Types of texts, of which a mailbox sees few."""


def _holder(value: str) -> Part:
    """The standard library reads a field where it stands in a message."""
    holder: Part = Message()
    holder.set_raw("Content-Type", value)
    return holder


def _parameters(value: str) -> Mapping[str, Parameter]:
    """The parameters of a content field, the first of each name in lower case, RFC 2231 joined but not decoded."""
    if "=" not in value:
        return {}
    try:
        found = _holder(value).get_params([])
    except (ValueError, LookupError, TypeError):
        return {}
    return {name.lower(): said for name, said in reversed(found)}


def _text(value: Parameter) -> str:
    """A parameter as text (RFC 2231 and, against the rules, RFC 2047 decoded)."""
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


def _content_fields(part: Part) -> list[tuple[str, str]]:
    items = part.raw_items()
    return [(lower, str(value)) for name, value in items if (lower := name.lower()) in CONTENT_FIELDS]


def _mend_fields(part: Part) -> None:
    """Put the content fields of a part in a form that can be asked for parameters without fault."""
    items = list(part.raw_items())
    for name in {name for name, _ in items}:
        del part[name]
    for name, value in items:
        text = str(value)
        part[name] = _content_value(text) if name.lower() in CONTENT_FIELDS and not is_plain(text) else value


def _content_value(value: str) -> str:
    """Raw 8-bit bytes as text, controls out; encoded words stay for the parameter that holds them."""
    return (
        clean_line(repair(decode(octets(value).replace(b"\x00", b""), "")))
        if "=?" not in value
        else clean_line(decode(octets(value).replace(b"\x00", b""), ""))
    )
