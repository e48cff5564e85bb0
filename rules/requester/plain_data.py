"""Data of clause 21.1 told in plain sentences, in answer to our request: "Tên thì đây ạ: …, gọi tôi theo số …".

Only a mail of which every clause is understood is read so: it leads to data, or is a name, a place or a number. One
word about anybody or anything else, and nothing is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.requester.addresses import run_at
from rules.requester.phones import find_phones
from rules.requester.vocabulary import DEFAULT, one_of, plain
from rules.text import has_marks, squash
from rules.values.data_file import SOURCES_KEPT, Source

MOST_WORDS = 45
"""A mail of nothing but data has at most this many words."""
LEAST_NAME, MOST_NAME = 3, 5
"""A name has so many words; with two it may be a street, and needs words that lead to it."""
MOST_BEHIND = 4
"""Leading phrases behind data have at most this many words."""
MOST_PLACE = 10
"""A part of an address has at most this many words."""
_CLAUSE = re.compile(r"[,;:!?\n#]+|\.(?=\s|$)|\s[-–—]\s")
_PLACED = re.compile(r"(?:\d{1,4}[a-z]?(?:[/-]\d+[a-z]?)*)(?=\s+[a-z])")


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Words that lead to data, and those of them that lead to a name; words of an address and of none; words of
    names."""

    talk: re.Pattern[str]
    names: re.Pattern[str]
    begins: re.Pattern[str]
    prose: re.Pattern[str]
    matter: frozenset[str]
    surnames: frozenset[str]
    common: frozenset[str]
    middles: frozenset[str]
    bare: bool
    """True for a text typed without marks."""

    def said(self, tokens: list[str]) -> str:
        """The words as the patterns compare them."""
        text = squash(" ".join(tokens))
        return plain(text) if self.bare else text


@lru_cache(maxsize=SOURCES_KEPT * 2)
def load_plain_words(source: Source = DEFAULT, *, bare: bool = False) -> PlainWords:
    """Read [completion] and [names] of ``asker.toml``. Raises ``DataFileError``."""
    data = source.toml("asker.toml")
    asked, names = data["completion"], data["names"]
    leads = {
        key: [plain(squash(one)) if bare else squash(one) for one in asked[key]] for key in ("talk", "name_talk")
    }
    return PlainWords(
        re.compile(rf"(?<!\w){one_of((*leads['talk'], *leads['name_talk']))}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(leads['name_talk'])}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(asked['begins'])}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(asked['prose'])}(?!\w)"),
        frozenset(one for phrase in asked.get("matter", ()) for one in squash(phrase).split()),
        frozenset(names["surnames"]),
        frozenset(names["common"]),
        frozenset(names["middles"]),
        bare,
    )


def plain_data(text: str, source: Source = DEFAULT) -> dict[str, str]:
    """Name, address and telephone of a mail that holds nothing else; {} for any other."""
    phones = find_phones(text, source)
    if len(text.split()) > MOST_WORDS or "?" in text or len(phones) > 1:
        return {}
    found, places, led = {"phone": phones[0].typed} if phones else {}, list[str](), False
    for one in phones:
        text = f"{text[: one.start]} # {text[one.start + len(one.typed) :]}"
    words = load_plain_words(source, bare=not has_marks(text))
    for part in _CLAUSE.split(text):
        before, rest = _trimmed(part.split(), words)
        leads = words.names.search(words.said(part.split())) is not None
        if not rest:
            led = leads
        elif not (places or found.get("name")) and (name := _name(before, rest, words, led=led or leads)):
            found["name"] = name
        elif _is_place(rest, words, source, after=bool(places)):
            places.append(" ".join(rest))
        else:
            return {}
    return found | ({"address": ", ".join(places)} if places else {})


def _trimmed(tokens: list[str], words: PlainWords) -> tuple[list[str], list[str]]:
    """The leading words at the beginning, and the rest without those at the end."""
    before = list[str]()
    while tokens and (taken := _taken(tokens, words)):
        before, tokens = [*before, *tokens[:taken]], tokens[taken:]
    while tokens and (taken := _taken_behind(tokens, words)):
        tokens = tokens[:-taken]
    return before, [one for one in tokens if one.strip(".-–—")]


def _taken(tokens: list[str], words: PlainWords) -> int:
    """How many words at the beginning form the longest leading phrase; the number of a house keeps its word."""
    found = words.talk.match(words.said(tokens))
    count = len(found.group().split()) if found else 0
    numbered = count and tokens[count:] and tokens[count][0].isdigit() and plain(tokens[count - 1]) == "so"
    return count - 1 if numbered else count


def _taken_behind(tokens: list[str], words: PlainWords) -> int:
    """How many words in small letters at the end form a leading phrase ("… nhé ạ"), if others stand before them."""
    for count in range(min(MOST_BEHIND, len(tokens) - 1), 0, -1):
        behind = tokens[-count:]
        if all(map(str.islower, behind)) and words.talk.fullmatch(words.said(behind)):
            return count
    return 0


def _name(before: list[str], tokens: list[str], words: PlainWords, *, led: bool) -> str:
    """A name with its family name behind words that lead to it at most; one of two words must have such."""
    bare, least = plain(" ".join(tokens)).split(), LEAST_NAME - led
    if words.names.sub(" ", words.said(before)).strip() or not least <= len(tokens) <= MOST_NAME:
        return ""
    if not all(one.isalpha() for one in bare) or len(bare) != len(tokens):
        return ""
    if all(one[0].isupper() for one in tokens):
        return " ".join(tokens) if bare[0] in words.surnames else ""
    whole = len(tokens) >= LEAST_NAME and bare[0] in words.common and bare[1] in words.middles
    return " ".join(tokens) if whole and all(map(str.islower, tokens)) else ""


def _is_place(tokens: list[str], words: PlainWords, source: Source, *, after: bool) -> bool:
    """True for a part of an address: nothing but place words, or a number with a name; behind one, a name alone."""
    rest = " ".join(tokens)
    said = plain(rest)
    if words.matter & set(squash(rest).split()) or not re.sub(r"\W+", "", words.talk.sub(" ", words.said(tokens))):
        return False
    if len(run_at(rest, 0, source)) >= len(rest) - 1:
        return True
    if numbered := _PLACED.match(said):
        few = len(said[numbered.end() :].split()) <= LEAST_NAME
        placed = len(tokens) <= MOST_PLACE and words.begins.search(said) and not words.prose.search(said)
        return few or bool(placed)
    return after and len(tokens) <= LEAST_NAME and all(one[0].isupper() for one in tokens)


def only_leads(text: str, source: Source = DEFAULT) -> bool:
    """True for words that only lead to data ("số điện thoại của tôi")."""
    words = load_plain_words(source, bare=not has_marks(text))
    return not re.sub(r"\W+", "", words.talk.sub(" ", words.said(text.split())))
