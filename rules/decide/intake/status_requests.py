"""Requests by mail about one's own question: its state, or with its number the data kept (``for_the_office``).

The reply goes only to the address that the question came from, so that a forged From learns nothing; it is
rate-limited (``db.outbox.kept_back``).

Anger at the delay is answered, or shown to officers too.

A citizen who asks for the state without a number gets the state of all questions from the same address.

A sender who has no question, or who also asks for anything else, is treated as usual
(``rules.understand.citizen_requests``, which reads what these mails say).
"""

from __future__ import annotations

from datetime import date, datetime

from rules.decide.base.actions import Action, Finish, Send
from rules.decide.base.command_result import OPEN
from rules.decide.base.fact_parts import PUT_ASIDE
from rules.decide.base.facts import MOST_TOLD, MailFacts, QuestionFacts
from rules.decide.base.manual_work import hold
from rules.decide.base.notices import promised, thread, to_citizen, to_people, unit_name
from rules.decide.base.publication import state_told
from rules.decide.intake.follow_ups import (
    OVER,
    answers_asked,
    completed_by_letter,
    completed_data,
    decide_follow_up,
    is_follow_up,
    own_question,
    sounds,
)
from rules.decide.intake.for_the_office import (
    decide_consent,
    decide_data_request,
    for_the_office,
    said_of,
    wishes_data,
)
from rules.decide.intake.known_mails import is_own_peoples, unanswered
from rules.decide.intake.new_question import decide_arrival
from rules.decide.intake.registering import register_for_review
from rules.decide.intake.untrusted_mails import told_writer
from rules.law.working_days import short_date
from rules.requester.secrecy import secrecy_in, stays_unknown, withdraws_processing
from rules.understand.citizen_replies import shares_matter
from rules.understand.citizen_requests import (
    asks_for_state,
    asks_for_state_by_number,
    asks_for_state_of,
    asks_for_state_too,
    complains_of_delay,
    data_request,
    denounces,
    name_consent,
    says_more_than_state,
)
from rules.understand.citizen_sound import STATUS_TOO, SURE, Sound, is_angry
from rules.understand.understand import without_requester
from rules.values.model import Fate, Kind, Notice, Recipient
from rules.values.register_number import register_numbers
from rules.values.states import GRAVE, Folder, MailStatus

LONGEST = 60
"""A mail that asks for a state has at most this many words; a longer one also says something else for a person."""
LONGEST_WISH = 150
"""The same for a request about data, which people write as a letter; its time limit must not be missed."""
SHORT = 25
"""A mail's own text of at most this many words is only the request; a longer one is also a follow-up."""


def is_lookup(facts: MailFacts) -> bool:
    """True for a short mail with a register number that asks for its state, or is about the personal data kept."""
    if facts.person is not None or facts.sender_unit or _named(facts) is None:
        return False
    kind, text, source = facts.understanding.kind, said_of(facts), facts.board.source
    grave, read = kind is Kind.DENUNCIATION, facts.understanding
    if grave and (denounces(text, source) or (len(text.split()) > SHORT and not read.secret_alone)):
        return False  # no part of it may reach the officers' alert (clause 1.2)
    if kind in GRAVE and not read.secret_alone and (secrecy_in(text, source) or (grave and read.sure)):
        return False
    if wishes_data(facts):
        return len(text.split()) <= LONGEST_WISH
    if kind in GRAVE or len(text.split()) > LONGEST:
        return False
    return asks_for_state_of(text, source) or asks_for_state_by_number(facts.mail, facts.understanding, source)


def _mentioned(facts: MailFacts) -> list[QuestionFacts]:
    """The questions that the mail itself names, the writer's own first; quotations do not count."""
    own, writer = f"{facts.mail.subject}\n{facts.understanding.text.own}", facts.mail.sender.email.lower()
    numbers = register_numbers(own, facts.board.prefix) if facts.questions else ()
    named = (question for question in facts.questions.values() if question.code in numbers)
    return sorted(named, key=lambda question: question.email.lower() != writer)


def _named(facts: MailFacts) -> QuestionFacts | None:
    """The question that a mail with a number is about."""
    named = next(iter(_mentioned(facts)), None)
    wished = named is None and facts.threads and wishes_data(facts)  # "Không đồng ý công khai tên", in our thread
    return own_question(facts) if wished else named


def decide_lookup(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Only the requester's own address is told the state; a stranger is told this rule and nothing of the case."""
    question = _named(facts)
    if question is None or question.email.lower() != facts.mail.sender.email.lower():
        if says_more_than_state(facts.understanding.text.own, facts.board.source):
            return decide_arrival(facts, now)
        aside = _finish(facts, Fate.IGNORE, PUT_ASIDE[Kind.FOLLOW_UP], None)
        return (*told_writer(facts, of_another=True), aside)
    text, source = said_of(facts), facts.board.source
    agreed, wanted = name_consent(text, source), data_request(text, source)
    wishes = agreed is not None or wanted is not None
    if wishes and own_question(facts) != question:  # anyone can write a From
        return hold(facts, now, "Yêu cầu về dữ liệu cá nhân chưa xác thực được người gửi")
    if not wishes:
        why, key = f"Người hỏi tra cứu câu hỏi {question.code}", str(facts.raw_mail)
        questions = [one for one in _mentioned(facts) if one.email.lower() == question.email.lower()]
        notices = [to_citizen("citizen_status", one, "8.2", status_values(facts, one), key=key) for one in questions]
        done: tuple[Action, ...] = (*notices, *_complained(facts, *questions))
    else:
        done, why = data_wishes(facts, question, now)
    finish = _finish(facts, Fate.ATTACH, why, question.id)
    if agreed is False and stays_unknown(text, source):
        return (*done, *completed_by_letter(facts, question, now), finish)  # the unit gets none of it
    only_data = agreed is None and wanted is not None and not wanted.beside
    if only_data or not (_says_more(facts, question) or (not wishes and _speaks_of_the_matter(facts, question))):
        return (*done, finish)
    return (*done, *decide_follow_up(facts, now, told=True))


def data_wishes(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[tuple[Action, ...], str]:
    """What is done about a mail that :func:`wishes_data`; with it in words for the register."""
    text, source = said_of(facts), facts.board.source
    agreed, wanted = name_consent(text, source), data_request(text, source)
    done: tuple[Action, ...] = ()
    why = ""
    if agreed is not None:
        done, why = decide_consent(facts, question, text, agreed=agreed)
    if wanted is not None:
        request, why = decide_data_request(facts, question, wanted, now)
        done = (*(unanswered(done) if withdraws_processing(text, source) else done), *request)  # with one letter
    return done, why


def _says_more(facts: MailFacts, question: QuestionFacts) -> bool:
    """True when the requester also adds to the question, or completes it, which must be processed as well."""
    if own_question(facts) != question:
        return False
    long = len(facts.understanding.text.own.split()) > SHORT
    return long or bool(completed_data(question, facts))


def _speaks_of_the_matter(facts: MailFacts, question: QuestionFacts) -> bool:
    """True when the mail also says something about an open question, which the unit must get."""
    if own_question(facts) != question or question.status in OVER:
        return False
    if answers_asked(facts, question) and not asks_for_state_by_number(
        facts.mail, facts.understanding, facts.board.source
    ):
        return True
    return says_more_than_state(facts.understanding.text.own, facts.board.source)


def status_values(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    """The question's state in the words of a letter, without anything that the requester may not know."""
    waiting = [assignment for assignment in question.assignments if assignment.is_open]
    return {
        "state": state_told(facts, question),
        "units": [{"name": unit_name(facts.board, assignment.unit)} for assignment in waiting],
        "due": max((assignment.due for assignment in waiting), key=lambda due: due.on, default=None),
        "late": is_late(facts, question),
        "until": max((day for one in waiting if not one.came_back and (day := promised(one))), default=None),
        "missing": question.missing,
        "link": question.link,
    }


def is_late(facts: MailFacts, question: QuestionFacts) -> bool:
    """True when a unit owes its answer beyond the due day."""
    today = facts.board.law.today(facts.received_at)
    return any(assignment.due.on < today for assignment in question.open_leads)


def _complained(facts: MailFacts, *questions: QuestionFacts) -> tuple[Action, ...]:
    """Officers read of a requester who does not only ask, but complains of a late answer (16.2); once a day each."""
    board, day = facts.board, facts.board.law.today(facts.received_at)
    if not complains_of_delay(facts.understanding.text.own, board.source):
        return ()
    sends: list[Action] = []
    for question in questions:
        if not is_late(facts, question):
            continue
        text = " ".join(facts.understanding.text.own.split())[:1000]
        values = {
            "what": f"Người hỏi phản ánh câu hỏi {question.code} đã quá hạn mà chưa được trả lời",
            "details": [f"Đang chờ: {', '.join(unit_name(board, each.unit) for each in question.open_leads)}", text],
            "commands": [
                {"label": "Nhắc đơn vị", "text": f"{question.code} nhắc đơn vị"},
                {"label": "Tình trạng", "text": f"Tình trạng {question.code}"},
            ],
        }
        key = f"complained:{question.id}:{day}"
        sends += to_people("officer_alert", board.officers, "16.2", values, key=key, question=question.id)
    return tuple(sends)


KIND_OF_WORD = "lời của người hỏi về việc trả lời chậm"
MATTER = 0.5
"""From this share on, words that sound like an addition count as one and go to the unit."""


def is_word_of_delay(facts: MailFacts) -> bool:
    """True for a requester's short mail about a late answer that tells nothing of the matter: anger, a threat, or
    that he waits; before the due day only for plain anger. The unit would read it as an addition."""
    question, own = own_question(facts), facts.understanding.text.own
    if question is None or question.status in OVER or not is_follow_up(facts) or len(own.split()) > LONGEST:
        return False
    if any(not file.inline for file in facts.mail.attachments) or not own.strip():
        return False
    if answers_asked(facts, question) or completed_data(question, facts) or wishes_data(facts):
        return False
    likely = sounds(facts, question)
    told = max(likely.get(one, 0.0) for one in (Sound.FOLLOW_UP, Sound.NEW, Sound.DATA))
    asked = without_requester(f"{question.subject}\n{question.content}", question.asker)
    angry = is_angry(likely, told) or is_late(facts, question)
    return bool(likely) and angry and told < MATTER and not shares_matter(own, asked, facts.board.source)


def decide_word_of_delay(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Tell the requester the state, and the officers what he says (16.2); one who only waits is not shown to them."""
    question = own_question(facts)
    if question is None:
        return ()
    values, key = status_values(facts, question), str(facts.raw_mail)
    known = any(sent.name == "citizen_status" for sent in facts.threads[:1])  # else a machine would be told for ever
    told = () if known else (to_citizen("citizen_status", question, "8.2", values, key=key),)
    waits, late = sounds(facts, question).get(Sound.THANKS, 0.0) >= MATTER, is_late(facts, question)
    if waits or (late and complains_of_delay(facts.understanding.text.own, facts.board.source)):
        return (*told, *_complained(facts, question), _finish_request(facts, question))
    due = "" if late else " (chưa quá hạn)"
    why = f"Người hỏi viết về việc trả lời chậm, câu {question.code}{due}; người hỏi đã được báo tình trạng câu hỏi"
    acts = acts_on_delay(question.code)
    return (*told, *for_the_office(facts, question, now, why, KIND_OF_WORD, acts, "16.2", told=True))


def acts_on_delay(code: str) -> list[dict[str, str]]:
    """The prepared replies to such a mail."""
    return [
        {"label": "Nhắc đơn vị", "text": f"{code} nhắc đơn vị"},
        {"label": "Chuyển ý kiến cho đơn vị", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]


def _finish(facts: MailFacts, fate: Fate, why: str, question: int | None) -> Finish:
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, fate, Kind.FOLLOW_UP, Folder.OTHER, why, question=question, trace=trace)


UNKNOWN = "Hỏi tình trạng câu hỏi, nhưng không có câu hỏi nào gần đây từ địa chỉ thư này"


def is_status_request(facts: MailFacts) -> bool:
    """True for a citizen's mail that only asks this, in a question's thread or from an address with questions."""
    if facts.person is not None or facts.sender_unit:
        return False
    if facts.understanding.kind in GRAVE:
        return False
    question = own_question(facts)
    asks = asks_for_state(facts.mail, facts.understanding, threaded=bool(facts.threads), source=facts.board.source)
    if not asks and (question is None or not _sounds_so(facts, question)):
        return False
    if question is not None:
        return not completed_data(question, facts)
    return not any(sent.question_id for sent in facts.threads)


def _sounds_so(facts: MailFacts, question: QuestionFacts) -> bool:
    """Whether it sounds so and holds nothing that the unit must read; behind the answer, an officer reads it."""
    sure = sounds(facts, question).get(Sound.STATUS, 0.0) >= SURE[Sound.STATUS]
    open_ = question.status not in OVER and not answers_asked(facts, question)
    return sure and open_ and not _speaks_of_the_matter(facts, question)


def asks_state_too(facts: MailFacts) -> bool:
    """True when the requester says something about an open question, and also asks for its state in a clause."""
    question = own_question(facts)
    if question is None or question.status in OVER or not is_follow_up(facts):
        return False
    asks = asks_for_state_too(facts.mail, facts.understanding, facts.board.source)
    if asks or answers_asked(facts, question):
        return asks
    return sounds(facts, question).get(Sound.STATUS, 0.0) >= STATUS_TOO


def decide_state_too(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Tell the state, and treat the rest as a follow-up, so that neither is lost."""
    question = own_question(facts)
    if question is None:
        return ()
    values = status_values(facts, question)
    notice = to_citizen("citizen_status", question, "8.2", values, key=str(facts.raw_mail))
    return notice, *_complained(facts, question), *decide_follow_up(facts, now, told=True)


def decide_status_request(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Reply with the thread's question, or all the sender's open and recently ended ones (8.2); if there are none, a
    person looks, as no unit can answer it."""
    question = own_question(facts)
    key = str(facts.raw_mail)
    if question is None and not facts.own_questions:
        asked = facts.understanding.kind is Kind.QUESTION and not is_own_peoples(facts)
        return register_for_review(facts, now, UNKNOWN) if asked else decide_arrival(facts, now)
    if question is not None:
        told = to_citizen("citizen_status", question, "8.2", status_values(facts, question), key=key)
        return told, *_complained(facts, question), _finish_request(facts, question)
    waiting = [one for one in facts.own_questions if one.status in OPEN]
    ended = [one for one in facts.own_questions if one.status not in OPEN]
    shown = (*waiting[:MOST_TOLD], *ended[:MOST_TOLD])
    more = MOST_TOLD if max(len(waiting), len(ended)) > MOST_TOLD else 0
    notice = Notice(
        "citizen_states",
        Recipient(shown[0].email, "", "citizen"),
        "8.2",
        f"citizen_states:{key}",
        {"states": [_state(facts, one) for one in shown], "more": more},
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return Send(notice), *_complained(facts, *waiting[:MOST_TOLD]), _finish_request(facts, shown[0])


def _state(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    values = status_values(facts, question)
    until = values["until"]
    if values["late"]:
        asked = f", đã yêu cầu trả lời chậm nhất {short_date(until)}" if isinstance(until, date) else ""
        values["state"] = f"{values['state']}; đã quá hạn{asked}; xin lỗi về sự chậm trễ này"
    told = {"code": question.code, "received_at": question.received_at, "field": question.field}
    return {**told, "asker_kind": question.asker.kind.value, **values}


def _finish_request(facts: MailFacts, question: QuestionFacts) -> Finish:
    why = "Người hỏi tra cứu, không ghi số câu hỏi"
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.OTHER, why, question=question.id, trace=trace)
