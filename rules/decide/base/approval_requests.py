"""Asks the Head, or whoever the profile names, to approve texts by reply; also related notices (9.2, 9.3, 10.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rules.decide.base.actions import NEW, Action, OpenDuty, Send
from rules.decide.base.facts import BoardFacts, DutyFacts, Person
from rules.decide.base.notices import person_recipient, unit_name, unit_recipient
from rules.decide.base.session_actions import AskApproval, KeepPaper, VoidRequest
from rules.law.legal_dates import Law
from rules.law.profile import Profile
from rules.law.session_rules import (
    ApprovalFacts,
    Paper,
    PaperFacts,
    PaperFile,
    PaperKind,
    SessionFacts,
    approval_key,
)
from rules.law.working_days import city_moment
from rules.requester.own_data import private_told
from rules.values.model import AttachmentRef, Notice, Recipient

KIND_NAMES = {
    PaperKind.PROPOSAL: "tờ trình chủ đề và người chủ trì",
    PaperKind.PLAN: "kế hoạch tổ chức phiên đối thoại",
    PaperKind.NOTICE: "thông báo đăng trên Cổng thông tin điện tử",
    PaperKind.SCRIPT: "kịch bản nội dung phiên đối thoại",
    PaperKind.RECORD: "nội dung hỏi, đáp của phiên đối thoại để đăng trên Cổng thông tin điện tử",
    PaperKind.RUN_SHEET: "tờ điều hành phiên đối thoại",
    PaperKind.ANSWER: "câu hỏi và câu trả lời để đăng trên Cổng thông tin điện tử",
    PaperKind.QUARTERLY: "kế hoạch tổ chức đối thoại trực tuyến quý",
    PaperKind.REPORT: "báo cáo kết quả thực hiện Quy chế",
    PaperKind.REVIEW: "tài liệu họp sơ kết năm",
    PaperKind.EVIDENCE: "báo cáo về trách nhiệm trả lời của các đơn vị",
}
SHORT_NAMES = {
    PaperKind.PROPOSAL: "tờ trình",
    PaperKind.PLAN: "kế hoạch",
    PaperKind.NOTICE: "thông báo",
    PaperKind.SCRIPT: "kịch bản",
    PaperKind.RECORD: "nội dung phiên",
}
"""How a session's paper is named, also behind "trình" in the order that puts it up."""
_AMENDED = frozenset({PaperKind.PROPOSAL, PaperKind.PLAN, PaperKind.NOTICE})
"""The papers whose text is the session's data; before them these may still be changed."""
CLAUSES = {
    PaperKind.PROPOSAL: "7.1",
    PaperKind.PLAN: "9.2",
    PaperKind.NOTICE: "5.3",
    PaperKind.SCRIPT: "9.3",
    PaperKind.RECORD: "10.1.l",
    PaperKind.RUN_SHEET: "9.3",
    PaperKind.ANSWER: "10.2",
    PaperKind.QUARTERLY: "16.1",
    PaperKind.REPORT: "22",
    PaperKind.REVIEW: "11.6",
    PaperKind.EVIDENCE: "23",
}


def clause_of(law: Law, kind: PaperKind, session: SessionFacts | None) -> str:
    """The clause by which a paper is approved: a proposal's by the session's level (7.1, 7.2)."""
    return session.form.chair_clause(law.profile) if session and kind is PaperKind.PROPOSAL else CLAUSES[kind]


APPROVED_BY = {
    PaperKind.PLAN: "plan_approved",
    PaperKind.NOTICE: "notice_content",
    PaperKind.SCRIPT: "script_approved",
    PaperKind.RECORD: "review_before_posting",
    PaperKind.ANSWER: "review_before_posting",
}
"""The profile's rule that says who approves each kind of paper. A proposal is approved within the Board first; then
the Chairman or the unit's leader decides on it, as its clause says (7.1, 7.2): ``session.leaders_decision``."""


def approving_roles(profile: Profile, kind: PaperKind) -> tuple[str, ...]:
    """The profile's roles that must all approve a paper; the Head when the profile names none."""
    if kind is PaperKind.PROPOSAL:
        proposed = profile.find("chair_city")
        return (proposed.confirmed_by if proposed else ()) or ("head",)
    rule = profile.find(APPROVED_BY.get(kind, ""))  # a routine paper's roles are those of its own rule
    return (rule.approves if rule else ()) or ("head",)


def approvers(
    board: BoardFacts, kind: PaperKind, now: datetime, roles: Sequence[str] | None = None
) -> tuple[Person, ...]:
    """Everyone who must approve a paper, each once; the deputy while the Head is recorded as absent."""
    away = board.head_absent
    absent = away is not None and away[0] <= board.law.today(now) <= away[1]
    head = board.deputy if absent and board.deputy is not None else board.head
    people = [board.approvers.get(role, head) for role in roles or approving_roles(board.law.profile, kind)]
    return tuple({person.email.lower(): person for person in people}.values())


def stands_before(board: BoardFacts, asked: ApprovalFacts) -> bool:
    """False for a request to somebody who may not approve, or record, its paper any more."""
    of_leader = asked.status == "decide" or (asked.status == "void" and asked.paper.kind is PaperKind.PROPOSAL)
    if of_leader or asked.status in {"approved", "returned"}:
        return True
    records = asked.status != "asked" and any(one.email.lower() == asked.person.lower() for one in board.officers)
    return records or (asked.status != "record" and _may_approve(board, asked.paper, asked.person))


def is_before_approvers(board: BoardFacts, paper: PaperFacts) -> bool:
    """Whether all those for whom a paper waits may approve it; true for one that waits for nobody."""
    return all(_may_approve(board, paper, who) for who in paper.waiting)


def _may_approve(board: BoardFacts, paper: PaperFacts, email: str) -> bool:
    """Whether a person has one of the roles that approve a paper, or is the deputy of the Head who has."""
    roles = _roles(board, paper) or approving_roles(board.law.profile, paper.kind)
    people = [board.approvers.get(role, board.head) for role in roles]
    deputy = [board.deputy] if board.deputy is not None and board.head in people else []
    return any(person.email.lower() == email.lower() for person in (*people, *deputy))


def _roles(board: BoardFacts, paper: PaperFacts) -> tuple[str, ...]:
    """The roles that a routine paper's own rule names; () for any other paper."""
    rule = board.law.profile.find(paper.about.split(":")[1]) if ":" in paper.about else None
    return rule.approves if rule is not None else ()


_WANTED_FOR = {
    "plan_approved": PaperKind.PLAN,
    "plan_issued": PaperKind.PLAN,
    "notice_content": PaperKind.NOTICE,
    "notice_posted": PaperKind.NOTICE,
    "script_approved": PaperKind.SCRIPT,
    "script_sent": PaperKind.SCRIPT,
    "post_record": PaperKind.RECORD,
}
"""The paper that a dated duty needs approved."""


def waits_for_approval(facts: DutyFacts, rule: str) -> list[str]:
    """Whose approval the paper of a dated duty waits for, as a line; none before it is submitted."""
    kind = _WANTED_FOR.get(rule)
    asked = next(
        (paper.waiting for paper in reversed(facts.papers) if paper.kind is kind and paper.status == "shown"), ()
    )
    names = ", ".join(who_was_asked(facts.board, one).name for one in asked)
    return [f"{KIND_NAMES[kind]}: đã trình, chờ {names} duyệt"] if kind and names else []


def who_was_asked(board: BoardFacts, email: str) -> Person:
    """The person behind an address that was asked for approval; the address where no list knows it any more."""
    leaders = (
        Person(one.leader_name, one.leader_email, "leader") for one in board.contacts.values() if one.leader_email
    )
    named = (one for one in (board.head, board.deputy, *board.approvers.values(), *leaders) if one is not None)
    return next((one for one in named if one.email.lower() == email.lower()), Person(email, email, "approver"))


def submit_for_approval(
    board: BoardFacts,
    paper: Paper,
    session: SessionFacts | None,
    before: Sequence[PaperFacts],
    now: datetime,
    question: int | None = None,
    roles: Sequence[str] | None = None,
) -> tuple[Action, ...]:
    """Send exactly this text to its approvers; () when it is already awaiting their approval, or approved."""
    same = [one for one in before if one.digest == paper.digest and one.status in {"shown", "approved"}]
    if any(is_before_approvers(board, one) for one in same):
        return ()
    put = [one for one in before if one.kind is paper.kind and one.asked]
    changed = bool(put) and put[-1].digest != paper.digest
    actions = [
        action
        for person in approvers(board, paper.kind, now, roles)
        for action in _ask(board, paper, session, person, now, question, {"times": len(put) + 1, "changed": changed})
    ]
    return (KeepPaper(paper, session.id if session else None, question), *actions)


def _ask(
    board: BoardFacts, paper: Paper | PaperFacts, session: SessionFacts | None, person: Person, now: datetime,
    question: int | None, values: Mapping[str, int], instead: ApprovalFacts | None = None,
) -> tuple[Action, ...]:  # fmt: skip
    about = instead.token if instead else paper.about or (f"s{session.id}" if session else f"q{question}")
    token = token_of(paper, about, person, values["times"])
    due = board.law.review_due(now)
    duty = OpenDuty(
        approval_key(token),
        "approval",
        clause_of(board.law, paper.kind, session),
        due.due,
        due.due_at,
        due.alarm_at,
        question,
        session.id if session else None,
    )
    letter = _letter(board.law, paper, session, person, token, values)
    to, before = (instead.paper.id, instead.id) if instead else (NEW, 0)
    request = AskApproval(to, token, paper.digest, person.email, instead=before)
    return (request, Send(letter, question, approval=NEW), duty)


def pass_on(board: BoardFacts, approval: ApprovalFacts, question: int | None, now: datetime) -> tuple[Action, ...]:
    """Put a paper before whoever approves it now, since the person asked does so no longer.

    Nobody is asked twice; only if all have approved and nobody waits, the first is asked once more, to end it.
    """
    people = approvers(board, approval.paper.kind, now, _roles(board, approval.paper))
    before = {who.lower() for who in (*approval.waiting, *approval.approved)}
    left = [one for one in people if one.email.lower() not in before]
    if not left and approval.waiting:
        return (VoidRequest(approval.id),)
    values = {"times": 1, "changed": False}
    return tuple(
        action
        for person in left or people[:1]
        for action in _ask(board, approval.paper, approval.session, person, now, question, values, approval)
    )


def ask_again(board: BoardFacts, approval: ApprovalFacts, question: int | None, due: date, stage: int) -> Send:
    """The same request once more, to the same person: a reply to either of them decides."""
    person = who_was_asked(board, approval.person)
    values = {"again": True, "due": due, "late": stage > 1}
    letter = _letter(board.law, approval.paper, approval.session, person, f"{approval.token}:{stage}", values)
    return Send(letter, question, approval=approval.id)


def _letter(
    law: Law, paper: Paper | PaperFacts, session: SessionFacts | None, person: Person, key: str,
    values: Mapping[str, object],
) -> Notice:  # fmt: skip
    """The mail that puts a paper before a person: what it is, its files, and the two replies."""
    shown = {
        **values,
        "kind_name": KIND_NAMES[paper.kind],
        "title": paper.title,
        "text": paper.text,
        "session_code": session.code if session else "",
        "digest": paper.digest[:12],
        "summary": _summary(session) if paper.kind is not PaperKind.ANSWER else private_told(paper.text),
        "commands": [
            {"label": "Duyệt", "text": "Duyệt, số " if person.role == "leader" else "Duyệt"},
            {"label": "Trả lại", "text": "Trả lại: "},
        ],
    }
    name, to, clause = "head_approval", person_recipient(person), clause_of(law, paper.kind, session)
    return Notice(name, to, clause, f"{name}:{key}", shown, attachments=attached(paper.files))


def _summary(session: SessionFacts | None) -> tuple[str, ...]:
    """When and where the session is and who chairs it, for approvers who read on a telephone."""
    if session is None:
        return ()
    view = session_view(session)
    when = f"Thời gian: {city_moment(session.starts_at)}; địa điểm: {view['place']}"
    return (f"Chủ đề: {view['topic']}", when, f"Chủ trì: {view['chair']}")


def token_of(paper: Paper | PaperFacts, about: str, person: Person, number: int) -> str:
    """The token in the signed address, bound to the person, the act, the text and the number of the request."""
    text = f"approve|{paper.kind.value}|{about}|{paper.digest}|{person.email.lower()}|{number}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def attached(files: Sequence[PaperFile]) -> tuple[AttachmentRef, ...]:
    """A paper's files as attachments."""
    return tuple(AttachmentRef(0, 0, one.name, one.type, one.sha256) for one in files)


def decision_acts(code: str) -> list[dict[str, str]]:
    """How an officer records what the leader has decided on a session, by its number, as prepared replies (7.1)."""
    return [
        {"label": "Lãnh đạo đã quyết định", "text": f"{code} lãnh đạo đã quyết định tại "},
        {"label": "Lãnh đạo chưa đồng ý", "text": f"{code} lãnh đạo chưa đồng ý: "},
    ]


def session_view(session: SessionFacts) -> dict[str, object]:
    """A session as the templates see it."""
    chair = session.form.chair
    return {
        "code": session.code,
        "topic": session.form.topic,
        "starts_at": session.starts_at,
        "place": session.form.place,
        "chair": ", ".join(part for part in (chair.name, chair.title) if part),
    }


def session_units(board: BoardFacts, session: SessionFacts) -> tuple[str, ...]:
    """The units that a session concerns, or that answer in it (7.1.b), and that have an address."""
    wanted = dict.fromkeys((*(session.form.units or board.contacts), *session.answering))
    return tuple(code for code in wanted if code in board.contacts)


def without_address(board: BoardFacts, session: SessionFacts) -> list[str]:
    """Who is named for a session and can be sent nothing: its chair, its units."""
    chair, wanted = session.form.chair, dict.fromkeys((*session.form.units, *session.answering))
    units = [unit_name(board, code) for code in wanted if code not in board.contacts]
    return [*([] if chair.email else [chair.name or "người chủ trì"]), *units]


def to_session_units(
    name: str, board: BoardFacts, session: SessionFacts, clause: str, values: dict[str, object], key: str,
    attachments: tuple[AttachmentRef, ...] = (), more: Sequence[str] = (),
) -> tuple[Send, ...]:  # fmt: skip
    """One notice to each unit of a session, and to each further unit named, at its official address (10.1.e)."""
    shown, about = {**values, "session": session_view(session)}, f"{name}:{session.id}:{key}"
    units = (*session_units(board, session), *more)
    to = [(unit_recipient(board.contacts[code], board), f"{about}:{code}") for code in units]
    return tuple(Send(Notice(name, one, clause, own, shown, attachments=attachments)) for one, own in to)


def to_board(
    name: str, board: BoardFacts, session: SessionFacts, clause: str, values: dict[str, object], key: str,
    attachments: tuple[AttachmentRef, ...] = (),
) -> tuple[Send, ...]:  # fmt: skip
    """One notice about a session to each officer."""
    shown, about = {**values, "session": session_view(session)}, f"{name}:{session.id}:{key}"
    to = [(person_recipient(person), f"{about}:{person.email.lower()}") for person in board.officers]
    return tuple(Send(Notice(name, one, clause, own, shown, attachments=attachments)) for one, own in to)


def to_chair(
    name: str, session: SessionFacts, clause: str, values: dict[str, object], key: str,
    attachments: tuple[AttachmentRef, ...] = (),
) -> tuple[Send, ...]:  # fmt: skip
    """One notice about a session to the person who chairs it, if an address is known (10.1.đ)."""
    chair = session.form.chair
    if not chair.email:
        return ()
    shown = {**values, "session": session_view(session)}
    to = Recipient(chair.email, chair.name, "leader")
    return (Send(Notice(name, to, clause, f"{name}:{session.id}:{key}:chair", shown, attachments=attachments)),)


def acts_again(paper: PaperFacts, session: SessionFacts | None) -> list[dict[str, str]]:
    """How a returned paper is corrected and submitted again, as prepared replies; reports are drafted anew."""
    if paper.kind is PaperKind.ANSWER:
        return [{"label": "Trình đăng lại", "text": f"Trình đăng {paper.title.rpartition(' ')[2]}"}]
    if session is None or paper.kind not in SHORT_NAMES:
        return []
    amend = {"label": "Sửa thông tin phiên", "text": f"Bổ sung phiên {session.code}: "}
    again = {"label": "Sửa xong, trình lại", "text": f"Trình {SHORT_NAMES[paper.kind]} {session.code}"}
    return [*([amend] if paper.kind in _AMENDED else []), again]
