"""Details of a unit's mail: its own document number and signer, the act that it requests, the day that it asks for.

The number (``Số: 123/SXD-QLN``) and who signed for it are those of clause 15.2. An act stands at the top of the mail:
``Thu hồi``, ``Đính chính: …`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, islice

from rules.message.attachment_policy import sent_files
from rules.message.quote_markers import DEFAULT, load_markers
from rules.reply.patterns import NUMBER, DetailPatterns, load_detail_patterns, load_number_patterns
from rules.text import clean_line, nfc, squash, strip_marks
from rules.text.dates import FoundDate, dates_in, monthless_days_in, until_date, wished_day
from rules.text.patterns import NOTHING
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Attachment, ParsedMail, Reply
from rules.values.register_number import number_places, without_numbers

HEAD_LINES = 30
"""A document's number is within this many lines of its top."""
LABEL_LINES = 2000
"""Only this many lines at the top and at the end of a text are searched for the signer."""
TAIL_LINES = 30
"""The signature is within this many lines of the end."""
_OWN_LINE = re.compile(
    rf"^\W{{0,6}}(?:[Cc]ông văn |[Vv]ăn bản |CV )?(?:[Ss][ốô]|SỐ|So|[Nn]o)\s*[:.]?\s*{NUMBER}", re.MULTILINE
)
_ANY = re.compile(rf"(?<![\d/.-]){NUMBER}", re.IGNORECASE)
MOST_CITED = 50
_LAWS = re.compile(r"(?:^|[-/])(?:NĐ|ND|TT|QH\d*|L|PL|CT|NQ|TTLT|NQLT)(?:[-/]|$)|CTTĐT|BBT")
_PROPOSAL = re.compile(r"(?:^|/)TTR(?:-|$)", re.IGNORECASE)
"""The sign of a proposal to superiors (tờ trình); an answer never has such a number."""
_FILE = re.compile(r"(?<![\d])(\d{1,5})[\s._/-]+((?:[A-ZĐ]{2,8})(?:[-_. ][A-ZĐ]{1,8}){1,3})(?![A-Za-zđ])")
_NAME_WORD = r"[A-ZĐÀ-ỸĂÂÊÔƠƯ][a-zđà-ỹăâêôơư]*"
_OFFICE = r"(?:Sở\s+(?=\S+\s+\S+\s+\S)(?!.*\s[Vv]à\s))?(?!S[Ởở]\s)(?:(?:TS|ThS|PGS|GS|KS|BS|CN|LS)\.?\s*)?"
"""Of "Phó Giám đốc Sở Nguyễn Văn A" what stands before the name; a department's own name is nobody's."""
_NAME = re.compile(rf"^\W{{0,4}}{_OFFICE}({_NAME_WORD}(?:\s+{_NAME_WORD}){{1,5}})\W{{0,4}}$")
_CAPITAL_NAME = re.compile(r"^\W{0,4}(?!S[Ởở]\s)([A-ZĐÀ-Ỹ]{2,}(?:\s+[A-ZĐÀ-Ỹ]{1,}){1,5})\W{0,4}$")
_AUTHORITY = re.compile(r"^\W{0,4}(?:KT|TM|TL|TUQ|Q)\s*\.\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signer:
    """Name and title of the signer; both "" when the text does not say."""

    name: str = ""
    title: str = ""


def document_number(mail: ParsedMail, own: str, source: Source = DEFAULT) -> str:
    """The unit's own number: at the top of an attachment, in the text, or in an attachment's name; "" if none."""
    at_top = (found for file in mail.attachments if (found := _at_top(file)))
    in_names = (found for file in mail.attachments if (found := _from_name(file)))
    said = _said_numbers(own, load_detail_patterns(source))
    return next(chain(at_top, _own_numbers(own), said, in_names), "")


def file_document(file: Attachment) -> str:
    """The number of one attached document, at its top or in its name; "" if none."""
    return _at_top(file) or _from_name(file)


def cited_documents(text: str) -> tuple[str, ...]:
    """All document numbers in a text, written as by :func:`document_key`: its own and those it refers to."""
    found = (document_key(f"{match[1]}/{match[2]}") for match in islice(_ANY.finditer(text), MOST_CITED))
    return tuple(dict.fromkeys(found))


def document_key(number: str) -> str:
    """A document number in the form used for comparing: ``123/SXD–qln`` and ``123 / SXD-QLN`` are the same."""
    return re.sub(r"\s+", "", number).replace("–", "-").rstrip("-.").upper().lstrip("0")


def _at_top(file: Attachment) -> str:
    return next(_own_numbers("\n".join(file.text.split("\n")[:HEAD_LINES])), "")


def _own_numbers(text: str) -> Iterator[str]:
    found = (_tidy(match[1], match[2]) for match in _OWN_LINE.finditer(text))
    yield from (number for number in found if not _LAWS.search(number))


def _said_numbers(text: str, patterns: DetailPatterns) -> Iterator[str]:
    for match in patterns.said.finditer(text):
        number = _tidy(match[1], match[2])
        before = text[max(0, match.start() - 40) : match.start()]
        sent = patterns.sent.search(before) and not patterns.answered.match(text, match.start())
        cited = patterns.cited.search(before) or sent
        if not _LAWS.search(number) and not _PROPOSAL.search(number) and not cited:
            yield number


def _from_name(file: Attachment) -> str:
    match = _FILE.search(file.name.upper() if file.name.islower() else file.name)
    if match is None or file.inline:
        return ""
    signs = re.split(r"[-_. ]", match[2])
    kept = [sign for sign in signs if sign not in {"SIGNED", "PDF", "DOCX", "DOC", "KY", "SO"}]
    return f"{match[1]}/{'-'.join(kept)}" if kept and not _LAWS.search("-".join(kept)) else ""


def _tidy(number: str, signs: str) -> str:
    joined = re.sub(r"\s+", "", signs).replace("–", "-").rstrip("-.")
    return f"{number}/{joined}"


@lru_cache(maxsize=SOURCES_KEPT)
def load_titles(source: Source) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The titles as spelt in the data, by squashed form with and without diacritics, and a pattern of all forms."""
    spelt = {squash(word): word for word in source.toml("verbs.toml")["titles"]["leaders"]}
    spelt |= {strip_marks(form): word for form, word in spelt.items()}
    forms = sorted(spelt, key=len, reverse=True)
    return spelt, re.compile("(?<!\\w)(" + ("|".join(map(re.escape, forms)) or NOTHING) + ")(?!\\w)")


def signer(texts: Sequence[str], source: Source = DEFAULT) -> Signer:
    """The signer from the first text that names one: by a label, or by title and name near the end."""
    for text in texts:
        filled = [line for line in text.split("\n") if line.strip()]
        ends = filled if len(filled) <= 2 * LABEL_LINES else filled[:LABEL_LINES] + filled[-LABEL_LINES:]
        lines = [clean_line(line) for line in ends]
        found = _labelled(lines, source) or _titled(lines[-TAIL_LINES:], source)
        if found:
            return found
    return Signer()


def _labelled(lines: Sequence[str], source: Source) -> Signer | None:
    for line in lines:
        if match := load_detail_patterns(source).label.match(line):
            title = _title_in(match[1], source)
            if name := _without_title(match[1], title):
                return Signer(name, title)
    return None


def _titled(lines: Sequence[str], source: Source) -> Signer | None:
    """A title with a name on the same line, below it (past "(Đã ký)"), or above it. The last one counts."""
    for at in range(len(lines) - 1, -1, -1):
        title = _title_in(lines[at], source)
        if not title or len(lines[at].split()) > 14:
            continue
        name = _without_title(lines[at], title) or _name_below(lines, at, source)
        if name := name or (_name(lines[at - 1]) if at else ""):
            return Signer(name, _full_title(lines, at, title, source))
    return None


def _full_title(lines: Sequence[str], at: int, title: str, source: Source) -> str:
    """The signer's title: of ``KT. GIÁM ĐỐC`` above ``PHÓ GIÁM ĐỐC`` the signer holds the lower one."""
    below = _title_in(lines[at + 1], source) if at + 1 < len(lines) and _AUTHORITY.match(lines[at]) else ""
    return below or title


def _title_in(line: str, source: Source) -> str:
    spelt, pattern = load_titles(source)
    text = squash(line)
    forms = (match[1] for match in pattern.finditer(text) if text.isascii() or not match[1].isascii())
    return spelt.get(next(forms, ""), "")


def _name_below(lines: Sequence[str], at: int, source: Source) -> str:
    for line in lines[at + 1 : at + 5]:
        if load_detail_patterns(source).skipped.search(line) or _title_in(line, source):
            continue
        return _name(line)
    return ""


def _name(line: str) -> str:
    if match := _NAME.match(line):
        return match[1]
    capital = _CAPITAL_NAME.match(line)
    return capital[1].title() if capital and len(line.split()) <= 5 else ""


def _without_title(line: str, title: str) -> str:
    """The name beside a title: "Nguyễn Văn A - Phó Giám đốc", "Phó Giám đốc Nguyễn Văn A"."""
    if not title:
        return _name(line)
    squashed = squash(line)
    place = strip_marks(squashed).find(strip_marks(squash(title)))
    if place < 0 or len(squashed) != len(line):
        return next((name for piece in re.split(r"[-–,;:(]", line) if (name := _name(piece.strip()))), "")
    pieces = (line[:place], line[place + len(title) :])
    for piece in (pieces[0], *re.split(r"[-–,;:(]", pieces[1])):
        if name := _name(piece.strip(" -–,;:()\t")):
            return name
    return ""


MOST_LINES = 4
"""Up to this many lines of greeting may precede the act."""


class Asked(StrEnum):
    """The acts; the names of their phrases in ``verbs.toml``."""

    RECALL = "recall"
    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    RELAY = "relay"
    CONFIRM = "confirm"


ALONE = frozenset({Asked.RECALL, Asked.CONFIRM})
"""Acts on a line of their own; the others are followed by a colon and their text."""


@dataclass(frozen=True, slots=True)
class UnitAct:
    """An act and its text."""

    asked: Asked
    text: str


def unit_act(text: str, source: Source = DEFAULT) -> UnitAct | None:
    """The act at the beginning of a unit's own text; None when there is none."""
    lines = nfc(text).strip().split("\n")
    for at, line in enumerate(lines[:MOST_LINES]):
        said = _without_number(line, source).strip(" *-–\t")
        plain = strip_marks(said.lower())
        for request in Asked:
            match = _pattern(source, request).match(plain)
            if match is None or len(plain) != len(said):
                continue
            rest = "\n".join((said[match.end() :], *lines[at + 1 :])).strip()
            return UnitAct(request, rest)
        if said and not load_detail_patterns(source).greets.match(plain):
            return None
    return None


def _without_number(line: str, source: Source) -> str:
    line = without_numbers(line, source.prefix, load_number_patterns(source).joined)
    return load_detail_patterns(source).numbered.sub("", line)


@lru_cache(maxsize=SOURCES_KEPT * 16)
def _pattern(source: Source, request: Asked) -> re.Pattern[str]:
    """The phrases of an act; one without text ends its line, the others end with a colon ("Đính chính lần 2: …")."""
    words, patterns = source.toml("verbs.toml")["acts"][request.value], load_detail_patterns(source)
    forms = "|".join(re.escape(strip_marks(word)) for word in sorted(words, key=len, reverse=True))
    end = patterns.after_act if request in ALONE else rf"{patterns.which_act}\s*:\s*"
    ahead = patterns.ahead_act if request is Asked.RELAY else ""
    return re.compile(rf"^{ahead}{patterns.before_act}(?:{forms}){end}")


SOON, FAR = timedelta(days=120), timedelta(days=366)
"""Days after the due one: beyond the first a day counts only if no other is meant, beyond the second never."""
_PIECE = re.compile(r"[.,;]\s+|\n+")
_IN_FIGURES = re.compile(r"(?<![\d/.,-])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/]|\s?[/-]\s?\d)")


def wanted_until(
    text: str, due: date, on: date, working: Callable[[date, int], date], source: Source = DEFAULT
) -> date | None:
    """The day until which a unit asks for time (10.1.d); None when it names none.

    The latest day after the due day that follows words of asking ("xin gia hạn đến …"); else the latest day named,
    since what the unit waits for comes before its answer; else a time from the due day on; else a wrong or far day.
    """
    asked = [day for part in _parts_asking(text, source) for day in _asked_days(part, due, on, source)]
    choices = (asked, _other_days(text, due, on, source))
    soon = next((days for one in choices if (days := [day for day in one if due < day <= due + SOON])), [])
    far = until_date(text, on)
    return max(soon, default=None) or wished_day(text, due, on, working) or (far if far and far < due + FAR else None)


def _parts_asking(text: str, source: Source) -> Iterator[str]:
    """What stands behind each word of asking for time, up to the end of its clause or to a reason."""
    patterns, said = load_detail_patterns(source), squash(text)
    for match in islice(patterns.asks.finditer(said), MOST_CITED):
        yield patterns.because.split(said[match.end() :], maxsplit=1)[0]


def _asked_days(part: str, due: date, on: date, source: Source) -> list[date]:
    """Those behind "đến", "trước"; else all."""
    return [one.day for one in _named(part, on) if one.until] or _all_days(part, due, on, source)


def _other_days(text: str, due: date, on: date, source: Source) -> list[date]:
    """All; those of an answer, where it asks until a day before the due one ("đến 15/10. Dự án xong 15/11")."""
    named = (one for part in _parts_asking(text, source) for one in _named(part, on))
    if any(one.until and one.day < due for one in named):
        answered = load_detail_patterns(source).answered
        text = ". ".join(filter(answered.match, _PIECE.split(text)))
    return _all_days(text, due, on, source)


def _named(text: str, on: date) -> tuple[FoundDate, ...]:
    return (*dates_in(text, on), *monthless_days_in(text, on))


def _all_days(text: str, due: date, on: date, source: Source) -> list[date]:
    return [*(one.day for one in _named(text, on)), *_days_in_figures(text, due, source)]


def _days_in_figures(text: str, due: date, source: Source) -> Iterator[date]:
    """ "22/10 em gửi": the first such day behind the due one, whatever stands before it but words of an address."""
    lane = load_detail_patterns(source).lane
    for match in islice(_IN_FIGURES.finditer(text), MOST_CITED):
        for year in (due.year, due.year + 1) if not lane.search(text[: match.start()][-MOST_CITED:]) else ():
            with suppress(ValueError):
                yield date(year, int(match[2]), int(match[1]))


def reason_in(text: str, source: Source = DEFAULT) -> str:
    """The reason given for a request for more time ("vì chờ kết quả kiểm định"); "" when there is none."""
    patterns = load_detail_patterns(source)
    match = patterns.why.search(text)
    return patterns.then.sub("", match["why"]).strip(" ,") if match else ""


SIGNED_WORDS = 20
"""A text of at most this many words may be only a courtesy and a signature."""
LEAST_IN_SUBJECT = 4
"""A subject with fewer words beside the number only names the matter ("Trả lời câu hỏi")."""
IN_BRACKETS = re.compile(r"\[[^\]]{0,40}\]")
"""The number as our own subjects have it, at their head."""


def with_subject(mail: ParsedMail, reply: Reply, source: Source = DEFAULT) -> Reply:
    """The reply with what its writer put into the subject, before own words that are few, as a signature's are."""
    subject = "" if sent_files(mail) or len(reply.text.split()) > SIGNED_WORDS else _said_in_subject(mail, source)
    repeated = squash(subject) in squash(reply.text)
    return reply if repeated else replace(reply, text=f"{subject}\n\n{reply.text}".strip())


def _said_in_subject(mail: ParsedMail, source: Source) -> str:
    """The writer's own subject; "" for one that repeats ours, which has the number in brackets."""
    marks = load_markers(source).subject
    answered = marks.answers.match(mail.subject)
    text = mail.subject[answered.end() :].strip() if answered else mail.subject.strip()
    places = number_places(text, source.prefix)
    repeats = IN_BRACKETS.search(text) or marks.forwards.match(mail.subject) or (answered and not places)
    if repeats:
        return ""
    numbers = "".join(text[start:end] for _, start, end in places)
    return text if len(text.split()) - len(numbers.split()) >= LEAST_IN_SUBJECT else ""
