"""New questions tied to those like them (9.1): an index in memory over the register's newest, built bit by bit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db import desk
from rules.actions import NEW, Action, Register
from rules.desk_actions import Link, LinkQuestions
from rules.like import LikeIndex

KEPT = 20_000
"""Questions that the index reaches back over; older ones are found by search."""
AT_ONCE = 1000
"""Questions read at start, and older ones after each pass: a large register must not hold up the first mail."""
MOST_LINKS = 5
READ = 4000
"""Characters of a question that are compared."""


@dataclass(slots=True)
class LikeBook:
    """The index and how far into the register it reaches. It only ever takes in what is committed."""

    index: LikeIndex = field(default_factory=LikeIndex)
    first: int = 0
    last: int = 0

    def catch_up(self, connection: Connection) -> None:
        """Take in the questions that are new since the last time; the first time the newest."""
        for each, content in desk.contents_after(connection, self.last, AT_ONCE):
            self.index.add(each, content[:READ])
            self.first = self.first or each
            self.last = each

    def reach_back(self, connection: Connection) -> None:
        """Take in older questions, some at a time, until enough are held."""
        if self.first > 1 and len(self.index) < KEPT:
            for each, content in desk.contents_before(connection, self.first, AT_ONCE):
                self.index.add(each, content[:READ])
                self.first = each

    def linked(self, connection: Connection, decided: Iterable[Action]) -> tuple[Action, ...]:
        """The decision, with links behind each question that it registers."""
        actions: list[Action] = []
        for action in decided:
            actions.append(action)
            if isinstance(action, Register):
                self.catch_up(connection)
                found = self.index.find(action.content[:READ], most=MOST_LINKS)
                links = tuple(Link(key, score) for key, score in found if isinstance(key, int))
                actions += [LinkQuestions(NEW, links, "daemon")] if links else []
        return tuple(actions)
