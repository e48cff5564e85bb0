"""Named places at which a test may crash the process, as ``kill -9`` would: no clean-up runs, no buffer is flushed.

In production nothing calls :func:`arm`, and reaching a place costs one comparison. The tests add further places from
outside: at statements, transactions and the daemon's steps.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

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
"""Every crash point on a question's way, in the order of a mail's life; a session's proposal has one of its own."""

_name, _left = "", 0
_record: Path | None = None


def arm(wish: str) -> None:
    """Set a crash for this process; "" cancels it.

    ``NAME``, or ``NAME:3`` for the third time that it is reached; ``record=FILE`` only records the places reached.
    """
    global _name, _left, _record  # noqa: PLW0603 - one process, one order
    _record = Path(wish.removeprefix("record=")) if wish.startswith("record=") else None
    name, _, count = ("" if _record else wish).partition(":")
    _name, _left = name, int(count) if count.isdecimal() else 1


def reached(name: str) -> None:
    """End the process here if a test has asked for it."""
    global _left  # noqa: PLW0603 - one process, one order
    if _record is not None:
        with _record.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
