"""The statistical vote on what a department's mail is, beside the phrases, learnt from tables of such mails.

It speaks where it is sure and the phrases are not: what would leave as an answer and does not sound like one waits
for a person, and what they do not understand is what it sounds like. An answer waits before it leaves and can be
called back; nothing else reaches the citizen by the vote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence
from rules.reply.sounding import shares
from rules.reply.vetoes import AMONG, SOFT
from rules.values.data_file import Source
from rules.values.model import Verb

NAME = "replies"
UNLIKE = 0.4
UNLIKE_OF_FEW = 0.1
"""The share of an answer below which a text that looks like one is held; of a few words the vote knows little."""
SURE_ANSWER = 0.8
SURE_ACT = 0.7
"""The shares from which a text that the phrases do not understand is an answer, or another act."""
LEAST_WORDS = 25
"""Words that a text has at least which is an answer by its sound alone: "Có ạ" sounds like one too."""
FEW_WORDS = 20
ACTS = frozenset({Verb.RECEIVED, Verb.EXTENSION, Verb.NOT_COMPETENT})
"""Acts that send nothing to the citizen: of a refusal that names no unit an officer decides."""
OPEN = frozenset({Verb.NONE, Verb.FOLLOW_UP, Verb.RECEIVED})
"""Verbs beside which a text may be an answer all the same; who asks for more time does mean that."""
LIGHT = frozenset({SOFT["office"], AMONG["elsewhere"]})
"""Vetoes that a sure vote outweighs: of what a text speaks. A sentence to a colleague, to the Board or of what is
still to come hardly lowers the share of an answer around it, so that these hold whatever the vote says."""
SOUNDS = {
    Verb.ANSWER: "Lời thư giống một câu trả lời.",
    Verb.RECEIVED: "Lời thư giống thư báo đã nhận.",
    Verb.EXTENSION: "Lời thư giống thư xin gia hạn.",
    Verb.NOT_COMPETENT: "Lời thư giống thư báo việc không thuộc thẩm quyền.",
    Verb.NONE: "Lời thư không giống một câu trả lời.",
}
"""What the trace says where the vote decided."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a text sounds like: the share of each act, of NONE for what is none; {} for words never met."""

    likely: Mapping[Verb, float] = field(default_factory=dict)
    words: int = 0
    files: int = 0
    formal: bool = False
    """It looks official: it opens as an answer, or bears a number, a signer's title or a file."""

    @property
    def answer(self) -> float:
        """The share of an answer."""
        return self.likely.get(Verb.ANSWER, 0.0)

    @property
    def act(self) -> Verb | None:
        """The other act that it surely is, None for none."""
        top = max(self.likely, key=self.likely.__getitem__)
        return top if top in ACTS and self.likely[top] >= SURE_ACT else None


def sound(sentences: Sequence[Sentence], source: Source = DEFAULT, *, files: int = 0, formal: bool = False) -> Sound:
    """How a text sounds; nothing is likely where no model ships."""
    words = sum(one.count for one in sentences)
    likely = {Verb(name): share for name, share in shares(NAME, sentences, source).items()}
    return Sound(likely, words, files, formal)


def second_opinion(verb: Verb, vetoes: Collection[str], heard: Sound) -> Verb:
    """The verb by the phrases, or what the vote makes of it.

    What looks official is not held for its sound: who writes "Trả lời: …", as departments are told, is always heard.
    """
    if not heard.likely:
        return verb
    if verb is Verb.ANSWER:
        least = UNLIKE if heard.words >= FEW_WORDS else UNLIKE_OF_FEW
        return verb if heard.formal or heard.answer >= least else heard.act or Verb.NONE
    if heard.answer >= SURE_ANSWER and heard.words >= LEAST_WORDS and not heard.files:
        if verb in OPEN and LIGHT.issuperset(vetoes):
            return Verb.ANSWER
        return Verb.NONE if verb is Verb.NOT_COMPETENT else verb
    if heard.act and verb in {Verb.NONE, Verb.FOLLOW_UP}:
        return heard.act
    return verb
