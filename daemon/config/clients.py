"""What the clients of the mailbox and of the mail server must know, checked before a connection is opened."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from socket import gethostname
from typing import Protocol

from pydantic import SecretStr

from daemon.base.errors import ConfigurationError
from daemon.config.base import is_loopback as is_loopback

TLS_MODES = ("implicit", "starttls", "none")
AUTH_METHODS = ("password", "xoauth2")


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """How to reach the official mailbox.

    ``tls`` is "implicit" (RFC 8314), "starttls" (then it is mandatory) or "none" (loopback only). ``auth`` is
    "password" or "xoauth2", ``secret`` the password or the access token. ``ca_file`` names the authorities to
    trust in place of the system's ("" = the system's). ``timeout_seconds`` is how long the server may stay
    silent. ``batch`` is the most mails fetched by one command. ``folder_prefix`` stands before each of our
    folders' names, after the prefix of the server's own namespace. ``check_size`` compares each mail with
    RFC822.SIZE; switch it off only for servers that estimate it.
    """

    host: str
    port: int
    tls: str
    user: str
    auth: str
    secret: str = field(repr=False)
    ca_file: str = ""
    timeout_seconds: float = 30.0
    batch: int = 50
    folder_prefix: str = ""
    check_size: bool = True

    @property
    def place(self) -> str:
        """The server as it stands in messages: host and port, nothing secret."""
        return f"{self.host}:{self.port}"


def check_settings(settings: ImapSettings) -> None:
    """``ConfigurationError`` for settings that must not be tried, above all a plain line to another machine."""
    if settings.tls not in TLS_MODES:
        raise ConfigurationError(f"IMAP: tls must be one of {', '.join(TLS_MODES)}")
    if settings.auth not in AUTH_METHODS:
        raise ConfigurationError(f"IMAP: auth must be one of {', '.join(AUTH_METHODS)}")
    if settings.tls == "none" and not is_loopback(settings.host):
        raise ConfigurationError(f"IMAP {settings.place}: tls is none, which is allowed to loopback only")
    if not settings.user or not settings.secret:
        raise ConfigurationError(f"IMAP {settings.place}: user or password is empty")
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in settings.user + settings.secret):
        raise ConfigurationError(f"IMAP {settings.place}: user or password holds a control character")


def imap_tls_context(settings: ImapSettings) -> ssl.SSLContext | None:
    """A context that checks the certificate and the host name; None for a plain line."""
    if settings.tls == "none":
        return None
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(f"IMAP {settings.place}: cannot read certificates from {settings.ca_file}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)


class SmtpClientSettings(Protocol):
    """What the connection must know; ``daemon.config.mail.SmtpSettings`` has it."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def tls(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def auth(self) -> str: ...
    @property
    def ca_file(self) -> Path | None: ...
    @property
    def timeout_seconds(self) -> float: ...
    @property
    def connections(self) -> int: ...
    @property
    def helo(self) -> str: ...
    def password(self) -> SecretStr: ...


def smtp_tls_context(settings: SmtpClientSettings) -> ssl.SSLContext | None:
    """A context that checks certificate and name, None for plain to this machine.

    Raises :class:`ConfigurationError` for plain to anywhere else, and for a CA file that cannot be read.
    """
    if settings.tls == "none":
        if not is_loopback(settings.host):
            raise ConfigurationError('smtp: tls = "none" is allowed to this machine only')
        return None
    if settings.tls not in ("implicit", "starttls"):
        raise ConfigurationError('smtp: tls must be "implicit", "starttls" or "none"')
    try:
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"smtp.ca_file: {settings.ca_file}: {error.strerror or error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def helo_name(settings: SmtpClientSettings) -> str:
    """The name for EHLO: the configured one, else this machine's, else a loopback literal (RFC 5321 §4.1.3)."""
    own = gethostname()
    return settings.helo or (own if HOST_NAME.fullmatch(own) else "[127.0.0.1]")
