"""What happens to a session as a whole: proposed, announced, held, moved, cancelled, closed (6.1, 7, 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, CloseDuty, OpenDuty, Send
from rules.decide.base.approval_requests import session_view, to_board, to_chair, to_session_units
from rules.decide.base.facts import BoardFacts, QuestionFacts, SessionCase
from rules.decide.base.notices import to_citizen
from rules.decide.base.session_actions import SetSession, VoidPapers, WakeDuty
from rules.decide.base.session_of_question import due_moved, is_unmarked
from rules.decide.officer.session_outcomes import tell_answer
from rules.decide.session.session_duties import (
    met,
    move_to_end,
    moved_lines,
    open_duties,
    opened,
    past_duties,
    void_duties,
    woken,
)
from rules.decide.session.session_questions import is_posted_by, is_unposted
from rules.decide.session.session_run import marks_wanted, open_run, run_key
from rules.law.deadlines import question_due
from rules.law.legal_dates import Law
from rules.law.session_rules import (
    BEFORE_HELD,
    RECEIVING,
    PaperKind,
    SessionFacts,
    SessionForm,
    SessionStatus,
)
from rules.law.working_days import due_instant
from rules.values.model import CountedDate

POSTED_KIND = "session_post"
"""The kind of its duty: it is none of the dated steps of Article 10."""
POSTING = "post_record"
"""The profile's rule to post article and recording of a session; a profile may do without it."""
MOVABLE = (SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED)
"""States in which no dated text has been approved yet."""


class NotNowError(ValueError):
    """The session is not in a state for this; the text says in which it is, in one English line."""


def need(session: SessionFacts, *states: SessionStatus) -> None:
    """Raises :class:`NotNowError` unless the session is in one of the states."""
    if session.status not in states:
        wanted = " or ".join(states)
        raise NotNowError(f"session {session.code} is {session.status}, must be {wanted}")


READY_FOR = {
    PaperKind.PROPOSAL: (SessionStatus.PROPOSED,),
    PaperKind.PLAN: (SessionStatus.TOPIC_APPROVED,),
    PaperKind.NOTICE: (SessionStatus.PLAN_ISSUED,),
    PaperKind.SCRIPT: RECEIVING,
    PaperKind.RECORD: (SessionStatus.HELD, SessionStatus.CLOSED),
}
"""In which state a session must be for a paper to be put up."""


def amended(case: SessionCase, form: SessionForm) -> tuple[Action, ...]:
    """Places, leaders and tasks are filled in before the plan is issued; a plan before the Head is void then."""
    session = case.session
    need(session, *MOVABLE, SessionStatus.PLAN_ISSUED)
    if form.start != session.starts_at or form.level != session.form.level:
        raise NotNowError(f"session {session.code}: its day is changed by `session move`, its level not at all")
    why = "Sửa thông tin phiên đối thoại"
    if session.status is SessionStatus.PLAN_ISSUED:
        return _after_the_plan(case, form, why)
    return (
        SetSession(session.id, MOVABLE, session.status, "session_amended", why, "9.2", form=form),
        *_papers_void(case, kept=session.status is SessionStatus.TOPIC_APPROVED),
        woken(session, "plan_issued"),
    )


def _after_the_plan(case: SessionCase, form: SessionForm, why: str) -> tuple[Action, ...]:
    """The plan is issued, the notice is not posted: what the notice alone says is changed, its old approval is void.

    What the issued plan says too is no longer the approved plan: it is put up again.
    """
    session = case.session
    same_plan = replace(form, ways=session.form.ways) == session.form
    status = session.status if same_plan else SessionStatus.TOPIC_APPROVED
    notices = tuple(one.id for one in case.papers if one.kind is PaperKind.NOTICE and one.status != "void")
    voids = (VoidPapers(notices),) if notices else ()
    return (
        SetSession(session.id, (session.status,), status, "session_amended", why, "5.3", form=form),
        *(voids if same_plan else _papers_void(case, kept=True)),
        woken(session, "notice_posted" if same_plan else "plan_issued"),
    )


def announced(case: SessionCase, link: str, now: datetime) -> tuple[Action, ...]:
    """The approved notice stands on the portal (10.1.b, 5.3): questions are taken for this session from now on."""
    session = case.session
    need(session, SessionStatus.PLAN_ISSUED)
    if not any(one.kind is PaperKind.NOTICE and one.status == "approved" for one in case.papers):
        raise NotNowError(f"session {session.code}: the Head has not approved the notice (5.3)")
    values = {"link": link}
    why = "Cổng thông tin điện tử đã đăng thông báo"
    return (
        SetSession(
            session.id, (SessionStatus.PLAN_ISSUED,), SessionStatus.ANNOUNCED, "announced", why, "10.1.b", values
        ),
        *met(session, "notice_posted", "notice_content"),
        open_run(case.board.law, session, now),
        woken(session, "questions_forwarded"),
    )


def held(case: SessionCase, started_at: datetime, ended_at: datetime, now: datetime) -> tuple[Action, ...]:
    """The recorded end is what S+n counts from; recording another end plans those duties anew."""
    session, law = case.session, case.board.law
    need(session, *RECEIVING, SessionStatus.HELD)
    if not started_at < ended_at <= now:
        raise NotNowError(f"session {session.code}: it must begin before it ends, and end before now")
    after = replace(session, started_at=started_at, ended_at=ended_at, status=SessionStatus.HELD)
    why = "Ghi nhận phiên đã kết thúc" if session.ended_at is None else "Sửa thời điểm bắt đầu, kết thúc phiên"
    values = {"started_at": started_at, "ended_at": ended_at}
    return (
        SetSession(session.id, (session.status,), SessionStatus.HELD, "held", why, "10.1.g", values),
        *move_to_end(law, session, after, now),
        *past_duties(law, session),
        *_undecided(case),
        *(_first_end(case, after, now) if session.ended_at is None else ()),
        WakeDuty(run_key(session)),
    )


def _undecided(case: SessionCase) -> tuple[Action, ...]:
    """A script that nobody decided on before the session is not waited for after it."""
    ids = tuple(one.id for one in case.papers if one.status == "shown")
    return (VoidPapers(ids),) if ids else ()


def _first_end(case: SessionCase, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Every question needs its mark: the officers are asked at once; article and recording are to be posted (5.2)."""
    waiting = [one for one in case.questions if is_unmarked(one)]
    posting = _posting(case.board.law, session, now)
    return (*marks_wanted(case.board, session, waiting), *posting)


def _posting(law: Law, session: SessionFacts, now: datetime) -> tuple[OpenDuty, ...]:
    """Nothing where the profile has no such duty."""
    if not any(one.id == POSTING for one in law.profile.rules):
        return ()
    due = question_due(POSTING, session.day, law.profile, law.calendar)
    return (replace(opened(law, session, due, now), kind=POSTED_KIND),)


def closed(case: SessionCase) -> tuple[Action, ...]:
    """Every question has its mark: nothing is forgotten. Raises :class:`NotNowError` naming those without."""
    session = case.session
    need(session, SessionStatus.HELD)
    left = [one.code for one in case.questions if is_unmarked(one)]
    if left:
        raise NotNowError(f"session {session.code}: {len(left)} questions have no mark: {', '.join(left)}")
    why = "Mọi câu hỏi của phiên đã có kết quả"
    return (
        SetSession(session.id, (SessionStatus.HELD,), SessionStatus.CLOSED, "closed", why, "10.1.g"),
        *met(session, "forward_elsewhere", "tell_unanswered"),
        CloseDuty(run_key(session)),
        *(() if any(_owed(case, one) for one in case.questions) else met(session, "answer_after_session")),
    )


def _owed(case: SessionCase, question: QuestionFacts) -> bool:
    """Not answered, or not on the portal where the regulation wants it there (10.1.i)."""
    unanswered = question.session_mark == "i" and any(one.is_open for one in question.assignments)
    return unanswered or (is_posted_by(case.board.law.profile) and is_unposted(question))


def moved(case: SessionCase, start: datetime, why: str, now: datetime) -> tuple[Action, ...]:
    """Another day: planned anew, every date with its old one beside it, everyone told again."""
    before, law = case.session, case.board.law
    need(before, *BEFORE_HELD)
    status = before.status if before.status in MOVABLE else SessionStatus.TOPIC_APPROVED
    form = replace(before.form, start=start)
    after = replace(before, form=form, starts_at=start, moves=before.moves + 1, status=status)
    lines = moved_lines(law, before, after)
    values: dict[str, object] = {
        "what": "moved",
        "reason": why,
        "old_start": before.starts_at,
        "lines": lines,
    }
    key = f"moved:{after.moves}:{after.day}"
    answers_due = after.due("answers_returned", law.profile, law.calendar)
    return (
        SetSession(before.id, (before.status,), status, "moved", why, "10.1.a", {"moves": after.moves}, form),
        *_papers_void(case, kept=before.status is SessionStatus.TOPIC_APPROVED),
        CloseDuty(run_key(before), void=True),
        *void_duties(law, before, f"Phiên {before.code} chuyển sang {after.day:%d/%m/%Y}"),
        *open_duties(law, after, now),
        *_told_changed(case, after, values, key),
        *to_board("session_changed", case.board, after, "10.1.a", values, key),
        *(one for each in case.questions for one in _moved_with(case.board, each, before, after, answers_due, now)),
    )


def _told_changed(case: SessionCase, session: SessionFacts, values: dict[str, object], key: str) -> tuple[Send, ...]:
    """Units and chair, who were invited with the plan; what they were sent is moved or called off with it."""
    if not _known(case):
        return ()
    name = "session_changed"
    return (
        *to_session_units(name, case.board, session, "10.1.a", values, key),
        *to_chair(name, session, "10.1.a", values, key),
    )


def _known(case: SessionCase) -> bool:
    """The units know of a session from its plan on; one that was moved after that begins its states anew."""
    moved_with_plan = case.session.moves > 0 and any(one.kind is PaperKind.PLAN for one in case.papers)
    return moved_with_plan or case.session.status not in {SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED}


def _papers_void(case: SessionCase, *, kept: bool) -> tuple[Action, ...]:
    """A text with the old day is approved no longer; the decision on topic and chair stands."""
    decided = case.session.status is not SessionStatus.PROPOSED
    ids = tuple(
        one.id
        for one in case.papers
        if one.status != "void"
        and not (one.kind is PaperKind.PROPOSAL and (kept or (decided and one.status == "approved")))
    )
    return (VoidPapers(ids),) if ids else ()


def _moved_with(
    board: BoardFacts,
    question: QuestionFacts,
    before: SessionFacts,
    after: SessionFacts,
    due: CountedDate,
    now: datetime,
) -> tuple[Action, ...]:
    """Its units get the new S-3, its asker the new date."""
    waiting = [one for one in question.assignments if one.is_open]
    if not waiting or due_instant(due.on) <= now:
        return ()
    why = f"Phiên đối thoại {before.code} chuyển sang ngày {after.day:%d/%m/%Y}"
    moves = [action for one in waiting for action in due_moved(board, question, one, due_on=due, now=now, why=why)]
    values = {"session": session_view(after), "what": "moved", "due": due}
    told = to_citizen("citizen_session", question, "10.1.a", values, key=f"{after.id}:moved:{after.moves}")
    return (*moves, told)


def cancelled(case: SessionCase, why: str, now: datetime) -> tuple[Action, ...]:
    """It will not take place: its questions go on without a session, nobody's question is lost."""
    session, law = case.session, case.board.law
    need(session, *BEFORE_HELD)
    values: dict[str, object] = {"what": "cancelled", "reason": why, "old_start": session.starts_at, "lines": []}
    status = SetSession(session.id, (session.status,), SessionStatus.CANCELLED, "cancelled", why, "6.1", {"why": why})
    return (
        status,
        *_papers_void(case, kept=False),
        CloseDuty(run_key(session), void=True),
        *void_duties(law, session, f"Phiên {session.code} bị hủy"),
        *_told_changed(case, session, values, "cancelled"),
        *to_board("session_changed", case.board, session, "10.1.a", values, "cancelled"),
        *(one for each in case.questions for one in _without_session(case.board, each, session, now)),
    )


def _without_session(
    board: BoardFacts, question: QuestionFacts, session: SessionFacts, now: datetime
) -> tuple[Action, ...]:
    """What was answered is sent; what is not is answered as if there had been no session."""
    amend = AmendQuestion(question.id, {"session_id": None}, "session_left", f"Phiên {session.code} bị hủy")
    waiting = [one for one in question.assignments if one.is_open]
    if not waiting:
        return (amend, tell_answer(board, question, session)) if question.answers else (amend,)
    due = board.law.answer_due(now)
    why = f"Phiên đối thoại {session.code} bị hủy"
    moves = [action for one in waiting for action in due_moved(board, question, one, due_on=due, now=now, why=why)]
    values = {"session": session_view(session), "what": "cancelled", "due": due}
    told = to_citizen("citizen_session", question, "10.1.i", values, key=f"{session.id}:cancelled")
    return (amend, *moves, told)
