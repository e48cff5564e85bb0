"""A decision while it is carried out: its state, and the handlers of actions on the register, sessions and papers.

:mod:`daemon.installation.apply_decision` makes the state (:class:`Application`), and :mod:`db.decision.apply` calls
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, delete

from db.core.dialects import date_to_json
from db.core.engine import reached
from db.core.journal import Entry
from db.core.tables import answer
from db.mails import attachments
from db.outbox import outbox
from db.outbox.outbox import Queued
from db.outbox.undelivered import resend, waiting_of
from db.register import board_papers, duties, links, publications, questions, sessions
from rules.decide.base import actions as act
from rules.decide.base import session_actions as session_act
from rules.decide.base.publication import TIED
from rules.law.session_rules import approval_key
from rules.values.model import Notice


class ConflictError(RuntimeError):
    """The state was not the one that the decision expected; nothing of the decision has been carried out."""


class Composed(Protocol):
    """The final bytes of a mail, and the data that the outbox stores with them."""

    @property
    def message_id(self) -> str: ...
    @property
    def envelope_from(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that is about to become bytes; ``connection`` serves to read the attachments that it passes on."""

    notice: Notice
    question: Row[Any] | None
    assignment: int | None
    raw_mail: int | None
    now: datetime
    connection: Connection
    approval: int | None = None
    about: int = 0
    """The mail that an answer refers to, where the notice itself names it."""


Compose = Callable[[Pending], Composed]


@dataclass(frozen=True, slots=True)
class MailAtHand:
    """The mail decided on: its ledger data other than the fate, and whether it is the first of its identity."""

    id: int | None
    told: Mapping[str, Any] = field(default_factory=dict)
    first: bool = False


NO_MAIL = MailAtHand(None)


@dataclass(slots=True)
class Application:
    """One decision being carried out.

    ``queued``: those of its mails' idempotency keys that have a row already or get one. ``mails``: what goes into the
    outbox at the end of the decision, each with the index of the journal entry that will name its row.
    """

    connection: Connection
    compose: Compose
    prefix: str
    now: datetime
    actor: str = "daemon"
    at_hand: MailAtHand = NO_MAIL
    entries: list[Entry] = field(default_factory=list)
    queued: set[str] = field(default_factory=set)
    mails: list[tuple[Queued, int]] = field(default_factory=list)
    new_question: int | None = None
    made: dict[tuple[int, str, int], int] = field(default_factory=dict)
    new_session: int | None = None
    new_paper: int | None = None
    new_approval: int | None = None
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    told: bool = False
    """True when this same decision informs the asker of the question that it registers."""

    @property
    def raw_mail(self) -> int | None:
        """The id of the mail decided on, None without one."""
        return self.at_hand.id

    def question(self, wanted: int | None) -> int | None:
        """A question's id; the one just registered for ``NEW``."""
        return self.new_question if wanted == act.NEW else wanted

    def session(self, wanted: int | None) -> int | None:
        """A session's id; the one just proposed for ``NEW``."""
        return self.new_session if wanted == act.NEW else wanted

    def row(self, question: int) -> Row[Any]:
        """A register row, read once until the decision changes something."""
        if question not in self.rows:
            self.rows[question] = questions.row_of(self.connection, question)
        return self.rows[question]

    def write(self, entry: Entry) -> None:
        """Add a journal entry to this decision; all entries are written when it has been carried out."""
        self.entries.append(entry)

    def note(self, name: str, why: str, clause: str = "", question: int | None = None, **data: Any) -> None:
        """Add a journal entry with the decision's actor and mail."""
        self.write(Entry(name, why, clause, self.actor, question, self.raw_mail, data=data))


SHOWN_NUMBERS = 500
"""The most register numbers that one journal entry names."""


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
    links.keep(app.connection, action, app.raw_mail or 0, app.now)


def _recall_answer(app: Application, action: act.RecallAnswer) -> None:
    if not outbox.recall(app.connection, action.outbox, action.why):
        raise ConflictError("an answer left before it could be taken back")
    ids = [one.assignment for one in action.reopened]
    alerts = waiting_of(app.connection, ["officer_alert"] if ids else [], [action.question])
    of_tied = [row.id for row in alerts if row.key.startswith(f"officer_alert:{TIED}")]
    outbox.recall(app.connection, of_tied, action.why)  # one that has left stays: its order is asked back
    dropped = questions.reopen(app.connection, ids)
    for assigned, mail in action.dropped:
        said = answer.c.assignment_id == assigned, answer.c.raw_mail_id == mail
        app.connection.execute(delete(answer).where(*said))
        dropped.append(mail)
    for one in action.reopened:
        duties.reopen(app.connection, one)
    data = {"assignments": ids, "outbox": list(action.outbox), "mails": dropped}
    app.note("answer_recalled", action.why, "10.1.d", action.question, **data)


def _send_again(app: Application, action: act.SendAgain) -> None:
    if not resend(app.connection, action.outbox, app.now, action.recipient):
        raise ConflictError("the mail is on its way already")
    why, data = "Cán bộ cho gửi lại thư không đến được", {"outbox": action.outbox}
    app.note("sent_again", why, "10.1.c", action.question, **data)


DESK_HANDLERS: dict[type[Any], Callable[[Any, Any], None]] = {
    act.LinkQuestions: _link,
    act.SignReceipts: _sign,
    act.SetPublication: _publish,
    act.Withdraw: _withdraw,
    act.RecordFile: _record_file,
    act.KeepDocument: _keep_document,
    act.RecallAnswer: _recall_answer,
    act.SendAgain: _send_again,
}


def _propose(app: Application, action: session_act.ProposeSession) -> None:
    app.new_session = sessions.propose(app.connection, action, app.now)
    session = sessions.load(app.connection, [app.new_session])[app.new_session]
    reached("apply.proposed")
    app.note(
        "session_proposed",
        "Đề xuất phiên đối thoại",
        action.clause,
        session=session.code,
        start=session.starts_at.isoformat(),
    )


def _set_session(app: Application, action: session_act.SetSession) -> None:
    session = app.session(action.session) or 0
    if not sessions.set_status(app.connection, action, session):
        raise ConflictError(f"session {session} is not {' or '.join(action.expect)}")
    app.note(action.act, action.why, action.clause, session=session, status=action.status.value)


def _move_duty(app: Application, action: session_act.MoveDuty) -> None:
    if was := duties.move(app.connection, action):
        app.note("due_moved", action.why, action.due.clause, duty=action.key, due=date_to_json(action.due), old=was)


def _keep_paper(app: Application, action: session_act.KeepPaper) -> None:
    session = app.session(action.session)
    _void_all(app, board_papers.papers_before(app.connection, action, session))
    app.new_paper = board_papers.keep_paper(app.connection, action, session, app.now)
    data = {
        "paper": app.new_paper,
        "kind": action.paper.kind.value,
        "digest": action.paper.digest,
        "session": session,
    }
    app.note("paper_kept", action.paper.title, "", action.question, **data)


def _ask(app: Application, action: session_act.AskApproval) -> None:
    paper = action.paper or app.new_paper or 0
    app.new_approval = board_papers.ask(app.connection, action, paper, app.now)
    app.note("approval_asked", "Trình phê duyệt", "", paper=paper, digest=action.digest, person=action.person)


def _decide(app: Application, action: session_act.DecideApproval) -> None:
    if not board_papers.decide(app.connection, action, app.now):
        raise ConflictError(f"approval {action.approval} is void")
    for token in board_papers.void_requests(app.connection, action.paper) if not action.approved else ():
        duties.close(app.connection, approval_key(token), app.now, void=True)
    name = "approved" if action.approved else "returned"
    why = "Phê duyệt" if action.approved else "Trả lại, yêu cầu sửa"
    app.note(name, why, action.clause, paper=action.paper, approval=action.approval)


def _issue(app: Application, action: session_act.IssuePaper) -> None:
    if not board_papers.issue_paper(app.connection, action):
        raise ConflictError(f"number {action.first} of {action.series} is taken")
    app.note("paper_issued", f"Số {action.number}", "", paper=action.paper, on=action.on.isoformat())


def _record_signed(app: Application, action: session_act.RecordSigned) -> None:
    if not board_papers.record_signed(app.connection, action, app.now):
        raise ConflictError(f"paper {action.paper} is not what was signed")
    for token in board_papers.void_requests(app.connection, action.paper):
        duties.close(app.connection, approval_key(token), app.now, void=True)
    app.note("approved", "Ghi nhận văn bản đã ký, ban hành", action.clause, paper=action.paper, number=action.number)


def _record_decision(app: Application, action: session_act.RecordDecision) -> None:
    if not board_papers.record_decision(app.connection, action, app.now):
        raise ConflictError(f"proposal {action.paper} waits for no decision")
    for token in board_papers.end_decision(app.connection, action, app.now):
        duties.close(app.connection, approval_key(token), app.now)
    name = "topic_decided" if action.approved else "topic_returned"
    why = "Ghi nhận quyết định về tờ trình" if action.approved else "Tờ trình được trả lại"
    app.note(name, why, action.clause, paper=action.paper)


def _record_attendance(app: Application, action: session_act.RecordAttendance) -> None:
    sessions.record_attendance(app.connection, action, app.now)
    app.note(
        "invitation_answered", f"Trả lời giấy mời: {action.answer}", "7.1", session=action.session, unit=action.unit
    )


def _wake(app: Application, action: session_act.WakeDuty) -> None:
    duties.wake(app.connection, action.key, app.now)


def _open_again(app: Application, action: session_act.ReopenDuty) -> None:
    if duties.open_again(app.connection, action, app.now):
        app.note("duty_reopened", action.why, "", duty=action.key)


def _void(app: Application, action: session_act.VoidPapers) -> None:
    _void_all(app, action.papers)


def _void_request(app: Application, action: session_act.VoidRequest) -> None:
    board_papers.void_request(app.connection, action.approval)


def _void_all(app: Application, papers: Sequence[int]) -> None:
    """Void these papers, and the open requests for approval about them."""
    for token in board_papers.void_papers(app.connection, papers):
        duties.close(app.connection, approval_key(token), app.now, void=True)
    if papers:
        app.note("papers_void", "Văn bản không còn hiệu lực vì nội dung thay đổi", "", papers=list(papers))


SESSION_HANDLERS: dict[type[Any], Callable[[Application, Any], None]] = {
    session_act.ProposeSession: _propose,
    session_act.SetSession: _set_session,
    session_act.MoveDuty: _move_duty,
    session_act.KeepPaper: _keep_paper,
    session_act.AskApproval: _ask,
    session_act.DecideApproval: _decide,
    session_act.IssuePaper: _issue,
    session_act.RecordSigned: _record_signed,
    session_act.RecordDecision: _record_decision,
    session_act.RecordAttendance: _record_attendance,
    session_act.WakeDuty: _wake,
    session_act.ReopenDuty: _open_again,
    session_act.VoidPapers: _void,
    session_act.VoidRequest: _void_request,
}
