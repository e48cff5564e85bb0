"""The register (clause 8.2): numbers, rows, and compare-and-set of their states.

Also the questions of a sender who asks for their state, withdraws one, or sends a letter twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from db.core.counters import next_number
from db.core.dialects import date_from_json
from db.core.tables import answer, assignment, question
from rules.decide.base.actions import Register
from rules.decide.base.facts import MOST_TOLD, TOLD_AFTER_END, AnswerFacts, AssignmentFacts, BoardFacts, QuestionFacts
from rules.law.working_days import city_day
from rules.routing.similar import REPEATED_WITHIN, may_repeat, repeated
from rules.understand.citizen_requests import asks_for_state, data_request, plain_words
from rules.understand.danger import Danger, danger_in
from rules.understand.earlier_letters import asks_after_earlier, asks_to_withdraw, own_letter_again, speaks_of_earlier
from rules.understand.understand import Understanding
from rules.values.data_file import Source
from rules.values.model import AttachmentRef, Candidate, Kind, ParsedMail, Requester, RequesterKind
from rules.values.states import AssignmentStatus, QuestionStatus


def register(
    connection: Connection,
    action: Register,
    raw_mail_id: int | None,
    prefix: str,
    now: datetime,
    told_at: datetime | None = None,
) -> Row[Any]:
    """Give the question the next number of the year in which the mail was received; returns the row written."""
    year = city_day(action.received_at).year
    number = next_number(connection, f"question:{year}")
    asker = action.asker
    row = {
        "code": f"{prefix}-{year}-{number:06d}",
        "year": year,
        "number": number,
        "raw_mail_id": None if action.raw_mail < 0 else action.raw_mail or raw_mail_id,
        "channel": action.channel,
        "received_at": action.received_at,
        "registered_at": now,
        "status": action.status.value,
        "kind": action.kind.value,
        "asker_kind": asker.kind.value,
        "asker_name": asker.name,
        "asker_address": asker.address,
        "asker_phone": asker.phone[:64],
        "asker_phone_e164": asker.phone_e164,
        "asker_email": action.email[:320],
        "subject": action.subject,
        "content": action.content,
        "field": action.field,
        "clause": action.clause,
        "missing": ",".join(asker.missing),
        "message_id": action.message_id[:998],
        "guess": [{"unit": one.unit, "score": one.score, "reasons": one.reasons} for one in action.guess],
        "session_id": action.session,
        "name_consent": action.name_consent,
        "notes": action.notes,
        "told_at": told_at,
    }
    return connection.execute(insert(question).returning(question), row).one()


def set_status(
    connection: Connection,
    question_id: int,
    expect: Sequence[QuestionStatus],
    status: QuestionStatus,
    values: Mapping[str, object],
) -> bool:
    """Compare-and-set; False when the question is in none of the expected states."""
    return bool(
        connection.execute(
            update(question)
            .where(question.c.id == question_id, question.c.status.in_([one.value for one in expect]))
            .values(status=status.value, **values)
        ).rowcount
    )


def amend(connection: Connection, question_id: int, values: Mapping[str, object]) -> None:
    """Set columns other than the status."""
    connection.execute(update(question).where(question.c.id == question_id).values(**values))


def set_assignment(
    connection: Connection,
    assignment_id: int,
    expect: AssignmentStatus,
    status: AssignmentStatus,
    values: Mapping[str, object],
) -> bool:
    """Compare-and-set; False when the assignment is not in the expected state."""
    return bool(
        connection.execute(
            update(assignment)
            .where(assignment.c.id == assignment_id, assignment.c.status == expect.value)
            .values(status=status.value, **values)
        ).rowcount
    )


def reopen(connection: Connection, assignment_ids: Sequence[int]) -> list[int]:
    """Let assignments wait for their answers again; gives the ids of the mails whose answers no longer count."""
    given = answer.c.assignment_id.in_(assignment_ids)
    mails = list(connection.execute(select(answer.c.raw_mail_id).where(given)).scalars())
    connection.execute(delete(answer).where(given))
    waits = {"status": AssignmentStatus.FORWARDED.value, "answered_at": None}
    connection.execute(update(assignment).where(assignment.c.id.in_(assignment_ids)).values(**waits))
    return mails


def load(connection: Connection, ids: Sequence[int]) -> dict[int, QuestionFacts]:
    """Questions with their assignments, in the form that decisions need."""
    if not ids:
        return {}
    rows = connection.execute(select(question).where(question.c.id.in_(ids)))
    assigned, given = _assignments(connection, ids), answers_by(connection, ids, "lead")
    return {row.id: _question_facts(row, assigned.get(row.id, []), given.get(row.id, [])) for row in rows}


def answers_by(connection: Connection, ids: Collection[int], role: str) -> dict[int, list[AnswerFacts]]:
    """What units in a role have answered; supporting units write for their lead unit, not for the asker (10.1.c)."""
    rows = connection.execute(
        select(answer, assignment.c.item_text)
        .join(assignment, assignment.c.id == answer.c.assignment_id)
        .where(answer.c.question_id.in_(ids), assignment.c.role == role)
        .order_by(answer.c.id)
    )
    found: dict[int, list[AnswerFacts]] = {}
    for row in rows:
        files = tuple(AttachmentRef(row.raw_mail_id, part, name, kind) for part, name, kind in row.refs)
        said = row.unit, row.text, row.document, row.signer, row.signer_title, row.item_text, files
        found.setdefault(row.question_id, []).append(AnswerFacts(*said, row.raw_mail_id, row.assignment_id))
    return found


def _assignments(connection: Connection, ids: Sequence[int]) -> dict[int, list[AssignmentFacts]]:
    rows = connection.execute(select(assignment).where(assignment.c.question_id.in_(ids)).order_by(assignment.c.id))
    found: dict[int, list[AssignmentFacts]] = {}
    for row in rows:
        found.setdefault(row.question_id, []).append(_assignment_facts(row))
    return found


def _assignment_facts(row: Row[Any]) -> AssignmentFacts:
    return AssignmentFacts(
        id=row.id,
        question_id=row.question_id,
        item=row.item,
        item_text=row.item_text,
        unit=row.unit,
        role=row.role,
        round=row.round,
        status=AssignmentStatus(row.status),
        forwarded_at=row.forwarded_at,
        due=date_from_json(row.due),
        due_at=row.due_at,
        told_until=row.told_until,
        wanted_until=row.wanted_until,
        wanted_why=row.wanted_why,
        answered_at=row.answered_at,
    )


def _question_facts(row: Row[Any], assignments: list[AssignmentFacts], answers: list[AnswerFacts]) -> QuestionFacts:
    return QuestionFacts(
        id=row.id,
        code=row.code,
        status=QuestionStatus(row.status),
        raw_mail_id=row.raw_mail_id,
        received_at=row.received_at,
        asker=requester_of(row),
        email=row.asker_email,
        subject=row.subject,
        content=row.content,
        missing=tuple(key for key in row.missing.split(",") if key),
        message_id=row.message_id,
        clause=row.clause,
        outcome=row.outcome,
        guess=tuple(Candidate(one["unit"], one["score"], tuple(one["reasons"])) for one in row.guess),
        notes=row.notes,
        assignments=tuple(assignments),
        field=row.field,
        session_id=row.session_id,
        session_mark=row.session_mark,
        session_marked_at=row.session_marked_at,
        live_answer=row.live_answer,
        live_by=row.live_by,
        live_choice=row.live_choice,
        answers=tuple(answers),
        answered_at=row.answered_at,
        signed_at=row.signed_at,
        link=row.link,
        kind=Kind(row.kind),
        name_consent=row.name_consent,
        registered_at=row.registered_at,
    )


def requester_of(row: Row[Any]) -> Requester:
    """The requester, from a register row."""
    said, formerly = (row.asker_name, row.asker_address, row.asker_phone), tuple(row.asker_formerly.splitlines())
    return Requester(RequesterKind(row.asker_kind), *said, row.asker_phone_e164, formerly)


def ids_by_code(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """Register numbers to ids; unknown numbers are absent."""
    if not codes:
        return {}
    rows = connection.execute(select(question.c.code, question.c.id).where(question.c.code.in_(codes)))
    return {row.code: row.id for row in rows}


WORKED_ON = (QuestionStatus.RECEIVED.value, QuestionStatus.NEEDS_REVIEW.value, QuestionStatus.FORWARDED.value)


def incomplete_of(connection: Connection, email: str) -> tuple[int, ...]:
    """Open questions from this address that still lack data of clause 21.1."""
    rows = connection.execute(
        select(question.c.id).where(
            func.lower(question.c.asker_email) == func.lower(email),
            question.c.missing != "",
            question.c.status.in_(WORKED_ON),
        )
    )
    return tuple(row.id for row in rows)


def of_sender(connection: Connection, email: str, since: datetime, most: int) -> list[int]:
    """Questions asked from this address: those that are open, then those that ended since; newest first, at most
    ``most`` of each."""
    own = {"email": email, "most": most, "since": since}
    return list(connection.execute(_OF_SENDER, own).scalars())


def _some_of_sender(part: int, *which: ColumnElement[bool]) -> Select[int, int]:
    """The sender's newest questions that meet these conditions; ``part`` sorts them after an earlier selection."""
    some = select(question.c.id, literal(part).label("part")).where(
        func.lower(question.c.asker_email) == func.lower(bindparam("email")), *which
    )
    return select(some.order_by(question.c.id.desc()).limit(bindparam("most")).subquery())


_OPEN = question.c.status.in_(WORKED_ON)
_LATELY = func.coalesce(question.c.answered_at, question.c.told_at, question.c.registered_at) >= bindparam("since")
_BY_PART = union_all(_some_of_sender(0, _OPEN), _some_of_sender(1, ~_OPEN, _LATELY)).subquery()
_OF_SENDER = select(_BY_PART.c.id).order_by(_BY_PART.c.part, _BY_PART.c.id.desc())


def id_by_raw_mail(connection: Connection, raw_mail_id: int) -> int | None:
    """The question that a mail started, or None."""
    return connection.execute(select(question.c.id).where(question.c.raw_mail_id == raw_mail_id)).scalar_one_or_none()


def questions_of_assignments(connection: Connection, ids: Sequence[int]) -> list[int]:
    """The questions that these assignments belong to."""
    rows = connection.execute(select(assignment.c.question_id).where(assignment.c.id.in_(ids)).distinct())
    return [row.question_id for row in rows]


def row_of(connection: Connection, question_id: int) -> Row[Any]:
    """One register row, whole."""
    row = connection.execute(select(question).where(question.c.id == question_id)).one_or_none()
    if row is None:
        raise LookupError(f"no question {question_id}")
    return row


def assignments_of(connection: Connection, question_id: int) -> list[Row[Any]]:
    """The assignment rows of a question, in order."""
    return list(
        connection.execute(
            select(assignment).where(assignment.c.question_id == question_id).order_by(assignment.c.id)
        )
    )


def answers_of(connection: Connection, question_id: int) -> list[Row[Any]]:
    """The answers of a question, in order."""
    return list(connection.execute(select(answer).where(answer.c.question_id == question_id).order_by(answer.c.id)))


def counts_by_status(connection: Connection) -> dict[str, int]:
    """The number of questions in each status."""
    found = connection.execute(select(question.c.status, func.count()).group_by(question.c.status))
    return {status: int(number) for status, number in found}


def numbering_gaps(connection: Connection) -> list[str]:
    """Years in which the numbers do not run 1..n; there should be none."""
    found = connection.execute(
        select(question.c.year, func.count().label("n"), func.max(question.c.number).label("top"))
        .group_by(question.c.year)
        .having(or_(func.count() != func.max(question.c.number), func.min(question.c.number) != 1))
    )
    return [f"{row.year}: {row.n} numbers up to {row.top}" for row in found]


def own_questions(
    connection: Connection, mail: ParsedMail, read: Understanding, board: BoardFacts, now: datetime, *, threaded: bool
) -> tuple[QuestionFacts, ...]:
    """The sender's questions, for a mail about one of them or data kept, or on a life in danger (whom to call)."""
    if not (ids := of_sender(connection, mail.sender.email, now - TOLD_AFTER_END, MOST_TOLD + 1)):
        return ()
    own, source = read.text.own, board.source
    asks = asks_for_state(mail, read, threaded=threaded, source=source) or asks_to_withdraw(mail, read, source)
    asks = asks or speaks_of_earlier(mail.subject, own, source) or asks_after_earlier(own, source)
    asks = asks or data_request(plain_words(own, source), source) is not None
    if not asks and danger_in(own, source) is not Danger.PERSON:
        return ()
    found = load(connection, ids)
    return tuple(found[each] for each in ids)


def repeated_question(
    connection: Connection, mail: ParsedMail, read: Understanding, source: Source, now: datetime
) -> QuestionFacts | None:
    """The sender's recent question that this letter repeats, or forwards again; None where the question is new."""
    if not may_repeat(read.kind, read.text.own):
        return None
    if not (ids := of_sender(connection, mail.sender.email, now - REPEATED_WITHIN, MOST_TOLD)):
        return None
    questions = load(connection, ids)
    lately = [questions[each] for each in ids if questions[each].received_at >= now - REPEATED_WITHIN]
    inner = own_letter_again(mail, read.text.own, source)
    return repeated(read.text.own, lately) or (repeated(inner, lately) if inner else None)
