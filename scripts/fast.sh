#!/usr/bin/env bash
# The fast level: pure rules and values, and lint and sizes of the whole; seconds, not minutes. Options go to pytest.
# Two halves, a core each: with xdist either worker would import and collect everything, a third of the time.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
set_up requirements-dev.lock
unset PYTHONDONTWRITEBYTECODE # to compile the house and the tests anew takes 4 s of CPU each time

half() { # PATH...: the tests there, with the options of the whole; the damaged files are wide tests, 700 to collect
    local code=0
    "$venv/bin/python" -m pytest -m "not slow and not wide" --hypothesis-profile=fast --ignore-glob="*/test_datafiles*" \
        "${options[@]}" "$@" || code=$?
    return $((code == 5 ? 0 : code)) # 5: what the options ask for stands in the other half
}

options=("$@")
first=(tests/unit/rules/{commands,decide,law})
said=$(mktemp)
trap 'rm -f "$said"' EXIT
code=0
half "${first[@]}" >"$said" 2>&1 &
"$venv/bin/ruff" check --quiet . || code=$?
"$venv/bin/python" scripts/check_sizes.py || code=$?
half tests/unit/rules tests/unit/test_{imports,architecture}.py "${first[@]/#/--ignore=}" || code=$?
wait $! || code=$?
cat "$said"
if [ "$code" -ne 0 ]; then echo "== FAST LEVEL FAILED: the cause may stand above the last lines"; fi
exit "$code"
