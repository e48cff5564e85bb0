"""A small statistical vote beside the rules: linear weights for syllables and their pairs, trained offline.

The trained numbers ship as ``rules/data/model/*.tsv`` (one feature a line, two letters a weight), made again byte
for byte by ``rules.model_train`` from the labelled mails and the phrases of the rules. A file is read when the
first mail is judged. The vote never decides alone: words of the rules must speak too. Of a text most of whose
syllables it never met (another language) it says nothing.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress, islice
from operator import mul

from rules.loader import DataFileError, Source
from rules.reading import Reading

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
RARITIES = tuple((letter - LEAST) * RARITY_STEP for letter in range(256))
"""By letter."""
LEVELS = (0.3, 2.0, 4.5, 8.0)
"""Points of a field from which it counts as hinted, said, clearly said, said more than once."""
KNOWN = 0.7
"""The share of a text's different syllables that the vote must have met before; less is another language."""


@dataclass(frozen=True, slots=True)
class Model:
    """``lines``: by feature its rarity and weights, as in the file; ``sharpness`` turns sums into shares.

    A line becomes a number (``_row_of``) when a text first has its feature: that takes no more memory, and most
    lines are never looked at. Features are kept as bytes: sixty thousand of them take a third less memory so.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    sharpness: float
    lines: dict[bytes, bytes | int]

    def shares(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Natural logarithm of each class's share, {} for a text in words never met; shares add up to 1."""
        rows = list(map(self.lines.get, map(str.encode, counts)))
        if bytes in map(type, rows):
            rows = [self._row_of(name) if row is not None else None for name, row in zip(counts, rows, strict=True)]
        if not _known_enough(counts, rows):
            return {}
        width = 1 + len(self.classes)
        letters = b"".join([row.to_bytes(width, "little") for row in rows if isinstance(row, int)])
        values = _values(letters[::width], compress(counts.values(), rows))
        # Letters stand ZERO above their weights for every class alike, which changes no share.
        totals = _sums(letters, width, [round(value * ONE) for value in values])[1:]
        sums = [least + one / ONE for least, one in zip(self.bias, totals, strict=True)]
        return dict(zip(self.classes, log_softmax([one * self.sharpness for one in sums]), strict=True))

    def _row_of(self, name: str) -> int:
        """A feature's line as a number of one byte for the letter of its rarity and one for each class's weight.

        What a rule said has no rarity.
        """
        feature = name.encode()
        line, letters = self.lines[feature], bytes(range(FIRST, FIRST + len(self.classes)))
        if isinstance(line, int):
            return line
        weights = letters.translate(bytes.maketrans(letters + line[1::2], bytes([ZERO]) * len(letters) + line[2::2]))
        row = int.from_bytes((b"!" if name[0] == "r" else line[:1]) + weights, "little")
        self.lines[feature] = row
        return row


def _sums(rows: bytes, width: int, values: Sequence[int]) -> tuple[int, ...]:
    """For each column of bytes the sum of its bytes times the values of their rows.

    Each row becomes one long integer, ``LANE`` bytes a column. One multiplication and one addition of it do what a
    loop over the columns would take twenty times as long for.
    """
    apart = bytearray(LANE * len(rows))
    apart[::LANE] = rows
    pieces = struct.unpack(f"{LANE * width}s" * len(values), apart)
    total = sum(map(mul, [int.from_bytes(one, "little") for one in pieces], values))
    return struct.unpack(f"<{width}Q", total.to_bytes(LANE * width, "little"))


def _known_enough(features: Iterable[str], rows: Iterable[bytes | int | None]) -> bool:
    """True when enough of the single syllables without marks were met in training."""
    met = list(compress(rows, [name[0] == "b" and " " not in name for name in features]))
    return len(met) - met.count(None) >= max(1.0, KNOWN * len(met))


def _values(letters: bytes, counts: Iterable[int]) -> list[float]:
    """What each feature counts, in steps of a weight; rules by a fixed value, words as a vector of length 1."""
    raw = [
        RARITIES[letter] if count == 1 else RARITIES[letter] * (1 + math.log(count))
        for letter, count in zip(letters, counts, strict=True)
    ]
    length = math.sqrt(math.fsum(map(mul, raw, raw))) or 1.0
    return [STEP * (value / length if value else RULE_VALUE) for value in raw]


def log_softmax(sums: Sequence[float]) -> list[float]:
    """Logarithms of the shares that sums of weights stand for."""
    top = max(sums)
    total = top + math.log(sum(math.exp(value - top) for value in sums))
    return [value - total for value in sums]


def features(reading: Reading, said: Mapping[str, float] | None = None) -> Counter[str]:
    """What a vote looks at, with counts: syllables and pairs, with marks and without, and what the rules said.

    ``said``: points by the name of a rule's field; so the vote learns how far each field can be trusted.
    """
    found = _words(reading).copy()
    for name, points in (said or {}).items():
        found.update(f"r{level} {name}" for level, least in enumerate(LEVELS) if points >= least)
    return found


@lru_cache(maxsize=4)
def _words(reading: Reading) -> Counter[str]:
    """The syllables and pairs; kept for a moment, as kind and unit are mostly told from the same reading."""
    found = Counter(_syllables(reading.bare, "b"))
    if not reading.all_bare:
        found.update(_syllables(reading.marked, "m"))
    return found


def _syllables(keys: Sequence[str], prefix: str) -> list[str]:
    """Syllables and pairs of them inside a sentence; digits say nothing."""
    found, before = [], ""
    for key in keys:
        if key == "." or key.isdigit():
            before = ""
            continue
        found.append(prefix + key)
        if before:
            found.append(f"{prefix}{before} {key}")
        before = key
    return found


@cache
def load_model(name: str, source: Source) -> Model | None:
    """A trained model, None where none ships. Raises :class:`DataFileError`."""
    file = f"model/{name}.tsv"
    if not source.path(file).is_file():
        return None
    lines = source.lines(file)
    try:
        first = [line.decode().rstrip("\n") for line in islice(lines, 5)]
        head = {key: cells.split("\t") for key, _, cells in (line.partition("\t") for line in first[1:])}
        rows = (line.rstrip(b"\r\n").partition(b"\t") for line in lines)
        return Model(
            tuple(head["classes"]),
            tuple(float(value) for value in head["bias"]),
            float(head["sharpness"][0]),
            {feature: code for feature, _, code in rows},
        )
    except (KeyError, ValueError) as error:
        raise DataFileError(f"{file}: {error}") from None
