"""The facts for a duty that has come up: its question, session and papers, and the mail that waits for a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.core.dialects import date_from_json
from db.core.tables import outbox, raw_mail
from db.decision import gather_sessions as of_sessions
from db.decision.gather_facts import Reread, held_mail
from db.register import publications, questions, sessions
from rules.decide.base.facts import BoardFacts, DutyFacts, HeldMailFacts, QuestionFacts
from rules.law.session_rules import Paper
from rules.values.states import DECISION, MISSING_SESSION

REVIEW = "review:"
"""The prefix of the key of a duty to decide on a held mail."""


def _waiting(connection: Connection, key: str, reread: Reread) -> HeldMailFacts | None:
    """The held mail that a review duty is about."""
    number = key.removeprefix(REVIEW)
    return held_mail(connection, int(number), reread) if key.startswith(REVIEW) and number.isdecimal() else None


def _spoken_of(connection: Connection, held: HeldMailFacts | None) -> QuestionFacts | None:
    """The question that our mails about a held mail name."""
    if held is None:
        return None
    told = select(outbox.c.question_id).where(outbox.c.raw_mail_id == held.id, outbox.c.question_id.is_not(None))
    number = connection.execute(told.order_by(outbox.c.id).limit(1)).scalar()
    return questions.load(connection, [number]).get(number) if number else None


def _waits_for_asker(connection: Connection, question: QuestionFacts) -> bool:
    """True when an officer has asked the requester for something and nothing has come from the requester since."""
    asked = select(func.max(outbox.c.created_at)).where(
        outbox.c.question_id == question.id, outbox.c.name == "citizen_missing"
    )
    at = connection.execute(asked).scalar()
    if at is None:
        return False
    since = select(raw_mail.c.id).where(raw_mail.c.question_id == question.id, raw_mail.c.internaldate > at)
    theirs = since.where(func.lower(raw_mail.c.from_email) == question.email.lower()).limit(1)
    return connection.execute(theirs).scalar() is None


def gather_duty(
    connection: Connection,
    row: Row[Any],
    board: BoardFacts,
    down_since: datetime | None = None,
    draft: Paper | str | None = None,
    reread: Reread | None = None,
) -> DutyFacts:
    """Everything known about a duty that has come up; ``draft`` is the paper that it needs, or what that lacks.

    With ``reread`` the held mail is read again, so that a reminder can describe it.
    """
    held = _waiting(connection, row.key, reread) if reread is not None else None
    found = questions.load(connection, [row.question_id]) if row.question_id else {}
    about = found.get(row.question_id) or _spoken_of(connection, held)
    session = sessions.load(connection, [row.session_id]).get(row.session_id) if row.session_id else None
    own = sessions.question_ids(connection, row.session_id) if row.session_id else []
    assigned = next((one for one in about.assignments if one.id == row.assignment_id), None) if about else None
    return DutyFacts(
        id=row.id,
        key=row.key,
        kind=row.kind,
        clause=row.clause,
        stage=row.stage,
        due=date_from_json(row.due),
        due_at=row.due_at,
        next_at=row.next_at,
        question=about,
        assignment=assigned,
        board=board,
        session=session,
        session_questions=tuple(questions.load(connection, own).values()),
        papers=of_sessions.papers(connection, row),
        draft=None if isinstance(draft, str) else draft,
        draft_lacks=draft if isinstance(draft, str) else "",
        candidates=of_sessions.candidates(connection, session, date_from_json(row.due).rule) if session else (),
        session_dues=of_sessions.session_dues(connection, session) if session and row.kind != "approval" else (),
        posted=publications.standing(connection, own) if own else {},
        sessions=tuple(sessions.every(connection)) if row.kind == MISSING_SESSION else (),
        approval=of_sessions.decision(connection, row.key) if row.kind in {DECISION, "approval"} else None,
        attendance=sessions.attendance_of(connection, row.session_id) if row.kind == "session" else (),
        down_since=down_since,
        held=held,
        waits_for_asker=row.kind == "review" and about is not None and _waits_for_asker(connection, about),
    )
