"""What a citizen sends after a complaint or denunciation of his, or about it: it goes where that mail went, to the
officer named for such mail alone (1.2). And what only sounds like one in an officer's own words: a session's topic.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rules.decide.base.facts import HeldMailFacts, MailFacts
from rules.message.reply_text import forwarded_mail
from rules.requester.secrecy import names_same_person, speaks_of_denunciation, withdraws_denunciation
from rules.text.patterns import one_of_words, plainly, spelt_out
from rules.understand.citizen_replies import is_courtesy
from rules.understand.citizen_requests import asks_for_state, denounces, plain_words
from rules.understand.earlier_letters import asks_to_withdraw
from rules.understand.understand import Understanding, matter_of, without_requester
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Decision, Kind

FEW_WORDS = 15
"""A mail of so many words that no unit has to do with, in no question's thread, may be about what came before it."""
ASKING = frozenset({"citizen_asked", "citizen_missing"})
"""Our mails that ask something: what answers them is about that."""

_CLAUSE = re.compile(r"[,;:.!?\n]\s*|\s[-–]\s")
_TITLE = re.compile(
    r"\b(ông|ong|bà|ba|anh|chị|chi|cô|co|chú|chu|bác|bac|đ/c|d/c|đồng chí|dong chi)\s+(\w)", re.IGNORECASE
)
SURE_TITLES = frozenset({"ông", "ong", "bà"})
"""Before any word; the others, by which colleagues call each other, only before a name with a capital letter."""
LONGEST_PLAN = 600
PROPOSES = ({"label": "Đề xuất phiên đối thoại, nhận mẫu để điền", "text": "Đề xuất phiên"},)


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


def plans_session(facts: MailFacts) -> bool:
    """Whether an officer's mail is about a session to be held and no more ("Sếp bảo tháng 11 làm phiên đối thoại …").

    The topic may sound like an accusation; a name, a forwarded mail or any other clause leaves the mail what it is.
    """
    mail, source = facts.mail, facts.board.source
    text = facts.understanding.text.own.strip()
    if mail.attachments or len(text) > LONGEST_PLAN or forwarded_mail(mail.text, mail.subject, source):
        return False
    if _names_person(text) or denounces(plain_words(mail.subject, source), source):
        return False
    first, other, never = _plan_words(source)
    clauses = [said for one in _CLAUSE.split(text) if (said := plainly(one))]
    at = next((at for at, one in enumerate(clauses[:2]) if first.fullmatch(one)), None)
    if at is None or any(never.search(one) for one in clauses):
        return False
    return all(other.match(one) for one in (*clauses[:at], *clauses[at + 1 :]))


def _names_person(text: str) -> bool:
    return any(one[1].lower() in SURE_TITLES or one[2].isupper() for one in _TITLE.finditer(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _plan_words(source: Source) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The clause that wants a session held, how every other begins, and words beside which none counts."""
    every = source.toml("hints.toml")["plans_session"].items()
    words = {key: one_of_words(plainly(form) for one in said for form in spelt_out(one)) for key, said in every}
    ahead, topic = rf"(?:(?:{words['who']}|{words['fill']}) )*", rf"(?: {words['topics']}(?: .*)?)?"
    first, other = re.compile(rf"{ahead}{words['plans']}{topic}"), re.compile(rf"{words['begins']}(?!\S)")
    return first, other, re.compile(rf"(?<!\S){words['never']}(?!\S)")
