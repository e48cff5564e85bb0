"""Carries out a decision in ONE transaction: state, journal, outbox rows, the mail's fate.

Only this module carries out actions; fetching, sending, erasing, the loop and the console also write rows of their
own. The caller opens the transaction; nothing here touches a socket. A compare-and-set that finds another state
raises :class:`ConflictError`, and the whole decision is made again on fresh facts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from db.core import journal
from db.core.dialects import date_to_json
from db.core.engine import reached
from db.core.journal import Entry
from db.core.tables import answer, assignment, used_token
from db.decision.application import DESK_HANDLERS, SESSION_HANDLERS, Application, ConflictError, Pending
from db.mails import stored_mails
from db.outbox import outbox
from db.outbox.undelivered import mark_returned
from db.register import duties, questions, search
from rules.decide.base import actions as act
from rules.decide.base.actions import LinkQuestions
from rules.values.model import Kind
from rules.values.states import AssignmentStatus, MailStatus, QuestionStatus


def apply(application: Application, decided: Sequence[act.Action]) -> None:
    """Carry out every action in order. Raises :class:`ConflictError`."""
    sends = [one for one in decided if isinstance(one, act.Send)]
    application.queued = outbox.queued_among(application.connection, [notice.notice.key for notice in sends])
    for place, action in enumerate(decided):
        if isinstance(action, act.Register):
            application.told = _is_told(application, decided[place + 1 :])
        if not isinstance(action, UNCHANGING):
            application.rows.clear()
        HANDLERS[type(action)](application, action)
        _searchable(application, action)
    _queue(application)
    if application.entries:
        journal.append_all(application.connection, application.entries, application.now)


def _queue(app: Application) -> None:
    """Put the mails of the decision into the outbox, all at once; their journal entries name their rows."""
    if not app.mails:
        return
    made = outbox.queue(app.connection, [mail for mail, _ in app.mails], app.now)
    for mail, place in app.mails:
        app.entries[place] = replace(app.entries[place], outbox=made.get(mail.key))
        reached("apply.queued")
    app.mails.clear()


def _is_told(app: Application, following: Sequence[act.Action]) -> bool:
    """True when the decision sends the asker a mail about the question that it registers."""
    own = takewhile(lambda action: not isinstance(action, act.Register), following)
    mails = (one for one in own if isinstance(one, act.Send) and one.question == act.NEW and _is_citizens(one))
    return any(notice.notice.key not in app.queued for notice in mails)


def _is_citizens(action: act.Send) -> bool:
    return action.notice.recipient.role == "citizen"


def _searchable(app: Application, action: act.Action) -> None:
    """Keep the full-text index up to date with what the action has changed."""
    if isinstance(action, act.Register):
        search.take_in(app.connection, app.row(app.new_question or 0))
    elif isinstance(action, (act.RecordAnswer, act.RecallAnswer)) or (
        isinstance(action, act.AmendQuestion) and not search.SEARCHED.isdisjoint(action.values)
    ):
        search.renew(app.connection, app.question(action.question) or 0)


MOST_HELD = 4_000_000
"""Bytes of a decision's mails that are held in memory before they go into the outbox."""

# Actions that do not change what letters show of the register row.
UNCHANGING = (act.Send, act.Forward, act.Note, act.OpenDuty, act.Finish, LinkQuestions)


def _register(app: Application, action: act.Register) -> None:
    told_at = app.now if app.told else None
    made = questions.register(app.connection, action, app.raw_mail, app.prefix, app.now, told_at)
    app.new_question, app.rows[made.id] = made.id, made
    reached("apply.registered")
    app.note("registered", "Đăng ký vào sổ", "8.2", made.id, code=made.code, status=action.status.value)


def _forward(app: Application, action: act.Forward) -> None:
    question = app.question(action.question)
    row = {
        "question_id": question,
        "item": action.item,
        "item_text": action.text,
        "unit": action.unit,
        "role": action.role,
        "round": action.round,
        "status": AssignmentStatus.FORWARDED.value,
        "forwarded_at": app.now,
        "due_on": action.due.on,
        "due_at": action.due_at,
        "due": date_to_json(action.due),
    }
    try:
        made = int(app.connection.execute(_ADD_ASSIGNMENT, row).scalar_one())
    except IntegrityError:
        raise ConflictError(f"item {action.item} was already forwarded to {action.unit}") from None
    reached("apply.forwarded")
    app.made[action.item, action.unit, action.round] = made
    duties.open_for_assignment(app.connection, action, question or 0, made, app.now)
    data = {"unit": action.unit, "role": action.role, "item": action.item, "due": action.due.on.isoformat()}
    app.note("forwarded", action.why or "Chuyển đơn vị trả lời", "10.1.c", question, **data)


_ADD_ASSIGNMENT = insert(assignment).returning(assignment.c.id)


def _set_question(app: Application, action: act.SetQuestion) -> None:
    question = app.question(action.question) or 0
    if not questions.set_status(app.connection, question, action.expect, action.status, action.values):
        raise ConflictError(f"question {question} is not {' or '.join(action.expect)}")
    if action.status is not QuestionStatus.NEEDS_REVIEW:
        duties.close_reviews(app.connection, question, app.now)
    app.note(action.act, action.why, action.clause, question, status=action.status.value)


def _amend_question(app: Application, action: act.AmendQuestion) -> None:
    about = app.question(action.question) or 0
    questions.amend(app.connection, about, action.values)
    app.note(action.act, action.why, "", about, columns=sorted(action.values))


def _set_assignment(app: Application, action: act.SetAssignment) -> None:
    done = questions.set_assignment(app.connection, action.assignment, action.expect, action.status, action.values)
    if not done:
        raise ConflictError(f"assignment {action.assignment} is not {action.expect}")
    if action.status is not AssignmentStatus.FORWARDED:
        void, at = action.status is not AssignmentStatus.ANSWERED, action.values.get("answered_at")
        met = at if isinstance(at, datetime) else app.now
        duties.close(app.connection, duties.answer_key(action.assignment), met, void=void)
    app.note(action.act, action.why, action.clause, action.question, assignment=action.assignment)


def _record_answer(app: Application, action: act.RecordAnswer) -> None:
    row = {
        "question_id": action.question,
        "assignment_id": action.assignment,
        "raw_mail_id": action.raw_mail or app.raw_mail,
        "unit": action.unit,
        "text": action.text,
        "document": action.document[:120],
        "signer": action.signer,
        "signer_title": action.signer_title,
        "files": list(action.files),
        "refs": [[file.part, file.name, file.type] for file in action.refs],
        "signatures": list(action.signatures),
        "received_at": action.received_at,
    }
    app.connection.execute(insert(answer).values(**row))


def _extend_due(app: Application, action: act.ExtendDue) -> None:
    was = duties.extend(app.connection, action)
    about, due = action.assignment, date_to_json(action.due)
    app.note("due_moved", action.why, action.due.clause, action.question, assignment=about, due=due, old=was)


def _open_duty(app: Application, action: act.OpenDuty) -> None:
    duties.open_duty(app.connection, action, app.question(action.question), app.raw_mail or 0, app.now)


def _close_duty(app: Application, action: act.CloseDuty) -> None:
    duties.close(app.connection, action.key, action.at or app.now, void=action.void, why=action.why)


def _advance_duty(app: Application, action: act.AdvanceDuty) -> None:
    if not duties.advance(app.connection, action):
        raise ConflictError(f"duty {action.duty} is not at stage {action.expect_stage}")
    if action.late and duties.mark_late(app.connection, action.duty, action.why):
        app.note("late", action.why, "", None, duty=action.duty)


def _send(app: Application, action: act.Send) -> None:
    notice = action.notice
    if notice.key in app.queued:
        return
    app.queued.add(notice.key)
    question = app.question(action.question)
    assigned = action.assignment
    made = app.made[assigned] if isinstance(assigned, tuple) else assigned
    row = app.row(question) if question else None
    approval = app.new_approval if action.approval == act.NEW else action.approval
    about = action.about or app.raw_mail
    mail = app.compose(Pending(notice, row, made, about, app.now, app.connection, approval, action.about))
    reached("apply.composed")
    queued = outbox.Queued(
        key=notice.key,
        name=notice.name,
        clause=notice.clause,
        recipient=mail.recipient,
        role=notice.recipient.role,
        subject=mail.subject,
        message_id=mail.message_id,
        envelope_from=mail.envelope_from,
        raw=mail.raw,
        not_before=notice.not_before or app.now,
        question=question,
        assignment=made,
        raw_mail=about,
        approval=approval,
        kept_back=action.kept_back,
    )
    app.mails.append((queued, len(app.entries)))
    data = {"notice": notice.name, "role": notice.recipient.role}
    app.write(Entry("queued", "", notice.clause, app.actor, question, app.raw_mail, data=data))
    if _is_citizens(action) and question and question != app.new_question:
        questions.amend(app.connection, question, {"told_at": app.now})
    if sum(len(one.raw) for one, _ in app.mails) > MOST_HELD:
        _queue(app)


def _mark_bounced(app: Application, action: act.MarkBounced) -> None:
    mark_returned(app.connection, action.outbox, action.status, app.now, permanent=action.permanent)
    entry = Entry(
        "bounced", "Thư không đến được người nhận", "", app.actor, None, app.raw_mail, action.outbox,
        {"status": action.status, "permanent": action.permanent},
    )  # fmt: skip
    app.write(entry)


def _use_token(app: Application, action: act.UseToken) -> None:
    row = {"token": action.token, "person": action.person, "used_at": app.now, "raw_mail_id": app.raw_mail or 0}
    try:
        app.connection.execute(insert(used_token).values(**row))
    except IntegrityError:
        raise ConflictError("this token was used before") from None


def _note(app: Application, action: act.Note) -> None:
    actor = action.actor or app.actor
    entry = Entry(
        action.act, action.why, action.clause, actor, app.question(action.question), app.raw_mail, action.outbox,
        action.data,
    )  # fmt: skip
    app.write(entry)


def _settle(app: Application, action: act.Settle) -> None:
    values: dict[str, Any] = {
        "status": MailStatus.DONE.value,
        "fate": action.fate.value,
        "kind": action.kind.value,
        "reason": action.why,
        "acts": [],
        "purpose": "",
        "about_id": None,
        "target_folder": action.folder.value,
        "processed_at": app.now,
    }
    if action.question is not None:
        values |= {"question_id": app.question(action.question), "sealed": False}
    stored_mails.write_fate(app.connection, action.raw_mail, values)
    duties.close(app.connection, f"review:{action.raw_mail}", app.now)
    app.note("settled", action.why, "", app.question(action.question), mail=action.raw_mail, fate=action.fate.value)


def _finish(app: Application, action: act.Finish) -> None:
    sealed = action.sealed or action.kind is Kind.DENUNCIATION
    question = app.question(action.question)
    values: dict[str, Any] = {
        **app.at_hand.told,
        "status": action.status.value,
        "fate": action.fate.value,
        "kind": action.kind.value,
        "reason": action.why,
        "trace": [] if sealed else list(action.trace),
        "acts": [] if sealed else [dict(one) for one in action.acts],
        "purpose": "" if sealed else action.purpose.value,
        "about_id": None if sealed else action.about,
        "target_folder": action.folder.value,
        "processed_at": app.now,
        "question_id": question,
        "sealed": sealed,
    }
    stored_mails.write_fate(app.connection, app.raw_mail or 0, values, first=app.at_hand.first)
    reached("apply.finished")
    app.note("fate", action.why, "", question, fate=action.fate.value, kind=action.kind.value)


HANDLERS: dict[type[Any], Callable[[Application, Any], None]] = {
    act.Register: _register,
    act.Forward: _forward,
    act.SetQuestion: _set_question,
    act.AmendQuestion: _amend_question,
    act.SetAssignment: _set_assignment,
    act.RecordAnswer: _record_answer,
    act.ExtendDue: _extend_due,
    act.OpenDuty: _open_duty,
    act.CloseDuty: _close_duty,
    act.AdvanceDuty: _advance_duty,
    act.Send: _send,
    act.MarkBounced: _mark_bounced,
    act.UseToken: _use_token,
    act.Note: _note,
    act.Settle: _settle,
    act.Finish: _finish,
    **SESSION_HANDLERS,
    **DESK_HANDLERS,
}
