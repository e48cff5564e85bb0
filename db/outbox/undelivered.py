"""Our mails that have not arrived: answers that wait to leave, and returned mails, which are noted and queued again.

Also which units have not had their question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from db.core.tables import assignment, outbox, outbox_content, question
from db.outbox.outbox import NOT_TAKEN, RECALLABLE, stands
from rules.decide.base.command_result import OPEN, SENDS_QUESTION
from rules.decide.base.fact_parts import Untold, WaitingAnswer, answered_by
from rules.decide.base.facts import AnswerFacts, AssignmentFacts, QuestionFacts
from rules.decide.base.history import OutboxFacts
from rules.decide.base.manual_work import OLD_ADDRESS, RESULTS, TELL, TELL_NOTICE
from rules.decide.base.publication import ADDING
from rules.values.states import SMTP_GIVE_UP, OutboxStatus

ADDED_FILE = "citizen_file"
"""The mail with a file that follows an answer, a correction or a supplement."""
TAKES_OTHERS = timedelta(days=1)
"""How recently the server must have accepted another mail to show that it still accepts ours."""


def refused_alone(connection: Connection, outbox_id: int, now: datetime) -> bool:
    """True for a mail that has been tried for the longest time allowed (RFC 5321 §4.5.4.1), while the server accepted
    a later one of ours within a day: a refusal that seems to concern the channel then concerns this mail."""
    made = connection.execute(select(outbox.c.created_at).where(outbox.c.id == outbox_id)).scalar_one()
    later = select(outbox.c.id).where(outbox.c.id > outbox_id, outbox.c.sent_at > now - TAKES_OTHERS)
    return now - made >= SMTP_GIVE_UP and connection.execute(later.limit(1)).first() is not None


def unsent_answers(
    connection: Connection, found: Iterable[int], left: Mapping[int, Iterable[Untold]]
) -> tuple[WaitingAnswer, ...]:
    """The answers to these questions, and additions to them, that no server has accepted yet, or no officer has told
    (``left``), with the files that follow one of these; a file that follows a sent answer is not taken back."""
    rows = waiting_of(connection, (*RECALLABLE, TELL_NOTICE), tuple(found))
    answers = [_unsent(row.id, row.question_id, row.key) for row in rows if row.name not in {TELL_NOTICE, ADDED_FILE}]
    told = {row.id: row.key for row in rows if row.name == TELL_NOTICE}
    files = [_unsent(row.id, row.question_id, row.key) for row in rows if row.name == ADDED_FILE]
    for about, some in left.items():
        for one in some:
            (files if one.notice == ADDED_FILE else answers).extend(_untold(about, one, told))
    return (*answers, *(behind for answer in files if (behind := _behind(answer, answers))))


def waiting_of(connection: Connection, names: Sequence[str], question_ids: Sequence[int]) -> list[Row[Any]]:
    """The mails of these names about these questions that no server has taken yet: id, name, key, question."""
    columns = outbox.c.id, outbox.c.name, outbox.c.key, outbox.c.question_id
    about = outbox.c.question_id.in_(question_ids), outbox.c.name.in_(names)
    return list(connection.execute(select(*columns).where(*about, NOT_TAKEN).order_by(outbox.c.id)))


def _unsent(mail: int, question: int, key: str, duty_key: str = "") -> WaitingAnswer:
    return WaitingAnswer(mail, question, *answered_by(key), key.startswith(ADDING), duty_key)


def _untold(question: int, one: Untold, told: Mapping[int, str]) -> Iterator[WaitingAnswer]:
    """What officers have still to tell of an answer, with their letters about it that have not left."""
    if one.notice in RECALLABLE:
        text = one.key.removeprefix(f"{TELL}:")
        letters = [mail for mail, key in told.items() if key.startswith(f"{TELL_NOTICE}:{text}:")]
        yield from (_unsent(mail, question, text, one.key) for mail in letters or (0,))


def _behind(file: WaitingAnswer, answers: Iterable[WaitingAnswer]) -> WaitingAnswer | None:
    """The file as part of what came in the same mail and waits; None if that has left."""
    before = [answer for answer in answers if (answer.question, answer.mail) == (file.question, file.mail)]
    own = {each for answer in before for each in answer.assignments}
    return replace(file, adds=before[0].adds) if file.assignments and own.issuperset(file.assignments) else None


def sent_to_askers(
    connection: Connection, found: Iterable[int], none: Collection[OutboxStatus] = (OutboxStatus.RECALLED,)
) -> dict[tuple[int, int], datetime | None]:
    """The units' mails that the askers of these questions were sent as answer, correction or supplement: (mail,
    assignment) → when ours leaves, None once it has. Mails in the states ``none`` do not count, nor do a session's.
    """
    rows = connection.execute(
        select(outbox.c.key, outbox.c.status, outbox.c.next_attempt_at).where(
            outbox.c.question_id.in_(list(found)),
            outbox.c.name.in_(["citizen_answered", ADDING]),
            outbox.c.status.not_in([one.value for one in none]),
        )
    )
    sent: dict[tuple[int, int], datetime | None] = {}
    for row in rows:
        given, mail = answered_by(row.key)
        waits = row.status == OutboxStatus.PENDING.value
        sent |= {(mail, one): row.next_attempt_at if waits else None for one in given}
    return sent


def with_told(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, QuestionFacts]:
    """The questions, with those of their answers that a mail brought or brings to the asker; no failed one counts."""
    lost = (OutboxStatus.RECALLED, OutboxStatus.FAILED)
    sent = sent_to_askers(connection, [key for key, one in questions.items() if one.answers], lost)
    return {
        key: replace(one, answers=tuple(_told(answer, sent) for answer in one.answers))
        for key, one in questions.items()
    }


def _told(answer: AnswerFacts, sent: Collection[tuple[int, int]]) -> AnswerFacts:
    return replace(answer, told=(answer.mail, answer.assignment) in sent)


def resend(connection: Connection, outbox_id: int, now: datetime, recipient: str = "") -> bool:
    """Queue a failed or unknown mail that is not erased again for a person: the same bytes and Message-ID, to
    ``recipient`` if that is the address by now. False for a mail that is on its way."""
    to = {"recipient": recipient} if recipient else {}
    return bool(
        connection.execute(
            update(outbox)
            .where(outbox.c.id == outbox_id, outbox.c.status.in_(["failed", "unknown"]), outbox.c.recipient != "")
            .values(status="pending", next_attempt_at=now, created_at=now, attempts=0, **to)
        ).rowcount
    )


def with_told_before(connection: Connection, sent: OutboxFacts) -> OutboxFacts:
    """A mail that did not arrive, with the day on which its asker was told otherwise: of a correction or of a new
    address the earlier result stays told; while the question is open, whatever was told before."""
    if sent.name not in {ADDING, "citizen_address"} or sent.question_id is None:
        return sent
    lost = [OutboxStatus.FAILED.value, OutboxStatus.RECALLED.value]
    query = (
        select(func.max(outbox.c.created_at))
        .join(question, question.c.id == outbox.c.question_id)
        .where(outbox.c.question_id == sent.question_id, outbox.c.role == "citizen", outbox.c.id < sent.id)
        .where(outbox.c.status.not_in(lost), ~outbox.c.key.endswith(OLD_ADDRESS))
        .where(or_(outbox.c.name.in_(RESULTS), question.c.status.in_([one.value for one in OPEN])))
    )
    return replace(sent, told_before=connection.execute(query).scalar())


def mark_returned(connection: Connection, outbox_id: int, status: str, now: datetime, *, permanent: bool) -> None:
    """A report came that the mail did not arrive (RFC 3464). A mail that was sent again since is left as it is: a
    server may report the first sending twice."""
    row, first = update(outbox).where(outbox.c.id == outbox_id), outbox.c.bounced_at.is_(None)
    if permanent:
        once = or_(first, outbox.c.status != OutboxStatus.PENDING.value)
        connection.execute(row.where(once).values(status=OutboxStatus.FAILED.value))
    connection.execute(row.values(bounced_at=now, bounce_status=status[:16]))


def came_back(connection: Connection, questions: Iterable[int] | None = None) -> dict[int, tuple[int, str]]:
    """Open assignments, of these questions or of all, whose unit has not had the question: our mail did not arrive,
    and the unit has not said that it has it. By assignment: the mail's id, and the code or reply that says why."""
    tried = or_(outbox.c.bounced_at.is_not(None), outbox.c.attempts > 0)  # else it was kept back
    query = (
        select(outbox.c.id, outbox.c.assignment_id, outbox.c.bounce_status, outbox.c.smtp_code, outbox.c.smtp_text)
        .join(assignment, assignment.c.id == outbox.c.assignment_id)
        .where(stands(OutboxStatus.FAILED), outbox.c.name == SENDS_QUESTION, tried)
        .where(outbox.c.recipient != "")  # else it is erased
        .where(assignment.c.status == "forwarded", assignment.c.acknowledged_at.is_(None))
    )
    if questions is not None:
        query = query.where(outbox.c.question_id.in_(list(questions)))
    rows = connection.execute(query.order_by(outbox.c.id))
    refused = 400  # the first reply code that refuses (RFC 5321 §4.2.1)
    return {
        row.assignment_id: (row.id, row.smtp_text if (row.smtp_code or 0) >= refused else row.bounce_status)
        for row in rows
    }


def with_came_back(connection: Connection, questions: Mapping[int, QuestionFacts]) -> dict[int, QuestionFacts]:
    """The questions, with which units have not had them because our mail did not arrive."""
    back = came_back(connection, questions) if questions else {}
    return {
        key: replace(one, assignments=tuple(_back(each, back) for each in one.assignments))
        for key, one in questions.items()
    }


def _back(one: AssignmentFacts, back: Mapping[int, tuple[int, str]]) -> AssignmentFacts:
    number, why = back.get(one.id, (0, ""))
    return replace(one, came_back=number, came_back_why=why) if number else one


def text_of(connection: Connection, outbox_id: int) -> str:
    """The plain text of a mail of ours; "" for one that is erased."""
    wanted = select(outbox_content.c.bytes).where(outbox_content.c.outbox_id == outbox_id)
    sent = message_from_bytes(connection.execute(wanted).scalar() or b"", policy=policy.default)
    plain = sent.get_body(("plain",))
    return str(plain.get_content()) if plain is not None else ""
