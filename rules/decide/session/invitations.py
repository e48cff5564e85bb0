"""The summons to a session (7.1.b, 7.2): calendar invitations, and the replies of calendar programs (RFC 5546).

A reply is recorded and shown to the officers; it is never a question, nor a department's answer to one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rules.decide.base.actions import Action, Finish
from rules.decide.base.approval_requests import session_units, to_chair, to_session_units
from rules.decide.base.fact_parts import ACCEPTED, DECLINED, STEP, TENTATIVE, Attendance, InvitationReply
from rules.decide.base.facts import BoardFacts, MailFacts
from rules.decide.base.manual_review import hold
from rules.decide.base.notices import to_people, unit_name
from rules.decide.base.session_actions import RecordAttendance
from rules.law.session_rules import SessionFacts
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus

ANSWERS = {ACCEPTED: "nhận lời dự", DECLINED: "báo không dự được", TENTATIVE: "chưa chắc dự được"}
CHAIR = "chair"
"""The invited person who is not a unit: the chair."""


def summons(board: BoardFacts, session: SessionFacts, key: str) -> tuple[Action, ...]:
    """The invitation to every unit of the session and to its chair."""
    clause = invitation_clause(board, session)
    return (
        *to_session_units("session_invitation", board, session, clause, {}, key),
        *to_chair("session_invitation", session, clause, {}, key),
    )


def invitation_clause(board: BoardFacts, session: SessionFacts) -> str:
    """The clause by which the session's chair summons the others."""
    rule = board.law.profile.find("chair_city" if session.form.level == "city" else "chair_unit")
    return rule.clause if rule else ""


def is_invitation_reply(facts: MailFacts) -> bool:
    """True for a calendar program's reply to an invitation we sent, whatever else is in the mail."""
    return facts.invitation is not None and facts.duplicate_of is None and not facts.own_mail


def decide_invitation_reply(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Record the reply of an invited person; tell officers at once if a unit will not or may not come."""
    reply = facts.invitation
    session = reply.session if reply else None
    who = _who(facts, session) if session else ""
    if reply is None or session is None or not who:
        return hold(facts, now, "Thư trả lời giấy mời dự phiên đối thoại không đến từ nơi được mời")
    if facts.unproven:
        return hold(facts, now, f"Thư trả lời giấy mời dự phiên {session.code} {facts.unproven}")
    sender = facts.mail.sender.email.lower()
    unit = "" if who == CHAIR else who
    record = RecordAttendance(
        session.id, unit or sender, unit, reply.answer, reply.comment, _sequence(reply, session)
    )
    why = f"Trả lời giấy mời phiên {session.code}: {ANSWERS[reply.answer]}"
    finish = Finish(
        MailStatus.DONE, Fate.ATTACH, Kind.NOT_A_QUESTION, Folder.OTHER, why, trace=facts.understanding.trace
    )
    told = _alert(facts, session, reply, unit) if reply.answer != ACCEPTED else ()
    return (record, *told, finish)


def _sequence(reply: InvitationReply, session: SessionFacts) -> int:
    """The reply's SEQUENCE within its limits (RFC 5545 §3.8.7.4), as a calendar program may write any number."""
    return min(max(reply.sequence, 0), session.moves * STEP + STEP - 1)


def _who(facts: MailFacts, session: SessionFacts) -> str:
    """The code of the unit that replies, ``CHAIR`` for the chair; "" for anybody else."""
    if facts.sender_unit in session_units(facts.board, session):
        return facts.sender_unit
    chair = session.form.chair.email.lower()
    return CHAIR if chair and facts.mail.sender.email.lower() == chair else ""


def _alert(facts: MailFacts, session: SessionFacts, reply: InvitationReply, unit: str) -> tuple[Action, ...]:
    board = facts.board
    said = reply.comment or " ".join(facts.understanding.text.own.split())[:500]
    who = unit_name(board, unit) if unit else f"{session.form.chair.name} (chủ trì)"
    details = [f"Phiên đối thoại: {session.form.topic}", *([f"Lời nhắn: {said}"] if said else [])]
    details += [f"Xin hỏi lại: {ask_whom(board, session, unit)}"]
    values = {
        "what": f"{who} {ANSWERS[reply.answer]} phiên {session.code}",
        "details": details,
        "commands": [],
        "session_code": session.code,
    }
    clause = invitation_clause(board, session)
    return to_people("officer_alert", board.officers, clause, values, key=f"rsvp:{session.id}:{facts.raw_mail}")


def ask_whom(board: BoardFacts, session: SessionFacts, unit: str) -> str:
    """Whom to ask about a unit or chair that does not come: the leader first, then the official address."""
    contact = board.contacts.get(unit)
    if contact is None:
        return session.form.chair.email or session.form.chair.name
    leader = ", ".join(part for part in (contact.leader_name, contact.leader_email) if part)
    others = (contact.address, *contact.others)
    return "; ".join(part for part in (leader, *others) if part)


def attendance_lines(board: BoardFacts, session: SessionFacts, known: Sequence[Attendance]) -> list[str]:
    """Who comes, who does not and whom to ask, who has not replied; for the present planning only."""
    now = {one.unit or CHAIR: one for one in known if one.moves == session.moves}
    return list(_lines(board, session, now))


def _lines(board: BoardFacts, session: SessionFacts, now: dict[str, Attendance]) -> Iterator[str]:
    names = {code: unit_name(board, code) for code in session_units(board, session)}
    if session.form.chair.email:
        names = {CHAIR: f"{session.form.chair.name} (chủ trì)", **names}
    for code, name in names.items():
        said = now.get(code)
        if said is None:
            yield f"{name}: chưa trả lời giấy mời"
            continue
        comment = f" (“{said.comment}”)" if said.comment else ""
        ask = f"; xin hỏi lại {ask_whom(board, session, code)}" if said.answer != ACCEPTED else ""
        yield f"{name}: {ANSWERS[said.answer]}{comment}{ask}"
