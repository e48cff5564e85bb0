"""What of a session changes while its day stays: values filled in, a new plan, another hall or chair, questions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from rules.commands.session_form import form_words, read_text, said_of, same_name
from rules.decide.base.actions import Action, Send
from rules.decide.base.approval_requests import session_view, to_board, to_chair, to_session_units
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.facts import BoardFacts, QuestionFacts, SessionCase
from rules.decide.base.forwarding import with_session
from rules.decide.base.notices import STATUS_NAMES, to_citizen, unit_name
from rules.decide.base.session_actions import ReopenDuty, SetSession, VoidPapers
from rules.decide.session.session_day import EVE, run_key, summons
from rules.decide.session.session_duties import open_duties, woken
from rules.decide.session.session_state import day_of, stands, stands_paper
from rules.decide.session.sessions import MOVABLE, NotNowError, awaits, is_known, need, papers_void
from rules.law.deadlines import session_duties
from rules.law.legal_dates import is_in_person
from rules.law.session_limits import refusals
from rules.law.session_rules import RECEIVING, PaperKind, SessionFacts, SessionForm, SessionStatus, form_adapter
from rules.law.working_days import CITY_ZONE, city_day, short_date
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source

WHY = "Sửa thông tin phiên đối thoại"
_FIXED = ("level", "unit")
"""What of a form is never amended."""
REPLANNED = "Kế hoạch đã ban hành không còn hiệu lực vì thông tin phiên được sửa"


def why_not_taken(question: QuestionFacts, session: SessionFacts, now: datetime) -> str:
    """Why it is not answered in this session; "" when it can be. What has an outcome is due by that (10.1.g–k)."""
    if question.status not in OPEN:
        return f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}, không đưa vào phiên"
    if question.session_mark and question.session_id is not None:
        return f"Câu hỏi {question.code} đã có kết quả tại phiên trước, được trả lời riêng"
    held_unposted = session.status not in RECEIVING and session.started_at is not None
    if now < session.planned_end or held_unposted:  # no other order brings it into one whose notice came late
        return ""
    asked = f"“{question.code} đưa ra phiên” nếu đã hỏi tại phiên, " if session.status in RECEIVING else ""
    how = f"{asked}“Kết thúc phiên {session.code} lúc …” hoặc “Hoãn phiên {session.code} sang …”"
    return f"Phiên {session.code} đã qua giờ tổ chức ({day_of(session)}); xin ghi {how}"


def in_person(case: SessionCase) -> str:
    """Which units answer at the session themselves: " (HP-…: Sở Xây dựng trả lời tại phiên)"; "" for none."""
    leads = ((one.code, each) for one in case.questions for each in one.open_leads if is_in_person(each.due))
    said = "; ".join(f"{code}: {unit_name(case.board, each.unit)} trả lời tại phiên" for code, each in leads)
    return f" ({said})" if said else ""


def amended_form(form: SessionForm, values: Mapping[str, Any], source: Source = DEFAULT) -> SessionForm:
    """The form with the values of the lines; other values stay. Raises ``pydantic.ValidationError``."""
    made = form_adapter().validate_python({**asdict(form), **values})
    same = same_name(made.chair.name, form.chair.name, source)
    puts_right = "chair" in values and same and not made.chair.email  # the post alone
    return replace(made, chair=replace(made.chair, email=form.chair.email)) if puts_right else made


def _faults(order: CommandAtHand, case: SessionCase, form: SessionForm) -> str:
    """Why the form is not allowed, if the session's own was; "" if it is."""
    law, own = case.board.law, case.session
    today = law.today(order.now)
    before, after = (
        refusals(one, case.others, law.profile, case.board.units, today, own.code) for one in (own.form, form)
    )
    return said_of([one for one in after if one not in before], case.board.source)


def amend(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Bổ sung phiên P-…" with labelled lines below it: fills in what the plan needs."""
    session, board = case.session, order.facts.board
    written = read_text(order.command.text, board.units, board.source)
    if written.faults:
        return False, "; ".join(written.faults), ()
    values = {key: value for key, value in written.values.items() if key not in {"start", *_FIXED}}
    if _is_another_time(session, written.values):
        return False, f"Thời gian của phiên được đổi bằng “Hoãn phiên {session.code} sang …”", ()
    kept = "; ".join(filter(None, (_kept(session, written.values, board), _left(written.left))))
    if not values:
        how = "Xin ghi mỗi dòng một mục, ví dụ “Địa điểm: …”, “Yêu cầu: …”"
        return False, f"Chưa ghi được: {kept}" if kept else how, ()
    try:
        form = amended_form(session.form, values, board.source)
    except ValidationError as error:
        return False, said_of((f"{error.errors()[0]['loc'][0]}: không đọc được",), board.source), ()
    if faults := _faults(order, case, form):
        return False, f"Chưa ghi được: {faults}", ()
    shown = form_words(board.source)["shown"]
    named = ", ".join(str(shown[key]) for key in values if key in shown)
    try:
        actions = amended(case, form, order.now)
    except NotNowError:
        only = "không sửa thông tin phiên được"
        if session.status in RECEIVING:
            only = "chỉ sửa được địa điểm, người chủ trì"
        return False, f"{stands(session)}, nên {only}", ()
    but = f"; {kept}" if kept else ""
    if not actions:
        return True, f"Phiên {session.code} đã ghi {named} như vậy, không có gì thay đổi{but}", ()
    return True, f"Đã ghi vào phiên {session.code}: {named}; {_what_follows(case, form, actions)}{but}", actions


def _left(lines: tuple[str, ...]) -> str:
    """Names the lines that are not recorded; "" for none."""
    named = ", ".join(f"“{one[:60]}”" for one in lines[:5])
    return f"chưa ghi: {named}; xin ghi mỗi mục một dòng, dạng “Mục: …”" if named else ""


def _kept(session: SessionFacts, values: Mapping[str, Any], board: BoardFacts) -> str:
    """Says of lines for another level or unit that these stay: they are another session's; "" without such lines."""
    shown = form_words(board.source)["shown"]
    lines = [f"“{shown[one]}”" for one in _FIXED if values.get(one, at := getattr(session.form, one)) != at]
    how = f"không sửa được; nếu cần đổi, xin ghi “Hủy phiên {session.code}” và đề xuất phiên mới"
    return f"{', '.join(lines)} của phiên {how}" if lines else ""


def _is_another_time(session: SessionFacts, values: Mapping[str, Any]) -> bool:
    """Whether the lines tell a time that is not the session's; a form that is sent again repeats the same."""
    start = values.get("start", session.starts_at)
    moment = start.replace(tzinfo=start.tzinfo or CITY_ZONE) if isinstance(start, datetime) else None
    return moment != session.starts_at


def _what_follows(case: SessionCase, form: SessionForm, actions: tuple[Action, ...]) -> str:
    """What becomes of the papers, and who was told."""
    session, code = case.session, case.session.code
    again = "văn bản được soạn lại và trình theo nội dung mới"
    if _papers_say_the_same(session.form, form):
        again = "văn bản của phiên không phải sửa"
    elif session.status is SessionStatus.PROPOSED:
        again = f"xin ghi “Trình tờ trình {code}” để trình lại"
    elif session.status is SessionStatus.PLAN_ISSUED and not _says_the_same(case, form):
        again = f"kế hoạch đã ban hành không còn hiệu lực, {again}; muốn trình ngay, xin ghi “Trình kế hoạch {code}”"
    elif session.status in RECEIVING:
        again = "văn bản của phiên không phải sửa"
        if _changed(session, replace(session, form=form)):
            again = _of_the_papers(case)
    return f"{again}{_who_was_told(form, actions)}{_of_the_decision(case, form)}"


def _who_was_told(form: SessionForm, actions: tuple[Action, ...]) -> str:
    sent = [one.notice for one in actions if isinstance(one, Send)]
    gone = ", ".join(one.recipient.name for one in sent if one.values.get("what") == "uninvited")
    uninvited = f"; đã báo giấy mời trước đây không còn hiệu lực: {gone}" if gone else ""
    roles = {one.recipient.role for one in sent if one.values.get("what") != "uninvited"}
    if not roles:
        return uninvited
    names = [name for role, name in (("unit", "các đơn vị"), ("leader", "người chủ trì")) if role in roles]
    text = f"; đã báo {' và '.join(names)}" if names else ""
    by_hand = "" if "leader" in roles else f"; chưa có địa chỉ thư của {form.chair.name}, xin mời bằng cách khác"
    return f"{text}{by_hand}{uninvited}"


def of_the_hour(case: SessionCase) -> str:
    """What becomes of the papers where the session begins at another hour of its day."""
    if case.session.status is SessionStatus.PLAN_ISSUED:
        return "kế hoạch đã ban hành và các thời hạn giữ nguyên, thông báo được trình theo giờ mới"
    return f"kế hoạch đã ban hành và các thời hạn giữ nguyên; {_of_the_papers(case)}"


def of_the_day(case: SessionCase, start: datetime, now: datetime) -> str:
    """What is over already for another day (10.1.a, 10.1.b), and the posted notice, which still names the old one."""
    law, session = case.board.law, case.session
    gone: dict[date, str] = {}
    for due in session_duties(city_day(start), law.profile, law.calendar):
        if due.on < law.today(now):
            gone.setdefault(due.on, f"{law.profile.rule(due.rule).duty} (hạn {short_date(due.on)})")
    late = f"; theo ngày mới đã quá hạn: {'; '.join(gone.values())}" if gone else ""
    page = f"; thông báo đã đăng tại {session.link} còn ghi ngày cũ, xin sửa ngay" if session.link else ""
    return f"{late}{page}"


def _of_the_papers(case: SessionCase) -> str:
    """Which papers still name the old hall or chair: the posted notice, the script; the run sheet is sent anew."""
    script, code = stands_paper(case, PaperKind.SCRIPT), case.session.code
    told = ["xin sửa thông báo đã đăng trên Cổng"]
    if script == "shown":
        told.append(f"kịch bản đang trình không còn hiệu lực, xin ghi “Trình kịch bản {code}”")
    if script == "approved":
        told.append(f"kịch bản đã duyệt ghi theo thông tin cũ, muốn sửa, xin ghi “Trình kịch bản {code}”")
    return "; ".join(told)


def _of_the_decision(case: SessionCase, form: SessionForm) -> str:
    """Another chair than the one whom the recorded decision names is decided on as the first was (7.1, 7.2)."""
    session, decided = case.session, case.session.form.decided
    if session.status is SessionStatus.PROPOSED or session.status in RECEIVING or not decided:
        return ""
    if _is_same_chair(case, form) or form.decided != decided:
        return ""
    how = f"xin ghi “{session.code} lãnh đạo đã quyết định tại …”"
    return f"; {decided} quyết định người chủ trì trước, khi có quyết định mới, {how}"


def amended(case: SessionCase, form: SessionForm, now: datetime) -> tuple[Action, ...]:
    """Fill in venues, leaders and tasks before the plan is issued; voids a plan that waits for the Head.

    The leader's decision, once recorded, stays: the form that is filled in again need not tell it.
    """
    session = case.session
    form = replace(form, decided=form.decided or session.form.decided)
    need(session, *MOVABLE, SessionStatus.PLAN_ISSUED, *RECEIVING)
    if form == session.form:
        return ()
    if form.start != session.starts_at or form.level != session.form.level:
        raise NotNowError(f"session {session.code}: its day is changed by `session move`, its level not at all")
    if session.status in RECEIVING:
        return (*_after_the_notice(case, form, now), *_askers_told(case, form, now))
    if _papers_say_the_same(session.form, form):
        only = SetSession(session.id, (session.status,), session.status, "session_amended", WHY, "9.2", form=form)
        if session.status is SessionStatus.PLAN_ISSUED:
            return (only, *_told_at_once(case, form, now))
        return (only, *(_uninvited(case, form, now) if is_known(case) else ()))
    if session.status is SessionStatus.PLAN_ISSUED and _says_the_same(case, form):
        return (*_only_the_notice(case, form), *_told_at_once(case, form, now))
    kept = session.status is not SessionStatus.PROPOSED
    status = SessionStatus.TOPIC_APPROVED if kept else session.status
    return (
        SetSession(session.id, (session.status,), status, "session_amended", WHY, "9.2", form=form),
        *papers_void(case, kept=kept),
        *(_planned_again(case, now) if is_known(case) else ()),
        woken(session, "plan_issued"),
        *(_uninvited(case, form, now) if is_known(case) else ()),
    )


def _says_the_same(case: SessionCase, form: SessionForm) -> bool:
    """True where only what the notice says has changed, or the same chair's title: the issued plan stands."""
    before = case.session.form
    return replace(form, ways=before.ways, chair=before.chair) == before and _is_same_chair(case, form)


def _is_same_chair(case: SessionCase, form: SessionForm) -> bool:
    return same_name(form.chair.name, case.session.form.chair.name, case.board.source)


def _papers_say_the_same(before: SessionForm, form: SessionForm) -> bool:
    """True where only the chair's address has changed, which no paper tells."""
    return replace(form, chair=replace(form.chair, email=before.chair.email)) == before


def _only_the_notice(case: SessionCase, form: SessionForm) -> tuple[Action, ...]:
    """The plan is issued, the notice not yet posted: change what only the notice says and void its old approval."""
    session = case.session
    notices = tuple(paper.id for paper in case.papers if paper.kind is PaperKind.NOTICE and paper.status != "void")
    return (
        SetSession(session.id, (session.status,), session.status, "session_amended", WHY, "5.3", form=form),
        *((VoidPapers(notices),) if notices else ()),
        woken(session, "notice_posted"),
    )


def _planned_again(case: SessionCase, now: datetime) -> tuple[ReopenDuty, ...]:
    """A plan that was issued and counts no longer fulfils nothing: another is drafted and watched (9.2, 10.1.a)."""
    wanted = {woken(case.session, rule).key for rule in ("plan_approved", "plan_issued")}
    duties = open_duties(case.board.law, case.session, now)
    return tuple(ReopenDuty(one.key, one.stage, one.next_at, REPLANNED) for one in duties if one.key in wanted)


def _after_the_notice(case: SessionCase, form: SessionForm, now: datetime) -> tuple[Action, ...]:
    """Questions are taken: another hall or chair is told to all who were invited, and the session goes on (5.2)."""
    session, old = case.session, case.session.form
    if replace(form, place=old.place, chair=old.chair) != old:
        raise NotNowError(f"session {session.code}: its notice is posted; only its place and chair are changed")
    shown = [paper.id for paper in case.papers if paper.kind is PaperKind.SCRIPT and paper.status == "shown"]
    scripts = tuple(shown) if _changed(session, replace(session, form=form)) else ()
    void = (VoidPapers(scripts), woken(session, "script_approved")) if scripts else ()
    sheet = now < session.starts_at and stands_paper(case, PaperKind.RUN_SHEET) != ""
    return (
        SetSession(session.id, (session.status,), session.status, "session_amended", WHY, "5.2", form=form),
        *void,
        *((ReopenDuty(run_key(session), EVE, now, WHY),) if sheet else ()),
        *(_told_at_once(case, form, now) if now < session.planned_end else ()),
    )


def _told_at_once(case: SessionCase, form: SessionForm, now: datetime) -> tuple[Send, ...]:
    """The new hall and chair go to who stays invited; a new chair is invited, the old one no longer.

    The chair's new address alone concerns nobody else.
    """
    board, after, key = case.board, replace(case.session, form=form), f"amended:{_once(form, now)}"
    changed = _changed(case.session, after)
    values: dict[str, object] = {"what": "amended", "old_start": after.starts_at, "changes": changed}
    before = _by_address(_to_all(board, case.session, values, key))
    told = _by_address(_to_all(board, after, values, key))
    invited = _by_address(tuple(one for one in summons(board, after, key) if isinstance(one, Send)))
    return (
        *(notice for address, notice in told.items() if changed and address in before),
        *(invited[address] for address in told if address not in before),
        *_uninvited(case, form, now),
        *(to_board("session_changed", board, after, "5.2", values, key) if changed else ()),
    )


def _askers_told(case: SessionCase, form: SessionForm, now: datetime) -> tuple[Send, ...]:
    """Another hall is told to whose question waits for the session, as its hall was told before."""
    session, old = case.session, case.session.form.place
    if form.place == old or now >= session.planned_end:
        return ()
    values = with_session({"what": "amended", "due": None}, case.board.law, replace(session, form=form))
    key = f"{session.id}:amended:{_once(form, now)}"
    waiting = [question for question in case.questions if awaits(question)]
    return tuple(to_citizen("citizen_session", question, "5.2", values, key=key) for question in waiting)


def _once(form: SessionForm, now: datetime) -> str:
    """Distinguishes an amendment from any other: two may fall into one second, and what is changed to and
    fro the same form."""
    return f"{now:%Y%m%d%H%M%S}:{hashlib.sha256(repr(form).encode()).hexdigest()[:12]}"


def _changed(before: SessionFacts, after: SessionFacts) -> list[dict[str, object]]:
    old, new = session_view(before), session_view(after)
    labels = {"place": "Địa điểm", "chair": "Chủ trì"}
    return [{"label": labels[one], "old": old[one], "new": new[one]} for one in labels if old[one] != new[one]]


def _to_all(board: BoardFacts, session: SessionFacts, values: dict[str, object], key: str) -> tuple[Send, ...]:
    """One notice to each unit of a session and to its chair."""
    name = "session_changed"
    return (
        *to_session_units(name, board, session, "5.2", values, key),
        *to_chair(name, session, "5.2", values, key),
    )


def _by_address(sends: tuple[Send, ...]) -> dict[str, Send]:
    return {notice.notice.recipient.email.lower(): notice for notice in sends}


def _uninvited(case: SessionCase, form: SessionForm, now: datetime) -> tuple[Send, ...]:
    """The chair and the units that are no longer of it hear so, and their invitation is called off (7.1, 7.2)."""
    board, session, key = case.board, case.session, f"uninvited:{_once(form, now)}"
    same = _is_same_chair(case, form)
    values: dict[str, object] = {"what": "uninvited", "old_start": session.starts_at, "elsewhere": same}
    before = _by_address(_to_all(board, session, values, key))
    stay = _by_address(_to_all(board, replace(session, form=form), values, key))
    return tuple(notice for address, notice in before.items() if address not in stay)
