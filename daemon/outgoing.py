"""What a decision sends, looked at before it is carried out: can it be written to, is it too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from daemon.mailout.headers import UnsafeMail, ascii_address
from db import files, floods
from db.portion import Portion
from rules.actions import Action, Note, Send
from rules.desk_actions import RecordFile
from rules.facts import House
from rules.workflow.files import without_held


def admissible(
    connection: Connection, decided: Sequence[Action], house: House, now: datetime, portion: Portion
) -> tuple[Action, ...]:
    """The decision with what cannot or must not leave turned into notes or taken out: the rest of it stands."""
    writable = _without_held_files(connection, [_writable(one) for one in decided])
    return floods.capped(connection, writable, house, now, portion)


def _without_held_files(connection: Connection, decided: list[Action]) -> list[Action]:
    """The last gate before a file goes on, whoever decided so; what this decision says of a file is the newest."""
    carried = {ref.raw_mail for one in decided if isinstance(one, Send) for ref in one.notice.attachments}
    if not carried - {0}:
        return decided
    said = {place: status for place, (status, _) in files.known(connection, carried).items()}
    said |= {(one.raw_mail, one.part): one.status for one in decided if isinstance(one, RecordFile)}
    held = frozenset(place for place, status in said.items() if status in files.KEPT_BACK)
    return [without_held(one, held) if isinstance(one, Send) else one for one in decided]


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
