"""Vietnamese postal addresses: house, lane, street, group or village, ward or commune, city.

Since 1/7/2025 there is no district; older addresses name one, often with "(cũ)". An address is enough for
clause 21.1 when it names a ward or commune, or a street and a city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.requester.phones import find_phones
from rules.requester.vocabulary import DEFAULT, Words, load_words, plain
from rules.text import has_marks
from rules.values.data_file import Source

LONGEST = 220
LONG_WORD = 4
"""A word with this many letters is no abbreviation of ``_SHORT``."""
_PART = re.compile(r"[,;|\s](?:(?<=[,;|])|(?<=\s)\s*(?:[,;|]|(?<=\s)[-–—]\s))\s*")
_HOUSE = re.compile(r"^[a-z]{0,2}\d+(?:[a-z]|st|nd|rd|th)?(?:[/-]\w+)*$", re.IGNORECASE)
_SHORT = re.compile(r"(?:^|[\s,(])(?:no|tp|p|q|h|x|tt|tx|f|sn|t|kp|ts|ths|bs|gs|pgs|kts|mr|mrs|ms|cty|tm)$")
_PARTED = re.compile(r"[,;|\s](?:(?<=\S)|[-–—]\s)")
_SENTENCE = re.compile(r"[.!?…\n](?:(?<=\n)|(?=\s|$))")
_NUMBERED = re.compile(r"\s*(?:so\s)?\d+\S*\s+[a-z]")
_FORMER = re.compile(r"\((?:cũ|cu|mới|moi|trước đây|[^()]{0,40}cũ|nay [^()]{1,40})\)")
_NOW = re.compile(r"^(?:nay|hiện nay|hien nay)(?: (?:là|thuộc|la|thuoc))? (?=\w)", re.IGNORECASE)
_CITY_HEAD = re.compile(r"^(?:tp|tp\.|thanh pho)\s*")


def sentence_ends(text: str) -> Iterator[int]:
    """The positions after sentences; the full stop of "TP." or "P." ends none."""
    for stop in _SENTENCE.finditer(text):
        at = stop.start()
        if text[at] != "." or (at >= LONG_WORD and text[at - LONG_WORD : at].isalpha()):
            yield stop.end()
            continue
        before = plain(text[max(0, at - 12) : at])
        if _SHORT.search(before) or before.strip() in {"o", "b"}:
            continue
        yield stop.end()


def is_part(part: str, source: Source = DEFAULT) -> bool:
    """True when the text can be a single part of an address ("số 18 ngõ 45 đường Cái Tắt", "TP Hải Phòng")."""
    words = load_words(source)
    text = (_FORMER.sub("", part) if "(" in part else part).strip(" .,;:()")
    text = _NOW.sub("", text) if text[:1] in "nNhH" else text
    if not text.strip() or len(text) > 90:
        return False
    bare = plain(text)
    city = _CITY_HEAD.sub("", bare) if bare[:1] == "t" else bare
    if bare in words.places or city in words.sets["addresses", "cities"]:
        return True
    tokens = text.replace(".", ". ").split()
    heads = words.sets["names", "plain_address_heads"]
    if ("." in text or bare.split(None, 1)[0] in heads) and _family_name(tokens[0].lower(), words):
        return False
    started = words.phrases["addresses", "starts"].match(bare) or _DOTTED.match(bare) or _HOUSE.match(tokens[0])
    return bool(started or _ends_place(bare, tokens, words)) and _all_inside(tokens, words)


def _ends_place(bare: str, tokens: list[str], words: Words) -> bool:
    """Whether the last of several words is one that follows a name ("Le Chan ward")."""
    if len(tokens) < 2 or not bare.rstrip().endswith(words.ends):
        return False
    return plain(tokens[-1]) in words.sets["addresses", "ends"]


def _family_name(first: str, words: Words) -> bool:
    """True for "Ngô", "Tô": without diacritics they begin an address ("ngõ", "tổ"), with them they are surnames."""
    if plain(first) not in words.sets["names", "plain_address_heads"]:
        return False
    return first not in words.sets["names", "address_heads"] and has_marks(first)


_DOTTED = re.compile(r"^(?:p|f|x|q|h|tt|tx|tp|t\.p|sn)\.\s*\w")


def _all_inside(tokens: list[str], words: Words) -> bool:
    """Whether all words fit in an address: a capital, a number, or a word of addresses; false for a single word."""
    inside = words.sets["addresses", "inside"]
    names = 0
    for token in tokens:
        word = token.strip(".,()-–\"“”'")
        if not word:
            continue
        if word[0].isupper() or word[0].isdigit() or _HOUSE.match(word):
            names += 1
        elif plain(word) not in inside:
            return False
    return names > 0


def begins_place(text: str, source: Source = DEFAULT) -> bool:
    """True when a text may begin with an address of several parts, or one that begins with a word of addresses."""
    return bool(load_words(source).phrases["addresses", "starts"].match(plain(text)) or _PARTED.search(text))


def _lower_part(part: str, words: Words) -> bool:
    """A part typed without capitals: an address word, then at most nine words that are no prose."""
    bare = plain(part).strip(" .()")
    found = words.phrases["addresses", "starts"].match(bare)
    if not found or part != part.lower() or words.phrases["addresses", "never"].match(bare):
        return False
    rest = bare[found.end() :].split()
    prose = words.sets["addresses", "prose"].intersection(rest)
    if has_marks(part):
        prose = prose.difference(words.sets["addresses", "prose_with_marks"].intersection(part.split()))
    return 0 < len(rest) <= 9 and not prose


def enough(address: str, source: Source = DEFAULT) -> bool:
    """True when the address names a ward or commune, or a street and a city (21.1: where a person can be found)."""
    words = load_words(source)
    bare = plain(address)
    for found in words.unit.finditer(bare):
        typed = address[found.start() : found.end()].strip().lower()
        short = typed.rstrip(".") in ("p", "x", "f", "tt")
        if short and not (typed.endswith(".") or address[found.end() : found.end() + 1].isupper()):
            continue
        if typed in ("xa", "phuong") and has_marks(address):
            continue
        if typed not in ("xả", "xá", "xạ", "phương", "phướng"):
            return True
    parts = [part.strip(" .") for part in _PART.split(bare)]
    if any(part.rpartition(" ")[2] in words.sets["addresses", "units_behind"] for part in parts):
        return True
    if any(part in words.places for part in parts) and len(parts) > 1:
        return True
    return bool(words.city.search(bare) and (words.street.search(bare) or _NUMBERED.match(bare)))


def tidy(address: str) -> str:
    """The address as typed, without surrounding characters, on one line."""
    text = " ".join(address.split()).strip(" ,;:.-–—|*_")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    return text[:-1].strip() if text.endswith(")") and text.count(")") > text.count("(") else text


def run_at(text: str, at: int, source: Source = DEFAULT) -> str:
    """The address that begins at this position in a sentence, as far as its parts fit one; "" when there is none."""
    words = load_words(source)
    stretch = text[at : at + LONGEST]
    stretch = stretch[: next(sentence_ends(stretch), len(stretch))]
    phones = find_phones(stretch, source)
    if phones:
        stretch = stretch[: phones[0].start]
    end, begin = 0, 0
    for stop in (*_PART.finditer(stretch), None):
        part = stretch[begin : stop.start() if stop else len(stretch)]
        good = _good_prefix(part, words, source)
        if good:
            end = begin + good
        if not stop or good < len(part.rstrip(" .)(:")):
            break
        begin = stop.end()
    closed = stretch[end : end + 1] == ")" and stretch.count("(", 0, end) > stretch.count(")", 0, end)
    return tidy(stretch[: end + closed])


def _good_prefix(part: str, words: Words, source: Source) -> int:
    """How much of a part belongs to the address: all of it, or the text before a word that ends addresses."""
    lead = len(part) - len(part.lstrip())
    whole = part.rstrip(" .)(:")
    if words.phrases["addresses", "never"].match(plain(whole).strip()):
        return 0
    if is_part(whole, source) or _lower_part(whole.strip(), words):
        return len(whole)
    for stop in words.stop.finditer(plain(whole)):
        head = whole[: stop.start()].rstrip(" (-–")
        if len(head) > lead and (is_part(head, source) or _lower_part(head.strip(), words)):
            return len(head)
    return 0


def is_address(text: str, source: Source = DEFAULT) -> bool:
    """True when the whole text is an address, sufficient or not."""
    text = tidy(text)
    if not text or len(text) > LONGEST:
        return False
    run = run_at(text, 0, source)
    return len(run) >= len(text) - 2
