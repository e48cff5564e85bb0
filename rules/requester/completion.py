"""The data in a short reply to our request for missing data; here, an address without a ward counts.

A person asked for an address writes "ĐC: 5 Trường Chinh", which in a first mail would not count as one.

Data of clause 21.1 may also be told in plain sentences: "Tên thì đây ạ: …, gọi tôi theo số …". A mail is
read so only if every clause is understood: it leads to data, or is a name, a place or a number. If a single word is
about anybody or anything else, nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile

from rules.requester.contact_data import find_phones, run_at
from rules.requester.names import capitalised, in_small_letters, person
from rules.requester.own_data import without_denied
from rules.requester.redaction import left_of_identity, speaks_of_identity
from rules.requester.vocabulary import DEFAULT, load_words, one_of, plain
from rules.text import has_marks, squash
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Requester

MOST_PLAIN_WORDS = 45
"""A mail of nothing but data has at most this many words."""
LEAST_NAME, MOST_NAME = 3, 5
"""A name has so many words; with two it may be a street, and needs words that lead to it."""
MOST_BEHIND = 4
"""Leading phrases behind data have at most this many words."""
MOST_PLACE = 10
"""A part of an address has at most this many words."""
_FIRST_CLAUSE = re.compile(r"[,;.!?(\n]")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")
_NAMED = re.compile(r"(?:(?:toi|em|chau|minh)\s+)?(?:ho\s+)?ten(?:\s+(?:toi|em|chau|minh))?(?:\s+la)?\s+")
_DATA_FOLLOW = re.compile(
    r"\s*(?:(?:nhe|a|nha|ah|day|thua)\s*)*(?:$|\(|(?:dia chi|d/c|dc|dien thoai|sdt|dt|o|nha o|so)\s)"
)
_CLAUSE = re.compile(r"[,;:!?\n#]+|\.(?=\s|$)|\s[-–—]\s")
_NO_NAME = re.compile(r"[^\w\s/-]+")
_PLACED = re.compile(r"(?:\d{1,4}[a-z]?(?:[/-]\d+[a-z]?)*)(?=\s+[a-z])")


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Words that lead to data, and those that lead to a name; clauses that are no data (an age,
    "no telephone"); words that belong to an address and words that do not; words of names."""

    talk: re.Pattern[str]
    names: re.Pattern[str]
    asides: re.Pattern[str]
    begins: re.Pattern[str]
    prose: re.Pattern[str]
    places: re.Pattern[str]
    """Names of places with a word of prose in them ("Cát Bi")."""
    matter: frozenset[str]
    surnames: frozenset[str]
    bare: bool
    """True for a text typed without marks."""

    def said(self, tokens: list[str]) -> str:
        """The words as the patterns compare them."""
        text = squash(" ".join(tokens))
        return plain(text) if self.bare else text


@lru_cache(maxsize=SOURCES_KEPT * 2)
def load_plain_words(source: Source = DEFAULT, *, bare: bool = False) -> PlainWords:
    """Read [completion] and [names] of ``asker.toml``. Raises ``DataFileError``."""
    data = source.toml("asker.toml")
    asked, names = data["completion"], data["names"]
    leads = {
        key: [plain(squash(one)) if bare else squash(one) for one in asked[key]]
        for key in ("talk", "name_talk", "asides")
    }
    return PlainWords(
        re.compile(rf"(?<!\w){one_of((*leads['talk'], *leads['name_talk']))}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(leads['name_talk'])}(?!\w)"),
        re.compile(rf"(?:{one_of(leads['asides'])})\W*"),
        re.compile(rf"(?<!\w){one_of(asked['begins'])}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(asked['prose'])}(?!\w)"),
        re.compile(rf"(?<!\w){one_of(asked['places'])}(?!\w)"),
        frozenset(one for phrase in asked.get("matter", ()) for one in squash(phrase).split()),
        frozenset(names["surnames"]),
        bare,
    )


def plain_data(text: str, source: Source = DEFAULT) -> dict[str, str]:
    """Name, address and telephone of a mail that holds nothing else; {} for any other."""
    if len(text.split()) > MOST_PLAIN_WORDS or "?" in text:
        return {}
    phones = find_phones(text, source)
    if len(phones) > 1:
        return {}
    found, places, led = {"phone": phones[0].typed} if phones else {}, list[str](), False
    for one in phones:
        text = f"{text[: one.start]} # {text[one.start + len(one.typed) :]}"
    words = load_plain_words(source, bare=not has_marks(text))
    for part in _CLAUSE.split(text):
        if _is_aside(part, words):
            continue
        before, rest = _trimmed(part.split(), words)
        leads = words.names.search(words.said(part.split())) is not None
        may_name = not found.get("name") and (leads or not places)
        if not rest:
            led = leads
        elif may_name and (name := _name(before, rest, words, led=led or leads, source=source)):
            found["name"] = name
        elif _is_place_alone(rest, words, source, after=bool(places)):
            places.append(" ".join(rest))
        else:
            return {}
    return found | ({"address": ", ".join(places)} if places else {})


MOST_ADDED = 60


def completes(text: str, source: Source = DEFAULT) -> bool:
    """True for a short text that says it adds something ("Tôi xin bổ sung địa chỉ: …"), whatever it adds it to, or
    that tells only who its writer is."""
    if len(text.split()) > MOST_ADDED:
        return False
    said = "sung" in text.lower() and "bo sung" in plain(squash(text))  # that syllable has no diacritics
    return said or bool(plain_data(text, source))


def _is_aside(part: str, words: PlainWords) -> bool:
    return words.asides.fullmatch(re.sub(r"\d+", "#", words.said(part.split()))) is not None


def _trimmed(tokens: list[str], words: PlainWords) -> tuple[list[str], list[str]]:
    """The leading words at the beginning, and the rest without those at the end."""
    before = list[str]()
    while tokens and (taken := _taken(tokens, words)):
        before, tokens = [*before, *tokens[:taken]], tokens[taken:]
    while tokens and (taken := _taken_behind(tokens, words)):
        tokens = tokens[:-taken]
    return before, [one for one in tokens if one.strip(".-–—")]


def _taken(tokens: list[str], words: PlainWords) -> int:
    """How many words at the beginning form the longest leading phrase; the number of a house keeps its word."""
    match = words.talk.match(words.said(tokens))
    count = len(match.group().split()) if match else 0
    numbered = count and tokens[count:] and tokens[count][0].isdigit() and plain(tokens[count - 1]) == "so"
    return count - 1 if numbered else count


def _taken_behind(tokens: list[str], words: PlainWords) -> int:
    """How many words in small letters at the end form a leading phrase ("… nhé ạ"), if others stand before them."""
    for count in range(min(MOST_BEHIND, len(tokens) - 1), 0, -1):
        behind = tokens[-count:]
        if all(map(str.islower, behind)) and words.talk.fullmatch(words.said(behind)):
            return count
    return 0


def _name(before: list[str], tokens: list[str], words: PlainWords, *, led: bool, source: Source) -> str:
    """A name with its family name behind words that lead to it at most; one of two words must have such."""
    bare, least = plain(" ".join(tokens)).split(), LEAST_NAME - led
    if words.names.sub(" ", words.said(before)).strip() or not least <= len(tokens) <= MOST_NAME:
        return ""
    if not all(one.isalpha() for one in bare) or len(bare) != len(tokens):
        return ""
    if all(one[0].isupper() for one in tokens):
        return " ".join(tokens) if bare[0] in words.surnames else ""
    return " ".join(tokens) if in_small_letters(tokens, load_words(source)) else ""


def _is_place_alone(tokens: list[str], words: PlainWords, source: Source, *, after: bool) -> bool:
    """True for a part of an address: nothing but place words, or a number with a name; behind one, a name alone."""
    rest = " ".join(tokens)
    text = plain(rest)
    if words.matter & set(squash(rest).split()) or not re.sub(r"\W+", "", words.talk.sub(" ", words.said(tokens))):
        return False
    if len(run_at(rest, 0, source)) >= len(rest) - 1:
        return True
    if numbered := _PLACED.match(text):
        few = len(text[numbered.end() :].split()) <= LEAST_NAME
        prose = words.prose.search(words.places.sub(" ", text))
        placed = len(tokens) <= MOST_PLACE and words.begins.search(text) and not prose
        return few or bool(placed)
    return after and len(tokens) <= LEAST_NAME and all(one[0].isupper() for one in tokens)


def only_leads(text: str, source: Source = DEFAULT) -> bool:
    """True for words that only lead to data ("số điện thoại của tôi")."""
    words = load_plain_words(source, bare=not has_marks(text))
    return not re.sub(r"\W+", "", words.talk.sub(" ", words.said(text.split())))


MOST_WORDS, FEW_WORDS, ALONE = 60, 25, 12
"""The most words of a mail that may complete a question; of one mostly of data; of one that is only an address."""
LONGEST_ADDRESS = 120
_END = re.compile(
    r"[\n;]|[.,]?\s*\b(?:sdt|so may|dt|d t|dien thoai|so dien thoai|so dt|tel|phone|lien he|ho ten|ten)\b\s*[:.]?"
)
_PART = re.compile(r"[,;\n]")
_NUMBERED = r"\d{1,4}[a-z]?(?:/\d+[a-z]?)*\s+[a-z]"


@lru_cache(maxsize=SOURCES_KEPT * 16)
def _pattern(key: str, source: Source) -> re.Pattern[str]:
    """A pattern for a list of ``asker.toml`` [completion], as whole words."""
    begins = f"|{_NUMBERED}" if key == "begins" else ""
    return re.compile(rf"(?<!\w)(?:{one_of(source.toml('asker.toml')['completion'][key])}(?!\w){begins})")


@lru_cache(maxsize=SOURCES_KEPT)
def _no_places(source: Source) -> re.Pattern[str]:
    """What begins like a part of an address and is none ("số thửa")."""
    return re.compile(rf"{one_of(source.toml('asker.toml')['addresses']['never'])}(?!\w)")


@lru_cache(maxsize=SOURCES_KEPT)
def _matter(source: Source) -> frozenset[str]:
    """Words with diacritics that never occur in an address ("hỏng" does not, "Hồng" may)."""
    words = source.toml("asker.toml")["completion"].get("matter", ())
    return frozenset(one for phrase in words for one in squash(phrase).split())


def completed_by(text: str, asker: Requester, missing: Sequence[str], source: Source = DEFAULT) -> dict[str, str]:
    """The missing data of 21.1 in a reply: those recognised as usual, and others taken because we asked for them."""
    found = {key: value for key in missing if (value := getattr(asker, key))}
    text = without_denied(left_of_identity(text, source))  # the number of a card is no house's
    if set(missing) - set(found):
        first = plain_data(_SENTENCE_END.split(text.strip(), maxsplit=1)[0], source)
        told = plain_data(text, source) or (first if set(first) == {"name", "phone"} else {})
        found = {key: value for key, value in told.items() if key in missing} | found
    if "address" in missing and "address" not in found and len(text.split()) <= MOST_WORDS:
        mostly = len(text.split()) <= FEW_WORDS and (bool(found) or len(text.split()) <= ALONE)
        address = address_in(text, asker.name, source, told=mostly)
        found |= {"address": address} if address else {}
    if "phone" in missing and "phone" not in found and len(text.split()) <= ALONE:
        phones = find_phones(text, source)
        found |= {"phone": phones[0].typed} if len(phones) == 1 else {}
    if speaks_of_identity(found.get("address", ""), source):
        del found["address"]
    if "name" in missing and "name" not in found and (name := couple_in(text, source) or _name_first(text, source)):
        found["name"] = name
    return found


def _name_first(text: str, source: Source) -> str:
    """The name with which a reply begins, alone or with data behind it: "Lê Văn Tám nhé. Cho hỏi thêm …"."""
    clause = _FIRST_CLAUSE.split(text.strip())[0]
    led = _NAMED.match(plain(clause))
    said = clause[led.end() if led else 0 :]
    name = capitalised(said)
    return name if _DATA_FOLLOW.match(plain(said[len(name) :])) and person(name, True, source) else ""


def address_in(text: str, name: str = "", source: Source = DEFAULT, *, told: bool = True) -> str:
    """The place after "địa chỉ", "ĐC", "trú tại", else a part with a house number and a name; "" for none.

    ``told``: the text holds only such data, so that a bare "ở số 5 …" is the requester's home, not a broken road.
    """
    for one in reversed(find_phones(text, source)):
        text = f"{text[: one.start]}\n{text[one.start + len(one.typed) :]}"
    bare = plain(text)
    for match in _pattern("leads", source).finditer(bare):
        if match.group() == "o" and not told:
            continue
        rest = text[match.end() :]
        if _is_anothers(text[: match.start()], match.group(), rest, source):
            return ""
        stop = _END.search(plain(rest))
        value = rest[: stop.start() if stop else len(rest)].strip(" :,.-–=là\t")
        if _is_place(value, source):
            return _without_more(value, source)
    if not told:
        return ""
    parts = [one.strip(" .:-") for one in _PART.split(text.replace(name, "\n") if name else text)]
    words = load_plain_words(source, bare=not has_marks(text))
    parts = [one for one in parts if one and not only_leads(one, source) and not _is_aside(one, words)]
    begins, none = _pattern("begins", source), _no_places(source)
    kept = [one for one in parts if begins.match(plain(one)) and not none.match(plain(one))]
    value = ", ".join(kept[:3])
    return value if kept and _is_place(value, source) else ""


def _without_more(value: str, source: Source) -> str:
    """The place without what follows it: "18 Trần Phú nhé", "phường Gia Viên, gọi cho tôi"."""
    run = run_at(value, 0, source)
    more = plain(value[len(run) :]).split()
    return (
        run if run and more and more[0].strip(",") in {"", *load_words(source).sets["addresses", "stops"]} else value
    )


_OF_ANOTHER = re.compile(r"\W*(?:nha\s+)?(?:ong|ba|anh|chi|co|chu|bac|cu)\s+(?:[a-z]+\s+){1,4}(?:la|o)\s")


def _is_anothers(before: str, lead: str, rest: str, source: Source) -> bool:
    """True for "Địa chỉ nhà ông B là …" and for "Vỉa hè ở …"."""
    if _OF_ANOTHER.match(plain(rest)):
        return True
    clause = squash(_CLAUSE.split(before)[-1])
    words = source.toml("asker.toml")["completion"]["things"]
    return lead == "o" and re.match(rf"{one_of(words)}(?!\w)", clause) is not None


def begins_as_place(value: str, source: Source = DEFAULT) -> bool:
    """True for a text whose first word is a number, or one that a part of an address begins with ("ngõ", "thôn")."""
    return value[:1].isdigit() or _pattern("begins", source).match(plain(value)) is not None


def places_in(text: str, source: Source = DEFAULT) -> frozenset[str]:
    """The streets and hamlets that a text names, without marks: what is written large behind "phố", "ngõ 20"."""
    sets, found = load_words(source).sets, set[str]()
    for part in _NO_NAME.split(text):
        said = part.split()
        for at, word in enumerate(said, 1):
            heads = word.lower() in sets["names", "address_heads"] and plain(word) not in sets["addresses", "units"]
            behind = dropwhile(lambda one: one[0].isdigit(), said[at:] if heads else ())
            found.add(plain(" ".join(takewhile(str.istitle, behind))))
    return frozenset(found - {""})


def _is_place(value: str, source: Source) -> bool:
    """True for a number or a place word with a name, and not a sentence."""
    if set(squash(value).split()) & _matter(source) or speaks_of_identity(value, source):
        return False
    said = plain(value).split()
    if not 2 <= len(said) <= 20 or len(value) > LONGEST_ADDRESS or "?" in value:
        return False
    numbered = any(one[0].isdigit() for one in said)
    placed = _pattern("begins", source).search(plain(value)) is not None
    placed = placed and said[0] != "so"  # "số mới" is no house
    return (numbered or placed) and any(one.isalpha() and len(one) > 1 for one in said)


def couple_in(text: str, source: Source = DEFAULT) -> str:
    """ "vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình" as the requester's name; "" for none."""
    match = _pattern("couples", source).search(plain(text))
    if match is None:
        return ""
    head = _PART.split(text[match.start() :])[0]
    stop = _pattern("leads", source).search(plain(head))
    value = (head[: stop.start()] if stop else head).strip(" .:-")
    return value if 3 <= len(value.split()) <= 14 and any(one[:1].isupper() for one in value.split()[2:]) else ""


__all__ = ["address_in", "begins_as_place", "completed_by", "completes", "couple_in"]
