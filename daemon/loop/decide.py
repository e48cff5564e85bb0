"""Stored mails, one decision at a time: read, decide, apply, all in one transaction (duties: :mod:`daemon.loop.due`).

The CPU seconds for one mail are limited (a busy machine or a wait does not count), so that no mail stops the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from daemon.base import logs
from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision, issued, with_last_numbers
from daemon.installation.icalendar import reply_in
from daemon.installation.installation import Installation, believed_below
from daemon.loop.attachments import held_files, scan_stored
from daemon.papers.draft_session_papers import with_papers_ordered
from daemon.papers.sessions import form_in, propose_by_mail
from daemon.parsing.guard import MailTooCostlyError, costs_at_most
from daemon.parsing.opening import as_written
from daemon.parsing.outside_programs import lacks_signature
from daemon.parsing.parse import forget_large
from db.core import journal
from db.core.engine import reached
from db.core.journal import Entry
from db.decision import gather_facts
from db.decision.application import ConflictError, MailAtHand
from db.decision.gather_facts import Findings, Stored
from db.mails import ledger
from db.mails.identity import letter_of
from db.outbox.kept_back import decided_at, restored_at, without_second_letters
from rules.decide.base.actions import Action, Finish
from rules.decide.base.facts import MailFacts
from rules.decide.decide import decide_mail
from rules.decide.intake.known_mails import decide_quarantined
from rules.decide.officer.dictations import dictated_in
from rules.message.authentication import Proof, is_authenticated
from rules.understand.understand import Understanding
from rules.values.model import ParsedMail
from rules.values.states import next_poison_attempt

log = logs.Log("decide")

# If the compare-and-set finds another state, the decision is made again on fresh facts: this many tries in all, the
# first included. A conflict in the last one counts as a failure of the mail.
FRESH_TRIES = 3

MOST_DEATHS = 4
"""How many processes may die over one mail before it is set aside: three deaths in a row can be bad luck."""
SET_ASIDE = timedelta(hours=1)
ROUNDS_OF_DEATHS = 2


def stored_in_turn(engine: Engine, installation: Installation) -> deque[int]:
    """The stored mails that wait for their decision, senders in turn so that none of them holds up the rest."""
    with transaction(engine) as connection:
        return deque(ledger.waiting_in_fair_order(connection, installation.clock()))


def decide_on(
    engine: Engine,
    installation: Installation,
    alive: Callable[[], None],
    waiting: deque[int],
    limit: int,
    left_over: Collection[int] = (),
) -> int:
    """Decide on at most ``limit`` mails, which are removed from ``waiting``; returns how many got their fate.

    Each mail has its own transaction. One that cannot be processed does not hold up the next: after three attempts it
    is quarantined. ``left_over`` are the mails that an earlier process left undecided and may have died of. Each of
    them is counted before it is read, so that a mail that kills the process again and again ends in quarantine.
    """
    with transaction(engine) as connection:
        restored = restored_at(connection)
    done, counted = 0, False
    for raw_mail_id in [waiting.popleft() for _ in range(min(limit, len(waiting)))]:
        alive()
        counted = counted or raw_mail_id in left_over
        if raw_mail_id in left_over and _kills(engine, installation, raw_mail_id):
            continue
        if raw_mail_id in left_over:  # the scan before this round has left it alone
            scan_stored(engine, installation, alive, only={raw_mail_id})
        done += _decide(engine, installation, raw_mail_id, restored, alive)
    if counted:
        with transaction(engine) as connection:
            ledger.forget_begun(connection)
    return done


def _kills(engine: Engine, installation: Installation, raw_mail: int) -> bool:
    """Count that work on this mail begins; True when it has begun too often.

    The mail may be innocent, since the process may have been killed from outside. So it waits at first, and goes into
    quarantine only when the same happens once more.
    """
    with transaction(engine) as connection:
        journal.take_turn(connection)
        times = ledger.count_begun(connection, raw_mail)
        if times > MOST_DEATHS:
            reason = f"Tiến trình đã dừng đột ngột {MOST_DEATHS} lần khi đọc thư này"
            attempts = ledger.attempts_of(connection, raw_mail) + 1
            at = installation.clock() + SET_ASIDE if attempts < ROUNDS_OF_DEATHS else None
            _put_by(connection, installation, raw_mail, attempts, at, reason)
    if times > MOST_DEATHS:
        log.error("mail_kills", mail=raw_mail, times=times)
    return times > MOST_DEATHS


def _decide(
    engine: Engine, installation: Installation, raw_mail_id: int, restored: datetime | None, alive: Callable[[], None]
) -> bool:
    """Decide on one mail; True when it got its fate. A failure of the mail's own is counted, and the next follows."""
    for tries_left in reversed(range(FRESH_TRIES)):
        try:
            return _decide_once(engine, installation, raw_mail_id, restored, alive)
        except TemporaryError:
            raise
        except MailTooCostlyError:
            _too_costly(engine, installation, raw_mail_id)
            return False
        except Exception as error:  # whatever it is, the next mail must go on
            if _is_database(error):
                raise
            if not (isinstance(error, ConflictError) and tries_left):
                _note_failure(engine, installation, raw_mail_id, error)
                return False
    return False


def _decide_once(
    engine: Engine, installation: Installation, raw_mail_id: int, restored: datetime | None, alive: Callable[[], None]
) -> bool:
    """One transaction; False when the mail no longer waits or another daemon has it."""
    with transaction(engine) as connection, logs.bind(mail=raw_mail_id):
        row = ledger.claim_stored(connection, raw_mail_id, installation.clock())
        if row is None:
            return False
        try:
            decide_one(connection, installation, row, restored, alive)
        finally:
            forget_large()
    reached("decide.committed")
    return True


def _is_database(error: Exception) -> bool:
    """True when the database failed, not the mail: then the mail loses none of its attempts."""
    fault = error.__cause__ if isinstance(error, ConfigurationError) else error  # of a damaged file
    return isinstance(fault, DBAPIError) and not isinstance(fault, IntegrityError)


def decide_one(
    connection: Connection,
    installation: Installation,
    row: Row[Any],
    restored: datetime | None,
    alive: Callable[[], None],
) -> None:
    """Read one mail, decide, apply. ``restored``: when the register was last restored from a backup, or None."""
    now = installation.clock()
    reached("decide.claimed")
    with costs_at_most(installation.config.limits.max_cpu_seconds, alive):
        mail, read = installation.read(bytes(row.bytes), row.internaldate, alive)
        first = ledger.claim_identity(connection, row.id, row.identity, comparable_letter(installation, mail))
        facts = facts_of(connection, installation, row, mail, read, first if first != row.id else None, now, alive)
        decided = decision_on(connection, installation, bytes(row.bytes), facts, now, restored)
    reached("decide.decided")
    sealed = any(isinstance(one, Finish) and one.sealed for one in decided)  # the journal must not name its writer
    listed = (
        facts.person is not None or facts.sender_unit
    ) and not facts.unproven  # a forged address is nobody's act
    actor = facts.mail.sender.email if listed and not sealed else "daemon"
    values = ledger.described(mail) | {"duplicate_of": facts.duplicate_of}
    at_hand = MailAtHand(row.id, values, first=first is None and not row.put_away)
    apply_decision(connection, installation, decided, now, at_hand, actor=actor)
    reached("decide.applied")
    log.info("decided", kind=facts.understanding.kind.value, duplicate=facts.duplicate_of is not None)


class Arrived(Stored, Protocol):
    """The columns of a ledger row that a decision needs; ``explain`` gives a mail that is in no ledger."""

    @property
    def bytes(self) -> bytes: ...


def facts_of(
    connection: Connection,
    installation: Installation,
    row: Arrived | Row[Any],
    mail: ParsedMail,
    read: Understanding,
    duplicate_of: int | None,
    now: datetime,
    alive: Callable[[], None] = lambda: None,
) -> MailFacts:
    """The mail as it was read, and what the register and the configured lists know of it. Reads only."""
    below, board = believed_below(connection, installation.config.mailbox), installation.board
    findings = findings_of(installation, bytes(row.bytes), row.internaldate, mail, duplicate_of, below)
    findings = replace(
        findings,
        dictated=dictated_in(row, read, board, installation.knowledge, installation.person(mail.sender.email)),
        held_files=held_files(connection, installation, row.id, mail),
        invitation=reply_in(bytes(row.bytes), mail, board),
    )
    reread = partial(installation.read, alive=alive)
    facts = gather_facts.gather(connection, row, mail, read, board, findings, reread, now)
    return with_last_numbers(connection, with_papers_ordered(connection, installation, facts, now), now)


def decision_on(
    connection: Connection,
    installation: Installation,
    raw: bytes,
    facts: MailFacts,
    now: datetime,
    restored: datetime | None,
    *,
    looks: bool = False,
) -> tuple[Action, ...]:
    """Decide on one mail: a session's form is proposed (with ``looks`` only tried), the rules decide on any other."""
    form = form_in(installation, facts, raw)
    if form is not None:
        return propose_by_mail(connection, installation, facts, form, looks=looks)
    decided = decide_mail(facts, decided_at(restored, facts.received_at, now))
    decided = issued(connection, installation, installation.likes.linked(connection, decided), now)
    return without_second_letters(restored, decided, facts.received_at)


def findings_of(
    installation: Installation,
    raw: bytes,
    received_at: datetime,
    mail: ParsedMail,
    duplicate_of: int | None,
    below: str = "",
) -> Findings:
    """The findings of the lists, the address tag, our own server and the mail's signature about the sender.

    A mail from a website's form proves nothing about who filled the form in.
    """
    if mail.form:
        return Findings(duplicate_of=duplicate_of)
    email = mail.sender.email
    unit = installation.knowledge.unit_of(email)
    person = installation.person(email)
    role = person.role if person is not None else "unit" if unit else ""
    listed = email.lower() in installation.knowledge.unit_senders
    return Findings(
        unit=unit,
        how="address" if listed else "domain" if unit else "",
        person=person,
        tag=installation.tagger.read(mail),
        authenticated=Proof(lambda: _vouched_for(installation, raw, mail, below)),
        lacks_signature=lacks_signature(installation.config.smime, role, raw, received_at, mail),
        duplicate_of=duplicate_of,
    )


def _vouched_for(installation: Installation, raw: bytes, mail: ParsedMail, below: str) -> bool:
    mailbox = installation.config.mailbox
    trusted = replace(mail, headers=as_written(raw)) if below else mail
    return is_authenticated(trusted, mailbox.authserv_id, mailbox.received_by, below)


def _note_failure(engine: Engine, installation: Installation, raw_mail_id: int, error: Exception) -> None:
    reason = f"{type(error).__name__} tại {logs.place_of(error)}"
    with transaction(engine) as connection:
        attempts = ledger.attempts_of(connection, raw_mail_id) + 1
        at = next_poison_attempt(attempts, installation.clock())
        _put_by(connection, installation, raw_mail_id, attempts, at, reason)
    log.failure("mail_failed", error, mail=raw_mail_id, attempts=attempts, quarantined=at is None)


def _too_costly(engine: Engine, installation: Installation, raw_mail_id: int) -> None:
    """Quarantine at once, as another try would cost as much. A higher limit and ``mail retry`` can still read it."""
    seconds = installation.config.limits.max_cpu_seconds
    reason = f"Đọc thư này cần hơn {seconds} giây tính toán (limits.max_cpu_seconds)"
    with transaction(engine) as connection:
        attempts = ledger.attempts_of(connection, raw_mail_id) + 1
        _put_by(connection, installation, raw_mail_id, attempts, None, reason)
    log.error("mail_too_costly", mail=raw_mail_id, seconds=seconds)


def _put_by(
    connection: Connection,
    installation: Installation,
    raw_mail_id: int,
    attempts: int,
    at: datetime | None,
    reason: str,
) -> None:
    """Let a mail wait for another try, or quarantine it, with a journal entry and an immediate notice to officers."""
    ledger.note_failure(connection, raw_mail_id, attempts, at, reason)
    if at is not None:
        return
    now = installation.clock()
    journal.take_turn(connection)
    journal.append(connection, Entry("quarantined", reason, raw_mail=raw_mail_id), now)
    folder = installation.config.imap.folders.quarantine
    try:
        with connection.begin_nested():
            actions = decide_quarantined(raw_mail_id, reason, folder, installation.board, now)
            apply_decision(connection, installation, actions, now)
    except Exception as error:  # the alert may fail on the same data as the mail; the alarm rings too
        if _is_database(error):
            raise
        log.failure("quarantine_untold", error, mail=raw_mail_id)


def comparable_letter(installation: Installation, mail: ParsedMail) -> str:
    """The digest of what was written; "" for mail of a unit, a listed person or an approver, where the bytes count.

    The fields that prove the sender are not part of this digest: a forged copy that came first and was held would
    swallow the true mail.
    """
    email, tag = mail.sender.email, installation.tagger.read(mail)
    acts = installation.knowledge.unit_of(email) or installation.person(email) is not None
    return "" if acts or (tag is not None and tag.kind == "a") else letter_of(mail)
