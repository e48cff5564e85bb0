"""The words of a line with their diacritics, and whether the line asks for something to be done now.

Reports, plans, negations, conditions and questions do not ask for that. Diacritics count here: "đã chuyển" reports,
"dạ chuyển" is a courtesy; without diacritics "da" is read as "đã".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from typing import Any

from rules.text import has_marks, squash, strip_marks
from rules.text.patterns import PhraseList, Words

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
MOST_WORDS = 80
"""Only this many words of a line count; by then its purpose is clear."""
LONGEST_SAID = 2000
"""These words stand within so many characters, so that a line of any length costs no more."""
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
    """The number of words of the longest phrase at a position, of a plain list the first one's; 0 for none."""
    if isinstance(wanted, PhraseList):
        return wanted.longest(statement.words, place, bare=statement.bare)
    return next((len(one) for one in wanted if statement.begins(place, one)), 0)


def _possible(statement: Statement, wanted: Sequence[Words]) -> Sequence[Words]:
    """The phrases whose first word occurs in a line, of a :class:`PhraseList` all or none: most lines have none."""
    if isinstance(wanted, PhraseList):
        return wanted if wanted.may_begin(statement.words, bare=statement.bare) else ()
    said = frozenset(statement.words)
    return [one for one in wanted if (_bare_word(one[0]) if statement.bare else one[0]) in said]


def each_in(statement: Statement, wanted: Sequence[Words], but: Collection[Words] = ()) -> Iterator[tuple[int, int]]:
    """Each position of one of the phrases, not of ``but``, in a line, and the words of the longest there, counted."""
    possible = _possible(statement, [one for one in wanted if one not in but] if but else wanted)
    for place in range(len(statement.words)) if possible else ():
        if length := length_at(statement, place, possible):
            yield place, length


def found_in(text: str, wanted: Sequence[Words], marked: Collection[Words] = ()) -> bool:
    """Whether one of the phrases occurs in a text; those in ``marked`` only if it has diacritics."""
    statement = said_in(text)
    return any(each_in(statement, wanted, marked if statement.bare else ()))


def ends_with(statement: Statement, wanted: Sequence[Words]) -> bool:
    """Whether a line ends with one of the phrases."""
    end = len(statement.words)
    if isinstance(wanted, PhraseList):
        return any(length_at(statement, at, wanted) == end - at for at in range(end))
    return any(statement.begins(end - len(one), one) for one in wanted)


def without(text: str, wanted: Sequence[Words]) -> str:
    """The text with the phrases replaced by blanks, so that all positions stay the same."""
    statement, place = said_in(text), 0
    possible = _possible(statement, wanted)
    while possible and place < len(statement.words):
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
    subjects: PhraseList
    conditions: PhraseList
    reasons: PhraseList
    denied: PhraseList
    """Words that begin a reason, and those of ``conditions`` that then only belong to it; …"""
    bids: PhraseList
    its_acts: PhraseList
    """… those that begin a word to the unit, and "before" with an act that is the unit's."""
    questions: PhraseList
    done: PhraseList
    """Endings of a report: "Chuyển SXD rồi"."""
    particles: frozenset[str]
    stops: PhraseList
    taken_back: PhraseList
    taken_back_from: PhraseList
    taken_back_to: PhraseList
    """Whole lines and clauses that take an order back; the first words of others, and the last."""
    elsewhere: PhraseList
    settled: PhraseList
    open: PhraseList
    open_always: PhraseList
    addressed: frozenset[str]
    """Endings that make a clause a question; those that make any order one; and who may be addressed after them."""
    comments: PhraseList
    undone: PhraseList
    apart: PhraseList
    in_turn: PhraseList
    only_marked: frozenset[Words]
    """Phrases that can mean something else without diacritics."""


def mood_words(data: Mapping[str, Sequence[str]]) -> MoodWords:
    """The section of the data file, longest phrases first."""
    heads = [
        (one, mood)
        for mood in (REPORT, PLAN, NEGATION, CONDITION, QUESTION)
        for one in PhraseList(data.get(mood, ()))
    ]
    sets = {"particles", "addressed"}
    names = [one.name for one in fields(MoodWords) if one.name != "heads"]
    read: dict[str, Any] = {one: (frozenset if one in sets else PhraseList)(data[one]) for one in names}
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
    for at, (begins, _) in enumerate(statement.places):
        if at and not _SIGN.search(line[statement.places[at - 1][1] : begins]):
            continue
        length = length_at(statement, at, words.stops)
        if length > 1 or (length and at == 0):
            return begins, statement.places[at + length - 1][1]
    return None
