"""The conservation law: arrived = done + held + quarantined (+ stored, while it waits), and related checks.

Also the ledger's side of the nightly comparison with the mailbox: where each mail should lie, what was reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from db.core.tables import assignment, duty, mail_identity, question, raw_content, raw_mail
from db.mails import stored_mails
from db.mails.ledger import mark_server_state
from db.register.questions import numbering_gaps

STATES = frozenset({"stored", "done", "held", "quarantined"})
FATES = frozenset({"register", "attach", "hold", "reject", "ignore", "quarantine"})


def conservation_faults(connection: Connection) -> list[str]:
    """Every way in which the books do not add up, one line each; empty when they do."""
    return [
        *_states(connection),
        *_without_fate(connection),
        *_without_mail(connection),
        *_without_duty(connection),
        *stored_mails.faults(connection),
        *(f"register numbers are not 1..n in {gap}" for gap in numbering_gaps(connection)),
    ]


def _states(connection: Connection) -> list[str]:
    rows = connection.execute(select(raw_mail.c.status, func.count()).group_by(raw_mail.c.status))
    return [f"{number} mails are in an unknown state {state!r}" for state, number in rows if state not in STATES]


def _without_fate(connection: Connection) -> list[str]:
    """Faults against: a decided mail has one fate, and its bytes are there."""
    fateless = connection.execute(
        select(func.count()).where(raw_mail.c.status != "stored", raw_mail.c.fate.not_in(FATES))
    ).scalar_one()
    lost = connection.execute(
        select(func.count())
        .select_from(raw_mail.outerjoin(raw_content, raw_content.c.sha256 == raw_mail.c.sha256))
        .where(raw_content.c.sha256.is_(None))
    ).scalar_one()
    faults = [f"{fateless} decided mails have no fate"] if fateless else []
    return faults + ([f"{lost} mails have lost their bytes"] if lost else [])


def _without_mail(connection: Connection) -> list[str]:
    """Faults against: a registered mail has its question, and each identity was decided once."""
    orphaned = connection.execute(
        select(func.count()).where(raw_mail.c.fate == "register", raw_mail.c.question_id.is_(None))
    ).scalar_one()
    undecided = connection.execute(
        select(func.count())
        .select_from(mail_identity.join(raw_mail, raw_mail.c.id == mail_identity.c.raw_mail_id))
        .where(raw_mail.c.status == "stored", raw_mail.c.fate == "")  # one that is retried has a fate behind it
    ).scalar_one()
    faults = [f"{orphaned} registered mails have no question"] if orphaned else []
    return faults + ([f"{undecided} mails are claimed but not decided"] if undecided else [])


def _without_duty(connection: Connection) -> list[str]:
    """Faults against: each unit that owes an answer has an open duty, each forwarded question an assignment."""
    unwatched = connection.execute(
        select(func.count())
        .select_from(assignment.outerjoin(duty, duty.c.assignment_id == assignment.c.id))
        .where(assignment.c.status == "forwarded", (duty.c.id.is_(None)) | (duty.c.status != "open"))
    ).scalar_one()
    forgotten = connection.execute(
        select(func.count()).where(
            question.c.status == "forwarded",
            # As a set: for a subquery per question SQLite walks through all open assignments each time.
            question.c.id.not_in(select(assignment.c.question_id).where(assignment.c.status == "forwarded")),
        )
    ).scalar_one()
    faults = [f"{unwatched} assignments are waited for without a duty"] if unwatched else []
    return faults + ([f"{forgotten} forwarded questions lie with no unit"] if forgotten else [])


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail and the fate to whose folder it was moved. ``code``: its question's register number, or "".

    ``read_in``: the server's name of the folder in which ``restore`` found it, else "". It lies there whatever its
    fate became.
    """

    id: int
    message_id: str
    folder: str
    code: str
    read_in: str = ""


def filed(connection: Connection, mailbox: str) -> list[Filed]:
    """The mails that the program has moved and that were not reported missing."""
    return _rows(connection, mailbox, "moved")


def taken(connection: Connection, mailbox: str, uidvalidity: int) -> list[Filed]:
    """The mails that left INBOX without the program's doing, and were not reported.

    People moved or deleted them, or the program died between a MOVE and its record. Mails of an earlier UIDVALIDITY
    are left out, because their UIDs mean nothing any more.
    """
    return _rows(connection, mailbox, "gone", raw_mail.c.uidvalidity == uidvalidity)


def told(connection: Connection, mailbox: str) -> list[int]:
    """The mails that were reported to officers as moved or deleted by people."""
    return [one.id for one in _rows(connection, mailbox, "told")]


def _rows(connection: Connection, mailbox: str, state: str, *more: ColumnElement[bool]) -> list[Filed]:
    """Mails of INBOX, and those that ``restore`` has read out of a folder: their place is ``mailbox#folder``."""
    of_a_folder = raw_mail.c.mailbox.startswith(f"{mailbox}#", autoescape=True)
    rows = connection.execute(
        select(raw_mail.c.id, raw_mail.c.mailbox, raw_mail.c.message_id, raw_mail.c.target_folder, question.c.code)
        .select_from(raw_mail.outerjoin(question, question.c.id == raw_mail.c.question_id))
        .where((raw_mail.c.mailbox == mailbox) | of_a_folder, raw_mail.c.server_state == state, *more)
        .order_by(raw_mail.c.id)
    )
    return [
        Filed(row.id, row.message_id, row.target_folder, row.code or "", row.mailbox[len(mailbox) + 1 :])
        for row in rows
    ]


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
    """Set the state: ``told`` = reported to officers as misplaced, and not to be reported again; or ``moved``."""
    mark_server_state(connection, ids, state)
