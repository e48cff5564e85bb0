"""Whether a leader's answer approves the paper at hand, or returns it.

Three things make an approval. First evidence: a part of the answer in which the leader himself approves now, every
word of which is known (``act``). Second no doubt: no condition, change, question, waiting, other paper or other
person's word in what stands beside it. Third its sound: a vote that has learnt many answers must not hear a
reservation, by the words and by what each part does; it must be surer where a word hints at one. What stands beside
the approval is passed on as a wish. Whatever is not sure is asked back.

A paper is returned where it is refused in so many words, or is to be changed and submitted again. One returned by
mistake is simply submitted again, so this needs less proof: a word of returning, and a vote that hears it in the
whole answer. "Không được khỏe, mai anh xem" has the word and does not sound like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.commands.approval.act import GIVEN, Judged, Kind, judged
from rules.commands.approval.clauses import Part, body_of, paper_of, parts_of
from rules.commands.approval.words import LeaderWords, Phrases, Said, load_leader_words
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
MOST_REMARKS = 4
"""More remarks in an answer tell the vote no more."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
LONGEST = 1200
"""A longer answer, in characters, is not searched for an approval."""
BLANK = "_"
"""Stands in the place of a harmless phrase."""
WISHED, PLAIN, HINTED, ASSENTED = 0.25, 0.35, 0.6, 0.8
"""The least share for an approval by its sound: where only wishes, thanks or praise stand beside it, where anything
else does, where a word hints at a reservation or an order is all that approves, and where "Ok" is."""
ALONE, REFUSED, CHANGED = 0.1, 0.3, 0.4
"""The least share for a return by its sound: with a part that refuses and says nothing else, with a word of refusing,
and with one of changing the paper."""
DONE = "rồi"
"""How a report ends: "mục III tôi viết lại rồi"."""


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
    if not _is_given(parts) or next(doubts_in(parts, words), ""):
        return None
    if remarks and sound_of(text, parts, source).get(APPROVES, 0.0) < _least(parts, words):
        return None
    return Opinion(". ".join(dict.fromkeys(one.raw for one in remarks)))


def _least(parts: Sequence[Judged], words: LeaderWords) -> float:
    """How much an answer must sound like an approval."""
    remarks = [part.said for part, kind in parts if kind is Kind.REMARKS]
    if all(one.kind not in GIVEN for one in parts):
        return HINTED if all(words.beside.wishes.at(one, 0) for one in remarks) else ASSENTED
    if next(hints_in(parts, words), "") or all(one.kind is not Kind.APPROVES for one in parts):
        return HINTED
    known = (words.beside.wishes, words.beside.free, words.beside.good)
    return WISHED if all(any(one.find(said) for one in known) for said in remarks) else PLAIN


def _is_given(parts: Sequence[Judged]) -> bool:
    """An act of approval, or an assent, but to nothing more than having read."""
    kinds = {one.kind for one in parts}
    return bool(kinds & GIVEN) or (Kind.ASSENTS in kinds and Kind.READS not in kinds)


def doubts_in(parts: Sequence[Judged], words: LeaderWords) -> Iterator[str]:
    """Words that make the answer no approval.

    What is to be changed is an order before an order to carry it out too: "Sửa mục 2, gửi đi".
    """
    ordered = all(kind is not Kind.APPROVES for _, kind in parts)
    for said, behind in _remarks(parts, words):
        past = bool(words.beside.once.find(said)) and not behind
        groups = {name: group for name, group in words.doubt.items() if not (past and name == "bad")}
        yield from _found(said, groups)
        if (behind or ordered) and not _is_free(said, words):
            yield from _found(said, words.behind)
        if behind and not _is_free(said, words):
            yield from _states_anew(said, words)
            yield from list(_hinted(said, words))[1:]
        if BLANK not in said.words and words.beside.asks.ends(said):
            yield f"asks: {said.words[-1]}"
    yield from _of_another(parts, words)
    yield from _puts_off(parts, words)


def _of_another(parts: Sequence[Judged], words: LeaderWords) -> Iterator[str]:
    """ "Đơn xin nghỉ của Lan: chị duyệt", where the part before the approval begins with another thing."""
    for part, kind in parts:
        if kind in GIVEN or kind is Kind.ASSENTS:
            return
        length = words.beside.topics.at(part.said, 0)
        if length and not _is_good(part.said.cut(length, len(part.said)), words):
            yield f"topic: {part.said.words[length - 1]}"


def _puts_off(parts: Sequence[Judged], words: LeaderWords) -> Iterator[str]:
    """ "dang lai xe, toi duyet": without diacritics he may say that he will do so in the evening."""
    busy = next((found for part, _ in parts if part.said.bare and (found := words.beside.busy.find(part.said))), "")
    later = any(kind is Kind.APPROVES and words.act.unfinished.at(part.said, 0) for part, kind in parts)
    if busy and later:
        yield f"busy: {busy}"


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
        given = given or kind in GIVEN or kind is Kind.ASSENTS
        if kind is Kind.REMARKS:
            yield part.said.without(words.beside.unopposed, BLANK).without(words.beside.harmless, BLANK), given


def _found(said: Said, groups: Mapping[str, Phrases]) -> Iterator[str]:
    for name, group in groups.items():
        if found := group.find(said):
            yield f"{name}: {found}"


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
    acts = judged(parts, paper, words)
    if _least_of_return(parts, words) > sound_of(text, acts, source).get(RETURNS, 0.0):
        return None
    if any(one.kind in GIVEN for one in acts):
        return None
    return Returned(
        "" if len(parts) == 1 and _names_nothing(parts[0].said, words) else " ".join(text.split()), refused
    )


def _least_of_return(parts: Sequence[Part], words: LeaderWords) -> float:
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


def examined(text: str, paper: str, source: Source = DEFAULT) -> Mapping[str, float]:
    """The features of an answer to a paper by which the vote is trained."""
    words = load_leader_words(source)
    named = paper_of(paper, words)
    parts = judged(parts_of(text, named, words), named, words)
    return {**features_of(_sentences(text, words), edges=True), **dict.fromkeys(_course(parts), 1.0)}


def sound_of(text: str, parts: Sequence[Judged], source: Source = DEFAULT) -> dict[str, float]:
    """The share of each class; {} without a model, or when too few words are known."""
    sentences = _sentences(text, load_leader_words(source))
    return shares(MODEL, sentences, source, edges=True, known=KNOWN, beside=frozenset(_course(parts)))


def _course(parts: Sequence[Judged]) -> Iterator[str]:
    """What the parts of an answer do, as features: kinds, first, last, and how many remarks."""
    kinds = [one.kind for one in parts]
    yield from (f"mhas-{one.value}" for one in kinds)
    yield from (f"mfirst-{one.value}" for one in kinds[:1])
    yield from (f"mlast-{one.value}" for one in kinds[-1:])
    yield f"mremarks-{min(kinds.count(Kind.REMARKS), MOST_REMARKS)}"


def _sentences(text: str, words: LeaderWords) -> tuple[Sentence, ...]:
    body = body_of(text, words)
    bare = not has_marks(body)
    return tuple(Sentence(one, one.lower(), (), bare) for one in _ENDS.split(body) if one.strip())
