"""Decisions on a session as a whole: proposed, announced, held, moved, cancelled, closed (6.1, 7, 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, CloseDuty, OpenDuty, Send
from rules.decide.base.approval_requests import (
    KIND_NAMES,
    session_view,
    to_board,
    to_chair,
    to_session_units,
)
from rules.decide.base.facts import AssignmentFacts, BoardFacts, QuestionFacts, SessionCase
from rules.decide.base.forwarding import due_moved, is_unmarked, with_session
from rules.decide.base.notices import to_citizen
from rules.decide.base.session_actions import SetSession, VoidPapers, WakeDuty
from rules.decide.officer.session_outcomes import NOT_OVER, kept_part, later_again
from rules.decide.session.session_day import is_watched, marks_wanted, open_run, run_key
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
from rules.decide.session.session_state import act, is_posted_by, is_unposted
from rules.law.deadlines import question_due
from rules.law.legal_dates import Law, in_person, is_in_person
from rules.law.session_rules import (
    BEFORE_HELD,
    HOLDABLE,
    RECEIVING,
    PaperFacts,
    PaperKind,
    SessionFacts,
    SessionStatus,
)
from rules.law.working_days import due_instant, short_date
from rules.values.model import CountedDate
from rules.values.states import QuestionStatus

POSTED_KIND = "session_post"
"""The kind of the posting's duty, which is not one of the dated steps of Article 10."""
POSTING = "post_record"
"""The profile's rule for posting article and recording of a session; a profile may do without."""
MOVABLE = (SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED)
"""States in which no text with the date has been approved yet."""


class NotNowError(ValueError):
    """The session's state does not allow this; the text names the state, in one English line."""


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
"""The state that a session must have for a paper to be submitted."""


def announced(case: SessionCase, link: str, now: datetime) -> tuple[Action, ...]:
    """The approved notice is on the portal (10.1.b, 5.3): from now on the session takes questions."""
    session = case.session
    need(session, SessionStatus.PLAN_ISSUED)
    if not any(paper.kind is PaperKind.NOTICE and paper.status == "approved" for paper in case.papers):
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
    """S+n counts from the recorded end; recording another end plans those duties again."""
    session, law = case.session, case.board.law
    need(session, *HOLDABLE, SessionStatus.HELD)
    if not started_at < ended_at <= now:
        raise NotNowError(f"session {session.code}: it must begin before it ends, and end before now")
    after = replace(session, started_at=started_at, ended_at=ended_at, status=SessionStatus.HELD)
    why = "Ghi nhận phiên đã kết thúc" if session.ended_at is None else "Sửa thời điểm bắt đầu, kết thúc phiên"
    values = {"started_at": started_at, "ended_at": ended_at}
    return (
        SetSession(session.id, (session.status,), SessionStatus.HELD, "held", why, "10.1.g", values),
        *move_to_end(law, session, after, now),
        *past_duties(case),
        *later_again(case, after, now),
        *(_undecided(case) if is_other_time(session, started_at, ended_at) else ()),
        *(_first_end(case, after, now) if session.ended_at is None else ()),
        WakeDuty(run_key(session)) if is_watched(session) else open_run(law, after, now),
    )


def is_other_time(session: SessionFacts, started_at: datetime, ended_at: datetime) -> bool:
    """True unless this beginning and end are on record already."""
    return (started_at, ended_at) != (session.started_at, session.ended_at)


def _undecided(case: SessionCase, status: SessionStatus = SessionStatus.HELD) -> tuple[VoidPapers, ...]:
    """A script that nobody decided on before the session is no longer waited for, nor a record of another time; nor
    is a notice of the old time posted once the session is moved before that."""
    unposted = status is SessionStatus.PLAN_ISSUED
    ids = tuple(paper.id for paper in case.papers if paper.status == "shown" or (unposted and _is_notice(paper)))
    return (VoidPapers(ids),) if ids else ()


def _is_notice(paper: PaperFacts) -> bool:
    return paper.kind is PaperKind.NOTICE and paper.status != "void"


def _first_end(case: SessionCase, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Ask officers at once for every question's outcome; article and recording must be posted (5.2)."""
    waiting = [question for question in case.questions if is_unmarked(question)]
    posting = _posting(case.board.law, session, now)
    return (*marks_wanted(case.board, session, waiting), *posting)


def _posting(law: Law, session: SessionFacts, now: datetime) -> tuple[OpenDuty, ...]:
    """The duty to post; none when the profile has no such rule."""
    if not any(one.id == POSTING for one in law.profile.rules):
        return ()
    due = question_due(POSTING, session.day, law.profile, law.calendar)
    return (replace(opened(law, session, due, now), kind=POSTED_KIND),)


def closed(case: SessionCase) -> tuple[Action, ...]:
    """Close when every question has its outcome. Raises :class:`NotNowError` naming those without."""
    session = case.session
    need(session, SessionStatus.HELD)
    left = [question.code for question in case.questions if is_unmarked(question)]
    if left:
        raise NotNowError(f"session {session.code}: {len(left)} questions have no mark: {', '.join(left)}")
    why = "Mọi câu hỏi của phiên đã có kết quả"
    return (
        SetSession(session.id, (SessionStatus.HELD,), SessionStatus.CLOSED, "closed", why, "10.1.g"),
        *met(session, "forward_elsewhere", "tell_unanswered"),
        CloseDuty(run_key(session)),
        *(() if any(is_owed(case, one) for one in case.questions) else met(session, "answer_after_session")),
    )


def is_owed(case: SessionCase, question: QuestionFacts) -> bool:
    """True when not answered, or not on the portal where the regulation requires it (10.1.i)."""
    unanswered = question.session_mark == "i" and any(assignment.is_open for assignment in question.assignments)
    return unanswered or (is_posted_by(case.board.law.profile) and is_unposted(question))


def moved(case: SessionCase, start: datetime, why: str, now: datetime) -> tuple[Action, ...]:
    """Move it to a time at which it has yet to begin: plan again, tell every date with its old one to all.

    Where only the hour of its day is another, what was issued and posted in time stands, with its duties.
    """
    before, law = case.session, case.board.law
    need(before, *BEFORE_HELD)
    hour = is_other_hour(before, start)
    status = before.status if hour or before.status in MOVABLE else SessionStatus.TOPIC_APPROVED
    form = replace(before.form, start=start)
    after = replace(before, form=form, starts_at=start, moves=before.moves + 1, status=status, started_at=None)
    kept = before.status is SessionStatus.TOPIC_APPROVED
    voided = _undecided(case, status) if hour else papers_void(case, kept=kept)
    issued = [KIND_NAMES[paper.kind] for paper in case.papers if _loses(paper, voided, "approved")]
    values: dict[str, object] = {
        "what": "moved",
        "reason": why,
        "old_start": before.starts_at,
        "lines": moved_lines(law, before, after),
        "items": [KIND_NAMES[paper.kind] for paper in case.papers if _loses(paper, voided, "approved", "shown")],
        "commands": [again(before)] if before.status is SessionStatus.PROPOSED else [],
    }
    key, anew = f"moved:{after.moves}:{after.day}", {"moves": after.moves, "started_at": None}
    answers_due = after.due("answers_returned", law.profile, law.calendar)
    return (
        SetSession(before.id, (before.status,), status, "moved", why, "10.1.a", anew, form),
        *voided,
        CloseDuty(run_key(before), void=True),
        *void_duties(law, before, f"Phiên {before.code} chuyển sang {short_date(after.day)}"),
        *(one for one in open_duties(law, after, now) if not (hour and one.due.rule in DONE_BY[status])),
        *((open_run(law, after, now),) if hour and status in RECEIVING else ()),
        *_told_changed(case, after, values | {"items": issued}, key),
        *to_board("session_changed", case.board, after, "10.1.a", values, key),
        *(
            action
            for question in case.questions
            for action in _moved_with(case.board, question, before, after, answers_due, now)
        ),
    )


_PLANNED = ("plan_approved", "plan_issued")
_POSTED = (*_PLANNED, "notice_posted", "notice_content")
DONE_BY = {
    SessionStatus.PLAN_ISSUED: _PLANNED,
    SessionStatus.ANNOUNCED: _POSTED,
    SessionStatus.SCRIPT_APPROVED: (*_POSTED, "script_approved", "script_sent"),
}
"""The dated duties that a session in this state has behind it."""


def is_other_hour(session: SessionFacts, start: datetime) -> bool:
    """True for another hour of the day for which the plan of the session was issued."""
    return session.status in DONE_BY and replace(session, starts_at=start).day == session.day


def again(session: SessionFacts) -> dict[str, str]:
    """The order that puts up the proposal of a session that was moved before the leader decided."""
    return act("Trình lại tờ trình theo ngày mới", f"Trình tờ trình {session.code}")


def _loses(paper: PaperFacts, voided: Sequence[Action], *states: str) -> bool:
    """True for a paper in one of the states that no longer counts."""
    ids = {one for each in voided if isinstance(each, VoidPapers) for one in each.papers}
    return paper.id in ids and paper.status in states


def is_known(case: SessionCase) -> bool:
    """True when the units know of the session: from its issued plan on; if moved or amended then, its states begin
    again."""
    issued = any(paper.kind is PaperKind.PLAN and (paper.number or paper.issued_on) for paper in case.papers)
    return issued or case.session.status not in MOVABLE


def _told_changed(case: SessionCase, session: SessionFacts, values: dict[str, object], key: str) -> tuple[Send, ...]:
    """Units and chair, who were invited with the plan; their invitation is moved or cancelled with it."""
    if not is_known(case):
        return ()
    name = "session_changed"
    return (
        *to_session_units(name, case.board, session, "10.1.a", values, key),
        *to_chair(name, session, "10.1.a", values, key),
    )


def papers_void(case: SessionCase, *, kept: bool) -> tuple[VoidPapers, ...]:
    """Void texts with the old day; the decision on topic and chair remains."""
    decided = case.session.status is not SessionStatus.PROPOSED
    ids = tuple(
        paper.id
        for paper in case.papers
        if paper.status != "void"
        and not (paper.kind is PaperKind.PROPOSAL and (kept or (decided and paper.status == "approved")))
    )
    return (VoidPapers(ids),) if ids else ()


def awaits(question: QuestionFacts) -> bool:
    """True for a question of a session that the session has yet to answer, to its asker's knowledge."""
    return is_unmarked(question) and question.status in {*NOT_OVER, QuestionStatus.ANSWERED}


def _moved_with(
    board: BoardFacts,
    question: QuestionFacts,
    before: SessionFacts,
    after: SessionFacts,
    due: CountedDate,
    now: datetime,
) -> tuple[Action, ...]:
    """Its units get the new S-3, while there is time; its requester the new date, whether or not a unit has it.

    Another hour of the same day moves no date.
    """
    waiting = [assignment for assignment in question.assignments if assignment.is_open]
    if not waiting and not awaits(question):
        return ()
    waiting = waiting if due_instant(due.on) > now and after.day != before.day else []
    why = f"Phiên đối thoại {before.code} chuyển sang ngày {short_date(after.day)}"
    moves = [
        action
        for assignment in waiting
        for action in due_moved(board, question, assignment, due_on=_due_at(assignment, due, after), now=now, why=why)
    ]
    values = with_session({"what": "moved", "due": due if waiting else None}, board.law, after)
    notice = to_citizen("citizen_session", question, "10.1.a", values, key=f"{after.id}:moved:{after.moves}")
    return (*moves, notice)


def _due_at(one: AssignmentFacts, due: CountedDate, session: SessionFacts) -> CountedDate:
    """S-3, or the new day itself for a unit that answers there in person."""
    return in_person(due, session.day) if is_in_person(one.due) else due


def cancelled(case: SessionCase, why: str, now: datetime) -> tuple[Action, ...]:
    """Cancel it: its questions go on without a session, and none is lost."""
    session, law = case.session, case.board.law
    need(session, *BEFORE_HELD)
    values: dict[str, object] = {"what": "cancelled", "reason": why, "old_start": session.starts_at, "lines": []}
    status = SetSession(session.id, (session.status,), SessionStatus.CANCELLED, "cancelled", why, "6.1", {"why": why})
    return (
        status,
        *papers_void(case, kept=False),
        CloseDuty(run_key(session), void=True),
        *void_duties(law, session, f"Phiên {session.code} bị hủy"),
        *_told_changed(case, session, values, "cancelled"),
        *to_board("session_changed", case.board, session, "10.1.a", values, "cancelled"),
        *(action for question in case.questions for action in _without_session(case.board, question, session, now)),
    )


def _without_session(
    board: BoardFacts, question: QuestionFacts, session: SessionFacts, now: datetime
) -> tuple[Action, ...]:
    """Answers kept for the session are sent; open questions are answered as if there had been none (10.1.i)."""
    amend = AmendQuestion(question.id, {"session_id": None}, "session_left", f"Phiên {session.code} bị hủy")
    waiting = [assignment for assignment in question.assignments if assignment.is_open]
    open_one = is_unmarked(question) and question.status in NOT_OVER
    kept = kept_part(board, question, session) if is_unmarked(question) else ()
    if not waiting and not open_one:
        return (amend, *kept)
    due = board.law.answer_due(now)
    why = f"Phiên đối thoại {session.code} bị hủy"
    moves = [
        action
        for assignment in waiting
        for action in due_moved(board, question, assignment, due_on=due, now=now, why=why)
    ]
    values = {"session": session_view(session), "what": "cancelled", "due": due if waiting else None}
    notice = to_citizen("citizen_session", question, "10.1.i", values, key=f"{session.id}:cancelled")
    return (amend, *moves, notice, *kept)
