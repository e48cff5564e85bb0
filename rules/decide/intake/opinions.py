"""The requester's opinion of the answer is counted; an officer reads complaints, thanks alarm nobody."""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Finish
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.manual_review import open_review, review_values
from rules.decide.base.notices import to_citizen, to_people, unit_name
from rules.decide.intake.follow_ups import OVER, answers_unit, own_question
from rules.understand.citizen_opinions import Content, begins_as_asked, opinion_in
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus, QuestionStatus

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
    return said in {Content.THANKS, Content.YES} or (said is Content.NO and question.status in OVER)


def _brings_more(facts: MailFacts, question: QuestionFacts) -> bool:
    """True for a file added to thanks, and for "Vâng ạ" in reply to a unit's question: these matter to the unit."""
    files = any(not one.inline for one in facts.mail.attachments)
    return files or (question.status not in OVER and answers_unit(facts))


def is_asked_opinion(facts: MailFacts) -> bool:
    """True for an opinion in exactly the suggested words, whatever else the mail says ("… bao giờ mới sửa")."""
    return is_opinion(facts) and _as_asked(facts)


def _as_asked(facts: MailFacts) -> bool:
    return begins_as_asked(facts.understanding.text.own, facts.board.source)


def _said(facts: MailFacts, question: QuestionFacts) -> Content:
    return opinion_in(facts.understanding.text.own, facts.board.source, waits=question.status not in OVER)


def decide_opinion(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Thanks are filed; "hài lòng" is counted; "chưa hài lòng" is counted and also goes to the officers."""
    question = own_question(facts)
    if question is None:
        return ()
    said = _said(facts, question)
    if said is Content.NO:
        return _not_content(facts, question, now)
    counted = _counted(question, said) if said is Content.YES and question.status in OVER else ()
    why = f"Người hỏi hài lòng với câu trả lời ({question.code})" if counted else f"Lời cảm ơn ({question.code})"
    trace = facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace)
    return (*counted, finish)


def _counted(question: QuestionFacts, said: Content) -> tuple[Action, ...]:
    """The requester's latest opinion counts."""
    if question.status is QuestionStatus.REJECTED:
        return ()
    why = "Người hỏi hài lòng với câu trả lời" if said is Content.YES else "Người hỏi chưa hài lòng với câu trả lời"
    return (AmendQuestion(question.id, {"content_with_answer": said.value}, COUNTED[said], why),)


def _not_content(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """Hold the mail with the fitting commands, and send the requester a line."""
    board, code = facts.board, question.code
    units = ", ".join(dict.fromkeys(unit_name(board, one.unit) for one in question.answers))
    about = f"câu trả lời của {units}" if units else "kết quả"
    why = f"Người hỏi chưa hài lòng với {about} (câu hỏi {code})"
    passed = [{"label": "Chuyển ý kiến cho đơn vị đã trả lời", "text": f"{code} chuyển ý kiến cho đơn vị"}]
    commands = [
        *(passed if units else ()),
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    values = {**review_values(facts, why), "kind_name": KIND_NAME, "guess": (), "commands": commands}
    key = str(facts.raw_mail)
    seen = to_people(
        "officer_review", board.officers, CLAUSE, values, key=key, question=question.id, about=facts.raw_mail
    )
    told = to_citizen("citizen_opinion", question, CLAUSE, {}, key=key)
    trace = facts.understanding.trace
    finish = Finish(MailStatus.HELD, Fate.HOLD, Kind.FOLLOW_UP, Folder.HELD, why, trace=trace)
    return (*_counted(question, Content.NO), open_review(facts, now, question.id), told, *seen, finish)
