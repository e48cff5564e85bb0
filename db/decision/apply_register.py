"""Carry out what the officers' desk asks for; part of :mod:`db.decision.apply`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from db.mails import attachments
from db.register import links, publications
from db.register import links as documents
from rules.decide.base import actions as act

SHOWN_NUMBERS = 500
"""Register numbers that one journal entry names."""


class Applying(Protocol):
    """The decision being carried out (``db.decision.apply.Application``)."""

    @property
    def connection(self) -> Connection: ...
    @property
    def now(self) -> datetime: ...
    @property
    def raw_mail(self) -> int | None: ...
    def question(self, wanted: int | None) -> int | None:
        """A question's id; the one just registered for ``NEW``."""

    def note(self, name: str, why: str, clause: str = "", question: int | None = None, **data: Any) -> None:
        """A journal entry."""


def _link(app: Applying, action: act.LinkQuestions) -> None:
    own = app.question(action.question) or 0
    links.link(app.connection, own, action.links, action.by, app.now)
    app.note("linked", "Câu hỏi tương tự", "9.1", own, others=[one.question for one in action.links])


def _sign(app: Applying, action: act.SignReceipts) -> None:
    codes = links.sign_all(app.connection, action.officer, app.now)
    app.note("signed", "Cán bộ ký xác nhận tiếp nhận", "8.2", None, count=len(codes), codes=codes[:SHOWN_NUMBERS])


def _publish(app: Applying, action: act.SetPublication) -> None:
    done = publications.put(app.connection, action, app.now)
    data = {"path": action.path, "link": action.link, "paper": action.paper, "digest": action.digest}
    app.note("page_written", done, "10.2", action.question, **data)


def _withdraw(app: Applying, action: act.Withdraw) -> None:
    publications.withdraw(app.connection, action.question, app.now)
    app.note("withdrawn", action.why, "10.2", action.question)


def _record_file(app: Applying, action: act.RecordFile) -> None:
    attachments.record(app.connection, action, app.now)
    if action.status != attachments.CLEAN:
        app.note(f"file_{action.status}", action.why, "", None, mail=action.raw_mail, part=action.part)


def _keep_document(app: Applying, action: act.KeepDocument) -> None:
    documents.keep(app.connection, action, app.raw_mail or 0, app.now)


DESK_HANDLERS: dict[type[Any], Callable[[Any, Any], None]] = {
    act.LinkQuestions: _link,
    act.SignReceipts: _sign,
    act.SetPublication: _publish,
    act.Withdraw: _withdraw,
    act.RecordFile: _record_file,
    act.KeepDocument: _keep_document,
}
