"""What a leader's answer sounds like: a statistical vote that has learnt answers of many people.

It stands behind the words (``opinion``, ``returned``): alone it approves and returns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence
from rules.reply.vote import features_of, shares
from rules.text import has_marks
from rules.values.data_file import Source

NAME = "leaders"
APPROVES, RETURNS, NEITHER = "approve", "return", "unclear"
KNOWN = 0.5
"""The vote must know this share of a text's syllables; names and stories may be unknown."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")


def examined(text: str) -> Mapping[str, float]:
    """The features of an answer by which the vote is trained."""
    return features_of(_sentences(text), edges=True)


def sound_of(text: str, source: Source = DEFAULT) -> dict[str, float]:
    """The share of each class; {} without a model, or when too few words are known."""
    return shares(NAME, _sentences(text), source, edges=True, known=KNOWN)


def _sentences(text: str) -> tuple[Sentence, ...]:
    bare = not has_marks(text)
    return tuple(Sentence(one, one.lower(), (), bare) for one in _ENDS.split(text) if one.strip())
