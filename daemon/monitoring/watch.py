"""Watches the service itself and reports on it.

It shows figures, sends alarms, and reads the rules again at SIGHUP. It also tells systemd its state (sd_notify(3)):
one datagram to the socket named in NOTIFY_SOCKET; without that variable, that is, outside systemd, every call does
nothing.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from daemon.base.errors import ConfigurationError, DoithoaiError
from daemon.base.logs import Log
from daemon.config.config import Config, load_config
from daemon.config.database import looking, transaction
from daemon.documents.forms.own_forms import form_faults
from daemon.installation.installation import Installation, build_installation
from daemon.letters.selftest import self_test
from daemon.monitoring.alarms import Bell
from daemon.monitoring.metrics import Metrics
from daemon.monitoring.troubles import OF_FIGURES, Trouble, certificates, near_causes, of_files, troubles
from daemon.portal.pages import self_test as portal_faults
from db.core import counters
from db.core.engine import since_backup
from db.core.tables import question
from db.register.questions import WORKED_ON
from db.reports.figures import Figures, figures
from rules.law.working_days import city_day
from rules.values.data_file import DataFileError

log = Log("watch")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

EDITIONS = count(1)
TRIAL = b"From: a@trial.test\r\nSubject: ?\r\n\r\nCon duong truoc cua nha toi bao gio sua xong?\r\n"

# The settings that a running daemon cannot change, because it holds connections, locks and a port by them.
FIXED = ("mailbox", "imap", "smtp", "database", "secrets", "metrics", "run")


@dataclass(slots=True)
class Watch:
    """Checks once a minute; asks the servers once a day, and every hour while a server's certificate is a trouble."""

    engine: Engine
    metrics: Metrics
    alive: Callable[[], None] = lambda: None
    """Called while a server is waited for."""
    bell: Bell = field(init=False)
    certificates: dict[str, Trouble | None] = field(default_factory=dict)
    asked_at: datetime | None = None
    readable_at: datetime | None = None

    def __post_init__(self) -> None:
        self.bell = Bell(self.engine, self.alive)

    def look(self, installation: Installation) -> None:
        """Show the present figures and report troubles."""
        now, config = installation.clock(), installation.config
        found = self._figures(config, now)
        since = found.since_poll if found is not None else None
        healthy = since is not None and abs(since) <= config.alarm.poll_minutes * 60
        if self.metrics.is_on:
            self.metrics.show(found, healthy=healthy)
        if config.alarm.is_on:
            self._ring(installation, found, now)

    def _figures(self, config: Config, now: datetime) -> Figures | None:
        """The figures, None where the register cannot be read."""
        self.readable_at = self.readable_at or now
        try:
            with looking(self.engine) as connection:
                found = replace(figures(connection, now), since_backup=since_backup(config.database.url, now))
        except (DoithoaiError, SQLAlchemyError) as error:
            log.failure("figures_failed", error)
            return None
        self.readable_at = now
        return found

    def _ring(self, installation: Installation, found: Figures | None, now: datetime) -> None:
        config, calendar = installation.config, installation.board.law.calendar
        self._ask(config, now)
        looked = of_files(city_day(now))
        if found is not None:
            near, looked = troubles(config, found, calendar, now), OF_FIGURES + looked
        else:
            near = chain(self._unreadable(config, now), near_causes(config, calendar, now))
        far = [one for one in self.certificates.values() if one is not None]
        self.bell.ring(installation, chain(near, far), (*looked, *self.certificates), now)

    def _unreadable(self, config: Config, now: datetime) -> Iterator[Trouble]:
        silent = now - (self.readable_at or now)
        if silent > timedelta(minutes=config.alarm.poll_minutes):
            yield Trouble("database", "database", {"minutes": round(silent.total_seconds() / 60)})

    def _ask(self, config: Config, now: datetime) -> None:
        last, every = self.asked_at, HOUR if any(self.certificates.values()) else DAY
        if last is None or now - last >= every or last.date() != now.date():
            self.asked_at = now
            self.certificates |= certificates(config, now, self.alive)


def tested(installation: Installation) -> Installation:
    """The installation, after its mails and pages have withstood our own attacks. Raises :class:`ConfigurationError`.

    Our tests, ``check`` and the first start try the templates that ship; each later start tries the letters only
    where an operator has written some.
    """
    letters = self_test(installation.composer) if installation.composer.own else ()
    for about, wrong in (
        ("templates", letters),
        ("portal", portal_faults(installation)),
        ("forms", tuple(form_faults(installation.forms))),
    ):
        if wrong:
            raise ConfigurationError(f"{about}: {wrong[0]}")
    return installation


def reloaded(path: Path | None, installation: Installation) -> Installation:
    """The installation with rules, profile, templates and units read anew, or the old one with one clear log line.

    Servers, database, mailbox and secrets stay as they are until the next start.
    """
    try:
        fresh = load_config(path)
        merged = installation.config.model_copy(update={name: getattr(fresh, name) for name in _changeable(fresh)})
        board = merged.board.model_copy(update={"prefix": installation.config.board.prefix})
        merged = merged.model_copy(update={"board": board})
        source = merged.source._replace(edition=next(EDITIONS))
        made = build_installation(merged, merged.secrets.signing_key(), installation.clock, source)
        made.read(TRIAL, installation.clock())  # reads every rule file that is loaded on demand
        tested(made)
    except (DoithoaiError, DataFileError, OSError) as error:
        log.error("reload_refused", text=" / ".join(str(error).splitlines()))
        return installation
    except Exception as error:  # an unforeseen fault in a file must not end a working daemon
        log.failure("reload_refused", error)
        return installation
    kept = [name for name in FIXED if getattr(fresh, name) != getattr(installation.config, name)]
    kept += ["board.prefix"] if fresh.board.prefix != merged.board.prefix else []
    log.info("reloaded", waits_for_a_restart=",".join(kept) or "nothing")
    return made


def _changeable(config: Config) -> list[str]:
    return [name for name in type(config).model_fields if name not in FIXED]


def claim_for_mode(engine: Engine, *, shadow: bool) -> None:
    """Keep a pilot's database from becoming the real one: all mails waiting in its outbox would leave at once.

    Raises :class:`ConfigurationError` when the database was written in the other mode.
    """
    wanted = "shadow" if shadow else "real"
    with transaction(engine) as connection:
        found = counters.get_state(connection, "mode")
        if not found:
            found = wanted if not counters.get_state(connection, "last_pass") else "real"
            counters.set_state(connection, "mode", found)
    if found != wanted:
        raise ConfigurationError(
            f"database: it was written with run.shadow = {str(found == 'shadow').lower()}; "
            "a pilot and the real service need a database each"
        )


def other_prefix(engine: Engine, prefix: str) -> tuple[str, bool]:
    """Which open questions' numbers are not read, as they begin otherwise than configured; and whether all are.

    ("", False) without one. A register keeps its prefix: mails with another number would be taken for new questions.
    """
    with looking(engine) as connection:
        codes = connection.execute(select(question.c.code).where(question.c.status.in_(WORKED_ON))).scalars()
        found = Counter(code.rsplit("-", 2)[0] for code in codes)
    others = {one: many for one, many in found.items() if one != prefix.upper()}
    if not others:
        return "", False
    which = " and ".join(f"{many} with {one}" for one, many in sorted(others.items()))
    text = f"it is {prefix}, but open questions have numbers that begin otherwise and are not read: {which}"
    return f"board.prefix: {text}", len(others) == len(found)


def claim_for_prefix(engine: Engine, prefix: str) -> None:
    """Raises :class:`ConfigurationError` where the numbers of all open questions would no longer be read."""
    text, alone = other_prefix(engine, prefix)
    if alone:
        raise ConfigurationError(f"{text}; {SAME_PREFIX}")


SAME_PREFIX = "set the one that the register began with"
MORE_USEC = 60_000_000
MIGRATION_USEC = 4 * 3600 * 1_000_000
"""Longer than any register takes; the status line says what the start is waiting for."""


class Notifier:
    """The connection to the service manager. Sending never raises: a manager that does not listen must not stop
    mail."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        name = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + name[1:] if name.startswith("@") else name  # unix(7): abstract sockets begin with NUL
        self.watchdog_interval = _half_of_watchdog(environ)
        """Seconds after which the next ``watchdog()`` is due at the latest, None without a watchdog."""

    def send(self, state: str) -> bool:
        """Send assignments, one per line; True when the datagram went out."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(1)
                line.connect(self._address)
                line.sendall(state.encode())
        except OSError:
            return False
        return True

    def ready(self, status: str = "") -> bool:
        """Report that start-up is complete: the unit becomes active."""
        return self.send(f"READY=1\nSTATUS={_line(status)}" if status else "READY=1")

    def starting(self) -> bool:
        """Report that start-up goes on: another minute, besides what TimeoutStartSec allows (sd_notify(3))."""
        return self.send(f"EXTEND_TIMEOUT_USEC={MORE_USEC}")

    def migrating(self) -> bool:
        """Report a start-up without further signs: one transaction, which systemd must not kill again and again."""
        return self.send(f"STATUS=migrating the database\nEXTEND_TIMEOUT_USEC={MIGRATION_USEC}")

    def looking(self) -> bool:
        """Report that the first start tries servers and a mail to itself, each in its own time: ten minutes more."""
        return self.send(f"STATUS=looking whether all is well\nEXTEND_TIMEOUT_USEC={10 * MORE_USEC}")

    def status(self, text: str) -> bool:
        """Set the line that ``systemctl status`` shows; no personal data in it."""
        return self.send(f"STATUS={_line(text)}")

    def watchdog(self) -> bool:
        """Report that the service is alive and working."""
        return self.send("WATCHDOG=1")

    def stopping(self) -> bool:
        """Report an orderly shutdown."""
        return self.send("STOPPING=1")


def _line(text: str) -> str:
    return " ".join(text.split())


def _half_of_watchdog(environ: Mapping[str, str]) -> float | None:
    """Half of WATCHDOG_USEC, as sd_watchdog_enabled(3) advises; None when unset or meant for another process."""
    meant_for = environ.get("WATCHDOG_PID", str(os.getpid()))
    usec = environ.get("WATCHDOG_USEC", "")
    if meant_for != str(os.getpid()) or not usec.isdigit() or int(usec) == 0:
        return None
    return int(usec) / 2_000_000
