"""The daemon's passes: mail in, decisions, duties, mail out, mails moved to the folder that shows their fate.

A failure stops only its own step: a mailbox that cannot be reached does not keep answers from leaving, and a mail
server that is down does not keep questions from being registered.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from daemon.base.errors import ConfigurationError, DoithoaiError, NeverStartsError, TemporaryError, UnreadableMail
from daemon.base.logs import Log
from daemon.config.database import database_faults, looking, transaction
from daemon.installation.installation import Installation
from daemon.loop.attachments import scan_stored
from daemon.loop.decide import decide_on, stored_in_turn
from daemon.loop.due import clock_in_doubt, note_life, open_routines, send_overviews, tell_downtime, work_due
from daemon.loop.fetch import Opened, fetch_new, is_due, move_decided, open_inbox, reconcile_mailbox
from daemon.loop.send import Dispatcher
from daemon.mailbox.mailbox import MailboxClient
from daemon.portal.publish import CalendarFile, publish
from daemon.smtp.sender import Sender
from db.core import counters
from db.outbox import outbox
from db.outbox.leader import Presence, free_claims_of_the_dead
from db.register import search
from db.reports import conservation
from rules.values.states import connect_delay

log = Log("service")

# The longest wait, in seconds, before a mailbox that refused us is tried again.
LONGEST_WAIT = 300.0
# Mails decided on before the resulting mails are sent: even a daemon that keeps dying early still sends.
PORTION = 100
# Questions that the search index takes in at once, which costs some seconds.
INDEXED = 20_000


@dataclass(slots=True)
class Report:
    """What one full pass did, and what went wrong in it."""

    fetched: int = 0
    decided: int = 0
    duties: int = 0
    sent: int = 0
    failed: int = 0
    moved: int = 0
    polled: bool = False
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Service:
    """One daemon. ``alive`` feeds the watchdog; ``stopping`` ends every loop between two pieces of work."""

    engine: Engine
    installation: Installation
    alive: Callable[[], None] = lambda: None
    stopping: Callable[[], bool] = lambda: False
    down: tuple[datetime, datetime] | None = None
    client: MailboxClient | None = None
    opened: Opened | None = None
    failures: int = 0
    retry_at: float = 0.0
    doubtful: bool = False
    """True while the clock may be far ahead: nothing is decided, due or sent by it."""
    left_over: set[int] | None = None
    """Mails that waited for their decision when this process began: one of them may have killed the last process."""
    worker: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    presence: Presence = field(init=False)
    calendar: CalendarFile = field(default_factory=CalendarFile)

    def __post_init__(self) -> None:
        self.presence = Presence(self.engine, self.worker)

    def start(self) -> None:
        """Run once, before the first pass: free the claims of a dead process, report downtime."""
        if self.engine.dialect.name == "sqlite":  # this process has the database alone, so any other sender is dead
            with transaction(self.engine) as connection:
                freed = outbox.release_claims(connection) + free_claims_of_the_dead(connection, self.worker)
            if freed:
                log.warning("claims_freed", count=freed)
        self.left_over = set(stored_in_turn(self.engine, self.installation))
        self._index()
        with looking(self.engine) as connection:
            self.installation.likes.catch_up(connection)
        self.catch_up()

    def _index(self) -> None:
        """Index the questions that the search lacks, in portions: all of a large register would take minutes."""
        taken = INDEXED
        while taken >= INDEXED and not self.stopping():
            with transaction(self.engine) as connection:
                taken = search.prepare(connection, INDEXED)
            self.alive()

    def due_round(self) -> None:
        """Work on the duties that are due and the morning's overviews, then send what they queued."""
        if self._doubts_clock():
            return
        told = send_overviews(self.engine, self.installation)
        self._open_routines()
        if work_due(self.engine, self.installation, self.alive, self.down) or told:
            self.send_round()

    def send_round(self) -> None:
        """Send what is due in the outbox."""
        report = Report()
        self._send(report)
        for problem in report.problems:
            log.warning("send_round", problem=problem)

    def check_conservation(self) -> None:
        """Check that every mail that arrived has exactly one state; a mismatch is an error that needs a person."""
        with looking(self.engine) as connection:
            faults = conservation.conservation_faults(connection)
        for fault in faults:
            log.error("conservation", fault=fault)

    def reconcile(self) -> bool:
        """Compare mailbox and ledger once a night, in the daemon that polls; True when INBOX was opened anew.

        IDLE does not announce a mail that arrived before that, so the caller must look once more.
        """
        if self.client is None or self.shadow or not is_due(self.engine, self.installation):
            return False
        try:
            reconcile_mailbox(self.client, self.engine, self.installation)
            self.opened = self._open(self.client)
        except TemporaryError:
            self.drop()
            raise
        return True

    def catch_up(self) -> None:
        """After downtime: report it with what became due meanwhile; the duties then name it as their cause."""
        doubted = self.doubtful
        if not self._doubts_clock() and not doubted:
            self._tell_downtime()

    def _tell_downtime(self) -> None:
        self.down = tell_downtime(self.engine, self.installation, self.alive) or self.down

    def _doubts_clock(self) -> bool:
        """True while it is in doubt; whoever first finds it right again tells what became due meanwhile."""
        doubted, self.doubtful = self.doubtful, clock_in_doubt(self.engine, self.installation.clock())
        if doubted and not self.doubtful:
            self._tell_downtime()
        return self.doubtful

    def _believes_clock(self, report: Report) -> bool:
        """False where the clock is in doubt still after a look into the mailbox, whose mails may show the time."""
        if self._doubts_clock():
            self._step(report, self._fetch)
        if self.doubtful and self._doubts_clock():
            report.problems.append("clock: it may be far ahead; nothing is decided, due or sent for now")
        return not self.doubtful

    def full_pass(self) -> Report:
        """Fetch, decide, due, send, move, once. The report holds known problems; only unforeseen errors raise."""
        report = Report()
        self._step(report, self._show)
        if not self._believes_clock(report):
            return report
        self._step(report, self._overview)
        self._step(report, self._fetch)
        self._step(report, self._scan)
        self._step(report, self._decide)
        self._step(report, self._due)
        self._step(report, self._publish)
        self._step(report, self._send)
        self._step(report, self._move)
        self._step(report, self._calendar)
        self._step(report, self._note_life)
        return report

    def _note_life(self, report: Report) -> None:
        """Store two instants: a pass with a fault is no downtime, but a pass that did not reach the mailbox is."""
        now = self.installation.clock()
        with transaction(self.engine) as connection:
            note_life(connection, now, polled=report.polled, faultless=not report.problems)
            if not report.problems:
                self.installation.likes.reach_back(connection)

    def _step(self, report: Report, step: Callable[[Report], None]) -> None:
        if self.stopping():
            return
        self.alive()
        try:
            step(report)
        except NeverStartsError:
            raise
        except DoithoaiError as error:
            log.failure("step_failed", error, step=step.__name__.strip("_"))
            report.problems.append(str(error))

    def _show(self, _report: Report) -> None:
        """Among several daemons: show that this one lives, and take over the work of the dead."""
        with database_faults(self.engine):
            self.presence.show()
        if self.engine.dialect.name == "postgresql":
            with transaction(self.engine) as connection:
                freed = free_claims_of_the_dead(connection, self.worker)
            if freed:
                log.warning("claims_freed", count=freed)

    def _fetch(self, report: Report) -> None:
        with database_faults(self.engine):
            polls = self.presence.may_poll(self.installation.config.mailbox.address)
        if not polls:  # another daemon does
            self._log_out()
            return
        client = self.connect()
        if client is None or self.opened is None:
            report.problems.append("mailbox: waiting before the next try")
            return
        try:
            self.opened = self._open(client)
            since = self.installation.config.mailbox.since
            report.fetched = fetch_new(client, self.engine, self.opened, self.installation.clock, self.alive, since)
        except UnreadableMail:
            self._note_poll(report)  # the good mails were stored, and the connection is sound
            raise
        except TemporaryError:
            self.drop()
            raise
        self._note_poll(report)

    def _note_poll(self, report: Report) -> None:
        report.polled = True
        with transaction(self.engine) as connection:
            counters.set_instant(connection, counters.LAST_POLL, self.installation.clock())

    def _scan(self, _report: Report) -> None:
        """Scan attached files before anything is decided, outside the decision's transaction.

        Those of left-over mails wait until it is counted that work on their mail begins.
        """
        scan_stored(self.engine, self.installation, self.alive, self.left_over or ())

    def _decide(self, report: Report) -> None:
        """Decide in portions and send each before the next: a flood of mail keeps nobody's answer waiting."""
        waiting = stored_in_turn(self.engine, self.installation)
        left_over = set(waiting) if self.left_over is None else self.left_over
        self.left_over = set()  # only once: a later database failure must not count them again
        while waiting and not self.stopping():
            report.decided += decide_on(self.engine, self.installation, self.alive, waiting, PORTION, left_over)
            if waiting:
                self._send(report)

    def _overview(self, _report: Report) -> None:
        """Make the overviews before today's mail is read: they show the state of the morning."""
        send_overviews(self.engine, self.installation)

    def _open_routines(self) -> None:
        with transaction(self.engine) as connection:
            open_routines(connection, self.installation)

    def _due(self, report: Report) -> None:
        self._open_routines()
        report.duties = work_due(self.engine, self.installation, self.alive, self.down)

    def _send(self, report: Report) -> None:
        if self.shadow or self.doubtful:
            return
        sender = Sender(self.installation.config.smtp)
        dispatcher = Dispatcher(self.engine, self.installation, sender, self.worker, self.alive, self.stopping)
        tally = dispatcher.send_due()
        report.sent, report.failed = report.sent + tally.sent, report.failed + tally.failed
        if tally.halted:
            report.problems.append(f"smtp: {tally.halted}")
        if tally.halted or tally.sent:
            with transaction(self.engine) as connection:
                counters.set_state(connection, "smtp_halted", tally.halted)

    def _move(self, report: Report) -> None:
        if self.client is None or self.opened is None or self.shadow:
            return
        folders = self.installation.config.imap.folders.model_dump()
        try:
            report.moved = move_decided(self.client, self.engine, self.opened, folders)
        except TemporaryError:
            self.drop()
            raise

    def _publish(self, _report: Report) -> None:
        """Publish the pages before the mails that link to them are sent."""
        if not self.shadow:
            publish(self.engine, self.installation)

    def _calendar(self, _report: Report) -> None:
        self.calendar.refresh(self.engine, self.installation)

    def connect(self) -> MailboxClient | None:
        """The open connection, a new one, or None while waiting after failures.

        Any failure drops the connection and backs off; a refused login or certificate is never retried in a hurry.
        """
        if self.client is not None:
            return self.client
        now = self.installation.clock().timestamp()
        if now < self.retry_at <= now + LONGEST_WAIT:  # further away: the clock was set back
            return None
        try:
            client = MailboxClient.connect(self.installation.config.imap.for_client(), self.alive)
            self.client = client
            if not self.shadow:
                client.ensure_folders(self.installation.config.imap.folders.names())
            self.opened = self._open(client)
        except (TemporaryError, ConfigurationError) as error:
            self.drop()
            wait = LONGEST_WAIT if isinstance(error, ConfigurationError) else connect_delay(self.failures)
            self.retry_at = now + wait
            raise
        self.failures = 0
        return client

    @property
    def shadow(self) -> bool:
        """True in a pilot beside people: nothing is sent, and nothing in the mailbox is changed."""
        return self.installation.config.run.shadow

    def _open(self, client: MailboxClient) -> Opened:
        return open_inbox(client, self.engine, self.installation.config.mailbox.address, readonly=self.shadow)

    def drop(self) -> None:
        """Forget the connection; the next one starts afresh."""
        self.failures += 1
        if self.client is not None:
            self.client.close()
        self.client, self.opened = None, None

    def close(self) -> None:
        """Log out properly, and release the lock that shows other daemons that this one lives."""
        self.presence.hide()
        self._log_out()

    def _log_out(self) -> None:
        if self.client is not None:
            self.client.close()
        self.client, self.opened = None, None
