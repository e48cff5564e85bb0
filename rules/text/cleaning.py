"""Cleans every incoming value: NFC, without invisible characters.

The removed characters could hide a word from a rule, reorder a line on the screen (bidi controls, CVE-2021-42574),
break a header (CR LF), or be rejected by PostgreSQL (NUL) and by spreadsheets (other controls).

Folding for comparison: with diacritics first, without them only if the writer used none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_FORMATS = (
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0001\U000e0020-\U000e007f"
)
_UNSEEN_MARKS = (
    r"\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef\ufffe\uffff"
)
"""Invisible code points that are no format characters: joiner, Hangul fillers, variation selectors."""
_UNSEEN = re.compile(f"[{_CONTROLS}{_FORMATS}{_UNSEEN_MARKS}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def _combining_class() -> str:
    """The inside of a regular expression's class for every combining mark of this Python's Unicode."""
    runs: list[list[int]] = []
    for point in map(ord, filter(unicodedata.combining, map(chr, range(0x300, 0x1E950)))):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in runs)


_MAYBE_MARK = re.compile("[\u0300-\u036f\u0483-\u1dff\u20d0-\u20f0\u2cef-\ufe2f\U00010000-\U0001ffff]")
"""A coarse but fast class: Vietnamese in NFC has no character in it."""
_PRINTABLE_UNSEEN = re.compile(f"[{_UNSEEN_MARKS}]")


_composed = ""
"""The last result, because decoding, repairing and cleaning each normalise the same text."""


@cache
def _piles() -> re.Pattern[str]:
    """A pattern for endless rows of combining marks: normalising n of them costs n squared. Built on first need."""
    mark = f"[{_combining_class()}]"
    return re.compile(f"({mark}{{6}}){mark}+")


def nfc(text: str) -> str:
    """The text in Unicode normalization form C, in linear time; a letter keeps at most six combining marks."""
    global _composed  # noqa: PLW0603 - one value, whichever thread set it last
    if text is _composed or text.isascii():
        return text
    if _MAYBE_MARK.search(text):
        text = _piles().sub(r"\1", text)
    _composed = text = unicodedata.normalize("NFC", text)
    return text


def has_endless_marks(text: str) -> bool:
    """True when one letter carries so many marks that a library which normalises the text needs seconds.

    No language uses thirty (Unicode Standard Annex 15, Stream-Safe Text Format); a row of twice as many always
    contains a checked position.
    """
    marked = _MAYBE_MARK.finditer(text[::_MOST_MARKS])
    return any(_long_pile().match(text, one.start() * _MOST_MARKS) for one in marked)


_MOST_MARKS = 30


@cache
def _long_pile() -> re.Pattern[str]:
    return re.compile(f"[{_combining_class()}]{{{_MOST_MARKS}}}")


def clean(text: str) -> str:
    r"""The text in NFC with ``\n`` as the only line end and control character, ``" "`` as the only space.

    Bidi controls, zero-width and other format characters are removed; lone surrogates become U+FFFD.
    Idempotent; never raises.
    """
    if not text.replace("\n", "").isprintable():
        text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
        text = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))
    elif not text.isascii() and _PRINTABLE_UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    return nfc(text)


def clean_line(text: str) -> str:
    """The cleaned text on one line, with single spaces and none at the ends."""
    return " ".join(clean(text).split())


_D = (("đ", "d"), ("Đ", "D"), ("ð", "d"), ("Ð", "D"), ("Ɖ", "D"))
_MARKS = re.compile("[\u0300-\u036f]+")


def strip_marks(text: str) -> str:
    """The text without tones and diacritics, đ as d: ``Đường Lê Lợi`` becomes ``Duong Le Loi``."""
    if text.isascii():
        return text
    bare = nfc(_MARKS.sub("", unicodedata.normalize("NFD", nfc(text))))
    for letter, plain in _D:  # str.translate() takes ten times as long
        bare = bare.replace(letter, plain)
    return bare


def has_marks(text: str) -> bool:
    """True when any letter has a Vietnamese diacritic, or is đ."""
    return not text.isascii() and strip_marks(text) != nfc(text)


def _placements() -> dict[str, str]:
    """Old tone placement → new, for open rhymes written both ways: hòa/hoà, khỏe/khoẻ, thủy/thuỷ."""
    tones = "\u0300\u0301\u0309\u0303\u0323"
    pairs = (("o", "a"), ("o", "e"), ("u", "y"))
    return {nfc(first + tone + second): nfc(first + second + tone) for first, second in pairs for tone in tones}


_NEW_PLACE = _placements()
_OLD_PLACE = re.compile("|".join(_NEW_PLACE))
_Y_ALONE = re.compile(r"(?<=[hklmst])([yỳýỷỹỵ])(?!\w)")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")


def squash(text: str) -> str:
    """The text for matching with diacritics: cleaned, lower-case, one tone placement (hoà, thuỷ), single spaces."""
    lower = clean(text).lower().replace("ð", "đ")
    return " ".join(_OLD_PLACE.sub(lambda hit: _NEW_PLACE[hit[0]], nfc(lower)).split())


def fold_i(text: str) -> str:
    """Squashed text with i for y where people write either: kỹ/kĩ, lý/lí. Fold both sides of a comparison."""
    return _Y_ALONE.sub(lambda hit: hit[0].translate(_Y_TO_I), text)
