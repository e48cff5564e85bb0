"""Whether a letter is word for word one that the same person sent before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from rules.decide.base.facts import QuestionFacts
from rules.text import squash, strip_marks
from rules.understand.understand import Understanding
from rules.values.model import Kind
from rules.values.states import QuestionStatus

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


def may_repeat(read: Understanding) -> bool:
    """True for a letter that would be a new question."""
    first = islice(_WORD.finditer(read.text.own), LEAST_WORDS)
    return read.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} and sum(1 for _ in first) == LEAST_WORDS


def _words(text: str) -> list[str]:
    return _WORD.findall(strip_marks(squash(text)))


def repeated(text: str, known: Iterable[QuestionFacts]) -> QuestionFacts | None:
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
