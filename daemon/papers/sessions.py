"""Session commands of officers at the console: read, decide and apply; most in one transaction, checked at its start.

Also reads a session's form, checked, and proposes a session from a mail that carries the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Engine

from daemon.base.errors import DoithoaiError, PermanentError
from daemon.config.base import PLAINLY, dotted
from daemon.config.database import looking, transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.papers.draft_session_papers import links, paper_for
from daemon.parsing.parse import attachment_bytes
from db.decision import gather_duty
from db.outbox.undelivered import with_told
from db.register import board_papers, questions, sessions
from rules.commands.commands import Command, read_commands
from rules.commands.session_form import WrittenForm, form_words, is_form, read_text, said_of
from rules.decide.base.actions import Action, Finish
from rules.decide.base.approval_requests import submit_for_approval
from rules.decide.base.command_result import CommandAtHand
from rules.decide.base.facts import MailFacts, SessionCase
from rules.decide.base.forwarding import is_unmarked
from rules.decide.base.manual_work import hold
from rules.decide.base.notices import to_people
from rules.decide.base.session_actions import ProposeSession
from rules.decide.officer.officer_mail import is_order
from rules.decide.officer.rulings import RULINGS
from rules.decide.officer.session_outcomes import mark_of_ruling
from rules.decide.session import leaders_decision
from rules.decide.session import sessions as deciding
from rules.decide.session.amendments import amended
from rules.decide.session.session_duties import moved_lines, open_duties
from rules.decide.session.sessions import NotNowError
from rules.law.session_limits import length_fault, refusals, yielding
from rules.law.session_rules import (
    Mark,
    PaperKind,
    SessionFacts,
    SessionForm,
    SessionStatus,
    form_adapter,
    notes_on,
)
from rules.law.working_days import CITY_ZONE, WEEKDAYS, hour_and_day
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus

T = TypeVar("T")

OF_FORMS = {
    "missing": "missing",
    "unexpected_keyword_argument": "unknown key; take it out",
    "dataclass_type": 'must be in braces, such as { name = "…", title = "…" }',
    "datetime_type": "must be a time such as 2026-11-26T08:30:00",
    "datetime_parsing": "must be a time such as 2026-11-26T08:30:00",
    "datetime_from_date_parsing": "must be a time such as 2026-11-26T08:30:00",
    "int_type": "must be a whole number such as 120",
}
"""Messages for a session's form that replace pydantic's, by its error types, where the configuration's do not fit."""

VERBS = {
    Mark.ANSWERED: "mark_answered",
    Mark.LATER: "mark_later",
    Mark.ELSEWHERE: "forward",
    Mark.OUTSIDE: "reject",
    Mark.NEVER: "reject",
}
CLAUSES = {Mark.OUTSIDE: "10.1.h", Mark.NEVER: "10.1.k"}


@dataclass(frozen=True, slots=True)
class Marking:
    """One line of the form of :meth:`SessionService.close`: unit for g, reason for h and k."""

    question: str
    mark: Mark
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionService:
    """``actor`` goes to the journal. Every method raises ``PermanentError`` in one line for a forbidden act."""

    engine: Engine
    installation: Installation
    actor: str = "console"

    def propose(self, form: SessionForm) -> tuple[SessionFacts, tuple[str, ...]]:
        """Create a session with its dated duties; the proposal goes to the Head unless it is already decided.

        Gives the session and the drawbacks of its day. Raises where 6.1 or 6.2 forbid it.
        """
        with transaction(self.engine) as connection:
            return self.propose_on(connection, form)

    def propose_on(self, connection: Connection, form: SessionForm) -> tuple[SessionFacts, tuple[str, ...]]:
        """The same on an open transaction."""
        now, law = self.installation.clock(), self.installation.board.law
        others = self.beside(connection, form)
        self._apply(connection, (ProposeSession(form, form.chair_clause(law.profile)),), now)
        session = max(sessions.every(connection), key=lambda one: one.id)
        self._apply(connection, open_duties(law, session, now), now)
        if form.decided:
            self._apply(
                connection, leaders_decision.topic_approved(law, session, f"Đã có quyết định: {form.decided}"), now
            )
        else:
            self._put_up(connection, session, PaperKind.PROPOSAL, now)
        found = sessions.load(connection, [session.id])[session.id]
        return found, (*notes_on(form, law.profile, law.calendar, law.today(now)), *self._yielding(form, others))

    def _yielding(self, form: SessionForm, others: Sequence[SessionFacts], own: str = "") -> tuple[str, ...]:
        """The units' sessions that have to give way to one of the city's."""
        codes = yielding(form, others, self.installation.board.law.profile, own)
        return tuple(f"Phiên {code} của đơn vị cùng tháng phải chuyển sang tháng khác" for code in codes)

    def beside(self, connection: Connection, form: SessionForm, own: str = "") -> Sequence[SessionFacts]:
        """All sessions; ``PermanentError`` where 6.1 or 6.2 forbid the form beside them, but for its ``own``."""
        law, others = self.installation.board.law, sessions.every(connection)
        today = law.today(self.installation.clock())
        faults = refusals(form, others, law.profile, self.installation.board.units, today, own)
        if faults:
            raise PermanentError(f"{f'session {own}'.rstrip()} refused: {'; '.join(faults)}")
        return others

    def put_up(self, code: str, kind: PaperKind) -> bool:
        """Draft a current paper and ask the Head; False when this very text is before the Head already."""
        with transaction(self.engine) as connection:
            session = self._session(connection, code)
            _checked(lambda: deciding.need(session, *deciding.READY_FOR[kind]))
            return self._put_up(connection, session, kind, self.installation.clock())

    def _put_up(self, connection: Connection, session: SessionFacts, kind: PaperKind, now: datetime) -> bool:
        case = self._case(connection, session)
        same_as = links(connection, [(question.id, question.code) for question in case.questions])
        paper = paper_for(self.installation, session, kind, case.questions, now, same_as, case.papers)
        decided = submit_for_approval(self.installation.board, paper, session, case.papers, now)
        self._apply(connection, decided, now)
        return bool(decided)

    def amend(self, code: str, form: SessionForm) -> None:
        """Replace the form (places, leaders, tasks; once it is announced, place and chair); not its day."""
        self._do(code, lambda case, now: amended(case, form, now))

    def decide(self, code: str, text: str) -> None:
        """Record the city's or unit leader's decision on the proposal that the Head agreed to (7.1, 7.2)."""
        self._do(code, lambda case, now: leaders_decision.recorded(case, text, now))

    def announce(self, code: str, link: str) -> None:
        """Record that the approved notice is on the portal at this address (10.1.b)."""
        with transaction(self.engine) as connection:
            session = self._session(connection, code)
            self.beside(connection, replace(session.form, start=session.starts_at), session.code)
        self._do(code, lambda case, now: deciding.announced(case, link, now))

    def hold(self, code: str, started_at: datetime, ended_at: datetime) -> None:
        """Record when the session began and ended; another call corrects that."""
        if fault := length_fault(started_at, ended_at, self.installation.board.law.profile):
            raise PermanentError(f"session {code}: {fault}")
        self._do(code, lambda case, now: deciding.held(case, started_at, ended_at, now))

    def move(self, code: str, start: datetime, why: str) -> list[dict[str, object]]:
        """Move the session to another day; gives duty, old and new date of everything that moved."""
        law = self.installation.board.law
        with transaction(self.engine) as connection:
            before = self._session(connection, code)
            self.beside(connection, replace(before.form, start=start), before.code)
        self._do(code, lambda case, now: deciding.moved(case, start, why, now))
        return moved_lines(law, before, self.show(code))

    def cancel(self, code: str, why: str) -> None:
        """Cancel the session."""
        self._do(code, lambda case, now: deciding.cancelled(case, why, now))

    def close(self, code: str, markings: Sequence[Marking]) -> tuple[str, ...]:
        """Apply the marks; close the session when every question has one. Gives the numbers of those without."""
        now = self.installation.clock()
        with transaction(self.engine) as connection:
            session = self._session(connection, code)
            _checked(lambda: deciding.need(session, SessionStatus.HELD))
            for one in markings:
                self._mark(connection, session, one, now)
            case = self._case(connection, session)
            left = tuple(question.code for question in case.questions if is_unmarked(question))
            if not left:
                self._apply(connection, deciding.closed(case), now)
        return left

    def _mark(self, connection: Connection, session: SessionFacts, marking: Marking, now: datetime) -> None:
        ids = questions.ids_by_code(connection, [marking.question.upper()])
        found = with_told(connection, questions.load(connection, list(ids.values())))
        question = next(iter(found.values()), None)
        if question is None or question.session_id != session.id:
            raise PermanentError(f"{marking.question} is no question of session {session.code}")
        if marking.mark in CLAUSES and not marking.reason.strip():
            raise PermanentError(f"{question.code}: mark {marking.mark} needs a reason ({CLAUSES[marking.mark]})")
        held = (
            gather_duty.held_mail(connection, question.raw_mail_id, self.installation.read)
            if question.raw_mail_id
            else None
        )
        clause = CLAUSES.get(marking.mark, "")
        verb = VERBS[marking.mark]
        command = Command(verb, question.code, unit=marking.unit, clause=clause, text=marking.reason)
        order = CommandAtHand(self._console(connection, session, now), command, question, held, now)
        ok, text, actions = RULINGS[verb](order)
        if not ok:
            raise PermanentError(f"{question.code}: {text}")
        self._apply(connection, (*actions, *mark_of_ruling(order)), now)

    def _console(self, connection: Connection, session: SessionFacts, now: datetime) -> MailFacts:
        """The facts for an order that comes without a mail."""
        mail, read = self.installation.read(b"Subject: \r\n\r\n", now)
        board, known = self.installation.board, (*sessions.receiving(connection), session)
        return MailFacts(0, now, mail, read, board, sessions=known, cases=(self._case(connection, session),))

    def show(self, code: str) -> SessionFacts:
        """One session."""
        with looking(self.engine) as connection:
            return self._session(connection, code)

    def _do(self, code: str, decide: Callable[[SessionCase, datetime], tuple[Action, ...]]) -> None:
        now = self.installation.clock()
        with transaction(self.engine) as connection:
            case = self._case(connection, self._session(connection, code))
            self._apply(connection, _checked(lambda: decide(case, now)), now)

    def _session(self, connection: Connection, code: str) -> SessionFacts:
        session = sessions.by_code(connection, code)
        if session is None:
            raise PermanentError(f"session: no session {code}")
        return session

    def _case(self, connection: Connection, session: SessionFacts) -> SessionCase:
        asked = with_told(connection, questions.load(connection, sessions.question_ids(connection, session.id)))
        papers = board_papers.papers_of(connection, session_id=session.id)
        return SessionCase(self.installation.board, session, tuple(asked.values()), papers)

    def _apply(self, connection: Connection, decided: tuple[Action, ...], now: datetime) -> None:
        apply_decision(connection, self.installation, decided, now, actor=self.actor)


def _checked(decide: Callable[[], T]) -> T:
    """The decision; a session in the wrong state raises one clear line."""
    try:
        return decide()
    except NotNowError as error:
        raise PermanentError(str(error)) from None


MOST = 64_000
"""The most bytes of an attached form."""


def read_form(given: Mapping[str, Any]) -> SessionForm:
    """The checked form; times without a zone are the city's. Raises ``PermanentError`` naming key and fault."""
    try:
        form = form_adapter().validate_python(dict(given))
    except ValidationError as error:
        raise PermanentError(f"session form: {_wrong_in_form(error)}") from None
    if form.start.tzinfo is None:
        form = replace(form, start=form.start.replace(tzinfo=CITY_ZONE))
    units = form.units or ((form.unit,) if form.level == "unit" and form.unit else ())
    return replace(form, start=form.start.astimezone(UTC), units=units)


def _wrong_in_form(error: ValidationError) -> str:
    """The first fault, as a person would tell it: ``leaders[1].name: must be a text in quotes``."""
    first = error.errors(include_input=False)[0]
    kind = first["type"]
    return f"{dotted(first['loc'])}{OF_FORMS.get(kind) or PLAINLY.get(kind) or first['msg']}"


def form_in(installation: Installation, facts: MailFacts, raw: bytes) -> WrittenForm | None:
    """The form of a new session in a mail of an officer or the Head, attached as ``.toml`` or written in it; None
    without one, and where it amends a session."""
    person = facts.person
    if person is None or person.role not in {"officer", "head"} or facts.duplicate_of:
        return None
    if facts.approval is not None or facts.understanding.two_readings:
        return None
    board, said = installation.board, facts.understanding.text.ordered
    files = (one for one in facts.mail.attachments if one.name.lower().endswith(".toml") and one.size <= MOST)
    file = next(files, None)
    if file is None and not is_form(said, board.source):
        return None
    if any(command.verb == "session_amend" for command in read_commands(said, board.units, source=board.source)):
        return None
    text = said if file is None else attachment_bytes(raw, file.part).decode("utf-8", "replace")
    return read_text(text, board.units, board.source)


def propose_by_mail(
    connection: Connection, installation: Installation, facts: MailFacts, form: WrittenForm, *, looks: bool = False
) -> tuple[Action, ...]:
    """Propose the session, with ``looks`` only try it; answer what was understood, or what is wrong: all or none."""
    if len(facts.mail.senders) != 1 or facts.unproven or not (facts.authenticated or is_order(facts)):
        why = facts.unproven or "không xác thực được người gửi; xin gửi bằng cách trả lời một thư của hệ thống"
        return hold(facts, installation.clock(), f"Đề xuất phiên đối thoại {why}")
    ok, text = _proposed(connection, installation, facts, form, looks=looks)
    results = [{"command": f"Đề xuất phiên đối thoại “{form.values.get('topic', '')}”", "ok": ok, "text": text}]
    people = [facts.person] if facts.person else []
    why = "Đề xuất phiên đối thoại: " + ("đã ghi nhận" if ok else "chưa ghi nhận")
    return (
        *to_people("officer_done", people, "", {"results": results}, key=str(facts.raw_mail)),
        Finish(
            MailStatus.DONE, Fate.ATTACH, Kind.COMMAND, Folder.OTHER, why, trace=facts.understanding.trace
        ),
    )  # fmt: skip


def _proposed(
    connection: Connection, installation: Installation, facts: MailFacts, form: WrittenForm, *, looks: bool
) -> tuple[bool, str]:
    if form.faults:
        return False, "; ".join(form.faults)
    desk = SessionService(connection.engine, installation, facts.mail.sender.email)
    try:
        if looks:
            desk.beside(connection, read_form(form.values))
            return True, ""
        with connection.begin_nested():
            session, notes = desk.propose_on(connection, read_form(form.values))
    except DoithoaiError as error:
        return False, said_of((str(error),), installation.board.source)
    shown = form_words(installation.board.source)["shown"]
    understood = ", ".join(name for key, name in shown.items() if form.values.get(key))
    at = session.starts_at.astimezone(CITY_ZONE)
    when = f"{hour_and_day(at)} ({WEEKDAYS[at.weekday()]}), {session.form.minutes} phút"
    lines = [f"Đã ghi nhận phiên {session.code}, {when}", *notes]
    missing = [name for key, name in shown.items() if not getattr(session.form, key, None)]
    lines.append(f"các mục đã đọc được: {understood}")
    if missing:
        lines.append(f"các mục còn trống: {', '.join(missing)}")
    return True, "; ".join(one.rstrip(".") for one in lines)
