"""Connections that a server has taken, kept in sight so that none stays open when it stops."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet


class Kept(asyncio.Protocol):
    """In front of a server's protocol: every transport it is given is added to ``open`` at once.

    From the server's own side one that was taken a moment ago cannot be seen: its task has not begun yet.
    """

    def __init__(self, into: WeakSet[Any], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = into

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's."""
        self._open.add(transport)
        super().connection_made(transport)


async def close_port(server: asyncio.Server | None) -> None:
    """Take no further connection.

    What was accepted in this turn of the loop becomes a connection first: once a server is closed, asyncio drops it
    without a word and without closing it (3.11 to 3.13).
    """
    if server is None:
        return
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    await asyncio.sleep(0)
    server.close()


async def cut(*taken: WeakSet[Any]) -> None:
    """End every other task of this loop, which ends what is still being secured, then every connection."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for connections in taken:
        for transport in tuple(connections):
            transport.abort()
    # One turn of the loop for each layer (TLS, socket) to take leave.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
