"""Folding for comparison: with marks first, without them only where a writer used none."""

from __future__ import annotations

import re
import unicodedata

from rules.text.cleaning import clean, nfc

_D = str.maketrans("đĐðÐƉ", "dDdDD")
_ETH = str.maketrans("ðƉÐ", "đĐĐ")
_MARKS = re.compile("[\u0300-\u036f]+")


def strip_marks(text: str) -> str:
    """The text without tone and quality marks, đ as d: ``Đường Lê Lợi`` becomes ``Duong Le Loi``."""
    if text.isascii():
        return text
    return nfc(_MARKS.sub("", unicodedata.normalize("NFD", nfc(text)))).translate(_D)


def has_marks(text: str) -> bool:
    """True when any letter carries a Vietnamese mark; đ counts."""
    return not text.isascii() and strip_marks(text) != nfc(text)


def _placements() -> dict[str, str]:
    """Old tone placement to new, for the open rhymes written both ways: hòa/hoà, khỏe/khoẻ, thủy/thuỷ."""
    tones = "\u0300\u0301\u0309\u0303\u0323"
    pairs = (("o", "a"), ("o", "e"), ("u", "y"))
    return {nfc(first + tone + second): nfc(first + second + tone) for first, second in pairs for tone in tones}


_NEW_PLACE = _placements()
_OLD_PLACE = re.compile("|".join(_NEW_PLACE))
_Y_ALONE = re.compile(r"(?<=[hklmst])([yỳýỷỹỵ])(?!\w)")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")


def squash(text: str) -> str:
    """The text for matching with its marks: cleaned, lower-case, one tone placement (hoà, thuỷ), single spaces."""
    lower = clean(text).lower().translate(_ETH)
    return " ".join(_OLD_PLACE.sub(lambda hit: _NEW_PLACE[hit[0]], nfc(lower)).split())


def fold_i(text: str) -> str:
    """Squashed text with i and y made one where both are written: kỹ/kĩ, lý/lí. Fold both sides of a comparison."""
    return _Y_ALONE.sub(lambda hit: hit[0].translate(_Y_TO_I), text)
