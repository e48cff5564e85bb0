"""The dated duties of a session (S-15 … S+15): opened, moved, chased, met or late with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, Note, OpenDuty
from rules.decide.base.approval_requests import put_up
from rules.decide.base.facts import DutyFacts, QuestionFacts
from rules.decide.base.notices import to_people, unit_name
from rules.decide.base.session_actions import MoveDuty
from rules.law.deadlines import ReminderKind, limit_label, moved_duties, session_duties
from rules.law.legal_dates import Law
from rules.law.session_rules import PaperKind, SessionFacts, SessionStatus
from rules.law.working_days import city_moment, due_instant
from rules.values.model import CountedDate
from rules.values.states import QuestionStatus

AFTER_THE_END = ("forward_elsewhere", "answer_after_session", "tell_unanswered")
"""Counted from the recorded end, and only meant once there is one."""
NO_SCRIPT = "không có câu hỏi nào đến trước hạn nên không có kịch bản để duyệt và gửi"


def duty_key(session: SessionFacts, rule: str) -> str:
    """The key of one dated duty; a moved session is planned anew, what was met before stays on record."""
    return f"session:{session.id}:{session.moves}:{rule}"


def open_duties(law: Law, session: SessionFacts, now: datetime) -> tuple[OpenDuty, ...]:
    """Every dated duty of the session."""
    return tuple(_opened(law, session, one, now) for one in session_duties(session.day, law.profile, law.calendar))


def _opened(law: Law, session: SessionFacts, due: CountedDate, now: datetime) -> OpenDuty:
    stage = law.first_stage(due, now)
    return OpenDuty(
        key=duty_key(session, due.rule),
        kind="session",
        clause=due.clause,
        due=due,
        due_at=due_instant(due.on),
        next_at=law.chase_event(due, stage).at,
        session=session.id,
        stage=stage,
    )


def met(session: SessionFacts, *rules: str) -> tuple[CloseDuty, ...]:
    """These duties of a session are done."""
    return tuple(CloseDuty(duty_key(session, rule)) for rule in rules)


def past_duties(law: Law, session: SessionFacts) -> tuple[CloseDuty, ...]:
    """What should have been done before the session and was not stays late for ever, and is chased no longer."""
    dates = session_duties(session.day, law.profile, law.calendar)
    why = "Phiên đã kết thúc mà việc này chưa xong"
    return tuple(CloseDuty(duty_key(session, one.rule), why=why) for one in dates if one.rule not in AFTER_THE_END)


def void_duties(law: Law, session: SessionFacts, why: str) -> tuple[CloseDuty, ...]:
    """Nothing of a cancelled session is owed any more."""
    dates = session_duties(session.day, law.profile, law.calendar)
    return tuple(CloseDuty(duty_key(session, one.rule), void=True, why=why) for one in dates)


def moved_lines(law: Law, before: SessionFacts, after: SessionFacts) -> list[dict[str, object]]:
    """Which dates differ when the day does: duty, old and new date, for people."""
    old = session_duties(before.day, law.profile, law.calendar)
    new = session_duties(after.day, law.profile, law.calendar)
    return [
        {"label": limit_label(one.rule), "duty": one.rule.duty, "old": one.before, "new": one.after}
        for one in moved_duties(old, new, law.profile)
    ]


def move_to_end(law: Law, before: SessionFacts, after: SessionFacts, now: datetime) -> tuple[MoveDuty, ...]:
    """The recorded end is what S+n counts from: duties after it move when it fell on another day than before."""
    old = session_duties(before.day, law.profile, law.calendar)
    new = session_duties(after.day, law.profile, law.calendar)
    moves = []
    for one in moved_duties(old, new, law.profile):
        if one.rule.id in AFTER_THE_END:
            stage = law.first_stage(one.after, now)
            why = f"Phiên {after.code} kết thúc ngày {after.day:%d/%m/%Y}"
            at = law.chase_event(one.after, stage).at
            key = duty_key(after, one.rule.id)
            moves.append(MoveDuty(key, one.after, due_instant(one.after.on), at, stage, why))
    return tuple(moves)


def chase_session(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """One dated duty that has come up: done meanwhile, else the officers are alarmed, the Head when it is late."""
    rule = facts.due.rule
    done_at = _fulfilled(facts, session, now)
    if done_at is not None:
        return (CloseDuty(facts.key, at=done_at),)
    stage, last = facts.stage, None
    law = facts.house.law
    while (event := law.chase_event(facts.due, stage)).at <= now:
        if event.what is not ReminderKind.CITIZEN:
            last = (stage, event)
        stage += 1
    late = now >= facts.due_at
    next_at, why = law.chase_event(facts.due, stage).at, _why(facts, session) if late else ""
    if not late and _has_no_script(facts, session):
        next_at = min(next_at, facts.due_at)  # over then, unless a question comes
    actions: list[Action] = [AdvanceDuty(facts.id, facts.stage, stage, next_at, late=late, why=why)]
    if facts.draft is not None and rule == "script_approved":
        actions += put_up(facts.house, facts.draft, session, facts.papers, now)
    if last is not None and (late or rule not in AFTER_THE_END or session.ended_at is not None):
        actions += _alarm(facts, session, last[0], now)
    return tuple(actions)


def _alarm(facts: DutyFacts, session: SessionFacts, stage: int, now: datetime) -> tuple[Action, ...]:
    rule, late = facts.house.law.profile.rule(facts.due.rule), now >= facts.due_at
    days = (facts.due.on - facts.house.law.today(now)).days
    word = f"còn {days} ngày đến hạn" if days > 0 else "đến hạn hôm nay" if not late else f"đã quá hạn {-days} ngày"
    what = f"Phiên {session.code}: việc {word} ({facts.due.on:%d/%m/%Y})"
    details = [rule.duty, f"Căn cứ: {facts.house.law.profile.cite(rule)}", facts.due.reason, *_open_lines(facts)]
    people = (*facts.house.officers, facts.house.head) if late else facts.house.officers
    key = f"{facts.key}:{facts.due.on}:{stage}"
    values = {"what": what, "details": details, "commands": [], "session_code": session.code}
    return to_people("officer_alert", people, facts.clause, values, key=key)


def _open_lines(facts: DutyFacts) -> list[str]:
    """Which questions a duty about questions still waits for, and where they lie."""
    waiting = _waiting(facts, facts.due.rule)
    lines = []
    for one in waiting[:20]:
        units = ", ".join(unit_name(facts.house, each.unit) for each in one.open_leads) or "chờ cán bộ xem xét"
        lines.append(f"{one.code}: {units}")
    return lines + ([f"và {len(waiting) - 20} câu hỏi khác"] if len(waiting) > 20 else [])


def _why(facts: DutyFacts, session: SessionFacts) -> str:
    if facts.down_since is not None:
        return f"Hệ thống ngừng hoạt động từ {city_moment(facts.down_since)}, nhắc muộn"
    if facts.due.rule in AFTER_THE_END and session.ended_at is None:
        return "Chưa ghi nhận phiên đã kết thúc"
    waiting = _waiting(facts, facts.due.rule)
    if waiting:
        return "Chưa xong: " + ", ".join(one.code for one in waiting[:20])
    return "Chưa thực hiện khi hết hạn"


def _fulfilled(facts: DutyFacts, session: SessionFacts, now: datetime) -> datetime | None:
    """When a duty that is about questions was done; None while it is not, or when an act of its own closes it."""
    rule = facts.due.rule
    if rule not in CHECKED or (rule in AFTER_THE_END and session.ended_at is None):
        return None
    if now < facts.due_at and rule not in AFTER_THE_END:
        return None  # more questions may come until then
    if _waiting(facts, rule):
        return None
    times = [at for one in _counted(facts) if (at := _done_at(one, rule)) is not None]
    return max([session.ended_at or facts.due_at, *times]) if rule in AFTER_THE_END else _latest(times, facts)


def nothing_to_script(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Nobody asked before the script was due (9.3): nothing is owed; a later question goes the way of 10.1.l.

    Not before the due instant, for a question may come until then.
    """
    if now < facts.due_at or not _has_no_script(facts, session):
        return ()
    why = f"Phiên {session.code}: {NO_SCRIPT}"
    return (CloseDuty(facts.key, void=True, why=why), Note("nothing_to_script", why, facts.clause))


def _has_no_script(facts: DutyFacts, session: SessionFacts) -> bool:
    """No question, and no script that somebody put up."""
    asked = any(one.status is not QuestionStatus.REJECTED for one in _counted(facts))
    drafted = any(one.kind is PaperKind.SCRIPT and one.status != "void" for one in facts.papers)
    of_the_script = facts.due.rule in ("script_approved", "script_sent")
    return of_the_script and session.status is SessionStatus.ANNOUNCED and not asked and not drafted


def _latest(times: Sequence[datetime], facts: DutyFacts) -> datetime:
    """The last of what was done for it; a moment before the due instant where there was nothing to do."""
    return max(times, default=facts.due_at.replace(microsecond=0) - _MOMENT)


def _counted(facts: DutyFacts) -> tuple[QuestionFacts, ...]:
    """The questions that a duty speaks of: before the session those that came before its due instant."""
    if facts.due.rule in AFTER_THE_END:
        return facts.session_questions
    return tuple(one for one in facts.session_questions if one.received_at < facts.due_at)


def _waiting(facts: DutyFacts, rule: str) -> list[QuestionFacts]:
    test = CHECKED.get(rule)
    return [one for one in _counted(facts) if test is not None and test(one)]


def _is_unsent(question: QuestionFacts) -> bool:
    """One that is only received waits on purpose: for the end of the session, or for its asker's data."""
    return question.status is QuestionStatus.NEEDS_REVIEW and not question.assignments


def _is_unanswered(question: QuestionFacts) -> bool:
    return question.status in {QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}


def is_unmarked(question: QuestionFacts) -> bool:
    """Nobody has said yet what became of it in the session (10.1.g–k)."""
    withdrawn = question.status is QuestionStatus.CLOSED and question.answered_at is None
    return not question.session_mark and not withdrawn and question.status is not QuestionStatus.REJECTED


def _is_owed_later(question: QuestionFacts) -> bool:
    return is_unmarked(question) or (question.session_mark == "i" and _is_unanswered(question))


CHECKED: Mapping[str, Callable[[QuestionFacts], bool]] = {
    "questions_forwarded": _is_unsent,
    "answers_returned": _is_unanswered,
    "forward_elsewhere": is_unmarked,
    "tell_unanswered": is_unmarked,
    "answer_after_session": _is_owed_later,
}
"""Duties that are done when no question waits for them any more; the others are closed by an act of their own."""

_MOMENT = timedelta(seconds=1)


def _done_at(question: QuestionFacts, rule: str) -> datetime | None:
    match rule:
        case "questions_forwarded":
            return min((one.forwarded_at for one in question.assignments), default=None)
        case "answers_returned":
            return question.answered_at
        case "answer_after_session" if question.session_mark == "i":
            return question.answered_at
        case _:
            return question.session_marked_at
