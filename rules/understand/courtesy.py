"""Whether a citizen's mail is nothing but thanks: every clause of it thanks, praises, waits, or says who writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import squash
from rules.understand.citizen_requests import one_of_phrases, plainly
from rules.values.data_file import SOURCES_KEPT, Source

MOST_WORDS = 80
"""Words of a mail that can be nothing but thanks; a longer one is read by a person."""
STRANGE = 2
"""Words of a clause that may be unknown beside its sign ("cảm ơn cô Hạnh"), none of which is a number."""
_CLAUSE = re.compile(r"[.,;:!…\n]+")


@dataclass(frozen=True, slots=True)
class CourtesyWords:
    """What thanks; what may stand beside it as a clause of its own, or as a word; what shows that more is said."""

    thanks: re.Pattern[str]
    signs: re.Pattern[str]
    beside: re.Pattern[str]
    never: re.Pattern[str]
    never_with_marks: re.Pattern[str]
    harmless: re.Pattern[str]
    emoticons: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_courtesy(source: Source = DEFAULT) -> CourtesyWords:
    """Read the section [courtesy]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    words = data["courtesy"]
    beside = (*words["beside"], *data["opinion"]["beside"], *data["status"]["beside"])
    faces = sorted(words["emoticons"], key=len, reverse=True)
    return CourtesyWords(
        thanks=one_of_phrases(words["thanks"]),
        signs=one_of_phrases((*words["thanks"], *words["also"])),
        beside=one_of_phrases(beside),
        never=one_of_phrases(words["never"]),
        never_with_marks=re.compile(rf"\b(?:{'|'.join(map(re.escape, words['never_with_marks']))})\b"),
        harmless=one_of_phrases(words["harmless"]),
        emoticons=re.compile("|".join(map(re.escape, faces)), re.IGNORECASE),
    )


def is_courtesy(text: str, source: Source = DEFAULT) -> bool:
    """True for thanks without a word about the matter; whoever asks or says "but" is not only thanking."""
    words = load_courtesy(source)
    if "?" in text or len(text.split()) > MOST_WORDS:
        return False
    if words.never.search(words.harmless.sub(" ", plainly(text))) or words.never_with_marks.search(squash(text)):
        return False
    clauses = [said for each in _CLAUSE.split(words.emoticons.sub(" ", text)) if (said := plainly(each))]
    thanks = any(words.thanks.search(said) for said in clauses)
    return thanks and all(_is_known(said, words) for said in clauses)


def _is_known(clause: str, words: CourtesyWords) -> bool:
    """A clause with a sign and hardly more, or of words that say nothing ("các cô chú ạ")."""
    strange = words.beside.sub(" ", words.signs.sub(" ", clause)).split()
    return not strange or (
        words.signs.search(clause) is not None and len(strange) <= STRANGE and not any("#" in one for one in strange)
    )
