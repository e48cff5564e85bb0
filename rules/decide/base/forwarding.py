"""Forwarding a question to units: the session it belongs to, its due date, the assignment, the mail to the unit.

The session decides when the answer is due (10.1.c, 10.1.d, 10.1.l; 5.3). Also the state of a question after an
action, for the next command of the same mail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rules.decide.base.actions import (
    NEW,
    Action,
    AmendQuestion,
    ExtendDue,
    Forward,
    Send,
    SetAssignment,
    SetQuestion,
)
from rules.decide.base.approval_requests import session_view
from rules.decide.base.facts import AssignmentFacts, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import AboutCase, forward_values, to_people, to_unit, unit_names
from rules.law.legal_dates import LATE, Law
from rules.law.session_rules import RECEIVING, SessionFacts, SessionStatus
from rules.law.working_days import due_instant
from rules.message.attachment_policy import is_file
from rules.requester.secrecy import Asked, for_chair
from rules.values.model import Attachment, AttachmentRef, CountedDate, Item, Kind, Notice, ParsedMail, Recipient
from rules.values.states import AssignmentStatus, QuestionStatus

OVER = (SessionStatus.HELD, SessionStatus.CLOSED)


def is_withdrawn(question: QuestionFacts) -> bool:
    """True for a question that ended without an answer at its requester's wish."""
    return question.status is QuestionStatus.CLOSED and question.answered_at is None


def without_unit(question: QuestionFacts, own: Sequence[AssignmentFacts]) -> list[AssignmentFacts]:
    """The items that this unit refused, or that were taken from it, and that wait for another unit (10.1.g).

    [] if they would not complete the answer, because another item waits for a unit too.
    """
    if question.status is not QuestionStatus.NEEDS_REVIEW:
        return []
    wait = [one for one in newest_leads(question) if not one.is_open and one.status is not AssignmentStatus.ANSWERED]
    return wait if {assignment.id for assignment in wait} <= {assignment.id for assignment in own} else []


def newest_leads(question: QuestionFacts) -> list[AssignmentFacts]:
    """For each item, the unit that got it last as lead."""
    leads = sorted((one for one in question.assignments if one.role == "lead"), key=lambda one: (one.item, one.round))
    return list({assignment.item: assignment for assignment in leads}.values())


def refused_leads(question: QuestionFacts) -> list[AssignmentFacts]:
    """The items that their unit has refused and that no other has, each as it was refused (10.1.g)."""
    newest = newest_leads(question)
    divided = any(one.item for one in newest)  # the whole question counts no more once its items have their units
    return [one for one in newest if one.status is AssignmentStatus.REFUSED and (one.item or not divided)]


def is_unmarked(question: QuestionFacts) -> bool:
    """True while nobody has recorded the question's outcome in the session (10.1.g–k)."""
    ended = question.status is QuestionStatus.REJECTED or is_withdrawn(question)
    return not question.session_mark and not ended


def session_for(facts: MailFacts, units: Sequence[str], now: datetime) -> SessionFacts | None:
    """The nearest session that takes a question for these lead units; None = it is answered without a session."""
    return next((session for session in facts.sessions if session.takes(units, now)), None)


def session_elsewhere(facts: MailFacts, units: Sequence[str], now: datetime) -> SessionFacts | None:
    """The session after which a question outside its chair's field is forwarded, if the profile waits (10.1.g)."""
    waits = facts.board.law.profile.options.forward_elsewhere == "after_session"
    if not waits or session_for(facts, units, now) is not None:
        return None
    return next((session for session in facts.sessions if session.is_receiving(now)), None)


def session_of(facts: MailFacts, question: QuestionFacts) -> SessionFacts | None:
    """The session that a question already belongs to."""
    return next((session for session in facts.sessions if session.id == question.session_id), None)


def session_now(
    facts: MailFacts, question: QuestionFacts, unit: str, now: datetime
) -> tuple[SessionFacts | None, tuple[Action, ...]]:
    """The session to which the question belongs at the unit; one that is over, or for which it was chosen before its
    notice, stays the question's session."""
    own = session_of(facts, question)
    if own is not None and own.status not in (*RECEIVING, SessionStatus.CANCELLED):
        return own, ()
    session = session_for(facts, (unit,), now)
    wanted = session.id if session else None
    if wanted == question.session_id:
        return session, ()
    return session, (AmendQuestion(question.id, {"session_id": wanted}, "session", "Theo lĩnh vực của đơn vị"),)


def answer_due(
    law: Law, session: SessionFacts | None, now: datetime, received_at: datetime | None = None
) -> CountedDate:
    """The session's S-3 (10.1.d); S+15 (10.1.i) once S-3 has passed, as the question may still be asked live.

    Without a session, the due date of 10.1.i.
    """
    if session is None or session.status in OVER:
        return law.answer_due(now, received_at)
    before = session.due("answers_returned", law.profile, law.calendar)
    if now < due_instant(before.on):
        return before
    return session.due("answer_after_session", law.profile, law.calendar)


def with_session(values: dict[str, object], law: Law, session: SessionFacts | None) -> dict[str, object]:
    """What a citizen is told about where the question is, with the session that answers it and the next steps."""
    if session is None or session.status in OVER:
        return values
    after = session.due("answer_after_session", law.profile, law.calendar)
    return {**values, "session": {**session_view(session), "link": session.link}, "after": after}


def keeps_answer_back(session: SessionFacts | None, question: QuestionFacts) -> bool:
    """True while an answer for the script waits for the session's end and the question's outcome (9.3, 10.2)."""
    if session is None or session.status in {SessionStatus.CANCELLED, SessionStatus.CLOSED}:
        return False
    return not question.session_mark


def _origin(raw_mail: int | None, question: int) -> str:
    """What tells a question from others in the keys of notices: its mail; one that was dictated has none."""
    return str(raw_mail or f"q{question}")


def live_question(
    board: BoardFacts,
    session: SessionFacts | None,
    raw_mail: int | None,
    request: Asked,
    now: datetime,
    question: int = NEW,
) -> tuple[Action, ...]:
    """A question after the script's approval may be asked live; tell the officers and the chair at once (10.1.l).

    From the session's hour on they get all new questions in one mail every ten minutes instead (``session_run``).
    """
    if session is None or session.status is not SessionStatus.SCRIPT_APPROVED:
        return ()
    if session.is_running(now) and now >= session.starts_at:  # it may have begun before its hour
        return ()
    values: dict[str, object] = {
        "what": f"Câu hỏi đến sau khi kịch bản phiên {session.code} được duyệt",
        "details": ["Có thể đưa trực tiếp vào phiên.", *_lines(request.content)],
        "commands": [
            {"label": "Đưa ra phiên", "text": "{code} đưa ra phiên"},
            {"label": "Để ngoài phiên, trả lời riêng", "text": "{code} để ngoài phiên"},
        ],
        "session": session_view(session),
    }
    key = f"live:{_origin(raw_mail, question)}"
    sends: list[Action] = [*to_people("officer_alert", board.officers, "10.1.l", values, key=key, question=question)]
    chair = session.form.chair
    if chair.email:
        to = Recipient(chair.email, chair.name, "leader")
        shown = {**values, "commands": [], "details": _lines(for_chair(request, board.source))}
        notice = Notice("officer_alert", to, "10.1.l", f"officer_alert:{key}:chair", shown)
        sends.append(Send(notice, question))
    return tuple(sends)


def _lines(text: str) -> list[str]:
    return [line for line in text[:1500].splitlines() if line.strip()]


def due_moved(
    board: BoardFacts, question: QuestionFacts, one: AssignmentFacts, *, due_on: CountedDate, now: datetime, why: str
) -> tuple[Action, ...]:
    """Move an assignment's due date because of its session, and tell the unit."""
    law = board.law
    stage = law.first_stage(due_on, now)
    at = law.chase_event(due_on, stage).at
    move = ExtendDue(question.id, one.id, due_on, due_instant(due_on.on), at, stage, why)
    if one.unit not in board.contacts:
        return (move,)
    values = {
        "until": due_on.on,
        "reason": why,
        "due": due_on,
        "old_due": one.due,
        "same_due": due_on.on == one.due.on,
    }
    key = f"{one.id}:{due_on.on}:{now:%Y%m%d%H%M%S}"  # it may be moved to and fro
    notice = to_unit(
        "unit_new_due", board, one.unit, due_on.clause, values, key=key, case=AboutCase(question.id, one.id)
    )
    return (move, notice)


CLAUSE = "10.1.c"


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What all assignments of one forwarding share. ``question`` may be ``NEW``; ``raw_mail`` goes into the keys."""

    question: int
    raw_mail: int | None  # the question's own; None once a dictated one is registered
    due: CountedDate
    now: datetime
    guessed: bool
    round: int = 1
    why: str = ""
    passed: Mapping[str, object] = field(default_factory=dict)
    """What the letters say of a question that is forwarded after its due date, as :func:`day_passed` finds it."""


def day_passed(board: BoardFacts, owed: Sequence[AssignmentFacts], due: CountedDate) -> dict[str, object]:
    """The past due date and the unit that had the question, if it goes on with the date of a late answer; else {}."""
    if due.rule != LATE or not owed or owed[-1].due.on >= due.on:
        return {}
    return {"was_due": owed[-1].due.on, "had_by": unit_names(board, tuple(dict.fromkeys(one.unit for one in owed)))}


def assign(
    board: BoardFacts,
    handover: NewAssignment,
    items: Sequence[Item],
    supporting: Iterable[str],
    attachments: tuple[AttachmentRef, ...],
    beside: Iterable[str] = (),
) -> tuple[Action, ...]:
    """Assign each item to its lead unit, and the first item also to the supporting units (clause 10.1.c).

    ``beside`` are units that support the question already.
    """
    actions: list[Action] = []
    lead, leads = items[0].unit, {item.unit for item in items}
    added = [unit for unit in supporting if unit in board.contacts and unit not in leads]
    together = unit_names(board, tuple(dict.fromkeys((*added, *beside))))
    for item in items:
        actions += given_to(
            board, handover, item, "lead", item.unit, attachments, together if item is items[0] else []
        )
    for unit in added:
        item = Item(items[0].number, items[0].text, unit)
        actions += given_to(board, handover, item, "support", lead, attachments)
    return tuple(actions)


def taken_from(assignment: AssignmentFacts, why: str, clause: str = "10.1.c") -> SetAssignment:
    """A unit does not have the question any more."""
    was, now = AssignmentStatus.FORWARDED, AssignmentStatus.REPLACED
    return SetAssignment(assignment.id, was, now, assignment.question_id, act="taken_back", clause=clause, why=why)


def question_after(question: QuestionFacts, action: Action, at: datetime) -> QuestionFacts:
    """Its status and assignments after an action at that instant; an assignment that is made has the id ``NEW``."""
    match action:
        case SetQuestion(question.id):
            return replace(question, status=action.status)
        case Forward(question.id):
            item = (action.item, action.text, action.unit, action.role, action.round)
            new = AssignmentFacts(NEW, question.id, *item, AssignmentStatus.FORWARDED, at, action.due, action.due_at)
            return replace(question, assignments=(*question.assignments, new))
        case SetAssignment(question=question.id) | ExtendDue(question.id):
            after = {"status": action.status} if isinstance(action, SetAssignment) else {"due": action.due}
            own = (replace(one, **after) if one.id == action.assignment else one for one in question.assignments)
            return replace(question, assignments=tuple(own))
        case _:
            return question


def open_again(question: QuestionFacts, ids: Collection[int]) -> QuestionFacts:
    """The question as it is once its answer is taken back; without ids, once only additions to it are taken back."""
    if not ids:
        return question
    waits = AssignmentStatus.FORWARDED
    again = tuple(replace(one, status=waits) if one.id in ids else one for one in question.assignments)
    review, still = QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED  # an item of it may wait for its unit
    return replace(question, status=review if question.status is review else still, assignments=again, answers=())


def supporting_still(question: QuestionFacts, named: Collection[str]) -> tuple[AssignmentFacts, ...]:
    """The open supporting items of units that a new forwarding does not name: these go on with another lead unit."""
    return tuple(
        one for one in question.assignments if one.role == "support" and one.is_open and one.unit not in named
    )


def given_to(
    board: BoardFacts,
    handover: NewAssignment,
    item: Item,
    role: str,
    lead: str,
    attachments: tuple[AttachmentRef, ...],
    together: Sequence[Mapping[str, str]] = (),
) -> tuple[Action, ...]:
    """Assign one item to one unit, as lead or to support it, and tell the unit (clause 10.1.c)."""
    law = board.law
    stage = law.first_stage(handover.due, handover.now)
    forward = Forward(
        question=handover.question,
        item=item.number,
        text=item.text,
        unit=item.unit,
        role=role,
        due=handover.due,
        due_at=due_instant(handover.due.on),
        stage=stage,
        next_at=law.chase_event(handover.due, stage).at,
        round=handover.round,
        why=handover.why,
    )
    shown: list[dict[str, object]] = [{"number": item.number, "text": item.text}]
    values = forward_values(board, item.unit, role, lead, shown, handover.due, handover.guessed)
    values |= {"together": together, **handover.passed}
    mail = to_unit(
        "unit_forward",
        board,
        item.unit,
        CLAUSE,
        values,
        key=f"{_origin(handover.raw_mail, handover.question)}:{item.number}:{item.unit}:{handover.round}",
        case=AboutCase(handover.question, (item.number, item.unit, handover.round)),
        attachments=attachments,
    )
    return (forward, mail)


def attachment_refs(
    mail: ParsedMail, raw_mail: int, wanted: Sequence[Attachment] | None = None
) -> tuple[AttachmentRef, ...]:
    """A mail's files (or some of them) for forwarding; their bytes are read from the raw mail on composing."""
    if wanted is None:
        wanted = [file for file in mail.attachments if is_file(file)]
    return tuple(AttachmentRef(raw_mail, file.part, file.name, file.type, looks=file.looks) for file in wanted)


def now_a_question(question: QuestionFacts) -> tuple[Action, ...]:
    """Mark as a question what the program took for something else, once an officer has found its unit (10.1.c)."""
    if question.kind is Kind.QUESTION:
        return ()
    why = "Cán bộ xác nhận là câu hỏi thuộc phạm vi của thành phố"
    return (AmendQuestion(question.id, {"kind": Kind.QUESTION.value}, "kind", why),)
