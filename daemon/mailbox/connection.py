"""One IMAP connection with limits: no command may take too much time or bring too many bytes.

The library trusts the server: a socket time-out starts afresh with each byte, a literal may claim any size, and
untagged lines may go on for ever. Here each command has a deadline and a budget of bytes, and no error repeats the
server's words, which may be part of a mail.
"""

from __future__ import annotations

import imaplib
import logging
import select
import socket
import ssl
import time
from typing import Any

from imapclient import IMAPClient
from imapclient.response_parser import parse_response

from daemon.base.errors import ConfigurationError
from daemon.config.mail import ImapClientSettings, is_loopback

SMALL_ANSWER = 16_000_000
"""Bytes that any command may bring besides the mails asked for; a UID SEARCH of 1.5 million mails fits."""

SLOWEST_LINE = 20_000
"""Bytes a second below which a fetch counts as stuck."""

# The library logs answers that it cannot decode and, at DEBUG, whole commands; no word of a mail may reach a log.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)

LINE_COST = 100
"""What each line costs beside its bytes: endless short lines cost time and memory, not bytes."""

RECEIVE_SIZE = 262_144
CHANGES = frozenset({"EXISTS", "RECENT", "EXPUNGE", "VANISHED"})


class BoundedImap4(imaplib.IMAP4):
    """imaplib's protocol machine over a buffer of our own, with a deadline and a budget of bytes per command."""

    def __init__(self, settings: ImapClientSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._buffer = bytearray()
        self.heard: set[str] = set()
        """Types of the untagged responses since the last ``heard.clear()``."""
        self.uidvalidity = 0
        """UIDVALIDITY of the open folder; a response with another one breaks the connection (RFC 9051 §2.3.1.1)."""
        self.begin()
        super().__init__(settings.host, settings.port, settings.timeout_seconds)

    def begin(self, expected: int = 0) -> None:
        """Start the limits of a command that should bring ``expected`` bytes besides its own answer."""
        self._deadline = time.monotonic() + 2 * self._settings.timeout_seconds + expected / SLOWEST_LINE
        self._budget = SMALL_ANSWER + 2 * expected

    def _create_socket(self, timeout: float | None) -> socket.socket:
        del timeout
        sock = socket.create_connection((self.host, self.port), self._settings.timeout_seconds)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._settings.tls == "none" and not is_loopback(sock.getpeername()[0]):
                raise ConfigurationError(f"IMAP {self._settings.place}: a plain line is allowed to loopback only")
            if self._settings.tls == "implicit" and self._context is not None:
                return self._context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        return sock

    def _receive(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the command took too long")
        self.sock.settimeout(min(self._settings.timeout_seconds, left))
        chunk = self.sock.recv(RECEIVE_SIZE)
        if not chunk:
            raise self.abort("the server closed the connection")
        self._budget -= len(chunk)
        if self._budget < 0:
            raise self.abort("the server sends more than was asked for")
        self._buffer += chunk

    def _take(self, size: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken

    def read(self, size: int) -> bytes:
        """``size`` bytes of a literal; a size beyond the budget breaks the connection before anything is read."""
        if size - len(self._buffer) > self._budget:
            raise self.abort("the server announces more than was asked for")
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """One line with its line end; half a line stays in the buffer when the time is up."""
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            self._receive()
        self._budget -= LINE_COST
        return self._take(end + 1)

    def waits(self, seconds: float) -> bool:
        """True when the server has sent something, or closed the connection, within ``seconds``."""
        if self._buffer or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            return True
        poller = select.poll()
        poller.register(self.sock.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def begin_idle(self) -> bytes:
        """Send IDLE; returns the command's tag. imaplib has no command for it before Python 3.14."""
        tag: bytes = self._command("IDLE")
        return tag

    def hear(self) -> Any:
        """Read one response; its type is added to ``heard``. None for a continuation request."""
        return self._get_response()

    def _get_capabilities(self) -> None:
        if self._tls_established:
            # What came before TLS began is unauthenticated and may be an injection (RFC 9051 §11.1).
            self.untagged_responses.clear()
            if self._buffer:
                raise self.abort("the server went on in the clear after STARTTLS")
        super()._get_capabilities()  # type: ignore[misc]

    def _append_untagged(self, typ: str, dat: Any) -> None:
        self.heard.add(typ)
        if typ == "UIDVALIDITY" and self.uidvalidity and dat != str(self.uidvalidity).encode():
            raise self.abort("UIDVALIDITY changed while the folder was open")
        super()._append_untagged(typ, dat)  # type: ignore[misc]

    def _log(self, line: str) -> None:
        """imaplib keeps the last commands for its own messages, a LOGIN among them; this keeps none."""


class Connection(IMAPClient):  # type: ignore[misc]
    """imapclient over ``BoundedImap4``, with an IDLE that copes with split and early responses."""

    def __init__(self, settings: ImapClientSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        super().__init__(
            settings.host,
            settings.port,
            ssl=settings.tls == "implicit",
            ssl_context=context,
            timeout=settings.timeout_seconds,
        )
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> BoundedImap4:  # noqa: N802 - imapclient's name
        return BoundedImap4(self._settings, self._context)

    @property
    def wire(self) -> BoundedImap4:
        """The protocol machine below this client."""
        machine: BoundedImap4 = self._imap
        return machine

    @property
    def logged_in_already(self) -> bool:
        """True when the greeting was PREAUTH (RFC 9051 §7.1.4)."""
        return bool(self.wire.state == "AUTH")

    def start(self, expected: int = 0) -> None:
        """Begin a command with fresh limits, and without responses left over from earlier ones."""
        self.wire.begin(expected)
        self.wire.untagged_responses.clear()

    def fetch_raw(self, uids: bytes, items: str) -> tuple[Any, ...]:
        """UID FETCH, parsed but not merged: sequence number, tuple of names and values, and so on.

        The library's own ``fetch`` merges responses of the same number, so that a doubled body, or one without UID,
        could not be told from the right one.
        """
        typ, data = self.wire.uid("FETCH", uids.decode("ascii"), items)
        self._checkok("fetch", typ, data)
        return tuple(parse_response(data))

    # -- IDLE (RFC 2177) ------------------------------------------------------------------------

    def start_idle(self) -> bytes:
        """Send IDLE and wait for the continuation; returns the command's tag."""
        tag = self.wire.begin_idle()
        while self.wire.hear() is not None:
            self.check_idle(tag)
        return tag

    def idle_response(self) -> None:
        """Read one response; its type is added to ``wire.heard``."""
        self.wire.hear()

    def check_idle(self, tag: bytes) -> None:
        """Raise ``abort`` when the server has ended IDLE or said BYE."""
        if self.wire.tagged_commands.get(tag) or "BYE" in self.wire.untagged_responses:
            raise self.wire.abort("the server ended IDLE")

    def stop_idle(self, tag: bytes) -> None:
        """Send DONE and read to the end of the command."""
        self._idle_tag = tag
        self.idle_done()
