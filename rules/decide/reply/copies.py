"""A unit's answer that comes once more, as after a second click: it is kept with the first, and nobody has to act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rules.decide.base.actions import Action, Finish
from rules.decide.base.facts import AnswerFacts, MailFacts
from rules.decide.base.notices import notify_unit
from rules.decide.reply.weighing import Weighed
from rules.message.attachment_policy import digests
from rules.reply.shown import as_sent
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus

WITHIN = timedelta(days=1)
"""Later the same words may be meant anew: the asker was not content, or an officer asked for more."""


def copied(facts: MailFacts, pieces: Sequence[Weighed]) -> tuple[Action, ...]:
    """Keep a mail that says only what its unit has answered already, on each of its questions; () for any other."""
    about = [(facts.questions[one.assignments[0].question_id], _repeated(facts, one)) for one in pieces]
    mails = {one.mail for _, one in about if one is not None}
    if any(one is None for _, one in about) or (facts.threads and facts.threads[0].name == OPINION):
        return ()
    told = (notify_unit(facts, question, pieces[at].assignments[0], "copy") for at, (question, _) in enumerate(about))
    first = ", ".join(str(one) for one in sorted(mails))
    why = f"Thư lặp lại câu trả lời {', '.join(one.code for one, _ in about)} đã nhận (thư số {first}), không gửi nữa"
    trace = facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about[0][0].id, trace)
    return (*(one for each in told for one in each), finish)


OPINION = "unit_opinion"
"""Our mail that passes on what the asker finds wrong with the answer: the same answer to that is the unit's word."""


def _repeated(facts: MailFacts, piece: Weighed) -> AnswerFacts | None:
    """The answer that has the same words, as they are shown, and the same files; None for none.

    It is the newest to that question: what the unit has corrected or added since is not taken back by a copy.
    """
    question, own = facts.questions[piece.assignments[0].question_id], {one.id for one in piece.assignments}
    last = next((one for one in reversed(question.answers) if one.assignment in own), None)
    since = max((one.answered_at for one in piece.assignments if one.answered_at), default=None)
    if last is None or since is None or not timedelta() <= facts.received_at - since <= WITHIN:
        return None
    shown = (as_sent(piece.reply.text, facts.board.source), piece.reply.document, piece.reply.signer)
    same = digests(facts.mail) == (facts.digests.get(last.mail) if last.files else ())
    return last if same and shown == (last.text, last.document, last.signer) else None
