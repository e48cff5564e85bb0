"""Text from pictures, by a program of the operator's (off unless configured): a help for the reader, never trusted.

The program gets the file's path in place of ``{file}`` and writes UTF-8 to its standard output. It runs without a
shell, in a temporary folder of its own, under limits of time, memory and output.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from daemon.parsing.parse import attachment_bytes
from rules.message.attachment_policy import READ_BY_MACHINE, scans
from rules.text import clean, repair
from rules.values.model import Attachment, ParsedMail

MOST_FILES = 3
MOST_CHARS = 50_000
MOST_SECONDS = 40
"""For all pictures of a mail: less than the time after which a watchdog takes the daemon for dead."""
MEMORY = 1_000_000_000
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", "application/pdf": ".pdf"}


def with_machine_text(raw: bytes, mail: ParsedMail, command: Sequence[str], seconds: int) -> ParsedMail:
    """The mail with the text of its scans, and a note of which were read so; the same mail where none was."""
    wanted = {one.part for one in scans(mail)[:MOST_FILES]} if command else set()
    if not wanted:
        return mail
    texts: dict[int, str] = {}
    end = time.monotonic() + MOST_SECONDS
    for one in (one for one in mail.attachments if one.part in wanted):
        left = min(seconds, int(end - time.monotonic()))
        texts[one.part] = _text(raw, one, command, left) if left > 0 else ""
    files = tuple(replace(one, text=texts.get(one.part, one.text)) for one in mail.attachments)
    read = [one.name or one.type for one in files if one.part in wanted and one.text]
    if not read:
        return mail
    return replace(mail, attachments=files, defects=(*mail.defects, READ_BY_MACHINE + ", ".join(read)))


def _text(raw: bytes, one: Attachment, command: Sequence[str], seconds: int) -> str:
    """The program's output, "" when it fails, is missing, or takes too long."""
    with tempfile.TemporaryDirectory(prefix="doithoai-ocr-") as folder:
        file = Path(folder) / f"scan{ENDINGS.get(one.type, '')}"
        file.write_bytes(attachment_bytes(raw, one.part))
        try:
            said = subprocess.run(  # noqa: S603 - the operator's program; the path is ours
                [part.replace("{file}", str(file)) for part in command],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                timeout=seconds,
                check=True,
                preexec_fn=lambda: _limit(seconds),
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return ""
    return clean(repair(said[: 4 * MOST_CHARS].decode("utf-8", "replace")[:MOST_CHARS])).strip()


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEMORY, MEMORY))
