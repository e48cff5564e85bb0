"""Separates a letter's matter from its form: greeting, introduction, thanks, contact block and frames.

Kinds, rules and vote use only the matter. The words that identify form are in ``letter_form.toml`` and compared
without diacritics. If nothing but form would remain, nothing is removed.

Also a question without its requester: the text that may be read out and shown on screen in a session (8.3).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rules.requester.redaction import LABEL_WORDS, own_blanked, own_signs
from rules.requester.requester import read_labels
from rules.requester.secrecy import without_secrecy
from rules.routing.mail_kind import classify
from rules.routing.routing_rules import RoutingTable
from rules.text import clean, has_marks, squash, strip_marks
from rules.text.dates import dates_in, times_in
from rules.text.patterns import one_of_phrases, plainly
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import ParsedMail, Requester
from rules.values.states import GRAVE

LEAST_MATTER = 3
"""The matter must have at least this many words; otherwise the whole letter is used."""
FORM_ALONE = 80  # characters of a text that may be nothing but form
LONGEST_FIELD = 18
"""A label is followed by at most this many words; more ("Kính gửi: Ban Biên tập. Tôi …") belong to the letter."""
LONGEST_FRAME = 30
"""A line of at most this many words may be removed as a whole; in a longer one each sentence is checked."""
ENOUGH_LETTERS = 200
"""This many characters contain :data:`LEAST_MATTER` words in nearly every text."""
FORM_FIELDS = 2
"""This many fields for the requester before the content identify a filled-in form."""
MOST_LETTERS = 50_000
"""Form is looked for in this many characters of a text, some 25 pages; the rest counts as matter."""
MOST_LINES = 5000
"""At most this many lines of them, as when a text is split (``rules.message.reply_text``)."""
MOST_BETWEEN = 6
"""A gap of a phrase of the form is at most so many words."""
SHOWN = 6
"""The trace quotes at most this many removed pieces."""
_SENTENCE = re.compile(r".+?(?:[.!?;…]{1,20}[”\"')]*(?=\s|$)|$)")
_CLAUSE = re.compile(r"[^,:]+(?:,(?!\d)|:(?!//)|$|[,:])")
_NUMBER = re.compile(r"\d+")
_BREAK_IN_LINE = re.compile(r"[^\w#…\n]+")
_LABEL = re.compile(r"^[\W_]*(?:\d{1,2}[.)/]\s*)?((?:[^\W\d_]++[ /-]?){1,7}?)\s*[:|：]\s*(.*)$")


@dataclass(frozen=True, slots=True)
class FormWords:
    """Words that identify form, as patterns and sets of words without diacritics."""

    phrases: re.Pattern[str]
    fillers: frozenset[str]
    vocabulary: frozenset[str]
    """All words of phrases and fillers; empty if a phrase has a gap, which any word may fill."""
    openings: tuple[str, ...]
    most: int
    never: re.Pattern[str]
    form_labels: frozenset[str]
    matter_labels: frozenset[str]
    frames: re.Pattern[str]
    signed: re.Pattern[str]
    """Words that make a frame of a short line only, and the most words that such a line may have."""
    signed_most: int
    invites: tuple[re.Pattern[str], re.Pattern[str]]
    """Words of an invitation, and of what it invites to."""
    asks: re.Pattern[str]
    """Words, with their marks, of somebody who asks."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The matter of a letter: subject ("" when it is only form) and text, and what was removed."""

    subject: str
    text: str
    aside: tuple[str, ...] = ()

    @property
    def trace(self) -> tuple[str, ...]:
        """What was removed, in words for an officer."""
        if not self.aside:
            return ()
        shown = "; ".join(f"“{one}”" for one in self.aside[:SHOWN])
        more = f" và {len(self.aside) - SHOWN} đoạn khác" if len(self.aside) > SHOWN else ""
        return (f"Gác lại phần hình thức của thư: {shown}{more}.",)


@lru_cache(maxsize=SOURCES_KEPT)
def load_form(source: Source) -> FormWords:
    """Read ``letter_form.toml``. Raises ``DataFileError``."""
    data = source.toml("letter_form.toml")
    phrases = (*data["own"]["names"], *data["form"]["phrases"])
    fillers = frozenset(map(plainly, data["form"]["fillers"].split()))
    return FormWords(
        phrases=_any_of(phrases),
        fillers=fillers,
        vocabulary=_vocabulary(phrases) | fillers if not any("…" in one for one in phrases) else frozenset(),
        openings=tuple(f"{plainly(one)} " for one in data["introduction"]["openings"]),
        most=data["introduction"]["most"],
        never=_any_of(data["introduction"]["never"]),
        form_labels=frozenset(map(plainly, data["labels"]["form"])),
        matter_labels=frozenset(map(plainly, data["labels"]["matter"])),
        frames=_any_of(data["frames"]["lines"]),
        signed=_any_of(data["frames"]["short"]),
        signed_most=data["frames"]["most"],
        invites=(_any_of(data["invitation"]["says"]), _any_of(data["invitation"]["comes"])),
        asks=re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, data['invitation']['asks']))})(?!\w)"),
    )


def plainly_each(pieces: Sequence[str]) -> list[str]:
    """:func:`plainly` of each piece of a line, all at once for speed: a letter has about sixty pieces."""
    whole = _BREAK_IN_LINE.sub(" ", _NUMBER.sub("#", strip_marks(clean("\n".join(pieces)).lower())))
    said = [" ".join(one.split()) for one in whole.split("\n")]
    return said if len(said) == len(pieces) else [plainly(one) for one in pieces]  # a piece had line breaks itself


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return one_of_phrases(phrases, MOST_BETWEEN)


def _vocabulary(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(word for one in phrases for word in plainly(one).split())


def find_matter(subject: str, text: str, known: Sequence[str], source: Source) -> Matter:
    """The letter without its form. ``known``: the requester's data (name, address, phone), which are form, too."""
    words = load_form(source)
    asker = _pieces(known)
    aside: list[str] = []
    lines = text[:MOST_LETTERS].split("\n", MOST_LINES)
    rest = [*lines[MOST_LINES:]]
    del lines[MOST_LINES:]
    begin = _content_of_form(lines, words)
    if begin:
        aside.append(" ".join(squash(" ".join(lines[:begin])).split()[:12]))
        lines, subject = lines[begin:], ""
    kept = [_line(line, asker, words, aside) for line in lines]
    matter = re.sub(r"\n{3,}", "\n\n", "\n".join(kept + rest) + text[MOST_LETTERS:]).strip()
    told = _clauses_left(subject, asker, words)
    if not _says_enough(f"{told} {matter}"):
        return Matter(subject, text)
    if subject.strip() and not told:
        aside.insert(0, squash(subject))
    if not _says_enough(matter):
        return Matter(told, text, tuple(aside[:1]) if not told else ())
    return Matter(told, matter, tuple(aside))


def is_only_form(text: str, source: Source) -> bool:
    """True for a few words that say nothing of any matter ("(không có tiêu đề)", "Đơn kiến nghị")."""
    return len(text) <= FORM_ALONE and not _clauses_left(text, [], load_form(source))


def is_invitation(subject: str, text: str, on: date, source: Source) -> bool:
    """True for a letter that invites to something on a day, at an hour, and asks nothing."""
    words, said = load_form(source), plainly(f"{subject}\n{text}")
    if "?" in text or not has_marks(text) or words.asks.search(clean(text).lower()):
        return False
    invites = all(pattern.search(said) for pattern in words.invites)
    return invites and bool(dates_in(text, on) and times_in(text))


def _says_enough(text: str) -> bool:
    """True for a text with enough words for a matter; most texts show that in their first characters."""
    return any(len(plainly(part).split()) >= LEAST_MATTER for part in (text[:ENOUGH_LETTERS], text))


def _content_of_form(lines: Sequence[str], words: FormWords) -> int:
    """The line at which the content of a filled-in form begins, after the requester's fields; 0 for other texts."""
    fields = 0
    for place, line in enumerate(lines):
        match = _LABEL.match(line)
        name = plainly(match[1]) if match else ""
        if name in words.form_labels:
            fields += 1
        elif fields >= FORM_FIELDS and name.startswith("noi dung") and name in words.matter_labels:
            return place
    return 0


def _pieces(known: Iterable[str]) -> tuple[str, ...]:
    """The requester's data as it may occur in a clause: each item whole, and the parts of an address; longest first.

    A number alone ("#") is left out, as it would remove the day from "ngày 18 tháng 11 năm 2026".
    """
    parts = {plainly(part) for one in known for part in (one, *one.split(",")) if part.strip()}
    return tuple(sorted(parts - {"", "#"}, key=len, reverse=True))


def _line(line: str, asker: Sequence[str], words: FormWords, aside: list[str]) -> str:
    """The matter of a line; the rest of it is added to ``aside``."""
    if not line.strip():
        return ""
    match = _LABEL.match(line)
    field = match is not None and len(match[2].split()) <= LONGEST_FIELD and "?" not in match[2]
    if match and field and plainly(match[1]) in words.form_labels:
        aside.append(line.strip())
        return ""
    if match and plainly(match[1]) in words.form_labels | words.matter_labels:
        line = match[2]
    sentences = _sentences(line)
    if len(line.split()) <= LONGEST_FRAME and _is_frame(" ".join(sentence.said for sentence in sentences), words):
        aside.append(line.strip())
        return ""
    return "".join(_matter_of_sentence(sentence, asker, words, aside) for sentence in sentences).strip()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as written, and as :func:`plainly` has it."""

    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written, and its clauses."""

    text: str
    clauses: tuple[Clause, ...]

    @property
    def said(self) -> str:
        """The sentence as :func:`plainly` has it; clauses end at signs that are not part of a word."""
        return " ".join(one.said for one in self.clauses if one.said)


def _sentences(line: str) -> list[Sentence]:
    """The sentences of a line, each split into clauses."""
    cut = [(match.group(), _CLAUSE.findall(match.group())) for match in _SENTENCE.finditer(line)]
    said = iter(plainly_each([clause for _, clauses in cut for clause in clauses]))
    return [Sentence(text, tuple([Clause(one, next(said)) for one in clauses])) for text, clauses in cut]


def _is_frame(text: str, words: FormWords) -> bool:
    """True for a line, or for a sentence of a long line, that a newsletter, a machine or a signature adds."""
    short = len(text.split()) <= words.signed_most
    return words.frames.search(text) is not None or (short and words.signed.search(text) is not None)


def _matter_of_sentence(sentence: Sentence, asker: Sequence[str], words: FormWords, aside: list[str]) -> str:
    """The part of a sentence from its first clause of matter to its last; nothing of a frame."""
    if _is_frame(sentence.said, words):
        aside.append(sentence.text.strip())
        return ""
    clauses = [one.text for one in sentence.clauses]
    matter = [place for place, one in enumerate(sentence.clauses) if not is_form(one, asker, words)]
    if not matter:
        if sentence.text.strip():
            aside.append(sentence.text.strip())
        return ""
    before, after = clauses[: matter[0]], clauses[matter[-1] + 1 :]
    aside += [one for one in ("".join(before).strip(), "".join(after).strip()) if one]
    end = "?" if "?" in "".join(after) else "." if after else ""
    return "".join(clauses[matter[0] : matter[-1] + 1]) + end + (" " if after else "")


def _clauses_left(subject: str, asker: Sequence[str], words: FormWords) -> str:
    """A subject without its form; "" when it is only form."""
    clauses = [Clause(one, plainly(one)) for one in re.findall(r"[^,:;–-]+[,:;–-]*", subject)]
    return "".join(one.text for one in clauses if not is_form(one, asker, words)).strip(" ,:;–-")


def is_form(clause: Clause, asker: Sequence[str], words: FormWords) -> bool:
    """True for a clause that says nothing about the matter."""
    text = clause.said
    for known in asker:
        if known in text:
            text = re.sub(rf"(?<!\S){re.escape(known)}(?!\S)", " ", text)
    text = " ".join(text.split())
    brief = len(text.split()) <= words.most and "?" not in clause.text
    if brief and f"{text} ".startswith(words.openings):  # first all at once, as few clauses begin this way
        opening = next(one for one in words.openings if f"{text} ".startswith(one))
        if not words.never.search(text[len(opening) :]):
            return True
    if words.vocabulary and any(one not in words.vocabulary and "#" not in one for one in text.split()):
        return False  # most clauses of matter contain such a word, which saves searching them for phrases
    rest = [one for one in words.phrases.sub(" ", text).split() if one not in words.fillers and "#" not in one]
    return not rest


_CLOSING = re.compile(
    r"^\W*+(?:(?:(?:xin|em|cháu|tôi|toi|chúng tôi|rất|trân trọng|tran trong|chân thành|chan thanh|kính)\s+)*"
    r"(?:cảm ơn|cám ơn|cam on|trân trọng|tran trong|chân thành|kính (?:thư|chào)|kinh (?:thu|chao)|thân ái)\b.*"
    r"|(?:người gửi|người viết|người hỏi|nguoi gui|ký tên))?\W*+$",
    re.IGNORECASE,
)


def is_closing(line: str) -> bool:
    """True for an empty line, or a line of at most ten words that only closes a letter."""
    return "?" not in line and len(line.split()) <= 10 and _CLOSING.match(line) is not None


MOST_BESIDE = 8
"""At most this many words besides the data in a labelled line ("Họ và tên: …, địa chỉ: …, số điện thoại: …").

A question on the same line as a label is removed with it; the register keeps the whole text.
"""


def asked_alone(text: str, asker: Requester, source: Source) -> str:
    """The text without lines at both ends that only identify the requester, or thank; other own data is redacted.

    What an officer writes down for someone begins with labelled name, address and telephone. A first line with other
    words belongs to the question, whatever name or place it contains.
    """
    lines = own_blanked(text, asker, source).strip().split("\n")
    signs = own_signs(asker, source)
    while len(lines) > 1 and _says_who(lines[0], signs, source, 0):
        del lines[0]
    while len(lines) > 1 and (_says_who(lines[-1], signs, source, LABEL_WORDS) or is_closing(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip()


def _says_who(line: str, signs: Collection[str], source: Source, most: int) -> bool:
    """True for an empty line, and for one with the requester's data and at most ``most`` other words."""
    rest = line
    for sign in signs:
        rest = rest.replace(sign, " ")
    beside = len(re.findall(r"[^\W_]+", rest))
    if rest == line or "?" in line:
        return not line.strip()
    return beside <= most or (beside <= MOST_BESIDE and bool(read_labels(line, source)[0]))


def is_secret_alone(mail: ParsedMail, matter: Matter, table: RoutingTable) -> bool:
    """True when a mail would be no complaint or denunciation without its writer's wish to stay unknown."""
    rest, subject = (without_secrecy(one, table.source) for one in (matter.text, matter.subject))
    changed = (rest, subject) != (matter.text, matter.subject)
    return changed and classify(replace(mail, subject=subject), rest, table).kind not in GRAVE
