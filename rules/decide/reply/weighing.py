"""Weighs the text of a unit's mail as the answer before any of it may be sent.

What a unit wrote between the quoted lines of our mail cannot be sent on and is never its answer. An answer that comes
once more, as after a second click, is kept with the first, and nobody has to act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rules.decide.base.actions import Action, Finish
from rules.decide.base.command_result import (
    BELOW,
    BESIDE,
    ENCRYPTED,
    INSIDE,
    NOT_SENT,
    OF_UNIT_BUT,
    OUTLOOK,
    SIGNED,
    of_same_unit,
)
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import AnswerFacts, AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import notify_unit, unit_name
from rules.decide.reply.asker_part import names_another, shared_files, told_of_others
from rules.message.attachment_policy import (
    ENCRYPTED_MAIL,
    SIGNED_MAIL,
    TNEF,
    digests,
    empty_files,
    sent_files,
    unread_wrapping,
)
from rules.message.quote_markers import without_machines
from rules.reply.about_question import DIVIDED
from rules.reply.addressee import another_matter, another_person, another_question
from rules.reply.details import with_subject
from rules.reply.evidence import BY_PHRASES, GAP, LETTER, PEOPLE, VETOES, Evidence, Papers, forbidden, settled, weigh
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import own_words
from rules.reply.sentences import HEAD_LINES, identities, matter_of, sentences_of
from rules.reply.shown import as_sent
from rules.reply.unit_names import UnitNames, unit_names
from rules.reply.verbs import load_verb_phrases
from rules.text import squash, strip_marks
from rules.text.dates import until_date
from rules.values.model import Fate, Kind, Reply, RequesterKind, Verb
from rules.values.register_number import another_short, number_places, register_numbers
from rules.values.states import Folder, MailStatus

NOTHING = "không có câu trả lời, cũng không có tệp kèm theo"
OF_OTHERS = "tệp kèm theo nêu cả câu hỏi, người hỏi khác nên không gửi kèm được"
NAMES_OTHERS = "lời thư nêu họ tên người hỏi khác"
TELLS_OTHERS = "lời thư nêu họ tên người hỏi khác, số nhà hoặc điện thoại của họ"
CUT = "thư quá dài, chỉ đọc được phần đầu (xem bản gốc, nên đề nghị đơn vị gửi nội dung bằng tệp)"
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
    files = sum(1 for file in sent_files(facts.mail) if file.type != MAIL)  # its words are read
    valid = (signature.signer for file in facts.mail.attachments for signature in file.signatures if signature.valid)
    papers = Papers(files, piece.document, piece.signer_title, next(valid, ""), facts.sender_unit)
    source = facts.board.source
    names = unit_names(facts.board.units, source)
    evidence = weigh(piece.text, asked, papers, names, source)
    beside = own_words(facts.mail, source)
    if files and beside.strip() and piece.text.strip() not in beside:  # what the mail says of its file counts too
        note = weigh(beside, asked, papers, names, source)
        forbids = [one for one in note.vetoes if one in {*VETOES.values(), DIVIDED}]
        said = (*evidence.vetoes, *forbids, *_not_of_an_answer(note))
        evidence = replace(evidence, vetoes=said, left_to=evidence.left_to or note.left_to)
    evidence = replace(
        evidence, vetoes=tuple(dict.fromkeys((*evidence.vetoes, *_beside(facts, piece, asked, names, within))))
    )
    if question.asker.kind is RequesterKind.ORGANISATION:  # "Kính gửi: Công ty 68" may be whoever asked
        evidence = replace(evidence, vetoes=tuple(one for one in evidence.vetoes if one != LETTER))
    if not files and says_nothing(facts, piece.text):
        evidence = replace(evidence, vetoes=(*evidence.vetoes, NOTHING))
    if empty := empty_files(facts.mail):
        evidence = replace(evidence, vetoes=(*evidence.vetoes, f"tệp kèm theo rỗng, không có nội dung ({empty})"))
    other = _uncut(facts, piece, question) or next(_of_another(facts, question, piece.text, asked), "")
    named = NAMES_OTHERS if names_another(facts, question, piece.text) else ""
    text = ", ".join(told_of_others(facts, question, piece.text)[:MOST_ASKED])
    told = f"{TELLS_OTHERS} ({text})" if text else named
    others = (other, told, _shared_file(facts, piece, question), CUT if facts.mail.cut else "")
    evidence = replace(evidence, vetoes=(*evidence.vetoes, *filter(None, others)))
    if all(one.role == "support" for one in assignments):  # it writes to the lead, which answers the whole
        evidence = replace(evidence, vetoes=tuple(one for one in evidence.vetoes if one != DIVIDED))
    verb = settled(piece.verb, piece.unit, evidence)
    if (verb not in BY_PHRASES or verb is not piece.verb) and (unread := _out_of_sight(facts, piece, evidence, verb)):
        kept = tuple(one for one in evidence.vetoes if one != NOTHING) if unread in {INSIDE, BESIDE} else ()
        verb, evidence = Verb.NONE, replace(evidence, vetoes=(unread, *kept))
    reply = replace(piece, verb=verb) if verb is piece.verb else _heard(facts, piece, verb)
    return Weighed(reply, assignments, evidence)


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
    files = [file for file in sent_files(facts.mail) if file.type != MAIL]
    heads = ("\n\n".join(file.text.split("\n")[:HEAD_LINES]) for file in files)
    inside = (text for file, head in zip(files, heads, strict=True) for text in (_RULE.sub("", file.text), head))
    called = [_WORDS_END.sub(" ", file.name) for file in files]
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


def _out_of_sight(facts: MailFacts, piece: Reply, evidence: Evidence, verb: Verb) -> str:
    """Why what the unit says is not in its text, or not all of it; "" if it is."""
    if verb in {Verb.NONE, Verb.FOLLOW_UP} and (wrapping := unread_wrapping(facts.mail)):
        return WRAPPINGS[wrapping]
    if facts.between:
        return BESIDE if evidence.is_answer or sent_files(facts.mail) else INSIDE
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


def _of_another(facts: MailFacts, question: QuestionFacts, text: str, matter: str) -> Iterator[str]:
    """Why a text is no answer to this question, or not yet: it is to another, about something else, or an end."""
    source, whole = facts.board.source, f"{question.subject}\n{question.content}"
    codes = (one.code for one in facts.questions.values())
    if short := another_short(f"{facts.mail.subject}\n{text}", codes, whole):
        yield f"nêu cả câu hỏi khác ({short})"
    if _says(facts, text, "veto.other_question"):
        yield "nói không trả lời câu hỏi này, mà câu khác"
    if _says(facts, text, "veto.for_all"):
        yield "trả lời chung nhiều câu hỏi mà không nêu số"
    if identities(text, source) - identities(whole, source):
        yield "nêu số giấy tờ tùy thân không có trong câu hỏi"
    if begun := _begun_in(facts, question, text):
        yield f"viết tiếp thư trước mà thư ấy chưa gửi người hỏi (thư số {begun})"
    yield from _greets_another(facts, question, text, whole)
    if about := another_matter(text, matter, source, whole=whole):
        yield f"tiêu đề nói việc khác (“{about}”)"
    if repeated := another_question(text, f"{matter}\n{whole}", source):
        yield f"nhắc lại câu hỏi khác (“{repeated[:120]}”)"


def _uncut(facts: MailFacts, piece: Reply, question: QuestionFacts) -> str:
    """Why a part has what is of another number before its colon: "HP-1 (ông An), HP-2 (bà Bình): …"; else ""."""
    lead, colon, _ = piece.text.partition(":")
    is_part = any(one.question == question.code for one in piece.parts)
    codes = register_numbers(lead, facts.board.prefix) if colon and is_part else ()
    return "" if question.code in codes or not codes else f"nêu cả câu hỏi khác ({codes[0]})"


def _says(facts: MailFacts, text: str, name: str) -> bool:
    """Whether a text without a number says that it is not for the question at hand, or for others too."""
    source = facts.board.source
    phrases, names = load_verb_phrases(source), unit_names(facts.board.units, source)
    said = phrases.in_any(name, sentences_of(text, names, phrases.lines))
    return said and not register_numbers(text, facts.board.prefix)


def names_board(facts: MailFacts, text: str) -> bool:
    """Whether words name the Board: they are said to it, not to an asker."""
    source = facts.board.source
    phrases, names = load_verb_phrases(source), unit_names(facts.board.units, source)
    return phrases.in_any("forward_note.ours", sentences_of(text, names, phrases.lines))


def _begun_in(facts: MailFacts, question: QuestionFacts, text: str) -> int:
    """The unit's own letter that waits for an officer and that this text goes on from; 0 for none."""
    letters = of_same_unit(facts.board, facts.mail.sender.email, facts.letters.get(question.id, ()))
    waits = [one.mail for one in letters if one.waits and one.mail != facts.raw_mail]
    return waits[-1] if waits and load_line_patterns(facts.board.source).continues.match(text) else 0


def _greets_another(facts: MailFacts, question: QuestionFacts, text: str, whole: str) -> Iterator[str]:
    """Where words or a file address a person who is none of the askers; one asker's name is enough."""
    askers = {one.asker for one in (question, *facts.questions.values())}
    if any(requester.kind is RequesterKind.ORGANISATION for requester in askers):
        return  # a person of theirs may be greeted
    files = (file.text for file in facts.mail.attachments if not file.inline and file.type != MAIL)
    for where, said in (("lời thư", text), *(("tệp kèm theo", each) for each in files)):
        others = {another_person(said, requester.name, whole, facts.board.source) for requester in askers}
        if "" not in others:
            yield f"{where} gọi người khác ({min(others)}), không phải người hỏi"


def _heard(facts: MailFacts, piece: Reply, verb: Verb) -> Reply:
    """The part as it sounds; by sound alone, nothing is forwarded to a unit that it names."""
    until = until_date(piece.text, facts.board.law.today(facts.received_at)) if verb is Verb.EXTENSION else None
    return replace(piece, verb=verb, unit="", until=until)


def _matter_of(question: QuestionFacts, assignments: Sequence[AssignmentFacts]) -> str:
    """The question's text without the requester's data: naming the requester is no sign of an answer."""
    text = "\n".join((question.subject, *(assignment.item_text for assignment in assignments), question.content))
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


WITHIN = timedelta(days=1)
"""Later the same words may be meant anew: the asker was not content, or an officer asked for more."""


def copied(facts: MailFacts, pieces: Sequence[Weighed]) -> tuple[Action, ...]:
    """Keep a mail that says only what its unit has answered already, on each of its questions; () for any other."""
    about = [(facts.questions[one.assignments[0].question_id], _repeated(facts, one)) for one in pieces]
    mails = {answer.mail for _, answer in about if answer is not None}
    if any(answer is None for _, answer in about) or (facts.threads and facts.threads[0].name == OPINION):
        return ()
    told = (notify_unit(facts, question, pieces[at].assignments[0], "copy") for at, (question, _) in enumerate(about))
    first = ", ".join(str(one) for one in sorted(mails))
    why = f"Thư lặp lại câu trả lời {', '.join(one.code for one, _ in about)} đã nhận (thư số {first}), không gửi nữa"
    trace = facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about[0][0].id, trace)
    return (*(action for actions in told for action in actions), finish)


OPINION = "unit_opinion"
"""Our mail that passes on what the asker finds wrong with the answer: the same answer to that is the unit's word."""


def _repeated(facts: MailFacts, piece: Weighed) -> AnswerFacts | None:
    """The answer that has the same words, as they are shown, and the same files; None for none.

    It is the newest to that question: what the unit has corrected or added since is not taken back by a copy.
    """
    question, own = (
        facts.questions[piece.assignments[0].question_id],
        {assignment.id for assignment in piece.assignments},
    )
    last = next((answer for answer in reversed(question.answers) if answer.assignment in own), None)
    since = max((assignment.answered_at for assignment in piece.assignments if assignment.answered_at), default=None)
    if last is None or since is None or not timedelta() <= facts.received_at - since <= WITHIN:
        return None
    shown = (as_sent(piece.reply.text, facts.board.source), piece.reply.document, piece.reply.signer)
    same = digests(facts.mail) == (facts.digests.get(last.mail) if last.files else ())
    return last if same and shown == (last.text, last.document, last.signer) else None
