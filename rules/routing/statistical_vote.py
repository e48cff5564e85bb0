"""A small statistical vote beside the rules: linear weights for syllables and their pairs, trained offline.

The trained numbers ship as ``rules/data/model/*.tsv`` (one feature a line, two letters a weight), made again byte
for byte by ``rules.tuning.model_train`` from the labelled mails and the phrases of the rules. The files are
read when the
first mail is judged. The vote never decides alone: words of the rules must speak too. Of a text most of whose
syllables it never met (another language) it says nothing.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import chain, islice, pairwise
from typing import NamedTuple, TypeAlias

from rules.text.tokens import Reading
from rules.values.data_file import DataFileError, Source

NAMES = ("kinds", "units")
"""The votes that ship."""
STEP = 0.05
"""One step of a weight in the file; letters from ``!`` to ``~`` stand for -46 to 47 steps."""
ZERO = 79
"""The letter of a weight of nothing."""
_ZEROS = bytes([ZERO]) * 256
RARITY_STEP = 0.11
"""One step of a feature's rarity in the file (inverse document frequency), counted from LEAST."""
LEAST = 33
"""The first letter used, ``!``."""
FIRST = 65
"""The letter of the first class."""
RULE_VALUE = 0.05
"""How much what a rule said counts beside the words, whose squares add up to 1."""
LANE = 4
"""Bytes that the sum of a class may take up beside those of the others: enough for 366,000 different features."""
LEVELS = (0.3, 2.0, 4.5, 8.0)
"""Points of a field from which it counts as hinted, said, clearly said, said more than once."""
KNOWN = 0.7
"""The share of a text's different syllables that the vote must have met before; less is another language."""
MOST_MET = 16384
"""Features whose numbers are kept at hand."""


@dataclass(frozen=True)
class Model:
    """One vote: ``sharpness`` turns sums of weights into shares."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    sharpness: float

    @cached_property
    def letters(self) -> bytes:
        """What the classes are called in a feature's line."""
        return bytes(range(FIRST, FIRST + len(self.classes)))

    @cached_property
    def width(self) -> int:
        """How many numbers a feature has: whether it is known, the square of its rarity, and each class's weight."""
        return 2 + len(self.classes)

    def row(self, line: bytes, ruled: bool) -> int:
        """What a feature counts, from its line in the file, as one long number of ``LANE`` bytes each: that it is
        known, the square of its rarity, and each class's weight times the rarity. 0 without a line.

        What a rule said (``ruled``) has no rarity, and is no word known.
        """
        if not line:
            return 0
        letters = self.letters
        apart = bytearray(LANE * self.width)
        # Classes that the line does not name weigh nothing.
        apart[2 * LANE :: LANE] = letters.translate(
            bytes.maketrans(letters + line[1::2], _ZEROS[: len(letters)] + line[2::2])
        )
        if ruled:
            return int.from_bytes(apart, "little")
        apart[LANE] = rarity = line[0] - LEAST
        return int.from_bytes(apart, "little") * rarity + 1

    def shares(self, sums: Iterable[float]) -> dict[str, float]:
        """Natural logarithm of each class's share; shares add up to 1."""
        # Letters stand ZERO above their weights for every class alike, which changes no share.
        weighed = [(least + one) * self.sharpness for least, one in zip(self.bias, sums, strict=True)]
        return dict(zip(self.classes, log_softmax(weighed), strict=True))


_Feature: TypeAlias = str | tuple[str, str]
"""A syllable, or two side by side."""


class _Met(dict[_Feature, int]):
    """Feature to its row as one long number, filled as features are met; of a text's most have been met lately.

    So the sum over all features of a text is for each class of each vote one addition in C. ``prefix``: what the
    names of these features begin with.
    """

    def __init__(self, prefix: str, look: Callable[[str], int]) -> None:
        super().__init__()
        self._prefix = prefix
        self._look = look

    def __missing__(self, feature: _Feature) -> int:
        if len(self) >= MOST_MET:
            self.clear()
        row = self._look(self._prefix + (feature if isinstance(feature, str) else " ".join(feature)))
        self[feature] = row
        return row


class _Looked(NamedTuple):
    """Features looked up: sums of rows. Only the first is needed for how many of the ``singles`` were known."""

    singles: int
    known: bytes
    all: bytes
    again: list[tuple[float, bytes]]
    """Those found several times once more, with the logarithm of how often."""


class Votes:
    """The votes of one source. What they know of a feature stands together: a text is looked up once for all.

    ``lines``: by feature its line in the file of each model, a tab between. Features are kept as bytes: forty
    thousand of them take a third less memory so. A line becomes a row of numbers when a text first has its feature.
    """

    def __init__(self, models: Mapping[str, Model], lines: Mapping[bytes, bytes]) -> None:
        self.models = models
        self._lines = lines
        self._bare, self._marked, self._ruled = (_Met(prefix, self._row) for prefix in ("b", "m", "r"))
        # Each model, with the numbers of a row that are its own.
        widths = [model.width for model in models.values()]
        self._bytes = LANE * sum(widths)
        self._rows = [(model, 8 * LANE * sum(widths[:place])) for place, model in enumerate(models.values())]
        self._places = {
            name: (model, partial(struct.Struct(f"<{model.width}I").unpack_from, offset=LANE * sum(widths[:place])))
            for place, (name, model) in enumerate(models.items())
        }
        self._latest: tuple[Reading | None, _Looked] = None, _Looked(0, b"", b"", [])

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
        return self._shares(name, looked, _levels(said) if said else ())

    def _look_up(
        self, singles: Mapping[str, int], pairs: Mapping[tuple[str, str], int], marked: Mapping[_Feature, int]
    ) -> _Looked:
        known = sum(map(self._bare.__getitem__, singles))
        total = known + sum(map(self._bare.__getitem__, pairs)) + sum(map(self._marked.__getitem__, marked))
        again: dict[int, int] = {}
        for met, counted in ((self._bare, singles), (self._bare, pairs), (self._marked, marked)):
            for feature, count in counted.items():
                if count > 1:
                    again[count] = again.get(count, 0) + met[feature]
        return _Looked(
            len(singles) - sum(map(_says_nothing, singles)),
            self._packed(known),
            self._packed(total),
            [(math.log(count), self._packed(one)) for count, one in again.items()],
        )

    def _packed(self, total: int) -> bytes:
        return total.to_bytes(self._bytes, "little")

    def _row(self, feature: str) -> int:
        """The rows of all models for a feature, one behind the other; 0 when none of them met it."""
        line = self._lines.get(feature.encode())
        if line is None:
            return 0
        codes = zip(self._rows, line.split(b"\t"), strict=False)  # the last may not know it
        return sum([model.row(code, feature[0] == "r") << place for (model, place), code in codes])

    def _shares(self, name: str, looked: _Looked, ruled: Iterable[str]) -> dict[str, float]:
        model, own = self._places[name]
        if own(looked.known)[0] < max(1.0, KNOWN * looked.singles):
            return {}
        _, squares, *sums = own(looked.all)
        for more, rows in looked.again:  # a word counts by 1 + log(how often)
            _, square, *others = own(rows)
            squares += more * (2 + more) * square
            sums = [one + more * other for one, other in zip(sums, others, strict=True)]
        step = STEP / math.sqrt(squares or 1.0)  # words make a vector of length 1
        _, _, *said = own(self._packed(sum(map(self._ruled.__getitem__, ruled))))
        return model.shares([step * one + STEP * RULE_VALUE * rule for one, rule in zip(sums, said, strict=True)])


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
    found.update(_syllables(reading.bare, "b"))
    if not reading.all_bare:
        found.update(_syllables(reading.marked, "m"))
    found.update(map("r".__add__, _levels(said or {})))
    return found


def _levels(said: Mapping[str, float]) -> list[str]:
    """Without the letter that the names of these features begin with."""
    return [
        f"{level} {name}" for name, points in said.items() for level, least in enumerate(LEVELS) if points >= least
    ]


def _words(reading: Reading) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[_Feature]]:
    """What :func:`features` names of a reading: its syllables without marks, their pairs, and both with marks.

    Numbers and ends of sentences are among them, and pairs over these: no vote has ever met one.
    """
    bare, marked = reading.bare, () if reading.all_bare else reading.marked
    return (
        Counter(bare),
        Counter(pairwise(bare)),
        Counter(chain(marked, pairwise(marked))),
    )


def _syllables(keys: Sequence[str], prefix: str) -> Iterator[str]:
    """Syllables, and each beside the one before in its sentence; digits say nothing."""
    before = ""
    for key in keys:
        if _says_nothing(key):
            before = ""
            continue
        yield prefix + key
        if before:
            yield f"{prefix}{before} {key}"
        before = key


def _says_nothing(key: str) -> bool:
    return key == "." or key.isdigit()


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
