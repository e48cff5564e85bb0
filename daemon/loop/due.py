"""What comes up by the day, once a day whatever happens: overviews are queued, the year's routine duties opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from daemon.base.logs import Log
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Office
from db.core import counters, journal
from db.register import duties
from db.reports import overview
from rules.decide.base.facts import House
from rules.decide.due.missing_sessions import wanted_sessions
from rules.decide.due.overviews import leaders_week, officers_overview, overview_day, units_week, week_is_due
from rules.decide.session.routine_reports import due_routines, opened

log = Log("due")

LAST_DAY, LAST_AT, DAY_ENTRY, WEEK_ENTRY = "overview_day", "overview_at", "overview_entry", "overview_week_entry"
FIRST_LOOK = timedelta(days=1)
"""How far back the very first overview looks."""


def send_overviews(engine: Engine, office: Office) -> bool:
    """Queue today's overviews if they are due; True when they were made now."""
    now = office.clock()
    with transaction(engine) as connection:
        if _due(connection, office, now) is None:
            return False
        journal.take_turn(connection)
        day = _due(connection, office, now)  # another daemon may have been faster
        if day is None:
            return False
        _make(connection, office, day, now)
    log.info("overviews", day=day)
    return True


def _due(connection: Connection, office: Office, now: datetime) -> date | None:
    return overview_day(now, _last_day(connection), office.house.law)


def _last_day(connection: Connection) -> date | None:
    last = counters.get_state(connection, LAST_DAY)
    return date.fromisoformat(last) if last else None


def _make(connection: Connection, office: Office, day: date, now: datetime) -> None:
    since = counters.get_instant(connection, LAST_AT) or now - FIRST_LOOK
    entry = int(counters.get_state(connection, DAY_ENTRY) or 0)
    found = overview.desk_facts(connection, day, since, entry, _people(office.house))
    decided = officers_overview(found, office.house, day)
    newest = overview.last_entry(connection)
    if week_is_due(day, _last_day(connection), office.house.law):
        week_entry = int(counters.get_state(connection, WEEK_ENTRY) or 0)
        week = overview.week_facts(connection, office.house.contacts, day, week_entry)
        decided += (*units_week(week, office.house, day), *leaders_week(week, office.house, day))
        counters.set_state(connection, WEEK_ENTRY, str(newest))
    apply_decision(connection, office, decided, now)
    counters.set_state(connection, LAST_DAY, day.isoformat())
    counters.set_instant(connection, LAST_AT, now)
    counters.set_state(connection, DAY_ENTRY, str(newest))


def _people(house: House) -> tuple[str, ...]:
    """Whose acts are not the daemon's own."""
    deputy = (house.deputy,) if house.deputy else ()
    return tuple(one.email for one in (*house.officers, house.head, *deputy))


routines_log = Log("routines")

SINCE, LOOKED = "routine_since", "routine_looked"


def open_routines(connection: Connection, office: Office) -> int:
    """Open what is due for drafting and not open yet; returns how many. Nothing due before the very first start."""
    now, law = office.clock(), office.house.law
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
        apply_decision(connection, office, opened(law, one), now)
    counters.set_state(connection, LOOKED, mark)
    if new:
        routines_log.info("opened", duties=len(new))
    return len(new)
