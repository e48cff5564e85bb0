"""What a citizen wants of a dialogue session itself, beside what he asks a unit."""

from __future__ import annotations

import re
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text.patterns import one_of_phrases, plainly
from rules.understand.citizen_replies import asks_more
from rules.understand.citizen_requests import clauses_of
from rules.values.data_file import SOURCES_KEPT, Source

_SENTENCE, _CLAUSE = re.compile(r"(?<=[.!?;\n])\s*"), re.compile(r"(?<=[.!?;:,\n])\s*")


@lru_cache(maxsize=4)
def attends_session(text: str, source: Source = DEFAULT) -> bool:
    """True for a text with a sentence whose writer wants to attend a session, or to speak there.

    Results are kept for a while, because two decisions on a mail ask.
    """
    says, never, _ = _attending(source)
    if not says.search(plainly(text)):  # most letters, whose sentences need not be read one by one
        return False
    sentences = map(plainly, _SENTENCE.split(text))
    return any(says.search(sentence) and not never.search(sentence) for sentence in sentences)


def asks_beside_session(text: str, source: Source = DEFAULT) -> bool:
    """True for a text with a clause that asks something, and nothing of a session."""
    of_it = _attending(source)[2]
    return any(asks_more(one, source) is not None and not of_it.search(plainly(one)) for one in _CLAUSE.split(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _attending(source: Source) -> tuple[re.Pattern[str], ...]:
    words = source.toml("wishes.toml")["attends"]
    return tuple(one_of_phrases(words[key], gap=6) for key in ("says", "never", "of_it"))


def stays_out_of_session(text: str, source: Source = DEFAULT) -> bool:
    """True for words that want a question answered without the session for which it was chosen (9.1)."""
    says, never = _staying_out(source)
    return any(says.search(clause) for clause in clauses_of(text)) and not never.search(plainly(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _staying_out(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = source.toml("wishes.toml")["stays_out"]
    return one_of_phrases(words["says"]), one_of_phrases(words["never"])
