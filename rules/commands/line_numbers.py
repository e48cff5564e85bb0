"""The register numbers that a line of an officer's mail names, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.commands.vocabulary import GAP, WORD, CommandWords, plain_words
from rules.values.register_number import number_places

MOST_NUMBERS = 100
"""Numbers that one command is given for."""
LISTED = re.compile(r"^\s*(?:\d{1,2}\s?[.)/:\-–](?=\s*\D)|[a-zA-ZđĐ][.)](?=\s)|[-–—•*+>])\s*")
"""A list's "1." or dash before a line."""
_GLUED = re.compile(r"^(\W*[A-Za-z]{2,8}[\s\-–/.]{0,3}20\d\d[\s\-–/.]{0,3}\d{6})(?=[^\W\d_])")
_AND = re.compile(
    r"\s*(?:[,;&+/]|\b(?:và|va|cùng|cung|với|voi)\b)*\s*(?:\b(?:câu hỏi|cau hoi|câu|cau|số|so)\b)?\s*[\[(#]?", re.I
)


def numbers_of(line: str, prefix: str, *, listed: bool = True) -> tuple[tuple[str, ...], str]:
    """The register numbers at the very beginning ("HP-…, HP-… và HP-…") behind a list's "1.", and the rest."""
    start = LISTED.sub("", line) if listed else line
    start = _GLUED.sub(r"\1 ", GAP.sub("", start.lstrip("[(# ")).lstrip("[(# "))
    places = number_places(start, prefix)
    if not places or places[0][1] > 1:
        return (), start
    codes, end = run_of(start, places)
    return codes, GAP.sub("", start[end:])


def run_of(text: str, places: Sequence[tuple[str, int, int]]) -> tuple[tuple[str, ...], int]:
    """The first number and those that are only joined to it by commas and "và", and where they end."""
    codes, end = [places[0][0]], places[0][2]
    for code, start, stop in places[1:MOST_NUMBERS]:
        if not _AND.fullmatch(text[end:start].lstrip(")]")):
            break
        codes.append(code)
        end = stop
    return tuple(dict.fromkeys(codes)), end


def alone(line: str, words: CommandWords) -> tuple[str, ...]:
    """The numbers of a line that says nothing else ("Câu hỏi HP-2026-000012:"); () otherwise."""
    places = number_places(line, words.prefix)
    if not places:
        return ()
    codes, end = run_of(line, places)
    ahead = plain_words(LISTED.sub("", line[: places[0][1]]))
    return () if WORD.search(line[end:]) or set(ahead) - words.fillers else codes
