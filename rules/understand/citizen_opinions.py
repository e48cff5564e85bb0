"""Whether a citizen is content with an answer, by the words of ``wishes.toml``; or merely thanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.understand.citizen_requests import one_of_phrases, plainly
from rules.understand.courtesy import is_courtesy, says_more
from rules.values.data_file import SOURCES_KEPT, Source

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
