"""Named places at which a test may crash the process. Off unless ``DOITHOAI_FAILPOINT`` names one.

``DOITHOAI_FAILPOINT=NAME`` or ``NAME:3`` (the third time it is reached) ends the process as ``kill -9`` would:
no clean-up runs, no buffer is flushed. In production the variable is not set, and a call costs one comparison.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "DOITHOAI_FAILPOINT"

NAMES = (
    "fetch.opened",
    "fetch.listed",
    "fetch.before_store",
    "fetch.stored",
    "decide.claimed",
    "decide.decided",
    "decide.applied",
    "decide.committed",
    "apply.registered",
    "apply.forwarded",
    "apply.composed",
    "apply.queued",
    "apply.finished",
    "due.claimed",
    "due.applied",
    "due.committed",
    "send.claimed",
    "send.marked",
    "send.accepted",
    "send.noted",
    "send.returned",
    "move.listed",
    "move.before",
    "move.moved",
    "move.noted",
)
"""Every point, in the order of a mail's life."""


def _wanted(environ: str) -> tuple[str, int]:
    name, _, count = environ.partition(":")
    return name, int(count) if count.isdecimal() else 1


_name, _left = _wanted(os.environ.get(VARIABLE, ""))


def arm(wish: str) -> None:
    """Wish for a crash in this process; "" takes the wish back."""
    global _name, _left
    _name, _left = _wanted(wish)


def reached(name: str) -> None:
    """Die here when a test asked for it."""
    global _left  # noqa: PLW0603 - one process, one wish
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
