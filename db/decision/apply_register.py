"""Carry out what the officers' desk asks for; part of :mod:`db.decision.apply`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from db.decision.applied import Application, ConflictError
from db.mails import attachments
from db.outbox import outbox
from db.register import duties, links, publications, questions
from db.register import links as documents
from rules.decide.base import actions as act

SHOWN_NUMBERS = 500
"""Register numbers that one journal entry names."""


def _link(app: Application, action: act.LinkQuestions) -> None:
    own = app.question(action.question) or 0
    links.link(app.connection, own, action.links, action.by, app.now)
    app.note("linked", "Câu hỏi tương tự", "9.1", own, others=[one.question for one in action.links])


def _sign(app: Application, action: act.SignReceipts) -> None:
    codes = links.sign_all(app.connection, action.officer, app.now)
    app.note("signed", "Cán bộ ký xác nhận tiếp nhận", "8.2", None, count=len(codes), codes=codes[:SHOWN_NUMBERS])


def _publish(app: Application, action: act.SetPublication) -> None:
    done = publications.put(app.connection, action, app.now)
    data = {"path": action.path, "link": action.link, "paper": action.paper, "digest": action.digest}
    app.note("page_written", done, "10.2", action.question, **data)


def _withdraw(app: Application, action: act.Withdraw) -> None:
    publications.withdraw(app.connection, action.question, app.now)
    app.note("withdrawn", action.why, "10.2", action.question)


def _record_file(app: Application, action: act.RecordFile) -> None:
    attachments.record(app.connection, action, app.now)
    if action.status != attachments.CLEAN:
        app.note(f"file_{action.status}", action.why, "", None, mail=action.raw_mail, part=action.part)


def _keep_document(app: Application, action: act.KeepDocument) -> None:
    documents.keep(app.connection, action, app.raw_mail or 0, app.now)


def _recall_answer(app: Application, action: act.RecallAnswer) -> None:
    if not outbox.recall(app.connection, action.outbox, action.why):
        raise ConflictError("an answer left before it could be taken back")
    ids = [one.assignment for one in action.reopened]
    dropped = questions.reopen(app.connection, ids)
    for one in action.reopened:
        duties.reopen(app.connection, one)
    data = {"assignments": ids, "outbox": list(action.outbox), "mails": dropped}
    app.note("answer_recalled", action.why, "10.1.d", action.question, **data)


DESK_HANDLERS: dict[type[Any], Callable[[Any, Any], None]] = {
    act.LinkQuestions: _link,
    act.SignReceipts: _sign,
    act.SetPublication: _publish,
    act.Withdraw: _withdraw,
    act.RecordFile: _record_file,
    act.KeepDocument: _keep_document,
    act.RecallAnswer: _recall_answer,
}
