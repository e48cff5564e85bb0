"""A mail filter in the place of OpenDMARC: it removes results that bear our name and writes its own verdict.

Speaks as much of the Sendmail milter protocol as Postfix needs (version 6, libmilter's mfdef.h).
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any, Self

from tests.servers.process import HOST

_ADD_HEADERS, _CHANGE_HEADERS = 0x01, 0x10
_NOT_WANTED = 0x01 | 0x02 | 0x08 | 0x10 | 0x40 | 0x200  # connect, HELO, RCPT, body, end of headers, DATA
_CONTINUE = b"c"
RESULTS = "authentication-results"


class AuthenticationMilter:
    """Says dmarc=pass where envelope and From have one domain; ``strips`` says whether forged results are removed.

    ``index`` 0 writes above the server's own Received; 1 directly below it, as OpenDKIM before 3 and OpenDMARC do.
    """

    def __init__(self, authserv_id: str, *, strips: bool = True, index: int = 0) -> None:
        self.authserv_id = authserv_id
        self.strips = strips
        self.index = index
        milter = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                for answer in milter._conversation(self.request):
                    self.request.sendall(struct.pack(">I", len(answer)) + answer)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """What Postfix's ``smtpd_milters`` wants."""
        return f"inet:{HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _conversation(self, wire: Any) -> Iterator[bytes]:
        envelope = ""
        headers: list[tuple[str, str]] = []
        while packet := _read_packet(wire):
            command, data = packet[:1], packet[1:]
            if command == b"O":
                yield b"O" + struct.pack(">III", 6, _ADD_HEADERS | _CHANGE_HEADERS, _NOT_WANTED)
            elif command == b"M":
                envelope, headers = data.split(b"\0")[0].decode().strip("<>"), []
                yield _CONTINUE
            elif command == b"L":
                name, value, _ = data.split(b"\0", 2)
                headers.append((name.decode("latin-1"), value.decode("latin-1")))
                yield _CONTINUE
            elif command == b"E":
                yield from self._changes(envelope, headers)
                yield _CONTINUE
            elif command in b"CHRTNBU":
                yield _CONTINUE
            elif command == b"Q":
                return

    def _changes(self, envelope: str, headers: list[tuple[str, str]]) -> Iterator[bytes]:
        results = [value for name, value in headers if name.lower() == RESULTS]
        for number in reversed(range(len(results))):
            if self.strips and self.authserv_id in results[number]:
                yield b"m" + struct.pack(">I", number + 1) + b"Authentication-Results\0\0"
        author = next((value for name, value in headers if name.lower() == "from"), "")
        domain = parseaddr(author)[1].rpartition("@")[2]
        verdict = "pass" if domain and domain == envelope.rpartition("@")[2] else "fail"
        value = f"{self.authserv_id}; dmarc={verdict} header.from={domain or 'none.invalid'}"
        yield b"i" + struct.pack(">I", self.index) + b"Authentication-Results\0" + value.encode() + b"\0"


def _read_packet(wire: Any) -> bytes:
    head = _read(wire, 4)
    return _read(wire, struct.unpack(">I", head)[0]) if head else b""


def _read(wire: Any, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = wire.recv(size - len(data))
        if not piece:
            return b""
        data += piece
    return data
