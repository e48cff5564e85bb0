"""Training of the statistical vote: softmax regression by gradient steps, the same numbers on every run."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.kindbook import kind_features
from rules.matching import Reading, read
from rules.model_vote import SCALE, features, log_softmax
from rules.rulebook import WARD, RoutingTable
from rules.scoring import field_points, weigh
from rules.text import strip_marks, untype

LABELLED = tuple(f"labelled/{name}.tsv" for name in ("train", "train_more_1", "train_more_2", "routing", "kinds"))
"""Labelled mails to learn from; ``held_out.tsv`` is for testing only and never among them."""
RULED_ON = date(2026, 1, 1)
"""The day whose units the rules speak of while training: all of today's exist."""
EPOCHS = 16
RATE = 0.5
DECAY = 2e-4
PHRASE_WEIGHT = 0.3
KINDS = {"question", "complaint", "denunciation", "out_of_scope", "spam", "not_a_question"}
OTHERS_WEIGHT = 3.0
"""How much a mail that is no question counts beside one that is."""
SMALLEST = 0.07
"""Weights below this are left out of the file."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text's features, the classes it may belong to, and how much it counts."""

    features: tuple[str, ...]
    classes: tuple[str, ...]
    weight: float = 1.0


Look = Callable[[Reading], Sequence[str]]
"""How a vote looks at a text: reading to features."""


def examples(
    rows: Iterable[tuple[str, Sequence[str]]], table: RoutingTable, look: Look = features, weight: float = 1.0
) -> Iterator[Example]:
    """Each text twice: as written, and typed without marks."""
    for text, classes in rows:
        for form in dict.fromkeys((untype(text), strip_marks(untype(text)))):
            yield Example(tuple(look(read(form, table.shorthand))), tuple(classes), weight)


def unit_class(code: str) -> str:
    """All wards are one class."""
    return WARD if code.startswith("UBND_") else code


def rule_phrases(table: RoutingTable) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrases of the rules as tiny texts of their unit."""
    for field in table.fields:
        for tier in ("decisive", "strong", "clear"):
            for phrase in field.phrases[tier]:
                yield phrase.replace("…", " . "), (unit_class(field.unit),)


def train_units(table: RoutingTable) -> str:
    """The vote on units, from the labelled questions and the rules' phrases."""
    rows = [
        (row["text"], [unit_class(code) for code in row["expected_unit"].split("|")])
        for name in LABELLED
        for row in table.source.tsv(name)
        if row["expected_class"] == "question" and row["expected_unit"]
    ]

    def ruled(reading: Reading) -> Sequence[str]:
        return features(reading, field_points(weigh(reading, table, RULED_ON), table))

    phrases = examples(rule_phrases(table), table, weight=PHRASE_WEIGHT)
    return train([*examples(rows, table, ruled), *phrases])


def train_kinds(table: RoutingTable) -> str:
    """The vote on kinds, from the labelled mails and the phrases of the signs that speak for a kind."""
    rows = [
        (row["text"], [row["expected_class"]])
        for name in LABELLED
        for row in table.source.tsv(name)
        if row["expected_class"] in KINDS
    ]
    signs = [
        (phrase.replace("…", " . "), [rule.kind.value])
        for rule in table.kinds.rules
        for sign in rule.signs
        if sign.points >= 2
        for phrase in sign.phrases
    ]
    signs += [(phrase, ["question"]) for phrase, _ in rule_phrases(table)]
    asked = [row for row in rows if row[1] == ["question"]]
    others = [row for row in rows if row[1] != ["question"]]
    # to miss a denunciation costs more than to look at a question once more

    def look(reading: Reading) -> Sequence[str]:
        return kind_features(reading, table.kinds)

    return train(
        [
            *examples(asked, table, look),
            *examples(others, table, look, OTHERS_WEIGHT),
            *examples(signs, table, weight=PHRASE_WEIGHT),
        ]
    )


def train(data: Sequence[Example], epochs: int = EPOCHS) -> str:
    """The model file's text for the examples; deterministic."""
    data = _common(data)
    classes = sorted({name for one in data for name in one.classes})
    number = {name: place for place, name in enumerate(classes)}
    bias = [0.0] * len(classes)
    weights: dict[str, list[float]] = {}
    squares: dict[str, float] = {}
    order = list(range(len(data)))
    shuffler = random.Random(1374)  # noqa: S311 - order of training, no secret
    for _ in range(epochs):
        shuffler.shuffle(order)
        for place in order:
            _step(data[place], number, bias, weights, squares)
    return _written(classes, bias, weights)


def _common(data: Sequence[Example]) -> list[Example]:
    """The examples without features that one text alone has: they say nothing about others."""
    counts = Counter(feature for one in data for feature in one.features)
    least = {"m": 2, "b": 3, "r": 2}  # a pair without marks stands in both forms of a text
    return [
        replace(one, features=tuple(name for name in one.features if counts[name] >= least[name[0]])) for one in data
    ]


def _step(
    one: Example,
    number: dict[str, int],
    bias: list[float],
    weights: dict[str, list[float]],
    squares: dict[str, float],
) -> None:
    """One gradient step (AdaGrad by feature): towards the right classes, away from the others."""
    rows = [weights.setdefault(feature, [0.0] * len(bias)) for feature in one.features]
    sums = (
        [start + sum(column) for start, column in zip(bias, zip(*rows, strict=True), strict=True)] if rows else bias
    )
    errors = [-math.exp(value) for value in log_softmax(sums)]
    right = [number[name] for name in one.classes]
    mass = -sum(errors[place] for place in right)
    for place in right:  # any of the right classes will do: their own shares say how to divide
        errors[place] += -errors[place] / mass if mass > 1e-9 else 1 / len(right)
    moves = [(place, one.weight * error) for place, error in enumerate(errors) if abs(error) > 0.003]
    size = sum(move * move for _, move in moves)
    for feature, row in zip(one.features, rows, strict=True):
        squares[feature] = squares.get(feature, 0.0) + size
        rate = RATE / math.sqrt(1.0 + squares[feature]) / math.sqrt(len(rows))
        for place, move in moves:
            row[place] += rate * move - DECAY * row[place]
    for place, move in moves:
        bias[place] += 0.01 * move


def _written(classes: list[str], bias: list[float], weights: dict[str, list[float]]) -> str:
    lines = [
        "# made by scripts/train_vote.py from labelled/train.tsv and the rules' phrases; do not edit",
        "\t".join(["classes", *classes]),
        "\t".join(["bias", *(str(round(value * SCALE)) for value in bias)]),
    ]
    for feature in sorted(weights):
        cells = [f"{place}:{round(w * SCALE)}" for place, w in enumerate(weights[feature]) if abs(w) >= SMALLEST]
        if cells:
            lines.append("\t".join([feature, *cells]))
    return "\n".join(lines) + "\n"
