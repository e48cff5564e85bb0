"""Whether a leader's answer returns the paper: refused in so many words, or to be changed and submitted again.

A paper returned by mistake is simply submitted again, so this needs less proof than an approval: a word of returning,
and a vote that hears it in the whole answer. "Không được khỏe, mai anh xem" has the word and does not sound like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.commands.approval.act import Kind, judged
from rules.commands.approval.clauses import Part, paper_of, parts_of
from rules.commands.approval.opinion import LONGEST
from rules.commands.approval.sound import RETURNS, sound_of
from rules.commands.approval.words import LeaderWords, Said, load_leader_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source

ALONE, REFUSED, CHANGED = 0.1, 0.3, 0.4
"""The least share for a return by its sound: with a part that refuses and says nothing else, with a word of refusing,
and with one of changing the paper."""
DONE = "rồi"
"""How a report ends: "mục III tôi viết lại rồi"."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What the leader wants changed, "" when he does not say; ``refused``: in so many words."""

    reason: str
    refused: bool


def returned_in(text: str, source: Source = DEFAULT) -> Returned | None:
    """How a text returns the paper; None when it does not surely do so."""
    words = load_leader_words(source)
    if len(text) > LONGEST:
        return None
    paper = paper_of("", words)
    parts = parts_of(text, paper, words)
    _, sign, reason = text.partition(":")
    if sign and reason.strip() and parts and words.returns.taught.whole(parts[0].said):
        return Returned(" ".join(reason.split()), refused=True)
    refused = any(_begins_refusing(one.said, words) for one in parts)
    if _least(parts, words) > sound_of(text, source).get(RETURNS, 0.0):
        return None
    if any(one.kind is Kind.APPROVES for one in judged(parts, paper, words)):
        return None
    return Returned(
        "" if len(parts) == 1 and _names_nothing(parts[0].said, words) else " ".join(text.split()), refused
    )


def _least(parts: Sequence[Part], words: LeaderWords) -> float:
    """How much the answer must sound like a return, by its words."""
    told = [one.said.without(words.beside.unopposed) for one in parts if not one.raw.rstrip().endswith("?")]
    told = [one for one in told if not words.doubt["condition"].find(one) and not words.returns.no_return.find(one)]
    if any(_refuses_alone(one, words) for one in told):
        return ALONE
    if any(words.returns.refuses.find(one) for one in told):
        return REFUSED
    return CHANGED if any(words.returns.redo.find(one) and one.words[-1] != DONE for one in told) else 1.0


def _begins_refusing(said: Said, words: LeaderWords) -> bool:
    """Whether a part begins with a word of refusing, behind who refuses."""
    at = 0
    while length := max(one.at(said, at) for one in (words.act.own, words.act.people, words.act.before)):
        at += length
    return bool(words.returns.refuses.at(said, at))


def _refuses_alone(said: Said, words: LeaderWords) -> bool:
    """ "Anh chưa duyệt nhé": a word of refusing, and nothing beside it but who speaks, to whom, and courtesy."""
    act, refuses = words.act, words.returns.refuses
    beside = (act.own, act.people, act.before, act.beside, act.parts, act.wholes, act.verbs)
    at = 0
    while at < len(said):
        length = max(refuses.at(said, at), *(one.at(said, at) for one in beside))
        if not length:
            return False
        at += length
    return bool(refuses.find(said))


def _names_nothing(said: Said, words: LeaderWords) -> bool:
    """True for "Trả lại nhé em", which says nothing of what is wrong."""
    at = words.returns.back.at(said, 0)
    while at and at < len(said):
        length = max(one.at(said, at) for one in (words.act.people, words.act.beside, words.act.own))
        at = at + length if length else 0
    return bool(at)
