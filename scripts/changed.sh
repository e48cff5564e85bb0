#!/usr/bin/env bash
# The change level: tests of the rooms that differ from REV (default: HEAD, with what is not committed), and of those
# that import them. `scripts/changed.sh --list [REV]` only names the files.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
set_up requirements-dev.lock
list=
if [ "${1:-}" = "--list" ]; then list=yes && shift; fi
mapfile -t tests < <("$venv/bin/python" scripts/tests_of_change.py "${1:-HEAD}")
if [ "${#tests[@]}" -eq 0 ]; then say "nothing that a test knows has changed" && exit 0; fi
if [ -n "$list" ]; then printf '%s\n' "${tests[@]}" && exit 0; fi
exec "$venv/bin/python" -m pytest --numprocesses=2 --dist=loadfile "${tests[@]}"
