"""A new letter that wants something of the Board itself and asks no unit: a journalist's request, that data be shown,
a name taken off the Portal, the hour of a session, another authority's letter, a new mail address; or that asks after
an earlier letter, corrects it or goes on with it.

An officer answers it, or adds it to the question; its writer is told that it was received.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.decide.base.actions import NEW, Action, AmendQuestion, Finish, Register
from rules.decide.base.command_result import OPEN
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.notices import to_people
from rules.decide.intake.follow_ups import completed_by_letter, own_question
from rules.decide.intake.for_the_office import (
    corrections,
    data_due,
    decide_data_request,
    for_the_office,
    said_of,
    when_and_where,
    without_dates,
)
from rules.decide.intake.known_mails import is_own_peoples
from rules.decide.intake.new_question import held_notice
from rules.decide.intake.question_addresses import CALL_FIRST, found_by
from rules.decide.intake.registering import register_for_review
from rules.decide.intake.status_requests import decide_status_request
from rules.law.working_days import short_date
from rules.reply.unit_names import unit_names
from rules.requester.completion import places_in
from rules.requester.contact_data import mail_addresses
from rules.text import squash
from rules.text.dates import until_date
from rules.understand.citizen_replies import shares_matter
from rules.understand.citizen_requests import data_request
from rules.understand.citizen_sound import (
    DOWN,
    OF_BODY,
    OF_DATA,
    OF_MAILBOX,
    OF_MOVE,
    OF_PRESS,
    OF_SESSION,
    answered_by,
    asks_beside_session,
    attends_session,
    wish_to_board,
)
from rules.understand.danger import danger_in
from rules.understand.earlier_letters import (
    asks_after_earlier,
    continues_letter,
    corrects_letter,
    is_piece,
    is_still_so,
)
from rules.understand.understand import without_requester
from rules.values.model import Fate, Kind
from rules.values.states import GRAVE, Folder, MailStatus, Purpose, QuestionStatus

OF_ADDRESS = {OF_MAILBOX, OF_MOVE}
"""What is told of a new mail address (:func:`is_mailbox_notice`)."""
AFTER = "Thư chỉ hỏi về một câu hỏi gửi trước, có thể từ địa chỉ khác: xin xem trước khi chuyển đơn vị"


def is_for_the_board(facts: MailFacts) -> bool:
    """True for a new letter from anybody that wants something of the Board itself and asks no unit."""
    if not _is_new_letter(facts) or facts.understanding.kind is Kind.DENUNCIATION:
        return False
    text, source = squash(_said_to_board(facts)), facts.board.source
    name, key = wish_to_board(text, source)
    demands = key in {OF_DATA, DOWN}  # which sounds like a complaint
    if not name or key in OF_ADDRESS or (facts.understanding.kind in GRAVE and not demands):
        return False
    named = unit_names(facts.board.units, source).find(text, bare=False)
    if key in {OF_SESSION, OF_PRESS, OF_BODY}:
        return key != OF_SESSION or not _asks_a_unit_too(facts)
    return all(text[: mention.start].rstrip().endswith(answered_by(source)) for mention in named)


def _asks_a_unit_too(facts: MailFacts) -> bool:
    """True for who wants to attend a session and asks a unit's matter beside: both are heard (8.2)."""
    read, source = facts.understanding, facts.board.source
    own = without_requester(read.text.own, read.asker)
    return read.kind is Kind.QUESTION and bool(read.route.field) and asks_beside_session(own, source)


def attending_beside(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """Tell the officers of who, beside his question, wants to attend a session: no unit sees to that."""
    read, known = facts.understanding, facts.person is not None or facts.sender_unit
    if known or read.kind in GRAVE or read.automatic.kind or not attends_session(read.text.own, facts.board.source):
        return ()
    new, old = any(isinstance(one, Register) for one in decided), own_question(facts)
    held = any(isinstance(one, Finish) and one.status is not MailStatus.DONE for one in decided)
    added = old is not None and any(isinstance(one, AmendQuestion) for one in decided)
    if not new and (held or not added):
        return ()  # who reads the mail sees it, or nobody has to
    code = "{code}" if new or old is None else old.code
    phone = read.asker.phone or (old.asker.phone if old else "")
    values: dict[str, object] = {
        "what": "Người hỏi còn muốn dự, phát biểu tại phiên đối thoại; câu hỏi vẫn được xử lý như thường",
        "details": [
            f"Xin trả lời riêng người viết ({facts.mail.sender.email}{f', {phone}' if phone else ''})",
            when_and_where(facts).removeprefix("; "),
            read.text.own[:1000],
        ],
        "commands": [
            {"label": "Ghi vào sổ là đã báo", "text": f"{code} ghi chú: đã trả lời người hỏi về việc dự phiên"}
        ],
    }
    about = NEW if new or old is None else old.id
    key = f"attends:{facts.raw_mail}"
    seen = to_people("officer_alert", facts.board.officers, "8.2", values, key=key, question=about)
    return seen if new or not facts.reply_address else (*seen, held_notice(facts))


def is_mailbox_notice(facts: MailFacts) -> bool:
    """True for a letter, a unit's own too, that tells the new address of a body or of its writer, neither asking nor
    answering anything."""
    known = facts.person is not None or facts.threads or facts.by_number or facts.tag is not None
    text = "" if known or facts.understanding.kind in GRAVE else _said_to_board(facts)
    key = wish_to_board(text, facts.board.source)[1] if "?" not in text else ""
    own = key == OF_MOVE and not facts.understanding.route.field and not is_own_peoples(facts)
    return key == OF_MAILBOX or own


def _is_new_letter(facts: MailFacts) -> bool:
    """True for a mail that names no question and answers none of our mails, and that is not of our own people."""
    known = facts.person is not None or facts.sender_unit or facts.threads or facts.by_number or facts.tag is not None
    return not known and not is_own_peoples(facts)


def decide_for_the_board(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer answers it himself, or takes an answer off the Portal (8.3, 10.2); its writer hears that it came."""
    name, key = wish_to_board(_said_to_board(facts), facts.board.source)
    if key == OF_DATA and (done := _data_of_asker(facts, now)):
        return done
    mine = [question.code for question in facts.own_questions if question.status is QuestionStatus.PUBLISHED]
    down = [
        {"label": f"Gỡ khỏi Cổng câu {code}", "text": f"{code} gỡ đăng vì người hỏi yêu cầu"} for code in mine
    ] or [{"label": "Gỡ khỏi Cổng, ghi số câu hỏi", "text": f"{facts.board.prefix}-… gỡ đăng vì "}]
    words = [{"label": "Trả lời người viết", "text": "Chuyển cho người hỏi: "}]
    acts = [
        *(down if key == DOWN else _moves(facts, key) if key in OF_ADDRESS else words),
        {"label": "Đã xem, không phải chuyển", "text": "Không phải câu hỏi"},
        {"label": "Là câu hỏi, đăng ký", "text": "Đăng ký"},
    ]
    why = f"Thư gửi chính Ban Biên tập: {name}{_to_know(facts, key, now)}"
    dates = when_and_where(facts) if key == OF_SESSION else ""
    held = without_dates(for_the_office(facts, None, now, why, name, acts), dates)
    return found_by(Purpose.NEW_ADDRESS, held) if key == OF_MOVE else held


def _data_of_asker(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """The duty that such a wish opens in a question's thread, where the writer is surely who asked it; () otherwise:
    a mailbox may be shared, and an officer finds out what is kept of its writer."""
    wanted, name = data_request(said_of(facts), facts.board.source), facts.understanding.asker.name.casefold()
    mine = facts.own_questions if facts.authenticated else ()
    if wanted is None or len({one.asker.name.casefold() for one in mine}) != 1:
        return ()
    if name and name != mine[0].asker.name.casefold():
        return ()
    done, why = decide_data_request(facts, mine[0], wanted, now)
    trace, about = facts.understanding.trace, mine[0].id
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.OTHER, why, question=about, trace=trace)
    return (*done, finish)


def _moves(facts: MailFacts, key: str) -> list[dict[str, str]]:
    """The orders that give the sender's open questions the address that he tells. Of a person also where his question
    is not known, as he may write from the new one; what he tells then may be the old one."""
    own, sender = facts.understanding.text.own, facts.mail.sender.email.lower()
    mine = (
        [question.code for question in facts.own_questions if question.status in OPEN] if facts.authenticated else []
    )
    told = [one for one in mail_addresses(own) if one not in {sender, facts.board.mailbox.lower()}]
    codes = mine or ([f"{facts.board.prefix}-…"] if key == OF_MOVE else [])
    return [
        {"label": f"Sửa địa chỉ thư điện tử, câu {one}: {new or '…'}", "text": f"{one} sửa thư điện tử: {new}"}
        for one in codes
        for new in (told[:1] or [""] if mine else [*told[:1], sender])
    ]


def _to_know(facts: MailFacts, key: str, now: datetime) -> str:
    """What the officer needs for the answer to such a wish, behind the reason."""
    if key == OF_SESSION:
        return when_and_where(facts)
    if key == OF_DATA:
        return _by_when(facts, now)
    if key == OF_MAILBOX:
        check = "xin gọi đơn vị theo số đã biết để kiểm tra, rồi báo quản trị đổi địa chỉ"
        return f"; {check}; câu hỏi bị trả lại thì gửi lại"
    if key == OF_MOVE:
        return "" if facts.authenticated and facts.own_questions else f"; {CALL_FIRST}"
    return _day_named(facts) if key in {OF_BODY, OF_PRESS} else ""


def _by_when(facts: MailFacts, now: datetime) -> str:
    """Until when a request about data that names no question has to be answered, for the officer who does it."""
    wanted = data_request(said_of(facts), facts.board.source)
    until = short_date(data_due(facts, wanted.rule if wanted else "data_shown_or_corrected", now).on)
    return f"; xin tra sổ theo tên, địa chỉ và tự trả lời người viết chậm nhất {until}"


def _day_named(facts: MailFacts) -> str:
    """The day ahead that another authority's letter or a journalist's names, which is often its own time limit."""
    today = facts.board.law.today(facts.received_at)
    day = until_date(facts.understanding.text.own, today)
    return f"; thư nêu ngày {short_date(day)}, xin xem có phải hạn trả lời" if day and day >= today else ""


def _said_to_board(facts: MailFacts) -> str:
    """Subject and own words of a new letter, without its signature."""
    read = facts.understanding
    return f"{facts.mail.subject}\n{without_requester(read.text.own, read.asker)}"


def is_asked_after(facts: MailFacts) -> bool:
    """True for a new letter that only asks what became of one before; no unit can tell."""
    read = facts.understanding
    if not _is_new_letter(facts) or read.kind is not Kind.QUESTION:
        return False
    return asks_after_earlier(without_requester(read.text.own, read.asker), facts.board.source)


def decide_asked_after(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Tell the state of the sender's own questions, where one is of this matter; else an officer finds the question
    that is meant (8.2)."""
    text, source = _said_to_board(facts), facts.board.source
    if any(
        shares_matter(text, f"{question.subject}\n{question.content}", source) for question in facts.own_questions
    ):
        return decide_status_request(facts, now)
    return register_for_review(facts, now, AFTER)


KIND_OF_CORRECTION = "thư đính chính câu hỏi đã gửi"


def is_correction(facts: MailFacts) -> bool:
    """True for a new short mail whose writer, surely the asker of an open question, corrects what he wrote."""
    mine = _is_new_of_an_asker(facts) and bool(_corrected(facts))
    return mine and corrects_letter(facts.understanding.text.own, facts.board.source)


def _is_new_of_an_asker(facts: MailFacts) -> bool:
    """True for a citizen's mail, surely from its sender, that names no question and stands in no thread."""
    known = facts.person is not None or facts.sender_unit or facts.threads or facts.by_number or facts.tag is not None
    if known or not facts.authenticated or facts.understanding.kind in GRAVE:
        return False
    return own_question(facts) is None


def _corrected(facts: MailFacts) -> tuple[QuestionFacts, ...]:
    """The sender's open questions, those first that share words with the mail, then the newest."""
    own, source = facts.understanding.text.own, facts.board.source
    questions = (question for question in facts.own_questions if question.status in OPEN)
    return tuple(
        sorted(
            questions, key=lambda question: not shares_matter(own, f"{question.subject}\n{question.content}", source)
        )
    )


def decide_correction(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the orders that add it to the likely question or correct the register; its writer hears so."""
    questions, source = _corrected(facts)[:MOST_ASKED], facts.board.source
    first, one = questions[0], len(questions) == 1
    why = f"Người hỏi viết thư mới, có vẻ đính chính câu hỏi đã gửi ({', '.join(each.code for each in questions)})"
    wanted = data_request(said_of(facts), source)
    names = ["" if one else f" (câu {each.code})" for each in questions]
    acts = [
        *(corrections(facts, first, wanted) if wanted is not None else ()),
        *(
            {"label": f"Chuyển ý kiến cho đơn vị{name}", "text": f"{question.code} chuyển ý kiến cho đơn vị"}
            for name, question in zip(names, questions, strict=True)
        ),
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    return for_the_office(facts, first, now, why, KIND_OF_CORRECTION, acts)


KIND_OF_PART = "phần tiếp theo của một thư đã gửi"
PARTS_WITHIN, PIECES_WITHIN = timedelta(hours=1), timedelta(minutes=15)
"""Letters in several mails are sent one after the other; those of a telephone, a sentence each, within minutes."""


def is_next_part(facts: MailFacts) -> bool:
    """True for a new mail that calls itself a later part of a letter, or is a piece of one, whose sender has asked
    just before."""
    return _is_new_of_an_asker(facts) and bool(_first_parts(facts))


def _first_parts(facts: MailFacts) -> tuple[QuestionFacts, ...]:
    """The sender's open questions with which this mail goes on."""
    mail, read, source = facts.mail, facts.understanding, facts.board.source
    still = [question for question in _corrected(facts) if _is_still_so(facts, question)]
    if still:
        return () if danger_in(read.text.own, source) else tuple(still)
    since = facts.received_at - PARTS_WITHIN
    questions = tuple(question for question in _corrected(facts) if question.received_at >= since)
    if not questions or continues_letter(mail.subject, read.text.own, source):
        return questions
    lately = tuple(question for question in questions if question.received_at >= facts.received_at - PIECES_WITHIN)
    if not read.asker.missing or danger_in(read.text.own, source):
        return ()
    return lately if is_piece(mail.subject, read.text.own, {question.subject for question in lately}, source) else ()


def _is_still_so(facts: MailFacts, question: QuestionFacts) -> bool:
    """True where the mail says that this question's matter is still so, and speaks of no other matter or place."""
    own, source = facts.understanding.text.own, facts.board.source
    if not is_still_so(facts.mail.subject, own, {question.subject}, source):
        return False
    read = facts.understanding.alone or facts.understanding
    text = without_requester(own, read.asker)
    asked = without_requester(f"{question.subject}\n{question.content}", question.asker)
    named, known = places_in(text, source), places_in(f"{asked}\n{question.asker.address}", source)
    if named and known and named.isdisjoint(known):
        return False
    fields = {read.route.field, question.field} - {""}
    return len(fields) < 2 or shares_matter(text, asked, source)


def decide_next_part(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the order that adds it to the letter's first part, whose missing data it completes at once."""
    found = _first_parts(facts)[:MOST_ASKED]
    said = continues_letter(facts.mail.subject, facts.understanding.text.own, facts.board.source)
    soon = found[0].received_at >= facts.received_at - PARTS_WITHIN
    short = "Thư ngắn gửi ngay sau, có vẻ là một phần" if soon else "Thư cùng tiêu đề, có vẻ nói tiếp về việc"
    what = "Có vẻ là phần tiếp theo của thư" if said else f"{short} của câu hỏi"
    why = f"{what} đã vào sổ ({', '.join(one.code for one in found)})"
    acts = [
        *({"label": f"Ghép vào câu {one.code}", "text": f"{one.code} chuyển ý kiến cho đơn vị"} for one in found),
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    completed = completed_by_letter(facts, found[0], now) if len(found) == 1 else ()
    return (*completed, *for_the_office(facts, found[0], now, why, KIND_OF_PART, acts))
