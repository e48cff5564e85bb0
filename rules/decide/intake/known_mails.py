"""Mails whose fate is clear without judgement: known, sent by us, automatic, returned, or from our own people.

A mail that only its header calls a machine's or a list's is none of these: it gets no automatic answer (RFC 3834
§2), but a person may have written it.

Also what follows when our mail could not be delivered, and when the daemon was not running.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Finish, MarkBounced, Note, OpenDuty, Send
from rules.decide.base.command_result import SENDS_QUESTION, send_again_act
from rules.decide.base.fact_parts import PUT_ASIDE
from rules.decide.base.facts import BoardFacts, DutyFacts, MailFacts, Person
from rules.decide.base.history import OutboxFacts
from rules.decide.base.manual_work import (
    OLD_ADDRESS,
    RESULTS,
    TELL,
    duty_key,
    held_fate,
    notify_person,
    open_review,
    own_person,
    review_values,
    telling_commands,
)
from rules.decide.base.notices import person_recipient, thread, to_people, unit_name
from rules.decide.intake.kept_apart import PROPOSES, plans_session
from rules.law.working_days import short_date
from rules.message.automatic import why_returned
from rules.understand.citizen_replies import is_courtesy
from rules.values.model import Fate, Kind, Notice
from rules.values.states import GRAVE, Folder, MailStatus


def decide_known(facts: MailFacts) -> tuple[Action, ...] | None:
    """The decision for a duplicate, a mail that we sent, or an automatic mail; None for any other."""
    if facts.duplicate_of is not None:
        return (_duplicate(facts),)
    if facts.own_mail:
        return (_ignore(facts, Kind.NOT_A_QUESTION, Folder.OTHER, "Thư do chính hệ thống gửi ra quay lại hộp thư"),)
    if facts.understanding.kind is Kind.BOUNCE:
        return _bounce(facts)
    if facts.understanding.kind is Kind.AUTO_REPLY:
        if facts.understanding.automatic.in_words:
            return (put_marked_aside(facts),)
        return (_ignore(facts, Kind.AUTO_REPLY, Folder.AUTOMATIC, AUTOMATIC),)
    if not is_marked(facts):
        return None
    if facts.mail.sender.email.lower() == facts.board.mailbox.lower():  # what ``doithoai check`` sends
        return (_ignore(facts, Kind.AUTO_REPLY, Folder.AUTOMATIC, AUTOMATIC),)
    return (put_marked_aside(facts),) if is_echo(facts) else None


def _ignore(facts: MailFacts, kind: Kind, folder: Folder, why: str) -> Finish:
    return Finish(MailStatus.DONE, Fate.IGNORE, kind, folder, why, trace=facts.understanding.trace)


AUTOMATIC = "Thư trả lời tự động: không đăng ký, không trả lời (RFC 3834)"
OF_THE_HOUSE = frozenset({"officer", "head", "office", "approver"})
MARKED = "thư mang dấu hiệu do máy hoặc danh sách thư gửi"
_SIGNED_INSIDE = re.compile(r"[oa]\.[0-9a-z]{1,32}\.[0-9a-f]{20}@")
"""What our mails to our own people have in their addresses."""


def is_marked(facts: MailFacts) -> bool:
    """True for a mail that only its header calls a machine's or a list's."""
    return facts.understanding.automatic.only_marked


def is_echo(facts: MailFacts) -> bool:
    """True for a mail of one of our own people, or that answers or repeats a mail of ours to them.

    If a machine's mail were shown to them at once, mails could circulate without end.
    """
    listed = facts.person is not None or own_person(facts.board, facts.mail.sender.email) is not None
    answers = any(mail.role in OF_THE_HOUSE for mail in facts.threads)
    signed = facts.tag is not None and facts.tag.kind in {"o", "a"}
    return listed or answers or signed or _SIGNED_INSIDE.search(facts.understanding.text.own.lower()) is not None


def put_marked_aside(facts: MailFacts) -> Finish:
    """The morning's mail lists it."""
    read, kind = facts.understanding, Kind.AUTO_REPLY
    trace = (*(f"Dấu hiệu thư tự động: {one}" for one in read.automatic.signs), *read.trace)
    return Finish(MailStatus.DONE, Fate.IGNORE, kind, Folder.AUTOMATIC, PUT_ASIDE[kind], trace=trace)


def unanswered(decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """The decision without its mails to citizens and units; only our own people are told."""
    outside = {"citizen", "unit"}
    return tuple(one for one in decided if not (isinstance(one, Send) and one.notice.recipient.role in outside))


def _duplicate(facts: MailFacts) -> Finish:
    """Put a second delivery into the first one's folder and note it with its question; nothing else happens."""
    folder = Folder(facts.duplicate_folder) if facts.duplicate_folder else Folder.OTHER
    why = f"Cùng một thư đã nhận trước đó (thư số {facts.duplicate_of})"
    finish = _ignore(facts, facts.understanding.kind, folder, why)
    return replace(finish, question=facts.duplicate_question)


def _bounce(facts: MailFacts) -> tuple[Action, ...]:
    """A returned mail (RFC 3464): the sending failed, an officer is told, the statutory clock goes on."""
    if not facts.returned:
        others = "Thư báo không gửi được, không phải của thư nào ta gửi"
        return (_ignore(facts, Kind.BOUNCE, Folder.AUTOMATIC, others),)
    sent = facts.returned[0]
    automatic = facts.understanding.automatic
    mark = MarkBounced(sent.id, automatic.status, automatic.permanent, sent.recipient)
    why = f"Báo không gửi được thư số {sent.id} tới người nhận"
    finish = Finish(
        MailStatus.DONE,
        Fate.ATTACH,
        Kind.BOUNCE,
        Folder.AUTOMATIC,
        why,
        question=sent.question_id,
        trace=facts.understanding.trace,
    )
    told = automatic.permanent and not sent.failed and not _is_to_old_address(sent)  # one mail may come back twice
    return (mark, *_alert(facts, sent), finish) if told else (mark, finish)


def _alert(facts: MailFacts, sent: OutboxFacts) -> tuple[Action, ...]:
    """Tell the officers, and of an officer's or the Head's own address the others."""
    board, status = facts.board, facts.understanding.automatic.status
    people, key = _who_hears(board, sent, "bounce", facts.received_at, facts.raw_mail)
    details = [*_what_it_was(board, sent, status), *other_addresses(board, sent.recipient)]
    if sent.name != SENDS_QUESTION:
        details.append("Xin báo người nhận bằng cách khác, ví dụ gọi điện, và sửa địa chỉ nếu sai.")
    what = "Một thư của hệ thống không đến được người nhận"
    hand = _told_by_hand(board, sent, facts.received_at)
    return (*hand, *_undelivered(board, sent, what, details, people, key))


CALL_UNIT = "Đơn vị chưa nhận được câu hỏi. Xin gọi đơn vị để khắc phục (đổi địa chỉ: báo quản trị), rồi gửi lại."
"""What an officer does about a question that has not reached its unit: its mailbox is full, or its address old."""


def _told_by_hand(board: BoardFacts, sent: OutboxFacts, now: datetime) -> tuple[Action, ...]:
    """A result that has not arrived is told otherwise (10.1.h, k): a duty until then; the register names no day."""
    if sent.role != "citizen" or sent.question_id is None or not _is_result(sent):
        return ()
    review = board.law.review_due(now)
    clause, key = review.due.clause, duty_key(sent.key)
    duty = OpenDuty(key, TELL, clause, review.due, review.due_at, review.alarm_at, sent.question_id)
    day = {"told_at": sent.told_before}
    return (duty, AmendQuestion(sent.question_id, day, "not_told", "Thư không đến được người hỏi"))


def _is_result(sent: OutboxFacts) -> bool:
    return sent.name in RESULTS and not _is_to_old_address(sent)


def _is_to_old_address(sent: OutboxFacts) -> bool:
    """True for the word to an address that was corrected, often because nothing arrives there: nobody has to act."""
    return sent.key.endswith(OLD_ADDRESS)


def _undelivered(
    board: BoardFacts, sent: OutboxFacts, what: str, details: list[str], people: Sequence[Person], key: str
) -> tuple[Action, ...]:
    """The alert; of a question that has not reached its unit it says so and offers to send it again."""
    unit = _unit_of(board, sent.recipient) if sent.name == SENDS_QUESTION else ""
    commands = _another_address(sent)
    if unit:
        what = f"Câu hỏi chưa đến được {unit_name(board, unit)}: thư chuyển câu hỏi bị trả lại"
        commands = [send_again_act("{code}", unit, board)]
        details.append(CALL_UNIT)
    values = {"what": what, "details": details, "commands": commands}
    return to_people("officer_alert", people, "", values, key=key, question=sent.question_id)


def _what_it_was(board: BoardFacts, sent: OutboxFacts, text: str) -> list[str]:
    """To whom, which mail (what goes to our own people may be secret), and why it came back."""
    subject = [f"Thư: {sent.subject}"] if sent.question_id and sent.role in {"citizen", "unit"} else []
    unknown = f"máy chủ thư không nói rõ{f' ({text})' if text else ''}"
    return [f"Người nhận: {sent.recipient}", *subject, f"Lý do: {why_returned(text, board.source) or unknown}."]


def _unit_of(board: BoardFacts, address: str) -> str:
    """The unit with this official address, "" where it is nobody's by now."""
    return next((one.code for one in board.contacts.values() if one.address.lower() == address.lower()), "")


def _who_hears(
    board: BoardFacts, sent: OutboxFacts, what: str, now: datetime, time: int | str
) -> tuple[Sequence[Person], str]:
    """Who is told that a mail did not arrive, and the key of that. Of one of their own addresses the others hear once
    a day, and of such an alert nobody, lest mails run round between dead addresses."""
    if sent.role not in {"officer", "head"}:
        return board.officers, f"{what}:{sent.id}:{time}"  # it may be sent again, and fail again
    address = sent.recipient.lower()
    others = [
        person for person in (*board.officers, board.head) if person is not None and person.email.lower() != address
    ]
    return () if sent.name == "officer_alert" else others, f"{what}:{address}:{board.law.today(now)}"


def _another_address(sent: OutboxFacts) -> list[dict[str, str]]:
    """The order that gives an asker another mail address, which sends an answer already given there too."""
    if sent.role != "citizen" or sent.question_id is None:
        return []
    again = {"label": "Gửi lại, khi hộp thư đã nhận được", "text": f"sửa thư điện tử: {sent.recipient}"}
    by_hand = [*telling_commands(), again] if _is_result(sent) else []
    return [{"label": "Sửa địa chỉ thư điện tử của người hỏi", "text": "sửa thư điện tử: "}, *by_hand]


def other_addresses(board: BoardFacts, address: str) -> list[str]:
    """For officers: where else the unit with this official address may be reached; [] for another address."""
    unit = _unit_of(board, address)
    return [f"Địa chỉ khác của đơn vị: {', '.join(board.contacts[unit].others) or 'chưa khai báo'}"] if unit else []


OWN = "Thư công việc của {}: không vào sổ, không chuyển đơn vị; cần trả lời thì viết thẳng cho người gửi"
OWN_NOTICE = "officer_kept"
ACTS_ON_OWN = (
    {"label": "Đăng ký là câu hỏi", "text": "Đăng ký"},
    {"label": "Không phải câu hỏi", "text": "Không phải câu hỏi"},
)


def bears_our_subject(facts: MailFacts) -> bool:
    """Whether its subject is, or repeats, that of our mail which it answers; programs lose blanks in long ones."""
    text = "".join(facts.mail.subject.split())
    return any(mail.subject and "".join(mail.subject.split()) in text for mail in facts.threads[:1])


def is_own_peoples(facts: MailFacts) -> bool:
    """True for a mail from one of our own people that may be a question, but is none before an officer says so.

    A denunciation is sealed and a complaint held whoever sends it on (no session's topic is); thanks are put aside.
    """
    read = facts.understanding
    if facts.mail.form or own_person(facts.board, facts.mail.sender.email) is None:
        return False
    thanks = read.sure and read.kind is Kind.NOT_A_QUESTION and is_courtesy(read.text.own, facts.board.source)
    return not thanks and (read.kind not in GRAVE or plans_session(facts))


def keep_own(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it for the officers, and tell its writer what it was taken for and how it becomes a question or an order.

    An officer who wrote it gets that line alone, which carries the same commands as the others' review.
    """
    person = own_person(facts.board, facts.mail.sender.email)
    if person is None:
        return ()
    why = OWN.format(person.name or person.email)
    others = [one for one in facts.board.officers if one.email.lower() != person.email.lower()]
    return (*_told_own(facts, person), *shown_to(facts, now, why, others, Kind.COMMAND))


def shown_to(facts: MailFacts, now: datetime, why: str, people: Sequence[Person], kind: Kind) -> tuple[Action, ...]:
    """Hold a mail that is probably no question: these people read it, with the two commands that decide it."""
    values = {**review_values(facts, why), "guess": (), "commands": ACTS_ON_OWN, "kind_name": "thư công việc"}
    shown = to_people("officer_review", people, "8.2", values, key=str(facts.raw_mail))
    return (open_review(facts, now), *shown, held_fate(facts, why, kind, ACTS_ON_OWN))


def _told_own(facts: MailFacts, person: Person) -> tuple[Send, ...]:
    """To the listed address. Of a mail without proof nothing is repeated, as a forger may have written it."""
    if facts.person is not None and facts.unproven:
        return notify_person(facts, "một thư")
    proposes, orders = plans_session(facts), person.role in {"officer", "head"}
    acts = (*(PROPOSES if proposes else ()), *ACTS_ON_OWN) if orders else ()
    values = {"received_at": facts.received_at, "commands": acts, "proposes": proposes}
    key = f"{OWN_NOTICE}:{facts.raw_mail}"
    to, replied = person_recipient(person), facts.mail.message_id
    notice = Notice(OWN_NOTICE, to, "", key, values, in_reply_to=replied, references=thread(facts))
    return (Send(notice, about=facts.raw_mail),)


def decide_undelivered(
    sent: OutboxFacts, code: int, text: str, board: BoardFacts, now: datetime
) -> tuple[Action, ...]:
    """Refused permanently, or tried too long: journal entry, an officer is told, the statutory clock goes on."""
    why = f"Máy chủ nhận thư từ chối ({code})" if code else "Không gửi được sau nhiều lần thử"
    note = Note("undelivered", why, "", sent.question_id, sent.id, {"code": code})
    if _is_to_old_address(sent):
        return (note,)
    people, key = _who_hears(board, sent, "undelivered", now, now.isoformat())
    details = _what_it_was(board, sent, f"{code} {text[:200]}".strip() if code or text else "")
    alert = _undelivered(board, sent, "Một thư của hệ thống không gửi được", details, people, key)
    return (note, *_told_by_hand(board, sent, now), *alert)


def decide_uncertain(sent: OutboxFacts, board: BoardFacts) -> tuple[Action, ...]:
    """The connection broke twice after the body was sent: only a person can find out if it arrived (RFC 1047)."""
    note = Note("uncertain", "Không rõ máy chủ đã nhận thư hay chưa", "", sent.question_id, sent.id)
    details = [f"Người nhận: {sent.recipient}", "Xin hỏi lại người nhận."]
    values = {"what": "Không rõ một thư của hệ thống đã đến hay chưa", "details": details, "commands": []}
    return (note, *to_people("officer_alert", board.officers, "", values, key=f"uncertain:{sent.id}"))


def decide_quarantined(
    raw_mail: int, reason: str, folder: str, board: BoardFacts, now: datetime
) -> tuple[Action, ...]:
    """A mail could not be processed: its sender waits. Nothing of it is quoted, as it may be secret."""
    details = [
        f"Thư số {raw_mail} trong sổ thư đến",
        f"Thư được chuyển vào thư mục “{folder}” của hộp thư; xin mở xem và trả lời người gửi nếu cần.",
        f"Lý do: {reason}",
        "Xin báo bộ phận kỹ thuật; khi đã khắc phục, thư được đọc lại bằng lệnh doithoai mail retry.",
    ]
    values = {"what": "Một thư đến không xử lý được, đang cách ly", "details": details, "commands": []}
    return to_people("officer_alert", board.officers, "", values, key=f"quarantined:{raw_mail}:{now.isoformat()}")


def decide_catch_up(
    down_from: datetime, now: datetime, missed: Sequence[DutyFacts], board: BoardFacts
) -> tuple[Action, ...]:
    """Report that the daemon was not running for a while, and what came up in that time."""
    note = Note(
        "catch_up",
        "Hệ thống hoạt động lại sau thời gian gián đoạn",
        data={"from": down_from.isoformat(), "to": now.isoformat(), "missed": len(missed)},
    )
    late = [_line(duty, board) for duty in missed if duty.due_at <= now]
    met = [_line(duty, board) for duty in missed if duty.due_at > now]
    values = {"down_from": down_from, "down_to": now, "cause": "", "met": met, "late": late}
    return (note, *to_people("officer_catch_up", board.officers, "", values, key=down_from.isoformat()))


def _line(duty: DutyFacts, board: BoardFacts) -> str:
    """What came up, with numbers and in words known to the reader of the mail."""
    rule = board.law.profile.find(duty.due.rule)
    what = "chờ cán bộ xem xét"
    if duty.assignment is not None:
        what = f"{unit_name(board, duty.assignment.unit)} trả lời"
    elif duty.kind == "approval":
        what = "văn bản trình chờ phê duyệt"
    elif duty.question is None and rule is not None:
        what = rule.duty
    return f"{_about(duty)}{what}, hạn {short_date(duty.due.on)}"


def _about(duty: DutyFacts) -> str:
    if duty.question is not None:
        return f"{duty.question.code}: "
    if duty.session is not None:
        return f"{duty.session.code}: "
    return f"thư số {duty.key.rpartition(':')[2]}: " if duty.kind == "review" else ""
