"""Open due dates after the table of days off has changed: listed, and moved when somebody says so."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Office
from db.core import journal
from db.decision.gather_duty import gather_duty
from db.register import duties
from rules.decide.base.facts import DutyFacts
from rules.decide.due.due_dates_moved import Moved, decide_move, moved, tell_officers


def open_moves(engine: Engine, office: Office) -> list[Moved]:
    """Which open duties have another date on the office's calendar; nothing is changed."""
    with transaction(engine) as connection:
        found = [_facts(connection, office, each) for each in duties.open_ids(connection)]
    return [move for one in found if one is not None and (move := moved(one)) is not None]


def apply_moves(engine: Engine, office: Office, actor: str) -> list[Moved]:
    """Move them, each in a transaction of its own with its mails; then tell the officers. Again does nothing."""
    now, done = office.clock(), []
    with transaction(engine) as connection:
        ids = duties.open_ids(connection)
    for each in ids:
        with transaction(engine) as connection:
            journal.take_turn(connection)
            known = _facts(connection, office, each)
            move = moved(known) if known is not None else None
            if known is not None and move is not None:
                apply_decision(connection, office, decide_move(known, move, now), now, actor=actor)
                done.append(move)
    if done:
        with transaction(engine) as connection:
            apply_decision(connection, office, tell_officers(office.house, done), now, actor=actor)
    return done


def _facts(connection: Connection, office: Office, duty_id: int) -> DutyFacts | None:
    row = duties.open_row(connection, duty_id)
    return gather_duty(connection, row, office.house) if row is not None else None
