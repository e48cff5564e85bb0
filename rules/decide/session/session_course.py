"""Officers' mails about a session's course: its questions chosen, moved, cancelled, begun, ended, closed.

Then its record, the questions and answers of the session: approved as one paper, posted with the recording, link
sent (5.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from rules.commands.session_form import said_of, weekday_fault
from rules.commands.session_line import new_starts, reason_at, reason_of
from rules.commands.vocabulary import GAP, load_command_words
from rules.decide.base.actions import Action, AmendQuestion, Note, SetPublication, Settle
from rules.decide.base.approval_requests import KIND_NAMES, attached, session_view, to_board
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import PublishingFacts
from rules.decide.base.facts import BoardFacts, SessionCase
from rules.decide.base.forwarding import OVER, due_moved, is_unmarked, session_of
from rules.decide.base.notices import STATUS_NAMES, to_citizen, to_people, told, unit_name
from rules.decide.base.publication import published
from rules.decide.base.session_actions import SetSession, WakeDuty
from rules.decide.officer import session_outcomes
from rules.decide.officer.register_commands import which
from rules.decide.session import amendments, sessions
from rules.decide.session.session_day import is_watched, open_run
from rules.decide.session.session_duties import duty_key, invited_still, invited_too, met, woken
from rules.decide.session.session_state import day_of, stands
from rules.decide.session.sessions import POSTING, NotNowError
from rules.law.session_limits import length_fault, too_often
from rules.law.session_rules import (
    BEFORE_HELD,
    HOLDABLE,
    RECEIVING,
    ApprovalFacts,
    Mark,
    PaperKind,
    SessionFacts,
    SessionStatus,
)
from rules.law.working_days import CITY_ZONE, city_day, due_instant, hour_and_day, short_date
from rules.text.dates import dates_in, times_in, with_days_told
from rules.values.model import Fate, Kind
from rules.values.states import Folder, Purpose, QuestionStatus


def take(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Đưa HP-… vào phiên P-…": its units answer by S-3, its requester is told the day; notified once."""
    question, session = order.question, case.session
    if question is None:
        return which(order, f"đưa vào phiên {session.code}")
    if session.status not in BEFORE_HELD or session.status is SessionStatus.PROPOSED:
        return False, f"{stands(session)}, nên không đưa thêm câu hỏi được", ()
    if question.session_id == session.id:
        return True, f"Câu hỏi {question.code} đã ở trong phiên {session.code}", ()
    if why_not := amendments.why_not_taken(question, session, order.now):
        return False, why_not, ()
    board, by = order.facts.board, order.facts.raw_mail
    due = session.due("answers_returned", board.law.profile, board.law.calendar)
    why = f"Câu hỏi được chọn trả lời tại phiên {session.code}, {day_of(session)}"
    values = {"session_id": session.id, "session_mark": "", "session_marked_at": None}
    actions: list[Action] = [AmendQuestion(question.id, values, "session_taken", why)]
    in_time = order.now < due_instant(due.on)
    for assignment in question.assignments if in_time else ():
        if assignment.is_open:
            actions += due_moved(board, question, assignment, due_on=due, now=order.now, why=why)
    view = {"session": session_view(session), "what": "taken", "due": None, "link": session.link}
    actions.append(to_citizen("citizen_session", question, "9.1", view, key=f"{session.id}:taken:{by}"))
    summons, invited = invited_too(board, session, question)
    units = ", ".join(dict.fromkeys(unit_name(board, one.unit) for one in question.open_leads))
    by_then = f"; {units} trả lời chậm nhất hết ngày {short_date(due.on)}" if units and in_time else ""
    done = f"Câu hỏi {question.code} vào phiên {session.code}{told(question)}{by_then}{invited}"
    return True, done, (*actions, *summons)


def leave(order: CommandAtHand) -> Outcome:
    """ "Để HP-… ngoài phiên": it is answered without a session; unit and requester are told the date."""
    question = order.question
    if question is None:
        return which(order, "để ngoài phiên")
    session = session_of(order.facts, question)
    if session is None:
        return True, f"Câu hỏi {question.code} không thuộc phiên nào, vẫn được trả lời riêng", ()
    if session.status in OVER:
        return False, f"{stands(session)}; xin ghi kết quả của câu hỏi {question.code}, ví dụ “trả lời sau”", ()
    if question.status not in OPEN and not is_unmarked(question):
        return False, f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}, không còn chờ phiên", ()
    board, by = order.facts.board, order.facts.raw_mail
    due = board.law.answer_due(order.now)
    why = f"Câu hỏi được trả lời riêng, không đưa vào phiên {session.code}"
    actions: list[Action] = [AmendQuestion(question.id, {"session_id": None}, "session_left", why)]
    for assignment in question.assignments:
        if assignment.is_open:
            actions += due_moved(board, question, assignment, due_on=due, now=order.now, why=why)
    script, void = session_outcomes.paper_with(order.facts, question, PaperKind.SCRIPT)
    actions += (*void, woken(session, "script_approved")) if void else ()
    kept = question.status is QuestionStatus.ANSWERED and not question.open_leads
    if kept:  # its answer was kept for the session
        actions.append(session_outcomes.tell_answer(board, question, session))
    else:
        view = {"session": session_view(session), "what": "left", "due": due if question.open_leads else None}
        actions.append(to_citizen("citizen_session", question, "9.1", view, key=f"{session.id}:left:{by}"))
        actions += session_outcomes.kept_part(board, question, session)
    held = order.facts.opinions.get(question.id)
    if held is not None and held.purpose is Purpose.LEAVES_SESSION:
        actions.append(Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id))
    apart = f"Câu hỏi {question.code} để ngoài phiên {session.code}, được trả lời riêng{told(question)}{script}"
    return True, f"{apart}{invited_still(board, session, question)}", tuple(actions)


def live(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "HP-… đưa ra phiên": a question that arrived after the script is asked in the session."""
    question, session = order.question, case.session
    if question is None:
        return which(order, "đưa ra phiên")
    if session.status not in RECEIVING:
        return False, f"{stands(session)}, nên không đưa câu hỏi ra phiên được", ()
    if not is_unmarked(question) or (question.status not in OPEN and question.session_id != session.id):
        return False, f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}, không đưa ra phiên", ()
    values = {"live_choice": "live", "session_id": session.id}
    chosen = AmendQuestion(question.id, values, "live_chosen", f"Chọn đưa trực tiếp ra phiên {session.code}")
    return True, f"Câu hỏi {question.code} được đưa ra phiên {session.code}; xem trên màn hình của phiên", (chosen,)


NO_REASON = "Ban Biên tập điều chỉnh thời gian tổ chức"


def split_reason(order: CommandAtHand) -> tuple[str, str]:
    """A command's text, and the reason after "vì …", "lý do …"."""
    text = order.command.text
    at, end = reason_at(text, load_command_words(order.facts.board.source))
    return text[:at].strip(" ,;.-\n"), GAP.sub("", text[end:]).strip()


def checked(case: SessionCase, decide: Callable[[], tuple[Action, ...]], text: str) -> Outcome:
    """Run a decision that the console shares; gives the reason in Vietnamese when it is not possible now."""
    try:
        return True, text, decide()
    except NotNowError:
        return False, f"{stands(case.session)}, nên chưa làm được việc này", ()


LATEST = timedelta(days=731)
"""A session is not moved further ahead than this: such a year is a slip."""


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CITY_ZONE).astimezone(UTC)


def move(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Hoãn phiên P-… sang 14:00 ngày 10/12[, lý do …]": without an hour, the old hour stays."""
    session, code = case.session, case.session.code
    said, why = split_reason(order)
    starts = new_starts(said, session.starts_at, order.now)
    if session.status not in BEFORE_HELD:
        return False, f"{stands(session)}, nên không chuyển ngày được", ()
    if fault := weekday_fault(said, city_day(order.now)):
        return False, fault, ()
    if len(starts) != 1:
        either = f"Chưa rõ phiên chuyển sang {' hay '.join(map(hour_and_day, starts[:3]))}; xin ghi rõ"
        need = either if starts else "Cần ghi ngày mới của phiên"
        return False, f"{need}, ví dụ “Hoãn phiên {code} sang 08:30 ngày …, lý do …”", ()
    start = starts[0].astimezone(UTC)
    if gone := "đã qua" if start <= order.now else "quá xa" if start > order.now + LATEST else "":
        return False, f"Thời gian {hour_and_day(start)} {gone}; xin ghi ngày khác", ()
    if start == session.starts_at:
        return False, f"Phiên {code} vẫn tổ chức lúc {day_of(session)}, không có gì thay đổi", ()
    if faults := tuple(too_often(replace(session.form, start=start), case.others, case.board.law.profile, code)):
        return False, f"Chưa chuyển được phiên {code}: {said_of(faults, case.board.source)}", ()
    people = [*(["đơn vị"] if sessions.is_known(case) else []), *(["người hỏi"] if case.questions else [])]
    told = f" đã báo {' và '.join(people)} theo lịch mới," if people else ""
    again = "các thời hạn được tính lại, kế hoạch và thông báo theo ngày cũ được trình lại"
    if session.status is SessionStatus.PROPOSED:
        again = f"tờ trình theo ngày cũ không còn hiệu lực, xin ghi “Trình tờ trình {code}”"
    same_day = sessions.is_other_hour(session, start)
    again = amendments.of_the_hour(case) if same_day else again + amendments.of_the_day(case, start, order.now)
    text = f"Phiên {code} chuyển từ {day_of(session)} sang {day_of(replace(session, starts_at=start))};{told} {again}"
    return checked(case, lambda: sessions.moved(case, start, why or NO_REASON, order.now), text)


def cancel(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Hủy phiên P-… vì …": nothing happens before the officer confirms, as notices cannot be taken back."""
    session, code, person = case.session, case.session.code, order.facts.person
    why = reason_of(order.command, load_command_words(order.facts.board.source))
    if session.status not in BEFORE_HELD or person is None:
        return False, f"{stands(session)}, nên không hủy được", ()
    if not why:
        return False, f"Chưa hủy. Cần nêu lý do để báo các đơn vị, ví dụ “Hủy phiên {code} vì …”", ()
    say = f"Xác nhận hủy phiên {code} vì {' '.join(why.split())}"
    values = {
        "session": {"code": code, "topic": session.form.topic, "starts_at": session.starts_at},
        "reason": why,
        "question_count": len(case.questions),
        "commands": [{"label": f"Xác nhận hủy phiên {code}", "text": say}],
    }
    key = f"{session.id}:{session.moves}:{order.facts.raw_mail}"
    asked = to_people("session_confirm", [person], "6.1", values, key=key)
    return False, f"Chưa hủy: việc này không rút lại được, xin xem thư đề nghị xác nhận gửi kèm (phiên {code})", asked


def cancel_confirmed(order: CommandAtHand, case: SessionCase) -> Outcome:
    """The second step: only what this officer has been asked to confirm."""
    session, code = case.session, case.session.code
    why = reason_of(order.command, load_command_words(order.facts.board.source))
    if code not in order.facts.asked_to_confirm:
        return False, f"Chưa có đề nghị xác nhận nào về phiên {code}; xin ghi “Hủy phiên {code} vì …” trước", ()
    if not why:
        return False, f"Cần nêu lý do, ví dụ “Xác nhận hủy phiên {code} vì …”", ()
    told = f", {len(case.questions)} câu hỏi của phiên được trả lời không qua phiên" if case.questions else ""
    text = f"Đã hủy phiên {code} ({day_of(session)}){'; đã báo các đơn vị' if sessions.is_known(case) else ''}{told}"
    return checked(case, lambda: sessions.cancelled(case, why, order.now), text)


def _told_at(order: CommandAtHand) -> datetime:
    """The minute in which the mail was received, from which an order without an hour counts."""
    return min(order.facts.received_at, order.now).replace(second=0, microsecond=0)


def begin(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Bắt đầu phiên P-… [lúc …]": from now on live questions are collected for the chair (10.1.l)."""
    session = case.session
    if session.status not in HOLDABLE:
        return False, f"{stands(session)}, nên chưa ghi bắt đầu được", ()
    day = city_day(session.starts_at)
    if city_day(_told_at(order)) != day:
        planned = f"Phiên {session.code} tổ chức lúc {day_of(session)}"
        return False, f"{planned}; nếu đã đổi ngày, xin ghi “Hoãn phiên …”", ()
    times = times_in(order.command.text)
    at = _local(day, times[0]) if times else _told_at(order)
    if at > order.now:
        return False, f"{at.astimezone(CITY_ZONE):%H:%M} chưa đến; xin ghi khi phiên đã bắt đầu", ()
    values = {"started_at": at}
    why = "Ghi nhận phiên bắt đầu"
    status = SetSession(session.id, (session.status,), session.status, "begun", why, "5.3", values)
    begun = replace(session, started_at=at)
    watched = () if is_watched(session) else (open_run(case.board.law, begun, order.now),)
    return True, f"Phiên {session.code} bắt đầu lúc {at.astimezone(CITY_ZONE):%H:%M}", (status, *watched)


def end(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Kết thúc phiên P-… [lúc …]", or "từ … đến …"; repeated, it corrects the record."""
    session, code = case.session, case.session.code
    if session.status not in {*HOLDABLE, SessionStatus.HELD}:
        return False, f"{stands(session)}, nên chưa ghi kết thúc được", ()
    days = dates_in(with_days_told(order.command.text), city_day(session.starts_at))
    day = days[0].day if days else city_day(session.ended_at or session.starts_at)
    times = times_in(order.command.text)
    ended = _local(day, times[-1]) if times else _told_at(order)
    started = _local(day, times[0]) if len(times) > 1 else session.started_at or session.starts_at
    how = f"“Kết thúc phiên {code} từ 08:30 đến 10:30{f' ngày {short_date(day)}' if days else ''}”"
    if not started < ended <= order.now:
        begun = f"sau giờ bắt đầu ({hour_and_day(started)}) và không sau lúc này"
        return False, f"Giờ kết thúc phải {begun}; xin ghi {how}", ()
    if fault := length_fault(started, ended, case.board.law.profile):
        return False, f"{said_of((fault,), case.board.source)}; nếu ghi nhầm giờ, xin ghi {how}", ()
    at = hour_and_day(ended)
    waiting = sum(1 for question in case.questions if is_unmarked(question))
    left = f"; còn {waiting} câu hỏi cần ghi kết quả, xin xem thư gửi kèm" if waiting else ""
    minutes = int((ended - started).total_seconds() // 60)
    record = next(
        (paper for paper in case.papers if paper.kind is PaperKind.RECORD and paper.status == "shown"), None
    )
    again = ""
    if record is not None and sessions.is_other_time(session, started, ended):
        again = f"; nội dung phiên đã trình ghi giờ cũ, không còn hiệu lực, xin ghi “Trình nội dung phiên {code}”"
    after = replace(session, started_at=started, ended_at=ended)
    if session_outcomes.later_again(case, after, order.now):
        again += "; thời hạn trả lời sau phiên được tính lại theo ngày kết thúc mới"
    text = f"Phiên {code} kết thúc lúc {at}, kéo dài {minutes} phút{left}{again}"
    return checked(case, lambda: sessions.held(case, started, ended, order.now), text)


def close(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Đóng phiên P-…": possible when every question has its outcome."""
    del order
    session = case.session
    left = [question.code for question in case.questions if is_unmarked(question)]
    if session.status is SessionStatus.HELD and left:
        return False, f"Phiên {session.code} còn câu hỏi chưa có kết quả: {', '.join(left)}", ()
    owed = ", ".join(one.code for one in case.questions if sessions.is_owed(case, one))
    still = f"; còn phải trả lời, đăng Cổng: {owed}" if owed else ""
    return checked(case, lambda: sessions.closed(case), f"Đã đóng phiên {session.code}{still}")


LINK = re.compile(r"https?://[^\s<>\"”“]+", re.IGNORECASE)


def question_posted(order: CommandAtHand) -> Outcome:
    """ "HP-… đã đăng tại https://…": people have put the approved answer on the portal themselves (10.1.i)."""
    question = order.question
    match = LINK.search(order.command.raw)
    if question is None:
        return which(order, "đã đăng tại https://…")
    if match is None:
        return False, f"Cần ghi địa chỉ trang, ví dụ “{question.code} đã đăng tại https://…”", ()
    link = match[0].rstrip(".,;)")
    if question.status is QuestionStatus.PUBLISHED:
        if question.link:
            return True, f"Câu hỏi {question.code} đã được ghi là đăng tại {question.link}", ()
        noted = AmendQuestion(question.id, {"link": link}, "link_noted", "Ghi địa chỉ trang đã đăng")
        return True, f"Đã ghi câu hỏi {question.code} đăng tại {link}", (noted,)
    papers = order.facts.publishing.get(question.id, PublishingFacts()).papers
    paper = next((one for one in reversed(papers) if one.status == "approved"), None)
    if question.status is not QuestionStatus.APPROVED or paper is None:
        how = f"xin ghi “{question.code} trình đăng”"
        return False, f"Câu trả lời của {question.code} chưa được duyệt để đăng; {how}", ()
    page = SetPublication(question.id, paper.id, f"ngoai/{question.code}", paper.title, paper.digest, link)
    session = session_of(order.facts, question)
    woken = (WakeDuty(duty_key(session, "answer_after_session")),) if session else ()
    text = f"Đã ghi câu hỏi {question.code} đăng tại {link}{told(question)}"
    return True, text, (*published(question, page, told=str(paper.id)), *woken)


def approved(board: BoardFacts, approval: ApprovalFacts, session: SessionFacts) -> tuple[Action, ...]:
    """Clauses 10.1.l and 10.2: article and press text may now be posted with the recording (5.2)."""
    paper, code = approval.paper, session.code
    values: dict[str, object] = {
        "kind_name": KIND_NAMES[paper.kind],
        "title": paper.title,
        "text": "",
        "ask": f"Xin đăng bài (tệp .html) cùng bản ghi của phiên. Đăng xong, xin trả lời thư này: “{code} đã đăng tại https://…”.",
    }
    return to_board("session_paper", board, session, "10.1.l", values, approval.token, attached(paper.files))


def posted(order: CommandAtHand, case: SessionCase, link: str) -> Outcome:
    """Article and recording are on the portal; the session's requesters get the link."""
    session = case.session
    if not any(paper.kind is PaperKind.RECORD and paper.status == "approved" for paper in case.papers):
        how = f"xin ghi “Trình nội dung phiên {session.code}” trước khi đăng"
        return False, f"Nội dung phiên {session.code} chưa được duyệt; {how}", ()
    values = {"record_link": link}
    why = "Đã đăng bài và bản ghi của phiên"
    actions: list[Action] = [
        SetSession(session.id, (session.status,), session.status, "record_posted", why, "5.2", values),
        *met(session, POSTING),
        Note("record_posted", why, "5.2", data={"session": session.code, "link": link}),
    ]
    known, text = session.record_link, f"Đã ghi bài và bản ghi phiên {session.code} đăng tại {link}"
    which_time = f":{order.facts.raw_mail}" if known and known != link else ""  # another address is told anew
    heard = [one for one in case.questions if one.session_mark == Mark.ANSWERED.value and one.email]
    view = session_view(session)
    for question in heard:
        shown = {"session": view, "what": "posted", "due": None, "link": link}
        actions.append(to_citizen("citizen_session", question, "5.2", shown, key=f"{session.id}:posted{which_time}"))
    return True, f"{text}; đã báo {len(heard)} người hỏi" if heard and known != link else text, tuple(actions)
