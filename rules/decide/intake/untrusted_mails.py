"""Mails that give no access and are never obeyed: a reply from a wrong address, a mail with two different texts, a
mail that only its header calls a machine's.

A reply to our mail from an address that our mail was not sent to: the thread gives no access. A reply
to a mail for someone on our list is never a question. Its writer is told which address it must come from, without a
word of the case; officers see the mail. A reply to a mail for anyone else is held.

A mail whose plain text and HTML differ: people see another text than the program reads. It is neither obeyed nor
passed on as an answer. An officer gets both texts; its writer is told that it waits.

A mail that only its header calls a machine's or a list's: an officer sees it or the morning's mail lists it, and
it is not answered.

An automatic reply that tells that a unit's mailbox is not read for a while, and the notice of a document register
that a unit has sent a document: the officers hear of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rules.commands.session_line import session_number
from rules.decide.base.actions import Action, Send
from rules.decide.base.approval_requests import decision_acts
from rules.decide.base.command_result import NO_QUESTION, OPEN
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs
from rules.decide.base.manual_work import (
    held_fate,
    hold,
    hold_unit_mail,
    notify_unit,
    open_review,
    own_person,
    review_values,
)
from rules.decide.base.notices import (
    person_recipient,
    thread,
    to_people,
    unit_name,
)
from rules.decide.intake.for_the_office import for_the_office
from rules.decide.intake.known_mails import MARKED, OF_THE_HOUSE, other_addresses, put_marked_aside, unanswered
from rules.decide.intake.new_question import decide_arrival, held_notice
from rules.law.working_days import short_date
from rules.message.automatic import key_of_text
from rules.message.quote_markers import key, load_automatic_words
from rules.message.two_readings import WHY
from rules.reply.unit_names import DocumentNotice, document_notice
from rules.text import squash
from rules.text.dates import until_date
from rules.values.model import Kind, Notice, Recipient
from rules.values.states import GRAVE

ELSEWHERE = (
    "Thư trả lời một thư gửi cho cán bộ hoặc lãnh đạo, nhưng đến từ địa chỉ khác: không thực hiện, không vào sổ"
)
FORMER = ELSEWHERE.replace("nhưng đến từ địa chỉ khác", "nhưng địa chỉ của người viết không còn trong danh sách")
APPROVAL = "a"
_SIGNED = re.compile(r"[+_=-]([ao])\.[0-9a-z]{1,32}\.[0-9a-f]{20}$")


def is_misdirected(facts: MailFacts) -> bool:
    """True by the mail of ours to which it replies, or by a signed address made for someone else; also for who is on
    no list any more."""
    former, sender = _is_former(facts), facts.mail.sender.email.lower()
    if facts.sender_unit or facts.understanding.kind is Kind.DENUNCIATION or (facts.tag is not None and not former):
        return False
    if facts.threads:
        first = facts.threads[0]
        return first.role in OF_THE_HOUSE and (first.recipient.lower() != sender or former)
    return bool(_signed_for(facts))


def _is_former(facts: MailFacts) -> bool:
    """True where the writer got the mail that he answers, and is none of our own people now."""
    sender = facts.mail.sender.email.lower()
    got = any(mail.recipient.lower() == sender for mail in facts.threads[:1])
    return got and own_person(facts.board, sender) is None


def is_approval_elsewhere(facts: MailFacts) -> bool:
    """True for a stranger's reply to the signed address of a request for approval: perhaps the Head, elsewhere."""
    approval = facts.approval
    if approval is None or facts.person is not None or facts.sender_unit or len(facts.mail.senders) != 1:
        return False
    grave = facts.understanding.kind is Kind.DENUNCIATION
    return not grave and facts.mail.sender.email.lower() != approval.person.lower()


def _signed_for(facts: MailFacts) -> str:
    """What a signed address of ours among the recipients is for: "a" an approval, "o" an order; "" for none."""
    own, _, domain = facts.board.mailbox.lower().rpartition("@")
    split = (mailbox.email.lower().rpartition("@") for mailbox in (*facts.mail.to, *facts.mail.cc))
    ours = (local[len(own) :] for local, _, host in split if host == domain and local.startswith(own))
    return next((match[1] for each in ours if (match := _SIGNED.fullmatch(each))), "")


def decide_misdirected(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold the mail for the officers, and send its writer one line."""
    acts, why = _acts_elsewhere(facts), FORMER if _is_former(facts) else ELSEWHERE
    values = {**review_values(facts, why), "guess": (), "commands": acts}
    seen = to_people("officer_review", facts.board.officers, "8.2", values, key=str(facts.raw_mail))
    finish = held_fate(facts, why, Kind.COMMAND, acts)
    return (open_review(facts, now), *_told_elsewhere(facts), *seen, finish)


def _acts_elsewhere(facts: MailFacts) -> Sequence[Mapping[str, str]]:
    """Of a leader's secretary, who tells what was decided, the orders that record it; a paper is no question."""
    name = facts.threads[0].name if facts.threads else ""
    if facts.approval is not None or (not name and _signed_for(facts) == APPROVAL):
        name = "head_approval"
    if name == "leader_decision":
        return (*decision_acts(session_number(facts.mail.subject)), NO_QUESTION)
    registered = {"label": "Đăng ký là câu hỏi", "text": "Đăng ký"}
    return (NO_QUESTION,) if name == "head_approval" else (NO_QUESTION, registered)


def _told_elsewhere(facts: MailFacts) -> tuple[Action, ...]:
    email = facts.mail.sender.email
    if "@" not in email or len(facts.mail.senders) != 1:
        return ()
    to = Recipient(email, "", "citizen")
    key = f"citizen_elsewhere:{facts.raw_mail}"
    values, answers = {"former": _is_former(facts)}, facts.mail.message_id
    notice = Notice("citizen_elsewhere", to, "", key, values, in_reply_to=answers, references=thread(facts))
    return (Send(notice),)


NOTICE = "citizen_wrong_address"
KIND_OF_ANOTHER = "thư viết từ địa chỉ khác về một câu hỏi"
_TAG = r"[roba]\.[0-9a-z]{1,32}\.[0-9a-f]{20}"


def is_wrong_address(facts: MailFacts) -> bool:
    """True for a mail in our thread, or to one of our signed addresses, from somebody we did not write to.

    A denunciation, which must be sealed, and a complaint, to which there may be a right, are treated as such.
    """
    if facts.sender_unit or facts.person or facts.understanding.kind in GRAVE:
        return False
    sender = facts.mail.sender.email.lower()
    if facts.threads:
        return all(sent.recipient.lower() != sender for sent in facts.threads)
    return facts.tag is None and _to_a_signed_address(facts)


def _to_a_signed_address(facts: MailFacts) -> bool:
    local, _, domain = facts.board.mailbox.lower().rpartition("@")
    signed = re.compile(rf"{re.escape(local)}[^\w@]{_TAG}@{re.escape(domain)}")
    return any(signed.fullmatch(mailbox.email.lower()) for mailbox in (*facts.mail.to, *facts.mail.cc))


def decide_wrong_address(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Show the mail to an officer, who may add it to the asker's open question; tell its writer which address is
    needed."""
    why = "Thư trả lời một thư của hệ thống, nhưng từ địa chỉ không phải của người nhận thư đó"
    about = [facts.questions.get(mail.question_id or 0) for mail in facts.threads if mail.role == "citizen"]
    question = next((one for one in about if one is not None and one.status in OPEN), None)
    if question is None:
        return (*told_writer(facts), *hold(facts, now, why))
    acts = [
        {"label": "Chuyển ý kiến cho đơn vị", "text": f"{question.code} chuyển ý kiến cho đơn vị"},
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    why += f" (câu {question.code}): nếu chuyển lời này cho đơn vị, xin gọi điện hỏi lại người hỏi trước"
    return (*told_writer(facts), *for_the_office(facts, question, now, why, KIND_OF_ANOTHER, acts, told=True))


def told_writer(facts: MailFacts, *, of_another: bool = False) -> tuple[Send, ...]:
    """Tell the writer, vouched for or in a thread of ours that nobody else knows, from which address such a mail must
    come; ``of_another``: it only asks about a question of somebody else."""
    if not (facts.authenticated or facts.threads) or len(facts.mail.senders) != 1:
        return ()
    sender = facts.mail.sender
    values = {"received_at": facts.received_at, "of_another": of_another}
    recipient = Recipient(sender.email, sender.name, "citizen")
    key = f"{NOTICE}:{facts.raw_mail}"
    own = (facts.mail.message_id,) if facts.mail.message_id else ()
    return (Send(Notice(NOTICE, recipient, "", key, values, in_reply_to=facts.mail.message_id, references=own)),)


ASK = "phần văn bản thường và phần HTML của thư có nội dung khác nhau; xin soạn thư mới và gửi lại"


def has_two_readings(facts: MailFacts) -> bool:
    """True for a mail whose two texts do not say the same."""
    return facts.understanding.two_readings


def decide_two_readings(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Register or seal what starts something new, to be looked at first; hold anything else."""
    if facts.understanding.kind in GRAVE or not _is_known(facts):
        return decide_arrival(facts, now)
    if facts.sender_unit:
        return _units(facts, now)
    return (*_told_to_wait(facts), *hold(facts, now, WHY))


def _is_known(facts: MailFacts) -> bool:
    """True for a mail from someone on the list, from a unit, or in our thread."""
    listed = facts.person is not None or bool(facts.sender_unit)
    return listed or bool(facts.threads or facts.by_number) or facts.tag is not None or facts.approval is not None


def _units(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Ask the unit to write again; the officers get the commands that fit a unit's mail."""
    unit = facts.sender_unit
    owed = (one for one in facts.questions.values() if any(assignment.unit == unit for assignment in one.assignments))
    question = next(owed, None)
    notices = notify_unit(facts, unit, question, ASK)
    return (*notices, *(hold_unit_mail(facts, now, WHY, question, unit) if question else hold(facts, now, WHY)))


def _told_to_wait(facts: MailFacts) -> tuple[Send, ...]:
    """A notice to the listed person named as sender, else to the citizen."""
    if facts.person is not None:
        values = {
            "what": "một thư",
            "reason": ASK,
            "received_at": facts.received_at,
            "mail_number": facts.raw_mail,
        }
        return (Send(Notice("officer_held", person_recipient(facts.person), "", f"held:{facts.raw_mail}", values)),)
    email = facts.reply_address
    # Many people know a number, so an address that only claims to be the requester's gets no reply.
    if "@" not in email or not (facts.authenticated or facts.threads):
        return ()
    return (held_notice(facts),)


BY_A_PERSON = f"Thư có đủ họ tên, địa chỉ, điện thoại như của người dân, nhưng {MARKED}: chưa đăng ký, chưa trả lời"


def decide_marked(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """A mail that its header alone calls a machine's or a list's: show a whole letter to an officer, seal a
    denunciation, list anything else in the morning. Its writer is not answered."""
    facts = replace(facts, understanding=facts.understanding.alone or facts.understanding)
    read, known = facts.understanding, facts.threads or facts.by_number or facts.tag is not None
    if read.kind in GRAVE:
        return unanswered(decide_arrival(facts, now))
    if known or read.asker.missing or read.kind not in {Kind.QUESTION, Kind.OUT_OF_SCOPE}:
        return (put_marked_aside(facts),)
    return hold(facts, now, BY_A_PERSON)


ABSENT_WORDS = 400
"""Characters of a unit's notice that nobody reads its mail."""


def absent_unit(facts: MailFacts) -> tuple[Action, ...]:
    """Tell the officers that a unit's official mailbox says that its reader is away: once for each last day that it
    names, else once a week. The robot gets no mail (RFC 3834 §2)."""
    board, contact = facts.board, facts.board.contacts.get(facts.sender_unit)
    text = " ".join(facts.mail.text.split())[:ABSENT_WORDS]
    if contact is None or facts.understanding.kind is not Kind.AUTO_REPLY or facts.duplicate_of is not None:
        return ()
    if facts.mail.sender.email.lower() != contact.address.lower() or not _is_away(facts):
        return ()
    today = board.law.today(facts.received_at)
    until = until_date(text, today)
    until = until if until is not None and until >= today else None
    unit, day = unit_name(board, contact.code), f" đến hết ngày {short_date(until)}" if until else ""
    what = f"Hộp thư của {unit} báo vắng mặt{day}: có thể không ai đọc câu hỏi đã chuyển"
    details = [f"Hộp thư: {contact.address}", f"Lời báo: “{text}”", *other_addresses(board, contact.address)]
    values = {"what": what, "details": details, "commands": ()}
    once = f"absent:{contact.code}:{until or today.strftime('%G-%V')}"
    return to_people("officer_alert", board.officers, "", values, key=once)


def _is_away(facts: MailFacts) -> bool:
    """True where the subject or the first lines of an automatic mail say that somebody is away."""
    words = load_automatic_words(facts.board.source)
    away = words.absence_subject.match(key(facts.mail.subject)) is not None
    return away or words.absence_text.search(key_of_text(facts.mail.text)) is not None


def is_document_notice(facts: MailFacts) -> bool:
    """True for a document register's notice from an address that is nobody's; nothing in it is a question."""
    known = facts.sender_unit or facts.person is not None or facts.understanding.kind in GRAVE
    return not known and _notice(facts) is not None


def _notice(facts: MailFacts) -> DocumentNotice | None:
    return document_notice(facts.understanding.text.own, facts.board.units, facts.board.source)


def decide_document_notice(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it as a unit's document, with the open question that it names, or whose asker; its robot gets no mail."""
    notice, board = _notice(facts), facts.board
    if notice is None:
        return hold(facts, now, "")
    text = squash(facts.understanding.text.own)
    about = [one for one in facts.questions.values() if one.open_leads and _is_named(one, facts, text)]
    unit = unit_name(board, notice.unit) if notice.unit else "một đơn vị"
    codes = ", ".join(one.code for one in about)
    why = f"Thông báo của hệ thống văn bản: {unit} có văn bản {notice.number}"
    why += f", có thể trả lời {codes}" if codes else "; chưa rõ trả lời câu hỏi nào"
    acts = [act for one in about[:3] for act in _document_acts(one.code, notice)]
    acts.append(NO_QUESTION)
    values = {**review_values(facts, f"{why}. Không vào sổ, chưa gửi người hỏi."), "guess": (), "commands": acts}
    files = attachment_refs(facts.mail, facts.raw_mail)
    question = about[0].id if len(about) == 1 else None
    shown = to_people(
        "officer_review", board.officers, "8.2", values, key=str(facts.raw_mail), question=question, attachments=files
    )
    return (open_review(facts, now), *shown, held_fate(facts, why, Kind.NOT_A_QUESTION, acts))


def _is_named(question: QuestionFacts, facts: MailFacts, text: str) -> bool:
    name = squash(question.asker.name)
    return question.id in facts.by_number or (" " in name and name in text)


def _document_acts(code: str, notice: DocumentNotice) -> list[dict[str, str]]:
    """An answer goes to the asker only from the unit: it is asked for it, or the document is noted."""
    short = notice.number.partition("/")[0]  # the whole number names a unit, for whom the words would be
    wish = f"{code} nhắc đơn vị: xin gửi văn bản số {short} bằng cách trả lời thư chuyển câu hỏi"
    note = f"{code} ghi chú: đơn vị có văn bản số {notice.number}, theo thông báo của hệ thống văn bản"
    return [
        {"label": f"Nhờ đơn vị gửi câu trả lời {code}", "text": wish},
        {"label": f"Ghi vào câu hỏi {code}", "text": note},
    ]
