"""Removes personal data from public texts: address, phone, mail, papers; the requester becomes initials.

The Personal Data Protection Law (91/2025/QH15, Art. 16) lets a portal show what a person agrees to or a law requires.
The words are in ``blanking.toml``. Matches are replaced; a person approves the result before it is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.requester.contact_data import find_phones
from rules.requester.names import capitalised, full_names, initials, is_short_for, people_in
from rules.requester.vocabulary import plain
from rules.text import clean
from rules.text.patterns import NOTHING
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Requester, RequesterKind

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){0,5}\.\s?[a-z]{2,}",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b\d{2}\s?[-–]?\s?[A-ZĐ][A-Z0-9Đ]?\s?[-–]?\s?\d{3}[.\s]?\d{2}\b|\b\d{2}[A-ZĐ]\d?[- ]\d{4}\b")
_DIGITS = re.compile(r"(?<![\w.,/-])\d(?:[ .-]?\d){0,40}(?![\w/])")
_CARD = re.compile(r"(?<![\w.,/-])0(?:[ .-]?\d){11}(?![ .-]?[\w/])")
"""The number of an identity card by itself: twelve digits, of which the first is 0."""
_MONEY = re.compile(r"\s?(?:đồng|dong|vnđ|vnd|đ\b|usd|triệu|tỷ|m2|m²|%)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_NUMBER = r"\d{1,5}+[A-Za-zĐđ]?\d{0,2}+(?:\s?[/-]\s?\d{1,5}+[A-Za-z]?)*"
_PART = re.compile(r"\s*[,;]\s*")
_WORD = r"[^\W\d_]{1,12}"
_WORDS = rf"{_WORD}(?:[ ]+{_WORD}){{0,6}}"
Span = tuple[int, int]
LABEL_WORDS = 3
"""In a signature's line, at most this many other words accompany the removed data."""


@dataclass(frozen=True, slots=True)
class Blanking:
    """The words of ``blanking.toml`` as patterns, with their replacements."""

    instead: Mapping[str, str]
    house: re.Pattern[str]
    sure: re.Pattern[str]
    paper: re.Pattern[str]
    birth: re.Pattern[str]
    account: re.Pattern[str]
    identity: re.Pattern[str]
    """The name of an identity paper, without diacritics."""
    family: re.Pattern[str]
    """The same of a paper about a person's family, birth or insurance."""
    numbered: re.Pattern[str]
    """An identity paper with its number."""
    titled: re.Pattern[str]
    """A title of address and the word behind it, the group "value"."""
    greeted: re.Pattern[str]
    """A line that begins with a name of several words, the group "value", and calls to its bearer."""
    lane_before: re.Pattern[str]
    """A lane's word at the end of what stands before a number."""
    unsaid: re.Pattern[str]
    """In plain text: a street's kind, and the houses at both ends of a stretch. "housed": what precedes a number."""
    housed: re.Pattern[str]
    never: frozenset[str]
    """Such pairs that name somebody or something else."""
    shortest: int
    longest_name: int


@lru_cache(maxsize=SOURCES_KEPT)
def load_blanking(source: Source = DEFAULT) -> Blanking:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("blanking.toml")
    place = data["address"]
    lanes = rf"(?:,?\s*(?:{_one_of(place['lane'])})\s*(?:số\s*)?{_NUMBER}){{0,8}}"
    street = rf",?\s*(?:{_one_of(place['street'])})\s*(?:số\s*)?"
    head = rf"(?:{_one_of(place['house'])})\s*:?\s*{_NUMBER}{lanes}{street}"
    sure = rf"(?:{_one_of(place['sure'])})\s*:?\s*{_NUMBER}{lanes}(?:{street})?"
    calls = rf"(?:{_one_of(data['given']['calls'])})(?!\w)"
    end = rf"(?:\s+(?:{_one_of(map(plain, place['house']))}))?\s+{_NUMBER}"
    stretch = "".join(rf"(?:{_one_of(map(plain, place[one]))}){end}\s*" for one in ("stretch_from", "stretch_to"))
    return Blanking(
        instead=data["instead"],
        house=re.compile(rf"(?<!\w){head}", re.IGNORECASE),
        sure=re.compile(rf"(?<!\w){sure}", re.IGNORECASE),
        paper=_numbered(data["paper"]["labels"]),
        birth=re.compile(
            rf"(?<!\w)(?:{_one_of(data['birth']['labels'])})(?!\w)\W{{0,3}}"
            r"(?P<value>\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|(?:19|20)\d\d|"
            r"\d{1,2}\s+(?:th[áa]ng\s+\d{1,2},?\s+)?n[ăa]m\s+(?:19|20)\d\d)",
            re.IGNORECASE,
        ),
        account=re.compile(
            rf"(?<![\w-])(?:https?://)?(?:[\w-]{{1,63}}\.){{0,4}}(?:{_one_of(data['account']['hosts'])})/\S+",
            re.IGNORECASE,
        ),
        identity=_named(data["identity"]["names"]),
        family=_named(data["identity"]["family"]),
        numbered=_numbered(data["identity"]["names"]),
        titled=re.compile(
            rf"(?<!\w)(?P<place>(?i:{_one_of(data['given']['places'])})\s+)?"
            rf"(?P<title>(?i:{_one_of(data['given']['titles'])}))\s+(?=(?P<value>{_WORDS})(?!\w))"
        ),
        greeted=re.compile(
            rf"^[^\w\n]*(?P<value>{_WORD}(?:[ ]+{_WORD}){{1,6}}?)\s*(?:{calls}|[,:!]|$)", re.MULTILINE
        ),
        lane_before=re.compile(rf"(?<!\w)(?:{_one_of(place['lane'])})\s+(?:số\s+)?\Z", re.IGNORECASE),
        unsaid=re.compile(rf"(?<!\w)(?:{stretch}|{_one_of(map(plain, place['unsaid']))})(?!\w)"),
        housed=re.compile(rf"\W*(?:{_one_of(map(plain, place['house']))})(?=[\s:]*\d)[\s:]*"),
        never=frozenset(data["given"]["never"]),
        shortest=data["paper"]["shortest"],
        longest_name=place["longest_name"],
    )


def _named(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{_one_of(map(plain, names))})(?![a-z])")


def _numbered(labels: Iterable[str]) -> re.Pattern[str]:
    """A paper of one of these names and its number, the group "value"."""
    return re.compile(
        rf"(?<!\w)(?:{_one_of(labels)})(?!\w)[^\w\n]{{0,3}}(?:(?:số|là|của tôi)\W{{1,3}}){{0,3}}"
        r"(?P<value>(?=[\w.-]*\d{3})[A-Z0-9][A-Z0-9. -]{4,24}[A-Z0-9])",
        re.IGNORECASE,
    )


def _one_of(words: Iterable[str]) -> str:
    """The longest first, with any space between their syllables."""
    forms = [r"\s+".join(map(re.escape, one.split())) for one in sorted(words, key=len, reverse=True)]
    return "|".join(forms) or NOTHING


def blanked(text: str, asker: Requester = Requester(), source: Source = DEFAULT) -> str:  # noqa: B008 - frozen value
    """The text without data that identify or locate a person. A second run changes nothing."""
    words = load_blanking(source)
    said = clean(text)
    steps: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
        ("account", lambda now: (hit.span() for hit in words.account.finditer(now))),
        ("email", lambda now: (hit.span() for hit in _EMAIL.finditer(now))),
        ("address", lambda now: _own_address(now, asker)),
        ("address", lambda now: _own_house(now, asker, words)),
        ("address", lambda now: _houses(now, words)),
        ("birth", lambda now: (hit.span("value") for hit in words.birth.finditer(now))),
        ("paper", lambda now: (hit.span("value") for hit in words.paper.finditer(now))),
        ("phone", lambda now: _own_phone(now, asker)),
        ("phone", lambda now: ((one.start, one.end) for one in find_phones(now, source))),
        ("plate", lambda now: (hit.span() for hit in _PLATE.finditer(now))),
        ("paper", lambda now: _rows_of_digits(now, words)),
    )
    for name, find in steps:
        said = replaced(said, find(said), words.instead[name])
    said = _unnamed(said, asker, source)
    for name in people_in(asker, source):
        said = replaced(said, _given_name(said, name, words), initials(name))
    return said


def without_own(text: str, asker: Requester, email: str, instead: str) -> str:
    """The text without the requester's own name, address, phone and mail address; what it says of others stays."""
    left = text
    for find in (_own_address, _own_phone):
        left = replaced(left, find(left, asker), instead)
    for name in full_names(asker):
        left = replaced(left, _found(left, name), instead)
    return re.sub(re.escape(email), instead, left, flags=re.IGNORECASE) if email else left


def speaks_of_identity(text: str, source: Source = DEFAULT) -> bool:
    """True for a text, or the name of a file, that names an identity paper."""
    return load_blanking(source).identity.search(re.sub(r"[\W_]+", " ", plain(text))) is not None


def speaks_of_papers(text: str, source: Source = DEFAULT) -> bool:
    """The same for these and for papers about a family, a birth or an insurance."""
    said = re.sub(r"[\W_]+", " ", plain(text))
    return speaks_of_identity(text, source) or load_blanking(source).family.search(said) is not None


def without_identity(text: str, source: Source = DEFAULT) -> str:
    """The text without the numbers of identity papers."""
    words = load_blanking(source)
    said = replaced(text, (hit.span() for hit in _CARD.finditer(text)), words.instead["paper"])
    return replaced(said, (hit.span("value") for hit in words.numbered.finditer(said)), words.instead["paper"])


def left_of_identity(text: str, source: Source = DEFAULT) -> str:
    """What is left of a text when the numbers of identity papers go, with the names before them."""
    return _CARD.sub(" ", load_blanking(source).numbered.sub(" ", text))


def own_blanked(text: str, asker: Requester, source: Source = DEFAULT) -> str:
    """The text without the requester's own address, phone and (for a person) name; other places remain."""
    instead = load_blanking(source).instead
    said = clean(text)
    said = replaced(said, _own_address(said, asker), instead["address"])
    said = replaced(said, _own_phone(said, asker), instead["phone"])
    if asker.kind is RequesterKind.ORGANISATION:
        return said
    return _unnamed(said, asker, source)


def own_signs(asker: Requester, source: Source = DEFAULT) -> tuple[str, ...]:
    """The placeholders for the requester's data in a text of :func:`own_blanked`."""
    instead = load_blanking(source).instead
    return tuple(
        filter(None, (instead["address"], instead["phone"], *map(initials, full_names(asker, source)), asker.name))
    )


def without_signature(text: str, asker: Requester = Requester(), source: Source = DEFAULT) -> str:  # noqa: B008 - frozen value
    """A redacted text without last lines that only hold removed data ("ĐT: [số điện thoại]")."""
    signs = [*load_blanking(source).instead.values(), *map(initials, full_names(asker, source))]
    lines = text.rstrip().split("\n")
    while len(lines) > 1:
        rest = lines[-1]
        for sign in filter(None, signs):
            rest = rest.replace(sign, " ")
        if len(re.findall(r"[^\W_]+", rest)) > LABEL_WORDS or (rest == lines[-1] and rest.strip()):
            break
        lines.pop()
    return "\n".join(lines).rstrip()


def replaced(text: str, spans: Iterable[Span], instead: str) -> str:
    """The text with these places replaced; of places that overlap none is left."""
    pieces, last = [], 0
    for start, end in sorted(spans):
        pieces += [text[last:start], instead]
        last = max(last, end)
    return "".join([*pieces, text[last:]])


def _phrase(phrase: str) -> re.Pattern[str] | None:
    """These words in a row, ignoring case, diacritics and separators; None for fewer than two."""
    found = re.findall(r"\w+", plain(phrase))
    return re.compile(r"(?<!\w)" + r"[\W_]{1,4}".join(map(re.escape, found)) + r"(?!\w)") if len(found) > 1 else None


def _found(text: str, phrase: str) -> Iterator[Span]:
    pattern = _phrase(phrase)
    bare = plain(text)
    if pattern is not None and len(bare) == len(text):
        yield from (hit.span() for hit in pattern.finditer(bare))


def _own_address(text: str, asker: Requester) -> Iterator[Span]:
    """The requester's address: whole, or the part with house and street; ward and city alone may stay."""
    parts = [part for part in _PART.split(asker.address) if part]
    taken: set[int] = set()
    for length in range(len(parts), 0, -1):
        if length == 1 and not any(char.isdigit() for char in parts[0]):
            break
        for start, end in _found(text, ", ".join(parts[:length])):
            if start not in taken and end - 1 not in taken:
                taken.update(range(start, end))
                yield start, end


def _own_phone(text: str, asker: Requester) -> Iterator[Span]:
    digits = re.sub(r"\D", "", asker.phone)
    if len(digits) >= 8:
        yield from (hit.span() for hit in re.finditer(r"(?<!\d)" + r"[\s.\-()]{0,3}".join(digits) + r"(?!\d)", text))


def _unnamed(text: str, asker: Requester, source: Source) -> str:
    """The text with the requester's full names as initials."""
    for name in full_names(asker, source):
        text = replaced(text, _found(text, name), initials(name))
    return text


def _own_house(text: str, asker: Requester, words: Blanking) -> Iterator[Span]:
    """The house and street as people shorten them: "5/12 Trường Chinh" for "Số 5/12 đường Trường Chinh"."""
    house, number = _house(asker, words)
    if not number:
        return
    taken = 0
    for start, end in sorted((*_found(text, house), *_found(text, number)), key=lambda one: (one[0], -one[1])):
        lane = words.lane_before.search(text, max(0, start - 20), start)
        if start >= taken and lane is None:
            taken = end
            yield start, end


def _house(asker: Requester, words: Blanking) -> tuple[str, str]:
    house = words.unsaid.sub(" ", plain(_PART.split(asker.address)[0]))
    number = words.housed.sub("", house, count=1)
    return house, number if re.match(r"\s*\d", number) and re.search(r"[a-z]{2}", number) else ""


def house_of(asker: Requester, source: Source = DEFAULT) -> str:
    """The house's number and its street, as :func:`shortened` leaves them in a text; "" without a number."""
    return _house(asker, load_blanking(source))[1]


def shortened(text: str, source: Source = DEFAULT) -> str:
    """A text without marks, what is often left out before a street's name, and the ends of a stretch."""
    return load_blanking(source).unsaid.sub(" ", plain(text))


def _given_name(text: str, name: str, words: Blanking) -> Iterator[Span]:
    """What people call a person by behind a title ("bà Bình", "bà Thị Bình") or in a call ("Thanh Bình thân mến"):
    as it is written, in no longer name."""
    parts = clean(name).casefold().split()
    if len(parts) < 2:
        return
    for hit in words.titled.finditer(text):
        said = capitalised(hit["value"])
        called = is_short_for(said, parts) and not hit["place"]
        if called and f"{hit['title']} {said}".casefold() not in words.never:
            yield hit.start("value"), hit.start("value") + len(said)
    for hit in words.greeted.finditer(text):
        said = capitalised(hit["value"])
        if said == hit["value"] and is_short_for(said, parts):
            yield hit.span("value")


def _houses(text: str, words: Blanking) -> Iterator[Span]:
    """House, lane and street with its name, as far as its words are capitalised."""
    end = 0
    hits = (*words.house.finditer(text), *words.sure.finditer(text))
    for hit in sorted(hits, key=lambda match: (match.start(), -match.end())):
        if hit.start() >= end:
            end = _end_of_name(text, hit.end(), words.longest_name)
            yield hit.start(), end


def _end_of_name(text: str, at: int, most: int) -> int:
    """The position after the capitalised words that follow, and after spaces before them only if there are any."""
    before = text[max(0, at - 80) : at]
    end = at - len(before) + len(before.rstrip(" ,"))
    for word in re.finditer(r"[ ]*([^\W_]+)", text[at : at + 80]):
        first = word[1][0]
        if not most or at + word.start() > max(end, at) or not (first.isupper() or first.isdigit()):
            break
        end, most = at + word.end(), most - 1
    return end


def _rows_of_digits(text: str, words: Blanking) -> Iterator[Span]:
    """Long rows of digits, which are somebody's number unless they are money or have thousands separators."""
    for hit in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", hit.group())
        if len(digits) >= words.shortest and not (_MONEY.match(text, hit.end()) or _THOUSANDS.fullmatch(hit.group())):
            yield hit.span()
