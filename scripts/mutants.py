"""Break the code at many places, one at a time, and count which breakages the tests notice.

    python scripts/mutants.py [--most 300] [--seed 1] [--workers 2] [--only db/ rules/decide/]
                              [--keep FILE] [--fates FILE] [--also TEST ...]

``--keep`` keeps what coverage found; where the file exists already, the tests are not measured again. ``--fates``
keeps what became of each mutant; those that it calls killed are not judged again. ``--also`` runs these tests on each
as well, such as new ones that nothing has measured yet.

A mutant drops a narrowing of ``.where(…)``, a column of ``.values(…)``, turns a comparison, a condition or an "and",
or leaves a guard out. The tests that run the changed lines, found by coverage, are run on it in a copy of the tree;
the first that fails kills it. A survivor stands in ``scripts/mutants_equal.toml`` with the reason why it changes
nothing, or a test is missing. Exit status 0 when at least nine in ten are killed or explained.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
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
from functools import cache
from importlib.util import cache_from_source
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue

REPOSITORY = Path(__file__).resolve().parent.parent
COPIED = (
    "rules",
    "db",
    "daemon",
    "mail_templates",
    "tests",
    "benchmarks",
    "pyproject.toml",
    "docs",
    "setup.py",
    "scripts",
)
ROOMS = ("db/", "rules/decide/", "rules/reply/", "rules/commands/", "daemon/loop/", "daemon/smtp/", "daemon/letters/")
TESTS = ("tests/unit/db", "tests/unit/rules", "tests/unit/daemon", "tests/contract")
"""The tests measured for coverage: all that need no real servers."""
LOADED = ["pytest", "sqlalchemy.orm", "alembic.command", "docx", "icalendar", "phonenumbers", "pydantic", "html5lib"]
LOADED += ["imapclient", "mailparser", "jinja2", "aiosmtplib", "pymap.parsing.command", "lxml.etree"]
"""Libraries that each run of tests would load again; those that pytest rewrites are not among them."""
SERVER = get_context("forkserver")
LIMIT = 600
WAITING = ("test_daemon_process", "test_mailbox", "test_scans", "test_embedded", "test_smtp_tls", "test_web.py")
"""Tests that start processes and wait for them run last."""
BYSTANDERS = "test_bystanders"
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
        """The last changed line; coverage records a long call on any of its lines."""
        return self.line + (REPOSITORY / self.file).read_text("utf-8")[self.start : self.end].count("\n")

    @property
    def name(self) -> str:
        """The name of a survivor in the list of equal ones: file, function, and what is done to it."""
        return f"{self.file} {function_at(self.file, self.line)}: {self.what}"


@cache
def functions_of(file: str) -> tuple[tuple[int, int, str], ...]:
    """First line, last line and name of each function of a file; one inside another stands behind it."""
    tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return tuple(sorted((one.lineno, one.end_lineno or one.lineno, one.name) for one in found))


def function_at(file: str, line: int) -> str:
    """The function that holds a line, the innermost; "module" outside of all."""
    return next((name for first, last, name in reversed(functions_of(file)) if first <= line <= last), "module")


class Source:
    """A file's text with the positions of its nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = (REPOSITORY / file).read_text("utf-8")
        self.tree = ast.parse(self.text)
        self._lines = self.text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """The offset in the text; columns of ``ast`` count bytes."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """The start and the end of a node."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def said(self, node: ast.expr) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def short(self, node: ast.expr) -> str:
        """The beginning of it in one line, for a mutant's name."""
        return " ".join(self.said(node).split())[:60]


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
            yield Mutant(
                file,
                node.lineno,
                f"not is dropped: {source.short(node)}",
                start,
                end,
                f"({source.said(node.operand)})",
            )
        elif isinstance(node, ast.If) and _is_guard(node):
            start, end = source.span(node.test)
            yield Mutant(file, node.lineno, f"guard left out: {source.short(node.test)}", start, end, "False")


def _narrowings(source: Source, node: ast.Call, attribute: ast.Attribute) -> Iterator[Mutant]:
    """Leave out one condition of a WHERE, or one column of what is written."""
    start, end = source.span(node)
    receiver = source.said(attribute.value)
    if attribute.attr == "where":
        for left_out in node.args:
            rest = ", ".join(source.said(one) for one in node.args if one is not left_out)
            after = f"{receiver}.where({rest})" if rest else receiver
            what = f"where without {source.short(left_out)}, of {source.short(attribute.value)[:40]}"
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
    return Mutant(source.file, node.lineno, f"{other.strip()} instead: {source.short(node)}", start, end, after)


def _is_guard(node: ast.If) -> bool:
    """True for an early exit: its last statement leaves."""
    return isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue) and not node.orelse


def chosen(most: int, seed: int, only: tuple[str, ...]) -> list[Mutant]:
    """The chosen mutants, spread over the rooms; every narrowing of a WHERE comes first."""
    files = [str(path.relative_to(REPOSITORY)) for room in only for path in sorted((REPOSITORY / room).rglob("*.py"))]
    found = [one for file in files if "migrations" not in file for one in mutants_of(file)]
    random.Random(seed).shuffle(found)
    found.sort(key=lambda one: not one.what.startswith("where"))
    wheres = sum(one.what.startswith("where") for one in found)
    half = min(wheres, most // 2)
    return [*found[:half], *found[wheres : wheres + most - half]]


def covered(folder: Path, kept: Path, files: set[str]) -> dict[tuple[str, int], list[str]]:
    """The tests that run each line, by one run of all under coverage; a test that fails already is left out."""
    failed = kept.with_suffix(".failed")
    if not kept.exists():
        failed.write_text("\n".join(measure(folder, kept)), "utf-8")
    left_out = set(failed.read_text("utf-8").splitlines())
    return {place: [test for test in tests if test not in left_out] for place, tests in lines_of(kept, files).items()}


def measure(folder: Path, kept: Path) -> list[str]:
    """Run the rooms' tests and the contracts side by side; gives the tests that failed.

    Branches are measured for ``coverage_rooms.py``.
    """
    settings = folder / "coverage.ini"
    settings.write_text(
        "[run]\nbranch = true\nrelative_files = true\nsource = rules,db,daemon\n",
        "utf-8",
    )
    coverage = [sys.executable, "-m", "coverage"]
    running = []
    for number, tests in enumerate((TESTS[:-1], TESTS[-1:])):
        data, output = folder / f"lines.{number}", folder / f"tests{number}.txt"
        command = [*coverage, "run", f"--rcfile={settings}", f"--data-file={data}", "-m", "pytest", "-q"]
        command += ["-p", "tests.support.coverage_by_test", "-m", "not slow and not wide and not system"]
        with output.open("w", encoding="utf-8") as shown:
            command += ["-p", "no:cacheprovider", "-o", "timeout=600", *tests]
            running.append(subprocess.Popen(command, cwd=folder / "tree0", env=_environment(folder), stdout=shown))
    failed: list[str] = []
    for number, one in enumerate(running):
        code, said = one.wait(), (folder / f"tests{number}.txt").read_text("utf-8")
        if code not in {0, 1}:  # 1: a test failed, and the lines are known all the same
            raise SystemExit(f"mutants: the tests did not run: {said[-300:].strip()}")
        failed += re.findall(r"^FAILED (\S.*?)(?: \((?:call|setup|teardown);| - |$)", said, re.MULTILINE)
    parts = [str(folder / f"lines.{number}") for number in range(len(running))]
    together = [*coverage, "combine", "-q", f"--rcfile={settings}", f"--data-file={kept.resolve()}", *parts]
    subprocess.run(together, cwd=folder / "tree0", check=True)
    return failed


def lines_of(data: Path, files: set[str]) -> dict[tuple[str, int], list[str]]:
    """The lines of these files in coverage's own file, by its interface."""
    from coverage import CoverageData  # a tool of development: this script alone wants it

    read = CoverageData(basename=str(data))
    read.read()
    found: dict[tuple[str, int], list[str]] = {}
    for file in files & read.measured_files():
        for line, contexts in read.contexts_by_lineno(file).items():
            found[(file, line)] = sorted(set(contexts) - {""})
    return found


def running(mutant: Mutant, lines: dict[tuple[str, int], list[str]], breadth: Counter[str]) -> list[str]:
    """The tests that run any changed line: always those of the room, then those that run the fewest lines."""
    over = range(mutant.line, mutant.last + 1)
    found = {test for line in over for test in lines.get((mutant.file, line), [])}
    if not found:  # a statement at module level ran when the module was loaded
        found = {test for (file, _), tests in lines.items() if file == mutant.file for test in tests}
    room = f"tests/unit/{Path(mutant.file).parent}/"
    ordered = sorted(found, key=lambda test: (not test.startswith(room), breadth[test], test))
    ordered.sort(key=lambda test: any(name in test for name in WAITING))
    inside = list(dict.fromkeys(test.partition("[")[0] if test.startswith(room) else test for test in ordered))
    standing_by = [test for test in inside if BYSTANDERS in test]
    others = [test for test in inside if BYSTANDERS not in test]
    return [*others[:12], *standing_by[:6], *others[12:], *standing_by[6:]]


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"}
    }
    return kept | {"TMPDIR": str(folder)}


def judged(mutant: Mutant, tests: list[str], tree: Path) -> str:
    """ "killed", "survived", or "untested" where no test runs the line."""
    if not tests:
        return "untested"
    file, text = tree / mutant.file, (REPOSITORY / mutant.file).read_text("utf-8")
    compiled = Path(cache_from_source(str(file)))
    file.write_text(text[: mutant.start] + mutant.after + text[mutant.end :], "utf-8")
    compiled.unlink(missing_ok=True)  # it is told from its source only by second and size
    try:
        code = _ended(tests, tree)
    finally:
        file.write_text(text, "utf-8")
        compiled.unlink(missing_ok=True)
    return "killed" if code in {1, 2} else "survived" if code in {0, 5} else f"error {code}"


def _ended(tests: list[str], tree: Path) -> int:
    """pytest's exit code, from a process that has loaded the libraries already; a run without an end has failed."""
    one = SERVER.Process(target=_pytest, args=(tests, str(tree)))
    one.start()
    one.join(LIMIT)
    if one.is_alive():
        one.kill()
        one.join()
    return 1 if one.exitcode is None or one.exitcode < 0 else one.exitcode


def _pytest(tests: list[str], tree: str) -> None:
    """Run the tests on the tree in the new process, silently."""
    import pytest  # loaded by the server of processes only

    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.chdir(tree)
    sys.path.insert(0, tree)
    sys.dont_write_bytecode = False  # compiled once a tree, whatever the environment says
    options = ["-q", "-x", "-p", "no:cacheprovider", "-o", "timeout=60", "-k", "not postgresql"]
    os._exit(int(pytest.main([*options, *tests])))


class Fates:
    """The fate of each mutant, in a file of lines, so that a later run can go on."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        known = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file and file.exists() else []
        self._killed = {(name, start) for name, _, start, fate in known if fate == "killed"}

    def killed(self, mutant: Mutant) -> str:
        """ "killed" where an earlier run found that, else ""."""
        return "killed" if (mutant.name, mutant.start) in self._killed else ""

    def write(self, mutant: Mutant, fate: str) -> None:
        """Add a line; appending one is atomic among threads."""
        if self.file:
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([mutant.name, mutant.line, mutant.start, fate], ensure_ascii=False) + "\n")


def equal_ones() -> dict[str, str]:
    """Survivors that change nothing, with the reason."""
    file = REPOSITORY / EQUAL
    return (
        {str(name): str(why) for name, why in tomllib.loads(file.read_text("utf-8")).items()} if file.exists() else {}
    )


def run(asked: argparse.Namespace) -> int:
    """Judge the mutants, print each survivor at once, and the sums at the end."""
    SERVER.set_forkserver_preload(LOADED)
    equal, sums, started = equal_ones(), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # Dovecot reads what its tests lay there as another user
        os.environ["TMPDIR"] = name
        for number in range(asked.workers):
            _copy(folder / f"tree{number}")
        mutants = chosen(asked.most, asked.seed, tuple(asked.only))
        lines = covered(folder, asked.keep or folder / "lines.db", {one.file for one in mutants})
        breadth = Counter(test for tests in lines.values() for test in tests)
        print(f"{len(mutants)} mutants, lines known after {time.monotonic() - started:.0f} s", flush=True)
        fates = Fates(asked.fates)
        free: SimpleQueue[int] = SimpleQueue()
        for number in range(asked.workers):
            free.put(number)

        def judge(mutant: Mutant) -> tuple[Mutant, str]:
            number = free.get()
            try:
                wanted = [*asked.also, *running(mutant, lines, breadth)[: asked.tests]]
                fate = fates.killed(mutant) or judged(mutant, wanted, folder / f"tree{number}")
                fates.write(mutant, fate)
                return mutant, fate
            finally:
                free.put(number)

        with ThreadPoolExecutor(asked.workers) as pool:
            for mutant, found in pool.map(judge, mutants):
                fate = "equal" if found != "killed" and mutant.name in equal else found
                sums[fate] += 1
                if fate not in {"killed", "equal"}:
                    print(f"{fate:9} line {mutant.line}, {mutant.name}", flush=True)
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
    parser.add_argument("--tests", type=int, default=500, help="at most so many tests a mutant")
    parser.add_argument("--only", nargs="*", default=ROOMS)
    parser.add_argument("--keep", type=Path, help="what coverage found, for later runs and coverage_rooms.py")
    parser.add_argument("--fates", type=Path, help="what became of each mutant, for later runs")
    parser.add_argument("--also", nargs="*", default=[], help="tests that run on each mutant besides")
    return run(parser.parse_args())


if __name__ == "__main__":
    raise SystemExit(main())
