"""Long bodies taken out of a mail before it is parsed, and put back where somebody asks for them.

A parser copies a body several times and looks at each of its lines; fifty megabytes of attachment cost it half a
gigabyte and ten seconds. What stands far behind the last line that could be a boundary cannot change the structure,
so the parser sees a placeholder instead. A sender cannot write one: it holds the digest of the whole mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.parsing.guard import header_end

_LONG = 96_000
"""Bytes between two possible boundaries from which on the middle is taken out."""
_KEPT = 32_000
"""Bytes kept at the beginning of such a stretch: the fields of the part, and of a message attached in it."""
_KEPT_OF_BASE64 = 200
"""Bytes kept of a body in base64."""
_BLANK = re.compile(rb"\n\r?\n")
_BASE64_LINES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"

_LINES = (re.compile(rb"\n--"), re.compile(rb"\r--"))


@dataclass(frozen=True, slots=True)
class Shortened:
    """A mail with placeholders; ``cuts`` are the stretches of ``raw`` that they stand for, ``digest`` is its own."""

    raw: bytes
    short: bytes
    digest: str
    cuts: tuple[tuple[int, int], ...] = ()

    def restored(self, data: bytes, limit: int | None = None) -> bytes:
        """The bytes with what was taken out of them put back; at most some ``limit`` bytes of it."""
        mark = self.digest.encode("ascii") + b"-"
        at = data.find(mark) if self.cuts else -1
        if at < 0:
            return data if limit is None else data[:limit]
        pieces: list[bytes | memoryview] = []
        length = last = 0
        while at >= 0 and (limit is None or length <= limit):
            number, _, _ = data[at + len(mark) : at + len(mark) + 10].partition(b"-")
            start, end = self.cuts[int(number)]
            pieces += [data[last:at], memoryview(self.raw)[start:end]]
            length += at - last + end - start
            last = at + len(mark) + len(number) + 1
            at = data.find(mark, last)
        return b"".join([*pieces, data[last:]])[:limit]


def shorten(raw: bytes, digest: str) -> Shortened:
    """The mail with every long stretch cut; as it is when there is none. ``digest`` is the mail's own, in hex."""
    if len(raw) < _LONG:
        return Shortened(raw, raw, digest)
    cuts = tuple(_stretches(raw))
    pieces: list[bytes] = []
    last = 0
    for number, (start, end) in enumerate(cuts):
        pieces += [raw[last:start], b"%s-%d-" % (digest.encode("ascii"), number)]
        last = end
    return Shortened(raw, b"".join([*pieces, raw[last:]]), digest, cuts) if cuts else Shortened(raw, raw, digest)


def _stretches(raw: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what is taken out: never a line that begins with two hyphens, nor the fields before a body."""
    kept = header_end(raw, _LONG) + _KEPT
    start = 0
    for end in _line_ends(raw):
        if end - start > _LONG + kept:
            kept = _kept_of_base64(raw, start, kept) or kept
            line = raw.find(b"\n", start + kept, start + kept + 1_000)
            yield (line + 1 if line >= 0 else start + kept), end
        start = end
        kept = _KEPT


def _kept_of_base64(raw: bytes, start: int, kept: int) -> int:
    """Bytes to keep where nothing but base64 stands between the first empty line and ``kept``; else 0.

    In base64 is no colon, so no field: the parser need not look at hundreds of its lines. An attached message
    is left alone: the library makes line ends of what it keeps of it.
    """
    blank = _BLANK.search(raw, start, start + kept)
    fields = raw[start : blank.start()].lower() if blank else b""
    if blank is None or b"base64" not in fields or b"message/" in fields:
        return 0
    if raw[blank.end() : start + kept].translate(None, _BASE64_LINES):
        return 0
    return blank.end() - start + _KEPT_OF_BASE64


def _line_ends(raw: bytes) -> Iterator[int]:
    """Where each line ends that is followed by one that begins with two hyphens, and where the mail ends.

    Two searches for fixed bytes; a pattern for every kind of line end looks at each byte of fifty megabytes.
    """
    places = (found.start() for line in _LINES for found in line.finditer(raw))
    for at in sorted(places):
        yield at - 1 if raw[at - 1 : at + 1] == b"\r\n" else at
    yield len(raw)
