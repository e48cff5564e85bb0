#!/usr/bin/env bash
# Are the floors in setup.py true? Installs the lowest versions that it names and runs the tests that meet a package:
# reading and writing mail, the database, both servers, documents. scripts/lowest_versions.sh [PYTEST ARGUMENT...]
# PYTHON= chooses the interpreter: a floor may hold on one Python and not on the next.
set -euo pipefail
export CI=1 # the same examples on each machine: a floor is true or not, whatever the day
cd "$(dirname "$0")/.."
. scripts/lib.sh
find_python

lowest=build/lowest-env
mkdir -p build
run_quiet "making the virtual environment $lowest" "$python" -m venv --clear "$lowest"
"$lowest/bin/python" scripts/lowest_pins.py postgres demo web signatures test >build/lowest.txt
run_quiet "installing the lowest versions of $(grep -c == build/lowest.txt) packages, $("$lowest/bin/python" -V)" \
    "$lowest/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --requirement build/lowest.txt
[ "$#" -gt 0 ] || set -- tests/unit/daemon tests/unit/db tests/contract/test_journeys.py tests/contract/test_database.py \
    tests/contract/test_mailbox.py tests/contract/test_smtp_faults.py tests/contract/test_calendar_feed.py
PYTHONPATH=$PWD "$lowest/bin/python" -m pytest -q -p no:cacheprovider "$@"
