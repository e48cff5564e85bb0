"""Troubles of the service itself, reported by a second path: once a day, and when a trouble is over.

The first path, the mailbox's own server, may be what is broken: an alarm uses a command or another server.
"""

from __future__ import annotations

import asyncio
import base64
import imaplib
import json
import secrets
import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from daemon.base.errors import ConfigurationError, DoithoaiError
from daemon.base.logs import Log
from daemon.config.config import Config
from daemon.config.database import looking, transaction
from daemon.config.mail import ServerSettings
from daemon.config.sections import AlarmSettings, AlarmSmtpSettings
from daemon.smtp.outcomes import OutgoingMail, SendResult
from daemon.smtp.sender import Sender
from db.core import counters
from db.core.engine import sqlite_path
from db.reports.figures import Figures
from rules.law.working_days import Calendar, calendar_warnings, city_day

log = Log("alarms")

COMMAND_SECONDS = 30.0
DAY = 86_400.0
BACKUP_REMEDY = "journalctl -u doithoai-backup; systemctl enable --now doithoai-backup.timer"
EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED (OpenSSL, x509_vfy.h)."""


OVER = {
    "backup": "đã có bản sao lưu mới",
    "calendar": "lịch nghỉ đã được đối chiếu với thông báo chính thức",
    "certificate": "chứng thư của máy chủ đã được gia hạn",
    "clock": "đồng hồ hai máy đã khớp",
    "database": "sổ theo dõi đã đọc được trở lại",
    "disk": "ổ đĩa đã có chỗ trống",
    "failed": "không còn thư bị từ chối",
    "outbox": "không còn thư chờ gửi quá lâu",
    "poll": "hộp thư đã đọc được trở lại",
    "quarantine": "không còn thư cách ly",
    "smtp": "thư đã gửi đi được trở lại",
    "token": "mã OAuth đã được gia hạn",
}
"""The all-clear text of each trouble, by the part of its key before the colon; in Vietnamese, as it leaves."""
OF_FIGURES: tuple[str, ...] = ("poll", "outbox", "smtp", "failed", "quarantine", "clock", "database", "backup")
"""Troubles that only a reader of the register can report, or declare over."""
OF_FILES: tuple[str, ...] = ("calendar", "disk", "token:imap", "token:smtp")
CALM = timedelta(minutes=10)
"""How long a trouble must be gone before it is declared over: one that comes and goes is reported as one."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble; ``key`` is reported once a day, ``text`` is one Vietnamese line without personal data."""

    key: str
    text: str


def troubles(config: Config, found: Figures, calendar: Calendar, now: datetime) -> Iterator[Alarm]:
    """The troubles that show in figures, files and the calendar, without asking a server."""
    limits = config.alarm
    silent = None if found.since_poll is None else found.since_poll / 60
    if silent is None or silent > limits.poll_minutes:
        since = "" if silent is None else f" {silent:.0f} phút nay"
        yield Alarm("poll", f"chưa đọc được hộp thư{since}")
    waits = None if config.run.shadow else found.oldest_unsent  # a pilot's outbox is meant to wait
    if waits is not None and waits > limits.outbox_minutes * 60:
        yield Alarm("outbox", f"thư chờ gửi đã {waits / 60:.0f} phút")
    if found.channel_halted and not config.run.shadow:
        yield Alarm("smtp", f"ngừng gửi thư: {found.channel_halted}")
    if found.failed_lately >= limits.failed_mails:
        yield Alarm("failed", f"{found.failed_lately} thư trong một ngày qua không gửi đến được; cán bộ đã được báo")
    if number := found.mails.get("quarantined", 0):
        yield Alarm("quarantine", f"{number} thư đang cách ly: doithoai mail list --status quarantined")
    if silent is not None and silent < -limits.poll_minutes:
        yield Alarm(
            "clock", f"lần đọc hộp thư cuối ghi giờ sau giờ máy này {-silent:.0f} phút: đồng hồ máy này bị lùi"
        )
    elif found.server_ahead is not None and found.server_ahead > limits.clock_seconds:
        yield Alarm("clock", f"đồng hồ máy chủ thư nhanh hơn máy này {found.server_ahead:.0f} giây")
    if late := overdue(config, found.since_backup, found.since_first_entry):
        yield Alarm("backup", late)
    yield from near_causes(config, calendar, now)


def overdue(config: Config, since_last: float | None, since_first_entry: float | None) -> str:
    """One line where the last backup, or a register without any, is older than ``alarm.backup_hours``; otherwise "".

    ``backup_hours = 0`` turns the alarm off, and there is none with PostgreSQL.
    """
    age = since_first_entry if since_last is None else since_last
    limit = config.alarm.backup_hours * 3600
    if not limit or age is None or age <= limit or sqlite_path(config.database.url) is None:
        return ""
    what = "bản sao lưu cuối đã" if since_last is not None else "chưa có bản sao lưu, sổ theo dõi đã có"
    return f"{what} {age / 3600:.0f} giờ: {BACKUP_REMEDY}"


def near_causes(config: Config, calendar: Calendar, now: datetime) -> Iterator[Alarm]:
    """The troubles that show without the register too."""
    for text in calendar_warnings(city_day(now), calendar):
        yield Alarm("calendar", text)
    yield from _disk(config)
    for server in (config.imap, config.smtp):
        yield from _token(server, config.alarm, now)


def _disk(config: Config) -> Iterator[Alarm]:
    path = sqlite_path(config.database.url)
    if path is None or not path.parent.is_dir():
        return
    usage = shutil.disk_usage(path.parent)
    free = 100 * usage.free // usage.total
    if free < config.alarm.disk_free_percent:
        yield Alarm("disk", f"ổ đĩa của {path.parent} chỉ còn trống {free} %")


def _token(server: ServerSettings, limits: AlarmSettings, now: datetime) -> Iterator[Alarm]:
    """An access token past the end that it states (RFC 7519 §4.1.4, ``exp``), or a token file grown old."""
    if server.auth != "xoauth2" or server.token_command:  # a command runs at each login, not once a minute
        return
    key = f"token:{server.section}"
    try:
        left = token_seconds_left(server.password().get_secret_value(), now)
    except ConfigurationError as error:
        yield Alarm(key, f"{server.section}: không đọc được mã OAuth: {error}")
        return
    if left is not None and left < 0:
        yield Alarm(key, f"{server.section}: mã OAuth đã hết hạn, cần gia hạn")
    elif left is not None and left < limits.poll_minutes * 60:
        yield Alarm(key, f"{server.section}: mã OAuth còn hạn {left / 60:.0f} phút")


def token_seconds_left(token: str, now: datetime) -> float | None:
    """Seconds until a JWT expires, None for a token that states no end."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return float(claims["exp"]) - now.timestamp()
    except (ValueError, KeyError, TypeError):
        return None


def certificates(config: Config, now: datetime) -> dict[str, str]:
    """The fault of each server's certificate, by the trouble's name; "" where the certificate is good.

    A server that does not answer is left out: that is a trouble of another kind.
    """
    found: dict[str, str] = {}
    for server in (config.imap, config.smtp):
        key = f"certificate:{server.section}"
        try:
            ends = None if server.tls == "none" else certificate_ends(server)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code == EXPIRED:
                found[key] = f"{server.host}: chứng thư đã hết hạn"
            continue
        if ends is not None:
            days = (ends - now).total_seconds() / DAY
            few = days < config.alarm.certificate_days
            found[key] = f"{server.host}: chứng thư còn hạn {days:.0f} ngày" if few else ""
    return found


def certificate_ends(server: ServerSettings) -> datetime | None:
    """When the server's certificate expires; None when the server cannot be asked.

    Raises :class:`ssl.SSLCertVerificationError` for a certificate that cannot be trusted, such as an expired one.
    """
    show = _shown if server.tls == "implicit" else _shown_by_imap if server.section == "imap" else _shown_by_smtp
    try:
        told = show(server, ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None))
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
        return None
    end = told.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None


def _shown(server: ServerSettings, context: ssl.SSLContext) -> Mapping[str, object]:
    with (
        socket.create_connection((server.host, server.port), server.timeout_seconds) as plain,
        context.wrap_socket(plain, server_hostname=server.host) as line,
    ):
        return line.getpeercert() or {}


def _shown_by_smtp(server: ServerSettings, context: ssl.SSLContext) -> Mapping[str, object]:
    """The certificate shown after STARTTLS (RFC 3207)."""
    with smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds) as line:
        line.starttls(context=context)
        return _certificate(line.sock)


def _shown_by_imap(server: ServerSettings, context: ssl.SSLContext) -> Mapping[str, object]:
    """The certificate shown after STARTTLS (RFC 9051 §6.2.1)."""
    with imaplib.IMAP4(server.host, server.port, timeout=server.timeout_seconds) as line:
        line.starttls(ssl_context=context)
        return _certificate(line.sock)


def _certificate(line: object) -> Mapping[str, object]:
    return (line.getpeercert() or {}) if isinstance(line, ssl.SSLSocket) else {}


@dataclass(slots=True)
class Bell:
    """The alarms sent so far: the city's day on which each trouble was last reported, "" once it was declared over.

    The database keeps them, over a restart and for several daemons; memory does while the database is the trouble.
    """

    engine: Engine
    known: dict[str, str] = field(default_factory=dict)
    """The content of the database when it could last be read."""
    unnoted: dict[str, str] = field(default_factory=dict)
    """What could not be written to the database."""
    gone: dict[str, datetime] = field(default_factory=dict)
    """Since when each reported trouble has no longer been seen."""

    def ring(self, config: Config, alarms: Iterable[Alarm], looked: Iterable[str], now: datetime) -> list[Alarm]:
        """Report each trouble not reported today; declare over those of ``looked`` (the keys checked) that are gone.

        Returns what was reported. A way that fails is tried again at the next look.
        """
        told: list[Alarm] = []
        today, seen = city_day(now).isoformat(), set()
        for alarm in alarms:
            seen.add(alarm.key)
            self.gone.pop(alarm.key, None)
            if self._told(alarm.key) != today:
                log.error("alarm", about=alarm.key, text=alarm.text)
                if tell(config, alarm, now):
                    self._note(alarm.key, today)
                    told.append(alarm)
        for key in looked:
            if key not in seen and self._told(key) and now - self.gone.setdefault(key, now) >= CALM:
                told += self._call_over(config, key, now)
        return told

    def _call_over(self, config: Config, key: str, now: datetime) -> list[Alarm]:
        alarm = Alarm(key, f"đã hết sự cố: {OVER[key.partition(':')[0]]}")
        log.warning("alarm_over", about=key)
        if not tell(config, alarm, now):
            return []
        self._note(key, "")
        del self.gone[key]
        return [alarm]

    def _told(self, key: str) -> str:
        if key in self.unnoted:
            return self.unnoted[key]
        with suppress(DoithoaiError, SQLAlchemyError), looking(self.engine) as connection:
            self.known[key] = counters.get_state(connection, f"alarm:{key}")
        return self.known.get(key, "")

    def _note(self, key: str, day: str) -> None:
        self.unnoted[key] = day
        try:
            with transaction(self.engine) as connection:
                counters.set_state(connection, f"alarm:{key}", day)
        except (DoithoaiError, SQLAlchemyError) as error:
            log.failure("alarm_not_noted", error, about=key)
        else:
            del self.unnoted[key]


def tell(config: Config, alarm: Alarm, now: datetime) -> bool:
    """Send by every configured way; True when one of them worked, or when there is only the log."""
    if not config.alarm.is_on:
        return True
    ways: list[Callable[[], bool]] = []
    if config.alarm.command:
        ways.append(lambda: _by_command(config.alarm.command, alarm))
    if config.alarm.smtp is not None:
        ways.append(lambda: _by_mail(config.alarm.smtp, config, alarm, now))
    worked = [way() for way in ways]  # try all of them, not up to the first success
    return any(worked)


def _by_command(command: tuple[str, ...], alarm: Alarm) -> bool:
    """Run the command with the text on standard input and the key as the last argument; no shell in between."""
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command
            [*command, alarm.key], input=alarm.text + "\n", text=True, timeout=COMMAND_SECONDS, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("alarm_command_failed", error=type(error).__name__)
        return False
    if done.returncode:
        log.error("alarm_command_failed", code=done.returncode)
    return not done.returncode


def _by_mail(settings: AlarmSmtpSettings | None, config: Config, alarm: Alarm, now: datetime) -> bool:
    if settings is None:
        return False
    results: list[SendResult] = []
    mails = [
        OutgoingMail(number, settings.sender, to, _letter(settings.sender, to, config, alarm, now))
        for number, to in enumerate(settings.to)
    ]
    try:
        asyncio.run(Sender(settings).send_all(mails, results.append))
    except DoithoaiError as error:
        log.failure("alarm_mail_failed", error)
        return False
    return any(result.outcome == "sent" for result in results)


def _letter(sender: str, to: str, config: Config, alarm: Alarm, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = f"[doithoai] Cảnh báo {alarm.key}: {config.mailbox.address}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{secrets.token_hex(10)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{alarm.text}\n\n{config.mailbox.address}, {socket.gethostname()}, {now.isoformat()}\n")
    return mail.as_bytes()
