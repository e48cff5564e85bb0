"""An order at the end of a sentence that gives its reason first, and a unit's name alone as the answer to "which?".

"Hỏi chuyện mất điện, giao Điện lực" orders what its last clause says. It is taken for an order only when nothing
before it doubts, sets a condition, asks, or tells what somebody else says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import Words, has_condition, said_in
from rules.commands.vocabulary import plain_words
from rules.text import squash
from rules.values.register_number import number_places

UNIT_NAMED = "unit_named"
"""The verb of a line that is a unit's name and nothing else."""
_ENDS = re.compile(
    r"[.!;,:–—]+\s+|(?<!không)(?<!khong)(?<!\bko)(?<!\bk)(?<!chưa)(?<!chua)(?<!chẳng)(?<!đừng)(?<!\bcó)(?<!\bco)"
    r"\s+(?:nên|vậy)\s+",
    re.IGNORECASE,
)
"""Where a clause ends; "không nên" and "có nên" say the contrary, or ask."""
_THANKS = re.compile(r"[.!;]\s+(?=(?:cảm ơn|cám ơn|cam on|trân trọng|thanks|tks)\b)", re.IGNORECASE)
_CLEAR = frozenset({"forward", "extend", "refuse_extension", "unit_answer", "not_a_question", UNIT_NAMED})
"""What may be ordered so; whatever takes a text would take the reason for a part of it."""
MOST_WORDS = 60
"""Of a longer line nobody can say that its end is all it orders."""


def ordered_at_the_end(line: str, reader: Reader) -> Command | None:
    """The order of the line's last clause, None when it has none or any doubt remains."""
    places = number_places(line, reader.words.prefix)
    codes = {code for code, _, _ in places}
    if len(codes) > 1 or "?" in line or len(line.split()) > MOST_WORDS or _says(line, reader.words.doubts, reader):
        return None
    text = line
    for _, start, end in reversed(places):
        text = f"{text[:start].rstrip(' [(')} {text[end:].lstrip(' ])')}"
    found = _last(_THANKS.split(text, maxsplit=1)[0].strip(" ,;:"), reader, numbered=bool(codes))
    return replace(found, question=next(iter(codes), ""), raw=line) if found is not None else None


def _last(text: str, reader: Reader, *, numbered: bool) -> Command | None:
    """The first end of the text that is a clear order by itself."""
    starts = [0, *(gap.end() for gap in _ENDS.finditer(text))]
    for start in starts:
        ahead, tail = text[:start], text[start:]
        found = _clear(tail, reader, alone=not start) if start or not numbered else _order(tail, reader)
        if found is not None:
            reported = found.verb != "refuse_extension" and _says(ahead, reader.words.told, reader)
            spoils = reported or has_condition(ahead, reader.words.mood)
            return None if ahead and spoils and not _denies_a_unit(ahead, reader) else found
    return None


def _clear(tail: str, reader: Reader, *, alone: bool) -> Command | None:
    return named_unit(tail, reader, alone=True) if alone else _order(tail, reader) or named_unit(tail, reader)


def _order(tail: str, reader: Reader) -> Command | None:
    found = reader.line(tail)
    if len(found) != 1 or len(found[0].commands) != 1 or reader.mood(tail):
        return None
    one = found[0].commands[0]
    whole = {"forward": bool(one.unit), "extend": one.until is not None}.get(one.verb, True)
    return one if one.verb in _CLEAR and whole else None


def named_unit(text: str, reader: Reader, *, alone: bool = False) -> Command | None:
    """The one unit that a text names, where it says nothing else ("Bên y tế nhé", "Tư pháp mới đúng").

    A clause behind others must say by a word of its own that it decides ("mới đúng", "chuyển đi").
    """
    squashed = squash(text)
    mentions = reader.names.find(squashed, bare=False) or reader.names.find(squashed, bare=True)
    codes = {code for one in mentions if (code := reader.names.resolve(one.codes, reader.on))}
    if len(codes) != 1:
        return None
    for one in reversed(mentions):
        squashed = f"{squashed[: one.start]} {squashed[one.end :]}"
    rest = set(plain_words(squashed))
    decides = rest & reader.words.decides
    if not rest <= reader.words.courtesies | reader.words.beside_unit | reader.words.decides:
        return None
    return Command(UNIT_NAMED, "", unit=codes.pop(), text=text) if alone or decides else None


def _denies_a_unit(ahead: str, reader: Reader) -> bool:
    """ "Không phải Nội vụ đâu": which unit it is not is no condition."""
    denied = has_condition(ahead, reader.words.mood) and not _says(ahead, reader.words.told, reader)
    return denied and bool(reader.names.find(squash(ahead), bare=True))


def _says(text: str, wanted: Sequence[Words], reader: Reader) -> bool:
    """Whether one of the phrases stands anywhere in a text, with its marks where the text has any."""
    said, only_marked = said_in(text), reader.words.mood.only_marked
    return any(said.begins(at, one, strict=one in only_marked) for at in range(len(said.words)) for one in wanted)
