"""Erases content and personal data; number, state, dates and the journal's chain stay (a tombstone).

From papers that also contain others' questions (a session's script) only the erased question is removed. Also exports
the data kept about a mail address: questions, answers, and mails from and to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from db.core import journal
from db.core.journal import Entry
from db.core.tables import (
    answer,
    assignment,
    outbox,
    outbox_content,
    paper,
    publication,
    question,
    raw_content,
    raw_mail,
    sealed_content,
    session,
)
from db.outbox.outbox import UNKNOWN_ATTEMPTS
from db.register import board_papers, duties, search
from db.register.questions import requester_of
from rules.decide.base.facts import SPARED
from rules.law.legal_dates import CLOSED
from rules.law.session_rules import SessionStatus
from rules.requester.redaction import without_own

PORTION = 500

_ASKED = ("asker_name", "asker_address", "asker_phone", "asker_phone_e164", "asker_email", "subject", "content")
_NOTED = ("asker_formerly", "message_id", "outcome", "notes", "live_answer", "live_by")
_ANSWERED = {"text": "", "signer": "", "signer_title": "", "files": [], "refs": [], "signatures": []}
_ASSIGNED = {"item_text": "", "wanted_why": ""}
_MAIL = {"from_name": "", "from_email": "", "subject": "", "message_id": "", "reason": "", "trace": [], "acts": []}
_GONE = or_(
    outbox.c.status.in_(["sent", "failed", "recalled"]),
    and_(outbox.c.status == "unknown", outbox.c.attempts >= UNKNOWN_ATTEMPTS),
)
"""Mails of ours that have left or never will; one that waits for its second try is not among them."""
_OF_NOTHING = and_(outbox.c.question_id.is_(None), outbox.c.raw_mail_id.is_(None))
_OVER = (SessionStatus.CLOSED.value, SessionStatus.CANCELLED.value)
SHORTEST = 25
"""Letters that a line or sentence needs to show that a paper repeats the question; shorter ones prove nothing."""
TAKEN_OUT = "[…]"


def questions_kept_since(
    connection: Connection, states: Sequence[str], before: datetime, after: int = 0, most: int | None = None
) -> list[int]:
    """Questions in these states, answered (or else registered) before that instant, and not erased yet: the first
    ``most`` (None = all) behind the id ``after``."""
    rows = connection.execute(
        select(question.c.id)
        .where(
            question.c.id > after,
            question.c.status.in_(states),
            func.coalesce(question.c.answered_at, question.c.registered_at) < before,
            or_(question.c.content != "", question.c.asker_email != "", question.c.asker_name != ""),
        )
        .order_by(question.c.id)
        .limit(most)
    )
    return [row.id for row in rows]


def mails_kept_since(
    connection: Connection, kinds: Sequence[str], before: datetime, after: int = 0, most: int | None = None
) -> list[int]:
    """Mails of these kinds without a question: decided, stored before that instant, not sealed, not erased yet; the
    first ``most`` behind the id ``after``."""
    rows = connection.execute(
        select(raw_mail.c.id)
        .join(raw_content, raw_content.c.sha256 == raw_mail.c.sha256)
        .where(
            raw_mail.c.id > after,
            raw_mail.c.kind.in_(kinds),
            raw_mail.c.status == "done",
            raw_mail.c.question_id.is_(None),
            raw_mail.c.sealed.is_(False),
            raw_mail.c.stored_at < before,
            or_(raw_content.c.size > 0, raw_mail.c.from_email != ""),
        )
        .order_by(raw_mail.c.id)
        .limit(most)
    )
    return [row.id for row in rows]


def letters_kept_since(
    connection: Connection, before: datetime, after: int = 0, most: int | None = None
) -> list[int]:
    """Mails of ours about no single question or mail (overviews, alerts), made before that instant, not erased; the
    first ``most`` behind the id ``after``."""
    old = (outbox.c.id > after, _GONE, _OF_NOTHING, outbox.c.created_at < before, outbox.c.recipient != "")
    return list(connection.execute(select(outbox.c.id).where(*old).order_by(outbox.c.id).limit(most)).scalars())


def erase_questions(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Erase questions with their answers, items, papers, mails in and out; one journal entry each. Returns how many.

    What stood on the portal is withdrawn.
    """
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        mails = _mails_of(connection, some)
        _erase_papers(connection, some)
        blank: dict[str, Any] = dict.fromkeys((*_ASKED, *_NOTED), "") | {"guess": []}
        connection.execute(update(question).where(question.c.id.in_(some)).values(**blank))
        connection.execute(update(answer).where(answer.c.question_id.in_(some)).values(**_ANSWERED))
        connection.execute(update(assignment).where(assignment.c.question_id.in_(some)).values(**_ASSIGNED))
        shown = {"title": "", "withdrawn_at": func.coalesce(publication.c.withdrawn_at, now)}
        connection.execute(update(publication).where(publication.c.question_id.in_(some)).values(**shown))
        _erase_sent(connection, outbox.c.question_id.in_(some))
        _erase_sent_about(connection, mails)
        _erase_raw(connection, mails)
        duties.close_erasing(connection, some, now)
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, question=each), now)
    search.forget(connection, ids)
    return len(ids)


def erase_mails(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Erase mails without a question; one journal entry each. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        mails = _with_copies(connection, some)
        _erase_sent_about(connection, mails)
        _erase_raw(connection, mails)
        for each in some:
            journal.append(connection, Entry("erased", why, "", actor, raw_mail=each), now)
    return len(ids)


def erase_letters(connection: Connection, ids: Sequence[int], why: str, actor: str, now: datetime) -> int:
    """Erase mails of ours; one journal entry for all. Returns how many."""
    _overwrite(connection)
    for start in range(0, len(ids), PORTION):
        _erase_sent(connection, outbox.c.id.in_(ids[start : start + PORTION]))
    if ids:
        journal.append(connection, Entry("erased", why, "", actor, data={"letters": len(ids)}), now)
    return len(ids)


def _overwrite(connection: Connection) -> None:
    """Let SQLite fill what it frees with zeros from now on; otherwise erased texts stay in the file's free pages."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _mails_of(connection: Connection, questions: Sequence[int]) -> list[int]:
    """The mails that started or followed these questions, and those that answered them."""
    followed = select(raw_mail.c.id).where(raw_mail.c.question_id.in_(questions))
    started = select(question.c.raw_mail_id).where(question.c.id.in_(questions), question.c.raw_mail_id.is_not(None))
    answered = select(answer.c.raw_mail_id).where(answer.c.question_id.in_(questions))
    return _with_copies(connection, [row[0] for row in connection.execute(followed.union(started, answered))])


def _with_copies(connection: Connection, mails: Sequence[int]) -> list[int]:
    """These mails and their second deliveries, which have the same bytes, or the same words."""
    copies = select(raw_mail.c.id).where(raw_mail.c.duplicate_of.in_(mails))
    return sorted({*mails, *connection.execute(copies).scalars()})


def _erase_raw(connection: Connection, ids: Sequence[int]) -> None:
    """Empty the bytes and keep their digest as a key; a copy that another mail still needs stays."""
    connection.execute(update(raw_mail).where(raw_mail.c.id.in_(ids)).values(**_MAIL))
    other = raw_mail.alias()
    digests = select(raw_mail.c.sha256).where(raw_mail.c.id.in_(ids))
    for store, names in ((raw_content, {}), (sealed_content, {"sender": ""})):
        needed = (
            select(other.c.id)
            .where(other.c.sha256 == store.c.sha256, other.c.id.not_in(ids))
            .where(or_(other.c.from_email != "", other.c.subject != "", other.c.message_id != "", other.c.sealed))
            .exists()
        )
        connection.execute(
            update(store).where(store.c.sha256.in_(digests), ~needed).values(bytes=b"", size=0, **names)
        )


def _erase_sent(connection: Connection, *conditions: Any) -> None:
    """Erase our mails that have left or never will: key, notice, state and dates stay, but no server's words."""
    gone = (_GONE, *conditions)
    own = outbox_content.c.outbox_id.in_(select(outbox.c.id).where(*gone))
    connection.execute(update(outbox_content).where(own).values(bytes=b""))
    connection.execute(update(outbox).where(*gone).values(subject="", recipient="", smtp_text=""))


def _erase_sent_about(connection: Connection, mails: Sequence[int]) -> None:
    """Erase what we wrote about these mails while they had no number: an officer's review quotes the whole letter."""
    _erase_sent(connection, outbox.c.raw_mail_id.in_(mails), outbox.c.question_id.is_(None))


def _erase_papers(connection: Connection, ids: Sequence[int]) -> None:
    """Empty the questions' own papers; take what they say out of those of sessions and the routine."""
    own = paper.c.question_id.in_(ids)
    digests = [one[2] for files in connection.execute(select(paper.c.files).where(own)).scalars() for one in files]
    connection.execute(update(paper).where(own).values(text="", title="", documents="", files=[]))
    every = connection.execute(select(question).where(question.c.id.in_(ids))).all()
    naming = board_papers.naming(connection, [one.code for one in every])
    for asked in every:
        given = list(connection.execute(select(answer.c.text).where(answer.c.question_id == asked.id)).scalars())
        for row in connection.execute(_papers_about(asked, naming[asked.code])).all():
            left = _without(row.text, asked, [asked.content, asked.subject, asked.live_answer, *given])
            if left == row.text and row.documents:
                continue  # names the number alone
            digests += (one[2] for one in row.files)
            emptied = {"text": left, "documents": "", "files": []}
            connection.execute(update(paper).where(paper.c.id == row.id).values(**emptied))
    board_papers.erase_files(connection, digests)


def _papers_about(row: Row[Any], naming: Sequence[int]) -> Any:
    """Those that name this question, and those of its session that have files alone."""
    of_session = paper.c.session_id.is_not(None), paper.c.session_id == row.session_id
    files_alone = and_(*of_session, paper.c.documents == "", paper.c.question_id.is_(None))
    return select(paper).where(or_(paper.c.id.in_(naming), files_alone)).order_by(paper.c.id)


def _without(text: str, row: Row[Any], given: Sequence[str]) -> str:
    """A paper's text without the person's data, and without the lines that repeat what was asked and answered."""
    whole = [_evened(one) for one in given]
    pieces = {_evened(line) for one in given for line in one.split("\n")} | {*whole}
    long = [one for one in pieces if len(one) >= SHORTEST]

    def repeats(line: str) -> bool:
        said = _evened(line).removeprefix("- ")
        return any(one in said for one in long) or (len(said) >= SHORTEST and any(said in one for one in whole))

    lines = [TAKEN_OUT if repeats(line) else line for line in text.split("\n")]
    return without_own("\n".join(lines), requester_of(row), row.asker_email, TAKEN_OUT)


def _evened(text: str) -> str:
    return " ".join(text.split()).casefold()


SHOWN = (
    *("code", "status", "received_at", "asker_name", "asker_address", "asker_phone", "asker_email", "subject"),
    *("content", "outcome", "live_answer", "asker_formerly"),
)


def export(connection: Connection, email: str) -> dict[str, Any]:
    """Everything about the address, as JSON values. Denunciations are sealed and never included."""
    wanted = email.lower()
    rows = connection.execute(select(question).where(_asked_from(wanted))).all()
    return {
        "email": email,
        "questions": [_question(connection, row) for row in rows],
        "mails": _mails(connection, wanted),
        "sent": _sent(connection, wanted),
    }


def _asked_from(wanted: str) -> ColumnElement[bool]:
    """Questions of this address; of one that is spared all mails, the register has it in the first letter alone."""
    first = select(raw_mail.c.id).where(func.lower(raw_mail.c.from_email) == wanted)
    spared = and_(question.c.asker_email == "", question.c.notes.contains(SPARED), question.c.raw_mail_id.in_(first))
    return or_(func.lower(question.c.asker_email) == wanted, spared)


def _question(connection: Connection, row: Any) -> dict[str, Any]:
    given = connection.execute(select(answer).where(answer.c.question_id == row.id).order_by(answer.c.id))
    told = {name: _plain(getattr(row, name)) for name in SHOWN}
    return told | {"answers": [{"unit": one.unit, "text": one.text, "at": _plain(one.received_at)} for one in given]}


def _mails(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (raw_mail.c.id, raw_mail.c.internaldate, raw_mail.c.subject, raw_mail.c.kind, raw_mail.c.fate)
    query = select(*columns).where(func.lower(raw_mail.c.from_email) == wanted, raw_mail.c.sealed.is_(False))
    return [{name: _plain(value) for name, value in row.items()} for row in connection.execute(query).mappings()]


def _sent(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    columns = (outbox.c.id, outbox.c.created_at, outbox.c.name, outbox.c.subject, outbox.c.status)
    query = select(*columns).where(func.lower(outbox.c.recipient) == wanted)
    return [{name: _plain(value) for name, value in row.items()} for row in connection.execute(query).mappings()]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@dataclass(frozen=True, slots=True)
class ToErase:
    """The ids of what can be erased for an address now, and a line about each thing that must stay for now."""

    questions: list[int]
    mails: list[int]
    stays: list[str]


def to_erase(connection: Connection, email: str) -> ToErase:
    """What is kept for this address. Denunciations are neither found nor named."""
    wanted = email.lower()
    columns = (question.c.id, question.c.code, question.c.status, question.c.session_id)
    query = select(*columns).where(_asked_from(wanted)).order_by(question.c.id)
    own = connection.execute(query).all()
    found, stays, own_ids = [], [], {row.id for row in own}
    for row in own:
        if why := _worked_on(connection, row):
            stays.append(f"{row.code}: {why}")
        else:
            found.append(row.id)
    theirs = select(raw_mail.c.id, raw_mail.c.status, raw_mail.c.question_id, question.c.code)
    whole = theirs.select_from(raw_mail.outerjoin(question, question.c.id == raw_mail.c.question_id))
    sent = whole.where(func.lower(raw_mail.c.from_email) == wanted, raw_mail.c.sealed.is_(False))
    mails = []
    for each in connection.execute(sent.order_by(raw_mail.c.id)).all():
        if each.question_id is None and each.status == "done":
            mails.append(each.id)
        elif each.question_id is None:
            stays.append(f"mail {each.id}: {_WAITS.get(each.status, each.status)}")
        elif each.question_id not in own_ids:
            stays.append(f"mail {each.id}: belongs to {each.code}, which somebody else asked")
    return ToErase(found, mails, stays)


_WAITS = {"held": "waits for an officer", "quarantined": "quarantined", "stored": "not decided on yet"}


def _worked_on(connection: Connection, row: Any) -> str:
    """Why a question cannot be erased yet; "" when it can."""
    if row.status not in CLOSED:
        return "still worked on"
    waits = select(outbox.c.id).where(outbox.c.question_id == row.id, ~_GONE)
    if connection.execute(waits.limit(1)).first() is not None:
        return "a letter of ours about it has not left yet"
    held_in = select(session.c.code).where(session.c.id == row.session_id, session.c.status.not_in(_OVER))
    if (code := connection.execute(held_in).scalar_one_or_none()) is not None:
        return f"its session {code} is not over"
    shown = (paper.c.question_id.is_(None), paper.c.status == "shown", paper.c.text.contains(row.code))
    if connection.execute(select(paper.c.id).where(*shown).limit(1)).first() is not None:
        return "stands in a paper that waits for approval"
    return ""
