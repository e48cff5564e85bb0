"""One IMAP connection with limits: no command may take too much time or bring too many bytes.

The library trusts the server: a socket time-out starts afresh with each byte, a literal may claim any size, and
untagged lines may go on for ever. Here each command has a deadline and a budget of bytes, and no error repeats the
server's words, which may be part of a mail. FETCH responses are read without trust as well: which bytes belong to
which UID, and are they complete?
"""

from __future__ import annotations

import imaplib
import logging
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.datetime_util import parse_to_datetime
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.response_parser import parse_response

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.config.mail import ImapClientSettings, is_loopback

SMALL_ANSWER = 16_000_000
"""Bytes that any command may bring besides the mails asked for; a UID SEARCH of 1.5 million mails fits."""

SLOWEST_LINE = 20_000
"""Bytes a second below which a fetch counts as stuck."""

# The library logs answers that it cannot decode and, at DEBUG, whole commands; no word of a mail may reach a log.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)

LINE_COST = 100
"""What each line costs besides its bytes: endless short lines cost time and memory, not bytes."""

RECEIVE_SIZE = 262_144
SLICE_SECONDS = 2.0  # a wait is cut into such pieces, with a sign of life between them: a slow server is no hang
LONGEST_STEP = 20.0  # for what cannot be cut: well under the time after which the watchdog takes the daemon for dead
Alive = Callable[[], None]  # called while a server is waited for, at least every few seconds
CHANGES = frozenset({"EXISTS", "RECENT", "EXPUNGE", "VANISHED"})


class BoundedImap4(imaplib.IMAP4):
    """imaplib's protocol machine over a buffer of our own, with a deadline and a budget of bytes per command."""

    def __init__(self, settings: ImapClientSettings, context: ssl.SSLContext | None, alive: Alive) -> None:
        self._settings = settings
        self._context = context
        self._alive = alive
        self._step = min(settings.timeout_seconds, LONGEST_STEP)
        self._buffer = bytearray()
        self._in_the_clear = True
        self.begin()
        super().__init__(settings.host, settings.port, settings.timeout_seconds)

    def begin(self, expected: int = 0) -> None:
        """Start the limits of a command that should bring ``expected`` bytes besides its own answer."""
        self._deadline = time.monotonic() + 2 * self._settings.timeout_seconds + expected / SLOWEST_LINE
        self._budget = SMALL_ANSWER + 2 * expected

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, as imaplib lets a subclass do: ``sock`` is what is read from and written to."""
        del timeout
        self.host, self.port = host, port
        sock = self._connected()
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._settings.tls == "none" and not is_loopback(sock.getpeername()[0]):
                raise ConfigurationError(f"IMAP {self._settings.place}: a plain line is allowed to loopback only")
            if self._settings.tls == "implicit" and self._context is not None:
                sock = self._context.wrap_socket(sock, server_hostname=host)
                self._in_the_clear = False
        except BaseException:
            sock.close()
            raise
        self.sock = sock
        self.file = sock.makefile("rb")  # nothing is read from it: ``shutdown`` closes it

    def _connected(self) -> socket.socket:
        """A connection to the first of the host's addresses that answers, with a sign of life for each."""
        failed: OSError | None = None
        for *_, address in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            self._alive()
            try:
                return socket.create_connection((str(address[0]), self.port), self._step)
            except OSError as error:
                failed = error
        raise failed or OSError("the host has no address")

    def _receive(self) -> None:
        end, ready = min(self._deadline, time.monotonic() + self._settings.timeout_seconds), False
        while not ready:
            self._alive()
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("the command took too long")
            ready = self._readable(min(SLICE_SECONDS, left))
        self.sock.settimeout(self._step)  # of a TLS record, only the beginning may have come
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
        return bool(self._buffer) or self._readable(seconds)

    def _readable(self, seconds: float) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        poller = select.poll()
        poller.register(self.sock.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def capability(self) -> tuple[str, list[Any]]:
        """CAPABILITY. What came before TLS began counts no more and may be an injection (RFC 9051 §11.1)."""
        if self._in_the_clear and isinstance(self.sock, ssl.SSLSocket):
            self._in_the_clear = False
            self.untagged_responses.clear()
            if self._buffer:
                raise self.abort("the server went on in the clear after STARTTLS")
        return super().capability()


class Connection(IMAPClient):  # type: ignore[misc]
    """imapclient over ``BoundedImap4``, with an IDLE that copes with early responses."""

    def __init__(self, settings: ImapClientSettings, context: ssl.SSLContext | None, alive: Alive) -> None:
        self._settings, self._context, self._alive = settings, context, alive
        super().__init__(
            settings.host,
            settings.port,
            ssl=settings.tls == "implicit",
            ssl_context=context,
            timeout=settings.timeout_seconds,
        )
        self.wire.debug = 0
        self.normalise_times = False
        self.news = False
        """True when the server has told of mails in the open folder since it was opened."""
        self.uidvalidity = 0
        """UIDVALIDITY of the open folder; a response with another one breaks the connection (RFC 9051 §2.3.1.1)."""

    def _create_IMAP4(self) -> BoundedImap4:  # noqa: N802 - imapclient's name
        self.wire = BoundedImap4(self._settings, self._context, self._alive)
        return self.wire

    @property
    def logged_in_already(self) -> bool:
        """True when the greeting was PREAUTH (RFC 9051 §7.1.4)."""
        return bool(self.wire.state == "AUTH")

    def start(self, expected: int = 0) -> None:
        """Begin a command with fresh limits, and without responses left over from earlier ones."""
        self.settle()
        self.wire.begin(expected)

    def settle(self) -> None:
        """Take note of what the server told unasked beside the answer to a command."""
        untagged = self.wire.untagged_responses
        told = set(untagged.get("UIDVALIDITY", ()))
        if self.uidvalidity and told - {str(self.uidvalidity).encode()}:
            raise self.wire.abort("UIDVALIDITY changed while the folder was open")
        self.news = self.news or "EXISTS" in untagged
        untagged.clear()

    def opened(self, uidvalidity: int) -> None:
        """A folder with this UIDVALIDITY is open, and nothing is known of it yet; 0 while one is being opened."""
        self.wire.untagged_responses.clear()
        self.news, self.uidvalidity = False, uidvalidity

    def fetch_raw(self, uids: bytes, items: str) -> tuple[Any, ...]:
        """UID FETCH, parsed but not merged: sequence number, tuple of names and values, and so on.

        The library's own ``fetch`` merges responses of the same number, so that a doubled body, or one without UID,
        could not be told from the right one.
        """
        typ, data = self.wire.uid("FETCH", uids.decode("ascii"), items)
        if typ != "OK":
            raise IMAPClientError(f"fetch failed: {data[0].decode('utf-8', 'replace')}")
        return tuple(parse_response(data))

    def start_idle(self) -> None:
        """Send IDLE (RFC 2177) and wait for the continuation; ``news`` when something is told before it.

        imapclient gives up on a response before the continuation, as Cyrus sends it for mails that just came.
        """
        try:
            self.idle()
        except IMAPClientError as error:
            if isinstance(error, IMAPClientAbortError) or any(self.wire.tagged_commands.values()):
                raise  # the line broke, or IDLE is refused
            while (line := self.wire.readline()).startswith(b"*"):
                self.news = True
            if not line.startswith(b"+"):
                raise
            self.news = True

    def stop_idle(self) -> None:
        """Send DONE and read to the end of the command; ``news`` when the folder changed."""
        self.wire.begin()
        self.idle_done()
        self.news = self.news or not CHANGES.isdisjoint(self.wire.untagged_responses)


BODY = b"BODY[]"
ID_FIELD = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
SIZE = b"RFC822.SIZE"
DATE = b"INTERNALDATE"

BATCH_BYTES = 16_000_000
"""Mails are fetched together up to this many bytes; a bigger one is fetched alone."""

LARGEST_MAIL = 200_000_000
"""A mail above this many bytes is not even asked for; the parser sets a lower limit on what the program takes."""


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server has it; ``internaldate`` (UTC) is when the server received it."""

    uid: int
    raw: bytes
    internaldate: datetime
    flags: tuple[str, ...] = ()


def records(parsed: Sequence[Any]) -> Iterator[dict[bytes, Any]]:
    """The items of each FETCH response in turn; ``TemporaryError`` where the structure is broken."""
    if len(parsed) % 2:
        raise TemporaryError("IMAP: a FETCH response has no items")
    for number, items in zip(parsed[::2], parsed[1::2], strict=True):
        if not isinstance(number, int) or not isinstance(items, tuple) or len(items) % 2:
            raise TemporaryError("IMAP: a FETCH response is malformed")
        record: dict[bytes, Any] = {}
        for name, value in zip(items[::2], items[1::2], strict=True):
            # Courier puts the field's name in quotes, as it may: BODY[HEADER.FIELDS ("MESSAGE-ID")] (RFC 9051 §9).
            key = name.upper().replace(b'"', b"") if isinstance(name, bytes) else b"?"
            if key in record and record[key] != value:
                raise TemporaryError("IMAP: a FETCH response gives one item twice, and differently")
            record[key] = value
        yield record


def by_uid(parsed: Sequence[Any], asked: frozenset[int], needed: bytes) -> dict[int, dict[bytes, Any]]:
    """The responses that hold ``needed``, by UID.

    Unsolicited responses (a flag that a person set meanwhile) are skipped. A body for a UID that was not asked for,
    without a UID, or twice with different bytes, is a ``TemporaryError``: nothing in such an answer can be trusted.
    """
    found: dict[int, dict[bytes, Any]] = {}
    for record in records(parsed):
        if needed not in record:
            continue
        uid = record.get(b"UID")
        if not isinstance(uid, int) or uid not in asked:
            raise TemporaryError("IMAP: the server answers with a mail that was not asked for")
        if uid in found and found[uid][needed] != record[needed]:
            raise TemporaryError("IMAP: the server gives one mail twice, and differently")
        found[uid] = record
    return found


def fetched_mail(uid: int, record: Mapping[bytes, Any], size: int | None) -> FetchedMail | str:
    """The mail of a response, or why it is not whole. ``size`` is the RFC822.SIZE reported before, None = unknown.

    imapclient turns a body of digits into an int: leading zeros are lost, which the size check notices.
    """
    raw = record[BODY]
    if isinstance(raw, int):
        raw = str(raw).encode()
    if not isinstance(raw, bytes):
        return "came without a body"
    if size is not None and len(raw) != size:
        return f"came with {len(raw)} bytes of {size}"
    received = internal_date(record.get(DATE))
    if received is None:
        return "came without a readable INTERNALDATE"
    return FetchedMail(uid, raw, received, flags_of(record.get(b"FLAGS")))


def id_field(value: object) -> str:
    """The value of the first field in a header that holds Message-ID fields only, unfolded."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
    unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    return unfolded.partition("\n")[0].partition(":")[2].strip()


def internal_date(value: object) -> datetime | None:
    """INTERNALDATE (RFC 9051 §2.3.3) in UTC, None when the value is not a valid one."""
    if not isinstance(value, bytes):
        return None
    try:
        found = parse_to_datetime(value, normalise=False)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError):
        return None


def flags_of(value: object) -> tuple[str, ...]:
    """The flags as text; empty for anything that is not a list of words."""
    if not isinstance(value, tuple):
        return ()
    return tuple(flag.decode("ascii", "replace") for flag in value if isinstance(flag, bytes))


def batches(uids: Sequence[int], sizes: Mapping[int, int | None], most: int) -> Iterator[list[int]]:
    """The UIDs in order, cut into batches of at most ``most`` mails and about ``BATCH_BYTES``."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        size = sizes[uid] or 0
        if batch and (len(batch) >= most or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch
