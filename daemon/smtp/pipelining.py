"""Commands that go out together, and the server's answers to them (RFC 2920): one round on the line instead of three.

aiosmtplib's protocol is made for one answer at a time: of two that come together it loses the second. So while
several are waited for, another protocol stands in its place and hands on whatever is not an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.protocol import MAX_RESPONSE_LENGTH, SMTPProtocol


def _line(words: Sequence[str]) -> bytes:
    """A command's line; ValueError for what no command may hold, as aiosmtplib raises it."""
    line = " ".join(words)
    if not line.isprintable():
        raise ValueError("a command holds a control character")
    return line.encode("ascii") + b"\r\n"


class Answers(asyncio.Protocol):
    """The answers to a group of commands. ``heard`` is called when some came: the next may take its time again."""

    def __init__(self, protocol: SMTPProtocol, found: list[SMTPResponse], heard: Callable[[], None]) -> None:
        self.found = found
        self._protocol = protocol
        self._heard = heard
        self._wanted = 0
        self._room = 0
        self._rest = b""
        self._said: list[bytes] = []
        self._all: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def to(self, commands: Sequence[Sequence[str]]) -> None:
        """Send these commands at once and wait until ``found`` has the answer to each.

        Raises what aiosmtplib raises for a lost line or what is no answer; ``found`` has those before it.
        """
        lines = b"".join([_line(words) for words in commands])
        transport = self._protocol.transport
        if not isinstance(transport, asyncio.Transport):
            raise SMTPServerDisconnected("Connection lost")
        self._wanted, self._room = len(commands), len(commands) * MAX_RESPONSE_LENGTH
        transport.set_protocol(self)
        try:
            self._protocol.write(lines)
            await self._all
        finally:
            if not transport.is_closing():  # else what is still to come is handed on
                transport.set_protocol(self._protocol)

    def data_received(self, data: bytes) -> None:
        """Lines of answers, whole or not."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._room -= len(data)
        before = len(self.found)
        if self._room < 0 or not all(map(self._take, lines)):
            self._end(SMTPResponseException(-1, "not an answer to the commands"))
        elif len(self.found) == self._wanted:
            self._end(None)
        if len(self.found) > before:
            self._heard()

    def _take(self, line: bytes) -> bool:
        """One line; False when it is no answer's, or one of more answers than were asked for."""
        if not line[:3].isdigit() or len(self.found) == self._wanted:
            return False
        self._said.append(line[4:].strip(b" \t\r"))
        if line[3:4] != b"-":
            said = b"\n".join(self._said).decode("utf-8", "surrogateescape")
            self.found.append(SMTPResponse(int(line[:3]), said))
            self._said.clear()
        return True

    def _end(self, error: Exception | None) -> None:
        if self._all.done():
            return
        if error is None:
            self._all.set_result(None)
        else:
            self._all.set_exception(error)

    def eof_received(self) -> bool | None:
        """The server has said all that it will say."""
        self._end(SMTPServerDisconnected("Unexpected EOF received"))
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        lost = SMTPServerDisconnected("Connection lost")
        lost.__cause__ = exc
        self._end(lost)
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Bytes wait for the server to take them."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """It has taken them."""
        self._protocol.resume_writing()
