"""Whether a citizen is content with an answer, by the words of ``wishes.toml``, or writes nothing but thanks.

A mail is nothing but thanks when every clause of it thanks, praises, waits, or says who writes.
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
"""Words of a mail that can be nothing but thanks; a longer one is read by a person."""
NAME = 4
"""Words of a person's name; any other unknown word may be about the matter."""
_CLAUSE = re.compile(r"[.,;:!…\n]+")


@dataclass(frozen=True, slots=True)
class CourtesyWords:
    """What thanks; what may stand beside it; what is meant well beside praise alone; what shows that more is said."""

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
    """True for thanks without a word about the matter; whoever asks or says "but" is not only thanking."""
    words = load_courtesy(source)
    if len(text.split()) > MOST_WORDS_OF_THANKS or says_more(text, source):
        return False
    clauses = [each for each in _CLAUSE.split(words.emoticons.sub(" ", text)) if plainly(each)]
    thanks = any(words.thanks.search(plainly(each)) for each in clauses)
    return thanks and all(_is_known(each, words) for each in clauses)


def says_more(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that asks, or holds a word of complaint, of objection or of the matter."""
    words = load_courtesy(source)
    never = words.never.search(words.harmless.sub(" ", plainly(text)))
    return "?" in text or never is not None or words.never_with_marks.search(squash(text)) is not None


def _is_known(clause: str, words: CourtesyWords) -> bool:
    """A clause of known words and names alone; "không ngờ" is meant well only where it praises."""
    said = plainly(_without_names(clause, words))
    if words.doubtful.search(said) and not words.praise.search(said):
        return False
    return not words.beside.sub(" ", words.said.sub(" ", said)).strip()


def _without_names(clause: str, words: CourtesyWords) -> str:
    """The clause without the capitalised words behind a term of address in small letters ("cảm ơn cô Hạnh")."""
    kept, name = list[str](), 0
    for word in clause.split():
        behind = name or strip_marks(f" {' '.join(kept)}").endswith(words.named_by)
        name = name + 1 if behind and word.istitle() and name < NAME else 0
        if not name:
            kept.append(word)
    return " ".join(kept)


MOST_WORDS = 150
"""Words of a mail that can be nothing but an opinion; a longer one is read by a person."""


class Content(StrEnum):
    """What the register keeps of it; "" for nothing said."""

    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    NONE = ""


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """``no`` anywhere makes it one; ``yes`` and ``thanks`` only where nothing else but ``beside`` stands there."""

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
    """True for who answers in the words that the mail with the answer asks for: "Chưa hài lòng: …"."""
    return plainly(text).startswith(load_opinions(source).asked)


def opinion_in(text: str, source: Source = DEFAULT) -> Content:
    """What a citizen's own words say of an answer."""
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
    """Thanks with a personal touch; contented only in the very words that were asked for."""
    if not is_courtesy(text, source):
        return Content.NONE
    return Content.YES if any(one in said for one in words.asked) else Content.THANKS
