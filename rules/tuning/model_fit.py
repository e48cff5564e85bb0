"""Training of the statistical vote: for each class a linear support vector machine against the rest, and naive Bayes.

Dual coordinate descent with squared hinge loss (Hsieh and others, ICML 2008), as liblinear does it, without any
library: the same numbers on every run. The features of a text are weighed by rarity and made a vector of length 1,
so that a long story does not sound surer than a short question. A machine hardly looks at a word that the text could
be placed without; how much oftener the class has it than the rest (naive Bayes with complements, Rennie and others,
ICML 2003) is added in part, which on texts never seen is right oftener. Both are linear: one table of weights.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import NamedTuple

from rules.routing.statistical_vote import FIRST, LEAST, RARITY_STEP, RULE_VALUE, STEP, ZERO

COST = 1.0
"""What it costs the machine to put one text on the wrong side."""
PASSES = 24
REST = 4
"""Texts that are safely on the right side are looked at again every so many passes."""
LEAST_OFTEN = {"m": 2, "b": 3, "r": 2}
"""Features of fewer texts are left out; what has no marks ("b") stands in both forms of a text."""


class Bayes(NamedTuple):
    """How much of naive Bayes is added to the weights; ``smooth`` is added to how often each feature was met."""

    share: float = 0.0
    smooth: float = 1.0


ALONE = Bayes()
"""The machines without naive Bayes."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text's features with counts, the classes it may belong to, and how much it counts."""

    features: Mapping[str, int]
    classes: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Text:
    """An example as numbers: ``pick`` takes the weights of its features, which stand beside ``values``."""

    places: tuple[int, ...]
    values: tuple[float, ...]
    pick: Callable[[Sequence[float]], tuple[float, ...]]
    curve: float


def mark(data: Sequence[Example], sharpness: float, bayes: Bayes = ALONE) -> str:
    """The first line of a model's file: tells from which data and numbers it was made."""
    rare = sorted(LEAST_OFTEN.items())
    numbers = (COST, PASSES, REST, rare, STEP, RARITY_STEP, RULE_VALUE, sharpness, *bayes)
    digest = hashlib.sha256(repr(numbers).encode())
    for one in data:
        digest.update(repr((sorted(one.features.items()), one.classes, one.weight)).encode())
    return f"# made by scripts/train_vote.py from {len(data)} texts, {digest.hexdigest()[:32]}; do not edit"


def fit(data: Sequence[Example], sharpness: float, bayes: Bayes = ALONE) -> str:
    """The model file's text for the examples; deterministic."""
    rarity = _rarity(data)
    number = {feature: place for place, feature in enumerate(rarity, 1)}  # 0 is the bias
    texts = [_text(one, rarity, number) for one in data]
    classes = sorted({name for one in data for name in one.classes})
    weights = []
    for name in classes:
        sides = [1.0 if name in one.classes else -1.0 for one in data]
        machine = _machine(texts, sides, [0.5 / (COST * one.weight) for one in data], len(number) + 1)
        leaning = _leaning(texts, sides, [one.weight for one in data], [bayes.smooth] * (len(number) + 1))
        weights.append([one + bayes.share * other for one, other in zip(machine, leaning, strict=True)])
    lines = [
        mark(data, sharpness, bayes),
        "\t".join(["classes", *classes]),
        "\t".join(["bias", *(f"{row[0]:.3f}" for row in weights)]),
        f"sharpness\t{sharpness}",
        "weights\tfeature, then a letter for its rarity and two for each class and weight",
    ]
    for feature, place in sorted(number.items()):
        code = _code(rarity[feature], _centred([row[place] for row in weights]))
        if len(code) > 1:
            lines.append(f"{feature}\t{code}")
    return "\n".join(lines) + "\n"


def _rarity(data: Sequence[Example]) -> dict[str, float]:
    """Inverse document frequency by feature, as the file can hold it."""
    counts = Counter(feature for one in data for feature in one.features)
    return {
        feature: round((1 + math.log((1 + len(data)) / (1 + count))) / RARITY_STEP) * RARITY_STEP
        for feature, count in sorted(counts.items())
        if count >= LEAST_OFTEN[feature[0]]
    }


def _text(one: Example, rarity: Mapping[str, float], number: Mapping[str, int]) -> _Text:
    words = {
        number[name]: (1 + math.log(count)) * rarity[name]
        for name, count in sorted(one.features.items())
        if name in number and name[0] != "r"
    }
    length = math.sqrt(math.fsum(value * value for value in words.values())) or 1.0
    row = {place: value / length for place, value in words.items()}
    row.update({number[name]: RULE_VALUE for name in sorted(one.features) if name in number and name[0] == "r"})
    places, values = (0, 0, *row), (1.0, 0.0, *row.values())  # the bias; twice, so that ``pick`` always gives a tuple
    return _Text(places, values, itemgetter(*places), math.fsum(value * value for value in values))


def _machine(texts: Sequence[_Text], sides: Sequence[float], slack: Sequence[float], size: int) -> list[float]:
    """The weights that part one class from the rest. ``slack``: half the reciprocal of each text's cost."""
    weights = [0.0] * size
    pulls = [0.0] * len(texts)
    order = list(range(len(texts)))
    resting: set[int] = set()
    shuffler = random.Random(1374)  # noqa: S311 - order of training, no secret
    for turn in range(PASSES):
        if turn % REST == 0:
            resting.clear()
        shuffler.shuffle(order)
        for place in order:
            if place in resting:
                continue
            text, side, pull = texts[place], sides[place], pulls[place]
            slope = side * math.fsum(map(mul, text.pick(weights), text.values)) - 1.0 + pull * slack[place]
            if pull == 0.0 and slope >= 0.0:
                resting.add(place)
                continue
            pulls[place] = max(pull - slope / (text.curve + slack[place]), 0.0)
            move = (pulls[place] - pull) * side
            if abs(move) > 1e-9:
                for feature, value in zip(text.places, text.values, strict=True):
                    weights[feature] += move * value
    return weights


def _leaning(
    texts: Sequence[_Text], sides: Sequence[float], counts: Sequence[float], least: Sequence[float]
) -> list[float]:
    """For each feature how much oftener the texts of one class have it than the rest: a logarithm; 0 for the bias."""
    often, rest = list(least), list(least)
    for text, side, count in zip(texts, sides, counts, strict=True):
        found = often if side > 0 else rest
        for place, value in zip(text.places[2:], text.values[2:], strict=True):
            found[place] += count * value
    shift = math.log(math.fsum(often[1:]) / math.fsum(rest[1:])) if len(least) > 1 else 0.0
    return [0.0, *(math.log(one / other) - shift for one, other in zip(often[1:], rest[1:], strict=True))]


def _centred(weights: Sequence[float]) -> list[float]:
    """A feature's weights less their median, which changes no share and leaves most of them nothing."""
    middle = sorted(weights)[len(weights) // 2]
    return [weight - middle for weight in weights]


def _code(rarity: float, weights: Sequence[float]) -> str:
    """A feature's letters; weights that round to nothing are left out."""
    steps = [(place, max(-46, min(47, round(weight / STEP)))) for place, weight in enumerate(weights)]
    letters = [chr(FIRST + place) + chr(ZERO + step) for place, step in steps if step]
    return chr(LEAST + round(rarity / RARITY_STEP)) + "".join(letters)
