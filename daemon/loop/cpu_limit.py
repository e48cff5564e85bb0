"""Limits the CPU seconds that one mail may cost, as the kernel counts them, and feeds the watchdog meanwhile.

No list of slow inputs is complete, and a parser caught in one must not stop the office. The kernel's timer of the
process (``ITIMER_PROF``) ticks once a second of CPU time, so that neither a busy machine nor a wait for another
process counts; each tick feeds the watchdog, and the last one interrupts the work.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class MailTooCostlyError(BaseException):
    """Raised in the middle of a mail's reading; a BaseException, so that no ``except Exception`` swallows it."""


@contextmanager
def costs_at_most(seconds: int, alive: Callable[[], None]) -> Iterator[None]:
    """Raises :class:`MailTooCostlyError` in the body of the ``with`` after this many CPU seconds of this process.

    The body must have no effect outside the process, because it can be interrupted anywhere. Python runs signal
    handlers in the main thread only: in any other thread nothing is limited.
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
