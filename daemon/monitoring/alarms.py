"""Alarms: troubles of the service reported by a second path, once a day, and when a trouble is over.

The first path, the mailbox's own server, may be what is broken: an alarm uses a command or another server. Its words
are Vietnamese, as everything that leaves (``mail_templates/admin_alarm.txt.j2``).
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from daemon.base.errors import DoithoaiError
from daemon.base.logs import Log
from daemon.config.database import looking, transaction
from daemon.config.sections import AlarmSmtpSettings
from daemon.installation.installation import Installation
from daemon.letters import mime
from daemon.letters.views import Draft
from daemon.monitoring.troubles import OVER, Trouble, over
from daemon.smtp.outcomes import OutgoingMail, SendResult
from daemon.smtp.sender import Sender, with_pulse
from db.core import counters
from rules.law.working_days import city_day
from rules.values.model import Notice, Recipient

log = Log("alarms")

COMMAND_SECONDS = 30.0
CALM = timedelta(minutes=10)
"""How long a trouble must be gone before it is declared over: one that comes and goes is reported as one."""


@dataclass(slots=True)
class Bell:
    """The alarms sent so far: the city's day on which each trouble was last reported, "" once it was declared over.

    The database keeps them, over a restart and for several daemons; memory does while that fails.
    """

    engine: Engine
    alive: Callable[[], None] = lambda: None
    known: dict[str, str] = field(default_factory=dict)
    """The content of the database when it could last be read."""
    unnoted: dict[str, str] = field(default_factory=dict)
    """What could not be written to the database."""
    gone: dict[str, datetime] = field(default_factory=dict)
    """Since when each reported trouble has no longer been seen."""

    def ring(
        self, installation: Installation, alarms: Iterable[Trouble], looked: Iterable[str], now: datetime
    ) -> list[Trouble]:
        """Report each trouble not reported today; declare over those of ``looked`` (the keys checked) that are gone.

        Returns what was reported. A way that fails is tried again at the next look.
        """
        told: list[Trouble] = []
        today, seen = city_day(now).isoformat(), set()
        for alarm in alarms:
            seen.add(alarm.key)
            self.gone.pop(alarm.key, None)
            if self._told(alarm.key) != today:
                log.error("alarm", about=alarm.key, text=alarm.text)
                if tell(installation, alarm, now, self.alive):
                    self._note(alarm.key, today)
                    told.append(alarm)
        for key in looked:
            if key not in seen and self._told(key) and now - self.gone.setdefault(key, now) >= CALM:
                told += self._call_over(installation, key, now)
        return told

    def _call_over(self, installation: Installation, key: str, now: datetime) -> list[Trouble]:
        alarm = over(key)
        log.warning("alarm_over", about=key)
        if not tell(installation, alarm, now, self.alive):
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


@dataclass(frozen=True, slots=True)
class Words:
    """The texts that are sent about a trouble: one line, and the text of a mail."""

    line: str
    text: str


def words_of(installation: Installation, alarm: Trouble, now: datetime) -> Words:
    """The Vietnamese words; the English line if the operator's own template fails, since an alarm must not fail."""
    values = {
        "kind": alarm.kind,
        "facts": alarm.facts,
        "over": alarm.kind.endswith(OVER),
        "machine": socket.gethostname(),
    }
    notice = Notice("admin_alarm", Recipient("", "", "admin"), "", alarm.key, values)
    try:
        return Words(*installation.composer.words(Draft(notice, None, "", "", "", now)))
    except mime.UnsafeMail as error:
        log.failure("alarm_not_written", error, about=alarm.key)
        return Words(alarm.text, alarm.text)


def tell(installation: Installation, alarm: Trouble, now: datetime, alive: Callable[[], None] = lambda: None) -> bool:
    """Send by every configured way; True when one of them worked, or when there is only the log.

    ``alive`` is called before each way, and again and again while a server is waited for.
    """
    settings = installation.config.alarm
    if not settings.is_on:
        return True
    words = words_of(installation, alarm, now)
    ways: list[Callable[[], bool]] = []
    if settings.command:
        ways.append(lambda: _by_command(settings.command, alarm.key, words.line))
    if settings.smtp is not None:
        ways.append(lambda: _by_mail(settings.smtp, alarm.key, words, now, alive))
    worked = []
    for way in ways:  # try all of them, not up to the first success
        alive()
        worked.append(way())
    return any(worked)


def _by_command(command: tuple[str, ...], key: str, line: str) -> bool:
    """Run the command with the line on standard input and the key as the last argument; no shell in between."""
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command
            [*command, key], input=line + "\n", text=True, timeout=COMMAND_SECONDS, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("alarm_command_failed", error=type(error).__name__)
        return False
    if done.returncode:
        log.error("alarm_command_failed", code=done.returncode)
    return not done.returncode


def _by_mail(
    settings: AlarmSmtpSettings | None, key: str, words: Words, now: datetime, alive: Callable[[], None]
) -> bool:
    if settings is None:
        return False
    results: list[SendResult] = []
    try:
        mails = [
            OutgoingMail(number, settings.sender, to, _letter(settings.sender, to, key, words, now))
            for number, to in enumerate(settings.to)
        ]
        asyncio.run(with_pulse(Sender(settings).send_all(mails, results.append), alive))
    except DoithoaiError as error:
        log.failure("alarm_mail_failed", error)
        return False
    return any(result.outcome == "sent" for result in results)


def _letter(sender: str, to: str, key: str, words: Words, now: datetime) -> bytes:
    """A mail of plain text, its fields written as those of all our mails: the library loses blanks where it folds."""
    own = mime.ascii_address(sender, "the alarm's own")
    head = (
        mime.mailbox(b"From", "", own),
        mime.mailbox(b"To", "", mime.ascii_address(to)),
        mime.unstructured(b"Subject", f"[doithoai {key}] {words.line}"),
        mime.date(now),
        mime.message_ids(b"Message-ID", (f"{secrets.token_hex(10)}@{own.rpartition('@')[2]}",)),
        b"Auto-Submitted: auto-generated\r\nContent-Language: vi\r\nMIME-Version: 1.0\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
    )
    return b"".join(head) + mime.quoted_printable(words.text)
