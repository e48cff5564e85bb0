"""A citizen's reply in the thread of a question: an opinion of the answer, or something new.

The opinion is counted; an officer reads complaints, and thanks disturb nobody.

Something new becomes a separate question; what the mail says about the old one before that, a follow-up. An officer
decides if that is unclear, or whether the old question's department may be competent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Finish, Settle
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.facts import HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.manual_work import guesses, held_fate, open_review, review_values
from rules.decide.base.notices import open_units, to_citizen, to_people, unit_name
from rules.decide.base.publication import has_result
from rules.decide.intake.follow_ups import (
    OVER,
    after_the_end,
    answers_asked,
    completed_asker,
    completed_data,
    own_question,
    pass_on,
    sounds,
)
from rules.decide.intake.for_the_office import decide_consent, for_the_office, said_of, session_ahead, wishes_data
from rules.decide.intake.new_question import decide_arrival, held_notice
from rules.decide.intake.registering import register_for_review
from rules.understand.citizen_replies import (
    MOST_WORDS,
    MOST_WORDS_OF_THANKS,
    Begins,
    Content,
    asks_more,
    before_the_new,
    begins_as_asked,
    begins_new,
    ends_apart,
    is_courtesy,
    opinion_in,
    says_more,
    shares_matter,
)
from rules.understand.citizen_requests import asks_for_state_too, name_consent
from rules.understand.citizen_sound import (
    NEW,
    SURE,
    SURE_OF_ANSWER,
    SURELY_NEW,
    Sound,
    is_of_answer,
    says_wrong_unit,
    sounds_thankful,
    stays_out_of_session,
)
from rules.understand.earlier_letters import asks_to_withdraw
from rules.understand.understand import Understanding, without_requester
from rules.values.model import Decision, Fate, Kind
from rules.values.states import GRAVE, Folder, MailStatus, Purpose, QuestionStatus

CLAUSE = "15.2"
KIND_NAME = "ý kiến của người hỏi về câu trả lời"
COUNTED = {Content.YES: "satisfied", Content.NO: "not_satisfied"}
"""The journal's acts, which the overviews count."""


def is_opinion(facts: MailFacts) -> bool:
    """True for a requester's mail that only says thanks, or says whether the answer is satisfactory."""
    if facts.person is not None or facts.sender_unit or facts.understanding.kind is Kind.DENUNCIATION:
        return False
    question = own_question(facts)
    if question is None:
        return False
    said = _said(facts, question)
    plain = said is Content.THANKS or (said is Content.YES and not _as_asked(facts))
    if plain and _brings_more(facts, question):
        return False
    return said in {Content.THANKS, Content.YES} or (said is Content.NO and has_result(facts, question))


def _brings_more(facts: MailFacts, question: QuestionFacts) -> bool:
    """True for a file or missing data beside thanks, and for "Vâng ạ" in reply to what was asked: these matter."""
    files = any(not file.inline for file in facts.mail.attachments)
    asked = not has_result(facts, question) and answers_asked(facts, question)
    return files or asked or bool(completed_data(question, facts))


def is_asked_opinion(facts: MailFacts) -> bool:
    """True for an opinion in exactly the suggested words, whatever else the mail says ("… bao giờ mới sửa")."""
    return is_opinion(facts) and _as_asked(facts)


def _as_asked(facts: MailFacts) -> bool:
    return begins_as_asked(facts.understanding.text.own, facts.board.source)


def _said(facts: MailFacts, question: QuestionFacts) -> Content:
    """By phrases, unless what they take for thanks does not sound so; where they hear nothing, by the sound."""
    text, source = facts.understanding.text.own, facts.board.source
    likely, over = sounds(facts, question), has_result(facts, question)
    said = opinion_in(text, source, waits=not over)
    if said is not Content.NONE:
        thanks = said is Content.NO or _as_asked(facts) or sounds_thankful(likely, over=over)
        return said if thanks else Content.NONE
    words, sure = len(text.split()), SURE_OF_ANSWER if over else SURE[Sound.THANKS]
    if likely.get(Sound.THANKS, 0.0) >= sure and words <= MOST_WORDS_OF_THANKS and not says_more(text, source):
        return Content.THANKS
    displeased = likely.get(Sound.COMPLAINT, 0.0) >= SURE[Sound.COMPLAINT] and words <= MOST_WORDS
    return Content.NO if displeased and over else Content.NONE


def decide_opinion(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Thanks are filed; "hài lòng" is counted; "chưa hài lòng" is counted and also goes to the officers."""
    question = own_question(facts)
    if question is None:
        return ()
    said = _said(facts, question)
    if said is Content.NO:
        return _not_content(facts, question, now)
    actions = _counted(question, said) if said is Content.YES and has_result(facts, question) else ()
    why = f"Người hỏi hài lòng với câu trả lời ({question.code})" if actions else f"Lời cảm ơn ({question.code})"
    trace = facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace)
    return (*actions, finish)


def _counted(question: QuestionFacts, said: Content) -> tuple[Action, ...]:
    """The requester's latest opinion counts."""
    if question.status is QuestionStatus.REJECTED:
        return ()
    why = "Người hỏi hài lòng với câu trả lời" if said is Content.YES else "Người hỏi chưa hài lòng với câu trả lời"
    return (AmendQuestion(question.id, {"content_with_answer": said.value}, COUNTED[said], why),)


def _not_content(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """Hold the mail with the fitting commands, and send the requester a line."""
    board, code = facts.board, question.code
    units = ", ".join(dict.fromkeys(unit_name(board, answer.unit) for answer in question.answers))
    about = f"câu trả lời của {units}" if units else "kết quả"
    why = f"Người hỏi chưa hài lòng với {about} (câu hỏi {code})"
    commands = after_the_end(code, answered=bool(units))
    values = {**review_values(facts, why), "kind_name": KIND_NAME, "guess": (), "commands": commands}
    key = str(facts.raw_mail)
    seen = to_people(
        "officer_review", board.officers, CLAUSE, values, key=key, question=question.id, about=facts.raw_mail
    )
    notice = to_citizen("citizen_opinion", question, CLAUSE, {"answered": bool(units)}, key=key)
    finish = held_fate(facts, why, Kind.FOLLOW_UP, commands)
    return (*_counted(question, Content.NO), open_review(facts, now, question.id), notice, *seen, finish)


ASKED = frozenset({Kind.QUESTION, Kind.OUT_OF_SCOPE})


def is_new_in_thread(facts: MailFacts) -> bool:
    """True when the requester calls something a new question, or moves on to what is surely another unit's."""
    question, read = own_question(facts), _alone(facts)
    if question is None or read is None or not _is_askers(facts) or read.kind not in ASKED:
        return False
    text, source = without_requester(read.text.own, question.asker), facts.board.source
    ours = is_of_answer(text, source) if question.status in OVER else answers_asked(facts, question)
    begins = begins_new(text, source)
    if completed_data(question, facts) or (ours and begins is not Begins.SAID):
        return False  # who is asked about it answers with a question, and its signer is of the answer
    state = asks_for_state_too(facts.mail, facts.understanding, source) and not asks_more(text, source)
    new = 0.0 if state or says_wrong_unit(text, source) else sounds(facts, question).get(Sound.NEW, 0.0)
    if new >= SURELY_NEW and ends_apart(text, _asked(question), source):
        return True
    if question.status in OVER and (_of_the_old(facts) or opinion_in(text, source) is Content.NO):
        return False  # an officer reads what is said about an answer
    moves_on = begins is Begins.PASSED_OVER or new >= NEW
    return begins is Begins.SAID or (moves_on and _another_matter(facts, question, read))


def _is_askers(facts: MailFacts) -> bool:
    """True for a citizen's mail in a question's thread, or with its number, that is not about personal data."""
    if facts.person is not None or facts.sender_unit or not (facts.threads or facts.by_number or facts.begun):
        return False
    return not wishes_data(facts)


def is_maybe_new(facts: MailFacts) -> bool:
    """True when the asker of an open question asks about another matter, more or surely another unit's."""
    question, read = own_question(facts), _alone(facts)
    if question is None or read is None or not _is_askers(facts) or question.status in OVER:
        return False
    if read.kind not in ASKED or completed_data(question, facts) or answers_asked(facts, question):
        return False
    source, own = facts.board.source, without_requester(read.text.own, question.asker)
    more = asks_more(own, source)
    sure = read.route.decision is Decision.FORWARD
    if more is None or not (more or sure):
        return False
    lead, units = read.route.lead, _units(question)
    of_another = (
        more and bool(lead and units) and lead not in units and (sure or ends_apart(own, _asked(question), source))
    )
    return of_another or _another_matter(facts, question, read)


def decide_maybe_new(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it: an officer says whether it is a question or goes to the unit of the old one; its writer hears so."""
    question = own_question(facts)
    if question is None:
        return ()
    why, acts = f"Thư của người hỏi câu {question.code} hỏi thêm, có vẻ về việc khác", acts_on_more(question.code)
    read = _alone(facts)
    values = {
        **review_values(facts, why),
        "kind_name": KIND_OF_MORE,
        "guess": guesses(replace(facts, understanding=read), facts.board) if read is not None else (),
        "commands": acts,
    }
    key = str(facts.raw_mail)
    seen = to_people(
        "officer_review", facts.board.officers, "8.2", values, key=key, question=question.id, about=facts.raw_mail
    )
    finish = held_fate(facts, why, Kind.FOLLOW_UP, acts)
    return (open_review(facts, now, question.id), held_notice(facts), *seen, finish)


KIND_OF_MORE = "thư hỏi thêm của người hỏi"


def acts_on_more(code: str) -> list[dict[str, str]]:
    """The prepared replies about such a mail."""
    return [
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chuyển ý kiến cho đơn vị đang có câu hỏi", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]


def added_to_question(order: CommandAtHand, question: QuestionFacts, held: HeldMailFacts) -> Outcome:
    """What a held mail says belongs to an open question: it goes to the units that have the question."""
    facts, units = order.facts, open_units(question.assignments)
    mail = replace(
        facts, raw_mail=held.id, mail=held.mail, understanding=held.understanding, received_at=held.received_at
    )
    reached = [unit_name(facts.board, one) for one in units if one in facts.board.contacts]
    names = ", ".join(reached)
    why = f"Đã ghi thêm vào câu hỏi {question.code}{f' và chuyển đến {names}' if names else ''}"
    settle = Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)
    given = {"answered": True, "units": [{"name": one} for one in reached]}
    notice = to_citizen("citizen_completed", question, "10.1.c", given, key=f"{held.id}:added")
    return True, why, (*pass_on(mail, question, ordered=True), notice, settle)


def _alone(facts: MailFacts) -> Understanding | None:
    """What the mail is by itself."""
    read = facts.understanding
    return read if read.kind in ASKED else read.alone


def _another_matter(facts: MailFacts, question: QuestionFacts, read: Understanding) -> bool:
    """True when a unit that does not have the question is likely to lead, and no important word comes from it."""
    lead, units = read.route.lead, _units(question)
    text = without_requester(read.text.own, question.asker)  # who signs alike speaks not of the same matter
    elsewhere = bool(lead and units) and lead not in units
    return elsewhere and not shares_matter(text, _asked(question), facts.board.source)


def _asked(question: QuestionFacts) -> str:
    """The old question without its asker's data: an address is no matter."""
    return without_requester(f"{question.subject}\n{question.content}", question.asker)


def _units(question: QuestionFacts) -> set[str]:
    return {assignment.unit for assignment in question.assignments}


def _of_the_old(facts: MailFacts) -> str:
    """The text before the new question, if it is more than thanks; "" for nothing."""
    source = facts.board.source
    before = before_the_new(facts.understanding.text.own, source)
    return "" if not before or is_courtesy(before, source) else before


def decide_new_in_thread(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Register it with the requester's earlier data (21.1); forward it only if it is surely another unit's."""
    question, read = own_question(facts), _alone(facts)
    if question is None or read is None:
        return ()
    kept: tuple[Action, ...] = ()
    if old := _of_the_old(facts):
        text = replace(facts.understanding.text, own=old)
        kept = pass_on(replace(facts, understanding=replace(facts.understanding, text=text)), question)
    understanding = replace(read, asker=completed_asker(read.asker, question.asker))
    mail = replace(facts.mail, subject="") if facts.threads else facts.mail  # else the subject is our mail's
    new = replace(facts, understanding=understanding, mail=mail)
    said = begins_new(read.text.own, facts.board.source) is Begins.SAID
    if said and read.route.lead not in _units(question):
        return *kept, *decide_arrival(new, now)
    why = f"Người hỏi viết trong thư về câu hỏi {question.code} một câu có vẻ là câu hỏi mới"
    return *kept, *register_for_review(new, now, why)


STAYING_OUT = "lời của người hỏi về phiên đối thoại"


def is_staying_out(facts: MailFacts) -> bool:
    """True for an asker's mail that wants his open question, or one with a kept answer, out of the coming session."""
    question = own_question(facts)
    if question is None or facts.person is not None or facts.sender_unit or facts.understanding.kind in GRAVE:
        return False
    wishes = stays_out_of_session(facts.understanding.text.own, facts.board.source)
    return (wishes or _withdraws_kept(facts, question)) and session_ahead(facts, question) is not None


def _withdraws_kept(facts: MailFacts, question: QuestionFacts) -> bool:
    over, source = has_result(facts, question), facts.board.source
    return question.status in OVER and not over and asks_to_withdraw(facts.mail, facts.understanding, source=source)


def decide_staying_out(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer decides on it, so that no script reads it out as an addition; a wish about the name counts."""
    question, text = own_question(facts), said_of(facts)
    session = session_ahead(facts, question) if question is not None else None
    if question is None or session is None:
        return ()
    agreed, kept = name_consent(text, facts.board.source), _withdraws_kept(facts, question)
    named = decide_consent(facts, question, text, agreed=agreed)[0] if agreed is not None else ()
    why = f"Người hỏi không muốn đưa câu hỏi {question.code} ra phiên {session.code}"
    if kept:
        why = f"Người hỏi xin rút câu hỏi {question.code}; câu trả lời đang giữ cho phiên {session.code}, chưa gửi"
    acts = [
        *([{"label": "Cho rút, không gửi câu trả lời", "text": f"{question.code} cho rút câu hỏi"}] if kept else ()),
        {"label": "Để ngoài phiên, trả lời riêng", "text": f"Để {question.code} ngoài phiên"},
        {"label": "Chuyển lời này cho đơn vị", "text": f"{question.code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, câu hỏi vẫn ở phiên", "text": "Không phải câu hỏi"},
    ]
    *before, finish = for_the_office(facts, question, now, why, STAYING_OUT, acts, "9.1")
    if isinstance(finish, Finish):
        finish = replace(finish, purpose=Purpose.LEAVES_SESSION, about=question.id)
    return (*named, *before, finish)
