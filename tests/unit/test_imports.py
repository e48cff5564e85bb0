"""The house's one direction, and the purity of ``rules``, read from the source itself."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeAlias

import grimp
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ALLOWED = {
    "rules": {"rules"},
    "db": {"db", "rules"},
    "daemon": {"daemon", "db", "rules", "mail_templates"},
    "mail_templates": {"mail_templates"},
}
ROOMS = {*ALLOWED, "tests"}

IMPURE_MODULES = {
    "socket",
    "ssl",
    "select",
    "selectors",
    "asyncio",
    "http",
    "urllib.request",
    "smtplib",
    "imaplib",
    "poplib",
    "ftplib",
    "sqlite3",
    "sqlalchemy",
    "subprocess",
    "multiprocessing",
    "threading",
    "time",
    "secrets",
    "os",
    "shutil",
    "tempfile",
    "glob",
    "logging",
    "imapclient",
    "mailparser",
    "aiosmtplib",
    "alembic",
    "jinja2",
    "schedule",
    "psycopg",
}
IMPURE_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.date.today",
    "uuid.uuid1",
    "uuid.uuid4",
    "open",
    "input",
    "print",
    "exec",
    "eval",
    "os.environ.get",
    "os.getenv",
}
FILE_METHODS = {
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "open",
    "iterdir",
    "glob",
    "rglob",
    "unlink",
    "mkdir",
    "touch",
}
DOOR = Path("rules/values/data_file.py")
Told: TypeAlias = ast.Import | ast.ImportFrom | ast.Call
"""What a file is asked about."""


def sources(room: str) -> list[Path]:
    """Every Python file of a room, relative to the checkout."""
    return sorted(
        path.relative_to(REPOSITORY) for path in (REPOSITORY / room).rglob("*.py") if "__pycache__" not in path.parts
    )


@cache
def parsed(path: Path) -> tuple[Told, ...]:
    """What a file imports and calls: two of the tests look at the same files."""
    return told((REPOSITORY / path).read_text("utf-8"), str(path))


def told(code: str, name: str = "<code>") -> tuple[Told, ...]:
    """The imports and calls of a piece of code, wherever they stand in it."""
    kinds = (ast.Import, ast.ImportFrom, ast.Call)
    return tuple(node for node in ast.walk(ast.parse(code, filename=name)) if isinstance(node, kinds))


def imported(nodes: tuple[Told, ...]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif called(node) in {"importlib.import_module", "import_module", "__import__"}:
            yield from (
                (node.lineno, arg.value)
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )


def called(node: ast.Call) -> str:
    """The function that is called, as ``module.name``; its last name alone where it hangs on an expression."""
    names, at = list[str](), node.func
    while isinstance(at, ast.Attribute):
        names.append(at.attr)
        at = at.value
    return ".".join(reversed([*names, at.id] if isinstance(at, ast.Name) else names))


def wrong_directions(room: str, nodes: tuple[Told, ...]) -> list[str]:
    """Imports of other rooms that the house does not allow."""
    found = {(line, name.partition(".")[0]) for line, name in imported(nodes)}
    return sorted(
        f"line {line}: {room} imports {top}" for line, top in found if top in ROOMS and top not in ALLOWED[room]
    )


def impurities(nodes: tuple[Told, ...]) -> list[str]:
    """What a pure room must not touch: modules with effects, the clock, files."""
    found = [f"line {line}: imports {name}" for line, name in imported(nodes) if _impure(name)]
    calls = [(node, called(node)) for node in nodes if isinstance(node, ast.Call)]
    return found + [f"line {node.lineno}: calls {name}" for node, name in calls if _is_impure_call(name, node)]


def _is_impure_call(name: str, node: ast.Call) -> bool:
    on_file = isinstance(node.func, ast.Attribute) and node.func.attr in FILE_METHODS
    return name in IMPURE_CALLS or on_file or _by_chance(name, node)


def _by_chance(name: str, node: ast.Call) -> bool:
    """True for chance that cannot be repeated; a generator with a seed of its own is a calculation."""
    return name.startswith("random.") and not (name == "random.Random" and node.args)


def _impure(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in IMPURE_MODULES) or name.startswith(
        "random."
    )


@pytest.mark.wide  # every file of the house; the import contracts of pyproject.toml tell of the rooms, too
@pytest.mark.parametrize("room", ALLOWED)
def test_imports_go_one_way(room: str) -> None:
    wrong = [f"{path} {line}" for path in sources(room) for line in wrong_directions(room, parsed(path))]
    assert wrong == []


def test_the_walk_sees_every_room() -> None:
    assert all(sources(room) for room in ALLOWED)


def test_rules_touch_nothing() -> None:
    assert DOOR in sources("rules")
    wrong = [f"{path} {line}" for path in sources("rules") if path != DOOR for line in impurities(parsed(path))]
    assert wrong == []


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("rules", "import db"),
        ("rules", "from daemon.base.errors import DoithoaiError"),
        ("rules", "def f():\n    from db.core.engine import open_engine"),
        ("db", "from daemon import config"),
        ("db", "import importlib\nimportlib.import_module('daemon.cli')"),
        ("daemon", "from tests.servers import dovecot"),
        ("mail_templates", "from rules.values.model import Mail"),
    ],
)
def test_a_wrong_direction_is_seen(room: str, code: str) -> None:
    assert wrong_directions(room, told(code))


@pytest.mark.parametrize(
    ("code", "impure"),
    [
        ("import socket", True),
        ("import sqlite3 as s", True),
        ("from sqlalchemy import select", True),
        ("import time\ntime.time()", True),
        ("from datetime import datetime\ndatetime.now(UTC)", True),
        ("import datetime\ndatetime.date.today()", True),
        ("open('x')", True),
        ("Path('x').read_text()", True),
        ("import urllib.request", True),
        ("import random\nrandom.shuffle(x)", True),
        ("import random\nrandom.Random()", True),
        ("from random import choice", True),
        ("from datetime import datetime\ndatetime.fromisoformat('2026-01-01')", False),
        ("import re", False),
        ("from urllib.parse import quote", False),
        ("import random\nrandom.Random(7)", False),
    ],
)
def test_an_impurity_is_seen(code: str, impure: bool) -> None:
    assert bool(impurities(told(code))) is impure


def test_no_module_comes_back_to_itself() -> None:
    """A circle works until somebody imports its modules in another order."""
    graph = grimp.build_graph("rules", "db", "daemon", exclude_type_checking_imports=False, cache_dir=None)
    TopologicalSorter({one: graph.find_modules_directly_imported_by(one) for one in graph.modules}).prepare()
