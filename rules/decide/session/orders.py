"""Officers run a session by mail: which session a command is about, and which function carries it out.

The decisions are those of the console (``rules.decide.session.sessions``); this module adds what a mail may leave
out, and the wording of replies. The commands about a session's papers are here too (5.3, 9, 10.1.a–b).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNREAD, Command, read_commands
from rules.commands.likely_orders import session_changes
from rules.commands.session_form import blank_form, form_words, labels_left, lines_unread, read_text, said_of
from rules.commands.session_line import day_of_paper, likely_reason, reason_of, session_number
from rules.commands.vocabulary import load_command_words
from rules.decide.base.actions import Action
from rules.decide.base.approval_requests import KIND_NAMES, submit_for_approval
from rules.decide.base.command_result import CommandAtHand, Handler, MoreRulings, Outcome
from rules.decide.base.facts import MailFacts, SessionCase
from rules.decide.base.session_actions import RecordSigned
from rules.decide.officer import session_outcomes
from rules.decide.officer.dictations import sounds_dictated
from rules.decide.officer.officer_mail import decide_order, is_order
from rules.decide.officer.rulings import situation
from rules.decide.session import amendments, approvals, leaders_decision, session_course, sessions
from rules.decide.session.session_day import outcome_acts
from rules.decide.session.session_state import AMENDABLE, act, changes, day_of, prepared, stands, stands_paper
from rules.decide.session.sessions import READY_FOR, NotNowError
from rules.law.session_limits import too_often
from rules.law.session_rules import BEFORE_HELD, HOLDABLE, RECEIVING, PaperFacts, PaperKind, SessionStatus
from rules.law.working_days import short_date
from rules.text.dates import with_days_told
from rules.values.register_number import register_numbers

KINDS: Mapping[str, PaperKind] = {
    "session_proposal": PaperKind.PROPOSAL,
    "session_plan": PaperKind.PLAN,
    "session_notice": PaperKind.NOTICE,
    "session_script": PaperKind.SCRIPT,
    "session_record": PaperKind.RECORD,
}
"""The verbs that submit a paper for approval."""
_NUMBER = re.compile(r"(?:\bsố:?\s*|^)0*([1-9][0-9]{0,4})(?:/[\w-]+)?", re.IGNORECASE)


def propose(order: CommandAtHand) -> Outcome:
    """ "Đề xuất phiên" alone: send back the form to fill in; missing lines of a form are named."""
    facts = order.facts
    written = read_text(facts.understanding.text.ordered, facts.board.units, facts.board.source)
    left = labels_left(written, facts.board.source)
    if written.values and left:
        missing = ", ".join(f"“{one}: …”" for one in left)
        return False, f"Còn thiếu dòng {missing}; xin ghi đủ theo mẫu dưới đây", ()
    if unread := lines_unread(facts.understanding.text.ordered, facts.board.source):
        lines = ", ".join(f"“{one[:60]}”" for one in unread[:5])
        return (
            False,
            f"Không đọc được các dòng {lines}; xin ghi mỗi mục một dòng theo mẫu dưới đây, dạng “Mục: …”",
            (),
        )
    blank = "dòng chưa rõ có thể để trống, trừ Chủ đề, Thời gian, Chủ trì và Lý do"
    return True, f"Xin điền mẫu dưới đây, mỗi dòng một mục, và trả lời thư này; {blank}", ()


def form_for(facts: MailFacts, command: Command) -> str:
    """The form that goes with the reply to a command about a session."""
    if command.verb == "session_propose":
        return blank_form(facts.board.source)
    if command.verb == "session_amend" and not command.text.strip():
        form = next((case.session.form for case in facts.cases if case.session.code == command.session), None)
        empty = [key for key in form_words(facts.board.source)["shown"] if form and not getattr(form, key, None)]
        return f"Bổ sung phiên {command.session}\n{blank_form(facts.board.source, empty)}" if form else ""
    return ""


APART = "thư này vừa ghi việc khác của phiên; để văn bản có việc đó, xin gửi “{}” trong một thư riêng"
"""Why a paper is ordered in a mail of its own: it is drafted before the mail's other lines have taken effect."""


def wanted_paper(command: Command) -> PaperKind | None:
    """The paper that a command submits; None for any other."""
    return KINDS.get(command.verb)


def _put_up(order: CommandAtHand, case: SessionCase, kind: PaperKind) -> Outcome:
    session, name = case.session, KIND_NAMES[kind]
    if session.status not in sessions.READY_FOR[kind]:
        return False, f"{stands(session)}, nên chưa trình {name} được", ()
    draft = order.facts.drafts.get((session.id, kind), "")
    if isinstance(draft, str):
        return False, draft or f"Chưa trình {name}: {APART.format(' '.join(order.command.raw.split()))}", ()
    actions = submit_for_approval(order.facts.board, draft, session, case.papers, order.now)
    if not actions:
        done = "đã được duyệt" if stands_paper(case, kind) == "approved" else "đang chờ duyệt"
        return True, f"Văn bản này {done}: {draft.title}", ()
    return True, f"Đã trình {name}, phiên {session.code}", actions


def proposal(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Trình tờ trình P-…": submit it again, changed after it was returned (7)."""
    return _put_up(order, case, PaperKind.PROPOSAL)


def plan(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Trình kế hoạch P-…" (9.2)."""
    return _put_up(order, case, PaperKind.PLAN)


def notice(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Trình thông báo P-…" (5.3)."""
    return _put_up(order, case, PaperKind.NOTICE)


def script(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Trình kịch bản P-…" (9.3)."""
    return _put_up(order, case, PaperKind.SCRIPT)


def record(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Trình nội dung phiên P-…" (10.1.l, 10.2)."""
    return _put_up(order, case, PaperKind.RECORD)


def issued(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Đã ban hành kế hoạch số 05/KH-BBT [ngày …]": signed on paper, so approve and send the plan (10.1.a)."""
    session, text = case.session, order.command.text
    plans = [paper for paper in case.papers if paper.kind is PaperKind.PLAN and paper.status != "void"]
    number = _NUMBER.search(text)
    if plans and plans[-1].status == "approved":
        same = number is not None and plans[-1].number.partition("/")[0].lstrip("0") == number[1]
        said = f"Kế hoạch phiên {session.code} đã được duyệt, số {plans[-1].number or 'chưa ghi'}"
        return (True, said, ()) if same or number is None else (False, f"{said}; số khác thì xin sửa bản in", ())
    if session.status is not SessionStatus.TOPIC_APPROVED or not plans:
        why = "chưa có kế hoạch nào được trình" if not plans else stands(session).partition(" ")[2]
        return False, f"Phiên {session.code}: {why}; xin ghi “Trình kế hoạch {session.code}” trước", ()
    if number is None:
        return False, f"Cần ghi số của kế hoạch, ví dụ “Đã ban hành kế hoạch {session.code} số 05/KH-BBT”", ()
    today = order.facts.board.law.today(order.now)
    dated = with_days_told(text)
    on = day_of_paper(dated, _NUMBER.search(dated), today) or today
    if on > today:
        return False, f"Ngày {short_date(on)} chưa đến; xin ghi ngày ban hành", ()
    if why_not := _taken(plans[-1], int(number[1]), text, on, today):
        return False, why_not, ()
    signed = RecordSigned(plans[-1].id, plans[-1].digest, int(number[1]), on, text, "9.2")
    actions = approvals.plan_issued(order.facts.board, plans[-1], session, str(order.facts.raw_mail))
    said = f"Đã ghi kế hoạch phiên {session.code} ban hành ngày {short_date(on)}, số {number[1].zfill(2)}"
    return True, f"{said}; đã gửi các đơn vị", (signed, *actions)


def _taken(paper: PaperFacts, number: int, text: str, on: date, today: date) -> str:
    """Why the paper cannot have this number of the year in which it was signed; "" when it can."""
    if on.year < today.year - 1:
        return f"Ngày {short_date(on)} đã quá lâu; xin kiểm tra ngày ban hành"
    last = paper.last_number if on.year == today.year else paper.last_year_number
    return replace(paper, last_number=last).taken(number, text)


def posted(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Đã đăng tại https://…": before the session the notice, afterwards article and recording."""
    session = case.session
    match = session_course.LINK.search(order.command.text) or session_course.LINK.search(order.command.raw)
    if match is None:
        return False, f"Cần ghi địa chỉ trang, ví dụ “{session.code} đã đăng tại https://…”", ()
    link = match[0].rstrip(".,;)")
    if session.status is SessionStatus.PLAN_ISSUED:
        planned = replace(session.form, start=session.starts_at)
        if faults := tuple(too_often(planned, case.others, case.board.law.profile, session.code)):
            return False, f"Chưa ghi được: {said_of(faults, case.board.source)}", ()
        try:
            actions = sessions.announced(case, link, order.now)
        except NotNowError:
            how = f"xin ghi “Trình thông báo {session.code}”"
            return False, f"Thông báo của phiên {session.code} chưa được duyệt; {how}", ()
        on = f"phiên tổ chức lúc {day_of(session)}"
        return True, f"Đã ghi thông báo phiên {session.code} đăng tại {link}; từ nay nhận câu hỏi, {on}", actions
    if session.status in {SessionStatus.HELD, SessionStatus.CLOSED}:
        return session_course.posted(order, case, link)
    return False, f"{stands(session)}, nên chưa có văn bản nào của phiên chờ đăng", ()


RUNS = (*BEFORE_HELD, SessionStatus.HELD)
OVER = (SessionStatus.HELD, SessionStatus.CLOSED)
PROPOSED = (SessionStatus.PROPOSED,)
TOPIC, ISSUED, HELD = (SessionStatus.TOPIC_APPROVED,), (SessionStatus.PLAN_ISSUED,), (SessionStatus.HELD,)
Deciding = Callable[[CommandAtHand, SessionCase], Outcome]


def status(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Tình trạng phiên P-…": how far it is, what waits, what comes next; not done where the line orders more."""
    waits = [f"{KIND_NAMES[one.kind]}: đã trình, chờ duyệt" for one in case.papers if one.status == "shown"]
    owed, session = sum(1 for one in case.questions if one.open_leads), case.session
    open_ones = f", {owed} câu chưa có câu trả lời" if owed else ""
    asked = f"{len(case.questions)} câu hỏi{open_ones}{amendments.in_person(case)}"
    said = [f"{one['text']}…" if one["text"][-1] in " /" else one["text"] for one in prepared(case)[:3]]
    following = [f"có thể ghi {', '.join(f'“{one}”' for one in said)}"] if said else []
    parts = (stands(session), f"lịch {day_of(session)}", session.form.place, asked, *waits, *following)
    about, more = "; ".join(filter(None, parts)), len(order.command.text.split()) > 4  # "em nhé" orders nothing more
    return not more, f"{about}. Phần còn lại của dòng chưa làm, xin ghi thành dòng riêng" if more else about, ()


UNCLEAR = frozenset({UNREAD, MISNUMBERED, NO_ORDER, "approve", "return", "confirm"})
"""Verbs of lines that give no order, or that approve something which this mail does not submit."""
CANCEL, CONFIRMED = "session_cancel", "session_cancel_confirmed"

VERBS: Mapping[str, tuple[Deciding, tuple[SessionStatus, ...]]] = {
    "session_amend": (amendments.amend, (*AMENDABLE, *RECEIVING)),
    "session_proposal": (proposal, PROPOSED),
    "session_decided": (leaders_decision.decided, PROPOSED),
    "session_not_agreed": (leaders_decision.not_agreed, PROPOSED),
    "session_plan": (plan, TOPIC),
    "session_notice": (notice, ISSUED),
    "session_script": (script, RECEIVING),
    "session_record": (record, OVER),
    "session_issued": (issued, TOPIC),
    "session_posted": (posted, (*ISSUED, *OVER)),
    "session_move": (session_course.move, BEFORE_HELD),
    CANCEL: (session_course.cancel, BEFORE_HELD),
    CONFIRMED: (session_course.cancel_confirmed, BEFORE_HELD),
    "session_begin": (session_course.begin, HOLDABLE),
    "session_end": (session_course.end, (*HOLDABLE, *HELD)),
    "session_close": (session_course.close, HELD),
    "all_answered": (session_outcomes.all_answered, (*HELD, *RECEIVING)),
    "session_take": (session_course.take, (*TOPIC, SessionStatus.PLAN_APPROVED, *ISSUED, *RECEIVING)),
    "session_live": (session_course.live, RECEIVING),
    "session_status": (status, RUNS),
}
"""Each command's function, and the states in which a session fits it if the command names none."""


def decide_officer_order(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """The commands of an officer's mail, including those about sessions."""
    return decide_order(facts, now, RULINGS)


def papers_ordered(facts: MailFacts) -> list[tuple[SessionCase, PaperKind]]:
    """The papers that a mail asks for, to be drafted before it is decided on."""
    if facts.person is None or not facts.cases or not is_order(facts):
        return []
    text = facts.understanding.text.ordered
    commands = read_commands(text, facts.board.units, source=facts.board.source, unread=True)
    found = []
    for command in commands:
        kind = wanted_paper(command)
        case = meant(facts, command, VERBS[command.verb][1])[0] if kind is not None else None
        if kind is not None and case is not None and case.session.status in READY_FOR[kind]:
            found.append((case, kind))
    return found


def _handler(verb: str) -> Handler:
    def handle(order: CommandAtHand) -> Outcome:
        decide, states = VERBS[verb]
        case, why_not = meant(order.facts, order.command, states)
        return decide(order, case) if case is not None else (False, why_not, ())

    return handle


def meant(facts: MailFacts, command: Command, states: Sequence[SessionStatus]) -> tuple[SessionCase | None, str]:
    """The session that the line names, else the mail's subject, else the only one that fits the command."""
    named = command.session or session_number(facts.mail.subject)
    if named:
        case = next((one for one in facts.cases if one.session.code == named), None)
        return case, "" if case else f"Không có phiên số {named}"
    running = [one for one in facts.cases if one.session.status in RUNS]
    fitting = [one for one in facts.cases if one.session.status in states] or running
    if len(fitting) == 1:
        return fitting[0], ""
    if not fitting:
        return None, "Không có phiên đối thoại nào đang chuẩn bị; xin ghi “Đề xuất phiên” để nhận mẫu đề xuất"
    named_all = "; ".join(f"{one.session.code} ({day_of(one.session)})" for one in fitting)
    return None, f"Chưa rõ là phiên nào trong các phiên {named_all}; xin ghi kèm số phiên"


def offers(facts: MailFacts, command: Command) -> list[dict[str, str]]:
    """The same command with the number of each session that it may mean; else its next acts, or ``_for_words``."""
    states = VERBS[command.verb][1] if command.verb in VERBS else RUNS
    case, _ = meant(facts, command, states)
    if not command.session and command.verb not in RULINGS.handlers:
        return _for_words(facts, case, command)
    if case is not None:
        return _again(facts, case, command)
    fitting = [one for one in facts.cases if one.session.status in states]
    if command.session or not fitting or command.verb not in VERBS:
        return [{"label": "Đề xuất phiên đối thoại", "text": "Đề xuất phiên"}] if not fitting else []
    line = " ".join(command.raw.split())
    return [{"label": f"Phiên {one.session.code}", "text": f"{one.session.code} {line}"} for one in fitting[:3]]


def _for_words(facts: MailFacts, case: SessionCase | None, command: Command) -> list[dict[str, str]]:
    """For a line that is no order: the outcomes of a question of the session that it names; how the session is
    changed, where it speaks of that; in a mail about the session, its next acts. () for a citizen's matter."""
    prefix, source = facts.board.prefix, facts.board.source
    named = register_numbers(command.raw, prefix) if command.verb in UNCLEAR else ()
    if marks := [one for code in named for one in outcome_acts(facts, code)]:
        return marks
    if case is None or command.question:
        return []
    if command.verb == "status" and session_number(facts.mail.subject):
        return [act(f"Tình trạng phiên {case.session.code}", f"Tình trạng phiên {case.session.code}")]
    if found := changes(facts, case.session, command.raw):
        return found
    code, about = case.session.code, facts.threads[0].question_id if facts.threads else None
    if about is not None or situation(facts, None, facts.held) != "desk" or command.verb not in UNCLEAR:
        return []
    if code in facts.asked_to_confirm and "confirm" in session_changes(command.raw, source):
        return [act(f"Xác nhận hủy phiên {code}", f"Xác nhận hủy phiên {code} vì ")]
    of_session = session_number(facts.mail.subject) == code and not named
    return prepared(case) if of_session and not sounds_dictated(command.raw, prefix, source) else []


def _again(facts: MailFacts, case: SessionCase, command: Command) -> list[dict[str, str]]:
    """What an order that was not carried out needs; nothing where the officer is asked to confirm it."""
    code = case.session.code
    if command.verb not in VERBS:
        return [*changes(facts, case.session, command.raw), *prepared(case)]
    line = " ".join(command.raw.split())
    beside = (kind := KINDS.get(command.verb)) and line != " ".join(facts.understanding.text.ordered.split())
    if kind and beside and not isinstance(facts.drafts.get((case.session.id, kind)), str):  # see APART
        return [act(line, line if code in line else f"{code} {line}")]
    if case.session.status not in BEFORE_HELD or command.verb not in {"session_move", CANCEL, CONFIRMED}:
        return prepared(case)
    if command.verb == "session_move":
        return changes(facts, case.session, f"{code} {command.raw}")
    given = reason_of(command, load_command_words(facts.board.source))
    first_step = command.verb == CANCEL or code not in facts.asked_to_confirm
    if given and (command.verb == CANCEL or not first_step):
        return []
    line = f"{'Hủy' if first_step else 'Xác nhận hủy'} phiên {code}"
    return [act(line, f"{line} vì {given or likely_reason(command.text)}")]


RULINGS = MoreRulings(
    {
        **{verb: _handler(verb) for verb in VERBS},
        "session_propose": propose,
        "session_leave": session_course.leave,
        "question_posted": session_course.question_posted,
    },
    offers,
    form_for,
    frozenset(KINDS),
)
