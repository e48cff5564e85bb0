"""Which questions a session may take: open ones of its units that are in none."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.core.tables import assignment, question
from rules.values.states import AssignmentStatus, QuestionStatus


def open_of_units(connection: Connection, units: Sequence[str]) -> list[int]:
    """Open questions that are in no session and lie with one of these units as lead; () = with any; oldest first."""
    waits = (question.c.session_id.is_(None), question.c.status == QuestionStatus.FORWARDED.value)
    lies = (assignment.c.status == AssignmentStatus.FORWARDED.value, assignment.c.role == "lead")
    of = (assignment.c.unit.in_(units),) if units else ()
    joined = select(question.c.id).join(assignment, assignment.c.question_id == question.c.id)
    return list(connection.execute(joined.where(*waits, *lies, *of).distinct().order_by(question.c.id)).scalars())
