"""Accepted connections of a server, tracked so that none stays open when the server stops."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet


class Kept(asyncio.Protocol):
    """Wraps a server's protocol: every transport it is given is added to ``open`` at once.

    The server's own side cannot see a connection accepted a moment ago, because its task has not begun yet.
    """

    def __init__(self, into: WeakSet[Any], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = into

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's callback for a new connection."""
        self._open.add(transport)
        super().connection_made(transport)


async def close_port(server: asyncio.Server | None) -> None:
    """Accept no further connection.

    Connections accepted in this turn of the loop are completed first: when a server is closed, asyncio silently drops
    them without closing them (3.11 to 3.13).
    """
    if server is None:
        return
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    await asyncio.sleep(0)
    server.close()


async def cut(*taken: WeakSet[Any]) -> None:
    """End every other task of this loop, which ends unfinished TLS handshakes, then every connection."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for connections in taken:
        for transport in tuple(connections):
            transport.abort()
    # Each layer (TLS, socket) needs one turn of the loop to close.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
