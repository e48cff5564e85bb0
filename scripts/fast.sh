#!/usr/bin/env bash
# The fast level: pure rules and values, and the lint of the whole; seconds, not minutes. Options go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
set_up requirements-dev.lock
"$venv/bin/ruff" check --quiet .
exec "$venv/bin/python" -m pytest --numprocesses=2 --dist=loadfile -m "not slow and not wide" tests/unit/rules tests/unit/test_imports.py tests/unit/test_architecture.py "$@"
