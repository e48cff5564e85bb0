"""What one mail may cost: seconds of CPU, counted by the kernel, while the watchdog hears that work goes on.

No list of slow shapes is complete, and a reader that is caught in one must not stop the office. The kernel's timer
of the process (``ITIMER_PROF``) ticks once a second of CPU time, so that neither a busy machine nor a wait for
another process counts; each tick feeds the watchdog, and the last one ends what is being done.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class MailTooCostlyError(BaseException):
    """Raised in the middle of a mail's reading; no reader that goes on after any exception may swallow it."""


@contextmanager
def costs_at_most(seconds: int, alive: Callable[[], None]) -> Iterator[None]:
    """Raises :class:`MailTooCostlyError` in what is done under it after so many seconds of this process's CPU time.

    Nothing in it may leave the process, for it can end anywhere. Only the main thread hears signals:
    in another nothing is limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    used = 0

    def tick(_number: int, _frame: FrameType | None) -> None:
        nonlocal used
        used += 1
        alive()
        if used >= seconds:
            raise MailTooCostlyError

    before = signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, 1.0, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
