"""What a citizen sends after a complaint or denunciation of his, or about it: it goes where that mail went, to the
officer named for such mail alone (1.2).
"""

from __future__ import annotations

from dataclasses import replace

from rules.decide.base.facts import HeldMailFacts, MailFacts
from rules.requester.secrecy import names_same_person, speaks_of_denunciation, withdraws_denunciation
from rules.understand.citizen_replies import is_courtesy
from rules.understand.citizen_requests import asks_for_state, denounces, plain_words
from rules.understand.earlier_letters import asks_to_withdraw
from rules.understand.understand import Understanding, matter_of, without_requester
from rules.values.model import Decision, Kind

FEW_WORDS = 15
"""A mail of so many words that no unit has to do with, in no question's thread, may be about what came before it."""
ASKING = frozenset({"citizen_asked", "citizen_missing"})
"""Our mails that ask something: what answers them is about that."""


def as_kept_before(facts: MailFacts) -> MailFacts:
    """Take what a citizen sends about a complaint or denunciation of his for one, since it goes the same way; also a
    denunciation taken back (1.2)."""
    read = facts.understanding
    fresh, known = read.alone or read, facts.duplicate_of is not None or facts.own_mail
    if known or facts.person is not None or read.automatic.kind is not None:
        return facts
    before = kept_before(facts)
    kind = before.kept_as if before is not None else Kind.DENUNCIATION
    own = fresh.sure and (fresh.kind is Kind.DENUNCIATION or read.kind is kind)
    silent = facts.sender_unit or not withdraws_denunciation(_said(facts), facts.board.source)
    if own or (before is None and silent):
        return facts
    return replace(facts, understanding=replace(fresh, kind=kind, sure=False, clause="1.2", reply=None, alone=None))


def kept_before(facts: MailFacts) -> HeldMailFacts | None:
    """The complaint or denunciation that a citizen's mail is about: our mail that it answers was about it, or the
    mail has the same sender and no matter of its own. The address need not be proven, as nothing is told."""
    mail, answered = facts.mail, {one.raw_mail_id for one in facts.threads[:1]}
    ids = (*mail.in_reply_to, *(() if facts.threads else mail.references))
    for one in facts.kept:
        if one.id in answered or (one.mail.message_id and one.mail.message_id in ids):
            return one
    if facts.sender_unit:  # a unit's words are its own
        return None
    own = (one for one in facts.kept if one.mail.sender.email.lower() == mail.sender.email.lower())
    return next((one for one in own if one.is_denunciation and _follows(facts, one)), None)


def _said(facts: MailFacts) -> str:
    read = facts.understanding.alone or facts.understanding
    return f"{facts.mail.subject}\n{without_requester(read.text.own, read.asker)}"


def _follows(facts: MailFacts, before: HeldMailFacts) -> bool:
    """True for words about the denunciation or somebody in it; for few words that no unit has to do with, unless they
    stand in the thread of a question where the denunciation does not."""
    read, source, text = facts.understanding.alone or facts.understanding, facts.board.source, _said(facts)
    earlier = before.understanding
    matter = matter_of(before.mail.subject, earlier.text.own, earlier.asker, source)  # without writer and addressee
    names = names_same_person(text, f"{matter.subject}\n{matter.text}", source)
    if names or denounces(plain_words(text, source), source):
        return True
    shared = not {*facts.mail.in_reply_to}.isdisjoint(before.mail.in_reply_to)
    asked = any(mail.name in ASKING for mail in facts.threads[:1]) and not shared
    if asked or read.decision is Decision.FORWARD or read.kind is Kind.COMPLAINT:
        return False
    threaded = any(mail.question_id for mail in facts.threads[:1])
    if speaks_of_denunciation(text, source, threaded=threaded and not shared):
        return True
    own = without_requester(read.text.own, read.asker)
    if len(own.split()) > FEW_WORDS or (threaded and not shared) or is_courtesy(own, source):
        return False
    return not read.route.lead if threaded else _has_no_question(facts, read)


def _has_no_question(facts: MailFacts, read: Understanding) -> bool:
    """True for words that no unit has to do with, or that ask after something or withdraw it, from somebody who names
    no question and has none of which they can speak."""
    source = facts.board.source
    asks = asks_for_state(facts.mail, read, threaded=False, source=source)
    asks = asks or asks_to_withdraw(facts.mail, read, source)
    known = facts.by_number or facts.meant or facts.awaited or (facts.own_questions and asks)
    return not known and (asks or not read.route.lead)
