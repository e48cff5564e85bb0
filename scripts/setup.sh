#!/usr/bin/env bash
# Makes the virtual environment (.venv, or $DOITHOAI_VENV) with what the program needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
set_up "${1:-requirements.lock}"
