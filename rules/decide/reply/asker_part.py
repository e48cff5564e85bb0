"""What one question's asker may read of a unit's mail that answers several, or that a person calls the answer: the
parts by number, by item or by name, and the files that name nobody else (Law 91/2025/QH15, Art. 16). And the orders
that send him such a part and bring the rest to whom it is left (10.1.c, g). He reads nothing of a mail that only says
who answers him at the session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules.commands.session_line import session_numbers
from rules.decide.base.actions import Action, ExtendDue, Finish
from rules.decide.base.command_result import AFTER, HELPS, IS_ANSWER, OF_HALF, forward_acts, unit_mail_acts
from rules.decide.base.facts import AssignmentFacts, BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import session_of
from rules.decide.base.notices import notify_unit, to_people, unit_name
from rules.law.legal_dates import in_person
from rules.law.session_rules import BEFORE_HELD, SessionFacts
from rules.law.working_days import due_instant
from rules.message.attachment_policy import sent_files
from rules.reply.about_question import DIVIDED, answers_in_person
from rules.reply.addressee import WHOLE_NAME, addressed, greeted_together
from rules.reply.evidence import Evidence
from rules.reply.patterns import load_line_patterns
from rules.reply.sentences import is_bare, is_named, named_parts, spaced
from rules.reply.unit_names import unit_names
from rules.requester.contact_data import find_phones
from rules.requester.redaction import house_of, shortened
from rules.text.dates import days_told
from rules.values.data_file import Source
from rules.values.model import Fate, Kind, Reply, Verb
from rules.values.register_number import another_short, register_numbers
from rules.values.states import Folder, MailStatus

IN_PERSON = "at_session"  # what the unit is told, and the act in the journal


def answered_in_person(facts: MailFacts, matched: Sequence[AssignmentFacts]) -> tuple[Action, ...]:
    """What follows from a unit's mail that says only that somebody answers at the session of its questions: it owes
    nothing in writing before. () for any other mail, and where another day or session is named."""
    board, own = facts.board, facts.understanding.text.own
    about = [(facts.questions[one.question_id], one) for one in matched]
    sessions = {one.code: one for each, _ in about if (one := session_of(facts, each)) is not None}
    session = next(iter(sessions.values()), None)
    open_ones = all(one.is_open and each.session_id for each, one in about)
    if session is None or len(sessions) > 1 or not open_ones or sent_files(facts.mail):
        return ()
    to_come = session.status in BEFORE_HELD and facts.received_at < session.starts_at
    named = {*session_numbers(own)} <= {session.code}
    today = board.law.today(facts.received_at)
    days = {*days_told(own, today, board.law.working_days_after)} <= {session.day}
    names = unit_names(board.units, board.source)
    if not (to_come and named and days and answers_in_person(own, names, board.source)):
        return ()
    actions = [action for each, one in about for action in _owes_by_session(facts, each, one, session)]
    codes = ", ".join(dict.fromkeys(each.code for each, _ in about))
    why = f"Đơn vị trả lời {codes} trực tiếp tại phiên {session.code}"
    finish = Finish(
        MailStatus.DONE, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about[0][0].id, facts.understanding.trace
    )
    return (*actions, *_officers_hear(facts, about, session, own), finish)


def _owes_by_session(
    facts: MailFacts, question: QuestionFacts, one: AssignmentFacts, session: SessionFacts
) -> tuple[Action, ...]:
    """Its due date becomes the day of the session, and the unit reads what was understood."""
    law, due = facts.board.law, in_person(one.due, session.day)
    stage = law.first_stage(due, facts.received_at)
    why = f"Đơn vị trả lời trực tiếp tại phiên {session.code}"
    move = ExtendDue(question.id, one.id, due, due_instant(due.on), law.chase_event(due, stage).at, stage, why)
    told = notify_unit(facts, question, one, IN_PERSON, session_code=session.code, until=session.day)
    return (move, *told)


def _officers_hear(
    facts: MailFacts, about: Sequence[tuple[QuestionFacts, AssignmentFacts]], session: SessionFacts, text: str
) -> tuple[Action, ...]:
    """The officers read who answers what, with the word that asks for a written answer all the same."""
    codes = list(dict.fromkeys(each.code for each, _ in about))
    who = unit_name(facts.board, about[0][1].unit)
    values = {
        "what": f"{who} báo trả lời câu hỏi {', '.join(codes)} trực tiếp tại phiên {session.code}",
        "details": ["Đơn vị không được nhắc gửi câu trả lời trước phiên; chưa gửi gì cho người hỏi.", text[:1500]],
        "commands": [
            *({"label": f"Vẫn cần văn bản: nhắc đơn vị, {one}", "text": f"{one} nhắc đơn vị: "} for one in codes),
            {"label": "Tình trạng phiên", "text": f"Tình trạng phiên {session.code}"},
        ],
        "session_code": session.code,
    }
    key, question = f"in_person:{facts.raw_mail}", about[0][0].id
    to, mail = facts.board.officers, facts.raw_mail
    return to_people("officer_alert", to, "10.1.d", values, key=key, question=question, about=mail)


Piece = tuple[Reply, list[AssignmentFacts]]


def joined(pieces: Sequence[Piece]) -> Reply:
    """All that the pieces say as one reply, with the first unit that one of them names."""
    unit = next((reply.unit for reply, _ in pieces if reply.unit), "")
    return replace(pieces[0][0], text="\n\n".join(reply.text for reply, _ in pieces), unit=unit)


def divided(reply: Reply, code: str, own: list[AssignmentFacts]) -> list[Piece]:
    """Parts of the reply by register number, or else in the order of the question's items."""
    numbered = [part for part in reply.parts if part.question == code]
    if numbered:
        text = "\n\n".join(part.text for part in numbered)
        first = numbered[0]
        document = first.document or reply.document
        piece = replace(reply, verb=first.verb, unit=first.unit, until=first.until, text=text, document=document)
        return [(piece, own)]
    pieces = []
    for part in reply.parts:
        items = [assignment for assignment in own if part.number and assignment.item == part.number]
        if items:
            pieces.append((replace(reply, verb=part.verb, unit=part.unit, until=part.until, text=part.text), items))
    return pieces if len(own) > 1 else []


def own_codes(facts: MailFacts, question: QuestionFacts) -> set[str]:
    """The numbers of this question and of the others known that the same address has asked."""
    email = question.email.lower()
    return {question.code, *(one.code for one in facts.questions.values() if email and one.email.lower() == email)}


def shared_files(facts: MailFacts, reply: Reply, question: QuestionFacts) -> frozenset[int]:
    """The files that also answer other people's questions and would reveal them: one of their parts does, or their
    name or text contains another's register number or whole name (Law 91/2025/QH15, Art. 16)."""
    own = own_codes(facts, question)
    inside = {part.file for part in reply.parts if part.question and part.question not in own}
    files = ((file.part, f"{file.name}\n{file.text}") for file in facts.mail.attachments)
    return frozenset(part for part, text in files if part in inside or _is_of_others(facts, question, text))


def _is_of_others(facts: MailFacts, question: QuestionFacts, text: str) -> bool:
    """Whether a text has the register number of another question, or the whole name of its asker."""
    own = own_codes(facts, question)
    others = another_short(text, own) or set(register_numbers(text, facts.board.prefix)) - own
    return bool(others) or names_another(facts, question, text) or bool(told_of_others(facts, question, text))


def told_of_others(facts: MailFacts, question: QuestionFacts, said: str) -> tuple[str, ...]:
    """The numbers of those questions of the unit whose asker's whole name, house with its street, or telephone a text
    tells, while this one's asker neither has the same nor has told it; the signer's name is nobody else's."""
    source, reply, asker = facts.board.source, facts.understanding.reply, question.asker
    said, bare = said.replace(reply.signer, " ") if reply is not None and reply.signer else said, is_bare(said)
    whole = (question.subject, question.content, asker.name, asker.address, asker.phone)
    known, told = _read("\n".join(whole), source, bare=bare), _read(said, source, bare=bare)
    found = list[str]()
    for code, (email, other) in facts.neighbours.items():
        name = spaced(other.name, bare=bare) if len(other.name.split()) >= WHOLE_NAME else " "
        signs = (name, spaced(house_of(other, source)), f" {other.phone_e164} ")
        read = zip(signs, told, known, strict=True)
        if any(sign.strip() and sign in text and sign not in own for sign, text, own in read):
            same = email and email.lower() == question.email.lower()
            found += [] if same or code == question.code else [code]
    return tuple(found)


def for_neighbours(facts: MailFacts, question: QuestionFacts) -> list[dict[str, str]]:
    """The orders that give a unit's mail to those other askers whom its greeting names."""
    text, source = facts.understanding.text.own, facts.board.source
    greeted = (*addressed(text, source), *greeted_together(text, source))
    told = ((code, facts.neighbours[code][1].name) for code in told_of_others(facts, question, text))
    others = [code for code, name in told if any(is_named(name, one) for one in greeted)]
    return [{"label": f"Là câu trả lời câu hỏi {code}", "text": f"{code} {IS_ANSWER[1]}"} for code in others]


REST = "chuyển {}, đề nghị trả lời phần còn lại"
"""The order that brings the question on to the unit to which another one leaves a part of it (10.1.g)."""


def acts_on(
    facts: MailFacts, question: QuestionFacts, codes: Iterable[str], why: str, evidence: Evidence
) -> list[dict[str, str]]:
    """What officers may do about a unit's mail that is held for this reason: give it to those whom it greets, decide
    on each question, and bring what it does not answer to the unit that it names, alone or beside it (10.1.c, g)."""
    board, reply = facts.board, facts.understanding.reply
    acts = [*for_neighbours(facts, question), *(act for code in codes for act in unit_mail_acts(code, why))]
    if DIVIDED not in why or AFTER in why:
        named = [reply.unit] if reply is not None and evidence.partly else []
        return [*acts, *forward_acts(board, named, question.code, HELPS)]
    names, on = unit_names(board.units, board.source), board.law.today(facts.received_at)
    meant = (reply.unit if reply is not None else "", *(names.resolve(one, on) for one in evidence.left_to))
    units = [one for one in dict.fromkeys(meant) if one and one != facts.sender_unit]
    rest = forward_acts(board, units, question.code, REST)
    rest = rest or [{"label": "Chuyển phần còn lại cho đơn vị …", "text": f"{question.code} chuyển "}]
    return [acts[0], *rest, *forward_acts(board, units, question.code, HELPS), *acts[1:]]


def to_send(held: HeldMailFacts, question: QuestionFacts) -> str:
    """The order that sends the asker what a unit's held mail answers; a part leaves the question open."""
    return f"{question.code} {OF_HALF[0][1] if DIVIDED in held.reason else IS_ANSWER[1]}"


def rest_with(board: BoardFacts, question: QuestionFacts, owed: Sequence[AssignmentFacts]) -> str:
    """The other units that have what a unit answers in part, and would lose it if that became the answer."""
    items = {assignment.item for assignment in owed}
    others = (one.unit for one in question.assignments if one.is_open and one.item in items and one not in owed)
    return ", ".join(unit_name(board, one) for one in others)


def _read(text: str, source: Source, *, bare: bool) -> tuple[str, str, str]:
    """A text in which a name, a house and a telephone number are looked for."""
    phones = " ".join(one.e164 for one in find_phones(text, source))
    return spaced(text, bare=bare), spaced(shortened(text, source)), f" {phones} "


def names_another(facts: MailFacts, question: QuestionFacts, said: str) -> bool:
    """Whether the whole name of another's asker stands in a text, though it is typed without marks."""
    codes, bare = own_codes(facts, question), is_bare(said)
    text, own = spaced(said, bare=bare), spaced(question.asker.name, bare=bare)
    names = (spaced(one.asker.name, bare=bare) for one in facts.questions.values() if one.code not in codes)
    whole = (one for one in names if len(one.split()) > 1)
    return any(one in (text.replace(own, "  ") if one in own else text) for one in whole)


def for_asker(facts: MailFacts, reply: Reply, question: QuestionFacts) -> Reply | None:
    """What this question's asker may read of a mail that a person calls the answer: the part with the question's
    number or the asker's name, else the whole; None where the numbers or names of other people stand in that. One
    answer to several questions of the same content goes whole to each, as it does by itself."""
    lines = load_line_patterns(facts.board.source)
    numbered = any(part.question == question.code for part in reply.parts) and not _only_cites(facts, reply, question)
    cut = divided(reply, question.code, []) if numbered else _named_piece(facts, reply, question)
    if cut is None:
        return None
    said = cut[0][0] if cut else reply
    if not cut and lines.alike.search(said.text):
        return said
    return None if _is_of_others(facts, question, _ungreeted(facts, question, said.text)) else said


def left_out(meant: MailFacts, reply: Reply, question: QuestionFacts) -> str:
    """What of a mail about several questions did not go to this one's asker, and how it goes to whom it is for."""
    shared = shared_files(meant, reply, question)
    files = ", ".join(file.name for file in meant.mail.attachments if file.part in shared)
    no_file = f". Tệp nêu cả câu hỏi, người hỏi khác nên không gửi kèm: {files}" if files else ""
    others = {part.question for part in reply.parts if part.question} - {question.code}
    waits = [one.code for one in meant.questions.values() if one.code in others and one.open_leads]
    orders = ", ".join(f"“{code} là câu trả lời”" for code in waits)
    return f"{no_file}. Phần của câu hỏi khác trong thư ấy chưa gửi; muốn gửi, xin ghi {orders}" if waits else no_file


def is_for(reply: Reply, question: QuestionFacts, source: Source) -> bool:
    """Whether a reply has a part with the question's number, or greets its asker together with others."""
    greeted = any(is_named(question.asker.name, one) for one in greeted_together(reply.text, source))
    return greeted or any(part.question == question.code for part in reply.parts)


def _ungreeted(facts: MailFacts, question: QuestionFacts, text: str) -> str:
    """The text without the names of those whom one greeting names with the asker: it is for all of them, once an
    officer says so."""
    names = greeted_together(text, facts.board.source) if facts.person is not None else ()
    for name in names if any(is_named(question.asker.name, one) for one in names) else ():
        text = text.replace(name, " ")
    return text


def words_for_asker(facts: MailFacts, held: HeldMailFacts, question: QuestionFacts) -> str | None:
    """What this question's asker may read of the mail's own text, as :func:`for_asker` tells it; "" for nothing."""
    read = held.understanding
    if read.two_readings:
        return ""
    reply = read.reply or Reply(Verb.NONE)
    whole = replace(reply, text=read.text.own, parts=tuple(one for one in reply.parts if one.file is None))
    own = for_asker(of_mail(facts, held), whole, question)
    return None if own is None else own.text.strip()


def _only_cites(facts: MailFacts, reply: Reply, question: QuestionFacts) -> bool:
    """Whether a list was matched in order to the numbers of the mail though its unit does not have one of them."""
    units = {assignment.unit for assignment in question.assignments}
    its = {
        one.code
        for one in facts.questions.values()
        if any(assignment.unit in units for assignment in one.assignments)
    }
    return any(part.number and part.question not in its for part in reply.parts if part.question)


def _named_piece(facts: MailFacts, reply: Reply, question: QuestionFacts) -> list[Piece] | None:
    """The part addressed to the asker by name; [] where nobody is named, None where it is not certain whose it is."""
    _, parts = named_parts(reply.text, load_line_patterns(facts.board.source))
    own = [part for part in parts if is_named(question.asker.name, part.name)]
    if parts and len(own) != 1:
        return None
    return [(replace(reply, text=one.text), []) for one in own]


def of_mail(facts: MailFacts, held: HeldMailFacts) -> MailFacts:
    """The facts with an earlier mail of the unit in place of the one at hand."""
    before = replace(facts, raw_mail=held.id, mail=held.mail, understanding=held.understanding)
    return replace(before, received_at=held.received_at, said_by=facts.raw_mail)
