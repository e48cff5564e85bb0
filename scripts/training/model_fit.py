"""Training of a statistical vote with scikit-learn: for each class a linear support vector machine against the rest.

Features of a text are weighed by rarity (inverse document frequency) and brought to the length 1, as
``rules.text.statistical_vote`` does it when it votes. The file holds each feature's rarity and weights.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from rules.text.statistical_vote import damped
from scripts.training.model_train import Example

COST = 0.5
"""What it costs the machine to put one text on the wrong side."""
LEAST_OFTEN = {"m": 3, "b": 4}
"""Features of fewer texts are left out; what has no marks ("b") stands in both forms of a text."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is chosen for each vote: the factor that turns sums into shares, and the least weight in the file."""

    sharpness: float
    least_weight: float = 0.1


def mark(sources: Iterable[str], numbers: Numbers) -> str:
    """The first line of a model's file: tells of what and by which numbers it was made.

    ``sources``: all that the examples come from: to make them takes minutes, to compare their sources a second.
    """
    digest = hashlib.sha256(repr((COST, sorted(LEAST_OFTEN.items()), numbers)).encode())
    for one in sources:
        digest.update(one.encode())
    return f"# made by scripts/train_vote.py, {digest.hexdigest()[:32]}; do not edit"


def features_told(examples: Iterable[Example]) -> list[str]:
    """The features of examples as text: another one when the code that makes them has changed."""
    return [repr(sorted(one.features.items())) for one in examples]


def fit(data: Sequence[Example], numbers: Numbers, note: str) -> str:
    """The model file's text for the examples, behind a note; the same for the same examples."""
    rarity = rarities(data)
    number = {feature: place for place, feature in enumerate(rarity)}
    table = _matrix(data, rarity, number)
    classes = sorted({name for one in data for name in one.classes})
    weights = np.zeros((len(classes), len(number)))
    bias: list[float] = []
    counts = np.array([one.weight for one in data])
    for place, name in enumerate(classes):
        sides = np.array([1 if name in one.classes else -1 for one in data])
        machine = LinearSVC(C=COST, max_iter=400, tol=0.01, random_state=1374).fit(table, sides, sample_weight=counts)
        weights[place] = machine.coef_[0]
        bias.append(float(machine.intercept_[0]))
    weights -= np.median(weights, axis=0)  # changes no share and leaves most of them next to nothing
    lines = [
        note,
        "\t".join(["classes", *classes]),
        "\t".join(["bias", *(f"{one:.3f}" for one in bias)]),
        f"sharpness\t{numbers.sharpness}",
        "feature\trarity\tweights",
    ]
    for feature, place in number.items():
        cells = [
            f"{name}={w:.2f}"
            for name, w in zip(classes, weights[:, place], strict=True)
            if abs(w) >= numbers.least_weight
        ]
        if cells:
            lines.append(f"{feature}\t{rarity[feature]:.1f}\t{' '.join(cells)}")
    return "\n".join(lines) + "\n"


def rarities(data: Sequence[Example]) -> dict[str, float]:
    """Inverse document frequency by feature, as the file holds it."""
    counts = Counter(feature for one in data for feature in one.features)
    return {
        feature: round(1 + math.log((1 + len(data)) / (1 + count)), 1)
        for feature, count in sorted(counts.items())
        if count >= LEAST_OFTEN[feature[0]]
    }


def _matrix(data: Sequence[Example], rarity: Mapping[str, float], number: Mapping[str, int]) -> csr_matrix:
    starts = [0]
    places: list[int] = []
    values: list[float] = []
    for one in data:
        features = sorted(one.features.items())  # some come from sets: the sums must not depend on their order
        row = {number[name]: damped(count) * rarity[name] for name, count in features if name in number}
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        places += row.keys()
        values += [value / length for value in row.values()]
        starts.append(len(places))
    return csr_matrix((values, places, starts), shape=(len(data), len(number)))
