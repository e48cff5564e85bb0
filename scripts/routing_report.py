"""Accuracy of sorting and routing on whole mails: every labelled text in every letter shape, as ``explain`` does.

``python scripts/routing_report.py [FILE.tsv …] [--shapes FILE.toml] [--every N] [--wrong]``: a text is put into each
shape, written as a mail, parsed and understood. Without files: the blind letters and the shared questions, and the
study set where it lies beside the checkout, as it is and as if it were asked in the city (a letter about a street of
another province is rightly left to a person). Figures by file, by shape and by length, against the goals. Exit code 1
when a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from daemon.parsing.parse import parse_mail  # noqa: E402 - the path is set above
from rules.routing.route import load_routing  # noqa: E402
from rules.understand.understand import Knowledge, understand  # noqa: E402
from rules.values.data_file import Source, load_units  # noqa: E402
from rules.values.model import Decision, Kind  # noqa: E402
from rules.values.states import GRAVE  # noqa: E402
from scripts.training.moved import moved  # noqa: E402
from scripts.training.whole_mails import BARE, Row, Shape, read_rows, read_shapes, wrapped  # noqa: E402

ON = date(2026, 11, 10)
DATA = REPOSITORY / "tests" / "data"
SHARED = REPOSITORY.parent / "shared" / "domain"
FILES = (
    *(DATA / f"held_out_{number}.tsv" for number in range(3, 15)),
    SHARED / "labelled_questions.tsv",
    SHARED / "real_questions_study.tsv",
)
ELSEWHERE = "real_questions_study.tsv"
"""Most of its letters name places of other provinces."""
GOALS = {ELSEWHERE: (0.75, 0.97), f"{ELSEWHERE}, moved": (0.75, 0.97)}
USUAL_GOALS = (0.88, 0.99)
ANY_WARD = "UBND_XA"
"""Stands in the study set for the People's Committee of any place."""
LENGTHS = ((30, "under 30 words"), (60, "30 to 59 words"), (100, "60 to 99 words"), (10**6, "100 words and more"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one mail."""

    id: str
    shape: str
    words: int
    expected: str
    units: tuple[str, ...]
    kind: str
    sure: bool
    lead: str
    score: float
    forwarded: bool
    field: str = ""
    trace: tuple[str, ...] = ()

    @property
    def right_unit(self) -> bool:
        """True when the best guess is one of the right units."""
        return self.lead in self.units or (ANY_WARD in self.units and self.lead.startswith("UBND_"))


@cache
def knowledge(source: Source = Source()) -> Knowledge:  # noqa: B008 - frozen value
    """The rules that ship, or those of a source."""
    return Knowledge(load_units(source), load_routing(source), {})


def outcomes(rows: Sequence[Row], shapes: Sequence[Shape], source: Source = Source()) -> list[Outcome]:  # noqa: B008
    """Understand every row in every shape."""
    return [_outcome(row, shape, raw, source) for row, shape, raw in wrapped(rows, shapes)]


def _outcome(row: Row, shape: Shape, raw: bytes, source: Source) -> Outcome:
    read = understand(parse_mail(raw), knowledge(source), ON)
    read = read.alone or read
    best = read.route.candidates[0] if read.route.candidates else None
    return Outcome(
        id=row["id"],
        shape=shape.name,
        words=len(row["text"].split()),
        expected=row["expected_class"],
        units=tuple(code for code in row["expected_unit"].split("|") if code),
        kind=read.kind.value,
        sure=read.sure,
        lead=best.unit if best else "",
        score=best.score if best else 0.0,
        forwarded=read.decision is Decision.FORWARD,
        field=read.route.field,
        trace=read.trace,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a group of mails."""

    questions: int
    top: float
    forwarded: float
    right: float
    false_kinds: float
    safe: int
    caught: float
    leaked: int
    others: int

    def line(self, name: str) -> str:
        """One line of a table."""
        return (
            f"{name:28} {self.questions:5} questions  top {self.top:6.1%}  forwarded {self.forwarded:6.1%}  "
            f"right {self.right:7.2%}  false kinds {self.false_kinds:5.1%}  "
            f"safe {self.safe:4} caught {self.caught:6.1%} leaked {self.leaked}  other kinds forwarded {self.others}"
        )


def figures(found: Sequence[Outcome]) -> Figures:
    """The figures for the goals. ``leaked``: complaints and denunciations that were forwarded."""
    asked = [one for one in found if one.expected == Kind.QUESTION and one.units]
    sent = [one for one in asked if one.forwarded]
    safe = [one for one in found if one.expected in GRAVE]
    return Figures(
        questions=len(asked),
        top=sum(one.right_unit for one in asked) / max(1, len(asked)),
        forwarded=len(sent) / max(1, len(asked)),
        right=sum(one.right_unit for one in sent) / max(1, len(sent)),
        false_kinds=sum(one.kind != Kind.QUESTION for one in asked) / max(1, len(asked)),
        safe=len(safe),
        caught=sum(one.kind in GRAVE for one in safe) / max(1, len(safe)),
        leaked=sum(one.forwarded for one in safe),
        others=sum(one.forwarded for one in found if one.expected not in {Kind.QUESTION, *GRAVE}),
    )


def print_figures(name: str, found: Sequence[Outcome]) -> bool:
    """A file's figures, by shape and by length; True when its goals are met."""
    all_of_it = figures(found)
    print(f"\n{all_of_it.line(name)}")
    for title, groups in (("shape", _by(found, lambda one: one.shape)), ("length", _by(found, _length))):
        for group, members in groups.items():
            print("  " + figures(members).line(f"{title} {group}"))
    forward, right = GOALS.get(name, USUAL_GOALS)
    met = (
        all_of_it.forwarded >= forward and all_of_it.right >= right and all_of_it.caught == 1 and not all_of_it.leaked
    )
    print(f"  goals: forwarded {forward:.0%}, right {right:.0%}, caught 100%, leaked 0: {'met' if met else 'MISSED'}")
    return met


def _length(one: Outcome) -> str:
    return next(name for most, name in LENGTHS if one.words < most)


def _by(found: Iterable[Outcome], key) -> dict[str, list[Outcome]]:  # type: ignore[no-untyped-def]
    groups: dict[str, list[Outcome]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return groups


def print_wrong(found: Iterable[Outcome]) -> None:
    """Print the errors, the most frequent first; never for a blind part."""
    wrong: Counter[str] = Counter()
    for one in found:
        if one.expected == Kind.QUESTION and one.kind != Kind.QUESTION:
            wrong[f"{one.id} question taken for {one.kind}"] += 1
        elif one.expected == Kind.QUESTION and one.forwarded and not one.right_unit:
            wrong[f"{one.id} {'|'.join(one.units)} forwarded to {one.lead}"] += 1
        elif one.expected in GRAVE and one.kind not in GRAVE:
            wrong[f"{one.id} {one.expected} taken for {one.kind}"] += 1
    for line, count in wrong.most_common(80):
        print(f"  {count:3} {line}")


def _part(work: tuple[Sequence[Row], tuple[Shape, ...]]) -> list[Outcome]:
    return outcomes(*work)


def judged(rows: Sequence[Row], shapes: tuple[Shape, ...], processes: int = 1) -> list[Outcome]:
    """The outcomes, computed by several processes on request."""
    if processes < 2:
        return outcomes(rows, shapes)
    with ProcessPoolExecutor(processes) as pool:
        return [
            one for part in pool.map(_part, [(rows[n::processes], shapes) for n in range(processes)]) for one in part
        ]


def main() -> int:
    """Report on the named files, else on the usual ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--shapes", type=Path, default=DATA / "shapes_blind.toml")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="only every N-th text")
    parser.add_argument("--wrong", action="store_true", help="list what went wrong; not for a blind part")
    args = parser.parse_args()
    shapes = (BARE, *read_shapes(args.shapes))
    met = []
    for file in args.files or [file for file in FILES if file.is_file()]:
        rows = read_rows(file)[:: args.every]
        parts: dict[str, Sequence[Row]] = {file.name: rows}
        if file.name == ELSEWHERE:
            parts[f"{ELSEWHERE}, moved"] = [moved(row, knowledge().source) for row in rows]
        for name, part in parts.items():
            found = judged(part, shapes, args.processes)
            met.append(print_figures(name, found))
            if args.wrong:
                print_wrong(found)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
