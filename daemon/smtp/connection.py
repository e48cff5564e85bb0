"""One SMTP connection: made ready step by step, then used for one mail after another.

Explicit steps instead of aiosmtplib's ``connect(username=…)``: each failure has its phase, TLS is either on from
the first byte or demanded by STARTTLS, and no credential is sent before the certificate has been checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
)
from pydantic import SecretStr

from daemon.config.base import is_loopback
from daemon.config.mail import SmtpClientSettings, helo_name
from daemon.smtp.outcomes import (
    KEPT,
    ChannelFailure,
    OutgoingMail,
    Phase,
    SendResult,
    failure,
    said,
)

LOGINS = ("plain", "login", "cram-md5")
"""The methods are tried in this order, one only: a second try with a wrong password locks accounts."""

RESTED = 1.0
"""Seconds after which a connection that took a mail is tested before it is used again."""

AFTER_DOT = 10
"""How many time limits to wait after the final dot: giving up early doubles mail (RFC 5321 §4.5.3.2.6)."""
LONGEST_OFFER = 570
"""Seconds for all that is done about one mail: a claim (``db.outbox.outbox.CLAIM_LASTS``) must not end meanwhile, or
another daemon would send the mail too."""


def offer_ends() -> float:
    """When the offer of a mail that begins now must be over, on the loop's clock; for ``by`` below."""
    return asyncio.get_running_loop().time() + LONGEST_OFFER


class Connection:
    """A ready connection, made by :meth:`open`; a failure that leaves the dialogue out of step closes it."""

    def __init__(self, settings: SmtpClientSettings, context: ssl.SSLContext | None) -> None:
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
        self._transport: asyncio.BaseTransport | None = None
        self._clean_at: float | None = None

    @property
    def alive(self) -> bool:
        """True while the connection can be used."""
        return self._client.is_connected

    async def open(self, password: SecretStr | None, by: float | None = None) -> None:
        """Connect, secure, greet, log in. Raises :class:`ChannelFailure`; nothing stays open then."""
        phase: Phase = "connect"
        try:
            async with asyncio.timeout_at(by):
                await self._client.connect()
                self._transport = self._client.transport  # the client forgets it when it closes by itself
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
        """Plain text is sent to this machine only, whatever the host name resolves to."""
        if self._context is None:
            peer = self._client.get_transport_info("peername")
            if not is_loopback(str(peer[0])):
                raise ChannelFailure("configuration", 0, "plain SMTP leads to another machine", "connect")

    async def _greet(self) -> None:
        """Send EHLO, or HELO to a server that does not know EHLO."""
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
        self._transport = self._client.transport

    async def _login(self, secret: str) -> None:
        """One try with one method (RFC 4954); a token is sent by XOAUTH2."""
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

    async def still_good(self, by: float | None = None) -> bool:
        """True when the server is there and holds no half mail; otherwise the connection is closed.

        RSET tests it, unless a mail went through just now: that ended the transaction (RFC 5321 §4.1.1.4).
        """
        now = asyncio.get_running_loop().time()
        if self._clean_at is not None and now - self._clean_at < RESTED:
            return self.alive
        try:
            async with asyncio.timeout_at(by):
                await self._client.rset()
        except (SMTPException, OSError, TimeoutError):
            self._drop()
            return False
        return True

    async def send(self, mail: OutgoingMail, by: float | None = None) -> SendResult:
        """Send one mail through MAIL, RCPT, DATA. Never raises for what a server does."""
        self._clean_at = None
        phase: Phase = "mail"
        try:
            async with asyncio.timeout_at(by):
                await self._client.mail(mail.envelope_from, options=self._options(mail))
                phase = "rcpt"
                await self._client.rcpt(mail.recipient)
                phase = "body"
                reply = await self._client.data(mail.raw, timeout=self._settings.timeout_seconds * AFTER_DOT)
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            return self._refused(mail, phase, error)
        self.sent += 1
        self._clean_at = asyncio.get_running_loop().time()
        return SendResult(mail.id, "sent", reply.code, said(reply.message), "body")

    def _options(self, mail: OutgoingMail) -> list[str]:
        """SIZE (RFC 1870) where the server offers it: it can then refuse a mail before the bytes are sent."""
        return [f"SIZE={len(mail.raw)}"] if self._client.supports_extension("size") else []

    def _refused(self, mail: OutgoingMail, phase: Phase, error: Exception) -> SendResult:
        """The outcome of a mail that was not taken. The connection stays open only while the dialogue is in step."""
        outcome, code, text = failure(error, phase)
        if outcome == "sent":
            # A 2xx or 3xx where another code belongs: the server is out of step.
            outcome = "temporary"
        unsent = self._unsent()
        if phase == "body" and code <= 0 and not unsent:
            outcome = "unknown"  # the server may have the mail (RFC 1047)
        if code not in KEPT or unsent:
            self._drop()
        return SendResult(mail.id, outcome, code, text, phase)

    def _unsent(self) -> bool:
        """True while bytes of the mail are still unsent, so that the server cannot have seen the final dot."""
        transport = self._transport
        return isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size() > 0

    async def close(self) -> None:
        """Send QUIT if the server still listens, then close; never raises for what a server does."""
        if self._client.is_connected:
            with contextlib.suppress(SMTPException, OSError, TimeoutError):
                await self._client.quit(timeout=min(2.0, self._settings.timeout_seconds))
        self._drop()
        # Each layer (TLS, socket) needs one turn of the loop to close, or a loop that ends now leaks it.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _drop(self) -> None:
        """Close at once: bytes that the server has not taken are discarded."""
        for transport in (self._client.transport, self._transport):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        self._client.close()
