"""Opens the year's routine duties when their draft is due: once a day and at start, whatever was missed meanwhile."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from daemon.base.logs import Log
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Office
from db.core import counters, journal
from db.register import duties
from rules.decide.due.missing_sessions import wanted_sessions
from rules.decide.session.routine_reports import due_routines, opened

log = Log("routines")

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
        log.info("opened", duties=len(new))
    return len(new)
