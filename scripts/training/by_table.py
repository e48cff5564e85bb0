"""What people wrote by mail, in tables with what ought to happen, and how a vote reads one that it has not learnt.

The tables stand in ``tests/data/human_mails*.tsv``, each written by one person who was taught nothing.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rules.text import statistical_vote
from rules.values.data_file import Source
from scripts.training.model_fit import Numbers, fit
from scripts.training.model_train import Example

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
TABLES = "human_mails"
"""How the names of the tables begin that are left out once."""
JUDGES = frozenset(f"human_mails_blind_{number}" for number in range(25, 30))
"""Tables that judge all votes and are learnt by none."""
CASES = {"review": "review", "extension": "extension", "heldunit": "held_unit", "digest": "desk", "bare": "desk"}
"""What the mail that is answered is about, by the tables' contexts."""
SHORT = {"{Q}": "HP-2026-000123", "{F}": "HP-2026-000124", "{q6}": "000123", "{q}": "123"}
"""What stands in the place of a question's number."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail, the table that it stands in, and what it is: the classes that a vote is to give it."""

    id: str
    table: str
    text: str
    classes: tuple[str, ...]
    weight: float = 1.0
    case: str = ""
    """What the mail that it answers is about, for officers' mails, in the terms of ``hints.toml``."""


def mails_of(writer: str, meant: Callable[[str, str], tuple[str, ...]], folder: Path = DATA) -> Iterator[Labelled]:
    """The mails of a kind of writer; ``meant`` tells the classes by context and first expectation, () to skip."""
    for path in sorted(one for one in folder.glob(f"{TABLES}*.tsv") if one.stem not in JUDGES):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                classes = meant(row["context"], row["expect"].partition("|")[0]) if row["writer"] == writer else ()
                if classes:
                    text, case = written_with_numbers(row["text"]), CASES.get(row["context"], row["context"])
                    yield Labelled(f"{path.stem}:{row['id']}", path.stem, text, classes, case=case)


def voices_of(pattern: str, meant: Callable[[str, str], tuple[str, ...]], folder: Path = DATA) -> Iterator[Labelled]:
    """The mails of tables that each hold one person's mails to be learnt; ``meant`` as in :func:`mails_of`."""
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if classes := meant(row["context"], row["expect"].partition("|")[0]):
                    text, case = written_with_numbers(row["text"]), CASES.get(row["context"], row["context"])
                    yield Labelled(f"{path.stem}:{number}", path.stem, text, classes, case=case)


def written_with_numbers(text: str) -> str:
    """A table's text with its line breaks, and numbers in the place of its marks."""
    text = text.replace("\\n", "\n")
    for mark, number in SHORT.items():
        text = text.replace(mark, number)
    return text


Examples = Callable[[Sequence[Labelled]], list[Example]]
"""Makes of mails what a vote learns."""
Held = tuple[Labelled, Mapping[str, float]]
"""A mail of a table that was left out, and the share of each class."""
LEFT_OUT = (TABLES, "leaders_voices", "departments_voices", "citizens_voices")
"""How the names of the tables begin that are each by one stranger, and left out once to measure."""


def measure(
    name: str, mails: Sequence[Labelled], examples: Examples, numbers: Numbers, known: float = statistical_vote.KNOWN
) -> Iterator[Held]:
    """Each mail of a table with the shares that a vote gives it which has not learnt from that table."""
    both = list(zip(mails, examples(mails), strict=True))
    for table in sorted({one.table for one in mails if one.table.startswith(LEFT_OUT)}):
        with TemporaryDirectory() as folder:
            learnt = [example for one, example in both if one.table != table]
            models = {name: fit(learnt, numbers, "# but one")}
            vote = statistical_vote.load_vote(name, written(Path(folder), models))
        assert vote is not None
        for one, example in both:
            if one.table == table:
                shares = vote.shares(statistical_vote.cut(example.features), known)
                yield one, {name: math.exp(share) for name, share in shares.items()}


def written(folder: Path, models: Mapping[str, str]) -> Source:
    """Rules with these models in the place of those that ship."""
    (folder / "model").mkdir(parents=True, exist_ok=True)
    for name, text in models.items():
        (folder / "model" / f"{name}.tsv").write_text(text, encoding="utf-8")
    return Source(folder)


def voters_without(
    left_out: Collection[str], mails: Mapping[str, Sequence[Labelled]], examples: Examples, sharpness: float = 3.0
) -> Callable[..., dict[str, float]]:
    """What ``statistical_vote.shares`` would tell by votes that have not learnt from some mails, by their ids."""
    with TemporaryDirectory() as folder:
        learnt = {name: [one for one in all_of if one.id not in left_out] for name, all_of in mails.items()}
        models = {name: fit(examples(some), Numbers(sharpness), "# but some") for name, some in learnt.items()}
        source = written(Path(folder), models)
        for name in mails:
            statistical_vote.load_vote(name, source)  # kept, as the folder goes

    def shares(name: str, counts: Mapping[str, float], _: Source, **how: Any) -> dict[str, float]:
        return statistical_vote.shares(name, counts, source, **how)

    return shares
