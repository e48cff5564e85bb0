"""Links of questions: similar ones, officers' receipts, mails that withdraw one, document numbers of units.

Similar questions (9.1) are found by an index in memory of the newest questions, which is built in small steps. A
number such as ``123/SXD-QLN`` leads to the questions that the unit has written about under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from db.core.dialects import insert_once, put_once
from db.core.tables import answer, assignment, outbox, question, question_link, raw_mail, unit_document
from rules.decide.base.actions import NEW, Action, KeepDocument, Link, LinkQuestions, Register, Send
from rules.decide.base.fact_parts import Letter
from rules.decide.base.facts import QuestionFacts
from rules.reply.details import document_key
from rules.routing.similar import SimilarIndex
from rules.values.model import ParsedMail
from rules.values.states import Purpose

KEPT = 5000
"""Questions that the index holds, ten days to two months of a city's mail; older ones are found by search.

So many letters of four to thirty sentences take 8 MB."""
AT_ONCE = 1000
"""Questions read at start, and after each pass: a large register must not hold up the first mail."""
MOST_LINKS = 5
MOST_COUNTED = 100
"""Similar questions counted for an officer, at most."""
READ = 4000
"""Characters of a question that are compared."""
MOST_BEFORE = 100
"""The most mails of a thread that are looked for, and the most people."""
REVIEW = "officer_review"
"""The notice that shows an officer the similar questions."""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A linked question: its code, subject and state; ``by`` is "daemon" or an officer's address."""

    id: int
    code: str
    subject: str
    status: str
    score: float
    by: str


def link(connection: Connection, question_id: int, links: Iterable[Link], by: str, now: datetime) -> None:
    """Link questions; the smaller id comes first, so that a pair is one row, an officer's for good."""
    made = {"made_by": by, "made_at": now}
    pairs = [(*sorted((question_id, one.question)), round(one.score * 1000)) for one in links]
    rows = [{"first_id": first, "second_id": second, "score": score, **made} for first, second, score in pairs]
    if rows:
        connection.execute(insert_once(connection, question_link, ["first_id", "second_id"]), rows)
    for first, second, _ in pairs if "@" in by else ():
        known = question_link.c.first_id == first, question_link.c.second_id == second
        connection.execute(update(question_link).where(*known).values(made_by=by))


def states_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Register number and state of each question, by id."""
    return {row.id: (row.code, row.status) for row in connection.execute(_STATES, {"ids": ids})}


_STATES = select(question.c.id, question.c.code, question.c.status).where(
    question.c.id.in_(bindparam("ids", expanding=True))
)


def links_of(connection: Connection, question_id: int) -> list[LinkRow]:
    """The questions linked to one, the most similar first."""
    other = func.coalesce(func.nullif(question_link.c.first_id, question_id), question_link.c.second_id)
    rows = connection.execute(
        select(
            question.c.id,
            question.c.code,
            question.c.subject,
            question.c.status,
            question_link.c.score,
            question_link.c.made_by,
        )
        .join(question, question.c.id == other)
        .where(or_(question_link.c.first_id == question_id, question_link.c.second_id == question_id))
        .order_by(question_link.c.score.desc(), question.c.id)
    )
    return [LinkRow(row.id, row.code, row.subject, row.status, row.score / 1000, row.made_by) for row in rows]


def likes(connection: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """The numbers of the similar questions of each, the most similar first."""
    found: dict[int, list[str]] = {}
    first, second = question_link.c.first_id, question_link.c.second_id
    for own, other in ((first, second), (second, first)):
        rows = connection.execute(
            select(own.label("own"), question.c.code)
            .join(question, question.c.id == other)
            .where(own.in_(ids))
            .order_by(question_link.c.score.desc(), question.c.id)
        )
        for row in rows:
            found.setdefault(row.own, []).append(row.code)
    return {own: tuple(codes) for own, codes in found.items()}


def unsigned_count(connection: Connection) -> int:
    """The number of questions whose receipt no officer has signed yet (8.2)."""
    return int(
        connection.execute(
            select(func.count()).select_from(question).where(question.c.signed_at.is_(None))
        ).scalar_one()
    )


def letters(connection: Connection, questions: Iterable[int]) -> dict[int, tuple[Letter, ...]]:
    """The mails on each question that wait for an officer, and those that were taken for its answer; oldest first."""
    wanted, found = list(questions), dict[int, dict[int, Letter]]()
    mail = (raw_mail.c.id, raw_mail.c.from_email, raw_mail.c.internaldate)
    held = (
        select(outbox.c.question_id, *mail)
        .join(raw_mail, raw_mail.c.id == outbox.c.raw_mail_id)
        .where(outbox.c.question_id.in_(wanted), outbox.c.name == REVIEW)
        .where(raw_mail.c.status == "held", raw_mail.c.sealed.is_(False))
    )
    given = (
        select(answer.c.question_id, *mail)
        .join(raw_mail, raw_mail.c.id == answer.c.raw_mail_id)
        .where(answer.c.question_id.in_(wanted))
    )
    for waits, statement in ((False, given), (True, held)):
        for row in connection.execute(statement):
            one = Letter(row.id, row.from_email, row.internaldate, waits)
            found.setdefault(row.question_id, {})[row.id] = one
    return {each: tuple(sorted(those.values(), key=lambda one: one.mail)) for each, those in found.items()}


def reviewed_for(connection: Connection, mails: Sequence[int]) -> dict[int, int]:
    """The question that a review named for each of these mails, where it named one."""
    named = select(outbox.c.raw_mail_id, outbox.c.question_id).where(
        outbox.c.raw_mail_id.in_(mails), outbox.c.name == REVIEW, outbox.c.question_id.is_not(None)
    )
    return {row.raw_mail_id: row.question_id for row in connection.execute(named)}


def asked_back(connection: Connection, question_id: int, email: str) -> datetime | None:
    """When an officer last asked the requester something (21.1), None if something has come from the requester since.

    Our own clock tells what came later, as a mail server's may be behind. Mails that wait for an officer count too.
    """
    query = select(func.max(outbox.c.created_at)).where(
        outbox.c.question_id == question_id, outbox.c.name == "citizen_missing"
    )
    at = connection.execute(query).scalar()
    if at is None:
        return None
    read = and_(raw_mail.c.question_id.is_(None), raw_mail.c.status == "held")
    about = or_(raw_mail.c.question_id == question_id, read)
    since = select(raw_mail.c.id).where(about, raw_mail.c.stored_at > at)
    theirs = since.where(func.lower(raw_mail.c.from_email) == email.lower()).limit(1)
    return at if connection.execute(theirs).scalar() is None else None


def sign_all(connection: Connection, officer: str, now: datetime) -> list[str]:
    """Sign the receipt of every unsigned question; returns their numbers."""
    rows = connection.execute(
        update(question)
        .where(question.c.signed_at.is_(None))
        .values(officer=officer, signed_at=now)
        .returning(question.c.code)
    )
    return sorted(row.code for row in rows)


def contents_after(connection: Connection, last: int, first_time: int) -> Iterator[tuple[int, str]]:
    """Ids and texts of the questions after ``last``, oldest first; with ``last`` 0 the newest ``first_time``."""
    start = last
    if not last:
        newest = connection.execute(select(func.max(question.c.id))).scalar_one() or 0
        start = max(newest - first_time, 0)
    rows = connection.execute(_CONTENTS_AFTER, {"start": start})
    yield from ((row.id, row.content) for row in rows)


def contents_before(connection: Connection, first: int, most: int) -> Iterator[tuple[int, str]]:
    """Ids and texts of the ``most`` questions before ``first``, newest first."""
    rows = connection.execute(_CONTENTS.where(question.c.id < first).order_by(question.c.id.desc()).limit(most))
    yield from ((row.id, row.content) for row in rows)


_CONTENTS = select(question.c.id, question.c.content)
_CONTENTS_AFTER = _CONTENTS.where(question.c.id > bindparam("start")).order_by(question.c.id)


def keep(connection: Connection, action: KeepDocument, raw_mail_id: int, now: datetime) -> None:
    """Store the document number for the question; the first mail with this number stays noted."""
    row = {
        "unit": action.unit,
        "number": document_key(action.document),
        "question_id": action.question,
        "raw_mail_id": raw_mail_id,
        "at": now,
    }
    put_once(connection, unit_document, row, ["unit", "number", "question_id"])


def questions_of(connection: Connection, unit: str, numbers: Sequence[str]) -> tuple[int, ...]:
    """Questions about which this unit wrote under one of these numbers; another unit's numbers do not count."""
    if not (unit and numbers):
        return ()
    rows = connection.execute(
        select(unit_document.c.question_id)
        .where(unit_document.c.unit == unit, unit_document.c.number.in_(numbers))
        .order_by(unit_document.c.id)
    )
    return tuple(dict.fromkeys(row.question_id for row in rows))


def begun_by(connection: Connection, mail: ParsedMail, *, by_unit: bool) -> tuple[int, ...]:
    """The questions that an asker's own mails in this thread began (RFC 5322 §3.6.4), the nearest first; none of a
    Message-ID with which several came. The asker is the mail's sender or, ``by_unit``, one of its recipients."""
    wanted = [one for one in dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))) if one][:MOST_BEFORE]
    if not wanted:
        return ()
    people = (*mail.to, *mail.cc) if by_unit else (mail.sender,)
    addresses = [func.lower(mailbox.email) for mailbox in people[:MOST_BEFORE]]
    rows = connection.execute(
        select(question.c.message_id, func.min(question.c.id).label("id"))
        .where(func.lower(question.c.asker_email).in_(addresses), question.c.message_id.in_(wanted))
        .group_by(question.c.message_id)
        .having(func.count() == 1)
    )
    found = {row.message_id: row.id for row in rows}
    return tuple(found[one] for one in wanted if one in found)


def owed_by(connection: Connection, unit: str, most: int) -> tuple[int, ...]:
    """Questions that a unit has not answered yet, the newest first."""
    owed = select(assignment.c.question_id).where(assignment.c.unit == unit, assignment.c.status == "forwarded")
    return tuple(connection.execute(owed.order_by(assignment.c.id.desc()).limit(most)).scalars())


def withdrawals(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, tuple[int, ...]]:
    """The held mails that ask to withdraw one of these questions, or say more of it, by question."""
    return _held_for(connection, questions, Purpose.WITHDRAWS, Purpose.SECOND_THOUGHTS)


def denials(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, tuple[int, ...]]:
    """The held mails in which the address of one of these questions denies that it asked it, by question."""
    return _held_for(connection, questions, Purpose.DENIES)


def _held_for(connection: Connection, about: Iterable[int], *purposes: Purpose) -> dict[int, tuple[int, ...]]:
    """The held mails with these purposes about each of these questions that has any, oldest first."""
    wanted = list(about)
    if not wanted:
        return {}
    rows = connection.execute(_MAILS.where(raw_mail.c.status == "held", *_for(purposes, wanted)))
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        found[row.about_id] = (*found.get(row.about_id, ()), row.id)
    return found


def _for(purposes: Iterable[Purpose], about: Iterable[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return raw_mail.c.purpose.in_([one.value for one in purposes]), raw_mail.c.about_id.in_(about)


def second_thoughts(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, int]:
    """The mail that takes back, or may, a wish to withdraw one of these questions, unless a newer one repeats it."""
    if not questions:
        return {}
    of_these = or_(raw_mail.c.status == "held", raw_mail.c.question_id.in_(questions))
    of_it = _for((Purpose.WITHDRAWS, Purpose.SECOND_THOUGHTS, Purpose.KEEPS), questions)
    newest = {row.about_id: row for row in connection.execute(_MAILS.where(of_these, *of_it))}  # the last one of each
    return {each: row.id for each, row in newest.items() if row.purpose != Purpose.WITHDRAWS.value}


_MAILS = select(raw_mail.c.id, raw_mail.c.purpose, raw_mail.c.about_id).order_by(raw_mail.c.id)


@dataclass(slots=True)
class SimilarQuestions:
    """The index, and how far back into the register it reaches."""

    index: SimilarIndex = field(default_factory=SimilarIndex)
    first: int = 0
    last: int = 0

    def catch_up(self, connection: Connection) -> None:
        """Take in the questions that are new since the last time; the first time, the newest ones."""
        for each, content in contents_after(connection, self.last, AT_ONCE):
            self.index.add(each, content[:READ])
            self.first = self.first or each
            self.last = each

    def reach_back(self, connection: Connection) -> None:
        """Take in older questions, some at a time, until the index holds enough."""
        if self.first > 1 and len(self.index) < KEPT:
            for each, content in contents_before(connection, self.first, AT_ONCE):
                self.index.add(each, content[:READ])
                self.first = each

    def linked(self, connection: Connection, decided: Sequence[Action]) -> tuple[Action, ...]:
        """The decision, with links after each question that it registers."""
        actions: list[Action] = []
        reviewed = any(isinstance(one, Send) and one.notice.name == REVIEW for one in decided)
        shown: Mapping[str, object] = {}
        if any(isinstance(one, Register) for one in decided):
            self.catch_up(connection)
        for action in decided:
            actions.append(_with_likes(action, shown) if isinstance(action, Send) else action)
            if isinstance(action, Register):
                found = self.index.find(action.content[:READ], most=MOST_COUNTED)
                links = tuple(Link(key, score) for key, score in found if isinstance(key, int))
                shown = _shown(connection, links) if reviewed else {}
                actions += [LinkQuestions(NEW, links[:MOST_LINKS], "daemon")] if links else []
        return tuple(actions)


def _shown(connection: Connection, links: Sequence[Link]) -> Mapping[str, object]:
    """What a review mail shows about similar questions: how many, and the most similar with their states."""
    if not links:
        return {}
    known = states_of(connection, [one.question for one in links[:MOST_LINKS]])
    likest = [(*known[one.question], round(one.score * 100)) for one in links[:MOST_LINKS] if one.question in known]
    return {"like": {"count": len(links), "likest": likest}}


def _with_likes(action: Send, shown: Mapping[str, object]) -> Send:
    """Shows an officer who decides on a question which others are similar (9.1)."""
    if action.notice.name != REVIEW or not shown:
        return action
    return replace(action, notice=replace(action.notice, values={**action.notice.values, **shown}))
