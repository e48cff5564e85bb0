"""Whether a citizen is satisfied with an answer (words of ``wishes.toml``), or only says thanks.

A mail only says thanks when each of its clauses thanks, praises, waits, or says who is writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import squash, strip_marks
from rules.understand.citizen_requests import one_of_phrases, plainly
from rules.values.data_file import SOURCES_KEPT, Source

MOST_WORDS_OF_THANKS = 80
"""A mail that only says thanks has at most this many words; a person reads a longer one."""
NAME = 4
"""A person's name has at most this many words; any other unknown word may be about the matter."""
_CLAUSE = re.compile(r"[.,;:!…\n]+")


@dataclass(frozen=True, slots=True)
class CourtesyWords:
    """Words that thank, words that may accompany them, words that are kind only next to praise, and signs of more."""

    thanks: re.Pattern[str]
    praise: re.Pattern[str]
    doubtful: re.Pattern[str]
    said: re.Pattern[str]
    beside: re.Pattern[str]
    named_by: tuple[str, ...]
    never: re.Pattern[str]
    never_with_marks: re.Pattern[str]
    harmless: re.Pattern[str]
    emoticons: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_courtesy(source: Source = DEFAULT) -> CourtesyWords:
    """Read the section [courtesy]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    words = data["courtesy"]
    said = [*words["thanks"], *words["praise"], *words["doubtful"], *words["waits"], *words["also"]]
    faces = sorted(words["emoticons"], key=len, reverse=True)
    return CourtesyWords(
        thanks=one_of_phrases((*words["thanks"], *words["praise"])),
        praise=one_of_phrases(words["praise"]),
        doubtful=one_of_phrases(words["doubtful"]),
        said=one_of_phrases(said),
        beside=one_of_phrases((*words["beside"], *data["opinion"]["beside"], *data["status"]["beside"])),
        named_by=tuple(f" {strip_marks(one)}" for one in words["named_by"]),
        never=one_of_phrases(words["never"]),
        never_with_marks=re.compile(rf"\b(?:{'|'.join(map(re.escape, words['never_with_marks']))})\b"),
        harmless=one_of_phrases(words["harmless"]),
        emoticons=re.compile("|".join(map(re.escape, faces)), re.IGNORECASE),
    )


def is_courtesy(text: str, source: Source = DEFAULT) -> bool:
    """True for thanks without a word about the matter; a text that asks or says "but" does more than thank."""
    words = load_courtesy(source)
    if len(text.split()) > MOST_WORDS_OF_THANKS or says_more(text, source):
        return False
    clauses = [each for each in _CLAUSE.split(words.emoticons.sub(" ", text)) if plainly(each)]
    thanks = any(words.thanks.search(plainly(each)) for each in clauses)
    return thanks and all(_is_known(each, words) for each in clauses)


def says_more(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that asks something, or has a word of complaint, of objection or about the matter."""
    words = load_courtesy(source)
    never = words.never.search(words.harmless.sub(" ", plainly(text)))
    return "?" in text or never is not None or words.never_with_marks.search(squash(text)) is not None


def _is_known(clause: str, words: CourtesyWords) -> bool:
    """A clause of known words and names only; "không ngờ" counts as kind only in a clause of praise."""
    said = plainly(_without_names(clause, words))
    if words.doubtful.search(said) and not words.praise.search(said):
        return False
    return not words.beside.sub(" ", words.said.sub(" ", said)).strip()


def _without_names(clause: str, words: CourtesyWords) -> str:
    """The clause without capitalised words after a lower-case term of address ("cảm ơn cô Hạnh")."""
    kept, name = list[str](), 0
    for word in clause.split():
        behind = name or strip_marks(f" {' '.join(kept)}").endswith(words.named_by)
        name = name + 1 if behind and word.istitle() and name < NAME else 0
        if not name:
            kept.append(word)
    return " ".join(kept)


MOST_WORDS = 150
"""A mail that only gives an opinion has at most this many words; a person reads a longer one."""


class Content(StrEnum):
    """The opinion that the register keeps; "" for none."""

    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    NONE = ""


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """``no`` counts anywhere in a text; ``yes`` and ``thanks`` only with no other words than ``beside``."""

    no: re.Pattern[str]
    yes: re.Pattern[str]
    thanks: re.Pattern[str]
    beside: re.Pattern[str]
    asked: tuple[str, ...]


@lru_cache(maxsize=SOURCES_KEPT)
def load_opinions(source: Source = DEFAULT) -> OpinionWords:
    """Read the section [opinion]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["opinion"]
    beside = (*data["beside"], *source.toml("wishes.toml")["status"]["beside"])
    return OpinionWords(
        one_of_phrases(data["no"]),
        one_of_phrases(data["yes"]),
        one_of_phrases(data["thanks"]),
        one_of_phrases(beside),
        tuple(plainly(one) for one in data["asked"]),
    )


def begins_as_asked(text: str, source: Source = DEFAULT) -> bool:
    """True for a reply that begins as the mail with the answer suggests: "Chưa hài lòng: …"."""
    return plainly(text).startswith(load_opinions(source).asked)


def opinion_in(text: str, source: Source = DEFAULT) -> Content:
    """The opinion about an answer in a citizen's own words."""
    words, said = load_opinions(source), plainly(text)
    if not said or len(said.split()) > MOST_WORDS:
        return Content.NONE
    if words.no.search(said):
        return Content.NO
    if says_more(text, source):
        return Content.NONE
    rest = words.beside.sub(" ", words.thanks.sub(" ", words.yes.sub(" ", said))).strip()
    if rest:
        return _kindly(text, said, words, source)
    if words.yes.search(said):
        return Content.YES
    return Content.THANKS if words.thanks.search(said) else Content.NONE


def _kindly(text: str, said: str, words: OpinionWords, source: Source) -> Content:
    """Thanks with a personal note; it means satisfied only if it uses the suggested words."""
    if not is_courtesy(text, source):
        return Content.NONE
    return Content.YES if any(one in said for one in words.asked) else Content.THANKS
