"""Similar questions: precision and recall on our own pairs, and the time of a search among many.

``python scripts/like_report.py [NUMBER]``: the pairs of ``tests/data/like_pairs.tsv`` among all labelled questions
that the model learns from; then an index of so many texts (100,000), each of two halves of labelled ones.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.routing.similar import THRESHOLD, SimilarIndex  # noqa: E402 - the path is set above

LABELLED = REPOSITORY / "scripts" / "training" / "labelled"
PAIRS = REPOSITORY / "tests" / "data" / "like_pairs.tsv"
SEARCHES = 200


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def texts() -> list[str]:
    """Labelled questions."""
    return [row["text"] for path in sorted(LABELLED.glob("train*.tsv")) for row in rows(path)]


def judged(index: SimilarIndex) -> tuple[int, float, float]:
    """The index's judgement of each pair against people's: number of pairs, precision, recall."""
    pairs = [(index.score(row["first"], row["second"]) >= THRESHOLD, row["alike"] == "1") for row in rows(PAIRS)]
    hits = sum(found and alike for found, alike in pairs)
    return len(pairs), hits / sum(found for found, _ in pairs), hits / sum(alike for _, alike in pairs)


def search_time(known: Sequence[str], number: int) -> str:
    """The CPU time of a search and of adding a text, with this many texts in the index."""
    words, chance = [text.split() for text in known], random.Random(7)
    index = SimilarIndex()
    began = time.process_time()
    for each in range(number):
        one, other = chance.choice(words), chance.choice(words)
        index.add(each, " ".join(one[: len(one) // 2] + other[len(other) // 2 :]))
    added = (time.process_time() - began) / number
    took = []
    for _ in range(SEARCHES):
        asked = " ".join(chance.choice(words))
        began = time.process_time()
        index.find(asked)
        took.append(time.process_time() - began)
    took.sort()
    half, most = took[len(took) // 2], took[int(len(took) * 0.95)]
    search = f"a search {1000 * half:.1f} ms (95 of 100 under {1000 * most:.1f})"
    return f"{number} texts: {search}, taking in {1000 * added:.2f} ms"


def main(texts_searched: int) -> None:
    """Print both reports."""
    known, index = texts(), SimilarIndex()
    for number, text in enumerate(known):
        index.add(number, text)
    number, precision, recall = judged(index)
    print(f"{number} pairs: precision {precision:.3f}, recall {recall:.3f}")
    print(search_time(known, texts_searched))


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("texts_searched", metavar="NUMBER", type=int, nargs="?", default=100_000)
    main(**vars(given.parse_args()))
