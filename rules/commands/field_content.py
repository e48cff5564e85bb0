"""What a correction puts into a field ("sửa tên thành …"), without the words that lead to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.commands.vocabulary import GAP, CommandWords, starts

_WHOSE = re.compile(r"^(?:của\s+)?(?:người hỏi|người gửi|công dân|ông|bà|nguoi hoi|nguoi gui|cong dan)\s*:\s*", re.I)


def content_of(after: str, words: CommandWords, *, colon: bool) -> str:
    """The new content of a field: without "thành", "là", "của người hỏi:" that lead to it."""
    after = _WHOSE.sub("", after)
    while not colon:
        end = next((end for one in words.connectors if (end := _led(after, one))), 0)
        if not end:
            break
        colon = after[end:].lstrip().startswith(":")
        after = GAP.sub("", after[end:])
    return after


def _led(text: str, connector: Sequence[str]) -> int:
    """Where the connector ends at the beginning; one that a name begins with ("Lã", "Thành") is none."""
    end = starts(text, connector)
    head = text[:end]
    other = connector == ("la",) and head.lower() not in {"là", "la"}
    return end if end and not other and (head.islower() or text.isupper()) else 0
