"""Keystrokes left by an inactive input method: Telex ``Tooi muoons hoir``, VNI ``Toi6 muon61 hoi3``.

A single word is no proof ("book" and "has" are English, "to3" is tổ 3); a whole line nearly all of whose words
become Vietnamese syllables is. So each line is decided on separately, and only if it has no diacritics. For
matching only: stored and displayed text stays as typed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rules.text.cleaning import nfc
from rules.text.syllables import is_syllable

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX_SHAPES = (("uow", "ươ"), ("uwow", "ươ"), ("uwo", "ươ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"))
_TELEX_TAIL = (("ow", "ơ"), ("uw", "ư"), ("dd", "đ"), ("w", "ư"))
_VOWELS = "aeiouyăâêôơư"
_VOWEL = re.compile("[aeiouy]")
_LONGEST_LINE = 10_000
"""Longer lines, in characters, are not examined; nobody types that much without a line break."""
_LONGEST = 30
"""The most keystrokes of one syllable, even with all its diacritics typed more than once."""
_MARKED_VOWELS = "ăâêôơư"
_ENGLISH_WORDS = (
    "as is us or her his has this was does being been seen see sees need needs keep feel meet week free too moon "
    "soon noon room rooms book books look looks good food door took cool school tool ones sir our hers hear dear "
    "near its air or nor then them that there here more most must may can could would should how now low new few "
    "law saw draw row raw show know slow two own down town cases lines"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
"""English words that would become Vietnamese syllables, or that look like one without diacritics."""
_ELSEWHERE = re.compile(r"(?<!\S)\S+@\S+|(?<!\w)\w+://\S+")
_OO = re.compile(r"oo(?=ng|c)")
"""xoong and moóc are rare; in a line typed with Telex, oo means ô."""


def _place(bare: str, tone: str) -> str:
    """The syllable with its tone mark in the correct position (new style: hoà, thuỷ)."""
    start = 2 if bare.startswith("qu") or (bare.startswith("gi") and len(bare) > 2 and bare[2] in _VOWELS) else 0
    spots = [index for index in range(start, len(bare)) if bare[index] in _VOWELS]
    if not spots:
        return bare
    marked = [index for index in spots if bare[index] in _MARKED_VOWELS]
    closed = spots[-1] < len(bare) - 1
    if marked:
        spot = marked[-1]
    elif len(spots) == 1:
        spot = spots[0]
    elif closed or len(spots) > 2 or bare[spots[0] : spots[0] + 2] in ("oa", "oe", "uy"):
        spot = spots[1]
    else:
        spot = spots[0]
    return nfc(bare[: spot + 1] + tone + bare[spot + 1 :])


def _telex(word: str) -> str:
    """The word with its Telex keys applied; "" when it has none or makes no syllable."""
    first = next((index for index, char in enumerate(word) if char in _VOWELS), len(word))
    head, tail = word[: first + 1], word[first + 1 :]
    keys = [char for char in tail if char in _TELEX_TONES]
    if len(keys) > 1:
        return ""
    bare = head + "".join(char for char in tail if char not in _TELEX_TONES)
    for keyed, letter in _TELEX_SHAPES + _TELEX_TAIL:
        bare = bare.replace(keyed, letter)
    made = _place(bare, _TELEX_TONES[keys[0]]) if keys else bare
    return made if made != word and is_syllable(made) else ""


def _vni(word: str) -> str:
    """The word with its VNI keys applied; "" when it has none or makes no syllable."""
    letters = re.sub(r"\d", "", word)
    keys = word.translate({ord(char): None for char in letters})
    tones = [key for key in keys if key in _VNI_TONES]
    if not keys or len(tones) > 1 or "0" in keys:
        return ""
    for key in keys:
        letters = _vni_shape(letters, key)
    made = _place(letters, _VNI_TONES[tones[0]]) if tones else letters
    return made if is_syllable(made) and not made.isascii() else ""


def _vni_shape(letters: str, key: str) -> str:
    """Apply one VNI key: 6 circumflex, 7 horn, 8 breve, 9 the bar of đ; tone keys change nothing here."""
    if key == "6":
        return re.sub(r"[aeo](?=[^aeo]*$)", lambda hit: {"a": "â", "e": "ê", "o": "ô"}[hit[0]], letters)
    if key == "7" and "uo" in letters:
        return letters.replace("uo", "ươ", 1)
    if key == "7":
        return re.sub(r"[ou]", lambda hit: {"o": "ơ", "u": "ư"}[hit[0]], letters, count=1)
    if key in "89":
        return letters.replace("a", "ă", 1) if key == "8" else letters.replace("d", "đ", 1)
    return letters


def _recased(made: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return made.upper()
    return made[0].upper() + made[1:] if word[0].isupper() else made


def _reading(line: str, telex: bool) -> dict[str, str] | None:
    """The result for each word of the line under one input method; None when it was not typed with it."""
    read: dict[str, str] = {}
    plain = strange = shapes = 0
    if "@" in line or "://" in line:
        line = _ELSEWHERE.sub(" ", line)
    for word in _WORD.findall(line):
        lower = word.lower()
        if (word.isupper() and len(word) > 1) or (telex and not lower.isalpha()) or not _VOWEL.search(lower):
            continue
        if lower in _ENGLISH or len(word) > _LONGEST:
            strange += 1
        elif lower.isalpha() and is_syllable(lower) and not (telex and _OO.search(lower)):
            plain += 1
        elif made := (_telex(lower) if telex else _vni(lower)):
            read[word] = _recased(made, word)
            shapes += made != lower and any(char in "đ" + _MARKED_VOWELS for char in made)
        else:
            strange += 1
    total = len(read) + plain + strange
    enough = len(read) >= 2 and shapes and len(read) * 4 >= total
    return read if enough and strange * 7 <= total else None


def untype(text: str) -> str:
    """The text with left-over Telex or VNI keystrokes applied in lines that were clearly typed that way.

    Lines with diacritics, in English or in Vietnamese without diacritics stay as they are. For matching only.
    """
    return "\n".join(
        _line(line) if len(line) <= _LONGEST_LINE and line.isascii() else line for line in text.split("\n")
    )


@lru_cache(maxsize=128)
def _line(line: str) -> str:
    """An ASCII line; recent results are kept, as several readers need the same mail's lines."""
    for telex in (True, False):
        read = _reading(line, telex)
        if read:
            return _WORD.sub(lambda hit: read.get(hit[0], hit[0]), line)  # noqa: B023 - used at once
    return line
