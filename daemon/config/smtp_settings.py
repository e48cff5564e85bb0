"""What sending must know of a server: where it is, how the line is secured, who we say we are."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from socket import gethostname
from typing import Protocol

from pydantic import SecretStr

from daemon.base.errors import ConfigurationError
from daemon.config.base import is_loopback

HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)


class Settings(Protocol):
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


def tls_context(settings: Settings) -> ssl.SSLContext | None:
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


def helo_name(settings: Settings) -> str:
    """The name for EHLO: the configured one, else this machine's, else a loopback literal (RFC 5321 §4.1.3)."""
    own = gethostname()
    return settings.helo or (own if HOST_NAME.fullmatch(own) else "[127.0.0.1]")
