"""The sections about the mailbox and the two servers, and what their clients must know before they connect."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from socket import gethostname
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from daemon.base.errors import ConfigurationError
from daemon.base.secrets import SecretSource, printed_secret
from daemon.config.base import EmailAddress, FilePath, Line, Name, Port, Seconds, Section
from daemon.config.base import is_loopback as is_loopback

TLS_MODES = ("implicit", "starttls", "none")
NO_CA = "ca_file must name a file with the authority's certificate as PEM"
AUTH_METHODS = ("password", "xoauth2")


@dataclass(frozen=True, slots=True)
class ImapClientSettings:
    """How to reach the official mailbox.

    ``tls`` is "implicit" (RFC 8314), "starttls" (then it is mandatory) or "none" (loopback only). ``auth`` is
    "password" or "xoauth2", ``secret`` the password or the access token. ``ca_file`` names the authorities to trust
    instead of the system's ("" = the system's). ``timeout_seconds`` is how long the server may stay silent. ``batch``
    is the most mails fetched by one command. ``folder_prefix`` is put before each of our folder names, after the
    prefix of the server's own namespace. ``check_size`` compares each mail with RFC822.SIZE; switch it off only for
    servers that estimate it.
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
        """The server's name in messages: host and port, nothing secret."""
        return f"{self.host}:{self.port}"


def check_imap_settings(settings: ImapClientSettings) -> None:
    """Raises ``ConfigurationError`` for settings that must not be tried, above all no TLS to another machine."""
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


def imap_tls_context(settings: ImapClientSettings) -> ssl.SSLContext | None:
    """A context that checks the certificate and the host name; None without TLS."""
    if settings.tls == "none":
        return None
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(
            f"IMAP {settings.place}: cannot read certificates from {settings.ca_file}; {NO_CA}"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)


class SmtpClientSettings(Protocol):
    """The settings that a connection needs; ``daemon.config.mail.SmtpSettings`` has them."""

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
    """A context that checks certificate and host name; None for no TLS to this machine.

    Raises :class:`ConfigurationError` for no TLS to another machine, and for a CA file that cannot be read.
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
        raise ConfigurationError(f"smtp.ca_file: {settings.ca_file}: {error.strerror or error}; {NO_CA}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def helo_name(settings: SmtpClientSettings) -> str:
    """The name for EHLO: the configured one, else this machine's, else a loopback literal (RFC 5321 §4.1.3)."""
    own = gethostname()
    return settings.helo or (own if HOST_NAME.fullmatch(own) else "[127.0.0.1]")


Tls = Literal["implicit", "starttls", "none"]
Auth = Literal["password", "xoauth2"]


class MailboxSettings(Section):
    """The one official mailbox. ``subaddress`` separates the local part from a tag (RFC 5233); "" = none.

    ``forms``: addresses from which the website's form sends questions; the asker is in Reply-To or a form field.

    ``since``: mails that the server received before that day are counted and left where they lie.

    ``received_by``, ``results_below_received``: see :func:`rules.message.authentication.results_of_our_servers`; the
    second counts only once ``doithoai check`` has proved that the server removes a sender's own results
    (:mod:`daemon.installation.installation`).
    """

    address: EmailAddress
    display_name: Name
    since: date | None = None
    forms: tuple[EmailAddress, ...] = ()
    authserv_id: Line = ""
    received_by: tuple[Name, ...] = ()
    results_below_received: Line = ""
    subaddress: str = "+"

    @field_validator("subaddress")
    @classmethod
    def _parts_a_tag(cls, value: str) -> str:
        if value not in ("", "+", "-", "_", "=", "."):
            raise ValueError('must be one of "+", "-", "_", "=", "." or ""')
        return value

    @property
    def form_addresses(self) -> frozenset[str]:
        """The forms' addresses in lower case."""
        return frozenset(one.lower() for one in self.forms)

    @property
    def domain(self) -> str:
        """The part after the @."""
        return self.address.rpartition("@")[2]

    def tagged(self, tag: str) -> str:
        """The mailbox address with a tag, or bare where there is no tag or the server has no subaddresses."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}{self.subaddress}{tag}@{domain}" if tag and self.subaddress else self.address


class ServerSettings(Section):
    """The settings that IMAP and SMTP share. ``port`` follows ``tls`` when it is not given."""

    section: ClassVar[str]
    ports: ClassVar[dict[str, int]]

    host: Name
    port: Port
    tls: Tls = "implicit"
    user: Line = ""
    auth: Auth = "password"
    password_file: FilePath | None = None
    credential: Line = ""
    token_command: tuple[str, ...] = ()
    ca_file: FilePath | None = None
    timeout_seconds: Seconds = 30

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, values: Any) -> Any:
        if isinstance(values, dict) and "port" not in values:
            usual = cls.ports.get(values.get("tls", "implicit"))
            return {**values, "port": usual} if usual else values
        return values

    @field_validator("host")
    @classmethod
    def _bare_name(cls, value: str) -> str:
        if re.search(r"[/@\s]", value) or value.count(":") == 1:
            raise ValueError('must be a bare name or number such as "mail.haiphong.gov.vn"; a port stands under port')
        return value

    @model_validator(mode="after")
    def _plain_only_at_home(self) -> Self:
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError('tls = "none" is allowed to this machine only; use "implicit" or "starttls"')
        return self

    @model_validator(mode="after")
    def _token_only_for_oauth(self) -> Self:
        if self.token_command and self.auth != "xoauth2":
            raise ValueError('token_command prints an OAuth access token; write auth = "xoauth2" too')
        return self

    @property
    def secret(self) -> SecretSource:
        """The place of the password or the OAuth access token."""
        return SecretSource(f"{self.section}.password_file", self.password_file, self.credential, self._folder)

    def password(self) -> SecretStr:
        """The password or access token, read or requested at each login, so that a token never grows old.

        Raises :class:`daemon.base.errors.ConfigurationError`.
        """
        if self.token_command:
            return printed_secret(f"{self.section}.token_command", self.token_command)
        return self.secret.read()


class ImapFolders(Section):
    """Folders that show a mail's fate; people see these names in their mail client."""

    registered: Name = "Đã tiếp nhận"
    replies: Name = "Trả lời của đơn vị"
    held: Name = "Chờ xem xét"
    automatic: Name = "Thư tự động"
    other: Name = "Không xử lý"
    quarantine: Name = "Lỗi - cách ly"
    denunciation: Name = "Đơn tố cáo"

    def names(self) -> tuple[str, ...]:
        """All folder names, in the order above."""
        return tuple(str(getattr(self, name)) for name in type(self).model_fields)

    @model_validator(mode="after")
    def _all_different(self) -> Self:
        if len({name.casefold() for name in (*self.names(), "INBOX")}) <= len(self.names()):
            raise ValueError("two fates share one folder, or a folder is called INBOX; give each a name of its own")
        return self


class ImapSettings(ServerSettings):
    """How the mailbox is read: ``batch`` mails per FETCH; ``poll_seconds`` between polls without IDLE."""

    section: ClassVar[str] = "imap"
    ports: ClassVar[dict[str, int]] = {"implicit": 993, "starttls": 143, "none": 143}

    user: Name
    credential: Line = "imap-password"
    batch: Annotated[int, Field(ge=1, le=1000)] = 50
    idle: bool = True
    poll_seconds: Seconds = 60
    folder_prefix: Line = ""
    folders: ImapFolders = ImapFolders()

    def for_client(self) -> ImapClientSettings:
        """The settings for the mailbox client, with the secret read now. Raises ``ConfigurationError``."""
        return ImapClientSettings(
            host=self.host,
            port=self.port,
            tls=self.tls,
            user=self.user,
            auth=self.auth,
            secret=self.password().get_secret_value(),
            ca_file=str(self.ca_file or ""),
            timeout_seconds=self.timeout_seconds,
            batch=self.batch,
            folder_prefix=self.folder_prefix,
        )


class SmtpSettings(ServerSettings):
    """How mail is sent. Without ``user`` there is no login; ``helo`` "" = this machine's name."""

    section: ClassVar[str] = "smtp"
    ports: ClassVar[dict[str, int]] = {"implicit": 465, "starttls": 587, "none": 25}

    credential: Line = "smtp-password"
    connections: Annotated[int, Field(ge=1, le=20)] = 3
    helo: Line = ""
