"""A mail of ordinary form taken apart at its boundaries, which are sought as fixed bytes.

The standard parser looks at each line of a mail, several times over, and holds it against every open boundary. Most
mails need none of that: fields without fault, boundaries that open and close as they should. They come out of here
as the standard parser gives them, but for preamble and epilogue; every other mail is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import Message

from daemon.mailin.content import ContentType, type_of
from daemon.mailin.words import is_plain

_HEADER = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*(?=\r?\n)")
_FIELD = re.compile(r"[^\r\n]+(?:\r?\n[ \t][^\r\n]*)*")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z|(\r))")
_UNENCODED = frozenset({"7bit", "8bit", "binary"})


class SplitPart(Message):
    """A part whose payload lies beside it, as bytes."""

    octets: bytes = b""


class _NotOrdinary(Exception):  # noqa: N818 - no error: another reader takes over
    """The standard parser must look at this mail."""


def split(raw: bytes) -> SplitPart | None:
    """The message of these bytes; None when its form is not ordinary."""
    if raw[:1] in (b"", b"\r", b"\n"):
        return None
    try:
        return _part(raw, 0, len(raw), len(raw), ())
    except _NotOrdinary:
        return None


def _part(raw: bytes, start: int, end: int, stop: int, around: tuple[bytes, ...]) -> SplitPart:
    """The part before ``stop``, where its payload ends at ``end``; ``around`` are the boundary lines it stands in."""
    header = _HEADER.match(raw, start, stop)
    if header is None:
        raise _NotOrdinary
    part = SplitPart()
    for field in _FIELD.findall(header[0].decode("ascii", "surrogateescape")):
        part.set_raw(*policy.compat32.header_source_parse([field]))
    kind = _type(part)
    start = header.end() + (2 if raw.startswith(b"\r", header.end()) else 1)
    if kind.is_multipart:
        line = _boundary_line(part, kind, around)
        part.set_payload(list(_children(raw, start, stop, line, (*around, line))))
    else:
        part.octets = raw[start:end]
    return part


def _type(part: SplitPart) -> ContentType:
    declared = next((str(value) for name, value in part.raw_items() if name.lower() == "content-type"), None)
    if declared is not None and not is_plain(declared):
        raise _NotOrdinary
    kind = type_of(part, declared)
    if kind.full.startswith("message/"):
        raise _NotOrdinary
    return kind


def _boundary_line(part: SplitPart, kind: ContentType, around: tuple[bytes, ...]) -> bytes:
    """How the boundary lines of a multipart begin; they must not be taken for others that are open."""
    line = b"--" + kind.boundary.encode("ascii", "replace")
    unencoded = str(part.get("content-transfer-encoding", "8bit")).lower() in _UNENCODED
    if line.endswith(b"--") or line in around or not unencoded or kind.full == "multipart/digest":
        raise _NotOrdinary
    return line


def _children(raw: bytes, start: int, stop: int, line: bytes, around: tuple[bytes, ...]) -> Iterator[SplitPart]:
    """The parts between the boundary lines; the line end before each is its own (RFC 2046 §5.1.1)."""
    begun = 0
    for at, after, closes in _boundary_lines(raw, start, stop, line):
        if begun == at or (closes and not begun):
            raise _NotOrdinary
        if begun:
            yield _part(raw, begun, at - (2 if raw[at - 2 : at] == b"\r\n" else 1), at, around)
        if closes:
            return
        begun = after
    raise _NotOrdinary


def _boundary_lines(raw: bytes, start: int, stop: int, line: bytes) -> Iterator[tuple[int, int, bool]]:
    """Beginning and end of each boundary line, and whether it is the closing one."""
    if raw.find(b"\r" + line, start, stop) >= 0:
        raise _NotOrdinary
    at = start if raw.startswith(line, start) else raw.find(b"\n" + line, start, stop) + 1
    while at:
        after = _AFTER_BOUNDARY.match(raw, at + len(line), stop)
        if after and after[2]:
            raise _NotOrdinary
        if after:
            yield at, after.end(), bool(after[1])
        at = raw.find(b"\n" + line, at, stop) + 1
