"""What the register knows about a citizen's request: for a question's state, or to withdraw one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from db.core.tables import raw_mail
from db.register import questions
from rules.decide.base.facts import MOST_TOLD, TOLD_AFTER_END, BoardFacts, QuestionFacts, held_reason
from rules.decide.base.repeated_letter import REPEATED_WITHIN, may_repeat, repeated
from rules.understand.citizen_requests import asks_for_state, asks_to_withdraw
from rules.understand.understand import Understanding
from rules.values.model import ParsedMail


def own_questions(
    connection: Connection, mail: ParsedMail, read: Understanding, board: BoardFacts, now: datetime, *, threaded: bool
) -> tuple[QuestionFacts, ...]:
    """The sender's questions, for a mail that asks for their state or withdraws one; nothing else needs them."""
    asks = asks_for_state(mail, read, threaded=threaded, source=board.source)
    if not asks and not asks_to_withdraw(mail, read, board.source):
        return ()
    ids = questions.of_sender(connection, mail.sender.email, now - TOLD_AFTER_END, MOST_TOLD + 1)
    found = questions.load(connection, ids)
    return tuple(found[each] for each in ids)


def repeated_question(
    connection: Connection, mail: ParsedMail, read: Understanding, now: datetime
) -> QuestionFacts | None:
    """The sender's recent question that this letter repeats, None where the question is new."""
    if not may_repeat(read):
        return None
    ids = questions.of_sender(connection, mail.sender.email, now - REPEATED_WITHIN, MOST_TOLD)
    if not ids:
        return None
    found = questions.load(connection, ids)
    lately = (found[each] for each in ids if found[each].received_at >= now - REPEATED_WITHIN)
    return repeated(read.text.own, lately)


def withdrawals(connection: Connection, found: Mapping[int, QuestionFacts]) -> dict[int, tuple[int, ...]]:
    """The held mails that ask to withdraw one of these questions, by question."""
    reasons = {held_reason(one.code): one.id for one in found.values()}
    rows = connection.execute(
        select(raw_mail.c.id, raw_mail.c.reason)
        .where(raw_mail.c.status == "held", raw_mail.c.reason.in_(reasons))
        .order_by(raw_mail.c.id)
    ).all()
    return {each: tuple(row.id for row in rows if reasons[row.reason] == each) for each in reasons.values()}
