"""What the Head writes that carries out nothing: officers are shown it.

An approval that answers no request (in a mail of its own, a forward, another thread) approves nothing, and the Head
is asked which of the waiting papers is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rules.commands.approval.opinion import approval_in
from rules.commands.commands import read_commands
from rules.decide.base.actions import Action, Finish, Send
from rules.decide.base.approval_requests import KIND_NAMES
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import MailFacts, Person, QuestionFacts
from rules.decide.base.notices import to_people
from rules.message.reply_text import forwarded_mail
from rules.text import squash
from rules.values.model import Fate, Kind
from rules.values.register_number import register_numbers
from rules.values.states import Folder, MailStatus

NONE = (
    "Không có văn bản nào đang chờ Ông/Bà duyệt; cán bộ đã được báo lời này. Nếu nói về việc khác, xin mở thư về "
    "việc ấy, bấm Trả lời và ghi lại"
)
WHICH = (
    "Chưa duyệt văn bản nào, vì thư này không trả lời thư trình. Nếu Ông/Bà nói về văn bản sau, xin trả lời thư này"
)
ANSWERS = ({"label": "Duyệt", "text": "Duyệt"}, {"label": "Trả lại", "text": "Trả lại: "})
HEADS_WORDS = 1500
"""Characters of the Head's mail in the alert to the officers."""


def is_approval_astray(facts: MailFacts) -> bool:
    """True for such a word alone, with no other matter at hand; a forwarded mail is one unless it is our request."""
    head, source, text = facts.person, facts.board.source, facts.understanding.text.ordered
    if head is None or head.role != "head" or facts.unproven or len(facts.mail.senders) != 1:
        return False
    held = facts.held is not None and facts.held.status == "held"
    if held or facts.mail.attachments or any(mail.question_id for mail in facts.threads):
        return False
    whole = squash(f"{facts.mail.subject}\n{facts.mail.text}")
    ours = any(squash(KIND_NAMES[approval.paper.kind]) in whole for approval in facts.asked)
    forwards = forwarded_mail(facts.mail.text, facts.mail.subject, source) is not None
    if (forwards and not ours) or (facts.threads and not facts.asked) or approval_in(text, source) is None:
        return False
    return all(command.verb == "approve" for command in read_commands(text, facts.board.units, source=source))


def ask_which_paper(facts: MailFacts, _: datetime) -> tuple[Action, ...]:
    """One mail for each paper, whose reply counts for that paper alone; the officers read what the Head wrote."""
    head, text = facts.person, facts.understanding.text.ordered.strip().partition("\n")[0][:200]
    if head is None:
        return ()
    actions: list[Action] = []
    for approval in facts.asked[:MOST_ASKED]:
        told = {"command": text, "ok": False, "text": f"{WHICH}: {approval.paper.title}"}
        values = {"results": [told], "commands": [*ANSWERS]}
        sent = to_people("officer_done", [head], "", values, key=f"{facts.raw_mail}:which:{approval.id}")
        actions += [replace(notice, approval=approval.id) for notice in sent]
    none = {"results": [{"command": text, "ok": False, "text": NONE}], "commands": []}
    told_none = () if actions else to_people("officer_done", [head], "", none, key=str(facts.raw_mail))
    why, trace = "Ý kiến của Trưởng Ban, chưa rõ về văn bản nào: đã hỏi lại", facts.understanding.trace
    done = Finish(MailStatus.DONE, Fate.ATTACH, Kind.COMMAND, Folder.OTHER, why, trace=trace)
    return (*actions, *told_none, *heads_word(facts, head, None), done)


def heads_word(
    facts: MailFacts, head: Person, about: QuestionFacts | None, acts: Sequence[dict[str, str]] = ()
) -> tuple[Send, ...]:
    """What the Head writes that carries out nothing is for the officers ("xử lý nhanh, báo cáo tôi hôm nay")."""
    own = facts.understanding.text.own
    code = ", ".join(register_numbers(own, facts.board.prefix)) or (about.code if about else "")
    what = f"{head.name} đã viết{f' về câu hỏi {code}' if code else ''}"
    values = {"what": what, "details": [own[:HEADS_WORDS]], "commands": acts}
    key, question = f"head:{facts.raw_mail}", about.id if about else None
    return to_people("officer_alert", facts.board.officers, "", values, key=key, question=question)
