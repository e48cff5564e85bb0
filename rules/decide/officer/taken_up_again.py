"""An officer takes a question back from its units, or takes up an answer again: whose it is, where it lies, and what
the requester reads of answers that no longer count, or that another question has had.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rules.commands.likely_orders import likely
from rules.decide.base.actions import Action, OpenDuty, Send, SetQuestion
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import FETCHED
from rules.decide.base.facts import AssignmentFacts, BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs, taken_from
from rules.decide.base.notices import AboutCase, to_citizen, to_unit, unit_name, unit_names, units_lose
from rules.decide.base.publication import answer_files, earlier_answers, has_result
from rules.decide.officer.supporting_units import goes_on_to, units_in
from rules.reply.unit_names import unit_names as names_of
from rules.values.states import AssignmentStatus, QuestionStatus


def fetch_back(order: CommandAtHand, question: QuestionFacts) -> Outcome:
    """ "Lấy lại câu hỏi" from its units: an officer decides on it anew, and they are told (10.1.c).

    "Mở lại" is for what has ended: of an open question it may mean taking back, and is asked back, unless it is said
    that the question went to the wrong unit, or goes on to another one.
    """
    owed = tuple(one for one in question.assignments if one.is_open)
    board, names = order.facts.board, ", ".join(unit_name(order.facts.board, one.unit) for one in owed)
    meant = likely(order.command.raw, names_of(board.units, board.source), board.source)
    if not goes_on_to(order) and "reopen" not in meant:
        lies = f"Câu hỏi {question.code} đang ở {names}, chưa có câu trả lời nên không phải mở lại"
        given = dict.fromkeys(one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED)
        again = "".join(f"; câu trả lời đã có thì ghi “{question.code} mở lại phần của {one} vì …”" for one in given)
        return False, f"{lies}; muốn lấy về xem xét thì ghi “{question.code} lấy lại câu hỏi”{again}", ()
    said, review = order.command.text.strip(), order.facts.board.law.review_due(order.now)
    why = "Cán bộ lấy lại câu hỏi để xem xét lại" + (f": {said}" if said else "")
    key, clause = f"{FETCHED}{order.facts.raw_mail}:{question.id}", "10.1.c"
    actions = (
        *(taken_from(one, why) for one in owed),
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
    board, units, code = order.facts.board, [*dict.fromkeys(one.unit for one in given)], question.code
    named = units_in(order, order.command.remark) & {*units}
    if not units or named or (not order.command.remark and (len(units) < 2 or question.status in OPEN)):
        return [one for one in given if one.unit in named or not named], ""
    whose = ", ".join(unit_name(board, one) for one in units)
    each = " hoặc ".join(f"“{code} mở lại phần của {one} vì …”" for one in units)
    every = f"; tất cả thì ghi “{code} mở lại phần của {', '.join(units)} vì …”" if len(units) > 1 else ""
    return [], f"Chưa mở lại: câu hỏi {code} có câu trả lời của {whose}; xin ghi {each}{every}"


def lies_here(facts: MailFacts, question: QuestionFacts, unit: str) -> bool:
    """Whether this unit's answer has not been sent yet; the asker may already write about another unit's answer."""
    told = {one.assignment for one in question.answers if one.unit == unit and one.told}
    waiting = {each for one in facts.waiting if one.question == question.id for each in one.assignments}
    return not has_result(facts, question) and not told - waiting


def not_there(order: CommandAtHand, question: QuestionFacts) -> str:
    """Why a question is not taken back from the unit that an order names; "" where it owes or gave the answer."""
    owing = {one.unit for one in question.assignments if one.is_open}
    gave = {one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED}
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
    whose = [*dict.fromkeys(one.unit for one in void)]
    stands = [*dict.fromkeys(one.unit for one in stand)]
    days = {one.unit: one.answered_at for one in void}
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
    order: CommandAtHand, question: QuestionFacts, one: AssignmentFacts, due: date, held: HeldMailFacts | None
) -> tuple[Action, ...]:
    """The unit that answered gets question, answer and what the asker wrote since: it knows them by number only."""
    board = order.facts.board
    if one.unit not in board.contacts:
        return ()
    values: dict[str, object] = {
        "kind": "reopened",
        "due": due,
        "commands": (),
        "wish": order.command.text.strip(),
        "asked": one.item_text or question.content,
        "answered": "\n\n".join(each.text for each in question.answers if each.unit == one.unit and each.text),
        "opinion": held.understanding.text.own.strip() if held is not None else "",
    }
    files = attachment_refs(held.mail, held.id) if held is not None else ()
    key, case = f"{order.facts.raw_mail}:{question.id}:{one.id}:reopened", AboutCase(question.id, one.id)
    return (to_unit("unit_told", board, one.unit, "10.1.d", values, key=key, case=case, attachments=files),)


def same_answer(board: BoardFacts, question: QuestionFacts, other: QuestionFacts, once: object) -> Send | None:
    """The mail with the answer to another question, one for each ``once``; None without one, or where a stranger's
    file belongs to it: that may name who asked (Law 91/2025/QH15, Art. 16), and the words alone may say nothing."""
    own = other.email.lower() == question.email.lower()
    answers, files = earlier_answers(board, other, own=own), answer_files(other)
    if not answers or (files and not own):
        return None
    names = [one.name for one in files]
    values = {"other": other.code, "answered_at": other.answered_at, "answers": answers, "files": names}
    return to_citizen("citizen_repeated", question, "10.1.c", values, key=f"{other.code}:{once}", attachments=files)


def in_a_file(question: QuestionFacts, other: QuestionFacts, owe: str) -> str:
    """Says that the answer to the other question is not sent because of its file, and who answers this one."""
    names = ", ".join(f"“{one.name}”" for one in answer_files(other))
    unit = next((one.unit for one in reversed(other.assignments) if one.role == "lead"), "SXD")
    then = f"vẫn chờ trả lời: {owe}" if owe else f"xin ghi “{question.code} chuyển {unit}” để đơn vị trả lời"
    return (
        f"người hỏi chưa được gửi câu trả lời của câu {other.code} vì câu ấy trả lời kèm tệp ({names}), tệp có thể "
        f"nêu người hỏi khác; câu hỏi {question.code} chưa kết thúc, {then}"
    )
