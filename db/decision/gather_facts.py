"""Reads the facts for a decision in the transaction that will apply it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, select

from db.core.tables import raw_mail, used_token
from db.decision.gather_duty import (
    Reread,
    asked_to_confirm,
    called,
    cases,
    confirmable,
    held_mail,
    helped,
    kept_files,
    kept_mails,
    not_waited,
    opinions,
)
from db.decision.gather_unit import lines_between, with_digests, with_neighbours
from db.outbox import kept_back
from db.outbox.outbox import sent_mails
from db.outbox.undelivered import unsent_answers, with_came_back, with_told, with_told_before
from db.register import board_papers, duties, links, publications, questions, sessions
from rules.commands.session_line import with_listed
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import (
    BlockedFile,
    BoardFacts,
    DictatedFacts,
    HeldMailFacts,
    MailFacts,
    Person,
    QuestionFacts,
    Tag,
)
from rules.decide.base.history import InvitationReply, OutboxFacts, reply_in_words
from rules.decide.base.notices import ABOUT_ITS_MAIL
from rules.decide.base.publication import GIVEN
from rules.law.session_rules import ApprovalFacts, SessionFacts
from rules.message.authentication import Proof
from rules.reply.details import cited_documents
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import is_said
from rules.reply.sentences import named_parts
from rules.reply.unit_names import document_notice
from rules.requester.completion import completes
from rules.understand.understand import Understanding
from rules.values.model import Kind, ParsedMail
from rules.values.register_number import register_numbers

MOST_OWED = 300  # most open questions of a unit among which the askers named in its mail are searched
TOP = 4000  # characters at the top of an attached file in which it says what it is about


class Stored(Protocol):
    """The columns of a ledger row that facts need."""

    @property
    def id(self) -> int: ...
    @property
    def internaldate(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings about a mail before the register is read; ``duplicate_of``: the same mail, decided on before."""

    unit: str = ""
    how: str = ""
    person: Person | None = None
    tag: Tag | None = None
    authenticated: bool | Proof = False
    lacks_signature: bool = False
    held_files: tuple[BlockedFile, ...] = ()
    duplicate_of: int | None = None
    dictated: tuple[DictatedFacts, ...] = ()
    invitation: InvitationReply | None = None

    @property
    def may_act(self) -> bool:
        """Whether the sender is an officer, a leader or a unit."""
        return bool(self.person or self.unit)


def gather(
    connection: Connection,
    row: Stored,
    mail: ParsedMail,
    read: Understanding,
    board: BoardFacts,
    findings: Findings,
    reread: Reread,
    now: datetime,
) -> MailFacts:
    """Everything known about one mail; ``row`` has id and internaldate. Reads only."""
    if findings.duplicate_of is not None:
        return _duplicate(connection, row, mail, read, board, findings.duplicate_of)
    threads, tag = sent_mails(connection, (*mail.in_reply_to, *mail.references)), findings.tag
    tag = tag.answering(threads[0].key, threads[0].question_id) if tag is not None and threads else tag
    named, listed, meant, begun, owed = _mentioned(connection, mail, read, board, findings)
    found = _questions(connection, threads, findings, (*named, *listed, *meant, *begun, *owed))
    hour, day = kept_back.queued_lately(connection, "citizen_received", mail.sender.email, now)
    facts = MailFacts(
        raw_mail=row.id,
        received_at=row.internaldate,
        mail=mail,
        understanding=read,
        board=board,
        authenticated=findings.authenticated,
        lacks_signature=findings.lacks_signature,
        held_files=findings.held_files,
        own_mail=_is_own(connection, mail, board),
        sender_unit=findings.unit,
        sender_how=findings.how,
        person=findings.person,
        tag=tag,
        token_used=tag is not None and _is_used(connection, tag.token),
        threads=threads,
        returned=_returned(connection, read, findings.tag, board),
        questions=found,
        by_number=named,
        listed=listed,
        meant=meant,
        begun=begun,
        held=_held(connection, findings, threads, reread),
        sessions=_sessions(connection, found.values()),
        approval=_approval(connection, findings, threads),
        dictated=findings.dictated,
        invitation=_invitation(connection, findings.invitation or reply_in_words(threads, read.text.own)),
        acknowledged_today=day,
        acknowledged_last_hour=hour,
    )
    facts = replace(facts, kept=kept_mails(connection, facts, reread), between=lines_between(connection, facts))
    return _for_acts(connection, facts, reread) if findings.may_act else _for_citizens(connection, facts, now)


def _for_citizens(connection: Connection, facts: MailFacts, now: datetime) -> MailFacts:
    """Add what is known of the sender's earlier questions; of who writes for the first time there is nothing."""
    mail, read = facts.mail, facts.understanding
    own = questions.own_questions(connection, mail, read, facts.board, now, threaded=bool(facts.threads))
    again = questions.repeated_question(connection, mail, read, facts.board.source, now)
    if not (every := {**facts.questions, **{question.id: question for question in (*own, again) if question}}):
        return facts
    every = with_came_back(connection, every)
    facts = replace(facts, questions={key: every[key] for key in facts.questions})
    own, again = tuple(every[question.id] for question in own), every[again.id] if again else None
    theirs = {
        key: question
        for key, question in facts.questions.items()
        if question.email.lower() == mail.sender.email.lower()
    }
    awaited = frozenset(key for key, question in theirs.items() if links.asked_back(connection, key, question.email))
    mine = theirs | {question.id: question for question in own}
    waiting = unsent_answers(connection, every, duties.untold(connection, every))
    posted = publications.facts_of(
        connection, (question.id for question in mine.values() if question.status in GIVEN)
    )
    facts = replace(facts, own_questions=own, repeats=again, awaited=awaited, waiting=waiting, publishing=posted)
    withdrawn, denied = links.withdrawals(connection, mine), links.denials(connection, mine)
    return replace(facts, withdrawals=withdrawn, denials=denied, sessions=_sessions(connection, every.values()))


def _for_acts(connection: Connection, facts: MailFacts, reread: Reread) -> MailFacts:
    """Add what the acts of a unit or of a listed person need."""
    found = with_told(connection, facts.questions)
    waiting = unsent_answers(connection, found, duties.untold(connection, found))
    letters, known = links.letters(connection, found), publications.facts_of(connection, found)
    facts = replace(facts, questions=found, waiting=waiting, publishing=known, letters=letters)
    alike, tied = publications.ended_alike(connection, found), publications.tied_open(connection, found)
    ended, supports = not_waited(connection, found), helped(connection, found)
    facts = replace(facts, not_waited=ended, helped=supports, alike=alike, tied=tied)
    if facts.person:
        return _for_officers(connection, facts, reread)
    return with_neighbours(connection, with_digests(connection, facts, reread))


def _for_officers(connection: Connection, facts: MailFacts, reread: Reread) -> MailFacts:
    """Add what only the commands of a listed person need."""
    found = facts.questions
    return replace(
        facts,
        questions=with_came_back(connection, {**called(connection, facts), **found}),
        kept_files=kept_files(connection, facts.held, found, reread),
        origins=_origins(connection, found, reread),
        unsigned=links.unsigned_count(connection),
        data_requests=duties.data_requests(connection, found),
        untold=duties.untold(connection, found),
        fetched=duties.fetched_back(connection, found),
        orders=duties.decided_before(connection, found),
        opinions=opinions(connection, found, reread),
        withdrawals=links.withdrawals(connection, found),
        second_thoughts=links.second_thoughts(connection, found),
        confirmable=confirmable(connection, facts),
        cases=cases(connection, facts),
        asked_to_confirm=asked_to_confirm(connection, facts),
        asked=board_papers.asked_of(connection, facts.person) if facts.person else (),
    )


def _duplicate(
    connection: Connection, row: Stored, mail: ParsedMail, read: Understanding, board: BoardFacts, first: int
) -> MailFacts:
    columns = select(raw_mail.c.target_folder, raw_mail.c.question_id)
    before = connection.execute(columns.where(raw_mail.c.id == first)).one()
    return MailFacts(
        raw_mail=row.id,
        received_at=row.internaldate,
        mail=mail,
        understanding=read,
        board=board,
        duplicate_of=first,
        duplicate_folder=before.target_folder,
        duplicate_question=before.question_id,
    )


def _mentioned(
    connection: Connection, mail: ParsedMail, read: Understanding, board: BoardFacts, findings: Findings
) -> tuple[tuple[int, ...], ...]:
    """The questions that a mail names, that a unit's only quotes (a list), and that it means by a document number or
    an asker's addition; those that an asker's mail in its thread began, and that its unit owes to several named."""
    codes = _numbers(mail, read, board, by_person=bool(findings.person))
    named = tuple(questions.ids_by_code(connection, codes).values())
    meant = links.questions_of(connection, findings.unit, _cited(mail, read)) if findings.unit else ()
    if not findings.unit and completes(read.text.own, board.source):
        meant = questions.incomplete_of(connection, mail.sender.email)
    begun = () if findings.person else links.begun_by(connection, mail, by_unit=bool(findings.unit))
    meant = meant or (begun[:1] if findings.unit else ())
    quoted = findings.unit and not is_said(mail, read.reply, board.source)
    owed = _owed(connection, read, board, findings.unit, by_person=bool(findings.person))
    return ((), named, meant, begun, owed) if quoted else (named, (), meant, begun, owed)


def _owed(
    connection: Connection, read: Understanding, board: BoardFacts, unit: str, *, by_person: bool
) -> tuple[int, ...]:
    """A unit's open questions, where its own mail answers askers by their names, or where a mail from nobody listed
    is a document register's notice of a document of that unit; () for any other mail."""
    if unit:
        text = read.reply.text if read.reply is not None else ""
        unit = unit if text and named_parts(text, load_line_patterns(board.source))[1] else ""
    elif not by_person:
        notice = document_notice(read.text.own, board.units, board.source)
        unit = notice.unit if notice is not None else ""
    return links.owed_by(connection, unit, MOST_OWED) if unit else ()


def _numbers(mail: ParsedMail, read: Understanding, board: BoardFacts, *, by_person: bool) -> tuple[str, ...]:
    """Register numbers in subject and own words, else the quoted ones; an officer may write a list's last digits."""
    listed = register_numbers(read.text.quoted, board.prefix)
    own = with_listed(read.text.own, listed, board.source) if by_person else read.text.own
    also = read.reply.questions if read.reply is not None else ()
    said = dict.fromkeys((*register_numbers(f"{mail.subject}\n{own}", board.prefix), *also))
    return tuple(said) or listed[:1]


def _cited(mail: ParsedMail, read: Understanding) -> tuple[str, ...]:
    """Document numbers in the subject, in what the person wrote, and at the top of attached files."""
    return cited_documents("\n".join((mail.subject, read.text.own, *(file.text[:TOP] for file in mail.attachments))))


def _is_own(connection: Connection, mail: ParsedMail, board: BoardFacts) -> bool:
    return mail.sender.email.lower() == board.mailbox.lower() and bool(sent_mails(connection, [mail.message_id]))


def _is_used(connection: Connection, token: str) -> bool:
    return connection.execute(select(used_token.c.token).where(used_token.c.token == token)).first() is not None


def _returned(
    connection: Connection, read: Understanding, tag: Tag | None, board: BoardFacts
) -> tuple[OutboxFacts, ...]:
    """The mail of ours that was returned: by our signed return path first, then by the Message-IDs found inside."""
    if read.kind is not Kind.BOUNCE:
        return ()
    tagged = [f"{tag.target}@{board.mailbox.rpartition('@')[2]}"] if tag is not None and tag.kind == "b" else []
    mails = sent_mails(connection, (*tagged, *read.automatic.original_ids))
    return tuple(with_told_before(connection, mail) for mail in mails[:1])


def _questions(
    connection: Connection, threads: Sequence[OutboxFacts], findings: Findings, numbered: Iterable[int]
) -> dict[int, QuestionFacts]:
    """The questions that the mail may be about; where none is the unit's, some of what it owes, to ask which."""
    tag, unit = findings.tag, findings.unit
    ids = {*numbered, *(mail.question_id for mail in threads if mail.question_id)}
    if tag is not None and tag.kind == "r":
        ids.update(questions.questions_of_assignments(connection, [tag.number]))
    if tag is not None and tag.kind == "o" and (started := questions.id_by_raw_mail(connection, tag.number)):
        ids.add(started)
    found = questions.load(connection, sorted(ids))
    if unit and not any(one.unit == unit for question in found.values() for one in question.assignments):
        found.update(questions.load(connection, sorted(links.owed_by(connection, unit, MOST_ASKED))))
    return found


def _held(
    connection: Connection, findings: Findings, threads: Sequence[OutboxFacts], reread: Reread
) -> HeldMailFacts | None:
    """The mail that an officer's reply refers to, by token or our mail that it answers; a unit's that we wrote of."""
    spoken_of = []
    if findings.unit:
        spoken_of = [mail.raw_mail_id for mail in threads if mail.name in ABOUT_ITS_MAIL and mail.raw_mail_id]
    elif findings.person is not None:
        spoken_of = [findings.tag.number] if findings.tag is not None and findings.tag.kind == "o" else []
        spoken_of += [mail.raw_mail_id for mail in threads if mail.raw_mail_id and _is_to(mail, findings.person)]
    return held_mail(connection, spoken_of[0], reread) if spoken_of else None


def _origins(connection: Connection, found: Mapping[int, QuestionFacts], reread: Reread) -> dict[int, HeldMailFacts]:
    """The mails that questions came in, for an officer who decides on them: their files go on to the unit."""
    read = {one.id: held_mail(connection, one.raw_mail_id, reread) for one in found.values() if one.raw_mail_id}
    return {each: mail for each, mail in read.items() if mail is not None}


def _is_to(sent: OutboxFacts, person: Person) -> bool:
    return sent.recipient.lower() == person.email.lower()


def _sessions(connection: Connection, found: Iterable[QuestionFacts]) -> tuple[SessionFacts, ...]:
    """The sessions that take questions, and those that the questions found belong to."""
    taking = sessions.receiving(connection)
    known = {session.id for session in taking}
    own = sessions.load(connection, [one.session_id for one in found if one.session_id not in {None, *known}])  # type: ignore[misc]
    return (*taking, *own.values())


def _approval(connection: Connection, findings: Findings, threads: Sequence[OutboxFacts]) -> ApprovalFacts | None:
    """The request for approval that a mail answers: by its signed address, else by the thread of the person asked."""
    if findings.tag is not None and findings.tag.kind == "a":
        return board_papers.approval_facts(connection, token=findings.tag.target)
    if findings.person is None or findings.tag is not None:
        return None
    ids = [mail.approval_id for mail in threads if mail.approval_id and _is_to(mail, findings.person)]
    return board_papers.approval_facts(connection, approval_id=ids[0]) if ids else None


def _invitation(connection: Connection, reply: InvitationReply | None) -> InvitationReply | None:
    """The reply to an invitation, completed with the session that it is about."""
    if reply is None or not reply.about:
        return replace(reply, session=sessions.by_code(connection, reply.code)) if reply else None
    return replace(reply, session=sessions.load(connection, [reply.about]).get(reply.about))
