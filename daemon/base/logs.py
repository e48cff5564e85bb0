"""One event per line on standard error, as ``name key=value …``, fit for journald and for grep.

Under systemd each line begins with the level in angle brackets (sd-daemon(3)) and carries no time, because the
journal keeps both; elsewhere it begins with the time and the level. Correlation ids (mail, question, outbox) are
bound once and stand on every line of that piece of work. Mail addresses, telephone numbers and every secret that was
read are blanked out, whoever wrote the line; an exception shows only its kind and place.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TextIO

from daemon.base.errors import DoithoaiError

SYSLOG_LEVEL = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
EMAIL = re.compile(r"[\w.+=%&'*/!#$?^`{|}~-]+@(?=[\w-]+\.[\w.-]+)")
PHONE = re.compile(r"(?<![\w.@/=+-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\w@])")
SHORTEST_SECRET = 4
ROOT = "doithoai"
"""Parent of all our loggers, so that one level applies to all of them and to no library."""
QUOTED = re.compile(r'[\s"=\\]')

KEPT_SECRETS = 4
_secrets: dict[str, deque[str]] = {}
_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default={})  # noqa: B039 - never changed in place


def blank_out(secret: str, what: str = "") -> None:
    """Keep this text out of every line of the log from now on, until ``what`` has had a few newer ones.

    A fresh token every hour would be some thousands in a year, each looked for in each line.
    """
    kept = _secrets.setdefault(what, deque(maxlen=KEPT_SECRETS))
    if len(secret) >= SHORTEST_SECRET and secret not in kept:
        kept.append(secret)


def redact(text: str) -> str:
    """The text without secrets, local parts of mail addresses, and telephone numbers; always one line."""
    for secret in chain.from_iterable(_secrets.values()):
        text = text.replace(secret, "***")
    text = PHONE.sub("<phone>", EMAIL.sub("<name>@", text))
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


@contextmanager
def bind(**ids: object) -> Iterator[None]:
    """Bind correlation ids to every line written in the block (``with bind(mail=12, question="HP-2026-000123")``)."""
    token = _bound.set({**_bound.get(), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def place_of(error: BaseException) -> str:
    """The innermost place of an exception in our own code, as ``file:line``."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HOUSE)] or list(frames)
    if not ours:
        return "unknown place"
    path = Path(ours[-1].filename)
    return f"{path.relative_to(HOUSE) if path.is_relative_to(HOUSE) else path.name}:{ours[-1].lineno}"


HOUSE = Path(__file__).resolve().parent.parent.parent


def _pair(key: str, value: object) -> str:
    text = redact(value.isoformat() if isinstance(value, datetime) else str(value))
    return (
        f'{key}="{text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        if QUOTED.search(text) or not text
        else f"{key}={text}"
    )


class Log:
    """A module's event log: ``LOG = Log(__name__)``, ``LOG.info("mail.stored", mail=12, size=3400)``.

    The event's name is a constant with dots; everything variable goes into fields.
    """

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(f"{ROOT}.{name}")

    def debug(self, event: str, **fields: object) -> None:
        """For a developer at work; off by default."""
        self._logger.debug(event, extra={"fields": fields})

    def info(self, event: str, **fields: object) -> None:
        """Something happened as it should."""
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: object) -> None:
        """Something is odd and was dealt with."""
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: object) -> None:
        """Something failed and needs a person."""
        self._logger.error(event, extra={"fields": fields})

    def failure(self, event: str, error: BaseException, **fields: object) -> None:
        """An error with its kind and place; only the text of our own errors is shown, others may quote a mail."""
        fields = {**fields, "error": type(error).__name__, "at": place_of(error)}
        if isinstance(error, DoithoaiError):
            fields["text"] = str(error)
        self._logger.error(event, extra={"fields": fields, "trace": error})


class LineFormatter(logging.Formatter):
    """One line per record. ``journal`` = written for journald; ``traces`` adds tracebacks for a developer."""

    def __init__(self, *, journal: bool, traces: bool = False) -> None:
        super().__init__()
        self._journal = journal
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """One line, whoever logged it."""
        fields = {**_bound.get(), **getattr(record, "fields", {})}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            fields |= {"error": type(error).__name__, "at": place_of(error)}
        words = [
            self._head(record),
            redact(record.getMessage()),
            *(_pair(key, value) for key, value in fields.items()),
        ]
        return " ".join(words) + self._trace(getattr(record, "trace", error))

    def _head(self, record: logging.LogRecord) -> str:
        name = record.name.removeprefix(f"{ROOT}.")
        if self._journal:
            return f"<{SYSLOG_LEVEL.get(record.levelno, 6)}>{name}:"
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f"{at} {record.levelname.lower()} {name}:"

    def _trace(self, error: BaseException | None) -> str:
        if error is None or not self._traces:
            return ""
        return "\n" + "".join(_frames(error)).rstrip()


def _frames(error: BaseException) -> Iterator[str]:
    """The frames of an error and of its causes, without any error's own text, which may quote a mail."""
    led_to = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if led_to is not None:
        yield from _frames(led_to)
    yield f"{type(error).__name__}, from:\n"
    yield from traceback.format_tb(error.__traceback__)


def to_journal(stream: TextIO) -> bool:
    """True when the stream is the journal's socket: JOURNAL_STREAM holds its device and inode (systemd.exec(5))."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM", "") == f"{status.st_dev}:{status.st_ino}"


def setup_logging(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every logger's lines to ``stream`` (standard error). Libraries log from WARNING up only."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(journal=to_journal(stream), traces=os.environ.get("DOITHOAI_DEBUG") == "1"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(ROOT).setLevel(level.upper())
    logging.captureWarnings(True)
