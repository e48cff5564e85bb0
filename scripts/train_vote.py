"""Train the statistical votes again: ``scripts/train_vote.py [talk | units | kinds | …] [--check | --measure]``.

Writes in ``rules/data/model`` ``units.tsv`` and ``kinds.tsv`` from the labelled mails put into whole letters,
``talk.tsv`` from what people write around a question, ``replies.tsv`` from what departments wrote, ``orders.tsv`` and
``acts.tsv`` from what officers wrote, ``leaders.tsv`` from what leaders answered, with ``approval_pairs.tsv`` in the
folder above, and ``citizens.tsv`` from citizens' replies (``scripts/training``). Wants scikit-learn (the extra
``training``).
``--check`` only tells whether they belong to today's mails, rules and numbers, and whether today's code cuts a sample
of the mails into the same features;
``--measure`` how the last five read a table that they have not learnt from, each table left out once.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.commands import likely_orders  # noqa: E402 - the path is set above
from rules.commands.approval import opinion, words  # noqa: E402
from rules.reply import evidence  # noqa: E402
from rules.routing.routing_rules import load_routing  # noqa: E402
from rules.text import statistical_vote  # noqa: E402
from rules.understand import citizen_sound  # noqa: E402
from scripts.training.by_table import Labelled, measure  # noqa: E402
from scripts.training.citizens import citizen_examples, citizen_mails, citizen_sources, reply_rows  # noqa: E402
from scripts.training.leaders import approval_pairs, leader_examples, leader_mails, leader_sources  # noqa: E402
from scripts.training.model_fit import Numbers, features_told, fit, mark  # noqa: E402
from scripts.training.model_train import (  # noqa: E402
    MAKERS,
    Example,
    kind_rows,
    labelled_rows,
    rule_phrases,
    sources,
)
from scripts.training.orders import act_mails, order_examples, order_mails, order_sources  # noqa: E402
from scripts.training.replies import labelled_mails, reply_examples, reply_sources  # noqa: E402
from scripts.training.talk import talk_examples, talk_sources  # noqa: E402

MODELS = REPOSITORY / "rules" / "data" / "model"
PAIRS = MODELS.parent / words.PAIRS
NUMBERS = {
    "talk": Numbers(3.0, least_weight=0.4),  # before the units, whose vote reads no talk
    "units": Numbers(4.7, least_weight=0.25),
    "kinds": Numbers(3.0, least_weight=0.2),
    **{name: Numbers(3.0) for name in ("replies", "orders", "acts", "leaders", "citizens")},
}
"""Chosen by cross-validation on the labelled mails; of the first three, smaller weights make
long files and a large process."""


Short = tuple[Callable[[], list[Labelled]], Callable[..., list[Example]], Callable[..., Iterable[str]]]
BY_TABLE: dict[str, Short] = {
    "replies": (labelled_mails, reply_examples, reply_sources),
    "orders": (order_mails, order_examples, order_sources),
    "acts": (act_mails, order_examples, order_sources),
    "leaders": (leader_mails, leader_examples, leader_sources),
    "citizens": (citizen_mails, citizen_examples, citizen_sources),
}
"""For votes on short mails: the mails, how a vote reads them, and the sources of the examples."""
KNOWN = {
    "replies": evidence.KNOWN,
    "orders": likely_orders.KNOWN,
    "acts": likely_orders.KNOWN,
    "leaders": opinion.KNOWN,
    "citizens": citizen_sound.KNOWN,
}
"""The share of a text's syllables that a vote must know, where it is not the usual one."""
Making = tuple[str, Callable[[], list[Example]]]
"""The first line of a vote's file, and the maker of its examples."""
SAMPLED = 50
"""Of so many mails one is cut into features for the first line."""


def main() -> int:
    """Train, check or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("votes", nargs="*", metavar="VOTE", help=f"all where none is named; of {', '.join(NUMBERS)}")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true")
    only.add_argument("--measure", action="store_true")
    given = parser.parse_args()
    names = given.votes or list(NUMBERS)
    if unknown := {*names} - {*NUMBERS}:
        parser.error(f"no such vote: {', '.join(sorted(unknown))}")
    if given.measure:
        return _measure([name for name in names if name in BY_TABLE])
    stale = []
    for name in names:
        path, (note, examples) = MODELS / f"{name}.tsv", _by_table(name) if name in BY_TABLE else _of_letters(name)
        if given.check:
            made = [path, PAIRS] if name == opinion.MODEL else [path]
            stale += [one.stem for one in made if one.read_text(encoding="utf-8").partition("\n")[0] != note]
            continue
        text = fit(examples(), NUMBERS[name], note)
        path.write_text(text, encoding="utf-8")
        if name == opinion.MODEL:
            PAIRS.write_text("\n".join((note, "pair", *approval_pairs(leader_mails()), "")), encoding="utf-8")
        statistical_vote.load_vote.cache_clear()
        print(f"{name}: {len(text.splitlines())} lines, {len(text) // 1024} KB", flush=True)
    if given.check:
        print("out of date: " + (", ".join(stale) or "nothing"))
    return 1 if stale else 0


def _measure(names: Sequence[str]) -> int:
    """Print by table how many mails a vote alone reads correctly, and how it reads the others."""
    for name in names:
        mails, examples, _ = BY_TABLE[name]
        read, right, wrong = Counter[str](), Counter[str](), Counter[str]()
        for one, shares in measure(name, mails(), examples, NUMBERS[name], KNOWN.get(name, statistical_vote.KNOWN)):
            likeliest = max(shares, key=shares.__getitem__, default="")
            read[one.table] += 1
            right[one.table] += likeliest in one.classes
            wrong[likeliest] += likeliest not in one.classes
        for table, total in read.items():
            print(f"{name}: {table}: {right[table]} of {total} as they are meant", flush=True)
        said = ", ".join(f"{one or 'nothing'} {count}" for one, count in wrong.most_common() if count)
        print(f"{name}: {sum(right.values())} of {sum(read.values())}; the others: {said or 'none'}", flush=True)
    return 0


def _of_letters(name: str) -> Making:
    table = load_routing()
    if name == "talk":
        talk = talk_examples(table)
        return mark([*talk_sources(table), *features_told(talk[::SAMPLED])], NUMBERS[name]), lambda: talk
    rows = [*kind_rows(), *reply_rows()] if name == "kinds" else labelled_rows()
    own = (table.source.text("model/talk.tsv"), *map(repr, rule_phrases(table))) if name == "units" else ()
    sample = features_told(MAKERS[name](table, rows[::SAMPLED]))
    return mark((*own, *sources(table, rows), *sample), NUMBERS[name]), lambda: MAKERS[name](table, rows)


def _by_table(name: str) -> Making:
    mails_of, examples, made_of = BY_TABLE[name]
    mails = mails_of()
    sample = features_told(examples(mails[::SAMPLED]))
    return mark([*made_of(mails), *sample], NUMBERS[name]), lambda: examples(mails)


if __name__ == "__main__":
    raise SystemExit(main())
