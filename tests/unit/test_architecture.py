"""The house and its plan: each room stands in docs/architecture.md, and keeps its size."""

import ast
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_MODULES = 16
LISTS = {"daemon/commands"}
"""Rooms that are lists by nature: one module a command."""
PAGE = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")


def rooms() -> dict[str, list[Path]]:
    """Every folder with modules of its own, and these modules."""
    found: dict[str, list[Path]] = {}
    for top in ("daemon", "db", "rules"):
        for path in (REPOSITORY / top).rglob("*.py"):
            name = path.parent.relative_to(REPOSITORY).as_posix()
            if "migrations" not in path.parts and name != top:
                found.setdefault(name, []).append(path)
    return found


def listed() -> set[str]:
    """The rooms of the page's tables."""
    found = set[str]()
    for part in re.split(r"(?m)^## ", PAGE)[1:]:
        top = part.partition(":")[0]
        found |= {f"{top}/{name}" for name in re.findall(r"(?m)^\| `([a-z/]+)` \|", part)}
    return found


def test_every_room_stands_on_the_page_and_no_other() -> None:
    assert listed() == set(rooms())


def test_every_room_says_its_purpose_in_one_sentence() -> None:
    for name in rooms():
        said = ast.get_docstring(ast.parse((REPOSITORY / name / "__init__.py").read_text("utf-8"))) or ""
        assert said.partition("\n\n")[0].rstrip().endswith("."), name


def test_nothing_lies_flat_but_the_door() -> None:
    for top, allowed in {"daemon": {"__init__.py", "__main__.py", "cli.py"}, "db": {"__init__.py"}}.items():
        assert {path.name for path in (REPOSITORY / top).glob("*.py")} == allowed
    assert {path.name for path in (REPOSITORY / "rules").glob("*.py")} == {"__init__.py"}


def test_no_template_and_no_code_writes_a_clause() -> None:
    """Letters name rules; which article that is stands in the profile, so another city cites its own."""
    found = []
    for path in [*REPOSITORY.glob("mail_templates/**/*.j2"), *REPOSITORY.glob("daemon/**/*.j2")]:
        found += [path.name for line in path.read_text("utf-8").splitlines() if CLAUSE.search(line)]
    for top in ("daemon", "db", "rules"):
        for path in (REPOSITORY / top).rglob("*.py"):
            found += [f"{path.name}:{line}" for line in written_clauses(path)]
    assert found == []


CLAUSE = re.compile(r"Điều \d")


def written_clauses(path: Path) -> list[int]:
    """The lines of a module on which a text, not a docstring, names an article."""
    text = path.read_text("utf-8")
    if "Điều" not in text:
        return []
    tree = ast.parse(text)
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in said]
    return [one.lineno for one in texts if isinstance(one.value, str) and CLAUSE.search(one.value)]


CLOCK_READ = re.compile(r"\b(?:datetime|date)\.(?:now|utcnow|today)\b|\btime\.(?:time|time_ns|gmtime|localtime)\b")
READERS = {"daemon/base/clock.py", "daemon/commands/run.py"}
"""Who may read the machine's clock: the one place for all, and what sets right a library that reads it itself."""
BOUND = re.compile(r"from daemon\.base\.clock import")
"""A test that sets ``clock.now`` would not reach who holds the function itself."""


def test_only_one_place_reads_the_clock() -> None:
    """No command reads it either: what it says of today can be tried for any day."""
    found, bound = set[str](), set[str]()
    for top in ("daemon", "db", "rules", "mail_templates"):
        for path in (REPOSITORY / top).rglob("*.py"):
            text, name = path.read_text("utf-8"), path.relative_to(REPOSITORY).as_posix()
            found |= {name} if CLOCK_READ.search(text) else set()
            bound |= {name} if BOUND.search(text) else set()
    assert found == READERS
    assert bound == set()


def test_no_room_is_crowded() -> None:
    crowded = {
        name: len(modules) for name, modules in rooms().items() if name not in LISTS and len(modules) > MOST_MODULES
    }
    assert crowded == {}
