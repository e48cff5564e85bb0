"""An SMTP server that keeps every accepted mail and delivers mail for known users to their mailboxes.

Its accepted connections, like those of the IMAP server, are tracked, so that none stays open when a server stops.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LARGEST_MAIL = 60_000_000


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


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that the SMTP server took, with its envelope (RFC 5321 §3.3); ``raw`` as it came, CR LF line ends."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server's behaviour.

    ``users`` maps known addresses to passwords, ``accounts`` those who may log in (none: no login required).
    """

    users: Mapping[str, str]
    accounts: Mapping[str, str]
    subaddress: str
    sink: bool
    tls: str
    context: ssl.SSLContext | None
    clock: Callable[[], datetime]
    authserv_id: str


def let_the_server_decide(phase: str, address: str) -> str | None:
    """The script of a server without a script."""
    del phase, address
    return None


class _Talk(Kept, SMTP):
    """One connection."""


class EmbeddedSmtp:
    """aiosmtpd's handler: decides on recipients, keeps mails, delivers to the mailboxes."""

    def __init__(self, settings: SmtpSettings, append: Callable[[str, bytes, datetime], Awaitable[Any]]) -> None:
        self._settings = settings
        self._append = append
        self.sent: list[SentMail] = []
        self.script: Callable[[str, str], str | None] = let_the_server_decide
        self._server: asyncio.Server | None = None
        self.open: WeakSet[Any] = WeakSet()

    async def start(self, host: str) -> int:
        """Listen on a free port of ``host``; gives the port."""
        implicit = self._settings.context if self._settings.tls == "implicit" else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host, 0, ssl=implicit)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port."""
        await close_port(self._server)

    def _protocol(self) -> Any:
        starttls = self._settings.tls == "starttls"
        return _Talk(
            self.open,
            self,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="mail.doithoai.test",
            ident="Doithoai demonstration server",
            tls_context=self._settings.context if starttls else None,
            require_starttls=starttls,
            auth_require_tls=starttls,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    def local_user(self, address: str) -> str | None:
        """The known user to whom ``address`` belongs, after removing its subaddress (RFC 5233), or None."""
        local, _, domain = address.lower().rpartition("@")
        if self._settings.subaddress:
            local = local.partition(self._settings.subaddress)[0]
        known = {user.lower(): user for user in self._settings.users}
        return known.get(f"{local}@{domain}")

    # -- logins ---------------------------------------------------------------------------------

    def _authenticate(self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> Any:
        del server, session, envelope, mechanism
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user, password = data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        return AuthResult(success=bool(password) and self._settings.accounts.get(user) == password, handled=False)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> Any:  # noqa: N802 - aiosmtpd looks for this name
        """SASL XOAUTH2 with the account's password as the bearer token."""
        try:
            fields = base64.b64decode(args[1], validate=True).decode().split("\x01")
        except (IndexError, binascii.Error, UnicodeDecodeError):
            await server.push("501 5.5.2 Cannot read the credentials")
            return AuthResult(success=False)
        user, token = fields[0].removeprefix("user="), fields[1].removeprefix("auth=Bearer ")
        return AuthResult(success=bool(token) and self._settings.accounts.get(user) == token, handled=False)

    # -- one mail -------------------------------------------------------------------------------

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Announce pipelining (RFC 2920): lines are read one after another anyway."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Require a login where accounts exist; otherwise accept every sender."""
        scripted = self._scripted(server, "mail", address)
        if scripted is not None:
            return scripted
        if self._settings.accounts and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Accept known users, and others too when there is a sink."""
        del session
        scripted = self._scripted(server, "rcpt", address)
        if scripted is not None:
            return scripted
        if self.local_user(address) is None and not self._settings.sink:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail and deliver it to its users."""
        del session
        scripted = self._scripted(server, "data", envelope.rcpt_tos[0])
        if scripted is not None:
            return scripted
        mail = SentMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content, self._settings.clock())
        self.sent.append(mail)
        for user in dict.fromkeys(filter(None, map(self.local_user, mail.recipients))):
            await self._append(user, self._traced(mail), mail.at)
        return "250 2.0.0 Ok: taken"

    def _scripted(self, server: Any, phase: str, address: str) -> str | None:
        answer = self.script(phase, address)
        if answer == "":
            server.transport.abort()
            return "421 4.3.2 closing"
        return answer

    def _traced(self, mail: SentMail) -> bytes:
        """The mail with the fields that a delivering server writes above it (RFC 5321 §4.4, RFC 8601)."""
        lines = [f"Return-Path: <{mail.sender}>"]
        if self._settings.authserv_id:
            domain = mail.sender.rpartition("@")[2] or "invalid"
            verdict = f"spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}"
            lines.append(f"Authentication-Results: {self._settings.authserv_id}; {verdict}")
        stamp = mail.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        lines.append(f"Received: from client.test by mail.doithoai.test with ESMTP; {stamp}")
        return "".join(line + "\r\n" for line in lines).encode("utf-8") + mail.raw
