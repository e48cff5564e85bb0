"""The words by which people say who they are, from ``asker.toml``, and the plain form they are compared in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.loader import Source
from rules.text import strip_marks

DEFAULT = Source()
"""The shipped data files."""
LABEL_KINDS = ("name", "organisation", "contact", "permanent", "address", "current", "phone", "other")
"""What a label announces."""


class _Letters(dict[int, int]):
    """Letter to its plain small letter, filled as letters are met; one letter stays one letter."""

    def __missing__(self, code: int) -> int:
        bare = strip_marks(chr(code)).lower()
        self[code] = ord(bare) if len(bare) == 1 else code
        return self[code]


_LETTERS = _Letters()


def plain(text: str) -> str:
    """Small letters without marks, each at the place of its original: indices of both texts agree."""
    return text.translate(_LETTERS)


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, the longest first, any blanks between its syllables."""
    ordered = sorted(set(words), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[ \u00a0]+") for word in ordered) + ")"


@dataclass(frozen=True, slots=True)
class Words:
    """The data of ``asker.toml`` with its patterns compiled; every pattern works on plain text."""

    data: Mapping[str, Any]
    label_kind: Mapping[str, str]
    line_label: re.Pattern[str]
    inner_label: re.Pattern[str]
    third_party: re.Pattern[str]
    places: frozenset[str]
    closer: re.Pattern[str]
    opener: re.Pattern[str]

    def set(self, section: str, key: str) -> frozenset[str]:
        """A list of the file as a set."""
        return frozenset(self.data[section][key])

    def phrase(self, section: str, key: str) -> re.Pattern[str]:
        """A list of the file as a pattern for the beginning of a plain text, ended by a word's end."""
        return _phrase(tuple(self.data[section][key]))


@cache
def _phrase(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(one_of(words) + r"(?!\w)")


@cache
def load_words(source: Source = DEFAULT) -> Words:
    """The words of ``asker.toml`` and the names of ``wards.tsv``. Raises :class:`rules.loader.DataFileError`."""
    data = source.toml("asker.toml")
    kinds = {word: kind for kind in LABEL_KINDS for word in data["labels"][kind]}
    label = one_of(kinds)
    strong = one_of(data["labels"]["strong"])
    note = r"(?:[ ]?\([^()\n]{0,40}\))?"
    return Words(
        data=data,
        label_kind=kinds,
        line_label=re.compile(
            rf"^[\s>*_•·+\-–—]*(?:\(?[\da-h]{{1,2}}[.)/]\s*)?(?P<label>{label})(?:[ ]la)?{note}\*{{0,2}}\s*(?P<sign>[:=|：]|\t|[-–—](?=\s)|(?=\s))",
            re.MULTILINE,
        ),
        inner_label=re.compile(
            rf"(?:(?<=[,;|.–—\t/(])|(?<=[-])|(?<=\s\s))\s*(?P<label>{label})(?:[ ]la)?{note}\s*:|(?<=\s)(?P<strong>{strong})(?:[ ]la)?{note}\s*:"
        ),
        third_party=re.compile(
            rf"^[\s*•\-+]*(?=[^:(\n]{{0,60}}:)[^:\n]{{0,50}}\b{one_of(data['labels']['third_party'])}\b[^:\n]{{0,40}}:"
        ),
        places=_places(source),
        closer=re.compile(rf"^[\W_]*(?:nay[ ]|va[ ]|toi[ ]|em[ ])?{one_of(data['sentences']['closers'])}[\W_]*$"),
        opener=re.compile(rf"^[\W_]*{one_of(data['sentences']['openers'])}(?!\w)"),
    )


def _places(source: Source) -> frozenset[str]:
    """Plain names of wards and communes without their kind."""
    names = (plain(row["name"]) for row in source.tsv("wards.tsv"))
    return frozenset(re.sub(r"^(?:phuong|xa|dac khu)\s+", "", name) for name in names)
