"""A citizen asks how it stands and gives no number: answered with the questions of the address that asks.

What is told goes to the address that the questions came from, so a forged From learns nothing; it is capped
(``db.floods``). Whoever never asked, or asks for anything else too, goes the usual way (``rules.wishes``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.actions import Action, Finish, Folder, MailStatus, Send
from rules.facts import MailFacts, QuestionFacts
from rules.model import Fate, Kind, Notice, Recipient
from rules.wishes import asks_for_state
from rules.workflow.arrival import decide_arrival, register_for_review, thread
from rules.workflow.followups import completed_data, own_question
from rules.workflow.lookups import status_values
from rules.workflow.notices import to_citizen
from rules.workflow.rulings import OPEN

UNKNOWN = "Hỏi tình trạng câu hỏi, nhưng không có câu hỏi nào gần đây từ địa chỉ thư này"
MOST_TOLD = 5
"""Open questions, and questions that ended lately, told in one answer."""
TOLD_AFTER_END = timedelta(days=30)


def is_status_request(facts: MailFacts) -> bool:
    """A citizen's mail that says nothing but that, in the thread of a question or from an address that has some."""
    if facts.person is not None or facts.sender_unit:
        return False
    if facts.understanding.kind in {Kind.COMPLAINT, Kind.DENUNCIATION}:
        return False
    if not asks_for_state(facts.mail, facts.understanding, threaded=bool(facts.threads), source=facts.house.source):
        return False
    question = own_question(facts)
    if question is not None:
        return not completed_data(question, facts.understanding.asker)
    return not any(sent.question_id for sent in facts.threads)


def decide_status_request(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """The thread's question, or all of the sender's that are open or ended lately (8.2); where there is none, a
    person looks: no unit can answer it."""
    question = own_question(facts)
    key = str(facts.raw_mail)
    if question is None and not facts.own_questions:
        asked = facts.understanding.kind is Kind.QUESTION
        return register_for_review(facts, now, UNKNOWN) if asked else decide_arrival(facts, now)
    if question is not None:
        told = to_citizen("citizen_status", question, "8.2", status_values(facts, question), key=key)
        return told, _finish(facts, question)
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
    return Send(notice), _finish(facts, shown[0])


def _state(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    return {"code": question.code, "received_at": question.received_at, **status_values(facts, question)}


def _finish(facts: MailFacts, question: QuestionFacts) -> Finish:
    why = "Người hỏi tra cứu, không ghi số câu hỏi"
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.OTHER, why, question=question.id, trace=trace)
