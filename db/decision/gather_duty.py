"""Reads the facts for a duty that has come up: its question, session and papers, and the mail that waits for one.

``held_mail`` and ``file_answers`` are for any caller, the other parts of a mail's facts for ``gather_facts`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.core import journal
from db.core.dialects import date_from_json
from db.core.tables import answer, assignment, outbox, question, raw_mail
from db.mails import attachments, stored_mails
from db.outbox.undelivered import came_back, sent_to_askers, with_came_back, with_told
from db.register import board_papers, duties, links, publications, questions, sessions
from rules.commands.command import called_numbers
from rules.commands.session_line import session_numbers
from rules.decide.base.command_result import DATA_REQUEST, is_of_unit
from rules.decide.base.fact_parts import NOT_WAITED, AnswerFacts
from rules.decide.base.facts import (
    AnswerFiles,
    AssignmentFacts,
    BoardFacts,
    DutyFacts,
    HeldMailFacts,
    KeptFile,
    MailFacts,
    QuestionFacts,
    SessionCase,
    confirmed_act,
)
from rules.decide.base.forwarding import keeps_answer_back
from rules.decide.base.manual_work import REFUSED
from rules.law.session_rules import ApprovalFacts, Paper, PaperFacts, SessionFacts, approval_key
from rules.understand.understand import Understanding
from rules.values.model import AttachmentRef, CountedDate, ParsedMail
from rules.values.register_number import register_numbers
from rules.values.states import DECISION, MISSING_SESSION, AssignmentStatus, Purpose

Reread = Callable[[bytes, datetime], tuple[ParsedMail, Understanding]]


def held_mail(connection: Connection, raw_mail_id: int, reread: Reread) -> HeldMailFacts | None:
    """A stored mail read again for a decision about it."""
    mail = raw_mail.c
    columns = (mail.id, mail.status, mail.internaldate, mail.reason, mail.fate, mail.sealed, mail.acts, mail.purpose)
    row = connection.execute(select(*columns, mail.kind).where(mail.id == raw_mail_id)).one_or_none()
    if row is None:
        return None
    parsed, read = reread(stored_mails.raw_bytes(connection, row.id, sealed=True), row.internaldate)
    held = row.reason, row.fate, row.sealed, tuple(row.acts), Purpose(row.purpose), row.kind
    text = stored_mails.told_of(connection, row)
    return HeldMailFacts(row.id, row.status, parsed, read, row.internaldate, *held, text)


KEPT_IN_MIND = timedelta(days=180)  # so long what a denouncer's address sends may be about the denunciation


def kept_mails(connection: Connection, facts: MailFacts, reread: Reread) -> tuple[HeldMailFacts, ...]:
    """The earlier complaints and denunciations that a citizen's mail may follow."""
    earlier = () if facts.person else stored_mails.kept_before(connection, facts, facts.received_at - KEPT_IN_MIND)
    read = (held_mail(connection, one, reread) for one in earlier if one != facts.raw_mail)
    return tuple(mail for mail in read if mail is not None)


def kept_files(
    connection: Connection, held: HeldMailFacts | None, found: Iterable[int], reread: Reread
) -> tuple[KeptFile, ...]:
    """The files that wait for a person's decision, of one mail and of these questions' mails."""
    waiting = attachments.waiting_for_a_word(connection, held.id if held else None, found)
    about = questions.load(connection, sorted({one.question for one in waiting if one.question}))
    answers = file_answers(connection, [one.mail for one in waiting])
    kept: list[KeptFile] = []
    for each in waiting:
        read = held_mail(connection, each.mail, reread)
        passed = attachments.passed_to(connection, each.mail, each.question or 0)
        for file in read.mail.attachments if read else ():
            status, why = each.parts.get(file.part, ("", ""))
            if status:
                ref = AttachmentRef(each.mail, file.part, file.name, file.type)
                question = about.get(each.question or 0)
                gave = answers.get(each.mail, ())
                kept.append(KeptFile(ref, why, status == attachments.UNSCANNED, question, gave, passed))
    return tuple(kept)


def file_answers(connection: Connection, mails: Iterable[int]) -> dict[int, tuple[AnswerFiles, ...]]:
    """For each mail, the answers that it gave, one for each question, with the files that its asker may have."""
    given = select(answer, assignment.c.role).join(assignment, assignment.c.id == answer.c.assignment_id)
    order = answer.c.raw_mail_id, answer.c.question_id, answer.c.id
    rows = list(connection.execute(given.where(answer.c.raw_mail_id.in_(list(mails))).order_by(*order)))
    about = questions.load(connection, sorted({row.question_id for row in rows}))
    known = sessions.load(connection, sorted({one.session_id for one in about.values() if one.session_id}))
    sent = sent_to_askers(connection, about)
    found: dict[int, tuple[AnswerFiles, ...]] = {}
    for (mail, number), group in groupby(rows, key=lambda row: (row.raw_mail_id, row.question_id)):
        files = _answer_files(list(group), about[number], known.get(about[number].session_id or 0), sent)
        found[mail] = (*found.get(mail, ()), files)
    return found


def _answer_files(
    rows: Sequence[Row[Any]],
    question: QuestionFacts,
    session: SessionFacts | None,
    sent: Mapping[tuple[int, int], datetime | None],
) -> AnswerFiles:
    """What a mail answers of one question. It leaves where the asker was sent it, and where a lead gives it for no
    session's script (9.3, 10.1.c): who has no mail address is told by an officer."""
    moments = [sent[key] for row in rows if (key := (row.raw_mail_id, row.assignment_id)) in sent]
    given = any(row.role == "lead" for row in rows) and not keeps_answer_back(session, question)
    parts = frozenset(part for row in rows for part, *_ in row.refs)
    at = max((moment for moment in moments if moment is not None), default=None)
    return AnswerFiles(question, tuple(row.assignment_id for row in rows), parts, bool(moments) or given, at)


def called(connection: Connection, facts: MailFacts) -> dict[int, QuestionFacts]:
    """This year's questions that a person calls by their last digits alone ("câu 1"), so that a reply can name them;
    and those that the unit's mail names, so that nobody is sent what it says to another."""
    year, prefix = facts.board.law.today(facts.received_at).year, facts.board.prefix
    codes = [f"{prefix}-{year}-{number:06}" for number in called_numbers(facts.understanding.text.own)]
    if facts.held is not None and facts.held.understanding.reply is not None:
        codes += facts.held.understanding.reply.questions
    return questions.load(connection, sorted(questions.ids_by_code(connection, codes).values()))


def helped(connection: Connection, found: Mapping[int, QuestionFacts]) -> dict[int, tuple[AnswerFacts, ...]]:
    """What supporting units have answered to these questions and their askers have not been sent."""
    given, sent = questions.answers_by(connection, found, "support"), sent_to_askers(connection, found)
    return {
        key: tuple(one for one in every if (one.mail, one.assignment) not in sent) for key, every in given.items()
    }


def confirmable(connection: Connection, facts: MailFacts) -> frozenset[str]:
    """What the officer was asked to confirm about the held mail before this mail came."""
    if facts.held is None or facts.person is None or not facts.held.is_denunciation:
        return frozenset()
    mine = func.lower(outbox.c.recipient) == facts.person.email.lower()
    query = select(outbox.c.key).where(outbox.c.raw_mail_id == facts.held.id, mine)
    keys = connection.execute(query.where(outbox.c.name == "officer_confirm")).scalars()
    return frozenset(act for key in keys if (act := confirmed_act(key)))


def opinions(connection: Connection, found: Mapping[int, QuestionFacts], reread: Reread) -> dict[int, HeldMailFacts]:
    """For each question, its requester's newest held mail whose review names that question; no sealed mail."""
    shown = (
        select(outbox.c.question_id, func.max(raw_mail.c.id).label("mail"))
        .join(raw_mail, raw_mail.c.id == outbox.c.raw_mail_id)
        .join(question, question.c.id == outbox.c.question_id)
        .where(outbox.c.question_id.in_(found), outbox.c.name == "officer_review")
        .where(raw_mail.c.status == "held", raw_mail.c.sealed.is_(False))
        .where(func.lower(raw_mail.c.from_email) == func.lower(question.c.asker_email))
        .group_by(outbox.c.question_id)
    )
    mails = {row.question_id: held_mail(connection, row.mail, reread) for row in connection.execute(shown)}
    return {each: mail for each, mail in mails.items() if mail is not None and not mail.is_denunciation}


def cases(connection: Connection, facts: MailFacts) -> tuple[SessionCase, ...]:
    """The sessions that still run, and those that the mail names."""
    running = sessions.every(connection, running=True)
    codes = session_numbers(f"{facts.mail.subject}\n{facts.understanding.text.own}")
    named = [session for code in codes if (session := sessions.by_code(connection, code)) is not None]
    found = {one.id: one for one in (*running, *named)}
    every = tuple(sessions.every(connection)) if found else ()
    return tuple(_case(connection, facts.board, one, every) for one in found.values())


def _case(
    connection: Connection, board: BoardFacts, session: SessionFacts, every: tuple[SessionFacts, ...]
) -> SessionCase:
    asked = with_told(connection, questions.load(connection, sessions.question_ids(connection, session.id)))
    papers = board_papers.papers_of(connection, session_id=session.id)
    return SessionCase(board, session, tuple(asked.values()), papers, every)


def asked_to_confirm(connection: Connection, facts: MailFacts) -> frozenset[str]:
    """The sessions, as now planned, whose cancellation the officer was asked to confirm."""
    if facts.person is None:
        return frozenset()
    mine = func.lower(outbox.c.recipient) == facts.person.email.lower()
    keys = select(outbox.c.key).where(outbox.c.name == "session_confirm", mine)
    asked = {tuple(key.split(":")[1:3]) for key in connection.execute(keys).scalars()}
    found = cases(connection, facts)
    return frozenset(case.session.code for case in found if (str(case.session.id), str(case.session.moves)) in asked)


def session_dues(connection: Connection, session: SessionFacts) -> tuple[CountedDate, ...]:
    """The open dated duties of a session's latest planning."""
    begins = f"session:{session.id}:{session.moves}:"
    rows = duties.of_session(connection, session.id)
    return tuple(date_from_json(row.due) for row in rows if row.status == "open" and row.key.startswith(begins))


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


REVIEW = "review:"
"""The prefix of the key of a duty to decide on a held mail."""


def _waiting(connection: Connection, key: str, reread: Reread) -> HeldMailFacts | None:
    """The held mail that a review duty is about, or the refusal or request about data from which it dates."""
    number = key.removeprefix(REVIEW).removeprefix(REFUSED).removeprefix(f"{DATA_REQUEST}:")
    number = number.partition(":")[0]  # the question that a unit has given back stands behind it
    return held_mail(connection, int(number), reread) if number.isdecimal() else None


def _spoken_of(connection: Connection, held: HeldMailFacts | None) -> QuestionFacts | None:
    """The question that our mails about a held mail name."""
    if held is None:
        return None
    query = select(outbox.c.question_id).where(outbox.c.raw_mail_id == held.id, outbox.c.question_id.is_not(None))
    number = connection.execute(query.order_by(outbox.c.id).limit(1)).scalar()
    return questions.load(connection, [number]).get(number) if number else None


def _late_told(connection: Connection, question: int) -> frozenset[str]:
    """The keys of the notices by which the requester was told that the answer is late."""
    query = select(outbox.c.key).where(outbox.c.question_id == question, outbox.c.name == "citizen_late")
    return frozenset(connection.execute(query).scalars())


def unread_letters(connection: Connection, board: BoardFacts, unit: str) -> dict[str, datetime]:
    """The questions that a unit's held letters may be about, each with when the newest came.

    Our mail to the officers names the question, or else the reason names those that may be meant.
    """
    held = select(raw_mail.c.id, raw_mail.c.from_email, raw_mail.c.reason, raw_mail.c.internaldate).where(
        raw_mail.c.status == "held", raw_mail.c.sealed.is_(False), raw_mail.c.purpose == Purpose.OF_UNIT.value
    )
    rows = connection.execute(held.order_by(raw_mail.c.internaldate)).all()
    letters = [one for one in rows if is_of_unit(board, unit, one.from_email)]
    if not letters:
        return {}
    owed = select(assignment.c.question_id).where(assignment.c.unit == unit, assignment.c.status == "forwarded")
    named = (
        select(outbox.c.raw_mail_id, question.c.code)
        .join(question, question.c.id == outbox.c.question_id)
        .where(outbox.c.question_id.in_(owed), outbox.c.name == "officer_review")
    )  # by the question, for which there is an index, and not by the mail
    told = {row.raw_mail_id: row.code for row in connection.execute(named)}
    found: dict[str, datetime] = {}
    for one in letters:
        codes = [told[one.id]] if one.id in told else register_numbers(one.reason, board.prefix)
        found |= dict.fromkeys(codes, one.internaldate)
    return found


Together = tuple[tuple[str, str, datetime | None], ...]


def _late_together(connection: Connection, one: AssignmentFacts | None, unread: Mapping[str, datetime]) -> Together:
    """The questions of what the unit still owes since the same day: it is urged for all of them at once."""
    if one is None:
        return ()
    owed = (
        select(question.c.code, question.c.subject)
        .join(assignment, assignment.c.question_id == question.c.id)
        .where(assignment.c.unit == one.unit, assignment.c.status == "forwarded", assignment.c.due_on == one.due.on)
        .where(assignment.c.id.not_in(came_back(connection)))
        .distinct()
        .order_by(question.c.code)
    )
    return tuple((row.code, row.subject, unread.get(row.code)) for row in connection.execute(owed))


def gather_duty(
    connection: Connection,
    row: Row[Any],
    board: BoardFacts,
    down_since: datetime | None = None,
    draft: Paper | str | None = None,
    reread: Reread | None = None,
) -> DutyFacts:
    """Everything known about a duty that has come up; ``draft`` is the paper that it needs, or what the paper lacks;
    with ``reread`` the held mail is read again, so that a reminder can describe it."""
    held = _waiting(connection, row.key, reread) if reread is not None else None
    found = with_came_back(connection, questions.load(connection, [row.question_id]) if row.question_id else {})
    about = found.get(row.question_id) or _spoken_of(connection, held)
    session = sessions.load(connection, [row.session_id]).get(row.session_id) if row.session_id else None
    own = sessions.question_ids(connection, row.session_id) if row.session_id else []
    assigned = next((one for one in about.assignments if one.id == row.assignment_id), None) if about else None
    unread = unread_letters(connection, board, assigned.unit) if assigned is not None and row.kind == "answer" else {}
    if assigned is not None and about is not None:
        assigned = replace(assigned, letter_at=unread.get(about.code))
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
        papers=papers(connection, row),
        draft=None if isinstance(draft, str) else draft,
        draft_lacks=draft if isinstance(draft, str) else "",
        candidates=candidates(connection, session, date_from_json(row.due).rule) if session else (),
        session_dues=session_dues(connection, session) if session and row.kind != "approval" else (),
        posted=publications.standing(connection, own) if own else {},
        sessions=tuple(sessions.every(connection)) if row.kind == MISSING_SESSION else (),
        approval=decision(connection, row.key) if row.kind in {DECISION, "approval"} else None,
        attendance=sessions.attendance_of(connection, row.session_id) if row.kind == "session" else (),
        down_since=down_since,
        held=held,
        late_together=_late_together(connection, assigned, unread) if row.kind == "answer" else (),
        late_told=_late_told(connection, about.id) if row.kind == "answer" and about is not None else frozenset(),
        letters=links.letters(connection, [about.id]).get(about.id, ()) if row.kind == "review" and about else (),
        asked_back=links.asked_back(connection, about.id, about.email) if row.kind == "review" and about else None,
    )


def not_waited(connection: Connection, found: Mapping[int, QuestionFacts]) -> frozenset[int]:
    """The supporting assignments that ended because the lead answered: they go on when that answer is taken back."""
    every = [one for each in found.values() for one in each.assignments]
    over = [one for one in every if one.status is AssignmentStatus.REPLACED and one.role == "support"]
    ended = {one.id: one.question_id for one in over}
    last = journal.last_acts(connection, set(ended.values())) if ended else {}
    return frozenset(one for one in ended if last.get(one) == NOT_WAITED)
