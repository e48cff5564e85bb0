"""A small statistical vote beside the rules: softmax regression over pairs of syllables, trained offline.

The trained numbers ship as ``rules/data/model/*.tsv`` (one feature a line, hundredths), made again byte for
byte by ``rules.model_train`` from the labelled mails and the phrases of the rules. It is read when the
first mail is judged. The vote never decides alone: words of the rules must speak too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rules.loader import DataFileError, Source
from rules.matching import Reading

SCALE = 100
LEVELS = (0.3, 2.0, 4.5, 8.0)
"""Points of a field from which it counts as hinted, said, clearly said, said more than once."""


@dataclass(frozen=True, slots=True)
class Model:
    """``lines``: weights by feature as in the file, read into ``weights`` when first asked for; ``bias`` by class."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    lines: Mapping[str, str]
    weights: dict[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)

    def shares(self, features: Sequence[str]) -> dict[str, float]:
        """Natural logarithm of each class's share; shares add up to 1."""
        sums = list(self.bias)
        for feature in features:
            for number, weight in self._row(feature):
                sums[number] += weight
        return dict(zip(self.classes, log_softmax(sums), strict=True))

    def _row(self, feature: str) -> tuple[tuple[int, float], ...]:
        row = self.weights.get(feature)
        if row is None:
            line = self.lines.get(feature)
            if line is None:
                return ()
            row = self.weights[feature] = tuple(_pair(cell) for cell in line.split("\t"))
        return row


def log_softmax(sums: Sequence[float]) -> list[float]:
    """Logarithms of the shares that sums of weights stand for."""
    top = max(sums)
    total = top + math.log(sum(math.exp(value - top) for value in sums))
    return [value - total for value in sums]


def features(reading: Reading, said: Mapping[str, float] | None = None) -> list[str]:
    """What a vote looks at: single syllables and pairs with marks, pairs without marks, and what the rules said.

    ``said``: points by the name of a rule's field; so the vote learns how far each field can be trusted.
    """
    found = set(_runs(reading.bare, 2, "b"))
    if reading.all_bare:
        found |= set(_runs(reading.bare, 3, "b"))
    else:
        found |= set(_runs(reading.marked, 1, "m")) | set(_runs(reading.marked, 2, "m"))
    for name, points in (said or {}).items():
        found |= {f"r{level} {name}" for level, least in enumerate(LEVELS) if points >= least}
    return sorted(found)


def _runs(keys: Sequence[str], length: int, prefix: str) -> list[str]:
    """Runs of syllables inside a sentence; digits say nothing."""
    runs = (keys[start : start + length] for start in range(len(keys) - length + 1))
    return [f"{prefix}{' '.join(run)}" for run in runs if not any(key == "." or key.isdigit() for key in run)]


@cache
def load_model(name: str, source: Source) -> Model | None:
    """A trained model, None where none ships. Raises :class:`DataFileError`."""
    file = f"model/{name}.tsv"
    if not source.path(file).is_file():
        return None
    lines = source.text(file).splitlines()
    try:
        classes = tuple(lines[1].split("\t")[1:])
        bias = tuple(int(value) / SCALE for value in lines[2].split("\t")[1:])
    except (IndexError, ValueError) as error:
        raise DataFileError(f"{file}: {error}") from None
    rows = (line.partition("\t") for line in lines[3:])
    return Model(classes, bias, {feature: cells for feature, _, cells in rows})


def _pair(cell: str) -> tuple[int, float]:
    number, _, weight = cell.partition(":")
    return int(number), int(weight) / SCALE
