"""More time for a unit, granted, corrected or refused by an officer (10.1.d); whether a bare "Đồng ý" means that.

Also the date that a question has with the unit to which an officer forwards it, and what an order means for a
question whose items several units have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rules.commands.command import Command
from rules.commands.held_orders import days_in_figures
from rules.commands.mood import CLASH, found_in
from rules.commands.plain.words import load_plain_order_words
from rules.commands.vocabulary import load_command_words, plain_words
from rules.decide.base.actions import Action, ExtendDue, Note
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome, for_others, more_time_acts
from rules.decide.base.facts import AssignmentFacts, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import answer_due, newest_leads, refused_leads, session_of
from rules.decide.base.notices import AboutCase, promised, to_citizen, to_unit, unit_name
from rules.law.legal_dates import GRANTED
from rules.law.session_rules import SessionFacts
from rules.law.working_days import due_instant, short_date
from rules.reply.unit_names import unit_names as names_of_units
from rules.text import has_marks, squash, strip_marks
from rules.text.dates import no_such_day
from rules.values.model import CountedDate
from rules.values.states import AssignmentStatus

_MEANS_A_DAY = re.compile(
    r"\d|\b(?:thứ|tuần|tháng|ngày mai|hôm|chủ nhật|(?:mấy|may|vài|vai|ít|it|hai|ba) (?:ngày|ngay|hom))\b",
    re.IGNORECASE,
)
"""Words after "gia hạn" that mean a day, even if it could not be read."""
_OF_DAY = (
    r"(?:cho|đến|tới|thêm|hết|ngày|mùng|thứ|một|mốt|hai|ba|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|chủ nhật"
    r"|cuối|đầu|tuần|tháng|sau|này|nhé|ạ|là|sở|đơn vị|được|[\d/.-]+)(?!\w)"
)
_DAY = re.compile(
    rf"^(?:[^\w,;]*{_OF_DAY})+(?:[,;]\s+(?:{_OF_DAY}\s+)*\d{{1,2}}[/.-]\d[\d/.-]*(?!\w))?(?:(?:\W*{_OF_DAY})++\W*$)?",
    re.IGNORECASE,
)
"""The day at the start of the words after "đồng ý gia hạn" ("đến thứ Sáu, 30/10"); the rest is a remark."""
_DAY_BARE = re.compile(strip_marks(_DAY.pattern), re.IGNORECASE)
"""The same where it is typed without diacritics ("den 30/10, nho gui anh")."""
DECIDES = frozenset({"extend", "refuse_extension"})
FAR = timedelta(days=366)
"""An extension longer than this is taken for a wrong year."""
_DOES = ("đang chuẩn bị trả lời", "đã trả lời")


def extend(order: CommandAtHand) -> Outcome:
    """ "Đồng ý gia hạn đến …": move the due date, tell unit and citizen; an earlier day corrects one just granted."""
    question, until = order.question, order.command.until
    waiting, why = _who_waits(order)
    if question is None or not waiting:
        return False, why, ()
    if until is None and not _MEANS_A_DAY.search(order.command.text):
        until = waiting[0].wanted_until
    law = order.facts.board.law
    if until is not None and all(one.due.rule == GRANTED and until in (one.due.on, one.due.raw) for one in waiting):
        return True, f"Câu hỏi {question.code} đã được gia hạn đến {short_date(waiting[0].due.on)} từ trước", ()
    if until is not None:  # of several, those whose own day it moves
        waiting = tuple(assignment for assignment in waiting if _moves(order, assignment, until)) or waiting
    back = [law.set_back(assignment.due, until, order.now) for assignment in waiting] if until else [None]
    if until is None or not _moves(order, waiting[0], until):
        needed = f"sau hạn hiện nay ({short_date(waiting[0].due.on)}), ví dụ “đồng ý gia hạn đến 15/12/2026”"
        return False, f"{no_such_day(order.command.raw)}Cần ghi rõ ngày, {needed}", ()
    if until < law.today(order.now):
        return False, f"Ngày {short_date(until)} đã qua; xin ghi ngày khác", ()
    if until > waiting[0].due.on + FAR:
        return False, f"Ngày {short_date(until)} quá xa hạn hiện nay ({short_date(waiting[0].due.on)})", ()
    granted = [due or law.granted(assignment.due, until) for assignment, due in zip(waiting, back, strict=True)]
    if late := _at_the_session(order, question, waiting, granted):
        return False, late, ()
    actions = [act for one, due in zip(waiting, granted, strict=True) for act in _extended(order, question, one, due)]
    last = max(due.on for due in granted)
    off = f" ({short_date(until)} là ngày nghỉ)" if last != until else ""
    done = f"Đã sửa hạn câu hỏi {question.code} thành" if any(back) else f"Đã gia hạn câu hỏi {question.code} đến"
    return True, f"{done} {short_date(last)}{off}", tuple(actions)


def _at_the_session(
    order: CommandAtHand, question: QuestionFacts, waiting: Sequence[AssignmentFacts], granted: Sequence[CountedDate]
) -> str:
    """Why an answer for a session that is still to come gets no time until then (10.1.d); "" where it may."""
    session, law = session_of(order.facts, question), order.facts.board.law
    if session is None or session.day < law.today(order.now):
        return ""
    given = (due.on for assignment, due in zip(waiting, granted, strict=True) if law.is_for_session(assignment.due))
    if all(on < session.day for on in given):
        return ""
    return (
        f"Câu trả lời dùng tại phiên {session.code} ngày {short_date(session.day)}, nên hạn mới phải trước ngày "
        "phiên; xin ghi ngày khác"
    )


def _moves(order: CommandAtHand, assignment: AssignmentFacts, until: date) -> bool:
    """Whether the day is later than the unit's own due day, or corrects one just granted."""
    return until > assignment.due.on or order.facts.board.law.set_back(assignment.due, until, order.now) is not None


def _who_waits(order: CommandAtHand) -> tuple[tuple[AssignmentFacts, ...], str]:
    """The units that an officer's word on more time is about: those that he names, else those that asked, else all;
    () and why for none. The term is the lead's (10.1.c): a supporting unit's wish does not move it."""
    question, board = order.question, order.facts.board
    leads = question.open_leads if question else ()
    if question is None or not leads:
        return (), "Không có đơn vị nào đang nợ trả lời câu hỏi này"
    text = squash(" ".join(order.command.raw.split()))
    codes = {code for one in names_of_units(board.units, board.source).find(text, bare=True) for code in one.codes}
    named = tuple(assignment for assignment in leads if assignment.unit in codes)
    asked = _of_the_thread(order.facts, question) or tuple(one for one in leads if one.wanted_until)
    helpers = [assignment for assignment in question.assignments if assignment.is_open and assignment.role != "lead"]
    helps = [one for one in helpers if (one.unit in codes if codes else not asked and one.wanted_until)]
    if helps and not named:
        who, has = unit_name(board, helps[0].unit), unit_name(board, leads[0].unit)
        return (), (
            f"{who} chỉ phối hợp; hạn trả lời là của {has}. Muốn gia hạn cho {has}, xin ghi "
            f"“{question.code} gia hạn cho {leads[0].unit} đến …”"
        )
    if _is_open(named or asked, order.command, named=bool(named)):
        wishes = ", ".join(
            f"{unit_name(board, one.unit)} đến {short_date(one.wanted_until)}" for one in asked if one.wanted_until
        )
        return (), f"Các đơn vị xin gia hạn đến ngày khác nhau ({wishes}); xin ghi rõ đơn vị"
    return named or asked or leads, ""


def _of_the_thread(facts: MailFacts, question: QuestionFacts) -> tuple[AssignmentFacts, ...]:
    """Whose request for more time the mail that is answered submits; () where it submits none."""
    mail = next((one for one in facts.threads[:1] if one.key.startswith(EXTENSION_ALERT)), None)
    if mail is None or mail.question_id != question.id:
        return ()
    return tuple(one for one in question.open_leads if one.wanted_until and one.unit in mail.key.split(":"))


def _is_open(waiting: Sequence[AssignmentFacts], command: Command, *, named: bool) -> bool:
    """Whether units that asked for different days may be meant, and the order names neither unit nor day."""
    apart = len({assignment.wanted_until for assignment in waiting if assignment.wanted_until}) > 1
    return apart and not (named and (command.until or command.verb != "extend"))


def acts_apart(facts: MailFacts, question: QuestionFacts | None, order: Command) -> list[dict[str, str]]:
    """The decisions on units' wishes, or on the days of one order, one each; on items of which one is refused."""
    board = facts.board
    days_said = days_in_figures(order.raw, board.law.today(facts.received_at)) if order.field == CLASH else ()
    if question is not None and len(days_said) > 1:
        return [more_time_acts(question.code, short_date(day))[0] for day in days_said]
    if question is not None and order.verb == "reject" and parts_lost(board, question, order):
        on = {"label": "Chuyển ý còn chờ đến đơn vị khác", "text": f"{question.code} chuyển "}
        return [on, {"label": "Vẫn từ chối cả câu hỏi", "text": _refused_whole(question, order)}]
    if question is not None and order.verb == "reopen" and not order.remark:
        gave = (one.unit for one in newest_leads(question) if one.status is AssignmentStatus.ANSWERED)
        said = [(unit_name(board, one), f"mở lại phần của {one} vì {order.text}") for one in dict.fromkeys(gave)]
        again = [{"label": f"Mở lại phần của {name}", "text": f"{question.code} {each}"} for name, each in said]
        return again if len(again) > 1 or question.status in OPEN else []
    assignments = [one for one in question.open_leads if one.wanted_until] if question is not None else []
    if question is None or order.verb not in DECIDES or len({one.wanted_until for one in assignments}) < 2:
        return []
    days = ((assignment.unit, assignment.wanted_until) for assignment in assignments)
    return [more_time_acts(question.code, short_date(day), unit)[order.verb != "extend"] for unit, day in days if day]


def parts_lost(board: BoardFacts, question: QuestionFacts, order: Command) -> str:
    """Why a question of several items is not refused because of one: what it would end too; "" once confirmed."""
    newest, sure = newest_leads(question), load_plain_order_words(board.source).reject.sure
    given = [assignment for assignment in newest if assignment.status is AssignmentStatus.ANSWERED]
    lost = [one for one in newest if one in given or one.is_open] if given or refused_leads(question) else []
    confirmed = found_in(order.raw.partition(order.text)[0] if order.text else order.raw, sure)
    if confirmed or len(newest) < 2 or not lost or question.status not in OPEN:
        return ""
    does = [f"ý {one.item} {unit_name(board, one.unit)} {_DOES[one in given]}" for one in lost]
    ends = f"Chưa từ chối: từ chối là kết thúc cả câu hỏi {question.code}, mà {', '.join(does)}"
    return f"{ends}. Nếu vẫn từ chối cả câu hỏi, xin ghi “{_refused_whole(question, order)}”"


def _refused_whole(question: QuestionFacts, order: Command) -> str:
    text = "không tiếp nhận khiếu nại" if order.clause == "1.2" else f"từ chối {order.clause[-1:]}"
    return f"{question.code} xác nhận {text} vì {order.text.strip()}"


def _extended(
    order: CommandAtHand, question: QuestionFacts, assignment: AssignmentFacts, due: CountedDate
) -> tuple[Action, ...]:
    board, law = order.facts.board, order.facts.board.law
    stage, corrected = law.first_stage(due, order.now), due.on < assignment.due.on
    did = "sửa hạn đã gia hạn" if corrected else "đồng ý gia hạn"
    move = ExtendDue(
        question.id,
        assignment.id,
        due,
        due_instant(due.on),
        law.chase_event(due, stage).at,
        stage,
        f"Ban Biên tập {did} từ {short_date(assignment.due.on)} đến {short_date(due.on)}",
    )
    to_the_unit = to_unit(
        "unit_extension_granted",
        board,
        assignment.unit,
        "10.1.d",
        {
            "until": due.on,
            "told": not law.is_for_session(assignment.due),
            "reason": _remark(order),
            "by_board": not _asked_for(assignment),
            "due": due,
            "instead_of": assignment.due.on if corrected else None,
        },
        key=f"{assignment.id}:{due.on}:{order.facts.raw_mail}",
        case=AboutCase(question.id, assignment.id),
    )
    notice = to_citizen(
        "citizen_late",
        question,
        assignment.due.clause,
        {
            "unit_name": unit_name(board, assignment.unit),
            "was_due": assignment.due,
            "new_due": due,
            "reason": assignment.wanted_why if _asked_for(assignment) else "",
            "corrected": corrected,
            "by_board": not _asked_for(assignment),
            "instead_of": promised(assignment) if promised(assignment) != due.on else None,
        },
        key=f"{assignment.id}:{assignment.due.on}:granted:{order.facts.raw_mail}",
    )
    return (move, to_the_unit) if law.is_for_session(assignment.due) else (move, to_the_unit, notice)


def _asked_for(assignment: AssignmentFacts) -> bool:
    """True when the unit asked for more time, and for more than it has by now."""
    until = assignment.wanted_until
    return until > assignment.due.on if until is not None else bool(assignment.wanted_why)


def _remark(order: CommandAtHand) -> str:
    """The officer's words for the unit: what is left without the day and the unit's name ("cho Sở Xây dựng")."""
    board = order.facts.board
    raw, text = (" ".join(said.split()) for said in (order.command.raw, order.command.text))
    begins = raw.find(text) if text and text in raw else len(raw)
    for named in names_of_units(board.units, board.source).find(squash(raw), bare=True):
        if begins < named.end and not _without_day(raw[begins : named.start]):
            begins = named.end  # the words of the order may end within the name: "gia hạn cho sở | xây dựng"
    return for_others(order, _without_day(raw[begins:]))


def _without_day(text: str) -> str:
    said = text.strip(" ,.;:")
    day = _DAY if has_marks(said.partition(",")[0]) else _DAY_BARE
    return day.sub("", said).strip(" ,.;:")


def refuse_extension(order: CommandAtHand) -> Outcome:
    """ "Không đồng ý gia hạn": the due date stays; tell whoever asked. What has been granted stays granted."""
    question = order.question
    waiting, why = _who_waits(order)
    if question is None or not waiting:
        return False, why, ()
    if not any(one.wanted_until or one.wanted_why for one in waiting):  # "HP-… giữ nguyên": nothing is to be done
        return False, f"Chưa đơn vị nào xin gia hạn trả lời câu hỏi {question.code}; hạn của câu hỏi giữ nguyên", ()
    granted = tuple(assignment for assignment in waiting if _has_its_time(assignment))
    waiting = tuple(assignment for assignment in waiting if assignment not in granted)
    if not waiting:
        return False, _granted_before(order, question, granted[0]), ()
    mails = tuple(
        to_unit(
            "unit_extension_refused",
            order.facts.board,
            assignment.unit,
            "10.1.d",
            {"until": assignment.wanted_until, "reason": _remark(order), "due": assignment.due},
            key=f"{assignment.id}:{order.facts.raw_mail}",
            case=AboutCase(question.id, assignment.id),
        )
        for assignment in waiting
    )
    why = "Ban Biên tập không đồng ý gia hạn"
    noted = (Note("extension_refused", why, "10.1.d", question.id, data={"assignment": one.id}) for one in waiting)
    return True, f"Đã báo đơn vị giữ nguyên hạn của câu hỏi {question.code}", (*noted, *mails)


def _has_its_time(one: AssignmentFacts) -> bool:
    """True for a unit that has been granted as much time as it asked for."""
    return one.due.rule == GRANTED and one.wanted_until is not None and one.wanted_until <= one.due.on


def _granted_before(order: CommandAtHand, question: QuestionFacts, one: AssignmentFacts) -> str:
    """Why a refusal comes too late: the unit has heard that it got the time; and how that is taken back."""
    due, board = one.due, order.facts.board
    had = f"đã đồng ý cho {unit_name(board, one.unit)} gia hạn câu hỏi {question.code} đến {short_date(due.on)}"
    if board.law.set_back(due, due.start, order.now) is None:
        return f"Chưa báo đơn vị: trước đó {had}"
    back = f"{question.code} đồng ý gia hạn đến {short_date(due.start)}"
    return f"Chưa báo đơn vị: trước đó {had}; muốn trở lại hạn cũ, xin ghi “{back}”"


def kept_due(order: CommandAtHand, question: QuestionFacts, session: SessionFacts | None) -> CountedDate:
    """The session's date. Without a session the question keeps its date, unless that came from a session or the
    question had ended in between (taking it back from a unit does not end it). A late answer's date replaces a past
    one."""
    law, leads = order.facts.board.law, [one for one in question.assignments if one.role == "lead"]
    last = (leads or list(question.assignments))[-1:] if question.session_id is None else []
    taken = not question.open_leads and bool(leads) and leads[-1].status is AssignmentStatus.REPLACED
    if session is None and last and (not taken or question.id in order.facts.fetched):
        return law.handed_on(last[0].due, order.now, promised(last[0]))
    return answer_due(law, session, order.now, question.received_at)


def new_day(due: CountedDate, passed: Mapping[str, object]) -> str:
    """What an officer reads of a question that he forwards after its day; "" before it."""
    was = passed.get("was_due")
    return f"; câu hỏi đã quá hạn {short_date(was)}, hạn mới {short_date(due.on)}" if isinstance(was, date) else ""


EXTENSION_ALERT = "officer_alert:extend:"
"""The beginning of the key of a mail that submits a unit's request for more time to the officers."""


def meant_by_reply(facts: MailFacts, command: Command, question: QuestionFacts | None) -> Command:
    """A bare "Đồng ý" or "Không đồng ý" in reply to the mail with a unit's request for more time means that one."""
    if question is None or command.verb not in {"approve", "return"}:
        return command
    asked = next((mail.key for mail in facts.threads[:1] if mail.key.startswith(EXTENSION_ALERT)), "")
    waiting = _of_the_thread(facts, question) or [one for one in question.open_leads if one.wanted_until]
    if not asked or not waiting or facts.threads[0].question_id != question.id:
        return command
    if command.verb == "return":
        but = set(plain_words(command.raw)) & load_command_words(facts.board.source).but
        return command if but else replace(command, verb="refuse_extension")
    shown = f"{waiting[0].wanted_until:%Y-%m-%d}"
    named = [part for part in asked.split(":") if part.count("-") == 2]
    return replace(command, verb="extend", text="") if not named or shown in named else command


def unclear_approval(question: QuestionFacts | None, command: Command) -> str:
    """Why a command that only replies to a request for approval does nothing here; a unit may wait for a decision."""
    waits = question is not None and any(assignment.wanted_until for assignment in question.open_leads)
    if question is not None and waits and command.verb in {"approve", "return"}:
        code = question.code
        return (
            f"Chưa rõ đồng ý việc gì. Đơn vị đang xin gia hạn câu hỏi {code}: xin ghi “{code} đồng ý gia hạn đến …” "
            f"hoặc “{code} không đồng ý gia hạn”"
        )
    return "Chưa rõ làm việc gì"
