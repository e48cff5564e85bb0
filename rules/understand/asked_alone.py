"""A question without who asks it: what may be read out, and projected, in a session (8.3)."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.requester.redaction import LABEL_WORDS, own_blanked, own_signs
from rules.requester.requester import read_labels
from rules.understand.letter_form import is_closing
from rules.values.data_file import Source
from rules.values.model import Requester

MOST_BESIDE = 8
"""Words beside the data in a labelled line ("Họ và tên: …, địa chỉ: …, số điện thoại: …").

What is asked behind a label on the same line goes with it; the register keeps the whole text.
"""


def asked_alone(text: str, asker: Requester, source: Source) -> str:
    """The text without the lines at both its ends that only say who asks, or thank; elsewhere own data is blanked.

    What an officer writes down for somebody begins with labelled name, address and telephone. A first line with other
    words is asked, whatever name or place is in it.
    """
    lines = own_blanked(text, asker, source).strip().split("\n")
    signs = own_signs(asker, source)
    while len(lines) > 1 and _says_who(lines[0], signs, source, 0):
        del lines[0]
    while len(lines) > 1 and (_says_who(lines[-1], signs, source, LABEL_WORDS) or is_closing(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip()


def _says_who(line: str, signs: Collection[str], source: Source, most: int) -> bool:
    """True for an empty line, and for one with who asks and up to ``most`` words, or labels, beside it."""
    rest = line
    for sign in signs:
        rest = rest.replace(sign, " ")
    beside = len(re.findall(r"[^\W_]+", rest))
    if rest == line or "?" in line:
        return not line.strip()
    return beside <= most or (beside <= MOST_BESIDE and bool(read_labels(line, source)[0]))
