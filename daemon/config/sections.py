"""The sections of the configuration that are not about mail servers.

About people: the Editorial Board, the Office, the units' addresses, further proof of a sender, and files that must
not be passed on. About what others may read: the calendar feed, the publication folder, the read-only pages. About
watching the service itself: figures, alarms by a second path, the pilot beside people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from daemon.config.base import (
    Domain,
    EmailAddress,
    FilePath,
    Line,
    Name,
    Seconds,
    Section,
    is_loopback,
    none_when_empty,
)
from daemon.config.mail import SmtpSettings
from rules.values.register_number import DEFAULT_PREFIX


class PersonSettings(Section):
    """A person or an office that gets mail."""

    name: Name
    email: EmailAddress


class HeadSettings(PersonSettings):
    """The Head of the Board; during the Head's absence, both days included, the deputy is asked to approve."""

    deputy_name: Line = ""
    deputy_email: EmailAddress | None = None
    absent_from: date | None = None
    absent_until: date | None = None

    @model_validator(mode="after")
    def _absence_makes_sense(self) -> Self:
        if (self.absent_from is None) != (self.absent_until is None):
            raise ValueError("an absence needs both absent_from and absent_until")
        if self.absence is not None and self.absence[0] > self.absence[1]:
            raise ValueError("absent_from is after absent_until")
        if self.absence is not None and self.deputy_email is None:
            raise ValueError("an absence needs a deputy: deputy_name and deputy_email")
        return self

    @property
    def absence(self) -> tuple[date, date] | None:
        """First and last day of absence, None while the Head is present."""
        if self.absent_from is None or self.absent_until is None:
            return None
        return self.absent_from, self.absent_until


class BoardSettings(Section):
    """The Editorial Board that signs every mail. ``prefix`` begins each register number (HP-2026-000123)."""

    name: Name
    city: Name = "Hải Phòng"
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,8}$", description="2 to 8 letters of A to Z, such as HP")] = (
        DEFAULT_PREFIX
    )
    phone: Line = ""
    website: Line = ""
    where_to_complain: str = ""
    privacy_contact: str = ""
    privacy_page: str = ""
    head: HeadSettings
    officers: Annotated[tuple[PersonSettings, ...], Field(min_length=1)]
    office: PersonSettings
    complaints: PersonSettings | None = None
    """The officer named for complaints and denunciations; without one, the first officer of the list."""
    approvers: Mapping[str, PersonSettings] = Field(default_factory=dict)
    """Those who approve papers beside the Head, by the profile's role; ``office`` is known already."""
    invited: Mapping[Line, EmailAddress] = Field(default_factory=dict)
    """Further addresses that the yearly review invites beside the units, by the name that the profile gives them."""

    def people(self) -> Iterator[tuple[str, PersonSettings]]:
        """Head, Office, officers and approvers, but not the Head's deputy, each with the key."""
        yield "board.head", self.head
        yield "board.office", self.office
        yield from ((f"board.officers[{number}]", one) for number, one in enumerate(self.officers, 1))
        if self.complaints is not None:
            yield "board.complaints", self.complaints
        yield from ((f"board.approvers.{role}", one) for role, one in self.approvers.items())

    def addresses(self) -> Iterator[tuple[str, str]]:
        """The address of each of these people and of the Head's deputy, each with the key."""
        yield from ((f"{name}.email", one.email) for name, one in self.people())
        if self.head.deputy_email:
            yield "board.head.deputy_email", self.head.deputy_email


EVERYBODYS = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "outlook.com", "outlook.com.vn"),
        *("hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "aol.com"),
        *("zoho.com", "gmx.com", "gmx.net", "mail.com", "mail.ru", "yandex.com", "fpt.vn", "vnn.vn", "hn.vnn.vn"),
    }
)
"""Public mail providers: anybody can have an address there, so their domains can prove no unit."""


class UnitSettings(Section):
    """A unit's official address; replies also count from ``other_addresses`` and from any address of ``domains``."""

    address: EmailAddress
    other_addresses: tuple[EmailAddress, ...] = ()
    domains: tuple[Domain, ...] = ()
    leader_name: Line = ""
    leader_email: EmailAddress | None = None

    @field_validator("domains")
    @classmethod
    def _of_the_unit_alone(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if domain.lower() in EVERYBODYS:
                raise ValueError(f"anybody may have an address at {domain}; name the unit's in other_addresses")
        return domains

    def addresses(self) -> tuple[str, ...]:
        """Every listed address, the official one first."""
        return (self.address, *self.other_addresses)


Role = Literal["unit", "officer", "head"]


class SignatureSettings(Section):
    """Digital signatures of attached PDF files: ``anchors`` is a folder of trusted certificates."""

    anchors: FilePath | None = None
    seconds: int = Field(default=20, ge=1, le=40)

    _empty = field_validator("anchors", mode="before")(none_when_empty)


class SmimeSettings(Section):
    """Who must sign (RFC 8551) for an act by mail, in addition to all other proof; nobody by default."""

    ca_file: FilePath | None = None
    required: tuple[Role, ...] = ()

    _empty = field_validator("ca_file", mode="before")(none_when_empty)

    @model_validator(mode="after")
    def _an_authority_to_believe(self) -> Self:
        if self.required and self.ca_file is None:
            text = "signatures are required, but no ca_file says whose certificates count; name it in smime.ca_file"
            raise ValueError(text)
        return self


class ScanSettings(Section):
    """clamd, by its socket or its TCP port on this machine (without TLS); neither = no scanner is asked."""

    socket: FilePath | None = None
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    timeout_seconds: Seconds = 30

    _empty = field_validator("socket", mode="before")(none_when_empty)

    @property
    def is_on(self) -> bool:
        """True when a scanner is asked; files are then held while it does not answer."""
        return self.socket is not None or self.port > 0


BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


class CalendarSettings(Section):
    """``file``: an iCalendar file (RFC 5545) of sessions and duties that the daemon keeps up to date."""

    file: FilePath | None = None

    _empty = field_validator("file", mode="before")(none_when_empty)


class PublicationSettings(Section):
    """``folder``: where approved answers are stored for the portal; ``base_url``: its address on the web."""

    folder: FilePath | None = None
    base_url: Line = ""
    feed_entries: Annotated[int, Field(ge=1, le=1000)] = 50

    _empty = field_validator("folder", mode="before")(none_when_empty)

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        plain = value.isascii() and " " not in value and not parts.query and not parts.fragment
        if value and not (plain and parts.scheme in {"http", "https"} and parts.hostname and parts.username is None):
            raise ValueError("must be a web address such as https://portal.example/hoi-dap")
        return value.rstrip("/")

    def address_of(self, path: str) -> str:
        """The portal's address of a file in the folder, "" when no base_url is configured."""
        return f"{self.base_url}/{path}" if self.base_url else ""


class WebSettings(Section):
    """``doithoai web``: where it listens (this machine only), and the path and names under which a proxy shows it."""

    listen: Line = "127.0.0.1:8374"
    base_path: Line = ""
    hosts: tuple[Line, ...] = ()

    @field_validator("listen")
    @classmethod
    def _only_at_home(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not (is_loopback(host) and port.isdecimal() and int(port) < 65536):
            raise ValueError('must be this machine and a port, such as "127.0.0.1:8374"')
        return value

    @field_validator("base_path")
    @classmethod
    def _is_a_path(cls, value: str) -> str:
        if not BASE_PATH.fullmatch(value.rstrip("/")):
            raise ValueError('must be a path such as "/doithoai"')
        return value.rstrip("/")

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(value.lower() for value in values)
        if not all(HOST.fullmatch(name) for name in names):
            raise ValueError('must be host names without port, such as "doithoai.noibo.example"')
        return names

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class MetricsSettings(Section):
    """Figures for Prometheus: ``file`` for its textfile collector, ``listen = "127.0.0.1:9374"`` to be scraped."""

    file: FilePath | None = None
    listen: Line = ""

    _empty = field_validator("file", mode="before")(none_when_empty)

    @field_validator("listen")
    @classmethod
    def _only_at_home(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (is_loopback(host) and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError('must be this machine and a port, such as "127.0.0.1:9374"')
        return value

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port, None when nothing listens."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.listen else None


class AlarmSmtpSettings(SmtpSettings):
    """A second mail server, for alarms only: it must not be the one that the alarm is about."""

    section: ClassVar[str] = "alarm.smtp"

    credential: Line = "alarm-password"
    sender: EmailAddress
    to: Annotated[tuple[EmailAddress, ...], Field(min_length=1)]


class AlarmSettings(Section):
    """Who is told when the service itself is in trouble, and the thresholds of trouble."""

    command: tuple[str, ...] = ()
    smtp: AlarmSmtpSettings | None = None
    poll_minutes: Annotated[int, Field(ge=2)] = 15
    outbox_minutes: Annotated[int, Field(ge=5)] = 60
    failed_mails: Annotated[int, Field(ge=1)] = 3
    certificate_days: Annotated[int, Field(ge=1)] = 14
    disk_free_percent: Annotated[int, Field(ge=1, le=50)] = 10
    clock_seconds: Annotated[int, Field(ge=5)] = 120
    backup_hours: Annotated[int, Field(ge=0, le=8760)] = 50

    @property
    def is_on(self) -> bool:
        """True when at least one way to send an alarm is configured."""
        return bool(self.command or self.smtp)


class RunSettings(Section):
    """``shadow``: a pilot beside people; the mailbox is only read, and outgoing mail stays in the outbox."""

    shadow: bool = False


class DeskSettings(Section):
    """``answer_delay_minutes``: how long an answer waits, and can be taken back, before it leaves for the citizen."""

    answer_delay_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
