"""What a test leaves behind in this process: children, threads, sockets, open databases.

A look costs some microseconds of reading ``/proc``; only a difference is looked at twice, after what is garbage has
been collected and what is about to end has ended. What fixtures of a module or of the session hold was there before
the test, except for the PostgreSQL server, which is started by whoever wants it first.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.conservation import OPEN

GRACE_SECONDS = 2.0
TASKS, OPEN_FILES = Path("/proc/self/task"), Path("/proc/self/fd")
SERVERS = ("postgres",)
"""Programs that outlive the test that wanted them first."""
POOLS = ("AnyIO worker thread",)
"""Threads that a library keeps for the next request, as long as a module's web server stays up."""


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds now; nothing where there is no ``/proc``."""

    children: frozenset[str]
    threads: frozenset[threading.Thread]
    sockets: frozenset[str]
    houses: tuple[object, ...]

    @classmethod
    def now(cls) -> Self:
        return cls(_children(), frozenset(threading.enumerate()), _sockets(), tuple(OPEN))

    def left(self, before: Held) -> list[str]:
        """What is here and was not before, named."""
        houses = sum(not any(house is one for one in before.houses) for house in self.houses)
        named = [(one, _program(one)) for one in self.children - before.children if one != _reader()]
        return [
            *(f"process {name}" for _, name in named if name and name not in SERVERS),
            *(
                f"thread {one.name}"
                for one in self.threads - before.threads
                if one.is_alive() and one.name not in POOLS
            ),
            *(f"{one}" for one in self.sockets - before.sockets),
            *(["open installation"] * houses),
        ]


def left_since(before: Held) -> list[str]:
    """What was left behind, and is still here after its time to go."""
    left = Held.now().left(before)
    end = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
        left = Held.now().left(before)
    return left


def _children() -> frozenset[str]:
    found: set[str] = set()
    for task in TASKS.iterdir() if TASKS.is_dir() else ():
        with contextlib.suppress(OSError):  # a thread that has ended meanwhile
            found.update((task / "children").read_text("ascii").split())
    return frozenset(found)


def _reader() -> str:
    """The number of the process that reads files: it is kept warm for the next one, whichever test that stands in."""
    module = sys.modules.get("daemon.parsing.attachment_text")
    return str(module.WORKER.pid) if module else ""


def _program(pid: str) -> str:
    """The name of a process that still runs; "" for one that has ended."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").partition("(")[2].rpartition(")")
    except OSError:
        return ""
    return "" if rest.split()[0] == "Z" else name


def _sockets() -> frozenset[str]:
    """The sockets that are open, as ``socket:[number]``."""
    found = set()
    for name in os.listdir(OPEN_FILES) if OPEN_FILES.is_dir() else ():  # noqa: PTH208 - twice for each test
        with contextlib.suppress(OSError):  # the folder itself, and what has been closed meanwhile
            found.add(os.readlink(f"{OPEN_FILES}/{name}"))  # noqa: PTH115
    return frozenset(name for name in found if name.startswith("socket:"))
