"""Register numbers as people write them: ``HP-2026-000123``, ``hp 2026/123``, ``HP–2026–000123``.

Which letters they begin with is the house's choice (``rules.values.data_file.Source.prefix``), so no function
here assumes any.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

DEFAULT_PREFIX = "HP"
"""Of a house that configures none."""
DIGITS = 6
MOST_NUMBERS = 200
"""Of a text so many are looked at: no session has as many questions."""
_DASHES = r"[\s\-‐‑‒–—―−_/.]{1,3}"


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w@.]){re.escape(prefix)}(?:{_DASHES})?(20\d\d)(?:{_DASHES}(\d{{1,{DIGITS}}})|(\d{{{DIGITS}}}))(?![\w@])",
        re.IGNORECASE,
    )


def register_numbers(text: str, prefix: str) -> tuple[str, ...]:
    """The register numbers in a text, in their order, each once, in their full form."""
    return tuple(dict.fromkeys(code for code, _, _ in number_places(text, prefix)))


def number_places(text: str, prefix: str) -> tuple[tuple[str, int, int], ...]:
    """Each register number with where it begins and ends in the text; the first ``MOST_NUMBERS`` of them."""
    if "20" not in text:
        return ()  # nearly every mail: the year begins so, and the pattern looks at every letter
    return tuple(
        (f"{prefix.upper()}-{match[1]}-{(match[2] or match[3]).zfill(DIGITS)}", match.start(), match.end())
        for match in islice(_pattern(prefix).finditer(text), MOST_NUMBERS)
    )


LONGEST_ODD = 200
"""Signs of a line among which such a number ends."""


@cache
def _odd(prefix: str) -> re.Pattern[str]:
    return re.compile(
        r"^\W*(?:(?:câu hỏi|cau hoi|câu|cau|số|so)\W+)*"
        rf"(?:{re.escape(prefix)}\W{{0,3}})?[\w/.–-]*\d[\w/.–-]*[\s:,)\]–-]+",
        re.IGNORECASE,
    )


def odd_number_end(line: str, prefix: str) -> int:
    """Where something that may be meant as a register number ends at the beginning of a line; 0 without one."""
    match = _odd(prefix).match(line[:LONGEST_ODD])
    return match.end() if match is not None else 0
