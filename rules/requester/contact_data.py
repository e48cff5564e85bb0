"""Where a person can be reached: telephone numbers and Vietnamese postal addresses.

Telephone numbers as people type them are converted to E.164, old ones (eleven-digit mobiles before 15/9/2018, area
codes before 2017) to today's by a table. An invalid number keeps its typed form and has no E.164 form.

Addresses: house, lane, street, group or village, ward or commune, city. Since 1/7/2025 there is no district; older
addresses name one, often with "(cũ)". An address is enough for clause 21.1 when it names a ward or commune, or a
street and a city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from rules.requester.vocabulary import DEFAULT, Words, load_words, plain
from rules.text import has_marks
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

SHORTEST = 8
"""A wrong number with at least this many digits after the leading 0 was still meant as a number."""
MOST_DIGITS = 10
_GAP = r"[ \u00a0.\-\u2010-\u2015;()]{0,3}"
_START = re.compile(rf"(?<![\w/])\(?(?:(?:\+|00)\s?84\s?\)?{_GAP}(?:\(0\)|0)?|0){_GAP}(?=\d)")
_DIGITS = re.compile(r"[0-9]+")
_ROW = re.compile(rf"(?:{_GAP}\d){{1,{MOST_DIGITS + 1}}}")
_SLASHED = re.compile(r"(?<![\w/])0\d{3}/\d{3}/\d{3}(?![\w/])")
"""A mobile number in groups with slashes: "0977/123/456"; dates and documents' numbers have other groups."""
_ABROAD = re.compile(r"\+(?<![\w/].)(?!84)[1-9](?:[ .()-]{0,2}\d){7,14}(?!\d)")
_OURS = re.compile(r"\+84([1-9][0-9]{6,9})")
_MONEY = re.compile(r"[ ]?(?:đồng|dong|vnđ|vnd|%)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in a text: as typed, in E.164 ("" when invalid), and its position."""

    typed: str
    e164: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbering plan: the length of numbers by prefix, and today's form of old prefixes (no leading 0)."""

    country: str
    lengths: Mapping[str, int]
    mobile_2018: Mapping[str, str]
    areas: Mapping[tuple[str, int], str]

    def length(self, digits: str) -> int:
        """The number of digits of a number with this beginning; 0 when no number begins so."""
        for old, size in self.areas:
            if len(digits) == size and digits.startswith(old):
                return size
        for size in (3, 2, 1):
            if digits[:size] in self.lengths:
                return self.lengths[digits[:size]]
        return 0

    def today(self, digits: str) -> str:
        """Today's national number (no leading 0) for one of any year."""
        if len(digits) == 10 and digits[:3] in self.mobile_2018:
            return self.mobile_2018[digits[:3]] + digits[3:]
        for (old, size), new in self.areas.items():
            if len(digits) == size and digits.startswith(old):
                return new + digits[len(old) :]
        return digits


@lru_cache(maxsize=SOURCES_KEPT)
def load_numbering(source: Source = Source()) -> Numbering:  # noqa: B008 - frozen value
    """The plan of ``asker_phones.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("asker_phones.toml")
    old, new = ([row[key] for row in data["area_2017"]] for key in ("old", "new"))
    for what, values in {
        "country": [data["country"]],
        "lengths": data["lengths"],
        "mobile_2018": [*data["mobile_2018"], *data["mobile_2018"].values()],
        "area_2017": [*old, *new],
    }.items():
        if wrong := next((one for one in values if not _DIGITS.fullmatch(one)), None):
            raise DataFileError(f"asker_phones.toml: {what}: {wrong!r} must be digits")
    return Numbering(
        country=data["country"],
        lengths=data["lengths"],
        mobile_2018=data["mobile_2018"],
        areas={(row["old"], row["digits"]): row["new"] for row in data["area_2017"]},
    )


def e164(national: str, plan: Numbering | None = None) -> str:
    """E.164 of a national number without its leading 0; "" when it is invalid."""
    plan = plan or load_numbering()
    number = f"+{plan.country}{plan.today(national)}"
    return number if _is_valid(number) else ""


@lru_cache(maxsize=256)
def _is_valid(number: str) -> bool:
    """Whether the number is valid; cached, as the number of a letter is checked several times."""
    ours = _OURS.fullmatch(number)  # needs no parsing
    try:
        parsed = phonenumbers.PhoneNumber(84, int(ours[1])) if ours else phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


@lru_cache(maxsize=64)
def find_phones(text: str, source: Source = Source()) -> tuple[Phone, ...]:  # noqa: B008 - frozen value
    """All telephone numbers in a text, in order."""
    if "0" not in text and "+" not in text:
        return ()  # no number begins without either
    even = _SLASHED.sub(lambda match: match.group().replace("/", "."), text) if "/" in text else text
    found = (*_phones(text, even, load_numbering(source)), *(_abroad(text) if "+" in text else ()))
    return tuple(sorted(found, key=lambda one: one.start))


def _abroad(text: str) -> Iterator[Phone]:
    """Numbers of other countries, which begin with "+": "+81 80 4321 5567"."""
    for match in _ABROAD.finditer(text):
        number = "+" + "".join(filter(str.isdecimal, match.group()))
        if _is_valid(number):
            yield Phone(match.group(), number, *match.span())


def _phones(typed: str, even: str, plan: Numbering) -> Iterator[Phone]:
    at = 0
    while start := _START.search(even, at):
        phone = _read(typed, even, start, plan)
        at = phone.end if phone else start.end()
        if phone:
            yield phone


def _read(typed: str, text: str, start: re.Match[str], plan: Numbering) -> Phone | None:
    """The number that begins here, with the length for its prefix; never a part of a longer row of digits."""
    digits, ends = _digits(text, start.end())
    wanted = plan.length(digits)
    if len(digits) < SHORTEST or not wanted:
        return None
    size = min(wanted, len(digits), MOST_DIGITS)
    end = ends[size - 1]
    if text[end : end + 1].isdigit() or _MONEY.match(text, end):
        return None
    opened = text[start.start()] == "(" and ")" not in text[start.start() : end]
    begin = start.start() + opened
    number = e164(digits[:size], plan) if size == wanted else ""
    return Phone(typed[begin:end], number, begin, end)


def _digits(text: str, at: int) -> tuple[str, list[int]]:
    """The row of digits from here, with the position after each."""
    row = _ROW.match(text, at)
    typed = row.group() if row else ""
    return "".join(filter(str.isdecimal, typed)), [end for end, sign in enumerate(typed, at + 1) if sign.isdecimal()]


LONGEST_ADDRESS = 220
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
        before = plain(text[max(0, at - 12) : at]) if text[at] == "." else ""
        if not _SHORT.search(before) and before.strip() not in {"o", "b"}:
            yield stop.end()


def is_part(part: str, source: Source = DEFAULT) -> bool:
    """True when the text can be a single part of an address ("số 18 ngõ 45 đường Cái Tắt", "TP Hải Phòng")."""
    words = load_words(source)
    text = (_FORMER.sub("", part) if "(" in part else part).strip(" .,;:()")
    text = _NOW.sub("", text) if text[:1] in "nNhH" else text
    bare = plain(text)
    if not text.strip() or len(text) > 90 or words.is_sentence(text) or _BORN.match(bare):
        return False
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
    ended = len(tokens) > 1 and bare.rstrip().endswith(words.ends)
    return ended and plain(tokens[-1]) in words.sets["addresses", "ends"]


def _family_name(first: str, words: Words) -> bool:
    """True for "Ngô", "Tô": without diacritics they begin an address ("ngõ", "tổ"), with them they are surnames."""
    if plain(first) not in words.sets["names", "plain_address_heads"]:
        return False
    return first not in words.sets["names", "address_heads"] and has_marks(first)


_BORN = re.compile(r"(?:sn\W{0,3}|\d{1,2}/)(?:19|20)\d\d(?!\d)")
_IN_VILLAGE = re.compile(r"^(?:thon|xom|khu|to|doi)(?: dan (?:pho|cu))?(?: so)? \d{1,2}[a-z]? ")
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
    match = words.phrases["addresses", "starts"].match(bare)
    if not match or part != part.lower() or _BORN.match(bare) or words.phrases["addresses", "never"].match(bare):
        return False
    rest = bare[match.end() :].split()
    ward = next((n for n in (3, 2) if " ".join(rest[-n:]) in words.places), 0)  # "tien minh" holds a word of prose
    prose = words.sets["addresses", "prose"].intersection(rest[: len(rest) - ward])
    if has_marks(part):
        prose = prose.difference(words.sets["addresses", "prose_with_marks"].intersection(part.split()))
    return 0 < len(rest) <= 9 and not prose


def enough(address: str, source: Source = DEFAULT) -> bool:
    """True when the address names a ward or commune, or a street and a city (21.1: where a person can be found)."""
    words = load_words(source)
    bare = plain(address)
    for match in words.unit.finditer(bare):
        typed = address[match.start() : match.end()].strip().lower()
        short = typed.rstrip(".") in ("p", "x", "f", "tt")
        if short and not (typed.endswith(".") or address[match.end() : match.end() + 1].isupper()):
            continue
        if typed in ("xa", "phuong") and has_marks(address):
            continue
        if typed not in ("xả", "xá", "xạ", "phương", "phướng"):
            return True
    parts = [part.strip(" .") for part in _PART.split(bare)]
    if any(part.rpartition(" ")[2] in words.sets["addresses", "units_behind"] for part in parts):
        return True
    wards = [_IN_VILLAGE.sub("", part) for part in parts if len(parts) > 1 or _IN_VILLAGE.match(part)]
    if not words.places.isdisjoint(wards):
        return True
    return bool(words.city.search(bare) and (words.street.search(bare) or _NUMBERED.match(bare)))


_AROUND = re.compile(r"(?i)^nh[aà]\s+(?:(?:ngoại|nội|riêng)\s+)?(?:(?:tại|ở|tai|o)\s+|(?=\d))|\s+(?:ạ|nhé|nha)$")


def tidy(address: str) -> str:
    """The address as typed, without surrounding characters, on one line."""
    text = " ".join(address.split()).strip(" ,;:.-–—|*_")
    if text.startswith("(") and (text.endswith(")") or ")" not in text):
        text = text[1:].removesuffix(")").strip()
    text = text[:-1].strip() if text.endswith(")") and text.count(")") > text.count("(") else text
    return _AROUND.sub("", text)


def run_at(text: str, at: int, source: Source = DEFAULT) -> str:
    """The address that begins at this position in a sentence, as far as its parts fit one; "" when there is none."""
    words = load_words(source)
    stretch = text[at : at + LONGEST_ADDRESS]
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
    return 0 < len(text) <= LONGEST_ADDRESS and len(run_at(text, 0, source)) >= len(text) - 2


_MAIL_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def mail_addresses(text: str) -> tuple[str, ...]:
    """The mail addresses in a text, in lower case, each once."""
    return tuple(dict.fromkeys(one.lower().strip(".") for one in _MAIL_ADDRESS.findall(text)))
