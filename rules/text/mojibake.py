"""Repairs text that was decoded with the wrong table, but only if the result is clearly better Vietnamese.

Each wrong decoding has its own way back; Vietnamese spelling (``syllables``) shows whether it applies.
Correct Vietnamese, and other languages, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from rules.text.charsets import CP1252_BYTE, TCVN3, VISCII, as_text_table, vni
from rules.text.cleaning import nfc
from rules.text.syllables import all_score, has_strange_word, is_syllable, marked_score, naturalness, words

_SAMPLE_CHARS = 60_000
"""This much of a text is examined to find what is wrong; the repair covers all of it."""

_CONT = "[\x80-\xbf" + "".join(re.escape(char) for char, byte in CP1252_BYTE.items() if byte < 0xC0) + "]"
_UTF8 = re.compile(f"[\xc2-\xdf]{_CONT}|[\xe0-\xef]{_CONT}{{2}}|[\xf0-\xf4]{_CONT}{{3}}")
_LOST_NBSP = re.compile("Ã (?=[\\s,.;:!?)]|$)|Ã (?=\\w)")
"""The second byte of "à" is a no-break space, which many programs turn into an ordinary one."""


def _bytes_of(text: str) -> bytes:
    """The bytes of text decoded as windows-1252 or Latin-1. Raises ValueError for characters outside those sets."""
    return bytes(CP1252_BYTE.get(char, ord(char)) for char in text)


def _utf8_hit(match: re.Match[str]) -> str:
    try:
        return _bytes_of(match[0]).decode("utf-8")
    except ValueError:
        return match[0]


def _utf8_as_cp1252(line: str) -> str:
    return nfc(_LOST_NBSP.sub("à", _UTF8.sub(_utf8_hit, line))) if _UTF8.search(line) or "Ã " in line else line


def _utf8_twice(line: str) -> str:
    return _utf8_as_cp1252(_UTF8.sub(_utf8_hit, line))


def _cp1258_as_latin1(line: str) -> str:
    return nfc("".join(map(_cp1258_word, re.split(r"([ \t]+)", line))))


def _cp1258_word(word: str) -> str:
    try:
        return word if word.isascii() else _bytes_of(word).decode("cp1258")
    except ValueError:
        return word


@cache
def _table(name: str) -> dict[int, str]:
    return as_text_table({"tcvn3": TCVN3, "viscii": VISCII}[name])


_NOT_TCVN3 = re.compile("[" + "".join(char for char in map(chr, range(0xC0, 0x100)) if ord(char) not in TCVN3) + "]")
_NOT_VNI = re.compile("[¡-¿ÇÐÝÞßçðýþÿ×÷]")
"""Characters that the fonts never produce: a line with one is something else."""


def _recase(word: str, original: str) -> str:
    """TCVN3 has no toned capitals: the font drew them. A word otherwise in capitals gets them back."""
    plain = [char for char in original if char.isascii() and char.isalpha()]
    return word.upper() if len(plain) > 1 and all(char.isupper() for char in plain) else word


def _tcvn3(line: str) -> str:
    if _NOT_TCVN3.search(line):
        return line
    pieces = re.split(r"([ \t]+)", line)
    return "".join(_recase(piece.translate(_table("tcvn3")), piece) for piece in pieces)


def _viscii(line: str) -> str:
    return line.translate(_table("viscii"))


def _vni(line: str) -> str:
    if _NOT_VNI.search(line):
        return line
    pattern, table = vni()
    return pattern.sub(lambda match: table[match[0]], line)


_WAYS: tuple[tuple[Callable[[str], str], int], ...] = (
    (_utf8_as_cp1252, 1),
    (_utf8_twice, 1),
    (_cp1258_as_latin1, 2),
    (_tcvn3, 2),
    (_vni, 2),
    (_viscii, 2),
)
"""Each way back, with the number of different words that it must repair.

UTF-8 decoded as cp1252 never looks like words, so one word is enough.
"""


def _mends(before: str, after: str) -> bool:
    """True when ``after`` has more good syllables, fewer bad ones, and looks like Vietnamese as a whole."""
    old, new = marked_score(before), marked_score(after)
    if new.bad >= old.bad or new.good <= old.good or new.bad * 4 > new.good:
        return False
    fine, every = all_score(after)
    return fine * 10 >= every * 6


@dataclass(slots=True)
class _Gain:
    """The effect of one way back on the lines that look wrong."""

    mended: set[str] = field(default_factory=set)
    fewer: int = 0
    spoilt: int = 0
    whole: bool = False
    text: list[str] = field(default_factory=list)

    def enough(self, needed: int) -> bool:
        """True when it repairs ``needed`` different words, or a line that is then completely Vietnamese."""
        return len(self.mended) >= needed or self.whole

    @property
    def score(self) -> float:
        """Wrong words repaired, minus right ones changed, plus how natural the result is."""
        return self.fewer - 0.4 * self.spoilt + naturalness(" ".join(self.text))


def _gain(lines: list[str], way: Callable[[str], str]) -> _Gain:
    found = _Gain()
    for line in lines:
        changed = way(line)
        if changed == line or not _mends(line, changed):
            continue
        old, new = set(words(line)), set(words(changed))
        found.mended |= {word for word in new - old if not word.isascii() and is_syllable(word)}
        found.fewer += marked_score(line).bad - marked_score(changed).bad
        found.spoilt += sum(not word.isascii() and is_syllable(word) for word in old - new)
        found.text.append(changed)
        fine, every = all_score(changed)
        found.whole = found.whole or fine == every >= 2
    return found


def _apply(line: str, way: Callable[[str], str]) -> str:
    """The repaired line; unchanged if it has letters that the wrong table cannot have produced."""
    changed = way(line)
    if changed == line or any(char > "\xff" and char not in CP1252_BYTE for char in line):
        return changed if changed != line and _mends(line, changed) else line
    return changed if marked_score(changed).bad <= marked_score(line).bad else line


def _is_wrong(line: str) -> bool:
    return not line.isascii() and marked_score(line).bad > 0


_ETH = re.compile("[ðÐƉ]")


def _mend_eth(match: re.Match[str]) -> str:
    if not _ETH.search(match[0]):
        return match[0]
    word = match[0].replace("ð", "đ").replace("Ð", "Đ").replace("Ɖ", "Đ")
    return word if is_syllable(word) else match[0]


def repair(text: str) -> str:
    """The text with wrong decodings undone: UTF-8 as windows-1252 (once or twice), windows-1258 as Latin-1,
    TCVN3, VNI and VISCII as Latin-1, and the Icelandic ð for đ. NFC. Correct Vietnamese stays unchanged.

    Use it *before* ``clean``, which removes control characters that some tables use for letters.
    """
    text = nfc(text)
    if text.isascii():
        return text
    return _mend_eths(_mend_tables(text))


def _mend_tables(text: str) -> str:
    sample = text[:_SAMPLE_CHARS]
    if not has_strange_word(sample):
        return text  # most texts: without a wrong word there is no wrong line
    wrong = [line for line in sample.split("\n") if _is_wrong(line)]
    tried = [(_gain(wrong, way), way, needed) for way, needed in _WAYS]
    useful = [(gain.score, way) for gain, way, needed in tried if gain.mended and gain.enough(needed)]
    if not useful:
        return text
    _, best = max(useful, key=lambda pair: pair[0])
    return "\n".join(line if line.isascii() else _apply(line, best) for line in text.split("\n"))


def _mend_eths(text: str) -> str:
    return re.sub(r"\w+", _mend_eth, text) if _ETH.search(text) else text
