"""Sends mail: rows of the outbox are claimed and marked before the server is contacted, then with its reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection, Engine

from daemon.base.logs import Log
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.smtp.outcomes import OutgoingMail, SendResult, without_addresses
from daemon.smtp.sender import Sender, with_pulse
from db.core import journal
from db.core.engine import reached
from db.core.journal import Entry
from db.outbox import outbox, undelivered
from rules.decide.intake.known_mails import decide_uncertain, decide_undelivered

log = Log("send")

# Rows claimed at a time (db.outbox.outbox also counts their bytes); a stop is noticed between mails. The connections
# are opened anew for each claim.
CLAIMED = 250
# The channel is at fault, not the mail: no mail loses an attempt, and the channel is tried again after this time.
CHANNEL_WAIT = timedelta(seconds=60)
# The mail that the server refused in this way waits longer, so that the next try offers another mail and shows more.
REFUSED_WAIT = timedelta(minutes=5)


@dataclass(slots=True)
class Tally:
    """The result of one round of sending. ``halted`` names why the channel stopped, "" when it did not."""

    sent: int = 0
    failed: int = 0
    halted: str = ""
    outcomes: dict[str, int] = field(default_factory=dict)

    def note(self, result: SendResult) -> None:
        """Count one outcome."""
        self.outcomes[result.outcome] = self.outcomes.get(result.outcome, 0) + 1


@dataclass(slots=True)
class Dispatcher:
    """Empties the outbox. ``worker`` names this process among several on one database."""

    engine: Engine
    installation: Installation
    sender: Sender
    worker: str
    alive: Callable[[], None]
    stopping: Callable[[], bool]

    @property
    def alone(self) -> bool:
        """True on SQLite, whose lock file admits one daemon (``db.core.engine.sole_daemon``)."""
        return self.engine.dialect.name == "sqlite"

    def send_due(self) -> Tally:
        """Send what is due until nothing is left, the channel fails, or the daemon stops."""
        tally, bare = Tally(), self.installation.config.mailbox.address
        self._tell_of_interrupted()
        while not self.stopping() and not tally.halted:
            with transaction(self.engine) as connection:
                rows = outbox.claim_due(connection, self.worker, self.installation.clock(), CLAIMED, alone=self.alone)
            if not rows:
                break
            reached("send.claimed")
            self._send(
                [OutgoingMail(row.id, row.envelope_from, row.recipient, bytes(row.bytes), bare) for row in rows],
                tally,
            )
        return tally

    def _send(self, mails: list[OutgoingMail], tally: Tally) -> None:
        left = {mail.id for mail in mails}

        def note(result: SendResult) -> None:
            reached("send.accepted")
            left.discard(result.id)
            self._note(result, tally)

        try:
            asyncio.run(with_pulse(self.sender.send_all(mails, note, self._begin, self.stopping), self.alive))
        finally:
            reached("send.returned")
            self._give_back(left)

    def _begin(self, outbox_id: int) -> bool:
        """Commit that the mail is about to be offered; False when another worker has it."""
        self.alive()
        with transaction(self.engine) as connection:
            mine = outbox.mark_sending(
                connection, outbox_id, self.worker, self.installation.clock(), alone=self.alone
            )
        if mine:
            reached("send.marked")
        return mine

    def _note(self, result: SendResult, tally: Tally) -> None:
        """Commit the server's reply to a mail."""
        with transaction(self.engine) as connection:
            journal.take_turn(connection)
            result = self._as_the_mails_own(connection, result)
            tally.note(result)
            if result.outcome == "sent":
                tally.sent += 1
                self._sent(connection, result)
            elif result.is_channels:
                tally.halted = (
                    tally.halted or f"{result.phase}: {result.code} {without_addresses(result.text)}".strip()
                )
                again = self.installation.clock() + (REFUSED_WAIT if result.tried else CHANNEL_WAIT)
                outbox.release(connection, result.id, result.code, result.text, again)
            else:
                tally.failed += 1
                self._failed(connection, result)
        reached("send.noted")
        log.info("mail_out", outbox=result.id, outcome=result.outcome, code=result.code, phase=result.phase)

    def _as_the_mails_own(self, connection: Connection, result: SendResult) -> SendResult:
        """The result; as permanent where this mail alone has been refused for days, though as by the channel."""
        mine = result.is_channels and result.tried
        alone = mine and undelivered.refused_alone(connection, result.id, self.installation.clock())
        return replace(result, outcome="permanent") if alone else result

    def _sent(self, connection: Connection, result: SendResult) -> None:
        """The server took it."""
        now = self.installation.clock()
        outbox.mark_sent(connection, result.id, result.code, result.text, now)
        taken = Entry("sent", "Máy chủ đã nhận thư", outbox=result.id, data={"code": result.code})
        journal.append(connection, taken, now)

    def _failed(self, connection: Connection, result: SendResult) -> None:
        """Temporary: retry later. Permanent, too often, or uncertain twice: mark as failed and tell an officer."""
        now, board = self.installation.clock(), self.installation.board
        if result.outcome == "unknown":
            outbox.mark_unknown(connection, result.id, result.code, result.text, now)
            if outbox.attempts_of(connection, result.id) < outbox.UNKNOWN_ATTEMPTS:
                return
            decided = decide_uncertain(outbox.sent_mail(connection, result.id), board)
        elif result.outcome == "temporary" and outbox.mark_retry(
            connection, result.id, result.code, result.text, now
        ):
            return
        else:
            if result.outcome == "permanent":
                outbox.mark_failed(connection, result.id, result.code, result.text)
            sent = undelivered.with_told_before(connection, outbox.sent_mail(connection, result.id))
            decided = decide_undelivered(sent, result.code, result.text, board, now)
        apply_decision(connection, self.installation, decided, now)

    def _tell_of_interrupted(self) -> None:
        """Tell an officer of each mail whose sender process died twice on the way: it is not tried a third time."""
        with transaction(self.engine) as connection:
            journal.take_turn(connection)
            for outbox_id in outbox.interrupted_twice(connection):
                decided = decide_uncertain(outbox.sent_mail(connection, outbox_id), self.installation.board)
                apply_decision(connection, self.installation, decided, self.installation.clock())

    def _give_back(self, left: set[int]) -> None:
        """Free the rows that were claimed but not offered (the daemon stops) for the next round or worker."""
        with transaction(self.engine) as connection:
            outbox.unclaim(connection, sorted(left), self.worker)
