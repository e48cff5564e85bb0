"""After a restore from a backup: mail that the lost state may already have sent to citizens is not sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from db.core import counters
from rules.decide.base.actions import Action, Send

RESTORED_AT = "restored_at"
NOT_SENT_AGAIN = "not sent: the register was restored, and this mail may have left before"


def restored_at(connection: Connection) -> datetime | None:
    """When the register was last restored from a backup, or None."""
    return counters.get_instant(connection, RESTORED_AT)


def decided_at(restored: datetime | None, came: datetime, now: datetime) -> datetime:
    """The instant to use for deciding on a mail: a mail that came before the restore is decided on as of its arrival.

    So time limits start where they started before, and no unit gains days by our loss.
    """
    return now if restored is None or came > restored else min(came, now)


def without_second_letters(
    restored: datetime | None, decided: Sequence[Action], cause: datetime
) -> tuple[Action, ...]:
    """The decision with mail to citizens kept back, where its cause (a mail, a duty) came before the restore."""
    if restored is None or cause > restored:
        return tuple(decided)
    return tuple(_kept_back(one) if isinstance(one, Send) else one for one in decided)


def _kept_back(send: Send) -> Send:
    return replace(send, kept_back=NOT_SENT_AGAIN) if send.notice.recipient.role == "citizen" else send
