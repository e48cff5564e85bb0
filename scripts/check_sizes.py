"""Prints the lengths of functions and modules, and fails where one is longer than the house allows."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("rules", "db", "daemon", "mail_templates")
LONGEST_FUNCTION = 50
LONGEST_MODULE = 350
LARGEST_MEDIAN = 10

Function = tuple[int, str, str]
"""Lines, file, name."""


def modules(top: Path) -> list[Path]:
    """Every module of the program except migrations, which are history and may have any length."""
    found = sorted(path for room in ROOMS for path in (top / room).rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module with its length, decorators not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, str(path), node.name


def main(top: Path) -> int:
    """Print the figures and every exceeded limit; 1 when there is one."""
    paths = modules(top)
    every = sorted(found for path in paths for found in functions(path))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    if not every:
        print("sizes: no function found")
        return 1
    size, file, name = every[-1]
    median = statistics.median(size for size, _, _ in every)
    ninth = every[int(len(every) * 0.9)][0]
    print(f"sizes: {len(every)} functions in {len(paths)} modules, {sum(lines.values())} lines")
    print(f"sizes: function median {median:g}, 90 % up to {ninth}, longest {size} ({file}:{name})")
    longest = max(lines, key=lambda path: lines[path])
    print(f"sizes: longest module {lines[longest]} ({longest})")
    wrong = [
        f"{file}: {name} has {size} lines (at most {LONGEST_FUNCTION})"
        for size, file, name in every
        if size > LONGEST_FUNCTION
    ]
    wrong += [
        f"{path}: {count} lines (at most {LONGEST_MODULE})" for path, count in lines.items() if count > LONGEST_MODULE
    ]
    wrong += [f"median function {median:g} lines (at most {LARGEST_MEDIAN})"] if median > LARGEST_MEDIAN else []
    for line in wrong:
        print(f"sizes: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
