"""Answers on the portal: approved texts, and when they were published, changed and withdrawn; who got another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from db.core.dialects import put_once
from db.core.tables import journal, paper, publication, question, question_link
from db.register import board_papers
from rules.decide.base.actions import SetPublication
from rules.decide.base.command_result import OPEN
from rules.decide.base.fact_parts import ALIKE, ListedCase, ListRow, PublishingFacts
from rules.decide.base.facts import QuestionFacts
from rules.decide.base.publication import GIVEN
from rules.values.states import QuestionStatus

SHOWN = "Đăng câu hỏi và câu trả lời đã duyệt"
AGAIN = "Đăng lại"
CHANGED = "Trang đã đăng thay đổi"


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One line of a list of published answers."""

    code: str
    path: str
    title: str
    published_at: datetime
    updated_at: datetime
    withdrawn: bool


def ended_alike(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, tuple[str, ...]]:
    """For each of these questions the numbers of those whose askers were sent its answer as theirs (9.1)."""
    codes: dict[int, list[str]] = {}
    first, second = question_link.c.first_id, question_link.c.second_id
    for own, other in ((first, second), (second, first)):
        linked = select(own.label("own"), question.c.code, question.c.outcome).join(question, question.c.id == other)
        ended = question.c.status.in_((*GIVEN, QuestionStatus.CLOSED)), question.c.outcome.startswith(ALIKE)
        for row in connection.execute(linked.where(own.in_(questions), *ended).order_by(question.c.id)):
            if row.outcome.startswith(f"{ALIKE}{questions[row.own].code};"):
                codes.setdefault(row.own, []).append(row.code)
    return {own: tuple(each) for own, each in codes.items()}


def tied_open(connection: Connection, found: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each of these questions the numbers of the open ones that an officer has tied to it (9.1)."""
    codes: dict[int, list[str]] = {}
    first, second = question_link.c.first_id, question_link.c.second_id
    by_officer = question_link.c.made_by.contains("@")
    for own, other in ((first, second), (second, first)):
        linked = select(own.label("own"), question.c.code).join(question, question.c.id == other)
        for row in connection.execute(linked.where(own.in_(found), by_officer, question.c.status.in_(OPEN))):
            codes.setdefault(row.own, []).append(row.code)
    return {own: tuple(sorted(each)) for own, each in codes.items()}


def put(connection: Connection, action: SetPublication, now: datetime) -> str:
    """Store what the page says now; gives in Vietnamese what happened: published, published again, or changed."""
    row = {
        "question_id": action.question,
        "paper_id": action.paper,
        "path": action.path,
        "title": action.title,
        "digest": action.digest,
        "published_at": now,
        "updated_at": now,
    }
    if put_once(connection, publication, row, ["question_id"]):
        return SHOWN
    before = row_of(connection, action.question)
    values: dict[str, Any] = {"title": action.title, "digest": action.digest, "updated_at": now}
    again = before is not None and before.paper_id != action.paper
    if again:
        values |= {"paper_id": action.paper, "withdrawn_at": None}
    connection.execute(update(publication).where(publication.c.question_id == action.question).values(**values))
    return AGAIN if again else CHANGED


def withdraw(connection: Connection, question_id: int, now: datetime) -> None:
    """Withdraw a question's answer from the portal, if it is published."""
    connection.execute(
        update(publication)
        .where(publication.c.question_id == question_id, publication.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def row_of(connection: Connection, question_id: int) -> Row[Any] | None:
    """The row of a question, None when it was never published."""
    return connection.execute(select(publication).where(publication.c.question_id == question_id)).one_or_none()


def facts_of(connection: Connection, ids: Iterable[int]) -> dict[int, PublishingFacts]:
    """The facts for decisions: the texts submitted for publication, and those that are on the portal."""
    found = {}
    for each in ids:
        row = row_of(connection, each)
        papers = board_papers.papers_of(connection, question_id=each)
        there = row is not None and row.withdrawn_at is None
        found[each] = PublishingFacts(papers, there, row is not None and not there)
    return found


def approved_paper(connection: Connection, question_id: int) -> Row[Any] | None:
    """The newest text that the Head approved for publication."""
    return connection.execute(
        select(paper)
        .where(paper.c.question_id == question_id, paper.c.kind == "answer", paper.c.status == "approved")
        .order_by(paper.c.id.desc())
        .limit(1)
    ).one_or_none()


def waiting(connection: Connection) -> list[int]:
    """Questions whose answer was approved but is not on the portal yet."""
    return list(
        connection.execute(
            select(question.c.id).where(question.c.status == "approved").order_by(question.c.id)
        ).scalars()
    )


def to_post(connection: Connection, most: int) -> ListRow:
    """Answers that were approved for the portal and are not on it yet (10.2): the first ``most``, and how many."""
    ids = waiting(connection)
    columns = select(question.c.code, question.c.subject)
    rows = connection.execute(columns.where(question.c.id.in_(ids[:most])).order_by(question.c.id))
    return ListRow(tuple(ListedCase(row.code, row.subject) for row in rows), len(ids))


def touched_since(connection: Connection, entry: int) -> list[int]:
    """Published questions with journal entries after this one."""
    rows = connection.execute(
        select(journal.c.question_id)
        .distinct()
        .join(publication, publication.c.question_id == journal.c.question_id)
        .where(journal.c.seq > entry)
        .order_by(journal.c.question_id)
    )
    return list(rows.scalars())


def every(connection: Connection) -> list[int]:
    """All questions that were ever published."""
    return list(connection.execute(select(publication.c.question_id).order_by(publication.c.question_id)).scalars())


def newest(connection: Connection, limit: int) -> list[int]:
    """Questions by the last change of their page, the latest first."""
    order = (publication.c.updated_at.desc(), publication.c.question_id.desc())
    return list(connection.execute(select(publication.c.question_id).order_by(*order).limit(limit)).scalars())


def years(connection: Connection) -> list[int]:
    """The years from which questions were published, the latest first."""
    query = (
        select(question.c.year)
        .distinct()
        .join(publication, publication.c.question_id == question.c.id)
        .order_by(question.c.year.desc())
    )
    return list(connection.execute(query).scalars())


def listed(connection: Connection, year: int = 0, limit: int = 0) -> Sequence[PublishedRow]:
    """The list of a year, or the newest of all, by date of publication, the latest first."""
    statement: Select[Any] = (
        select(publication, question.c.code)
        .join(question, question.c.id == publication.c.question_id)
        .order_by(publication.c.published_at.desc(), publication.c.question_id.desc())
    )
    if year:
        statement = statement.where(question.c.year == year)
    if limit:
        statement = statement.limit(limit)
    return [
        PublishedRow(row.code, row.path, row.title, row.published_at, row.updated_at, row.withdrawn_at is not None)
        for row in connection.execute(statement)
    ]


def standing(connection: Connection, questions: Sequence[int]) -> dict[int, datetime]:
    """For each of these questions that is still on the portal, the time of its publication."""
    rows = connection.execute(
        select(publication.c.question_id, publication.c.published_at).where(
            publication.c.question_id.in_(questions), publication.c.withdrawn_at.is_(None)
        )
    )
    return {row.question_id: row.published_at for row in rows}
