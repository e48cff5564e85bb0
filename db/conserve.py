"""The conservation law: arrived = done + held + quarantined (+ stored, while it waits), and what rests on it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from db import apart
from db.questions import numbering_gaps
from db.schema import assignment, duty, mail_identity, question, raw_content, raw_mail

STATES = frozenset({"stored", "done", "held", "quarantined"})
FATES = frozenset({"register", "attach", "hold", "reject", "ignore", "quarantine"})


def conservation_faults(connection: Connection) -> list[str]:
    """Every way in which the books do not add up, one line each; empty when they do."""
    return [
        *_states(connection),
        *_without_fate(connection),
        *_without_mail(connection),
        *_without_duty(connection),
        *apart.faults(connection),
        *(f"register numbers are not 1..n in {gap}" for gap in numbering_gaps(connection)),
    ]


def _states(connection: Connection) -> list[str]:
    rows = connection.execute(select(raw_mail.c.status, func.count()).group_by(raw_mail.c.status))
    return [f"{number} mails are in an unknown state {state!r}" for state, number in rows if state not in STATES]


def _without_fate(connection: Connection) -> list[str]:
    """A decided mail has one fate, and its bytes are there."""
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
    """A registered mail has its question, and each identity was decided once."""
    orphaned = connection.execute(
        select(func.count()).where(raw_mail.c.fate == "register", raw_mail.c.question_id.is_(None))
    ).scalar_one()
    undecided = connection.execute(
        select(func.count())
        .select_from(mail_identity.join(raw_mail, raw_mail.c.id == mail_identity.c.raw_mail_id))
        .where(raw_mail.c.status == "stored")
    ).scalar_one()
    faults = [f"{orphaned} registered mails have no question"] if orphaned else []
    return faults + ([f"{undecided} mails are claimed but not decided"] if undecided else [])


def _without_duty(connection: Connection) -> list[str]:
    """A unit that owes an answer has an open duty; a question in review or forwarded is waited for by somebody."""
    unwatched = connection.execute(
        select(func.count())
        .select_from(assignment.outerjoin(duty, duty.c.assignment_id == assignment.c.id))
        .where(assignment.c.status == "forwarded", (duty.c.id.is_(None)) | (duty.c.status != "open"))
    ).scalar_one()
    forgotten = connection.execute(
        select(func.count()).where(
            question.c.status == "forwarded",
            # As a set: a subquery for each question makes SQLite walk all open assignments for each of them.
            question.c.id.not_in(select(assignment.c.question_id).where(assignment.c.status == "forwarded")),
        )
    ).scalar_one()
    faults = [f"{unwatched} assignments are waited for without a duty"] if unwatched else []
    return faults + ([f"{forgotten} forwarded questions lie with no unit"] if forgotten else [])
