"""Whether a citizen's mail in the thread of an old question begins a new one, by the words of ``wishes.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.reply.evidence import content_of
from rules.understand.citizen_requests import one_of_phrases, plainly
from rules.values.data_file import SOURCES_KEPT, Source

_CLAUSE = re.compile(r"[.,;:!?…\n]+")
_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+")


class Begins(StrEnum):
    """How surely something new begins."""

    SAID = "said"
    """The mail says so itself."""
    PASSED_OVER = "passed_over"
    """It only passes over to something ("Nhân tiện cho hỏi …"): what is asked must show whether that is new."""
    NO = ""


@dataclass(frozen=True, slots=True)
class NewWords:
    """What says that something new begins, what may pass over to it, what asks, what keeps to the old matter."""

    says: re.Pattern[str]
    """The beginning of a clause: a first person who asks now, and for something new."""
    not_now: re.Pattern[str]
    """What shows in such a clause that it tells of something asked before."""
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
    """Whether a text asks something that it calls new, or passes over to."""
    words, said = load_new_words(source), plainly(text)
    if words.never.search(said) or not ("?" in text or words.asks.search(said)):
        return Begins.NO
    if _says_so(text, words):
        return Begins.SAID
    return Begins.PASSED_OVER if words.passes_over.search(said) else Begins.NO


def _says_so(text: str, words: NewWords) -> bool:
    """A clause of it begins with a first person who asks now for something new."""
    clauses = map(plainly, _CLAUSE.split(text))
    return any(words.says.match(said) and not words.not_now.search(said) for said in clauses)


def before_the_new(text: str, source: Source = DEFAULT) -> str:
    """The sentences before the one in which something new begins: they speak of the old question."""
    words, before = load_new_words(source), list[str]()
    for sentence in _SENTENCE.split(text.strip()):
        if _says_so(sentence, words) or words.passes_over.search(plainly(sentence)):
            break
        before.append(sentence)
    return "\n".join(before)


def shares_matter(text: str, asked: str, source: Source = DEFAULT) -> bool:
    """True when a text takes up words of weight of what was asked: a pair of syllables, or two single ones."""
    shared = content_of(text, source) & content_of(asked, source)
    return len(shared) >= 2 or any(" " in one for one in shared)
