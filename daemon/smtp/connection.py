"""One SMTP connection: made ready step by step, then used for one mail after another.

Explicit steps instead of aiosmtplib's ``connect(username=…)``: each failure has its phase, TLS is either on from
the first byte or demanded by STARTTLS, and no credential is sent before the certificate has been checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from aiosmtplib.protocol import SMTPProtocol
from pydantic import SecretStr

from daemon.config.base import is_loopback
from daemon.config.smtp_settings import Settings, helo_name
from daemon.smtp.limit import Limit
from daemon.smtp.outcomes import (
    KEPT,
    STEPS,
    ChannelFailure,
    OutgoingMail,
    Phase,
    SendResult,
    failure,
    reply_outcome,
    said,
)
from daemon.smtp.pipelining import Answers

LOGINS = ("plain", "login", "cram-md5")
"""Tried in this order, one only: a second try with a wrong password locks accounts."""

CHUNK = 65_536

RESTED = 1.0
"""Seconds after which a connection that took a mail is asked whether it is still there."""

AFTER_DOT = 10
"""So many time limits to wait for the answer to the final dot: giving up early doubles mail (RFC 5321 §4.5.3.2.6)."""


LEADING_DOT = re.compile(rb"\.(?<=\r\n\.)")


def stuffed(raw: bytes) -> bytes:
    """The mail for DATA with its final dot: a leading dot doubled (RFC 5321 §4.5.2), CRLF at the end."""
    pieces = [b"." if raw.startswith(b".") else b""]
    done = 0
    # Behind the last dot, found from the end, there is nothing to look at: no letter of an attached file is one.
    for dot in LEADING_DOT.finditer(raw, 0, raw.rfind(b".") + 1):
        pieces.append(raw[done : dot.end()])
        done = dot.start()
    pieces.append(raw[done:])
    pieces.append(b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n")
    return b"".join(pieces)


class Connection:
    """A ready connection. :meth:`open` makes one; after a failure that leaves it out of step it is closed."""

    def __init__(self, settings: Settings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._client = SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.timeout_seconds,
            use_tls=settings.tls == "implicit",
            start_tls=False,
            tls_context=context,
            local_hostname=helo_name(settings),
        )
        self.sent = 0
        self._limit = Limit(self._drop)
        self._dotted = False
        self._clean_at: float | None = None

    @property
    def alive(self) -> bool:
        """True while the connection can be used."""
        return self._client.is_connected

    async def open(self, password: SecretStr | None) -> None:
        """Connect, secure, greet, log in. Raises :class:`ChannelFailure`; nothing stays open then."""
        phase: Phase = "connect"
        try:
            await self._client.connect()
            self._check_peer()
            phase = "ehlo"
            await self._greet()
            if self._settings.tls == "starttls":
                phase = "tls"
                await self._start_tls()
                phase = "ehlo"
                await self._greet()
            if password is not None:
                phase = "auth"
                await self._login(password.get_secret_value())
        except ChannelFailure:
            self._drop()
            raise
        except (SMTPException, OSError, ssl.SSLError, TimeoutError, ValueError) as error:
            self._drop()
            outcome, code, text = failure(error, phase)
            where: Phase = "tls" if text.startswith("TLS:") else phase
            raise ChannelFailure(outcome, code, text, where) from None
        except BaseException:
            self._drop()
            raise

    def _check_peer(self) -> None:
        """Plain text is spoken to this machine only, whatever the host name resolves to."""
        if self._context is None:
            peer = self._client.get_transport_info("peername")
            if not is_loopback(str(peer[0])):
                raise ChannelFailure("configuration", 0, "plain SMTP leads to another machine", "connect")

    async def _greet(self) -> None:
        """EHLO, HELO for a server that knows no other."""
        try:
            await self._client.ehlo()
        except SMTPHeloError as refused:
            if refused.code == 421 or self._settings.tls == "starttls":
                raise
            await self._client.helo()

    async def _start_tls(self) -> None:
        """STARTTLS or nothing (RFC 3207): a server that does not offer it gets no further command."""
        if not self._client.supports_extension("starttls"):
            raise ChannelFailure("configuration", 0, "the server does not offer STARTTLS", "tls")
        await self._client.starttls(server_hostname=self._settings.host, tls_context=self._context)

    async def _login(self, secret: str) -> None:
        """One try with one method (RFC 4954); a token by XOAUTH2."""
        client, user = self._client, self._settings.user
        offered = client.server_auth_methods
        wanted = ("xoauth2",) if self._settings.auth == "xoauth2" else LOGINS
        method = next((one for one in wanted if one in offered), None)
        if method is None:
            text = f"the server offers no login by {' or '.join(wanted).upper()}"
            raise ChannelFailure("configuration", 0, text, "auth")
        logins = {
            "plain": client.auth_plain,
            "login": client.auth_login,
            "cram-md5": client.auth_crammd5,
            "xoauth2": client.auth_xoauth2,
        }
        await logins[method](user, secret)

    async def still_good(self) -> bool:
        """True when the server is there and holds no half mail; else the connection is closed.

        RSET asks it, unless a mail went through just now: that ended the transaction (RFC 5321 §4.1.1.4).
        """
        now = asyncio.get_running_loop().time()
        if self._clean_at is not None and now - self._clean_at < RESTED:
            return self.alive
        try:
            await self._client.rset()
        except (SMTPException, OSError, TimeoutError):
            self._drop()
            return False
        return True

    async def send(self, mail: OutgoingMail) -> SendResult:
        """One mail through MAIL, RCPT, DATA. Never raises for what a server does."""
        self._clean_at = None
        return await self._offer(mail) or await self._send_body(mail)

    async def _offer(self, mail: OutgoingMail) -> SendResult | None:
        """MAIL, RCPT and DATA; None when the server waits for the bytes, else what became of the mail."""
        answers: list[SMTPResponse] = []
        error: Exception | None = None
        try:
            await self._ask(self._commands(mail), answers)
        except (SMTPException, OSError, TimeoutError, ValueError) as found:
            error = self._cause(found)
        for (phase, good), answer in zip(STEPS, answers, strict=False):
            if answer.code not in good:
                # A server may refuse a command and wait for the mail all the same.
                in_step = error is None and answers[-1].code in KEPT
                return self._refused(mail, phase, SMTPResponseException(*answer), in_step=in_step)
        return None if error is None else self._refused(mail, STEPS[min(len(answers), len(STEPS) - 1)][0], error)

    def _commands(self, mail: OutgoingMail) -> tuple[tuple[str, ...], ...]:
        """With bare addresses: aiosmtplib's own methods read them with an e-mail parser again."""
        size = (f"SIZE={len(mail.raw)}",) if self._client.supports_extension("size") else ()
        return ("MAIL", f"FROM:<{mail.envelope_from}>", *size), ("RCPT", f"TO:<{mail.recipient}>"), ("DATA",)

    async def _ask(self, commands: tuple[tuple[str, ...], ...], answers: list[SMTPResponse]) -> None:
        """The answers to commands, together where the server knows that (RFC 2920), else to the first refusal."""
        protocol = self._client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        self._wait()
        if self._client.supports_extension("pipelining"):
            together = Answers(protocol, answers, self._wait)
            await together.to(commands)
            return
        for words, (_, good) in zip(commands, STEPS, strict=True):
            self._wait()
            answers.append(await protocol.execute_command(*[word.encode("ascii") for word in words]))
            if answers[-1].code not in good:
                return

    def _wait(self) -> None:
        self._limit.wait(self._settings.timeout_seconds)

    def _refused(self, mail: OutgoingMail, phase: Phase, error: Exception, *, in_step: bool = False) -> SendResult:
        """A mail that the server does not want, or a line that is lost; only one still in step is kept."""
        self._limit.rest()
        outcome, code, text = failure(error, phase)
        # A 2xx or 3xx where another code belongs: the server is out of step, and so is the connection.
        outcome = "temporary" if outcome == "sent" else outcome
        if not in_step or code not in KEPT:
            self._drop()
        return SendResult(mail.id, outcome, code, text, phase)

    def _cause(self, error: Exception) -> Exception:
        """What went wrong: a connection that was closed because its time was up ends like one that was lost."""
        return TimeoutError() if self._limit.over else error

    async def _send_body(self, mail: OutgoingMail) -> SendResult:
        """The bytes, then the dot. Before the dot a failure is temporary; after it, without an answer, unknown."""
        protocol = self._client.protocol
        if protocol is None:
            return SendResult(mail.id, "temporary", 0, "the server closed the connection", "body")
        body = stuffed(mail.raw)
        self._dotted = False
        try:
            reply = await (self._at_once if len(body) <= CHUNK else self._in_chunks)(protocol, body)
        except (SMTPException, OSError, TimeoutError) as error:
            self._drop()
            _, code, text = failure(self._cause(error), "body")
            return SendResult(mail.id, "unknown" if self._dotted else "temporary", code, text, "body")
        self._limit.rest()
        outcome = reply_outcome(reply.code, "body")
        if outcome == "sent" and not self._dotted:
            outcome = "temporary"
        if not self._dotted or reply.code == 421:
            self._drop()
        if outcome == "sent":
            self.sent += 1
            self._clean_at = asyncio.get_running_loop().time()
        return SendResult(mail.id, outcome, reply.code, said(reply.message), "body")

    async def _at_once(self, protocol: SMTPProtocol, body: bytes) -> SMTPResponse:
        """What goes in one write leaves the server no time to answer before the dot."""
        protocol.write(body)
        self._dotted = True
        self._limit.wait(self._settings.timeout_seconds * AFTER_DOT)
        return await protocol.read_response()

    async def _in_chunks(self, protocol: SMTPProtocol, body: bytes) -> SMTPResponse:
        """A large body piece by piece, listening meanwhile."""
        last = (len(body) - len(b".\r\n")) // CHUNK * CHUNK
        view = memoryview(body)
        answer = asyncio.ensure_future(protocol.read_response())
        try:
            await self._write(protocol, view[:last], answer)
            if not answer.done():
                protocol.write(bytes(view[last:]))
                self._dotted = True
            self._limit.wait(self._settings.timeout_seconds * AFTER_DOT)
            return await answer
        finally:
            _let_go(answer)

    async def _write(self, protocol: SMTPProtocol, data: memoryview, answer: asyncio.Future[SMTPResponse]) -> None:
        """Write until all is on its way or the server has answered too early. Raises when it stops taking."""
        for start in range(0, len(data), CHUNK):
            if answer.done():
                return
            protocol.write(bytes(data[start : start + CHUNK]))
            self._limit.wait(self._settings.timeout_seconds)
            while not answer.done() and self._waiting():
                await asyncio.sleep(0.002)

    def _waiting(self) -> bool:
        """True while bytes wait for the server to take them."""
        transport = self._client.transport
        return isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size() > 0

    async def close(self) -> None:
        """QUIT if the server still listens, then close; never raises for what a server does."""
        if self._client.is_connected:
            with contextlib.suppress(SMTPException, OSError, TimeoutError):
                await self._client.quit(timeout=min(2.0, self._settings.timeout_seconds))
        self._drop()
        # One turn of the loop for each layer (TLS, socket) to take leave, or a loop that ends now leaks them.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _drop(self) -> None:
        """Close at once: bytes that the server has not taken are not sent any more."""
        self._limit.stop()
        transport = self._client.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        self._client.close()


def _let_go(answer: asyncio.Future[SMTPResponse]) -> None:
    """End a read that nobody waits for any more, and look at its error so that asyncio does not complain."""
    if not answer.done():
        answer.cancel()
    elif not answer.cancelled():
        answer.exception()
