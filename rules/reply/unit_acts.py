"""The act that a unit requests at the top of its mail: ``Thu hồi``, ``Đính chính: …`` and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import nfc, strip_marks
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import number_places

MOST_LINES = 4
"""Up to this many lines of greeting may precede the act."""


class Asked(StrEnum):
    """The acts; the names of their phrases in ``verbs.toml``."""

    RECALL = "recall"
    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    RELAY = "relay"
    CONFIRM = "confirm"


ALONE = frozenset({Asked.RECALL, Asked.CONFIRM})
"""Acts on a line of their own; the others are followed by a colon and their text."""


@dataclass(frozen=True, slots=True)
class UnitAct:
    """An act and its text."""

    asked: Asked
    text: str


def unit_act(text: str, source: Source = DEFAULT) -> UnitAct | None:
    """The act at the beginning of a unit's own text; None when there is none."""
    lines = nfc(text).strip().split("\n")
    for at, line in enumerate(lines[:MOST_LINES]):
        said = _without_number(line, source.prefix).strip(" *-–\t")
        plain = strip_marks(said.lower())
        for asked in Asked:
            found = _pattern(source, asked).match(plain)
            if found is None or len(plain) != len(said):
                continue
            rest = "\n".join((said[found.end() :], *lines[at + 1 :])).strip()
            return UnitAct(asked, rest)
        if said and not _greeting().match(plain):
            return None
    return None


def _without_number(line: str, prefix: str) -> str:
    for _, start, end in reversed(number_places(line, prefix)):
        line = f"{line[:start]} {line[end:]}"
    return re.sub(r"^\W*(?:câu hỏi|câu|số)?\s*:?\s*(?=\S)", "", line, flags=re.IGNORECASE)


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(r"^(?:kinh (?:gui|thua|chao)|chao|thua|da\b|dear)")


@lru_cache(maxsize=SOURCES_KEPT * 16)
def _pattern(source: Source, asked: Asked) -> re.Pattern[str]:
    """The phrases of an act; one without text must end its line, the others end with a colon."""
    words = sorted(source.toml("verbs.toml")["acts"][asked.value], key=len, reverse=True)
    forms = "|".join(re.escape(strip_marks(word)) for word in words)
    end = r"\s*(?:a|nhe|giup|cau tra loi)?\s*[.!]?\s*$" if asked in ALONE else r"\s*:\s*"
    return re.compile(rf"^(?:xin |de nghi |kinh de nghi |nho bbt |nho |so |em )*(?:{forms}){end}")
