"""The present time: the one place that reads the machine's clock.

Code that decides gets ``now`` as an argument; a command, which gets none, asks here. It is called as ``clock.now()``
and passed on as ``clock.now``, so that a test can set it for every command.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant; aware, in UTC."""
    return datetime.now(UTC)
