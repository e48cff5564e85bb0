"""Many words as one pattern: words that begin alike share their beginning.

A plain alternation of hundreds of words costs time twice: it is long to compile, and at each place of a text it is
tried word by word. As a tree it is a fraction as long, and at each letter only what goes on with it is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

NOTHING = "(?!)"
"""What no words match. An empty pattern would stand in every text."""


def one_of_words(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, the longest first; it says nothing of what stands around it."""
    return one_of_rows(map(re.escape, word) for word in words)


def one_of_rows(rows: Iterable[Iterable[str]]) -> str:
    """The same for rows of pieces: a piece is one letter, escaped, or a small pattern that means something whole.

    No piece may match where another one matches, or the first row wins and not the longest.
    """
    tree: dict[str, Any] = {}
    for row in rows:
        node = tree
        for piece in row:
            node = node.setdefault(piece, {})
        node[""] = {}
    return f"(?:{_spelled(tree)})" if tree else NOTHING


def _spelled(tree: dict[str, Any]) -> str:
    """What may follow; the end of a word, which is the shortest, comes last."""
    text = ""
    while len(tree) == 1:  # no parting of ways
        [(piece, tree)] = tree.items()
        text += piece
    branches: Sequence[str] = [piece + _spelled(rest) for piece, rest in tree.items() if piece]
    return f"{text}(?:{'|'.join(branches)}{'|' if '' in tree else ''})" if branches else text
