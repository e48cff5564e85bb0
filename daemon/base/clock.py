"""What time it is: the one place that reads the machine's clock.

Whoever decides is given ``now``; a command, which nobody gives it, asks here. It is called as ``clock.now()`` and
handed on as ``clock.now``, so that a test which sets it sets it for every command.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment; aware, in UTC."""
    return datetime.now(UTC)
