"""Work that the clock triggers: duties that are due, the day's overviews, the year's routine duties.

Also the hours of the daemon itself: a downtime, a mailbox that could not be read, a clock that may be far ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, Row

from daemon.base.errors import TemporaryError
from daemon.base.logs import Log
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.papers.draft_routine_papers import draft_routine
from daemon.papers.draft_session_papers import draft_for, draft_for_the_day
from db.core import counters, journal
from db.core.engine import reached
from db.core.journal import Entry
from db.decision.gather_duty import gather_duty
from db.mails import ledger
from db.outbox.kept_back import restored_at, without_second_letters
from db.register import duties
from db.reports import overview
from db.reports.figures import CLOCK_DOUBT
from rules.decide.base.facts import BoardFacts, DutyFacts
from rules.decide.decide import decide_duty
from rules.decide.due.overviews import leaders_week, officers_overview, overview_day, units_week, week_is_due
from rules.decide.due.reminders import wanted_sessions
from rules.decide.due.waiting import decide_failed
from rules.decide.intake.known_mails import decide_catch_up
from rules.decide.session.routine_reports import due_routines, opened
from rules.decide.session.session_day import KIND as RUN
from rules.law.session_rules import Paper

log = Log("due")

LAST_DAY, LAST_AT, DAY_ENTRY, WEEK_ENTRY = "overview_day", "overview_at", "overview_entry", "overview_week_entry"
FIRST_LOOK = timedelta(days=1)
"""The period that the very first overview covers."""
DRAFTS: Mapping[str, Callable[[Connection, Installation, Row[Any], datetime], Paper | str | None]] = {
    "routine": draft_routine,
    RUN: draft_for_the_day,
    "session": draft_for,
}
"""Who drafts the papers of a duty, by its kind."""


def send_overviews(engine: Engine, installation: Installation) -> bool:
    """Queue today's overviews if they are due; True when this call queued them."""
    now = installation.clock()
    with transaction(engine) as connection:
        if _due(connection, installation, now) is None:
            return False
        journal.take_turn(connection)
        day = _due(connection, installation, now)  # another daemon may have been faster
        if day is None:
            return False
        _make(connection, installation, day, now)
    log.info("overviews", day=day)
    return True


def _due(connection: Connection, installation: Installation, now: datetime) -> date | None:
    law = installation.board.law
    return overview_day(now, _last_day(connection, law.today(now)), law)


def _last_day(connection: Connection, today: date) -> date | None:
    """The day of the last overview; one of a day to come was made by a wrong clock, and counts as none."""
    last = counters.get_state(connection, LAST_DAY)
    day = date.fromisoformat(last) if last else None
    return day if day is not None and day <= today else None


def _make(connection: Connection, installation: Installation, day: date, now: datetime) -> None:
    last_at = counters.get_instant(connection, LAST_AT)
    since = last_at if last_at is not None and last_at < now else now - FIRST_LOOK
    entry = int(counters.get_state(connection, DAY_ENTRY) or 0)
    found = overview.overview_facts(connection, day, since, entry, _people(installation.board))
    found = replace(found, unread=_unread(connection, since, now))
    decided = officers_overview(found, installation.board, day)
    newest = overview.last_entry(connection)
    if week_is_due(day, _last_day(connection, day), installation.board.law):
        week_entry = int(counters.get_state(connection, WEEK_ENTRY) or 0)
        week = overview.week_facts(connection, installation.board.contacts, day, week_entry)
        decided += (*units_week(week, installation.board, day), *leaders_week(week, installation.board, day))
        counters.set_state(connection, WEEK_ENTRY, str(newest))
    apply_decision(connection, installation, decided, now)
    counters.set_state(connection, LAST_DAY, day.isoformat())
    counters.set_instant(connection, LAST_AT, now)
    counters.set_state(connection, DAY_ENTRY, str(newest))


UNREAD_SINCE, UNREAD = "unread_since", "unread"
"""Keys: the instant from which the mailbox cannot be read, and the beginning and end of the last such time."""
UNREAD_FOR = timedelta(hours=2)
"""A shorter time is not worth telling."""


def _unread(connection: Connection, since: datetime, now: datetime) -> tuple[datetime, datetime | None] | None:
    """From when, and until when, the mailbox could not be read since the last overview; None where it could."""
    first = counters.get_instant(connection, UNREAD_SINCE)
    if first is not None and now - first >= UNREAD_FOR:
        return first, None
    noted = [datetime.fromisoformat(one) for one in counters.get_state(connection, UNREAD).split()]
    return (noted[0], noted[1]) if noted and noted[1] > since else None


def _note_unread(connection: Connection, now: datetime, *, polled: bool) -> None:
    first = counters.get_instant(connection, UNREAD_SINCE)
    if not polled and first is None:
        counters.set_instant(connection, UNREAD_SINCE, counters.get_instant(connection, counters.LAST_POLL) or now)
    if polled and first is not None:
        counters.set_state(connection, UNREAD_SINCE, "")
        if now - first >= UNREAD_FOR:
            counters.set_state(connection, UNREAD, f"{first.isoformat()} {now.isoformat()}")


def _people(board: BoardFacts) -> tuple[str, ...]:
    """The addresses of the people whose acts are not the daemon's own."""
    deputy = (board.deputy,) if board.deputy else ()
    return tuple(one.email for one in (*board.officers, board.head, *deputy))


routines_log = Log("routines")

SINCE, LOOKED = "routine_since", "routine_looked"


def open_routines(connection: Connection, installation: Installation) -> int:
    """Open the routine duties due for drafting; returns how many. Those due before the very first start are left."""
    now, law = installation.clock(), installation.board.law
    today = law.today(now)
    mark = f"{today} {law.calendar.version} {law.profile.digest}"
    if counters.get_state(connection, LOOKED) == mark:
        return 0
    journal.take_turn(connection)
    since = counters.get_state(connection, SINCE)
    if not since:
        since = today.isoformat()
        counters.set_state(connection, SINCE, since)
    first = date.fromisoformat(since)
    wanted = [*due_routines(law, first, now), *wanted_sessions(law, first, now)]
    known = duties.known(connection, [one.key for one in wanted])
    new = [one for one in wanted if one.key not in known]
    for one in new:
        apply_decision(connection, installation, opened(law, one), now)
    counters.set_state(connection, LOOKED, mark)
    if new:
        routines_log.info("opened", duties=len(new))
    return len(new)


def work_due(
    engine: Engine,
    installation: Installation,
    alive: Callable[[], None],
    down: tuple[datetime, datetime] | None = None,
) -> int:
    """Do what every due duty asks for; returns how many duties were worked on.

    A duty that fails is postponed; otherwise it would come first for ever and starve the rest.
    """
    with transaction(engine) as connection:
        ids = duties.due_ids(connection, installation.clock())
        restored = restored_at(connection)
    done = 0
    for duty_id in ids:
        alive()
        done += _work_one(engine, installation, duty_id, down, restored, alive)
    return done


def _draft(connection: Connection, installation: Installation, row: Row[Any], now: datetime) -> Paper | str | None:
    """The draft of the paper that a duty asks for, or what is missing for it."""
    draft = DRAFTS.get(row.kind)
    return draft(connection, installation, row, now) if draft else None


def _work_one(
    engine: Engine,
    installation: Installation,
    duty_id: int,
    down: tuple[datetime, datetime] | None,
    restored: datetime | None,
    alive: Callable[[], None],
) -> int:
    now = installation.clock()
    try:
        with transaction(engine) as connection:
            journal.take_turn(connection)
            row = duties.claim(connection, duty_id, now)
            if row is None:
                return 0
            reached("due.claimed")
            since = down[0] if down and down[0] <= row.next_at <= down[1] else None
            draft = _draft(connection, installation, row, now)
            reread = partial(installation.read, alive=alive)
            duty = gather_duty(connection, row, installation.board, since, draft, reread)
            decided = without_second_letters(restored, decide_duty(duty, now), row.next_at)
            apply_decision(connection, installation, decided, now)
            reached("due.applied")
            counters.restart(connection, _failures(duty_id))
    except TemporaryError:
        raise
    except Exception as error:
        log.failure("duty_failed", error, duty=duty_id)
        with transaction(engine) as connection:
            journal.take_turn(connection)
            duties.push_away(connection, duty_id, now)
            if counters.next_number(connection, _failures(duty_id)) == TRIES:
                _tell_of_failed(connection, installation, duty_id, type(error).__name__)
        return 0
    reached("due.committed")
    return 1


def missed_between(
    connection: Connection, installation: Installation, start: datetime, end: datetime, alive: Callable[[], None]
) -> list[DutyFacts]:
    """What is known of the duties that came up while no daemon ran; one that cannot be read is left to the log."""
    found: list[DutyFacts] = []
    for row in duties.missed_between(connection, start, end):
        alive()
        try:
            with connection.begin_nested():
                found.append(gather_duty(connection, row, installation.board, start))
        except Exception as error:
            log.failure("missed_unread", error, duty=row.id)
    return found


ALIVE, FAULTLESS = "last_alive", "last_pass"
"""Keys of two stored instants: the last pass that reached the mailbox, and the last pass without any fault."""
DOWNTIME = timedelta(hours=1)
"""The shortest gap between two passes that is worth telling the officers about."""
LEAP, PATIENCE = timedelta(days=300), timedelta(days=1)
"""After a gap of LEAP between two passes the daemon first waits, for at most PATIENCE, for proof that the clock is
right: wrong clocks are mostly wrong by a year, and after a shorter gap the service had more likely been stopped."""


def tell_downtime(
    engine: Engine, installation: Installation, alive: Callable[[], None]
) -> tuple[datetime, datetime] | None:
    """Report a downtime that has just ended and what came up in it; returns its beginning and end, None for none."""
    now = installation.clock()
    with transaction(engine) as connection:
        last = _last_life(connection)
        if last is None or now - last < DOWNTIME:
            return None
        open_routines(connection, installation)
        missed = missed_between(connection, installation, last, now, alive)
        apply_decision(connection, installation, decide_catch_up(last, now, missed, installation.board), now)
    log.warning("catch_up", down_from=last, missed=len(missed))
    return last, now


def clock_in_doubt(engine: Engine, now: datetime) -> bool:
    """Whether this clock may be far ahead: by it the last pass is long ago, the mail server has stamped no mail
    within the last day (RFC 3501 §2.3.3), and this state has lasted less than a day."""
    with transaction(engine) as connection:
        last, since = _last_life(connection), counters.get_instant(connection, CLOCK_DOUBT)
        leapt = last is not None and now - last > LEAP
        newest = ledger.newest_receipt(connection) if leapt else None
        shown = newest is not None and now - newest < PATIENCE
        if leapt and not shown and now - (since or now) < PATIENCE:
            counters.set_instant(connection, CLOCK_DOUBT, since or now)
            return True
        if since is not None and not leapt:
            counters.set_state(connection, CLOCK_DOUBT, "")
    return False


def note_life(connection: Connection, now: datetime, *, polled: bool, faultless: bool) -> None:
    """Note a pass: a pass with a fault does not count as downtime, but one that did not reach the mailbox does."""
    if polled or not faultless:
        _note_unread(connection, now, polled=polled)
    for noted, name in ((polled, ALIVE), (faultless, FAULTLESS)):
        if noted:
            counters.set_instant(connection, name, now)


def _last_life(connection: Connection) -> datetime | None:
    noted = (counters.get_instant(connection, name) for name in (ALIVE, FAULTLESS))
    return max((at for at in noted if at is not None), default=None)


TRIES = 3
"""After so many failed attempts at a duty, an hour apart, the officers are told to fulfil it by hand."""


def _failures(duty_id: int) -> str:
    """The counter of a duty's faults in a row."""
    return f"duty_failed:{duty_id}"


def _tell_of_failed(connection: Connection, installation: Installation, duty_id: int, reason: str) -> None:
    """Enter it into the journal and alert the officers; the duty is tried on, each hour."""
    now, row = installation.clock(), duties.by_id(connection, duty_id)
    journal.append(connection, Entry("duty_failed", reason, row.clause, question=row.question_id), now)
    try:
        with connection.begin_nested():
            due = date.fromisoformat(row.due["on"])
            actions = decide_failed(row.id, row.clause, due, row.question_id, installation.board, now)
            apply_decision(connection, installation, actions, now)
    except Exception as error:  # the alert may fail on the same data as the duty; the log has both
        log.failure("duty_untold", error, duty=duty_id)
