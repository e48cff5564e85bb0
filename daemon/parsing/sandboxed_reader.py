"""Reads a PDF or a TNEF in a process of its own: ``python file_reader.py KIND PAGES CHARS SECONDS MEGABYTES < FILE``.

Either format can make a reader burn time and memory without end; the operating system's limits hold where a library's
own do not. Prints JSON objects, one a line: ``{"text": "…"}`` for each page of a PDF as soon as it is read, or one
with the body and ``"files": [["name", "base64"], …]`` of a TNEF. Exit status 1: unreadable, or not to its end.
"""

from __future__ import annotations

import base64
import json
import logging
import resource
import sys
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any


def _limit(seconds: int, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def read_pdf(data: bytes, pages: int, chars: int) -> Iterator[dict[str, Any]]:
    """The text of the first pages, one by one, at most ``chars`` characters. Raises whatever pypdf raises."""
    from pypdf import PdfReader

    for page in PdfReader(BytesIO(data), strict=False).pages[:pages]:
        text = page.extract_text()[:chars]
        yield {"text": text}
        chars -= len(text)
        if chars <= 0:
            return


def _value(owner: object, name: str) -> Any:
    try:
        found = getattr(owner, name)
        return found() if callable(found) else found
    except Exception:
        return None


def _words(value: Any) -> str:
    """Text as latin-1 where it is still bytes; the caller decodes what is left to decode."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def read_tnef(data: bytes, _pages: int, chars: int) -> Iterator[dict[str, Any]]:
    """The body, as text or HTML, and the files of a TNEF (winmail.dat). Raises whatever tnefparse raises."""
    from tnefparse import TNEF

    packed = TNEF(data, do_checksum=False)
    files = [
        [_words(_value(item, "long_filename") or _value(item, "name")), base64.b64encode(item.data).decode("ascii")]
        for item in packed.attachments
        if isinstance(item.data, bytes)
    ]
    body, html = _value(packed, "body"), _value(packed, "htmlbody")
    kept = {"text": body} if body else {"html": html}
    yield {"files": files} | {
        key: {"bytes" if isinstance(value, bytes) else "str": _words(value)[:chars]}
        for key, value in kept.items()
        if value
    }


def main(arguments: list[str]) -> int:
    """Limits first, then the reading."""
    kind = arguments[0]
    pages, chars, seconds, megabytes = map(int, arguments[1:])
    _limit(seconds, megabytes)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        for found in {"pdf": read_pdf, "tnef": read_tnef}[kind](sys.stdin.buffer.read(), pages, chars):
            print(json.dumps(found), flush=True)  # noqa: T201 - its standard output is its answer
    except BaseException:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
