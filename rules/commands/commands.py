"""Officers' commands in a mail, step by step: "Chuyển SXD", "từ chối h vì …", "đồng ý gia hạn đến 15/12/2026".

Diacritics, case, punctuation and courtesies do not matter (``docs/decisions/0014``).

Slips of one letter are read first: "chyển sở công thươg" is "chuyển sở công thương", "đừg" is "đừng". Only a word
that is no Vietnamese syllable is a slip: one letter is missing, too many or out of its place, never another one
("chuyên" stays). Known are the words of commands, doubts and units' names; where two are as near, the word stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rules.commands.command import (
    DICTATES,
    MISNUMBERED,
    NO_ORDER,
    UNREAD,
    Command,
    other_number,
    with_full_number,
)
from rules.commands.command_line import Reader
from rules.commands.likely_orders import unlike_orders
from rules.commands.lines import Reading
from rules.commands.mood import CONDITION, NEGATION, QUESTION, REPORT, STOPPED
from rules.commands.named_units import UNIT_NAMED
from rules.commands.plain.asides import from_a_label_on, own_words
from rules.commands.plain.by_sound import order_by_sound
from rules.commands.plain.orders import plain_order
from rules.commands.plain.words import load_plain_order_words, written_out
from rules.commands.second_thoughts import held_back
from rules.commands.vocabulary import load_command_words, own_lines
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.text import clean, has_marks, squash, strip_marks
from rules.text.syllables import is_bare_syllable
from rules.values.data_file import SOURCES_KEPT, Source, load_units
from rules.values.model import Unit

__all__ = [
    "DICTATES",
    "MISNUMBERED",
    "NO_ORDER",
    "UNIT_NAMED",
    "UNREAD",
    "Command",
    "load_command_words",
    "read_commands",
]

_LOOKED_BEHIND = {(NO_ORDER, mood) for mood in (NEGATION, REPORT, QUESTION, CONDITION)}
"""Along with "đừng chuyển SXD", a report or a question, the mail may still give a command."""


def read_commands(
    text: str,
    units: Mapping[str, Unit] | None = None,
    on: date | None = None,
    source: Source = DEFAULT,
    *,
    unread: bool = False,
    at_hand: str = "",
    fits: Collection[str] = (),
) -> tuple[Command, ...]:
    """The commands in a person's own text; () when its first words give none.

    ``on``, the day of the mail, supplies a missing year and says which units exist. With ``unread``, a line meant as
    a command that gives none is ``UNREAD``, ``MISNUMBERED`` or ``NO_ORDER``, to be answered, and lines before a
    command do not hide it. ``fits``: the acts that may be carried out by what the mail sounds like (``by_sound``).
    """
    names = unit_names(units if units is not None else load_units(source), source, ordered=True)
    reader = Reader(load_command_words(source), names, on, load_plain_order_words(source))
    text = with_full_number(text, at_hand)
    if not unread:
        return _read(text, text, reader, source, unread=False)
    mended = without_slips(text, source)
    found = _understood(mended, reader, source, fits)
    typed = _understood(text, reader, source, fits) if mended != text else found
    same = [_decided(one) for one in typed] == [_decided(one) for one in found]
    may_be_given = {one.verb for one in found} <= {UNIT_NAMED, UNREAD, NO_ORDER, MISNUMBERED, *reader.plain.verbs}
    return found if may_be_given and not same else typed


def _decided(one: Command) -> Command:
    """The command without the words that it takes over, which stay as they were typed."""
    return replace(one, text="", raw="", remark="")


def _understood(text: str, reader: Reader, source: Source, fits: Collection[str]) -> tuple[Command, ...]:
    """The commands of a mail, by phrases, without what stands beside them, from a label on, or by sound."""
    found = _read(text, text, reader, source, unread=True)
    if _gives_none(found) and (own := own_words(text, reader)) != text:
        text, found = own, _read(own, own, reader, source, unread=True) or found
    if _gives_none(found):
        labelled = _read(*from_a_label_on(text, reader), reader, source, unread=True)
        found = found if _gives_none(labelled) else labelled
    return order_by_sound(text, found, reader, source, fits) or found


def _gives_none(found: Sequence[Command]) -> bool:
    """Whether a mail gave no command; one that takes back a command is not read again."""
    return all(one.verb in {UNREAD, NO_ORDER, MISNUMBERED} and one.field != STOPPED for one in found)


def _read(text: str, told: str, reader: Reader, source: Source, *, unread: bool) -> tuple[Command, ...]:
    """The commands of a text; with ``unread``, those that ``told`` makes doubtful become ``NO_ORDER``."""
    reading = Reading(reader, unread)
    for line in own_lines(text, reader.words):
        if not reading.take_all(line):
            return ()
    found = reading.end()
    if unread and all(one.verb == UNREAD or (one.verb, one.field) in _LOOKED_BEHIND for one in found):
        plain = plain_order(written_out(clean(text)), reader)
        found = tuple(map(_if_of_this_question, plain)) or found
    if unread:
        found = unlike_orders(held_back(found, list(own_lines(told, reader.words)), reader), told, reader, source)
    return found


def _if_of_this_question(one: Command) -> Command:
    """The command; ``MISNUMBERED`` when it is about "câu 124", which may be another question than the one at hand."""
    return replace(one, verb=MISNUMBERED) if not one.question and other_number(one.raw) else one


_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{3,10}(?![\w@/-]|\.\w)")
"""A word of a sentence; not within an address or a link."""
_LETTERS = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"(\w)\1")
SHORTEST = 4
"""A shorter word is what was meant only where a letter of it was typed twice: too many are near to it."""
MOST_SLIPS = 8
"""A text with more is no Vietnamese, or none that anybody can read."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """All known words, and by each form that lacks one letter, those that it may come from; without diacritics."""

    marked: Mapping[str, frozenset[str]]
    """The words as they are written with diacritics."""
    shorter: Mapping[str, frozenset[str]]

    def near(self, typed: str) -> frozenset[str]:
        """The known words that differ from the typed one by a letter: missing, too many or out of its place."""
        less = {one for one in _shorter(typed) if len(one) >= SHORTEST} | {_TWICE.sub(r"\1", typed)}
        swapped = {f"{typed[:at]}{typed[at + 1]}{typed[at]}{typed[at + 2 :]}" for at in range(len(typed) - 1)}
        found = {one for one in less | swapped if one in self.marked} | self.shorter.get(typed, frozenset())
        return frozenset(one for one in found if is_bare_syllable(one) and (one[0] == typed[0] or one in swapped))


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


@lru_cache(maxsize=SOURCES_KEPT)
def load_known_words(source: Source = DEFAULT) -> KnownWords:
    """The words of the data files about commands, and of units' names."""
    files = (source.toml("commands.toml"), source.toml("plain_orders.toml"), source.toml("verbs.toml")["units"])
    said = [*(text for one in files for text in _texts(one)), *(one.name for one in load_units(source).values())]
    marked, shorter = defaultdict(set), defaultdict(set)
    for word in {word for text in said for word in _LETTERS.findall(squash(text))}:
        marked[strip_marks(word)].add(word)
    for word in marked:
        for one in _shorter(word) if len(word) >= SHORTEST else ():
            shorter[one].add(word)
    return KnownWords(
        {one: frozenset(words) for one, words in marked.items()},
        {one: frozenset(words) for one, words in shorter.items()},
    )


def _texts(data: object) -> Iterator[str]:
    """All texts within a data file, keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from (text for pair in data.items() for part in pair for text in _texts(part))
    elif isinstance(data, list):
        yield from (text for value in data for text in _texts(value))


def without_slips(text: str, source: Source = DEFAULT) -> str:
    """The text with each slip written as the word that was surely meant."""
    typed = {one[0] for one in _WORD.finditer(text) if not one[0].isupper()}  # "SNNMT" is a unit's short name
    strange = [one for one in typed if not is_bare_syllable(strip_marks(squash(one)))]
    if not strange:
        return text
    known, bare = load_known_words(source), not has_marks(text)
    slips = {one: meant for one in strange if (meant := _meant(squash(one), known, bare))}
    return _WORD.sub(lambda one: slips.get(one[0], one[0]), text) if len(slips) <= MOST_SLIPS else text


def _meant(typed: str, known: KnownWords, bare: bool) -> str:
    """The only known word that is near to one that is none; "" for others.

    Of several with other diacritics, it is the one with those that were typed, or the only one with any.
    """
    near = known.near(strip_marks(typed)) if strip_marks(typed) not in known.marked else ()
    if bare or len(near) != 1:
        return next(iter(near)) if len(near) == 1 else ""
    forms = known.marked[next(iter(near))]
    own = [one for one in forms if _marks(typed) <= set(one)] if has_marks(typed) else []
    with_marks = own or [one for one in forms if has_marks(one)]
    return with_marks[0] if len(with_marks) == 1 else ""


def _marks(word: str) -> set[str]:
    return {letter for letter in word if has_marks(letter)}
