"""The decision on topic, time and chair after the Board's approval: the city's or the unit's leader (7.1, 7.2, 11.1).

The proposal is sent there by mail if an address is known, else officers deliver it on paper. The session waits for
the decision, given by an ordinary reply or recorded by an officer; reminders are sent until then.

Also what the chair and the units write in words when they are invited: recorded and shown like a calendar's reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rules.commands.approval.opinion import approval_in
from rules.commands.commands import read_commands
from rules.commands.session_line import named_paper
from rules.decide.base.actions import NEW, Action, AdvanceDuty, CloseDuty, OpenDuty, Send
from rules.decide.base.approval_requests import (
    KIND_NAMES,
    approving_roles,
    attached,
    decision_acts,
    session_view,
    to_board,
    token_of,
)
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.fact_parts import ACCEPTED
from rules.decide.base.facts import BoardFacts, DutyFacts, MailFacts, Person, SessionCase
from rules.decide.base.history import ECHO
from rules.decide.base.notices import person_recipient, thread, to_people, unit_name, unit_recipient
from rules.decide.base.session_actions import AskApproval, RecordDecision, SetSession
from rules.decide.session.amendments import amended
from rules.decide.session.session_day import CHAIR, decide_invitation_reply, who_writes
from rules.decide.session.session_duties import settled, woken
from rules.decide.session.session_state import act, changes, stands
from rules.decide.session.sessions import NotNowError
from rules.law.day_counting import without_calendar
from rules.law.deadlines import ReminderKind
from rules.law.legal_dates import Law
from rules.law.session_rules import ApprovalFacts, PaperFacts, PaperKind, SessionFacts, SessionStatus, approval_key
from rules.law.working_days import due_instant, short_date
from rules.values.model import CountedDate, Kind, Notice, Recipient
from rules.values.states import DECISION

DECIDES = "decide"
"""The status of a request to the leader who decides on a proposal that the Board has approved."""
_NO_PAPER = "chưa có tờ trình được Trưởng Ban Biên tập duyệt"


def deciding_role(law: Law, session: SessionFacts) -> str:
    """The profile's role outside the Board that decides on the proposal; "" when the Board's approval is enough."""
    rule = session.form.chair_rule(law.profile)
    own = approving_roles(law.profile, PaperKind.PROPOSAL)
    return next((one for one in (rule.approves if rule else ()) if one not in own), "")


def decider(board: BoardFacts, session: SessionFacts) -> Person:
    """The person who decides; the address is empty when only paper reaches them.

    A unit's leader is asked at the leader's own address, else at the proposed chair's, else at the unit's official
    address.
    """
    role = deciding_role(board.law, session)
    if role in board.approvers:
        return board.approvers[role]
    title = board.law.profile.roles.get(role, "")
    contact = board.contacts.get(session.form.unit) if session.form.level == "unit" else None
    if contact is None:
        return Person(title, "", "leader")
    leader = Person(contact.leader_name, contact.leader_email, "leader")
    chair = Person(session.form.chair.name, session.form.chair.email, "leader")
    office = Person(f"Lãnh đạo {unit_name(board, contact.code)}", contact.address, "leader")
    return next(person for person in (leader, chair, office) if person.email)


def topic_approved(law: Law, session: SessionFacts, why: str, decided: str = "") -> tuple[Action, ...]:
    """Topic and chair are decided, and by whom: the plan may be drafted (7.1, 7.2)."""
    expect = (SessionStatus.PROPOSED,)
    form = replace(session.form, decided=decided) if decided else None
    clause, next_status = session.form.chair_clause(law.profile), SessionStatus.TOPIC_APPROVED
    approved = SetSession(session.id, expect, next_status, "topic_approved", why, clause, form=form)
    return (approved, woken(session, "plan_issued"))


def has_left(board: BoardFacts, approval: ApprovalFacts) -> bool:
    """Whether the leader who was asked to decide by mail does so no longer."""
    session = approval.session if approval.status == DECIDES and approval.person else None
    return session is not None and decider(board, session).email.lower() != approval.person.lower()


def proposal_agreed(
    board: BoardFacts, paper: PaperFacts, session: SessionFacts, now: datetime, instead: int = 0
) -> tuple[Action, ...]:
    """The Head has approved: ask the leader, ``instead`` of one who has left; tell officers how to record it."""
    role = deciding_role(board.law, session)
    if not role:
        return topic_approved(board.law, session, "Đã duyệt chủ đề, người chủ trì")
    person, clause = decider(board, session), session.form.chair_clause(board.law.profile)
    token = token_of(paper, f"decide:s{session.id}:{session.moves}", person, paper.asked + 1)
    due = decision_due(board.law, session, now)
    stage = board.law.first_stage(due, now)
    at = board.law.chase_event(due, stage).at
    request = AskApproval(paper.id, token, paper.digest, person.email, decides=True, instead=instead)
    duty = OpenDuty(approval_key(token), DECISION, clause, due, due_instant(due.on), at, None, session.id, stage)
    sent = (replace(_asked(session, paper, person, clause, due, token), approval=NEW),) if person.email else ()
    return (request, *sent, duty, *_told_board(board, paper, session, person, token))


def decision_due(law: Law, session: SessionFacts, now: datetime) -> CountedDate:
    """When the plan is drafted; if that day has passed, the day on which the plan must be issued."""
    plan = session.due("plan_issued", law.profile, law.calendar)
    raw = plan.on - timedelta(days=law.profile.sessions.draft_days_before)
    on = law.calendar.on_or_before(raw)
    on = on if on > law.today(now) else max(plan.on, law.today(now))
    reason = f"Để kịp soạn kế hoạch, phải ban hành chậm nhất ngày {short_date(plan.on)}."
    return replace(
        plan, on=on, raw=on, clause=session.form.chair_clause(law.profile), reason=reason, rule="", skipped=()
    )


def _asked(
    session: SessionFacts, paper: PaperFacts, person: Person, clause: str, due: CountedDate | None, key: str,
    again: int = 0,
) -> Send:  # fmt: skip
    """The mail to the leader who decides: the paper, and the two replies; ``due``: None once that day is over."""
    values: dict[str, object] = {
        "session": session_view(session),
        "title": paper.title,
        "due": due,
        "again": bool(again),
        "commands": [act("Đồng ý", "Đồng ý"), act("Trả lại", "Trả lại: ")],
        "number": paper.number,
    }
    name, to = "leader_decision", person_recipient(person)
    return Send(Notice(name, to, clause, f"{name}:{key}:{again}", values, attachments=attached(paper.files)))


def _told_board(
    board: BoardFacts, paper: PaperFacts, session: SessionFacts, person: Person, key: str
) -> tuple[Action, ...]:
    who, code = board.law.profile.roles[deciding_role(board.law, session)], session.code
    way = f"Tờ trình đã được gửi đến {person.email}" if person.email else f"Xin trình {who} bản kèm theo"
    values: dict[str, object] = {
        "kind_name": KIND_NAMES[PaperKind.PROPOSAL],
        "title": paper.title,
        "text": "",
        "ask": f"{way}. Phiên {code} chờ {who} quyết định; khi đã có quyết định, xin trả lời thư này.",
        "commands": decision_acts(session.code),
    }
    clause = session.form.chair_clause(board.law.profile)
    return to_board("session_paper", board, session, clause, values, key, attached(paper.files))


def standing(papers: tuple[PaperFacts, ...]) -> PaperFacts | None:
    """The proposal that the Board has approved and that waits for the decision."""
    found = [paper for paper in papers if paper.kind is PaperKind.PROPOSAL and paper.status == "approved"]
    return found[-1] if found else None


def accepted(law: Law, session: SessionFacts, paper: PaperFacts, text: str, why: str) -> tuple[Action, ...]:
    """Record the decision; the session goes on."""
    return (
        RecordDecision(paper.id, True, text, session.form.chair_clause(law.profile)),
        *topic_approved(law, session, why, text),
    )


def declined(law: Law, session: SessionFacts, paper: PaperFacts, text: str) -> tuple[Action, ...]:
    """Return the proposal; once changed, it is submitted to the Head again."""
    return (RecordDecision(paper.id, False, text, session.form.chair_clause(law.profile)),)


def replied(approval: ApprovalFacts, person: Person, on: datetime, law: Law) -> tuple[Action, ...]:
    """The leader has agreed by mail; the plan cites the decision by name and day."""
    session = approval.session
    if session is None:
        return ()
    text = f"ý kiến của {person.name} ngày {short_date(law.today(on))}"
    return accepted(law, session, approval.paper, text, f"Quyết định chủ đề, người chủ trì: {text}")


def decided(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "P-… lãnh đạo đã quyết định tại Công văn số 12/UBND-VX ngày …": decided on paper."""
    session, code = case.session, case.session.code
    today = order.facts.board.law.today(order.now)
    said, day = named_paper(order.command.text, today, order.facts.board.source)
    again = session.status is SessionStatus.TOPIC_APPROVED and session.form.decided
    paper = standing(case.papers)
    if session.status is not SessionStatus.PROPOSED and not (again and said):
        known = f"; đã ghi: {session.form.decided}" if session.form.decided else ""
        return False, f"{stands(session)}{known}", ()
    if paper is None and not again:
        return False, f"Phiên {code} {_NO_PAPER}; xin ghi “Trình tờ trình {code}”", ()
    if not said:
        example = f"“{code} lãnh đạo đã quyết định tại Công văn số 12/UBND-VX ngày …”"
        return False, f"Cần ghi văn bản hoặc ngày có ý kiến quyết định, ví dụ {example}", ()
    if day is not None and day > today:
        return False, f"Ngày {short_date(day)} chưa đến; xin ghi ngày quyết định", ()
    if paper is None or again:
        return _corrected(case, said, order.now)
    why = f"Ghi nhận quyết định chủ đề, người chủ trì: {said}"
    undated = "" if day else f"; chưa rõ ngày, xin ghi lại “{code} lãnh đạo đã quyết định tại {said} ngày …”"
    text = f"Đã ghi quyết định về phiên {code}: {said}; kế hoạch được soạn và trình theo thời hạn{undated}"
    return True, text, (*accepted(order.facts.board.law, session, paper, said, why), *settled(order.held, session))


def _corrected(case: SessionCase, said: str, now: datetime) -> Outcome:
    """The same told otherwise before the plan is issued: the plan, which cites it, is drafted and put up anew."""
    code, form = case.session.code, case.session.form
    if form.decided.startswith(said):
        return True, f"Phiên {code}: đã ghi {form.decided}", ()
    again = f"{said} (trước đây: {form.decided}); kế hoạch được soạn lại và trình theo nội dung mới"
    return True, f"Đã ghi lại quyết định về phiên {code}: {again}", amended(case, replace(form, decided=said), now)


def recorded(case: SessionCase, text: str, now: datetime) -> tuple[Action, ...]:
    """The same at the console. Raises :class:`NotNowError` when nothing waits for a decision."""
    paper = standing(case.papers)
    if case.session.status is not SessionStatus.PROPOSED or paper is None:
        raise NotNowError(f"session {case.session.code}: no proposal that the Head agreed to waits for a decision")
    cited, _ = named_paper(text, case.board.law.today(now), case.board.source)
    if not cited:
        raise NotNowError(f"session {case.session.code}: name the decision by its number or day")
    return accepted(case.board.law, case.session, paper, cited, f"Ghi nhận quyết định chủ đề, người chủ trì: {cited}")


def not_agreed(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "P-… lãnh đạo chưa đồng ý: …": returned on paper."""
    session, code = case.session, case.session.code
    if session.status is not SessionStatus.PROPOSED:
        return False, f"{stands(session)}, nên không ghi ý kiến này được", ()
    paper = standing(case.papers)
    if paper is None:
        return False, f"Phiên {code} {_NO_PAPER}", ()
    text = " ".join(order.command.text.split()).strip(" .,:;")
    if not text:
        return False, f"Cần ghi điều lãnh đạo yêu cầu, ví dụ “{code} lãnh đạo chưa đồng ý: đổi người chủ trì”", ()
    how = f"sửa bằng “Bổ sung phiên {code}” hoặc “Hoãn phiên {code} sang …”, rồi “Trình tờ trình {code}”"
    sent_back = declined(order.facts.board.law, session, paper, text)
    return True, f"Đã ghi ý kiến về phiên {code}; {how}", (*sent_back, *settled(order.held, session))


def chase_decision(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Remind the officers, with the words that record the decision, and the leader, with the two replies."""
    if session.status is not SessionStatus.PROPOSED:
        return (CloseDuty(facts.key, void=True),)
    if (paper := standing(facts.papers)) and facts.approval and has_left(facts.board, facts.approval):
        closed = CloseDuty(facts.key, void=True, why="Người được trình không còn quyết định việc này")
        return (closed, *proposal_agreed(facts.board, paper, session, now, facts.approval.id))
    law, stage, last = facts.board.law, facts.stage, None
    while (event := law.chase_event(facts.due, stage)).at <= now:
        last = stage if event.what is not ReminderKind.CITIZEN else last
        stage += 1
    late = now >= facts.due_at
    why = "Chưa có ý kiến quyết định chủ đề, người chủ trì" if late else ""
    advance = AdvanceDuty(facts.id, facts.stage, stage, law.chase_event(facts.due, stage).at, late=late, why=why)
    return (advance,) if last is None else (advance, *_reminded(facts, session, last, now))


def _reminded(facts: DutyFacts, session: SessionFacts, stage: int, now: datetime) -> tuple[Send, ...]:
    board, paper = facts.board, standing(facts.papers)
    who = board.law.profile.roles[deciding_role(board.law, session)]
    on, late = facts.due.on, now >= facts.due_at
    when = f"đã quá ngày {short_date(on)}" if late else f"chậm nhất ngày {short_date(on)}"
    values: Mapping[str, object] = {
        "what": f"Phiên {session.code} chờ {who} quyết định chủ đề, người chủ trì: {when}",
        "details": [paper.title if paper else session.form.topic, without_calendar(facts.due.reason)],
        "commands": decision_acts(session.code),
        "session_code": session.code,
    }
    notices = to_people("officer_alert", board.officers, facts.clause, values, key=f"{facts.key}:{stage}")
    approval = facts.approval
    if paper is None or approval is None or not approval.person:
        return notices
    to = decider(board, session)
    again = _asked(session, paper, to, facts.clause, None if late else facts.due, approval.token, stage + 1)
    return (*notices, replace(again, approval=approval.id))


LONGEST_SAID = 300
"""Characters of a mail in words that the daily mail repeats."""


def who_says(facts: MailFacts) -> str:
    """The profile's name for the approver's role; a person's name when it is not the Head himself."""
    person, head = facts.person, facts.board.head.email.lower()
    others = person is not None and person.email.lower() != head
    return person.name if person is not None and others else facts.board.law.profile.roles["head"]


Acts = Sequence[dict[str, str]]


def acts_instead(facts: MailFacts, approval: ApprovalFacts) -> Acts:
    """What is left to do about a paper that is decided on: the orders for its session, or for its answer's page."""
    paper, session = approval.paper, approval.session
    if paper.kind is PaperKind.ANSWER:
        code = paper.title.rpartition(" ")[2]
        return [] if approval.is_gone else [act(f"Gỡ đăng {code}", f"Gỡ đăng {code} vì ")]
    return changes(facts, session, facts.understanding.text.own, always=True) if session is not None else []


def is_word_on_session(facts: MailFacts) -> bool:
    """True for what a unit of a session or its chair replies in words to a mail of ours about it.

    A unit's mail that names a question of its own is about that one; what the Head or an officer who chairs orders is
    an order; a denunciation is never shown about.
    """
    reply, read = facts.invitation, facts.understanding
    who = who_writes(facts, reply.session) if reply is not None and reply.about and reply.session else ""
    if who == CHAIR:
        other = Kind.DENUNCIATION in {read.kind, read.alone.kind if read.alone else read.kind}
        other |= bool(facts.sender_unit and facts.by_number)
        return not other and (facts.person is None or not _orders(facts))
    return bool(who) and not facts.by_number


def _orders(facts: MailFacts) -> bool:
    """Whether one of our own people who chairs a session writes an order; "Đồng ý" answers the invitation."""
    commands = read_commands(facts.understanding.text.ordered, facts.board.units, source=facts.board.source)
    return any(command.verb not in {"approve", "return"} for command in commands)


def decide_word_on_session(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Record it for the session, show it to the officers at once, tell its writer; it is no question, no answer."""
    reply, board = facts.invitation, facts.board
    if reply is None or (session := reply.session) is None:
        return ()
    text = " ".join(reply.comment.split())
    if reply.answer and (found := approval_in(text, board.source)) is not None and not found.wish:
        reply = replace(reply, answer=ACCEPTED)
    reply = replace(reply, comment=text[:LONGEST_SAID])
    decided = decide_invitation_reply(replace(facts, invitation=reply), now)
    if facts.unproven:
        return decided
    return (*decided[:-1], *_echo(facts, session), decided[-1])


def _echo(facts: MailFacts, session: SessionFacts) -> tuple[Send, ...]:
    """Tell the writer that the mail was received; not in reply to what answers our echo, perhaps a machine."""
    who = who_writes(facts, session)
    if facts.threads[0].name == ECHO:
        return ()
    chair = Recipient(facts.mail.sender.email, session.form.chair.name, "leader")
    to = chair if who == CHAIR else unit_recipient(facts.board.contacts[who], facts.board)
    values = {"received_at": facts.received_at, "session_code": session.code, "commands": ()}
    key, own = f"{ECHO}:{session.id}:{facts.raw_mail}", facts.mail.message_id
    return (Send(Notice(ECHO, to, "", key, values, in_reply_to=own, references=thread(facts))),)
