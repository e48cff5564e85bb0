"""What is read for a reply: its lines within our mail; of a unit also files of answers that it may repeat, and who
asked it lately."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from db.core.tables import assignment, question
from db.decision.gather_duty import Reread, held_mail
from db.outbox.undelivered import text_of
from db.register.questions import requester_of
from rules.decide.base.facts import MailFacts
from rules.message.attachment_policy import digests
from rules.message.two_readings import written_below, written_between
from rules.reply.reply import own_words
from rules.values.model import RequesterKind

MOST_NEIGHBOURS = 300
"""The newest questions of a unit whose askers' data must not stand in what it writes to another asker."""

ASKERS = (question.c.code, *(one for one in question.c if one.name.startswith("asker_")))
"""Who asked, without the letter."""


def lines_between(connection: Connection, facts: MailFacts) -> tuple[str, ...]:
    """The lines that stand within the mail of ours to which a mail replies, and are none of its own text: of a unit,
    and of a citizen who wrote nothing above it."""
    if facts.person or not facts.threads:
        return ()
    own, source = own_words(facts.mail, facts.board.source), facts.board.source
    if own.strip() and not facts.sender_unit:
        return ()
    text, sent = facts.mail.text, text_of(connection, facts.threads[0].id)
    lines = written_between(text, sent) if facts.sender_unit else written_below(text, sent, source)
    return tuple(one for one in lines if one not in own)


def with_digests(connection: Connection, facts: MailFacts, reread: Reread) -> MailFacts:
    """Of a unit's mail with files: the mails with equally many that brought its newest answers are read again."""
    many, newest = len(digests(facts.mail)), [one.answers[-1] for one in facts.questions.values() if one.answers]
    mails = {
        answer.mail for answer in newest if many and answer.unit == facts.sender_unit and len(answer.files) == many
    }
    read = [mail for each in mails if (mail := held_mail(connection, each, reread)) is not None]
    return replace(facts, digests={one.id: digests(one.mail) for one in read})


def with_neighbours(connection: Connection, facts: MailFacts) -> MailFacts:
    """Add the people who asked the unit lately, with their addresses."""
    given = select(assignment.c.question_id).where(assignment.c.unit == facts.sender_unit)
    newest = given.order_by(assignment.c.id.desc()).limit(MOST_NEIGHBOURS)
    person = question.c.asker_kind == RequesterKind.INDIVIDUAL.value
    wanted = select(*ASKERS).where(question.c.id.in_(newest), person).order_by(question.c.id)
    rows = connection.execute(wanted)
    return replace(facts, neighbours={row.code: (row.asker_email, requester_of(row)) for row in rows})
