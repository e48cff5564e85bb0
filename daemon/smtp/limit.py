"""The time limit of a connection: moved on with every command, on one timer.

A timer that is set for each command and taken back at its answer, as ``asyncio.wait_for`` does, costs as much as the
command itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Limit:
    """Calls ``late``, once, when a wait is longer than was allowed last; ``over`` says so ever after."""

    def __init__(self, late: Callable[[], None]) -> None:
        self._late = late
        self._until: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.over = False

    def wait(self, seconds: float) -> None:
        """From now on something is waited for, so long; whatever was waited for before has come."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + seconds
        if self._timer is None or self._until < self._timer.when():
            self._look_at(loop, self._until)

    def rest(self) -> None:
        """Nothing is waited for; the timer may run out."""
        self._until = None

    def stop(self) -> None:
        """Nothing will be waited for any more."""
        self._until = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_at(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._until is None:
            return
        if loop.time() < self._until:
            self._look_at(loop, self._until)
        else:
            self._until, self.over = None, True
            self._late()
