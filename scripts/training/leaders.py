"""From what the vote on leaders' answers learns: what people answered to a paper who were taught nothing.

Their answers stand in the tables of mails (``scripts.training.by_table``) and in ``tests/data/leaders_*.tsv``, with
many written to be hard: ``leaders_voices_*.tsv`` each by one person who was taught nothing, with others as near as
possible to approvals; ``leaders_matters.tsv`` what a head writes of other matters (a printer, a leave, a storm) in
words of approving, beside approvals with remarks on such. Each is learnt with its diacritics and without.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rules.commands.approval.clauses import paper_of, parts_of
from rules.commands.approval.opinion import APPROVES, NEITHER, RETURNS, examined
from rules.commands.approval.words import load_leader_words, pairs_of
from rules.message.quote_markers import DEFAULT
from rules.text import strip_marks
from scripts.training.by_table import DATA, Labelled, mails_of
from scripts.training.model_train import Example

TABLES = "leaders_*.tsv"
PAPER = "Tờ trình tổ chức phiên đối thoại: Quản lý đô thị, 08:30 ngày 26/11/2026, hội trường tầng 3"
PAPER_OF_VOICES = "Tờ trình tổ chức phiên đối thoại: Quản lý chất thải, 08:30 ngày 25/11/2026, hội trường tầng 3"
VOICES = "leaders_voices"
"""What they answer: those of the tables with this name the second paper."""
VOICES_WEIGHT = 3.0
"""They count more than answers of people who knew which words are read: of 1,353 approvals of five writers, each left
out, 1,207 for 1,196 with ten mistakes (``docs/routing-measured.md``)."""
JUDGES = frozenset({"human_mails_blind_24"})
"""Tables that judge the vote and are not learnt."""


def leader_mails(folder: Path = DATA) -> list[Labelled]:
    """All answers, by what they do."""
    tables = (one for path in sorted(folder.glob(TABLES)) for one in _answers(path))
    mails = (one for one in mails_of("head", _meant, folder) if one.table not in JUDGES)
    return [form for one in (*mails, *tables) for form in _forms(one)]


def _forms(one: Labelled) -> Iterator[Labelled]:
    yield one
    if (bare := strip_marks(one.text)) != one.text:
        yield replace(one, id=f"{one.id}:bare", text=bare)


def _meant(context: str, expected: str) -> tuple[str, ...]:
    return (expected,) if context == "approval" and expected in {APPROVES, RETURNS, NEITHER} else ()


def _answers(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            meant = row["expect"].partition("|")[0]
            text = row["text"].replace("\\n", "\n")
            weight = VOICES_WEIGHT if path.stem.startswith(VOICES) else 1.0
            yield Labelled(f"{path.stem}:{number}", path.stem, text, (meant,), weight=weight)


def paper_answered(table: str) -> str:
    """The paper that the answers of a table were written to."""
    return PAPER_OF_VOICES if table.startswith(VOICES) else PAPER


def leader_examples(mails: Iterable[Labelled]) -> list[Example]:
    """The answers as the vote looks at them when it votes."""
    return [Example(examined(one.text, paper_answered(one.table)), one.classes, one.weight, one.id) for one in mails]


def approval_pairs(mails: Iterable[Labelled]) -> list[str]:
    """Each two words that follow each other in an approval, sorted: what leaders say beside their word."""
    words = load_leader_words()
    papers = {one: paper_of(one, words) for one in (PAPER, PAPER_OF_VOICES)}
    approvals = (one for one in mails if one.classes == (APPROVES,))
    told = (parts_of(one.text, papers[paper_answered(one.table)], words) for one in approvals)
    return sorted({pair for parts in told for pair in pairs_of(one.said for one in parts)})


def leader_sources(mails: Iterable[Labelled]) -> Iterator[str]:
    """All data that the examples are made of."""
    yield from (DEFAULT.text("leaders.toml"), PAPER, PAPER_OF_VOICES, *map(repr, mails))
