"""A question without its requester: the text that may be read out and shown on screen in a session (8.3)."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.requester.redaction import LABEL_WORDS, own_blanked, own_signs
from rules.requester.requester import read_labels
from rules.understand.letter_form import is_closing
from rules.values.data_file import Source
from rules.values.model import Requester

MOST_BESIDE = 8
"""At most this many words besides the data in a labelled line ("Họ và tên: …, địa chỉ: …, số điện thoại: …").

A question on the same line as a label is removed with it; the register keeps the whole text.
"""


def asked_alone(text: str, asker: Requester, source: Source) -> str:
    """The text without lines at both ends that only identify the requester, or thank; other own data is redacted.

    What an officer writes down for someone begins with labelled name, address and telephone. A first line with other
    words belongs to the question, whatever name or place it contains.
    """
    lines = own_blanked(text, asker, source).strip().split("\n")
    signs = own_signs(asker, source)
    while len(lines) > 1 and _says_who(lines[0], signs, source, 0):
        del lines[0]
    while len(lines) > 1 and (_says_who(lines[-1], signs, source, LABEL_WORDS) or is_closing(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip()


def _says_who(line: str, signs: Collection[str], source: Source, most: int) -> bool:
    """True for an empty line, and for one with the requester's data and at most ``most`` other words."""
    rest = line
    for sign in signs:
        rest = rest.replace(sign, " ")
    beside = len(re.findall(r"[^\W_]+", rest))
    if rest == line or "?" in line:
        return not line.strip()
    return beside <= most or (beside <= MOST_BESIDE and bool(read_labels(line, source)[0]))
