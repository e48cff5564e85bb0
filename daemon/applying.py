"""A decision carried out: what may leave, in the journal's turn, on the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from daemon.house import Office
from daemon.outgoing import admissible
from db import journal
from db.application import NO_MAIL, Application, MailAtHand
from db.apply import apply
from db.portion import Portion
from rules.actions import Action


def apply_decision(
    connection: Connection,
    office: Office,
    decided: tuple[Action, ...],
    now: datetime,
    at_hand: MailAtHand | None = None,
    *,
    actor: str = "daemon",
    portion: Portion | None = None,
) -> None:
    """Carry a decision out on an open transaction; ``portion`` is what others in it have found out already."""
    portion = portion or Portion()
    application = Application(
        connection,
        office.compose,
        office.config.board.prefix,
        now,
        actor=actor,
        at_hand=at_hand or NO_MAIL,
        portion=portion,
    )
    journal.take_turn(connection)
    apply(application, admissible(connection, decided, office.house, now, portion))
