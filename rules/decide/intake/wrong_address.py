"""A mail that answers one of our mails from an address we did not write to: context alone makes it no question."""

from __future__ import annotations

import re
from datetime import datetime

from rules.decide.base.actions import Action, Send
from rules.decide.base.facts import MailFacts
from rules.decide.base.manual_review import hold
from rules.values.model import Kind, Notice, Recipient

NOTICE = "citizen_wrong_address"
_TAG = r"[roba]\.[0-9a-z]{1,32}\.[0-9a-f]{20}"


def is_wrong_address(facts: MailFacts) -> bool:
    """True for a mail in a thread of ours, or to one of our signed addresses, of somebody whom we did not write to.

    What must be kept apart (a denunciation) or may be a right of its own (a complaint) is read as what it is.
    """
    if facts.sender_unit or facts.person or facts.understanding.kind in {Kind.DENUNCIATION, Kind.COMPLAINT}:
        return False
    sender = facts.mail.sender.email.lower()
    if facts.threads:
        return all(sent.recipient.lower() != sender for sent in facts.threads)
    return facts.tag is None and _to_a_signed_address(facts)


def _to_a_signed_address(facts: MailFacts) -> bool:
    local, _, domain = facts.house.mailbox.lower().rpartition("@")
    signed = re.compile(rf"{re.escape(local)}[^\w@]{_TAG}@{re.escape(domain)}")
    return any(signed.fullmatch(one.email.lower()) for one in (*facts.mail.to, *facts.mail.cc))


def decide_wrong_address(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer sees it; the writer hears from where it must come, where our server vouches for the address."""
    why = "Thư trả lời một thư của hệ thống, nhưng từ địa chỉ không phải của người nhận thư đó"
    return (*_told(facts), *hold(facts, now, why))


def _told(facts: MailFacts) -> tuple[Send, ...]:
    if not facts.authenticated or len(facts.mail.senders) != 1:
        return ()
    sender = facts.mail.sender
    values = {"received_at": facts.received_at}
    recipient = Recipient(sender.email, sender.name, "citizen")
    key = f"{NOTICE}:{facts.raw_mail}"
    own = (facts.mail.message_id,) if facts.mail.message_id else ()
    return (Send(Notice(NOTICE, recipient, "", key, values, in_reply_to=facts.mail.message_id, references=own)),)
