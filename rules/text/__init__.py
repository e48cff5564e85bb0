"""The text layer: everything that enters as bytes or text leaves here as clean Vietnamese in NFC.

Order of use: ``decode`` (bytes to text), ``repair`` (wrong tables undone), ``clean`` (unseen characters out).
``read`` does the three. ``squash``, ``fold_i``, ``strip_marks`` and ``untype`` are for matching only.
"""

from __future__ import annotations

from rules.text.charsets import codec_name, decode
from rules.text.cleaning import clean, clean_line, fold_i, has_endless_marks, has_marks, nfc, squash, strip_marks
from rules.text.mojibake import repair
from rules.text.syllables import is_syllable
from rules.text.telex import untype

__all__ = [
    "clean",
    "clean_line",
    "codec_name",
    "decode",
    "fold_i",
    "has_endless_marks",
    "has_marks",
    "is_syllable",
    "nfc",
    "read",
    "repair",
    "squash",
    "strip_marks",
    "untype",
]


def read(raw: bytes, declared: str = "") -> str:
    """Bytes to clean, repaired text; ``declared`` is the sender's label. Never raises."""
    return clean(repair(decode(raw, declared)))
