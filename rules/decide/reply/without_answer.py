"""A unit's reply that is no answer: it confirms receipt, is not competent, or asks for more time.

Not competent (10.1.g): the first time, the question goes to another unit; the second, to the Board. More time
(10.1.d): find the day; ask back if it is not later, else the Board decides (``officer.more_time``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.decide.base import forwarding
from rules.decide.base.actions import Action, Note, OpenDuty, SetAssignment, SetQuestion
from rules.decide.base.command_result import MOST_OFFERED, UNPLACED, forward_acts, more_time_acts
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import NewAssignment, assign, day_passed, is_withdrawn, supporting_still
from rules.decide.base.manual_work import REFUSED
from rules.decide.base.notices import (
    STATUS_NAMES,
    forwarded_to,
    notify_unit,
    open_units,
    promised,
    taken_for_receipt,
    to_citizen,
    to_people,
    unit_name,
    units_lose,
)
from rules.decide.reply.answers import answers_too, leads_hear, unanswered
from rules.decide.reply.asker_part import Piece, joined
from rules.law.working_days import short_date
from rules.reply.about_question import asks_of_board
from rules.reply.details import reason_in, wanted_until
from rules.reply.sentences import is_bare
from rules.reply.unit_names import unit_names as names_of_units
from rules.text import squash
from rules.text.dates import days_told
from rules.values.data_file import current_unit
from rules.values.model import Item, Reply, Verb
from rules.values.states import AssignmentStatus, QuestionStatus

REFUSAL = "10.1.g"


def refusal(
    facts: MailFacts, pieces: Sequence[Piece], question: QuestionFacts, now: datetime, by: str = ""
) -> tuple[Action, ...]:
    """Close the assignments as refused; assign their items to the units named, or submit them to the Board: after a
    refusal always, unless the unit was named ``by`` an officer."""
    actions: list[Action] = [_refused(assignment, question, reply) for reply, own in pieces for assignment in own]
    for_unit: dict[str, list[Piece]] = {}
    for reply, own in pieces:
        if own[0].role == "support":
            actions += leads_hear(facts, question, own[0], "helper_refused", text=reply.text)
            continue
        unit = _next_unit(facts, reply, question, now) if by or not question.refusals else ""
        for_unit.setdefault(unit, []).append((reply, own))
    for unit, given in for_unit.items():
        every = [assignment for _, own in given for assignment in own]
        if unit:
            actions += _on_to(facts, question, every, unit, now)
        else:
            actions += (*_to_board(facts, joined(given), question, every[0]), _waits(facts, question, now))
    return tuple(actions)


HELPED = "helped:"  # begins the key of the alert about the answer of a unit that supports the lead


def helper_heard(facts: MailFacts, reply: Reply, question: QuestionFacts, own: AssignmentFacts) -> tuple[Action, ...]:
    """Officers hear what a supporting unit answers or refuses: nothing of it goes to the asker by itself (10.1.c)."""
    code, key = question.code, f"{HELPED}{facts.raw_mail}:{question.id}"
    did, act = "gửi nội dung phối hợp trả lời", f"{code} gửi bổ sung cho người hỏi"
    commands = [{"label": "Gửi bổ sung, sau khi đơn vị chủ trì trả lời", "text": act}]
    if reply.verb is not Verb.ANSWER:
        did, key = "báo không thuộc thẩm quyền, không phối hợp trả lời", f"un{key}"
        commands = [{"label": "Thêm đơn vị phối hợp khác", "text": f"{code} thêm đơn vị phối hợp: "}]
    unheard = (
        "đơn vị chủ trì chưa có địa chỉ thư nên chưa được báo" if question.open_leads else "chưa có đơn vị chủ trì"
    )
    then = "đã báo đơn vị chủ trì" if leads_hear(facts, question, own, "helped") else unheard
    what = f"{unit_name(facts.board, own.unit)} {did} câu hỏi {code}; {then}, chưa gửi người hỏi"
    values, to = {"what": what, "details": [reply.text[:1500]], "commands": commands}, facts.board.officers
    return to_people("officer_alert", to, "10.1.c", values, key=key, question=question.id, about=facts.raw_mail)


def _refused(assignment: AssignmentFacts, question: QuestionFacts, reply: Reply) -> SetAssignment:
    was, now = AssignmentStatus.FORWARDED, AssignmentStatus.REFUSED
    on = f", đề nghị chuyển {reply.unit}" if reply.unit else ""
    why = f"Đơn vị {assignment.unit} báo không thuộc thẩm quyền{on}"
    return SetAssignment(assignment.id, was, now, question.id, act="refused", clause=REFUSAL, why=why)


def _next_unit(facts: MailFacts, reply: Reply, question: QuestionFacts, now: datetime) -> str:
    """The named unit, if it exists today, has an address, and has not had this question; "" = the Board decides."""
    unit = current_unit(facts.board.units, reply.unit, facts.board.law.today(now))
    if unit is None or unit.code not in facts.board.contacts:
        return ""
    return "" if any(assignment.unit == unit.code for assignment in question.assignments) else unit.code


def _on_to(
    facts: MailFacts, question: QuestionFacts, assignments: list[AssignmentFacts], unit: str, now: datetime
) -> tuple[Action, ...]:
    """The next unit gets only the days that are left: a unit's refusal does not restart the citizen's clock.

    Where none are left, it gets the day of a late answer; outside the question's session, that of 10.1.i.
    """
    first, law, own = assignments[0], facts.board.law, question.session_id
    session, amended = forwarding.session_now(facts, question, unit, now) if own is not None else (None, ())
    due = law.handed_on(first.due, now, promised(first))
    due = forwarding.answer_due(law, session, now, question.received_at) if amended else due
    late = day_passed(facts.board, assignments[:1], due)
    why, number, origin = f"Đơn vị {first.unit} báo không thuộc thẩm quyền", first.round + 1, question.raw_mail_id
    handover = NewAssignment(question.id, origin, due, now, guessed=False, round=number, why=why, passed=late)
    items = [Item(assignment.item, assignment.item_text, unit) for assignment in assignments]
    notice = to_citizen(
        "citizen_forwarded",
        question,
        REFUSAL,
        forwarding.with_session({**forwarded_to(facts.board, [unit], due), **late}, law, session),
        key=f"{unit}:{first.id}",
    )
    stay = supporting_still(question, {unit})
    lose = units_lose(facts, question, stay, "new_lead", unit_name(facts.board, unit))
    return (*assign(facts.board, handover, items, (), (), [one.unit for one in stay]), *lose, notice, *amended)


def crossed(question: QuestionFacts, own: Sequence[AssignmentFacts]) -> list[AssignmentFacts]:
    """A unit's items that were taken from it and wait for another unit: its answer may cross that notice."""
    waiting = {one.item for one in unanswered(question)} - {one.item for one in own if one in question.open_leads}
    lost = (one for one in own if one.role == "lead" and one.status is AssignmentStatus.REPLACED)
    return list({assignment.item: assignment for assignment in lost if assignment.item in waiting}.values())


def given_back(
    facts: MailFacts, question: QuestionFacts, owed: Sequence[AssignmentFacts]
) -> tuple[QuestionFacts, tuple[Action, ...]]:
    """The question as it is when an answer to these items that crossed their transfer counts: the unit that got them
    later is not waited for, and told so (10.1.c)."""
    rounds = {one.item: one.round for one in owed if one.status is AssignmentStatus.REPLACED}
    later = [one for one in unanswered(question) if one.item in rounds and one.round > rounds[one.item]]
    if not later:
        return question, ()
    over, why = AssignmentStatus.REPLACED, "Đơn vị được hỏi trước đã trả lời"
    ids = {assignment.id for assignment in later}
    left = tuple(replace(one, status=over) if one.id in ids else one for one in question.assignments)
    taken = (SetAssignment(one.id, one.status, over, question.id, {}, "taken_back", "10.1.c", why) for one in later)
    waiting = [assignment for assignment in later if assignment.is_open]
    lose = units_lose(facts, question, waiting, "lead_answered", unit_name(facts.board, owed[0].unit))
    return replace(question, assignments=left), (*taken, *lose)


def _refused_key(facts: MailFacts, question: QuestionFacts) -> str:
    """One mail may give back several questions, and each waits for itself."""
    return f"{REFUSED}{facts.raw_mail}:{question.id}"


def _waits(facts: MailFacts, question: QuestionFacts, now: datetime) -> OpenDuty:
    """Remind somebody until the Board has decided."""
    due = facts.board.law.review_due(now, received_at=facts.received_at)
    key = _refused_key(facts, question)
    return OpenDuty(key, "review", REFUSAL, due.due, due.due_at, due.alarm_at, question.id)


def _to_board(
    facts: MailFacts, reply: Reply, question: QuestionFacts, refused: AssignmentFacts
) -> tuple[Action, ...]:
    """No unit is named, or it refused before: an officer decides and sees both reasons."""
    count, meant = question.refusals + 1, _meant(facts, reply, question)
    values = {
        "what": f"Câu hỏi {question.code} bị từ chối lần {count}: cần Ban Biên tập quyết định đơn vị trả lời",
        "details": [
            f"Đơn vị từ chối: {unit_name(facts.board, refused.unit)}",
            f"Đơn vị được đề nghị: {_proposed(facts, meant) if reply.unit or len(meant) == 1 else 'không nêu'}",
            f"Hạn trả lời: {short_date(refused.due.on)}",
            reply.text[:1500],
        ],
        "commands": [
            *forward_acts(facts.board, meant, question.code),
            {"label": "Chuyển đơn vị khác", "text": f"{question.code} chuyển "},
            *answers_too(facts, reply, question, [refused]),
        ],
    }
    review = SetQuestion(
        question.id,
        (QuestionStatus.FORWARDED, QuestionStatus.NEEDS_REVIEW),  # the other item may wait already
        QuestionStatus.NEEDS_REVIEW,
        {"guess": _guess_now(facts, question, refused, meant)},
        act="returned",
        clause=REFUSAL,
        why=f"Bị từ chối lần {count}, chưa rõ đơn vị có thẩm quyền",
    )
    key, people = _refused_key(facts, question), facts.board.officers
    return (
        review,
        *to_people("officer_alert", people, REFUSAL, values, key=key, question=question.id, about=facts.raw_mail),
    )


SURELY = 1.0
_REFUSED = AssignmentStatus.REFUSED


def _meant(facts: MailFacts, reply: Reply, question: QuestionFacts) -> list[str]:
    """The units that the refusal speaks of and that have not had the question, the one that it proposes first."""
    board, on = facts.board, facts.board.law.today(facts.received_at)
    names = names_of_units(board.units, board.source)
    spoken_of = (names.resolve(one.codes, on) for one in names.find(squash(reply.text), bare=is_bare(reply.text)))
    had = {"", *(assignment.unit for assignment in question.assignments)}
    return [unit for unit in dict.fromkeys((reply.unit, *spoken_of)) if unit not in had]


def _proposed(facts: MailFacts, meant: Sequence[str]) -> str:
    if not meant:
        return "đơn vị đã nhận câu hỏi này"
    unknown = "" if meant[0] in facts.board.contacts else " (chưa khai báo địa chỉ thư điện tử)"
    return f"{unit_name(facts.board, meant[0])}{unknown}"


def _guess_now(
    facts: MailFacts, question: QuestionFacts, refused: AssignmentFacts, meant: Sequence[str]
) -> list[dict[str, object]]:
    """What the lists and reminders offer from now on: the units meant, and of the first guess those that have not
    refused."""
    over = {refused.unit, *meant, *(one.unit for one in question.assignments if one.status is _REFUSED)}
    why = f"{unit_name(facts.board, refused.unit)} báo không thuộc thẩm quyền, nêu tên đơn vị này"
    named = [{"unit": unit, "score": SURELY, "reasons": [why]} for unit in meant[:MOST_OFFERED]]
    left = (one for one in question.guess if one.unit not in over)
    return [*named, *({"unit": one.unit, "score": one.score, "reasons": list(one.reasons)} for one in left)]


RECEIPT = "receipt:"
"""Begins the key of the alert about a receipt that says more."""


def receipt(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts], now: datetime
) -> tuple[Action, ...]:
    """Note the receipt; officers are told of words to the Board, and of an answer to come by another way (10.1.c).

    One that names a later day than is known asks for time, unless it is the day of the session.
    """
    board, code, due = facts.board, question.code, assignments[0].due
    known = max(filter(None, (due.on, promised(assignments[0]), assignments[0].wanted_until)))
    days = days_told(reply.text, board.law.today(facts.received_at), board.law.working_days_after)
    if any(known < day != due.start for day in days):
        return extension(facts, reply, question, assignments)
    actions = noted(assignments, {"acknowledged_at": now}, "acknowledged", "10.1.c", "Đơn vị báo đã nhận câu hỏi")
    echo = taken_for_receipt(facts, question, assignments[0])
    asked, names = f"{question.subject}\n{question.content}", names_of_units(board.units, board.source)
    if not asks_of_board(reply.text, asked, names, board.source):
        return (*actions, *echo)
    values = {
        "what": f"{unit_name(board, assignments[0].unit)} báo đã nhận câu hỏi {code}, có lời cần Ban Biên tập xem",
        "details": [f"Đơn vị vẫn nợ trả lời, hạn {short_date(due.on)}.", reply.text[:1500]],
        "commands": [
            {"label": "Nhắc đơn vị, ghi ý kiến", "text": f"{code} nhắc đơn vị: "},
            {"label": "Chuyển đơn vị khác", "text": f"{code} chuyển "},
            {"label": "Ghi chú", "text": f"{code} ghi chú: "},
            *answers_too(facts, reply, question, assignments),
        ],
    }
    key, to = f"{RECEIPT}{facts.raw_mail}:{question.id}", board.officers
    alert = to_people("officer_alert", to, "10.1.c", values, key=key, question=question.id, about=facts.raw_mail)
    return (*actions, *echo, *alert)


MORE_TIME = "10.1.d"
SURE_WISH, SURE_ALONE = 0.95, 0.75
"""The share with which a mail, or one of a single sentence, is a wish for time and nothing else."""
_SENTENCE = re.compile(r"(?<=\w{2}[.!?;])\s+|\n+")


def extension(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts]
) -> tuple[Action, ...]:
    """The Board decides while the clock goes on; a day not later than the due day, or over already, is asked back."""
    due = assignments[0].due.on
    until = _wanted(facts, reply.text, due) or reply.until
    if until is not None and (until <= due or until < facts.board.law.today(facts.received_at)):
        return _asked_back(facts, question, assignments[0], until)
    asked = {"wanted_until": until, "wanted_why": reason_in(reply.text, facts.board.source)}
    wanted = f"đến ngày {short_date(until)}" if until else "nhưng không rõ đến ngày nào"
    actions = noted(assignments, asked, "extension_asked", MORE_TIME, f"Đơn vị xin gia hạn {wanted}")
    day, unit = short_date(until) if until else "…", assignments[0].unit
    again = until is not None and assignments[0].wanted_until is not None
    alone = len(_SENTENCE.split(reply.text.strip())) == 1  # no word is left for an answer
    sure = SURE_ALONE if alone else SURE_WISH
    also = [] if alone and again else answers_too(facts, reply, question, assignments, sure)
    values = {
        "what": f"{unit_name(facts.board, assignments[0].unit)} xin gia hạn trả lời câu hỏi {question.code} {wanted}",
        "details": [*_how_it_stands(facts, assignments[0]), reply.text[:1500]],
        "commands": [*more_time_acts(question.code, day, unit if len(question.open_leads) > 1 else ""), *also],
    }
    key = f"extend:{facts.raw_mail}{f':{until:%Y-%m-%d}' if until else ''}:{unit}:{question.id}"
    to, about = facts.board.officers, facts.raw_mail
    alert = to_people("officer_alert", to, MORE_TIME, values, key=key, question=question.id, about=about)
    return (*actions, *alert, *notify_unit(facts, question, assignments[0], "more_time", until=until))


def _how_it_stands(facts: MailFacts, one: AssignmentFacts) -> list[str]:
    """Its due day, whether that is over, and the request before this one."""
    over = one.due.on < facts.board.law.today(facts.received_at)
    before = f"Trước đó đơn vị đã xin gia hạn đến {short_date(one.wanted_until)}" if one.wanted_until else ""
    return [*filter(None, (f"Hạn hiện nay: {short_date(one.due.on)}{', đã quá hạn' if over else ''}", before))]


def _wanted(facts: MailFacts, text: str, due: date) -> date | None:
    law = facts.board.law
    return wanted_until(text, due, law.today(facts.received_at), law.working_days_after, facts.board.source)


def _asked_back(
    facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, until: date
) -> tuple[Action, ...]:
    """A day in the past, or before the due day, is a mistake, and nobody needs to decide on it."""
    due = short_date(assignment.due.on)
    wrong = "đã qua" if until < facts.board.law.today(facts.received_at) else f"không sau hạn hiện nay ({due})"
    ask = {"label": "Xin gia hạn", "text": "Xin gia hạn đến ngày "}
    note = Note("extension_unclear", f"Đơn vị xin gia hạn đến {short_date(until)}, {wrong}", MORE_TIME, question.id)
    return (note, *notify_unit(facts, question, assignment, "wrong_day", [ask], until=until, reason=wrong))


def noted(
    assignments: list[AssignmentFacts], values: Mapping[str, object], act: str, clause: str, why: str
) -> tuple[Action, ...]:
    """Something the unit says in addition to its answer: noted on each assignment, which stays open."""
    still = AssignmentStatus.FORWARDED
    return tuple(
        SetAssignment(assignment.id, still, still, assignment.question_id, values, act=act, clause=clause, why=why)
        for assignment in assignments
    )


def without_debt(facts: MailFacts, question: QuestionFacts) -> tuple[str, str, list[dict[str, str]]]:
    """The state of a question whose unit does not owe an answer: for officers, for the unit, and what to do."""
    code, held_by = question.code, open_units(question.assignments)
    if question.status is QuestionStatus.NEEDS_REVIEW:
        return UNPLACED, "unplaced", [{"label": "Chuyển đơn vị khác", "text": f"{code} chuyển "}]
    if held_by:
        names = ", ".join(unit_name(facts.board, one) for one in held_by)
        return f"đã chuyển {names} trả lời", "moved_on", []
    if question.status is QuestionStatus.REJECTED or is_withdrawn(question):
        again = [{"label": "Mở lại câu hỏi", "text": f"{code} mở lại vì "}]
        return f"{STATUS_NAMES[question.status]}, không có câu trả lời", "ended", again
    return f"đã có trả lời ({STATUS_NAMES[question.status]})", "after", []
