"""An asker without mail who has not been told: the officers are reminded, and the Head when a day has passed."""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, AdvanceDuty
from rules.decide.base.facts import DutyFacts, QuestionFacts
from rules.decide.base.notices import to_people
from rules.decide.base.telling import about, commands, notice_of


def chase_telling(facts: DutyFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """ "Ngay": an alarm to the officers after some working hours; late, and the Head told, after a working day.

    The overview of each morning goes on to list it until an officer has said that the asker was told.
    """
    late = now >= facts.due_at
    house = facts.house
    what = f"Chưa báo người hỏi câu {question.code}: {about(notice_of(facts.key))}"
    asker = question.asker
    details = [
        f"Người hỏi: {asker.name or '(chưa rõ tên)'}",
        *([f"Điện thoại: {asker.phone}"] if asker.phone else []),
        *([f"Địa chỉ: {asker.address}"] if asker.address else []),
        f"Hạn báo: hết ngày {facts.due.on:%d/%m/%Y}" + (" (đã quá hạn)" if late else ""),
        "Nội dung cần báo ở thư “Cần báo người hỏi” đã gửi.",
    ]
    values = {"what": what, "details": details, "commands": commands(question.code)}
    people = (*house.officers, house.head) if late else house.officers
    key = f"{facts.key}:{2 if late else 1}"
    why = "Cán bộ chưa báo người hỏi khi hết hạn" if late else ""
    advance = AdvanceDuty(facts.id, facts.stage, 2 if late else 1, None if late else facts.due_at, late=late, why=why)
    return (advance, *to_people("officer_alert", people, facts.clause, values, key=key, question=question.id))
