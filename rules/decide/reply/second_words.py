"""A unit's commands about its own answer or its question: ``Thu hồi``, ``Đính chính``, ``Gửi bổ sung``.

What a unit asks of the city goes to the office (15.3), and the office's word back to the unit.
``Hỏi người gửi`` is passed on; ``Trả lời`` is about a mail of the unit that was not read as an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.decide.base.actions import Action, Finish, Note, Send, Settle
from rules.decide.base.command_result import NO_QUESTION, is_of_unit, unread_reason
from rules.decide.base.fact_parts import BOARDS_OWN, WaitingAnswer
from rules.decide.base.facts import AssignmentFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs, open_again
from rules.decide.base.manual_work import hold_unit_mail
from rules.decide.base.notices import notify_unit, of_words, to_citizen, to_people, unit_name
from rules.decide.base.publication import ADDING, answered_in, taken_back, waiting_answers
from rules.decide.intake.registering import who_owes
from rules.decide.reply.answers import (
    CORRECTION,
    SUPPLEMENT,
    added,
    answer_given,
    as_answer,
    delayed,
    kept_for,
    leads,
)
from rules.decide.reply.asker_part import of_mail, told_of_others
from rules.decide.reply.weighing import Weighed, names_board, weigh_up
from rules.decide.reply.without_answer import noted
from rules.law.working_days import short_date
from rules.message.attachment_policy import sent_files
from rules.reply.about_question import DIVIDED
from rules.reply.details import Asked, UnitAct
from rules.reply.evidence import KEPT, VETOES
from rules.reply.sentences import corrects_part
from rules.values.model import Fate, Kind, Reply, Verb
from rules.values.states import AssignmentStatus, Folder, MailStatus, QuestionStatus

RELAYED = "citizen_asked"
"""The notice that carries a unit's question to the requester."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A unit's act, the question it is about, and the unit's assignments of it, the newest round last."""

    facts: MailFacts
    act: UnitAct
    question: QuestionFacts
    own: Sequence[AssignmentFacts]
    now: datetime

    @property
    def ids(self) -> tuple[int, ...]:
        """The assignments' ids."""
        return tuple(assignment.id for assignment in self.own)

    @property
    def last(self) -> AssignmentFacts:
        """The assignment to use for mails to the unit."""
        return self.own[-1]


def second_word(spoken: Spoken) -> tuple[Action, ...] | None:
    """The actions that follow; None when the act does not fit and the mail is treated as any other."""
    match spoken.act.asked:
        case Asked.RECALL:
            return recall(spoken)
        case Asked.CORRECTION:
            return _corrected(spoken)
        case Asked.SUPPLEMENT:
            return _supplemented(spoken)
        case Asked.RELAY:
            return _relayed(spoken)
        case _:
            return _confirmed(spoken)


def recall(spoken: Spoken) -> tuple[Action, ...]:
    """ "Thu hồi": waiting answers are never sent; for sent ones, the unit is told how to correct them."""
    facts, question = spoken.facts, spoken.question
    if waiting_answers(facts, question, spoken.ids):
        return _recalled(spoken)
    held = _own_held(facts)
    if held is not None:
        return _dropped(spoken, [held.id])
    if any(assignment.status is AssignmentStatus.ANSWERED and leads([assignment]) for assignment in spoken.own):
        ways = [{"label": one, "text": f"{one}: "} for one in ("Đính chính", "Gửi bổ sung")]
        alert = _alert(spoken, "muốn thu hồi câu trả lời đã gửi đến người hỏi của câu hỏi")
        return (*alert, *notify_unit(facts, question, spoken.last, "left", ways))
    if letters := _letters_held(spoken):
        actions = _alert(spoken, "thu hồi thư đang chờ cán bộ xem xét, câu hỏi")
        return (*_dropped(spoken, letters), *actions)
    return (
        _noted(spoken, "Đơn vị muốn thu hồi, không có gì để thu hồi"),
        *notify_unit(facts, question, spoken.last, "nothing"),
    )


def _dropped(spoken: Spoken, letters: Sequence[int]) -> tuple[Action, ...]:
    """The unit's own mails that wait for an officer are not used any more."""
    owes = any(assignment.is_open for assignment in spoken.own)
    settled = (_settled(one, spoken.question, "Đơn vị thu hồi thư") for one in letters)
    return (*settled, *notify_unit(spoken.facts, spoken.question, spoken.last, "dropped", owes=owes))


def _letters_held(spoken: Spoken) -> list[int]:
    """The unit's own mails on the question that wait for an officer."""
    board, units = spoken.facts.board, {assignment.unit for assignment in spoken.own}
    letters = [one for one in spoken.facts.letters.get(spoken.question.id, ()) if one.waits]
    return [one.mail for one in letters if any(is_of_unit(board, each, one.sender) for each in units)]


def _recalled(spoken: Spoken, kind: str = "recalled") -> tuple[Action, ...]:
    """What waits is never sent: the answer with what was added to it, or, behind a sent one, what was added alone."""
    facts, question = spoken.facts, spoken.question
    waiting = waiting_answers(facts, question, spoken.ids)
    what, kind = ("câu trả lời", kind) if answered_in(waiting) else (ADDED, "unsaid")
    did = f"{'đính chính một phần' if kind == 'part' else 'thu hồi'} {what} trước khi gửi"
    named = (one for one in facts.questions.values() if one.id in facts.by_number and one.id != question.id)
    others = [one.code for one in named if any(each.is_open for each in one.assignments)]  # "gửi nhầm, là của HP-…"
    return (
        *taken_back(facts, question, waiting, spoken.now, f"Đơn vị {did}"),
        *_alert(spoken, f"{did} đến người hỏi (đã dừng gửi), câu hỏi", waiting),
        *notify_unit(facts, question, spoken.last, kind, not_moved=others),
    )


ADDED = "nội dung đính chính, bổ sung"


def _given(spoken: Spoken) -> list[AssignmentFacts]:
    """What the unit itself has answered as a lead, of a question that is not closed; [] while it owes an item too."""
    owes = any(assignment.status is AssignmentStatus.FORWARDED and leads([assignment]) for assignment in spoken.own)
    if owes or spoken.question.status is QuestionStatus.CLOSED:
        return []
    return [one for one in spoken.own if one.role == "lead" and one.status is AssignmentStatus.ANSWERED]


def _corrected(spoken: Spoken) -> tuple[Action, ...] | None:
    """ "Đính chính: …": replaces an answer that waits (a part of one stops it); later it goes out as a correction."""
    facts, question = spoken.facts, spoken.question
    given = _given(spoken)
    if not given or not _may_leave(spoken):
        return None
    waiting = waiting_answers(facts, question, spoken.ids)
    reply = _worded(facts, spoken.act.text)
    if ids := answered_in(waiting):
        before = [answer for answer in question.answers if answer.assignment in ids and not sent_files(facts.mail)]
        if any(answer.files or corrects_part(reply.text, answer.text, facts.board.source) for answer in before):
            return _recalled(spoken, "part")
        fresh, more = open_again(question, ids), any(answer.adds for answer in waiting)
        owed = [assignment for assignment in fresh.assignments if assignment.id in ids]
        return (
            *taken_back(facts, question, waiting, spoken.now, "Đơn vị đính chính trước khi gửi", helped=False),
            *answer_given(facts, [(reply, owed)], fresh, spoken.now),
            *notify_unit(facts, question, spoken.last, "replaced", more=more),
        )
    return (
        *added(facts, reply, question, given[-1], spoken.now, CORRECTION),
        *notify_unit(facts, question, spoken.last, "corrected"),
    )


def _supplemented(spoken: Spoken) -> tuple[Action, ...] | None:
    facts, question = spoken.facts, spoken.question
    given = _given(spoken)
    if not given or not _may_leave(spoken):
        return None
    reply, kept = _worded(facts, spoken.act.text), kept_for(facts, question)
    return (
        *added(facts, reply, question, given[-1], spoken.now, SUPPLEMENT),
        *notify_unit(facts, question, spoken.last, "supplemented", session_code=kept),
    )


def added_by_board(facts: MailFacts, question: QuestionFacts, text: str, now: datetime) -> Send:
    """What officers add to an answer; it waits as an answer does."""
    values: dict[str, object] = {"kind": SUPPLEMENT, "unit_name": "Ban Biên tập", "text": text, "files": []}
    values["answered_at"] = question.answered_at
    key = f"{of_words(facts.raw_mail, text)}:{BOARDS_OWN}"
    send = to_citizen(ADDING, question, "10.1.d", values, key=key)
    return delayed(facts, send, now)


def _relayed(spoken: Spoken) -> tuple[Action, ...] | None:
    """ "Hỏi người gửi: …": asks the requester; the question stays open and no clock stops."""
    facts, question = spoken.facts, spoken.question
    if not spoken.act.text or not any(assignment.is_open for assignment in spoken.own) or not question.email:
        return None
    if names_board(facts, spoken.act.text) or told_of_others(facts, question, spoken.act.text):
        return None  # "…? BBT lưu ý ông này hay kiện." is not for him, nor is another asker's telephone
    return (
        *relayed(facts, question, spoken.last, spoken.act.text),
        *notify_unit(facts, question, spoken.last, "asked"),
    )


def relayed(
    facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, text: str, *, informs: bool = False
) -> tuple[Action, ...]:
    """A unit's words to the requester that are no answer; with ``informs`` they ask nothing either."""
    unit = unit_name(facts.board, assignment.unit)
    values = {"unit_name": unit, "text": text, "due": assignment.due, "informs": informs}
    done = "báo người gửi" if informs else "hỏi người gửi"
    note = Note("asked", f"Đơn vị {assignment.unit} {done}", "10.1.c", question.id)
    return (to_citizen(RELAYED, question, "10.1.c", values, key=of_words(facts.raw_mail, text)), note)


def _confirmed(spoken: Spoken) -> tuple[Action, ...] | None:
    """ "Trả lời": the unit's held mail, or the one read as a receipt, is an answer after all."""
    facts, held = spoken.facts, spoken.facts.held
    owed = [assignment for assignment in spoken.own if assignment.is_open]
    if held is None or not any(is_of_unit(facts.board, one.unit, held.mail.sender.email) for one in owed):
        return None  # what another unit wrote is passed on to the lead, which answers in its own words
    meant = of_mail(facts, held)
    reply = as_answer(meant, spoken.question)
    if not isinstance(reply, Reply) or held.understanding.reply is None or unread_reason(held.reason):
        return None
    piece = weigh_up(meant, reply, owed)
    if not {KEPT, DIVIDED, VETOES["rest"]}.isdisjoint(piece.evidence.vetoes):
        return None
    return confirmed(facts, meant, spoken.question, owed, piece, spoken.now)


def confirmed(
    facts: MailFacts,
    meant: MailFacts,
    question: QuestionFacts,
    owed: list[AssignmentFacts],
    piece: Weighed,
    now: datetime,
) -> tuple[Action, ...]:
    """Send an earlier mail as the answer, because a person says it is one; it waits as any answer does."""
    reply = replace(piece.reply, verb=Verb.ANSWER)
    minutes = round(facts.board.answer_delay.total_seconds() / 60)
    held = meant.held
    settle = (_settled(held.id, question, "Xác nhận là câu trả lời"),) if held and held.status == "held" else ()
    kind, kept = "confirmed" if leads(owed) else "kept", kept_for(facts, question)
    actions = notify_unit(facts, question, owed[0], kind, minutes=minutes, session_code=kept)
    return (*answer_given(meant, [(reply, owed)], question, now), *settle, *actions)


def _own_held(facts: MailFacts) -> HeldMailFacts | None:
    return facts.held if facts.held is not None and facts.held.status == "held" else None


def _settled(mail: int, question: QuestionFacts, why: str) -> Settle:
    return Settle(mail, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, question.id)


def _may_leave(spoken: Spoken) -> bool:
    """A correction needs words or a file, and no veto except that it corrects."""
    reply = _worded(spoken.facts, spoken.act.text)
    evidence = weigh_up(spoken.facts, reply, [spoken.last]).evidence
    return bool(spoken.act.text or sent_files(spoken.facts.mail)) and not evidence.vetoes


def _worded(facts: MailFacts, text: str) -> Reply:
    """The mail's reply with the text after the act."""
    reply = facts.understanding.reply or Reply(Verb.ANSWER)
    return replace(reply, verb=Verb.ANSWER, text=text, parts=())


def _noted(spoken: Spoken, why: str) -> Note:
    return Note("unit_act", why, "10.1.d", spoken.question.id)


def _alert(spoken: Spoken, did: str, back: Sequence[WaitingAnswer] = ()) -> tuple[Action, ...]:
    facts, code = spoken.facts, spoken.question.code
    what = f"{unit_name(facts.board, spoken.last.unit)} {did} {code}"
    owes, acts = who_owes(facts.board, spoken.question, back)
    values = {"what": what, "details": [*owes, facts.understanding.text.own[:1500]], "commands": acts}
    key = f"recall:{facts.raw_mail}:{spoken.question.id}"
    return to_people("officer_alert", facts.board.officers, "10.1.d", values, key=key, question=spoken.question.id)


def asks_city(
    facts: MailFacts, question: QuestionFacts, assignments: list[AssignmentFacts], now: datetime
) -> tuple[Action, ...]:
    """Clause 15.3: the unit reports to the city and informs the Board; the clock goes on."""
    why = "Đơn vị báo xin ý kiến UBND thành phố"
    actions = noted(assignments, {"asks_city_at": now}, "asks_city", "15.3", why)
    values = {
        "what": f"{unit_name(facts.board, assignments[0].unit)} xin ý kiến UBND thành phố về câu hỏi {question.code}",
        "details": [
            "Thời hạn trả lời vẫn tính tiếp.",
            f"Hạn trả lời: {short_date(assignments[0].due.on)}",
            *(["Đã chuyển nội dung xin ý kiến đến Văn phòng."] if facts.board.office else []),
            *_asked_lines(facts),
        ],
        "commands": [],
    }
    key = f"city:{facts.raw_mail}:{question.id}"
    alert = to_people("officer_alert", facts.board.officers, "15.3", values, key=key, question=question.id)
    office = [facts.board.office] if facts.board.office else []
    passed = {
        "unit_name": unit_name(facts.board, assignments[0].unit),
        "due": assignments[0].due,
        "text": "\n".join(_asked_lines(facts)),
    }
    sends = to_people("office_asked", office, "15.3", passed, key=key, question=question.id)
    return (*actions, *alert, *(replace(notice, assignment=assignments[0].id) for notice in sends))


ASKED_OF_CITY = "office_asked"


def is_word_of_the_city(facts: MailFacts) -> bool:
    """True for the office's reply to a mail in which a unit asks the city (15.3)."""
    office = facts.board.office
    asked = office is not None and facts.mail.sender.email.lower() == office.email.lower()
    sent = facts.threads[0] if facts.threads else None
    return asked and sent is not None and sent.name == ASKED_OF_CITY and sent.question_id in facts.questions


def decide_word_of_the_city(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Pass the city's word on to the unit that asked for it; the question is as it was, and so is its due day."""
    sent = facts.threads[0]
    question = facts.questions[sent.question_id or 0]
    said = f"Văn phòng trả lời việc đơn vị xin ý kiến về câu hỏi {question.code}"
    assignments = (one for one in question.assignments if one.id == sent.assignment_id and one.is_open)
    owed = next((assignment for assignment in assignments if assignment.unit in facts.board.contacts), None)
    text = facts.understanding.text.own.strip()
    if facts.unproven or len(facts.mail.senders) != 1 or owed is None or not text:
        acts = [{"label": "Nhắc đơn vị, ghi ý kiến", "text": f"{question.code} nhắc đơn vị: "}, NO_QUESTION]
        why = f"{said}: {facts.unproven or 'chưa chuyển được đến đơn vị, xin cán bộ báo đơn vị'}"
        return hold_unit_mail(facts, now, why, None, "", acts)
    files = attachment_refs(facts.mail, facts.raw_mail)
    told = notify_unit(facts, question, owed, "city", text=text, file_count=len(files))
    passed = tuple(
        replace(one, notice=replace(one.notice, attachments=files)) if isinstance(one, Send) else one for one in told
    )
    values = {"what": f"{said}; đã chuyển đến {unit_name(facts.board, owed.unit)}", "details": [text[:1500]]}
    key, people = f"city-said:{facts.raw_mail}", facts.board.officers
    alert = to_people("officer_alert", people, "15.3", {**values, "commands": []}, key=key, question=question.id)
    note = Note("city_said", said, "15.3", question.id)
    trace = facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, said, question.id, trace)
    return (*passed, *alert, note, finish)


def _asked_lines(facts: MailFacts) -> list[str]:
    """The unit's question to the city, in its own words."""
    return [line for line in facts.understanding.text.own[:1500].splitlines() if line.strip()]
