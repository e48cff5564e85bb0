"""From what the vote on departments' mails learns: what people wrote who were taught nothing, and cases of replies.

The mails stand in ``tests/data/human_mails*.tsv`` with what ought to happen, the cases in ``tests/data/replies``.
``measure`` tells how the vote reads a table that it has not learnt from: each table is left out once.
"""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold_strictly
from rules.reply import vote
from rules.reply.unit_names import unit_names
from rules.reply.verbs import load_verb_phrases
from rules.reply.vetoes import cut
from rules.text import statistical_vote
from rules.values.data_file import Source, load_units
from rules.values.states import Verb
from scripts.training.model_fit import fit
from scripts.training.model_train import Example

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
MEANT = {
    "answer": Verb.ANSWER,
    "other": Verb.ANSWER,
    "received": Verb.RECEIVED,
    "extension": Verb.EXTENSION,
    "refusal": Verb.NOT_COMPETENT,
}
"""What the first expectation of a row stands for; whatever else it is, a person must look."""
CASE_WEIGHT = 0.5
"""How much a case counts beside a mail: it was written to try one phrase."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A department's mail, the table that it stands in, and what it is."""

    id: str
    table: str
    text: str
    verb: Verb
    weight: float = 1.0


def labelled_mails(folder: Path = DATA) -> list[Labelled]:
    """All mails of departments, then the cases; texts as they were written."""
    return [*_mails(sorted(folder.glob("human_mails*.tsv"))), *_cases(sorted((folder / "replies").glob("*.toml")))]


def _mails(paths: Iterable[Path]) -> Iterator[Labelled]:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["writer"] == "unit":
                    meant = MEANT.get(row["expect"].partition("|")[0].partition(":")[0], Verb.NONE)
                    text = row["text"].replace("\\n", "\n").replace("{F}", "HP-2026-000124")
                    yield Labelled(f"{path.stem}:{row['id']}", path.stem, text, meant)


def _cases(paths: Iterable[Path]) -> Iterator[Labelled]:
    for path in paths:
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"]):
            if verb := case.get("verb"):
                known = Verb(verb) if verb in {str(one) for one in MEANT.values()} else Verb.NONE
                yield Labelled(f"{path.stem}:{number}", path.stem, case["text"], known, CASE_WEIGHT)


def reply_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The mails as the vote looks at them when it votes."""
    names, phrases = unit_names(load_units()), load_verb_phrases(DEFAULT)
    return [
        Example(
            vote.features_of(cut(fold_strictly(one.text, DEFAULT).own or one.text, names, phrases).sentences),
            (one.verb.value,),
            one.weight,
            one.id,
        )
        for one in mails
    ]


def reply_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All that the examples are made of; the words that sentences are cut by change daily and hardly touch them."""
    yield from map(repr, mails)
    yield from (Path(one).read_text(encoding="utf-8") for one in (__file__, vote.__file__, statistical_vote.__file__))


def measure(mails: Sequence[Labelled], sharpness: float) -> Iterator[tuple[Labelled, Mapping[str, float]]]:
    """Each mail of a table with the shares that a vote gives it which has not learnt from that table."""
    examples = reply_examples(mails)
    both = list(zip(mails, examples, strict=True))
    for table in sorted({one.table for one in mails if one.table.startswith("human_mails")}):
        learnt = fit([example for one, example in both if one.table != table], sharpness, "# without one table")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "model" / f"{vote.NAME}.tsv"
            path.parent.mkdir()
            path.write_text(learnt, encoding="utf-8")
            judges = statistical_vote.load_vote(vote.NAME, Source(Path(folder)))
        assert judges is not None
        for one, example in both:
            if one.table == table:
                yield one, {name: math.exp(share) for name, share in judges.shares(example.features).items()}
