"""A small IMAP server that is correct but for what a test scripts: it lies, breaks off, or falls silent."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

Answer = Callable[["Talk", bytes, bytes], None]
"""Called with the conversation, the tag and the rest of the command; sends what it likes."""

CAPABILITY = b"IMAP4rev1 UIDPLUS MOVE IDLE NAMESPACE AUTH=PLAIN"
DATE = b'"20-Nov-2026 03:04:05 +0000"'


class GoneError(Exception):
    """The script ends the conversation."""


@dataclass
class Mailbox:
    """What the server has: mails by UID."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 7


class Talk:
    """One conversation with a client; a script writes to it what it wants."""

    def __init__(self, server: FaultyImap, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.file = sock.makefile("rb")

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.sock.sendall(data)

    def line(self) -> bytes:
        """The client's next line without its end; ``GoneError`` when the client has left."""
        line = self.file.readline()
        self.server.received.append(line)
        if not line:
            raise GoneError
        return line.rstrip(b"\r\n")

    def ok(self, tag: bytes, text: bytes = b"done") -> None:
        """The tagged OK."""
        self.send(tag + b" OK " + text + b"\r\n")

    def silence(self) -> None:
        """Say nothing more, keep the line open until the server is stopped."""
        self.server.stopping.wait(30)
        raise GoneError

    def hang_up(self) -> None:
        raise GoneError

    def drip(self, data: bytes, pause: float) -> None:
        """Write byte after byte, each within any time-out of a socket."""
        for number in range(len(data)):
            if self.server.stopping.wait(pause):
                raise GoneError
            self.send(data[number : number + 1])

    def flood(self, data: bytes, seconds: float = 30.0) -> None:
        """Write the same again and again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.is_set():
            self.send(data)
        raise GoneError

    def start_tls(self) -> None:
        """From here on the line is encrypted."""
        if self.server.context is None:
            raise GoneError
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")


class FaultyImap:
    """Serves ``mailbox`` correctly; ``script`` maps a command's name (UID FETCH is "FETCH") to another answer.

    ``greeting`` and ``capability`` can lie too. With ``context`` STARTTLS works, with ``implicit`` TLS starts at
    once. ``received`` holds every line a client ever sent.
    """

    def __init__(
        self,
        script: Mapping[str, Answer] | None = None,
        *,
        mails: Mapping[int, bytes] | None = None,
        greeting: bytes = b"* OK ready\r\n",
        capability: bytes = CAPABILITY,
        context: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self.script = dict(script or {})
        self.mailbox = Mailbox(dict(mails or {}))
        self.greeting = greeting
        self.capability = capability
        self.context = context
        self.implicit = implicit
        self.received: list[bytes] = []
        self.folders = ["INBOX"]
        self.stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    # -- life -----------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        accepting = threading.Thread(target=self._accept, daemon=True)
        self._threads.append(accepting)
        accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            thread = threading.Thread(target=self._converse, args=[sock], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _converse(self, sock: socket.socket) -> None:
        talk = Talk(self, sock)
        try:
            if self.implicit:
                talk.start_tls()
            talk.send(self.greeting)
            while True:
                self._command(talk, talk.line())
        except (GoneError, OSError, ValueError):
            pass
        finally:
            talk.file.close()
            talk.sock.close()

    def _command(self, talk: Talk, line: bytes) -> None:
        tag, _, rest = line.partition(b" ")
        name, _, arguments = rest.partition(b" ")
        if name.upper() == b"UID":
            name, _, arguments = arguments.partition(b" ")
        word = name.upper().decode("ascii", "replace")
        answer = self.script.get(word) or getattr(self, f"do_{word.lower()}", None)
        if answer is None:
            talk.send(tag + b" BAD unknown\r\n")
            return
        answer(talk, tag, arguments)

    # -- the correct answers --------------------------------------------------------------------

    def do_capability(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"* CAPABILITY " + self.capability + b"\r\n")
        talk.ok(tag)

    def do_starttls(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.ok(tag)
        talk.start_tls()

    def do_login(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.ok(tag)

    def do_authenticate(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"+ \r\n")
        talk.line()
        talk.ok(tag)

    def do_namespace(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b'* NAMESPACE (("" "/")) NIL NIL\r\n')
        talk.ok(tag)

    def do_list(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        for folder in self.folders:
            talk.send(b'* LIST () "/" "' + folder.encode() + b'"\r\n')
        talk.ok(tag)

    def do_create(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        self.folders.append(arguments.strip(b'"').decode())
        talk.ok(tag)

    def do_subscribe(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.ok(tag)

    def do_select(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"* FLAGS (\\Seen \\Deleted)\r\n* %d EXISTS\r\n* 0 RECENT\r\n" % len(self.mailbox.mails))
        talk.send(b"* OK [UIDVALIDITY %d] valid\r\n" % self.mailbox.uidvalidity)
        talk.ok(tag, b"[READ-WRITE] selected")

    def do_search(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        uids = sorted(self.mailbox.mails)
        asked = re.search(rb"UID ([\d,:]+)", arguments)
        if asked:
            wanted = uid_set(asked[1])
            uids = [uid for uid in uids if uid in wanted]
        talk.send(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n")
        talk.ok(tag)

    def do_fetch(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        asked, _, items = arguments.partition(b" ")
        for number, uid in enumerate(sorted(self.mailbox.mails), 1):
            if uid in uid_set(asked):
                talk.send(record(number, uid, self.mailbox.mails[uid], b"BODY" in items))
        talk.ok(tag)

    def do_move(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        for uid in uid_set(arguments.partition(b" ")[0]):
            self.mailbox.mails.pop(uid, None)
        talk.ok(tag)

    def do_idle(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        talk.line()
        talk.ok(tag)

    def do_noop(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.ok(tag)

    def do_logout(self, talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"* BYE bye\r\n")
        talk.ok(tag)
        raise GoneError


def record(number: int, uid: int, raw: bytes, with_body: bool, size: int | None = None) -> bytes:
    """A correct FETCH response, but for a size that a test may give."""
    if not with_body:
        return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, uid, len(raw) if size is None else size)
    head = b"* %d FETCH (UID %d INTERNALDATE %s FLAGS (\\Seen) BODY[] {%d}\r\n" % (number, uid, DATE, len(raw))
    return head + raw + b")\r\n"


def uid_set(text: bytes) -> list[int]:
    """The UIDs of a sequence set without ``*``."""
    found: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        found += range(int(first), int(last or first) + 1)
    return found
