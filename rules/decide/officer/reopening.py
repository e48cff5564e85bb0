"""An officer opens a question again, whole or in part, or takes an open one back from its unit; what the unit and the
asker then read. Also what is offered for an order that comes after the answer, and who else is told of an order:
whose own order it undoes, and whose letter on the question waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from rules.commands.command import Command
from rules.commands.commands import REOPENS
from rules.commands.likely_orders import likely
from rules.decide.base.actions import Action, ExtendDue, OpenDuty, Send, SetQuestion, Settle
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome, is_of_unit
from rules.decide.base.fact_parts import FETCHED, REOPENED
from rules.decide.base.facts import AssignmentFacts, BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import (
    answer_due,
    attachment_refs,
    is_withdrawn,
    keeps_answer_back,
    session_of,
    taken_from,
)
from rules.decide.base.history import DID, EarlierOrder, undone
from rules.decide.base.notices import (
    STATUS_NAMES,
    AboutCase,
    of_words,
    to_citizen,
    to_people,
    to_unit,
    unit_name,
    unit_names,
    units_lose,
)
from rules.decide.base.publication import GIVEN, answered_in, taken_back, unsubmitted, waiting_answers
from rules.decide.officer.on_behalf_of_citizens import FOR_OFFICERS, SAY, offers_to_reopen
from rules.decide.officer.register_commands import which
from rules.decide.officer.session_outcomes import opened_again
from rules.decide.officer.supporting_units import goes_on_to, units_in
from rules.law.working_days import city_moment, due_instant, short_date
from rules.reply.unit_names import unit_names as names_of
from rules.values.model import Fate, Kind
from rules.values.states import AssignmentStatus, Folder, QuestionStatus


def fetch_back(order: CommandAtHand, question: QuestionFacts) -> Outcome:
    """ "Lấy lại câu hỏi" from its units: an officer decides on it anew, and they are told (10.1.c).

    "Mở lại" is for what has ended: of an open question it may mean taking back, and is asked back, unless it is said
    that the question went to the wrong unit, or goes on to another one.
    """
    owed = tuple(assignment for assignment in question.assignments if assignment.is_open)
    board, names = order.facts.board, ", ".join(unit_name(order.facts.board, assignment.unit) for assignment in owed)
    meant = likely(order.command.raw, names_of(board.units, board.source), board.source)
    if not goes_on_to(order) and "reopen" not in meant:
        lies = f"Câu hỏi {question.code} đang ở {names}, chưa có câu trả lời nên không phải mở lại"
        given = dict.fromkeys(
            assignment.unit for assignment in question.assignments if assignment.status is AssignmentStatus.ANSWERED
        )
        again = "".join(f"; câu trả lời đã có thì ghi “{question.code} mở lại phần của {one} vì …”" for one in given)
        return False, f"{lies}; muốn lấy về xem xét thì ghi “{question.code} lấy lại câu hỏi”{again}", ()
    text, review = order.command.text.strip(), order.facts.board.law.review_due(order.now)
    why = "Cán bộ lấy lại câu hỏi để xem xét lại" + (f": {text}" if text else "")
    key, clause = f"{FETCHED}{order.facts.raw_mail}:{question.id}", "10.1.c"
    actions = (
        *(taken_from(assignment, why) for assignment in owed),
        *units_lose(order.facts, question, owed, "fetched"),
        SetQuestion(
            question.id, (question.status,), QuestionStatus.NEEDS_REVIEW, act="reopened", clause=clause, why=why
        ),
        OpenDuty(key, "review", clause, review.due, review.due_at, review.alarm_at, question.id),
    )
    then = "" if goes_on_to(order) else f"; xin ghi đơn vị trả lời, ví dụ “{question.code} chuyển SYT”"
    return True, f"Đã lấy lại câu hỏi {question.code} từ {names}{then}", actions


def part_meant(
    order: CommandAtHand, question: QuestionFacts, given: list[AssignmentFacts]
) -> tuple[list[AssignmentFacts], str]:
    """The answers that "mở lại phần của SXD vì …" is about; where it is not said whose, why it is asked back."""
    board, units, code = order.facts.board, [*dict.fromkeys(assignment.unit for assignment in given)], question.code
    named = units_in(order, order.command.remark) & {*units}
    if not units or named or (not order.command.remark and (len(units) < 2 or question.status in OPEN)):
        return [assignment for assignment in given if assignment.unit in named or not named], ""
    whose = ", ".join(unit_name(board, one) for one in units)
    each = " hoặc ".join(f"“{code} mở lại phần của {one} vì …”" for one in units)
    every = f"; tất cả thì ghi “{code} mở lại phần của {', '.join(units)} vì …”" if len(units) > 1 else ""
    return [], f"Chưa mở lại: câu hỏi {code} có câu trả lời của {whose}; xin ghi {each}{every}"


def not_there(order: CommandAtHand, question: QuestionFacts) -> str:
    """Why a question is not taken back from the unit that an order names; "" where it owes or gave the answer."""
    owing = {assignment.unit for assignment in question.assignments if assignment.is_open}
    gave = {assignment.unit for assignment in question.assignments if assignment.status is AssignmentStatus.ANSWERED}
    named = units_in(order, order.command.remark)
    if not named or named & (owing | gave):
        return ""
    code, where = question.code, ", ".join(unit_name(order.facts.board, one) for one in sorted(owing))
    if owing:
        return f"Câu hỏi {code} đang ở {where}, không ở đơn vị ấy; nếu vẫn muốn, xin ghi “{code} lấy lại câu hỏi”"
    then = f"xin ghi “{code} chuyển …”" if question.status in OPEN else f"nếu vẫn muốn, xin ghi “{code} mở lại”"
    return f"Câu hỏi {code} hiện không ở đơn vị nào; {then}"


def void_letters(
    board: BoardFacts,
    question: QuestionFacts,
    void: Sequence[AssignmentFacts],
    stand: Sequence[AssignmentFacts],
    onto: str,
) -> dict[str, object]:
    """What the requester reads when answers count no longer: each of several units', with its day.

    ``stand``: those that still count; ``onto``: the unit that is to answer in their place, "" for those that did.
    """
    whose = [*dict.fromkeys(assignment.unit for assignment in void)]
    stands = [*dict.fromkeys(assignment.unit for assignment in stand)]
    days = {assignment.unit: assignment.answered_at for assignment in void}
    apart = len(whose) > 1 or bool(stands) or question.answered_at is None
    return {
        "unit_name": unit_name(board, onto or whose[0]),
        "answered_at": question.answered_at,
        "parts": [{"name": unit_name(board, one), "day": days[one]} for one in whose] if apart else [],
        "by": unit_names(board, [onto] if onto else whose),
        "stands": unit_names(board, stands),
        "whose": ", ".join(unit_name(board, one) for one in whose),
    }


def told_again(
    order: CommandAtHand, question: QuestionFacts, assignment: AssignmentFacts, due: date, held: HeldMailFacts | None
) -> tuple[Action, ...]:
    """The unit that answered gets question, answer and what the asker wrote since: it knows them by number only."""
    board = order.facts.board
    if assignment.unit not in board.contacts:
        return ()
    values: dict[str, object] = {
        "kind": "reopened",
        "due": due,
        "commands": (),
        "wish": order.command.text.strip(),
        "asked": assignment.item_text or question.content,
        "answered": "\n\n".join(
            answer.text for answer in question.answers if answer.unit == assignment.unit and answer.text
        ),
        "opinion": held.understanding.text.own.strip() if held is not None else "",
    }
    files = attachment_refs(held.mail, held.id) if held is not None else ()
    key, case = (
        f"{order.facts.raw_mail}:{question.id}:{assignment.id}:reopened",
        AboutCase(question.id, assignment.id),
    )
    return (to_unit("unit_told", board, assignment.unit, "10.1.d", values, key=key, case=case, attachments=files),)


def reopen(order: CommandAtHand) -> Outcome:
    """ "Mở lại": the answer no longer counts; the unit must answer again, and the requester is told."""
    question = order.question
    if question is None or (elsewhere := not_there(order, question)):
        return which(order, "mở lại") if question is None else (False, elsewhere, ())
    if question.status is QuestionStatus.REJECTED or is_withdrawn(question):
        return _reopen_unanswered(order, question)
    every = [one for one in question.assignments if one.status is AssignmentStatus.ANSWERED and one.role == "lead"]
    given, doubt = part_meant(order, question, every)
    is_part = question.status in OPEN and bool(given) and bool(order.command.remark)
    if doubt or (question.status is QuestionStatus.FORWARDED and not is_part):
        return (False, doubt, ()) if doubt else fetch_back(order, question)
    if question.status in (*GIVEN, QuestionStatus.CLOSED) and not given:
        return _reopen_unanswered(order, question)  # answered in its session, or as another question was
    if question.status not in (*GIVEN, QuestionStatus.CLOSED) and not is_part:
        return False, f"Câu hỏi {question.code} không ở trạng thái đã trả lời", ()
    ids, onto, text = [one.id for one in given], goes_on_to(order, given), order.command.text.strip()
    held, left = _own_held(order, question)
    waiting = waiting_answers(order.facts, question, ids)
    sent = [one for one in given if one.id not in answered_in(waiting)]
    session = session_of(order.facts, question)
    why = "Cán bộ mở lại câu hỏi" + (f": {text}" if text else "")
    due = answer_due(order.facts.board.law, session if keeps_answer_back(session, question) else None, order.now)
    stage = order.facts.board.law.first_stage(due, order.now)
    moved: list[Action] = []
    for assignment in (*given, *(each for each in question.assignments if each.id in order.facts.not_waited)):
        next_at = order.facts.board.law.chase_event(due, stage).at
        moved.append(ExtendDue(question.id, assignment.id, due, due_instant(due.on), next_at, stage, why))
        if assignment in given and not onto:  # else it is told that another unit has the question now
            moved += told_again(order, question, assignment, due.on, held)
    stand = [one for one in every if one not in given]
    values = void_letters(order.facts.board, question, sent or given, stand, onto) | {"due": due, "reason": text}
    notice = to_citizen("citizen_reopened", question, "10.1.d", values, key=str(order.facts.raw_mail))
    back = taken_back(order.facts, question, waiting, order.now, why, ids=ids, due=due.on)
    if onto:  # who supports hears of the new lead, or leads itself
        back = tuple(one for one in back if not isinstance(one, Send) or one.notice.name != "unit_told")
    ended = () if held is None or onto else (_settle(held, question, why),)
    paper, anew = opened_again(order.facts, question, order.now)
    actions = (*back, *anew, *moved, *((notice,) if sent else ()), *ended)
    more = f"; thư của người hỏi chưa chuyển: ghi “{question.code} {SAY}”" if left or (held and onto) else ""
    part = f"phần của {values['whose']} trong " if values["parts"] else ""
    done = f"Đã mở lại {part}câu hỏi {question.code}, hạn trả lời mới {short_date(due.on)}{more}{paper}"
    return True, done, actions


def _own_held(order: CommandAtHand, question: QuestionFacts) -> tuple[HeldMailFacts | None, bool]:
    """The asker's held mail for which it is opened again, and whether another one stays behind.

    It is the mail at hand, else the newest, and only one that offered "mở lại": others (identity papers, a wish to
    the Board) go to a unit by an order of their own.
    """
    found = (order.facts.held, order.facts.opinions.get(question.id))
    own = [mail for mail in found if mail is not None and mail.mail.sender.email.lower() == question.email.lower()]
    waits = [mail for mail in own if mail.status == "held" and mail.purpose not in FOR_OFFICERS]
    held = next((mail for mail in waits if offers_to_reopen(mail, question)), None)
    first = waits[0].id if waits else 0
    return held, first != (held.id if held is not None else 0)


def _settle(held: HeldMailFacts, question: QuestionFacts, why: str) -> Settle:
    return Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)


def _reopen_unanswered(order: CommandAtHand, question: QuestionFacts) -> Outcome:
    """A refusal or withdrawal no longer counts: an officer decides on the question anew; the requester is told."""
    text, (held, _), code = order.command.text.strip(), _own_held(order, question), question.code
    why = f"Cán bộ mở lại câu hỏi {STATUS_NAMES[question.status]}" + (f": {text}" if text else "")
    review = order.facts.board.law.review_due(order.now)
    key = f"{REOPENED}{order.facts.raw_mail}:{question.id}"
    refused = question.status is QuestionStatus.REJECTED
    values = {"unit_name": "", "due": review.due, "reason": text, "refused": refused}
    values |= {"answered_at": question.answered_at}
    had = next((assignment.unit for assignment in reversed(question.assignments) if assignment.role == "lead"), "SXD")
    paper, anew = opened_again(order.facts, question, order.now)
    ended = {"outcome": "", "clause": "", "answered_at": None}
    before, review_again = (question.status, QuestionStatus.ANSWERED), QuestionStatus.NEEDS_REVIEW
    actions = (
        *unsubmitted(order.facts, question, why, key),
        SetQuestion(question.id, before, review_again, ended, "reopened", "10.1.d", why),
        OpenDuty(key, "review", "10.1.d", review.due, review.due_at, review.alarm_at, question.id),
        to_citizen("citizen_reopened", question, "10.1.d", values, key=key),
        *(() if held is None else (_settle(held, question, why),)),
        *anew,
    )
    then = "" if goes_on_to(order) else f"; xin ghi đơn vị trả lời, ví dụ “{code} chuyển {had}”"
    return True, f"Đã mở lại câu hỏi {code}{then}{paper}", actions


BEFORE_ANSWER = frozenset({"forward", "add_support", "extend", "refuse_extension"})
"""An officer's orders that can only come before the answer."""


def too_late(facts: MailFacts, verb: str, unit: str, question: QuestionFacts) -> list[dict[str, str]]:
    """The orders that fit where such a one comes after the answer: it is taken back while it waits, or the question
    is opened again; [] for other orders."""
    if verb not in BEFORE_ANSWER or question.status not in GIVEN:
        return []
    code, name = question.code, unit_name(facts.board, unit) if verb == "forward" and unit else ""
    waits = any(answer.question == question.id and answer.is_answer for answer in facts.waiting)
    return [
        *([{"label": "Thu hồi câu trả lời đang chờ gửi", "text": f"{code} thu hồi"}] if waits else []),
        {"label": f"Mở lại, chuyển {name}", "text": f"{code} mở lại, chuyển {unit}"}
        if name
        else {"label": "Mở lại câu hỏi", "text": f"{code} mở lại"},
        {"label": "Tình trạng câu hỏi", "text": f"{code} tình trạng"},
    ]


def overruled(order: CommandAtHand, done: str, actions: Sequence[Action]) -> tuple[Action, ...]:
    """One mail to each officer, or the Head, whose order this one undoes; ``done``: what has been done instead."""
    facts, question, person = order.facts, order.question, order.facts.person
    if question is None or person is None:
        return ()
    had = {assignment.id: (assignment.unit, assignment.role) for assignment in question.assignments}
    lost = [*undone(facts.orders.get(question.id, ()), actions, had)]
    why = f"Lệnh của Ông/Bà về câu hỏi {question.code} không còn hiệu lực, vì có lệnh sau của {person.name}"
    text = " ".join(order.command.raw.split())[:200]
    key = f"overruled:{of_words(facts.raw_mail, text)}:{question.id}"
    sends: tuple[Action, ...] = ()
    for one in dict.fromkeys((*facts.board.officers, facts.board.head)):
        own = [each for each in lost if each.by.lower() == one.email.lower() != person.email.lower()]
        values = {
            "what": why,
            "details": [*(_did(facts, each) for each in own), f"{person.name} ghi “{text}”: {done}"],
            "commands": [],
        }
        sends += to_people("officer_alert", [one] * bool(own), "", values, key=key, question=question.id)
    return sends


def _did(facts: MailFacts, order: EarlierOrder) -> str:
    unit = unit_name(facts.board, str(order.about)) if order.about else ""
    return f"Lệnh của Ông/Bà, {city_moment(order.at)}: {DID[order.act].format(unit=unit)}"


_LOST = frozenset({AssignmentStatus.REFUSED, AssignmentStatus.REPLACED})


def letters_wait(facts: MailFacts, question: QuestionFacts, named: Collection[str] = ()) -> list[AssignmentFacts]:
    """Of units that refused the question or lost it, and whose letter on it waits: they may want it back. Not of
    those ``named`` to have it, nor of those that owe it still."""
    still = {*named, *(assignment.unit for assignment in question.assignments if assignment.is_open)}
    lost = {
        assignment.unit: assignment
        for assignment in question.assignments
        if assignment.status in _LOST and assignment.unit not in still
    }
    senders = [one.sender for one in facts.letters.get(question.id, ()) if one.waits]
    return [
        assignment
        for unit, assignment in lost.items()
        if any(is_of_unit(facts.board, unit, each) for each in senders)
    ]


def merged(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """Make "Đăng ký và chuyển SXD" one decision on a held mail; "mở lại, chuyển SYT" says whereto."""
    kept: list[Command] = []
    for command in commands:
        before = kept[-1].verb if kept else ""
        forwards_it = kept and command.verb == "forward" and command.unit and command.question == kept[-1].question
        if forwards_it and before == "register" and not command.question:
            kept[-1] = replace(command, raw=f"{kept[-1].raw}\n{command.raw}")
            continue
        if forwards_it and before == REOPENS:
            kept[-1] = replace(kept[-1], unit=command.unit)
        kept.append(replace(command, field=REOPENS) if forwards_it and before == REOPENS else command)
    return tuple(kept)
