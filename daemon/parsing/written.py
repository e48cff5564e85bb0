"""The header as it was written, for a judgement on who wrote a line of it; mails are read forgivingly elsewhere."""

from __future__ import annotations

import re

_FIELD = re.compile(rb"([!-9;-~]+):[ \t]*(.*)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n([ \t])")


def as_written(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The header as the mail server saw it, nothing mended: lower-case names, unfolded values, from the top.

    Our reading of mail is forgiving (a space before the colon, a lone CR as a line end) where the filter that removes
    a sender's results is not: what only we take for a result would stand. One lone CR or NUL, and there is nothing.
    """
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if b"\r" in head.replace(b"\r\n", b"\n") or b"\0" in head:
        return ()
    found = (_FIELD.fullmatch(line) for line in re.split(rb"\r?\n", _FOLD.sub(rb"\1", head)))
    return tuple(
        (one[1].decode("ascii").lower(), one[2].decode("utf-8", "replace").strip()) if one else ("", "")
        for one in found
    )
