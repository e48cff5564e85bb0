"""Describes what waits for a decision so that its reader recognises it, with the commands that decide it; also what
the program could not do, so that officers do it by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.commands.likely_orders import load_hints
from rules.decide.base.actions import Action, AdvanceDuty, CloseDuty, OpenDuty, Send, SetQuestion
from rules.decide.base.approval_requests import ask_again, who_was_asked
from rules.decide.base.command_result import (
    DATA_REQUEST,
    NO_QUESTION,
    acts_on_one_of,
    came_back_acts,
    data_acts,
    forward_acts,
    taken_down_act,
    told_since,
    written_since,
)
from rules.decide.base.fact_parts import Person
from rules.decide.base.facts import AssignmentFacts, BoardFacts, DutyFacts, HeldMailFacts, QuestionFacts
from rules.decide.base.forwarding import newest_leads
from rules.decide.base.manual_work import (
    KIND_NAMES,
    REFUSED,
    RESULTS,
    asked_on,
    is_units,
    notice_of_duty,
    telling_commands,
    what_to_tell,
)
from rules.decide.base.notices import by_mail, to_citizen, to_people, unit_name
from rules.decide.intake.follow_ups import OVER, after_the_end
from rules.law.working_days import city_day, short_date
from rules.message.automatic import why_returned
from rules.values.model import Candidate, Kind
from rules.values.register_number import register_numbers
from rules.values.states import GRAVE, AssignmentStatus, MailStatus, QuestionStatus

NOTHING: Mapping[str, object] = {"since": None, "from": "", "subject": "", "text": "", "note": "", "paper": False}
EXCERPT = 300
"""The reminder quotes this many characters of what waits."""
REGISTER = {"label": "Đăng ký là câu hỏi", "text": "Đăng ký"}
HANDLED = {"label": "Đã xử lý theo quy định", "text": "Đã xử lý"}
NO_DENUNCIATION = {"label": "Không phải đơn tố cáo: đăng ký là câu hỏi", "text": "Đăng ký"}


def waiting_values(facts: DutyFacts, *, late: bool) -> dict[str, object]:
    """The variables of ``officer_alert`` for a duty to decide on something."""
    held, question = facts.held, facts.question
    mail = None if held is None or held.status != "held" or _is_its_mail(question, held) else held
    waiting: dict[str, object] = {"late": late, "due": facts.due.on, **NOTHING}
    if facts.kind == "approval":
        waiting |= {"name": "văn bản trình phê duyệt", "subject": _put_before(facts), "paper": True}
    elif facts.kind == DATA_REQUEST and question is not None:
        waiting |= _of_request(facts, question)
    elif mail is not None:
        waiting |= _of_mail(mail)
        later = written_since(facts.board, mail.id, mail.mail.sender.email, facts.letters)
        waiting["note"] = told_since(later) if later is not None else ""
    elif question is not None:
        waiting |= _of_question(question) | _refused_by(facts)
        waiting["note"] = asked_on(facts.asked_back) if facts.asked_back else ""
    else:
        waiting["name"] = f"thư số {facts.key.rpartition(':')[2]}"
    return {"what": str(waiting["name"]), "waiting": waiting, "details": (), "commands": _acts(facts, mail)}


def put_again(facts: DutyFacts, stage: int) -> tuple[Send, ...]:
    """Send a waiting paper again to the person who must approve it, since nobody else can end the wait."""
    approval = facts.approval
    if approval is None:
        return ()
    about = facts.question.id if facts.question else None
    return (ask_again(facts.board, approval, about, facts.due.on, stage),)


FIRST_LATE = 2
"""The stage of a review at which the Head is told that it is late."""


def next_review(facts: DutyFacts, now: datetime) -> tuple[int, datetime | None]:
    """The stage of a late review, and when the next one comes; stages missed meanwhile are reported once."""
    stage = max(facts.stage + 1, FIRST_LATE)
    while (at := facts.board.law.unforwarded_at(facts.due, stage - FIRST_LATE + 1)) is not None and at <= now:
        stage += 1
    return stage, at


def is_for_the_named(facts: DutyFacts) -> bool:
    """True for a complaint or denunciation that waits: one officer alone has it and decides on it (1.2)."""
    held = facts.held
    return held is not None and held.status == MailStatus.HELD.value and held.kept_as in GRAVE


def named_for(facts: DutyFacts) -> Person:
    """Who decides on the complaint or denunciation that waits."""
    held, board = facts.held, facts.board
    return board.named_for(held.mail, held.understanding, held.told) if held is not None else board.officers[0]


def by_the_named(person: Person, sends: tuple[Send, ...]) -> tuple[Send, ...]:
    """Offer the orders to that person alone; the Head only hears that it is late."""
    named = person.email.lower()
    plain = (replace(notice.notice, values={**notice.notice.values, "commands": []}) for notice in sends)
    return tuple(
        notice if notice.notice.recipient.email.lower() == named else replace(notice, notice=bare)
        for notice, bare in zip(sends, plain, strict=True)
    )


def tell_waiting(facts: DutyFacts, question: QuestionFacts, stage: int) -> Send:
    """Tell the requester that nobody has forwarded the question yet, and remind him of what he was asked."""
    leads = newest_leads(question)
    returned = any(
        assignment.status is AssignmentStatus.REFUSED for assignment in leads
    )  # by the unit that had it last (10.1.g)
    values = {"asked": facts.asked_back is not None, "returned": returned, "moved": bool(leads)}
    return to_citizen("citizen_waiting", question, "", values, key=f"{question.id}:{stage}")


def _is_its_mail(question: QuestionFacts | None, held: HeldMailFacts) -> bool:
    """True when the held mail is the one in which the question came: the question's number says more."""
    return question is not None and question.raw_mail_id == held.id and question.kind not in GRAVE


def _put_before(facts: DutyFacts) -> str:
    """Which paper waits, and for whose approval: two may wait for two people on one day."""
    approval = facts.approval
    return f"{approval.paper.title}, trình {who_was_asked(facts.board, approval.person).name}" if approval else ""


OPINION = "ý kiến của người hỏi về kết quả"


def _of_mail(held: HeldMailFacts) -> dict[str, object]:
    """A mail by its number, sender and subject; a secret one only by its number and kind."""
    kind = held.kept_as
    named = {"name": f"thư số {held.id}", "since": held.received_at}
    if kind in GRAVE:
        what = OPINION if kind is Kind.COMPLAINT and held.acts else KIND_NAMES[kind]
        what = f"có thể là {what}" if _is_suspected(held) else what
        return {**named, "name": f"thư số {held.id} ({what})"}
    sender = held.mail.sender
    return {
        **named,
        "from": sender.name or sender.email,
        "subject": held.mail.subject,
        "text": _excerpt(held.understanding.text.own),
    }


def _is_suspected(held: HeldMailFacts) -> bool:
    """True for a sealed mail of which it is not sure that it denounces anybody (1.2)."""
    read = held.understanding.alone or held.understanding
    return held.is_denunciation and not (read.kind is Kind.DENUNCIATION and read.sure)


def _of_question(question: QuestionFacts) -> dict[str, object]:
    return {
        "name": f"câu hỏi {question.code}",
        "since": question.received_at,
        "from": question.asker.name or question.email,
        "subject": question.subject,
        "text": _excerpt(question.content),
    }


def _of_request(facts: DutyFacts, question: QuestionFacts) -> dict[str, object]:
    """A request about personal data: what is asked, and in which words."""
    wanted = facts.board.law.profile.find(facts.due.rule)
    held = facts.held
    return {
        "name": f"yêu cầu về dữ liệu cá nhân {question.code}",
        "from": question.asker.name or question.email,
        "subject": wanted.duty if wanted is not None else "",
        "since": held.received_at if held is not None else None,
        "text": _excerpt(held.understanding.text.own) if held is not None else "",
    }


def _refused_by(facts: DutyFacts) -> dict[str, object]:
    """Of a question that a unit has given back: since when it waits, and what the unit said (10.1.g)."""
    held, question = facts.held, facts.question
    if held is None or question is None or not facts.key.startswith(REFUSED):
        return {}
    said = _excerpt(held.understanding.text.own)
    units = [
        assignment.unit for assignment in newest_leads(question) if assignment.status is AssignmentStatus.REFUSED
    ]
    who = unit_name(facts.board, units[-1]) if units else "Đơn vị"
    text = f"{who} báo không thuộc thẩm quyền: {said}\n\nCâu hỏi: {_excerpt(question.content)}"
    return {"since": held.received_at, "text": text}


def _excerpt(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= EXCERPT else said[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _acts(facts: DutyFacts, mail: HeldMailFacts | None) -> Sequence[Mapping[str, str]]:
    """The possible replies, as first offered by the mail that asked for the decision."""
    question = facts.question
    if facts.kind == "approval":
        return []
    if facts.kind == DATA_REQUEST and question is not None:
        down = question.status is QuestionStatus.PUBLISHED and facts.due.rule != "data_shown_or_corrected"
        return [*([taken_down_act(question.code)] if down else []), *data_acts(question.code)]
    if mail is None:
        return _on_question(facts, question) if question is not None else []
    if mail.is_denunciation:
        return [HANDLED, *([NO_DENUNCIATION] if _is_suspected(mail) else ())]
    if mail.acts:
        return mail.acts
    if is_units(facts.board, mail):
        return acts_on_one_of(register_numbers(mail.reason, facts.board.prefix), mail.understanding.reply)
    if question is not None and question.status in OVER:
        return after_the_end(question.code, answered=bool(question.answers))
    return [*_forwards(facts, "", mail.understanding.route.candidates), REGISTER, NO_QUESTION]


def _on_question(facts: DutyFacts, question: QuestionFacts) -> list[dict[str, str]]:
    code = f"{question.code} "
    again = " lần nữa" if facts.asked_back else ""
    asked = {"label": f"Hỏi lại người gửi{again}", "text": f"{code}hỏi lại: "}
    refused = {"label": "Từ chối, nêu rõ điểm và lý do", "text": f"{code}từ chối "}
    label, ends = load_hints(facts.board.source).asks_nothing
    nothing = () if question.assignments else ({"label": label, "text": f"{code}{ends}"},)
    return [
        *_forwards(facts, code, question.guess),
        {"label": "Chuyển đơn vị khác", "text": f"{code}chuyển "},
        asked,
        refused,
        *nothing,
    ]


def _forwards(facts: DutyFacts, code: str, guess: tuple[Candidate, ...]) -> list[dict[str, str]]:
    """The likeliest unit that a mail can reach."""
    return forward_acts(facts.board, [one.unit for one in guess], code.strip())[:1]


def tell_came_back(
    facts: DutyFacts, assignment: AssignmentFacts, question: QuestionFacts, now: datetime
) -> tuple[Send, ...]:
    """Instead of reminding a unit that has not received the question, tell the officers why, and how to send it."""
    board, day = facts.board, assignment.due.on
    unit, over = unit_name(board, assignment.unit), board.law.today(now) > day
    why = why_returned(assignment.came_back_why, board.source) or "máy chủ thư không nói rõ"
    details = [
        f"Lý do: {why}. Đơn vị chưa nhận được câu hỏi, nên chưa nhắc đơn vị.",
        f"Hạn trả lời: hết ngày {short_date(day)}{' (đã quá hạn)' if over else ''}.",
    ]
    what = f"Câu hỏi chưa đến được {unit}: thư chuyển câu hỏi bị trả lại"
    values = {"what": what, "details": details, "commands": came_back_acts(board, question)}
    key = f"came_back:{assignment.id}:{board.law.today(now)}"
    people = (*board.officers, board.head) if over else board.officers
    return to_people("officer_alert", people, assignment.due.clause, values, key=key, question=question.id)


def chase_telling(facts: DutyFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """ "Ngay": alarm the officers after some working hours; late, and the Head told, after a working day.

    After that, the overview of each morning lists it until an officer has recorded that the requester was told.
    """
    late = now >= facts.due_at
    board = facts.board
    notice = notice_of_duty(facts.key)
    what = f"Chưa báo người hỏi câu {question.code}: {what_to_tell(notice)}"
    asker = question.asker
    details = [
        f"Người hỏi: {asker.name or '(chưa rõ tên)'}",
        *([f"Điện thoại: {asker.phone}"] if asker.phone else []),
        *([f"Địa chỉ: {asker.address}"] if asker.address else []),
        f"Hạn báo: hết ngày {short_date(facts.due.on)}" + (" (đã quá hạn)" if late else ""),
        *_to_say(question, notice),
    ]
    values = {"what": what, "details": details, "commands": telling_commands(question.code)}
    people = (*board.officers, board.head) if late else board.officers
    key = f"{facts.key}:{2 if late else 1}"
    why = "Cán bộ chưa báo người hỏi khi hết hạn" if late else ""
    advance = AdvanceDuty(facts.id, facts.stage, 2 if late else 1, None if late else facts.due_at, late=late, why=why)
    return (advance, *to_people("officer_alert", people, facts.clause, values, key=key, question=question.id))


def _to_say(question: QuestionFacts, notice: str) -> list[str]:
    """What there is to say: it stands in a mail to the officers, except where a mail to the asker did not arrive."""
    if not by_mail(question) or notice not in RESULTS:  # an address given since changes nothing of that mail
        return ["Nội dung cần báo ở thư “Cần báo người hỏi” đã gửi."]
    said = [f"Câu trả lời: {one.text[:1500]}" for one in question.answers if one.text]
    if question.status is QuestionStatus.REJECTED and question.outcome:
        said.append(f"Câu hỏi không được tiếp nhận; lý do: {question.outcome}")
    return [f"Thư báo gửi đến {question.email} không đến được người hỏi.", *said]


def decide_failed(
    duty: int, clause: str, due: date, question: int | None, board: BoardFacts, now: datetime
) -> tuple[Action, ...]:
    """A duty that the program cannot fulfil because of its own fault: officers fulfil it by hand, on its day."""
    details = [
        f"Hạn: {short_date(due)}.",
        "Hệ thống thử lại mỗi giờ. Trong lúc đó xin nhắc hoặc báo người có liên quan bằng cách khác.",
        "Xin báo bộ phận kỹ thuật; nhật ký của máy có nguyên nhân.",
    ]
    values = {"what": "Một việc đến hạn chưa thực hiện được do lỗi của hệ thống", "details": details, "commands": []}
    key = f"failed:{duty}:{city_day(now)}"
    return to_people("officer_alert", board.officers, clause, values, key=key, question=question)


def take_up(facts: DutyFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """Let an officer decide on a question whose missing data have come without anybody noticing (21.1)."""
    why, due = "Câu hỏi đã đủ thông tin, cần chuyển đơn vị trả lời", facts.board.law.review_due(now)
    waiting, review = (QuestionStatus.RECEIVED,), QuestionStatus.NEEDS_REVIEW
    return (
        SetQuestion(question.id, waiting, review, act="completed", clause=facts.clause, why=why),
        OpenDuty(f"whole:{question.id}", "review", facts.clause, due.due, due.due_at, due.alarm_at, question.id),
    )


def drop(facts: DutyFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """Clause 21.1 with ``ask_then_drop``: end what was not completed in time, and tell the requester why."""
    if now < facts.due_at:
        return (AdvanceDuty(facts.id, facts.stage, facts.stage, facts.due_at),)
    why = f"Người hỏi không bổ sung thông tin còn thiếu đến hết ngày {short_date(facts.due.on)}"
    done = CloseDuty(facts.key, void=True, why=why)
    received = question.status is QuestionStatus.RECEIVED
    if not received or not question.missing:  # what is whole by now, and taken up by nobody, is reviewed
        return (done, *(take_up(facts, question, now) if received else ()))
    values = {"outcome": why, "clause": facts.clause}
    status = QuestionStatus.REJECTED
    return (
        done,
        SetQuestion(question.id, (QuestionStatus.RECEIVED,), status, values, "dropped", facts.clause, why),
        to_citizen(
            "citizen_rejected", question, facts.clause, {"clause": facts.clause, "reason": why}, key=facts.clause
        ),
    )
