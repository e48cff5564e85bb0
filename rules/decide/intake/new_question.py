"""A mail that starts something new: a question, or something that only looks like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import islice

from rules.decide.base.actions import NEW, Action, Finish, Send
from rules.decide.base.command_result import NO_QUESTION, forward_acts
from rules.decide.base.fact_parts import PUT_ASIDE
from rules.decide.base.facts import SPARED, MailFacts
from rules.decide.base.forwarding import session_elsewhere
from rules.decide.base.manual_work import hold, open_review
from rules.decide.base.notices import (
    citizen,
    person_recipient,
    thread,
    to_people,
    unit_name,
)
from rules.decide.intake.kept_apart import kept_before
from rules.decide.intake.known_mails import (
    is_own_peoples,
    keep_own,
    shown_to,
)
from rules.decide.intake.registering import (
    register_and_ask,
    register_and_forward,
    register_and_reject,
    register_for_review,
    register_until_the_end,
    wanted_items,
)
from rules.law.working_days import city_moment
from rules.message.attachment_policy import letter_in_file
from rules.message.two_readings import WHY
from rules.requester.secrecy import hides_from_unit
from rules.understand.citizen_requests import (
    denounces,
    plain_words,
)
from rules.understand.danger import Danger, danger_in
from rules.understand.earlier_letters import announces_more
from rules.understand.letter_form import is_invitation
from rules.understand.understand import without_requester
from rules.values.model import Decision, Fate, Kind, Notice
from rules.values.register_number import register_numbers
from rules.values.states import GRAVE, Folder, MailStatus

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
        return (*_question(facts, now), *danger_alert(facts), *_mailbox_alert(facts))
    if kind is Kind.DENUNCIATION:
        return _denunciation(facts, now)
    danger = danger_alert(facts, None)
    if kind in {Kind.SPAM, Kind.NOT_A_QUESTION} and facts.understanding.sure and not danger:
        trace = facts.understanding.trace
        return (Finish(MailStatus.DONE, Fate.IGNORE, kind, Folder.OTHER, PUT_ASIDE[kind], trace=trace),)
    acts = _acts_on_number(facts)
    word = acts and facts.authenticated and len(facts.mail.senders) == 1 and facts.reply_address
    notices = (held_notice(facts),) if word else neutral_line(facts)
    return (*danger, *hold(facts, now, _why_held(facts), acts=acts), *notices)


INVITED = "Thư mời, có ngày giờ: xin báo người được mời; không vào sổ, không chuyển đơn vị"


def is_invitation_to_us(facts: MailFacts) -> bool:
    """True for an invitation that asks nothing; neither thanks nor a question, whatever it sounds like."""
    read, board = facts.understanding, facts.board
    if read.kind not in {Kind.QUESTION, Kind.NOT_A_QUESTION, Kind.OUT_OF_SCOPE} or read.asker.phone:
        return False
    on = board.law.today(facts.received_at)
    return is_invitation(facts.mail.subject, read.text.own, on, board.source)


def show_invitation(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it for the officers, who tell whoever is invited."""
    return shown_to(facts, now, INVITED, facts.board.officers, Kind.NOT_A_QUESTION)


def danger_alert(facts: MailFacts, question: int | None = NEW) -> tuple[Send, ...]:
    """Tell the officers at once of a present danger to somebody, for which fifteen days are too long."""
    danger = danger_in(facts.understanding.text.own, facts.board.source)
    if not danger:
        return ()
    # A complaint is for the named officer alone (1.2).
    grave, board = facts.understanding.kind in GRAVE, facts.board
    people = (board.named_for(facts.mail, facts.understanding),) if grave else board.officers
    what = "Thư nói đến việc có thể đang nguy hiểm; xin gọi điện ngay cho đơn vị phụ trách"
    if danger is Danger.PERSON:
        phone = facts.understanding.asker.phone
        whom = f"công an (113), cứu nạn (114), cấp cứu (115) và người viết{f' ({phone})' if phone else ''}"
        what = f"KHẨN: thư nói đến tính mạng con người; xin gọi ngay {whom}"
    details = [facts.understanding.text.own[:MOST_SHOWN], *(_known_before(facts) if danger is Danger.PERSON else ())]
    values = {"what": what, "details": details, "commands": []}
    key = f"danger:{facts.raw_mail}"
    return to_people("officer_alert", people, "8.2", values, key=key, question=question)


MOST_KNOWN = 3


def _known_before(facts: MailFacts) -> list[str]:
    """What the register knows of the mailbox, which several people may share, by its newest questions."""
    email = facts.mail.sender.email
    every = {question.id: question for question in (*facts.own_questions, *facts.questions.values())}
    mine = [every[each] for each in sorted(every, reverse=True) if every[each].email.lower() == email.lower()]
    known = (
        (question, "; ".join(filter(None, (question.asker.name, question.asker.address, question.asker.phone))))
        for question in mine
    )
    return [
        f"Hộp thư {email} (có thể nhiều người dùng chung) đã gửi câu hỏi {question.code}: {who or 'không ghi tên'}"
        for question, who in islice(known, MOST_KNOWN)
    ]


def _mailbox_alert(facts: MailFacts) -> tuple[Send, ...]:
    """Tell the officers at once of who wants no mail in the mailbox that the letter came from."""
    if "@" not in facts.mail.sender.email or facts.reply_address:
        return ()
    code, sender, phone = "{code}", facts.mail.sender.email, facts.understanding.asker.phone
    values: dict[str, object] = {
        "what": SPARED,
        "details": [
            f"Hệ thống không gửi thư nào về câu hỏi này vào {sender}",
            f"Xin báo người hỏi qua điện thoại {phone}" if phone else "Thư không ghi số điện thoại của người hỏi",
            "Xin xem lời người hỏi trước khi gọi điện, gửi thư; nội dung cần báo ở các thư “Cần báo người hỏi”",
            facts.understanding.text.own[:MOST_SHOWN],
        ],
        "commands": [{"label": "Vẫn gửi thư vào hộp thư ấy", "text": f"{code} sửa thư điện tử: {sender}"}],
    }
    key = f"mailbox:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=NEW)


def neutral_line(facts: MailFacts) -> tuple[Send, ...]:
    """Tell the sender of a suspected complaint or denunciation that it was received and is being looked at.

    It says nothing of the content or of the suspicion. A sure denouncer gets no mail, since it could reveal the
    denunciation to others; a harsh reply to our mail that does not call itself a denunciation is often none."""
    read, email = facts.understanding, facts.reply_address
    hard = facts.threads and not denounces(plain_words(read.text.own, facts.board.source), facts.board.source)
    if (read.sure and not hard) or read.kind not in GRAVE or "@" not in email:
        return ()
    return (held_notice(facts),)


def held_notice(facts: MailFacts) -> Send:
    """Tell a citizen that the mail has arrived and that somebody looks at it."""
    to, values = citizen(facts.understanding.asker, facts.reply_address), {"received_at": facts.received_at}
    key, replied = f"citizen_held:{facts.raw_mail}", facts.mail.message_id
    return Send(Notice("citizen_held", to, "8.2", key, values, in_reply_to=replied, references=thread(facts)))


def _if_not_ours(facts: MailFacts) -> MailFacts:
    """Treat a question or a complaint in a foreign thread, such as a reply to the portal's news, like any other."""
    alone = facts.understanding.alone
    if alone is None or facts.threads or facts.by_number or facts.tag is not None:
        return facts
    if alone.reply is not None and alone.reply.questions:
        return facts  # it names a number, whether the register knows that or not
    kinds = {Kind.QUESTION, Kind.OUT_OF_SCOPE, Kind.COMPLAINT}
    return replace(facts, understanding=alone) if alone.kind in kinds else facts


IN_A_FILE = "Thư hầu như không có chữ, nội dung có thể nằm trong tệp hệ thống không đọc được ({}): xin mở tệp xem"


def _letter_in_file(facts: MailFacts) -> str:
    read = facts.understanding
    text = without_requester(read.text.own, read.asker)
    return "" if read.sure else letter_in_file(facts.mail, text, facts.board.source)


def _why_held(facts: MailFacts) -> str:
    if facts.understanding.two_readings:
        return WHY
    before = kept_before(facts)
    match facts.understanding.kind:
        case Kind.COMPLAINT if before is not None:
            return f"Người gửi thư số {before.id} ({city_moment(before.received_at)}) viết tiếp: xin xem cùng thư ấy"
        case Kind.COMPLAINT if names := _letter_in_file(facts):
            return f"{IN_A_FILE.format(names)}, là câu hỏi hay đơn khiếu nại"
        case Kind.COMPLAINT:
            return "Có dấu hiệu là đơn khiếu nại: cần cán bộ xác nhận"
        case Kind.REPLY | Kind.FOLLOW_UP:
            return _why_no_ones(facts)
        case Kind.UNREADABLE:
            return "Thư hỏng, không đọc được nội dung"
        case _:
            return "Hệ thống chưa chắc đây là loại thư gì"


def _acts_on_number(facts: MailFacts) -> list[dict[str, str]]:
    """Orders about a citizen's mail with the number of a question that is not his, or not in the register; one says
    what to do, and nothing of the question. [] for any other mail."""
    if facts.person is not None or facts.sender_unit or facts.understanding.kind not in {Kind.REPLY, Kind.FOLLOW_UP}:
        return []
    text, board = f"{facts.mail.subject}\n{facts.understanding.text.own}", facts.board
    if not facts.by_number and not register_numbers(text, board.prefix):
        return []
    told = _IN_ITS_MAILBOX if facts.by_number else _NOT_THERE
    units = forward_acts(board, [one.unit for one in facts.understanding.route.candidates], "")[:1]
    return [IS_QUESTION, *units, ELSEWHERE, {**TOLD, "text": f"{TOLD['text']}{told}"}, NO_QUESTION]


IS_QUESTION = {"label": "Đăng ký là câu hỏi", "text": "Đăng ký"}
ELSEWHERE = {"label": "Chuyển đơn vị khác", "text": "chuyển "}
TOLD = {
    "label": "Trả lời người viết",
    "text": "Chuyển cho người hỏi: xin gửi lại toàn bộ câu hỏi, ghi họ tên, địa chỉ, ",
}
_NOT_THERE = "số điện thoại, vì số nêu trong thư không có trong sổ"
_IN_ITS_MAILBOX = "số điện thoại, hoặc viết từ hộp thư đã gửi câu hỏi mang số ấy"


def _denunciation(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Sealed: nothing leaves except that it was received (clause 1.2; Law on Denunciation 2018).

    Only the officer named for such mail is told.
    """
    before = kept_before(facts)
    notice = Notice(
        "officer_denunciation",
        person_recipient(facts.board.named_for(facts.mail, facts.understanding)),
        "1.2",
        f"officer_denunciation:{facts.raw_mail}",
        {
            "mail_number": facts.raw_mail,
            "received_at": facts.received_at,
            "suspected": not facts.understanding.sure,
            "after": before.id if before is not None else 0,
            "danger": danger_in(facts.understanding.text.own, facts.board.source) is Danger.PERSON,
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
    names = [unit_name(facts.board, one.unit) for one in wanted_items(facts) if one.unit]
    hidden = HIDDEN if hides_from_unit(facts.understanding.text.own, facts.board.source, names) else ""
    if why := "; ".join(filter(None, (_why_review(facts), hidden))):
        return register_for_review(facts, now, why)
    if options.missing_data == "ask_then_drop" and facts.understanding.asker.missing:
        return register_and_ask(facts, now)
    held_until = session_elsewhere(facts, [one.unit for one in wanted_items(facts)], now)
    if held_until is not None:
        return register_until_the_end(facts, held_until, now)
    return register_and_forward(facts, now, wanted_items(facts))


HIDDEN = (
    "Người viết đề nghị không cho đơn vị biết mình là ai; khi chuyển, đơn vị nhận nguyên văn thư, họ tên, địa chỉ, "
    "điện thoại: nên hỏi lại người viết trước"
)


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
    if facts.mail.minimal or facts.mail.cut:
        why = "Thư hỏng, chỉ đọc được một phần" if facts.mail.minimal else "Thư quá dài, chỉ đọc được phần đầu"
        return f"{why}: cần cán bộ xem bản gốc"
    if read.decision is not Decision.FORWARD:
        names = _letter_in_file(facts)
        unsure = f"Hệ thống chưa đủ chắc chắn về đơn vị trả lời{_of_each(facts)}"
        return IN_A_FILE.format(names) if names else unsure
    lacking = [one.unit for one in wanted_items(facts) if one.unit not in facts.board.contacts]
    if announces_more(facts.mail.subject, read.text.own, facts.board.source):
        return "Người viết báo thư còn phần tiếp theo: nên chờ phần ấy rồi hãy chuyển"
    if lacking:
        return f"Chưa khai báo địa chỉ thư điện tử công vụ của đơn vị {', '.join(lacking)}"
    return ""


def _of_each(facts: MailFacts) -> str:
    """What is understood of each numbered question of a letter; "" for a letter that is one question."""
    items = facts.understanding.route.items
    said = (f"câu {one.number}: {unit_name(facts.board, one.unit) if one.unit else 'chưa rõ'}" for one in items)
    return f"; thư có {len(items)} câu hỏi ({'; '.join(said)})" if items else ""


def _why_no_ones(facts: MailFacts) -> str:
    """Why a mail with a number, or that looks like a reply, belongs to no question."""
    named = [facts.questions[one] for one in facts.by_number if one in facts.questions]
    if not named or facts.sender_unit:
        return "Thư có dạng trả lời nhưng không khớp với câu hỏi nào trong sổ"
    codes = ", ".join(question.code for question in named)
    if any(question.email.lower() == facts.mail.sender.email.lower() for question in named):
        return f"Thư nêu câu hỏi {codes}, ghi địa chỉ của người hỏi nhưng máy chủ thư chưa xác nhận người gửi"
    return (
        f"Thư nêu câu hỏi {codes} nhưng không gửi từ địa chỉ của người hỏi câu ấy: xin xem có phải câu hỏi mới không"
    )
