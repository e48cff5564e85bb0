"""A logged-in connection, and what surrounds every command on it: limits, and errors of our own classes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.errors import ConfigurationError, DoithoaiError, TemporaryError
from daemon.mailin.imap_connection import Connection
from daemon.mailin.imap_login import drop, log_in
from daemon.mailin.imap_settings import ImapSettings


class ImapSession:
    """One logged-in connection to the mailbox; a context manager. Not for several threads at once."""

    def __init__(self, connection: Connection, settings: ImapSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._broken = False

    @classmethod
    def connect(cls, settings: ImapSettings) -> Self:
        """Connect and log in.

        ``ConfigurationError``: login refused, certificate wrong, TLS not offered, plain line not to loopback.
        ``TemporaryError``: anything that may pass.
        """
        return cls(log_in(settings), settings)

    def close(self) -> None:
        """Log out when the line is sound, and close it; never raises."""
        if not self._broken:
            with contextlib.suppress(Exception):
                self._connection.start()
                self._connection.logout()
        drop(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._broken = self._broken or (kind is not None and not issubclass(kind, ConfigurationError))
        self.close()

    @contextlib.contextmanager
    def _asking(self, what: str, expected: int = 0) -> Iterator[Connection]:
        """Limits around a command, and every error as one of ours; ``what`` says what was being done."""
        try:
            self._connection.start(expected)
            yield self._connection
        except DoithoaiError:
            self._broken = True
            raise
        except TimeoutError:
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: no answer in time") from None
        except IMAPClientAbortError:
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: the line broke off, or the server broke the protocol") from None
        except IMAPClientError as error:
            raise TemporaryError(f"IMAP: {what}: refused{self._said(error)}") from None
        except Exception as error:
            # The library raises bare ValueError, AssertionError and more on answers it does not expect.
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: unreadable answer ({type(error).__name__})") from None

    def _said(self, error: IMAPClientError) -> str:
        """The server's words in a refusal, in one short line without the secret."""
        text = "".join(sign if sign.isprintable() else " " for sign in str(error))[:120]
        return f": {text}" if text and self._settings.secret not in text else ""

    def _try(self, what: str, work: Callable[[Connection], object]) -> None:
        """A command whose refusal does no harm: what counts is what the server lists afterwards."""
        try:
            with self._asking(what) as connection:
                work(connection)
        except TemporaryError:
            if self._broken:
                raise
