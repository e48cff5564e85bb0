"""Troubles of the service itself, as data: each has a kind and the facts of it.

Administrators read them in English, by ``status``, ``check`` and the log; what is sent about them is written
by the template ``admin_alarm`` (:mod:`daemon.monitoring.alarms`).
"""

from __future__ import annotations

import base64
import imaplib
import json
import shutil
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias

from daemon.base.errors import ConfigurationError
from daemon.config.config import Config
from daemon.config.mail import ServerSettings
from daemon.config.sections import AlarmSettings
from db.core.engine import sqlite_path
from db.reports.figures import Figures
from rules.law.working_days import Calendar, amendment_asked, city_day, unconfirmed_years

DAY = 86_400.0
EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED (OpenSSL, x509_vfy.h)."""
ASKED_SECONDS = 5.0
"""For each step of asking a server for its certificate, at most: five steps stay well under the watchdog's time."""
BACKUP_REMEDY = "journalctl -u doithoai-backup; systemctl enable --now doithoai-backup.timer"

ENGLISH: Mapping[str, str] = {
    "backup": f"the last backup is {{hours}} hours old: {BACKUP_REMEDY}",
    "backup_none": f"there is no backup, and the register is {{hours}} hours old: {BACKUP_REMEDY}",
    "backup_over": "over: there is a backup of these days again",
    "calendar": "the days off of {year} are not confirmed by the official notice, so that due dates in it are"
    " provisional; compare those of calendar.tsv (doithoai calendar check) with the notice, then write it down:"
    " doithoai calendar confirm {year} --basis …",
    "calendar_amended": "look whether a notice amends the days off around {year}-{month:02}-{day:02}, then write it"
    " down: doithoai calendar confirm {year} --basis …",
    "calendar_over": "over: the days off are confirmed by their notice",
    "certificate": "{host}: the certificate ends in {days} days",
    "certificate_expired": "{host}: the certificate has expired",
    "certificate_over": "over: the certificate has been renewed",
    "clock": "the mail server's clock is {seconds} s ahead of this one",
    "clock_back": "the last look into the mailbox is {minutes} minutes ahead of this clock, which was set back",
    "clock_ahead": "the last pass was {days} days ago: if this clock is right, the next mail that comes shows it, or"
    " a day that goes by; until then nothing is decided or sent. If it is wrong, set it",
    "clock_over": "over: the clocks agree again",
    "database": "the register has not been readable for {minutes} minutes",
    "database_over": "over: the register can be read again",
    "disk": "{percent} % of the disk under {folder} is free",
    "disk_over": "over: there is room on the disk again",
    "failed": "{number} mails of the last day could not be delivered; the officers have been told",
    "failed_over": "over: no more mails are refused",
    "outbox": "mail has been waiting to leave for {minutes} minutes",
    "outbox_over": "over: no mail waits too long to leave",
    "poll": "the mailbox has not been read for {minutes} minutes",
    "poll_never": "the mailbox has not been read yet",
    "poll_stopped": "no daemon runs, and the mailbox was last read {minutes} minutes ago: journalctl -u doithoai;"
    " systemctl start doithoai",
    "poll_over": "over: the mailbox is being read again",
    "quarantine": "{number} mails in quarantine: doithoai mail list --status quarantined",
    "quarantine_over": "over: the quarantine is empty",
    "smtp": "mail out has stopped: {reply}",
    "smtp_over": "over: mail leaves again",
    "token": "{server}: the OAuth token ends in {minutes} minutes",
    "token_expired": "{server}: the OAuth token has expired; it must be renewed",
    "token_unreadable": "{server}: the OAuth token cannot be read: {fault}",
    "token_over": "over: the OAuth token has been renewed",
}
"""Every kind of trouble, and the all-clear of each ("…_over"), with its facts."""
OVER = "_over"
Facts: TypeAlias = Mapping[str, str | int]
OF_FIGURES: tuple[str, ...] = ("poll", "outbox", "smtp", "failed", "quarantine", "clock", "database", "backup")
"""Troubles that can be reported, or declared over, only by reading the register."""
_OF_FILES: tuple[str, ...] = ("calendar", "disk", "token:imap", "token:smtp")
"""``calendar`` was the key of every year's days off up to 0.2: it is only declared over."""
_AMENDED = "calendar:amended"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble, or its all-clear. ``key`` is reported once a day; ``kind`` stands in :data:`ENGLISH`.

    ``facts`` are what its texts name: whole numbers, names, the words of a server; no personal data.
    """

    key: str
    kind: str
    facts: Facts = field(default_factory=dict)

    @property
    def text(self) -> str:
        """One English line."""
        return ENGLISH[self.kind].format(**self.facts)


def of_files(today: date) -> tuple[str, ...]:
    """Keys of the troubles that show without the register; each year's days off are a trouble of its own."""
    return *_OF_FILES, _AMENDED, *(_of_year(today.year + off) for off in (-1, 0, 1))


def _of_year(year: int) -> str:
    return f"calendar:{year}"


def over(key: str) -> Trouble:
    """The all-clear of the trouble with this key."""
    return Trouble(key, f"{key.partition(':')[0]}{OVER}")


def troubles(config: Config, figures: Figures, calendar: Calendar, now: datetime) -> Iterator[Trouble]:
    """The troubles that show in figures, files and the calendar, without asking a server."""
    limits = config.alarm
    silent = None if figures.since_poll is None else figures.since_poll / 60
    if silent is None:
        yield Trouble("poll", "poll_never")
    elif figures.daemon_stays and figures.daemon_runs is False:
        yield Trouble("poll", "poll_stopped", {"minutes": max(0, round(silent))})
    elif silent > limits.poll_minutes:
        yield Trouble("poll", "poll", {"minutes": round(silent)})
    waits = None if config.run.shadow else figures.oldest_unsent  # a pilot's outbox is meant to wait
    if waits is not None and waits > limits.outbox_minutes * 60:
        yield Trouble("outbox", "outbox", {"minutes": round(waits / 60)})
    if figures.channel_halted and not config.run.shadow:
        yield Trouble("smtp", "smtp", {"reply": figures.channel_halted})
    if figures.failed_lately >= limits.failed_mails:
        yield Trouble("failed", "failed", {"number": figures.failed_lately})
    if number := figures.mails.get("quarantined", 0):
        yield Trouble("quarantine", "quarantine", {"number": number})
    if figures.clock_doubted:
        yield Trouble("clock", "clock_ahead", {"days": round((figures.since_pass or 0.0) / DAY)})
    elif silent is not None and silent < -limits.poll_minutes:
        yield Trouble("clock", "clock_back", {"minutes": round(-silent)})
    elif figures.server_ahead is not None and figures.server_ahead > limits.clock_seconds:
        yield Trouble("clock", "clock", {"seconds": round(figures.server_ahead)})
    yield from overdue(config, figures.since_backup, figures.since_first_entry)
    yield from near_causes(config, calendar, now)


def overdue(config: Config, since_last: float | None, since_first_entry: float | None) -> Iterator[Trouble]:
    """The trouble when the last backup, or a register without one, is older than ``alarm.backup_hours``; in seconds.

    ``backup_hours = 0`` turns the alarm off, and there is none with PostgreSQL.
    """
    age = since_first_entry if since_last is None else since_last
    limit = config.alarm.backup_hours * 3600
    if limit and age is not None and age > limit and sqlite_path(config.database.url) is not None:
        kind = "backup" if since_last is not None else "backup_none"
        yield Trouble("backup", kind, {"hours": round(age / 3600)})


def near_causes(config: Config, calendar: Calendar, now: datetime) -> Iterator[Trouble]:
    """The troubles that show without the register too."""
    yield from of_calendar(city_day(now), calendar)
    yield from _disk(config)
    for server in (config.imap, config.smtp):
        yield from _token(server, config.alarm, now)


def of_calendar(today: date, calendar: Calendar) -> Iterator[Trouble]:
    """What must be done about the days off: one trouble for each unconfirmed year, and one for amendments."""
    for year in unconfirmed_years(today, calendar):
        yield Trouble(_of_year(year), "calendar", {"year": year})
    holiday = amendment_asked(today, calendar)
    if holiday is not None:
        basis = calendar.table.years[today.year].basis
        when: Facts = {"year": today.year, "day": holiday.day, "month": holiday.month}
        yield Trouble(_AMENDED, "calendar_amended", {**when, "basis": basis})


def _disk(config: Config) -> Iterator[Trouble]:
    path = sqlite_path(config.database.url)
    if path is None or not path.parent.is_dir():
        return
    usage = shutil.disk_usage(path.parent)
    free = 100 * usage.free // usage.total
    if free < config.alarm.disk_free_percent:
        yield Trouble("disk", "disk", {"folder": str(path.parent), "percent": free})


def _token(server: ServerSettings, limits: AlarmSettings, now: datetime) -> Iterator[Trouble]:
    """An access token past the end that it states (RFC 7519 §4.1.4, ``exp``), or a token file grown old."""
    if server.auth != "xoauth2" or server.token_command:  # a command runs at each login, not once a minute
        return
    key = f"token:{server.section}"
    try:
        left = token_seconds_left(server.password().get_secret_value(), now)
    except ConfigurationError as error:
        yield Trouble(key, "token_unreadable", {"server": server.section, "fault": str(error)})
        return
    if left is not None and left < 0:
        yield Trouble(key, "token_expired", {"server": server.section})
    elif left is not None and left < limits.poll_minutes * 60:
        yield Trouble(key, "token", {"server": server.section, "minutes": round(left / 60)})


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


def certificates(
    config: Config, now: datetime, alive: Callable[[], None] = lambda: None
) -> dict[str, Trouble | None]:
    """The trouble with each server's certificate, by its key; None where the certificate is good.

    ``alive`` is called before each server, which has :data:`ASKED_SECONDS` for each step.
    A server that does not answer is left out: that is a trouble of another kind.
    """
    found: dict[str, Trouble | None] = {}
    for server in (config.imap, config.smtp):
        key = f"certificate:{server.section}"
        alive()
        try:
            ends = None if server.tls == "none" else certificate_ends(server)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code == EXPIRED:
                found[key] = Trouble(key, "certificate_expired", {"host": server.host})
            continue
        if ends is not None:
            days = (ends - now).total_seconds() / DAY
            few = days < config.alarm.certificate_days
            found[key] = Trouble(key, "certificate", {"host": server.host, "days": round(days)}) if few else None
    return found


def certificate_ends(server: ServerSettings) -> datetime | None:
    """When the server's certificate expires; None when the server cannot be asked.

    Raises :class:`ssl.SSLCertVerificationError` for a certificate that cannot be trusted, such as an expired one.
    """
    seconds = min(server.timeout_seconds, ASKED_SECONDS)
    show = _shown if server.tls == "implicit" else _shown_by_imap if server.section == "imap" else _shown_by_smtp
    try:
        context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
        values = show(server, context, seconds)
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
        return None
    end = values.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None


def _shown(server: ServerSettings, context: ssl.SSLContext, seconds: float) -> Mapping[str, object]:
    with (
        socket.create_connection((server.host, server.port), seconds) as plain,
        context.wrap_socket(plain, server_hostname=server.host) as line,
    ):
        return line.getpeercert() or {}


def _shown_by_smtp(server: ServerSettings, context: ssl.SSLContext, seconds: float) -> Mapping[str, object]:
    """The certificate shown after STARTTLS (RFC 3207)."""
    with smtplib.SMTP(server.host, server.port, timeout=seconds) as line:
        line.starttls(context=context)
        return _certificate(line.sock)


def _shown_by_imap(server: ServerSettings, context: ssl.SSLContext, seconds: float) -> Mapping[str, object]:
    """The certificate shown after STARTTLS (RFC 9051 §6.2.1)."""
    with imaplib.IMAP4(server.host, server.port, timeout=seconds) as line:
        line.starttls(ssl_context=context)
        return _certificate(line.sock)


def _certificate(line: object) -> Mapping[str, object]:
    return (line.getpeercert() or {}) if isinstance(line, ssl.SSLSocket) else {}
