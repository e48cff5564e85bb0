"""docs/law.md says no more than there is: each clause's row names a state, a function and a test that exist."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATES = ("done", "partly", "people", "not")
PAGE = (ROOT / "docs" / "law.md").read_text("utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|\n ").split("|"))
    for line in PAGE.splitlines()
    if re.match(r"\| \d+ \|", line)
]
CLAUSES = [
    tuple(cell.strip() for cell in line.strip("|\n ").split("|"))
    for line in PAGE.partition("## Clause by clause")[2].splitlines()
    if re.match(r"\| \d+\.\d", line)
]
FILES = {path.name: path.read_text("utf-8") for path in ROOT.glob("tests/**/test_*.py")}


def codes(cell: str) -> Iterator[tuple[str, str]]:
    for one in re.findall(r"`([^`]+)`", cell):
        file, _, name = one.partition("::")
        yield file, name


def test_every_row_of_the_regulation_stands_once() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 63))
    assert {len(row) for row in ROWS} == {6}


def stands(functions: str) -> None:
    """Fails where a function that a row names is not in its file."""
    for file, name in codes(functions):
        source = (ROOT / file).read_text("utf-8")
        assert re.search(rf"^\s*(?:async )?(?:def|class) {name}\b", source, re.MULTILINE), f"{file}::{name}"


@pytest.mark.parametrize("row", CLAUSES, ids=lambda row: row[0][:30])
def test_a_clause_names_the_functions_that_decide_by_it(row: tuple[str, ...]) -> None:
    stands(row[2])
    for file, name in codes(row[3]):
        assert file in FILES, file
        assert not name or re.search(rf"^def {name}\(", FILES[file], re.MULTILINE), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][:30]}")
def test_a_row_names_what_exists(row: tuple[str, ...]) -> None:
    _, clause, does, functions, tests, state = row
    assert clause
    assert does
    assert state in STATES
    stands(functions)
    for file, name in codes(tests):
        assert file in FILES, file
        assert not name or re.search(rf"^def {name}\(", FILES[file], re.MULTILINE), name
    if state == "done":
        assert list(codes(functions))
        assert list(codes(tests))


def test_the_count_is_that_of_the_rows() -> None:
    found = Counter(row[5] for row in ROWS)
    said = re.search(r"\*\*(\d+) are done, (\d+) partly, (\d+) left to people, (\d+) not\*\*", PAGE)
    assert said is not None
    assert [int(one) for one in said.groups()] == [found[state] for state in STATES]
