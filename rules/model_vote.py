"""A small statistical vote beside the rules: linear weights for syllables and their pairs, trained offline.

The trained numbers ship as ``rules/data/model/*.tsv`` (one feature a line, two letters a weight), made again byte
for byte by ``rules.model_train`` from the labelled mails and the phrases of the rules. The files are read when the
first mail is judged. The vote never decides alone: words of the rules must speak too. Of a text most of whose
syllables it never met (another language) it says nothing.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress, islice
from operator import mul
from typing import NamedTuple

from rules.loader import DataFileError, Source
from rules.reading import Reading

NAMES = ("kinds", "units")
"""The votes that ship."""
STEP = 0.05
"""One step of a weight in the file; letters from ``!`` to ``~`` stand for -46 to 47 steps."""
ZERO = 79
"""The letter of a weight of nothing."""
RARITY_STEP = 0.11
"""One step of a feature's rarity in the file (inverse document frequency), counted from LEAST."""
LEAST = 33
"""The first letter used, ``!``."""
FIRST = 65
"""The letter of the first class."""
RULE_VALUE = 0.05
"""How much what a rule said counts beside the words, whose squares add up to 1."""
LANE = 8
"""Bytes that the sum of a class may take up beside those of the others."""
ONE = 1 << 48
"""What a value of 1 is where values are whole numbers; sums of 126 times that fit in a lane."""
RARITIES = tuple(max(0, letter - LEAST) * RARITY_STEP for letter in range(256))
"""By letter."""
LEVELS = (0.3, 2.0, 4.5, 8.0)
"""Points of a field from which it counts as hinted, said, clearly said, said more than once."""
KNOWN = 0.7
"""The share of a text's different syllables that the vote must have met before; less is another language."""
MOST_MET = 16384
"""Features whose numbers are kept at hand."""


@dataclass(frozen=True, slots=True)
class Model:
    """One vote: ``sharpness`` turns sums of weights into shares."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    sharpness: float

    @property
    def width(self) -> int:
        """How many letters a feature has: its rarity and one for each class's weight."""
        return 1 + len(self.classes)

    def row(self, line: bytes, ruled: bool) -> bytes:
        """The letters of a feature from its line in the file, nothing but zeros without one.

        What a rule said (``ruled``) has no rarity.
        """
        if not line:
            return bytes(self.width)
        letters = bytes(range(FIRST, FIRST + len(self.classes)))
        weights = letters.translate(bytes.maketrans(letters + line[1::2], bytes([ZERO]) * len(letters) + line[2::2]))
        return (b"!" if ruled else line[:1]) + weights

    def shares(self, sums: Iterable[int]) -> dict[str, float]:
        """Natural logarithm of each class's share; shares add up to 1."""
        # Letters stand ZERO above their weights for every class alike, which changes no share.
        weighed = [least + one / ONE for least, one in zip(self.bias, sums, strict=True)]
        return dict(zip(self.classes, log_softmax([one * self.sharpness for one in weighed]), strict=True))


class _Met(dict[str, bytes]):
    """Feature to its row, filled as features are met; of a text's most have been met lately."""

    def __init__(self, look: Callable[[str], bytes]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, feature: str) -> bytes:
        if len(self) >= MOST_MET:
            self.clear()
        self[feature] = row = self._look(feature)
        return row


class _Looked(NamedTuple):
    """Features looked up. ``rows``: the letters of those that any vote met, one behind the other, ``counts`` beside.

    The first ``met`` of the rows are of the ``singles`` different syllables without marks.
    """

    singles: int
    met: int
    rows: bytes
    counts: list[int]


class Votes:
    """The votes of one source. What they know of a feature stands together: a text is looked up once for all.

    ``lines``: by feature its line in the file of each model, a tab between. Features are kept as bytes: forty
    thousand of them take a third less memory so. A line becomes a row of letters when a text first has its feature.
    """

    def __init__(self, models: Mapping[str, Model], lines: Mapping[bytes, bytes]) -> None:
        self.models = models
        self._lines = lines
        self._met = _Met(self._row)
        # Each model, with how many letters of a row stand before and behind its own.
        widths = [model.width for model in models.values()]
        self._places = {
            name: (model, sum(widths[:place]), sum(widths[place + 1 :]))
            for place, (name, model) in enumerate(models.items())
        }
        self._latest: tuple[Reading | None, _Looked] = None, _Looked(0, 0, b"", [])

    def shares(self, name: str, reading: Reading, said: Mapping[str, float] | None = None) -> dict[str, float]:
        """What one vote says of a text: logarithms of shares by class; {} in words never met, or without that vote.

        ``said``: what the rules said, as in :func:`features`.
        """
        if name not in self.models:
            return {}
        latest, looked = self._latest
        if latest is not reading:  # kind and unit are mostly told from the same
            looked = self._look_up(*_words(reading))
            self._latest = reading, looked
        if said:
            more = self._look_up({}, dict.fromkeys(_levels(said), 1))
            looked = looked._replace(rows=looked.rows + more.rows, counts=looked.counts + more.counts)
        return self._shares(name, looked)

    def shares_of(self, name: str, singles: Mapping[str, int], others: Mapping[str, int]) -> dict[str, float]:
        """The same of counted features: single syllables without marks, and all others."""
        return self._shares(name, self._look_up(singles, others))

    def _look_up(self, singles: Mapping[str, int], others: Mapping[str, int]) -> _Looked:
        rows = [*map(self._met.__getitem__, singles), *map(self._met.__getitem__, others)]
        counts = [*compress((*singles.values(), *others.values()), rows)]
        return _Looked(len(singles), len(singles) - rows[: len(singles)].count(b""), b"".join(rows), counts)

    def _row(self, feature: str) -> bytes:
        """The rows of all models for a feature, b"" when none of them met it."""
        line = self._lines.get(feature.encode())
        if line is None:
            return b""
        codes = dict(zip(self.models, line.split(b"\t"), strict=False))  # the last may not know it
        return b"".join(model.row(codes.get(name, b""), feature[0] == "r") for name, model in self.models.items())

    def _shares(self, name: str, looked: _Looked) -> dict[str, float]:
        model, before, behind = self._places[name]
        rarities = looked.rows[before :: before + model.width + behind]
        known = looked.met - rarities.count(0, 0, looked.met)
        if known < max(1.0, KNOWN * looked.singles):
            return {}
        values = _values(rarities, looked.counts)
        return model.shares(_sums(looked.rows, before, model.width, behind, values)[1:])


def _sums(rows: bytes, before: int, width: int, behind: int, values: Iterable[int]) -> tuple[int, ...]:
    """For each of ``width`` columns of bytes the sum of its bytes times the values of their rows.

    Columns ``before`` and ``behind`` these are left out.

    Each row becomes one long integer, ``LANE`` bytes a column. One multiplication and one addition of it do what a
    loop over the columns would take twenty times as long for.
    """
    apart = bytearray(LANE * len(rows))
    apart[::LANE] = rows
    pieces = struct.iter_unpack(f"{LANE * before}x{LANE * width}s{LANE * behind}x", apart)
    total = sum(map(mul, [int.from_bytes(one, "little") for (one,) in pieces], values))
    return struct.unpack(f"<{width}Q", total.to_bytes(LANE * width, "little"))


def _values(letters: bytes, counts: Iterable[int]) -> Iterable[int]:
    """What each feature counts, in steps of a weight; rules by a fixed value, words as a vector of length 1."""
    raw = [
        RARITIES[letter] if count == 1 else RARITIES[letter] * (1 + math.log(count))
        for letter, count in zip(letters, counts, strict=True)
    ]
    length = math.sqrt(math.fsum(map(mul, raw, raw))) or 1.0
    worth = {value: round(STEP * (value / length if value else RULE_VALUE) * ONE) for value in set(raw)}
    return map(worth.__getitem__, raw)


def log_softmax(sums: Sequence[float]) -> list[float]:
    """Logarithms of the shares that sums of weights stand for."""
    top = max(sums)
    total = top + math.log(sum(map(math.exp, [value - top for value in sums])))
    return [value - total for value in sums]


def features(reading: Reading, said: Mapping[str, float] | None = None) -> Counter[str]:
    """What a vote looks at, with counts: syllables and pairs, with marks and without, and what the rules said.

    ``said``: points by the name of a rule's field; so the vote learns how far each field can be trusted.
    """
    found: Counter[str] = Counter()
    for keys, prefix in _keys(reading):
        found.update(filter(None, chain.from_iterable(zip(*_syllables(keys, prefix), strict=True))))
    found.update(_levels(said or {}))
    return found


def _levels(said: Mapping[str, float]) -> list[str]:
    return [
        f"r{level} {name}" for name, points in said.items() for level, least in enumerate(LEVELS) if points >= least
    ]


def _words(reading: Reading) -> tuple[Counter[str], Counter[str]]:
    """What :func:`features` names of a reading: its syllables without marks, and all the rest."""
    singles, others = _syllables(reading.bare, "b")
    for keys, prefix in _keys(reading)[1:]:
        others += chain.from_iterable(_syllables(keys, prefix))
    counted = Counter(others)
    del counted[""]
    return Counter(singles), counted


def _keys(reading: Reading) -> list[tuple[Sequence[str], str]]:
    """The keys that count, each with the letter that its features begin with; without marks first."""
    return [(reading.bare, "b")] if reading.all_bare else [(reading.bare, "b"), (reading.marked, "m")]


def _syllables(keys: Sequence[str], prefix: str) -> tuple[list[str], list[str]]:
    """Syllables, and beside each its pair with the one before, "" at a sentence's beginning; digits say nothing."""
    singles, pairs, before = [], [], ""
    for key in keys:
        if key == "." or key.isdigit():
            before = ""
            continue
        singles.append(prefix + key)
        pairs.append(f"{prefix}{before} {key}" if before else "")
        before = key
    return singles, pairs


@cache
def load_votes(source: Source, names: tuple[str, ...] = NAMES) -> Votes:
    """The trained votes, without those that do not ship. Raises :class:`DataFileError`."""
    models: dict[str, Model] = {}
    lines: dict[bytes, bytes] = {}
    for name in names:
        if source.path(f"model/{name}.tsv").is_file():
            models[name] = _read(f"model/{name}.tsv", source, lines, len(models))
    return Votes(models, lines)


def _read(file: str, source: Source, found: dict[bytes, bytes], before: int) -> Model:
    """A model; its lines are put beside those of the models ``before`` it."""
    lines = source.lines(file)
    try:
        first = [line.decode().rstrip("\n") for line in islice(lines, 5)]
        head = {key: cells.split("\t") for key, _, cells in (line.partition("\t") for line in first[1:])}
        bias, sharpness = tuple(float(value) for value in head["bias"]), float(head["sharpness"][0])
        for line in lines:
            feature, _, code = line.rstrip(b"\r\n").partition(b"\t")
            others = found.get(feature, b"").split(b"\t")[:before]
            found[feature] = b"\t".join((*others, *[b""] * (before - len(others)), code))
        return Model(tuple(head["classes"]), bias, sharpness)
    except (KeyError, ValueError) as error:
        raise DataFileError(f"{file}: {error}") from None
