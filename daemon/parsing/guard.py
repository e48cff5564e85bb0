"""Checks on the raw bytes before any parser sees them, in one linear pass.

The standard library's parser recurses once per level of nesting and compares every line with every open boundary;
parameters of Content-Type cost it quadratic time. A mail beyond the limits gets the minimal reading instead.

The limits also say how much of a mail is read while it is parsed, and a timer on the process's CPU time stops a
reading that costs too much all the same.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class RefusedError(Exception):
    """These bytes must not go into the parser; the text of the error says why."""


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Bounds of one parse; bytes unless the name says otherwise. Beyond them a mail gets the minimal reading."""

    mail_bytes: int = 50_000_000
    header_bytes: int = 100_000
    """Size of the mail's own header section; real ones stay under 30 KB."""
    content_field_bytes: int = 8_000
    """Size of one Content-Type or Content-Disposition field anywhere: their parameters cost quadratic time."""
    headers: int = 2_000
    parts: int = 1_000
    """Parts of the mail; each block of a delivery status counts as one, for the standard parser makes it one."""
    depth: int = 25
    lines: int = 1_000_000
    """A mail of 50 MB in base64 has 660,000."""
    line_depth: int = 3_000_000
    """Sum over all lines of the boundaries open around each: the standard parser compares a line with every one."""
    message_lines: int = 1_000_000
    """Sum over all lines of the attached messages around each: mail-parser writes out every one of those as text."""
    text_chars: int = 120_000
    """Body text that is read, some forty printed pages; the raw mail keeps the rest, and a person is asked."""
    html_bytes: int = 1_500_000
    file_bytes: int = 20_000_000
    """Size of an attachment whose text is read."""
    files_text_chars: int = 60_000
    """Text of one file, and of all files of a mail together: all of it is understood."""
    file_seconds: float = 1.4
    """CPU seconds for reading the text of all attachments of one mail together."""
    pdf_pages: int = 40


_BLANK = re.compile(rb"\n\r?\n")
_BLANK_OF_CR = re.compile(rb"\r\r")
"""Two patterns with a fixed first byte each: a pattern that may begin with either is tried at every byte."""
_MARKS = re.compile(
    rb"\n(?:--([^\r\n]{1,200})|content-(?:type|disposition)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*))",
    re.IGNORECASE,
)
"""Searched from line end to line end, which is quicker than trying each byte as the beginning of a line."""
_BOUNDARY = re.compile(rb"boundary\*?0?\*?\s*=\s*(?:\"([^\"]{0,200})|([^\s;\"]{1,200}))", re.IGNORECASE)


def header_end(raw: bytes, most: int | None = None) -> int:
    """Where the header section ends: the offset of the first empty line, or of the end, within ``most`` bytes."""
    end = len(raw) if most is None else min(most, len(raw))
    match = _BLANK.search(raw, 0, end)
    if match:
        end = match.start() - raw.startswith(b"\r\n", max(0, match.start() - 1))
    earlier = _BLANK_OF_CR.search(raw, 0, end + 1 if match else end)
    return earlier.start() if earlier else end


def refusal(raw: bytes, limits: ParseLimits) -> str:
    """Why these bytes must not go into the parser, in words; "" when they may."""
    return _size_refusal(raw, limits) or _shape_refusal(raw, limits)


def _size_refusal(raw: bytes, limits: ParseLimits) -> str:
    """Why the mail or its header section is too large, or has too many lines; "" when neither is."""
    if len(raw) > limits.mail_bytes:
        return f"mail larger than {limits.mail_bytes} bytes"
    end = header_end(raw, limits.header_bytes + 2)
    if end > limits.header_bytes:
        return f"header section larger than {limits.header_bytes} bytes"
    if raw.count(b"\n", 0, end) + raw.count(b"\r", 0, end) > 2 * limits.headers:
        return f"more than {limits.headers} header lines"
    if len(raw) > limits.lines and raw.count(b"\n--") + raw.count(b"\r--") > _MOST_MARKS:
        return "too many lines that could begin a part"
    return ""


_MOST_MARKS = 200_000
"""Most lines that begin with two hyphens, and most content fields; each costs the guard itself some microseconds."""


class _Nesting:
    """The boundaries that are open while the lines of a mail go by."""

    def __init__(self) -> None:
        self.open: list[bytes] = []
        self.level: dict[bytes, int] = {}
        self.deepest = 0
        self.parts = self.fields = 0
        self.lines = self.held = self.written = 0
        self.status = -1
        """The level of the delivery status that is open, -1 when none is."""

    def pass_lines(self, text: bytes, start: int, end: int) -> None:
        """Count lines: each is compared with every open boundary, and written once for each open message."""
        count = text.count(b"\n", start, end)
        if self.status >= 0:
            self.parts += text.count(b"\n\n", start, end) + text.count(b"\n\r\n", start, end)
        self.lines += count
        self.held += count * (len(self.open) + 1)
        self.written += count * self.open.count(b"")

    def declare(self, field: bytes) -> None:
        """Take in a Content-Type field: a multipart opens its boundary, an attached message adds one more level."""
        self.fields += 1
        kind, match = field.lstrip().lower(), _BOUNDARY.search(field)
        if self.status < 0 and kind.startswith(b"message/delivery-status"):
            self.status = len(self.open)
        if match:
            self._push((match[1] or match[2] or b"").rstrip())
        elif kind.startswith(b"message/"):
            self._push(b"")

    def _push(self, boundary: bytes) -> None:
        if boundary:
            self.level.setdefault(boundary, len(self.open))
        self.open.append(boundary)
        self.deepest = max(self.deepest, len(self.open))

    def line(self, text: bytes) -> None:
        """Take in a line that begins with two hyphens: it may be a boundary, which closes all that is inside it."""
        text = text.rstrip()
        last = text not in self.level and text.endswith(b"--")
        name = text[:-2] if last else text
        level = self.level.get(name)
        if level is None:
            return
        self.parts += not last
        for boundary in self.open[level + (not last) :]:
            if self.level.get(boundary, -1) >= level + (not last):
                del self.level[boundary]
        del self.open[level + (not last) :]
        if len(self.open) <= self.status:
            self.status = -1


def _shape_refusal(raw: bytes, limits: ParseLimits) -> str:
    """Why the tree of these bytes is too much for the parser: parts, depth, long fields, lines; "" when it is not."""
    nesting = _Nesting()
    text = b"\n" + _with_line_feeds(raw)
    last = 0
    for mark in _MARKS.finditer(text):
        nesting.pass_lines(text, last, mark.start())
        last = mark.start()
        if mark[1] is not None:
            nesting.line(mark[1])
        elif len(mark[2]) > limits.content_field_bytes:
            return f"a content field larger than {limits.content_field_bytes} bytes"
        else:
            nesting.declare(mark[2])
        if nesting.fields > _MOST_MARKS:
            return "too many lines that could begin a part"
        if nesting.deepest > limits.depth:
            return f"nested deeper than {limits.depth} levels"
        if nesting.parts > limits.parts:
            return f"more than {limits.parts} parts"
    nesting.pass_lines(text, last, len(text))
    if nesting.parts > limits.parts:
        return f"more than {limits.parts} parts"
    costs = (nesting.lines, limits.lines), (nesting.held, limits.line_depth), (nesting.written, limits.message_lines)
    return "too many lines" if any(cost > most for cost, most in costs) else ""


def _with_line_feeds(raw: bytes) -> bytes:
    """The bytes with LF where a lone CR ends a line, as the standard parser reads it."""
    if raw.count(b"\r") == raw.count(b"\r\n"):
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class MailTooCostlyError(BaseException):
    """Raised in the middle of a mail's reading; a BaseException, so that no ``except Exception`` swallows it."""


@contextmanager
def costs_at_most(seconds: int, alive: Callable[[], None]) -> Iterator[None]:
    """Raises :class:`MailTooCostlyError` in the body of the ``with`` after this many CPU seconds of this process.

    The body must have no effect outside the process, because it can be interrupted anywhere. Python runs signal
    handlers in the main thread only: in any other thread nothing is limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    used = 0

    def tick(_number: int, _frame: FrameType | None) -> None:
        nonlocal used
        used += 1
        alive()
        if used >= seconds:
            raise MailTooCostlyError

    before = signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, 1.0, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
