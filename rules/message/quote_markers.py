"""The markers that mail programs leave around quoted text, compiled from ``reply_markers.toml``, and the words by
which automatic mails are recognised, from ``automatic.toml``.

Everything works on *keys*: a line in NFC, lower case, without no-break and zero-width characters and with
single spaces, cut off at a fixed length so that one enormous line costs no more than a short one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules.text.patterns import NOTHING, either, one_of_words
from rules.values.data_file import SOURCES_KEPT, Source

DEFAULT = Source()
"""The shipped data files."""
KEY_LENGTH = 500
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LINK_ONLY = re.compile(r"^[\s<(\[]*https?://\S+[\s>)\]]*$", re.IGNORECASE)
_MOTTO = re.compile(r"^[\s*_]*(?:“[^“”]+”|\"[^\"]+\"|«[^«»]+»)\W*$")
PHONE_LINE = 140
"""A line that a telephone adds has at most this many characters."""
PROSE_WORDS = 15
TELLING_WORDS = 5
EMAIL = r"[\w.+%'-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,40}){0,8}"
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}年|\d{4}년"
    r"|\b\d{1,2}\.? (?:thg|tháng|\w{3,9})\.?,? ?\d{2,4}\b"
)
TIME = re.compile(r"\b\d{1,2}\s?[:.h時时]\s?\d{2}\b")
MAIL_IN_TEXT = re.compile(EMAIL)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def key(line: str) -> str:
    """A line in the form used for comparing."""
    return _key(line[:KEY_LENGTH])


@lru_cache(maxsize=64)
def _key(line: str) -> str:
    """Recent keys are kept, because every search for markers needs those of the same lines."""
    short = unicodedata.normalize("NFC", line)
    if not short.isprintable():
        short = _INVISIBLE.sub("", short)
    return " ".join(short.lower().split())


def unescape(line: str) -> str:
    """The text with HTML's character references decoded, which some programs leave in plain text."""
    for entity, sign in _ENTITIES:
        line = line.replace(entity, sign)
    return line


def _either(words: Sequence[str]) -> str:
    """An alternation of literal words, the longest first so that it wins."""
    return one_of_words(sorted({unicodedata.normalize("NFC", word).lower() for word in words}))


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """Patterns of what stands before a subject: of an answer, of a forward ("Re: Fwd:" too), of either."""

    answers: re.Pattern[str]
    forwards: re.Pattern[str]
    either: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Markers:
    """The compiled markers. ``headers`` maps each kind (from, date, to, cc, subject, reply) to its pattern."""

    intro: re.Pattern[str]
    weekday: re.Pattern[str]
    verb: re.Pattern[str]
    verb_colon: re.Pattern[str]
    told: re.Pattern[str]
    prose: re.Pattern[str]
    headers: Mapping[str, re.Pattern[str]]
    original: re.Pattern[str]
    forward: re.Pattern[str]
    separator_lines: frozenset[str]
    above: re.Pattern[str]
    phone: re.Pattern[str]
    phone_late: re.Pattern[str]
    """Telephones' lines that begin with a gap; slow, so only for a line with one of ``phone_ends``."""
    phone_ends: tuple[str, ...]
    strong: frozenset[str]
    contact: re.Pattern[str]
    opening: re.Pattern[str]
    """A line with which a letter has only begun; one of ``closing`` has not, though a colon may end it."""
    closing: re.Pattern[str]
    says: re.Pattern[str]
    tells: re.Pattern[str]
    """A signature's line has no word of ``says``; a long one has a word of ``tells`` only together with one of
    ``printed``."""
    printed: re.Pattern[str]
    notice_of: re.Pattern[str]
    notice_for: re.Pattern[str]
    """What a notice of confidentiality speaks of, and whom it is for; it holds both."""
    banner: tuple[re.Pattern[str], ...]
    """That a server's banner speaks of a mail, that this comes from elsewhere, and a warning; it holds all three."""
    subject: SubjectMarks


@lru_cache(maxsize=SOURCES_KEPT)
def load_markers(source: Source = DEFAULT) -> Markers:
    """Read the markers. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("reply_markers.toml")
    line = data["attribution"]
    rules = data["separators"]
    phone, late, ends = _phone(data["phone_signature"])
    dashed = r"^[\W_]{{2,}}\s*{words}.{{0,60}}$|^{words}\s*[-_=]{{3,}}$"
    dashed_line = rf"^[-_=]{{3,}} .{{1,300}} {_either(line['verbs'])} ?[-_=]{{3,}}$"  # "---- Bật Th 2 … đã viết ----"
    return Markers(
        intro=re.compile(
            rf"^[-\s'\"]*(?:{_either(line['intros'])}(?!\w)[ ,]*)+(?:{_either(line['date_words'])}(?!\w)|\d)"
        ),
        weekday=re.compile(rf"^{_either(line['date_words'])}(?!\w)"),
        verb=re.compile(rf"(?:(?<=[^\w])|^){_either(line['verbs'])}(?!\w)|(?:写道|寫道|写|寫|のメール|작성)"),
        verb_colon=re.compile(rf"{_either(line['verbs'])}\s?[:：]"),
        told=re.compile(either(line["told"])),
        prose=re.compile(rf"\b{_either(line['prose'])}\b"),
        headers={kind: _header(words) for kind, words in data["headers"].items()},
        original=re.compile(rf"{dashed.format(words=_either(rules['original']))}|{dashed_line}"),
        forward=re.compile(dashed.format(words=_either(rules["forward"]))),
        separator_lines=frozenset(key(text) for text in rules["lines"]),
        above=re.compile(_either(rules["above"])),
        phone=phone,
        phone_late=late,
        phone_ends=ends,
        strong=frozenset(data["signature"]["strong"]),
        contact=re.compile(_either(data["signature"]["contact"])),
        opening=re.compile(rf"^[\W_]*{either(data['signature']['opening'])}(?!\w)(?:\W+\w+){{0,10}}\W*$"),
        closing=re.compile(rf"^[\W_]*{either(data['signature']['closing'])}(?!\w)"),
        says=re.compile(rf"\?(?:\s|$)|\b{either(data['signature']['says'])}(?!\w)"),
        tells=re.compile(rf"\b{either(data['signature']['tells'])}(?!\w)"),
        printed=re.compile(rf"\b{either(data['signature']['printed'])}(?!\w)"),
        notice_of=re.compile(rf"\b{_either(data['notice']['of'])}\b"),
        notice_for=re.compile(rf"\b{_either(data['notice']['for'])}\b"),
        banner=tuple(re.compile(rf"\b{_either(words)}\b") for words in data["banner"].values()),
        subject=_subject(data["subject"]),
    )


def _subject(words: Mapping[str, Sequence[str]]) -> SubjectMarks:
    answers, forwards = _either(words["answers"]), _either(words["forwards"])
    end = r"\s*(?:\[\d+\])?\s*:\s*"
    shapes = (answers, rf"(?:{answers}{end})?{forwards}", f"(?:{answers}|{forwards})")
    return SubjectMarks(*(re.compile(rf"\W{{0,3}}{shape}{end}", re.IGNORECASE) for shape in shapes))


def _header(words: Sequence[str]) -> re.Pattern[str]:
    """``Từ: …``, ``*From:* …``, ``Envoyé : …``; the value is group 1."""
    return re.compile(rf"^[\s*_|]{{0,4}}{_either(words)}[\s*_]{{0,3}}[:：][\s*_]{{0,4}}(.*)$")


def _phone(section: Mapping[str, Any]) -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Whole-line patterns of the signatures that telephones add automatically.

    Grouped by their text from the first device or gap on, so that the many devices are spelt out only a few times.
    Lines that begin with a gap are separate, with one word of each.
    """
    means = {"{device}": _either(section["devices"]), "*": r"(?:\S*(?: \S+){0,14}? ?)?"}
    heads: dict[str, list[str]] = {}
    late, ends = [], []
    for pattern in section["patterns"]:
        head, *tail = re.split(r"(\{device\}|\*)", unicodedata.normalize("NFC", pattern).lower())
        behind = "".join(means.get(piece) or re.escape(piece) for piece in tail)
        if head:
            heads.setdefault(behind, []).append(head)
        else:
            late.append(behind)
            ends.append(max((piece for piece in tail if piece not in means), key=len, default=""))
    return _line(one_of_words(words) + tail for tail, words in heads.items()), _line(late), tuple(ends)


def _line(shapes: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"^[\W_]{{0,3}}(?:{'|'.join(shapes) or NOTHING})[\W_]{{0,3}}$")


@dataclass(frozen=True, slots=True)
class AutomaticWords:
    """Patterns match keys (:func:`key`); headers map a name to its significant words."""

    headers: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, tuple[str, ...]]
    bulk_headers: Mapping[str, tuple[str, ...]]
    automatic_subject: re.Pattern[str]
    absence_subject: re.Pattern[str]
    receipt_subject: re.Pattern[str]
    bounce_subject: re.Pattern[str]
    bounce_text: re.Pattern[str]
    bounce_begins: re.Pattern[str]
    delayed_text: re.Pattern[str]
    automatic_text: re.Pattern[str]
    absence_text: re.Pattern[str]
    instead_text: re.Pattern[str]
    read_text: re.Pattern[str]
    notice_text: re.Pattern[str]
    """What an absence notice says; every clause of one has a word of these."""
    closing_text: re.Pattern[str]
    person_text: re.Pattern[str]
    """What no machine says of itself: below it a person may have written."""
    directed_text: re.Pattern[str]
    """Where such a matter is to be sent, as machines say too ("Trường hợp khiếu nại xin gửi về …")."""
    daemon_locals: frozenset[str]
    postmaster_locals: frozenset[str]
    machine_locals: re.Pattern[str]
    daemon_names: re.Pattern[str]
    delivery_names: re.Pattern[str]
    subject: SubjectMarks
    returned: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...]
    """Why a mail comes back: beginnings of the code's last two numbers (RFC 3463 §3), words, how it is told."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_automatic_words(source: Source = DEFAULT) -> AutomaticWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("automatic.toml")
    subjects, texts, senders = data["subjects"], data["text"], data["senders"]
    return AutomaticWords(
        headers=_headers(data["headers"]["automatic"]),
        marks=_headers(data["headers"]["marked"]),
        bulk_headers=_headers(data["headers"]["bulk"]),
        automatic_subject=re.compile(f"{_prefix(subjects['automatic']).pattern}|{either(subjects['notice'])}"),
        absence_subject=_prefix(subjects["absence"]),
        receipt_subject=_prefix(subjects["receipt"], ends=r"\s*:\s*\S"),
        bounce_subject=re.compile(either(subjects["bounce"])),
        bounce_text=re.compile(either(texts["bounce"])),
        bounce_begins=re.compile(r"^[\W_]*" + either(texts["bounce_begins"])),
        delayed_text=re.compile(either(texts["delayed"])),
        automatic_text=re.compile(
            rf"^[\W_]*(?:{either(texts['automatic'])}|{either(texts['read_head'])}\s?:.+?{either(texts['read'])})"
        ),
        absence_text=re.compile(either(texts["absence"])),
        instead_text=re.compile(either(texts["instead"])),
        read_text=re.compile(either(texts["read"])),
        notice_text=re.compile(either([*texts["absence"], *texts["instead"], *texts["automatic"], *texts["beside"]])),
        closing_text=re.compile(rf"^[\W_]*{either(texts['closing'])}"),
        person_text=re.compile(
            rf"\?(?:\s|$)|(?<!\S)(?!\W*(?:https?:|www\.))\S*\?(?![\w%-]+=)|\b{either(texts['person'])}"
        ),
        directed_text=re.compile(
            rf"(?<!\w){either(texts['directed'])}(?!\w)[^.!?]{{0,40}}?(?<!\w){either(texts['directs'])}(?!\w)"
        ),
        daemon_locals=frozenset(senders["daemon_locals"]),
        postmaster_locals=frozenset(senders["postmaster_locals"]),
        machine_locals=re.compile(either(senders["machine_locals"])),
        daemon_names=re.compile(either(senders["names"])),
        delivery_names=re.compile(either(senders["delivery_names"]) + "$"),
        subject=load_markers(source).subject,
        returned=tuple(_reason(one) for one in data["returned"].values()),
    )


def _reason(row: Mapping[str, Any]) -> tuple[tuple[str, ...], re.Pattern[str], str]:
    return tuple(row["codes"]), re.compile(either(row["words"])), row["why"]


def _headers(section: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {name.lower(): tuple(words) for name, words in section.items()}


def _prefix(phrases: Sequence[str], ends: str = r"\s*(?:[:\-–(\[]|$|re\b)") -> re.Pattern[str]:
    return re.compile(r"^[\W_]*" + either(phrases) + ends)


def is_phone_line(text: str, marks: Markers) -> bool:
    """True for the key of a line that a telephone or a mail program adds by itself."""
    if not 0 < len(text) <= PHONE_LINE:
        return False
    if marks.phone.match(text):
        return True
    return any(map(text.__contains__, marks.phone_ends)) and marks.phone_late.match(text) is not None


def is_opening(text: str, marks: Markers) -> bool:
    """True for the key of a line below which a letter only begins: a greeting, a motto, a heading, "… trả lời:"."""
    if text.endswith((":", "：")):
        return marks.closing.match(text) is None
    return marks.opening.match(text) is not None and marks.says.search(text) is None


def is_said(text: str, marks: Markers) -> bool:
    """True for the key of a line that says something, as no line of a signature does."""
    if marks.notice_of.search(text) or marks.printed.search(text) or is_phone_line(text, marks):
        return False
    if marks.says.search(text):
        return True
    dated = DATE.search(text) is not None and marks.contact.search(text) is None
    return len(text.split()) >= TELLING_WORDS and (dated or marks.tells.search(text) is not None)


def is_link(line: str) -> bool:
    """True for a line that holds a web address alone."""
    return _LINK_ONLY.match(line) is not None


def is_notice(text: str, marks: Markers) -> bool:
    """True for the key of a paragraph that is a mail server's notice of confidentiality."""
    long = len(text.split()) >= PROSE_WORDS
    return long and bool(marks.notice_of.search(text)) and bool(marks.notice_for.search(text))


def is_banner(text: str, marks: Markers) -> bool:
    """True for the key of a line that a mail server puts above mails from outside."""
    return all(pattern.search(text) for pattern in marks.banner)


def without_machines(signature: str, source: Source = DEFAULT) -> str:
    """A signature without what programs and servers put below every mail, and without mottoes.

    Such lines are not part of anybody's name and address.
    """
    marks = load_markers(source)
    lines = (line for part in signature.split("\n\n") for line in (*_without_notice(part.split("\n"), marks), ""))
    own = (line for line in lines if not (is_phone_line(key(line), marks) or is_link(line) or _MOTTO.match(line)))
    return "\n".join(own).strip("\n")


def _without_notice(lines: list[str], marks: Markers) -> list[str]:
    """A paragraph without the line that is a notice; none of it where it is one as a whole."""
    kept = [line for line in lines if not is_notice(key(line), marks)]
    return kept if len(kept) < len(lines) or not is_notice(" ".join(map(key, lines)), marks) else []
