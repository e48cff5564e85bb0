"""The state of a session as officers see it: its day, the acts that fit it, and what it still needs.

The acts are prepared replies. The questions are those that a session may answer, and those that its dated duties
still wait for (9.1, 9.3, 10.1.c–k).

A duty that has come up causes one mail a day, which lists everything of the session that is late or due soon, each
duty with the command that fulfils it. Duties that come up later that day therefore cause no further mail (the key
has the session and the day).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from rules.commands.likely_orders import session_changes
from rules.commands.session_line import named_starts, session_number
from rules.decide.base.actions import Send
from rules.decide.base.approval_requests import decision_acts, session_view, waits_for_approval
from rules.decide.base.facts import DutyFacts, MailFacts, QuestionFacts, SessionCase
from rules.decide.base.forwarding import is_unmarked
from rules.decide.base.notices import to_people, unit_name
from rules.decide.session.session_day import attendance_lines, mark_acts
from rules.law.legal_dates import is_in_person
from rules.law.profile import Profile
from rules.law.session_rules import BEFORE_HELD, HOLDABLE, RECEIVING, PaperKind, SessionFacts, SessionStatus
from rules.law.working_days import hour_and_day
from rules.values.model import CountedDate
from rules.values.states import QuestionStatus

STATE_NAMES = {
    SessionStatus.PROPOSED: "đang chờ duyệt chủ đề và người chủ trì",
    SessionStatus.TOPIC_APPROVED: "đã duyệt chủ đề, chưa ban hành kế hoạch",
    SessionStatus.PLAN_APPROVED: "đã duyệt kế hoạch, chưa ban hành",
    SessionStatus.PLAN_ISSUED: "đã ban hành kế hoạch, chưa đăng thông báo",
    SessionStatus.ANNOUNCED: "đã đăng thông báo, đang nhận câu hỏi",
    SessionStatus.SCRIPT_APPROVED: "đã duyệt kịch bản, đang nhận câu hỏi",
    SessionStatus.HELD: "đã tổ chức xong, đang ghi kết quả",
    SessionStatus.CLOSED: "đã đóng",
    SessionStatus.CANCELLED: "đã hủy",
}
_POST = "đã đăng tại https://"
MOST_POSTED = 5
"""The daily mail offers to record at most this many approved answers as posted."""


def stands(session: SessionFacts) -> str:
    """ "Phiên P-2026-01 đã đóng", as the reason why something is not done."""
    return f"Phiên {session.code} {STATE_NAMES[session.status]}"


def day_of(session: SessionFacts) -> str:
    """The planned beginning in city time."""
    return hour_and_day(session.starts_at)


def act(label: str, text: str) -> dict[str, str]:
    """A prepared reply: the label of the link, and the text it writes."""
    return {"label": label, "text": text}


def stands_paper(case: SessionCase, kind: PaperKind) -> str:
    """The state of the newest valid paper of its kind; "" without one."""
    return next((one.status for one in reversed(case.papers) if one.kind is kind and one.status != "void"), "")


def prepared(case: SessionCase) -> list[dict[str, str]]:
    """The possible next acts for the session, as prepared replies."""
    code, status = case.session.code, case.session.status
    match status:
        case SessionStatus.PROPOSED:
            return proposal_acts(case)
        case SessionStatus.TOPIC_APPROVED | SessionStatus.PLAN_APPROVED:
            return plan_acts(case)
        case SessionStatus.PLAN_ISSUED:
            return notice_acts(case)
        case SessionStatus.ANNOUNCED | SessionStatus.SCRIPT_APPROVED:
            return [
                *script_acts(case),
                act("Phiên bắt đầu", f"Bắt đầu phiên {code} lúc "),
                act("Phiên kết thúc", f"Kết thúc phiên {code} lúc "),
            ]
        case SessionStatus.HELD:
            return after_acts(case)
    return []


AMENDABLE = (SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED, SessionStatus.PLAN_ISSUED)
"""Where all values may still be filled in or changed; from the notice on venue and chair alone."""


_ATTEND = " (người dự: đơn vị báo bằng cách trả lời giấy mời; số người dự thực tế ghi ở biên bản)"
_STAYS = " (chưa đổi gì, phiên vẫn theo lịch cũ; chưa chốt ngày thì ghi ngày dự kiến)"


def changes(facts: MailFacts, session: SessionFacts, text: str, *, always: bool = False) -> list[dict[str, str]]:
    """How the session is moved, called off or changed, for a text that speaks of that; () for any other. Of who comes
    to it nothing is to change, and the text says so.

    ``always``: whatever the text says, for somebody who takes back a paper that is issued.
    """
    wanted, code = session_changes(text, facts.board.source), session.code
    named = "of" in wanted or code in {session_number(text), session_number(facts.mail.subject)}
    if "attend" in wanted and named and not (always or (facts.threads and facts.threads[0].question_id)):
        return [act(f"Tình trạng phiên {code}{_ATTEND}", f"Tình trạng phiên {code}")]
    if session.status not in BEFORE_HELD or not (always or (named and wanted - {"of", "confirm", "attend"})):
        return []
    found = []
    for key, label, line in (("place", "Đổi địa điểm", "Địa điểm: "), ("chair", "Đổi người chủ trì", "Chủ trì: ")):
        if key in wanted and session.status in {*AMENDABLE, *RECEIVING}:
            found.append(act(f"{label} phiên {code}", f"Bổ sung phiên {code}: {line}"))
    if always and not found and session.status in AMENDABLE:
        found.append(act(f"Sửa thông tin phiên {code}, trình lại kế hoạch", f"Bổ sung phiên {code}: "))
    days = named_starts(text, session.starts_at, facts.received_at) or ("",)
    order = f"Hoãn phiên {code}"
    moved = [act(f"{order}{f' sang {to}' if to else _STAYS}", f"{order} sang {to}") for to in days]
    cancelled = act(f"Hủy phiên {code}", f"Hủy phiên {code} vì ")
    return [*found, *([cancelled, *moved] if "cancel" in wanted else [*moved, cancelled])]


def plan_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the plan: decide, submit, or record that it was issued on paper."""
    code = case.session.code
    if case.session.status is SessionStatus.PROPOSED:
        return proposal_acts(case)
    issued = act("Kế hoạch đã ký và ban hành trên giấy", f"Đã ban hành kế hoạch {code} số ")
    if stands_paper(case, PaperKind.PLAN) == "shown":
        return [issued]
    return [
        act("Trình kế hoạch", f"Trình kế hoạch {code}"),
        act("Bổ sung thông tin phiên", f"Bổ sung phiên {code}: "),
    ]


def proposal_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the proposal: the leader's decision, or submit; none while it waits for the Head."""
    code = case.session.code
    match stands_paper(case, PaperKind.PROPOSAL):
        case "approved":
            return decision_acts(code)
        case "shown":
            return []
    return [
        act("Trình tờ trình", f"Trình tờ trình {code}"),
        act("Bổ sung thông tin phiên", f"Bổ sung phiên {code}: "),
    ]


def notice_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the notice: submit, or record the posting; none while it or the plan waits."""
    code, stands = case.session.code, stands_paper(case, PaperKind.NOTICE)
    if stands == "approved":
        return [act("Đã đăng thông báo trên Cổng", f"{code} {_POST}")]
    ready = stands != "shown" and case.session.status is SessionStatus.PLAN_ISSUED
    return [act("Trình thông báo", f"Trình thông báo {code}")] if ready else []


def script_acts(case: SessionCase) -> list[dict[str, str]]:
    """Submit the script; nothing while it waits for the Head."""
    ready = case.session.status is SessionStatus.ANNOUNCED and stands_paper(case, PaperKind.SCRIPT) != "shown"
    return [act("Trình kịch bản", f"Trình kịch bản {case.session.code}")] if ready else []


def after_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next acts when the session is over: outcomes, the record, the link, closing."""
    code = case.session.code
    unmarked = [question for question in case.questions if is_unmarked(question)]
    if unmarked:
        acts = [one for question in unmarked[:MOST_POSTED] for one in mark_acts(question)]
        return [*acts, act("Tất cả đã trả lời tại phiên", f"{code} tất cả đã trả lời tại phiên")]
    approved = [one.code for one in case.questions if one.status is QuestionStatus.APPROVED and not one.link]
    acts = [act(f"{one}: đã đăng trên Cổng", f"{one} {_POST}") for one in approved[:MOST_POSTED]]
    standing = stands_paper(case, PaperKind.RECORD)
    if standing in {"", "returned"}:
        acts.append(act("Trình nội dung phiên", f"Trình nội dung phiên {code}"))
    if standing == "approved" and not case.session.record_link:
        acts.append(act("Đã đăng bài và bản ghi", f"{code} {_POST}"))
    return [*acts, *([act("Đóng phiên", f"Đóng phiên {code}")] if case.session.status is SessionStatus.HELD else [])]


AFTER_THE_END = ("forward_elsewhere", "answer_after_session", "tell_unanswered")
"""Duties counted from the recorded end, which exist only once there is one."""


def counted(facts: DutyFacts, rule: str = "") -> tuple[QuestionFacts, ...]:
    """The questions that a duty is about; before the session, those that arrived before its due instant."""
    if (rule or facts.due.rule) in AFTER_THE_END:
        return facts.session_questions
    return tuple(question for question in facts.session_questions if question.received_at < facts.due_at)


def waiting_for(facts: DutyFacts, rule: str) -> list[QuestionFacts]:
    """The questions that a duty of the session waits for."""
    test, posts = CHECKED.get(rule), rule == "answer_after_session" and is_posted_by(facts.board.law.profile)
    questions = counted(facts, rule)
    return [one for one in questions if test is not None and (test(one) or (posts and is_unposted(one)))]


def is_posted_by(profile: Profile) -> bool:
    """True when the answers given after a session must be published on the portal, too (10.1.i)."""
    rule = profile.find("answer_after_session")
    return rule is not None and "portal" in rule.tells


def is_unposted(question: QuestionFacts) -> bool:
    """Answered after the session, but not on the portal yet: the second half of 10.1.i."""
    given = question.status in {QuestionStatus.ANSWERED, QuestionStatus.APPROVED} or (
        question.status is QuestionStatus.CLOSED and question.answered_at is not None
    )
    return question.session_mark == "i" and given and not question.link


def _is_unsent(question: QuestionFacts) -> bool:
    """True when it waits for an officer; one only received waits on purpose, for the session's end or for data."""
    return question.status is QuestionStatus.NEEDS_REVIEW and not question.assignments


def _is_unanswered(question: QuestionFacts) -> bool:
    return question.status in {QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}


def _is_unwritten(question: QuestionFacts) -> bool:
    """Still to be answered in writing; a unit that answers at the session owes nothing before."""
    leads = question.open_leads
    return _is_unanswered(question) and not (leads and all(is_in_person(one.due) for one in leads))


def _is_owed_later(question: QuestionFacts) -> bool:
    return is_unmarked(question) or (question.session_mark == "i" and _is_unanswered(question))


CHECKED: Mapping[str, Callable[[QuestionFacts], bool]] = {
    "questions_forwarded": _is_unsent,
    "answers_returned": _is_unwritten,
    "forward_elsewhere": is_unmarked,
    "tell_unanswered": is_unmarked,
    "answer_after_session": _is_owed_later,
}
"""Duties fulfilled when no question waits for them any more; an act of its own closes each other duty."""

SOON = timedelta(days=3)
"""Duties due within this many days are listed in the mail of one that has come up."""
MOST_NAMED = 20
Act = dict[str, str]


def session_day(facts: DutyFacts, session: SessionFacts, now: datetime) -> tuple[Send, ...]:
    """The mail of the day; also to the Head when something is late."""
    today = facts.board.law.today(now)
    shown = [due for due in _open(facts) if due.on <= max(today + SOON, facts.due.on)]
    lines = [_line(facts, session, due, today) for due in shown]
    late = any(due.on < today for due in shown) or now >= facts.due_at
    lines, commands = _with_commands(_merged(lines))
    values = {
        "session": session_view(session),
        "session_code": session.code,
        "day": today,
        "lines": lines,
        "commands": commands,
        "lacks": facts.draft_lacks,
        "invited": _invited(facts, session, now),
    }
    people = (*facts.board.officers, facts.board.head) if late else facts.board.officers
    key = f"{session.id}:{session.moves}:{today}{':lacks' if facts.draft_lacks else ''}"
    return to_people("session_day", people, facts.clause, values, key=key)


def _invited(facts: DutyFacts, session: SessionFacts, now: datetime) -> list[str]:
    """The replies to the invitation, between the plan and the session."""
    asked = session.status in {SessionStatus.PLAN_ISSUED, *RECEIVING} and now < session.planned_end
    return attendance_lines(facts.board, session, facts.attendance) if asked else []


def _open(facts: DutyFacts) -> list[CountedDate]:
    own = {due.rule: due for due in (*facts.session_dues, facts.due)}
    return sorted(own.values(), key=lambda due: due.on)


def _line(facts: DutyFacts, session: SessionFacts, due: CountedDate, today: date) -> dict[str, object]:
    rule = facts.board.law.profile.rule(due.rule)
    waiting = [f"{question.code}: {_where(facts, question)}" for question in waiting_for(facts, due.rule)]
    more = [f"và {len(waiting) - MOST_NAMED} câu hỏi khác"] if len(waiting) > MOST_NAMED else []
    return {
        "duty": rule.duty,
        "due": due.on,
        "when": _when(due.on, today),
        "waiting": [*waits_for_approval(facts, due.rule), *waiting[:MOST_NAMED], *more],
        "acts": acts_for(facts, session, due.rule, today),
    }


def _where(facts: DutyFacts, question: QuestionFacts) -> str:
    if is_unposted(question):
        return "đã trả lời, chờ duyệt và đăng trên Cổng"
    if owing := ", ".join(unit_name(facts.board, assignment.unit) for assignment in question.open_leads):
        return owing
    if not question.answers:
        return "chờ cán bộ xem xét"
    over = is_unmarked(question) and facts.session is not None and facts.session.status is SessionStatus.HELD
    return "đã có câu trả lời, chưa gửi vì chưa ghi kết quả" if over else "đã có câu trả lời cho phiên"


def _when(on: date, today: date) -> str:
    days = (on - today).days
    return f"còn {days} ngày" if days > 0 else "hôm nay" if days == 0 else f"đã quá hạn {-days} ngày"


def _merged(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """List a command that fulfils two duties once, below the last of them."""
    seen: set[str] = set()
    for line in reversed(lines):
        acts: list[Act] = line["acts"]  # type: ignore[assignment]
        line["acts"] = [one for one in acts if one["text"] not in seen]
        seen |= {one["text"] for one in acts}
    return lines


def _with_commands(lines: list[dict[str, object]]) -> tuple[list[dict[str, object]], list[Act]]:
    """All prepared commands in one list; for each duty, where its commands begin and end in it."""
    commands: list[Act] = []
    for line in lines:
        line["first"] = len(commands)
        commands += line.pop("acts")  # type: ignore[arg-type]
        line["last"] = len(commands)
    return lines, commands


def acts_for(facts: DutyFacts, session: SessionFacts, rule: str, today: date) -> list[Act]:
    """The commands that fulfil a duty in its present state, as prepared replies."""
    case = SessionCase(facts.board, session, facts.session_questions, facts.papers)
    match rule:
        case "plan_approved" | "plan_issued":
            return plan_acts(case)
        case "notice_content" | "notice_posted":
            return notice_acts(case)
        case "script_approved" | "script_sent":
            return script_acts(case)
        case "questions_forwarded":
            return [act(f"Chuyển {one.code}", f"{one.code} chuyển ") for one in waiting_for(facts, rule)[:5]]
        case "answers_returned":
            return [act(f"Tình trạng {one.code}", f"{one.code} tình trạng") for one in waiting_for(facts, rule)[:3]]
    if session.ended_at is None:
        ended = today >= session.day and session.status in HOLDABLE
        return [act("Phiên đã kết thúc", f"Kết thúc phiên {session.code} lúc ")] if ended else []
    return after_acts(case)
