"""Whom a reply addresses, and what its heading is about: an answer in the wrong thread is for somebody else.

Only what is sure counts: a name that shares no word with the requester's, a heading that shares no word with the
question. A name misspelt, a family name alone, or a relative whom the question names is no reason to wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.reply.evidence import content_of
from rules.reply.sentences import without_quotations
from rules.text import squash, strip_marks
from rules.values.data_file import SOURCES_KEPT, Source

HEAD = 700
"""Salutation and heading stand within this many characters; further below, a text may speak of anybody."""
LEAST_ASKED, LEAST_HEADING = 5, 2
"""A question and a heading with fewer words of weight are too vague to compare."""
FEW_SHARED = 1
"""A text about another matter may share a single word with the question by chance."""
LEAST_NAME = 2
"""A requester's name with fewer words is not known well enough."""
WHOLE_NAME = 3
"""A whole name has a family name, a middle name and a given name."""
NEAR_LETTERS = 3
"""Given names with at least this many letters may differ in one by a slip ("Thuỳ", "Thúy"; "Hiên", "Hiến")."""
_TITLE = r"(?:ông|bà|anh|chị|cô|chú|bác|cụ|dì|thầy|em|cháu|ong|ba|chi|co|chu|bac|cu)"
_ROLE = (
    r"(?:hộ gia đình|ho gia dinh|gia đình|gia dinh|vợ chồng|vo chong|hộ|công dân|cong dan|người dân|khách hàng|"
    r"khach hang|cử tri|cu tri|phụ huynh|phu huynh)"
)
_WORD = r"[^\W\d_]+"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,4}}"
_TITLED = rf"(?:{_ROLE}[ ]*:?[ ]+(?:{_TITLE}[ ]+)?|{_TITLE}[ ]*:?[ ]+)"
_NAMED = re.compile(rf"(?<!\w)(?={_TITLED}(?P<name>{_NAME}))(?P<title>{_TITLE}(?!\w))?", re.IGNORECASE)
"""A name with what leads to it; the next may begin within it."""
_PEOPLE = rf"(?P<rest>{_TITLED}{_NAME}(?:[ ]*(?:,|và|va|cùng|cung|và cùng)[ ]+{_TITLED}{_NAME}){{0,3}})"
_GREETS = re.compile(
    r"(?:^|(?<=[.!?:]\s)|(?<=\n))\W*(?:(?:dạ|da|em|cháu)[ ]+)?"
    r"(?:(?:kính|kinh|xin|thân|than|trân trọng|tran trong)[ ]+)?"
    r"(?:gửi|gởi|gui|goi|thưa|thua|chào|chao|dear)[ ]*(?:tới|đến|toi|den)?[ ]*:?[ ]*(?:quý|quy)?[ ]*" + _PEOPLE,
    re.IGNORECASE,
)
_ENDEARED = re.compile(rf"^\W*{_PEOPLE}\s+(?:thân|kính|quý|than|kinh|quy)\s+(?:mến|men|thương)(?!\w)", re.IGNORECASE)
_UNTITLED = re.compile(
    rf"(?:^|(?<=\n))\W*(?:kính[ ]+|kinh[ ]+)?(?:gửi|gui)[ ]*:?[ ]*(?P<name>{_NAME})(?=[ ]*(?:[,.;:(\n–-]|$))",
    re.IGNORECASE,
)
_OF = (
    r"(?:câu hỏi|cau hoi|ý kiến|y kien|phản ánh|phan anh|kiến nghị|kien nghi|thắc mắc|thac mac|đơn|don|thư|thu|"
    r"nội dung|noi dung)[ ]+(?:\w+[ ]+){0,2}?(?:của|cua)[ ]+"
)
_ANSWERS = re.compile(
    r"(?:(?:trả lời|tra loi|phúc đáp|phuc dap|giải đáp|giai dap)[ ]+(?:cho[ ]+)?"
    rf"(?:{_OF})?|(?:về|ve|đối với|doi voi)[ ]+{_OF}){_PEOPLE}",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:^|(?<=[\n,.!:]))\s*(?:v/v|vv|về việc|ve viec)\s*:?\s+(?P<about>[^\n:;.,]{4,160})", re.IGNORECASE
)
_PLAIN = frozenset({"van", "thi"})
"""Middle names of half the country."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words of names, words that begin no name behind a title, and words of any heading; without marks."""

    surnames: frozenset[str]
    common: frozenset[str]
    middles: frozenset[str]
    never: frozenset[str]
    ceremony: frozenset[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_name_words(source: Source = DEFAULT) -> NameWords:
    """Read the names of ``asker.toml`` and [addressee] of ``verbs.toml``. Raises ``DataFileError``."""
    names, words = source.toml("asker.toml")["names"], source.toml("verbs.toml")["addressee"]
    return NameWords(
        frozenset(names["surnames"]),
        frozenset(names["common"]),
        frozenset(names["middles"]),
        frozenset(strip_marks(words["never"]).split(", ")),
        frozenset(strip_marks(words["ceremony"]).split()),
    )


def addressed(text: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """The names of the people whom the head of a text greets or says it answers, without their titles."""
    head = without_quotations(text)[:HEAD]
    rests = [found["rest"] for pattern in (_GREETS, _ENDEARED, _ANSWERS) for found in pattern.finditer(head)]
    names = [name for rest in rests for name in _names(rest, source)]
    words = load_name_words(source)
    untitled = (found["name"] for found in _UNTITLED.finditer(head))
    whole = (name for name in untitled if name == _capitalised(name))
    names += [name for name in whole if _is_name(strip_marks(squash(name)).split(), words)]
    return tuple(dict.fromkeys(names))


def _is_name(bare: list[str], words: NameWords) -> bool:
    """True for a common family name with a middle name behind it."""
    return len(bare) >= WHOLE_NAME and bare[0] in words.common and bare[1] in words.middles


def _names(rest: str, source: Source) -> Iterator[str]:
    for found in _NAMED.finditer(rest):
        apart = ":" in rest[found.start() : found.start("name")]  # "trả lời ông: đường hỏng do xe tải"
        name = _capitalised(found["name"]) or ("" if apart else _in_small_letters(found["name"], source))
        begins = strip_marks(squash(found["name"])).split()[:2]
        words = load_name_words(source)
        sure = found["title"] or (len(name.split()) > 1 and begins[0] in words.surnames)
        if name and sure and words.never.isdisjoint((begins[0], " ".join(begins))):
            yield name


def _capitalised(words: str) -> str:
    """The capitalised words at the head; "" when there are none."""
    kept = list[str]()
    for word in words.split():
        if not word[0].isupper():
            break
        kept.append(word)
    return " ".join(kept)


def _in_small_letters(typed: str, source: Source) -> str:
    """A family name with a middle and a given name ("ngo thi ly"); any two words may be something else.

    With marks nobody writes a name in small letters, and "đường hỏng" is no "Dương Hồng".
    """
    words, said = load_name_words(source), typed.split()[:WHOLE_NAME]
    if strip_marks(squash(" ".join(said))) != squash(" ".join(said)):
        return ""
    bare = strip_marks(squash(typed)).split()[:WHOLE_NAME]
    return " ".join(said) if len(said) == len(bare) == WHOLE_NAME and _is_name(bare, words) else ""


def greets(text: str, asker: str, source: Source = DEFAULT) -> bool:
    """Whether the head of a text greets the requester by the given name, or says that it answers him."""
    own = _words(asker)
    return len(own) >= LEAST_NAME and any(_words(name)[-1] == own[-1] for name in addressed(text, source))


def another_person(text: str, asker: str, asked: str, source: Source = DEFAULT) -> str:
    """The person whom the text addresses, if that is surely not the requester; "" otherwise.

    ``asked``: the whole question; who is named in it may be greeted in the requester's place.
    """
    own = _words(asker)
    if len(own) < LEAST_NAME or own[0] in load_name_words(source).never:
        return ""
    named = addressed(text, source)
    if not named or _is_named_in(text, asker) or any(_may_be(name, asker) or _is_told(name, asked) for name in named):
        return ""
    return named[0]


def _words(name: str) -> list[str]:
    """The words of a name without marks, y as i."""
    return [one.replace("y", "i") for one in strip_marks(squash(name)).split()]


def _may_be(name: str, asker: str) -> bool:
    """True when a word of the name is one of the requester's, or name and family name differ by a slip at most.

    Two whole names that share their family name alone, which half the country has, are two people.
    """
    said, own = _words(name), _words(asker)
    alike = _near(said[-1], own[-1]) or _one_letter_more(said[-1], own[-1])
    shared = (set(said) - _PLAIN or set(said)) & set(own)
    whole = min(len(said), len(own)) >= WHOLE_NAME
    if shared and not (whole and shared == {own[0]} == {said[0]} and not alike):
        return True
    return alike and (len(said) == 1 or _near(said[0], own[0]))


def _near(one: str, other: str) -> bool:
    """True when two words differ in one letter at most."""
    if min(len(one), len(other)) < NEAR_LETTERS or abs(len(one) - len(other)) > 1:
        return one == other
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) <= 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _one_letter_more(one: str, other: str) -> bool:
    """ "An" and "Anh", "Lan": too short to be told apart from a slip."""
    short, long = sorted((one, other), key=len)
    return short in (long[1:], long[:-1])


def _is_named_in(text: str, asker: str) -> bool:
    """Whether the text speaks of the requester anywhere, by the whole name or by title and given name."""
    own = _words(asker)
    if f" {' '.join(own)} " in f" {_spaced(text)} ":
        return True
    called = ((_words(_capitalised(found["name"])), _words(found["name"])) for found in _NAMED.finditer(text))
    return any(capitals[-1:] == own[-1:] or said[0] == own[-1] for capitals, said in called)


def _is_told(name: str, asked: str) -> bool:
    """Whether the question names that person."""
    return f" {' '.join(_words(name)[-2:])} " in f" {_spaced(asked)} "


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", strip_marks(squash(text)).replace("y", "i")))


def another_matter(text: str, asked: str, source: Source = DEFAULT, *, whole: str = "") -> str:
    """The heading ("Về việc …"), if neither it nor the text shares anything with the question; "" otherwise.

    ``whole``: the question with its requester's data, whose street a heading may name.
    """
    known, ceremony = content_of(asked, source), load_name_words(source).ceremony
    told = known | content_of(whole, source)
    if sum(" " not in one for one in known) < LEAST_ASKED:
        return ""
    for found in _HEADING.finditer(text[:HEAD]):
        about = {one for one in content_of(found["about"], source) if not set(one.split()) & ceremony}
        if sum(" " not in one for one in about) < LEAST_HEADING:
            continue
        shared = content_of(text, source) & known
        if not about & told and len(shared) <= FEW_SHARED and not any(" " in one for one in shared):
            return found["about"].strip()
    return ""
