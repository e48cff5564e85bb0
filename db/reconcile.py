"""The ledger's side of the nightly comparison with the mailbox: where each mail should lie, and what was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from db.mails import mark_server_state
from db.schema import question, raw_mail


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail and the fate whose folder it was moved to. ``code``: its question's register number, or ""."""

    id: int
    message_id: str
    folder: str
    code: str


def filed(connection: Connection, mailbox: str) -> list[Filed]:
    """The mails that the program has moved, and that nobody was told to be missing."""
    return _rows(connection, mailbox, "moved")


def taken(connection: Connection, mailbox: str, uidvalidity: int) -> list[Filed]:
    """The mails that left INBOX without a word of the program's, and that nobody was told of.

    People moved or deleted them, or the program died between a MOVE and its mark. Those of an earlier UIDVALIDITY
    say nothing: their UIDs mean nothing any more.
    """
    return _rows(connection, mailbox, "gone", raw_mail.c.uidvalidity == uidvalidity)


def told(connection: Connection, mailbox: str) -> list[int]:
    """The mails that officers have been told of as moved or deleted by people."""
    return [one.id for one in _rows(connection, mailbox, "told")]


def _rows(connection: Connection, mailbox: str, state: str, *more: ColumnElement[bool]) -> list[Filed]:
    rows = connection.execute(
        select(raw_mail.c.id, raw_mail.c.message_id, raw_mail.c.target_folder, question.c.code)
        .select_from(raw_mail.outerjoin(question, question.c.id == raw_mail.c.question_id))
        .where(raw_mail.c.mailbox == mailbox, raw_mail.c.server_state == state, *more)
        .order_by(raw_mail.c.id)
    )
    return [Filed(row.id, row.message_id, row.target_folder, row.code or "") for row in rows]


def returned(connection: Connection, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """The mails that lie in INBOX although the server said it had moved them: the next pass moves them again."""
    found: list[int] = []
    for start in range(0, len(uids), 500):
        rows = connection.execute(
            select(raw_mail.c.id).where(
                raw_mail.c.mailbox == mailbox,
                raw_mail.c.uidvalidity == uidvalidity,
                raw_mail.c.uid.in_(uids[start : start + 500]),
                raw_mail.c.server_state != "waiting",
            )
        )
        found += [row.id for row in rows]
    return found


def mark(connection: Connection, ids: Sequence[int], state: str) -> None:
    """``told``: officers know that these are not where they should be, and are not told again; or ``moved``."""
    for start in range(0, len(ids), 500):
        mark_server_state(connection, ids[start : start + 500], state)
