"""What a citizen requests about an earlier question, without its number (words of ``wishes.toml``).

Also whether a mail in the thread of an old question asks a new one, and whether a letter is word for word one that
the same person sent before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Protocol, TypeVar

from rules.message.quote_markers import DEFAULT
from rules.reply.evidence import content_of
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_rows
from rules.understand.understand import Understanding
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Kind, ParsedMail
from rules.values.register_number import number_places
from rules.values.states import QuestionStatus

MOST_WORDS = 60
"""A mail that is only such a request has at most this many words, …"""
LONGEST = 1000
"""… and this many characters."""
MATTER = 4
"""A clause with this many words that are unusual in asking for a question's state may be about the matter."""
_NUMBER = re.compile(r"\d+")
_BREAK = re.compile(r"[^\w#…]+")
_CLAUSE = re.compile(r"[.,;:!?…\n]+")
_GAP = r"((?: \S+){0,10}?)"
_SMALL = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
_NO_LETTER = bytes(set(range(256)) - set(f"{ascii_lowercase}{ascii_uppercase}".encode()) | set(b"dD"))


@dataclass(frozen=True, slots=True)
class WishWords:
    """Words that ask for the state and words that may accompany them; words that withdraw."""

    asks: re.Pattern[str]
    whether: re.Pattern[str]
    """Whether a body has answered yet: asks for the state beside whatever else."""
    beside: re.Pattern[str]
    withdraws: re.Pattern[str]
    stops: re.Pattern[str]
    """A clause that needs something no more ("không phải hỏi Sở nữa") withdraws too."""
    never: re.Pattern[str]
    """Words that show that nothing is withdrawn after all."""
    any_wish: re.Pattern[bytes]
    """The letters of words that ask or withdraw; a text whose :func:`letters` contain none of them does neither."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_citizen_requests(source: Source = DEFAULT) -> WishWords:
    """Read ``wishes.toml``. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    status, withdrawal = data["status"], data["withdrawal"]
    stops = [f"{no} {act} … nữa" for no in withdrawal["stops"] for act in withdrawal["acts"]]
    whether = [f"{does} … chưa" for does in status["does"]]
    return WishWords(
        asks=one_of_phrases(status["asks"]),
        whether=_whether(status),
        beside=one_of_phrases(status["beside"]),
        withdraws=one_of_phrases(withdrawal["asks"]),
        stops=one_of_phrases(stops),
        never=one_of_phrases(withdrawal["never"]),
        any_wish=letters_of((*status["asks"], *whether, *withdrawal["asks"], *stops)),
    )


def _whether(status: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for a clause that asks whether somebody has done something with the question yet."""
    who, does, ends = (one_of_phrases(status[key]).pattern for key in ("who", "does", "ends"))
    return re.compile(rf"{who} (?:\S+ ){{0,5}}?{does} (?:\S+ ){{0,5}}?chua(?= {ends}|$)")


def letters_of(phrases: Iterable[str]) -> re.Pattern[bytes]:
    """A pattern for any of the phrases by its letters alone, whatever fills a gap."""
    rows = (".*".join(letters(piece).decode() for piece in said.split("…")) for said in map(plainly, phrases) if said)
    return re.compile(one_of_rows(rows).encode())


def one_of_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, the longest first."""
    longest = sorted({plainly(one) for one in phrases} - {""}, key=lambda one: (-len(one), one))
    ways = (re.escape(one).replace(r"\ …", _GAP) for one in longest)
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")


def plainly(text: str) -> str:
    """Lower-case words without diacritics and punctuation, numbers as ``#``."""
    return spelt(strip_marks(squash(text)))


def spelt(text: str) -> str:
    """The same with diacritics."""
    return " ".join(_BREAK.sub(" ", _NUMBER.sub("#", squash(text))).split())


def letters(text: str) -> bytes:
    """The lower-case Latin letters of a text, or of the result of :func:`plainly`, without spaces and without any d.

    Unicode does not decompose đ: it disappears here, and so must the d that some people type for it.
    """
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").translate(_SMALL, _NO_LETTER)


@lru_cache(maxsize=4)
def may_request(subject: str, own: str, source: Source = DEFAULT) -> bool:
    """False for a mail that surely neither asks for a state nor withdraws, as nearly all: the full check takes ten
    times as long. Results are kept for a while, because a mail is checked before it is decided on, and then again."""
    if len(own) > LONGEST:
        return False
    return (
        len(subject) > LONGEST
        or load_citizen_requests(source).any_wish.search(letters(f"{subject}\n{own}")) is not None
    )


def asks_for_state(mail: ParsedMail, read: Understanding, *, threaded: bool, source: Source = DEFAULT) -> bool:
    """True for a mail that only asks for the state of a question and does not give its number.

    ``threaded``: it replies to a mail we sent, so that subject and quotation are ours.
    """
    own = read.text.own
    if not may_request(mail.subject, own, source) or len(own.split()) > MOST_WORDS:
        return False
    if any(not one.inline for one in mail.attachments):
        return False
    if len(mail.senders) != 1 or (read.text.quoted.strip() and not threaded):
        return False
    words = load_citizen_requests(source)
    return _only_asks(plainly(own if threaded else f"{mail.subject}\n{own}"), mail, read, words)


def asks_for_state_by_number(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for own words that only ask for the state and give the number ("Tình hình câu HP-… sao rồi")."""
    own = read.text.own
    for _, start, end in reversed(number_places(own, source.prefix)):
        own = f"{own[:start]} {own[end:]}"
    if not may_request("", own, source) or any(not one.inline for one in mail.attachments):
        return False
    return _only_asks(plainly(own), mail, read, load_citizen_requests(source))


def asks_for_state_too(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for a short mail with a clause that only asks for the state, or whether somebody has answered yet."""
    own = read.text.own
    if not may_request("", own, source) or len(own.split()) > MOST_WORDS:
        return False
    words, clauses = load_citizen_requests(source), [plainly(clause) for clause in _CLAUSE.split(own)]
    return any(words.whether.search(said) or _only_asks(said, mail, read, words) for said in clauses)


def says_more_than_state(text: str, source: Source = DEFAULT) -> bool:
    """True when a clause that does not ask for the state has several words with another meaning."""
    words = load_citizen_requests(source)
    clauses = [plainly(clause).replace("#", " ") for clause in _CLAUSE.split(text)]
    return any(len(words.beside.sub(" ", said).split()) >= MATTER and not words.asks.search(said) for said in clauses)


def _only_asks(said: str, mail: ParsedMail, read: Understanding, words: WishWords) -> bool:
    """True when it asks for the state and otherwise only has the requester's data and accompanying words."""
    if not words.asks.search(said):
        return False
    for known in (read.asker.name, mail.sender.name, read.asker.address, read.asker.phone):
        said = _without(said, plainly(known))
    rest = words.asks.sub(lambda found: f" {' '.join(one or '' for one in found.groups())} ", said)
    return not words.beside.sub(" ", rest).strip()


def asks_to_withdraw(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for a short mail whose only sender wants a question withdrawn, or no longer wants an answer."""
    own = read.text.own
    if not may_request(mail.subject, own, source) or len(own.split()) > MOST_WORDS or len(mail.senders) != 1:
        return False
    return withdraws(own if own.strip() else mail.subject, source)


def withdraws(text: str, source: Source = DEFAULT) -> bool:
    """True for words that withdraw, without any that show that nothing is withdrawn after all."""
    words, said = load_citizen_requests(source), plainly(text)
    if words.never.search(said):
        return False
    clauses = map(plainly, _CLAUSE.split(text))
    return words.withdraws.search(said) is not None or any(words.stops.search(clause) for clause in clauses)


def _without(said: str, known: str) -> str:
    """The words without the requester's data."""
    return re.sub(rf"(?<!\S){re.escape(known)}(?!\S)", " ", said) if known else said


_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+")


class Begins(StrEnum):
    """How surely a text begins something new."""

    SAID = "said"
    """The mail says so itself."""
    PASSED_OVER = "passed_over"
    """It only moves on to something ("Nhân tiện cho hỏi …"); the content must show whether that is new."""
    NO = ""


@dataclass(frozen=True, slots=True)
class NewWords:
    """Words that say that something new begins, that may move on to it, that ask, or that keep to the old matter."""

    says: re.Pattern[str]
    """The beginning of a clause in which a first person asks something new now."""
    not_now: re.Pattern[str]
    """Words that show that such a clause reports something asked before."""
    passes_over: re.Pattern[str]
    asks: re.Pattern[str]
    never: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_new_words(source: Source = DEFAULT) -> NewWords:
    """Read the section [new_question]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["new_question"]
    opens, asks_now, more, new = (one_of_phrases(data[key]).pattern for key in ("opens", "asks_now", "more", "new"))
    return NewWords(
        says=re.compile(rf"(?:{opens} )*+{asks_now} (?:{more} )*+{new}"),
        not_now=one_of_phrases(data["not_now"]),
        passes_over=one_of_phrases(data["passes_over"]),
        asks=one_of_phrases(data["asks"]),
        never=one_of_phrases(data["never"]),
    )


def begins_new(text: str, source: Source = DEFAULT) -> Begins:
    """Whether a text asks something that it calls new, or moves on to."""
    words, said = load_new_words(source), plainly(text)
    if words.never.search(said) or not ("?" in text or words.asks.search(said)):
        return Begins.NO
    if _says_so(text, words):
        return Begins.SAID
    return Begins.PASSED_OVER if words.passes_over.search(said) else Begins.NO


def _says_so(text: str, words: NewWords) -> bool:
    """True when a clause begins with a first person asking something new now."""
    clauses = map(plainly, _CLAUSE.split(text))
    return any(words.says.match(said) and not words.not_now.search(said) for said in clauses)


def before_the_new(text: str, source: Source = DEFAULT) -> str:
    """The sentences before the one that begins something new; they are about the old question."""
    words, before = load_new_words(source), list[str]()
    for sentence in _SENTENCE.split(text.strip()):
        if _says_so(sentence, words) or words.passes_over.search(plainly(sentence)):
            break
        before.append(sentence)
    return "\n".join(before)


def shares_matter(text: str, asked: str, source: Source = DEFAULT) -> bool:
    """True when a text repeats important words of the earlier question: a pair of syllables, or two single ones."""
    shared = content_of(text, source) & content_of(asked, source)
    return len(shared) >= 2 or any(" " in one for one in shared)


REPEATED_WITHIN = timedelta(days=90)
"""A letter repeated later than this is a new question: things may have changed."""
LEAST_WORDS = 8
"""A letter shorter than this ("Bao giờ sửa đường?") may mean something else the second time."""
SAME = 0.95
"""The share of common words that makes two letters the same; all their numbers must agree as well."""
LIVE = frozenset(
    {QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED}
    | {QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}
)
"""A question that was refused or closed may be asked again."""
_WORD = re.compile(r"[^\W_]+")


class Asked(Protocol):
    """What a question asked before is compared by."""

    @property
    def content(self) -> str: ...
    @property
    def status(self) -> QuestionStatus: ...


AskedT = TypeVar("AskedT", bound=Asked)


def may_repeat(read: Understanding) -> bool:
    """True for a letter that would be a new question."""
    first = islice(_WORD.finditer(read.text.own), LEAST_WORDS)
    return read.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} and sum(1 for _ in first) == LEAST_WORDS


def _words(text: str) -> list[str]:
    return _WORD.findall(strip_marks(squash(text)))


def repeated(text: str, known: Iterable[AskedT]) -> AskedT | None:
    """The question from the same person that this letter repeats word for word, or almost."""
    own = Counter(_words(text))
    numbers = {word: count for word, count in own.items() if word.isdecimal()}
    for one in known:
        theirs = Counter(_words(one.content))
        if numbers != {word: count for word, count in theirs.items() if word.isdecimal()}:
            continue
        shared = 2 * sum((own & theirs).values()) / max(1, own.total() + theirs.total())
        if one.status in LIVE and shared >= SAME:
            return one
    return None
