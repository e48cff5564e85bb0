"""A scanner that speaks clamd's INSTREAM, and fails as it is told to."""

import socketserver
import struct
import threading
from typing import Any, Self

from tests.servers.process import HOST


class FakeClamd:
    """Finds ``bad`` bytes; ``mode``: ok, silent (no answer), cut (closes the line), error, garbage."""

    def __init__(self, bad: bytes = b"MA-DOC", mode: str = "ok") -> None:
        self.bad = bad
        self.mode = mode
        self.seen: list[bytes] = []
        self._released = threading.Event()
        fake = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                fake._answer(self.request)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _answer(self, wire: Any) -> None:
        if self.mode == "cut":
            return
        read = wire.makefile("rb")
        assert read.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", read.read(4))[0]:
            data += read.read(size)
        self.seen.append(data)
        if self.mode == "silent":
            self._released.wait(5)
            return
        verdict = b"Test.Signature FOUND" if self.bad in data else b"OK"
        said = {"error": b"INSTREAM size limit exceeded. ERROR", "garbage": b"\xff\xfe"}.get(self.mode, verdict)
        wire.sendall(b"stream: " + said + b"\0")
        read.close()
