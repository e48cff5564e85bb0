"""A statistical vote on what a mail of a few sentences sounds like, trained on tables of such mails.

Phrases know only the words that somebody listed; a vote weighs all words. Numbers, days, amounts and names of
units each count as one word. Departments' answers and officers' commands (``rules.commands.likely_orders``) have
a vote each.

The vote on a department's mail counts when it is sure and the phrases are not: a supposed answer that does not sound
like one waits for a person, and a text that the phrases do not understand gets the verb it sounds like. A waiting
answer can be called back; no other verb by vote reaches a citizen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence
from rules.reply.vetoes import AMONG, ASKS, SOFT
from rules.text.statistical_vote import KNOWN, features, load_vote
from rules.text.tokens import Tokenizer
from rules.values.data_file import Source
from rules.values.model import Verb

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
    name: str,
    sentences: Sequence[Sentence],
    source: Source,
    *,
    edges: bool = False,
    known: float = KNOWN,
    beside: Collection[str] = (),
) -> dict[str, float]:
    """The share of each class of a vote for a text, adding up to 1; {} without a model or with too few known words.

    ``edges`` and ``known`` must be those of its training (``features_of``, ``statistical_vote.Vote.shares``), as must
    ``beside``, features that the words do not have.
    """
    vote = load_vote(name, source)
    if vote is None:
        return {}
    found = vote.shares({**features_of(sentences, edges=edges), **dict.fromkeys(beside, 1.0)}, known)
    return {one: math.exp(share) for one, share in found.items()}


NAME = "replies"
UNLIKE = 0.4
UNLIKE_OF_FEW = 0.2
"""A supposed answer with a lower share for answer is held; a few words that speak of the matter must be lower still,
as they tell little, and so must words that greet the requester. Of 106 true answers that it never met, one had less
than 0.42."""
SURE_ANSWER = 0.8
SURE_ACT = 0.7
"""The share that makes a text the phrases do not understand an answer, or another act."""
LEAST_WORDS = 25
"""A text must have this many words to be an answer by vote alone, since "Có ạ" also sounds like one."""
FEW_WORDS = 20
ACTS = frozenset({Verb.RECEIVED, Verb.EXTENSION, Verb.NOT_COMPETENT})
"""Acts that send the citizen nothing; on a refusal that names no unit, an officer decides."""
OPEN = frozenset({Verb.NONE, Verb.FOLLOW_UP, Verb.RECEIVED})
"""Verbs that a sure vote for answer may override; a request for more time is always meant as such."""
LIGHT = frozenset({SOFT["office"], AMONG["elsewhere"]})
"""Vetoes that a sure vote outweighs, because they are about the subject. Others always hold: one sentence to a
colleague, to the Board or about what is still to come hardly lowers the share of the answer around it."""
SOUNDS = {
    Verb.ANSWER: "Lời thư giống một câu trả lời.",
    Verb.RECEIVED: "Lời thư giống thư báo đã nhận.",
    Verb.EXTENSION: "Lời thư giống thư xin gia hạn.",
    Verb.NOT_COMPETENT: "Lời thư giống thư báo việc không thuộc thẩm quyền.",
    Verb.NONE: "Lời thư không giống một câu trả lời.",
}
"""What the trace says when the vote decided."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a text sounds like: the share of each verb, NONE for a text without one; {} when no word is known."""

    likely: Mapping[Verb, float] = field(default_factory=dict)
    words: int = 0
    files: int = 0
    formal: bool = False
    """True when it looks official: a typical opening, or a number, a signer's title or a file."""
    apart: bool = False
    """True when it shares no word of weight with the question, and has no file."""
    greets: bool = False
    """True when it greets the requester by name, as no mail to a colleague does."""

    @property
    def answer(self) -> float:
        """The share for answer."""
        return self.likely.get(Verb.ANSWER, 0.0)

    @property
    def act(self) -> Verb | None:
        """The act other than answer that the vote is sure of; None when there is none."""
        top = max(self.likely, key=self.likely.__getitem__)
        return top if top in ACTS and self.likely[top] >= SURE_ACT else None


def sound(
    sentences: Sequence[Sentence],
    source: Source = DEFAULT,
    *,
    files: int = 0,
    formal: bool = False,
    apart: bool = False,
) -> Sound:
    """What a text sounds like; without a model, no verb has a share."""
    words = sum(one.count for one in sentences)
    likely = {Verb(name): share for name, share in shares(NAME, sentences, source).items()}
    return Sound(likely, words, files, formal, apart)


def second_opinion(verb: Verb, vetoes: Collection[str], heard: Sound) -> Verb:
    """The verb by the phrases, unless the vote changes it.

    A text that looks official is never held for its sound: "Trả lời: …", as departments are told to write, is enough.
    """
    if not heard.likely:
        return verb
    if verb is Verb.ANSWER:
        least = UNLIKE_OF_FEW if heard.greets or (heard.words < FEW_WORDS and not heard.apart) else UNLIKE
        return verb if heard.formal or heard.answer >= least else heard.act or Verb.NONE
    if heard.answer >= SURE_ANSWER and heard.words >= LEAST_WORDS and not heard.files:
        if verb in OPEN and LIGHT.issuperset(vetoes):
            return Verb.ANSWER
        return Verb.NONE if verb is Verb.NOT_COMPETENT else verb
    asks = heard.act is Verb.RECEIVED and ASKS in vetoes  # nobody would hear of the question
    if heard.act and verb in {Verb.NONE, Verb.FOLLOW_UP} and not asks:
        return heard.act
    return verb
