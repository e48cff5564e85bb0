"""The daemon looks after itself: figures shown, alarms rung, rules read again at SIGHUP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from sqlalchemy import Engine

from daemon.alarms import Alarm, ring, server_troubles, troubles
from daemon.config import Config, load_config
from daemon.errors import ConfigurationError, DoithoaiError
from daemon.house import Office, build_office
from daemon.logs import Log
from daemon.mailout.selftest import self_test
from daemon.metrics import Metrics
from daemon.store import looking, transaction
from db import counters
from db.figures import Figures, figures
from rules.loader import DataFileError, Source

log = Log("watch")

# What a running daemon cannot change: it holds connections, locks and a port by these.
EDITIONS = count(1)
TRIAL = b"From: a@trial.test\r\nSubject: ?\r\n\r\nCon duong truoc cua nha toi bao gio sua xong?\r\n"

FIXED = ("mailbox", "imap", "smtp", "database", "secrets", "metrics", "run")


@dataclass(slots=True)
class Watch:
    """Looks once a minute, asks the servers once a day."""

    engine: Engine
    metrics: Metrics
    asked_on: str = field(default="")

    def look(self, office: Office) -> Figures:
        """Figures of now shown, troubles told."""
        now = office.clock()
        with looking(self.engine) as connection:
            found = figures(connection, now)
        config = office.config
        polled = found.since_poll is not None and found.since_poll <= config.alarm.poll_minutes * 60
        if self.metrics.is_on:
            self.metrics.show(found, healthy=polled)
        if config.alarm.is_on:
            near = troubles(config, found, office.house.law.calendar, now)
            ring(self.engine, config, chain(near, self._far(office)), now)
        return found

    def _far(self, office: Office) -> Iterator[Alarm]:
        """Servers are asked once a day only."""
        today = office.clock().date().isoformat()
        if self.asked_on != today:
            self.asked_on = today
            yield from server_troubles(office.config, office.clock())


def tested(office: Office) -> Office:
    """The office, whose templates have withstood mail out's own attacks. Raises :class:`ConfigurationError`."""
    wrong = self_test(office.composer)
    if wrong:
        raise ConfigurationError(f"templates: {wrong[0]}")
    return office


def reloaded(path: Path | None, office: Office) -> Office:
    """The office with rules, profile, templates and units read anew, or the old one with one clear line in the log.

    Servers, database, mailbox and secrets stay as they are until the next start.
    """
    try:
        fresh = load_config(path)
        merged = office.config.model_copy(update={name: getattr(fresh, name) for name in _changeable(fresh)})
        source = Source(merged.rules.folder, next(EDITIONS))
        made = build_office(merged, merged.secrets.signing_key(), office.clock, source)
        made.read(TRIAL, office.clock())  # reads every rule file that is read late
        tested(made)
    except (DoithoaiError, DataFileError, OSError) as error:
        log.error("reload_refused", text=" / ".join(str(error).splitlines()))
        return office
    kept = [name for name in FIXED if getattr(fresh, name) != getattr(office.config, name)]
    log.info("reloaded", waits_for_a_restart=",".join(kept) or "nothing")
    return made


def _changeable(config: Config) -> list[str]:
    return [name for name in type(config).model_fields if name not in FIXED]


def claim_for_mode(engine: Engine, *, shadow: bool) -> None:
    """A pilot's database never becomes the real one: what waits in its outbox would all leave at once.

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
