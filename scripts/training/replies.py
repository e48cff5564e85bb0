"""From what the vote on departments' mails learns: what people wrote who were taught nothing, and cases of replies.

The mails stand in tables (``scripts.training.by_table``) and, in many voices, in
``tests/data/departments_voices*.tsv``, each table by one person; that of the tests holds sentences which differ from
another in a word or two. The cases stand in ``tests/data/replies``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold_strictly
from rules.reply.evidence import ASKS, examined
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units
from rules.values.states import Verb
from scripts.training.by_table import DATA, Labelled, mails_of, voices_of
from scripts.training.model_train import Example

MEANT = {
    "answer": Verb.ANSWER.value,
    "other": Verb.ANSWER.value,
    "received": Verb.RECEIVED.value,
    "extension": Verb.EXTENSION.value,
    "refusal": Verb.NOT_COMPETENT.value,
    "relay": ASKS,
}
"""What the first expectation of a row stands for; whatever else it is, a person must look."""
VOICES = "departments_voices*.tsv"
WITH_FILE = "attach"
"""The context of a mail beside which a document is sent."""
CASE_WEIGHT = 0.5
"""How much a case counts beside a mail: it was written to try one phrase."""


def labelled_mails(folder: Path = DATA) -> list[Labelled]:
    """All mails of departments, then the cases; texts as they were written."""
    cases = _cases(sorted((folder / "replies").glob("*.toml")))
    return [*mails_of("unit", _meant, folder), *voices_of(VOICES, _meant, folder), *cases]


def _meant(_: str, expected: str) -> tuple[str, ...]:
    return (MEANT.get(expected.partition(":")[0], Verb.NONE.value),)


def _cases(paths: Iterable[Path]) -> Iterator[Labelled]:
    known = set(MEANT.values())
    for path in paths:
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"]):
            if verb := case.get("verb"):
                meant = (verb if verb in known else Verb.NONE.value,)
                yield Labelled(f"{path.stem}:{number}", path.stem, case["text"], meant, CASE_WEIGHT)


def reply_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The mails as the vote looks at them when it votes."""
    names = unit_names(load_units())
    return [
        Example(
            examined(fold_strictly(one.text, DEFAULT).own or one.text, int(one.case == WITH_FILE), names),
            one.classes,
            one.weight,
            one.id,
        )
        for one in mails
    ]


def reply_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All data that the examples are made of; the words that sentences are cut by hardly touch them."""
    yield from map(repr, mails)
