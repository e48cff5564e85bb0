"""New questions tied to those like them (9.1): an index in memory over the register's newest, built at start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db import desk
from rules.actions import NEW, Action, Register
from rules.desk_actions import Link, LinkQuestions
from rules.like import LikeIndex

KEPT = 100_000
"""Questions that the index holds; older ones are found by search."""
MOST_LINKS = 5
READ = 4000
"""Characters of a question that are compared."""


@dataclass(slots=True)
class LikeBook:
    """The index and how far into the register it reaches. It only ever takes in what is committed."""

    index: LikeIndex = field(default_factory=LikeIndex)
    last: int = 0

    def catch_up(self, connection: Connection) -> None:
        """Take in the questions that are new since the last time."""
        for each, content in desk.contents_after(connection, self.last, KEPT):
            self.index.add(each, content[:READ])
            self.last = each

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
