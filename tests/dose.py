"""How much of a comparison over very many texts runs: a part in the tests of each change, all at night."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

WHOLE = os.environ.get("DOITHOAI_DOSES") == "all"
PART = 8
T = TypeVar("T")


def dose(whole: int) -> int:
    """So many of ``whole``."""
    return whole if WHOLE else whole // PART


def first(every: Sequence[T], most: int = 1) -> Sequence[T]:
    """The first of them, where each costs ten seconds or more: a vote that is trained anew, a table played whole."""
    return every if WHOLE else every[:most]
