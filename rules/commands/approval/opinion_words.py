"""The words by which a leader's approval, a wish beside it, and a paper sent back are known, with their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.phrases import Words, phrases
from rules.commands.vocabulary import plain_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import SOURCES_KEPT, Source

_PLAIN = ("approves", "beside", "titles", "devices")
"""Words that are compared without marks."""


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """The section [opinion] of ``commands.toml``."""

    approves: tuple[tuple[str, ...], ...]
    beside: tuple[tuple[str, ...], ...]
    wishes: tuple[Words, ...]
    never: tuple[Words, ...]
    titles: tuple[tuple[str, ...], ...]
    devices: tuple[tuple[str, ...], ...]
    """How a line begins that a telephone puts below a mail."""
    unopposed: tuple[Words, ...]
    """"Không có ý kiến gì thêm": no reservation, and no approval by itself."""
    then: tuple[Words, ...]
    """What behind it makes it a condition."""
    apart: tuple[Words, ...]
    """What behind a comma begins a clause of its own."""
    wait: tuple[Words, ...]
    """Reservations that without marks look like "cho"."""
    tasks: tuple[Words, ...]
    """How a clause begins that has the paper carried out, …"""
    charged: tuple[Words, ...]
    """… by whom and how, …"""
    carried_out: tuple[Words, ...]
    """… and how it ends."""
    go_ahead: tuple[Words, ...]
    """What may follow "cho" in a text without marks."""
    again: tuple[Words, ...]
    """How a clause begins that wants the paper done again."""
    who: tuple[Words, ...]
    """Who is to do it, and other words before it."""
    again_alone: tuple[Words, ...]
    """How a whole clause orders it, …"""
    not_good: tuple[Words, ...]
    """… or says that the paper is not good, …"""
    mends: tuple[Words, ...]
    """… or begins, …"""
    and_back: tuple[Words, ...]
    """… where it ends so."""
    parts: tuple[Words, ...]
    """… or which part of the paper, …"""
    part_again: tuple[Words, ...]
    """… and what is to be done with it."""
    spares: tuple[Words, ...]
    """What anywhere in the text makes it no such order."""
    strong: tuple[Words, ...]
    """What approves among plain sentences."""
    idioms: tuple[Words, ...]
    """What looks like a reservation and is none."""
    once: tuple[Words, ...]
    """How a sentence begins about what was once thought."""
    excuses: tuple[Words, ...]
    no_excuse: tuple[Words, ...]
    praise: tuple[Words, ...]
    no_praise: tuple[Words, ...]
    plan: tuple[Words, ...]
    other_papers: tuple[Words, ...]
    never_marked: tuple[Words, ...]
    undo: tuple[Words, ...]
    """What in a sentence behind an approval may take it back."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_opinion_words(source: Source = DEFAULT) -> OpinionWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["opinion"]
    plain = {name: _plain(data[name]) for name in _PLAIN}
    marked = {one.name: phrases(data[one.name]) for one in fields(OpinionWords) if one.name not in _PLAIN}
    return OpinionWords(**plain, **marked)


def _plain(said: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({plain_words(one) for one in said}, key=lambda one: (-len(one), one)))
