"""A citizen asks something new in the thread of an old question: it becomes a separate question.

What the mail says about the old question before that is treated as a follow-up. An officer decides if it is unclear
whether something new is asked, or whether the old question's department may be competent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.intake.follow_ups import OVER, completed_data, own_question, pass_on
from rules.decide.intake.new_question import decide_arrival, register_for_review
from rules.decide.intake.status_requests import wishes_data
from rules.understand.citizen_opinions import Content, is_courtesy, opinion_in
from rules.understand.citizen_requests import Begins, before_the_new, begins_new, shares_matter
from rules.understand.understand import Understanding
from rules.values.model import Kind, Requester

ASKED = frozenset({Kind.QUESTION, Kind.OUT_OF_SCOPE})


def is_new_in_thread(facts: MailFacts) -> bool:
    """True when the requester calls something a new question, or moves on to what is surely another unit's."""
    if not facts.threads or facts.person is not None or facts.sender_unit or wishes_data(facts):
        return False
    question, read = own_question(facts), _alone(facts)
    if question is None or read is None or read.kind not in ASKED or completed_data(question, facts):
        return False
    text, source = read.text.own, facts.board.source
    if question.status in OVER and (_of_the_old(facts) or opinion_in(text, source) is Content.NO):
        return False  # an officer reads what is said about an answer
    begins = begins_new(text, source)
    return begins is Begins.SAID or (begins is Begins.PASSED_OVER and _another_matter(facts, question, read))


def _alone(facts: MailFacts) -> Understanding | None:
    """What the mail is by itself."""
    read = facts.understanding
    return read if read.kind in ASKED else read.alone


def _another_matter(facts: MailFacts, question: QuestionFacts, read: Understanding) -> bool:
    """True when another unit is likely to lead and no important word comes from the old question."""
    lead = read.route.lead
    asked = f"{question.subject}\n{question.content}"
    return bool(lead) and lead not in _units(question) and not shares_matter(read.text.own, asked, facts.board.source)


def _units(question: QuestionFacts) -> set[str]:
    return {one.unit for one in question.assignments}


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
    asked = replace(read, asker=_completed(read.asker, question.asker))
    new = replace(facts, understanding=asked, mail=replace(facts.mail, subject=""))  # the subject is our mail's
    said = begins_new(read.text.own, facts.board.source) is Begins.SAID
    if said and read.route.lead not in _units(question):
        return *kept, *decide_arrival(new, now)
    why = f"Người hỏi viết trong thư về câu hỏi {question.code} một câu có vẻ là câu hỏi mới"
    return *kept, *register_for_review(new, now, why)


def _completed(asker: Requester, known: Requester) -> Requester:
    """The requester, with the data of the old question: the mail replies to one that only they received."""
    missing = {key: getattr(known, key) for key in asker.missing if getattr(known, key)}
    if "phone" in missing:
        missing["phone_e164"] = known.phone_e164
    return replace(asker, **missing, kind=known.kind if "name" in missing else asker.kind)
