"""Where mails to an asker go; nowhere, when none is wanted there: an officer then tells what they would have said."""

from __future__ import annotations

from dataclasses import replace

from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.requester.secrecy import spares_mailbox

SPARED = "Người hỏi đề nghị không trả lời vào hộp thư đã gửi câu hỏi"
"""How the register's last column notes it: officers tell its asker what a mail would have said."""


def mailbox_of(question: QuestionFacts) -> str:
    """Where mails about a question go; "" where its asker has no address, or wants no mail there (any more)."""
    return "" if SPARED in question.notes else question.email


def refuses_mail(facts: MailFacts) -> bool:
    """True for a mail whose writer wants none of ours in the mailbox that it comes from."""
    return spares_mailbox(facts.understanding.text.own, facts.board.source, threaded=bool(facts.threads))


def reply_address(facts: MailFacts) -> str:
    """The address to write to: From; "" where no mail is wanted there. Reply-To may name a third party: ignored."""
    email = facts.mail.sender.email
    spared = (question.email.lower() for question in facts.questions.values() if SPARED in question.notes)
    return "" if email.lower() in spared or refuses_mail(facts) else email


def without_mailbox(facts: MailFacts, question: QuestionFacts) -> MailFacts:
    """The same, with the question noted as one whose asker wants no more mail in the mailbox that it came from."""
    noted = replace(question, notes="\n".join(filter(None, (question.notes, SPARED))))
    repeats = noted if facts.repeats is not None and facts.repeats.id == question.id else facts.repeats
    return replace(facts, questions={**facts.questions, question.id: noted}, repeats=repeats)
