"""Links new questions to similar ones (9.1): an index in memory of the newest questions, built bit by bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from db.register import links as desk
from rules.decide.base.actions import NEW, Action, Link, LinkQuestions, Register, Send
from rules.routing.similar import SimilarIndex

KEPT = 5000
"""Questions that the index holds, ten days to two months of a city's mail; older ones are found by search.

So many letters of four to thirty sentences take 8 MB."""
AT_ONCE = 1000
"""Questions read at start, and after each pass: a large register must not hold up the first mail."""
MOST_LINKS = 5
MOST_COUNTED = 100
"""Similar questions counted for an officer, at most."""
READ = 4000
"""Characters of a question that are compared."""


REVIEW = "officer_review"


@dataclass(slots=True)
class SimilarQuestions:
    """The index, and how far back into the register it reaches."""

    index: SimilarIndex = field(default_factory=SimilarIndex)
    first: int = 0
    last: int = 0

    def catch_up(self, connection: Connection) -> None:
        """Take in the questions that are new since the last time; the first time, the newest ones."""
        for each, content in desk.contents_after(connection, self.last, AT_ONCE):
            self.index.add(each, content[:READ])
            self.first = self.first or each
            self.last = each

    def reach_back(self, connection: Connection) -> None:
        """Take in older questions, some at a time, until the index holds enough."""
        if self.first > 1 and len(self.index) < KEPT:
            for each, content in desk.contents_before(connection, self.first, AT_ONCE):
                self.index.add(each, content[:READ])
                self.first = each

    def linked(self, connection: Connection, decided: Sequence[Action]) -> tuple[Action, ...]:
        """The decision, with links after each question that it registers."""
        actions: list[Action] = []
        reviewed = any(isinstance(one, Send) and one.notice.name == REVIEW for one in decided)
        shown: Mapping[str, object] = {}
        if any(isinstance(one, Register) for one in decided):
            self.catch_up(connection)
        for action in decided:
            actions.append(_with_likes(action, shown) if isinstance(action, Send) else action)
            if isinstance(action, Register):
                found = self.index.find(action.content[:READ], most=MOST_COUNTED)
                links = tuple(Link(key, score) for key, score in found if isinstance(key, int))
                shown = _shown(connection, links) if reviewed else {}
                actions += [LinkQuestions(NEW, links[:MOST_LINKS], "daemon")] if links else []
        return tuple(actions)


def _shown(connection: Connection, links: Sequence[Link]) -> Mapping[str, object]:
    """What a review mail shows about similar questions: how many, and the most similar with their states."""
    if not links:
        return {}
    known = desk.states_of(connection, [one.question for one in links[:MOST_LINKS]])
    likest = [(*known[one.question], round(one.score * 100)) for one in links[:MOST_LINKS] if one.question in known]
    return {"like": {"count": len(links), "likest": likest}}


def _with_likes(action: Send, shown: Mapping[str, object]) -> Send:
    """Shows an officer who decides on a question which others are similar (9.1)."""
    if action.notice.name != REVIEW or not shown:
        return action
    return replace(action, notice=replace(action.notice, values={**action.notice.values, **shown}))
