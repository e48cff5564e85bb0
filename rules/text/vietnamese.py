"""Vietnamese letters and syllables: cleans every incoming value (NFC, nothing invisible) and judges its spelling.

The removed characters could hide a word from a rule, reorder a line on the screen (bidi controls, CVE-2021-42574),
break a header (CR LF), or be rejected by PostgreSQL (NUL) and by spreadsheets (other controls).

Folding for comparison: with diacritics first, without them only if the writer used none.

Vietnamese spelling is nearly closed: an onset out of 28, a rhyme out of some 160, one of six tones. The result of a
wrong decoding almost never passes, so that this check judges every repair. It ignores meaning: "thuể" passes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

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
    return any(_long_pile().match(text, match.start() * _MOST_MARKS) for match in marked)


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
_MARKED = re.compile(f"[\u0300-\u036f{''.join(letter for letter, _ in _D)}]")


def strip_marks(text: str) -> str:
    """The text without tones and diacritics, đ as d: ``Đường Lê Lợi`` becomes ``Duong Le Loi``."""
    if text.isascii():
        return text
    text = nfc(text)
    for letter, plain in _D:  # str.translate() takes ten times as long
        text = text.replace(letter, plain)
    parts = unicodedata.normalize("NFD", text)
    bare = parts.encode("ascii", "ignore")
    if len(bare) == len(text):  # apart from diacritics, every letter is ASCII
        return bare.decode("ascii")
    return nfc(_MARKS.sub("", parts))


def has_marks(text: str) -> bool:
    """True when any letter has a Vietnamese diacritic, or is đ."""
    return not text.isascii() and _MARKED.search(unicodedata.normalize("NFD", nfc(text))) is not None


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


_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_OPEN = (
    "a ai ao au ay e eo i ia iêu iu o oa oai oao oay oe oeo oi u ua uê ui uy uya uyu uơ "
    "â âu ây ê êu ô ôi ơ ơi ư ưa ưi ưu ươi ươu uôi uây y yêu yê"
)
_NASAL = (
    "am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong oong oan oang oanh "
    "oăn oăng oăm oam oen ôm ôn ông ơm ơn um un ung uân uâng uôm uôn uông uyên uynh "
    "ưm ưn ưng ươm ươn ương yên yêm ym yn uên uênh"
)
_STOP = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ooc oac oach oat oap oăc oăt "
    "oet ôc ôp ôt ơp ơt uc up ut uât uôc uôp uôt uych uyêt uyt ưc ưp ưt ươc ươp ươt yêt uêch yt"
)
_RARITY_GROUPS = {
    4: "đưàôả",
    5: "áờếêạãịòệố",
    6: "âơấộóăợậềởớầì",
    7: "ồểủíùổửụọúỏứýựắỉ",
    8: "ừễéỗũặĩữ",
    9: "ằẩèẻẫõ",
    10: "ẹỹỳ",
    11: "ỷỡẽ",
    12: "ẳ",
    13: "ỵ",
    14: "ẵ",
}
"""The rarity of each marked letter, in bits, counted over 34,000 of them in official and private Vietnamese."""
_RARITY = {letter: bits for bits, letters in _RARITY_GROUPS.items() for letter in letters}
_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VOWELS = frozenset("aeiouyAEIOUY")
_QUALITY = frozenset("\u0302\u0306\u031b")
_SHAPE = re.compile(f"(?:{_ONSETS})?+(?P<rhyme>[a-zăâêôơưđ]+)")
_RHYMES = frozenset(f"{_OPEN} {_NASAL}".split())
_STOPS = frozenset(_STOP.split())
# "gi" and "qu" absorb the first vowel of the rhyme: gì, giếng, quyết, quả.
_AFTER_GI = frozenset(["in", "iêng", "iêc", "iêt", "iêm", "iên", "iêp", "im", "ip", "it", "ich", "inh"])


def split_tone(word: str) -> tuple[str, str]:
    """The word without its tone mark (other diacritics stay) and the tone as its Telex key, "" for level.

    A tone on a letter that is no vowel makes the second longer than one character.
    """
    tone = ""
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone += _TONES[char] if kept and (kept[-1] in _VOWELS or kept[-1] in _QUALITY) else "??"
        else:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def _rhyme_fits(rhyme: str, tone: str, marked: bool) -> bool:
    if rhyme in _RHYMES:
        return True
    # A stopped rhyme has the sắc or nặng tone; typed without diacritics it has none.
    return rhyme in _STOPS and (tone in ("s", "j") or not marked)


LONGEST = 14
"""No syllable has more characters, its tone mark counted apart."""


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """True for one Vietnamese syllable with correct diacritics or none at all; case is ignored."""
    lower = word.lower()
    if not 1 <= len(lower) <= LONGEST:
        return False
    bare, tone = split_tone(lower)
    if len(tone) > 1:
        return False
    marked = not lower.isascii()
    return any(_rhyme_fits(rhyme, tone, marked) for rhyme in _rhymes_of(bare))


def _rhymes_of(bare: str) -> tuple[str, ...]:
    """The possible rhymes of a toneless word, without its onset."""
    shape = _SHAPE.fullmatch(bare)
    found = [shape["rhyme"]] if shape else []
    if bare.startswith("gi"):
        found += [bare[1:]] if bare[1:] in _AFTER_GI or bare == "gi" else []
    if bare.startswith("qu"):
        found.append(bare[1:])
    return tuple(found)


_BARE_RHYMES = frozenset(strip_marks(one) for one in _RHYMES | _STOPS)


def may_be_syllable(word: str) -> bool:
    """True for what is one Vietnamese syllable but for its diacritics, as many people type without ("duong")."""
    bare = strip_marks(word).lower()
    return len(bare) <= LONGEST and any(one in _BARE_RHYMES for one in _rhymes_of(bare))


_TOKEN = re.compile(r"[^\s\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7e]+")
_EDGES = "'“”‘’–—…«»°•·¿¡©®™§¶"


def words(line: str) -> list[str]:
    """The words of a line: runs of letters and other non-ASCII characters, without quotation marks at the ends."""
    return [word for token in _TOKEN.findall(line) if (word := token.strip(_EDGES))]


def has_strange_word(text: str) -> bool:
    """True when any word with non-ASCII characters is no Vietnamese syllable."""
    return any(map(_is_strange, set(_TOKEN.findall(text))))


def _is_strange(token: str) -> bool:
    return not token.isascii() and not is_syllable(word := token.strip(_EDGES)) and not word.isascii()


class MarkedScore(NamedTuple):
    """The number of words with non-ASCII characters that are good Vietnamese syllables, and of those that are not."""

    good: int
    bad: int


def marked_score(line: str) -> MarkedScore:
    """The spelling score of a line's words with non-ASCII characters."""
    good = bad = 0
    for word in words(line):
        if not word.isascii():
            if is_syllable(word):
                good += 1
            else:
                bad += 1
    return MarkedScore(good, bad)


_FAMILIAR_WORDS = (
    "thị văn nguyễn trần phạm hoàng đỗ vũ lê bùi đặng hải phòng phường xã đường hỏi tôi kính gửi về của là và "
    "không được nhà đất cấp giấy thủ tục quận huyện phố số ông bà ở có các người việc như thế nào đến này đã để "
    "những trong một với chúng thành thôn khu"
)
_FAMILIAR = frozenset(_FAMILIAR_WORDS.split())
"""Words so common that a wrong table rarely produces several of them by chance."""


def naturalness(text: str) -> float:
    """How natural a correctly spelt text is as Vietnamese: common words raise it, rare letters lower it.

    Its unit is wrong words: a difference of 1 counts as much as one misspelt word.
    """
    bits = [_RARITY[letter] for letter in text.lower() if letter in _RARITY]
    familiar = sum(word in _FAMILIAR for word in words(text.lower()))
    return familiar / 2 - (sum(bits) / len(bits) / 4 if bits else 0.0)


_VOWELLESS = re.compile("[^aeiouyà-ỹ]+", re.IGNORECASE)


def all_score(line: str) -> tuple[int, int]:
    """How many words of a line are Vietnamese syllables, and how many words it has; abbreviations do not count."""
    every = [
        word for word in words(line) if not _VOWELLESS.fullmatch(word) and not (word.isupper() and word.isascii())
    ]
    return sum(map(is_syllable, every)), len(every)
