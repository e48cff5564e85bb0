"""Names the test files that a change needs: ``scripts/tests_of_change.py [REV]``, one per line.

A test is needed when it changed itself, or when a module that it imports (directly or indirectly) or a command that
it names changed. Data files belong to the room that reads them. A file for which no test is known needs them all, but
for papers beside the program; the error stream names it, since a forgotten file would cost minutes.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TESTS = REPOSITORY / "tests"
sys.path.insert(0, str(REPOSITORY))

from daemon.commands import COMMANDS  # noqa: E402 - the path is set above

ROOMS = ("daemon", "db", "rules", "mail_templates", "tests", "scripts", "benchmarks")
ALL = {"tests"}
GUIDE = "tests/unit/test_guide.py"
READERS = {
    "mail_templates/": ("tests/unit/daemon/letters",),
    "db/migrations/": ("tests/unit/db", "tests/contract/test_upgrade.py"),
    "daemon/web/": ("tests/unit/daemon/web", "tests/contract/test_web.py"),
    "daemon/portal/": ("tests/contract/test_publication.py",),
    "daemon/documents/": ("tests/unit/daemon/documents",),
    "daemon/example.toml": ("tests/unit/daemon/config", "tests/contract/test_first_day.py"),
    "rules/data/routing/": ("tests/unit/rules/routing",),
    "rules/data/classify/": ("tests/unit/rules/routing",),
    "rules/data/commands.toml": ("tests/unit/rules/commands", GUIDE),
    "rules/data/leaders.toml": ("tests/unit/rules/commands",),
    "rules/data/hints.toml": ("tests/unit/rules/commands", GUIDE),
    "rules/data/verbs.toml": ("tests/unit/rules/reply",),
    "rules/data/profiles/": ("tests/unit/rules/law", "tests/contract/test_chasing.py"),
    "rules/data/": ("tests/unit/rules",),
    "docs/": ("tests/unit/test_docs.py", GUIDE),
    "README.md": ("tests/unit/test_docs.py",),
    "CHANGELOG.md": ("tests/unit/test_docs.py",),
    "pyproject.toml": ("tests/unit/test_packaging.py", "tests/unit/test_architecture.py"),
}
"""The tests for files that no module imports; the first match counts."""
CONFTEST = "tests/conftest.py"
NO_TEST = ("LICENSE", "SECURITY.md", ".gitignore", "docs/images/")


def changed(revision: str) -> list[str]:
    """Paths that differ from a revision, and files that git does not know yet."""
    named = ["git", "diff", "--name-only", revision], ["git", "ls-files", "--others", "--exclude-standard"]
    found = [subprocess.run(one, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout for one in named]
    return sorted({line for text in found for line in text.splitlines()})


def module_of(path: Path) -> str:
    """The name under which a file is imported."""
    name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    """Every module name that a file's import statements may mean; in tests also those of the commands named."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and node.value in COMMANDS and path.is_relative_to(TESTS):
            yield COMMANDS[node.value][0]
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def importers() -> dict[str, set[str]]:
    """Module -> the modules that import it."""
    files = {module_of(path): path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py")}
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in files.items():
        for imported in imports_of(path):
            if imported in files and imported != name:
                found[imported].add(name)
    return found


def needed(paths: list[str]) -> set[str]:
    """The test files and folders for these changes."""
    users, tests = importers(), set[str]()
    for path in paths:
        found = _importing(path, users) if path.endswith(".py") and path.startswith(ROOMS) else set()
        found |= {*next((places for start, places in READERS.items() if path.startswith(start)), ())}
        found = {one for one in found if (REPOSITORY / one).exists()}
        if (found and path != CONFTEST) or path.startswith(NO_TEST):
            tests |= found
        else:
            tests |= ALL
            print(f"{path}: which tests it needs is not known, so all of them run", file=sys.stderr)
    return ALL if tests >= ALL else tests


def _importing(path: str, users: dict[str, set[str]]) -> set[str]:
    """The test files that import a module, directly or indirectly; itself, if it is one."""
    seen = {module_of(REPOSITORY / path)}
    waiting = [*seen]
    while waiting:
        new = users.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return {f"{name.replace('.', '/')}.py" for name in seen if name.rpartition(".")[2].startswith("test_")}


def main() -> int:
    """Print them; gives 0 always."""
    print("\n".join(sorted(needed(changed(sys.argv[1] if len(sys.argv) > 1 else "HEAD")))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
