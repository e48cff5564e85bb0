"""A unit's reply: which question it is about, what it says, and what follows (10.1.d, 10.1.e, 15.2, 15.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, Finish, KeepDocument, Note, Settle
from rules.decide.base.command_result import (
    AFTER,
    CROSSED,
    ERRED,
    LOOK,
    NOT_SENT,
    OF_UNIT_BUT,
    OPENLY,
    TAKE_BACK,
    UNPLACED,
    UNREAD,
    WHOLE,
    reason_alone,
    unit_mail_acts,
    unread_reason,
)
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import question_after, without_unit
from rules.decide.base.manual_work import hold, hold_unit_mail
from rules.decide.base.notices import ASK, CONFIRM, RECALL, open_units, to_people, unit_name
from rules.decide.base.notices import notify_unit as tell_unit
from rules.decide.base.publication import GIVEN, waiting_answers
from rules.decide.intake.known_mails import MARKED, is_marked, unanswered
from rules.decide.reply.answers import answer_given, as_answer, kept_for, leads
from rules.decide.reply.asker_part import Piece, acts_on, answered_in_person
from rules.decide.reply.question_meant import (
    by_thread,
    hold_refused,
    matched_assignments,
    pieces_by_name,
    pieces_of,
    refused_because,
    said_after_all,
    said_again,
    speaks_for,
    which_question,
)
from rules.decide.reply.second_words import Spoken, asks_city, recall, second_word
from rules.decide.reply.weighing import Weighed, copied, in_files, traced, weigh_up, why_unclear
from rules.decide.reply.without_answer import crossed, extension, helper_heard, receipt, refusal, without_debt
from rules.message.attachment_policy import CALENDAR
from rules.reply.about_question import DIVIDED
from rules.reply.details import Asked, UnitAct, unit_act
from rules.reply.evidence import KEPT, VETOES
from rules.values.model import Fate, Kind, Reply, Verb
from rules.values.states import GRAVE, AssignmentStatus, Folder, MailStatus, QuestionStatus

UNCLEAR = frozenset({Verb.NONE, Verb.FOLLOW_UP})
"""Verbs that answer nothing; a question that is already answered may get any addition."""
SAID = {
    Verb.ANSWER: "trả lời",
    Verb.NOT_COMPETENT: "không thuộc thẩm quyền",
    Verb.EXTENSION: "xin gia hạn",
    Verb.RECEIVED: "đã nhận",
    Verb.ASKS_CITY: "xin ý kiến thành phố",
    Verb.FORWARDED: "chuyển đơn vị khác",
    Verb.FOLLOW_UP: "nói thêm",
    Verb.NONE: "không rõ nội dung",
}
"""Their names in the journal and on pages."""
REFUSING = frozenset({Verb.NOT_COMPETENT, Verb.FORWARDED})
"""Verbs by which a unit says that it has nothing to answer."""
NOT_ITS_OWN = frozenset({AssignmentStatus.REFUSED, AssignmentStatus.REPLACED})
"""States of an item that its unit does not owe although it never answered it."""


def is_reply(facts: MailFacts) -> bool:
    """True for every mail from a unit, and for mail that a tag or thread links to an assignment."""
    return bool(facts.sender_unit) or by_thread(facts) != ()


def is_units_invitation(facts: MailFacts) -> bool:
    """True for a unit's mail with a calendar that answers no mail of ours and names no question: it is no answer."""
    calendar = any(file.type == CALENDAR for file in facts.mail.attachments)
    known = facts.threads or facts.by_number or facts.tag
    return calendar and bool(facts.sender_unit) and not known and facts.understanding.kind not in GRAVE


def decide_reply(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Attach the reply to the assignments it answers, or hold it and say why."""
    why = refused_because(facts)
    if why:
        return hold_refused(facts, now, why)
    matched, possible = matched_assignments(facts)
    if not (matched := matched or _named_to_recall(facts)):
        return which_question(facts, now, possible)
    if apart := _of_several(facts, matched, now) or answered_in_person(facts, matched):
        return (*apart, *said_again(facts, matched))
    spoken = _second_word(facts, matched, now)
    if spoken is not None:
        return (*spoken, *said_after_all(facts, spoken), _finish(facts, _meant(facts, matched), [Verb.FOLLOW_UP]))
    reply = facts.understanding.reply
    cut = [] if reply is None else pieces_by_name(facts, reply) or pieces_of(facts, reply, matched)
    within = in_files(facts) if cut else ()
    weighed = [weigh_up(facts, *one, within) for one in cut]
    facts = traced(facts, [one.evidence.trace for one in weighed])
    pieces = [(one.reply, one.assignments) for one in weighed]
    if not pieces:
        return hold(facts, now, f"{OF_UNIT_BUT}không rõ nội dung trả lời")
    unclear = [one for one in weighed if one.reply.verb in UNCLEAR and any(each.is_open for each in one.assignments)]
    if unclear:
        return (*_stopped_in_thread(facts, unclear[0], now), *_held(facts, unclear[0], weighed, now))
    for text, state, is_so in NOT_OWED:
        not_owed = [one for one in weighed if one.reply.verb is not Verb.RECEIVED and is_so(facts, one)]
        if not_owed and len(not_owed) == len(weighed):
            return copied(facts, not_owed) or _not_owed(facts, not_owed, now, state, text)
    actions: list[Action] = []
    for question in dict.fromkeys(own[0].question_id for _, own in pieces):
        said = [one for one in pieces if one[1][0].question_id == question]
        actions += _said_of(facts, facts.questions[question], said, now)
        actions += [KeepDocument(question, facts.sender_unit, one.document) for one, _ in said if one.document]
    about = tuple(assignment for _, assignments in pieces for assignment in assignments)
    return (*actions, *said_again(facts, about), _finish(facts, about, (one.verb for one, _ in pieces)))


def is_marked_reply(facts: MailFacts) -> bool:
    """True for a unit's mail that its header alone calls a machine's or a list's, and that does more than report a
    receipt."""
    if not facts.sender_unit or not is_marked(facts):
        return False
    matched, possible = matched_assignments(facts)
    reply = facts.understanding.reply
    if reply is None or not (matched or possible):
        return False
    verb = weigh_up(facts, reply, list(matched)).reply.verb if matched else reply.verb
    files = any(not file.inline for file in facts.mail.attachments)
    return verb is not Verb.RECEIVED and (verb not in UNCLEAR or files)


def decide_marked_reply(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer decides on what a unit's document system sends; the machine is not answered (RFC 3834 §2)."""
    if refused := refused_because(facts):
        return hold(facts, now, f"{refused}; {MARKED}")
    matched, possible = matched_assignments(facts)
    reply = facts.understanding.reply
    if reply is None or not matched:
        return unanswered(which_question(facts, now, possible))
    found, question = weigh_up(facts, reply, list(matched)), facts.questions[matched[0].question_id]
    after = (f"câu hỏi {question.code} {AFTER}",) if _is_answered(facts, found) else ()
    why = f"{NOT_SENT}, vì {'; '.join((MARKED, *after, *found.evidence.vetoes))}"
    acts = acts_on(facts, question, [question.code], why, found.evidence)
    return hold_unit_mail(traced(facts, [found.evidence.trace]), now, why, question, facts.sender_unit, acts)


def _is_answered(facts: MailFacts, piece: Weighed) -> bool:
    """Whether the unit has answered, or another has whose answer came instead."""
    over = {AssignmentStatus.ANSWERED}
    if facts.questions[piece.assignments[0].question_id].status in GIVEN:
        over |= {AssignmentStatus.REPLACED} if piece.reply.verb in REFUSING else NOT_ITS_OWN
    return not any(assignment.is_open for assignment in piece.assignments) and piece.assignments[0].status in over


def _is_unplaced(facts: MailFacts, piece: Weighed) -> bool:
    """Whether the unit writes, after it refused the question or lost it, while no other has it."""
    question = facts.questions[piece.assignments[0].question_id]
    own = [assignment for assignment in question.assignments if speaks_for(facts, assignment.unit)]
    owed = any(assignment.is_open for assignment in own)
    return piece.reply.verb not in REFUSING and not owed and without_unit(question, own) != []


def _is_crossed(facts: MailFacts, piece: Weighed) -> bool:
    """Whether a unit may answer what has gone to another one since."""
    question = facts.questions[piece.assignments[0].question_id]
    return piece.reply.verb in {Verb.ANSWER, *UNCLEAR} and bool(crossed(question, _own(facts, question)))


NOT_OWED = (("after", AFTER, _is_answered), ("unplaced", UNPLACED, _is_unplaced), ("crossed", CROSSED, _is_crossed))
"""What a unit hears, and officers read, of a mail on a question that it does not owe, and when."""


def _meant(facts: MailFacts, matched: tuple[AssignmentFacts, ...]) -> tuple[AssignmentFacts, ...]:
    """What an act is about: every question whose number is said, though the unit owes another; else the first."""
    return (matched_assignments(facts, over_too=True)[0] if facts.by_number else ()) or matched[:1]


def _second_word(facts: MailFacts, matched: tuple[AssignmentFacts, ...], now: datetime) -> tuple[Action, ...] | None:
    """An act on the unit's own answers: said explicitly, or because one that waits must not leave by the mail."""
    act = unit_act(facts.understanding.text.own, facts.board.source)
    about = [facts.questions[each] for each in dict.fromkeys(one.question_id for one in _meant(facts, matched))]
    spoken = [
        Spoken(facts, act or UnitAct(Asked.RECALL, ""), question, _own(facts, question), now) for question in about
    ]
    if act is not None:
        return _recalled(spoken) if act.asked is Asked.RECALL else second_word(spoken[0])
    spoken = [one for one in spoken if waiting_answers(facts, one.question, one.ids)]
    reply = facts.understanding.reply
    if reply is None or not spoken or not weigh_up(facts, reply, list(matched)).evidence.stops:
        return None
    return _recalled(spoken)


def _named_to_recall(facts: MailFacts) -> tuple[AssignmentFacts, ...]:
    """What "Thu hồi HP-…" names in whatever thread: its number is the act's own. In other words ("Khoan gửi câu
    HP-…, sếp chưa ký") they mean the answers that wait."""
    named = matched_assignments(facts, over_too=True)[0] if facts.by_number else ()
    act, reply = unit_act(facts.understanding.text.own, facts.board.source), facts.understanding.reply
    if act is not None and act.asked is Asked.RECALL:
        return named
    about = [(assignment, facts.questions[assignment.question_id]) for assignment in named]
    waits = [one for one, its in about if waiting_answers(facts, its, [each.id for each in _own(facts, its)])]
    stops = act is None and reply is not None and waits and weigh_up(facts, reply, waits).evidence.stops
    return tuple(waits) if stops else ()


def _own(facts: MailFacts, question: QuestionFacts) -> list[AssignmentFacts]:
    return [assignment for assignment in question.assignments if speaks_for(facts, assignment.unit)]


def _recalled(spoken: list[Spoken]) -> tuple[Action, ...]:
    """Each of the answers that the mail names is taken back; a held mail is taken back once."""
    actions: tuple[Action, ...] = ()
    for one in spoken:
        held = None if any(isinstance(action, Settle) for action in actions) else one.facts.held
        actions += recall(replace(one, facts=replace(one.facts, held=held)))
    return actions


def _of_several(facts: MailFacts, matched: tuple[AssignmentFacts, ...], now: datetime) -> tuple[Action, ...]:
    """One text to correct, to add or to ask, and several questions: an officer says whose it is; else ()."""
    act, first = unit_act(facts.understanding.text.own, facts.board.source), _meant(facts, matched)
    if act is None or act.asked is Asked.RECALL or len(first) < 2:
        return ()
    about = [(facts.questions[assignment.question_id], assignment) for assignment in first]
    why = f"{NOT_SENT}, vì chưa rõ nội dung là của câu hỏi nào ({', '.join(one.code for one, _ in about)})"
    state = {question.code: f"{why}; {AFTER}" if question.status in GIVEN else why for question, _ in about}
    acts = [each for code, so in state.items() for each in unit_mail_acts(code, so)]
    said: dict[str, object] = {"reason": reason_alone(why), "again": "gửi riêng từng câu hỏi"}
    actions = [action for one, own in about for action in tell_unit(facts, one, own, "held", [RECALL], **said)]
    return (*actions, *hold_unit_mail(facts, now, why, about[0][0], about[0][1].unit, acts))


def _stopped_in_thread(facts: MailFacts, unclear: Weighed, now: datetime) -> tuple[Action, ...]:
    """ "Thư trước nhầm câu, đây là câu HP-…": what still waits in the thread of that mail does not leave."""
    if not unclear.evidence.taken_back:
        return ()
    strong, named = by_thread(facts), {assignment.question_id for assignment in unclear.assignments}
    for question in facts.questions.values():
        own = [one for one in question.assignments if one.id in strong and speaks_for(facts, one.unit)]
        if question.id not in named and waiting_answers(facts, question, [assignment.id for assignment in own]):
            return recall(Spoken(facts, UnitAct(Asked.RECALL, ""), question, own, now))
    return ()


def _held(facts: MailFacts, unclear: Weighed, weighed: list[Weighed], now: datetime) -> tuple[Action, ...]:
    """Let an officer decide on each question that the mail answers; tell the unit, and how to send what is unread."""
    first = unclear.assignments[0]
    question, why = facts.questions[first.question_id], why_unclear(unclear)
    unread = UNREAD.get(unread_reason(why), "")
    sends = KEPT not in unclear.evidence.vetoes and isinstance(as_answer(facts, question), Reply)
    again = unread or (WHOLE if VETOES["rest"] in unclear.evidence.vetoes else "" if sends else OPENLY)
    offered = [RECALL, ASK] if again or DIVIDED in unclear.evidence.vetoes else [CONFIRM, RECALL, ASK]
    echo = tell_unit(facts, question, first, "held", offered, reason=reason_alone(why), again=again)
    text = f"{why}; {LOOK}" if unread else why
    codes = dict.fromkeys([question.code, *(facts.questions[one.assignments[0].question_id].code for one in weighed)])
    acts = acts_on(facts, question, codes, text, unclear.evidence)
    others = ", ".join(one for one in codes if one != question.code)
    text = f"{text}; phần trả lời {others} trong thư này cũng chưa gửi" if others else text
    return (*echo, *hold_unit_mail(facts, now, text, question, first.unit, acts))


def _said_of(facts: MailFacts, question: QuestionFacts, pieces: list[Piece], now: datetime) -> tuple[Action, ...]:
    """What follows from all that one mail says of a question ("Câu 1: …", "Câu 2: …"): first of what it refuses, so
    that its answers say who has the rest."""
    owed = [one for one in pieces if any(assignment.is_open for assignment in one[1])]
    refused = [one for one in owed if one[0].verb in REFUSING]
    given = [one for one in owed if one[0].verb is Verb.ANSWER]
    actions = refusal(facts, refused, question, now)
    after = question
    for action in actions:
        after = question_after(after, action, facts.received_at)
    if given:
        actions = (*actions, *answer_given(facts, given, after, now))
    helpers = [one for one in (*refused, *given) if not leads(one[1])]
    heard = (act for reply, own in helpers for act in helper_heard(facts, reply, question, own[0]))
    rest = (one for one in pieces if one not in refused and one not in given)
    return (*actions, *heard, *(act for reply, own in rest for act in _act(facts, reply, question, own, now)))


def _act(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts], now: datetime
) -> tuple[Action, ...]:
    if not any(assignment.is_open for assignment in assignments):
        return _supplement(facts, reply, question, assignments[0])
    match reply.verb:
        case Verb.EXTENSION:
            return extension(facts, reply, question, assignments)
        case Verb.ASKS_CITY:
            return asks_city(facts, question, assignments, now)
        case _:
            return receipt(facts, reply, question, assignments, now)


def _supplement(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignment: AssignmentFacts
) -> tuple[Action, ...]:
    """A further letter on a question that the unit does not owe any more: who reads it reads how that stands."""
    code, board, own = question.code, facts.board, facts.understanding.text.own[:1500]
    state, kind, commands = without_debt(facts, question)
    refuses = reply.verb in REFUSING
    kind = "noted_refusal" if kind == "unplaced" and refuses else kind
    told: tuple[Action, ...] = ()
    if kind == "moved_on" or not (reply.verb is Verb.RECEIVED or (kind == "after" and refuses)):
        other = next((unit_name(board, one) for one in open_units(question.assignments)), "")
        told = tell_unit(facts, question, assignment, kind, other_unit=other)
    values = {
        "what": f"Đơn vị gửi thêm thư về câu hỏi {code} {state}",
        "details": [f"Đơn vị: {unit_name(board, assignment.unit)}", f"Thư số {facts.raw_mail} trong hộp thư", own],
        "commands": commands,
    }
    note = Note("supplement", f"Đơn vị gửi thêm thư về câu hỏi {state}", "10.1.d", question.id)
    key = f"more:{facts.raw_mail}:{question.id}"
    return (note, *told, *to_people("officer_alert", board.officers, "10.1.d", values, key=key, question=question.id))


def _not_owed(facts: MailFacts, pieces: list[Weighed], now: datetime, state: str, kind: str) -> tuple[Action, ...]:
    """Hold what a unit writes on a question that it does not owe: an officer decides what becomes of it. After its
    answer the unit may say itself that it corrects or adds; while that waits, unit and officers may take it back."""
    ways = [{"label": one, "text": f"{one}: "} for one in ("Gửi bổ sung", "Đính chính") if state == AFTER]
    about = [(facts.questions[one.assignments[0].question_id], one.assignments[0]) for one in pieces]
    erred = state == AFTER and any(one.evidence.slips or one.evidence.taken_back for one in pieces)
    state = f"{state}; {ERRED}" if erred else state
    why = f"{NOT_SENT}, vì câu hỏi {', '.join(one.code for one, _ in about)} {state}"
    actions, at_once = list[Action](), list[dict[str, str]]()
    acts = [act for one, own in about for act in unit_mail_acts(one.code, why, own.unit)]
    for one, assignment in about:
        adds = leads(_own(facts, one)) and one.status is not QuestionStatus.CLOSED  # of that an officer decides
        waits = bool(waiting_answers(facts, one, [each.id for each in one.assignments]))
        stands = {"waits": waits, "session_code": kept_for(facts, one) if waits else "", "supports": not adds}
        actions += tell_unit(facts, one, assignment, kind, [TAKE_BACK] * waits + ways * adds, erred=erred, **stands)
        at_once += [{**TAKE_BACK, "text": f"{one.code} thu hồi"}] * waits
    return (*actions, *hold_unit_mail(facts, now, why, about[0][0], about[0][1].unit, acts, at_once))


def _finish(facts: MailFacts, matched: tuple[AssignmentFacts, ...], verbs: Iterable[Verb]) -> Finish:
    """The mail's fate, as what it was taken for."""
    codes = ", ".join(dict.fromkeys(facts.questions[assignment.question_id].code for assignment in matched))
    why = f"Thư của đơn vị ({', '.join(dict.fromkeys(SAID[one] for one in verbs))}) về {codes}"
    about, trace = matched[0].question_id, facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about, trace)
