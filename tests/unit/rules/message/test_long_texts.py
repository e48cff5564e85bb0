"""A mail of a few hundred kilobytes of one sign after the other is read in seconds: nothing grows with the square."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from rules.message.reply_text import fold
from rules.routing.mail_kind import _LINK
from rules.text.telex import untype

LONG = 120_000
TEXTS: dict[str, tuple[Callable[[str], object], str]] = {
    "one word without end": (untype, "HP"),
    "an address without end": (untype, "a@"),
    "brackets without end": (untype, "("),
    "a link without end": (_LINK.search, "HP-2026-"),
    "lines that may begin a signature": (fold, "--\n"),
    "rules": (fold, "__________\n"),
    "quotes": (fold, "> x\n"),
    "numbered lines": (fold, "1. a\n"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_nothing_grows_with_the_square_of_the_text(what: str) -> None:
    """Seconds of this process; the square would be minutes."""
    read, piece = TEXTS[what]
    began = time.process_time()
    read(piece * (LONG // len(piece)))
    assert time.process_time() - began < 8
