"""How much of a comparison over very many texts runs: a part in the tests of each change, all at night."""

import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pytest

WHOLE = os.environ.get("DOITHOAI_DOSES") == "all"
TURN = os.environ.get("DOITHOAI_TURN")
"""Whose turn it is at night, as "1/4": of four nights in a row each plays other tables; None: all at once."""
PART = 8
STEPS = (pytest.param(1, marks=pytest.mark.wide, id="all"), pytest.param(PART, id="each eighth"))
"""For a table of hundreds of rows: whole in the wide test, each eighth row in the fast level."""
T = TypeVar("T")


def dose(whole: int) -> int:
    """So many of ``whole``."""
    return whole if WHOLE else whole // PART


def costly(every: Sequence[T], most: int = 1) -> Sequence[T]:
    """The first of them, where each costs ten seconds or more: a vote that is trained anew, a table played whole.

    At night those whose turn it is.
    """
    return turn(every) if WHOLE else every[:most]


def each_third(names: object, rows: Iterable[Any], ids: Any = None) -> pytest.MarkDecorator:
    """``parametrize`` for rows that go one road and differ in words or places: each third by day, all at night."""
    part = 1 if WHOLE else 3
    ids = ids if ids is None or callable(ids) else [*ids][::part]
    return pytest.mark.parametrize(names, [*rows][::part], ids=ids)  # type: ignore[arg-type]


def turn(every: Sequence[T], told: str | None = TURN) -> Sequence[T]:
    """Those whose turn it is; all of them where nights take no turns."""
    night, _, nights = (told or "0/1").partition("/")
    return every[int(night) :: int(nights)]
