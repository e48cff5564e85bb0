"""A small statistical vote in addition to the rules: a weighted sum of syllables and their pairs, trained offline.

The weights ship as ``rules/data/model/*.tsv``, made by ``scripts/train_vote.py`` from labelled mails and the phrases
of the rules: one feature per line, with its rarity and its weight for each class that it supports or opposes. The
words of a sentence that asks count more than the story around it. A vote gives no result for a text as soon as it
knows less than the share :data:`KNOWN` of the text's different syllables: that is another language.

An own file in their place is checked first: a head of five lines, then its features.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, islice
from typing import TypeAlias, TypeVar

from rules.text.tokens import Tokens
from rules.values.data_file import DataFileError, Source

HEAD = ("classes", "bias", "sharpness", "feature")
"""First cells of the lines after the first one, which is a comment."""
_Value = TypeVar("_Value")
KNOWN = 0.7
"""The vote must know this share of a text's different syllables; otherwise it is another language."""


Weight: TypeAlias = tuple[int, float]
"""The index of a class, and a feature's weight for it."""
Row: TypeAlias = tuple[float, *tuple[Weight, ...]]
"""The rarity of a feature, then its weights."""
Feature: TypeAlias = tuple[str, str]
"""A feature cut at its first space, after its letter and first syllable: ("bnha", "dat"); ("bnha", "") is alone."""
_NONE: Mapping[str, Row] = {}


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote. ``rows``: each feature's row by its two parts; features with the same one share it.

    The largest vote has 83,533 features, and a long letter a thousand. When rows were parsed only as letters
    needed them, the daemon grew by ten megabytes in its first hours. Under whole features they would
    take nine more for all votes: both parts are the same few thousand syllables again and again.
    """

    classes: tuple[str, ...]
    bias: Mapping[str, float]
    sharpness: float
    rows: Mapping[str, Mapping[str, Row]]

    def shares(self, counts: Mapping[Feature, float], known: float = KNOWN) -> dict[str, float]:
        """The natural logarithm of each class's share, for the features of a text; {} when too few words are known.

        A feature counts by the logarithm of its frequency and by its rarity; the whole is normalised to length 1, so
        that a long text does not seem surer than a short one.
        """
        if not self.knows(counts, known):
            return {}
        sums, squares, rows = [0.0] * len(self.classes), 0.0, self.rows
        values = {count: damped(count) for count in set(counts.values())}
        for (first, second), count in counts.items():
            row = rows.get(first, _NONE).get(second)
            if row is None:
                continue
            value = values[count] * row[0]
            squares += value * value
            for place, weight in row[1:]:
                sums[place] += value * weight
        length = math.sqrt(squares) or 1.0
        scores = zip(self.classes, sums, strict=True)
        return log_shares({name: self.sharpness * (self.bias[name] + score / length) for name, score in scores})

    def knows(self, counts: Mapping[Feature, float], known: float = KNOWN) -> bool:
        """True when that share of the different syllables is known."""
        singles = [first for first, second in counts if not second and first[0] == "b"]
        return sum("" in self.rows.get(first, _NONE) for first in singles) >= max(1.0, known * len(singles))


def damped(count: float) -> float:
    """The weight of a feature by its frequency: twice counts less than double."""
    return count if count <= 1 else 1 + math.log(count)


def log_shares(sums: Mapping[str, float]) -> dict[str, float]:
    """The logarithms of the shares that correspond to the sums; the shares add up to 1."""
    top = max(sums.values())
    total = top + math.log(sum(math.exp(value - top) for value in sums.values()))
    return {name: value - total for name, value in sums.items()}


def features(reading: Tokens, asking: Collection[int] = ()) -> Counter[Feature]:
    """The features of a text and their counts: syllables and pairs, without diacritics ("b") and with them ("m").

    A sentence that was typed without diacritics has no "m" features: its "nha" may be the "nhà" of another sentence.
    ``asking``: the numbers of the sentences that ask; their features count twice.
    """
    said = [*_said("b", reading.bare), *_said("m", reading.typed_marked)]
    found = Counter(chain.from_iterable(said))
    if asking:
        asks = [sentence in asking for sentence in reading.sentence]
        found.update(chain.from_iterable(compress(said, [*asks, *asks])))
    return found


def _said(prefix: str, keys: Iterable[str]) -> Iterator[tuple[Feature, ...]]:
    """Each syllable alone, and with the one before it in its sentence; digits do not count."""
    before = ""
    for key in keys:
        if key == "." or key.isdigit():
            before = ""
            yield ()
            continue
        single = prefix + key
        yield ((single, ""), (before, key)) if before else ((single, ""),)
        before = single


def by_name(counts: Mapping[Feature, float]) -> dict[str, float]:
    """Counts of features by their names in the file: "bnha dat"."""
    return {f"{first} {second}" if second else first: count for (first, second), count in counts.items()}


def cut(counts: Mapping[str, float]) -> dict[Feature, float]:
    """The inverse of :func:`by_name`."""
    return {_cut(name): count for name, count in counts.items()}


def _cut(name: str) -> Feature:
    first, _, second = name.partition(" ")
    return first, second


def _row_reader(classes: Sequence[str]) -> Callable[[str], Row]:
    """A function that parses rows. They share few different numbers, so each is stored once to save memory."""
    places = {name: place for place, name in enumerate(classes)}
    rarities, weights = _Parsed(float), _Parsed(lambda cell: _weight(cell, places))

    def read(row: str) -> Row:
        rarity, cells = row.split("\t")
        return (rarities[rarity], *[weights[cell] for cell in cells.split()])

    return read


class _Parsed(dict[str, _Value]):
    """Parts of the file, each parsed when it is met first; equal parts share their value."""

    def __init__(self, read: Callable[[str], _Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, part: str) -> _Value:
        value = self[part] = self._read(part)
        return value


def _weight(cell: str, places: Mapping[str, int]) -> Weight:
    name, _, weight = cell.partition("=")
    return places[name], float(weight)


@lru_cache(maxsize=16)  # eight that are in force, and as many on trial; units and kinds take ten megabytes each
def load_vote(name: str, source: Source) -> Vote | None:
    """A trained vote; None when none is installed. Raises :class:`DataFileError` for a wrong head or row."""
    file = f"model/{name}.tsv"
    if not source.path(file).is_file():
        return None
    lines = (line.decode().rstrip("\r\n") for line in source.lines(file))
    try:
        begun = (line.partition("\t") for line in islice(lines, 1, 1 + len(HEAD)))
        head = {key: cells.split("\t") for key, _, cells in begun}
        classes = tuple(head["classes"])
        rows = _rows(lines, classes)
        bias = dict(zip(classes, map(float, head["bias"]), strict=True))
        return Vote(classes, bias, float(head["sharpness"][0]), rows)
    except (KeyError, ValueError) as error:
        raise DataFileError(f"{file}: {error}") from None


def _rows(lines: Iterable[str], classes: Sequence[str]) -> dict[str, dict[str, Row]]:
    """The rows of a file by the two parts of their features."""
    parsed, rows = _Parsed(_row_reader(classes)), dict[str, dict[str, Row]]()
    for line in lines:
        name, _, row = line.partition("\t")
        first, _, second = name.partition(" ")
        if first not in rows:
            rows[first] = {}
        rows[first][sys.intern(second)] = parsed[row]
    return rows


def shares(name: str, counts: Mapping[str, float], source: Source, *, known: float = KNOWN) -> dict[str, float]:
    """The share of each class of a vote for a text's features by name, adding up to 1; {} without model, known words.

    ``known`` must be that of its training (:meth:`Vote.shares`).
    """
    vote = load_vote(name, source)
    found = vote.shares(cut(counts), known) if vote is not None else {}
    return {one: math.exp(share) for one, share in found.items()}


ANEW = "make the file anew with scripts/train_vote.py"


def model_faults(name: str, source: Source, classes_of: Callable[[str, Source], set[str]]) -> Iterator[str]:
    """The first fault of an own file, if any. As a program writes the file, nobody repairs it by hand.

    ``classes_of`` tells the classes that the vote may have.
    """
    try:
        lines = source.text(name).splitlines()
        head = _head(lines[: len(HEAD) + 1])
        _check_head(head, classes_of(name, source))
        _check_rows(lines[len(HEAD) + 1 :], frozenset(head["classes"]))
    except DataFileError:
        raise
    except ValueError as error:
        yield f"{name}: {error}; {ANEW}"


def _head(lines: Sequence[str]) -> Mapping[str, list[str]]:
    head: dict[str, list[str]] = {}
    for number, line in enumerate(lines[1:], 2):
        key, *cells = line.split("\t")
        if key not in HEAD or key in head:
            raise ValueError(f"line {number} must begin with {' or '.join(HEAD)}, each once, is {key[:40]!r}")
        head[key] = cells
    if missing := [key for key in HEAD if key not in head]:
        raise ValueError(f"the line {missing[0]} is missing")
    return head


def _check_head(head: Mapping[str, list[str]], known: set[str]) -> None:
    classes = head["classes"]
    if strange := [one for one in classes if one not in known]:
        raise ValueError(f"classes: there is no {strange[0][:40]!r}")
    if not classes or len(set(classes)) < len(classes):
        raise ValueError("classes: each must be named once")
    if len(head["bias"]) != len(classes) or not all(map(_is_number, head["bias"])):
        raise ValueError(f"bias: must be {len(classes)} numbers, one for each class")
    if len(head["sharpness"]) != 1 or not _is_number(head["sharpness"][0]) or float(head["sharpness"][0]) <= 0:
        raise ValueError("sharpness: must be one number above 0")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _check_rows(lines: Sequence[str], classes: frozenset[str]) -> None:
    """A feature's letter and words, its rarity, and class=weight for the classes that it supports or opposes."""
    seen: set[str] = set()
    for number, line in enumerate(lines, len(HEAD) + 2):
        feature, *cells = line.split("\t")
        weights = [one.partition("=") for one in cells[-1].split()] if len(cells) == 2 else []
        fits = feature[:1] in {"b", "m"} and weights and _is_number(cells[0])
        if not fits or not all(name in classes and _is_number(weight) for name, _, weight in weights):
            raise ValueError(f"line {number}: no feature with its weights: {line[:40].strip()!r}")
        if feature in seen:
            raise ValueError(f"line {number}: {feature[:40]!r} stands twice")
        seen.add(feature)
    if not seen:
        raise ValueError("no feature follows the head")
