"""The house's one direction, and the purity of ``rules``, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

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


def sources(room: str) -> list[Path]:
    """Every Python file of a room, relative to the checkout."""
    return sorted(
        path.relative_to(REPOSITORY) for path in (REPOSITORY / room).rglob("*.py") if "__pycache__" not in path.parts
    )


def parsed(path: Path) -> ast.Module:
    return ast.parse((REPOSITORY / path).read_text(encoding="utf-8"), filename=str(path))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "importlib.import_module",
            "import_module",
            "__import__",
        }:
            yield from (
                (node.lineno, arg.value)
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )


def wrong_directions(room: str, tree: ast.AST) -> list[str]:
    """Imports of other rooms that the house does not allow."""
    found = {(line, name.partition(".")[0]) for line, name in imported(tree)}
    return sorted(
        f"line {line}: {room} imports {top}" for line, top in found if top in ROOMS and top not in ALLOWED[room]
    )


def impurities(tree: ast.AST) -> list[str]:
    """What a pure room must not touch: modules with effects, the clock, files."""
    found = [f"line {line}: imports {name}" for line, name in imported(tree) if _impure(name)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if (
                called in IMPURE_CALLS
                or _by_chance(called, node)
                or (isinstance(node.func, ast.Attribute) and node.func.attr in FILE_METHODS)
            ):
                found.append(f"line {node.lineno}: calls {called}")
    return found


def _by_chance(called: str, node: ast.Call) -> bool:
    """True for chance that cannot be repeated; a generator with a seed of its own is a calculation."""
    return called.startswith("random.") and not (called == "random.Random" and node.args)


def _impure(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in IMPURE_MODULES) or name.startswith(
        "random."
    )


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
    assert wrong_directions(room, ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "import socket",
        "import sqlite3 as s",
        "from sqlalchemy import select",
        "import time\ntime.time()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.date.today()",
        "open('x')",
        "Path('x').read_text()",
        "import urllib.request",
        "import random\nrandom.shuffle(x)",
        "import random\nrandom.Random()",
        "from random import choice",
    ],
)
def test_an_impurity_is_seen(code: str) -> None:
    assert impurities(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\ndatetime.fromisoformat('2026-01-01')",
        "import re",
        "from urllib.parse import quote",
        "import random\nrandom.Random(7)",
    ],
)
def test_what_is_pure_passes(code: str) -> None:
    assert impurities(ast.parse(code)) == []
