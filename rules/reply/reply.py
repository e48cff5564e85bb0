"""What a reply says (clauses 10.1.d, 10.1.g, 15.2, 15.3): verb, questions, unit, date, own document, signer.

The writer's own words count first; if a clerk only forwards something, the forwarded text counts; if the writer
wrote nothing, the attachments count. Quoted text, above all our own, never gives a verb.
A mail that answers several questions is split by register number, or by order ("Câu 1: …").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from rules.law.working_days import short_date
from rules.message.attachment_policy import is_wrapping, without_machine_text
from rules.message.quote_markers import DEFAULT, load_markers
from rules.message.reply_text import Forwarded, fold_strictly, forwarded_inside
from rules.reply.about_question import in_one_row
from rules.reply.details import IN_BRACKETS, Signer, document_number, file_document, signer
from rules.reply.patterns import WORDED, LinePatterns, load_line_patterns
from rules.reply.sentences import is_bare, sentences_of, without_quotations
from rules.reply.unit_names import UnitNames, unit_names
from rules.reply.verbs import Judged, VerbPhrases, judge, load_verb_phrases
from rules.text import squash
from rules.text.dates import until_date
from rules.values.data_file import Source
from rules.values.model import Attachment, ItemAnswer, ParsedMail, Reply, Unit, Verb
from rules.values.register_number import number_places, register_numbers

LEAST_WORDS = 1
"""A part with fewer words is no answer, only a bare number in a list of numbers."""
LONGEST_HEAD = 200
"""At most this many characters come before a number at the head of its line or sentence."""
MOST_PARTS = 200
"""Only this many points of a list are used."""
_STOP = re.compile(r"(?:(?<=[^\d\W])|(?<=\S\d\d)|(?<=[^\W\d_] \d)|(?<=[^\W\d_] \d\d)|(?<=[)%”\"]))[.;] ")
"""The end of a sentence, also of one that ends in a date, but not the number of a point of a list."""
_PLAIN = re.compile(r"^[ \t*]{0,4}(\d{1,2})[ ]?[.):/\-][ ]", re.MULTILINE)


def parts_of(text: str, mentioned: Sequence[str], prefix: str, lines: LinePatterns) -> tuple[ItemAnswer, ...]:
    """The answers in a text, at least two by number, or any by order; empty when it answers one question.

    ``mentioned`` are the numbers that the mail names: a list "Câu 1 … Câu 2 …", or a plain one "1. … 2. …", with as
    many points as numbers answers them in that order.
    """
    by_number = _by_number(in_one_row(text, prefix, lines), prefix, lines)
    if len(by_number) >= 2:
        return by_number
    by_order = _by_order(text, lines.point)
    points = by_order or _by_order(text, _PLAIN)
    in_order = len(mentioned) >= 2 and [one.number for one in points] == list(range(1, len(mentioned) + 1))
    if in_order and not lines.alike.search(text):
        return tuple(ItemAnswer(code, one.text, one.number) for code, one in zip(mentioned, points, strict=True))
    return by_order


def parts_of_files(files: Sequence[Attachment], prefix: str) -> tuple[ItemAnswer, ...]:
    """Several documents, each answering the one question that its name or else its text gives; empty otherwise."""
    found = [
        ItemAnswer(codes[0], file.text.strip(), file=file.part, document=file_document(file))
        for file in files
        if len(codes := register_numbers(file.name, prefix) or register_numbers(file.text, prefix)) == 1
    ]
    return tuple(found) if len({one.question for one in found}) >= 2 else ()


def _by_number(text: str, prefix: str, lines: LinePatterns) -> tuple[ItemAnswer, ...]:
    """Each number at the head of a line or sentence begins the answer to that question."""
    places = number_places(text, prefix)
    stops = [stop.end() for stop in _STOP.finditer(text)] if places else []
    begun = (
        (code, _behind_comma(text, _head_start(text, start, stops), start, end, lines), start, end)
        for code, start, end in places
    )
    heads = list[tuple[str, int, int, int]]()
    for code, head, start, end in begun:
        joins = bool(heads) and lines.joins.fullmatch(text, heads[-1][-1], start) is not None
        if joins or (start - head <= LONGEST_HEAD and lines.leads.match(text, head, start)):
            heads.append((code, start if joins else head, start, end))
    found: dict[str, list[str]] = {code: [] for code, *_ in heads}
    stop, answer, own = len(text), "", 0
    for place in reversed(range(len(heads))):
        code, head, _, end = heads[place]
        if not (answer and lines.joins.fullmatch(text, end, heads[place + 1][2])):  # "HP-1, HP-2: …" is said of both
            answer, own = text[end:stop].strip().lstrip(":.)]-–—,;* \t\n").strip(), own + 1
        if len(answer.split()) >= LEAST_WORDS:
            found[code].insert(0, answer)
        stop = head
    return tuple(ItemAnswer(code, "\n\n".join(texts)) for code, texts in found.items() if texts and own > 1)


def _behind_comma(text: str, head: int, start: int, end: int, lines: LinePatterns) -> int:
    """The same, or behind a comma in it: "HP-… không thuộc thẩm quyền, HP-…: …"."""
    comma = text.rfind(", ", head, start)
    heads = comma >= 0 and lines.leads.match(text, comma + 2, start) and lines.numbered.match(text, end)
    return comma + 2 if heads else head


def _head_start(text: str, at: int, stops: Sequence[int]) -> int:
    """The start of the line or sentence that contains this position; ``stops`` are the starts of all sentences."""
    line = text.rfind("\n", 0, at) + 1
    before = bisect_right(stops, at)
    return max(line, stops[before - 1]) if before else line


def _by_order(text: str, pattern: re.Pattern[str]) -> tuple[ItemAnswer, ...]:
    heads = list(islice(pattern.finditer(text), MOST_PARTS))
    found: dict[int, str] = {}
    for place, head in enumerate(heads):
        number = _number(head[1])
        stop = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        answer = text[head.end() : stop].strip().lstrip(":.)]-–—,;* \t\n").strip()
        if number and number not in found and len(answer.split()) >= LEAST_WORDS:
            found[number] = answer
    return tuple(ItemAnswer("", answer, number) for number, answer in found.items())


def _number(word: str) -> int:
    return int(word) if word.isdigit() else WORDED.get(word.lower(), 0)


__all__ = ["has_reply_shape", "read_reply", "register_numbers"]

QUOTED = "phần trích dẫn"
NOTE_WORDS = 40
"""A note above a forwarded answer has fewer words than this."""
_DOCUMENT_TYPES = ("pdf", "word", "document", "image/", "octet-stream", "rtf", "zip")
_ONE_DAY = timedelta(hours=7)
"""Asia/Ho_Chi_Minh is UTC+7 all year."""
_WEAK = frozenset({Verb.NONE, Verb.ANSWER, Verb.FOLLOW_UP})
_FROM_SUBJECT = frozenset({Verb.NOT_COMPETENT, Verb.EXTENSION, Verb.ASKS_CITY, Verb.FORWARDED, Verb.RECEIVED})


@dataclass(frozen=True, slots=True)
class Statement:
    """The text that gives the verb, where in the mail it is, and the verb."""

    text: str
    place: str
    judged: Judged


def has_reply_shape(mail: ParsedMail, units: Mapping[str, Unit] | None = None, source: Source = DEFAULT) -> bool:
    """True when a mail replies to a mail, contains a register number, or has a unit's name in From."""
    if mail.in_reply_to or mail.references or load_markers(source).subject.answers.match(mail.subject):
        return True
    files = (text for file in mail.attachments for text in (file.name, file.text[:4000]))
    if any(register_numbers(text, source.prefix) for text in (mail.subject, mail.text, *files)):
        return True
    name = squash(mail.sender.name) if units else ""
    return bool(units and name and unit_names(units, source).find(name, bare=is_bare(name)))


def read_reply(mail: ParsedMail, units: Mapping[str, Unit], source: Source = DEFAULT) -> Reply:
    """Read a reply; other modules decide which question it belongs to and whether its sender has the authority."""
    names, phrases, mail = unit_names(units, source), load_verb_phrases(source), without_machine_text(mail)
    statement = _said(mail, names, phrases, source)
    on = (mail.date + _ONE_DAY).date() if mail.date else None
    judged = statement.judged
    questions, where = _questions(mail, statement.text, source.prefix)
    cut = _parts(mail, statement, () if where == QUOTED else questions, source)
    parts = tuple(_judged_part(one, names, phrases, on) for one in cut)
    questions = tuple(dict.fromkeys((*questions, *(one.question for one in parts if one.question))))
    until = _until(statement, on) if judged.verb is Verb.EXTENSION else None
    who = signer(_signed_texts(mail, statement.text, source), source)
    return Reply(
        verb=judged.verb,
        text=statement.text,
        questions=questions,
        unit=names.resolve(judged.unit, on) if judged.unit else "",
        until=until,
        document=document_number(mail, statement.text, source),
        signer=who.name,
        signer_title=who.title,
        parts=parts,
        trace=_trace(statement, questions, where, until, who),
    )


def _said(mail: ParsedMail, names: UnitNames, phrases: VerbPhrases, source: Source) -> Statement:
    """The text that counts: own words, a forwarded text, the subject, or an attachment."""
    own = fold_strictly(mail.text, source).own
    statement = Statement(own, "lời của người gửi", _judge(own, names, phrases))
    if inside := _passed_on(mail, statement, phrases, names, source):
        statement = inside
    if statement.judged.verb in _WEAK and len(statement.text.split()) <= NOTE_WORDS:
        statement = _by_subject(mail, statement, names, phrases, source)
    if statement.judged.verb in {Verb.NONE, Verb.ANSWER} and len(statement.text.split()) <= NOTE_WORDS:
        statement = _by_attachment(mail, statement, names, phrases)
    return statement


def _judge(text: str, names: UnitNames, phrases: VerbPhrases) -> Judged:
    return judge(sentences_of(without_quotations(text), names, phrases.lines, short=phrases.short), phrases)


def _passed_on(
    mail: ParsedMail, statement: Statement, phrases: VerbPhrases, names: UnitNames, source: Source
) -> Statement | None:
    """The forwarded text, when a clerk has only written a note above it."""
    inside = forwarded_inside(mail.text, source) or _attached_mail(mail, source)
    if inside is None or len(statement.text.split()) > NOTE_WORDS or _is_ours(inside.sender, mail):
        return None
    passed = load_markers(source).subject.forwards.match(mail.subject) is not None
    note = sentences_of(statement.text, names, phrases.lines)
    noted = phrases.in_any("forward_note.says", note)
    boards = not inside.name or phrases.in_any("forward_note.ours", sentences_of(inside.name, names, phrases.lines))
    from_others = noted and statement.judged.verb is Verb.NONE and not boards
    if not (inside.marked or from_others or passed):
        return None  # a header block above our own quoted mail looks the same
    is_note = noted or statement.judged.verb is Verb.NONE
    if not (is_note or passed) or statement.judged.verb in _FROM_SUBJECT - {Verb.FORWARDED}:
        return None
    text = fold_strictly(inside.text, source).own
    judged = _judge(text, names, phrases)
    return Statement(text, "thư được chuyển tiếp", judged) if judged.verb is not Verb.NONE else None


def _attached_mail(mail: ParsedMail, source: Source) -> Forwarded | None:
    """A mail forwarded as an attached message (RFC 2046 §5.2.1), which has no forwarding words to recognise it by."""
    for file in mail.attachments:
        if file.type == "message/rfc822" and (inside := forwarded_inside(file.text, source)):
            return replace(inside, marked=True)
    return None


def _is_ours(address: str, mail: ParsedMail) -> bool:
    """True when the forwarded mail came from the mailbox this mail was sent to: our own words are never an answer."""
    plain = re.sub(r"\+[^@]*", "", address.lower())
    return bool(plain) and any(re.sub(r"\+[^@]*", "", box.email.lower()) == plain for box in (*mail.to, *mail.cc))


def _by_subject(
    mail: ParsedMail, found: Statement, names: UnitNames, phrases: VerbPhrases, source: Source
) -> Statement:
    """ "Xin gia hạn" may be in the subject alone; a subject that only repeats ours gives no verb."""
    if load_markers(source).subject.either.match(mail.subject):
        return found
    subject = IN_BRACKETS.sub("", mail.subject)
    judged = _judge(f"{subject}\n{found.text}", names, phrases)
    return (
        replace(found, place="tiêu đề và lời của người gửi", judged=judged) if judged.verb in _FROM_SUBJECT else found
    )


def _by_attachment(mail: ParsedMail, statement: Statement, names: UnitNames, phrases: VerbPhrases) -> Statement:
    """An answer may be in an attachment only, readable or scanned."""
    files = [file for file in mail.attachments if _is_document(file)]
    readable = next((file for file in files if file.text.strip()), None)
    if readable is not None:
        judged = _judge(readable.text, names, phrases)
        verb = judged.verb if judged.verb not in {Verb.NONE, Verb.FOLLOW_UP} else Verb.ANSWER
        if statement.judged.verb is Verb.NONE or verb in _FROM_SUBJECT:
            text = statement.text if statement.judged.verb is Verb.ANSWER else readable.text.strip()
            return Statement(text, f"tệp đính kèm “{readable.name}”", replace(judged, verb=verb))
    if files and statement.judged.verb is Verb.NONE:
        return replace(statement, place=f"tệp đính kèm “{files[0].name}”", judged=Judged(Verb.ANSWER))
    return statement


def _is_document(file: Attachment) -> bool:
    kind = f"{file.type} {file.name}".lower()
    held = file.size and not file.inline and (file.text.strip() or not is_wrapping(file))
    return bool(held) and any(word in kind for word in (*_DOCUMENT_TYPES, ".doc", ".odt", ".jpg", ".png"))


def own_words(mail: ParsedMail, source: Source = DEFAULT) -> str:
    """What the writer wrote; "" for a mail that only quotes, whose quotation otherwise counts as its text."""
    return fold_strictly(mail.text, source).own


def is_said(mail: ParsedMail, reply: Reply | None, source: Source) -> bool:
    """Whether a register number stands anywhere but in what the mail quotes."""
    own, prefix = own_words(mail, source), source.prefix
    files = (f"{file.name}\n{file.text[:20_000]}" for file in mail.attachments)
    return any(register_numbers(text, prefix) for text in (mail.subject, own, reply.text if reply else "", *files))


def _questions(mail: ParsedMail, text: str, prefix: str) -> tuple[tuple[str, ...], str]:
    """The numbers the reply is about and where they were found: own words, subject, attachments, quoted text."""
    files = "\n".join(f"{file.name}\n{file.text[:20_000]}" for file in mail.attachments)
    for place, where in (
        (text, "nội dung"),
        (mail.subject, "tiêu đề"),
        (files, "tệp đính kèm"),
        (mail.text, QUOTED),
    ):
        if found := register_numbers(place, prefix):
            return found, where
    return (), ""


def _until(statement: Statement, on: date | None) -> date | None:
    """The day asked for: from the sentence with the request, else from anywhere in the text."""
    return until_date(statement.judged.said, on) or until_date(statement.text, on)


def _signed_texts(mail: ParsedMail, text: str, source: Source) -> tuple[str, ...]:
    folded = fold_strictly(mail.text, source)
    attached = tuple(file.text for file in mail.attachments if file.text.strip())
    return (*attached, text, folded.signature)


def _parts(mail: ParsedMail, said: Statement, mentioned: tuple[str, ...], source: Source) -> tuple[ItemAnswer, ...]:
    """The parts of an answer: in the body, else in the first file that has parts, else one part per file."""
    prefix, lines = source.prefix, load_line_patterns(source)
    inside = next((one.part for one in mail.attachments if one.text.strip() == said.text), None)
    parts = tuple(replace(part, file=inside) for part in parts_of(said.text, mentioned, prefix, lines))
    for one in mail.attachments if not parts else ():
        parts = parts or tuple(replace(part, file=one.part) for part in parts_of(one.text, mentioned, prefix, lines))
    if not parts and len(said.text.split()) <= NOTE_WORDS:
        parts = parts_of_files([one for one in mail.attachments if _is_document(one)], prefix)
    return parts


def _judged_part(part: ItemAnswer, names: UnitNames, phrases: VerbPhrases, on: date | None) -> ItemAnswer:
    """The part with its own verb."""
    judged = _judge(part.text, names, phrases)
    verb = judged.verb if judged.verb in _FROM_SUBJECT else Verb.ANSWER
    until = until_date(judged.said or part.text, on) if verb is Verb.EXTENSION else None
    return replace(part, verb=verb, unit=names.resolve(judged.unit, on) if judged.unit else "", until=until)


_VERB_NAMES = {
    Verb.ANSWER: "trả lời",
    Verb.NOT_COMPETENT: "báo không thuộc thẩm quyền",
    Verb.EXTENSION: "xin gia hạn",
    Verb.RECEIVED: "báo đã nhận",
    Verb.ASKS_CITY: "xin ý kiến thành phố",
    Verb.FORWARDED: "báo đã chuyển",
    Verb.FOLLOW_UP: "bổ sung của người hỏi",
    Verb.NONE: "không có nội dung trả lời",
}


def _trace(said: Statement, codes: tuple[str, ...], where: str, until: date | None, who: Signer) -> tuple[str, ...]:
    """What was recognised and concluded, for an officer."""
    quote = f": “{said.judged.said[:120]}”" if said.judged.said else ""
    lines = [f"Đọc {said.place}: {_VERB_NAMES[said.judged.verb]}{quote}"]
    if codes:
        lines.append(f"Số câu hỏi trong {where}: {', '.join(codes)}")
    if said.judged.verb is Verb.EXTENSION:
        lines.append(f"Xin đến ngày {short_date(until)}" if until else "Không ghi xin đến ngày nào")
    if who.name:
        lines.append(f"Người ký: {who.name}, {who.title}".rstrip(", "))
    return tuple(lines)
