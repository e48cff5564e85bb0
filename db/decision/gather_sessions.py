"""Reads the facts about sessions: the running ones, their papers, their open duties, questions to choose from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.core.dialects import date_from_json
from db.core.tables import outbox as outbox_table
from db.register import board_papers, duties, links, questions, sessions
from rules.commands.session_line import session_numbers
from rules.decide.base.facts import BoardFacts, MailFacts, QuestionFacts, SessionCase
from rules.law.session_rules import ApprovalFacts, PaperFacts, SessionFacts, approval_key
from rules.values.model import CountedDate


def cases(connection: Connection, facts: MailFacts) -> tuple[SessionCase, ...]:
    """The sessions that still run, and those that the mail names."""
    running = sessions.every(connection, running=True)
    codes = session_numbers(f"{facts.mail.subject}\n{facts.understanding.text.own}")
    named = [one for code in codes if (one := sessions.by_code(connection, code)) is not None]
    found = {one.id: one for one in (*running, *named)}
    every = tuple(sessions.every(connection)) if found else ()
    return tuple(_case(connection, facts.board, one, every) for one in found.values())


def _case(
    connection: Connection, board: BoardFacts, session: SessionFacts, every: tuple[SessionFacts, ...]
) -> SessionCase:
    asked = questions.load(connection, sessions.question_ids(connection, session.id))
    papers = board_papers.papers_of(connection, session_id=session.id)
    return SessionCase(board, session, tuple(asked.values()), papers, every)


def asked_to_confirm(connection: Connection, facts: MailFacts) -> frozenset[str]:
    """The sessions, as now planned, whose cancellation the officer was asked to confirm."""
    if facts.person is None:
        return frozenset()
    mine = func.lower(outbox_table.c.recipient) == facts.person.email.lower()
    keys = select(outbox_table.c.key).where(outbox_table.c.name == "session_confirm", mine)
    asked = {tuple(key.split(":")[1:3]) for key in connection.execute(keys).scalars()}
    found = cases(connection, facts)
    return frozenset(one.session.code for one in found if (str(one.session.id), str(one.session.moves)) in asked)


def session_dues(connection: Connection, session: SessionFacts) -> tuple[CountedDate, ...]:
    """The open dated duties of a session's latest planning."""
    begins = f"session:{session.id}:{session.moves}:"
    rows = duties.of_session(connection, session.id)
    return tuple(date_from_json(one.due) for one in rows if one.status == "open" and one.key.startswith(begins))


def candidates(connection: Connection, session: SessionFacts, rule: str) -> tuple[tuple[QuestionFacts, int], ...]:
    """The open questions of the session's units that are in no session, each with its number of similar ones."""
    if rule not in {"plan_issued", "questions_forwarded"}:
        return ()
    found = questions.load(connection, sessions.open_questions_of(connection, session.form.units)).values()
    likes = [(one, len(links.links_of(connection, one.id))) for one in found]
    return tuple(sorted(likes, key=lambda one: (-one[1], one[0].id)))


def decision(connection: Connection, key: str) -> ApprovalFacts | None:
    """The request for approval, or for a leader's decision, that a duty waits for."""
    return board_papers.approval_facts(connection, token=key.removeprefix(approval_key("")))


def papers(connection: Connection, row: Row[Any]) -> tuple[PaperFacts, ...]:
    """The papers of a duty's session, or of the routine duty itself."""
    if row.session_id:
        return board_papers.papers_of(connection, session_id=row.session_id)
    return board_papers.papers_of(connection, about=row.key) if row.kind == "routine" else ()
