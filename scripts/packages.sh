#!/usr/bin/env bash
# What leaves this checkout works without it: builds the sdist of the commit and from it the wheel, installs that with the
# locked packages into an empty environment, and runs the demonstration there; then the lowest versions that setup.py allows.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
find_python
builder=$PWD/${DOITHOAI_VENV:-.venv}/bin/python # has setuptools, as requirements-dev.lock fixes it
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # WHAT FOLDER: build_sdist or build_wheel of the source in FOLDER, into $work/made
    (cd "$2" && "$builder" -c "
import sys, setuptools.build_meta as backend
getattr(backend, sys.argv[1])(sys.argv[2])" "$1" "$work/made")
}

mkdir "$work/source" "$work/unpacked" "$work/made"
git archive HEAD | tar --extract --directory "$work/source"
run_quiet "building the sdist" build build_sdist "$work/source"
tar --extract --file "$work"/made/*.tar.gz --directory "$work/unpacked" --strip-components 1
run_quiet "building the wheel from it" build build_wheel "$work/unpacked"
run_quiet "making an empty environment" "$python" -m venv "$work/clean"
pip=("$work/clean/bin/python" -m pip --disable-pip-version-check --no-input install --quiet --no-deps)
unset PYTHONPATH
run_quiet "installing requirements.lock" "${pip[@]}" --require-hashes --requirement requirements.lock
run_quiet "installing the wheel" "${pip[@]}" --no-index "$work"/made/*.whl
run_quiet "the demonstration, from the wheel" env --chdir="$work" "$work/clean/bin/doithoai" demo
scripts/lowest_versions.sh --numprocesses=2 tests/unit/db tests/contract/test_database.py tests/contract/test_calendar_feed.py
