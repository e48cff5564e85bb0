"""Officers' mails about a session's papers: submit them, report signing, issue, posting (5.3, 9, 10.1.a–b)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.commands.commands import Command
from rules.commands.session_form import blank_form, form_words, labels_left, read_text, said_of
from rules.decide.base.approval_requests import KIND_NAMES, submit_for_approval
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.facts import MailFacts, SessionCase
from rules.decide.base.session_actions import RecordSigned
from rules.decide.session import approvals, session_record, sessions
from rules.decide.session.order_texts import day_of, stands, stands_paper
from rules.decide.session.sessions import NotNowError
from rules.law.session_limits import too_often
from rules.law.session_rules import LeaderForm, PaperKind, SessionForm, SessionStatus, TaskForm
from rules.text.dates import dates_in

KINDS: Mapping[str, PaperKind] = {
    "session_proposal": PaperKind.PROPOSAL,
    "session_plan": PaperKind.PLAN,
    "session_notice": PaperKind.NOTICE,
    "session_script": PaperKind.SCRIPT,
    "session_record": PaperKind.RECORD,
}
"""The verbs that submit a paper for approval."""
_NUMBER = re.compile(r"(?:\bsố:?\s*|^)0*([1-9][0-9]{0,4})(?:/[\w-]+)?", re.IGNORECASE)
_LISTS = frozenset({"purpose", "requirements", "manner", "ways", "reasons", "units"})


def propose(order: CommandAtHand) -> Outcome:
    """ "Đề xuất phiên" alone: send back the form to fill in; missing lines of a form are named."""
    facts = order.facts
    written = read_text(facts.understanding.text.ordered, facts.board.units, facts.board.source)
    left = labels_left(written, facts.board.source)
    if written.values and left:
        missing = ", ".join(f"“{one}: …”" for one in left)
        return False, f"Còn thiếu dòng {missing}; xin ghi đủ theo mẫu dưới đây", ()
    return True, "Xin điền mẫu dưới đây, mỗi dòng một mục, và trả lời thư này; dòng chưa rõ có thể để trống", ()


def form_for(facts: MailFacts, command: Command) -> str:
    """The form that goes with the reply to a command about a session."""
    if command.verb == "session_propose":
        return blank_form(facts.board.source)
    if command.verb == "session_amend" and not command.text.strip():
        form = next((one.session.form for one in facts.cases if one.session.code == command.session), None)
        empty = [key for key in form_words(facts.board.source)["shown"] if form and not getattr(form, key, None)]
        return f"Bổ sung phiên {command.session}\n{blank_form(facts.board.source, empty)}" if form else ""
    return ""


def amend(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Bổ sung phiên P-…" with labelled lines below it: fills in what the plan needs."""
    session, board = case.session, order.facts.board
    written = read_text(order.command.text, board.units, board.source)
    if written.faults:
        return False, "; ".join(written.faults), ()
    values = {key: value for key, value in written.values.items() if key not in {"start", "level", "unit"}}
    if "start" in written.values:
        return False, f"Thời gian của phiên được đổi bằng “Hoãn phiên {session.code} sang …”", ()
    if not values:
        return False, "Xin ghi mỗi dòng một mục, ví dụ “Địa điểm: …”, “Yêu cầu: …”", ()
    form = amended_form(session.form, values)
    shown = form_words(board.source)["shown"]
    named = ", ".join(str(shown[key]) for key in values if key in shown)
    try:
        actions = sessions.amended(case, form)
    except NotNowError:
        return False, f"{stands(session)}, nên không sửa thông tin phiên được", ()
    again = f"xin ghi “Trình tờ trình {session.code}” để trình lại"
    if session.status is not SessionStatus.PROPOSED:
        again = "văn bản được soạn lại và trình theo nội dung mới"
    return True, f"Đã ghi vào phiên {session.code}: {named}; {again}", actions


def amended_form(form: SessionForm, values: Mapping[str, Any]) -> SessionForm:
    """The form with the values of the lines; other values stay."""
    given: dict[str, Any] = {key: value for key, value in values.items() if hasattr(form, key)}
    for key in given.keys() & _LISTS:
        given[key] = tuple(given[key])
    if "chair" in given:
        given["chair"] = LeaderForm(**given["chair"])
    if "leaders" in given:
        given["leaders"] = tuple(LeaderForm(**one) for one in given["leaders"])
    if "coordination" in given:
        given["coordination"] = tuple(TaskForm(**one) for one in given["coordination"])
    return replace(form, **given)


def wanted_paper(command: Command) -> PaperKind | None:
    """The paper that a command submits; None for any other."""
    return KINDS.get(command.verb)


def _put_up(order: CommandAtHand, case: SessionCase, kind: PaperKind) -> Outcome:
    session, name = case.session, KIND_NAMES[kind]
    if session.status not in sessions.READY_FOR[kind]:
        return False, f"{stands(session)}, nên chưa trình {name} được", ()
    draft = order.facts.drafts.get((session.id, kind), "")
    if isinstance(draft, str):
        return False, draft or f"Chưa soạn được {name} của phiên {session.code}", ()
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
    plans = [one for one in case.papers if one.kind is PaperKind.PLAN and one.status != "void"]
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
    if taken := plans[-1].taken(int(number[1])):
        return False, taken, ()
    today = order.facts.board.law.today(order.now)
    days = [one.day for one in dates_in(text, None)]
    on = days[-1] if days else today
    if on > today:
        return False, f"Ngày {on:%d/%m/%Y} chưa đến; xin ghi ngày ban hành", ()
    signed = RecordSigned(plans[-1].id, plans[-1].digest, int(number[1]), on, text, "9.2")
    actions = approvals.plan_issued(order.facts.board, plans[-1], session, str(order.facts.raw_mail))
    said = f"Đã ghi kế hoạch phiên {session.code} ban hành ngày {on:%d/%m/%Y}, số {number[1].zfill(2)}"
    return True, f"{said}; đã gửi các đơn vị", (signed, *actions)


def posted(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Đã đăng tại https://…": before the session the notice, afterwards article and recording."""
    session = case.session
    found = session_record.LINK.search(order.command.text) or session_record.LINK.search(order.command.raw)
    if found is None:
        return False, f"Cần ghi địa chỉ trang, ví dụ “{session.code} đã đăng tại https://…”", ()
    link = found[0].rstrip(".,;)")
    if session.status is SessionStatus.PLAN_ISSUED:
        planned = replace(session.form, start=session.starts_at)
        if faults := tuple(too_often(planned, case.others, case.board.law.profile, session.code)):
            return False, f"Chưa ghi được: {said_of(faults, case.board.source)}", ()
        try:
            actions = sessions.announced(case, link, order.now)
        except NotNowError:
            return (
                False,
                f"Thông báo của phiên {session.code} chưa được duyệt; xin ghi “Trình thông báo {session.code}”",
                (),
            )
        on = f"phiên tổ chức lúc {day_of(session)}"
        return True, f"Đã ghi thông báo phiên {session.code} đăng tại {link}; từ nay nhận câu hỏi, {on}", actions
    if session.status in {SessionStatus.HELD, SessionStatus.CLOSED}:
        return session_record.posted(order, case, link)
    return False, f"{stands(session)}, nên chưa có văn bản nào của phiên chờ đăng", ()
