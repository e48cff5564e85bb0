"""The day of a session: the summons to it, the run sheet, live questions, its end and outcomes.

The summons (7.1.b, 7.2) are calendar invitations, with the replies of calendar programs (RFC 5546). A reply is
recorded and shown to the officers; it is never a question, nor a department's answer to one.

One duty of its own kind runs from the notice to the last outcome (10.1.g–l): run sheet the day before, live questions
every ten minutes, requests for end and outcomes. The regulation sets it no limit, so its date is that of the last
duty, S+15.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, Finish, OpenDuty, Send
from rules.decide.base.approval_requests import (
    attached,
    session_units,
    session_view,
    to_board,
    to_chair,
    to_session_units,
)
from rules.decide.base.fact_parts import ACCEPTED, DECLINED, STEP, TENTATIVE, WRITTEN
from rules.decide.base.facts import BoardFacts, DutyFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import is_unmarked
from rules.decide.base.history import OF_SESSIONS, Attendance, InvitationReply
from rules.decide.base.manual_work import SHOWN_CHARACTERS, hold
from rules.decide.base.notices import to_citizen, to_people, unit_name
from rules.decide.base.session_actions import KeepPaper, RecordAttendance
from rules.law.legal_dates import Law
from rules.law.session_rules import HOLDABLE, SessionFacts, SessionStatus
from rules.law.working_days import city_day, due_instant
from rules.requester.secrecy import for_chair
from rules.values.model import Fate, Kind
from rules.values.states import Folder, MailStatus

ANSWERS = {
    ACCEPTED: "nhận lời dự",
    DECLINED: "báo không dự được",
    TENTATIVE: "chưa chắc dự được",
    WRITTEN: "trả lời giấy mời bằng thư",
}
WROTE = "viết thư"
CHAIR = "chair"
"""The invited person who is not a unit: the chair."""


def summons(board: BoardFacts, session: SessionFacts, key: str) -> tuple[Action, ...]:
    """The invitation to every unit of the session and to its chair."""
    clause, key = session.form.chair_clause(board.law.profile), f"{session.moves}:{key}"
    return (
        *to_session_units("session_invitation", board, session, clause, {}, key),
        *to_chair("session_invitation", session, clause, {}, key),
    )


def is_invitation_reply(facts: MailFacts) -> bool:
    """True for a calendar program's reply to an invitation we sent, whatever else is in the mail."""
    reply = facts.invitation
    return reply is not None and not reply.about and facts.duplicate_of is None and not facts.own_mail


def decide_invitation_reply(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Record the reply of an invited person; tell officers at once if a unit will not or may not come."""
    reply = facts.invitation
    session = reply.session if reply else None
    who = who_writes(facts, session) if session else ""
    if reply is None or session is None or not who:
        return hold(facts, now, "Thư trả lời giấy mời dự phiên đối thoại không đến từ nơi được mời")
    if facts.unproven:
        return hold(facts, now, f"Thư trả lời giấy mời dự phiên {session.code} {facts.unproven}")
    unit, of = ("", facts.mail.sender.email.lower()) if who == CHAIR else (who, who)
    record = RecordAttendance(session.id, of, unit, reply.answer, reply.comment, _sequence(reply, session))
    why = f"Trả lời giấy mời phiên {session.code}: {ANSWERS.get(reply.answer, WROTE)}"
    finish = Finish(
        MailStatus.DONE, Fate.ATTACH, Kind.NOT_A_QUESTION, Folder.OTHER, why, trace=facts.understanding.trace
    )
    actions = _alert(facts, session, reply, unit) if reply.about or reply.answer != ACCEPTED else ()
    return (*([record] if reply.answer else ()), *actions, finish)


def _sequence(reply: InvitationReply, session: SessionFacts) -> int:
    """The reply's SEQUENCE within its limits (RFC 5545 §3.8.7.4), as a calendar program may write any number."""
    return min(max(reply.sequence, 0), session.moves * STEP + STEP - 1)


def who_writes(facts: MailFacts, session: SessionFacts) -> str:
    """The code of the unit that replies, ``CHAIR`` for the chair; "" for anybody else.

    A chair's address is mostly in a unit's domain; the chair answers for that unit only from the unit's own address.
    """
    sender, chair, unit = facts.mail.sender.email.lower(), session.form.chair.email.lower(), facts.sender_unit
    own = facts.board.contacts.get(unit)
    offices = {one.lower() for one in (own.address, *own.others)} if own is not None else set()
    if chair and sender == chair and sender not in offices:
        return CHAIR
    thread = facts.threads[0] if facts.threads and facts.threads[0].name in OF_SESSIONS else None
    told = thread is not None and thread.key.endswith(f":{unit}")  # one that answers in it, of no field of its
    return unit if unit and (told or unit in session_units(facts.board, session)) else ""


def _alert(facts: MailFacts, session: SessionFacts, reply: InvitationReply, unit: str) -> tuple[Action, ...]:
    board = facts.board
    text, who = _said(facts, reply), unit_name(board, unit) if unit else f"{session.form.chair.name} (chủ trì)"
    details = [f"Phiên đối thoại: {session.form.topic}", *([f"Lời nhắn: {text}"] if text else [])]
    if reply.answer and reply.sequence < session.moves * STEP:
        details += ["Đây là trả lời giấy mời theo ngày cũ; phiên đã đổi ngày"]
    details += [f"{'Cần' if reply.about else 'Xin'} hỏi lại: {ask_whom(board, session, unit)}"]
    values = {
        "what": f"{who} {ANSWERS.get(reply.answer, WROTE)}, phiên {session.code}",
        "details": details,
        "text": facts.understanding.text.own.strip()[:SHOWN_CHARACTERS] if reply.about else "",
        "commands": [],
        "session_code": session.code,
    }
    clause = session.form.chair_clause(board.law.profile)
    return to_people("officer_alert", board.officers, clause, values, key=f"rsvp:{session.id}:{facts.raw_mail}")


def _said(facts: MailFacts, reply: InvitationReply) -> str:
    """What a calendar brought along; of a mail in words, which is shown whole, the names of its files."""
    if not reply.about:
        return reply.comment or " ".join(facts.understanding.text.own.split())[:500]
    files = ", ".join(file.name or file.type for file in facts.mail.attachments if not file.inline)
    return f"thư số {facts.raw_mail} trong hộp thư, kèm {files}" if files else ""


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
        sure = said.answer in {ACCEPTED, WRITTEN}
        ask = "" if sure else f"; xin hỏi lại {ask_whom(board, session, code)}"
        yield f"{name}: {ANSWERS[said.answer]}{comment}{ask}"


KIND = "session_run"
EVERY = timedelta(minutes=10)
"""How often live questions are sent while the session runs."""
EVE, RUNNING, END_ASKED, MARKS_ASKED = range(4)
"""The stages of the duty."""
MOST_LISTED = 20


def run_key(session: SessionFacts) -> str:
    """The key of the duty; a moved session gets another."""
    return f"session_run:{session.id}:{session.moves}"


def eve_of(law: Law, session: SessionFacts) -> date:
    """The working day before the session."""
    return law.working_days_before(city_day(session.starts_at), 1)


def open_run(law: Law, session: SessionFacts, now: datetime) -> OpenDuty:
    """Watch the day of the session, from its notice on."""
    due = session.due("answer_after_session", law.profile, law.calendar)
    at = max(now, law.opening(eve_of(law, session)))
    return OpenDuty(run_key(session), KIND, "10.1.l", due, due_instant(due.on), at, session=session.id)


def is_watched(session: SessionFacts) -> bool:
    """True once its day is watched: from its notice on, or from its beginning where the notice comes late."""
    return session.status is not SessionStatus.PLAN_ISSUED or session.started_at is not None


def chase_run(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """The actions that the day requires now."""
    if facts.stage == MARKS_ASKED and now >= facts.due_at:
        return _still_unmarked(facts, session, now)
    if session.status is SessionStatus.HELD:
        return _after(facts, session, now)
    if session.status not in HOLDABLE:
        return (CloseDuty(facts.key, void=session.status is not SessionStatus.CLOSED),)
    if now < session.starts_at:
        eve = _run_sheet(facts, session) if facts.stage == EVE else ()
        return (_advance(facts, RUNNING, session.starts_at + EVERY), *eve)
    return _on_the_day(facts, session, now)


def _on_the_day(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Send live questions until the end is recorded; ask for it at the first look after the planned end, and on the
    next working day. Each look is ``EVERY`` after the last, where the last one stopped: nothing is shown twice."""
    notices = _live(facts, session, now)
    if facts.stage < END_ASKED and now < session.planned_end:
        return (_advance(facts, RUNNING, now + EVERY), *notices)
    if facts.stage < END_ASKED:
        return (_advance(facts, END_ASKED, now + EVERY), *notices, *_ask_end(facts, session, "end"))
    if session.is_receiving(now):
        return (_advance(facts, END_ASKED, now + EVERY), *notices)
    law = facts.board.law
    next_day = law.opening(law.calendar.next_working_day(city_day(session.starts_at)))
    if now < next_day:
        return (_advance(facts, END_ASKED, next_day),)
    return (_advance(facts, MARKS_ASKED, facts.due_at), *_ask_end(facts, session, "next"))


def _advance(facts: DutyFacts, stage: int, at: datetime | None) -> AdvanceDuty:
    return AdvanceDuty(facts.id, facts.stage, stage, at)


def _after(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """The end is recorded: on the next working day, ask once more for missing outcomes."""
    waiting = [question for question in facts.session_questions if is_unmarked(question)]
    if not waiting:
        return (CloseDuty(facts.key),)
    law = facts.board.law
    at = law.opening(law.calendar.next_working_day(session.day))
    if facts.stage == MARKS_ASKED:
        return (_advance(facts, MARKS_ASKED, facts.due_at),)
    if now < at:
        return (_advance(facts, END_ASKED, at),)
    return (_advance(facts, MARKS_ASKED, facts.due_at), *marks_wanted(facts.board, session, waiting, "marks:next"))


def _still_unmarked(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """The days of 10.1.i are over: ask the officers, and tell the askers whom nobody else tells, until it is done."""
    waiting = [one for one in facts.session_questions if is_unmarked(one)]
    if not waiting or session.status is SessionStatus.CLOSED or not session.has_begun(now):
        return (CloseDuty(facts.key, void=True),)  # its end may be on record or not
    law, view, actions = facts.board.law, session_view(session), list[Action]()
    times, at = law.told_again(facts.due, now)
    key = f":{times}" if times else ""
    for one in waiting:
        values = {"session": view, "what": "unanswered" if one.open_leads else "unmarked", "due": facts.due}
        if all(map(law.is_for_session, (each.due for each in one.open_leads))) and (one.answers or one.open_leads):
            actions.append(to_citizen("citizen_session", one, "10.1.i", values, key=f"{session.id}:unmarked{key}"))
    goes_on = _advance(facts, MARKS_ASKED, at) if at else CloseDuty(facts.key, void=True)
    return (goes_on, *marks_wanted(facts.board, session, waiting, f"marks:late{key}"), *actions)


def mark_acts(question: QuestionFacts) -> list[dict[str, str]]:
    """The usual outcomes of a question in a session, as prepared replies."""
    code = question.code
    kept = ", gửi câu trả lời đã có" if question.answers and not question.open_leads else ""
    return [
        {"label": f"{code}: ghi câu trả lời tại phiên", "text": f"{code} trả lời tại phiên: "},
        {"label": f"{code}: trả lời sau{kept}", "text": f"{code} trả lời sau"},
    ]


def outcome_acts(facts: MailFacts, code: str) -> list[dict[str, str]]:
    """The outcomes of a question that has none yet, of a session that has begun; () for any other question."""
    begun = [one for one in facts.cases if one.session.has_begun(facts.received_at)]
    question = next((one for case in begun for one in case.questions if one.code == code), None)
    return mark_acts(question) if question is not None and is_unmarked(question) else []


def marks_wanted(
    board: BoardFacts, session: SessionFacts, waiting: Sequence[QuestionFacts], key: str = "marks"
) -> tuple[Action, ...]:
    """Ask the officers for every question's outcome, with each possible reply prepared; ``key``: which time it is."""
    code = session.code
    commands = [{"label": "Tất cả đã trả lời tại phiên", "text": f"{code} tất cả đã trả lời tại phiên"}]
    commands += [each for question in waiting[:MOST_LISTED] for each in mark_acts(question)]
    values: dict[str, object] = {
        "questions": [
            {"code": one.code, "subject": one.subject, "kept": bool(one.answers and not one.open_leads)}
            for one in waiting
        ],
        "commands": commands,
        "again": key != "marks",
    }
    return to_board("session_marks", board, session, "10.1.g", values, key) if waiting else ()


def _ask_end(facts: DutyFacts, session: SessionFacts, key: str) -> tuple[Send, ...]:
    """Nobody has recorded when it ended, from which the limits of the outcomes are counted."""
    asked = [{"label": "Phiên đã kết thúc", "text": f"Kết thúc phiên {session.code} lúc "}]
    values: dict[str, object] = {"what": "end", "questions": [], "commands": asked}
    return to_board("session_live", facts.board, session, "10.1.g", values, key)


def _live(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Send, ...]:
    """The questions registered since the last look, though their mails may be older, with possible acts (10.1.l)."""
    since, law = facts.next_at - EVERY, facts.board.law
    if since <= session.starts_at and session.status is SessionStatus.ANNOUNCED:
        since = law.opening(eve_of(law, session))  # without a script nobody was shown them; before, by the run sheet
    unmarked = [question for question in facts.session_questions if not question.session_mark]
    fresh = [question for question in unmarked if since <= (question.registered_at or question.received_at) < now]
    if not fresh:
        return ()
    listed = [
        {
            "code": question.code,
            "subject": question.subject,
            "text": question.content[:600],
            "unit": ", ".join(unit_name(facts.board, assignment.unit) for assignment in question.open_leads),
        }
        for question in fresh
    ]
    acts = [(question.code, act) for question in fresh[:MOST_LISTED] for act in ("đưa ra phiên", "trả lời sau")]
    commands = [{"label": f"{code}: {act}", "text": f"{code} {act}"} for code, act in acts]
    values: dict[str, object] = {"what": "live", "questions": listed, "commands": commands}
    key = f"live:{facts.next_at:%Y%m%d%H%M}"
    heads = [for_chair(replace(question, content=question.subject), facts.board.source) for question in fresh]
    texts = [for_chair(question, facts.board.source)[:600] for question in fresh]
    hidden = [{**each, "subject": head, "text": text} for each, head, text in zip(listed, heads, texts, strict=True)]
    shown: dict[str, object] = {"what": "live", "questions": hidden, "commands": []}
    return (
        *to_board("session_live", facts.board, session, "10.1.l", values, key),
        *to_chair("session_live", session, "10.1.l", shown, key),
    )


def _run_sheet(facts: DutyFacts, session: SessionFacts) -> tuple[Action, ...]:
    """Send run sheet, question cards and minutes to the secretariat and the chair on the day before."""
    paper = facts.draft
    if paper is None:
        return ()
    files, code, key = attached(paper.files), session.code, f"run_sheet:{paper.digest[:12]}"
    values: dict[str, object] = {
        "kind_name": "tờ điều hành, phiếu câu hỏi và mẫu biên bản của phiên đối thoại",
        "title": paper.title,
        "text": "",
        "ask": f"Xin ghi “Bắt đầu phiên {code}” khi phiên bắt đầu, “Kết thúc phiên {code}” khi kết thúc.",
        "unapproved": True,
    }
    return (
        KeepPaper(paper, session.id),
        *to_board("session_paper", facts.board, session, "9.3", values, key, files),
        *to_chair("session_paper", session, "9.3", {**values, "ask": ""}, f"{key}:{session.form.chair.email}", files),
    )
