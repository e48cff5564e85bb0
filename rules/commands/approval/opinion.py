"""Whether a leader's answer approves the paper at hand; what returns it is read by ``returned``.

Three things make an approval. First evidence: a part of the answer in which the leader himself approves now, every
word of which is known (``act``). Second no doubt: no condition, change, question, waiting, other paper or other
person's word in what stands beside it. Third its sound: a vote that has learnt many answers must not hear a
reservation; it must be surer where a word hints at one. What stands beside the approval is passed on as a wish.
Whatever is not sure is asked back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.commands.approval.act import Judged, Kind, judged
from rules.commands.approval.clauses import paper_of, parts_of
from rules.commands.approval.sound import APPROVES, sound_of
from rules.commands.approval.words import LeaderWords, Phrases, Said, load_leader_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source

LONGEST = 1200
"""A longer answer, in characters, is not searched for an approval."""
BLANK = "_"
"""Stands in the place of a harmless phrase."""
WISHED, PLAIN, HINTED = 0.03, 0.15, 0.5
"""The least share for an approval by its sound: where only wishes, thanks or praise stand beside it, where anything
else does, and where a word hints at a reservation."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An approval; ``wish`` is the wish added to it."""

    wish: str = ""


def approval_in(text: str, source: Source = DEFAULT, paper: str = "") -> Opinion | None:
    """The approval that a text gives; None when it gives none or any doubt remains.

    ``paper`` are the words of the paper at hand, by which the text may name it.
    """
    words = load_leader_words(source)
    if len(text) > LONGEST or "?" in text:
        return None
    named = paper_of(paper, words)
    parts = judged(parts_of(text, named, words), named, words)
    remarks = [one.part for one in parts if one.kind is Kind.REMARKS]
    if not _is_given(parts, words) or next(doubts_in(parts, words), ""):
        return None
    if remarks and sound_of(text, source).get(APPROVES, 0.0) < _least(parts, words):
        return None
    return Opinion(". ".join(dict.fromkeys(one.raw for one in remarks)))


def _least(parts: Sequence[Judged], words: LeaderWords) -> float:
    """How much an answer must sound like an approval."""
    if next(hints_in(parts, words), ""):
        return HINTED
    known = (words.beside.wishes, words.beside.free, words.beside.good)
    kinds = (any(one.find(part.said) for one in known) for part, kind in parts if kind is Kind.REMARKS)
    return WISHED if all(kinds) else PLAIN


def _is_given(parts: Sequence[Judged], words: LeaderWords) -> bool:
    """An act of approval; or an assent, where nothing but courtesy and wishes stands beside it."""
    kinds = {one.kind for one in parts}
    if Kind.APPROVES in kinds:
        return True
    remarks = [one.part.said for one in parts if one.kind is Kind.REMARKS]
    assents = Kind.ASSENTS in kinds and Kind.READS not in kinds
    return assents and all(words.beside.wishes.at(one, 0) for one in remarks)


def doubts_in(parts: Sequence[Judged], words: LeaderWords) -> Iterator[str]:
    """Words that make the answer no approval."""
    for said, behind in _remarks(parts, words):
        past = bool(words.beside.once.find(said)) and not behind
        groups = {name: group for name, group in words.doubt.items() if not (past and name == "bad")}
        yield from _found(said, groups)
        if behind and not _is_free(said, words):
            yield from _found(said, words.behind)
            yield from _states_anew(said, words)
            yield from list(_hinted(said, words))[1:]
        if BLANK not in said.words and words.beside.asks.ends(said):
            yield f"asks: {said.words[-1]}"


def _states_anew(said: Said, words: LeaderWords) -> Iterator[str]:
    """ "Thời lượng 90 phút", "Xem bút phê ở trang 2": begins with a part of the paper, or with something to do."""
    for name in ("paper", "deciding"):
        if words.hints[name].at(said, 0) and not _is_good(said, words) and not words.beside.wishes.at(said, 0):
            yield f"{name}: {said.words[0]}"


def _is_free(said: Said, words: LeaderWords) -> bool:
    """Thanks, wishes, and what is said of the next paper."""
    return bool(words.beside.free.at(said, 0) if said.bare else words.beside.free.find(said))


def _is_good(said: Said, words: LeaderWords) -> bool:
    """Whether a part of the paper is praised or provided for; without diacritics these words say too little."""
    return not said.bare and bool(words.beside.good.find(said))


def hints_in(parts: Sequence[Judged], words: LeaderWords) -> Iterator[str]:
    """Words behind the approval that may be a reservation; of two kinds in one part they are one."""
    for said, behind in _remarks(parts, words):
        if behind and not _is_free(said, words):
            yield from _hinted(said, words)


def _hinted(said: Said, words: LeaderWords) -> Iterator[str]:
    spared = {"paper"} if _is_good(said, words) else set()
    yield from _found(said, {name: one for name, one in words.hints.items() if name not in spared})


def _remarks(parts: Sequence[Judged], words: LeaderWords) -> Iterator[tuple[Said, bool]]:
    """The remarks without harmless phrases, and whether each stands behind the approval."""
    given = False
    for part, kind in parts:
        given = given or kind in {Kind.APPROVES, Kind.ASSENTS}
        if kind is Kind.REMARKS:
            yield part.said.without(words.beside.unopposed, BLANK).without(words.beside.harmless, BLANK), given


def _found(said: Said, groups: Mapping[str, Phrases]) -> Iterator[str]:
    for name, group in groups.items():
        if found := group.find(said):
            yield f"{name}: {found}"
