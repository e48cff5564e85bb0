"""Telling a requester who has no mail address (8.1: by phone, by post, in person): a duty of the officers.

The officers get what the mail would have said, to read out or to post as a letter. Nobody counts as told
until an officer has recorded it ("Đã báo người hỏi …").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, OpenDuty, Send
from rules.decide.base.fact_parts import Untold
from rules.decide.base.facts import BoardFacts
from rules.decide.base.notices import to_people

KIND = "tell"
"""The kind of the duty."""
NOTICE = "officer_tell"
ABOUT: Mapping[str, str] = {
    "citizen_received": "câu hỏi đã được tiếp nhận",
    "citizen_forwarded": "câu hỏi đã chuyển đến đơn vị",
    "citizen_missing": "thông tin cần bổ sung",
    "citizen_asked": "điều đơn vị hỏi thêm hoặc cho biết",
    "citizen_rejected": "câu hỏi không được tiếp nhận, và lý do",
    "citizen_late": "trả lời chậm, và thời hạn mới",
    "citizen_waiting": "câu hỏi chưa được chuyển đến đơn vị",
    "citizen_answered": "câu trả lời",
    "citizen_corrected": "nội dung đính chính, bổ sung câu trả lời",
    "citizen_session": "kết quả tại phiên đối thoại",
    "citizen_reopened": "câu hỏi được mở lại",
    "citizen_published": "câu trả lời đã đăng",
    "citizen_withdrawal": "việc rút câu hỏi",
    "citizen_data_closed": "kết quả yêu cầu về dữ liệu cá nhân",
}
"""What the requester has to be told, by the name of the mail that would have said it."""
OTHERWISE = "nội dung về câu hỏi"
WAYS = (("Đã gọi điện", "qua điện thoại"), ("Đã gửi thư", "qua thư"), ("Đã báo trực tiếp", "trực tiếp"))


def duty_key(notice_key: str) -> str:
    """The key of the duty that replaces a mail."""
    return f"{KIND}:{notice_key}"


def notice_of_duty(duty_key: str) -> str:
    """The name of the mail that the duty replaces."""
    return duty_key.split(":")[1]


def about(notice: str) -> str:
    """What there is to tell, in a few words."""
    return ABOUT.get(notice, OTHERWISE)


def commands(code: str = "{code}") -> list[dict[str, str]]:
    """The commands that close the duty, ready to send."""
    return [{"label": label, "text": f"{code} đã báo người hỏi {way} ngày "} for label, way in WAYS]


def by_hand(send: Send, board: BoardFacts, now: datetime) -> tuple[Action, ...]:
    """Instead of a mail that cannot be sent: the duty ("ngay"), and a mail to each officer with what to say."""
    notice = send.notice
    review = board.law.review_due(max(now, notice.not_before or now))
    clause = notice.clause or review.due.clause
    due = replace(review.due, clause=clause)
    duty = OpenDuty(duty_key(notice.key), KIND, clause, due, review.due_at, review.alarm_at, send.question)
    values: dict[str, object] = {"letter": notice, "about": about(notice.name), "due": due, "commands": commands()}
    mails = to_people(
        NOTICE,
        board.officers,
        clause,
        values,
        key=notice.key,
        question=send.question,
        attachments=notice.attachments,
    )
    if notice.not_before is not None:
        mails = tuple(replace(one, notice=replace(one.notice, not_before=notice.not_before)) for one in mails)
    return (duty, *mails)


def closed_by(untold: Iterable[Untold], told_on_day_end: datetime) -> tuple[Untold, ...]:
    """The notices that a report of telling on that day can cover: those that arose by the end of that day."""
    return tuple(one for one in untold if one.opened_at < told_on_day_end)
