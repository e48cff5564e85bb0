"""Mails about a question's address or text: its asker wants mails sent elsewhere, or gives up a part; the owner of
the address denies having asked, and perhaps takes that back.

None of these is obeyed: a From must not decide who reads the answers. An officer acts ("sửa thư điện tử: …").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, CloseDuty, Finish, Send, Settle
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.facts import SPARED, MailFacts, QuestionFacts
from rules.decide.base.forwarding import is_withdrawn
from rules.decide.base.manual_work import OLD_ADDRESS, what_to_tell
from rules.decide.base.notices import by_mail, to_citizen, to_people
from rules.decide.base.publication import ADDING, answer_files, earlier_answers, is_out, state_told
from rules.decide.intake.follow_ups import own_question, pass_on, sounds
from rules.decide.intake.for_the_office import for_the_office
from rules.decide.intake.registering import rejection_values
from rules.requester.contact_data import mail_addresses
from rules.understand.citizen_sound import SURE, Sound, wishes_mail_address
from rules.understand.earlier_letters import denies_question, keeps_question, owns_question, withdraws_part
from rules.values.model import Fate, Kind
from rules.values.states import GRAVE, Folder, MailStatus, Purpose, QuestionStatus

KIND_OF_MOVE = "đề nghị đổi địa chỉ thư điện tử"
MOST_WORDS = 150
CALL_FIRST = "thư không đến từ địa chỉ trong sổ: xin gọi điện hỏi lại người hỏi trước khi sửa"


def _whose(facts: MailFacts) -> QuestionFacts | None:
    """The question of the thread or number: its asker's, or that of which somebody else speaks."""
    named = [sent.question_id for sent in facts.threads if sent.role == "citizen"]
    questions = (facts.questions.get(one or 0) for one in (*named, *facts.by_number))
    return own_question(facts) or next((question for question in questions if question is not None), None)


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
    """Hold it with the order that carries it out: a From must not decide who reads the answers."""
    question = _whose(facts)
    if question is None:
        return ()
    address, own = _wished(facts, question), own_question(facts) == question
    why = f"Người hỏi muốn nhận thư ở địa chỉ khác: câu {question.code}, {address or 'chưa ghi địa chỉ mới'}"
    shown = why if own else f"{why}; {CALL_FIRST}"
    acts = acts_on_address(question.code, address)
    held = for_the_office(facts, question, now, shown, KIND_OF_MOVE, acts, "8.3")
    return found_by(Purpose.NEW_ADDRESS, held)


def found_by(purpose: Purpose, held: tuple[Action, ...]) -> tuple[Action, ...]:
    """The same, held for that purpose."""
    return tuple(replace(one, purpose=purpose) if isinstance(one, Finish) else one for one in held)


KIND_OF_DENIAL = "người nhận thư nói không phải người hỏi"


def is_denial(facts: MailFacts) -> bool:
    """True for a citizen's short mail from a question's address that says that its owner did not ask it."""
    listed = facts.person is not None or bool(facts.sender_unit) or len(facts.mail.senders) != 1
    if listed or facts.understanding.kind in GRAVE or any(not file.inline for file in facts.mail.attachments):
        return False
    about = own_question(facts)  # most mails are about none, and need not be read for it
    if about is None:
        return False
    own, source = facts.understanding.text.own, facts.board.source
    if facts.withdrawals.get(about.id) and keeps_question(own, source, threaded=True):
        return False  # "this request" is the wish to withdraw, which waits
    return denies_question(own, source)


def decide_denial(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the order that corrects the address, and with the asker's telephone; nothing of the question goes
    to its writer, who may be a stranger to it."""
    question = own_question(facts)
    if question is None:
        return ()
    phone = f", điện thoại {question.asker.phone}" if question.asker.phone else ""
    who = f"xin hỏi lại người hỏi ({question.asker.name or 'chưa ghi tên'}{phone})"
    wrong = "địa chỉ thư điện tử có thể ghi sai; thư về câu hỏi vẫn gửi đến đó cho đến khi sửa"
    why = f"Người nhận thư cho biết không gửi câu hỏi {question.code}: {wrong}; {who}"
    acts = acts_on_address(question.code)
    return found_by(Purpose.DENIES, for_the_office(facts, question, now, why, KIND_OF_DENIAL, acts))


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
    every = {question.id: question for question in (*facts.questions.values(), *facts.own_questions)}
    questions = [
        question for each, question in every.items() if each in facts.denials and question.email.lower() == sender
    ]
    return questions[0] if len(questions) == 1 and facts.authenticated and questions[0].status in OPEN else None


def decide_owned_after_all(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Settle the denial: its writer is told that the question goes on, officers that the address is right."""
    del now
    question = _denied(facts)
    if question is None:
        return ()
    text, key, trace = facts.understanding.text.own, f"owned:{facts.raw_mail}", facts.understanding.trace
    why = f"Người nhận thư cho biết lại vẫn là người hỏi câu hỏi {question.code}"
    held, about = facts.denials[question.id], question.id
    settled = (Settle(one, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, about) for one in held)
    notice = to_citizen("citizen_withdrawal", question, "8.2", {"state": "owned"}, key=key)
    details = ["Câu hỏi được giải quyết tiếp; không phải sửa địa chỉ thư điện tử", text[:1000]]
    values = {"what": why, "details": details, "commands": ()}
    seen = to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=question.id)
    more = any(not file.inline for file in facts.mail.attachments) or "?" in text
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, about, trace)
    return (*settled, notice, *seen, *(pass_on(facts, question) if more else ()), finish)


def spared_from_now(facts: MailFacts) -> MailFacts:
    """With the note in the asker's question where this mail wants no more mail in the mailbox that it comes from, as
    of the family of an asker who has died: nothing that is decided on it goes there either."""
    if facts.person is not None or facts.sender_unit or not (facts.questions or facts.repeats):
        return facts
    question = own_question(facts) or facts.repeats
    if question is None or not by_mail(question) or not facts.refuses_mail:
        return facts
    noted = replace(question, notes="\n".join(filter(None, (question.notes, SPARED))))
    repeats = noted if facts.repeats is not None and facts.repeats.id == question.id else facts.repeats
    return replace(facts, questions={**facts.questions, question.id: noted}, repeats=repeats)


def sparing_beside(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """Keep the note, and tell the officers at once with the order that makes it void; nothing of a sealed mail."""
    question = own_question(facts) or facts.repeats
    if question is None or SPARED not in question.notes or not facts.refuses_mail or "@" not in question.email:
        return ()
    code = question.code
    noted = any(isinstance(one, AmendQuestion) and "notes" in one.values for one in decided)
    kept = () if noted else (AmendQuestion(question.id, {"notes": question.notes}, "noted", SPARED),)
    if any(isinstance(one, Finish) and one.kind in GRAVE for one in decided):
        return kept
    values = {
        "what": f"{SPARED}: câu hỏi {code}",
        "details": [
            f"Hệ thống không gửi thư nào về câu hỏi này vào {question.email} nữa",
            "Xin xem lời đã viết trước khi gọi điện, gửi thư; nội dung cần báo ở các thư “Cần báo người hỏi”",
            facts.understanding.text.own[:1000],
        ],
        "commands": [{"label": "Vẫn gửi thư vào hộp thư ấy", "text": f"{code} sửa thư điện tử: {question.email}"}],
    }
    key = f"mailbox:{facts.raw_mail}"
    return (*kept, *to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=question.id))


def acts_on_address(code: str, address: str = "") -> list[dict[str, str]]:
    """The prepared replies to such a mail; the officer fills in an address that it does not name."""
    order = f"{code} sửa thư điện tử: {address}"
    return [
        {"label": "Sửa địa chỉ thư điện tử", "text": order},
        {"label": "Chuyển ý kiến cho đơn vị", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, không sửa", "text": "Không phải câu hỏi"},
    ]


def correct_mail_address(order: CommandAtHand, question: QuestionFacts, text: str) -> Outcome:
    """ "Sửa thư điện tử: …": mails go to that address from now on; a word goes there and to the old one. An address
    from which a result came back is sent it again."""
    facts, code, found = order.facts, question.code, mail_addresses(text)
    if why_not := _why_not_there(facts, question, found):
        return False, why_not, ()
    new, key, why = found[0], str(facts.raw_mail), "Cán bộ sửa thư điện tử người hỏi"
    same, notes = new == question.mailbox.lower(), question.notes.replace(SPARED, "").strip()
    given = is_out(facts, question)
    answers = earlier_answers(facts.board, question, own=True) if given else ()
    files = answer_files(question) if given else ()
    notice = to_citizen("citizen_address", question, "8.3", {"old": True, "same": ""}, key=f"{key}{OLD_ADDRESS}")
    moved = replace(question, email=new, notes=notes)
    again = _ended_without_answer(facts, moved, key)
    values = {"old": False, "answers": answers, "same": ("result" if answers or again else "state") if same else ""}
    state = {"state": state_told(facts, question), "answered_at": question.answered_at}
    values |= state | {"files": [file.name for file in files]}
    actions: tuple[Action, ...] = (
        *(() if same else (AmendQuestion(question.id, {"asker_email": new, "notes": notes}, "corrected", why),)),
        *((notice,) if by_mail(question) and not same else ()),
        to_citizen("citizen_address", moved, "8.3", values, key=key, attachments=files),
        *again,
    )
    results = ("citizen_answered", "citizen_session", ADDING) if answers else tuple(one.notice.name for one in again)
    sent_again, untold = {"citizen_address", *results}, facts.untold.get(question.id, ())
    actions += tuple(CloseDuty(one.key) for one in untold if one.notice in sent_again)
    for held in (facts.held, facts.opinions.get(question.id)):
        if held is not None and held.status == "held" and held.purpose in {Purpose.NEW_ADDRESS, Purpose.DENIES}:
            actions += (Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id),)
            break
    if same:
        left = ", ".join(what_to_tell(one.notice) for one in untold if one.notice not in sent_again)
        what = f"Đã gửi lại đến {new} kết quả của" if results else f"Đã báo đến {new} tình trạng"
        return True, f"{what} câu hỏi {code}{f'; còn phải báo: {left}' if left else ''}", actions
    also = "; đã báo cả địa chỉ cũ" if by_mail(question) else ""
    sent = ", kèm câu trả lời đã có" if answers else ", và gửi lại thư báo kết quả" if again else ""
    return True, f"Từ nay thư về câu hỏi {code} gửi đến {new}: đã báo địa chỉ này{sent}{also}", actions


def _ended_without_answer(facts: MailFacts, moved: QuestionFacts, key: str) -> tuple[Send, ...]:
    """The refusal with its clause and reason, or the end at the asker's wish, for the address that has not had it."""
    if is_withdrawn(moved):
        return (to_citizen("citizen_withdrawal", moved, "8.2", {"state": "closed"}, key=f"closed:{key}:moved"),)
    clause = moved.clause
    if moved.status is not QuestionStatus.REJECTED or not clause:
        return ()
    values = rejection_values(facts.board, moved, clause, moved.outcome)
    return (to_citizen("citizen_rejected", moved, clause, values, key=f"{clause}:{key}:moved"),)


def _why_not_there(facts: MailFacts, question: QuestionFacts, found: tuple[str, ...]) -> str:
    """Why the order changes nothing; "" when it does. An answer may be taken back until it leaves."""
    board, code = facts.board, question.code
    if len(found) != 1:
        return f"Cần ghi đúng một địa chỉ thư điện tử, ví dụ “{code} sửa thư điện tử: ten@vidu.vn”"
    new = found[0]
    people = (*(one.address for one in board.contacts.values()), *(person.email for person in board.officers))
    if new in {one.lower() for one in (board.mailbox, *people)}:
        return f"{new} là địa chỉ của cơ quan, không phải của người hỏi; chưa sửa"
    if new == question.mailbox.lower() and not facts.untold.get(question.id):
        return f"Thư về câu hỏi {code} đã được gửi đến {new}; chưa sửa gì"
    if any(answer.question == question.id and not answer.duty for answer in facts.waiting):
        later = "khi câu trả lời đã gửi (khi đó được gửi thêm đến địa chỉ mới)"
        return f"Câu trả lời của {code} đang chờ gửi đến địa chỉ cũ; xin ghi “thu hồi”, hoặc ghi lại lệnh này {later}"
    return ""


KIND_OF_GIVING_UP = "đề nghị rút một phần câu hỏi"


def is_part_given_up(facts: MailFacts) -> bool:
    """True for a short mail that no longer asks one of the matters of its writer's open question."""
    listed = facts.person is not None or bool(facts.sender_unit) or len(facts.mail.senders) != 1
    question = None if listed or facts.understanding.kind in GRAVE else _given_up(facts)
    if question is None:
        return False
    sure = (
        own_question(facts) is not None and sounds(facts, question).get(Sound.WITHDRAW, 0.0) >= SURE[Sound.WITHDRAW]
    )
    return withdraws_part(facts.understanding.text.own, facts.board.source, sounds=sure)


def _given_up(facts: MailFacts) -> QuestionFacts | None:
    """The open question of the thread, or the only one of a sender who is known."""
    own = own_question(facts)
    questions = [
        question for question in ((own,) if own is not None else facts.own_questions) if question.status in OPEN
    ]
    return questions[0] if len(questions) == 1 and (own is not None or facts.authenticated) else None


def decide_part_given_up(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with orders that end nothing: the other matters are still asked. Its writer hears that it came."""
    question = _given_up(facts)
    if question is None:
        return ()
    code = question.code
    why = f"Người hỏi thôi hỏi một phần của câu {code}, phần còn lại vẫn chờ trả lời: không kết thúc cả câu hỏi"
    acts = [
        {"label": "Chuyển lời này cho đơn vị", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Ghi chú vào sổ", "text": f"{code} ghi chú: người hỏi thôi hỏi phần "},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    return for_the_office(facts, question, now, why, KIND_OF_GIVING_UP, acts)
