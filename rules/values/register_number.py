"""Register numbers as people write them: ``HP-2026-000123``, ``hp 2026/123``, ``HP–2026–000123``.

The letters they begin with are configured (``rules.values.data_file.Source.prefix``), so no function
here assumes any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

DEFAULT_PREFIX = "HP"
"""The prefix when none is configured."""
DIGITS = 6
MOST_NUMBERS = 200
"""At most this many are used from one text: no session has as many questions."""
# An underscore parts words in names of files: "TraLoi_HP-2026-000123_signed.pdf".
_DASHES = r"[\s\-‐‑‒–—―−_/.]{1,3}"


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W_])(?<![@.]){re.escape(prefix)}(?:{_DASHES})?(20\d\d)"
        rf"(?:{_DASHES}(\d{{1,{DIGITS}}})|(\d{{{DIGITS}}}))(?![^\W_]|[\w.+-]{{0,64}}@)",
        re.IGNORECASE,
    )


def register_numbers(text: str, prefix: str) -> tuple[str, ...]:
    """The register numbers in a text, in order, each once, in full form."""
    return tuple(dict.fromkeys(code for code, _, _ in number_places(text, prefix)))


def number_places(text: str, prefix: str) -> tuple[tuple[str, int, int], ...]:
    """Each register number with its start and end in the text; at most ``MOST_NUMBERS``."""
    if "20" not in text:
        return ()  # true for nearly all mails; the pattern would examine every letter
    return tuple(
        (f"{prefix.upper()}-{match[1]}-{(match[2] or match[3]).zfill(DIGITS)}", match.start(), match.end())
        for match in islice(_pattern(prefix).finditer(text), MOST_NUMBERS)
    )


_FIGURES = rf"0\d{{{DIGITS - 1}}}(?![\d/])"
_SHORT = re.compile(
    rf"(?<!\w)c[âa]u(?:\s+h[ỏo]i)?(?:\s+s[ốo])?[\s:(]*({_FIGURES}(?:\s*(?:,|&|v[àa]\b)\s*{_FIGURES})*)", re.IGNORECASE
)
"""Its figures alone, with the zeros of the register: "Câu 000124 (bà Bình): …", "các câu 000124, 000125"."""


def another_short(text: str, known: Iterable[str], asked: str = "") -> str:
    """The figures of a question in a text that are none of the known numbers' and not ``asked``; "" for none."""
    own = {*_shorts(asked), *(code[-DIGITS:] for code in known)}
    return next((one for one in _shorts(text) if one not in own), "")


def _shorts(text: str) -> list[str]:
    return [one for each in _SHORT.findall(text) for one in re.findall(_FIGURES, each)]


LONGEST_ODD = 200
"""Such a number ends within this many characters of the line's start."""


@cache
def _odd(prefix: str) -> re.Pattern[str]:
    return re.compile(
        r"^\W*(?:(?:câu hỏi|cau hoi|câu|cau|số|so)\W+)*"
        rf"(?:{re.escape(prefix)}\W{{0,3}})?[\w/.–-]*\d[\w/.–-]*[\s:,)\]–-]+",
        re.IGNORECASE,
    )


def odd_number_end(line: str, prefix: str) -> int:
    """Where something meant as a register number at the beginning of a line ends; 0 without one."""
    match = _odd(prefix).match(line[:LONGEST_ODD])
    return match.end() if match is not None else 0


def without_numbers(line: str, prefix: str, joined: re.Pattern[str]) -> str:
    """A line without the register numbers in it, and without what (``joined``) stands between two of them."""
    places = number_places(line, prefix)
    starts, ends = [*(one[1] for one in places), len(line)], [0, *(one[2] for one in places)]
    pieces = [line[start:end] for start, end in zip(ends, starts, strict=True)]
    inner = (one for one in pieces[1:-1] if not joined.fullmatch(one))
    return " ".join((pieces[0], *inner, *pieces[1:][-1:]))
