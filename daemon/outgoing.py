"""What a decision sends, looked at before it is carried out: can it be written to, is it too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from daemon.mailout.headers import UnsafeMail, ascii_address
from db import floods
from rules.actions import Action, Note, Send
from rules.facts import House


def admissible(connection: Connection, decided: Sequence[Action], house: House, now: datetime) -> tuple[Action, ...]:
    """The decision with what cannot or must not leave turned into notes: the rest of it stands."""
    return floods.capped(connection, [_writable(one) for one in decided], house, now)


def _writable(action: Action) -> Action:
    """A citizen's address comes from a mail: one that cannot be written (RFC 5321 §4.1.2) gets nothing."""
    if not isinstance(action, Send):
        return action
    try:
        ascii_address(action.notice.recipient.email)
    except UnsafeMail:
        why = f"Không gửi được thư {action.notice.name}: địa chỉ người nhận không dùng được"
        return Note("no_address", why, action.notice.clause, action.question)
    return action
