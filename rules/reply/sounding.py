"""How a mail of a few sentences sounds to a small statistical vote, learnt from tables of such mails.

Phrases know the words that somebody thought of; a vote weighs all words. Numbers, days, amounts and names of units
are one word each to it. Departments' answers (``rules.reply.vote``) and officers' orders
(``rules.commands.order_vote``) have votes of their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from rules.reply.sentences import Sentence
from rules.text.statistical_vote import features, load_vote
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
"""What counts as a kind of word, in this order."""
_read = Tokenizer()


def features_of(sentences: Sequence[Sentence]) -> Mapping[str, float]:
    """What a vote looks at in a text: syllables and their pairs."""
    return features(_read(" . \n\n".join(_classed(one) for one in sentences)))


def _classed(one: Sentence) -> str:
    words = f"{one.words} ?" if "?" in one.raw and "?" not in one.words else one.words
    for pattern, name in _CLASSES:
        words = pattern.sub(name, words)
    return words


def shares(name: str, sentences: Sequence[Sentence], source: Source) -> dict[str, float]:
    """The share of each class of a vote in a text, together 1; {} without a model or for words never met."""
    vote = load_vote(name, source)
    return {one: math.exp(share) for one, share in vote.shares(features_of(sentences)).items()} if vote else {}
