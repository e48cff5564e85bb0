"""Sections about what others may read: the calendar feed, the publication folder, the read-only pages.

Also the sections about watching the service itself: figures, alarms by a second path, the pilot beside people.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from daemon.config.base import EmailAddress, FilePath, Line, Section, is_loopback
from daemon.config.mail import SmtpSettings

BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def _none_when_empty(value: Any) -> Any:
    return None if value == "" else value


class CalendarSettings(Section):
    """``file``: an iCalendar file (RFC 5545) of sessions and duties that the daemon keeps up to date."""

    file: FilePath | None = None

    _empty = field_validator("file", mode="before")(_none_when_empty)


class PublicationSettings(Section):
    """``folder``: where approved answers are stored for the portal; ``base_url``: its address on the web."""

    folder: FilePath | None = None
    base_url: Line = ""
    feed_entries: Annotated[int, Field(ge=1, le=1000)] = 50

    _empty = field_validator("folder", mode="before")(_none_when_empty)

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

    @field_validator("file", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value

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
