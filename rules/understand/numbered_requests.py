"""What a citizen requests in a mail with a question's number (words of ``wishes.toml``): its state, something about
the personal data kept, or that the name be published or not.

The texts here are those of :func:`plain_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules.message.quote_markers import DEFAULT
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_words
from rules.values.data_file import SOURCES_KEPT, Source

_CLAUSES = re.compile(r"[.,;!?]")


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A kind of request about the personal data kept."""

    rule: str
    """The profile's rule that counts the days."""
    name: str
    """What is requested, in the words of a letter."""
    said: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class NumberedWords:
    """Words of requests by mails with a question's number, without diacritics."""

    short_no: re.Pattern[str]
    denounces: re.Pattern[str]
    state: re.Pattern[str]
    data: tuple[DataRequest, ...]
    """The first that matches counts."""
    named: re.Pattern[str]
    """Publishing the name, within a clause."""
    yes: re.Pattern[str]
    no: re.Pattern[str]
    hides: re.Pattern[str]
    """Words that say "no" by themselves."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_numbered_words(source: Source = DEFAULT) -> NumberedWords:
    """Read the section [by_number]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["by_number"]
    consent = data["consent"]
    publishes, not_so, names = (_one_of(consent[key]) for key in ("publishes", "not_publishes", "names"))
    return NumberedWords(
        short_no=_words(data["short_no"]),
        denounces=_words(data["denounces"]),
        state=_of_state(data["state"], source.prefix),
        data=tuple(DataRequest(one["rule"], one["name"], re.compile(_rows(one["said"]))) for one in data["data"]),
        named=re.compile(rf"\b(?!{not_so}){publishes}\b[^.;!?]{{0,25}}?\b{names}\b"),
        yes=_words(consent["yes"]),
        no=_words(consent["no"]),
        hides=_words(consent["hides"]),
    )


def _of_state(words: Mapping[str, Any], prefix: str) -> re.Pattern[str]:
    """Also a mail that is only a register number, or has "tình trạng" or the like directly before one."""
    of, things, own, last = (_one_of(words[key]) for key in ("of", "things", "own", "last"))
    number = re.escape(prefix.lower())
    alone = rf"\A\W*{number}[\W_]*20\d\d[\W_]*\d+\W*\Z"
    return re.compile(rf"{_rows(words['said'])}|\b{of} (?:{things} )*(?:{own}|{number})\b|\b{last}\W*$|{alone}")


def _rows(said: Iterable[Mapping[str, Any]]) -> str:
    """A pattern for any of the rows of "said"."""
    return "|".join(map(_row, said))


def _row(row: Mapping[str, Any]) -> str:
    parts: Sequence[Iterable[str]] = row["parts"]
    gap = rf".{{0,{row['apart']}}}" if "apart" in row else " "
    return gap.join(rf"\b{_one_of(part)}\b" for part in parts)


def _one_of(words: Iterable[str]) -> str:
    return one_of_words(strip_marks(squash(word)) for word in words)


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_one_of(words)}\b")


def plain_words(text: str, source: Source = DEFAULT) -> str:
    """The text in lower case without diacritics, with single spaces and every "không" written out."""
    said = " ".join(strip_marks(squash(text)).split())
    return load_numbered_words(source).short_no.sub("khong", said)


def asks_for_state_of(said: str, source: Source = DEFAULT) -> bool:
    """True for words that ask for the state of the question itself."""
    return load_numbered_words(source).state.search(said) is not None


def denounces(said: str, source: Source = DEFAULT) -> bool:
    """True for a text that calls itself a denunciation."""
    return load_numbered_words(source).denounces.search(said) is not None


def data_request(said: str, source: Source = DEFAULT) -> DataRequest | None:
    """What is requested about the personal data kept."""
    return next((one for one in load_numbered_words(source).data if one.said.search(said)), None)


def name_consent(said: str, source: Source = DEFAULT) -> bool | None:
    """Whether the name may be published; None when the text does not say. Any "no" near it is a no (11.4)."""
    words = load_numbered_words(source)
    if words.hides.search(said):
        return False
    agreed = None
    for found in words.named.finditer(said):
        clause = _CLAUSES.split(said[: found.end()].removesuffix(found.group()))[-1] + found.group()
        if words.no.search(clause):
            agreed = False
        elif words.yes.search(clause):
            agreed = True
    return agreed
