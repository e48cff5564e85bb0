"""Names of people and of organisations as Vietnamese write them: family name first, given name last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules.requester.vocabulary import DEFAULT, Words, load_words, one_of, plain
from rules.text import clean, has_marks
from rules.values.data_file import Source
from rules.values.model import Requester, RequesterKind

MOST_WORDS = 6
"""A person's name has at most this many words."""
MOST_BLANKS = 16
"""A text with more blanks is prose, whatever titles and blanks surround a name."""
LONGEST_ORGANISATION = 160
_WORD = r"[^\W\d_][\w'’.\-]*"
_ROW = re.compile(rf"\s*{_WORD}(?:\s+{_WORD}){{0,{MOST_WORDS - 1}}}\s*")
_INITIALS = re.compile(r"^(?:[A-ZĐÂÊÔƠƯ]{1,2}\.){1,4}[A-ZĐÂÊÔƠƯ]?\.?$")
_NO_NAME = re.compile(r"[@<>\\]|https?:|\d{4}|www\.")
_SPEAKS_FOR = re.compile(r"^(?:TM\.?|T/M\.?|Thay mặt|Đại diện|thay mặt|đại diện)\s+(?:cho\s+)?")
_COUNTED = re.compile(r"^\d+\s+(?=ho|tieu thuong|giao vien|cong nhan|nguoi|cu dan)")
_MEMBER = re.compile(r"\s*(?:truong|pho|vien)\b")
"""Of a body one is its head or a member: "Chi hội trưởng", "Hội viên"."""
_DWELLERS = re.compile(
    r"^(?:nguoi dan|ba con|cu dan|nhan dan|dan) (?:xa|phuong|thon|lang|to|khu|ngo|xom)(?: \w+){1,4}$"
)
_HOUSEHOLD = re.compile(r"^(?:(?:hộ\s+)?gia đình|hộ)\s+(?=[^\W\d_])(?:ông bà|anh chị)?\s*(?=[^\W\d_])", re.IGNORECASE)
_INITIAL_LAST = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
_DIGITS = re.compile(r"\d{3}")
_VIA = re.compile(r"\s+(?:via|qua)\s+\S.*$")
_BRACKETS = re.compile(r"\(([^()]*)\)?")
_BESIDE = re.compile(r"\s+(?:và|va|cùng|với)\s+|\s*[,;/&+]\s*", re.IGNORECASE)
"""Between the names of several people."""
SHORTEST_BODY = 3
"""The name of an organisation without its legal form has at least this many words."""
_ADDRESS_LIKE = re.compile(r"[@/\\<>\d]|https?:")


def person(text: str, strict: bool = True, source: Source = DEFAULT) -> str:
    """The person's name if the whole text is one, without title of courtesy; else "".

    ``strict`` requires a family name, or a title of kinship ("Bác Tư"); without it any short row of capitals counts.
    """
    name, sure = any_person(text, source)
    return name if sure or not strict else ""


def any_person(text: str, source: Source = DEFAULT) -> tuple[str, bool]:
    """The person's name if the whole text is one, else ""; and whether its family name or title proves it."""
    if text.count(" ") > MOST_BLANKS:
        return "", False
    words = load_words(source)
    name = _bare(text)
    name = _untitled(_HOUSEHOLD.sub("", name) if name[:1] in "gGhH" else name, words)
    bare = plain(name)
    if not name or _ADDRESS_LIKE.search(name) or bare in words.barred:
        return "", False
    if _INITIALS.match(name):
        return name, True
    job = words.job.match(bare) if name.count(" ") > 1 else None
    if job and name[job.end() :].strip()[:1].isupper() and (holder := person(name[job.end() :], True, source)):
        return holder, True
    if learned := _learned(name, words):
        rest = person(name[learned:], True, source)
        return (name[:learned] + rest, True) if rest else ("", False)
    tokens = name.split() if _ROW.fullmatch(name) else []
    sure = _surely_named(tokens, bare.split(), words) if tokens else False
    if sure or _DWELLERS.match(bare) or (sure is None and _are_capitals(tokens, bare.split(), words)):
        return name, bool(sure)
    return "", False


def _bare(text: str) -> str:
    """The text without blanks and signs around it; the full stop of an initial stays ("Lê Thị N.")."""
    name = text.strip(" \t,;:*_–—-()\"“”'")
    return name.rstrip(". ") if name.endswith(".") and not _INITIAL_LAST.search(name) else name


def _surely_named(tokens: list[str], bare: list[str], words: Words) -> bool | None:
    """Whether words are a name by its family name, or in lower case by both parts; None when they may be."""
    first = bare[0]
    capital = all(token[0].isupper() for token in tokens)
    head = tokens[0].lower()
    if has_marks(head) and (
        head in words.sets["names", "address_heads"] or head in words.sets["names", "no_surnames"]
    ):
        return False
    if len(tokens) >= 2 and capital and first in words.sets["names", "surnames"]:
        return " ".join(bare[:2]) not in words.sets["names", "not_names"]
    if (
        2 <= len(tokens) <= 3
        and first in words.sets["names", "nicknames"]
        and all(t[0].isupper() for t in tokens[1:])
    ):
        return True
    if len(tokens) >= 3 and not capital and first in words.sets["names", "common"]:
        return in_small_letters(tokens, words)
    return None if capital else False


def in_small_letters(tokens: Sequence[str], words: Words) -> bool:
    """Whether words in small letters are a name by its first two parts, spelled as in names where they have marks:
    "đoạn hỏng nặng" is "Đoàn Hồng …" without marks alone."""
    bare, sets = [plain(one) for one in tokens], words.sets
    if len(bare) < 3 or not all(map(str.islower, tokens)):
        return False
    if bare[0] not in sets["names", "common"] or bare[1] not in sets["names", "middles"]:
        return False
    spelled = all(not has_marks(one) or clean(one) in sets["names", "spelled"] for one in tokens[:2])
    return spelled and (has_marks(" ".join(tokens)) or " ".join(bare[1:3]) not in sets["names", "matters"])


def _are_capitals(tokens: list[str], bare: list[str], words: Words) -> bool:
    """Whether a short row of capitalised words may be a name."""
    name = " ".join(tokens)
    if len(tokens) > 4 or (name.isupper() and len(name) > 8):
        return False
    return words.sets["names", "not_names"].isdisjoint((bare[0], " ".join(bare[:2])))


def _untitled(name: str, words: Words) -> str:
    """The name without "Ông", "Bà" … before a full name; "Bác Tư" keeps its title, which is part of the name."""
    head, _, rest = name.partition(" ")
    title = head.lower()
    marked = title in words.sets["names", "civil_titles"]
    if not marked and title not in words.sets["names", "plain_civil_titles"]:
        return name
    tokens = rest.split(None, 2)
    if len(tokens) < 2 or not tokens[0][0].isupper() or plain(tokens[0]) not in words.sets["names", "surnames"]:
        return name
    return rest.strip() if marked or not has_marks(name) else name


def _learned(name: str, words: Words) -> int:
    """The length of the titles "TS.", "PGS. TS." at the start, including blanks."""
    match = words.learned.match(plain(name))
    if not match or not (name[match.end() - 1].isspace() or name[match.end() - 1] == "."):
        return 0
    return match.end()


def learned(name: str, source: Source = DEFAULT) -> bool:
    """True for "PGS.TS Lê Văn A": a person who signs with such a title asks privately, whatever the employer."""
    return _learned(name, load_words(source)) > 0


def asks_at(text: str, words: Words) -> int:
    """Where the words begin by which a body goes on that asks itself ("… xin hỏi", "… chúng tôi"); 0 for none."""
    asks = words.asks.search(text)
    return asks.start() if asks and not words.clients.match(text, asks.end()) else 0


def organisation(text: str, source: Source = DEFAULT) -> str:
    """The organisation's name if the whole text is one, with its contact person in parentheses; else ""."""
    words = load_words(source)
    name = text.strip(' \t,;:.*_–—-"“”')
    name = _SPEAKS_FOR.sub("", name) if name[:1] in "TtĐđ" else name
    if not name or len(name) > LONGEST_ORGANISATION or words.is_sentence(name) or asks_at(name, words):
        return ""
    bare = _COUNTED.sub("", plain(name)) if name[0].isdigit() else plain(name)
    head = words.phrases["names", "organisations"].match(bare)
    own = head is not None and _MEMBER.match(bare, head.end()) is None
    if head and own and not _family(name, words) and _titled(name, head.end(), words):
        return name
    body = words.phrases["names", "bodies"].match(bare)
    return name if body and _has_contact(name, words) else ""


def addressed(name: str, source: Source = DEFAULT) -> bool:
    """True for a body that people write to: "Công ty Cấp nước Hải Phòng", "UBND phường Lê Chân"."""
    return bool(load_words(source).phrases["names", "addressed"].match(plain(name)))


def _family(name: str, words: Words) -> bool:
    """True for "Trương Văn Hoạt", "Đoàn Thị Hằng": the first word is a family name, not a school or a union."""
    first = name.split(maxsplit=1)[0].lower()
    marked = words.sets["names", "marked_heads"]
    if first == "đoàn" and plain(name.split()[1:2][0] if " " in name else "") in words.sets["names", "middles"]:
        return True
    if first in marked or plain(first) not in words.sets["names", "plain_marked_heads"]:
        return False
    return has_marks(name) or bool(person(name.partition("(")[0], True))


def _titled(name: str, end: int, words: Words) -> bool:
    """Whether a name follows the kind: "Công ty CP Nhựa", unlike "công ty chúng tôi đã nộp hồ sơ"."""
    if plain(name[end:]).lstrip().startswith(("chung toi", "toi", "em", "chau", "minh")):
        return False
    if words.sets["names", "verbs"].intersection(name.split()):
        return False
    outside = re.sub(r"\([^)]*\)", "", name)
    rest = outside[end:].split()
    capitals = sum(1 for token in rest if token[0].isupper() or token[0].isdigit())
    small = len(rest) - capitals
    return (
        bool(rest)
        and name[0].isupper()
        and capitals >= 1
        and small <= capitals + 4
        and not re.search(r"[.!?]\s", outside)
    )


def _has_contact(name: str, words: Words) -> bool:
    """Whether there is a person in parentheses at the end."""
    inside = re.search(r"\(([^()]*)\)\s*$", name)
    if not inside:
        return False
    lead = words.contact.match(plain(inside.group(1)))
    rest = inside.group(1)[lead.end() :] if lead else inside.group(1)
    return bool(person(rest.partition(",")[0])) or bool(lead and anonymous(rest))


def full_names(asker: Requester, source: Source = DEFAULT) -> tuple[str, ...]:
    """The requester's whole name, and what else in it names somebody: an organisation, with its legal form and
    without; people, a couple or the contact in brackets; the same of earlier names. The longest first."""
    found = {name for requester in _by_name(asker) for name in _names_in(requester, source)} - {""}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def _by_name(asker: Requester) -> tuple[Requester, ...]:
    """The requester under each of their names, today's and those before a correction."""
    return tuple(replace(asker, name=one, formerly=()) for one in (asker.name, *asker.formerly))


def _names_in(asker: Requester, source: Source) -> tuple[str, ...]:
    outside, short, forms = _outside(asker), "", load_words(source).sets["names", "forms"]
    group = _is_group(asker, source)
    if group:
        short = re.sub(rf"(?<!\w){one_of(forms)}(?!\w)", lambda hit: "_" * len(hit[0]), plain(outside))
        kept = (letter for letter, sign in zip(outside, short, strict=True) if sign != "_")
        short = " ".join("".join(kept).split())
    bodies = (outside, short) if len(short.split()) >= SHORTEST_BODY else (outside,) if group else ()
    return (asker.name, *bodies, *_people_named(asker, source))


def people_in(asker: Requester, source: Source = DEFAULT) -> tuple[str, ...]:
    """The people whom a requester's names name; for an organisation its contact, () for none."""
    return tuple(dict.fromkeys(name for requester in _by_name(asker) for name in _people_named(requester, source)))


def _people_named(asker: Requester, source: Source) -> tuple[str, ...]:
    inside = _BRACKETS.findall(asker.name)
    if _is_group(asker, source):
        return _people(inside, source)
    return _people((_outside(asker), *inside), source) or (asker.name,)


def _outside(asker: Requester) -> str:
    return _BRACKETS.sub(" ", asker.name).strip()


def _is_group(asker: Requester, source: Source) -> bool:
    return asker.kind is RequesterKind.ORGANISATION or organisation(asker.name, source) != ""


def _people(said: Iterable[str], source: Source) -> tuple[str, ...]:
    """The full names in "vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình" or "người liên hệ: Nguyễn Văn An"."""
    found = (_someone(one.strip(), source) for each in said for one in _BESIDE.split(each))
    return tuple(dict.fromkeys(filter(None, found)))


def _someone(text: str, source: Source) -> str:
    words, bare = load_words(source), plain(text)
    couple = re.match(rf"{one_of(words.sets['completion', 'couples'])}\s+", bare)
    contact = words.contact.match(bare)
    return (
        person(text, True, source)
        or (person(text[couple.end() :], True, source) if couple else "")
        or (person(text[contact.end() :], False, source) if contact else "")
    )


def anonymous(text: str, source: Source = DEFAULT) -> bool:
    """True when the text says that the name is withheld."""
    bare = plain(text)
    pattern, said = load_words(source).anonymous, bare.strip(" [")
    if pattern.match(said) or ("(" in said and pattern.search(said)):
        return True
    return bare.strip(" ()[].,:;-*").strip() in ("xx", "...")


def nobody(text: str, source: Source = DEFAULT) -> bool:
    """True for a word that names no particular person: "Người dân", "Admin"."""
    return " ".join(plain(text).strip(" ().,:;-*").split()) in load_words(source).sets["names", "nobody"]


def any_name(text: str, source: Source = DEFAULT) -> str:
    """The text after a label for the name: an organisation, a person, or any short words; "" for none."""
    text = text.partition(";")[0]
    value = _bare(text) if not text.rstrip().endswith(")") else text.strip(" \t,;:*_–—-")
    if anonymous(value, source) or nobody(value, source):
        return ""
    named = organisation(value, source) or person(value, False, source)
    if named:
        return named
    short = len(value.split()) <= MOST_WORDS + 4 and any(map(str.isalpha, value))
    return value if short and not _NO_NAME.search(value) else ""


def from_display(display: str, source: Source = DEFAULT) -> str:
    """The name in a From display name; "" when it is an address, a machine or no particular person."""
    value = " ".join(display.strip(" \t\"'“”").split())
    if "@" in value or not any(map(str.isalpha, value)) or _DIGITS.search(value):
        return ""
    if " " not in value and not has_marks(value) and not value.istitle():
        return ""
    value = _VIA.sub("", value)
    head, bracket, _ = value.partition("(")
    return (person(head, True, source) if bracket else "") or any_name(value, source)


def capitalised(text: str) -> str:
    """The words at the beginning that have a capital."""
    small = next((word.start() for word in re.finditer(r"\S+", text) if not word[0][0].isupper()), len(text))
    return text[:small].rstrip()


def is_short_for(text: str, name: Sequence[str]) -> bool:
    """True for words of a name (in small letters) in its order, of which the last is the given name."""
    left, spoken = iter(name), text.casefold().split()
    return spoken[-1:] == [*name[-1:]] and all(word in left for word in spoken)


def initials(name: str) -> str:
    """``Nguyễn Văn An`` as ``N.V.A.``; "" for no name."""
    return "".join(f"{word[0].upper()}." for word in re.findall(r"[^\W\d_]+", clean(name))[:8])


def shown_requester(asker: Requester, consent: bool | None, ward: str) -> str:
    """The requester as a page may show them: the name only with consent, else initials and ward."""
    name = clean(asker.name) if consent else initials(asker.name)
    if asker.kind is RequesterKind.ORGANISATION and not consent:
        name = "Một tổ chức, doanh nghiệp"
    return ", ".join(part for part in (name or "Người hỏi", ward) if part)
