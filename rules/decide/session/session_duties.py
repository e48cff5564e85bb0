"""The dated duties of a session (S-15 … S+15): opened, moved, reminded of, fulfilled or late with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, Note, OpenDuty, Send, Settle
from rules.decide.base.approval_requests import (
    decision_acts,
    session_units,
    submit_for_approval,
    to_board,
    to_session_units,
)
from rules.decide.base.facts import BoardFacts, DutyFacts, HeldMailFacts, MailFacts, QuestionFacts, SessionCase
from rules.decide.base.forwarding import newest_leads
from rules.decide.base.notices import unit_name
from rules.decide.base.session_actions import MoveDuty, WakeDuty
from rules.decide.session.session_state import (
    AFTER_THE_END,
    CHECKED,
    counted,
    session_day,
    waiting_for,
)
from rules.law.deadlines import ReminderKind, limit_label, moved_duties, session_duties
from rules.law.legal_dates import Law
from rules.law.session_rules import ApprovalFacts, PaperFacts, PaperKind, SessionFacts, SessionStatus
from rules.law.working_days import city_moment, due_instant, short_date
from rules.values.model import CountedDate, Fate, Kind
from rules.values.states import AssignmentStatus, Folder, QuestionStatus

DRAFTED = {
    "plan_issued": PaperKind.PLAN,
    "notice_posted": PaperKind.NOTICE,
    "script_approved": PaperKind.SCRIPT,
}
"""The paper that is drafted automatically for each of these duties."""
STATES_FOR = {
    PaperKind.PLAN: ((SessionStatus.TOPIC_APPROVED,), frozenset({"shown", "approved", "returned"})),
    PaperKind.NOTICE: ((SessionStatus.PLAN_ISSUED,), frozenset({"shown", "approved", "returned"})),
    PaperKind.SCRIPT: ((SessionStatus.ANNOUNCED,), frozenset({"shown", "approved"})),
}
"""The session's states in which this is done, and the states of an existing paper that prevent it."""
NOT_YET_ISSUED = (SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED, SessionStatus.PLAN_APPROVED)
OF_THE_SCRIPT = ("script_approved", "script_sent")
NO_SCRIPT = "không có câu hỏi nào đến trước hạn nên không có kịch bản để duyệt và gửi"


def duty_key(session: SessionFacts, rule: str) -> str:
    """The key of one dated duty; a moved session gets new ones, and what was fulfilled stays on record."""
    return f"session:{session.id}:{session.moves}:{rule}"


def open_duties(law: Law, session: SessionFacts, now: datetime) -> tuple[OpenDuty, ...]:
    """All dated duties of the session."""
    return tuple(opened(law, session, due, now) for due in session_duties(session.day, law.profile, law.calendar))


def opened(law: Law, session: SessionFacts, due: CountedDate, now: datetime) -> OpenDuty:
    """One dated duty of the session."""
    stage = law.first_stage(due, now)
    at = law.chase_event(due, stage).at
    if due.rule in DRAFTED:
        at = min(at, max(now, _drafting_at(law, due.rule, due.on)))
    return OpenDuty(
        key=duty_key(session, due.rule),
        kind="session",
        clause=due.clause,
        due=due,
        due_at=due_instant(due.on),
        next_at=at,
        session=session.id,
        stage=stage,
    )


def met(session: SessionFacts, *rules: str) -> tuple[CloseDuty, ...]:
    """Close these duties of a session as fulfilled."""
    return tuple(CloseDuty(duty_key(session, rule)) for rule in rules)


def woken(session: SessionFacts, rule: str) -> WakeDuty:
    """What the duty waited for has happened: its paper may be drafted now."""
    return WakeDuty(duty_key(session, rule))


def past_duties(case: SessionCase) -> tuple[CloseDuty, ...]:
    """A duty before the session that was not fulfilled stays late for ever, without further reminders.

    What was done in time counts as fulfilled even if nobody looked on its day, as after a downtime.
    """
    session, law = case.session, case.board.law
    dates = session_duties(session.day, law.profile, law.calendar)
    return tuple(_past(case, due.rule, due_instant(due.on)) for due in dates if due.rule not in AFTER_THE_END)


def _past(case: SessionCase, rule: str, due_at: datetime) -> CloseDuty:
    key, test = duty_key(case.session, rule), CHECKED.get(rule)
    of_it = [question for question in case.questions if question.received_at < due_at]
    if rule in OF_THE_SCRIPT and not _to_script(of_it, case.papers):
        return CloseDuty(key, void=True, why=f"Phiên {case.session.code}: {NO_SCRIPT}")
    if test is None or any(map(test, of_it)):
        return CloseDuty(key, why="Phiên đã kết thúc mà việc này chưa xong")
    times = (at for question in of_it if (at := _done_at(question, rule)) is not None)
    return CloseDuty(key, at=max(times, default=due_at - _MOMENT))


def void_duties(law: Law, session: SessionFacts, why: str) -> tuple[CloseDuty, ...]:
    """A cancelled session has no duties any more."""
    dates = session_duties(session.day, law.profile, law.calendar)
    return tuple(CloseDuty(duty_key(session, due.rule), void=True, why=why) for due in dates)


def moved_lines(law: Law, before: SessionFacts, after: SessionFacts) -> list[dict[str, object]]:
    """The dates that change with the day: duty, old and new date, for people."""
    old = session_duties(before.day, law.profile, law.calendar)
    new = session_duties(after.day, law.profile, law.calendar)
    return [
        {"label": limit_label(one.rule), "duty": one.rule.duty, "old": one.before, "new": one.after}
        for one in moved_duties(old, new, law.profile)
    ]


def move_to_end(law: Law, before: SessionFacts, after: SessionFacts, now: datetime) -> tuple[MoveDuty, ...]:
    """S+n counts from the recorded end: later duties move when it fell on another day than planned."""
    old = session_duties(before.day, law.profile, law.calendar)
    new = session_duties(after.day, law.profile, law.calendar)
    moves = []
    for one in moved_duties(old, new, law.profile):
        if one.rule.id in AFTER_THE_END:
            stage = law.first_stage(one.after, now)
            why = f"Phiên {after.code} kết thúc ngày {short_date(after.day)}"
            at = law.chase_event(one.after, stage).at
            key = duty_key(after, one.rule.id)
            moves.append(MoveDuty(key, one.after, due_instant(one.after.on), at, stage, why))
    return tuple(moves)


def remind_of_session(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """A dated duty has come up: close it if fulfilled, else alarm the officers, and the Head when it is late."""
    rule = facts.due.rule
    done_at = _fulfilled(facts, session, now)
    if done_at is not None:
        return (CloseDuty(facts.key, at=done_at),)
    stage, last = facts.stage, None
    law = facts.board.law
    while (event := law.chase_event(facts.due, stage)).at <= now:
        if event.what is not ReminderKind.CITIZEN:
            last = (stage, event)
        stage += 1
    late = now >= facts.due_at
    next_at, why = law.chase_event(facts.due, stage).at, _why(facts, session) if late else ""
    if not late and _has_no_script(facts, session):
        next_at = min(next_at, facts.due_at)  # closed then, unless a question arrives
    next_at = _next_look(facts, session, next_at, now)
    actions: list[Action] = [AdvanceDuty(facts.id, facts.stage, stage, next_at, late=late, why=why)]
    if facts.draft is not None and rule in DRAFTED:
        actions += submit_for_approval(facts.board, facts.draft, session, facts.papers, now)
    actions += choice_asked(facts, session)
    alarmed = last is not None and (late or rule not in AFTER_THE_END or session.ended_at is not None)
    if alarmed or facts.draft_lacks:
        actions += session_day(facts, session, now)
    return tuple(actions)


ASKED_WITH = {"plan_issued": SessionStatus.TOPIC_APPROVED, "questions_forwarded": SessionStatus.ANNOUNCED}
"""The duty with which officers are asked to choose, and the state: once topic and chair are decided, and again
when the session is announced, for questions that arrived in between."""
MOST = 40


def choice_asked(facts: DutyFacts, session: SessionFacts) -> tuple[Send, ...]:
    """The open questions outside the session, the most asked first, each with the command that adds it; once."""
    if ASKED_WITH.get(facts.due.rule) is not session.status or not facts.candidates:
        return ()
    code = session.code
    shown = facts.candidates[:MOST]
    codes = ", ".join(question.code for question, _ in shown)
    every = [{"label": "Đưa tất cả vào phiên", "text": f"Đưa {codes} vào phiên {code}"}] if len(shown) > 1 else []
    each = [{"label": f"Đưa {one.code} vào phiên", "text": f"Đưa {one.code} vào phiên {code}"} for one, _ in shown]
    values: dict[str, object] = {
        "questions": [
            {
                "code": question.code,
                "subject": question.subject,
                "likes": likes,
                "unit": ", ".join(dict.fromkeys(unit_name(facts.board, each.unit) for each in question.open_leads)),
                "received_at": question.received_at,
            }
            for question, likes in shown
        ],
        "left": len(facts.candidates) - len(shown),
        "commands": [*every, *each],
        "again": session.status is SessionStatus.ANNOUNCED,
    }
    return to_board("session_choice", facts.board, session, "9.1", values, f"{session.moves}:{session.status}")


def _drafting_at(law: Law, rule: str, on: date) -> datetime:
    """When a duty's paper is drafted: some days before the duty, the script on its day."""
    days = 0 if rule == "script_approved" else law.profile.sessions.draft_days_before
    return law.opening(law.calendar.on_or_before(on - timedelta(days=days)))


def _next_look(facts: DutyFacts, session: SessionFacts, at: datetime, now: datetime) -> datetime:
    """The next reminder; before it, the day on which the paper is drafted, and each following day until it is."""
    law, rule = facts.board.law, facts.due.rule
    kind = DRAFTED.get(rule)
    if kind is None or kind is PaperKind.SCRIPT or facts.draft is not None or _stands(facts.papers, kind):
        return at
    if session.status not in STATES_FOR[kind][0]:
        return at
    drafting = _drafting_at(law, rule, facts.due.on)
    tomorrow = law.opening(law.calendar.next_working_day(law.today(now)))
    return min(at, drafting if drafting > now else tomorrow)


def _stands(papers: Sequence[PaperFacts], kind: PaperKind) -> bool:
    standing = STATES_FOR[kind][1]
    return any(paper.kind is kind and paper.status in standing for paper in papers)


def may_draft(
    law: Law, session: SessionFacts, papers: Sequence[PaperFacts], kind: PaperKind, on: date, now: datetime
) -> bool:
    """True when a paper must now be drafted automatically, as nobody has submitted one."""
    rule = next(name for name, one in DRAFTED.items() if one is kind)
    ready = session.status in STATES_FOR[kind][0] and not _stands(papers, kind)
    return ready and _drafting_at(law, rule, on) <= now


def _why(facts: DutyFacts, session: SessionFacts) -> str:
    if facts.down_since is not None:
        return f"Hệ thống ngừng hoạt động từ {city_moment(facts.down_since)}, nhắc muộn"
    if facts.due.rule in AFTER_THE_END and session.ended_at is None:
        return "Chưa ghi nhận phiên đã kết thúc"
    waiting = waiting_for(facts, facts.due.rule)
    if waiting:
        return "Chưa xong: " + ", ".join(one.code for one in waiting[:20])
    return "Chưa thực hiện khi hết hạn"


def _fulfilled(facts: DutyFacts, session: SessionFacts, now: datetime) -> datetime | None:
    """When a duty about questions was fulfilled; None while it is not, or when only its own act closes it."""
    rule = facts.due.rule
    if rule not in CHECKED or (rule in AFTER_THE_END and session.ended_at is None):
        return None
    if now < facts.due_at and rule not in AFTER_THE_END:
        return None  # more questions may arrive until then
    if waiting_for(facts, rule):
        return None
    times = [at for question in counted(facts) if (at := _done_at(question, rule)) is not None]
    if rule == "answer_after_session":
        times += [
            facts.posted[one.id] for one in counted(facts) if one.session_mark == "i" and one.id in facts.posted
        ]
    return max([session.ended_at or facts.due_at, *times]) if rule in AFTER_THE_END else _latest(times, facts)


def invited_too(board: BoardFacts, session: SessionFacts, question: QuestionFacts) -> tuple[tuple[Send, ...], str]:
    """Invite units that answer in a session of other fields (7.1.b), or with its plan; and what the officer reads."""
    known = session_units(board, session)
    units = [one.unit for one in question.open_leads if one.unit in board.contacts and one.unit not in known]
    names = _names(board, units)
    if not units or session.status in NOT_YET_ISSUED:
        return (), f"; {names} được mời dự phiên khi kế hoạch được ban hành" if units else ""
    only = replace(session, form=replace(session.form, units=tuple(dict.fromkeys(units))), answering=())
    clause = session.form.chair_clause(board.law.profile)
    sends = to_session_units("session_invitation", board, only, clause, {}, f"{session.moves}:taken")
    return sends, f"; đã mời {names} dự phiên"


def invited_still(board: BoardFacts, session: SessionFacts, question: QuestionFacts) -> str:
    """That units of other fields were invited for a question that leaves the session; people tell them otherwise."""
    own = session.form.units or tuple(board.contacts)
    units = [one.unit for one in question.open_leads if one.unit in board.contacts and one.unit not in own]
    if not units or session.status in NOT_YET_ISSUED:
        return ""
    return f"; {_names(board, units)} đã được mời dự phiên, nếu không cần dự nữa, xin báo lại đơn vị"


def _names(board: BoardFacts, units: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(unit_name(board, one) for one in units))


def script_units(facts: MailFacts, approval: ApprovalFacts) -> tuple[str, ...]:
    """The units that answer a question of the script, though the session is not about their fields (10.1.đ)."""
    board, paper = facts.board, approval.paper
    case = next((one for one in facts.cases if one.session.id == paper.session_id), None)
    shown = [question for question in case.questions if question.code in paper.text] if case else []
    has = (AssignmentStatus.FORWARDED, AssignmentStatus.ANSWERED)
    leads = [each.unit for question in shown for each in newest_leads(question) if each.status in has]
    own = session_units(board, case.session) if case else ()
    return tuple(one for one in dict.fromkeys(leads) if one in board.contacts and one not in own)


def nothing_to_script(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Close the script's duty when nobody asked before it was due (9.3); a later question is treated by 10.1.l.

    Not before the due instant, since a question may arrive until then.
    """
    if now < facts.due_at or not _has_no_script(facts, session):
        return ()
    why = f"Phiên {session.code}: {NO_SCRIPT}"
    return (CloseDuty(facts.key, void=True, why=why), Note("nothing_to_script", why, facts.clause))


def _has_no_script(facts: DutyFacts, session: SessionFacts) -> bool:
    """True without any question and without a script submitted by hand."""
    of_the_script = facts.due.rule in OF_THE_SCRIPT and session.status is SessionStatus.ANNOUNCED
    return of_the_script and not _to_script(counted(facts), facts.papers)


def _to_script(questions: Sequence[QuestionFacts], papers: Sequence[PaperFacts]) -> bool:
    """True where a question is to be scripted, or somebody has submitted a script without any."""
    drafted = any(paper.kind is PaperKind.SCRIPT and paper.status != "void" for paper in papers)
    return drafted or any(question.status is not QuestionStatus.REJECTED for question in questions)


def _latest(times: Sequence[datetime], facts: DutyFacts) -> datetime:
    """The latest act that fulfilled it; a moment before the due instant when there was nothing to do."""
    return max(times, default=facts.due_at.replace(microsecond=0) - _MOMENT)


_MOMENT = timedelta(seconds=1)


def _done_at(question: QuestionFacts, rule: str) -> datetime | None:
    match rule:
        case "questions_forwarded":
            return min((assignment.forwarded_at for assignment in question.assignments), default=None)
        case "answers_returned":
            return question.answered_at
        case "answer_after_session" if question.session_mark == "i":
            return question.answered_at
        case _:
            return question.session_marked_at


def settled(held: HeldMailFacts | None, session: SessionFacts) -> tuple[Settle, ...]:
    """The held mail about a session's decision, once an officer has recorded that; () for any other."""
    about = decision_acts(session.code)[0]["text"]
    if held is None or held.status != "held" or not any(one["text"] == about for one in held.acts):
        return ()
    why = f"Cán bộ đã ghi ý kiến của lãnh đạo về phiên {session.code}"
    return (Settle(held.id, Fate.IGNORE, Kind.NOT_A_QUESTION, Folder.OTHER, why),)
