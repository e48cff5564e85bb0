"""Whether a leader's answer approves the paper at hand, or returns it.

A vote decides that has learnt what hundreds of answers meant which nobody was taught to write. It hears their words,
and what each part does (``course``). Two things must be there besides for an approval: a word of approving, assenting
or carrying out, and no question or condition, to which nobody would reply. What stands beside the approval is passed
on as a wish. Whatever is not sure is asked back.

One returned by mistake is simply submitted again, so this needs a smaller share. “Trả lại: …” always returns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.commands.approval.clauses import Paper, body_of, paper_of, parts_of
from rules.commands.approval.course import Heard, course_of, heard
from rules.commands.approval.words import LeaderWords, Said, load_leader_words
from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence
from rules.reply.vote import features_of, shares
from rules.text import has_marks
from rules.values.data_file import Source

MODEL = "leaders"
"""The name of the vote."""
APPROVES, RETURNS, NEITHER = "approve", "return", "unclear"
KNOWN = 0.5
"""The vote must know this share of a text's syllables; names and stories may be unknown."""
LEAST_APPROVAL, LEAST_BARE, LEAST_RETURN = 0.93, 0.85, 0.5
"""The least share for an approval, for one with nothing said beside it ("Đồng ý, cảm ơn em"), and for a return."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
LONGEST = 1200
"""A longer answer, in characters, is not searched for an approval."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An approval; ``wish`` is the wish added to it."""

    wish: str = ""


def approval_in(text: str, source: Source = DEFAULT, paper: str = "") -> Opinion | None:
    """The approval that a text gives; None when it gives none or any doubt remains.

    ``paper`` are the words of the paper at hand, by which the text may name it.
    """
    if len(text) > LONGEST or "?" in text:
        return None
    words = load_leader_words(source)
    named = paper_of(paper, words)
    answer = heard(parts_of(text, named, words), named, words)
    if not any(one.approving >= 0 for one in answer) or any(_sets_condition(one, words) for one in answer):
        return None
    wishes = [one.part.raw for one in answer if _wishes(one, named)]
    least = LEAST_APPROVAL if wishes else LEAST_BARE
    if sound_of(text, answer, source).get(APPROVES, 0.0) < least:
        return None
    return Opinion(". ".join(dict.fromkeys(wishes)))


def _sets_condition(one: Heard, words: LeaderWords) -> bool:
    return bool(words.act.condition.find(one.part.said))


def _wishes(one: Heard, paper: Paper) -> bool:
    """Whether a part says anything beside the approval, courtesy and what stands in the paper."""
    return not one.known and not paper.states(one.part.said)


@dataclass(frozen=True, slots=True)
class Returned:
    """What the leader wants changed, "" when he does not say; ``refused``: in so many words."""

    reason: str
    refused: bool


def returned_in(text: str, source: Source = DEFAULT, paper: str = "") -> Returned | None:
    """How a text returns the paper; None when it does not surely do so."""
    if len(text) > LONGEST:
        return None
    words = load_leader_words(source)
    named = paper_of(paper, words)
    parts = parts_of(text, named, words)
    _, sign, reason = text.partition(":")
    if sign and reason.strip() and parts and words.returns.taught.whole(parts[0].said):
        return Returned(" ".join(reason.split()), refused=True)
    if len(parts) == 1 and text.rstrip().endswith("?"):  # "Viết lại phần đầu chưa?"
        return None
    if sound_of(text, heard(parts, named, words), source).get(RETURNS, 0.0) < LEAST_RETURN:
        return None
    refused = any(_begins_refusing(one.said, words) for one in parts)
    nothing = len(parts) == 1 and _names_nothing(parts[0].said, words)
    return Returned("" if nothing else " ".join(text.split()), refused)


def _begins_refusing(said: Said, words: LeaderWords) -> bool:
    """Whether a part begins with a word of refusing, behind who refuses."""
    at = 0
    while length := max(one.at(said, at) for one in (words.act.own, words.act.people, words.act.before)):
        at += length
    return bool(words.returns.refuses.at(said, at))


def _names_nothing(said: Said, words: LeaderWords) -> bool:
    """True for "Trả lại nhé em", which says nothing of what is wrong."""
    at = words.returns.back.at(said, 0)
    while at and at < len(said):
        length = max(one.at(said, at) for one in (words.act.people, words.act.beside, words.act.own))
        at = at + length if length else 0
    return bool(at)


def examined(text: str, paper: str, source: Source = DEFAULT) -> Mapping[str, float]:
    """The features of an answer to a paper by which the vote is trained."""
    words = load_leader_words(source)
    named = paper_of(paper, words)
    course = course_of(heard(parts_of(text, named, words), named, words))
    return {**features_of(_sentences(text, words), edges=True), **dict.fromkeys(course, 1.0)}


def sound_of(text: str, answer: Sequence[Heard], source: Source = DEFAULT) -> dict[str, float]:
    """The share of each class; {} without a model, or when too few words are known."""
    words = load_leader_words(source)
    course = course_of(answer)
    return shares(MODEL, _sentences(text, words), source, edges=True, known=KNOWN, beside=course)


def _sentences(text: str, words: LeaderWords) -> tuple[Sentence, ...]:
    body = body_of(text, words)
    bare = not has_marks(body)
    return tuple(Sentence(one, one.lower(), (), bare) for one in _ENDS.split(body) if one.strip())
