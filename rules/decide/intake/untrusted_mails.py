"""Mails that give no access and are obeyed by nobody: a reply from a wrong address, a mail with two texts, the wish
to be written to elsewhere or the word that one never asked, on which an officer acts ("sửa thư điện tử: …").

A mail that replies to a mail of ours from an address that mail was not sent to: the thread gives no access. A reply
to a mail for someone on our list is never a question. Its writer is told which address it must come from, without a
word of the case; officers see the mail. A reply to a mail for anyone else is held.

A mail whose plain text and HTML differ: people see another text than the program reads. It is neither obeyed nor
passed on as an answer. An officer gets both texts; its writer is told that it waits.

A mail that its header alone calls a machine's or a list's: an officer sees it or the morning's mail lists it, and
nobody is answered.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Finish, Send, Settle
from rules.decide.base.command_result import NO_QUESTION, OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import DENIED
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.manual_work import held_fate, hold, hold_unit_mail, notify_unit, open_review, review_values
from rules.decide.base.notices import (
    STATUS_NAMES,
    by_mail,
    person_recipient,
    reply_address,
    thread,
    to_citizen,
    to_people,
)
from rules.decide.base.publication import earlier_answers, given_answers
from rules.decide.intake.follow_ups import GIVEN, own_question, pass_on
from rules.decide.intake.for_the_office import for_the_office
from rules.decide.intake.known_mails import MARKED, OF_THE_HOUSE, put_marked_aside, unanswered
from rules.decide.intake.new_question import decide_arrival, held_notice
from rules.message.two_readings import WHY
from rules.requester.contact_data import mail_addresses
from rules.understand.citizen_sound import denies_question, owns_question, wishes_mail_address
from rules.values.model import Fate, Kind, Notice, Recipient
from rules.values.states import GRAVE, Folder, MailStatus

ELSEWHERE = (
    "Thư trả lời một thư gửi cho cán bộ hoặc lãnh đạo, nhưng đến từ địa chỉ khác: không thực hiện, không vào sổ"
)
_SIGNED = re.compile(r"[+_=-][ao]\.[0-9a-z]{1,32}\.[0-9a-f]{20}$")


def is_misdirected(facts: MailFacts) -> bool:
    """True by the mail of ours to which it replies, or by a signed address made for someone else."""
    if facts.sender_unit or facts.understanding.kind is Kind.DENUNCIATION or facts.tag is not None:
        return False
    sender = facts.mail.sender.email.lower()
    if facts.threads:
        first = facts.threads[0]
        return first.role in OF_THE_HOUSE and first.recipient.lower() != sender
    own, _, domain = facts.board.mailbox.lower().rpartition("@")
    return any(_is_signed(one.email.lower(), own, domain) for one in (*facts.mail.to, *facts.mail.cc))


def _is_signed(address: str, own: str, domain: str) -> bool:
    local, _, host = address.rpartition("@")
    return host == domain and local.startswith(own) and _SIGNED.fullmatch(local[len(own) :]) is not None


def decide_misdirected(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold the mail for the officers, and send its writer one line."""
    acts = (NO_QUESTION, {"label": "Đăng ký là câu hỏi", "text": "Đăng ký"})
    values = {**review_values(facts, ELSEWHERE), "guess": (), "commands": acts}
    seen = to_people("officer_review", facts.board.officers, "8.2", values, key=str(facts.raw_mail))
    finish = held_fate(facts, ELSEWHERE, Kind.COMMAND, acts)
    return (open_review(facts, now), *_told_elsewhere(facts), *seen, finish)


def _told_elsewhere(facts: MailFacts) -> tuple[Action, ...]:
    email = facts.mail.sender.email
    if "@" not in email or len(facts.mail.senders) != 1:
        return ()
    to = Recipient(email, "", "citizen")
    key = f"citizen_elsewhere:{facts.raw_mail}"
    notice = Notice("citizen_elsewhere", to, "", key, {}, in_reply_to=facts.mail.message_id, references=thread(facts))
    return (Send(notice),)


NOTICE = "citizen_wrong_address"
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
    return any(signed.fullmatch(one.email.lower()) for one in (*facts.mail.to, *facts.mail.cc))


def decide_wrong_address(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Show the mail to an officer; tell its writer which address is needed, if our server vouches for theirs."""
    why = "Thư trả lời một thư của hệ thống, nhưng từ địa chỉ không phải của người nhận thư đó"
    return (*told_writer(facts), *hold(facts, now, why))


def told_writer(facts: MailFacts, *, of_another: bool = False) -> tuple[Send, ...]:
    """Tell a vouched-for writer from which address such a mail must come; ``of_another``: it only asks about a
    question of somebody else."""
    if not facts.authenticated or len(facts.mail.senders) != 1:
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
    owed = (one for one in facts.questions.values() if any(each.unit == unit for each in one.assignments))
    question = next(owed, None)
    told = notify_unit(facts, unit, question, ASK)
    return (*told, *(hold_unit_mail(facts, now, WHY, question, unit) if question else hold(facts, now, WHY)))


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
    email = reply_address(facts)
    # Many people know a number, so an address that only claims to be the requester's gets no reply.
    if "@" not in email or not (facts.authenticated or facts.threads):
        return ()
    return (held_notice(facts, email),)


NEW_ADDRESS = "Người hỏi muốn nhận thư ở địa chỉ khác: câu "
"""The beginning of the reason why such a mail is held; the question's number, "," and the address follow."""
KIND_OF_WISH = "đề nghị đổi địa chỉ thư điện tử"
MOST_WORDS = 150
CALL_FIRST = "thư không đến từ địa chỉ trong sổ: xin gọi điện hỏi lại người hỏi trước khi sửa"


def _whose(facts: MailFacts) -> QuestionFacts | None:
    """The question of the thread or number: its asker's, or that of which somebody else speaks."""
    named = [sent.question_id for sent in facts.threads if sent.role == "citizen"]
    found = (facts.questions.get(one or 0) for one in (*named, *facts.by_number))
    return own_question(facts) or next((one for one in found if one is not None), None)


def _wished(facts: MailFacts, question: QuestionFacts) -> str:
    """The address that the mail names, else its own where that is not the question's; "" for none."""
    known = {question.email.lower(), facts.board.mailbox.lower()}
    said = (*mail_addresses(facts.understanding.text.own), facts.mail.sender.email.lower())
    return next((one for one in said if one not in known), "")


def is_new_mail_address(facts: MailFacts) -> bool:
    """True for a citizen's short mail about a question that wants answers sent to another mail address."""
    listed = facts.person is not None or bool(facts.sender_unit) or len(facts.mail.senders) != 1
    if listed or facts.understanding.kind in GRAVE:
        return False
    question, own = _whose(facts), facts.understanding.text.own
    if question is None or len(own.split()) > MOST_WORDS:
        return False
    elsewhere = facts.mail.sender.email.lower() != question.email.lower()
    named = bool(set(mail_addresses(own)) - {question.email.lower(), facts.mail.sender.email.lower()})
    return wishes_mail_address(own, named=named, elsewhere=elsewhere, source=facts.board.source)


def decide_new_mail_address(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the order that carries it out: who reads the answers is nothing that a From decides."""
    question = _whose(facts)
    if question is None:
        return ()
    address, own = _wished(facts, question), own_question(facts) == question
    why = f"{NEW_ADDRESS}{question.code}, {address or 'chưa ghi địa chỉ mới'}"
    shown = why if own else f"{why}; {CALL_FIRST}"
    return for_the_office(facts, question, now, shown, KIND_OF_WISH, acts_on_address(question.code, address), "8.3")


KIND_OF_DENIAL = "người nhận thư nói không phải người hỏi"


def is_denial(facts: MailFacts) -> bool:
    """True for a citizen's short mail from a question's address that says that its owner did not ask it."""
    listed = facts.person is not None or bool(facts.sender_unit) or len(facts.mail.senders) != 1
    if listed or facts.understanding.kind in GRAVE or any(not one.inline for one in facts.mail.attachments):
        return False
    about = own_question(facts)  # most mails are about none, and need not be read for it
    return about is not None and denies_question(facts.understanding.text.own, facts.board.source)


def decide_denial(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the order that corrects the address, and with the asker's telephone; nothing of the question goes
    to its writer, who may be a stranger to it."""
    question = own_question(facts)
    if question is None:
        return ()
    phone = f", điện thoại {question.asker.phone}" if question.asker.phone else ""
    who = f"xin hỏi lại người hỏi ({question.asker.name or 'chưa ghi tên'}{phone})"
    wrong = "địa chỉ thư điện tử có thể ghi sai; thư về câu hỏi vẫn gửi đến đó cho đến khi sửa"
    why = f"{DENIED}{question.code}: {wrong}; {who}"
    return for_the_office(facts, question, now, why, KIND_OF_DENIAL, acts_on_address(question.code))


def is_owned_after_all(facts: MailFacts) -> bool:
    """True for plain words from the address of an open question whose denial is held: it is theirs after all."""
    if facts.person is not None or facts.sender_unit or facts.understanding.kind in GRAVE or not facts.denials:
        return False
    return _denied(facts) is not None and owns_question(facts.understanding.text.own, facts.board.source)


def _denied(facts: MailFacts) -> QuestionFacts | None:
    """The open question that the sender denied and now writes about: by its thread, else the only one."""
    own, sender = own_question(facts), facts.mail.sender.email.lower()
    if own is not None:
        return own if own.id in facts.denials and own.status in OPEN else None
    every = {one.id: one for one in (*facts.questions.values(), *facts.own_questions)}
    found = [one for each, one in every.items() if each in facts.denials and one.email.lower() == sender]
    return found[0] if len(found) == 1 and facts.authenticated and found[0].status in OPEN else None


def decide_owned_after_all(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Settle the denial: its writer is told that the question goes on, officers that the address stands."""
    del now
    question = _denied(facts)
    if question is None:
        return ()
    text, key, trace = facts.understanding.text.own, f"owned:{facts.raw_mail}", facts.understanding.trace
    why = f"Người nhận thư cho biết lại vẫn là người hỏi câu hỏi {question.code}"
    held, about = facts.denials[question.id], question.id
    settled = (Settle(one, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, about) for one in held)
    told = to_citizen("citizen_withdrawal", question, "8.2", {"state": "owned"}, key=key)
    details = ["Câu hỏi được giải quyết tiếp; không phải sửa địa chỉ thư điện tử", text[:1000]]
    values = {"what": why, "details": details, "commands": ()}
    seen = to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=question.id)
    more = any(not one.inline for one in facts.mail.attachments) or "?" in text
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, about, trace)
    return (*settled, told, *seen, *(pass_on(facts, question) if more else ()), finish)


def acts_on_address(code: str, address: str = "") -> list[dict[str, str]]:
    """The prepared replies to such a mail; the officer fills in an address that it does not name."""
    order = f"{code} sửa thư điện tử: {address}"
    return [
        {"label": "Sửa địa chỉ thư điện tử", "text": order},
        {"label": "Chuyển ý kiến cho đơn vị", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, không sửa", "text": "Không phải câu hỏi"},
    ]


def correct_mail_address(order: CommandAtHand, question: QuestionFacts, said: str) -> Outcome:
    """ "Sửa thư điện tử: …": mails go to that address from now on; a word goes there and to the old one."""
    facts, code, found = order.facts, question.code, mail_addresses(said)
    if why_not := _why_not_there(facts, question, found):
        return False, why_not, ()
    new, key, why = found[0], str(facts.raw_mail), "Cán bộ sửa thư điện tử người hỏi"
    given = question.status in GIVEN
    answers = earlier_answers(facts.board, question, own=True) if given else ()
    files = tuple(file for one in given_answers(question) for file in one.files) if given else ()
    told = to_citizen("citizen_address", question, "8.3", {"old": True}, key=f"{key}:old")
    moved, values = replace(question, email=new), {"old": False, "answers": answers}
    values |= {"state": STATUS_NAMES[question.status], "answered_at": question.answered_at}
    actions: tuple[Action, ...] = (
        AmendQuestion(question.id, {"asker_email": new}, "corrected", why),
        *((told,) if by_mail(question) else ()),
        to_citizen("citizen_address", moved, "8.3", values, key=key, attachments=files),
    )
    for held in (facts.held, facts.opinions.get(question.id)):
        if held is not None and held.status == "held" and held.reason.startswith((NEW_ADDRESS, DENIED)):
            actions += (Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id),)
            break
    also = "; đã báo cả địa chỉ cũ" if by_mail(question) else ""
    sent = ", kèm câu trả lời đã có" if answers else ""
    return True, f"Từ nay thư về câu hỏi {code} gửi đến {new}: đã báo địa chỉ này{sent}{also}", actions


def _why_not_there(facts: MailFacts, question: QuestionFacts, found: tuple[str, ...]) -> str:
    """Why the order changes nothing; "" when it does. An answer may be taken back until it leaves."""
    board, code = facts.board, question.code
    if len(found) != 1:
        return f"Cần ghi đúng một địa chỉ thư điện tử, ví dụ “{code} sửa thư điện tử: ten@vidu.vn”"
    new = found[0]
    people = (*(one.address for one in board.contacts.values()), *(one.email for one in board.officers))
    if new in {one.lower() for one in (board.mailbox, *people)}:
        return f"{new} là địa chỉ của cơ quan, không phải của người hỏi; chưa sửa"
    if new == question.email.lower():
        return f"Thư về câu hỏi {code} đã được gửi đến {new}; chưa sửa gì"
    if any(one.question == question.id for one in facts.waiting):
        later = "khi câu trả lời đã gửi (khi đó được gửi thêm đến địa chỉ mới)"
        return f"Câu trả lời của {code} đang chờ gửi đến địa chỉ cũ; xin ghi “thu hồi”, hoặc ghi lại lệnh này {later}"
    return ""


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
