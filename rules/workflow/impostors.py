"""An act without proof is held; the person in whose name it came is told at the listed address, and how to confirm.

Nothing of the mail is repeated: it may be a forger's, and our mail would carry his words under our name.
"""

from __future__ import annotations

from rules.actions import Send
from rules.facts import MailFacts, QuestionFacts
from rules.model import Notice
from rules.workflow.notices import person_recipient, unit_name, unit_recipient

UNLISTED = "thư đến từ một địa chỉ không có trong danh sách của đơn vị"


def tell_person(facts: MailFacts, what: str) -> tuple[Send, ...]:
    """To the officer or Head whose address stands in From; to nobody when it is nobody's on the list."""
    if facts.person is None:
        return ()
    values = {
        "what": what,
        "reason": f"thư {facts.unproven}",
        "received_at": facts.received_at,
        "mail_number": facts.raw_mail,
    }
    return (Send(Notice("officer_held", person_recipient(facts.person), "", _key(facts), values)),)


def tell_unit(facts: MailFacts, unit: str, question: QuestionFacts | None, reason: str = "") -> tuple[Send, ...]:
    """To the unit's official address (10.1.e), about the question that the mail claims to answer."""
    contact = facts.house.contacts.get(unit)
    if contact is None:
        return ()
    values = {
        "what": f"một thư trả lời câu hỏi {question.code}" if question else "một thư trả lời",
        "reason": reason or f"thư {facts.unproven}",
        "received_at": facts.received_at,
        "mail_number": facts.raw_mail,
        "unit": {"code": unit, "name": unit_name(facts.house, unit)},
    }
    notice = Notice("unit_held", unit_recipient(contact, facts.house), "10.1.e", _key(facts), values)
    return (Send(notice, question.id if question else None),)


def _key(facts: MailFacts) -> str:
    return f"held:{facts.raw_mail}"
