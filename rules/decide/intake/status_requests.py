"""Requests by mail about one's own question: its state, and the personal data kept.

The reply goes only to the address that the question came from, so that a forged From learns nothing; it is
rate-limited (``db.outbox.kept_back``). A request about personal data becomes a duty of the officers, with its
legal time limit.

A citizen who asks for the state without a number gets the state of all questions from the same address.

A sender who has no question, or who also asks for anything else, is treated as usual
(``rules.understand.citizen_requests``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from rules.decide.base.actions import Action, AmendQuestion, Finish, Note, OpenDuty, Send
from rules.decide.base.command_result import OPEN
from rules.decide.base.facts import MOST_TOLD, MailFacts, QuestionFacts
from rules.decide.base.manual_work import hold
from rules.decide.base.notices import STATUS_NAMES, thread, to_citizen, to_people, unit_name
from rules.decide.intake.follow_ups import OVER, completed_data, decide_follow_up, is_follow_up, own_question
from rules.decide.intake.new_question import decide_arrival, register_for_review
from rules.law.deadlines import question_due
from rules.law.working_days import due_instant
from rules.text import squash, strip_marks
from rules.understand.citizen_requests import asks_for_state, asks_for_state_too, says_more_than_state
from rules.values.model import CountedDate, Fate, Kind, Notice, Recipient
from rules.values.register_number import register_numbers
from rules.values.states import Folder, MailStatus

LONGEST = 60
"""A mail that asks for a state has at most this many words; a longer one also says something else for a person."""
LONGEST_WISH = 150
"""The same for a request about data, which people write as a letter; its time limit must not be missed."""
SHORT = 25
"""A mail's own text of at most this many words is only the request; a longer one is also a follow-up."""
_THING = r"(?:cua |ve |xu l[yi] |giai quyet |tra loi |cau hoi |ho so |don |phan anh |kien nghi |thu |so |ma )*"
_STATUS = re.compile(
    r"\btra ?cuu\b"
    rf"|\b(?:tinh trang|tinh hinh|trang thai|tien do|ket qua) {_THING}"
    r"(?:cua (?:toi|em|chau|minh)\b|nay\b|xu l[yi]\b|giai quyet\b|tra loi\b)"
    r"|\b(?:tinh trang|trang thai|tien do|ket qua)(?: cau hoi)?\W*$|\bxem (?:ket qua|cau hoi)\b"
    r"|\b(?:den|toi) dau roi\b|\b(?:xu l[yi]|giai quyet|tra loi) (?:den|toi) dau\b"
    r"|\b(?:bao gio|khi nao|ngay nao|bao lau)\b.{0,20}\b(?:tra loi|ket qua|phan hoi)\b"
    r"|\bchua (?:duoc|co|nhan duoc|thay)\b.{0,15}\b(?:tra loi|ket qua|phan hoi)\b"
    r"|\b(?:da|co|duoc)\b.{0,25}\b(?:tra loi|ket qua|phan hoi|giai quyet)\b.{0,25}\bchua\b"
)
"""Words that ask about the question itself, unlike "tình trạng ổ gà", which is about the road."""
_DATA = r"(?:du lieu|thong tin)"
_OWN = rf"(?:{_DATA}|ho (?:va )?ten|ten (?:cua )?(?:toi|em|chau|minh)|dia chi|so nha|(?:so )?dien thoai|sdt)"
_ERASE = re.compile(
    rf"\b(?:xoa|huy|huy bo|go bo)\b.{{0,30}}\b{_DATA}\b|\brut lai\b.{{0,20}}\b{_DATA}\b"
    rf"|\bxoa\b.{{0,15}}\b{_OWN}\b"
)
_CORRECT = re.compile(
    rf"\b(?:sua|dinh chinh|cai chinh)\b.{{0,30}}\b{_DATA}\b|\b(?:sua|dinh chinh|cai chinh)(?: lai)? {_OWN}\b"
)
_SHOW = re.compile(
    rf"\b(?:xem|cung cap|ban sao|sao chep)\b.{{0,30}}\b{_DATA} ca nhan\b"
    rf"|\b(?:luu|giu)\b.{{0,20}}\b{_DATA} gi ve toi\b"
)
_RESTRICT = re.compile(rf"\bhan che\b.{{0,30}}\b{_DATA}\b")
REQUESTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (_ERASE, "data_deleted", "xóa dữ liệu cá nhân"),
    (_RESTRICT, "data_restricted", "hạn chế xử lý dữ liệu cá nhân"),
    (_CORRECT, "data_shown_or_corrected", "chỉnh sửa dữ liệu cá nhân"),
    (_SHOW, "data_shown_or_corrected", "cung cấp dữ liệu cá nhân"),
)
"""Phrase, the profile's rule that counts the days, and its name."""
_NAMED = re.compile(r"\b(?:cong khai|dang(?! ky)|neu|de lo)\b[^.;!?]{0,25}?\b(?:ho (?:va )?ten|ten|danh tinh)\b")
_YES = re.compile(r"\b(?:dong y|cho phep|nhat tri|chap thuan|bang long)\b")
_NO = re.compile(
    r"\b(?:khong|chua|rut|tu choi|phan doi|huy (?:bo )?(?:su |viec )?(?:dong y|cho)"
    r"|dung (?:cong|dang|neu|de|cho|co))\b"
)
"""Not "Dũng" or "Huy", who may consent."""
_NO_NAME = re.compile(r"\brut lai (?:su |viec )?dong y\b|\b(?:giau|an) (?:ho )?ten\b|\ban danh\b")
_SHORT_NO = re.compile(r"\b(?:ko|k|hok|khg|kg|kh)\b")
_DENOUNCES = re.compile(r"\bto (?:cao|giac)\b")
"""Without this word, a short text that without diacritics looks like a request about one's own data is one."""
_CLAUSES = re.compile(r"[.,;!?]")


@cache
def _of_number(prefix: str) -> re.Pattern[str]:
    """True for a mail that is only a register number, or has "tình trạng" or the like directly before one."""
    own = re.escape(prefix.lower())
    return re.compile(
        rf"\A\W*{own}[\W_]*20\d\d[\W_]*\d+\W*\Z"
        rf"|\b(?:tinh trang|tinh hinh|trang thai|tien do|ket qua) {_THING}{own}\b"
    )


def is_lookup(facts: MailFacts) -> bool:
    """True for a short mail with a register number that asks for its state, or is about the personal data kept."""
    if facts.person is not None or facts.sender_unit or _named(facts) is None:
        return False
    kind, said = facts.understanding.kind, _said(facts)
    if kind is Kind.DENUNCIATION and (_DENOUNCES.search(said) or len(said.split()) > SHORT):
        return False  # no part of it may reach the officers' alert (clause 1.2)
    if _wish(said) is not None:
        return len(said.split()) <= LONGEST_WISH
    asks = _STATUS.search(said) or _of_number(facts.board.prefix).search(said)
    return kind not in {Kind.COMPLAINT, Kind.DENUNCIATION} and len(said.split()) <= LONGEST and bool(asks)


def wishes_data(facts: MailFacts) -> bool:
    """True for a mail that requests something about the data kept, or says whether the name may be published."""
    return _wish(_said(facts)) is not None


def _said(facts: MailFacts) -> str:
    """The person's own words without diacritics; with the subject, unless it is our mail's."""
    subject = "" if facts.threads or facts.tag is not None else facts.mail.subject
    said = " ".join(strip_marks(squash(f"{subject}\n{facts.understanding.text.own}")).split())
    return _SHORT_NO.sub("khong", said)


def _wish(said: str) -> str | None:
    """The rule for a request about data, "consent" for the name, None for neither."""
    rule = next((rule for pattern, rule, _ in REQUESTS if pattern.search(said)), None)
    return "consent" if _agreed(said) is not None else rule


def _agreed(said: str) -> bool | None:
    """Whether the name may be published; None when the text does not say. Any "no" near it is a no (11.4)."""
    if _NO_NAME.search(said):
        return False
    agreed = None
    for found in _NAMED.finditer(said):
        clause = _CLAUSES.split(said[: found.end()].removesuffix(found.group()))[-1] + found.group()
        if _NO.search(clause):
            agreed = False
        elif _YES.search(clause):
            agreed = True
    return agreed


def _named(facts: MailFacts) -> QuestionFacts | None:
    """The question that the mail itself names; quotations do not count."""
    if not facts.questions:
        return None
    numbers = register_numbers(f"{facts.mail.subject}\n{facts.understanding.text.own}", facts.board.prefix)
    named = next((one for one in facts.questions.values() if one.code in numbers), None)
    if named is None and facts.threads and _wish(_said(facts)) is not None:
        return own_question(facts)  # "Không đồng ý công khai tên", in reply to our mail about the question
    return named


def decide_lookup(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Only the requester's own address gets a reply; a stranger's mail is noted and not answered."""
    question = _named(facts)
    if question is None or question.email.lower() != facts.mail.sender.email.lower():
        return (_finish(facts, Fate.IGNORE, "Hỏi về câu hỏi của người khác: không trả lời", None),)
    said = _said(facts)
    wish = _wish(said)
    if wish is not None and own_question(facts) != question:  # anyone can write a From
        return hold(facts, now, "Yêu cầu về dữ liệu cá nhân chưa xác thực được người gửi")
    if wish == "consent":
        done = _consent(facts, question, said)
    elif wish is not None:
        return _request(facts, question, said, wish, now)
    else:
        told = to_citizen("citizen_status", question, "8.2", status_values(facts, question), key=str(facts.raw_mail))
        done = (told, _finish(facts, Fate.ATTACH, f"Người hỏi tra cứu câu hỏi {question.code}", question.id))
    if _says_more(facts, question) or (wish is None and _speaks_of_the_matter(facts, question)):
        return (*done[:-1], *decide_follow_up(facts, now))
    return done


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
    return says_more_than_state(facts.understanding.text.own, facts.board.source)


def status_values(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    """The question's state in the words of a letter, without anything that the requester may not know."""
    waiting = [one for one in question.assignments if one.is_open]
    return {
        "state": STATUS_NAMES[question.status],
        "units": [{"name": unit_name(facts.board, one.unit)} for one in waiting],
        "due": max((one.due for one in waiting), key=lambda due: due.on, default=None),
        "missing": question.missing,
        "link": question.link,
    }


def _request(facts: MailFacts, question: QuestionFacts, said: str, rule: str, now: datetime) -> tuple[Action, ...]:
    """Acknowledge at once and open a duty of the officers; a person decides whether to grant the request."""
    due = _due(facts, rule, now)
    name = next(name for pattern, wanted, name in REQUESTS if wanted == rule and pattern.search(said))
    duty = OpenDuty(
        key=f"privacy:{facts.raw_mail}",
        kind="privacy",
        clause=due.clause,
        due=due,
        due_at=due_instant(due.on),
        next_at=due_instant(facts.board.law.calendar.previous_working_day(due.on)),
        question=question.id,
    )
    values: Mapping[str, object] = {
        "what": f"Người hỏi yêu cầu {name}",
        "details": [f"Câu hỏi {question.code}", f"Hạn xử lý: {due.on:%d/%m/%Y}", facts.understanding.text.own[:1000]],
        "commands": [],
    }
    told = to_citizen(
        "citizen_data_request", question, due.clause, {"what": name, "due": due}, key=str(facts.raw_mail)
    )
    alerts = to_people(
        "officer_alert",
        facts.board.officers,
        due.clause,
        values,
        key=f"privacy:{facts.raw_mail}",
        question=question.id,
    )
    noted = Note("data_request", f"Yêu cầu {name}", due.clause, question.id)
    return (duty, noted, told, *alerts, _finish(facts, Fate.ATTACH, f"Yêu cầu {name}", question.id))


def _due(facts: MailFacts, rule: str, now: datetime) -> CountedDate:
    law = facts.board.law
    return question_due(rule, law.today(now), law.profile, law.calendar)


def _consent(facts: MailFacts, question: QuestionFacts, said: str) -> tuple[Action, ...]:
    """Record whether the name may be published with the answer; the latest word counts."""
    agreed = bool(_agreed(said))
    why = "Người hỏi đồng ý công khai họ tên" if agreed else "Người hỏi không đồng ý công khai họ tên"
    amend = AmendQuestion(question.id, {"name_consent": agreed}, "consent", why)
    told = to_citizen("citizen_consent", question, "11.4", {"agreed": agreed}, key=str(facts.raw_mail))
    return amend, told, _finish(facts, Fate.ATTACH, why, question.id)


def _finish(facts: MailFacts, fate: Fate, why: str, question: int | None) -> Finish:
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, fate, Kind.FOLLOW_UP, Folder.OTHER, why, question=question, trace=trace)


UNKNOWN = "Hỏi tình trạng câu hỏi, nhưng không có câu hỏi nào gần đây từ địa chỉ thư này"


def is_status_request(facts: MailFacts) -> bool:
    """True for a citizen's mail that only asks this, in a question's thread or from an address with questions."""
    if facts.person is not None or facts.sender_unit:
        return False
    if facts.understanding.kind in {Kind.COMPLAINT, Kind.DENUNCIATION}:
        return False
    if not asks_for_state(facts.mail, facts.understanding, threaded=bool(facts.threads), source=facts.board.source):
        return False
    question = own_question(facts)
    if question is not None:
        return not completed_data(question, facts)
    return not any(sent.question_id for sent in facts.threads)


def asks_state_too(facts: MailFacts) -> bool:
    """True when the requester says something about an open question, and also asks for its state in a clause."""
    question = own_question(facts)
    if question is None or question.status in OVER or not is_follow_up(facts):
        return False
    return asks_for_state_too(facts.mail, facts.understanding, facts.board.source)


def decide_state_too(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Tell the state, and treat the rest as a follow-up, so that neither is lost."""
    question = own_question(facts)
    if question is None:
        return ()
    values = status_values(facts, question)
    told = to_citizen("citizen_status", question, "8.2", values, key=str(facts.raw_mail))
    return told, *decide_follow_up(facts, now)


def decide_status_request(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Reply with the thread's question, or all the sender's open and recently ended ones (8.2); if there are none, a
    person looks, as no unit can answer it."""
    question = own_question(facts)
    key = str(facts.raw_mail)
    if question is None and not facts.own_questions:
        asked = facts.understanding.kind is Kind.QUESTION
        return register_for_review(facts, now, UNKNOWN) if asked else decide_arrival(facts, now)
    if question is not None:
        told = to_citizen("citizen_status", question, "8.2", status_values(facts, question), key=key)
        return told, _finish_request(facts, question)
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
    return Send(notice), _finish_request(facts, shown[0])


def _state(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    return {"code": question.code, "received_at": question.received_at, **status_values(facts, question)}


def _finish_request(facts: MailFacts, question: QuestionFacts) -> Finish:
    why = "Người hỏi tra cứu, không ghi số câu hỏi"
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.OTHER, why, question=question.id, trace=trace)
