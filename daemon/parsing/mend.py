"""Faults of form that make the standard parser lose what a person would see, mended before and after it reads.

It ends the header section at the first line that is no field, and finds no part at all behind a wrong boundary.
"""

from __future__ import annotations

import re
from email import policy
from email.message import Message
from email.parser import BytesParser

from daemon.parsing.guard import header_end

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


def mend_header(raw: bytes) -> bytes:
    """The bytes with a header section that the parser reads to its end.

    Empty lines and a byte order mark before it go; a space before a field's colon goes (RFC 5322 §4.5); a line that
    is no field, while a known one still follows, becomes a continuation of the one above.
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


def recovered_parts(part: Message[str, str], payload: bytes) -> list[Message[str, str]]:
    """The parts of a multipart in which the declared boundary never came, by the boundary its text shows; or none."""
    found = _BOUNDARY_LINE.search(payload)
    if not found:
        return []
    subtype = part.get_content_subtype().split()[0]
    head = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (subtype.encode("ascii", "replace"), found[1])
    again = BytesParser(policy=policy.compat32).parsebytes(head + payload)
    children = again.get_payload()
    return [child for child in children if isinstance(child, Message)] if isinstance(children, list) else []
