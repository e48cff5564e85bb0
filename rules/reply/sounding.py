"""What a mail of a few sentences sounds like, by a small statistical vote trained on tables of such mails.

Phrases know only the words that somebody listed; a vote weighs all words. Numbers, days, amounts and names of
units each count as one word. Departments' answers (``rules.reply.vote``) and officers' commands
(``rules.commands.order_vote``) have a vote each.
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


def features_of(sentences: Sequence[Sentence], *, edges: bool = False) -> Mapping[str, float]:
    """The features of a text that a vote uses: syllables and their pairs; with ``edges`` also how sentences begin and
    end ("Để em …", "… à"), which tells an order from a plan or a question."""
    first, last = ("ofbegin ", " ofend") if edges else ("", "")
    return features(_read(" . \n\n".join(f"{first}{_classed(one)}{last}" for one in sentences)))


def _classed(one: Sentence) -> str:
    words = f"{one.words} ?" if "?" in one.raw and "?" not in one.words else one.words
    for pattern, name in _CLASSES:
        words = pattern.sub(name, words)
    return words


def shares(
    name: str, sentences: Sequence[Sentence], source: Source, *, edges: bool = False, known: float = KNOWN
) -> dict[str, float]:
    """The share of each class of a vote for a text, adding up to 1; {} without a model or with too few known words.

    ``edges`` and ``known`` must be those of its training (``features_of``, ``statistical_vote.Vote.shares``).
    """
    vote = load_vote(name, source)
    if vote is None:
        return {}
    found = vote.shares(features_of(sentences, edges=edges), known)
    return {one: math.exp(share) for one, share in found.items()}
