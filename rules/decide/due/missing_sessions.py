"""A period of 6.1 without its session: officers are told in time, and it stays on record if none was held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, OpenDuty
from rules.decide.base.facts import DutyFacts
from rules.decide.base.notices import to_people
from rules.law.legal_dates import Law
from rules.law.session_limits import OVER, Period, period_of, periods, planned_in
from rules.law.session_rules import SessionFacts
from rules.law.working_days import due_instant
from rules.values.model import CountedDate
from rules.values.states import MISSING_SESSION as KIND

RULE = "session_frequency"
EACH = timedelta(days=7)
"""How often the officers are reminded while no session is proposed."""
LEVEL_NAMES = {"city": "cấp thành phố", "unit": "cấp sở, ngành, địa phương"}


def wanted_sessions(law: Law, since: date, now: datetime) -> Iterator[OpenDuty]:
    """For each whole period begun since then: the duty to hold its session by its last day."""
    rule = law.profile.find(RULE)
    for period in periods(since, law.today(now), law.profile) if rule is not None else ():
        warned = period.last - timedelta(days=law.profile.sessions.missing_warned_days)
        reason = f"{name_of(period)}: tổ chức một phiên đối thoại {LEVEL_NAMES[period.level]}"
        due = CountedDate(period.last, period.last, rule.clause if rule else "", period.first, reason, rule=RULE)
        yield OpenDuty(f"{KIND}:{period.key}", KIND, due.clause, due, due_instant(period.last), law.opening(warned))


def name_of(period: Period) -> str:
    """``Từ tháng 07 đến tháng 12 năm 2026``."""
    return f"Từ tháng {period.first:%m} đến tháng {period.last:%m} năm {period.last:%Y}"


def chase_missing(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """Fulfilled if one was held; remind while none is proposed; tell officers and Head when the period is over."""
    period = period_of(facts.key.partition(":")[2], facts.board.law.profile)
    planned = planned_in(period, facts.sessions)
    held = [one for one in planned if one.status in OVER]
    if held:
        return (CloseDuty(facts.key, at=min(one.ended_at or one.starts_at for one in held)),)
    if now >= facts.due_at:
        why = f"{name_of(period)} không có phiên đối thoại {LEVEL_NAMES[period.level]}"
        late = AdvanceDuty(facts.id, facts.stage, facts.stage + 1, None, late=True, why=why)
        return (late, CloseDuty(facts.key, why=why), *_alarm(facts, period, planned, now))
    next_at = min(facts.board.law.send_at(now + EACH), facts.due_at)
    advance = AdvanceDuty(facts.id, facts.stage, facts.stage + 1, next_at)
    return (advance, *(() if planned else _alarm(facts, period, planned, now)))


def _alarm(facts: DutyFacts, period: Period, planned: tuple[SessionFacts, ...], now: datetime) -> tuple[Action, ...]:
    board, over = facts.board, now >= facts.due_at
    left = (facts.due.on - board.law.today(now)).days
    level = LEVEL_NAMES[period.level]
    what = f"{name_of(period)}: {'đã không có' if over else 'chưa có'} phiên đối thoại {level}"
    details = [
        board.law.profile.rule(RULE).duty,
        *(f"Phiên {one.code} chưa được ghi nhận đã tổ chức" for one in planned),
        f"Hạn: hết ngày {facts.due.on:%d/%m/%Y} ({'đã quá hạn' if over else f'còn {left} ngày'})",
    ]
    commands = [] if over else [{"label": "Đề xuất phiên", "text": "Đề xuất phiên"}]
    values = {"what": what, "details": details, "commands": commands}
    people = (*board.officers, board.head) if over else board.officers
    return to_people("officer_alert", people, facts.clause, values, key=f"{facts.key}:{facts.stage}")
