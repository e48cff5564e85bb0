"""Which question a unit's mail is about; weighs its text as the answer before any of it may be sent.

A mail that answers several people by name is split between them, if it is certain whose each part is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.decide.base.actions import Action, Send, Settle
from rules.decide.base.command_result import acts_on_one_of
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.manual_work import hold_unit_mail
from rules.decide.base.notices import CONFIRM, unit_name, unit_recipient
from rules.message.attachment_policy import empty_files, sent_files
from rules.reply.addressee import NumbersSaid, another_matter, another_person, numbers_said
from rules.reply.evidence import LETTER, VETOES, Evidence, Papers, settled, weigh
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import own_words
from rules.reply.sentences import NamedPart, is_named, named_parts, sentences_of
from rules.reply.unit_names import unit_names
from rules.reply.verbs import judge, load_verb_phrases
from rules.text import squash, strip_marks
from rules.text.dates import until_date
from rules.values.model import Fate, Kind, Notice, Reply, RequesterKind, Verb
from rules.values.register_number import number_places, register_numbers
from rules.values.states import Folder

OPENINGS = (
    "kính gửi quý ban biên tập thành phố",
    "xin trả lời phúc đáp câu hỏi số",
    "nội dung về của như sau",
    "trân trọng cảm ơn",
)
OPENING = frozenset(strip_marks(" ".join(OPENINGS)).split())
"""Words that make up an answer's first and last lines, without diacritics."""
_WORD = re.compile(r"[^\W_]+")
MAIL = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A part of a reply with its final verb, the assignments it is for, and the evidence for and against it."""

    reply: Reply
    assignments: list[AssignmentFacts]
    evidence: Evidence


def weighed_piece(facts: MailFacts, piece: Reply, assignments: list[AssignmentFacts]) -> Weighed:
    """The part with its verb after weighing the evidence; NONE when a person must look."""
    question = facts.questions[assignments[0].question_id]
    asked = _matter_of(question, assignments)
    files = sum(1 for one in sent_files(facts.mail) if one.type != MAIL)  # its words are read
    valid = (each.signer for one in facts.mail.attachments for each in one.signatures if each.valid)
    papers = Papers(files, piece.document, piece.signer_title, next(valid, ""))
    source = facts.board.source
    names = unit_names(facts.board.units, source)
    found = weigh(piece.text, asked, papers, names, source)
    beside = own_words(facts.mail, source)
    if (
        files and beside.strip() and piece.text.strip() not in beside
    ):  # the words are the file's: what the mail says of it counts too
        note = weigh(beside, asked, papers, names, source)
        forbids = [one for one in note.vetoes if one in VETOES.values()]
        found = replace(found, vetoes=(*found.vetoes, *forbids, *_not_of_an_answer(note)))
    if question.asker.kind is RequesterKind.ORGANISATION:  # "Kính gửi: Công ty 68" may be whoever asked
        found = replace(found, vetoes=tuple(one for one in found.vetoes if one != LETTER))
    if not files and says_nothing(facts, piece.text):
        found = replace(found, vetoes=(*found.vetoes, "không có câu trả lời, cũng không có tệp kèm theo"))
    if empty := empty_files(facts.mail):
        found = replace(found, vetoes=(*found.vetoes, f"tệp kèm theo rỗng, không có nội dung ({empty})"))
    if elsewhere := _for_another(facts, question, piece.text, asked):
        found = replace(found, vetoes=(*found.vetoes, elsewhere))
    verb = settled(piece.verb, piece.unit, found)
    said = replace(piece, verb=verb) if verb is piece.verb else _heard(facts, piece, verb)
    return Weighed(said, assignments, found)


LEAST_BESIDE = 0.3
"""What a mail says of its file needs this share of an answer. Of strangers' notes, each writer left out of the vote,
19 of 623 beside an answer have less, and 226 of 340 beside papers that must not leave."""


def _not_of_an_answer(note: Evidence) -> tuple[str, ...]:
    """Why the words beside a file speak against it ("phiếu chuyển nội bộ để tham khảo"); () if they do not."""
    against = note.likely and not note.official and note.likely.get(Verb.ANSWER, 0.0) < LEAST_BESIDE
    return ("lời kèm tệp không nói tệp là câu trả lời",) if against else ()


def _for_another(facts: MailFacts, question: QuestionFacts, text: str, matter: str) -> str:
    """Why the text is an answer to somebody else, or to something else; "" if it may be this question's.

    Of a mail about several questions, it is enough that the requester of one of them is named.
    """
    source, whole = facts.board.source, f"{question.subject}\n{question.content}"
    askers = {one.asker for one in (question, *facts.questions.values())}
    bodies = any(one.kind is RequesterKind.ORGANISATION for one in askers)  # a person of theirs may be greeted
    files = (one.text for one in facts.mail.attachments if not one.inline and one.type != MAIL)
    for where, said in (("lời thư", text), *(("tệp kèm theo", each) for each in files)):
        others = {another_person(said, one.name, whole, source) for one in askers}
        if "" not in others and not bodies:
            return f"{where} gọi người khác ({min(others)}), không phải người hỏi"
    about = another_matter(text, matter, source, whole=whole)
    return f"tiêu đề nói việc khác (“{about}”)" if about else ""


def _heard(facts: MailFacts, piece: Reply, verb: Verb) -> Reply:
    """The part as it sounds; by sound alone, nothing is forwarded to a unit that it names."""
    until = until_date(piece.text, facts.board.law.today(facts.received_at)) if verb is Verb.EXTENSION else None
    return replace(piece, verb=verb, unit="", until=until)


def _matter_of(question: QuestionFacts, assignments: Sequence[AssignmentFacts]) -> str:
    """The question's text without the requester's data: naming the requester is no sign of an answer."""
    text = "\n".join((question.subject, *(one.item_text for one in assignments), question.content))
    who = (question.asker.name, question.asker.address, question.asker.phone)
    for known in sorted((part for part in who if part), key=len, reverse=True):
        text = text.replace(known, " ")
    return text


def says_nothing(facts: MailFacts, text: str) -> bool:
    """True for an answer that only begins: the prepared mail was sent before it was filled in."""
    for _, start, end in reversed(number_places(text, facts.board.prefix)):
        text = f"{text[:start]} {text[end:]}"
    said = squash(text).replace(squash(unit_name(facts.board, facts.sender_unit)), " ")
    return set(_WORD.findall(strip_marks(said))) <= OPENING


def traced(facts: MailFacts, lines: Sequence[str]) -> MailFacts:
    """The facts with additional lines in the trace that is stored with the mail's fate."""
    read = facts.understanding
    return replace(facts, understanding=replace(read, trace=(*read.trace, *dict.fromkeys(lines))))


def why_unclear(piece: Weighed) -> str:
    """Why a person must look at a unit's mail, in words for that person."""
    if piece.evidence.vetoes:
        return f"Thư của đơn vị chưa gửi cho người hỏi, vì {'; '.join(piece.evidence.vetoes)}"
    if sounds := piece.evidence.unlike:
        return f"Thư của đơn vị chưa gửi cho người hỏi. {sounds.removesuffix('.')}"
    return "Thư của đơn vị nhưng chưa rõ đây có phải câu trả lời không"


Piece = tuple[Reply, list[AssignmentFacts]]


def pieces_by_name(facts: MailFacts, reply: Reply) -> list[Piece]:
    """The parts with their open assignments; [] when nobody is named, or any doubt remains.

    A file would show one requester's data to others, so a mail with a file is never divided. Each name must belong to
    exactly one requester whose question the unit owes, and only a greeting may come before the first.
    """
    before, parts = named_parts(reply.text, load_line_patterns(facts.board.source))
    if not parts or any(not one.inline for one in facts.mail.attachments) or not says_nothing(facts, before):
        return []
    every = (one for each in facts.questions.values() for one in each.assignments)
    owed = [one for one in every if one.is_open and one.unit == facts.sender_unit]
    pieces: list[Piece] = []
    for part in parts:
        own = [one for one in owed if is_named(facts.questions[one.question_id].asker.name, part.name)]
        if len(own) != 1 or not part.text:
            return []
        pieces.append((_reply_of(facts, reply, part), own))
    distinct = {own[0].id for _, own in pieces}
    return pieces if len(distinct) == len(pieces) else []


def _reply_of(facts: MailFacts, reply: Reply, part: NamedPart) -> Reply:
    """The part with its own verb."""
    source = facts.board.source
    names, phrases = unit_names(facts.board.units, source), load_verb_phrases(source)
    judged = judge(sentences_of(part.text, names, phrases.lines, short=phrases.short), phrases)
    on = facts.board.law.today(facts.received_at)
    unit = names.resolve(judged.unit, on) if judged.unit else ""
    return replace(reply, text=part.text, verb=judged.verb, unit=unit, until=None, parts=())


def by_thread(facts: MailFacts) -> tuple[int, ...]:
    """Assignments named by a signed tag or by our own Message-ID in the thread."""
    tagged = (facts.tag.number,) if facts.tag is not None and facts.tag.kind == "r" else ()
    threaded = tuple(
        sent.assignment_id for sent in facts.threads if sent.role == "unit" and sent.assignment_id is not None
    )
    return tuple(dict.fromkeys((*tagged, *threaded)))


Matched = tuple[tuple[AssignmentFacts, ...], tuple[QuestionFacts, ...]]


def matched_assignments(facts: MailFacts) -> Matched:
    """The assignments that a mail of a listed sender is about, the open ones if there are any; or none, and the
    questions that it may be about.

    A number at the head of the own text goes before the thread, since a unit may answer another question in the same
    thread; else the number in the subject, the thread, or a document number that the unit has used before. A number
    in running text decides where nothing contradicts it. A list that is quoted says nothing unless the unit owes the
    answer to a single one of its questions.
    """
    every = (one for question in facts.questions.values() for one in question.assignments)
    mine = [one for one in every if speaks_for(facts, one.unit)]
    said, strong = _numbers_said(facts), by_thread(facts)
    numbered = _latest([one for one in mine if one.question_id in _in_subject(facts)])
    threaded = [one for one in mine if one.id in strong]
    named = _latest([one for one in mine if facts.questions[one.question_id].code in said.every])
    around = numbered or threaded
    if said.own:
        chosen = [one for one in named if facts.questions[one.question_id].code in said.own]
    elif said.every and around:
        within = {one.question_id for one in around}
        chosen = [one for one in named if one.question_id in within]
    elif said.every:
        chosen = [one for one in named if facts.questions[one.question_id].code not in said.referred]
    else:
        files = _latest([one for one in mine if one.question_id in facts.by_number])
        documented = _latest([one for one in mine if one.question_id in facts.meant])
        chosen = numbered or files or threaded or documented or _single(facts, mine)
    first = {one.question_id: one for one in reversed(chosen)}
    found = tuple(one for one in chosen if one.is_open) or tuple(reversed(first.values()))
    asked = around + named if said.every and around + named else [one for one in _latest(mine) if one.is_open]
    return found, () if found else tuple(
        facts.questions[each] for each in dict.fromkeys(a.question_id for a in asked)
    )


def _single(facts: MailFacts, mine: list[AssignmentFacts]) -> list[AssignmentFacts]:
    """What the unit owes of a quoted list, if that is a single question."""
    owed = [one for one in _latest(mine) if one.is_open and one.question_id in facts.listed]
    return owed if len({one.question_id for one in owed}) == 1 else []


def _in_subject(facts: MailFacts) -> set[int]:
    codes = register_numbers(facts.mail.subject, facts.board.prefix)
    return {one.id for one in facts.questions.values() if one.code in codes}


def _numbers_said(facts: MailFacts) -> NumbersSaid:
    """The register numbers in the writer's own text, or in the text that counts as the reply; those of its parts are
    its own."""
    reply, source = facts.understanding.reply, facts.board.source
    names = unit_names(facts.board.units, source)
    texts = dict.fromkeys((own_words(facts.mail, source), reply.text if reply else ""))
    found = [numbers_said(text, names, source) for text in texts]
    parts = tuple(part.question for part in reply.parts if part.question) if reply else ()
    return NumbersSaid(
        tuple(dict.fromkeys((*(code for one in found for code in one.every), *parts))),
        tuple(dict.fromkeys((*(code for one in found for code in one.own), *parts))),
        tuple(dict.fromkeys(code for one in found for code in one.referred)),
    )


def _latest(assignments: list[AssignmentFacts]) -> list[AssignmentFacts]:
    """Only the newest round of each item of a question."""
    newest: dict[tuple[int, int], AssignmentFacts] = {}
    for one in assignments:
        key = (one.question_id, one.item)
        if key not in newest or one.round >= newest[key].round:
            newest[key] = one
    return list(newest.values())


def speaks_for(facts: MailFacts, unit: str) -> bool:
    """True when the sender's unit has the assignment, or is the successor of the unit that has it."""
    seen: set[str] = set()
    while unit and unit not in seen:
        if unit == facts.sender_unit:
            return True
        seen.add(unit)
        known = facts.board.units.get(unit)
        unit = known.successor if known else ""
    return False


def which_question(facts: MailFacts, now: datetime, possible: tuple[QuestionFacts, ...]) -> tuple[Action, ...]:
    """Hold a mail of which it is not clear what question it is about; ask the officers and the unit."""
    why = "Thư của đơn vị nhưng không rõ trả lời câu hỏi nào"
    likely = _of_asker_named(facts, possible)
    possible = (*likely, *(one for one in possible if one not in likely))
    codes = [one.code for one in possible[:MOST_ASKED]]
    if codes:
        why = f"Thư của đơn vị chưa gửi cho người hỏi, vì chưa rõ trả lời câu hỏi nào ({', '.join(codes)})"
    if len(likely) == 1:
        why += f"; có lẽ là câu {codes[0]}, vì thư nêu tên người hỏi ({likely[0].asker.name})"
    acts = acts_on_one_of(codes, facts.understanding.reply)
    return (*asked_which(facts, possible), *hold_unit_mail(facts, now, why, None, facts.sender_unit, acts))


def _of_asker_named(facts: MailFacts, possible: Sequence[QuestionFacts]) -> tuple[QuestionFacts, ...]:
    """Those whose asker's whole name stands in the mail: in its subject, its own words or its files."""
    files = (f"{one.name}\n{one.text}" for one in facts.mail.attachments)
    texts = "\n".join((facts.mail.subject, own_words(facts.mail, facts.board.source), *files))
    said = f" {' '.join(_WORD.findall(strip_marks(squash(texts))))} "
    names = ((one, _WORD.findall(strip_marks(squash(one.asker.name)))) for one in possible)
    return tuple(one for one, name in names if len(name) > 1 and f" {' '.join(name)} " in said)


WHICH = "which"
"""The end of the key of a notice that asks a unit which question its mail is about."""
MOST_AGAIN = 400
"""So many characters of a unit's mail are laid ready to be said again."""


def asked_which(facts: MailFacts, possible: Sequence[QuestionFacts]) -> tuple[Action, ...]:
    """Ask the unit which of these questions its mail is about; it is told again with the number before it."""
    contact = facts.board.contacts.get(facts.sender_unit)
    if contact is None:
        return ()
    shown = possible[:MOST_ASKED]
    listed = [{"code": one.code, "subject": one.subject, "due": _first_due(facts, one)} for one in shown]
    acts = [{"label": f"Về câu hỏi {one.code}", "text": f"{one.code}: {_again(facts)}"} for one in shown]
    values = {"kind": "which", "due": None, "received_at": facts.received_at, "questions": listed, "commands": acts}
    recipient, key = unit_recipient(contact, facts.board), f"unit_told:{facts.raw_mail}:{WHICH}"
    return (Send(Notice("unit_told", recipient, "10.1.d", key, values)),)


def _first_due(facts: MailFacts, question: QuestionFacts) -> date | None:
    dues = [one.due.on for one in question.assignments if one.is_open and one.unit == facts.sender_unit]
    return min(dues, default=None)


def _again(facts: MailFacts) -> str:
    """What says the mail again: that it is the answer, or else its first words."""
    reply, own = facts.understanding.reply, facts.understanding.text.own
    if reply is None or reply.verb in {Verb.ANSWER, Verb.NONE, Verb.FOLLOW_UP}:
        return CONFIRM["text"]
    return " ".join(own[:MOST_AGAIN].split())


def said_again(facts: MailFacts, about: tuple[AssignmentFacts, ...]) -> tuple[Action, ...]:
    """Settle the mail of the unit that was held for want of a number, now that it is said with one."""
    held = facts.held
    asked = any(sent.key.endswith(f":{WHICH}") for sent in facts.threads[:1])
    if held is None or held.status != "held" or not asked:
        return ()
    why = "Đơn vị gửi lại, ghi rõ số câu hỏi"
    return (Settle(held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about[0].question_id),)


def said_after_all(facts: MailFacts, spoken: tuple[Action, ...]) -> tuple[Action, ...]:
    """Settle the unit's held mail when it now says itself that it corrects its answer or adds to it."""
    sent = [one for one in spoken if isinstance(one, Send) and one.notice.name == "citizen_corrected"]
    if facts.held is None or facts.held.status != "held" or not sent:
        return ()
    why = "Đơn vị tự đính chính hoặc gửi bổ sung"
    return (Settle(facts.held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, sent[0].question),)
