"""Several daemons, each a process of its own, on one PostgreSQL and one mailbox; any of them may be killed."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.forking import Forking


@dataclass(slots=True)
class Cluster:
    """``size`` daemons; ``kill_one`` ends one at random as ``kill -9`` does and starts another in its place."""

    config: Path
    size: int
    seed: int = 1
    killed: int = 0
    ended: int = 0
    """Daemons that were found to have ended by themselves."""
    _forking: Forking = field(init=False)
    _daemons: list[int] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._forking = Forking(self.config.with_name("daemons.log"))

    def __enter__(self) -> Self:
        self._forking.__enter__()
        self._daemons = [self._forking.start(self.config) for _ in range(self.size)]
        return self

    def kill_one(self) -> None:
        """One dies, another takes its place."""
        number = self._random.randrange(self.size)
        try:
            os.kill(self._daemons[number], signal.SIGKILL)
        except ProcessLookupError:
            self.ended += 1
        self._daemons[number] = self._forking.start(self.config)
        self.killed += 1

    @contextlib.contextmanager
    def paused(self, daemon: int) -> Iterator[None]:
        """This process stands still, as a machine does that is moved or swaps. It wakes afterwards."""
        os.kill(daemon, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(daemon, signal.SIGCONT)

    def complaints(self) -> str:
        """The last lines of the daemons' log that tell of trouble."""
        lines = self.config.with_name("daemons.log").read_text("utf-8", "replace").splitlines()
        return "\n".join([line for line in lines if " info " not in line][-20:])

    def run_until(
        self, done: Callable[[], bool], seconds: float, kill_every: float = 0, work: Callable[[], int] = lambda: 0
    ) -> bool:
        """Kill on and on until it is done; False when it never was.

        ``work``: what has been done so far. After a kill something is done before the next one, or on a busy machine
        daemons would be killed before they have started, and never be done.
        """
        end, next_kill, before = time.monotonic() + seconds, time.monotonic() + kill_every, work()
        while time.monotonic() < end:
            if done():
                return True
            if kill_every and time.monotonic() >= next_kill and work() > before:
                self.kill_one()
                next_kill, before = time.monotonic() + kill_every, work()
            time.sleep(0.2)
        return done()

    def __exit__(self, *_: object) -> None:
        for daemon in self._daemons:
            with contextlib.suppress(ProcessLookupError):
                os.kill(daemon, signal.SIGTERM)
        end = time.monotonic() + 12
        while self._daemons and time.monotonic() < end:
            self._daemons = [one for one in self._daemons if Path(f"/proc/{one}").exists()]
            time.sleep(0.05)
        for daemon in self._daemons:
            with contextlib.suppress(ProcessLookupError):
                os.kill(daemon, signal.SIGKILL)
        self._forking.__exit__()
