"""What several connections want written about their mails, in one transaction for all that come close together.

Each connection still waits for the commit before it goes on, so between the server's 250 and our mark there is at
most one mail a connection, as if each wrote by itself. A commit waits a few milliseconds for the mails that are
with the server; a slow server keeps nobody longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.smtp.outcomes import SendResult

Write = Callable[[Sequence[SendResult], Sequence[int]], tuple[set[int], Mapping[int, Exception]]]
"""Notes results and marks mails as being sent, in one commit: which of these are ours, and which results failed."""


PATIENCE = 0.004
"""Seconds that a mark waits for the marks of mails that are with the server; a commit takes about as long."""


@dataclass(slots=True)
class Marks:
    """Collects until every mail that is with the server has its answer, or patience ends."""

    write: Write
    _with_server: int = 0
    _timer: asyncio.Handle | None = None
    _results: list[tuple[SendResult, asyncio.Future[bool]]] = field(default_factory=list)
    _begun: list[tuple[int, asyncio.Future[bool]]] = field(default_factory=list)

    def note(self, result: SendResult) -> asyncio.Future[bool]:
        """Done when the result is committed."""
        self._with_server -= self._with_server > 0
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
        if not self._with_server:
            self._cancel()
            self._timer = loop.call_soon(self._write)
        elif self._timer is None:
            self._timer = loop.call_later(PATIENCE, self._write)
        return loop.create_future()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _write(self) -> None:
        self._timer = None
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
        self._with_server += len(mine)
        for each, done in begun:
            _end(done, each in mine)


def _end(done: asyncio.Future[bool], value: Any) -> None:
    if done.done():
        return
    if isinstance(value, BaseException):
        done.set_exception(value)
        done.exception()  # whoever waits raises it; where nobody does, asyncio would complain
    else:
        done.set_result(value)
