"""From what the statistical votes learn: the labelled mails and the phrases of the rules, as examples."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from rules.routing.kind_rules import kind_features
from rules.routing.routing_rules import WARD, RoutingTable
from rules.routing.statistical_vote import features
from rules.routing.unit_scores import field_points, weigh
from rules.text import strip_marks, untype
from rules.text.tokens import Reading, read
from rules.tuning.model_fit import ALONE, Bayes, Example, fit, mark

LABELLED = tuple(
    f"labelled/{name}.tsv"
    for name in ("train", *(f"train_more_{number}" for number in range(1, 6)), "routing", "kinds")
)
"""Labelled mails to learn from; ``held_out.tsv`` is for testing only and never among them."""
RULED_ON = date(2026, 1, 1)
"""The day whose units the rules speak of while training: all of today's exist."""
PHRASE_WEIGHT = 0.5
SHARPNESS = {"units": 3.0, "kinds": 3.0}
"""Turns sums into shares: chosen by cross-validation on the labelled mails."""
BAYES = {"units": Bayes(0.1, 0.03), "kinds": ALONE}
"""Chosen in the same way."""
KINDS = {"question", "complaint", "denunciation", "out_of_scope", "spam", "not_a_question"}
OTHERS_WEIGHT = 3.0
"""How much a mail that is no question counts beside one that is: to miss a denunciation costs more than a look."""

Row = Mapping[str, str]
Look = Callable[[Reading], Mapping[str, int]]
"""How a vote looks at a text: reading to features with counts."""


def labelled_rows(table: RoutingTable, leave_out: Collection[str] = ()) -> list[Row]:
    """The rows to learn from, without those of some ids."""
    return [row for name in LABELLED for row in table.source.tsv(name) if row["id"] not in leave_out]


def model_text(name: str, table: RoutingTable, rows: Sequence[Row]) -> str:
    """The file of the vote on "units" or "kinds", trained on the rows; half a minute."""
    return fit(MAKERS[name](table, rows), SHARPNESS[name], BAYES[name])


def belongs(name: str, table: RoutingTable, written: str) -> bool:
    """True when a model's file was made from just these rows, rules and numbers; seconds, without training."""
    made = mark(MAKERS[name](table, labelled_rows(table)), SHARPNESS[name], BAYES[name])
    return made == written.partition("\n")[0]


def unit_class(code: str) -> str:
    """All wards are one class."""
    return WARD if code.startswith("UBND_") else code


def unit_examples(table: RoutingTable, rows: Sequence[Row]) -> list[Example]:
    """Questions with their units, and the rules' phrases."""
    asked = [
        (row["text"], [unit_class(code) for code in row["expected_unit"].split("|")])
        for row in rows
        if row["expected_class"] == "question" and row["expected_unit"]
    ]

    def ruled(reading: Reading) -> Mapping[str, int]:
        return features(reading, field_points(weigh(reading, table, RULED_ON), table))

    return [*_examples(asked, table, ruled), *_examples(_rule_phrases(table), table, features, PHRASE_WEIGHT)]


def kind_examples(table: RoutingTable, rows: Sequence[Row]) -> list[Example]:
    """Mails with their kinds, and the phrases of the signs that speak for a kind."""

    def look(reading: Reading) -> Mapping[str, int]:
        return kind_features(reading, table.kinds)

    found: list[Example] = []
    for row in rows:
        if row["expected_class"] in KINDS:
            weight = 1.0 if row["expected_class"] == "question" else OTHERS_WEIGHT
            found += _examples([(row["text"], [row["expected_class"]])], table, look, weight)
    return [*found, *_examples(_sign_phrases(table), table, features, PHRASE_WEIGHT)]


MAKERS = {"units": unit_examples, "kinds": kind_examples}


def _examples(
    rows: Iterable[tuple[str, Sequence[str]]], table: RoutingTable, look: Look, weight: float = 1.0
) -> Iterator[Example]:
    """Each text twice: as written, and typed without marks."""
    for text, classes in rows:
        for form in dict.fromkeys((untype(text), strip_marks(untype(text)))):
            yield Example(look(read(form, table.shorthand)), tuple(classes), weight)


def _rule_phrases(table: RoutingTable) -> Iterator[tuple[str, list[str]]]:
    """The phrases of the rules as tiny texts of their unit."""
    for field in table.fields:
        for tier in ("decisive", "strong", "clear"):
            for phrase in field.phrases[tier]:
                yield phrase.replace("…", " . "), [unit_class(field.unit)]


def _sign_phrases(table: RoutingTable) -> Iterator[tuple[str, list[str]]]:
    """The phrases of the signs as tiny mails of their kind; those of the routing rules are asked about."""
    for rule in table.kinds.rules:
        for sign in rule.signs:
            if sign.points >= 2:
                for phrase in sign.phrases:
                    yield phrase.replace("…", " . "), [rule.kind.value]
    for phrase, _ in _rule_phrases(table):
        yield phrase, ["question"]
