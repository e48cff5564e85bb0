"""A decision carried out: what may leave, in the journal's turn, on the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from daemon.house import Office
from daemon.outgoing import admissible
from db import journal
from db.apply import Application, apply
from rules.actions import Action


def apply_decision(
    connection: Connection,
    office: Office,
    decided: tuple[Action, ...],
    now: datetime,
    *,
    raw_mail: int | None = None,
    actor: str = "daemon",
) -> None:
    """Carry a decision out on an open transaction."""
    application = Application(
        connection, office.compose, office.config.board.prefix, now, actor=actor, raw_mail=raw_mail
    )
    journal.take_turn(connection)
    apply(application, admissible(connection, decided, office.house, now))
