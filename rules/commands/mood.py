"""The words of a line with their diacritics, and whether the line asks for something to be done now.

Reports, plans, negations, conditions and questions do not ask for that. Diacritics count here: "đã chuyển" reports,
"dạ chuyển" is a courtesy; without diacritics "da" is read as "đã".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from itertools import chain, islice, product
from sys import intern
from typing import Any, TypeAlias

from rules.text import has_marks, squash, strip_marks

_WORD = re.compile(r"[^\W_]+")
_ALTERNATIVES = re.compile(r"[()]")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
MOST_WORDS = 80
"""Only this many words of a line count; by then its purpose is clear."""
LONGEST_SAID = 2000
"""These words stand within so many characters, so that a line of any length costs no more."""
Words: TypeAlias = tuple[str, ...]  # a phrase
REPORT, PLAN, NEGATION, CONDITION, QUESTION = "report", "plan", "negation", "condition", "question"
DOUBT, CLASH = "doubt", "clash"
"""A command in a mail that does not sound like one (``likely_orders``), or that another line contradicts."""
HIDES, ALTERS = "hides", "alters"
"""The line sends a letter to a unit that must not learn who asks; or it sends a text of which a part must stay."""
STOPPED = "stopped"
"""The line gave a command, and a later line of the same mail takes it back."""
_SIGN = re.compile(r"[,.;:!?\-–—(]\s*$")
MOST_TAKEN_BACK = 14
"""What takes an order back has at most so many words."""
LONGEST = 600
"""Only this many characters of a line are searched for a mood."""
_REASON = re.compile(r"(?<=[,;.:!?])|(?=\s(?:vì|do|bởi|vi|boi)\s)", re.IGNORECASE)
"""Where a clause begins, or its reason."""
_COURTESY_DA = re.compile(r"^\W*(?:dạ(?!\w)|da\s*[,.!])", re.IGNORECASE)


class Phrases(tuple[Words, ...]):
    """Phrases that are found by their first or last word: a table with all forms spelt out may have 49,000."""

    @cached_property
    def _by_word(self) -> dict[tuple[int, bool], dict[str, list[Words]]]:
        return {}

    def with_word(self, words: Iterable[str], place: int, *, bare: bool) -> Iterator[Words]:
        """The phrases with one of the words at a position, 0 or -1, without diacritics if ``bare``."""
        index = self._by_word.get((place, bare))
        if index is None:
            index = {}
            for one in self:
                index.setdefault(_bare_word(one[place]) if bare else one[place], []).append(one)
            self._by_word[place, bare] = index
        return chain.from_iterable(index.get(word, ()) for word in words)


def phrases(said: Sequence[str]) -> Phrases:
    """Phrases with their diacritics, the longest first; each word is kept once, as many phrases have it."""
    every = (tuple(map(intern, _WORD.findall(one))) for each in said for one in spelt_out(squash(each)))
    return Phrases(sorted(every, key=lambda one: -len(one)))


def spelt_out(phrase: str) -> tuple[str, ...]:
    """Every form of a phrase with alternatives: "(đưa|xếp) câu này (|qua|về)" stands for six."""
    parts = [one.split("|") for one in _ALTERNATIVES.split(phrase)]
    return tuple(" ".join("".join(one).split()) for one in product(*parts))


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of a line with diacritics and positions; ``bare`` when the line has no diacritics at all."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    bare: bool

    def spelt(self, wanted: Words) -> Words:
        """A phrase as the line would have it: without diacritics if the line has none."""
        return _bare(wanted) if self.bare else wanted

    def begins(self, at: int, wanted: Words, *, strict: bool = False) -> bool:
        """True when the wanted words are at that position; without diacritics if the line has none."""
        if at < 0 or len(self.words) - at < len(wanted) or (self.bare and strict):
            return False
        return self.words[at : at + len(wanted)] == self.spelt(wanted)


@cache
def _bare(phrase: Words) -> Words:
    """A phrase without diacritics; cached, because every position is compared with thousands of phrases."""
    return tuple(map(_bare_word, phrase))


@cache
def _bare_word(word: str) -> str:
    """A word of a phrase without diacritics: tens of thousands of phrases are made of a few thousand words."""
    return strip_marks(word)


def said_in(line: str) -> Statement:
    """The first words of a line, enough to see its purpose; none within links: "…/doi-thoai" is not "đợi"."""
    line = line[:LONGEST_SAID]
    matches = list(islice(_WORD.finditer(without_links(line)), MOST_WORDS))
    return Statement(
        tuple(squash(match.group()) for match in matches), tuple(one.span() for one in matches), not has_marks(line)
    )


def without_links(text: str) -> str:
    """The text with links replaced by blanks, so that all positions stay the same."""
    return _LINK.sub(lambda match: " " * len(match[0]), text)


def length_at(statement: Statement, place: int, wanted: Sequence[Words]) -> int:
    """The number of words of the longest phrase at a position; 0 for none."""
    if not 0 <= place < len(statement.words):
        return 0
    likely = _with_word(statement.words[place : place + 1], 0, wanted, bare=statement.bare)
    return next((len(one) for one in likely if statement.begins(place, one)), 0)


def _possible(statement: Statement, wanted: Sequence[Words]) -> list[Words]:
    """The phrases whose first word occurs in a line: few of thousands, which each position is compared with."""
    return list(_with_word(frozenset(statement.words), 0, wanted, bare=statement.bare))


def _with_word(words: Collection[str], place: int, wanted: Sequence[Words], *, bare: bool) -> Iterable[Words]:
    """The phrases that have one of the words at a place, 0 or -1; those of each word in their order."""
    if isinstance(wanted, Phrases):
        return wanted.with_word(words, place, bare=bare)
    return [one for one in wanted if (_bare_word(one[place]) if bare else one[place]) in words]


def each_in(statement: Statement, wanted: Sequence[Words], but: Collection[Words] = ()) -> Iterator[tuple[int, int]]:
    """Each position of one of the phrases, not of ``but``, in a line, and the words of the longest there, counted."""
    possible = [one for one in _possible(statement, wanted) if one not in but]
    for place in range(len(statement.words)) if possible else ():
        if length := length_at(statement, place, possible):
            yield place, length


def found_in(text: str, wanted: Sequence[Words], marked: Collection[Words] = ()) -> bool:
    """Whether one of the phrases occurs in a text; those in ``marked`` only if it has diacritics."""
    statement = said_in(text)
    return any(each_in(statement, wanted, marked if statement.bare else ()))


def ends_with(statement: Statement, wanted: Sequence[Words]) -> bool:
    """Whether a line ends with one of the phrases."""
    likely = _with_word(statement.words[-1:], -1, wanted, bare=statement.bare)
    return any(statement.begins(len(statement.words) - len(one), one) for one in likely)


def without(text: str, wanted: Sequence[Words]) -> str:
    """The text with the phrases replaced by blanks, so that all positions stay the same."""
    statement, place = said_in(text), 0
    possible = _possible(statement, wanted)
    while place < len(statement.words):
        length = length_at(statement, place, possible)
        if length:
            begins, ends = statement.places[place][0], statement.places[place + length - 1][1]
            text = f"{text[:begins]}{' ' * (ends - begins)}{text[ends:]}"
        place += length or 1
    return text


@dataclass(frozen=True, slots=True)
class MoodWords:
    """Phrases with diacritics (``commands.toml`` [mood]); ``heads`` gives the mood of a line by its beginning."""

    heads: tuple[tuple[Words, str], ...]
    subjects: tuple[Words, ...]
    conditions: tuple[Words, ...]
    reasons: tuple[Words, ...]
    denied: tuple[Words, ...]
    """Words that begin a reason, and those of ``conditions`` that then only belong to it; …"""
    bids: tuple[Words, ...]
    its_acts: tuple[Words, ...]
    """… those that begin a word to the unit, and "before" with an act that is the unit's."""
    questions: tuple[Words, ...]
    done: tuple[Words, ...]
    """Endings of a report: "Chuyển SXD rồi"."""
    particles: frozenset[str]
    stops: tuple[Words, ...]
    taken_back: tuple[Words, ...]
    taken_back_from: tuple[Words, ...]
    taken_back_to: tuple[Words, ...]
    """Whole lines and clauses that take an order back; the first words of others, and the last."""
    elsewhere: tuple[Words, ...]
    settled: tuple[Words, ...]
    open: tuple[Words, ...]
    open_always: tuple[Words, ...]
    addressed: frozenset[str]
    """Endings that make a clause a question; those that make any order one; and who may be addressed after them."""
    comments: tuple[Words, ...]
    undone: tuple[Words, ...]
    apart: tuple[Words, ...]
    in_turn: tuple[Words, ...]
    only_marked: frozenset[Words]
    """Phrases that can mean something else without diacritics."""


def mood_words(data: Mapping[str, Sequence[str]]) -> MoodWords:
    """The section of the data file, longest phrases first."""
    heads = [
        (one, mood) for mood in (REPORT, PLAN, NEGATION, CONDITION, QUESTION) for one in phrases(data.get(mood, ()))
    ]
    sets = {"particles", "addressed"}
    names = [one.name for one in fields(MoodWords) if one.name != "heads"]
    read: dict[str, Any] = {one: (frozenset if one in sets else phrases)(data[one]) for one in names}
    read["only_marked"] = frozenset(read["only_marked"])
    return MoodWords(heads=tuple(sorted(heads, key=lambda one: -len(one[0]))), **read)


def is_courtesy_da(line: str) -> bool:
    """True for "dạ", or "da" before a comma; "da chuyen" is a report."""
    return _COURTESY_DA.match(line) is not None


def asks(text: str, words: MoodWords) -> bool:
    """True for a question, by its question mark or its ending."""
    return text.rstrip(" .\"”'’)").endswith("?") or _ends(text, words.questions, words)


def asks_openly(text: str, words: MoodWords, *, always: bool = False) -> bool:
    """Whether a clause ends as a question without its mark ("… sang 10/12 ko em"); ``always``: whatever the order."""
    statement, asking = said_in(text[-LONGEST:]), words.open_always if always else words.open
    wanted = [one for one in asking if not (statement.bare and one in words.only_marked)]  # "den duong hong"
    end = _end(statement, {*words.particles, *words.addressed, *map(_bare_word, words.addressed)})
    asked = any((one,) in wanted for one in statement.words[end:])
    return asked or any(statement.begins(end - len(one), one) for one in wanted)


def takes_back(text: str, words: MoodWords, *, whole: bool = False) -> bool:
    """Whether a line or clause takes an order back: "khoan đã", "để chị hỏi anh Bình đã" (not if ``whole``)."""
    statement = said_in(text)
    end = _end(statement, words.particles - {"thôi"})
    if length_at(statement, 0, words.taken_back) in {end, len(statement.words)} - {0}:
        return True
    whole = whole or not 1 < end <= MOST_TAKEN_BACK or bool(length_at(statement, 0, words.elsewhere))
    spans = not whole and length_at(statement, 0, words.taken_back_from)
    return bool(spans) and any(statement.begins(end - len(one), one) for one in words.taken_back_to)


def is_done(text: str, words: MoodWords) -> bool:
    """True when the words after a command say that it was carried out already: "rồi", "hôm qua"."""
    return _ends(text, words.done, words)


def _end(statement: Statement, particles: Collection[str]) -> int:
    """Where the words end before the particles."""
    end = len(statement.words)
    while end and statement.words[end - 1] in particles:
        end -= 1
    return end


def _ends(text: str, wanted: Sequence[Words], words: MoodWords) -> bool:
    statement = said_in(text[-LONGEST:])
    end = _end(statement, words.particles)
    return any(statement.begins(end - len(one), one) and end >= len(one) for one in wanted)


def has_condition(text: str, words: MoodWords, *, ahead: bool = False) -> bool:
    """A condition, exception or negation in the words after a command (``ahead``: only at their start).

    In a reason ("vì bên này chưa có ai làm", "do không phải việc của mình") a negation sets no condition.
    """
    said = said_in(_without_denials_of_reasons(text, words))
    places = range(min(1, len(said.words)) if ahead else len(said.words))
    return any(said.begins(at, one, strict=one in words.only_marked) for at in places for one in words.conditions)


def _without_denials_of_reasons(text: str, words: MoodWords) -> str:
    """The text without what is a condition elsewhere; "nhắc đơn vị … trước khi trả lời" binds the unit alone."""
    parts = _REASON.split(text)
    for at in range(1, len(parts)):
        for begins, settled in ((words.reasons, words.denied), (words.bids, words.its_acts)):
            if length_at(said_in(parts[at]), 0, begins):
                parts[at] = without(parts[at], settled)
    return "".join(parts)


def mood_of(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood of a line that gives no command; "" when it does not mention a command at all.

    ``is_order`` says whether a part of the line would be a command if it stood alone.
    """
    if len(line) > LONGEST:
        return ""
    statement, at = said_in(line), 0
    while at < len(statement.words):
        head = _head(statement, at, words)
        if head is not None and not (at == 0 and is_courtesy_da(line)):
            behind = at + len(head[0])
            rest = line[statement.places[behind][0] :] if behind < len(statement.words) else ""
            if is_order(rest):
                return QUESTION if asks(line, words) else head[1]
        subject = next((len(one) for one in words.subjects if statement.begins(at, one)), 0)
        if not subject and head is None:
            break
        at += subject or len(head[0] if head else ())
    return _behind(line, words, is_order)


def _head(statement: Statement, at: int, words: MoodWords) -> tuple[Words, str] | None:
    heads = (one for one in words.heads if statement.begins(at, one[0], strict=one[0] in words.only_marked))
    return next(heads, None)


def governed(text: str, words: MoodWords) -> Iterator[tuple[str, str]]:
    """Each word anywhere in a text that makes what follows a report, plan or denial, as its mood and what follows."""
    statement = said_in(text)
    for at in range(len(statement.words)):
        head = _head(statement, at, words)
        behind = at + len(head[0]) if head else 0
        if head and behind < len(statement.words):
            yield head[1], text[statement.places[behind][0] :]


def begins_clause(text: str, words: MoodWords) -> bool:
    """True for "… đã có ý kiến" after a name, which is then the subject of that clause."""
    return _head(said_in(text), 0, words) is not None


def _behind(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood given by the words after a command: "Chuyển SXD được không?", "Từ chối rồi"."""
    if not is_order(line):
        return ""
    if asks(line, words):
        return QUESTION
    return REPORT if is_done(line, words) else CONDITION if has_condition(line, words) else ""


def stop_in(line: str, words: MoodWords) -> tuple[int, int] | None:
    """The position of "à nhầm" at the start of a line or after punctuation; the words before it no longer count."""
    statement = said_in(line)
    possible = _possible(statement, words.stops)
    for at, (begins, _) in enumerate(statement.places):
        if at and not _SIGN.search(line[statement.places[at - 1][1] : begins]):
            continue
        found = next((one for one in possible if statement.begins(at, one)), None)
        if found is not None and (at == 0 or len(found) > 1):
            return begins, statement.places[at + len(found) - 1][1]
    return None
