"""The data in a short reply to our request for missing data; here, an address without a ward counts.

A person asked for an address writes "ĐC: 5 Trường Chinh", which in a first mail would not count as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rules.requester.phones import find_phones
from rules.requester.plain_data import only_leads, plain_data
from rules.requester.vocabulary import DEFAULT, one_of, plain
from rules.text import squash
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Requester

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
def _matter(source: Source) -> frozenset[str]:
    """Words with diacritics that never occur in an address ("hỏng" does not, "Hồng" may)."""
    words = source.toml("asker.toml")["completion"].get("matter", ())
    return frozenset(one for phrase in words for one in squash(phrase).split())


def completed_by(text: str, asker: Requester, missing: Sequence[str], source: Source = DEFAULT) -> dict[str, str]:
    """The missing data of 21.1 in a reply: those recognised as usual, and others taken because we asked for them."""
    found = {key: value for key in missing if (value := getattr(asker, key))}
    if set(missing) - set(found):
        found = {key: value for key, value in plain_data(text, source).items() if key in missing} | found
    if "address" in missing and "address" not in found and len(text.split()) <= MOST_WORDS:
        told = len(text.split()) <= FEW_WORDS and (bool(found) or len(text.split()) <= ALONE)
        address = address_in(text, asker.name, source, told=told)
        found |= {"address": address} if address else {}
    if "phone" in missing and "phone" not in found and len(text.split()) <= ALONE:
        phones = find_phones(text, source)
        found |= {"phone": phones[0].typed} if len(phones) == 1 else {}
    if "name" in missing and "name" not in found and (name := couple_in(text, source)):
        found["name"] = name
    return found


def address_in(text: str, name: str = "", source: Source = DEFAULT, *, told: bool = True) -> str:
    """The place after "địa chỉ", "ĐC", "trú tại", else a part with a house number and a name; "" for none.

    ``told``: the text holds only such data, so that a bare "ở số 5 …" is the requester's home, not a broken road.
    """
    for one in reversed(find_phones(text, source)):
        text = f"{text[: one.start]}\n{text[one.start + len(one.typed) :]}"
    bare = plain(text)
    for found in _pattern("leads", source).finditer(bare):
        if found.group() == "o" and not told:
            continue
        rest = text[found.end() :]
        stop = _END.search(plain(rest))
        value = rest[: stop.start() if stop else len(rest)].strip(" :,.-–=là\t")
        if _is_place(value, source):
            return value
    if not told:
        return ""
    parts = [one.strip(" .:-") for one in _PART.split(text.replace(name, "\n") if name else text)]
    parts = [one for one in parts if one and not only_leads(one, source)]
    kept = [one for one in parts if _pattern("begins", source).match(plain(one))]
    value = ", ".join(kept[:3])
    return value if kept and _is_place(value, source) else ""


def _is_place(value: str, source: Source) -> bool:
    """True for a number or a place word with a name, and not a sentence."""
    if set(squash(value).split()) & _matter(source):
        return False
    said = plain(value).split()
    if not 2 <= len(said) <= 20 or len(value) > LONGEST_ADDRESS or "?" in value:
        return False
    numbered = any(one[0].isdigit() for one in said)
    placed = _pattern("begins", source).search(plain(value)) is not None
    return (numbered or placed) and any(one.isalpha() and len(one) > 1 for one in said)


def couple_in(text: str, source: Source = DEFAULT) -> str:
    """ "vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình" as the requester's name; "" for none."""
    found = _pattern("couples", source).search(plain(text))
    if found is None:
        return ""
    head = _PART.split(text[found.start() :])[0]
    stop = _pattern("leads", source).search(plain(head))
    value = (head[: stop.start()] if stop else head).strip(" .:-")
    return value if 3 <= len(value.split()) <= 14 and any(one[:1].isupper() for one in value.split()[2:]) else ""


__all__ = ["address_in", "completed_by", "couple_in"]
