"""The cost of a piece of work to this process: wall time, CPU time, peak memory."""

from __future__ import annotations

import resource
import time
from types import TracebackType
from typing import Self


def cpu_seconds() -> float:
    """User and system time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mb() -> float:
    """The most memory this process ever held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Meter:
    """Measures the block of a ``with``."""

    wall = cpu = 0.0

    def __enter__(self) -> Self:
        self._cpu, self._wall = cpu_seconds(), time.perf_counter()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.wall, self.cpu = time.perf_counter() - self._wall, cpu_seconds() - self._cpu

    def figures(self, mails: int) -> dict[str, float]:
        """Milliseconds per mail, and peak MB."""
        return {
            "mails": mails,
            "wall_ms": 1000 * self.wall / max(mails, 1),
            "cpu_ms": 1000 * self.cpu / max(mails, 1),
            "peak_mb": peak_mb(),
        }
