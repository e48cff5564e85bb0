"""The part of an answer in which the leader himself approves now: what each of its words does there.

Every word must be known. A verb of approving is the leader's where he is its subject or nobody is; "để anh duyệt",
"Sở đồng ý", "các em thống nhất" and "xem rồi ký" are another's act or one still to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from rules.commands.approval.clauses import OWN, Paper, Part
from rules.commands.approval.words import ActWords, LeaderWords, Said

MOST_PARTS = 3
"""An approval that names fewer parts of the paper, and not the paper, is one of these parts alone."""
VERBS = ("verbs", "signs")
APPROVING = (*VERBS, "acts")
ADVERBS = frozenset({"before", "assents", "reads", "people"})
"""All that may stand between subject and verb without diacritics, where a name may look like a word."""
AHEAD = ("verbs", "signs", "acts", "assents", "own", "people", "before", "reads", "beside", "parts", "wholes")
"""The lists that are looked up, the first of equally long ones; behind the verb also "behind"."""


class Kind(Enum):
    """What a part of an answer does."""

    APPROVES = "approves"
    ORDERS = "orders"
    """Approves by an order to carry it out."""
    ASSENTS = "assents"
    READS = "reads"
    """Tells of having read, or agrees to a part: nothing by itself, nor with "Ok" beside it."""
    BESIDE = "beside"
    REMARKS = "remarks"


GIVEN = frozenset({Kind.APPROVES, Kind.ORDERS})


class Judged(NamedTuple):
    """A part and what it does."""

    part: Part
    kind: Kind


class Role(NamedTuple):
    """Some words of a part, and the list they stand in; "" for none."""

    name: str
    said: Said


def judged(parts: Sequence[Part], paper: Paper, words: LeaderWords) -> list[Judged]:
    """Each part and what it does; a part with an approval in it becomes up to two."""
    return [one for part in parts for one in _judged(part, paper, words)]


def _judged(part: Part, paper: Paper, words: LeaderWords) -> Iterator[Judged]:
    ends = _approval_until(part.said, paper, words)
    for start, end in ((0, ends), (ends, len(part.said))):
        if start < end:
            said = part.said.cut(start, end)
            kind = kind_of(said, paper, words) or Kind.REMARKS
            second = kind in GIVEN and start > 0
            yield Judged(Part(part.raw, said), Kind.REMARKS if second else kind)


def _approval_until(said: Said, paper: Paper, words: LeaderWords) -> int:
    """Where an approval with which a part begins ends, at a word that may end it; 0 for none.

    Behind other words it may be of another paper: "Kế hoạch tuyên truyền quý IV tôi ký rồi". An order to carry it
    out ends with the part, for what follows may say that something else is meant: "gửi đi cho anh".
    """
    act = words.act
    for ends in range(len(said), 0, -1):
        whole = ends == len(said) or act.goes_on.at(said, ends)
        if not whole and not act.closed.before(said, ends):
            continue
        if kind_of(said.cut(0, ends), paper, words) in (GIVEN if whole else {Kind.APPROVES}):
            return ends
    return 0


def kind_of(said: Said, paper: Paper, words: LeaderWords) -> Kind | None:
    """What a part does whose every word is known; None when one is not, or stands where it changes the meaning."""
    if paper.states(said):
        return Kind.BESIDE
    roles = roles_in(said, paper, words)
    names = [one.name for one in roles]
    if "" in names or words.act.never.find(said) or words.beside.asks.ends(said.without(words.beside.unopposed)):
        return None
    parts = names.count("parts")
    whole = not parts or parts >= MOST_PARTS or "wholes" in names or "paper" in names
    verb = next((at for at, one in enumerate(names) if one in APPROVING), -1)
    if verb < 0 and "reads" not in names and "assents" in names:
        return Kind.ASSENTS if whole else Kind.READS
    if verb < 0:
        return Kind.READS if "reads" in names else Kind.BESIDE
    if ("own", "own") in pairwise(names) or names[-1] == "before" or "reads" in names[verb:]:
        return None
    if any(_is_anothers(roles, at, words.act) for at in range(len(roles))):
        return None
    if not whole:
        return Kind.READS
    return Kind.APPROVES if words.act.verbs.find(said) or words.act.signs.find(said) else Kind.ORDERS


def _is_anothers(roles: Sequence[Role], at: int, act: ActWords) -> bool:
    """Whether the verb at a place is another's act, or one still to come."""
    if roles[at].name not in VERBS or not at:
        return False
    since = next((place + 1 for place in range(at - 1, -1, -1) if roles[place].name in VERBS), 0)
    subject = next((place for place in range(at - 1, since - 1, -1) if roles[place].name in {"own", "people"}), -1)
    ahead = roles[subject - 1] if subject > 0 else Role("", roles[0].said.cut(0, 0))
    if roles[at - 1].name == "reads":
        return True
    if subject < 0:
        return act.not_yet.whole(roles[at - 1].said)
    if roles[subject].name == "people":
        return not since and ahead.name not in {"assents", "before"}
    put_off = act.unfinished.whole(ahead.said) or (ahead.name == "acts" and act.unfinished.ends(ahead.said))
    return put_off or (roles[at].said.bare and any(one.name not in ADVERBS for one in roles[subject + 1 : at]))


def roles_in(said: Said, paper: Paper, words: LeaderWords) -> list[Role]:
    """What the words of a part do, from left to right, the longest phrase first."""
    roles: list[Role] = []
    at = 0
    while at < len(said):
        given = any(one.name in {*APPROVING, "assents"} for one in roles)
        length, name = _longest(said, at, words, given=given)
        named = given or any(one.name == "wholes" for one in roles)
        if not length and (said.words[at] == OWN or (named and paper.names(said, at))):
            length, name = 1, "paper"
        if not at or roles[-1].name in VERBS:
            length, name = max((length, name), (words.act.issue.at(said, at), "beside"))
        roles.append(Role(name if length else "", said.cut(at, at + max(length, 1))))
        at += length or 1
    return roles


def _longest(said: Said, at: int, words: LeaderWords, *, given: bool) -> tuple[int, str]:
    act = words.act
    lists = [(one, getattr(act, one)) for one in (*AHEAD, *(("behind",) if given else ()))]
    found = [(list_.at(said, at), name) for name, list_ in (*lists, ("beside", words.beside.unopposed))]
    return max(found, key=lambda one: one[0])
