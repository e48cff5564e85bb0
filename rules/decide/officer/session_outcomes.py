"""The outcome of each question in a session: answered, g, h, i or k (10.1.g–k), by form or by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rules.commands.commands import read_commands
from rules.commands.minutes import beside_answer
from rules.commands.vocabulary import load_command_words
from rules.decide.base.actions import NEW, Action, AmendQuestion, SetAssignment, SetQuestion
from rules.decide.base.approval_requests import KIND_NAMES, session_units, session_view
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.facts import AssignmentFacts, BoardFacts, MailFacts, QuestionFacts, SessionCase
from rules.decide.base.forwarding import OVER, due_moved, is_unmarked, session_of
from rules.decide.base.notices import STATUS_NAMES, by_mail, not_told, promised, to_citizen, unit_name, units_lose
from rules.decide.base.publication import UNPOSTED, given_answers, others_hear, to_publish
from rules.decide.base.session_actions import VoidPapers
from rules.decide.officer.register_commands import with_done
from rules.decide.reply.answers import remaining, unanswered
from rules.law.session_rules import MARK_NAMES, Mark, PaperKind, SessionFacts
from rules.law.working_days import due_instant, short_date
from rules.reply.unit_names import unit_names
from rules.values.model import AttachmentRef, CountedDate
from rules.values.register_number import number_places, register_numbers
from rules.values.states import AssignmentStatus, QuestionStatus

NO_SESSION = "Câu hỏi không thuộc phiên nào đã bắt đầu"
LIVE = "10.1.l"
"""The clause on what is answered in the session itself; 10.1.i is about what is not."""
NEW_WORDS = "chưa có nội dung này"
NOT_OVER = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)


def answered(order: CommandAtHand) -> Outcome:
    """ "Đã trả lời trong phiên": send the citizen the written answer if there is one, else say so."""
    question, session = order.question, _begun(order)
    if question is None or session is None:
        return False, NO_SESSION, ()
    if unclear := _unclear(order, session):
        return False, unclear, ()
    text = " ".join(order.command.text.split())
    if question.session_mark == Mark.ANSWERED.value and text:
        return _words_since(order, question, session)
    is_corrected = _is_corrected(question) and bool(text)
    if why_not := "" if is_corrected else _why_no_mark(question):
        return False, why_not, ()
    actions: list[Action] = [*marked(question, Mark.ANSWERED, order.now), *(_live(order, question) if text else ())]
    record, void = paper_with(order.facts, question, PaperKind.RECORD, lacks=NEW_WORDS) if text else ("", ())
    actions += void
    if text:
        question = replace(question, live_answer=order.command.text.strip(), live_by=order.command.field)
    waiting = [assignment for assignment in question.assignments if assignment.is_open]
    actions += [_not_waited_for(assignment, question) for assignment in waiting]
    actions += units_lose(order.facts, question, waiting, "live")
    if question.status in NOT_OVER:
        values = {"answered_at": order.now, "outcome": f"Trả lời trong phiên {session.code}"}
        actions.append(_now_answered(question, values))
    key = f"{order.facts.raw_mail}:s{session.id}" if is_corrected else ""
    actions.append(tell_answer(order.facts.board, question, session, key, clause=LIVE))
    return True, f"Câu hỏi {question.code} đã trả lời trong phiên {session.code}{record}", tuple(actions)


def _unclear(order: CommandAtHand, session: SessionFacts) -> str:
    """Why words are not taken for the answer given in the session; "" where they are, or where there are none.

    The minutes have dots where nobody answered, and below an answer what the next one asked.
    """
    text, code = order.command.text, order.question.code if order.question else ""
    if not any(map(str.isalnum, text)):
        unfilled = text.strip() or order.command.raw.rstrip().endswith(":")
        told = f"Dòng này chưa có nội dung trả lời; nếu không ghi nội dung, xin ghi “{code} đã trả lời tại phiên”"
        return told if unfilled else ""
    case = next((one for one in order.facts.cases if one.session.id == session.id), None)
    asked = [question.content for question in (case.questions if case else ()) if question.code != code]
    source, units = order.facts.board.source, order.facts.board.units
    if line := beside_answer(text, load_command_words(source), asked, unit_names(units, source)):
        cut = f"“{line[:60]}{'…' if len(line) > 60 else ''}”"
        return f"Nội dung trả lời có dòng {cut}, giống phần khác của biên bản; xin ghi riêng câu trả lời của {code}"
    clauses = (one for each in re.split(r"[.,;\n]+", text) for one in read_commands(each, units, source=source))
    own = {assignment.unit for assignment in order.question.open_leads} if order.question else set[str]()
    if passed := next((one for one in clauses if one.verb == "forward" and one.unit and one.unit not in own), None):
        how = f"nếu chuyển câu hỏi, xin ghi “{code} chuyển {passed.unit}”; nếu là câu trả lời, ghi rõ ai giao"
        return f"Nội dung trả lời có “{passed.raw.strip()}”, giống một lệnh; {how}"
    return ""


def all_answered(order: CommandAtHand, case: SessionCase) -> Outcome:
    """ "Tất cả đã trả lời": each question without an outcome, except those on which the mail says something else."""
    others, code = (session for session in order.facts.sessions if session.id != case.session.id), case.session.code
    facts = replace(order.facts, sessions=(*others, case.session))  # one that is over may not be among them
    waiting = [one for one in case.questions if is_unmarked(one)]
    apart = {one.code for one in waiting if any(each.id == NEW for each in one.assignments)}  # just forwarded
    apart |= {code for line in _lines_behind(order) for code in register_numbers(line, facts.board.prefix)}
    done, actions, why_not = list[str](), list[Action](), list[str]()
    for question in (one for one in waiting if one.code not in apart):
        about = replace(order, facts=facts, question=question, command=replace(order.command, text="", field=""))
        ok, said, decided = answered(about)
        facts = with_done(facts, decided)
        (done if ok else why_not).append(question.code if ok else f"{said[:1].lower()}{said[1:]}")
        actions += decided
    left = ", ".join(one.code for one in waiting if one.code not in done)
    if not done and left:
        why = "; ".join(dict.fromkeys(why_not)) or "các câu này có việc riêng trong thư này"
        return False, f"Chưa ghi kết quả của {left}: {why}", ()
    if not done:
        return False, f"Không còn câu hỏi nào của phiên {code} chờ ghi kết quả", ()
    but = f"; chưa ghi kết quả của {left}" if left else ""
    text = f"Đã ghi {len(done)} câu hỏi được trả lời tại phiên {code}: {', '.join(done)}{but}"
    return True, text, tuple(actions)


def _lines_behind(order: CommandAtHand) -> Iterator[str]:
    """The lines of the mail below this order, which are carried out after it; not those that only list numbers."""
    raw, text = order.command.raw, order.facts.understanding.text.ordered
    for line in (text.partition(raw)[2] if raw else "").splitlines():
        places = number_places(line, order.facts.board.prefix)
        if sum(map(str.isalpha, line)) > sum(map(str.isalpha, "".join(line[start:end] for _, start, end in places))):
            yield line


def _why_no_mark(question: QuestionFacts, mark: Mark = Mark.ANSWERED) -> str:
    """Why this outcome is not recorded; "" when it is: one that is over has none, and only what is open can wait."""
    code = question.code
    if question.session_mark:
        again = f"; nếu ghi nhầm, xin ghi “{code} trả lời tại phiên (người trả lời): …” và nội dung"
        may = mark is Mark.ANSWERED and _is_corrected(question)
        return f"Câu hỏi {code} đã ghi kết quả: {MARK_NAMES[Mark(question.session_mark)]}{again if may else ''}"
    waits = question.status in {*NOT_OVER, QuestionStatus.ANSWERED}
    if is_unmarked(question) and (waits or mark is not Mark.LATER):
        return ""
    return f"Câu hỏi {code} {STATUS_NAMES[question.status]}, không ghi kết quả này"


def _is_corrected(question: QuestionFacts) -> bool:
    """Whether "trả lời sau" may still give way to the words of the session: nothing answers the question yet."""
    return question.session_mark == Mark.LATER.value and question.status in NOT_OVER


def _words_since(order: CommandAtHand, question: QuestionFacts, session: SessionFacts) -> Outcome:
    """The words of an answer that was only marked: its asker gets them now; other words correct them (10.1.l)."""
    text, known, code = order.command.text.strip(), question.live_answer, question.code
    done = f"Đã ghi lại nội dung trả lời câu hỏi {code} tại phiên"
    if text.split() == known.split():
        return True, done, _live(order, question)
    record, void = paper_with(order.facts, question, PaperKind.RECORD, lacks=NEW_WORDS)
    key = f"{order.facts.raw_mail}:s{session.id}"
    if known:
        shown: dict[str, object] = {"text": text, "files": [], "answered_at": question.answered_at}
        values = {"kind": "correction", "unit_name": "Ban Biên tập", **shown}
        send: Action = to_citizen("citizen_corrected", question, LIVE, values, key=key)
    else:
        alone = replace(question, answers=(), live_answer=text, live_by=order.command.field.strip())
        send = tell_answer(order.facts.board, alone, session, key, clause=LIVE)
    why = f"nội dung trả lời tại phiên được {'sửa' if known else 'ghi thêm'}"
    how = "đã gửi người hỏi" if by_mail(question) else not_told(question)
    alike = others_hear(order.facts, question, why, adds=not known)
    return True, f"{done}; {how}{record}", (*_live(order, question), *void, send, *alike)


def later(order: CommandAtHand) -> Outcome:
    """ "Trả lời sau": in the chair's field but not answered in the session, so due S+15 and then published (i)."""
    question, session = order.question, _begun(order)
    if question is None or session is None:
        return False, NO_SESSION, ()
    if why_not := _why_no_mark(question, Mark.LATER):
        return False, why_not, ()
    board = order.facts.board
    actions: list[Action] = [*marked(question, Mark.LATER, order.now)]
    due = session.due("answer_after_session", board.law.profile, board.law.calendar)
    if question.status is QuestionStatus.ANSWERED:
        put_up = to_publish(board, question, order.now) if UNPOSTED not in question.notes else ()
        actions += [tell_answer(board, question, session), *put_up]
        sent = "Đã gửi câu trả lời của câu hỏi" if by_mail(question) else "Đã soạn câu trả lời của câu hỏi"
        return True, f"{sent} {question.code}{'' if by_mail(question) else f'; {not_told(question)}'}", tuple(actions)
    waiting = [assignment for assignment in question.assignments if assignment.is_open]
    moves = [assignment for assignment in waiting if _is_moved(board, assignment, session, order.now)]
    why = f"Chưa trả lời trong phiên {session.code}"
    actions += (act for one in moves for act in due_moved(board, question, one, due_on=due, now=order.now, why=why))
    leads = [assignment for assignment in waiting if assignment.role == "lead"]
    stays = [assignment for assignment in leads if assignment not in moves]
    days = [due if assignment in moves else _day_told(board, assignment, order.now) for assignment in leads]
    told = max(filter(None, days), key=lambda day: day.on, default=None) if leads else due
    values = {"session": session_view(session), "what": "later", "due": told}
    actions.append(to_citizen("citizen_session", question, "10.1.i", values, key=f"{session.id}:i"))
    actions += kept_part(board, question, session)
    own = "; ".join(f"hạn của {unit_name(board, one.unit)} vẫn là {short_date(one.due.on)}" for one in stays)
    when = f"sau phiên; {own}" if own else f"chậm nhất {short_date(due.on)}"
    return True, f"Câu hỏi {question.code} được trả lời {when}", tuple(actions)


def _is_moved(board: BoardFacts, assignment: AssignmentFacts, session: SessionFacts, now: datetime) -> bool:
    """Whether it is due by S+15 (10.1.i): due for the session, or its unit's and in time; others' days stay."""
    own = assignment.unit in session_units(board, session) and assignment.due.on >= board.law.today(now)
    return own or board.law.is_for_session(assignment.due)


def _day_told(board: BoardFacts, one: AssignmentFacts, now: datetime) -> CountedDate | None:
    """The day that stands for the asker: the unit's, or that promised of a late answer; None where both are over."""
    today, day = board.law.today(now), promised(one)
    return board.law.handed_on(one.due, now, day) if max(one.due.on, day or one.due.on) >= today else None


def later_again(case: SessionCase, after: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """The end is corrected to another day: S+15 of what is answered later counts from that, while there is time."""
    law, rule = case.board.law, "answer_after_session"
    if case.session.ended_at is None or law.profile.find(rule) is None:
        return ()
    old, due = (session.due(rule, law.profile, law.calendar) for session in (case.session, after))
    if due.on == old.on or due_instant(due.on) <= now:
        return ()
    questions = [question for question in case.questions if question.session_mark == Mark.LATER.value]
    return tuple(action for one in questions for action in _due_again(case.board, one, after, (old, due), now))


def _due_again(
    board: BoardFacts,
    question: QuestionFacts,
    session: SessionFacts,
    dues: tuple[CountedDate, CountedDate],
    now: datetime,
) -> Iterator[Action]:
    """Its units and its asker get the new day; not those to whom another was granted since (10.1.i)."""
    old, due = dues
    why = f"Phiên {session.code} kết thúc ngày {short_date(session.day)}"
    waiting = [one for one in question.assignments if one.is_open and one.due.on == old.on]
    for assignment in waiting:
        yield from due_moved(board, question, assignment, due_on=due, now=now, why=why)
    if waiting:
        values = {"session": session_view(session), "what": "later", "due": due}
        key = f"{session.id}:i:{now:%Y%m%d%H%M%S}"
        yield to_citizen("citizen_session", question, "10.1.i", values, key=key)


def _live(order: CommandAtHand, question: QuestionFacts) -> tuple[Action, ...]:
    """Store the answer given in the session, and who gave it, with the question (10.1.l)."""
    values = {"live_answer": order.command.text.strip(), "live_by": order.command.field.strip()}
    return (AmendQuestion(question.id, values, "live_answer", "Nội dung trả lời tại phiên"),)


def _begun(order: CommandAtHand) -> SessionFacts | None:
    """The question's session once it has begun; outcomes may already be recorded while it runs."""
    session = session_of(order.facts, order.question) if order.question else None
    return session if session is not None and session.has_begun(order.now) else None


def _held(order: CommandAtHand) -> SessionFacts | None:
    session = session_of(order.facts, order.question) if order.question else None
    return session if session is not None and session.status in OVER else None


def marked(question: QuestionFacts, mark: Mark, now: datetime) -> tuple[Action, ...]:
    """Record the outcome, and when it was reported."""
    values = {"session_mark": mark.value, "session_marked_at": now}
    return (AmendQuestion(question.id, values, "marked", f"Kết quả tại phiên: {mark.value}"),)


def mark_of_ruling(order: CommandAtHand, done: tuple[Action, ...] = ()) -> tuple[Action, ...]:
    """Count a forward or rejection (``done``) of a question whose session is over as its outcome g, h or k."""
    question = order.question
    session = _held(order)
    if question is None or question.session_mark or session is None:
        return ()
    if order.command.verb == "forward":
        after = with_done(order.facts, done).questions.get(question.id, question)
        return (*marked(question, Mark.ELSEWHERE, order.now), *kept_part(order.facts.board, after, session))
    if order.command.verb == "reject":
        return marked(question, Mark.NEVER if order.command.clause == "10.1.k" else Mark.OUTSIDE, order.now)
    return ()


def opened_again(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[str, tuple[Action, ...]]:
    """What becomes of an answer given in a session once it no longer counts: after the session it is due as (i)."""
    if question.session_mark != Mark.ANSWERED.value:
        return "", ()
    text, void = paper_with(facts, question, PaperKind.RECORD)
    session = session_of(facts, question)
    mark, at = (Mark.LATER.value, now) if session is not None and session.status in OVER else ("", None)
    values = {"live_answer": "", "live_by": "", "session_mark": mark, "session_marked_at": at}
    why = "Trả lời tại phiên không còn tính, câu hỏi được mở lại"
    return text, (AmendQuestion(question.id, values, "live_answer", why), *void)


PUT_UP = {PaperKind.SCRIPT: "Trình kịch bản", PaperKind.RECORD: "Trình nội dung phiên"}
"""The order by which a paper that shows a session's questions is put up again."""


def paper_with(
    facts: MailFacts, question: QuestionFacts, kind: PaperKind, lacks: str = ""
) -> tuple[str, tuple[VoidPapers, ...]]:
    """What is told of the session's paper that shows a question as it no longer is, or ``lacks`` something of it; one
    that waits is void."""
    case = next((one for one in facts.cases if one.session.id == question.session_id), None)
    papers = [one for one in case.papers if one.kind is kind and (lacks or question.code in one.text)] if case else []
    waits = tuple(paper.id for paper in papers if paper.status == "shown")
    if case is None or not any(paper.status in {"shown", "approved"} for paper in papers):
        return "", ()
    void = ", không còn hiệu lực" if waits else ""
    shows = lacks or "còn câu hỏi này"
    text = f"; {KIND_NAMES[kind]} đã trình {shows}{void}, xin ghi “{PUT_UP[kind]} {case.session.code}”"
    return text, (VoidPapers(waits),) if waits else ()


def _not_waited_for(assignment: AssignmentFacts, question: QuestionFacts) -> SetAssignment:
    was, now, why = AssignmentStatus.FORWARDED, AssignmentStatus.REPLACED, "Câu hỏi đã được trả lời trong phiên"
    return SetAssignment(assignment.id, was, now, question.id, act="not_waited_for", clause=LIVE, why=why)


def _now_answered(question: QuestionFacts, values: Mapping[str, object]) -> SetQuestion:
    now, why = QuestionStatus.ANSWERED, "Trả lời trong phiên đối thoại"
    return SetQuestion(question.id, NOT_OVER, now, values, act="answered", clause=LIVE, why=why)


def kept_part(board: BoardFacts, question: QuestionFacts, session: SessionFacts) -> tuple[Action, ...]:
    """The answers kept for the session, of a question that is not completely answered: they no longer wait for it."""
    if all(answer.told for answer in question.answers):
        return ()
    key = f"s{session.id}:part{len(question.answers)}"
    return (tell_answer(board, replace(question, live_answer=""), session, key, unanswered(question)),)


def tell_answer(
    board: BoardFacts,
    question: QuestionFacts,
    session: SessionFacts,
    key: str = "",
    left: Sequence[AssignmentFacts] = (),
    clause: str = "10.1.i",
) -> Action:
    """The written answers kept for the session, with their files; without any, say that it was answered live.

    The asker already has what a unit answered before the session took the question. ``key`` is that of a second
    letter about the same session; ``left`` is what still waits for its answer.
    """
    given = [answer for answer in given_answers(question) if not answer.told]
    if not given:
        values: dict[str, object] = {"session": session_view(session), "what": "answered", "due": None}
        return to_citizen("citizen_session", question, clause, values, key=f"{session.id}:answered")
    files: tuple[AttachmentRef, ...] = tuple(file for answer in given for file in answer.files)
    parts = ("text", "document", "signer", "signer_title", "item_text")
    values = {
        "answers": [
            {"unit_name": unit_name(board, one.unit)} | {key: getattr(one, key) for key in parts} for one in given
        ],
        "files": [one.name for one in files],
        "remaining": remaining(board, left),
    }
    return to_citizen("citizen_answered", question, clause, values, key=key or f"s{session.id}", attachments=files)
