"""A requested approver replies "Duyệt" or "Trả lại: …": bound to the text shown, once, by that person only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rules.commands.approval.clauses import number_given, number_recorded
from rules.commands.approval.opinion import addition_to, approval_in, returned_in, words_to_return
from rules.commands.commands import Command, read_commands
from rules.decide.base import approval_requests
from rules.decide.base.actions import Action, CloseDuty, Finish, Note, SetQuestion, UseToken
from rules.decide.base.approval_requests import KIND_NAMES, attached, clause_of, to_board, to_chair, to_session_units
from rules.decide.base.facts import BoardFacts, MailFacts, Person
from rules.decide.base.forwarding import OVER
from rules.decide.base.manual_work import hold, notify_person
from rules.decide.base.notices import to_people
from rules.decide.base.session_actions import DecideApproval, SetSession
from rules.decide.session import leaders_decision, session_course
from rules.decide.session.leaders_decision import DECIDES, Acts, acts_instead, who_says
from rules.decide.session.routine_reports import ISSUED, PAPERS, RECORDS, orders_otherwise, routine_approved
from rules.decide.session.session_day import summons
from rules.decide.session.session_duties import met, script_units, woken
from rules.decide.session.session_state import act, changes
from rules.law.session_rules import ApprovalFacts, PaperFacts, PaperKind, SessionFacts, SessionStatus, approval_key
from rules.requester.own_data import private_told
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus, QuestionStatus

GONE = "Văn bản đã được rút lại sau khi trình (rút đăng, mở lại, hoặc sửa câu trả lời), nên không phải duyệt nữa"
LEFT = "Văn bản này nay do người khác phê duyệt"
RECORD = "Người ký duyệt văn bản này; khi văn bản đã được ký, xin trả lời “Đã ban hành số …”"


def _how(approval: ApprovalFacts) -> str:
    """How to answer, in the word that the mail itself asked for."""
    word = "Đồng ý" if approval.status == DECIDES else "Duyệt"
    return f"Xin trả lời thư trình bằng “{word}”, hoặc “Trả lại: …” và nêu điều cần sửa"


def is_approval(facts: MailFacts) -> bool:
    """True for a mail that replies to a request for approval, by its signed address or its thread."""
    approval = facts.approval
    return approval is not None and not (approval.status == RECORDS and orders_otherwise(facts))


def decide_approval(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Decide by the reply if it comes, proven, from the person asked alone; hold or answer it otherwise."""
    approval = facts.approval
    if approval is None or len(facts.mail.senders) != 1:
        return hold(facts, now, "Thư phê duyệt có nhiều hơn một người gửi")
    facts = _as_asked(facts, approval)
    is_theirs = facts.person is not None and facts.person.email.lower() == approval.person.lower()
    if not is_theirs:
        return hold(facts, now, "Thư phê duyệt không đến từ người được trình")
    if leaders_decision.has_left(facts.board, approval) or not approval_requests.stands_before(facts.board, approval):
        return _has_left(facts, now)
    if facts.unproven:
        notices = notify_person(facts, "một thư phê duyệt")
        return (*notices, *hold(facts, now, f"Thư phê duyệt {facts.unproven}"))
    command = _command(facts)
    number = _number(facts, approval, command)
    why_not = _why_not(approval, command, number)
    if why_not or command is None:
        said = command.raw if command else facts.understanding.text.own.strip()[:200]
        taken_back = () if _waits(approval) else acts_instead(facts, approval)
        answer = _told(facts, said, why_not or _how(approval), ok=False, asked=approval, acts=taken_back)
        again = command is not None and command.verb != "return" and approval.paper.status != "void"
        offers = taken_back or (changes(facts, approval.session, said) if approval.session else ())
        seen = () if again or (command and _waits(approval)) else _unclear(facts, approval, why_not, offers)
        return (*answer, *seen, _finish(facts, approval, "chưa rõ ý kiến" if not command else "chưa thực hiện"))
    approved = command.verb != "return"
    if approval.status == DECIDES:
        return _leader_decided(facts, approval, command, approved=approved)
    waiting = approval.waiting if command.verb == "approve" else ()
    done = () if waiting else _approve(facts, approval, now) if approved else _return(facts, approval, command.text)
    decided = DecideApproval(
        approval.id,
        approval.paper.id,
        approved,
        command.text,
        clause_of(facts.board.law, approval.paper.kind, approval.session),
        len(waiting),
        number if approved and not waiting else None,
        recorded=command.verb == ISSUED,
    )
    text = f"Đã {'phê duyệt' if approved else 'trả lại'}: {approval.paper.title}{_still(facts, waiting)}"
    return (
        UseToken(f"a.{approval.token}", approval.person),
        decided,
        CloseDuty(approval_key(approval.token)),
        *done,
        *_told(facts, command.raw, text, ok=True),
        *(_wish(facts, approval, command.text) if approved and command.text and command.verb == "approve" else ()),
        _finish(facts, approval, "phê duyệt" if approved else "trả lại"),
    )


def _has_left(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Whoever was asked, and approves this paper no more, hears so; the officers have the mail."""
    text = facts.understanding.text.own.strip()[:200]
    actions = () if facts.unproven else _told(facts, text, f"{LEFT}; thư được chuyển cán bộ xem", ok=False)
    return (*actions, *hold(facts, now, LEFT))


def _as_asked(facts: MailFacts, approval: ApprovalFacts) -> MailFacts:
    """A person who decides on a proposal or signs for a unit is on no list, but known by the address asked."""
    if facts.person is not None or facts.mail.sender.email.lower() != approval.person.lower():
        return facts
    decides = approval.status == DECIDES and approval.session is not None
    named = (leaders_decision.decider(facts.board, approval.session),) if decides and approval.session else ()
    known = (*named, *facts.board.approvers.values())
    name = next((one.name for one in known if one.email.lower() == approval.person.lower()), approval.person)
    return replace(facts, person=Person(name, approval.person, "approver"))


def _leader_decided(
    facts: MailFacts, approval: ApprovalFacts, command: Command, *, approved: bool
) -> tuple[Action, ...]:
    """Record the decision of the city's or the unit's leader on topic, time and chair (7.1, 7.2)."""
    law, person, session = facts.board.law, facts.person, approval.session
    if person is None or session is None:
        return ()
    if approved:
        done = leaders_decision.replied(approval, person, facts.received_at, law)
    else:
        sent_back = leaders_decision.declined(law, session, approval.paper, command.text)
        done = (*sent_back, *_return(facts, approval, command.text))
    text = f"Đã ghi nhận {'quyết định' if approved else 'ý kiến trả lại'}: {approval.paper.title}"
    return (
        UseToken(f"a.{approval.token}", approval.person),
        *done,
        *_told(facts, command.raw, text, ok=True),
        *(_wish(facts, approval, command.text) if approved and command.text else ()),
        _finish(facts, approval, "quyết định" if approved else "trả lại"),
    )


def _still(facts: MailFacts, waiting: tuple[str, ...]) -> str:
    """Whose decision is still missing, by name."""
    names = ", ".join(approval_requests.who_was_asked(facts.board, one).name for one in waiting)
    return f"; còn chờ ý kiến của {names}" if names else ""


def _command(facts: MailFacts) -> Command | None:
    """The leader's opinion: an approval, a return, or a record of what was issued.

    Who decides on a proposal returns it only by refusing it in so many words; he is asked again instead.
    """
    text, source, approval = facts.understanding.text.ordered, facts.board.source, facts.approval
    said = " ".join(text.split())
    issued = next((one for one in read_commands(text, facts.board.units, source=source) if one.verb == ISSUED), None)
    if issued is not None and approval is not None and approval.status == RECORDS:
        return issued
    opinion = approval_in(text, source, approval.words if approval else "", facts.board.law.today(facts.received_at))
    if opinion is not None:
        return Command("approve", "", text=opinion.wish, raw=said[:200])
    others = [
        name for kind, name in approval_requests.SHORT_NAMES.items() if approval and kind is not approval.paper.kind
    ]
    found = returned_in(text, source, approval.words if approval else "", others)
    if found is not None and (found.refused or (approval is not None and approval.status != DECIDES)):
        return Command("return", "", text=found.reason, raw=said)
    return issued


def _number(facts: MailFacts, approval: ApprovalFacts, command: Command | None) -> int | None:
    """The issue number that the approving mail gives the paper; None = the next of its series."""
    if command is None or command.verb == ISSUED:
        return number_recorded(command.raw) if command else None
    return number_given(facts.understanding.text.ordered, approval.paper.title, facts.board.source)


def _why_not(asked: ApprovalFacts, command: Command | None, number: int | None) -> str:
    records = asked.status == RECORDS
    standing = {RECORDS: {"shown", "returned"}, DECIDES: {"approved"}}.get(asked.status, {"shown"})
    if asked.status not in {"asked", RECORDS, DECIDES} or asked.paper.status not in standing:
        if asked.status in {"approved", "returned"} or asked.paper.status == "approved":
            return "Văn bản này đã được quyết định trước đó"
        of = asked.session if asked.paper.kind is not PaperKind.RECORD else None
        if of is not None and of.status in {*OVER, SessionStatus.CANCELLED}:
            ended = "đã hủy" if of.status is SessionStatus.CANCELLED else "đã kết thúc"
            return f"Phiên {of.code} {ended}, văn bản này không cần phê duyệt nữa"
        return GONE if asked.is_gone else "Văn bản đã thay đổi sau khi trình; chỉ duyệt được bản trình mới nhất"
    if command is None or (command.verb == ISSUED) != records:
        return RECORD if records else f"Không rõ ý kiến. {_how(asked)}"
    if command.verb != "return" and asked.status != DECIDES and (taken := asked.paper.taken(number, command.raw)):
        return taken
    if command.verb == "return" and not command.text.strip():
        return f"Cần nêu điều cần sửa. {_how(asked)}"
    return ""


def _told(
    facts: MailFacts, command: str, text: str, *, ok: bool, asked: ApprovalFacts | None = None, acts: Acts = ()
) -> tuple[Action, ...]:
    """The result of the leader's reply; if a paper still waits for one, with both replies as links."""
    person, waits = facts.person, asked is not None and _waits(asked) and asked.status != RECORDS
    orders = acts if person is not None and person.role == "head" else ()
    own, source = facts.understanding.text.own, facts.board.source
    added = addition_to(own, source)
    approves = act("Duyệt và dặn thêm", f"Duyệt. Dặn thêm: {added}") if added else act("Duyệt", "Duyệt")
    commands = [approves, act("Trả lại", f"Trả lại: {added or words_to_return(own, source)}")] if waits else [*orders]
    values = {"results": [{"command": command, "ok": ok, "text": text}], "commands": commands}
    sent = to_people("officer_done", [person] if person else [], "", values, key=str(facts.raw_mail))
    return tuple(replace(notice, approval=asked.id) for notice in sent) if asked is not None and waits else sent


def _waits(approval: ApprovalFacts) -> bool:
    """Whether the paper still waits for this person's opinion."""
    return (approval.status, approval.paper.status) in {("asked", "shown"), (DECIDES, "approved"), (RECORDS, "shown")}


def _unclear(facts: MailFacts, approval: ApprovalFacts, why_not: str, acts: Acts) -> tuple[Action, ...]:
    """Show the officers what was written, as it is not carried out; of a paper decided on, with what may be done."""
    said, kind = facts.understanding.text.own.strip().splitlines()[:20], KIND_NAMES[approval.paper.kind]
    what, stands = "nhưng chưa rõ là duyệt hay trả lại", "Hệ thống đã hỏi lại; văn bản vẫn chờ ý kiến."
    if not _waits(approval):
        what, stands = "nhưng văn bản không còn chờ ý kiến", f"Hệ thống chưa làm gì. {why_not.rstrip('.')}."
    values = {
        "what": f"{who_says(facts)} đã viết về {kind}, {what}",
        "details": [approval.paper.title, *said, stands],
        "commands": acts,
    }
    return _alert(facts, approval, values, f"unclear:{facts.raw_mail}")


def _wish(facts: MailFacts, approval: ApprovalFacts, text: str) -> tuple[Action, ...]:
    """Send the officers the remarks added to an approval."""
    values = {
        "what": f"{who_says(facts)} duyệt {KIND_NAMES[approval.paper.kind]} và dặn thêm",
        "details": [approval.paper.title, f"“{text}”"],
        "commands": [],
    }
    return _alert(facts, approval, values, f"wish:{facts.raw_mail}")


def _alert(facts: MailFacts, approval: ApprovalFacts, values: Mapping[str, object], key: str) -> tuple[Action, ...]:
    clause = clause_of(facts.board.law, approval.paper.kind, approval.session)
    return to_people("officer_alert", facts.board.officers, clause, values, key=key)


def _finish(facts: MailFacts, approval: ApprovalFacts, what: str) -> Finish:
    why = f"Ý kiến về {KIND_NAMES[approval.paper.kind]}: {what}"
    about, trace = approval.paper.question_id, facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.COMMAND, Folder.OTHER, why, question=about, trace=trace)


def _return(facts: MailFacts, approval: ApprovalFacts, text: str) -> tuple[Action, ...]:
    """Tell the officers what to change; the text in its old form can no longer be approved."""
    values = {
        "what": f"{who_says(facts)} trả lại {KIND_NAMES[approval.paper.kind]}",
        "details": [approval.paper.title, *text.splitlines()[:20]],
        "commands": approval_requests.acts_again(approval.paper, approval.session),
    }
    return _alert(facts, approval, values, approval.token)


def _approve(facts: MailFacts, approval: ApprovalFacts, now: datetime) -> tuple[Action, ...]:
    session = approval.session
    if approval.paper.kind is PaperKind.ANSWER:
        return _answer_approved(facts, approval)
    if approval.paper.kind in PAPERS:
        return routine_approved(facts, approval)
    if session is None:
        return (Note("approved_nothing", "Văn bản không thuộc phiên nào"),)
    match approval.paper.kind:
        case PaperKind.PROPOSAL:
            return leaders_decision.proposal_agreed(facts.board, approval.paper, session, now)
        case PaperKind.PLAN:
            return plan_issued(facts.board, approval.paper, session, approval.token)
        case PaperKind.SCRIPT:
            return _script_approved(facts, approval, session)
        case PaperKind.RECORD:
            return session_course.approved(facts.board, approval, session)
        case _:
            ask = f"Xin đăng ngay nguyên văn lên Cổng. Đăng xong, xin trả lời thư này: “{session.code} đã đăng tại https://…”."
            return _handed_out(facts, approval, session, ask)


def plan_issued(board: BoardFacts, paper: PaperFacts, session: SessionFacts, key: str) -> tuple[Action, ...]:
    """An approved plan is issued: it goes to every unit and to the chair at once (10.1.a)."""
    before = (SessionStatus.TOPIC_APPROVED, SessionStatus.PLAN_APPROVED)
    why = "Ban hành kế hoạch, gửi các đơn vị"
    files = attached(paper.files)
    named = {"kind_name": KIND_NAMES[PaperKind.PLAN], "title": paper.title}
    values: dict[str, object] = {**named, "text": "", "ask": ""}
    ask = "Thông báo đăng Cổng thông tin điện tử được soạn và trình theo kế hoạch này."
    if unreached := ", ".join(approval_requests.without_address(board, session)):
        ask += f" Chưa có địa chỉ thư của {unreached}: xin gửi kế hoạch và giấy mời kèm địa điểm bằng cách khác."
    return (
        SetSession(session.id, before, SessionStatus.PLAN_APPROVED, "plan_approved", "Duyệt kế hoạch", "9.2"),
        SetSession(session.id, before[1:], SessionStatus.PLAN_ISSUED, "plan_issued", why, "10.1.a"),
        *met(session, "plan_approved", "plan_issued"),
        woken(session, "notice_posted"),
        *summons(board, session, key),
        *to_session_units("session_paper", board, session, "10.1.a", values, key, files),
        *to_chair("session_paper", session, "10.1.a", values, key, files),
        *to_board("session_paper", board, session, "10.1.a", {**values, "ask": ask}, key, files),
    )


def _script_approved(facts: MailFacts, asked: ApprovalFacts, session: SessionFacts) -> tuple[Action, ...]:
    """Clause 10.1.đ: send the approved script to the units, also to one of no other part in the session."""
    before = (SessionStatus.ANNOUNCED, SessionStatus.SCRIPT_APPROVED)
    board, key, files = facts.board, asked.token, attached(asked.paper.files)
    named = {"kind_name": KIND_NAMES[PaperKind.SCRIPT], "title": asked.paper.title}
    values: dict[str, object] = {**named, "text": "", "ask": ""}
    why = "Duyệt kịch bản, gửi các đơn vị"
    return (
        SetSession(session.id, before, SessionStatus.SCRIPT_APPROVED, "script_approved", why, "9.3"),
        *met(session, "script_approved", "script_sent"),
        *to_session_units("session_paper", board, session, "10.1.đ", values, key, files, script_units(facts, asked)),
        *to_chair("session_paper", session, "10.1.đ", values, key, files),
        *to_board("session_paper", board, session, "10.1.đ", values, key, files),
    )


def _handed_out(facts: MailFacts, approval: ApprovalFacts, session: SessionFacts, ask: str) -> tuple[Action, ...]:
    """Clause 10.1.b: the portal posts the approved text; "Đã đăng tại …" reports the posting."""
    paper = approval.paper
    named = {"kind_name": KIND_NAMES[paper.kind], "title": paper.title}
    values: dict[str, object] = {**named, "text": paper.text, "ask": ask}
    return to_board("session_paper", facts.board, session, "10.1.b", values, approval.token, attached(paper.files))


def _answer_approved(facts: MailFacts, approval: ApprovalFacts) -> tuple[Action, ...]:
    """Clause 10.2: the last moderation is done, and the text may be posted."""
    paper = approval.paper
    code, itself = paper.title.rpartition(" ")[2], facts.board.publishes
    posted = {"label": "Đã đăng trên Cổng", "text": f"{code} đã đăng tại https://"}
    by_hand = "Xin đăng nguyên văn lên Cổng thông tin điện tử:"
    posting = "Hệ thống tự đăng lên Cổng thông tin điện tử; không phải đăng tay." if itself else by_hand
    values = {
        "what": f"{paper.title} được duyệt để đăng",
        "details": [*private_told(paper.text), posting],
        "text": paper.text,
        "commands": [] if itself else [posted],
    }
    status = SetQuestion(
        paper.question_id or 0,
        (QuestionStatus.ANSWERED,),
        QuestionStatus.APPROVED,
        act="answer_approved",
        clause="10.2",
        why=f"{who_says(facts)} duyệt câu hỏi và câu trả lời để đăng",
    )
    about, officers = paper.question_id, facts.board.officers
    return (status, *to_people("officer_alert", officers, "10.2", values, key=approval.token, question=about))
