"""What a mail of a few sentences sounds like: a statistical vote, trained on tables of such mails.

Phrases know only the words that somebody listed; a vote weighs all words. Numbers, days, amounts and names of
units each count as one word. Departments' answers and officers' commands (``rules.commands.likely_orders``) have
a vote each. The vote on a department's mail decides what it is, ``docs/decisions/0015``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from rules.reply.sentences import Sentence
from rules.text.statistical_vote import KNOWN, features, load_vote
from rules.text.tokens import Tokenizer
from rules.values.data_file import Source

_CLASSES = tuple(
    (re.compile(pattern), f" {name} ")
    for pattern, name in (
        (r"⟦\d+⟧", "nameofunit"),
        (r"\bhp-\d{4}-\d+", "numberofquestion"),
        (r"\b\d[\d.,]*\s?(?:đồng|dong|đ|vnđ|triệu|trieu|tỷ|ty|tr|k|nghìn|nghin)\b", "amount"),
        (r"\b\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?(?:20)?\d\d)?\b", "dayofyear"),
        (r"\b\d+/(?:\d{4}/)?[a-zđ][\w-]*", "numberofpaper"),
        (r"\d[\d.,]*", "figure"),
        (r"\?", "asked"),
    )
)
"""Expressions replaced by one word for their kind, in this order."""
_read = Tokenizer()


def features_of(sentences: Sequence[Sentence]) -> Mapping[str, float]:
    """The features of a text that a vote uses: syllables and their pairs, and how sentences begin and end, which
    tells an order from a plan or a question ("Để em …", "… à")."""
    return features(_read(" . \n\n".join(f"ofbegin {_classed(one)} ofend" for one in sentences)))


def _classed(one: Sentence) -> str:
    words = f"{one.words} ?" if "?" in one.raw and "?" not in one.words else one.words
    for pattern, name in _CLASSES:
        words = pattern.sub(name, words)
    return words


def shares(name: str, counts: Mapping[str, float], source: Source, *, known: float = KNOWN) -> dict[str, float]:
    """The share of each class of a vote for a text's features, adding up to 1; {} without a model or known words.

    ``known`` must be that of its training (``statistical_vote.Vote.shares``).
    """
    vote = load_vote(name, source)
    found = vote.shares(counts, known) if vote is not None else {}
    return {one: math.exp(share) for one, share in found.items()}
