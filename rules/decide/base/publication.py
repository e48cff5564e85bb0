"""Publishing question and answer: submitted to the Head without personal data, taken off the portal again (10.2).

Personal data are left out before the Head sees the text, so that exactly the approved text is published.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.decide.base.actions import (
    Action,
    AmendQuestion,
    CloseDuty,
    RecallAnswer,
    Reopened,
    Send,
    SetPublication,
    SetQuestion,
    Withdraw,
)
from rules.decide.base.approval_requests import submit_for_approval
from rules.decide.base.fact_parts import ADDED, CORRECTED, PublishingFacts, WaitingAnswer
from rules.decide.base.facts import AnswerFacts, AssignmentFacts, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import keeps_answer_back, session_of
from rules.decide.base.notices import STATUS_NAMES, to_citizen, to_people, unit_name, unit_told
from rules.decide.base.session_actions import VoidPapers
from rules.law.legal_dates import Law
from rules.law.session_rules import Paper, PaperFacts, PaperKind
from rules.requester.redaction import blanked, without_signature
from rules.understand.citizen_sound import without_wish
from rules.values.model import AttachmentRef
from rules.values.states import AssignmentStatus, QuestionStatus

CLAUSE = "10.2"
ASKED = "Hỏi"
LIVE = "Trả lời tại phiên đối thoại"
ADDING = "citizen_corrected"
"""The notice that corrects or supplements an answer."""
TIED = "tied:"
"""How the key begins of an alert that what officers tied others to has its answer."""
GIVEN = (QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED)
"""States of a question that has an answer."""


def is_out(facts: MailFacts, question: QuestionFacts) -> bool:
    """Whether the asker has been sent the answer: it can be taken back until it leaves, and a session's answer is
    kept until the outcome is known (9.3, 10.2)."""
    waits = any(answer.question == question.id and answer.is_answer for answer in facts.waiting)
    return question.status in GIVEN and not waits and not keeps_answer_back(session_of(facts, question), question)


def has_result(facts: MailFacts, question: QuestionFacts) -> bool:
    """Whether the asker knows how the question ended; until the answer has left he counts as one who waits."""
    heard = [mail.question_id if mail.name in {"citizen_answered", ADDING} else None for mail in facts.threads]
    if question.status not in GIVEN:  # a reply to the letter with one part knows that, though another is yet to come
        part = bool(question.answers) and heard[:1] == [question.id]
        return question.status in {QuestionStatus.REJECTED, QuestionStatus.CLOSED} or part
    return question.id in heard or is_out(facts, question)


def state_told(facts: MailFacts, question: QuestionFacts) -> str:
    """The question's state for its asker, who does not hear of an answer before it is sent."""
    kept = question.status in GIVEN and not is_out(facts, question)
    back = {unit_name(facts.board, one.unit): "" for one in question.assignments if one.is_open and one.came_back}
    returned = f"thư chuyển câu hỏi chưa đến được {', '.join(back)}, đang được xử lý để chuyển lại"
    return returned if back else STATUS_NAMES[QuestionStatus.FORWARDED if kept else question.status]


def given_answers(question: QuestionFacts) -> tuple[AnswerFacts, ...]:
    """The written answers, then the answer given in the session (its unit is "")."""
    if not question.live_answer:
        return question.answers
    name, _, title = question.live_by.partition(",")
    return (*question.answers, AnswerFacts("", question.live_answer, "", name.strip(), title.strip()))


def answer_files(question: QuestionFacts) -> tuple[AttachmentRef, ...]:
    """The files that came with the answers."""
    return tuple(file for answer in question.answers for file in answer.files)


def _act_of(text: str) -> tuple[str, str]:
    """What a unit does with a recorded text ("trả lời", "đính chính", "bổ sung"), and its words."""
    label, colon, words = text.partition(": ")
    return (label.lower(), words) if colon and label in {CORRECTED, ADDED} else ("trả lời", text)


def public_parts(
    board: BoardFacts, question: QuestionFacts, more: Sequence[tuple[str, str]] = ()
) -> tuple[tuple[str, str], ...]:
    """Heading and text of the question and of each answer, personal data left out.

    ``more`` are answers (unit, text) that the decision at hand records.
    """
    said = [(answer.unit, answer.text) for answer in given_answers(question)] + list(more)
    acts = [(unit, *_act_of(text)) for unit, text in said]
    heads = [(f"{unit_name(board, unit)} {act}" if unit else LIVE, text) for unit, act, text in acts]
    asked = without_wish(question.content, board.source) if question.name_consent is False else question.content
    whole = [(ASKED, asked), *((head, _without(text, head)) for head, text in heads)]
    parts = [(head, blanked(text, question.asker, board.source).strip()) for head, text in whole]
    return ((ASKED, without_signature(parts[0][1], question.asker, board.source)), *parts[1:])


def earlier_answers(board: BoardFacts, question: QuestionFacts, *, own: bool) -> tuple[dict[str, str], ...]:
    """A question's answers for someone who asks the same; personal data are left out unless it is their ``own``.

    ``act`` is what the unit did: answer, correct or add. ``by`` is who answered in the session, where
    ``unit_name`` is "". Without ``text`` the answer is a file, which only its own asker may have.
    """
    return tuple(
        _shown(board, question, one, own=own) for one in given_answers(question) if one.text or (own and one.files)
    )


def _shown(board: BoardFacts, question: QuestionFacts, given: AnswerFacts, *, own: bool) -> dict[str, str]:
    act, text = _act_of(given.text)
    return {
        "unit_name": unit_name(board, given.unit),
        "act": act,
        "text": text if own else blanked(text, question.asker, board.source).strip(),
        "by": "" if given.unit else ", ".join(filter(None, (given.signer, given.signer_title))),
    }


def _without(text: str, head: str) -> str:
    """An answer without its first words if they repeat its heading."""
    return re.sub(rf"\A\s*{re.escape(head)}\s*(?:như sau)?\s*[:,]\s*(?=\S)", "", text, flags=re.IGNORECASE)


def public_text(parts: Sequence[tuple[str, str]]) -> str:
    """The whole text that is submitted for approval."""
    return "\n\n".join(f"{head}: {text}" for head, text in parts)


def to_publish(
    board: BoardFacts,
    question: QuestionFacts,
    now: datetime,
    more: Sequence[tuple[str, str]] = (),
    before: Sequence[PaperFacts] = (),
) -> tuple[Action, ...]:
    """Submit question and answer to the Head before anybody posts them (clauses 10.1.i and 10.2)."""
    text = public_text(public_parts(board, question, more))
    digest = hashlib.sha256(text.encode()).hexdigest()
    unnamed = [UNNAMED] if question.name_consent is False else []  # not to be posted takes the consent along
    title = ": ".join([*([UNPOSTED] if UNPOSTED in question.notes else unnamed), f"câu hỏi {question.code}"])
    paper = Paper(PaperKind.ANSWER, title[0].upper() + title[1:], digest, text)
    return submit_for_approval(board, paper, None, before, now, question.id)


def taken_off(question: QuestionFacts, page: PublishingFacts, why: str) -> tuple[Action, ...]:
    """Remove the page and void what was submitted for it; () when nothing was published or submitted."""
    papers = tuple(paper.id for paper in page.papers if paper.status in {"shown", "approved"})
    if not page.published and not papers:
        return ()
    actions: list[Action] = [Withdraw(question.id, why)]
    if papers:
        actions.append(VoidPapers(papers))
    back = (QuestionStatus.APPROVED, QuestionStatus.PUBLISHED)
    if question.status in back:
        kept = {"link": ""}
        why_back = "Gỡ khỏi Cổng thông tin điện tử"
        actions.append(
            SetQuestion(question.id, back, QuestionStatus.ANSWERED, kept, "back_to_answered", CLAUSE, why_back)
        )
    elif question.link:
        actions.append(AmendQuestion(question.id, {"link": ""}, "link_removed", "Gỡ khỏi Cổng thông tin điện tử"))
    return tuple(actions)


def off_portal(board: BoardFacts, question: QuestionFacts, page: PublishingFacts) -> str:
    """What officers must do on the portal when an approval is no longer valid; "" if nothing was submitted."""
    standing = {paper.status for paper in page.papers}
    if not page.published and "approved" not in standing:
        return "Văn bản đang trình duyệt để đăng không còn giá trị" if "shown" in standing else ""
    if board.publishes:
        return "Bài trên Cổng được hệ thống gỡ" if page.published else "Hệ thống không đăng nội dung ấy nữa"
    if question.link:
        return f"Xin gỡ bài đã đăng tại {question.link}"
    return "Xin không đăng nội dung ấy; nếu đã đăng lên Cổng thì gỡ xuống"


UNNAMED = "Người hỏi đề nghị không nêu tên"
UNPOSTED = "Người hỏi đề nghị không đăng lên Cổng"
"""How the register's last column notes that the asker wants it kept off the portal; it makes submitting ask back."""


def approval_fallen(
    board: BoardFacts, question: QuestionFacts, page: PublishingFacts, why: str, key: str
) -> tuple[Action, ...]:
    """Tell the officers, who were told to post the text, that it is no longer approved (10.2)."""
    todo = off_portal(board, question, page)
    if not todo:
        return ()
    values: Mapping[str, object] = {
        "what": f"Nội dung duyệt để đăng của câu hỏi {question.code} không còn giá trị",
        "details": [todo, why],
        "commands": (),
    }
    return to_people("officer_alert", board.officers, CLAUSE, values, key=f"fallen:{key}", question=question.id)


def others_hear(facts: MailFacts, question: QuestionFacts, why: str, *, adds: bool = False) -> tuple[Action, ...]:
    """Tell the officers whose questions ended with this one's answer (9.1) when it is corrected, is added to or no
    longer counts: their askers were sent it as theirs, and hear nothing more by themselves."""
    codes, board = facts.alike.get(question.id, ()), facts.board
    if not codes:
        return ()
    label, act = (
        ("Gửi bổ sung cho người hỏi", "gửi bổ sung cho người hỏi: ") if adds else ("Mở lại câu hỏi", "mở lại vì ")
    )
    values: Mapping[str, object] = {
        "what": f"{', '.join(codes)} đã nhận câu trả lời của câu hỏi {question.code}, người hỏi chưa được báo: {why}",
        "details": []
        if adds
        else [f"Mở lại rồi ghi “trùng với {question.code}” thì người hỏi được gửi câu trả lời mới"],
        "commands": [{"label": label, "text": f"{code} {act}"} for code in codes],
    }
    key = f"alike:{facts.raw_mail}:{question.id}"
    return to_people("officer_alert", board.officers, "9.1", values, key=key, question=question.id)


def unsubmitted(facts: MailFacts, question: QuestionFacts, why: str, key: str) -> tuple[Action, ...]:
    """Withdraws page and approval of an answer that no longer counts, with what officers and its askers are told."""
    page = facts.publishing.get(question.id, PublishingFacts())
    fallen = approval_fallen(facts.board, question, page, why, key)
    return (*taken_off(question, page, why), *fallen, *others_hear(facts, question, why))


def published(question: QuestionFacts, page: SetPublication, *, told: str) -> tuple[Action, ...]:
    """Record that the page is on the portal: the link goes into the register and to the requester, if there is one.

    ``told`` distinguishes this publication from an earlier one.
    """
    values = {"link": page.link}
    status = SetQuestion(
        question.id,
        (QuestionStatus.APPROVED,),
        QuestionStatus.PUBLISHED,
        values,
        act="published",
        clause=CLAUSE,
        why="Đã đăng câu hỏi và câu trả lời được duyệt",
    )
    return (page, status, *_link_told(question, page.link, told))


def _link_told(question: QuestionFacts, link: str, text: str) -> tuple[Send, ...]:
    if not link or not question.email:
        return ()
    return (to_citizen("citizen_published", question, CLAUSE, {"link": link}, key=text),)


def waiting_answers(
    facts: MailFacts, question: QuestionFacts, own: Collection[int] | None = None
) -> tuple[WaitingAnswer, ...]:
    """What these assignments have answered, corrected or added that has not reached the requester yet: it is still in
    the outbox, waits for an officer to tell it, or is kept for a session (``outbox`` 0). None: all of the question's,
    with what officers have added."""
    leads = (one for one in question.assignments if one.role == "lead" and one.status is AssignmentStatus.ANSWERED)
    told = {answer.assignment for answer in question.answers if answer.told}
    given = tuple(assignment.id for assignment in leads if assignment.id not in told)
    whole = [answer for answer in facts.waiting if answer.question == question.id]
    answers = [one if one.assignments or one.adds else replace(one, assignments=given) for one in whole]
    if keeps_answer_back(session_of(facts, question), question):
        answers += [WaitingAnswer(0, question.id, (one,)) for one in given]
    if own is None:
        return tuple(answer for answer in answers if answer.assignments or answer.adds)
    return tuple(answer for answer in answers if answer.assignments and set(answer.assignments) <= set(own))


def _boards(facts: MailFacts, question: QuestionFacts) -> tuple[WaitingAnswer, ...]:
    """What officers have added to the question's answer that has not reached the requester yet."""
    return tuple(one for one in facts.waiting if one.question == question.id and one.adds and not one.assignments)


def answered_in(waiting: Iterable[WaitingAnswer]) -> set[int]:
    """The assignments whose answers, not only what adds to them, are among these."""
    return {each for answer in waiting if not answer.adds for each in answer.assignments}


def taken_back(
    facts: MailFacts,
    question: QuestionFacts,
    waiting: Sequence[WaitingAnswer],
    now: datetime,
    why: str,
    *,
    ids: Collection[int] = (),
    due: date | None = None,
    helped: bool = True,
) -> tuple[Action, ...]:
    """Reopen the assignments of the answers that wait, those of ``ids`` and the question, and void what was submitted
    for the portal; of what only adds to a sent answer, that alone is taken back.

    With ``helped``, the supporting units of a lead whose answer had ended their part are asked again, until ``due``.
    """
    back = answered_in(waiting) | set(ids)
    again = [one for one in question.assignments if one.id in back and one.status is AssignmentStatus.ANSWERED]
    stopped = tuple(dict.fromkeys((*waiting, *(_boards(facts, question) if again else ()))))
    helpers = [one for one in question.assignments if one.id in facts.not_waited] if again and helped else []
    outbox = tuple(dict.fromkeys(answer.outbox for answer in stopped if answer.outbox))
    added = ((each, one.mail) for one in stopped if one.adds for each in one.assignments if each not in back)
    reopened = tuple(_reopened(facts.board.law, assignment, now) for assignment in (*again, *helpers))
    duties = dict.fromkeys(answer.duty for answer in stopped if answer.duty)
    actions: tuple[Action, ...] = (
        RecallAnswer(question.id, reopened, outbox, why, tuple(dict.fromkeys(added))),
        *(CloseDuty(one, void=True) for one in duties),
    )
    if not again:
        return actions
    return (
        *unsubmitted(facts, question, why, f"{facts.raw_mail}:{question.id}"),
        *actions,
        *_open(question, why),
        *_asked_again(facts, question, helpers, due),
    )


def _reopened(law: Law, assignment: AssignmentFacts, now: datetime) -> Reopened:
    stage = law.first_stage(assignment.due, now)
    return Reopened(assignment.id, stage, law.chase_event(assignment.due, stage).at)


OVER = (*GIVEN, QuestionStatus.CLOSED)


def _open(question: QuestionFacts, why: str) -> tuple[Action, ...]:
    """The question waits for its answer again; one of which a part is still owed has not ceased to."""
    if question.status not in OVER:
        return ()
    left: dict[str, object] = {"answered_at": None, "outcome": ""}
    return (SetQuestion(question.id, OVER, QuestionStatus.FORWARDED, left, "reopened", "10.1.d", why),)


def _asked_again(
    facts: MailFacts, question: QuestionFacts, helpers: Sequence[AssignmentFacts], due: date | None
) -> tuple[Action, ...]:
    """Supporting units are told that they are still to help the lead, whose answer had ended that (10.1.c)."""
    given = (assignment for assignment in question.assignments if assignment.status is AssignmentStatus.ANSWERED)
    lead = next((assignment.unit for assignment in given if assignment.role == "lead"), "")
    told = (
        unit_told(facts, question, assignment, "10.1.c", "helps_again", due, other_unit=unit_name(facts.board, lead))
        for assignment in helpers
    )
    return tuple(action for actions in told for action in actions)
