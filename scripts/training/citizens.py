"""From what the vote on citizens' replies learns: mails of people who were taught nothing (``tests/data``).

The tables of mails, and ``citizens_voices*.tsv``, each by one person; that of the tests holds sentences which differ
from another in a word or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold_strictly
from rules.reply.unit_names import unit_names
from rules.understand.citizen_sound import Sound, examined
from rules.values.data_file import load_units
from rules.values.model import Kind
from scripts.training.by_table import DATA, Labelled, mails_of, voices_of
from scripts.training.model_train import Example
from scripts.training.whole_mails import Row

MEANT = {
    "thanks": Sound.THANKS,
    "complaint_about_answer": Sound.COMPLAINT,
    "followup": Sound.FOLLOW_UP,
    "status": Sound.STATUS,
    "withdraw": Sound.WITHDRAW,
    "new": Sound.NEW,
    "complete": Sound.DATA,
}
"""What the first expectation of a row stands for; other rows are not learnt."""
VOICES = "citizens_voices*.tsv"
ANSWERED = "answered"
"""The context of a mail that replies to the answer."""


def citizen_mails(folder: Path = DATA) -> list[Labelled]:
    """All replies of citizens."""
    return [*mails_of("citizen", _meant, folder), *voices_of(VOICES, _meant, folder)]


ASKS_NOTHING = frozenset({Sound.THANKS.value, Sound.WITHDRAW.value})


def reply_rows() -> list[Row]:
    """The same replies for the vote of kinds, which else hears complaints in short thanks, wishes and withdrawals.

    Without those that complain of an answer: with them as questions, twice as many quiet denunciations went out.
    """
    return [
        {
            "id": one.id,
            "text": one.text,
            "expected_unit": "",
            "expected_class": Kind.NOT_A_QUESTION if ASKS_NOTHING & {*one.classes} else Kind.QUESTION,
            "file": "replies",
        }
        for one in citizen_mails()
        if Sound.COMPLAINT.value not in one.classes
    ]


def _meant(_: str, expected: str) -> tuple[str, ...]:
    meant = MEANT.get(expected.partition(":")[0])
    return (meant.value,) if meant is not None else ()


def citizen_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The mails as the vote looks at them when it votes."""
    names = unit_names(load_units())
    return [
        Example(
            examined(fold_strictly(one.text, DEFAULT).own or one.text, names, over=one.case == ANSWERED),
            one.classes,
            one.weight,
            one.id,
        )
        for one in mails
    ]


def citizen_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All data that the examples are made of."""
    yield from map(repr, mails)
