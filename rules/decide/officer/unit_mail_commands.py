"""Officers' commands about a unit's unclear mail, or to take its answer back; everybody concerned is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from rules.commands.plain.words import asks_something
from rules.decide.base.actions import Action, Forward, Note, RecordAnswer, Settle
from rules.decide.base.command_result import (
    ERRED,
    SURELY,
    UNREAD,
    CommandAtHand,
    Outcome,
    for_others,
    is_of_unit,
    sends_earlier,
    unread_reason,
)
from rules.decide.base.facts import AssignmentFacts, HeldMailFacts, QuestionFacts
from rules.decide.base.forwarding import without_unit
from rules.decide.base.manual_work import is_units
from rules.decide.base.notices import by_mail, not_told, unit_name, unit_told
from rules.decide.base.publication import GIVEN, answered_in, others_hear, taken_back, waiting_answers
from rules.decide.intake.registering import who_owes
from rules.decide.officer import on_behalf_of_citizens, question_commands
from rules.decide.officer.register_commands import answer_kept, which
from rules.decide.officer.supporting_units import units_in
from rules.decide.reply.answers import OF_SEVERAL, added, answer_given, as_answer, kept_for, leads
from rules.decide.reply.asker_part import is_for, left_out, of_mail, rest_with, to_send, words_for_asker
from rules.decide.reply.second_words import added_by_board, relayed
from rules.decide.reply.without_answer import HELPED, crossed, given_back, noted, refusal
from rules.message.two_readings import WHY
from rules.reply.about_question import DIVIDED
from rules.reply.details import Asked, UnitAct, unit_act
from rules.values.model import Fate, Kind, Reply, Verb
from rules.values.states import AssignmentStatus, Folder

CLAUSE = "10.1.d"
ALERTED = ("officer_alert:extend:", "officer_alert:refused:", "officer_alert:receipt:")
"""The beginnings of the keys of the alerts about a unit's mail that is read as no answer."""
SENT_ON = "Cán bộ gửi bổ sung cho người hỏi"
"""Why a unit's mail is settled that was sent to askers after their answers; the numbers of their questions follow."""
WHICH = "Không rõ nói về thư nào của đơn vị; xin trả lời đúng thư đề nghị xem xét thư đó"


def _unit_mail(order: CommandAtHand, *, alerted: bool = False) -> tuple[HeldMailFacts, list[AssignmentFacts]] | None:
    """The unit's held mail that an officer replies about, or (``alerted``) one read as no answer; its assignments."""
    held, question = order.facts.held, order.question
    if held is None or (held.status != "held" and not alerted) or question is None:
        return None
    own = [one for one in question.assignments if is_of_unit(order.facts.board, one.unit, held.mail.sender.email)]
    return (held, own) if own else None


def _no_mail(order: CommandAtHand) -> str:
    """Why there is no mail of the question's unit at hand."""
    held, question = order.facts.held, order.question
    if held is None or held.status != "held" or question is None:
        return WHICH
    if is_units(order.facts.board, held):
        return f"Câu hỏi {question.code} không giao cho đơn vị gửi thư này; xin ghi đúng số câu hỏi"
    sender = held.mail.sender.email
    if held.id == question.raw_mail_id or sender.lower() == question.email.lower():
        return f"Thư đang chờ là của người hỏi câu {question.code}, không phải của đơn vị"
    why = f"Địa chỉ {sender} không có trong danh sách của đơn vị, nên thư không được dùng"
    return f"{why}; xin đề nghị đơn vị gửi lại từ hộp thư công vụ"


def _told(
    order: CommandAtHand, assignment: AssignmentFacts, kind: str, due: date | None = None, **values: Any
) -> tuple[Action, ...]:
    question = order.question
    return unit_told(order.facts, question, assignment, CLAUSE, kind, due, **values) if question is not None else ()


def _settle(held: HeldMailFacts, question: QuestionFacts, why: str) -> Settle:
    return Settle(held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, question.id)


def is_about_unit_mail(order: CommandAtHand) -> bool:
    """Whether the officer replies about a unit's held mail, and names no other question than that of the mail."""
    threaded = [sent.question_id for sent in order.facts.threads if sent.question_id]
    question = order.question
    own = question is not None and (not order.command.question or threaded[:1] == [question.id])
    return own and _unit_mail(order) is not None


def forward(order: CommandAtHand) -> Outcome:
    """ "Chuyển …" in reply about a unit's mail: the question goes on to another unit, and the mail is settled."""
    found, question = _unit_mail(order), order.question
    done, text, actions = question_commands.forward(order)
    if not done or found is None or question is None:
        return done, text, actions
    if DIVIDED in found[0].reason:  # what it answers has not reached the asker yet
        waits = "thư của đơn vị còn chờ Ông/Bà quyết định phần đã trả lời"
        return done, f"{text}; {waits}: “{to_send(found[0], question)}”", actions
    return done, text, (*actions, _settle(found[0], question, "Cán bộ chuyển câu hỏi sang đơn vị khác"))


def decided(order: CommandAtHand) -> tuple[Action, ...]:
    """A unit's held mail is settled by an officer's word on the time that it asks for."""
    found, question = _unit_mail(order), order.question
    if found is None or question is None or order.command.verb not in {"extend", "refuse_extension"}:
        return ()
    threaded = [sent.question_id for sent in order.facts.threads if sent.question_id]
    of_another = bool(order.command.question) and threaded[:1] not in ([], [question.id])
    return () if of_another else (_settle(found[0], question, "Cán bộ quyết định gia hạn"),)


def is_answer_surely(order: CommandAtHand) -> Outcome:
    """ "Vẫn là câu trả lời", after the officer has been told that the unit has written again."""
    return is_answer(order, surely=True)


def is_answer(order: CommandAtHand, *, surely: bool = False) -> Outcome:
    """ "Là câu trả lời": send the unit's mail to the requester; it waits as any answer does.

    An earlier mail, which a later one of the unit may correct, is sent only after a second order (``surely``).
    """
    alert = order.facts.threads[0].key if order.facts.threads else ""
    alerted = alert.startswith(ALERTED) or _has_part_for(order)
    found, question = _unit_mail(order, alerted=alerted), order.question
    if found is None or question is None:
        return False, _no_mail(order), ()
    held, own = found
    if not surely and (back := sends_earlier(order)):
        return back
    if held.understanding.two_readings:
        return False, f"Chưa gửi cho người hỏi: {WHY[:1].lower()}{WHY[1:]}; xin nhờ đơn vị gửi lại", ()
    if missing := _unread(held, question):
        return missing
    owed = [one for one in own if one.is_open] or without_unit(question, own) or crossed(question, own)
    if not surely and DIVIDED in held.reason and (others := rest_with(order.facts.board, question, owed)):
        part = f"xin ghi “{to_send(held, question)}” để gửi phần này, câu hỏi vẫn mở"
        ends = f"hoặc “{question.code} {SURELY}” để kết thúc, không chờ trả lời nữa"
        return False, f"Chưa gửi cho người hỏi: {others} đang trả lời phần còn lại; {part}, {ends}", ()
    if not owed:
        return _another_answered(order, own, question) or _sent_on(order, held, own, question)
    meant = of_mail(order.facts, held)
    reply = as_answer(meant, question)
    if not isinstance(reply, Reply):
        return False, reply, ()
    session = kept_for(order.facts, question)
    sent, kind = by_mail(question) and leads(owed), "confirmed" if leads(owed) else "kept"
    how = "được gửi cho người hỏi làm" if sent and not session else "được ghi nhận là"
    what = f"Thư của đơn vị {how} câu trả lời câu hỏi {question.code}"
    question, lost = given_back(order.facts, question, owed)
    actions = (
        *lost,
        *answer_given(meant, [(replace(reply, verb=Verb.ANSWER), owed)], question, order.now),
        _settle(held, question, "Cán bộ xác nhận là câu trả lời"),
        *_told(order, owed[0], kind, minutes=0, session_code=session if leads(owed) else ""),
    )
    if not leads(owed):
        what = f"{what} của đơn vị phối hợp, không gửi người hỏi"
    elif session:
        what = f"{what}; câu trả lời được giữ cho phiên {session}, chưa gửi người hỏi"
    elif not by_mail(question):
        what = f"{what}; {not_told(question)}"
    return True, f"{what}{left_out(meant, reply, question)}", actions


def _has_part_for(order: CommandAtHand) -> bool:
    """Whether the mail at hand answers the open question too, beside one for which it was settled."""
    held, question = order.facts.held, order.question
    reply = held.understanding.reply if held is not None else None
    if question is None or reply is None or not question.open_leads:
        return False
    return is_for(reply, question, order.facts.board.source)


def _unread(held: HeldMailFacts, question: QuestionFacts) -> Outcome | None:
    """Why a unit's mail sends the requester nothing: what it says stands where the program cannot take it from."""
    why = unread_reason(held.reason)
    if not why:
        return None
    wish = f"xin ghi “{question.code} nhờ đơn vị viết lại: xin {UNREAD[why]}”"
    return False, f"Chưa gửi cho người hỏi: {why}; {wish}", ()


def _another_answered(order: CommandAtHand, own: list[AssignmentFacts], question: QuestionFacts) -> Outcome | None:
    """Why a mail called the answer is not sent where another unit, which has the question now, has answered."""
    given = [one for one in question.assignments if leads([one]) and one.status is AssignmentStatus.ANSWERED]
    if question.status not in GIVEN or not leads(own) or not given or any(assignment in own for assignment in given):
        return None
    code, by = question.code, unit_name(order.facts.board, given[-1].unit)
    back = "thu hồi" if answered_in(waiting_answers(order.facts, question)) else "mở lại"
    state = f"Chưa gửi cho người hỏi: câu hỏi {code} đã có câu trả lời của {by}"
    ways = f"xin ghi “{code} {back}” rồi ghi lại lệnh này; để gửi thêm, xin ghi “{code} gửi bổ sung cho người hỏi”"
    return False, f"{state}. Để thư này thay câu trả lời ấy, {ways}", ()


def _sent_on(
    order: CommandAtHand, held: HeldMailFacts, own: list[AssignmentFacts], question: QuestionFacts
) -> Outcome:
    """Send a unit's mail behind its answer to the requester, as an addition to that answer."""
    given = [one for one in own if one.status is AssignmentStatus.ANSWERED or question.status in GIVEN]
    kept = kept_for(order.facts, question)
    if question.status not in GIVEN and given and not leads(given):
        waits = "chưa có câu trả lời của đơn vị chủ trì, nên chưa gửi bổ sung; xin ghi lại khi đã có"
        return False, f"Câu hỏi {question.code} {waits}", ()
    before = held.reason if held.status == "done" and held.reason.startswith(SENT_ON) else ""
    if before == SENT_ON or question.code in before:
        return False, f"Thư này đã gửi bổ sung cho người hỏi câu {question.code} từ trước", ()
    if not given or held.understanding.two_readings:
        return False, f"Đơn vị không còn nợ trả lời câu hỏi {question.code}", ()
    meant = of_mail(order.facts, held)
    reply = as_answer(meant, question)
    if not isinstance(reply, Reply):
        return False, reply, ()
    act = _said_behind(order, reply.text)
    reply = replace(reply, verb=Verb.ANSWER, text=act.text)
    sends = added(meant, reply, question, given[-1], order.now, act.asked.value)
    corrects = act.asked is Asked.CORRECTION and not kept
    heard, how = ("corrected", "đính chính") if corrects else ("supplemented", "bổ sung")
    actions = (
        *(one for one in sends if held.status == "held" or not isinstance(one, RecordAnswer)),  # else it was kept
        _settle(held, question, f"{before}, {question.code}" if before else f"{SENT_ON} câu {question.code}"),
        *_told(order, given[-1], heard, session_code=kept),
    )
    if kept:
        return True, f"Đã giữ thư của đơn vị cùng câu trả lời câu {question.code} cho phiên {kept}", actions
    text = f"; {not_told(question)}" if not by_mail(question) else ""
    return True, f"Đã gửi thư của đơn vị cho người hỏi câu {question.code}, ghi rõ là {how}{text}", actions


def _said_behind(order: CommandAtHand, text: str) -> UnitAct:
    """What is sent after an answer: a correction by its first words, or as it calls the answer wrong; an addition."""
    act, held = unit_act(text, order.facts.board.source), order.facts.held
    if act is not None and act.asked in {Asked.CORRECTION, Asked.SUPPLEMENT} and act.text:
        return act
    return UnitAct(Asked.CORRECTION if held is not None and ERRED in held.reason else Asked.SUPPLEMENT, text)


def is_receipt(order: CommandAtHand) -> Outcome:
    """ "Báo đã nhận": the unit has only confirmed receipt of the question."""
    found, question = _unit_mail(order), order.question
    if found is None or question is None:
        return False, _no_mail(order), ()
    held, own = found
    if not any(assignment.is_open for assignment in own):
        actions = _told(order, own[-1], "kept", unplaced=bool(without_unit(question, own)))
        kept = _settle(held, question, "Cán bộ lưu thư cùng câu hỏi, không gửi người hỏi")
        return True, f"Đã lưu thư cùng câu hỏi {question.code}", (kept, *actions)
    open_ones, why = [assignment for assignment in own if assignment.is_open], "Cán bộ ghi nhận đơn vị báo đã nhận"
    note = noted(open_ones, {"acknowledged_at": held.received_at}, "acknowledged", "10.1.c", why)
    actions = (_settle(held, question, "Cán bộ ghi nhận là báo đã nhận"), *_told(order, own[-1], "noted_receipt"))
    return True, f"Đã ghi nhận đơn vị báo đã nhận câu hỏi {question.code}", (*note, *actions)


def is_refusal(order: CommandAtHand) -> Outcome:
    """ "Không thuộc thẩm quyền": pass the question on to the unit that the officer, or else the mail, names. Without
    a unit it waits for an officer; with several, the officer is asked."""
    found, question = _unit_mail(order), order.question
    if found is None or question is None:
        return False, _no_mail(order), ()
    held, own = found
    owed = [assignment for assignment in own if assignment.is_open]
    if not owed:
        return False, f"Đơn vị không còn giữ câu hỏi {question.code}", ()
    named = units_in(order, order.command.text) - {owed[0].unit}
    if len(named) > 1:
        return False, f"Chưa rõ chuyển câu hỏi {question.code} đến đơn vị nào; xin ghi một đơn vị", ()
    reply = replace(held.understanding.reply or Reply(Verb.NOT_COMPETENT), verb=Verb.NOT_COMPETENT)
    reply = replace(reply, unit=next(iter(named), reply.unit))
    actions = refusal(of_mail(order.facts, held), [(reply, owed)], question, order.now, "".join(named))
    settle = _settle(held, question, "Cán bộ ghi nhận không thuộc thẩm quyền")
    on = next((one.unit for one in actions if isinstance(one, Forward)), "")
    where = f"đã chuyển {unit_name(order.facts.board, on)}" if on else "chờ chọn đơn vị khác"
    done = f"Đã ghi nhận đơn vị báo câu hỏi {question.code} không thuộc thẩm quyền; {where}"
    return True, done, (settle, *actions, *_told(order, owed[0], "noted_refusal"))


def rewrite(order: CommandAtHand) -> Outcome:
    """ "Nhờ đơn vị viết lại: …": the mail is not passed on, and the unit is told why."""
    found, question = _unit_mail(order), order.question
    if found is None or question is None:
        return False, _no_mail(order), ()
    held, own = found
    done = f"Đã nhờ {unit_name(order.facts.board, own[-1].unit)} viết lại"
    actions = _told(order, own[-1], "rewrite", wish=for_others(order, order.command.text))
    return True, done, (_settle(held, question, "Cán bộ nhờ đơn vị viết lại"), *actions)


def to_asker(order: CommandAtHand) -> Outcome:
    """ "Chuyển cho người hỏi: …": send the officer's words or the unit's own; no answer, but to an asker's mail."""
    found, question = _unit_mail(order), order.question
    if found is None or question is None:
        return on_behalf_of_citizens.answer_own_mail(order) or (False, _no_mail(order), ())
    held, own = found
    text: str | None = for_others(order, order.command.text)
    if not text and (missing := _unread(held, question)):
        return missing
    text = text or words_for_asker(order.facts, held, question)
    if text is None:
        return False, OF_SEVERAL.format(code=question.code), ()
    if not text:
        return False, "Không có nội dung để chuyển cho người hỏi", ()
    actions = (
        _settle(held, question, "Cán bộ chuyển nội dung cho người hỏi"),
        *relayed(order.facts, question, own[-1], text, informs=not asks_something(text, order.facts.board.source)),
        *_told(order, own[-1], "passed"),
    )
    if not by_mail(question):
        return True, f"Đã ghi nội dung cần chuyển của câu hỏi {question.code}; {not_told(question)}", actions
    return True, f"Đã chuyển nội dung cho người hỏi câu {question.code}; câu hỏi vẫn mở", actions


def recall(order: CommandAtHand) -> Outcome:
    """ "Thu hồi": an answer that has not been sent yet is never sent."""
    question = order.question
    if question is None:
        return which(order, "thu hồi câu trả lời")
    if not (waiting := waiting_answers(order.facts, question)):
        more = f" hoặc “{question.code} gửi bổ sung cho người hỏi: …”" if question.status in GIVEN else ""
        none_waits = f"Không có câu trả lời nào của câu hỏi {question.code} đang chờ gửi."
        return False, f"{none_waits} Muốn xử lý lại, xin ghi “{question.code} mở lại”{more}", ()
    answered = answered_in(waiting)
    what, kind = ("câu trả lời", "back") if answered else ("nội dung đính chính, bổ sung", "unsaid")
    why = f"Cán bộ thu hồi {what} trước khi gửi"
    back = answered or {each for answer in waiting for each in answer.assignments}
    told = tuple(action for one in question.assignments if one.id in back for action in _told(order, one, kind))
    actions = (*taken_back(order.facts, question, waiting, order.now, why), *told)
    owes = "".join(f"; {one}" for one in who_owes(order.facts.board, question, waiting)[0])
    return True, f"Đã thu hồi {what} câu hỏi {question.code}, thư chưa đến người hỏi{owes}", actions


def supplement(order: CommandAtHand) -> Outcome:
    """ "Gửi bổ sung cho người hỏi: …": the officers add something to an answer that was sent."""
    question, text = order.question, for_others(order, order.command.text)
    if question is None:
        return which(order, "gửi bổ sung cho người hỏi")
    helped = bool(order.facts.threads) and order.facts.threads[0].key.startswith(f"officer_alert:{HELPED}")
    if not text and (found := _unit_mail(order, alerted=helped)) is not None:
        return sends_earlier(order) or _unread(found[0], question) or _sent_on(order, *found, question)
    if question.status not in GIVEN or not text:
        return False, f"Câu hỏi {question.code} chưa được trả lời, hoặc chưa ghi nội dung bổ sung", ()
    if kept := answer_kept(order, question):
        return False, kept, ()
    send = added_by_board(order.facts, question, text, order.now)
    note = Note("supplement", "Cán bộ gửi bổ sung cho người hỏi", CLAUSE, question.id)
    actions = (send, note, *others_hear(order.facts, question, "cán bộ đã gửi bổ sung", adds=True))
    if not by_mail(question):
        return True, f"Đã ghi nội dung bổ sung của câu {question.code}; {not_told(question)}", actions
    return True, f"Đã gửi nội dung bổ sung cho người hỏi câu {question.code}", actions
