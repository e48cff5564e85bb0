"""An answer has arrived: store it and tell the citizen at once (10.1.d, 10.1.i); or take it back.

An answer that still waits is taken back; one already sent is corrected or supplemented, and all recipients are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rules.decide.base.actions import Action, RecordAnswer, Send, SetAssignment, SetQuestion
from rules.decide.base.command_result import answer_kept_acts
from rules.decide.base.fact_parts import ADDED, CORRECTED, NOT_WAITED, UNIT_ANSWERED, PublishingFacts, answered_key
from rules.decide.base.facts import AssignmentFacts, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs, keeps_answer_back, refused_leads, session_of, taken_from
from rules.decide.base.manual_work import signature_words
from rules.decide.base.notices import by_mail, to_citizen, to_people, unit_name, units_lose
from rules.decide.base.publication import ADDING, TIED, UNPOSTED, off_portal, others_hear, taken_off, to_publish
from rules.decide.reply.asker_part import Piece, for_asker, joined, shared_files
from rules.decide.reply.weighing import points_below, says_nothing, weigh_up
from rules.law.session_rules import SessionFacts
from rules.message.attachment_policy import empty_files, is_wrapping, sent_files
from rules.reply.details import with_subject
from rules.reply.evidence import SPOKEN_OF
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import own_words
from rules.reply.shown import as_sent
from rules.reply.unit_names import unit_names as units_named
from rules.text import squash, strip_marks
from rules.values.model import AttachmentRef, Reply, Verb
from rules.values.states import AssignmentStatus, QuestionStatus

CLAUSE = "10.1.d"
ANSWERED_AND_TOLD = "Đã trả lời"
ANSWERED_ONLY = "Đơn vị đã trả lời; chờ cán bộ báo người hỏi"  # the outcome (8.2) where the asker has no mail address


def answer_given(
    facts: MailFacts, pieces: Sequence[Piece], question: QuestionFacts, now: datetime
) -> tuple[Action, ...]:
    """Record the answers, one for each piece of the mail, which are sent in one letter; the question is answered when
    no lead unit owes an answer any more, and no item waits for a unit because its own has refused it."""
    assignments, reply = [one for _, own in pieces for one in own], joined(pieces)
    done = {one.id for one in assignments}
    left = [one for one in unanswered(question) if one.id not in done]
    session = session_of(facts, question)
    actions: list[Action] = []
    for said, own in pieces:
        for assignment in own:
            actions += _recorded(facts, said, question, assignment)
        if not leads(own):
            files = files_for(facts, said, question)
            actions += leads_hear(facts, question, own[0], "helped", text=said.text, files=files)
    if not left:
        actions += _answered(question, done, facts.received_at)
        waiting = [one for one in question.assignments if one.is_open and one.id not in done]
        actions += units_lose(facts, question, waiting, "lead_answered", unit_name(facts.board, assignments[0].unit))
        actions += _half_told(facts, reply, question, waiting)
    if leads(assignments):
        if not keeps_answer_back(session, question):
            actions.append(_tell(facts, [one for one in pieces if leads(one[1])], question, left, now))
            actions += () if left else _tied_hear(facts, question, now)
        elif not left and session is not None and session.has_begun(now) and not session.is_running(now):
            actions += _kept_after_session(facts, reply, question, session)
    if not left and question.session_mark == "i" and UNPOSTED not in question.notes:
        given = tuple((one.unit, said.text) for said, own in pieces for one in own if leads([one]))
        actions += to_publish(facts.board, question, now, given)
    return tuple(actions)


def _tied_hear(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """Tell the officers, when the answer has left, which open questions they tied to this one (9.1)."""
    codes, board = ", ".join(facts.tied.get(question.id, ())), facts.board
    act = {"label": "Gửi câu trả lời ấy cho người hỏi", "text": f"{codes} trùng với {question.code}"}
    what = f"Câu hỏi {question.code} có câu trả lời ngày {board.law.today(now):%d/%m/%Y}; đã nối, còn chờ: {codes}"
    values, key = {"what": what, "details": [], "commands": [act]}, f"{TIED}{facts.raw_mail}:{question.id}"
    people, at = board.officers if codes else (), now + board.answer_delay + timedelta(minutes=5)
    sends = to_people("officer_alert", people, "9.1", values, key=key, question=question.id)
    return tuple(replace(notice, notice=replace(notice.notice, not_before=at)) for notice in sends)


def leads_hear(
    facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts, kind: str, **said: object
) -> tuple[Action, ...]:
    """What a supporting unit writes goes to the lead of its item, which answers for both (10.1.c)."""
    owing = [each for each in question.open_leads if each.item == assignment.item] or question.open_leads
    return units_lose(facts, question, owing, kind, unit_name(facts.board, assignment.unit), **said)


def leads(own: Iterable[AssignmentFacts]) -> bool:
    """Whether one of a unit's assignments leads: what only supports is recorded, not sent to the asker (10.1.c)."""
    return any(assignment.role == "lead" for assignment in own)


def unanswered(question: QuestionFacts) -> tuple[AssignmentFacts, ...]:
    """The items that wait for a lead unit's answer, or, refused by their own unit, for an officer to find another."""
    refused = refused_leads(question) if question.status is QuestionStatus.NEEDS_REVIEW else ()
    return (*question.open_leads, *refused)


def remaining(board: BoardFacts, left: Iterable[AssignmentFacts]) -> list[dict[str, object]]:
    """What is still to be answered, for the asker: each item's number, and the unit that has it ("" for none)."""
    return [{"number": one.item, "unit_name": unit_name(board, one.unit) if one.is_open else ""} for one in left]


def kept_for(facts: MailFacts, question: QuestionFacts) -> str:
    """The number of the session for which an answer that comes now is kept; "" where it goes to the requester."""
    session = session_of(facts, question)
    return session.code if session is not None and keeps_answer_back(session, question) else ""


def _kept_after_session(
    facts: MailFacts, reply: Reply, question: QuestionFacts, session: SessionFacts
) -> tuple[Action, ...]:
    """The session is over and its outcome for the question unrecorded: officers hear at once that the answer waits
    for it (10.1.g–k)."""
    code, unit = question.code, unit_name(facts.board, facts.sender_unit)
    values = {
        "what": f"{unit} đã trả lời câu hỏi {code} sau phiên {session.code}; câu trả lời chưa gửi cho người hỏi",
        "details": [
            f"Câu hỏi chưa có kết quả tại phiên {session.code}; ghi kết quả thì câu trả lời được gửi",
            f"Câu hỏi: {question.content[:700]}",
            f"Trả lời: {reply.text[:700]}",
        ],
        "commands": answer_kept_acts(code),
    }
    key = f"kept:{facts.raw_mail}:{question.id}"
    return to_people("officer_alert", facts.board.officers, "10.1.i", values, key=key, question=question.id)


LEAST_OFFERED = 0.05
"""The least share of an answer with which an officer is offered to send what is read as something else."""


def answers_too(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignments: list[AssignmentFacts], sure: float = 1.0
) -> list[dict[str, str]]:
    """The officer's link for a mail that is read as no answer but speaks of the matter as one may; else none.

    With the share ``sure`` for what it is read as, it mentions the matter only for that ("vì đo đạc chưa xong").
    """
    evidence = weigh_up(facts, reply, assignments).evidence
    spoken_of = SPOKEN_OF in evidence.signs and evidence.likely.get(reply.verb, 0.0) < sure
    may = evidence.opened or spoken_of or evidence.likely.get(Verb.ANSWER, 0.0) >= LEAST_OFFERED
    return [{"label": "Là câu trả lời, gửi người hỏi", "text": f"{question.code} là câu trả lời"}] if may else []


def _half_told(
    facts: MailFacts, reply: Reply, question: QuestionFacts, waiting: list[AssignmentFacts]
) -> tuple[Action, ...]:
    """Ask the officers, before the answer leaves, whether it is enough: a unit that the asker names says nothing."""
    names = units_named(facts.board.units, facts.board.source)
    mentions = names.find(squash(question.content), bare=question.content.isascii())
    asked = {code for mention in mentions for code in mention.codes}
    left = [unit_name(facts.board, assignment.unit) for assignment in waiting if assignment.unit in asked]
    if not left:
        return ()
    code, names_left = question.code, ", ".join(left)
    what = (
        f"Câu hỏi {code} đã có câu trả lời của đơn vị chủ trì; {names_left} được người hỏi nêu tên nhưng chưa trả lời"
    )
    values = {
        "what": f"{what}. Nếu câu trả lời chưa đủ, xin thu hồi trước khi thư đi, hoặc mở lại câu hỏi",
        "details": [f"Câu hỏi: {question.content[:700]}", f"Trả lời: {reply.text[:700]}"],
        "commands": [
            {"label": "Thu hồi câu trả lời", "text": f"{code} thu hồi"},
            {"label": "Mở lại câu hỏi", "text": f"{code} mở lại"},
        ],
    }
    key = f"half:{facts.raw_mail}:{question.id}"
    return to_people("officer_alert", facts.board.officers, CLAUSE, values, key=key, question=question.id)


def _record(facts: MailFacts, reply: Reply, question: QuestionFacts, assignment: AssignmentFacts) -> RecordAnswer:
    """The unit's statement in the form the register stores."""
    return RecordAnswer(
        question=question.id,
        assignment=assignment.id,
        unit=assignment.unit,
        text=as_sent(reply.text, facts.board.source),
        document=reply.document,
        signer=reply.signer,
        signer_title=reply.signer_title,
        files=tuple(file.name for file in sent_files(facts.mail)),
        received_at=facts.received_at,
        refs=files_for(facts, reply, question),
        raw_mail=facts.raw_mail,
        signatures=signatures_of(facts),
    )


def _recorded(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignment: AssignmentFacts
) -> Iterable[Action]:
    yield _record(facts, reply, question, assignment)
    yield SetAssignment(
        assignment.id,
        assignment.status,
        AssignmentStatus.ANSWERED,
        question.id,
        {"answered_at": facts.received_at},
        act=UNIT_ANSWERED,
        clause=CLAUSE,
        why=f"Đơn vị {assignment.unit} trả lời" + (f", văn bản số {reply.document}" if reply.document else ""),
    )


def signatures_of(facts: MailFacts) -> tuple[str, ...]:
    """Whether the digital signatures of the mail's files are valid, for the register."""
    return tuple(f"{one.name}: {signature_words(each)}" for one in facts.mail.attachments for each in one.signatures)


def _answered(question: QuestionFacts, done: set[int], received_at: datetime) -> Iterable[Action]:
    """All lead units have answered; units that only support are no longer waited for.

    The day on which the last of these answers was received counts, in whatever order they were read.
    """
    given = (one.answered_at for one in question.assignments if one.role == "lead" and one.answered_at)
    why = "Đơn vị chủ trì đã trả lời, không chờ đơn vị phối hợp nữa"
    over = (assignment for assignment in question.assignments if assignment.is_open and assignment.id not in done)
    yield from (replace(taken_from(assignment, why, CLAUSE), act=NOT_WAITED) for assignment in over)
    yield SetQuestion(
        question.id,
        (QuestionStatus.FORWARDED, QuestionStatus.NEEDS_REVIEW),
        QuestionStatus.ANSWERED,
        {
            "answered_at": max((received_at, *given)),
            "outcome": ANSWERED_AND_TOLD if by_mail(question) else ANSWERED_ONLY,
        },
        act="answered",
        clause=CLAUSE,
        why="Các đơn vị chủ trì đã trả lời đủ",
    )


def _tell(
    facts: MailFacts, pieces: Sequence[Piece], question: QuestionFacts, left: list[AssignmentFacts], now: datetime
) -> Action:
    files = files_for(facts, pieces[0][0], question)
    values: dict[str, object] = {
        "answers": [
            {
                "unit_name": unit_name(facts.board, own[0].unit),
                "text": "" if files and only_sends(facts, reply.text) else as_sent(reply.text, facts.board.source),
                "document": reply.document,
                "signer": reply.signer,
                "signer_title": reply.signer_title,
                "item_text": "\n\n".join(assignment.item_text for assignment in own),
            }
            for reply, own in pieces
        ],
        "files": [file.name for file in files],
        "remaining": remaining(facts.board, left),
    }
    key = answered_key((assignment.id for _, own in pieces for assignment in own), facts.raw_mail, facts.said_by)
    send = to_citizen("citizen_answered", question, CLAUSE, values, key=key, attachments=files)
    return delayed(facts, send, now)


def only_sends(facts: MailFacts, text: str) -> bool:
    """True for words to the Board that say only that a paper comes with them: no answer to show a requester."""
    return load_line_patterns(facts.board.source).cover.match(strip_marks(squash(text))) is not None


EMPTY = (
    "Thư của đơn vị không có lời trả lời nào ngoài phần trích thư của Ban Biên tập, cũng không có tệp có nội dung, "
    "nên không gửi; xin ghi “nhờ đơn vị viết lại: …”"
)
OF_SEVERAL = (
    "Thư nêu cả câu hỏi hoặc người hỏi khác mà chưa tách được phần nào của ai, nên chưa gửi. Xin ghi "
    "“{code} nhờ đơn vị viết lại: mỗi câu hỏi một thư”, hoặc “{code} chuyển cho người hỏi: …” và phần của người này"
)


def as_answer(facts: MailFacts, question: QuestionFacts) -> Reply | str:
    """What the asker gets of a mail that a person calls the answer: its words about this question, with those of the
    subject if they are few. Otherwise why he gets nothing: the mail only quotes ours, points to the quotation or only
    begins an answer; it brings nothing but an empty file; or its words to this asker cannot be told from its words to
    others (Law 91/2025/QH15, Art. 16)."""
    reply = facts.understanding.reply or Reply(Verb.ANSWER)
    text = reply.text.strip() or own_words(facts.mail, facts.board.source).strip()
    whole = with_subject(facts.mail, replace(reply, text=text), facts.board.source)
    own = for_asker(facts, whole, question)
    unsaid = own is not None and (not own.text or only_sends(facts, own.text))
    if own is None or (unsaid and shared_files(facts, own, question)):
        return OF_SEVERAL.format(code=question.code)
    if sent_files(facts.mail):
        return own
    lacks = bool(empty_files(facts.mail)) and only_sends(facts, own.text)
    lacks = lacks or says_nothing(facts, own.text) or points_below(facts, own.text)
    return own if own.text and not lacks else EMPTY


def delayed(facts: MailFacts, send: Send, now: datetime) -> Send:
    """An answer waits before it is sent, so that it can be taken back; only answers do."""
    wait = facts.board.answer_delay
    return replace(send, notice=replace(send.notice, not_before=now + wait)) if wait else send


def files_for(facts: MailFacts, reply: Reply, question: QuestionFacts) -> tuple[AttachmentRef, ...]:
    """The files for the requester, without what only wraps the mail, as winmail.dat does, and without any that also
    answers other people's questions and would reveal them."""
    kept = shared_files(facts, reply, question).union(one.part for one in facts.mail.attachments if is_wrapping(one))
    return tuple(file for file in attachment_refs(facts.mail, facts.raw_mail) if file.part not in kept)


CORRECTION, SUPPLEMENT = "correction", "supplement"


def added(
    facts: MailFacts, reply: Reply, question: QuestionFacts, assignment: AssignmentFacts, now: datetime, kind: str
) -> tuple[Action, ...]:
    """Record a correction of, or addition to, an answer, tell the recipients, and withdraw the portal's page; what is
    added to an answer that is kept for a session is kept with it (9.3)."""
    files = files_for(facts, reply, question)
    why = "Đơn vị đính chính câu trả lời" if kind == CORRECTION else "Đơn vị gửi bổ sung câu trả lời"
    page = facts.publishing.get(question.id, PublishingFacts())
    label = CORRECTED if kind == CORRECTION else ADDED
    noted = replace(reply, text=f"{label}: {reply.text or 'nội dung ở văn bản kèm theo.'}")
    record = _record(facts, noted, question, assignment)
    values = {
        "kind": kind,
        "unit_name": unit_name(facts.board, assignment.unit),
        "text": as_sent(reply.text, facts.board.source),
        "document": reply.document,
        "signer": reply.signer,
        "signer_title": reply.signer_title,
        "answered_at": question.answered_at or assignment.answered_at,
        "files": [file.name for file in files],
    }
    key = answered_key((assignment.id,), facts.raw_mail, facts.said_by)
    notice = delayed(facts, to_citizen(ADDING, question, CLAUSE, values, key=key, attachments=files), now)
    off, todo = taken_off(question, page, why), off_portal(facts.board, question, page)
    kept, others = kept_for(facts, question), others_hear(facts, question, why, adds=kind == SUPPLEMENT)
    heard = _officers_hear(facts, question, why, values, todo, kept)
    return (*off, record, *(() if kept else (notice,)), *heard, *others)


def _officers_hear(
    facts: MailFacts, question: QuestionFacts, why: str, values: Mapping[str, object], off: str, kept: str
) -> tuple[Action, ...]:
    """Tell the officers whatever is said after an answer; a withdrawn page needs a new approval."""
    again = [f"{off}; xin trình đăng lại."] if off else []
    details = [f"Đơn vị: {values['unit_name']}", str(values["text"])[:1500], *again]
    commands = [{"label": "Trình đăng lại", "text": f"trình đăng {question.code}"}] if off else []
    then = f"nội dung được giữ cùng câu trả lời cho phiên {kept}" if kept else "người hỏi được báo"
    alert = {"what": f"{why} {question.code}; {then}", "details": details, "commands": commands}
    key = f"added:{facts.raw_mail}:{question.id}"
    return to_people("officer_alert", facts.board.officers, CLAUSE, alert, key=key, question=question.id)
