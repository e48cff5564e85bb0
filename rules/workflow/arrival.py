"""A mail that starts something new: a question, or something that only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.actions import (
    NEW,
    Action,
    Finish,
    Folder,
    MailStatus,
    Note,
    QuestionStatus,
    Register,
    Send,
)
from rules.facts import MailFacts
from rules.model import Decision, Fate, Item, Kind, Notice
from rules.workflow.forwarding import Handover, attachment_refs, hand_over
from rules.workflow.notices import citizen, forwarded_to, person_recipient
from rules.workflow.review import hold, open_review, review_mails
from rules.workflow.session_path import answer_due, live_question, session_for

# An address that nobody vouches for may be a victim's: so many acknowledgements a day.
UNVERIFIED_A_DAY = 3

# An address that nobody vouches for may be a victim's: so many acknowledgements a day.
UNVERIFIED_A_DAY = 3


def decide_arrival(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Clauses 1.2, 8.2, 10.1.c and 10.1.h: register, forward, or hold for a person; never drop."""
    kind = facts.understanding.kind
    if kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE}:
        return _question(facts, now)
    if kind is Kind.DENUNCIATION:
        return _denunciation(facts, now)
    if kind in {Kind.SPAM, Kind.NOT_A_QUESTION} and facts.understanding.sure:
        why = "Thư rác, quảng cáo" if kind is Kind.SPAM else "Không phải câu hỏi (cảm ơn, chào hỏi)"
        trace = facts.understanding.trace
        return (Finish(MailStatus.DONE, Fate.IGNORE, kind, Folder.OTHER, why, trace=trace),)
    return hold(facts, now, _why_held(facts))


def _why_held(facts: MailFacts) -> str:
    match facts.understanding.kind:
        case Kind.COMPLAINT:
            return "Có dấu hiệu là đơn khiếu nại (khoản 2 Điều 1): cần cán bộ xác nhận"
        case Kind.REPLY | Kind.FOLLOW_UP:
            return "Thư có dạng trả lời nhưng không khớp với câu hỏi nào trong sổ"
        case Kind.UNREADABLE:
            return "Thư hỏng, không đọc được nội dung"
        case _:
            return "Hệ thống chưa chắc đây là loại thư gì"


def _denunciation(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Kept apart: nothing of it leaves but that it came (clause 1.2; Law on Denunciation 2018).

    Only the officer whom the house has named for such mail is told.
    """
    notice = Notice(
        "officer_denunciation",
        person_recipient(facts.house.named_officer),
        "1.2",
        f"officer_denunciation:{facts.raw_mail}",
        {"mail_number": facts.raw_mail, "received_at": facts.received_at},
    )
    finish = Finish(
        MailStatus.HELD,
        Fate.HOLD,
        Kind.DENUNCIATION,
        Folder.DENUNCIATION,
        "Có dấu hiệu là đơn tố cáo (khoản 2 Điều 1): giữ riêng, chờ cán bộ được phân công",
        sealed=True,
    )
    return (open_review(facts, now), Send(notice), finish)


def _question(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Register first (8.2); forward at once when sure, else an officer decides."""
    why = _why_review(facts)
    if why:
        return register_for_review(facts, now, why)
    return register_and_forward(facts, now, wanted_items(facts))


def _why_review(facts: MailFacts) -> str:
    """Why the program does not forward by itself; "" when it does."""
    read = facts.understanding
    if read.kind is Kind.OUT_OF_SCOPE:
        return "Có vẻ ngoài phạm vi của thành phố (điểm h khoản 1 Điều 10): cần cán bộ xác nhận"
    if facts.mail.minimal:
        return "Thư hỏng, chỉ đọc được một phần: cần cán bộ xem bản gốc"
    if read.decision is not Decision.FORWARD:
        return "Hệ thống chưa đủ chắc chắn về đơn vị trả lời"
    lacking = [one.unit for one in wanted_items(facts) if one.unit not in facts.house.contacts]
    if lacking:
        return f"Chưa khai báo địa chỉ thư điện tử công vụ của đơn vị {', '.join(lacking)}"
    return ""


def wanted_items(facts: MailFacts) -> tuple[Item, ...]:
    """The items of the question with their lead units; several for one unit travel together."""
    path = facts.understanding.route
    if not path.items:
        return (Item(1, facts.understanding.text.own, path.lead),)
    together: dict[str, Item] = {}
    for item in path.items:
        unit = item.unit or path.lead
        before = together.get(unit)
        text = f"{before.text}\n\n{item.text}" if before else item.text
        together[unit] = Item(before.number if before else item.number, text, unit)
    return tuple(together.values())


def registration(facts: MailFacts, status: QuestionStatus, session: int | None = None) -> Register:
    """The register's row; time received is the server's INTERNALDATE (RFC 3501 §2.3.3), not the fetch."""
    read = facts.understanding
    return Register(
        asker=read.asker,
        email=reply_address(facts),
        subject=facts.mail.subject,
        content=read.text.own,
        kind=read.kind,
        received_at=facts.received_at,
        status=status,
        message_id=facts.mail.message_id,
        field=read.route.field,
        clause=read.clause,
        guess=read.route.candidates[:3],
        raw_mail=facts.raw_mail,
        session=session,
    )


def reply_address(facts: MailFacts) -> str:
    """Where the citizen is written to: From. Reply-To is a stranger's word about a third party."""
    return facts.mail.sender.email


def register_and_forward(facts: MailFacts, now: datetime, items: Sequence[Item]) -> tuple[Action, ...]:
    """A sure question: into the register and to the units in one decision; for a session when one takes it."""
    units = tuple(dict.fromkeys(item.unit for item in items))
    session = session_for(facts, units, now)
    due = answer_due(facts.house.law, session, now)
    handover = Handover(NEW, facts.raw_mail, due, now, guessed=False)
    supporting = facts.understanding.route.supporting
    return (
        registration(facts, QuestionStatus.FORWARDED, session.id if session else None),
        *hand_over(facts.house, handover, items, supporting, attachment_refs(facts.mail, facts.raw_mail)),
        *acknowledge(facts, forwarded_to(facts.house, units, due), under_review=False),
        *live_question(facts.house, session, facts.raw_mail, facts.understanding.text.own),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, "Đã đăng ký và chuyển đơn vị trả lời"),
    )


def register_for_review(facts: MailFacts, now: datetime, why: str) -> tuple[Action, ...]:
    """Registered, then an officer decides; the citizen already has the number."""
    lead = facts.understanding.route.lead
    session = session_for(facts, (lead,) if lead else (), now)
    return (
        registration(facts, QuestionStatus.NEEDS_REVIEW, session.id if session else None),
        open_review(facts, now, NEW),
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW),
        _registered(facts, MailStatus.HELD, Folder.HELD, why),
    )


def _registered(facts: MailFacts, status: MailStatus, folder: Folder, why: str) -> Finish:
    read = facts.understanding
    return Finish(status, Fate.REGISTER, read.kind, folder, why, question=NEW, trace=read.trace)


def acknowledge(facts: MailFacts, forwarded: dict[str, object] | None, *, under_review: bool) -> tuple[Action, ...]:
    """The first notice to the citizen: number, what is missing (21.1), to whom and by when.

    Capped per address and hour, since From may be a victim's address; registration is never capped.
    """
    email = reply_address(facts)
    house = facts.house
    if "@" not in email:
        return (Note("not_acknowledged", "Thư không có địa chỉ người gửi đọc được", "8.2", NEW),)
    allowed = house.acknowledgements_per_address_day
    if facts.acknowledged_today >= (allowed if facts.authenticated else min(allowed, UNVERIFIED_A_DAY)):
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi ngày cho một địa chỉ", "8.2", NEW),)
    if facts.acknowledged_last_hour >= house.acknowledgements_per_hour:
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi giờ của cả hệ thống", "8.2", NEW),)
    notice = Notice(
        "citizen_received",
        citizen(facts.understanding.asker, email),
        "8.2",
        f"citizen_received:{facts.raw_mail}",
        {
            "missing": facts.understanding.asker.missing,
            "forwarded": forwarded,
            "under_review": under_review,
            "first_mail": True,
        },
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (Send(notice, NEW),)


def thread(facts: MailFacts) -> tuple[str, ...]:
    """References of an answer to this mail (RFC 5322 §3.6.4): its own references and its id."""
    own = (facts.mail.message_id,) if facts.mail.message_id else ()
    return (*facts.mail.references[-10:], *own)
