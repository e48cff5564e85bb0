"""Sections about watching the service itself: figures, alarms by a second path, the pilot beside people."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from daemon.config_base import EmailAddress, FilePath, Line, Section, is_loopback
from daemon.config_mail import SmtpSettings


class MetricsSettings(Section):
    """Figures for Prometheus: ``file`` for its textfile collector, ``listen = "127.0.0.1:9374"`` for itself."""

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
    """A second mail server, for alarms alone: it must not be the one that the alarm is about."""

    section: ClassVar[str] = "alarm.smtp"

    credential: Line = "alarm-password"
    sender: EmailAddress
    to: Annotated[tuple[EmailAddress, ...], Field(min_length=1)]


class AlarmSettings(Section):
    """Whom to tell when the service itself is in trouble, and from when on something is trouble."""

    command: tuple[str, ...] = ()
    smtp: AlarmSmtpSettings | None = None
    poll_minutes: Annotated[int, Field(ge=2)] = 15
    outbox_minutes: Annotated[int, Field(ge=5)] = 60
    certificate_days: Annotated[int, Field(ge=1)] = 14
    disk_free_percent: Annotated[int, Field(ge=1, le=50)] = 10
    clock_seconds: Annotated[int, Field(ge=5)] = 120

    @property
    def is_on(self) -> bool:
        """True when there is a way to tell anybody."""
        return bool(self.command or self.smtp)


class RunSettings(Section):
    """``shadow``: a pilot beside people; the mailbox is only read, and what would leave stays in the outbox."""

    shadow: bool = False
