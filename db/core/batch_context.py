"""What several decisions of one transaction need alike, read once: nobody else writes until the transaction ends.

Only where that is so: on SQLite, or for a single decision. After a part of the transaction was rolled back, what is
known of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Portion:
    """``last_entry``: number and hash of the journal's last entry, None when not known."""

    last_entry: tuple[int, str] | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` gave the first time."""
        if name not in self._known:
            self._known[name] = read()
        found: T = self._known[name]
        return found

    def next(self, name: str, read: Callable[[], int]) -> int:
        """The number behind the last one, which ``read`` gives the first time."""
        number: int = self.once(name, read) + 1
        self._known[name] = number
        return number

    def so_far(self, name: str) -> int | None:
        """What was counted under this name, None where it was not."""
        found: int | None = self._known.get(name)
        return found

    def add(self, name: str) -> None:
        """One more of something counted, where it was counted before."""
        if name in self._known:
            self._known[name] += 1

    def forget(self, name: str) -> None:
        """Read this anew."""
        self._known.pop(name, None)

    def forget_all(self) -> None:
        """Read everything anew."""
        self.last_entry = None
        self._known.clear()
