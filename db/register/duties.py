"""Duties: what must happen by an instant. "Due" is one indexed query; "overdue" follows from the instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, and_, cast, select, update

from db.core.dialects import date_to_json, insert_once_by_dialect
from db.core.tables import assignment, duty, journal, raw_mail
from rules.decide.base.actions import AdvanceDuty, ExtendDue, Forward, OpenDuty, Reopened
from rules.decide.base.fact_parts import FETCHED, REOPENED, ListedCase, ListRow, Untold
from rules.decide.base.history import DID, EarlierOrder
from rules.decide.base.manual_work import TELL, duty_key, notice_of_duty, review_key
from rules.decide.base.session_actions import MoveDuty, ReopenDuty
from rules.values.states import MISSING_SESSION, DutyStatus, MailStatus


def open_for_assignment(connection: Connection, action: Forward, question: int, made: int, now: datetime) -> None:
    """Open the duty of a unit to answer (10.1.d)."""
    _open(
        connection,
        key=answer_key(made),
        kind="answer",
        clause=action.due.clause,
        due=date_to_json(action.due),
        due_at=action.due_at,
        next_at=action.next_at,
        stage=action.stage,
        question_id=question,
        assignment_id=made,
        opened_at=now,
    )


def open_duty(connection: Connection, action: OpenDuty, question: int | None, raw_mail: int, now: datetime) -> None:
    """Open any other duty; an existing one with the same key stays as it is."""
    _open(
        connection,
        key=action.key,
        kind=action.kind,
        clause=action.clause,
        due=date_to_json(action.due),
        due_at=action.due_at,
        next_at=action.next_at,
        stage=action.stage,
        question_id=question,
        raw_mail_id=raw_mail or None,
        session_id=action.session,
        opened_at=now,
    )


def _open(connection: Connection, **row: Any) -> None:
    connection.execute(_ADD[connection.dialect.name], {**row, "status": DutyStatus.OPEN.value})


_ADD = insert_once_by_dialect(duty, ["key"])


def answer_key(assignment_id: int) -> str:
    """The key of the duty to answer an assignment."""
    return f"answer:{assignment_id}"


def close(connection: Connection, key: str, now: datetime, *, void: bool = False, why: str = "") -> None:
    """Close a duty: met, or late when its instant has passed; void when its reason no longer exists."""
    row = connection.execute(
        select(duty.c.id, duty.c.due_at, duty.c.why_late).where(
            duty.c.key == key, duty.c.status == DutyStatus.OPEN.value
        )
    ).one_or_none()
    if row is None:
        return
    late = now >= row.due_at
    status = DutyStatus.VOID if void else DutyStatus.LATE if late else DutyStatus.MET
    values: dict[str, Any] = {"status": status.value, "closed_at": now, "next_at": None}
    if late and not void:
        values["was_late"] = True
    if late and not void and not row.why_late:
        values["why_late"] = why or "Hoàn thành sau khi hết hạn"
    connection.execute(update(duty).where(duty.c.id == row.id).values(**values))


def of_data_request(raw_mail_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The duties that a mail about personal data opened: its own, and those of what was promised in reply to it."""
    return (duty.c.key + ":").like("privacy:" + cast(raw_mail_id, String) + ":%")


def data_requests(connection: Connection, questions: Iterable[int]) -> dict[int, dict[str, str]]:
    """What open requests about personal data want, as the journal noted, by question and key of the duty."""
    mine = of_data_request(journal.c.raw_mail_id)
    noted = and_(journal.c.question_id == duty.c.question_id, journal.c.act == "data_request", mine)
    waits = (duty.c.question_id.in_(list(questions)), duty.c.kind == "privacy", duty.c.status == "open")
    query = select(duty.c.question_id, duty.c.key, journal.c.why).outerjoin(journal, noted).where(*waits)
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(query.order_by(duty.c.id)):
        found.setdefault(row.question_id, {})[row.key] = (row.why or "").removeprefix("Yêu cầu ")
    return found


def close_erasing(connection: Connection, questions: Sequence[int], now: datetime) -> None:
    """Close the duties to erase what askers were told will be erased."""
    promised = (duty.c.question_id.in_(questions), duty.c.kind == "privacy", duty.c.key.like("privacy:%:%"))
    for key in connection.execute(select(duty.c.key).where(*promised)).scalars().all():
        close(connection, key, now)


def withdraw_review(connection: Connection, raw_mail_id: int, now: datetime) -> None:
    """Remove the review of a held mail that is decided on again, so that its key is free for a new review."""
    _withdraw(connection, review_key(raw_mail_id), now)


def withdraw_telling(connection: Connection, mail_key: str, now: datetime) -> int | None:
    """Remove the open duty to tell by hand what a mail says that is sent again; the question that is told by it."""
    key = duty_key(mail_key)
    open_one = select(duty.c.question_id).where(duty.c.key == key, duty.c.status == DutyStatus.OPEN.value)
    question: int | None = connection.execute(open_one).scalar()
    if question is not None:
        _withdraw(connection, key, now)
    return question


def _withdraw(connection: Connection, key: str, now: datetime) -> None:
    close(connection, key, now, void=True)
    connection.execute(update(duty).where(duty.c.key == key).values(key=f"{key}:" + cast(duty.c.id, String)))


def reopen(connection: Connection, action: Reopened) -> None:
    """Reopen a unit's duty to answer; a duty that was late stays late."""
    values = {"status": DutyStatus.OPEN.value, "closed_at": None, "stage": action.stage, "next_at": action.next_at}
    connection.execute(update(duty).where(duty.c.key == answer_key(action.assignment)).values(**values))


def open_again(connection: Connection, action: ReopenDuty, now: datetime) -> bool:
    """Open a duty once more that is not void; True when it was closed. One that was due is late for good."""
    row = connection.execute(select(duty.c.status, duty.c.due_at).where(duty.c.key == action.key)).one_or_none()
    if row is None or row.status == DutyStatus.VOID.value:
        return False
    values = {
        "status": DutyStatus.OPEN.value,
        "closed_at": None,
        "stage": action.stage,
        "next_at": action.next_at,
    }
    late = {"was_late": True, "why_late": action.why} if now >= row.due_at and row.status == DutyStatus.MET else {}
    connection.execute(update(duty).where(duty.c.key == action.key).values(**values, **late))
    return str(row.status) != DutyStatus.OPEN.value


def close_reviews(connection: Connection, question_id: int, now: datetime) -> None:
    """An officer has decided: close the open review duties about this question, except those of other held mails.

    A mail that waits for a decision of its own, though it speaks of the question, waits until that is made.
    """
    waits = raw_mail.c.status == MailStatus.HELD.value, raw_mail.c.question_id.is_(None)
    other = select(raw_mail.c.id).where(raw_mail.c.id == duty.c.raw_mail_id, *waits)
    about = select(duty.c.key).where(duty.c.question_id == question_id, duty.c.kind == "review")
    for row in connection.execute(about.where(~other.exists())).all():
        close(connection, row.key, now)


def advance(connection: Connection, action: AdvanceDuty) -> bool:
    """Compare-and-set of the stage; False when another worker was faster."""
    return bool(
        connection.execute(
            update(duty)
            .where(duty.c.id == action.duty, duty.c.stage == action.expect_stage, duty.c.status == "open")
            .values(stage=action.stage, next_at=action.next_at)
        ).rowcount
    )


def wake(connection: Connection, key: str, at: datetime) -> None:
    """Make an open duty come up at that instant, unless it comes up before."""
    later = (duty.c.key == key, duty.c.status == DutyStatus.OPEN.value, duty.c.next_at > at)
    connection.execute(update(duty).where(*later).values(next_at=at))


def mark_late(connection: Connection, duty_id: int, why: str) -> bool:
    """Mark a duty late, which is final, with the reason found first; True when it was not late before."""
    return bool(
        connection.execute(
            update(duty).where(duty.c.id == duty_id, duty.c.was_late.is_(False)).values(was_late=True, why_late=why)
        ).rowcount
    )


def extend(connection: Connection, action: ExtendDue) -> str:
    """Move the due instant of an assignment and of its duty; gives the previous due day."""
    due = date_to_json(action.due)
    was = connection.execute(select(assignment.c.due_on).where(assignment.c.id == action.assignment)).scalar_one()
    connection.execute(
        update(assignment)
        .where(assignment.c.id == action.assignment)
        .values(due_on=action.due.on, due_at=action.due_at, due=due)
    )
    connection.execute(
        update(duty)
        .where(duty.c.key == answer_key(action.assignment), duty.c.status == "open")
        .values(due=due, due_at=action.due_at, next_at=action.next_at, stage=action.stage)
    )
    return str(was)


def move(connection: Connection, action: MoveDuty) -> str:
    """Give an open duty another date; gives the previous due day, "" when the duty is not open."""
    was = connection.execute(select(duty.c.due).where(duty.c.key == action.key, duty.c.status == "open")).scalar()
    values: dict[str, Any] = {
        "due": date_to_json(action.due),
        "due_at": action.due_at,
        "next_at": action.next_at,
        "stage": action.stage,
        "was_late": action.was_late,
    }
    if not action.was_late:
        values["why_late"] = ""
    if was is None:
        return ""
    connection.execute(
        update(duty).where(duty.c.key == action.key, duty.c.status == DutyStatus.OPEN.value).values(**values)
    )
    return str(was["on"])


def known(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Returns those of the keys for which a duty exists, open or not."""
    return set(connection.execute(select(duty.c.key).where(duty.c.key.in_(keys))).scalars())


def of_session(connection: Connection, session_id: int) -> list[Row[Any]]:
    """The duties of a session, by their date."""
    return list(
        connection.execute(select(duty).where(duty.c.session_id == session_id).order_by(duty.c.due_at, duty.c.id))
    )


def due_ids(connection: Connection, now: datetime, limit: int = 1000) -> list[int]:
    """The open duties that are due, the longest waiting first."""
    rows = connection.execute(
        select(duty.c.id)
        .where(duty.c.status == "open", duty.c.next_at <= now)
        .order_by(duty.c.next_at, duty.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def open_ids(connection: Connection) -> list[int]:
    """Every open duty, by its date."""
    return list(
        connection.execute(
            select(duty.c.id).where(duty.c.status == "open").order_by(duty.c.due_at, duty.c.id)
        ).scalars()
    )


def open_row(connection: Connection, duty_id: int, *, locked: bool) -> Row[Any] | None:
    """One duty, if it is still open; its row is ``locked`` for the caller's decision, or only looked at."""
    query = select(duty).where(duty.c.id == duty_id, duty.c.status == "open")
    return connection.execute(query.with_for_update() if locked else query).one_or_none()


def claim(connection: Connection, duty_id: int, now: datetime) -> Row[Any] | None:
    """One duty, if it is still due and nobody else holds it."""
    return connection.execute(
        select(duty)
        .where(duty.c.id == duty_id, duty.c.status == "open", duty.c.next_at <= now)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def by_id(connection: Connection, duty_id: int) -> Row[Any]:
    """The row of a duty."""
    return connection.execute(select(duty).where(duty.c.id == duty_id)).one()


def push_away(connection: Connection, duty_id: int, now: datetime) -> None:
    """Postpone by an hour a duty that could not be worked on, so that it does not starve the others."""
    connection.execute(update(duty).where(duty.c.id == duty_id).values(next_at=now + timedelta(hours=1)))


def missed_between(connection: Connection, start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """Duties that came up while no daemon was running."""
    return connection.execute(
        select(duty)
        .where(duty.c.status == "open", duty.c.next_at > start, duty.c.next_at <= end)
        .order_by(duty.c.next_at, duty.c.id)
    ).all()


def missing_sessions(connection: Connection, most: int) -> ListRow:
    """Periods without their session (6.1) that were reported to the officers: the first ``most``, and how many."""
    reported = duty.c.kind == MISSING_SESSION, duty.c.status == DutyStatus.OPEN.value, duty.c.stage > 0
    rows = connection.execute(select(duty.c.due).where(*reported).order_by(duty.c.due_at, duty.c.id)).all()
    cases = (ListedCase(due_on=date.fromisoformat(row.due["on"]), why=row.due["reason"]) for row in rows[:most])
    return ListRow(tuple(cases), len(rows))


def untold(connection: Connection, questions: Iterable[int]) -> dict[int, tuple[Untold, ...]]:
    """By question, what askers without a mail address still have to be told by other means."""
    rows = connection.execute(
        select(duty.c.question_id, duty.c.key, duty.c.opened_at)
        .where(duty.c.question_id.in_(list(questions)), duty.c.kind == TELL, duty.c.status == DutyStatus.OPEN.value)
        .order_by(duty.c.id)
    )
    found: dict[int, tuple[Untold, ...]] = {}
    for row in rows:
        one = Untold(row.key, notice_of_duty(row.key), row.opened_at)
        found[row.question_id] = (*found.get(row.question_id, ()), one)
    return found


def fetched_back(connection: Connection, questions: Iterable[int]) -> frozenset[int]:
    """The questions that an officer took back from their units and that have not been reopened after an end since."""
    reviews = duty.c.question_id.in_(list(questions)), duty.c.kind == "review"
    rows = connection.execute(select(duty.c.question_id, duty.c.key).where(*reviews).order_by(duty.c.id))
    last = {row.question_id: row.key for row in rows if row.key.startswith((FETCHED, REOPENED))}
    return frozenset(each for each, key in last.items() if key.startswith(FETCHED))


def decided_before(connection: Connection, questions: Iterable[int]) -> dict[int, tuple[EarlierOrder, ...]]:
    """Who decided what on each question, the newest last."""
    wanted = journal.c.question_id.in_(list(questions)), journal.c.act.in_(list(DID))
    found: dict[int, list[EarlierOrder]] = {}
    for row in connection.execute(select(journal).where(*wanted).order_by(journal.c.seq)):
        about = row.data.get("unit") or row.data.get("assignment") or ""
        found.setdefault(row.question_id, []).append(EarlierOrder(row.act, row.actor, row.at, about))
    return {question: tuple(made) for question, made in found.items()}


def of_question(connection: Connection, question_id: int) -> list[Row[Any]]:
    """Every duty about a question."""
    return list(connection.execute(select(duty).where(duty.c.question_id == question_id).order_by(duty.c.id)))
