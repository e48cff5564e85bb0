"""An SMTP server that fails where it is told to, and remembers every byte that it was given.

Blocking sockets, one thread a connection: a reset, a silence or a wrong answer happens exactly where it is written.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

Fault = Literal["reset", "close", "silence"] | str
"""What to do at a phase: drop the line, say nothing, or answer with this text."""

Phase = Literal["greeting", "ehlo", "starttls", "auth", "rset", "mail", "second", "rcpt", "data", "body", "dot"]


class _Over(Exception):  # noqa: N818 - not an error
    """The connection ends here."""


@dataclass
class Seen:
    """What the server was given. ``plain`` holds every byte that came without TLS."""

    commands: list[str] = field(default_factory=list)
    mails: list[tuple[str, str, bytes]] = field(default_factory=list)
    plain: bytearray = field(default_factory=bytearray)
    connections: int = 0


@dataclass
class FaultySmtp:
    """A server on a free loopback port. "second" is MAIL after a mail on the same connection.

    ``faults`` by phase; ``refused`` recipients get 550; ``times`` faults in all.

    ``tls``: "none", "implicit", or "starttls"; ``offer`` False hides STARTTLS from EHLO.
    """

    faults: Mapping[Phase, Fault] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    tls: Literal["none", "implicit", "starttls"] = "none"
    context: ssl.SSLContext | None = None
    offer: bool = True
    logins: str = "PLAIN LOGIN XOAUTH2"
    times: int = 1_000_000
    seen: Seen = field(default_factory=Seen)

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        # A connection of our own wakes accept(), which closing the socket does not everywhere.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            if self._ended.is_set():
                peer.close()
                return
            self.seen.connections += 1
            self._start(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        session = _Session(self, peer)
        try:
            session.run()
        except (_Over, OSError, ssl.SSLError, ValueError):
            pass
        finally:
            session.close()

    def fault(self, phase: Phase) -> Fault | None:
        """The fault of a phase, as long as there are any left."""
        with self._lock:
            if phase not in self.faults or self.times <= 0:
                return None
            self.times -= 1
            return self.faults[phase]


class _Session:
    def __init__(self, server: FaultySmtp, peer: socket.socket) -> None:
        self.server = server
        self.peer = peer
        self.secure = False
        self.taken = 0
        self.wanted = False
        self.buffer = b""
        peer.settimeout(20)

    def run(self) -> None:
        if self.server.tls == "implicit":
            self.start_tls()
        self.answer("greeting", "220 faulty.test ESMTP")
        while True:
            line = self.line()
            self.server.seen.commands.append(line)
            self.command(line)

    def command(self, line: str) -> None:
        word = line[:4].upper()
        if word in ("EHLO", "HELO"):
            self.answer("ehlo", self.capabilities() if word == "EHLO" else "250 faulty.test")
        elif word == "STAR":
            if self.answer("starttls", "220 go on") or self.server.faults["starttls"].startswith("220"):
                self.start_tls()
        elif word == "AUTH":
            self.answer("auth", "235 ok")
        elif word == "RSET":
            self.answer("rset", "250 ok")
        elif word == "MAIL":
            self.sender = self.path(line)
            self.wanted = self.answer("second" if self.taken else "mail", "250 ok")
        elif word == "RCPT":
            self.recipient = self.path(line)
            refused = self.recipient in self.server.refused
            self.wanted &= self.answer("rcpt", "550 5.1.1 nobody" if refused else "250 ok") and not refused
        elif word == "DATA":
            if self.answer("data", "354 go on"):
                self.data()
        elif word == "QUIT":
            self.say("221 bye")
            raise _Over
        else:
            self.say("500 what?")

    def path(self, line: str) -> str:
        found = re.search(r"<([^>]*)>", line)
        return found.group(1) if found else ""

    def capabilities(self) -> str:
        lines = ["faulty.test", "SIZE 50000000", f"AUTH {self.server.logins}"]
        if self.server.tls == "starttls" and self.server.offer and not self.secure:
            lines.append("STARTTLS")
        return "\r\n".join([f"250-{line}" for line in lines] + ["250 8BITMIME"])

    def data(self) -> None:
        fault = self.server.fault("body")
        if fault is not None:
            self.peer.recv(1024)
            self.act(fault)
            return
        while b"\r\n.\r\n" not in self.buffer:
            self.more()
        body, _, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        body = body.removeprefix(b".") if body.startswith(b"..") else body
        self.taken += 1
        fault = self.server.fault("dot")
        if fault is None or fault.startswith("2"):
            self.server.seen.mails.append((self.sender, self.recipient, body.replace(b"\r\n..", b"\r\n.") + b"\r\n"))
        self.act(fault or "250 ok")

    def answer(self, phase: Phase, usual: str) -> bool:
        """Answer as usual or with the fault; True when it was the usual."""
        fault = self.server.fault(phase)
        self.act(fault or usual)
        return fault is None

    def act(self, what: Fault) -> None:
        if what == "reset":
            self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        if what == "close":
            raise _Over
        if what == "silence":
            self.server._ended.wait(20)
            raise _Over
        self.say(what)
        if what.startswith("421"):
            raise _Over

    def say(self, text: str) -> None:
        self.peer.sendall(text.encode() + b"\r\n")

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def more(self) -> None:
        data = self.peer.recv(65_536)
        if not data:
            raise _Over
        if not self.secure:
            self.server.seen.plain += data
        self.buffer += data

    def start_tls(self) -> None:
        assert self.server.context is not None
        self.peer = self.server.context.wrap_socket(self.peer, server_side=True)
        self.secure = True
        self.buffer = b""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.peer.close()
