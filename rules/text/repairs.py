"""Repairs text that is not yet Vietnamese: decoded with the wrong table, or left as keystrokes.

Text that was decoded with the wrong table is repaired only if the result is clearly better Vietnamese. Each wrong
decoding has its own way back; Vietnamese spelling (``syllables``) shows whether it applies. Correct Vietnamese, and
other languages, stay as they are.

Keystrokes are left by an inactive input method: Telex ``Tooi muoons hoir``, VNI ``Toi6 muon61 hoi3``. A single word
is no proof ("book" and "has" are English, "to3" is tổ 3); a whole line nearly all of whose words become Vietnamese
syllables is. So each line is decided on separately, and only if it has no diacritics. For matching only: stored and
displayed text stays as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape
from itertools import islice

from rules.text.charsets import CP1252_BYTE, TCVN3, VISCII, as_text_table, vni
from rules.text.vietnamese import all_score, has_strange_word, is_syllable, marked_score, naturalness, nfc, words

_SAMPLE_CHARS = 60_000
"""This much of a text is examined to find what is wrong; the repair covers all of it."""
_MOST_WRONG = 500
"""So many wrong lines of that tell which table it was: twenty thousand of one syllable cost two seconds."""

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


_ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-f]{2,4}|[a-z]{3,8});", re.IGNORECASE)


def _letter(match: re.Match[str]) -> str:
    """The letter beyond ASCII that is written so; signs ("&lt;") stay, lest a text become markup."""
    char = unescape(match[0])
    return char if not char.isascii() and char.isalpha() else match[0]


def repair(text: str) -> str:
    """The text with wrong decodings undone: UTF-8 as windows-1252 (once or twice), windows-1258 as Latin-1,
    TCVN3, VNI and VISCII as Latin-1, letters written as HTML has them ("&#272;"), and the Icelandic ð for đ. NFC.
    Correct Vietnamese stays unchanged.

    Use it *before* ``clean``, which removes control characters that some tables use for letters.
    """
    text = nfc(_ENTITY.sub(_letter, text) if "&" in text else text)
    if text.isascii():
        return text
    text = _mend_tables(text)
    return re.sub(r"\w+", _mend_eth, text) if _ETH.search(text) else text


def _mend_tables(text: str) -> str:
    sample = text[:_SAMPLE_CHARS]
    if not has_strange_word(sample):
        return text  # most texts: without a wrong word there is no wrong line
    wrong = list(islice(filter(_is_wrong, sample.split("\n")), _MOST_WRONG))
    tried = [(_gain(wrong, way), way, needed) for way, needed in _WAYS]
    useful = [(gain.score, way) for gain, way, needed in tried if gain.mended and gain.enough(needed)]
    if not useful:
        return text
    _, best = max(useful, key=lambda pair: pair[0])
    return "\n".join(line if line.isascii() else _apply(line, best) for line in text.split("\n"))


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


def _telex_keys(word: str) -> str:
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


def _vni_keys(word: str) -> str:
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
        elif made := (_telex_keys(lower) if telex else _vni_keys(lower)):
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
