"""The statistical vote on what a department's mail is, beside the phrases: trained on mails that people wrote.

Phrases know the words that somebody thought of; the vote weighs all words. It speaks where it is sure and the phrases
are not: what would leave as an answer and does not sound like one waits for a person, and what they do not
understand is what it sounds like. An answer waits before it leaves and can be called back; nothing else reaches the
citizen by the vote. Numbers, days, amounts and names of units are one word each to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence

from rules.message.quote_markers import DEFAULT
from rules.reply.doubts import DOUBTS, PROCEDURE
from rules.reply.sentences import Sentence
from rules.reply.vetoes import AMONG, ASKS, SOFT, VETOES
from rules.text.statistical_vote import features, load_vote
from rules.text.tokens import Reader
from rules.values.data_file import Source
from rules.values.model import Verb

NAME = "replies"
UNLIKE = 0.4
"""The share of an answer below which a text that looks like one is held."""
SURE_ANSWER = 0.8
SURE_ACT = 0.7
"""The shares from which a text that the phrases do not understand is an answer, or another act."""
ACTS = frozenset({Verb.RECEIVED, Verb.EXTENSION, Verb.NOT_COMPETENT})
"""Acts that send nothing to the citizen: of a refusal that names no unit an officer decides."""
OPEN = frozenset({Verb.NONE, Verb.FOLLOW_UP, Verb.RECEIVED})
"""Verbs beside which a text may be an answer all the same; who asks for more time does mean that."""
LIGHT = frozenset(
    {
        *SOFT.values(),
        *AMONG.values(),
        *DOUBTS.values(),
        *(VETOES[name] for name in ("called", "inner", "later", "before")),
        ASKS,
        PROCEDURE,
    }
)
"""Vetoes that a sure vote outweighs: how a text sounds. What it forbids in so many words stays forbidden."""
SOUNDS = {
    Verb.ANSWER: "Lời thư giống một câu trả lời.",
    Verb.RECEIVED: "Lời thư giống thư báo đã nhận.",
    Verb.EXTENSION: "Lời thư giống thư xin gia hạn.",
    Verb.NOT_COMPETENT: "Lời thư giống thư báo việc không thuộc thẩm quyền.",
    Verb.NONE: "Lời thư không giống một câu trả lời.",
}
"""What the trace says where the vote decided."""
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
_read = Reader()


def features_of(sentences: Sequence[Sentence]) -> Mapping[str, float]:
    """What the vote looks at in a text: syllables and their pairs."""
    return features(_read(" . \n\n".join(_classed(one) for one in sentences)))


def _classed(one: Sentence) -> str:
    words = f"{one.words} ?" if "?" in one.raw and "?" not in one.words else one.words
    for pattern, name in _CLASSES:
        words = pattern.sub(name, words)
    return words


def likely_verbs(sentences: Sequence[Sentence], source: Source = DEFAULT) -> Mapping[Verb, float]:
    """The share of each act, of NONE for what is none; {} for words never met, or where no model ships."""
    vote = load_vote(NAME, source)
    shares = vote.shares(features_of(sentences)) if vote else {}
    return {Verb(name): math.exp(share) for name, share in shares.items()}


def second_opinion(
    verb: Verb, vetoes: Collection[str], likely: Mapping[Verb, float], *, files: int, formal: bool
) -> Verb:
    """The verb by the phrases, or what the vote makes of it.

    ``formal``: it looks official (opens as an answer, has a number, a signer's title or a file), and is not held for
    how it sounds: so a department that writes "Trả lời: …", as it is told to, is always heard.
    """
    if not likely:
        return verb
    answer, top = likely.get(Verb.ANSWER, 0.0), max(likely, key=likely.__getitem__)
    act = top if top in ACTS and likely[top] >= SURE_ACT else None
    if verb is Verb.ANSWER:
        return verb if answer >= UNLIKE else act or (verb if formal else Verb.NONE)
    if answer >= SURE_ANSWER and not files:
        if verb in OPEN and LIGHT.issuperset(vetoes):
            return Verb.ANSWER
        return Verb.NONE if verb is Verb.NOT_COMPETENT else verb
    return act if act and verb in {Verb.NONE, Verb.FOLLOW_UP} else verb
