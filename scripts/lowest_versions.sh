#!/usr/bin/env bash
# Are the floors in setup.py true? Installs the lowest versions that it names and runs the tests that meet a package:
# reading and writing mail, the database, both servers, documents. scripts/lowest_versions.sh [PYTEST ARGUMENT...]
# Wants the command uv; where it is missing it is put into build/lock-env first.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    find_python
    [ -x build/lock-env/bin/uv ] || { "$python" -m venv build/lock-env && build/lock-env/bin/python -m pip install --quiet uv; }
    uv=build/lock-env/bin/uv
fi
lowest=build/lowest-env
"$uv" pip compile setup.py --extra postgres --extra demo --extra web --extra signatures --extra test \
    --resolution lowest-direct --python-version 3.11 --no-header --quiet --output-file build/lowest.txt >/dev/null
"$uv" venv --quiet --clear --python 3.11 "$lowest"
"$uv" pip install --quiet --python "$lowest/bin/python" --requirement build/lowest.txt
say "lowest versions: $(grep -c == build/lowest.txt) packages"
[ "$#" -gt 0 ] || set -- tests/unit/daemon tests/unit/db tests/contract/test_journeys.py tests/contract/test_database.py \
    tests/contract/test_mailbox.py tests/contract/test_smtp_faults.py tests/contract/test_calendar_feed.py
PYTHONPATH=$PWD "$lowest/bin/python" -m pytest -q -p no:cacheprovider "$@"
