"""Weighs the text of a unit's mail as the answer before any of it may be sent.

A mail that answers several people by name is split between them, if it is certain whose each part is. What a unit
wrote between the quoted lines of our mail cannot be sent on and is never its answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.decide.base.command_result import BELOW, BESIDE, ENCRYPTED, INSIDE, NOT_SENT, OF_UNIT_BUT, OUTLOOK, SIGNED
from rules.decide.base.facts import AssignmentFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import unit_name
from rules.message.attachment_policy import (
    ENCRYPTED_MAIL,
    SIGNED_MAIL,
    TNEF,
    empty_files,
    sent_files,
    unread_wrapping,
)
from rules.message.quote_markers import without_machines
from rules.reply.addressee import another_matter, another_person
from rules.reply.details import with_subject
from rules.reply.evidence import BY_PHRASES, GAP, LETTER, PEOPLE, VETOES, Evidence, Papers, forbidden, settled, weigh
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import own_words
from rules.reply.sentences import HEAD_LINES, identities, is_named, matter_of, named_parts, sentences_of
from rules.reply.unit_names import UnitNames, unit_names
from rules.reply.verbs import load_verb_phrases
from rules.text import squash, strip_marks
from rules.text.dates import until_date
from rules.values.model import Reply, RequesterKind, Verb
from rules.values.register_number import another_short, number_places, register_numbers

NOTHING = "không có câu trả lời, cũng không có tệp kèm theo"
OF_OTHERS = "tệp kèm theo nêu cả câu hỏi, người hỏi khác nên không gửi kèm được"
NAMES_OTHERS = "lời thư nêu họ tên người hỏi khác"
OPENINGS = (
    "kính gửi quý ban biên tập thành phố",
    "xin trả lời phúc đáp câu hỏi số",
    "nội dung về của như sau",
    "trân trọng cảm ơn",
)
OPENING = frozenset(strip_marks(" ".join(OPENINGS)).split())
"""Words that make up an answer's first and last lines, without diacritics."""
WORD = re.compile(r"[^\W_]+")
MAIL = "message/rfc822"
_RULE = re.compile(r"^[\s_]+$", re.MULTILINE)
"""A line that only parts what stands above and below it."""
_WORDS_END = re.compile(r"[\W_]+|(?<=[a-zà-ỹ])(?=[A-ZĐ])")
"""Where a word of a file's name ends: "DuThao_TraLoi.pdf"."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A part of a reply with its final verb, the assignments it is for, and the evidence for and against it."""

    reply: Reply
    assignments: list[AssignmentFacts]
    evidence: Evidence


def weigh_up(
    facts: MailFacts, piece: Reply, assignments: list[AssignmentFacts], within: Sequence[str] | None = None
) -> Weighed:
    """The part with its verb after weighing the evidence, ``within`` the mail's files too (None: not read yet); NONE
    when a person must look."""
    question = facts.questions[assignments[0].question_id]
    asked = _matter_of(question, assignments)
    files = sum(1 for one in sent_files(facts.mail) if one.type != MAIL)  # its words are read
    valid = (each.signer for one in facts.mail.attachments for each in one.signatures if each.valid)
    papers = Papers(files, piece.document, piece.signer_title, next(valid, ""))
    source = facts.board.source
    names = unit_names(facts.board.units, source)
    found = weigh(piece.text, asked, papers, names, source)
    beside = own_words(facts.mail, source)
    if files and beside.strip() and piece.text.strip() not in beside:  # what the mail says of its file counts too
        note = weigh(beside, asked, papers, names, source)
        forbids = [one for one in note.vetoes if one in VETOES.values()]
        found = replace(found, vetoes=(*found.vetoes, *forbids, *_not_of_an_answer(note)))
    found = replace(found, vetoes=tuple(dict.fromkeys((*found.vetoes, *_beside(facts, piece, asked, names, within)))))
    if question.asker.kind is RequesterKind.ORGANISATION:  # "Kính gửi: Công ty 68" may be whoever asked
        found = replace(found, vetoes=tuple(one for one in found.vetoes if one != LETTER))
    if not files and says_nothing(facts, piece.text):
        found = replace(found, vetoes=(*found.vetoes, NOTHING))
    if empty := empty_files(facts.mail):
        found = replace(found, vetoes=(*found.vetoes, f"tệp kèm theo rỗng, không có nội dung ({empty})"))
    short = another_short(piece.text, (one.code for one in facts.questions.values()))
    other = f"nêu cả câu hỏi khác ({short})" if short else _for_another(facts, question, piece.text, asked)
    named = NAMES_OTHERS if _names_another(facts, question, piece.text) else ""
    others = (other, named, _shared_file(facts, piece, question))
    found = replace(found, vetoes=(*found.vetoes, *filter(None, others)))
    verb = settled(piece.verb, piece.unit, found)
    if (verb not in BY_PHRASES or verb is not piece.verb) and (unread := _out_of_sight(facts, piece, found, verb)):
        kept = tuple(one for one in found.vetoes if one != NOTHING) if unread in {INSIDE, BESIDE} else ()
        verb, found = Verb.NONE, replace(found, vetoes=(unread, *kept))
    said = replace(piece, verb=verb) if verb is piece.verb else _heard(facts, piece, verb)
    return Weighed(said, assignments, found)


OF_PARTS = frozenset(VETOES.values()) - {VETOES["rest"], VETOES["elsewhere"]}
OF_FILE = frozenset((PEOPLE, *(VETOES[each] for each in ("kept", "draft", "unsigned"))))
"""What keeps a file from the asker, whatever the mail says, …"""
OF_ANSWER_IN_FILE = OF_FILE | {VETOES["advised"], LETTER, GAP}
"""… and where the answer stands in the file alone: a form that comes with an answer has gaps and an addressee."""


def _beside(
    facts: MailFacts, piece: Reply, asked: str, names: UnitNames, within: Sequence[str] | None
) -> tuple[str, ...]:
    """What forbids to send a part that stands beside it: above the parts, in the signature, in a file or its name."""
    source, reply = facts.board.source, facts.understanding.reply
    whole = reply.text if reply else ""
    begins = min((at for part in piece.parts if (at := whole.find(part.text)) >= 0), default=0)
    around = (whole[:begins], without_machines(facts.understanding.text.signature, source))
    found = in_files(facts) if within is None else within
    among = OF_FILE if found and _tells(facts, asked, names) else OF_ANSWER_IN_FILE
    return (*forbidden(around, OF_PARTS, names, source), *(one for one in found if one in among))


def in_files(facts: MailFacts) -> tuple[str, ...]:
    """What in a mail's files, or in their names, may forbid to send an answer; read once for all of its parts."""
    source, names = facts.board.source, unit_names(facts.board.units, facts.board.source)
    files = [one for one in sent_files(facts.mail) if one.type != MAIL]
    heads = ("\n\n".join(one.text.split("\n")[:HEAD_LINES]) for one in files)
    inside = (text for one, head in zip(files, heads, strict=True) for text in (_RULE.sub("", one.text), head))
    called = [_WORDS_END.sub(" ", one.name) for one in files]
    said = forbidden((*inside, *called), OF_FILE | OF_ANSWER_IN_FILE, names, source)
    phrases = load_verb_phrases(source)
    draft = any(phrases.in_any("veto.named", sentences_of(one, names, phrases.lines)) for one in called)
    return (*said, VETOES["draft"]) if draft else said


def _tells(facts: MailFacts, asked: str, names: UnitNames) -> bool:
    """Whether the mail is an answer without its files, and does not point to them for more."""
    source = facts.board.source
    return weigh(own_words(facts.mail, source), asked, Papers(), names, source).is_answer


WRAPPINGS = {SIGNED_MAIL: SIGNED, ENCRYPTED_MAIL: ENCRYPTED, TNEF: OUTLOOK}
"""Why a mail of that wrapping cannot be read."""


def _out_of_sight(facts: MailFacts, piece: Reply, found: Evidence, verb: Verb) -> str:
    """Why what the unit says is not in its text, or not all of it; "" if it is."""
    if verb in {Verb.NONE, Verb.FOLLOW_UP} and (wrapping := unread_wrapping(facts.mail)):
        return WRAPPINGS[wrapping]
    if facts.between:
        return BESIDE if found.is_answer or sent_files(facts.mail) else INSIDE
    return BELOW if points_below(facts, with_subject(facts.mail, piece, facts.board.source).text) else ""


def points_below(facts: MailFacts, text: str) -> bool:
    """True for a text without a file that says only that the answer stands below it, or which colour it has."""
    lines = load_line_patterns(facts.board.source)
    said = squash(matter_of(text, lines)).replace(squash(unit_name(facts.board, facts.sender_unit)), " ")
    said = strip_marks(said)
    others = (one for one in WORD.findall(said) if not one.isdigit() and one not in lines.beside_below)
    return not sent_files(facts.mail) and lines.below.search(said) is not None and not any(others)


LEAST_BESIDE = 0.3
"""What a mail says of its file needs this share of an answer. Of strangers' notes, each writer left out of the vote,
19 of 623 beside an answer have less, and 226 of 340 beside papers that must not leave."""


def _shared_file(facts: MailFacts, piece: Reply, question: QuestionFacts) -> str:
    """Why words of the mail's own, no part of a divided one, cannot go with their file; "" if they may."""
    own = piece.text.strip() in own_words(facts.mail, facts.board.source)
    if not own or any(part.question for part in piece.parts) or not shared_files(facts, piece, question):
        return ""
    return OF_OTHERS


def _not_of_an_answer(note: Evidence) -> tuple[str, ...]:
    """Why the words beside a file speak against it ("phiếu chuyển nội bộ để tham khảo"); () if they do not."""
    against = note.likely and not note.official and note.likely.get(Verb.ANSWER, 0.0) < LEAST_BESIDE
    return ("lời kèm tệp không nói tệp là câu trả lời",) if against else ()


def _for_another(facts: MailFacts, question: QuestionFacts, text: str, matter: str) -> str:
    """Why the text is an answer to another (one asker's name is enough), to something else, or an end; else ""."""
    source, whole = facts.board.source, f"{question.subject}\n{question.content}"
    phrases = load_verb_phrases(source)
    sentences = sentences_of(text, unit_names(facts.board.units, source), phrases.lines)
    if phrases.in_any("veto.other_question", sentences) and not register_numbers(text, facts.board.prefix):
        return "nói không trả lời câu hỏi này, mà câu khác"
    if identities(text, source) - identities(whole, source):
        return "nêu số giấy tờ tùy thân không có trong câu hỏi"
    waits = [one.mail for one in facts.letters.get(question.id, ()) if one.waits and one.mail != facts.raw_mail]
    if waits and phrases.lines.continues.match(text):
        return f"viết tiếp thư trước mà thư ấy chưa gửi người hỏi (thư số {waits[-1]})"
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
    """True for an answer that only begins: the prepared mail was sent without being filled in."""
    for _, start, end in reversed(number_places(text, facts.board.prefix)):
        text = f"{text[:start]} {text[end:]}"
    said = squash(text).replace(squash(unit_name(facts.board, facts.sender_unit)), " ")
    return set(WORD.findall(strip_marks(said))) <= OPENING


def traced(facts: MailFacts, lines: Sequence[str]) -> MailFacts:
    """The facts with additional lines in the trace that is stored with the mail's fate."""
    read = facts.understanding
    return replace(facts, understanding=replace(read, trace=(*read.trace, *dict.fromkeys(lines))))


def why_unclear(piece: Weighed) -> str:
    """Why a person must look at a unit's mail, in words for that person."""
    if piece.evidence.vetoes:
        return f"{NOT_SENT}, vì {'; '.join(piece.evidence.vetoes)}"
    if sounds := piece.evidence.unlike:
        return f"{NOT_SENT}. {sounds.removesuffix('.')}"
    return f"{OF_UNIT_BUT}chưa rõ đây có phải câu trả lời không"


Piece = tuple[Reply, list[AssignmentFacts]]


def joined(pieces: Sequence[Piece]) -> Reply:
    """All that the pieces say as one reply, with the first unit that one of them names."""
    unit = next((one.unit for one, _ in pieces if one.unit), "")
    return replace(pieces[0][0], text="\n\n".join(one.text for one, _ in pieces), unit=unit)


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
        items = [one for one in own if part.number and one.item == part.number]
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
    files = ((one.part, f"{one.name}\n{one.text}") for one in facts.mail.attachments)
    return frozenset(part for part, said in files if part in inside or _is_of_others(facts, question, said))


def _is_of_others(facts: MailFacts, question: QuestionFacts, said: str) -> bool:
    """Whether a text has the register number of another question, or the whole name of its asker."""
    own = own_codes(facts, question)
    others = another_short(said, own) or set(register_numbers(said, facts.board.prefix)) - own
    return bool(others) or _names_another(facts, question, said)


def _names_another(facts: MailFacts, question: QuestionFacts, said: str) -> bool:
    own, text = own_codes(facts, question), squash(said)
    names = {squash(one.asker.name) for one in facts.questions.values() if one.code not in own}
    return any(" " in one and one in text for one in names - {squash(question.asker.name)})


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
    return None if _is_of_others(facts, question, said.text) else said


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
    units = {one.unit for one in question.assignments}
    its = {one.code for one in facts.questions.values() if any(each.unit in units for each in one.assignments)}
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
