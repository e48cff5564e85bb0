#!/usr/bin/env bash
# The tests on another day: scripts/at_day.sh 2028-12-31 [OPTIONS AND PATHS FOR PYTEST]; PYTHON= chooses the interpreter.
# libfaketime (Debian: faketime) moves the clock of every process by as much, so that children agree with their parents.
set -euo pipefail
cd "$(dirname "$0")/.."
day=$1
shift
library=$(find /usr/lib -name libfaketimeMT.so.1 -print -quit 2>/dev/null) || true # some folders may be closed to the user
[ -n "$library" ] || { echo "libfaketime is missing; as root: apt-get install faketime" >&2; exit 1; }
ahead=$(($(date -u -d "$day 03:00:00" +%s) - $(date -u +%s)))
printf -v FAKETIME '%+ds' "$ahead"
export FAKETIME LD_PRELOAD=$library
exec "${PYTHON:-.venv/bin/python}" -m pytest --numprocesses=2 --dist=loadfile -m "not slow and not wide" "$@"
