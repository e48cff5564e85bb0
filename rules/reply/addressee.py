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
from rules.reply.patterns import load_line_patterns
from rules.reply.sentences import content_of, spaced, without_quotations
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_list
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
_WORD = r"[^\W\d_]+"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,4}}"
_UP_TO_TWO_WORDS = r"(?:\w+[ ]+){0,2}?"
_BEHIND_A_STOP = r"(?:^|(?<=[.!?:]\s)|(?<=\n))\W*"
_AT_A_LINE = r"(?:^|(?<=\n))\W*"
_NAME_ENDS = r"(?=[ ]*(?:[,.;:(\n–-]|$))"
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


@dataclass(frozen=True, slots=True)
class Salutations:
    """Where a text names whom it addresses; "rest" holds the people with their titles, "name" one name, "about" a
    heading.
    """

    named: re.Pattern[str]
    """A name with what leads to it; the next may begin within it."""
    people: tuple[re.Pattern[str], ...]
    """A greeting, a letter's fond address, and words that say whose question is answered."""
    joined: re.Pattern[str]
    """Several people in a row."""
    untitled: re.Pattern[str]
    heading: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_salutations(source: Source = DEFAULT) -> Salutations:
    """Compile [addressee] of ``verbs.toml``. Raises ``DataFileError``."""
    data = source.toml("verbs.toml")["addressee"]
    of = {key: one_of_list(words) for key, words in data.items()}
    of["titles"] = one_of_list(f"{data['elders']}, {data['others']}")
    titled = rf"(?:{of['roles']}[ ]*:?[ ]+(?:{of['titles']}[ ]+)?|{of['titles']}[ ]*:?[ ]+)"
    rest = rf"(?P<rest>{titled}{_NAME}(?:[ ]*(?:,|{of['joins']})[ ]+{titled}{_NAME}){{0,3}})"
    greets = (
        rf"{_BEHIND_A_STOP}(?:{of['self']}[ ]+)?(?:{of['polite']}[ ]+)?"
        rf"{of['greets']}[ ]*{of['towards']}?[ ]*:?[ ]*{of['honoured']}?[ ]*{rest}"
    )
    fond = rf"^\W*{rest}\s+{of['fond']}\s+{of['fondly']}(?!\w)"
    asked = rf"{of['things']}[ ]+{_UP_TO_TWO_WORDS}{of['of']}[ ]+"
    answers = rf"(?:{of['answers']}[ ]+(?:{of['for']}[ ]+)?(?:{asked})?|{of['about']}[ ]+{asked}){rest}"
    untitled = rf"{_AT_A_LINE}(?:{of['formal']}[ ]+)?{of['sends']}[ ]*:?[ ]*(?P<name>{_NAME}){_NAME_ENDS}"
    heading = rf"(?:^|(?<=[\n,.!:]))\s*{of['headings']}\s*:?\s+(?P<about>[^\n:;.,]{{4,160}})"
    return Salutations(
        named=_compiled(rf"(?<!\w)(?={titled}(?P<name>{_NAME}))(?P<title>{of['titles']}(?!\w))?"),
        people=(_compiled(greets), _compiled(fond), _compiled(answers)),
        joined=_compiled(rf"(?:{titled}{_NAME}?[ ]*(?:,|{of['joins']})[ ]+){{1,3}}{titled}{_NAME}"),
        untitled=_compiled(untitled),
        heading=_compiled(heading),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


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
    names = [name for rest in _greetings(text, source) for name in _names(rest, source)]
    words, head = load_name_words(source), without_quotations(text)[:HEAD]
    untitled = (match["name"] for match in load_salutations(source).untitled.finditer(head))
    whole = (name for name in untitled if name == _capitalised(name))
    names += [name for name in whole if _is_name(strip_marks(squash(name)).split(), words)]
    return tuple(dict.fromkeys(names))


def greeted_together(text: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """The names of several people whom one greeting at the head of a text joins; () where each is greeted alone."""
    joined = load_salutations(source).joined
    match = next(filter(None, map(joined.match, _greetings(text, source, to_end=True))), None)
    return tuple(_names(match[0], source)) if match else ()


def _greetings(text: str, source: Source, *, to_end: bool = False) -> list[str]:
    head = without_quotations(text)[:HEAD]
    greeted = [match for pattern in load_salutations(source).people for match in pattern.finditer(head)]
    return [head[match.start("rest") :] if to_end else match["rest"] for match in greeted]


def _is_name(bare: list[str], words: NameWords) -> bool:
    """True for a common family name with a middle name behind it."""
    return len(bare) >= WHOLE_NAME and bare[0] in words.common and bare[1] in words.middles


def _names(rest: str, source: Source) -> Iterator[str]:
    for match in load_salutations(source).named.finditer(rest):
        apart = ":" in rest[match.start() : match.start("name")]  # "trả lời ông: đường hỏng do xe tải"
        name = _capitalised(match["name"]) or ("" if apart else _in_small_letters(match["name"], source))
        begins = strip_marks(squash(match["name"])).split()[:2]
        words = load_name_words(source)
        sure = match["title"] or (len(name.split()) > 1 and begins[0] in words.surnames)
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


def another_person(text: str, asker: str, asked: str, source: Source = DEFAULT) -> str:
    """The person whom the text addresses, if that is surely not the requester; "" otherwise.

    ``asked``: the whole question; a person named in it may be greeted instead of the requester.
    """
    own = _words(asker)
    if len(own) < LEAST_NAME or own[0] in load_name_words(source).never:
        return ""
    named = addressed(text, source)
    if not named or _is_named_in(text, asker, source):
        return ""
    return "" if any(_may_be(name, asker) or _is_told(name, asked) for name in named) else named[0]


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


def _is_named_in(text: str, asker: str, source: Source) -> bool:
    """Whether the text speaks of the requester anywhere, by the whole name or by title and given name."""
    own = _words(asker)
    if f" {' '.join(own)} " in _spaced(text):
        return True
    named = load_salutations(source).named.finditer(text)
    called = ((_words(_capitalised(match["name"])), _words(match["name"])) for match in named)
    return any(capitals[-1:] == own[-1:] or said[0] == own[-1] for capitals, said in called)


def _is_told(name: str, asked: str) -> bool:
    """Whether the question names that person."""
    return f" {' '.join(_words(name)[-2:])} " in _spaced(asked)


def _spaced(text: str) -> str:
    return spaced(text).replace("y", "i")


def another_matter(text: str, asked: str, source: Source = DEFAULT, *, whole: str = "") -> str:
    """The heading ("Về việc …"), if neither it nor the text shares anything with the question; "" otherwise.

    ``whole``: the question with its requester's data, whose street a heading may name.
    """
    known, ceremony = content_of(asked, source), load_name_words(source).ceremony
    told = known | content_of(whole, source)
    if sum(" " not in one for one in known) < LEAST_ASKED:
        return ""
    for match in load_salutations(source).heading.finditer(text[:HEAD]):
        about = {one for one in content_of(match["about"], source) if not set(one.split()) & ceremony}
        if sum(" " not in one for one in about) < LEAST_HEADING:
            continue
        shared = content_of(text, source) & known
        if not about & told and len(shared) <= FEW_SHARED and not any(" " in one for one in shared):
            return match["about"].strip()
    return ""


def another_question(text: str, asked: str, source: Source = DEFAULT) -> str:
    """What a text repeats as the question above its answer, if that shares nothing with the one asked; else ""."""
    told = content_of(asked, source)
    for match in load_line_patterns(source).repeated.finditer(text):
        said = match[0].partition(":")[2]
        about = content_of(said, source)
        few = min(sum(" " not in one for one in words) for words in (about, told)) < LEAST_ASKED
        if not few and len(about & told) <= FEW_SHARED and not any(" " in one for one in about & told):
            return " ".join(said.split())
    return ""
