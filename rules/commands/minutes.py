"""Reads a session's minutes pasted into a mail: its answers and orders, but not what citizens asked.

Their form is ``mail_templates/documents/minutes.j2``: headings of items and parts, under each what was asked, then a
line that records the answer ("HP-…1 trả lời tại phiên (người trả lời: …): …").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.commands.command import UNREAD, Command
from rules.commands.vocabulary import CommandWords, holds, plain_words, starts
from rules.reply.unit_names import UnitNames
from rules.text import clean, has_marks, squash
from rules.values.register_number import number_places

SHORTEST_QUOTE = 25
"""A line of so many letters, units' names apart, that stands in another's question is quoted from it."""
_CHAPTER = re.compile(r"[IVX]+\s*[.)]\s")


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is read of a mail; ``asked`` may be orders; ``still`` are headings that name no question, perhaps within
    an answer."""

    text: str
    asked: tuple[Command, ...] = ()
    still: frozenset[str] = frozenset()

    def numbered(self, by: Callable[[str], str]) -> Minutes:
        """The same with the numbers that ``by`` writes in full, but for ``still``."""
        lines = zip(self.text.split("\n"), by(self.text).split("\n"), strict=True)
        return replace(self, text="\n".join(old if old in self.still else new for old, new in lines))


class Where(StrEnum):
    """Where a line of minutes stands, by the heading above it."""

    ASKED = "asked"
    """What a citizen asked: an answer is recorded below it."""
    UNANSWERED = "unanswered"
    """An item without an answer, above the first that is recorded."""
    DOUBTFUL = "doubtful"
    """Below a heading that may be part of an answer ("Câu 2" in a list of its own)."""
    OTHER_PART = "other part"
    """Below a heading such as "III. CÂU HỎI TRẢ LỜI SAU"."""
    BELOW = "below"
    """Below the last item ("Biên bản lập xong …")."""


Reads = Callable[[str], object]
"""Tells whether a line reads as an order."""


def of_minutes(text: str, words: CommandWords, reads: Reads, taught: Reads) -> Minutes:
    """The answers and orders of a session's minutes; what was asked does not belong to the answer above it.

    A line among what was asked that is nothing but an order (``taught``) may be the officer's, who is asked back.
    """
    lines = [one.strip() for one in clean(text).split("\n")]
    records = [at for at, one in enumerate(lines) if _records(one, words)]
    places = _headings(lines, records, words, reads) if records else {}
    if not places:
        return Minutes(text)
    kept, commands, where = list[str](), list[Command](), None
    for at, line in enumerate(lines):
        heading, named = at in places, bool(number_places(line, words.prefix))
        where = places[at] if heading else None if _is_officers(line, where, words) else where
        order = bool(where and not heading) and (reads if named or where is not Where.ASKED else taught)(line)
        doubtful = where is Where.DOUBTFUL and not named and not order
        if where is None or doubtful or (where is Where.BELOW and named and order):
            kept.append(line)
        elif not heading and (named or order):
            commands.append(Command(UNREAD, "", raw=line))
    still = frozenset(lines[at] for at, place in places.items() if place is Where.DOUBTFUL)
    return Minutes("\n".join(kept), tuple(commands), still)


def _headings(lines: Sequence[str], records: Sequence[int], words: CommandWords, reads: Reads) -> dict[int, Where]:
    """The headings, and what stands below each; read from the end, since below an item's stands a question only if an
    answer or another part of the minutes follows."""
    first, last, given = records[0], records[-1], {*records}
    items = {_kind(one, words) for one in lines[:first]} - {()}
    real = bool(items) or any(holds(plain_words(lines[first]), one) for one in words.minutes_speaker)
    found, follows = dict[int, Where](), None
    for at in range(len(lines) - 1, -1, -1):
        if kind := _kind(lines[at], words):
            likely = at < first or (plain_words(lines[at])[-1] != "1" and (kind in items or not items))
            if real or at + 1 == len(lines) or not reads(lines[at + 1]):
                unanswered = Where.UNANSWERED if at < first else Where.DOUBTFUL
                found[at] = follows if real and likely and follows else unanswered
            follows = None
        elif place := _part(lines[at], words) if real else None:
            own = at >= first and lines[at].startswith(("I.", "I)"))  # an answer's own first chapter
            if place is Where.BELOW and at > last:
                found[at], follows = place, None
            elif place is Where.OTHER_PART and not own:
                found[at], follows = place, Where.UNANSWERED if at > first else Where.ASKED
        elif at in given or (_ahead(lines[at], words) == frozenset() and reads(lines[at])):
            follows = Where.ASKED
    return found


def _is_officers(line: str, where: Where | None, words: CommandWords) -> bool:
    """Whether a line of minutes is the officer's again; a citizen too may begin with "Câu HP-…"."""
    ahead, apart = _ahead(line, words), where in {Where.OTHER_PART, Where.BELOW}
    own = ahead is not None and (apart or not ahead or (":" in line and _records(line, words)))
    return own or (apart and any(starts(line, phrase.words) for phrase in words.sessions))


def _records(line: str, words: CommandWords) -> bool:
    if _ahead(line, words) is None:
        return False
    said = plain_words(line)
    return any(holds(said, one) for one in words.records)


def _ahead(line: str, words: CommandWords) -> frozenset[str] | None:
    """The words before a line's register number if they only call it one ("câu hỏi số"), else None."""
    found = number_places(line, words.prefix)
    ahead = frozenset(one for one in plain_words(line[: found[0][1]]) if not one.isdigit()) if found else None
    return ahead if ahead is not None and ahead <= {word for one in words.minutes_items for word in one} else None


def _kind(line: str, words: CommandWords) -> tuple[str, ...]:
    """The words of an item's heading without its number; () for any other line."""
    said = plain_words(line)
    kind = said[:-1] if said and said[-1].isdigit() else said
    return kind if kind in words.minutes_items else ()


def _part(line: str, words: CommandWords) -> Where | None:
    """What a line begins: another part of the minutes ("III. CÂU HỎI …"), or what stands below the last item."""
    if line.isupper() and _CHAPTER.match(line):
        return Where.OTHER_PART
    return Where.BELOW if any(starts(line, one) for one in words.minutes_ends) else None


def beside_answer(text: str, words: CommandWords, asked: Sequence[str], names: UnitNames) -> str:
    """The first line of an answer given in a session that is another part of the minutes; "" for none.

    It may be quoted from another question that was ``asked``.
    """
    if part := next((one for one in text.splitlines() if _kind(one, words) or _part(one, words)), ""):
        return part
    others = [" ".join(one.split()) for one in asked]
    lines = [" ".join(one.split()) for one in text.splitlines()]
    quoted = (one for one in lines[1:] if len(one) >= SHORTEST_QUOTE and any(one in each for each in others))
    return next((one for one in quoted if len(one) - _named(one, names) >= SHORTEST_QUOTE), "")


def _named(line: str, names: UnitNames) -> int:
    """How many letters of a line are units' names, which stand in answers and in questions alike."""
    return sum(mention.end - mention.start for mention in names.find(squash(line), bare=not has_marks(line)))
