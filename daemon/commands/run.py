"""``doithoai run``: the daemon; ``run --once``: one full pass, then exit.

`schedule` says when to look; the database says what is due. The library lets an exception out of ``run_pending`` and
leaves the failed job first in line, so that the jobs behind it starve. So each job is wrapped here: a failure is
logged, and the job runs again at its next tick.
"""

from __future__ import annotations

import argparse
import errno
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import schedule
from sqlalchemy import Engine

from daemon.base import clock
from daemon.base.errors import ConfigurationError, DoithoaiError, NeverStartsError, TemporaryError
from daemon.base.logs import Log, setup_logging
from daemon.config.config import Config, load_config
from daemon.config.database import database_faults, looking, postgresql_remedy, transaction, wrong_place
from daemon.installation.installation import build_installation
from daemon.loop.service import Report, Service
from daemon.monitoring.metrics import Metrics
from daemon.monitoring.watch import Notifier, Watch, claim_for_mode, claim_for_prefix, reloaded, tested
from db.core import counters
from db.core.engine import DatabaseInUseError, is_current, open_engine, sole_daemon, sqlite_path, upgrade
from rules.values.data_file import DataFileError

log = Log("run")
ticker_log = Log("ticker")

# Seconds after SIGTERM in which the current work may end by itself; then it is interrupted, which is safe at any
# point, because nothing is marked before it is done. It stays under the unit file's TimeoutStopSec.
DRAIN = 7.0
DUE_EVERY = 60
SEND_EVERY = 15
WATCH_EVERY = 60


STAYS_WRONG = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM)
"""Errors of a configured path that stay until a person changes something; a full disk may have room in a minute."""


class StopNow(BaseException):
    """Raised in the main thread when draining has taken too long."""


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("run", help="run the daemon, or one full pass")
    parser.add_argument("--once", action="store_true", help="one full pass (fetch, decide, due, send), then exit")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit status 0; 1 when a pass had a problem. Raises ``NeverStartsError``, which ends with 2."""
    try:
        return _run(args)
    except (ConfigurationError, DataFileError) as error:
        raise NeverStartsError(str(error)) from error


def _run(args: argparse.Namespace) -> int:
    config = load_config(args.config)
    setup_logging(config.log.level.upper())
    url = config.database.full_url().get_secret_value()
    if (path := sqlite_path(url)) is not None and (wrong := wrong_place(path)):
        raise ConfigurationError(f"database: {wrong}")
    try:
        with sole_daemon(url):
            return Daemon(config, url, args.config).run(once=args.once)
    except DatabaseInUseError as error:
        raise TemporaryError(str(error)) from None
    except OSError as error:
        stays = error.errno in STAYS_WRONG
        raise (ConfigurationError if stays else TemporaryError)(
            f"database: {error.strerror}: {error.filename}"
        ) from None


def _ready(url: str, notifier: Notifier, prefix: str, *, shadow: bool) -> Engine:
    """The database, migrated, claimed for mode and prefix. Raises what a step raises, with nothing left open."""
    engine = open_engine(url)
    try:
        with database_faults(engine):
            if not is_current(engine):
                notifier.migrating()
                upgrade(engine)
        claim_for_mode(engine, shadow=shadow)
        claim_for_prefix(engine, prefix)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, TemporaryError) and sqlite_path(url) is None:
            raise TemporaryError(f"{error}; {postgresql_remedy(str(error))}") from error
        raise
    return engine


class Daemon:
    """The loop around a :class:`daemon.loop.service.Service`: signals, watchdog, waiting."""

    def __init__(self, config: Config, url: str, file: Path | None = None) -> None:
        self.config = config
        self.file = file
        # What may be refused comes first: faulty rules or templates must leave the database unmigrated.
        installation = tested(build_installation(config, config.secrets.signing_key(), clock.now))
        self.notifier = Notifier()
        self.engine = _ready(url, self.notifier, config.board.prefix, shadow=config.run.shadow)
        self._look_first()
        self.stop_wanted = False
        self.started = False
        self.reload_wanted = False
        self.watch = Watch(self.engine, Metrics(config.metrics), self.alive)
        self._fed = 0.0
        self.service = Service(self.engine, installation, self.alive, lambda: self.stop_wanted)

    def _look_first(self) -> None:
        """Refuse the first start on anything that ``check`` calls bad."""
        with transaction(self.engine) as connection:
            if counters.get_instant(connection, counters.LAST_POLL) is not None:
                return
        # Importing typesetting and the other things checked here would lengthen every start.
        from daemon.commands.check import first_start  # noqa: PLC0415

        self.notifier.looking()
        try:
            first_start(self.config)
        except BaseException:
            self.engine.dispose()
            raise

    def run(self, *, once: bool) -> int:
        """Run until SIGTERM or SIGINT, or for one pass."""
        self._catch_signals()
        try:
            self._note(stays=not once)
            self.service.start()
            return self._once() if once else self._for_ever()
        except StopNow:
            log.warning("interrupted")
            return 0
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.notifier.stopping()
            self.watch.metrics.close()
            self.service.close()
            self.service.presence.hide()
            self.engine.dispose()

    def _note(self, *, stays: bool) -> None:
        """Store, for ``status``, whether this process is to run on."""
        with looking(self.engine) as connection:
            known = bool(counters.get_state(connection, counters.STAYS))
        if stays != known:
            with transaction(self.engine) as connection:
                counters.set_state(connection, counters.STAYS, "yes" if stays else "")

    def _once(self) -> int:
        report = self.service.full_pass()
        log.info("pass", **_figures(report))
        for problem in report.problems:
            print(f"problem: {problem}")  # noqa: T201
        return 1 if report.problems else 0

    def _for_ever(self) -> int:
        ticker = Ticker()
        ticker.every(self.config.imap.poll_seconds, "pass", self._pass)
        ticker.every(DUE_EVERY, "due", self.service.due_round)
        ticker.every(SEND_EVERY, "send", self.service.send_round)
        ticker.every(3600, "conservation", self.service.check_conservation)
        ticker.every(3600, "reconciliation", self._reconcile)
        ticker.every(WATCH_EVERY, "watch", lambda: self.watch.look(self.service.installation))
        self.notifier.ready("started")
        self.started = True
        log.info("started", worker=self.service.worker)
        while not self.stop_wanted:
            self._reload()
            ticker.run_pending()
            if self._wait(min(ticker.idle_seconds(), float(self.config.imap.poll_seconds))):
                guarded("pass", self._pass)
        log.info("stopped")
        return 0

    def _reload(self) -> None:
        if self.reload_wanted:
            self.reload_wanted = False
            self.service.installation = reloaded(self.file, self.service.installation)

    def _pass(self) -> None:
        report = self.service.full_pass()
        self.notifier.status(" ".join(f"{key}={value}" for key, value in _figures(report).items()))
        if report.decided or report.sent or report.problems:
            log.info("pass", **_figures(report))

    def _reconcile(self) -> None:
        if self.service.reconcile():
            self._pass()

    def _wait(self, seconds: float) -> bool:
        """Wait in IDLE where there is a connection, else asleep; True when the mailbox changed."""
        client = self.service.client
        if client is None or not self.config.imap.idle:
            self._sleep(seconds)
            return False
        try:
            return client.idle(seconds, self._wake)
        except TemporaryError as error:
            log.failure("idle_failed", error)
            self.service.drop()
            self._sleep(min(seconds, 1.0))
            return False

    def _wake(self) -> bool:
        self.alive()
        return self.stop_wanted or self.reload_wanted

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._wake() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 1.0))

    def alive(self) -> None:
        """Feed systemd's watchdog, at most once a second; during the start, report that the start goes on."""
        now = time.monotonic()
        if now - self._fed >= 1.0:
            self._fed = now
            if self.started:
                self.notifier.watchdog()
            else:
                self.notifier.starting()

    def _catch_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._interrupt)
        signal.signal(signal.SIGHUP, self._hang_up)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if not self.stop_wanted:
            self.stop_wanted = True
            signal.setitimer(signal.ITIMER_REAL, DRAIN)

    def _hang_up(self, _number: int, _frame: FrameType | None) -> None:
        self.reload_wanted = True

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        raise StopNow


def _figures(report: Report) -> dict[str, int]:
    return {
        "fetched": report.fetched,
        "decided": report.decided,
        "duties": report.duties,
        "sent": report.sent,
        "moved": report.moved,
        "problems": len(report.problems),
    }


# The library's own clock is naive local time; this only says "at once".
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001


class Ticker:
    """Runs jobs by interval. It need not keep anything over a restart."""

    def __init__(self) -> None:
        self._scheduler = schedule.Scheduler()

    def every(self, seconds: float, name: str, job: Callable[[], object]) -> None:
        """Run ``job`` every so many seconds, and once at the next :meth:`run_pending`."""
        made = self._scheduler.every(max(1, round(seconds))).seconds.do(guarded, name, job)
        made.next_run = LONG_AGO

    def run_pending(self) -> None:
        """Run the jobs that are due, and those further away than their interval, because the clock was set back."""
        now = datetime.now()  # noqa: DTZ005 - the library's own clock
        for job in self._scheduler.jobs:
            if job.next_run is not None and job.next_run - now > timedelta(seconds=job.interval):
                job.next_run = now
        self._scheduler.run_pending()

    def idle_seconds(self) -> float:
        """Seconds until the next job, never negative."""
        seconds = self._scheduler.idle_seconds
        return 60.0 if seconds is None else max(0.0, float(seconds))


def guarded(name: str, job: Callable[[], object]) -> None:
    """Run a job; whatever fails in it is logged, except what stops the daemon for good."""
    try:
        job()
    except NeverStartsError:
        raise
    except DoithoaiError as error:
        ticker_log.failure("job_failed", error, job=name)
    except Exception as error:  # a job must never stop the ticker
        ticker_log.failure("job_crashed", error, job=name)
