#!/usr/bin/env bash
# Sets everything up and runs the demonstration on embedded mail servers; options go to `doithoai demo`.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
say "Doithoai: setting up, then the demonstration" >&2
set_up requirements.lock >&2
exec "$venv/bin/doithoai" demo "$@"
