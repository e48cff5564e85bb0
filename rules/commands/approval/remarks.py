"""What stands beside a leader's approval and leaves it as it is: wishes, excuses, concessions, the paper copy.

Such a remark is blanked out before the approval is read by every word. What might be a condition, a change, a part
of the paper or another's act makes no remark: it stays where it is, and the leader is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.commands.approval.opinion_words import OpinionWords, RemarkWords, load_opinion_words, load_remark_words
from rules.commands.approval.own_act import LeaderWords, load_leader_words
from rules.commands.mood import MOST_WORDS, Words, ends_with, found_in, length_at, said_in, without
from rules.commands.vocabulary import plain_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source

_SENTENCE = re.compile(r"[^.!?;\n]+")
_CLAUSE_END = re.compile(r"[,:]\s*|\s[-–]\s|\s(?=và\s)")
_DAY = re.compile(r"\d\s*[/.-]\s*\d")
NAME_WORDS = 6
"""At most so many words name who is given a task."""


class Aside(NamedTuple):
    """The text with remarks blanked out, so that all positions stay the same, and the wishes among them."""

    text: str
    wishes: tuple[str, ...]


class _Words(NamedTuple):
    remark: RemarkWords
    leader: LeaderWords
    opinion: OpinionWords


def set_aside(text: str, source: Source = DEFAULT) -> Aside:
    """Take the remarks out of a leader's answer."""
    words = _Words(load_remark_words(source), load_leader_words(source), load_opinion_words(source))
    spans = [one.span() for one in _SENTENCE.finditer(text) if plain_words(one[0])]
    wishes: list[str] = []
    for at, (begins, ends) in enumerate(spans):
        sentence = text[begins:ends]
        given = any(_approves(text[slice(*one)], words) for one in spans[:at])
        follows = at + 1 < len(spans) and _begins_with_act(text[slice(*spans[at + 1])], words)
        if follows and _grants(sentence, words):
            text = _blank(text, begins, ends)
            continue
        lead = _lead(sentence, words)
        text = _blank(text, begins + lead[0], begins + lead[1])
        tail = next(
            (one for one in _tails(sentence, words) if _may_stand(sentence, one, (given, follows), words)), None
        )
        if tail is not None:
            wishes += [sentence[tail:].strip()] if _is_wish(sentence[tail:], words) else []
            text = _blank(text, begins + tail, ends)
    return Aside(text, tuple(wishes))


def _may_stand(sentence: str, tail: int, beside: tuple[bool, bool], words: _Words) -> bool:
    """Whether a remark begins there, behind an approval, or as a sentence of its own before one.

    ``beside``: an approval stands in a sentence before this one; the next one begins with it.
    """
    given, follows = beside
    alone = not plain_words(sentence[:tail])
    stands = given or (follows if alone else _approves(sentence[:tail], words))
    return stands and _is_remark(sentence[tail:], words)


def changes_nothing(wish: str, source: Source = DEFAULT) -> bool:
    """Whether a wish that was found beside an approval leaves what was approved as it is."""
    words = _Words(load_remark_words(source), load_leader_words(source), load_opinion_words(source))
    if found_in(wish, words.opinion.other_papers):
        return False
    clauses = [one for each in _SENTENCE.findall(wish) for one in re.split(r"[,:]", each)]
    return all(_is_harmless(one, words) for one in clauses if plain_words(one))


def _blank(text: str, begins: int, ends: int) -> str:
    return f"{text[:begins]}{' ' * (ends - begins)}{text[ends:]}"


def _approves(text: str, words: _Words) -> bool:
    said = plain_words(text)
    return any(said[at : at + len(one)] == one for at in range(len(said)) for one in words.opinion.approves)


def _begins_with_act(sentence: str, words: _Words) -> bool:
    """Whether the sentence begins with the leader's approval ("Tôi phê duyệt", "Đồng ý ban hành")."""
    said, at = said_in(sentence), 0
    at += length_at(said, 0, words.remark.own)
    at += length_at(said, at, words.remark.own_adverbs)
    return bool(length_at(said, at, words.leader.acts))


def _tails(sentence: str, words: _Words) -> Iterator[int]:
    """The positions where a remark may begin: the sentence, its clauses, and behind a particle."""
    said = said_in(sentence)
    behind = {
        said.places[at + 1][0]
        for at in range(len(said.words) - 1)
        if length_at(said, at, words.remark.particles) == 1
    }
    yield from sorted({0, *(one.end() for one in _CLAUSE_END.finditer(sentence)), *behind})


def _is_remark(tail: str, words: _Words) -> bool:
    if len(said_in(tail).words) >= MOST_WORDS or found_in(tail, words.opinion.other_papers):
        return False
    clauses = [one for one in re.split(r"[,:]", tail) if plain_words(one)]
    if _is_wish(tail, words):
        return all(_is_harmless(one, words) for one in clauses)
    if length_at(said_in(tail), 0, words.remark.excuses):
        return _excuses(tail, words)
    if length_at(said_in(tail), 0, words.remark.copies):
        kept = without(tail, words.remark.signed_later)
        return all(_is_harmless(one, words) for one in re.split(r"[,:]", kept) if plain_words(one))
    return False


def _excuses(text: str, words: _Words) -> bool:
    """Whether words about the leader's own situation do not put the decision off."""
    return not found_in(without(text, words.remark.pardon), (*words.opinion.no_excuse, *words.remark.hard))


def _is_wish(tail: str, words: _Words) -> bool:
    said, at = said_in(tail), 0
    while not length_at(said, at, (*words.remark.heads, *words.remark.typos, *words.remark.give)):
        length = length_at(said, at, words.leader.whom)
        if not length:
            return False
        at += length
    given = length_at(said, at, words.remark.give)
    if not given or length_at(said, at, words.remark.heads):
        return True
    ahead = range(at + given + 1, min(at + given + NAME_WORDS, len(said.words)))
    return any(length_at(said, place, words.remark.tasks) for place in ahead)


def _is_harmless(clause: str, words: _Words) -> bool:
    """Whether a clause of a wish neither changes, puts off nor takes back what was approved."""
    remark, leader = words.remark, words.leader
    said = said_in(clause)
    if ends_with(said, leader.ends):
        return False
    kept, reason = _without_reason(without(clause, remark.harmless), remark)
    if found_in(reason, (*remark.hard, *leader.acts), remark.only_marked) or found_in(kept, leader.acts):
        return False
    if length_at(said, 0, remark.thanks):
        return not found_in(kept, (*remark.hard, *leader.spoils), remark.only_marked)
    if found_in(clause, remark.later):
        return not found_in(without(kept, remark.hard_harmless), remark.hard, remark.only_marked)
    if found_in(clause, remark.typos):
        kept = without(without(kept, remark.typos), remark.typo_places)
    spoils = (*remark.spoils, *remark.hard, *leader.spoils)
    return not _DAY.search(kept) and not found_in(kept, spoils, remark.only_marked)


def _without_reason(clause: str, words: RemarkWords) -> tuple[str, str]:
    """The clause before a reason, and the reason."""
    said = said_in(clause)
    for at, (begins, _) in enumerate(said.places):
        if length_at(said, at, words.reasons):
            return clause[:begins], clause[begins:]
    return clause, ""


def _lead(sentence: str, words: _Words) -> tuple[int, int]:
    """Where a concession, an earlier opinion or a report stands before "…, tôi đồng ý"; (0, 0) for none."""
    starts = [0, *(one.end() for one in _CLAUSE_END.finditer(sentence))]
    acts = next((one for one in reversed(starts) if one and _is_own(sentence[one:], words)), 0)
    begins = next((one for one in starts if one < acts and _leads(sentence[one:acts], words)), acts)
    before = sentence[begins:acts]
    if not acts or found_in(before, (*words.remark.lead_spoils, *words.leader.acts)):
        return 0, 0
    return begins, acts


def _is_own(clause: str, words: _Words) -> bool:
    return bool(length_at(said_in(clause), 0, words.remark.own)) and _begins_with_act(clause, words)


def _leads(before: str, words: _Words) -> bool:
    first = re.split(r"[,:]", before)[0]
    begins: tuple[Words, ...] = (*words.remark.grants, *words.opinion.once)
    concedes = length_at(said_in(first), 0, begins) and not length_at(said_in(first), 0, words.remark.no_grants)
    excuses = length_at(said_in(first), 0, words.remark.excuses) and _excuses(before, words)
    return bool(concedes or excuses) or found_in(first, words.remark.told)


def _grants(sentence: str, words: _Words) -> bool:
    """ "Dù hơi dài nhưng rõ ràng, đầy đủ căn cứ": a sentence that concedes something and then praises."""
    said, remark = said_in(sentence), words.remark
    if not length_at(said, 0, remark.grants) or length_at(said, 0, remark.no_grants):
        return False
    turn = max((at for at in range(len(said.words)) if length_at(said, at, remark.turns)), default=0)
    behind = sentence[said.places[turn][1] :]
    if not turn or found_in(sentence, (*remark.lead_spoils, *words.leader.acts)):
        return False
    return found_in(behind, words.opinion.praise) and not found_in(behind, words.opinion.never)
