"""Digital signatures of attached PDF files (ISO 32000-2, 12.8), checked by pyHanko where it is installed.

What is found is shown to the officers and speaks for a text as an answer; a file without one loses nothing by it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from daemon.parsing.parse import attachment_bytes
from rules.text import clean
from rules.values.model import Attachment, FileSignature, ParsedMail

SIGNED = b"/ByteRange"
"""Every signed PDF file has it (ISO 32000-2, 12.8.1)."""
READER = Path(__file__).with_name("signature_reader.py")
"""Started as a program: the extra may not be there to import."""
MOST_FILES = 3
MOST_SECONDS = 40
"""For all files of a mail: less than the time after which a watchdog takes the daemon for dead."""


def is_installed() -> bool:
    """True where the extra ``signatures`` is there."""
    return importlib.util.find_spec("pyhanko") is not None


def with_signatures(raw: bytes, mail: ParsedMail, anchors: Path | None, seconds: int) -> ParsedMail:
    """The mail with what its PDF files' signatures are worth; the same mail where there are none, or no pyHanko."""
    if SIGNED not in raw and not any(_is_pdf(one) for one in mail.attachments):
        return mail
    if not is_installed():
        return mail
    end = time.monotonic() + MOST_SECONDS
    found: dict[int, tuple[FileSignature, ...]] = {}
    for one, data in _signed(raw, mail):
        found[one.part] = _of(data, anchors, min(seconds, end - time.monotonic()))
    if not found:
        return mail
    files = tuple(replace(one, signatures=found.get(one.part, ())) for one in mail.attachments)
    return replace(mail, attachments=files)


def _is_pdf(one: Attachment) -> bool:
    return one.type == "application/pdf" or one.name.lower().endswith(".pdf")


def _signed(raw: bytes, mail: ParsedMail) -> Iterator[tuple[Attachment, bytes]]:
    for one in [one for one in mail.attachments if _is_pdf(one)][:MOST_FILES]:
        data = attachment_bytes(raw, one.part)
        if SIGNED in data:
            yield one, data


def _of(data: bytes, anchors: Path | None, seconds: float) -> tuple[FileSignature, ...]:
    """What the process says of a file; () when it fails or takes too long."""
    if seconds <= 0:
        return ()
    command = [sys.executable, "-E", str(READER), str(anchors or "")]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=True, cwd="/")  # noqa: S603
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()
    return tuple(
        FileSignature(
            clean(str(one["signer"]))[:200],
            datetime.fromisoformat(one["at"]).astimezone(UTC) if one["at"] else None,
            intact=bool(one["intact"]) and bool(one["whole"]),
            trusted=bool(one["trusted"]),
        )
        for one in said
    )
