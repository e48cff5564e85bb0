#!/usr/bin/env bash
# The checks that need no test: format, lint, types, sizes, import direction. Runs all of them; fails if any does.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
set_up requirements-dev.lock || exit 1
failed=()

check() { # NAME COMMAND...
    local name=$1
    shift
    say "$name"
    "$@" || failed+=("$name")
}

check "ruff check" "$venv/bin/ruff" check --output-format=concise .
check "ruff format" "$venv/bin/ruff" format --check --output-format=concise .
check "mypy --strict" "$venv/bin/python" -m mypy --strict
# Folders without __init__.py, which the installed packages may not be: so they have a run of their own.
check "mypy tests" "$venv/bin/python" -m mypy --strict --namespace-packages --explicit-package-bases tests scripts benchmarks
check "sizes" "$venv/bin/python" scripts/check_sizes.py
check "rooms" "$venv/bin/lint-imports"
check "unused code" "$venv/bin/vulture" rules daemon db scripts benchmarks --min-confidence 80
if command -v shellcheck >/dev/null; then
    check "shellcheck" shellcheck -x -S warning scripts/*.sh scripts/release/*.sh .ci/run
else
    say "shellcheck is not installed here: the shell scripts are left out"
fi
check "import direction" "$venv/bin/python" -m pytest tests/unit/test_imports.py tests/unit/test_architecture.py
if [ "${#failed[@]}" -ne 0 ]; then
    say "FAILED: ${failed[*]}"
    exit 1
fi
say "all checks passed"
