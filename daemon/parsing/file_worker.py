"""The one process that reads PDF, DOCX and TNEF files: started for the first file, kept running, replaced in time.

It is replaced after :data:`MOST_FILES` files or :data:`MOST_BYTES` bytes, so that leftovers in a library's memory do
not stay, and whenever a job in it exceeds its CPU time, its memory, or its wall-clock time. A file's allowance is
counted in CPU time (a busy machine takes nothing from it); the wall clock only ends what hangs.
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
"""Wall-clock limit of a job, including the start of the process, on a machine that has other things to do."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reading:
    """The objects that the process answered about a file, and the CPU seconds the file took."""

    said: list[dict[str, Any]]
    cpu: float


class FileWorker:
    """At most one reading process, which gets its jobs one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._left_to_parent: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._files = self._bytes = 0
        self._turn = threading.Lock()

    def read(self, kind: str, data: bytes, seconds: float, pages: int, chars: int) -> Reading:
        """The answers about a file, as ``file_reader`` describes them; for a file not read to its end, those so far.

        ``seconds`` are CPU seconds. Raises OSError where no process can be started.
        """
        job = {"kind": kind, "size": len(data), "seconds": seconds, "pages": pages, "chars": chars}
        with self._turn:
            try:
                said = _Talk(self._running(), json.dumps(job).encode() + b"\n" + data, seconds).answers()
            except BaseException:  # e.g. the service stops: the process is in the middle of an answer
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
        """The id of the process that waits for the next file; None where none is kept."""
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
    """Sends one job and reads its answers, both at once, because neither pipe holds a whole file."""

    def __init__(self, process: subprocess.Popen[bytes], job: bytes, seconds: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.send, self.hear = process.stdin.fileno(), process.stdout.fileno()
        self.left = memoryview(job)
        self.heard = bytearray()
        self.until = time.monotonic() + WALL_SECONDS + seconds * WALL_SECONDS_A_CPU_SECOND

    def answers(self) -> list[dict[str, Any]]:
        """The objects of the answer, one for each complete line received."""
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
        """Send or read a piece; False when everything was read, or the other side is gone."""
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
