"""The one process that reads PDF, DOCX and TNEF files: started when the first comes, kept warm, replaced in time.

It is replaced after :data:`MOST_FILES` files or :data:`MOST_BYTES` bytes, so that what one file leaves behind in a
library's memory does not stay, and whenever a job fails in it: for its CPU time, its memory, or the clock on the
wall. CPU time is what a file may use (a busy machine takes nothing from it); the clock only ends what hangs.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from daemon.parsing import file_reader

MEGABYTES = 400
MOST_FILES = 200
MOST_BYTES = 100_000_000
WALL_SECONDS, WALL_SECONDS_A_CPU_SECOND = 5, 15
"""How long a job may take, with the start of the process, on a machine that has other things to do."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reading:
    """The objects that were said of a file, and the seconds of CPU it took."""

    said: list[dict[str, Any]]
    cpu: float


class FileWorker:
    """At most one reading process, and the jobs it is given one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._left_to_parent: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._files = self._bytes = 0
        self._turn = threading.Lock()

    def read(self, kind: str, data: bytes, seconds: float, pages: int, chars: int) -> Reading:
        """What is said of a file, as ``file_reader`` describes it; of one not read to its end, what was said before.

        ``seconds`` are of CPU. Raises OSError where no process can be started.
        """
        job = {"kind": kind, "size": len(data), "seconds": seconds, "pages": pages, "chars": chars}
        with self._turn:
            try:
                said = _Talk(self._running(), json.dumps(job).encode() + b"\n" + data, seconds).answers()
            except BaseException:  # the service is told to stop: what the process is at is nobody's any more
                self._end()
                raise
            self._files += 1
            self._bytes += len(data)
            cpu = float(said.pop()["cpu"]) if said and "done" in said[-1] else None
            if cpu is None or self._files >= MOST_FILES or self._bytes >= MOST_BYTES:
                self._end()
        return Reading(said, seconds if cpu is None else cpu)

    @property
    def pid(self) -> int | None:
        """The number of the process that waits for the next file; None where none is kept."""
        return self._process.pid if self._process is not None and self._owner == os.getpid() else None

    def close(self) -> None:
        """End the process; the next file starts another."""
        with self._turn:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a fork of the process that owns it: its pipes are not ours to use
            self._left_to_parent, self._process, self._owner = self._process, None, os.getpid()
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._files = self._bytes = 0
            self._process = subprocess.Popen(  # noqa: S603 - our own program; its argument is a number
                [sys.executable, "-I", file_reader.__file__, str(MEGABYTES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"LANG": "C.UTF-8"},
                bufsize=0,
            )
        return self._process

    def _end(self) -> None:
        process = self._process
        if process is None or self._owner != os.getpid():
            return
        self._process = None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        process.wait()


class _Talk:
    """One job given and its answers heard, both at once: neither pipe holds a whole file."""

    def __init__(self, process: subprocess.Popen[bytes], job: bytes, seconds: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.send, self.hear = process.stdin.fileno(), process.stdout.fileno()
        self.left = memoryview(job)
        self.heard = bytearray()
        self.until = time.monotonic() + WALL_SECONDS + seconds * WALL_SECONDS_A_CPU_SECOND

    def answers(self) -> list[dict[str, Any]]:
        """The objects that were said in whole lines, up to the last that could be heard."""
        os.set_blocking(self.send, False)
        with selectors.DefaultSelector() as ready:
            ready.register(self.send, selectors.EVENT_WRITE)
            ready.register(self.hear, selectors.EVENT_READ)
            while (seconds := self.until - time.monotonic()) > 0:
                going_on = [self._step(ready, key.fd) for key, _ in ready.select(seconds)]
                if not all(going_on):
                    break
        lines = bytes(self.heard).split(b"\n")[:-1]
        return [json.loads(line) for line in lines]

    def _step(self, ready: selectors.BaseSelector, pipe: int) -> bool:
        """Send or hear a piece; False when all was heard, or the other side is gone."""
        if pipe == self.hear:
            piece = os.read(self.hear, _CHUNK)
            self.heard += piece
            last = self.heard[self.heard.rfind(b"\n", 0, -1) + 1 :] if self.heard.endswith(b"\n") else b""
            return bool(piece) and not last.startswith(b'{"done"')
        try:
            self.left = self.left[os.write(self.send, self.left[:_CHUNK]) :]
        except BrokenPipeError:
            ready.unregister(self.send)
            return True
        if not self.left:
            ready.unregister(self.send)
        return True


WORKER = FileWorker()
atexit.register(WORKER.close)
