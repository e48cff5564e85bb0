"""A mail of one part whose header is of ordinary form: cut by one pattern, as the standard library would.

Most mails are. The library's parser takes their header line by line and then looks at each line of a body in which
nothing can begin. Whatever is not of this form at first sight goes to the library: parts, faults, lone CRs.
"""

from __future__ import annotations

import re
from email import policy
from email.message import Message

_SECTION = re.compile(rb"((?:[!-9;-~]++:[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+\r?\n)++)\r?\n")
"""Fields and the empty line behind them; no name is empty or has a space behind it, no line ends in a lone CR."""
_FIELD = re.compile(r"[^\r\n]++(?:\r?\n[ \t][^\r\n]*+)*+")


def read(raw: bytes) -> Message[str, str] | None:
    """The message of these bytes; None where only the library's parser can say what it is."""
    section = _SECTION.match(raw)
    if section is None or b"multipart" in (said := section[1].lower()) or b"message/" in said:
        return None
    message: Message[str, str] = Message()
    for field in _FIELD.findall(section[1].decode("ascii", "surrogateescape")):
        message.set_raw(*policy.compat32.header_source_parse([field]))
    message.set_payload(raw[section.end() :].decode("ascii", "surrogateescape"))
    return message
