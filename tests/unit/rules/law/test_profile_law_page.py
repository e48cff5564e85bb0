"""docs/law.md leads from every clause to rules, functions and tests that are really there."""

import importlib
import re
from itertools import takewhile
from pathlib import Path

import pytest

from rules.law.profile_file import load_profile

PROFILE = load_profile()


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "law.md").read_text("utf-8")


def clause_rows(page: str) -> list[list[str]]:
    """The cells of the first table's rows."""
    table = page.split("## Clause by clause", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in table.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def clauses_of(cell: str) -> set[str]:
    """The clauses that a row begins with, such as ``8.3, 11.4``."""
    return set(takewhile(lambda word: word[0].isdigit(), cell.replace(",", "").split()))


def test_every_clause_has_a_row(page: str) -> None:
    named = [clause for row in clause_rows(page) for clause in clauses_of(row[0])]
    assert sorted(named) == sorted({clause for rule in PROFILE.rules for clause in (rule.clause, *rule.also)})


def test_the_rules_stand_in_the_row_of_their_clause(page: str) -> None:
    pairs = {(rule_id, row[0]) for row in clause_rows(page) for rule_id in re.findall(r"`([a-z_]+)`", row[1])}
    for rule_id in {rule_id for rule_id, _ in pairs}:
        homes = set().union(*(clauses_of(cell) for name, cell in pairs if name == rule_id))
        assert PROFILE.rule(rule_id).clause in homes, rule_id
    assert {rule.id for rule in PROFILE.rules if f"`{rule.id}`" not in page} == set()


def test_every_test_that_is_named_exists(page: str, repository: Path) -> None:
    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", page))
    assert len(named) > 25
    for file, name in named:
        places = [path.read_text("utf-8") for path in (repository / "tests").rglob(file)]
        assert any(f"def {name}(" in text for text in places), name
    assert all(re.search(r"`test_\w+\.py::", row[3]) for row in clause_rows(page))


def test_every_function_that_is_named_exists(page: str) -> None:
    module = importlib.import_module("rules.law.deadlines")
    for name in set(re.findall(r"`deadlines\.(\w+)`", page)):
        assert callable(getattr(module, name)), name
    for file, name in set(re.findall(r"`rules/(\w+)\.py::(\w+)`", page)):
        assert hasattr(importlib.import_module(f"rules.{file}"), name), name


def test_every_option_is_explained(page: str) -> None:
    silent = page.split("## Where the text is silent", 1)[1]
    for key in PROFILE.options.__dataclass_fields__:
        assert f"`{key}`" in silent, key
