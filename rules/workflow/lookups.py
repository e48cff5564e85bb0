"""What a person may ask about a question of their own by mail: where it stands, and what is kept about them.

The answer goes to the address that the question came from and to no other, so a forged From learns nothing; it is
capped (``db.floods``). A request about personal data becomes a duty of the officers with its legal clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from rules.actions import Action, AmendQuestion, Finish, Folder, MailStatus, Note, OpenDuty
from rules.calendar import due_instant
from rules.deadlines import question_due
from rules.facts import MailFacts, QuestionFacts
from rules.model import CountedDate, Fate, Kind
from rules.register_number import register_numbers
from rules.text import squash, strip_marks
from rules.workflow.followups import own_question
from rules.workflow.notices import STATUS_NAMES, to_citizen, to_people, unit_name
from rules.workflow.review import hold

LONGEST = 60
"""Words of a mail that only asks; a longer one says something else too, and a person reads it."""
_STATUS = re.compile(r"\b(tra cuu|tinh trang|trang thai|tien do|xem ket qua)\b")
_ERASE = re.compile(r"\b(xoa|huy bo|go bo)\b.{0,30}\b(du lieu|thong tin)\b|\brut lai\b.{0,20}\b(du lieu|thong tin)\b")
_CORRECT = re.compile(r"\b(sua|chinh sua|dinh chinh|cai chinh)\b.{0,30}\b(du lieu|thong tin)\b")
_SHOW = re.compile(r"\b(xem|cung cap|ban sao)\b.{0,30}\bdu lieu ca nhan\b")
_RESTRICT = re.compile(r"\bhan che\b.{0,30}\bdu lieu\b")
_CONSENT = re.compile(r"\b(khong )?dong y\b.{0,30}\b(cong khai|dang|neu)\b.{0,20}\b(ho ten|ten)\b")
REQUESTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (_ERASE, "data_deleted", "xóa dữ liệu cá nhân"),
    (_RESTRICT, "data_restricted", "hạn chế xử lý dữ liệu cá nhân"),
    (_CORRECT, "data_shown_or_corrected", "chỉnh sửa dữ liệu cá nhân"),
    (_SHOW, "data_shown_or_corrected", "cung cấp dữ liệu cá nhân"),
)
"""Phrase, the profile's rule that counts its days, and its name."""


def is_lookup(facts: MailFacts) -> bool:
    """A short mail that names a register number and asks for its state, or speaks of the data that is kept."""
    if facts.person is not None or facts.sender_unit or _named(facts) is None:
        return False
    said = _said(facts)
    return len(said.split()) <= LONGEST and (bool(_STATUS.search(said)) or _wish(said) is not None)


def _said(facts: MailFacts) -> str:
    return " ".join(strip_marks(squash(f"{facts.mail.subject}\n{facts.understanding.text.own}")).split())


def _wish(said: str) -> str | None:
    """The rule of the request about data, "consent" for the name's, None for neither."""
    rule = next((rule for pattern, rule, _ in REQUESTS if pattern.search(said)), None)
    return rule or ("consent" if _CONSENT.search(said) else None)


def _named(facts: MailFacts) -> QuestionFacts | None:
    """The question that the mail itself names; what is quoted does not count."""
    numbers = register_numbers(f"{facts.mail.subject}\n{facts.understanding.text.own}")
    return next((one for one in facts.questions.values() if one.code in numbers), None)


def decide_lookup(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Only the asker's own address is told anything; a stranger's mail is noted and not answered."""
    question = _named(facts)
    if question is None or question.email.lower() != facts.mail.sender.email.lower():
        return (_finish(facts, Fate.IGNORE, "Hỏi về câu hỏi của người khác: không trả lời", None),)
    said = _said(facts)
    wish = _wish(said)
    if wish is not None and own_question(facts) != question:  # From is anybody's word
        return hold(facts, now, "Yêu cầu về dữ liệu cá nhân chưa xác thực được người gửi")
    if wish == "consent":
        return _consent(facts, question, said)
    if wish is not None:
        return _request(facts, question, said, wish, now)
    told = to_citizen("citizen_status", question, "8.2", status_values(facts, question), key=str(facts.raw_mail))
    return told, _finish(facts, Fate.ATTACH, f"Người hỏi tra cứu câu hỏi {question.code}", question.id)


def status_values(facts: MailFacts, question: QuestionFacts) -> dict[str, object]:
    """Where the question stands, in the words of a letter; nothing that the asker has not sent or may not know."""
    waiting = [one for one in question.assignments if one.is_open]
    return {
        "state": STATUS_NAMES[question.status],
        "units": [{"name": unit_name(facts.house, one.unit)} for one in waiting],
        "due": max((one.due for one in waiting), key=lambda due: due.on, default=None),
        "missing": question.missing,
        "link": question.link,
    }


def _request(facts: MailFacts, question: QuestionFacts, said: str, rule: str, now: datetime) -> tuple[Action, ...]:
    """Acknowledged at once, recorded as a duty of the officers; whether it is granted is a person's decision."""
    due = _due(facts, rule, now)
    name = next(name for pattern, wanted, name in REQUESTS if wanted == rule and pattern.search(said))
    duty = OpenDuty(
        key=f"privacy:{facts.raw_mail}",
        kind="privacy",
        clause=due.clause,
        due=due,
        due_at=due_instant(due.on),
        next_at=due_instant(facts.house.law.calendar.previous_working_day(due.on)),
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
        facts.house.officers,
        due.clause,
        values,
        key=f"privacy:{facts.raw_mail}",
        question=question.id,
    )
    noted = Note("data_request", f"Yêu cầu {name}", due.clause, question.id)
    return (duty, noted, told, *alerts, _finish(facts, Fate.ATTACH, f"Yêu cầu {name}", question.id))


def _due(facts: MailFacts, rule: str, now: datetime) -> CountedDate:
    law = facts.house.law
    return question_due(rule, law.today(now), law.profile, law.calendar)


def _consent(facts: MailFacts, question: QuestionFacts, said: str) -> tuple[Action, ...]:
    """Whether the name may be published with the answer; the last word counts."""
    match = _CONSENT.search(said)
    agreed = match is not None and not match[1]
    why = "Người hỏi đồng ý công khai họ tên" if agreed else "Người hỏi không đồng ý công khai họ tên"
    amend = AmendQuestion(question.id, {"name_consent": agreed}, "consent", why)
    told = to_citizen("citizen_consent", question, "11.4", {"agreed": agreed}, key=str(facts.raw_mail))
    return amend, told, _finish(facts, Fate.ATTACH, why, question.id)


def _finish(facts: MailFacts, fate: Fate, why: str, question: int | None) -> Finish:
    trace = facts.understanding.trace
    return Finish(MailStatus.DONE, fate, Kind.FOLLOW_UP, Folder.OTHER, why, question=question, trace=trace)
