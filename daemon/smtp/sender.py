"""Sends mails over a few connections, each of which serves many mails; each mail gets one outcome.

The caller keeps the outbox: ``before_send`` is called right before a mail is offered to the server, so that "sending"
can be committed, and ``on_result`` right after.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.base.logs import Log
from daemon.config.mail import SmtpClientSettings, smtp_tls_context
from daemon.smtp.connection import Connection, offer_ends
from daemon.smtp.outcomes import ChannelFailure, Doubt, Outcome, OutgoingMail, SendResult

__all__ = ["OutgoingMail", "SendResult", "Sender"]

log = Log("sender")

MAILS_A_CONNECTION = 100
"""After so many mails a new connection is opened: servers limit the number, and enforce it by dropping the
connection."""

OnResult = Callable[[SendResult], object]
BeforeSend = Callable[[int], bool | None]
"""What the caller does about a mail; it is committed when the callback returns."""

LOST_IN_A_ROW = 3
"""This many connections lost in a row, without a mail sent, end the pass."""


PULSE = 2.0
"""Seconds between two signs of life while a server is waited for; the time limits of its connection end the wait."""


async def with_pulse(sending: Coroutine[Any, Any, None], alive: Callable[[], None]) -> None:
    """Send, and give signs of life meanwhile: a server may take minutes to answer the final dot."""

    async def beat() -> None:
        while True:
            alive()
            await asyncio.sleep(PULSE)

    pulse = asyncio.create_task(beat())
    try:
        await sending
    finally:
        pulse.cancel()


class _Pass:
    """The state that the connections of one pass share."""

    def __init__(
        self,
        mails: Sequence[OutgoingMail],
        on_result: OnResult,
        before_send: BeforeSend | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.waiting = deque(mails)
        self._on_result = on_result
        self._before_send = before_send
        self._stop = stop
        self.halted: ChannelFailure | None = None
        self.error: Exception | None = None
        self.stopped = False
        self.workers = 0
        self._lost = 0
        self._missed: ChannelFailure | None = None
        self._doubt = Doubt()
        self.bare = False
        """True once the server has refused a tagged sender and taken the bare one."""

    def next(self) -> OutgoingMail | None:
        """The next mail, None when the pass is over."""
        self.stopped = self.stopped or (self._stop is not None and self._stop())
        over = self.stopped or self.halted or self.error or not self.waiting
        return None if over else self.waiting.popleft()

    def give_back(self, mail: OutgoingMail, failed: ChannelFailure) -> None:
        """Put a mail back that got no connection. Others may do: a server that allows two refuses the third."""
        self.waiting.appendleft(mail)
        self._missed = failed
        if failed.outcome == "configuration" or self.workers == 1:
            self.halted = self.halted or failed

    def may_send(self, mail: OutgoingMail) -> bool:
        """Tell the caller that this mail is about to be offered; False = the mail is not ours to send (any more)."""
        if self._before_send is None:
            return True
        try:
            return self._before_send(mail.id) is not False
        except Exception as error:
            self.error = self.error or error
            return False

    def report(self, result: SendResult) -> None:
        """Hand a result to the caller. An error raised by the caller ends the pass, after the mails under way."""
        try:
            self._on_result(result)
        except Exception as error:
            self.error = self.error or error

    def note(self, mail: OutgoingMail, result: SendResult, alive: bool) -> None:
        """Report a mail's outcome; end the pass when the server drops every connection, or the channel is at fault.

        A refusal that may concern us and not the recipient is kept back until the next mails have shown it.
        """
        self._lost = 0 if alive else self._lost + 1
        if result.outcome == "sent":
            self._settle(self._doubt.cleared())
        if result.outcome != "permanent":
            self._settle([result])
        else:
            self._settle(self._doubt.added(mail.recipient, result))
        if self._lost >= LOST_IN_A_ROW and not self.halted:
            text = f"not tried: the server dropped {self._lost} connections in a row"
            self.halted = ChannelFailure("temporary", 0, text, "connect")

    def _settle(self, results: Sequence[SendResult]) -> None:
        """Report the results that are settled."""
        for result in results:
            self.report(result)
        channels = next((one for one in results if one.outcome in ("configuration", "limited")), None)
        if channels is not None:
            outcome: Outcome = "configuration" if channels.outcome == "configuration" else "temporary"
            self.halted = ChannelFailure(outcome, channels.code, f"not tried: {channels.text}", "connect")

    def finish(self) -> None:
        """Give every untried mail the channel's failure; raise what the caller's own code raised."""
        if not self.error:
            self._settle(self._doubt.ended())
        failed = self.halted or self._missed
        while failed and self.waiting and not self.error and not self.stopped:
            self.report(failed.result(self.waiting.popleft().id))
        if self.error:
            raise self.error


class Sender:
    """Sends mails through one configured server."""

    def __init__(self, settings: SmtpClientSettings) -> None:
        """Raises ``ConfigurationError`` for plain text to another machine or a wrong CA file."""
        self._settings = settings
        self._context = smtp_tls_context(settings)

    async def send_all(
        self,
        mails: Sequence[OutgoingMail],
        on_result: OnResult,
        before_send: BeforeSend | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        """Send the mails over up to ``connections`` connections; each is reported exactly once.

        No result comes for a mail for which ``before_send`` returned False, nor for those left when ``stop()`` became
        true. When the channel fails, the rest is reported with that failure (``SendResult.tried`` False) and
        ``before_send`` is not called for it. Raises what the two callbacks raise, after the mails under way, and
        :class:`daemon.base.errors.ConfigurationError` when the password cannot be read.
        """
        if not mails:
            return
        password = self._settings.password() if self._settings.user else None
        batch = _Pass(mails, on_result, before_send, stop)
        count = min(self._settings.connections, len(mails))
        await asyncio.gather(*(self._work(batch, password) for _ in range(count)))
        batch.finish()

    async def check(self) -> None:
        """Connect, secure and log in, send nothing.

        Raises :class:`daemon.base.errors.ConfigurationError` or :class:`daemon.base.errors.TemporaryError` in
        one clear line.
        """
        password = self._settings.password() if self._settings.user else None
        connection = Connection(self._settings, self._context)
        try:
            await connection.open(password)
        except ChannelFailure as failed:
            line = f"smtp {self._settings.host}:{self._settings.port}, {failed.phase}: {failed}"
            raise (ConfigurationError if failed.outcome == "configuration" else TemporaryError)(line) from None
        await connection.close()

    async def _work(self, batch: _Pass, password: SecretStr | None) -> None:
        """Run one connection's part of a pass."""
        connection: Connection | None = None
        batch.workers += 1
        try:
            while (mail := batch.next()) is not None:
                try:
                    connection = await self._ready(connection, password)
                except ChannelFailure as failed:
                    connection = None
                    batch.give_back(mail, failed)
                    return
                if batch.may_send(mail):
                    connection, result = await self._offered(batch, connection, mail, password)
                    batch.note(mail, result, connection.alive)
        finally:
            batch.workers -= 1
            if connection is not None:
                await connection.close()

    async def _offered(
        self, batch: _Pass, connection: Connection, mail: OutgoingMail, password: SecretStr | None
    ) -> tuple[Connection, SendResult]:
        """Send a mail; where its tagged sender is refused, try the bare one, for the next mails too."""
        by = offer_ends()
        bare = replace(mail, envelope_from=mail.bare_from or mail.envelope_from)
        connection, result = await self._send(connection, bare if batch.bare else mail, password, by)
        if batch.bare or bare == mail or not result.refuses_sender:
            return connection, result
        try:
            connection = await self._ready(connection, password, by)
        except ChannelFailure:
            return connection, result
        connection, second = await self._send(connection, bare, password, by)
        if second.outcome == "sent":
            batch.bare = True
            log.warning("tagged_sender_refused", code=result.code, phase=result.phase)
        return connection, second

    async def _send(
        self, connection: Connection, mail: OutgoingMail, password: SecretStr | None, by: float
    ) -> tuple[Connection, SendResult]:
        """Send a mail. A kept connection found dead at MAIL is replaced once: the server saw nothing of the mail."""
        kept = connection.sent > 0
        result = await connection.send(mail, by)
        if not kept or connection.alive or result.phase != "mail":
            return connection, result
        fresh = Connection(self._settings, self._context)
        try:
            await fresh.open(password, by)
        except ChannelFailure as failed:
            return fresh, failed.result(mail.id)
        return fresh, await fresh.send(mail, by)

    async def _ready(
        self, connection: Connection | None, password: SecretStr | None, by: float | None = None
    ) -> Connection:
        """A connection that will take a mail: the present one if it is still good, otherwise a new one."""
        if connection is not None:
            if connection.alive and connection.sent < MAILS_A_CONNECTION and await connection.still_good(by):
                return connection
            await connection.close()
        fresh = Connection(self._settings, self._context)
        await fresh.open(password, by)
        return fresh
