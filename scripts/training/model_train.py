"""From what the statistical votes learn: labelled mails as whole letters, and phrases of the rules, as examples."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from rules.routing.kind_signs import harmless_apart
from rules.routing.routing_rules import WARD, RoutingTable
from rules.routing.unit_scores import talk_in, weigh
from rules.text import strip_marks, untype
from rules.text.phrase_matcher import without
from rules.text.statistical_vote import by_name, features
from rules.text.tokens import Tokens
from rules.understand.letter_form import find_matter
from scripts.training.whole_mails import TRAINING_SHAPES, Row, Shape, letter, read_rows, read_shapes

LABELLED = Path(__file__).with_name("labelled")
SHORT = ("train", *(f"train_more_{number}" for number in range(1, 10)), "routing", "kinds", "kinds_2")
"""Files of brief letters, most of them of one to three sentences."""
LONG = tuple(f"letters_{number}" for number in range(1, 22))
"""Files of whole letters; each is learnt from in more shapes."""
BEST_FIRST = frozenset(
    ("train_more_8", "train_more_9", "kinds_2", *(f"letters_{number}" for number in range(13, 22)))
)
"""Their labels name every unit that could take a letter, the best one first: that one alone is learnt."""
KINDS_ALONE = ("kinds_3", "kinds_4")
"""Of these no unit is taught: letters by eighteen people who looked for what the vote takes for another kind, and by
two who wrote as readers do to newspapers, councils and portals."""
BETWEEN_KINDS = frozenset({"kinds_2"})
"""Of those with the best unit first, the vote of kinds learns these alone: complaints and denunciations that are told
without a word of either, and their nearest questions. From the others it took a neighbour's wall for a denunciation,
and missed no fewer."""
IDLE = frozenset(f"letters_{number}" for number in range(18, 22))
"""Of these the vote of kinds learns only what asks nothing (thanks, wishes, newsletters, advertisements): a third
fewer of such letters are forwarded. With their complaints and letters for elsewhere too, one question in a hundred
more waited for an officer."""
SHAPES_OF = {"short": 1, "long": 3}
LONG_WEIGHT = 2.0
"""How much a whole letter counts beside one or two sentences: letters are what comes."""
STORIES = 0.6
"""The share of texts that are learnt from behind sentences of other letters too: a story is no question."""
STORY_WORDS = 12
"""Words that a story has at least."""
TOLD_WEIGHT = 2.0
KINDS = frozenset({"question", "complaint", "denunciation", "out_of_scope", "spam", "not_a_question"})
TODAY = date(2026, 11, 10)
"""The units of this day."""
PHRASE_WEIGHT = 0.5
WITHOUT_MARKS_WEIGHT = 0.5
OTHERS_WEIGHT = 3.0
"""How much a mail that is no question counts beside one that is: to miss a denunciation costs more than a look."""
Look = Callable[[Tokens], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A text's features, the classes that it may belong to, how much it counts, and the row that it was made of."""

    features: Mapping[str, float]
    classes: tuple[str, ...]
    weight: float
    id: str = ""


def labelled_rows(folder: Path = LABELLED, files: Sequence[str] = (*SHORT, *LONG)) -> list[Row]:
    """The rows to learn from, each with its file's name; parts for testing only are never among them."""
    return [{**row, "file": name} for name in files for row in read_rows(folder / f"{name}.tsv")]


def kind_rows() -> list[Row]:
    """The rows that the vote of kinds learns from."""

    def taught(row: Row) -> bool:
        idle = row["file"] in IDLE and row["expected_class"] in {"not_a_question", "spam"}
        return idle or row["file"] not in BEST_FIRST - BETWEEN_KINDS

    return [*filter(taught, labelled_rows()), *labelled_rows(files=KINDS_ALONE)]


def sources(table: RoutingTable, rows: Iterable[Row]) -> Iterator[str]:
    """All data that examples are made of: letters, their shapes, the words of the rules, how much each counts.

    Code is left out, because its comments change more often than what it does.
    """
    yield from (repr(sorted(row.items())) for row in rows)
    yield TRAINING_SHAPES.read_text(encoding="utf-8")
    yield from (table.source.text(name) for name in ("letter_form.toml", "classify/plain.toml"))
    yield from map(repr, sign_phrases(table))
    yield repr((table.asking, sorted(table.shorthand.items()), sorted(table.gazetteer.names)))
    yield repr(
        (
            sorted(BEST_FIRST),
            SHAPES_OF,
            LONG_WEIGHT,
            STORIES,
            TOLD_WEIGHT,
            PHRASE_WEIGHT,
            WITHOUT_MARKS_WEIGHT,
            OTHERS_WEIGHT,
        )
    )


def unit_class(code: str) -> str:
    """All wards are one class."""
    return WARD if code.startswith("UBND_") else code


def matters(
    row: Row, shapes: Sequence[Shape], stories: Sequence[str], table: RoutingTable, chance: random.Random
) -> Iterator[tuple[str, float]]:
    """The matter of a row as written, in some shapes, and typed without marks, each with how much it counts."""
    known = [row.get(name, "") for name in ("sender_name", "address", "phone")]

    def matter(subject: str, text: str) -> str:
        found = find_matter(subject, text, known, table.source)
        return untype("\n\n".join(part for part in (found.subject, found.text) if part.strip()))

    bare = matter("", row["text"])
    yield bare, 1.0
    for shape in chance.sample(list(shapes), SHAPES_OF["long" if row["file"] in LONG else "short"]):
        one = letter(row, shape, chance)
        yield matter(one.subject, one.text), 1.0
    if chance.random() < STORIES:
        yield f"{_story(stories, chance)} {bare}", 1.0
    if strip_marks(bare) != bare:
        yield strip_marks(bare), WITHOUT_MARKS_WEIGHT


def unit_examples(table: RoutingTable, rows: Iterable[Row]) -> list[Example]:
    """Questions with their units, and the rules' phrases."""
    asked = (row for row in rows if row["expected_class"] == "question" and row["expected_unit"])
    found = [one for row in asked for one in _examples(row, tuple(sorted(set(map(unit_class, _units(row))))), table)]
    return [*found, *(_phrase(words, unit, table) for words, unit in rule_phrases(table))]


def _units(row: Row) -> list[str]:
    """The units that a letter teaches."""
    units = row["expected_unit"].split("|")
    return units[:1] if row["file"] in BEST_FIRST else units


def kind_examples(table: RoutingTable, rows: Iterable[Row]) -> list[Example]:
    """Mails with their kinds, and the phrases of the signs that speak for a kind."""
    found: list[Example] = []
    for row in rows:
        kind = row["expected_class"]
        if kind in KINDS:
            found += _examples(row, (kind,), table, 1.0 if kind == "question" else OTHERS_WEIGHT, harmless=True)
            if kind == "question" and row["file"] in LONG:
                found += _told(row, table)
    return [*found, *(_phrase(words, kind, table) for words, kind in sign_phrases(table))]


MAKERS = {"units": unit_examples, "kinds": kind_examples}


def _examples(
    row: Row, classes: tuple[str, ...], table: RoutingTable, weight: float = 1.0, *, harmless: bool = False
) -> Iterator[Example]:
    chance = random.Random(row["id"])
    if row["file"] in LONG:
        weight *= LONG_WEIGHT
    shapes, stories = _around(kinds=harmless)
    for text, counts in matters(row, shapes, stories, table, chance):
        reading = table.reader(text)
        if harmless:
            said = harmless_apart(reading, table.kinds, table.kinds.matcher.find(reading))
        else:
            said = table.gazetteer.apart(without_talk(reading, table))
        yield Example(by_name(features(said, table.asking_sentences(said))), classes, weight * counts, row["id"])


def without_talk(reading: Tokens, table: RoutingTable) -> Tokens:
    """What the vote of units reads of a letter."""
    evidence = weigh(reading, table.lexicon[0].find(reading), table, TODAY)
    return without(reading, talk_in(reading, evidence, table))


def _told(row: Row, table: RoutingTable) -> Iterator[Example]:
    """What a letter tells before it asks, as a mail: to tell a story is neither a complaint nor a denunciation."""
    said = [one for one in re.split(r"(?<=[.!?…])\s+", row["text"]) if "?" not in one]
    for text in (" ".join(said[:2]), " ".join(said[:-1])):
        if len(text.split()) >= STORY_WORDS:
            yield Example(by_name(features(table.reader(untype(text)))), ("question",), TOLD_WEIGHT, row["id"])


@cache
def _sentences() -> tuple[str, ...]:
    """The first sentences of labelled questions, those that ask left out."""
    found = (row["text"].partition(". ")[0] for row in labelled_rows() if row["expected_class"] == "question")
    return tuple(f"{one}." for one in found if "?" not in one and 6 <= len(one.split()) <= 25)


def _story(stories: Sequence[str], chance: random.Random) -> str:
    """One to six sentences; in a long one at most one tells of another letter's matter."""
    told, others = chance.choice(_sentences()), chance.sample(stories, chance.choice((1, 1, 2, 3, 5)))
    return chance.choice((told, " ".join(others), " ".join((*others, told))))


@cache
def _around(*, kinds: bool) -> tuple[Sequence[Shape], Sequence[str]]:
    """Shapes and sentences of any letter, written to be hard; for the vote of kinds or for that of units.

    From all of them the vote of kinds learnt to take for a question what is told among such sentences.
    """
    data = tomllib.loads(TRAINING_SHAPES.read_text(encoding="utf-8"))
    shapes = [one for one in read_shapes(TRAINING_SHAPES) if one.kinds or not kinds]
    return shapes, data["stories"] if kinds else [*data["stories"], *data["stories_of_units"]]


def _phrase(words: str, name: str, table: RoutingTable) -> Example:
    return Example(by_name(features(table.reader(words))), (name,), PHRASE_WEIGHT)


def rule_phrases(table: RoutingTable) -> Iterator[tuple[str, str]]:
    """The phrases of the rules as tiny texts of their unit, with marks and without."""
    for field in table.fields:
        for tier in ("decisive", "strong", "clear"):
            for phrase in field.phrases[tier]:
                yield from ((form, unit_class(field.unit)) for form in _forms(phrase))


def sign_phrases(table: RoutingTable) -> Iterator[tuple[str, str]]:
    """The phrases of the signs as tiny mails of their kind.

    Those of the routing rules were learnt as questions once; with twice as many of them, 2.8 % of the questions were
    taken for something else, without them 1.6 %.
    """
    for rule in table.kinds.rules:
        for sign in rule.signs:
            if sign.points >= 2:
                yield from ((form, rule.kind.value) for phrase in sign.phrases for form in _forms(phrase))


def _forms(phrase: str) -> Iterable[str]:
    words = phrase.replace("…", " . ")
    return dict.fromkeys((words, strip_marks(words)))
