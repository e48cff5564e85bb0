"""The text layer: all incoming bytes and text leave it as clean Vietnamese in NFC.

Order of use: ``decode`` (bytes to text), ``repair`` (undo wrong decodings), ``clean`` (remove unseen characters).
``read`` does all three. ``squash``, ``fold_i``, ``strip_marks`` and ``untype`` are for matching only.
"""

from __future__ import annotations

from rules.text.charsets import codec_name, decode
from rules.text.repairs import repair, untype
from rules.text.vietnamese import (
    clean,
    clean_line,
    fold_i,
    has_endless_marks,
    has_marks,
    is_syllable,
    nfc,
    squash,
    strip_marks,
)

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
    """Clean, repaired text from bytes; ``declared`` is the sender's label. Never raises."""
    return clean(repair(decode(raw, declared)))
