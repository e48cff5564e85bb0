"""Duties that have come up: remind, report lateness, urge, tell the citizen (16.2; profile ``reminders``).

Reminders are sent in working hours only, and their content is decided at that time: a step that came up at night
waits as a duty, not as a mail. An outdated step is not sent: after downtime only the last step that addresses the
unit is sent, and the journal names the cause of the delay.
For a requester without mail who has not been told, officers are reminded, and after a day the Head.

A period of 6.1 without its session is such a duty too: officers are told in time, and it stays on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, Note, OpenDuty, Send
from rules.decide.base.approval_requests import pass_on, stands_before
from rules.decide.base.command_result import DATA_REQUEST
from rules.decide.base.facts import AssignmentFacts, DutyFacts, QuestionFacts
from rules.decide.base.manual_work import MISSING, TELL
from rules.decide.base.notices import promised, reminder, to_citizen, to_people, unit_name
from rules.decide.due.waiting import (
    FIRST_LATE,
    by_the_named,
    chase_telling,
    drop,
    is_for_the_named,
    named_for,
    next_review,
    put_again,
    tell_came_back,
    tell_waiting,
    waiting_values,
)
from rules.decide.reply.without_answer import noted
from rules.decide.session.leaders_decision import chase_decision
from rules.decide.session.routine_reports import KIND, remind_of_routine
from rules.decide.session.session_day import KIND as RUN
from rules.decide.session.session_day import chase_run
from rules.decide.session.session_duties import nothing_to_script, remind_of_session
from rules.decide.session.sessions import POSTED_KIND
from rules.law.deadlines import ReminderKind
from rules.law.legal_dates import ChaseEvent, Law, is_in_person
from rules.law.session_limits import OVER, Period, period_of, periods, planned_in
from rules.law.session_rules import SessionFacts
from rules.law.working_days import city_moment, due_instant, short_date
from rules.values.model import CountedDate, Notice, Recipient
from rules.values.states import DECISION, MISSING_SESSION, QuestionStatus

FREQUENCY = "session_frequency"
AGAIN_AFTER = timedelta(days=7)
"""How often the officers are reminded while no session is proposed."""
LEVEL_NAMES = {"city": "cấp thành phố", "unit": "cấp sở, ngành, địa phương"}


def wanted_sessions(law: Law, since: date, now: datetime) -> Iterator[OpenDuty]:
    """For each whole period begun since then: the duty to hold its session by its last day."""
    rule = law.profile.find(FREQUENCY)
    for period in periods(since, law.today(now), law.profile) if rule is not None else ():
        warned = period.last - timedelta(days=law.profile.sessions.missing_warned_days)
        reason = f"{name_of(period)}: tổ chức một phiên đối thoại {LEVEL_NAMES[period.level]}"
        due = CountedDate(period.last, period.last, rule.clause if rule else "", period.first, reason, rule=FREQUENCY)
        yield OpenDuty(
            f"{MISSING_SESSION}:{period.key}",
            MISSING_SESSION,
            due.clause,
            due,
            due_instant(period.last),
            law.opening(warned),
        )


def name_of(period: Period) -> str:
    """``Từ tháng 07 đến tháng 12 năm 2026``."""
    return f"Từ tháng {period.first:%m} đến tháng {period.last:%m} năm {period.last:%Y}"


def chase_missing(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """Fulfilled if one was held; remind while none is proposed; tell officers and Head when the period is over."""
    period = period_of(facts.key.partition(":")[2], facts.board.law.profile)
    planned = planned_in(period, facts.sessions)
    held = [session for session in planned if session.status in OVER]
    if held:
        return (CloseDuty(facts.key, at=min(session.ended_at or session.starts_at for session in held)),)
    if now >= facts.due_at:
        why = f"{name_of(period)} không có phiên đối thoại {LEVEL_NAMES[period.level]}"
        late = AdvanceDuty(facts.id, facts.stage, facts.stage + 1, None, late=True, why=why)
        return (late, CloseDuty(facts.key, why=why), *_alarm(facts, period, planned, now))
    next_at = min(facts.board.law.send_at(now + AGAIN_AFTER), facts.due_at)
    advance = AdvanceDuty(facts.id, facts.stage, facts.stage + 1, next_at)
    return (advance, *(() if planned else _alarm(facts, period, planned, now)))


def _alarm(facts: DutyFacts, period: Period, planned: tuple[SessionFacts, ...], now: datetime) -> tuple[Action, ...]:
    board, over = facts.board, now >= facts.due_at
    left = (facts.due.on - board.law.today(now)).days
    level = LEVEL_NAMES[period.level]
    what = f"{name_of(period)}: {'đã không có' if over else 'chưa có'} phiên đối thoại {level}"
    details = [
        board.law.profile.rule(FREQUENCY).duty,
        *(f"Phiên {one.code} chưa được ghi nhận đã tổ chức" for one in planned),
        f"Hạn: hết ngày {short_date(facts.due.on)} ({'đã quá hạn' if over else f'còn {left} ngày'})",
    ]
    commands = [] if over else [{"label": "Đề xuất phiên", "text": "Đề xuất phiên"}]
    values = {"what": what, "details": details, "commands": commands}
    people = (*board.officers, board.head) if over else board.officers
    return to_people("officer_alert", people, facts.clause, values, key=f"{facts.key}:{facts.stage}")


UNIT_STEPS = frozenset({ReminderKind.BEFORE, ReminderKind.TODAY, ReminderKind.OVERDUE})


BY_KIND: Mapping[str, Callable[[DutyFacts, datetime], tuple[Action, ...]]] = {
    KIND: remind_of_routine,
    MISSING_SESSION: chase_missing,
}
"""Duties that are about no question and no session."""


OF_SESSION: Mapping[str, Callable[[DutyFacts, SessionFacts, datetime], tuple[Action, ...]]] = {
    "session": remind_of_session,
    POSTED_KIND: remind_of_session,
    DECISION: chase_decision,
}
"""Duties of a session that wait for working hours."""


def decide_reminder(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """The actions that one duty requires at ``now``; outside working hours it waits until they begin."""
    of_session = _at_any_hour(facts, now)
    if of_session:
        return of_session
    opening = facts.board.law.send_at(now)
    if opening > now:
        late = now >= facts.due_at
        return (
            AdvanceDuty(facts.id, facts.stage, facts.stage, opening, late=late, why=_cause(facts) if late else ""),
        )
    if facts.kind == "answer" and facts.assignment is not None and facts.question is not None:
        return _chase_answer(facts, facts.assignment, facts.question, now)
    if facts.kind in OF_SESSION and facts.session is not None:
        return OF_SESSION[facts.kind](facts, facts.session, now)
    if facts.kind in BY_KIND:
        return BY_KIND[facts.kind](facts, now)
    if facts.kind == MISSING and facts.question is not None:
        return drop(facts, facts.question, now)
    if facts.kind == TELL and facts.question is not None:
        return chase_telling(facts, facts.question, now)
    return _chase_review(facts, now)


def _at_any_hour(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """The actions of a session's duty at any hour: a script no longer owed, and the day of the session."""
    if facts.session is None:
        return ()
    if facts.kind == RUN:
        return chase_run(facts, facts.session, now)  # a session has hours of its own
    return nothing_to_script(facts, facts.session, now)


def _due_steps(facts: DutyFacts, due: CountedDate, now: datetime) -> tuple[list[tuple[int, ChaseEvent]], int]:
    """The steps that have come up since the duty's stage, and the next stage."""
    law = facts.board.law
    stage, steps = facts.stage, []
    while (event := law.chase_event(due, stage)).at <= now:
        steps.append((stage, event))
        stage += 1
    return steps, stage


def _chase_answer(
    facts: DutyFacts, assignment: AssignmentFacts, question: QuestionFacts, now: datetime
) -> tuple[Action, ...]:
    steps, stage = _due_steps(facts, assignment.due, now)
    steps = [] if is_in_person(assignment.due) else steps  # officers are asked for the outcome of the session
    late = now >= due_instant(assignment.due.on)
    why = _cause(facts) if late else ""
    times, again_at = facts.board.law.told_again(assignment.due, now)
    next_at = facts.board.law.chase_event(assignment.due, stage).at
    if again_at is not None and assignment.role == "lead":
        until = promised(assignment)  # no letter repeats a day that still stands: the next one follows it
        after = facts.board.law.opening(facts.board.law.working_days_before(until, -1)) if until else now
        next_at = min(next_at, again_at, after if after > now else again_at)
    actions: list[Action] = [AdvanceDuty(facts.id, facts.stage, stage, next_at, late=late, why=why)]
    again = times if late and assignment.role == "lead" else 0
    first = assignment.role == "lead" and any(event.what is ReminderKind.CITIZEN for _, event in steps)
    told = _tell_late(facts, assignment, question, now, again) if first or again else ()
    if assignment.came_back:
        return (*actions, *(tell_came_back(facts, assignment, question, now) if steps or told else ()), *told)
    to_the_unit = [step for step in steps if step[1].what in UNIT_STEPS]
    if told:
        step = to_the_unit[-1] if to_the_unit else (-1 - again, ChaseEvent(now, ReminderKind.OVERDUE))
        actions += _ask_until(facts, assignment, step, now)
    elif to_the_unit:
        actions += _remind(facts, assignment, to_the_unit[-1], now)
    for number, event in steps:
        if event.what is ReminderKind.ESCALATE:
            actions += _urge(facts, assignment, question, number, now)
    return (*actions, *told)


def _cause(facts: DutyFacts) -> str:
    """Why it is late, as far as the program knows: a unit did not reply, or the program was down."""
    if facts.down_since is not None:
        return f"Hệ thống ngừng hoạt động từ {city_moment(facts.down_since)}, nhắc muộn"
    if facts.assignment is not None and facts.assignment.came_back:
        return "Thư chuyển câu hỏi không đến được đơn vị"
    if facts.kind == "answer":
        waits = facts.assignment is not None and facts.assignment.letter_at
        return "Thư của đơn vị chờ cán bộ xem xét khi hết hạn" if waits else "Đơn vị chưa trả lời khi hết hạn"
    return "Cán bộ chưa xử lý khi hết hạn"


def _remind(
    facts: DutyFacts, assignment: AssignmentFacts, step: tuple[int, ChaseEvent], now: datetime
) -> tuple[Action, ...]:
    if assignment.unit not in facts.board.contacts:
        return (_no_address(facts, assignment),)
    stage, event = step
    key = f"{assignment.id}:{assignment.due.on}:{stage}"
    return (reminder(event.what, facts.board, facts.question, assignment, now, key=key),)


def _ask_until(
    facts: DutyFacts, assignment: AssignmentFacts, step: tuple[int, ChaseEvent], now: datetime
) -> tuple[Action, ...]:
    """What the requester is told by now is asked of the unit in the same pass."""
    return _remind(facts, replace(assignment, told_until=_new_day(facts, assignment, now).on), step, now)


def _no_address(facts: DutyFacts, assignment: AssignmentFacts) -> Note:
    return Note("no_address", f"Không có địa chỉ của đơn vị {assignment.unit}", facts.clause, assignment.question_id)


def _tell_late(
    facts: DutyFacts, assignment: AssignmentFacts, question: QuestionFacts, now: datetime, again: int = 0
) -> tuple[Action, ...]:
    """Tell the citizen that the answer is late, from whom, and the new date; a broken one is owned up to. After
    a downtime the first letter may come when it is the time for a later (``again``) one.

    Not for S-3 (10.1.d): the unit owes that answer to the Board, and the requester gets it in the session.
    """
    if facts.board.law.is_for_session(assignment.due):
        return ()
    key = f"{assignment.id}:{assignment.due.on}" + (f":{again}" if again else "")
    before, new_due = promised(assignment), _new_day(facts, assignment, now)
    values = {
        "unit_name": unit_name(facts.board, assignment.unit),
        "was_due": assignment.due,
        "new_due": new_due,
        "reason": "",
        "told_before": _told_before(facts, assignment),
        "broken": before if before is not None and before < facts.board.law.today(now) else None,
        "letter": assignment.letter_at,
        "came_back": bool(assignment.came_back),
    }
    if assignment.came_back:  # nothing was asked of the unit, and no day can be named
        values |= {"new_due": None, "broken": None}
    send = to_citizen("citizen_late", question, assignment.due.clause, values, key=key)
    if send.notice.key in facts.late_told:
        return ()
    if assignment.came_back:
        return (send,)
    if before is not None and values["told_before"] and values["broken"] is None:
        return ()  # the day told last has not passed
    why = f"Báo người hỏi câu trả lời chậm nhất {short_date(new_due.on)}"
    return (*noted([assignment], {"told_until": new_due.on}, "late_told", assignment.due.clause, why), send)


def _told_before(facts: DutyFacts, assignment: AssignmentFacts) -> int:
    """How many letters told its requester that this answer is late; after a stoppage the calendar counts more."""
    begins = f"citizen_late:{assignment.question_id}:{assignment.id}:{assignment.due.on}"
    return sum(one.startswith(begins) for one in facts.late_told)


def _new_day(facts: DutyFacts, assignment: AssignmentFacts, now: datetime) -> CountedDate:
    """The day by which the unit is asked to answer late: the one told before, while it has not passed."""
    before, due = promised(assignment), facts.board.law.late_until(assignment.due, now)
    if before is None or before < facts.board.law.today(now):
        return due
    return replace(due, on=before)


def _urge(
    facts: DutyFacts, assignment: AssignmentFacts, question: QuestionFacts, stage: int, now: datetime
) -> tuple[Action, ...]:
    """Clause 16.2: the Office urges the late unit, once for all due the same day; its leader gets the same mail."""
    board = facts.board
    late = {"due": assignment.due, "days_late": (board.law.today(now) - assignment.due.on).days}
    owed = facts.late_together or ((question.code, question.subject, assignment.letter_at),)
    values = {
        "unit_name": unit_name(board, assignment.unit),
        "questions": [{"code": code, "subject": about, "letter": at, **late} for code, about, at in owed],
    }
    key = f"{assignment.unit}:{assignment.due.on}:{stage}"  # once for all that it owes since that day
    sends = list(to_people("office_urge", [board.office] if board.office else [], "16.2", values, key=key))
    contact = board.contacts.get(assignment.unit)
    if contact is not None and contact.leader_email:
        leader = Recipient(contact.leader_email, contact.leader_name, "leader")
        sends.append(Send(Notice("office_urge", leader, "16.2", f"office_urge:{key}:leader", values)))
    if not sends:
        return (Note("not_urged", "Chưa khai báo địa chỉ Văn phòng và lãnh đạo đơn vị", "16.2", question.id),)
    return tuple(Send(notice.notice, question.id) for notice in sends)


def _chase_review(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """ "Ngay": alarm the officers after some working hours, and the Head when a working day has passed.

    They are reminded again and again of a question that nobody forwards, and its requester is told each time; the
    officer named for it alone, of a complaint or denunciation (1.2).
    """
    if facts.approval is not None and not stands_before(facts.board, facts.approval):
        about = facts.question.id if facts.question else None
        closed = CloseDuty(facts.key, void=True, why="Người được trình không còn phê duyệt văn bản này")
        return (closed, *pass_on(facts.board, facts.approval, about, now))
    late = now >= facts.due_at
    decides = facts.kind != DATA_REQUEST  # about the question, and not about its asker's data
    named = decides and is_for_the_named(facts)
    waits = late and decides and facts.question is not None and facts.question.status is QuestionStatus.NEEDS_REVIEW
    again = waits or (late and named)
    stage, next_at = next_review(facts, now) if again else (2 if late else 1, None if late else facts.due_at)
    deciding = (named_for(facts),) if named else facts.board.officers
    own = facts.held is not None and facts.held.mail.sender.email.lower() == facts.board.head.email.lower()
    people = (*deciding, facts.board.head) if late and not own else deciding
    if facts.approval is not None:
        people = tuple(person for person in people if late and person.email.lower() != facts.approval.person.lower())
    sends = to_people(
        "officer_alert",
        people,
        facts.clause,
        waiting_values(facts, late=late),
        key=f"{facts.key}:{stage}",
        question=facts.question.id if facts.question else None,
        about=facts.held.id if facts.held and decides else 0,
    )
    sends = by_the_named(named_for(facts), sends) if named else sends
    advance = AdvanceDuty(facts.id, facts.stage, stage, next_at, late=late, why=_cause(facts) if late else "")
    if not waits or stage == FIRST_LATE or facts.question is None:
        return (advance, *put_again(facts, stage), *sends)
    return (advance, *sends, tell_waiting(facts, facts.question, stage))
