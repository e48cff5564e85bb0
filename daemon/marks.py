"""What several connections want written about their mails, in one transaction for each turn of the loop.

Each connection still waits for the commit before it goes on, so between the server's 250 and our mark there is at
most one mail a connection, as if each wrote by itself. While one commit waits for the disk the others' answers come
in, and share the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.mailout.outcomes import SendResult

Write = Callable[[Sequence[SendResult], Sequence[int]], tuple[set[int], Mapping[int, Exception]]]
"""Notes results and marks mails as being sent, in one commit: which of these are ours, and which results failed."""


@dataclass(slots=True)
class Marks:
    """Collects during one turn of the running loop."""

    write: Write
    _results: list[tuple[SendResult, asyncio.Future[bool]]] = field(default_factory=list)
    _begun: list[tuple[int, asyncio.Future[bool]]] = field(default_factory=list)

    def note(self, result: SendResult) -> asyncio.Future[bool]:
        """Done when the result is committed."""
        done = self._future()
        self._results.append((result, done))
        return done

    def begin(self, outbox_id: int) -> asyncio.Future[bool]:
        """Done when the attempt is committed: False when another worker has the mail."""
        done = self._future()
        self._begun.append((outbox_id, done))
        return done

    def _future(self) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        if not self._results and not self._begun:
            loop.call_soon(self._write)
        return loop.create_future()

    def _write(self) -> None:
        results, self._results = self._results, []
        begun, self._begun = self._begun, []
        try:
            mine, failed = self.write([one for one, _ in results], [each for each, _ in begun])
        except BaseException as error:  # whoever waits raises it: a callback of the loop would swallow a stop
            for _, done in (*results, *begun):
                _end(done, error)
            return
        for result, done in results:
            _end(done, failed.get(result.id, True))
        for each, done in begun:
            _end(done, each in mine)


def _end(done: asyncio.Future[bool], value: Any) -> None:
    if done.done():
        return
    if isinstance(value, BaseException):
        done.set_exception(value)
    else:
        done.set_result(value)
