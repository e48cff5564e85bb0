"""The words by which people introduce themselves, from ``asker.toml``, and their plain form for comparing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from rules.text import has_marks, strip_marks
from rules.text.patterns import one_of_rows
from rules.values.data_file import SOURCES_KEPT, Source

BEGINNINGS = (
    ("names", "organisations"),
    ("names", "bodies"),
    ("names", "addressed"),
    ("names", "contact_words"),
    ("sentences", "jobs"),
    ("sentences", "employees"),
    ("addresses", "starts"),
    ("addresses", "never"),
)
"""Lists that are searched for at the beginning of a text."""
TYPED = (("names", "civil_titles"), ("names", "marked_heads"), ("names", "address_heads"))
"""Lists with diacritics that are also searched for without them."""
DEFAULT = Source()
"""The shipped data files."""
LABEL_KINDS = ("name", "organisation", "contact", "permanent", "address", "current", "phone", "other")
"""The kinds of data that a label introduces."""


BLANKS = r"[ \u00a0]+"


@lru_cache(maxsize=128)
def plain(text: str) -> str:
    """Lower-case letters without diacritics, each at the position of its original: indices agree in both texts."""
    if text.isascii():
        return text.lower()
    bare = normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore")
    if len(bare) == len(text):  # apart from diacritics, every letter is ASCII
        return bare.decode("ascii").lower()
    return text.translate({ord(letter): _bared(letter) for letter in set(text)})


def _bared(letter: str) -> str:
    bare = strip_marks(letter).lower()
    return bare if len(bare) == 1 else letter


def one_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first, with any blanks between its syllables."""
    return _one_of(words if isinstance(words, frozenset) else frozenset(words))


@lru_cache(maxsize=256)
def _one_of(words: frozenset[str]) -> str:
    return one_of_rows([BLANKS if letter == " " else re.escape(letter) for letter in word] for word in sorted(words))


@dataclass(frozen=True, slots=True)
class Words:
    """The data of ``asker.toml`` with its patterns compiled; every pattern works on plain text."""

    data: Mapping[str, Any]
    sets: Mapping[tuple[str, str], frozenset[str]]
    """Section and key of a list → its words as a set."""
    phrases: Mapping[tuple[str, str], re.Pattern[str]]
    """The same for the lists of ``BEGINNINGS``: a pattern for the start of a plain text, up to the end of a word."""
    label_kind: Mapping[str, str]
    line_label: re.Pattern[str]
    inner_label: re.Pattern[str]
    third_party: re.Pattern[str]
    places: frozenset[str]
    barred: frozenset[str]
    """Words that are no person's name."""
    closer: re.Pattern[str]
    opener: re.Pattern[str]
    anonymous: re.Pattern[str]
    learned: re.Pattern[str]
    contact: re.Pattern[str]
    kin: re.Pattern[str]
    before_self: re.Pattern[str]
    """What may stand before the pronoun of who introduces himself, in the same clause."""
    before_reason: re.Pattern[str]
    """What stands before "nên" in a clause: a reason, in which others may be named."""
    calls: re.Pattern[str]
    """A whole clause that only greets people by their titles."""
    greeted: re.Pattern[str]
    """A greeting at the head of a clause, up to the office of whom it calls to."""
    other_first: re.Pattern[str]
    """A clause that begins with somebody else ("Cô phụ trách lớp em"), or ends before its object."""
    elder: re.Pattern[str]
    """An elder's words before his own name, at the head of a clause: "Bác là"; in the text as typed."""
    not_elder: re.Pattern[str]
    """Words of who tells of another in such a sentence: "Ông là … đã lấn đất nhà tôi"; in the text as typed."""
    belongs: re.Pattern[str]
    """Whose tenant or relative the writer says he is, behind his name (", con của bà Lan,"): his own home follows."""
    others: re.Pattern[str]
    """Words for other people ("người đánh", "chủ nhà"), and not "người dân"."""
    others_named: re.Pattern[str]
    """The same with "là" or "tên là" behind, up to the name."""
    titled_small: re.Pattern[str]
    """A title with a common family name and one more word."""
    unit: re.Pattern[str]
    city: re.Pattern[str]
    street: re.Pattern[str]
    stop: re.Pattern[str]
    ends: tuple[str, ...]
    """Words that follow a place name in English."""
    sentence: tuple[re.Pattern[str], re.Pattern[str]]
    """Words of a sentence, for a text in small letters with its marks and for one without marks."""

    asks: re.Pattern[str]
    """What an organisation that asks says behind its name."""
    job: re.Pattern[str]
    """What people are, before their names."""
    clients: re.Pattern[str]
    """How people go on who work for a body or pay it: "Tập đoàn … chúng tôi mua nhà của họ"."""

    def is_sentence(self, text: str) -> bool:
        """True for what can be no name and no address: a question, or words that make a sentence."""
        marked, bare = self.sentence
        return "?" in text or bool(marked.search(text.lower()) if has_marks(text) else bare.search(plain(text)))


BULLETS = r"[ \t\r\f\v\u00a0\u2000-\u200a\u3000>*_•·+\-–—]*"
"""What stands before a line's words; no line end, or each line would be looked through from each before it."""
_BULLET = rf"^{BULLETS}(?:\(?[\da-h]{{1,2}}[.)/]\s*)?"
_SIGN = r"(?P<sign>[:=|：]|\t|[-–—](?=\s)|(?=\s))"
_BETWEEN = r"(?:(?<=[,;|.–—\t/(])|(?<=[-])|(?<=\s\s))\s*"


@lru_cache(maxsize=SOURCES_KEPT)
def load_words(source: Source = DEFAULT) -> Words:
    """The words of ``asker.toml`` and the names of ``wards.tsv``. Raises ``DataFileError``."""
    data = source.toml("asker.toml")
    kinds = {word: kind for kind in LABEL_KINDS for word in data["labels"][kind]}
    label = one_of(kinds)
    strong = one_of(data["labels"]["strong"])
    note = r"(?:[ ]?\([^()\n]{0,40}\))?"
    sets = {(section, key): frozenset(value) for section, key, value in _lists(data)}
    either = {key: one_of(value) for key, value in sets.items()}
    sets |= {(section, f"plain_{key}"): frozenset(map(plain, sets[section, key])) for section, key in TYPED}
    places = _places(source)
    return Words(
        data=data,
        sets=sets,
        phrases={
            (section, key): re.compile(one_of(value) + r"(?!\w)")
            for section, key, value in _lists(data)
            if (section, key) in BEGINNINGS
        },
        label_kind=kinds,
        line_label=re.compile(
            rf"{_BULLET}(?P<label>{label})(?:/{label})?(?:[ ]la)?{note}\*{{0,2}}\s*{_SIGN}", re.MULTILINE
        ),
        inner_label=re.compile(
            rf"{_BETWEEN}(?P<label>{label})(?:[ ]la)?{note}\s*:|(?<=\s)(?P<strong>{strong})(?:[ ]la)?{note}\s*:"
        ),
        third_party=re.compile(
            rf"^[\s*•\-+]*(?=[^:(\n]{{0,60}}:)[^:\n]{{0,50}}\b{one_of(data['labels']['third_party'])}\b"
            r"[^:\n]{0,40}:"
        ),
        places=places,
        barred=sets["names", "not_names"] | sets["names", "nobody"] | places,
        closer=re.compile(rf"^[\W_]*(?:nay[ ]|va[ ]|toi[ ]|em[ ])?{one_of(data['sentences']['closers'])}[\W_]*$"),
        opener=re.compile(rf"^[\W_]*{one_of(data['sentences']['openers'])}(?!\w)"),
        anonymous=re.compile(rf"(?:^|\(){either['names', 'anonymous']}(?:$|\W|\s)"),
        learned=re.compile(rf"(?:{either['names', 'learned_titles']}\.?\s*)+(?=\S)"),
        contact=re.compile(rf"^(?:{either['names', 'contact_words']}[: ]\s*)+"),
        **_people(either),
        unit=re.compile(rf"\b{either['addresses', 'units']}\s*(?=\w)"),
        city=re.compile(rf"\b{either['addresses', 'cities']}(?!\w)"),
        street=re.compile(rf"\b{either['addresses', 'streets']}\s+\w"),
        stop=re.compile(rf"(?<=\s){either['addresses', 'stops']}(?!\w)"),
        ends=tuple(sets["addresses", "ends"]),
        asks=re.compile(rf"\s{either['names', 'asks']}(?!\w)"),
        sentence=(
            re.compile(rf"(?<!\w){one_of(sets['names', 'sentence'])}(?!\w)"),
            re.compile(rf"(?<!\w){one_of(map(plain, sets['names', 'sentence']))}(?!\w)"),
        ),
    )


def _people(either: Mapping[tuple[str, str], str]) -> dict[str, re.Pattern[str]]:
    """The patterns by which the writer and those of whom he writes are told apart."""
    others = rf"(?<!\w)(?!{either['sentences', 'no_others']}(?!\w)){either['sentences', 'others']}(?!\w)"
    return {
        "kin": re.compile(rf"(?<!\w){either['sentences', 'kin']}$"),
        "before_self": re.compile(
            rf"(?:{either['sentences', 'before_self']}\s*)+|(?:.*\s)?{either['sentences', 'particles']}"
        ),
        "before_reason": re.compile(rf"^.*(?<!\w){either['sentences', 'so_then']}(?!\w)"),
        "greeted": re.compile(
            rf"^[\W_]*{either['sentences', 'greets']}\s(?:[a-z]+\s){{0,2}}?{either['sentences', 'offices']}(?!\w)"
        ),
        "calls": re.compile(rf"[\W_]*{either['sentences', 'greets']}(?:\s+{either['sentences', 'called_to']})+"),
        "other_first": re.compile(
            rf"[\W_]*{either['sentences', 'other_first']}(?!\w)|(?:.*\s)?{either['sentences', 'object_last']}$"
        ),
        "elder": re.compile(
            rf"(?:^|[.!?,:;\n])\s*(?:dạ |da )?{either['sentences', 'elders']}\s+(?:tên\s+|ten\s+)?l[àa]\s+(?=\w)",
            re.IGNORECASE,
        ),
        "not_elder": re.compile(rf"(?<!\w){either['sentences', 'not_elders']}(?!\w)", re.IGNORECASE),
        "belongs": re.compile(
            rf"\s*,\s*(?:la\s+)?{either['sentences', 'belongs']}(?!\w)(?:(?!\bbi\b)[^.,;:\n]){{0,30}}\scua\s+"
            rf"(?:ong|ba|anh|chi|co|chu|bac|cu)(?:\s+[a-z]+){{1,4}}\s*,"
        ),
        "job": re.compile(rf"{either['sentences', 'jobs']}(?:\s+{either['sentences', 'job_words']})*(?!\w)"),
        "clients": re.compile(rf"\s+(?:đang |từng |đã )?{either['names', 'clients']}(?!\w)"),
        "others": re.compile(others),
        "others_named": re.compile(rf"{others}[^.,;:!?\n]{{0,60}}?\s(?:ten\s+la|la|ten)\s+"),
        "titled_small": re.compile(rf"(?<!\w)(?:ong|ba|anh|chi|co|chu|bac|cu)\s+{either['names', 'common']}\s+[a-z]"),
    }


def _lists(data: Mapping[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [(section, key, value) for section, table in data.items() for key, value in table.items()]


def _places(source: Source) -> frozenset[str]:
    """Plain names of wards and communes without their kind."""
    names = (plain(row["name"]) for row in source.tsv("wards.tsv"))
    return frozenset(re.sub(r"^(?:phuong|xa|dac khu)\s+", "", name) for name in names)
