"""Answers to commands that went out together, however the line cuts them (RFC 2920)."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from aiosmtplib import SMTPException, SMTPResponse
from aiosmtplib.protocol import SMTPProtocol
from hypothesis import given
from hypothesis import strategies as st

from daemon.smtp.pipelining import Answers

COMMANDS = (("MAIL", "FROM:<a@vidu.test>"), ("RCPT", "TO:<b@vidu.test>"), ("DATA",))
ANSWER = st.tuples(st.sampled_from(["250", "251", "354", "421", "550"]), st.lists(st.sampled_from("ab "), max_size=3))


class Line(asyncio.Transport):
    """A line on which the server's bytes come in given pieces once something was written."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__()
        self.written = b""
        self.protocol: asyncio.BaseProtocol | None = None
        self._pieces = pieces

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data
        for piece in self._pieces:
            asyncio.get_running_loop().call_soon(self._come, piece)

    def _come(self, piece: bytes) -> None:
        assert isinstance(self.protocol, asyncio.Protocol)
        if piece:
            self.protocol.data_received(piece)
        else:
            self.protocol.connection_lost(None)


async def _asked(pieces: list[bytes], found: list[SMTPResponse]) -> Line:
    line = Line(pieces)
    protocol = SMTPProtocol()
    line.set_protocol(protocol)
    protocol.connection_made(line)
    await Answers(protocol, found, lambda: None).to(COMMANDS)
    assert line.protocol is protocol
    return line


def _cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % len(data) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


def _written(code: str, lines: list[str]) -> str:
    return "".join(f"{code}-{line}\r\n" for line in lines) + f"{code} end\r\n"


@given(st.lists(ANSWER, min_size=3, max_size=3), st.lists(st.integers(0, 200), max_size=6))
def test_each_command_has_its_answer(answers: list[tuple[str, list[str]]], places: list[int]) -> None:
    found: list[SMTPResponse] = []
    data = "".join(_written(*one) for one in answers).encode()
    line = asyncio.run(_asked(_cut(data, places), found))
    assert found == [(int(code), "\n".join([*(one.strip() for one in lines), "end"])) for code, lines in answers]
    assert line.written == b"MAIL FROM:<a@vidu.test>\r\nRCPT TO:<b@vidu.test>\r\nDATA\r\n"


@pytest.mark.parametrize(
    ("pieces", "count"),
    [
        ([b"250 ok\r\n", b""], 1),
        ([b"250 ok\r\n250-so\r\n", b""], 1),
        ([b"what?\r\n"], 0),
        ([b"250 ok\r\n\r\n"], 1),
        ([b"250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n"], 3),
        ([b"250-" + b"x" * 10_000 + b"\r\n"] * 12, 0),
        ([b"x" * 40_000] * 3, 0),
    ],
)
def test_what_is_no_answer_ends_it(pieces: list[bytes], count: int) -> None:
    found: list[SMTPResponse] = []
    with pytest.raises(SMTPException):
        asyncio.run(_asked(pieces, found))
    assert len(found) == count


@pytest.mark.parametrize("word", ["FROM:<a@vidu.test>\r\nRCPT TO:<c@vidu.test>", "FROM:<á@vidu.test>", "a\0b"])
def test_no_command_writes_another(word: str) -> None:
    async def asked() -> None:
        await Answers(SMTPProtocol(), [], lambda: None).to([("MAIL", word)])

    with pytest.raises(ValueError, match=r"control|ascii"):
        asyncio.run(asked())
