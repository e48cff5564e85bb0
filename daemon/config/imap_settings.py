"""What the mailbox client needs to know, checked before a connection is opened."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

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


def tls_context(settings: ImapSettings) -> ssl.SSLContext | None:
    """A context that checks the certificate and the host name; None for a plain line."""
    if settings.tls == "none":
        return None
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(f"IMAP {settings.place}: cannot read certificates from {settings.ca_file}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
