"""Whether a word is spelt as a Vietnamese syllable.

Vietnamese spelling is nearly closed: an onset out of 28, a rhyme out of some 160, one of six tones. The result of a
wrong decoding almost never passes, so that this check judges every repair. It ignores meaning:
"thuể" passes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rules.text.cleaning import strip_marks

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
