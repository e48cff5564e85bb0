"""Recalculates open duties on another table of days off: which move, and who must be told the new date.

The unit is always told; the citizen is told if the date that he was given changes. Officers get a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.decide.base.actions import Action, Send
from rules.decide.base.facts import AssignmentFacts, BoardFacts, DutyFacts, QuestionFacts
from rules.decide.base.forwarding import due_moved
from rules.decide.base.manual_work import MISSING
from rules.decide.base.notices import to_citizen, to_people, unit_name
from rules.decide.base.session_actions import MoveDuty
from rules.decide.due.reminders import FREQUENCY
from rules.decide.session.session_day import KIND as RUN
from rules.law.day_counting import Roll, count_fixed
from rules.law.deadlines import question_due
from rules.law.legal_dates import Law, is_promise
from rules.law.working_days import due_instant, short_date
from rules.values.model import CountedDate

WHY = "Lịch ngày nghỉ thay đổi"


@dataclass(frozen=True, slots=True)
class Moved:
    """An open duty whose date moves on another table; ``number`` is the register number, else the duty's key.

    No date moves to a day that is over: then ``is_over`` is true, and the old one, which was told, stays.
    """

    number: str
    unit: str
    clause: str
    old: CountedDate
    new: CountedDate
    is_over: bool = False

    @property
    def line(self) -> str:
        """For people, in one line."""
        what = " ".join(part for part in (self.number, self.unit) if part)
        old, new = short_date(self.old.on), short_date(self.new.on)
        if self.is_over:
            return f"{what}: giữ nguyên {old}, vì ngày tính lại ({new}) đã qua"
        return f"{what}: {old} chuyển thành {new}"


def recalculated(law: Law, due: CountedDate) -> CountedDate:
    """The same date counted again on the law's calendar; a date without a rule only moves to a working day.

    A period of 6.1 ends on its last day, whatever day that is.
    """
    if due.rule == FREQUENCY:
        return due
    rule = next((one for one in law.profile.rules if one.id == due.rule), None)
    if rule is not None and rule.yearly:
        calendar = law.calendar if law.profile.options.swapped_days_off else law.calendar.without_swaps()
        return count_fixed(due.raw, rule.roll or Roll.NEXT, calendar, law.profile.grounds(rule))
    if rule is not None and (rule.days is not None or rule.at_once) and not is_promise(due):
        return question_due(rule.id, due.start, law.profile, law.calendar)
    on = law.calendar.on_or_after(due.raw)  # granted by the Board, told to the asker, or "ngay"
    return replace(due, on=on, calendar_version=law.calendar.version)


def moved(facts: DutyFacts, now: datetime) -> Moved | None:
    """The duty's move; None when its date is the same on the present table."""
    new = recalculated(facts.board.law, facts.due)
    if new.on == facts.due.on:
        return None
    number = facts.question.code if facts.question else facts.session.code if facts.session else facts.key
    unit = facts.assignment.unit if facts.assignment else facts.due.rule
    return Moved(number, unit, facts.clause, facts.due, new, is_over=new.on < facts.board.law.today(now))


def decide_move(facts: DutyFacts, move: Moved, now: datetime) -> tuple[Action, ...]:
    """The move itself, with old and new date in the journal, and mails to those who knew the old one."""
    if move.is_over:
        return ()
    if facts.kind == "answer" and facts.assignment is not None and facts.question is not None:
        return _answer_moved(facts.board, facts.question, facts.assignment, move, now)
    law, new = facts.board.law, move.new
    offset = 1 if facts.kind == "routine" else 0
    stage = law.first_stage(new, now)
    at = law.chase_event(new, stage).at
    was_late = now >= due_instant(new.on)
    if facts.kind == "routine" and facts.stage == 0:
        stage, at = -offset, facts.next_at  # its draft must still be made
    elif facts.kind == MISSING:
        stage, at = facts.stage, due_instant(new.on)  # the question is dropped then, and nobody reminded before
    elif facts.kind in {"review", "approval", RUN}:
        stage, at = facts.stage, min(facts.next_at or due_instant(new.on), due_instant(new.on))
    elif facts.kind == "session":
        at = min(at, facts.next_at)  # its paper may still have to be drafted
    why = f"{WHY} (phiên bản {law.calendar.version})"
    return (MoveDuty(facts.key, new, due_instant(new.on), at, stage + offset, why, was_late),)


def _answer_moved(
    board: BoardFacts, question: QuestionFacts, assignment: AssignmentFacts, move: Moved, now: datetime
) -> tuple[Action, ...]:
    why = f"{WHY}: {move.new.reason}"
    actions = due_moved(board, question, assignment, due_on=move.new, now=now, why=why)
    if assignment.role != "lead" or board.law.is_for_session(assignment.due):
        return actions  # the day of a session's answer is owed to the Board, and was never told to the asker
    values: dict[str, object] = {"what": "calendar", "due": move.new, "session": None}
    key = f"calendar:{move.old.on}:{move.new.on}"
    return (*actions, to_citizen("citizen_session", question, move.new.clause, values, key=key))


def notify_officers(board: BoardFacts, moves: Sequence[Moved]) -> tuple[Send, ...]:
    """The duties moved at a time in one list."""
    details = [f"{one.line} ({unit_name(board, one.unit)})" if one.unit in board.units else one.line for one in moves]
    stay = sum(one.is_over for one in moves)
    counts = (len(moves) - stay, "được tính lại"), (stay, "giữ nguyên")
    what = f"{WHY}: {', '.join(f'{many} thời hạn {how}' for many, how in counts if many)}"
    first = f"{moves[0].number}:{moves[0].unit}:{moves[0].old.on}"
    key = f"calendar:{board.law.calendar.version}:{first}:{len(moves)}"
    return to_people("officer_alert", board.officers, "", {"what": what, "details": details, "commands": []}, key=key)
