#!/usr/bin/env bash
# Writes the lock files anew from the ranges in setup.py: newest versions, all hashes, for Python 3.11 to 3.13.
#   requirements.lock      what an installation needs, with the extras postgres, demo, web and signatures
#   requirements-dev.lock  the same and what tests and checks need
# Wants the command uv; where it is missing it is put into build/lock-env first.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    echo "lock: installing uv into build/lock-env"
    python3 -m venv build/lock-env
    build/lock-env/bin/python -m pip install --quiet --disable-pip-version-check uv
    uv=build/lock-env/bin/uv
fi

compile() { # OUTPUT EXTRA...
    local output=$1 extras=() constraints=()
    shift
    for extra in "$@"; do extras+=(--extra "$extra"); done
    [ "$output" = requirements.lock ] || constraints=(--constraint requirements.lock)
    echo "lock: $output"
    "$uv" pip compile setup.py scripts/build-requirements.in "${extras[@]}" "${constraints[@]}" --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --quiet --upgrade --output-file "$output" >/dev/null
}

compile requirements.lock postgres demo web signatures
compile requirements-dev.lock postgres demo web signatures dev
