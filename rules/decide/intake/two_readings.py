"""A mail whose plain text and HTML differ: people see another text than the program reads.

It is neither obeyed nor passed on as an answer. An officer gets both texts; its writer is told that it waits.
"""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, Send
from rules.decide.base.facts import MailFacts
from rules.decide.base.manual_review import hold, hold_unit_mail, notify_unit
from rules.decide.base.notices import person_recipient, reply_address
from rules.decide.intake.new_question import decide_arrival, held_notice
from rules.message.two_readings import WHY
from rules.values.model import Kind, Notice

ASK = "phần văn bản thường và phần HTML của thư có nội dung khác nhau; xin soạn thư mới và gửi lại"


def has_two_readings(facts: MailFacts) -> bool:
    """True for a mail whose two texts do not say the same."""
    return facts.understanding.two_readings


def decide_two_readings(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Register or seal what starts something new, to be looked at first; hold anything else."""
    if facts.understanding.kind in {Kind.DENUNCIATION, Kind.COMPLAINT} or not _is_known(facts):
        return decide_arrival(facts, now)
    if facts.sender_unit:
        return _units(facts, now)
    return (*_told(facts), *hold(facts, now, WHY))


def _is_known(facts: MailFacts) -> bool:
    """True for a mail from someone on the list, from a unit, or in our thread."""
    listed = facts.person is not None or bool(facts.sender_unit)
    return listed or bool(facts.threads or facts.by_number) or facts.tag is not None or facts.approval is not None


def _units(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Ask the unit to write again; the officers get the commands that fit a unit's mail."""
    unit = facts.sender_unit
    owed = (one for one in facts.questions.values() if any(each.unit == unit for each in one.assignments))
    question = next(owed, None)
    told = notify_unit(facts, unit, question, ASK)
    return (*told, *(hold_unit_mail(facts, now, WHY, question, unit) if question else hold(facts, now, WHY)))


def _told(facts: MailFacts) -> tuple[Send, ...]:
    """A notice to the listed person named as sender, else to the citizen."""
    if facts.person is not None:
        values = {
            "what": "một thư",
            "reason": ASK,
            "received_at": facts.received_at,
            "mail_number": facts.raw_mail,
        }
        return (Send(Notice("officer_held", person_recipient(facts.person), "", f"held:{facts.raw_mail}", values)),)
    email = reply_address(facts)
    # Many people know a number, so an address that only claims to be the requester's gets no reply.
    if "@" not in email or not (facts.authenticated or facts.threads):
        return ()
    return (held_notice(facts, email),)
