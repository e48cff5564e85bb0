"""From what the vote of talk learns: what people write around a question, and the sentences of labelled letters.

``labelled/talk_*.txt`` hold one passage a line, as strangers wrote them: greetings, thanks, how the letter came to be
written; none speaks of a public matter. The openings and closings of the shapes are such passages, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.routing.routing_rules import CLEAR, RoutingTable
from rules.routing.unit_scores import weigh
from rules.text import strip_marks, untype
from rules.text.statistical_vote import by_name, features
from rules.text.tokens import Tokens
from rules.understand.letter_form import find_matter
from scripts.training.model_train import (
    LABELLED,
    SHORT,
    TODAY,
    WITHOUT_MARKS_WEIGHT,
    Example,
    labelled_rows,
    rule_phrases,
)
from scripts.training.whole_mails import TRAINING_SHAPES, read_shapes

TALK, MATTER = "talk", "matter"
WITHOUT_STORY = frozenset(SHORT) - {"train_more_9", "kinds_2"}
"""Files whose texts are matter from end to end; in the others a story goes before many."""
WHO = {"{name}": "Nguyễn Văn An", "{address}": "TP Hải Phòng", "{phone}": "0912000123"}
LEAST_WORDS = 2
TALK_WEIGHT = 4.0
"""A sentence of talk counts as four of matter, of which there are ten times as many."""
WEIGHT = 8.0
"""How much each counts: the more, the closer the machine keeps to what it learnt."""


def passages() -> list[str]:
    """All talk that is learnt."""
    shapes = read_shapes(TRAINING_SHAPES)
    said = [part for shape in shapes for part in (*shape.subject, *shape.before, *shape.after)]
    said += [line for path in sorted(LABELLED.glob("talk_*.txt")) for line in path.read_text("utf-8").splitlines()]
    for place, person in WHO.items():
        said = [one.replace(place, person) for one in said]
    return [one for one in said if one.strip()]


def talk_sources(table: RoutingTable) -> Iterator[str]:
    """All data that the examples are made of."""
    yield from passages()
    yield from (row["text"] for row in labelled_rows())
    yield from (table.source.text(name) for name in ("letter_form.toml", "routing/scoring.toml"))
    yield from map(repr, rule_phrases(table))
    weights = TALK_WEIGHT, WEIGHT, WITHOUT_MARKS_WEIGHT, CLEAR
    yield repr((sorted(table.shorthand.items()), *weights, sorted(WITHOUT_STORY)))


def talk_examples(table: RoutingTable) -> list[Example]:
    """Every sentence that is left when the form is set aside, and every sentence of talk as it was written."""
    person = tuple(WHO.values())
    talk = {
        one for said in passages() for text in (said, _matter(said, person, table)) for one in _sentences(text, table)
    }
    matter = set[str]()
    for row in labelled_rows():
        if row["expected_class"] != "not_a_question":
            known = [row.get(name, "") for name in ("sender_name", "address", "phone")]
            text = _matter(row["text"], known, table)
            matter |= set(_sentences(text, table) if row["file"] in WITHOUT_STORY else _clear_sentences(text, table))
    return [*_examples(talk - matter, TALK, WEIGHT * TALK_WEIGHT, table), *_examples(matter, MATTER, WEIGHT, table)]


def _matter(text: str, known: Iterable[str], table: RoutingTable) -> str:
    return find_matter("", text, list(known), table.source).text


def _clear_sentences(text: str, table: RoutingTable) -> list[str]:
    """The sentences of a text with clear words of a unit: of a whole letter, the others may be talk."""
    reading = table.reader(untype(text))
    evidence = weigh(reading, table.lexicon[0].find(reading), table, TODAY).values()
    heard = {n for one in evidence for n, points in one.heard.items() if points >= CLEAR}
    return [reading.quote(*span) for span in reading.sentences() if reading.sentence[span[0]] in heard]


def _sentences(text: str, table: RoutingTable) -> list[str]:
    """The sentences of a text in the words that were written."""
    reading = table.reader(untype(text))
    return [reading.quote(*span) for span in reading.sentences() if span[1] - span[0] >= LEAST_WORDS]


def _examples(sentences: Iterable[str], name: str, weight: float, table: RoutingTable) -> Iterator[Example]:
    for one in sorted(sentences):
        for text, counts in ((one, 1.0), (strip_marks(one), WITHOUT_MARKS_WEIGHT)):
            reading: Tokens = table.reader(text)
            yield Example(by_name(features(reading)), (name,), weight * counts)
