"""A line between the program and a real IMAP server, on which one command may go wrong.

What is passed on is the server's own words; a fault hits the commands that its pattern names, as long as it is set.
A command comes in one segment: the client does not pipeline, and the way is loopback.
"""

import contextlib
import re
import select
import socket
import threading
from collections.abc import Callable
from typing import Self

from tests.servers.process import HOST

LONGEST_ANSWER = 5.0
"""Seconds that the server may take for the whole of an answer that a fault spoils."""
QUIET = 0.5
"""Seconds without a word after which an answer without a tagged line counts as whole (IDLE, or a continuation)."""
DRIP = 0.1
"""Seconds from byte to byte: each in time for a socket, all together too late for a command."""

Fault = Callable[["Line", bytes], None]


class BrokenOffError(Exception):
    """A fault ends the connection."""


class Line:
    """One connection: the client's side and the server's."""

    def __init__(self, client: socket.socket, server: socket.socket, stopping: threading.Event) -> None:
        self.client, self.server, self.stopping = client, server, stopping

    def say(self, data: bytes) -> None:
        self.client.sendall(data)

    def answered(self, command: bytes) -> bytes:
        """Let the server carry out the command; its whole answer, of which the client has nothing yet."""
        self.server.sendall(command)
        end = re.compile(rb"^(?:%s |\+)[^\n]*\n\Z" % re.escape(command.split()[0]), re.MULTILINE)
        data = b""
        while not end.search(data) and select.select([self.server], [], [], LONGEST_ANSWER if not data else QUIET)[0]:
            more = self.server.recv(65536)
            if not more:
                break
            data += more
        return data

    def pause(self, seconds: float) -> None:
        """Wait; the test's end breaks off."""
        if self.stopping.wait(seconds):
            raise BrokenOffError


def refused(word: bytes) -> Fault:
    """The server does nothing and says NO or BAD."""
    return lambda line, command: line.say(command.split()[0] + b" " + word + b" not now\r\n")


def bye(line: Line, command: bytes) -> None:
    """The server goes down instead."""
    line.say(b"* BYE going down\r\n")
    raise BrokenOffError


def unheard(line: Line, command: bytes) -> None:
    """The connection is cut before the command reaches the server."""
    raise BrokenOffError


def untold(line: Line, command: bytes) -> None:
    """The server carries it out, and the connection is cut before it says so."""
    line.answered(command)
    raise BrokenOffError


def half_told(line: Line, command: bytes) -> None:
    """The connection is cut in the middle of the answer."""
    answer = line.answered(command)
    line.say(answer[: len(answer) // 2])
    raise BrokenOffError


def silent(line: Line, command: bytes) -> None:
    """The server carries it out, and nothing comes any more."""
    line.answered(command)
    line.pause(60)


def dripping(line: Line, command: bytes) -> None:
    """The answer comes byte after byte."""
    answer = line.answered(command)
    for at in range(len(answer)):
        line.say(answer[at : at + 1])
        line.pause(DRIP)


def another_tag(line: Line, command: bytes) -> None:
    """The answer is meant for a command that nobody gave."""
    tag = command.split()[0]
    line.say(re.sub(rb"(?m)^" + re.escape(tag) + rb" ", b"XYZ999 ", line.answered(command)))


def with_rubbish(line: Line, command: bytes) -> None:
    """Something that is no IMAP stands before the answer."""
    line.say(b"\x00\xff {\r\n" + line.answered(command))


KINDS: dict[str, Fault] = {
    "NO": refused(b"NO"),
    "BAD": refused(b"BAD"),
    "BYE": bye,
    "cut before": unheard,
    "cut after": untold,
    "cut in the middle": half_told,
    "silence": silent,
    "drips": dripping,
    "another tag": another_tag,
    "rubbish": with_rubbish,
}


class ImapBetween:
    """Listens on ``port`` and passes on to the server at ``behind``; ``spoil`` sets a fault, ``heal`` ends it.

    ``hits`` counts the commands that the fault has met.
    """

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.hits = 0
        self._pattern: re.Pattern[bytes] | None = None
        self._fault: Fault = unheard
        self._stopping = threading.Event()
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    def spoil(self, pattern: bytes, kind: str) -> None:
        """From now on each command that the pattern finds goes wrong in this way (``KINDS``)."""
        self.hits, self._fault, self._pattern = 0, KINDS[kind], re.compile(pattern)

    def heal(self) -> None:
        """From now on all goes well."""
        self._pattern = None

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            self._start(self._pass_on, client)

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection((HOST, self.behind)) as server:
            self._open.append(server)
            line = Line(client, server, self._stopping)
            with contextlib.suppress(BrokenOffError, OSError):
                while not self._stopping.is_set():
                    source = server if server in select.select([client, server], [], [])[0] else client
                    data = source.recv(65536)
                    if not data:
                        return
                    self._take(line, data, from_client=source is client)

    def _take(self, line: Line, data: bytes, *, from_client: bool) -> None:
        pattern = self._pattern
        if from_client and pattern is not None and pattern.search(data):
            self.hits += 1
            self._fault(line, data)
        else:
            (line.server if from_client else line.client).sendall(data)
