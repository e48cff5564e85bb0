"""A new mail of an asker that belongs to a question of his: it corrects his letter or goes on with it.

It is held with the orders that add it to the question; its writer hears that it came.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.decide.base.actions import Action
from rules.decide.base.command_result import OPEN
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.intake.follow_ups import completed_by_letter, own_question
from rules.decide.intake.for_the_office import corrections, for_the_office, said_of
from rules.requester.completion import places_in
from rules.understand.citizen_replies import shares_matter
from rules.understand.citizen_requests import data_request
from rules.understand.citizen_sound import danger_in
from rules.understand.earlier_letters import continues_letter, corrects_letter, is_piece, is_still_so
from rules.understand.understand import without_requester
from rules.values.states import GRAVE

KIND_OF_CORRECTION = "thư đính chính câu hỏi đã gửi"


def is_correction(facts: MailFacts) -> bool:
    """True for a new short mail whose writer, surely the asker of an open question, corrects what he wrote."""
    mine = _is_new_of_an_asker(facts) and bool(_corrected(facts))
    return mine and corrects_letter(facts.understanding.text.own, facts.board.source)


def _is_new_of_an_asker(facts: MailFacts) -> bool:
    """True for a citizen's mail, surely from its sender, that names no question and stands in no thread."""
    known = facts.person is not None or facts.sender_unit or facts.threads or facts.by_number or facts.tag is not None
    if known or not facts.authenticated or facts.understanding.kind in GRAVE:
        return False
    return own_question(facts) is None


def _corrected(facts: MailFacts) -> tuple[QuestionFacts, ...]:
    """The sender's open questions, those first that share words with the mail, then the newest."""
    own, source = facts.understanding.text.own, facts.board.source
    found = (one for one in facts.own_questions if one.status in OPEN)
    return tuple(sorted(found, key=lambda one: not shares_matter(own, f"{one.subject}\n{one.content}", source)))


def decide_correction(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the orders that add it to the likely question or correct the register; its writer hears so."""
    found, source = _corrected(facts)[:MOST_ASKED], facts.board.source
    first, one = found[0], len(found) == 1
    why = f"Người hỏi viết thư mới, có vẻ đính chính câu hỏi đã gửi ({', '.join(each.code for each in found)})"
    wanted = data_request(said_of(facts), source)
    names = ["" if one else f" (câu {each.code})" for each in found]
    acts = [
        *(corrections(facts, first, wanted) if wanted is not None else ()),
        *(
            {"label": f"Chuyển ý kiến cho đơn vị{name}", "text": f"{each.code} chuyển ý kiến cho đơn vị"}
            for name, each in zip(names, found, strict=True)
        ),
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    return for_the_office(facts, first, now, why, KIND_OF_CORRECTION, acts)


KIND_OF_PART = "phần tiếp theo của một thư đã gửi"
PARTS_WITHIN, PIECES_WITHIN = timedelta(hours=1), timedelta(minutes=15)
"""Letters in several mails are sent one after the other; those of a telephone, a sentence each, within minutes."""


def is_next_part(facts: MailFacts) -> bool:
    """True for a new mail that calls itself a later part of a letter, or is a piece of one, whose sender has asked
    just before."""
    return _is_new_of_an_asker(facts) and bool(_first_parts(facts))


def _first_parts(facts: MailFacts) -> tuple[QuestionFacts, ...]:
    """The sender's open questions with which this mail goes on."""
    mail, read, source = facts.mail, facts.understanding, facts.board.source
    still = [one for one in _corrected(facts) if _is_still_so(facts, one)]
    if still:
        return () if danger_in(read.text.own, source) else tuple(still)
    since = facts.received_at - PARTS_WITHIN
    found = tuple(one for one in _corrected(facts) if one.received_at >= since)
    if not found or continues_letter(mail.subject, read.text.own, source):
        return found
    lately = tuple(one for one in found if one.received_at >= facts.received_at - PIECES_WITHIN)
    if not read.asker.missing or danger_in(read.text.own, source):
        return ()
    return lately if is_piece(mail.subject, read.text.own, {one.subject for one in lately}, source) else ()


def _is_still_so(facts: MailFacts, question: QuestionFacts) -> bool:
    """True where the mail says that this question's matter is still so, and speaks of no other matter or place."""
    own, source = facts.understanding.text.own, facts.board.source
    if not is_still_so(facts.mail.subject, own, {question.subject}, source):
        return False
    read = facts.understanding.alone or facts.understanding
    said = without_requester(own, read.asker)
    asked = without_requester(f"{question.subject}\n{question.content}", question.asker)
    named, known = places_in(said, source), places_in(f"{asked}\n{question.asker.address}", source)
    if named and known and named.isdisjoint(known):
        return False
    fields = {read.route.field, question.field} - {""}
    return len(fields) < 2 or shares_matter(said, asked, source)


def decide_next_part(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it with the order that adds it to the letter's first part, whose missing data it completes at once."""
    found = _first_parts(facts)[:MOST_ASKED]
    said = continues_letter(facts.mail.subject, facts.understanding.text.own, facts.board.source)
    soon = found[0].received_at >= facts.received_at - PARTS_WITHIN
    short = "Thư ngắn gửi ngay sau, có vẻ là một phần" if soon else "Thư cùng tiêu đề, có vẻ nói tiếp về việc"
    what = "Có vẻ là phần tiếp theo của thư" if said else f"{short} của câu hỏi"
    why = f"{what} đã vào sổ ({', '.join(one.code for one in found)})"
    acts = [
        *({"label": f"Ghép vào câu {one.code}", "text": f"{one.code} chuyển ý kiến cho đơn vị"} for one in found),
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]
    completed = completed_by_letter(facts, found[0], now) if len(found) == 1 else ()
    return (*completed, *for_the_office(facts, found[0], now, why, KIND_OF_PART, acts))
