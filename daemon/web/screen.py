"""The page projected while a session runs: its questions without anything that identifies or locates a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from db.register import questions, sessions
from db.reports import read_only
from rules.decide.base.facts import BoardFacts, QuestionFacts
from rules.requester.redaction import blanked, without_signature
from rules.understand.asked_alone import asked_alone

MOST = 200
LONGEST = 900
"""Characters of a question on the screen, at most."""


def screen(connection: Connection, board_facts: BoardFacts, code: str) -> dict[str, Any] | None:
    """The questions, those put live first, then by number; None when there is no such session."""
    session = sessions.by_code(connection, code)
    if session is None:
        return None
    public = {row.code for row in read_only.session_questions(connection, session.id, MOST)}
    asked = questions.load(connection, sessions.question_ids(connection, session.id)).values()
    shown = sorted((one for one in asked if one.code in public), key=lambda one: (not one.live_choice, one.id))
    rows = [_row(board_facts, one) for one in shown]
    return {"session": session, "questions": rows, "answered": sum(1 for one in rows if one["answered"])}


def _row(board_facts: BoardFacts, one: QuestionFacts) -> dict[str, Any]:
    said = asked_alone(one.content, one.asker, board_facts.source)
    text = without_signature(blanked(said, one.asker, board_facts.source), one.asker, board_facts.source)
    return {
        "code": one.code,
        "name": short_name(one.asker.name),
        "lines": [line for line in text[:LONGEST].splitlines() if line.strip()],
        "live": bool(one.live_choice),
        "answered": one.session_mark == "answered",
    }


def short_name(name: str) -> str:
    """ "Nguyễn Văn An" as "Nguyễn Văn A."; an organisation's name is not a person's and stays."""
    words = name.split()
    if not 1 < len(words) <= 6:
        return ""
    return f"{' '.join(words[:-1])} {words[-1][0]}."
