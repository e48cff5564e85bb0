"""Sessions, the questions they may take, the papers approved for them, and the requests for approval.

Also the replies to the invitation to a session, of which the last of each person counts, and what calendars show: the
sessions, their dated duties, and the due dates of units and officers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from db.core.counters import next_number
from db.core.dialects import date_from_json, insert_into
from db.core.tables import assignment, attendance, duty, journal, paper, question, session
from rules.decide.base.fact_parts import STEP
from rules.decide.base.history import Attendance
from rules.decide.base.session_actions import (
    ProposeSession,
    RecordAttendance,
    SetSession,
)
from rules.law.session_rules import (
    RECEIVING,
    PaperKind,
    SessionFacts,
    SessionForm,
    SessionStatus,
    form_adapter,
)
from rules.law.working_days import city_day
from rules.values.model import CountedDate
from rules.values.states import AssignmentStatus, QuestionStatus

LOOK_BACK = timedelta(days=180)
"""Sessions held longer ago than this are left out."""


_REPLACED = (
    select(func.count())
    .where(paper.c.session_id == session.c.id, paper.c.kind == PaperKind.PLAN.value)
    .where(paper.c.status == "void", paper.c.decided_at.is_not(None))
    .scalar_subquery()
)
_SESSIONS = select(session, _REPLACED.label("withdrawn_plans"))


def propose(connection: Connection, action: ProposeSession, now: datetime) -> int:
    """Store the session under the next number of the year in which it is to be held; gives its id."""
    year = city_day(action.form.start).year
    number = next_number(connection, f"session:{year}")
    row = {
        "code": f"P-{year}-{number:02d}",
        "status": action.status.value,
        "created_at": now,
        **_columns(action.form),
    }
    return int(connection.execute(insert(session).values(**row).returning(session.c.id)).scalar_one())


def _columns(form: SessionForm) -> dict[str, Any]:
    return {
        "level": form.level,
        "unit": form.unit,
        "topic": form.topic,
        "starts_at": form.start,
        "minutes": form.minutes,
        "form": form_adapter().dump_python(form, mode="json"),
    }


def set_status(connection: Connection, action: SetSession, session_id: int) -> bool:
    """Compare-and-set; False when the session is in none of the expected states."""
    values: dict[str, Any] = {"status": action.status.value, **action.values}
    if action.form is not None:
        values |= _columns(action.form)
    return bool(
        connection.execute(
            update(session)
            .where(session.c.id == session_id, session.c.status.in_([one.value for one in action.expect]))
            .values(**values)
        ).rowcount
    )


def load(connection: Connection, ids: Iterable[int]) -> dict[int, SessionFacts]:
    """Sessions by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {one.id: one for one in _read(connection, _SESSIONS.where(session.c.id.in_(wanted)))}


def by_code(connection: Connection, code: str) -> SessionFacts | None:
    """The session with that number, or None."""
    return next(iter(_read(connection, _SESSIONS.where(session.c.code == code.upper()))), None)


def every(connection: Connection, *, running: bool = False) -> tuple[SessionFacts, ...]:
    """All sessions, or those that are neither closed nor cancelled, by their start."""
    statement = _SESSIONS.order_by(session.c.starts_at, session.c.id)
    if running:
        statement = statement.where(session.c.status.not_in(["closed", "cancelled"]))
    return _read(connection, statement)


def receiving(connection: Connection) -> tuple[SessionFacts, ...]:
    """The sessions that take questions, the nearest first."""
    return _read(connection, _TAKING)


_TAKING = _SESSIONS.where(session.c.status.in_([one.value for one in RECEIVING])).order_by(
    session.c.starts_at, session.c.id
)


def _read(connection: Connection, statement: Select[Any]) -> tuple[SessionFacts, ...]:
    rows = connection.execute(statement).all()
    answering = _answering(connection, [row.id for row in rows]) if rows else {}
    return tuple(_facts(row, answering.get(row.id, [])) for row in rows)


def _answering(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The units that have, or have answered, a question of these sessions."""
    has = (AssignmentStatus.FORWARDED.value, AssignmentStatus.ANSWERED.value)
    rows = connection.execute(
        select(question.c.session_id, assignment.c.unit)
        .join(assignment, assignment.c.question_id == question.c.id)
        .where(question.c.session_id.in_(ids), assignment.c.role == "lead", assignment.c.status.in_(has))
        .distinct()
        .order_by(question.c.session_id, assignment.c.unit)
    )
    found: dict[int, list[str]] = {}
    for about, unit in rows:
        found.setdefault(about, []).append(unit)
    return found


def _facts(row: Row[Any], answering: Sequence[str]) -> SessionFacts:
    return SessionFacts(
        id=row.id,
        code=row.code,
        status=SessionStatus(row.status),
        starts_at=row.starts_at,
        form=form_adapter().validate_python(row.form),
        moves=row.moves,
        withdrawn_plans=row.withdrawn_plans,
        answering=tuple(answering),
        started_at=row.started_at,
        ended_at=row.ended_at,
        link=row.link,
        record_link=row.record_link,
    )


def question_ids(connection: Connection, session_id: int) -> list[int]:
    """The questions of a session, oldest first."""
    rows = connection.execute(
        select(question.c.id).where(question.c.session_id == session_id).order_by(question.c.id)
    )
    return [row.id for row in rows]


def record_attendance(connection: Connection, action: RecordAttendance, now: datetime) -> None:
    """Store the reply; a reply to a newer invitation replaces one to an older, never the other way round."""
    row = {
        "session_id": action.session,
        "address": action.address,
        "unit": action.unit,
        "answer": action.answer,
        "comment": action.comment,
        "sequence": action.sequence,
        "said_at": now,
    }
    insert = insert_into(connection, attendance).values(**row)
    newer = insert.excluded.sequence >= attendance.c.sequence
    changed = {name: insert.excluded[name] for name in ("answer", "comment", "sequence", "said_at")}
    connection.execute(
        insert.on_conflict_do_update(index_elements=["session_id", "address"], set_=changed, where=newer)
    )


def attendance_of(connection: Connection, session_id: int) -> tuple[Attendance, ...]:
    """The last reply of each invited person."""
    rows = connection.execute(
        select(attendance).where(attendance.c.session_id == session_id).order_by(attendance.c.id)
    )
    return tuple(
        Attendance(row.address, row.unit, row.answer, row.comment, row.sequence // STEP, row.said_at) for row in rows
    )


def open_questions_of(connection: Connection, units: Sequence[str]) -> list[int]:
    """Open questions in no session whose lead is one of these units; () = any unit; oldest first."""
    waits = (question.c.session_id.is_(None), question.c.status == QuestionStatus.FORWARDED.value)
    lies = (assignment.c.status == AssignmentStatus.FORWARDED.value, assignment.c.role == "lead")
    of = (assignment.c.unit.in_(units),) if units else ()
    joined = select(question.c.id).join(assignment, assignment.c.question_id == question.c.id)
    return list(connection.execute(joined.where(*waits, *lies, *of).distinct().order_by(question.c.id)).scalars())


@dataclass(frozen=True, slots=True)
class AgendaDuty:
    """One day on which something is due. ``number`` is a register number, ``unit`` a unit's code, "" for neither;
    ``moved`` counts how often the day was changed.
    """

    id: int
    kind: str
    status: str
    due: CountedDate
    session: int = 0
    number: str = ""
    unit: str = ""
    assignment: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """Sessions with the newest planning of each of their duties, and the open duties about questions."""

    sessions: tuple[SessionFacts, ...]
    duties: tuple[AgendaDuty, ...] = ()
    of_sessions: Mapping[int, tuple[AgendaDuty, ...]] = field(default_factory=dict)


def agenda(connection: Connection, now: datetime) -> Agenda:
    """Everything from the last half year on."""
    ids = list(connection.execute(select(session.c.id).where(session.c.starts_at >= now - LOOK_BACK)).scalars())
    sessions = sorted(load(connection, ids).values(), key=lambda one: (one.starts_at, one.id))
    planned = {each: session_duties(connection, each) for each in ids}
    return Agenda(tuple(sessions), _about_questions(connection), planned)


def session_duties(connection: Connection, session_id: int) -> tuple[AgendaDuty, ...]:
    """A session's dated duties: the newest planning of each rule, in order of date."""
    rows = connection.execute(
        select(duty).where(duty.c.session_id == session_id, duty.c.kind == "session").order_by(duty.c.id)
    )
    newest = {row.due["rule"]: _planned(row) for row in rows}
    return tuple(sorted(newest.values(), key=lambda one: (one.due.on, one.id)))


def _planned(row: Row[Any]) -> AgendaDuty:
    return AgendaDuty(row.id, row.kind, row.status, date_from_json(row.due), session=row.session_id)


def _about_questions(connection: Connection) -> tuple[AgendaDuty, ...]:
    moved = _times_moved(connection)
    rows = connection.execute(
        select(duty.c.id, duty.c.kind, duty.c.status, duty.c.due, duty.c.assignment_id, duty.c.question_id)
        .add_columns(question.c.code, func.coalesce(assignment.c.unit, "").label("unit"))
        .join(question, question.c.id == duty.c.question_id)
        .join(assignment, assignment.c.id == duty.c.assignment_id, isouter=True)
        .where(duty.c.status == "open", duty.c.kind.in_(["answer", "privacy"]))
        .order_by(duty.c.id)
    )
    return tuple(
        AgendaDuty(
            row.id,
            row.kind,
            row.status,
            date_from_json(row.due),
            number=row.code,
            unit=row.unit,
            assignment=row.assignment_id or 0,
            moved=moved.get(row.question_id, 0),
        )
        for row in rows
    )


def _times_moved(connection: Connection) -> dict[int, int]:
    """How often the dates were changed, for each question with an open duty."""
    rows = connection.execute(
        select(journal.c.question_id, func.count(journal.c.seq.distinct()))
        .join(duty, duty.c.question_id == journal.c.question_id)
        .where(duty.c.status == "open", duty.c.kind.in_(["answer", "privacy"]), journal.c.act == "due_moved")
        .group_by(journal.c.question_id)
    )
    return {about: int(number) for about, number in rows}
