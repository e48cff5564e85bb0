"""From what the votes on officers' mails learn: what people wrote who were taught nothing, and sentences made for it.

The mails stand in tables (``scripts.training.by_table``), sentences of doubt in ``tests/data/officers_doubts.tsv``,
orders and other remarks in many voices in ``tests/data/officers_voices*.tsv``, each table by one person; that of the
tests holds sentences which differ from another in a word or two.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rules.commands import likely_orders
from rules.commands.command import NO_ORDER, with_full_number
from rules.commands.commands import reader_for
from rules.values.data_file import load_units
from scripts.training.by_table import CASES, DATA, SHORT, Labelled, mails_of, voices_of
from scripts.training.model_train import Example

DOUBTS = "officers_doubts.tsv"
DOUBT_WEIGHT = 2.0
"""How much a doubt counts beside a mail: often one word tells it from an order."""
VOICES = "officers_voices*.tsv"
JUDGES = frozenset({"human_mails_blind_22", "human_mails_blind_23", "human_mails_blind_24"})
"""Tables that judge the votes and are not learnt."""
DO = "do:"
ACT = {"answer": "is_answer", "received": "unit_received"}
"""Acts that ``hints.toml`` names otherwise than the tables."""


def order_mails(folder: Path = DATA) -> list[Labelled]:
    """What orders something and what does not: all mails of officers, then the doubts."""
    return [*_learnt(_ordered, folder), *_doubts(folder / DOUBTS), *voices_of(VOICES, _ordered, folder)]


def act_mails(folder: Path = DATA) -> list[Labelled]:
    """The mails of officers that order something, by the act."""
    return [*_learnt(_act, folder), *voices_of(VOICES, _act, folder)]


def _learnt(meant: Callable[[str, str], tuple[str, ...]], folder: Path) -> list[Labelled]:
    return [one for one in mails_of("officer", meant, folder) if one.table not in JUDGES]


def _ordered(context: str, expected: str) -> tuple[str, ...]:
    if context == "denunciation":
        return ()
    return (likely_orders.ORDER if expected.startswith(DO) else NO_ORDER,)


def _act(context: str, expected: str) -> tuple[str, ...]:
    if context == "denunciation" or not expected.startswith(DO):
        return ()
    act = expected.removeprefix(DO).partition(" ")[0].partition(":")[0]
    return (ACT.get(act, act),)


def _doubts(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            text = row["text"].replace("\\n", "\n")
            yield Labelled(f"{path.stem}:{number}", path.stem, text, (NO_ORDER,), DOUBT_WEIGHT)


def order_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The mails as the votes look at them when they vote: "câu 123" is then written out."""
    readers = {case: reader_for(load_units(), None, case=case) for case in ("", *CASES.values())}
    number, examined = SHORT["{Q}"], likely_orders.examined
    return [
        Example(examined(with_full_number(one.text, number), readers[one.case]), one.classes, one.weight, one.id)
        for one in mails
    ]


def order_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All data that the examples are made of."""
    yield from map(repr, mails)
