"""Break the code at many places, one at a time, and count which breakages the tests notice.

    python scripts/mutants.py [--most 300] [--seed 1] [--workers 2] [--only db/ rules/decide/] [--keep FILE]

A mutant drops a narrowing of ``.where(…)``, a column of ``.values(…)``, turns a comparison, a condition or an "and",
or leaves a guard out. The tests that run the changed lines, found by coverage, are run on it in a copy of the tree;
the first that fails kills it. A survivor stands in ``scripts/mutants_equal.toml`` with the reason why it changes
nothing, or a test is missing. Exit status 0 when at least nine in ten are killed or explained.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

REPOSITORY = Path(__file__).resolve().parent.parent
COPIED = ("rules", "db", "daemon", "mail_templates", "tests", "pyproject.toml", "docs", "setup.py", "scripts")
ROOMS = ("db/", "rules/decide/", "rules/reply/", "rules/commands/", "daemon/loop/", "daemon/smtp/", "daemon/letters/")
TESTS = ("tests/unit/db", "tests/unit/rules", "tests/unit/daemon", "tests/contract")
"""What coverage is taken of: everything that answers without real servers."""
EQUAL = "scripts/mutants_equal.toml"
SHARE = 0.9
TURNED: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """In ``file`` the characters from ``start`` to ``end`` become ``after``; ``line`` counts from 1."""

    file: str
    line: int
    what: str
    start: int
    end: int
    after: str

    @property
    def last(self) -> int:
        """The last line of what is changed; coverage knows a long call by any of its lines."""
        return self.line + (REPOSITORY / self.file).read_text("utf-8")[self.start : self.end].count("\n")

    @property
    def name(self) -> str:
        """How a survivor is named in the list of equal ones: file, what, and what it becomes."""
        return f"{self.file} {self.what}"


class Source:
    """A file's text with the places of its nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = (REPOSITORY / file).read_text("utf-8")
        self.tree = ast.parse(self.text)
        self._lines = self.text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """The place in the text; columns of ``ast`` count bytes."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def said(self, node: ast.expr) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]


def mutants_of(file: str) -> Iterator[Mutant]:
    """All mutants of one file."""
    source = Source(file)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _narrowings(source, node, node.func)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield _compared(source, node)
        elif isinstance(node, ast.BoolOp):
            yield _joined(source, node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            start, end = source.span(node)
            yield Mutant(file, node.lineno, "not is dropped", start, end, f"({source.said(node.operand)})")
        elif isinstance(node, ast.If) and _is_guard(node):
            start, end = source.span(node.test)
            yield Mutant(file, node.lineno, "a guard is left out", start, end, "False")


def _narrowings(source: Source, node: ast.Call, attribute: ast.Attribute) -> Iterator[Mutant]:
    """One condition of a WHERE, or one column of what is written, is left out."""
    start, end = source.span(node)
    receiver = source.said(attribute.value)
    if attribute.attr == "where":
        for left_out in node.args:
            rest = ", ".join(source.said(one) for one in node.args if one is not left_out)
            after = f"{receiver}.where({rest})" if rest else receiver
            what = f"where without {' '.join(source.said(left_out).split())[:60]}"
            yield Mutant(source.file, node.lineno, what, start, end, f"({after})")
    if attribute.attr == "values" and len(node.keywords) > 1:
        for word in node.keywords:
            if word.arg is not None:
                first, last = source.span(word)
                behind = source.text[last:].lstrip()
                last += len(source.text[last:]) - len(behind) + (1 if behind.startswith(",") else 0)
                yield Mutant(source.file, word.lineno, f"values without {word.arg}", first, last, "")


def _compared(source: Source, node: ast.Compare) -> Mutant:
    start, end = source.span(node)
    sign = TURNED[type(node.ops[0])]
    after = f"({source.said(node.left)} {sign} {source.said(node.comparators[0])})"
    return Mutant(source.file, node.lineno, f"{' '.join(after.split())[:60]}", start, end, after)


def _joined(source: Source, node: ast.BoolOp) -> Mutant:
    start, end = source.span(node)
    other = " or " if isinstance(node.op, ast.And) else " and "
    after = f"({other.join(f'({source.said(one)})' for one in node.values)})"
    return Mutant(source.file, node.lineno, f"{other.strip()} instead", start, end, after)


def _is_guard(node: ast.If) -> bool:
    """An early way out: its last statement leaves."""
    return isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue) and not node.orelse


def chosen(most: int, seed: int, only: tuple[str, ...]) -> list[Mutant]:
    """So many mutants spread over the rooms; every narrowing of a WHERE comes before anything else."""
    files = [str(path.relative_to(REPOSITORY)) for room in only for path in sorted((REPOSITORY / room).rglob("*.py"))]
    found = [one for file in files if "migrations" not in file for one in mutants_of(file)]
    random.Random(seed).shuffle(found)
    found.sort(key=lambda one: not one.what.startswith("where"))
    wheres = sum(one.what.startswith("where") for one in found)
    half = min(wheres, most // 2)
    return [*found[:half], *found[wheres : wheres + most - half]]


def covered(folder: Path) -> dict[tuple[str, int], list[str]]:
    """Which tests run which line, by one run of all of them under coverage."""
    settings = folder / "coverage.ini"
    settings.write_text(
        f"[run]\ndynamic_context = test_function\nsource = rules,db,daemon\ndata_file = {folder}/lines.db\n", "utf-8"
    )
    measured = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}"]
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=600", *TESTS]
    tree, output = folder / "tree0", folder / "tests.txt"
    with output.open("w", encoding="utf-8") as shown:
        ran = subprocess.run([*measured, *tests], cwd=tree, env=_environment(folder), check=False, stdout=shown)
    if ran.returncode not in {0, 1}:  # 1: a test failed, and the lines are known all the same
        raise SystemExit(f"mutants: the tests did not run: {output.read_text('utf-8')[-300:].strip()}")
    return lines_of(folder / "lines.db", tree)


def lines_of(data: Path, tree: Path) -> dict[tuple[str, int], list[str]]:
    """The lines in coverage's own file, by its interface."""
    from coverage import CoverageData  # a tool of development: this script alone wants it

    read = CoverageData(basename=str(data))
    read.read()
    found: dict[tuple[str, int], list[str]] = {}
    for file in read.measured_files():
        name = str(Path(file).relative_to(tree))
        for line, contexts in read.contexts_by_lineno(file).items():
            found[(name, line)] = sorted({named_test(one) for one in contexts if one} - {""})
    return found


def running(mutant: Mutant, lines: dict[tuple[str, int], list[str]]) -> list[str]:
    """The tests that run any line of what is changed: those of the rooms first, they are the fastest."""
    over = range(mutant.line, mutant.last + 1)
    found = {test for line in over for test in lines.get((mutant.file, line), [])}
    return sorted(found, key=lambda test: (not test.startswith("tests/unit"), "bystanders" not in test, test))


def named_test(context: str) -> str:
    """``tests.contract.test_desk.test_it`` as pytest names it; "" for what runs outside a test."""
    module, _, name = context.rpartition(".")
    parts = module.split(".")
    at = next((at for at, part in enumerate(parts) if part.startswith("test_")), None)
    if at is None or not name.startswith("test_"):
        return ""
    return f"{'/'.join(parts[: at + 1])}.py::{'::'.join((*parts[at + 1 :], name))}"


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTEST_ADDOPTS"}}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder)}


def judged(mutant: Mutant, tests: list[str], tree: Path, folder: Path) -> str:
    """ "killed", "survived", or "untested" where no test runs the line."""
    if not tests:
        return "untested"
    file, text = tree / mutant.file, (REPOSITORY / mutant.file).read_text("utf-8")
    file.write_text(text[: mutant.start] + mutant.after + text[mutant.end :], "utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-o", "timeout=60", *tests]
        code = subprocess.run(
            command, cwd=tree, env=_environment(folder), check=False, capture_output=True, timeout=600
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        code = 1
    finally:
        file.write_text(text, "utf-8")
    return "killed" if code in {1, 2} else "survived"


def equal_ones() -> dict[str, str]:
    """Survivors that change nothing, with the reason."""
    file = REPOSITORY / EQUAL
    return (
        {str(name): str(why) for name, why in tomllib.loads(file.read_text("utf-8")).items()} if file.exists() else {}
    )


def run(most: int, seed: int, workers: int, only: tuple[str, ...], tests: int) -> int:
    """Judge the mutants, print each survivor at once, and the sums by room in the end."""
    equal, sums, started = equal_ones(), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        for number in range(workers):
            _copy(folder / f"tree{number}")
        lines = covered(folder)
        mutants = chosen(most, seed, only)
        print(f"{len(mutants)} mutants, lines known after {time.monotonic() - started:.0f} s", flush=True)
        free: SimpleQueue[int] = SimpleQueue()
        for number in range(workers):
            free.put(number)

        def judge(mutant: Mutant) -> tuple[Mutant, str]:
            number = free.get()
            try:
                wanted = running(mutant, lines)[:tests]
                return mutant, judged(mutant, wanted, folder / f"tree{number}", folder)
            finally:
                free.put(number)

        with ThreadPoolExecutor(workers) as pool:
            for mutant, found in pool.map(judge, mutants):
                fate = "equal" if found != "killed" and mutant.name in equal else found
                sums[fate] += 1
                if fate not in {"killed", "equal"}:
                    print(f"{fate:9} line {mutant.line} of {mutant.name}", flush=True)
    good = sums["killed"] + sums["equal"]
    print(f"{good} of {len(mutants)} killed or equal ({good / max(1, len(mutants)):.1%}): {dict(sums)}")
    return 0 if good >= SHARE * len(mutants) else 1


def _copy(tree: Path) -> None:
    tree.mkdir()
    for one in COPIED:
        source = REPOSITORY / one
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tree / one)


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--tests", type=int, default=40, help="at most so many tests a mutant")
    parser.add_argument("--only", nargs="*", default=ROOMS)
    asked = parser.parse_args()
    return run(asked.most, asked.seed, asked.workers, tuple(asked.only), asked.tests)


if __name__ == "__main__":
    raise SystemExit(main())
