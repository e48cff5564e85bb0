"""Stored mails and due duties, one decision at a time: read, decide, apply, all in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from daemon.base import logs
from daemon.base.errors import TemporaryError
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Office, believed_below
from daemon.loop.attachments import held_files
from daemon.loop.decide_manual_registration import dictated_in
from daemon.papers.draft_routine_papers import draft_routine
from daemon.papers.draft_session_papers import draft_for
from daemon.papers.issue_numbers import issued
from daemon.papers.sessions import form_in, propose_by_mail
from daemon.parsing.smime import lacks_signature
from daemon.parsing.written import as_written
from db.core import driver, journal
from db.core.batch_context import Portion
from db.core.crash_points import reached
from db.decision import gather_facts
from db.decision.applied import ConflictError, MailAtHand
from db.decision.gather_facts import Findings
from db.mails import ledger
from db.outbox.after_restore import decided_at, restored_at, without_second_letters
from db.register import duties
from rules.decide.base.actions import Action
from rules.decide.base.facts import MailFacts
from rules.decide.decide import decide_duty, decide_mail
from rules.law.session_rules import Paper
from rules.message.authentication import Proof, is_authenticated
from rules.values.backoff import next_poison_attempt
from rules.values.model import ParsedMail

log = logs.Log("decide")

TOGETHER = 25
"""Mails decided on in one commit at most."""
LONGEST = 0.25
"""Seconds after which a commit takes in no further mail: commands of the office wait for it."""

# A decision whose compare-and-set found another state is made again on fresh facts so many times.
FRESH_TRIES = 3


MOST_DEATHS = 4
"""So often may a process die while it decides on one mail, three in a row being anybody's bad luck."""


class _UndecidedError(Exception):
    """A mail of several that were decided on together could not be."""


def process_stored(engine: Engine, office: Office, alive: Callable[[], None], limit: int = 10_000) -> int:
    """Decide on at most ``limit`` of the stored mails that wait; returns how many got their fate."""
    return decide_on(engine, office, alive, stored_in_turn(engine, office), limit)


def stored_in_turn(engine: Engine, office: Office) -> deque[int]:
    """The stored mails that wait for their decision, the senders taking turns."""
    with transaction(engine) as connection:
        return deque(ledger.waiting_in_fair_order(connection, office.clock()))


def decide_on(
    engine: Engine,
    office: Office,
    alive: Callable[[], None],
    waiting: deque[int],
    limit: int,
    suspected: int = 0,
    *,
    going_on: bool = False,
) -> int:
    """Decide on at most ``limit`` of the mails, which are taken out of ``waiting``; how many got their fate.

    One mail that cannot be processed does not hold up the next: three attempts, then quarantine.
    Several mails share a commit, the first none: a mail that kills the process takes with it only what was decided
    together with it, and after each restart more of those before it stand. ``going_on``: behind others of this pass.
    Those up to ``suspected`` (by number), which a process before this one may have died of: each alone and counted
    before it is read, so that one that kills the process again and again ends in quarantine. They keep their order:
    numbers come out as if nothing had happened.
    """
    begun = any(each <= suspected for each in waiting)
    shared = engine.dialect.name == "sqlite"  # on PostgreSQL daemons write in turns that last until the commit
    done, together = 0, TOGETHER if shared and going_on else 1
    while waiting and done < limit:
        careful = waiting[0] <= suspected
        if careful and _kills(engine, waiting[0]):
            waiting.popleft()
            continue
        trusted = takewhile(lambda each: each > suspected, waiting)
        some = [waiting[0]] if careful else list(islice(trusted, min(together, limit - done)))
        decided, failed, looked_at = _decide_some(engine, office, alive, some)
        done += decided
        for _ in range(looked_at):
            waiting.popleft()
        for row, failure in failed:
            _note_failure(engine, office, row, failure)
        together = min(2 * together, TOGETHER) if shared and not careful else 1
    if begun:
        with transaction(engine) as connection:
            ledger.forget_begun(connection)
    return done


def _kills(engine: Engine, raw_mail: int) -> bool:
    """Count that this mail is begun; True for one that was so too often, which goes into quarantine."""
    with transaction(engine) as connection:
        journal.take_turn(connection)
        times = ledger.count_begun(connection, raw_mail)
        if times > MOST_DEATHS:
            reason = f"Tiến trình đã dừng đột ngột {MOST_DEATHS} lần khi đọc thư này"
            ledger.note_failure(connection, raw_mail, times, None, reason)
    if times > MOST_DEATHS:
        log.error("mail_kills", mail=raw_mail, times=times)
    return times > MOST_DEATHS


Decided = tuple[int, list[tuple[Row[Any], Exception]], int]
"""How many mails got their fate, which failed, and how many were looked at."""


def _decide_some(engine: Engine, office: Office, alive: Callable[[], None], some: Sequence[int]) -> Decided:
    """Several mails in one commit. A savepoint a mail doubles what SQLite does: taken only when one has failed."""
    try:
        return _decide_together(engine, office, alive, some, apart=engine.dialect.name != "sqlite")
    except _UndecidedError:
        return _decide_together(engine, office, alive, some, apart=True)


def _decide_together(
    engine: Engine, office: Office, alive: Callable[[], None], some: Sequence[int], *, apart: bool
) -> Decided:
    """``apart``: each in a savepoint, so that one that fails leaves the others their decision."""
    decided = looked_at = 0
    failed: list[tuple[Row[Any], Exception]] = []
    until = monotonic() + LONGEST
    reach = office.likes.last
    together = Portion()
    try:
        with transaction(engine) as connection:
            for raw_mail_id in some:
                if looked_at and monotonic() > until:
                    break
                alive()
                looked_at += 1
                row = ledger.claim_stored(connection, raw_mail_id, office.clock())
                if row is None:
                    continue
                portion = Portion() if apart else together
                failure = _attempt(connection, office, row, portion, apart=apart)
                if failure is None:
                    decided += 1
                else:
                    failed.append((row, failure))
            _write_now(connection)
    except BaseException:
        office.likes.forget_after(reach)
        raise
    reached("decide.committed")
    return decided, failed, looked_at


def _write_now(connection: Connection) -> None:
    """What the mails decided on together have left for the end; an error of it is one of theirs."""
    try:
        driver.write_now(connection)
    except IntegrityError as error:
        raise _UndecidedError from error


def _attempt(
    connection: Connection, office: Office, row: Row[Any], portion: Portion, *, apart: bool
) -> Exception | None:
    """One mail; ``apart``: in a savepoint, and the error if it could not be decided on, for the caller to count."""
    for tries_left in reversed(range(FRESH_TRIES)):
        try:
            with connection.begin_nested() if apart else nullcontext(), logs.bind(mail=row.id):
                decide_one(connection, office, row, portion)
        except ConflictError as error:
            if not apart:
                raise _UndecidedError from error
            if not tries_left:
                return error
            portion.forget_all()
        except TemporaryError:
            raise
        except Exception as error:  # whatever it is, the next mail must go on
            if _is_database(error):
                raise
            if not apart:
                raise _UndecidedError from error
            return error
        else:
            return None
    return None


def _is_database(error: Exception) -> bool:
    """True when the database failed, not the mail: then no attempt of the mail is used up."""
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError)


def decide_one(connection: Connection, office: Office, row: Row[Any], portion: Portion) -> None:
    """Read one mail, decide, apply."""
    now = office.clock()
    reached("decide.claimed")
    first = ledger.claim_identity(connection, row.id, row.identity)  # at once, while the database is at hand
    mail, read = office.read(bytes(row.bytes), row.internaldate)
    duplicate_of = first if first != row.id else None
    below = believed_below(connection, office.config.mailbox)
    findings = findings_of(office, bytes(row.bytes), row.internaldate, mail, duplicate_of, below)
    findings = replace(
        findings,
        dictated=dictated_in(office, row, mail, read),
        held_files=held_files(connection, office, row.id, mail),
        portion=portion,
    )
    known = gather_facts.gather(connection, row, mail, read, office.house, findings, office.read, now)
    decided = _decision(connection, office, row, known, now, portion)
    reached("decide.decided")
    actor = mail.sender.email if known.person is not None or known.sender_unit else "daemon"
    at_hand = MailAtHand(row.id, ledger.described(mail), first=first is None and not row.put_away)
    apply_decision(connection, office, decided, now, at_hand, actor=actor, portion=portion)
    reached("decide.applied")
    log.info("decided", kind=read.kind.value, duplicate=known.duplicate_of is not None)


def _decision(
    connection: Connection, office: Office, row: Row[Any], known: MailFacts, now: datetime, portion: Portion
) -> tuple[Action, ...]:
    """A session's form is proposed; every other mail is decided on by the rules."""
    form = form_in(office, known, bytes(row.bytes))
    if form is not None:
        portion.forget_all()  # what it writes is not known here
        return propose_by_mail(connection, office, known, form, now)
    restored = portion.once("restored", lambda: restored_at(connection))
    decided = decide_mail(known, decided_at(restored, row.internaldate, now))
    decided = issued(connection, office, office.likes.linked(connection, decided), now)
    return without_second_letters(restored, decided, row.internaldate)


def findings_of(
    office: Office, raw: bytes, received_at: datetime, mail: ParsedMail, duplicate_of: int | None, below: str = ""
) -> Findings:
    """What the lists, the address tag, our own server and the mail's signature say about the sender."""
    email = mail.sender.email
    unit = office.knowledge.unit_of(email)
    person = office.person(email)
    role = person.role if person is not None else "unit" if unit else ""
    listed = email.lower() in office.knowledge.unit_senders
    return Findings(
        unit=unit,
        how="address" if listed else "domain" if unit else "",
        person=person,
        tag=office.tagger.read(mail),
        authenticated=Proof(lambda: _vouched_for(office, raw, mail, below)),
        lacks_signature=lacks_signature(office.config.smime, role, raw, received_at, mail),
        duplicate_of=duplicate_of,
    )


def _vouched_for(office: Office, raw: bytes, mail: ParsedMail, below: str) -> bool:
    mailbox = office.config.mailbox
    trusted = replace(mail, headers=as_written(raw)) if below else mail
    return is_authenticated(trusted, mailbox.authserv_id, mailbox.received_by, below)


def _note_failure(engine: Engine, office: Office, row: Row[Any], error: Exception) -> None:
    attempts = row.attempts + 1
    at = next_poison_attempt(attempts, office.clock())
    log.failure("mail_failed", error, mail=row.id, attempts=attempts, quarantined=at is None)
    reason = f"{type(error).__name__} tại {logs.place_of(error)}"
    with transaction(engine) as connection:
        ledger.note_failure(connection, row.id, attempts, at, reason)


def work_due(
    engine: Engine, office: Office, alive: Callable[[], None], down: tuple[datetime, datetime] | None = None
) -> int:
    """Do what every due duty asks for; returns how many were worked on.

    A duty that fails is pushed away, else it would be first again for ever and starve the rest.
    """
    with transaction(engine) as connection:
        ids = duties.due_ids(connection, office.clock())
    done = 0
    for duty_id in ids:
        alive()
        done += _work_one(engine, office, duty_id, down)
    return done


def _draft(connection: Connection, office: Office, row: Row[Any], now: datetime) -> Paper | None:
    """The paper that a duty asks to be drafted."""
    if row.kind == "routine":
        return draft_routine(connection, office, row, now)
    if row.kind == "session":
        return draft_for(connection, office, row, now)
    return None


def _work_one(engine: Engine, office: Office, duty_id: int, down: tuple[datetime, datetime] | None) -> int:
    now = office.clock()
    try:
        with transaction(engine) as connection:
            journal.take_turn(connection)
            row = duties.claim(connection, duty_id, now)
            if row is None:
                return 0
            reached("due.claimed")
            since = down[0] if down and down[0] <= row.next_at <= down[1] else None
            draft = _draft(connection, office, row, now)
            known = gather_facts.gather_duty(connection, row, office.house, since, draft)
            decided = without_second_letters(restored_at(connection), decide_duty(known, now), row.next_at)
            apply_decision(connection, office, decided, now)
            reached("due.applied")
    except TemporaryError:
        raise
    except Exception as error:
        log.failure("duty_failed", error, duty=duty_id)
        with transaction(engine) as connection:
            duties.push_away(connection, duty_id, now)
        return 0
    reached("due.committed")
    return 1
