"""What an officer probably means by a line that is no command, judged by its words (``hints.toml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rules.commands.vocabulary import WORD, CommandWords, plain_words
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import UnitNames
from rules.text import squash
from rules.values.data_file import SOURCES_KEPT, Source

UNIT_WORD = "{unit}"
SHORTEST_LIKE = 4


@dataclass(frozen=True, slots=True)
class Hints:
    """``acts``: verbs with the words that suggest them; ``lead``: words removed before the citizen's part."""

    acts: tuple[tuple[str, tuple[str, ...], bool], ...]
    lead: tuple[tuple[str, ...], ...]
    help: Mapping[str, Sequence[tuple[str, str]]]


@lru_cache(maxsize=SOURCES_KEPT)
def load_hints(source: Source = DEFAULT) -> Hints:
    """Read ``hints.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("hints.toml")
    acts = tuple((one["act"], _plain(one["words"]), UNIT_WORD in one["words"]) for one in data["hint"])
    lead = sorted((plain_words(one) for one in data["asking"]["lead"]), key=lambda one: -len(one))
    return Hints(acts, tuple(lead), {name: [(a, b) for a, b in rows] for name, rows in data["help"].items()})


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(plain_words(one)) for one in words if one != UNIT_WORD)


def likely(line: str, names: UnitNames, source: Source = DEFAULT) -> tuple[str, ...]:
    """The verbs that the line's words suggest, the most likely first; () when none does."""
    said = f" {' '.join(plain_words(line))} "
    named = bool(names.find(squash(line), bare=True))
    votes = [
        (sum(len(one.split()) for one in words if f" {one} " in said) + 2 * (named and unit), verb)
        for verb, words, unit in load_hints(source).acts
    ]
    return tuple(verb for count, verb in sorted(votes, key=lambda one: -one[0]) if count)


def for_the_asker(line: str, source: Source = DEFAULT) -> str:
    """ "Bảo ông ấy ghi rõ địa chỉ" as a request to the citizen: "xin Ông/Bà ghi rõ địa chỉ"; else ""."""
    words = [match.span() for match in WORD.finditer(line)]
    said = [plain_words(line[start:end])[0] for start, end in words]
    at = 0
    lead = load_hints(source).lead
    while at < len(said):
        cut = next((len(one) for one in lead if tuple(said[at : at + len(one)]) == one), 0)
        if not cut:
            break
        at += cut
    return f"xin Ông/Bà {line[words[at][0] :].strip()}" if at < len(said) else ""


def nearness(said: Sequence[str], words: CommandWords) -> float:
    """How similar the beginning of ``said`` is to the nearest beginning of a command, 0 to 1."""
    likely = (one.words for one in words.phrases if len(" ".join(one.words)) >= SHORTEST_LIKE)
    return max((_likeness(said, one) for one in likely), default=0.0)


def _likeness(said: Sequence[str], wanted: Sequence[str]) -> float:
    return SequenceMatcher(None, " ".join(said[: len(wanted)]), " ".join(wanted)).ratio() if said else 0.0
