"""What follows when a mail of ours could not be delivered, and after the daemon was not running."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.actions import Action, Note
from rules.facts import DutyFacts, House, OutboxFacts
from rules.workflow.notices import to_people, unit_name


def decide_undelivered(sent: OutboxFacts, code: int, text: str, house: House) -> tuple[Action, ...]:
    """Refused for good or tried too long: journal, an officer is told, the statutory clock goes on."""
    why = f"Máy chủ nhận thư từ chối ({code})" if code else "Không gửi được sau nhiều lần thử"
    note = Note("undelivered", why, "", sent.question_id, sent.id, {"code": code})
    if sent.role in {"officer", "head"}:
        return (note,)
    details = [f"Người nhận: {sent.recipient}", f"Loại thư: {sent.name}", f"Máy chủ trả lời: {code} {text[:200]}"]
    values = {"what": "Một thư của hệ thống không gửi được", "details": details, "commands": []}
    return (note, *to_people("officer_alert", house.officers, "", values, key=f"undelivered:{sent.id}"))


def decide_uncertain(sent: OutboxFacts, house: House) -> tuple[Action, ...]:
    """The line broke after the body went out, twice: whether it arrived only a person can find out (RFC 1047)."""
    note = Note("uncertain", "Không rõ máy chủ đã nhận thư hay chưa", "", sent.question_id, sent.id)
    details = [f"Người nhận: {sent.recipient}", f"Loại thư: {sent.name}", "Xin hỏi lại người nhận."]
    values = {"what": "Không rõ một thư của hệ thống đã đến hay chưa", "details": details, "commands": []}
    return (note, *to_people("officer_alert", house.officers, "", values, key=f"uncertain:{sent.id}"))


def decide_catch_up(
    down_from: datetime, now: datetime, missed: Sequence[DutyFacts], house: House
) -> tuple[Action, ...]:
    """The daemon was not running for a while: say so, with what came up meanwhile."""
    note = Note(
        "catch_up",
        "Hệ thống hoạt động lại sau thời gian gián đoạn",
        data={"from": down_from.isoformat(), "to": now.isoformat(), "missed": len(missed)},
    )
    late = [_line(one, house) for one in missed if one.due_at <= now]
    met = [_line(one, house) for one in missed if one.due_at > now]
    values = {"down_from": down_from, "down_to": now, "cause": "", "met": met, "late": late}
    return (note, *to_people("officer_catch_up", house.officers, "", values, key=down_from.isoformat()))


def _line(duty: DutyFacts, house: House) -> str:
    code = duty.question.code if duty.question else duty.key
    if duty.assignment is not None:
        return f"{code}: {unit_name(house, duty.assignment.unit)} trả lời, hạn {duty.due.on:%d/%m/%Y}"
    return f"{code}: chờ cán bộ xem xét, hạn {duty.due.on:%d/%m/%Y}"
