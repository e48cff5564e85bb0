"""From what the vote on departments' mails learns: what people wrote who were taught nothing, and cases of replies.

The mails stand in tables (``scripts.training.by_table``), the cases in ``tests/data/replies``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold_strictly
from rules.reply import vote
from rules.reply.unit_names import unit_names
from rules.reply.verbs import load_verb_phrases
from rules.reply.vetoes import cut
from rules.values.data_file import load_units
from rules.values.states import Verb
from scripts.training.by_table import DATA, Labelled, mails_of
from scripts.training.model_train import Example

MEANT = {
    "answer": Verb.ANSWER,
    "other": Verb.ANSWER,
    "received": Verb.RECEIVED,
    "extension": Verb.EXTENSION,
    "refusal": Verb.NOT_COMPETENT,
}
"""What the first expectation of a row stands for; whatever else it is, a person must look."""
JUDGES = frozenset(f"human_mails_blind_{number}" for number in (13, 14, 16, 17, 19, 20))
"""Tables that judge the vote and are not learnt: with them it held true answers back and let a few words leave."""
CASE_WEIGHT = 0.5
"""How much a case counts beside a mail: it was written to try one phrase."""


def labelled_mails(folder: Path = DATA) -> list[Labelled]:
    """All mails of departments but those that judge, then the cases; texts as they were written."""
    mails = [one for one in mails_of("unit", _meant, folder) if one.table not in JUDGES]
    return [*mails, *_cases(sorted((folder / "replies").glob("*.toml")))]


def _meant(_: str, expected: str) -> tuple[str, ...]:
    return (MEANT.get(expected.partition(":")[0], Verb.NONE).value,)


def _cases(paths: Iterable[Path]) -> Iterator[Labelled]:
    for path in paths:
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"]):
            if verb := case.get("verb"):
                known = Verb(verb) if verb in {str(one) for one in MEANT.values()} else Verb.NONE
                yield Labelled(f"{path.stem}:{number}", path.stem, case["text"], (known.value,), CASE_WEIGHT)


def reply_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The mails as the vote looks at them when it votes."""
    names, phrases = unit_names(load_units()), load_verb_phrases(DEFAULT)
    return [
        Example(
            vote.features_of(cut(fold_strictly(one.text, DEFAULT).own or one.text, names, phrases).sentences),
            one.classes,
            one.weight,
            one.id,
        )
        for one in mails
    ]


def reply_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All data that the examples are made of; the words that sentences are cut by hardly touch them."""
    yield from map(repr, mails)
