"""Read-only access to the register: a connection that cannot write, and the data that the pages show.

No denunciation is ever part of it (Law on Denunciation 2018): not listed, not counted, not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Row, Select, case, create_engine, event, func, or_, select
from sqlalchemy.exc import DBAPIError

from db.core.engine import ONE_VIEW, sqlite_path
from db.core.tables import (
    approval,
    assignment,
    duty,
    journal,
    outbox,
    paper,
    publication,
    question,
    raw_mail,
)

BUSY_MS = 2_000
SLOWEST_MS = 10_000
"""The longest time that one PostgreSQL statement may take."""
DENUNCIATION = "denunciation"
STEPS = 400
"""Journal entries of one question that a page shows: the newest ones."""


class UnreadableError(RuntimeError):
    """The database is missing, busy, or not one of this version."""


def open_reader(url: str) -> Engine:
    """An engine whose connections cannot change anything, whatever statement they get."""
    path = sqlite_path(url)
    if path is None:
        settings = f"-c default_transaction_read_only=on -c statement_timeout={SLOWEST_MS}"
        given: dict[str, Any] = {"pool_size": 4, "isolation_level": ONE_VIEW, "connect_args": {"options": settings}}
        return create_engine(url, pool_pre_ping=True, **given)
    place = quote(str(path.absolute()))
    engine = create_engine(f"sqlite:///file:{place}?mode=ro&uri=true", connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _only_read)
    event.listen(engine, "begin", _one_view)
    return engine


def _one_view(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")  # the driver begins none for a SELECT


def _only_read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read-only transaction on the register. Raises :class:`UnreadableError` when the register cannot be read."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise UnreadableError(type(error).__name__) from error


def _is_public(kind: Any = question.c.kind) -> Any:
    sealed = select(raw_mail.c.id).where(raw_mail.c.id == question.c.raw_mail_id, raw_mail.c.sealed).exists()
    return (kind != DENUNCIATION) & ~sealed


def id_of(connection: Connection, code: str) -> int | None:
    """The question with that number, None where there is none that may be shown."""
    return connection.execute(select(question.c.id).where(question.c.code == code, _is_public())).scalar_one_or_none()


def shown_codes(connection: Connection, codes: Iterable[str]) -> set[str]:
    """Those of the numbers that may be shown."""
    wanted = sorted(set(codes))
    return set(connection.execute(select(question.c.code).where(question.c.code.in_(wanted), _is_public())).scalars())


def rows_of(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Register rows in this order, without those that may not be shown."""
    rows = connection.execute(select(question).where(question.c.id.in_(ids), _is_public()))
    found = {row.id: row for row in rows}
    return [found[each] for each in ids if each in found]


def story(connection: Connection, question_id: int) -> list[Row[Any]]:
    """The acts on a question, oldest first."""
    rows = connection.execute(
        select(journal).where(journal.c.question_id == question_id).order_by(journal.c.seq.desc()).limit(STEPS)
    )
    return list(rows)[::-1]


def mails_out(connection: Connection, question_id: int) -> list[Row[Any]]:
    """The mails sent about a question: kind and recipient, not the text."""
    columns = (outbox.c.name, outbox.c.role, outbox.c.status, outbox.c.created_at, outbox.c.sent_at)
    return list(connection.execute(select(*columns).where(outbox.c.question_id == question_id).order_by(outbox.c.id)))


def published_at(connection: Connection, question_id: int) -> Row[Any] | None:
    """The row of the question's publication on the portal."""
    return connection.execute(select(publication).where(publication.c.question_id == question_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class Due:
    """An item that a unit owes: its number, unit and counted date."""

    code: str
    subject: str
    unit: str
    on: date
    due: dict[str, Any]


def _owed() -> Select[Any]:
    return (
        select(assignment.c.unit, assignment.c.due_on, assignment.c.due, question.c.code, question.c.subject)
        .join(question, question.c.id == assignment.c.question_id)
        .where(assignment.c.status == "forwarded", _is_public())
        .order_by(assignment.c.due_on, assignment.c.id)
    )


def owed(connection: Connection, until: date, limit: int, *, unit: str = "") -> list[Due]:
    """The items due up to a day, the oldest first."""
    statement = _owed().where(assignment.c.due_on <= until)
    if unit:
        statement = statement.where(assignment.c.unit == unit)
    rows = connection.execute(statement.limit(limit))
    return [Due(row.code, row.subject, row.unit, row.due_on, row.due) for row in rows]


def owed_by_day(connection: Connection, until: date) -> dict[date, int]:
    """The number of items due on each day up to this one."""
    rows = connection.execute(
        select(assignment.c.due_on, func.count())
        .where(assignment.c.status == "forwarded", assignment.c.due_on <= until)
        .group_by(assignment.c.due_on)
        .order_by(assignment.c.due_on)
    )
    return {day: int(number) for day, number in rows}


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """One unit's open items: all, the late ones, and the due day of the oldest."""

    unit: str
    open: int
    late: int
    oldest: date


def loads(connection: Connection, today: date) -> list[UnitLoad]:
    """Every unit with open items, those with the most late ones first."""
    late = func.sum(case((assignment.c.due_on < today, 1), else_=0))
    rows = connection.execute(
        select(assignment.c.unit, func.count(), late, func.min(assignment.c.due_on))
        .where(assignment.c.status == "forwarded")
        .group_by(assignment.c.unit)
    )
    found = [UnitLoad(unit, int(number), int(overdue), oldest) for unit, number, overdue, oldest in rows]
    return sorted(found, key=lambda one: (-one.late, -one.open, one.unit))


def other_duties(connection: Connection, until: date) -> list[Row[Any]]:
    """Open duties of sessions and about personal data up to a day: kind, counted date, session or question number."""
    rows: Iterable[Row[Any]] = connection.execute(
        select(duty.c.kind, duty.c.due, duty.c.session_id, question.c.code)
        .join(question, question.c.id == duty.c.question_id, isouter=True)
        .where(duty.c.status == "open", duty.c.kind.in_(["session", "privacy"]))
        .where(or_(duty.c.question_id.is_(None), _is_public()))
        .order_by(duty.c.due_at, duty.c.id)
        .limit(500)
    )
    return [row for row in rows if row.due["on"] <= until.isoformat()]


def session_papers(connection: Connection, session_id: int) -> list[Row[Any]]:
    """The papers of a session, oldest first: kind, text and state."""
    return list(
        connection.execute(
            select(paper.c.kind, paper.c.title, paper.c.text, paper.c.status, paper.c.made_at, paper.c.decided_at)
            .where(paper.c.session_id == session_id)
            .order_by(paper.c.id)
        )
    )


def asked(connection: Connection, session_id: int) -> list[Row[Any]]:
    """The requests for approval of a session's papers."""
    return list(
        connection.execute(
            select(paper.c.title, approval.c.person, approval.c.status, approval.c.asked_at, approval.c.decided_at)
            .join(paper, paper.c.id == approval.c.paper_id)
            .where(paper.c.session_id == session_id)
            .order_by(approval.c.id)
        )
    )


def session_questions(connection: Connection, session_id: int, limit: int) -> list[Row[Any]]:
    """The questions of a session, oldest first."""
    return list(
        connection.execute(
            select(question.c.code, question.c.subject, question.c.status, question.c.session_mark)
            .where(question.c.session_id == session_id, _is_public())
            .order_by(question.c.id)
            .limit(limit)
        )
    )
