"""An officer's acts for citizens: his words to one, a report that one was told, an opinion passed on, a link.

The module ``dictations`` registers what an officer dictates.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from rules.decide.base.actions import (
    Action,
    AmendQuestion,
    CloseDuty,
    Link,
    LinkQuestions,
    Note,
    Send,
    SetQuestion,
    Settle,
)
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome, for_others
from rules.decide.base.fact_parts import ALIKE, Untold
from rules.decide.base.facts import BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import (
    OVER,
    attachment_refs,
    refused_leads,
    session_of,
    taken_from,
)
from rules.decide.base.manual_work import is_units, own_person, what_to_tell
from rules.decide.base.notices import (
    AboutCase,
    citizen,
    of_words,
    open_units,
    to_citizen,
    to_unit,
    unit_name,
    units_lose,
)
from rules.decide.base.publication import (
    GIVEN,
    answer_files,
    earlier_answers,
    has_result,
    is_out,
)
from rules.decide.intake.citizen_replies import added_to_question
from rules.decide.officer.register_commands import noted, which
from rules.decide.reply.answers import ANSWERED_AND_TOLD
from rules.law.working_days import city_day, due_instant, short_date
from rules.requester.secrecy import spares_mailbox
from rules.text.dates import dates_in
from rules.values.model import Fate, Kind, Notice
from rules.values.register_number import register_numbers
from rules.values.states import AssignmentStatus, Folder, Purpose, QuestionStatus

SAY = "chuyển ý kiến cho đơn vị"
ANSWER = "citizen_answered"
A_YEAR = timedelta(days=364)
LAST_MINUTE = timedelta(minutes=1)
_MEANS_A_DAY = re.compile(r"\d{1,2}[/.-]\d|hôm (?:qua|kia)|thứ (?:hai|ba|tư|năm|sáu|bảy)|tuần", re.IGNORECASE)


def handled(order: CommandAtHand) -> Outcome:
    """ "Đã xử lý": a report that is kept with the question and ends nothing by itself."""
    if order.question is None:
        return False, "Chưa rõ việc gì đã được xử lý; xin ghi kèm số câu hỏi", ()
    amend = noted(order.question, order.command.raw, "Cán bộ báo việc đã làm")
    return True, f"Đã ghi vào phần ghi chú của câu hỏi {order.question.code}, câu hỏi chưa kết thúc", (amend,)


def told_asker(order: CommandAtHand) -> Outcome:
    """ "Đã báo người hỏi qua điện thoại ngày …": kept with the question; closes the notices that waited until then.

    Without a day, it is today's; column 17 of the register gets the day given.
    """
    question, text = order.question, order.command.text.strip()
    if question is None:
        return which(order, "đã báo người hỏi qua điện thoại")
    today = order.facts.board.law.today(order.now)
    days = [one.day for one in dates_in(text, today - A_YEAR)]
    on = days[0] if days else today
    if wrong := _wrong_day(question, text, on, today, given=bool(days)):
        return False, wrong, ()
    at = min(order.now, due_instant(on) - LAST_MINUTE)
    waiting = order.facts.untold.get(question.id, ())
    closed = tuple(one for one in waiting if one.opened_at < due_instant(on))
    line = f"Đã báo người hỏi {text.removesuffix('ngày').strip()}".strip()
    line = line if days else f"{line} ngày {short_date(on)}"
    values: dict[str, object] = {"told_at": at}
    if any(one.notice == ANSWER for one in closed) and question.status in GIVEN:
        values["outcome"] = ANSWERED_AND_TOLD
    actions: tuple[Action, ...] = (
        noted(question, line, "Cán bộ báo người hỏi bằng hình thức khác"),
        AmendQuestion(question.id, values, "told", "Cán bộ đã báo người hỏi"),
        *(CloseDuty(one.key, at=max(at, one.opened_at)) for one in closed),
    )
    return True, f"Đã ghi vào câu hỏi {question.code}: {line}{_still(waiting, closed)}", actions


def _wrong_day(question: QuestionFacts, text: str, on: date, today: date, *, given: bool) -> str:
    if not given and _MEANS_A_DAY.search(text):
        return "Không rõ ngày đã báo; xin ghi lại, ví dụ “đã báo người hỏi qua điện thoại ngày 15/10”"
    if on > today:
        return f"Ngày {short_date(on)} chưa đến; xin ghi lại ngày đã báo"
    received = city_day(question.received_at)
    if on < received:
        return f"Ngày {short_date(on)} trước ngày nhận câu hỏi ({short_date(received)}); xin ghi lại ngày đã báo"
    return ""


def _still(waiting: tuple[Untold, ...], closed: tuple[Untold, ...]) -> str:
    """The notices that arose after that day and are still to be given."""
    left = [what_to_tell(one.notice) for one in waiting if one not in closed]
    return f"; còn phải báo: {', '.join(left)}" if left else ""


FOR_OFFICERS = frozenset({Purpose.NEW_ADDRESS, Purpose.DENIES, Purpose.WITHDRAWS, Purpose.SECOND_THOUGHTS})
"""What no unit decides on."""


def answer_own_mail(order: CommandAtHand) -> Outcome | None:
    """ "Chuyển cho người hỏi: …" about a citizen's own mail: the officer's words answer it, and settle it; None where
    no such mail is at hand."""
    held, question = _own_mail(order.facts, order.question), order.question
    if held is None:
        return None
    if held.status != "held":
        return False, "Thư này đã được xử lý từ trước nên không gửi thêm gì", ()
    if held.purpose in FOR_OFFICERS:
        return False, f"Thư đang chờ quyết định: “{held.reason}”; xin trả lời thư ấy bằng một lệnh đã ghi sẵn", ()
    text, to = for_others(order, order.command.text), held.mail.sender.email
    if spares_mailbox(held.understanding.text.own, order.facts.board.source):
        return False, "Người viết đề nghị không trả lời vào hộp thư này; xin báo bằng cách khác", ()
    if not text:
        return False, "Chưa ghi lời cần gửi; xin ghi “chuyển cho người hỏi: …”", ()
    asker, replied = question.asker if question else held.understanding.asker, held.mail.message_id
    values = {"received_at": held.received_at, "text": text, "owes": bool(question and question.status in OPEN)}
    key, thread = f"citizen_told:{held.id}:{of_words(order.facts.raw_mail, text)}", (replied,) if replied else ()
    notice = Notice("citizen_told", citizen(asker, to), "8.2", key, values, in_reply_to=replied, references=thread)
    why, done = "Cán bộ đã trả lời người viết", f"Đã gửi lời trên cho {to}"
    if question is None:
        settle = Settle(held.id, Fate.IGNORE, Kind.NOT_A_QUESTION, Folder.OTHER, why)
        return True, f"{done}; thư không vào sổ (nếu là câu hỏi, xin ghi “Đăng ký”)", (Send(notice), settle)
    settle = Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)
    actions = (Send(notice, question.id), noted(question, text, why), settle)
    return True, f"{done}; thư của người hỏi không chuyển đơn vị", actions


def _own_mail(facts: MailFacts, question: QuestionFacts | None) -> HeldMailFacts | None:
    """The mail at hand that the question's asker, or a citizen without a question, wrote beside his question."""
    if question is None:
        held, board = facts.held, facts.board
        strange = held is not None and not is_units(board, held) and not own_person(board, held.mail.sender.email)
        return held if strange else None
    own = (mail for mail in (facts.held, facts.opinions.get(question.id)) if mail and mail.id != question.raw_mail_id)
    return next((mail for mail in own if mail.mail.sender.email.lower() == question.email.lower()), None)


def pass_on(order: CommandAtHand) -> Outcome:
    """ "Chuyển ý kiến cho đơn vị": send the citizen's words to the units that answered, for another answer."""
    question, facts = order.question, order.facts
    held = facts.held if facts.held is not None and facts.held.status == "held" else None
    if question is None:
        return which(order, SAY)
    if held is None or held.mail.sender.email.lower() != question.email.lower():
        held = facts.opinions.get(question.id, held)  # the morning mail lists it, and is about no mail itself
    if held is None:
        return False, "Không có thư nào của người hỏi chuyển được từ đây; xin trả lời đúng thư đề nghị xem xét", ()
    offered = any(one["text"] == f"{question.code} {SAY}" for one in held.acts)  # with somebody's mail for the asker
    if held.mail.sender.email.lower() != question.email.lower() and not offered:
        return False, "Thư đang chờ không phải của người hỏi", ()
    if held is not facts.held and held.purpose in FOR_OFFICERS:
        return False, f"Thư mới nhất đang chờ: “{held.reason}”; xin trả lời đúng thư cần chuyển ý kiến", ()
    answered = any(assignment.status is AssignmentStatus.ANSWERED for assignment in question.assignments)
    if question.status in OPEN and not (answered and offers_to_reopen(held, question)):
        return added_to_question(order, question, held)
    units = _answering(question)
    known = [one for one in units if one in facts.board.contacts]
    if not known:
        return False, f"Chưa có đơn vị nào trả lời câu hỏi {question.code}", ()
    mails = tuple(_mail(order, question, held, unit) for unit in known)
    names = ", ".join(unit_name(facts.board, one) for one in known)
    why = "Đã chuyển ý kiến của người hỏi đến đơn vị trả lời"
    settle = Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)
    noted_ = Note("opinion_passed_on", why, "15.2", question.id)
    return True, f"Đã chuyển ý kiến của người hỏi đến {names}", (noted_, *mails, settle)


def _answering(question: QuestionFacts) -> tuple[str, ...]:
    answered = [
        assignment.unit for assignment in question.assignments if assignment.status is AssignmentStatus.ANSWERED
    ]
    return tuple(dict.fromkeys(answered or [answer.unit for answer in question.answers]))


def _mail(order: CommandAtHand, question: QuestionFacts, held: HeldMailFacts, unit: str) -> Action:
    last = max(
        (assignment for assignment in question.assignments if assignment.unit == unit),
        key=lambda assignment: assignment.round,
        default=None,
    )
    kept, remark = lies_here(order.facts, question, unit), for_others(order, order.command.text)
    values = {"text": held.understanding.text.own, "remark": remark, "kept": kept}
    case = AboutCase(question.id, last.id if last else 0)
    key = f"{held.id}:{unit}"
    files = attachment_refs(held.mail, held.id)
    return to_unit("unit_opinion", order.facts.board, unit, "15.2", values, key=key, case=case, attachments=files)


def link(order: CommandAtHand) -> Outcome:
    """ "Trùng với HP-…": link two questions, so that one answer can serve both (9.1)."""
    question = order.question
    prefix = order.facts.board.prefix
    numbers = register_numbers(order.command.text, prefix)
    if question is None and len(numbers) > 1:
        question = next((one for one in order.facts.questions.values() if one.code == numbers[0]), None)
    if question is None:
        return which(order, f"trùng với {prefix}-2026-000045")
    known = {one.code: one for one in order.facts.questions.values()}
    missing = [code for code in numbers if code not in known]
    if missing:
        return False, f"Không có câu hỏi số {', '.join(missing)} trong sổ", ()
    others = [known[code] for code in numbers if known[code].id != question.id]
    if not others and numbers:
        return False, f"{question.code} chính là câu hỏi này; xin ghi số của câu hỏi khác giống nó", ()
    if not others:
        return False, f"Cần ghi số của câu hỏi giống, ví dụ “trùng với {prefix}-2026-000045”", ()
    by = order.facts.person.email if order.facts.person else ""
    tied = LinkQuestions(question.id, tuple(Link(one.id) for one in others), by)
    done, actions = _told_answer(order, question, others)
    return (
        True,
        f"Đã liên kết câu hỏi {question.code} với {', '.join(one.code for one in others)}{done}",
        (tied, *actions),
    )


def _told_answer(
    order: CommandAtHand, question: QuestionFacts, others: list[QuestionFacts]
) -> tuple[str, tuple[Action, ...]]:
    """Send the requester the answer to the same question, without the other requester's data; his question ends."""
    if question.status not in OPEN or "@" not in question.email:
        return "", ()
    board, out = order.facts.board, [one for one in others if is_out(order.facts, one)]
    owe = ", ".join(unit_name(board, one) for one in open_units(question.assignments))
    for other in out:
        ends = _ended_alike(order.facts, question, other, order.now)
        once = f"{other.answered_at}:{'.'.join(str(answer.mail) for answer in other.answers)}"  # of one that goes on
        sent = same_answer(board, question, other, order.facts.raw_mail if ends else once)
        if sent is not None:
            over = f"; câu hỏi {question.code} kết thúc{f', đã báo không phải trả lời nữa: {owe}' if owe else ''}"
            left = f" (nếu đã gửi từ trước thì không gửi lại); câu hỏi có nhiều ý, vẫn chờ trả lời: {owe}"
            return f"; đã gửi người hỏi câu trả lời của câu {other.code}{over if ends else left}", (sent, *ends)
    held_back = next((one for one in out if answer_files(one)), None)
    if held_back is not None:
        return f"; {in_a_file(question, held_back, owe)}", ()
    again = f"khi câu ấy có câu trả lời, cán bộ được báo để ghi lại lệnh này; đến lúc đó vẫn chờ trả lời: {owe}"
    unsent = "; người hỏi chưa được báo vì câu trả lời của câu ấy chưa có, hoặc chưa gửi"
    return f"{unsent}; {again}" if owe else unsent, ()


def _ended_alike(
    facts: MailFacts, question: QuestionFacts, other: QuestionFacts, now: datetime
) -> tuple[Action, ...]:
    """An open question ends with the answer to another that its requester is sent; its units are told (9.1).

    () where it has several matters and that answer is not from all the units that owe one.
    """
    owed = (*question.open_leads, *refused_leads(question))
    if len(owed) > 1 and not {assignment.unit for assignment in owed} <= {answer.unit for answer in other.answers}:
        return ()
    why = f"{ALIKE}{other.code}; đã gửi người hỏi câu trả lời ấy"
    values: dict[str, object] = {"answered_at": now, "outcome": why}
    session = session_of(facts, question)
    if session is not None and session.status not in OVER:
        values["session_id"] = None  # otherwise the session's script would need an answer
    open_ones = tuple(assignment for assignment in question.assignments if assignment.is_open)
    before = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)
    return (
        *(taken_from(assignment, why, "9.1") for assignment in open_ones),
        *units_lose(facts, question, open_ones, "alike"),
        SetQuestion(question.id, before, QuestionStatus.ANSWERED, values, "answered", "9.1", why),
    )


def lies_here(facts: MailFacts, question: QuestionFacts, unit: str) -> bool:
    """Whether this unit's answer has not been sent yet; the asker may already write about another unit's answer."""
    told = {answer.assignment for answer in question.answers if answer.unit == unit and answer.told}
    waiting = {each for answer in facts.waiting if answer.question == question.id for each in answer.assignments}
    return not has_result(facts, question) and not told - waiting


def same_answer(board: BoardFacts, question: QuestionFacts, other: QuestionFacts, once: object) -> Send | None:
    """The mail with the answer to another question, one for each ``once``; None without one, or where a stranger's
    file belongs to it: that may name who asked (Law 91/2025/QH15, Art. 16), and the words alone may say nothing."""
    own = other.email.lower() == question.email.lower()
    answers, files = earlier_answers(board, other, own=own), answer_files(other)
    if not answers or (files and not own):
        return None
    names = [file.name for file in files]
    values = {"other": other.code, "answered_at": other.answered_at, "answers": answers, "files": names}
    return to_citizen("citizen_repeated", question, "10.1.c", values, key=f"{other.code}:{once}", attachments=files)


def in_a_file(question: QuestionFacts, other: QuestionFacts, owe: str) -> str:
    """Says that the answer to the other question is not sent because of its file, and who answers this one."""
    names = ", ".join(f"“{one.name}”" for one in answer_files(other))
    unit = next((assignment.unit for assignment in reversed(other.assignments) if assignment.role == "lead"), "SXD")
    then = f"vẫn chờ trả lời: {owe}" if owe else f"xin ghi “{question.code} chuyển {unit}” để đơn vị trả lời"
    return (
        f"người hỏi chưa được gửi câu trả lời của câu {other.code} vì câu ấy trả lời kèm tệp ({names}), tệp có thể "
        f"nêu người hỏi khác; câu hỏi {question.code} chưa kết thúc, {then}"
    )


def offers_to_reopen(held: HeldMailFacts, question: QuestionFacts) -> bool:
    """Whether the order that opens this question again was offered with a held mail."""
    again = f"{question.code} mở lại"
    return any(one["text"].startswith(again) for one in held.acts)
