"""A mail that starts something new: a question, or something that only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import NEW, Action, Finish, OpenDuty, Register, Send, SetQuestion
from rules.decide.base.fact_parts import PUT_ASIDE
from rules.decide.base.facts import MailFacts
from rules.decide.base.forwarding import (
    NewAssignment,
    answer_due,
    assign,
    attachment_refs,
    live_question,
    session_elsewhere,
    session_for,
    with_session,
)
from rules.decide.base.manual_work import MISSING, hold, missing_key, open_review, review_key, review_mails
from rules.decide.base.notices import (
    acknowledge,
    citizen,
    forwarded_to,
    person_recipient,
    reply_address,
    thread,
    to_people,
    unit_name,
)
from rules.decide.intake.known_mails import (
    is_invitation_to_us,
    is_own_peoples,
    keep_own,
    show_invitation,
    why_no_ones,
)
from rules.law.session_rules import SessionFacts
from rules.law.working_days import due_instant
from rules.message.two_readings import WHY
from rules.understand.citizen_requests import denounces, may_be_dangerous, plain_words
from rules.values.model import Decision, Fate, Item, Kind, Notice
from rules.values.states import GRAVE, Folder, MailStatus, QuestionStatus

MOST_SHOWN = 1500
"""Characters of a letter in an alert."""
# Kinds of unit outside the city's authority.
CENTRAL = frozenset({"central_agency", "utility"})


def decide_arrival(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Clauses 1.2, 8.2, 10.1.c and 10.1.h: register, forward, or hold for a person; never drop."""
    facts = _if_not_ours(facts)
    if is_own_peoples(facts):
        return keep_own(facts, now)
    if is_invitation_to_us(facts):
        return show_invitation(facts, now)
    kind = facts.understanding.kind
    if kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE}:
        return (*_question(facts, now), *_danger(facts))
    if kind is Kind.DENUNCIATION:
        return _denunciation(facts, now)
    if kind in {Kind.SPAM, Kind.NOT_A_QUESTION} and facts.understanding.sure:
        trace = facts.understanding.trace
        return (Finish(MailStatus.DONE, Fate.IGNORE, kind, Folder.OTHER, PUT_ASIDE[kind], trace=trace),)
    return (*hold(facts, now, _why_held(facts)), *neutral_line(facts), *_told_that_it_waits(facts))


def _danger(facts: MailFacts) -> tuple[Send, ...]:
    """Tell the officers at once of what may hurt somebody at this hour: fifteen days are too long for it."""
    if not may_be_dangerous(facts.understanding.text.own, facts.board.source):
        return ()
    what = "Thư nói đến việc có thể đang nguy hiểm; xin gọi điện ngay cho đơn vị phụ trách"
    values = {"what": what, "details": [facts.understanding.text.own[:MOST_SHOWN]], "commands": []}
    key = f"danger:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=NEW)


def neutral_line(facts: MailFacts) -> tuple[Send, ...]:
    """Tell the sender of a suspected complaint or denunciation that it was received and is being looked at.

    It says nothing of the content or of the suspicion. Who surely denounces gets no mail, which could reveal it to
    others; a hard word in reply to one of ours that does not call itself a denunciation is often none."""
    read, email = facts.understanding, reply_address(facts)
    hard = facts.threads and not denounces(plain_words(read.text.own, facts.board.source), facts.board.source)
    if (read.sure and not hard) or read.kind not in GRAVE or "@" not in email:
        return ()
    return (held_notice(facts, email),)


def held_notice(facts: MailFacts, email: str) -> Send:
    """Tell a citizen that the mail has arrived and that somebody looks at it."""
    to, values = citizen(facts.understanding.asker, email), {"received_at": facts.received_at}
    key, replied = f"citizen_held:{facts.raw_mail}", facts.mail.message_id
    return Send(Notice("citizen_held", to, "8.2", key, values, in_reply_to=replied, references=thread(facts)))


def _if_not_ours(facts: MailFacts) -> MailFacts:
    """Treat a question in a foreign thread, such as a reply to the portal's news, like any other question."""
    alone = facts.understanding.alone
    if alone is None or facts.threads or facts.by_number or facts.tag is not None:
        return facts
    if alone.reply is not None and alone.reply.questions:
        return facts  # it names a number, whether the register knows that or not
    return replace(facts, understanding=alone) if alone.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} else facts


def _why_held(facts: MailFacts) -> str:
    if facts.understanding.two_readings:
        return WHY
    match facts.understanding.kind:
        case Kind.COMPLAINT:
            return "Có dấu hiệu là đơn khiếu nại: cần cán bộ xác nhận"
        case Kind.REPLY | Kind.FOLLOW_UP:
            return why_no_ones(facts)
        case Kind.UNREADABLE:
            return "Thư hỏng, không đọc được nội dung"
        case _:
            return "Hệ thống chưa chắc đây là loại thư gì"


def _told_that_it_waits(facts: MailFacts) -> tuple[Send, ...]:
    """Tell a citizen who names a question of somebody else that the mail is looked at, without a word of that one."""
    kind = facts.understanding.kind
    if facts.person is not None or facts.sender_unit or kind not in {Kind.REPLY, Kind.FOLLOW_UP}:
        return ()
    known = facts.by_number and facts.authenticated and len(facts.mail.senders) == 1
    return (held_notice(facts, facts.mail.sender.email),) if known else ()


def _denunciation(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Sealed: nothing leaves except that it was received (clause 1.2; Law on Denunciation 2018).

    Only the officer named for such mail is told.
    """
    notice = Notice(
        "officer_denunciation",
        person_recipient(facts.board.named_officer),
        "1.2",
        f"officer_denunciation:{facts.raw_mail}",
        {
            "mail_number": facts.raw_mail,
            "received_at": facts.received_at,
            "suspected": not facts.understanding.sure,
        },
    )
    finish = Finish(
        MailStatus.HELD,
        Fate.HOLD,
        Kind.DENUNCIATION,
        Folder.DENUNCIATION,
        "Có dấu hiệu là đơn tố cáo: giữ riêng, chờ cán bộ được phân công",
        sealed=True,
    )
    return (open_review(facts, now), Send(notice), *neutral_line(facts), finish)


def _question(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Register first (8.2); forward at once if sure, else an officer decides; or as the profile's options say."""
    options = facts.board.law.profile.options
    outside = _outside_the_city(facts)
    if outside and not options.confirm_rejections:
        return register_and_reject(facts, outside)
    why = _why_review(facts)
    if why:
        return register_for_review(facts, now, why)
    if options.missing_data == "ask_then_drop" and facts.understanding.asker.missing:
        return register_and_ask(facts, now)
    held_until = session_elsewhere(facts, [one.unit for one in wanted_items(facts)], now)
    if held_until is not None:
        return register_until_the_end(facts, held_until, now)
    return register_and_forward(facts, now, wanted_items(facts))


def _outside_the_city(facts: MailFacts) -> str:
    """Why a question is surely outside the city's field (10.1.h), in words for the requester; "" when it is not."""
    read = facts.understanding
    if read.kind is Kind.OUT_OF_SCOPE:
        return "Nội dung thuộc thẩm quyền của cơ quan khác, không phải của thành phố" if read.sure else ""
    agency = central_agency(facts)
    return f"Nội dung thuộc thẩm quyền của {agency}; xin gửi câu hỏi đến cơ quan này" if agency else ""


def central_agency(facts: MailFacts) -> str:
    """The central agency or utility for a sure question, if the profile does not forward to these; else ""."""
    board, read = facts.board, facts.understanding
    if board.law.profile.options.central_agencies == "forward" or read.decision is not Decision.FORWARD:
        return ""
    units = {one.unit for one in wanted_items(facts)}
    central = [code for code in units if code in board.units and board.units[code].kind in CENTRAL]
    return ", ".join(unit_name(board, code) for code in sorted(central)) if len(central) == len(units) else ""


def _why_review(facts: MailFacts) -> str:
    """Why the program does not forward automatically; "" when it does."""
    read = facts.understanding
    if read.two_readings:
        return WHY
    if central_agency(facts):
        return f"Thuộc thẩm quyền của {central_agency(facts)}: cần cán bộ xác nhận"
    if read.kind is Kind.OUT_OF_SCOPE:
        return "Có vẻ ngoài phạm vi của thành phố: cần cán bộ xác nhận"
    if facts.mail.minimal:
        return "Thư hỏng, chỉ đọc được một phần: cần cán bộ xem bản gốc"
    if read.decision is not Decision.FORWARD:
        return "Hệ thống chưa đủ chắc chắn về đơn vị trả lời"
    lacking = [one.unit for one in wanted_items(facts) if one.unit not in facts.board.contacts]
    if lacking:
        return f"Chưa khai báo địa chỉ thư điện tử công vụ của đơn vị {', '.join(lacking)}"
    return ""


def wanted_items(facts: MailFacts) -> tuple[Item, ...]:
    """The items of the question with their lead units; several items for one unit are sent together.

    A single item for the first lead if the profile counts a mail as one question.
    """
    path = facts.understanding.route
    if not path.items or facts.board.law.profile.options.questions_in_one_mail == "one_item":
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


def register_and_forward(
    facts: MailFacts, now: datetime, items: Sequence[Item], named: Sequence[str] | None = None
) -> tuple[Action, ...]:
    """Register a sure question and assign it to units in one decision, for a session if one takes it.

    ``named`` are the supporting units that an officer chose; None = those that the program guessed.
    """
    units = tuple(dict.fromkeys(item.unit for item in items))
    session = session_for(facts, units, now)
    due = answer_due(facts.board.law, session, now, facts.received_at)
    handover = NewAssignment(NEW, facts.raw_mail, due, now, guessed=False)
    lead_only = facts.board.law.profile.options.fields_in_one_question == "lead_only"
    guessed = () if lead_only else facts.understanding.route.supporting
    supporting = guessed if named is None else tuple(named)
    told = forwarded_to(facts.board, units, due)
    return (
        registration(facts, QuestionStatus.FORWARDED, session.id if session else None),
        *assign(facts.board, handover, items, supporting, attachment_refs(facts.mail, facts.raw_mail)),
        *acknowledge(facts, with_session(told, facts.board.law, session), under_review=False),
        *live_question(facts.board, session, facts.raw_mail, facts.understanding.text.own, now),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, "Đã đăng ký và chuyển đơn vị trả lời"),
    )


def register_for_review(facts: MailFacts, now: datetime, why: str) -> tuple[Action, ...]:
    """Register a question for an officer to decide; the citizen already gets its number."""
    lead = facts.understanding.route.lead
    session = session_for(facts, (lead,) if lead else (), now)
    return (
        registration(facts, QuestionStatus.NEEDS_REVIEW, session.id if session else None),
        open_review(facts, now, NEW, _late_hours(facts, session, now)),
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW),
        _registered(facts, MailStatus.HELD, Folder.HELD, why),
    )


def _late_hours(facts: MailFacts, session: SessionFacts | None, now: datetime) -> int:
    """Working hours within which a session's question is looked at after S-7, by the profile; 0 = as for all."""
    law = facts.board.law
    if session is None or now < due_instant(session.due("questions_forwarded", law.profile, law.calendar).on):
        return 0
    return law.profile.options.late_question_hours


def register_and_reject(facts: MailFacts, reason: str) -> tuple[Action, ...]:
    """Clause 10.1.h where the profile requires no officer: register, and tell the requester the reason at once."""
    clause, why = "10.1.h", "Ngoài phạm vi của thành phố, từ chối không cần cán bộ xác nhận"
    values = {"outcome": reason, "clause": clause}
    asker, email = facts.understanding.asker, reply_address(facts)
    said = {"clause": clause, "reason": reason, "where_to_turn": ""}
    told = Notice(
        "citizen_rejected",
        citizen(asker, email),
        clause,
        f"citizen_rejected:{facts.raw_mail}",
        said,
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (
        registration(facts, QuestionStatus.RECEIVED),
        *acknowledge(facts, None, under_review=False),
        SetQuestion(NEW, (QuestionStatus.RECEIVED,), QuestionStatus.REJECTED, values, "rejected", clause, why),
        Send(told, NEW),
        _registered(facts, MailStatus.DONE, Folder.OTHER, why),
    )


def register_and_ask(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Clause 21.1 where the profile drops incomplete questions: register, ask once for the data, and wait."""
    law = facts.board.law
    due = law.dropped_on(now)
    wait = OpenDuty(missing_key(facts.raw_mail), MISSING, "21.1", due, due_instant(due.on), due_instant(due.on), NEW)
    return (
        registration(facts, QuestionStatus.RECEIVED),
        wait,
        *acknowledge(facts, None, under_review=False, until=due.on),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, "Đã đăng ký, chờ bổ sung thông tin"),
    )


def register_until_the_end(facts: MailFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Clause 10.1.g where the profile forwards after the session: outcome g is recorded then, at the latest S+3."""
    law = facts.board.law
    due = session.due("forward_elsewhere", law.profile, law.calendar)
    at = due_instant(due.on)
    looked = law.chase_event(due, law.first_stage(due, now)).at
    return (
        registration(facts, QuestionStatus.RECEIVED, session.id),
        OpenDuty(review_key(facts.raw_mail), "review", "10.1.g", due, at, min(looked, at), NEW),
        *acknowledge(facts, None, under_review=False),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, f"Đã đăng ký, chuyển sau phiên {session.code}"),
    )


def _registered(facts: MailFacts, status: MailStatus, folder: Folder, why: str) -> Finish:
    read = facts.understanding
    return Finish(status, Fate.REGISTER, read.kind, folder, why, question=NEW, trace=read.trace)
