"""What the parts of a leader's answer do, as features that the vote hears beside the words.

The words alone do not tell what the leader does of what he reports, nor a wish behind the approval from what he
weighed before it. So the vote is told which words stand together in a part, what stands around the word of approving,
what is said before that part and behind it, and whether a number or day is the paper's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rules.commands.approval.clauses import ISSUE, NAME, OTHER, OWN, QUESTION, Paper, Part
from rules.commands.approval.words import LeaderWords, Said
from rules.text import strip_marks

APPROVING = ("verbs", "signs", "acts")
ASSENTS = "assents"
"""Approves where no word of :data:`APPROVING` stands in the part."""
AHEAD = (*APPROVING, ASSENTS, "own", "people", "before", "reads", "beside", "parts", "wholes")
"""The lists that are looked up, the first of equally long ones; behind the verb also "behind"."""
KINDS = (OWN, OTHER, NAME, ISSUE, QUESTION)
"""What the words for numbers, days and names say."""
NEXT = 3
"""So many words and roles on either side of the word of approving are told."""
MOST_PARTS, MOST_UNKNOWN = 5, 3
"""More parts, or words in no list beside the word of approving, tell no more."""


@dataclass(frozen=True, slots=True)
class Role:
    """Some words of a part, and the list they stand in; "" for none."""

    name: str
    said: Said


@dataclass(frozen=True, slots=True)
class Heard:
    """A part of an answer, and what its words do."""

    part: Part
    roles: Sequence[Role]

    @property
    def approving(self) -> int:
        """Which role approves; -1 for none."""
        names = [one.name for one in self.roles]
        found = next((at for at, one in enumerate(names) if one in APPROVING), -1)
        return found if found >= 0 or ASSENTS not in names else names.index(ASSENTS)

    @property
    def known(self) -> bool:
        """Whether each word stands in a list."""
        return all(one.name for one in self.roles)


def heard(parts: Sequence[Part], paper: Paper, words: LeaderWords) -> list[Heard]:
    """Each part and what its words do."""
    return [Heard(one, roles_in(one.said, paper, words)) for one in parts]


def roles_in(said: Said, paper: Paper, words: LeaderWords) -> list[Role]:
    """What the words of a part do, from left to right, the longest phrase first."""
    roles: list[Role] = []
    at = 0
    while at < len(said):
        given = any(one.name in {*APPROVING, ASSENTS} for one in roles)
        length, name = _longest(said, at, words, given=given)
        named = given or any(one.name == "wholes" for one in roles)
        if not length and (said.words[at] == OWN or (named and paper.names(said, at))):
            length, name = 1, "paper"
        roles.append(Role(name if length else "", said.cut(at, at + max(length, 1))))
        at += length or 1
    return roles


def _longest(said: Said, at: int, words: LeaderWords, *, given: bool) -> tuple[int, str]:
    act = words.act
    lists = [(one, getattr(act, one)) for one in (*AHEAD, *(("behind",) if given else ()))]
    return max(((list_.at(said, at), name) for name, list_ in lists), key=lambda one: one[0])


def course_of(answer: Sequence[Heard]) -> Collection[str]:
    """The features of an answer."""
    approving = [one.approving >= 0 for one in answer]
    found = {f"mparts-{min(len(answer), MOST_PARTS)}"}
    for at, one in enumerate(answer):
        place = "own" if approving[at] else "behind" if any(approving[:at]) else "before"
        found.update((f"mpart-{place}", *(f"m{kind}-{place}" for kind in KINDS if kind in one.part.said.words)))
        found.update(_said_in(one, place))
        if approving[at]:
            found.update(_around(one))
            last = at == len(answer) - 1
            found.add(f"mpart-{'only' if len(answer) == 1 else 'last' if last else 'first' if not at else 'amid'}")
    return found


def _said_in(one: Heard, place: str) -> Iterator[str]:
    """Each two words of a part in their order; which words stand in a part without approval."""
    said = ("^", *_bare(one.part.said), "$")
    yield from (f"mpair-{first}-{second}" for first, second in combinations(said, 2))
    if one.approving < 0:
        yield from (f"m{place}-{word}" for word in said)


def _around(one: Heard) -> Iterator[str]:
    """What stands around the word of approving: the next words, the roles, and how many words are in no list."""
    for sign, roles in (("-", one.roles[: one.approving][::-1]), ("+", one.roles[one.approving + 1 :])):
        names = [role.name for role in roles]
        yield from (f"mhas{sign}{name}" for name in names)
        yield f"mroles{sign}{'.'.join(names[:NEXT])}"
        yield f"munknown{sign}{min(names.count(''), MOST_UNKNOWN)}"
        said = [word for role in roles for word in (_bare(role.said)[::-1] if sign == "-" else _bare(role.said))]
        yield from (f"mnext{sign}{at}-{word}" for at, word in enumerate((*said, "^")[:NEXT]))


def _bare(said: Said) -> Sequence[str]:
    return tuple(map(strip_marks, said.words))
